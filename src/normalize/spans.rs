//! Stretches of a text that are not words: mark-up, addresses, mentions, hashtags, emoji.
//!
//! They are found in the text as it came, before any code point is mapped. One walk over the text, each stretch
//! looked at once: nothing here is quadratic, however a text is made.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::profile::Settings;
use super::scan::Finder;
use super::table::{Cursor, Trace};
use super::walk::Walk;
use crate::text::{Class, class};

/// What takes the place of a stretch.
type Token = Option<&'static str>;

/// Which stretches are looked for, and what takes their place; `None` leaves them.
#[derive(Debug, Clone)]
pub struct Spans {
    html: bool,
    urls: Token,
    emails: Token,
    mentions: Token,
    hashtags: Token,
    hashtag_words: bool,
    emoji: Token,
    tanwin_alef: bool,
    finder: Finder,
}

static ENTITIES: LazyLock<FxHashMap<&'static str, char>> = LazyLock::new(|| {
    let lines = include_str!("data/entities.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let (name, code) = line.split_once('\t')?;
            Some((name, char::from_u32(u32::from_str_radix(code, 16).ok()?)?))
        })
        .collect()
});

/// What was found at a place: bytes to take, and what to write for them.
enum Found {
    /// This text in their place.
    Text(usize, Token),
    /// This character in their place.
    Char(usize, char),
    /// A hashtag of so many bytes whose words stay.
    Words(usize),
}

impl Spans {
    /// What the settings ask for; `None` where they ask for nothing.
    pub fn new(settings: &Settings) -> Option<Spans> {
        let token = |name| match settings.get(name) {
            super::profile::KEEP | "words" => None,
            _ => Some(settings.token(name).unwrap_or_default()),
        };
        let mut spans = Spans {
            html: settings.is("html", "text"),
            urls: token("urls"),
            emails: token("emails"),
            mentions: token("mentions"),
            hashtags: token("hashtags"),
            hashtag_words: settings.is("hashtags", "words"),
            emoji: token("emoji"),
            tanwin_alef: settings.is("tanwin_alef", "drop"),
            finder: Finder::default(),
        };
        spans.set_finder();
        let tokens = [spans.urls, spans.emails, spans.mentions, spans.hashtags, spans.emoji];
        let any =
            spans.html || spans.hashtag_words || spans.tanwin_alef || tokens.iter().any(Option::is_some);
        any.then_some(spans)
    }

    /// Append `text` with its stretches replaced to `out`; false, with nothing done, where it has none.
    pub fn apply<T: Trace>(&self, text: &str, out: &mut String, trace: &mut T) -> bool {
        let mut walk = Walk { text, kept: 0, out, cursor: Cursor::default(), trace };
        let (mut at, mut last_tag, mut any) = (0, None, false);
        while let Some(place) = self.finder.find(text, at) {
            at = match self.find(&walk, &mut last_tag, place) {
                None => place + text[place..].chars().next().map_or(1, char::len_utf8),
                Some((start, found)) => {
                    any = true;
                    match found {
                        Found::Text(bytes, token) => {
                            walk.replace(start, start + bytes, token.unwrap_or_default())
                        }
                        Found::Char(bytes, ch) => {
                            walk.replace(start, start + bytes, ch.encode_utf8(&mut [0; 4]))
                        }
                        Found::Words(bytes) => words(&mut walk, start, start + bytes),
                    }
                }
            };
        }
        if any {
            walk.keep(text.len());
        }
        any
    }

    fn set_finder(&mut self) {
        let finder = &mut self.finder;
        if self.html {
            finder.ascii("<&");
        }
        if self.urls.is_some() {
            finder.ascii("hHwW");
        }
        if self.mentions.is_some() || self.emails.is_some() {
            finder.ascii("@");
        }
        if self.hashtags.is_some() || self.hashtag_words || self.emoji.is_some() {
            finder.ascii("#");
        }
        if self.emoji.is_some() {
            finder.ascii("*0123456789");
            for ch in ['\u{203C}', '\u{1F600}'] {
                finder.lead_of(ch);
            }
        }
        if self.tanwin_alef {
            for ch in ['\u{64B}', '\u{FD3C}'] {
                finder.pair_of(ch);
            }
        }
    }

