//! The way between a text and its normalized form.
//!
//! Only the places where lengths differ are kept, as [`Edit`]s; between them the two texts run in step.
//! All offsets are code points. A code point that goes belongs to what stands before it (at the beginning of the
//! text: to what follows), so that every original offset lies in exactly one unit of the normalized text.

/// `original_len` code points at `original` became `normalized_len` code points at `normalized`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub original: u32,
    pub normalized: u32,
    pub original_len: u32,
    pub normalized_len: u32,
}

impl Edit {
    fn original_end(&self) -> u32 {
        self.original + self.original_len
    }

    fn normalized_end(&self) -> u32 {
        self.normalized + self.normalized_len
    }
}

/// The edits of one text, in order, neither overlapping nor empty on the original side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits(Vec<Edit>);

impl Edits {
    /// Add an edit behind all others; deletions that touch become one, an edit that keeps a length alone is none.
    #[inline]
    pub fn push(&mut self, edit: Edit) {
        if edit.original_len == edit.normalized_len && edit.original_len <= 1 {
            return;
        }
        if let Some(last) = self.0.last_mut() {
            let touch = last.original_end() == edit.original && last.normalized_end() == edit.normalized;
            if touch && last.normalized_len == 0 && edit.normalized_len == 0 {
                last.original_len += edit.original_len;
                return;
            }
        }
        self.0.push(edit);
    }

    /// Forget what lies at or behind `original`; an edit across it is cut.
    pub(super) fn truncate(&mut self, original: u32) {
        while let Some(last) = self.0.last_mut() {
            if last.original >= original {
                self.0.pop();
                continue;
            }
            if last.original_end() > original {
                last.original_len = original - last.original;
            }
            break;
        }
    }

    /// The edits in order.
    pub fn iter(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter()
    }

    /// Whether the two texts run in step throughout.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of edits.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The edits from the first text to the third, given these from the first to the second and `next` from there.
    pub fn then(self, next: Edits) -> Edits {
        if next.is_empty() {
            return self;
        }
        if self.is_empty() {
            return next;
        }
        let (first, second) = (&self.0, &next.0);
        let (mut i, mut j) = (0, 0);
        // How far the first text runs ahead of the second, and the third behind it, before the current block.
        let (mut ahead, mut behind) = (0i64, 0i64);
        let mut out = Edits::default();
        while i < first.len() || j < second.len() {
            let from = match (first.get(i), second.get(j)) {
                (Some(a), Some(b)) => a.normalized.min(b.original),
                (Some(a), None) => a.normalized,
                (None, Some(b)) => b.original,
                (None, None) => break,
            };
            let mut to = from;
            let (start, end) = (from as i64 + ahead, from as i64 + behind);
            let mut taken = false;
            loop {
                // What begins inside the block joins it; at its end only what touches an empty block does.
                let joins = |at: u32| at < to || (!taken && at == from);
                if let Some(a) = first.get(i).filter(|a| joins(a.normalized)) {
                    to = to.max(a.normalized_end());
                    ahead += a.original_len as i64 - a.normalized_len as i64;
                    i += 1;
                } else if let Some(b) = second.get(j).filter(|b| joins(b.original)) {
                    to = to.max(b.original_end());
                    behind += b.normalized_len as i64 - b.original_len as i64;
                    j += 1;
                } else {
                    break;
                }
                taken = true;
            }
            out.push(Edit {
                original: start as u32,
                normalized: end as u32,
                original_len: (to as i64 + ahead - start) as u32,
                normalized_len: (to as i64 + behind - end) as u32,
            });
        }
        out
    }
}

/// A normalized text and the way back to the original.
///
/// ```
/// use rawabit::normalize::Normalizer;
/// let normalizer = Normalizer::new("search", &[]).unwrap();
/// let aligned = normalizer.aligned("قال مُحَمَّدٌ أمسِ");
/// assert_eq!(aligned.text, "قال محمد امس");
/// assert_eq!(aligned.to_original(4, 8), (4, 13));
/// assert_eq!(aligned.to_normalized(4, 13), (4, 8));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aligned {
    /// The normalized text.
    pub text: String,
    edits: Edits,
    original_len: u32,
    normalized_len: u32,
}

