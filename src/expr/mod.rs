//! Typed expressions over the columns of a batch: build, inspect, evaluate; functions and aggregates.
//!
//! ```text
//! call("UPPER", args) --infer types, coerce--> Expr --evaluate(batch, context)--> column
//! ```
//!
//! An expression is checked when it is built ([`call`], [`Expr::cast`], [`Expr::case`]): types are
//! known, implicit casts are in the tree. Not here: names and SQL syntax (`sql`), plans (`plan`).

pub mod aggregate;
pub mod cast;
pub mod columnar;
pub mod context;
mod evaluate;
pub mod function;
mod functions;
pub mod tree;
pub mod types;
mod visit;
mod write;

pub use columnar::Columnar;
pub(crate) use columnar::kernel_error;
pub use context::{EvalContext, Zone};
pub use function::{Call, Function, Resolved, Volatility};
pub use function::{all_of, call, chained, functions, lookup};
pub(crate) use functions::CURRENT_WATERMARK;
pub use tree::{Expr, Node};

#[cfg(test)]
mod tests;
