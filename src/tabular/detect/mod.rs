//! From a workbook to the way to read it, by looking: where the tables are, what the columns mean,
//! how the hierarchy is written. Goes by what is in the cells, never by the name of a file or a layout
//! that is known by heart (that is what profiles are for). The same workbook always gives the same.

mod asides;
mod columns;
mod document;
mod header;
mod hierarchy;
mod items;
mod levels;
mod names;
mod shape;
mod sheets;

use crate::tabular::cells::{Sheet, Workbook};
use crate::tabular::mapping::{ColumnMapping, Field, Guess, Hierarchy, Mapping, Role, SheetMapping};

use header::Table;
use sheets::Part;

pub(crate) use columns::left_over;
pub(crate) use document::property;
pub(crate) use header::{Head, Table as FoundTable};
pub(crate) use names::{distance, key};
pub(crate) use shape::to_f64;

/// There is nothing in the workbook that could be read as items, associations or rubrics.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no sheet holds a table of items: {0}")]
pub struct NoTable(String);

/// Finds out how a workbook is read.
///
/// # Errors
///
/// [`NoTable`] when no sheet has anything to import, with what was found in each.
pub fn detect(workbook: &Workbook) -> Result<Mapping, NoTable> {
    let visible = workbook.sheets.iter().filter(|sheet| !sheet.rows.is_empty() && !sheet.hidden).count();
    let tables: Vec<Table<'_>> = workbook.sheets.iter().map(Table::find).collect();
    // A text by accident, or a page that says “not found”: nobody has a framework of one line.
    if workbook.sheets.iter().map(|sheet| sheet.rows.len()).sum::<usize>() == 1
        && tables.iter().all(|table| table.header.is_none())
    {
        return Err(NoTable("there is one line, and it names no columns".to_owned()));
    }
    let alone = workbook.sheets.iter().filter(|sheet| !sheet.rows.is_empty()).count() <= 1;
    let mut parts: Vec<Part> = tables.iter().map(|table| sheets::part(table, alone)).collect();
    let content = |part: &Part| matches!(part.role, Role::Items | Role::Associations | Role::Rubrics);
    if !parts.iter().any(content) {
        // What looked like notes is all there is.
        for (part, table) in parts.iter_mut().zip(&tables) {
            if part.role != Role::Document && part.role != Role::DocumentPairs && !table.sheet.rows.is_empty() {
                *part = sheets::part(table, true);
            }
        }
    }
    if !parts.iter().any(content) {
        return Err(NoTable(why_not(&workbook.sheets, &parts)));
    }
    for (part, sheet) in parts.iter_mut().zip(&workbook.sheets) {
        if sheet.hidden && visible > 0 && part.role == Role::Items {
            *part = Part { role: Role::Ignored, reason: "the sheet is hidden".to_owned(), constant: None };
        }
    }
    let mut mapping = Mapping::default();
    for (table, part) in tables.iter().zip(parts) {
        mapping.sheets.push(sheet_mapping(table, part));
    }
    items::across(&tables, &mut mapping);
    mapping.document = framework(tables.iter().zip(mapping.sheets.iter().map(|sheet| sheet.role)));
    Ok(mapping)
}

/// The hierarchy of a table of items, by what is in its cells.
pub(crate) fn hierarchy_of(table: &Table<'_>) -> Guess<Hierarchy> {
    let part = Part { role: Role::Items, reason: String::new(), constant: None };
    sheet_mapping(table, part).hierarchy
}

fn why_not(sheets: &[Sheet], parts: &[Part]) -> String {
    if sheets.is_empty() {
        return "the file has no sheet".to_owned();
    }
    let each = sheets.iter().zip(parts).map(|(sheet, part)| format!("\"{}\": {}", sheet.name, part.reason));
    each.collect::<Vec<_>>().join("; ")
}

/// What is said of the framework outside of tables; a title that each sheet has its own of is none.
pub(crate) fn framework<'a, 'b: 'a>(tables: impl Iterator<Item = (&'a Table<'b>, Role)>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut titles: Vec<String> = Vec::new();
    let mut has_sheet = false;
    for (table, role) in tables {
        if matches!(role, Role::Ignored | Role::Document | Role::DocumentPairs) {
            has_sheet |= role != Role::Ignored;
            continue;
        }
        for (name, text) in document::above(table) {
            if name == "title" {
                titles.push(text.clone());
            }
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, text));
            }
        }
    }
    if titles.windows(2).any(|pair| pair[0] != pair[1]) || has_sheet {
        found.retain(|(name, _)| name != "title");
    }
    found
}

/// What stands of the framework around the tables of a mapping.
pub(crate) fn said(mapping: &Mapping, workbook: &Workbook) -> Vec<(String, String)> {
    let tables = mapping.sheets.iter().filter_map(|read| {
        let sheet = workbook.sheets.iter().find(|sheet| sheet.name == read.sheet)?;
        let place = |row: u32| sheet.rows.iter().position(|one| one.number >= row);
        let head = match read.header_row.and_then(place) {
            Some(at) => Head::below(sheet, at),
            None => Head::none(place(read.first_row).unwrap_or(sheet.rows.len())),
        };
        Some((Table::at(sheet, head), read.role))
    });
    let tables: Vec<_> = tables.collect();
    framework(tables.iter().map(|(table, role)| (table, *role)))
}

