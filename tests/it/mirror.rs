//! Mirrors: in step with a real source, steady when the source is not.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use casement::registry::RegistryError;
use serde_json::{Value, json};

use crate::fetch_source::{Reply, Source};
use crate::support::app::Ran;
use crate::support::build::Framework;
use crate::support::{TestApp, TestDb, casement, casement_with, for_each_backend, import, import_one};

const ALLOW: [&str; 2] = ["--fetch-allow-private", "127.0.0.0/8"];

fn mirror(db: &TestDb, args: &[&str]) -> Ran {
    casement(db, &[&["mirror"], args, &ALLOW[..]].concat())
}

/// The only mirror.
fn state(db: &TestDb) -> Value {
    mirror(db, &["list", "--json"]).expect(0).json()[0].clone()
}

/// Sets when everything was last changed, so that a source is seen to have changed.
fn changed(framework: Framework, day: u32) -> Framework {
    framework.document(json!({"lastChangeDateTime": format!("2026-06-{day:02}T00:00:00+00:00")}))
}

/// A source whose one framework, or lack of it, the test sets.
struct Changing {
    source: Source,
    package: Arc<Mutex<Option<Value>>>,
    status: Arc<AtomicU16>,
    /// How much of the package is sent.
    cut: Arc<Mutex<Option<usize>>>,
}

impl Changing {
    fn new(framework: &Framework) -> Changing {
        let package = Arc::new(Mutex::new(Some(framework.json.clone())));
        let status = Arc::new(AtomicU16::new(200));
        let cut: Arc<Mutex<Option<usize>>> = Arc::default();
        let (held, now, length) = (Arc::clone(&package), Arc::clone(&status), Arc::clone(&cut));
        let source = Source::start(move |asked| {
            let status = now.load(Ordering::SeqCst);
            let Some(package) = held.lock().unwrap().clone() else { return Reply::status(404) };
            let document = package["CFDocument"].clone();
            match asked.path.split('?').next().unwrap_or_default() {
                _ if status != 200 => Reply::status(status),
                path if path.ends_with("v1p1/CFDocuments") => {
                    Reply::json(&json!({"CFDocuments": [document]})).with("X-Total-Count", "1")
                }
                path if path.contains("v1p1/CFDocuments/") => Reply::json(&document),
                path if path.contains("v1p1/CFPackages/") => {
                    let mut body = package.to_string().into_bytes();
                    body.truncate(length.lock().unwrap().unwrap_or(usize::MAX));
                    Reply::Whole(200, Vec::new(), body)
                }
                _ => Reply::status(404),
            }
        });
        Changing { source, package, status, cut }
    }

    fn set(&self, package: Option<Value>) {
        *self.package.lock().unwrap() = package;
    }
}

