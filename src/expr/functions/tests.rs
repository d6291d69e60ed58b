//! Calls as a running Flink answers them: results of constants, and of columns.

use crate::base::LabTime;
use crate::data::print::cell;
use crate::data::zone::Zone;
use crate::data::{Batch, DataType, Field, LogicalType, Row, Schema, Value, rows_to_batch};
use crate::expr::{EvalContext, Expr, call};

fn text(text: &str) -> Expr {
    Expr::constant(text.into())
}

fn int(value: i32) -> Expr {
    Expr::constant(Value::Int(value))
}

fn big(value: i64) -> Expr {
    Expr::constant(Value::BigInt(value))
}

fn double(value: f64) -> Expr {
    Expr::constant(Value::Double(value))
}

fn boolean(value: bool) -> Expr {
    Expr::constant(Value::Boolean(value))
}

fn null() -> Expr {
    Expr::null(LogicalType::Null)
}

/// A decimal literal with the digits that it is written with.
fn decimal(digits: &str) -> Expr {
    let (unscaled, scale) = crate::expr::cast::parse_decimal(digits).unwrap();
    let precision = digits.trim_start_matches('-').replace('.', "").trim_start_matches('0').len();
    let precision = (precision as u8).max(scale).max(1);
    let logical = LogicalType::Decimal { precision, scale };
    Expr::literal(Value::Decimal(unscaled, scale), DataType::not_null(logical))
}

fn cast(text: &str, logical: LogicalType) -> Expr {
    self::text(text).cast(logical).unwrap()
}

fn ts(text: &str) -> Expr {
    cast(text, LogicalType::timestamp(if text.contains('.') { 3 } else { 0 }))
}

fn date(text: &str) -> Expr {
    cast(text, LogicalType::Date)
}

fn context() -> EvalContext {
    EvalContext::at(LabTime::from_millis(1_704_067_200_123), Zone::default())
}

/// The result as a cell, or the code of the refusal.
fn answer(name: &str, arguments: Vec<Expr>) -> String {
    match call(name, arguments) {
        Ok(expr) => shown(&expr),
        Err(error) => error.code().to_owned(),
    }
}

fn shown(expr: &Expr) -> String {
    match expr.evaluate_constant(&context()) {
        Ok(value) => cell(&value, &expr.data_type, &Zone::default()),
        Err(error) => error.code().to_owned(),
    }
}

fn check(cases: Vec<(&str, Vec<Expr>, &str)>) {
    for (name, arguments, expected) in cases {
        let shown: Vec<String> = arguments.iter().map(Expr::to_string).collect();
        assert_eq!(answer(name, arguments), expected, "{name}({})", shown.join(", "));
    }
}

#[test]
fn numbers() {
    check(vec![
        ("+", vec![int(i32::MAX), int(1)], "-2147483648"),
        ("*", vec![int(i32::MAX), int(2)], "-2"),
        ("/", vec![int(-7), int(2)], "-3"),
        ("/", vec![int(1), int(0)], "division-by-zero"),
        ("/", vec![decimal("1.0"), int(0)], "division-by-zero"),
        ("%", vec![int(-7), int(3)], "-1"),
        ("MOD", vec![int(7), int(-3)], "1"),
        ("MOD", vec![big(7), int(3)], "1"),
        ("+", vec![int(1), null()], "<NULL>"),
        ("+", vec![decimal("1.10"), decimal("2.205")], "3.305"),
        ("-", vec![decimal("1.1"), decimal("2.25")], "-1.15"),
        ("*", vec![decimal("1.10"), decimal("2.205")], "2.42550"),
        ("/", vec![decimal("10.0"), int(4)], "2.500000000000"),
        ("/", vec![decimal("1.00"), int(3)], "0.3333333333333"),
        ("/", vec![int(5), decimal("2.0")], "2.500000"),
        ("/", vec![int(5), double(2.0)], "2.5"),
        ("NEGATE", vec![decimal("1.5")], "-1.5"),
        ("+", vec![int(1), text("2")], "function-arguments"),
        ("ABS", vec![int(-5)], "5"),
        ("SIGN", vec![decimal("2.5")], "1.0"),
        ("SIGN", vec![double(-2.0)], "-1.0"),
        ("CEIL", vec![decimal("1.2")], "2"),
        ("CEIL", vec![decimal("-1.2")], "-1"),
        ("FLOOR", vec![decimal("-1.2")], "-2"),
        ("CEILING", vec![int(3)], "3"),
        ("FLOOR", vec![double(2.0)], "2.0"),
        ("ROUND", vec![decimal("2.5")], "3"),
        ("ROUND", vec![decimal("-2.5")], "-3"),
        ("ROUND", vec![decimal("1.2345"), int(2)], "1.23"),
        ("ROUND", vec![int(1250), int(-2)], "1300"),
        ("ROUND", vec![double(2.5)], "3.0"),
        ("ROUND", vec![double(1.005), int(2)], "1.01"),
        ("TRUNCATE", vec![decimal("-1.999"), int(1)], "-1.9"),
        ("POWER", vec![int(2), int(-1)], "0.5"),
        ("SQRT", vec![int(-1)], "NaN"),
        ("EXP", vec![int(1)], "2.718281828459045"),
    ]);
}

