//! Signing in at an identity provider: a real one, which this test serves on loopback, with what can
//! go wrong there.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use url::form_urlencoded::parse;

use crate::access_tokens::lines;
use crate::support::browser::Browser;
use crate::support::{Answer, TestApp, TestDb, for_each_backend};

const CLIENT: &str = "casement";
const SECRET: &str = "the secret of the client";

/// What the provider does.
#[derive(Default)]
struct Ways {
    /// Members put over the claims of a good ID token; `null` takes one away.
    claims: Value,
    /// Members put over the discovery document.
    discovery: Value,
    /// Signs with a key that it does not publish.
    signs_with_another: bool,
    /// Answers the token endpoint with that.
    token: Option<(u16, Value)>,
    /// The nonce and the challenge of the last authorization, and the code that it gave.
    nonce: String,
    challenge: String,
    redirect: String,
    code: String,
}

struct Provider {
    issuer: String,
    ways: Arc<Mutex<Ways>>,
}

fn key() -> EcdsaKeyPair {
    let (how, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let document = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(how, document.as_ref(), &random).unwrap()
}

fn over(mut value: Value, change: &Value) -> Value {
    for (name, new) in change.as_object().into_iter().flatten() {
        match new {
            Value::Null => drop(value.as_object_mut().unwrap().remove(name)),
            new => value[name] = new.clone(),
        }
    }
    value
}

fn sign(key: &EcdsaKeyPair, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"alg": "ES256", "kid": "one"})), part(claims));
    let signature = key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

impl Provider {
    fn start() -> Provider {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let ways: Arc<Mutex<Ways>> = Arc::default();
        let (own, shared) = (issuer.clone(), Arc::clone(&ways));
        std::thread::spawn(move || {
            let (good, bad) = (key(), key());
            for stream in listener.incoming().flatten() {
                answer(stream, &own, &shared, (&good, &bad));
            }
        });
        Provider { issuer, ways }
    }

    /// What somebody does who is sent there and says who they are: the address they are sent back to.
    fn consent(&self, location: &str) -> String {
        let url: Url = location.parse().unwrap();
        assert!(location.starts_with(&format!("{}/authorize?", self.issuer)), "{location}");
        let said: std::collections::BTreeMap<String, String> =
            parse(url.query().unwrap().as_bytes()).into_owned().collect();
        for (name, value) in [("response_type", "code"), ("client_id", CLIENT), ("code_challenge_method", "S256")] {
            assert_eq!(said[name], value, "{location}");
        }
        assert!(said["scope"].split(' ').any(|scope| scope == "openid"));
        let mut ways = self.ways.lock().unwrap();
        ways.nonce = said["nonce"].clone();
        ways.challenge = said["code_challenge"].clone();
        ways.redirect = said["redirect_uri"].clone();
        ways.code = format!("code-{}", &said["state"][..8]);
        let back: Url = said["redirect_uri"].parse().unwrap();
        format!("{}?code={}&state={}", back.path(), ways.code, said["state"])
    }

    fn set(&self, change: impl FnOnce(&mut Ways)) {
        change(&mut self.ways.lock().unwrap());
    }
}

fn answer(mut stream: TcpStream, issuer: &str, ways: &Mutex<Ways>, (good, bad): (&EcdsaKeyPair, &EcdsaKeyPair)) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap(),
            "authorization" => authorization = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut ways = ways.lock().unwrap();
    let (status, answer) = match line.split(' ').nth(1).unwrap() {
        "/.well-known/openid-configuration" => {
            let document = json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/keys"),
            });
            (200, over(document, &ways.discovery))
        }
        "/keys" => {
            let point = good.public_key().as_ref();
            let part = |from: usize| URL_SAFE_NO_PAD.encode(&point[from..from + 32]);
            (200, json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "x": part(1), "y": part(33)}]}))
        }
        "/token" => {
            let key = if ways.signs_with_another { bad } else { good };
            token(issuer, &mut ways, &body, &authorization, key)
        }
        _ => (404, json!({})),
    };
    let body = answer.to_string();
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all((head + &body).as_bytes());
}

/// The token endpoint, as strict as providers are.
fn token(issuer: &str, ways: &mut Ways, body: &[u8], authorization: &str, key: &EcdsaKeyPair) -> (u16, Value) {
    if let Some(answer) = ways.token.clone() {
        return answer;
    }
    let said: std::collections::BTreeMap<String, String> = parse(body).into_owned().collect();
    let is_client = authorization == format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(said["code_verifier"].as_bytes()));
    let code = std::mem::take(&mut ways.code);
    let is_right = said["grant_type"] == "authorization_code"
        && said["code"] == code
        && !code.is_empty()
        && said["redirect_uri"] == ways.redirect
        && challenge == ways.challenge;
    if !is_client || !is_right {
        return (400, json!({"error": "invalid_grant"}));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claims = json!({
        "iss": issuer, "aud": CLIENT, "sub": "248289761001", "nonce": ways.nonce, "iat": now, "exp": now + 300,
        "preferred_username": "Jane", "groups": ["staff", "standards-editors"],
    });
    (200, json!({"access_token": "x", "token_type": "Bearer", "id_token": sign(key, &over(claims, &ways.claims))}))
}

