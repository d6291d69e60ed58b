//! CREATE VIEW: a query, its columns, and the words that show it.

use super::Environment;
use crate::base::{Error, Result};
use crate::data::{Field, Schema};
use crate::sql::catalog::{Object, View};
use crate::sql::statement::{CreateView, QueryStmt, Word};
use crate::sql::{bind, unparse, unparse_query};

impl Environment {
    pub(super) fn create_view(&mut self, statement: &CreateView) -> Result<()> {
        let path = self.catalogs.qualify(&statement.path);
        let view = self.view(&statement.columns, statement.comment.clone(), &statement.query)?;
        let object = Object::View(view);
        let (temporary, tolerant) = (statement.temporary, statement.if_not_exists);
        let created = self.catalogs.create(path, object, temporary, tolerant);
        created.map_err(|error| error.at(statement.path.span()))
    }

    /// A view of a query, with the query's names for its columns or with other ones.
    pub(super) fn view(
        &self,
        columns: &[Word],
        comment: Option<String>,
        query: &QueryStmt,
    ) -> Result<View> {
        let described = match self.only_names {
            true => bind::describe(self, query)?,
            false => bind::view(self, query)?,
        };
        let fields = described.schema.fields();
        if !columns.is_empty() && columns.len() != fields.len() {
            let error = Error::new("column-count").arg("expected", fields.len());
            let error = error.arg("found", columns.len());
            return Err(error.at(columns[0].span));
        }
        if let Some((_, twice)) = columns
            .iter()
            .enumerate()
            .find(|(n, c)| columns[..*n].iter().any(|b| b.value == c.value))
        {
            return Err(Error::new("column-twice").arg("name", &twice.value).at(twice.span));
        }
        let named = |(n, field): (usize, &Field)| {
            let name = columns.get(n).map_or(&field.name, |word| &word.value);
            Field::new(name.clone(), field.data_type.clone())
        };
        let schema = Schema::new(fields.iter().enumerate().map(named).collect());
        let tables = described.tables.into_iter().map(|(span, path)| (span, path.quoted()));
        let tables: Vec<_> = tables.collect();
        Ok(View {
            schema,
            original: query.source.slice(query.span).to_owned(),
            shown: unparse_query::print(&query.source, query.span, &tables, &described.qualifiers),
            expanded: unparse::replace(&query.source, query.span, tables),
            comment,
            created_in: self.config.mode(),
        })
    }
}
