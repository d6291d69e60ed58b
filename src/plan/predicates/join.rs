//! Conditions over a join, and those of the join itself.

use super::strong::rejects_null;
use super::{below as pushed, is_movable};
use crate::base::Result;
use crate::expr::{Expr, all_of, chained};
use crate::sql::bound::{AsOf, JoinKind, Node, Rel};

pub(super) struct Join {
    pub left: Rel,
    pub right: Rel,
    pub kind: JoinKind,
    pub condition: Option<Expr>,
    pub as_of: Option<AsOf>,
}

/// The join of what is asked of each side alone, and what has to be asked of its rows.
pub(super) fn below(join: Join, asked: Vec<Expr>) -> Result<(Node, Vec<Expr>)> {
    let Join { left, right, kind, condition, as_of } = join;
    let width = left.schema.len();
    let kind = simplified(kind, &asked, width);
    let on = condition.iter().flat_map(|c| c.conjuncts()).cloned();
    let (over, stays) = match kind {
        // A filter over an inner join is a part of its condition: there it gives keys.
        JoinKind::Inner => (asked, Vec::new()),
        _ => (Vec::new(), asked),
    };
    let mut parts = Parts::default();
    let stays = stays.into_iter().filter_map(|part| parts.ask_above(kind, part, width)).collect();
    for part in on.chain(over) {
        factored(part)?.into_iter().for_each(|part| parts.ask(kind, part, width));
    }
    if as_of.is_none() {
        parts.transfer(kind, width);
    }
    let Parts { left: of_left, right: of_right, both } = parts;
    let node = Node::Join {
        left: Box::new(pushed(left, of_left)?),
        right: Box::new(pushed(right, of_right)?),
        kind,
        condition: all_of(both)?,
        as_of,
    };
    Ok((node, stays))
}

/// What is asked of each side, and of both.
#[derive(Default)]
struct Parts {
    left: Vec<Expr>,
    right: Vec<Expr>,
    both: Vec<Expr>,
}

impl Parts {
    /// Takes a condition over an outer join if it speaks of the side whose rows all stay; gives others
    /// back.
    fn ask_above(&mut self, kind: JoinKind, part: Expr, width: usize) -> Option<Expr> {
        match kind {
            JoinKind::Left | JoinKind::Semi | JoinKind::Anti
                if is_movable(&part, |c| c < width) =>
            {
                self.left.push(part);
                None
            }
            JoinKind::Right if is_movable(&part, |c| c >= width) => {
                self.right.push(part.map_columns(&|c| c - width));
                None
            }
            _ => Some(part),
        }
    }

    /// Takes a part of the join's own condition. Without a partner a row of an outer side goes out, so what
    /// is asked of that side stays in the join.
    fn ask(&mut self, kind: JoinKind, part: Expr, width: usize) {
        use JoinKind::{Anti, Inner, Left, Right, Semi};
        if matches!(kind, Inner | Semi | Right) && is_movable(&part, |c| c < width) {
            self.left.push(part);
        } else if matches!(kind, Inner | Semi | Left | Anti) && is_movable(&part, |c| c >= width) {
            self.right.push(part.map_columns(&|c| c - width));
        } else {
            self.both.push(part);
        }
    }