#[test]
fn texts() {
    let s = |t: &str| text(t);
    check(vec![
        ("||", vec![s("a"), s("b")], "ab"),
        ("||", vec![s("n="), int(5)], "function-arguments"),
        ("CONCAT", vec![s("a"), Expr::null(LogicalType::STRING)], "<NULL>"),
        ("CONCAT_WS", vec![s("-"), s("a"), Expr::null(LogicalType::STRING), s("c")], "a-c"),
        ("UPPER", vec![s("straße")], "STRASSE"),
        ("LOWER", vec![s("ÀBC")], "àbc"),
        ("INITCAP", vec![s("o'neil mc-donald")], "O'Neil Mc-Donald"),
        ("CHAR_LENGTH", vec![s("ação")], "4"),
        ("SUBSTRING", vec![s("flink lab"), int(7)], "lab"),
        ("SUBSTRING", vec![s("flink"), int(-3)], "ink"),
        ("SUBSTRING", vec![s("flink"), int(0)], "flink"),
        ("SUBSTRING", vec![s("flink"), int(10)], ""),
        ("SUBSTR", vec![s("flink"), int(2), int(3)], "lin"),
        ("LEFT", vec![s("ab"), int(10)], "ab"),
        ("RIGHT", vec![s("flink"), int(2)], "nk"),
        ("TRIM", vec![s("  x  ")], "x"),
        ("TRIM", vec![s("LEADING"), s("0"), s("007")], "7"),
        ("TRIM", vec![s("TRAILING"), s("!"), s("oi!!")], "oi"),
        ("REPLACE", vec![s("abc"), s(""), s("x")], "xaxbxcx"),
        ("POSITION", vec![s("k"), s("flink")], "5"),
        ("INSTR", vec![s("abcabc"), s("c")], "3"),
        ("LOCATE", vec![s("b"), s("abcabc"), int(3)], "5"),
        ("LIKE", vec![s("50%"), s("50!%"), s("!")], "TRUE"),
        ("LIKE", vec![s("x"), Expr::null(LogicalType::STRING)], "<NULL>"),
        ("SPLIT_INDEX", vec![s("a,b"), s(","), int(1)], "b"),
        ("SPLIT_INDEX", vec![s("a,b"), s(","), int(2)], "<NULL>"),
        ("SPLIT_INDEX", vec![s("é//b"), s("/"), int(1)], ""),
        ("SPLIT_INDEX", vec![s("é//b"), s("/"), int(2)], "b"),
        ("SPLIT_INDEX", vec![s("é//b"), s("/"), int(0)], "é"),
        ("LPAD", vec![s("7"), int(3), s("0")], "007"),
        ("LPAD", vec![s("7"), int(i32::MAX), s("0")], "text-too-large"),
        ("REPEAT", vec![s("ab"), int(2)], "abab"),
        ("REPEAT", vec![s("ab"), int(-2)], ""),
        ("REPEAT", vec![s("ab"), int(i32::MAX)], "text-too-large"),
        ("REVERSE", vec![s("abc")], "cba"),
    ]);
}

