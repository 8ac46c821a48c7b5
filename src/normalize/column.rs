//! A column of texts, buffer to buffer, on many threads.
//!
//! Rows are worked on in batches. Each thread maps a batch in memory of its own that stays in the cache, learns where
//! in the output it belongs as soon as the batches before it are mapped, and puts text and offsets there itself: no
//! pass over the column is left for one thread alone. With one thread a batch is written where it belongs at once.

use std::ops::{ControlFlow, Range};
use std::sync::{Condvar, Mutex, PoisonError};

use super::Normalizer;
use super::table::Blocks;

pub use super::table::Bound;

/// Bytes of text in a batch: what it becomes stays in a core's cache until it is put in its place.
pub const BATCH: usize = 512 << 10;

/// Bytes that a kernel may write behind the end of its output.
const SLACK: usize = 128;

/// Rows of a column.
pub trait Rows: Sync {
    /// Append what `normalizer` makes of each of `rows` to `out`, and the length of `out` behind each to `ends`.
    fn normalize(
        &self,
        rows: Range<usize>,
        normalizer: &Normalizer,
        scratch: &mut Scratch,
        out: &mut String,
        ends: &mut Vec<usize>,
    );
}

/// Memory to work in, reused from batch to batch.
#[derive(Debug, Default)]
pub struct Scratch {
    blocks: Blocks,
}

/// Normalized rows: row `i` lies between the bytes `offsets[i]` and `offsets[i + 1]` of `text`.
#[derive(Debug, Default)]
pub struct Normalized {
    pub text: String,
    pub offsets: Offsets,
}

/// The offsets of a column, in as few bytes as they need.
#[derive(Debug, PartialEq, Eq)]
pub enum Offsets {
    Small(Vec<i32>),
    Large(Vec<i64>),
}

impl Default for Offsets {
    fn default() -> Self {
        Offsets::Small(vec![0])
    }
}

impl Normalizer {
    /// Append the normalized rows of `text` to `out`, and the length of `out` behind each to `ends`.
    /// Row `i` lies between the bytes `bounds[i]` and `bounds[i + 1]`.
    pub fn normalize_rows<B: Bound>(
        &self,
        text: &str,
        bounds: &[B],
        scratch: &mut Scratch,
        out: &mut String,
        ends: &mut Vec<usize>,
    ) {
        if self.is_one_pass() {
            self.table.apply_rows(text, bounds, out, &mut scratch.blocks, |end| ends.push(end));
            return;
        }
        for row in bounds.windows(2) {
            self.normalize_into(&text[row[0].byte()..row[1].byte()], out);
            ends.push(out.len());
        }
    }
}

impl Normalized {
    /// Normalize `rows`, cut into `batches`, on `threads` threads; `bytes` is the length of their texts, for the memory
    /// that is reserved. `advance` is called with the number of rows of each batch that is done, and ends the whole
    /// by [`ControlFlow::Break`]: then the result is `None`. The number of threads never shows in the result.
    pub fn normalize(
        normalizer: &Normalizer,
        rows: &impl Rows,
        batches: &[Range<usize>],
        bytes: usize,
        threads: usize,
        advance: impl Fn(usize) -> ControlFlow<()> + Sync,
    ) -> Option<Normalized> {
        let work = Work { normalizer, rows, batches, bytes, threads, advance: &advance };
        if bytes <= i32::MAX as usize {
            let (text, offsets) = work.run::<i32>()?;
            if text.len() <= i32::MAX as usize {
                return Some(Normalized { text, offsets: Offsets::Small(offsets) });
            }
            // The text has outgrown its offsets.
        }
        let (text, offsets) = work.run::<i64>()?;
        if text.len() <= i32::MAX as usize {
            let offsets = offsets.into_iter().map(|offset| offset as i32).collect();
            return Some(Normalized { text, offsets: Offsets::Small(offsets) });
        }
        Some(Normalized { text, offsets: Offsets::Large(offsets) })
    }
}

/// An offset of the output.
trait Offset: Copy + Default + Send {
    fn of(byte: usize) -> Self;
}

impl Offset for i32 {
    fn of(byte: usize) -> i32 {
        byte as i32
    }
}

impl Offset for i64 {
    fn of(byte: usize) -> i64 {
        byte as i64
    }
}

struct Work<'a, R, A> {
    normalizer: &'a Normalizer,
    rows: &'a R,
    batches: &'a [Range<usize>],
    bytes: usize,
    threads: usize,
    advance: &'a A,
}

