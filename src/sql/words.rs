//! The words of Flink's SQL: which are reserved, and which of those may begin an expression.
//!
//! Source: the parser of Apache Calcite (the words in bold in its reference) as Flink 1.18 builds it,
//! checked against `SELECT 1 AS <word>` of a running Flink, word by word.

/// Reserved words, sorted. They name nothing unless quoted with backticks.
#[rustfmt::skip]
pub const RESERVED: &[&str] = &[
    "ABS", "ALL", "ALLOCATE", "ALLOW", "ALTER", "AND", "ANY", "ARE", "ARRAY",
    "ARRAY_AGG", "ARRAY_CONCAT_AGG", "ARRAY_MAX_CARDINALITY", "AS", "ASENSITIVE", "ASYMMETRIC",
    "AT", "ATOMIC", "AUTHORIZATION", "AVG", "BEGIN", "BEGIN_FRAME", "BEGIN_PARTITION", "BETWEEN",
    "BIGINT", "BINARY", "BIT", "BLOB", "BOOLEAN", "BOTH", "BY", "BYTES", "CALL", "CALLED",
    "CARDINALITY", "CASCADED", "CASE", "CAST", "CATALOGS", "CEIL", "CEILING", "CHAR", "CHARACTER",
    "CHARACTER_LENGTH", "CHAR_LENGTH", "CHECK", "CLASSIFIER", "CLOB", "CLOSE", "COALESCE",
    "COLLATE", "COLLECT", "COLUMN", "COMMENT", "COMMIT", "CONDITION", "CONNECT", "CONSTRAINT",
    "CONTAINS", "CONVERT", "CORR", "CORRESPONDING", "COUNT", "COVAR_POP", "COVAR_SAMP", "CREATE",
    "CROSS", "CUBE", "CUME_DIST", "CURRENT", "CURRENT_CATALOG", "CURRENT_DATE",
    "CURRENT_DEFAULT_TRANSFORM_GROUP", "CURRENT_PATH", "CURRENT_ROLE", "CURRENT_ROW",
    "CURRENT_SCHEMA", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_TRANSFORM_GROUP_FOR_TYPE",
    "CURRENT_USER", "CURSOR", "CYCLE", "DATABASES", "DATE", "DAY", "DEALLOCATE", "DEC", "DECIMAL",
    "DECLARE", "DEFAULT", "DEFINE", "DELETE", "DENSE_RANK", "DEREF", "DESCRIBE", "DETERMINISTIC",
    "DISALLOW", "DISCONNECT", "DISTINCT", "DOT", "DOUBLE", "DROP", "DYNAMIC", "EACH", "ELEMENT",
    "ELSE", "EMPTY", "END", "END_FRAME", "END_PARTITION", "EQUALS", "ESCAPE", "EVERY", "EXCEPT",
    "EXEC", "EXECUTE", "EXISTS", "EXP", "EXPLAIN", "EXTEND", "EXTENDED", "EXTERNAL", "EXTRACT",
    "FALSE", "FETCH", "FILTER", "FIRST_VALUE", "FLOAT", "FLOOR", "FOR", "FOREIGN", "FRAME_ROW",
    "FREE", "FROM", "FULL", "FUNCTION", "FUNCTIONS", "FUSION", "GET", "GLOBAL", "GRANT", "GROUP",
    "GROUPING", "GROUPS", "GROUP_CONCAT", "HAVING", "HOLD", "HOUR", "IDENTITY", "ILIKE", "IMPORT",
    "IN", "INCLUDE", "INDICATOR", "INITIAL", "INNER", "INOUT", "INSENSITIVE", "INSERT", "INT",
    "INTEGER", "INTERSECT", "INTERSECTION", "INTERVAL", "INTO", "IS", "JOIN", "JSON_ARRAY",
    "JSON_ARRAYAGG", "JSON_EXISTS", "JSON_OBJECT", "JSON_OBJECTAGG", "JSON_QUERY", "JSON_VALUE",
    "LAG", "LANGUAGE", "LARGE", "LAST_VALUE", "LATERAL", "LEAD", "LEADING", "LEFT", "LIKE",
    "LIKE_REGEX", "LIMIT", "LN", "LOCAL", "LOCALTIME", "LOCALTIMESTAMP", "LOWER", "MATCH",
    "MATCHES", "MATCH_NUMBER", "MATCH_RECOGNIZE", "MAX", "MEASURES", "MEMBER", "MERGE", "METHOD",
    "MIN", "MINUS", "MINUTE", "MOD", "MODIFIES", "MODIFY", "MODULE", "MODULES", "MONTH",
    "MULTISET", "NATIONAL", "NATURAL", "NCHAR", "NCLOB", "NEW", "NEXT", "NO", "NONE", "NORMALIZE",
    "NOT", "NTH_VALUE", "NTILE", "NULL", "NULLIF", "NUMERIC", "OCCURRENCES_REGEX", "OCTET_LENGTH",
    "OF", "OFFSET", "OLD", "OMIT", "ON", "ONE", "ONLY", "OPEN", "OR", "ORDER", "OUT", "OUTER",
    "OVER", "OVERLAPS", "OVERLAY", "PARAMETER", "PARTITION", "PATTERN", "PER", "PERCENT",
    "PERCENTILE_CONT", "PERCENTILE_DISC", "PERCENT_RANK", "PERIOD", "PERMUTE", "PIVOT", "PORTION",
    "POSITION", "POSITION_REGEX", "POWER", "PRECEDES", "PRECISION", "PREPARE", "PREV", "PRIMARY",
    "PROCEDURE", "PROCEDURES", "RANGE", "RANK", "RAW", "READS", "REAL", "RECURSIVE", "REF",
    "REFERENCES", "REFERENCING", "REGR_AVGX", "REGR_AVGY", "REGR_COUNT", "REGR_INTERCEPT",
    "REGR_R2", "REGR_SLOPE", "REGR_SXX", "REGR_SXY", "REGR_SYY", "RELEASE", "RENAME", "RESET",
    "RESULT", "RETURN", "RETURNS", "REVOKE", "RIGHT", "RLIKE", "ROLLBACK", "ROLLUP", "ROW", "ROWS",
    "ROW_NUMBER", "RUNNING", "SAVEPOINT", "SCALA", "SCOPE", "SCROLL", "SEARCH", "SECOND", "SEEK",
    "SELECT", "SENSITIVE", "SEPARATOR", "SESSION_USER", "SET", "SHOW", "SIMILAR", "SKIP",
    "SMALLINT", "SOME", "SPECIFIC", "SPECIFICTYPE", "SQL", "SQLEXCEPTION", "SQLSTATE",
    "SQLWARNING", "SQRT", "START", "STATEMENT", "STATIC", "STDDEV_POP", "STDDEV_SAMP", "STREAM",
    "STRING", "STRING_AGG", "SUBMULTISET", "SUBSET", "SUBSTRING", "SUBSTRING_REGEX", "SUCCEEDS",
    "SUM", "SYMMETRIC", "SYSTEM", "SYSTEM_TIME", "SYSTEM_USER", "TABLE", "TABLES", "TABLESAMPLE",
    "THEN", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ", "TIMEZONE_HOUR", "TIMEZONE_MINUTE", "TINYINT",
    "TO", "TRAILING", "TRANSLATE", "TRANSLATE_REGEX", "TRANSLATION", "TREAT", "TRIGGER", "TRIM",
    "TRIM_ARRAY", "TRUE", "TRUNCATE", "UESCAPE", "UNION", "UNIQUE", "UNKNOWN", "UNNEST", "UNPIVOT",
    "UPDATE", "UPPER", "UPSERT", "USE", "USER", "USING", "VALUE", "VALUES", "VALUE_OF",
    "VARBINARY", "VARCHAR", "VARYING", "VAR_POP", "VAR_SAMP", "VERSIONING", "VIEWS", "WATERMARK",
    "WATERMARKS", "WHEN", "WHENEVER", "WHERE", "WIDTH_BUCKET", "WINDOW", "WITH", "WITHIN",
    "WITHOUT", "YEAR",
];

