//! The functions from texts to records.

use std::ops::Range;
use std::sync::Arc;

use arrow_schema::SchemaRef;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict};

use super::dates::{self, Dates};
use super::given;
use super::run::{self, Control};
use super::table::Table;
use super::texts::{self, OnError, Shape, Texts};
use crate::corpus::Engine;
use crate::corpus::given::Given;
use crate::corpus::pipeline::Workspace;
use crate::frame::gather::{gather, stretches};
use crate::frame::rows::{Article, Records, Want};
use crate::frame::{Entities, Relations, Sentences, Tokens};
use crate::segment::Document;
use crate::text::CodePoints;

/// Tables of records.
type Tables = Vec<Vec<arrow_array::RecordBatch>>;

/// What a call works on.
struct Corpus {
    texts: Texts,
    dates: Dates,
    names: Option<Texts>,
    /// Names of another tagger, by row.
    given: Option<Vec<Vec<Given>>>,
    engine: Arc<Engine>,
    /// The number of the first row.
    start: usize,
}

impl Corpus {
    fn article(&self, row: usize) -> Article<'_> {
        Article {
            doc: self.start + row,
            text: self.texts.get(row),
            name: self.names.as_ref().and_then(|names| names.get(row)),
            date: self.dates.get(row),
        }
    }

    /// The wanted tables of `rows`, of the five of [`Records`].
    fn records(
        &self,
        rows: Range<usize>,
        want: Want,
        state: &mut (Workspace, Records),
    ) -> Vec<arrow_array::RecordBatch> {
        let (workspace, records) = state;
        for row in rows {
            let article = self.article(row);
            let given = self.given.as_ref().map(|given| given[row].as_slice());
            let found = article
                .text
                .map(|text| self.engine.analyze_with(text, article.date, given, want.depth(), workspace));
            records.push(&article, found.as_ref(), &self.engine.relations, want);
        }
        records.finish()
    }
}

/// Make the rows of `texts` with `work` off the GIL.
fn records<S, Work>(
    py: Python<'_>,
    texts: &Texts,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
    schemas: Vec<SchemaRef>,
    state: impl Fn() -> S + Send + Sync + 'static,
    work: Work,
) -> PyResult<Tables>
where
    Work: Fn(&mut S, Range<usize>) -> Vec<arrow_array::RecordBatch> + Send + Sync + 'static,
{
    let threads = run::threads(threads)?;
    let texts = texts.clone();
    run::run(py, texts.bytes(), texts.len(), progress, move |control: &Control| {
        let cut = stretches(texts.len(), |row| texts.get(row).map_or(0, str::len));
        gather(&cut, threads, &schemas, state, work, |rows| control.advance(rows))
    })
}

/// A table in the kind that goes with the input's.
fn hand_over<'py>(x: &Bound<'py, PyAny>, shape: Shape, table: Table) -> PyResult<Bound<'py, PyAny>> {
    let py = x.py();
    let table = table.into_pyobject(py)?.into_any();
    match shape {
        Shape::Pandas | Shape::Polars => py.import("rawabit.frames")?.call_method1("like", (x, table)),
        _ => Ok(table),
    }
}

/// Cut texts into sentences.
///
/// Parameters
/// ----------
/// x : str or column of str
///     A list or another iterable, a pandas or polars Series, a pyarrow array or anything that speaks Arrow.
/// errors : {"strict", "replace"}
///     What is done about lone surrogates: an error that names the row, or U+FFFD in their place.
/// threads : int, optional
///     Default: ``RAWABIT_THREADS``, else the CPUs that this process may use.
///
/// Returns
/// -------
/// Table, pandas.DataFrame or polars.DataFrame
///     Columns doc, sentence, start, end, text.
///
/// Examples
/// --------
/// >>> import rawabit as rw
/// >>> rw.sentences("قال زيد. ذهب عمرو")["text"]
/// ['قال زيد.', 'ذهب عمرو']
#[pyfunction]
#[pyo3(signature = (x, *, errors="strict", threads=None))]
pub fn sentences<'py>(
    x: &Bound<'py, PyAny>,
    errors: &str,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (texts, shape) = texts::read(x, OnError::parse(errors)?)?;
    let theirs = texts.clone();
    let state = <(Document, CodePoints, Sentences)>::default;
    let tables =
        records(x.py(), &texts, threads, None, vec![Sentences::schema()], state, move |state, rows| {
            let (document, code_points, out) = state;
            for row in rows {
                let Some(text) = theirs.get(row) else { continue };
                document.update(text);
                code_points.update(text);
                out.push(row, text, &document.sentences, code_points);
            }
            vec![out.finish()]
        })?;
    hand_over(x, shape, first(Sentences::schema(), tables, 0))
}