impl<R: Rows, A: Fn(usize) -> ControlFlow<()> + Sync> Work<'_, R, A> {
    fn run<O: Offset>(&self) -> Option<(String, Vec<O>)> {
        let rows = self.batches.last().map_or(0, |batch| batch.end);
        // Fresh memory of the system's is zero already: this touches nothing.
        let mut offsets = vec![O::default(); rows + 1];
        let mut text = Vec::with_capacity(self.bytes + SLACK);
        if self.threads <= 1 || self.batches.len() <= 1 {
            return Some((self.alone(text, &mut offsets)?, offsets));
        }
        let mut late = Vec::new();
        let length = self.together(&mut text, &mut offsets, &mut late)?;
        // SAFETY: every batch wrote its whole text in its place, or left it in `late`; the places tile the output.
        unsafe {
            if length > text.capacity() {
                let mut longer = Vec::<u8>::with_capacity(length);
                std::ptr::copy_nonoverlapping(text.as_ptr(), longer.as_mut_ptr(), text.capacity());
                for (start, part) in late {
                    std::ptr::copy_nonoverlapping(part.as_ptr(), longer.as_mut_ptr().add(start), part.len());
                }
                text = longer;
            }
            text.set_len(length);
            Some((String::from_utf8_unchecked(text), offsets))
        }
    }

    /// Batch for batch where it belongs.
    fn alone<O: Offset>(&self, text: Vec<u8>, offsets: &mut [O]) -> Option<String> {
        // It is empty.
        let mut text = String::from_utf8(text).unwrap_or_default();
        let (mut scratch, mut ends) = (Scratch::default(), Vec::new());
        for batch in self.batches {
            ends.clear();
            self.rows.normalize(batch.clone(), self.normalizer, &mut scratch, &mut text, &mut ends);
            place(0, &ends, &mut offsets[batch.start + 1..=batch.end]);
            if (self.advance)(batch.len()).is_break() {
                return None;
            }
        }
        Some(text)
    }

    /// The length of the output; what does not fit into the memory of `text` is left in `late` with its place.
    fn together<O: Offset>(
        &self,
        text: &mut Vec<u8>,
        offsets: &mut [O],
        late: &mut Vec<(usize, String)>,
    ) -> Option<usize> {
        let output = Output { text: text.as_mut_ptr(), capacity: text.capacity() };
        let late = Mutex::new(late);
        let mut slots = Vec::with_capacity(self.batches.len());
        let mut rest = &mut offsets[1..];
        for batch in self.batches {
            let (slot, behind) = rest.split_at_mut(batch.len());
            slots.push(Some(slot));
            rest = behind;
        }
        let (queue, places) = (Mutex::new(slots.into_iter().enumerate()), Places::default());
        std::thread::scope(|scope| {
            let worker = || {
                let _guard = StopOnPanic(&places);
                let (mut scratch, mut part, mut ends) = (Scratch::default(), String::new(), Vec::new());
                loop {
                    let taken = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((number, Some(slot))) = taken else { return };
                    let batch = self.batches[number].clone();
                    part.clear();
                    ends.clear();
                    self.rows.normalize(batch.clone(), self.normalizer, &mut scratch, &mut part, &mut ends);
                    let Some(start) = places.take(number, part.len()) else { return };
                    if !output.put(start, &part) {
                        let mut late = late.lock().unwrap_or_else(PoisonError::into_inner);
                        late.push((start, part.clone()));
                    }
                    place(start, &ends, slot);
                    if (self.advance)(batch.len()).is_break() {
                        places.stop();
                    }
                }
            };
            for _ in 1..self.threads.min(self.batches.len()) {
                scope.spawn(worker);
            }
            worker();
        });
        places.end(self.batches.len())
    }
}

/// The `ends` of rows whose text begins at byte `start` of the output.
fn place<O: Offset>(start: usize, ends: &[usize], into: &mut [O]) {
    for (offset, end) in into.iter_mut().zip(ends) {
        *offset = O::of(start + end);
    }
}

/// Memory that the threads share, each writing in places of its own.
struct Output {
    text: *mut u8,
    capacity: usize,
}

// SAFETY: the pointer is only written through, in ranges that `Places` gives out once each.
unsafe impl Sync for Output {}

impl Output {
    /// Write `part` at byte `start`; whether it fits.
    fn put(&self, start: usize, part: &str) -> bool {
        let fits = start + part.len() <= self.capacity;
        if fits {
            // SAFETY: within the capacity, and nobody else has this place.
            unsafe { std::ptr::copy_nonoverlapping(part.as_ptr(), self.text.add(start), part.len()) }
        }
        fits
    }
}

