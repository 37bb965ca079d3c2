//! Imports over HTTP that are refused: by who asks, by what was sent, by where it is to be fetched.
//! Each says what to do, and none leaves anything behind.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use casement::registry::{Actor, Role};
use serde_json::{Value, json};

use crate::access_tokens::{GUESSING, get_as, lines, parts, token};
use crate::fetch_source::{Reply, Source};
use crate::http_imports::{IMPORTS, planned, send_as, statement, step, token_for, upload};
use crate::support::build::{Framework, id};
use crate::support::{Answer, TestApp, TestDb, encode, for_each_backend, import_one};

/// Checks a problem; returns its sentence.
#[track_caller]
fn problem(answer: &Answer, status: u16, kind: &str) -> String {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["type"], format!("urn:casement:problem:{kind}"), "{problem}");
    problem["detail"].as_str().unwrap().to_owned()
}

#[track_caller]
fn assert_nothing_kept(db: &TestDb) {
    assert_eq!(lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM imports"), ["0"]);
    assert_eq!(lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM revisions"), ["0"]);
}

#[test]
fn nobody_imports_without_a_token_that_may() {
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &GUESSING);
        let editor = token(db, Role::Editor);
        let file = Framework::with_items("f", 1).bytes();
        let number = planned(&app, &editor, &file);
        let one = format!("{IMPORTS}/{number}");
        let reader = token(db, Role::Reader);
        for (method, path) in [
            ("GET", IMPORTS.to_owned()),
            ("POST", IMPORTS.to_owned()),
            ("GET", one.clone()),
            ("GET", format!("{one}/frameworks/{}", id("f"))),
            ("GET", format!("{one}/events")),
            ("POST", format!("{one}/plan")),
            ("POST", format!("{one}/apply")),
            ("POST", format!("{one}/undo")),
            ("DELETE", one.clone()),
        ] {
            let anonymous = app.send_with(method, &path, &[], file.as_slice());
            problem(&anonymous, 401, "unauthorised");
            assert_eq!(anonymous.header("www-authenticate"), r#"Bearer realm="casement""#);
            problem(&send_as(&app, "casement_nonsense", method, &path, &file), 401, "unauthorised");
            let refused = send_as(&app, &reader, method, &path, &file);
            assert!(problem(&refused, 403, "forbidden").contains("editor"));
            assert!(refused.header("www-authenticate").contains("insufficient_scope"));
        }
        // A token that was good for the plan and is revoked before it is applied.
        db.registry().revoke_token(parts(&editor).0, &Actor::cli()).unwrap();
        let refused = step(&app, &editor, number, "apply");
        assert!(problem(&refused, 401, "unauthorised").contains("revoked"));
        assert_eq!(lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM revisions"), ["0"]);
    });
}

#[test]
fn a_token_for_some_frameworks_changes_no_others() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let some = token_for(db, Role::Editor, "Thief");
        import_one(&db.registry(), &Framework::with_items("Owner", 2).json);
        let owner = Framework::with_items("Owner", 1).bytes();
        assert!(problem(&upload(&app, &some, "", &owner), 403, "forbidden").contains(&id("Owner")));
        let both = json!([Framework::with_items("Thief", 1).json, Framework::with_items("New", 1).json]).to_string();
        problem(&upload(&app, &some, "", both.as_bytes()), 403, "forbidden");
        // What it would take from is touched, too, and not named to who may not know it.
        let thief = Framework::new("Thief").item("Owner.1", json!({"fullStatement": "Taken"})).bytes();
        problem(&upload(&app, &some, "?move=true", &thief), 403, "forbidden");
        let plan = upload(&app, &some, "", &thief).expect(201).json();
        assert_eq!(plan["differences"][0]["conflicts"][0]["heldBy"], Value::Null, "{plan}");
        let number = plan["id"].as_i64().unwrap();
        let sentence = problem(&step(&app, &some, number, "apply"), 409, "import-conflict");
        assert!(!sentence.contains("Owner"), "{sentence}");
        problem(&step(&app, &some, number, "plan?move=true"), 403, "forbidden");
        assert_eq!(statement(&app, "Owner.1"), "Statement of Owner.1");
        // Its own framework it may change.
        let number = planned(&app, &some, &Framework::with_items("Thief", 1).bytes());
        step(&app, &some, number, "apply").expect(200);
        // Somebody who may do both moves an object in between: that is not its own to undo.
        let admin = token(db, Role::Admin);
        let plan = upload(&app, &admin, "?move=true", &thief).expect(201).json();
        step(&app, &admin, plan["id"].as_i64().unwrap(), "apply").expect(200);
        problem(&step(&app, &some, number, "undo"), 409, "undo-blocked");
        assert_eq!(statement(&app, "Owner.1"), "Taken");
    });
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_is_no_package_is_refused_with_a_report() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let good = Framework::with_items("f", 500).bytes();
        let packed = gzip(&good);
        for (file, code, words) in [
            (Vec::new(), "empty", "empty"),
            (b" \n ".to_vec(), "empty", "empty"),
            (good[..good.len() / 2].to_vec(), "cut-off", "cut off"),
            (packed[..packed.len() / 2].to_vec(), "damaged", "gzip"),
            (zstd::encode_all(good.as_slice(), 3).unwrap()[..200].to_vec(), "damaged", "zstd"),
            (b"PK\x03\x04 a workbook".to_vec(), "damaged", "save it again"),
            (b"{\"a\": \"\xff\"}".to_vec(), "not-utf8", "UTF-8"),
            (b"[]".to_vec(), "not-a-package", "CFDocument"),
            ("[".repeat(100_000).into_bytes(), "too-deep", "128"),
        ] {
            let refused = upload(&app, &editor, "", &file);
            let sentence = problem(&refused, 422, "unreadable");
            assert!(sentence.contains(words), "{sentence}");
            let report = &refused.json()["report"];
            assert_eq!((&report[0]["code"], &report[0]["severity"]), (&json!(code), &json!("loss")), "{report}");
        }
        assert_nothing_kept(db);
        assert!(app.get("/metrics").text().contains("casement_imports_total{result=\"refused\"} 9"));
    });
}

