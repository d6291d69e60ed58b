//! What faker makes, as tables.

use std::sync::Arc;

use super::words::Locale;
use crate::base::{LabTime, Result};
use crate::connectors::descriptor::SourceRequest;
use crate::connectors::files::MemoryFiles;
use crate::connectors::registry::find;
use crate::connectors::{LookupRequest, Poll, SourceContext, SourceFactory};
use crate::data::{DataType, Field, LogicalType, Schema, print};

fn factory(
    columns: &[(&str, LogicalType)],
    options: &[(&str, &str)],
) -> Result<Arc<dyn SourceFactory>> {
    let options = [("connector", "faker")].into_iter().chain(options.iter().copied());
    let field = |(name, logical): &(&str, LogicalType)| {
        Field::new(*name, DataType::nullable(logical.clone()))
    };
    let schema = Schema::new(columns.iter().map(field).collect());
    let projection: Vec<usize> = (0..schema.len()).collect();
    let request = SourceRequest {
        table: "t",
        schema: &schema,
        partitions: &[],
        metadata: &[],
        projection: &projection,
        keeps: None,
        limit: None,
    };
    find(options.collect())?.source_factory(request)
}

/// Rows until the end, a wait as `wait <seconds>`.
fn rows(factory: &dyn SourceFactory, seed: u64, max_rows: usize) -> Vec<String> {
    let files = MemoryFiles::default();
    let (mut reader, mut now) = (factory.create(0, 1, seed).unwrap(), LabTime(0));
    let mut lines = Vec::new();
    loop {
        match reader.poll(&mut SourceContext { now, max_rows, files: &files }).unwrap() {
            Poll::Batch(batch) => {
                lines.extend(batch.rows(factory.output()).map(|r| print::java::row(&r)));
            }
            Poll::WaitUntil(later) => {
                lines.push(format!("wait {}", (later - now).0 / 1_000_000));
                now = later;
            }
            _ => return lines,
        }
    }
}

/// The values of one STRING column.
fn values(expression: &str, locale: &str) -> Vec<String> {
    let options =
        [("number-of-rows", "40"), ("locale", locale), ("fields.v.expression", expression)];
    let source = factory(&[("v", LogicalType::STRING)], &options).unwrap();
    let bare = |row: String| row[3..row.len() - 1].to_owned();
    rows(&*source, 7, 100).into_iter().map(bare).collect()
}

fn refusal(expression: &str) -> String {
    let error = factory(&[("v", LogicalType::Int)], &[("fields.v.expression", expression)]);
    error.err().map(|e| e.to_string()).unwrap_or_default()
}

