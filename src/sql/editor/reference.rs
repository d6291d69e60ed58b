//! The reference of functions and operators: what there is, by the families of Flink's documentation
//! ("System (Built-in) Functions", 1.18), how it is called, and one sentence about it.
//!
//! The sentences are in `assets/i18n/*/functions.ftl`. How a function is called is its own to say,
//! in `expr`; only what has a syntax of its own is written out here.

use crate::expr;

/// Functions and operators that belong together.
pub struct Family {
    /// Message id of its name.
    pub title: &'static str,
    /// Its functions and operators.
    pub entries: &'static [Entry],
}

/// A function or an operator.
pub struct Entry {
    /// The word or sign by which it is known.
    pub name: &'static str,
    /// Message id of one sentence about it.
    pub help: &'static str,
    written: Option<&'static str>,
}

impl Entry {
    /// How it is called: `SUBSTRING(text, start[, length])`.
    pub fn usage(&self) -> &'static str {
        let scalar = || expr::lookup(self.name).map(|function| function.usage);
        let aggregate = || expr::aggregate::lookup(self.name).map(|function| function.usage);
        self.written.or_else(scalar).or_else(aggregate).unwrap_or(self.name)
    }

    /// What follows the name when it is called; nothing if it is not called by its name.
    pub fn arguments(&self) -> Option<&'static str> {
        let rest = self.usage().strip_prefix(self.name)?;
        (rest.is_empty() || rest.starts_with(['(', '['])).then_some(rest)
    }
}

/// All that is called by its name.
pub fn callable() -> impl Iterator<Item = &'static Entry> {
    FAMILIES.iter().flat_map(|family| family.entries).filter(|entry| entry.arguments().is_some())
}

/// The function of that name in upper case.
pub fn lookup(name: &str) -> Option<&'static Entry> {
    FAMILIES.iter().flat_map(|family| family.entries).find(|entry| entry.name == name)
}

const fn known(name: &'static str, help: &'static str) -> Entry {
    Entry { name, help, written: None }
}

const fn written(name: &'static str, usage: &'static str, help: &'static str) -> Entry {
    Entry { name, help, written: Some(usage) }
}

