//! Every answer under `/ims/case/` that is no success is a valid status body in its version's
//! spelling, with CORS; elsewhere it is problem+json (digest 5).

use casement::case::Version;
use casement::case::schema::Shape;
use serde_json::{Value, json};

use crate::http_conformance::{READS, assert_valid, base};
use crate::support::build::{Framework, id};
use crate::support::{Answer, TestApp, for_each_backend, import_one};

fn code(body: &Value) -> Option<&str> {
    body.pointer("/imsx_codeMinor/imsx_codeMinorField/0/imsx_codeMinorFieldValue").and_then(Value::as_str)
}

/// Checks a status body whole.
#[track_caller]
fn check(version: Version, answer: &Answer, status: u16, minor: Option<&str>, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("access-control-allow-origin"), "*", "errors can be read across sites too");
    let body = answer.json();
    assert_valid(version, Shape::Error, &body, "an error");
    assert_eq!(code(&body), minor, "{body}");
    let major = if status == 405 { "unsupported" } else { "failure" };
    assert_eq!((&body["imsx_codeMajor"], &body["imsx_severity"]), (&json!(major), &json!("error")));
    assert!(body["imsx_description"].as_str().unwrap().contains(words), "{body} does not say {words:?}");
}

#[test]
fn unknown_and_malformed_identifiers_are_both_404_with_different_codes() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        for version in Version::ALL {
            let invalid = if version == Version::V1p0 { "invaliduuid" } else { "invalid_uuid" };
            for (segment, _, _) in READS {
                let get = |id: &str| app.get(&format!("{}/{segment}/{id}", base(version)));
                check(version, &get(&id("nobody")), 404, Some("unknownobject"), "Unknown Object");
                check(version, &get(&id("nobody").to_uppercase()), 404, Some("unknownobject"), "Unknown Object");
                for malformed in [
                    "not-a-uuid",
                    "1",
                    "%00",
                    "a%20b",
                    "..%2f..%2fetc",
                    "00000000-0000-0000-0000-000000000000",
                    "%F0%9D%91%91",
                ] {
                    check(version, &get(malformed), 404, Some(invalid), "Invalid UUID");
                }
                let mut seven = id("nobody");
                seven.replace_range(14..15, "7");
                check(version, &get(&seven), 404, Some(invalid), "Invalid UUID");
            }
            // An object of another class is unknown here.
            let item = app.get(&format!("{}/CFDocuments/{}", base(version), id("f.1")));
            check(version, &item, 404, Some("unknownobject"), "Unknown Object");
        }
    });
}

#[test]
fn the_reason_phrase_says_it_too() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        for (path, phrase) in [("not-a-uuid".to_owned(), "404 Invalid UUID"), (id("nobody"), "404 Unknown Object")] {
            let raw =
                app.raw(&format!("GET /ims/case/v1p1/CFItems/{path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
            assert!(raw.starts_with(&format!("HTTP/1.1 {phrase}\r\n")), "{}", raw.lines().next().unwrap_or_default());
        }
    });
}

#[test]
fn paths_that_are_no_operation_are_unknown_objects() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        for version in Version::ALL {
            let base = base(version);
            for path in [
                "",
                "/",
                "/CFItems",
                "/CFItems/",
                "/CFPackages",
                "/cfitems/x",
                "/CFRubricCriteria/x",
                "/nothing",
                "/CFItems/a/b",
                "/CFDocuments/a/b",
                "/discovery",
                "/discovery/x.json",
            ] {
                check(version, &app.get(&format!("{base}{path}")), 404, Some("unknownobject"), "");
            }
        }
        for path in ["/ims/case", "/ims/case/", "/ims/case/v2p0/CFDocuments", "/ims/case/CFDocuments"] {
            check(Version::V1p1, &app.get(path), 404, Some("unknownobject"), "");
        }
    });
}

#[test]
fn bad_selections_are_400_and_say_what_to_write() {
    let cases = [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("offset=-1", "offset"),
        ("offset=1.5", "offset"),
        ("orderBy=up", "asc"),
        ("fields=", "fields"),
        ("fields=title,", "fields"),
        ("limit=1&limit=2", "twice"),
        ("filter=nonsense", "invalid_filter_field"),
        ("filter=titel%3D%27x%27", "invalid_filter_field"),
        ("filter=title%3Dx", "invalid_filter_field"),
        ("filter=title%3D%27x%27%20and%20title%3D%27y%27", "invalid_filter_field"),
        ("filter=title%3D%27x", "invalid_filter_field"),
        ("filter=", "invalid_filter_field"),
        ("filter=%zz", "percent"),
        ("%ff=1", "percent"),
    ];
    for_each_backend(|db| {
        let app = TestApp::start(db);
        for version in Version::ALL {
            for (query, words) in cases {
                let answer = app.get(&format!("{}/CFDocuments?{query}", base(version)));
                check(version, &answer, 400, Some("invalid_selection_field"), words);
            }
            // 1.0 has no frameworkType to filter by.
            let answer = app.get(&format!("{}/CFDocuments?filter=frameworkType%3D%27x%27", base(version)));
            match version {
                Version::V1p0 => check(version, &answer, 400, Some("invalid_selection_field"), "invalid_filter_field"),
                Version::V1p1 => assert_eq!(answer.status, 200),
            }
        }
    });
}

