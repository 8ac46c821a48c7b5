//! Tables of others read into ours: Arrow tables, pandas frames, dicts of columns.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, StructArray};
use arrow_schema::{DataType, Field, Schema};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};

use super::arrow;
use super::errors::{self, RawabitError};
use super::table::Table;

/// Read a table of any kind.
pub fn read(data: &Bound<'_, PyAny>) -> PyResult<Table> {
    if let Ok(table) = data.cast::<Table>() {
        let batches = table.get().batches().to_vec();
        return Ok(Table::from_batches(batches[0].schema(), batches));
    }
    if let Ok(dict) = data.cast::<PyDict>() {
        return from_lists(dict);
    }
    // pandas without pyarrow has the method and raises in it: then its columns are read one by one.
    match arrow::import(data) {
        Ok(Some((data_type, chunks))) => from_arrow(&data_type, &chunks),
        Ok(None) if !data.hasattr("columns")? => {
            let found = data.get_type().name()?;
            Err(PyTypeError::new_err(format!(
                "expected a table (rawabit, Arrow, pandas, polars) or a dict of columns, got {found}"
            )))
        }
        _ => {
            let dict = PyDict::new(data.py());
            for name in data.getattr("columns")?.try_iter()? {
                let name = name?;
                dict.set_item(&name, data.get_item(&name)?.call_method0("tolist")?)?;
            }
            from_lists(&dict)
        }
    }
}

fn from_arrow(data_type: &DataType, chunks: &[ArrayRef]) -> PyResult<Table> {
    let mut batches = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        let Some(rows) = chunk.as_any().downcast_ref::<StructArray>() else {
            return Err(PyTypeError::new_err("expected a table, got a single column"));
        };
        let mut fields = Vec::new();
        let mut columns = Vec::new();
        for (field, column) in rows.fields().iter().zip(rows.columns()) {
            let column = plain(column).map_err(|found| {
                RawabitError::new_err(format!("column {:?} is of type {found}", field.name()))
            })?;
            fields.push(Field::new(field.name(), column.data_type().clone(), true));
            columns.push(column);
        }
        let schema = Arc::new(Schema::new(fields));
        batches.push(RecordBatch::try_new(schema, columns).map_err(errors::arrow)?);
    }
    let schema = match (batches.first(), data_type) {
        (Some(first), _) => first.schema(),
        // A stream without a chunk has columns all the same.
        (None, DataType::Struct(fields)) => {
            let empty = fields.iter().map(|field| {
                let column = arrow_array::new_empty_array(field.data_type());
                let plain = plain(&column).map_or(DataType::Utf8, |column| column.data_type().clone());
                Field::new(field.name(), plain, true)
            });
            Arc::new(Schema::new(empty.collect::<Vec<_>>()))
        }
        (None, _) => return Err(PyTypeError::new_err("expected a table, got a single column")),
    };
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema.clone()));
    }
    Ok(Table::from_batches(schema, batches))
}

