//! A join that asks a table for the rows of a key, when a row comes.

use super::calc::{columns, known_columns};
use super::join::{Join, Near};
use super::physical::{PhysicalKind, PhysicalNode, no_input};
use crate::base::{Error, Result};
use crate::data::{LogicalType, Schema};
use crate::expr::{Expr, call, chained};
use crate::sql::bound::{JoinKind, LookupRetry, Table};

/// Rows beside what a table answers for them: the columns of the left, then those of the answers.
#[derive(Clone, Debug)]
pub struct LookupJoin {
    /// INNER or LEFT.
    pub kind: JoinKind,
    /// Which table is asked.
    pub table: Box<Table>,
    /// Its columns that are read, positions among the physical ones.
    pub projection: Vec<usize>,
    /// Their names and types.
    pub columns: Schema,
    /// What is asked: columns of the answer, and what they are to be.
    pub keys: Vec<(usize, LookupKey)>,
    /// What is done to the answers first.
    pub calc: Option<LookupCalc>,
    /// What must hold besides, over the columns of the left and then those of the answers.
    pub condition: Option<Expr>,
    /// Whether to ask again.
    pub retry: Option<LookupRetry>,
}

/// What a column of the table is to be.
#[derive(Clone, Debug)]
pub enum LookupKey {
    /// A constant of the column's type.
    Constant(Expr),
    /// What a column of the left is.
    Column(usize),
}

/// A filter and a projection of answers.
#[derive(Clone, Debug)]
pub struct LookupCalc {
    /// Answers stay where this is true.
    pub condition: Option<Expr>,
    /// One expression a column.
    pub projection: Vec<Expr>,
    /// The names and types of these.
    pub output: Schema,
}

/// The table that the right of a join is, and what is done to its rows.
struct Asked {
    table: Box<Table>,
    projection: Vec<usize>,
    columns: Schema,
    calc: Option<LookupCalc>,
}

impl LookupJoin {
    /// The columns of the table as they are.
    pub fn all_columns(&self) -> Vec<Expr> {
        columns(&self.columns)
    }

    /// The join, over its left alone; `inputs` are the left and the right of one that means
    /// [`Near::Lookup`].
    ///
    /// # Errors
    /// `lookup-no-key`, `lookup-null-safe`.
    pub(super) fn of(
        join: Join,
        inputs: [PhysicalNode; 2],
        output: Schema,
    ) -> Result<PhysicalNode> {
        let [left, right] = inputs.map(PhysicalNode::before_exchange);
        let asked = asked(right)?;
        let Some(Near::Lookup { retry, place }) = join.near else { return Err(no_input()) };
        if join.null_meets_null.contains(&true) {
            let error = Error::new("lookup-null-safe").arg("table", &asked.table.path);
            return Err(error.at(place));
        }
        let pairs: Vec<(usize, usize)> =
            join.keys[0].iter().copied().zip(join.keys[1].iter().copied()).collect();
        let keys = keys(&asked, &pairs);
        if keys.is_empty() {
            return Err(Error::new("lookup-no-key").arg("table", &asked.table.path).at(place));
        }
        // As in Flink, a column of the left that is asked for is compared with nothing else.
        let is_asked = |(of_left, _): &&(usize, usize)| {
            keys.iter().any(|(_, key)| matches!(key, LookupKey::Column(c) if c == of_left))
        };
        let width = left.schema.len();
        let fields = output.fields();
        let equal = |(l, r): &(usize, usize)| {
            let column = |c: usize| Expr::column(c, fields[c].data_type.clone());
            call("=", vec![column(*l), column(r + width)])
        };
        let rest = pairs.iter().filter(|pair| !is_asked(pair)).map(equal);
        let rest = rest.chain(join.condition.map(Ok));
        let condition = chained("AND", rest)?;
        let Asked { table, projection, columns, calc } = asked;
        let kind = join.kind;
        let join = Self { kind, table, projection, columns, keys, calc, condition, retry };
        Ok(PhysicalNode::new(PhysicalKind::LookupJoin(Box::new(join)), vec![left], output))
    }
}

impl Asked {
    /// The column of the table that a column of the right is, if it is one as it stands.
    fn source(&self, column: usize) -> Option<usize> {
        match &self.calc {
            None => Some(column),
            Some(calc) => calc.projection.get(column)?.as_column(),
        }
    }
}

fn asked(mut right: PhysicalNode) -> Result<Asked> {
    let calc = match right.kind {
        PhysicalKind::Calc { condition, projection } => {
            let output = right.schema;
            right = right.inputs.pop().ok_or_else(no_input)?;
            Some(LookupCalc { condition, projection, output })
        }
        _ => None,
    };
    let PhysicalKind::TableSourceScan { table, projection, .. } = right.kind else {
        return Err(no_input());
    };
    Ok(Asked { table, projection, columns: right.schema, calc })
}

/// Constants first, then columns of the left; of several for one column the last, in the place of the
/// first.
fn keys(asked: &Asked, pairs: &[(usize, usize)]) -> Vec<(usize, LookupKey)> {
    let condition = asked.calc.as_ref().and_then(|calc| calc.condition.as_ref());
    let mut constants = condition.map(known_columns).unwrap_or_default();
    constants.retain(|(_, value)| value.data_type.logical != LogicalType::Boolean);
    constants.sort_by_key(|(column, _)| std::cmp::Reverse(bucket(*column)));
    let constants = constants.into_iter().map(|(c, value)| (c, LookupKey::Constant(value)));
    let columns =
        pairs.iter().filter_map(|(l, r)| Some((asked.source(*r)?, LookupKey::Column(*l))));
    let mut keys: Vec<(usize, LookupKey)> = Vec::new();
    for (column, key) in constants.chain(columns) {
        match keys.iter_mut().find(|(known, _)| *known == column) {
            Some(known) => known.1 = key,
            None => keys.push((column, key)),
        }
    }
    if keys.len() > SMALL {
        keys.sort_by_key(|(column, _)| leaf(*column));
    }
    keys
}

/// The most entries that Scala's immutable Map keeps in the order in which they came.
const SMALL: usize = 4;

/// Where a larger one keeps a column: the way through a trie, five bits a level.
fn leaf(column: usize) -> [u32; 7] {
    let hash = column as u32;
    let hash = hash.wrapping_add(!(hash << 9));
    let hash = hash ^ (hash >> 14);
    let hash = hash.wrapping_add(hash << 4);
    let hash = hash ^ (hash >> 10);
    std::array::from_fn(|level| hash >> (5 * level) & 31)
}

/// Where Flink's planner keeps a constant: a bucket of Scala 2.12's mutable HashMap of up to 12 entries.
/// It goes through them from the last one.
fn bucket(column: usize) -> u32 {
    const FACTOR: u32 = 0x9e37_75cd;
    let mixed = (column as u32).wrapping_mul(FACTOR).swap_bytes().wrapping_mul(FACTOR);
    mixed.rotate_right(4) >> 28
}
