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
    /// For U+2000–U+203F: [`PLAIN`], [`STOP`], or 0xFF for what goes.
    punctuation: [u8; 64],
    /// For texts of code points: what becomes of U+0000–U+00FF and U+0600–U+06FF.
    pages: [Page; 2],
    /// Rows of 16 code points that change, for processors that look up no more at once.
    rows: Vec<Row>,
}

/// What becomes of 256 code points: low and high bytes of code points; in `high`, [`PAGE_STOP`] and [`PAGE_GONE`].
#[derive(Debug, Clone)]
struct Page {
    low: [u8; 256],
    high: [u8; 256],
}

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

impl Kernel {
    /// Bytes that go the plain way after the wide loop stopped.
    pub const STRETCH: usize = 64;

    /// The kernel for the entries of U+0000–U+07FF; `goes` tells for another code point whether it goes (`Some(true)`),
    /// stays as it is (`Some(false)`) or needs the table (`None`).
    pub fn new(low: &[u32; 0x800], goes: impl Fn(char) -> Option<bool>) -> Kernel {
        let width = widest();
        if width == Width::None {
            return Kernel::default();
        }
        Kernel { width, tables: Some(Box::new(Tables::new(low, goes))) }
    }

    /// Every kernel that this processor can run, for tests.
    #[cfg(test)]
    fn all(low: &[u32; 0x800], goes: impl Fn(char) -> Option<bool> + Copy) -> Vec<Kernel> {
        let widest = Kernel::new(low, goes);
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
                Width::Avx512 => x86::run512(tables, text, buffer, cursor, trace),
                #[cfg(target_arch = "x86_64")]
                Width::Avx2 => x86::run256(tables, text, buffer, cursor, trace),
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
            return unsafe { x86::run_code_points(tables, text, out, goes) };
        }
        let _ = (text, out, goes);
        0
    }
}

impl Tables {
    fn new(low: &[u32; 0x800], goes: impl Fn(char) -> Option<bool>) -> Tables {
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
                Some(true) => 0xFF,
                Some(false) => PLAIN,
                None => STOP,
            }),
            pages: [Page::new(0, low), Page::new(6, low)],
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
mod x86 {
    use std::arch::x86_64::*;

    use super::*;

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

