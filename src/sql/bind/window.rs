//! The older windows of GROUP BY: TUMBLE, HOP, SESSION, and what can be asked of them.

use sqlparser::ast::{Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr};

use super::Binder;
use super::expr::place_of;
use super::group::is_time;
use super::scope::Scope;
use crate::base::{Error, LabDuration, Result, RuntimeMode, Span};
use crate::data::{DataType, LogicalType, TimeAttribute, Value};
use crate::expr::Expr;
use crate::sql::bound::{Node, Rel, WindowEmit, WindowKind, WindowProperty};

/// A window as GROUP BY says it.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// Its kind and lengths.
    pub kind: WindowKind,
    /// Its time, over the input.
    pub time: Expr,
    /// When it answers besides at its end.
    pub emit: Option<WindowEmit>,
}

/// TUMBLE_START and its like: a property of the window that its arguments describe again.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    property: WindowProperty,
    window: Window,
    place: Option<Span>,
}

impl Asked {
    /// The property, if the query is grouped by that window.
    ///
    /// # Errors
    /// `window-not-grouped`.
    pub fn of(&self, grouped: Option<&Window>) -> Result<WindowProperty> {
        let same = |w: &&Window| w.kind == self.window.kind && w.time == self.window.time;
        match grouped.filter(same) {
            Some(_) => Ok(self.property),
            None => {
                let name = format!("{:?}", self.property).to_uppercase();
                Err(Error::new("window-not-grouped").arg("name", name).at(self.place))
            }
        }
    }

    /// The type of the property.
    pub fn data_type(&self) -> DataType {
        property_type(self.property, &Some(self.window.time.data_type.logical.clone()))
    }
}

const WINDOWS: [&str; 3] = ["TUMBLE", "HOP", "SESSION"];

const PROPERTIES: [(&str, WindowProperty); 4] = [
    ("START", WindowProperty::Start),
    ("END", WindowProperty::End),
    ("ROWTIME", WindowProperty::Rowtime),
    ("PROCTIME", WindowProperty::Proctime),
];

/// Whether a call is a window.
pub(super) fn is_window(function: &Function) -> bool {
    let name = function.name.to_string().to_uppercase();
    WINDOWS.contains(&name.as_str())
}

/// The window and the property that a name such as TUMBLE_START asks for.
fn property_of(name: &str) -> Option<(&'static str, WindowProperty)> {
    let upper = name.to_uppercase();
    let (window, property) = upper.split_once('_')?;
    let window = WINDOWS.iter().find(|w| **w == window)?;
    let (_, property) = PROPERTIES.iter().find(|(p, _)| *p == property)?;
    Some((window, *property))
}

/// The type of a property: a time attribute where it goes on to be one.
pub(super) fn property_type(property: WindowProperty, time: &Option<LogicalType>) -> DataType {
    let ltz = matches!(time, Some(LogicalType::TimestampLtz { .. }));
    let logical = |attribute| match ltz && attribute != TimeAttribute::None {
        true => LogicalType::TimestampLtz { precision: 3, attribute },
        false => LogicalType::Timestamp { precision: 3, attribute },
    };
    let streams = time.as_ref().is_some_and(|t| t.time_attribute() != TimeAttribute::None);
    match property {
        WindowProperty::Start | WindowProperty::End => {
            DataType::not_null(LogicalType::timestamp(3))
        }
        WindowProperty::Rowtime if streams => DataType::not_null(logical(TimeAttribute::Rowtime)),
        WindowProperty::Rowtime => DataType::not_null(LogicalType::timestamp(3)),
        // A window of event time has no processing time: NULL, as in Flink.
        WindowProperty::Proctime => DataType::nullable(LogicalType::TimestampLtz {
            precision: 3,
            attribute: TimeAttribute::Proctime,
        }),
    }
}

