//! Normalization of Arabic spelling: exact, reversible, in one pass.
//!
//! [`fold_into`] is the fixed fold that the other rooms match words with: two spellings of one word
//! («أمريكا», «امريكا», «أمـريكا») have one folded form. A [`Normalizer`] does what its profile and switches say,
//! and keeps the way back to the original offsets where asked.
//!
//! | part | holds |
//! |---|---|
//! | [`profile`] | switches and profiles, read from `data/` |
//! | [`table`] | what becomes of each code point, and the pass that does it |
//! | [`compose`] | canonical composition inside that pass |
//! | [`simd`] | the pass at full width |
//! | [`scan`] | finds where the passes around it have something to do |
//! | [`spans`] | before it: mark-up, addresses, mentions, hashtags, emoji |
//! | [`tidy`] | behind it: elongation, white space |
//! | [`column`] | a column of texts, buffer to buffer, on many threads |
//! | [`align`] | the way between the two texts |
//! | [`transliterate`] | Arabic in Latin letters |

pub mod align;
pub mod column;
pub mod compose;
pub mod profile;
mod scan;
pub mod simd;
pub mod spans;
pub mod table;
pub mod tidy;
pub mod transliterate;
mod walk;

use std::sync::LazyLock;

use crate::Result;
use align::Edits;
use compose::Form;
use profile::{KEEP, Settings};
use spans::Spans;
use table::{Table, Trace};
use tidy::Tidy;

pub use align::{Aligned, AlignedRows};

/// Bytes that a kernel may write behind the end of its output.
const SLACK: usize = 128;

/// The normalizer of the fixed fold, built at the first call.
static FOLD: LazyLock<Normalizer> = LazyLock::new(|| {
    let switches = [("unicode".to_owned(), KEEP.to_owned())];
    // The profile is part of the program; a test reads it.
    Normalizer::new("search", &switches).unwrap_or_else(|error| panic!("{error}"))
});

/// Append the folded form of `text` to `out`.
///
/// Alef variants become ا, alef maksura ي, teh marbuta ه; Persian and Urdu look-alikes become their Arabic letters;
/// diacritics, tatweel, bidirectional and zero-width controls go; digits become ASCII; Latin becomes lower case;
/// presentation forms become letters, word ligatures («ﷺ») their words. ؤ and ئ stay.
/// It is the `search` profile without composition: every code point is mapped by itself, whatever its neighbours,
/// so folding pieces folds the whole.
pub fn fold_into(text: &str, out: &mut String) {
    FOLD.table.apply(text, out, &mut ());
}

/// The folded form of `text`.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Normalizes texts as its profile and switches say; immutable, shared among threads.
#[derive(Debug, Clone)]
pub struct Normalizer {
    settings: Settings,
    form: Option<Form>,
    spans: Option<Spans>,
    table: Table,
    tidy: Option<Tidy>,
}

impl Normalizer {
    /// A normalizer by `profile` with `switches`, pairs of name and value, changed; see [`Settings::new`].
    ///
    /// # Errors
    /// [`crate::Error::Value`] for a profile, switch or value that does not exist.
    pub fn new(profile: &str, switches: &[(String, String)]) -> Result<Normalizer> {
        Ok(Normalizer::with(Settings::new(profile, switches)?))
    }

    /// A normalizer by these settings.
    pub fn with(settings: Settings) -> Normalizer {
        let form = match settings.get("unicode") {
            "nfc" => Some(Form::Nfc),
            "nfkc" => Some(Form::Nfkc),
            _ => None,
        };
        let joins_emoji = settings.is("zwj", "emoji");
        let candidates = settings.candidates();
        let table = Table::new(candidates, |ch, out| settings.map(ch, out), form, joins_emoji);
        Normalizer { form, spans: Spans::new(&settings), table, tidy: Tidy::new(&settings), settings }
    }

    /// The settings that were asked for.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The normalized form of `text`.
    pub fn normalize(&self, text: &str) -> String {
        let mut out = String::new();
        self.normalize_into(text, &mut out);
        out
    }

    /// Append the normalized form of `text` to `out`.
    pub fn normalize_into(&self, text: &str, out: &mut String) {
        if self.is_one_pass() {
            self.table.apply(text, out, &mut ());
        } else {
            self.passes(text, out, &mut ());
        }
    }

    /// Append the normalized form of `text`, a string of code points, to `out`: for callers whose strings are not
    /// UTF-8. False where it cannot be done so (a cluster to compose, a ligature to expand, a surrogate, a switch that
    /// needs more than one pass); `out` is then in no particular state, and [`Normalizer::normalize_into`] can.
    pub fn normalize_code_points(&self, text: &[u32], out: &mut Vec<u32>) -> bool {
        self.is_one_pass() && self.table.apply_code_points(text, out)
    }

    /// Whether no switch needs more than the table's pass.
    pub fn is_one_pass(&self) -> bool {
        self.spans.is_none() && self.tidy.is_none()
    }

    /// The normalized form of `text` with the way back to its code points.
    pub fn aligned(&self, text: &str) -> Aligned {
        let mut out = String::with_capacity(text.len() + SLACK);
        let mut edits = Edits::default();
        let original_len = self.passes(text, &mut out, &mut edits);
        Aligned::new(out, edits, original_len)
    }

    /// The normalized forms of `texts`, `bytes` bytes in all, each with the way back to its code points.
    pub fn aligned_rows<'t>(
        &self,
        texts: impl ExactSizeIterator<Item = Option<&'t str>>,
        bytes: usize,
    ) -> AlignedRows {
        let mut rows = AlignedRows::default();
        rows.reserve(texts.len(), bytes + SLACK);
        for text in texts {
            rows.push(text, |text, out, edits| self.passes(text, out, edits));
        }
        rows
    }

    /// All passes that the switches ask for, each from the text that the one before it left. The passes around the
    /// table copy nothing where they find nothing to do. The code points of `text`, counted only for a trace.
    fn passes<T: Trace + Default + Chain>(&self, text: &str, out: &mut String, trace: &mut T) -> u32 {
        let mut before = String::new();
        let (original, mut text) = (text, text);
        if let Some(spans) = &self.spans
            && spans.apply(text, &mut before, trace)
        {
            text = &before;
        }
        let (from, mut mapping) = (out.len(), T::default());
        // The trace is the table's own where nothing came before.
        let count = if before.is_empty() && text.len() == original.len() {
            self.table.apply(text, out, trace)
        } else {
            self.table.apply(text, out, &mut mapping);
            trace.chain(mapping);
            if T::ON { original.chars().count() as u32 } else { 0 }
        };
        if let Some(tidy) = &self.tidy
            && let Some(at) = tidy.first(&out[from..])
        {
            let (mapped, mut tidying) = (out.split_off(from), T::default());
            tidy.apply(&mapped, at, out, &mut tidying);
            trace.chain(tidying);
        }
        count
    }

    /// Every code point that the normalizer changes by itself, with what it becomes (empty: it goes).
    pub fn code_points(&self) -> Vec<(char, String)> {
        self.settings.code_points()
    }

    /// The normal form that the result is composed to.
    pub fn form(&self) -> Option<Form> {
        self.form
    }
}

/// Traces of two passes, one behind the other.
trait Chain {
    /// Add the trace of the next pass.
    fn chain(&mut self, next: Self);
}

impl Chain for () {
    fn chain(&mut self, (): ()) {}
}

impl Chain for Edits {
    fn chain(&mut self, next: Edits) {
        *self = std::mem::take(self).then(next);
    }
}
