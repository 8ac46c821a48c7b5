//! What a document says of a word elsewhere: a name that is plain in one sentence helps to see it in the others
//! («فريق التعاون» once, «التعاون» ever after).
//!
//! The first pass votes with the spans that it found; the second pass sees, for every word, the votes of the word's
//! other occurrences.

use rustc_hash::FxHashMap;

use super::features::Digest;
use super::hash::{key, mix};
use super::{Span, tag_of};

/// Votes of one document, and the memory for them.
#[derive(Debug, Default, Clone)]
pub struct Votes {
    /// Where the votes for a word's tags begin in `counts`.
    words: FxHashMap<u64, u32>,
    /// For each word: occurrences, then one count for each tag.
    counts: Vec<u16>,
    /// For each token, where its word's votes begin; [`NONE`] for words without.
    places: Vec<u32>,
    /// For each token, the tag that the first pass gave it.
    tags: Vec<u8>,
    /// For each token, the tag that it votes for; 0 for none.
    votes: Vec<u8>,
    width: usize,
}

const NONE: u32 = u32::MAX;

/// Margin (see [`super::Tagger::tag_with_margins`]) that a span needs to vote.
pub const SURE: f32 = 3.0;

const TEMPLATE: u64 = 100;

impl Votes {
    /// Count the votes of `spans`; `digests` are the document's tokens. Only spans that are better than the next best
    /// reading by [`SURE`] vote: what was guessed once must not be believed everywhere.
    pub fn count(&mut self, digests: &[Digest], spans: &[Span], margins: &[f32], tags: usize) {
        self.words.clear();
        self.counts.clear();
        self.places.clear();
        self.tags.clear();
        self.tags.resize(digests.len(), 0);
        self.votes.clear();
        self.votes.resize(digests.len(), 0);
        self.width = tags + 1;
        if spans.is_empty() {
            return;
        }
        for (span, &margin) in spans.iter().zip(margins) {
            for token in span.first..span.last {
                let tag = tag_of(span, token);
                self.tags[token as usize] = tag;
                if margin < SURE {
                    continue;
                }
                self.votes[token as usize] = tag;
                let next = self.counts.len() as u32;
                let place = *self.words.entry(digests[token as usize].bare).or_insert(next);
                if place == next {
                    self.counts.resize(self.counts.len() + self.width, 0);
                }
                let count = &mut self.counts[place as usize + 1 + tag as usize];
                *count = count.saturating_add(1);
            }
        }
        for digest in digests {
            let place = self.words.get(&digest.bare).copied().unwrap_or(NONE);
            self.places.push(place);
            if place != NONE {
                let count = &mut self.counts[place as usize];
                *count = count.saturating_add(1);
            }
        }
    }

    /// Any word of tokens `first..last` that a vote speaks of.
    pub fn any(&self, first: usize, last: usize) -> bool {
        !self.places.is_empty() && (first..last).any(|token| self.best(token).is_some())
    }

    /// The tag that most of the other occurrences of a token's word have: tag, votes, other occurrences.
    fn best(&self, token: usize) -> Option<(u8, u16, u16)> {
        let place = self.places[token];
        if place == NONE {
            return None;
        }
        let counts = &self.counts[place as usize..place as usize + self.width];
        let own = self.votes[token];
        let mut best = (0, 0);
        for (tag, &count) in counts[1..].iter().enumerate().skip(1) {
            let count = count - u16::from(tag as u8 == own);
            if count > best.1 {
                best = (tag as u8, count);
            }
        }
        let label = |tag: u8| (tag as usize - 1) / 2;
        (best.1 > 0).then(|| {
            let other = if best.0 % 2 == 1 { best.0 + 1 } else { best.0 - 1 };
            let more = counts[1 + other as usize] - u16::from(other == own);
            debug_assert_eq!(label(other), label(best.0));
            (best.0, best.1 + more, counts[0] - 1)
        })
    }

    /// Hand the keys of what the votes say of `token` (inside the sentence `first..last`) to `hear`.
    pub fn keys(
        &self,
        digests: &[Digest],
        token: usize,
        first: usize,
        last: usize,
        mut hear: impl FnMut(u32),
    ) {
        let label = |at: Option<usize>| -> u64 {
            let best = at.filter(|at| (first..last).contains(at)).and_then(|at| self.best(at));
            best.map_or(0, |(tag, ..)| (tag as u64).div_ceil(2))
        };
        let (before, after) = (label(token.checked_sub(1)), label(Some(token + 1)));
        let mut tell = |template: u64, value: u64| hear(key(mix(TEMPLATE + template, value)));
        if let Some((tag, votes, others)) = self.best(token) {
            let here = (tag as u64).div_ceil(2);
            let share = (votes as u64 * 4).div_ceil(others.max(1) as u64).min(4);
            let digest = &digests[token];
            tell(0, here << 8 | share << 4 | votes.min(3) as u64);
            tell(1, (tag as u64) << 8 | self.tags[token] as u64);
            tell(2, here << 8 | share << 4 | before);
            tell(3, here << 8 | share << 4 | after);
            tell(4, here << 16 | digest.clusters[2] as u64);
            tell(5, mix(here << 8 | share, digest.lists as u64));
            tell(6, here << 8 | (share << 4) | u64::from(digest.definite));
        } else if self.tags[token] != 0 {
            tell(7, self.tags[token] as u64);
        }
        if before != 0 || after != 0 {
            tell(8, before << 8 | after << 4 | u64::from(self.tags[token] != 0));
        }
    }
}
