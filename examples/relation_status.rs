//! Measures triggers and their status on annotated articles, and trains the model of factuality.
//!
//! ```text
//! relation_status recall GOLD.jsonl…            how many annotated triggers the lexicon finds
//! relation_status status GOLD.jsonl…            factuality, negation and attribution of annotated triggers
//! relation_status train TRAIN.jsonl -o MODEL    train the model of factuality
//! ```
//!
//! Reproducible: the same articles give the same bytes.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use rawabit::entity;
use rawabit::lexicon::words::WordIds;
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::loglinear::{self, Features, Model, Training};
use rawabit::mention;
use rawabit::relation::Factuality;
use rawabit::relation::attribution::Attributions;
use rawabit::relation::factuality::{Cues, MODEL_BITS};
use rawabit::relation::family::{Families, FamilyId};
use rawabit::relation::trigger::{Trigger, Triggers};
use rawabit::segment::Document;
use serde_json::Value;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let output = arguments.iter().position(|a| a == "-o").and_then(|at| arguments.get(at + 1));
    let paths = arguments[1..].iter().filter(|a| *a != "-o" && Some(*a) != output);
    let articles: Vec<Value> = paths.flat_map(|path| read(path)).collect();
    match (arguments[0].as_str(), output) {
        ("recall", _) => recall(&articles),
        ("status", _) => status(&articles, std::env::var_os("ERRORS").is_some()),
        ("train", Some(output)) => train(&articles, output),
        _ => panic!("recall, status, or train with -o"),
    }
}

/// An annotated relation with the trigger that the lexicon finds for it.
struct Example {
    trigger: Trigger,
    family: FamilyId,
    factuality: Factuality,
    negated: bool,
    attributed: bool,
    text: String,
}

struct Rooms {
    words: Words,
    families: Families,
    triggers: Triggers,
    cues: Cues,
    attributions: Attributions,
    entities: entity::Finder,
    mentions: mention::Finder,
}

impl Rooms {
    fn new() -> Rooms {
        let user = UserLexicon::default();
        let mut words = Words::default();
        let families = Families::new(&user).unwrap();
        let entities = entity::Finder::new(&mut words, &user).unwrap();
        let mentions = mention::Finder::new(&mut words, &user).unwrap();
        let triggers = Triggers::new(&mut words, &families, &user).unwrap();
        let cues = Cues::new(&mut words).unwrap();
        let attributions = Attributions::new(&mut words).unwrap();
        Rooms { words, families, triggers, cues, attributions, entities, mentions }
    }

    /// The annotated relations whose trigger the lexicon finds.
    fn examples(&self, article: &Value, document: &Document, ids: &WordIds) -> Vec<Example> {
        let mut found = Vec::new();
        self.triggers.find(document, ids, &mut found);
        let mut examples = Vec::new();
        for relation in article["relations"].as_array().unwrap() {
            let (start, end) = bytes(&document.text, &relation["trigger"]);
            let family = self.families.id(relation["family"].as_str().unwrap()).unwrap();
            let here = found.iter().filter(|t| t.start < end && start < t.end);
            let Some(trigger) = here.max_by_key(|t| self.triggers.entry(t.entry).families.contains(family))
            else {
                continue;
            };
            let name = relation["factuality"].as_str().unwrap();
            examples.push(Example {
                trigger: *trigger,
                family,
                factuality: Factuality::ALL.into_iter().find(|f| f.name() == name).unwrap(),
                negated: relation["negated"].as_bool().unwrap(),
                attributed: relation["attribution"].is_string(),
                text: relation["attribution"].as_str().unwrap_or("").to_string(),
            });
        }
        examples
    }
}

