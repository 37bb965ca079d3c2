//! The two sets of migrations are twins, and each can be taken back and made again.

use std::collections::BTreeMap;

use casement::store::{DatabaseUrl, Store};
use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

use crate::support::db::databases;
use crate::support::fixtures::root;

fn names(backend: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root("migrations").join(backend)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn both_databases_have_the_same_migrations_with_a_way_back() {
    let sqlite = names("sqlite");
    assert_eq!(sqlite, names("postgres"));
    assert!(!sqlite.is_empty());
    for backend in ["sqlite", "postgres"] {
        for name in &sqlite {
            for file in ["up.sql", "down.sql"] {
                let text = std::fs::read_to_string(root("migrations").join(backend).join(name).join(file)).unwrap();
                assert!(!text.trim().is_empty(), "{backend}/{name}/{file} is empty");
            }
        }
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const SQLITE: &str = "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS line FROM sqlite_schema \
    WHERE name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1";
const POSTGRES: &str = "SELECT line FROM ( \
    SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '') AS line \
    FROM information_schema.columns WHERE table_schema = 'public' \
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' \
    UNION ALL SELECT 'sequence ' || sequence_name FROM information_schema.sequences WHERE sequence_schema = 'public') AS all_of_it \
    WHERE line NOT LIKE '%\\_\\_diesel%' ORDER BY 1";

fn up_down_up<C>(conn: &mut C, migrations: FileBasedMigrations, schema: impl Fn(&mut C) -> Vec<String>)
where
    C: MigrationHarness<C::Backend> + Connection,
    C::Backend: Backend + 'static,
{
    let before = schema(conn);
    conn.run_pending_migrations(migrations.clone()).unwrap();
    let first = schema(conn);
    assert!(first.len() > before.len(), "the migrations make something");
    conn.revert_all_migrations(migrations.clone()).unwrap();
    assert_eq!(schema(conn), before, "down takes back all that up made");
    conn.run_pending_migrations(migrations.clone()).unwrap();
    assert_eq!(schema(conn), first);
    assert!(!conn.has_pending_migration(migrations).unwrap());
}

fn sqlite_schema(conn: &mut SqliteConnection) -> Vec<String> {
    let lines: Vec<Line> = diesel::sql_query(SQLITE).load(conn).unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

fn postgres_schema(conn: &mut PgConnection) -> Vec<String> {
    let lines: Vec<Line> = diesel::sql_query(POSTGRES).load(conn).unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

fn migrations(backend: &str) -> FileBasedMigrations {
    FileBasedMigrations::from_path(root("migrations").join(backend)).unwrap()
}

#[test]
fn up_down_and_up_again_is_the_same_schema() {
    for db in databases() {
        match db.backend {
            "sqlite" => {
                let mut conn = SqliteConnection::establish(&db.file().unwrap().display().to_string()).unwrap();
                up_down_up(&mut conn, migrations("sqlite"), sqlite_schema);
            }
            _ => up_down_up(&mut PgConnection::establish(&db.url).unwrap(), migrations("postgres"), postgres_schema),
        }
    }
}

/// `table.column` and whether it may be null, in whatever order.
fn columns(lines: impl Iterator<Item = String>) -> BTreeMap<String, bool> {
    lines.map(|line| line.split_once(' ').map(|(name, null)| (name.to_owned(), null == "YES")).unwrap()).collect()
}

/// The two databases have the same columns with the same nullability.
#[test]
fn both_databases_have_the_same_columns() {
    let all = databases();
    let found: Vec<BTreeMap<String, bool>> = all
        .iter()
        .map(|db| {
            drop(db.store());
            match db.backend {
                "sqlite" => {
                    let mut conn = SqliteConnection::establish(&db.file().unwrap().display().to_string()).unwrap();
                    let query = "SELECT m.name || '.' || c.name || ' ' || CASE c.\"notnull\" WHEN 1 THEN 'NO' ELSE 'YES' END AS line \
                        FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' \
                        AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'";
                    let lines: Vec<Line> = diesel::sql_query(query).load(&mut conn).unwrap();
                    columns(lines.into_iter().map(|line| line.line))
                }
                _ => {
                    let mut conn = PgConnection::establish(&db.url).unwrap();
                    let query = "SELECT table_name || '.' || column_name || ' ' || is_nullable AS line \
                        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'";
                    let lines: Vec<Line> = diesel::sql_query(query).load(&mut conn).unwrap();
                    columns(lines.into_iter().map(|line| line.line))
                }
            }
        })
        .collect();
    let (first, rest) = found.split_first().unwrap();
    assert!(first.contains_key("objects.body"));
    for other in rest {
        assert_eq!(first, other);
    }
}

#[test]
fn opening_again_and_from_many_threads_at_once_is_safe() {
    for db in databases() {
        let url: DatabaseUrl = db.url.parse().unwrap();
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(|| Store::open(&url, 2).map(drop))).collect();
            for one in all {
                let opened = one.join().expect("no thread stops");
                assert!(opened.is_ok(), "{}: {}", db.backend, crate::support::chain(&opened.unwrap_err()));
            }
        });
        drop(db.store());
    }
}

/// A database that a newer program has changed is not touched by this one.
#[test]
fn a_newer_database_is_refused() {
    const NEWER: &str =
        "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('99991231000001', CURRENT_TIMESTAMP)";
    for db in databases() {
        drop(db.store());
        match db.backend {
            "sqlite" => {
                SqliteConnection::establish(&db.file().unwrap().display().to_string()).unwrap().batch_execute(NEWER)
            }
            _ => PgConnection::establish(&db.url).unwrap().batch_execute(NEWER),
        }
        .unwrap();
        let url: DatabaseUrl = db.url.parse().unwrap();
        assert!(Store::open(&url, 2).is_err(), "{}: opened although it is newer", db.backend);
    }
}

#[test]
fn a_database_that_cannot_be_opened_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("missing/casement.db");
    let text_file = folder.path().join("notes.db");
    std::fs::write(&text_file, "not a database at all, but long enough to be looked at as one".repeat(20)).unwrap();
    for path in [inside.as_path(), folder.path(), text_file.as_path()] {
        let error = Store::open(&DatabaseUrl::Sqlite(path.to_owned()), 2).map(drop).unwrap_err();
        assert!(crate::support::chain(&error).len() > 20, "{error}");
    }
    let nobody = DatabaseUrl::Postgres("postgres://nobody:secret@127.0.0.1:1/none".to_owned());
    let error = Store::open(&nobody, 2).map(drop).unwrap_err();
    assert!(!crate::support::chain(&error).contains("secret"));
}
