//! One-line traps for entities: numbers, dates, clitics, abbreviations, spelling variants, ambiguous words.
//!
//! `data/entity_traps.tsv`: text, span, label, and canonical name or value. The article's day is 2016-10-04, a Tuesday.
//! A line that begins with `open` is known to fail; one that passes must lose its mark.
//! `none` as label: no entity may touch the span; `no value`: a name may (an article of a law is MISC), a date or number not. An empty last column leaves the value open; `null` wants none.

use rawabit::corpus::pipeline::{Depth, Engine, Workspace};
use rawabit::entity::{Day, Entity};
use rawabit::lexicon::UserLexicon;

const TODAY: Day = Day { year: 2016, month: 10, day: 4 };

#[test]
fn every_trap_is_passed() {
    let engine = Engine::new(&UserLexicon::default()).unwrap();
    let mut workspace = Workspace::default();
    let (mut failures, mut cases) = (Vec::new(), 0);
    for (number, line) in include_str!("data/entity_traps.tsv").lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (open, line) = line.strip_prefix("open\t").map_or((false, line), |line| (true, line));
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, span, label, wanted] = columns[..] else {
            panic!("line {}: wants four columns", number + 1)
        };
        cases += 1;
        let start = text.find(span).unwrap_or_else(|| panic!("line {}: no such span", number + 1)) as u32;
        let end = start + span.len() as u32;
        let found = engine.analyze(text, Some(TODAY), Depth::Entities, &mut workspace).entities;
        let problem = problem(&found, start, end, label, wanted);
        if open && problem.is_none() {
            failures.push(format!("{}: {text}: {span}: is marked open and passes", number + 1));
        }
        if let Some(problem) = problem.filter(|_| !open) {
            let all: Vec<String> = found.iter().map(|e| described(text, e)).collect();
            failures.push(format!("{}: {text}: {span}: {problem}; found {}", number + 1, all.join(", ")));
        }
    }
    assert!(cases >= 300, "{cases} traps");
    assert!(failures.is_empty(), "{} of {cases} failed:\n{}", failures.len(), failures.join("\n"));
}

fn problem(found: &[Entity], start: u32, end: u32, label: &str, wanted: &str) -> Option<String> {
    if label == "none" {
        let touches = found.iter().any(|e| e.start < end && start < e.end);
        return touches.then(|| "is an entity".to_string());
    }
    if label == "no value" {
        let touches = found.iter().any(|e| e.label.is_value() && e.start < end && start < e.end);
        return touches.then(|| "is a value".to_string());
    }
    let Some(entity) = found.iter().find(|e| (e.start, e.end) == (start, end)) else {
        return Some("not found".into());
    };
    if entity.label.name() != label {
        return Some(format!("is {}", entity.label.name()));
    }
    let given = if entity.label.is_value() {
        entity.value.as_deref().unwrap_or("null")
    } else {
        entity.canonical.as_ref()
    };
    (!wanted.is_empty() && given != wanted).then(|| format!("is {given}, not {wanted}"))
}

fn described(text: &str, entity: &Entity) -> String {
    let words = &text[entity.start as usize..entity.end as usize];
    let value = entity.value.as_deref().unwrap_or(&entity.canonical);
    format!("[{words}] {} {value}", entity.label.name())
}
