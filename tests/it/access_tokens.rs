//! Tokens: made, listed and revoked on the command line; who comes with which is let in or not;
//! nothing secret is kept or told; everything is recorded.

use casement::case::Version;
use casement::case::schema::Shape;
use casement::registry::{Actor, NewToken, Role};
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use serde_json::{Value, json};

use crate::http_conformance::assert_valid;
use crate::support::build::{Framework, id};
use crate::support::{Answer, TestApp, TestDb, casement, for_each_backend, import_one};

/// Nobody guesses in most of these tests, they only come with what is wrong.
pub const GUESSING: [&str; 3] = ["--no-demo", "--failed-logins-per-minute", "0"];

/// Makes a token in the database; returns it whole.
pub fn token_until(db: &TestDb, role: Role, frameworks: Option<&[&str]>, expires_at: Option<i64>) -> String {
    let frameworks = frameworks.map(|names| names.iter().map(|name| id(name)).collect());
    let new = NewToken { name: format!("a {role}"), role, frameworks, expires_at };
    db.registry().create_token(new, &Actor::cli()).unwrap().token.reveal().to_owned()
}

pub fn token(db: &TestDb, role: Role) -> String {
    token_until(db, role, None, None)
}

/// The public id and the secret in a token.
pub fn parts(token: &str) -> (&str, &str) {
    token.strip_prefix("casement_").and_then(|rest| rest.split_once('_')).expect("a token")
}

