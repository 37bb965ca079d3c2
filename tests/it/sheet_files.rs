//! Real spreadsheets, read without being told anything: each gives the answer that was counted in
//! its cells (tests/fixtures/sheets/SOURCES.md).

use std::collections::BTreeMap;

use casement::case::model::Package;
use casement::case::read::Reading;
use casement::case::report::Severity;
use casement::registry::{OpenError, PlanOptions, Registry, RegistryError, SheetRequest, open_sheet};
use casement::tabular::build::Options;

use crate::support::TestDb;
use crate::support::fixtures::root;
use crate::support::trees::{depths, kinds};

/// Why a file gives nothing.
#[derive(Debug)]
enum Refused {
    Open(OpenError),
    Build(RegistryError),
}

fn read(registry: &Registry, name: &str) -> Result<Vec<Reading>, Refused> {
    let bytes =
        std::fs::read(root("tests/fixtures/sheets").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let request = SheetRequest { name: name.to_owned(), ..SheetRequest::default() };
    let opened = open_sheet(bytes, &request).map_err(Refused::Open)?;
    let options = Options { name: name.to_owned(), ..Options::default() };
    registry.read_sheet(&opened.workbook, &opened.mapping, &options).map_err(Refused::Build)
}

/// Reads a file of one framework, imports it, and checks that doing so again changes nothing.
#[track_caller]
fn import(name: &str) -> Reading {
    let db = TestDb::sqlite();
    let registry = db.registry();
    let mut all = read(&registry, name).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert_eq!(all.len(), 1, "{name}");
    let reading = all.remove(0);
    let plan = registry.plan_reading(reading.clone(), PlanOptions::default()).unwrap();
    registry.apply(plan).unwrap();
    let again = read(&registry, name).unwrap().remove(0);
    let plan = registry.plan_reading(again, PlanOptions::default()).unwrap();
    assert!(plan.is_empty(), "{name}: {:?} {:?}", plan.diff.added, plan.diff.changed);
    assert!(plan.diff.missing.is_empty(), "{name}: {:?}", plan.diff.missing);
    reading
}

/// Code and code of the parent, `-` for the framework.
fn tree(package: &Package) -> Vec<String> {
    let label = |id: &str| {
        let item = package.items.iter().find(|item| item.identity.identifier == id);
        item.map_or("-", |item| item.label()).to_owned()
    };
    let places = package.associations.iter().filter(|one| one.association_type == "isChildOf");
    places.map(|one| format!("{} < {}", label(&one.origin.identifier), label(&one.destination.identifier))).collect()
}

#[test]
fn the_common_core_workbooks_give_what_is_counted_in_their_cells() {
    for name in ["opensalt-ccsso-ela.xlsx", "opensalt-testing-genA.xlsx"] {
        let package = import(name).package;
        assert_eq!(package.items.len(), 1_189, "{name}");
        assert_eq!(kinds(&package), BTreeMap::from([("isChildOf", 1_189)]), "{name}");
        assert_eq!(depths(&package), [12, 65, 211, 488, 413], "{name}");
        let has = |of: fn(&casement::case::model::Item) -> bool| package.items.iter().filter(|item| of(item)).count();
        assert_eq!(has(|item| item.human_coding_scheme.is_some()), 901, "{name}");
        assert_eq!(has(|item| item.list_enumeration.is_some()), 1_029, "{name}");
        assert_eq!(has(|item| item.education_level.is_some()), 1_189, "{name}");
        let mut types: BTreeMap<&str, usize> = BTreeMap::new();
        for item in &package.items {
            *types.entry(item.item_type.as_deref().unwrap_or("none")).or_default() += 1;
        }
        let expect = [
            ("Cluster", 84),
            ("Component", 413),
            ("Grade Level", 11),
            ("Standard", 488),
            ("Strand", 21),
            ("none", 172),
        ];
        assert_eq!(types, BTreeMap::from(expect), "{name}");
    }
}

#[test]
fn the_sample_workbooks_keep_their_associations() {
    for name in ["opensalt-sample-genC.xlsx", "opensalt-import-sample.xlsx"] {
        let reading = import(name);
        let package = &reading.package;
        assert_eq!(package.items.len(), 4, "{name}");
        assert_eq!(depths(package), [1, 2, 1], "{name}");
        let expect = [
            ("exactMatchOf", 1),
            ("hasSkillLevel", 1),
            ("isChildOf", 4),
            ("isPartOf", 1),
            ("isPeerOf", 1),
            ("precedes", 1),
            ("replacedBy", 1),
        ];
        assert_eq!(kinds(package), BTreeMap::from(expect), "{name}");
        assert_eq!(reading.report.count(Severity::Loss), 0, "{name}: {:#?}", reading.report);
    }
    let package = import("opensalt-sample-genB-noassoc.xlsx").package;
    assert_eq!(depths(&package), [1, 2, 1]);
    let grades: Vec<Vec<String>> = package.items.iter().filter_map(|item| item.education_level.clone()).collect();
    assert!(grades.contains(&vec!["03".to_owned()]) && grades.contains(&vec!["06".to_owned()]), "{grades:?}");
    assert!(grades.contains(&vec!["04".to_owned(), "05".to_owned()]), "{grades:?}");
}

#[test]
fn a_template_without_rows_is_said_to_have_none() {
    let db = TestDb::sqlite();
    let error = read(&db.registry(), "opensalt-import-template.xlsx").expect_err("nothing to import");
    let sentence = match error {
        Refused::Open(error) => error.to_string(),
        Refused::Build(error) => error.to_string(),
    };
    assert!(sentence.contains("no "), "{sentence}");
}

#[test]
fn children_find_their_parents_by_code() {
    let reading = import("opensalt-sample-case.csv");
    let lines = tree(&reading.package);
    for line in ["M < -", "M.F < M", "M.F.1-2 < M.F", "M.F.1-2.S1 < M.F.1-2"] {
        assert!(lines.contains(&line.to_owned()), "{line} in {lines:?}");
    }
    assert!(reading.replaced_identifiers.iter().any(|(received, ..)| received == "Math.Fractions"));
    let kinds = kinds(&reading.package);
    assert!(kinds.contains_key("isRelatedTo") && kinds.contains_key("exemplar"), "{kinds:?}");
    let lines = tree(&import("opensalt-test-children.csv").package);
    assert_eq!(lines, ["A.B < -", "A.B.C < A.B", "A.B.D < A.B", "A.B.C.L < A.B.C"]);
}

#[test]
fn the_sequence_number_decides_the_order() {
    let reading = import("opensalt-test-sequenceNumber.csv");
    let numbers: Vec<Option<i64>> = reading.package.associations.iter().map(|one| one.sequence_number).collect();
    assert_eq!(numbers, [Some(2), Some(1)]);
    assert!(reading.report.entries.iter().any(|entry| entry.code == "parent-not-found"), "{:?}", reading.report);
    let reading = import("opensalt-test-abbreviatedStatementLimit.csv");
    assert!(reading.report.entries.iter().any(|entry| entry.code == "longer-than-suggested"), "{:?}", reading.report);
}

#[test]
fn a_framework_in_lines_above_its_table_is_read_with_it() {
    let package = import("compeito-framework.csv").package;
    assert_eq!(package.identifier(), "4f3c6a12-e83b-4654-b7ce-1738552191e4");
    assert_eq!(package.document.language.as_deref(), Some("ja"));
    assert_eq!(package.document.adoption_status.as_deref(), Some("Adopted"));
    assert_eq!(package.document.subject.as_ref().map(Vec::len), Some(3));
    assert_eq!(
        package.document.status_start_date.as_ref().map(casement::case::model::Date::as_str),
        Some("2025-04-01")
    );
    let places = package.associations.iter().filter(|one| one.association_type == "isChildOf").count();
    assert_eq!(places, package.items.len());
    assert!(depths(&package).len() >= 3, "{:?}", depths(&package));
}

#[test]
fn rubrics_are_read_from_rows() {
    let package = import("compeito-rubrics.csv").package;
    let text = std::fs::read_to_string(root("tests/fixtures/sheets/compeito-rubrics.csv")).unwrap();
    let rows = |kind: &str| text.lines().filter(|line| line.trim_start_matches('\u{feff}').starts_with(kind)).count();
    let rubrics = package.rubrics.unwrap();
    let criteria: Vec<_> = rubrics.iter().flat_map(|rubric| rubric.criteria.iter().flatten()).collect();
    let levels = criteria.iter().flat_map(|criterion| criterion.levels.iter().flatten()).count();
    assert_eq!((rubrics.len(), criteria.len(), levels), (rows("Rubric,"), rows("Criterion,"), rows("Level,")));
}