    /// The stretch at `at`, with its first byte (an e-mail address begins before its @).
    fn find<T: Trace>(
        &self,
        walk: &Walk<T>,
        last_tag: &mut Option<usize>,
        at: usize,
    ) -> Option<(usize, Found)> {
        let rest = &walk.text[at..];
        match rest.as_bytes()[0] {
            b'<' if self.html => {
                tag(walk.text, last_tag, at).map(|length| (at, Found::Text(length, Some(""))))
            }
            b'&' if self.html => entity(rest).map(|(length, ch)| (at, Found::Char(length, ch))),
            b'h' | b'H' | b'w' | b'W' if self.urls.is_some() => {
                let length = link(rest)?;
                let inside = walk.text[..at].chars().next_back().is_some_and(is_word);
                (!inside).then_some((at, Found::Text(length, self.urls)))
            }
            b'@' => self.address(walk, at),
            _ if self.emoji.is_some() && emoji(rest) > 0 => Some((at, Found::Text(emoji(rest), self.emoji))),
            b'#' if self.hashtag_words || self.hashtags.is_some() => {
                let length = 1 + word(&rest[1..]);
                let words = if self.hashtag_words {
                    Found::Words(length)
                } else {
                    Found::Text(length, self.hashtags)
                };
                (length > 1).then_some((at, words))
            }
            _ if self.tanwin_alef && rest.starts_with(TANWIN) => tanwin_alef(walk.text, at, walk.kept),
            _ => None,
        }
    }

    fn address<T: Trace>(&self, walk: &Walk<T>, at: usize) -> Option<(usize, Found)> {
        let (before, behind) = (&walk.text[walk.kept..at], &walk.text[at + 1..]);
        let local = before.chars().rev().take_while(|&c| is_word(c) || matches!(c, '.' | '+' | '-'));
        let local: usize = local.map(char::len_utf8).sum();
        let host = host(behind);
        if local > 0 && host > 0 {
            return self.emails.map(|token| (at - local, Found::Text(local + 1 + host, Some(token))));
        }
        let name = word(behind);
        (name > 0).then_some(())?;
        self.mentions.map(|token| (at, Found::Text(1 + name, Some(token))))
    }
}

/// Write the words of the hashtag between the bytes `start` and `end`, without # and with a space for each _.
fn words<T: Trace>(walk: &mut Walk<T>, start: usize, end: usize) -> usize {
    let mut at = walk.replace(start, start + 1, "");
    while let Some(offset) = walk.text[at..end].find('_') {
        at = walk.replace(at + offset, at + offset + 1, " ");
    }
    end
}

/// Length of the tag or comment at `at`; `last` keeps where the last `>` of the text stands, once looked for.
fn tag(text: &str, last: &mut Option<usize>, at: usize) -> Option<usize> {
    let last = *last.get_or_insert_with(|| text.rfind('>').unwrap_or(0));
    let second = text.as_bytes().get(at + 1)?;
    if at >= last || !(second.is_ascii_alphabetic() || matches!(second, b'/' | b'!')) {
        return None;
    }
    memchr::memchr2(b'>', b'<', &text.as_bytes()[at + 1..])
        .filter(|end| text.as_bytes()[at + 1 + end] == b'>')
        .map(|end| end + 2)
}

/// Length and character of the character reference that `rest` begins with.
fn entity(rest: &str) -> Option<(usize, char)> {
    let end = rest.bytes().take(12).position(|b| b == b';')?;
    let name = rest.get(1..end)?;
    let ch = match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let code = hexadecimal.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16)).ok()?;
            char::from_u32(code).filter(|&ch| ch != '\0')?
        }
        None => *ENTITIES.get(name)?,
    };
    Some((end + 1, ch))
}

/// Length of the web address that `rest` begins with.
fn link(rest: &str) -> Option<usize> {
    let begins =
        |prefix: &str| rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if !(begins("http://") || begins("https://") || begins("www.")) {
        return None;
    }
    let end =
        rest.find(|ch: char| ch.is_whitespace() || matches!(ch, '<' | '>' | '"' | '»' | '،' | '؛' | '؟'));
    let address =
        rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ')', ']', ':', ';', '!', '?', '\'']);
    Some(address.len())
}