#[test]
fn a_mirror_follows_its_source_and_is_read_only() {
    let source_db = TestDb::sqlite();
    let first = Framework::with_items("shared", 3);
    import(&source_db.registry(), &first.json);
    import(&source_db.registry(), &Framework::with_items("other", 1).json);
    let source = TestApp::start(&source_db);
    for_each_backend(|db| {
        let server = TestApp::start(db);
        import(&source_db.registry(), &first.json);
        source.until(|| source.get(&format!("/ims/case/v1p1/CFPackages/{}", first.id())).text().contains("shared.3"));
        mirror(db, &["add", &source.address]).expect(2);
        mirror(db, &["add", &source.address, "--framework", &first.id(), "--name", "up"]).expect(0);
        mirror(db, &["add", &source.address, "--all", "--name", "up"]).expect(2);
        mirror(db, &["add", &source.address, "--framework", &first.id(), "--name", "too"]).expect(1);
        let ran = mirror(db, &["run", "up", "--json"]).expect(0).json();
        assert_eq!(ran[0]["frameworks"][0]["became"], "changed");
        let path = format!("/ims/case/v1p1/CFPackages/{}", first.id());
        server.until(|| server.get(&path).status == 200);
        assert_eq!(server.json(&path), source.json(&path));
        assert_eq!((&state(db)["state"], &state(db)["version"]), (&json!("good"), &json!("v1p1")));
        let again = mirror(db, &["run", "--json"]).expect(0).json();
        assert_eq!(again[0]["frameworks"][0]["became"], "unchanged");

        // Nobody else may change it, take from it, or undo it.
        let mine = first.clone().change("shared.1", json!({"fullStatement": "Mine"})).json;
        let refused = casement_with(db, &["import", "-"], mine.to_string().as_bytes()).expect(1);
        assert!(refused.stderr.contains("casement mirror remove up"), "{}", refused.stderr);
        let taking = Framework::new("taker").item("shared.1", json!({})).json;
        casement_with(db, &["import", "--move", "-"], taking.to_string().as_bytes()).expect(1);
        casement(db, &["undo", &first.id()]).expect(1);
        assert_eq!(server.json(&path), source.json(&path));

        // It follows, in what is taken away as well.
        let later = changed(first.clone().without("shared.2").change("shared.1", json!({"fullStatement": "New"})), 1);
        let options = casement::registry::PlanOptions { delete_missing: true, ..Default::default() };
        crate::support::import_with(&source_db.registry(), later.json.to_string().into_bytes(), &options).unwrap();
        source.until(|| source.json(&path)["CFItems"].as_array().unwrap().len() == 2);
        mirror(db, &["run", "up"]).expect(0);
        server.until(|| server.json(&path) == source.json(&path));

        mirror(db, &["remove", "up"]).expect(0);
        mirror(db, &["remove", "up"]).expect(1);
        casement_with(db, &["import", "-"], mine.to_string().as_bytes()).expect(0);
    });
}

#[test]
fn a_broken_source_changes_nothing() {
    for_each_backend(|db| {
        let framework = Framework::with_items("steady", 2);
        let other = Changing::new(&framework);
        mirror(db, &["add", &other.source.url(""), "--all", "--name", "m"]).expect(0);
        mirror(db, &["run"]).expect(0);
        let export = || casement(db, &["export", &framework.id()]).expect(0).stdout;
        let good = export();
        let broken = |why: &str| {
            let ran = mirror(db, &["run", "m"]).expect(1);
            let now = state(db);
            assert_eq!((&now["state"], now["broken_since"].is_null()), (&json!("broken"), true), "{now}");
            assert!(now["brokenSince"].is_string() && now["lastGoodRun"].is_string(), "{now}");
            assert!(now["problem"].as_str().unwrap().contains(why), "{why}: {now}");
            assert!(ran.stdout.contains(why), "{}", ran.stdout);
            assert_eq!(export(), good, "{why}");
            now
        };
        let change = |package: Value| other.set(Some(package));

        other.status.store(500, Ordering::SeqCst);
        let since = broken("500")["brokenSince"].clone();
        other.status.store(200, Ordering::SeqCst);
        let mut cut = changed(framework.clone(), 2).json;
        cut["CFItems"] = json!([]);
        cut["CFAssociations"] = json!([]);
        change(cut);
        assert_eq!(broken("without any item")["brokenSince"], since);
        let mut impostor = changed(framework.clone(), 3).json;
        impostor["CFDocument"]["identifier"] = json!("not the same");
        change(impostor);
        let now = broken("belongs to framework steady");
        assert!(now["frameworks"][0]["problem"].as_str().unwrap().ends_with("is expected"), "{now}");
        *other.cut.lock().unwrap() = Some(100);
        change(changed(framework.clone(), 4).json);
        broken("ends in the middle");
        *other.cut.lock().unwrap() = None;
        change(
            json!({"CFDocument": {"identifier": framework.id(), "title": "x", "lastChangeDateTime": 7}, "CFItems": "none"}),
        );
        broken("without any item");

        // Gone: kept, and marked.
        other.set(None);
        let now = broken("");
        assert!(now["problem"].as_str().unwrap().contains("no catalogue"), "{now}");
        change(framework.clone().json);
        mirror(db, &["run", "m"]).expect(0);
        let now = state(db);
        assert_eq!((&now["state"], &now["brokenSince"], &now["problem"]), (&json!("good"), &json!(null), &json!(null)));
        assert_eq!(export(), good);
    });
}

