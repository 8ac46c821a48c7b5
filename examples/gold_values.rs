//! Exact-span scores of dates, times, numbers, percents and money on annotated news.
//!
//! usage: cargo run --release --no-default-features --example gold_values -- GOLD.jsonl [LABEL]
//! With a label, prints every span missed and every span too many, with its surroundings.

use std::collections::{BTreeMap, BTreeSet};

use rawabit::corpus::pipeline::{Depth, Engine, Workspace};
use rawabit::entity::Day;
use rawabit::lexicon::UserLexicon;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("wants a file")?;
    let shown = arguments.next();
    let engine = Engine::new(&UserLexicon::default())?;
    let mut workspace = Workspace::default();
    let mut counts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let article: serde_json::Value = serde_json::from_str(line)?;
        let text = article["text"].as_str().unwrap_or("");
        let date = article["date"].as_str().and_then(Day::from_iso);
        let analyzed = engine.analyze(text, date, Depth::Entities, &mut workspace);
        let bytes = |at: &serde_json::Value| {
            let at = at.as_u64().unwrap_or(0) as usize;
            text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
        };
        let gold: BTreeSet<(String, usize, usize)> = article["entities"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| (e["label"].as_str().unwrap_or("").to_string(), bytes(&e["start"]), bytes(&e["end"])))
            .collect();
        let found: BTreeSet<(String, usize, usize)> = analyzed
            .entities
            .iter()
            .filter(|e| e.label.is_value())
            .map(|e| (e.label.name().to_string(), e.start as usize, e.end as usize))
            .collect();
        let values: BTreeSet<_> = gold
            .iter()
            .filter(|g| ["DATE", "TIME", "NUMBER", "PERCENT", "MONEY"].contains(&&*g.0))
            .cloned()
            .collect();
        for span in values.intersection(&found) {
            counts.entry(span.0.clone()).or_default()[0] += 1;
        }
        for (kind, sign, spans) in [(1, '+', found.difference(&values)), (2, '-', values.difference(&found))]
        {
            for span in spans {
                counts.entry(span.0.clone()).or_default()[kind] += 1;
                if shown.as_ref().is_some_and(|label| *label == span.0) {
                    let before: String =
                        text[..span.1].chars().rev().take(28).collect::<Vec<_>>().iter().rev().collect();
                    let after: String = text[span.2..].chars().take(22).collect();
                    println!("{sign} {before}[{}]{after}", &text[span.1..span.2].replace('\n', "/"));
                }
            }
        }
    }
    let mut total = [0; 3];
    for (label, c) in &counts {
        report(label, *c);
        if label != "TIME" {
            (0..3).for_each(|i| total[i] += c[i]);
        }
    }
    report("all but TIME", total);
    Ok(())
}

fn report(name: &str, [hit, extra, missed]: [usize; 3]) {
    let (p, r) = (hit as f64 / (hit + extra).max(1) as f64, hit as f64 / (hit + missed).max(1) as f64);
    let f = 2.0 * p * r / (p + r).max(1e-9);
    println!("{name:12} P {:5.1} R {:5.1} F1 {:5.1}  gold {}", 100.0 * p, 100.0 * r, 100.0 * f, hit + missed);
}
