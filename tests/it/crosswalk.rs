//! Proposing a crosswalk: what is claimed, what is left, and that it comes back by import.

use serde_json::{Value, json};

use crate::support::build::{Framework, id};
use crate::support::{casement, for_each_backend, import_one};

fn ours() -> Framework {
    Framework::new("ours")
        .document(json!({"title": "Our standards", "language": "en"}))
        .item("o1", json!({"fullStatement": "Students will add and subtract fractions with like denominators.", "humanCodingScheme": "M.1"}))
        .item("o2", json!({"fullStatement": "Compare the causes of the French and American revolutions", "humanCodingScheme": "H.1"}))
        .item("o3", json!({"fullStatement": "Explain how to multiply a fraction by a whole number using models", "humanCodingScheme": "M.2"}))
}

fn theirs() -> Framework {
    Framework::new("theirs")
        .document(json!({"title": "Their standards", "language": "en"}))
        .item("t1", json!({"fullStatement": "Add and subtract fractions with like denominators", "humanCodingScheme": "3.NF.1"}))
        .item("t2", json!({"fullStatement": "Multiply a fraction by a whole number", "humanCodingScheme": "4.NF.4"}))
        .item("t3", json!({"fullStatement": "=Name the parts of a plant", "humanCodingScheme": "S.1"}))
}

#[test]
fn what_says_the_same_is_an_exact_match_and_nothing_else_is() {
    for_each_backend(|db| {
        for framework in [ours(), theirs()] {
            import_one(&db.registry(), &framework.json);
        }
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("crosswalk.json").display().to_string();
        let args =
            ["crosswalk", "Our standards", &id("theirs"), "--min-confidence", "0", "--package", "--output", &file];
        let ran = casement(db, &args).expect(0);
        assert!(ran.stderr.contains("proposed"), "{}", ran.stderr);
        let package: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let claimed = |origin: &str| {
            let all = package["CFAssociations"].as_array().unwrap();
            let one = all.iter().find(|one| one["originNodeURI"]["identifier"] == id(origin))?;
            Some((one["associationType"].clone(), one["destinationNodeURI"]["identifier"].clone()))
        };
        assert_eq!(claimed("o1"), Some((json!("exactMatchOf"), json!(id("t1")))));
        assert_eq!(claimed("o3"), Some((json!("isRelatedTo"), json!(id("t2")))));
        assert_ne!(claimed("o2").map(|(kind, _)| kind), Some(json!("exactMatchOf")));
        casement(db, &["validate", &file]).expect(0);
        casement(db, &["import", &file]).expect(0);
        let again = casement(db, &["import", "--dry-run", "--json", &file]).expect(0);
        assert!(!again.stdout.contains("\"added\":1"), "{}", again.stdout);
    });
}

#[test]
fn a_sheet_is_written_for_review_and_read_again() {
    for_each_backend(|db| {
        for framework in [ours(), theirs()] {
            import_one(&db.registry(), &framework.json);
        }
        let args = ["crosswalk", "Our", "Their", "--min-confidence", "0", "--each", "3", "--csv"];
        let sheet = casement(db, &args).expect(0).stdout;
        let head = sheet.lines().next().unwrap_or_default();
        assert!(head.starts_with("identifier,humanCodingScheme,fullStatement,AssociationType"), "{head}");
        assert!(!sheet.contains(",=Name"), "no spreadsheet runs it: {sheet}");
        assert_eq!(casement(db, &args).expect(0).stdout, sheet, "the same again");
        for (args, says) in [
            (["crosswalk", "standards", "Their"], "may mean 2 frameworks"),
            (["crosswalk", "Our", "nobody"], "no framework here is called nobody"),
            (["crosswalk", "Our", "Our"], "the same framework"),
        ] {
            let ran = casement(db, &args).expect(2);
            assert!(ran.stderr.contains(says), "{}", ran.stderr);
        }
    });
}
