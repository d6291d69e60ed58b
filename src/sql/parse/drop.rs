//! DROP.

use super::word::{if_exists, name, path, take_word};
use super::{Parsed, Reader, create, word};
use crate::sql::statement::{Drop, Lifetime, Stmt};

pub(super) fn drop(reader: &mut Reader) -> Parsed<Stmt> {
    let lifetime = create::lifetime(reader);
    let parser = &mut reader.parser;
    let kinds = ["TABLE", "VIEW", "FUNCTION", "DATABASE", "CATALOG"];
    let Some(kind) = kinds.iter().find(|k| take_word(parser, k)) else {
        return word::unsupported(parser, "DROP");
    };
    let if_exists = if_exists(parser);
    let statement = match *kind {
        "CATALOG" => Drop::Catalog { name: name(parser)?, if_exists },
        "DATABASE" => {
            let path = path(parser)?;
            let cascade = take_word(parser, "CASCADE");
            if !cascade {
                take_word(parser, "RESTRICT");
            }
            Drop::Database { path, if_exists, cascade }
        }
        "FUNCTION" => Drop::Function { path: path(parser)?, lifetime, if_exists },
        kind => Drop::Table {
            path: path(parser)?,
            view: kind == "VIEW",
            temporary: lifetime == Lifetime::Temporary,
            if_exists,
        },
    };
    Ok(Stmt::Drop(statement))
}