impl Aligned {
    pub(super) fn new(text: String, edits: Edits, original_len: u32) -> Aligned {
        let normalized_len = normalized_len(&edits.0, original_len);
        Aligned { text, edits, original_len, normalized_len }
    }

    /// The way between the two texts, without the text.
    pub fn way(&self) -> Way<'_> {
        Way { edits: &self.edits.0, original_len: self.original_len, normalized_len: self.normalized_len }
    }

    /// The places where the two texts differ in length.
    pub fn edits(&self) -> &Edits {
        &self.edits
    }

    /// Code points of the original text.
    pub fn original_len(&self) -> usize {
        self.original_len as usize
    }

    /// Code points of the normalized text.
    pub fn normalized_len(&self) -> usize {
        self.normalized_len as usize
    }

    /// See [`Way::to_original`].
    pub fn to_original(&self, start: usize, end: usize) -> (usize, usize) {
        self.way().to_original(start, end)
    }

    /// See [`Way::to_normalized`].
    pub fn to_normalized(&self, start: usize, end: usize) -> (usize, usize) {
        self.way().to_normalized(start, end)
    }
}

/// The way between two texts; found in [`Aligned`] and in [`AlignedRows`].
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    edits: &'a [Edit],
    original_len: u32,
    normalized_len: u32,
}

impl Way<'_> {
    /// The original span of the normalized span `start..end`: everything that its code points were made from,
    /// with what went between and right behind them. Bounds past the end count as the end; O(log n).
    pub fn to_original(&self, start: usize, end: usize) -> (usize, usize) {
        let (start, end) = ordered(start, end, self.normalized_len);
        if self.normalized_len == 0 {
            return (0, self.original_len as usize);
        }
        let from = self.original_start(start);
        let to = if end > start { self.original_end(end - 1) } else { from };
        (from as usize, to as usize)
    }

    /// The normalized span of the original span `start..end`: every code point that any of it became, and for what
    /// went the code point that it belongs to. Bounds past the end count as the end; O(log n).
    pub fn to_normalized(&self, start: usize, end: usize) -> (usize, usize) {
        let (start, end) = ordered(start, end, self.original_len);
        if self.normalized_len == 0 {
            return (0, 0);
        }
        if start == self.original_len {
            return (self.normalized_len as usize, self.normalized_len as usize);
        }
        let from = self.unit(start).0;
        let to = if end > start { self.unit(end - 1).1 } else { from };
        (from as usize, to as usize)
    }

    /// First original code point of the unit that holds normalized code point `at`; the original length at the end.
    fn original_start(&self, at: u32) -> u32 {
        if at == 0 {
            return 0;
        }
        if at >= self.normalized_len {
            return self.original_len;
        }
        let edits = self.edits;
        match edits[..edits.partition_point(|e| e.normalized <= at)].last() {
            None => at,
            Some(e) if at < e.normalized_end() => self.with_lost_beginning(e.original),
            Some(e) => e.original_end() + (at - e.normalized_end()),
        }
    }

    /// The first unit begins at 0, whatever was lost before it.
    fn with_lost_beginning(&self, original: u32) -> u32 {
        match self.edits.first() {
            Some(e) if e.original == 0 && e.normalized_len == 0 && e.original_len == original => 0,
            _ => original,
        }
    }

    /// End of the unit that holds normalized code point `at`, with the lost code points behind it.
    fn original_end(&self, at: u32) -> u32 {
        let edits = self.edits;
        match edits[..edits.partition_point(|e| e.normalized <= at)].last() {
            Some(e) if at < e.normalized_end() => self.original_start(e.normalized_end()),
            _ => self.original_start(at + 1),
        }
    }

    /// The normalized code points of the unit that holds original code point `at`.
    fn unit(&self, at: u32) -> (u32, u32) {
        let edits = self.edits;
        let number = edits.partition_point(|e| e.original <= at);
        match edits[..number].last() {
            None => (at, at + 1),
            Some(e) if at < e.original_end() && e.normalized_len > 0 => (e.normalized, e.normalized_end()),
            Some(e) if at < e.original_end() => {
                // Lost: it belongs to the unit before, at the beginning to the one behind.
                let neighbour = e.normalized.saturating_sub(1);
                let around = edits[..edits.partition_point(|e| e.normalized <= neighbour)].last();
                match around {
                    Some(a) if neighbour < a.normalized_end() => (a.normalized, a.normalized_end()),
                    _ => (neighbour, neighbour + 1),
                }
            }
            Some(e) => {
                let normalized = e.normalized_end() + (at - e.original_end());
                (normalized, normalized + 1)
            }
        }
    }
}

