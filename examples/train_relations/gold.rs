//! Annotated articles, and the matching of records against them: the same as the gold set's own scoring script.

use std::collections::HashSet;

use rawabit::entity::{Entity, Label};
use rawabit::lexicon::words::WordIds;
use rawabit::mention::Mention;
use rawabit::normalize;
use rawabit::relation::Relation;
use rawabit::relation::family::Families;
use rawabit::segment::Document;
use rawabit::text::CodePoints;
use serde::Deserialize;

#[derive(Deserialize)]
struct JsonSpan {
    start: usize,
    end: usize,
    #[serde(default)]
    label: String,
    text: String,
    #[serde(default)]
    canonical: String,
    #[serde(default)]
    resolved: String,
}

#[derive(Deserialize)]
struct JsonRelation {
    family: String,
    trigger: JsonSpan,
    source: JsonSpan,
    target: JsonSpan,
}

#[derive(Deserialize)]
struct JsonArticle {
    id: String,
    text: String,
    entities: Vec<JsonSpan>,
    relations: Vec<JsonRelation>,
}

/// An argument as annotated: bytes and the two folded names that count as right.
pub struct Argument {
    pub start: u32,
    pub end: u32,
    pub text: String,
    pub names: [String; 2],
}

/// A relation as annotated; offsets are bytes.
pub struct GoldRelation {
    pub family: u8,
    pub symmetric: bool,
    pub trigger: (u32, u32),
    pub trigger_text: String,
    pub source: Argument,
    pub target: Argument,
}

/// One annotated article, cut into tokens.
pub struct Article {
    pub id: String,
    pub document: Document,
    pub ids: WordIds,
    pub entities: Vec<Entity>,
    pub relations: Vec<GoldRelation>,
}

/// Read the articles of a JSON Lines file.
pub fn read(path: &str, families: &Families) -> Vec<Article> {
    let data = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    data.lines().map(|line| article(serde_json::from_str(line).expect(path), families)).collect()
}

fn article(json: JsonArticle, families: &Families) -> Article {
    let document = Document::new(&json.text);
    let points = CodePoints::new(&json.text);
    let bytes = |position| points.to_byte(&json.text, position) as u32;
    let entities = json.entities.iter().filter_map(|e| entity(&document, e, bytes(e.start), bytes(e.end)));
    let mut entities: Vec<Entity> = entities.collect();
    entities.sort_by_key(|e| e.start);
    let argument = |span: &JsonSpan| Argument {
        start: bytes(span.start),
        end: bytes(span.end),
        text: span.text.clone(),
        names: [fold_name(&span.resolved), fold_name(&span.text)],
    };
    let relation = |r: &JsonRelation| {
        let family = families.id(&r.family).unwrap_or_else(|| panic!("{}: no family {}", json.id, r.family));
        GoldRelation {
            family: family.0,
            symmetric: families.get(family).symmetric,
            trigger: (bytes(r.trigger.start), bytes(r.trigger.end)),
            trigger_text: r.trigger.text.clone(),
            source: argument(&r.source),
            target: argument(&r.target),
        }
    };
    let relations = json.relations.iter().map(relation).collect();
    Article { id: json.id.clone(), ids: WordIds::default(), entities, relations, document }
}

fn entity(document: &Document, json: &JsonSpan, start: u32, end: u32) -> Option<Entity> {
    let first = document.tokens.partition_point(|t| t.end <= start);
    let last = document.tokens.partition_point(|t| t.start < end);
    (first < last).then(|| Entity {
        start,
        end,
        first: first as u32,
        last: last as u32,
        label: Label::from_name(&json.label).expect("label"),
        norm: normalize::fold(&json.text),
        canonical: json.canonical.as_str().into(),
        kind: None,
        code: None,
        english: None,
        value: None,
        score: 1.0,
    })
}

const HEADS: [&str; 10] =
    ["تنظيم ", "حركه ", "جماعه ", "حزب ", "مدينه ", "دوله ", "صحيفه ", "وكاله ", "شركه ", "نادي "];

/// A name as the scoring script compares it.
pub fn fold_name(name: &str) -> String {
    let folded: String = name
        .chars()
        .filter_map(|ch| match ch {
            '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | 'ـ' => None,
            'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
            'ى' | 'ی' => Some('ي'),
            'ة' => Some('ه'),
            'ک' => Some('ك'),
            ch if ch.is_alphanumeric() || ch == '_' => Some(ch),
            _ => Some(' '),
        })
        .collect();
    let mut name = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    for head in HEADS {
        if name.starts_with(head) && name.chars().count() > head.chars().count() + 2 {
            name = name[head.len()..].to_string();
        }
    }
    name.strip_prefix("ال").map(str::to_string).unwrap_or(name)
}

/// A record with what the scoring looks at.
#[derive(Clone)]
pub struct Record {
    pub family: u8,
    pub trigger: (u32, u32),
    pub evidence: (u32, u32),
    pub source: Side,
    pub target: Side,
    pub confidence: f32,
    pub rule: String,
    /// The less telling of its two mentions: 0 a name, 1 a description, 2 an anaphor or pronoun.
    pub form: u8,
}

/// One side of a record.
#[derive(Clone)]
pub struct Side {
    pub span: (u32, u32),
    pub names: [String; 2],
    pub text: String,
}

