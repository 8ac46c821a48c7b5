//! One document through all rooms, and many documents on many threads.

use std::sync::Arc;

use super::given::{self, Given};
use crate::Result;
use crate::entity::{self, Day, Entity};
use crate::lexicon::words::{TokenIds, WordIds};
use crate::lexicon::{UserLexicon, Words};
use crate::memo::Memo;
use crate::mention::grammar::{Fact, Facts};
use crate::mention::{self, Mention};
use crate::relation::argument::Reason;
use crate::relation::{self, Relation};
use crate::segment::{Document, Forms, Sentence};
use crate::tagger::Tagger;
use crate::text::CodePoints;

/// How far a document goes through the rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    Entities,
    Relations,
}

/// All that is known of one document. Offsets are bytes of its text; `code_points` translates.
#[derive(Debug, Clone)]
pub struct Analyzed {
    pub sentences: Vec<Sentence>,
    pub n_tokens: usize,
    pub entities: Vec<Entity>,
    pub mentions: Vec<Mention>,
    pub relations: Vec<Relation>,
    pub code_points: CodePoints,
}

/// Memory that one thread reuses from document to document.
#[derive(Debug, Default)]
pub struct Workspace {
    document: Document,
    ids: WordIds,
    names: entity::names::Scratch,
    facts: Facts,
    relations: relation::Memory,
    forms: Forms,
    known_ids: Memo<TokenIds>,
    known_facts: Memo<Fact>,
    /// The engine that the words are known of.
    of: Option<Arc<()>>,
}

impl Workspace {
    /// Forget what is known of words if it is another engine's.
    fn belong_to(&mut self, engine: &Engine) {
        let same = self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, &engine.identity));
        if !same {
            self.known_ids.clear();
            self.known_facts.clear();
            self.of = Some(engine.identity.clone());
        }
    }
}

/// A text's records, and for each relation why it is there.
#[derive(Debug)]
pub struct Explained {
    pub analyzed: Analyzed,
    /// By relation: what each measure added to the judge's logit, the weightiest first.
    pub reasons: Vec<Vec<Reason>>,
}

/// Everything that analysis needs, loaded once, immutable, shared among threads.
#[derive(Debug)]
pub struct Engine {
    words: Words,
    entities: entity::Finder,
    mentions: mention::Finder,
    pub relations: relation::Finder,
    /// Tells this engine from others.
    identity: Arc<()>,
}

impl Engine {
    /// The built-in data with the user's merged over it.
    pub fn new(user: &UserLexicon) -> Result<Engine> {
        Engine::with_tagger(user, None)
    }

    /// As [`Engine::new`], with names by the user's tagger if one is given.
    pub fn with_tagger(user: &UserLexicon, tagger: Option<Arc<Tagger>>) -> Result<Engine> {
        let mut words = Words::default();
        let entities = match tagger {
            None => entity::Finder::new(&mut words, user)?,
            Some(tagger) => entity::Finder::with_tagger(&mut words, user, tagger)?,
        };
        let mentions = mention::Finder::new(&mut words, user)?;
        let relations = relation::Finder::new(&mut words, user)?;
        Ok(Engine { words, entities, mentions, relations, identity: Arc::default() })
    }

    /// Analyze one text; `date` is the article's, for relative dates.
    pub fn analyze(
        &self,
        text: &str,
        date: Option<Day>,
        depth: Depth,
        workspace: &mut Workspace,
    ) -> Analyzed {
        self.analyze_with(text, date, None, depth, workspace)
    }

    /// Analyze one text with names from another tagger in the place of our own.
    pub fn analyze_with(
        &self,
        text: &str,
        date: Option<Day>,
        names: Option<&[Given]>,
        depth: Depth,
        workspace: &mut Workspace,
    ) -> Analyzed {
        workspace.belong_to(self);
        let Workspace { document, ids, names: scratch, facts, relations: memory, .. } = workspace;
        document.update_with(text, &mut workspace.forms);
        ids.update_with(&self.words, document, &mut workspace.known_ids);
        let mut entities = self.entities.find_with(document, ids, date, scratch);
        if let Some(names) = names {
            entities = given::entities(document, names, entities);
        }
        let (mut mentions, mut relations) = (Vec::new(), Vec::new());
        if depth >= Depth::Relations {
            let (grammar, known) = (self.mentions.grammar(), &mut workspace.known_facts);
            facts.update_with(grammar, document, ids, &entities, known);
            mentions = self.mentions.find_with(document, ids, &entities, facts);
            relations = self.relations.find_with(document, ids, &entities, facts, &mut mentions, memory);
        }
        Analyzed {
            sentences: document.sentences.clone(),
            n_tokens: document.tokens.len(),
            entities,
            mentions,
            relations,
            code_points: CodePoints::new(text),
        }
    }
}

impl Engine {
    /// Analyze one text and tell of each relation why it is there.
    pub fn explain(&self, text: &str, date: Option<Day>, names: Option<&[Given]>) -> Explained {
        let mut workspace = Workspace::default();
        workspace.belong_to(self);
        workspace.relations.keep_reasons(true);
        let analyzed = self.analyze_with(text, date, names, Depth::Relations, &mut workspace);
        Explained { analyzed, reasons: self.relations.reasons(&workspace.relations) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_relation_has_its_reasons() {
        let engine = Engine::new(&UserLexicon::default()).unwrap();
        let text =
            "اتهمت السعودية إيران بدعم الحوثيين. وأعلن وزير الخارجية المصري سامح شكري أن مصر تدعم ليبيا.";
        let explained = engine.explain(text, None, None);
        let plain = engine.analyze(text, None, Depth::Relations, &mut Workspace::default());
        assert!(!plain.relations.is_empty());
        assert_eq!(explained.reasons.len(), plain.relations.len());
        let confidences =
            |analyzed: &Analyzed| analyzed.relations.iter().map(|r| r.confidence).collect::<Vec<_>>();
        assert_eq!(confidences(&explained.analyzed), confidences(&plain));
        for reasons in &explained.reasons {
            assert!(!reasons.is_empty());
            assert!(reasons.windows(2).all(|pair| pair[0].share.abs() >= pair[1].share.abs()));
        }
    }

    #[test]
    fn an_empty_text_has_nothing_in_it() {
        let engine = Engine::new(&UserLexicon::default()).unwrap();
        let analyzed = engine.analyze("", None, Depth::Relations, &mut Workspace::default());
        assert!(
            analyzed.sentences.is_empty() && analyzed.entities.is_empty() && analyzed.relations.is_empty()
        );
    }
}
