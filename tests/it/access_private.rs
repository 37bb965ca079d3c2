//! Private frameworks do not leak: by no route, in no list, count, package or association, and what
//! is asked for by a private identifier is answered as what is not there.

use std::collections::BTreeSet;

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::{get_as, token, token_until};
use crate::support::build::{Framework, id, object};
use crate::support::{Answer, TestApp, TestDb, casement, for_each_backend, import_one};

/// In every text of the private framework, and nowhere else.
const SECRET: &str = "zanzibar";

/// Everybody's: two items, related to one another, and one to an item of the private framework.
fn open_framework() -> Framework {
    Framework::with_items("open", 2).associate("open.1", "isRelatedTo", "open.2", json!({})).associate(
        "open.1",
        "isPeerOf",
        "hidden.1",
        json!({"destinationNodeURI": {
            "title": SECRET, "identifier": id("hidden.1"), "uri": format!("https://{SECRET}.example/1")}}),
    )
}

/// One object of every class, with [`SECRET`] in its texts; related to the open framework.
fn hidden_framework(status: &str) -> Framework {
    let level = object("hidden.level", json!({"description": SECRET, "quality": SECRET, "position": 1}));
    let criterion = object("hidden.criterion", json!({"description": SECRET, "CFRubricCriterionLevels": [level]}));
    let rubric = object("hidden.rubric", json!({"title": SECRET, "CFRubricCriteria": [criterion]}));
    Framework::with_items("hidden", 2)
        .document(json!({"title": SECRET, "creator": SECRET, "adoptionStatus": status}))
        .change("hidden.1", json!({"fullStatement": SECRET, "humanCodingScheme": SECRET}))
        .change("hidden.2", json!({"fullStatement": SECRET}))
        .under("hidden.2", "hidden.1", 1)
        .associate("hidden.2", "isRelatedTo", "open.2", json!({}))
        .define("CFItemTypes", "hidden.type", json!({"title": SECRET, "description": SECRET, "hierarchyCode": "1"}))
        .define("CFSubjects", "hidden.subject", json!({"title": SECRET, "hierarchyCode": "1"}))
        .define("CFConcepts", "hidden.concept", json!({"title": SECRET, "hierarchyCode": "1"}))
        .define("CFLicenses", "hidden.licence", json!({"title": SECRET, "licenseText": SECRET}))
        .define("CFAssociationGroupings", "hidden.grouping", json!({"title": SECRET}))
        .set("CFRubrics", json!([rubric]))
}

/// Every identifier in a package.
fn identifiers(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| identifiers(one, found)),
        Value::Object(members) => {
            found.extend(members.get("identifier").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|one| identifiers(one, found));
        }
        _ => {}
    }
}

/// What only the private framework has.
fn private_identifiers() -> BTreeSet<String> {
    let (mut private, mut open) = (BTreeSet::new(), BTreeSet::new());
    identifiers(&hidden_framework("").json, &mut private);
    identifiers(&Framework::with_items("open", 2).json, &mut open);
    private.difference(&open).cloned().collect()
}

/// Every address that takes an identifier.
fn addresses(id: &str) -> Vec<String> {
    let operations = [
        "CFDocuments",
        "CFPackages",
        "CFItems",
        "CFItemAssociations",
        "CFAssociations",
        "CFAssociationGroupings",
        "CFConcepts",
        "CFItemTypes",
        "CFSubjects",
        "CFLicenses",
        "CFRubrics",
    ];
    let mut all = Vec::new();
    for version in ["v1p0", "v1p1"] {
        for operation in operations {
            all.push(format!("/ims/case/{version}/{operation}/{id}"));
            all.push(format!("/ims/case/{version}/{operation}/{id}.json"));
        }
        all.push(format!("/ims/case/{version}/CFItems/{id}/associations"));
        all.push(format!("/ims/case/{version}/CFDocuments?filter=identifier%3D%27{id}%27"));
        all.push(format!("/ims/case/{version}/CFDocuments?filter=title%3D%27{SECRET}%27&sort=title"));
    }
    for suffix in ["", ".json", ".html", ".jsonld"] {
        all.push(format!("/uri/{id}{suffix}"));
        all.push(format!("/uri/p{id}{suffix}"));
        all.push(format!("/cfpackage/doc/{id}{suffix}"));
    }
    all.push(format!("/api/v1/frameworks/{id}"));
    all
}

/// What everybody may ask for without an identifier.
const LISTS: [&str; 8] = [
    "/",
    "/api/v1/frameworks",
    "/ims/case/v1p0/CFDocuments",
    "/ims/case/v1p1/CFDocuments",
    "/ims/case/v1p1/CFDocuments?limit=1&offset=1",
    "/ims/case/v1p1/CFDocuments?sort=lastChangeDateTime&orderBy=desc",
    "/metrics",
    "/openapi.json",
];

