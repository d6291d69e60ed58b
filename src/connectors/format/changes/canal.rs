//! `canal-json`: an object with the changed rows in `data` and their old values in `old`.

use std::sync::Arc;

use fancy_regex::Regex;

use super::{Changes, incomplete, unknown};
use crate::base::{Error, Result};
use crate::connectors::format::json::Keys;
use crate::connectors::format::json::column::RowColumn;
use crate::connectors::format::json::node::{Kind, Node};
use crate::connectors::format::json::read::Messages;
use crate::connectors::options::{OptionSpec, OptionType, Options};
use crate::data::RowKind;

const NAME: &str = "canal-json";
const DATABASE: &str = "canal-json.database.include";
const TABLE: &str = "canal-json.table.include";

const KEYS: Keys = Keys {
    ignore_errors: "canal-json.ignore-parse-errors",
    timestamps: "canal-json.timestamp-format.standard",
    null_key_mode: "canal-json.map-null-key.mode",
    null_key_literal: "canal-json.map-null-key.literal",
    plain_decimals: "canal-json.encode.decimal-as-plain-number",
};

/// The format.
pub(super) const FORMAT: Changes = Changes {
    name: NAME,
    options: &[
        OptionSpec::optional(DATABASE, OptionType::Text),
        OptionSpec::optional(TABLE, OptionType::Text),
        KEYS.ignore_errors(),
        KEYS.timestamps(),
        KEYS.null_key_mode(),
        KEYS.null_key_literal(),
        KEYS.plain_decimals(),
    ],
    keys: KEYS,
    messages: |options| {
        let (database, table) = (pattern(options, DATABASE)?, pattern(options, TABLE)?);
        Ok(Arc::new(Canal { database, table }))
    },
    // An update is written as the removal of the old row and the insertion of the new one.
    envelope: |kind| match kind.adds() {
        true => ("{\"data\":[", "],\"type\":\"INSERT\"}"),
        false => ("{\"data\":[", "],\"type\":\"DELETE\"}"),
    },
    check_writer: |_| Ok(()),
};

/// A pattern that a whole name has to look like.
///
/// Errors: `option-value`.
fn pattern(options: &Options, key: &str) -> Result<Option<Regex>> {
    let Some(pattern) = options.get(key) else { return Ok(None) };
    Regex::new(&format!("^(?:{pattern})$")).map(Some).map_err(|e| {
        Error::new("option-value").arg("name", key).arg("value", pattern).arg("expected", e)
    })
}

/// Which changes are read.
struct Canal {
    database: Option<Regex>,
    table: Option<Regex>,
}

impl Messages for Canal {
    fn add(
        &self,
        line: &str,
        node: Node<'_>,
        rows: &mut RowColumn,
        kinds: &mut Vec<RowKind>,
    ) -> Result<()> {
        let missing = |field: &str| incomplete(NAME, field, line);
        let [data, old, kind, database, table] =
            node.members(["data", "old", "type", "database", "table"]);
        for (pattern, name, field) in
            [(&self.database, database, "database"), (&self.table, table, "table")]
        {
            let Some(pattern) = pattern else { continue };
            let name = name.ok_or_else(|| missing(field))?.text();
            if !pattern.is_match(&*name).unwrap_or(false) {
                return Ok(());
            }
        }
        let kind = kind.filter(|kind| kind.kind() != Kind::Null).ok_or_else(|| missing("type"))?;
        let data = || elements(data).ok_or_else(|| missing("data"));
        match &*kind.text() {
            "INSERT" => all(RowKind::Insert, &data()?, line, rows, kinds),
            "DELETE" => all(RowKind::Delete, &data()?, line, rows, kinds),
            "UPDATE" => update(&data()?, old, line, rows, kinds),
            // A new table has no rows.
            "CREATE" => Ok(()),
            other => Err(unknown(NAME, "type", other, line)),
        }
    }
}

fn elements(node: Option<Node<'_>>) -> Option<Vec<Node<'_>>> {
    node.filter(|node| node.kind() == Kind::Array).map(Node::elements)
}

fn all(
    kind: RowKind,
    data: &[Node<'_>],
    line: &str,
    rows: &mut RowColumn,
    kinds: &mut Vec<RowKind>,
) -> Result<()> {
    for row in data {
        rows.object(*row).map_err(|misfit| misfit.error(line))?;
        kinds.push(kind);
    }
    Ok(())
}

/// The old rows have the fields alone that were changed.
fn update(
    data: &[Node<'_>],
    old: Option<Node<'_>>,
    line: &str,
    rows: &mut RowColumn,
    kinds: &mut Vec<RowKind>,
) -> Result<()> {
    let missing = || incomplete(NAME, "old", line);
    let old_rows = elements(old).ok_or_else(missing)?;
    // A field that any of the old rows names was changed, and a NULL is its old value.
    let named = |name: &String| old.is_some_and(|old| old.mentions(name));
    let changed: Vec<bool> = rows.names().iter().map(named).collect();
    for (row, after) in data.iter().enumerate() {
        let before = *old_rows.get(row).ok_or_else(missing)?;
        let after = rows.fields(*after).map_err(|misfit| misfit.error(line))?;
        let mut before = rows.fields(before).map_err(|misfit| misfit.error(line))?;
        for ((old, new), changed) in before.iter_mut().zip(&after).zip(&changed) {
            if !changed {
                *old = *new;
            }
        }
        for (kind, fields) in [(RowKind::UpdateBefore, before), (RowKind::UpdateAfter, after)] {
            rows.add(fields).map_err(|misfit| misfit.error(line))?;
            kinds.push(kind);
        }
    }
    Ok(())
}
