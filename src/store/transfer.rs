//! Rows of any table, read and written as JSON arrays that look the same from both databases, so
//! that what one wrote the other can read. The statements are made from the list in `tables`.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel::sqlite::Sqlite;

use super::conn::{AnyConn, on_backend};
use super::tables::{Cell, Column, Kind, Row, Table};
use super::{StoreError, Tx};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// A statement with its variables; a macro, since the bounds of a function could not be named.
macro_rules! bound {
    ($backend:ty, $statement:expr, $cells:expr) => {
        $cells.into_iter().fold(diesel::sql_query($statement).into_boxed::<$backend>(), |query, cell| match cell {
            Cell::Text(value) => query.bind::<Nullable<Text>, _>(value),
            Cell::Number(value) => query.bind::<Nullable<BigInt>, _>(value),
            Cell::Bytes(value) => query.bind::<Nullable<Binary>, _>(value),
        })
    };
}

/// Bound variables a statement may have: SQLite allows 32,766.
const VARIABLES: usize = 30_000;

impl Tx<'_> {
    /// The last migration that the database has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn migration(&mut self) -> Result<String, StoreError> {
        let query = "SELECT COALESCE(MAX(version), '') AS line FROM __diesel_schema_migrations";
        Ok(on_backend!(&mut *self.0, |c| diesel::sql_query(query).get_result::<Line>(c))?.line)
    }

    /// How many rows a table has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn table_count(&mut self, table: &Table) -> Result<u64, StoreError> {
        Ok(self.number(&format!("SELECT COUNT(*) AS number FROM {}", table.name))?.unsigned_abs())
    }

    /// At most `limit` rows after the row `after`, each as a JSON array on one line.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn table_slice(&mut self, table: &Table, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        let key = after.map(|line| table.key_of(line)).transpose()?;
        let is_after = key.is_some();
        let key = key.unwrap_or_default();
        let lines: Vec<Line> = match &mut *self.0 {
            AnyConn::Sqlite(c) => {
                let query = select(table, "json_array", |name| format!("hex({name})"), is_after, limit);
                bound!(Sqlite, query, key).load(c)?
            }
            AnyConn::Pg(c) => {
                let hex = |name: &str| format!("encode({name}, 'hex')");
                // Its arrays have no line breaks of their own either.
                let query =
                    select(table, "json_build_array", hex, is_after, limit).replacen(") AS line", ")::text AS line", 1);
                bound!(Pg, query, key).load(c)?
            }
        };
        Ok(lines.into_iter().map(|Line { line }| line).collect())
    }

    /// Adds rows, with the numbers they bring.
    ///
    /// # Errors
    /// When one is there already, or the database cannot be written.
    pub fn insert_into_table(&mut self, table: &Table, columns: &[&Column], rows: Vec<Row>) -> Result<(), StoreError> {
        let names = columns.iter().map(|column| quoted(column.name)).collect::<Vec<_>>().join(", ");
        let mut rows = rows.into_iter();
        loop {
            let chunk: Vec<Row> = rows.by_ref().take(VARIABLES / columns.len().max(1)).collect();
            if chunk.is_empty() {
                return Ok(());
            }
            let cells: Vec<Cell> = chunk.into_iter().flat_map(|Row(cells)| cells).collect();
            let rows = cells.len() / columns.len().max(1);
            let statement = |own_numbers: &str, values: String| {
                format!("INSERT INTO {} ({names}) {own_numbers} VALUES {values}", table.name)
            };
            match &mut *self.0 {
                AnyConn::Sqlite(c) => {
                    bound!(Sqlite, statement("", values('?', rows, columns.len())), cells).execute(c)?
                }
                AnyConn::Pg(c) => {
                    let own_numbers = if table.numbered { "OVERRIDING SYSTEM VALUE" } else { "" };
                    bound!(Pg, statement(own_numbers, values('$', rows, columns.len())), cells).execute(c)?
                }
            };
        }
    }

    /// Takes every row away. The numbers that were given to rows are not given again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn clear_table(&mut self, table: &Table) -> Result<(), StoreError> {
        let statement = format!("DELETE FROM {}", table.name);
        on_backend!(&mut *self.0, |c| diesel::sql_query(&statement).execute(c))?;
        Ok(())
    }

    /// Takes SQLite's indexes away; returns what makes them again. Row by row, they would be
    /// written to its log over and over. PostgreSQL keeps its own.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn drop_indexes(&mut self) -> Result<Vec<String>, StoreError> {
        let AnyConn::Sqlite(conn) = &mut *self.0 else { return Ok(Vec::new()) };
        // Those of keys have no statement, and stay.
        let made = |column| format!("SELECT {column} AS line FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL");
        let names: Vec<Line> = diesel::sql_query(made("name")).load(conn)?;
        let statements: Vec<Line> = diesel::sql_query(made("sql")).load(conn)?;
        for Line { line } in names {
            diesel::sql_query(format!("DROP INDEX {}", quoted(&line))).execute(conn)?;
        }
        Ok(statements.into_iter().map(|Line { line }| line).collect())
    }

    /// Makes the indexes again that [`Tx::drop_indexes`] took away.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn make_indexes(&mut self, statements: &[String]) -> Result<(), StoreError> {
        let AnyConn::Sqlite(conn) = &mut *self.0 else { return Ok(()) };
        // What is sorted for them need not fit into memory.
        diesel::sql_query("PRAGMA temp_store = FILE").execute(conn)?;
        for statement in statements {
            diesel::sql_query(statement).execute(conn)?;
        }
        diesel::sql_query("PRAGMA temp_store = MEMORY").execute(conn)?;
        Ok(())
    }

    /// The last number that was given to a row of a numbered table; 0 when none was.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_number(&mut self, table: &Table) -> Result<i64, StoreError> {
        let query = match &*self.0 {
            AnyConn::Sqlite(_) => {
                format!("SELECT COALESCE(MAX(seq), 0) AS number FROM sqlite_sequence WHERE name = '{}'", table.name)
            }
            AnyConn::Pg(_) => {
                format!("SELECT COALESCE(pg_sequence_last_value({}), 0) AS number", sequence(table))
            }
        };
        self.number(&query)
    }

    /// Makes the next number of a numbered table larger than `last`, and than those of its rows.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn raise_number(&mut self, table: &Table, last: i64) -> Result<(), StoreError> {
        let largest = format!("SELECT COALESCE(MAX({}), 0) AS number FROM {}", table.number_column(), table.name);
        let last = last.max(self.number(&largest)?);
        if self.last_number(table)? >= last {
            return Ok(());
        }
        match &mut *self.0 {
            AnyConn::Sqlite(c) => {
                let set = format!("UPDATE sqlite_sequence SET seq = {last} WHERE name = '{}'", table.name);
                if diesel::sql_query(set).execute(c)? == 0 {
                    let add = format!("INSERT INTO sqlite_sequence (name, seq) VALUES ('{}', {last})", table.name);
                    diesel::sql_query(add).execute(c)?;
                }
            }
            AnyConn::Pg(c) => {
                diesel::sql_query(format!("SELECT setval({}, {last})", sequence(table))).execute(c)?;
            }
        }
        Ok(())
    }

    fn number(&mut self, query: &str) -> Result<i64, StoreError> {
        Ok(on_backend!(&mut *self.0, |c| diesel::sql_query(query).get_result::<Number>(c))?.number)
    }
}

