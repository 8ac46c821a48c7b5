//! Sentence bounds: closing punctuation and line breaks.

use super::{Kind, Sentence, Token};

/// Append the sentences of a tokenized text to `out`.
///
/// A sentence ends at `.` `!` `?` `؟` `…`, together with the closing quotes and brackets right behind, and at a
/// line break. A dot inside a number or a link is no token of its own and so never ends one; a dot behind a single
/// letter («د. محمد») does not either.
pub fn group(text: &str, tokens: &[Token], out: &mut Vec<Sentence>) {
    let mut first = 0;
    let mut index = 0;
    while index < tokens.len() {
        let ends = (index + 1 < tokens.len() && tokens[index + 1].after_break)
            || index + 1 == tokens.len()
            || (is_end(text, tokens, index) && {
                while index + 1 < tokens.len() && continues_end(text, &tokens[index + 1]) {
                    index += 1;
                }
                true
            });
        index += 1;
        if ends {
            out.push(Sentence {
                first: first as u32,
                last: index as u32,
                start: tokens[first].start,
                end: tokens[index - 1].end,
            });
            first = index;
        }
    }
}

fn is_end(text: &str, tokens: &[Token], index: usize) -> bool {
    let token = &tokens[index];
    if token.kind != Kind::Punct {
        return false;
    }
    match surface(text, token) {
        "!" | "?" | "؟" | "۔" => true,
        // Three dots are a pause as often as an end: they end a sentence only when no word runs on behind them.
        "…" => false,
        "." => {
            let abbreviation = index > 0 && {
                let before = &tokens[index - 1];
                let letters = surface(text, before).chars().count();
                before.kind != Kind::Number
                    && before.kind != Kind::Punct
                    && letters == 1
                    && !token.after_space
            };
            let pause = [index.wrapping_sub(1), index + 1]
                .iter()
                .any(|&i| tokens.get(i).is_some_and(|t| surface(text, t) == "."));
            let before_break = tokens.get(index + 1).is_none_or(|t| t.after_break);
            before_break || !(abbreviation || pause)
        }
        _ => false,
    }
}

fn continues_end(text: &str, token: &Token) -> bool {
    !token.after_space
        && !token.after_break
        && matches!(surface(text, token), "»" | "”" | "\"" | ")" | "]" | "’" | "." | "!" | "؟" | "?")
}

fn surface<'t>(text: &'t str, token: &Token) -> &'t str {
    &text[token.start as usize..token.end as usize]
}

#[cfg(test)]
mod tests {
    use crate::segment::Document;

    fn sentences(text: &str) -> Vec<String> {
        let document = Document::new(text);
        document.sentences.iter().map(|s| text[s.start as usize..s.end as usize].to_string()).collect()
    }

    #[test]
    fn bounds() {
        for (text, want) in [
            ("قال زيد. ذهب عمرو", vec!["قال زيد.", "ذهب عمرو"]),
            ("قال «نعم.» ثم ذهب", vec!["قال «نعم.»", "ثم ذهب"]),
            ("نسبة 3.5 مليون", vec!["نسبة 3.5 مليون"]),
            ("د. محمد عمر", vec!["د. محمد عمر"]),
            ("عنوان\nنص", vec!["عنوان", "نص"]),
            ("هل جاء؟ نعم!", vec!["هل جاء؟", "نعم!"]),
            ("داعش والقاعدة.. زواج", vec!["داعش والقاعدة.. زواج"]),
            ("", vec![]),
        ] {
            assert_eq!(sentences(text), want, "{text}");
        }
    }

    #[test]
    fn every_token_is_in_one_sentence() {
        let document = Document::new("أ. ب! \n\n «ج» . د");
        let mut next = 0;
        for sentence in &document.sentences {
            assert_eq!(sentence.first, next);
            next = sentence.last;
        }
        assert_eq!(next as usize, document.tokens.len());
    }
}
