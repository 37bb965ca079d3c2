//! Nothing is dropped or changed without an entry at its place: every fixture is compared with
//! what is written of it, property by property.

use casement::case::read::{ReadError, packages};
use casement::case::report::{Entry, Severity};
use serde_json::{Value, json};

use crate::support::build::{Framework, object};
use crate::support::compare::{Loss, assert_told, losses};
use crate::support::fixtures::{self, Fixture};
use crate::support::{context, read_one, v1p1};

/// The package as written, with the one link that a package has no place for.
fn written(reading: &casement::case::read::Reading) -> Value {
    let mut output = v1p1(reading);
    if let Some(link) = &reading.package.package_uri {
        output["CFDocument"]["CFPackageURI"] =
            json!({"title": link.title, "identifier": link.identifier, "uri": link.uri});
    }
    output
}

fn for_each_package(test: impl Fn(&Fixture, &str, &Value, &casement::case::read::Reading)) {
    let mut seen = 0;
    for fixture in fixtures::all() {
        let inputs = fixture.packages();
        let text = fixture.json.to_string();
        match packages(text.as_bytes(), &context()) {
            Ok(readings) => {
                assert_eq!(readings.len(), inputs.len(), "{}", fixture.name);
                for (reading, (place, input)) in readings.iter().zip(inputs) {
                    test(fixture, &place, input, reading);
                    seen += 1;
                }
            }
            Err(ReadError::NotAPackage { found }) => {
                assert!(inputs.is_empty(), "{}: {found}", fixture.name);
                assert!(fixture.json.get("CFDocuments").is_none() || found.contains("CFPackageURI"), "{found}");
            }
            Err(error) => panic!("{}: {error}", fixture.name),
        }
    }
    assert!(seen > 0, "no fixture holds a package");
}

#[test]
fn every_difference_is_told() {
    for_each_package(|fixture, place, input, reading| {
        assert_told(&fixture.name, place, input, &written(reading), &reading.report);
    });
}

#[test]
fn every_entry_shows_what_stood_at_its_place() {
    for_each_package(|fixture, _, _, reading| {
        for entry in &reading.report.entries {
            check_original(fixture, entry);
        }
    });
}

fn check_original(fixture: &Fixture, entry: &Entry) {
    let there = fixture.json.pointer(&entry.place);
    match &entry.original {
        Some(original) => {
            let original: Value = serde_json::from_str(original).expect("the original is JSON");
            // A member that got its right name is told of under that name.
            let (parent, _) = entry.place.rsplit_once('/').unwrap_or_default();
            let renamed = || {
                let members = fixture.json.pointer(parent).and_then(Value::as_object);
                members.is_some_and(|members| members.values().any(|value| *value == original))
            };
            assert!(there.map_or_else(renamed, |there| *there == original), "{}: {entry:?}", fixture.name);
        }
        // Nothing stood there, or what did is kept under this place.
        None => {
            assert!(there.is_none_or(|v| v.is_object() || v.is_array() || v.is_null()), "{}: {entry:?}", fixture.name);
        }
    }
    assert!(!entry.sentence.is_empty() && entry.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{entry:?}");
}

/// What is not kept must still be readable in the report (`case::report::Entry::original`).
#[test]
fn every_loss_holds_what_is_lost() {
    let differing = Framework::new("f").item("i", json!({"notes": "only here"})).item("i", json!({"notes": null}));
    let two_documents = {
        let mut package = Framework::new("f").json;
        let other = object("other", json!({"title": "The second framework", "creator": "c"}));
        package["CFDocument"] = json!([package["CFDocument"], other]);
        package
    };
    let endless = {
        let mut framework = Framework::new("f").associate("i", "isChildOf", "f", json!({"notes": "only here"}));
        framework.json["CFAssociations"][0]["originNodeURI"] = json!({"title": "nowhere"});
        framework.json
    };
    let untied = Framework::new("f").item("i", json!({"licenseURI": {"title": "only here"}})).json;
    for (name, package, lost) in [
        ("an earlier duplicate", differing.json, "only here"),
        ("a second document", two_documents, "The second framework"),
        ("an association without an end", endless, "only here"),
        ("a link that points nowhere", untied, "only here"),
    ] {
        let reading = read_one(&package);
        let told =
            reading.report.entries.iter().any(|entry| entry.original.as_ref().is_some_and(|text| text.contains(lost)));
        assert!(told, "{name}: what stood there is gone\n{:#?}", reading.report.entries);
        assert!(reading.report.count(Severity::Loss) > 0, "{name} is no loss:\n{:#?}", reading.report.entries);
    }
}

/// The second identifier of the 2016 form is only the same as the link's when it is.
#[test]
fn an_identifier_beside_a_link_is_not_dropped_when_it_says_something_else() {
    let mut framework = Framework::new("f").item("i", json!({})).under("i", "f", 1);
    framework.json["CFAssociations"][0]["originNodeIdentifier"] = json!("something else");
    let reading = read_one(&framework.json);
    assert!(reading.report.entries.iter().any(|e| e.severity > Severity::Info), "{:#?}", reading.report.entries);
}

/// `CFDefinitions` as a list of something that is no object.
#[test]
fn definitions_that_are_no_definitions_are_a_loss() {
    let reading = read_one(&Framework::new("f").set("CFDefinitions", json!(["my definitions"])).json);
    assert_eq!(reading.report.count(Severity::Loss), 1, "{:#?}", reading.report.entries);
}

#[test]
fn the_comparison_sees_every_kind_of_difference() {
    let check = |before: Value, after: Value, expect: &[(&str, &str)]| {
        let found: Vec<(String, &str)> =
            losses(&before, &after).into_iter().map(|Loss { pointer, what }| (pointer, what)).collect();
        let expect: Vec<(String, &str)> = expect.iter().map(|(pointer, what)| ((*pointer).to_owned(), *what)).collect();
        assert_eq!(found, expect, "{before} {after}");
    };
    check(json!({"a": [1, {"b": 2}]}), json!({"a": [1, {"b": 2}]}), &[]);
    check(json!({"a/b": 1}), json!({}), &[("/a~1b", "gone")]);
    check(json!({}), json!({"c": 1}), &[("/c", "new")]);
    check(json!({"a": 1}), json!({"a": "1"}), &[("/a", "changed")]);
    check(serde_json::from_str("1.50").unwrap(), serde_json::from_str("1.5").unwrap(), &[("", "changed")]);
    check(json!([1, 2]), json!([2, 1]), &[("/0", "changed"), ("/1", "changed")]);
    check(json!([1, 2, 3]), json!([1, 3]), &[("/1", "gone")]);
    let (a, b, c) = (object("a", json!({})), object("b", json!({})), object("c", json!({})));
    check(json!([a, b, c]), json!([a, c]), &[("/1", "gone")]);
    check(json!([a, b, c]), json!([c, a]), &[("/1", "gone"), ("/2", "moved")]);
    check(json!([a]), json!([a, b]), &[("/-1", "new")]);
    check(json!([a, b]), json!([]), &[("/0", "gone"), ("/1", "gone")]);
}