/// Reserved words that are an expression by themselves or begin one without a parenthesis.
#[rustfmt::skip]
const EXPRESSION_STARTS: &[&str] = &[
    "ARRAY", "CASE", "CAST", "CURRENT_CATALOG", "CURRENT_DATE", "CURRENT_PATH", "CURRENT_ROLE",
    "CURRENT_SCHEMA", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_USER", "EXISTS", "FALSE",
    "INTERVAL", "LOCALTIME", "LOCALTIMESTAMP", "MULTISET", "NEXT", "NOT", "NULL", "PERIOD", "ROW",
    "SELECT", "SESSION_USER", "SYSTEM_USER", "TABLE", "TRUE", "UNKNOWN", "USER", "VALUES", "WITH",
];

/// Words that the language knows and that may still name things: only for colours and completion.
#[rustfmt::skip]
pub const UNRESERVED: &[&str] = &[
    "ADD", "ANALYZE", "ASC", "CASCADE", "CATALOG", "CHANGELOG_MODE", "COLUMNS", "DATABASE", "DESC",
    "ENFORCED", "ESTIMATED_COST", "EXCLUDING", "FIRST", "IF", "INCLUDING", "JAR", "JARS", "JOB",
    "JOBS", "JSON_EXECUTION_PLAN", "KEY", "LAST", "LOAD", "METADATA", "NULLS", "OPTIONS",
    "OVERWRITE", "PARTITIONED", "PARTITIONS", "PLAN", "RESTRICT", "STOP", "TEMPORARY", "TRY_CAST",
    "UNLOAD", "VIEW", "VIRTUAL", "ZONE",
];

