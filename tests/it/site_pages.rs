//! The pages over both databases: what they show, in which language, and what they never tell.

use serde_json::json;

use crate::support::build::{Framework, id};
use crate::support::{TestApp, TestDb, casement, for_each_backend, import_one};

const BROWSER: (&str, &str) = ("Accept", "text/html,*/*;q=0.8");

#[track_caller]
fn page(app: &TestApp, path: &str) -> String {
    app.send("GET", path, &[BROWSER]).expect(200).text()
}

/// a, with a.1 (with a.1.1) and a.2, of which a.1 is the same as the one of another framework.
fn framework(name: &str) -> Framework {
    let named = |rest: &str| format!("{name}{rest}");
    Framework::new(name)
        .item(&named(".1"), json!({"CFItemType": "Standard", "educationLevel": ["03"]}))
        .item(&named(".1.1"), json!({}))
        .item(&named(".2"), json!({"fullStatement": "Half of $\\frac{1}{2}$ is *small*"}))
        .under(&named(".1"), name, 1)
        .under(&named(".1.1"), &named(".1"), 1)
        .under(&named(".2"), name, 2)
}

fn with(frameworks: &[&Framework], test: impl Fn(&TestDb, &TestApp)) {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        for framework in frameworks {
            import_one(&db.registry(), &framework.json);
        }
        test(db, &app);
    });
}

#[test]
fn a_framework_has_its_tree_and_each_branch_of_it() {
    let framework = framework("a");
    with(&[&framework], |_, app| {
        let address = format!("/frameworks/{}", framework.id());
        let top = page(app, &format!("{address}?levels=0"));
        for (name, is_shown) in [("a.1", true), ("a.2", true), ("a.1.1", false)] {
            assert_eq!(top.contains(&format!("id=\"i-{}\"", id(name))), is_shown, "{name}");
        }
        assert!(top.contains("<mfrac>") && top.contains("<em>small</em>"));
        let open = page(app, &format!("{address}?at={}", id("a.1.1")));
        assert!(open.contains(&format!("id=\"i-{}\"", id("a.1.1"))));
        let branch = page(app, &format!("{address}/branch?below={}", id("a.1")));
        assert!(branch.starts_with("<li") && branch.contains(&id("a.1.1")) && !branch.contains(&id("a.2")));
        assert_eq!(page(app, &format!("{address}/branch?below={}", id("a.2"))), "");
        for path in [format!("{address}/branch?below={}", id("nothing")), format!("/frameworks/{}", id("nothing"))] {
            app.send("GET", &path, &[BROWSER]).expect(404);
        }
        for tab in ["outline", "table", "print", "associations", "rubrics", "history", "crosswalks"] {
            assert!(page(app, &format!("{address}/{tab}")).contains("<h1"), "{tab}");
        }
        // The permalink shows the same, with what it is called elsewhere.
        let answer = app.send("GET", &format!("/uri/{}", framework.id()), &[BROWSER]).expect(200);
        assert!(answer.header("link").contains("rel=\"canonical\""));
        assert!(answer.text().contains("id=\"tree\""));
    });
}

#[test]
fn wide_branches_come_in_pieces() {
    let framework = Framework::with_items("w", 450);
    with(&[&framework], |_, app| {
        let address = format!("/frameworks/{}", framework.id());
        let count = |text: &str| text.matches("data-id=").count();
        assert_eq!(count(&page(app, &address)), 200);
        assert_eq!(count(&page(app, &format!("{address}/branch?from=200"))), 200);
        assert_eq!(count(&page(app, &format!("{address}/branch?from=400"))), 50);
        // Whoever is asked for is there, however far down.
        assert!(page(app, &format!("{address}?at={}", id("w.449"))).contains(&format!("id=\"i-{}\"", id("w.449"))));
    });
}

