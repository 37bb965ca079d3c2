//! The same resource in other clothes: suffix, slash, upper case, HEAD, OPTIONS, compressed, not
//! modified; and the discovery files (digest 4, 6, 16.1).

use casement::case::Version;
use serde_json::{Value, json};

use crate::http_conformance::{base, reads_of};
use crate::support::build::{Framework, id};
use crate::support::fixtures;
use crate::support::{BASE, TestApp, for_each_backend, import_one};

/// A running server with the reference framework, and a path of every read in both versions.
fn with_reference(test: impl Fn(&TestApp, &[String])) {
    let reference = &fixtures::reference().json;
    for_each_backend(|db| {
        let app = TestApp::start(db);
        import_one(&db.registry(), reference);
        let mut paths = Vec::new();
        for version in Version::ALL {
            paths.push(format!("{}/CFDocuments", base(version)));
            let mut last = "";
            for (segment, id, _) in
                reads_of(reference).into_iter().filter(|read| std::mem::replace(&mut last, read.0) != read.0)
            {
                paths.push(format!("{}/{segment}/{id}", base(version)));
            }
        }
        test(&app, &paths);
    });
}

#[test]
fn suffix_slash_and_case_of_the_identifier_do_not_matter() {
    with_reference(|app, paths| {
        for path in paths {
            let plain = app.get(path).expect(200);
            let (start, id) = path.rsplit_once('/').unwrap();
            let upper = if id == "CFDocuments" { path.clone() } else { format!("{start}/{}", id.to_uppercase()) };
            for other in [format!("{path}.json"), format!("{path}/"), upper.clone(), format!("{upper}.json")] {
                assert_eq!(app.get(&other).expect(200).body, plain.body, "{other}");
            }
        }
    });
}

#[test]
fn associations_of_an_item_have_an_alias() {
    let framework = Framework::with_items("f", 1);
    for_each_backend(|db| {
        let app = TestApp::start(db);
        import_one(&db.registry(), &framework.json);
        for version in Version::ALL {
            let [a, b] = [format!("CFItemAssociations/{}", id("f.1")), format!("CFItems/{}/associations", id("f.1"))]
                .map(|path| app.get(&format!("{}/{path}", base(version))).expect(200).body);
            assert_eq!(a, b);
        }
    });
}

#[test]
fn head_is_get_without_a_body() {
    with_reference(|app, paths| {
        let missing = format!("/ims/case/v1p1/CFItems/{}", id("nobody"));
        for path in paths.iter().chain([&missing]) {
            let plain = [("Accept-Encoding", "identity")];
            let get = app.send("GET", path, &plain);
            let head = app.send("HEAD", path, &plain);
            assert_eq!(head.status, get.status, "{path}");
            assert!(head.body.is_empty(), "{path}");
            for name in [
                "content-type",
                "etag",
                "x-total-count",
                "link",
                "vary",
                "cache-control",
                "access-control-allow-origin",
            ] {
                assert_eq!(head.header(name), get.header(name), "{name} of {path}");
            }
            // What is sent piece by piece has none; it may be rendered by the second time.
            if get.status == 200 && !get.header("content-length").is_empty() {
                assert_eq!(head.header("content-length"), get.header("content-length"), "{path}");
            }
        }
    });
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    with_reference(|app, paths| {
        for path in paths {
            let first = app.get(path).expect(200);
            let tag = first.header("etag").to_owned();
            assert!(tag.starts_with('"') && tag.len() > 10, "a strong ETag: {tag}");
            for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
                let again = app.send("GET", path, &[("If-None-Match", &known)]).expect(304);
                assert!(again.body.is_empty());
                assert!(!again.header("etag").is_empty());
                assert_eq!(app.send("HEAD", path, &[("If-None-Match", &known)]).status, 304);
            }
            app.send("GET", path, &[("If-None-Match", "\"other\"")]).expect(200);
        }
    });
}

#[test]
fn a_tag_changes_with_the_content_and_the_version() {
    let old = Framework::with_items("f", 1);
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let registry = db.registry();
        import_one(&registry, &old.json);
        let get = |version| app.get(&format!("{}/CFPackages/{}", base(version), id("f"))).expect(200);
        let tag = |version| get(version).header("etag").to_owned();
        let body = |version| get(version).body;
        let (before, bodies) = (Version::ALL.map(tag), Version::ALL.map(body));
        import_one(&registry, &old.clone().change("f.1", json!({"humanCodingScheme": "n"})).json);
        app.until(|| Version::ALL.map(tag).iter().zip(&before).all(|(now, then)| now != then));
        let changed = Version::ALL.map(tag);
        registry.undo(&id("f")).unwrap();
        app.until(|| Version::ALL.map(body) == bodies);
        assert!(Version::ALL.map(tag).iter().zip(&changed).all(|(now, then)| now != then));
    });
}

