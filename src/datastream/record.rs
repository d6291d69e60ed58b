//! Rust types as rows: scalars are one column, tuples are columns `f0`, `f1`, ..

use crate::base::{Error, Result};
use crate::data::{DataType, Field, LogicalType, Row, Schema, Value, print};

/// A type that is one value.
pub trait Scalar: Clone + Send + 'static {
    /// Its type in Flink.
    const TYPE: LogicalType;

    /// The value.
    fn into_value(self) -> Value;

    /// Back from a value; `None` if it is of another type.
    fn from_value(value: &Value) -> Option<Self>;
}

/// A type that a stream can be made of.
pub trait Record: Send + 'static {
    /// The types of its columns.
    fn types() -> Vec<LogicalType>;

    /// Its values in column order.
    fn into_fields(self) -> Vec<Value>;

    /// Back from values; `None` if they are others.
    fn from_fields(fields: &[Value]) -> Option<Self>
    where
        Self: Sized;

    /// How Java prints it.
    fn line(fields: &[Value]) -> String;

    /// Its columns with these names; `f0`, `f1`, .. where names are missing.
    fn schema(names: &[&str]) -> Schema {
        let field = |(index, logical)| {
            let name =
                names.get(index).map_or_else(|| format!("f{index}"), |n: &&str| (*n).to_owned());
            Field::new(name, DataType::not_null(logical))
        };
        Schema::new(Self::types().into_iter().enumerate().map(field).collect())
    }
}

/// A record from a row.
///
/// Errors: `record-of-other-type`, if the row came from outside and is not what the program reads.
pub(super) fn from_row<T: Record>(row: &Row) -> Result<T> {
    T::from_fields(&row.fields).ok_or_else(|| {
        let values: Vec<String> = row.fields.iter().map(print::java::value).collect();
        Error::new("record-of-other-type").arg("row", values.join(", "))
    })
}

macro_rules! scalar {
    ($type:ty, $logical:expr, $pattern:pat => $back:expr, $into:expr) => {
        impl Scalar for $type {
            const TYPE: LogicalType = $logical;

            fn into_value(self) -> Value {
                $into(self)
            }

            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $pattern => Some($back),
                    _ => None,
                }
            }
        }

        impl Record for $type {
            fn types() -> Vec<LogicalType> {
                vec![$logical]
            }

            fn into_fields(self) -> Vec<Value> {
                vec![self.into_value()]
            }

            fn from_fields(fields: &[Value]) -> Option<Self> {
                match fields {
                    [value] => Self::from_value(value),
                    _ => None,
                }
            }

            fn line(fields: &[Value]) -> String {
                fields.first().map(print::java::value).unwrap_or_default()
            }
        }
    };
}

scalar!(String, LogicalType::STRING, Value::String(v) => v.to_string(), |v: String| {
    Value::String(v.into())
});
scalar!(i32, LogicalType::Int, Value::Int(v) => *v, Value::Int);
scalar!(i64, LogicalType::BigInt, Value::BigInt(v) => *v, Value::BigInt);
scalar!(f64, LogicalType::Double, Value::Double(v) => *v, Value::Double);
scalar!(bool, LogicalType::Boolean, Value::Boolean(v) => *v, Value::Boolean);

macro_rules! tuple {
    ($($name:ident $index:tt),+) => {
        impl<$($name: Scalar),+> Record for ($($name,)+) {
            fn types() -> Vec<LogicalType> {
                vec![$($name::TYPE),+]
            }

            fn into_fields(self) -> Vec<Value> {
                vec![$(self.$index.into_value()),+]
            }

            fn from_fields(fields: &[Value]) -> Option<Self> {
                Some(($($name::from_value(fields.get($index)?)?,)+))
            }

            fn line(fields: &[Value]) -> String {
                let values: Vec<String> = fields.iter().map(print::java::value).collect();
                format!("({})", values.join(","))
            }
        }
    };
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
