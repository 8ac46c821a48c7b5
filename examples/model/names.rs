//! Trains and scores the tagger of names.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rawabit::entity::Label;
use rawabit::entity::article;
use rawabit::entity::names::{self, Names};
use rawabit::loglinear;
use rawabit::segment::Document;
use rawabit::tagger::conll::{self, Count};
use rawabit::tagger::hash::bytes;
use rawabit::tagger::train::{Settings, Start};
use rawabit::tagger::words::{self, WordTable};
use rawabit::tagger::{Lesson, Scratch, Span, Tagger};

use rustc_hash::FxHashMap;

use crate::gold::{self, Article, LABELS};

fn table() -> Arc<WordTable> {
    let text = std::fs::read_to_string("src/tagger/data/words.tsv").expect("words.tsv");
    Arc::new(WordTable::parse(&text, "words.tsv").expect("a table of words"))
}

fn labels() -> Vec<String> {
    LABELS.iter().map(|l| l.name().to_string()).collect()
}

/// A lesson of a document with one tag for each token.
fn lesson(document: &rawabit::segment::Document, tags: &[u8]) -> Lesson {
    let allowed = tags.iter().map(|tag| 1 << tag).collect();
    Lesson { document: document.clone(), allowed, weight: 1.0, domain: 0 }
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

/// Fit the probability that a span is right to its margin, and print it.
fn calibrate(tagger: &Tagger, articles: &[&Article]) {
    let (mut scratch, mut spans, mut cases) = (Scratch::default(), Vec::new(), Vec::new());
    for article in articles {
        let margins = tagger.tag_with_margins(&article.document, &mut scratch, &mut spans);
        let gold = spans_of(article);
        cases.extend(spans.iter().zip(margins).map(|(span, &margin)| (margin, gold.contains(span))));
    }
    let (mut constant, mut slope) = (0f64, 0f64);
    for _ in 0..4000 {
        let (mut d0, mut d1) = (0.0, 0.0);
        for &(margin, right) in &cases {
            let margin = margin as f64;
            let error = f64::from(right) - 1.0 / (1.0 + (-(constant + slope * margin)).exp());
            d0 += error;
            d1 += error * margin;
        }
        constant += d0 / cases.len() as f64;
        slope += d1 / cases.len() as f64 * 0.02;
    }
    println!("calibration: constant {constant:.2} slope {slope:.3} on {} spans", cases.len());
    cases.sort_by(|a, b| a.0.total_cmp(&b.0));
    for tenth in cases.chunks(cases.len() / 8 + 1) {
        let right = tenth.iter().filter(|c| c.1).count();
        let mean = tenth.iter().map(|c| c.0).sum::<f32>() / tenth.len() as f32;
        let said = 1.0 / (1.0 + (-(constant + slope * mean as f64)).exp());
        println!("  margin {mean:.2}: said {said:.2}, right {:.2}", right as f32 / tenth.len() as f32);
    }
}

/// Print what is missed and what is wrong.
fn show_errors(finder: &Names, articles: &[&Article]) {
    let mut scratch = names::Scratch::default();
    for article in articles {
        let text = &article.document.text;
        let found: Vec<_> =
            finder.find(&article.document, &mut scratch).iter().map(|e| (e.start, e.end, e.label)).collect();
        let around = |&(start, end, label): &(u32, u32, Label)| {
            let from = text[..start as usize].char_indices().rev().nth(28).map_or(0, |(at, _)| at);
            let to =
                text[end as usize..].char_indices().nth(20).map_or(text.len(), |(at, _)| end as usize + at);
            let (a, b, c) =
                (&text[from..start as usize], &text[start as usize..end as usize], &text[end as usize..to]);
            format!("{} {a}[{b}]{c}", label.name()).replace('\n', " ")
        };
        article.names.iter().filter(|n| !found.contains(n)).for_each(|n| println!("  missed {}", around(n)));
        found.iter().filter(|n| !article.names.contains(n)).for_each(|n| println!("  wrong  {}", around(n)));
    }
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
    if std::env::var("SHOW").is_ok_and(|n| n == name) {
        show_errors(finder, articles);
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

/// Another corpus, and what its labels mean by our guidelines.
struct Other {
    file: &'static str,
    domain: u8,
    /// Label of the file; ours, separated by spaces (none: no name).
    labels: &'static [(&'static str, &'static str)],
    /// Labels of ours that the file does not mark: its O may be one of them.
    unmarked: &'static str,
}

const OTHERS: [Other; 4] = [
    Other {
        file: "anercorp.train.conll",
        domain: 1,
        labels: &[("PER", "PER"), ("ORG", "ORG"), ("LOC", "LOC"), ("MISC", "MISC EVENT O")],
        unmarked: "NORP",
    },
    Other {
        file: "aqmar-topcoder.train.conll",
        domain: 2,
        labels: &[("PER", "PER"), ("ORG", "ORG"), ("LOC", "LOC"), ("MISC", "MISC EVENT NORP O")],
        unmarked: "NORP",
    },
    Other {
        file: "wojood-sample.train.conll",
        domain: 3,
        labels: &[
            ("PERS", "PER"),
            ("PER", "PER"),
            ("ORG", "ORG"),
            ("GPE", "LOC"),
            ("LOC", "LOC"),
            ("FAC", "LOC ORG"),
            ("NORP", "NORP ORG"),
            ("EVENT", "EVENT"),
            ("LAW", "MISC"),
            ("PRODUCT", "MISC"),
            ("WEBSITE", "ORG MISC"),
        ],
        unmarked: "MISC",
    },
    Other {
        file: "wojood-sample.val.conll",
        domain: 3,
        labels: &[
            ("PERS", "PER"),
            ("PER", "PER"),
            ("ORG", "ORG"),
            ("GPE", "LOC"),
            ("LOC", "LOC"),
            ("FAC", "LOC ORG"),
            ("NORP", "NORP ORG"),
            ("EVENT", "EVENT"),
            ("LAW", "MISC"),
            ("PRODUCT", "MISC"),
            ("WEBSITE", "ORG MISC"),
        ],
        unmarked: "MISC",
    },
];

/// Examples of another corpus.
fn others(shared: &Path, other: &Other, out: &mut Vec<Lesson>) {
    let path = shared.join("ner").join(other.file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let corpus = conll::read(&text, other.file).unwrap_or_else(|e| panic!("{e}"));
    let index = |name: &str| LABELS.iter().position(|l| l.name() == name);
    let both = |name: &str| index(name).map_or(1u64, |i| 0b11 << (1 + 2 * i));
    let free: u64 = other.unmarked.split_whitespace().map(both).fold(1, |a, b| a | b);
    let mask = |tag: u8| -> u64 {
        if tag == 0 {
            return free;
        }
        let name = &corpus.labels[(tag as usize - 1) / 2];
        let ours = other.labels.iter().find(|(theirs, _)| theirs == name).map_or("", |(_, ours)| ours);
        let mut mask = 0;
        for label in ours.split_whitespace() {
            mask |= match index(label) {
                // Where one name may carry two labels, each word may begin a name.
                Some(i) if ours.contains(' ') => 0b11 << (1 + 2 * i),
                Some(i) => 1 << (1 + 2 * i + (tag as usize - 1) % 2),
                None => 1,
            };
        }
        if mask == 0 { free } else { mask }
    };
    for d in corpus.documents {
        let allowed = d.tags.iter().map(|&tag| mask(tag)).collect();
        out.push(Lesson { document: d.document, allowed, weight: 1.0, domain: other.domain });
    }
}

/// Shares of words in names, by the hash of the folded word without proclitics.
type Shares = FxHashMap<u64, words::Shares>;

/// What a tagger sees in open texts.
fn shares(table: &WordTable, tagger: &Tagger, texts: &[Document]) -> Shares {
    // For each word: in a name by label, a name behind it, a name before it, all of a name, occurrences.
    let mut counts: FxHashMap<u64, [u32; 12]> = FxHashMap::default();
    let (mut scratch, mut spans, mut words) = (Scratch::default(), Vec::new(), Vec::new());
    for document in texts {
        tagger.tag(document, &mut scratch, &mut spans);
        words.clear();
        words.extend(
            (0..document.tokens.len()).map(|token| bytes(table.bare(document.norm(token)).as_bytes())),
        );
        words.iter().for_each(|&word| counts.entry(word).or_default()[11] += 1);
        let mut count = |token: u32, kind: usize| {
            if let Some(word) = words.get(token as usize) {
                counts.get_mut(word).expect("counted")[kind] += 1;
            }
        };
        for span in spans.iter().filter(|span| span.label < 4) {
            let label = span.label as usize;
            (span.first..span.last).for_each(|token| count(token, label));
            if span.last - span.first == 1 {
                count(span.first, 10);
            }
            if label < 3 {
                count(span.first.wrapping_sub(1), 4 + label);
                count(span.last, 7 + label);
            }
        }
    }
    counts.retain(|_, n| n[11] > 1 && n[..10].iter().any(|&n| n > 0));
    let digit = |n: u32, all: u32, bounds: [f32; 3]| match n as f32 / all as f32 {
        0.0 => 0,
        share => 1 + bounds.iter().filter(|&&bound| share > bound).count() as u8,
    };
    let shares = |n: [u32; 12]| {
        let own = std::array::from_fn(|label| digit(n[label], n[11], [0.1, 0.35, 0.7]));
        let beside = std::array::from_fn(|side| digit(n[4 + side], n[11] + 2, [0.03, 0.1, 0.3]));
        (own, beside, digit(n[10], n[..4].iter().sum::<u32>().max(1), [0.1, 0.35, 0.7]))
    };
    counts.into_iter().map(|(hash, n)| (hash, shares(n))).collect()
}

/// Open texts that are not annotated.
fn open_texts(shared: &Path) -> Vec<Document> {
    let gold = std::fs::read_to_string(shared.join("gold/news-train.jsonl")).expect("news-train");
    let known: HashSet<String> = gold
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_string()
        })
        .collect();
    let news = crate::words::records(&shared.join("text/antcorpus.jsonl.xz"), &["title", "text"]);
    let wiki = crate::words::records(&shared.join("text/arzwiki.jsonl.xz"), &["text"]);
    let news = news.into_iter().filter(|(id, _)| !known.contains(id));
    news.chain(wiki).map(|(_, text)| Document::new(&text)).collect()
}

/// The table with the shares that a tagger trained on `lessons` sees.
fn shared_table(table: &Arc<WordTable>, lessons: &[Lesson], texts: &[Document]) -> Arc<WordTable> {
    let settings = Settings { runs: 1, recall: 0.0, ..Settings::default() };
    let teacher = Tagger::train(table.clone(), lessons, &labels(), settings, |_| true);
    let shares = shares(table, &teacher, texts);
    let mut digits = [[0; 5]; 4];
    shares.values().for_each(|s| s.0.iter().zip(&mut digits).for_each(|(&d, n)| n[d as usize] += 1));
    println!("shares of {} words: {digits:?}", shares.len());
    Arc::new(table.with_shares(|hash| shares.get(&hash).copied().unwrap_or_default()))
}

/// The annotated news as lessons.
fn news(articles: &[&Article]) -> Vec<Lesson> {
    articles.iter().map(|a| lesson(&a.document, &a.tags)).collect()
}

/// What a missed name costs: what reads the names further needs them found.
const RECALL: f32 = 0.25;
/// How much a sentence of another corpus weighs.
const ASIDE: f32 = 0.5;

/// Lessons of the corpora of `OTHERS`, those of `domains` only.
fn aside(shared: &Path, domains: &[u8]) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for other in OTHERS.iter().filter(|other| domains.contains(&other.domain)) {
        others(shared, other, &mut lessons);
    }
    lessons.iter_mut().for_each(|lesson| lesson.weight = ASIDE);
    lessons
}

/// Tables with shares: seen by taggers that know one half of the news, the other half, and all of it. They know no
/// other corpus: whoever trains and tests on parts of one must not find the test part's names in the table.
fn shared_tables(
    shared: &Path,
    table: &Arc<WordTable>,
    lessons: &[Lesson],
    which: &[usize],
) -> Vec<Arc<WordTable>> {
    let texts = open_texts(shared);
    let tables = which.iter().map(|&part| {
        let known =
            lessons.iter().enumerate().filter(|(index, _)| index % 2 != part).map(|(_, lesson)| lesson);
        let known: Vec<Lesson> = known.cloned().collect();
        shared_table(table, &known, &texts)
    });
    tables.collect()
}

/// Write the column of shares of the table of words.
pub fn share(shared: &Path, path: &Path) {
    let articles = gold::read(&shared.join("gold/news-train.jsonl"));
    let lessons = news(&articles.iter().collect::<Vec<_>>());
    let plain = Arc::new(table().with_shares(|_| Default::default()));
    let table = shared_tables(shared, &plain, &lessons, &[2]).remove(0);
    let text = std::fs::read_to_string(path).expect("words.tsv");
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [word, frequency, lists, _, clusters @ ..] = &fields[..] else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let row = table.row(word);
        let shares = if row.shares == [0; 4] && row.beside == [0; 6] {
            String::new()
        } else {
            row.shares.iter().chain(&row.beside).chain([&row.alone]).map(|share| share.to_string()).collect()
        };
        out.push_str(&format!("{word}\t{frequency}\t{lists}\t{shares}\t{}\n", clusters.join("\t")));
    }
    std::fs::write(path, out).expect("the table is written");
}

