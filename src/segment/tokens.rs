//! Words, numbers, links and punctuation.

use super::{Kind, Token};
use crate::text::{Class, class};

/// Append the tokens of `text`, in order, to `out`. Fold offsets and clitics are left at 0.
pub fn cut(text: &str, out: &mut Vec<Token>) {
    let mut next = 0;
    let (mut after_space, mut after_break) = (true, false);
    while let Some(ch) = text[next..].chars().next() {
        let start = next;
        next += ch.len_utf8();
        let first = class(ch);
        let kind = match first {
            Class::Space => {
                after_space = true;
                continue;
            }
            Class::Break => {
                after_space = true;
                after_break = true;
                continue;
            }
            Class::Control => continue,
            Class::Arabic | Class::Mark | Class::Tatweel => Kind::Word,
            Class::Letter => Kind::Foreign,
            Class::Digit => Kind::Number,
            Class::Other => Kind::Punct,
        };
        let (end, kind) = match kind {
            Kind::Punct if starts_link(ch) && after_space => match link_end(text, start) {
                Some(end) => (end, Kind::Link),
                None => (start + ch.len_utf8(), Kind::Punct),
            },
            Kind::Punct => (start + ch.len_utf8(), Kind::Punct),
            Kind::Foreign => match link_end(text, start) {
                Some(end) => (end, Kind::Link),
                None => (foreign_end(text, start), Kind::Foreign),
            },
            Kind::Number => number_end(text, start),
            _ => (word_end(text, start), kind),
        };
        next = end;
        out.push(Token {
            start: start as u32,
            end: end as u32,
            fold_start: 0,
            fold_end: 0,
            kind,
            prefix: 0,
            suffix: 0,
            after_break,
            after_space,
        });
        after_space = false;
        after_break = false;
    }
}

/// End of the Arabic word at `start`; controls inside a word (ZWNJ) belong to it, those behind it do not.
fn word_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut at = start;
    while let Some(ch) = text[at..].chars().next() {
        at += ch.len_utf8();
        match class(ch) {
            Class::Arabic | Class::Mark | Class::Tatweel => end = at,
            Class::Control => {}
            _ => break,
        }
    }
    end
}

/// End of the word of another script at `start`; digits inside belong to it.
fn foreign_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut chars = text[start..].char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        match class(ch) {
            Class::Letter | Class::Digit | Class::Mark => end = start + at + ch.len_utf8(),
            Class::Other if matches!(ch, '\'' | '’' | '&') => {
                if !chars.peek().is_some_and(|&(_, next)| class(next) == Class::Letter) {
                    break;
                }
            }
            _ => break,
        }
    }
    end
}

/// End of the number at `start`: separators stand between digits; Latin letters right behind make it a word.
fn number_end(text: &str, start: usize) -> (usize, Kind) {
    let mut end = start;
    let mut chars = text[start..].char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        match class(ch) {
            Class::Digit => end = start + at + ch.len_utf8(),
            Class::Other if matches!(ch, '.' | ',' | '٫' | '٬') => {
                if !chars.peek().is_some_and(|&(_, next)| class(next) == Class::Digit) {
                    break;
                }
            }
            Class::Letter if ch.is_ascii_alphabetic() => return (foreign_end(text, start), Kind::Foreign),
            _ => break,
        }
    }
    (end, Kind::Number)
}

fn starts_link(ch: char) -> bool {
    matches!(ch, '@' | '#')
}

/// End of a web address, e-mail address, mention or hashtag that begins at `start`, if one does.
fn link_end(text: &str, start: usize) -> Option<usize> {
    let rest = &text[start..];
    let bytes = rest.as_bytes();
    if bytes[0] == b'@' || bytes[0] == b'#' {
        let mut end = 1;
        for ch in rest[1..].chars() {
            match class(ch) {
                Class::Arabic | Class::Letter | Class::Digit | Class::Mark | Class::Tatweel => {
                    end += ch.len_utf8()
                }
                _ if ch == '_' => end += 1,
                _ => break,
            }
        }
        return (end > 1).then_some(start + end);
    }
    if rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www.") {
        let end = rest.find(|ch: char| class(ch) == Class::Arabic || !is_address(ch)).unwrap_or(rest.len());
        let end = rest[..end].trim_end_matches(['.', ',', ')', ']', ':', ';', '!', '?']).len();
        return Some(start + end);
    }
    let end = bytes
        .iter()
        .position(|&b| !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+' | b'@')));
    let end = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', '-']).len();
    let (name, host) = rest[..end].split_once('@')?;
    (!name.is_empty() && host.contains('.') && !host.contains('@')).then_some(start + end)
}

fn is_address(ch: char) -> bool {
    ch.is_ascii_graphic() && !matches!(ch, '"' | '<' | '>' | '\'')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn surfaces(text: &str) -> Vec<(&str, Kind)> {
        let mut tokens = Vec::new();
        cut(text, &mut tokens);
        tokens.iter().map(|t| (&text[t.start as usize..t.end as usize], t.kind)).collect()
    }

    #[test]
    fn words_numbers_and_punctuation() {
        use Kind::*;
        for (text, want) in [
            (
                "قال «زيد»، نعم.",
                vec![
                    ("قال", Word),
                    ("«", Punct),
                    ("زيد", Word),
                    ("»", Punct),
                    ("،", Punct),
                    ("نعم", Word),
                    (".", Punct),
                ],
            ),
            ("218TV | رصد", vec![("218TV", Foreign), ("|", Punct), ("رصد", Word)]),
            (
                "60٪ و1,250.5 دولار",
                vec![("60", Number), ("٪", Punct), ("و", Word), ("1,250.5", Number), ("دولار", Word)],
            ),
            ("آب/أغسطس", vec![("آب", Word), ("/", Punct), ("أغسطس", Word)]),
            ("إلى 5.", vec![("إلى", Word), ("5", Number), (".", Punct)]),
            (
                "@user_1 #وسم a.b@c.org https://x.y/z?q=1.",
                vec![
                    ("@user_1", Link),
                    ("#وسم", Link),
                    ("a.b@c.org", Link),
                    ("https://x.y/z?q=1", Link),
                    (".", Punct),
                ],
            ),
            ("دليلا ًًعلى", vec![("دليلا", Word), ("ًًعلى", Word)]),
            ("\u{200f}\u{200e}", vec![]),
        ] {
            assert_eq!(surfaces(text), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn tokens_are_ordered_and_cover_every_visible_character(text in "[a-z0-9.@#/:ابةَ😀\u{200f}، \n]{0,80}") {
            let mut tokens = Vec::new();
            cut(&text, &mut tokens);
            let mut at = 0;
            for token in &tokens {
                prop_assert!(token.start as usize >= at && token.start < token.end);
                let gap = &text[at..token.start as usize];
                prop_assert!(gap.chars().all(|c| matches!(class(c), Class::Space | Class::Break | Class::Control)));
                at = token.end as usize;
            }
            prop_assert!(text[at..].chars().all(|c| matches!(class(c), Class::Space | Class::Break | Class::Control)));
        }
    }
}
