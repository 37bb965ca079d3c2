//! Imports over HTTP: planned, looked at, applied, undone; by people who come back another day, to
//! another server, at the same moment as somebody else.

use std::io::Write as _;
use std::net::TcpStream;

use casement::registry::{Actor, Gravity, NewToken, Role};
use serde_json::{Value, json};

use crate::access_tokens::{execute, get_as, lines, parts, token, token_until};
use crate::fetch_source::{Reply, Source};
use crate::support::build::{Framework, id};
use crate::support::{Answer, TestApp, TestDb, casement, for_each_backend, import_one};

pub const IMPORTS: &str = "/api/v1/imports";

/// Any request with a bearer token and a body.
#[track_caller]
pub fn send_as(app: &TestApp, token: &str, method: &str, path: &str, body: &[u8]) -> Answer {
    app.send_with(method, path, &[("Authorization", &format!("Bearer {token}"))], body)
}

/// Plans the import of a file; `query` begins with `?` or is empty.
#[track_caller]
pub fn upload(app: &TestApp, token: &str, query: &str, file: &[u8]) -> Answer {
    send_as(app, token, "POST", &format!("{IMPORTS}{query}"), file)
}

/// A planned import of a file; returns its number.
#[track_caller]
pub fn planned(app: &TestApp, token: &str, file: &[u8]) -> i64 {
    upload(app, token, "", file).expect(201).json()["id"].as_i64().unwrap()
}

/// One step of an import.
#[track_caller]
pub fn step(app: &TestApp, token: &str, number: i64, step: &str) -> Answer {
    send_as(app, token, "POST", &format!("{IMPORTS}/{number}/{step}"), b"")
}

pub fn statement(app: &TestApp, name: &str) -> Value {
    app.get(&format!("/ims/case/v1p1/CFItems/{}", id(name))).json()["fullStatement"].clone()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_file_is_planned_applied_and_undone() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let first = Framework::with_items("f", 3);
        let answer = upload(&app, &editor, "?name=first.json", &first.bytes()).expect(201);
        let plan = answer.json();
        let number = plan["id"].as_i64().unwrap();
        assert!(answer.header("location").ends_with(&format!("{IMPORTS}/{number}")), "{}", answer.header("location"));
        assert_eq!(answer.header("cache-control"), "no-store");
        for (member, value) in [
            ("state", json!("planned")),
            ("name", json!("first.json")),
            ("url", json!(null)),
            ("createdBy", json!(parts(&editor).0)),
            ("bytes", json!(first.bytes().len())),
            ("options", json!({"deleteMissing": false, "move": false})),
        ] {
            assert_eq!(plan[member], value, "{plan}");
        }
        let framework = &plan["frameworks"][0];
        assert_eq!((&framework["identifier"], &framework["baseRevision"]), (&json!(id("f")), &json!(null)));
        let added = plan["differences"][0]["added"].as_array().unwrap();
        assert_eq!(framework["counts"]["added"], added.len());
        assert!(added.iter().any(|one| one["identifier"] == id("f.2") && one["label"] == "f.2"), "{plan}");
        app.get(&format!("/ims/case/v1p1/CFDocuments/{}", id("f"))).expect(404);

        let applied = step(&app, &editor, number, "apply").expect(200).json();
        assert_eq!(applied["state"], "applied");
        let revision = &applied["frameworks"][0]["applied"]["revision"];
        assert!(revision.is_number(), "{applied}");
        assert_eq!(statement(&app, "f.2"), "Statement of f.2");

        // An edition with every kind of difference, packed.
        let second = first.clone().change("f.2", json!({"fullStatement": "New"})).item("f.4", json!({})).without("f.3");
        let plan = upload(&app, &editor, "?deleteMissing=true", &gzip(&second.bytes())).expect(201).json();
        let counts = &plan["frameworks"][0]["counts"];
        assert_eq!((&counts["added"], &counts["changed"]), (&json!(1), &json!(1)), "{plan}");
        assert_eq!(plan["differences"][0]["changed"][0]["properties"], json!(["fullStatement"]));
        assert_eq!(&plan["frameworks"][0]["baseRevision"], revision);
        let number = plan["id"].as_i64().unwrap();
        step(&app, &editor, number, "apply").expect(200);
        assert_eq!(statement(&app, "f.2"), "New");
        app.get(&format!("/ims/case/v1p1/CFItems/{}", id("f.3"))).expect(404);

        assert_eq!(step(&app, &editor, number, "undo").expect(200).json()["state"], "undone");
        assert_eq!(
            (statement(&app, "f.2"), statement(&app, "f.3")),
            (json!("Statement of f.2"), json!("Statement of f.3"))
        );
        // Once more is once.
        let revisions = || lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM changes");
        let before = revisions();
        assert_eq!(step(&app, &editor, number, "undo").expect(200).json()["state"], "undone");
        assert_eq!(revisions(), before);
        assert_eq!(db.registry().check(false, |_, _| {}).unwrap().count(Gravity::Error), 0);

        let did: Vec<String> =
            lines(db, "SELECT action || ' ' || actor || ' ' || COALESCE(subject, '-') AS line FROM audit ORDER BY id");
        let who = parts(&editor).0;
        let expect = |action: &str, number: i64| format!("{action} {who} {number}");
        let expect = [expect("import", 1), expect("import", number), expect("undo", number)];
        assert_eq!(
            did.iter().filter(|line| line.contains(who) && !line.starts_with("token")).cloned().collect::<Vec<_>>(),
            expect
        );
        let line = lines(
            db,
            "SELECT COALESCE(address, '') || COALESCE(request_id, '') AS line FROM audit WHERE action = 'undo'",
        );
        assert!(line[0].starts_with("127.0.0.1") && line[0].len() > 20, "{line:?}");
        let metrics = app.get("/metrics").text();
        for (result, count) in [("planned", 2), ("applied", 2), ("undone", 2)] {
            assert!(metrics.contains(&format!("casement_imports_total{{result=\"{result}\"}} {count}")), "{metrics}");
        }
    });
}

