//! A column of texts, buffer to buffer, on many threads.
//!
//! Rows are worked on in batches. Each thread maps a batch in memory of its own that stays in the cache, learns where
//! in the output it belongs as soon as the batches before it are mapped, and puts text and offsets there itself: no
//! pass over the column is left for one thread alone. With one thread a batch is written where it belongs at once.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::table::Blocks;
use super::{Normalizer, SLACK};

pub use super::table::Bound;

/// Bytes of text in a batch: what it becomes stays in a core's cache until it is put in its place.
pub const BATCH: usize = 192 << 10;

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
            self.table.apply_rows(text, bounds, out, &mut scratch.blocks, ends);
            return;
        }
        for row in bounds.windows(2) {
            self.normalize_into(&text[row[0].byte()..row[1].byte()], out);
            ends.push(out.len());
        }
    }
}

/// Memory for a normalized column. It is best reserved where the result will be let go of: memory of a thread that
/// ends goes back to the system, and every call would have to get it anew, page by page.
#[derive(Debug)]
pub struct Memory {
    text: Vec<u8>,
    offsets: Vec<i32>,
    bytes: usize,
}

impl Memory {
    /// Memory for `rows` rows of `bytes` bytes in all.
    pub fn reserve(rows: usize, bytes: usize) -> Memory {
        let text = if bytes <= i32::MAX as usize { reserved(bytes + SLACK) } else { Vec::new() };
        Memory { text, offsets: vec![0; rows + 1], bytes }
    }
}

/// Bytes from which on huge pages are asked for: a fault for each 4 KiB would cost as much as the work itself.
#[cfg(target_os = "linux")]
const LARGE: usize = 4 << 20;

/// Memory that the system gives in huge pages where it can.
fn reserved(bytes: usize) -> Vec<u8> {
    let memory = Vec::<u8>::with_capacity(bytes);
    #[cfg(target_os = "linux")]
    if memory.capacity() >= LARGE {
        let page = 4096 - 1;
        let (start, end) =
            ((memory.as_ptr() as usize + page) & !page, memory.as_ptr() as usize + memory.capacity());
        // SAFETY: whole pages of memory that is ours; the advice changes how it is backed, not what it holds, and may
        // be refused.
        unsafe {
            libc::madvise(start as *mut libc::c_void, (end & !page) - start, libc::MADV_HUGEPAGE);
        }
    }
    memory
}

impl Normalized {
    /// Normalize `rows`, cut into `batches`, on `threads` threads into `memory`. `advance` is called with the number of rows of each batch that is done, and ends the whole
    /// by [`ControlFlow::Break`]: then the result is `None`. The number of threads never shows in the result.
    pub fn normalize(
        normalizer: &Normalizer,
        rows: &impl Rows,
        batches: &[Range<usize>],
        memory: Memory,
        threads: usize,
        advance: impl Fn(usize) -> ControlFlow<()> + Sync,
    ) -> Option<Normalized> {
        let work = Work { normalizer, rows, batches, threads, advance: &advance };
        let Memory { text, offsets, bytes } = memory;
        let count = offsets.len();
        if bytes <= i32::MAX as usize {
            let (text, offsets) = work.run::<i32>(text, offsets)?;
            if text.len() <= i32::MAX as usize {
                return Some(Normalized { text, offsets: Offsets::Small(offsets) });
            }
            // The text has outgrown its offsets.
        }
        let (text, offsets) = work.run::<i64>(reserved(bytes + SLACK), vec![0; count])?;
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
    threads: usize,
    advance: &'a A,
}

impl<R: Rows, A: Fn(usize) -> ControlFlow<()> + Sync> Work<'_, R, A> {
    fn run<O: Offset>(&self, mut text: Vec<u8>, mut offsets: Vec<O>) -> Option<(String, Vec<O>)> {
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
            slots.push(Mutex::new(slot));
            rest = behind;
        }
        let (next, stopped, places) =
            (AtomicUsize::new(0), AtomicBool::new(false), Mutex::new(Places::default()));
        let worker = || {
            let mut scratch = Scratch::default();
            while !stopped.load(Ordering::Relaxed) {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(batch) = self.batches.get(number) else { return };
                let mut part = lock(&places).spare.pop().unwrap_or_default();
                self.rows.normalize(
                    batch.clone(),
                    self.normalizer,
                    &mut scratch,
                    &mut part.text,
                    &mut part.ends,
                );
                let placed = lock(&places).place(number, part);
                for (number, start, mut part) in placed {
                    if !output.put(start, &part.text) {
                        lock(&late).push((start, part.text.clone()));
                    }
                    place(start, &part.ends, &mut lock(&slots[number]));
                    part.text.clear();
                    part.ends.clear();
                    lock(&places).spare.push(part);
                }
                if (self.advance)(batch.len()).is_break() {
                    stopped.store(true, Ordering::Relaxed);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..self.threads.min(self.batches.len()) {
                scope.spawn(worker);
            }
            worker();
        });
        let places = lock(&places);
        (places.next == self.batches.len()).then_some(places.start)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

/// A mapped batch: its text, and the end of each row in it.
#[derive(Default)]
struct Part {
    text: String,
    ends: Vec<usize>,
}

/// Where each batch begins in the output, known once those before it are mapped.
#[derive(Default)]
struct Places {
    /// The first batch that has no place yet, and where it begins.
    next: usize,
    start: usize,
    /// Batches that are mapped before their place is known.
    early: BTreeMap<usize, Part>,
    /// Memory of parts that are where they belong.
    spare: Vec<Part>,
}

impl Places {
    /// The batches that have got their places by batch `number`: none if one before it is missing, else this one and
    /// those behind it that were early. Nobody waits: who closes the gap puts them all in their places.
    fn place(&mut self, number: usize, part: Part) -> Vec<(usize, usize, Part)> {
        self.early.insert(number, part);
        let mut placed = Vec::new();
        while let Some(part) = self.early.remove(&self.next) {
            let start = self.start;
            self.start += part.text.len();
            placed.push((self.next, start, part));
            self.next += 1;
        }
        placed
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
            let memory = Memory::reserve(rows.len(), joined.text.len());
            let column =
                Normalized::normalize(&normalizer, &joined, &batches, memory, threads, go_on).unwrap();
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
            let (stop, memory) = (|_| ControlFlow::Break(()), Memory::reserve(rows.len(), 0));
            let joined = Joined::new(&rows);
            assert!(Normalized::normalize(&normalizer, &joined, &batches, memory, threads, stop).is_none());
        }
    }
}
