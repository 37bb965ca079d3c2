//! The columns of a spreadsheet as a form: what each may mean, and what somebody chose, as the
//! corrections that an import takes. Pure.

use std::collections::BTreeMap;

use crate::registry::{ImportChange, ImportDetail, LayoutSheet};
use crate::server::forms::Fields;

/// What the name of a drop-down begins with; number of the sheet and letters of the column follow.
const NAMED: &str = "column";
/// A column that is not read.
const IGNORED: &str = "ignored";

/// What a column of a sheet of items can mean, by what it is about.
const FIELDS: &[(&str, &[&str])] = &[
    (
        "fields-item",
        &[
            "fullStatement",
            "humanCodingScheme",
            "abbreviatedStatement",
            "cfItemType",
            "educationLevel",
            "educationLevelFrom",
            "educationLevelTo",
            "subject",
            "conceptKeywords",
            "notes",
            "alternativeLabel",
            "listEnumeration",
            "language",
            "license",
            "statusStartDate",
            "statusEndDate",
            "identifier",
            "uri",
            "sequenceNumber",
        ],
    ),
    (
        "fields-place",
        &[
            "parentCode",
            "parentIdentifier",
            "parentStatement",
            "smartLevel",
            "level",
            "levelColumn:0",
            "levelColumn:1",
            "levelColumn:2",
            "levelColumn:3",
            "levelColumn:4",
            "levelColumn:5",
        ],
    ),
    (
        "fields-link",
        &[
            "association:isRelatedTo",
            "association:isPeerOf",
            "association:exactMatchOf",
            "association:isPartOf",
            "association:precedes",
            "association:replacedBy",
        ],
    ),
    ("fields-framework", &["document:title", "document:identifier", "document:creator", "document:description"]),
];

/// One value of a drop-down.
pub(super) struct Meaning {
    pub field: String,
    pub is_chosen: bool,
}

/// One column as the form shows it.
pub(super) struct Column {
    /// What the drop-down is called in the form.
    pub name: String,
    pub letters: String,
    pub header: String,
    /// What it was taken for, and why; nothing for a column of which nothing was made.
    pub reason: String,
    /// Whether that is a guess that somebody should look at.
    pub is_unsure: bool,
    /// What it can mean, in groups.
    pub groups: Vec<(&'static str, Vec<Meaning>)>,
    /// Whether it is not read.
    pub is_ignored: bool,
}

/// One sheet as the form shows it.
pub(super) struct Shown<'a> {
    pub sheet: &'a LayoutSheet,
    pub columns: Vec<Column>,
    /// The first rows: number, whether it names the columns, and a text for each column.
    pub rows: Vec<(u32, bool, Vec<&'a str>)>,
}

/// The sheets that have a form: those that are read for items, or all that hold anything where nothing
/// was understood.
pub(super) fn shown(import: &ImportDetail) -> Vec<Shown<'_>> {
    let Some(layout) = &import.spreadsheet else { return Vec::new() };
    let is_items = |sheet: &LayoutSheet| sheet.role.as_deref() == Some("items");
    let any = layout.sheets.iter().any(is_items);
    let is_shown = |sheet: &LayoutSheet| is_items(sheet) || (!any && !sheet.hidden && !sheet.first.is_empty());
    let numbered = layout.sheets.iter().enumerate().filter(|(_, sheet)| is_shown(sheet));
    numbered.map(|(number, sheet)| of_sheet(number, sheet)).collect()
}

/// The letters of every column that is there, in the order of the sheet, with what it means now.
fn meanings(sheet: &LayoutSheet) -> BTreeMap<(usize, String), Option<usize>> {
    let place = |letters: &str| (letters.len(), letters.to_owned());
    let cells = sheet.first.iter().flat_map(|row| &row.cells);
    let mut all: BTreeMap<(usize, String), Option<usize>> = cells.map(|cell| (place(&cell.column), None)).collect();
    for (at, column) in sheet.columns.iter().enumerate() {
        all.entry(place(&column.column)).or_default().get_or_insert(at);
    }
    all
}

fn of_sheet(number: usize, sheet: &LayoutSheet) -> Shown<'_> {
    let all = meanings(sheet);
    let columns = all.iter().map(|((_, letters), at)| {
        let found = at.and_then(|at| sheet.columns.get(at));
        let field = found.map_or(IGNORED, |column| column.field.as_str());
        Column {
            name: format!("{NAMED}.{number}.{letters}"),
            letters: letters.clone(),
            header: found.map(|column| column.header.clone()).unwrap_or_default(),
            reason: found.map(|column| column.reason.clone()).unwrap_or_default(),
            is_unsure: found.is_some_and(|column| column.confidence < 0.7 && column.field != IGNORED),
            groups: groups(field),
            is_ignored: field == IGNORED,
        }
    });
    let rows = sheet.first.iter().map(|row| {
        let text = |letters: &str| row.cells.iter().find(|cell| cell.column == letters).map_or("", |cell| &*cell.text);
        (row.row, Some(row.row) == sheet.header_row, all.keys().map(|(_, letters)| text(letters)).collect())
    });
    Shown { sheet, columns: columns.collect(), rows: rows.collect() }
}

fn groups(chosen: &str) -> Vec<(&'static str, Vec<Meaning>)> {
    let meaning = |field: &str| Meaning { is_chosen: field == chosen, field: field.to_owned() };
    let mut groups: Vec<(&'static str, Vec<Meaning>)> =
        FIELDS.iter().map(|(group, fields)| (*group, fields.iter().map(|field| meaning(field)).collect())).collect();
    let is_listed = chosen == IGNORED || groups.iter().any(|(_, fields)| fields.iter().any(|field| field.is_chosen));
    if !is_listed {
        groups.insert(0, ("fields-found", vec![meaning(chosen)]));
    }
    groups
}

/// What a form asks to be read otherwise than it was.
pub(super) fn change(fields: &Fields, import: &ImportDetail) -> ImportChange {
    let options = &import.import.options;
    let is_checked = |name: &str| Some(fields.all(name).any(|value| value == "true"));
    let mut change = ImportChange {
        delete_missing: is_checked("deleteMissing"),
        move_objects: is_checked("move"),
        ..ImportChange::default()
    };
    if import.spreadsheet.is_none() {
        return change;
    }
    let text = |name: &str| fields.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    change.retire_missing = is_checked("retireMissing");
    change.map = Some(corrections(fields, import, &options.map));
    change.hierarchy = text("hierarchy");
    change.title = text("title");
    change.framework = text("framework");
    change.encoding = text("encoding");
    change.delimiter = text("delimiter");
    change
}

/// The corrections that were made before, and those that are made now.
fn corrections(fields: &Fields, import: &ImportDetail, before: &[String]) -> Vec<String> {
    let mut all = before.to_vec();
    let one_sheet = import.spreadsheet.as_ref().is_some_and(|layout| layout.sheets.len() == 1);
    for shown in shown(import) {
        for column in &shown.columns {
            let chosen = fields.text(&column.name);
            let now = column.groups.iter().flat_map(|(_, fields)| fields).find(|field| field.is_chosen);
            let is_same = now.map_or(IGNORED, |field| field.field.as_str()) == chosen;
            if chosen.is_empty() || is_same {
                continue;
            }
            // A sheet is named only where there is more than one: its name may hold anything.
            let sheet = if one_sheet { String::new() } else { format!("{}!", shown.sheet.sheet) };
            let is_older = |one: &String| one.starts_with(&sheet) && one.ends_with(&format!("={}", column.letters));
            all.retain(|one| !is_older(one));
            all.push(format!("{sheet}{chosen}={}", column.letters));
        }
    }
    all
}
