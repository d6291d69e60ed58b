//! Resolves names and types: from a statement to a [`bound`] query.
//!
//! One file a part of the language. sqlparser's structs are taken apart field by field, so that what
//! Flink lacks is refused by its name instead of being passed over.

mod aggregate;
mod correlate;
mod domain;
mod expr;
mod foreign;
mod from;
mod group;
mod insert;
mod join;
mod keyed_aggregate;
mod lateral;
mod order;
mod over;
mod pattern;
mod quantified;
mod query;
mod scope;
mod select;
mod semi_join;
mod set_op;
mod size;
mod subquery;
mod table;
mod temporal;
mod time;
mod using;
mod values;
mod window;
mod window_table;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use self::size::Size;
use crate::base::{Result, RuntimeMode, Span};
use crate::data::Schema;
use crate::expr::Expr;
use crate::sql::bound::{self, Rel};
use crate::sql::catalog::ObjectPath;
use crate::sql::environment::Environment;
use crate::sql::statement::{ExprText, QueryStmt, Source};

pub(in crate::sql) use insert::insert;
pub(in crate::sql) use table::table;

/// What a query is bound for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To be run.
    Run,
    /// To be kept as a view: its tables have to be readable, and nothing is planned yet.
    View,
    /// To be looked at: only names and types count.
    Look,
}

/// What the binder knows on its way through one query.
pub(super) struct Binder<'a> {
    environment: &'a Environment,
    source: &'a Source,
    mode: RuntimeMode,
    purpose: Purpose,
    /// Queries of WITH, the innermost last.
    ctes: Vec<Rc<Cte>>,
    /// The tables that were named, and where.
    tables: Vec<(Span, ObjectPath)>,
    /// Event time columns whose table was created in the other mode.
    stale: Vec<(ObjectPath, String)>,
    /// The columns of the queries around this one, the nearest first.
    outer: Vec<scope::Scope>,
    /// The tables that subqueries in expressions named, and where.
    tables_inside: RefCell<Vec<(Span, ObjectPath)>>,
    /// Where columns were named without their table, and the name of that.
    qualifiers: RefCell<Vec<(Span, String)>>,
    /// The LOOKUP hints of the SELECT whose FROM is bound.
    lookup_hints: Vec<bound::LookupHint>,
    views: Views,
    /// What was bound so far: one count for all the binders of a statement.
    size: Rc<Cell<Size>>,
}

/// A query of WITH.
struct Cte {
    name: String,
    rel: Rel,
    size: Size,
}

/// The views that a query stands in.
#[derive(Clone, Copy, Default)]
struct Views {
    /// How many they are.
    depth: usize,
    /// Where the outermost is named.
    named: Option<Span>,
}

impl<'a> Binder<'a> {
    /// What the session wants of plans.
    ///
    /// # Errors
    /// `option-value` for a setting that no job can run with, `mini-batch-latency`, `mini-batch-size`.
    fn settings(&self) -> Result<bound::Settings> {
        let config = &self.environment.config;
        config.check_job()?;
        let mini_batch = match self.mode {
            RuntimeMode::Batch => None,
            RuntimeMode::Streaming => config.mini_batch()?,
        };
        Ok(bound::Settings {
            mini_batch,
            phases: config.phases(),
            split_distinct: config.split_distinct(),
            incremental: config.incremental(),
            reuse: config.reuse(),
            multiple_input: config.multiple_input(),
            materialize: config.materialize(),
        })
    }

    /// A place of this query for those who read its plan: of a query in a view, where that is named, for
    /// the view's own text is not the script's.
    fn place(&self, written: Option<Span>) -> Option<Span> {
        match self.views.depth {
            0 => written,
            _ => self.views.named,
        }
    }

    fn new(environment: &'a Environment, source: &'a Source, purpose: Purpose) -> Self {
        Self {
            environment,
            source,
            mode: environment.config.mode(),
            purpose,
            ctes: Vec::new(),
            tables: Vec::new(),
            stale: Vec::new(),
            outer: Vec::new(),
            tables_inside: RefCell::default(),
            qualifiers: RefCell::default(),
            lookup_hints: Vec::new(),
            views: Views::default(),
            size: Rc::default(),
        }
    }

    /// A binder for a query inside this one, which sees these columns around it.
    fn inside(&self, around: scope::Scope) -> Binder<'a> {
        let mut inner = Binder::new(self.environment, self.source, self.purpose);
        inner.ctes.clone_from(&self.ctes);
        inner.views = self.views;
        inner.size = self.size.clone();
        inner.outer = std::iter::once(around).chain(self.outer.iter().cloned()).collect();
        inner
    }
}

/// Binds a query to be run.
pub(in crate::sql) fn query(environment: &Environment, query: &QueryStmt) -> Result<bound::Query> {
    let mut binder = Binder::new(environment, &query.source, Purpose::Run);
    let root = binder.root(query)?;
    Ok(bound::Query { root, mode: binder.mode, settings: binder.settings()? })
}

/// What a query is, without running it.
pub(in crate::sql) struct Described {
    /// Its columns.
    pub schema: Schema,
    /// The tables that it names, and where.
    pub tables: Vec<(Span, ObjectPath)>,
    /// Where it names columns without their table, and the name of that.
    pub qualifiers: Vec<(Span, String)>,
}

/// Binds a query whose tables need not be usable yet.
pub(in crate::sql) fn describe(environment: &Environment, query: &QueryStmt) -> Result<Described> {
    described(Binder::new(environment, &query.source, Purpose::Look), query)
}

/// Binds the query of a view.
pub(in crate::sql) fn view(environment: &Environment, query: &QueryStmt) -> Result<Described> {
    described(Binder::new(environment, &query.source, Purpose::View), query)
}

fn described(mut binder: Binder<'_>, query: &QueryStmt) -> Result<Described> {
    let root = binder.root(query)?;
    let mut tables = binder.tables;
    tables.extend(binder.tables_inside.into_inner());
    let qualifiers = binder.qualifiers.into_inner();
    Ok(Described { schema: root.schema, tables, qualifiers })
}

/// Binds an expression over the columns of a table.
pub(in crate::sql) fn formula(
    environment: &Environment,
    columns: &Schema,
    formula: &ExprText,
) -> Result<Expr> {
    let binder = Binder::new(environment, &formula.source, Purpose::Look);
    let scope = scope::Scope::of(columns, None, None);
    binder.scalar(&formula.ast, &scope, "AS")
}
