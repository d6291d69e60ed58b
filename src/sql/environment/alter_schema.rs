//! ALTER TABLE of columns, key and watermark: what is asked for is put down, and then the whole table is
//! understood anew, so that what it said before still holds.

use super::Environment;
use super::create::{find, mark_event_time, set_primary_key, store_column};
use crate::base::{Error, Result};
use crate::sql::catalog::{ColumnKind, Formula, Table, quote};
use crate::sql::statement::{
    ColumnDef, ColumnPosition, KeyDef, Path, TableElement, WatermarkDef, Word,
};
use crate::sql::unparse_query::Functions;

/// What is done with the elements of a table that a statement names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// They are new.
    Add,
    /// They are there, and become others.
    Modify,
}

impl Environment {
    /// ADD and MODIFY.
    pub(super) fn change(
        &self,
        table: &mut Table,
        change: Change,
        elements: &[TableElement],
    ) -> Result<()> {
        let mut columns: Vec<&ColumnDef> = Vec::new();
        let (mut key, mut watermark) = (None, None);
        for element in elements {
            match element {
                TableElement::Column(column, position) => {
                    if columns.iter().any(|c| c.name.value == column.name.value) {
                        return Err(refused("column-twice", &column.name));
                    }
                    put_column(table, change, column, position.as_ref())?;
                    columns.push(column);
                }
                TableElement::PrimaryKey(new) => key = Some(new),
                TableElement::Watermark(new) => watermark = Some(new),
            }
        }
        if let Some(key) = key {
            make_room_for_key(table, change, key)?;
        }
        if let Some(watermark) = watermark {
            make_room_for_watermark(table, change, watermark)?;
        }
        self.understand(table, &columns, key, watermark)
    }

    /// Types, formulas, key and watermark of a table of which some columns, and perhaps key and watermark,
    /// are new.
    fn understand(
        &self,
        table: &mut Table,
        columns: &[&ColumnDef],
        key: Option<&KeyDef>,
        watermark: Option<&WatermarkDef>,
    ) -> Result<()> {
        let before = table.primary_key.take();
        let before = before.map(|key| KeyDef {
            name: Some(key.name),
            columns: key.columns.into_iter().map(unplaced).collect(),
        });
        if let Some(key) = key.map(named).or(before) {
            set_primary_key(table, &key)?;
        }
        if let Some(partition) = table.partitioned_by.iter().find(|name| !is_physical(table, name))
        {
            let word = columns.iter().map(|c| &c.name).find(|word| word.value == **partition);
            let error = Error::new("partition-not-physical").arg("name", partition);
            return Err(error.at(word.and_then(|word| word.span)));
        }
        self.compute_columns(table, columns, Functions::Written)?;
        self.compute_again(table)?;
        match (watermark, table.watermark.clone()) {
            (Some(watermark), _) => self.set_watermark(table, watermark, Functions::Written)?,
            (None, Some(before)) => {
                let path = Path(vec![unplaced(before.column.clone())]);
                self.check_watermark(table, &path, &before.formula.expr).map_err(|cause| {
                    Error::new("watermark-broken").arg("name", &before.column).caused_by(cause)
                })?;
            }
            (None, None) => {}
        }
        mark_event_time(table);
        Ok(())
    }
}

/// Stores a column, a new one or in place of the old one, and moves it to where it is wanted.
fn put_column(
    table: &mut Table,
    change: Change,
    column: &ColumnDef,
    position: Option<&ColumnPosition>,
) -> Result<()> {
    let mut new = store_column(column);
    let old = table.columns.iter().position(|c| c.name == new.name);
    let mut at = match (change, old) {
        (Change::Add, Some(_)) => return Err(refused("column-exists", &column.name)),
        (Change::Add, None) => table.columns.len(),
        (Change::Modify, None) => return find(table, &column.name).map(|_| ()),
        (Change::Modify, Some(old)) => old,
    };
    if let Some(ColumnPosition::After(other)) = position {
        find(table, other)?;
    }
    if old.is_some() {
        let before = table.columns.remove(at);
        new.comment = new.comment.or(before.comment);
    }
    match position {
        None => {}
        Some(ColumnPosition::First) => at = 0,
        Some(ColumnPosition::After(other)) => {
            let other = table.columns.iter().position(|c| c.name == other.value);
            at = other.map_or(0, |other| other + 1);
        }
    }
    table.columns.insert(at, new);
    Ok(())
}

