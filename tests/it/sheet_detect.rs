//! Layouts found by looking: real files against their counted answers, also after their columns
//! moved, and made-up sheets of every layout, of which a share must come out exactly.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use casement::case::read::Reading;
use casement::registry::unpack;
use casement::tabular::build::{self, NothingStored};
use casement::tabular::cells::{self, Row, Workbook};
use casement::tabular::detect::detect;
use casement::tabular::mapping::{Field, Hierarchy, Mapping, Role};
use casement::tabular::{layout, profile};

use crate::support::context;
use crate::support::fixtures::{MORE, root};
use crate::support::layouts::{Dice, FORMS, generate};

/// The share of made-up sheets that must come out exactly.
const SHARE: f64 = 0.95;
/// Sheets of each form with fixed seeds, and with seeds of the day.
const FIXED: u64 = 25;
const FRESH: u64 = 5;

fn open(path: PathBuf) -> Workbook {
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let bytes = unpack(bytes, 1 << 30).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    cells::read(&name, bytes, &cells::Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn fixture(name: &str) -> Workbook {
    open(root("tests/fixtures/sheets").join(name))
}

fn built(workbook: &Workbook, mapping: &Mapping) -> Vec<Reading> {
    let options = build::Options { name: "sheet".to_owned(), ..build::Options::default() };
    build::build(workbook, mapping, &options, &mut NothingStored, &context()).unwrap_or_else(|error| panic!("{error}"))
}

/// For each item the statements from the top down to it, sorted.
fn paths(reading: &Reading) -> Vec<Vec<String>> {
    let package = &reading.package;
    let child = |one: &&casement::case::model::Association| one.association_type == "isChildOf";
    let above: HashMap<&str, &str> = package
        .associations
        .iter()
        .filter(child)
        .map(|one| (one.origin.identifier.as_str(), one.destination.identifier.as_str()))
        .collect();
    let texts: HashMap<&str, &str> =
        package.items.iter().map(|item| (item.identity.identifier.as_str(), item.full_statement.as_str())).collect();
    let path = |identifier: &str| {
        let mut path = Vec::new();
        let mut here = identifier.to_owned();
        while let Some(text) = texts.get(here.as_str()) {
            path.insert(0, (*text).to_owned());
            assert!(path.len() < 50, "a loop at {identifier}");
            here = above.get(here.as_str()).map(|above| (*above).to_owned()).unwrap_or_default();
        }
        path
    };
    let mut all: Vec<Vec<String>> = package.items.iter().map(|item| path(&item.identity.identifier)).collect();
    all.sort();
    all
}

/// How many items are how deep.
fn depths(workbook: &Workbook, mapping: &Mapping) -> Vec<usize> {
    let mut counts = Vec::new();
    for path in built(workbook, mapping).iter().flat_map(paths) {
        counts.resize(counts.len().max(path.len()), 0);
        counts[path.len() - 1] += 1;
    }
    counts
}

/// The workbook with the columns of each sheet in another order, its headers loud, and rows apart.
fn shuffled(workbook: &Workbook, seed: u64) -> Workbook {
    let mut dice = Dice::new(seed);
    let mut workbook = workbook.clone();
    for sheet in &mut workbook.sheets {
        let width = sheet.rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.column + 1)).max().unwrap_or(0);
        let mut order: Vec<u32> = (0..width).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, dice.below(at + 1));
        }
        let mut gap = 0;
        for (index, row) in sheet.rows.iter_mut().enumerate() {
            let Row { number, cells } = row;
            gap += u32::from(dice.chance(10));
            *number += gap;
            for cell in cells.iter_mut() {
                cell.column = order[usize::try_from(cell.column).unwrap()];
                if index == 0 {
                    cell.text = cell.text.to_uppercase().replace('_', " ");
                }
            }
            cells.sort_by_key(|cell| cell.column);
        }
    }
    workbook
}

const ANSWERS: [(&str, &[usize]); 17] = [
    ("opensalt-ccsso-ela.xlsx", &[12, 65, 211, 488, 413]),
    ("opensalt-testing-genA.xlsx", &[12, 65, 211, 488, 413]),
    ("opensalt-sample-genC.xlsx", &[1, 2, 1]),
    ("opensalt-import-sample.xlsx", &[1, 2, 1]),
    ("opensalt-sample-genB-noassoc.xlsx", &[1, 2, 1]),
    ("opensalt-children-test-2.csv", &[1, 2]),
    ("opensalt-children-test-3.csv", &[1, 2]),
    ("opensalt-children-test-4.csv", &[1, 2]),
    ("opensalt-test-children.csv", &[1, 2, 1]),
    ("opensalt-test-test_items.csv", &[99]),
    ("opensalt-parent-column.csv", &[1, 1, 2, 2, 2]),
    ("opensalt-us-grades.csv", &[23]),
    ("compeito-framework.csv", &[5, 10, 21]),
    ("content-model-reference.xlsx", &[6, 24, 82, 187, 328]),
    ("osmt-Skills-Import.csv", &[1, 2]),
    ("digCompSkillsCollection_en.csv", &[25]),
    ("researchSkillsCollection_en.csv", &[40]),
];

