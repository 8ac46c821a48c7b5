//! Folding of Arabic spelling.
//!
//! [`fold_into`] is the fixed fold that the other rooms match words with: two spellings of one word
//! («أمريكا», «امريكا», «أمـريكا») have one folded form.

/// Append the folded form of `text` to `out`.
///
/// Alef variants become ا, alef maksura ي, teh marbuta ه; Persian and Urdu look-alikes become their Arabic letters;
/// diacritics, tatweel, bidirectional and zero-width controls go; digits become ASCII; Latin becomes lower case.
pub fn fold_into(text: &str, out: &mut String) {
    for ch in text.chars() {
        match ch {
            'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
            'ى' | 'ی' | 'ے' => out.push('ي'),
            'ة' | 'ہ' | 'ۀ' | 'ە' => out.push('ه'),
            'ک' => out.push('ك'),
            'گ' => out.push('ك'),
            '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{640}' => {}
            '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}' | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}' => {
            }
            '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => {}
            '\u{2060}'..='\u{206F}' | '\u{FEFF}' => {}
            '\u{660}'..='\u{669}' => out.push((b'0' + (ch as u32 - 0x660) as u8) as char),
            '\u{6F0}'..='\u{6F9}' => out.push((b'0' + (ch as u32 - 0x6F0) as u8) as char),
            'A'..='Z' => out.push(ch.to_ascii_lowercase()),
            '\u{FEF5}' | '\u{FEF6}' | '\u{FEF7}' | '\u{FEF8}' | '\u{FEF9}' | '\u{FEFA}' | '\u{FEFB}'
            | '\u{FEFC}' => out.push_str("لا"),
            _ => out.push(ch),
        }
    }
}

/// The folded form of `text`.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_together() {
        for (a, b) in
            [("أمريكا", "امريكا"), ("الحمــــد", "الحمد"), ("مُحَمَّدٌ", "محمد"), ("١٢", "12"), ("ﻻ", "لا")]
        {
            assert_eq!(fold(a), fold(b));
        }
    }

    #[test]
    fn folding_is_idempotent() {
        let once = fold("إلى القاعدةِ في ٢٠١٧");
        assert_eq!(fold(&once), once);
    }
}