/// A key with a name: one without is named after its columns here, other than in CREATE.
fn named(key: &KeyDef) -> KeyDef {
    let columns: Vec<&str> = key.columns.iter().map(|word| word.value.as_str()).collect();
    let name = key.name.clone().unwrap_or_else(|| format!("PK_{}", columns.join("_")));
    KeyDef { name: Some(name), columns: key.columns.clone() }
}

fn make_room_for_key(table: &mut Table, change: Change, key: &KeyDef) -> Result<()> {
    let place = key.columns.first().and_then(|word| word.span);
    match (change, table.primary_key.take()) {
        (Change::Add, Some(_)) => Err(Error::new("key-exists").at(place)),
        (Change::Modify, None) => Err(Error::new("key-missing").at(place)),
        _ => Ok(()),
    }
}

fn make_room_for_watermark(
    table: &mut Table,
    change: Change,
    watermark: &WatermarkDef,
) -> Result<()> {
    match (change, table.watermark.take()) {
        (Change::Add, Some(_)) => Err(Error::new("watermark-exists").at(watermark.expr.span)),
        (Change::Modify, None) => Err(Error::new("watermark-missing").at(watermark.expr.span)),
        _ => Ok(()),
    }
}

/// RENAME column TO name.
pub(super) fn rename_column(table: &mut Table, from: &Word, to: &Word) -> Result<()> {
    refuse_used(table, &find(table, from)?.name, from)?;
    if table.column(&to.value).is_some() {
        return Err(refused("column-exists", to));
    }
    let rename = |name: &mut String| {
        if *name == from.value {
            *name = to.value.clone();
        }
    };
    table.columns.iter_mut().for_each(|c| rename(&mut c.name));
    if let Some(key) = &mut table.primary_key {
        key.columns.iter_mut().for_each(rename);
    }
    Ok(())
}

/// DROP columns. Those that are computed go first: what they name may go with them.
pub(super) fn drop_columns(table: &mut Table, words: &[Word]) -> Result<()> {
    for (n, word) in words.iter().enumerate() {
        if words[..n].iter().any(|before| before.value == word.value) {
            return Err(refused("column-twice", word));
        }
    }
    let (computed, others): (Vec<_>, Vec<_>) = words.iter().partition(|word| {
        table.column(&word.value).is_some_and(|c| matches!(c.kind, ColumnKind::Computed(_)))
    });
    for word in computed.into_iter().chain(others) {
        let name = find(table, word)?.name.clone();
        refuse_used(table, &name, word)?;
        if table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&name)) {
            return Err(refused("column-in-use", word));
        }
        table.columns.retain(|c| c.name != name);
    }
    Ok(())
}

/// DROP CONSTRAINT name.
pub(super) fn drop_constraint(table: &mut Table, name: &Word) -> Result<()> {
    match table.primary_key.take() {
        None => Err(Error::new("key-missing").at(name.span)),
        Some(key) if key.name == name.value => Ok(()),
        Some(key) => {
            let error = Error::new("constraint-unknown").arg("name", &name.value);
            Err(error.arg("nearest", &key.name).at(name.span))
        }
    }
}

/// A column that a formula, the watermark or a partition names must stay as it is.
fn refuse_used(table: &Table, name: &str, word: &Word) -> Result<()> {
    let quoted = quote(name);
    let names = |formula: &Formula| formula.text.contains(&quoted);
    let in_formula = table.columns.iter().any(|c| match &c.kind {
        ColumnKind::Computed(formula) => names(formula),
        _ => false,
    });
    let in_watermark = table.watermark.as_ref();
    let in_watermark = in_watermark.is_some_and(|w| w.column == name || names(&w.formula));
    let in_partition = table.partitioned_by.iter().any(|partition| partition == name);
    match in_formula || in_watermark || in_partition {
        true => Err(refused("column-in-use", word)),
        false => Ok(()),
    }
}

fn is_physical(table: &Table, name: &str) -> bool {
    table.column(name).is_some_and(super::create::is_physical)
}

fn refused(code: &'static str, word: &Word) -> Error {
    Error::new(code).arg("name", &word.value).at(word.span)
}

/// A name that this statement does not write.
fn unplaced(value: String) -> Word {
    Word { value, span: None }
}
