//! An object has one home. Whoever else claims it is refused by name, or moves it when told to.

use casement::case::Version;
use casement::registry::{Operation, PlanOptions, Registry, RegistryError};
use serde_json::{Value, json};

use crate::support::build::{Framework, id, link, object};
use crate::support::{for_each_backend, import_one, import_with};

fn moving() -> PlanOptions {
    PlanOptions { move_objects: true, ..PlanOptions::default() }
}

fn home_of(registry: &Registry, item: &str) -> String {
    let body = registry.whole().read(Version::V1p1, Operation::Item, &id(item)).unwrap().unwrap();
    let body: Value = serde_json::from_str(&body).unwrap();
    body["CFDocumentURI"]["title"].as_str().unwrap().to_owned()
}

/// How many stored packages hold the item as one of theirs.
fn packages_with(registry: &Registry, item: &str) -> usize {
    let all = registry.whole().frameworks().unwrap();
    let holds = |document: &str| {
        let body = registry.whole().read(Version::V1p1, Operation::Package, document).unwrap().unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        body["CFItems"].as_array().unwrap().iter().any(|one| one["identifier"] == id(item).as_str())
    };
    all.iter().filter(|framework| holds(&framework.identifier)).count()
}

#[test]
fn a_claim_is_refused_and_names_both_sides() {
    let owner = Framework::with_items("Owner", 2);
    let thief = Framework::with_items("Thief", 1).item("Owner.1", json!({})).under("Owner.1", "Thief", 2);
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &owner.json);
        let plan = registry.plan(thief.bytes(), &PlanOptions::default()).unwrap().remove(0);
        let conflicts: Vec<_> = plan.conflicts.iter().map(|one| (one.class.name(), one.id.clone())).collect();
        assert_eq!(conflicts, [("CFItem", id("Owner.1"))], "its association is another one");
        let conflict = plan.conflicts[0].clone();
        assert_eq!((conflict.held_by_title.as_str(), conflict.wanted_by_title.as_str()), ("Owner", "Thief"));
        assert_eq!((conflict.held_by, conflict.wanted_by), (id("Owner"), id("Thief")));

        let error = registry.apply(plan).unwrap_err();
        for word in ["Owner", "Thief", &id("Owner"), &id("Thief"), &id("Owner.1"), "item", "move"] {
            assert!(error.to_string().contains(word), "“{error}” does not name {word}");
        }
        assert_eq!(home_of(&registry, "Owner.1"), "Owner");
    });
}

#[test]
fn told_to_move_it_moves() {
    let owner = Framework::with_items("Owner", 2);
    let taker = Framework::with_items("Taker", 1).item("Owner.1", json!({"fullStatement": "Taken"}));
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &owner.json);
        import_with(&registry, taker.bytes(), &moving()).unwrap();
        assert_eq!(home_of(&registry, "Owner.1"), "Taker");
        assert_eq!(packages_with(&registry, "Owner.1"), 1);
        assert_eq!(home_of(&registry, "Owner.2"), "Owner");
        let body = registry.whole().read(Version::V1p1, Operation::Package, &id("Taker")).unwrap().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), taker.json);
    });
}

#[test]
fn every_class_that_has_a_home_can_conflict_and_definitions_cannot() {
    let level = object("level", json!({}));
    let criterion = object("criterion", json!({"CFRubricCriterionLevels": [level]}));
    let rubric = object("rubric", json!({"CFRubricCriteria": [criterion]}));
    let fill = |framework: Framework| {
        framework
            .item("i", json!({}))
            .associate("i", "isPeerOf", "x", json!({}))
            .define("CFConcepts", "c", json!({"hierarchyCode": "1"}))
            .define("CFLicenses", "l", json!({"licenseText": "t"}))
            .set("CFRubrics", json!([rubric]))
    };
    let (one, two) = (fill(Framework::new("one")), fill(Framework::new("two")));
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &one.json);
        let plan = registry.plan(two.bytes(), &PlanOptions::default()).unwrap().remove(0);
        let mut classes: Vec<&str> = plan.conflicts.iter().map(|one| one.class.name()).collect();
        classes.sort_unstable();
        assert_eq!(classes, ["CFAssociation", "CFItem", "CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel"]);
        import_with(&registry, two.bytes(), &moving()).unwrap();
        for framework in [&one, &two] {
            let body = registry.whole().read(Version::V1p1, Operation::Package, &framework.id()).unwrap().unwrap();
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body["CFDefinitions"], framework.json["CFDefinitions"], "each package keeps its own copy");
        }
    });
}

