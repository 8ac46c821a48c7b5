//! From records to what they say about a whole corpus: pair scores and associations.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use pyo3::prelude::*;
use pyo3::types::PyString;
use rustc_hash::FxHashMap;

use super::columns::{self, Columns};
use super::errors::{self, RawabitError};
use super::table::Table;
use crate::corpus::association::{Occurrence, associations as associate};
use crate::corpus::pairs::{Claim, Direction, PairStatistics, Pairs};
use crate::entity::Label;
use crate::relation::Factuality;

/// Numbers for the distinct values of columns, in the order of their first row.
#[derive(Default)]
struct Numbers {
    of: FxHashMap<String, u32>,
}

impl Numbers {
    fn of(&mut self, key: &str) -> u32 {
        if let Some(&number) = self.of.get(key) {
            return number;
        }
        let number = self.of.len() as u32;
        self.of.insert(key.to_string(), number);
        number
    }

    /// The number of a row's value; a whole number is its own, and takes no memory.
    fn of_row(&mut self, column: &ArrayRef, row: usize, name: &mut String) -> u32 {
        if *column.data_type() == DataType::Int64 && column.is_valid(row) {
            let number = column.as_primitive::<Int64Type>().value(row);
            if let Ok(number) = u32::try_from(number) {
                return number;
            }
        }
        name.clear();
        key(column, row, name);
        self.of(name)
    }
}

