//! Signing in and out: who is let in, who has to wait, what a session is good for and what it is not.

use casement::registry::Role;

use crate::access_tokens::{GUESSING, execute, lines};
use crate::support::browser::{Browser, PASSWORD, SESSION, token_in, user};
use crate::support::{TestApp, TestDb, for_each_backend};

const PROXIED: [&str; 5] = ["--no-demo", "--failed-logins-per-minute", "100", "--trusted-proxies", "127.0.0.1"];

#[test]
fn somebody_signs_in_and_out() {
    for_each_backend(|db| {
        user(db, "anna", Role::Editor);
        let app = TestApp::start(db);
        let browser = Browser::new(&app);
        let asked = browser.get("/import?before=7").expect(303);
        assert_eq!(asked.header("location"), "/sign-in?next=%2Fimport%3Fbefore%3D7");
        let page = browser.get(asked.header("location")).expect(200);
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.text().contains("value=\"/import?before=7\""), "{}", page.text());

        let answer = browser.sign_in(" ANNA ", PASSWORD).expect(303);
        assert_eq!(answer.header("location"), "/account");
        let cookie = answer.header("set-cookie").to_owned();
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age=86400"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let account = browser.get("/account").expect(200);
        assert!(account.text().contains("<h1>anna</h1>"));
        assert_eq!(account.header("cache-control"), "no-store");
        assert!(account.headers.get_all("vary").iter().any(|value| value.to_str().unwrap().contains("Cookie")));
        assert_eq!(browser.get("/api/v1/access").json()["user"], "anna");
        browser.get("/sign-in?next=//evil.example").expect(303);

        // Who signs in again has another session, and the one before is over.
        let before = browser.session().unwrap();
        browser
            .post("/sign-in", &[("csrf", &token_in(&account.text())), ("name", "anna"), ("password", PASSWORD)])
            .expect(303);
        let other = Browser::new(&app);
        other.cookies.borrow_mut().insert(SESSION.to_owned(), before);
        assert!(browser.is_known() && !other.is_known());

        // Somebody else may sign in over it.
        user(db, "ben", Role::Reader);
        let page = browser.get("/account").text();
        browser.post("/sign-in", &[("csrf", &token_in(&page)), ("name", "ben"), ("password", PASSWORD)]).expect(303);
        assert_eq!(browser.get("/api/v1/access").json()["user"], "ben");
        let page = browser.get("/account").text();
        browser.post("/sign-in", &[("csrf", &token_in(&page)), ("name", "anna"), ("password", PASSWORD)]).expect(303);

        let stolen = browser.session().unwrap();
        let out = browser.submit("/account", "/sign-out", &[]).expect(303);
        assert_eq!((out.header("location"), browser.session()), ("/sign-in", None));
        other.cookies.borrow_mut().insert(SESSION.to_owned(), stolen.clone());
        assert!(!other.is_known() && !browser.is_known(), "the cookie is worth nothing any more");

        // Nothing that is stored lets anybody in.
        let (_, secret) = stolen.split_once('_').unwrap();
        let dump = lines(db, "SELECT hash || user_name || agent AS line FROM sessions").join(" ")
            + &lines(db, "SELECT COALESCE(password, '') AS line FROM users").join(" ");
        assert!(!dump.contains(secret) && !dump.contains(PASSWORD) && dump.contains("$argon2id$"), "{dump}");
        let did =
            lines(db, "SELECT action || ' ' || actor || ' ' || COALESCE(subject, '-') AS line FROM audit ORDER BY id");
        for line in ["sign-in user:anna anna", "sign-out user:anna anna"] {
            assert!(did.contains(&line.to_owned()), "{did:?}");
        }
        assert_eq!(lines(db, "SELECT address AS line FROM audit WHERE action = 'sign-in'")[0], "127.0.0.1");
    });
}

