//! Arabic in Latin letters: reversible transliterations, and a readable spelling of names.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::table::Table;
use crate::text::{Class, class};
use crate::{Error, Result};

/// A transliteration in which one code point stands for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Buckwalter,
    /// Buckwalter without characters that mean something to a shell or a regular expression.
    Safe,
    /// Buckwalter without < > &.
    Xml,
    /// Habash, Soudi and Buckwalter.
    Hsb,
}

impl Scheme {
    /// The names of all schemes, in the order of the columns of `data/transliteration.tsv`.
    pub const NAMES: [&str; 4] = ["buckwalter", "safe", "xml", "hsb"];
    const ALL: [Scheme; 4] = [Scheme::Buckwalter, Scheme::Safe, Scheme::Xml, Scheme::Hsb];

    /// The scheme of this name.
    ///
    /// # Errors
    /// [`Error::Value`] that lists the names.
    pub fn parse(name: &str) -> Result<Scheme> {
        let at = Scheme::NAMES.iter().position(|known| *known == name);
        at.map(|at| Scheme::ALL[at]).ok_or_else(|| {
            Error::Value(format!("no transliteration {name:?}; there are {}", Scheme::NAMES.join(", ")))
        })
    }
}

/// For each scheme the tables to Latin and to Arabic letters.
static TABLES: LazyLock<Vec<[Table; 2]>> = LazyLock::new(|| {
    let lines = include_str!("data/transliteration.tsv").lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split('\t').collect()).collect();
    let column = |scheme: usize| {
        let pair = |row: &Vec<&str>| {
            let arabic = char::from_u32(u32::from_str_radix(row[0], 16).ok()?)?;
            Some((arabic, row[1 + scheme].chars().next()?))
        };
        let pairs: Vec<(char, char)> = rows.iter().filter_map(pair).collect();
        let there: FxHashMap<char, char> = pairs.iter().copied().collect();
        let back: FxHashMap<char, char> = pairs.iter().map(|&(a, b)| (b, a)).collect();
        let table = |map: FxHashMap<char, char>| {
            let rule = |ch, out: &mut String| out.push(map.get(&ch).copied().unwrap_or(ch));
            Table::new(map.keys().copied(), rule, None, false)
        };
        [table(there), table(back)]
    };
    (0..Scheme::ALL.len()).map(column).collect()
});

/// Append `text` with its Arabic letters in Latin ones to `out`; everything else stays.
pub fn to_latin(text: &str, scheme: Scheme, out: &mut String) {
    TABLES[scheme as usize][0].apply(text, out, &mut ());
}

/// Append `text` with the Latin letters of `scheme` in Arabic ones to `out`: the reverse of [`to_latin`] for texts
/// that had no Latin letters of their own.
pub fn to_arabic(text: &str, scheme: Scheme, out: &mut String) {
    TABLES[scheme as usize][1].apply(text, out, &mut ());
}

/// The words and letters of `data/romanization.tsv`.
struct Spelling {
    words: FxHashMap<&'static str, &'static str>,
    letters: FxHashMap<char, &'static str>,
}

static SPELLING: LazyLock<Spelling> = LazyLock::new(|| {
    let mut spelling = Spelling { words: FxHashMap::default(), letters: FxHashMap::default() };
    for line in include_str!("data/romanization.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(arabic), Some(latin), Some(kind)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        match (kind, arabic.chars().next()) {
            ("word", _) => {
                spelling.words.insert(arabic, latin);
            }
            (_, Some(ch)) => {
                spelling.letters.insert(ch, latin);
            }
            _ => {}
        }
    }
    spelling
});

/// Append a spelling of `text` to `out` that people who read no Arabic can read aloud.
///
/// Approximate and not reversible: common names have their usual English spelling; otherwise vowels that are not
/// written are guessed as "a" between two consonants. Everything that is not Arabic stays.
pub fn romanize(text: &str, out: &mut String) {
    let is_word = |ch: char| matches!(class(ch), Class::Arabic | Class::Mark | Class::Tatweel);
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.find(is_word).unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        rest = &rest[plain..];
        let end = rest.find(|ch| !is_word(ch)).unwrap_or(rest.len());
        romanize_word(&rest[..end], out);
        rest = &rest[end..];
    }
}