#[test]
fn an_import_goes_on_where_it_was_left() {
    for_each_backend(|db| {
        let editor = token(db, Role::Editor);
        let number = {
            let app = TestApp::start(db);
            planned(&app, &editor, &Framework::with_items("f", 2).bytes())
            // Killed.
        };
        let other = TestApp::start(db);
        let found = get_as(&other, &format!("{IMPORTS}/{number}"), &editor).expect(200).json();
        assert_eq!((&found["state"], &found["differences"][0]["identifier"]), (&json!("planned"), &json!(id("f"))));
        step(&other, &editor, number, "apply").expect(200);
        assert_eq!(statement(&other, "f.1"), "Statement of f.1");
        // The answer was lost: asking again is answered the same and changes nothing.
        let applied = step(&other, &editor, number, "apply").expect(200).json();
        assert_eq!(applied["frameworks"][0]["applied"]["revision"], 1);
        assert_eq!(lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM revisions"), ["1"]);
    });
}

/// A server that is killed while it applies has applied the import, or not: asking another one
/// makes it done, once.
#[test]
fn an_apply_that_is_killed_is_asked_for_again() {
    for_each_backend(|db| {
        let editor = token(db, Role::Editor);
        for (n, items) in [1, 100, 200, 400, 800].into_iter().enumerate() {
            let app = TestApp::start(db);
            let name = format!("f{n}");
            let number = planned(&app, &editor, &Framework::with_items(&name, items).bytes());
            let mut stream = TcpStream::connect(app.address.trim_start_matches("http://")).unwrap();
            let request = format!(
                "POST {IMPORTS}/{number}/apply HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {editor}\r\nContent-Length: 0\r\n\r\n"
            );
            stream.write_all(request.as_bytes()).unwrap();
            // It has seen the request once it answers another one.
            app.get("/healthz").expect(200);
            drop(app);
            let other = TestApp::start(db);
            step(&other, &editor, number, "apply").expect(200);
            let revisions =
                format!("SELECT CAST(COUNT(*) AS TEXT) AS line FROM revisions WHERE document_id = '{}'", id(&name));
            assert_eq!(lines(db, &revisions), ["1"]);
        }
        assert_eq!(db.registry().check(false, |_, _| {}).unwrap().count(Gravity::Error), 0);
    });
}

/// What the reader has to supply is supplied once: applying on another day mints what was shown.
#[test]
fn what_the_reader_supplied_is_kept() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let bare = Framework::with_items("f", 2).change("f.1", json!({"uri": null, "lastChangeDateTime": null}));
        let number = planned(&app, &editor, &bare.bytes());
        execute(db, "UPDATE imports SET read_at = read_at - 86400000000, base_url = 'https://elsewhere.example'");
        // It is not what was planned any more, and that is noticed.
        assert_eq!(
            step(&app, &editor, number, "apply").expect(409).json()["type"],
            "urn:casement:problem:import-stale"
        );
        step(&app, &editor, number, "plan").expect(200);
        execute(db, "UPDATE imports SET created_at = created_at - 86400000000");
        step(&app, &editor, number, "apply").expect(200);
        let item = app.json(&format!("/ims/case/v1p1/CFItems/{}", id("f.1")));
        assert!(item["uri"].as_str().unwrap().starts_with("https://casement.test/"), "{item}");
    });
}

