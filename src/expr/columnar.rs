//! What an expression gives for a batch: a column, or one value for all rows.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Datum, Int32Array, Int64Array, UInt32Array};
use arrow::compute;

use crate::base::{Error, Result};
use crate::data::arrow::array_of;
use crate::data::{DataType, LogicalType, Value};

/// A column, or a single value that stands for a column.
#[derive(Clone, Debug)]
pub enum Columnar {
    /// A value a row.
    Array(ArrayRef),
    /// One value (an array of length 1) for every row.
    Scalar(ArrayRef),
}

/// Arrow's kernels take either.
impl Datum for Columnar {
    fn get(&self) -> (&dyn Array, bool) {
        match self {
            Self::Array(array) => (array.as_ref(), false),
            Self::Scalar(array) => (array.as_ref(), true),
        }
    }
}

impl Columnar {
    /// A constant.
    ///
    /// # Errors
    /// `value-of-other-type` if the value is not of the type.
    pub fn scalar(value: &Value, data_type: &DataType) -> Result<Self> {
        Ok(Self::Scalar(match (value, &data_type.logical) {
            // A constant is made for every batch, and where one row travels alone that is every row.
            (Value::Int(v), LogicalType::Int) => Arc::new(Int32Array::new(vec![*v].into(), None)),
            (Value::BigInt(v), LogicalType::BigInt) => {
                Arc::new(Int64Array::new(vec![*v].into(), None))
            }
            _ => array_of(data_type, std::slice::from_ref(value))?,
        }))
    }

    /// The values, one a row or one for all.
    pub fn values(&self) -> &ArrayRef {
        match self {
            Self::Array(array) | Self::Scalar(array) => array,
        }
    }

    /// Whether it is one value for all rows.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Self::Scalar(_))
    }

    /// A column of `rows` values.
    ///
    /// # Errors
    /// `column-not-made` for a type that Arrow cannot repeat.
    pub fn into_array(self, rows: usize) -> Result<ArrayRef> {
        match self {
            Self::Array(array) => Ok(array),
            Self::Scalar(value) if rows == 1 => Ok(value),
            Self::Scalar(value) => {
                compute::take(&value, &UInt32Array::from(vec![0; rows]), None).map_err(kernel_error)
            }
        }
    }

    /// Applies a function of the values, keeping one value one value.
    ///
    /// # Errors
    /// Those of the function.
    pub fn map(&self, f: impl FnOnce(&ArrayRef) -> Result<ArrayRef>) -> Result<Self> {
        Ok(match self {
            Self::Array(array) => Self::Array(f(array)?),
            Self::Scalar(array) => Self::Scalar(f(array)?),
        })
    }

    /// The same kind (column or one value) of other values.
    #[must_use]
    pub fn with_values(&self, values: ArrayRef) -> Self {
        match self {
            Self::Array(_) => Self::Array(values),
            Self::Scalar(_) => Self::Scalar(values),
        }
    }
}

impl From<BooleanArray> for Columnar {
    fn from(array: BooleanArray) -> Self {
        Self::Array(std::sync::Arc::new(array))
    }
}

/// What a kernel of Arrow refused; types were checked when the expression was built, so that only
/// values remain.
pub(crate) fn kernel_error(error: arrow::error::ArrowError) -> Error {
    use arrow::error::ArrowError;
    match error {
        ArrowError::DivideByZero => Error::new("division-by-zero"),
        other => Error::new("column-not-made").arg("reason", other),
    }
}
