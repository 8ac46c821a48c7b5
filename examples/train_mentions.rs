//! Trains the ranker of antecedents on the arguments of annotated relations, and measures it.
//!
//! usage: cargo run --release --no-default-features --example train_mentions -- TRAIN.jsonl -o MODEL [--test GOLD.jsonl]…
//! [--show] prints the wrong answers of the test files with the rows of their options.
//!
//! An anaphor that is an annotated argument is one question; right is the option whose name is the annotated one, and
//! the anaphor's own words where no option is. Actors that anaphors have stood for count as mentioned, so the questions
//! depend on earlier answers: training goes two rounds. Reproducible: the same articles give the same bytes.

use std::collections::BTreeMap;

use std::sync::Arc;

use rawabit::entity::link::Links;
use rawabit::lexicon::words::WordIds;
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::mention::ranker::{Column, Ranker, Row};
use rawabit::mention::{Decision, Finder, Form};
use rawabit::segment::Document;
use rawabit::text::CodePoints;
use rawabit::trees::{Growth, Trees};
use serde_json::Value;

#[path = "gold/annotated.rs"]
mod annotated;
#[path = "gold/compared.rs"]
mod compared;
use annotated::annotated;
use compared::compared;

const FOLDS: usize = 5;
const ROUNDS: usize = 2;
const GROWTH: Growth = Growth { trees: 120, depth: 4, rate: 0.07, least: 20, l2: 10.0 };

/// One question: rows of its options and which of them are right.
struct Question {
    article: usize,
    form: Form,
    options: Vec<Arc<str>>,
    rows: Vec<Row>,
    right: Vec<bool>,
    /// Whether an option other than the words themselves is right.
    reachable: bool,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("wants a file")?;
    let after =
        |flag: &str| arguments.windows(2).filter(|w| w[0] == flag).map(|w| w[1].clone()).collect::<Vec<_>>();
    let growth = match after("--growth").first() {
        Some(text) => {
            let n: Vec<f32> = text.split(',').filter_map(|n| n.parse().ok()).collect();
            let [trees, depth, rate, least, l2] = n[..] else {
                return Err("--growth trees,depth,rate,least,l2".into());
            };
            Growth { trees: trees as usize, depth: depth as usize, rate, least: least as u32, l2 }
        }
        None => GROWTH,
    };
    let show = arguments.iter().any(|a| a == "--show");
    let mut ranker = Ranker { trees: Trees::default(), sharpness: 1.0 };
    for round in 0..ROUNDS {
        let questions = questions(path, &ranker, false)?;
        let (held_out, sharpness) = crossed(&questions, growth);
        println!("round {round}: {} questions", questions.len());
        report(&questions, &held_out);
        ranker = Ranker { trees: train(questions.iter(), growth), sharpness };
        for test in after("--test") {
            let questions = self::questions(&test, &ranker, show && round + 1 == ROUNDS)?;
            let chances: Vec<Vec<f32>> = questions.iter().map(|q| chances(&ranker, q)).collect();
            println!("{test}");
            report(&questions, &chances);
        }
    }
    if let Some(out) = after("-o").first() {
        std::fs::write(out, ranker.to_bytes())?;
        println!(
            "{out}: {} bytes, {} columns, sharpness {:.2}",
            ranker.to_bytes().len(),
            Column::ALL.len(),
            ranker.sharpness
        );
    }
    Ok(())
}

/// The questions of a file, as they are met with `ranker`.
fn questions(path: &str, ranker: &Ranker, show: bool) -> Result<Vec<Question>, Box<dyn std::error::Error>> {
    let user = UserLexicon::default();
    let links = Links::new(&user)?;
    let mut words = Words::default();
    let finder = Finder::with_ranker(&mut words, ranker.clone())?;
    let mut questions = Vec::new();
    for (number, line) in std::fs::read_to_string(path)?.lines().enumerate() {
        let article: Value = serde_json::from_str(line)?;
        let text = article["text"].as_str().ok_or("no text")?;
        let document = Document::new(text);
        let names = annotated(&article, &document, &links);
        let mut ids = WordIds::default();
        ids.update(&words, &document);
        let decisions = finder.decisions(&document, &ids, &names);
        let points = CodePoints::new(text);
        let byte = |at: &Value| points.to_byte(text, at.as_u64().unwrap_or(0) as usize) as u32;
        // What is annotated for each span: two names for a dual.
        let mut answers: BTreeMap<(u32, u32), (Vec<String>, bool)> = BTreeMap::new();
        for relation in article["relations"].as_array().into_iter().flatten() {
            for side in ["source", "target"] {
                let side = &relation[side];
                let answer = answers.entry((byte(&side["start"]), byte(&side["end"]))).or_default();
                let wanted = compared(side["resolved"].as_str().unwrap_or(""));
                answer.1 |= wanted == compared(side["text"].as_str().unwrap_or(""));
                answer.0.push(wanted);
            }
        }
        for (span, (wanted, itself)) in &answers {
            let question = question(number, &decisions, *span, wanted, *itself);
            if let Some(question) = &question
                && show
                && !question.right[Ranker::choice(&chances(ranker, question), question.form == Form::Pronoun)]
            {
                print_question(text, *span, wanted, question, &chances(ranker, question));
            }
            questions.extend(question);
        }
    }
    Ok(questions)
}

