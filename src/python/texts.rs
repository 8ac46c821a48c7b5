//! Every kind of text column that Python has, read as one: [`Texts`].
//!
//! Arrow-backed columns are read in place. `str` objects are encoded one after the other into one arena:
//! `PyUnicode_AsUTF8AndSize` would be simpler, but leaves a second copy of the text inside every `str`.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::{AsArray, as_string_array};
use arrow_array::{
    Array, ArrayRef, GenericStringArray, LargeStringArray, OffsetSizeTrait, StringArray, StringViewArray,
};
use arrow_buffer::{BooleanBufferBuilder, NullBuffer};
use arrow_schema::DataType;
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyList, PyString, PyTuple};

use super::arrow;
use super::errors::TextError;
use crate::normalize::Normalizer;
use crate::normalize::column::{Rows, Scratch};

/// What is done about text that is not valid Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// An error that names the row.
    Strict,
    /// U+FFFD in the place of each lone surrogate: the offsets stay right.
    Replace,
}

impl OnError {
    /// `"strict"` or `"replace"`.
    pub fn parse(name: &str) -> PyResult<OnError> {
        match name {
            "strict" => Ok(OnError::Strict),
            "replace" => Ok(OnError::Replace),
            _ => Err(super::errors::RawabitError::new_err(format!(
                "errors={name:?}: expected \"strict\" or \"replace\""
            ))),
        }
    }
}

/// What came in, and so what goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One `str` (or one `None`).
    One,
    /// A list, tuple or another iterable.
    List,
    /// A pandas Series or Index.
    Pandas,
    /// A polars Series.
    Polars,
    /// Any other Arrow column: pyarrow, arro3, nanoarrow, …
    Arrow,
}

/// A column of texts, some of them null. Cheap to clone, and free of Python: any thread may read it.
#[derive(Clone, Debug)]
pub struct Texts {
    chunks: Arc<[Chunk]>,
    /// Rows before each chunk.
    before: Arc<[usize]>,
    rows: usize,
}

impl Texts {
    fn new(chunks: Vec<Chunk>) -> Texts {
        let mut rows = 0;
        let before = chunks
            .iter()
            .map(|chunk| {
                rows += chunk.len();
                rows - chunk.len()
            })
            .collect();
        Texts { chunks: chunks.into(), before, rows }
    }

    /// Number of rows, nulls included.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// The text of row `row`; `None` for a null.
    #[inline]
    pub fn get(&self, row: usize) -> Option<&str> {
        let chunk = match self.chunks.len() {
            1 => 0,
            _ => self.before.partition_point(|&before| before <= row) - 1,
        };
        self.chunks[chunk].get(row - self.before[chunk])
    }

    /// Which rows are null; `None` where none is.
    pub fn nulls(&self) -> Option<NullBuffer> {
        if let [chunk] = &*self.chunks {
            return chunk.nulls();
        }
        let parts: Vec<_> = self.chunks.iter().map(Chunk::nulls).collect();
        parts.iter().any(Option::is_some).then(|| {
            let mut valid = BooleanBufferBuilder::new(self.rows);
            for (chunk, part) in self.chunks.iter().zip(&parts) {
                match part {
                    Some(nulls) => valid.append_buffer(nulls.inner()),
                    None => valid.append_n(chunk.len(), true),
                }
            }
            NullBuffer::new(valid.finish())
        })
    }

    /// The rows in batches of about `bytes` bytes.
    pub fn batches(&self, bytes: usize) -> Vec<Range<usize>> {
        let batches = self.bytes().div_ceil(bytes).clamp(1, self.rows.max(1));
        (0..batches).map(|b| b * self.rows / batches..(b + 1) * self.rows / batches).collect()
    }

    /// Bytes of text, roughly: what work is measured by. A dictionary counts its values once.
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(Chunk::bytes).sum()
    }
}

impl Rows for Texts {
    fn normalize(
        &self,
        rows: Range<usize>,
        normalizer: &Normalizer,
        scratch: &mut Scratch,
        out: &mut String,
        ends: &mut Vec<usize>,
    ) {
        for (chunk, &before) in self.chunks.iter().zip(&*self.before) {
            let (from, to) = (rows.start.max(before), rows.end.min(before + chunk.len()));
            if from < to {
                chunk.normalize(from - before..to - before, normalizer, scratch, out, ends);
            }
        }
    }
}

