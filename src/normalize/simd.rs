//! The pass at full width: 64 bytes at a time with AVX-512 (VBMI2), 32 with AVX2, nothing elsewhere.
//!
//! The instructions are chosen once, when a table is built, by what the processor has. Nothing here knows what the
//! switches are: a kernel reads the table's entries for one- and two-byte code points, so that every profile runs at
//! the same speed. It stops where a code point needs the careful way, and never changes the result.

use super::table::{CAREFUL, Cursor, LENGTH_SHIFT, Trace};

/// In the tables of a kernel: the loop stops here. No code point becomes U+0001 in any table.
const STOP: u8 = 1;

/// What a lead byte outside of the tables means.
const PLAIN: u8 = 0;
/// U+2000–U+203F are looked up, the rest under this lead byte stays.
const PUNCTUATION: u8 = 2;
/// What goes, among U+2000–U+203F.
const GONE: u8 = 0xFF;

/// What becomes of the two-byte code points under one lead byte: their first and second bytes, 0 where none is left.
#[derive(Debug, Clone)]
struct Block {
    lead: u8,
    first: [u8; 64],
    second: [u8; 64],
}

#[derive(Debug, Clone)]
struct Tables {
    ascii: [u8; 128],
    /// U+0600–U+06FF, by lead bytes D8, D9, DA, DB.
    arabic: [Block; 4],
    /// U+0080–U+00BF.
    latin: Block,
    /// [`PLAIN`], [`STOP`] or [`PUNCTUATION`] for the lead bytes C0–FF.
    leads: [u8; 64],
    /// For U+2000–U+203F: [`PLAIN`], [`STOP`], or [`GONE`].
    punctuation: [u8; 64],
    /// Whether any of U+0000–U+003F becomes something else.
    ascii_low_changes: bool,
    /// For texts of code points: what becomes of U+0000–U+00FF and U+0600–U+06FF.
    pages: [Page; 2],
    /// For U+0600–U+063F and U+0640–U+067F: combining classes, [`JOINS`], or 0.
    classes: [[u8; 64]; 2],
    /// Whether a mark among U+0640–U+067F is mapped here, as long as it stands in order.
    has_marks: bool,
    /// Rows of 16 code points that change, for processors that look up no more at once.
    rows: Vec<Row>,
}

/// What becomes of 256 code points: low and high bytes of code points; in `high`, [`PAGE_STOP`] and [`PAGE_GONE`].
#[derive(Debug, Clone)]
struct Page {
    low: [u8; 256],
    high: [u8; 256],
}

/// The class of a code point that belongs to the cluster before it, and needs the careful way or goes.
pub(super) const JOINS: u8 = 0xFF;

const PAGE_STOP: u8 = 0xFF;
const PAGE_GONE: u8 = 0xFE;

/// 16 code points of one lead byte (0: ASCII) with the high nibble `nibble`.
#[derive(Debug, Clone)]
struct Row {
    lead: u8,
    nibble: u8,
    first: [u8; 16],
    second: [u8; 16],
}

/// The widest loop that the processor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    None,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// What the wide loop needs to know of a table; chosen once, when the table is built.
#[derive(Debug, Clone)]
pub struct Kernel {
    width: Width,
    tables: Option<Box<Tables>>,
}

impl Default for Kernel {
    fn default() -> Self {
        Kernel { width: Width::None, tables: None }
    }
}

fn widest() -> Width {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx512vbmi2")
        {
            return Width::Avx512;
        }
        if is_x86_feature_detected!("avx2") {
            return Width::Avx2;
        }
    }
    Width::None
}

/// Bytes of text that [`Trace::block`] is told of at a time.
pub const BLOCK: usize = 64;

impl Kernel {
    /// Whether blocks are told of: the widest kernel does.
    pub fn tells_blocks(&self) -> bool {
        #[cfg(target_arch = "x86_64")]
        return self.width == Width::Avx512;
        #[cfg(not(target_arch = "x86_64"))]
        return false;
    }

    /// Bytes that go the plain way after the wide loop stopped.
    pub const STRETCH: usize = 64;

    /// The kernel for the entries of U+0000–U+07FF; `goes` tells for another code point whether it goes (`Some(true)`),
    /// stays as it is (`Some(false)`) or needs the table (`None`). `class` gives the combining class of a mark that
    /// stays as it is where it stands in order, [`JOINS`] for anything else that belongs to what is before it, and 0.
    pub fn new(
        low: &[u32; 0x800],
        goes: impl Fn(char) -> Option<bool>,
        class: impl Fn(char) -> u8,
    ) -> Kernel {
        let width = widest();
        if width == Width::None {
            return Kernel::default();
        }
        Kernel { width, tables: Some(Box::new(Tables::new(low, goes, class))) }
    }

