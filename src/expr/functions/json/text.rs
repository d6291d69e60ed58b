//! JSON as text, as Jackson writes it.

use serde_json::Value as Json;

use crate::data::json;
use crate::data::print::number::java_double;

/// A value as compact JSON. Objects keep their order.
pub(in crate::expr) fn write(json: &Json) -> String {
    let mut out = String::new();
    write_to(&mut out, json);
    out
}

/// A scalar as plain text: that of a string is the string.
pub(super) fn scalar(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => write(other),
    }
}

fn write_to(out: &mut String, json: &Json) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) => match number.as_f64() {
            Some(value) if number.is_f64() => out.push_str(&java_double(value)),
            _ => out.push_str(&number.to_string()),
        },
        Json::String(text) => json::quote(text, out),
        Json::Array(items) => {
            list(out, "[", "]", items.iter(), write_to);
        }
        Json::Object(fields) => list(out, "{", "}", fields.iter(), |out, (name, value)| {
            json::quote(name, out);
            out.push(':');
            write_to(out, value);
        }),
    }
}

/// Items with commas between them.
pub(in crate::expr) fn list<T>(
    out: &mut String,
    open: &str,
    close: &str,
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut String, T),
) {
    out.push_str(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push_str(close);
}
