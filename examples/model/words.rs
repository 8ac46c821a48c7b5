//! Compiles the table of words.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use rawabit::normalize::fold;
use rawabit::segment::{Kind, tokens};
use rawabit::tagger::words::WordTable;
use rustc_hash::FxHashMap;

use crate::vectors;

/// Words of open text need this frequency to be listed.
const LEAST: u32 = 3;

/// The records of a compressed JSON Lines file: id and the fields of text, joined.
pub fn records(path: &Path, keys: &[&str]) -> Vec<(String, String)> {
    let ids = texts(path, &["id"]);
    ids.into_iter().zip(texts(path, keys)).collect()
}

/// The texts of a compressed JSON Lines file; `keys` are the fields that hold text.
pub fn texts(path: &Path, keys: &[&str]) -> Vec<String> {
    let output = Command::new("xz").arg("-dc").arg(path).output().expect("xz is installed");
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let record = |line: &str| -> String {
        let value: serde_json::Value = serde_json::from_str(line).expect("a JSON record");
        keys.iter().filter_map(|key| value[*key].as_str()).collect::<Vec<_>>().join("\n")
    };
    lines.lines().map(record).collect()
}

/// Folded words of a text, with line breaks as empty words.
pub fn cut(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    tokens::cut(text, &mut found);
    let mut words = Vec::with_capacity(found.len());
    for token in &found {
        if token.after_break {
            words.push(String::new());
        }
        let surface = &text[token.start as usize..token.end as usize];
        words.push(match token.kind {
            Kind::Number => "0".repeat(surface.len().min(4)),
            _ => fold(surface),
        });
    }
    words
}

/// A name list: its letter, its file, which column, and which of a name's words count.
struct List {
    letter: char,
    file: &'static str,
    part: Part,
    /// Only lines with this in the second column; empty for all.
    only: &'static str,
}

enum Part {
    /// Names of one word.
    Single,
    /// Every word of names of more than one.
    Words,
    First,
    Last,
}

const LISTS: [List; 16] = [
    List { letter: 'a', file: "motazsaad-firstnames.tsv", part: Part::Single, only: "m" },
    List { letter: 'b', file: "motazsaad-firstnames.tsv", part: Part::Single, only: "f" },
    List { letter: 'c', file: "wikidata-person-names-netranslit.tsv", part: Part::Single, only: "" },
    List { letter: 'd', file: "arwikicats-people.tsv", part: Part::First, only: "" },
    List { letter: 'e', file: "arwikicats-people.tsv", part: Part::Last, only: "" },
    List { letter: 'f', file: "world-cities-wikidata.tsv", part: Part::Single, only: "" },
    List { letter: 'f', file: "cldr-exemplar-cities.tsv", part: Part::Single, only: "" },
    List { letter: 'g', file: "cldr-territories.tsv", part: Part::Single, only: "" },
    List { letter: 'h', file: "world-cities-wikidata.tsv", part: Part::Words, only: "" },
    List { letter: 'h', file: "cldr41-subdivisions.tsv", part: Part::Words, only: "" },
    List { letter: 'i', file: "cldr-territories.tsv", part: Part::Words, only: "" },
    List { letter: 'j', file: "arwikicats-places.tsv", part: Part::Single, only: "" },
    List { letter: 'k', file: "arwikicats-clubs.tsv", part: Part::Words, only: "" },
    List { letter: 'l', file: "arwikicats-nationalities.tsv", part: Part::Single, only: "" },
    List { letter: 'm', file: "arwikicats-jobs.tsv", part: Part::Words, only: "" },
    List { letter: 'n', file: "cldr-months-days.tsv", part: Part::Single, only: "" },
];

/// Read `shared`, write the table to `out`.
pub fn compile(shared: &Path, out: &Path) {
    let news = texts(&shared.join("text/antcorpus.jsonl.xz"), &["title", "text"]);
    let wiki = texts(&shared.join("text/arzwiki.jsonl.xz"), &["text"]);
    let streams: Vec<Vec<String>> = news.iter().chain(&wiki).map(|text| cut(text)).collect();
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for word in streams.iter().flatten().filter(|w| !w.is_empty()) {
        *counts.entry(word).or_default() += 1;
    }
    let mut lists: BTreeMap<String, String> = BTreeMap::new();
    for list in LISTS {
        for word in members(shared, &list) {
            let letters = lists.entry(word).or_default();
            if !letters.contains(list.letter) {
                letters.push(list.letter);
            }
        }
    }
    for (word, letter) in known_entities() {
        let letters = lists.entry(word).or_default();
        if !letters.contains(letter) {
            letters.push(letter);
        }
    }
    let sport = std::fs::read_to_string("src/tagger/data/sport.tsv").expect("sport.tsv");
    for word in sport.lines().filter(|line| !line.starts_with('#')).flat_map(cut) {
        lists.entry(word).or_default().push('v');
    }
    for (word, count) in &counts {
        if *count >= LEAST && !lists.contains_key(*word) {
            lists.insert(word.to_string(), String::new());
        }
    }
    let frequency = |word: &str| counts.get(word).map_or(0.0, |&n| 2.0 * (n as f64 + 0.5).log2()).round();
    let mut lines: String =
        lists.iter().map(|(w, l)| format!("{w}\t{}\t{l}\t\t0\t0\t0\n", frequency(w))).collect();
    let plain = WordTable::parse(&lines, "words.tsv").expect("a table of words");
    let clusters = clusters(&plain, &streams);
    lines.clear();
    for (word, letters) in &lists {
        let [fine, middle, coarse] = clusters.get(word).copied().unwrap_or_default();
        lines.push_str(&format!("{word}\t{}\t{letters}\t\t{fine}\t{middle}\t{coarse}\n", frequency(word)));
    }
    std::fs::write(out, format!("{HEADER}{lines}")).expect("the table is written");
    println!("{} words in {}", lists.len(), out.display());
}

