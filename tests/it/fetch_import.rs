//! `casement import URL`: from another real Casement, and from servers that are like the ones out
//! there (digest 16).

use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::fetch_source::{Reply, Source, client};
use crate::support::app::{Ran, on};
use crate::support::build::{Framework, id, merge};
use crate::support::{TestApp, TestDb, casement, fixtures, for_each_backend, import, import_one};

const ALLOW: [&str; 2] = ["--fetch-allow-private", "127.0.0.0/8"];

/// `casement import` with loopback allowed.
fn fetch(db: &TestDb, args: &[&str]) -> Ran {
    casement(db, &[&["import"], &ALLOW[..], args].concat())
}

fn package(app: &TestApp, version: &str, id: &str) -> Value {
    app.json(&format!("/ims/case/{version}/CFPackages/{id}"))
}

/// What another server publishes is published here, to the byte of every identifier and uri.
#[test]
fn a_framework_comes_over_as_it_is() {
    let reference = &fixtures::reference().json;
    let source_db = TestDb::sqlite();
    import(&source_db.registry(), reference);
    let source = TestApp::start(&source_db);
    let document = reference["CFDocument"]["identifier"].as_str().unwrap();
    for_each_backend(|db| {
        let url = format!("{}/ims/case/v1p1/CFPackages/{document}", source.address);
        let ran = fetch(db, &["--json", &url]).expect(0).json();
        let outcome = &ran["files"][0]["frameworks"][0];
        assert_eq!((&outcome["applied"]["identifier"], &ran["files"][0]["file"]), (&json!(document), &json!(url)));
        let target = TestApp::start(db);
        for version in ["v1p1", "v1p0"] {
            assert_eq!(package(&target, version, document), package(&source, version, document), "{version}");
        }
    });
}

#[test]
fn every_kind_of_address_leads_to_the_framework() {
    let source_db = TestDb::sqlite();
    let framework = Framework::with_items("remote", 3);
    import(&source_db.registry(), &framework.json);
    let source = TestApp::start(&source_db);
    let document = framework.id();
    for path in [
        format!("/ims/case/v1p1/CFPackages/{document}"),
        format!("/ims/case/v1p0/CFPackages/{document}"),
        format!("/ims/case/v1p1/CFDocuments/{document}"),
        format!("/ims/case/v1p0/CFDocuments/{document}"),
        format!("/uri/p{document}"),
        format!("/uri/{document}"),
        format!("/uri/{document}.json"),
    ] {
        let db = TestDb::sqlite();
        fetch(&db, &[&format!("{}{path}", source.address)]).expect(0);
        let stored = casement(&db, &["frameworks", "--json"]).expect(0).json();
        assert_eq!((&stored[0]["identifier"], &stored[0]["items"]), (&json!(document), &json!(3)), "{path}");
    }
    let db = TestDb::sqlite();
    let ran = fetch(&db, &[&format!("{}/uri/{}", source.address, id("remote.1"))]).expect(1);
    assert!(ran.stderr.contains(&document), "{}", ran.stderr);
    let ran = fetch(&db, &[&format!("{}/ims/case/v1p1/CFPackages/{}", source.address, id("none"))]).expect(3);
    assert!(ran.stderr.contains("404"), "{}", ran.stderr);
}

