//! `POST /oauth2/token`: the client credentials grant, its errors, and what becomes of what it gave.

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::{GUESSING, execute, get_as, lines, parts, token, token_until};
use crate::support::{BASE, TestApp, TestDb, casement, encode, for_each_backend};

const CORE: &str = "http://purl.imsglobal.org/casenetwork/case/v1p0/scope/core.readonly";
const ALL: &str = "http://purl.imsglobal.org/casenetwork/case/v1p0/scope/all.readonly";

/// An answer of the token endpoint.
struct Reply {
    status: u16,
    head: String,
    body: Value,
}

impl Reply {
    /// Fails unless it is that refusal in the form of RFC 6749.
    #[track_caller]
    fn refuses(&self, status: u16, error: &str) {
        assert_eq!((self.status, &self.body["error"]), (status, &json!(error)), "{}", self.body);
        assert!(self.body["error_description"].as_str().is_some_and(|text| text.is_ascii() && !text.contains('"')));
        assert_eq!(self.body.as_object().map(serde_json::Map::len), Some(2));
        let challenged = self.head.contains("\r\nwww-authenticate: basic realm=");
        assert_eq!(challenged, status == 401, "{}", self.head);
    }

    fn token(&self) -> &str {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body["access_token"].as_str().unwrap()
    }
}

fn post(app: &TestApp, headers: &str, body: &str) -> Reply {
    let raw = app.raw(&format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    ));
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    assert!(head.contains("\r\ncache-control: no-store"), "{head}");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    Reply { status, body: serde_json::from_str(body).unwrap(), head: format!("{head}\r\n") }
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// Asks with the credentials in the form.
fn ask(app: &TestApp, token: &str, scope: Option<&str>) -> Reply {
    let (id, secret) = parts(token);
    let scope = scope.map(|scope| format!("&scope={}", encode(scope))).unwrap_or_default();
    post(app, FORM, &format!("grant_type=client_credentials&client_id={id}&client_secret={secret}{scope}"))
}

fn basic(id: &str, secret: &str) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in format!("{id}:{secret}").as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            text.push(if place <= chunk.len() { char::from(DIGITS[digit as usize]) } else { '=' });
        }
    }
    format!("{FORM}Authorization: Basic {text}\r\n")
}

#[test]
fn a_client_gets_a_token_that_works() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let client = token(db, Role::Editor);
        let (id, secret) = parts(&client);
        for reply in [
            post(&app, &basic(id, secret), &format!("grant_type=client_credentials&scope={}", encode(CORE))),
            ask(&app, &client, Some(CORE)),
        ] {
            let given = reply.token().to_owned();
            assert_eq!(
                reply.body,
                json!({"access_token": given, "token_type": "Bearer", "expires_in": 3600, "scope": CORE})
            );
            assert!(reply.head.contains("\r\npragma: no-cache\r\n"), "{}", reply.head);
            assert!(reply.head.contains("\r\ncontent-type: application/json"));
            assert_ne!(given, client);
            let facts = get_as(&app, "/api/v1/access", &given).expect(200).json();
            assert_eq!(facts, json!({"token": id, "role": "reader", "frameworks": null}), "less than the client has");
            // It is no client itself.
            ask(&app, &given, None).refuses(401, "invalid_client");
        }
        assert_eq!(get_as(&app, "/api/v1/access", &client).json()["role"], "editor");
    });
}

#[test]
fn nobody_gets_more_than_the_role_and_the_frameworks_of_the_client() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let [reader, editor, admin] = Role::ALL.map(|role| token_until(db, role, Some(&["f"]), None));
        let both = format!("{CORE} {ALL}");
        for (client, scope, expect) in [
            (&reader, None, Ok(("frameworks.read", "reader"))),
            (&reader, Some("frameworks.read"), Ok(("frameworks.read", "reader"))),
            (&reader, Some(both.as_str()), Ok((both.as_str(), "reader"))),
            (&reader, Some("frameworks.write"), Err("invalid_scope")),
            (&reader, Some("frameworks.read frameworks.write"), Err("invalid_scope")),
            (&editor, None, Ok(("frameworks.read frameworks.write", "editor"))),
            (&editor, Some("frameworks.write"), Ok(("frameworks.write", "editor"))),
            (&editor, Some(ALL), Ok((ALL, "reader"))),
            (&admin, None, Ok(("frameworks.read frameworks.write", "editor"))),
            (&admin, Some("frameworks.manage"), Err("invalid_scope")),
            (&admin, Some("frameworks.read nonsense"), Err("invalid_scope")),
        ] {
            let reply = ask(&app, client, scope);
            match expect {
                Err(error) => reply.refuses(400, error),
                Ok((scope, role)) => {
                    assert_eq!(reply.body["scope"], scope);
                    let facts = get_as(&app, "/api/v1/access", reply.token()).json();
                    assert_eq!((&facts["role"], facts["frameworks"].as_array().map(Vec::len)), (&json!(role), Some(1)));
                }
            }
        }
    });
}