#[test]
fn what_is_too_large_is_refused_and_the_limit_told() {
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &["--no-demo", "--max-body-bytes", "20000", "--import-max-bytes", "100000"]);
        let editor = token(db, Role::Editor);
        let bomb = vec![b' '; 10_000_000];
        for packed in [gzip(&bomb), zstd::encode_all(bomb.as_slice(), 3).unwrap(), gzip(&gzip(&bomb))] {
            assert!(packed.len() < 20_000);
            let refused = upload(&app, &editor, "", &packed);
            // Packed twice is no package, and is not unpacked twice.
            let kind = if refused.status == 413 { "too-large" } else { "unreadable" };
            let sentence = problem(&refused, refused.status, kind);
            assert!(kind == "unreadable" || sentence.contains("100000"), "{sentence}");
        }
        let sentence = problem(&upload(&app, &editor, "", &bomb[..20_001]), 413, "too-large");
        assert!(sentence.contains("20000"), "{sentence}");
        // The same without saying how long it is.
        let mut request = format!(
            "POST {IMPORTS} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {editor}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        );
        let chunk = format!("3e8\r\n{}\r\n", " ".repeat(1000));
        request.push_str(&chunk.repeat(30));
        request.push_str("0\r\n\r\n");
        let raw = app.raw(&request);
        assert!(raw.starts_with("HTTP/1.1 413 ") && raw.contains("20000"), "{raw}");
        assert_nothing_kept(db);
    });
}