#[test]
fn conditions() {
    let unknown = || Expr::null(LogicalType::Boolean);
    check(vec![
        ("AND", vec![boolean(false), unknown()], "FALSE"),
        ("AND", vec![boolean(true), unknown()], "<NULL>"),
        ("OR", vec![unknown(), boolean(true)], "TRUE"),
        ("NOT", vec![unknown()], "<NULL>"),
        ("IS NOT TRUE", vec![unknown()], "TRUE"),
        ("IS NULL", vec![null()], "TRUE"),
        ("=", vec![int(1), decimal("1.0")], "TRUE"),
        ("=", vec![date("2024-01-01"), text("2024-01-01")], "TRUE"),
        ("=", vec![text("1"), int(1)], "function-arguments"),
        (">", vec![int(2), text("10")], "FALSE"),
        ("<>", vec![double(f64::NAN), double(f64::NAN)], "TRUE"),
        ("=", vec![double(0.0), double(-0.0)], "TRUE"),
        ("BETWEEN", vec![int(2), int(1), int(3)], "TRUE"),
        ("IN", vec![int(2), int(1), null()], "<NULL>"),
        ("IN", vec![int(2), int(1), big(2)], "TRUE"),
        ("IS DISTINCT FROM", vec![int(1), null()], "TRUE"),
        ("IS NOT DISTINCT FROM", vec![Expr::null(LogicalType::Int), null()], "TRUE"),
        ("NULLIF", vec![text("-"), text("-")], "<NULL>"),
        ("COALESCE", vec![null(), int(3), int(4)], "3"),
        ("IF", vec![boolean(false), text("a"), text("bcd")], "bcd"),
        ("GREATEST", vec![int(1), big(3), int(2)], "3"),
    ]);
}

#[test]
fn times() {
    let day = |n: i64| Expr::constant(Value::IntervalDayTime(n * 86_400_000));
    let month = || Expr::constant(Value::IntervalYearMonth(1));
    let s = |t: &str| text(t);
    check(vec![
        ("+", vec![ts("2024-01-31 00:00:00"), month()], "2024-02-29 00:00:00"),
        ("-", vec![date("2024-03-01"), day(1)], "2024-02-29"),
        ("+", vec![day(1), date("2024-01-01")], "2024-01-02"),
        ("-", vec![date("2024-03-01"), date("2024-02-01")], "function-arguments"),
        ("DATETIME_MINUS", vec![date("2024-03-01"), date("2024-02-01")], "+29 00:00:00.000"),
        ("EXTRACT", vec![s("YEAR"), date("2024-03-05")], "2024"),
        ("EXTRACT", vec![s("SECOND"), ts("2024-03-05 14:07:09.800")], "9"),
        ("EXTRACT", vec![s("FORTNIGHT"), date("2024-03-05")], "unknown-time-unit"),
        ("FLOOR", vec![ts("2024-03-05 14:37:09"), s("HOUR")], "2024-03-05 14:00:00"),
        ("CEIL", vec![date("2024-03-05"), s("MONTH")], "2024-04-01"),
        ("TIMESTAMPADD", vec![s("MONTH"), int(1), date("2024-01-31")], "2024-02-29"),
        (
            "TIMESTAMPADD",
            vec![s("HOUR"), int(-1), ts("2024-01-01 00:30:00")],
            "2023-12-31 23:30:00",
        ),
        ("TIMESTAMPDIFF", vec![s("MONTH"), date("2024-01-31"), date("2024-02-29")], "1"),
        ("DATE_FORMAT", vec![ts("2024-03-05 14:07:09.123"), s("dd/MM/yy HH:mm")], "05/03/24 14:07"),
        ("DATE_FORMAT", vec![s("2024-03-05 14:07:09"), s("yyyyMMdd")], "20240305"),
        ("TO_TIMESTAMP", vec![s("2024-03-05 14:07:09.5")], "2024-03-05 14:07:09.500"),
        ("TO_TIMESTAMP", vec![s("05/03/2024"), s("dd/MM/yyyy")], "2024-03-05 00:00:00.000"),
        ("TO_TIMESTAMP", vec![s("nada")], "<NULL>"),
        ("TO_DATE", vec![s("05.03.2024"), s("dd.MM.yyyy")], "2024-03-05"),
        ("UNIX_TIMESTAMP", vec![s("1970-01-02 00:00:00")], "86400"),
        ("FROM_UNIXTIME", vec![int(86_400), s("yyyy/MM/dd")], "1970/01/02"),
        ("TO_TIMESTAMP_LTZ", vec![int(1500), int(3)], "1970-01-01 00:00:01.500"),
        ("CURRENT_TIMESTAMP", vec![], "2024-01-01 00:00:00.123"),
        ("CURRENT_DATE", vec![], "2024-01-01"),
    ]);
}