#[test]
fn many_apply_at_once_and_it_is_done_once() {
    for_each_backend(|db| {
        let apps = [TestApp::start(db), TestApp::start(db)];
        let editor = token(db, Role::Editor);
        let number = planned(&apps[0], &editor, &Framework::with_items("f", 50).bytes());
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let ask = |n: usize| {
                let (app, editor) = (&apps[n % 2], &editor);
                scope.spawn(move || step(app, editor, number, "apply"))
            };
            (0..6).map(ask).collect::<Vec<_>>().into_iter().map(|one| one.join().unwrap()).collect()
        });
        for answer in answers {
            let answer = answer.expect(200).json();
            assert_eq!(answer["frameworks"][0]["applied"]["revision"], 1);
        }
        assert_eq!(lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM revisions"), ["1"]);
        assert_eq!(lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM audit WHERE action = 'import'"), ["1"]);
    });
}

#[test]
fn what_was_changed_since_is_planned_again() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let [one, other] = [(); 2].map(|()| token(db, Role::Editor));
        let base = Framework::with_items("f", 2);
        import_one(&db.registry(), &base.json);
        let late = planned(&app, &one, &base.clone().change("f.1", json!({"fullStatement": "Late"})).bytes());
        let early = planned(&app, &other, &base.change("f.2", json!({"fullStatement": "Early"})).bytes());
        step(&app, &other, early, "apply").expect(200);
        let problem = step(&app, &one, late, "apply").expect(409).json();
        assert_eq!(problem["type"], "urn:casement:problem:import-stale");
        assert!(problem["detail"].as_str().unwrap().contains("plan again"), "{problem}");
        assert_eq!((statement(&app, "f.1"), statement(&app, "f.2")), (json!("Statement of f.1"), json!("Early")));
        // The new plan shows that it would take the other's change back.
        let plan = step(&app, &one, late, "plan").expect(200).json();
        assert_eq!(plan["frameworks"][0]["counts"]["changed"], 2, "{plan}");
        step(&app, &one, late, "apply").expect(200);
        assert_eq!((statement(&app, "f.1"), statement(&app, "f.2")), (json!("Late"), json!("Statement of f.2")));
        // What stands on it keeps it from being undone.
        let problem = step(&app, &other, early, "undo").expect(409).json();
        assert_eq!(problem["type"], "urn:casement:problem:undo-blocked");
        step(&app, &one, late, "undo").expect(200);
        step(&app, &other, early, "undo").expect(200);
        assert_eq!(statement(&app, "f.2"), "Statement of f.2");
        // What was undone can be planned and applied again, what the command line undid counts as undone.
        step(&app, &other, early, "apply").expect(409);
        step(&app, &other, early, "plan").expect(200);
        step(&app, &other, early, "apply").expect(200);
        casement(db, &["undo", &id("f")]).expect(0);
        step(&app, &other, early, "undo").expect(200);
        app.until(|| statement(&app, "f.2") == "Statement of f.2");
    });
}

#[test]
fn objects_move_when_the_plan_says_so() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        import_one(&db.registry(), &Framework::with_items("Owner", 2).json);
        let thief = Framework::new("Thief").item("Owner.1", json!({"fullStatement": "Taken"}));
        let plan = upload(&app, &editor, "", &thief.bytes()).expect(201).json();
        let number = plan["id"].as_i64().unwrap();
        let claim = &plan["differences"][0]["conflicts"][0];
        assert_eq!((&claim["identifier"], &claim["heldBy"]), (&json!(id("Owner.1")), &json!(id("Owner"))), "{plan}");
        let problem = step(&app, &editor, number, "apply").expect(409).json();
        assert_eq!(problem["type"], "urn:casement:problem:import-conflict");
        let again = step(&app, &editor, number, "plan?move=true").expect(200).json();
        assert_eq!(again["options"], json!({"deleteMissing": false, "move": true}));
        step(&app, &editor, number, "apply").expect(200);
        assert_eq!(statement(&app, "Owner.1"), "Taken");
        step(&app, &editor, number, "undo").expect(200);
        assert_eq!(statement(&app, "Owner.1"), "Statement of Owner.1");
    });
}