/// One stretch of a column.
#[derive(Debug)]
enum Chunk {
    Arena(Arena),
    Utf8(StringArray),
    LargeUtf8(LargeStringArray),
    View(StringViewArray),
    Dictionary { array: ArrayRef, keys: Vec<usize>, values: Box<Chunk> },
    Null(usize),
}

impl Chunk {
    fn len(&self) -> usize {
        match self {
            Chunk::Arena(arena) => arena.len(),
            Chunk::Utf8(array) => array.len(),
            Chunk::LargeUtf8(array) => array.len(),
            Chunk::View(array) => array.len(),
            Chunk::Dictionary { array, .. } => array.len(),
            Chunk::Null(rows) => *rows,
        }
    }

    #[inline]
    fn get(&self, row: usize) -> Option<&str> {
        match self {
            Chunk::Arena(arena) => arena.get(row),
            Chunk::Utf8(array) => array.is_valid(row).then(|| array.value(row)),
            Chunk::LargeUtf8(array) => array.is_valid(row).then(|| array.value(row)),
            Chunk::View(array) => array.is_valid(row).then(|| array.value(row)),
            Chunk::Dictionary { array, keys, values } => {
                if array.is_valid(row) {
                    values.get(keys[row])
                } else {
                    None
                }
            }
            Chunk::Null(_) => None,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Chunk::Arena(arena) => arena.text.len(),
            Chunk::Utf8(array) => {
                let ends = array.value_offsets();
                (ends[ends.len() - 1] - ends[0]) as usize
            }
            Chunk::LargeUtf8(array) => {
                let ends = array.value_offsets();
                (ends[ends.len() - 1] - ends[0]) as usize
            }
            Chunk::View(array) => array.views().iter().map(|&view| view as u32 as usize).sum(),
            Chunk::Dictionary { values, keys, .. } => values.bytes() + keys.len(),
            Chunk::Null(_) => 0,
        }
    }

    fn nulls(&self) -> Option<NullBuffer> {
        let nulls = match self {
            Chunk::Arena(arena) if arena.nulls.is_empty() => return None,
            Chunk::Utf8(array) => array.nulls().cloned(),
            Chunk::LargeUtf8(array) => array.nulls().cloned(),
            Chunk::View(array) => array.nulls().cloned(),
            Chunk::Null(rows) => Some(NullBuffer::new_null(*rows)),
            Chunk::Arena(_) | Chunk::Dictionary { .. } => {
                Some((0..self.len()).map(|row| self.get(row).is_some()).collect())
            }
        };
        nulls.filter(|nulls| nulls.null_count() > 0)
    }

    fn normalize(
        &self,
        rows: Range<usize>,
        normalizer: &Normalizer,
        scratch: &mut Scratch,
        out: &mut String,
        ends: &mut Vec<usize>,
    ) {
        let bounds = rows.start..=rows.end;
        match self {
            Chunk::Arena(arena) => {
                normalizer.normalize_rows(&arena.text, &arena.bounds[bounds], scratch, out, ends);
            }
            Chunk::Utf8(array) if nulls_are_empty(array, rows.clone()) => {
                // SAFETY: Arrow's strings are UTF-8, and so is what lies between the first and the last of them.
                let text = unsafe { std::str::from_utf8_unchecked(array.value_data()) };
                normalizer.normalize_rows(text, &array.value_offsets()[bounds], scratch, out, ends);
            }
            Chunk::LargeUtf8(array) if nulls_are_empty(array, rows.clone()) => {
                // SAFETY: as above.
                let text = unsafe { std::str::from_utf8_unchecked(array.value_data()) };
                normalizer.normalize_rows(text, &array.value_offsets()[bounds], scratch, out, ends);
            }
            _ => {
                for row in rows {
                    if let Some(text) = self.get(row) {
                        normalizer.normalize_into(text, out);
                    }
                    ends.push(out.len());
                }
            }
        }
    }