/// Length of the host name that `rest` begins with; 0 where it has no dot.
fn host(rest: &str) -> usize {
    let name = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')).count();
    let name = rest[..name].trim_end_matches(['.', '-']);
    if name.contains('.') && !name.starts_with('.') { name.len() } else { 0 }
}

/// Bytes of letters, marks, digits and _ that `rest` begins with.
fn word(rest: &str) -> usize {
    rest.chars().take_while(|&ch| is_word(ch)).map(char::len_utf8).sum()
}

fn is_word(ch: char) -> bool {
    ch == '_'
        || matches!(class(ch), Class::Arabic | Class::Letter | Class::Digit | Class::Mark | Class::Tatweel)
}

/// Fathatan, and the ligatures of alef with fathatan.
const TANWIN: [char; 3] = ['\u{64B}', '\u{FD3C}', '\u{FD3D}'];

const KEYCAP: char = '\u{20E3}';

/// Length of the emoji sequence that `rest` begins with; 0 where there is none.
fn emoji(rest: &str) -> usize {
    let mut chars = rest.chars().peekable();
    let Some(first) = chars.next() else { return 0 };
    let mut length = first.len_utf8();
    if matches!(first, '0'..='9' | '#' | '*') {
        let selector = chars.next_if_eq(&'\u{FE0F}').map_or(0, char::len_utf8);
        return if chars.next() == Some(KEYCAP) { length + selector + KEYCAP.len_utf8() } else { 0 };
    }
    if first == KEYCAP {
        return length;
    }
    if !is_emoji(first) {
        return 0;
    }
    loop {
        while let Some(ch) = chars.next_if(|ch| matches!(ch, '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')) {
            length += ch.len_utf8();
        }
        let mut ahead = chars.clone();
        match (ahead.next(), ahead.next()) {
            (Some('\u{200D}'), Some(next)) if is_emoji(next) => {
                length += '\u{200D}'.len_utf8() + next.len_utf8();
                chars = ahead;
            }
            _ => return length,
        }
    }
}

/// Pictographs, emoticons, flags and the symbols that are shown as such.
pub(super) fn is_emoji(ch: char) -> bool {
    matches!(ch,
        '\u{1F000}'..='\u{1F2FF}' | '\u{1F300}'..='\u{1F64F}' | '\u{1F680}'..='\u{1F6FF}'
        | '\u{1F900}'..='\u{1F9FF}' | '\u{1FA00}'..='\u{1FAFF}' | '\u{203C}' | '\u{2049}'
        | '\u{231A}' | '\u{231B}' | '\u{23E9}'..='\u{23F3}' | '\u{23F8}'..='\u{23FA}' | '\u{25AA}' | '\u{25AB}'
        | '\u{25B6}' | '\u{25C0}' | '\u{25FB}'..='\u{25FE}' | '\u{2600}'..='\u{27BF}' | '\u{2B05}'..='\u{2B07}'
        | '\u{2B1B}' | '\u{2B1C}' | '\u{2B50}' | '\u{2B55}')
}

/// The alef that carries the tanwin at `at`, and the tanwin, where a word ends with them.
fn tanwin_alef(text: &str, at: usize, floor: usize) -> Option<(usize, Found)> {
    let passes = |ch: &char| matches!(class(*ch), Class::Tatweel | Class::Control);
    let ends = |rest: &str| {
        let next = rest.chars().find(|ch| !passes(ch));
        !next.is_some_and(|ch| matches!(class(ch), Class::Arabic | Class::Mark))
    };
    let mark = text[at..].chars().next()?.len_utf8();
    let behind = &text[at + mark..];
    if mark > 2 {
        return ends(behind).then_some((at, Found::Text(mark, Some(""))));
    }
    if text[floor..at].ends_with('ا') && ends(behind) {
        return Some((at - 'ا'.len_utf8(), Found::Text('ا'.len_utf8() + mark, Some(""))));
    }
    let behind = behind.strip_prefix('ا')?;
    ends(behind).then_some((at, Found::Text(mark + 'ا'.len_utf8(), Some(""))))
}