    /// Every kernel that this processor can run, for tests.
    #[cfg(test)]
    fn all(
        low: &[u32; 0x800],
        goes: impl Fn(char) -> Option<bool> + Copy,
        class: impl Fn(char) -> u8,
    ) -> Vec<Kernel> {
        let widest = Kernel::new(low, goes, class);
        #[cfg(target_arch = "x86_64")]
        if widest.width == Width::Avx512 {
            return vec![Kernel { width: Width::Avx2, ..widest.clone() }, widest];
        }
        vec![widest]
    }

    /// Map `text` from the cursor on, up to its end or to a code point that needs the careful way.
    #[inline]
    pub fn run<T: Trace>(&self, text: &str, out: &mut String, cursor: &mut Cursor, trace: &mut T) {
        let Some(tables) = &self.tables else { return };
        let text = text.as_bytes();
        // A block is stored whole, whatever of it is kept.
        out.reserve(text.len() - cursor.at + 64);
        // SAFETY: the features were detected when the kernel was chosen; `cursor.at` is a code point boundary of
        // valid UTF-8; no code point grows, so the reserved bytes hold the output and the slack of the last block;
        // the tables hold whole code points, so what is appended is valid UTF-8.
        unsafe {
            let buffer = out.as_mut_vec();
            match self.width {
                #[cfg(target_arch = "x86_64")]
                Width::Avx512 => avx512::run(tables, text, buffer, cursor, trace),
                #[cfg(target_arch = "x86_64")]
                Width::Avx2 => avx2::run(tables, text, buffer, cursor, trace),
                Width::None => {}
            }
        }
    }

    /// Map as many of the code points of `text` as go at full width and append them to `out`; how many of `text`.
    /// `goes` is asked for code points that are neither Latin nor Arabic.
    #[inline]
    pub fn run_code_points(
        &self,
        text: &[u32],
        out: &mut Vec<u32>,
        goes: impl Fn(u32) -> Option<bool>,
    ) -> usize {
        #[cfg(target_arch = "x86_64")]
        if let (Width::Avx512, Some(tables)) = (self.width, &self.tables) {
            out.reserve(text.len() + 64);
            // SAFETY: the features were detected when the kernel was chosen; no code point becomes two, so the
            // reserved memory holds the output and the slack of the last block.
            return unsafe { avx512::run_code_points(tables, text, out, goes) };
        }
        let _ = (text, out, goes);
        0
    }
}

impl Tables {
    fn new(low: &[u32; 0x800], goes: impl Fn(char) -> Option<bool>, class: impl Fn(char) -> u8) -> Tables {
        let class = |ch: u32| char::from_u32(ch).map_or(0, &class);
        let is_mark = |ch: u32| (0x640..0x680).contains(&ch) && !matches!(class(ch), 0 | JOINS);
        // The kernel minds itself that these stand in order.
        let careful = low;
        let mut low = *low;
        for ch in (0x640..0x680).filter(|&ch| is_mark(ch)) {
            let [first, second] = [0xC0 | ch >> 6, 0x80 | ch & 0x3F];
            low[ch as usize] = 2 << LENGTH_SHIFT | second << 8 | first;
        }
        let low = &low;
        let block = |lead: u8| Block::new(lead, low);
        let state = |ch: u32| char::from_u32(ch).map_or(Some(false), &goes);
        let stays = |from: u32, to: u32| (from..to).all(|ch| state(ch) == Some(false));
        let mut tables = Tables {
            ascii: std::array::from_fn(|ch| first_byte(low[ch], ch as u8)),
            arabic: [block(0xD8), block(0xD9), block(0xDA), block(0xDB)],
            latin: block(0xC2),
            leads: std::array::from_fn(|lead| {
                let lead = lead as u32;
                let stays = match lead + 0xC0 {
                    0xC0..0xE0 => stays(lead << 6, (lead + 1) << 6),
                    0xE2 if stays(0x2040, 0x3000) => return PUNCTUATION,
                    0xE0..0xF0 => stays((lead & 15) << 12, ((lead & 15) + 1) << 12),
                    0xF0..0xF8 => stays(((lead & 7) << 18).max(0x10000), ((lead & 7) + 1) << 18),
                    _ => false,
                };
                if stays { PLAIN } else { STOP }
            }),
            punctuation: std::array::from_fn(|offset| match state(0x2000 + offset as u32) {
                Some(true) => GONE,
                Some(false) => PLAIN,
                None => STOP,
            }),
            ascii_low_changes: (2..64).any(|ch| first_byte(low[ch], ch as u8) != ch as u8),
            pages: [Page::new(0, careful), Page::new(6, careful)],
            classes: [0x600, 0x640].map(|first| std::array::from_fn(|offset| class(first + offset as u32))),
            has_marks: (0x640..0x680).any(is_mark),
            rows: Vec::new(),
        };
        tables.rows = tables.changing_rows();
        tables
    }

