//! Long work: on a thread of its own while the calling thread minds Ctrl-C and progress.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use super::errors::RawabitError;

/// How often the calling thread looks for Ctrl-C and reports progress.
const TICK: Duration = Duration::from_millis(40);

/// Bytes of text up to which work is done where it is asked for: it ends sooner than anybody can interrupt it.
const SMALL: usize = 32 * 1024;

/// Bytes of text up to which a pass that maps gigabytes a second is done where it is asked for: half a GB/s, which every
/// profile surpasses, is less than one [`TICK`], and a thread to wait for would cost as much as a megabyte of text.
const QUICK: usize = 16 << 20;

/// What the working threads and the calling thread tell each other.
#[derive(Debug, Default)]
pub struct Control {
    done: AtomicUsize,
    cancelled: AtomicBool,
}

impl Control {
    /// Report `rows` more rows as done; `Break` when the caller has gone.
    pub fn advance(&self, rows: usize) -> ControlFlow<()> {
        self.done.fetch_add(rows, Ordering::Relaxed);
        self.go_on()
    }

    /// `Break` when the caller has gone.
    pub fn go_on(&self) -> ControlFlow<()> {
        if self.cancelled.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// Do `work` without holding the GIL.
///
/// `bytes` tells how much text there is, `total` how many rows; `progress` is called with (rows done, rows in all).
/// On Ctrl-C, or when `progress` raises, the exception goes on at once; the work ends by itself at its next look at
/// [`Control`].
pub fn run<T: Send + 'static>(
    py: Python<'_>,
    bytes: usize,
    total: usize,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Control) -> T + Send + 'static,
) -> PyResult<T> {
    let control = Arc::new(Control::default());
    if bytes <= SMALL && progress.is_none() {
        return Ok(py.detach(|| work(&control)));
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    let theirs = control.clone();
    let worker = std::thread::Builder::new()
        .name("rawabit".into())
        .spawn(move || {
            // Nobody listens any more after Ctrl-C.
            let _ = sender.send(work(&theirs));
        })
        .map_err(|error| PyRuntimeError::new_err(format!("no thread to work on: {error}")))?;
    // A receiver is not Sync, a borrow of it cannot leave this thread: it moves in and out of each wait.
    let mut receiver = receiver;
    let mut reported = usize::MAX;
    loop {
        let (answer, back) = py.detach(move || (receiver.recv_timeout(TICK), receiver));
        receiver = back;
        match answer {
            Ok(value) => {
                report(progress, total, total, &mut reported)?;
                return Ok(value);
            }
            Err(RecvTimeoutError::Disconnected) => {
                let panic = worker.join().err();
                let message = panic.as_ref().and_then(|p| {
                    p.downcast_ref::<String>().cloned().or(p.downcast_ref::<&str>().map(|s| s.to_string()))
                });
                return Err(PyRuntimeError::new_err(format!(
                    "internal error: {}",
                    message.unwrap_or_else(|| "a worker thread stopped".into())
                )));
            }
            Err(RecvTimeoutError::Timeout) => {
                let done = control.done.load(Ordering::Relaxed);
                let told = py.check_signals().and_then(|()| report(progress, done, total, &mut reported));
                if let Err(error) = told {
                    control.cancelled.store(true, Ordering::Relaxed);
                    return Err(error);
                }
            }
        }
    }
}

/// As [`run`], for work that ends before a [`TICK`] unless there is very much text.
pub fn run_quick<T: Send + 'static>(
    py: Python<'_>,
    bytes: usize,
    total: usize,
    work: impl FnOnce(&Control) -> T + Send + 'static,
) -> PyResult<T> {
    let is_quick = bytes <= QUICK;
    run(py, if is_quick { 0 } else { bytes }, total, None, work)
}

fn report(
    progress: Option<&Bound<'_, PyAny>>,
    done: usize,
    total: usize,
    reported: &mut usize,
) -> PyResult<()> {
    if let Some(call) = progress
        && *reported != done
    {
        *reported = done;
        call.call1((done, total))?;
    }
    Ok(())
}

/// The number of threads to use: what the call asks for, else `RAWABIT_THREADS`, else the CPUs that this process
/// may run on.
pub fn threads(asked: Option<usize>) -> PyResult<usize> {
    let count = match asked {
        Some(count) => count,
        None => match std::env::var("RAWABIT_THREADS") {
            Ok(text) if !text.is_empty() => text.parse().map_err(|_| {
                RawabitError::new_err(format!("RAWABIT_THREADS={text:?}: expected a whole number"))
            })?,
            _ => std::thread::available_parallelism().map_or(1, |count| count.get()),
        },
    };
    match count {
        0 => Err(RawabitError::new_err("threads=0: at least one is needed")),
        count => Ok(count.min(256)),
    }
}
