//! `normalize`, `Normalizer` and `Aligned`.
//!
//! Arrow columns go buffer to buffer, off the GIL and on many threads. `str` objects go through UCS-4: the limited
//! API copies a string's code points out and makes a string of code points, both at memory speed, where UTF-8 costs
//! an encoder, a decoder and a second copy that stays inside of every `str`.

use std::sync::{Arc, OnceLock};

use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer};
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::arrow;
use super::run::{self, Control};
use super::texts::{self, OnError, Shape, Texts};
use crate::normalize::column::{BATCH, Memory, Normalized, Offsets};
use crate::normalize::profile::{CATALOG, KEEP};
use crate::normalize::transliterate::{Scheme, to_arabic, to_latin};
use crate::normalize::{self as core};

/// Code points up to which one text is aligned where it is asked for, with nothing set up around it.
const SHORT: usize = 4096;

/// The normalizer of a profile without further switches, built at its first use.
fn built_in(profile: &str) -> PyResult<Arc<core::Normalizer>> {
    static BUILT: OnceLock<Vec<OnceLock<Arc<core::Normalizer>>>> = OnceLock::new();
    let built = BUILT.get_or_init(|| CATALOG.profiles.iter().map(|_| OnceLock::new()).collect());
    match CATALOG.profiles.iter().position(|p| *p.name == *profile) {
        Some(at) => {
            if let Some(normalizer) = built[at].get() {
                return Ok(normalizer.clone());
            }
            let normalizer = Arc::new(core::Normalizer::new(profile, &[])?);
            Ok(built[at].get_or_init(|| normalizer).clone())
        }
        // The error lists the profiles.
        None => Ok(Arc::new(core::Normalizer::new(profile, &[])?)),
    }
}

/// The switches as pairs of name and value; `True` is a switch's first value, `False` and `None` keep.
fn switches(options: Option<&Bound<'_, PyDict>>) -> PyResult<Vec<(String, String)>> {
    let mut out = Vec::new();
    for (name, value) in options.into_iter().flatten() {
        let name: String = name.extract()?;
        let value = if value.is_none() {
            KEEP.to_owned()
        } else if let Ok(on) = value.extract::<bool>() {
            if on { "on" } else { KEEP }.to_owned()
        } else if let Ok(text) = value.cast::<PyString>() {
            text.to_cow()?.into_owned()
        } else {
            let found = value.get_type().name()?;
            return Err(PyTypeError::new_err(format!("{name} must be a str or a bool, not {found}")));
        };
        out.push((name, value));
    }
    Ok(out)
}

fn build(profile: &str, options: Option<&Bound<'_, PyDict>>) -> PyResult<Arc<core::Normalizer>> {
    let switches = switches(options)?;
    // A misspelled keyword is a TypeError in Python, a bad value a ValueError.
    for (name, _) in &switches {
        if !CATALOG.switches.iter().any(|switch| *switch.name == **name) {
            let known: Vec<_> = CATALOG.switches.iter().map(|switch| &*switch.name).collect();
            return Err(PyTypeError::new_err(format!(
                "unexpected keyword argument {name:?}; the switches are {}",
                known.join(", ")
            )));
        }
    }
    if switches.is_empty() {
        built_in(profile)
    } else {
        Ok(Arc::new(core::Normalizer::new(profile, &switches)?))
    }
}

