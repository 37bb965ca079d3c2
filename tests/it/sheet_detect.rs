//! Layouts found by looking: real files against their counted answers, also after their columns
//! moved, and made-up sheets of every layout, of which a share must come out exactly.

use std::collections::BTreeMap;
use std::path::Path;

use casement::tabular::cells::Workbook;
use casement::tabular::detect::detect;
use casement::tabular::mapping::{Field, Hierarchy, Role};
use casement::tabular::{layout, profile};

use crate::support::fixtures::MORE;
use crate::support::layouts::{FORMS, generate};
use crate::support::trees::{built, fixture, open, paths};

/// Sheets of each form.
const EACH: u64 = 8;

#[test]
fn sheets_are_known_for_what_they_hold() {
    let roles =
        |name: &str| -> Vec<Role> { detect(&fixture(name)).unwrap().sheets.iter().map(|sheet| sheet.role).collect() };
    for name in ["opensalt-ccsso-ela.xlsx", "opensalt-testing-genA.xlsx", "opensalt-import-sample.xlsx"] {
        assert_eq!(roles(name), [Role::Document, Role::Items, Role::Associations], "{name}");
    }
    assert_eq!(roles("compeito-rubrics.csv"), [Role::Rubrics]);
    assert_eq!(roles("cass-software-engineering-competencies.csv"), [Role::Items]);
    assert_eq!(roles("cass-software-engineering-relations.csv"), [Role::Associations]);
    assert_eq!(roles("abilities-to-work-activities.xlsx"), [Role::Associations]);
    assert_eq!(roles("iwa-reference.xlsx"), [Role::Items]);
    let mapping = detect(&fixture("compeito-framework.csv")).unwrap();
    let property = |name: &str| mapping.document.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
    assert_eq!(property("identifier"), Some("4f3c6a12-e83b-4654-b7ce-1738552191e4"));
    assert_eq!(property("language"), Some("ja"));
    assert_eq!(mapping.sheets[0].hierarchy.value, Hierarchy::ParentIdentifier);
}

#[test]
fn files_are_known_by_their_profiles() {
    let known = [
        ("opensalt-ccsso-ela.xlsx", "opensalt-c"),
        ("opensalt-sample-genC.xlsx", "opensalt-c"),
        ("opensalt-import-sample.xlsx", "opensalt-b"),
        ("opensalt-testing-genA.xlsx", "opensalt-a"),
        ("opensalt-test-children.csv", "opensalt-children"),
        ("compeito-framework.csv", "compeito-custom"),
        ("compeito-rubrics.csv", "compeito-rubrics"),
        ("osmt-Skills-Import.csv", "osmt-command-line"),
        ("osmt-batch-import-example.csv", "osmt-batch"),
        ("cass-software-engineering-competencies.csv", "cass-competencies"),
        ("cass-software-engineering-relations.csv", "cass-relations"),
        ("content-model-reference.xlsx", "onet-content-model"),
        ("iwa-reference.xlsx", "onet-iwa"),
        ("abilities-to-work-activities.xlsx", "onet-links"),
        ("digCompSkillsCollection_en.csv", "esco-collection"),
    ];
    for (name, wanted) in known {
        let mapping = layout(&fixture(name)).unwrap();
        let profile = mapping.profile.expect(name);
        assert_eq!(profile.value, wanted, "{name}");
        assert!(profile.confidence >= 0.85 && profile.reason.contains("columns"), "{name}: {profile:?}");
    }
    assert!(profile::embedded().iter().all(|profile| profile.matches(&Workbook::default()) == 0.0));
}

#[test]
fn a_workbook_with_nothing_to_import_is_told_in_words() {
    let error = detect(&Workbook::default()).unwrap_err();
    assert!(error.to_string().contains("the file has no sheet"), "{error}");
}

/// The seeds of a form that came out otherwise.
fn failures(form: &'static str) -> Vec<u64> {
    let is_right = |seed: &u64| {
        let made = generate(form, *seed);
        let readings = detect(&made.workbook).map(|mapping| built(&made.workbook, &mapping));
        readings.is_ok_and(|readings| readings.len() == 1 && paths(&readings[0]) == made.paths)
    };
    (0..EACH).filter(|seed| !is_right(seed)).collect()
}

#[test]
fn made_up_sheets_of_every_layout_come_out_as_they_were_meant() {
    // Half of the forms at a time.
    let (some, others) = FORMS.split_at(FORMS.len() / 2);
    let each = |forms: &[&'static str]| -> BTreeMap<&'static str, Vec<u64>> {
        forms.iter().map(|form| (*form, failures(form))).filter(|(_, seeds)| !seeds.is_empty()).collect()
    };
    let wrong = std::thread::scope(|scope| {
        let beside = scope.spawn(|| each(others));
        let mut wrong = each(some);
        wrong.extend(beside.join().unwrap());
        wrong
    });
    let count = FORMS.len() * usize::try_from(EACH).unwrap();
    let failed: usize = wrong.values().map(Vec::len).sum();
    println!("{failed} of {count} made-up sheets came out otherwise: {wrong:?}");
    assert!(failed * 20 <= count, "{failed} of {count}: {wrong:?}");
    assert!(wrong.values().all(|seeds| seeds.len() <= 1), "more than one of {EACH} of a form: {wrong:?}");
}

/// Where somebody has the file.
#[test]
fn levels_of_a_large_workbook_are_told_with_their_codes() {
    let Ok(more) = std::env::var(MORE) else { return };
    let path = Path::new(&more).join("spreadsheets/acara-australian-curriculum-f10.xlsx");
    if path.exists() {
        let mapping = detect(&open(&path)).unwrap();
        let roles: Vec<Role> = mapping.sheets.iter().map(|sheet| sheet.role).collect();
        assert_eq!(roles, [Role::Items, Role::Ignored, Role::Ignored, Role::Items, Role::Ignored]);
        let of = |header: &str| {
            mapping.sheets[0]
                .columns
                .iter()
                .find(|column| column.header == header)
                .map(|column| column.field.value.clone())
        };
        let level = |header: &str| match of(header) {
            Some(Field::LevelColumn(number) | Field::LevelCode(number)) => number,
            other => panic!("{header} is {other:?}"),
        };
        assert!(level("ContentDesc") == level("CdCode") && level("Elaboration") == level("ContentDesc") + 1);
        assert!(level("LearningArea") < level("Subject") && level("Strand") < level("Substrand"));
    }
}
