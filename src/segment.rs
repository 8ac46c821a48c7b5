//! Tokens, clitics and sentences: text becomes a [`Document`].
//!
//! * [`tokens`] cuts words, numbers and punctuation;
//! * [`clitics`] finds what is attached to a word in front and behind;
//! * [`sentences`] groups tokens.

pub mod clitics;
pub mod sentences;
pub mod tokens;

use crate::memo::{self, Memo};
use crate::normalize;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A word in Arabic script.
    Word,
    /// A word in another script, digits inside included («218TV»).
    Foreign,
    /// A number in digits, with its decimal and thousands separators.
    Number,
    /// Punctuation and symbols, one code point each.
    Punct,
    /// A web or e-mail address, a mention or a hashtag of social media.
    Link,
}

impl Kind {
    /// The name that users see.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Word => "word",
            Kind::Foreign => "foreign",
            Kind::Number => "number",
            Kind::Punct => "punct",
            Kind::Link => "link",
        }
    }
}

/// One token. Offsets are bytes: `start..end` into the original text, `fold_start..fold_end` into
/// [`Document::folded`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub start: u32,
    pub end: u32,
    pub fold_start: u32,
    pub fold_end: u32,
    pub kind: Kind,
    /// Bytes of proclitics at the start of the folded form (و ف ب ل ك س and their chains; not the article).
    pub prefix: u8,
    /// Bytes of the pronoun suffix at the end of the folded form.
    pub suffix: u8,
    /// A line break stands between the token before and this one.
    pub after_break: bool,
    /// White space (or the text's start) stands before this token.
    pub after_space: bool,
}

/// One sentence: tokens `first..last`, bytes `start..end` of the original text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub first: u32,
    pub last: u32,
    pub start: u32,
    pub end: u32,
}

/// Folded forms and clitics of the words of earlier texts.
#[derive(Debug, Default, Clone)]
pub struct Forms {
    known: Memo<Form>,
    /// The folded forms, one after the other.
    folded: String,
}

/// One word: bytes `start..end` of [`Forms`], and its clitics.
#[derive(Debug, Clone, Copy)]
struct Form {
    start: u32,
    end: u32,
    prefix: u8,
    suffix: u8,
}

/// Bytes of folded forms after which they are forgotten: forms that gave way to others still take their room.
const MOST_FOLDED: usize = 1 << 20;
/// Bytes of the longest words that are kept.
const LONGEST_KNOWN: usize = 64;

/// A text cut into tokens and sentences. Reuse one for many texts with [`Document::update`].
#[derive(Debug, Default, Clone)]
pub struct Document {
    /// The original text.
    pub text: String,
    /// The folded forms of all tokens, one after the other.
    pub folded: String,
    pub tokens: Vec<Token>,
    pub sentences: Vec<Sentence>,
}

impl Document {
    /// Cut `text`.
    pub fn new(text: &str) -> Self {
        let mut document = Document::default();
        document.update(text);
        document
    }

    /// Cut another text, reusing the memory.
    pub fn update(&mut self, text: &str) {
        self.cut(text);
        for index in 0..self.tokens.len() {
            self.fold(index);
        }
    }

    /// As [`Document::update`], with what earlier texts have shown of their words.
    pub fn update_with(&mut self, text: &str, forms: &mut Forms) {
        self.cut(text);
        if forms.folded.len() > MOST_FOLDED {
            *forms = Forms::default();
        }
        for index in 0..self.tokens.len() {
            let token = self.tokens[index];
            let surface = &text[token.start as usize..token.end as usize];
            if surface.len() > LONGEST_KNOWN {
                self.fold(index);
                continue;
            }
            let key = memo::key(surface.as_bytes(), token.kind as u64);
            let folded = &mut forms.folded;
            let form = *forms.known.get(key, || {
                self.fold(index);
                let token = &self.tokens[index];
                let start = folded.len() as u32;
                folded.push_str(self.norm(index));
                let form =
                    Form { start, end: folded.len() as u32, prefix: token.prefix, suffix: token.suffix };
                // It is appended below, as known ones are.
                self.folded.truncate(token.fold_start as usize);
                form
            });
            let token = &mut self.tokens[index];
            token.fold_start = self.folded.len() as u32;
            self.folded.push_str(&forms.folded[form.start as usize..form.end as usize]);
            token.fold_end = self.folded.len() as u32;
            token.prefix = form.prefix;
            token.suffix = form.suffix;
        }
    }

