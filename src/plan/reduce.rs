//! Variances in groups are made of sums and counts; beside them so are averages and sums.
//!
//! As Calcite's `AggregateReduceFunctionsRule` in Flink's planner. What is distinct or has a FILTER, and
//! grouping sets, stay whole.

use crate::base::Result;
use crate::data::{Field, LogicalType, Schema, Value};
use crate::expr::aggregate;
use crate::expr::{Expr, call};
use crate::plan::calc::columns;
use crate::sql::bound::{Aggregate, AggregateCall, Node, Rel};

/// An aggregate of other calls, and what its columns were.
pub(super) struct Reduced {
    pub aggregate: Aggregate,
    pub schema: Schema,
    pub exprs: Vec<Expr>,
}

impl Reduced {
    /// `None` if nothing of it is reduced.
    pub fn of(node: &Aggregate, schema: &Schema) -> Result<Option<Self>> {
        let is_plain = |call: &AggregateCall| !call.call.distinct && call.call.filter.is_none();
        let reduces = node.calls.iter().any(|call| Variance::of(call).is_some());
        let in_sets = matches!(node.input.node, Node::Expand { .. });
        if !reduces || in_sets || !node.calls.iter().all(is_plain) {
            return Ok(None);
        }
        let mut building = Building::over(node);
        let keys = &schema.fields()[..node.group.len()];
        let first_value = keys.len();
        let mut exprs = columns(&Schema::new(keys.to_vec()));
        for (call, field) in node.calls.iter().zip(&schema.fields()[first_value..]) {
            exprs.push(building.value(call)?.coerce(field.data_type.logical.clone())?);
        }
        let told = &schema.fields()[first_value + node.calls.len()..];
        let behind = first_value + building.calls.len();
        let told_now = told.iter().enumerate();
        exprs.extend(told_now.map(|(n, f)| Expr::column(behind + n, f.data_type.clone())));
        let results = building.calls.iter();
        let results = results.map(|c| Field::new(&c.name, c.call.data_type.clone()));
        let fields = keys.iter().cloned().chain(results).chain(told.iter().cloned());
        let schema = Schema::new(fields.collect());
        Ok(Some(Self { aggregate: building.aggregate(), schema, exprs }))
    }
}

/// Which one of the family.
struct Variance {
    of_all: bool,
    root: bool,
}

impl Variance {
    fn of(call: &AggregateCall) -> Option<Self> {
        let (of_all, root) = match call.call.function.name {
            "VAR_POP" => (true, false),
            "VAR_SAMP" | "VARIANCE" => (false, false),
            "STDDEV_POP" => (true, true),
            "STDDEV_SAMP" | "STDDEV" => (false, true),
            _ => return None,
        };
        Some(Self { of_all, root })
    }
}

struct Building<'a> {
    node: &'a Aggregate,
    /// The columns of the input and squares of them.
    input: Vec<Expr>,
    calls: Vec<AggregateCall>,
}

impl<'a> Building<'a> {
    fn over(node: &'a Aggregate) -> Self {
        Self { node, input: columns(&node.input.schema), calls: Vec::new() }
    }

    /// What a call comes to, over the columns of the reduced aggregate.
    fn value(&mut self, of: &AggregateCall) -> Result<Expr> {
        let [argument] = of.call.arguments.as_slice() else { return Ok(self.known(of.clone())) };
        let logical = of.call.data_type.logical.clone();
        match (of.call.function.name, Variance::of(of)) {
            ("SUM", _) => {
                let sum = self.call("$SUM0", argument.clone(), Some(&of.name))?;
                let count = self.call("COUNT", argument.clone(), None)?;
                let none = call("=", vec![count, Expr::constant(Value::Int(0))])?;
                Expr::case(vec![(none, Expr::null(logical))], Some(sum))
            }
            ("AVG", _) => {
                let sum = as_result(self.call("SUM", argument.clone(), None)?, &logical)?;
                let count = self.call("COUNT", argument.clone(), None)?;
                call("/", vec![sum, count])
            }
            (_, Some(variance)) => self.variance(argument, &logical, &variance),
            _ => Ok(self.known(of.clone())),
        }
    }

    fn variance(
        &mut self,
        argument: &Expr,
        logical: &LogicalType,
        variance: &Variance,
    ) -> Result<Expr> {
        let whole = as_result(argument.clone(), logical)?;
        let square = self.column(call("*", vec![whole.clone(), whole])?);
        let squares = self.call("SUM", square, None)?;
        let sum = as_result(self.call("SUM", argument.clone(), None)?, logical)?;
        let count = self.call("COUNT", argument.clone(), None)?;
        let mean = call("/", vec![call("*", vec![sum.clone(), sum])?, count.clone()])?;
        let rest = call("-", vec![squares, mean])?;
        let degrees = match variance.of_all {
            true => count,
            false => {
                let one = Expr::constant(Value::Int(1));
                let alone = call("=", vec![count.clone(), one.clone()])?;
                let less = call("-", vec![count, one])?;
                Expr::case(vec![(alone, Expr::null(LogicalType::BigInt))], Some(less))?
            }
        };
        let value = call("/", vec![rest, degrees])?;
        match variance.root {
            true => super::over::root(value),
            false => Ok(value),
        }
    }

    /// An expression as a column of the input.
    fn column(&mut self, expr: Expr) -> Expr {
        let data_type = expr.data_type.clone();
        let place = self.input.iter().position(|known| *known == expr).unwrap_or_else(|| {
            self.input.push(expr);
            self.input.len() - 1
        });
        Expr::column(place, data_type)
    }

    fn call(&mut self, name: &str, argument: Expr, named: Option<&str>) -> Result<Expr> {
        let of_all = self.node.group.is_empty();
        let call = aggregate::aggregate(name, vec![argument], false, None, of_all)?;
        let place = self.node.group.len() + self.calls.len();
        let name = named.map_or_else(|| format!("$f{place}"), str::to_owned);
        Ok(self.known(AggregateCall { call, name }))
    }

    /// The result of a call, which is there once.
    fn known(&mut self, of: AggregateCall) -> Expr {
        let data_type = of.call.data_type.clone();
        let place = self.calls.iter().position(|known| known.call == of.call);
        let place = place.unwrap_or_else(|| {
            self.calls.push(of);
            self.calls.len() - 1
        });
        Expr::column(self.node.group.len() + place, data_type)
    }

    fn aggregate(self) -> Aggregate {
        let Self { node, input: exprs, calls } = self;
        let fields =
            exprs.iter().enumerate().map(|(n, expr)| match node.input.schema.fields().get(n) {
                Some(field) => field.clone(),
                None => Field::new(format!("$f{n}"), expr.data_type.clone()),
            });
        let schema = Schema::new(fields.collect());
        let input = Rel { node: Node::Project { input: node.input.clone(), exprs }, schema };
        Aggregate { input: Box::new(input), calls, ..node.clone() }
    }
}

/// A sum in the type of the result, where that has more digits.
fn as_result(sum: Expr, logical: &LogicalType) -> Result<Expr> {
    match logical {
        LogicalType::Decimal { .. } => sum.coerce(logical.clone()),
        _ => Ok(sum),
    }
}