/// Normalize text.
///
/// Parameters
/// ----------
/// x : str or column of str
///     One text, or a column of them: a list, any iterable, a pandas or polars Series, an Arrow array.
/// profile : str, default "search"
///     ``"light"`` (lossless repair), ``"search"`` (folds for matching), ``"display"``, ``"model"`` (clean text for
///     language models), ``"none"``, or a peer's behaviour: ``"camel"``, ``"lucene"``, ``"araclean-light"``,
///     ``"araclean-search"``, ``"pyarabic"``, ``"maha"``.
/// errors : {"strict", "replace"}, default "strict"
///     What to do about lone surrogates: a ``TextError`` naming the row, or U+FFFD in their place.
/// threads : int, optional
///     Threads for columns; by default all CPUs. The result does not depend on it.
/// **switches : str or bool
///     Switches of the profile to change: ``diacritics="harakat"``, ``tatweel=False``; see ``docs/normalization.md``.
///
/// Returns
/// -------
/// The kind that came in: str for str, list for list, Series (same index and name) for Series.
/// ``None`` and missing values stay.
///
/// Examples
/// --------
/// >>> import rawabit as rw
/// >>> rw.normalize("الرَّئيسُ أوباما في ٢٠١٥")
/// 'الرئيس اوباما في 2015'
#[pyfunction]
#[pyo3(signature = (x, profile="search", *, errors="strict", threads=None, **switches))]
pub fn normalize<'py>(
    x: &Bound<'py, PyAny>,
    profile: &str,
    errors: &str,
    threads: Option<usize>,
    switches: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    apply(&build(profile, switches)?, x, OnError::parse(errors)?, threads)
}

/// A reusable normalizer: call it with a text or a column of texts.
///
/// Parameters
/// ----------
/// profile : str, default "search"
///     As for :func:`normalize`.
/// **switches : str or bool
///     As for :func:`normalize`.
///
/// Picklable and immutable. ``.aligned(text)`` keeps the way back to the original offsets, ``.code_points()`` tells
/// exactly what is mapped.
#[pyclass(module = "rawabit", frozen)]
pub struct Normalizer {
    inner: Arc<core::Normalizer>,
    changed: Vec<(String, String)>,
}

#[pymethods]
impl Normalizer {
    #[new]
    #[pyo3(signature = (profile="search", **switches))]
    fn new(profile: &str, switches: Option<&Bound<'_, PyDict>>) -> PyResult<Normalizer> {
        Ok(Normalizer { inner: build(profile, switches)?, changed: self::switches(switches)? })
    }

    /// Normalize a text or a column of texts; see :func:`normalize`.
    #[pyo3(signature = (x, *, errors="strict", threads=None))]
    fn __call__<'py>(
        &self,
        x: &Bound<'py, PyAny>,
        errors: &str,
        threads: Option<usize>,
    ) -> PyResult<Bound<'py, PyAny>> {
        apply(&self.inner, x, OnError::parse(errors)?, threads)
    }

    /// Normalize a text, or each text of a column, and keep the way back to its offsets.
    ///
    /// Parameters
    /// ----------
    /// x : str or column of str
    ///     As for :func:`normalize`. A column costs much less than its texts one by one.
    /// errors : {"strict", "replace"}, default "strict"
    ///
    /// Returns
    /// -------
    /// Aligned
    ///     For a str.
    /// AlignedTexts
    ///     For a column: a sequence of ``Aligned``, ``None`` where the text is missing.
    #[pyo3(signature = (x, *, errors="strict"))]
    fn aligned<'py>(&self, x: &Bound<'py, PyAny>, errors: &str) -> PyResult<Bound<'py, PyAny>> {
        let (py, on_error) = (x.py(), OnError::parse(errors)?);
        if let Ok(text) = x.cast::<PyString>()
            && text.len()? <= SHORT
            && let Some(bytes) = texts::utf8(text)
        {
            // SAFETY: CPython's encoder has just written these bytes.
            let text = unsafe { std::str::from_utf8_unchecked(bytes.as_bytes()) };
            return Ok(Bound::new(py, Aligned { inner: self.inner.aligned(text) })?.into_any());
        }
        let (texts, shape) = texts::read(x, on_error)?;
        let (inner, bytes, rows) = (self.inner.clone(), texts.bytes(), texts.len());
        let work = move |control: &Control| {
            let mut stopped = false;
            let texts = (0..rows).map(|row| {
                // After Ctrl-C nobody looks at the result.
                stopped |= row % 1024 == 0 && control.advance(1024).is_break();
                if stopped { None } else { texts.get(row) }
            });
            inner.aligned_rows(texts, bytes)
        };
        let rows = run::run_quick(py, bytes, rows, work)?;
        if shape != Shape::One {
            return Ok(Bound::new(py, AlignedTexts { rows })?.into_any());
        }
        match rows.aligned(0) {
            Some(inner) => Ok(Bound::new(py, Aligned { inner })?.into_any()),
            None => Err(PyTypeError::new_err("expected str or a column of str, got NoneType")),
        }
    }

    /// Every code point that is mapped by itself, with what it becomes (``""``: it goes).
    fn code_points<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let out = PyDict::new(py);
        for (ch, becomes) in self.inner.code_points() {
            out.set_item(ch, becomes)?;
        }
        Ok(out)
    }

    /// The profile's name.
    #[getter]
    fn profile(&self) -> &str {
        &self.inner.settings().profile
    }

    /// Every switch with its value; ``"keep"`` where it is off.
    #[getter]
    fn switches<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let out = PyDict::new(py);
        for (name, value) in self.inner.settings().iter() {
            out.set_item(name, value)?;
        }
        Ok(out)
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let options = PyDict::new(py);
        for (name, value) in &self.changed {
            options.set_item(name, if value == "on" { "on" } else { value })?;
        }
        Ok((PyTuple::new(py, [self.profile()])?, options))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Normalizer>().is_ok_and(|other| other.get().inner.settings() == self.inner.settings())
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{Hash, Hasher};
        let mut hasher = rustc_hash::FxHasher::default();
        self.inner.settings().iter().for_each(|pair| pair.hash(&mut hasher));
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let changed: Vec<_> =
            self.changed.iter().map(|(name, value)| format!(", {name}={value:?}")).collect();
        format!("Normalizer({:?}{})", self.profile(), changed.concat())
    }
}

