//! One document's records made rows.

use std::fmt::Write;

use super::{Documents, Entities, Mentions, Relations, Sentences, Tokens};
use crate::corpus::{Analyzed, Depth};
use crate::entity::Day;
use crate::mention::Mention;
use crate::normalize::transliterate::romanize;
use crate::relation::{self, Relation, Span};
use crate::segment::{Document, Sentence};
use crate::text::CodePoints;

/// A text of a corpus and what is known of it beforehand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Article<'a> {
    /// Its row number.
    pub doc: usize,
    /// `None` for a null: it has a row among the documents and none elsewhere.
    pub text: Option<&'a str>,
    /// A file name, a headline, an id of the user's.
    pub name: Option<&'a str>,
    pub date: Option<Day>,
}

/// A text with its code points counted: spans come out as users count them.
struct Place<'a> {
    text: &'a str,
    code_points: &'a CodePoints,
}

impl<'a> Place<'a> {
    fn offset(&self, byte: u32) -> usize {
        self.code_points.of_byte(self.text, byte as usize)
    }

    fn slice(&self, start: u32, end: u32) -> &'a str {
        &self.text[start as usize..end as usize]
    }
}

/// The number of the sentence that byte `start` stands in.
fn sentence_at(sentences: &[Sentence], start: u32) -> usize {
    sentences.partition_point(|s| s.end <= start).min(sentences.len().saturating_sub(1))
}

impl Sentences {
    /// Append the sentences of a document.
    pub fn push(&mut self, doc: usize, text: &str, sentences: &[Sentence], code_points: &CodePoints) {
        let place = Place { text, code_points };
        for (number, sentence) in sentences.iter().enumerate() {
            self.doc.push(doc);
            self.sentence.push(number);
            self.start.push(place.offset(sentence.start));
            self.end.push(place.offset(sentence.end));
            self.text.push(place.slice(sentence.start, sentence.end));
        }
    }
}

impl Tokens {
    /// Append the tokens of a document.
    pub fn push(&mut self, doc: usize, document: &Document, code_points: &CodePoints) {
        let place = Place { text: &document.text, code_points };
        let mut sentence = 0;
        for (number, token) in document.tokens.iter().enumerate() {
            while document.sentences[sentence].last as usize <= number {
                sentence += 1;
            }
            let norm = document.norm(number);
            self.doc.push(doc);
            self.sentence.push(sentence);
            self.token.push(number);
            self.start.push(place.offset(token.start));
            self.end.push(place.offset(token.end));
            self.text.push(document.surface(number));
            self.norm.push(norm);
            self.kind.push(token.kind.name());
            self.prefix.push(&norm[..token.prefix as usize]);
            self.stem.push(document.stem(number));
            self.suffix.push(&norm[norm.len() - token.suffix as usize..]);
        }
    }
}

impl Documents {
    /// Append the row of an article; `found` is `None` for a null.
    pub fn push(&mut self, article: &Article, found: Option<&Analyzed>, date: &str) {
        let count = |n: Option<usize>| n.unwrap_or(0);
        self.doc.push(article.doc);
        self.name.push(article.name);
        self.date.push(article.date.map(|_| date));
        let text = article.text.unwrap_or_default();
        self.length.push(count(found.map(|f| f.code_points.of_byte(text, text.len()))));
        self.n_sentences.push(count(found.map(|f| f.sentences.len())));
        self.n_tokens.push(count(found.map(|f| f.n_tokens)));
        self.n_entities.push(count(found.map(|f| f.entities.len())));
        self.n_mentions.push(count(found.map(|f| f.mentions.len())));
        self.n_relations.push(count(found.map(|f| f.relations.len())));
    }
}

impl Entities {
    /// Append the entities of a document.
    pub fn push(&mut self, doc: usize, text: &str, found: &Analyzed) {
        let place = Place { text, code_points: &found.code_points };
        let mut latin = String::new();
        for entity in &found.entities {
            self.doc.push(doc);
            self.sentence.push(sentence_at(&found.sentences, entity.start));
            self.start.push(place.offset(entity.start));
            self.end.push(place.offset(entity.end));
            self.text.push(place.slice(entity.start, entity.end));
            self.label.push(entity.label.name());
            self.norm.push(&entity.norm);
            self.entity.push(&entity.canonical);
            self.kind.push(entity.kind.as_deref());
            self.code.push(entity.code.as_deref());
            self.value.push(entity.value.as_deref());
            self.score.push(entity.score);
            match &entity.english {
                Some(english) => self.english.push(Some(&**english)),
                None if entity.label.is_value() => self.english.push(None),
                None => {
                    latin.clear();
                    latin.push('~');
                    romanize(&entity.canonical, &mut latin);
                    self.english.push(Some(&latin));
                }
            }
        }
    }
}

impl Mentions {
    /// Append the mentions of a document.
    pub fn push(&mut self, doc: usize, text: &str, found: &Analyzed) {
        let place = Place { text, code_points: &found.code_points };
        for mention in &found.mentions {
            self.doc.push(doc);
            self.sentence.push(sentence_at(&found.sentences, mention.start));
            self.start.push(place.offset(mention.start));
            self.end.push(place.offset(mention.end));
            self.text.push(place.slice(mention.start, mention.end));
            self.form.push(mention.form.name());
            self.entity.push(&mention.resolved);
            self.label.push(mention.label.map(|label| label.name()));
            self.confidence.push(mention.confidence);
        }
    }
}

