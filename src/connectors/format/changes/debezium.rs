//! `debezium-json`: an object with the row `before` and `after` the change.

use std::sync::Arc;

use super::{Changes, incomplete, unknown};
use crate::base::{Error, Result};
use crate::connectors::format::json::Keys;
use crate::connectors::format::json::column::RowColumn;
use crate::connectors::format::json::node::{Kind, Node};
use crate::connectors::format::json::read::Messages;
use crate::connectors::options::{OptionSpec, OptionType};
use crate::data::RowKind;

const NAME: &str = "debezium-json";
const SCHEMA: &str = "debezium-json.schema-include";

const KEYS: Keys = Keys {
    ignore_errors: "debezium-json.ignore-parse-errors",
    timestamps: "debezium-json.timestamp-format.standard",
    null_key_mode: "debezium-json.map-null-key.mode",
    null_key_literal: "debezium-json.map-null-key.literal",
    plain_decimals: "debezium-json.encode.decimal-as-plain-number",
};

/// The format.
pub(super) const FORMAT: Changes = Changes {
    name: NAME,
    options: &[
        OptionSpec::with_default(SCHEMA, OptionType::Boolean, "false"),
        KEYS.ignore_errors(),
        KEYS.timestamps(),
        KEYS.null_key_mode(),
        KEYS.null_key_literal(),
        KEYS.plain_decimals(),
    ],
    keys: KEYS,
    messages: |options| Ok(Arc::new(Debezium { schema_included: options.flag(SCHEMA)? })),
    // An update is written as the removal of the old row and the insertion of the new one.
    envelope: |kind| match kind.adds() {
        true => ("{\"before\":null,\"after\":", ",\"op\":\"c\"}"),
        false => ("{\"before\":", ",\"after\":null,\"op\":\"d\"}"),
    },
    check_writer: |options| match options.flag(SCHEMA)? {
        true => Err(Error::new("change-schema-written").arg("name", SCHEMA)),
        false => Ok(()),
    },
};

/// What the options say of reading.
struct Debezium {
    /// Whether the change is the `payload` of an object that also has its schema.
    schema_included: bool,
}

impl Messages for Debezium {
    fn add(
        &self,
        line: &str,
        node: Node<'_>,
        rows: &mut RowColumn,
        kinds: &mut Vec<RowKind>,
    ) -> Result<()> {
        let missing = |field: &str| incomplete(NAME, field, line);
        let payload = match self.schema_included {
            true => node.members(["payload"])[0].ok_or_else(|| missing("payload"))?,
            false => node,
        };
        let present = |member: Option<Node<'_>>| member.is_some_and(|n| n.kind() != Kind::Null);
        let [before, after, op] = payload.members(["before", "after", "op"]);
        let op = op.filter(|op| present(Some(*op))).ok_or_else(|| missing("op"))?.text();
        let (before_kind, after_kind) = match &*op {
            "c" | "r" => (None, Some(RowKind::Insert)),
            "u" => (Some(RowKind::UpdateBefore), Some(RowKind::UpdateAfter)),
            "d" => (Some(RowKind::Delete), None),
            other => return Err(unknown(NAME, "op", other, line)),
        };
        for (kind, row, name) in [(before_kind, before, "before"), (after_kind, after, "after")] {
            if kind.is_some() && !row.is_some_and(|row| row.kind() == Kind::Object) {
                return Err(missing(name));
            }
        }
        for (kind, row) in [(before_kind, before), (after_kind, after)] {
            if let (Some(kind), Some(row)) = (kind, row) {
                rows.object(row).map_err(|misfit| misfit.error(line))?;
                kinds.push(kind);
            }
        }
        Ok(())
    }
}
