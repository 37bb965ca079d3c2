//! A mapping as a profile, for the next file of the same layout.

use super::{ColumnProfile, Constant, Others, Profile, SheetProfile};
use crate::tabular::cells::Workbook;
use crate::tabular::detect;
use crate::tabular::mapping::{Field, Mapping, Role, SheetMapping};

impl Profile {
    /// The profile that reads the workbook as its mapping does, and others that have its headers.
    ///
    /// What the workbook itself says of the framework is not kept: the next one says something else.
    #[must_use]
    pub fn from_mapping(name: &str, mapping: &Mapping, workbook: &Workbook) -> Profile {
        let said = detect::said(mapping, workbook);
        Profile {
            name: name.to_owned(),
            title: format!("saved as {name}"),
            document: mapping.document.iter().filter(|pair| !said.contains(pair)).cloned().collect(),
            exact: mapping.exact,
            sheets: mapping.sheets.iter().map(sheet).collect(),
        }
    }
}

fn sheet(sheet: &SheetMapping) -> SheetProfile {
    let named = sheet.header_row.is_some();
    let column = |column: &crate::tabular::mapping::ColumnMapping| ColumnProfile {
        field: column.field.value.clone(),
        names: if column.header.is_empty() { Vec::new() } else { vec![column.header.clone()] },
        column: Some(column.column),
        separator: column.separator,
    };
    // What another file may lack is not asked for.
    let needed = |field: &Field| !matches!(field, Field::Ignored | Field::Extension(_));
    let mut required: Vec<String> = Vec::new();
    for one in sheet.columns.iter().filter(|column| named && !column.header.is_empty() && needed(&column.field.value)) {
        if !required.contains(&one.header) {
            required.push(one.header.clone());
        }
    }
    SheetProfile {
        names: vec![sheet.sheet.clone()],
        role: sheet.role,
        required,
        optional: sheet.role == Role::Ignored,
        header: named || sheet.columns.is_empty(),
        header_row: sheet.header_row,
        first_row: Some(sheet.first_row),
        hierarchy: (sheet.role == Role::Items).then_some(sheet.hierarchy.value),
        others: Others::Extension,
        constants: sheet
            .constants
            .iter()
            .map(|(field, text)| Constant { field: field.clone(), text: text.clone() })
            .collect(),
        reason: sheet.reason.clone(),
        columns: sheet.columns.iter().map(column).collect(),
    }
}
