//! Brings a database to the schema of this program, under a lock so that several programs that
//! start at once do it once.

use std::time::{Duration, Instant};

use diesel::backend::Backend;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::StoreError;
use super::conn::{AnyConn, MIGRATION_LOCK, on_backend};

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

/// Refuses a database that is not exactly as this program would make it; changes nothing.
pub(super) fn check(conn: &mut AnyConn) -> Result<(), StoreError> {
    let ours = match conn {
        AnyConn::Sqlite(_) => versions::<Sqlite>(&SQLITE)?,
        AnyConn::Pg(_) => versions::<Pg>(&POSTGRES)?,
    };
    let wanted = ours.iter().max().cloned().unwrap_or_default();
    let applied = applied(conn).map_err(StoreError::Query)?;
    if let Some(newer) = applied.iter().find(|version| !ours.contains(version)) {
        return Err(StoreError::Newer(newer.clone()));
    }
    if applied.len() < ours.len() {
        let found = applied.into_iter().max().unwrap_or_else(|| "none".to_owned());
        return Err(StoreError::OtherSchema { found, wanted });
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The versions that a database has. Diesel would make its table first where there is none.
fn applied(conn: &mut AnyConn) -> QueryResult<Vec<String>> {
    let known = match conn {
        AnyConn::Sqlite(_) => "SELECT name AS line FROM sqlite_schema WHERE name = '__diesel_schema_migrations'",
        AnyConn::Pg(_) => {
            "SELECT relname::text AS line FROM pg_catalog.pg_class WHERE oid = to_regclass('__diesel_schema_migrations')"
        }
    };
    let read = "SELECT version AS line FROM __diesel_schema_migrations ORDER BY version";
    on_backend!(conn, |c| {
        if diesel::sql_query(known).load::<Line>(c)?.is_empty() {
            return Ok(Vec::new());
        }
        Ok(diesel::sql_query(read).load::<Line>(c)?.into_iter().map(|Line { line }| line).collect())
    })
}

/// The versions of migrations of ours.
fn versions<DB: Backend>(ours: &EmbeddedMigrations) -> Result<Vec<String>, StoreError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let all = MigrationSource::<DB>::migrations(ours).map_err(StoreError::Migrate)?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// Whether migrations are pending.
fn is_behind<DB: Backend>(conn: &mut impl MigrationHarness<DB>, ours: EmbeddedMigrations) -> Result<bool, StoreError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known = versions::<DB>(&ours)?;
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