#[test]
fn loops_and_chains_are_shown_and_end() {
    let mut chain = Framework::new("c");
    for n in 0..300 {
        let (name, parent) = (format!("c.{n}"), if n == 0 { "c".to_owned() } else { format!("c.{}", n - 1) });
        chain = chain.item(&name, json!({})).under(&name, &parent, 1);
    }
    let ring =
        Framework::new("r").item("r.1", json!({})).item("r.2", json!({})).under("r.1", "r.2", 1).under("r.2", "r.1", 1);
    with(&[&chain, &ring], |_, app| {
        for path in
            [format!("/frameworks/{}?at={}", chain.id(), id("c.299")), format!("/frameworks/{}?levels=400", chain.id())]
        {
            assert!(page(app, &path).contains(&format!("id=\"i-{}\"", id("c.30"))), "{path}");
        }
        assert!(page(app, &format!("/uri/{}", id("c.299"))).contains("c.298"));
        assert!(page(app, &format!("/frameworks/{}?levels=5", ring.id())).contains(&id("r.2")));
        page(app, &format!("/uri/{}.html", id("r.1")));
    });
}

#[test]
fn items_say_what_replaces_them_and_what_they_match() {
    let old = framework("a").change("a.2", json!({"statusEndDate": "2020-01-01"}));
    let old = old.associate("a.2", "replacedBy", "b.2", json!({})).associate("a.1", "exactMatchOf", "b.1", json!({}));
    let new = framework("b");
    with(&[&old, &new], |_, app| {
        let retired = page(app, &format!("/uri/{}", id("a.2")));
        assert!(retired.contains("No longer in force") && retired.contains("In its place"));
        assert!(retired.contains(&format!("/uri/{}\"", id("b.2"))));
        let matched = page(app, &format!("/uri/{}", id("b.1")));
        assert!(matched.contains("matches exactly") && matched.contains(&format!("/uri/{}\"", id("a.1"))));
        let ld = matched.split("application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
        let ld: serde_json::Value = serde_json::from_str(ld).unwrap();
        assert_eq!((&ld["@type"], &ld["termCode"]), (&json!("DefinedTerm"), &json!("b.1")));
        // Both sides of the crosswalk, and the file.
        let walk = page(app, &format!("/crosswalk?from={}&to={}", old.id(), new.id()));
        assert!(walk.contains("<svg") && walk.contains(&id("a.1")) && walk.contains(&id("b.2")));
        let csv = app.send("GET", &format!("/crosswalk.csv?from={}&to={}", new.id(), old.id()), &[]).expect(200);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(csv.text().lines().count(), 3, "{}", csv.text());
        assert!(page(app, &format!("/frameworks/{}/crosswalks", new.id())).contains("2 links"));
    });
}

#[test]
fn editions_are_compared_word_by_word() {
    let first = framework("a");
    let second = framework("a")
        .change("a.2", json!({"fullStatement": "Half of one is tiny"}))
        .without("a.1.1")
        .item("a.3", json!({"humanCodingScheme": "a.1.1"}))
        .under("a.3", "a", 3);
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let registry = db.registry();
        import_one(&registry, &first.json);
        let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
        std::fs::write(file.path(), second.bytes()).unwrap();
        casement(db, &["import", "--delete-missing", file.path().to_str().unwrap()]).expect(0);
        let history = registry.whole().history(&first.id()).unwrap().unwrap();
        let [now, before] = history.as_slice() else { panic!("{history:?}") };
        assert!(now.is_current && !before.is_current);
        let compare = |old: &str, new: &str| page(&app, &format!("/compare?old={old}&new={new}"));
        let earlier = format!("{}@{}", first.id(), before.id);
        app.until(|| page(&app, &format!("/uri/{}", id("a.2"))).contains("tiny"));
        let shown = compare(&earlier, &first.id());
        assert!(shown.contains("<del>"), "{shown}");
        assert!(shown.contains("tiny</ins>") && shown.contains("replacedBy"), "{shown}");
        assert!(compare(&first.id(), &first.id()).contains("There is no difference"));
        // An edition that there never was.
        assert!(compare(&format!("{}@999999", first.id()), &first.id()).contains("is not here"));
    });
}

