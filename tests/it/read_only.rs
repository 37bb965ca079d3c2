//! `serve --read-only`: a replica that shows what others write and changes nothing, whatever it is
//! asked, on a database that would not let it.

use casement::registry::Role;
use casement::store::{DatabaseUrl, Store, StoreError};
use serde_json::json;

use crate::access_tokens::{execute, get_as, lines, parts, token};
use crate::http_imports::{IMPORTS, planned, send_as, step, upload};
use crate::support::build::{Framework, id};
use crate::support::{TestApp, TestDb, casement, for_each_backend, import_one};

const READ_ONLY: [&str; 3] = ["--read-only", "--failed-logins-per-minute", "0"];

/// A user of a PostgreSQL database that may do nothing but SELECT, and its address.
struct Reader<'a> {
    db: &'a TestDb,
    name: String,
}

impl<'a> Reader<'a> {
    fn new(db: &'a TestDb) -> Reader<'a> {
        let name = format!("reader_{}", db.url.rsplit('/').next().unwrap().split('?').next().unwrap());
        execute(
            db,
            &format!(
                "CREATE ROLE {name} LOGIN PASSWORD 'reader'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}"
            ),
        );
        Reader { db, name }
    }

    fn url(&self) -> String {
        let (scheme, rest) = self.db.url.split_once("://").unwrap();
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        format!("{scheme}://{}:reader@{rest}", self.name)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        execute(self.db, &format!("DROP OWNED BY {0}; DROP ROLE {0}", self.name));
    }
}

/// Everything that is stored, in a form to be compared.
fn stored(db: &TestDb) -> Vec<String> {
    let count = |table: &str| format!("SELECT '{table} ' || CAST(COUNT(*) AS TEXT) AS line FROM {table}");
    let tables =
        ["objects", "revisions", "changes", "settings", "tokens", "access_tokens", "audit", "imports", "mirrors"];
    tables.iter().flat_map(|table| lines(db, &count(table))).collect()
}

#[test]
fn a_replica_follows_and_changes_nothing() {
    for_each_backend(|db| {
        let framework = Framework::with_items("f", 2);
        import_one(&db.registry(), &framework.json);
        let [reader, editor, admin] = Role::ALL.map(|role| token(db, role));
        let writer = TestApp::start_with(db, &["--no-demo", "--mirrors", "false"]);
        let number = planned(&writer, &editor, &framework.clone().item("f.3", json!({})).bytes());
        casement(db, &["mirror", "add", "--name", "m", "--all", "http://127.0.0.1:9/ims/case/v1p1"]).expect(0);
        let before = stored(db);

        let role = db.file().is_none().then(|| Reader::new(db));
        let url = role.as_ref().map_or(db.url.clone(), Reader::url);
        let replica = TestApp::start_with(db, &[&READ_ONLY[..], &["--database-url", &url]].concat());
        let item = |name: &str| format!("/ims/case/v1p1/CFItems/{}", id(name));
        replica.get(&item("f.1")).expect(200);
        for _ in 0..2 {
            replica.get(&format!("/ims/case/v1p1/CFPackages/{}", id("f"))).expect(200);
        }
        replica.get("/readyz").expect(200);

        // Tokens are good or not, as elsewhere; nothing is recorded, but logged.
        get_as(&replica, "/api/v1/access", &reader).expect(200);
        let wrong = format!("{}{}", &admin[..admin.len() - 4], "0000");
        get_as(&replica, "/api/v1/access", &wrong).expect(401);
        assert!(replica.log().contains("a token that is not good"), "{}", replica.log());
        assert!(!replica.log().contains(parts(&wrong).1));
        get_as(&replica, "/api/v1/audit", &admin).expect(200);

        // What would change something is refused, and the reason told.
        for (method, path) in [
            ("POST", IMPORTS.to_owned()),
            ("POST", format!("{IMPORTS}/{number}/apply")),
            ("POST", format!("{IMPORTS}/{number}/undo")),
            ("POST", format!("{IMPORTS}/{number}/plan")),
            ("DELETE", format!("{IMPORTS}/{number}")),
            ("POST", "/api/v1/align/feedback".to_owned()),
            ("DELETE", "/api/v1/align/feedback/1".to_owned()),
        ] {
            let refused = send_as(&replica, &editor, method, &path, b"x").expect(405);
            assert_eq!(refused.json()["type"], "urn:casement:problem:read-only");
            assert!(!refused.header("allow").contains("POST") && !refused.header("allow").contains("DELETE"));
            let options = replica.send("OPTIONS", &path, &[]).expect(204);
            assert_eq!(options.header("allow"), refused.header("allow"));
        }
        assert_eq!(get_as(&replica, &format!("{IMPORTS}/{number}"), &editor).expect(200).json()["state"], "planned");
        let (client, secret) = parts(&editor);
        let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let refused = replica.send_with("POST", "/oauth2/token", &headers, form.as_bytes()).expect(400).json();
        assert_eq!(refused["error"], "unsupported_grant_type");
        assert!(refused["error_description"].as_str().unwrap().contains("read-only"), "{refused}");
        assert_eq!(stored(db), before, "neither bundled frameworks nor runs of mirrors, nor anything else");

        // What the writer gives and writes is good here.
        let granted = writer.send_with("POST", "/oauth2/token", &headers, form.as_bytes()).expect(200).json();
        get_as(&replica, "/api/v1/access", granted["access_token"].as_str().unwrap()).expect(200);
        replica.get(&item("f.3")).expect(404);
        step(&writer, &editor, number, "apply").expect(200);
        replica.until(|| replica.get(&item("f.3")).status == 200);
        casement(db, &["token", "revoke", client]).expect(0);
        get_as(&replica, "/api/v1/access", &editor).expect(401);
        assert_eq!(lines(db, "SELECT name AS line FROM mirrors WHERE last_at IS NULL"), ["m"]);
        drop(replica);
    });
}

#[test]
fn the_database_itself_refuses_to_be_written() {
    for_each_backend(|db| {
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        let url: DatabaseUrl = db.url.parse().unwrap();
        let store = Store::open_read_only(&url, 2).unwrap();
        assert!(matches!(store.write::<_, StoreError>(|_| Ok(())), Err(StoreError::ReadOnly)));
        let smuggled = store.read::<_, StoreError>(|tx| tx.set_setting("a", "b"));
        assert!(matches!(smuggled, Err(StoreError::Query(_))));
        assert_eq!(store.read::<_, StoreError>(|tx| tx.setting("a")).unwrap(), None);
    });
}

#[test]
fn a_database_that_is_not_ready_is_left_alone() {
    for_each_backend(|db| {
        let serve = [&["serve", "--addr", "127.0.0.1:0"], &READ_ONLY[..]].concat();
        let refused = casement(db, &serve).expect(3);
        match db.file() {
            Some(file) => assert!(!file.exists(), "{}", refused.stderr),
            None => assert!(refused.stderr.contains("migration none"), "{}", refused.stderr),
        }
        drop(db.store());
        let newest = lines(db, "SELECT MAX(version) AS line FROM __diesel_schema_migrations").remove(0);
        execute(db, &format!("DELETE FROM __diesel_schema_migrations WHERE version = '{newest}'"));
        let refused = casement(db, &serve).expect(3);
        assert!(refused.stderr.contains("read-only server changes nothing"), "{}", refused.stderr);
        let behind = lines(db, "SELECT MAX(version) AS line FROM __diesel_schema_migrations").remove(0);
        assert!(behind < newest);
        for version in [newest.as_str(), "20990101000001"] {
            execute(db, &format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')"));
        }
        let refused = casement(db, &serve).expect(3);
        assert!(refused.stderr.contains("newer"), "{}", refused.stderr);
    });
}

#[test]
fn a_file_of_any_name_is_opened_for_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b?mode=rwc#%41&\u{e4}.db");
    let url = DatabaseUrl::Sqlite(path.clone());
    assert!(Store::open_read_only(&url, 1).is_err() && !path.exists());
    drop(Store::open(&url, 1).unwrap());
    Store::open_read_only(&url, 1).unwrap();
}

#[test]
fn the_key_may_come_from_anywhere() {
    let db = TestDb::sqlite();
    for flags in [&["--read-only"][..], &["--read-only", "true"], &["--read-only=true"]] {
        drop(db.store());
        let app = TestApp::start_with(&db, flags);
        let editor = token(&db, Role::Editor);
        upload(&app, &editor, "", b"x").expect(405);
    }
    let app = TestApp::start_with(&db, &["--no-demo", "--read-only", "false"]);
    let editor = token(&db, Role::Editor);
    upload(&app, &editor, "", b"x").expect(422);
}
