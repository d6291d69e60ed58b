//! Expressions as text: for EXPLAIN, goldens and names on screen.

use std::borrow::Cow;
use std::fmt;

use super::tree::{Expr, Node};
use crate::data::print;
use crate::data::zone::Zone;
use crate::data::{LogicalType, Schema, Value};

/// A piece of text still to be written.
enum Piece<'a> {
    Expr(&'a Expr),
    Text(Cow<'static, str>),
}

/// Columns by their position: `$0`.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&|index| format!("${index}")))
    }
}

fn literal(value: &Value, logical: &LogicalType) -> String {
    match value {
        Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        value => print::text(value, logical, &Zone::default()),
    }
}

/// `row.field`.
fn write_field<'a>(row: &'a Expr, field: usize, pending: &mut Vec<Piece<'a>>) {
    if let LogicalType::Row(schema) = &row.data_type.logical
        && let Some(field) = schema.fields().get(field)
    {
        pending.push(Piece::Text(format!(".{}", field.name).into()));
    }
    pending.push(Piece::Expr(row));
}

impl Expr {
    /// The text with columns under their names.
    pub fn display(&self, schema: &Schema) -> String {
        let name = |index: usize| schema.fields().get(index).map(|f| f.name.clone());
        self.text(&|index| name(index).unwrap_or_else(|| format!("${index}")))
    }

    fn text(&self, name: &dyn Fn(usize) -> String) -> String {
        let mut text = String::new();
        let mut pending = vec![Piece::Expr(self)];
        while let Some(piece) = pending.pop() {
            match piece {
                Piece::Text(piece) => text.push_str(&piece),
                Piece::Expr(expr) => expr.write(&mut text, &mut pending, name),
            }
        }
        text
    }

    /// Writes what comes first and leaves the rest on the stack, last piece first.
    fn write<'a>(
        &'a self,
        text: &mut String,
        pending: &mut Vec<Piece<'a>>,
        name: &dyn Fn(usize) -> String,
    ) {
        if let Some((row, field)) = self.as_field() {
            return write_field(row, field, pending);
        }
        match &self.node {
            Node::Column(index) => text.push_str(&name(*index)),
            Node::Literal(value) => text.push_str(&literal(value, &self.data_type.logical)),
            Node::Call(function) if function.is_infix() && self.operands().len() == 2 => {
                text.push('(');
                let [left, right] = self.operands() else { return };
                let pieces = [
                    Piece::Expr(left),
                    Piece::Text(" ".into()),
                    Piece::Text(function.name.into()),
                    Piece::Text(" ".into()),
                    Piece::Expr(right),
                    Piece::Text(")".into()),
                ];
                pending.extend(pieces.into_iter().rev());
            }
            Node::Call(function) => self.write_call(function.name, text, pending),
            Node::Cast { safe, .. } => {
                text.push_str(if *safe { "TRY_CAST(" } else { "CAST(" });
                let target = format!(" AS {})", self.data_type.logical);
                pending.push(Piece::Text(target.into()));
                pending.extend(self.operands().first().map(Piece::Expr));
            }
            Node::Case => self.write_call("CASE", text, pending),
        }
    }

    fn write_call<'a>(
        &'a self,
        name: &'static str,
        text: &mut String,
        pending: &mut Vec<Piece<'a>>,
    ) {
        text.push_str(name);
        text.push('(');
        pending.push(Piece::Text(")".into()));
        for (index, operand) in self.operands().iter().enumerate().rev() {
            pending.push(Piece::Expr(operand));
            if index > 0 {
                pending.push(Piece::Text(", ".into()));
            }
        }
    }
}
