//! The names of Flink's functions, so that one that is not here yet is not called unknown.
//!
//! Source: "System (Built-in) Functions" in Flink's documentation, 1.18. What is here is `expr`'s to say.

#[rustfmt::skip]
const NAMES: &[&str] = &[
    "ACOS", "APPROX_COUNT_DISTINCT", "ARRAY", "ARRAY_AGG", "ARRAY_CONCAT", "ARRAY_CONTAINS",
    "ARRAY_DISTINCT", "ARRAY_JOIN", "ARRAY_MAX", "ARRAY_POSITION", "ARRAY_REMOVE", "ARRAY_REVERSE",
    "ARRAY_SLICE", "ARRAY_UNION", "ASCII", "ASIN", "ATAN", "ATAN2", "BIN", "CARDINALITY", "CHR",
    "COALESCE", "COLLECT", "CONCAT", "CONCAT_WS", "CONVERT_TZ", "COS", "COSH", "COT", "CUME_DIST",
    "CURRENT_DATABASE", "CURRENT_ROW_TIMESTAMP", "CURRENT_WATERMARK", "DATE_FORMAT", "DAYOFMONTH",
    "DAYOFWEEK", "DAYOFYEAR", "DECODE", "DEGREES", "DENSE_RANK", "E", "ELEMENT", "ENCODE",
    "FIRST_VALUE", "FROM_BASE64", "FROM_UNIXTIME", "GREATEST", "GROUPING", "GROUPING_ID",
    "GROUP_ID", "HEX", "HOUR", "IF", "IFNULL", "INITCAP", "INSTR", "IS_ALPHA", "IS_DECIMAL",
    "IS_DIGIT", "ITEM", "JSON_ARRAY", "JSON_ARRAYAGG", "JSON_EXISTS", "JSON_OBJECT",
    "JSON_OBJECTAGG", "JSON_QUERY", "JSON_STRING", "JSON_VALUE", "LAG", "LAST_VALUE", "LEAD",
    "LEAST", "LEFT", "LISTAGG", "LOCATE", "LOG", "LOG10", "LOG2", "LPAD", "LTRIM", "MAP",
    "MAP_ENTRIES", "MAP_FROM_ARRAYS", "MAP_KEYS", "MAP_VALUES", "MD5", "MINUTE", "MONTH",
    "MULTISET", "NTILE", "OVERLAPS", "OVERLAY", "PARSE_URL", "PERCENT_RANK", "PI", "POSITION",
    "POWER", "QUARTER", "RADIANS", "RAND", "RAND_INTEGER", "RANK", "REGEXP", "REGEXP_EXTRACT",
    "REGEXP_REPLACE", "REPEAT", "REPLACE", "REVERSE", "RIGHT", "ROW", "ROW_NUMBER", "RPAD",
    "RTRIM", "SECOND", "SHA1", "SHA2", "SHA224", "SHA256", "SHA384", "SHA512", "SIGN",
    "SIMILAR TO", "SIN", "SINH", "SOURCE_WATERMARK", "SPLIT_INDEX", "STDDEV_POP", "STDDEV_SAMP",
    "STR_TO_MAP", "SUBSTR", "TAN", "TANH", "TIMESTAMPADD", "TIMESTAMPDIFF", "TO_BASE64", "TO_DATE",
    "TO_TIMESTAMP", "TO_TIMESTAMP_LTZ", "TRUNCATE", "TYPEOF", "UNIX_TIMESTAMP", "UUID", "VARIANCE",
    "VAR_POP", "VAR_SAMP", "WEEK", "YEAR",
];

/// What SHOW FUNCTIONS lists: Flink 1.18's own names, some of which no statement can call.
#[rustfmt::skip]
pub(super) const LISTED: &[&str] = &[
    "AGG_DECIMAL_MINUS", "AGG_DECIMAL_PLUS", "ARRAY_CONCAT", "ARRAY_CONTAINS", "ARRAY_DISTINCT",
    "ARRAY_JOIN", "ARRAY_MAX", "ARRAY_POSITION", "ARRAY_REMOVE", "ARRAY_REVERSE", "ARRAY_SLICE",
    "ARRAY_UNION", "COALESCE", "CURRENT_WATERMARK", "GREATEST", "HIVE_AGG_DECIMAL_PLUS", "IFNULL",
    "IS_JSON", "JSON_ARRAY", "JSON_ARRAYAGG_ABSENT_ON_NULL", "JSON_ARRAYAGG_NULL_ON_NULL",
    "JSON_EXISTS", "JSON_OBJECT", "JSON_OBJECTAGG_ABSENT_ON_NULL", "JSON_OBJECTAGG_NULL_ON_NULL",
    "JSON_QUERY", "JSON_STRING", "JSON_VALUE", "LEAST", "MAP_ENTRIES", "MAP_FROM_ARRAYS",
    "MAP_KEYS", "MAP_VALUES", "SOURCE_WATERMARK", "TRY_CAST", "TYPEOF", "abs", "acos", "and",
    "array", "as", "asc", "ascii", "asin", "at", "atan", "atan2", "avg", "between", "bin",
    "cardinality", "cast", "ceil", "charLength", "chr", "collect", "concat", "concat_ws",
    "convertTz", "cos", "cosh", "cot", "count", "currentDatabase", "currentDate", "currentRange",
    "currentRow", "currentRowTimestamp", "currentTime", "currentTimestamp", "dateFormat", "decode",
    "degrees", "desc", "distinct", "divide", "e", "element", "encode", "end", "equals", "exp",
    "extract", "first_value", "flatten", "floor", "fromBase64", "fromUnixtime", "get",
    "greaterThan", "greaterThanOrEqual", "hex", "ifThenElse", "in", "initCap", "instr", "isFalse",
    "isNotFalse", "isNotNull", "isNotTrue", "isNull", "isTrue", "last_value", "left", "lessThan",
    "lessThanOrEqual", "like", "listAgg", "ln", "localTime", "localTimestamp", "locate", "log",
    "log10", "log2", "lower", "lowerCase", "lpad", "ltrim", "map", "max", "md5", "min", "minus",
    "minusPrefix", "mod", "not", "notBetween", "notEquals", "now", "or", "over", "overlay",
    "parseUrl", "pi", "plus", "position", "power", "proctime", "radians", "rand", "randInteger",
    "rangeTo", "regexp", "regexpExtract", "regexpReplace", "reinterpretCast", "repeat", "replace",
    "reverse", "right", "round", "row", "rowtime", "rpad", "rtrim", "sha1", "sha2", "sha224",
    "sha256", "sha384", "sha512", "sign", "similar", "sin", "sinh", "splitIndex", "sqrt", "start",
    "stddevPop", "stddevSamp", "strToMap", "streamRecordTimestamp", "substr", "substring", "sum",
    "sum0", "tan", "tanh", "temporalOverlaps", "times", "timestampDiff", "toBase64", "toDate",
    "toTimestamp", "toTimestampLtz", "trim", "truncate", "unboundedRange", "unboundedRow",
    "unixTimestamp", "upper", "upperCase", "uuid", "varPop", "varSamp", "withColumns",
    "withoutColumns",
];

/// Whether Flink has a function of that name.
pub(super) fn is_flinks(name: &str) -> bool {
    NAMES.binary_search(&name.to_ascii_uppercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{NAMES, is_flinks};

    #[test]
    fn the_names_are_sorted() {
        assert!(NAMES.is_sorted());
        assert!(is_flinks("json_value"));
        assert!(!is_flinks("nosuch"));
    }
}
