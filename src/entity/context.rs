//! What the words around a name say about it.
//!
//! * A known organisation beside one of its kind is one too, whatever else the word may mean: «داعش والقاعدة».
//! * Two known names in a row are no name («دعت الأمم المتحدة إسرائيل», «بين داعش والقاعدة»), nor are a known name and
//!   words that never stand in one («أطلق حزب الله صواريخ»).
//! * Words that are more often no names need company that speaks for the name (`data/ambiguous.tsv`): «في مالي» is a
//!   country, «فساد مالي» is not.

use rustc_hash::FxHashMap;

use super::link::{Known, Links, key};
use super::{Entity, Label};
use crate::normalize::fold;
use crate::segment::{Document, Kind};
use crate::tagger::words::WordTable;

/// Words that need company, for each label by folded word.
#[derive(Debug)]
pub struct Context {
    ambiguous: [FxHashMap<Box<str>, Vec<Box<str>>>; Label::ALL.len()],
}

impl Context {
    /// The built-in list.
    pub fn built_in() -> Context {
        let mut ambiguous: [FxHashMap<Box<str>, Vec<Box<str>>>; Label::ALL.len()] = Default::default();
        for line in include_str!("data/ambiguous.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(word), Some(label), Some(before)) = (columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            if let Some(label) = Label::from_name(label) {
                let before = before.split(' ').map(|word| fold(word).into()).collect();
                ambiguous[label as usize].insert(fold(word).into(), before);
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
        let Some(before) = self.ambiguous[name.label as usize].get(word) else { return true };
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

/// Cut the names that are no name, but two known ones in a row, or a known one and words that are hardly in any.
pub fn part(document: &Document, names: &mut Vec<Entity>, links: &Links, table: &WordTable) {
    let mut at = 0;
    while at < names.len() {
        if let Some(known) = without_common_words(document, &names[at], links, table) {
            names[at] = known;
        } else if let Some((left, right)) = parts(document, &names[at], links) {
            names[at] = left;
            names.insert(at + 1, right);
        }
        at += 1;
    }
}

/// The known name that `name` begins with, where the rest are words that open text hardly ever has in a name.
fn without_common_words(
    document: &Document,
    name: &Entity,
    links: &Links,
    table: &WordTable,
) -> Option<Entity> {
    let common = |token: &u32| {
        let row = table.row(&table.bare(document.norm(*token as usize)));
        row.frequency > 0 && row.lists == 0 && row.shares.iter().all(|&share| share <= 1)
    };
    if !LABELS.contains(&name.label) || !(2..=LONGEST).contains(&(name.last - name.first)) {
        return None;
    }
    let mut rest = (name.first + 1..name.last).rev().take_while(common).count() as u32;
    // «روسيا النظام السوري»: a definite noun with its nationality is described, not named.
    let last = name.last as usize - 1;
    let definite = |token: usize| document.norm(token).starts_with("ال");
    if name.last - name.first > 2
        && definite(last - 1)
        && links.find(Label::Norp, document.norm(last)).is_some()
    {
        rest = rest.max(2);
    }
    let last = name.last - rest;
    if rest == 0 || known(links, name.label, &name.norm).is_some() {
        return None;
    }
    let end = document.tokens[last as usize - 1].end;
    let left = piece(document, name, (name.start, end), (name.first, last));
    let (label, _) = known(links, name.label, &left.norm)?;
    Some(Entity { label, ..left })
}

/// The two known names that make up `name`, unless it is known itself.
fn parts(document: &Document, name: &Entity, links: &Links) -> Option<(Entity, Entity)> {
    if !LABELS.contains(&name.label)
        || !(2..=LONGEST).contains(&(name.last - name.first))
        || known(links, name.label, &name.norm).is_some()
    {
        return None;
    }
    (name.first + 1..name.last).find_map(|middle| {
        let before = document.tokens[middle as usize - 1].end;
        let left = piece(document, name, (name.start, before), (name.first, middle));
        let (one_label, one) = known(links, name.label, &left.norm)?;
        let joined =
            document.norm(middle as usize).starts_with('و') && document.tokens[middle as usize].prefix > 0;
        let cut = if joined { 'و'.len_utf8() } else { 0 };
        let start = document.cut_at(middle as usize, cut) as u32;
        let right = piece(document, name, (start, name.end), (middle, name.last));
        let (other_label, _) = known(links, name.label, &right.norm)?;
        // Clubs and stations carry the names of cities, cities those of their countries.
        let own = matches!(one.kind.as_deref(), Some("club" | "media"));
        let apart = joined
            || (one_label != other_label || one_label == Label::Org) && !(own && other_label == Label::Loc);
        apart.then_some((Entity { label: one_label, ..left }, Entity { label: other_label, ..right }))
    })
}

/// The known entity of that name and its label: what the tagger called the whole comes first. Words of a person's name
/// are persons only; «محمد» and «علي» are towns too.
fn known<'l>(links: &'l Links, whole: Label, norm: &str) -> Option<(Label, &'l Known)> {
    let others = LABELS.into_iter().filter(|&label| label != whole && whole != Label::Per);
    std::iter::once(whole).chain(others).find_map(|label| Some((label, links.find(label, norm)?)))
}

/// Most tokens of what may be two names.
const LONGEST: u32 = 12;
/// Labels of names that may stand in a row.
const LABELS: [Label; 3] = [Label::Org, Label::Loc, Label::Per];

/// A part of `name`: bytes and tokens.
fn piece(document: &Document, name: &Entity, bytes: (u32, u32), tokens: (u32, u32)) -> Entity {
    let text = &document.text[bytes.0 as usize..bytes.1 as usize];
    // The article of «للقاعدة» was restored in the whole.
    let restored = bytes.0 == name.start && name.norm.starts_with('ا') && !text.starts_with('ا');
    let norm = if restored { format!("ا{text}") } else { text.to_string() };
    Entity {
        start: bytes.0,
        end: bytes.1,
        first: tokens.0,
        last: tokens.1,
        canonical: norm.as_str().into(),
        norm,
        ..name.clone()
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::UserLexicon;

    /// The name that is all of `text`.
    fn whole(document: &Document, label: Label) -> Entity {
        Entity {
            start: 0,
            end: document.text.len() as u32,
            first: 0,
            last: document.tokens.len() as u32,
            label,
            norm: document.text.clone(),
            canonical: document.text.as_str().into(),
            kind: None,
            code: None,
            english: None,
            value: None,
            score: 0.9,
        }
    }

    #[test]
    fn known_names_in_a_row_are_cut_and_others_stay_whole() {
        let links = Links::new(&UserLexicon::default()).unwrap();
        let table = WordTable::shared().unwrap();
        use Label::{Loc, Org, Per};
        type Named<'t> = (&'t str, Label);
        let cases: [(Named, &[Named]); 9] = [
            (("الأمم المتحدة إسرائيل", Org), &[("الأمم المتحدة", Org), ("إسرائيل", Loc)]),
            (("داعش والقاعدة", Org), &[("داعش", Org), ("القاعدة", Org)]),
            (("حزب الله صواريخ", Org), &[("حزب الله", Org)]),
            (("محمد أختر منصور", Per), &[("محمد أختر منصور", Per)]),
            (("محمد الظواهري", Per), &[("محمد الظواهري", Per)]),
            (("الأمم المتحدة", Org), &[("الأمم المتحدة", Org)]),
            (("تونس", Loc), &[("تونس", Loc)]),
            (("كلمات لا تعرف", Org), &[("كلمات لا تعرف", Org)]),
            (("واشنطن وباريس", Loc), &[("واشنطن", Loc), ("باريس", Loc)]),
        ];
        for ((text, label), want) in cases {
            let document = Document::new(text);
            let mut names = vec![whole(&document, label)];
            part(&document, &mut names, &links, &table);
            let got: Vec<(&str, Label)> = names.iter().map(|name| (name.norm.as_str(), name.label)).collect();
            assert_eq!(got, want, "{text}");
            for name in &names {
                assert_eq!(&text[name.start as usize..name.end as usize], name.norm, "{text}");
            }
        }
    }
}