fn batch(rows: &[(Option<i32>, &str)]) -> (Batch, [Expr; 2]) {
    let types = [DataType::nullable(LogicalType::Int), DataType::nullable(LogicalType::STRING)];
    let schema =
        Schema::new(vec![Field::new("a", types[0].clone()), Field::new("b", types[1].clone())]);
    let row = |(a, b): &(Option<i32>, &str)| {
        Row::insert(vec![a.map_or(Value::Null, Value::Int), (*b).into()])
    };
    let rows: Vec<Row> = rows.iter().map(row).collect();
    let [a, b] = types;
    (rows_to_batch(&schema, &rows).unwrap(), [Expr::column(0, a), Expr::column(1, b)])
}

fn column(expr: &Expr, batch: &Batch) -> Vec<String> {
    let array = expr.evaluate(batch, &context()).unwrap();
    let value = |row| crate::data::value_at(&array, &expr.data_type, row);
    (0..batch.len()).map(|row| cell(&value(row), &expr.data_type, &Zone::default())).collect()
}

#[test]
fn a_branch_sees_only_its_rows() {
    let (rows, [a, _]) = batch(&[(Some(0), "x"), (Some(2), "y"), (None, "z")]);
    let not_zero = || call("<>", vec![a.clone(), int(0)]).unwrap();
    let quotient = || call("/", vec![int(10), a.clone()]).unwrap();
    let case = Expr::case(vec![(not_zero(), quotient())], Some(int(-1))).unwrap();
    assert_eq!(column(&case, &rows), ["-1", "5", "-1"]);
    let guarded = call(">", vec![quotient(), int(1)]).unwrap();
    let and = call("AND", vec![not_zero(), guarded]).unwrap();
    assert_eq!(column(&and, &rows), ["FALSE", "TRUE", "<NULL>"]);
    let coalesced = call("COALESCE", vec![a, int(7)]).unwrap();
    assert_eq!(column(&coalesced, &rows), ["0", "2", "7"]);
}

#[test]
fn constants_stand_beside_columns() {
    let (rows, [a, b]) = batch(&[(Some(1), "Rio"), (Some(2), "Recife")]);
    let modulo = call("MOD", vec![a.clone(), int(2)]).unwrap();
    assert_eq!(column(&modulo, &rows), ["1", "0"]);
    let like = call("LIKE", vec![b.clone(), text("R_o")]).unwrap();
    assert_eq!(column(&like, &rows), ["TRUE", "FALSE"]);
    let between = call("BETWEEN", vec![int(2), a, int(3)]).unwrap();
    assert_eq!(column(&between, &rows), ["TRUE", "TRUE"]);
    assert_eq!(column(&int(5), &rows), ["5", "5"]);
    let concat = call("||", vec![b, text("!")]).unwrap();
    assert_eq!(column(&concat, &rows), ["Rio!", "Recife!"]);
}

/// A chain of thirty thousand operators is built, evaluated, printed, compared and dropped in the
/// stack of a test thread.
#[test]
fn long_chains_do_not_overflow() {
    let (rows, [a, _]) = batch(&[(Some(1), "")]);
    let chain = |name: &str, first: Expr, next: Expr| {
        (0..30_000).fold(first, |sum, _| call(name, vec![sum, next.clone()]).unwrap())
    };
    let sum = chain("+", a.clone(), int(1));
    assert_eq!(column(&sum, &rows), ["30001"]);
    assert!(sum.to_string().ends_with("+ 1)"));
    assert_eq!(sum.map_columns(&|index| index), sum);
    let test = call("=", vec![a, int(1)]).unwrap();
    let all = chain("AND", test.clone(), test);
    assert_eq!(column(&all, &rows), ["TRUE"]);
    assert_eq!(all.conjuncts().len(), 30_001);
}

#[test]
fn an_unknown_function_has_a_nearest_name() {
    let error = call("UPER", vec![text("x")]).unwrap_err();
    assert_eq!((error.code(), error.get("nearest")), ("unknown-function", Some("UPPER")));
}
