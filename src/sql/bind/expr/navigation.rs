//! What only the expressions of MATCH_RECOGNIZE have: FIRST, LAST, MATCH_ROWTIME.

use super::super::pattern::Navigation;
use super::call::Arguments;
use super::{Cx, Placeholder};
use crate::base::{Error, Result, Span};
use crate::data::{TimeAttribute, Value};
use crate::expr::Expr;

impl Cx<'_> {
    /// The value of a call that only a pattern has; `None` for any other call.
    ///
    /// # Errors
    /// `match-physical-offset`, `match-navigation`.
    pub(super) fn navigation(
        &mut self,
        name: &str,
        arguments: &Arguments<'_>,
        place: Option<Span>,
    ) -> Result<Option<Expr>> {
        let at = |error: Error| error.at(place);
        let first = match name.to_uppercase().as_str() {
            "FIRST" => true,
            "LAST" => false,
            "PREV" | "NEXT" => {
                return Err(at(Error::new("match-physical-offset").arg("name", name)));
            }
            "MATCH_ROWTIME" => return self.match_time(TimeAttribute::Rowtime, place).map(Some),
            "MATCH_PROCTIME" => return self.match_time(TimeAttribute::Proctime, place).map(Some),
            _ => return Ok(None),
        };
        let bound = self.all(&arguments.exprs)?;
        let wrong = || at(Error::new("match-navigation").arg("name", name.to_uppercase()));
        let (value, offset) = match bound.as_slice() {
            [value] => (value, 0),
            [value, offset] => match offset.as_literal() {
                Some(Value::Int(n)) if *n >= 0 => (value, *n as usize),
                _ => return Err(wrong()),
            },
            _ => return Err(wrong()),
        };
        if value.columns().iter().any(|column| *column >= self.scope.len()) {
            return Err(wrong());
        }
        Ok(Some(self.navigated(value, first, offset)))
    }

    /// The expression over the values of another row.
    fn navigated(&mut self, value: &Expr, first: bool, offset: usize) -> Expr {
        let mut places = Vec::new();
        for column in value.columns() {
            let Some(found) = self.scope.column(column) else { continue };
            let mut data_type = found.data_type.clone();
            data_type.nullable = true;
            let navigation = Placeholder::Navigation(Navigation { column, first, offset });
            places.push((column, self.placeholder(navigation, data_type)));
        }
        value.transform(&mut |node| match node.as_column() {
            Some(column) => {
                let place = places.iter().find(|(from, _)| *from == column);
                place.map_or(node, |(_, to)| to.clone())
            }
            None => node,
        })
    }

    /// The time of the last row of the match, as a time attribute.
    fn match_time(&mut self, attribute: TimeAttribute, place: Option<Span>) -> Result<Expr> {
        let time = (0..self.scope.len()).find(|column| {
            let found = self.scope.column(*column);
            found.is_some_and(|c| c.data_type.logical.time_attribute() == attribute)
        });
        let Some(column) = time else {
            return Err(Error::new("match-time").at(place));
        };
        let mut expr = self.input(column, place);
        expr.data_type.nullable = false;
        Ok(expr)
    }
}
