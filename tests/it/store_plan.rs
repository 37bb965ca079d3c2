//! A plan says exactly what an import would do, writes nothing, and does exactly that when applied.

use casement::case::Version;
use casement::registry::{Operation, Plan, PlanOptions, Registry, RegistryError};
use serde_json::{Value, json};

use crate::support::build::{Framework, id, link, object, uri};
use crate::support::{for_each_backend, import_one};

fn plan(registry: &Registry, framework: &Framework, options: &PlanOptions) -> Plan {
    registry.plan(framework.bytes(), options).unwrap().remove(0)
}

fn labels(mentions: &[casement::registry::Mention]) -> Vec<(&str, &str)> {
    mentions.iter().map(|mention| (mention.class, mention.label.as_str())).collect()
}

fn package(registry: &Registry, id: &str) -> Value {
    serde_json::from_str(&registry.whole().read(Version::V1p1, Operation::Package, id).unwrap().expect("it is stored"))
        .unwrap()
}

#[test]
fn a_new_framework_is_all_added_and_nothing_is_written_before_it_is_applied() {
    let framework = Framework::with_items("f", 2);
    for_each_backend(|db| {
        let registry = db.registry();
        let plan = plan(&registry, &framework, &PlanOptions::default());
        assert!(!plan.is_update() && !plan.is_empty());
        assert_eq!(
            labels(&plan.diff.added),
            [
                ("CFPackage", id("f").as_str()),
                ("CFDocument", "f"),
                ("CFItem", "f.1"),
                ("CFItem", "f.2"),
                ("CFAssociation", "isChildOf"),
                ("CFAssociation", "isChildOf"),
            ]
        );
        assert!(plan.diff.changed.is_empty() && plan.diff.missing.is_empty() && plan.diff.unchanged == 0);
        assert!(registry.whole().frameworks().unwrap().is_empty(), "a plan writes nothing");
        assert!(registry.whole().read(Version::V1p1, Operation::Item, &id("f.1")).unwrap().is_none());

        let added = plan.diff.added.len();
        let applied = registry.apply(plan).unwrap();
        assert_eq!((applied.added, applied.changed, applied.deleted, applied.unchanged), (added, 0, 0, 0));
        assert_eq!(package(&registry, &framework.id()), framework.json);
    });
}

#[test]
fn changes_name_the_object_and_its_properties() {
    let old = Framework::with_items("f", 3);
    let new = old
        .clone()
        .document(json!({"publisher": "Board"}))
        .change("f.2", json!({"notes": "new", "humanCodingScheme": null, "fullStatement": "other"}));
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &old.json);
        let plan = plan(&registry, &new, &PlanOptions::default());
        assert!(plan.is_update());
        let mut changed: Vec<(&str, &str, Vec<&str>)> = Vec::new();
        for one in &plan.diff.changed {
            let mut properties: Vec<&str> = one.properties.iter().map(String::as_str).collect();
            properties.sort_unstable();
            changed.push((one.object.class, one.object.identifier.as_str(), properties));
        }
        let (document, item) = (id("f"), id("f.2"));
        assert_eq!(
            changed,
            [
                ("CFDocument", document.as_str(), vec!["publisher"]),
                ("CFItem", item.as_str(), vec!["fullStatement", "humanCodingScheme", "notes"]),
            ]
        );
        assert!(plan.diff.added.is_empty() && plan.diff.missing.is_empty() && plan.diff.moved == 0);
        let applied = registry.apply(plan).unwrap();
        assert_eq!(applied.changed, 2);
        assert_eq!(package(&registry, &new.id()), new.json);
    });
}

#[test]
fn another_order_is_a_move_and_no_change() {
    let old = Framework::with_items("f", 3);
    let mut new = old.clone();
    new.list("CFItems").swap(0, 2);
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &old.json);
        let applied = import_one(&registry, &new.json);
        assert_eq!((applied.moved, applied.changed, applied.added), (2, 0, 0));
        assert!(applied.revision.is_some());
        assert_eq!(package(&registry, &new.id()), new.json);
    });
}

