//! Lookup joins as tables: rows in, rows out, over a table of rows that are known.

use std::sync::Arc;

use arrow::array::ArrayRef;

use super::*;
use crate::base::LabTime;
use crate::data::{Row, Value, rows_to_batch, value_at};
use crate::expr::call;
use crate::operators::harness::{check, check_told, schema};

/// Rows by their first column, which is asked for.
#[derive(Clone)]
struct Known {
    columns: Schema,
    rows: Vec<Row>,
}

impl Lookup for Known {
    fn look_up(&mut self, keys: &[ArrayRef], _now: LabTime) -> Result<Found> {
        let key_type = &self.columns.fields()[0].data_type;
        let mut found = (Vec::new(), Vec::new());
        for key in 0..keys[0].len() {
            let asked = value_at(&keys[0], key_type, key);
            assert_ne!(asked, Value::Null, "nobody asks for NULL");
            let answers = self.rows.iter().filter(|row| row.fields[0] == asked);
            for row in answers {
                found.0.push(row.clone());
                found.1.push(key as u32);
            }
        }
        Ok(Found { rows: rows_to_batch(&self.columns, &found.0)?, keys: found.1 })
    }
}

impl LookupFactory for Known {
    fn create(&self, _seed: u64) -> Result<Box<dyn Lookup>> {
        Ok(Box::new(self.clone()))
    }

    fn output(&self) -> &Schema {
        &self.columns
    }
}

fn left() -> Schema {
    schema("id INT, k INT")
}

/// Asks a table of fruits: key 1 has two, key 2 has one.
fn fruits(is_left: bool) -> LookupJoinFactory {
    let columns = schema("k INT, fruit STRING, n INT");
    let row = |k: i32, fruit: &str, n: i32| {
        Row::insert(vec![Value::Int(k), Value::String(fruit.into()), Value::Int(n)])
    };
    let rows = vec![row(1, "caju", 7), row(1, "umbu", 2), row(2, "jaca", 9)];
    let column = |c: usize| Expr::column(c, columns.fields()[c].data_type.clone());
    LookupJoinFactory {
        table: "fruits".into(),
        keys: vec![("k".into(), Expr::column(1, left().fields()[1].data_type.clone()))],
        filter: None,
        projection: vec![column(1), column(2)],
        condition: None,
        left: is_left,
        output: schema("id INT, k INT, fruit STRING, n INT"),
        zone: Zone::default(),
        lookup: Arc::new(Known { columns, rows }),
    }
}

#[test]
fn a_row_meets_all_answers_and_keeps_its_kind() {
    let steps = [
        ("+I 10 1\n+I 11 3\n+I 12 null", "+I 10 1 caju 7\n+I 10 1 umbu 2"),
        (
            "-U 13 2\n+U 13 1\nwatermark 5\n-D 14 2",
            "-U 13 2 jaca 9\n+U 13 1 caju 7\n+U 13 1 umbu 2\nwatermark 5\n-D 14 2 jaca 9",
        ),
    ];
    check(&fruits(false), &left(), &steps);
}

#[test]
fn in_a_left_join_a_row_without_answers_stays() {
    let steps = [(
        "+I 11 3\n+I 10 2\n-D 12 null",
        "+I 11 3 null null\n+I 10 2 jaca 9\n-D 12 null null null",
    )];
    check(&fruits(true), &left(), &steps);
}

#[test]
fn answers_are_filtered_before_and_pairs_after() -> Result<()> {
    let int = |c: usize| Expr::column(c, left().fields()[0].data_type.clone());
    let filter = call(">", vec![int(2), Expr::constant(Value::Int(5))])?;
    let some = LookupJoinFactory { filter: Some(filter), ..fruits(true) };
    let steps = [("+I 10 1\n+I 11 2", "+I 10 1 caju 7\n+I 11 2 jaca 9")];
    check(&some, &left(), &steps);

    let condition = call("<", vec![int(0), int(3)])?;
    let less = LookupJoinFactory { condition: Some(condition), ..fruits(true) };
    let steps = [("+I 5 1\n+I 8 1\n+I 8 2", "+I 5 1 caju 7\n+I 8 1 null null\n+I 8 2 jaca 9")];
    check(&less, &left(), &steps);
    Ok(())
}

#[test]
fn constants_are_asked_for_too() {
    let constant = Expr::constant(Value::Int(2));
    let factory = LookupJoinFactory { keys: vec![("k".into(), constant)], ..fruits(false) };
    check(&factory, &left(), &[("+I 1 null\n+I 2 1", "+I 1 null jaca 9\n+I 2 1 jaca 9")]);
}

#[test]
fn the_trace_tells_what_was_asked_and_found() {
    let none = Schema::new(Vec::new());
    let told = [
        "asked fruits k=1: 2 rows, k=1 fruit=caju n=7; k=1 fruit=umbu n=2",
        "asked fruits k=3: 0 rows",
    ];
    check_told(&fruits(false), [&left(), &none], "+I 10 1\n+I 11 3\n+I 12 null", &told);
}
