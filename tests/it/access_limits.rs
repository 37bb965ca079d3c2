//! How often a client may ask and guess, who counts as one, and what `Host` and the headers of
//! proxies can and cannot do.

use casement::case::Version;
use casement::case::schema::Shape;
use casement::registry::Role;
use serde_json::json;

use crate::access_tokens::{get_as, lines, parts, token};
use crate::http_conformance::assert_valid;
use crate::support::build::{Framework, id};
use crate::support::{Answer, BASE, TestApp, casement, for_each_backend, import_one};

/// Slow enough that nothing drips in while a test runs.
fn start(db: &crate::support::TestDb, more: &[&str]) -> TestApp {
    let mut flags = vec!["--no-demo", "--requests-per-second", "1", "--request-burst", "40"];
    flags.extend(more);
    TestApp::start_with(db, &flags)
}

/// GET as a proxy on this machine passes it on.
#[track_caller]
fn from(app: &TestApp, client: &str, path: &str) -> Answer {
    app.send("GET", path, &[("X-Forwarded-For", client)])
}

/// Asks until it is too often; how many were answered before.
#[track_caller]
fn exhaust(app: &TestApp, client: &str) -> usize {
    (0..200).take_while(|_| from(app, client, "/api/v1/access").status == 200).count()
}

#[test]
fn a_client_that_asks_too_often_is_told_when_to_come_back() {
    for_each_backend(|db| {
        let app = start(db, &["--trusted-proxies", "127.0.0.0/8, 10.0.0.0/8"]);
        let answered = exhaust(&app, "203.0.113.7");
        assert!((40..=60).contains(&answered), "the burst and a little: {answered}");
        for version in Version::ALL {
            exhaust(&app, "203.0.113.7");
            let answer = from(&app, "203.0.113.7", &format!("/ims/case/{}/CFDocuments", version.segment())).expect(429);
            assert_valid(version, Shape::Error, &answer.json(), "429");
            assert!(answer.text().contains("\"server_busy\""), "{}", answer.text());
            assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
            assert!(answer.header("access-control-expose-headers").contains("Retry-After"));
        }
        exhaust(&app, "203.0.113.7");
        let problem = from(&app, "203.0.113.7", "/uri/x").expect(429);
        assert_eq!(problem.header("content-type"), "application/problem+json");
        assert_eq!(problem.json()["type"], "urn:casement:problem:too-many-requests");
        assert_eq!(problem.header("cache-control"), "no-store");
        assert!(problem.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));

        // What it says itself of where it is does not help, other clients are not touched, and
        // those who watch the server are not counted.
        for same in ["8.8.8.8, 203.0.113.7", "203.0.113.7, 10.1.2.3", "203.0.113.7:1234", "::ffff:203.0.113.7"] {
            exhaust(&app, "203.0.113.7");
            from(&app, same, "/api/v1/access").expect(429);
        }
        from(&app, "203.0.113.8", "/api/v1/access").expect(200);
        from(&app, "203.0.113.7", "/healthz").expect(200);
        assert!(exhaust(&app, "2001:db8::1") >= 40);
        from(&app, "2001:db8::ffff", "/api/v1/access").expect(429);
        // A token is a client of its own, wherever it is.
        let token = token(db, Role::Reader);
        let with_token = || {
            let bearer = format!("Bearer {token}");
            app.send("GET", "/api/v1/access", &[("X-Forwarded-For", "203.0.113.7"), ("Authorization", &bearer)])
        };
        assert!((40..=60).contains(&(0..200).take_while(|_| with_token().status == 200).count()));
        assert!(!app.log().contains("203.0.113"), "no address in the log");
    });
}

#[test]
fn nobody_is_believed_who_is_no_proxy_of_ours() {
    for_each_backend(|db| {
        let app = start(db, &["--trusted-proxies", "10.0.0.1"]);
        // Clients on this machine are not counted, whatever they say.
        assert_eq!(exhaust(&app, "203.0.113.7"), 200);
        assert!(app.log().contains("trusted_proxies"), "it is told once: {}", app.log());
        let off =
            TestApp::start_with(db, &["--no-demo", "--requests-per-second", "0", "--trusted-proxies", "127.0.0.1"]);
        assert_eq!(exhaust(&off, "203.0.113.7"), 200);
    });
    let db = crate::support::TestDb::sqlite();
    let wrong = casement(&db, &["serve", "--trusted-proxies", "10.0.0.0/99"]).expect(2);
    assert!(wrong.stderr.contains("10.0.0.0/8"), "{}", wrong.stderr);
}

