//! Users: added and changed on the command line and on their pages; what each may see and do.

use casement::registry::{Actor, Role};

use crate::access_tokens::{GUESSING, get_as, lines};
use crate::support::browser::{Browser, PASSWORD, SESSION, user, user_of};
use crate::support::build::{Framework, id};
use crate::support::{TestApp, TestDb, casement, casement_with, for_each_backend, import_one};

#[test]
fn the_command_line_adds_and_changes_them() {
    for_each_backend(|db| {
        let made = casement(db, &["user", "add", "Anna", "--role", "admin"]).expect(0);
        let password = made.stdout.strip_suffix('\n').unwrap();
        assert!(password.len() >= 24 && !password.contains(char::is_whitespace), "{password}");
        assert!(!made.stderr.contains(password));
        let given = casement_with(
            db,
            &["user", "add", "ben", "--role", "editor", "--framework", &id("f").to_uppercase(), "--password-stdin"],
            format!("{PASSWORD}\nmore").as_bytes(),
        );
        assert_eq!(given.expect(0).stdout, "");

        let app = TestApp::start_with(db, &GUESSING);
        let (anna, ben) = (Browser::new(&app), Browser::new(&app));
        anna.sign_in("anna", password).expect(303);
        ben.sign_in("ben", PASSWORD).expect(303);

        let listed = casement(db, &["user", "list", "--json"]).expect(0);
        let all = listed.json();
        assert_eq!((&all[0]["name"], &all[1]["name"]), (&"anna".into(), &"ben".into()));
        assert_eq!((&all[1]["role"], &all[1]["frameworks"][0]), (&"editor".into(), &id("f").into()));
        for text in [&listed.stdout, &casement(db, &["user", "list"]).expect(0).stdout] {
            assert!(text.contains("ben") && !text.contains("argon2"), "{text}");
        }

        // What is changed holds at once, for who is signed in too.
        casement(db, &["user", "role", "ben", "--role", "admin"]).expect(0);
        ben.get("/users").expect(200);
        casement(db, &["user", "role", "ben", "--role", "reader"]).expect(0);
        ben.get("/users").expect(403);
        casement(db, &["user", "disable", "ben"]).expect(0);
        assert!(!ben.is_known());
        ben.sign_in("ben", PASSWORD).expect(422);
        casement(db, &["user", "disable", "ben", "--undo"]).expect(0);
        assert!(!ben.is_known(), "what was ended stays so");
        ben.sign_in("ben", PASSWORD).expect(303);
        let other = casement(db, &["user", "password", "ben"]).expect(0).stdout;
        assert!(!ben.is_known());
        ben.sign_in("ben", PASSWORD).expect(422);
        ben.sign_in("ben", other.trim()).expect(303);

        let did = lines(db, "SELECT action || ' ' || actor || ' ' || subject AS line FROM audit WHERE actor = 'cli'");
        for action in ["user.create", "user.role", "user.disable", "user.enable", "user.password"] {
            assert!(did.contains(&format!("{action} cli ben")), "{did:?}");
        }
        assert!(casement(db, &["audit"]).expect(0).stdout.contains("user.password"));
    });
}

#[test]
fn what_makes_no_sense_is_refused() {
    let db = TestDb::sqlite();
    user(&db, "anna", Role::Admin);
    for (args, input, code) in [
        (vec!["user", "add", "ben", "--role", "owner"], "", 2),
        (vec!["user", "add", "ben"], "", 2),
        (vec!["user", "add", "be n", "--role", "reader"], "", 2),
        (vec!["user", "add", "", "--role", "reader"], "", 2),
        (vec!["user", "add", "anna", "--role", "reader"], "", 1),
        (vec!["user", "add", "ben", "--role", "reader", "--password-stdin"], "short\n", 2),
        (vec!["user", "add", "ben", "--role", "reader", "--password-stdin"], "", 2),
        (vec!["user", "password", "nobody"], "", 1),
        (vec!["user", "role", "nobody", "--role", "reader"], "", 1),
        (vec!["user", "disable", "nobody\u{1b}[2J"], "", 1),
        (vec!["user"], "", 2),
    ] {
        let ran = casement_with(&db, &args, input.as_bytes()).expect(code);
        assert!(!ran.stderr.is_empty() && !ran.stderr.contains('\u{1b}'), "{args:?}: {}", ran.stderr);
    }
    assert_eq!(lines(&db, "SELECT name AS line FROM users"), ["anna"]);
}

