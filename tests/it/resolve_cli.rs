//! `casement resolve`.

use serde_json::{Value, json};

use crate::support::build::{Framework, id, uri};
use crate::support::{casement, casement_with, for_each_backend, import_one};

#[test]
fn references_are_resolved_from_arguments_and_lines() {
    let framework = Framework::new("f")
        .document(json!({"title": "Mathematics"}))
        .item("a", json!({"humanCodingScheme": "A.1.1", "fullStatement": "Add\u{1b}[2J"}))
        .item("b", json!({"humanCodingScheme": "B.1.1"}))
        .associate("b", "replacedBy", "a", json!({}));
    for_each_backend(|db| {
        import_one(&db.registry(), &framework.json);
        let ran = casement(db, &["resolve", "a 1 1", "--framework", "mathematics"]).expect(0);
        assert!(ran.stdout.contains("resolved") && ran.stdout.contains(&id("a")), "{}", ran.stdout);
        assert!(!ran.stdout.contains('\u{1b}'));
        let ran = casement(db, &["resolve", "nothing", &uri("b")]).expect(1);
        assert!(ran.stdout.contains("replaced by A.1.1"), "{}", ran.stdout);
        assert!(ran.stderr.contains("1 replaced, 1 unknown"), "{}", ran.stderr);

        let lines =
            format!("{}\n\n{}\n{{\n", json!({"targetCode": "A.1.1", "targetFramework": "Mathematics"}), uri("a"));
        let ran = casement_with(db, &["resolve", "--file", "-", "--json"], lines.as_bytes()).expect(1);
        let all: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let states: Vec<&Value> = all.iter().map(|one| &one["state"]).collect();
        assert_eq!(states, ["resolved", "resolved", "unknown"]);

        let ran = casement(db, &["resolve", "--text", "It covers A.1.1 and more"]).expect(0);
        assert!(ran.stdout.contains("A.1.1  resolved"), "{}", ran.stdout);
        casement(db, &["resolve", "--file", "/no/such/file"]).expect(3);
        casement(db, &["resolve"]).expect(2);
    });
}
