//! Backups: what is in them, that they carry over from one database to the other, that they are
//! whole while others write, and that a damaged one changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use casement::case::Version;
use casement::registry::{
    Access, BackupError, ImportOptions, ImportRules, ImportSource, Operation, PlanOptions, Registry,
};
use casement::store::{Change, Kind, NOT_IN_BACKUPS, Revision, StoreError, TABLES};
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use serde_json::{Value, json};

use crate::fetch_source::settings;
use crate::support::build::{Framework, id, link};
use crate::support::{TestApp, TestDb, casement, chain, fixtures, for_each_backend, import_one, import_with};

/// A connection past the program, which may still be closing its own.
pub fn sqlite(file: &std::path::Path) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(&file.display().to_string()).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
    conn
}

/// Runs statements on a database past the program.
pub fn execute(db: &TestDb, statements: &str) {
    let done = match db.file() {
        Some(file) => sqlite(&file).batch_execute(statements),
        None => PgConnection::establish(&db.url).unwrap().batch_execute(statements),
    };
    done.unwrap_or_else(|error| panic!("{statements}: {error}"));
}

/// A backup of the registry's database.
pub fn backup(registry: &Registry) -> Vec<u8> {
    let mut bytes = Vec::new();
    registry.back_up(&mut bytes, |_| {}).unwrap_or_else(|error| panic!("{}", chain(&error)));
    bytes
}

/// The rows in a backup by table, the same from either database.
pub fn rows(backup: &[u8]) -> BTreeMap<String, Vec<Vec<Value>>> {
    let text = String::from_utf8(zstd::stream::decode_all(backup).unwrap()).unwrap();
    let mut lines = text.lines();
    let header: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    let mut found = BTreeMap::new();
    for table in header["tables"].as_array().unwrap() {
        let name = table["name"].as_str().unwrap().to_owned();
        let known = TABLES.iter().find(|known| known.name == name).unwrap();
        let count = usize::try_from(table["rows"].as_u64().unwrap()).unwrap();
        let each = lines.by_ref().take(count).map(|line| {
            let mut row: Vec<Value> = serde_json::from_str(line).unwrap();
            for (value, column) in row.iter_mut().zip(known.columns) {
                if let (Kind::Bytes, Value::String(text)) = (column.kind, &value) {
                    *value = text.to_lowercase().into();
                }
            }
            row
        });
        found.insert(name, each.collect());
    }
    found
}

/// Every row that is stored, by table.
pub fn stored(db: &TestDb) -> BTreeMap<String, Vec<Vec<Value>>> {
    rows(&backup(&db.registry()))
}

/// What is published and what could be undone.
fn published(registry: &Registry) -> BTreeMap<String, (Vec<String>, Vec<Revision>)> {
    let frameworks = registry.whole().frameworks().unwrap().into_iter().map(|framework| {
        let id = framework.identifier;
        let package = |version| registry.whole().read(version, Operation::Package, &id).unwrap().unwrap();
        let packages = Version::ALL.into_iter().map(package).collect();
        let revisions = registry.revisions(&id).unwrap();
        (id, (packages, revisions))
    });
    frameworks.collect()
}

fn restore(registry: &Registry, bytes: &[u8], replace: bool) -> Result<u64, BackupError> {
    registry.restore(bytes, replace, |_| {}).map(|restored| restored.frameworks)
}