/// What the candidates of an article are by its annotation: names or not.
fn judged(tagger: &Tagger, articles: &[&Article], out: &mut Vec<loglinear::Example>) {
    let (mut scratch, mut spans) = (Scratch::default(), Vec::new());
    let (mut memory, mut features) = (article::Memory::default(), loglinear::Features::default());
    for article in articles {
        tagger.tag_with_margins(&article.document, &mut scratch, &mut spans);
        article::candidates(tagger, &article.document, &scratch, &spans, &mut memory);
        let gold = spans_of(article);
        for (candidate, about) in article::found(&memory) {
            let (digests, margins) = (scratch.digests(), scratch.margins());
            article::features(digests, &spans, margins, candidate, about, &mut features);
            let class = usize::from(gold.contains(&candidate.span));
            out.push(loglinear::Example { features: features.hashes().to_vec(), class, weight: 1.0 });
        }
    }
}

/// Taggers that a half of the news teaches for the judge, each on its own part.
const PARTS: usize = 3;

/// Train the judge of what an article says: on each half of the news as taggers find its names that have been trained
/// on parts of the other half, through the table with shares that a tagger saw which knows that other half only. They
/// know little and miss much, as the shipped one does in articles from elsewhere.
fn judge(
    articles: &[&Article],
    lessons: &[Lesson],
    aside: &[Lesson],
    halves: &[Arc<WordTable>],
) -> (loglinear::Model, [Vec<loglinear::Example>; 2]) {
    let settings = Settings { runs: 1, recall: RECALL, ..Settings::default() };
    let mut examples = [Vec::new(), Vec::new()];
    for (half, examples) in examples.iter_mut().enumerate() {
        let table = &halves[half];
        let held: Vec<&Article> = articles.iter().skip(half).step_by(2).copied().collect();
        for part in 0..PARTS {
            let others = lessons.iter().skip(1 - half).step_by(2).skip(part).step_by(PARTS);
            let mut known: Vec<Lesson> = others.cloned().collect();
            let mut seen = vec![halves[1 - half].clone(); known.len()];
            known.extend(aside.iter().cloned());
            seen.resize(known.len(), table.clone());
            let tagger =
                Tagger::train_with(table.clone(), &known, &seen, &labels(), Start::Blank, settings, |_| true);
            judged(&tagger, &held, examples);
        }
    }
    let both: Vec<loglinear::Example> = examples.iter().flatten().cloned().collect();
    (train_judge(&both), examples)
}

