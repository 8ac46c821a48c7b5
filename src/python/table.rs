//! `rawabit.Table`: records as an immutable table of Arrow columns.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use pyo3::exceptions::{PyIndexError, PyKeyError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyCapsule, PyDict, PyFloat, PyInt, PyList, PySlice, PyString, PyTuple};

use super::errors::{self, RawabitError};
use super::{arrow, columns};

/// Rows that the representations show.
const SHOWN: usize = 10;

/// Records as an immutable table of Arrow columns.
///
/// Made by the functions of this package; also from any Arrow table (pyarrow, polars, DuckDB, …), from a pandas
/// DataFrame and from a dict of columns.
///
/// Parameters
/// ----------
/// data : Table, Arrow table, pandas.DataFrame or dict of str to list
///     Columns of whole numbers, numbers, truth values and strings; other types become strings.
///
/// Examples
/// --------
/// >>> import rawabit as rw
/// >>> table = rw.Table({"name": ["داعش", "القاعدة"], "n": [2, 1]})
/// >>> len(table), table.columns, table["n"], table[0]
/// (2, ['name', 'n'], [2, 1], {'name': 'داعش', 'n': 2})
#[pyclass(frozen, module = "rawabit", name = "Table")]
pub struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    /// A table of `batches`, all of `schema`.
    pub fn from_batches(schema: SchemaRef, batches: Vec<RecordBatch>) -> Table {
        Table { schema, batches }
    }

    /// A table of one batch.
    pub fn from_batch(batch: RecordBatch) -> Table {
        Table { schema: batch.schema(), batches: vec![batch] }
    }

    /// The batches that the rows stand in.
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn column_index(&self, name: &str) -> PyResult<usize> {
        self.schema.index_of(name).map_err(|_| {
            PyKeyError::new_err(format!("no column {name:?}; there are {}", self.names().join(", ")))
        })
    }

    fn names(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// The batch that `row` stands in, and its place there.
    fn locate(&self, mut row: usize) -> (&RecordBatch, usize) {
        for batch in &self.batches {
            if row < batch.num_rows() {
                return (batch, row);
            }
            row -= batch.num_rows();
        }
        unreachable!("a row number below the number of rows")
    }

    fn row<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Bound<'py, PyDict>> {
        let (batch, row) = self.locate(row);
        let dict = PyDict::new(py);
        for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
            dict.set_item(field.name(), cell(py, column, row)?)?;
        }
        Ok(dict)
    }

    fn column_list<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for batch in &self.batches {
            for row in 0..batch.num_rows() {
                list.append(cell(py, batch.column(index), row)?)?;
            }
        }
        Ok(list)
    }

    /// Rows `start..start + length`.
    fn slice(&self, start: usize, length: usize) -> Table {
        let (mut skip, mut left) = (start, length);
        let mut batches = Vec::new();
        for batch in &self.batches {
            let here = batch.num_rows().saturating_sub(skip).min(left);
            if here > 0 {
                batches.push(batch.slice(skip, here));
            }
            skip = skip.saturating_sub(batch.num_rows());
            left -= here;
        }
        if batches.is_empty() {
            batches.push(RecordBatch::new_empty(self.schema.clone()));
        }
        Table { schema: self.schema.clone(), batches }
    }

    fn project(&self, names: &[String]) -> PyResult<Table> {
        let indices = names.iter().map(|name| self.column_index(name)).collect::<PyResult<Vec<_>>>()?;
        let schema = Arc::new(self.schema.project(&indices).map_err(errors::arrow)?);
        let batches = self.batches.iter().map(|batch| batch.project(&indices));
        let batches = batches.collect::<Result<Vec<_>, _>>().map_err(errors::arrow)?;
        Ok(Table { schema, batches })
    }
}

/// A value as a Python object.
fn cell<'py>(py: Python<'py>, column: &ArrayRef, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if column.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    Ok(match column.data_type() {
        DataType::Int64 => PyInt::new(py, column.as_primitive::<Int64Type>().value(row)).into_any(),
        DataType::Float64 => PyFloat::new(py, column.as_primitive::<Float64Type>().value(row)).into_any(),
        DataType::Boolean => PyBool::new(py, column.as_boolean().value(row)).to_owned().into_any(),
        DataType::Utf8 => PyString::new(py, column.as_string::<i32>().value(row)).into_any(),
        other => return Err(RawabitError::new_err(format!("a column of {other} in a Table"))),
    })
}

