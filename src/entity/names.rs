//! Names: the tagger's spans, with proclitics cut off («والقاعدة» → «القاعدة»).

use std::sync::Arc;

use super::{Entity, Label, article};
use crate::lexicon::{UserLexicon, Words};
use crate::loglinear;
use crate::segment::{Document, Kind};
use crate::tagger::words::{self, Split, WordTable};
use crate::tagger::{self, Span, Tagger};
use crate::{Error, Result};

/// Weights of the tagger of names; licence and sources in `data/names.model.md`.
const TAGGER: &[u8] = include_bytes!("data/names.model");
/// Weights that decide where a name's first word begins.
const CUTS: &[u8] = include_bytes!("data/cuts.model");
/// Weights that judge what the rest of an article says of a word.
const ARTICLE: &[u8] = include_bytes!("data/article.model");

/// Finds names. Immutable; share one among threads.
#[derive(Debug)]
pub struct Names {
    table: Arc<WordTable>,
    tagger: Arc<Tagger>,
    labels: Vec<Label>,
    cuts: loglinear::Model,
    /// None with a user's tagger, whose errors the built-in judge does not know.
    judge: Option<loglinear::Model>,
    calibration: Calibration,
}

/// How a margin of the tagger becomes the probability that the name is right.
#[derive(Debug, Clone, Copy)]
struct Calibration {
    constant: f32,
    slope: f32,
}

/// Fitted on held-out articles; see the file.
const CALIBRATION: &str = include_str!("data/names.tsv");

impl Calibration {
    fn read() -> Result<Calibration> {
        let lines = CALIBRATION.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
        let (mut constant, mut slope) = (None, None);
        for (number, line) in lines {
            match line.split_once('\t').map(|(name, value)| (name, value.parse())) {
                Some(("constant", Ok(value))) => constant = Some(value),
                Some(("slope", Ok(value))) => slope = Some(value),
                _ => {
                    return Err(Error::data(
                        "names.tsv",
                        number + 1,
                        "expected constant or slope and a number",
                    ));
                }
            }
        }
        let missing = || Error::data("names.tsv", 1, "constant or slope is missing");
        Ok(Calibration { constant: constant.ok_or_else(missing)?, slope: slope.ok_or_else(missing)? })
    }

    fn score(&self, margin: f32) -> f32 {
        1.0 / (1.0 + (-(self.constant + self.slope * margin)).exp())
    }
}

/// Memory that finding reuses from document to document.
#[derive(Debug, Default, Clone)]
pub struct Scratch {
    tagger: tagger::Scratch,
    spans: Vec<Span>,
    scores: Vec<f32>,
    article: article::Memory,
    features: loglinear::Features,
}

/// The built-in tagger, as [`Names::new`] uses it.
pub fn built_in() -> Result<Tagger> {
    Tagger::from_bytes(WordTable::shared()?, TAGGER)
}

impl Names {
    /// The built-in names' finder. The user's entities are matched elsewhere ([`super::Finder`]).
    pub fn new(_words: &mut Words, _user: &UserLexicon) -> Result<Names> {
        let table = WordTable::shared()?;
        Names::of(
            table.clone(),
            Arc::new(Tagger::from_bytes(table, TAGGER)?),
            loglinear::Model::from_bytes(CUTS)?,
            Some(loglinear::Model::from_bytes(ARTICLE)?),
        )
    }

    /// A finder of a user's tagger, whose labels must be those of entities.
    pub fn of_tagger(tagger: Arc<Tagger>) -> Result<Names> {
        Names::of(WordTable::shared()?, tagger, loglinear::Model::from_bytes(CUTS)?, None)
    }

    /// A finder of a tagger, a model of cuts and a judge of what the article says.
    pub fn of(
        table: Arc<WordTable>,
        tagger: Arc<Tagger>,
        cuts: loglinear::Model,
        judge: Option<loglinear::Model>,
    ) -> Result<Names> {
        let label = |name: &String| {
            Label::from_name(name).ok_or_else(|| Error::Model(format!("«{name}» is no label of an entity")))
        };
        let labels = tagger.labels().iter().map(label).collect::<Result<_>>()?;
        Ok(Names { tagger, table, labels, cuts, judge, calibration: Calibration::read()? })
    }

    /// What is known of words.
    pub fn table(&self) -> &WordTable {
        &self.table
    }

    /// The names of `document` in the order of their start, without overlaps; canonical names are the names' own
    /// normalized words.
    pub fn find(&self, document: &Document, scratch: &mut Scratch) -> Vec<Entity> {
        let Scratch { tagger, spans, scores, article, features } = scratch;
        let margins = self.tagger.tag_with_margins(document, tagger, spans);
        scores.clear();
        scores.extend(margins.iter().map(|&margin| self.calibration.score(margin)));
        if let Some(judge) = &self.judge {
            article::judge(judge, &self.tagger, document, tagger, spans, scores, article);
        }
        let mut found = Vec::with_capacity(spans.len());
        for (span, &score) in spans.iter().zip(&*scores) {
            let Some(span) = without_edges(document, *span) else { continue };
            let label = self.labels[span.label as usize];
            let letters = cut_letters(&self.table, &self.cuts, document, span, label, features);
            let mut name = entity(document, span, label, letters);
            name.score = score;
            found.push(name);
        }
        found
    }
}