    /// Tokens and sentences, without folded forms.
    fn cut(&mut self, text: &str) {
        self.text.clear();
        self.text.push_str(text);
        self.folded.clear();
        self.tokens.clear();
        self.sentences.clear();
        tokens::cut(text, &mut self.tokens);
        sentences::group(text, &self.tokens, &mut self.sentences);
    }

    /// Append the folded form of token `index` and find its clitics.
    fn fold(&mut self, index: usize) {
        let token = &mut self.tokens[index];
        token.fold_start = self.folded.len() as u32;
        normalize::fold_into(&self.text[token.start as usize..token.end as usize], &mut self.folded);
        token.fold_end = self.folded.len() as u32;
        if token.kind == Kind::Word {
            let marbuta = self.text[..token.end as usize].ends_with('ة');
            let norm = &self.folded[token.fold_start as usize..token.fold_end as usize];
            let (prefix, suffix) = clitics::analyze(norm, marbuta);
            token.prefix = prefix as u8;
            token.suffix = suffix as u8;
        }
    }

    /// The words of token `index` as they stand in the text.
    #[inline]
    pub fn surface(&self, index: usize) -> &str {
        let token = &self.tokens[index];
        &self.text[token.start as usize..token.end as usize]
    }

    /// The folded form of token `index`, clitics included.
    #[inline]
    pub fn norm(&self, index: usize) -> &str {
        let token = &self.tokens[index];
        &self.folded[token.fold_start as usize..token.fold_end as usize]
    }

    /// The folded form of token `index` without its proclitics and its pronoun suffix.
    #[inline]
    pub fn stem(&self, index: usize) -> &str {
        let token = &self.tokens[index];
        &self.folded[token.fold_start as usize + token.prefix as usize
            ..token.fold_end as usize - token.suffix as usize]
    }

    /// A key of token `index` for [`Memo`]s of what depends on the word itself alone: its surface and all that this room
    /// says of it.
    #[inline]
    pub fn key(&self, index: usize) -> u64 {
        let token = &self.tokens[index];
        let clitics = (token.prefix as u64) << 8 | (token.suffix as u64) << 16;
        memo::key(self.surface(index).as_bytes(), token.kind as u64 | clitics)
    }

    /// The sentence that token `index` stands in.
    pub fn sentence_of(&self, index: usize) -> usize {
        self.sentences.partition_point(|s| s.last as usize <= index)
    }

    /// Byte offset into the original text after `bytes` bytes of the folded form of token `index`: where the word
    /// proper begins when `bytes` are its proclitics.
    pub fn cut_at(&self, index: usize, bytes: usize) -> usize {
        let token = &self.tokens[index];
        use crate::text::{Class, class};
        let surface = self.surface(index);
        let mut folded = String::new();
        for (at, ch) in surface.char_indices() {
            if folded.len() >= bytes && !matches!(class(ch), Class::Mark | Class::Tatweel) {
                return token.start as usize + at;
            }
            let mut buffer = [0; 4];
            normalize::fold_into(ch.encode_utf8(&mut buffer), &mut folded);
        }
        token.end as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_known_before_change_nothing(
            texts in prop::collection::vec(
                "(و?ال(قاعدة|قاعده|كتاب)(ها|هم)?|و|ة|كتابة|x1|12|«|\\.| |\n|ـ|َ|[ا-ي]{1,40}){0,30}",
                1..8,
            ),
        ) {
            let (mut document, mut forms) = (Document::default(), Forms::default());
            for text in &texts {
                document.update_with(text, &mut forms);
                let fresh = Document::new(text);
                prop_assert_eq!(&document.tokens, &fresh.tokens);
                prop_assert_eq!(&document.folded, &fresh.folded);
                prop_assert_eq!(&document.sentences, &fresh.sentences);
            }
        }
    }
}