impl Side {
    pub fn new(document: &Document, mention: &Mention) -> Side {
        let text = &document.text[mention.start as usize..mention.end as usize];
        Side {
            span: (mention.start, mention.end),
            names: [fold_name(&mention.resolved), fold_name(text)],
            text: text.to_string(),
        }
    }
}

/// The records of one document.
pub fn records(document: &Document, mentions: &[Mention], relations: &[Relation]) -> Vec<Record> {
    let record = |r: &Relation| {
        let sentence = document.sentences[r.sentence as usize];
        Record {
            family: r.family.0,
            trigger: (r.trigger.start, r.trigger.end),
            evidence: (sentence.start, sentence.end),
            source: Side::new(document, &mentions[r.source as usize]),
            target: Side::new(document, &mentions[r.target as usize]),
            confidence: r.confidence,
            rule: r.rule.to_string(),
            form: [r.source, r.target]
                .map(|m| (mentions[m as usize].form as u8).min(2))
                .into_iter()
                .max()
                .unwrap_or(0),
        }
    };
    relations.iter().map(record).collect()
}

pub fn overlap(a: (u32, u32), b: (u32, u32)) -> bool {
    a.0 < b.1 && b.0 < a.1
}

pub fn side_fits(gold: &Argument, side: &Side) -> bool {
    overlap((gold.start, gold.end), side.span)
        || side.names.iter().any(|n| !n.is_empty() && gold.names.contains(n))
}

/// Whether a record is right for a gold relation.
pub fn fits(record: &Record, gold: &GoldRelation, any_family: bool) -> bool {
    if !any_family && record.family != gold.family {
        return false;
    }
    let here = overlap(record.trigger, gold.trigger)
        || record.evidence.0 <= gold.trigger.0 && gold.trigger.0 < record.evidence.1;
    if !here {
        return false;
    }
    side_fits(&gold.source, &record.source) && side_fits(&gold.target, &record.target)
        || (any_family || gold.symmetric)
            && side_fits(&gold.source, &record.target)
            && side_fits(&gold.target, &record.source)
}

/// For each gold relation the record that it is matched with.
pub fn matching(records: &[Record], gold: &[GoldRelation], any_family: bool) -> Vec<Option<usize>> {
    let mut used = vec![false; records.len()];
    let mut out = Vec::with_capacity(gold.len());
    for relation in gold {
        let mut order: Vec<usize> = (0..records.len()).collect();
        order.sort_by_key(|&k| !overlap(records[k].trigger, relation.trigger));
        let hit = order.into_iter().find(|&k| !used[k] && fits(&records[k], relation, any_family));
        if let Some(k) = hit {
            used[k] = true;
        }
        out.push(hit);
    }
    out
}

/// True positives, false positives, false negatives.
#[derive(Default, Clone, Copy)]
pub struct Counts(pub [usize; 3]);

impl Counts {
    pub fn precision(&self) -> f64 {
        self.0[0] as f64 / (self.0[0] + self.0[1]).max(1) as f64
    }
    pub fn recall(&self) -> f64 {
        self.0[0] as f64 / (self.0[0] + self.0[2]).max(1) as f64
    }
    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }
}

/// Scores over many documents.
#[derive(Default, Clone)]
pub struct Scores {
    pub mention: Counts,
    pub pair: Counts,
    pub document: Counts,
    pub by_family: Vec<Counts>,
}

impl Scores {
    pub fn add(&mut self, records: &[Record], gold: &[GoldRelation]) {
        self.by_family.resize(64, Counts::default());
        let mut used = vec![false; records.len()];
        for (relation, hit) in gold.iter().zip(matching(records, gold, false)) {
            let at = if hit.is_some() { 0 } else { 2 };
            self.mention.0[at] += 1;
            self.by_family[relation.family as usize].0[at] += 1;
            if let Some(k) = hit {
                used[k] = true;
            }
        }
        for (record, used) in records.iter().zip(used) {
            if !used {
                self.mention.0[1] += 1;
                self.by_family[record.family as usize].0[1] += 1;
            }
        }
        let hits = matching(records, gold, true).iter().flatten().count();
        self.pair.0[0] += hits;
        self.pair.0[1] += records.len() - hits;
        self.pair.0[2] += gold.len() - hits;
        let symmetric: HashSet<u8> = [0, 1, 2, 7, 13, 14].into();
        let key = |family: u8, a: &str, b: &str| {
            let (a, b) = if symmetric.contains(&family) && b < a { (b, a) } else { (a, b) };
            (family, a.to_string(), b.to_string())
        };
        let wanted: HashSet<_> =
            gold.iter().map(|g| key(g.family, &g.source.names[0], &g.target.names[0])).collect();
        let found: HashSet<_> =
            records.iter().map(|r| key(r.family, &r.source.names[0], &r.target.names[0])).collect();
        let hits = wanted.intersection(&found).count();
        self.document.0[0] += hits;
        self.document.0[1] += found.len() - hits;
        self.document.0[2] += wanted.len() - hits;
    }

    pub fn print(&self, title: &str) {
        let line = |c: &Counts| {
            format!("P {:5.1} R {:5.1} F {:5.1}", 100.0 * c.precision(), 100.0 * c.recall(), 100.0 * c.f1())
        };
        println!(
            "{title:28} mention {}  pair {}  document {}",
            line(&self.mention),
            line(&self.pair),
            line(&self.document)
        );
    }
}
