//! What becomes of each code point, looked up in O(1), and the one pass over a text that does it.
//!
//! U+0000–U+07FF, nearly all of Arabic text, have one 4-byte entry each that holds the UTF-8 bytes to write;
//! the code points above are found by page, and pages on which nothing changes are one shared page.
//! [`Kernel`] does what it can at full width; the loop here does the rest, and composition where it is asked for.

use super::align::{Edit, Edits};
use super::compose::{self, Form};
use super::simd::{BLOCK, JOINS, Kernel};
use super::spans::is_emoji;

/// What becomes of one code point: [`STRING`] and [`SPECIAL`] above, a code point or the number of a string below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Action(u32);

/// The payload is the number of a string, possibly an empty one, rather than a code point.
const STRING: u32 = 1 << 30;
/// A mark that may compose or be out of order: its whole cluster is looked at.
const SPECIAL: u32 = 1 << 29;
const PAYLOAD: u32 = SPECIAL - 1;

/// An entry of [`Table::low`] that needs the careful way.
pub(super) const CAREFUL: u32 = 1 << 31;
/// Where an entry of [`Table::low`] keeps the number of its bytes.
pub(super) const LENGTH_SHIFT: u32 = 16;

const JOINER: char = '\u{200D}';

/// Where a pass records what changes lengths. `()` records nothing and costs nothing.
pub trait Trace {
    /// Whether anything is recorded.
    const ON: bool;
    /// Record an edit behind all others.
    fn edit(&mut self, edit: Edit);
    /// Forget the edits at and behind the original code point.
    fn truncate(&mut self, original: u32);
    /// Whether [`Trace::block`] is told of blocks.
    const BLOCKS: bool = false;
    /// A kernel wrote, from byte `end` of the output on, the bytes `kept` of the next [`super::simd::BLOCK`] of the text.
    fn block(&mut self, kept: u64, end: usize) {
        let _ = (kept, end);
    }
}

impl Trace for () {
    const ON: bool = false;
    fn edit(&mut self, _: Edit) {}
    fn truncate(&mut self, _: u32) {}
}

impl Trace for Edits {
    const ON: bool = true;
    #[inline]
    fn edit(&mut self, edit: Edit) {
        self.push(edit);
    }
    fn truncate(&mut self, original: u32) {
        Edits::truncate(self, original);
    }
}

/// An offset of a column of texts, in bytes.
pub trait Bound: Copy {
    fn byte(self) -> usize;
}

impl Bound for i32 {
    #[inline(always)]
    fn byte(self) -> usize {
        self as usize
    }
}

impl Bound for i64 {
    #[inline(always)]
    fn byte(self) -> usize {
        self as usize
    }
}

impl Bound for usize {
    #[inline(always)]
    fn byte(self) -> usize {
        self
    }
}

/// What the kernel kept of each block of 64 bytes, and where it wrote that: tells for any byte of the text where
/// what comes from there begins in the output.
#[derive(Debug, Default)]
pub struct Blocks(Vec<(u64, usize)>);

impl Blocks {
    fn begin(&mut self, bytes: usize) {
        self.0.clear();
        self.0.reserve(bytes / BLOCK + 2);
    }

    /// The output ends at byte `end`.
    fn finish(&mut self, end: usize) {
        self.0.push((0, end));
    }

    /// Append where in the output the rows end that end at `bounds` in the text, which begins at byte `first`.
    fn append_ends<B: Bound>(&self, bounds: &[B], first: usize, ends: &mut Vec<usize>) {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("popcnt") && is_x86_feature_detected!("bmi2") {
            // SAFETY: the feature was detected.
            return unsafe { self.append_ends_counting(bounds, first, ends) };
        }
        ends.extend(bounds.iter().map(|bound| self.written(bound.byte() - first)));
    }

    /// As [`Blocks::append_ends`], where the processor counts bits.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "popcnt,bmi2")]
    unsafe fn append_ends_counting<B: Bound>(&self, bounds: &[B], first: usize, ends: &mut Vec<usize>) {
        let from = ends.len();
        ends.resize(from + bounds.len(), 0);
        // A loop: a closure in an iterator's adapter would not be compiled for these instructions.
        for (end, bound) in ends[from..].iter_mut().zip(bounds) {
            *end = self.written(bound.byte() - first);
        }
    }

