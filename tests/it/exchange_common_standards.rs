//! Common Standards Project: sets of its API and converted documents.

use casement::case::model::Timestamp;
use casement::case::read::Context;
use casement::exchange::{self, Format};
use serde_json::{Value, json};

use crate::support::exchange::{codes, fixture, links, only, outline, path, real};
use crate::support::{casement, context, for_each_backend, v1p1};

#[test]
fn a_standard_set_is_read_in_the_order_of_its_positions() {
    let (format, reading) = only(&fixture("common-standards-set.json"));
    assert_eq!(format, Format::CommonStandards);
    assert_eq!(outline(&reading), ["Arithmetic", "  Add within 20.", "  Subtract within 20.", "    Count back."]);
    let package = v1p1(&reading);
    let document = &package["CFDocument"];
    for (name, value) in [
        ("title", json!("Riverwell Mathematics: Grade 1")),
        ("creator", json!("Riverwell")),
        ("adoptionStatus", json!("Adopted")),
        ("officialSourceURL", json!("http://riverwell.example/mathematics")),
        ("subject", json!(["Mathematics (2012-)"])),
    ] {
        assert_eq!(document[name], value, "{name}");
    }
    let license = &package["CFDefinitions"]["CFLicenses"][0];
    assert_eq!(license["title"], "CC BY 3.0 US");
    assert_eq!(document["licenseURI"]["identifier"], license["identifier"]);
    // What CASE has no property for.
    assert_eq!(document["extensions"]["cspStatus"], json!({"value": "visible"}));
    assert_eq!(document["extensions"]["document"], json!({"id": "D2604890"}));
    let item = |code: &str| -> &Value {
        let items = package["CFItems"].as_array().unwrap();
        items.iter().find(|item| item["humanCodingScheme"] == code).unwrap()
    };
    // Their identifiers are UUIDs without hyphens.
    assert_eq!(item("1.A.1")["identifier"], "65d1b1b7-d7b1-4d0f-9c5c-b6be3b1a2b02");
    assert_eq!(item("1.A.1")["extensions"]["asn:altStatementNotation"], "A1");
    assert_eq!(item("1.A.2")["notes"], "With objects.\n\nAnd without.");
    let matches: Vec<String> = links(&package, "exactMatchOf").into_iter().map(|(_, _, _, uri)| uri).collect();
    assert_eq!(matches, ["http://other.example/1.A.1", "urn:uuid:6c33d2be-c1ac-431c-8fc4-bf9fd4dd3dca"]);
}

#[test]
fn standards_inside_of_standards_are_found() {
    let set = json!({"id": "SET", "title": "T", "standards": [
        {"id": "A", "description": "One", "children": [{"id": "B", "description": "Two", "children": []}]},
        {"id": "C", "description": "Three", "depth": 0}, 5]});
    let (_, reading) = only(set.to_string().as_bytes());
    assert_eq!(outline(&reading), ["One", "  Two", "Three"]);
    let entry = reading.report.entries.iter().find(|entry| entry.code == "wrong-type").unwrap();
    assert_eq!((entry.place.as_str(), entry.original.as_deref()), ("/standards/2", Some("5")));
}

#[test]
fn an_ancestor_that_is_not_there_is_told_and_loses_nothing() {
    let set = json!({"id": "SET", "title": "T", "standards": {
        "A": {"id": "A", "description": "One", "depth": 3, "position": 1, "ancestorIds": ["GONE"]}}});
    let (_, reading) = only(set.to_string().as_bytes());
    assert_eq!(outline(&reading), ["One"]);
    assert!(
        codes(&reading).contains(&"not-in-file") && codes(&reading).contains(&"no-parent"),
        "{:?}",
        codes(&reading)
    );
}

#[test]
fn the_program_imports_it() {
    for_each_backend(|db| {
        let told = casement(db, &["import", "--json", &path("common-standards-set.json")]).expect(0).json();
        let applied = &told["files"][0]["frameworks"][0]["applied"];
        let stored = casement(db, &["export", applied["identifier"].as_str().unwrap()]).expect(0).json();
        // The format says no time: it is that of the import.
        let now = stored["CFDocument"]["lastChangeDateTime"].as_str().and_then(Timestamp::parse).unwrap();
        let then = Context { now, ..context() };
        let (_, readings) = exchange::read(&fixture("common-standards-set.json"), &then).unwrap();
        assert_eq!(stored, v1p1(&readings[0]));
    });
}

#[test]
fn real_files_are_read_whole() {
    for (name, format, bytes) in real() {
        if format != Format::CommonStandards {
            continue;
        }
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        let standards = value["standards"].as_object().unwrap();
        let (_, reading) = only(&bytes);
        assert_eq!(reading.package.items.len(), standards.len(), "{name}");
        assert_eq!(outline(&reading).len(), standards.len(), "{name}");
        let matches: usize = standards.values().filter_map(|one| one["exactMatch"].as_array()).map(Vec::len).sum();
        assert_eq!(links(&v1p1(&reading), "exactMatchOf").len(), matches, "{name}");
    }
}