/// Whether an unquoted word is reserved.
pub fn is_reserved(word: &str) -> bool {
    contains(RESERVED, word)
}

/// Whether a reserved word may stand where an expression begins.
pub fn starts_expression(word: &str) -> bool {
    contains(EXPRESSION_STARTS, word)
}

/// Words of clauses that a bracket may follow: they call nothing.
#[rustfmt::skip]
const BEFORE_BRACKET: &[&str] = &[
    "ALL", "AND", "ANY", "AS", "BY", "EXISTS", "FOR", "FROM", "IN", "INTO", "KEY", "NOT", "ON",
    "OR", "OVER", "SELECT", "TABLE", "UNION", "USING", "VALUES", "WHERE", "WITH",
];

/// Whether a word opens a clause rather than calls a function when a bracket follows.
pub fn is_clause(word: &str) -> bool {
    contains(BEFORE_BRACKET, word)
}

/// Whether a word belongs to the language, reserved or not.
pub fn is_keyword(word: &str) -> bool {
    contains(RESERVED, word) || contains(UNRESERVED, word)
}

fn contains(sorted: &[&str], word: &str) -> bool {
    let upper = word.to_ascii_uppercase();
    sorted.binary_search(&upper.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{EXPRESSION_STARTS, RESERVED, UNRESERVED, is_reserved};

    #[test]
    fn the_lists_are_sorted_and_do_not_meet() {
        for list in [RESERVED, EXPRESSION_STARTS, UNRESERVED] {
            assert!(list.is_sorted());
        }
        assert!(UNRESERVED.iter().all(|w| !is_reserved(w)));
        assert!(EXPRESSION_STARTS.iter().all(|w| is_reserved(w)));
    }

    #[test]
    fn words_that_flink_was_asked_about() {
        for word in ["value", "time", "date", "user", "timestamp", "order", "count", "year"] {
            assert!(is_reserved(word), "{word}");
        }
        for word in ["comment", "tables", "views", "use", "statement", "raw", "watermark"] {
            assert!(is_reserved(word), "{word}");
        }
        for word in ["name", "type", "data", "id", "word", "job", "key", "try_cast"] {
            assert!(!is_reserved(word), "{word}");
        }
    }
}
