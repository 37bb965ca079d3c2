//! The forms of other programs, the outline, and the templates.

use casement::case::model::Package;
use casement::tabular::write::{self, CsvForm};
use serde_json::json;

use crate::support::build::{Framework, id, uri};
use crate::support::read_one;
use crate::support::tables::{Table, named, of_csv, of_workbook};

fn small() -> Package {
    let framework = Framework::new("f")
        .document(json!({"title": "Small", "adoptionStatus": "Draft", "subject": ["Math", "Science"], "notes": "=n"}))
        .item("A", json!({}))
        .item("A.1", json!({"educationLevel": ["01", "02"], "CFItemType": "Standard", "conceptKeywords": ["x", "y"], "subject": ["s", "t"]}))
        .item("twice", json!({"humanCodingScheme": "D"}))
        .item("double", json!({"humanCodingScheme": "D"}))
        .item("below", json!({"humanCodingScheme": null, "fullStatement": "First line\n\n- second"}))
        .item("A.x", json!({}))
        .under("A", "f", 1)
        .under("A.1", "A", 7)
        .under("twice", "f", 2)
        .under("double", "f", 3)
        .under("below", "twice", 1)
        .under("A.x", "f", 4)
        .associate("A.1", "isRelatedTo", "A", json!({}))
        .associate("A.1", "isRelatedTo", "out", json!({"destinationNodeURI": {"title": "o", "identifier": "o", "uri": uri("o"), "targetType": "ext:web"}}))
        .associate("A.1", "exactMatchOf", "twice", json!({}));
    read_one(&framework.json).package
}

fn table(form: CsvForm) -> (std::collections::BTreeMap<String, String>, Table) {
    let bytes = write::csv(&small(), form);
    assert!(!bytes.starts_with("\u{feff}".as_bytes()), "others may take a mark for a part of the first header");
    let (pairs, mut tables) = of_csv(&bytes);
    assert_eq!(tables.len(), 1);
    (pairs, tables.remove(0))
}

#[test]
fn opensalt_finds_every_parent() {
    let (_, items) = table(CsvForm::OpenSalt);
    assert_eq!(items.column("humanCodingScheme"), ["A", "A.1", "D", "", "D", "A.x"]);
    // By a code that only the parent has, else by its identifier; and what stands at the top says so
    // where its code would be cut to that of another item.
    let (twice, document) = (id("twice"), id("f"));
    assert_eq!(items.column("isChildOf"), ["", "A", "", &twice, "", &document]);
    assert_eq!(items.column("sequenceNumber"), ["1", "7", "2", "1", "3", "4"]);
    let row = items.row("humanCodingScheme", "A.1");
    assert_eq!(row["isRelatedTo"], format!("{},{}", id("A"), uri("o")));
    assert_eq!(
        (row["isExactMatchOf"], row["educationLevel"], row["conceptKeywords"]),
        (twice.as_str(), "01,02", "x,y")
    );
}

#[test]
fn compeito_gets_only_the_types_there_are() {
    let (pairs, items) = table(CsvForm::Compeito);
    assert_eq!((pairs["title"].as_str(), pairs["adoption_status"].as_str()), ("Small", "Draft"));
    assert_eq!((pairs["subject"].as_str(), pairs["notes"].as_str()), ("Math|Science", "=n"));
    assert_eq!(items.row("humanCodingScheme", "A.1")["parentIdentifier"], id("A"));
    let row = items.row("humanCodingScheme", "A.1");
    assert_eq!(row["isRelatedTo"], format!("{}|{}", id("A"), uri("o")));
    assert!(!items.header.iter().any(|header| header == "isPeerOf"), "it would clear all of that type");
}

#[test]
fn opencase_gets_levels() {
    let (_, items) = table(CsvForm::OpenCase);
    assert_eq!(items.column("Level"), ["1", "2", "1", "2", "1", "1"]);
    let row = items.row("Human Coding Scheme", "A.1");
    assert_eq!((row["Education Level"], row["Subject"], row["Item Type"]), ("01;02", "s;t", "Standard"));
}

#[test]
fn the_outline_reads_well() {
    let text = write::markdown(&small());
    let (facts, list) = text.split_once("- **A**").unwrap();
    assert!(facts.starts_with("# Small\n\n- Creator: Tests\n"), "{facts}");
    let expect = " Statement of A\n  - **A.1** Statement of A.1 _(Standard; 01, 02)_\n- **D** Statement of twice\n  - First line\n\n    - second\n\
                  - **D** Statement of double\n- **A.x** Statement of A.x\n";
    assert_eq!(list, expect);
}

#[test]
fn templates_are_examples_without_identifiers() {
    let tables = of_workbook(&write::template_xlsx().unwrap());
    assert_eq!(tables.last().unwrap().name, "Instructions");
    let (pairs, csv) = of_csv(&write::template_csv());
    assert_eq!(pairs.get("title").map(String::as_str), Some("Example: Gardening"));
    assert_eq!(pairs.get("identifier").map(String::as_str), Some(""));
    for items in [named(&tables, "CF Item"), &csv[0]] {
        assert!(items.rows.len() > 3);
        assert!(items.column("identifier").iter().all(|cell| cell.is_empty()));
        assert!(items.column("smartLevel").contains(&"1.2"));
        assert!(!items.header.iter().any(|header| header == "uri"));
    }
    for associations in [named(&tables, "CF Association"), named(&csv, "CF Association")] {
        assert_eq!(associations.column("associationType"), ["Precedes", "Is Related To"]);
        for end in ["originNodeHumanCodingScheme", "destinationNodeHumanCodingScheme"] {
            let codes = named(&tables, "CF Item").column("humanCodingScheme");
            assert!(associations.column(end).iter().all(|code| codes.contains(code)), "{end}");
        }
    }
}