/// A normalized text with the way back to the original; offsets are code points, end exclusive.
#[pyclass(module = "rawabit", frozen)]
pub struct Aligned {
    inner: core::Aligned,
}

#[pymethods]
impl Aligned {
    /// The normalized text.
    #[getter]
    fn text(&self) -> &str {
        &self.inner.text
    }

    /// The original span that the normalized span was made from, with what went inside and right behind it.
    ///
    /// Parameters
    /// ----------
    /// start, end : int
    ///     Code points of the normalized text; past its end they count as the end.
    ///
    /// Returns
    /// -------
    /// (int, int)
    fn to_original(&self, start: usize, end: usize) -> (usize, usize) {
        self.inner.to_original(start, end)
    }

    /// The normalized span that the original span became; what went belongs to the code point before it.
    ///
    /// Parameters
    /// ----------
    /// start, end : int
    ///     Code points of the original text; past its end they count as the end.
    ///
    /// Returns
    /// -------
    /// (int, int)
    fn to_normalized(&self, start: usize, end: usize) -> (usize, usize) {
        self.inner.to_normalized(start, end)
    }

    fn __len__(&self) -> usize {
        self.inner.normalized_len()
    }

    fn __str__(&self) -> &str {
        &self.inner.text
    }

    fn __repr__(&self) -> String {
        format!("Aligned({:?})", self.inner.text)
    }
}

/// The texts of a column, normalized, each with the way back to its original: a sequence of ``Aligned``, made when
/// they are asked for; all of it lies in a few arrays.
#[pyclass(module = "rawabit", frozen, sequence)]
pub struct AlignedTexts {
    rows: core::AlignedRows,
}

impl AlignedTexts {
    /// Row `row`, counted from the end where negative; `None` for a missing text.
    fn row(&self, row: isize) -> PyResult<Option<(&str, core::align::Way<'_>)>> {
        Ok(self.rows.get(self.place(row)?))
    }

    fn place(&self, row: isize) -> PyResult<usize> {
        let length = self.rows.len();
        let place = if row < 0 { length.checked_add_signed(row) } else { Some(row as usize) };
        place.filter(|&place| place < length).ok_or_else(|| PyIndexError::new_err("row out of range"))
    }

    fn present(&self, row: isize) -> PyResult<core::align::Way<'_>> {
        let (_, way) =
            self.row(row)?.ok_or_else(|| PyValueError::new_err(format!("row {row} has no text")))?;
        Ok(way)
    }
}

