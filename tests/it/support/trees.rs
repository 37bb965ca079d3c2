//! What a spreadsheet gives when it is read: the tree of its items, and all that is to be compared of
//! them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use casement::case::model::Package;
use casement::case::read::Reading;
use casement::registry::unpack;
use casement::tabular::build::{self, NothingStored};
use casement::tabular::cells::{self, Cell, Kind, Row, Sheet, Workbook};
use casement::tabular::mapping::Mapping;

use super::context;
use super::fixtures::root;

/// The cells of a file, be it packed.
#[track_caller]
pub fn open(path: &Path) -> Workbook {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let bytes = unpack(bytes, 1 << 30).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    cells::read(&name, bytes, &cells::Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The cells of a file in `tests/fixtures/sheets`.
#[track_caller]
pub fn fixture(name: &str) -> Workbook {
    open(&root("tests/fixtures/sheets").join(name))
}

/// The frameworks of a workbook, read by that mapping as if nothing were stored.
#[track_caller]
pub fn built(workbook: &Workbook, mapping: &Mapping) -> Vec<Reading> {
    let options = build::Options { name: "sheet".to_owned(), ..build::Options::default() };
    build::build(workbook, mapping, &options, &mut NothingStored, &context()).unwrap_or_else(|error| panic!("{error}"))
}

/// For each item the statements from the top down to it, in the order of the items.
fn paths_in_order(package: &Package) -> Vec<Vec<&str>> {
    let places = package.associations.iter().filter(|one| one.association_type == "isChildOf");
    let above: HashMap<&str, &str> =
        places.map(|one| (one.origin.identifier.as_str(), one.destination.identifier.as_str())).collect();
    let texts: HashMap<&str, &str> =
        package.items.iter().map(|item| (item.identity.identifier.as_str(), item.full_statement.as_str())).collect();
    let path = |identifier: &str| {
        let mut path = Vec::new();
        let mut here = identifier;
        while let Some(text) = texts.get(here) {
            path.insert(0, *text);
            assert!(path.len() < 50, "a loop at {identifier}");
            here = above.get(here).copied().unwrap_or_default();
        }
        path
    };
    package.items.iter().map(|item| path(&item.identity.identifier)).collect()
}

/// For each item the statements from the top down to it, sorted.
pub fn paths(reading: &Reading) -> Vec<Vec<String>> {
    let all = paths_in_order(&reading.package).into_iter();
    let mut all: Vec<Vec<String>> = all.map(|path| path.into_iter().map(str::to_owned).collect()).collect();
    all.sort();
    all
}

/// How many items are how deep.
pub fn depths(package: &Package) -> Vec<usize> {
    let mut counts = Vec::new();
    for path in paths_in_order(package) {
        counts.resize(counts.len().max(path.len()), 0);
        counts[path.len() - 1] += 1;
    }
    counts
}

/// How many associations there are of each type.
pub fn kinds(package: &Package) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for one in &package.associations {
        *kinds.entry(one.association_type.as_str()).or_default() += 1;
    }
    kinds
}

/// Everything that a layout says of its items and associations, in lines that do not depend on the
/// order of rows, or on identifiers that had to be minted.
pub fn lines(reading: &Reading) -> Vec<String> {
    let package = &reading.package;
    let paths = paths_in_order(package);
    let mut names: HashMap<&str, String> = HashMap::new();
    let mut lines = Vec::new();
    for (item, path) in package.items.iter().zip(&paths) {
        let place = path.join(" > ");
        lines.push(format!(
            "{place} | {:?} | {:?} | {:?} | {:?} | {:?} | {:?} | {:?} | {:?} | {:?}",
            item.human_coding_scheme,
            item.abbreviated_statement,
            item.list_enumeration,
            item.item_type,
            item.education_level,
            item.concept_keywords,
            item.notes,
            item.language,
            item.status_start_date,
        ));
        names.insert(&item.identity.identifier, format!("{:?} {place}", item.human_coding_scheme));
    }
    for one in &package.associations {
        let end = |identifier: &str| names.get(identifier).map_or("elsewhere", String::as_str);
        let (origin, destination) = (end(&one.origin.identifier), end(&one.destination.identifier));
        lines.push(format!("{origin} — {} {:?} — {destination}", one.association_type, one.sequence_number));
    }
    for rubric in package.rubrics.iter().flatten() {
        let criteria = rubric.criteria.iter().flatten();
        let levels: usize = criteria.clone().map(|criterion| criterion.levels.iter().flatten().count()).sum();
        lines.push(format!("rubric {:?}: {} criteria, {levels} levels", rubric.title, criteria.count()));
    }
    lines.sort();
    lines
}

/// Sheets from lines with `|` between the cells; `^` repeats the cell to the left as one merged cell.
pub fn book(sheets: &[(&str, &str)]) -> Workbook {
    let row = |(number, line): (u32, &str)| {
        let mut cells: Vec<Cell> = Vec::new();
        for (column, text) in (0..).zip(line.split('|')) {
            let before = cells.last().map(|cell| cell.text.clone());
            match (text, before) {
                ("^", Some(before)) => {
                    if let Some(cell) = cells.last_mut() {
                        cell.kind = Kind::Merged;
                    }
                    cells.push(Cell { column, text: before, kind: Kind::Merged });
                }
                _ if text.trim().is_empty() => {}
                _ => cells.push(Cell { column, text: text.trim_end().replace('¶', "\n"), kind: Kind::Text }),
            }
        }
        Row { number, cells }
    };
    let sheet = |(name, text): &(&str, &str)| Sheet {
        name: name.trim_start_matches('~').to_owned(),
        hidden: name.starts_with('~'),
        rows: (1..).zip(text.trim_start_matches('\n').lines()).map(row).filter(|row| !row.cells.is_empty()).collect(),
    };
    Workbook { sheets: sheets.iter().map(sheet).collect(), ..Workbook::default() }
}