#[test]
fn several_frameworks_are_one_step() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let file =
            |frameworks: &[Framework]| json!(frameworks.iter().map(|one| &one.json).collect::<Vec<_>>()).to_string();
        let [a, b] = ["a", "b"].map(|name| Framework::with_items(name, 2));
        let number = planned(&app, &editor, file(&[a.clone(), b.clone()]).as_bytes());
        step(&app, &editor, number, "apply").expect(200);
        assert_eq!(
            (statement(&app, "a.1"), statement(&app, "b.1")),
            (json!("Statement of a.1"), json!("Statement of b.1"))
        );
        let changed =
            [a.change("a.1", json!({"fullStatement": "A"})), b.clone().change("b.1", json!({"fullStatement": "B"}))];
        let both = planned(&app, &editor, file(&changed).as_bytes());
        // One of them is changed by somebody else: neither is applied.
        import_one(&db.registry(), &b.item("b.3", json!({})).json);
        step(&app, &editor, both, "apply").expect(409);
        assert_eq!(statement(&app, "a.1"), "Statement of a.1");
        // The first import cannot be undone for one of them, so for neither.
        step(&app, &editor, number, "undo").expect(409);
        assert_eq!(statement(&app, "a.1"), "Statement of a.1");
    });
}

#[test]
fn an_import_is_seen_by_who_made_it_and_by_admins() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let [one, other] = [(); 2].map(|()| token(db, Role::Editor));
        let admin = token(db, Role::Admin);
        let numbers: Vec<i64> =
            ["a", "b", "c"].iter().map(|name| planned(&app, &one, &Framework::with_items(name, 1).bytes())).collect();
        let listed = |path: &str, token: &str| -> (Vec<i64>, String) {
            let answer = get_as(&app, path, token).expect(200);
            let all = answer.json();
            let ids = all.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
            (ids, answer.header("link").to_owned())
        };
        let newest: Vec<i64> = numbers.iter().rev().copied().collect();
        assert_eq!(listed(IMPORTS, &one), (newest.clone(), String::new()));
        assert_eq!(listed(IMPORTS, &admin).0, newest);
        assert_eq!(listed(IMPORTS, &other).0, Vec::<i64>::new());
        let (page, link) = listed(&format!("{IMPORTS}?limit=2"), &one);
        assert_eq!(page, newest[..2]);
        let next = link.split(['<', '>']).nth(1).unwrap();
        let next = &next[next.find(IMPORTS).unwrap()..];
        assert_eq!(listed(next, &one), (newest[2..].to_vec(), String::new()));

        let path = format!("{IMPORTS}/{}", numbers[0]);
        get_as(&app, &path, &other).expect(404);
        for action in ["apply", "undo", "plan"] {
            step(&app, &other, numbers[0], action).expect(404);
        }
        send_as(&app, &other, "DELETE", &path, b"").expect(404);
        step(&app, &admin, numbers[0], "apply").expect(200);
        send_as(&app, &one, "DELETE", &path, b"").expect(409);
        let path = format!("{IMPORTS}/{}", numbers[1]);
        send_as(&app, &one, "DELETE", &path, b"").expect(204);
        get_as(&app, &path, &one).expect(404);
        let discarded = lines(db, "SELECT actor || ' ' || subject AS line FROM audit WHERE action = 'import.discard'");
        assert_eq!(discarded, [format!("{} {}", parts(&one).0, numbers[1])]);
    });
}

#[test]
fn differences_come_in_windows() {
    let db = TestDb::sqlite();
    let app = TestApp::start(&db);
    let editor = token(&db, Role::Editor);
    let plan = upload(&app, &editor, "", &Framework::with_items("f", 150).bytes()).expect(201).json();
    let total = plan["frameworks"][0]["counts"]["added"].as_u64().unwrap();
    let first = &plan["differences"][0];
    assert_eq!((first["added"].as_array().unwrap().len(), &first["truncated"]), (100, &json!(true)));
    let path = format!("{IMPORTS}/{}/frameworks/{}", plan["id"], id("f").to_uppercase());
    let mut seen = Vec::new();
    let mut truncated = true;
    while truncated {
        let window = get_as(&app, &format!("{path}?offset={}&limit=90", seen.len()), &editor).expect(200).json();
        seen.extend(
            window["added"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| (one["class"].to_string(), one["identifier"].to_string())),
        );
        truncated = window["truncated"].as_bool().unwrap();
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len() as u64, total);
    get_as(&app, &format!("{IMPORTS}/{}/frameworks/{}", plan["id"], id("g")), &editor).expect(404);
    for wrong in ["?limit=0", "?limit=1001", "?offset=-1", "?more=1"] {
        assert!(get_as(&app, &format!("{path}{wrong}"), &editor).expect(400).json()["detail"].is_string());
    }
}