    /// An Arrow array of texts; `None` for one of another type.
    fn from_arrow(array: &ArrayRef) -> Option<Chunk> {
        match array.data_type() {
            DataType::Utf8 => Some(Chunk::Utf8(as_string_array(array).clone())),
            DataType::LargeUtf8 => Some(Chunk::LargeUtf8(array.as_string::<i64>().clone())),
            DataType::Utf8View => Some(Chunk::View(array.as_string_view().clone())),
            DataType::Dictionary(_, _) => {
                let dictionary = array.as_any_dictionary();
                if dictionary.values().is_empty() {
                    return Some(Chunk::Null(array.len()));
                }
                let values = Box::new(Chunk::from_arrow(dictionary.values())?);
                Some(Chunk::Dictionary { array: array.clone(), keys: dictionary.normalized_keys(), values })
            }
            // A column of nulls has no type that anybody chose.
            _ if array.null_count() == array.len() || *array.data_type() == DataType::Null => {
                Some(Chunk::Null(array.len()))
            }
            _ => None,
        }
    }
}

/// Whether no null among `rows` has bytes, which nobody has promised to be text.
fn nulls_are_empty<O: OffsetSizeTrait>(array: &GenericStringArray<O>, mut rows: Range<usize>) -> bool {
    let ends = array.value_offsets();
    array.null_count() == 0 || rows.all(|row| array.is_valid(row) || ends[row] == ends[row + 1])
}

/// Texts of `str` objects, encoded one after the other.
#[derive(Debug)]
struct Arena {
    text: String,
    /// Row `i` lies between the bytes `bounds[i]` and `bounds[i + 1]`.
    bounds: Vec<usize>,
    /// Rows that are null, ascending.
    nulls: Vec<usize>,
}

impl Default for Arena {
    fn default() -> Self {
        Arena { text: String::new(), bounds: vec![0], nulls: Vec::new() }
    }
}

impl Arena {
    fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    #[inline]
    fn get(&self, row: usize) -> Option<&str> {
        let (start, end) = (self.bounds[row], self.bounds[row + 1]);
        if start == end && self.nulls.binary_search(&row).is_ok() {
            return None;
        }
        Some(&self.text[start..end])
    }

    fn push_null(&mut self) {
        self.nulls.push(self.len());
        self.bounds.push(self.text.len());
    }

    fn push(&mut self, text: &Bound<'_, PyString>, on_error: OnError, place: &str) -> PyResult<()> {
        let py = text.py();
        match encode_one(text) {
            Some(bytes) => {
                // SAFETY: CPython's encoder has just written these bytes.
                self.text.push_str(unsafe { std::str::from_utf8_unchecked(bytes.as_bytes()) });
            }
            None => {
                let error = PyErr::fetch(py);
                match on_error {
                    OnError::Strict => return Err(surrogate_error(py, error, place)),
                    OnError::Replace => self.push_replaced(text)?,
                }
            }
        }
        self.bounds.push(self.text.len());
        Ok(())
    }

    /// Append a text with U+FFFD for each lone surrogate: one code point for one.
    fn push_replaced(&mut self, text: &Bound<'_, PyString>) -> PyResult<()> {
        let encoded = text.call_method1("encode", ("utf-8", "surrogatepass"))?.cast_into::<PyBytes>()?;
        let mut bytes = encoded.as_bytes().to_vec();
        for at in 0..bytes.len().saturating_sub(1) {
            // ED A0..BF .. is how a surrogate looks: three bytes, as many as U+FFFD has.
            if bytes[at] == 0xED && bytes[at + 1] >= 0xA0 {
                bytes[at..at + 3].copy_from_slice("\u{FFFD}".as_bytes());
            }
        }
        self.text.push_str(&String::from_utf8_lossy(&bytes));
        Ok(())
    }
}

/// The UTF-8 of `text`; `None`, with Python's error set, where it has a lone surrogate.
fn encode_one<'py>(text: &Bound<'py, PyString>) -> Option<Bound<'py, PyBytes>> {
    // SAFETY: `text` is a str and the thread is attached; the result is a new reference, to bytes, or null.
    unsafe {
        let bytes = Bound::from_owned_ptr_or_opt(text.py(), ffi::PyUnicode_AsUTF8String(text.as_ptr()))?;
        Some(bytes.cast_into_unchecked())
    }
}