#[pymethods]
impl AlignedTexts {
    /// The normalized texts.
    ///
    /// Returns
    /// -------
    /// list of str
    ///     ``None`` where the text is missing.
    #[getter]
    fn texts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, (0..self.rows.len()).map(|row| self.rows.get(row).map(|(text, _)| text)))
    }

    /// The original span of a span of row `row`; see :meth:`Aligned.to_original`.
    ///
    /// Parameters
    /// ----------
    /// row, start, end : int
    ///
    /// Returns
    /// -------
    /// (int, int)
    fn to_original(&self, row: isize, start: usize, end: usize) -> PyResult<(usize, usize)> {
        Ok(self.present(row)?.to_original(start, end))
    }

    /// The normalized span of a span of row `row`; see :meth:`Aligned.to_normalized`.
    ///
    /// Parameters
    /// ----------
    /// row, start, end : int
    ///
    /// Returns
    /// -------
    /// (int, int)
    fn to_normalized(&self, row: isize, start: usize, end: usize) -> PyResult<(usize, usize)> {
        Ok(self.present(row)?.to_normalized(start, end))
    }

    fn __len__(&self) -> usize {
        self.rows.len()
    }

    fn __getitem__(&self, row: isize) -> PyResult<Option<Aligned>> {
        Ok(self.rows.aligned(self.place(row)?).map(|inner| Aligned { inner }))
    }

    fn __repr__(&self) -> String {
        format!("AlignedTexts({} texts)", self.rows.len())
    }
}

/// Normalize whatever came in, and give it back in kind.
fn apply<'py>(
    normalizer: &Arc<core::Normalizer>,
    x: &Bound<'py, PyAny>,
    on_error: OnError,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = x.py();
    if x.is_none() {
        return Ok(x.clone());
    }
    let mut strings = Strings::new(normalizer, on_error);
    if let Ok(text) = x.cast::<PyString>() {
        return Ok(strings.normalize(text, None)?.into_any());
    }
    if x.is_exact_instance_of::<PyList>() || x.is_exact_instance_of::<PyTuple>() {
        return Ok(strings.list(x)?.into_any());
    }
    let (texts, shape) = texts::read(x, on_error)?;
    if shape == Shape::List {
        // Read into the arena already: generators are read once.
        let column = column(py, normalizer, texts, threads)?;
        return Ok(to_list(py, &column)?.into_any());
    }
    let column = column(py, normalizer, texts, threads)?;
    match shape {
        Shape::Pandas => to_pandas(x, &column),
        Shape::Polars => {
            let arrow = Column { array: column };
            let name = x.getattr("name")?;
            let series = py.import("polars")?.getattr("Series")?.call1((&name, Bound::new(py, arrow)?))?;
            // A Series made from an Arrow capsule forgets the name that it is given.
            series.call_method1("rename", (name,))
        }
        _ => to_arrow(py, column),
    }
}

/// Arabic letters in Latin ones, one for one, and back.
///
/// Parameters
/// ----------
/// x : str or column of str
/// scheme : {"buckwalter", "safe", "xml", "hsb"}, default "buckwalter"
///     Buckwalter's, its safe and XML variants, or that of Habash, Soudi and Buckwalter.
/// reverse : bool, default False
///     From Latin to Arabic letters; exact for texts that had no Latin letters of their own.
///
/// Returns
/// -------
/// str for str, a list for any column.
///
/// Examples
/// --------
/// >>> rw.transliterate("شمس")
/// '$ms'
#[pyfunction]
#[pyo3(signature = (x, scheme="buckwalter", *, reverse=false))]
pub fn transliterate<'py>(x: &Bound<'py, PyAny>, scheme: &str, reverse: bool) -> PyResult<Bound<'py, PyAny>> {
    let scheme = Scheme::parse(scheme)?;
    each(x, |text, out| if reverse { to_arabic(text, scheme, out) } else { to_latin(text, scheme, out) })
}

/// A spelling of names in Latin letters for people who read no Arabic. Approximate: unwritten vowels are guessed.
///
/// Parameters
/// ----------
/// x : str or column of str
///
/// Returns
/// -------
/// str for str, a list for any column.
///
/// Examples
/// --------
/// >>> rw.romanize("محمد بن سلمان")
/// 'Muhammad bin Salman'
#[pyfunction]
pub fn romanize<'py>(x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    each(x, core::transliterate::romanize)
}

