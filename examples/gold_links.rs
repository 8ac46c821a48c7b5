//! Accuracy of canonical names of persons, organisations and places on annotated news.
//!
//! usage: cargo run --release --no-default-features --example gold_links -- GOLD.jsonl [--errors]
//! Twice: on the annotated spans, and on those that the finder found exactly. Names are compared as the scorer of the
//! shared folder compares them: folded, without punctuation, a generic head word and the article.

use std::collections::BTreeMap;

use rawabit::corpus::pipeline::{Depth, Engine, Workspace};
use rawabit::entity::link::Links;
use rawabit::entity::{Entity, Label};
use rawabit::lexicon::UserLexicon;

#[path = "gold/compared.rs"]
mod compared;
use compared::compared;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("wants a file")?;
    let shown = std::env::args().any(|a| a == "--errors");
    let links = Links::new(&UserLexicon::default())?;
    let engine = Engine::new(&UserLexicon::default())?;
    let mut workspace = Workspace::default();
    let mut counts: BTreeMap<(&str, &str), [usize; 2]> = BTreeMap::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let article: serde_json::Value = serde_json::from_str(line)?;
        let text = article["text"].as_str().unwrap_or("");
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let byte = |at: &serde_json::Value| places[at.as_u64().unwrap_or(0) as usize] as u32;
        let gold: Vec<(Label, u32, u32, &str)> = article["entities"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|e| {
                let label = Label::from_name(e["label"].as_str()?)?;
                Some((label, byte(&e["start"]), byte(&e["end"]), e["canonical"].as_str()?))
            })
            .collect();
        let mut entities: Vec<Entity> = gold
            .iter()
            .map(|&(label, start, end, _)| {
                let mut norm = text[start as usize..end as usize].to_string();
                if norm.starts_with('ل') && text[..start as usize].ends_with('ل') {
                    norm.insert(0, 'ا');
                }
                let canonical = norm.as_str().into();
                let (kind, code, value) = (None, None, None);
                Entity {
                    start,
                    end,
                    first: 0,
                    last: 1,
                    label,
                    norm,
                    canonical,
                    kind,
                    code,
                    english: None,
                    value,
                    score: 1.0,
                }
            })
            .collect();
        links.resolve(&mut entities);
        let found = engine.analyze(text, None, Depth::Entities, &mut workspace).entities;
        for (entity, &(label, start, end, wanted)) in entities.iter().zip(&gold) {
            if !matches!(label, Label::Per | Label::Org | Label::Loc | Label::Norp) {
                continue;
            }
            let right = compared(&entity.canonical) == compared(wanted);
            counts.entry(("annotated spans", label.name())).or_default()[usize::from(right)] += 1;
            if shown && !right {
                println!("{} {} → {} (wanted {wanted})", label.name(), entity.norm, entity.canonical);
            }
            if let Some(same) = found.iter().find(|e| (e.label, e.start, e.end) == (label, start, end)) {
                let right = compared(&same.canonical) == compared(wanted);
                counts.entry(("found spans", label.name())).or_default()[usize::from(right)] += 1;
            }
        }
    }
    for spans in ["annotated spans", "found spans"] {
        let mut all = [0, 0];
        for ((kind, label), [wrong, right]) in counts.iter().filter(|((kind, _), _)| *kind == spans) {
            println!("{kind:16} {label:14} {right} of {}", right + wrong);
            if *label != "NORP" {
                all = [all[0] + wrong, all[1] + right];
            }
        }
        let share = 100.0 * all[1] as f64 / (all[0] + all[1]).max(1) as f64;
        println!("{spans:16} PER+ORG+LOC    {} of {}: {share:.1} %", all[1], all[0] + all[1]);
    }
    Ok(())
}
