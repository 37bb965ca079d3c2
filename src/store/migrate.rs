//! Brings a database to the schema of this program, under a lock so that several programs that
//! start at once do it once.

use std::time::{Duration, Instant};

use diesel::SqliteConnection;
use diesel::backend::Backend;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::StoreError;
use super::conn::{AnyConn, MIGRATION_LOCK};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// How long to wait for another program that is creating the same file.
const PATIENCE: Duration = Duration::from_secs(10);

/// Applies what is pending; refuses a database that a newer program has changed.
pub(super) fn run(conn: &mut AnyConn) -> Result<(), StoreError> {
    match conn {
        AnyConn::Sqlite(c) => {
            write_ahead(c)?;
            if !is_behind(c, SQLITE)? {
                return Ok(());
            }
            // Known to Diesel, so that the migrations' own transactions nest in it.
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN EXCLUSIVE").map_err(StoreError::Query)?;
            let outcome = c.run_pending_migrations(SQLITE).map(drop).map_err(StoreError::Migrate);
            let end = match outcome {
                Ok(()) => AnsiTransactionManager::commit_transaction(c),
                Err(_) => AnsiTransactionManager::rollback_transaction(c),
            };
            outcome.and(end.map_err(StoreError::Query))
        }
        AnyConn::Pg(c) => {
            c.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).map_err(StoreError::Query)?;
            let outcome = is_behind(c, POSTGRES)
                .and_then(|_| c.run_pending_migrations(POSTGRES).map(drop).map_err(StoreError::Migrate));
            c.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).map_err(StoreError::Query)?;
            outcome
        }
    }
}

/// Whether migrations are pending.
fn is_behind<DB: Backend>(conn: &mut impl MigrationHarness<DB>, ours: EmbeddedMigrations) -> Result<bool, StoreError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known: Vec<String> = MigrationSource::<DB>::migrations(&ours)
        .map_err(StoreError::Migrate)?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let applied: Vec<String> =
        conn.applied_migrations().map_err(StoreError::Migrate)?.iter().map(ToString::to_string).collect();
    match applied.iter().find(|version| !known.contains(version)) {
        Some(newer) => Err(StoreError::Newer(newer.clone())),
        None => Ok(applied.len() < known.len()),
    }
}

/// WAL is a property of the file; set on one connection, before there are others. SQLite does not
/// wait when another program does the same at this moment, so this does.
fn write_ahead(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    let begun = Instant::now();
    loop {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if error.to_string().contains("locked") && begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            outcome => return outcome.map_err(StoreError::Query),
        }
    }
}
