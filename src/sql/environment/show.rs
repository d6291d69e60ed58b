//! SHOW, but for SHOW CREATE.

use super::modules::{CORE, Modules};
use super::{Environment, Reply, show_create};
use crate::base::{Error, Result};
use crate::sql::builtins;
use crate::sql::catalog::Object;
use crate::sql::statement::{Filter, Path, Show};

impl Environment {
    pub(super) fn show(&self, show: &Show) -> Result<Reply> {
        let catalogs = &self.catalogs;
        let (catalog, database) = catalogs.current();
        Ok(match show {
            Show::Catalogs => Reply::column("catalog name", catalogs.catalog_names()),
            Show::CurrentCatalog => Reply::column("current catalog name", [catalog.to_owned()]),
            Show::Databases => Reply::column("database name", catalogs.database_names()),
            Show::CurrentDatabase => Reply::column("current database name", [database.to_owned()]),
            Show::Tables(filter) => {
                let names = catalogs.table_names(filter.database.as_ref())?;
                Reply::column("table name", names.into_iter().filter(|n| matches(filter, n)))
            }
            Show::Views => Reply::column("view name", catalogs.view_names()),
            Show::Functions { user, filter } => self.show_functions(*user, filter),
            Show::Modules { full } => modules(self.modules, *full),
            Show::Jars => Reply::column("jars", self.jars.clone()),
            Show::Columns(path, filter) => self.describe_columns(path, |n| matches(filter, n))?,
            Show::Create { path, view } => self.show_create(path, *view)?,
            Show::Partitions(path, spec) => self.show_partitions(path, spec)?,
        })
    }

    fn show_functions(&self, user: bool, filter: &Filter) -> Reply {
        let mut names = self.catalogs.function_names(filter.database.as_ref());
        if !user && self.modules.used {
            names.extend(builtins::LISTED.iter().map(|name| (*name).to_owned()));
            names.sort();
            names.dedup();
        }
        Reply::column("function name", names.into_iter().filter(|n| matches(filter, n)))
    }

    fn show_create(&self, path: &Path, view: bool) -> Result<Reply> {
        let (full, object) = self.catalogs.resolve(path)?;
        if object.is_view() != view {
            let error = if view { Error::new("not-a-view") } else { Error::new("not-a-table") };
            return Err(error.arg("name", &full).at(path.span()));
        }
        let temporary = self.catalogs.is_temporary(&full);
        let text = match &*object {
            Object::Table(table) => show_create::table(&full, table, temporary),
            Object::View(view) => show_create::view(&full, view, temporary),
        };
        Ok(Reply::column("result", [text]))
    }
}

fn modules(modules: Modules, full: bool) -> Reply {
    if !full {
        return Reply::column("module name", modules.used.then(|| CORE.to_owned()));
    }
    Reply::Listing {
        columns: ["module name", "used"].map(str::to_owned).to_vec(),
        rows: match modules.loaded {
            true => vec![[CORE, "TRUE"].map(|cell| Some(cell.to_owned())).to_vec()],
            false => Vec::new(),
        },
    }
}

fn matches(filter: &Filter, name: &str) -> bool {
    let Some(pattern) = &filter.pattern else { return true };
    let (name, pattern) = match filter.ignore_case {
        true => (name.to_lowercase(), pattern.to_lowercase()),
        false => (name.to_owned(), pattern.clone()),
    };
    let (name, pattern): (Vec<char>, Vec<char>) =
        (name.chars().collect(), pattern.chars().collect());
    like(&name, &pattern) != filter.negated
}

/// LIKE with `%` and `_`: remembers the last `%` and lets it take one character more on a mismatch.
fn like(name: &[char], pattern: &[char]) -> bool {
    let (mut n, mut p) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('%') => {
                last = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '_' || *c == name[n] => {
                n += 1;
                p += 1;
            }
            _ => match last {
                Some((percent, taken)) => {
                    last = Some((percent, taken + 1));
                    p = percent + 1;
                    n = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '%')
}
