//! Folding of Arabic spelling.
//!
//! [`fold_into`] is the fixed fold that the other rooms match words with: two spellings of one word
//! («أمريكا», «امريكا», «أمـريكا») have one folded form.

pub mod table;

use std::sync::LazyLock;

use table::Table;

/// The table of the fixed fold, built at the first call.
static FOLD: LazyLock<Table> = LazyLock::new(|| Table::new(fold_char));

/// Append the folded form of `text` to `out`.
///
/// Alef variants become ا, alef maksura ي, teh marbuta ه; Persian and Urdu look-alikes become their Arabic letters;
/// diacritics, tatweel, bidirectional and zero-width controls go; digits become ASCII; Latin becomes lower case;
/// presentation forms become letters, word ligatures («ﷺ») their words. ؤ and ئ stay.
/// Every code point is mapped by itself, whatever its neighbours: folding pieces folds the whole.
pub fn fold_into(text: &str, out: &mut String) {
    FOLD.apply(text, out);
}

/// The folded form of `text`.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// What the fixed fold makes of one code point, appended to `out`.
fn fold_char(ch: char, out: &mut String) {
    if matches!(ch, '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{1EE00}'..='\u{1EEFF}') {
        // The forms of diacritics that stand alone decompose into a space and the mark: the space is no word's.
        let spacing = |c: char| c == ' ' && !matches!(ch, '\u{FDFA}' | '\u{FDFB}');
        unicode_normalization::char::decompose_compatible(ch, |c| {
            if !spacing(c) {
                out.extend(fold_letter(c));
            }
        });
        return;
    }
    out.extend(fold_letter(ch));
}

/// The folded letter, none where it goes.
fn fold_letter(ch: char) -> Option<char> {
    Some(match ch {
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' | 'ٵ' => 'ا',
        'ى' | 'ی' | 'ے' | 'ۓ' => 'ي',
        'ة' | 'ۃ' | 'ہ' | 'ۀ' | 'ۂ' | 'ە' | 'ھ' => 'ه',
        'ک' | 'ڪ' | 'گ' => 'ك',
        '\u{640}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' => return None,
        '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}' | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}' => {
            return None;
        }
        '\u{897}'..='\u{89F}' | '\u{8CA}'..='\u{8E1}' | '\u{8E3}'..='\u{8FF}' => return None,
        '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => return None,
        '\u{2060}'..='\u{206F}' | '\u{FEFF}' => return None,
        '\u{660}'..='\u{669}' => (b'0' + (ch as u32 - 0x660) as u8) as char,
        '\u{6F0}'..='\u{6F9}' => (b'0' + (ch as u32 - 0x6F0) as u8) as char,
        _ => ch.to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_word_fold_together() {
        for (a, b) in [
            ("أمريكا", "امريكا"),
            ("الحمــــد", "الحمد"),
            ("مُحَمَّدٌ", "محمد"),
            ("١٢", "12"),
            ("۳", "3"),
            ("ﻻ", "لا"),
            ("ﷺ", "صلي الله عليه وسلم"),
            ("ﺍﻟﺴﻼﻡ", "السلام"),
            ("ﹰ", ""),
            ("کتاب", "كتاب"),
            ("BBC", "bbc"),
        ] {
            assert_eq!(fold(a), fold(b));
        }
        assert_eq!(fold("مسؤول بيئة"), "مسؤول بيئه");
    }

    #[test]
    fn every_code_point_agrees_with_the_plain_rule_and_folding_again_changes_nothing() {
        let mut want = String::new();
        for ch in '\0'..=char::MAX {
            want.clear();
            fold_char(ch, &mut want);
            let got = fold(ch.encode_utf8(&mut [0; 4]));
            assert_eq!(got, want, "{ch:?}");
            assert_eq!(fold(&got), got, "{ch:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_pieces_folds_the_whole(a in "\\PC{0,20}[ابةَى١ﷺ]{0,6}", b in "[ﻻأُa-zA-Z]{0,6}\\PC{0,20}") {
            let mut want = String::new();
            for ch in a.chars().chain(b.chars()) {
                fold_char(ch, &mut want);
            }
            let mut got = fold(&a);
            fold_into(&b, &mut got);
            prop_assert_eq!(got, want);
        }
    }
}