/// A value as text for the representations; empty for a null.
fn spell(column: &ArrayRef, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    match column.data_type() {
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => format!("{:.2}", column.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Utf8 => column.as_string::<i32>().value(row).to_string(),
        other => other.to_string(),
    }
}

/// `text` cut to `most` characters.
fn shorten(text: &str, most: usize) -> String {
    let flat = text.replace(['\n', '\r', '\t'], " ");
    match flat.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &flat[..at]),
        None => flat,
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[pymethods]
impl Table {
    #[new]
    fn new(data: &Bound<'_, PyAny>) -> PyResult<Table> {
        columns::read(data)
    }

    /// Names of the columns, in their order.
    #[getter]
    fn columns(&self) -> Vec<&str> {
        self.names()
    }

    /// Number of rows and of columns.
    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.rows(), self.schema.fields().len())
    }

    fn __len__(&self) -> usize {
        self.rows()
    }

    fn __bool__(&self) -> bool {
        self.rows() > 0
    }

    fn __getitem__<'py>(&self, py: Python<'py>, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if let Ok(name) = key.cast::<PyString>() {
            return Ok(self.column_list(py, self.column_index(&name.to_cow()?)?)?.into_any());
        }
        if let Ok(slice) = key.cast::<PySlice>() {
            let slice = slice.indices(self.rows() as isize)?;
            if slice.step != 1 {
                return Err(PyTypeError::new_err("a Table is sliced without a step"));
            }
            return Ok(self.slice(slice.start as usize, slice.slicelength).into_pyobject(py)?.into_any());
        }
        if key.is_instance_of::<PyList>() {
            return Ok(self.project(&key.extract::<Vec<String>>()?)?.into_pyobject(py)?.into_any());
        }
        let Ok(asked) = key.extract::<isize>() else {
            let found = key.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "table[…] takes a column's name, a row number, a slice or a list of names, not {found}"
            )));
        };
        let rows = self.rows() as isize;
        let row = if asked < 0 { asked + rows } else { asked };
        if row < 0 || row >= rows {
            return Err(PyIndexError::new_err(format!("row {asked} of a table of {rows} rows")));
        }
        Ok(self.row(py, row as usize)?.into_any())
    }

    fn __iter__(slf: Bound<'_, Self>) -> Rows {
        Rows { table: slf.unbind(), next: std::sync::atomic::AtomicUsize::new(0) }
    }

    /// The rows as a list of dicts.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for row in 0..self.rows() {
            list.append(self.row(py, row)?)?;
        }
        Ok(list)
    }

    /// The columns as a dict of lists.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (index, name) in self.names().into_iter().enumerate() {
            dict.set_item(name, self.column_list(py, index)?)?;
        }
        Ok(dict)
    }

    /// A `pandas.DataFrame` of the rows.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("rawabit.frames")?.call_method1("to_pandas", (slf,))
    }

    /// A `polars.DataFrame` of the rows; the columns are not copied.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("rawabit.frames")?.call_method1("to_polars", (slf,))
    }

    /// A `pyarrow.Table` of the rows; the columns are not copied.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("rawabit.frames")?.call_method1("to_arrow", (slf,))
    }

    /// Hand the rows to any Arrow library: <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The protocol lets a producer ignore the wish; a consumer then casts by itself.
        let _ = requested_schema;
        let batches = self.batches.clone().into_iter().map(Ok);
        arrow::export_stream(py, Box::new(RecordBatchIterator::new(batches, self.schema.clone())))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::export_schema(py, &self.schema)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Table>() else { return false };
        let other = other.get();
        if self.schema != other.schema || self.rows() != other.rows() {
            return false;
        }
        // The same rows may be cut into batches in other places.
        let mut start = 0;
        while start < self.rows() {
            let (a, in_a) = self.locate(start);
            let (b, in_b) = other.locate(start);
            let length = (a.num_rows() - in_a).min(b.num_rows() - in_b);
            if a.slice(in_a, length) != b.slice(in_b, length) {
                return false;
            }
            start += length;
        }
        true
    }

    /// Pickles hold the plain columns, whatever library reads them.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let py = slf.py();
        let table = slf.get();
        let batches = PyList::empty(py);
        for batch in &table.batches {
            let columns = PyList::empty(py);
            for column in batch.columns() {
                columns.append(pack(py, column)?)?;
            }
            batches.append((batch.num_rows(), columns))?;
        }
        let fields: Vec<(String, String, bool)> = table.schema.fields().iter().map(describe).collect();
        let state = (fields, batches).into_pyobject(py)?;
        Ok((py.import("rawabit._native")?.getattr("_unpickle_table")?, state))
    }

    fn __repr__(&self) -> String {
        let rows = self.rows();
        let mut out = format!("Table of {rows} row{} × {} columns", plural(rows), self.schema.fields().len());
        let names = self.names();
        let width = names.iter().map(|name| name.len()).max().unwrap_or(0);
        for row in 0..rows.min(SHOWN / 2) {
            let (batch, at) = self.locate(row);
            out.push_str(&format!("\n— row {row}"));
            for (name, column) in names.iter().zip(batch.columns()) {
                if !column.is_null(at) {
                    out.push_str(&format!("\n  {name:<width$}  {}", shorten(&spell(column, at), 60)));
                }
            }
        }
        if rows > SHOWN / 2 {
            out.push_str(&format!("\n… {} more", rows - SHOWN / 2));
        }
        out
    }

    /// Right to left in notebooks: the columns run from the right, text in its own direction.
    fn _repr_html_(&self) -> String {
        let rows = self.rows();
        let mut out = String::from(
            "<div class=\"rawabit-table\" style=\"overflow-x:auto\"><table dir=\"rtl\" style=\"text-align:right\"><thead><tr>",
        );
        for name in self.names() {
            out.push_str(&format!("<th style=\"text-align:right\">{}</th>", escape(name)));
        }
        out.push_str("</tr></thead><tbody>");
        for row in 0..rows.min(SHOWN) {
            let (batch, at) = self.locate(row);
            out.push_str("<tr>");
            for column in batch.columns() {
                let text = spell(column, at);
                out.push_str(&format!(
                    "<td dir=\"auto\" style=\"text-align:right\" title=\"{}\">{}</td>",
                    escape(&text),
                    escape(&shorten(&text, 80))
                ));
            }
            out.push_str("</tr>");
        }
        let more = if rows > SHOWN { format!("first {SHOWN} of ") } else { String::new() };
        out.push_str(&format!(
            "</tbody></table><p dir=\"ltr\">{more}{rows} row{} × {} columns</p></div>",
            plural(rows),
            self.schema.fields().len()
        ));
        out
    }

    /// This table with `labels[i]` in the place of each number i in the column `doc`.
    fn _relabel(&self, py: Python<'_>, labels: &Bound<'_, PyAny>) -> PyResult<Table> {
        let index = self.column_index("doc")?;
        let labels = columns::column(labels, "doc")?;
        let mut fields: Vec<Field> =
            self.schema.fields().iter().map(|field| field.as_ref().clone()).collect();
        fields[index] = Field::new("doc", labels.data_type().clone(), true);
        let schema = Arc::new(Schema::new(fields));
        let batches = py.detach(|| {
            self.batches
                .iter()
                .map(|batch| {
                    let mut columns = batch.columns().to_vec();
                    columns[index] = take(&labels, columns[index].as_primitive::<Int64Type>().values());
                    RecordBatch::try_new(schema.clone(), columns)
                })
                .collect::<Result<Vec<_>, _>>()
        });
        Ok(Table { schema: schema.clone(), batches: batches.map_err(errors::arrow)? })
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The values of `labels` at `rows`.
fn take(labels: &ArrayRef, rows: &[i64]) -> ArrayRef {
    let valid = |row: i64| labels.is_valid(row as usize);
    match labels.data_type() {
        DataType::Int64 => {
            let labels = labels.as_primitive::<Int64Type>();
            let mut out = Int64Builder::with_capacity(rows.len());
            rows.iter().for_each(|&row| out.append_option(valid(row).then(|| labels.value(row as usize))));
            Arc::new(out.finish())
        }
        DataType::Float64 => {
            let labels = labels.as_primitive::<Float64Type>();
            let mut out = Float64Builder::with_capacity(rows.len());
            rows.iter().for_each(|&row| out.append_option(valid(row).then(|| labels.value(row as usize))));
            Arc::new(out.finish())
        }
        DataType::Boolean => {
            let labels = labels.as_boolean();
            let mut out = BooleanBuilder::with_capacity(rows.len());
            rows.iter().for_each(|&row| out.append_option(valid(row).then(|| labels.value(row as usize))));
            Arc::new(out.finish())
        }
        _ => {
            let labels = labels.as_string::<i32>();
            let mut out = StringBuilder::new();
            rows.iter().for_each(|&row| out.append_option(valid(row).then(|| labels.value(row as usize))));
            Arc::new(out.finish())
        }
    }
}

/// The rows of a table, one dict after the other.
#[pyclass(frozen, module = "rawabit._native")]
pub struct Rows {
    table: Py<Table>,
    next: std::sync::atomic::AtomicUsize,
}

#[pymethods]
impl Rows {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let row = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let table = self.table.get();
        if row < table.rows() { table.row(py, row).map(Some) } else { Ok(None) }
    }

    fn __length_hint__(&self) -> usize {
        self.table.get().rows().saturating_sub(self.next.load(std::sync::atomic::Ordering::Relaxed))
    }
}

