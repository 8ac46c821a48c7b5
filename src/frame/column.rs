//! Builders of single columns, by type.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field};

/// What all column builders do.
pub trait Column {
    /// The column's name and type for a schema.
    fn field(name: &str) -> Field;
    /// The values so far; the builder is empty afterwards.
    fn finish(&mut self) -> ArrayRef;
}

/// Declares a builder that wraps one of Arrow's.
macro_rules! column {
    ($(#[$about:meta])* $name:ident, $builder:ident, $type:ident, $nullable:literal) => {
        $(#[$about])*
        #[derive(Debug, Default)]
        pub struct $name($builder);

        impl Column for $name {
            fn field(name: &str) -> Field {
                Field::new(name, DataType::$type, $nullable)
            }

            fn finish(&mut self) -> ArrayRef {
                Arc::new(self.0.finish())
            }
        }
    };
}

column!(
    /// Whole numbers.
    Int, Int64Builder, Int64, false
);
column!(
    /// Numbers.
    Float, Float64Builder, Float64, false
);
column!(
    /// Numbers, some of them null.
    MaybeFloat, Float64Builder, Float64, true
);
column!(
    /// Truth values.
    Bool, BooleanBuilder, Boolean, false
);
column!(
    /// Strings.
    Text, StringBuilder, Utf8, false
);
column!(
    /// Strings, some of them null.
    MaybeText, StringBuilder, Utf8, true
);

impl Int {
    /// Append a number.
    #[inline]
    pub fn push(&mut self, value: usize) {
        self.0.append_value(value as i64);
    }
}

impl Float {
    /// Append a number, to the precision that single precision has: 0.9, not 0.8999999761581421.
    #[inline]
    pub fn push(&mut self, value: f32) {
        self.0.append_value(plain(value));
    }
}

impl MaybeFloat {
    /// Append a number or a null.
    #[inline]
    pub fn push(&mut self, value: Option<f32>) {
        self.0.append_option(value.map(plain));
    }
}

impl Bool {
    /// Append a truth value.
    #[inline]
    pub fn push(&mut self, value: bool) {
        self.0.append_value(value);
    }
}

impl Text {
    /// Append a string.
    #[inline]
    pub fn push(&mut self, value: &str) {
        self.0.append_value(value);
    }
}

impl MaybeText {
    /// Append a string or a null.
    #[inline]
    pub fn push(&mut self, value: Option<&str>) {
        self.0.append_option(value);
    }
}

/// `value` rounded to six decimals: no figure of ours is more exact, and a float's own digits would only look so.
fn plain(value: f32) -> f64 {
    (f64::from(value) * 1e6).round() / 1e6
}

/// A column of any of these types that grows by whole arrays.
#[derive(Debug)]
pub enum Growing {
    Int(Int64Builder),
    Float(Float64Builder),
    Bool(BooleanBuilder),
    Text(StringBuilder),
}

impl Growing {
    /// An empty column; `None` for a type that no table has.
    pub fn new(data_type: &DataType) -> Option<Growing> {
        match data_type {
            DataType::Int64 => Some(Growing::Int(Int64Builder::new())),
            DataType::Float64 => Some(Growing::Float(Float64Builder::new())),
            DataType::Boolean => Some(Growing::Bool(BooleanBuilder::new())),
            DataType::Utf8 => Some(Growing::Text(StringBuilder::new())),
            _ => None,
        }
    }

    /// Append an array of the column's type.
    pub fn append(&mut self, array: &ArrayRef) {
        match self {
            Growing::Int(builder) => builder.append_array(array.as_primitive::<Int64Type>()),
            Growing::Float(builder) => builder.append_array(array.as_primitive::<Float64Type>()),
            Growing::Bool(builder) => builder.append_array(array.as_boolean()),
            Growing::Text(builder) => {
                builder.append_array(array.as_string::<i32>()).expect("less text than 32-bit offsets hold");
            }
        }
    }

    /// Bytes of text so far: what 32-bit offsets limit.
    pub fn text_bytes(&self) -> usize {
        match self {
            Growing::Text(builder) => builder.values_slice().len(),
            _ => 0,
        }
    }

    /// The values so far; the column is empty afterwards.
    pub fn finish(&mut self) -> ArrayRef {
        match self {
            Growing::Int(builder) => Arc::new(builder.finish()),
            Growing::Float(builder) => Arc::new(builder.finish()),
            Growing::Bool(builder) => Arc::new(builder.finish()),
            Growing::Text(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Bytes of text in an array; 0 for other types.
pub fn text_bytes(array: &ArrayRef) -> usize {
    match array.data_type() {
        DataType::Utf8 => {
            let offsets = array.as_string::<i32>().value_offsets();
            (offsets[offsets.len() - 1] - offsets[0]) as usize
        }
        _ => 0,
    }
}
