//! CoNLL data in two columns (token, IOB2 tag), and exact-span scores.

use crate::segment::{Document, Kind, Sentence, Token, tokens};
use crate::{Error, Result, normalize};

use super::Span;

/// A corpus: its documents and, for every token, the tag as in the file.
#[derive(Debug, Default)]
pub struct Corpus {
    pub documents: Vec<Tagged>,
    /// Names of the labels, in order of first use.
    pub labels: Vec<String>,
}

/// A document with one tag for each token: 0 is O, `1 + 2k` begins label `k`, `2 + 2k` continues it.
#[derive(Debug, Default)]
pub struct Tagged {
    pub document: Document,
    pub tags: Vec<u8>,
}

/// Sentences that are taken for one document where the file marks none with `-DOCSTART-`.
const SENTENCES: usize = 24;

/// Read two columns separated by white space: token and IOB2 tag; an empty line ends a sentence. `file` is for
/// messages. An I-X that continues nothing begins a span.
pub fn read(text: &str, file: &str) -> Result<Corpus> {
    let mut corpus = Corpus::default();
    let mut builder = Tagged::default();
    let mut marked = false;
    let mut last = 0u8;
    for (number, line) in text.lines().enumerate() {
        let mut fields = line.split_whitespace();
        let Some(token) = fields.next() else {
            builder.end_sentence();
            if !marked && builder.document.sentences.len() >= SENTENCES {
                corpus.push(&mut builder);
            }
            last = 0;
            continue;
        };
        if token == "-DOCSTART-" {
            marked = true;
            corpus.push(&mut builder);
            continue;
        }
        let tag =
            fields.next_back().ok_or_else(|| Error::data(file, number + 1, "expected a token and a tag"))?;
        let tag = corpus.tag(tag).ok_or_else(|| {
            Error::data(
                file,
                number + 1,
                format!("«{tag}» is no IOB2 tag (O, B-X or I-X), or there are too many labels"),
            )
        })?;
        let continues = tag != 0 && tag % 2 == 0 && (last == tag || last + 1 == tag);
        last = if tag != 0 && tag % 2 == 0 && !continues { tag - 1 } else { tag };
        builder.push(token, last);
    }
    corpus.push(&mut builder);
    Ok(corpus)
}

impl Corpus {
    fn push(&mut self, builder: &mut Tagged) {
        builder.end_sentence();
        if !builder.tags.is_empty() {
            self.documents.push(std::mem::take(builder));
        }
    }

    fn tag(&mut self, name: &str) -> Option<u8> {
        if name == "O" {
            return Some(0);
        }
        let (position, label) = name.split_once('-')?;
        let label = match self.labels.iter().position(|known| known == label) {
            Some(label) => label,
            None if self.labels.len() < super::model::MOST_LABELS => {
                self.labels.push(label.to_string());
                self.labels.len() - 1
            }
            None => return None,
        };
        match position {
            "B" | "S" => Some(1 + 2 * label as u8),
            "I" | "E" => Some(2 + 2 * label as u8),
            _ => None,
        }
    }

    /// Number of sentences.
    pub fn sentences(&self) -> usize {
        self.documents.iter().map(|d| d.document.sentences.len()).sum()
    }
}

impl Tagged {
    /// Add a sentence of tokens with their tags.
    pub fn add_sentence<'t>(&mut self, tokens: impl Iterator<Item = (&'t str, u8)>) {
        for (token, tag) in tokens {
            self.push(token, tag);
        }
        self.end_sentence();
    }

    fn push(&mut self, surface: &str, tag: u8) {
        let document = &mut self.document;
        if !document.text.is_empty() {
            document.text.push(' ');
        }
        let start = document.text.len() as u32;
        document.text.push_str(surface);
        let fold_start = document.folded.len() as u32;
        normalize::fold_into(surface, &mut document.folded);
        let fold_end = document.folded.len() as u32;
        document.tokens.push(Token {
            start,
            end: document.text.len() as u32,
            fold_start,
            fold_end,
            kind: kind_of(surface),
            prefix: 0,
            suffix: 0,
            after_break: false,
            after_space: true,
        });
        self.tags.push(tag);
    }

    fn end_sentence(&mut self) {
        let document = &mut self.document;
        let first = document.sentences.last().map_or(0, |s| s.last);
        let last = document.tokens.len() as u32;
        if first < last {
            let (start, end) =
                (document.tokens[first as usize].start, document.tokens[last as usize - 1].end);
            document.sentences.push(Sentence { first, last, start, end });
        }
    }

    /// The spans of the tags.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        for sentence in &self.document.sentences {
            let tags = &self.tags[sentence.first as usize..sentence.last as usize];
            super::append_spans(tags, sentence.first as usize, &mut spans);
        }
        spans
    }
}

/// The kind of a token that a file gives: that of its first word, if it has one.
fn kind_of(surface: &str) -> Kind {
    let mut parts = Vec::new();
    tokens::cut(surface, &mut parts);
    let word = parts.iter().find(|part| part.kind != Kind::Punct);
    word.or(parts.first()).map_or(Kind::Punct, |part| part.kind)
}

/// Right, wrongly found and missed spans.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub right: usize,
    pub wrong: usize,
    pub missed: usize,
}

impl Count {
    /// Share of the found spans that are right; 0 when none is found.
    pub fn precision(&self) -> f64 {
        ratio(self.right, self.right + self.wrong)
    }

    /// Share of the spans that are found; 0 when there are none.
    pub fn recall(&self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    /// Add another count.
    pub fn add(&mut self, other: Count) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Compare two sorted lists of spans, label by label (`labels` of them).
pub fn compare(gold: &[Span], found: &[Span], labels: usize) -> Vec<Count> {
    let mut counts = vec![Count::default(); labels];
    for span in gold {
        let count = &mut counts[span.label as usize];
        if found.binary_search(span).is_ok() { count.right += 1 } else { count.missed += 1 }
    }
    for span in found {
        if gold.binary_search(span).is_err() {
            counts[span.label as usize].wrong += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "قال\tO\nأحمد\tB-PER\nعلي\tI-PER\n\nفي O\nتونس I-LOC\n";

    #[test]
    fn reads_sentences_and_spans() {
        let corpus = read(TEXT, "t.conll").unwrap();
        assert_eq!(corpus.labels, ["PER", "LOC"]);
        assert_eq!(corpus.sentences(), 2);
        let spans = corpus.documents[0].spans();
        assert_eq!(spans, [Span { first: 1, last: 3, label: 0 }, Span { first: 4, last: 5, label: 1 }]);
        assert_eq!(corpus.documents[0].document.surface(2), "علي");
    }

    #[test]
    fn errors_name_file_and_line() {
        for (text, line) in [("قال\n", 1), ("قال O\n\nعلي X-PER\n", 3), ("علي PER\n", 1)] {
            let error = read(text, "t.conll").unwrap_err().to_string();
            assert!(error.starts_with(&format!("t.conll:{line}:")), "{error}");
        }
    }

    #[test]
    fn counts_exact_spans() {
        let span = |first, last, label| Span { first, last, label };
        let gold = [span(0, 2, 0), span(3, 4, 1)];
        let counts = compare(&gold, &[span(0, 2, 0), span(3, 5, 1)], 2);
        assert_eq!(counts[0], Count { right: 1, wrong: 0, missed: 0 });
        assert_eq!(counts[1], Count { right: 0, wrong: 1, missed: 1 });
        assert_eq!(counts[0].f1(), 1.0);
        assert_eq!(counts[1].f1(), 0.0);
    }
}
