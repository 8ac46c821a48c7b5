//! Entities and relations from Arabic text.
//!
//! One way leads through the crate; each room adds one thing and hands on:
//!
//! | room | adds |
//! |---|---|
//! | [`text`] | code-point classes, byte and code-point offsets |
//! | [`memo`] | what was found out about a word, kept for the next time |
//! | [`normalize`] | folds, deletions and the way back to the original offsets |
//! | [`segment`] | tokens, clitics, sentences: a [`segment::Document`] |
//! | [`lexicon`] | words and phrases known in advance, built in or the user's |
//! | [`loglinear`] | log-linear models over hashed features, for every room that learns |
//! | [`trees`] | boosted decision trees over numbers, for every room that learns |
//! | [`tagger`] | the sequence model that finds names |
//! | [`entity`] | names, dates, numbers with canonical identities |
//! | [`mention`] | nominal and pronominal actors and whom they stand for |
//! | [`relation`] | typed, directed relation mentions with their status |
//! | [`corpus`] | parallel batches, pair scores, associations |
//! | [`frame`] | the records as Arrow columns |
//! | `python` | the binding; the only room that knows Python |
//!
//! A room may use the rooms above it in this table, never those below.

pub mod corpus;
pub mod entity;
pub mod error;
pub mod frame;
pub mod lexicon;
pub mod loglinear;
pub mod memo;
pub mod mention;
pub mod normalize;
pub mod relation;
pub mod segment;
pub mod tagger;
pub mod text;
pub mod trees;

#[cfg(feature = "python")]
mod python;

pub use error::{Error, Result};
