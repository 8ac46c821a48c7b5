//! What the words around a name say about it.
//!
//! * A known organisation beside one of its kind is one too, whatever else the word may mean: «داعش والقاعدة».
//! * Words that are more often no names need company that speaks for the name (`data/ambiguous.tsv`): «في مالي» is a
//!   country, «فساد مالي» is not.

use rustc_hash::FxHashMap;

use super::link::{Links, key};
use super::{Entity, Label};
use crate::normalize::fold;
use crate::segment::{Document, Kind};

/// Words that need company, by folded word and label.
#[derive(Debug)]
pub struct Context {
    ambiguous: FxHashMap<(Box<str>, Label), Vec<Box<str>>>,
}

impl Context {
    /// The built-in list.
    pub fn built_in() -> Context {
        let mut ambiguous = FxHashMap::default();
        for line in include_str!("data/ambiguous.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(word), Some(label), Some(before)) = (columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            if let Some(label) = Label::from_name(label) {
                let before = before.split(' ').map(|word| fold(word).into()).collect();
                ambiguous.insert((fold(word).into(), label), before);
            }
        }
        Context { ambiguous }
    }

    /// Whether the words around `name` speak for it.
    pub fn supports(&self, document: &Document, name: &Entity) -> bool {
        if name.last - name.first != 1 {
            return true;
        }
        let first = name.first as usize;
        let token = &document.tokens[first];
        let attached = name.start > token.start;
        let word = document.norm(first);
        let Some(before) = self.ambiguous.get(&(Box::from(word), name.label)) else { return true };
        let starts = document.sentences[document.sentence_of(first)].first as usize == first;
        let in_front = if starts { "^" } else { document.norm(first - 1) };
        attached || before.iter().any(|word| **word == *in_front)
    }
}

/// The organisations that stand, joined by و, beside one of `names` that is known to be of the same kind.
///
/// `names` are in order; so is the result, which overlaps none of them.
pub fn joined(document: &Document, names: &[Entity], links: &Links) -> Vec<Entity> {
    let mut found: Vec<Entity> = Vec::new();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| name.label == Label::Org) {
        let Some(kind) = links.find(Label::Org, &name.norm).and_then(|known| known.kind.as_deref()) else {
            continue;
        };
        if kind != "armed_group" {
            continue;
        }
        let behind = name.last as usize;
        let free_behind = names.get(at + 1).is_none_or(|next| next.first as usize > behind);
        if free_behind && document.tokens.get(behind).is_some_and(|token| token.prefix > 0) {
            let letters = document.tokens[behind].prefix as usize;
            if &document.norm(behind)[..letters] == "و" {
                found.extend(organisation(document, behind, letters, kind, links));
            }
        }
        let joined = document.norm(name.first as usize).starts_with('و')
            && name.start > document.tokens[name.first as usize].start;
        let before = (name.first as usize).wrapping_sub(1);
        let free_before = at == 0 || (names[at - 1].last as usize) <= before;
        let new = found.last().is_none_or(|last| (last.last as usize) <= before);
        if joined && name.first > 0 && free_before && new {
            let letters = document.tokens[before].prefix as usize;
            found.extend(organisation(document, before, letters, kind, links));
        }
    }
    found.sort_by_key(|entity| entity.start);
    found.dedup_by_key(|entity| entity.start);
    found
}

/// Token `at` less `letters` bytes of proclitics, where it is a known organisation of `kind` and no other's name.
fn organisation(document: &Document, at: usize, letters: usize, kind: &str, links: &Links) -> Option<Entity> {
    if document.tokens[at].kind != Kind::Word {
        return None;
    }
    let start = document.cut_at(at, letters);
    let end = document.tokens[at].end;
    let surface = &document.text[start..end as usize];
    let lal = surface.starts_with('ل') && document.norm(at)[..letters].ends_with('ل');
    let norm = if lal { format!("ا{surface}") } else { surface.to_string() };
    let known = links.find(Label::Org, &norm)?;
    if known.kind.as_deref() != Some(kind)
        || key(&norm).is_empty()
        || !(norm.starts_with("ال") || key(&known.canonical) == key(&norm))
    {
        return None;
    }
    Some(Entity {
        start: start as u32,
        end,
        first: at as u32,
        last: at as u32 + 1,
        label: Label::Org,
        canonical: norm.as_str().into(),
        norm,
        kind: None,
        code: None,
        english: None,
        value: None,
        score: 0.7,
    })
}
