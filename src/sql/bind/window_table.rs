//! Windows as a table function: `TABLE(TUMBLE(TABLE t, DESCRIPTOR(time), INTERVAL ..))`.
//!
//! As in Flink 1.18: TUMBLE, HOP and CUMULATE, with positional or named arguments and an optional
//! offset. SESSION is a window of GROUP BY alone.

use sqlparser::ast::{
    Expr as Ast, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName,
    ObjectNamePart, TableAlias,
};

use super::Binder;
use super::expr::place_of;
use super::foreign::{not_yet, unsupported};
use super::from::{Named, aliased};
use super::group::is_time;
use super::scope::Scope;
use super::table::with_attribute;
use crate::base::{Error, LabDuration, Result, RuntimeMode, Span};
use crate::data::{DataType, Field, LogicalType, Schema, TimeAttribute, Value};
use crate::sql::bound::{Node, Rel, WindowKind, WindowTable};

/// A function and the names of its arguments; the last one may be left out.
struct Signature {
    name: &'static str,
    usage: &'static str,
    parameters: &'static [&'static str],
}

const SIGNATURES: [Signature; 3] = [
    Signature {
        name: "TUMBLE",
        usage: "TUMBLE(TABLE t, DESCRIPTOR(time), size [, offset])",
        parameters: &["DATA", "TIMECOL", "SIZE", "OFFSET"],
    },
    Signature {
        name: "HOP",
        usage: "HOP(TABLE t, DESCRIPTOR(time), slide, size [, offset])",
        parameters: &["DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET"],
    },
    Signature {
        name: "CUMULATE",
        usage: "CUMULATE(TABLE t, DESCRIPTOR(time), step, size [, offset])",
        parameters: &["DATA", "TIMECOL", "STEP", "SIZE", "OFFSET"],
    },
];

impl Binder<'_> {
    /// `TABLE(f(..))`.
    ///
    /// # Errors
    /// `window-table-session`, `window-table-arguments`, `window-table-time`, `window-time`,
    /// `window-lengths`; `not-supported-yet` for another function.
    pub(super) fn table_function(
        &mut self,
        call: &Ast,
        alias: Option<&TableAlias>,
    ) -> Result<Named> {
        let Ast::Function(function) = call else {
            return Err(unsupported("TABLE(..)", place_of(call)));
        };
        let name = function.name.to_string().to_uppercase();
        let place = place_of(call);
        if name == "SESSION" {
            return Err(Error::new("window-table-session").at(place));
        }
        let Some(signature) = SIGNATURES.iter().find(|s| s.name == name) else {
            return Err(not_yet(&name, place));
        };
        let rel = self.window_table(signature, function, place)?;
        aliased(rel, alias)
    }

    fn window_table(
        &mut self,
        signature: &Signature,
        function: &Function,
        place: Option<Span>,
    ) -> Result<Rel> {
        let refuse = || {
            let error = Error::new("window-table-arguments").arg("name", signature.name);
            error.arg("usage", signature.usage).at(place)
        };
        let arguments = arguments(signature, function).ok_or_else(refuse)?;
        let (Some(data), Some(column)) = (arguments.first(), arguments.get(1)) else {
            return Err(refuse());
        };
        let input = match data {
            Ast::Subquery(query) => self.query(query, false)?,
            table => self.named_table(&table_name(table).ok_or_else(refuse)?)?.0,
        };
        let time = self.descriptor(signature, column, &input)?.ok_or_else(refuse)?;
        let empty = Scope::default();
        let mut lengths = Vec::new();
        for argument in &arguments[2..] {
            let bound = self.scalar(argument, &empty, "TABLE")?;
            match bound.as_literal() {
                Some(Value::IntervalDayTime(millis)) => lengths.push(LabDuration::millis(*millis)),
                Some(Value::IntervalYearMonth(_)) => {
                    return Err(Error::new("window-months").at(place));
                }
                _ => return Err(refuse()),
            }
        }
        let (kind, offset) = kind_of(signature.name, &lengths).ok_or_else(refuse)?;
        check_lengths(signature.name, kind, offset).map_err(|error| error.at(place))?;
        Ok(windows(input, kind, offset, time))
    }

    /// `DESCRIPTOR(time)`: the column, which has to be a time.
    fn descriptor(
        &self,
        signature: &Signature,
        argument: &Ast,
        input: &Rel,
    ) -> Result<Option<usize>> {
        let Some(ident) = described(argument) else { return Ok(None) };
        let scope = Scope::of(&input.schema, None, None);
        let column = scope.resolve(ident)?;
        let logical = &input.schema.fields()[column].data_type.logical;
        let place = super::scope::span(ident);
        if !is_time(logical) {
            let error = Error::new("window-table-time").arg("name", signature.name);
            return Err(error.arg("column", &ident.value).arg("type", logical).at(place));
        }
        let plain = logical.time_attribute() == TimeAttribute::None;
        match plain && self.mode == RuntimeMode::Streaming {
            true => Err(Error::new("window-time").arg("type", logical).at(place)),
            false => Ok(Some(column)),
        }
    }
}

