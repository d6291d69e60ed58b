//! Windows of time: those of GROUP BY, and those that a table function gives to rows.

use std::fmt;

use super::{Node, Rel};
use crate::base::LabDuration;
use crate::data::LogicalType;

/// A table of windows: `TABLE(TUMBLE(TABLE t, DESCRIPTOR(time), ..))`. Columns: the input's, then
/// window_start, window_end, window_time.
#[derive(Clone, Debug)]
pub struct WindowTable {
    /// What it reads.
    pub input: Box<Rel>,
    /// The kind and lengths of the windows.
    pub kind: WindowKind,
    /// By how much their starts are off those that count from the epoch.
    pub offset: LabDuration,
    /// The time column.
    pub time: usize,
}

/// A window of GROUP BY.
#[derive(Clone, Debug)]
pub struct GroupWindow {
    /// Its kind and lengths.
    pub kind: WindowKind,
    /// The time column.
    pub time: usize,
    /// What the query asks of each window, in the order of the columns.
    pub properties: Vec<WindowProperty>,
    /// When it answers besides at its end.
    pub emit: Option<WindowEmit>,
}

/// The answers of a window before and after its end: `table.exec.emit.*`. A delay of 0 is an answer for
/// every row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowEmit {
    /// How far apart answers before the end are.
    pub early: Option<LabDuration>,
    /// How far apart answers after the end are.
    pub late: Option<LabDuration>,
    /// How long after its end a window takes rows.
    pub lateness: LabDuration,
    /// Whether the windows follow event time: in processing time no row is late.
    pub event_time: bool,
}

impl WindowEmit {
    /// Whether a window may correct what it has answered.
    pub fn produces_updates(&self) -> bool {
        self.early.is_some() || self.event_time && self.late.is_some()
    }
}

/// As EXPLAIN writes it.
impl fmt::Display for WindowEmit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (name, delay) in [("early", self.early), ("late", self.late)] {
            match delay.map(|delay| delay.0 / LabDuration::millis(1).0) {
                None => continue,
                Some(0) => write!(f, "{separator}{name} no delay")?,
                Some(millis) => write!(f, "{separator}{name} delay {millis} millisecond")?,
            }
            separator = ", ";
        }
        Ok(())
    }
}

/// The kinds of windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowKind {
    /// TUMBLE(time, size).
    Tumble {
        /// Its length.
        size: LabDuration,
    },
    /// HOP(time, slide, size).
    Hop {
        /// From the start of one to that of the next.
        slide: LabDuration,
        /// Its length.
        size: LabDuration,
    },
    /// CUMULATE(time, step, size): those with the same start grow until they have that size.
    Cumulate {
        /// By how much they grow.
        step: LabDuration,
        /// The length of the last one.
        size: LabDuration,
    },
    /// SESSION(time, gap).
    Session {
        /// The quiet time that ends it.
        gap: LabDuration,
    },
}

/// What a query may ask of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowProperty {
    /// TUMBLE_START.
    Start,
    /// TUMBLE_END.
    End,
    /// TUMBLE_ROWTIME: the end minus one millisecond, as a time attribute.
    Rowtime,
    /// TUMBLE_PROCTIME.
    Proctime,
}

impl WindowProperty {
    /// Flink's name of its column.
    pub fn column(self) -> &'static str {
        match self {
            Self::Start => "w$start",
            Self::End => "w$end",
            Self::Rowtime => "w$rowtime",
            Self::Proctime => "w$proctime",
        }
    }
}

/// The columns of a relation that say which window a row is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowColumns {
    /// The kind of the windows.
    pub kind: WindowKind,
    /// By how much their starts are off those that count from the epoch.
    pub offset: LabDuration,
    /// The type of the time that they follow.
    pub time: LogicalType,
    /// window_start, by whatever names.
    pub starts: Vec<usize>,
    /// window_end.
    pub ends: Vec<usize>,
    /// window_time.
    pub times: Vec<usize>,
}

impl WindowColumns {
    /// The same windows where column `c` is now at each of `places(c)`.
    pub fn moved(&self, places: &impl Fn(usize) -> Vec<usize>) -> Option<Self> {
        let moved = |columns: &[usize]| columns.iter().flat_map(|c| places(*c)).collect::<Vec<_>>();
        let (starts, ends) = (moved(&self.starts), moved(&self.ends));
        let whole = !starts.is_empty() && !ends.is_empty();
        whole.then(|| Self { starts, ends, times: moved(&self.times), ..self.clone() })
    }

    /// Whether these columns hold the start and the end, which together name the window.
    pub fn are_in(&self, columns: &[usize]) -> bool {
        let any = |of: &[usize]| of.iter().any(|c| columns.contains(c));
        any(&self.starts) && any(&self.ends)
    }

    /// Whether a column says the window's start, end or time.
    pub fn has(&self, column: usize) -> bool {
        [&self.starts, &self.ends, &self.times].into_iter().any(|of| of.contains(&column))
    }
}

impl Rel {
    /// The windows that its rows are in.
    pub fn window_columns(&self) -> Option<WindowColumns> {
        match &self.node {
            Node::WindowTable(table) => {
                let width = table.input.schema.len();
                Some(WindowColumns {
                    kind: table.kind,
                    offset: table.offset,
                    time: table.input.schema.fields()[table.time].data_type.logical.clone(),
                    starts: vec![width],
                    ends: vec![width + 1],
                    times: vec![width + 2],
                })
            }
            Node::Project { input, exprs } => input.window_columns()?.moved(&|column| {
                let kept = exprs.iter().enumerate().filter(|(_, e)| e.as_column() == Some(column));
                kept.map(|(place, _)| place).collect()
            }),
            Node::Expand { input, projects } => input.window_columns()?.moved(&|column| {
                let kept = |place: &usize| {
                    projects.iter().all(|exprs| exprs[*place].as_column() == Some(column))
                };
                (0..self.schema.len()).filter(kept).collect()
            }),
            Node::Filter { input, .. } => input.window_columns(),
            Node::Subqueries(subqueries) => subqueries.joined.window_columns(),
            Node::Over(over) => over.input.window_columns(),
            Node::Aggregate(aggregate) => {
                let windows = aggregate.input.window_columns()?;
                windows.moved(&|column| {
                    let group = aggregate.group.iter().enumerate();
                    group.filter(|(_, g)| **g == column).map(|(place, _)| place).collect()
                })
            }
            _ => None,
        }
    }
}