/// Where each batch begins in the output, known once those before it are mapped.
#[derive(Default)]
struct Places {
    /// The batch whose turn it is, where it begins, and whether the whole has been stopped.
    turn: Mutex<(usize, usize, bool)>,
    moved: Condvar,
}

impl Places {
    /// The place of batch `number`, which is `length` bytes long; waits for those before it. `None` after a stop.
    fn take(&self, number: usize, length: usize) -> Option<usize> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        while turn.0 != number && !turn.2 {
            turn = self.moved.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        if turn.2 {
            return None;
        }
        let start = turn.1;
        (turn.0, turn.1) = (number + 1, start + length);
        self.moved.notify_all();
        Some(start)
    }

    fn stop(&self) {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner).2 = true;
        self.moved.notify_all();
    }

    /// The length of the output once all `batches` have their places.
    fn end(&self, batches: usize) -> Option<usize> {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        (turn.0 == batches && !turn.2).then_some(turn.1)
    }
}

/// Nobody may wait for the place of a batch whose thread has panicked.
struct StopOnPanic<'a>(&'a Places);

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as they are in Arrow: one text and its bounds.
    struct Joined {
        text: String,
        bounds: Vec<i32>,
    }

    impl Joined {
        fn new(rows: &[String]) -> Joined {
            let mut joined = Joined { text: String::new(), bounds: vec![0] };
            for row in rows {
                joined.text.push_str(row);
                joined.bounds.push(joined.text.len() as i32);
            }
            joined
        }
    }

    impl Rows for Joined {
        fn normalize(
            &self,
            rows: Range<usize>,
            normalizer: &Normalizer,
            scratch: &mut Scratch,
            out: &mut String,
            ends: &mut Vec<usize>,
        ) {
            normalizer.normalize_rows(&self.text, &self.bounds[rows.start..=rows.end], scratch, out, ends);
        }
    }

    /// Rows of every length from none to some blocks, with what stops the kernel at changing places.
    fn rows(pieces: &[&str]) -> Vec<String> {
        let mut rows = Vec::new();
        for number in 0..3000usize {
            let length = number * 7 % 50;
            let piece = |i: usize| pieces[(number * 31 + i * i) % pieces.len()];
            rows.push((0..length).map(piece).collect());
        }
        rows
    }

    fn check(profile: &str, rows: &[String]) {
        let normalizer = Normalizer::new(profile, &[]).unwrap();
        let joined = Joined::new(rows);
        for (size, threads) in [(3000, 1), (170, 1), (170, 2), (11, 5)] {
            let batches: Vec<_> =
                (0..rows.len()).step_by(size).map(|at| at..(at + size).min(rows.len())).collect();
            let go_on = |_| ControlFlow::Continue(());
            let bytes = joined.text.len();
            let column =
                Normalized::normalize(&normalizer, &joined, &batches, bytes, threads, go_on).unwrap();
            let Offsets::Small(offsets) = column.offsets else { panic!("large offsets") };
            for (row, text) in rows.iter().enumerate() {
                let got = &column.text[offsets[row] as usize..offsets[row + 1] as usize];
                assert_eq!(
                    got,
                    normalizer.normalize(text),
                    "{profile}, {threads} threads, row {row}: {text:?}"
                );
            }
        }
    }

    #[test]
    fn rows_of_a_column_are_normalized_as_each_by_itself() {
        let common =
            ["ال", "أب ", "\u{64E}", "٣", "abc", "X", "«", "گ", "–", "\u{200F}", "中", "😀", "\0", "\u{1}"];
        let marks = ["ا", "\u{654}", "و", "\u{653}", "\u{655}", "é", "ﻻ", "\u{640}", " "];
        for profile in ["search", "light", "lucene", "model", "none"] {
            check(profile, &rows(&common));
            check(profile, &rows(&marks));
            check(profile, &rows(&[&common[..], &marks[..]].concat()));
            check(profile, &rows(&["ابجد هوز "]));
        }
    }

    #[test]
    fn a_column_may_outgrow_its_memory() {
        check("search", &rows(&["ﷺ", "ﷺﷺ", "ا"]));
    }

    #[test]
    fn a_stop_ends_the_whole() {
        let rows = rows(&["ا"]);
        let batches: Vec<_> = (0..rows.len()).map(|at| at..at + 1).collect();
        let normalizer = Normalizer::new("search", &[]).unwrap();
        for threads in [1, 3] {
            let stop = |_| ControlFlow::Break(());
            assert!(
                Normalized::normalize(&normalizer, &Joined::new(&rows), &batches, 0, threads, stop).is_none()
            );
        }
    }
}