impl Binder<'_> {
    /// A window of GROUP BY.
    ///
    /// # Errors
    /// `window-arguments`, `window-time`, `window-batch-session`, and those of `table.exec.emit.*`.
    pub(super) fn window(&self, function: &Function, scope: &Scope) -> Result<Window> {
        let name = function.name.to_string().to_uppercase();
        self.window_named(&name, function, scope)
    }

    /// Batch windows of GROUP BY have no aggregates of distinct values.
    ///
    /// # Errors
    /// `window-batch-distinct`.
    pub(super) fn check_distinct_in_windows(&self, rel: &Rel) -> Result<()> {
        let Node::Aggregate(aggregate) = &rel.node else { return Ok(()) };
        if self.mode == RuntimeMode::Streaming || aggregate.window.is_none() {
            return Ok(());
        }
        match aggregate.calls.iter().find(|call| call.call.distinct) {
            Some(call) => {
                Err(Error::new("window-batch-distinct").arg("name", call.call.function.name))
            }
            None => Ok(()),
        }
    }

    /// A property of a window, if a call asks for one.
    pub(super) fn window_property(
        &self,
        function: &Function,
        scope: &Scope,
    ) -> Result<Option<Asked>> {
        let Some((window, property)) = property_of(&function.name.to_string()) else {
            return Ok(None);
        };
        let window = self.window_named(window, function, scope)?;
        let place = super::table::place_of(&function.name);
        Ok(Some(Asked { property, window, place }))
    }

    fn window_named(&self, name: &str, function: &Function, scope: &Scope) -> Result<Window> {
        let place = super::table::place_of(&function.name);
        let arguments = arguments(function).unwrap_or_default();
        let bound = arguments.iter().map(|a| self.scalar(a, scope, "GROUP BY"));
        let bound = bound.collect::<Result<Vec<_>>>()?;
        let types: Vec<String> = bound.iter().map(|e| e.data_type.logical.to_string()).collect();
        let refuse = || {
            let error = Error::new("window-arguments").arg("name", name);
            error.arg("types", types.join(", ")).at(place)
        };
        let Some((time, lengths)) = bound.split_first() else { return Err(refuse()) };
        let length = |expr: &Expr| length(expr, self.mode);
        let lengths: Option<Vec<LabDuration>> = lengths.iter().map(length).collect();
        let kind = match (name, lengths.as_deref()) {
            ("TUMBLE", Some([size])) => WindowKind::Tumble { size: *size },
            ("HOP", Some([slide, size])) => WindowKind::Hop { slide: *slide, size: *size },
            ("SESSION", Some([gap])) => WindowKind::Session { gap: *gap },
            _ => return Err(refuse()),
        };
        if !is_time(&time.data_type.logical) {
            return Err(refuse());
        }
        self.check_time(time, kind, arguments.first().and_then(|a| place_of(a)))?;
        let emit = self.emit(kind, &time.data_type.logical);
        Ok(Window { kind, time: time.clone(), emit: emit.map_err(|e| e.at(place))? })
    }

    /// When windows of a stream answer besides at their end.
    ///
    /// # Errors
    /// `window-emit`, `window-emit-lateness`, `window-emit-delay`, `window-emit-late-delay`.
    fn emit(&self, kind: WindowKind, time: &LogicalType) -> Result<Option<WindowEmit>> {
        let config = &self.environment.config;
        if !config.fires_early_or_late() || self.mode == RuntimeMode::Batch {
            return Ok(None);
        }
        if let WindowKind::Session { .. } = kind {
            return Err(Error::new("window-emit"));
        }
        let event_time = time.time_attribute() == TimeAttribute::Rowtime;
        let lateness = config.allowed_lateness();
        if event_time && config.fires("late") && lateness.0 <= 0 {
            return Err(Error::new("window-emit-lateness"));
        }
        let (early, late) = (config.fire_delay("early")?, config.fire_delay("late")?);
        match late.filter(|late| late.0 > lateness.0) {
            Some(late) => Err(Error::new("window-emit-late-delay")
                .arg("delay", late.0 / LabDuration::millis(1).0)
                .arg("lateness", lateness.0 / LabDuration::millis(1).0)),
            None => Ok(Some(WindowEmit { early, late, lateness, event_time })),
        }
    }

    /// Windows of a table function answer at their end alone, as in Flink.
    ///
    /// # Errors
    /// `window-emit`.
    pub(super) fn check_emit(&self, rel: &Rel, group_by: &GroupByExpr) -> Result<()> {
        let Node::Aggregate(aggregate) = &rel.node else { return Ok(()) };
        let asked = self.environment.config.fires_early_or_late();
        if !asked || self.mode == RuntimeMode::Batch || aggregate.window.is_some() {
            return Ok(());
        }
        let place = match group_by {
            GroupByExpr::Expressions(keys, _) => keys.first().and_then(place_of),
            GroupByExpr::All(_) => None,
        };
        match aggregate.input.window_columns().is_some_and(|w| w.are_in(&aggregate.group)) {
            true => Err(Error::new("window-emit").at(place)),
            false => Ok(()),
        }
    }

    /// In streaming mode windows follow a time attribute; SESSION is for streams alone.
    fn check_time(&self, time: &Expr, kind: WindowKind, place: Option<Span>) -> Result<()> {
        let streaming = self.mode == RuntimeMode::Streaming;
        if streaming && time.data_type.logical.time_attribute() == TimeAttribute::None {
            let error = Error::new("window-time").arg("type", &time.data_type.logical);
            return Err(error.at(place));
        }
        if !streaming && time.data_type.logical.time_attribute() == TimeAttribute::Proctime {
            return Err(Error::new("window-batch-proctime").at(place));
        }
        match !streaming && matches!(kind, WindowKind::Session { .. }) {
            true => Err(Error::new("window-batch-session").at(place)),
            false => Ok(()),
        }
    }
}

/// The length of a constant interval; windows of no length there are none, and a stream has none of
/// months. A batch takes their number for milliseconds, as Flink does.
fn length(expr: &Expr, mode: RuntimeMode) -> Option<LabDuration> {
    let millis = match expr.as_literal()? {
        Value::IntervalDayTime(millis) => *millis,
        Value::IntervalYearMonth(months) if mode == RuntimeMode::Batch => i64::from(*months),
        _ => return None,
    };
    (millis > 0).then(|| LabDuration::millis(millis))
}

fn arguments(function: &Function) -> Option<Vec<&sqlparser::ast::Expr>> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let plain = list.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    });
    plain.collect()
}