fn describe(field: &Arc<Field>) -> (String, String, bool) {
    (field.name().clone(), field.data_type().to_string(), field.is_nullable())
}

/// A column as the bytes of its values, for a pickle: validity, offsets, data.
fn pack<'py>(py: Python<'py>, column: &ArrayRef) -> PyResult<Bound<'py, PyTuple>> {
    let validity: Option<Vec<u8>> = column
        .nulls()
        .filter(|nulls| nulls.null_count() > 0)
        .map(|nulls| nulls.iter().map(u8::from).collect());
    let mut offsets = Vec::new();
    let mut data = Vec::new();
    match column.data_type() {
        DataType::Int64 => {
            column.as_primitive::<Int64Type>().values().iter().for_each(|v| data.extend(v.to_le_bytes()));
        }
        DataType::Float64 => {
            column.as_primitive::<Float64Type>().values().iter().for_each(|v| data.extend(v.to_le_bytes()));
        }
        DataType::Boolean => data.extend(column.as_boolean().values().iter().map(u8::from)),
        _ => {
            let strings = column.as_string::<i32>();
            let ends = strings.value_offsets();
            ends.iter().for_each(|end| offsets.extend((end - ends[0]).to_le_bytes()));
            data.extend_from_slice(&strings.value_data()[ends[0] as usize..ends[ends.len() - 1] as usize]);
        }
    }
    let validity = validity.map(|bytes| PyBytes::new(py, &bytes));
    (validity, PyBytes::new(py, &offsets), PyBytes::new(py, &data)).into_pyobject(py)
}