#[test]
fn what_the_input_lacks_is_kept_unless_its_deletion_is_asked_for() {
    let old = Framework::with_items("f", 3);
    let new = old.clone().without("f.2");
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &old.json);
        let plan_1 = plan(&registry, &new, &PlanOptions::default());
        assert_eq!(labels(&plan_1.diff.missing), [("CFItem", "f.2"), ("CFAssociation", "isChildOf")]);
        let applied = registry.apply(plan_1).unwrap();
        assert_eq!(applied.deleted, 0);
        let kept = package(&registry, &old.id());
        assert_eq!(kept["CFItems"].as_array().unwrap().len(), old.json["CFItems"].as_array().unwrap().len());
        assert!(registry.whole().read(Version::V1p1, Operation::Item, &id("f.2")).unwrap().is_some());

        let options = PlanOptions { delete_missing: true, ..PlanOptions::default() };
        let applied = registry.apply(plan(&registry, &new, &options)).unwrap();
        assert_eq!(applied.deleted, 2);
        assert_eq!(package(&registry, &new.id()), new.json);
        assert!(registry.whole().read(Version::V1p1, Operation::Item, &id("f.2")).unwrap().is_none());
        assert!(registry.whole().read(Version::V1p1, Operation::Item, &id("f.1")).unwrap().is_some());
    });
}

/// Kept means published too: whole lists that the input does not have are still in the package.
#[test]
fn lists_that_the_input_lacks_are_kept_in_the_package() {
    let rubric = object("r", json!({"title": "r"}));
    let old = Framework::with_items("f", 1)
        .define("CFConcepts", "c", json!({"hierarchyCode": "1"}))
        .define("CFLicenses", "l", json!({"licenseText": "t"}))
        .set("CFRubrics", json!([rubric]));
    let bare = Framework::with_items("f", 1);
    let other_list = Framework::with_items("f", 1).define("CFConcepts", "c", json!({"hierarchyCode": "1"}));
    for_each_backend(|db| {
        for new in [&bare, &other_list] {
            let registry = db.registry();
            import_one(&registry, &old.json);
            import_one(&registry, &new.json);
            let kept = package(&registry, &old.id());
            for list in ["/CFDefinitions/CFConcepts", "/CFDefinitions/CFLicenses", "/CFRubrics"] {
                assert_eq!(kept.pointer(list), old.json.pointer(list), "{list} on {}", db.backend);
            }
        }
    });
}

#[test]
fn a_plan_that_was_overtaken_is_refused() {
    let old = Framework::with_items("f", 1);
    let (one, two) = (old.clone().document(json!({"notes": "one"})), old.clone().document(json!({"notes": "two"})));
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &old.json);
        let [first, second] = [&one, &two].map(|framework| plan(&registry, framework, &PlanOptions::default()));
        registry.apply(first).unwrap();
        let refused = registry.apply(second).unwrap_err();
        assert!(matches!(&refused, RegistryError::Stale { identifier, .. } if *identifier == id("f")), "{refused}");
        assert!(refused.to_string().contains(&id("f")));
        assert_eq!(package(&registry, &id("f"))["CFDocument"]["notes"], "one");

        // Also when it was new to both.
        let other = Framework::with_items("g", 1);
        let [first, second] = [(), ()].map(|()| plan(&registry, &other, &PlanOptions::default()));
        registry.apply(first).unwrap();
        assert!(matches!(registry.apply(second), Err(RegistryError::Stale { .. })));

        // And when it was undone meanwhile.
        let late = plan(&registry, &other.clone().document(json!({"notes": "late"})), &PlanOptions::default());
        registry.undo(&id("g")).unwrap();
        assert!(matches!(registry.apply(late), Err(RegistryError::Stale { .. })));
    });
}

#[test]
fn an_import_that_fails_half_way_leaves_nothing() {
    for_each_backend(|db| {
        let registry = db.registry();
        let taken = Framework::with_items("a", 2);
        import_one(&registry, &taken.json);
        let thief = Framework::with_items("b", 1).item("a.1", json!({}));
        let refused = registry.apply(plan(&registry, &thief, &PlanOptions::default()));
        assert!(matches!(refused, Err(RegistryError::Conflict(_))));
        assert!(registry.whole().read(Version::V1p1, Operation::Item, &id("b.1")).unwrap().is_none());
        assert_eq!(registry.whole().frameworks().unwrap().len(), 1);
        assert!(registry.revisions(&id("b")).unwrap().is_empty());
    });
}

