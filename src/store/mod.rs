//! The databases: SQLite in a file, or PostgreSQL. The only module that names Diesel.
//!
//! Everything goes through [`Store::read`] and [`Store::write`], each one transaction. What comes
//! out is [`Object`]s: the CASE 1.1 JSON of one object with the keys it is found by. Never
//! contains rules of the standard, or anything of HTTP.

mod audit;
mod changes;
mod conn;
mod feedback;
mod imports;
mod links;
mod lookup;
mod migrate;
mod mirrors;
mod objects;
mod private;
mod raw;
mod revisions;
mod schema;
mod sessions;
mod settings;
mod tables;
mod tokens;
mod transfer;
mod url;
mod users;

use std::time::Duration;

use diesel::r2d2::{Pool, PooledConnection};

use conn::{Access, AnyConn, Manager, Mode, reading_cache};

pub use audit::{AuditEntry, AuditFilter, NewAudit};
pub use changes::Change;
pub use feedback::Decision;
pub use imports::{NewImport, Packed, StoredImport, StoredPlan};
pub use lookup::End;
pub use mirrors::{Download, Finished, Mirror, Mirrored};
pub use objects::{Object, PackageCounts};
pub use private::{Reason, Sight};
pub use raw::{RawObject, RawRevision};
pub use revisions::{NewRevision, Revision, Undo};
pub use sessions::StoredSession;
pub use tables::{Column, Kind, NOT_IN_BACKUPS, Row as TableRow, TABLES, Table};
pub use tokens::{StoredAccessToken, StoredToken};
pub use url::{DatabaseUrl, UnknownDatabase};
pub use users::StoredUser;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database could not be opened")]
    Open(#[source] diesel::ConnectionError),
    #[error("the database's tables could not be created or brought up to date")]
    Migrate(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the database was made by a newer Casement (migration {0}); update this program, or restore a backup")]
    Newer(String),
    #[error(
        "the database is at migration {found} and this program at {wanted}; a read-only server changes nothing: \
         start one that may write, of this version, on this database first"
    )]
    OtherSchema { found: String, wanted: String },
    #[error("the database is open for reading only")]
    ReadOnly,
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
    mode: Mode,
    is_near: bool,
    /// What a connection keeps in memory when it does not write, in KiB.
    cache: u32,
}

/// One transaction, which sees all frameworks or only some. What is read of objects and documents to
/// be published keeps to that; what imports and repairs read does not, and says so.
pub struct Tx<'c>(&'c mut AnyConn, Sight);

impl Store {
    /// Opens the database, creates or updates its tables, and keeps at most `connections` open.
    ///
    /// # Errors
    /// [`StoreError::Open`] and [`StoreError::Migrate`].
    pub fn open(url: &DatabaseUrl, connections: u32) -> Result<Store, StoreError> {
        let manager = Manager { url: url.clone(), mode: Mode::ReadWrite, connections };
        migrate::run(&mut manager.open()?)?;
        Store::pooled(manager, connections)
    }

    /// Opens the database for reading only: it has to be there, with the tables of this program.
    /// The database itself then refuses to write.
    ///
    /// # Errors
    /// [`StoreError::Open`], [`StoreError::OtherSchema`] and [`StoreError::Newer`].
    pub fn open_read_only(url: &DatabaseUrl, connections: u32) -> Result<Store, StoreError> {
        let manager = Manager { url: url.clone(), mode: Mode::ReadOnly, connections };
        migrate::check(&mut manager.open()?)?;
        Store::pooled(manager, connections)
    }

    fn pooled(manager: Manager, connections: u32) -> Result<Store, StoreError> {
        let (is_remote, mode) = (matches!(manager.url, DatabaseUrl::Postgres(_)), manager.mode);
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            // Longer than SQLite's busy time-out, which waits inside a connection.
            .connection_timeout(Duration::from_secs(15))
            .test_on_check_out(is_remote)
            .build(manager)
            .map_err(StoreError::Busy)?;
        Ok(Store { pool, mode, is_near: !is_remote, cache: reading_cache(connections) })
    }

    /// Whether the database is a file that this process reads itself, and no server's.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.is_near
    }

    /// Runs `f` on one unchanging state of the database.
    ///
    /// # Errors
    /// What `f` returns, and whatever keeps the transaction from beginning.
    pub fn read<T, E: From<StoreError>>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.transaction(Access::Read, Sight::All, f)
    }

    /// [`Store::read`], with no more in it than `sight` allows.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_with<T, E: From<StoreError>>(
        &self,
        sight: Sight,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transaction(Access::Read, sight, f)
    }

    /// Runs `f` as the only writer; what it did is kept when it returns `Ok`, else nothing is.
    ///
    /// # Errors
    /// What `f` returns, whatever keeps the transaction from beginning or ending, and
    /// [`StoreError::ReadOnly`].
    pub fn write<T, E: From<StoreError>>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        match self.mode {
            Mode::ReadWrite => self.transaction(Access::Write, Sight::All, f),
            Mode::ReadOnly => Err(StoreError::ReadOnly.into()),
        }
    }

    fn transaction<T, E: From<StoreError>>(
        &self,
        access: Access,
        sight: Sight,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn: PooledConnection<Manager> = self.pool.get().map_err(StoreError::Busy)?;
        if access == Access::Read {
            return in_transaction(&mut conn, access, sight, f);
        }
        conn.widen().map_err(StoreError::Query)?;
        let outcome = in_transaction(&mut conn, access, sight, f);
        // Of no consequence for what was written.
        drop(conn.keep(self.cache));
        outcome
    }
}

fn in_transaction<T, E: From<StoreError>>(
    conn: &mut AnyConn,
    access: Access,
    sight: Sight,
    f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    conn.begin(access).map_err(StoreError::Query)?;
    match f(&mut Tx(conn, sight)) {
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
