//! A person's correction of a mapping: `statement=D`, `code="Standard ID"`, `hierarchy=indentation`,
//! `sheet:Math.role=items`. The format is described in `import/README.md`.

use super::{ColumnMapping, Field, Guess, Hierarchy, Mapping, Role, SheetMapping};
use crate::tabular::cells::{Sheet, Workbook, letters};
use crate::tabular::detect;

/// A correction that cannot be made, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{edit}\": {problem}")]
pub struct CorrectionError {
    edit: String,
    problem: String,
}

/// The number of the column that a spreadsheet program calls so: `A` is 0, `AA` is 26.
#[must_use]
pub fn column_of(name: &str) -> Option<u32> {
    let name = name.trim();
    if name.is_empty() || name.len() > 3 || !name.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let number = name.bytes().fold(0, |sum, b| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// Makes one correction, on one sheet or on all that are read.
///
/// # Errors
/// [`CorrectionError`] when the words mean nothing, no sheet has the column, or a hierarchy lacks the
/// column that it needs; the mapping is then as it was.
pub fn correct(mapping: &mut Mapping, workbook: &Workbook, edit: &str) -> Result<(), CorrectionError> {
    let wrong = |problem: String| CorrectionError { edit: edit.to_owned(), problem };
    let (target, value) =
        edit.split_once('=').ok_or_else(|| wrong("write WHAT=WHERE, such as statement=D".to_owned()))?;
    let (target, value) = (target.trim(), value.trim());
    if let Some(property) = target.strip_prefix("document:") {
        let name = detect::property(property, 0.99).ok_or_else(|| {
            wrong(format!("a framework has no property \"{property}\"; it has title, creator, description, version …"))
        })?;
        mapping.document.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            mapping.document.push((name, value.to_owned()));
        }
        return Ok(());
    }
    let (sheet, what) = match target.strip_prefix("sheet:") {
        Some(rest) => {
            let (name, what) = rest
                .rsplit_once('.')
                .ok_or_else(|| wrong("write sheet:NAME.WHAT=WHERE, such as sheet:Math.role=items".to_owned()))?;
            let name = unquoted(name).unwrap_or(name);
            let known = mapping.sheets.iter().position(|sheet| detect::key(&sheet.sheet) == detect::key(name));
            let all =
                || mapping.sheets.iter().map(|sheet| format!("\"{}\"", sheet.sheet)).collect::<Vec<_>>().join(", ");
            (
                Some(known.ok_or_else(|| wrong(format!("there is no sheet \"{name}\"; there are {}", all())))?),
                what.trim(),
            )
        }
        None => (None, target),
    };
    let chosen: Vec<usize> = match sheet {
        Some(at) => vec![at],
        None => (0..mapping.sheets.len()).filter(|at| mapping.sheets[*at].role == Role::Items).collect(),
    };
    if chosen.is_empty() {
        return Err(wrong("no sheet is read as items; name one, such as sheet:NAME.role=items".to_owned()));
    }
    let mut done = Vec::new();
    let mut problem = None;
    for at in chosen {
        let source = workbook.sheets.iter().find(|sheet| sheet.name == mapping.sheets[at].sheet);
        let Some(source) = source else { continue };
        let mut sheet = mapping.sheets[at].clone();
        match one(&mut sheet, source, what, value) {
            Ok(()) => done.push((at, sheet)),
            Err(sentence) => problem = problem.or(Some(sentence)),
        }
    }
    if done.is_empty() {
        return Err(wrong(problem.unwrap_or_else(|| "the workbook has no such sheet".to_owned())));
    }
    for (at, sheet) in done {
        mapping.sheets[at] = sheet;
    }
    Ok(())
}

fn unquoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// Corrects one sheet.
fn one(sheet: &mut SheetMapping, source: &Sheet, what: &str, value: &str) -> Result<(), String> {
    let given = "a person said so";
    match what.to_ascii_lowercase().as_str() {
        "role" => {
            let role: Role = value.parse().map_err(|error: super::UnknownField| error.to_string())?;
            *sheet = detect::read_as(source, role, None);
            given.clone_into(&mut sheet.reason);
            Ok(())
        }
        "header" => {
            let row = match value.to_ascii_lowercase().as_str() {
                "none" | "no" | "0" => None,
                number => {
                    let number: u32 =
                        number.parse().map_err(|_| format!("\"{value}\" is no row; write its number, or none"))?;
                    let known = source.rows.iter().any(|row| row.number == number);
                    Some(known.then_some(number).ok_or_else(|| format!("the sheet has nothing in row {number}"))?)
                }
            };
            let (constants, reason) = (sheet.constants.clone(), sheet.reason.clone());
            *sheet = detect::read_as(source, sheet.role, Some(row));
            sheet.constants = constants;
            sheet.reason = reason;
            Ok(())
        }
        "first" => {
            sheet.first_row = value.parse().map_err(|_| format!("\"{value}\" is no row; write its number"))?;
            Ok(())
        }
        "hierarchy" => {
            let hierarchy: Hierarchy = value.parse().map_err(|error: super::UnknownField| error.to_string())?;
            needs(sheet, hierarchy)?;
            sheet.hierarchy = Guess { value: hierarchy, confidence: 1.0, reason: given.to_owned() };
            Ok(())
        }
        _ => field(sheet, what, value),
    }
}

/// What a hierarchy needs to be read.
fn needs(sheet: &SheetMapping, hierarchy: Hierarchy) -> Result<(), String> {
    let has = |field: &Field| sheet.columns.iter().any(|column| column.field.value == *field);
    let needed: &[Field] = match hierarchy {
        Hierarchy::SmartLevel => &[Field::SmartLevel],
        Hierarchy::Level => &[Field::Level],
        Hierarchy::LevelColumns | Hierarchy::LevelColumnsFilled => &[Field::LevelColumn(0)],
        Hierarchy::ItemType => &[Field::CfItemType],
        Hierarchy::ParentIdentifier => &[Field::ParentIdentifier],
        Hierarchy::ParentCode => &[Field::ParentCode],
        Hierarchy::ParentStatement => &[Field::ParentStatement],
        Hierarchy::CodePrefix => &[Field::HumanCodingScheme],
        Hierarchy::Flat | Hierarchy::Indentation | Hierarchy::Outline | Hierarchy::Associations => &[],
    };
    match needed.iter().find(|field| !has(field)) {
        Some(field) => Err(format!("no column is {field}; say which one first, such as {field}=D")),
        None => Ok(()),
    }
}

/// Gives a column a meaning, all rows a text (`grade==05`), or takes a meaning away (`grade=none`).
fn field(sheet: &mut SheetMapping, what: &str, value: &str) -> Result<(), String> {
    let field: Field = what.parse().map_err(|error: super::UnknownField| error.to_string())?;
    if let Some(text) = value.strip_prefix('=') {
        sheet.constants.retain(|(known, _)| *known != field);
        sheet.constants.push((field.clone(), unquoted(text).unwrap_or(text).to_owned()));
        release(sheet, &field, None);
        return Ok(());
    }
    if value.eq_ignore_ascii_case("none") {
        sheet.constants.retain(|(known, _)| *known != field);
        release(sheet, &field, None);
        return Ok(());
    }
    let quoted = unquoted(value);
    let named = |text: &str| {
        sheet
            .columns
            .iter()
            .position(|column| !column.header.is_empty() && detect::key(&column.header) == detect::key(text))
    };
    let lettered =
        || column_of(value).and_then(|number| sheet.columns.iter().position(|column| column.column == number));
    let at = match quoted {
        Some(text) => named(text),
        None => lettered().or_else(|| named(value)),
    };
    let Some(at) = at else {
        let all: Vec<String> =
            sheet.columns.iter().map(|column| format!("{} \"{}\"", letters(column.column), column.header)).collect();
        return Err(format!("the sheet \"{}\" has no column {value}; it has {}", sheet.sheet, all.join(", ")));
    };
    let number = sheet.columns[at].column;
    release(sheet, &field, Some(number));
    // Another meaning of the same column goes too, but for a statement with its code in front.
    let pair = |one: &Field, other: &Field| {
        matches!(
            (one, other),
            (Field::HumanCodingScheme, Field::FullStatement) | (Field::FullStatement, Field::HumanCodingScheme)
        )
    };
    let keeps = sheet.columns[at].field.value.clone();
    if pair(&keeps, &field) && field == Field::HumanCodingScheme {
        let column = ColumnMapping { field: Guess::given(field.clone()), ..sheet.columns[at].clone() };
        sheet.columns.insert(at + 1, column);
    } else {
        let header = sheet.columns[at].header.clone();
        sheet.columns.retain(|column| column.column != number);
        let place = sheet.columns.iter().position(|column| column.column > number).unwrap_or(sheet.columns.len());
        sheet.columns.insert(
            place,
            ColumnMapping {
                column: number,
                header,
                separator: detect::usual_separator(&field),
                field: Guess::given(field.clone()),
            },
        );
    }
    // Who names a parent or a level wants it used.
    let implied = match field {
        Field::ParentCode => Some(Hierarchy::ParentCode),
        Field::ParentIdentifier => Some(Hierarchy::ParentIdentifier),
        Field::ParentStatement => Some(Hierarchy::ParentStatement),
        Field::SmartLevel => Some(Hierarchy::SmartLevel),
        Field::Level => Some(Hierarchy::Level),
        Field::LevelColumn(_) if sheet.hierarchy.value != Hierarchy::LevelColumnsFilled => {
            Some(Hierarchy::LevelColumns)
        }
        _ => None,
    };
    if let Some(hierarchy) = implied {
        sheet.hierarchy =
            Guess { value: hierarchy, confidence: 1.0, reason: format!("a person said which column is {field}") };
    }
    Ok(())
}

/// Takes a field away from all columns but one; they are kept under their names.
fn release(sheet: &mut SheetMapping, field: &Field, but: Option<u32>) {
    let items = sheet.role == Role::Items;
    for column in sheet.columns.iter_mut().filter(|column| column.field.value == *field && Some(column.column) != but) {
        let name =
            if column.header.is_empty() { format!("Column {}", letters(column.column)) } else { column.header.clone() };
        column.field = Guess::given(if items { Field::Extension(name) } else { Field::Ignored });
    }
}
