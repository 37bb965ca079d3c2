//! The databases: SQLite in a file, or PostgreSQL. The only module that names Diesel.
//!
//! Everything goes through [`Store::read`] and [`Store::write`], each one transaction. What comes
//! out is [`Object`]s: the CASE 1.1 JSON of one object with the keys it is found by. Never
//! contains rules of the standard, or anything of HTTP.

mod audit;
mod changes;
mod conn;
mod migrate;
mod mirrors;
mod objects;
mod raw;
mod revisions;
mod schema;
mod settings;
mod tables;
mod tokens;
mod transfer;
mod url;

use std::time::Duration;

use diesel::r2d2::{Pool, PooledConnection};

use conn::{Access, AnyConn, Manager};

pub use audit::{AuditEntry, NewAudit};
pub use changes::Change;
pub use mirrors::{Download, Finished, Mirror, Mirrored};
pub use objects::{Object, PackageCounts};
pub use raw::{RawObject, RawRevision};
pub use revisions::{NewRevision, Revision, Undo};
pub use tables::{Column, Kind, NOT_IN_BACKUPS, Row as TableRow, TABLES, Table};
pub use tokens::{StoredAccessToken, StoredToken};
pub use url::{DatabaseUrl, UnknownDatabase};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database could not be opened")]
    Open(#[source] diesel::ConnectionError),
    #[error("the database's tables could not be created or brought up to date")]
    Migrate(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the database was made by a newer Casement (migration {0}); update this program, or restore a backup")]
    Newer(String),
    #[error("no database connection became free in time")]
    Busy(#[source] diesel::r2d2::PoolError),
    #[error("the database refused a statement")]
    Query(#[source] diesel::result::Error),
    #[error("a stored {what} cannot be read")]
    Corrupt {
        what: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        StoreError::Query(error)
    }
}

/// A database that is open and up to date.
pub struct Store {
    pool: Pool<Manager>,
}

/// One transaction.
pub struct Tx<'c>(&'c mut AnyConn);

impl Store {
    /// Opens the database, creates or updates its tables, and keeps at most `connections` open.
    ///
    /// # Errors
    /// [`StoreError::Open`] and [`StoreError::Migrate`].
    pub fn open(url: &DatabaseUrl, connections: u32) -> Result<Store, StoreError> {
        let manager = Manager { url: url.clone(), connections };
        migrate::run(&mut manager.open()?)?;
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            // Longer than SQLite's busy time-out, which waits inside a connection.
            .connection_timeout(Duration::from_secs(15))
            .test_on_check_out(matches!(url, DatabaseUrl::Postgres(_)))
            .build(manager)
            .map_err(StoreError::Busy)?;
        Ok(Store { pool })
    }

    /// Runs `f` on one unchanging state of the database.
    ///
    /// # Errors
    /// What `f` returns, and whatever keeps the transaction from beginning.
    pub fn read<T, E: From<StoreError>>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.transaction(Access::Read, f)
    }

    /// Runs `f` as the only writer; what it did is kept when it returns `Ok`, else nothing is.
    ///
    /// # Errors
    /// What `f` returns, and whatever keeps the transaction from beginning or ending.
    pub fn write<T, E: From<StoreError>>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.transaction(Access::Write, f)
    }

    fn transaction<T, E: From<StoreError>>(
        &self,
        access: Access,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn: PooledConnection<Manager> = self.pool.get().map_err(StoreError::Busy)?;
        conn.begin(access).map_err(StoreError::Query)?;
        match f(&mut Tx(&mut conn)) {
            Ok(value) => match conn.commit() {
                Ok(()) => Ok(value),
                Err(error) => {
                    conn.roll_back();
                    Err(StoreError::Query(error).into())
                }
            },
            Err(error) => {
                conn.roll_back();
                Err(error)
            }
        }
    }
}