fn train_judge(examples: &[loglinear::Example]) -> loglinear::Model {
    let training = loglinear::Training { epochs: 20, rate: 0.05, l2: 3e-5, ..Default::default() };
    loglinear::Model::train_averaged(examples, article::CLASSES, 14, training, 10)
}

/// How many candidates a judge takes for names, rightly and wrongly, and how many names it leaves.
fn score_judge(judge: &loglinear::Model, examples: &[loglinear::Example], name: &str) {
    let mut counts = [[0; 2]; 2];
    let mut features = loglinear::Features::default();
    for example in examples {
        features.clear();
        features.extend(&example.features);
        let mut sides = [0.0; 2];
        judge.probabilities(&features, &mut sides);
        counts[example.class][usize::from(sides[1] > 0.5)] += 1;
    }
    println!(
        "{name:10} candidates: {} taken rightly, {} wrongly, {} names left",
        counts[1][1], counts[0][1], counts[1][0]
    );
}

/// Try the judge: each half judged by what the other teaches; the development articles through the shipped tagger.
fn try_judge(shared: &Path) {
    let table = table();
    let articles = gold::read(&shared.join("gold/news-train.jsonl"));
    let every: Vec<&Article> = articles.iter().collect();
    let lessons = news(&every);
    let plain = Arc::new(table.with_shares(|_| Default::default()));
    let halves = shared_tables(shared, &plain, &lessons, &[0, 1]);
    let (model, examples) = judge(&every, &lessons, &aside(shared, &[2, 3]), &halves);
    for part in 0..2 {
        score_judge(&train_judge(&examples[1 - part]), &examples[part], "half");
    }
    let bytes = std::fs::read("src/entity/data/names.model").expect("names.model");
    let tagger = Arc::new(Tagger::from_bytes(table.clone(), &bytes).expect("a tagger"));
    let cuts =
        loglinear::Model::from_bytes(&std::fs::read("src/entity/data/cuts.model").expect("cuts.model"))
            .expect("a model of cuts");
    std::fs::write("src/entity/data/article.model", model.to_bytes()).expect("the model is written");
    for name in ["news-dev", "seeds-dev"] {
        let articles = gold::read(&shared.join(format!("gold/{name}.jsonl")));
        let articles: Vec<&Article> = articles.iter().collect();
        let mut examples = Vec::new();
        judged(&tagger, &articles, &mut examples);
        score_judge(&model, &examples, name);
        for judge in [None, Some(model.clone())] {
            let finder = Names::of(table.clone(), tagger.clone(), cuts.clone(), judge).expect("a finder");
            score_names(&finder, &articles, name);
        }
    }
}