/// GET with a bearer token.
#[track_caller]
pub fn get_as(app: &TestApp, path: &str, token: &str) -> Answer {
    app.send("GET", path, &[("Authorization", &format!("Bearer {token}"))])
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The rows of a query for `line`.
pub fn lines(db: &TestDb, query: &str) -> Vec<String> {
    let found: Vec<Line> = match db.file() {
        Some(file) => {
            let mut conn = SqliteConnection::establish(&file.display().to_string()).unwrap();
            diesel::sql_query(query).load(&mut conn)
        }
        None => diesel::sql_query(query).load(&mut PgConnection::establish(&db.url).unwrap()),
    }
    .unwrap();
    found.into_iter().map(|line| line.line).collect()
}

pub fn execute(db: &TestDb, statement: &str) {
    match db.file() {
        Some(file) => {
            let mut conn = SqliteConnection::establish(&file.display().to_string()).unwrap();
            conn.batch_execute(&format!("PRAGMA busy_timeout = 10000; {statement}"))
        }
        None => PgConnection::establish(&db.url).unwrap().batch_execute(statement),
    }
    .unwrap();
}

#[test]
fn the_command_line_makes_lists_and_ends_them() {
    for_each_backend(|db| {
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        let made = casement(
            db,
            &[
                "token",
                "create",
                "--name",
                "badge\nissuer",
                "--role",
                "editor",
                "--expires",
                "90d",
                "--framework",
                &id("f").to_uppercase(),
            ],
        )
        .expect(0);
        let token = made.stdout.strip_suffix('\n').unwrap();
        assert!(!token.contains(char::is_whitespace), "one line and nothing else: {token}");
        let (public, secret) = parts(token);
        assert_eq!((public.len(), secret.len()), (12, 64));
        assert!(!made.stderr.contains(secret) && made.stderr.contains(public), "{}", made.stderr);
        let again = casement(db, &["token", "create", "--name", "n", "--role", "reader"]).expect(0);
        assert_ne!(again.stdout, made.stdout);

        let listed = casement(db, &["token", "list", "--json"]).expect(0);
        let all = listed.json();
        let first = &all[0];
        for (member, value) in [
            ("id", json!(public)),
            ("name", json!("badge issuer")),
            ("role", json!("editor")),
            ("frameworks", json!([id("f")])),
            ("state", json!("valid")),
            ("revokedAt", json!(null)),
        ] {
            assert_eq!(first[member], value, "{first}");
        }
        assert!(first["expiresAt"].is_string());
        assert_eq!((&all[1]["frameworks"], &all[1]["expiresAt"]), (&json!(null), &json!(null)));
        let table = casement(db, &["token", "list"]).expect(0).stdout;
        for text in [&listed.stdout, &table] {
            assert!(text.contains(public) && !text.contains(secret), "{text}");
            assert!(!lines(db, "SELECT hash AS line FROM tokens").iter().any(|hash| text.contains(hash)), "{text}");
        }

        // A whole token names itself, and its secret is not repeated.
        let revoked = casement(db, &["token", "revoke", token]).expect(0);
        assert!(revoked.stdout.contains("is revoked") && !revoked.stdout.contains(secret), "{}", revoked.stdout);
        assert!(casement(db, &["token", "revoke", public]).expect(0).stdout.contains("before"));
        assert_eq!(casement(db, &["token", "list", "--json"]).json()[0]["state"], "revoked");
    });
}

#[test]
fn what_makes_no_sense_is_refused() {
    let db = TestDb::sqlite();
    for (args, code) in [
        (vec!["token", "create", "--name", "n", "--role", "owner"], 2),
        (vec!["token", "create", "--name", " ", "--role", "reader"], 2),
        (vec!["token", "create", "--role", "reader"], 2),
        (vec!["token", "create", "--name", "n", "--role", "reader", "--expires", "2001-01-01"], 2),
        (vec!["token", "create", "--name", "n", "--role", "reader", "--expires", "soon"], 2),
        (vec!["token", "revoke", "nobody"], 1),
        (vec!["token"], 2),
        (vec!["audit", "--since", "once"], 2),
        (vec!["token", "list"], 0),
    ] {
        let ran = casement(&db, &args).expect(code);
        assert!(!ran.stderr.is_empty(), "{args:?} says why");
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn each_role_gets_as_far_as_it_goes() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let [reader, editor, admin] = Role::ALL.map(|role| token(db, role));
        let some = token_until(db, Role::Admin, Some(&["f"]), None);
        // The role as the server sees it, and what the audit record answers.
        for (token, role, frameworks, status) in [
            (None, json!(null), json!(null), 401),
            (Some(&reader), json!("reader"), json!(null), 403),
            (Some(&editor), json!("editor"), json!(null), 403),
            (Some(&some), json!("admin"), json!([id("f")]), 403),
            (Some(&admin), json!("admin"), json!(null), 200),
        ] {
            let header = token.map(|token| format!("bearer {token}"));
            let headers: Vec<(&str, &str)> = header.iter().map(|value| ("Authorization", value.as_str())).collect();
            let facts = app.send("GET", "/api/v1/access", &headers).expect(200);
            assert_eq!(facts.header("cache-control"), "no-store");
            let expect = json!({"token": token.map(|token| parts(token).0), "role": role, "frameworks": frameworks});
            assert_eq!(facts.json(), expect);
            let audit = app.send("GET", "/api/v1/audit", &headers).expect(status);
            match status {
                200 => assert!(audit.json().as_array().is_some_and(|lines| lines.len() == 4)),
                401 => assert_eq!(audit.header("www-authenticate"), r#"Bearer realm="casement""#),
                _ => assert!(audit.header("www-authenticate").contains("insufficient_scope")),
            }
            if status != 200 {
                assert_eq!(audit.header("content-type"), "application/problem+json");
                assert_eq!(audit.json()["status"], status);
            }
            // What everybody may, everybody may.
            let documents = app.send("GET", "/ims/case/v1p1/CFDocuments", &headers).expect(200);
            assert_eq!(documents.header("cache-control").contains("private"), token.is_some());
            let varies = documents.headers.get_all("vary").iter().any(|value| value == "Authorization, Cookie");
            assert_eq!(varies, token.is_some());
        }
    });
}

#[test]
fn a_token_ends_at_once_when_it_is_revoked_or_over() {
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &GUESSING);
        let good = token(db, Role::Reader);
        for _ in 0..3 {
            get_as(&app, "/api/v1/access", &good).expect(200);
        }
        // By another process, which tells the server nothing.
        casement(db, &["token", "revoke", parts(&good).0]).expect(0);
        let refused = get_as(&app, "/api/v1/access", &good).expect(401);
        assert!(refused.header("www-authenticate").contains("revoked"));

        let over = token_until(db, Role::Admin, None, Some(1));
        let refused = get_as(&app, "/api/v1/access", &over).expect(401);
        assert!(refused.header("www-authenticate").contains("expired"));
        // Only who has the secret learns that there was such a token.
        let (public, secret) = parts(&over);
        let guess = format!("casement_{public}_{}", secret.chars().rev().collect::<String>());
        assert!(
            get_as(&app, "/api/v1/access", &guess).expect(401).header("www-authenticate").contains("not valid here")
        );
        let soon = token_until(db, Role::Reader, None, Some(i64::MAX));
        get_as(&app, "/api/v1/access", &soon).expect(200);
    });
}

