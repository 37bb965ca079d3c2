//! Our own layout on a workbook. Goes by the names of the sheets and by their first rows alone: what
//! is below may look like anything, and no column has to be guessed.

use super::{ColumnProfile, Profile, SheetProfile};
use crate::tabular::cells::{Row, Sheet, Workbook};
use crate::tabular::detect::key;
use crate::tabular::mapping::{ColumnMapping, Field, Guess, Hierarchy, Mapping, Role, SheetMapping};

impl Profile {
    /// How the workbook is read, if the profile is that of our own layout and the workbook has its
    /// sheets. Others are not read.
    pub(crate) fn own(&self, workbook: &Workbook) -> Option<Mapping> {
        if !self.exact {
            return None;
        }
        let sheets = workbook.sheets.iter().map(|sheet| (sheet, self.sheets.iter().find(|one| is_of(one, sheet))));
        let sheets: Vec<(&Sheet, Option<&SheetProfile>)> = sheets.collect();
        let found = |one: &SheetProfile| {
            sheets.iter().filter_map(|(_, profile)| *profile).any(|profile| std::ptr::eq(profile, one))
        };
        if self.sheets.iter().any(|one| !one.optional && !found(one)) {
            return None;
        }
        let reason = format!("the profile {} says so", self.name);
        let sheets = sheets.into_iter().map(|(sheet, profile)| mapping(sheet, profile, &reason)).collect();
        Some(Mapping {
            profile: Some(Guess::given(self.name.clone())),
            document: self.document.clone(),
            exact: true,
            sheets,
        })
    }
}

fn is_of(profile: &SheetProfile, sheet: &Sheet) -> bool {
    let Some(header) = sheet.rows.first() else { return false };
    let has = |name: &String| header.cells.iter().any(|cell| key(&cell.text) == key(name));
    profile.names.iter().any(|name| key(name) == key(&sheet.name)) && profile.required.iter().all(has)
}

fn mapping(sheet: &Sheet, profile: Option<&SheetProfile>, reason: &str) -> SheetMapping {
    let header = sheet.rows.first().filter(|_| profile.is_some());
    let number = sheet.rows.first().map_or(1, |row| row.number);
    SheetMapping {
        sheet: sheet.name.clone(),
        role: profile.map_or(Role::Ignored, |profile| profile.role),
        header_row: header.map(|row| row.number),
        first_row: if header.is_some() { number + 1 } else { number },
        columns: profile.zip(header).map_or_else(Vec::new, |(profile, header)| columns(profile, header)),
        hierarchy: Guess::given(profile.and_then(|profile| profile.hierarchy).unwrap_or(Hierarchy::Flat)),
        constants: Vec::new(),
        asides: Vec::new(),
        reason: if profile.is_some() { reason.to_owned() } else { "no sheet of ours has this name".to_owned() },
    }
}

/// What each column is: one that the profile does not list is an extension of items. A column with
/// the header of the one before it goes on with its cells.
fn columns(profile: &SheetProfile, header: &Row) -> Vec<ColumnMapping> {
    let known: Vec<(String, &ColumnProfile)> =
        profile.columns.iter().flat_map(|column| column.names.iter().map(move |name| (key(name), column))).collect();
    let mut all: Vec<ColumnMapping> = Vec::with_capacity(header.cells.len());
    for cell in &header.cells {
        let name = key(&cell.text);
        let listed = known.iter().find(|(known, _)| *known == name).map(|(_, column)| *column);
        let goes_on = |before: &&ColumnMapping| before.column + 1 == cell.column && before.header == cell.text;
        let taken = |field: &Field| all.iter().any(|column| column.field.value == *field);
        let field = match (all.last().filter(goes_on), listed) {
            (Some(before), _) => before.field.value.clone(),
            (None, Some(column)) if !taken(&column.field) => column.field.clone(),
            (None, _) if profile.role == Role::Items => Field::Extension(cell.text.trim().to_owned()),
            (None, _) => Field::Ignored,
        };
        let separator = listed.and_then(|column| column.separator);
        let header = cell.text.clone();
        all.push(ColumnMapping { column: cell.column, header, field: Guess::given(field), separator });
    }
    all
}
