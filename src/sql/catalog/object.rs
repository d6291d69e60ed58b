//! What a catalog keeps: tables, views, functions.

use crate::base::RuntimeMode;
use crate::connectors::options::Options;
use crate::data::{DataType, Field, Schema};
use crate::sql::statement::ExprText;

/// A table or a view.
#[derive(Clone, Debug)]
pub enum Object {
    /// A table.
    Table(Table),
    /// A view.
    View(View),
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// All its columns, in order.
    pub columns: Vec<Column>,
    /// Its watermark.
    pub watermark: Option<Watermark>,
    /// Its primary key.
    pub primary_key: Option<PrimaryKey>,
    /// PARTITIONED BY.
    pub partitioned_by: Vec<String>,
    /// Partitions that were added by hand: values in the order of PARTITIONED BY. Queries do not look here.
    pub partitions: Vec<Vec<String>>,
    /// WITH.
    pub options: Options,
    /// COMMENT.
    pub comment: Option<String>,
    /// The mode in which it was created. Flink gives time attributes their types then, and cannot
    /// read them in the other mode.
    pub created_in: RuntimeMode,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type; event time is marked where a watermark is declared.
    pub data_type: DataType,
    /// Where its values come from.
    pub kind: ColumnKind,
    /// COMMENT.
    pub comment: Option<String>,
}

/// Where the values of a column come from.
#[derive(Clone, Debug)]
pub enum ColumnKind {
    /// From the rows themselves.
    Physical,
    /// From an expression over the other columns.
    Computed(Formula),
    /// From what the connector knows of a row.
    Metadata {
        /// The connector's key, if it is not the column's name.
        key: Option<String>,
        /// Whether it is not written.
        is_virtual: bool,
    },
}

/// An expression as it was written, and as Flink prints it.
#[derive(Clone, Debug)]
pub struct Formula {
    /// As it was written.
    pub expr: ExprText,
    /// As DESCRIBE prints it: names in backticks, words of the language in upper case.
    pub text: String,
}

/// The watermark of a table.
#[derive(Clone, Debug)]
pub struct Watermark {
    /// The event time column.
    pub column: String,
    /// The watermark.
    pub formula: Formula,
}

/// The primary key of a table; never enforced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryKey {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
}

/// A view.
#[derive(Clone, Debug)]
pub struct View {
    /// Its columns, as they were when it was created.
    pub schema: Schema,
    /// Its query as it was written.
    pub original: String,
    /// Its query with every table under its full name: what is run.
    pub expanded: String,
    /// Its query as Flink's planner writes it: what is shown.
    pub shown: String,
    /// COMMENT.
    pub comment: Option<String>,
    /// The mode of its CREATE: its tables could be read in it.
    pub created_in: RuntimeMode,
}

/// A function that somebody created. Its class is looked for when it is called; there is none here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionDef {
    /// The class.
    pub class: String,
    /// JAVA, SCALA or PYTHON.
    pub language: String,
}

impl Object {
    /// The columns as a query sees them.
    pub fn schema(&self) -> Schema {
        match self {
            Object::Table(table) => table.schema(),
            Object::View(view) => view.schema.clone(),
        }
    }

    /// Whether it is a view.
    pub fn is_view(&self) -> bool {
        matches!(self, Object::View(_))
    }
}

impl Table {
    /// The columns as a query sees them.
    pub fn schema(&self) -> Schema {
        Schema::new(self.columns.iter().map(Column::field).collect())
    }

    /// A column by its exact name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The columns that its rows have.
    pub fn physical(&self) -> Schema {
        let physical = self.columns.iter().filter(|c| matches!(c.kind, ColumnKind::Physical));
        Schema::new(physical.map(Column::field).collect())
    }
}

impl Column {
    /// Its name and type.
    pub fn field(&self) -> Field {
        Field::new(self.name.clone(), self.data_type.clone())
    }
}

impl PrimaryKey {
    /// The name that Flink gives to a key without one: Java's hash of the list of its columns.
    pub fn default_name(columns: &[String]) -> String {
        let hash = |text: &str| {
            text.encode_utf16().fold(0_i32, |h, c| h.wrapping_mul(31).wrapping_add(i32::from(c)))
        };
        let list = columns.iter().fold(1_i32, |h, c| h.wrapping_mul(31).wrapping_add(hash(c)));
        format!("PK_{list}")
    }
}

#[cfg(test)]
mod tests {
    use super::PrimaryKey;

    #[test]
    fn a_key_without_a_name_is_named_as_flink_names_it() {
        assert_eq!(PrimaryKey::default_name(&["id".to_owned()]), "PK_3386");
    }
}