#[test]
fn nothing_tells_which_of_the_two_was_wrong() {
    for_each_backend(|db| {
        user(db, "anna", Role::Editor);
        user(db, "ben", Role::Editor);
        db.registry().disable_user("ben", true, &casement::registry::Actor::cli()).unwrap();
        let app = TestApp::start_with(db, &GUESSING);
        let long = "x".repeat(100_000);
        let mut pages = Vec::new();
        for (name, password) in [
            ("anna", "wrong"),
            ("nobody", "wrong"),
            ("ben", PASSWORD),
            ("", ""),
            ("anna\0", PASSWORD),
            ("anna", long.as_str()),
            ("' OR 1=1 --", "' OR 1=1 --"),
        ] {
            let browser = Browser::new(&app);
            let token = browser.token("/sign-in");
            let answer =
                browser.post("/sign-in", &[("csrf", &token), ("name", name), ("password", password)]).expect(422);
            assert_eq!(browser.session(), None);
            let shown = name.replace('\'', "&#39;");
            pages.push(answer.text().replace(&token, "").replace(&format!("value=\"{shown}\""), "value=\"\""));
        }
        assert!(pages.iter().all(|page| *page == pages[0]), "{pages:#?}");
        assert!(pages[0].contains("role=\"alert\"") && !pages[0].contains("wrong\""));
        // A name that nobody has is not recorded: it may be a password.
        let did = lines(db, "SELECT COALESCE(subject, '-') AS line FROM audit WHERE action = 'sign-in.failed'");
        assert!(did.contains(&"anna".to_owned()) && did.contains(&"-".to_owned()), "{did:?}");
        assert!(!did.iter().any(|name| name == "nobody"));
    });
}

#[test]
fn a_name_that_is_tried_too_often_has_to_wait() {
    for_each_backend(|db| {
        user(db, "anna", Role::Editor);
        user(db, "ben", Role::Editor);
        let app = TestApp::start_with(db, &PROXIED);
        let annas = Browser::from(&app, "203.0.113.1");
        annas.sign_in("anna", PASSWORD).expect(303);
        annas.submit("/account", "/sign-out", &[]).expect(303);
        // From five places, so that no one place is at fault.
        for name in ["anna", "nobody"] {
            for place in 1..=5 {
                Browser::from(&app, &format!("198.51.100.{place}")).sign_in(name, "wrong").expect(422);
            }
            for password in [PASSWORD, "wrong"] {
                let answer = Browser::from(&app, "198.51.100.9").sign_in(name, password).expect(429);
                let wait: u64 = answer.header("retry-after").parse().unwrap();
                assert!((1..=31).contains(&wait), "{name} {wait}");
                assert!(answer.text().contains("role=\"alert\""));
            }
        }
        Browser::from(&app, "198.51.100.9").sign_in("ben", PASSWORD).expect(303);
        // Where she signed in before, she still can.
        annas.sign_in("anna", PASSWORD).expect(303);
        // After the wait, others can as well, and nothing is remembered after that.
        execute(db, "UPDATE sign_in_failures SET last_at = last_at - 40000000");
        Browser::from(&app, "198.51.100.9").sign_in("anna", PASSWORD).expect(303);
        assert_eq!(lines(db, "SELECT CAST(failures AS TEXT) AS line FROM sign_in_failures"), ["5"]);
    });
}

#[test]
fn a_place_that_guesses_has_to_wait() {
    let db = TestDb::sqlite();
    user(&db, "anna", Role::Editor);
    let app = TestApp::start_with(&db, &["--no-demo", "--failed-logins-per-minute", "3"]);
    let known = Browser::new(&app);
    known.sign_in("anna", PASSWORD).expect(303);
    for name in ["a", "b", "c"] {
        Browser::new(&app).sign_in(name, "wrong").expect(422);
    }
    let answer = Browser::new(&app).sign_in("d", "wrong").expect(429);
    assert!(!answer.header("retry-after").is_empty());
    // The same name and password were right from here before.
    Browser::new(&app).sign_in("anna", PASSWORD).expect(303);
    assert!(known.is_known());
}