/// The arguments in the order of the parameters.
fn arguments<'a>(signature: &Signature, function: &'a Function) -> Option<Vec<&'a Ast>> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let mut slots: Vec<Option<&Ast>> = vec![None; signature.parameters.len()];
    for (position, argument) in list.args.iter().enumerate() {
        let (slot, value) = match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => (position, value),
            FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. } => {
                let named = |p: &&str| p.eq_ignore_ascii_case(&name.value);
                (signature.parameters.iter().position(named)?, value)
            }
            _ => return None,
        };
        slots.get_mut(slot)?.replace(value);
    }
    if slots.last()?.is_none() {
        slots.pop();
    }
    slots.into_iter().collect()
}

/// `TABLE a.b.c`, or the bare name.
fn table_name(argument: &Ast) -> Option<ObjectName> {
    let parts = match argument {
        Ast::Prefixed { prefix, value } if prefix.value.eq_ignore_ascii_case("TABLE") => {
            match &**value {
                Ast::CompoundIdentifier(parts) => parts.clone(),
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(ObjectName(parts.into_iter().map(ObjectNamePart::Identifier).collect()))
}

fn described(argument: &Ast) -> Option<&Ident> {
    let Ast::Function(function) = argument else { return None };
    if !function.name.to_string().eq_ignore_ascii_case("DESCRIPTOR") {
        return None;
    }
    let FunctionArguments::List(list) = &function.args else { return None };
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(Ast::Identifier(ident)))] => Some(ident),
        _ => None,
    }
}

fn kind_of(name: &str, lengths: &[LabDuration]) -> Option<(WindowKind, LabDuration)> {
    let (kind, rest) = match (name, lengths) {
        ("TUMBLE", [size, rest @ ..]) => (WindowKind::Tumble { size: *size }, rest),
        ("HOP", [slide, size, rest @ ..]) => (WindowKind::Hop { slide: *slide, size: *size }, rest),
        ("CUMULATE", [step, size, rest @ ..]) => {
            (WindowKind::Cumulate { step: *step, size: *size }, rest)
        }
        _ => return None,
    };
    match rest {
        [] => Some((kind, LabDuration::ZERO)),
        [offset] => Some((kind, *offset)),
        _ => None,
    }
}

/// Lengths are more than nothing; a size is a multiple of its step; an offset is less than what lies
/// between two starts.
fn check_lengths(name: &str, kind: WindowKind, offset: LabDuration) -> Result<()> {
    let (unit, size) = match kind {
        WindowKind::Tumble { size } | WindowKind::Session { gap: size } => (size, size),
        WindowKind::Hop { slide: unit, size } | WindowKind::Cumulate { step: unit, size } => {
            (unit, size)
        }
    };
    let refuse = |rule: &str| Err(Error::new("window-lengths").arg("name", name).arg("rule", rule));
    if unit.0 <= 0 || size.0 <= 0 {
        return refuse("positive");
    }
    if matches!(kind, WindowKind::Cumulate { .. }) && size.0 % unit.0 != 0 {
        return refuse("multiple");
    }
    let period = if let WindowKind::Hop { .. } = kind { unit } else { size };
    match offset.0.abs() >= period.0 {
        true => refuse("offset"),
        false => Ok(()),
    }
}

/// The relation with the columns of its windows.
fn windows(input: Rel, kind: WindowKind, offset: LabDuration, time: usize) -> Rel {
    let mut fields = input.schema.fields().to_vec();
    let plain = DataType::not_null(LogicalType::timestamp(3));
    let time_type = window_time_type(&fields[time].data_type.logical);
    fields.push(Field::new("window_start", plain.clone()));
    fields.push(Field::new("window_end", plain));
    fields.push(Field::new("window_time", DataType::not_null(time_type)));
    let table = WindowTable { input: Box::new(input), kind, offset, time };
    Rel { node: Node::WindowTable(table), schema: Schema::new(fields) }
}

/// window_time is the time attribute that the time column was.
fn window_time_type(time: &LogicalType) -> LogicalType {
    let attribute = time.time_attribute();
    let precise = match time {
        LogicalType::TimestampLtz { .. } => LogicalType::TimestampLtz { precision: 3, attribute },
        _ => LogicalType::timestamp(3),
    };
    with_attribute(precise, attribute)
}