/// Cut texts into tokens, each with its folded form and its clitics.
///
/// Parameters
/// ----------
/// x, errors, threads
///     As for :func:`sentences`.
///
/// Returns
/// -------
/// Table, pandas.DataFrame or polars.DataFrame
///     Columns doc, sentence, token, start, end, text, norm, kind, prefix, stem, suffix. ``kind`` is word, foreign,
///     number, punct or link; ``norm`` the folded form, which is ``prefix`` + ``stem`` + ``suffix``.
///
/// Examples
/// --------
/// >>> import rawabit as rw
/// >>> rw.tokens("إلى القاعدةِ")["norm"]
/// ['الي', 'القاعده']
#[pyfunction]
#[pyo3(signature = (x, *, errors="strict", threads=None))]
pub fn tokens<'py>(
    x: &Bound<'py, PyAny>,
    errors: &str,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (texts, shape) = texts::read(x, OnError::parse(errors)?)?;
    let theirs = texts.clone();
    let state = <(Document, CodePoints, Tokens)>::default;
    let tables =
        records(x.py(), &texts, threads, None, vec![Tokens::schema()], state, move |state, rows| {
            let (document, code_points, out) = state;
            for row in rows {
                let Some(text) = theirs.get(row) else { continue };
                document.update(text);
                code_points.update(text);
                out.push(row, document, code_points);
            }
            vec![out.finish()]
        })?;
    hand_over(x, shape, first(Tokens::schema(), tables, 0))
}

/// Table number `index` of `tables`.
fn first(schema: SchemaRef, tables: Tables, index: usize) -> Table {
    Table::from_batches(schema, tables.into_iter().nth(index).unwrap_or_default())
}

/// Find names, dates, numbers and amounts, each with what it stands for.
///
/// Parameters
/// ----------
/// x, errors, threads
///     As for :func:`sentences`.
/// date : datetime.date, str or column of them, optional
///     The articles' dates: «أمس» and «الخميس» are resolved against them.
/// lexicon : Lexicon, optional
///     Your own entities and aliases, merged over the built-in ones.
/// model : Tagger, optional
///     Your own model of names.
///
/// Returns
/// -------
/// Table, pandas.DataFrame or polars.DataFrame
///     Columns doc, sentence, start, end, text, label, norm, entity, kind, code, value, score. For a pandas Series ``doc``
///     holds its index labels, else the row number; ``text[start:end]`` of the text is ``text``.
///
/// Examples
/// --------
/// >>> import rawabit as rw
/// >>> table = rw.entities("بايعت بوكو حرام تنظيم داعش في عام 2015.")
#[pyfunction]
#[pyo3(signature = (x, *, date=None, lexicon=None, model=None, errors="strict", threads=None))]
pub fn entities<'py>(
    x: &Bound<'py, PyAny>,
    date: Option<&Bound<'py, PyAny>>,
    lexicon: Option<&Bound<'py, PyAny>>,
    model: Option<&Bound<'py, PyAny>>,
    errors: &str,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (corpus, shape) = corpus(x, date, lexicon, model, errors)?;
    let tables = wanted(x.py(), corpus, Want::Entities, threads, None)?;
    hand_over(x, shape, first(Entities::schema(), tables, 2))
}

