//! Whom anaphors, pronouns and descriptions stand for: one case a line in `data/mention_traps.tsv`.

use rawabit::entity::link::Links;
use rawabit::entity::{Entity, Label};
use rawabit::lexicon::words::WordIds;
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::mention::{Finder, Mention};
use rawabit::normalize::fold;
use rawabit::segment::Document;

const CASES: &str = include_str!("data/mention_traps.tsv");

/// The text without marks, and its names: bytes, canonical name, label.
fn unmark(marked: &str) -> (String, Vec<(u32, u32, String, Label)>) {
    let (mut text, mut names) = (String::new(), Vec::new());
    for (index, part) in marked.split(['[', ']']).enumerate() {
        let Some((name, label)) = part.rsplit_once(':').filter(|_| index % 2 == 1) else {
            text.push_str(part);
            continue;
        };
        let (words, canonical) = name.split_once('=').unwrap_or((name, name));
        let start = text.len() as u32;
        text.push_str(words);
        let label = Label::from_name(label).unwrap_or_else(|| panic!("label in {marked}"));
        names.push((start, text.len() as u32, canonical.to_string(), label));
    }
    (text, names)
}

fn entities(document: &Document, names: &[(u32, u32, String, Label)], links: &Links) -> Vec<Entity> {
    let entity = |(start, end, canonical, label): &(u32, u32, String, Label)| {
        let known = links.find(*label, canonical);
        Entity {
            start: *start,
            end: *end,
            first: document.tokens.partition_point(|t| t.end <= *start) as u32,
            last: document.tokens.partition_point(|t| t.start < *end) as u32,
            label: *label,
            norm: fold(&document.text[*start as usize..*end as usize]),
            canonical: canonical.as_str().into(),
            kind: known.and_then(|k| k.kind.clone()),
            code: known.and_then(|k| k.code.clone()),
            english: None,
            value: None,
            score: 1.0,
        }
    };
    names.iter().map(entity).collect()
}

#[test]
fn every_case_stands_for_whom_it_says() {
    let user = UserLexicon::default();
    let links = Links::new(&user).unwrap();
    let mut words = Words::default();
    let finder = Finder::new(&mut words, &user).unwrap();
    let (mut wrong, mut cases) = (Vec::new(), 0);
    for (number, line) in
        CASES.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')).skip(1)
    {
        let columns: Vec<&str> = line.split('\t').collect();
        let [status, marked, span, wanted, ..] = columns[..] else { panic!("line {}: {line}", number + 1) };
        let (text, names) = unmark(marked);
        let document = Document::new(&text);
        let mut ids = WordIds::default();
        ids.update(&words, &document);
        let found = finder.find(&document, &ids, &entities(&document, &names, &links));
        let of_span = |m: &&Mention| &text[m.start as usize..m.end as usize] == span;
        // The last of its kind in the text, and all that share its span.
        let last = found.iter().rev().find(of_span).map_or(0, |m| m.start);
        let got: Vec<&str> =
            found.iter().filter(of_span).filter(|m| m.start == last).map(|m| &*m.resolved).collect();
        let wanted: Vec<&str> = wanted.split('|').collect();
        let right = wanted.iter().all(|w| got.contains(w)) && !got.is_empty();
        cases += 1;
        if right != (status == "ok") {
            wrong.push(format!("{}\t{status}\t{marked}\t{span}\twanted {wanted:?}\tgot {got:?}", number + 1));
        }
    }
    assert!(cases >= 60, "{cases} cases");
    assert!(wrong.is_empty(), "{} of {cases} cases:\n{}", wrong.len(), wrong.join("\n"));
}