/// The variables of so many rows: `?1` on SQLite, which takes `$1` for a name and searches for it,
/// and `$1` on PostgreSQL.
fn values(sign: char, rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let variables: Vec<String> = (1..=columns).map(|column| format!("{sign}{}", row * columns + column)).collect();
        format!("({})", variables.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// A column's name where a word of SQL may be one.
fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// PostgreSQL's sequence behind the number of a numbered table.
fn sequence(table: &Table) -> String {
    format!("pg_get_serial_sequence('{}', '{}')::regclass", table.name, table.number_column())
}

/// The statement that reads rows as JSON arrays, those after a key when there is one.
fn select(table: &Table, array: &str, hex: impl Fn(&str) -> String, after: bool, limit: usize) -> String {
    let value = |column: &Column| match column.kind {
        Kind::Bytes => hex(&quoted(column.name)),
        Kind::Text | Kind::Number => quoted(column.name),
    };
    let array_of = table.columns.iter().map(value).collect::<Vec<_>>().join(", ");
    let key = table.key.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    let condition = if after { format!("WHERE ({key}) > {} ", values('$', 1, table.key.len())) } else { String::new() };
    format!("SELECT {array}({array_of}) AS line FROM {} {condition}ORDER BY {key} LIMIT {limit}", table.name)
}