#[test]
fn the_first_account_is_made_with_what_was_printed() {
    for_each_backend(|db| {
        let app = TestApp::start_with(db, &GUESSING);
        let log = app.log();
        let secret =
            log.split("/set-up?token=").nth(1).unwrap_or_else(|| panic!("{log}")).split_whitespace().next().unwrap();
        let browser = Browser::new(&app);
        assert!(browser.get("/sign-in").expect(200).text().contains("casement user add"));
        let page = browser.get(&format!("/set-up?token={secret}")).expect(200).text();
        assert!(page.contains(&format!("value=\"{secret}\"")));
        let form = |secret: &str, name: &str, password: &str| {
            let fields = [("secret", secret), ("name", name), ("password", password)];
            browser.submit("/set-up", "/set-up", &fields)
        };
        form("", "anna", PASSWORD).expect(422);
        form(&"0".repeat(64), "anna", PASSWORD).expect(422);
        form(secret, "an na", PASSWORD).expect(422);
        assert!(form(secret, "anna", "short").expect(422).text().contains("12"));
        assert_eq!(lines(db, "SELECT name AS line FROM users").len(), 0);
        let token = browser.token("/set-up");
        assert_eq!(form(secret, "Anna", PASSWORD).expect(303).header("location"), "/sign-in");
        // Once, and for nobody else.
        browser.get("/set-up").expect(303);
        let again = [("csrf", token.as_str()), ("secret", secret), ("name", "mallory"), ("password", PASSWORD)];
        browser.post("/set-up", &again).expect(409);
        assert_eq!(lines(db, "SELECT name || ' ' || role AS line FROM users"), ["anna admin"]);
        browser.sign_in("anna", PASSWORD).expect(303);
        browser.get("/users").expect(200);
        assert!(!TestApp::start(db).log().contains("/set-up"));
    });
}

#[test]
fn each_role_has_its_pages() {
    for_each_backend(|db| {
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        for (name, role) in [("reader", Role::Reader), ("editor", Role::Editor), ("admin", Role::Admin)] {
            user(db, name, role);
        }
        user_of(db, "small-admin", Role::Admin, Some(vec![id("f")]));
        let app = TestApp::start(db);
        // Account, import, what admins have.
        for (name, expect) in [
            ("", [303, 303, 303]),
            ("reader", [200, 403, 403]),
            ("editor", [200, 200, 403]),
            ("admin", [200, 200, 200]),
            ("small-admin", [200, 200, 403]),
        ] {
            let browser = if name.is_empty() { Browser::new(&app) } else { Browser::signed_in(&app, name) };
            for (paths, expect) in [
                (&["/account"][..], expect[0]),
                (&["/import"], expect[1]),
                (&["/users", "/users/editor", "/tokens", "/audit"], expect[2]),
            ] {
                for path in paths {
                    assert_eq!(browser.get(path).status, expect, "{name} {path}");
                }
            }
            if expect[2] == 403 {
                let token = browser.token("/account");
                for path in [
                    "/users",
                    "/tokens",
                    "/users/reader/role",
                    "/users/reader/disable",
                    "/users/reader/password",
                    "/tokens/revoke",
                ] {
                    browser.post(path, &[("csrf", &token), ("name", "x"), ("role", "admin")]).expect(403);
                }
            }
        }
        // What is private is seen by who is signed in.
        casement(db, &["private", &id("f")]).expect(0);
        let path = format!("/uri/{}", id("f"));
        app.until(|| Browser::new(&app).get(&path).status == 404);
        Browser::signed_in(&app, "reader").get(&path).expect(200);
    });
}

#[test]
fn somebody_changes_their_password_and_ends_their_sessions() {
    for_each_backend(|db| {
        user(db, "anna", Role::Reader);
        let app = TestApp::start_with(db, &GUESSING);
        let (here, there) = (Browser::signed_in(&app, "anna"), Browser::signed_in(&app, "anna"));
        let change = |old: &str, new: &str, again: &str| {
            here.submit("/account", "/account/password", &[("password", old), ("new", new), ("again", again)])
        };
        let other = "a quite different one";
        change("wrong", other, other).expect(422);
        change(PASSWORD, other, "not the same at all").expect(422);
        change(PASSWORD, "short", "short").expect(422);
        change(PASSWORD, "", "").expect(422);
        assert!(there.is_known());
        let before = here.session();
        change(PASSWORD, other, other).expect(303);
        assert_ne!(here.session(), before);
        assert!(here.is_known() && !there.is_known());
        there.sign_in("anna", PASSWORD).expect(422);
        there.sign_in("anna", other).expect(303);

        // One of two is ended, and it is not hers who looks.
        let theirs = there.session().unwrap().split('_').next().unwrap().to_owned();
        assert!(here.get("/account").text().contains(&theirs));
        here.submit("/account", "/account/sessions", &[("id", &theirs)]).expect(303);
        assert!(here.is_known() && !there.is_known());
        // Nobody ends those of others.
        user(db, "ben", Role::Admin);
        let ben = Browser::signed_in(&app, "ben");
        let hers = here.session().unwrap().split('_').next().unwrap().to_owned();
        ben.submit("/account", "/account/sessions", &[("id", &hers)]).expect(303);
        assert!(here.is_known());
        there.sign_in("anna", other).expect(303);
        assert_eq!(here.submit("/account", "/account/sessions", &[]).expect(303).header("location"), "/sign-in");
        assert!(!here.is_known() && !there.is_known() && ben.is_known());
    });
}

