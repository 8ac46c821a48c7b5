//! Words and phrases known in advance.
//!
//! * [`words`]: every word of every list, interned: a token is looked up once, and all rooms work on [`WordId`]s;
//! * [`phrases`]: phrases as a trie over word ids, each with a payload;
//! * [`grammar`]: person, gender, number, voice;
//! * [`conjugate`]: all forms of a verb or noun from its root and class.
//!
//! A [`Lexicon`] holds the built-in lists and, merged over them, the user's. It is built once and shared.

pub mod conjugate;
pub mod grammar;
pub mod phrases;
pub mod words;

pub use phrases::Phrases;
pub use words::{WordId, Words};

/// What a user adds to the built-in lists, or takes away from them.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct UserLexicon {
    pub entities: Vec<UserEntity>,
    /// Names that are never entities, in any spelling.
    pub blocked: Vec<String>,
    pub triggers: Vec<UserTrigger>,
    pub families: Vec<UserFamily>,
}

/// An entity of the user's: new, or a new name and more aliases for a built-in one.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct UserEntity {
    /// The canonical name.
    pub name: String,
    /// One of the labels of [`crate::entity::Label`].
    pub label: String,
    pub kind: Option<String>,
    pub code: Option<String>,
    pub aliases: Vec<String>,
}

/// A word or phrase that expresses a relation.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct UserTrigger {
    pub family: String,
    /// The phrase; a single verb in the third person masculine perfect is inflected.
    pub phrase: String,
    /// Which argument the grammatical subject is: `source` (the default) or `target`.
    pub subject: Option<String>,
}

/// A relation family of the user's own; the columns of the built-in `families.tsv`.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct UserFamily {
    pub family: String,
    pub symmetric: bool,
    pub intensity: f32,
    pub plover: Option<String>,
    pub cameo: Option<String>,
    pub goldstein: Option<f32>,
}