/// A value as a key: a type never equals another's text.
fn key(column: &ArrayRef, row: usize, out: &mut String) {
    use std::fmt::Write;
    if column.is_null(row) {
        out.push('-');
        return;
    }
    // Writing into a String cannot fail.
    let _ = match column.data_type() {
        DataType::Int64 => write!(out, "{}", column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => write!(out, "{}", column.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => write!(out, "{}", column.as_boolean().value(row)),
        _ => write!(out, "={}", column.as_string::<i32>().value(row)),
    };
}

/// The extra grouping columns: of the table, or periods of its dates.
fn grouping(batch: &RecordBatch, by: &[String]) -> PyResult<Vec<ArrayRef>> {
    by.iter()
        .map(|name| match (batch.column_by_name(name), name.as_str()) {
            (Some(column), _) => Ok(column.clone()),
            (None, "year") => periods(batch, 4),
            (None, "month") => periods(batch, 7),
            (None, "day") => periods(batch, 10),
            _ => Err(RawabitError::new_err(format!(
                "by={name:?}: no such column, and none of the periods year, month, day"
            ))),
        })
        .collect()
}

/// The first `length` characters of each row's date; null where it is less exact.
fn periods(batch: &RecordBatch, length: usize) -> PyResult<ArrayRef> {
    let dates = dates(batch)?;
    let rows = dates.iter().map(|date| date.as_deref().and_then(|date| period(date, length)));
    Ok(Arc::new(rows.collect::<StringArray>()))
}

/// The year, month or day that an ISO date or interval lies in, as `length` characters; none where it is less exact.
fn period(date: &str, length: usize) -> Option<&str> {
    let is_exact = |part: &&str| {
        part.bytes()
            .enumerate()
            .all(|(i, byte)| if i == 4 || i == 7 { byte == b'-' } else { byte.is_ascii_digit() })
    };
    let mut ends = date.split('/').map(|end| end.get(..length).filter(is_exact));
    let first = ends.next()??;
    ends.all(|end| end == Some(first)).then_some(first)
}

/// The date of each row: the clause's, or else the article's.
fn dates(batch: &RecordBatch) -> PyResult<Vec<Option<String>>> {
    let mut out = vec![None; batch.num_rows()];
    let columns = Columns { batch };
    for name in ["published", "date"] {
        if batch.column_by_name(name).is_none() {
            continue;
        }
        for (slot, date) in out.iter_mut().zip(columns.text(name)?) {
            if let Some(date) = date {
                *slot = Some(date.to_string());
            }
        }
    }
    Ok(out)
}

/// The claims of relations tables, and the values of their groups.
#[derive(Default)]
struct Claims {
    statistics: PairStatistics,
    docs: Numbers,
    groups: Numbers,
    /// Of each group the values of the grouping columns, as columns of one row.
    values: Vec<Vec<ArrayRef>>,
}

impl Claims {
    fn add(&mut self, table: &Table, by: &[String]) -> PyResult<()> {
        table.batches().iter().try_for_each(|batch| self.add_batch(batch, by))
    }

    fn add_batch(&mut self, batch: &RecordBatch, by: &[String]) -> PyResult<()> {
        let columns = Columns { batch };
        let grouped = grouping(batch, by)?;
        let dates = dates(batch)?;
        let doc = columns.any("doc")?;
        let (family, factuality) = (columns.text("family")?, columns.text("factuality")?);
        let (source, target) = (columns.text("source_entity")?, columns.text("target_entity")?);
        let (symmetric, negated) = (columns.flags("symmetric")?, columns.flags("negated")?);
        let (intensity, confidence, score) =
            (columns.numbers("intensity")?, columns.numbers("confidence")?, columns.numbers("score")?);
        let mut name = String::new();
        for row in 0..batch.num_rows() {
            let claim = Claim {
                doc: self.docs.of_row(doc, row, &mut name),
                group: self.group(&grouped, row, &mut name),
                family: family.value(row),
                source: source.value(row),
                target: target.value(row),
                symmetric: symmetric[row],
                factuality: self::factuality(factuality.value(row), row)?,
                negated: negated[row],
                intensity: intensity.value(row),
                confidence: confidence.value(row),
                score: score.value(row),
                date: dates[row].as_deref(),
            };
            let added = self.statistics.add(&claim);
            added.map_err(|error| RawabitError::new_err(format!("row {row}: {error}")))?;
        }
        Ok(())
    }

    /// The number of the group of a row.
    fn group(&mut self, grouped: &[ArrayRef], row: usize, name: &mut String) -> u32 {
        name.clear();
        for column in grouped {
            key(column, row, name);
            name.push('\u{1F}');
        }
        let group = self.groups.of(name);
        if group as usize == self.values.len() {
            self.values.push(grouped.iter().map(|column| column.slice(row, 1)).collect());
        }
        group
    }

    fn pairs(&self, by: &[String], directed: bool) -> PyResult<Table> {
        let direction = if directed { Direction::Directed } else { Direction::Undirected };
        Ok(Table::from_batch(pair_rows(self.statistics.pairs(direction)?, by, &self.values)?))
    }
}

fn factuality(name: &str, row: usize) -> PyResult<Factuality> {
    Factuality::ALL.into_iter().find(|known| known.name() == name).ok_or_else(|| {
        let known = Factuality::ALL.map(Factuality::name).join(", ");
        RawabitError::new_err(format!("row {row}: factuality {name:?} is none of {known}"))
    })
}

/// What pair scores are computed from, for corpora that come in parts.
///
/// Examples
/// --------
/// >>> import rawabit as rw
/// >>> statistics = rw.PairStatistics()
/// >>> statistics.add(rw.relations(["بايعت بوكو حرام داعش.", "انضم زيد إلى القاعدة."]))
/// >>> pairs = statistics.pairs()
#[pyclass(module = "rawabit", name = "PairStatistics")]
#[derive(Default)]
pub struct PartialPairs {
    claims: Claims,
}

#[pymethods]
impl PartialPairs {
    #[new]
    fn new() -> PartialPairs {
        PartialPairs::default()
    }

    /// Count the relations of one more part.
    ///
    /// Parameters
    /// ----------
    /// relations : Table, DataFrame or Arrow table
    ///     As :func:`relations` returns it; ``doc`` must differ from part to part for different texts.
    fn add(&mut self, py: Python<'_>, relations: &Bound<'_, PyAny>) -> PyResult<()> {
        let table = columns::read(relations)?;
        py.detach(|| self.claims.add(&table, &[]))
    }

    /// The pairs of all parts, exactly as :func:`score_pairs` of the whole.
    #[pyo3(signature = (*, directed=true))]
    fn pairs(&self, py: Python<'_>, directed: bool) -> PyResult<Table> {
        py.detach(|| self.claims.pairs(&[], directed))
    }
}

/// How each two actors stand to each other, from all relation mentions.
///
/// Parameters
/// ----------
/// relations : Table, DataFrame or Arrow table
///     As :func:`relations` returns it; more columns of your own are welcome.
/// by : str or list of str, optional
///     Columns to group by as well (source, place, …), or the periods ``year``, ``month``, ``day`` of the relation's date,
///     else the article's.
/// directed : bool
///     Whether A to B and B to A are two rows. A symmetric claim counts in both.
///
/// Returns
/// -------
/// Table, or the kind of frame that came in
///     Columns (those of ``by``), source, target, n_mentions, n_docs, n_certain, n_hedged, n_negated, cooperation, conflict,
///     score, low, high, npmi, g2, families, first, last. A document counts once per family; ``score`` is the shrunken
///     weighted mean on −10…+10 and ``low``/``high`` its 90 % interval; ``cooperation`` and ``conflict`` are kept apart,
///     since a pair can be both.
///
/// Examples
/// --------
/// >>> import rawabit as rw
/// >>> pairs = rw.score_pairs(rw.relations("بايعت بوكو حرام تنظيم داعش في عام 2015."))
#[pyfunction]
#[pyo3(signature = (relations, by=None, *, directed=true))]
pub fn score_pairs<'py>(
    relations: &Bound<'py, PyAny>,
    by: Option<&Bound<'py, PyAny>>,
    directed: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = relations.py();
    let table = columns::read(relations)?;
    let by: Vec<String> = match by {
        None => Vec::new(),
        Some(name) if name.is_instance_of::<PyString>() => vec![name.extract()?],
        Some(names) => names.extract()?,
    };
    if let Some(clash) = by.iter().find(|name| pair_fields().iter().any(|field| field.name() == *name)) {
        return Err(RawabitError::new_err(format!(
            "by={clash:?}: the result has a column of this name; rename yours"
        )));
    }
    let pairs = py.detach(|| -> PyResult<Table> {
        let mut claims = Claims::default();
        claims.add(&table, &by)?;
        claims.pairs(&by, directed)
    })?;
    in_kind_of(relations, pairs)
}

fn pair_fields() -> Vec<Field> {
    let field = |name: &str, data_type, nullable| Field::new(name, data_type, nullable);
    let mut fields: Vec<Field> =
        ["source", "target"].iter().map(|name| field(name, DataType::Utf8, false)).collect();
    let counts = ["n_mentions", "n_docs", "n_certain", "n_hedged", "n_negated"];
    fields.extend(counts.iter().map(|name| field(name, DataType::Int64, false)));
    let numbers = ["cooperation", "conflict", "score", "low", "high", "npmi", "g2"];
    fields.extend(numbers.iter().map(|name| field(name, DataType::Float64, false)));
    fields.push(field("families", DataType::Utf8, false));
    fields.extend(["first", "last"].iter().map(|name| field(name, DataType::Utf8, true)));
    fields
}

fn pair_rows(pairs: Pairs, by: &[String], values: &[Vec<ArrayRef>]) -> PyResult<RecordBatch> {
    let mut fields = Vec::new();
    let mut out: Vec<ArrayRef> = Vec::new();
    for (index, name) in by.iter().enumerate() {
        let column = pick(pairs.group.iter().map(|&group| &values[group as usize][index]));
        fields.push(Field::new(name, column.data_type().clone(), true));
        out.push(column);
    }
    fields.extend(pair_fields());
    let whole = |counts: &[u32]| -> ArrayRef {
        Arc::new(counts.iter().map(|&n| i64::from(n)).collect::<Int64Array>())
    };
    let text = |names: &[Arc<str>]| -> ArrayRef { Arc::new(StringArray::from_iter_values(names)) };
    let dates = |dates: &[Option<Arc<str>>]| -> ArrayRef {
        Arc::new(dates.iter().map(|date| date.as_deref()).collect::<StringArray>())
    };
    out.extend([text(&pairs.source), text(&pairs.target)]);
    let counts = [&pairs.n_mentions, &pairs.n_docs, &pairs.n_certain, &pairs.n_hedged, &pairs.n_negated];
    out.extend(counts.iter().map(|counts| whole(counts)));
    for numbers in
        [pairs.cooperation, pairs.conflict, pairs.score, pairs.low, pairs.high, pairs.npmi, pairs.g2]
    {
        out.push(Arc::new(Float64Array::from(numbers)));
    }
    out.push(Arc::new(StringArray::from_iter_values(&pairs.families)));
    out.extend([dates(&pairs.first), dates(&pairs.last)]);
    RecordBatch::try_new(Arc::new(Schema::new(fields)), out).map_err(errors::arrow)
}

/// A column of the values of columns of one row each, which are of one type.
fn pick<'t>(values: impl Iterator<Item = &'t ArrayRef> + Clone) -> ArrayRef {
    if values.clone().all(|value| *value.data_type() == DataType::Int64) {
        let whole = |value: &ArrayRef| value.as_primitive::<Int64Type>().iter().next().flatten();
        return Arc::new(values.map(whole).collect::<Int64Array>());
    }
    let mut spelled = String::new();
    let mut out = arrow_array::builder::StringBuilder::new();
    for value in values {
        if value.is_null(0) {
            out.append_null();
            continue;
        }
        spelled.clear();
        key(value, 0, &mut spelled);
        out.append_value(spelled.strip_prefix('=').unwrap_or(&spelled));
    }
    Arc::new(out.finish())
}

