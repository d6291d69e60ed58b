//! Variances in groups are made of sums and counts; beside them so are averages and sums.
//!
//! As Calcite's `AggregateReduceFunctionsRule` in Flink's planner, whose sum of squares knows nothing of a FILTER
//! (`reduceStddev` in Calcite 1.32): with one, a variance is that of no numbers, in Flink and here.

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
        if !node.calls.iter().any(|call| Variance::of(call).is_some()) {
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
    /// What it reads; of grouping sets, what becomes several rows for them.
    base: &'a Rel,
    /// The columns of that and squares of them.
    input: Vec<Expr>,
    calls: Vec<AggregateCall>,
}

impl<'a> Building<'a> {
    fn over(node: &'a Aggregate) -> Self {
        let base = match &node.input.node {
            Node::Expand { input, .. } => input,
            _ => &node.input,
        };
        Self { node, base, input: columns(&base.schema), calls: Vec::new() }
    }

    /// What a call comes to, over the columns of the reduced aggregate.
    fn value(&mut self, of: &AggregateCall) -> Result<Expr> {
        let [argument] = of.call.arguments.as_slice() else { return Ok(self.known(of.clone())) };
        let logical = of.call.data_type.logical.clone();
        match (of.call.function.name, Variance::of(of)) {
            ("SUM", _) => {
                let sum = self.call("$SUM0", argument, of, Some(&of.name))?;
                let count = self.call("COUNT", argument, of, None)?;
                let none = call("=", vec![count, Expr::constant(Value::Int(0))])?;
                Expr::case(vec![(none, Expr::null(logical))], Some(sum))
            }
            ("AVG", _) => {
                let sum = as_result(self.call("SUM", argument, of, None)?, &logical)?;
                let count = self.call("COUNT", argument, of, None)?;
                call("/", vec![sum, count])
            }
            (_, Some(variance)) => self.variance(argument, of, &variance),
            _ => Ok(self.known(of.clone())),
        }
    }

    fn variance(
        &mut self,
        argument: &Expr,
        of: &AggregateCall,
        variance: &Variance,
    ) -> Result<Expr> {
        let logical = &of.call.data_type.logical;
        let whole = as_result(argument.clone(), logical)?;
        let square = self.column(call("*", vec![whole.clone(), whole])?);
        let mut unfiltered = of.clone();
        unfiltered.call.filter = None;
        let squares = self.call("SUM", &square, &unfiltered, None)?;
        let sum = as_result(self.call("SUM", argument, of, None)?, logical)?;
        let count = self.call("COUNT", argument, of, None)?;
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

    /// A call over the same rows as another.
    fn call(
        &mut self,
        name: &str,
        argument: &Expr,
        rows: &AggregateCall,
        named: Option<&str>,
    ) -> Result<Expr> {
        let of_all = self.node.group.is_empty();
        let (argument, filter) = (vec![argument.clone()], rows.call.filter.clone());
        let call = aggregate::aggregate(name, argument, rows.call.distinct, filter, of_all)?;
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
        let Self { node, base, input: exprs, calls } = self;
        let width = base.schema.len();
        let squares = exprs[width..].iter().zip(width..);
        let squares =
            squares.map(|(square, n)| Field::new(format!("$f{n}"), square.data_type.clone()));
        let squares: Vec<Field> = squares.collect();
        let schema = with_squares(&base.schema, width, &squares);
        let project = Node::Project { input: Box::new(base.clone()), exprs };
        let mut input = Rel { node: project, schema };
        let mut group = node.group.clone();
        if let Node::Expand { projects, .. } = &node.input.node {
            let squared = &columns(&input.schema)[width..];
            let project = |row: &Vec<Expr>| [&row[..width], squared, &row[width..]].concat();
            let projects = projects.iter().map(project).collect();
            let schema = with_squares(&node.input.schema, width, &squares);
            input = Rel { node: Node::Expand { input: Box::new(input), projects }, schema };
            // The id of the set stands behind the squares.
            group.iter_mut().filter(|key| **key >= width).for_each(|key| *key += squares.len());
        }
        Aggregate { input: Box::new(input), group, calls, window: node.window.clone() }
    }
}

/// The columns of a schema with the squares behind the first of them.
fn with_squares(schema: &Schema, width: usize, squares: &[Field]) -> Schema {
    let (before, behind) = schema.fields().split_at(width);
    Schema::new([before, squares, behind].concat())
}

/// A sum in the type of the result, where that has more digits.
fn as_result(sum: Expr, logical: &LogicalType) -> Result<Expr> {
    match logical {
        LogicalType::Decimal { .. } => sum.coerce(logical.clone()),
        _ => Ok(sum),
    }
}
