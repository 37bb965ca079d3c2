//! Every table as a backup sees it: which there are, in which order, and their rows as JSON arrays.
//!
//! A table that a migration adds gets its lines in [`TABLES`], after those it refers to; a test
//! compares the list with the databases. `transfer` reads and writes the rows.

use serde_json::Value;

use super::StoreError;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    /// In hexadecimal in a backup.
    Bytes,
}

/// One column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub nullable: bool,
}

/// One table.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
    /// The columns of the primary key, in which order rows are read.
    pub key: &'static [&'static str],
    /// Whether the database numbers its rows; the key is then that number alone.
    pub numbered: bool,
}

/// What a backup holds.
pub const TABLES: &[Table] = &[
    Table { name: "documents", columns: &[text("id"), number("revision_id")], key: &["id"], numbered: false },
    Table {
        name: "objects",
        columns: &[
            text("package_id"),
            text("class"),
            text("id"),
            text("home_id"),
            number("position"),
            number("changed_at"),
            text("received").or_null(),
            text("origin").or_null(),
            text("destination").or_null(),
            text("body"),
        ],
        key: &["id", "class", "package_id"],
        numbered: false,
    },
    Table {
        name: "revisions",
        columns: &[
            number("id"),
            text("document_id"),
            number("at"),
            text("source"),
            text("summary"),
            bytes("report"),
            bytes("undo"),
            number("undone_at").or_null(),
        ],
        key: &["id"],
        numbered: true,
    },
    Table {
        name: "changes",
        columns: &[number("seq"), text("document_id"), number("revision_id"), number("at")],
        key: &["seq"],
        numbered: true,
    },
    Table { name: "settings", columns: &[text("name"), text("value")], key: &["name"], numbered: false },
    Table {
        name: "tokens",
        columns: &[
            text("id"),
            text("name"),
            text("role"),
            text("frameworks").or_null(),
            text("hash"),
            number("created_at"),
            number("expires_at").or_null(),
            number("revoked_at").or_null(),
        ],
        key: &["id"],
        numbered: false,
    },
    Table {
        name: "users",
        columns: &[
            text("name"),
            text("password").or_null(),
            text("subject").or_null(),
            text("role"),
            text("frameworks").or_null(),
            number("created_at"),
            number("disabled_at").or_null(),
        ],
        key: &["name"],
        numbered: false,
    },
    Table {
        name: "audit",
        columns: &[
            number("id"),
            number("at"),
            text("actor"),
            text("action"),
            text("document_id").or_null(),
            number("revision_id").or_null(),
            text("subject").or_null(),
            text("address").or_null(),
            text("request_id").or_null(),
        ],
        key: &["id"],
        numbered: true,
    },
    Table {
        name: "downloads",
        columns: &[text("document_id"), text("url"), text("etag").or_null(), number("revision_id")],
        key: &["document_id"],
        numbered: false,
    },
    Table {
        name: "mirrors",
        columns: &[
            text("name"),
            text("url"),
            number("everything"),
            number("take_over"),
            number("every"),
            text("access").or_null(),
            text("version").or_null(),
            number("next_at"),
            number("last_at").or_null(),
            number("good_at").or_null(),
            number("broken_since").or_null(),
            text("problem").or_null(),
            text("held_by").or_null(),
            number("held_until").or_null(),
        ],
        key: &["name"],
        numbered: false,
    },
    Table {
        name: "mirrored",
        columns: &[
            text("document_id"),
            text("mirror"),
            text("received"),
            text("title"),
            number("good_at").or_null(),
            number("vanished_at").or_null(),
            number("problem_since").or_null(),
            text("problem").or_null(),
        ],
        key: &["document_id"],
        numbered: false,
    },
    Table {
        name: "private",
        columns: &[text("document_id"), text("reason")],
        key: &["document_id", "reason"],
        numbered: false,
    },
    Table {
        name: "imports",
        columns: &[
            number("id"),
            text("created_by"),
            number("created_at"),
            number("touched_at"),
            text("state"),
            text("name"),
            text("url").or_null(),
            text("etag").or_null(),
            number("size"),
            text("base_url"),
            number("read_at"),
            text("options"),
            text("summary"),
            text("result").or_null(),
            bytes("details"),
            bytes("content"),
            bytes("layout"),
            text("progress").or_null(),
        ],
        key: &["id"],
        numbered: true,
    },
    Table {
        name: "feedback",
        columns: &[
            number("id"),
            text("text_key"),
            text("item_id"),
            text("scope"),
            text("decision"),
            text("name"),
            text("text"),
            text("note").or_null(),
            number("decided_at"),
        ],
        key: &["id"],
        numbered: true,
    },
];

