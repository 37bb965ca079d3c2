//! A profile on a workbook: whether it is of this layout, and the mapping that comes of it.

use super::{Others, Profile, SheetProfile};
use crate::tabular::cells::{Sheet, Workbook};
use crate::tabular::detect::{self, FoundTable, Head, key};
use crate::tabular::mapping::{ColumnMapping, Field, Guess, Hierarchy, Mapping, Role, SheetMapping};

/// A sheet with what the profile says of it.
struct Match<'p> {
    profile: &'p SheetProfile,
    head: Head,
}

impl Profile {
    /// How well the workbook is of this layout, from 0 (it is not) to 1 (nothing is left over).
    #[must_use]
    pub fn matches(&self, workbook: &Workbook) -> f64 {
        self.score(workbook, &heads(workbook))
    }

    /// [`Profile::matches`] where the headers are known.
    pub(crate) fn score(&self, workbook: &Workbook, heads: &[Head]) -> f64 {
        // By place alone everything would fit.
        let known = self.sheets.iter().any(|sheet| !sheet.names.is_empty() || !sheet.required.is_empty());
        let found = self.find(workbook, heads);
        let is_found = |sheet: &SheetProfile| found.iter().flatten().any(|one| std::ptr::eq(one.profile, sheet));
        let missing = |sheet: &SheetProfile| !sheet.optional && sheet.role != Role::Ignored && !is_found(sheet);
        if !known || self.sheets.iter().any(missing) {
            return 0.0;
        }
        let (mut columns, mut listed) = (0_u32, 0_u32);
        for (sheet, found) in workbook.sheets.iter().zip(&found) {
            match found {
                Some(found) if found.profile.role != Role::Ignored => {
                    let all: Vec<(u32, &str)> =
                        found.head.names.iter().map(|(column, name)| (*column, name.as_str())).collect();
                    let named = places(found.profile, &all);
                    columns += u32::try_from(all.len()).unwrap_or(u32::MAX);
                    listed += u32::try_from(
                        all.iter().filter(|(column, _)| named.iter().flatten().any(|one| one == column)).count(),
                    )
                    .unwrap_or(0);
                }
                Some(_) => {}
                None if sheet.rows.is_empty() || sheet.hidden => {}
                None => columns += 3,
            }
        }
        if columns == 0 { 0.0 } else { f64::from(listed) / f64::from(columns) }
    }

    /// How the workbook is read by this profile. Sheets that it does not know are not read.
    #[must_use]
    pub fn mapping(&self, workbook: &Workbook) -> Mapping {
        if let Some(own) = self.own(workbook) {
            return own;
        }
        let found = self.find(workbook, &heads(workbook));
        let mut document = self.document.clone();
        let mut sheets = Vec::new();
        for (sheet, found) in workbook.sheets.iter().zip(found) {
            let Some(Match { profile, head }) = found else {
                sheets.push(unknown(&self.name, sheet));
                continue;
            };
            let table = FoundTable::at(sheet, head);
            if !matches!(profile.role, Role::Ignored | Role::Document | Role::DocumentPairs) {
                for (name, text) in detect::above(&table) {
                    if !document.iter().any(|(known, _)| *known == name) {
                        document.push((name, text));
                    }
                }
            }
            sheets.push(sheet_mapping(&self.name, profile, &table));
        }
        Mapping { profile: Some(self.name.clone()), document, exact: self.exact, sheets }
    }

    /// For each sheet of the workbook what the profile says of it: by name first, then by its headers.
    fn find(&self, workbook: &Workbook, heads: &[Head]) -> Vec<Option<Match<'_>>> {
        let mut taken: Vec<&SheetProfile> = Vec::new();
        let mut found: Vec<Option<Match<'_>>> = workbook.sheets.iter().map(|_| None).collect();
        for by_name in [true, false] {
            for ((sheet, head), place) in workbook.sheets.iter().zip(heads).zip(&mut found) {
                if place.is_some() || sheet.rows.is_empty() {
                    continue;
                }
                let could_be = |profile: &&SheetProfile| {
                    let named = profile.names.iter().any(|name| key(name) == key(&sheet.name));
                    let free = !taken.iter().any(|one| std::ptr::eq(*one, *profile));
                    // What is known only by its headers may be there for each subject.
                    named == by_name && (by_name || profile.role != Role::Ignored) && (free || profile.names.is_empty())
                };
                let matched = self
                    .sheets
                    .iter()
                    .filter(could_be)
                    .find_map(|profile| Some(Match { profile, head: head_of(profile, sheet, head)? }));
                if let Some(matched) = matched {
                    taken.push(matched.profile);
                    *place = Some(matched);
                }
            }
        }
        found
    }
}

/// The headers of all sheets, as detection sees them.
pub(crate) fn heads(workbook: &Workbook) -> Vec<Head> {
    workbook.sheets.iter().map(Head::find).collect()
}