#[track_caller]
fn assert_clean(registry: &Registry) {
    let checkup = registry.check(false, |_, _| {}).unwrap();
    let errors: Vec<_> =
        checkup.findings.iter().filter(|finding| finding.gravity == casement::registry::Gravity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// A store with all that there is: every class, aliases, updates, something undone, something
/// moved, a framework that is gone, and rows in every other table.
fn fill(db: &TestDb) {
    let registry = db.registry();
    import_one(&registry, &fixtures::reference().json);
    let home = Framework::with_items("home", 30);
    import_one(&registry, &home.json);
    let copy = json!({"fullStatement": "An older copy \u{0} é 数学", "CFDocumentURI": link("home")});
    let guest = Framework::with_items("guest", 3).item("home.1", copy).under("home.1", "guest", 4);
    import_one(&registry, &guest.json);
    import_one(&registry, &home.clone().change("home.1", json!({"fullStatement": "Newer"})).json);
    let options = PlanOptions { delete_missing: true, ..PlanOptions::default() };
    import_with(&registry, home.clone().without("home.2").bytes(), &options).unwrap();
    registry.undo(&id("home")).unwrap();
    let taker = Framework::new("taker").item("guest.3", json!({})).under("guest.3", "taker", 1);
    import_with(&registry, taker.bytes(), &PlanOptions { move_objects: true, ..PlanOptions::default() }).unwrap();
    import_one(&registry, &Framework::with_items("gone", 2).json);
    registry.undo(&id("gone")).unwrap();
    let rules =
        ImportRules { fetching: settings(""), max_bytes: 1 << 20, keep_days: 1, sheet_seconds: 10, program: None };
    let file = ImportSource::File { name: "new".to_owned(), bytes: Framework::with_items("new", 2).bytes() };
    let draft = registry.draft_import(file, ImportOptions::default(), &Access::everything(), &rules).unwrap();
    registry.keep_import(draft, &Access::everything(), &rules).unwrap();
    execute(
        db,
        "INSERT INTO tokens (id, name, role, frameworks, hash, created_at) VALUES ('t', 'T', 'reader', NULL, 'ab', 1);
         INSERT INTO access_tokens (hash, token_id, role, expires_at) VALUES ('cd', 't', 'reader', 9);
         INSERT INTO audit (at, actor, action) VALUES (1, 'somebody', 'import');
         INSERT INTO downloads (document_id, url, revision_id) VALUES ('d', 'https://h.example', 1);
         INSERT INTO mirrors (name, url, everything, take_over, every, next_at) VALUES ('m', 'https://h.example', 0, 0, 60, 0);
         INSERT INTO mirrored (document_id, mirror, received, title) VALUES ('d', 'm', 'd', 'D');
         INSERT INTO private (document_id, reason) VALUES ('d', 'marked');
         INSERT INTO settings (name, value) VALUES ('a', 'b');
         INSERT INTO feedback (text_key, item_id, scope, decision, name, text, decided_at) VALUES ('k', 'i', '', 'accepted', '', 'T', 1);
         INSERT INTO users (name, password, role, created_at) VALUES ('u', 'x', 'reader', 1);",
    );
}

/// What SQLite's schema says, except the order in which it says so.
fn schema(db: &TestDb) -> BTreeSet<String> {
    let query = "SELECT name || ' ' || COALESCE(sql, '') AS line FROM sqlite_schema";
    let lines: Vec<Line> = diesel::sql_query(query).load(&mut sqlite(&db.file().unwrap())).unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Whoever adds a table has to say whether backups hold it, and in which columns.
#[test]
fn the_list_of_tables_is_that_of_the_databases() {
    const SQLITE: &str = "SELECT m.name || ' ' || c.name || ' ' || c.type || ' ' || c.\"notnull\" AS line \
        FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    const SQLITE_NUMBERED: &str =
        "SELECT name AS line FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'";
    const POSTGRES: &str = "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || \
        CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS line FROM information_schema.columns WHERE table_schema = 'public'";
    const POSTGRES_NUMBERED: &str = "SELECT table_name::text AS line FROM information_schema.columns \
        WHERE table_schema = 'public' AND is_identity = 'YES'";
    for_each_backend(|db| {
        drop(db.store());
        let load = |on_sqlite: &str, on_postgres: &str| -> BTreeSet<String> {
            let lines: Vec<Line> = match db.file() {
                Some(file) => diesel::sql_query(on_sqlite).load(&mut sqlite(&file)).unwrap(),
                None => diesel::sql_query(on_postgres).load(&mut PgConnection::establish(&db.url).unwrap()).unwrap(),
            };
            lines.into_iter().map(|line| line.line).collect()
        };
        let there: BTreeSet<String> = load(SQLITE, POSTGRES)
            .into_iter()
            .filter(|line| !NOT_IN_BACKUPS.contains(&line.split(' ').next().unwrap()))
            .collect();
        let kind = |kind: Kind| match (kind, db.backend) {
            (Kind::Text, "sqlite") => "TEXT",
            (Kind::Number, "sqlite") => "INTEGER",
            (Kind::Bytes, "sqlite") => "BLOB",
            (Kind::Text, _) => "text",
            (Kind::Number, _) => "bigint",
            (Kind::Bytes, _) => "bytea",
        };
        let known: BTreeSet<String> = TABLES
            .iter()
            .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
            .map(|(t, c)| format!("{} {} {} {}", t.name, c.name, kind(c.kind), i32::from(!c.nullable)))
            .collect();
        assert_eq!(known, there, "src/store/tables.rs and {} do not have the same tables", db.backend);
        let numbered = TABLES.iter().filter(|table| table.numbered).map(|table| table.name.to_owned()).collect();
        assert_eq!(load(SQLITE_NUMBERED, POSTGRES_NUMBERED), numbered, "on {}", db.backend);
    });
}

#[test]
fn a_backup_carries_over_from_one_database_to_the_other_and_back() {
    let first = TestDb::sqlite();
    fill(&first);
    let before = stored(&first);
    for table in TABLES {
        assert!(!before[table.name].is_empty(), "{} is empty: fill() should put something there", table.name);
    }
    let there = published(&first.registry());
    let mut bytes = backup(&first.registry());
    let mut expected = before.clone();
    for db in [TestDb::postgres().unwrap_or_else(TestDb::sqlite), TestDb::sqlite()] {
        let registry = db.registry();
        assert_eq!(restore(&registry, &bytes, false).unwrap(), 4);
        assert_eq!(published(&registry), there, "on {}", db.backend);
        assert_clean(&registry);
        let mut now = stored(&db);
        // Followers are told of every framework, at its revision.
        let told = now.get_mut("changes").unwrap().split_off(expected["changes"].len());
        let listed: Vec<(Value, Value)> = told.into_iter().map(|row| (row[1].clone(), row[2].clone())).collect();
        let documents: Vec<(Value, Value)> =
            expected["documents"].iter().map(|row| (row[0].clone(), row[1].clone())).collect();
        assert_eq!(listed, documents, "on {}", db.backend);
        assert_eq!(now, expected, "on {}", db.backend);
        bytes = backup(&registry);
        expected = rows(&bytes);
    }
    // A store like any other: it has its indexes, what was imported can be undone, and more be imported.
    let last = TestDb::sqlite();
    let registry = last.registry();
    restore(&registry, &bytes, false).unwrap();
    assert_eq!(schema(&last), schema(&first));
    let newest = registry.revisions(&id("taker")).unwrap()[0].id;
    registry.undo(&id("taker")).unwrap();
    let applied = import_one(&registry, &Framework::with_items("new", 1).json);
    // The last number was taken by a revision that is undone and still there.
    assert!(applied.revision.unwrap() > newest + 1);
    assert_clean(&registry);
}

#[test]
fn restoring_is_noticed_by_followers_whatever_the_numbers_were() {
    for_each_backend(|db| {
        let source = TestDb::sqlite();
        import_one(&source.registry(), &Framework::with_items("kept", 2).json);
        import_one(&source.registry(), &Framework::with_items("new", 2).json);
        let bytes = backup(&source.registry());

        let registry = db.registry();
        let options = PlanOptions::default();
        for n in 0..8 {
            let edition = Framework::with_items("kept", 2).document(json!({"version": n.to_string()}));
            import_with(&registry, edition.bytes(), &options).unwrap();
        }
        import_one(&registry, &Framework::with_items("gone", 2).json);
        let all = || -> Vec<Change> { db.store().read::<_, StoreError>(|tx| tx.changes_since(0, 100)).unwrap() };
        let (seen, last_revision) = (all().last().unwrap().seq, registry.revisions(&id("gone")).unwrap()[0].id);

        let refused = restore(&registry, &bytes, false).unwrap_err();
        assert!(matches!(&refused, BackupError::NotEmpty(what) if what.contains("2 documents")), "{refused}");
        assert_eq!(registry.whole().frameworks().unwrap().len(), 2);

        assert_eq!(restore(&registry, &bytes, true).unwrap(), 2);
        assert_eq!(published(&registry), published(&source.registry()));
        let mut told: Vec<String> = all().into_iter().filter(|c| c.seq > seen).map(|c| c.document_id).collect();
        told.sort();
        let mut expected = vec![id("gone"), id("kept"), id("new")];
        expected.sort();
        assert_eq!(told, expected, "on {}", db.backend);
        assert_clean(&registry);
        let applied = import_one(&registry, &Framework::with_items("more", 1).json);
        assert!(applied.revision.unwrap() > last_revision, "no number is used twice");
    });
}

/// A running server answers with what was restored.
#[test]
fn a_server_publishes_what_was_restored() {
    for_each_backend(|db| {
        let source = TestDb::sqlite();
        let framework = Framework::with_items("f", 2);
        import_one(&source.registry(), &framework.clone().document(json!({"version": "restored"})).json);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.backup").display().to_string();
        casement(&source, &["backup", &file]).expect(0);

        import_one(&db.registry(), &framework.document(json!({"version": "before"})).json);
        let app = TestApp::start(db);
        let path = format!("/ims/case/v1p1/CFPackages/{}", id("f"));
        assert_eq!(app.json(&path)["CFDocument"]["version"], "before");
        casement(db, &["restore", "--force", &file]).expect(0);
        let since = std::time::Instant::now();
        while app.json(&path)["CFDocument"]["version"] != "restored" {
            assert!(since.elapsed().as_secs() < 5, "the server on {} still answers what was there before", db.backend);
        }
    });
}

/// Edition `n` of a framework: every object says which edition it is of.
fn edition(name: &str, n: usize) -> Framework {
    let mut framework = Framework::with_items(name, 40).document(json!({"version": n.to_string()}));
    for item in framework.list("CFItems") {
        item["notes"] = json!(n.to_string());
    }
    framework
}

#[test]
fn a_backup_is_of_one_moment_while_others_import() {
    const THREADS: usize = 4;
    for_each_backend(|db| {
        import_one(&db.registry(), &edition("f0", 0).json);
        let folder = tempfile::tempdir().unwrap();
        let done = AtomicBool::new(false);
        let files: Vec<String> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let (registry, done) = (db.registry(), &done);
                    scope.spawn(move || {
                        let mut n = 0;
                        while !done.load(Ordering::Relaxed) {
                            n += 1;
                            let framework = edition(&format!("f{thread}"), n);
                            import_with(&registry, framework.bytes(), &PlanOptions::default())
                                .unwrap_or_else(|error| panic!("{}", chain(&error)));
                        }
                        n
                    })
                })
                .collect();
            let files: Vec<String> = (0..5)
                .map(|n| {
                    let file = folder.path().join(format!("{n}.backup")).display().to_string();
                    let ran = casement(db, &["backup", &file]).expect(0);
                    assert!(ran.stdout.contains("frameworks") || ran.stdout.contains("framework"), "{}", ran.stdout);
                    file
                })
                .collect();
            done.store(true, Ordering::Relaxed);
            let editions: Vec<usize> =
                writers.into_iter().map(|writer| writer.join().expect("no writer stops")).collect();
            assert!(editions.iter().all(|n| *n > 0), "every thread imported meanwhile: {editions:?}");
            files
        });
        for file in files {
            let copy = TestDb::sqlite();
            casement(&copy, &["restore", &file]).expect(0);
            casement(&copy, &["check"]).expect(0);
            let registry = copy.registry();
            let mut changes = 0;
            for framework in registry.whole().frameworks().unwrap() {
                let package =
                    registry.whole().read(Version::V1p1, Operation::Package, &framework.identifier).unwrap().unwrap();
                let package: Value = serde_json::from_str(&package).unwrap();
                let version = package["CFDocument"]["version"].as_str().unwrap();
                let items = package["CFItems"].as_array().unwrap();
                assert_eq!(items.len(), 40);
                assert!(items.iter().all(|item| item["notes"] == version), "one edition only");
                let revisions = registry.revisions(&framework.identifier).unwrap();
                let first = usize::from(framework.title == "f0");
                assert_eq!(revisions.len(), version.parse::<usize>().unwrap() + first);
                changes += revisions.len() + 1;
            }
            assert_eq!(stored(&copy)["changes"].len(), changes);
        }
    });
}