#[test]
fn a_request_that_makes_no_sense_is_told_so() {
    let db = TestDb::sqlite();
    let app = TestApp::start(&db);
    let editor = token(&db, Role::Editor);
    let file = Framework::with_items("f", 1).bytes();
    for query in ["?move=maybe", "?mvoe=true", "?move=true&move=true", "?deleteMissing="] {
        problem(&upload(&app, &editor, query, &file), 400, "bad-request");
    }
    problem(&upload(&app, &editor, "?url=https%3A%2F%2Fcase.example%2Fx.json", &file), 400, "bad-request");
    let bearer = format!("Bearer {editor}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "multipart/form-data; boundary=x")];
    problem(&app.send_with("POST", IMPORTS, &headers, file.as_slice()), 415, "not-the-file");
    for limit in ["0", "1001", "-1", "x"] {
        problem(&get_as(&app, &format!("{IMPORTS}?limit={limit}"), &editor), 400, "bad-request");
    }
    for number in ["99", "x", "-1", "9223372036854775808"] {
        assert_eq!(get_as(&app, &format!("{IMPORTS}/{number}"), &editor).status, 404, "{number}");
    }
    // A client that goes away in the middle leaves nothing.
    let mut stream = TcpStream::connect(app.address.trim_start_matches("http://")).unwrap();
    let head = format!("POST {IMPORTS} HTTP/1.1\r\nHost: h\r\nAuthorization: {bearer}\r\nContent-Length: 1000\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&file[..100]).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    // Whatever it is told, or nothing.
    let _ = stream.read_to_end(&mut Vec::new());
    assert_nothing_kept(&db);
    // The name that Content-Disposition gives is one, whatever stands before it.
    let disposition = "attachment; filename*=UTF-8''..%2F..%2Fma%C3%9F.json";
    let headers = [("Authorization", bearer.as_str()), ("Content-Disposition", disposition)];
    assert_eq!(app.send_with("POST", IMPORTS, &headers, file.as_slice()).expect(201).json()["name"], "ma\u{df}.json");
}

#[test]
fn other_methods_are_refused_with_those_there_are() {
    let db = TestDb::sqlite();
    let app = TestApp::start(&db);
    let admin = token(&db, Role::Admin);
    for (path, allow, wrong) in [
        (IMPORTS.to_owned(), "GET, HEAD, POST, OPTIONS", &["PUT", "DELETE", "PATCH"][..]),
        (format!("{IMPORTS}/1"), "GET, HEAD, DELETE, OPTIONS", &["PUT", "POST"]),
        (format!("{IMPORTS}/1/apply"), "POST, OPTIONS", &["GET", "PUT"]),
        (format!("{IMPORTS}/1/events"), "GET, HEAD, OPTIONS", &["POST", "DELETE"]),
        (format!("{IMPORTS}/1/frameworks/{}", id("f")), "GET, HEAD, OPTIONS", &["POST", "DELETE"]),
    ] {
        let preflight = [("Access-Control-Request-Method", "POST"), ("Origin", "https://elsewhere.example")];
        let options = app.send("OPTIONS", &path, &preflight).expect(204);
        assert_eq!(options.header("allow"), allow, "{path}");
        // Pages of other sites read, and change nothing.
        assert_eq!(options.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
        for method in wrong {
            let refused = send_as(&app, &admin, method, &path, b"");
            problem(&refused, 405, "method-not-allowed");
            assert_eq!(refused.header("allow"), allow, "{method} {path}");
        }
    }
}

#[test]
fn private_addresses_are_not_asked() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let remote = Framework::with_items("remote", 1).json;
        let source = Source::start(move |_| Reply::json(&remote));
        let port = source.address.port();
        for url in [
            source.url("/x.json"),
            format!("http://localhost:{port}/x.json"),
            format!("http://2130706433:{port}/x.json"),
            format!("http://[::ffff:127.0.0.1]:{port}/x.json"),
            format!("http://0.0.0.0:{port}/x.json"),
            "http://169.254.169.254/latest/meta-data/x.json".to_owned(),
            "http://10.0.0.1/uri/p1".to_owned(),
        ] {
            let sentence = problem(&upload(&app, &editor, &format!("?url={}", encode(&url)), b""), 422, "source");
            assert!(sentence.contains("not at a public address"), "{sentence}");
            assert!(!url.contains("localhost") || !sentence.contains("127.0.0.1"), "{sentence}");
        }
        for (url, words) in [
            ("ftp://case.example/x.json", "http"),
            ("file:///etc/passwd", "http"),
            ("x.json", "http"),
            ("https://user:secret@case.example/x.json", "refused"),
            ("https://case.example/ims/case/v1p1/CFDocuments", "whole server"),
        ] {
            let sentence = problem(&upload(&app, &editor, &format!("?url={}", encode(url)), b""), 422, "source");
            assert!(sentence.contains(words) && !sentence.contains("secret"), "{sentence}");
        }
        assert_eq!(source.asked().len(), 0);
        // Who tried is on record.
        let tried = lines(db, "SELECT subject AS line FROM audit WHERE action = 'import.fetch' ORDER BY id");
        assert_eq!((tried.len(), &tried[0]), (7, &source.url("/x.json")));
        assert_nothing_kept(db);
    });
}

