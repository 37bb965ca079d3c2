//! Real spreadsheets against the answers that were counted in their cells, read without being told
//! anything; and again with their columns in another order, under headers in another spelling, with
//! blank rows between, and saved as files of other formats, which must not change a thing.

use std::path::{Path, PathBuf};

use casement::case::read::Reading;
use casement::registry::{SheetRequest, open_sheet, unpack};
use casement::tabular::cells::{Sheet, Workbook};
use casement::tabular::detect::detect;
use casement::tabular::mapping::{Mapping, Role};

use crate::support::fixtures::{MORE, root};
use crate::support::layouts::Dice;
use crate::support::saved::SavedAs;
use crate::support::trees::{built, depths, fixture, lines};

/// A file with how many items are how deep, and how many associations do not say so.
struct Answer(&'static str, &'static [usize], usize);

const ELA: &[usize] = &[12, 65, 211, 488, 413];

/// Files in the repository; `SOURCES.md` beside them says how they were counted.
const OURS: &[Answer] = &[
    Answer("opensalt-ccsso-ela.xlsx", ELA, 0),
    Answer("opensalt-testing-genA.xlsx", ELA, 0),
    Answer("opensalt-sample-genC.xlsx", &[1, 2, 1], 6),
    Answer("opensalt-import-sample.xlsx", &[1, 2, 1], 6),
    Answer("opensalt-sample-genB-noassoc.xlsx", &[1, 2, 1], 0),
    Answer("opensalt-sample-case.csv", &[1, 2, 3, 2, 2], 4),
    Answer("opensalt-children-sample-old.csv", &[1, 2, 3, 2, 2], 5),
    Answer("opensalt-children-test-2.csv", &[1, 2], 0),
    Answer("opensalt-children-test-3.csv", &[1, 2], 0),
    Answer("opensalt-children-test-4.csv", &[1, 2], 0),
    Answer("opensalt-test-children.csv", &[1, 2, 1], 0),
    Answer("opensalt-children-abbreviatedStatement-crlf.csv", &[1], 0),
    Answer("opensalt-test-abbreviatedStatementLimit.csv", &[1], 0),
    Answer("opensalt-test-sequenceNumber.csv", &[2], 0),
    Answer("opensalt-test-test_items.csv", &[99], 0),
    Answer("opensalt-parent-column.csv", &[1, 1, 2, 2, 2], 9),
    Answer("opensalt-us-grades.csv", &[28], 0),
    Answer("compeito-framework.csv", &[5, 10, 21], 0),
    Answer("compeito-rubrics.csv", &[], 0),
    Answer("content-model-reference.xlsx", &[6, 24, 70, 254, 158, 74, 41], 0),
    Answer("osmt-Skills-Import.csv", &[1, 2], 2),
    Answer("cass-software-engineering-competencies.csv", &[32], 0),
    Answer("digCompSkillsCollection_en.csv", &[25], 47),
    Answer("researchSkillsCollection_en.csv", &[40], 54),
];

/// Files that somebody may have in the folder of `CASEMENT_TEST_DATA`.
const THEIRS: &[Answer] = &[
    Answer("opensalt-ccsso-ela-items.csv", ELA, 0),
    Answer("opensalt-ccsso-ela-items-macroman.csv", ELA, 0),
    Answer("opensalt-children-abbreviatedStatementLimit-crlf.csv", &[1], 0),
    Answer("opensalt-test-abbreviatedStatement.csv", &[1], 0),
    Answer("osmt-oNet-Import.csv", &[1016], 0),
];

/// Larger ones, of which only the number of items is known.
const COUNTED: &[(&str, usize)] = &[
    ("osmt-BLS-Import.csv", 1447),
    ("nice_tasks.csv", 1003),
    ("greenSkillsCollection_en.csv", 591),
    ("digitalSkillsCollection_en.csv.gz", 1284),
    ("transversalSkillsCollection_en.csv", 95),
    ("occupation-data.xlsx", 1016),
    ("skillGroups_en.csv", 640),
    ("skillsHierarchy_en.csv", 640),
];

fn theirs(name: &str) -> Option<PathBuf> {
    let more = std::env::var(MORE).ok()?;
    let folders = ["spreadsheets", "frameworks/onet-29.2", "frameworks/esco-1.2.0", "frameworks/nice-2017", ""];
    folders.iter().map(|folder| Path::new(&more).join(folder).join(name)).find(|path| path.exists())
}

/// What a person gets who imports the file without an option.
fn read(name: &str, bytes: Vec<u8>) -> Result<(Workbook, Mapping, Vec<Reading>), String> {
    let request = SheetRequest { name: name.to_owned(), ..SheetRequest::default() };
    let opened = open_sheet(unpack(bytes, 1 << 30).unwrap(), &request).map_err(|error| error.to_string())?;
    let readings = built(&opened.workbook, &opened.mapping);
    Ok((opened.workbook, opened.mapping, readings))
}

/// A name in words and as one: `fullStatement` and `full_statement` are `full Statement`.
fn spaced(header: &str) -> String {
    let mut spaced = String::new();
    let mut before = ' ';
    for c in header.replace('_', " ").chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(c);
        before = c;
    }
    spaced
}

fn renamed(header: &str, style: usize) -> String {
    match style {
        0 => header.to_uppercase(),
        1 => header.to_lowercase(),
        2 => spaced(header).to_lowercase().replace(' ', "_"),
        3 => spaced(header).replace(' ', "  ").to_uppercase(),
        _ => format!(" {} ", spaced(header)),
    }
}