#[test]
fn what_is_no_token_of_this_server_is_refused_everywhere_in_the_form_of_the_place() {
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &GUESSING);
        let good = token(db, Role::Admin);
        let elsewhere = TestDb::sqlite();
        let foreign = token(&elsewhere, Role::Admin);
        let (public, secret) = parts(&good);
        let bearer = |token: &str| format!("Bearer {token}");
        let wrong = [
            bearer(&foreign),
            bearer(&format!("casement_{public}_{}", parts(&foreign).1)),
            bearer(&format!("casement_{}_{secret}", parts(&foreign).0)),
            bearer(&good.to_uppercase()),
            bearer(&good[..good.len() - 1]),
            bearer(&format!("{good}0")),
            bearer(&format!("casement_at_{secret}")),
            bearer(secret),
            bearer("' OR 1=1 --"),
            bearer(&format!("{good} {good}")),
            bearer(&"a".repeat(4_000)),
            format!("Token {good}"),
            good.clone(),
            "Bearer".to_owned(),
        ];
        for value in &wrong {
            let ask = |path: &str| app.send("GET", path, &[("Authorization", value)]).expect(401);
            for version in Version::ALL {
                let answer = ask(&format!("/ims/case/{}/CFDocuments", version.segment()));
                let body = answer.json();
                assert_valid(version, Shape::Error, &body, "401");
                let code = if version == Version::V1p0 { "unauthorisedrequest" } else { "unauthorised_request" };
                assert!(body.to_string().contains(&format!("\"{code}\"")), "{body}");
                assert!(answer.header("www-authenticate").starts_with("Bearer realm="), "{value}");
            }
            for path in ["/api/v1/frameworks", "/uri/x", "/nothing", "/healthz"] {
                let answer = ask(path);
                assert_eq!(answer.header("content-type"), "application/problem+json");
                assert_eq!(answer.json()["type"], "urn:casement:problem:unauthorised");
                assert!(answer.header("www-authenticate").contains("invalid_token"));
                assert_eq!(answer.header("cache-control"), "no-store");
            }
        }
        let twice = [("Authorization", bearer(&good)), ("Authorization", bearer(&good))];
        let twice: Vec<(&str, &str)> = twice.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.send("GET", "/api/v1/access", &twice).expect(401);
        // Meant for a proxy in front: nobody in particular.
        let basic = app.send("GET", "/api/v1/access", &[("Authorization", "Basic dTpw")]).expect(200);
        assert_eq!(basic.json()["role"], Value::Null);
        // Bytes that are no text.
        let raw = app
            .raw("GET /api/v1/access HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \u{e9}\r\nConnection: close\r\n\r\n");
        assert!(raw.starts_with("HTTP/1.1 401 "), "{raw}");
    });
}