    /// What is asked of a column of one side is asked of its equal on the other.
    fn transfer(&mut self, kind: JoinKind, width: usize) {
        let equal = |part: &Expr| match (part.is_call("="), part.operands()) {
            (true, [a, b]) => side(a, width).zip(side(b, width)).and_then(|sides| match sides {
                (0, 1) => Some((a.clone(), b.map_columns(&|c| c - width))),
                (1, 0) => Some((b.clone(), a.map_columns(&|c| c - width))),
                _ => None,
            }),
            _ => None,
        };
        let pairs: Vec<(Expr, Expr)> = self.both.iter().filter_map(equal).collect();
        let turned: Vec<(Expr, Expr)> = pairs.iter().map(|(l, r)| (r.clone(), l.clone())).collect();
        let to_right = || self.left.iter().filter_map(|part| transferred(part, &pairs));
        let to_left = || self.right.iter().filter_map(|part| transferred(part, &turned));
        let (to_left, to_right): (Vec<Expr>, Vec<Expr>) = match kind {
            JoinKind::Inner => (to_left().collect(), to_right().collect()),
            JoinKind::Left => (Vec::new(), to_right().collect()),
            JoinKind::Right => (to_left().collect(), Vec::new()),
            JoinKind::Full | JoinKind::Semi | JoinKind::Anti => return,
        };
        for (side, parts) in [(&mut self.left, to_left), (&mut self.right, to_right)] {
            for part in parts {
                if !side.contains(&part) {
                    side.push(part);
                }
            }
        }
    }
}

/// The side that an expression speaks of, if it speaks of one.
fn side(expr: &Expr, width: usize) -> Option<usize> {
    let columns = expr.columns();
    let first = columns.first().map(|c| usize::from(*c >= width))?;
    columns.iter().all(|c| usize::from(*c >= width) == first).then_some(first)
}

/// The same condition of the other side, if all its columns have an equal there.
fn transferred(part: &Expr, pairs: &[(Expr, Expr)]) -> Option<Expr> {
    let equal = |column: usize| {
        pairs.iter().find(|(from, _)| from.as_column() == Some(column)).map(|(_, to)| to.clone())
    };
    let columns = part.columns();
    let mut there: Vec<Option<Expr>> = vec![None; columns.last()? + 1];
    for column in columns {
        there[column] = Some(equal(column)?);
    }
    // Columns that it does not read stand for themselves.
    let own = |(column, expr): (usize, Option<Expr>)| {
        expr.unwrap_or_else(|| Expr::column(column, part.data_type.clone()))
    };
    let there: Vec<Expr> = there.into_iter().enumerate().map(own).collect();
    Some(part.substitute(&there))
}

/// An outer join whose rows without a partner a condition above leaves out is none on that side.
fn simplified(kind: JoinKind, asked: &[Expr], width: usize) -> JoinKind {
    let rejects = |of_left: bool| rejects_null(asked, &|column| (column < width) == of_left);
    match (kind, rejects(true), rejects(false)) {
        (JoinKind::Left, _, true) | (JoinKind::Right, true, _) => JoinKind::Inner,
        (JoinKind::Full, true, true) => JoinKind::Inner,
        (JoinKind::Full, true, false) => JoinKind::Left,
        (JoinKind::Full, false, true) => JoinKind::Right,
        _ => kind,
    }
}

/// A condition, with what all branches of an OR have in common in front of it: `(p AND a) OR (p AND b)`
/// as `p` and `a OR b`.
fn factored(part: Expr) -> Result<Vec<Expr>> {
    let branches: Vec<Vec<&Expr>> = part.chain("OR").iter().map(|b| b.conjuncts()).collect();
    let Some((first, others)) = branches.split_first() else { return Ok(vec![part]) };
    let in_all = |p: &&&Expr| others.iter().all(|branch| branch.contains(*p));
    let common: Vec<Expr> = first.iter().filter(in_all).map(|p| (*p).clone()).collect();
    if others.is_empty() || common.is_empty() {
        return Ok(vec![part]);
    }
    let own = |branch: &Vec<&Expr>| {
        all_of(branch.iter().filter(|p| !common.contains(p)).map(|p| (*p).clone()))
    };
    let own = branches.iter().map(own).collect::<Result<Vec<_>>>()?;
    // A branch that says no more than what is common makes the others void.
    let own: Vec<Expr> = own.into_iter().collect::<Option<_>>().unwrap_or_default();
    let either = chained("OR", own.into_iter().map(Ok))?;
    Ok(common.into_iter().chain(either).collect())
}