fn sheet_mapping(table: &Table<'_>, part: Part) -> SheetMapping {
    let mut sheet = SheetMapping {
        sheet: table.sheet.name.clone(),
        role: part.role,
        header_row: table.header.map(|at| table.number(at)),
        first_row: table.number(table.first),
        columns: Vec::new(),
        hierarchy: Guess { value: Hierarchy::Flat, confidence: 1.0, reason: "the sheet has no items".to_owned() },
        constants: part.constant.into_iter().collect(),
        asides: Vec::new(),
        reason: part.reason,
    };
    match part.role {
        Role::Items => {
            sheet.asides.clone_from(&table.asides);
            items::read(table, &mut sheet);
        }
        Role::Associations => {
            let mut guesses = columns::assign(table, names::Table::Associations);
            name_ends(table, &mut guesses);
            sheet.columns = plain(table, guesses);
        }
        Role::Rubrics => sheet.columns = plain(table, columns::assign(table, names::Table::Rubrics)),
        Role::Definitions => sheet.columns = plain(table, columns::assign(table, names::Table::Definitions)),
        Role::Document => sheet.columns = plain(table, columns::assign(table, names::Table::Document)),
        Role::DocumentPairs => {
            // The first row is a pair like the others, unless it says "Property", "Value".
            let titled = table
                .sheet
                .rows
                .first()
                .and_then(|row| row.cells.first())
                .is_some_and(|cell| document::property(&cell.text, 0.9).is_none());
            let number = |at: usize| table.number(at);
            sheet.header_row = titled.then(|| number(0));
            sheet.first_row = number(usize::from(titled));
        }
        Role::Ignored => {
            sheet.header_row = None;
            sheet.first_row = table.number(0);
        }
    }
    sheet
}

/// Each column with its one meaning.
fn plain(table: &Table<'_>, guesses: Vec<Guess<Field>>) -> Vec<ColumnMapping> {
    table
        .columns
        .iter()
        .zip(guesses)
        .map(|(column, field)| ColumnMapping {
            column: column.index,
            header: column.header.clone(),
            separator: columns::separator(&field.value, &column.shape),
            field,
        })
        .collect()
}

/// The ends of associations that the names left open.
fn name_ends(table: &Table<'_>, guesses: &mut [Guess<Field>]) {
    let has = |guesses: &[Guess<Field>], wanted: &[Field]| guesses.iter().any(|guess| wanted.contains(&guess.value));
    let origins = [Field::OriginUri, Field::OriginIdentifier, Field::OriginCode];
    let destinations = [Field::DestinationUri, Field::DestinationIdentifier, Field::DestinationCode];
    if (!has(guesses, &origins) || !has(guesses, &destinations))
        && let Some((origin, destination)) = sheets::crossed(table)
    {
        let end = |at: usize, identifier: Field, uri: Field, code: Field| {
            let shape = &table.columns[at].shape;
            if shape.uuid >= 0.9 {
                identifier
            } else if shape.url >= 0.9 {
                uri
            } else {
                code
            }
        };
        guesses[origin] = Guess {
            value: end(origin, Field::OriginIdentifier, Field::OriginUri, Field::OriginCode),
            confidence: 0.7,
            reason: "the first of two columns of codes".to_owned(),
        };
        guesses[destination] = Guess {
            value: end(destination, Field::DestinationIdentifier, Field::DestinationUri, Field::DestinationCode),
            confidence: 0.7,
            reason: "the second of two columns of codes".to_owned(),
        };
        for (at, field) in [(origin, Field::OriginStatement), (destination, Field::DestinationStatement)] {
            let text =
                table.columns.get(at + 1).is_some_and(|column| column.shape.is_text() && column.shape.code < 0.8);
            if text && !has(guesses, std::slice::from_ref(&field)) {
                guesses[at + 1] =
                    Guess { value: field, confidence: 0.6, reason: "the text beside the code".to_owned() };
            }
        }
    }
    if !has(guesses, &origins)
        && let Some(guess) = guesses.iter_mut().find(|guess| guess.value == Field::Identifier)
    {
        guess.value = Field::OriginIdentifier;
        guess.reason.push_str("; nothing else names the origin");
    }
    // An end whose column is full of addresses or UUIDs is that, whatever it is called.
    for (column, guess) in table.columns.iter().zip(guesses) {
        let (uuid, url, code) = (
            column.shape.uuid >= 0.8,
            column.shape.url >= 0.8,
            column.shape.filled > 0 && column.shape.uuid < 0.2 && column.shape.url < 0.2 && column.shape.code >= 0.8,
        );
        let value = match &guess.value {
            Field::OriginUri | Field::OriginIdentifier | Field::OriginCode => {
                (Field::OriginIdentifier, Field::OriginUri, Field::OriginCode)
            }
            Field::DestinationUri | Field::DestinationIdentifier | Field::DestinationCode => {
                (Field::DestinationIdentifier, Field::DestinationUri, Field::DestinationCode)
            }
            _ => continue,
        };
        let better = if uuid {
            value.0
        } else if url {
            value.1
        } else if code && guess.confidence < 0.99 && guess.value == value.1 {
            value.2
        } else {
            continue;
        };
        guess.value = better;
    }
}