fn each<'py>(x: &Bound<'py, PyAny>, map: impl Fn(&str, &mut String)) -> PyResult<Bound<'py, PyAny>> {
    let py = x.py();
    let (texts, shape) = texts::read(x, OnError::Strict)?;
    let map = |text: &str| {
        let mut out = String::with_capacity(text.len());
        map(text, &mut out);
        out
    };
    let mapped: Vec<Option<String>> = (0..texts.len()).map(|row| texts.get(row).map(map)).collect();
    if shape == Shape::One {
        return mapped.into_iter().next().flatten().into_pyobject(py).map_err(PyErr::from);
    }
    Ok(PyList::new(py, mapped)?.into_any())
}

/// Normalizes `str` objects one by one in memory that is reused.
struct Strings<'a> {
    normalizer: &'a core::Normalizer,
    on_error: OnError,
    code_points: Vec<u32>,
    mapped: Vec<u32>,
    text: String,
    result: String,
}

impl<'a> Strings<'a> {
    fn new(normalizer: &'a core::Normalizer, on_error: OnError) -> Strings<'a> {
        Strings {
            normalizer,
            on_error,
            code_points: Vec::new(),
            mapped: Vec::new(),
            text: String::new(),
            result: String::new(),
        }
    }

    fn list<'py>(&mut self, items: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let py = items.py();
        let mut out = Vec::with_capacity(items.len()?);
        for (row, item) in items.try_iter()?.enumerate() {
            let item = item?;
            if let Ok(text) = item.cast::<PyString>() {
                out.push(self.normalize(text, Some(row))?.into_any());
            } else if texts::is_missing(&item)? {
                out.push(py.None().into_bound(py));
            } else {
                let found = item.get_type().name()?.to_string();
                return Err(texts::wrong_item(row, &found));
            }
            if row % 65_536 == 65_535 {
                py.check_signals()?;
            }
        }
        PyList::new(py, out)
    }

    fn normalize<'py>(
        &mut self,
        text: &Bound<'py, PyString>,
        row: Option<usize>,
    ) -> PyResult<Bound<'py, PyString>> {
        let py = text.py();
        let length = text.len()?;
        self.code_points.clear();
        self.code_points.reserve(length + 1);
        // SAFETY: the buffer has room for `length` code points and the thread is attached; the call fills them all
        // or fails.
        unsafe {
            let buffer = self.code_points.as_mut_ptr();
            if ffi::PyUnicode_AsUCS4(text.as_ptr(), buffer, length as isize, 0).is_null() {
                return Err(PyErr::fetch(py));
            }
            self.code_points.set_len(length);
        }
        self.mapped.clear();
        if self.normalizer.normalize_code_points(&self.code_points, &mut self.mapped) {
            return from_code_points(py, &self.mapped);
        }
        self.text.clear();
        for (at, &code_point) in self.code_points.iter().enumerate() {
            match char::from_u32(code_point) {
                Some(ch) => self.text.push(ch),
                None if self.on_error == OnError::Replace => self.text.push(char::REPLACEMENT_CHARACTER),
                None => return Err(texts::surrogate(row, at)),
            }
        }
        self.result.clear();
        self.normalizer.normalize_into(&self.text, &mut self.result);
        Ok(PyString::new(py, &self.result))
    }
}

/// A `str` of code points that are none of them surrogates.
#[cfg(not(windows))]
fn from_code_points<'py>(py: Python<'py>, code_points: &[u32]) -> PyResult<Bound<'py, PyString>> {
    // SAFETY: `wchar_t` is a code point here; the thread is attached; the result is a new reference or null.
    let object = unsafe {
        let start = code_points.as_ptr().cast();
        Bound::from_owned_ptr_or_err(py, ffi::PyUnicode_FromWideChar(start, code_points.len() as isize))?
    };
    Ok(object.cast_into::<PyString>()?)
}

/// A `str` of code points that are none of them surrogates; `wchar_t` is no code point here.
#[cfg(windows)]
fn from_code_points<'py>(py: Python<'py>, code_points: &[u32]) -> PyResult<Bound<'py, PyString>> {
    let text: String = code_points.iter().filter_map(|&c| char::from_u32(c)).collect();
    Ok(PyString::new(py, &text))
}

