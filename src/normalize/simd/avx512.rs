//! 64 bytes at a time with AVX-512 (VBMI2).
//!
//! A block is looked at together with the bytes before and behind it, so that what becomes of a byte never depends on
//! where a block begins: blocks follow each other at a fixed stride, and one need not wait for another.

use std::arch::x86_64::*;

use super::*;

/// Bytes that text is asked for ahead of its use.
const AHEAD: usize = 1024;

/// Blocks as nearly all are: of Arabic letters, digits, spaces and punctuation alone. Maps them
/// from the cursor on to the byte `end` of the output, up to a block with anything else; the new end.
///
/// What it leaves out (Latin letters, other scripts, marks that must stand in order) is what makes
/// it a third shorter than [`run`], which takes the block where it stops.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi1,bmi2,lzcnt")]
unsafe fn common<T: Trace>(
    tables: &Tables,
    text: &[u8],
    base: *mut u8,
    mut end: usize,
    cursor: &mut Cursor,
    trace: &mut T,
) -> usize {
    unsafe {
        let load = |bytes: &[u8; 64]| _mm512_loadu_si512(bytes.as_ptr().cast());
        let is = |v, byte: u8| _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(byte as i8));
        let [d8, d9, ..] = &tables.arabic;
        let (d8_first, d8_second) = (load(&d8.first), load(&d8.second));
        let (d9_first, d9_second) = (load(&d9.first), load(&d9.second));
        let mut here = *cursor;
        // Maps the bytes `valid` of a block; whether all of it is common.
        let mut map = |v, next, before, valid: u64, here: &mut Cursor| {
            let high = _mm512_movepi8_mask(v);
            // Bit 6 of each byte.
            let letters = _mm512_movepi8_mask(_mm512_add_epi8(v, v)) & !high;
            let (first_d8, first_d9) = (is(v, 0xD8), is(v, 0xD9));
            let (second_d8, second_d9) = (is(before, 0xD8), is(before, 0xD9));
            let others = high & !(first_d8 | first_d9 | second_d8 | second_d9);
            if others | letters != 0 {
                return false;
            }
            let mut result = _mm512_mask_permutexvar_epi8(v, first_d8, next, d8_first);
            result = _mm512_mask_permutexvar_epi8(result, first_d9, next, d9_first);
            result = _mm512_mask_permutexvar_epi8(result, second_d8, v, d8_second);
            result = _mm512_mask_permutexvar_epi8(result, second_d9, v, d9_second);
            let kept = _mm512_cmpgt_epu8_mask(result, _mm512_set1_epi8(STOP as i8)) & valid;
            if kept == valid {
                _mm512_storeu_si512(base.add(end).cast(), result);
            } else {
                // What is not kept went, if it is no STOP and no NUL that stays.
                if valid & !kept & (is(result, STOP) | !high) != 0 {
                    return false;
                }
                _mm512_storeu_si512(base.add(end).cast(), _mm512_maskz_compress_epi8(kept, result));
            }
            if T::BLOCKS {
                trace.block(kept, end);
            }
            end += kept.count_ones() as usize;
            if T::ON {
                let starts = !_mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(-64)) & valid;
                record(starts, starts & !kept, here, trace);
            }
            true
        };
        while here.at < text.len() {
            let source = text.as_ptr().add(here.at);
            let left = text.len() - here.at;
            if here.at > 0 && left > 64 {
                // Prefetchers of the processor stop at the end of a page.
                _mm_prefetch::<_MM_HINT_T0>(source.wrapping_add(AHEAD).cast());
                let v = _mm512_loadu_si512(source.cast());
                let next = _mm512_loadu_si512(source.add(1).cast());
                let before = _mm512_loadu_si512(source.sub(1).cast());
                if !map(v, next, before, !0, &mut here) {
                    break;
                }
                here.at += 64;
                continue;
            }
            // What lies outside of the text reads as NUL.
            let inside = |bytes: usize| below(bytes.min(64) as u32);
            let behind_start = if here.at == 0 { !1 } else { !0 };
            let v = _mm512_maskz_loadu_epi8(inside(left), source.cast());
            let next = _mm512_maskz_loadu_epi8(inside(left - 1), source.wrapping_add(1).cast());
            let before =
                _mm512_maskz_loadu_epi8(inside(left + 1) & behind_start, source.wrapping_sub(1).cast());
            if !map(v, next, before, inside(left), &mut here) {
                break;
            }
            here.at += left.min(64);
        }
        *cursor = here;
        end
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi1,bmi2,lzcnt")]
pub(super) unsafe fn run<T: Trace>(
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
        let [d8, d9, ..] = &tables.arabic;
        let (d8_first, d8_second) = (load(&d8.first), load(&d8.second));
        let (d9_first, d9_second) = (load(&d9.first), load(&d9.second));
        let is = |v, byte: u8| _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(byte as i8));
        let base = out.as_mut_ptr();
        let mut end = out.len();
        let mut here = *cursor;
        let is_common = !tables.has_marks && !tables.ascii_low_changes;
        while here.at < text.len() {
            if is_common {
                end = common(tables, text, base, end, &mut here, trace);
                if here.at == text.len() {
                    break;
                }
            }
            let left = text.len() - here.at;
            let source = text.as_ptr().add(here.at);
            let inside = left >= 66 && here.at >= 2;
            let valid = below(left.min(64) as u32);
            // The bytes from `offset` bytes away on, those outside of the text as NUL.
            let at = |offset: isize| {
                let from = source.wrapping_offset(offset);
                if inside {
                    return _mm512_loadu_si512(from.cast());
                }
                let behind = below((left as isize - offset).clamp(0, 64) as u32);
                let before = below((-offset - here.at as isize).clamp(0, 64) as u32);
                _mm512_maskz_loadu_epi8(behind & !before, from.cast())
            };
            let (before, v, next) = (at(-1), at(0), at(1));
            let high = _mm512_movepi8_mask(v);
            let (first_d8, first_d9) = (is(v, 0xD8), is(v, 0xD9));
            let (second_d8, second_d9) = (is(before, 0xD8), is(before, 0xD9));
            let mut result = _mm512_mask_permutexvar_epi8(v, first_d8, next, d8_first);
            result = _mm512_mask_permutexvar_epi8(result, first_d9, next, d9_first);
            result = _mm512_mask_permutexvar_epi8(result, second_d8, v, d8_second);
            result = _mm512_mask_permutexvar_epi8(result, second_d9, v, d9_second);
            let upper = _mm512_test_epi8_mask(v, _mm512_set1_epi8(0x40)) & !high;
            if upper != 0 || tables.ascii_low_changes {
                let mapped = _mm512_permutex2var_epi8(ascii_low, v, ascii_high);
                result = _mm512_mask_mov_epi8(result, !high, mapped);
            }
            let mut gone = 0;
            let others = high & !(first_d8 | first_d9 | second_d8 | second_d9);
            if others != 0 {
                let mut looked_up = 0;
                for block in [&tables.arabic[2], &tables.arabic[3], &tables.latin] {
                    let (first, second) = (is(v, block.lead), is(before, block.lead));
                    result = _mm512_mask_permutexvar_epi8(result, first, next, load(&block.first));
                    result = _mm512_mask_permutexvar_epi8(result, second, v, load(&block.second));
                    looked_up |= first;
                }
                let leads = others & !looked_up & !_mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(-64));
                let kind = _mm512_permutexvar_epi8(v, load(&tables.leads));
                let mut stop = leads & is(kind, STOP);
                if leads & is(kind, PUNCTUATION) != 0 || is(before, 0xE2) != 0 || is(at(-2), 0xE2) != 0 {
                    let what = |third| _mm512_permutexvar_epi8(third, load(&tables.punctuation));
                    let places = [(v, next, at(2)), (before, v, next), (at(-2), before, v)];
                    for (place, (lead, second, third)) in places.into_iter().enumerate() {
                        let general = is(lead, 0xE2) & is(second, 0x80);
                        gone |= general & is(what(third), GONE);
                        if place == 0 {
                            stop |= general & is(what(third), STOP);
                        }
                    }
                }
                result = _mm512_mask_mov_epi8(result, stop, _mm512_set1_epi8(STOP as i8));
            }
            let mut disorder = 0;
            if tables.has_marks {
                let [low, high] = [load(&tables.classes[0]), load(&tables.classes[1])];
                let own = _mm512_maskz_permutexvar_epi8(first_d9, next, high);
                let marks = _mm512_test_epi8_mask(own, own) & !is(own, JOINS);
                if marks != 0 {
                    // `before` is the last byte of the code point before a mark's lead byte.
                    let lead = at(-2);
                    let (after_d8, after_d9) = (is(lead, 0xD8), is(lead, 0xD9));
                    let mut class = _mm512_maskz_permutexvar_epi8(after_d8, before, low);
                    class = _mm512_mask_permutexvar_epi8(class, after_d9, before, high);
                    let known = !_mm512_movepi8_mask(before) | after_d8 | after_d9;
                    disorder = marks & (!known | _mm512_cmpgt_epu8_mask(class, own));
                }
            }
            let some = _mm512_test_epi8_mask(result, result);
            // NUL that stays would read as nothing.
            let stop = (is(result, STOP) | !some & !high | disorder) & valid;
            let taken = valid & below(stop.trailing_zeros());
            let kept = some & taken & !gone;
            _mm512_storeu_si512(base.add(end).cast(), _mm512_maskz_compress_epi8(kept, result));
            if T::BLOCKS {
                trace.block(kept, end);
            }
            end += kept.count_ones() as usize;
            if T::ON {
                let starts = !_mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(-64)) & taken;
                record(starts, starts & !kept, &mut here, trace);
            }
            if stop != 0 {
                here.at += taken.count_ones() as usize;
                break;
            }
            here.at += left.min(64);
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