#[test]
fn every_mistake_has_its_error() {
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &GUESSING);
        let client = token(db, Role::Reader);
        let (id, secret) = parts(&client);
        let grant = "grant_type=client_credentials";
        let known = format!("client_id={id}&client_secret={secret}");
        for (headers, body, status, error) in [
            (FORM.to_owned(), known.clone(), 400, "invalid_request"),
            (FORM.to_owned(), format!("grant_type=&{known}"), 400, "invalid_request"),
            (FORM.to_owned(), format!("grant_type=password&{known}"), 400, "unsupported_grant_type"),
            (FORM.to_owned(), format!("{grant}&{grant}&{known}"), 400, "invalid_request"),
            (FORM.to_owned(), format!("{grant}&{known}&scope=a&scope=b"), 400, "invalid_request"),
            (FORM.to_owned(), format!("{grant}&{known}&scope=a"), 400, "invalid_scope"),
            (FORM.to_owned(), format!("{grant}&{known}&x=%zz"), 400, "invalid_request"),
            (FORM.to_owned(), format!("{grant}&client_id={id}"), 400, "invalid_request"),
            (basic(id, secret), format!("{grant}&{known}"), 400, "invalid_request"),
            (basic(id, secret), format!("{grant}&client_id=other"), 400, "invalid_request"),
            (String::new(), format!("{grant}&{known}"), 400, "invalid_request"),
            ("Content-Type: application/json\r\n".to_owned(), "{}".to_owned(), 400, "invalid_request"),
            (FORM.to_owned(), grant.to_owned(), 401, "invalid_client"),
            (FORM.to_owned(), format!("{grant}&client_id=%00&client_secret={secret}"), 401, "invalid_client"),
            (
                FORM.to_owned(),
                format!("{grant}&client_id={id}&client_secret={}", "0".repeat(64)),
                401,
                "invalid_client",
            ),
            (basic(id, "wrong"), grant.to_owned(), 401, "invalid_client"),
            (basic("nobody", secret), grant.to_owned(), 401, "invalid_client"),
            (format!("{FORM}Authorization: Basic !\r\n"), grant.to_owned(), 401, "invalid_client"),
            (format!("{FORM}Authorization: Bearer {client}\r\n"), grant.to_owned(), 401, "invalid_client"),
        ] {
            post(&app, &headers, &body).refuses(status, error);
        }
        let large = format!("{grant}&{known}&x={}", "a".repeat(20_000));
        assert_eq!(post(&app, FORM, &large).status, 413);
        for method in ["GET", "PUT", "DELETE"] {
            let answer = app.send(method, "/oauth2/token", &[]).expect(405);
            assert_eq!(answer.header("allow"), "POST, OPTIONS");
        }
        // Credentials in the address are not looked at.
        app.send("GET", &format!("/oauth2/token?{grant}&{known}"), &[]).expect(405);
        assert!(!app.log().contains(secret), "nor logged");
        casement(db, &["token", "revoke", id]).expect(0);
        ask(&app, &client, None).refuses(401, "invalid_client");
        ask(&app, &token_until(db, Role::Reader, None, Some(1)), None).refuses(401, "invalid_client");
        let foreign = token(&TestDb::sqlite(), Role::Admin);
        ask(&app, &foreign, None).refuses(401, "invalid_client");
        let failed = "SELECT COALESCE(subject, '-') AS line FROM audit WHERE action = 'login.failed'";
        app.until(|| lines(db, failed).contains(&parts(&foreign).0.to_owned()));
    });
}

#[test]
fn what_was_given_is_hashed_ends_and_is_cleaned_up() {
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &GUESSING);
        let client = token(db, Role::Reader);
        let given = ask(&app, &client, None).token().to_owned();
        let held = "SELECT hash AS line FROM access_tokens";
        assert_eq!(lines(db, held).len(), 1);
        assert!(!lines(db, held).iter().any(|hash| given.contains(hash.as_str())), "hashed");

        execute(db, "UPDATE access_tokens SET expires_at = 1");
        let refused = get_as(&app, "/api/v1/access", &given).expect(401);
        assert!(refused.header("www-authenticate").contains("expired"));
        let next = ask(&app, &client, None).token().to_owned();
        assert_eq!(lines(db, held).len(), 1, "the one that was over is gone");
        assert!(get_as(&app, "/api/v1/access", &given).header("www-authenticate").contains("not valid here"));
        get_as(&app, "/api/v1/access", &next).expect(200);

        // With the client goes what it got, though its hour is not over.
        execute(db, "UPDATE tokens SET expires_at = 1");
        get_as(&app, "/api/v1/access", &next).expect(401);
        execute(db, "UPDATE tokens SET expires_at = NULL");
        get_as(&app, "/api/v1/access", &next).expect(200);
        casement(db, &["token", "revoke", parts(&client).0]).expect(0);
        get_as(&app, "/api/v1/access", &next).expect(401);
        assert!(lines(db, held).is_empty());

        let in_ten_minutes = chrono_micros() + 600_000_000;
        let brief = token_until(db, Role::Reader, None, Some(in_ten_minutes));
        let left = ask(&app, &brief, None).body["expires_in"].as_i64().unwrap();
        assert!((500..=600).contains(&left), "never longer than the client: {left}");
    });
}

fn chrono_micros() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_micros()).unwrap()
}

#[test]
fn the_descriptions_say_how_to_get_in() {
    let app = TestApp::start(&TestDb::sqlite());
    let url = format!("{BASE}/oauth2/token");
    let ours = app.json("/openapi.json");
    assert!(
        ours["paths"]["/oauth2/token"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
            .is_object()
    );
    let discovery = app.json("/ims/case/v1p1/discovery/imscasev1p1_openapi3_v1p0.json");
    for document in [&ours, &discovery] {
        let schemes = &document["components"]["securitySchemes"];
        assert_eq!((&schemes["bearer"]["type"], &schemes["bearer"]["scheme"]), (&json!("http"), &json!("bearer")));
        let flow = &schemes["client_credentials"]["flows"]["clientCredentials"];
        assert_eq!(flow["tokenUrl"], url);
        let scopes: Vec<&String> = flow["scopes"].as_object().unwrap().keys().collect();
        assert_eq!(scopes, ["frameworks.read", "frameworks.write"]);
    }
    assert_eq!(discovery["paths"].as_object().map(serde_json::Map::len), Some(12));
    assert!(discovery.get("security").is_none(), "reading is open");
}