#[test]
fn revisions_tell_where_they_came_from() {
    let old = Framework::with_items("f", 1);
    let new = old.clone().document(json!({"notes": "n"}));
    for_each_backend(|db| {
        let registry = db.registry();
        for (framework, source) in [(&old, "first.json"), (&new, "second.json")] {
            let options = PlanOptions { source: source.to_owned(), ..PlanOptions::default() };
            registry.apply(plan(&registry, framework, &options)).unwrap();
        }
        let revisions = registry.revisions(&id("f")).unwrap();
        let sources: Vec<&str> = revisions.iter().map(|revision| revision.source.as_str()).collect();
        assert_eq!(sources, ["second.json", "first.json"], "newest first");
        assert!(revisions.iter().all(|revision| revision.undone_at.is_none() && revision.document_id == id("f")));
        let summary: Value = serde_json::from_str(&revisions[0].summary).unwrap();
        assert_eq!((summary["changed"].as_u64(), summary["added"].as_u64()), (Some(1), Some(0)));
        assert_eq!(registry.whole().framework(&id("f")).unwrap().unwrap().revision, revisions[0].id);
    });
}

#[test]
fn objects_are_found_by_any_case_and_by_what_they_were_received_as() {
    let asn = "http://asn.example/resources/S1";
    let framework = Framework::new("f").item("i", json!({"identifier": asn})).item("j", json!({}));
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &framework.json);
        let made = package(&registry, &id("f"))["CFItems"][0]["identifier"].as_str().unwrap().to_owned();
        let found = |id: &str| {
            let body = registry.whole().read(Version::V1p1, Operation::Item, id).unwrap()?;
            Some(serde_json::from_str::<Value>(&body).unwrap()["identifier"].as_str().unwrap().to_owned())
        };
        assert_eq!(found(asn), Some(made.clone()));
        assert_eq!(found(&made.to_uppercase()), Some(made.clone()));
        assert_eq!(found(&id("j").to_uppercase()), Some(id("j")));
        for nothing in
            [id("nobody"), "not-a-uuid".to_owned(), String::new(), "\u{0}".to_owned(), "x".repeat(5_000), uri("j")]
        {
            assert_eq!(found(&nothing), None, "{nothing:?}");
        }
        // Of the right class only.
        assert!(registry.whole().read(Version::V1p1, Operation::Document, &id("j")).unwrap().is_none());
        assert!(registry.whole().read(Version::V1p1, Operation::Item, &id("f")).unwrap().is_none());
    });
}

#[test]
fn definition_sets_hold_descendants_by_code() {
    let concept = |framework: Framework, name: &str, code: &str| {
        framework.define("CFConcepts", name, json!({"hierarchyCode": code}))
    };
    let codes = [
        ("m", "M"),
        ("m.2", "M.2"),
        ("m.1", "M.1"),
        ("m.1.g", "M.1.G"),
        ("mx", "MX"),
        ("other", "N.1"),
        ("m10", "M10.1"),
    ];
    let framework = codes.iter().fold(Framework::new("f"), |all, (name, code)| concept(all, name, code));
    let other = concept(Framework::new("g"), "elsewhere", "M.9");
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &framework.json);
        import_one(&registry, &other.json);
        let set = |name: &str| -> Vec<String> {
            let body = registry.whole().read(Version::V1p1, Operation::Concepts, &id(name)).unwrap().unwrap();
            let body: Value = serde_json::from_str(&body).unwrap();
            body["CFConcepts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["hierarchyCode"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(set("m"), ["M", "M.1", "M.1.G", "M.2"]);
        assert_eq!(set("m.1"), ["M.1", "M.1.G"]);
        assert_eq!(set("mx"), ["MX"]);
        assert_eq!(set("elsewhere"), ["M.9"]);
    });
}

#[test]
fn the_associations_of_an_item_come_from_every_framework_and_both_directions() {
    let home = Framework::with_items("f", 2).associate("f.1", "precedes", "f.2", json!({}));
    let crosswalk = Framework::new("x").associate("x.1", "exactMatchOf", "f.1", json!({})).associate(
        "f.1",
        "isRelatedTo",
        "f.1",
        json!({}),
    );
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &home.json);
        import_one(&registry, &crosswalk.json);
        let body = registry.whole().read(Version::V1p1, Operation::ItemAssociations, &id("f.1")).unwrap().unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        let mut kinds: Vec<&str> = body["CFAssociations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["associationType"].as_str().unwrap())
            .collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["exactMatchOf", "isChildOf", "isRelatedTo", "precedes"], "each once, the one to itself too");
        assert!(body["CFAssociations"].as_array().unwrap().iter().all(|one| one.get("CFDocumentURI").is_none()));
        assert_eq!(body["CFItem"]["CFDocumentURI"], link("f"));
    });
}