    /// Where what comes from byte `at` of the text on begins in the output.
    #[inline(always)]
    fn written(&self, at: usize) -> usize {
        let (kept, end) = self.0[at / BLOCK];
        end + (kept & ((1 << (at % BLOCK)) - 1)).count_ones() as usize
    }
}

impl Trace for Blocks {
    const ON: bool = false;
    const BLOCKS: bool = true;
    fn edit(&mut self, _: Edit) {}
    fn truncate(&mut self, _: u32) {}
    #[inline]
    fn block(&mut self, kept: u64, end: usize) {
        self.0.push((kept, end));
    }
}

/// How far a pass has come: a byte of the text, and code points of both texts (counted only for a [`Trace`]).
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    pub at: usize,
    pub original: u32,
    pub normalized: u32,
}

/// Maps every code point by itself, and clusters where composition is asked for.
#[derive(Debug, Clone)]
pub struct Table {
    /// For U+0000–U+07FF: UTF-8 bytes (bits 0–15), their number (bits 16–17), [`CAREFUL`].
    low: Box<[u32; 0x800]>,
    /// The page of code points `256 * i ..` in `pages`; page 0 changes nothing.
    page_of: Box<[u16]>,
    pages: Vec<[Action; 256]>,
    strings: Vec<Box<str>>,
    form: Option<Form>,
    /// A zero-width joiner goes unless it joins two emoji.
    joins_emoji: bool,
    kernel: Kernel,
}

impl Table {
    /// The table of `rule`, which appends to its second argument what it makes of its first, and which changes
    /// no code point but `candidates`. With `form` the result is composed.
    pub fn new(
        candidates: impl Iterator<Item = char>,
        rule: impl Fn(char, &mut String),
        form: Option<Form>,
        joins_emoji: bool,
    ) -> Table {
        let mut low = Box::new([0; 0x800]);
        for (code_point, entry) in low.iter_mut().enumerate() {
            let ch = char::from_u32(code_point as u32).unwrap_or_default();
            *entry = low_entry(ch, ch.encode_utf8(&mut [0; 4]));
        }
        let mut table = Table {
            low,
            page_of: vec![0; 0x1100].into(),
            pages: vec![[Action(0); 256]],
            strings: Vec::new(),
            form,
            joins_emoji,
            kernel: Kernel::default(),
        };
        let mut replacement = String::new();
        for ch in candidates {
            replacement.clear();
            rule(ch, &mut replacement);
            table.set(ch, &replacement);
        }
        table.kernel = Kernel::new(&table.low, |ch| table.goes(ch), |ch| table.class(ch));
        table
    }

    fn set(&mut self, ch: char, replacement: &str) {
        let special = self.form.is_some() && is_special(ch, replacement);
        let mut action = self.action_of(replacement);
        action.0 |= if special { SPECIAL } else { 0 };
        if action.0 == ch as u32 && self.page_of[ch as usize >> 8] == 0 {
            return;
        }
        if self.page_of[ch as usize >> 8] == 0 {
            let first = ch as u32 & !0xFF;
            self.page_of[ch as usize >> 8] = self.pages.len() as u16;
            self.pages.push(std::array::from_fn(|offset| Action(first + offset as u32)));
        }
        self.pages[self.page_of[ch as usize >> 8] as usize][ch as usize & 0xFF] = action;
        if let Some(entry) = self.low.get_mut(ch as usize) {
            *entry = if special { CAREFUL } else { low_entry(ch, replacement) };
        }
    }

    fn action_of(&mut self, replacement: &str) -> Action {
        let mut chars = replacement.chars();
        if let (Some(ch), None) = (chars.next(), chars.next()) {
            return Action(ch as u32);
        }
        let known = self.strings.iter().position(|s| **s == *replacement);
        let number = known.unwrap_or_else(|| {
            self.strings.push(replacement.into());
            self.strings.len() - 1
        });
        Action(STRING | number as u32)
    }