#[test]
fn a_framework_that_vanishes_is_kept_and_marked() {
    for_each_backend(|db| {
        let framework = Framework::with_items("fleeting", 2);
        let other = Changing::new(&framework);
        let url = other.source.url(&format!("/ims/case/v1p1/CFPackages/{}", framework.id()));
        mirror(db, &["add", &url, "--name", "m"]).expect(0);
        mirror(db, &["run"]).expect(0);
        other.set(None);
        let ran = mirror(db, &["run", "--json"]).expect(1).json();
        assert_eq!(ran[0]["frameworks"][0]["became"], "vanished", "{ran}");
        let now = state(db);
        assert_eq!(now["frameworks"][0]["state"], "vanished", "{now}");
        let since = now["frameworks"][0]["vanishedSince"].clone();
        assert!(since.is_string());
        mirror(db, &["run"]).expect(1);
        assert_eq!(state(db)["frameworks"][0]["vanishedSince"], since);
        let listed = mirror(db, &["list"]).expect(0).stdout;
        assert!(listed.contains("vanished") && listed.contains("broken since"), "{listed}");
        casement(db, &["export", &framework.id()]).expect(0);

        other.set(Some(framework.json.clone()));
        mirror(db, &["run"]).expect(0);
        assert_eq!(state(db)["frameworks"][0]["state"], "good");
    });
}

#[test]
fn all_leaves_alone_what_is_here_already() {
    let framework = Framework::with_items("mine", 2);
    let other = Changing::new(&changed(framework.clone().change("mine.1", json!({"fullStatement": "Theirs"})), 1));
    let db = TestDb::sqlite();
    import_one(&db.registry(), &framework.json);
    let before = casement(&db, &["export", &framework.id()]).expect(0).stdout;
    mirror(&db, &["add", &other.source.url(""), "--all", "--name", "m"]).expect(0);
    let ran = mirror(&db, &["run", "--json"]).expect(0).json();
    assert_eq!(ran[0]["frameworks"][0]["became"], "leftAlone", "{ran}");
    assert_eq!(casement(&db, &["export", &framework.id()]).expect(0).stdout, before);
    mirror(&db, &["remove", "m"]).expect(0);
    mirror(&db, &["add", &other.source.url(""), "--all", "--take-over", "--name", "m"]).expect(0);
    let ran = mirror(&db, &["run", "--json"]).expect(0).json();
    assert_eq!(ran[0]["frameworks"][0]["became"], "changed", "{ran}");
    assert!(casement(&db, &["export", &framework.id()]).expect(0).stdout.contains("Theirs"));
}

/// Two servers over one database: a due mirror is run by one of them, once, and the other sees it.
#[test]
fn servers_run_what_is_due_once() {
    let served = ["--no-demo", ALLOW[0], ALLOW[1]];
    for_each_backend(|db| {
        let framework = Framework::with_items("due", 2);
        let other = Changing::new(&framework);
        drop(db.store());
        let servers = [TestApp::start_with(db, &served), TestApp::start_with(db, &served)];
        mirror(db, &["add", &other.source.url(""), "--all", "--every", "1d"]).expect(0);
        let path = format!("/ims/case/v1p1/CFDocuments/{}", framework.id());
        for server in &servers {
            server.until(|| server.get(&path).status == 200);
        }
        let runs = |server: &TestApp| {
            let text = server.get("/metrics").expect(200).text();
            let line = "casement_mirror_runs_total{outcome=\"changed\"} ";
            text.lines().find_map(|one| one.strip_prefix(line)).map_or(0, |number| number.parse().unwrap_or(0))
        };
        servers[0].until(|| servers.iter().map(runs).sum::<i32>() == 1);
        assert_eq!(other.source.count("CFPackages"), 1);
        assert_eq!(state(db)["state"], "good");
        assert_eq!(state(db)["name"], "127.0.0.1");
    });
}