#[test]
fn admins_make_users_and_tokens() {
    for_each_backend(|db| {
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        user(db, "anna", Role::Admin);
        let app = TestApp::start_with(db, &GUESSING);
        let anna = Browser::signed_in(&app, "anna");

        let fields = [("name", "Ben"), ("role", "editor"), ("reach", "some"), ("framework", &id("f"))];
        let page = anna.submit("/users", "/users", &fields).expect(200).text();
        let password = page.split("<code id=\"made\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(!anna.get("/users").text().contains(&password), "it is shown once");
        let ben = Browser::new(&app);
        ben.sign_in("ben", &password).expect(303);
        assert_eq!(ben.get("/api/v1/access").json()["frameworks"], serde_json::json!([id("f")]));
        for (name, status) in [("ben", 409), ("be n", 422), ("", 422)] {
            anna.submit("/users", "/users", &[("name", name), ("role", "reader")]).expect(status);
        }
        anna.submit("/users", "/users", &[("name", "c"), ("role", "reader"), ("reach", "some")]).expect(422);

        anna.submit("/users/ben", "/users/ben/role", &[("role", "reader"), ("reach", "all")]).expect(303);
        assert_eq!(ben.get("/api/v1/access").json()["role"], "reader");
        let page = anna.submit("/users/ben", "/users/ben/password", &[]).expect(200).text();
        assert!(page.contains("<code id=\"made\">") && !ben.is_known());
        anna.submit("/users/ben", "/users/ben/disable", &[]).expect(303);
        anna.submit("/users/ben", "/users/ben/enable", &[]).expect(303);
        // Nobody locks themselves out.
        anna.submit("/users/anna", "/users/anna/role", &[("role", "reader")]).expect(422);
        anna.submit("/users/anna", "/users/anna/disable", &[]).expect(422);
        anna.get("/users").expect(200);

        let fields = [("name", "<b>badges</b>"), ("role", "reader"), ("days", "30")];
        let page = anna.submit("/tokens", "/tokens", &fields).expect(200).text();
        let token = page.split("<code id=\"made\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(!page.contains("<b>badges"), "{page}");
        assert_eq!(get_as(&app, "/api/v1/access", &token).expect(200).json()["role"], "reader");
        let page = anna.get("/tokens").text();
        assert!(!page.contains(&token) && page.contains(crate::access_tokens::parts(&token).0));
        anna.submit("/tokens", "/tokens", &[("name", " "), ("role", "reader")]).expect(422);
        let public = crate::access_tokens::parts(&token).0;
        anna.submit("/tokens", "/tokens/revoke", &[("id", public)]).expect(303);
        get_as(&app, "/api/v1/access", &token).expect(401);
        anna.submit("/tokens", "/tokens/revoke", &[("id", "nobody")]).expect(404);

        // All of it is in the record, by who and what.
        let page = anna.get("/audit?actor=user%3Aanna&action=user.create").expect(200).text();
        assert!(page.contains(">ben<") && !page.contains("<td>token.create"), "{page}");
        let page = anna.get("/audit?action=token.revoke").expect(200).text();
        assert!(page.contains(public));
        assert!(anna.get("/audit?since=2999-01-01").expect(200).text().contains("class=\"state\""));
        for odd in
            ["?before=x&since=never&until=%00", "?actor=%3Cscript%3E", "?framework=x&framework=y", "?until=9999-12-31"]
        {
            assert!(!anna.get(&format!("/audit{odd}")).expect(200).text().contains("<script>"));
        }
    });
}

#[test]
fn the_record_is_shown_a_page_at_a_time() {
    let db = TestDb::sqlite();
    user(&db, "anna", Role::Admin);
    let registry = db.registry();
    for _ in 0..230 {
        registry.record_failed_login(&Actor::program("somebody"), None).unwrap();
    }
    let app = TestApp::start(&db);
    let anna = Browser::signed_in(&app, "anna");
    let (mut path, mut rows, mut pages) = ("/audit?action=login.failed".to_owned(), 0, 0);
    loop {
        let page = anna.get(&path).expect(200).text();
        rows += page.matches("<td>login.failed</td>").count();
        pages += 1;
        let Some(next) = page.split("class=\"pages\"><a class=\"button\" href=\"").nth(1) else { break };
        path = next.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    }
    assert_eq!((rows, pages), (230, 3));
}

#[test]
fn a_read_only_server_knows_who_signed_in_elsewhere() {
    for_each_backend(|db| {
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        user(db, "anna", Role::Editor);
        let app = TestApp::start(db);
        let anna = Browser::signed_in(&app, "anna");
        let reader = TestApp::start_with(db, &["--no-demo", "--read-only"]);
        assert!(!reader.log().contains("/set-up"));
        let there = Browser::new(&reader);
        let token = there.token("/sign-in");
        there.post("/sign-in", &[("csrf", &token), ("name", "anna"), ("password", PASSWORD)]).expect(405);
        there.cookies.borrow_mut().insert(SESSION.to_owned(), anna.session().unwrap());
        assert!(there.is_known());
        let token = there.token("/account");
        for path in ["/account/password", "/account/sessions", "/import/1/undo"] {
            there.post(path, &[("csrf", &token), ("new", "x"), ("again", "x")]).expect(405);
        }
    });
}
