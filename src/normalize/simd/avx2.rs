//! 32 bytes at a time with AVX2.

use std::arch::x86_64::*;

use super::*;

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
pub(super) unsafe fn run<T: Trace>(
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
            if tables.has_marks {
                let mut bits = mask(is(v, 0xD9)) & !trails;
                while bits != 0 {
                    let at = bits.trailing_zeros();
                    bits &= bits - 1;
                    if !in_order(tables, text, here.at + at as usize) {
                        stop |= 1 << at;
                    }
                }
            }
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
                    trail != 0 || rest.get(2).is_some_and(|b| tables.punctuation[*b as usize & 0x3F] == PLAIN)
                }
                kind => kind == PLAIN,
            };
        }
    };
    block.first[trail] == lead && block.second[trail] & 0x3F == trail as u8 && block.second[trail] >= 0x80
}

/// Whether the code point under the lead byte D9 at `at` is no mark, or one that may stand behind what is before it.
fn in_order(tables: &Tables, text: &[u8], at: usize) -> bool {
    let [low, high] = &tables.classes;
    let own = high[text.get(at + 1).map_or(0, |byte| byte & 0x3F) as usize];
    let class = match text[..at] {
        _ if matches!(own, 0 | JOINS) => return true,
        [] | [.., 0..0x80] => 0,
        [.., 0xD8, last] => low[last as usize & 0x3F],
        [.., 0xD9, last] => high[last as usize & 0x3F],
        _ => JOINS,
    };
    class <= own
}