/// The question that an argument asks: of the mentions on its span the one that has the answer among its options.
fn question(
    article: usize,
    decisions: &[Decision],
    span: (u32, u32),
    wanted: &[String],
    itself: bool,
) -> Option<Question> {
    let at: Vec<&Decision> = decisions.iter().filter(|d| (d.start, d.end) == span).collect();
    let answers =
        |d: &Decision| d.options[..d.options.len() - 1].iter().any(|name| wanted.contains(&compared(name)));
    let decision = match at.iter().find(|d| answers(d)) {
        Some(decision) => decision,
        None => at.iter().find(|d| !d.owned || itself)?,
    };
    let mut right: Vec<bool> = decision.options.iter().map(|name| wanted.contains(&compared(name))).collect();
    let last = right.len() - 1;
    let reachable = right[..last].iter().any(|r| *r);
    right[last] = !reachable;
    Some(Question {
        article,
        form: decision.form,
        options: decision.options.clone(),
        rows: decision.rows.clone(),
        right,
        reachable,
    })
}

fn train<'a>(questions: impl Iterator<Item = &'a Question>, growth: Growth) -> Trees {
    let (mut rows, mut right) = (Vec::new(), Vec::new());
    for question in questions {
        rows.extend_from_slice(&question.rows);
        right.extend_from_slice(&question.right);
    }
    Trees::train(&rows, &right, growth)
}

fn chances(ranker: &Ranker, question: &Question) -> Vec<f32> {
    let mut out = Vec::new();
    ranker.probabilities(&question.rows, &mut out);
    out
}

/// Probabilities of every question's options by trees that have not seen its article, and the sharpness that makes
/// them likeliest.
fn crossed(questions: &[Question], growth: Growth) -> (Vec<Vec<f32>>, f32) {
    let folds: Vec<Trees> = (0..FOLDS)
        .map(|fold| train(questions.iter().filter(|q| q.article % FOLDS != fold), growth))
        .collect();
    let all = |sharpness: f32| -> Vec<Vec<f32>> {
        let rankers: Vec<Ranker> =
            folds.iter().map(|trees| Ranker { trees: trees.clone(), sharpness }).collect();
        questions.iter().map(|q| chances(&rankers[q.article % FOLDS], q)).collect()
    };
    let loss = |sharpness: f32| -> f64 {
        let chance = |(q, c): (&Question, &Vec<f32>)| {
            let right: f32 = q.right.iter().zip(c).filter(|(r, _)| **r).map(|(_, c)| *c).sum();
            -f64::from(right.max(1e-6)).ln()
        };
        questions.iter().zip(&all(sharpness)).map(chance).sum()
    };
    let candidates = (4..=20).map(|i| i as f32 * 0.1);
    let sharpness = candidates.min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(1.0);
    (all(sharpness), sharpness)
}

fn best(question: &Question, chances: &[f32]) -> usize {
    Ranker::choice(chances, question.form == Form::Pronoun)
}

/// One wrong answer: the words around, and the options with what their rows say.
fn print_question(text: &str, span: (u32, u32), wanted: &[String], question: &Question, chances: &[f32]) {
    let before: String = text[..span.0 as usize].chars().rev().take(70).collect();
    let before: String = before.chars().rev().collect();
    let after: String = text[span.1 as usize..].chars().take(30).collect();
    println!("? {before}[[{}]]{after} → {wanted:?}", &text[span.0 as usize..span.1 as usize]);
    for ((name, chance), row) in question.options.iter().zip(chances).zip(&question.rows) {
        let filled = row.iter().enumerate().filter(|(_, v)| **v != 0.0).map(|(at, v)| format!("{at}:{v}"));
        println!("    {chance:.2} {name}  {}", filled.collect::<Vec<_>>().join(" "));
    }
}

/// Print how often the likeliest option is right, by form, and how honest the probabilities are.
fn report(questions: &[Question], chances: &[Vec<f32>]) {
    for (name, form) in [
        ("all", None),
        ("pronoun", Some(Form::Pronoun)),
        ("anaphor", Some(Form::Anaphor)),
        ("nominal", Some(Form::Nominal)),
    ] {
        let of: Vec<(&Question, &Vec<f32>)> =
            questions.iter().zip(chances).filter(|(q, _)| form.is_none_or(|f| f == q.form)).collect();
        let is_right = |(q, c): &(&Question, &Vec<f32>)| q.right[best(q, c)];
        let right = of.iter().filter(|q| is_right(q)).count();
        let reachable = of.iter().filter(|(q, _)| q.reachable).count();
        let resolved = of.iter().filter(|q| q.0.reachable && is_right(q)).count();
        let share = |n: usize, all: usize| 100.0 * n as f64 / all.max(1) as f64;
        println!(
            "  {name:8} {:5}  right {:5.1}  reachable {reachable:5}, of these right {:5.1}",
            of.len(),
            share(right, of.len()),
            share(resolved, reachable)
        );
    }
    let mut bins = [(0usize, 0usize, 0f64); 10];
    for (q, c) in questions.iter().zip(chances) {
        let at = best(q, c);
        let bin = &mut bins[((c[at] * 10.0) as usize).min(9)];
        bin.0 += 1;
        bin.1 += q.right[at] as usize;
        bin.2 += c[at] as f64;
    }
    let error: f64 = bins.iter().map(|(_, right, sum)| (*right as f64 - sum).abs()).sum();
    println!("  calibration error {:.3}", error / questions.len().max(1) as f64);
    for (n, right, sum) in bins.iter().filter(|b| b.0 > 0) {
        print!("  {:.2}→{:.2} ({n})", sum / *n as f64, *right as f64 / *n as f64);
    }
    println!();
}
