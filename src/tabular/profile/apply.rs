//! A profile on a workbook: whether it is of this layout, and the mapping that comes of it.

use super::{Others, Profile, SheetProfile};
use crate::tabular::cells::{Sheet, Workbook};
use crate::tabular::detect::{self, FoundTable, key};
use crate::tabular::mapping::{ColumnMapping, Field, Guess, Hierarchy, Mapping, Role, SheetMapping};

/// A sheet with what the profile says of it.
struct Match<'p, 'w> {
    profile: &'p SheetProfile,
    table: FoundTable<'w>,
}

impl Profile {
    /// How well the workbook is of this layout, from 0 (it is not) to 1 (nothing is left over).
    #[must_use]
    pub fn matches(&self, workbook: &Workbook) -> f64 {
        let found = self.find(workbook);
        let missing = |sheet: &&SheetProfile| {
            !sheet.optional
                && sheet.role != Role::Ignored
                && !found.iter().flatten().any(|one| std::ptr::eq(one.profile, *sheet))
        };
        // By place alone everything would fit.
        let known = self.sheets.iter().any(|sheet| !sheet.names.is_empty() || !sheet.required.is_empty());
        if !known || self.sheets.iter().any(|sheet| missing(&sheet)) {
            return 0.0;
        }
        let (mut columns, mut listed) = (0_u32, 0_u32);
        for (sheet, found) in workbook.sheets.iter().zip(&found) {
            match found {
                Some(found) => {
                    for column in found.table.columns.iter().filter(|column| {
                        found.profile.role != Role::Ignored && !(column.header.is_empty() && found.profile.header)
                    }) {
                        columns += 1;
                        listed += u32::from(
                            mapped(found).iter().any(|one| one.column == column.index && one.field.confidence >= 1.0),
                        );
                    }
                }
                None if sheet.rows.is_empty() || sheet.hidden => {}
                None => columns += 3,
            }
        }
        if columns == 0 { 0.0 } else { f64::from(listed) / f64::from(columns) }
    }

    /// How the workbook is read by this profile. Sheets that it does not know are not read.
    #[must_use]
    pub fn mapping(&self, workbook: &Workbook) -> Mapping {
        let found = self.find(workbook);
        let mut document = self.document.clone();
        for one in found
            .iter()
            .flatten()
            .filter(|one| !matches!(one.profile.role, Role::Ignored | Role::Document | Role::DocumentPairs))
        {
            for (name, text) in detect::above(&one.table) {
                if !document.iter().any(|(known, _)| *known == name) {
                    document.push((name, text));
                }
            }
        }
        let sheets = workbook.sheets.iter().zip(&found).map(|(sheet, found)| match found {
            Some(found) => sheet_mapping(&self.name, sheet, found),
            None => unknown(&self.name, sheet),
        });
        Mapping { profile: Some(self.name.clone()), document, sheets: sheets.collect() }
    }

    /// For each sheet of the workbook what the profile says of it: by name first, then by its headers.
    fn find<'p, 'w>(&'p self, workbook: &'w Workbook) -> Vec<Option<Match<'p, 'w>>> {
        let mut taken: Vec<&SheetProfile> = Vec::new();
        let mut found: Vec<Option<Match<'p, 'w>>> = workbook.sheets.iter().map(|_| None).collect();
        for by_name in [true, false] {
            for (sheet, place) in workbook.sheets.iter().zip(&mut found) {
                if place.is_some() || sheet.rows.is_empty() {
                    continue;
                }
                let named = |profile: &&SheetProfile| {
                    let known = profile.names.iter().any(|name| key(name) == key(&sheet.name));
                    let free = !taken.iter().any(|one| std::ptr::eq(*one, *profile));
                    // What is known only by its headers may be there for each subject.
                    known == by_name && (by_name || profile.role != Role::Ignored) && (free || profile.names.is_empty())
                };
                let matched = self
                    .sheets
                    .iter()
                    .filter(named)
                    .find_map(|profile| Some(Match { profile, table: table(profile, sheet)? }));
                if let Some(matched) = matched {
                    taken.push(matched.profile);
                    *place = Some(matched);
                }
            }
        }
        found
    }
}

