//! The records as Arrow columns: what users see of an analysis.
//!
//! Every table is declared once, below, with its columns in their order. Offsets are code points of the original text,
//! end exclusive: `text[start..end]` of a row is its `text`. Integers are signed, strings plain: every engine reads
//! them.
//!
//! * [`column`]: builders for the types of columns;
//! * [`rows`]: one analyzed document made rows;
//! * [`gather`]: the rows of many documents, made on many threads, in order.

pub mod column;
pub mod gather;
pub mod rows;

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Schema, SchemaRef};

use column::{Bool, Column, Float, Int, MaybeFloat, MaybeText, Text};

/// Declares a table: a struct of column builders, its schema, and the way to a [`RecordBatch`].
macro_rules! table {
    ($(#[$about:meta])* $name:ident { $($column:ident: $kind:ident),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Default)]
        pub struct $name {
            $($column: $kind),*
        }

        impl $name {
            /// Names and types of the columns.
            pub fn schema() -> SchemaRef {
                Arc::new(Schema::new(vec![$($kind::field(stringify!($column))),*]))
            }

            /// The rows so far; the builders are empty afterwards.
            pub fn finish(&mut self) -> RecordBatch {
                let columns: Vec<ArrayRef> = vec![$(self.$column.finish()),*];
                RecordBatch::try_new(Self::schema(), columns).expect("columns of one length")
            }
        }
    };
}

table! {
    /// Rows of `rw.tokens`. `token` counts within the document; `prefix` + `stem` + `suffix` = `norm`.
    Tokens {
        doc: Int, sentence: Int, token: Int, start: Int, end: Int,
        text: Text, norm: Text, kind: Text, prefix: Text, stem: Text, suffix: Text,
    }
}

table! {
    /// Rows of `rw.sentences`. `sentence` counts within the document.
    Sentences { doc: Int, sentence: Int, start: Int, end: Int, text: Text }
}

table! {
    /// One row for each text, null texts included. `length` is in code points; the counts are of this document's rows
    /// in the other tables.
    Documents {
        doc: Int, name: MaybeText, date: MaybeText, length: Int,
        n_sentences: Int, n_tokens: Int, n_entities: Int, n_mentions: Int, n_relations: Int,
    }
}

table! {
    /// Rows of `rw.entities`. `english` is the English name; a name that no table knows has its approximate
    /// romanization, which begins with «~»; dates and numbers have none.
    Entities {
        doc: Int, sentence: Int, start: Int, end: Int, text: Text, label: Text, norm: Text, entity: Text,
        kind: MaybeText, code: MaybeText, value: MaybeText, score: Float, english: MaybeText,
    }
}

table! {
    /// All words that stand for an actor. `form` is named, nominal, anaphor or pronoun; `entity` whom it stands for.
    Mentions {
        doc: Int, sentence: Int, start: Int, end: Int, text: Text, form: Text, entity: Text, label: MaybeText,
        confidence: Float,
    }
}

table! {
    /// Rows of `rw.relations`. `published` is the date that the article was given; `cues` are the spans of the words
    /// that decided factuality and negation, «start-end start-end …».
    Relations {
        doc: Int, sentence: Int, family: Text, trigger: Text, trigger_start: Int, trigger_end: Int,
        source: Text, source_start: Int, source_end: Int, source_entity: Text, source_label: MaybeText,
        target: Text, target_start: Int, target_end: Int, target_entity: Text, target_label: MaybeText,
        symmetric: Bool, factuality: Text, negated: Bool, attribution: MaybeText, place: MaybeText, date: MaybeText,
        intensity: Float, confidence: Float, score: Float, plover: MaybeText, cameo: MaybeText, goldstein: MaybeFloat,
        rule: Text, evidence: Text, evidence_start: Int, evidence_end: Int, published: MaybeText, cues: MaybeText,
    }
}
