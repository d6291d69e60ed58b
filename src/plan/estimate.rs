//! How many rows an operator gives, how large they are and what that costs, as far as it can be told
//! before anything runs.
//!
//! Of a table it is known which columns and keys it has, and how many rows if its source tells, else
//! [`ROWS`]; VALUES have their own number. EXPLAIN ESTIMATED_COST prints the estimates, and plans for batches choose by them.
//!
//! | File | What it tells |
//! |---|---|
//! | `rows` | rows of an operator |
//! | `join` | rows of a join |
//! | `selectivity`, `groups` | which part of the rows, or of groups, a condition lets through |
//! | `condition`, `asked` | conditions, and how they go down a tree |
//! | `distinct`, `population`, `unique` | how many values columns have, and whether each is another |
//! | `interval` | between which bounds the values of a column lie |
//! | `size` | bytes of a row |
//! | `cost` | what an operator costs |
//!
//! Source: the metadata handlers of Flink 1.18 (`FlinkRelMdRowCount` and its like) and those of Calcite
//! 1.32 that they build on.

mod asked;
mod condition;
mod cost;
mod distinct;
mod groups;
mod interval;
mod join;
mod population;
mod rows;
mod selectivity;
mod size;
mod unique;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::inputs::Inputs;
use super::physical::PhysicalNode;
use crate::base::RuntimeMode;

pub(crate) use cost::Cost;

/// The rows of a table of which nothing is known.
const ROWS: f64 = 1e8;

/// Estimates for trees of operators, each made once.
pub(crate) struct Estimator {
    mode: RuntimeMode,
    /// By the place of the operator.
    known: RefCell<FxHashMap<usize, Known>>,
    /// The operators whose rows are being estimated.
    counted: RefCell<Vec<usize>>,
    /// What holds the operators at their places as long as something is known of them.
    held: RefCell<Vec<Inputs>>,
}

/// What is known of an operator.
#[derive(Clone, Default)]
struct Known {
    rows: Option<f64>,
    sizes: Option<Rc<[f64]>>,
    cost: Option<Cost>,
    /// By columns: how many values they have, and had before anything was filtered.
    values: BTreeMap<Vec<usize>, Option<Option<f64>>>,
    populations: BTreeMap<Vec<usize>, Option<Option<f64>>>,
}

impl Estimator {
    /// It knows nothing yet: trees may be asked about when they are held.
    pub fn new(mode: RuntimeMode) -> Self {
        let (known, counted, held) = <_>::default();
        Self { mode, known, counted, held }
    }

    /// It knows these and what is below them.
    pub fn over(inputs: &Inputs, mode: RuntimeMode) -> Self {
        let estimator = Self::new(mode);
        estimator.hold(inputs);
        estimator
    }

    /// Lets these be asked about, and what is below them. Deep trees are known from below, so that nothing
    /// recurses far.
    pub fn hold(&self, inputs: &Inputs) {
        self.held.borrow_mut().push(inputs.clone());
        let (mut pending, mut all): (Vec<&PhysicalNode>, _) = (inputs.iter().collect(), Vec::new());
        while let Some(node) = pending.pop() {
            if !self.known.borrow().contains_key(&place_of(node)) {
                all.push(node);
                pending.extend(&node.inputs);
            }
        }
        for node in all.into_iter().rev() {
            self.cost(node);
        }
    }

    /// Of trees that answer the same, the one that is estimated to cost least; of equals the first.
    pub fn cheapest(&self, ways: impl IntoIterator<Item = PhysicalNode>) -> Option<PhysicalNode> {
        let ways: Inputs = ways.into_iter().collect();
        self.hold(&ways);
        let priced = ways.iter().map(|way| (self.cost(way), way));
        let best = priced.reduce(|best, way| if way.0.is_less(&best.0) { way } else { best });
        best.map(|(_, way)| way.clone())
    }

    fn is_batch(&self) -> bool {
        self.mode == RuntimeMode::Batch
    }

    /// Whether the rows of an operator are being estimated, so that nothing else of it may build on them.
    fn is_counted(&self, node: &PhysicalNode) -> bool {
        self.counted.borrow().contains(&place_of(node))
    }

    /// An estimate that is known, or is made and kept.
    fn once<T: Clone>(
        &self,
        node: &PhysicalNode,
        place: impl Fn(&mut Known) -> &mut Option<T>,
        make: impl FnOnce() -> T,
    ) -> T {
        let key = place_of(node);
        if let Some(known) = place(self.known.borrow_mut().entry(key).or_default()) {
            return known.clone();
        }
        let made = make();
        *place(self.known.borrow_mut().entry(key).or_default()) = Some(made.clone());
        made
    }
}

fn place_of(node: &PhysicalNode) -> usize {
    std::ptr::from_ref(node).addr()
}

/// How many rows or values there are can be nothing below one, as others are divided by it.
fn at_least_one(count: f64) -> f64 {
    count.clamp(1.0, f64::MAX)
}
