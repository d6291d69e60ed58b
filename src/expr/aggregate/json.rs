//! JSON_OBJECTAGG and JSON_ARRAYAGG. Their values come as JSON already; the name of the function says
//! what it does with NULL.

use arrow::array::{Array, ArrayRef, StringArray};

use super::accumulator::Accumulator;
use super::call::{AggregateCall, AggregateFunction, AggregateTypes, Nullable};
use super::fold::{Fold, Grouped};
use crate::base::{Error, Result};
use crate::data::{LogicalType, Value, json};
use crate::expr::Expr;
use crate::expr::function::Mismatch;
use crate::expr::functions::json::text::list;
use crate::expr::types::is_text;

pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction {
        name: "JSON_OBJECTAGG_NULL_ON_NULL",
        usage: "JSON_OBJECTAGG([KEY] name VALUE value [NULL ON NULL])",
        infer: infer_object,
        create: |call, _| Ok(object(call, false)),
    },
    AggregateFunction {
        name: "JSON_OBJECTAGG_ABSENT_ON_NULL",
        usage: "JSON_OBJECTAGG([KEY] name VALUE value ABSENT ON NULL)",
        infer: infer_object,
        create: |call, _| Ok(object(call, true)),
    },
    AggregateFunction {
        name: "JSON_ARRAYAGG_NULL_ON_NULL",
        usage: "JSON_ARRAYAGG(value NULL ON NULL)",
        infer: infer_array,
        create: |call, _| Ok(array(call, false)),
    },
    AggregateFunction {
        name: "JSON_ARRAYAGG_ABSENT_ON_NULL",
        usage: "JSON_ARRAYAGG(value [ABSENT ON NULL])",
        infer: infer_array,
        create: |call, _| Ok(array(call, true)),
    },
];

const JSON: AggregateTypes =
    AggregateTypes { result: LogicalType::Varchar(2000), nullable: Nullable::Never };

fn infer_object(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    match arguments {
        [name, _] if is_text(&name.data_type.logical) => Ok(JSON),
        _ => Err(Mismatch::Types),
    }
}

fn infer_array(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    super::call::only(arguments).map(|_| JSON)
}

fn object(call: &AggregateCall, absent: bool) -> Box<dyn Accumulator> {
    Box::new(Grouped::new(Json { named: true, absent }, call.data_type.clone()))
}

fn array(call: &AggregateCall, absent: bool) -> Box<dyn Accumulator> {
    Box::new(Grouped::new(Json { named: false, absent }, call.data_type.clone()))
}

struct Json {
    /// Whether it is an object.
    named: bool,
    /// Whether NULLs are left out.
    absent: bool,
}

/// A name, empty in an array, and the JSON of its value.
type Member = (Box<str>, Option<Box<str>>);

struct Columns<'a> {
    names: Option<&'a StringArray>,
    values: &'a StringArray,
}

impl Fold for Json {
    type Group = Vec<Member>;
    type Input<'a> = Columns<'a>;
    type Results = Vec<Value>;

    fn empty(&self) -> Self::Group {
        Vec::new()
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Columns<'a>> {
        let text = |column: &'a ArrayRef| column.as_any().downcast_ref::<StringArray>();
        let columns: Vec<_> = arguments.iter().map(text).collect();
        match columns.as_slice() {
            [Some(values)] => Ok(Columns { names: None, values }),
            [Some(names), Some(values)] => Ok(Columns { names: Some(names), values }),
            _ => Err(Error::new("column-not-made").arg("reason", "argument of another type")),
        }
    }

    /// A NULL for a name is an empty one.
    fn apply(&self, members: &mut Self::Group, input: &Columns<'_>, row: usize, adds: bool) {
        let value = input.values.is_valid(row).then(|| input.values.value(row).into());
        if self.absent && value.is_none() {
            return;
        }
        let name = input.names.filter(|names| names.is_valid(row)).map(|names| names.value(row));
        let member: Member = (name.unwrap_or_default().into(), value);
        if adds {
            members.push(member);
        } else if let Some(first) = members.iter().position(|known| *known == member) {
            members.remove(first);
        }
    }

    fn merge(&self, into: &mut Self::Group, from: &Self::Group) {
        into.extend(from.iter().cloned());
    }

    /// An object has each name once.
    fn refusal(&self, members: &Self::Group) -> Option<Error> {
        let (last, before) = members.split_last().filter(|_| self.named)?;
        let twice = before.iter().any(|member| member.0 == last.0);
        twice.then(|| Error::new("json-key-twice").arg("name", &last.0))
    }

    /// The fields of an object are sorted by name.
    fn result(&self, members: &Self::Group) -> Option<Value> {
        let mut out = String::new();
        let value = |member: &Member| member.1.as_deref().unwrap_or("null").to_owned();
        if !self.named {
            list(&mut out, "[", "]", members.iter(), |out, member| out.push_str(&value(member)));
            return Some(Value::from(out.as_str()));
        }
        let mut sorted: Vec<&Member> = members.iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        list(&mut out, "{", "}", sorted.into_iter(), |out, member| {
            json::quote(&member.0, out);
            out.push(':');
            out.push_str(&value(member));
        });
        Some(Value::from(out.as_str()))
    }

    fn save(&self, members: &Self::Group) -> Vec<Value> {
        let value = |json: &Option<Box<str>>| json.as_deref().map_or(Value::Null, Value::from);
        members.iter().flat_map(|(name, json)| [Value::from(&**name), value(json)]).collect()
    }

    fn load(&self, state: &[Value]) -> Option<Self::Group> {
        let (members, []) = state.as_chunks::<2>() else { return None };
        let member = |[name, json]: &[Value; 2]| match (name, json) {
            (Value::String(name), Value::String(json)) => {
                Some((name.as_ref().into(), Some(json.as_ref().into())))
            }
            (Value::String(name), Value::Null) => Some((name.as_ref().into(), None)),
            _ => None,
        };
        members.iter().map(member).collect()
    }
}