#[test]
fn nothing_but_reading_is_allowed() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        for version in Version::ALL {
            for path in
                [format!("/CFDocuments/{}", id("f")), "/CFDocuments".to_owned(), format!("/CFItems/{}", id("nobody"))]
            {
                for method in ["POST", "PUT", "PATCH", "DELETE"] {
                    let request = format!(
                        "{method} {}{path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                        base(version)
                    );
                    let raw = app.raw(&request);
                    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
                    assert!(head.starts_with("HTTP/1.1 405 "), "{method} {path}: {head}");
                    let allow = head
                        .lines()
                        .find_map(|line| line.to_ascii_lowercase().strip_prefix("allow: ").map(str::to_owned))
                        .unwrap_or_default();
                    assert!(["get", "head"].iter().all(|name| allow.split(", ").any(|one| one == *name)), "{head}");
                    let body: Value = serde_json::from_str(body).unwrap();
                    assert_valid(version, Shape::Error, &body, method);
                    assert_eq!(body["imsx_codeMajor"], "unsupported");
                    assert!(body.get("imsx_codeMinor").is_none());
                }
            }
        }
        assert_eq!(db.registry().whole().frameworks().unwrap().len(), 1);
    });
}

#[test]
fn outside_the_standards_paths_errors_are_problems() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        for path in [
            format!("/uri/{}", id("nobody")),
            "/uri/x".to_owned(),
            format!("/uri/p{}", id("nobody")),
            format!("/cfpackage/doc/{}.json", id("nobody")),
            "/nothing/here".to_owned(),
        ] {
            let answer = app.send("GET", &path, &[("Accept", "application/json")]).expect(404);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
            let problem = answer.json();
            assert_eq!(problem["status"], 404);
            for member in ["type", "title", "detail"] {
                assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
            }
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            if path.strip_suffix(".json").is_some() {
                continue;
            }
            let mut page = app.send("GET", &path, &[("Accept", "text/html")]);
            if page.status == 303 {
                // The page of a package is that of its framework.
                page = app.send("GET", page.header("location"), &[("Accept", "text/html")]);
            }
            assert!(page.expect(404).header("content-type").starts_with("text/html"), "{path}");
        }
    });
}

/// Whatever a stranger sends, the server answers, and answers the next one too.
#[test]
fn hostile_requests_never_give_a_500_or_stop_the_server() {
    let long = "x".repeat(6_000);
    let requests = [
        "GET /ims/case/v1p1/CFItems/%zz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_owned(),
        "GET /ims/case/v1p1/CFItems/%00%00 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_owned(),
        "GET /ims/case/v1p1/CFItems/%ff HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_owned(),
        format!("GET /ims/case/v1p1/CFItems/{long} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
        format!("GET /uri/{long} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
        "GET /uri/%00 HTTP/1.1\r\nHost: h\r\nAccept: application/json\r\nConnection: close\r\n\r\n".to_owned(),
        "GET /uri/%ff HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_owned(),
        "GET /ims/case/v1p1/CFDocuments?filter=title~%27%00%27 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_owned(),
        "GET /ims/case/v1p1/CFDocuments?limit=99999999999999999999&offset=99999999999999999999 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_owned(),
        format!("GET /ims/case/v1p1/CFDocuments?filter={} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "title%3D%27x%27%20OR%20".repeat(200)),
        "BREW /ims/case/v1p1/CFDocuments HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        "GET /ims/case/v1p1/CFDocuments HTTP/1.1\r\nHost: h\r\nX-Request-Id: <script>\r\nConnection: close\r\n\r\n".to_owned(),
        "POST /uri/x HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n".to_owned(),
    ];
    for_each_backend(|db| {
        let app = TestApp::start(db);
        for request in &requests {
            let raw = app.raw(request);
            let line = raw.lines().next().unwrap_or_default();
            let status: u16 =
                line.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{request}: {raw}"));
            assert!((200..500).contains(&status), "{}: {line}", &request[..request.len().min(120)]);
            assert!(!raw.contains("<script>"), "{line}");
        }
        app.get("/healthz").expect(200);
        app.get("/readyz").expect(200);
    });
}