/// All families.
#[rustfmt::skip]
pub const FAMILIES: &[Family] = &[
    Family {
        title: "functions-comparison",
        entries: &[
            written("=", "a = b", "function-equals"),
            written("<>", "a <> b", "function-not-equals"),
            written("<", "a < b, a <= b, a > b, a >= b", "function-less"),
            written("IS NULL", "value IS [NOT] NULL", "function-is-null"),
            written("IS DISTINCT FROM", "a IS [NOT] DISTINCT FROM b", "function-is-distinct-from"),
            written("BETWEEN", "a [NOT] BETWEEN low AND high", "function-between"),
            written("LIKE", "text [NOT] LIKE pattern [ESCAPE character]", "function-like"),
            written("SIMILAR TO", "text [NOT] SIMILAR TO pattern", "function-similar-to"),
            written("IN", "value [NOT] IN (value, ..)", "function-in"),
            written("EXISTS", "[NOT] EXISTS (query)", "function-exists"),
        ],
    },
    Family {
        title: "functions-logical",
        entries: &[
            written("AND", "a AND b", "function-and"),
            written("OR", "a OR b", "function-or"),
            written("NOT", "NOT a", "function-not"),
            written("IS TRUE", "a IS [NOT] TRUE, FALSE, UNKNOWN", "function-is-true"),
        ],
    },
    Family {
        title: "functions-arithmetic",
        entries: &[
            written("+", "a + b, a - b, a * b", "function-plus"),
            written("/", "a / b", "function-divide"),
            written("%", "a % b", "function-remainder"),
            known("ABS", "function-abs"),
            known("ACOS", "function-acos"),
            known("ASIN", "function-asin"),
            known("ATAN", "function-atan"),
            known("ATAN2", "function-atan2"),
            known("BIN", "function-bin"),
            known("CEIL", "function-ceil"),
            known("CEILING", "function-ceiling"),
            known("COS", "function-cos"),
            known("COSH", "function-cosh"),
            known("COT", "function-cot"),
            known("DEGREES", "function-degrees"),
            known("E", "function-e"),
            known("EXP", "function-exp"),
            known("FLOOR", "function-floor"),
            known("HEX", "function-hex"),
            known("LN", "function-ln"),
            known("LOG", "function-log"),
            known("LOG10", "function-log10"),
            known("LOG2", "function-log2"),
            known("MOD", "function-mod"),
            known("PI", "function-pi"),
            known("POWER", "function-power"),
            known("RADIANS", "function-radians"),
            known("RAND", "function-rand"),
            known("RAND_INTEGER", "function-rand-integer"),
            known("ROUND", "function-round"),
            known("SIGN", "function-sign"),
            known("SIN", "function-sin"),
            known("SINH", "function-sinh"),
            known("SQRT", "function-sqrt"),
            known("TAN", "function-tan"),
            known("TANH", "function-tanh"),
            known("TRUNCATE", "function-truncate"),
            known("UUID", "function-uuid"),
        ],
    },
    Family {
        title: "functions-string",
        entries: &[
            written("||", "text || text", "function-join-texts"),
            known("ASCII", "function-ascii"),
            known("CHARACTER_LENGTH", "function-character-length"),
            known("CHAR_LENGTH", "function-char-length"),
            known("CHR", "function-chr"),
            known("CONCAT", "function-concat"),
            known("CONCAT_WS", "function-concat-ws"),
            known("COUNT_CHAR", "function-count-char"),
            known("DECODE", "function-decode"),
            known("ENCODE", "function-encode"),
            known("FROM_BASE64", "function-from-base64"),
            known("INITCAP", "function-initcap"),
            known("INSTR", "function-instr"),
            known("IS_ALPHA", "function-is-alpha"),
            known("IS_DECIMAL", "function-is-decimal"),
            known("IS_DIGIT", "function-is-digit"),
            known("LEFT", "function-left"),
            known("LOCATE", "function-locate"),
            known("LOWER", "function-lower"),
            known("LPAD", "function-lpad"),
            known("LTRIM", "function-ltrim"),
            known("OVERLAY", "function-overlay"),
            known("PARSE_URL", "function-parse-url"),
            known("POSITION", "function-position"),
            known("REGEXP", "function-regexp"),
            known("REGEXP_EXTRACT", "function-regexp-extract"),
            known("REGEXP_REPLACE", "function-regexp-replace"),
            known("REPEAT", "function-repeat"),
            known("REPLACE", "function-replace"),
            known("REVERSE", "function-reverse"),
            known("RIGHT", "function-right"),
            known("RPAD", "function-rpad"),
            known("RTRIM", "function-rtrim"),
            known("SPLIT_INDEX", "function-split-index"),
            known("STR_TO_MAP", "function-str-to-map"),
            known("SUBSTR", "function-substr"),
            known("SUBSTRING", "function-substring"),
            known("TO_BASE64", "function-to-base64"),
            known("TRIM", "function-trim"),
            known("UPPER", "function-upper"),
        ],
    },
    Family {
        title: "functions-temporal",
        entries: &[
            known("CONVERT_TZ", "function-convert-tz"),
            known("CURRENT_DATE", "function-current-date"),
            known("CURRENT_ROW_TIMESTAMP", "function-current-row-timestamp"),
            known("CURRENT_TIME", "function-current-time"),
            known("CURRENT_TIMESTAMP", "function-current-timestamp"),
            known("CURRENT_WATERMARK", "function-current-watermark"),
            known("DATE_FORMAT", "function-date-format"),
            known("DAYOFMONTH", "function-dayofmonth"),
            known("DAYOFWEEK", "function-dayofweek"),
            known("DAYOFYEAR", "function-dayofyear"),
            known("EXTRACT", "function-extract"),
            known("FROM_UNIXTIME", "function-from-unixtime"),
            known("HOUR", "function-hour"),
            known("LOCALTIME", "function-localtime"),
            known("LOCALTIMESTAMP", "function-localtimestamp"),
            known("MINUTE", "function-minute"),
            known("MONTH", "function-month"),
            known("NOW", "function-now"),
            known("OVERLAPS", "function-overlaps"),
            known("PROCTIME", "function-proctime"),
            known("QUARTER", "function-quarter"),
            known("SECOND", "function-second"),
            known("TIMESTAMPADD", "function-timestampadd"),
            known("TIMESTAMPDIFF", "function-timestampdiff"),
            known("TO_DATE", "function-to-date"),
            known("TO_TIMESTAMP", "function-to-timestamp"),
            known("TO_TIMESTAMP_LTZ", "function-to-timestamp-ltz"),
            known("UNIX_TIMESTAMP", "function-unix-timestamp"),
            known("WEEK", "function-week"),
            known("YEAR", "function-year"),
        ],
    },
    Family {
        title: "functions-conditional",
        entries: &[
            written("CASE", "CASE WHEN condition THEN value .. ELSE value END", "function-case"),
            known("COALESCE", "function-coalesce"),
            known("GREATEST", "function-greatest"),
            known("IF", "function-if"),
            known("IFNULL", "function-ifnull"),
            known("LEAST", "function-least"),
            known("NULLIF", "function-nullif"),
        ],
    },
    Family {
        title: "functions-conversion",
        entries: &[
            written("CAST", "CAST(value AS type)", "function-cast"),
            written("TRY_CAST", "TRY_CAST(value AS type)", "function-try-cast"),
            known("TYPEOF", "function-typeof"),
        ],
    },
    Family {
        title: "functions-collection",
        entries: &[
            known("ARRAY_CONCAT", "function-array-concat"),
            known("ARRAY_CONTAINS", "function-array-contains"),
            known("ARRAY_DISTINCT", "function-array-distinct"),
            known("ARRAY_JOIN", "function-array-join"),
            known("ARRAY_MAX", "function-array-max"),
            known("ARRAY_POSITION", "function-array-position"),
            known("ARRAY_REMOVE", "function-array-remove"),
            known("ARRAY_REVERSE", "function-array-reverse"),
            known("ARRAY_SLICE", "function-array-slice"),
            known("ARRAY_UNION", "function-array-union"),
            known("CARDINALITY", "function-cardinality"),
            known("ELEMENT", "function-element"),
            known("ITEM", "function-item"),
            known("MAP_ENTRIES", "function-map-entries"),
            known("MAP_FROM_ARRAYS", "function-map-from-arrays"),
            known("MAP_KEYS", "function-map-keys"),
            known("MAP_VALUES", "function-map-values"),
        ],
    },
    Family {
        title: "functions-construction",
        entries: &[
            known("ARRAY", "function-array"),
            known("MAP", "function-map"),
            known("ROW", "function-row"),
        ],
    },
    Family {
        title: "functions-json",
        entries: &[
            written("IS JSON", "text IS [NOT] JSON [VALUE, SCALAR, OBJECT, ARRAY]", "function-is-json"),
            known("JSON_ARRAY", "function-json-array"),
            known("JSON_EXISTS", "function-json-exists"),
            known("JSON_OBJECT", "function-json-object"),
            known("JSON_QUERY", "function-json-query"),
            known("JSON_STRING", "function-json-string"),
            known("JSON_VALUE", "function-json-value"),
        ],
    },
    Family {
        title: "functions-hash",
        entries: &[
            known("MD5", "function-md5"),
            known("SHA1", "function-sha1"),
            known("SHA2", "function-sha2"),
            known("SHA224", "function-sha224"),
            known("SHA256", "function-sha256"),
            known("SHA384", "function-sha384"),
            known("SHA512", "function-sha512"),
        ],
    },
    Family {
        title: "functions-aggregate",
        entries: &[
            known("APPROX_COUNT_DISTINCT", "function-approx-count-distinct"),
            known("AVG", "function-avg"),
            known("COLLECT", "function-collect"),
            known("COUNT", "function-count"),
            known("FIRST_VALUE", "function-first-value"),
            written("JSON_ARRAYAGG", "JSON_ARRAYAGG(value [NULL, ABSENT ON NULL])", "function-json-arrayagg"),
            written("JSON_OBJECTAGG", "JSON_OBJECTAGG([KEY] name VALUE value [NULL, ABSENT ON NULL])", "function-json-objectagg"),
            known("LAST_VALUE", "function-last-value"),
            known("LISTAGG", "function-listagg"),
            known("MAX", "function-max"),
            known("MIN", "function-min"),
            known("STDDEV", "function-stddev"),
            known("STDDEV_POP", "function-stddev-pop"),
            known("STDDEV_SAMP", "function-stddev-samp"),
            known("SUM", "function-sum"),
            known("VARIANCE", "function-variance"),
            known("VAR_POP", "function-var-pop"),
            known("VAR_SAMP", "function-var-samp"),
        ],
    },
    Family {
        title: "functions-over",
        entries: &[
            written("CUME_DIST", "CUME_DIST() OVER (..)", "function-cume-dist"),
            written("DENSE_RANK", "DENSE_RANK() OVER (..)", "function-dense-rank"),
            written("LAG", "LAG(value[, offset[, default]]) OVER (..)", "function-lag"),
            written("LEAD", "LEAD(value[, offset[, default]]) OVER (..)", "function-lead"),
            written("NTILE", "NTILE(groups) OVER (..)", "function-ntile"),
            written("PERCENT_RANK", "PERCENT_RANK() OVER (..)", "function-percent-rank"),
            written("RANK", "RANK() OVER (..)", "function-rank"),
            written("ROW_NUMBER", "ROW_NUMBER() OVER (PARTITION BY .. ORDER BY ..)", "function-row-number"),
        ],
    },
    Family {
        title: "functions-window",
        entries: &[
            written("TUMBLE", "TUMBLE(TABLE data, DESCRIPTOR(time), size)", "function-tumble"),
            written("HOP", "HOP(TABLE data, DESCRIPTOR(time), slide, size)", "function-hop"),
            written("CUMULATE", "CUMULATE(TABLE data, DESCRIPTOR(time), step, size)", "function-cumulate"),
            written("SESSION", "SESSION(time, gap)", "function-session"),
            written("TUMBLE_END", "TUMBLE_END(time, size)", "function-tumble-end"),
            written("TUMBLE_ROWTIME", "TUMBLE_ROWTIME(time, size)", "function-tumble-rowtime"),
            written("TUMBLE_START", "TUMBLE_START(time, size)", "function-tumble-start"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What a plan is built with and nobody calls, and the operators that are listed with their kin.
    const UNCALLED: &[&str] = &[
        "SINGLE_VALUE",
        "$SUM0",
        "DATETIME_MINUS",
        "HASH_CODE",
        "JSON_ARRAYAGG_ABSENT_ON_NULL",
        "JSON_ARRAYAGG_NULL_ON_NULL",
        "JSON_OBJECTAGG_ABSENT_ON_NULL",
        "JSON_OBJECTAGG_NULL_ON_NULL",
        "NEGATE",
    ];

    #[test]
    fn every_function_is_listed_once() {
        let listed: Vec<_> = FAMILIES.iter().flat_map(|f| f.entries).map(|e| e.name).collect();
        let names: BTreeSet<_> = listed.iter().copied().collect();
        assert_eq!(names.len(), listed.len(), "twice");
        let scalar = expr::functions().filter(|f| !f.is_operator()).map(|f| f.name);
        let all = scalar.chain(expr::aggregate::functions().map(|f| f.name));
        let missing: Vec<_> =
            all.filter(|name| !names.contains(name) && !UNCALLED.contains(name)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn what_is_not_written_out_is_known() {
        for entry in FAMILIES.iter().flat_map(|f| f.entries).filter(|e| e.written.is_none()) {
            let known =
                expr::lookup(entry.name).is_some() || expr::aggregate::lookup(entry.name).is_some();
            assert!(known, "{}", entry.name);
        }
    }

    #[test]
    fn what_is_called_has_arguments_and_operators_have_none() {
        let arguments = |name| lookup(name).map(Entry::arguments);
        assert_eq!(arguments("UPPER"), Some(Some("(text)")));
        assert_eq!(arguments("CURRENT_DATE"), Some(Some("")));
        assert_eq!(arguments("CASE"), Some(None));
        assert_eq!(arguments("nosuch"), None);
    }
}