/// Find who stands how to whom: typed, directed relation mentions with their status and score.
///
/// Parameters
/// ----------
/// x, date, lexicon, model, errors, threads
///     As for :func:`entities`.
///
/// Returns
/// -------
/// Table, pandas.DataFrame or polars.DataFrame
///     One row for each mention of a relation. ``source`` and ``target`` are the words in the text, ``source_entity`` and
///     ``target_entity`` whom they stand for; ``factuality`` (certain, probable, possible, unknown), ``negated`` and
///     ``attribution`` tell how sure the text is, and by whose word; ``score`` = ``intensity`` × weight of factuality ×
///     ``confidence``, 0 when negated; ``evidence`` is the sentence.
///
/// Examples
/// --------
/// >>> import rawabit as rw
/// >>> table = rw.relations("بايعت بوكو حرام تنظيم داعش في عام 2015.")
#[pyfunction]
#[pyo3(signature = (x, *, date=None, lexicon=None, model=None, errors="strict", threads=None))]
pub fn relations<'py>(
    x: &Bound<'py, PyAny>,
    date: Option<&Bound<'py, PyAny>>,
    lexicon: Option<&Bound<'py, PyAny>>,
    model: Option<&Bound<'py, PyAny>>,
    errors: &str,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (corpus, shape) = corpus(x, date, lexicon, model, errors)?;
    let tables = wanted(x.py(), corpus, Want::Relations, threads, None)?;
    hand_over(x, shape, first(Relations::schema(), tables, 4))
}

/// Read a call's arguments.
fn corpus<'py>(
    x: &Bound<'py, PyAny>,
    date: Option<&Bound<'py, PyAny>>,
    lexicon: Option<&Bound<'py, PyAny>>,
    model: Option<&Bound<'py, PyAny>>,
    errors: &str,
) -> PyResult<(Corpus, Shape)> {
    let (texts, shape) = texts::read(x, OnError::parse(errors)?)?;
    let dates = dates::read(date, texts.len())?;
    let engine = super::engine::engine(x.py(), lexicon, model)?;
    Ok((Corpus { texts, dates, names: None, given: None, engine, start: 0 }, shape))
}

fn wanted(
    py: Python<'_>,
    corpus: Corpus,
    want: Want,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Tables> {
    let texts = corpus.texts.clone();
    let state = <(Workspace, Records)>::default;
    records(py, &texts, threads, progress, Records::schemas().to_vec(), state, move |state, rows| {
        corpus.records(rows, want, state)
    })
}

/// All tables of an analysis as a dict, and the texts; `rawabit.analyze` makes an Analysis of them.
#[pyfunction]
#[pyo3(signature = (x, *, date=None, names=None, lexicon=None, model=None, entities=None, progress=None, errors="strict", threads=None, start=0))]
#[allow(clippy::too_many_arguments)] // They are the keywords of a Python function.
pub fn analyze_tables<'py>(
    x: &Bound<'py, PyAny>,
    date: Option<&Bound<'py, PyAny>>,
    names: Option<&Bound<'py, PyAny>>,
    lexicon: Option<&Bound<'py, PyAny>>,
    model: Option<&Bound<'py, PyAny>>,
    entities: Option<&Bound<'py, PyAny>>,
    progress: Option<&Bound<'py, PyAny>>,
    errors: &str,
    threads: Option<usize>,
    start: usize,
) -> PyResult<(TextColumn, Bound<'py, PyDict>)> {
    let py = x.py();
    let (mut corpus, _) = corpus(x, date, lexicon, model, errors)?;
    corpus.names =
        names.map(|names| texts::read(names, OnError::Replace)).transpose()?.map(|(names, _)| names);
    if let Some(names) = &corpus.names
        && names.len() != corpus.texts.len()
    {
        let (n, rows) = (names.len(), corpus.texts.len());
        return Err(super::errors::RawabitError::new_err(format!("{n} names for {rows} texts")));
    }
    corpus.given = entities.map(|entities| given::read(entities, &corpus.texts)).transpose()?;
    let texts = corpus.texts.clone();
    corpus.start = start;
    let progress = bar(py, progress)?;
    let tables = wanted(py, corpus, Want::All, threads, progress.as_ref())?;
    let dict = PyDict::new(py);
    let kinds = ["documents", "sentences", "entities", "mentions", "relations"];
    for ((name, schema), batches) in kinds.into_iter().zip(Records::schemas()).zip(tables) {
        dict.set_item(name, Table::from_batches(schema, batches))?;
    }
    Ok((TextColumn { texts }, dict))
}