impl Relations {
    /// Append the relations of a document; `published` is its date, «2015-07-21».
    pub fn push(
        &mut self,
        doc: usize,
        text: &str,
        published: Option<&str>,
        found: &Analyzed,
        finder: &relation::Finder,
    ) {
        let place = Place { text, code_points: &found.code_points };
        let mut cues = String::new();
        for relation in &found.relations {
            let sentence = &found.sentences[relation.sentence as usize];
            let Span { start, end } = relation.trigger;
            self.doc.push(doc);
            self.sentence.push(relation.sentence as usize);
            self.trigger.push(place.slice(start, end));
            self.trigger_start.push(place.offset(start));
            self.trigger_end.push(place.offset(end));
            self.push_source(&place, &found.mentions[relation.source as usize]);
            self.push_target(&place, &found.mentions[relation.target as usize]);
            self.push_status(&place, relation, found);
            self.push_family(relation, finder);
            self.rule.push(&relation.rule);
            self.evidence.push(place.slice(sentence.start, sentence.end));
            self.evidence_start.push(place.offset(sentence.start));
            self.evidence_end.push(place.offset(sentence.end));
            self.published.push(published);
            self.cues.push(spell_spans(&place, &relation.cues, &mut cues));
        }
    }

    fn push_source(&mut self, place: &Place, mention: &Mention) {
        self.source.push(place.slice(mention.start, mention.end));
        self.source_start.push(place.offset(mention.start));
        self.source_end.push(place.offset(mention.end));
        self.source_entity.push(&mention.resolved);
        self.source_label.push(mention.label.map(|label| label.name()));
    }

    fn push_target(&mut self, place: &Place, mention: &Mention) {
        self.target.push(place.slice(mention.start, mention.end));
        self.target_start.push(place.offset(mention.start));
        self.target_end.push(place.offset(mention.end));
        self.target_entity.push(&mention.resolved);
        self.target_label.push(mention.label.map(|label| label.name()));
    }

    fn push_status(&mut self, place: &Place, relation: &Relation, found: &Analyzed) {
        let entity = |index: Option<u32>| index.map(|i| &found.entities[i as usize]);
        self.factuality.push(relation.factuality.name());
        self.negated.push(relation.negated);
        self.attribution.push(relation.attribution.map(|span| place.slice(span.start, span.end)));
        self.place.push(entity(relation.place).map(|e| &*e.canonical));
        self.date.push(entity(relation.date).and_then(|e| e.value.as_deref()));
    }

    fn push_family(&mut self, relation: &Relation, finder: &relation::Finder) {
        let family = finder.families.get(relation.family);
        self.family.push(&family.name);
        self.symmetric.push(family.symmetric);
        self.intensity.push(family.intensity);
        self.confidence.push(relation.confidence);
        self.score.push(finder.scoring.score(family, relation));
        self.plover.push(family.plover.as_deref());
        self.cameo.push(family.cameo.as_deref());
        self.goldstein.push(family.goldstein);
    }
}

/// «start-end start-end …» of `spans`, in code points; `None` for none.
fn spell_spans<'o>(place: &Place, spans: &[Span], out: &'o mut String) -> Option<&'o str> {
    out.clear();
    for span in spans {
        let gap = if out.is_empty() { "" } else { " " };
        // Writing into a String cannot fail.
        let _ = write!(out, "{gap}{}-{}", place.offset(span.start), place.offset(span.end));
    }
    (!out.is_empty()).then_some(out.as_str())
}

/// Which tables are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    Entities,
    Relations,
    All,
}

impl Want {
    /// How far a document has to go through the rooms for it.
    pub fn depth(self) -> Depth {
        if self == Want::Entities { Depth::Entities } else { Depth::Relations }
    }
}

/// All tables of an analysis.
#[derive(Debug, Default)]
pub struct Records {
    documents: Documents,
    sentences: Sentences,
    entities: Entities,
    mentions: Mentions,
    relations: Relations,
    date: String,
}

impl Records {
    /// Append what was found in an article to the tables that are wanted; `found` is `None` for a null text.
    pub fn push(
        &mut self,
        article: &Article,
        found: Option<&Analyzed>,
        finder: &relation::Finder,
        want: Want,
    ) {
        self.date.clear();
        if let Some(day) = article.date {
            // Writing into a String cannot fail.
            let _ = write!(self.date, "{:04}-{:02}-{:02}", day.year, day.month, day.day);
        }
        if want == Want::All {
            self.documents.push(article, found, &self.date);
        }
        let (Some(found), Some(text)) = (found, article.text) else { return };
        if want == Want::All {
            self.sentences.push(article.doc, text, &found.sentences, &found.code_points);
            self.mentions.push(article.doc, text, found);
        }
        if want != Want::Relations {
            self.entities.push(article.doc, text, found);
        }
        if want != Want::Entities {
            let published = article.date.map(|_| self.date.as_str());
            self.relations.push(article.doc, text, published, found, finder);
        }
    }

    /// The tables' schemas, in the order of [`Records::finish`].
    pub fn schemas() -> [arrow_schema::SchemaRef; 5] {
        [
            Documents::schema(),
            Sentences::schema(),
            Entities::schema(),
            Mentions::schema(),
            Relations::schema(),
        ]
    }

    /// Documents, sentences, entities, mentions and relations so far.
    pub fn finish(&mut self) -> Vec<arrow_array::RecordBatch> {
        vec![
            self.documents.finish(),
            self.sentences.finish(),
            self.entities.finish(),
            self.mentions.finish(),
            self.relations.finish(),
        ]
    }
}