#[test]
fn nothing_secret_is_kept_or_logged() {
    for_each_backend(|db| {
        let app = TestApp::start_with(
            db,
            &["--no-demo", "--failed-logins-per-minute", "0", "--log-level", "trace", "--trusted-proxies", "127.0.0.1"],
        );
        let good = token(db, Role::Admin);
        let over = token_until(db, Role::Admin, None, Some(1));
        let address = ("X-Forwarded-For", "203.0.113.77");
        let mut secrets = Vec::new();
        for token in [&good, &over, &format!("{good}0")] {
            app.send("GET", "/api/v1/audit", &[("Authorization", &format!("Bearer {token}")), address]);
            app.send("GET", "/ims/case/v1p1/CFDocuments", &[("Authorization", &format!("Bearer {token}")), address]);
            secrets.push(parts(token).1.to_owned());
        }
        app.until(|| lines(db, "SELECT address AS line FROM audit WHERE action = 'login.failed'").len() == 4);
        assert!(
            lines(db, "SELECT address AS line FROM audit WHERE address IS NOT NULL")
                .iter()
                .all(|one| one == "203.0.113.77")
        );
        let log = app.log();
        assert!(log.contains("answered 401"), "there is a log");
        assert!(!log.contains("203.0.113"), "no address in it");
        let mut kept: String = lines(db, "SELECT id || name || hash AS line FROM tokens").join(" ");
        if let Some(file) = db.file() {
            for file in [file.clone(), file.with_extension("db-wal")] {
                kept.push_str(&String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()));
            }
        }
        for secret in &secrets {
            assert!(!log.contains(secret.as_str()), "a secret is in the log");
            assert!(!kept.contains(secret.as_str()), "a secret is in the database");
        }
        assert!(lines(db, "SELECT hash AS line FROM tokens").iter().all(|hash| hash.len() == 64));
    });
}

#[test]
fn who_changed_what_is_recorded_with_the_change() {
    for_each_backend(|db| {
        let registry = db.registry();
        let framework = Framework::with_items("f", 1);
        let first = import_one(&registry, &framework.json).revision.unwrap();
        assert_eq!(import_one(&registry, &framework.json).revision, None, "nothing happened, nothing is recorded");
        registry.undo(&id("f")).unwrap();
        let by_hand = Actor {
            who: "0f3c8f0f2d11".to_owned(),
            address: Some("192.0.2.1".to_owned()),
            request_id: Some("r-1".to_owned()),
        };
        let bytes = framework.json.to_string().into_bytes();
        let plan = registry.plan(bytes, &casement::registry::PlanOptions::default()).unwrap().remove(0);
        let second = registry.apply_as(plan, &by_hand).unwrap().revision.unwrap();
        registry.undo(&id("nobody")).unwrap_err();
        let made = token(db, Role::Reader);
        casement(db, &["token", "revoke", parts(&made).0]).expect(0);
        casement(db, &["token", "revoke", parts(&made).0]).expect(0);

        let mut all = casement(db, &["audit", "--json"]).expect(0).json();
        let all = all.as_array_mut().unwrap();
        for line in all.iter_mut() {
            let line = line.as_object_mut().unwrap();
            assert!(line.remove("at").is_some_and(|at| at.as_str().is_some_and(|at| at.ends_with('Z'))));
            line.remove("id");
        }
        let token = parts(&made).0;
        let expect = json!([
            {"actor": "cli", "action": "token.revoke", "token": token},
            {"actor": "cli", "action": "token.create", "token": token},
            {"actor": "0f3c8f0f2d11", "action": "import", "framework": id("f"), "revision": second, "address": "192.0.2.1", "requestId": "r-1"},
            {"actor": "cli", "action": "undo", "framework": id("f"), "revision": first},
            {"actor": "cli", "action": "import", "framework": id("f"), "revision": first},
        ]);
        assert_eq!(Value::from(all.clone()), expect);
        assert_eq!(casement(db, &["audit", "--json", "--since", "1h"]).json().as_array().map(Vec::len), Some(5));
        assert_eq!(casement(db, &["audit", "--json", "--since", "2100-01-01"]).json(), json!([]));
        assert!(casement(db, &["audit"]).expect(0).stdout.contains("192.0.2.1"));
    });
}
