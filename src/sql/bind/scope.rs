//! What names mean inside a SELECT: the columns of its FROM, each under the name of its table.

use crate::base::{Error, Result, Span};
use crate::data::{DataType, Schema};
use crate::sql::catalog::ObjectPath;
use crate::sql::names::nearest;
use sqlparser::ast::Ident;

use crate::sql::place;

/// The columns that a SELECT can name. The position of a column is that in the input relation.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    columns: Vec<ScopeColumn>,
    /// Columns of USING, which `*` gives first.
    first: Vec<usize>,
    /// Whether bare names are those of columns without a table: in a pattern.
    bare_alone: bool,
    /// Whether a bare name of USING is the one column that stands for both: in the SELECT list and in
    /// GROUP BY, and only if USING belongs to the last join. Elsewhere Flink calls it ambiguous, and
    /// after NATURAL everywhere.
    common: bool,
}

/// One column.
#[derive(Clone, Debug)]
pub struct ScopeColumn {
    /// The alias or name of its table.
    pub table: Option<String>,
    /// The full name of its table, if it has no alias.
    pub path: Option<ObjectPath>,
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// Whether another column stands for it where no table is named.
    pub merged: bool,
}

impl Scope {
    /// The columns of one relation, under the name of a table.
    pub fn of(schema: &Schema, table: Option<&str>, path: Option<&ObjectPath>) -> Self {
        let columns = schema.fields().iter().map(|field| ScopeColumn {
            table: table.map(str::to_owned),
            path: path.cloned(),
            name: field.name.clone(),
            data_type: field.data_type.clone(),
            merged: false,
        });
        Self { columns: columns.collect(), ..Self::default() }
    }

    /// The columns of a relation once for all rows of a match, and once for each variable.
    pub fn of_pattern(schema: &Schema, variables: &[String]) -> Self {
        let all = Self { bare_alone: true, ..Self::of(schema, None, None) };
        let of = |name: &String| Self::of(schema, Some(name), None);
        let mut pattern = variables.iter().map(of).fold(all, Self::beside);
        // A variable may have no row.
        pattern.columns_mut().for_each(|column| column.data_type.nullable = true);
        pattern
    }

    /// The columns of two relations side by side.
    #[must_use]
    pub fn beside(mut self, other: Scope) -> Self {
        let width = self.columns.len();
        self.first.extend(other.first.iter().map(|c| c + width));
        self.columns.extend(other.columns);
        self.common = false;
        self
    }

    /// The names of the tables, in their order.
    pub fn tables(&self) -> Vec<&str> {
        let mut tables: Vec<&str> =
            self.columns.iter().filter_map(|c| c.table.as_deref()).collect();
        tables.dedup();
        tables
    }

    /// # Errors
    /// `duplicate-table` if another scope has a table of the same name.
    pub fn refuse_same_table(&self, other: &Scope) -> Result<()> {
        let tables = |scope: &Scope| {
            let tables =
                scope.columns.iter().filter_map(|c| c.table.clone().map(|t| (t, c.path.clone())));
            tables.collect::<std::collections::BTreeSet<_>>()
        };
        match tables(self).intersection(&tables(other)).next() {
            Some((table, _)) => Err(Error::new("duplicate-table").arg("name", table)),
            None => Ok(()),
        }
    }

    /// Lets columns stand for others.
    pub fn merge(&mut self, shown: Vec<usize>, hidden: &[usize]) {
        hidden.iter().for_each(|c| self.columns[*c].merged = true);
        self.first.retain(|c| !hidden.contains(c) && !shown.contains(c));
        self.first.splice(0..0, shown);
    }

    /// Lets bare names of USING be those of the columns that stand for both.
    pub fn name_common(&mut self) {
        self.common = true;
    }

    /// The same where the names of USING are ambiguous.
    #[must_use]
    pub fn without_common(&self) -> Self {
        Self { common: false, ..self.clone() }
    }