#[test]
fn an_allowed_source_leads_to_no_other_and_has_to_send_a_package() {
    let db = TestDb::sqlite();
    let inner = Source::start(|_| Reply::status(200));
    let target = inner.url("/x.json").replace("127.0.0.1", "127.0.0.2");
    let source = Source::start(move |asked| match asked.path.as_str() {
        "/redirect.json" => Reply::redirect(target.clone()),
        "/page.json" => Reply::html(),
        "/bomb.json" => Reply::Whole(200, Vec::new(), gzip(&vec![b' '; 10_000_000])),
        "/endless.json" => Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n[".to_vec()),
        _ => Reply::status(404),
    });
    let app =
        TestApp::start_with(&db, &["--no-demo", "--fetch-allow-private", "127.0.0.1", "--import-max-bytes", "1000000"]);
    let editor = token(&db, Role::Editor);
    for (path, status, kind) in [
        ("/none.json", 422, "source"),
        ("/page.json", 422, "unreadable"),
        ("/bomb.json", 413, "too-large"),
        ("/endless.json", 422, "source"),
    ] {
        let query = format!("?url={}", encode(&source.url(path)));
        problem(&upload(&app, &editor, &query, b""), status, kind);
    }
    assert_nothing_kept(&db);
    let query = format!("?url={}", encode(&source.url("/redirect.json")));
    let sentence = problem(&upload(&app, &editor, &query, b""), 422, "source");
    assert!(sentence.contains("not at a public address"), "{sentence}");
    assert_eq!(inner.asked().len(), 0);
    assert_nothing_kept(&db);
}

#[test]
fn frameworks_of_one_file_that_change_each_other_are_sent_one_by_one() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let [a, b] = ["a", "b"].map(|name| Framework::with_items(name, 1));
        for file in [json!([a.json, a.json]), json!([a.json, b.clone().item("a.1", json!({})).json])] {
            let sentence = problem(&upload(&app, &editor, "", file.to_string().as_bytes()), 422, "import-entangled");
            assert!(sentence.contains(&id("a")) && sentence.contains("one by one"), "{sentence}");
        }
        assert_nothing_kept(db);
        // What is stored counts as well, once objects are to be moved.
        import_one(&db.registry(), &a.json);
        let file =
            json!([a.clone().item("a.2", json!({})).json, b.item("a.1", json!({"notes": "n"})).json]).to_string();
        let plan = upload(&app, &editor, "", file.as_bytes()).expect(201).json();
        let again = step(&app, &editor, plan["id"].as_i64().unwrap(), "plan?move=true");
        problem(&again, 422, "import-entangled");
    });
}

#[test]
fn what_a_mirror_keeps_is_not_imported_over() {
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &["--no-demo", "--mirrors", "false"]);
        let editor = token(db, Role::Editor);
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        let url = format!("https://case.example/ims/case/v1p1/CFDocuments/{}", id("f"));
        crate::support::casement(db, &["mirror", "add", "--name", "m", &url]).expect(0);
        let number = planned(&app, &editor, &Framework::with_items("f", 2).bytes());
        assert!(problem(&step(&app, &editor, number, "apply"), 409, "mirrored").contains("mirror"));
    });
}