#[test]
fn a_whole_server_is_listed_and_chosen_from() {
    let source_db = TestDb::sqlite();
    let registry = source_db.registry();
    for name in ["a", "b", "c"] {
        import_one(&registry, &Framework::with_items(name, 1).json);
    }
    let source = TestApp::start(&source_db);
    let db = TestDb::sqlite();
    let listed = fetch(&db, &["--list", "--json", &source.address]).expect(0).json();
    let mut titles: Vec<&str> = listed.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["a", "b", "c"]);
    assert_eq!(listed[0]["caseVersion"], "1.1");
    let table = fetch(&db, &["--list", &source.address]).expect(0);
    assert!(table.stdout.contains(&id("b")) && table.stdout.contains("LAST CHANGE"), "{}", table.stdout);
    assert!(db.file().is_some_and(|file| !file.exists()), "looking creates nothing");

    fetch(&db, &[&source.address]).expect(2);
    fetch(&db, &["--framework", &id("a"), "--framework", &id("c"), &source.address]).expect(0);
    let stored = |db: &TestDb| casement(db, &["frameworks", "--json"]).expect(0).json().as_array().unwrap().len();
    assert_eq!(stored(&db), 2);
    let ran = fetch(&db, &["--all", "--json", &source.address]).expect(0).json();
    let outcomes = ran["files"][0]["frameworks"].as_array().unwrap();
    assert_eq!((outcomes.len(), outcomes.iter().filter(|one| one["unchanged"].is_string()).count()), (3, 2));
    assert_eq!(stored(&db), 3);
    assert_eq!(fetch(&db, &["--framework", &id("none"), &source.address]).code, Some(3));
}

#[test]
fn what_has_not_changed_is_not_downloaded_again() {
    let source_db = TestDb::sqlite();
    let framework = Framework::with_items("kept", 2);
    import(&source_db.registry(), &framework.json);
    let source = TestApp::start(&source_db);
    for_each_backend(|db| {
        import(&source_db.registry(), &framework.json);
        let url = format!("{}/ims/case/v1p1/CFPackages/{}", source.address, framework.id());
        source.until(|| source.get(&url[source.address.len()..]).text().contains("Statement of kept.1"));
        let run = |more: &[&str]| fetch(db, &[&["--json", &url], more].concat()).expect(0).json();
        assert_eq!(run(&["--dry-run"])["files"][0]["frameworks"][0]["plan"]["counts"]["missing"], 0);
        let outcome = |ran: &Value, name: &str| ran["files"][0]["frameworks"][0][name].clone();
        assert!(outcome(&run(&[]), "applied")["revision"].is_number());
        assert_eq!(outcome(&run(&[]), "unchanged"), framework.id());
        assert_eq!(outcome(&run(&["--force"]), "applied")["unchanged"], 6);

        let later = framework.clone().change("kept.1", json!({"fullStatement": "Another one"}));
        let later = later.document(json!({"lastChangeDateTime": "2026-05-05T05:05:05+00:00"}));
        import(&source_db.registry(), &later.json);
        source.until(|| source.get(&url[source.address.len()..]).text().contains("Another one"));
        assert_eq!(outcome(&run(&[]), "applied")["changed"], 2);
        // What was changed here, or undone, is not what was downloaded.
        casement(db, &["undo", &framework.id()]).expect(0);
        assert_eq!(outcome(&run(&[]), "applied")["changed"], 2);
    });
}

#[test]
fn this_machine_is_no_source_unless_it_is_allowed() {
    let source = Source::start(|_| Reply::html());
    let db = TestDb::sqlite();
    for url in [source.url("/x.json"), format!("http://localhost:{}/x.json", source.address.port())] {
        let ran = casement(&db, &["import", &url]).expect(3);
        assert!(ran.stderr.contains("fetch_allow_private"), "{}", ran.stderr);
    }
    assert!(source.asked().is_empty());
    let allowed = ["import", "--fetch-allow-private", "localhost"];
    let url = format!("http://localhost:{}/x.json", source.address.port());
    let ran = casement(&db, &[&allowed[..], &[&url]].concat()).expect(1);
    assert!(ran.stderr.contains("not JSON"), "{}", ran.stderr);
    for wrong in ["http://user:secret@127.0.0.1/", "http://", "https://:80/"] {
        let ran = fetch(&db, &[wrong]).expect(2);
        assert!(!ran.stderr.contains("secret"), "{}", ran.stderr);
    }
}

