//! Partitions as the catalog keeps them: ALTER TABLE .. ADD and DROP PARTITION, SHOW PARTITIONS.
//!
//! As in Flink's in-memory catalog they are only written down. What a query reads is what the files are;
//! INSERT adds none.

use super::{Environment, Reply};
use crate::base::{Error, Result};
use crate::sql::catalog::{Object, Table, quote};
use crate::sql::statement::{PartitionSpec, Path};

/// The values of a partition, in the order of PARTITIONED BY.
///
/// Errors: `partition-columns`, unless all columns have a value and no other.
fn values(table: &Table, spec: &PartitionSpec) -> Result<Vec<String>> {
    let keys = &table.partitioned_by;
    let value = |key: &String| spec.iter().find(|(w, _)| w.value == *key).map(|(_, v)| v.clone());
    let values: Option<Vec<String>> = keys.iter().map(value).collect();
    values.filter(|values| values.len() == spec.len()).ok_or_else(|| {
        let error = Error::new("partition-columns").arg("available", keys.join(", "));
        spec.first().map_or(error.clone(), |(word, _)| error.at(word.span))
    })
}

/// `k=v, l=w`, for an error at the partition's place.
fn refusal(code: &'static str, spec: &PartitionSpec) -> Error {
    let pairs: Vec<String> = spec.iter().map(|(w, value)| format!("{}={value}", w.value)).collect();
    let error = Error::new(code).arg("partition", pairs.join(", "));
    spec.first().map_or(error.clone(), |(word, _)| error.at(word.span))
}

/// ADD PARTITION.
///
/// Errors: `table-not-partitioned`, `partition-columns`, `partition-exists`.
pub(super) fn add(
    table: &mut Table,
    name: &str,
    if_not_exists: bool,
    specs: &[PartitionSpec],
) -> Result<()> {
    if table.partitioned_by.is_empty() {
        return Err(Error::new("table-not-partitioned").arg("name", name));
    }
    for spec in specs {
        let values = values(table, spec)?;
        match table.partitions.contains(&values) {
            false => table.partitions.push(values),
            true if if_not_exists => {}
            true => return Err(refusal("partition-exists", spec)),
        }
    }
    Ok(())
}

/// DROP PARTITION. The files stay, as in Flink's in-memory catalog.
///
/// Errors: `partition-missing`.
pub(super) fn drop(table: &mut Table, if_exists: bool, specs: &[PartitionSpec]) -> Result<()> {
    for spec in specs {
        let known = values(table, spec).ok();
        let place = known.and_then(|values| table.partitions.iter().position(|p| *p == values));
        match place {
            Some(place) => {
                table.partitions.remove(place);
            }
            None if if_exists => {}
            None => return Err(refusal("partition-missing", spec)),
        }
    }
    Ok(())
}

/// The statements that add the partitions of a table again.
pub(super) fn added(name: &str, table: &Table) -> Vec<String> {
    let statement = |values: &Vec<String>| {
        let pairs = table.partitioned_by.iter().zip(values);
        let pairs =
            pairs.map(|(key, value)| format!("{} = '{}'", quote(key), value.replace('\'', "''")));
        format!("ALTER TABLE {name} ADD PARTITION ({})", pairs.collect::<Vec<_>>().join(", "))
    };
    table.partitions.iter().map(statement).collect()
}

impl Environment {
    /// The partitions that have these values; all without any.
    pub(super) fn show_partitions(&self, path: &Path, spec: &PartitionSpec) -> Result<Reply> {
        let (full, object) = self.catalogs.resolve(path)?;
        let table = match &*object {
            Object::Table(table) if !table.partitioned_by.is_empty() => table,
            _ => {
                let error = Error::new("table-not-partitioned").arg("name", full);
                return Err(error.at(path.span()));
            }
        };
        let keys = &table.partitioned_by;
        let fits = |values: &&Vec<String>| {
            spec.iter().all(|(word, wanted)| {
                let place = keys.iter().position(|key| *key == word.value);
                place.is_some_and(|place| values[place] == *wanted)
            })
        };
        let name = |values: &Vec<String>| {
            let pairs = keys.iter().zip(values).map(|(key, value)| format!("{key}={value}"));
            pairs.collect::<Vec<_>>().join("/")
        };
        Ok(Reply::column("partition name", table.partitions.iter().filter(fits).map(name)))
    }
}
