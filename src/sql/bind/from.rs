//! FROM: tables, subqueries and what stands beside them.

use sqlparser::ast::{JoinConstraint, TableAlias, TableFactor, TableWithJoins};

use super::Binder;
use super::foreign::{not_yet, refuse, refuse_yet, unsupported};
use super::query::{renamed, span_of};
use super::scope::{self, Scope};
use super::size::JOIN;
use crate::base::{Error, Result, Span};
use crate::sql::bound::{JoinKind, Rel};
use crate::sql::names::NONE;

/// A relation and the names of its columns.
pub(super) type Named = (Rel, Scope);

impl Binder<'_> {
    /// The relations of a FROM, side by side; one row without columns if there is none.
    pub(super) fn from(&mut self, from: &[TableWithJoins]) -> Result<Named> {
        let mut all: Option<Named> = None;
        for item in from {
            all = Some(match all {
                None => self.table_with_joins(item)?,
                Some(before) => self.and_then(before, item)?,
            });
        }
        Ok(all.unwrap_or_else(|| (Self::one_row(), Scope::default())))
    }

    /// An item behind a comma; it may read what stands before it.
    fn and_then(&mut self, before: Named, item: &TableWithJoins) -> Result<Named> {
        let TableWithJoins { relation, joins } = item;
        self.grow(JOIN, place_of(relation))?;
        if let TableFactor::Table { version: Some(version), .. } = relation {
            let both = self.temporal(before, relation, version, None, &JoinConstraint::None)?;
            return joins.iter().try_fold(both, |left, join| self.join(left, join));
        }
        match self.lateral(&before, relation, JoinKind::Inner)? {
            Some(both) => joins.iter().try_fold(both, |left, join| self.join(left, join)),
            None => {
                let next = self.table_with_joins(item)?;
                before.1.refuse_same_table(&next.1)?;
                Ok(super::join::cross(before, next))
            }
        }
    }

    fn table_with_joins(&mut self, item: &TableWithJoins) -> Result<Named> {
        let TableWithJoins { relation, joins } = item;
        let first = self.table_factor(relation)?;
        joins.iter().try_fold(first, |left, join| self.join(left, join))
    }

    pub(super) fn table_factor(&mut self, factor: &TableFactor) -> Result<Named> {
        match factor {
            TableFactor::Table { .. } => self.table_name(factor),
            TableFactor::Derived { lateral, subquery, alias, sample } => {
                let span = span_of(subquery);
                refuse(*lateral, "LATERAL", span)?;
                refuse_yet(sample.is_some(), "TABLESAMPLE", span)?;
                let rel = self.query(subquery, false)?;
                self.refuse_hint_behind(alias.as_ref())?;
                aliased(rel, alias.as_ref())
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                let named = alias.as_ref().and_then(|a| scope::span(&a.name));
                refuse(alias.is_some(), "(..) AS", named)?;
                self.table_with_joins(table_with_joins)
            }
            TableFactor::TableFunction { expr, alias } => self.table_function(expr, alias.as_ref()),
            TableFactor::Function { name, .. } => {
                Err(not_yet(&name.to_string(), super::table::place_of(name)))
            }
            TableFactor::UNNEST { array_exprs, .. } => {
                let place = array_exprs.first().and_then(super::expr::place_of);
                Err(Error::new("unnest-alone").at(place))
            }
            TableFactor::MatchRecognize { .. } => self.match_recognize(factor),
            _ => Err(unsupported(&factor.to_string(), None)),
        }
    }

    /// Hints stand behind the name of a table, not behind its alias.
    fn refuse_hint_behind(&self, alias: Option<&TableAlias>) -> Result<()> {
        let Some(TableAlias { name, columns, .. }) = alias else { return Ok(()) };
        let hint = self.source.hints.iter().find(|hint| hint.after == name.span.end);
        if hint.is_none() || !columns.is_empty() {
            return Ok(());
        }
        let error = Error::new("syntax-unexpected").arg("found", "/*+").arg("nearest", NONE);
        Err(scope::at(name, error))
    }

    fn table_name(&mut self, factor: &TableFactor) -> Result<Named> {
        if let TableFactor::Table { name, version: Some(_), .. } = factor {
            let place = super::table::place_of(name);
            return Err(Error::new("temporal-alone").at(place));
        }
        self.any_version(factor)
    }

    /// A table by its name, whichever version of it is meant.
    pub(super) fn any_version(&mut self, factor: &TableFactor) -> Result<Named> {
        let TableFactor::Table {
            name,
            alias,
            args,
            with_hints,
            version: _,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_directives,
            inheritance,
        } = factor
        else {
            return Err(unsupported(&factor.to_string(), None));
        };
        let span = super::table::place_of(name);
        refuse(args.is_some(), "(..)", span)?;
        refuse(!with_hints.is_empty(), "WITH (..)", span)?;
        refuse_yet(*with_ordinality, "WITH ORDINALITY", span)?;
        refuse(!partitions.is_empty(), "PARTITION", span)?;
        refuse(json_path.is_some(), "[..]", span)?;
        refuse_yet(sample.is_some(), "TABLESAMPLE", span)?;
        refuse(!index_directives.is_empty(), "INDEX", span)?;
        refuse(inheritance.is_some(), "ONLY", span)?;
        let (rel, path) = self.named_table(name)?;
        match alias {
            Some(_) => {
                self.refuse_hint_behind(alias.as_ref())?;
                aliased(rel, alias.as_ref())
            }
            None => {
                let table = super::table::last(name);
                let scope = Scope::of(&rel.schema, Some(&table), path.as_ref());
                Ok((rel, scope))
            }
        }
    }
}

/// The place of something in a FROM, if it has one.
pub(super) fn place_of(factor: &TableFactor) -> Option<Span> {
    match factor {
        TableFactor::Table { name, .. } => super::table::place_of(name),
        TableFactor::Derived { subquery, .. } => span_of(subquery),
        TableFactor::NestedJoin { table_with_joins, .. } => place_of(&table_with_joins.relation),
        _ => None,
    }
}

pub(super) fn aliased(rel: Rel, alias: Option<&TableAlias>) -> Result<Named> {
    let Some(alias) = alias else {
        let scope = Scope::of(&rel.schema, None, None);
        return Ok((rel, scope));
    };
    let rel = renamed(rel, alias)?;
    let scope = Scope::of(&rel.schema, Some(&alias.name.value), None);
    Ok((rel, scope))
}