    fn changing_rows(&self) -> Vec<Row> {
        let ascii = (0..8).map(|nibble| {
            let at = nibble as usize * 16;
            Row { lead: 0, nibble, first: std::array::from_fn(|i| self.ascii[at + i]), second: [0; 16] }
        });
        let arabic = self.arabic[..2].iter().flat_map(|block| {
            (0..4).map(|nibble| {
                let at = nibble as usize * 16;
                Row {
                    lead: block.lead,
                    nibble: 8 + nibble,
                    first: std::array::from_fn(|i| block.first[at + i]),
                    second: std::array::from_fn(|i| block.second[at + i]),
                }
            })
        });
        ascii.chain(arabic).filter(|row| !row.stays()).collect()
    }
}

impl Page {
    fn new(number: usize, low: &[u32; 0x800]) -> Page {
        let becomes = |offset: usize| {
            let entry = low[number << 8 | offset];
            let (a, b) = (entry & 0xFF, entry >> 8 & 0xFF);
            match entry >> LENGTH_SHIFT {
                0 => (PAGE_GONE as u32) << 8,
                1 => a,
                2 => (a & 0x1F) << 6 | b & 0x3F,
                _ => (PAGE_STOP as u32) << 8,
            }
        };
        Page {
            low: std::array::from_fn(|offset| becomes(offset) as u8),
            high: std::array::from_fn(|offset| (becomes(offset) >> 8) as u8),
        }
    }
}

impl Row {
    fn stays(&self) -> bool {
        (0..16).all(|i| {
            let byte = self.nibble << 4 | i;
            let (first, second) = (self.first[i as usize], self.second[i as usize]);
            if self.lead == 0 { first == byte } else { first == self.lead && second == byte }
        })
    }
}

impl Block {
    fn new(lead: u8, low: &[u32; 0x800]) -> Block {
        let entry = |trail: usize| low[(lead as usize & 0x1F) << 6 | trail];
        Block {
            lead,
            first: std::array::from_fn(|trail| first_byte(entry(trail), 0)),
            second: std::array::from_fn(|trail| {
                let entry = entry(trail);
                if entry & CAREFUL == 0 && entry >> LENGTH_SHIFT == 2 { (entry >> 8) as u8 } else { 0 }
            }),
        }
    }
}

