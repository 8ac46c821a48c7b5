//! What can be said only of the mapped text: repeated letters, runs of white space, punctuation between digits.

use super::profile::Settings;
use super::table::{Cursor, Trace};
use super::walk::Walk;

/// How runs of white space end up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spaces {
    Keep,
    /// One space, or one line feed where the run holds a line break.
    Collapse,
    /// One space.
    Single,
}

/// What is tidied up behind the table.
#[derive(Debug, Clone)]
pub struct Tidy {
    /// How often a letter that stands three times or more is left; 0 leaves all.
    repeats: usize,
    spaces: Spaces,
    trim: bool,
    punctuation: bool,
}

/// From how many on the repetitions of a letter are an elongation: no Arabic word has three in a row.
const ELONGATION: usize = 3;

impl Tidy {
    /// What the settings ask for; `None` where they ask for nothing.
    pub fn new(settings: &Settings) -> Option<Tidy> {
        let tidy = Tidy {
            repeats: match settings.get("elongation") {
                "one" => 1,
                "two" => 2,
                _ => 0,
            },
            spaces: match settings.get("spaces") {
                "collapse" => Spaces::Collapse,
                "single" => Spaces::Single,
                _ => Spaces::Keep,
            },
            trim: settings.is("trim", "both"),
            punctuation: settings.is("punctuation", "araclean"),
        };
        let any = tidy.repeats > 0 || tidy.spaces != Spaces::Keep || tidy.trim || tidy.punctuation;
        any.then_some(tidy)
    }

    /// Append the tidied `text` to `out`.
    pub fn apply<T: Trace>(&self, text: &str, out: &mut String, trace: &mut T) {
        out.reserve(text.len());
        let end = if self.trim { text.trim_end_matches(is_space).len() } else { text.len() };
        let mut walk = Walk { text, kept: 0, out, cursor: Cursor::default(), trace };
        let (mut at, mut before) = (0, None);
        while let Some(ch) = text[at..].chars().next() {
            let from = at;
            at += ch.len_utf8();
            if is_space(ch) {
                at = from
                    + text[from..].chars().take_while(|&c| is_space(c)).map(char::len_utf8).sum::<usize>();
                let lost = self.trim && (from == 0 || from >= end);
                if let Some(white) = self.white(&text[from..at], lost) {
                    walk.replace(from, at, white);
                }
            } else if Some(ch) == before && self.repeats > 0 && is_letter(ch) {
                let more = text[from..].chars().take_while(|&c| c == ch).count();
                at = from + more * ch.len_utf8();
                if 1 + more >= ELONGATION {
                    // The first of them is kept already.
                    walk.replace(from + (self.repeats - 1) * ch.len_utf8(), at, "");
                }
            } else if let Some(latin) = self.punctuation(text, from, ch) {
                walk.replace(from, at, latin);
            }
            before = Some(ch);
        }
        walk.keep(text.len());
    }

    /// What takes the place of the white space `run`; `None` where it stays as it is.
    fn white(&self, run: &str, lost: bool) -> Option<&'static str> {
        let white = match self.spaces {
            _ if lost => "",
            Spaces::Keep => return None,
            Spaces::Collapse if run.contains(is_break) => "\n",
            Spaces::Collapse | Spaces::Single => " ",
        };
        (run != white).then_some(white)
    }

    /// What the Arabic comma, semicolon or question mark becomes; between digits they stay.
    fn punctuation(&self, text: &str, at: usize, ch: char) -> Option<&'static str> {
        let latin = match ch {
            '،' => ",",
            '؛' => ";",
            '؟' => "?",
            _ => return None,
        };
        let before = text[..at].chars().next_back().is_some_and(char::is_numeric);
        let behind = text[at + ch.len_utf8()..].chars().next().is_some_and(char::is_numeric);
        (self.punctuation && !(before && behind)).then_some(latin)
    }
}

/// The letters that are drawn out for emphasis: ء to غ and ف to ي.
fn is_letter(ch: char) -> bool {
    matches!(ch, '\u{621}'..='\u{63A}' | '\u{641}'..='\u{64A}')
}

fn is_break(ch: char) -> bool {
    matches!(ch, '\n'..='\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_space(ch: char) -> bool {
    ch.is_whitespace() || matches!(ch, '\u{1C}'..='\u{1F}')
}