/// The tables that no backup holds: how the database came to be, and what is good for hours.
pub const NOT_IN_BACKUPS: &[&str] = &["__diesel_schema_migrations", "access_tokens", "sessions", "sign_in_failures"];

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text, nullable: false }
}

const fn number(name: &'static str) -> Column {
    Column { name, kind: Kind::Number, nullable: false }
}

const fn bytes(name: &'static str) -> Column {
    Column { name, kind: Kind::Bytes, nullable: false }
}

impl Column {
    const fn or_null(self) -> Column {
        Column { nullable: true, ..self }
    }

    /// The value as this column takes it, or what it is instead.
    fn cell(&self, value: Value) -> Result<Cell, String> {
        let wrong = |value: &Value| Err(format!("{} cannot be {}", self.name, kind_of(value)));
        match (self.kind, value) {
            (Kind::Text, Value::Null) if self.nullable => Ok(Cell::Text(None)),
            (Kind::Number, Value::Null) if self.nullable => Ok(Cell::Number(None)),
            (Kind::Bytes, Value::Null) if self.nullable => Ok(Cell::Bytes(None)),
            (Kind::Text, Value::String(text)) => Ok(Cell::Text(Some(text))),
            (Kind::Number, value) => match value.as_i64() {
                Some(number) => Ok(Cell::Number(Some(number))),
                None => wrong(&value),
            },
            (Kind::Bytes, Value::String(text)) => {
                let bytes = from_hex(&text).ok_or_else(|| format!("{} is no hexadecimal", self.name))?;
                Ok(Cell::Bytes(Some(bytes)))
            }
            (_, value) => wrong(&value),
        }
    }
}

const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "this number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    if rest.is_empty() { bytes.collect() } else { None }
}

/// A row fit for its table.
pub struct Row(pub(super) Vec<Cell>);

/// One value.
pub(super) enum Cell {
    Text(Option<String>),
    Number(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

impl Table {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The line of a backup as a row of those columns.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn row(&self, columns: &[&Column], line: &str) -> Result<Row, String> {
        let values: Vec<Value> = serde_json::from_str(line).map_err(|error| error.to_string())?;
        if values.len() != columns.len() {
            return Err(format!("{} values for {} columns", values.len(), columns.len()));
        }
        let cells: Result<Vec<Cell>, String> =
            values.into_iter().zip(columns).map(|(value, column)| column.cell(value)).collect();
        cells.map(Row)
    }

    /// The values of the key in one of the lines that `Tx::table_slice` returned.
    pub(super) fn key_of(&self, line: &str) -> Result<Vec<Cell>, StoreError> {
        let corrupt = |source| StoreError::Corrupt { what: "row", source };
        let values: Vec<Value> = serde_json::from_str(line).map_err(|error| corrupt(error.into()))?;
        let column = |name: &&str| {
            let at = self.columns.iter().position(|column| column.name == *name).unwrap_or_default();
            self.columns[at].cell(values.get(at).cloned().unwrap_or_default()).map_err(|told| corrupt(told.into()))
        };
        self.key.iter().map(column).collect()
    }

    /// The column that the database numbers rows by, where it does.
    pub(super) fn number_column(&self) -> &'static str {
        self.key.first().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_made_of_columns_and_a_number_is_a_key_alone() {
        for table in TABLES {
            assert!(table.key.iter().all(|name| table.column(name).is_some()), "{}", table.name);
            let number = table.key.len() == 1 && table.column(table.key[0]).unwrap().kind == Kind::Number;
            assert!(!table.numbered || number, "{}", table.name);
        }
    }

    #[test]
    fn a_line_has_to_fit_the_columns() {
        let table = &TABLES[0];
        let columns: Vec<&Column> = table.columns.iter().collect();
        assert!(table.row(&columns, r#"["a", 1]"#).is_ok());
        for wrong in [r#"["a"]"#, r#"["a", 1, 2]"#, r#"["a", "1"]"#, r"[null, 1]", r#"["a", 1.5]"#, "{}", "[", ""] {
            assert!(table.row(&columns, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hexadecimal_is_read_in_either_case() {
        assert_eq!(from_hex("00fFA9"), Some(vec![0, 255, 169]));
        assert_eq!(from_hex(""), Some(Vec::new()));
        for wrong in ["0", "0g", "é"] {
            assert_eq!(from_hex(wrong), None, "{wrong}");
        }
    }
}
