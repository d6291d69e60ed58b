//! Where an expression stands, and what was met in it so far.

use sqlparser::ast::NamedWindowDefinition;

use super::OverPlaceholder;
use crate::base::Span;
use crate::expr::Expr;
use crate::expr::aggregate::AggregateCall;
use crate::sql::bind::Binder;
use crate::sql::bind::aggregate::GroupingCall;
use crate::sql::bind::pattern::Navigation;
use crate::sql::bind::scope::Scope;
use crate::sql::bind::subquery::Joined;
use crate::sql::bind::window::Asked;

/// Something that only the aggregate of a SELECT knows; it stands behind the input's columns.
#[derive(Clone, Debug)]
pub(in crate::sql::bind) enum Placeholder {
    /// An aggregate call.
    Call(AggregateCall),
    /// A property of the window.
    Property(Asked),
    /// Which of the grouping sets a row is of.
    Grouping(GroupingCall),
    /// A call with OVER.
    Over(Box<OverPlaceholder>),
    /// The value of an earlier row of a match.
    Navigation(Navigation),
}

/// Where an expression stands: what names mean there, and whether it may aggregate.
pub(in crate::sql::bind) struct Cx<'a> {
    pub(in crate::sql::bind) binder: &'a Binder<'a>,
    pub(in crate::sql::bind) scope: &'a Scope,
    pub(super) clause: &'static str,
    pub(super) aggregates: Aggregates,
    pub(super) placeholders: Vec<Placeholder>,
    /// Subqueries to be joined.
    pub(in crate::sql::bind) subqueries: Vec<Joined>,
    /// Windows with names.
    pub(super) windows: &'a [NamedWindowDefinition],
    /// Whether what is bound stands inside a call with OVER.
    pub(super) inside_over: bool,
    /// Whether what is bound stands in a pattern.
    pub(super) in_pattern: bool,
    /// Names that stand for expressions before they are columns: those of the SELECT list in ORDER BY.
    pub(super) aliases: Vec<(String, Expr)>,
    /// Where columns were named.
    seen: Vec<(usize, Option<Span>)>,
}

/// Whether an expression may aggregate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregates {
    Never,
    Inside,
    Allowed { global: bool },
}

impl<'a> Cx<'a> {
    /// For an expression of a clause.
    pub(super) fn new(
        binder: &'a Binder<'_>,
        scope: &'a Scope,
        clause: &'static str,
        aggregates: Aggregates,
    ) -> Self {
        Self {
            binder,
            scope,
            clause,
            aggregates,
            placeholders: Vec::new(),
            subqueries: Vec::new(),
            windows: &[],
            inside_over: false,
            in_pattern: false,
            aliases: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// For the SELECT list, HAVING and ORDER BY. `global`: without GROUP BY; `windows` have names.
    pub(in crate::sql::bind) fn aggregating(
        binder: &'a Binder<'_>,
        scope: &'a Scope,
        global: bool,
        windows: &'a [NamedWindowDefinition],
    ) -> Self {
        let aggregates = Aggregates::Allowed { global };
        Self { windows, ..Self::new(binder, scope, "SELECT", aggregates) }
    }

    /// For the definitions and measures of a pattern.
    pub(in crate::sql::bind) fn matching(binder: &'a Binder<'_>, scope: &'a Scope) -> Self {
        let aggregates = Aggregates::Allowed { global: true };
        Self { in_pattern: true, ..Self::new(binder, scope, "MATCH_RECOGNIZE", aggregates) }
    }

    /// From here on names are those of this scope, of the same columns.
    pub(in crate::sql::bind) fn name_in(&mut self, scope: &'a Scope) {
        self.scope = scope;
    }

    /// From here on these names stand for these expressions.
    pub(in crate::sql::bind) fn name_aliases(&mut self, names: &[String], exprs: &[Expr]) {
        self.aliases = names.iter().cloned().zip(exprs.iter().cloned()).collect();
    }

    /// The calls with OVER, in order.
    pub(in crate::sql::bind) fn overs(&self) -> Vec<OverPlaceholder> {
        let over = |p: &Placeholder| match p {
            Placeholder::Over(over) => Some((**over).clone()),
            _ => None,
        };
        self.placeholders.iter().filter_map(over).collect()
    }

    /// What only the aggregate knows; the n-th is column `scope.len() + n`.
    pub(in crate::sql::bind) fn placeholders(&self) -> &[Placeholder] {
        &self.placeholders
    }

    /// The subqueries that were read; they are to be joined.
    pub(in crate::sql::bind) fn take_subqueries(&mut self) -> Vec<Joined> {
        std::mem::take(&mut self.subqueries)
    }

    /// Remembers where a column was named.
    pub(in crate::sql::bind) fn saw(&mut self, column: usize, place: Option<Span>) {
        self.seen.push((column, place));
    }

    /// Where a column was named first.
    pub(in crate::sql::bind) fn place_seen(&self, column: usize) -> Option<Span> {
        self.seen.iter().find(|(c, _)| *c == column).and_then(|(_, place)| *place)
    }
}