#[test]
fn another_server_is_fetched_from() {
    for_each_backend(|db| {
        let remote = Framework::with_items("remote", 2);
        let sent = remote.json.clone();
        let source = Source::start(move |_| Reply::json(&sent).with("ETag", "\"1\""));
        let app = TestApp::start_with(db, &["--no-demo", "--fetch-allow-private", "127.0.0.0/8"]);
        let editor = token(db, Role::Editor);
        let url = source.url("/files/remote.json?key=secret");
        let plan = upload(&app, &editor, &format!("?url={}", crate::support::encode(&url)), b"").expect(201).json();
        assert_eq!((&plan["url"], &plan["name"]), (&json!(source.url("/files/remote.json")), &plan["url"]));
        assert!(source.asked().iter().all(|asked| asked.header("authorization").is_none()));
        let asked = source.asked().len();
        step(&app, &editor, plan["id"].as_i64().unwrap(), "apply").expect(200);
        assert_eq!((statement(&app, "remote.1"), source.asked().len()), (json!("Statement of remote.1"), asked));
        assert_eq!(lines(db, "SELECT etag AS line FROM downloads"), ["\"1\""]);
        let fetched = lines(db, "SELECT actor || ' ' || subject AS line FROM audit WHERE action = 'import.fetch'");
        assert_eq!(fetched, [format!("{} {}", parts(&editor).0, source.url("/files/remote.json"))]);
        assert!(!app.log().contains("secret"));
    });
}

#[test]
fn what_was_left_lying_is_forgotten() {
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &["--no-demo", "--import-keep-days", "2"]);
        let editor = token(db, Role::Editor);
        let [left, applied, fresh] =
            ["a", "b", "c"].map(|name| planned(&app, &editor, &Framework::with_items(name, 1).bytes()));
        step(&app, &editor, applied, "apply").expect(200);
        let before = lines(
            db,
            &format!(
                "SELECT content AS line FROM (SELECT CAST(LENGTH(content) AS TEXT) AS content FROM imports WHERE id = {applied}) AS one"
            ),
        );
        assert_ne!(before, ["0"]);
        execute(db, &format!("UPDATE imports SET touched_at = touched_at - 3 * 86400000000 WHERE id <> {fresh}"));
        planned(&app, &editor, &Framework::with_items("d", 1).bytes());
        get_as(&app, &format!("{IMPORTS}/{left}"), &editor).expect(404);
        get_as(&app, &format!("{IMPORTS}/{fresh}"), &editor).expect(200);
        // What was applied can still be undone, but not from a file that is gone.
        step(&app, &editor, applied, "undo").expect(200);
        assert_eq!(
            step(&app, &editor, applied, "plan").expect(410).json()["type"],
            "urn:casement:problem:import-forgotten"
        );
    });
}

#[test]
fn a_backup_has_the_imports_too() {
    for_each_backend(|db| {
        let editor = token(db, Role::Editor);
        let number = planned(&TestApp::start(db), &editor, &Framework::with_items("f", 2).bytes());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup").display().to_string();
        casement(db, &["backup", &file]).expect(0);
        let fresh = TestDb::sqlite();
        casement(&fresh, &["restore", &file]).expect(0);
        let app = TestApp::start(&fresh);
        step(&app, &editor, number, "apply").expect(200);
        assert_eq!(statement(&app, "f.1"), "Statement of f.1");
        let next = planned(&app, &editor, &Framework::with_items("g", 1).bytes());
        assert!(next > number);
    });
}

/// A token for the framework `name` alone.
pub fn token_for(db: &TestDb, role: Role, name: &str) -> String {
    token_until(db, role, Some(&[name]), None)
}

#[test]
fn access_tokens_with_the_scope_import_too() {
    let db = TestDb::sqlite();
    let new = NewToken { name: "n".to_owned(), role: Role::Editor, frameworks: None, expires_at: None };
    let whole = db.registry().create_token(new, &Actor::cli()).unwrap().token.reveal().to_owned();
    let (client, secret) = parts(&whole);
    let app = TestApp::start(&db);
    let access = |scope: &str| {
        let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}&scope={scope}");
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let granted = app.send_with("POST", "/oauth2/token", &headers, form.as_bytes()).expect(200).json();
        granted["access_token"].as_str().unwrap().to_owned()
    };
    let file = Framework::with_items("f", 1).bytes();
    upload(&app, &access("frameworks.read"), "", &file).expect(403);
    let number = planned(&app, &access("frameworks.write"), &file);
    // It belongs to the client, whichever token it comes with.
    step(&app, &whole, number, "apply").expect(200);
}