/// The normalized column as an Arrow array, off the GIL.
fn column(
    py: Python<'_>,
    normalizer: &Arc<core::Normalizer>,
    texts: Texts,
    threads: Option<usize>,
) -> PyResult<ArrayRef> {
    let threads = run::threads(threads)?;
    let normalizer = normalizer.clone();
    let (bytes, rows) = (texts.bytes(), texts.len());
    let memory = Memory::reserve(rows, bytes);
    run::run_quick(py, bytes, rows, move |control| {
        let batches = texts.batches(BATCH);
        let advance = |rows| control.advance(rows);
        match Normalized::normalize(&normalizer, &texts, &batches, memory, threads, advance) {
            Some(column) => into_array(column, texts.nulls()),
            // After Ctrl-C nobody looks at this any more.
            None => into_array(Normalized::default(), None),
        }
    })
}

fn into_array(column: Normalized, nulls: Option<NullBuffer>) -> ArrayRef {
    let values = Buffer::from_vec(column.text.into_bytes());
    // SAFETY: the offsets ascend within the values and lie at the ends of whole strings.
    unsafe {
        match column.offsets {
            Offsets::Small(offsets) => {
                let offsets = OffsetBuffer::new_unchecked(offsets.into());
                Arc::new(StringArray::new_unchecked(offsets, values, nulls))
            }
            Offsets::Large(offsets) => {
                let offsets = OffsetBuffer::new_unchecked(offsets.into());
                Arc::new(LargeStringArray::new_unchecked(offsets, values, nulls))
            }
        }
    }
}

fn value(column: &ArrayRef, row: usize) -> Option<&str> {
    if column.is_null(row) {
        return None;
    }
    let any = column.as_any();
    match any.downcast_ref::<StringArray>() {
        Some(array) => Some(array.value(row)),
        None => any.downcast_ref::<LargeStringArray>().map(|array| array.value(row)),
    }
}

fn to_list<'py>(py: Python<'py>, column: &ArrayRef) -> PyResult<Bound<'py, PyList>> {
    PyList::new(py, (0..column.len()).map(|row| value(column, row)))
}

/// A Series of the same kind, index and name.
fn to_pandas<'py>(series: &Bound<'py, PyAny>, column: &ArrayRef) -> PyResult<Bound<'py, PyAny>> {
    let py = series.py();
    let options = PyDict::new(py);
    // An Index has no index.
    if let Ok(index) = series.getattr("index") {
        options.set_item("index", index)?;
    }
    options.set_item("name", series.getattr("name")?)?;
    let dtype = series.getattr("dtype")?;
    let name = dtype.str()?.to_string();
    let pandas = py.import("pandas")?;
    if name != "object" && name != "category" {
        if let Ok(pyarrow) = py.import("pyarrow") {
            let array =
                pyarrow.call_method1("array", (Bound::new(py, Column { array: column.clone() })?,))?;
            let typed = PyDict::new(py);
            typed.set_item("dtype", &dtype)?;
            let values = pandas.call_method("array", (array,), Some(&typed))?;
            return series.get_type().call((values,), Some(&options));
        }
        options.set_item("dtype", dtype)?;
    } else if name == "object" {
        options.set_item("dtype", dtype)?;
    }
    series.get_type().call((to_list(py, column)?,), Some(&options))
}

/// A pyarrow array where pyarrow is installed, else an object that any Arrow library reads.
fn to_arrow(py: Python<'_>, column: ArrayRef) -> PyResult<Bound<'_, PyAny>> {
    let column = Bound::new(py, Column { array: column })?;
    match py.import("pyarrow") {
        Ok(pyarrow) => pyarrow.call_method1("array", (column,)),
        Err(_) => Ok(column.into_any()),
    }
}

/// A column of texts that speaks the Arrow PyCapsule interface.
#[pyclass(module = "rawabit._native", frozen)]
struct Column {
    array: ArrayRef,
}

#[pymethods]
impl Column {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let _ = requested_schema;
        arrow::export_array(py, &self.array)
    }

    fn __len__(&self) -> usize {
        self.array.len()
    }
}
