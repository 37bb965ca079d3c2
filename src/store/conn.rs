//! Connections: one type for both databases, what is set on each, and the pool's manager.

use std::path::Path;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;

use super::StoreError;
use super::url::DatabaseUrl;
use crate::case::percent;

/// A connection to whichever database was configured.
#[derive(diesel::MultiConnection)]
pub(super) enum AnyConn {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

/// Writes a statement once and compiles it for each concrete backend; needed where Diesel cannot
/// build it for both at once: inserting many rows, `returning`, `on_conflict`.
macro_rules! on_backend {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::store::conn::AnyConn::Sqlite($c) => $body,
            $crate::store::conn::AnyConn::Pg($c) => $body,
        }
    };
}
pub(super) use on_backend;

/// Whether a transaction may change anything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

impl AnyConn {
    /// Begins a transaction that sees one state of the database. A writing one takes the only
    /// writer's place at once: on SQLite, since a reader cannot become a writer after somebody
    /// else wrote; on PostgreSQL, so that change numbers are handed out in commit order.
    pub(super) fn begin(&mut self, access: Access) -> QueryResult<()> {
        match (self, access) {
            (AnyConn::Sqlite(c), Access::Read) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
            (AnyConn::Sqlite(c), Access::Write) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
            (AnyConn::Pg(c), Access::Read) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
            (AnyConn::Pg(c), Access::Write) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN")?;
                c.batch_execute(&format!("SELECT pg_advisory_xact_lock({WRITE_LOCK})"))
            }
        }
    }

    /// Has SQLite keep more of the database in memory for what writes much.
    pub(super) fn widen(&mut self) -> QueryResult<()> {
        self.keep(WRITING_CACHE)
    }

    /// Has SQLite keep so many KiB of the database in memory, and give the rest back.
    pub(super) fn keep(&mut self, kib: u32) -> QueryResult<()> {
        match self {
            AnyConn::Sqlite(c) => c.batch_execute(&format!("PRAGMA cache_size = -{kib}")),
            AnyConn::Pg(_) => Ok(()),
        }
    }

    pub(super) fn commit(&mut self) -> QueryResult<()> {
        <AnyConn as Connection>::TransactionManager::commit_transaction(self)
    }

    pub(super) fn roll_back(&mut self) {
        // A failure leaves the connection broken, which the pool notices and replaces it.
        drop(<AnyConn as Connection>::TransactionManager::rollback_transaction(self));
    }
}

/// The advisory locks on PostgreSQL: every writer, and the one who migrates.
pub(super) const WRITE_LOCK: i64 = 0x43_41_53_45_01;
pub(super) const MIGRATION_LOCK: i64 = 0x43_41_53_45_02;

/// Whether a connection may ever write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    ReadWrite,
    ReadOnly,
}

/// How much of an SQLite database all connections together keep in memory, and one alone, in KiB:
/// the system keeps the file too.
const CACHE: u32 = 32_000;
const LARGEST_CACHE: u32 = 16_000;
/// The same for the one that writes, while it does: what a large import touches is all over the
/// indexes, and what does not fit is written and read again and again.
const WRITING_CACHE: u32 = 64_000;

/// How much one of so many connections keeps in memory, in KiB.
pub(super) fn reading_cache(connections: u32) -> u32 {
    (CACHE / connections.max(1)).min(LARGEST_CACHE)
}

/// Opens connections for the pool.
pub(super) struct Manager {
    pub url: DatabaseUrl,
    pub mode: Mode,
    /// How many connections there may be at once.
    pub connections: u32,
}

impl Manager {
    /// A connection with its settings made.
    pub(super) fn open(&self) -> Result<AnyConn, StoreError> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let place = match self.mode {
                    Mode::ReadWrite => path.to_string_lossy().into_owned(),
                    Mode::ReadOnly => for_reading(path),
                };
                let mut conn = SqliteConnection::establish(&place).map_err(StoreError::Open)?;
                // The time-out first: it also covers the other settings.
                conn.batch_execute(&format!(
                    "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; \
                     PRAGMA cache_size = -{}; PRAGMA temp_store = MEMORY;",
                    reading_cache(self.connections)
                ))
                .map_err(StoreError::Query)?;
                Ok(AnyConn::Sqlite(conn))
            }
            DatabaseUrl::Postgres(url) => {
                let mut conn = PgConnection::establish(url).map_err(StoreError::Open)?;
                conn.batch_execute("SET TIME ZONE 'UTC'; SET client_min_messages = warning")
                    .map_err(StoreError::Query)?;
                if self.mode == Mode::ReadOnly {
                    conn.batch_execute("SET default_transaction_read_only = on").map_err(StoreError::Query)?;
                }
                Ok(AnyConn::Pg(conn))
            }
        }
    }
}

/// The file as SQLite opens it for reading, and never creates it. The log and the index beside it
/// still work, so that what another process writes is seen.
fn for_reading(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    format!("file:{}?mode=ro", percent::encode(&path.to_string_lossy(), plain))
}

impl ManageConnection for Manager {
    type Connection = AnyConn;
    type Error = StoreError;

    fn connect(&self) -> Result<AnyConn, StoreError> {
        self.open()
    }

    fn is_valid(&self, conn: &mut AnyConn) -> Result<(), StoreError> {
        conn.batch_execute("SELECT 1").map_err(StoreError::Query)
    }

    fn has_broken(&self, conn: &mut AnyConn) -> bool {
        std::thread::panicking() || <AnyConn as Connection>::TransactionManager::is_broken_transaction_manager(conn)
    }
}
