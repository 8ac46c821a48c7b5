//! Names of the training articles as they are found by taggers that have not seen the article.
//!
//! The shipped finder was trained on the training news: it finds more in them than in articles to come, and models of
//! binding that are trained or measured on its names expect too much.

use std::sync::Arc;

use rawabit::entity::{self, Label};
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::tagger::train::Settings;
use rawabit::tagger::words::WordTable;
use rawabit::tagger::{Lesson, Tagger};

use super::gold::Article;

const LABELS: [Label; 6] = [Label::Per, Label::Org, Label::Loc, Label::Norp, Label::Event, Label::Misc];

/// One finder for each fold, trained on the annotated articles of the others. Taggers are kept in `folder`, if there is
/// one, and read from there.
pub fn finders(
    words: &mut Words,
    articles: &[Article],
    folds: usize,
    folder: Option<&str>,
) -> Vec<entity::Finder> {
    let table = WordTable::shared().expect("the table of words");
    let labels: Vec<String> = LABELS.iter().map(|l| l.name().to_string()).collect();
    let mut finder = |fold: usize| {
        let others = articles.iter().enumerate().filter(|(index, _)| index % folds != fold);
        let lessons: Vec<Lesson> = others.map(|(_, article)| lesson(article)).collect();
        let kept = folder.map(|folder| format!("{folder}/fold-{fold}-of-{folds}.model"));
        let bytes = kept.as_ref().and_then(|path| std::fs::read(path).ok());
        let tagger = match bytes {
            Some(bytes) => Tagger::from_bytes(table.clone(), &bytes).expect("a tagger kept"),
            None => Tagger::train(table.clone(), &lessons, &labels, Settings::default(), |_| true),
        };
        if let Some(path) = kept {
            std::fs::write(path, tagger.to_bytes()).expect("the tagger is kept");
        }
        let tagger = Arc::new(tagger);
        entity::Finder::with_tagger(words, &UserLexicon::default(), tagger).expect("a finder")
    };
    (0..folds).map(&mut finder).collect()
}

/// The annotated names of an article as a lesson for the tagger.
fn lesson(article: &Article) -> Lesson {
    let mut tags = vec![0u8; article.document.tokens.len()];
    for entity in &article.entities {
        let Some(index) = LABELS.iter().position(|l| *l == entity.label) else { continue };
        let mut tag = 1 + 2 * index as u8;
        for token in &mut tags[entity.first as usize..entity.last as usize] {
            *token = tag;
            tag = 2 + 2 * index as u8;
        }
    }
    let allowed = tags.iter().map(|tag| 1u64 << tag).collect();
    Lesson { document: article.document.clone(), allowed, weight: 1.0, domain: 0 }
}