/// All that an answer tells, with the identifier that was asked for taken out.
fn told(answer: &Answer, asked: &str) -> (u16, Vec<(String, String)>, String) {
    let told = ["date", "x-request-id", "last-modified"];
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| !told.contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().replace(asked, "ID")))
        .collect();
    headers.sort();
    let request = answer.header("x-request-id").to_owned();
    let body = answer.text().replace(asked, "ID").replace(&asked.to_uppercase(), "ID");
    (answer.status, headers, if request.is_empty() { body } else { body.replace(&request, "REQUEST") })
}

/// Fails unless nobody without a token can tell that the framework is there.
#[track_caller]
fn assert_hidden(ask: impl Fn(&str) -> Answer) {
    let unknown = id("nothing has this");
    let nothing: Vec<_> = addresses(&unknown).iter().map(|path| told(&ask(path), &unknown)).collect();
    let private = private_identifiers();
    let upper = private.first().map(|id| id.to_uppercase());
    for asked in private.into_iter().chain(upper) {
        for (path, nothing) in addresses(&asked).iter().zip(&nothing) {
            let answer = ask(path);
            assert_eq!(told(&answer, &asked), *nothing, "{path}");
            assert!(!answer.text().contains(SECRET) || path.contains(SECRET), "{path}");
        }
    }
    let open: Vec<String> = ["open", "open.1", "open.2"].iter().flat_map(|name| addresses(&id(name))).collect();
    for path in LISTS.iter().map(|path| (*path).to_owned()).chain(open) {
        let answer = ask(&path);
        assert!(!answer.text().contains(SECRET) || path.contains(SECRET), "{path}: {}", answer.text());
        for private in private_identifiers() {
            assert!(!answer.text().contains(&private), "{path} tells of {private}");
        }
    }
    let counted = ask("/ims/case/v1p1/CFDocuments?limit=1");
    assert_eq!(counted.header("x-total-count"), "1");
    let frameworks = ask("/api/v1/frameworks").json();
    assert_eq!(frameworks.as_array().unwrap().len(), 1);
    let package = ask(&format!("/ims/case/v1p1/CFPackages/{}", id("open"))).json();
    let associations = package["CFAssociations"].as_array().unwrap().len();
    assert_eq!(frameworks[0]["associations"], associations, "what is counted is what is published");
    let kept = open_framework().json["CFAssociations"].as_array().unwrap().len() - 1;
    assert_eq!(associations, kept, "only the one that ends in the private framework is left out");
}

/// Fails unless everything of the framework is answered.
#[track_caller]
fn assert_seen(ask: impl Fn(&str) -> Answer) {
    let package = ask(&format!("/ims/case/v1p1/CFPackages/{}", id("hidden"))).expect(200).json();
    assert_eq!(package["CFItems"].as_array().unwrap().len(), 2);
    for private in private_identifiers() {
        let _ = ask(&format!("/uri/{private}.json")).expect(200);
    }
    let open = ask(&format!("/ims/case/v1p1/CFPackages/{}", id("open"))).expect(200);
    assert_eq!(
        open.json()["CFAssociations"].as_array().unwrap().len(),
        open_framework().json["CFAssociations"].as_array().unwrap().len()
    );
    let related = ask(&format!("/ims/case/v1p1/CFItemAssociations/{}", id("open.2"))).expect(200);
    assert!(related.text().contains(&id("hidden.2")));
    assert_eq!(ask("/api/v1/frameworks").json().as_array().unwrap().len(), 2);
    let _ = ask(&format!("/uri/{}.html", id("open.1"))).expect(200).text().find(SECRET).expect("the other end's text");
}

fn import_both(db: &TestDb, status: &str) {
    let registry = db.registry();
    let _ = import_one(&registry, &open_framework().json);
    let _ = import_one(&registry, &hidden_framework(status).json);
}

#[test]
fn a_private_draft_is_not_there_for_those_without_a_token() {
    for_each_backend(|db| {
        import_both(db, "Private Draft");
        let app = TestApp::start(db);
        assert_hidden(|path| app.get(path));
        // Once more, now that there is something in memory and on disk.
        assert_hidden(|path| app.get(path));
        let reader = token(db, Role::Reader);
        assert_seen(|path| get_as(&app, path, &reader));
        // What a reader was answered does not become what everybody is.
        assert_hidden(|path| app.get(path));
    });
}

#[test]
fn a_token_for_other_frameworks_sees_no_more_than_anybody() {
    for_each_backend(|db| {
        import_both(db, "Private Draft");
        let app = TestApp::start(db);
        let other = token_until(db, Role::Admin, Some(&["open"]), None);
        assert_hidden(|path| get_as(&app, path, &other));
        let its_own = token_until(db, Role::Reader, Some(&["hidden"]), None);
        assert_seen(|path| get_as(&app, path, &its_own));
    });
}

