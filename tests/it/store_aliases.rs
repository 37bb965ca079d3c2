//! An alias is another framework's item in this one's package (digest 14.4): it says what its home
//! says now, falls back to its own copy, and always tells where it belongs.

use casement::case::Version;
use casement::case::schema::{Shape, violations};
use casement::registry::{Operation, Registry};
use serde_json::{Value, json};

use crate::support::build::{Framework, id, link, uri};
use crate::support::{TestDb, for_each_backend, import_one};

fn read(registry: &Registry, operation: Operation, name: &str) -> Value {
    serde_json::from_str(&registry.whole().read(Version::V1p1, operation, &id(name)).unwrap().unwrap()).unwrap()
}

/// The statement of the item `name` in the package `framework`.
fn statement(registry: &Registry, framework: &str, name: &str) -> String {
    let package = read(registry, Operation::Package, framework);
    let item = package["CFItems"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["identifier"] == id(name).as_str())
        .unwrap()
        .clone();
    assert!(item.get("CFDocumentURI").is_none(), "no package repeats a home");
    item["fullStatement"].as_str().unwrap().to_owned()
}

/// Framework `guest` with the item `home.1` as an alias, declared in one way or the other.
fn guests() -> [Framework; 2] {
    let copy = json!({"fullStatement": "An older copy"});
    let mut by_member = copy.clone();
    by_member["CFDocumentURI"] = link("home");
    let by_extension =
        json!({"extensions": {"sourceDocumentIdentifier": id("home"), "sourceDocumentURI": uri("home")}});
    [
        Framework::with_items("guest", 1).item("home.1", by_member).under("home.1", "guest", 2),
        Framework::with_items("guest", 1).item("home.1", copy).associate("home.1", "isChildOf", "guest", by_extension),
    ]
}

fn for_each_guest(test: impl Fn(&TestDb, &Registry, &Framework)) {
    for guest in guests() {
        for_each_backend(|db| test(db, &db.registry(), &guest));
    }
}

#[test]
fn an_alias_says_what_its_home_says_now() {
    let home = Framework::with_items("home", 2);
    for_each_guest(|_, registry, guest| {
        import_one(registry, &home.json);
        import_one(registry, &guest.json);
        assert_eq!(statement(registry, "guest", "home.1"), "Statement of home.1");
        assert_eq!(read(registry, Operation::Item, "home.1")["CFDocumentURI"], link("home"));
        import_one(registry, &home.clone().change("home.1", json!({"fullStatement": "Newer"})).json);
        assert_eq!(statement(registry, "guest", "home.1"), "Newer");
        // It is stored once for each, and importing the old copy again changes nothing.
        assert_eq!(import_one(registry, &guest.json).revision, None);
        assert_eq!(statement(registry, "guest", "home.1"), "Newer");
    });
}

#[test]
fn an_alias_without_its_home_shows_its_own_copy_until_the_home_comes() {
    let home = Framework::with_items("home", 1);
    for_each_guest(|_, registry, guest| {
        import_one(registry, &guest.json);
        assert_eq!(statement(registry, "guest", "home.1"), "An older copy");
        let item = read(registry, Operation::Item, "home.1");
        assert_eq!(item["CFDocumentURI"]["identifier"], id("home").as_str(), "the home it was said to have");
        assert_eq!(item["CFDocumentURI"]["uri"], uri("home").as_str());
        assert_eq!(violations(Version::V1p1, Shape::Item, &item), []);

        let plan = registry.plan(home.bytes(), &Default::default()).unwrap().remove(0);
        assert!(plan.conflicts.is_empty(), "an alias does not stand in its home's way");
        registry.apply(plan).unwrap();
        assert_eq!(statement(registry, "guest", "home.1"), "Statement of home.1");
        assert_eq!(read(registry, Operation::Item, "home.1")["CFDocumentURI"], link("home"));

        registry.undo(&id("home")).unwrap();
        assert_eq!(statement(registry, "guest", "home.1"), "An older copy");
    });
}

