//! `casement import`: plans and applies, file by file; what it prints, and what it exits with.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::build::{Framework, id};
use crate::support::fixtures;
use crate::support::{TestDb, casement, casement_with, for_each_backend};

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Files {
        Files(tempfile::tempdir().unwrap())
    }

    /// Writes a framework to a file; returns its path.
    fn put(&self, name: &str, bytes: &[u8]) -> String {
        let path: PathBuf = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }
}

fn exported(db: &TestDb, name: &str) -> Value {
    casement(db, &["export", &id(name)]).expect(0).json()
}

#[test]
fn a_file_is_imported_and_published() {
    let files = Files::new();
    let framework = Framework::with_items("f", 2);
    for_each_backend(|db| {
        let file = files.put("f.json", &framework.bytes());
        let ran = casement(db, &["import", &file]).expect(0);
        for word in ["f.json", &id("f"), "new", "added 6", "revision", "casement undo"] {
            assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
        }
        assert_eq!(exported(db, "f"), framework.json);
        let again = casement(db, &["import", &file]).expect(0);
        assert!(again.stdout.contains("nothing to change"), "{}", again.stdout);
    });
}

#[test]
fn json_tells_the_same_to_machines() {
    let files = Files::new();
    let old = Framework::with_items("f", 2);
    let new = old.clone().without("f.1").change("f.2", json!({"notes": "n", "archived": true})).item("f.3", json!({}));
    for_each_backend(|db| {
        casement(db, &["import", &files.put("old.json", &old.bytes())]).expect(0);
        let file = files.put("new.json", &new.bytes());
        let told = casement(db, &["import", "--json", &file]).expect(0).json();
        assert_eq!((&told["dryRun"], &told["exitStatus"], &told["error"]), (&json!(false), &json!(0), &Value::Null));
        let framework = &told["files"][0]["frameworks"][0];
        let plan = &framework["plan"];
        assert_eq!(
            (&plan["identifier"], &plan["title"], &plan["update"]),
            (&json!(id("f")), &json!("f"), &json!(true))
        );
        assert_eq!(
            plan["counts"],
            json!({"added": 1, "changed": 1, "moved": 0, "unchanged": plan["counts"]["unchanged"], "missing": 2}),
            "{plan}"
        );
        assert_eq!(plan["diff"]["changed"][0]["properties"], json!(["notes"]));
        assert_eq!(plan["diff"]["missing"][0]["label"], "f.1");
        assert_eq!(plan["report"][0]["code"], "unknown-property");
        assert_eq!(plan["report"][0]["place"], "/CFItems/0/archived");
        assert_eq!(plan["conflicts"], json!([]));
        let applied = &framework["applied"];
        assert_eq!((&applied["added"], &applied["changed"], &applied["deleted"]), (&json!(1), &json!(1), &json!(0)));
        let revision = applied["revision"].as_i64().unwrap();
        let again = casement(db, &["import", "--json", &file]).expect(0).json();
        assert_eq!(again["files"][0]["frameworks"][0]["applied"]["revision"], Value::Null);
        let listed = casement(db, &["frameworks", "--json"]).expect(0).json();
        assert_eq!(listed[0]["revision"], revision);
    });
}

#[test]
fn a_dry_run_says_all_and_writes_nothing() {
    let files = Files::new();
    let old = Framework::with_items("f", 1);
    let new = old.clone().change("f.1", json!({"notes": "n"}));
    for_each_backend(|db| {
        // On an empty place it does not even make a database.
        let file = files.put("old.json", &old.bytes());
        let ran = casement(db, &["import", "--dry-run", &file]).expect(0);
        assert!(ran.stdout.contains("nothing was written"), "{}", ran.stdout);
        assert!(db.file().is_none_or(|path| !path.exists()), "looking creates nothing");
        casement(db, &["import", &file]).expect(0);
        let before = exported(db, "f");
        let told =
            casement(db, &["import", "--dry-run", "--json", &files.put("new.json", &new.bytes())]).expect(0).json();
        assert_eq!(told["dryRun"], true);
        assert_eq!(told["files"][0]["frameworks"][0]["plan"]["counts"]["changed"], 1);
        assert_eq!(told["files"][0]["frameworks"][0]["applied"], Value::Null);
        assert_eq!(exported(db, "f"), before);
        assert_eq!(casement(db, &["undo", "--list", "--json", &id("f")]).expect(0).json().as_array().unwrap().len(), 1);
    });
}

#[test]
fn deletion_is_only_done_when_asked_for() {
    let files = Files::new();
    let old = Framework::with_items("f", 2);
    let new = old.clone().without("f.1");
    for_each_backend(|db| {
        casement(db, &["import", &files.put("old.json", &old.bytes())]).expect(0);
        let file = files.put("new.json", &new.bytes());
        let kept = casement(db, &["import", &file]).expect(0);
        assert!(kept.stdout.contains("missing 2") && kept.stdout.contains("--delete-missing"), "{}", kept.stdout);
        assert_eq!(exported(db, "f")["CFItems"].as_array().unwrap().len(), 2);
        casement(db, &["import", "--delete-missing", "--dry-run", &file]).expect(0);
        assert_eq!(exported(db, "f")["CFItems"].as_array().unwrap().len(), 2);
        casement(db, &["import", "--delete-missing", &file]).expect(0);
        assert_eq!(exported(db, "f"), new.json);
    });
}

