//! The types of columns, as a file tells them.

use orc_rust::proto::Type;
use orc_rust::proto::r#type::Kind;

use crate::data::{LogicalType as L, Schema};

/// The types of all columns, each before those inside it; the first holds all others.
pub(super) fn types(schema: &Schema) -> Vec<Type> {
    let mut types = Vec::new();
    row(schema, &mut types);
    types
}

fn row(schema: &Schema, types: &mut Vec<Type>) -> u32 {
    let names = schema.fields().iter().map(|field| field.name.clone()).collect();
    let inside: Vec<&L> = schema.fields().iter().map(|field| &field.data_type.logical).collect();
    add(Type { field_names: names, ..of(Kind::Struct) }, &inside, types)
}

fn column(logical: &L, types: &mut Vec<Type>) -> u32 {
    let plain = |kind, types: &mut Vec<Type>| add(of(kind), &[], types);
    let text = |kind, length| Type { maximum_length: Some(length), ..of(kind) };
    match logical {
        L::Boolean => plain(Kind::Boolean, types),
        L::TinyInt => plain(Kind::Byte, types),
        L::SmallInt => plain(Kind::Short, types),
        L::Int => plain(Kind::Int, types),
        L::Float => plain(Kind::Float, types),
        L::Double => plain(Kind::Double, types),
        L::Date => plain(Kind::Date, types),
        L::Binary(_) | L::Varbinary(_) => plain(Kind::Binary, types),
        L::Timestamp { .. } => plain(Kind::Timestamp, types),
        L::TimestampLtz { .. } => plain(Kind::TimestampInstant, types),
        L::Varchar(L::MAX_LENGTH) => plain(Kind::String, types),
        L::Varchar(length) => add(text(Kind::Varchar, *length), &[], types),
        L::Char(length) => add(text(Kind::Char, *length), &[], types),
        L::Decimal { precision, scale } => {
            let digits = (Some(u32::from(*precision)), Some(u32::from(*scale)));
            add(Type { precision: digits.0, scale: digits.1, ..of(Kind::Decimal) }, &[], types)
        }
        L::Array(element) => add(of(Kind::List), &[&element.logical], types),
        L::Map(key, value) => add(of(Kind::Map), &[&key.logical, &value.logical], types),
        L::Multiset(element) => add(of(Kind::Map), &[&element.logical, &L::Int], types),
        L::Row(schema) => row(schema, types),
        _ => plain(Kind::Long, types),
    }
}

fn of(kind: Kind) -> Type {
    Type { kind: Some(kind.into()), ..Type::default() }
}

/// Adds a type and those inside it; the number of its column.
fn add(of: Type, inside: &[&L], types: &mut Vec<Type>) -> u32 {
    let number = types.len();
    types.push(of);
    let inside = inside.iter().map(|logical| column(logical, types)).collect();
    types[number].subtypes = inside;
    number as u32
}