    fn action(&self, ch: char) -> Action {
        match self.page_of[ch as usize >> 8] {
            0 => Action(ch as u32),
            page => self.pages[page as usize][ch as usize & 0xFF],
        }
    }

    /// Whether `ch` goes, or stays; `None` where it does neither.
    fn goes(&self, ch: char) -> Option<bool> {
        let action = self.action(ch);
        if self.joins_emoji && ch == JOINER {
            return None;
        }
        let string =
            (action.0 & (STRING | SPECIAL) == STRING).then(|| &self.strings[(action.0 & PAYLOAD) as usize]);
        match string {
            Some(string) => string.is_empty().then_some(true),
            None => (action.0 == ch as u32).then_some(false),
        }
    }

    /// The combining class of a mark that stays as it is where it stands in order; [`JOINS`] for anything else that
    /// belongs to the cluster of what stands before it; else 0.
    fn class(&self, ch: char) -> u8 {
        if self.form.is_none() || !self.joins(ch) {
            return 0;
        }
        let stays = self.action(ch).0 & !SPECIAL == ch as u32 && !compose::may_compose(ch);
        if stays { compose::class(ch) } else { JOINS }
    }

    /// Append what becomes of `ch` by itself to `out`; the number of code points appended.
    fn push(&self, ch: char, out: &mut String) -> u32 {
        let action = self.action(ch);
        if action.0 & STRING != 0 {
            let string = &self.strings[(action.0 & PAYLOAD) as usize];
            out.push_str(string);
            return string.chars().count() as u32;
        }
        if self.joins_emoji && ch == JOINER {
            return 0;
        }
        out.push(char::from_u32(action.0 & PAYLOAD).unwrap_or(ch));
        1
    }

    /// Whether `ch` belongs to the cluster of what stands before it.
    fn joins(&self, ch: char) -> bool {
        let action = self.action(ch);
        if action.0 & SPECIAL != 0 || (self.joins_emoji && ch == JOINER) || compose::attaches(ch) {
            return true;
        }
        action.0 & STRING != 0
            && self.strings[(action.0 & PAYLOAD) as usize].chars().next().is_none_or(compose::attaches)
    }

    /// Append what becomes of `text` to `out`; the code points of `text`, counted only for a [`Trace`].
    pub fn apply<T: Trace>(&self, text: &str, out: &mut String, trace: &mut T) -> u32 {
        self.apply_from(Cursor::default(), text, out, trace)
    }

    /// Append what becomes of `text` from the cursor on to `out`, which ends with what became of the rest.
    fn apply_from<T: Trace>(&self, mut cursor: Cursor, text: &str, out: &mut String, trace: &mut T) -> u32 {
        while cursor.at < text.len() {
            // Where the kernel stops, one stretch goes the plain way before it tries again.
            self.kernel.run(text, out, &mut cursor, trace);
            let stretch = (cursor.at + Kernel::STRETCH).min(text.len());
            while cursor.at < stretch {
                if self.plain(text, stretch, out, &mut cursor, trace) {
                    self.careful(text, out, &mut cursor, trace);
                }
            }
        }
        cursor.original
    }

    /// Append what becomes of the rows of `text` to `out`. Row `i` lies between the bytes `bounds[i]` and
    /// `bounds[i + 1]`; the length of `out` behind each row is appended to `ends`. `blocks` is memory to work in.
    ///
    /// The kernel runs over all rows at once; where it stops, the row it stopped in goes on by itself.
    pub fn apply_rows<B: Bound>(
        &self,
        text: &str,
        bounds: &[B],
        out: &mut String,
        blocks: &mut Blocks,
        ends: &mut Vec<usize>,
    ) {
        let Some(last) = bounds.last().map(|bound| bound.byte()) else { return };
        let mut row = 0;
        while row + 1 < bounds.len() {
            let first = bounds[row].byte();
            let mut cursor = Cursor::default();
            blocks.begin(last - first);
            if self.kernel.tells_blocks() {
                self.kernel.run(&text[first..last], out, &mut cursor, blocks);
            }
            blocks.finish(out.len());
            let reached = first + cursor.at;
            let whole = bounds[row + 1..].partition_point(|bound| bound.byte() <= reached);
            blocks.append_ends(&bounds[row + 1..][..whole], first, ends);
            row += whole;
            if row + 1 < bounds.len() {
                let (start, end) = (bounds[row].byte(), bounds[row + 1].byte());
                let rest = Cursor { at: reached - start, ..Cursor::default() };
                self.apply_from(rest, &text[start..end], out, &mut ());
                ends.push(out.len());
                row += 1;
            }
        }
    }

