//! Trains and scores the tagger of names.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rawabit::entity::Label;
use rawabit::entity::names::{self, Names};
use rawabit::loglinear;
use rawabit::tagger::conll::{self, Count};
use rawabit::tagger::train::{Example, Settings};
use rawabit::tagger::words::WordTable;
use rawabit::tagger::{self, Scratch, Span, Tagger};

use crate::gold::{self, Article, LABELS};

fn table() -> Arc<WordTable> {
    let text = std::fs::read_to_string("src/tagger/data/words.tsv").expect("words.tsv");
    Arc::new(WordTable::parse(&text, "words.tsv").expect("a table of words"))
}

fn labels() -> Vec<String> {
    LABELS.iter().map(|l| l.name().to_string()).collect()
}

/// Examples of a document with one tag for each token.
fn examples(table: &WordTable, document: &rawabit::segment::Document, tags: &[u8], out: &mut Vec<Example>) {
    let mut scratch = Scratch::default();
    for s in &document.sentences {
        let (first, last) = (s.first as usize, s.last as usize);
        let mut example = tagger::example(table, document, first, last, &mut scratch);
        // A name that runs over a sentence's end begins anew.
        let mut before = 0u8;
        for &tag in &tags[first..last] {
            let tag =
                if tag != 0 && tag % 2 == 0 && before != tag && before + 1 != tag { tag - 1 } else { tag };
            example.allowed.push(1 << tag);
            before = tag;
        }
        out.push(example);
    }
}

fn spans_of(article: &Article) -> Vec<Span> {
    conll::Tagged { document: article.document.clone(), tags: article.tags.clone() }.spans()
}