#[test]
fn what_is_private_is_on_no_page() {
    let open = framework("a").associate("a.1", "isRelatedTo", "secret.1", json!({}));
    let secret = framework("secret").document(json!({"title": "Unspoken", "adoptionStatus": "Private Draft"}));
    let secret = secret.associate("secret.2", "exactMatchOf", "a.2", json!({}));
    with(&[&open, &secret], |_, app| {
        let (ours, theirs) = (open.id(), secret.id());
        for path in [
            "/".to_owned(),
            format!("/frameworks/{ours}"),
            format!("/frameworks/{ours}/associations"),
            format!("/frameworks/{ours}/crosswalks"),
            format!("/uri/{}", id("a.1")),
            format!("/uri/{}", id("a.2")),
            "/search?q=Statement".to_owned(),
            format!("/crosswalk?from={ours}&to={theirs}"),
            format!("/compare?old={ours}&new={theirs}"),
        ] {
            let text = page(app, &path);
            assert!(
                !text.contains("Unspoken") && !text.contains(&id("secret.1")) && !text.contains(&id("secret.2")),
                "{path}"
            );
        }
        for path in [
            format!("/frameworks/{theirs}"),
            format!("/frameworks/{theirs}/history"),
            format!("/uri/{}", id("secret.1")),
        ] {
            app.send("GET", &path, &[BROWSER]).expect(404);
        }
    });
}

#[test]
fn pages_are_in_the_language_that_is_wanted() {
    let framework = framework("a");
    with(&[&framework], |_, app| {
        let ask = |path: &str, headers: &[(&str, &str)]| app.send("GET", path, &[&[BROWSER][..], headers].concat());
        let spanish = ask("/", &[("Accept-Language", "es-MX,es;q=0.9")]).expect(200);
        assert!(spanish.text().contains("<html lang=\"es\"") && spanish.text().contains("Marcos de competencias"));
        assert!(
            spanish.header("vary").contains("Accept-Language")
                || spanish.headers.get_all("vary").iter().any(|one| one == "Accept-Language, Cookie")
        );
        let english = ask("/", &[("Accept-Language", "es"), ("Cookie", "casement-language=en; casement-theme=dark")]);
        assert!(english.text().contains("<html lang=\"en\" data-theme=\"dark\""));
        let lost = ask("/nothing/here", &[("Accept-Language", "es")]).expect(404);
        assert!(lost.text().contains("Aquí no hay nada"));
        let choose = |body: &str| {
            let form = ("Content-Type", "application/x-www-form-urlencoded");
            app.send_with("POST", "/preferences", &[form], body.as_bytes())
        };
        let chosen = choose("language=es&theme=dark&back=%2Fsearch%3Fq%3Da").expect(303);
        assert!(chosen.header("location").ends_with("/search?q=a"));
        let cookies: Vec<&str> =
            chosen.headers.get_all("set-cookie").iter().filter_map(|one| one.to_str().ok()).collect();
        assert_eq!(cookies.len(), 2, "{cookies:?}");
        assert!(cookies.iter().all(|cookie| cookie.contains("SameSite=Lax") && cookie.contains("Path=/")));
        for back in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a\r\nX: y"] {
            let answer = choose(&format!("back={}", crate::support::encode(back)));
            assert!(
                !answer.header("location").contains("evil") && !answer.header("location").contains("javascript"),
                "{back}"
            );
        }
        assert!(choose("theme=%00&language=xx").status < 400);
        assert!(choose(&"x".repeat(100_000)).status < 500);
    });
}

#[test]
fn addresses_of_pages_take_anything() {
    let framework = framework("a");
    with(&[&framework], |_, app| {
        let odd = [
            "",
            "%00",
            "%F0%9F%98%80",
            "..%2F..%2F",
            "-1",
            "99999999999999999999",
            "%22%3E%3Cscript%3E",
            &"x".repeat(3_000),
        ];
        for value in odd {
            for path in [
                format!("/?subject={value}&grade={value}"),
                format!("/search?q={value}&grade={value}&cursor={value}"),
                format!("/search?like={value}"),
                format!("/search/hits?q={value}"),
                format!("/frameworks/{}?at={value}&levels={value}&tree={value}&from={value}&q={value}", framework.id()),
                format!("/frameworks/{}/branch?below={value}&from={value}", framework.id()),
                format!("/frameworks/{}/outline?from={value}&under={value}", framework.id()),
                format!("/frameworks/{}/associations?type={value}&end={value}&from={value}", framework.id()),
                format!("/compare?old={value}&new={value}@{value}"),
                format!("/crosswalk?from={value}&to={value}&page={value}"),
            ] {
                let answer = app.send("GET", &path, &[BROWSER]);
                assert!(answer.status < 500, "{path}: {}", answer.status);
                assert!(!answer.text().contains("\"><script>"), "{path}");
            }
        }
    });
}
