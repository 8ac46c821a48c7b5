//! How many annotated arguments of relations are mentions, and whether they are resolved as annotated.
//!
//! usage: cargo run --release --no-default-features --example gold_mentions -- GOLD.jsonl [--engine] [--errors CLASS]
//! Names are the annotated ones, or with `--engine` those that the finder finds. CLASS: named, described, referring, all.
//! An argument is *named* where an annotated entity stands on its span, *referring* where its resolution is another
//! text than its words, else *described*. *Covered*: a mention overlaps it; *exact*: one has its very span; *resolved*:
//! one that overlaps it has its canonical name.

use std::collections::BTreeMap;

use rawabit::corpus::pipeline::{Depth, Engine, Workspace};
use rawabit::entity::Entity;
use rawabit::entity::link::Links;
use rawabit::lexicon::words::WordIds;
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::mention::{Finder, Mention};
use rawabit::segment::Document;
use rawabit::text::CodePoints;
use serde_json::Value;

#[path = "gold/annotated.rs"]
mod annotated;
#[path = "gold/compared.rs"]
mod compared;
use annotated::annotated;
use compared::compared;

#[derive(Default, Clone, Copy)]
struct Counts {
    all: usize,
    covered: usize,
    exact: usize,
    resolved: usize,
}

struct Argument<'a> {
    span: (u32, u32),
    text: &'a str,
    resolved: &'a str,
}

fn class(argument: &Argument, entities: &[Entity]) -> &'static str {
    let named = |e: &Entity| !e.label.is_value() && (e.start, e.end) == argument.span;
    if entities.iter().any(named) {
        "named"
    } else if compared(argument.text) != compared(argument.resolved) {
        "referring"
    } else {
        "described"
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("wants a file")?;
    let shown = arguments.iter().position(|a| a == "--errors").and_then(|at| arguments.get(at + 1));
    let with_engine = arguments.iter().any(|a| a == "--engine");
    let user = UserLexicon::default();
    let engine = Engine::new(&user)?;
    let links = Links::new(&user)?;
    let mut words = Words::default();
    let finder = Finder::new(&mut words, &user)?;
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut mentions_in_all = 0;
    for line in std::fs::read_to_string(path)?.lines() {
        let article: Value = serde_json::from_str(line)?;
        let text = article["text"].as_str().ok_or("no text")?;
        let document = Document::new(text);
        let gold = annotated(&article, &document, &links);
        let mentions = if with_engine {
            engine.analyze(text, None, Depth::Relations, &mut Workspace::default()).mentions
        } else {
            let mut ids = WordIds::default();
            ids.update(&words, &document);
            finder.find(&document, &ids, &gold)
        };
        mentions_in_all += mentions.len();
        let points = CodePoints::new(text);
        let byte = |at: &Value| points.to_byte(text, at.as_u64().unwrap_or(0) as usize) as u32;
        for relation in article["relations"].as_array().into_iter().flatten() {
            for side in ["source", "target"] {
                let side = &relation[side];
                let argument = Argument {
                    span: (byte(&side["start"]), byte(&side["end"])),
                    text: side["text"].as_str().unwrap_or(""),
                    resolved: side["resolved"].as_str().unwrap_or(""),
                };
                let class = class(&argument, &gold);
                let outcome = count(counts.entry(class).or_default(), &argument, &mentions);
                if let Some(outcome) = outcome.filter(|_| shown.is_some_and(|s| s == class || s == "all")) {
                    let around = around(text, argument.span);
                    let trigger = relation["trigger"]["text"].as_str().unwrap_or("");
                    println!(
                        "{class}\t{outcome}\t{}\t→ {}\t[{trigger}]\t{around}",
                        argument.text, argument.resolved
                    );
                }
            }
        }
    }
    let mut sum = Counts::default();
    for (name, c) in &counts {
        print(name, c);
        sum.all += c.all;
        sum.covered += c.covered;
        sum.exact += c.exact;
        sum.resolved += c.resolved;
    }
    print("all", &sum);
    println!("mentions {mentions_in_all}");
    Ok(())
}

fn print(name: &str, c: &Counts) {
    let share = |n: usize| 100.0 * n as f64 / c.all.max(1) as f64;
    println!(
        "{name:10} {:6}  covered {:5.1}  exact {:5.1}  resolved {:5.1}",
        c.all,
        share(c.covered),
        share(c.exact),
        share(c.resolved)
    );
}

/// Count one argument; what is wrong with it, if anything is.
fn count(counts: &mut Counts, argument: &Argument, mentions: &[Mention]) -> Option<String> {
    counts.all += 1;
    let over: Vec<&Mention> =
        mentions.iter().filter(|m| m.start < argument.span.1 && argument.span.0 < m.end).collect();
    let exact = over.iter().any(|m| (m.start, m.end) == argument.span);
    let wanted = compared(argument.resolved);
    let resolved = over.iter().any(|m| compared(&m.resolved) == wanted);
    counts.covered += usize::from(!over.is_empty());
    counts.exact += usize::from(exact);
    counts.resolved += usize::from(resolved);
    let found: Vec<String> = over.iter().map(|m| format!("{}:{}", m.form.name(), m.resolved)).collect();
    let found = found.join(" | ");
    match (over.is_empty(), exact, resolved) {
        (true, ..) => Some("missing".into()),
        (_, true, true) => None,
        (_, true, false) => Some(format!("antecedent ({found})")),
        (_, false, true) => Some(format!("span ({found})")),
        (_, false, false) => Some(format!("both ({found})")),
    }
}

fn around(text: &str, (start, end): (u32, u32)) -> String {
    let before: String = text[..start as usize].chars().rev().take(60).collect();
    let before: String = before.chars().rev().collect();
    let after: String = text[end as usize..].chars().take(60).collect();
    format!("{before}[[{}]]{after}", &text[start as usize..end as usize]).replace('\n', " ⏎ ")
}