/// The backup with its lines changed, and packed again.
fn tampered(backup: &[u8], change: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
    let text = String::from_utf8(zstd::stream::decode_all(backup).unwrap()).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    zstd::stream::encode_all(text.as_bytes(), 1).unwrap()
}

fn with_header(backup: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    tampered(backup, |lines| {
        let mut header = serde_json::from_str(&lines[0]).unwrap();
        change(&mut header);
        lines[0] = header.to_string();
    })
}

#[test]
fn a_damaged_backup_changes_nothing() {
    let source = TestDb::sqlite();
    fill(&source);
    let good = backup(&source.registry());
    let mut bad: Vec<(String, Vec<u8>)> = vec![
        ("empty".to_owned(), Vec::new()),
        ("another file".to_owned(), b"{\"CFDocument\":{}}".to_vec()),
        ("zstd of something else".to_owned(), zstd::stream::encode_all(&b"[1,2]\n[3]\n"[..], 1).unwrap()),
        ("zstd of no text".to_owned(), zstd::stream::encode_all(&[0xff_u8; 100][..], 1).unwrap()),
        ("zstd of JSON of another kind".to_owned(), with_header(&good, |header| header["kind"] = json!("x"))),
        ("of a later form".to_owned(), with_header(&good, |header| header["format"] = json!(2))),
        ("of a later migration".to_owned(), with_header(&good, |header| header["migration"] = json!("99991231000001"))),
        ("with a later table".to_owned(), with_header(&good, |header| header["tables"][0]["name"] = json!("colours"))),
        (
            "with a later column".to_owned(),
            with_header(&good, |header| header["tables"][1]["columns"][0] = json!("colour")),
        ),
        (
            "with fewer rows than it says".to_owned(),
            with_header(&good, |header| header["tables"][1]["rows"] = json!(7)),
        ),
        (
            "with more rows than it says".to_owned(),
            with_header(&good, |header| header["tables"][4]["rows"] = json!(700)),
        ),
        ("with a row less".to_owned(), tampered(&good, |lines| drop(lines.remove(9)))),
        ("with a row twice".to_owned(), tampered(&good, |lines| lines.insert(9, lines[9].clone()))),
        (
            "with another text".to_owned(),
            tampered(&good, |lines| lines[9] = lines[9].replacen("example", "exampel", 1)),
        ),
        ("with no row where one should be".to_owned(), tampered(&good, |lines| lines[9] = "[]".to_owned())),
        ("with an empty line".to_owned(), tampered(&good, |lines| lines[9].clear())),
        ("without its last line".to_owned(), tampered(&good, |lines| drop(lines.pop()))),
        ("with a line after its last".to_owned(), tampered(&good, |lines| lines.push("{}".to_owned()))),
        ("with something after it".to_owned(), [good.as_slice(), b"more"].concat()),
        ("twice".to_owned(), [good.as_slice(), good.as_slice()].concat()),
    ];
    for part in 1..10 {
        bad.push((format!("cut off after {part}/10"), good[..good.len() * part / 10].to_vec()));
        let mut flipped = good.clone();
        flipped[good.len() * part / 10] ^= 0x20;
        bad.push((format!("with a bit changed at {part}/10"), flipped));
    }
    bad.push(("without its last byte".to_owned(), good[..good.len() - 1].to_vec()));
    for_each_backend(|db| {
        let registry = db.registry();
        let held = TestDb::sqlite();
        fill(&held);
        restore(&registry, &backup(&held.registry()), false).unwrap();
        let before = stored(db);
        for (what, bytes) in &bad {
            let error = restore(&registry, bytes, true).expect_err(what);
            let told = matches!(error, BackupError::NotABackup | BackupError::Newer(_) | BackupError::Damaged(_));
            // The databases themselves refuse a second row with the same key.
            let twice = matches!(error, BackupError::Store(StoreError::Query(_)));
            assert!(told || twice && what == "with a row twice", "{what}: {}", chain(&error));
            assert!(error.to_string().len() < 200, "{what}: {error}");
        }
        assert_eq!(stored(db), before, "on {}", db.backend);
    });
}