#[test]
fn marking_hides_what_was_public_from_every_server_and_opening_shows_it_again() {
    for_each_backend(|db| {
        import_both(db, "Adopted");
        let app = TestApp::start(db);
        let package = format!("/ims/case/v1p1/CFPackages/{}", id("hidden"));
        let open = format!("/ims/case/v1p1/CFPackages/{}", id("open"));
        assert_seen(|path| app.get(path));
        let before = app.get(&open);
        let said = casement(db, &["private", &id("hidden").to_uppercase()]).expect(0);
        assert!(said.stdout.contains("private now"), "{}", said.stdout);
        app.until(|| app.get(&package).status == 404);
        assert_hidden(|path| app.get(path));
        let changed = app.send("GET", &open, &[("If-None-Match", before.header("etag"))]);
        assert_eq!(changed.status, 200, "the open package lost an association and is no longer the same");

        let listed = casement(db, &["private", "--json"]).expect(0).json();
        assert_eq!(listed, json!([{"identifier": id("hidden"), "title": SECRET, "draft": false, "marked": true}]));
        let again = casement(db, &["private", &id("hidden")]).expect(0);
        assert!(again.stdout.contains("already"), "{}", again.stdout);
        let opened = casement(db, &["private", "--open", &id("hidden")]).expect(0);
        assert!(opened.stdout.contains("no longer"), "{}", opened.stdout);
        app.until(|| app.get(&package).status == 200);
        assert_seen(|path| app.get(path));
        let audit = casement(db, &["audit", "--json"]).expect(0).stdout;
        assert!(audit.contains("private.mark") && audit.contains("private.unmark"), "{audit}");
    });
}

#[test]
fn a_mark_comes_before_the_framework_and_outlives_it() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let said = casement(db, &["private", &id("hidden")]).expect(0);
        assert!(said.stdout.contains("not stored here yet"), "{}", said.stdout);
        import_both(db, "Adopted");
        app.until(|| app.get(&format!("/uri/{}.json", id("open"))).status == 200);
        assert_hidden(|path| app.get(path));
        let _ = db.registry().undo(&id("hidden")).unwrap();
        let _ = import_one(&db.registry(), &hidden_framework("Adopted").json);
        assert_hidden(|path| app.get(path));
    });
}

#[test]
fn the_adoption_status_opens_and_closes_with_each_import_and_undo() {
    for_each_backend(|db| {
        import_both(db, "Draft");
        let app = TestApp::start(db);
        let path = format!("/ims/case/v1p1/CFPackages/{}", id("hidden"));
        assert_eq!(app.get(&path).status, 200);
        let _ = import_one(&db.registry(), &hidden_framework("Private Draft").json);
        app.until(|| app.get(&path).status == 404);
        assert_hidden(|path| app.get(path));
        let _ = db.registry().undo(&id("hidden")).unwrap();
        app.until(|| app.get(&path).status == 200);
        assert_seen(|path| app.get(path));
        let still = casement(db, &["private", "--open", &id("hidden")]).expect(0);
        assert!(still.stdout.contains("was not marked"), "{}", still.stdout);
    });
}

#[test]
fn what_two_frameworks_share_stays_visible_through_the_public_one() {
    let licence = |framework: Framework| framework.define("CFLicenses", "shared", json!({"licenseText": "Free."}));
    for_each_backend(|db| {
        let registry = db.registry();
        let _ = import_one(&registry, &licence(Framework::with_items("a", 1)).json);
        let secret = Framework::with_items("b", 1).document(json!({"adoptionStatus": "Private Draft"}));
        // An item of the public framework that the private one carries too.
        let secret = licence(secret).associate("b.1", "isPartOf", "a.1", json!({}));
        let _ = import_one(&registry, &secret.json);
        let app = TestApp::start(db);
        let _ = app.get(&format!("/ims/case/v1p1/CFLicenses/{}", id("shared"))).expect(200);
        let of_item = app.json(&format!("/ims/case/v1p1/CFItemAssociations/{}", id("a.1")));
        assert_eq!(
            of_item["CFAssociations"].as_array().unwrap().iter().filter(|a| a["associationType"] == "isPartOf").count(),
            0
        );
        let unknown = Framework::new("c").item("c.1", json!({})).associate("c.1", "isPartOf", "elsewhere", json!({}));
        let _ = import_one(&registry, &unknown.json);
        let path = format!("/ims/case/v1p1/CFItemAssociations/{}", id("c.1"));
        app.until(|| app.get(&path).status == 200);
        assert!(app.get(&path).text().contains(&id("elsewhere")), "an end that is nowhere is no secret");
    });
}

#[test]
fn shared_caches_keep_what_everybody_sees_apart() {
    for_each_backend(|db| {
        import_both(db, "Private Draft");
        let app = TestApp::start_with(db, &["--no-demo", "--cache-seconds", "60"]);
        let vary = |answer: &Answer| {
            answer.headers.get_all("vary").iter().map(|v| v.to_str().unwrap().to_owned()).collect::<Vec<_>>().join(",")
        };
        let path = format!("/ims/case/v1p1/CFPackages/{}", id("open"));
        let open = app.get(&path);
        assert!(vary(&open).contains("Authorization") && open.header("cache-control").contains("public"));
        let reader = token(db, Role::Reader);
        let seen = get_as(&app, &path, &reader);
        assert!(vary(&seen).contains("Authorization") && seen.header("cache-control").contains("private"));
        assert_ne!(open.header("etag"), seen.header("etag"));
    });
}
