//! How large a query may be, with what it reads of views and WITH.
//!
//! What joins is as deep as it is long, and as wide. A WITH that is read twice doubles what it reads, and the
//! next one that reads that twice doubles it again.

use super::Binder;
use crate::base::{Error, Result, Span};

/// The joins of a query: rows become as wide as there are many.
const MOST_JOINS: usize = 1_000;
/// The SELECTs, VALUES and tables of a query.
const MOST_RELATIONS: usize = 10_000;

/// The size of a query or of a part of one.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    joins: usize,
    relations: usize,
}

/// One more of what joins two relations, be it a subquery in a condition.
pub(super) const JOIN: Size = Size { joins: 1, relations: 0 };
/// One more SELECT, VALUES or table.
pub(super) const RELATION: Size = Size { joins: 0, relations: 1 };

impl Size {
    /// What came since it was `before`.
    pub(super) fn since(self, before: Size) -> Size {
        let (joins, relations) = (self.joins - before.joins, self.relations - before.relations);
        Size { joins, relations }
    }
}

impl Binder<'_> {
    /// More of a query, which is at this place.
    ///
    /// # Errors
    /// `too-many-joins`, `too-many-relations`.
    pub(super) fn grow(&self, more: Size, place: Option<Span>) -> Result<()> {
        let Size { joins, relations } = self.size.get();
        let now = Size { joins: joins + more.joins, relations: relations + more.relations };
        self.size.set(now);
        let refusal = match now {
            Size { joins, .. } if joins > MOST_JOINS => {
                Error::new("too-many-joins").arg("most", MOST_JOINS)
            }
            Size { relations, .. } if relations > MOST_RELATIONS => {
                Error::new("too-many-relations").arg("most", MOST_RELATIONS)
            }
            _ => return Ok(()),
        };
        Err(refusal.at(self.place(place)))
    }
}

/// Whether an error says that a query is too large, which is no fault of the view that it was met in.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error.code(), "too-many-joins" | "too-many-relations")
}
