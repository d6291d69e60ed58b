//! ALTER TABLE and ALTER VIEW.

use super::create::{as_table, find, mark_event_time, set_primary_key};
use super::{Environment, partitions};
use crate::base::{Error, Result};
use crate::connectors::options::Options;
use crate::sql::catalog::{ColumnKind, Formula, Object, Table, located};
use crate::sql::statement::{
    AlterTable, ColumnDef, ColumnPosition, Path, QueryStmt, TableElement, Word,
};

impl Environment {
    pub(super) fn alter_table(
        &mut self,
        path: &Path,
        if_exists: bool,
        action: &AlterTable,
    ) -> Result<()> {
        let (full, object) = match self.catalogs.resolve(path) {
            Ok(found) => found,
            Err(_) if if_exists => return Ok(()),
            Err(error) => return Err(error),
        };
        let table = as_table(&object, &full).map_err(|error| located(error, path.span()))?;
        if let AlterTable::Rename(to) = action {
            return self.rename(path, to);
        }
        let altered = self.altered(table, &full, action)?;
        self.catalogs.replace(&full, Object::Table(altered))
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> Result<()> {
        let (full, _) = self.catalogs.resolve(from)?;
        self.catalogs.rename(&full, to.last()).map_err(|error| located(error, to.span()))
    }

    pub(super) fn rename_view(&mut self, from: &Path, to: &Path) -> Result<()> {
        let (full, object) = self.catalogs.resolve(from)?;
        match &*object {
            Object::View(_) => self.rename(from, to),
            Object::Table(_) => {
                Err(located(Error::new("not-a-view").arg("name", &full), from.span()))
            }
        }
    }

    pub(super) fn alter_view(&mut self, path: &Path, query: &QueryStmt) -> Result<()> {
        let (full, object) = self.catalogs.resolve(path)?;
        let Object::View(old) = &*object else {
            return Err(located(Error::new("not-a-view").arg("name", &full), path.span()));
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
            AlterTable::RenameColumn(from, to) => rename_column(&mut table, from, to)?,
            AlterTable::Add(elements) => {
                elements.iter().try_for_each(|e| self.add(&mut table, e))?;
            }
            AlterTable::Modify(elements) => {
                elements.iter().try_for_each(|e| self.modify(&mut table, e))?;
            }
            AlterTable::DropColumns(columns) => {
                columns.iter().try_for_each(|c| drop_column(&mut table, c))?;
            }
            AlterTable::DropPrimaryKey | AlterTable::DropConstraint(_) => {
                table.primary_key.take().ok_or_else(|| Error::new("key-missing"))?;
            }
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

    fn add(&self, table: &mut Table, element: &TableElement) -> Result<()> {
        match element {
            TableElement::Column(column, position) => {
                self.add_columns(table, std::slice::from_ref(column))?;
                place(table, table.columns.len() - 1, position.as_ref())
            }
            TableElement::Watermark(watermark) => match table.watermark {
                Some(_) => Err(Error::new("watermark-exists").at(watermark.expr.span)),
                None => self.set_watermark(table, watermark),
            },
            TableElement::PrimaryKey(key) => set_primary_key(table, key),
        }
    }

    fn modify(&self, table: &mut Table, element: &TableElement) -> Result<()> {
        match element {
            TableElement::Column(column, position) => {
                self.modify_column(table, column, position.as_ref())
            }
            TableElement::Watermark(watermark) => self.set_watermark(table, watermark),
            TableElement::PrimaryKey(key) => {
                table.primary_key = None;
                set_primary_key(table, key)
            }
        }
    }

    fn modify_column(
        &self,
        table: &mut Table,
        column: &ColumnDef,
        position: Option<&ColumnPosition>,
    ) -> Result<()> {
        let name = find(table, &column.name)?.name.clone();
        let old = table.columns.iter().position(|c| c.name == name).unwrap_or_default();
        let before = table.columns.remove(old);
        self.add_columns(table, std::slice::from_ref(column))?;
        if let Some(new) = table.columns.last_mut() {
            new.comment = new.comment.take().or(before.comment);
        }
        mark_event_time(table);
        let last = table.columns.len() - 1;
        match position {
            Some(_) => place(table, last, position),
            None => {
                let column = table.columns.remove(last);
                table.columns.insert(old, column);
                Ok(())
            }
        }
    }
}

/// Moves the column at `from` to where it was asked to be; without a wish it stays.
fn place(table: &mut Table, from: usize, position: Option<&ColumnPosition>) -> Result<()> {
    let to = match position {
        None => return Ok(()),
        Some(ColumnPosition::First) => 0,
        Some(ColumnPosition::After(other)) => {
            let name = &find(table, other)?.name;
            table.columns.iter().position(|c| c.name == *name).map_or(0, |at| at + 1)
        }
    };
    let column = table.columns.remove(from);
    table.columns.insert(to.min(table.columns.len()), column);
    Ok(())
}

fn rename_column(table: &mut Table, from: &Word, to: &Word) -> Result<()> {
    refuse_used(table, &find(table, from)?.name, from)?;
    if table.column(&to.value).is_some() {
        return Err(located(Error::new("column-exists").arg("name", &to.value), to.span));
    }
    let rename = |name: &mut String| {
        if *name == from.value {
            *name = to.value.clone();
        }
    };
    table.columns.iter_mut().for_each(|c| rename(&mut c.name));
    table.partitioned_by.iter_mut().for_each(rename);
    if let Some(key) = &mut table.primary_key {
        key.columns.iter_mut().for_each(rename);
    }
    Ok(())
}

fn drop_column(table: &mut Table, word: &Word) -> Result<()> {
    let name = find(table, word)?.name.clone();
    refuse_used(table, &name, word)?;
    let in_key = table.primary_key.as_ref().is_some_and(|k| k.columns.contains(&name));
    if in_key || table.partitioned_by.contains(&name) {
        return Err(located(Error::new("column-in-use").arg("name", &name), word.span));
    }
    table.columns.retain(|c| c.name != name);
    Ok(())
}

/// A column that a formula or the watermark names must stay as it is.
fn refuse_used(table: &Table, name: &str, word: &Word) -> Result<()> {
    let quoted = crate::sql::catalog::quote(name);
    let names = |formula: &Formula| formula.text.contains(&quoted);
    let in_formula = table.columns.iter().any(|c| match &c.kind {
        ColumnKind::Computed(formula) => names(formula),
        _ => false,
    });
    let in_watermark = table.watermark.as_ref();
    let in_watermark = in_watermark.is_some_and(|w| w.column == name || names(&w.formula));
    match in_formula || in_watermark {
        true => Err(located(Error::new("column-in-use").arg("name", name), word.span)),
        false => Ok(()),
    }
}