#[test]
fn real_files_give_their_counted_answers_by_looking_alone() {
    for (name, answer) in ANSWERS {
        let workbook = fixture(name);
        let mapping = detect(&workbook).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(depths(&workbook, &mapping), answer, "{name}");
        let again = detect(&workbook).unwrap();
        assert_eq!(again, mapping, "{name} is not always read the same");
    }
}

#[test]
fn real_files_give_their_answers_with_profiles_too() {
    for (name, answer) in ANSWERS {
        let workbook = fixture(name);
        let mapping = layout(&workbook).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(depths(&workbook, &mapping), answer, "{name} by {:?}", mapping.profile);
    }
}

#[test]
fn columns_in_another_order_under_loud_names_give_the_same_answers() {
    // The `#key,value` lines of compeito's file are no header.
    for (name, answer) in ANSWERS.iter().filter(|(name, _)| *name != "compeito-framework.csv") {
        for seed in 1..4 {
            let workbook = shuffled(&fixture(name), seed);
            let mapping = detect(&workbook).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(depths(&workbook, &mapping), *answer, "{name}, order {seed}");
        }
    }
}

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
        assert_eq!(mapping.profile.as_deref(), Some(wanted), "{name}");
    }
    assert!(profile::embedded().iter().all(|profile| profile.matches(&Workbook::default()) == 0.0));
}

#[test]
fn a_workbook_with_nothing_to_import_is_told_in_words() {
    let error = detect(&Workbook::default()).unwrap_err();
    assert!(error.to_string().contains("the file has no sheet"), "{error}");
}

/// What came out otherwise, by form.
fn failures(seeds: impl Iterator<Item = u64> + Clone) -> (usize, BTreeMap<&'static str, Vec<u64>>) {
    let mut wrong: BTreeMap<&'static str, Vec<u64>> = BTreeMap::new();
    let mut count = 0;
    for form in FORMS {
        for seed in seeds.clone() {
            let made = generate(form, seed);
            count += 1;
            let readings = detect(&made.workbook).map(|mapping| built(&made.workbook, &mapping));
            let right = readings.is_ok_and(|readings| readings.len() == 1 && paths(&readings[0]) == made.paths);
            if !right {
                wrong.entry(made.form).or_default().push(seed);
            }
        }
    }
    (count, wrong)
}

#[test]
fn made_up_sheets_of_every_layout_come_out_as_they_were_meant() {
    let fresh = u64::from(std::process::id()) << 20;
    let (count, wrong) = failures((0..FIXED).chain(fresh..fresh + FRESH));
    let failed: usize = wrong.values().map(Vec::len).sum();
    let share = 1.0 - f64::from(u32::try_from(failed).unwrap()) / f64::from(u32::try_from(count).unwrap());
    println!("{:.1} of 100 of {count} made-up sheets came out exactly; the others: {wrong:?}", share * 100.0);
    assert!(share >= SHARE, "only {share:.3} of {count}; the others: {wrong:?}");
    for (form, seeds) in &wrong {
        let all = usize::try_from(FIXED + FRESH).unwrap();
        assert!(seeds.len() * 4 <= all, "{form}: {seeds:?} of {all}");
    }
}

/// The large real files, where somebody has them.
#[test]
fn larger_real_files_give_their_answers() {
    let Ok(more) = std::env::var(MORE) else { return };
    let find = |name: &str| {
        ["spreadsheets", "frameworks/onet-29.2", "frameworks/esco-1.2.0", "frameworks/nice-2017", ""]
            .iter()
            .map(|folder| PathBuf::from(&more).join(folder).join(name))
            .find(|path| path.exists())
    };
    let flat = [
        ("nice_tasks.csv", 1003),
        ("greenSkillsCollection_en.csv", 591),
        ("digitalSkillsCollection_en.csv.gz", 1284),
        ("transversalSkillsCollection_en.csv", 95),
        ("occupation-data.xlsx", 1016),
        ("osmt-oNet-Import.csv", 1016),
    ];
    for (name, count) in flat {
        let Some(path) = find(name) else { continue };
        let workbook = open(path);
        let mapping = detect(&workbook).unwrap();
        assert_eq!(depths(&workbook, &mapping).iter().sum::<usize>(), count, "{name}");
    }
    for name in ["opensalt-ccsso-ela-items.csv", "opensalt-ccsso-ela-items-macroman.csv"] {
        let Some(path) = find(name) else { continue };
        let workbook = open(path);
        assert_eq!(depths(&workbook, &detect(&workbook).unwrap()), [12, 65, 211, 488, 413], "{name}");
    }
    for (name, count) in [("osmt-BLS-Import.csv", 1447), ("skillGroups_en.csv", 640), ("skillsHierarchy_en.csv", 640)] {
        let Some(path) = find(name) else { continue };
        let workbook = open(path);
        assert_eq!(depths(&workbook, &detect(&workbook).unwrap()).iter().sum::<usize>(), count, "{name}");
    }
    if let Some(path) = find("acara-australian-curriculum-f10.xlsx") {
        let mapping = detect(&open(path)).unwrap();
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
