//! JOIN .. USING and NATURAL JOIN: columns of equal names, which the result has once.

use sqlparser::ast::Ident;

use super::from::Named;
use super::join::joined;
use super::query::{columns, project};
use super::scope::{self, Scope};
use crate::base::{Error, Result};
use crate::expr::{Expr, call};
use crate::sql::bound::JoinKind;

/// The inputs joined where their columns of these names are equal.
///
/// # Errors
/// `using-column`.
pub(super) fn using(left: Named, right: Named, kind: JoinKind, names: &[Ident]) -> Result<Named> {
    let mut pairs = Vec::with_capacity(names.len());
    for name in names {
        let found = left.1.resolve(name).and_then(|l| Ok((l, right.1.resolve(name)?)));
        let refused = |_| scope::at(name, Error::new("using-column").arg("name", &name.value));
        pairs.push(found.map_err(refused)?);
    }
    let (rel, mut scope) = merged(left, right, kind, &pairs)?;
    scope.name_common();
    Ok((rel, scope))
}

/// The inputs joined where all columns of equal names are equal.
pub(super) fn natural(left: Named, right: Named, kind: JoinKind) -> Result<Named> {
    let mut pairs = Vec::new();
    for column in left.1.visible() {
        let Some(name) = left.1.column(column).map(|c| Ident::new(c.name.clone())) else {
            continue;
        };
        if let Ok(other) = right.1.resolve(&name) {
            pairs.push((column, other));
        }
    }
    merged(left, right, kind, &pairs)
}

fn merged(left: Named, right: Named, kind: JoinKind, pairs: &[(usize, usize)]) -> Result<Named> {
    let width = left.0.schema.len();
    let mut condition: Option<Expr> = None;
    let column = |named: &Named, c: usize, place: usize| {
        Expr::column(place, named.0.schema.fields()[c].data_type.clone())
    };
    for (l, r) in pairs {
        let equal = call("=", vec![column(&left, *l, *l), column(&right, *r, r + width)])?;
        condition = Some(match condition {
            None => equal,
            Some(before) => call("AND", vec![before, equal])?,
        });
    }
    let (rel, mut scope) = joined(left, right, kind, condition);
    if kind == JoinKind::Full {
        return coalesced((rel, scope), width, pairs);
    }
    // The one that is there in every row stands for both.
    let (shown, hidden): (Vec<usize>, Vec<usize>) = match kind {
        JoinKind::Right => pairs.iter().map(|(l, r)| (r + width, *l)).unzip(),
        _ => pairs.iter().map(|(l, r)| (*l, r + width)).unzip(),
    };
    scope.merge(shown, &hidden);
    Ok((rel, scope))
}

/// Of a full join either may miss: a column of its own holds the one that is there.
fn coalesced((rel, mut scope): Named, width: usize, pairs: &[(usize, usize)]) -> Result<Named> {
    let mut exprs = columns(&rel.schema);
    let mut names: Vec<String> = rel.schema.fields().iter().map(|f| f.name.clone()).collect();
    let (first, mut hidden) = (exprs.len(), Vec::new());
    for (l, r) in pairs {
        exprs.push(call("COALESCE", vec![exprs[*l].clone(), exprs[r + width].clone()])?);
        names.push(names[*l].clone());
        hidden.extend([*l, r + width]);
    }
    let rel = project(rel, exprs, names);
    let added = crate::data::Schema::new(rel.schema.fields()[first..].to_vec());
    scope = scope.beside(Scope::of(&added, None, None));
    scope.merge((first..rel.schema.len()).collect(), &hidden);
    Ok((rel, scope))
}
