//! Words and phrases known in advance.
//!
//! * [`words`]: every word of every list, interned: a token is looked up once, and all rooms work on [`WordId`]s;
//! * [`user`]: what a user adds, read from TOML or CSV;
//! * [`phrases`]: phrases as a trie over word ids, each with a payload;
//! * [`grammar`]: person, gender, number, voice;
//! * [`conjugate`]: all forms of a verb or noun from its root and class.
//!
//! A [`Lexicon`] holds the built-in lists and, merged over them, the user's. It is built once and shared.

pub mod conjugate;
pub mod grammar;
pub mod phrases;
pub mod user;
pub mod words;

pub use phrases::Phrases;
pub use user::{UserEntity, UserFamily, UserLexicon, UserTrigger};
pub use words::{WordId, Words};