/// The UTF-8 of `text`; `None` where it has a lone surrogate.
pub(super) fn utf8<'py>(text: &Bound<'py, PyString>) -> Option<Bound<'py, PyBytes>> {
    let bytes = encode_one(text);
    if bytes.is_none() {
        PyErr::take(text.py());
    }
    bytes
}

fn surrogate_error(py: Python<'_>, error: PyErr, place: &str) -> PyErr {
    let start = error.value(py).getattr("start").and_then(|at| at.extract::<usize>());
    let Ok(start) = start else { return error };
    TextError::new_err(format!(
        "{place} has a lone surrogate at character {start}, which is no valid text; errors=\"replace\" puts U+FFFD there"
    ))
}

/// The error about a lone surrogate at code point `at` of the text in row `row`, of the one text there is for `None`.
pub(super) fn surrogate(row: Option<usize>, at: usize) -> PyErr {
    let place = row.map_or_else(|| "the text".into(), |row| format!("row {row}"));
    TextError::new_err(format!(
        "{place} has a lone surrogate at character {at}, which is no valid text; errors=\"replace\" puts U+FFFD there"
    ))
}

/// Read any kind of text column.
///
/// Raises `TypeError` naming position and type for what is no text, [`TextError`] naming the row for lone
/// surrogates.
pub fn read(object: &Bound<'_, PyAny>, on_error: OnError) -> PyResult<(Texts, Shape)> {
    if object.is_none() {
        return Ok((Texts::new(vec![Chunk::Null(1)]), Shape::One));
    }
    if let Ok(text) = object.cast::<PyString>() {
        let mut arena = Arena::default();
        arena.push(text, on_error, "the text")?;
        return Ok((Texts::new(vec![Chunk::Arena(arena)]), Shape::One));
    }
    refuse(object)?;
    let shape = shape(object)?;
    let chunk = match shape {
        Shape::Pandas => return Ok((read_pandas(object, on_error)?, shape)),
        Shape::Polars if object.getattr("dtype")?.str()?.to_cow()?.starts_with("Object") => {
            encode(&object.call_method0("to_list")?, on_error)?
        }
        Shape::Polars | Shape::Arrow => {
            return match arrow::import(object)? {
                Some((_, chunks)) => Ok((from_arrow(chunks)?, shape)),
                None => Err(wrong_argument(object)),
            };
        }
        _ => encode(object, on_error)?,
    };
    Ok((Texts::new(vec![Chunk::Arena(chunk)]), shape))
}

/// The kind of a column.
fn shape(object: &Bound<'_, PyAny>) -> PyResult<Shape> {
    let py = object.py();
    if object.is_exact_instance_of::<PyList>() || object.is_exact_instance_of::<PyTuple>() {
        return Ok(Shape::List);
    }
    let class = object.get_type();
    let module = class.getattr(pyo3::intern!(py, "__module__"))?.str()?;
    let root = module.to_cow()?;
    let series = class.name()? != "DataFrame";
    let speaks_arrow = object.hasattr(pyo3::intern!(py, "__arrow_c_stream__"))?
        || object.hasattr(pyo3::intern!(py, "__arrow_c_array__"))?;
    Ok(match root.split('.').next() {
        Some("pandas") if series && object.hasattr("dtype")? => Shape::Pandas,
        Some("polars") if series => Shape::Polars,
        _ if speaks_arrow => Shape::Arrow,
        // A subclass of a Series keeps its base's ways.
        _ if object.hasattr("dtype")? && object.hasattr("index")? && object.hasattr("tolist")? => {
            Shape::Pandas
        }
        _ => Shape::List,
    })
}

