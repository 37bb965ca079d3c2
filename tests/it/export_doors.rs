//! Exports over HTTP and on the command line: both give the same bytes.

use casement::registry::Format;
use serde_json::json;

use crate::support::app::{on, program};
use crate::support::build::{Framework, id};
use crate::support::tables::{named, of_workbook};
use crate::support::{TestApp, TestDb, casement, for_each_backend, import_one};

fn framework() -> Framework {
    Framework::with_items("f", 3)
        .document(json!({"title": "Géométrie: K/12 数学"}))
        .change("f.2", json!({"fullStatement": "=1+1"}))
}

/// The bytes that a command writes, which need not be text.
fn bytes(db: &TestDb, args: &[&str]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let output = on(db, dir.path()).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn both_doors_give_every_format() {
    for_each_backend(|db| {
        import_one(&db.registry(), &framework().json);
        let app = TestApp::start(db);
        for format in Format::ALL {
            let answer =
                app.get(&format!("/api/v1/frameworks/{}/export/{}", id("f").to_uppercase(), format.name())).expect(200);
            assert_eq!(answer.header("content-type"), format.content_type());
            let mut exported = bytes(db, &["export", &id("f"), "--format", format.name()]);
            if matches!(format, Format::Case(_)) {
                assert_eq!(exported.pop(), Some(b'\n'));
            }
            assert!(answer.body == exported, "{}", format.name());
            assert!(!exported.is_empty());
        }
        let package = app.get(&format!("/ims/case/v1p1/CFPackages/{}", id("f"))).expect(200);
        let exported = app.get(&format!("/api/v1/frameworks/{}/export/case-1.1", id("f"))).expect(200);
        assert_eq!(package.body, exported.body);
        let workbook = app.get(&format!("/api/v1/frameworks/{}/export/xlsx", id("f"))).expect(200);
        assert_eq!(named(&of_workbook(&workbook.body), "CF Item").column("fullStatement")[1], "=1+1");
    });
}

#[test]
fn downloads_have_names_tags_and_heads() {
    let db = TestDb::sqlite();
    import_one(&db.registry(), &framework().json);
    let app = TestApp::start(&db);
    for format in Format::ALL {
        let path = format!("/api/v1/frameworks/{}/export/{}", id("f"), format.name());
        let answer = app.send("GET", &path, &[("Accept-Encoding", "identity")]).expect(200);
        let extension = format.extension();
        let expect = format!(
            "attachment; filename=\"G_om_trie K 12 __.{extension}\"; \
             filename*=UTF-8''G%C3%A9om%C3%A9trie%20K%2012%20%E6%95%B0%E5%AD%A6.{extension}"
        );
        assert_eq!(answer.header("content-disposition"), expect);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let tag = answer.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
        let again = app.send("GET", &path, &[("If-None-Match", &tag)]).expect(304);
        assert!(again.body.is_empty());
        let head = app.send("HEAD", &path, &[("Accept-Encoding", "identity")]).expect(200);
        assert!(head.body.is_empty());
        assert_eq!(head.header("etag"), tag);
        let gone = app.send("GET", &path, &[("If-None-Match", "\"x\"")]).expect(200);
        assert_eq!(gone.body, answer.body);
    }
    // Another state has another tag, and formats have tags of their own.
    let path = |format: &str| format!("/api/v1/frameworks/{}/export/{format}", id("f"));
    let before = app.get(&path("csv")).header("etag").to_owned();
    assert_ne!(before, app.get(&path("markdown")).header("etag"));
    import_one(&db.registry(), &framework().change("f.1", json!({"notes": "new"})).json);
    app.until(|| app.get(&path("csv")).header("etag") != before);
    assert!(app.get(&path("csv")).text().contains("new"));
    app.send("GET", &path("csv"), &[("If-None-Match", &before)]).expect(200);
}

#[test]
fn what_cannot_be_downloaded_is_told() {
    let db = TestDb::sqlite();
    import_one(&db.registry(), &framework().json);
    let long = Framework::with_items("long", 1).change("long.1", json!({"fullStatement": "x".repeat(7_000_000)}));
    import_one(&db.registry(), &long.json);
    let app = TestApp::start(&db);
    let path = |name: &str, format: &str| format!("/api/v1/frameworks/{}/export/{format}", id(name));
    let problem = |path: &str, headers: &[(&str, &str)], status: u16| {
        let answer = app.send("GET", path, headers).expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        answer.json()["detail"].as_str().unwrap().to_owned()
    };
    let detail = problem(&path("f", "docx"), &[], 404);
    for format in Format::ALL {
        assert!(detail.contains(format.name()), "{detail}");
        problem(&path("nobody", format.name()), &[], 404);
        assert!(problem(&path("f", format.name()), &[("Accept", "image/png")], 406).contains(format.name()));
    }
    app.send("GET", &path("f", "xlsx"), &[("Accept", "image/png, */*;q=0.1")]).expect(200);
    app.send("GET", &path("f", "csv"), &[("Accept", "text/csv")]).expect(200);
    app.send("POST", &path("f", "csv"), &[]).expect(405);
    let detail = problem(&path("long", "xlsx"), &[], 406);
    assert!(detail.contains("CF Item") && detail.contains("csv"), "{detail}");
    app.get(&path("long", "csv")).expect(200);
    let ran = casement(&db, &["export", &id("long"), "--format", "xlsx"]).expect(1);
    assert!(ran.stderr.contains("CF Item"), "{}", ran.stderr);
}

#[test]
fn templates_are_served_and_written() {
    let db = TestDb::sqlite();
    let app = TestApp::start(&db);
    for format in ["xlsx", "csv"] {
        let path = format!("/api/v1/imports/templates/{format}");
        let answer = app.get(&path).expect(200);
        assert_eq!(answer.body, bytes(&db, &["template", format]));
        assert_eq!(
            answer.header("content-disposition"),
            format!("attachment; filename=\"casement-template.{format}\"")
        );
        app.send("GET", &path, &[("If-None-Match", answer.header("etag"))]).expect(304);
        app.send("GET", &path, &[("Accept", "image/png")]).expect(406);
    }
    let detail = app.get("/api/v1/imports/templates/markdown").expect(404).json()["detail"].to_string();
    assert!(detail.contains("xlsx, csv"), "{detail}");
}

#[test]
fn the_command_line_writes_files() {
    let db = TestDb::sqlite();
    import_one(&db.registry(), &framework().json);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("f.xlsx");
    let ran = casement(&db, &["export", &id("f"), "-f", "xlsx", "-o", &file.display().to_string()]).expect(0);
    assert_eq!(ran.stdout, "");
    assert_eq!(of_workbook(&std::fs::read(&file).unwrap()).len(), 3);
    casement(&db, &["export", "--all", "--format", "markdown", "--output-dir", &dir.path().display().to_string()])
        .expect(0);
    assert!(std::fs::read_to_string(dir.path().join(format!("{}.md", id("f")))).unwrap().starts_with("# "));
    let wrong = casement(&db, &["export", &id("f"), "--format", "docx"]).expect(2);
    assert!(wrong.stderr.contains("csv-opensalt"), "{}", wrong.stderr);
    casement(&db, &["export", &id("f"), "--format", "csv", "--pretty"]).expect(2);
    casement(&db, &["export", &id("f"), "--format", "csv", "--case-version", "1.0"]).expect(2);
    casement(&db, &["template", "markdown"]).expect(2);
    let template = dir.path().join("t.xlsx");
    assert!(program().args(["template", "--output"]).arg(&template).status().unwrap().success(), "without a database");
    assert_eq!(of_workbook(&std::fs::read(&template).unwrap()).len(), 4);
}