/// A package as older servers have it, with a document that tells where it is.
fn old_server(wrapped: bool) -> Source {
    let mut package = Framework::with_items("old", 2).json;
    let package_id = id("the package");
    let link = json!({"title": "P", "identifier": package_id, "uri": "http://127.0.0.1:1/elsewhere"});
    merge(&mut package["CFDocument"], json!({"CFPackageURI": link}));
    Source::start(move |asked| {
        let path = asked.path.split('?').next().unwrap_or_default();
        let Some(rest) = path.strip_prefix("/ims/case/v1p0/") else { return Reply::html() };
        let document = package["CFDocument"].clone();
        if rest == "CFDocuments" {
            let offset_zero = asked.path.contains("offset=0") || !asked.path.contains('?');
            return Reply::json(&json!({"CFDocuments": if offset_zero { vec![document] } else { Vec::new() }}));
        }
        let wrap = |name: &str, value: Value| if wrapped { json!({ name: value }) } else { value };
        if rest == format!("CFDocuments/{}", id("old")) {
            return Reply::json(&wrap("CFDocument", document));
        }
        if rest == format!("CFPackages/{package_id}") {
            // As text, with a mark and blanks before it.
            let body = format!("\u{feff}\n {}", wrap("CFPackage", package.clone())).into_bytes();
            return Reply::Whole(200, vec![("Content-Type", "text/html; charset=utf-8".to_owned())], body);
        }
        Reply::status(404)
    })
}

#[test]
fn older_servers_are_understood() {
    for wrapped in [false, true] {
        let source = old_server(wrapped);
        for args in [
            vec!["--all".to_owned(), source.url("")],
            vec!["--framework".to_owned(), id("old"), source.url("/")],
            vec![source.url(&format!("/ims/case/v1p1/CFDocuments/{}", id("old")))],
            vec![source.url(&format!("/ims/case/v1p1/CFPackages/{}", id("the package")))],
        ] {
            let db = TestDb::sqlite();
            fetch(&db, &args.iter().map(String::as_str).collect::<Vec<_>>()).expect(0);
            let stored = casement(&db, &["frameworks", "--json"]).expect(0).json();
            assert_eq!((&stored[0]["identifier"], &stored[0]["items"]), (&json!(id("old")), &json!(2)), "{args:?}");
        }
    }
}

/// Pages by offset, by link, none at all, for ever the same, for ever others.
#[test]
fn catalogues_are_read_to_their_end_and_no_further() {
    let versions = casement::case::Version::ALL;
    let page = |from: usize, to: usize| {
        let each = (from..to).map(|n| json!({"identifier": id(&n.to_string()), "title": format!("F{n}")}));
        json!({"CFDocuments": each.collect::<Vec<_>>()})
    };
    let number = |path: &str, name: &str| -> Option<usize> {
        let rest = path.split_once(&format!("{name}="))?.1;
        rest.split('&').next()?.parse().ok()
    };
    let list = |source: &Source| client(source, None).catalogue(&source.url(""), &versions).map(|all| all.listed.len());

    let by_offset = Source::start(move |asked| {
        let offset = number(&asked.path, "offset").unwrap();
        Reply::json(&page(offset, (offset + 100).min(250)))
    });
    assert_eq!((list(&by_offset).unwrap(), by_offset.asked().len()), (250, 4));

    let counted = Source::start(move |asked| {
        let offset = number(&asked.path, "offset").unwrap();
        Reply::json(&page(offset, (offset + 100).min(250))).with("X-Total-Count", "250")
    });
    assert_eq!((list(&counted).unwrap(), counted.asked().len()), (250, 3));

    let by_link = Source::start(move |asked| match number(&asked.path, "cursor") {
        None => Reply::json(&page(0, 3)).with("Link", "</ims/case/v1p0/CFDocuments?cursor=3>; rel=\"next\""),
        Some(_) => Reply::json(&page(3, 5)).with("Link", "</ims/case/v1p0/CFDocuments>; rel=\"first\""),
    });
    assert_eq!((list(&by_link).unwrap(), by_link.asked().len()), (5, 2));

    let always_the_same = Source::start(move |_| Reply::json(&page(0, 40)));
    assert_eq!((list(&always_the_same).unwrap(), always_the_same.asked().len()), (40, 2));

    let plain_only =
        Source::start(
            move |asked| if asked.path.contains('?') { Reply::status(400) } else { Reply::json(&page(0, 7)) },
        );
    assert_eq!(list(&plain_only).unwrap(), 7);

    let pages = AtomicUsize::new(0);
    let endless = Source::start(move |_| {
        let at = pages.fetch_add(1, Ordering::SeqCst);
        let each = (0..20_000).map(|n| json!({"identifier": format!("{at}-{n}")}));
        Reply::json(&json!({"CFDocuments": each.collect::<Vec<_>>()}))
    });
    assert!(list(&endless).unwrap_err().to_string().contains("does not end"));
    let nothing = Source::start(|_| Reply::html());
    assert!(list(&nothing).unwrap_err().to_string().contains("no catalogue"));
    let redirected_away = Source::start(|_| Reply::json(&json!({"CFDocuments": []})));
    assert_eq!(list(&redirected_away).unwrap(), 0);
}