#[test]
fn the_verbs_say_what_they_did_and_refuse_what_would_be_lost() {
    for_each_backend(|db| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.backup");
        let name = file.display().to_string();
        import_one(&db.registry(), &Framework::with_items("f", 3).json);
        let ran = casement(db, &["backup", &name]).expect(0);
        assert!(ran.stdout.contains("1 framework, 1 revision ("), "{}", ran.stdout);
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600, "it is not for everybody");
        }
        let ran = casement(db, &["backup", &name]).expect(2);
        assert!(ran.stderr.contains("--force"), "{}", ran.stderr);
        casement(db, &["backup", "--force", &name]).expect(0);
        casement(db, &["backup", "--force", &folder.path().display().to_string()]).expect(2);
        casement(db, &["backup", &folder.path().join("no/such/folder.backup").display().to_string()]).expect(3);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

        let ran = casement(db, &["restore", &name]).expect(1);
        assert!(ran.stderr.contains("not empty") && ran.stderr.contains("--force"), "{}", ran.stderr);
        let ran = casement(db, &["restore", "--force", &name]).expect(0);
        assert!(ran.stdout.contains("restored 1 framework"), "{}", ran.stdout);
        casement(db, &["restore", "--force", &folder.path().join("none").display().to_string()]).expect(3);
        let mut other = std::fs::File::create(folder.path().join("notes")).unwrap();
        other.write_all(b"some notes").unwrap();
        let ran = casement(db, &["restore", "--force", &folder.path().join("notes").display().to_string()]).expect(1);
        assert!(ran.stderr.contains("no backup"), "{}", ran.stderr);
        assert_eq!(db.registry().whole().frameworks().unwrap().len(), 1);
    });
    let nothing = TestDb::sqlite();
    let ran = casement(&nothing, &["backup", "/tmp/never.backup"]).expect(3);
    assert!(ran.stderr.contains("no database"), "{}", ran.stderr);
    assert!(!nothing.file().unwrap().exists(), "looking for a database makes none");
}