fn from_lists(dict: &Bound<'_, PyDict>) -> PyResult<Table> {
    let mut fields = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (name, values) in dict.iter() {
        let name = name.str()?.to_string();
        let column = column(&values, &name)?;
        if let Some(first) = columns.first()
            && first.len() != column.len()
        {
            return Err(RawabitError::new_err(format!(
                "column {name:?} has {} rows, the first has {}",
                column.len(),
                first.len()
            )));
        }
        fields.push(Field::new(name, column.data_type().clone(), true));
        columns.push(column);
    }
    if fields.is_empty() {
        return Ok(Table::from_batch(RecordBatch::new_empty(Arc::new(Schema::empty()))));
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(errors::arrow)?;
    Ok(Table::from_batch(batch))
}

/// One column from any iterable: whole numbers, numbers, truth values, or strings; what is mixed or of another type
/// becomes strings. `None` and NaN are nulls.
pub fn column(values: &Bound<'_, PyAny>, name: &str) -> PyResult<ArrayRef> {
    let values: Vec<Bound<'_, PyAny>> = values
        .try_iter()
        .map_err(|_| PyTypeError::new_err(format!("column {name:?} is no list")))?
        .map(|value| value.map(plain_item))
        .collect::<PyResult<_>>()?;
    let present = || values.iter().filter(|value| !is_null(value));
    if present().next().is_some() {
        if present().all(|v| v.is_instance_of::<PyBool>()) {
            let mut out = BooleanBuilder::new();
            values.iter().for_each(|v| out.append_option(v.extract::<bool>().ok()));
            return Ok(Arc::new(out.finish()));
        }
        if present().all(|v| v.is_instance_of::<PyInt>() && !v.is_instance_of::<PyBool>() && fits(v)) {
            let mut out = Int64Builder::new();
            values.iter().for_each(|v| out.append_option(v.extract::<i64>().ok()));
            return Ok(Arc::new(out.finish()));
        }
        if present().all(|v| v.is_instance_of::<PyFloat>() || v.is_instance_of::<PyInt>()) {
            let mut out = Float64Builder::new();
            values
                .iter()
                .for_each(|v| out.append_option((!is_null(v)).then(|| v.extract::<f64>().ok()).flatten()));
            return Ok(Arc::new(out.finish()));
        }
    }
    let mut out = StringBuilder::new();
    for value in &values {
        if is_null(value) {
            out.append_null();
        } else {
            out.append_value(value.str()?.to_cow()?);
        }
    }
    Ok(Arc::new(out.finish()))
}

fn fits(value: &Bound<'_, PyAny>) -> bool {
    value.extract::<i64>().is_ok()
}

/// A numpy or Arrow scalar as the Python object that it stands for.
fn plain_item(value: Bound<'_, PyAny>) -> Bound<'_, PyAny> {
    if value.is_none() || value.is_instance_of::<PyString>() || value.is_exact_instance_of::<PyInt>() {
        return value;
    }
    for method in ["as_py", "item"] {
        if let Ok(plain) = value.call_method0(method) {
            return plain;
        }
    }
    value
}

fn is_null(value: &Bound<'_, PyAny>) -> bool {
    value.is_none()
        || value.cast::<PyFloat>().is_ok_and(|number| number.value().is_nan())
        || value.get_type().name().is_ok_and(|name| name == "NAType" || name == "NaTType")
}

/// An Arrow column as one of our four types; the type's name where there is no way.
fn plain(column: &ArrayRef) -> Result<ArrayRef, String> {
    macro_rules! cast {
        ($type:ty, $into:ty, $array:ty) => {
            Arc::new(column.as_primitive::<$type>().iter().map(|v| v.map(|v| v as $into)).collect::<$array>())
                as ArrayRef
        };
    }
    Ok(match column.data_type() {
        DataType::Int64 | DataType::Float64 | DataType::Boolean | DataType::Utf8 => column.clone(),
        DataType::Int8 => cast!(Int8Type, i64, Int64Array),
        DataType::Int16 => cast!(Int16Type, i64, Int64Array),
        DataType::Int32 => cast!(Int32Type, i64, Int64Array),
        DataType::UInt8 => cast!(UInt8Type, i64, Int64Array),
        DataType::UInt16 => cast!(UInt16Type, i64, Int64Array),
        DataType::UInt32 => cast!(UInt32Type, i64, Int64Array),
        DataType::UInt64 => cast!(UInt64Type, i64, Int64Array),
        DataType::Float32 => cast!(Float32Type, f64, Float64Array),
        DataType::LargeUtf8 => Arc::new(column.as_string::<i64>().iter().collect::<StringArray>()),
        DataType::Utf8View => Arc::new(column.as_string_view().iter().collect::<StringArray>()),
        DataType::Null => Arc::new(StringArray::new_null(column.len())),
        DataType::Dictionary(_, _) => {
            let dictionary = column.as_any_dictionary();
            if dictionary.values().is_empty() {
                return Ok(Arc::new(StringArray::new_null(column.len())));
            }
            let values = plain(dictionary.values())?;
            let DataType::Utf8 = values.data_type() else {
                return Err(column.data_type().to_string());
            };
            let (keys, values) = (dictionary.normalized_keys(), values.as_string::<i32>());
            let rows = (0..column.len()).map(|row| {
                (column.is_valid(row) && values.is_valid(keys[row])).then(|| values.value(keys[row]))
            });
            Arc::new(rows.collect::<StringArray>())
        }
        other => return Err(other.to_string()),
    })
}

/// Columns of one batch, by name.
pub struct Columns<'t> {
    pub batch: &'t RecordBatch,
}

impl<'t> Columns<'t> {
    /// A column of any type.
    pub fn any(&self, name: &str) -> PyResult<&'t ArrayRef> {
        self.batch
            .column_by_name(name)
            .ok_or_else(|| RawabitError::new_err(format!("the table has no column {name:?}")))
    }

    /// A column of strings.
    pub fn text(&self, name: &str) -> PyResult<&'t StringArray> {
        let column = self.any(name)?;
        column.as_string_opt::<i32>().ok_or_else(|| wrong(name, "strings", column))
    }

    /// A column of numbers, whole ones included.
    pub fn numbers(&self, name: &str) -> PyResult<Float64Array> {
        let column = self.any(name)?;
        match column.data_type() {
            DataType::Float64 => Ok(column.as_primitive::<Float64Type>().clone()),
            DataType::Int64 => {
                let whole = column.as_primitive::<Int64Type>();
                Ok(whole.iter().map(|number| number.map(|n| n as f64)).collect())
            }
            _ => Err(wrong(name, "numbers", column)),
        }
    }

    /// A column of truth values; a null is false.
    pub fn flags(&self, name: &str) -> PyResult<Vec<bool>> {
        let column = self.any(name)?;
        let flags = column.as_boolean_opt().ok_or_else(|| wrong(name, "truth values", column))?;
        Ok(flags.iter().map(|flag| flag.unwrap_or(false)).collect())
    }
}

fn wrong(name: &str, expected: &str, found: &ArrayRef) -> PyErr {
    RawabitError::new_err(format!("column {name:?} holds {}, expected {expected}", found.data_type()))
}
