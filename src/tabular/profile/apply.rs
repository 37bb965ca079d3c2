//! A profile on a workbook: whether it is of this layout, and the mapping that comes of it.

use std::collections::HashSet;
use std::fmt;

use super::{Others, Profile, SheetProfile};
use crate::tabular::cells::{Row, Sheet, Workbook};
use crate::tabular::detect::{self, FoundTable, Head, key};
use crate::tabular::mapping::{ColumnMapping, Field, Guess, Hierarchy, Mapping, Role, SheetMapping};

/// How much of a workbook a profile explains.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fit {
    /// Columns of the sheets that are read.
    columns: usize,
    /// Those of them that the profile lists.
    listed: usize,
}

impl Fit {
    /// From 0 to 1.
    pub(crate) fn share(self) -> f64 {
        if self.columns == 0 { 0.0 } else { detect::to_f64(self.listed) / detect::to_f64(self.columns) }
    }
}

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it lists {} of {} columns", self.listed, self.columns)
    }
}

/// Rows in which a header is looked for.
const UPPER: usize = 40;

/// The upper rows of a sheet, as far as a header may be among them.
pub(crate) struct Seen {
    /// The header that detection sees.
    head: Head,
    /// The cells of each of the upper rows, as names are compared.
    upper: Vec<HashSet<String>>,
}

impl Seen {
    /// Whether a row has these names, together with those beside it; cheap beside [`Head::below`].
    fn could_name(&self, at: usize, required: &[String]) -> bool {
        let rows = self.upper.get(at.saturating_sub(1)..(at + 2).min(self.upper.len())).unwrap_or_default();
        at >= self.upper.len() || required.iter().all(|name| rows.iter().any(|row| row.contains(name)))
    }
}

/// A sheet with what the profile says of it.
struct Match<'p> {
    profile: &'p SheetProfile,
    head: Head,
}

impl Profile {
    /// How well the workbook is of this layout, from 0 (it is not) to 1 (nothing is left over).
    #[must_use]
    pub fn matches(&self, workbook: &Workbook) -> f64 {
        self.fit(workbook, &heads(workbook)).share()
    }

    /// What [`Profile::matches`] counts, where the headers are known.
    pub(crate) fn fit(&self, workbook: &Workbook, heads: &[Seen]) -> Fit {
        // By place alone everything would fit.
        let known = self.sheets.iter().any(|sheet| !sheet.names.is_empty() || !sheet.required.is_empty());
        let found = self.find(workbook, heads);
        let is_found = |sheet: &SheetProfile| found.iter().flatten().any(|one| std::ptr::eq(one.profile, sheet));
        let missing = |sheet: &SheetProfile| !sheet.optional && sheet.role != Role::Ignored && !is_found(sheet);
        if !known || self.sheets.iter().any(missing) {
            return Fit::default();
        }
        let mut fit = Fit::default();
        for (sheet, found) in workbook.sheets.iter().zip(&found) {
            match found {
                Some(found) if found.profile.role != Role::Ignored => {
                    let all: Vec<(u32, &str)> =
                        found.head.names.iter().map(|(column, name)| (*column, name.as_str())).collect();
                    let named = places(found.profile, &all);
                    fit.columns += all.len();
                    fit.listed +=
                        all.iter().filter(|(column, _)| named.iter().flatten().any(|one| one == column)).count();
                }
                Some(_) => {}
                None if sheet.rows.is_empty() || sheet.hidden => {}
                // A sheet more is as much as some columns more.
                None => fit.columns += 3,
            }
        }
        fit
    }

    /// How the workbook is read by this profile. Sheets that it does not know are not read.
    #[must_use]
    pub fn mapping(&self, workbook: &Workbook) -> Mapping {
        if let Some(own) = self.own(workbook) {
            return own;
        }
        let found = self.find(workbook, &heads(workbook));
        let mut tables = Vec::new();
        let mut sheets = Vec::new();
        for (sheet, found) in workbook.sheets.iter().zip(found) {
            let Some(Match { profile, head }) = found else {
                sheets.push(unknown(&self.name, sheet));
                continue;
            };
            let table = FoundTable::at(sheet, head);
            sheets.push(sheet_mapping(&self.name, profile, &table));
            tables.push((table, profile.role));
        }
        let mut document = self.document.clone();
        for (name, text) in detect::framework(tables.iter().map(|(table, role)| (table, *role))) {
            if !document.iter().any(|(known, _)| *known == name) {
                document.push((name, text));
            }
        }
        Mapping { profile: Some(Guess::given(self.name.clone())), document, exact: self.exact, sheets }
    }

    /// What the workbook lacks to be read by this profile at all: it has no sheet with any content
    /// that the profile describes.
    #[must_use]
    pub fn lacking(&self, workbook: &Workbook) -> Option<String> {
        let content =
            |sheet: &SheetProfile| !matches!(sheet.role, Role::Ignored | Role::Document | Role::DocumentPairs);
        let found = self.find(workbook, &heads(workbook));
        if found.iter().flatten().any(|one| content(one.profile)) {
            return None;
        }
        let quoted = |all: &[String]| all.iter().map(|one| format!("“{one}”")).collect::<Vec<_>>();
        let wanted = self.sheets.iter().filter(|sheet| content(sheet)).map(|sheet| {
            let name = if sheet.names.is_empty() {
                "a sheet".to_owned()
            } else {
                format!("a sheet {}", quoted(&sheet.names).join(" or "))
            };
            if sheet.required.is_empty() {
                name
            } else {
                format!("{name} with the columns {}", quoted(&sheet.required).join(", "))
            }
        });
        Some(wanted.collect::<Vec<_>>().join("; or "))
    }

    /// For each sheet of the workbook what the profile says of it: by name first, then by its headers.
    fn find(&self, workbook: &Workbook, heads: &[Seen]) -> Vec<Option<Match<'_>>> {
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
pub(crate) fn heads(workbook: &Workbook) -> Vec<Seen> {
    let names = |row: &Row| row.cells.iter().filter(|cell| cell.text.len() < 100).map(|cell| key(&cell.text)).collect();
    let seen =
        |sheet: &Sheet| Seen { head: Head::find(sheet), upper: sheet.rows.iter().take(UPPER).map(names).collect() };
    workbook.sheets.iter().map(seen).collect()
}

/// The header of a sheet that has what the profile requires.
fn head_of(profile: &SheetProfile, sheet: &Sheet, seen: &Seen) -> Option<Head> {
    let found = &seen.head;
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
    let as_hinted = hinted.is_none_or(|at| found.header == Some(at));
    if has_all(found)
        && (as_hinted || !required.is_empty() && found.header.is_some())
        && (found.header.is_some() || required.is_empty())
    {
        return Some(found.clone());
    }
    // Where detection sees no header, or another one.
    let rows = hinted.into_iter().chain(0..seen.upper.len()).filter(|_| !required.is_empty() || hinted.is_some());
    rows.filter(|at| seen.could_name(*at, &required)).map(|at| Head::below(sheet, at)).find(has_all)
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
        asides: if profile.role == Role::Items { table.asides.clone() } else { Vec::new() },
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
        asides: Vec::new(),
        reason: format!("the profile {name} does not know the sheet"),
    }
}
