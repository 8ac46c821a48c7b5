//! Tokens, clitics and sentences: text becomes a [`Document`].
//!
//! * [`tokens`] cuts words, numbers and punctuation;
//! * [`clitics`] finds what is attached to a word in front and behind;
//! * [`sentences`] groups tokens.

pub mod clitics;
pub mod sentences;
pub mod tokens;

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
        self.text.clear();
        self.text.push_str(text);
        self.folded.clear();
        self.tokens.clear();
        self.sentences.clear();
        tokens::cut(text, &mut self.tokens);
        for token in &mut self.tokens {
            token.fold_start = self.folded.len() as u32;
            normalize::fold_into(&text[token.start as usize..token.end as usize], &mut self.folded);
            token.fold_end = self.folded.len() as u32;
            if token.kind == Kind::Word {
                let marbuta = text[..token.end as usize].ends_with('ة');
                let (prefix, suffix) = clitics::analyze(
                    &self.folded[token.fold_start as usize..token.fold_end as usize],
                    marbuta,
                );
                token.prefix = prefix as u8;
                token.suffix = suffix as u8;
            }
        }
        sentences::group(text, &self.tokens, &mut self.sentences);
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