/// The header of a sheet that has what the profile requires.
fn head_of(profile: &SheetProfile, sheet: &Sheet, found: &Head) -> Option<Head> {
    let position = |row: u32| sheet.rows.iter().position(|one| one.number >= row);
    if !profile.header {
        return Some(Head::none(profile.first_row.map_or(0, |row| position(row).unwrap_or(sheet.rows.len()))));
    }
    let names = profile.required.iter().map(|name| key(name));
    let required: Vec<String> = names.collect();
    let has_all = |head: &Head| {
        let known: Vec<String> = head.names.values().map(|name| key(name)).collect();
        required.iter().all(|name| known.contains(name))
    };
    let hinted = profile.header_row.and_then(position);
    let seen = hinted.is_none_or(|at| found.header == Some(at));
    if has_all(found)
        && (seen || !required.is_empty() && found.header.is_some())
        && (found.header.is_some() || required.is_empty())
    {
        return Some(found.clone());
    }
    // Where detection sees no header, or another one.
    let rows =
        hinted.into_iter().chain(0..sheet.rows.len().min(40)).filter(|_| !required.is_empty() || hinted.is_some());
    rows.filter(|at| sheet.rows.get(*at).is_some_and(|row| row.cells.len() >= required.len()))
        .map(|at| Head::below(sheet, at))
        .find(has_all)
}

/// For each column of the profile its place among columns with their names.
fn places(profile: &SheetProfile, columns: &[(u32, &str)]) -> Vec<Option<u32>> {
    let keys: Vec<(u32, String)> = columns.iter().map(|(column, name)| (*column, key(name))).collect();
    let mut taken: Vec<(u32, &Field)> = Vec::new();
    let mut all = Vec::new();
    for wanted in &profile.columns {
        let names: Vec<String> = wanted.names.iter().map(|name| key(name)).collect();
        let free = |column: u32| !taken.contains(&(column, &wanted.field));
        let called = |name: &String| !name.is_empty() && names.contains(name);
        let placed = |column: u32| wanted.column == Some(column);
        let by_place = names.is_empty() || !profile.header;
        let find = |what: &dyn Fn(u32, &String) -> bool| {
            keys.iter().find(|(column, name)| free(*column) && what(*column, name)).map(|(column, _)| *column)
        };
        let place = find(&|column, name| called(name) && placed(column))
            .or_else(|| find(&|_, name| called(name)))
            .or_else(|| find(&|column, _| by_place && placed(column)));
        taken.extend(place.map(|column| (column, &wanted.field)));
        all.push(place);
    }
    all
}

/// The columns of the profile in the sheet, and those that it does not list.
fn mapped(profile: &SheetProfile, table: &FoundTable<'_>) -> Vec<ColumnMapping> {
    let all: Vec<(u32, &str)> = table.columns.iter().map(|column| (column.index, column.header.as_str())).collect();
    let places = places(profile, &all);
    let mut columns = Vec::new();
    for column in &table.columns {
        let meanings = profile.columns.iter().zip(&places).filter(|(_, place)| **place == Some(column.index));
        let before = columns.len();
        columns.extend(meanings.map(|(wanted, _)| ColumnMapping {
            column: column.index,
            header: column.header.clone(),
            field: Guess { value: wanted.field.clone(), confidence: 1.0, reason: "the profile says so".to_owned() },
            separator: wanted.separator,
        }));
        if columns.len() > before {
            continue;
        }
        let mut field = detect::left_over(column);
        if profile.others == Others::Ignored || profile.role != Role::Items {
            field.value = Field::Ignored;
        }
        "the profile does not list the column".clone_into(&mut field.reason);
        columns.push(ColumnMapping { column: column.index, header: column.header.clone(), field, separator: None });
    }
    columns
}

fn sheet_mapping(name: &str, profile: &SheetProfile, table: &FoundTable<'_>) -> SheetMapping {
    let read = !matches!(profile.role, Role::Ignored | Role::DocumentPairs);
    let hierarchy = match profile.hierarchy {
        Some(value) => Guess { value, confidence: 1.0, reason: "the profile says so".to_owned() },
        None if profile.role == Role::Items => detect::hierarchy_of(table),
        None => Guess { value: Hierarchy::Flat, confidence: 1.0, reason: "the sheet has no items".to_owned() },
    };
    let reason = if profile.reason.is_empty() { format!("the profile {name} says so") } else { profile.reason.clone() };
    SheetMapping {
        sheet: table.sheet.name.clone(),
        role: profile.role,
        header_row: if read { table.header.map(|at| table.number(at)) } else { profile.header_row },
        first_row: if read { table.number(table.first) } else { profile.first_row.unwrap_or_else(|| table.number(0)) },
        columns: if read { mapped(profile, table) } else { Vec::new() },
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