/// A server that knows the provider.
fn server(db: &TestDb, provider: &Provider, dir: &std::path::Path, more: &[&str]) -> TestApp {
    let secret = dir.join("secret");
    std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let secret = secret.display().to_string();
    let mut flags = vec![
        "--no-demo",
        "--fetch-allow-private",
        "127.0.0.1",
        "--oidc-issuer",
        &provider.issuer,
        "--oidc-client-id",
        CLIENT,
        "--oidc-secret-file",
        &secret,
        "--oidc-name",
        "School <login>",
    ];
    flags.extend(more);
    TestApp::start_with(db, &flags)
}

/// There and back.
#[track_caller]
fn sign_in(browser: &Browser<'_>, provider: &Provider) -> Answer {
    let away = browser.get("/sign-in/openid?next=/import").expect(303);
    let back = provider.consent(away.header("location"));
    browser.get(&back)
}

const BY_GROUPS: [&str; 6] =
    ["--oidc-role-claim", "groups", "--oidc-admins", "standards-admins", "--oidc-editors", "standards-editors"];

#[test]
fn somebody_signs_in_there_and_has_the_role_that_it_says() {
    for_each_backend(|db| {
        let (provider, dir) = (Provider::start(), tempfile::tempdir().unwrap());
        let app = server(db, &provider, dir.path(), &BY_GROUPS);
        let browser = Browser::new(&app);
        let page = browser.get("/sign-in?next=/import").expect(200).text();
        assert!(page.contains("School &#60;login&#62;") && page.contains("/sign-in/openid?next="), "{page}");
        let answer = sign_in(&browser, &provider);
        assert_eq!((answer.status, answer.header("location")), (303, "/import"), "{}\n{}", answer.text(), app.log());
        assert_eq!(browser.get("/api/v1/access").json()["role"], "editor");
        assert_eq!(
            lines(db, "SELECT name || ' ' || role || ' ' || subject AS line FROM users"),
            [format!("jane editor {} 248289761001", provider.issuer)]
        );
        assert!(browser.cookies.borrow().keys().all(|name| !name.contains("away")), "the attempt is over");

        // The same person is the same account, whatever they are called; the role follows.
        provider.set(|ways| ways.claims = json!({"preferred_username": "Jane Doe", "groups": ["standards-admins"]}));
        assert_eq!(sign_in(&browser, &provider).status, 303);
        let access = browser.get("/api/v1/access").json();
        assert_eq!((&access["user"], &access["role"]), (&json!("jane"), &json!("admin")));
        // Another one of the same name is another.
        provider.set(|ways| ways.claims = json!({"sub": "7"}));
        let other = Browser::new(&app);
        assert_eq!(sign_in(&other, &provider).status, 303);
        assert_eq!(other.get("/api/v1/access").json()["user"], "jane-2");
        // Who has no password cannot come with one.
        let third = Browser::new(&app);
        for password in ["", "anything at all"] {
            third.sign_in("jane", password).expect(422);
        }
        // Without a role nobody is let in, nor who is disabled.
        provider.set(|ways| ways.claims = json!({"groups": ["staff"]}));
        assert_eq!(sign_in(&third, &provider).status, 403);
        assert!(!third.is_known());
        provider.set(|ways| ways.claims = json!({}));
        browser.submit("/users/jane-2", "/users/jane-2/password", &[]).expect(422);
        db.registry().disable_user("jane", true, &casement::registry::Actor::cli()).unwrap();
        assert_eq!(sign_in(&third, &provider).status, 403);
        assert!(!browser.is_known());
        let did = lines(db, "SELECT action || ' ' || actor AS line FROM audit ORDER BY id");
        for line in ["user.create anonymous", "sign-in user:jane", "user.role user:jane", "sign-in user:jane-2"] {
            assert!(did.contains(&line.to_owned()), "{did:?}");
        }
    });
}

#[test]
fn a_role_is_given_by_admins_where_the_provider_says_none() {
    let db = TestDb::sqlite();
    let (provider, dir) = (Provider::start(), tempfile::tempdir().unwrap());
    let app = server(&db, &provider, dir.path(), &["--oidc-default-role", "reader"]);
    let browser = Browser::new(&app);
    assert_eq!(sign_in(&browser, &provider).status, 303);
    assert_eq!(browser.get("/api/v1/access").json()["role"], "reader");
    let cli = casement::registry::Actor::cli();
    db.registry().change_role("jane", casement::registry::Role::Editor, None, &cli).unwrap();
    assert_eq!(sign_in(&browser, &provider).status, 303);
    assert_eq!(browser.get("/api/v1/access").json()["role"], "editor");
}

