//! What OVER computes: SUM, AVG and the variances are made of sums that are 0 without rows, and counts.
//!
//! Source: `RexBuilder.makeOver` and `AvgVarianceConvertlet` of Calcite 1.32.

use crate::base::Result;
use crate::data::{DataType, LogicalType, Value};
use crate::expr::aggregate;
use crate::expr::{Expr, call};
use crate::sql::bound::{OverCall, OverFunction};

/// The calls that a call is made of, and the value over their results.
pub(crate) struct Parts {
    /// Their arguments may be more than columns.
    pub calls: Vec<OverCall>,
    /// Over the results, by position.
    pub value: Expr,
}

impl Parts {
    /// Of a call; most are made of themselves.
    pub fn of(over: &OverCall) -> Result<Self> {
        let OverFunction::Aggregate(call) = &over.function else { return Ok(Self::whole(over)) };
        let [argument] = call.arguments.as_slice() else { return Ok(Self::whole(over)) };
        let mut parts = Building { calls: Vec::new(), distinct: call.distinct };
        let value = match call.function.name {
            "SUM" => parts.sum(argument)?,
            "AVG" => parts.average(argument)?,
            "VAR_POP" => parts.variance(argument, true)?,
            "VAR_SAMP" | "VARIANCE" => parts.variance(argument, false)?,
            "STDDEV_POP" => root(parts.variance(argument, true)?)?,
            "STDDEV_SAMP" | "STDDEV" => root(parts.variance(argument, false)?)?,
            _ => return Ok(Self::whole(over)),
        };
        Ok(Self { calls: parts.calls, value: value.coerce(over.data_type.logical.clone())? })
    }

    fn whole(over: &OverCall) -> Self {
        Self { calls: vec![over.clone()], value: Expr::column(0, over.data_type.clone()) }
    }
}

struct Building {
    calls: Vec<OverCall>,
    distinct: bool,
}

impl Building {
    /// The result of a call, which is there once.
    fn call(&mut self, name: &str, argument: &Expr) -> Result<Expr> {
        let call = aggregate::aggregate(name, vec![argument.clone()], self.distinct, None, false)?;
        let data_type = call.data_type.clone();
        let over =
            OverCall { function: OverFunction::Aggregate(call), data_type: data_type.clone() };
        let place = self.calls.iter().position(|known| *known == over).unwrap_or_else(|| {
            self.calls.push(over);
            self.calls.len() - 1
        });
        Ok(Expr::column(place, data_type))
    }

    /// The sum, or NULL if there is nothing to sum up.
    fn sum(&mut self, argument: &Expr) -> Result<Expr> {
        let count = self.call("COUNT", argument)?;
        let sum = self.call("$SUM0", argument)?;
        let some = call(">", vec![count, Expr::constant(Value::BigInt(0))])?;
        let null = Expr::null(sum.data_type.logical.clone());
        Expr::case(vec![(some, sum)], Some(null))
    }

    fn average(&mut self, argument: &Expr) -> Result<Expr> {
        let sum = self.sum(argument)?;
        let count = self.call("COUNT", argument)?;
        call("/", vec![sum, count])
    }

    fn variance(&mut self, argument: &Expr, of_all: bool) -> Result<Expr> {
        let logical = argument.data_type.logical.clone();
        let square = call("*", vec![argument.clone(), argument.clone()])?;
        let squares = self.sum(&square.coerce(logical.clone())?)?;
        let sum = self.sum(argument)?;
        let count = self.call("COUNT", argument)?.cast(logical.clone())?;
        let mean = call("/", vec![call("*", vec![sum.clone(), sum])?, count.clone()])?;
        let rest = call("-", vec![squares, mean])?;
        let degrees = match of_all {
            true => count,
            false => {
                let one = Expr::constant(Value::BigInt(1)).cast(logical.clone())?;
                let alone = call("=", vec![count.clone(), one.clone()])?;
                let less = call("-", vec![count, one])?;
                Expr::case(vec![(alone, Expr::null(logical))], Some(less))?
            }
        };
        call("/", vec![rest, degrees])
    }
}

/// The square root of a variance.
pub(crate) fn root(variance: Expr) -> Result<Expr> {
    let half = DataType::not_null(LogicalType::Decimal { precision: 2, scale: 1 });
    call("POWER", vec![variance, Expr::literal(Value::Decimal(5, 1), half)])
}