fn train(articles: &[Value], output: &str) {
    let rooms = Rooms::new();
    let (mut ids, mut features, mut examples) = (WordIds::default(), Features::default(), Vec::new());
    for article in articles {
        let document = Document::new(article["text"].as_str().unwrap());
        ids.update(&rooms.words, &document);
        for example in rooms.examples(article, &document, &ids) {
            rooms.cues.features(&document, &ids, &example.trigger, example.family, &mut features);
            // Three in four claims of the training news are certain; the weights keep the rest from drowning.
            let weight = if example.factuality == Factuality::Certain { 1.0 } else { HEDGED };
            let class = example.factuality as usize;
            examples.push(loglinear::Example { features: features.hashes().to_vec(), class, weight });
        }
    }
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for hash in examples.iter().flat_map(|e| &e.features) {
        *counts.entry(*hash).or_default() += 1;
    }
    // Features of few examples are learned by heart and tell nothing of other articles.
    for example in &mut examples {
        example.features.retain(|hash| counts[hash] >= SUPPORT);
    }
    let training = Training { epochs: 8, rate: 0.03, l2: 1e-3, seed: 7 };
    let model = Model::train(&examples, Factuality::ALL.len(), MODEL_BITS, training);
    std::fs::write(output, model.to_bytes()).unwrap();
    println!("{} examples", examples.len());
}

/// Weight of a training example that is not certain.
const HEDGED: f32 = 2.2;
/// Examples that a feature must have.
const SUPPORT: usize = 3;

/// Right, spurious and missed, for an F1.
#[derive(Default)]
struct Counts([usize; 3]);

impl Counts {
    fn add(&mut self, predicted: bool, gold: bool) {
        match (predicted, gold) {
            (true, true) => self.0[0] += 1,
            (true, false) => self.0[1] += 1,
            (false, true) => self.0[2] += 1,
            _ => {}
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let [right, spurious, missed] = self.0;
        let f1 = 200.0 * right as f64 / (2 * right + spurious + missed).max(1) as f64;
        write!(f, "F1 {f1:.1}% ({right} right, {spurious} spurious, {missed} missed)")
    }
}

fn status(articles: &[Value], errors: bool) {
    let rooms = Rooms::new();
    let mut ids = WordIds::default();
    let mut confusion = [[0usize; 4]; 4];
    let (mut negation, mut attribution) = (Counts::default(), Counts::default());
    let (mut same, mut claims) = (0, Vec::new());
    for article in articles {
        let text = article["text"].as_str().unwrap();
        let document = Document::new(text);
        ids.update(&rooms.words, &document);
        let entities = rooms.entities.find(&document, &ids, None);
        let mentions = rooms.mentions.find(&document, &ids, &entities);
        rooms.attributions.find(&document, &ids, &mentions, &mut claims);
        for example in rooms.examples(article, &document, &ids) {
            let trigger = &example.trigger;
            let status = rooms.cues.status(&document, &ids, trigger, example.family);
            confusion[example.factuality as usize][status.factuality as usize] += 1;
            negation.add(status.negated, example.negated);
            let source = rooms.attributions.source(&claims, trigger);
            attribution.add(source.is_some(), example.attributed);
            let words = source.map_or("", |s| &text[s.start as usize..s.end as usize]);
            let overlaps = example.attributed
                && source.is_some()
                && (words.contains(&example.text)
                    || example.text.split(' ').any(|w| w.len() > 6 && words.contains(w)));
            same += overlaps as usize;
            if errors {
                let show = |what: &str| {
                    let begin = floor(text, trigger.start.saturating_sub(330) as usize);
                    let end = floor(text, (trigger.end as usize + 90).min(text.len()));
                    let (before, after) =
                        (&text[begin..trigger.start as usize], &text[trigger.end as usize..end]);
                    let word = &text[trigger.start as usize..trigger.end as usize];
                    println!("{what} | {}", format!("{before}[{word}]{after}").replace('\n', "⏎"));
                };
                if status.factuality != example.factuality {
                    show(&format!("FACT {}, not {}", status.factuality.name(), example.factuality.name()));
                }
                if status.negated != example.negated {
                    show(&format!("NEG {}", status.negated));
                }
                if source.is_some() != example.attributed {
                    show(&format!("ATT <{words}> not <{}>", example.text));
                }
            }
        }
    }
    let right: usize = (0..4).map(|i| confusion[i][i]).sum();
    let all: usize = confusion.iter().flatten().sum();
    println!(
        "factuality {:.1}% of {all}; rows certain, probable, possible, unknown: {confusion:?}",
        100.0 * right as f64 / all as f64
    );
    println!("negation {negation}");
    println!("attribution {attribution}; right source {same}");
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
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
