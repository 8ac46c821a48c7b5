//! Finds the next place in a text where a pass has something to do; 64 bytes at a time where the processor can.
//!
//! The passes around the table concern few places of few texts. They ask here where to look, so that a text without
//! such a place is read once more, from the cache, and copied nowhere. A finder may stop where there turns out to be
//! nothing to do; it never passes over a place where there is.

/// What a pass looks for.
#[derive(Debug, Clone)]
pub struct Finder {
    /// For U+0000–U+007F: not 0 where it is looked for.
    ascii: [u8; 128],
    /// For the lead bytes C0–FF: not 0 where every code point under it is looked for.
    leads: [u8; 64],
    /// The first two bytes of code points that are looked for.
    pairs: Vec<[u8; 2]>,
    /// Whether two spaces in a row are looked for.
    double_spaces: bool,
    /// Whether a letter of U+0600–U+067F three times in a row is looked for.
    triple_letters: bool,
    wide: bool,
}

impl Default for Finder {
    fn default() -> Self {
        #[cfg(target_arch = "x86_64")]
        let wide = is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vbmi");
        #[cfg(not(target_arch = "x86_64"))]
        let wide = false;
        let (ascii, leads) = ([0; 128], [0; 64]);
        Finder { ascii, leads, pairs: Vec::new(), double_spaces: false, triple_letters: false, wide }
    }
}

impl Finder {
    /// Look for `ch` and every ASCII code point there is in `chars`.
    pub fn ascii(&mut self, chars: &str) {
        for byte in chars.bytes() {
            self.ascii[byte as usize & 0x7F] = 1;
        }
    }

    /// Look for every code point whose UTF-8 begins with the byte that `ch`'s begins with.
    pub fn lead_of(&mut self, ch: char) {
        self.leads[ch.encode_utf8(&mut [0; 4]).as_bytes()[0] as usize & 0x3F] = 1;
    }

    /// Look for every code point whose UTF-8 begins with the two bytes that `ch`'s begins with.
    pub fn pair_of(&mut self, ch: char) {
        if let [first, second, ..] = *ch.encode_utf8(&mut [0; 4]).as_bytes() {
            self.pairs.push([first, second]);
        }
    }

    /// Look for two spaces in a row.
    pub fn double_spaces(&mut self) {
        self.double_spaces = true;
    }

    /// Look for an Arabic letter three times in a row.
    pub fn triple_letters(&mut self) {
        self.triple_letters = true;
    }

    /// The first byte at or behind `from` that begins something that is looked for.
    pub fn find(&self, text: &str, from: usize) -> Option<usize> {
        let text = text.as_bytes();
        #[cfg(target_arch = "x86_64")]
        if self.wide {
            // SAFETY: the features were detected when the finder was made.
            return unsafe { self.find_wide(text, from) };
        }
        (from..text.len()).find(|&at| self.is_at(text, at))
    }

    /// The plain way.
    fn is_at(&self, text: &[u8], at: usize) -> bool {
        let rest = &text[at..];
        let listed = match rest[0] {
            byte @ 0..0x80 => self.ascii[byte as usize] != 0,
            byte @ 0xC0.. => self.leads[byte as usize & 0x3F] != 0,
            _ => false,
        };
        listed
            || self.pairs.iter().any(|pair| rest.starts_with(pair))
            || (self.double_spaces && rest.starts_with(b"  "))
            || (self.triple_letters
                && rest.len() >= 6
                && matches!(rest[0], 0xD8 | 0xD9)
                && rest[..4] == rest[2..6])
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,popcnt,bmi1,bmi2,lzcnt")]
    unsafe fn find_wide(&self, text: &[u8], from: usize) -> Option<usize> {
        use std::arch::x86_64::*;
        unsafe {
            let low = _mm512_loadu_si512(self.ascii.as_ptr().cast());
            let high = _mm512_loadu_si512(self.ascii.as_ptr().add(64).cast());
            let leads = _mm512_loadu_si512(self.leads.as_ptr().cast());
            let is = |v, byte: u8| _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(byte as i8));
            let mut at = from;
            while at < text.len() {
                let left = text.len() - at;
                // The bytes from `offset` bytes on, those behind the text as NUL.
                let load = |offset: usize| {
                    let here = text.as_ptr().wrapping_add(at + offset);
                    if left >= 64 + 4 {
                        return _mm512_loadu_si512(here.cast());
                    }
                    let count = left.saturating_sub(offset).min(64) as u32;
                    let inside = if count == 64 { !0 } else { (1u64 << count) - 1 };
                    _mm512_maskz_loadu_epi8(inside, here.cast())
                };
                let (v, next) = (load(0), load(1));
                let not_ascii = _mm512_movepi8_mask(v);
                let kind = _mm512_permutex2var_epi8(low, v, high);
                let mut hits = _mm512_test_epi8_mask(kind, kind) & !not_ascii;
                let begins = _mm512_cmpge_epu8_mask(v, _mm512_set1_epi8(0xC0u8 as i8));
                let kind = _mm512_permutexvar_epi8(v, leads);
                hits |= _mm512_test_epi8_mask(kind, kind) & begins;
                for &[first, second] in &self.pairs {
                    hits |= is(v, first) & is(next, second);
                }
                if self.double_spaces {
                    hits |= is(v, b' ') & is(next, b' ');
                }
                if self.triple_letters {
                    let third = _mm512_cmpeq_epi8_mask(v, load(2)) & _mm512_cmpeq_epi8_mask(v, load(4));
                    // Of the last byte's follower nothing is known here.
                    hits |= third & (third >> 1 | 1 << 63) & (is(v, 0xD8) | is(v, 0xD9));
                }
                if left < 64 {
                    hits &= (1 << left) - 1;
                }
                if hits != 0 {
                    return Some(at + hits.trailing_zeros() as usize);
                }
                at += 64;
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_wide_way_finds_what_the_plain_way_finds(
            text in "([ا-ي ]{0,30}(ااا|  |<|😀|\u{64B}|\n|«|\u{85}|\u{2028}|ببب)?){0,8}", from in 0usize..20
        ) {
            for which in 0..7 {
                let mut finder = Finder::default();
                match which {
                    0 => finder.ascii("<\n"),
                    1 => finder.lead_of('😀'),
                    2 => finder.pair_of('\u{64B}'),
                    3 => finder.double_spaces(),
                    4 => finder.triple_letters(),
                    5 => finder.pair_of('\u{2028}'),
                    _ => {
                        finder.double_spaces();
                        finder.triple_letters();
                        finder.ascii("\n");
                        finder.pair_of('\u{85}');
                    }
                }
                let plain = Finder { wide: false, ..finder.clone() };
                let from = (0..=from).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
                let mut at = from;
                while let Some(next) = plain.find(&text, at) {
                    // The wide way may stop earlier, at one of the 63rd bytes of a block.
                    let mut wide = finder.find(&text, at);
                    while let Some(early) = wide && early < next {
                        prop_assert!(finder.triple_letters);
                        wide = finder.find(&text, early + 2);
                    }
                    prop_assert_eq!(wide, Some(next));
                    at = next + 1;
                }
            }
        }
    }
}