#[test]
fn an_expression_says_what_a_text_looks_like() {
    for (expression, pattern) in [
        ("#{Name.fullName}", r"^\S+ \S.*$"),
        ("#{name.first_name}-#{Name.lastName}!", r"^.+-.+!$"),
        ("#{number.numberBetween '5','7'}", "^[56]$"),
        ("#{regexify '(RECEIVED|SHIPPED|CANCELLED){1}'}", "^(RECEIVED|SHIPPED|CANCELLED)$"),
        (r"#{regexify '\d{3}[a-c]?'}", "^[0-9]{3}[a-c]?$"),
        ("#{Options.option 'a, b','}c'}", "^(a, b|}c)$"),
        ("user_#{numerify '##'}", "^user_[0-9]{2}$"),
        ("#{bothify '??-#'}", "^[a-z]{2}-[0-9]$"),
        (
            "#{Internet.uuid}",
            "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        ),
        ("#{Internet.emailAddress}", r"^[a-z0-9]+\.[a-z0-9]+@example\.(com|net|org)$"),
        ("#{Commerce.price '10','20'}", r"^[12][0-9]\.[0-9]{2}$"),
        (
            "#{date.past '15','SECONDS'}",
            r"^1969-12-31 23:59:(4[5-9]|5[0-9])\.[0-9]{3}$|^1970-01-01 00:00:00.000$",
        ),
        ("#{Date.between '2024-01-01','2024-01-02'}", r"^2024-01-0[12] [0-9:.]{12}$"),
        ("fixed", "^fixed$"),
    ] {
        let pattern = fancy_regex::Regex::new(pattern).unwrap();
        for locale in ["en", "pt-BR"] {
            for value in values(expression, locale) {
                assert!(pattern.is_match(&value).unwrap(), "{expression}: {value}");
            }
        }
    }
}

#[test]
fn every_list_speaks_both_languages() {
    for locale in Locale::NAMES {
        for (name, words) in Locale::of(Some(locale)).lists() {
            let found = values(&format!("#{{{name}}}"), locale);
            assert!(found.iter().all(|word| words.contains(word)), "{name}: {found:?}");
        }
    }
    assert!(values("#{address.street_address}", "pt-BR").iter().all(|v| v.contains(", ")));
}

#[test]
fn chance_depends_on_the_seed_and_not_on_the_batch_size() {
    let columns = [
        ("id", LogicalType::BigInt),
        ("name", LogicalType::STRING),
        ("born", LogicalType::Date),
        ("price", LogicalType::Decimal { precision: 8, scale: 2 }),
        ("tags", LogicalType::Array(DataType::nullable(LogicalType::STRING).into())),
    ];
    let options = [
        ("number-of-rows", "30"),
        ("fields.id.expression", "#{number.numberBetween '0','1000'}"),
        ("fields.name.expression", "#{Name.fullName}"),
        ("fields.name.null-rate", "0.3"),
        ("fields.born.expression", "#{date.birthday '20','30'}"),
        ("fields.price.expression", "#{Commerce.price}"),
        ("fields.tags.expression", "#{Color.name}"),
        ("fields.tags.length", "2"),
    ];
    let factory = factory(&columns, &options).unwrap();
    assert_eq!(rows(&*factory, 7, 1), rows(&*factory, 7, 100));
    assert_ne!(rows(&*factory, 7, 1), rows(&*factory, 8, 1));
    assert!(rows(&*factory, 7, 9).iter().any(|row| row.contains(", null, ")));
}

#[test]
fn what_is_inside_has_expressions_of_its_own() {
    let plain = |logical| DataType::nullable(logical);
    let address = Schema::new(vec![
        Field::new("city", plain(LogicalType::STRING)),
        Field::new("number", plain(LogicalType::SmallInt)),
    ]);
    let columns = [
        ("a", LogicalType::Row(address)),
        ("m", LogicalType::Map(plain(LogicalType::STRING).into(), plain(LogicalType::Int).into())),
        ("ids", LogicalType::Array(plain(LogicalType::BigInt).into())),
        ("ok", LogicalType::Boolean),
    ];
    let options = [
        ("number-of-rows", "2"),
        ("fields.a.city.expression", "Recife"),
        ("fields.a.number.expression", "#{number.numberBetween '7','8'}"),
        ("fields.m.key.expression", "k"),
        ("fields.m.value.expression", "3"),
        ("fields.ids.expression", "#{number.sequence}"),
        ("fields.ids.length", "2"),
        ("fields.ok.expression", "true"),
    ];
    let source = factory(&columns, &options).unwrap();
    let expected =
        ["+I[+I[Recife, 7], {k=3}, [1, 1], true]", "+I[+I[Recife, 7], {k=3}, [2, 2], true]"];
    assert_eq!(rows(&*source, 7, 1), expected);
    assert_eq!(rows(&*source, 7, 9), expected);
    let multiset = LogicalType::Multiset(plain(LogicalType::Int).into());
    let error = factory(&[("s", multiset)], &[]).err().unwrap();
    assert_eq!(error.code(), "faker-type");
}

#[test]
fn rows_come_in_rounds() {
    let options = [
        ("number-of-rows", "5"),
        ("round.rows", "2"),
        ("round.interval", "10 s"),
        ("fields.n.expression", "#{number.sequence '7'}"),
    ];
    let source = factory(&[("n", LogicalType::Int)], &options).unwrap();
    let lines = rows(&*source, 1, 100).join(" ");
    assert_eq!(lines, "+I[7] +I[8] wait 10 +I[9] +I[10] wait 10 +I[11]");
}

#[test]
fn what_is_wrong_is_said_by_name() {
    for (expression, expected) in [
        (
            "#{Name.fulName}",
            r#"faker-name name="fields.v.expression" expression="Name.fulName" nearest="Name.fullName" available="#,
        ),
        (
            "#{Number.numberBetween '1'}",
            r#"faker-arguments name="fields.v.expression" expected="Number.numberBetween 'least','below'" found="1""#,
        ),
        (
            "id #{Number.digits '3'",
            r#"faker-syntax name="fields.v.expression" value="id #{Number.digits '3'" position="4""#,
        ),
        ("#{Name.firstName}", r#"faker-value column="v" value=""#),
    ] {
        let found = refusal(expression);
        assert!(found.starts_with(expected), "{found}");
    }
    let pair = [("fields.v.expression", "1"), ("round.rows", "3"), ("rows-per-second", "1")];
    let error = factory(&[("v", LogicalType::Int)], &pair).err().unwrap().to_string();
    assert_eq!(error, r#"option-conflict name="rows-per-second" other="round.rows""#);
    let none = factory(&[("v", LogicalType::Int)], &[]).err().unwrap().to_string();
    assert_eq!(none, r#"option-missing name="fields.v.expression""#);
}

/// What a table answers to keys of its first column, a line a row.
fn answers(options: &[(&str, &str)], seed: u64, keys: &[i32]) -> Vec<String> {
    use arrow::array::{ArrayRef, Int32Array};
    let options = [("connector", "faker")].into_iter().chain(options.iter().copied());
    let column = |name: &str, logical| Field::new(name, DataType::nullable(logical));
    let fields = [
        column("k", LogicalType::Int),
        column("name", LogicalType::STRING),
        column("age", LogicalType::Int),
    ];
    let schema = Schema::new(fields.into());
    let request = LookupRequest { table: "t", schema: &schema, keys: &[0], projection: &[0, 1, 2] };
    let factory = find(options.collect()).unwrap().lookup_factory(request).unwrap();
    let keys: ArrayRef = Arc::new(Int32Array::from(keys.to_vec()));
    let found = factory.create(seed).unwrap().look_up(&[keys], LabTime(0)).unwrap();
    assert_eq!(found.keys, (0..found.rows.len() as u32).collect::<Vec<_>>());
    found.rows.rows(factory.output()).map(|row| print::java::row(&row)).collect()
}

const PERSON: [(&str, &str); 3] = [
    ("fields.k.expression", "7"),
    ("fields.name.expression", "#{Name.fullName}"),
    ("fields.age.expression", "#{number.numberBetween '18','90'}"),
];

#[test]
fn a_key_has_one_row_however_it_is_asked() {
    let together = answers(&PERSON, 1, &[3, 4, 3, 5]);
    assert_eq!(together[0], together[2]);
    assert_ne!(together[0], together[1]);
    let alone: Vec<String> = [3, 4, 3, 5].iter().flat_map(|k| answers(&PERSON, 1, &[*k])).collect();
    assert_eq!(alone, together);
    assert_ne!(answers(&PERSON, 2, &[3, 4, 3, 5]), together, "another run, other people");
    assert!(together[0].starts_with("+I[3, "), "the key is what was asked: {}", together[0]);
    assert!(answers(&PERSON, 1, &[]).is_empty());
}

#[test]
fn of_what_is_not_asked_some_is_null() {
    let options = [&PERSON[..], &[("fields.age.null-rate", "0.5"), ("fields.k.null-rate", "1")]];
    let rows = answers(&options.concat(), 1, &(0..40).collect::<Vec<_>>());
    let nulls = rows.iter().filter(|row| row.ends_with(", null]")).count();
    assert!((5..35).contains(&nulls), "{nulls}");
    assert!(rows.iter().all(|row| !row.starts_with("+I[null")));
}
