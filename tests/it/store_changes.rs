//! The change sequence: one line for each framework whose package is no longer the same, in the
//! order of commits, and none for what changed nothing.

use casement::registry::{PlanOptions, Registry};
use casement::store::{Change, Store, StoreError};
use serde_json::json;

use crate::support::build::{Framework, id, link};
use crate::support::{for_each_backend, import_one, import_with};

/// Follows the sequence from where it was left.
struct Follower {
    store: Store,
    seq: i64,
}

impl Follower {
    fn new(store: Store) -> Follower {
        Follower { store, seq: 0 }
    }

    /// The frameworks that changed since the last call, in order of identifiers; checks the rest.
    fn next(&mut self, revision: Option<i64>) -> Vec<String> {
        let changes: Vec<Change> = self.store.read::<_, StoreError>(|tx| tx.changes_since(self.seq, 1_000)).unwrap();
        let mut ids = Vec::new();
        for change in changes {
            assert!(change.seq > self.seq, "numbers grow");
            assert_eq!(Some(change.revision_id), revision);
            assert!(change.at > 0);
            self.seq = change.seq;
            ids.push(change.document_id);
        }
        let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len(), "each framework once");
        ids.sort();
        ids
    }
}

fn sorted(names: &[&str]) -> Vec<String> {
    let mut ids: Vec<String> = names.iter().map(|name| id(name)).collect();
    ids.sort();
    ids
}

fn registry(db: &crate::support::TestDb) -> (Registry, Follower) {
    (db.registry(), Follower::new(db.store()))
}

#[test]
fn one_line_for_an_import_an_undo_and_none_for_nothing() {
    let old = Framework::with_items("f", 3);
    let new = old.clone().change("f.1", json!({"notes": "n"})).change("f.2", json!({"notes": "n"}));
    for_each_backend(|db| {
        let (registry, mut follower) = registry(db);
        assert!(follower.next(None).is_empty());
        let first = import_one(&registry, &old.json).revision;
        assert_eq!(follower.next(first), sorted(&["f"]));
        assert_eq!(import_one(&registry, &old.json).revision, None);
        assert!(follower.next(None).is_empty());
        let second = import_one(&registry, &new.json).revision;
        assert_eq!(follower.next(second), sorted(&["f"]));
        registry.undo(&id("f")).unwrap();
        assert_eq!(follower.next(second), sorted(&["f"]));
        registry.undo(&id("f")).unwrap();
        assert_eq!(follower.next(first), sorted(&["f"]));
        let _ = registry.undo(&id("f")).unwrap_err();
        assert!(follower.next(None).is_empty());
    });
}

#[test]
fn a_refused_import_leaves_no_line() {
    let (owner, thief) = (Framework::with_items("a", 1), Framework::with_items("b", 1).item("a.1", json!({})));
    for_each_backend(|db| {
        let (registry, mut follower) = registry(db);
        let revision = import_one(&registry, &owner.json).revision;
        assert_eq!(follower.next(revision), sorted(&["a"]));
        let _ = import_with(&registry, thief.bytes(), &PlanOptions::default()).unwrap_err();
        assert!(follower.next(None).is_empty());
    });
}

#[test]
fn a_move_changes_both_frameworks_and_so_does_its_undo() {
    let (owner, taker) = (Framework::with_items("a", 2), Framework::with_items("b", 1).item("a.1", json!({})));
    for_each_backend(|db| {
        let (registry, mut follower) = registry(db);
        let revision = import_one(&registry, &owner.json).revision;
        follower.next(revision);
        let options = PlanOptions { move_objects: true, ..PlanOptions::default() };
        let revision = import_with(&registry, taker.bytes(), &options).unwrap()[0].revision;
        assert_eq!(follower.next(revision), sorted(&["a", "b"]));
        registry.undo(&id("b")).unwrap();
        assert_eq!(follower.next(revision), sorted(&["a", "b"]));
    });
}

#[test]
fn a_borrowed_item_changes_the_borrowers_package_too() {
    let home = Framework::with_items("home", 2);
    let guest = Framework::with_items("guest", 1).item("home.1", json!({"CFDocumentURI": link("home")}));
    for_each_backend(|db| {
        let (registry, mut follower) = registry(db);
        let revision = import_one(&registry, &guest.json).revision;
        assert_eq!(follower.next(revision), sorted(&["guest"]));
        let revision = import_one(&registry, &home.json).revision;
        assert_eq!(follower.next(revision), sorted(&["guest", "home"]), "the home's text replaces the copy");
        let revision = import_one(&registry, &home.clone().change("home.2", json!({"notes": "n"})).json).revision;
        assert_eq!(follower.next(revision), sorted(&["home"]), "nobody borrowed that one");
        let revision = import_one(&registry, &home.clone().change("home.1", json!({"notes": "n"})).json).revision;
        assert_eq!(follower.next(revision), sorted(&["guest", "home"]));
        registry.undo(&id("home")).unwrap();
        assert_eq!(follower.next(revision), sorted(&["guest", "home"]));
    });
}

/// After its home moved, a borrowed item's borrowers still have to hear of its changes.
#[test]
fn a_borrower_hears_of_changes_after_the_item_moved() {
    let home = Framework::with_items("home", 2);
    let guest = Framework::with_items("guest", 1).item("home.1", json!({"CFDocumentURI": link("home")}));
    let new_home = Framework::with_items("new", 1).item("home.1", json!({"notes": "moved"}));
    for_each_backend(|db| {
        let (registry, mut follower) = registry(db);
        for framework in [&home, &guest] {
            let revision = import_one(&registry, &framework.json).revision;
            follower.next(revision);
        }
        let options = PlanOptions { move_objects: true, ..PlanOptions::default() };
        let revision = import_with(&registry, new_home.bytes(), &options).unwrap()[0].revision;
        assert_eq!(follower.next(revision), sorted(&["guest", "home", "new"]));
        let before = crate::store_undo::published(&registry);
        let revision =
            import_one(&registry, &new_home.clone().change("home.1", json!({"notes": "again"})).json).revision;
        let told = follower.next(revision);
        let after = crate::store_undo::published(&registry);
        let mut changed: Vec<String> =
            before.iter().zip(&after).filter(|(a, b)| a != b).map(|(_, b)| b.2.clone()).collect();
        changed.sort();
        assert_eq!(told, changed, "on {}: the sequence names what was published anew", db.backend);
    });
}

/// Whatever is done, the sequence names at least every framework whose package is not the same.
#[test]
fn no_published_change_goes_untold() {
    let reference = &crate::support::fixtures::reference().json;
    for_each_backend(|db| {
        let (registry, mut follower) = registry(db);
        let nice = std::fs::read(crate::support::fixtures::root("frameworks/nice-2017/package.json")).unwrap();
        let steps: [&dyn Fn() -> Option<i64>; 3] = [
            &|| import_one(&registry, reference).revision,
            &|| import_with(&registry, nice.clone(), &PlanOptions::default()).unwrap()[0].revision,
            &|| Some(registry.undo(reference["CFDocument"]["identifier"].as_str().unwrap()).unwrap().revision),
        ];
        for step in steps {
            let before = crate::store_undo::published(&registry);
            let revision = step();
            let after = crate::store_undo::published(&registry);
            let told = follower.next(revision);
            for package in
                before.iter().filter(|one| !after.contains(one)).chain(after.iter().filter(|one| !before.contains(one)))
            {
                assert!(told.contains(&package.2), "{} changed and nobody was told", package.2);
            }
        }
    });
}
