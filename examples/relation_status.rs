//! Measures triggers and their status on annotated articles, and trains the models of factuality and attribution.
//!
//! ```text
//! relation_status recall GOLD.jsonl…            how many annotated triggers the lexicon finds
//! relation_status status GOLD.jsonl…            factuality, negation and attribution of annotated triggers
//! relation_status cross GOLD.jsonl…             the same in five folds, with models trained on the other four
//! relation_status train TRAIN.jsonl -o FOLDER   train status.model and attribution.model
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
use rawabit::relation::attribution::{self, Attributions, Claim};
use rawabit::relation::factuality::{self, Cues};
use rawabit::relation::family::{Families, FamilyId};
use rawabit::relation::trigger::{Trigger, Triggers};
use rawabit::relation::{Factuality, stands_for};
use rawabit::segment::Document;
use serde_json::Value;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let output = arguments.iter().position(|a| a == "-o").and_then(|at| arguments.get(at + 1));
    let paths = arguments[1..].iter().filter(|a| *a != "-o" && Some(*a) != output);
    let articles: Vec<Value> = paths.flat_map(|path| read(path)).collect();
    let all: Vec<&Value> = articles.iter().collect();
    match (arguments[0].as_str(), output) {
        ("recall", _) => recall(&articles),
        ("status", _) => {
            let mut figures = Figures::default();
            figures.add(&Rooms::new(None), &all);
            figures.print();
        }
        ("cross", _) => cross(&all),
        ("train", Some(output)) => train(&all, output),
        _ => panic!("recall, status, cross, or train with -o"),
    }
}

/// An annotated relation with the trigger that the lexicon finds for it.
struct Example {
    trigger: Trigger,
    family: FamilyId,
    factuality: Factuality,
    negated: bool,
    /// The annotated source of the claim; empty where there is none.
    attribution: String,
    /// The claims that the trigger stands in, and whether their sources are the relation's own first actor.
    claims: Vec<(Claim, bool)>,
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

/// The models of factuality and of attribution.
type Models = (Model, Model);

/// An article as the rooms before see it.
struct Article<'a> {
    text: &'a str,
    document: Document,
    ids: WordIds,
    examples: Vec<Example>,
}

impl Rooms {
    /// With the shipped models, or with these.
    fn new(models: Option<Models>) -> Rooms {
        let user = UserLexicon::default();
        let mut words = Words::default();
        let families = Families::new(&user).unwrap();
        let entities = entity::Finder::new(&mut words, &user).unwrap();
        let mentions = mention::Finder::new(&mut words, &user).unwrap();
        let triggers = Triggers::new(&mut words, &families, &user).unwrap();
        let (cues, attributions) = match models {
            None => (Cues::new(&mut words).unwrap(), Attributions::new(&mut words).unwrap()),
            Some((factuality, attribution)) => (
                Cues::with_model(&mut words, Some(factuality)).unwrap(),
                Attributions::with_model(&mut words, Some(attribution)).unwrap(),
            ),
        };
        Rooms { words, families, triggers, cues, attributions, entities, mentions }
    }

