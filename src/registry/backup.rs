//! Backups: everything that is stored, in one file that either database can be restored from.
//!
//! A file is zstd of lines: a header (JSON object: format, migration, tables with their columns
//! and number of rows), the rows of each table (JSON arrays, by key), and a last line with a
//! SHA-256 of all before it. It is written and read in slices; a whole table is never in memory.
//!
//! A migration that adds a table or a column that may be null needs nothing here: older backups
//! restore without it. One that changes what is stored has to raise [`FORMAT`] and convert.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::answers::hex;
use super::{Registry, now};
use crate::store::{Column, StoreError, TABLES, Table, TableRow, Tx};

/// The version of the form of the file.
const FORMAT: u32 = 1;
/// What a header says that it is.
const KIND: &str = "casement-backup";
/// How every zstd file begins.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// How hard a backup is compressed.
const COMPRESSION: i32 = 6;
/// How many rows are read or written at once, and about how many bytes of them.
const SLICE_ROWS: usize = 1_000;
const SLICE_BYTES: usize = 4 << 20;
/// The longest line: what either database can hold in one value.
const LONGEST: u64 = 1 << 30;

/// Why a backup could not be written or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("the database could not be used")]
    Store(#[from] StoreError),
    #[error("the backup cannot be written")]
    Write(#[source] io::Error),
    #[error("the backup cannot be read")]
    Read(#[source] io::Error),
    #[error("this is no backup of Casement")]
    NotABackup,
    #[error("the backup was made by a newer Casement ({0}); update this program to restore it")]
    Newer(String),
    #[error("the backup is damaged: {0}; nothing was restored")]
    Damaged(String),
    #[error("the database is not empty: it holds {0}; nothing was restored")]
    NotEmpty(String),
}

/// What was written or restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackedUp {
    pub frameworks: u64,
    pub revisions: u64,
    pub rows: u64,
}

/// How far a backup or restore is.
#[derive(Clone, Copy, Debug)]
pub struct BackupProgress {
    pub table: &'static str,
    pub done: u64,
    pub total: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    kind: String,
    format: u32,
    program: String,
    /// The last migration of the database.
    migration: String,
    made_at: String,
    tables: Vec<TableHeader>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TableHeader {
    name: String,
    columns: Vec<String>,
    rows: u64,
    /// The last number that was given to a row; larger than any row's when rows were taken away.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    last_number: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct Footer {
    rows: u64,
    sha256: String,
}

impl Header {
    fn of(tx: &mut Tx<'_>) -> Result<Header, StoreError> {
        let mut tables = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            tables.push(TableHeader {
                name: table.name.to_owned(),
                columns: table.columns.iter().map(|column| column.name.to_owned()).collect(),
                rows: tx.table_count(table)?,
                last_number: if table.numbered { Some(tx.last_number(table)?) } else { None },
            });
        }
        Ok(Header {
            kind: KIND.to_owned(),
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            migration: tx.migration()?,
            made_at: chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            tables,
        })
    }

    fn backed_up(&self) -> BackedUp {
        let rows = |name: &str| self.tables.iter().filter(|table| table.name == name).map(|table| table.rows).sum();
        BackedUp { frameworks: rows("documents"), revisions: rows("revisions"), rows: self.rows() }
    }

    fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

impl Registry {
    /// Writes everything that is stored, as one moment sees it; servers and imports go on.
    ///
    /// # Errors
    /// [`BackupError::Store`] and [`BackupError::Write`].
    pub fn back_up(&self, out: impl Write, mut progress: impl FnMut(BackupProgress)) -> Result<BackedUp, BackupError> {
        let mut encoder = zstd::stream::write::Encoder::new(out, COMPRESSION).map_err(BackupError::Write)?;
        encoder.include_checksum(true).map_err(BackupError::Write)?;
        let mut lines = LineWriter { out: encoder, hash: Sha256::new() };
        let header = self.store.read(|tx| {
            let header = Header::of(tx)?;
            lines.put(&json(&header)?)?;
            let (mut done, total) = (0, header.rows());
            for table in TABLES {
                rows(tx, table, |slice| {
                    slice.iter().try_for_each(|line| lines.put(line))?;
                    done += slice.len() as u64;
                    progress(BackupProgress { table: table.name, done, total });
                    Ok(())
                })?;
            }
            Ok::<_, BackupError>(header)
        })?;
        let footer = Footer { rows: header.rows(), sha256: hex(&lines.hash.clone().finalize(), 32) };
        lines.put(&json(&footer)?)?;
        lines.out.finish().and_then(|mut out| out.flush()).map_err(BackupError::Write)?;
        Ok(header.backed_up())
    }

    /// Fills the database from a backup, in one transaction. A database that holds anything but
    /// settings is refused, unless everything in it is to be `replace`d. Change and revision
    /// numbers are those of the backup, and new ones are larger than any there were here; every
    /// framework that came, changed or went gets a change, so that derived state follows.
    ///
    /// # Errors
    /// [`BackupError`]; then nothing was changed.
    pub fn restore(
        &self,
        input: impl Read,
        replace: bool,
        mut progress: impl FnMut(BackupProgress),
    ) -> Result<BackedUp, BackupError> {
        let mut lines = LineReader::open(input)?;
        let header: Header = serde_json::from_str(&lines.next("the header")?).map_err(|_| BackupError::NotABackup)?;
        if header.kind != KIND {
            return Err(BackupError::NotABackup);
        }
        let newer = || BackupError::Newer(header.program.clone());
        if header.format > FORMAT {
            return Err(newer());
        }
        let known = |name: &str| TABLES.iter().find(|table| table.name == name);
        if header.tables.iter().any(|table| known(&table.name).is_none()) {
            return Err(newer());
        }
        self.store.write(|tx| {
            if header.migration > tx.migration()? {
                return Err(newer());
            }
            if !replace {
                refuse_unless_empty(tx)?;
            }
            let mut touched: BTreeSet<String> = tx.listed()?.into_iter().map(|(id, _)| id).collect();
            for table in TABLES.iter().rev() {
                tx.clear_table(table)?;
            }
            let indexes = tx.drop_indexes()?;
            let (mut done, total) = (0, header.rows());
            // Written after the tables it refers to, each is read after them too.
            for of_file in &header.tables {
                let Some(table) = known(&of_file.name) else { continue };
                let columns = columns(table, &of_file.columns).ok_or_else(newer)?;
                fill(tx, table, &columns, of_file.rows, &mut lines, |added| {
                    done += added;
                    progress(BackupProgress { table: table.name, done, total });
                })?;
            }
            lines.end(total)?;
            tx.make_indexes(&indexes)?;
            for of_file in &header.tables {
                if let Some(table) = known(&of_file.name).filter(|table| table.numbered) {
                    tx.raise_number(table, of_file.last_number.unwrap_or_default())?;
                }
            }
            let listed = tx.listed()?;
            let at = now();
            for (id, revision) in &listed {
                touched.remove(id);
                tx.append_changes(std::slice::from_ref(id), *revision, at)?;
            }
            // What is no longer there has no revision any more.
            let gone: Vec<String> = touched.into_iter().collect();
            tx.append_changes(&gone, NO_REVISION, at)?;
            Ok(header.backed_up())
        })
    }
}

/// The revision in the change of a framework that a restored backup did not hold.
pub(super) const NO_REVISION: i64 = 0;

fn json(line: &impl Serialize) -> Result<String, BackupError> {
    serde_json::to_string(line).map_err(|error| BackupError::Write(error.into()))
}

/// Hands every row of a table out, in slices of about the same number of bytes.
fn rows(
    tx: &mut Tx<'_>,
    table: &Table,
    mut take: impl FnMut(&[String]) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    let mut limit = 8;
    let mut last: Option<String> = None;
    loop {
        let mut slice = tx.table_slice(table, last.as_deref(), limit)?;
        take(&slice)?;
        if slice.len() < limit {
            return Ok(());
        }
        let bytes: usize = slice.iter().map(String::len).sum();
        limit = (slice.len() * SLICE_BYTES / bytes.max(1)).clamp(1, SLICE_ROWS.min(limit * 4));
        last = slice.pop();
    }
}

fn refuse_unless_empty(tx: &mut Tx<'_>) -> Result<(), BackupError> {
    let mut held = Vec::new();
    for table in TABLES.iter().filter(|table| table.name != "settings") {
        let rows = tx.table_count(table)?;
        if rows > 0 {
            held.push(format!("{rows} {}", table.name));
        }
    }
    if held.is_empty() { Ok(()) } else { Err(BackupError::NotEmpty(held.join(", "))) }
}

/// The table's columns of those names; `None` when it has no such column, or one of its own that
/// cannot stay empty is not among them.
fn columns(table: &Table, names: &[String]) -> Option<Vec<&'static Column>> {
    let found: Option<Vec<&Column>> = names.iter().map(|name| table.column(name)).collect();
    found.filter(|found| table.columns.iter().all(|column| column.nullable || found.contains(&column)))
}

/// Reads as many rows from the backup into a table.
fn fill<R: BufRead>(
    tx: &mut Tx<'_>,
    table: &Table,
    columns: &[&Column],
    count: u64,
    lines: &mut LineReader<R>,
    mut added: impl FnMut(u64),
) -> Result<(), BackupError> {
    let (mut held, mut bytes): (Vec<TableRow>, usize) = (Vec::new(), 0);
    for number in 1..=count {
        let place = || format!("row {number} of {}", table.name);
        let line = lines.next(&place())?;
        let row = table.row(columns, &line);
        held.push(row.map_err(|told| BackupError::Damaged(format!("{}: {told}", place())))?);
        bytes += line.len();
        if held.len() >= SLICE_ROWS || bytes >= SLICE_BYTES || number == count {
            let rows = held.len() as u64;
            tx.insert_into_table(table, columns, std::mem::take(&mut held))?;
            bytes = 0;
            added(rows);
        }
    }
    Ok(())
}

/// Lines that are hashed as they are written.
struct LineWriter<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> LineWriter<W> {
    fn put(&mut self, line: &str) -> Result<(), BackupError> {
        for part in [line.as_bytes(), b"\n"] {
            self.hash.update(part);
            self.out.write_all(part).map_err(BackupError::Write)?;
        }
        Ok(())
    }
}

/// Lines that are hashed as they are read.
struct LineReader<R> {
    input: R,
    hash: Sha256,
}

impl<R: Read> LineReader<BufReader<zstd::stream::read::Decoder<'_, BufReader<R>>>> {
    fn open(input: R) -> Result<Self, BackupError> {
        let mut input = BufReader::new(input);
        if !input.fill_buf().map_err(BackupError::Read)?.starts_with(&MAGIC) {
            return Err(BackupError::NotABackup);
        }
        let decoder = zstd::stream::read::Decoder::with_buffer(input).map_err(BackupError::Read)?;
        Ok(LineReader { input: BufReader::with_capacity(1 << 16, decoder), hash: Sha256::new() })
    }
}