/// Normalized texts with the way back of each, all in a few arrays.
#[derive(Clone, Debug, Default)]
pub struct AlignedRows {
    text: String,
    edits: Vec<Edit>,
    rows: Vec<Row>,
    /// Memory for the edits of the next row.
    spare: Vec<Edit>,
}

/// Where a row's text and edits end, and how many code points its original has.
#[derive(Clone, Copy, Debug)]
struct Row {
    text_end: usize,
    edits_end: usize,
    original_len: u32,
    present: bool,
}

impl AlignedRows {
    /// Number of rows, nulls included.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The normalized text of row `row` and its way back; `None` for a null and past the end. O(1).
    pub fn get(&self, row: usize) -> Option<(&str, Way<'_>)> {
        let here = self.rows.get(row).filter(|here| here.present)?;
        let (text, edits) = match row.checked_sub(1) {
            Some(before) => (self.rows[before].text_end, self.rows[before].edits_end),
            None => (0, 0),
        };
        let edits = &self.edits[edits..here.edits_end];
        let normalized_len = normalized_len(edits, here.original_len);
        Some((
            &self.text[text..here.text_end],
            Way { edits, original_len: here.original_len, normalized_len },
        ))
    }

    /// Row `row` by itself; `None` for a null and past the end.
    pub fn aligned(&self, row: usize) -> Option<Aligned> {
        let (text, way) = self.get(row)?;
        Some(Aligned::new(text.to_owned(), Edits(way.edits.to_vec()), way.original_len))
    }

    /// Add a row, its text and edits by `write`, which returns the code points of the original; a null for `None`.
    pub(super) fn push(
        &mut self,
        original: Option<&str>,
        write: impl FnOnce(&str, &mut String, &mut Edits) -> u32,
    ) {
        let mut original_len = 0;
        if let Some(original) = original {
            // The edits of all rows share one vector; those of this row must not touch the others'.
            let mut edits = Edits::default();
            std::mem::swap(&mut edits.0, &mut self.spare);
            original_len = write(original, &mut self.text, &mut edits);
            self.edits.extend_from_slice(&edits.0);
            edits.0.clear();
            self.spare = edits.0;
        }
        self.rows.push(Row {
            text_end: self.text.len(),
            edits_end: self.edits.len(),
            original_len,
            present: original.is_some(),
        });
    }

    /// Room for `rows` more rows of `bytes` bytes.
    pub(super) fn reserve(&mut self, rows: usize, bytes: usize) {
        self.rows.reserve(rows);
        self.text.reserve(bytes);
    }
}

/// Code points of the normalized text.
fn normalized_len(edits: &[Edit], original_len: u32) -> u32 {
    let shrunk: i64 = edits.iter().map(|e| e.original_len as i64 - e.normalized_len as i64).sum();
    (original_len as i64 - shrunk) as u32
}

fn ordered(start: usize, end: usize, len: u32) -> (u32, u32) {
    let start = start.min(len as usize) as u32;
    (start, (end.min(len as usize) as u32).max(start))
}