    /// Append what becomes of `text`, a string of code points, to `out`; false, with `out` in no particular state,
    /// where the careful way is needed or `text` has a surrogate.
    pub fn apply_code_points(&self, text: &[u32], out: &mut Vec<u32>) -> bool {
        let goes = |code_point| char::from_u32(code_point).and_then(|ch| self.goes(ch));
        let done = self.kernel.run_code_points(text, out, goes);
        for &code_point in &text[done..] {
            match self.low.get(code_point as usize) {
                Some(entry) if entry & CAREFUL != 0 => return false,
                Some(entry) => match entry >> LENGTH_SHIFT {
                    0 => {}
                    1 => out.push(entry & 0xFF),
                    _ => out.push((entry & 0x1F) << 6 | entry >> 8 & 0x3F),
                },
                None => match goes(code_point) {
                    Some(true) => {}
                    Some(false) => out.push(code_point),
                    None => return false,
                },
            }
        }
        true
    }

    /// Map code points of [`Table::low`] until `stretch` is reached or one needs the careful way; whether one does.
    #[inline]
    fn plain<T: Trace>(
        &self,
        text: &str,
        stretch: usize,
        out: &mut String,
        cursor: &mut Cursor,
        trace: &mut T,
    ) -> bool {
        let bytes = text.as_bytes();
        out.reserve(stretch - cursor.at + 4);
        let mut here = *cursor;
        let mut careful = false;
        // SAFETY: an entry that is not CAREFUL holds valid UTF-8 no longer than the code point it replaces (checked
        // by `low_entry`), so the writes stay within the reserved bytes and the slack that the last code point (two
        // bytes past `stretch` at most) and a two-byte store of a shorter replacement may touch; whole code points
        // only are appended. `text` is valid UTF-8, so a two-byte sequence is whole.
        unsafe {
            let buffer = out.as_mut_vec();
            let base = buffer.as_mut_ptr();
            let mut end = buffer.len();
            while here.at < stretch {
                let byte = *bytes.get_unchecked(here.at);
                let (code_point, width) = match byte {
                    0..0x80 => (byte as usize, 1),
                    0x80..0xE0 => {
                        ((byte as usize & 0x1F) << 6 | *bytes.get_unchecked(here.at + 1) as usize & 0x3F, 2)
                    }
                    _ => {
                        careful = true;
                        break;
                    }
                };
                let entry = *self.low.get_unchecked(code_point);
                if entry & CAREFUL != 0 {
                    careful = true;
                    break;
                }
                base.add(end).cast::<[u8; 2]>().write_unaligned([entry as u8, (entry >> 8) as u8]);
                let length = (entry >> LENGTH_SHIFT) as usize;
                if T::ON {
                    if length == 0 {
                        trace.edit(here.edit(1, 0));
                    } else {
                        here.normalized += 1;
                    }
                    here.original += 1;
                }
                end += length;
                here.at += width;
            }
            buffer.set_len(end);
        }
        *cursor = here;
        careful
    }

    /// Map the code point at the cursor whatever it is, with its cluster if it is special.
    fn careful<T: Trace>(&self, text: &str, out: &mut String, cursor: &mut Cursor, trace: &mut T) {
        let Some(ch) = text[cursor.at..].chars().next() else { return };
        if self.joins_emoji && ch == JOINER {
            let behind = &text[cursor.at + JOINER.len_utf8()..];
            let before = text[..cursor.at].chars().next_back().is_some_and(|c| is_emoji(c) || is_modifier(c));
            if before && behind.chars().next().is_some_and(is_emoji) {
                out.push(ch);
                cursor.normalized += 1;
            } else {
                trace.edit(cursor.edit(1, 0));
            }
        } else if let (Some(form), true) = (self.form, self.action(ch).0 & SPECIAL != 0) {
            return self.cluster(form, text, out, cursor, trace);
        } else {
            let count = self.push(ch, out);
            trace.edit(cursor.edit(1, count));
            cursor.normalized = cursor.normalized.wrapping_add(count);
        }
        cursor.original = cursor.original.wrapping_add(1);
        cursor.at += ch.len_utf8();
    }