/// The first byte of what an entry writes, 0 for nothing, [`STOP`] where it cannot be said in a byte.
fn first_byte(entry: u32, own: u8) -> u8 {
    match entry >> LENGTH_SHIFT {
        0 => 0,
        _ if entry & CAREFUL != 0 => STOP,
        // NUL that stays would read as nothing, and U+0001 as STOP: both go the careful way.
        _ if entry as u8 <= 1 || own == 1 => STOP,
        _ => entry as u8,
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;

/// The code points of a block for the trace: one bit of `starts` for each, of `lost` for each that goes.
#[inline(always)]
fn record<T: Trace>(starts: u64, lost: u64, cursor: &mut Cursor, trace: &mut T) {
    let mut bits = lost;
    let mut gone = 0;
    while bits != 0 {
        let before = (starts & ((1 << bits.trailing_zeros()) - 1)).count_ones();
        let here = Cursor {
            at: 0,
            original: cursor.original + before,
            normalized: cursor.normalized + before - gone,
        };
        trace.edit(here.edit(1, 0));
        gone += 1;
        bits &= bits - 1;
    }
    let all = starts.count_ones();
    cursor.original += all;
    cursor.normalized += all - gone;
}

#[inline(always)]
fn below(bit: u32) -> u64 {
    if bit >= 64 { !0 } else { (1 << bit) - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::align::Edits;
    use proptest::prelude::*;

    /// Alef variants fold, fatha and U+200F go, digits are ASCII, A is a, U+0653 is careful.
    fn low() -> Box<[u32; 0x800]> {
        let mut low = Box::new([0u32; 0x800]);
        for (code_point, entry) in low.iter_mut().enumerate() {
            let ch = char::from_u32(code_point as u32).unwrap();
            let becomes = map(ch).unwrap_or_default();
            let bytes = becomes.as_bytes();
            *entry = (bytes.len() as u32) << LENGTH_SHIFT
                | bytes.first().map_or(0, |&b| b as u32)
                | bytes.get(1).map_or(0, |&b| (b as u32) << 8);
            if map(ch).is_none() {
                *entry = CAREFUL;
            }
        }
        low
    }

    fn map(ch: char) -> Option<String> {
        Some(match ch {
            'أ' | 'إ' => "ا".into(),
            '\u{64E}' | '\u{200F}' | '\u{AD}' => String::new(),
            '٠'..='٩' => char::from_u32(ch as u32 - 0x660 + 0x30).unwrap().into(),
            'A' => "a".into(),
            '\u{6A9}' => "ك".into(),
            '\u{653}' | '\u{2028}' | 'ﻻ' => return None,
            _ => ch.into(),
        })
    }

    static KERNELS: std::sync::LazyLock<Vec<Kernel>> = std::sync::LazyLock::new(|| {
        let goes = |ch| match map(ch) {
            None => None,
            Some(becomes) if becomes.is_empty() => Some(true),
            Some(becomes) if becomes.chars().eq([ch]) => Some(false),
            Some(_) => None,
        };
        Kernel::all(&low(), goes, |_| 0)
    });

    /// Harakat stay where they stand in order, tatweel goes.
    static ORDERING: std::sync::LazyLock<Vec<Kernel>> = std::sync::LazyLock::new(|| {
        let mut low = low();
        for ch in '\u{64B}'..='\u{652}' {
            low[ch as usize] = CAREFUL;
        }
        low[0x640] = 0;
        let class = |ch: char| match ch {
            '\u{64B}'..='\u{652}' => unicode_normalization::char::canonical_combining_class(ch),
            '\u{640}' | '\u{653}' => JOINS,
            _ => 0,
        };
        Kernel::all(&low, |ch| Some(ch == '\u{200F}'), class)
    });

    /// The text up to the first code point that is careful, mapped; and what is left.
    fn naive(text: &str) -> (String, usize) {
        let mut out = String::new();
        for (at, ch) in text.char_indices() {
            match map(ch) {
                Some(becomes) if ch > '\u{1}' => out.push_str(&becomes),
                _ => return (out, at),
            }
        }
        (out, text.len())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

        #[test]
        fn marks_pass_the_wide_loops_in_order_only(text in "([اب][\u{64B}-\u{652}]{0,2}|[ بé\u{640}\u{200F}\u{653}]|([اب][\u{64E}\u{650}]?){0,40}){0,9}") {
            for kernel in &*ORDERING {
                let (mut out, mut cursor) = (String::new(), Cursor::default());
                kernel.run(&text, &mut out, &mut cursor, &mut ());
                let taken = &text[..cursor.at];
                let want: String = taken.chars().filter(|ch| !matches!(ch, '\u{640}' | '\u{200F}')).collect();
                prop_assert_eq!(&out, &want, "{:?}", kernel.width);
                prop_assert!(unicode_normalization::is_nfc(&want), "{:?} {:?}", kernel.width, want);
                let next = text[cursor.at..].chars().next();
                // The narrow loop leaves controls, and the last bytes, to the table.
                let left = next == Some('\u{200F}') || text.len() - cursor.at < 40;
                let narrow = !kernel.tells_blocks() && left;
                let may_stop = narrow || matches!(next, None | Some('\u{64B}'..='\u{653}'));
                prop_assert!(may_stop, "{:?} {:?}", kernel.width, next);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn wide_loops_agree_with_the_naive_way(
            text in "([ا-ي أإ\u{64E}٠-٩A-Zکa-z]{0,40}[«»\u{200F}–“中😀é\u{AD}]{0,3}){0,6}[ﻻ\u{653}\u{2028}\0\u{1}]?[اب A]{0,70}|([ا-يأ \u{64E}٠-٩.]{0,150}[A«\u{6A9}ﻻ]?){0,3}[\0\u{1}\u{653}]?[ا-ي\u{64E} ]{0,150}"
        ) {
            for kernel in &*KERNELS {
                let (want, stop) = naive(&text);
                let (mut out, mut cursor, mut edits) = (String::from("x"), Cursor::default(), Edits::default());
                kernel.run(&text, &mut out, &mut cursor, &mut edits);
                prop_assert!(text.is_char_boundary(cursor.at) && cursor.at <= stop, "{:?}", kernel.width);
                let (mapped, _) = naive(&text[..cursor.at]);
                prop_assert_eq!(&out[1..], &mapped);
                prop_assert_eq!(cursor.original as usize, text[..cursor.at].chars().count());
                prop_assert_eq!(cursor.normalized as usize, mapped.chars().count());
                let lost: u32 = edits.iter().map(|e| e.original_len).sum();
                prop_assert_eq!(cursor.original - cursor.normalized, lost);
                #[cfg(target_arch = "x86_64")]
                if kernel.width == Width::Avx512 {
                    prop_assert_eq!(cursor.at, stop);
                    prop_assert_eq!(&out[1..], &want);
                }
            }
        }
    }
}