/// The span without punctuation at its ends: quotation marks stand outside of a name.
fn without_edges(document: &Document, mut span: Span) -> Option<Span> {
    let edge = |token: u32| document.tokens[token as usize].kind == Kind::Punct;
    while span.first < span.last && edge(span.first) {
        span.first += 1;
    }
    while span.first < span.last && edge(span.last - 1) {
        span.last -= 1;
    }
    (span.first < span.last).then_some(span)
}

fn entity(document: &Document, span: Span, label: Label, letters: usize) -> Entity {
    // A folded proclitic is two bytes.
    let start = document.cut_at(span.first as usize, letters * 2) as u32;
    let end = document.tokens[span.last as usize - 1].end;
    let mut norm = String::with_capacity((end - start) as usize);
    let restored = letters > 0 && document.norm(span.first as usize)[letters * 2..].starts_with('ل') && {
        document.norm(span.first as usize)[..letters * 2].ends_with('ل')
    };
    if restored {
        norm.push('ا');
    }
    norm.push_str(&document.text[start as usize..end as usize]);
    Entity {
        start,
        end,
        first: span.first,
        last: span.last,
        label,
        canonical: norm.as_str().into(),
        norm,
        kind: None,
        code: None,
        english: None,
        value: None,
        score: 1.0,
    }
}

/// Classes of the model of cuts: letters in front of the name.
pub const CUT_CLASSES: usize = 3;

/// How many letters of the span's first word stand outside of the name.
fn cut_letters(
    table: &WordTable,
    cuts: &loglinear::Model,
    document: &Document,
    span: Span,
    label: Label,
    features: &mut loglinear::Features,
) -> usize {
    let (open, any) = open_cuts(document, span.first as usize);
    if !any {
        return 0;
    }
    cut_features(table, document, span, label, features);
    let mut scores = [0.0; CUT_CLASSES];
    cuts.scores(features, &mut scores);
    let best = (0..CUT_CLASSES).filter(|&letters| open[letters]);
    best.max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0)
}

/// Which numbers of letters can be cut from a token's front, and whether any but 0 can.
pub fn open_cuts(document: &Document, token: usize) -> ([bool; CUT_CLASSES], bool) {
    let mut chain = [Split::default(); 3];
    let mut open = [true, false, false];
    if document.tokens[token].kind != Kind::Word {
        return (open, false);
    }
    let found = words::candidates(document.norm(token), &mut chain);
    for split in &chain[..found] {
        open[split.bytes as usize / 2] = true;
    }
    (open, found > 0)
}

/// What the model of cuts sees of a span's first word.
pub fn cut_features(
    table: &WordTable,
    document: &Document,
    span: Span,
    label: Label,
    features: &mut loglinear::Features,
) {
    let token = span.first as usize;
    let word = document.norm(token);
    features.clear();
    let split = table.split(word);
    let label = label as u64;
    features.add_number(1, split.bytes as u64 + 16 * label);
    features.add(2, word);
    let prefix = |letters: usize| word.get(..letters * 2).unwrap_or(word);
    for letters in 1..=4 {
        features.add_pair(3, prefix(letters), split.bytes as u64);
        features.add_pair(4, prefix(letters), label);
    }
    let whole = table.row(word);
    let mut chain = [Split::default(); 3];
    let found = words::candidates(word, &mut chain);
    for (index, cut) in chain[..found].iter().enumerate() {
        let rest = &word[cut.bytes as usize..];
        let row = table.row(rest);
        let gain = (row.frequency as i32 - whole.frequency as i32 + 64) as u64 / 4;
        features.add_pair(5 + index as u32, prefix(cut.bytes as usize / 2), gain);
        features.add_number(8 + index as u32, row.lists as u64 * 2 + cut.article as u64);
        features.add_pair(11 + index as u32, rest, 0);
        features
            .add_number(14 + index as u32, ((rest.len().min(12) as u64) << 5) | (whole.frequency as u64 / 4));
    }
    features.add_number(17, whole.lists as u64);
    features.add_number(18, (span.last - span.first).min(3) as u64 * 8 + split.bytes as u64);
    let before = if token > 0 { document.norm(token - 1) } else { "" };
    features.add_pair(19, before, split.bytes as u64);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(String, &'static str)> {
        let finder = Names::new(&mut Words::default(), &UserLexicon::default()).unwrap();
        let found = finder.find(&Document::new(text), &mut Scratch::default());
        found.iter().map(|e| (text[e.start as usize..e.end as usize].to_string(), e.label.name())).collect()
    }

    #[test]
    fn proclitics_stand_outside_of_names() {
        for (text, want) in [
            ("التقى وزير الخارجية التونسي خميس الجهيناوي في باريس", "باريس"),
            ("وصل الرئيس إلى تونس وباريس", "باريس"),
            ("عقد الاجتماع بتونس أمس", "تونس"),
            ("قدم الدعم للولايات المتحدة", "لولايات المتحدة"),
        ] {
            assert!(names(text).iter().any(|(name, _)| name == want), "{text}: {:?}", names(text));
        }
    }

    #[test]
    fn nothing_in_nothing_out() {
        assert!(names("").is_empty());
        assert!(names("\u{200f}").is_empty());
        assert!(names("« ( ) »").is_empty());
    }
}