/// Token-span scores of a tagger on articles.
fn score(tagger: &Tagger, articles: &[&Article], name: &str) {
    let (mut scratch, mut found) = (Scratch::default(), Vec::new());
    let mut counts = vec![Count::default(); LABELS.len()];
    let mut tokens = 0;
    let begin = Instant::now();
    for article in articles {
        tagger.tag(&article.document, &mut scratch, &mut found);
        tokens += article.document.tokens.len();
        for (sum, count) in counts.iter_mut().zip(conll::compare(&spans_of(article), &found, LABELS.len())) {
            sum.add(count);
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    let mut core = Count::default();
    counts[..3].iter().for_each(|c| core.add(*c));
    let mut all = core;
    counts[3..].iter().for_each(|c| all.add(*c));
    let show =
        |c: &Count| format!("{:.1}/{:.1}/{:.1}", c.precision() * 100.0, c.recall() * 100.0, c.f1() * 100.0);
    let by: Vec<String> =
        LABELS.iter().zip(&counts).map(|(l, c)| format!("{} {:.1}", l.name(), c.f1() * 100.0)).collect();
    println!(
        "{name:10} core {} all {} | {} | {:.0} ktok/s",
        show(&core),
        show(&all),
        by.join(" "),
        tokens as f64 / seconds / 1e3
    );
}

/// Train the model of cuts on the names' first words.
fn cuts(table: &WordTable, articles: &[&Article]) -> loglinear::Model {
    let (mut examples, mut features) = (Vec::new(), loglinear::Features::default());
    for article in articles {
        for (span, start, label) in firsts(article) {
            if let Some(letters) = letters_before(article, span.first as usize, start) {
                names::cut_features(table, &article.document, span, label, &mut features);
                let features = features.hashes().to_vec();
                examples.push(loglinear::Example { features, class: letters, weight: 1.0 });
            }
        }
    }
    loglinear::Model::train(&examples, names::CUT_CLASSES, 14, loglinear::Training::default())
}

/// Names with the tokens that they stand in and where they start.
fn firsts(article: &Article) -> impl Iterator<Item = (Span, u32, Label)> {
    let tokens = &article.document.tokens;
    article.names.iter().map(move |&(start, end, label)| {
        let first = tokens.partition_point(|t| t.end <= start) as u32;
        let last = tokens.partition_point(|t| t.start < end) as u32;
        (Span { first, last, label: 0 }, start, label)
    })
}

/// Letters of the token before `start`, if some number of them could be proclitics.
fn letters_before(article: &Article, token: usize, start: u32) -> Option<usize> {
    let (open, any) = names::open_cuts(&article.document, token);
    let letters = (0..names::CUT_CLASSES).find(|&n| article.document.cut_at(token, n * 2) as u32 == start)?;
    (any && open[letters]).then_some(letters)
}

/// Scores of the whole finder: exact spans of the text.
fn score_names(finder: &Names, articles: &[&Article], name: &str) {
    let mut scratch = names::Scratch::default();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for article in articles {
        let found: Vec<_> =
            finder.find(&article.document, &mut scratch).iter().map(|e| (e.start, e.end, e.label)).collect();
        for name in &article.names {
            let count = counts.entry(name.2.name()).or_default();
            if found.contains(name) { count.right += 1 } else { count.missed += 1 }
        }
        for name in found.iter().filter(|n| !article.names.contains(n)) {
            counts.entry(name.2.name()).or_default().wrong += 1;
        }
    }
    let (mut core, mut all) = (Count::default(), Count::default());
    for (label, count) in &counts {
        all.add(*count);
        if ["PER", "ORG", "LOC"].contains(label) {
            core.add(*count);
        }
    }
    let show =
        |c: &Count| format!("{:.1}/{:.1}/{:.1}", c.precision() * 100.0, c.recall() * 100.0, c.f1() * 100.0);
    println!("{name:10} exact characters: core {} all {}", show(&core), show(&all));
}

/// Train the shipped model.
pub fn train(shared: &Path, out: &Path) {
    let table = table();
    let articles = gold::read(&shared.join("gold/news-train.jsonl"));
    let mut sentences = Vec::new();
    for article in &articles {
        examples(&table, &article.document, &article.tags, &mut sentences);
    }
    let tagger = Tagger::train(table.clone(), &sentences, &labels(), Settings::default(), |_| true);
    let bytes = tagger.model().to_bytes();
    std::fs::write(out, &bytes).expect("the model is written");
    println!("{} features, {} bytes in {}", tagger.model().len(), bytes.len(), out.display());
    let cuts = cuts(&table, &articles.iter().collect::<Vec<_>>());
    std::fs::write(out.with_file_name("cuts.model"), cuts.to_bytes()).expect("the model is written");
    let finder = Names::of(table, tagger.model().clone(), cuts).expect("a finder");
    for name in ["news-dev", "seeds-dev"] {
        let articles = gold::read(&shared.join(format!("gold/{name}.jsonl")));
        score_names(&finder, &articles.iter().collect::<Vec<_>>(), name);
    }
}

/// Experiments: every tenth article of news-train held out; ANERcorp's last tenth.
pub fn try_out(shared: &Path, rest: &[String]) {
    let get = |name: &str, default: f32| -> f32 {
        rest.iter().find_map(|a| a.strip_prefix(&format!("{name}="))).map_or(default, |v| v.parse().unwrap())
    };
    let base = Settings::default();
    let settings = Settings {
        epochs: get("epochs", base.epochs as f32) as usize,
        rate: get("rate", base.rate),
        l2: get("l2", base.l2),
        least: get("least", base.least as f32) as u32,
        ..base
    };
    let table = table();
    let begin = Instant::now();
    let articles = gold::read(&shared.join("gold/news-train.jsonl"));
    let mut sentences = Vec::new();
    for (_, article) in articles.iter().enumerate().filter(|(i, _)| i % 10 != 0) {
        examples(&table, &article.document, &article.tags, &mut sentences);
    }
    println!("read {:.1}s", begin.elapsed().as_secs_f64());
    let begin = Instant::now();
    let tagger = Tagger::train(table.clone(), &sentences, &labels(), settings, |_| true);
    println!(
        "trained {:.1}s {} features {} bytes",
        begin.elapsed().as_secs_f64(),
        tagger.model().len(),
        tagger.model().to_bytes().len()
    );
    let dev = gold::read(&shared.join("gold/news-dev.jsonl"));
    score(&tagger, &dev.iter().collect::<Vec<_>>(), "news-dev");
    let seeds = gold::read(&shared.join("gold/seeds-dev.jsonl"));
    score(&tagger, &seeds.iter().collect::<Vec<_>>(), "seeds-dev");
    let fold: Vec<&Article> = articles.iter().step_by(10).collect();
    score(&tagger, &fold, "fold");
    let train: Vec<&Article> =
        articles.iter().enumerate().filter(|(i, _)| i % 10 != 0).map(|(_, a)| a).collect();
    let finder = Names::of(table.clone(), tagger.model().clone(), cuts(&table, &train)).expect("a finder");
    score_names(&finder, &dev.iter().collect::<Vec<_>>(), "news-dev");
    score_names(&finder, &seeds.iter().collect::<Vec<_>>(), "seeds-dev");
    score_names(&finder, &fold, "fold");
    if rest.iter().any(|a| a == "aner") {
        anercorp(shared, &table, settings);
    }
}

fn anercorp(shared: &Path, table: &Arc<WordTable>, settings: Settings) {
    let begin = Instant::now();
    let text = std::fs::read_to_string(shared.join("ner/anercorp.train.conll")).unwrap();
    let blocks: Vec<&str> = text.split("\n\n").filter(|b| !b.trim().is_empty()).collect();
    let cut = blocks.len() * 9 / 10;
    let train = conll::read(&blocks[..cut].join("\n\n"), "anercorp").unwrap();
    let test = conll::read(&blocks[cut..].join("\n\n"), "anercorp").unwrap();
    let mut sentences = Vec::new();
    for d in &train.documents {
        examples(table, &d.document, &d.tags, &mut sentences);
    }
    let tagger = Tagger::train(table.clone(), &sentences, &train.labels, settings, |_| true);
    let (mut scratch, mut found) = (Scratch::default(), Vec::new());
    let mut counts = vec![Count::default(); train.labels.len()];
    let map: Vec<u8> =
        test.labels.iter().map(|l| train.labels.iter().position(|t| t == l).unwrap() as u8).collect();
    for d in &test.documents {
        tagger.tag(&d.document, &mut scratch, &mut found);
        let mut gold = d.spans();
        gold.iter_mut().for_each(|s| s.label = map[s.label as usize]);
        for (sum, c) in counts.iter_mut().zip(conll::compare(&gold, &found, train.labels.len())) {
            sum.add(c);
        }
    }
    let mut all = Count::default();
    counts.iter().for_each(|c| all.add(*c));
    let by: Vec<String> =
        train.labels.iter().zip(&counts).map(|(l, c)| format!("{l} {:.1}", c.f1() * 100.0)).collect();
    println!(
        "anercorp   P {:.1} R {:.1} F {:.1} | {} | {:.0}s",
        all.precision() * 100.0,
        all.recall() * 100.0,
        all.f1() * 100.0,
        by.join(" "),
        begin.elapsed().as_secs_f64()
    );
}
