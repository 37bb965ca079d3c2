//! Undo puts every byte back, over several frameworks too, and refuses where others have built on
//! what it would take away.

use casement::case::Version;
use casement::registry::{Operation, PlanOptions, Registry, RegistryError};
use serde_json::json;

use crate::support::build::{Framework, id};
use crate::support::{for_each_backend, import_one, import_with};

/// Every package that is published, in both versions, byte for byte.
pub fn published(registry: &Registry) -> Vec<(String, String, String)> {
    let frameworks = registry.whole().frameworks().unwrap();
    let body =
        |version, id: &str| registry.whole().read(version, Operation::Package, id).unwrap().expect("it is listed");
    frameworks
        .into_iter()
        .map(|f| (body(Version::V1p0, &f.identifier), body(Version::V1p1, &f.identifier), f.identifier))
        .collect()
}

fn apply(registry: &Registry, framework: &Framework, delete_missing: bool, move_objects: bool) {
    let options = PlanOptions { source: "t".to_owned(), delete_missing, move_objects };
    import_with(registry, framework.bytes(), &options).unwrap();
}

#[test]
fn undo_steps_back_through_every_state_byte_for_byte() {
    let reference = crate::support::fixtures::reference();
    let document = reference.json["CFDocument"]["identifier"].as_str().unwrap().to_owned();
    for_each_backend(|db| {
        let registry = db.registry();
        let mut states = vec![published(&registry)];
        let mut edition = Framework { name: "reference".to_owned(), json: reference.json.clone() };
        apply(&registry, &edition, false, false);
        states.push(published(&registry));

        // Change, reorder, add, delete, in one edition after the other.
        edition.json["CFItems"][3]["fullStatement"] = json!("Changed.");
        edition.json["CFDocument"]["title"] = json!("Another title");
        edition.json["extensions"] = json!({"edition": 2});
        apply(&registry, &edition, false, false);
        states.push(published(&registry));
        edition.list("CFItems").reverse();
        apply(&registry, &edition, false, false);
        states.push(published(&registry));
        edition = edition.item("new", json!({}));
        edition.list("CFItems").truncate(5);
        edition.json["CFRubrics"] = json!([]);
        edition.json.as_object_mut().unwrap().remove("CFDefinitions");
        apply(&registry, &edition, true, false);
        states.push(published(&registry));

        for pair in states.windows(2) {
            assert_ne!(pair[0], pair[1], "each edition is another state");
        }
        while let (Some(now), Some(before)) = (states.pop(), states.last()) {
            assert_eq!(published(&registry), now);
            registry.undo(&document).unwrap();
            assert_eq!(&published(&registry), before, "on {}", db.backend);
        }
        assert!(matches!(registry.undo(&document), Err(RegistryError::NoSuchFramework(_))));
    });
}

#[test]
fn undo_says_what_it_undid_and_where_the_framework_is_now() {
    let old = Framework::with_items("f", 1);
    let new = old.clone().document(json!({"notes": "n"}));
    for_each_backend(|db| {
        let registry = db.registry();
        let first = import_one(&registry, &old.json).revision.unwrap();
        let second = import_one(&registry, &new.json).revision.unwrap();
        let undone = registry.undo(&id("f")).unwrap();
        assert_eq!((undone.revision, undone.now_at, undone.source.as_str()), (second, Some(first), "test.json"));
        let undone = registry.undo(&id("f")).unwrap();
        assert_eq!((undone.revision, undone.now_at), (first, None));
        assert!(registry.whole().frameworks().unwrap().is_empty());
        let revisions = registry.revisions(&id("f")).unwrap();
        assert!(revisions.len() == 2 && revisions.iter().all(|revision| revision.undone_at.is_some()));
        // An undone import can be made again, under a number of its own.
        let again = import_one(&registry, &old.json).revision.unwrap();
        assert!(again > second);
    });
}

#[test]
fn what_is_not_stored_cannot_be_undone() {
    for_each_backend(|db| {
        let registry = db.registry();
        for nothing in [id("nobody"), "x".to_owned(), String::new()] {
            let refused = registry.undo(&nothing).unwrap_err();
            assert!(matches!(&refused, RegistryError::NoSuchFramework(it) if *it == nothing), "{refused}");
        }
    });
}

#[test]
fn undoing_a_move_gives_both_frameworks_their_objects_back() {
    let from = Framework::with_items("a", 3);
    let to = Framework::with_items("b", 1);
    let taking = to.clone().item("a.2", json!({"fullStatement": "moved"}));
    for_each_backend(|db| {
        let registry = db.registry();
        apply(&registry, &from, false, false);
        apply(&registry, &to, false, false);
        let before = published(&registry);
        apply(&registry, &taking, false, true);
        let after = published(&registry);
        assert_ne!(before, after);
        assert!(!after[0].1.contains("Statement of a.2"), "it is gone from its old home");
        assert!(after[1].1.contains("moved"));

        // Either framework's last revision is the same one, and undoing it undoes both.
        let undone = registry.undo(&id("a")).unwrap();
        assert_eq!(published(&registry), before, "on {}", db.backend);
        assert!(undone.now_at.is_some());
        apply(&registry, &taking, false, true);
        assert_eq!(published(&registry), after);
        registry.undo(&id("b")).unwrap();
        assert_eq!(published(&registry), before);
    });
}

#[test]
fn undo_is_refused_while_another_framework_has_built_on_it() {
    let from = Framework::with_items("a", 2);
    let taking = Framework::with_items("b", 1).item("a.2", json!({}));
    for_each_backend(|db| {
        let registry = db.registry();
        apply(&registry, &from, false, false);
        apply(&registry, &taking, false, true);
        apply(&registry, &taking.clone().document(json!({"notes": "later"})), false, false);
        let before = published(&registry);
        let refused = registry.undo(&id("a")).unwrap_err();
        assert!(matches!(&refused, RegistryError::UndoBlocked { other, .. } if *other == id("b")), "{refused}");
        assert_eq!(published(&registry), before, "a refused undo changes nothing");
        registry.undo(&id("b")).unwrap();
        registry.undo(&id("a")).unwrap();
        assert_eq!(registry.whole().frameworks().unwrap().len(), 1);
    });
}

/// An object that was deleted here and then taken in elsewhere has a home; undoing the deletion
/// must not give it a second one.
#[test]
fn undoing_a_deletion_does_not_give_an_object_two_homes() {
    let from = Framework::with_items("a", 2);
    let without = from.clone().without("a.2");
    let taking = Framework::with_items("b", 1).item("a.2", json!({}));
    for_each_backend(|db| {
        let registry = db.registry();
        apply(&registry, &from, false, false);
        apply(&registry, &without, true, false);
        apply(&registry, &taking, false, false);
        let outcome = registry.undo(&id("a"));
        let owners = published(&registry).iter().filter(|(_, body, _)| body.contains("Statement of a.2")).count();
        assert_eq!(owners, 1, "on {} after {outcome:?}", db.backend);
    });
}
