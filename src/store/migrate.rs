//! Brings a database to the schema of this program, under a lock so that several programs that
//! start at once do it once.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::StoreError;
use super::conn::{AnyConn, MIGRATION_LOCK};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Applies what is pending.
pub(super) fn run(conn: &mut AnyConn) -> Result<(), StoreError> {
    match conn {
        AnyConn::Sqlite(c) => {
            // WAL is a property of the file; set on one connection, before there are others.
            c.batch_execute("PRAGMA journal_mode = WAL; BEGIN EXCLUSIVE").map_err(StoreError::Query)?;
            let outcome = c.run_pending_migrations(SQLITE).map(|_| ()).map_err(StoreError::Migrate);
            c.batch_execute(if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" }).map_err(StoreError::Query)?;
            outcome
        }
        AnyConn::Pg(c) => {
            c.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).map_err(StoreError::Query)?;
            let outcome = c.run_pending_migrations(POSTGRES).map(|_| ()).map_err(StoreError::Migrate);
            c.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).map_err(StoreError::Query)?;
            outcome
        }
    }
}
