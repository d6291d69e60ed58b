//! Windows in a plan: who puts rows into them, and who aggregates by them.

use super::calc::calc;
use super::convert::by_key;
use super::physical::{Grouping, PhysicalKind, PhysicalNode};
use crate::base::{Error, LabDuration, Result, RuntimeMode};
use crate::data::{Field, LogicalType, Schema};
use crate::expr::Expr;
use crate::sql::bound::{Aggregate, WindowColumns, WindowKind, WindowProperty, WindowTable};

/// Windows, and the column of the time that rows fall into them by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowAssigner {
    /// Their kind and lengths.
    pub kind: WindowKind,
    /// By how much their starts are off those that count from the epoch.
    pub offset: LabDuration,
    /// The time column.
    pub time: usize,
}

/// The windows that an operator works by, and where it finds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowTimes {
    /// By the time of a row: the operator puts it into its windows itself.
    Assigned(WindowAssigner),
    /// Each row is in one window, which two columns name.
    Attached {
        /// Their kind and lengths.
        kind: WindowKind,
        /// By how much their starts are off those that count from the epoch.
        offset: LabDuration,
        /// The type of the time that they follow.
        time: LogicalType,
        /// window_start.
        start: usize,
        /// window_end.
        end: usize,
    },
    /// Each row is what has been accumulated, and names the end of its slice or window.
    Accumulated {
        /// Their kind and lengths.
        kind: WindowKind,
        /// By how much their starts are off those that count from the epoch.
        offset: LabDuration,
        /// The type of the time that they follow.
        time: LogicalType,
        /// The end.
        end: usize,
        /// Whether it is that of a slice.
        sliced: bool,
    },
}

impl WindowTimes {
    /// The windows that two columns name.
    pub(crate) fn attached(windows: &WindowColumns) -> Option<Self> {
        Some(Self::Attached {
            kind: windows.kind,
            offset: windows.offset,
            time: windows.time.clone(),
            start: *windows.starts.first()?,
            end: *windows.ends.first()?,
        })
    }

    /// Their kind and lengths.
    pub(crate) fn kind(&self) -> WindowKind {
        match self {
            Self::Assigned(assigner) => assigner.kind,
            Self::Attached { kind, .. } | Self::Accumulated { kind, .. } => *kind,
        }
    }

    /// Whether the operator puts rows into its windows itself.
    pub(crate) fn are_assigned(&self) -> bool {
        matches!(self, Self::Assigned(_))
    }

    /// The type of the time that they follow, over an input of these columns.
    pub(crate) fn time(&self, input: &Schema) -> LogicalType {
        match self {
            Self::Assigned(assigner) => input.fields()[assigner.time].data_type.logical.clone(),
            Self::Attached { time, .. } | Self::Accumulated { time, .. } => time.clone(),
        }
    }

    /// The same windows for rows that name their slice, or their window, by its end.
    pub(crate) fn accumulated(&self, time: LogicalType, end: usize) -> Self {
        let (kind, offset) = match self {
            Self::Assigned(assigner) => (assigner.kind, assigner.offset),
            Self::Attached { kind, offset, .. } | Self::Accumulated { kind, offset, .. } => {
                (*kind, *offset)
            }
        };
        Self::Accumulated { kind, offset, time, end, sliced: self.are_assigned() }
    }

    /// The columns that it reads.
    pub(crate) fn columns(&self) -> Vec<usize> {
        match self {
            Self::Assigned(assigner) => vec![assigner.time],
            Self::Attached { start, end, .. } => vec![*start, *end],
            Self::Accumulated { end, .. } => vec![*end],
        }
    }

    /// The same windows where columns stand elsewhere.
    pub(crate) fn moved(self, place: &impl Fn(usize) -> usize) -> Self {
        match self {
            Self::Assigned(a) => Self::Assigned(WindowAssigner { time: place(a.time), ..a }),
            Self::Attached { kind, offset, time, start, end } => {
                Self::Attached { kind, offset, time, start: place(start), end: place(end) }
            }
            Self::Accumulated { kind, offset, time, end, sliced } => {
                Self::Accumulated { kind, offset, time, end: place(end), sliced }
            }
        }
    }
}