/// One relation of a text for :func:`reasons`: where its trigger, source and target begin, its family, and the reasons.
type Reasons = (usize, usize, usize, String, Vec<(&'static str, f32, f32)>);

/// Why each relation of one text is there; `rawabit.explain` looks its row up in them.
///
/// Returns
/// -------
/// list of (trigger start, source start, target start, family, reasons)
///     Starts in code points. A reason is (name of the measure, its value, what it added to the judge's logit), the
///     weightiest first; none where rules alone bind.
#[pyfunction]
#[pyo3(signature = (text, *, lexicon=None, model=None, entities=None, errors="strict"))]
pub fn reasons(
    text: &Bound<'_, PyAny>,
    lexicon: Option<&Bound<'_, PyAny>>,
    model: Option<&Bound<'_, PyAny>>,
    entities: Option<&Bound<'_, PyAny>>,
    errors: &str,
) -> PyResult<Vec<Reasons>> {
    let (corpus, _) = corpus(text, None, lexicon, model, errors)?;
    let given = entities.map(|entities| given::read(entities, &corpus.texts)).transpose()?;
    let names = given.as_ref().and_then(|rows| rows.first()).map(Vec::as_slice);
    let Some(text) = (corpus.texts.len() == 1).then(|| corpus.texts.get(0)).flatten() else {
        return Err(super::errors::RawabitError::new_err("explain: expected one text"));
    };
    let explained = corpus.engine.explain(text, None, names);
    let found = &explained.analyzed;
    let place = |byte: u32| found.code_points.of_byte(text, byte as usize);
    let rows = found.relations.iter().zip(explained.reasons).map(|(relation, reasons)| {
        let start = |mention: u32| place(found.mentions[mention as usize].start);
        let family = corpus.engine.relations.families.get(relation.family).name.to_string();
        let reasons = reasons.iter().map(|r| (r.measure.name(), r.value, r.share)).collect();
        (place(relation.trigger.start), start(relation.source), start(relation.target), family, reasons)
    });
    Ok(rows.collect())
}

/// What `progress=` asks for: a callable, a bar for `True`, nothing for `None` and `False`.
fn bar<'py>(py: Python<'py>, progress: Option<&Bound<'py, PyAny>>) -> PyResult<Option<Bound<'py, PyAny>>> {
    match progress {
        Some(asked) if asked.is_exact_instance_of::<PyBool>() => match asked.is_truthy()? {
            true => Ok(Some(py.import("rawabit.progress")?.call_method0("bar")?)),
            false => Ok(None),
        },
        other => Ok(other.cloned()),
    }
}

/// The texts of a column as a read-only sequence of `str` and `None`.
#[pyclass(frozen, sequence, module = "rawabit._native")]
pub struct TextColumn {
    texts: Texts,
}

#[pymethods]
impl TextColumn {
    fn __len__(&self) -> usize {
        self.texts.len()
    }

    fn __getitem__(&self, row: isize) -> PyResult<Option<&str>> {
        let rows = self.texts.len() as isize;
        let at = if row < 0 { row + rows } else { row };
        if at < 0 || at >= rows {
            return Err(pyo3::exceptions::PyIndexError::new_err(format!("row {row} of {rows} texts")));
        }
        Ok(self.texts.get(at as usize))
    }

    /// A pickle holds a plain list.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyAny>,))> {
        let texts: Vec<Option<&str>> = (0..self.texts.len()).map(|row| self.texts.get(row)).collect();
        let list = py.import("builtins")?.getattr("list")?;
        Ok((list, (texts.into_pyobject(py)?.into_any(),)))
    }
}