#[test]
fn another_framework_than_the_one_listed_is_refused() {
    let source = Source::start(|asked| {
        if asked.path.contains("CFPackages") {
            return Reply::json(&Framework::with_items("impostor", 1).json);
        }
        Reply::json(&json!({"CFDocuments": [{"identifier": id("listed"), "title": "L"}]}))
    });
    let db = TestDb::sqlite();
    let ran = fetch(&db, &["--all", &source.url("")]).expect(1);
    assert!(ran.stderr.contains(&id("impostor")), "{}", ran.stderr);
    assert_eq!(casement(&db, &["frameworks", "--json"]).expect(0).json(), json!([]));
}

#[test]
fn an_etag_is_asked_with() {
    let source = Source::start(|asked| {
        if !asked.path.contains("CFPackages") {
            return Reply::status(404);
        }
        match asked.header("if-none-match") {
            Some("\"one\"") => Reply::status(304),
            _ => Reply::json(&Framework::with_items("tagged", 1).json).with("ETag", "\"one\""),
        }
    });
    let db = TestDb::sqlite();
    let url = source.url(&format!("/ims/case/v1p1/CFPackages/{}", id("tagged")));
    fetch(&db, &[&url]).expect(0);
    let again = fetch(&db, &["--json", &url]).expect(0).json();
    assert_eq!(again["files"][0]["frameworks"][0]["unchanged"], id("tagged"));
    fetch(&db, &["--force", &url]).expect(0);
    let tags: Vec<bool> = source.asked().iter().map(|asked| asked.header("if-none-match").is_some()).collect();
    assert_eq!(tags, [false, true, false]);
}

#[test]
fn secrets_come_from_the_environment_and_are_shown_nowhere() {
    let source = Source::start(|asked| match (asked.path.as_str(), asked.header("authorization")) {
        ("/token", Some("Basic dXM6czNjcmV0")) => Reply::json(&json!({"access_token": "let-me-in"})),
        (path, Some("Bearer let-me-in")) if path.contains("CFPackages") => {
            Reply::json(&Framework::with_items("guarded", 1).json)
        }
        _ => Reply::status(401),
    });
    let url = source.url(&format!("/ims/case/v1p1/CFPackages/{}", id("guarded")));
    let token_url = source.url("/token");
    let oauth = ["--oauth-token-url", &token_url, "--client-id", "us"];
    for (variable, value, flags, code) in [
        ("CASEMENT_FETCH_CLIENT_SECRET", "s3cret", &oauth[..], 0),
        ("CASEMENT_FETCH_CLIENT_SECRET", "wr0ng", &oauth[..], 3),
        ("CASEMENT_FETCH_TOKEN", "let-me-in", &[], 0),
        ("CASEMENT_NOTHING", "", &[], 3),
    ] {
        let db = TestDb::sqlite();
        let dir = tempfile::tempdir().unwrap();
        let mut command = on(&db, dir.path());
        command.arg("import").args(ALLOW).args(flags).arg(&url).env(variable, value).stdout(Stdio::piped());
        let ran = Ran::from(command.output().unwrap()).expect(code);
        for text in [&ran.stdout, &ran.stderr] {
            assert!(value.is_empty() || !text.contains(value), "{text}");
        }
    }
}