    /// The columns that `*` gives, in its order.
    pub fn visible(&self) -> Vec<usize> {
        let others = self.positions(|c| !c.merged).into_iter();
        let first = self.first.iter().copied();
        first.chain(others.filter(|c| !self.first.contains(c))).collect()
    }

    /// Only the first so many.
    #[must_use]
    pub fn first(mut self, width: usize) -> Self {
        self.columns.truncate(width);
        self
    }

    /// All of them, to be changed.
    pub fn columns_mut(&mut self) -> impl Iterator<Item = &mut ScopeColumn> {
        self.columns.iter_mut()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// One of them.
    pub fn column(&self, index: usize) -> Option<&ScopeColumn> {
        self.columns.get(index)
    }

    /// The column of that name.
    ///
    /// # Errors
    /// `unknown-column` with the nearest name, `ambiguous-column`.
    pub fn resolve(&self, name: &Ident) -> Result<usize> {
        let bare = |c: &ScopeColumn| !self.bare_alone || c.table.is_none();
        let found =
            self.positions(|c| c.name == name.value && !(c.merged && self.common) && bare(c));
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(unknown(name, self.columns.iter(), "")),
            _ => Err(at(name, Error::new("ambiguous-column").arg("name", &name.value))),
        }
    }

    /// The column of that name in that table; the table may have up to three parts.
    ///
    /// # Errors
    /// `unknown-column`, `ambiguous-column`, `unknown-qualifier`.
    pub fn resolve_in(&self, table: &[Ident], name: &Ident) -> Result<usize> {
        let of_table = self.of_table(table)?;
        let named = of_table.iter().copied().filter(|c| self.columns[*c].name == name.value);
        let found: Vec<usize> = named.collect();
        match found.as_slice() {
            [one] => Ok(*one),
            [] => {
                let columns = of_table.iter().map(|c| &self.columns[*c]);
                Err(unknown(name, columns, &text(table)))
            }
            _ => Err(at(name, Error::new("ambiguous-column").arg("name", &name.value))),
        }
    }

    /// The columns of a table.
    ///
    /// # Errors
    /// `unknown-qualifier` with the nearest table.
    pub fn of_table(&self, table: &[Ident]) -> Result<Vec<usize>> {
        let found = self.positions(|column| is_of(column, table));
        if !found.is_empty() {
            return Ok(found);
        }
        let Some(last) = table.last() else { return Ok(found) };
        let tables = self.columns.iter().filter_map(|c| c.table.as_deref());
        let error = Error::new("unknown-qualifier")
            .arg("name", text(table))
            .arg("nearest", nearest(&last.value, tables));
        Err(at(last, error))
    }

    fn positions(&self, wanted: impl Fn(&ScopeColumn) -> bool) -> Vec<usize> {
        let columns = self.columns.iter().enumerate();
        columns.filter(|(_, c)| wanted(c)).map(|(n, _)| n).collect()
    }
}

fn is_of(column: &ScopeColumn, table: &[Ident]) -> bool {
    let part = |n: usize| table[n].value.as_str();
    match (table.len(), &column.path) {
        (1, _) => column.table.as_deref() == Some(part(0)),
        (2, Some(path)) => path.database == part(0) && path.name == part(1),
        (3, Some(path)) => {
            path.catalog == part(0) && path.database == part(1) && path.name == part(2)
        }
        _ => false,
    }
}

fn text(table: &[Ident]) -> String {
    table.iter().map(|i| i.value.as_str()).collect::<Vec<_>>().join(".")
}

fn unknown<'a>(name: &Ident, columns: impl Iterator<Item = &'a ScopeColumn>, table: &str) -> Error {
    let nearest = nearest(&name.value, columns.map(|c| c.name.as_str()));
    let error = Error::new("unknown-column").arg("name", &name.value).arg("nearest", nearest);
    at(name, if table.is_empty() { error } else { error.arg("table", table) })
}

/// An error about a name, at its place.
pub fn at(name: &Ident, error: Error) -> Error {
    error.at(span(name))
}

/// The place of a name.
pub fn span(name: &Ident) -> Option<Span> {
    place::span(name.span)
}
