//! A table of names that another tagger has found.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_schema::DataType;
use pyo3::prelude::*;

use super::columns::{self, Columns};
use super::errors::RawabitError;
use super::texts::Texts;
use crate::corpus::given::Given;
use crate::entity::Label;
use crate::text::CodePoints;

/// The names of each row of `texts`, from a table with columns doc, start, end, label and, optionally, entity, kind,
/// code, score. Offsets are code points.
pub fn read(table: &Bound<'_, PyAny>, texts: &Texts) -> PyResult<Vec<Vec<Given>>> {
    let table = columns::read(table)?;
    let mut out = vec![Vec::new(); texts.len()];
    let mut index = Index { doc: usize::MAX, code_points: CodePoints::default() };
    let mut before = 0;
    for batch in table.batches() {
        read_batch(batch, texts, before, &mut index, &mut out)?;
        before += batch.num_rows();
    }
    Ok(out)
}

/// The code points of the text that was looked at last: names of one text mostly follow each other.
struct Index {
    doc: usize,
    code_points: CodePoints,
}

fn read_batch(
    batch: &RecordBatch,
    texts: &Texts,
    before: usize,
    index: &mut Index,
    out: &mut [Vec<Given>],
) -> PyResult<()> {
    let columns = Columns { batch };
    let whole = |name: &str| -> PyResult<_> {
        let column = columns.any(name)?;
        match column.data_type() {
            DataType::Int64 if column.null_count() == 0 => Ok(column.as_primitive::<Int64Type>().clone()),
            found => Err(RawabitError::new_err(format!(
                "entities: column {name:?} holds {found}, expected whole numbers"
            ))),
        }
    };
    let (doc, start, end) = (whole("doc")?, whole("start")?, whole("end")?);
    let label = columns.text("label")?;
    let maybe = |name: &str| columns.any(name).ok().and_then(|column| column.as_string_opt::<i32>());
    let (entity, kind, code) = (maybe("entity"), maybe("kind"), maybe("code"));
    let score = columns.numbers("score").ok();
    let value = |column: Option<&StringArray>, row: usize| {
        column.filter(|column| column.is_valid(row)).map(|column| column.value(row).into())
    };
    for row in 0..batch.num_rows() {
        let place = format!("entities, row {}", before + row);
        let number = usize::try_from(doc.value(row)).ok().filter(|&doc| doc < out.len());
        let Some(number) = number else {
            return Err(RawabitError::new_err(format!("{place}: there is no text {}", doc.value(row))));
        };
        let known = label.is_valid(row).then(|| Label::from_name(label.value(row))).flatten();
        let Some(known) = known else {
            return Err(RawabitError::new_err(format!(
                "{place}: label {:?} is none of {}",
                label.value(row),
                Label::ALL.map(Label::name).join(", ")
            )));
        };
        let Some(text) = texts.get(number) else { continue };
        if index.doc != number {
            index.code_points.update(text);
            index.doc = number;
        }
        let length = index.code_points.of_byte(text, text.len()) as i64;
        let (from, to) = (start.value(row), end.value(row));
        if from < 0 || from >= to || to > length {
            return Err(RawabitError::new_err(format!(
                "{place}: {from}:{to} is no span of text {number}, which has {length} characters"
            )));
        }
        out[number].push(Given {
            start: index.code_points.to_byte(text, from as usize) as u32,
            end: index.code_points.to_byte(text, to as usize) as u32,
            label: known,
            canonical: value(entity, row),
            kind: value(kind, row),
            code: value(code, row),
            score: score.as_ref().filter(|s| s.is_valid(row)).map_or(1.0, |s| s.value(row) as f32),
        });
    }
    Ok(())
}