/// A table of windows.
pub(super) fn table_function(
    node: &WindowTable,
    input: PhysicalNode,
    schema: &Schema,
) -> Result<PhysicalNode> {
    let assigner = WindowAssigner { kind: node.kind, offset: node.offset, time: node.time };
    let kind = PhysicalKind::WindowTableFunction(assigner);
    Ok(PhysicalNode::new(kind, vec![input], schema.clone()))
}

/// The windows that a stream is grouped by: those of its rows, if their start and end are among the
/// keys. In a batch they are columns like others.
pub(super) fn windows_of(node: &Aggregate, mode: RuntimeMode) -> Option<WindowColumns> {
    if mode == RuntimeMode::Batch || node.window.is_some() {
        return None;
    }
    node.input.window_columns().filter(|windows| windows.are_in(&node.group))
}

/// An aggregate by windows, with a Calc over it that puts the columns into their order.
///
/// # Errors
/// `window-lengths`: windows that are made of slices are whole multiples of what lies between them.
pub(super) fn aggregate(
    node: &Aggregate,
    windows: &WindowColumns,
    input: PhysicalNode,
    schema: &Schema,
) -> Result<PhysicalNode> {
    if let WindowKind::Hop { slide, size } = windows.kind
        && size.0 % slide.0 != 0
    {
        let error = Error::new("window-lengths").arg("name", "HOP");
        return Err(error.arg("rule", "multiple"));
    }
    let is_window = |column: &&usize| windows.has(**column);
    let keys: Vec<usize> = node.group.iter().filter(|c| !is_window(c)).copied().collect();
    let of_window: Vec<usize> = node.group.iter().filter(is_window).copied().collect();
    let property = |column: &usize| match column {
        c if windows.starts.contains(c) => WindowProperty::Start,
        c if windows.ends.contains(c) => WindowProperty::End,
        _ => WindowProperty::Rowtime,
    };
    let properties: Vec<WindowProperty> = of_window.iter().map(property).collect();
    let grouping = Grouping::new(keys, node.calls.clone());
    let places = places(node, &grouping, &of_window);
    let mut fields: Vec<(usize, Field)> =
        places.iter().copied().zip(schema.fields().iter().cloned()).collect();
    fields.sort_by_key(|(place, _)| *place);
    let fields = fields.into_iter().map(|(_, field)| field).collect();
    let aggregated = pulled_up(grouping, windows, input)?;
    let kind = PhysicalKind::WindowAggregate {
        grouping: aggregated.grouping,
        windows: aggregated.windows,
        properties,
    };
    let node = PhysicalNode::new(kind, vec![aggregated.input], Schema::new(fields));
    let column = |(place, field): (&usize, &Field)| Expr::column(*place, field.data_type.clone());
    let projection = places.iter().zip(schema.fields()).map(column).collect();
    calc(node, None, projection, schema.clone())
}

/// Where each column of the aggregate is in the operator's output: keys, calls, properties.
fn places(node: &Aggregate, grouping: &Grouping, of_window: &[usize]) -> Vec<usize> {
    let calls = grouping.calls.len();
    let mut keys = 0..grouping.keys.len();
    let mut properties = grouping.keys.len() + calls..;
    let group = node.group.iter().map(|column| match of_window.contains(column) {
        true => properties.next().unwrap_or_default(),
        false => keys.next().unwrap_or_default(),
    });
    let mut places: Vec<usize> = group.collect();
    places.extend(grouping.keys.len()..grouping.keys.len() + calls);
    places
}

struct Aggregated {
    grouping: Grouping,
    windows: WindowTimes,
    input: PhysicalNode,
}

