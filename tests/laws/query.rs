//! Queries and inputs, made at random, whose results no schedule can change.
//!
//! A query is a tree of relations with typed columns `c0`, `c1`, ..; each relation is a SELECT over
//! the text of its inputs. Everything that would depend on the order of arrival is left out: limits
//! sort by all columns, so that rows that tie are equal.

mod timed;

use std::fmt;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;

use timed::Timed;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Int,
    Text,
}

/// One row of an input table: a key, a number, a word; each may be NULL.
pub type InputRow = (Option<i32>, Option<i32>, Option<String>);

/// Two input tables, one of events, and a query over them.
#[derive(Clone)]
pub struct Case {
    pub tables: [Vec<InputRow>; 2],
    pub events: u8,
    pub query: Rel,
}

/// A relation. Columns are chosen by an [`Index`] into those of the right type, so that a smaller
/// query is still a query.
#[derive(Clone, Debug)]
pub enum Rel {
    Table(usize),
    Timed(Timed),
    Filter(Box<Rel>, Predicate),
    Project(Box<Rel>, Vec<Scalar>),
    Group { input: Box<Rel>, keys: Vec<Index>, calls: Vec<Call>, at_least: Option<i32> },
    Distinct(Box<Rel>),
    Union { all: bool, left: Box<Rel>, right: Box<Rel> },
    Difference { word: &'static str, left: Box<Rel>, right: Box<Rel> },
    Join { word: &'static str, left: Box<Rel>, right: Box<Rel>, on: [Index; 2], below: Option<i32> },
    In { not: bool, left: Box<Rel>, right: Box<Rel>, on: [Index; 2] },
    First { input: Box<Rel>, rows: u8 },
    FirstOfKey { input: Box<Rel>, key: Index, rows: u8 },
}

#[derive(Clone, Debug)]
pub enum Predicate {
    Compare(Index, &'static str, i32),
    Null { column: Index, not: bool },
    Like(Index, &'static str),
    Both(Box<Predicate>, Box<Predicate>),
    Either(Box<Predicate>, Box<Predicate>),
}

#[derive(Clone, Debug)]
pub enum Scalar {
    Int(Index),
    Text(Index),
    Plus(Index, Index),
    Modulo(Index, i32),
    Upper(Index),
    Length(Index),
    IfNull(Index, i32),
    Case(Index, i32),
}

#[derive(Clone, Debug)]
pub struct Call {
    pub function: &'static str,
    pub column: Index,
    pub distinct: bool,
    pub filter: Option<i32>,
}

/// Cases.
pub fn cases() -> impl Strategy<Value = Case> {
    ([rows(), rows()], 1..40u8, relations()).prop_map(|(tables, events, query)| Case {
        tables,
        events,
        query,
    })
}

fn rows() -> impl Strategy<Value = Vec<InputRow>> {
    let word = prop::sample::select(vec!["a", "b", "ab", "Ba", ""]).prop_map(str::to_owned);
    vec((option::weighted(0.85, 0..5), option::weighted(0.9, -3..9), option::of(word)), 1..24)
}

fn relations() -> impl Strategy<Value = Rel> {
    let leaf = prop_oneof![
        3 => (0..2usize).prop_map(Rel::Table),
        1 => timed::relations().prop_map(Rel::Timed),
    ];
    leaf.prop_recursive(4, 12, 2, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        let index = any::<Index>;
        prop_oneof![
            (one(), predicates()).prop_map(|(input, by)| Rel::Filter(input, by)),
            (one(), vec(scalars(), 1..4)).prop_map(|(input, of)| Rel::Project(input, of)),
            (one(), vec(index(), 0..3), vec(calls(), 1..4), option::weighted(0.3, 0..4)).prop_map(
                |(input, keys, calls, at_least)| Rel::Group { input, keys, calls, at_least }
            ),
            one().prop_map(Rel::Distinct),
            (any::<bool>(), one(), one()).prop_map(|(all, left, right)| Rel::Union {
                all,
                left,
                right
            }),
            (
                prop::sample::select(&["INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL"][..]),
                one(),
                one()
            )
                .prop_map(|(word, left, right)| Rel::Difference { word, left, right }),
            (
                prop::sample::select(&["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"][..]),
                one(),
                one(),
                [index(), index()],
                option::weighted(0.3, 0..6),
            )
                .prop_map(|(word, left, right, on, below)| Rel::Join {
                    word,
                    left,
                    right,
                    on,
                    below
                }),
            (any::<bool>(), one(), one(), [index(), index()])
                .prop_map(|(not, left, right, on)| Rel::In { not, left, right, on }),
            (one(), 1..6u8).prop_map(|(input, rows)| Rel::First { input, rows }),
            (one(), index(), 1..4u8).prop_map(|(input, key, rows)| Rel::FirstOfKey {
                input,
                key,
                rows
            }),
        ]
    })
}

fn predicates() -> impl Strategy<Value = Predicate> {
    let index = any::<Index>;
    let operators = prop::sample::select(&["=", "<>", "<", ">="][..]);
    let leaf = prop_oneof![
        (index(), operators, -2..8).prop_map(|(column, op, to)| Predicate::Compare(column, op, to)),
        (index(), any::<bool>()).prop_map(|(column, not)| Predicate::Null { column, not }),
        (index(), prop::sample::select(&["a%", "%b", "_"][..]))
            .prop_map(|(column, pattern)| Predicate::Like(column, pattern)),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        prop_oneof![
            (one(), one()).prop_map(|(a, b)| Predicate::Both(a, b)),
            (one(), one()).prop_map(|(a, b)| Predicate::Either(a, b)),
        ]
    })
}

fn scalars() -> impl Strategy<Value = Scalar> {
    let index = any::<Index>;
    prop_oneof![
        3 => index().prop_map(Scalar::Int),
        2 => index().prop_map(Scalar::Text),
        1 => (index(), index()).prop_map(|(a, b)| Scalar::Plus(a, b)),
        1 => (index(), 2..5).prop_map(|(a, by)| Scalar::Modulo(a, by)),
        1 => index().prop_map(Scalar::Upper),
        1 => index().prop_map(Scalar::Length),
        1 => (index(), 0..3).prop_map(|(a, other)| Scalar::IfNull(a, other)),
        1 => (index(), 0..5).prop_map(|(a, above)| Scalar::Case(a, above)),
    ]
}

fn calls() -> impl Strategy<Value = Call> {
    let functions = prop::sample::select(&["COUNT", "SUM", "MIN", "MAX", "AVG"][..]);
    (functions, any::<Index>(), prop::bool::weighted(0.2), option::weighted(0.2, 0..5)).prop_map(
        |(function, column, distinct, filter)| Call { function, column, distinct, filter },
    )
}

/// A relation as text, with the types of its columns.
struct Text {
    sql: String,
    types: Vec<Type>,
}

impl Text {
    /// The columns of a type; a constant if there is none.
    fn of(&self, of: Type) -> Vec<String> {
        let columns = (0..self.types.len()).filter(|column| self.types[*column] == of);
        let mut columns: Vec<String> = columns.map(|column| format!("c{column}")).collect();
        if columns.is_empty() {
            columns.push(if of == Type::Int { "1" } else { "'a'" }.to_owned());
        }
        columns
    }

    /// The chosen one of them.
    fn column(&self, of: Type, index: Index) -> String {
        index.get(&self.of(of)).clone()
    }

    fn any(&self, index: Index) -> usize {
        index.index(self.types.len())
    }

    /// All columns with the prefix of an alias.
    fn all(&self, alias: &str) -> Vec<String> {
        (0..self.types.len()).map(|column| format!("{alias}c{column}")).collect()
    }
}

impl Rel {
    fn text(&self) -> Text {
        match self {
            Self::Table(table) => Text {
                sql: format!("SELECT k AS c0, v AS c1, s AS c2 FROM t{table}"),
                types: vec![Type::Int, Type::Int, Type::Text],
            },
            Self::Timed(timed) => timed.text(),
            Self::Filter(input, predicate) => filter(&input.text(), predicate),
            Self::Project(input, scalars) => project(&input.text(), scalars),
            Self::Group { input, keys, calls, at_least } => {
                group(&input.text(), keys, calls, *at_least)
            }
            Self::Distinct(input) => {
                let Text { sql, types } = input.text();
                Text { sql: format!("SELECT DISTINCT * FROM ({sql})"), types }
            }
            Self::Union { all, left, right } => {
                set(if *all { "UNION ALL" } else { "UNION" }, &left.text(), &right.text())
            }
            Self::Difference { word, left, right } => set(word, &left.text(), &right.text()),
            Self::Join { word, left, right, on, below } => {
                join(word, &left.text(), &right.text(), *on, *below)
            }
            Self::In { not, left, right, on } => within(*not, &left.text(), &right.text(), *on),
            Self::First { input, rows } => {
                let input = input.text();
                let order = input.all("").join(", ");
                let sql = format!("SELECT * FROM ({}) ORDER BY {order} LIMIT {rows}", input.sql);
                Text { sql: format!("SELECT * FROM ({sql})"), ..input }
            }
            Self::FirstOfKey { input, key, rows } => first_of_key(&input.text(), *key, *rows),
        }
    }
}

fn filter(input: &Text, predicate: &Predicate) -> Text {
    let sql = format!("SELECT * FROM ({}) WHERE {}", input.sql, condition(input, predicate));
    Text { sql, types: input.types.clone() }
}

fn condition(input: &Text, predicate: &Predicate) -> String {
    match predicate {
        Predicate::Compare(column, op, to) => {
            format!("{} {op} {to}", input.column(Type::Int, *column))
        }
        Predicate::Null { column, not } => {
            format!("c{} IS {}NULL", input.any(*column), if *not { "NOT " } else { "" })
        }
        Predicate::Like(column, pattern) => {
            format!("{} LIKE '{pattern}'", input.column(Type::Text, *column))
        }
        Predicate::Both(a, b) => format!("({} AND {})", condition(input, a), condition(input, b)),
        Predicate::Either(a, b) => format!("({} OR {})", condition(input, a), condition(input, b)),
    }
}

fn project(input: &Text, scalars: &[Scalar]) -> Text {
    let mut types = Vec::new();
    let mut columns = Vec::new();
    for (position, scalar) in scalars.iter().enumerate() {
        let (sql, of) = expression(input, scalar);
        columns.push(format!("{sql} AS c{position}"));
        types.push(of);
    }
    Text { sql: format!("SELECT {} FROM ({})", columns.join(", "), input.sql), types }
}

fn expression(input: &Text, scalar: &Scalar) -> (String, Type) {
    let int = |index: &Index| input.column(Type::Int, *index);
    let text = |index: &Index| input.column(Type::Text, *index);
    let sql = match scalar {
        Scalar::Text(a) => return (text(a), Type::Text),
        Scalar::Upper(a) => return (format!("UPPER({})", text(a)), Type::Text),
        Scalar::Int(a) => int(a),
        Scalar::Plus(a, b) => format!("{} + {}", int(a), int(b)),
        Scalar::Modulo(a, by) => format!("MOD({}, {by})", int(a)),
        Scalar::Length(a) => format!("CHAR_LENGTH({})", text(a)),
        Scalar::IfNull(a, other) => format!("COALESCE({}, {other})", int(a)),
        Scalar::Case(a, above) => format!("CASE WHEN {} > {above} THEN 1 ELSE 0 END", int(a)),
    };
    // One type for all numbers, so that set operations fit.
    (format!("CAST({sql} AS BIGINT)"), Type::Int)
}

fn group(input: &Text, keys: &[Index], calls: &[Call], at_least: Option<i32>) -> Text {
    let mut keys: Vec<usize> = keys.iter().map(|key| input.any(*key)).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut types: Vec<Type> = keys.iter().map(|key| input.types[*key]).collect();
    let mut columns: Vec<String> = keys.iter().map(|key| format!("c{key}")).collect();
    let grouped = columns.join(", ");
    for call in calls {
        columns.push(call_text(call, input));
        types.push(Type::Int);
    }
    let columns: Vec<String> =
        columns.iter().enumerate().map(|(at, sql)| format!("{sql} AS c{at}")).collect();
    let mut sql = format!("SELECT {} FROM ({})", columns.join(", "), input.sql);
    if !keys.is_empty() {
        sql += &format!(" GROUP BY {grouped}");
    }
    // Of no rows at all a batch answers one row and a stream none, in Flink as well.
    let at_least = if keys.is_empty() { Some(at_least.unwrap_or(1).max(1)) } else { at_least };
    if let Some(rows) = at_least {
        sql += &format!(" HAVING COUNT(*) >= {rows}");
    }
    Text { sql, types }
}

fn call_text(call: &Call, input: &Text) -> String {
    let column = input.column(Type::Int, call.column);
    let distinct = if call.distinct { "DISTINCT " } else { "" };
    let filter = match call.filter {
        Some(above) => format!(" FILTER (WHERE {column} > {above})"),
        None => String::new(),
    };
    format!("CAST({}({distinct}{column}){filter} AS BIGINT)", call.function)
}

/// One number and one word of each side: set operations need equal columns.
fn set(word: &str, left: &Text, right: &Text) -> Text {
    let side = |of: &Text| {
        let (int, text) = (&of.of(Type::Int)[0], &of.of(Type::Text)[0]);
        format!(
            "SELECT CAST({int} AS BIGINT) AS c0, CAST({text} AS STRING) AS c1 FROM ({})",
            of.sql
        )
    };
    let sql = format!("SELECT * FROM ({} {word} {})", side(left), side(right));
    Text { sql, types: vec![Type::Int, Type::Text] }
}

fn join(word: &str, left: &Text, right: &Text, on: [Index; 2], below: Option<i32>) -> Text {
    let key = |side: &Text, alias: &str, index| match side.column(Type::Int, index) {
        column if column.starts_with('c') => format!("{alias}{column}"),
        constant => constant,
    };
    let (a, b) = (key(left, "l.", on[0]), key(right, "r.", on[1]));
    let residual = below.map_or(String::new(), |below| format!(" AND {a} + {b} < {below}"));
    let columns: Vec<String> = left
        .all("l.")
        .into_iter()
        .chain(right.all("r."))
        .enumerate()
        .map(|(at, column)| format!("{column} AS c{at}"))
        .collect();
    let sql = format!(
        "SELECT {} FROM ({}) AS l {word} ({}) AS r ON {a} = {b}{residual}",
        columns.join(", "),
        left.sql,
        right.sql
    );
    Text { sql, types: left.types.iter().chain(&right.types).copied().collect() }
}

fn within(not: bool, left: &Text, right: &Text, on: [Index; 2]) -> Text {
    let (a, b) = (left.column(Type::Int, on[0]), right.column(Type::Int, on[1]));
    let not = if not { "NOT " } else { "" };
    let sql =
        format!("SELECT * FROM ({}) WHERE {a} {not}IN (SELECT {b} FROM ({}))", left.sql, right.sql);
    Text { sql, types: left.types.clone() }
}

fn first_of_key(input: &Text, key: Index, rows: u8) -> Text {
    let (columns, key) = (input.all("").join(", "), input.any(key));
    let numbered = format!(
        "SELECT {columns}, ROW_NUMBER() OVER (PARTITION BY c{key} ORDER BY {columns}) AS place \
         FROM ({})",
        input.sql
    );
    let sql = format!("SELECT {columns} FROM ({numbered}) WHERE place <= {rows}");
    Text { sql, types: input.types.clone() }
}

impl Case {
    /// The statements that make the tables; events come at this pace.
    pub fn tables(&self, rows_per_second: u32) -> Vec<String> {
        let or_null = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
        let row = |(k, v, s): &InputRow| {
            let (k, v) = (k.map(|k| k.to_string()), v.map(|v| v.to_string()));
            let s = s.as_ref().map(|s| format!("'{s}'"));
            format!(
                "(CAST({} AS INT), CAST({} AS INT), CAST({} AS STRING))",
                or_null(k),
                or_null(v),
                or_null(s)
            )
        };
        let table = |(at, rows): (usize, &Vec<InputRow>)| {
            let rows: Vec<String> = rows.iter().map(row).collect();
            format!(
                "CREATE TEMPORARY VIEW t{at} AS SELECT * FROM (VALUES\n  {}\n) AS x(k, v, s)",
                rows.join(",\n  ")
            )
        };
        let tables = self.tables.iter().enumerate().map(table);
        tables.chain([timed::table(self.events, rows_per_second)]).collect()
    }

    /// The query.
    pub fn query(&self) -> String {
        self.query.text().sql
    }
}

/// As a script that can be run as it is.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tables(10).iter().try_for_each(|table| write!(f, "\n{table};\n"))?;
        writeln!(f, "{};", self.query())
    }
}