fn romanize_word(word: &str, out: &mut String) {
    let bare: String =
        word.chars().filter(|&ch| !matches!(class(ch), Class::Mark | Class::Tatweel)).collect();
    if let Some(latin) = SPELLING.words.get(bare.as_str()) {
        return out.push_str(latin);
    }
    let stem = match bare.strip_prefix("ال") {
        Some(stem) if stem.chars().nth(1).is_some() => {
            if let Some(latin) = SPELLING.words.get(stem) {
                out.push_str("al-");
                return out.push_str(latin);
            }
            out.push_str("al-");
            word.char_indices()
                .filter(|(_, ch)| class(*ch) == Class::Arabic)
                .nth(2)
                .map_or("", |(at, _)| &word[at..])
        }
        _ => word,
    };
    let from = out.len();
    spell(stem, out);
    capitalize(out, from);
}

/// Letter by letter; `و` and `ي` are vowels between consonants, and two consonants in a row get an "a".
fn spell(word: &str, out: &mut String) {
    let chars: Vec<char> = word.chars().filter(|&ch| class(ch) != Class::Tatweel).collect();
    let vowel = |ch: Option<&char>| {
        ch.is_none_or(|ch| class(*ch) == Class::Mark || matches!(ch, 'ا' | 'ى' | 'ة' | 'و' | 'ي' | 'آ'))
    };
    let vocalized = chars.iter().any(|&ch| matches!(ch, '\u{64E}'..='\u{650}'));
    for (at, ch) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        match ch {
            'و' if before.is_some() && !vowel(before) && (after.is_none() || !vowel(after)) => {
                out.push_str("ou")
            }
            'ي' if before.is_some() && !vowel(before) && (after.is_none() || !vowel(after)) => out.push('i'),
            // The second of a doubled consonant.
            '\u{651}' => {
                if let Some(latin) = before.and_then(|ch| SPELLING.letters.get(ch)) {
                    out.push_str(latin);
                }
            }
            _ => out.push_str(SPELLING.letters.get(ch).copied().unwrap_or_default()),
        }
        let consonant =
            class(*ch) == Class::Arabic && !vowel(Some(ch)) && !matches!(ch, 'أ' | 'إ' | 'ع' | 'ئ' | 'ؤ');
        let open = after.is_some_and(|next| class(*next) == Class::Arabic) && !vowel(after);
        // «CaCC»: only the first of each pair of consonants opens.
        if consonant && open && !vocalized && (at == 0 || vowel(before) || at % 2 == 0) {
            out.push('a');
        }
    }
}

fn capitalize(out: &mut String, from: usize) {
    if out[from..].starts_with(|ch: char| ch.is_ascii_lowercase()) {
        let first = out[from..from + 1].to_ascii_uppercase();
        out.replace_range(from..from + 1, &first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn latin(text: &str, scheme: Scheme) -> String {
        let mut out = String::new();
        to_latin(text, scheme, &mut out);
        out
    }

    #[test]
    fn each_scheme_has_its_letters() {
        let text = "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ";
        for (scheme, want) in [
            (Scheme::Buckwalter, "bisomi {lla~hi {lra~Homa`ni"),
            (Scheme::Safe, "bisomi Llla~hi Llra~Homaeni"),
            (Scheme::Xml, "bisomi {lla~hi {lra~Homa`ni"),
            (Scheme::Hsb, "bis.mi Älla~hi Älra~H.maáni"),
        ] {
            assert_eq!(latin(text, scheme), want);
        }
        assert!(Scheme::parse("iso").unwrap_err().to_string().contains("buckwalter"));
    }

    #[test]
    fn names_read_aloud() {
        for (arabic, want) in [
            ("محمد بن سلمان", "Muhammad bin Salman"),
            ("بشار الأسد (دمشق)", "Bashar al-Assad (Damshaq)"),
            ("مُحَمَّدٌ", "Muhammad"),
            ("السراج", "al-Saraj"),
            ("كوبا", "Kouba"),
        ] {
            let mut out = String::new();
            romanize(arabic, &mut out);
            assert_eq!(out, want);
        }
    }

    proptest! {
        #[test]
        fn there_and_back(text in "[ء-غف-ْٰٱپچڤگـ ،0-9]{0,60}") {
            for scheme in Scheme::ALL {
                let mut back = String::new();
                to_arabic(&latin(&text, scheme), scheme, &mut back);
                prop_assert_eq!(&back, &text);
            }
        }

        #[test]
        fn any_text_is_romanized(text in "\\PC{0,40}") {
            romanize(&text, &mut String::new());
        }
    }
}