/// Text-like and column-like things that are a mistake rather than a column of texts.
fn refuse(object: &Bound<'_, PyAny>) -> PyResult<()> {
    let class = object.get_type();
    let name = class.name()?.to_string();
    let hint = match name.as_str() {
        "bytes" | "bytearray" | "memoryview" => "decode it first, for example with .decode(\"utf-8\")",
        "DataFrame" | "LazyFrame" | "RecordBatch" => "pass one column, for example df[\"text\"]",
        "Table" => "pass one column, for example table[\"text\"]",
        _ if object.is_instance_of::<PyDict>() => "pass list(d.values())",
        _ => return Ok(()),
    };
    Err(PyTypeError::new_err(format!("expected str or a column of str, got {name}; {hint}")))
}

fn wrong_argument(object: &Bound<'_, PyAny>) -> PyErr {
    let name = object.get_type().name().map(|n| n.to_string()).unwrap_or_default();
    PyTypeError::new_err(format!("expected str or a column of str, got {name}"))
}

pub(super) fn wrong_item(row: usize, found: &str) -> PyErr {
    PyTypeError::new_err(format!("item {row} is {found}, expected str or None"))
}

/// A pandas column: Arrow where pandas has Arrow inside, item by item otherwise.
fn read_pandas(series: &Bound<'_, PyAny>, on_error: OnError) -> PyResult<Texts> {
    let dtype = series.getattr("dtype")?.str()?.to_string();
    if dtype != "object" {
        // Without pyarrow, or for values that Arrow refuses, pandas raises here: then the items are read one by one.
        if let Ok(Some((_, chunks))) = arrow::import(series) {
            return from_arrow(chunks);
        }
    }
    Ok(Texts::new(vec![Chunk::Arena(encode(&series.call_method0("tolist")?, on_error)?)]))
}

fn from_arrow(chunks: Vec<ArrayRef>) -> PyResult<Texts> {
    let mut row = 0;
    let mut out = Vec::with_capacity(chunks.len());
    for array in &chunks {
        let Some(chunk) = Chunk::from_arrow(array) else {
            return Err(match array.data_type() {
                DataType::Struct(_) => PyTypeError::new_err(
                    "expected a column of str, got a table; pass one column, for example table[\"text\"]",
                ),
                other => wrong_item(row, &other.to_string().to_lowercase()),
            });
        };
        row += array.len();
        out.push(chunk);
    }
    Ok(Texts::new(out))
}

/// Rows and bytes after which encoding looks for Ctrl-C: some 20 ms of work.
const CHECK_ROWS: usize = 65_536;
const CHECK_BYTES: usize = 16 << 20;

/// Encode the items of an iterable.
fn encode(items: &Bound<'_, PyAny>, on_error: OnError) -> PyResult<Arena> {
    let py = items.py();
    let mut arena = Arena::default();
    let mut checked = 0;
    if let Ok(length) = items.len() {
        arena.bounds.reserve(length);
    }
    let iterator = items.try_iter().map_err(|_| wrong_argument(items))?;
    for (row, item) in iterator.enumerate() {
        let item = item?;
        match item.cast::<PyString>() {
            Ok(text) => {
                // The place is only spelled out when it is needed: on an error.
                if let Err(error) = arena.push(text, on_error, "") {
                    return Err(if error.is_instance_of::<TextError>(py) {
                        name_row(py, &error, row)
                    } else {
                        error
                    });
                }
            }
            Err(_) if is_missing(&item)? => arena.push_null(),
            Err(_) => return Err(wrong_item(row, &item.get_type().name()?.to_string())),
        }
        if row % CHECK_ROWS == CHECK_ROWS - 1 || arena.text.len() - checked > CHECK_BYTES {
            checked = arena.text.len();
            py.check_signals()?;
        }
    }
    Ok(arena)
}

fn name_row(py: Python<'_>, error: &PyErr, row: usize) -> PyErr {
    TextError::new_err(format!("row {row}{}", error.value(py)))
}

/// `None`, NaN, `pandas.NA` and `pandas.NaT`.
pub(super) fn is_missing(item: &Bound<'_, PyAny>) -> PyResult<bool> {
    if item.is_none() {
        return Ok(true);
    }
    if let Ok(number) = item.cast::<PyFloat>() {
        return Ok(number.value().is_nan());
    }
    let class = item.get_type();
    let name = class.name()?;
    Ok(name == "NAType" || name == "NaTType")
}