#[test]
fn large_bodies_are_compressed_for_those_who_can() {
    with_reference(|app, paths| {
        let package = paths.iter().find(|path| path.contains("CFPackages")).unwrap();
        let plain = app.send("GET", package, &[("Accept-Encoding", "identity")]).expect(200);
        assert_eq!(plain.header("content-encoding"), "");
        let raw = app
            .raw(&format!("GET {package} HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"));
        let head = raw.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
        assert!(head.contains("content-encoding: gzip"), "{head}");
        assert!(raw.len() < plain.body.len(), "smaller than it is");
        // The client of the tests unpacks what it asked for.
        let packed = app.send("GET", package, &[("Accept-Encoding", "gzip")]).expect(200);
        assert_eq!(packed.body, plain.body);
        assert!(plain.header("vary").to_ascii_lowercase().contains("accept-encoding"));
        // A tag of one form is good for the other.
        for tag in [plain.header("etag"), packed.header("etag")] {
            app.send("GET", package, &[("If-None-Match", tag), ("Accept-Encoding", "gzip")]).expect(304);
            app.send("GET", package, &[("If-None-Match", tag), ("Accept-Encoding", "identity")]).expect(304);
        }
    });
}

#[test]
fn browsers_on_other_sites_may_read() {
    with_reference(|app, paths| {
        for path in paths.iter().map(String::as_str).chain(["/healthz", "/nothing", "/uri/nobody"]) {
            let origin = [("Origin", "https://other.example")];
            let answer = app.send("GET", path, &origin);
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
            assert_eq!(answer.header("access-control-allow-credentials"), "", "never with credentials");
            let exposed = answer.header("access-control-expose-headers").to_ascii_lowercase();
            for name in ["x-total-count", "link", "etag"] {
                assert!(exposed.split(", ").any(|one| one == name), "{name} of {path}: {exposed}");
            }
            let asked = [
                ("Origin", "https://other.example"),
                ("Access-Control-Request-Method", "GET"),
                ("Access-Control-Request-Headers", "authorization, x-anything"),
            ];
            let preflight = app.send("OPTIONS", path, &asked);
            assert!((200..300).contains(&preflight.status), "{path}");
            assert_eq!(preflight.header("access-control-allow-origin"), "*");
            assert!(preflight.header("access-control-allow-methods").contains("GET"));
            let allowed = preflight.header("access-control-allow-headers").to_ascii_lowercase();
            assert!(allowed.contains('*') && allowed.contains("authorization"), "the star does not stand for that one");
            let options = app.send("OPTIONS", path, &[]);
            assert!((200..300).contains(&options.status) && options.header("allow").contains("GET"), "{path}");
            assert!(options.body.is_empty());
        }
    });
}

#[test]
fn the_discovery_file_is_the_official_one_with_this_servers_address() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let mut found = app.json("/ims/case/v1p1/discovery/imscasev1p1_openapi3_v1p0.json");
        let answer = app.get("/ims/case/v1p1/discovery/imscasev1p1_openapi3_v1p0.json").expect(200);
        assert_eq!(answer.header("content-type"), "application/json");
        let server = found["servers"][0].clone();
        let (scheme, host) = BASE.split_once("://").unwrap();
        assert!(server["url"].as_str().unwrap().starts_with(&format!("{scheme}://{{hostName}}")), "{server}");
        assert_eq!(server["variables"]["hostName"]["default"], host);
        assert_eq!(server["variables"]["basePath"]["default"], "/ims/case/v1p1");
        assert_eq!(found["servers"].as_array().unwrap().len(), 1);

        let mut official: Value = serde_json::from_str(casement::case::schema::openapi(Version::V1p1)).unwrap();
        assert_ne!(official["servers"], found["servers"], "the published block is somebody else's");
        official["servers"] = Value::Null;
        found["servers"] = Value::Null;
        let schemes = found["components"].as_object_mut().unwrap().remove("securitySchemes").unwrap();
        assert!(schemes.as_object().is_some_and(|schemes| !schemes.is_empty()), "what is protected says how");
        assert_eq!(found, official, "nothing else is changed");

        let old = app.json("/ims/case/v1p0/discovery/imscasev1p0_openapi3_v1p0.json");
        assert_eq!((&old["host"], &old["basePath"]), (&json!(host), &json!("/ims/case/v1p0")));
    });
}

#[test]
fn operators_are_answered() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        for path in ["/healthz", "/readyz"] {
            assert_eq!(app.json(path), json!({"status": "ok"}));
        }
        app.json("/ims/case/v1p1/CFDocuments");
        let metrics = app.get("/metrics").expect(200);
        assert!(metrics.header("content-type").starts_with("text/plain"));
        let line = metrics.text();
        let counted = line
            .lines()
            .any(|line| line.contains("/ims/case/v1p1/CFDocuments") && line.contains("200") && !line.starts_with('#'));
        assert!(counted, "{line}");
    });
}

#[test]
fn every_answer_carries_what_protects_its_reader() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        for path in ["/", "/ims/case/v1p1/CFDocuments", "/ims/case/v1p1/x", "/uri/x", "/healthz", "/openapi.json"] {
            let answer = app.get(path);
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            let id = answer.header("x-request-id").to_owned();
            assert!(!id.is_empty());
            assert_eq!(app.send("GET", path, &[("X-Request-Id", "mine-1")]).header("x-request-id"), "mine-1");
            assert_ne!(app.get(path).header("x-request-id"), id, "a new one for each");
        }
    });
}