/// The aggregate puts rows into windows itself if nothing else reads the windows' columns, as Flink's
/// `PullUpWindowTableFunctionIntoWindowAggregateRule`; else it takes the windows that rows have.
fn pulled_up(
    grouping: Grouping,
    windows: &WindowColumns,
    input: PhysicalNode,
) -> Result<Aggregated> {
    let reads = grouping.columns();
    let pulled = match reads.iter().any(|c| windows.has(*c)) {
        true => None,
        false => below_windows(&reads, &input)?,
    };
    match pulled {
        Some((assigner, below, place)) => {
            check_merge(&grouping, assigner.kind)?;
            let grouping = grouping.moved(&|c| place[c].unwrap_or_default());
            let input = below.exchanged(by_key(&grouping.keys));
            Ok(Aggregated { grouping, windows: WindowTimes::Assigned(assigner), input })
        }
        None => {
            let attached = WindowTimes::attached(windows);
            let windows = attached.ok_or_else(super::physical::no_input)?;
            let input = input.exchanged(by_key(&grouping.keys));
            Ok(Aggregated { grouping, windows, input })
        }
    }
}

/// How the names begin of what Flink's windows cannot merge.
const NOT_MERGED: [&str; 4] = ["FIRST_VALUE", "LAST_VALUE", "JSON_ARRAYAGG", "JSON_OBJECTAGG"];

/// Windows that share slices merge them, and some of Flink's functions cannot be merged.
///
/// # Errors
/// `window-merge`.
pub(super) fn check_merge(grouping: &Grouping, kind: WindowKind) -> Result<()> {
    if let WindowKind::Tumble { .. } = kind {
        return Ok(());
    }
    let mut calls = grouping.calls.iter().map(|call| &call.call);
    let not_merged = |name: &str| NOT_MERGED.iter().any(|begin| name.starts_with(begin));
    match calls.find(|call| not_merged(call.function.name)) {
        Some(call) => {
            Err(Error::new("window-merge").arg("name", call.function.name).at(call.place))
        }
        None => Ok(()),
    }
}

type Below = (WindowAssigner, PhysicalNode, Vec<Option<usize>>);

/// What is below the windows of a node, with a Calc between them if there is one above: the windows
/// over it, and where the node's columns are in it.
fn below_windows(reads: &[usize], node: &PhysicalNode) -> Result<Option<Below>> {
    let (condition, projection, table) = match (&node.kind, node.inputs.as_slice()) {
        (PhysicalKind::Calc { condition, projection }, [input]) => {
            (condition.clone(), projection.clone(), input)
        }
        _ => (None, super::calc::columns(&node.schema), node),
    };
    let (PhysicalKind::WindowTableFunction(assigner), [below]) =
        (&table.kind, table.inputs.as_slice())
    else {
        return Ok(None);
    };
    let width = below.schema.len();
    let of_window = |expr: &Expr| expr.columns().iter().any(|c| *c >= width);
    if condition.as_ref().is_some_and(of_window) || reads.iter().any(|c| of_window(&projection[*c]))
    {
        return Ok(None);
    }
    let time_field = &below.schema.fields()[assigner.time];
    let (mut exprs, mut fields) = (Vec::new(), Vec::new());
    let mut place = vec![None; projection.len()];
    for column in (0..projection.len()).filter(|column| reads.contains(column)) {
        place[column] = Some(exprs.len());
        exprs.push(projection[column].clone());
        fields.push(node.schema.fields()[column].clone());
    }
    let is_time = |expr: &Expr| expr.as_column() == Some(assigner.time);
    let time = exprs.iter().position(is_time).unwrap_or_else(|| {
        exprs.push(Expr::column(assigner.time, time_field.data_type.clone()));
        fields.push(time_field.clone());
        exprs.len() - 1
    });
    let below = calc(below.clone(), condition, exprs, Schema::new(fields))?;
    Ok(Some((WindowAssigner { time, ..assigner.clone() }, below, place)))
}