    fn read<'a>(&self, article: &'a Value) -> Article<'a> {
        let text = article["text"].as_str().unwrap();
        let document = Document::new(text);
        let mut ids = WordIds::default();
        ids.update(&self.words, &document);
        let examples = self.examples(article, &document, &ids);
        Article { text, document, ids, examples }
    }

    /// The annotated relations whose trigger the lexicon finds.
    fn examples(&self, article: &Value, document: &Document, ids: &WordIds) -> Vec<Example> {
        let (mut found, mut claims) = (Vec::new(), Vec::new());
        self.triggers.find(document, ids, &mut found);
        let entities = self.entities.find(document, ids, None);
        let mentions = self.mentions.find(document, ids, &entities);
        self.attributions.find(document, ids, &mentions, &mut claims);
        let mut examples = Vec::new();
        for relation in article["relations"].as_array().unwrap() {
            let (start, end) = bytes(&document.text, &relation["trigger"]);
            let family = self.families.id(relation["family"].as_str().unwrap()).unwrap();
            let here = found.iter().filter(|t| t.start < end && start < t.end);
            let Some(trigger) = here.max_by_key(|t| self.triggers.entry(t.entry).families.contains(family))
            else {
                continue;
            };
            let actor = bytes(&document.text, &relation["source"]);
            let actor = mentions.iter().find(|m| m.start < actor.1 && actor.0 < m.end);
            let is_own = |span| actor.is_some_and(|m| stands_for(m, span, &mentions));
            let around = self.attributions.around(&claims, trigger);
            let around = around.into_iter().map(|claim| (claim, is_own(claim.source))).collect();
            let name = relation["factuality"].as_str().unwrap();
            examples.push(Example {
                trigger: *trigger,
                family,
                factuality: Factuality::ALL.into_iter().find(|f| f.name() == name).unwrap(),
                negated: relation["negated"].as_bool().unwrap(),
                attribution: relation["attribution"].as_str().unwrap_or("").to_string(),
                claims: around,
            });
        }
        examples
    }

    /// Train both models on `articles`.
    fn train(&self, articles: &[&Value]) -> Models {
        let (mut features, mut factuality, mut attribution) = (Features::default(), Vec::new(), Vec::new());
        for article in articles {
            let Article { text, document, ids, examples } = self.read(article);
            for Example { trigger, family, factuality: class, attribution: source, claims, .. } in &examples {
                self.cues.features(&document, &ids, trigger, *family, &mut features);
                // Three in four claims of the training news are certain; the weights keep the rest from drowning.
                let weight = if *class == Factuality::Certain { 1.0 } else { HEDGED };
                let class = *class as usize;
                factuality.push(loglinear::Example { features: features.hashes().to_vec(), class, weight });
                let right = right_claim(text, claims, source);
                for (depth, (claim, own)) in claims.iter().enumerate() {
                    let room = &self.attributions;
                    room.describe(&document, claim, depth, trigger, *family, *own, &mut features);
                    let class = (right == Some(depth)) as usize;
                    let weight = if class == 1 { SOURCED } else { 1.0 };
                    let features = features.hashes().to_vec();
                    attribution.push(loglinear::Example { features, class, weight });
                    if class == 1 {
                        break;
                    }
                }
            }
        }
        for examples in [&mut factuality, &mut attribution] {
            drop_rare(examples);
        }
        println!("{} examples of factuality, {} of attribution", factuality.len(), attribution.len());
        let training = Training { epochs: 20, rate: 0.015, l2: 5e-3, seed: 7 };
        (
            Model::train(&factuality, Factuality::ALL.len(), factuality::MODEL_BITS, training),
            Model::train(&attribution, attribution::MODEL_CLASSES, attribution::MODEL_BITS, training),
        )
    }
}

/// Which of the claims around a trigger is the annotated source's: the innermost of that name, else the innermost.
fn right_claim(text: &str, claims: &[(Claim, bool)], annotated: &str) -> Option<usize> {
    let words = |claim: &Claim| &text[claim.source.start as usize..claim.source.end as usize];
    let named = claims.iter().position(|(claim, _)| is_same(words(claim), annotated));
    named.or((!annotated.is_empty() && !claims.is_empty()).then_some(0))
}

/// Features of few examples are learned by heart and tell nothing of other articles.
fn drop_rare(examples: &mut [loglinear::Example]) {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for hash in examples.iter().flat_map(|e| &e.features) {
        *counts.entry(*hash).or_default() += 1;
    }
    for example in examples {
        example.features.retain(|hash| counts[hash] >= SUPPORT);
    }
}

/// Write both models into the folder `output`.
fn train(articles: &[&Value], output: &str) {
    let (factuality, attribution) = Rooms::new(None).train(articles);
    std::fs::write(format!("{output}/status.model"), factuality.to_bytes()).unwrap();
    std::fs::write(format!("{output}/attribution.model"), attribution.to_bytes()).unwrap();
}

