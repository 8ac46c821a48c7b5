//! Arrow in and out of Python through the PyCapsule interface.
//!
//! <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>

use std::ffi::CStr;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayReader, ArrayRef, RecordBatchReader, make_array};
use arrow_schema::{DataType, Schema};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::errors;

const STREAM: &CStr = c"arrow_array_stream";
const ARRAY: &CStr = c"arrow_array";
const SCHEMA: &CStr = c"arrow_schema";

/// The type and the chunks of an object that speaks `__arrow_c_stream__` or `__arrow_c_array__`; `None` for any other object.
///
/// Nothing is copied: the arrays keep the producer's buffers alive.
pub fn import(object: &Bound<'_, PyAny>) -> PyResult<Option<(DataType, Vec<ArrayRef>)>> {
    let py = object.py();
    if object.hasattr(pyo3::intern!(py, "__arrow_c_stream__"))? {
        let capsule = object.call_method0(pyo3::intern!(py, "__arrow_c_stream__"))?;
        let pointer = capsule.cast::<PyCapsule>()?.pointer_checked(Some(STREAM))?;
        // SAFETY: a capsule of this name holds a valid stream; it is moved out and the capsule left empty.
        let reader =
            unsafe { ArrayStreamReader::from_raw(pointer.cast().as_ptr()) }.map_err(errors::arrow)?;
        let data_type = reader.field().data_type().clone();
        let chunks = reader.collect::<Result<Vec<_>, _>>().map_err(errors::arrow)?;
        return Ok(Some((data_type, chunks)));
    }
    if object.hasattr(pyo3::intern!(py, "__arrow_c_array__"))? {
        let capsules = object.call_method0(pyo3::intern!(py, "__arrow_c_array__"))?;
        let (schema, array): (Bound<'_, PyAny>, Bound<'_, PyAny>) = capsules.extract()?;
        let schema = schema.cast::<PyCapsule>()?.pointer_checked(Some(SCHEMA))?;
        let array = array.cast::<PyCapsule>()?.pointer_checked(Some(ARRAY))?;
        // SAFETY: capsules of these names hold a valid schema and array; the array is moved out of its capsule.
        let data = unsafe {
            let array = FFI_ArrowArray::from_raw(array.cast().as_ptr());
            from_ffi(array, schema.cast::<FFI_ArrowSchema>().as_ref())
        };
        let array = make_array(data.map_err(errors::arrow)?);
        return Ok(Some((array.data_type().clone(), vec![array])));
    }
    Ok(None)
}

/// A capsule that hands `batches` to any Arrow library.
pub fn export_stream<'py>(
    py: Python<'py>,
    batches: Box<dyn RecordBatchReader + Send>,
) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(batches), STREAM)
}

/// A capsule that hands `schema` to any Arrow library.
pub fn export_schema<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(errors::arrow)?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// The two capsules of `__arrow_c_array__`, schema and array.
pub fn export_array<'py>(
    py: Python<'py>,
    array: &ArrayRef,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let (array, schema) = to_ffi(&array.to_data()).map_err(errors::arrow)?;
    let schema = PyCapsule::new_with_value(py, schema, SCHEMA)?.into_any();
    Ok((schema, PyCapsule::new_with_value(py, array, ARRAY)?.into_any()))
}