#[test]
fn guessing_stops_after_a_few_and_leaves_others_alone() {
    for_each_backend(|db| {
        let app = TestApp::start_with(
            db,
            &["--no-demo", "--failed-logins-per-minute", "3", "--trusted-proxies", "127.0.0.1"],
        );
        let (known, unknown) = (token(db, Role::Reader), token(db, Role::Reader));
        get_as(&app, "/api/v1/access", &known).expect(200);
        let guess = |n: usize| format!("casement_{}_{n:064x}", parts(&unknown).0);
        let all: Vec<u16> = (0..6).map(|n| get_as(&app, "/api/v1/access", &guess(n)).status).collect();
        assert_eq!(all, [401, 401, 401, 429, 429, 429]);
        let answer = get_as(&app, "/ims/case/v1p1/CFDocuments", &guess(7)).expect(429);
        assert_valid(Version::V1p1, Shape::Error, &answer.json(), "429");
        assert!((1..=20).contains(&answer.header("retry-after").parse::<u64>().unwrap()));
        // A right guess is not told from a wrong one, here or at the token endpoint.
        get_as(&app, "/api/v1/access", &unknown).expect(429);
        let (client, secret) = parts(&unknown);
        let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
        let raw = app.raw(&format!(
            "POST /oauth2/token HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ));
        assert!(raw.starts_with("HTTP/1.1 429 ") && raw.to_ascii_lowercase().contains("\r\nretry-after: "), "{raw}");
        // Who came with a right one before goes on, and so does everybody without, and elsewhere.
        get_as(&app, "/api/v1/access", &known).expect(200);
        app.get("/ims/case/v1p1/CFDocuments").expect(200);
        let bearer = format!("Bearer {unknown}");
        app.send("GET", "/api/v1/access", &[("Authorization", &bearer), ("X-Forwarded-For", "203.0.113.9")])
            .expect(200);
        casement(db, &["token", "revoke", parts(&known).0]).expect(0);
        assert_ne!(get_as(&app, "/api/v1/access", &known).status, 200, "known is not remembered as good");
        let failed = "SELECT subject AS line FROM audit WHERE action = 'login.failed'";
        app.until(|| lines(db, failed).len() == 3);
        assert!(lines(db, failed).iter().all(|subject| subject == client), "what was turned away fills no table");
    });
}

#[test]
fn many_guesses_at_once_are_not_more_guesses() {
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &["--no-demo", "--failed-logins-per-minute", "5"]);
        let statuses = std::thread::scope(|scope| {
            let ask = |n: usize| {
                let app = &app;
                scope.spawn(move || get_as(app, "/api/v1/access", &format!("casement_0123456789ab_{n:064x}")).status)
            };
            let all: Vec<_> = (0..40).map(ask).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<u16>>()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 35);
    });
}

#[test]
fn the_public_address_is_configured_and_nothing_else() {
    for_each_backend(|db| {
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        let app = TestApp::start_with(db, &["--no-demo", "--trusted-proxies", "127.0.0.1"]);
        let f = id("f");
        let paths = [
            "/".to_owned(),
            "/ims/case/v1p1/CFDocuments?limit=1".to_owned(),
            format!("/ims/case/v1p1/CFDocuments/{f}"),
            format!("/ims/case/v1p0/CFPackages/{f}"),
            format!("/uri/{f}"),
            format!("/uri/{f}.html"),
            "/openapi.json".to_owned(),
            "/docs".to_owned(),
            "/ims/case/v1p1/discovery/imscasev1p1_openapi3_v1p0.json".to_owned(),
            "/nothing".to_owned(),
        ];
        for path in paths {
            let forged = "X-Forwarded-For: evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: evil\r\n\
                Forwarded: for=evil.example;host=evil.example;proto=evil\r\nX-Forwarded-Prefix: /evil.example\r\n\
                X-Original-URL: /evil.example\r\nX-Rewrite-URL: /evil.example";
            let raw =
                app.raw(&format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\n{forged}\r\nConnection: close\r\n\r\n"));
            assert!(!raw.contains("evil"), "{path}: {raw}");
            let split = app.raw(&format!(
                "GET {path} HTTP/1.1\r\nHost: h\r\nX-Request-Id: a%0d%0aSet-Cookie:b\r\nConnection: close\r\n\r\n"
            ));
            assert!(!split.to_ascii_lowercase().contains("set-cookie"), "{path}");
        }
        let discovery = app.json("/ims/case/v1p1/discovery/imscasev1p1_openapi3_v1p0.json");
        let host = BASE.split_once("://").unwrap().1;
        assert_eq!(discovery["servers"][0]["variables"]["hostName"]["default"], json!(host));
    });
}