/// Train the shipped model.
pub fn train(shared: &Path, out: &Path) {
    let table = table();
    let articles = gold::read(&shared.join("gold/news-train.jsonl"));
    let every: Vec<&Article> = articles.iter().collect();
    let mut lessons = news(&every);
    let plain = Arc::new(table.with_shares(|_| Default::default()));
    let halves = shared_tables(shared, &plain, &lessons, &[0, 1]);
    let mut seen: Vec<Arc<WordTable>> = (0..lessons.len()).map(|index| halves[index % 2].clone()).collect();
    let aside = aside(shared, &[2, 3]);
    let (judge, _) = judge(&every, &lessons, &aside, &halves);
    std::fs::write(out.with_file_name("article.model"), judge.to_bytes()).expect("the model is written");
    lessons.extend(aside);
    seen.resize(lessons.len(), table.clone());
    let settings = Settings { recall: RECALL, ..Settings::default() };
    let tagger =
        Tagger::train_with(table.clone(), &lessons, &seen, &labels(), Start::Blank, settings, |_| true);
    let bytes = tagger.to_bytes();
    std::fs::write(out, &bytes).expect("the model is written");
    println!("{} features, {} bytes in {}", tagger.features(), bytes.len(), out.display());
    let cuts = cuts(&table, &every);
    std::fs::write(out.with_file_name("cuts.model"), cuts.to_bytes()).expect("the model is written");
    let finder = Names::of(table, Arc::new(tagger.clone()), cuts, Some(judge)).expect("a finder");
    for name in ["news-dev", "seeds-dev"] {
        let articles = gold::read(&shared.join(format!("gold/{name}.jsonl")));
        score(&tagger, &articles.iter().collect::<Vec<_>>(), name);
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
        runs: get("runs", base.runs as f32) as usize,
        rate: get("rate", base.rate),
        l2: get("l2", base.l2),
        least: get("least", base.least as f32) as u32,
        hide: get("hide", base.hide),
        drop: get("drop", base.drop),
        trust: get("trust", base.trust),
        recall: get("recall", base.recall),
        second: get("second", 0.0) > 0.0,
        ..base
    };
    let table = table();
    if rest.iter().any(|a| a == "judge") {
        try_judge(shared);
        return;
    }
    if rest.iter().any(|a| a == "aneronly") {
        anercorp(shared, &table, settings);
        return;
    }
    let begin = Instant::now();
    let articles = gold::read(&shared.join("gold/news-train.jsonl"));
    let known: Vec<&Article> =
        articles.iter().enumerate().filter(|(i, _)| i % 10 != 0).map(|(_, a)| a).collect();
    let lessons: Vec<Lesson> = known.iter().map(|a| lesson(&a.document, &a.tags)).collect();
    let aside: Vec<Lesson> = if get("aside", 1.0) > 0.0 { aside(shared, &[2, 3]) } else { Vec::new() };
    let tables = if get("shares", 0.0) > 0.0 {
        let plain = Arc::new(table.with_shares(|_| Default::default()));
        shared_tables(shared, &plain, &lessons, &[0, 1, 2])
    } else {
        vec![table.clone(); 3]
    };
    let mut seen: Vec<Arc<WordTable>> = (0..lessons.len()).map(|index| tables[index % 2].clone()).collect();
    seen.resize(lessons.len() + aside.len(), tables[2].clone());
    let sentences: Vec<Lesson> = lessons.into_iter().chain(aside).collect();
    let table = tables[2].clone();
    println!("read {:.1}s", begin.elapsed().as_secs_f64());
    let begin = Instant::now();
    let tagger = Tagger::train(table.clone(), &sentences, &labels(), settings, |_| true);
    println!(
        "trained {:.1}s {} features {} bytes",
        begin.elapsed().as_secs_f64(),
        tagger.features(),
        tagger.to_bytes().len()
    );
    if get("peek", 0.0) > 0.0 {
        let (mut scratch, mut spans) = (Scratch::default(), Vec::new());
        for (number, document) in open_texts(shared).iter().enumerate().filter(|(n, _)| n % 2500 < 3) {
            tagger.tag(document, &mut scratch, &mut spans);
            let mut counts = [0; 6];
            spans.iter().for_each(|s| counts[s.label as usize] += s.last - s.first);
            println!("{number} {} tokens {counts:?}", document.tokens.len());
            for s in spans.iter().filter(|s| s.last - s.first > 8).take(2) {
                println!(
                    "  {}",
                    (s.first..s.last)
                        .take(30)
                        .map(|t| document.surface(t as usize))
                        .collect::<Vec<_>>()
                        .join(" ")
                );
            }
        }
    }
    let dev = gold::read(&shared.join("gold/news-dev.jsonl"));
    score(&tagger, &dev.iter().collect::<Vec<_>>(), "news-dev");
    let seeds = gold::read(&shared.join("gold/seeds-dev.jsonl"));
    score(&tagger, &seeds.iter().collect::<Vec<_>>(), "seeds-dev");
    let fold: Vec<&Article> = articles.iter().step_by(10).collect();
    score(&tagger, &fold, "fold");
    let train: Vec<&Article> =
        articles.iter().enumerate().filter(|(i, _)| i % 10 != 0).map(|(_, a)| a).collect();
    let finder =
        Names::of(table.clone(), Arc::new(tagger.clone()), cuts(&table, &train), None).expect("a finder");
    score_names(&finder, &dev.iter().collect::<Vec<_>>(), "news-dev");
    score_names(&finder, &seeds.iter().collect::<Vec<_>>(), "seeds-dev");
    score_names(&finder, &fold, "fold");
    calibrate(&tagger, &fold);
    if rest.iter().any(|a| a == "aner") {
        anercorp(shared, &table, settings);
    }
}

/// Two folds of ANERcorp, as `rawabit train` reads them: the last tenth and the fifth, neither of which the shipped
/// model knows.
fn anercorp(shared: &Path, table: &Arc<WordTable>, settings: Settings) {
    let text = std::fs::read_to_string(shared.join("ner/anercorp.train.conll")).unwrap();
    let blocks: Vec<&str> = text.split("\n\n").filter(|b| !b.trim().is_empty()).collect();
    let n = blocks.len();
    let bytes = std::fs::read("src/entity/data/names.model").unwrap();
    let shipped = Tagger::from_bytes(table.clone(), &bytes).unwrap();
    for fold in [9, 4] {
        let begin = Instant::now();
        let held = n * fold / 10..n * (fold + 1) / 10;
        let known: Vec<&str> = (0..n).filter(|i| !held.contains(i)).map(|i| blocks[i]).collect();
        let train = conll::read(&known.join("\n\n"), "anercorp").unwrap();
        let test = conll::read(&blocks[held].join("\n\n"), "anercorp").unwrap();
        let mut sentences = Vec::new();
        for d in &train.documents {
            sentences.push(lesson(&d.document, &d.tags));
        }
        let tagger = shipped.train_on(&sentences, &train.labels, settings, |_| true);
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
}
