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