const HEADER: &str = "\
# Compiled by examples/model: folded word, twice the binary logarithm of its frequency in open text, letters
# of the name lists that it stands on (see examples/model/words.rs), shares in names (see src/tagger/words.rs),
# fine, middle and coarse cluster.
";

/// Words without their proclitics need this frequency to fall into a cluster.
const LEAST_CLUSTERED: u32 = 4;
/// Passes over the text.
const EPOCHS: usize = 6;
/// Numbers of clusters, from fine to coarse.
const CLUSTERS: [usize; 3] = [1000, 250, 60];

/// Clusters of words without their proclitics, numbered from 1.
fn clusters(table: &WordTable, streams: &[Vec<String>]) -> FxHashMap<String, [u16; 3]> {
    let mut bares: FxHashMap<&str, String> = FxHashMap::default();
    for word in streams.iter().flatten() {
        bares.entry(word).or_insert_with(|| table.bare(word));
    }
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for word in streams.iter().flatten().filter(|w| !w.is_empty()) {
        *counts.entry(&bares[word.as_str()]).or_default() += 1;
    }
    let mut words: Vec<(&str, u32)> = counts.into_iter().filter(|(_, n)| *n >= LEAST_CLUSTERED).collect();
    words.sort_unstable_by_key(|&(word, n)| (std::cmp::Reverse(n), word));
    let numbers: FxHashMap<&str, u32> = words.iter().enumerate().map(|(i, (w, _))| (*w, i as u32)).collect();
    let number = |word: &String| numbers.get(bares[word.as_str()].as_str()).copied();
    let sentences: Vec<Vec<u32>> = streams
        .iter()
        .flat_map(|stream| stream.split(|w| w.is_empty() || w == "."))
        .map(|sentence| sentence.iter().filter_map(number).collect())
        .filter(|sentence: &Vec<u32>| sentence.len() > 1)
        .collect();
    let weights: Vec<u32> = words.iter().map(|w| w.1).collect();
    let begin = std::time::Instant::now();
    let vectors = vectors::train(&sentences, &weights, EPOCHS);
    println!("vectors of {} words: {:.0} s", words.len(), begin.elapsed().as_secs_f64());
    let weights: Vec<f32> = weights.iter().map(|&n| (n as f32).sqrt()).collect();
    let (fine, centres) = vectors::cluster(&vectors, &weights, CLUSTERS[0], 12);
    let (middle, centres2) = vectors::cluster(&centres, &vec![1.0; centres.len()], CLUSTERS[1], 20);
    let (coarse, _) = vectors::cluster(&centres2, &vec![1.0; centres2.len()], CLUSTERS[2], 20);
    println!("clusters: {:.0} s", begin.elapsed().as_secs_f64());
    let row = |fine: u16| {
        let middle = middle[fine as usize];
        [fine + 1, middle + 1, coarse[middle as usize] + 1]
    };
    words.iter().zip(&fine).map(|((word, _), &fine)| (word.to_string(), row(fine))).collect()
}

/// Words of the entities that the package knows, each with the letter of its list: o clubs of one word behind «نادي»,
/// p words of longer clubs' names, q other organisations of one word, r words of longer ones, s places of one word,
/// t first and u last words of persons.
fn known_entities() -> Vec<(String, char)> {
    let mut words = Vec::new();
    for file in ["actors", "clubs", "places"] {
        let path = format!("src/entity/data/{file}.tsv");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [name, label, kind, .., aliases] = &fields[..] else { continue };
            for alias in std::iter::once(*name).chain(aliases.split('|')) {
                let mut parts: Vec<String> =
                    cut(alias).into_iter().filter(|w| w.chars().count() > 1).collect();
                if *kind == "club" && parts.len() > 1 && ["نادي", "فريق"].contains(&parts[0].as_str())
                {
                    parts.remove(0);
                }
                let letters = match (*label, *kind, parts.len()) {
                    ("ORG", "club", 1) => "o",
                    ("ORG", "club", _) => "p",
                    ("ORG", _, 1) => "q",
                    ("ORG", ..) => "r",
                    ("LOC", _, 1) => "s",
                    ("PER", ..) => "tu",
                    _ => continue,
                };
                match (letters, &parts[..]) {
                    (_, []) => {}
                    ("tu", [first, .., last]) => words.extend([(first.clone(), 't'), (last.clone(), 'u')]),
                    ("tu", [only]) => words.push((only.clone(), 'u')),
                    (letter, _) => {
                        words.extend(parts.into_iter().map(|part| (part, letter.chars().next().unwrap())))
                    }
                }
            }
        }
    }
    words
}

/// The folded words of a list.
fn members(shared: &Path, list: &List) -> Vec<String> {
    let path = shared.join("gazetteers").join(list.file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut words = Vec::new();
    for line in text.lines() {
        let mut fields = line.split('\t');
        let name = fields.next().unwrap_or("");
        if !list.only.is_empty() && fields.next() != Some(list.only) {
            continue;
        }
        let name = name.split('(').next().unwrap_or("");
        let parts: Vec<String> = cut(name).into_iter().filter(|w| w.chars().count() > 1).collect();
        match (&list.part, parts.len()) {
            (Part::Single, 1) => words.push(parts[0].clone()),
            (Part::Words, 2..) => words.extend(parts),
            (Part::First, 2..) => words.push(parts[0].clone()),
            (Part::Last, 2..) => words.push(parts[parts.len() - 1].clone()),
            _ => {}
        }
    }
    words
}