/// The guide's form of an alias needs only the identifier of the source document.
#[test]
fn an_alias_whose_home_has_no_uri_is_still_published_validly() {
    for source in
        [json!({"sourceDocumentIdentifier": id("home")}), json!({"sourceDocumentIdentifier": "http://asn.example/D1"})]
    {
        let guest = Framework::new("guest").item("home.1", json!({})).associate(
            "home.1",
            "isChildOf",
            "guest",
            json!({"extensions": source}),
        );
        for_each_backend(|db| {
            let registry = db.registry();
            import_one(&registry, &guest.json);
            for version in Version::ALL {
                let body = registry.whole().read(version, Operation::Item, &id("home.1")).unwrap().unwrap();
                let body: Value = serde_json::from_str(&body).unwrap();
                let found = violations(version, Shape::Item, &body);
                assert!(found.is_empty(), "{source} on {}: {found:?} {}", db.backend, body["CFDocumentURI"]);
            }
        });
    }
}

/// A home whose own identifier had to be replaced is still the home of its aliases.
#[test]
fn an_alias_finds_a_home_whose_identifier_was_replaced() {
    let asn = "http://asn.example/resources/D1";
    let home = Framework::new("home").document(json!({"identifier": asn})).item("home.1", json!({}));
    let guest = Framework::new("guest").item("home.1", json!({"fullStatement": "An older copy"})).associate(
        "home.1",
        "isChildOf",
        "guest",
        json!({"extensions": {"sourceDocumentIdentifier": asn, "sourceDocumentURI": "https://origin.example/D1"}}),
    );
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &home.json);
        import_one(&registry, &guest.json);
        assert_eq!(statement(&registry, "guest", "home.1"), "Statement of home.1");
        let item = read(&registry, Operation::Item, "home.1");
        assert_eq!(item["CFDocumentURI"]["title"], "home");
    });
}

/// A framework may name itself as the source, in any spelling: that is no alias.
#[test]
fn a_source_document_that_is_the_framework_itself_makes_no_alias() {
    for spelling in [id("f"), id("f").to_uppercase(), format!("urn:uuid:{}", id("f"))] {
        let extensions = json!({"extensions": {"sourceDocumentIdentifier": spelling}});
        let framework = Framework::new("f").item("f.1", json!({})).associate("f.1", "isChildOf", "f", extensions);
        for_each_backend(|db| {
            let registry = db.registry();
            import_one(&registry, &framework.json);
            assert_eq!(
                read(&registry, Operation::Item, "f.1")["CFDocumentURI"],
                link("f"),
                "{spelling} on {}",
                db.backend
            );
        });
    }
}

/// What stands in extensions is anybody's text; no database may choke on it.
#[test]
fn any_text_may_stand_where_an_alias_names_its_home() {
    for text in ["\u{0}", "", " ", &"x".repeat(100_000), "𝑑\u{202e}"] {
        let extensions = json!({"extensions": {"sourceDocumentIdentifier": text, "sourceDocumentURI": text}});
        let guest = Framework::new("guest").item("i", json!({})).associate("i", "isChildOf", "guest", extensions);
        for_each_backend(|db| {
            let registry = db.registry();
            import_one(&registry, &guest.json);
            assert_eq!(
                read(&registry, Operation::Package, "guest"),
                guest.json,
                "{} on {}",
                text.escape_debug(),
                db.backend
            );
            assert!(registry.whole().page(&id("i")).unwrap().is_some());
        });
    }
}

#[test]
fn the_reference_framework_borrows_from_a_bundled_one() {
    let reference = crate::support::fixtures::reference();
    let text = std::fs::read(crate::support::fixtures::root("frameworks/nice-2017/package.json")).unwrap();
    let nice: Value = serde_json::from_slice(&text).unwrap();
    let borrowed: Vec<&Value> = reference.json["CFItems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| {
            nice["CFItems"].as_array().unwrap().iter().any(|other| other["identifier"] == item["identifier"])
        })
        .collect();
    assert!(!borrowed.is_empty());
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &reference.json);
        import_one(&registry, &nice);
        for item in &borrowed {
            let body = registry
                .whole()
                .read(Version::V1p1, Operation::Item, item["identifier"].as_str().unwrap())
                .unwrap()
                .unwrap();
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body["CFDocumentURI"]["identifier"], nice["CFDocument"]["identifier"]);
        }
    });
}
