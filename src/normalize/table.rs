//! What becomes of each code point, looked up in O(1).
//!
//! U+0000–U+07FF, nearly all of Arabic text, have one 4-byte entry each that holds the UTF-8 bytes to write;
//! the code points above are found by page, and pages on which nothing changes are one shared page.

/// What becomes of one code point, packed: a tag in the two highest bits, a payload below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Action(u32);

/// Becomes the code point in the payload.
const CHAR: u32 = 0;
/// Becomes the string with the number in the payload, possibly empty.
const STRING: u32 = 1 << 30;
const TAG: u32 = 3 << 30;

/// An entry of [`Table::low`] whose replacement takes more than two bytes.
const LONG: u32 = 1 << 31;
/// Where an entry of [`Table::low`] keeps the number of its bytes.
const LENGTH_SHIFT: u32 = 16;

/// Maps every code point by itself.
#[derive(Debug, Clone)]
pub struct Table {
    /// For U+0000–U+07FF: UTF-8 bytes (bits 0–15), their number (bits 16–17), [`LONG`].
    low: Box<[u32; 0x800]>,
    /// The page of code points `256 * i ..` in `pages`; page 0 changes nothing.
    page_of: Box<[u16]>,
    pages: Vec<[Action; 256]>,
    strings: Vec<Box<str>>,
}

impl Table {
    /// The table of `rule`, which appends to its second argument what it makes of its first.
    pub fn new(rule: impl Fn(char, &mut String)) -> Table {
        let mut table = Table {
            low: Box::new([0; 0x800]),
            page_of: vec![0; 0x1100].into(),
            pages: vec![[Action(CHAR); 256]],
            strings: Vec::new(),
        };
        let mut replacement = String::new();
        for page in 0..0x1100u32 {
            let mut actions = [Action(CHAR); 256];
            let mut changes = false;
            for (offset, action) in actions.iter_mut().enumerate() {
                let code_point = page * 256 + offset as u32;
                *action = Action(CHAR | code_point);
                let Some(ch) = char::from_u32(code_point) else { continue };
                replacement.clear();
                rule(ch, &mut replacement);
                *action = table.action_of(&replacement);
                changes |= *action != Action(CHAR | code_point);
                if code_point < 0x800 {
                    table.low[code_point as usize] = low_entry(ch, &replacement);
                }
            }
            if changes {
                table.page_of[page as usize] = table.pages.len() as u16;
                table.pages.push(actions);
            }
        }
        table
    }

    fn action_of(&mut self, replacement: &str) -> Action {
        let mut chars = replacement.chars();
        if let (Some(ch), None) = (chars.next(), chars.next()) {
            return Action(CHAR | ch as u32);
        }
        let known = self.strings.iter().position(|s| **s == *replacement);
        let number = known.unwrap_or_else(|| {
            self.strings.push(replacement.into());
            self.strings.len() - 1
        });
        Action(STRING | number as u32)
    }

    /// Append what becomes of `ch` to `out`.
    pub fn push(&self, ch: char, out: &mut String) {
        let page = self.page_of[ch as usize >> 8] as usize;
        if page == 0 {
            return out.push(ch);
        }
        let action = self.pages[page][ch as usize & 0xFF];
        if action.0 & TAG == STRING {
            out.push_str(&self.strings[(action.0 & !TAG) as usize]);
        } else if let Some(ch) = char::from_u32(action.0) {
            out.push(ch);
        }
    }

    /// Append what becomes of `text` to `out`.
    pub fn apply(&self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some(stop) = self.apply_low(rest, out) {
            let mut chars = rest[stop..].chars();
            if let Some(ch) = chars.next() {
                self.push(ch, out);
            }
            rest = chars.as_str();
        }
    }

    /// Append what becomes of `text` up to the first code point that is not in `low`; the offset of that code point.
    #[inline]
    fn apply_low(&self, text: &str, out: &mut String) -> Option<usize> {
        let bytes = text.as_bytes();
        out.reserve(bytes.len() + 2);
        // SAFETY: an entry that is not LONG holds valid UTF-8 no longer than the code point it replaces (checked by
        // `low_entry`), so the writes stay within the reserved bytes plus the two of slack that a two-byte store of a
        // shorter replacement may touch, and whole code points only are appended.
        unsafe {
            let buffer = out.as_mut_vec();
            let base = buffer.as_mut_ptr();
            let mut end = buffer.len();
            let mut at = 0;
            let mut stop = None;
            while at < bytes.len() {
                let byte = *bytes.get_unchecked(at);
                let (code_point, width) = match byte {
                    0..0x80 => (byte as usize, 1),
                    // A two-byte sequence is whole, since the text is valid UTF-8.
                    0x80..0xE0 => {
                        ((byte as usize & 0x1F) << 6 | *bytes.get_unchecked(at + 1) as usize & 0x3F, 2)
                    }
                    _ => {
                        stop = Some(at);
                        break;
                    }
                };
                let entry = self.low[code_point];
                if entry & LONG != 0 {
                    stop = Some(at);
                    break;
                }
                base.add(end).cast::<[u8; 2]>().write_unaligned([entry as u8, (entry >> 8) as u8]);
                end += (entry >> LENGTH_SHIFT) as usize;
                at += width;
            }
            buffer.set_len(end);
            stop
        }
    }
}

/// The entry of [`Table::low`] for the replacement of `ch`; [`LONG`] where it does not fit.
fn low_entry(ch: char, replacement: &str) -> u32 {
    if replacement.len() > ch.len_utf8() {
        return LONG;
    }
    match *replacement.as_bytes() {
        [] => 0,
        [a] => 1 << LENGTH_SHIFT | a as u32,
        [a, b] => 2 << LENGTH_SHIFT | (b as u32) << 8 | a as u32,
        _ => LONG,
    }
}