/// The table of a sheet whose header has what the profile requires.
fn table<'w>(profile: &SheetProfile, sheet: &'w Sheet) -> Option<FoundTable<'w>> {
    let has_all = |table: &FoundTable<'_>| {
        profile.required.iter().all(|name| table.columns.iter().any(|column| key(&column.header) == key(name)))
    };
    if matches!(profile.role, Role::Ignored | Role::DocumentPairs) && profile.required.is_empty() {
        return Some(FoundTable::find(sheet));
    }
    if !profile.header {
        let first = profile
            .first_row
            .map_or(0, |row| sheet.rows.iter().position(|one| one.number >= row).unwrap_or(sheet.rows.len()));
        return Some(FoundTable::at(sheet, None, first, std::collections::BTreeMap::new()));
    }
    let found = FoundTable::find(sheet);
    let seen = profile.header_row.is_none_or(|row| found.header.is_some_and(|at| found.number(at) == row));
    if found.header.is_some() && has_all(&found) && seen {
        return Some(found);
    }
    // Where detection sees no header, or another one.
    let hinted = profile.header_row.and_then(|row| sheet.rows.iter().position(|one| one.number == row));
    let rows = hinted.into_iter().chain(0..sheet.rows.len().min(40));
    rows.map(|at| FoundTable::below(sheet, at))
        .find(|table| has_all(table) && (!profile.required.is_empty() || hinted.is_some()))
        .or(Some(found).filter(has_all))
}

/// The columns of the profile in the sheet, then those that it does not list.
fn mapped(found: &Match<'_, '_>) -> Vec<ColumnMapping> {
    let table = &found.table;
    let mut columns: Vec<ColumnMapping> = Vec::new();
    for profile in &found.profile.columns {
        let free = |column: &&detect::FoundColumn| {
            !columns.iter().any(|known| known.column == column.index && known.field.value == profile.field)
        };
        let called = |column: &&detect::FoundColumn| profile.names.iter().any(|name| key(name) == key(&column.header));
        let placed = |column: &&detect::FoundColumn| profile.column == Some(column.index);
        let by_place = profile.names.is_empty() || !found.profile.header;
        let column = table
            .columns
            .iter()
            .filter(free)
            .find(|column| called(column) && placed(column))
            .or_else(|| table.columns.iter().filter(free).find(called))
            .or_else(|| table.columns.iter().filter(free).find(|column| by_place && placed(column)));
        if let Some(column) = column {
            columns.push(ColumnMapping {
                column: column.index,
                header: column.header.clone(),
                field: Guess {
                    value: profile.field.clone(),
                    confidence: 1.0,
                    reason: "the profile says so".to_owned(),
                },
                separator: profile.separator,
            });
        }
    }
    for column in &table.columns {
        if columns.iter().any(|known| known.column == column.index) {
            continue;
        }
        let mut guess = detect::left_over(column);
        if found.profile.others == Others::Ignored || !matches!(found.profile.role, Role::Items) {
            guess.value = Field::Ignored;
        }
        "the profile does not list the column".clone_into(&mut guess.reason);
        columns.push(ColumnMapping {
            column: column.index,
            header: column.header.clone(),
            field: guess,
            separator: None,
        });
    }
    // From left to right; of two meanings of a column the profile's order.
    columns.sort_by_key(|column| column.column);
    columns
}

fn sheet_mapping(name: &str, sheet: &Sheet, found: &Match<'_, '_>) -> SheetMapping {
    let (profile, table) = (found.profile, &found.table);
    let read = !matches!(profile.role, Role::Ignored | Role::DocumentPairs);
    let hierarchy = match profile.hierarchy {
        Some(value) => Guess { value, confidence: 1.0, reason: "the profile says so".to_owned() },
        None if profile.role == Role::Items => detect::hierarchy_of(table),
        None => Guess { value: Hierarchy::Flat, confidence: 1.0, reason: "the sheet has no items".to_owned() },
    };
    let reason = if profile.reason.is_empty() { format!("the profile {name} says so") } else { profile.reason.clone() };
    let first = if read { table.number(table.first) } else { profile.first_row.unwrap_or_else(|| table.number(0)) };
    SheetMapping {
        sheet: sheet.name.clone(),
        role: profile.role,
        header_row: if read { table.header.map(|at| table.number(at)) } else { profile.header_row },
        first_row: first,
        columns: if read { mapped(found) } else { Vec::new() },
        hierarchy,
        constants: profile.constants.iter().map(|one| (one.field.clone(), one.text.clone())).collect(),
        reason,
    }
}

fn unknown(name: &str, sheet: &Sheet) -> SheetMapping {
    SheetMapping {
        sheet: sheet.name.clone(),
        role: Role::Ignored,
        header_row: None,
        first_row: sheet.rows.first().map_or(1, |row| row.number),
        columns: Vec::new(),
        hierarchy: Guess { value: Hierarchy::Flat, confidence: 1.0, reason: "the sheet has no items".to_owned() },
        constants: Vec::new(),
        reason: format!("the profile {name} does not know the sheet"),
    }
}
