//! Names from another tagger in the place of our own.

use std::sync::Arc;

use crate::entity::{Entity, Label};
use crate::segment::Document;

/// A name that somebody else has found, in bytes of the text; what is `None` is found out as for our own names.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    pub start: u32,
    pub end: u32,
    pub label: Label,
    pub canonical: Option<Arc<str>>,
    pub kind: Option<Arc<str>>,
    pub code: Option<Arc<str>>,
    pub score: f32,
}

/// The entities of a document when `given` names are in it: those, and what was `found` of dates and numbers that
/// overlap none of them.
///
/// A span that was found as well hands on its identity. Spans without a word, and those that overlap an earlier one,
/// are left out.
pub fn entities(document: &Document, given: &[Given], found: Vec<Entity>) -> Vec<Entity> {
    let mut order: Vec<&Given> = given.iter().collect();
    order.sort_by_key(|name| (name.start, std::cmp::Reverse(name.end)));
    let mut out: Vec<Entity> = Vec::with_capacity(given.len() + found.len());
    for name in order {
        if out.last().is_some_and(|before| before.end > name.start) {
            continue;
        }
        out.extend(entity(document, name, &found));
    }
    let values: Vec<Entity> = found
        .into_iter()
        .filter(|e| e.label.is_value())
        .filter(|value| {
            let next = out.partition_point(|e| e.end <= value.start);
            out.get(next).is_none_or(|e| e.start >= value.end)
        })
        .collect();
    out.extend(values);
    out.sort_by_key(|entity| entity.start);
    out
}

fn entity(document: &Document, name: &Given, found: &[Entity]) -> Option<Entity> {
    let first = document.tokens.partition_point(|token| token.end <= name.start);
    let last = document.tokens.partition_point(|token| token.start < name.end);
    if first >= last {
        return None;
    }
    let own = found
        .binary_search_by_key(&name.start, |entity| entity.start)
        .ok()
        .map(|at| &found[at])
        .filter(|entity| entity.end == name.end);
    let text = document.text.get(name.start as usize..name.end as usize)?;
    let canonical = match (&name.canonical, own) {
        (Some(canonical), _) => canonical.clone(),
        (None, Some(own)) => own.canonical.clone(),
        (None, None) => text.into(),
    };
    Some(Entity {
        start: name.start,
        end: name.end,
        first: first as u32,
        last: last as u32,
        label: name.label,
        norm: own.map_or_else(|| text.to_string(), |own| own.norm.clone()),
        canonical,
        kind: name.kind.clone().or_else(|| own.and_then(|own| own.kind.clone())),
        code: name.code.clone().or_else(|| own.and_then(|own| own.code.clone())),
        english: own.and_then(|own| own.english.clone()),
        value: own.filter(|own| own.label == name.label).and_then(|own| own.value.clone()),
        score: name.score,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(start: usize, end: usize) -> Given {
        let (start, end) = (start as u32, end as u32);
        Given { start, end, label: Label::Org, canonical: None, kind: None, code: None, score: 1.0 }
    }

    fn spans(text: &str, names: &[Given], found: Vec<Entity>) -> Vec<String> {
        let entities = entities(&Document::new(text), names, found);
        entities.iter().map(|e| text[e.start as usize..e.end as usize].to_string()).collect()
    }

    #[test]
    fn given_names_stand_and_overlaps_go() {
        let text = "بايع بوكو حرام داعش";
        let at = |word: &str| text.find(word).unwrap();
        let all = given(at("بوكو"), at(" داعش"));
        let part = given(at("حرام"), at(" داعش"));
        let last = given(at("داعش"), text.len());
        let gap = given(at(" داعش"), at("داعش"));
        assert_eq!(spans(text, &[last, part, gap, all], vec![]), ["بوكو حرام", "داعش"]);
    }

    #[test]
    fn found_values_stay_unless_a_given_name_covers_them() {
        let text = "قناة 24 في 2015";
        let mut value = entity(&Document::new(text), &given(9, 11), &[]).unwrap();
        value.label = Label::Number;
        let mut year = entity(&Document::new(text), &given(text.len() - 4, text.len()), &[]).unwrap();
        year.label = Label::Date;
        assert_eq!(spans(text, &[given(0, 11)], vec![value, year]), ["قناة 24", "2015"]);
    }
}