#[test]
fn nobody_gets_in_with_what_is_not_right() {
    let db = TestDb::sqlite();
    let (provider, dir) = (Provider::start(), tempfile::tempdir().unwrap());
    let app = server(&db, &provider, dir.path(), &["--oidc-default-role", "admin"]);
    let browser = Browser::new(&app);
    let refused = |browser: &Browser<'_>, answer: Answer| {
        assert_eq!(answer.status, 403, "{}", answer.text());
        assert!(answer.text().contains("role=\"alert\"") && !browser.is_known());
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    for claims in [
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"aud": "another"}),
        json!({"iss": "https://another.example"}),
        json!({"exp": now - 3600}),
        json!({"iat": now + 3600}),
        json!({"sub": null}),
        json!({"azp": "another"}),
    ] {
        provider.set(|ways| ways.claims = claims.clone());
        refused(&browser, sign_in(&browser, &provider));
    }
    provider.set(|ways| (ways.claims, ways.signs_with_another) = (json!({}), true));
    refused(&browser, sign_in(&browser, &provider));
    provider.set(|ways| ways.signs_with_another = false);
    for answer in [
        (400, json!({"error": "invalid_grant"})),
        (200, json!({})),
        (200, json!({"id_token": 7})),
        (200, json!({"id_token": "a.b.c"})),
        (200, json!(["x"])),
        (500, json!({"error": "<script>alert(1)</script>"})),
    ] {
        provider.set(|ways| ways.token = Some(answer));
        let page = sign_in(&browser, &provider);
        assert!(!page.text().contains("<script>alert"));
        refused(&browser, page);
    }
    provider.set(|ways| ways.token = None);

    // What comes back without having been sent, or to another browser, or twice.
    let away = browser.get("/sign-in/openid").expect(303);
    let back = provider.consent(away.header("location"));
    let other = Browser::new(&app);
    refused(&other, other.get(&back));
    let elsewhere = other.get("/sign-in/openid").expect(303);
    assert_ne!(elsewhere.header("location"), away.header("location"));
    refused(&other, other.get(&back));
    for odd in ["", "?code=x", "?state=x", "?error=access_denied&state=x", "?code=%00&state=%ff"] {
        refused(&other, other.get(&format!("/sign-in/openid/callback{odd}")));
    }
    let wrong_issuer = format!("{back}&iss=https%3A%2F%2Fevil.example");
    let answer = browser.get(&wrong_issuer);
    refused(&browser, answer);
    assert_eq!(sign_in(&browser, &provider).status, 303);
    let twice = browser.get(&back);
    assert_eq!(twice.status, 403);
    assert!(browser.is_known(), "who is signed in stays so");
    // Only places of this server are gone back to.
    let away = Browser::new(&app);
    let sent = away.get("/sign-in/openid?next=https://evil.example").expect(303);
    assert_eq!(away.get(&provider.consent(sent.header("location"))).expect(303).header("location"), "/account");
    assert!(!app.log().contains(SECRET));
}

#[test]
fn a_provider_that_is_none_is_told() {
    for discovery in [
        json!({"issuer": "https://another.example"}),
        json!({"authorization_endpoint": "javascript:alert(1)"}),
        json!({"token_endpoint": null}),
        json!({"jwks_uri": 7}),
    ] {
        let db = TestDb::sqlite();
        let (provider, dir) = (Provider::start(), tempfile::tempdir().unwrap());
        provider.set(|ways| ways.discovery = discovery.clone());
        let app = server(&db, &provider, dir.path(), &[]);
        let answer = Browser::new(&app).get("/sign-in/openid").expect(403);
        assert!(answer.text().contains("role=\"alert\""), "{discovery}");
        assert!(app.log().contains("identity provider"), "{}", app.log());
    }
    let db = TestDb::sqlite();
    let app = TestApp::start(&db);
    Browser::new(&app).get("/sign-in/openid").expect(404);
    Browser::new(&app).get("/sign-in/openid/callback?code=x&state=y").expect(404);
    // Nobody listens there, and it is no public address.
    for more in [vec!["--fetch-allow-private", "127.0.0.1"], vec![]] {
        let mut flags = vec!["--no-demo", "--oidc-issuer", "http://127.0.0.1:9", "--oidc-client-id", "x"];
        flags.extend(more);
        let app = TestApp::start_with(&db, &flags);
        Browser::new(&app).get("/sign-in/openid").expect(403);
    }
}
