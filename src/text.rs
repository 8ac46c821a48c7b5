//! Code-point classes, and the way between UTF-8 byte and code-point offsets.
//!
//! Inside the crate every offset is a byte offset into the original UTF-8 text; code points are what users see,
//! and [`CodePoints`] translates at the door.

/// What a code point is to the tokenizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    /// White space other than line breaks.
    Space,
    /// A line or paragraph break.
    Break,
    /// A letter of the Arabic script, presentation forms included.
    Arabic,
    /// An Arabic diacritic, Quranic mark or other combining mark.
    Mark,
    /// Tatweel (U+0640).
    Tatweel,
    /// A decimal digit: ASCII, Arabic-Indic or Extended Arabic-Indic.
    Digit,
    /// A letter of any other script.
    Letter,
    /// Bidirectional and zero-width controls: no width, no meaning for words.
    Control,
    /// Punctuation and symbols.
    Other,
}

/// Classes of U+0000–U+07FF (ASCII to Arabic Supplement): nearly all of Arabic text.
static LOW: [Class; 0x800] = {
    let mut table = [Class::Other; 0x800];
    let mut cp = 0;
    while cp < 0x800 {
        table[cp as usize] = classify(cp as u32);
        cp += 1;
    }
    table
};

const fn classify(cp: u32) -> Class {
    match cp {
        0x0A..=0x0D | 0x85 | 0x2028 | 0x2029 => Class::Break,
        0x09 | 0x20 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => Class::Space,
        0x30..=0x39 | 0x660..=0x669 | 0x6F0..=0x6F9 => Class::Digit,
        0x41..=0x5A | 0x61..=0x7A => Class::Letter,
        0xAD | 0x61C | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF => Class::Control,
        0x00..=0x2F | 0x3A..=0x40 | 0x5B..=0x60 | 0x7B..=0xA9 | 0xAB..=0xB4 | 0xB6..=0xB9 | 0xBB..=0xBF => {
            Class::Other
        }
        0xD7 | 0xF7 => Class::Other,
        0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5BD => Class::Mark,
        0x610..=0x61A
        | 0x64B..=0x65F
        | 0x670
        | 0x6D6..=0x6DC
        | 0x6DF..=0x6E4
        | 0x6E7
        | 0x6E8
        | 0x6EA..=0x6ED => Class::Mark,
        0x640 => Class::Tatweel,
        0x620..=0x63F | 0x641..=0x64A | 0x66E | 0x66F | 0x671..=0x6D3 | 0x6D5 | 0x6E5 | 0x6E6 => {
            Class::Arabic
        }
        0x6EE | 0x6EF | 0x6FA..=0x6FC | 0x6FF | 0x750..=0x77F => Class::Arabic,
        0x600..=0x60F | 0x61B..=0x61F | 0x66A..=0x66D | 0x6D4 | 0x6DD | 0x6DE | 0x6E9 | 0x6FD | 0x6FE => {
            Class::Other
        }
        0x870..=0x887 | 0x889..=0x88E | 0x8A0..=0x8C9 | 0xFB50..=0xFBB1 | 0xFBD3..=0xFD3D => Class::Arabic,
        0xFD50..=0xFDFB | 0xFE70..=0xFEFC => Class::Arabic,
        0x890..=0x89F | 0x8CA..=0x8FF | 0xFE20..=0xFE2F | 0xFE00..=0xFE0F | 0x20D0..=0x20FF => Class::Mark,
        0xAA | 0xB5 | 0xBA | 0xC0..=0x2FF | 0x370..=0x5FF | 0x700..=0x74F | 0x780..=0x7FF => Class::Letter,
        _ => Class::Other,
    }
}

/// The class of a code point.
#[inline]
pub fn class(ch: char) -> Class {
    let cp = ch as u32;
    if cp < 0x800 {
        return LOW[cp as usize];
    }
    match classify(cp) {
        Class::Other if ch.is_alphabetic() => Class::Letter,
        known => known,
    }
}

/// Distance in bytes between two checkpoints of [`CodePoints`].
const STRIDE: usize = 256;

/// Translates byte offsets of one text into code-point offsets and back.
///
/// Holds the number of code points before every 256th byte: 4 bytes of memory for 256 bytes of text.
#[derive(Debug, Default, Clone)]
pub struct CodePoints {
    before: Vec<u32>,
    ascii: bool,
}

impl CodePoints {
    /// Index `text`; the old content is thrown away, its memory reused.
    pub fn update(&mut self, text: &str) {
        self.before.clear();
        let mut count = 0u32;
        for chunk in text.as_bytes().chunks(STRIDE) {
            self.before.push(count);
            count += starts(chunk);
        }
        self.before.push(count);
        self.ascii = count as usize == text.len();
    }

    /// A fresh index of `text`.
    pub fn new(text: &str) -> Self {
        let mut index = CodePoints::default();
        index.update(text);
        index
    }

    /// Code points before byte `byte` of `text`, the text that was indexed.
    #[inline]
    pub fn of_byte(&self, text: &str, byte: usize) -> usize {
        if self.ascii {
            return byte;
        }
        let stride = byte / STRIDE;
        self.before[stride] as usize + starts(&text.as_bytes()[stride * STRIDE..byte]) as usize
    }

    /// Byte offset of code point `position`; the length of `text` for positions at or past its end.
    pub fn to_byte(&self, text: &str, position: usize) -> usize {
        if self.ascii {
            return position.min(text.len());
        }
        // The last entry is the total, not the beginning of a chunk.
        let chunks = &self.before[..self.before.len() - 1];
        if chunks.is_empty() {
            return 0;
        }
        let stride = chunks.partition_point(|&n| n as usize <= position).saturating_sub(1);
        let mut left = position - self.before[stride] as usize;
        let mut byte = stride * STRIDE;
        let bytes = text.as_bytes();
        while byte < bytes.len() {
            if bytes[byte] & 0xC0 != 0x80 {
                if left == 0 {
                    break;
                }
                left -= 1;
            }
            byte += 1;
        }
        byte
    }
}

/// Number of code points that begin in `bytes`.
#[inline]
fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().map(|&b| (b & 0xC0 != 0x80) as u32).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn arabic_letters_marks_and_digits() {
        for (ch, want) in [
            ('ا', Class::Arabic),
            ('ة', Class::Arabic),
            ('َ', Class::Mark),
            ('ـ', Class::Tatweel),
            ('٣', Class::Digit),
            ('۳', Class::Digit),
            ('،', Class::Other),
            ('؟', Class::Other),
            ('ﻻ', Class::Arabic),
            ('é', Class::Letter),
            ('中', Class::Letter),
            ('\u{200F}', Class::Control),
            ('\u{2029}', Class::Break),
            ('😀', Class::Other),
        ] {
            assert_eq!(class(ch), want, "{ch:?}");
        }
    }

    proptest! {
        #[test]
        fn offsets_agree_with_counting(text in "[a-zابةَ😀\u{200f}中 ]{0,400}") {
            let index = CodePoints::new(&text);
            for (position, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(index.of_byte(&text, byte), position);
                prop_assert_eq!(index.to_byte(&text, position), byte);
            }
            let total = text.chars().count();
            prop_assert_eq!(index.of_byte(&text, text.len()), total);
            prop_assert_eq!(index.to_byte(&text, total), text.len());
            prop_assert_eq!(index.to_byte(&text, total + 7), text.len());
        }
    }
}