/// Every article read by models trained on the other folds.
fn cross(articles: &[&Value]) {
    let mut figures = Figures::default();
    for fold in 0..FOLDS {
        let part = |held: bool| {
            let of = articles.iter().enumerate().filter(|(i, _)| (i % FOLDS == fold) == held);
            of.map(|(_, article)| *article).collect::<Vec<_>>()
        };
        let models = Rooms::new(None).train(&part(false));
        figures.add(&Rooms::new(Some(models)), &part(true));
    }
    figures.print();
}

/// Parts of a cross-validation.
const FOLDS: usize = 5;
/// Weight of a training example that is not certain.
const HEDGED: f32 = 2.2;
/// Weight of a training example whose claim is its source's.
const SOURCED: f32 = 1.6;
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

/// How often the status of annotated triggers is read right.
#[derive(Default)]
struct Figures {
    /// Annotated by read.
    confusion: [[usize; 4]; 4],
    negation: Counts,
    attribution: Counts,
    same_source: usize,
}

impl Figures {
    fn add(&mut self, rooms: &Rooms, articles: &[&Value]) {
        let errors = std::env::var_os("ERRORS").is_some();
        for article in articles {
            let Article { text, document, ids, examples } = rooms.read(article);
            for example in examples {
                let trigger = &example.trigger;
                let status = rooms.cues.status(&document, &ids, trigger, example.family);
                self.confusion[example.factuality as usize][status.factuality as usize] += 1;
                self.negation.add(status.negated, example.negated);
                let is_own = |span| example.claims.iter().any(|(c, own)| c.source == span && *own);
                let claims: Vec<Claim> = example.claims.iter().map(|(claim, _)| *claim).collect();
                let room = &rooms.attributions;
                let span = room.source(&document, &claims, trigger, example.family, is_own);
                let attributed = !example.attribution.is_empty();
                self.attribution.add(span.is_some(), attributed);
                let words = span.map_or("", |s| &text[s.start as usize..s.end as usize]);
                self.same_source += is_same(words, &example.attribution) as usize;
                if errors {
                    let show = |what: &str| show(text, trigger, what);
                    if status.factuality != example.factuality {
                        show(&format!(
                            "FACT {}, not {}",
                            status.factuality.name(),
                            example.factuality.name()
                        ));
                    }
                    if status.negated != example.negated {
                        let cues = status.cues.iter().map(|c| &text[c.start as usize..c.end as usize]);
                        show(&format!("NEG {} {:?}", status.negated, cues.collect::<Vec<_>>()));
                    }
                    if span.is_some() != attributed || (attributed && !is_same(words, &example.attribution)) {
                        let ways: Vec<_> = claims.iter().map(|c| (c.way, c.mark, c.whom)).collect();
                        show(&format!("ATT <{words}> not <{}> {ways:?}", example.attribution));
                    }
                }
            }
        }
    }

    fn print(&self) {
        let right: usize = (0..4).map(|i| self.confusion[i][i]).sum();
        let all: usize = self.confusion.iter().flatten().sum();
        println!(
            "factuality {:.1}% of {all}; rows certain, probable, possible, unknown: {:?}",
            100.0 * right as f64 / all as f64,
            self.confusion
        );
        println!("negation {}", self.negation);
        println!("attribution {}; right source {}", self.attribution, self.same_source);
    }
}

/// Whether two wordings of a source share a long word.
fn is_same(words: &str, annotated: &str) -> bool {
    !words.is_empty()
        && !annotated.is_empty()
        && (words.contains(annotated) || annotated.split(' ').any(|w| w.len() > 6 && words.contains(w)))
}

fn show(text: &str, trigger: &Trigger, what: &str) {
    let begin = floor(text, trigger.start.saturating_sub(330) as usize);
    let end = floor(text, (trigger.end as usize + 90).min(text.len()));
    let (before, after) = (&text[begin..trigger.start as usize], &text[trigger.end as usize..end]);
    let word = &text[trigger.start as usize..trigger.end as usize];
    println!("{what} | {}", format!("{before}[{word}]{after}").replace('\n', "⏎"));
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