/// A broken source is in the log and in the numbers of the server that found out.
#[test]
fn a_server_says_that_a_source_is_broken() {
    let db = TestDb::sqlite();
    let other = Changing::new(&Framework::new("x"));
    other.status.store(500, Ordering::SeqCst);
    mirror(&db, &["add", &other.source.url(""), "--all", "--name", "sad"]).expect(0);
    let server = TestApp::start_with(&db, &["--no-demo", ALLOW[0], ALLOW[1]]);
    server.until(|| server.get("/metrics").text().contains("casement_mirror_runs_total{outcome=\"failed\"} 1"));
    assert!(server.log().contains("mirror sad is broken"), "{}", server.log());
    assert_eq!(state(&db)["state"], "broken");
}

/// While one runs it, nobody else does; what a removed mirror was about to bring does not come.
#[test]
fn a_mirror_is_in_one_hand() {
    for_each_backend(|db| {
        let framework = Framework::with_items("held", 1);
        let package = framework.json.clone();
        let url: Arc<OnceLock<String>> = Arc::default();
        let tried = Arc::new(AtomicUsize::new(0));
        let (database, seen) = (Arc::clone(&url), Arc::clone(&tried));
        // The source itself tries to run the mirror that is being run, from another process.
        let source = Source::start(move |asked| {
            if !asked.path.contains("CFPackages") {
                return Reply::json(&package["CFDocument"]);
            }
            let store = casement::store::Store::open(&database.get().unwrap().parse().unwrap(), 2).unwrap();
            let registry = casement::registry::Registry::new(store, crate::support::BASE);
            let settings = crate::fetch_source::settings("127.0.0.0/8");
            let busy = registry.run_mirror("m", &settings);
            assert!(matches!(busy, Err(RegistryError::MirrorBusy(_))), "run twice");
            assert!(registry.run_due_mirror(&settings).unwrap().is_none());
            registry.remove_mirror("m").unwrap();
            seen.fetch_add(1, Ordering::SeqCst);
            Reply::json(&package)
        });
        url.set(db.url.clone()).unwrap();
        mirror(db, &["add", &source.url(""), "--framework", &framework.id(), "--name", "m"]).expect(0);
        let ran = mirror(db, &["run", "m"]).expect(3);
        assert_eq!(tried.load(Ordering::SeqCst), 1);
        assert!(ran.stderr.contains("was removed"), "{}", ran.stderr);
        assert_eq!(mirror(db, &["list", "--json"]).expect(0).json(), json!([]));
        assert_eq!(casement(db, &["frameworks", "--json"]).expect(0).json(), json!([]));
    });
}

#[test]
fn secrets_are_not_stored() {
    let db = TestDb::sqlite();
    let token = ["--token-env", "CASEMENT_MY_TOKEN"];
    mirror(&db, &[&["add", "https://case.example", "--all", "--every", "1d"], &token[..]].concat()).expect(0);
    assert_eq!(state(&db)["secret"], "the variable CASEMENT_MY_TOKEN");
    let foreign = ["add", "https://b.example", "--all", "--token-env", "AWS_SECRET_ACCESS_KEY"];
    assert!(mirror(&db, &foreign).stderr.contains("CASEMENT_"));
    assert_eq!(mirror(&db, &["list", "--json"]).expect(0).json().as_array().unwrap().len(), 1);
    mirror(&db, &["add", "https://u:hunter2@b.example", "--all"]).expect(2);
}