    /// Compose, map and compose again the cluster that the mark at the cursor belongs to.
    fn cluster<T: Trace>(
        &self,
        form: Form,
        text: &str,
        out: &mut String,
        cursor: &mut Cursor,
        trace: &mut T,
    ) {
        let marks = cursor.at;
        let mut mapped = String::new();
        for ch in text[..marks].chars().rev() {
            // What stands before in the cluster is written already: take it back.
            mapped.clear();
            cursor.normalized = cursor.normalized.wrapping_sub(self.push(ch, &mut mapped));
            cursor.original = cursor.original.wrapping_sub(1);
            out.truncate(out.len() - mapped.len());
            cursor.at -= ch.len_utf8();
            if !self.joins(ch) {
                break;
            }
        }
        trace.truncate(cursor.original);
        let length =
            text[marks..].chars().take_while(|&ch| self.joins(ch)).map(char::len_utf8).sum::<usize>();
        let cluster = &text[cursor.at..marks + length];
        if self.is_settled(cluster) {
            for ch in cluster.chars() {
                let count = self.push(ch, out);
                trace.edit(cursor.edit(1, count));
                cursor.normalized = cursor.normalized.wrapping_add(count);
                cursor.original = cursor.original.wrapping_add(1);
            }
        } else {
            let mut composed = String::new();
            Form::Nfc.compose(cluster, &mut composed);
            mapped.clear();
            for ch in composed.chars() {
                self.push(ch, &mut mapped);
            }
            let from = out.len();
            form.compose(&mapped, out);
            let (before, after) = (cluster.chars().count() as u32, out[from..].chars().count() as u32);
            trace.edit(cursor.edit(before, after));
            cursor.original = cursor.original.wrapping_add(before);
            cursor.normalized = cursor.normalized.wrapping_add(after);
        }
        cursor.at += cluster.len();
    }

    /// Whether mapping the code points of `cluster` one by one gives the composed result.
    fn is_settled(&self, cluster: &str) -> bool {
        let stays_or_goes = |ch: char| {
            let action = self.action(ch).0 & !SPECIAL;
            action == ch as u32
                || (action & STRING != 0 && self.strings[(action & PAYLOAD) as usize].is_empty())
        };
        let mut chars = cluster.chars();
        chars.next().is_some_and(|first| self.action(first).0 & STRING == 0)
            && chars.all(stays_or_goes)
            && compose::is_composed(cluster)
    }
}

impl Cursor {
    /// The edit of the next `original` code points to `normalized` ones.
    #[inline]
    pub fn edit(&self, original: u32, normalized: u32) -> Edit {
        Edit {
            original: self.original,
            normalized: self.normalized,
            original_len: original,
            normalized_len: normalized,
        }
    }
}

/// What may stand between an emoji and the joiner behind it.
fn is_modifier(ch: char) -> bool {
    matches!(ch, '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// Whether `ch`, which becomes `replacement`, may compose with what stands before it or be out of order.
fn is_special(ch: char, replacement: &str) -> bool {
    match replacement.chars().next() {
        Some(first) => compose::attaches(ch) || compose::attaches(first),
        // What goes matters only if it composes before it goes.
        None => compose::may_compose(ch),
    }
}

/// The entry of [`Table::low`] for the replacement of `ch`; [`CAREFUL`] where it does not fit.
fn low_entry(ch: char, replacement: &str) -> u32 {
    if replacement.len() > ch.len_utf8() || replacement.chars().nth(1).is_some() {
        return CAREFUL;
    }
    match *replacement.as_bytes() {
        [] => 0,
        [a] => 1 << LENGTH_SHIFT | a as u32,
        [a, b] => 2 << LENGTH_SHIFT | (b as u32) << 8 | a as u32,
        _ => CAREFUL,
    }
}