impl<R: BufRead> LineReader<R> {
    /// The next line, which has to hold `what`.
    fn next(&mut self, what: &str) -> Result<String, BackupError> {
        let line = self.line()?;
        self.hash.update(line.as_bytes());
        match line.strip_suffix('\n') {
            Some(line) => Ok(line.to_owned()),
            None => Err(BackupError::Damaged(format!("it ends before {what}"))),
        }
    }

    /// Reads the last line, which has to agree with everything before it and to be the last.
    fn end(&mut self, rows: u64) -> Result<(), BackupError> {
        let sha256 = hex(&self.hash.clone().finalize(), 32);
        let line = self.next("its last line")?;
        let footer: Result<Footer, _> = serde_json::from_str(&line);
        let footer = footer.map_err(|_| BackupError::Damaged("its last line is not where it should be".to_owned()))?;
        if footer.rows != rows || footer.sha256 != sha256 {
            return Err(BackupError::Damaged("its content is not what was written".to_owned()));
        }
        if self.line()?.is_empty() { Ok(()) } else { Err(BackupError::Damaged("it goes on after its end".to_owned())) }
    }

    fn line(&mut self) -> Result<String, BackupError> {
        let mut line = Vec::new();
        let read = self.input.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        read.map_err(|error| {
            // The system's own errors have a number; the others are zstd's.
            match (error.kind(), error.raw_os_error()) {
                (io::ErrorKind::UnexpectedEof, _) => BackupError::Damaged("it is cut off".to_owned()),
                (_, Some(_)) => BackupError::Read(error),
                (_, None) => BackupError::Damaged(error.to_string()),
            }
        })?;
        String::from_utf8(line).map_err(|_| BackupError::Damaged("it holds something else than text".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_may_lack_only_columns_that_may_be_empty() {
        let objects = TABLES.iter().find(|table| table.name == "objects").unwrap();
        let names = |without: &str| -> Vec<String> {
            objects.columns.iter().map(|column| column.name.to_owned()).filter(|name| name != without).collect()
        };
        assert_eq!(columns(objects, &names("")).map(|all| all.len()), Some(objects.columns.len()));
        assert!(columns(objects, &names("origin")).is_some());
        assert!(columns(objects, &names("body")).is_none());
        assert!(columns(objects, &["colour".to_owned()]).is_none());
    }
}