type Packed<'py> = (Option<Bound<'py, PyBytes>>, Bound<'py, PyBytes>, Bound<'py, PyBytes>);

/// A column from what [`pack`] made of it.
fn unpack(data_type: &DataType, rows: usize, packed: &Packed<'_>) -> PyResult<ArrayRef> {
    let (validity, offsets, data) = packed;
    let (offsets, data) = (offsets.as_bytes(), data.as_bytes());
    let broken = || RawabitError::new_err("a broken pickle of a Table");
    if validity.as_ref().is_some_and(|bytes| bytes.as_bytes().len() != rows) {
        return Err(broken());
    }
    let nulls = validity.as_ref().map(|bytes| bytes.as_bytes().iter().map(|&b| b != 0).collect());
    let width = if *data_type == DataType::Boolean { 1 } else { 8 };
    if *data_type != DataType::Utf8 && data.len() != rows * width {
        return Err(broken());
    }
    let words = || data.chunks_exact(8).map(|chunk| <[u8; 8]>::try_from(chunk).unwrap_or_default());
    Ok(match data_type {
        DataType::Int64 => {
            let values = words().map(i64::from_le_bytes).collect();
            Arc::new(arrow_array::Int64Array::try_new(values, nulls).map_err(errors::arrow)?)
        }
        DataType::Float64 => {
            let values = words().map(f64::from_le_bytes).collect();
            Arc::new(arrow_array::Float64Array::try_new(values, nulls).map_err(errors::arrow)?)
        }
        DataType::Boolean => {
            let values = data.iter().map(|&b| b != 0).collect();
            Arc::new(BooleanArray::new(values, nulls))
        }
        DataType::Utf8 => {
            let ends: Vec<i32> = offsets
                .chunks_exact(4)
                .map(|chunk| i32::from_le_bytes(<[u8; 4]>::try_from(chunk).unwrap_or_default()))
                .collect();
            let ordered = ends.first() == Some(&0) && ends.windows(2).all(|pair| pair[0] <= pair[1]);
            if ends.len() != rows + 1 || !ordered {
                return Err(broken());
            }
            let offsets = arrow_buffer::OffsetBuffer::new(ends.into());
            Arc::new(StringArray::try_new(offsets, data.to_vec().into(), nulls).map_err(errors::arrow)?)
        }
        _ => return Err(broken()),
    })
}

/// The inverse of `Table.__reduce__`.
#[pyfunction]
pub fn _unpickle_table(
    fields: Vec<(String, String, bool)>,
    batches: Vec<(usize, Vec<Packed<'_>>)>,
) -> PyResult<Table> {
    let mut typed = Vec::with_capacity(fields.len());
    for (name, kind, nullable) in fields {
        let known = [DataType::Int64, DataType::Float64, DataType::Boolean, DataType::Utf8];
        let data_type = known.into_iter().find(|data_type| data_type.to_string() == kind);
        let data_type =
            data_type.ok_or_else(|| RawabitError::new_err(format!("a pickled column of {kind}")))?;
        typed.push(Field::new(name, data_type, nullable));
    }
    let schema = Arc::new(Schema::new(typed));
    let mut out = Vec::with_capacity(batches.len());
    for (rows, columns) in &batches {
        let columns = schema.fields().iter().zip(columns);
        let columns = columns.map(|(field, packed)| unpack(field.data_type(), *rows, packed));
        let columns = columns.collect::<PyResult<Vec<_>>>()?;
        out.push(RecordBatch::try_new(schema.clone(), columns).map_err(errors::arrow)?);
    }
    Ok(Table { schema, batches: out })
}
