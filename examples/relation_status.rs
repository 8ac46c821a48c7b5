//! How well triggers and their status agree with annotated articles.
//!
//! `cargo run --release --no-default-features --example relation_status -- recall|status GOLD.jsonl…`

use std::collections::BTreeMap;
use std::time::Instant;

use rawabit::lexicon::words::WordIds;
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::relation::family::Families;
use rawabit::relation::trigger::Triggers;
use rawabit::segment::Document;
use serde_json::Value;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let articles: Vec<Value> = arguments[1..].iter().flat_map(|path| read(path)).collect();
    recall(&articles);
}

fn read(path: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines().map(|line| serde_json::from_str(line).expect(path)).collect()
}

/// Byte offsets of a gold span, which counts code points.
fn bytes(text: &str, span: &Value) -> (u32, u32) {
    let byte = |key| {
        let wanted = span[key].as_u64().unwrap() as usize;
        text.char_indices().nth(wanted).map_or(text.len(), |(at, _)| at) as u32
    };
    (byte("start"), byte("end"))
}

/// A name for an entry: its lemma and number.
fn line_of(triggers: &Triggers, entry: u32) -> String {
    format!("{}#{entry}", triggers.entry(entry).lemma)
}

fn recall(articles: &[Value]) {
    let user = UserLexicon::default();
    let families = Families::new(&user).unwrap();
    let begin = Instant::now();
    let mut words = Words::default();
    let triggers = Triggers::new(&mut words, &families, &user).unwrap();
    println!("{} entries, {} words, built in {:?}", triggers.entries().len(), words.len(), begin.elapsed());
    let (mut ids, mut found) = (WordIds::default(), Vec::new());
    let (mut gold, mut hit, mut right, mut spans, mut records, mut tokens) = (0, 0, 0, 0, 0, 0);
    let mut missed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut other: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut unused: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for article in articles {
        let text = article["text"].as_str().unwrap();
        let document = Document::new(text);
        ids.update(&words, &document);
        triggers.find(&document, &ids, &mut found);
        tokens += document.tokens.len();
        records += found.len();
        let mut last = u32::MAX;
        for trigger in &found {
            spans += (trigger.first != last) as usize;
            last = trigger.first;
            unused.entry(line_of(&triggers, trigger.entry)).or_default().0 += 1;
        }
        for relation in article["relations"].as_array().unwrap() {
            let (start, end) = bytes(text, &relation["trigger"]);
            let family = relation["family"].as_str().unwrap();
            let here: Vec<_> = found.iter().filter(|t| t.start < end && start < t.end).collect();
            gold += 1;
            hit += !here.is_empty() as usize;
            let id = families.id(family).unwrap();
            let of_family: Vec<_> =
                here.iter().filter(|t| triggers.entry(t.entry).families.contains(id)).collect();
            right += !of_family.is_empty() as usize;
            for trigger in &of_family {
                unused.entry(line_of(&triggers, trigger.entry)).or_default().1 += 1;
            }
            let words = relation["trigger"]["text"].as_str().unwrap().to_string();
            if here.is_empty() {
                missed.entry(family.into()).or_default().push(words);
            } else if of_family.is_empty() {
                other.entry(family.into()).or_default().push(words);
            }
        }
    }
    println!(
        "{gold} gold: found {:.1}%, with the family {:.1}%; {:.2} spans and {:.2} records a gold trigger; {tokens} tokens",
        100.0 * hit as f64 / gold as f64,
        100.0 * right as f64 / gold as f64,
        spans as f64 / gold as f64,
        records as f64 / gold as f64,
    );
    for (title, list) in [("missed", &missed), ("other family", &other)] {
        for (family, words) in list {
            println!("{title} {family} {}: {}", words.len(), words.join("، "));
        }
    }
    let mut unused: Vec<_> =
        unused.into_iter().filter(|(_, (all, right))| *all > 8 && right * 40 < *all).collect();
    unused.sort_by_key(|(_, (all, right))| *right as i64 - *all as i64);
    let line: Vec<String> =
        unused.iter().map(|(lemma, (all, right))| format!("{lemma} {right}/{all}")).collect();
    println!("seldom right: {}", line.join("، "));
}
