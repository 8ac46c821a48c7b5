//! Rows of many documents, made on many threads, as a few large record batches in the order of the documents.

use std::ops::{ControlFlow, Range};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::column::{Growing, text_bytes};
use crate::corpus::parallel;

/// Bytes of text per batch of work: long enough to make threads cheap, short enough to share the work evenly.
const WORK: usize = 64 * 1024;

/// Documents per batch of work at most.
const DOCUMENTS: usize = 1024;

/// Bytes of text after which a column goes on in another record batch: 32-bit offsets end at 2 GiB.
const TEXT: usize = 1 << 30;

/// Cut `rows` documents into stretches of about [`WORK`] bytes; `bytes` tells the length of one.
pub fn stretches(rows: usize, bytes: impl Fn(usize) -> usize) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let (mut start, mut size) = (0, 0);
    for row in 0..rows {
        size += bytes(row);
        if size >= WORK || row + 1 - start == DOCUMENTS {
            out.push(start..row + 1);
            (start, size) = (row + 1, 0);
        }
    }
    if start < rows {
        out.push(start..rows);
    }
    out
}

/// Do `work` for every stretch on `threads` threads and join what it returns, table by table.
///
/// `work` gets memory of its thread, made by `state`, and returns one batch for each of `schemas`. `progress` hears
/// of every stretch that is done, in order, and may end the whole; then the tables hold what came before.
pub fn gather<S>(
    stretches: &[Range<usize>],
    threads: usize,
    schemas: &[SchemaRef],
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, Range<usize>) -> Vec<RecordBatch> + Sync,
    mut progress: impl FnMut(usize) -> ControlFlow<()>,
) -> Vec<Vec<RecordBatch>> {
    let mut tables: Vec<Joined> = schemas.iter().map(Joined::new).collect();
    let mut done = 0;
    parallel::in_order(
        threads,
        stretches.len(),
        state,
        |state, index| work(state, stretches[index].clone()),
        |batches| {
            for (table, batch) in tables.iter_mut().zip(&batches) {
                table.append(batch);
            }
            done += 1;
            progress(stretches[done - 1].len())
        },
    );
    tables.into_iter().map(Joined::finish).collect()
}

/// A table that grows by record batches.
#[derive(Debug)]
pub struct Joined {
    schema: SchemaRef,
    columns: Vec<Growing>,
    rows: usize,
    full: Vec<RecordBatch>,
}

impl Joined {
    /// An empty table.
    pub fn new(schema: &SchemaRef) -> Joined {
        let columns = schema.fields().iter().map(|field| {
            Growing::new(field.data_type()).expect("a type that Growing knows, as all types of tables")
        });
        Joined { columns: columns.collect(), schema: schema.clone(), rows: 0, full: Vec::new() }
    }

    /// Append the rows of `batch`, which has this table's schema.
    pub fn append(&mut self, batch: &RecordBatch) {
        let overflows = self
            .columns
            .iter()
            .zip(batch.columns())
            .any(|(c, array)| c.text_bytes() + text_bytes(array) > TEXT);
        if overflows && self.rows > 0 {
            self.close();
        }
        for (column, array) in self.columns.iter_mut().zip(batch.columns()) {
            column.append(array);
        }
        self.rows += batch.num_rows();
    }

    fn close(&mut self) {
        let columns = self.columns.iter_mut().map(Growing::finish).collect();
        self.full.push(RecordBatch::try_new(self.schema.clone(), columns).expect("columns of one length"));
        self.rows = 0;
    }

    /// The rows, in one batch unless they hold more text than one can; at least one batch.
    pub fn finish(mut self) -> Vec<RecordBatch> {
        if self.rows > 0 || self.full.is_empty() {
            self.close();
        }
        self.full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_cover_all_rows_once() {
        for (rows, bytes) in [(0, 1), (1, 0), (3, WORK), (5000, 1), (5000, 100), (2, 10 * WORK)] {
            let cut = stretches(rows, |_| bytes);
            let mut next = 0;
            for stretch in &cut {
                assert!(stretch.start == next && stretch.end > next);
                next = stretch.end;
            }
            assert_eq!(next, rows);
        }
    }
}
