//! Annotated articles and other corpora, as examples for the tagger.

use std::path::Path;

use rawabit::entity::Label;
use rawabit::segment::Document;
use rawabit::text::CodePoints;
use serde::Deserialize;

/// The labels that the tagger finds, in the order of its tags.
pub const LABELS: [Label; 6] = [Label::Per, Label::Org, Label::Loc, Label::Norp, Label::Event, Label::Misc];

#[derive(Deserialize)]
struct Record {
    text: String,
    entities: Vec<Marked>,
}

#[derive(Deserialize)]
struct Marked {
    start: usize,
    end: usize,
    label: String,
}

/// An annotated article.
pub struct Article {
    pub document: Document,
    /// Names: bytes of the text and label, in order.
    pub names: Vec<(u32, u32, Label)>,
    /// Tags of the tokens.
    pub tags: Vec<u8>,
}

/// The articles of a JSON Lines file.
pub fn read(path: &Path) -> Vec<Article> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(article).collect()
}

fn article(line: &str) -> Article {
    let record: Record = serde_json::from_str(line).expect("an annotated article");
    let points = CodePoints::new(&record.text);
    let document = Document::new(&record.text);
    let mut tags = vec![0; document.tokens.len()];
    let mut names = Vec::new();
    for mark in &record.entities {
        let label = Label::from_name(&mark.label).expect("a label of the guidelines");
        let Some(index) = LABELS.iter().position(|l| *l == label) else { continue };
        let (start, end) = (points.to_byte(&record.text, mark.start), points.to_byte(&record.text, mark.end));
        names.push((start as u32, end as u32, label));
        let mut tag = 1 + 2 * index as u8;
        for (token, out) in document.tokens.iter().zip(&mut tags) {
            if (token.start as usize) < end && (token.end as usize) > start {
                *out = tag;
                tag = 2 + 2 * index as u8;
            }
        }
    }
    names.sort_unstable_by_key(|n| n.0);
    Article { document, names, tags }
}
