//! What can be said only of the mapped text: repeated letters, runs of white space, punctuation between digits.

use super::profile::Settings;
use super::table::{Cursor, Trace};

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
        let mut cursor = Cursor::default();
        let begin = out.len();
        out.reserve(text.len());
        let end = if self.trim { text.trim_end_matches(is_space).len() } else { text.len() };
        while let Some(ch) = text[cursor.at..].chars().next() {
            let run = if self.repeats > 0 || is_space(ch) { self.run(&text[cursor.at..], ch) } else { 1 };
            if is_space(ch) && (self.spaces != Spaces::Keep || self.trim) {
                let lost = self.trim && (out.len() == begin || cursor.at >= end);
                self.space(&text[cursor.at..], run, lost, out, &mut cursor, trace);
                continue;
            }
            let (ch, width) = (self.punctuation(text, cursor.at, ch), ch.len_utf8());
            let kept =
                if self.repeats > 0 && run >= ELONGATION && is_letter(ch) { self.repeats } else { run };
            for _ in 0..kept {
                out.push(ch);
            }
            cursor.original += kept as u32;
            cursor.normalized += kept as u32;
            if kept < run {
                trace.edit(cursor.edit((run - kept) as u32, 0));
                cursor.original += (run - kept) as u32;
            }
            cursor.at += run * width;
        }
    }

    /// How often `ch` stands at the beginning of `rest`; of white space, how much.
    fn run(&self, rest: &str, ch: char) -> usize {
        if is_space(ch) {
            rest.chars().take_while(|&c| is_space(c)).count()
        } else if is_letter(ch) {
            rest.chars().take_while(|&c| c == ch).count()
        } else {
            1
        }
    }

    fn space<T: Trace>(
        &self,
        rest: &str,
        run: usize,
        lost: bool,
        out: &mut String,
        cursor: &mut Cursor,
        trace: &mut T,
    ) {
        let white = &rest[..rest.chars().take(run).map(char::len_utf8).sum()];
        let kept = match self.spaces {
            _ if lost => 0,
            Spaces::Keep => {
                out.push_str(white);
                run
            }
            Spaces::Collapse if white.contains(is_break) => {
                out.push('\n');
                1
            }
            Spaces::Collapse | Spaces::Single => {
                out.push(' ');
                1
            }
        };
        if kept != run {
            trace.edit(cursor.edit(run as u32, kept as u32));
        }
        cursor.original += run as u32;
        cursor.normalized += kept as u32;
        cursor.at += white.len();
    }

    /// What the Arabic comma, semicolon or question mark becomes; between digits they stay.
    fn punctuation(&self, text: &str, at: usize, ch: char) -> char {
        let latin = match ch {
            '،' => ',',
            '؛' => ';',
            '؟' => '?',
            _ => return ch,
        };
        let before = text[..at].chars().next_back().is_some_and(char::is_numeric);
        let behind = text[at + ch.len_utf8()..].chars().next().is_some_and(char::is_numeric);
        if !self.punctuation || (before && behind) { ch } else { latin }
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