#[test]
fn a_form_has_to_come_from_its_page() {
    for_each_backend(|db| {
        user(db, "anna", Role::Admin);
        user(db, "ben", Role::Admin);
        let app = TestApp::start(db);
        let (anna, ben) = (Browser::signed_in(&app, "anna"), Browser::signed_in(&app, "ben"));
        let (own, of_ben) = (anna.token("/account"), ben.token("/account"));
        let visitor = Browser::new(&app);
        let of_visit = visitor.token("/sign-in");
        for (path, fields) in [
            ("/sign-out", vec![]),
            ("/account/sessions", vec![]),
            (
                "/account/password",
                vec![("password", PASSWORD), ("new", "another good one"), ("again", "another good one")],
            ),
            ("/tokens", vec![("name", "n"), ("role", "admin"), ("days", "")]),
            ("/tokens/revoke", vec![("id", "0123456789ab")]),
            ("/users", vec![("name", "mallory"), ("role", "admin")]),
            ("/users/ben/role", vec![("role", "reader")]),
            ("/users/ben/disable", vec![]),
            ("/import/1/apply", vec![]),
        ] {
            for token in ["", "x", of_ben.as_str(), of_visit.as_str()] {
                let mut all = vec![("csrf", token)];
                all.extend(fields.iter().copied());
                anna.post(path, &all).expect(403);
            }
            anna.post(path, &fields).expect(403);
            // With the right token, but from a page of another site.
            let mut all = vec![("csrf", own.as_str())];
            all.extend(fields.iter().copied());
            for lie in [
                ("Origin", "https://evil.example"),
                ("Origin", "null"),
                ("Sec-Fetch-Site", "cross-site"),
                ("Sec-Fetch-Site", "same-site"),
            ] {
                let body: Vec<String> = all.iter().map(|(a, b)| format!("{a}={}", b.replace(' ', "+"))).collect();
                let kind = ("Content-Type", "application/x-www-form-urlencoded");
                anna.send("POST", path, &[kind, lie], body.join("&").as_bytes()).expect(403);
            }
        }
        anna.multipart("/import", &[("file", Some("f.json"), b"{}")]).expect(403);
        anna.multipart("/import", &[("csrf", None, of_ben.as_bytes()), ("file", Some("f.json"), b"{}")]).expect(403);
        // Signing in, too: nobody is to be signed in as somebody else.
        let fields = [("name", "ben"), ("password", PASSWORD)];
        Browser::new(&app).post("/sign-in", &fields).expect(403);
        Browser::new(&app).post("/sign-in", &[("csrf", of_visit.as_str()), fields[0], fields[1]]).expect(403);
        assert!(anna.is_known() && ben.is_known());
        assert_eq!(lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM users"), ["2"]);
        assert_eq!(lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM tokens"), ["0"]);
    });
}

#[test]
fn scripts_of_the_site_show_the_token_in_a_header() {
    for_each_backend(|db| {
        user(db, "anna", Role::Editor);
        let app = TestApp::start(db);
        let anna = Browser::signed_in(&app, "anna");
        let token = anna.token("/account");
        let file = crate::support::build::Framework::with_items("f", 2).bytes();
        let path = "/api/v1/imports?name=f.json";
        anna.send("POST", path, &[], &file).expect(403);
        anna.send("POST", path, &[("X-CSRF-Token", "x")], &file).expect(403);
        let own = ("X-CSRF-Token", token.as_str());
        // A session that does not count is nobody's.
        anna.send("POST", path, &[own, ("Origin", "https://evil.example")], &file).expect(401);
        anna.send("POST", path, &[own, ("Sec-Fetch-Site", "cross-site")], &file).expect(401);
        let made = anna.send("POST", path, &[own, ("Origin", &app.address)], &file).expect(201).json();
        assert_eq!(made["createdBy"], "user:anna");
        let list = anna.get("/api/v1/imports").expect(200).json();
        assert_eq!(list[0]["id"], made["id"]);
        for lie in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "x")] {
            anna.send("GET", "/api/v1/imports", &[lie], b"").expect(401);
        }
        // A link that is followed from elsewhere is looked at by whoever followed it.
        let link = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
        anna.send("GET", "/account", &link, b"").expect(200);
        let frame = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")];
        anna.send("GET", "/account", &frame, b"").expect(303);
        // A token is worth more than a session, and a wrong one is not forgiven.
        anna.send("GET", "/account", &[("Authorization", "Bearer x")], b"").expect(401);
    });
}

