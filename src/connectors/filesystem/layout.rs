//! Where the columns of a table come from: the lines of its files, the names of their folders, what
//! the file system says of them.

use std::sync::Arc;

use arrow::array::{ArrayRef, UInt32Array};
use arrow::compute::take;

use super::partition::{self, Partitions};
use crate::base::{Error, Result};
use crate::connectors::descriptor::{MetadataKey, SourceRequest};
use crate::connectors::files::{FileStatus, path};
use crate::data::arrow::array_of;
use crate::data::{Batch, DataType, Field, LogicalType, Schema, TimeAttribute, Value};

/// What the file system knows.
pub(super) const METADATA: &[MetadataKey] = &[
    MetadataKey { key: "file.path", logical: LogicalType::STRING },
    MetadataKey { key: "file.name", logical: LogicalType::STRING },
    MetadataKey { key: "file.size", logical: LogicalType::BigInt },
    MetadataKey {
        key: "file.modification-time",
        logical: LogicalType::TimestampLtz { precision: 3, attribute: TimeAttribute::None },
    },
];

/// Where one column comes from.
#[derive(Clone, Debug)]
enum Origin {
    /// This column of what the format reads.
    File(usize),
    /// This folder.
    Partition(usize),
    /// The file system, under this key.
    Metadata(String),
}

/// The columns that a source emits.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    origins: Arc<[Origin]>,
    pub(super) partitions: Partitions,
    /// The columns in the files.
    pub(super) in_files: Schema,
    /// Which of them are read.
    pub(super) projection: Vec<usize>,
    /// The columns emitted.
    pub(super) output: Schema,
}

impl Layout {
    /// The columns that a plan asks for.
    pub(super) fn new(request: &SourceRequest<'_>, default_name: &str) -> Result<Self> {
        let (in_files, partitions) = split(request.schema, request.partitions, default_name)?;
        let (mut origins, mut projection, mut output) = (Vec::new(), Vec::new(), Vec::new());
        for &column in request.projection {
            let metadata = column.checked_sub(request.schema.len());
            if let Some(key) = metadata.and_then(|i| request.metadata.get(i)) {
                let logical = super::DESCRIPTOR.metadata(request.table, key)?;
                output.push(Field::new(key, DataType::not_null(logical.clone())));
                origins.push(Origin::Metadata(key.clone()));
                continue;
            }
            let Some(field) = request.schema.fields().get(column) else { continue };
            output.push(field.clone());
            origins.push(match partitions.fields.iter().position(|p| p.name == field.name) {
                Some(folder) => Origin::Partition(folder),
                None => {
                    projection.extend(in_files.index_of(&field.name));
                    Origin::File(projection.len() - 1)
                }
            });
        }
        let (origins, output) = (origins.into(), Schema::new(output));
        Ok(Self { origins, partitions, in_files, projection, output })
    }

    /// The columns of a file that are the same in all of its rows, each of one row.
    pub(super) fn constants(&self, root: &str, file: &FileStatus) -> Result<Vec<Option<ArrayRef>>> {
        let below = file.path.strip_prefix(root).unwrap_or_default();
        let values = self.partitions.values(below);
        let constant = |origin: &Origin| match origin {
            Origin::File(_) => Ok(None),
            Origin::Partition(folder) => {
                let value = values.as_ref().and_then(|v| v.get(*folder)?.as_deref());
                partition::column(&self.partitions.fields[*folder], value).map(Some)
            }
            Origin::Metadata(key) => metadata(key, file).map(Some),
        };
        self.origins.iter().map(constant).collect()
    }

    /// A batch of the format with the columns that are not in the file.
    pub(super) fn batch(&self, read: Batch, constants: &[Option<ArrayRef>]) -> Result<Batch> {
        if constants.iter().all(Option::is_none) {
            return Ok(read);
        }
        let len = read.len();
        let first = UInt32Array::from(vec![0; len]);
        let column = |(origin, constant): (&Origin, &Option<ArrayRef>)| match (origin, constant) {
            (Origin::File(column), _) => Ok(read.column(*column).clone()),
            (_, Some(constant)) => {
                take(constant, &first, None).map_err(|e| Error::new("plan-broken").arg("reason", e))
            }
            (_, None) => Err(Error::new("plan-broken").arg("reason", "a column without origin")),
        };
        let columns = self.origins.iter().zip(constants).map(column).collect::<Result<_>>()?;
        Ok(read.with_columns(columns))
    }
}

/// The columns in the files of a table, and those in the names of their folders.
///
/// Errors: `partition-type`.
pub(super) fn split(
    schema: &Schema,
    keys: &[String],
    default_name: &str,
) -> Result<(Schema, Partitions)> {
    let in_folder = |f: &Field| keys.contains(&f.name);
    let in_files = schema.fields().iter().filter(|f| !in_folder(f)).cloned().collect();
    let fields: Vec<Field> = keys
        .iter()
        .filter_map(|key| schema.fields().iter().find(|f| f.name == *key).cloned())
        .collect();
    partition::check(&fields)?;
    Ok((Schema::new(in_files), Partitions { fields, default_name: default_name.to_owned() }))
}

fn metadata(key: &str, file: &FileStatus) -> Result<ArrayRef> {
    let (logical, value) = match key {
        "file.size" => (LogicalType::BigInt, Value::BigInt(file.length.cast_signed())),
        "file.modification-time" => {
            let instant =
                LogicalType::TimestampLtz { precision: 3, attribute: TimeAttribute::None };
            (instant, Value::TimestampLtz(file.modified_millis, 0))
        }
        "file.name" => (LogicalType::STRING, path::name(&file.path).into()),
        _ => (LogicalType::STRING, file.path.as_str().into()),
    };
    array_of(&DataType::not_null(logical), &[value])
}