/// Which entities keep company.
///
/// Parameters
/// ----------
/// entities : Table, DataFrame or Arrow table
///     As :func:`entities` returns it. Dates, times and amounts are left out.
///
/// Returns
/// -------
/// Table, or the kind of frame that came in
///     Columns entity_a, entity_b, n_docs, n_sentences, npmi (−1 never together … +1 only together) and g2 (log-likelihood
///     ratio), over documents; each pair once.
///
/// Examples
/// --------
/// >>> import rawabit as rw
/// >>> table = rw.associations(rw.entities(["داعش والقاعدة", "داعش"]))
#[pyfunction]
pub fn associations<'py>(entities: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = entities.py();
    let table = columns::read(entities)?;
    let batch = py.detach(|| -> PyResult<RecordBatch> {
        let mut docs = Numbers::default();
        let mut name = String::new();
        let mut places: Vec<(u32, u32, &str)> = Vec::new();
        for batch in table.batches() {
            let columns = Columns { batch };
            let (doc, sentence) = (columns.any("doc")?, columns.numbers("sentence")?);
            let (entity, label) = (columns.text("entity")?, columns.text("label")?);
            for row in 0..batch.num_rows() {
                if Label::from_name(label.value(row)).is_some_and(Label::is_value) || entity.is_null(row) {
                    continue;
                }
                places.push((
                    docs.of_row(doc, row, &mut name),
                    sentence.value(row) as u32,
                    entity.value(row),
                ));
            }
        }
        let occurrences = places.iter().map(|&(doc, sentence, entity)| Occurrence { doc, sentence, entity });
        let found = associate(occurrences)?;
        let whole = |counts: &[u32]| -> ArrayRef {
            Arc::new(counts.iter().map(|&n| i64::from(n)).collect::<Int64Array>())
        };
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("entity_a", Arc::new(StringArray::from_iter_values(&found.entity_a))),
            ("entity_b", Arc::new(StringArray::from_iter_values(&found.entity_b))),
            ("n_docs", whole(&found.n_docs)),
            ("n_sentences", whole(&found.n_sentences)),
            ("npmi", Arc::new(Float64Array::from(found.npmi))),
            ("g2", Arc::new(Float64Array::from(found.g2))),
        ];
        let fields: Vec<Field> =
            columns.iter().map(|(name, c)| Field::new(*name, c.data_type().clone(), false)).collect();
        let columns = columns.into_iter().map(|(_, column)| column).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(errors::arrow)
    })?;
    in_kind_of(entities, Table::from_batch(batch))
}

/// A table in the kind of the table that came in.
fn in_kind_of<'py>(input: &Bound<'py, PyAny>, table: Table) -> PyResult<Bound<'py, PyAny>> {
    let py = input.py();
    let table = table.into_pyobject(py)?.into_any();
    py.import("rawabit.frames")?.call_method1("in_kind_of", (input, table))
}
