//! A database of a test's own, on each backend that can be reached.

use std::io::Write;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use casement::registry::Registry;
use casement::store::{DatabaseUrl, Store};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// Names a PostgreSQL server on which databases may be created.
pub const POSTGRES: &str = "CASEMENT_TEST_POSTGRES";

/// Where the registries of the tests mint uris.
pub const BASE: &str = "https://casement.test";

/// An empty database that is gone when this is dropped.
pub struct TestDb {
    pub url: String,
    pub backend: &'static str,
    place: Place,
}

enum Place {
    Sqlite(tempfile::TempDir),
    Postgres { server: String, name: String },
}

impl TestDb {
    pub fn sqlite() -> TestDb {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", dir.path().join("casement.db").display());
        TestDb { url, backend: "sqlite", place: Place::Sqlite(dir) }
    }

    /// A database on the server that `CASEMENT_TEST_POSTGRES` names.
    pub fn postgres() -> Option<TestDb> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let server = std::env::var(POSTGRES).ok().filter(|url| !url.is_empty())?;
        let name = format!("casement_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        administer(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE); "));
        administer(&server, &format!("CREATE DATABASE {name}"));
        Some(TestDb {
            url: with_database(&server, &name),
            backend: "postgres",
            place: Place::Postgres { server, name },
        })
    }

    /// The file, where the database is one.
    pub fn file(&self) -> Option<std::path::PathBuf> {
        match &self.place {
            Place::Sqlite(dir) => Some(dir.path().join("casement.db")),
            Place::Postgres { .. } => None,
        }
    }

    pub fn store(&self) -> Store {
        let url: DatabaseUrl = self.url.parse().expect("a database URL");
        Store::open(&url, 10).expect("the test database opens")
    }

    /// A registry over this database that mints uris under [`BASE`].
    pub fn registry(&self) -> Registry {
        Registry::new(self.store(), BASE)
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Place::Postgres { server, name } = &self.place {
            administer(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn administer(server: &str, statement: &str) {
    let mut conn = PgConnection::establish(server).expect("CASEMENT_TEST_POSTGRES can be reached");
    conn.batch_execute(statement).expect("CASEMENT_TEST_POSTGRES lets databases be created");
}

/// The same server's address with another database.
fn with_database(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').map_or((server, None), |(a, q)| (a, Some(q)));
    let (scheme, rest) = address.split_once("://").expect("a postgres:// URL");
    let authority = rest.split('/').next().unwrap_or_default();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{authority}/{name}{query}")
}

/// The databases of every backend, one each.
pub fn databases() -> Vec<TestDb> {
    static TOLD: Once = Once::new();
    let all: Vec<TestDb> = [Some(TestDb::sqlite()), TestDb::postgres()].into_iter().flatten().collect();
    TOLD.call_once(|| {
        let names: Vec<&str> = all.iter().map(|db| db.backend).collect();
        // Not `eprintln!`, which the harness swallows.
        let _ = writeln!(std::io::stderr(), "backends: {} (PostgreSQL by {POSTGRES})", names.join(", "));
    });
    all
}

/// Runs `test` on an empty database of every backend.
pub fn for_each_backend(test: impl Fn(&TestDb)) {
    for db in databases() {
        test(&db);
    }
}