    fn below(bit: u32) -> u64 {
        if bit >= 64 { !0 } else { (1 << bit) - 1 }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi1,bmi2,lzcnt")]
    pub(super) unsafe fn run512<T: Trace>(
        tables: &Tables,
        text: &[u8],
        out: &mut Vec<u8>,
        cursor: &mut Cursor,
        trace: &mut T,
    ) {
        unsafe {
            let load = |bytes: &[u8; 64]| _mm512_loadu_si512(bytes.as_ptr().cast());
            let ascii_low = _mm512_loadu_si512(tables.ascii.as_ptr().cast());
            let ascii_high = _mm512_loadu_si512(tables.ascii.as_ptr().add(64).cast());
            let [d8, d9, da, db] = &tables.arabic;
            let (d8_first, d8_second) = (load(&d8.first), load(&d8.second));
            let (d9_first, d9_second) = (load(&d9.first), load(&d9.second));
            let one_up = load(
                &const {
                    let mut lanes = [0u8; 64];
                    let mut i = 1;
                    while i < 64 {
                        lanes[i] = i as u8 - 1;
                        i += 1;
                    }
                    lanes
                },
            );
            let is = |v, byte: u8| _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(byte as i8));
            let base = out.as_mut_ptr();
            let mut end = out.len();
            let mut here = *cursor;
            while here.at < text.len() {
                let left = text.len() - here.at;
                let source = text.as_ptr().add(here.at);
                let valid = below(left.min(64) as u32);
                let (v, next) = if left > 64 {
                    (_mm512_loadu_si512(source.cast()), _mm512_loadu_si512(source.add(1).cast()))
                } else {
                    let v = _mm512_maskz_loadu_epi8(valid, source.cast());
                    (v, _mm512_maskz_loadu_epi8(valid >> 1, source.wrapping_add(1).cast()))
                };
                let high = _mm512_movepi8_mask(v);
                let trails = _mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(-64));
                let leads = high & !trails;
                let mapped = _mm512_permutex2var_epi8(ascii_low, v, ascii_high);
                let mut result = _mm512_mask_mov_epi8(mapped, high, v);
                let (is_d8, is_d9) = (is(v, 0xD8), is(v, 0xD9));
                let mut looked_up = is_d8 | is_d9;
                result = _mm512_mask_permutexvar_epi8(result, is_d8, next, d8_first);
                result = _mm512_mask_permutexvar_epi8(result, is_d9, next, d9_first);
                let mut second = _mm512_maskz_permutexvar_epi8(is_d8, next, d8_second);
                second = _mm512_mask_permutexvar_epi8(second, is_d9, next, d9_second);
                let mut gone = 0;
                let mut cut = leads & 1 << 63;
                if leads & !looked_up != 0 {
                    for block in [da, db, &tables.latin] {
                        let lanes = is(v, block.lead);
                        result = _mm512_mask_permutexvar_epi8(result, lanes, next, load(&block.first));
                        second = _mm512_mask_permutexvar_epi8(second, lanes, next, load(&block.second));
                        looked_up |= lanes;
                    }
                    let rest = leads & !looked_up;
                    if rest != 0 {
                        let kind = _mm512_permutexvar_epi8(v, load(&tables.leads));
                        let mut stop = rest & is(kind, STOP);
                        let third = _mm512_maskz_loadu_epi8(valid >> 2, source.wrapping_add(2).cast());
                        let general = rest & is(kind, PUNCTUATION) & is(next, 0x80);
                        let what = _mm512_permutexvar_epi8(third, load(&tables.punctuation));
                        stop |= general & is(what, STOP);
                        gone = general & is(what, 0xFF);
                        result = _mm512_mask_mov_epi8(result, stop, _mm512_set1_epi8(STOP as i8));
                        let wide = |from: u8| _mm512_cmpge_epu8_mask(v, _mm512_set1_epi8(from as i8));
                        cut |= wide(0xE0) & 1 << 62 | wide(0xF0) & 1 << 61;
                    }
                }
                result = _mm512_mask_permutexvar_epi8(result, looked_up << 1, one_up, second);
                // A code point that the block cuts in two waits for the next one.
                let whole = if left > 64 { below(cut.trailing_zeros()) } else { valid };
                let stop = is(result, STOP) & !trails & whole;
                let taken = whole & below(stop.trailing_zeros());
                let kept = _mm512_test_epi8_mask(result, result) & taken & !(gone | gone << 1 | gone << 2);
                let target = base.add(end);
                if kept == taken {
                    _mm512_storeu_si512(target.cast(), result);
                } else {
                    _mm512_storeu_si512(target.cast(), _mm512_maskz_compress_epi8(kept, result));
                }
                end += kept.count_ones() as usize;
                here.at += taken.count_ones() as usize;
                if T::ON {
                    let starts = !trails & taken;
                    record(starts, starts & !kept, &mut here, trace);
                }
                if stop != 0 {
                    break;
                }
            }
            out.set_len(end);
            *cursor = here;
        }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi1,bmi2,lzcnt")]
    pub(super) unsafe fn run_code_points(
        tables: &Tables,
        text: &[u32],
        out: &mut Vec<u32>,
        goes: impl Fn(u32) -> Option<bool>,
    ) -> usize {
        unsafe {
            let quarter = |bytes: &[u8; 256], q: usize| _mm512_loadu_si512(bytes.as_ptr().add(64 * q).cast());
            let is = |v, byte: u8| _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(byte as i8));
            let base = out.as_mut_ptr();
            let mut end = out.len();
            let mut at = 0;
            while at < text.len() {
                let left = text.len() - at;
                let valid = below(left.min(64) as u32);
                let source = text.as_ptr().add(at);
                let part = |i: usize| {
                    let lanes = (valid >> (16 * i)) as u16;
                    _mm512_maskz_loadu_epi32(lanes, source.wrapping_add(16 * i).cast())
                };
                let parts = [part(0), part(1), part(2), part(3)];
                let join = |a: [__m128i; 4]| {
                    let low = _mm256_set_m128i(a[1], a[0]);
                    let high = _mm256_set_m128i(a[3], a[2]);
                    _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1)
                };
                let low = join(parts.map(|p| _mm512_cvtepi32_epi8(p)));
                let high = join(parts.map(|p| _mm512_cvtusepi32_epi8(_mm512_srli_epi32(p, 8))));
                let (latin, arabic) = (is(high, 0) & valid, is(high, 6));
                let (mut low_out, mut high_out) = (low, high);
                let top = _mm512_and_si512(low, _mm512_set1_epi8(0xC0u8 as i8));
                for (page, lanes) in [(&tables.pages[0], latin), (&tables.pages[1], arabic)] {
                    for q in 0..4 {
                        let lanes = lanes & is(top, (q as u8) << 6);
                        if lanes != 0 {
                            let (l, h) = (quarter(&page.low, q), quarter(&page.high, q));
                            low_out = _mm512_mask_permutexvar_epi8(low_out, lanes, low, l);
                            high_out = _mm512_mask_permutexvar_epi8(high_out, lanes, low, h);
                        }
                    }
                }
                let known = latin | arabic;
                let mut gone = known & is(high_out, PAGE_GONE);
                let mut stop = known & is(high_out, PAGE_STOP);
                let mut others = valid & !known;
                while others != 0 {
                    let lane = others.trailing_zeros();
                    others &= others - 1;
                    let code_point = *source.add(lane as usize);
                    match goes(code_point) {
                        Some(true) => gone |= 1 << lane,
                        Some(false) if code_point < 0x1_0000 => {}
                        _ => stop |= 1 << lane,
                    }
                }
                let taken = valid & below(stop.trailing_zeros());
                let kept = taken & !gone;
                if kept != taken {
                    low_out = _mm512_maskz_compress_epi8(kept, low_out);
                    high_out = _mm512_maskz_compress_epi8(kept, high_out);
                }
                let split = |v| {
                    let (a, b) = (_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
                    [
                        _mm256_castsi256_si128(a),
                        _mm256_extracti128_si256(a, 1),
                        _mm256_castsi256_si128(b),
                        _mm256_extracti128_si256(b, 1),
                    ]
                };
                let (lows, highs) = (split(low_out), split(high_out));
                let count = kept.count_ones() as usize;
                for i in 0..4 {
                    let upper = _mm512_slli_epi32(_mm512_cvtepu8_epi32(highs[i]), 8);
                    let whole = _mm512_or_si512(_mm512_cvtepu8_epi32(lows[i]), upper);
                    _mm512_storeu_si512(base.add(end + 16 * i).cast(), whole);
                }
                end += count;
                at += taken.count_ones() as usize;
                if stop != 0 {
                    break;
                }
            }
            out.set_len(end);
            at
        }
    }

    /// For every mask of kept bytes the shuffle that closes the gaps among eight.
    static CLOSE: [[u8; 8]; 256] = {
        let mut table = [[0x80; 8]; 256];
        let mut mask = 0;
        while mask < 256 {
            let (mut from, mut to) = (0, 0);
            while from < 8 {
                if mask >> from & 1 == 1 {
                    table[mask][to] = from as u8;
                    to += 1;
                }
                from += 1;
            }
            mask += 1;
        }
        table
    };

    #[target_feature(enable = "avx2,popcnt,bmi1,bmi2,lzcnt")]
    pub(super) unsafe fn run256<T: Trace>(
        tables: &Tables,
        text: &[u8],
        out: &mut Vec<u8>,
        cursor: &mut Cursor,
        trace: &mut T,
    ) {
        unsafe {
            let row = |bytes: &[u8; 16]| _mm256_broadcastsi128_si256(_mm_loadu_si128(bytes.as_ptr().cast()));
            let all = |byte: u8| _mm256_set1_epi8(byte as i8);
            let is = |v, byte: u8| _mm256_cmpeq_epi8(v, all(byte));
            let mask = |v| _mm256_movemask_epi8(v) as u32;
            let base = out.as_mut_ptr();
            let mut end = out.len();
            let mut here = *cursor;
            // One byte more than a block: the last one's follower is read too.
            while here.at + 33 <= text.len() {
                let source = text.as_ptr().add(here.at);
                let v = _mm256_loadu_si256(source.cast());
                let next = _mm256_loadu_si256(source.add(1).cast());
                let high = mask(v);
                let trails = mask(_mm256_cmpgt_epi8(all(0xC0), v));
                let leads = high & !trails;
                let arabic = _mm256_or_si256(is(v, 0xD8), is(v, 0xD9));
                let other = leads & !mask(arabic);
                let (mut result, mut second) = (v, _mm256_setzero_si256());
                let upper = |v| _mm256_and_si256(_mm256_srli_epi16(v, 4), all(0x0F));
                let (upper_own, upper_next) = (upper(v), upper(next));
                second = _mm256_blendv_epi8(second, next, arabic);
                for r in &tables.rows {
                    if r.lead == 0 {
                        let lanes = is(upper_own, r.nibble);
                        let mapped = _mm256_shuffle_epi8(row(&r.first), _mm256_and_si256(v, all(0x0F)));
                        result = _mm256_blendv_epi8(result, mapped, lanes);
                    } else {
                        let lanes = _mm256_and_si256(is(v, r.lead), is(upper_next, r.nibble));
                        let low = _mm256_and_si256(next, all(0x0F));
                        result = _mm256_blendv_epi8(result, _mm256_shuffle_epi8(row(&r.first), low), lanes);
                        second = _mm256_blendv_epi8(second, _mm256_shuffle_epi8(row(&r.second), low), lanes);
                    }
                }
                // One lane up, across the halves.
                let across = _mm256_permute2x128_si256(second, second, 0x08);
                let second = _mm256_alignr_epi8(second, across, 15);
                let across = _mm256_permute2x128_si256(arabic, arabic, 0x08);
                result = _mm256_blendv_epi8(result, second, _mm256_alignr_epi8(arabic, across, 15));
                let mut stop = mask(is(result, STOP)) & !trails;
                let mut cut = leads & 1 << 31;
                let mut bits = other;
                while bits != 0 {
                    let at = bits.trailing_zeros();
                    bits &= bits - 1;
                    if !stays(tables, &text[here.at + at as usize..]) {
                        stop |= 1 << at;
                    }
                    let width = match *source.add(at as usize) {
                        0xF0.. => 4,
                        0xE0.. => 3,
                        _ => 2,
                    };
                    if at + width > 32 {
                        cut |= 1 << at;
                    }
                }
                stop &= below(cut.trailing_zeros()) as u32;
                let taken = below((cut | stop).trailing_zeros()) as u32;
                let kept = !mask(_mm256_cmpeq_epi8(result, _mm256_setzero_si256())) & taken;
                let target = base.add(end);
                if kept == taken {
                    _mm256_storeu_si256(target.cast(), result);
                    end += taken.count_ones() as usize;
                } else {
                    let mut bytes = [0u8; 32];
                    _mm256_storeu_si256(bytes.as_mut_ptr().cast(), result);
                    for eighth in 0..4 {
                        let kept = (kept >> (8 * eighth)) as u8;
                        let part = _mm_loadl_epi64(bytes.as_ptr().add(8 * eighth).cast());
                        let order = _mm_loadl_epi64(CLOSE[kept as usize].as_ptr().cast());
                        _mm_storel_epi64(base.add(end).cast(), _mm_shuffle_epi8(part, order));
                        end += kept.count_ones() as usize;
                    }
                }
                here.at += taken.count_ones() as usize;
                if T::ON {
                    let starts = !trails & taken;
                    record(starts as u64, (starts & !kept) as u64, &mut here, trace);
                }
                if stop != 0 {
                    break;
                }
            }
            out.set_len(end);
            *cursor = here;
        }
    }

    /// Whether the code point that `rest` begins with, of a lead byte other than D8 and D9, stays as it is.
    fn stays(tables: &Tables, rest: &[u8]) -> bool {
        let (lead, trail) = (rest[0], rest.get(1).map_or(0, |byte| byte & 0x3F) as usize);
        let block = match lead {
            0xC2 => &tables.latin,
            0xDA => &tables.arabic[2],
            0xDB => &tables.arabic[3],
            _ => {
                return match tables.leads[lead as usize & 0x3F] {
                    PUNCTUATION => {
                        trail != 0
                            || rest.get(2).is_some_and(|b| tables.punctuation[*b as usize & 0x3F] == PLAIN)
                    }
                    kind => kind == PLAIN,
                };
            }
        };
        block.first[trail] == lead && block.second[trail] & 0x3F == trail as u8 && block.second[trail] >= 0x80
    }
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
        Kernel::all(&low(), |ch| match map(ch) {
            None => None,
            Some(becomes) if becomes.is_empty() => Some(true),
            Some(becomes) if becomes.chars().eq([ch]) => Some(false),
            Some(_) => None,
        })
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
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn wide_loops_agree_with_the_naive_way(
            text in "([ا-ي أإ\u{64E}٠-٩A-Zکa-z]{0,40}[«»\u{200F}–“中😀é\u{AD}]{0,3}){0,6}[ﻻ\u{653}\u{2028}\0\u{1}]?[اب A]{0,70}"
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
