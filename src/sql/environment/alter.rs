//! ALTER TABLE and ALTER VIEW.

use std::sync::Arc;

use super::alter_schema::Change;
use super::create::{as_table, mark_event_time};
use super::{Environment, alter_schema, partitions};
use crate::base::{Error, Result};
use crate::connectors::options::Options;
use crate::sql::catalog::{Object, ObjectPath, Table};
use crate::sql::statement::{AlterTable, Path, QueryStmt};

impl Environment {
    pub(super) fn alter_table(
        &mut self,
        path: &Path,
        if_exists: bool,
        action: &AlterTable,
    ) -> Result<()> {
        let (full, object) = match self.permanent(path) {
            Ok(found) => found,
            Err(_) if if_exists => return Ok(()),
            Err(error) => return Err(error),
        };
        let table = as_table(&object, &full).map_err(|error| error.at(path.span()))?;
        if let AlterTable::Rename(to) = action {
            return self.rename(path, to);
        }
        let altered = self.altered(table, &full, action)?;
        self.catalogs.replace(&full, Object::Table(altered))
    }

    /// What ALTER may change: what is temporary stays as it is.
    fn permanent(&self, path: &Path) -> Result<(ObjectPath, Arc<Object>)> {
        let (full, object) = self.catalogs.resolve(path)?;
        match self.catalogs.is_temporary(&full) {
            true => Err(Error::new("alter-temporary").arg("name", &full).at(path.span())),
            false => Ok((full, object)),
        }
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> Result<()> {
        let (full, _) = self.catalogs.resolve(from)?;
        self.catalogs.rename(&full, to.last()).map_err(|error| error.at(to.span()))
    }

    pub(super) fn rename_view(&mut self, from: &Path, to: &Path) -> Result<()> {
        let (full, object) = self.permanent(from)?;
        match &*object {
            Object::View(_) => self.rename(from, to),
            Object::Table(_) => Err(Error::new("not-a-view").arg("name", &full).at(from.span())),
        }
    }

    pub(super) fn alter_view(&mut self, path: &Path, query: &QueryStmt) -> Result<()> {
        let (full, object) = self.permanent(path)?;
        let Object::View(old) = &*object else {
            return Err(Error::new("not-a-view").arg("name", &full).at(path.span()));
        };
        let view = self.view(&[], old.comment.clone(), query)?;
        self.catalogs.replace(&full, Object::View(view))
    }

    fn altered(
        &self,
        mut table: Table,
        full: &impl std::fmt::Display,
        action: &AlterTable,
    ) -> Result<Table> {
        match action {
            AlterTable::Rename(_) => {}
            AlterTable::RenameColumn(from, to) => {
                alter_schema::rename_column(&mut table, from, to)?;
            }
            AlterTable::Add(elements) => self.change(&mut table, Change::Add, elements)?,
            AlterTable::Modify(elements) => self.change(&mut table, Change::Modify, elements)?,
            AlterTable::DropColumns(columns) => alter_schema::drop_columns(&mut table, columns)?,
            AlterTable::DropPrimaryKey => {
                table.primary_key.take().ok_or_else(|| Error::new("key-missing"))?;
            }
            AlterTable::DropConstraint(name) => alter_schema::drop_constraint(&mut table, name)?,
            AlterTable::DropWatermark => {
                table.watermark.take().ok_or_else(|| Error::new("watermark-missing"))?;
                mark_event_time(&mut table);
            }
            AlterTable::SetOptions(options) => {
                let new = options.iter().map(|(k, v)| (k.as_str(), v.as_str()));
                table.options = Options::from_iter(table.options.iter().chain(new));
            }
            AlterTable::ResetOptions(keys) if keys.iter().any(|key| key == "connector") => {
                return Err(Error::new("option-not-reset").arg("name", "connector"));
            }
            AlterTable::ResetOptions(keys) => {
                let kept = table.options.iter().filter(|(k, _)| !keys.iter().any(|key| key == k));
                table.options = Options::from_iter(kept);
            }
            AlterTable::AddPartitions { if_not_exists, partitions } => {
                partitions::add(&mut table, &full.to_string(), *if_not_exists, partitions)?;
            }
            AlterTable::DropPartitions { if_exists, partitions } => {
                partitions::drop(&mut table, *if_exists, partitions)?;
            }
        }
        Ok(table)
    }
}
