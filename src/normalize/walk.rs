//! A walk over a text that keeps most of it: what the passes around the table have in common.

use super::table::{Cursor, Trace};

/// What lies before byte `kept` of the text is written.
pub struct Walk<'a, T> {
    pub text: &'a str,
    pub kept: usize,
    pub out: &'a mut String,
    pub cursor: Cursor,
    pub trace: &'a mut T,
}

impl<T: Trace> Walk<'_, T> {
    /// Write what lies before byte `to` as it is.
    pub fn keep(&mut self, to: usize) {
        let stretch = &self.text[self.kept..to];
        self.out.push_str(stretch);
        if T::ON {
            let count = stretch.chars().count() as u32;
            self.cursor.original += count;
            self.cursor.normalized += count;
        }
        self.kept = to;
    }

    /// Write `replacement` for the bytes between `from` and `to`, and before it what has not been written yet; `to`.
    pub fn replace(&mut self, from: usize, to: usize, replacement: &str) -> usize {
        self.keep(from);
        self.out.push_str(replacement);
        if T::ON {
            let before = self.text[from..to].chars().count() as u32;
            let after = replacement.chars().count() as u32;
            self.trace.edit(self.cursor.edit(before, after));
            self.cursor.original += before;
            self.cursor.normalized += after;
        }
        self.kept = to;
        to
    }
}