/// Identifiers of different classes may be the same (digest 12.1); both are claimed.
#[test]
fn objects_of_two_classes_under_one_identifier_both_conflict() {
    let owner =
        Framework::new("owner").item("x", json!({})).associate("x", "isPeerOf", "y", json!({"identifier": id("x")}));
    let thief =
        Framework::new("thief").item("x", json!({})).associate("x", "isPeerOf", "y", json!({"identifier": id("x")}));
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &owner.json);
        let plan = registry.plan(thief.bytes(), &PlanOptions::default()).unwrap().remove(0);
        let mut classes: Vec<&str> = plan.conflicts.iter().map(|one| one.class.name()).collect();
        classes.sort_unstable();
        assert_eq!(classes, ["CFAssociation", "CFItem"], "on {}", db.backend);
    });
}

/// Two packages of one file that claim the same item: the second must be refused like any other.
#[test]
fn packages_of_one_file_conflict_with_each_other() {
    let one = Framework::with_items("one", 1).item("shared", json!({}));
    let two = Framework::with_items("two", 1).item("shared", json!({}));
    for_each_backend(|db| {
        let registry = db.registry();
        let both = json!([one.json, two.json]).to_string().into_bytes();
        let outcome = import_with(&registry, both, &PlanOptions::default());
        assert!(matches!(outcome, Err(RegistryError::Conflict(_))), "on {}: {outcome:?}", db.backend);
        assert_eq!(packages_with(&registry, "shared"), 1);
    });
}

/// A plan that was made before another framework took the object in.
#[test]
fn a_conflict_that_arises_after_the_plan_is_refused_too() {
    let one = Framework::with_items("one", 1).item("shared", json!({}));
    let two = Framework::with_items("two", 1).item("shared", json!({}));
    for_each_backend(|db| {
        let registry = db.registry();
        let [first, second] =
            [&one, &two].map(|f| registry.plan(f.bytes(), &PlanOptions::default()).unwrap().remove(0));
        registry.apply(first).unwrap();
        let outcome = registry.apply(second);
        assert!(outcome.is_err(), "on {}: {outcome:?}", db.backend);
        assert_eq!(packages_with(&registry, "shared"), 1);
    });
}

/// A planned move out of a framework that has changed since is stale like any other plan.
#[test]
fn a_move_from_a_framework_that_changed_since_leaves_one_home() {
    let owner = Framework::with_items("owner", 1).item("shared", json!({}));
    let taker = Framework::with_items("taker", 1).item("shared", json!({}));
    let faster = Framework::with_items("faster", 1).item("shared", json!({}));
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &owner.json);
        let planned = registry.plan(taker.bytes(), &moving()).unwrap().remove(0);
        import_with(&registry, faster.bytes(), &moving()).unwrap();
        let outcome = registry.apply(planned);
        assert_eq!(packages_with(&registry, "shared"), 1, "on {} after {outcome:?}", db.backend);
    });
}

#[test]
fn the_same_framework_twice_in_one_file_is_an_error_or_the_last_one() {
    let old = Framework::with_items("f", 1);
    let new = old.clone().document(json!({"notes": "later"}));
    for_each_backend(|db| {
        let registry = db.registry();
        let both = json!([old.json, new.json]).to_string().into_bytes();
        let outcome = import_with(&registry, both, &PlanOptions::default());
        let body = registry.whole().read(Version::V1p1, Operation::Package, &id("f")).unwrap().unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        assert!(outcome.is_err() || body == new.json, "on {}: {outcome:?}", db.backend);
    });
}

#[test]
fn a_link_between_frameworks_is_no_claim() {
    let one = Framework::with_items("one", 1);
    let two = Framework::with_items("two", 1).associate("two.1", "exactMatchOf", "one.1", json!({}));
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &one.json);
        let plan = registry.plan(two.bytes(), &PlanOptions::default()).unwrap().remove(0);
        assert!(plan.conflicts.is_empty());
        registry.apply(plan).unwrap();
        let body = registry.whole().read(Version::V1p1, Operation::Package, &id("two")).unwrap().unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["CFAssociations"][1]["destinationNodeURI"], link("one.1"));
    });
}
