//! Batches of work on many threads, results in the order of the batches.
//!
//! Threads live for one call: nothing of them is left behind that a forked child could wait for, and starting one
//! costs some 30 µs, nothing beside a batch. What a batch gives depends on the batch alone, and results arrive in
//! order, so the number of threads never shows in them.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, PoisonError};

/// How many results per thread may wait for their turn: bounds the memory.
const AHEAD: usize = 4;

struct Queue<T> {
    /// The next batch that nobody has taken.
    next: usize,
    /// Batches whose results have been handed on.
    done: usize,
    /// Results of batches `done..`, as far as they are there.
    results: VecDeque<Option<T>>,
    stop: bool,
}

/// Do `work` for each batch `0..batches` on `threads` threads and hand the results, in order, to `consume` on the
/// calling thread.
///
/// Each thread makes itself a `state` once, memory that it reuses from batch to batch. `consume` ends the whole by
/// `ControlFlow::Break`. A panic in `work` goes on in the caller.
pub fn in_order<S, T: Send>(
    threads: usize,
    batches: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
    mut consume: impl FnMut(T) -> ControlFlow<()>,
) {
    let threads = threads.min(batches);
    if threads <= 1 {
        let mut state = state();
        for batch in 0..batches {
            if consume(work(&mut state, batch)).is_break() {
                return;
            }
        }
        return;
    }
    let queue = Mutex::new(Queue { next: 0, done: 0, results: VecDeque::new(), stop: false });
    let (room, ready) = (Condvar::new(), Condvar::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _guard = StopAtEnd { queue: &queue, signals: [&room, &ready], panic_only: true };
                let mut state = state();
                while let Some(batch) = take(&queue, &room, batches, threads * AHEAD) {
                    let result = work(&mut state, batch);
                    put(&queue, &ready, batch, result);
                }
            });
        }
        let _guard = StopAtEnd { queue: &queue, signals: [&room, &ready], panic_only: false };
        for _ in 0..batches {
            let Some(result) = next(&queue, &ready, &room) else { return };
            if consume(result).is_break() {
                return;
            }
        }
    });
}

fn lock<T>(queue: &Mutex<Queue<T>>) -> std::sync::MutexGuard<'_, Queue<T>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next batch to work on; waits while too many results are waiting themselves.
fn take<T>(queue: &Mutex<Queue<T>>, room: &Condvar, batches: usize, ahead: usize) -> Option<usize> {
    let mut queue = lock(queue);
    while !queue.stop && queue.next < batches && queue.next >= queue.done + ahead {
        queue = room.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
    if queue.stop || queue.next == batches {
        return None;
    }
    queue.next += 1;
    Some(queue.next - 1)
}

fn put<T>(queue: &Mutex<Queue<T>>, ready: &Condvar, batch: usize, result: T) {
    let mut queue = lock(queue);
    let place = batch - queue.done;
    while queue.results.len() <= place {
        queue.results.push_back(None);
    }
    queue.results[place] = Some(result);
    if place == 0 {
        ready.notify_one();
    }
}

/// The result of the next batch in order; `None` when a worker has panicked.
fn next<T>(queue: &Mutex<Queue<T>>, ready: &Condvar, room: &Condvar) -> Option<T> {
    let mut queue = lock(queue);
    loop {
        if queue.stop {
            return None;
        }
        if let Some(Some(_)) = queue.results.front() {
            let result = queue.results.pop_front().flatten();
            queue.done += 1;
            room.notify_all();
            return result;
        }
        queue = ready.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Stops the whole when a thread ends, by a panic or for good: nobody may wait for it any more.
struct StopAtEnd<'q, T> {
    queue: &'q Mutex<Queue<T>>,
    signals: [&'q Condvar; 2],
    /// Stop only when the end is a panic.
    panic_only: bool,
}

impl<T> Drop for StopAtEnd<'_, T> {
    fn drop(&mut self) {
        if self.panic_only && !std::thread::panicking() {
            return;
        }
        lock(self.queue).stop = true;
        for signal in self.signals {
            signal.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(threads: usize, batches: usize) -> Vec<usize> {
        let mut out = Vec::new();
        in_order(
            threads,
            batches,
            || (),
            |_, batch| batch * batch,
            |square| {
                out.push(square);
                ControlFlow::Continue(())
            },
        );
        out
    }

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        for batches in [0, 1, 2, 7, 500] {
            let want: Vec<usize> = (0..batches).map(|b| b * b).collect();
            for threads in [1, 2, 3, 16] {
                assert_eq!(squares(threads, batches), want, "{threads} threads, {batches} batches");
            }
        }
    }

    #[test]
    fn the_consumer_may_stop() {
        for threads in [1, 2, 4] {
            let mut seen = 0;
            in_order(
                threads,
                1000,
                || (),
                |_, batch| batch,
                |batch| {
                    seen += 1;
                    if batch == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                },
            );
            assert_eq!(seen, 11);
        }
    }

    #[test]
    fn each_thread_keeps_its_state() {
        let mut last = 0;
        in_order(
            1,
            5,
            || 0,
            |count, _| {
                *count += 1;
                *count
            },
            |count| {
                last = count;
                ControlFlow::Continue(())
            },
        );
        assert_eq!(last, 5);
    }

    #[test]
    #[should_panic(expected = "the consumer fails")]
    fn a_panic_of_the_consumer_reaches_the_caller() {
        in_order(2, 100, || (), |_, batch| batch, |_| panic!("the consumer fails"));
    }

    #[test]
    #[should_panic(expected = "scoped thread panicked")]
    fn a_panic_of_a_worker_reaches_the_caller() {
        in_order(2, 100, || (), |_, batch| assert_ne!(batch, 50), |()| ControlFlow::Continue(()));
    }
}