/// A sheet from its header down with the columns in another order, the header in another spelling, and
/// blank rows between.
fn disturb(sheet: &mut Sheet, header: u32, seed: u64) {
    let mut dice = Dice::new(seed);
    let width = sheet.rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.column + 1)).max().unwrap_or(0);
    let mut order: Vec<u32> = (0..width).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, dice.below(at + 1));
    }
    let style = dice.below(5);
    let mut gap = 0;
    for row in sheet.rows.iter_mut().filter(|row| row.number >= header) {
        let is_header = row.number == header;
        gap += u32::from(!is_header && dice.chance(15));
        row.number += gap;
        for cell in &mut row.cells {
            cell.column = order[usize::try_from(cell.column).unwrap()];
            if is_header {
                cell.text = renamed(&cell.text, style);
            }
        }
        row.cells.sort_by_key(|cell| cell.column);
    }
}

fn disturbed(workbook: &Workbook, mapping: &Mapping, seed: u64) -> Workbook {
    let mut workbook = workbook.clone();
    for (sheet, read) in workbook.sheets.iter_mut().zip(&mapping.sheets) {
        if let Some(header) = read.header_row.filter(|_| read.role != Role::Ignored) {
            disturb(sheet, header, seed);
        }
    }
    workbook
}

#[derive(Default)]
struct Findings {
    wrong: Vec<String>,
    tried: usize,
}

impl Findings {
    /// Reads a variant and compares it with what the file itself gave.
    fn compare(&mut self, what: &str, file: &str, bytes: Vec<u8>, expected: &[Vec<String>]) {
        self.tried += 1;
        match read(file, bytes) {
            Err(error) => self.wrong.push(format!("{what}: {error}")),
            Ok((_, mapping, readings)) => {
                let found: Vec<Vec<String>> = readings.iter().map(lines).collect();
                if found == expected {
                    return;
                }
                let (found, expected) = (found.concat(), expected.concat());
                let odd = found.iter().find(|line| !expected.contains(line));
                let gone = expected.iter().find(|line| !found.contains(line));
                let by = mapping.profile.map(|profile| profile.value);
                self.wrong.push(format!(
                    "{what}, by {by:?}: {} lines for {}: {odd:?} for {gone:?}",
                    found.len(),
                    expected.len()
                ));
            }
        }
    }

    fn check(&mut self, answer: &Answer, path: &Path, seeds: std::ops::Range<u64>) {
        let Answer(name, levels, links) = answer;
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"));
        self.tried += 1;
        let (workbook, mapping, readings) = match read(name, bytes) {
            Ok(read) => read,
            Err(error) => return self.wrong.push(format!("{name}: {error}")),
        };
        let [reading] = readings.as_slice() else {
            return self.wrong.push(format!("{name}: {} frameworks", readings.len()));
        };
        let package = &reading.package;
        let others = package.associations.iter().filter(|one| one.association_type != "isChildOf").count();
        if depths(package) != *levels || others != *links {
            let found = (depths(package), others);
            return self.wrong.push(format!("{name}, by {:?}: {found:?} for {levels:?}, {links}", mapping.profile));
        }
        let expected = [lines(reading)];
        for seed in seeds {
            let variant = disturbed(&workbook, &mapping, seed);
            let format = SavedAs::ALL[usize::try_from(seed).unwrap() % SavedAs::ALL.len()];
            let (format, bytes) = match format.save(&variant) {
                Some(bytes) => (format, bytes),
                None => (SavedAs::Xlsx, SavedAs::Xlsx.save(&variant).unwrap()),
            };
            self.compare(&format!("{name}, order {seed}, as {format:?}"), name, bytes, &expected);
        }
    }

    #[track_caller]
    fn report(self) {
        assert!(self.wrong.is_empty(), "{} of {}:\n{}", self.wrong.len(), self.tried, self.wrong.join("\n"));
    }
}

/// Seeds of variants, each in a format of its own; large files are tried in fewer ways.
fn seeds(path: &Path) -> std::ops::Range<u64> {
    let large = path.metadata().is_ok_and(|data| data.len() > 20_000);
    if large { 1..2 } else { 4..8 }
}

#[test]
fn files_give_their_counted_answers_however_they_are_saved() {
    let mut findings = Findings::default();
    for answer in OURS {
        let path = root("tests/fixtures/sheets").join(answer.0);
        findings.check(answer, &path, seeds(&path));
    }
    findings.report();
}

#[test]
fn files_that_somebody_has_give_their_answers_too() {
    let mut findings = Findings::default();
    for answer in THEIRS {
        if let Some(path) = theirs(answer.0) {
            findings.check(answer, &path, seeds(&path));
        }
    }
    for (name, count) in COUNTED {
        let Some(path) = theirs(name) else { continue };
        let (workbook, mapping, readings) = read(name, std::fs::read(path).unwrap()).unwrap();
        let found: usize = readings.iter().map(|reading| reading.package.items.len()).sum();
        assert_eq!(found, *count, "{name}");
        let expected: Vec<Vec<String>> = readings.iter().map(lines).collect();
        let variant = SavedAs::Xlsx.save(&disturbed(&workbook, &mapping, 1)).unwrap();
        findings.compare(name, name, variant, &expected);
    }
    findings.report();
}

#[test]
fn files_give_their_answers_by_looking_alone() {
    let mut wrong = Vec::new();
    for Answer(name, levels, _) in OURS.iter().filter(|answer| !answer.1.is_empty()) {
        let workbook = fixture(name);
        let mapping = detect(&workbook).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(detect(&workbook).as_ref(), Ok(&mapping), "{name} is not always read the same");
        let found: Vec<Vec<usize>> = built(&workbook, &mapping).iter().map(|one| depths(&one.package)).collect();
        if found != [levels.to_vec()] {
            wrong.push(format!("{name}: {found:?} for {levels:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