#[test]
fn a_conflict_names_both_and_the_way_out() {
    let files = Files::new();
    let owner = Framework::with_items("Owner", 1);
    let taker = Framework::with_items("Taker", 1).item("Owner.1", json!({}));
    for_each_backend(|db| {
        casement(db, &["import", &files.put("owner.json", &owner.bytes())]).expect(0);
        let file = files.put("taker.json", &taker.bytes());
        for args in [&["import", &file][..], &["import", "--dry-run", &file]] {
            let ran = casement(db, args).expect(1);
            for word in ["Owner", "Taker", "--move", &id("Owner.1")] {
                assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
            }
        }
        let told = casement(db, &["import", "--json", &file]).expect(1).json();
        let framework = &told["files"][0]["frameworks"][0];
        assert_eq!(framework["plan"]["conflicts"][0]["heldByTitle"], "Owner");
        assert_eq!(framework["plan"]["conflicts"][0]["class"], "CFItem");
        assert_eq!(framework["error"]["exitStatus"], 1);
        assert_eq!(casement(db, &["frameworks", "--json"]).expect(0).json().as_array().unwrap().len(), 1);
        casement(db, &["import", "--move", &file]).expect(0);
        assert_eq!(exported(db, "Taker"), taker.json);
        assert_eq!(exported(db, "Owner")["CFItems"], json!([]));
        casement(db, &["undo", &id("Taker")]).expect(0);
        assert_eq!(exported(db, "Owner"), owner.json);
    });
}

#[test]
fn every_file_is_tried_and_the_worst_decides() {
    let files = Files::new();
    let [one, two] = ["one", "two"].map(|name| Framework::with_items(name, 1));
    for_each_backend(|db| {
        let good = files.put("one.json", &one.bytes());
        let broken = files.put("broken.json", b"{");
        let also = files.put("two.json", &two.bytes());
        let ran = casement(db, &["import", &good, &broken, "/nowhere/at/all.json", &also]).expect(3);
        assert!(ran.stderr.contains("broken.json") && ran.stderr.contains("all.json"), "{}", ran.stderr);
        assert_eq!(exported(db, "one"), one.json);
        assert_eq!(exported(db, "two"), two.json);
        casement(db, &["import", &good, &broken, &also]).expect(1);
        let told = casement(db, &["import", "--json", &good, &broken]).expect(1).json();
        assert_eq!(told["files"].as_array().unwrap().len(), 2);
        assert_eq!((&told["files"][0]["error"], &told["files"][1]["frameworks"]), (&Value::Null, &json!([])));
    });
}

#[test]
fn packages_in_one_file_are_compared_one_after_the_other() {
    let [one, two] = ["one", "two"].map(|name| Framework::with_items(name, 1).item("shared", json!({})));
    for_each_backend(|db| {
        let both = json!([one.json, two.json]).to_string();
        let ran = casement_with(db, &["import", "-"], both.as_bytes()).expect(1);
        assert!(ran.stderr.contains(&id("shared")), "{}", ran.stderr);
        assert_eq!(exported(db, "one"), one.json);
        casement(db, &["export", &id("two")]).expect(1);
    });
}

#[test]
fn packed_files_and_the_standard_input_are_read() {
    let fixture = fixtures::named("sbac-ela-and-math-two-packages.json.gz");
    for_each_backend(|db| {
        let told = casement(db, &["import", "--json", &fixture.name]).expect(0).json();
        assert_eq!(told["files"][0]["frameworks"].as_array().unwrap().len(), fixture.packages().len());
        let again = casement_with(db, &["import", "--json", "-"], &fixture.bytes).expect(0).json();
        for framework in again["files"][0]["frameworks"].as_array().unwrap() {
            assert_eq!(framework["applied"]["revision"], Value::Null);
        }
        let zstd = zstd::encode_all(fixture.json.to_string().as_bytes(), 3).unwrap();
        casement_with(db, &["import", "-"], &zstd).expect(0);
    });
}

#[test]
fn import_works_beside_a_running_server() {
    let framework = Framework::with_items("f", 3);
    for_each_backend(|db| {
        let app = crate::support::TestApp::start(db);
        let path = format!("/ims/case/v1p1/CFPackages/{}", id("f"));
        app.get(&path).expect(404);
        casement_with(db, &["import", "-"], &framework.bytes()).expect(0);
        app.until(|| app.get(&path).status == 200);
        assert_eq!(app.json(&path), framework.json);
        casement(db, &["undo", &id("f")]).expect(0);
        app.until(|| app.get(&path).status == 404);
    });
}