#[test]
fn sessions_end_by_themselves() {
    for_each_backend(|db| {
        user(db, "anna", Role::Reader);
        let app = TestApp::start_with(db, &["--no-demo", "--session-idle-minutes", "10", "--session-hours", "1"]);
        let anna = Browser::signed_in(&app, "anna");
        let age = |column: &str, minutes: i64| {
            execute(db, &format!("UPDATE sessions SET {column} = {column} - {}", minutes * 60_000_000));
        };
        age("seen_at", 9);
        let seen = || lines(db, "SELECT CAST(seen_at AS TEXT) AS line FROM sessions")[0].clone();
        let before = seen();
        assert!(anna.is_known());
        app.until(|| seen() != before);
        age("seen_at", 11);
        assert!(!anna.is_known(), "it was not used for too long");
        anna.sign_in("anna", PASSWORD).expect(303);
        assert!(anna.is_known());
        assert_eq!(lines(db, "SELECT id AS line FROM sessions").len(), 1, "what is over is taken away");
        age("ends_at", 59);
        assert!(anna.is_known());
        age("ends_at", 2);
        assert!(!anna.is_known(), "it was used for too long");
    });
}

#[test]
fn what_is_no_session_is_nobodys() {
    let db = TestDb::sqlite();
    user(&db, "anna", Role::Admin);
    let app = TestApp::start(&db);
    let anna = Browser::signed_in(&app, "anna");
    let good = anna.session().unwrap();
    let (id, secret) = good.split_once('_').unwrap();
    for wrong in [
        String::new(),
        id.to_owned(),
        format!("{id}_"),
        format!("{id}_{}", "0".repeat(64)),
        format!("000000000000_{secret}"),
        good.to_uppercase(),
        format!("{good}0"),
        "x".repeat(5_000),
        format!("{good}; {SESSION}={good}"),
    ] {
        anna.cookies.borrow_mut().insert(SESSION.to_owned(), wrong.clone());
        anna.get("/account").expect(303);
        anna.get("/").expect(200);
    }
}

#[test]
fn odd_forms_are_refused_with_a_sentence() {
    let db = TestDb::sqlite();
    user(&db, "anna", Role::Admin);
    let app = TestApp::start(&db);
    let anna = Browser::signed_in(&app, "anna");
    let token = anna.token("/account");
    let form = "application/x-www-form-urlencoded";
    for (kind, body, status) in [
        ("application/json", b"{}".to_vec(), 400),
        ("multipart/form-data; boundary=x", b"--x--".to_vec(), 400),
        (form, b"csrf=%zz".to_vec(), 400),
        (form, b"csrf=\xff\xfe".to_vec(), 400),
        (form, Vec::new(), 403),
        (form, vec![b'a'; 2 << 20], 413),
    ] {
        let answer = anna.send("POST", "/users", &[("Content-Type", kind)], &body).expect(status);
        assert!(answer.header("content-type").starts_with("text/html"), "{kind}");
    }
    let fields = format!("csrf={token}&name=ben&role=emperor");
    anna.send("POST", "/users", &[("Content-Type", form)], fields.as_bytes()).expect(200);
    assert_eq!(lines(&db, "SELECT role AS line FROM users WHERE name = 'ben'"), ["reader"], "the least");
    for (method, path) in [("GET", "/sign-out"), ("DELETE", "/users"), ("PUT", "/account"), ("GET", "/users/anna/role")]
    {
        anna.send(method, path, &[], b"").expect(405);
    }
    for path in ["/users/nobody", "/import/99", "/import/x"] {
        anna.get(path).expect(404);
    }
}
