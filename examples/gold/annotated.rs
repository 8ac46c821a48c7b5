//! The annotated names of an article as entities.

use rawabit::entity::link::Links;
use rawabit::entity::{Entity, Label};
use rawabit::normalize;
use rawabit::segment::Document;
use rawabit::text::CodePoints;
use serde_json::Value;

/// The annotated names, with kinds and codes of the tables.
pub fn annotated(article: &Value, document: &Document, links: &Links) -> Vec<Entity> {
    let text = &document.text;
    let points = CodePoints::new(text);
    let byte = |at: &Value| points.to_byte(text, at.as_u64().unwrap_or(0) as usize) as u32;
    let entity = |json: &Value| {
        let (start, end) = (byte(&json["start"]), byte(&json["end"]));
        let first = document.tokens.partition_point(|t| t.end <= start);
        let last = document.tokens.partition_point(|t| t.start < end);
        Some(Entity {
            start,
            end,
            first: first as u32,
            last: last as u32,
            label: Label::from_name(json["label"].as_str()?)?,
            norm: normalize::fold(json["text"].as_str()?),
            canonical: json["canonical"].as_str()?.into(),
            kind: None,
            code: None,
            english: None,
            value: None,
            score: 1.0,
        })
    };
    let mut entities: Vec<Entity> =
        article["entities"].as_array().into_iter().flatten().filter_map(entity).collect();
    entities.sort_by_key(|e| e.start);
    // Kinds and codes are not annotated: those of the tables.
    for entity in &mut entities {
        if let Some(known) = links.find(entity.label, &entity.canonical) {
            (entity.kind, entity.code) = (known.kind.clone(), known.code.clone());
        }
    }
    entities
}
