//! Corrections of a mapping that a person writes on one line: `statement=D`, `Sheet 2!code=Kode`,
//! `notes=` for "no column". Pure: a mapping in, a better one out.

use std::str::FromStr;

use super::cells::{Row, Workbook, letters};
use super::detect;
use super::mapping::{ColumnMapping, Field, Guess, Hierarchy, Mapping, Role, SheetMapping, UnknownField};

/// What a column means, as a person says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The sheet; every sheet of items, if none is named.
    pub sheet: Option<String>,
    pub field: Field,
    /// A column by its letters or by its header; none takes the field from every column.
    pub column: Option<String>,
}

/// What else a person says of the sheets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    pub columns: Vec<Correction>,
    /// The sheets that are read; all that the mapping reads, if none is named.
    pub sheets: Vec<String>,
    pub hierarchy: Option<Hierarchy>,
}

impl Corrections {
    /// Whether nothing is corrected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Corrections::default()
    }
}

/// Why a correction cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionError {
    #[error("{0} is no correction; write FIELD=COLUMN or SHEET!FIELD=COLUMN, such as statement=D")]
    Form(String),
    #[error(transparent)]
    Field(#[from] UnknownField),
    #[error("the workbook has no sheet “{sheet}”; it has {}", .has.join(", "))]
    NoSheet { sheet: String, has: Vec<String> },
    #[error("no sheet that is read has a column “{column}”; the columns are {}", .has.join(", "))]
    NoColumn { column: String, has: Vec<String> },
}

impl FromStr for Correction {
    type Err = CorrectionError;

    fn from_str(text: &str) -> Result<Correction, CorrectionError> {
        let (what, column) = text.split_once('=').ok_or_else(|| CorrectionError::Form(text.to_owned()))?;
        let (sheet, field) = match what.rsplit_once('!') {
            Some((sheet, field)) => (Some(sheet.trim().to_owned()), field),
            None => (None, what),
        };
        let column = column.trim();
        Ok(Correction { sheet, field: field.parse()?, column: (!column.is_empty()).then(|| column.to_owned()) })
    }
}

/// Makes the corrections.
///
/// # Errors
/// When a sheet or a column that is named is not there.
pub fn correct(mapping: &mut Mapping, workbook: &Workbook, corrections: &Corrections) -> Result<(), CorrectionError> {
    let named = corrections.sheets.iter().chain(corrections.columns.iter().filter_map(|one| one.sheet.as_ref()));
    for sheet in named {
        want_sheet(mapping, workbook, sheet)?;
    }
    if !corrections.sheets.is_empty() {
        for sheet in &mut mapping.sheets {
            if !corrections.sheets.contains(&sheet.sheet) {
                sheet.role = Role::Ignored;
                "not asked for".clone_into(&mut sheet.reason);
            }
        }
    }
    for correction in &corrections.columns {
        column(mapping, workbook, correction)?;
    }
    if let Some(hierarchy) = corrections.hierarchy {
        for sheet in mapping.sheets.iter_mut().filter(|sheet| sheet.role == Role::Items) {
            sheet.hierarchy = Guess::given(hierarchy);
        }
    }
    Ok(())
}

/// A mapping of a workbook that nothing is known of but its first sheet with anything in it.
#[must_use]
pub fn bare(workbook: &Workbook) -> Mapping {
    let first = workbook.sheets.iter().find(|sheet| !sheet.rows.is_empty() && !sheet.hidden);
    Mapping {
        sheets: first.map(|sheet| of_items(&sheet.name, &sheet.rows)).into_iter().collect(),
        ..Mapping::default()
    }
}

fn of_items(name: &str, rows: &[Row]) -> SheetMapping {
    let header = rows.first().map_or(1, |row| row.number);
    SheetMapping {
        sheet: name.to_owned(),
        role: Role::Items,
        header_row: Some(header),
        first_row: header + 1,
        columns: Vec::new(),
        hierarchy: Guess::given(Hierarchy::Flat),
        constants: Vec::new(),
        asides: Vec::new(),
        reason: "given".to_owned(),
    }
}

/// A sheet that is named is read, as items if nothing else is known of it.
fn want_sheet(mapping: &mut Mapping, workbook: &Workbook, name: &str) -> Result<(), CorrectionError> {
    if let Some(sheet) = mapping.sheets.iter_mut().find(|sheet| sheet.sheet == name) {
        if sheet.role == Role::Ignored {
            sheet.role = Role::Items;
            "given".clone_into(&mut sheet.reason);
        }
        return Ok(());
    }
    let Some(sheet) = workbook.sheets.iter().find(|sheet| sheet.name == name) else {
        let has = workbook.sheets.iter().map(|sheet| format!("“{}”", sheet.name)).collect();
        return Err(CorrectionError::NoSheet { sheet: name.to_owned(), has });
    };
    mapping.sheets.push(of_items(name, &sheet.rows));
    Ok(())
}

fn column(mapping: &mut Mapping, workbook: &Workbook, correction: &Correction) -> Result<(), CorrectionError> {
    let mut found = false;
    let mut moved = false;
    let mut has = Vec::new();
    for sheet in &mut mapping.sheets {
        let meant = match &correction.sheet {
            Some(name) => sheet.sheet == *name,
            None => sheet.role == Role::Items,
        };
        if !meant {
            continue;
        }
        let mut headers = headers(sheet, workbook);
        let mut at = correction.column.as_ref().map(|name| position(name, &headers));
        if let (Some(None), Some(name)) = (at, &correction.column)
            && let Some(row) = row_of(name, sheet, workbook)
        {
            // A person who names a column by a cell says which row names the columns.
            sheet.header_row = Some(row);
            sheet.first_row = row + 1;
            moved = true;
            headers = self::headers(sheet, workbook);
            at = Some(position(name, &headers));
        }
        if at == Some(None) {
            has.extend(headers.iter().map(|(at, header)| format!("{} ({header})", letters(*at))));
            continue;
        }
        found = true;
        for column in sheet.columns.iter_mut().filter(|column| column.field.value == correction.field) {
            column.field = Guess::given(Field::Ignored);
        }
        let Some(Some(at)) = at else { continue };
        // A column may mean two things at once; what a person says it means, it means alone.
        let separator = sheet.columns.iter().find(|column| column.column == at).and_then(|column| column.separator);
        sheet.columns.retain(|column| column.column != at);
        let header = headers.iter().find(|(column, _)| *column == at).map(|(_, header)| header.clone());
        let field = Guess::given(correction.field.clone());
        sheet.columns.push(ColumnMapping { column: at, header: header.unwrap_or_default(), field, separator });
        sheet.columns.sort_by_key(|column| column.column);
        if let Some(hierarchy) = implied(&correction.field) {
            sheet.hierarchy = Guess::given(hierarchy);
        }
    }
    if moved {
        // What stands above it is no longer a row of data.
        for (name, text) in detect::said(mapping, workbook) {
            if !mapping.document.iter().any(|(known, _)| *known == name) {
                mapping.document.push((name, text));
            }
        }
    }
    match (&correction.column, found) {
        (Some(column), false) => Err(CorrectionError::NoColumn { column: column.clone(), has }),
        _ => Ok(()),
    }
}

/// The columns of a sheet with what the header row calls them.
fn headers(mapping: &SheetMapping, workbook: &Workbook) -> Vec<(u32, String)> {
    let Some(sheet) = workbook.sheets.iter().find(|sheet| sheet.name == mapping.sheet) else { return Vec::new() };
    let header = sheet.rows.iter().find(|row| Some(row.number) == mapping.header_row);
    let most = sheet.rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.column + 1).max().unwrap_or(0);
    let name = |at: u32| header.and_then(|row| row.get(at)).unwrap_or_default().trim().to_owned();
    (0..most).map(|at| (at, name(at))).collect()
}

/// The first of the upper rows that has exactly such a cell.
fn row_of(name: &str, mapping: &SheetMapping, workbook: &Workbook) -> Option<u32> {
    const UPPER: usize = 30;
    let sheet = workbook.sheets.iter().find(|sheet| sheet.name == mapping.sheet)?;
    let named = |row: &&Row| row.cells.iter().any(|cell| cell.text.trim().eq_ignore_ascii_case(name));
    sheet.rows.iter().take(UPPER).find(named).map(|row| row.number)
}

/// The column of that header, else of those letters.
fn position(name: &str, headers: &[(u32, String)]) -> Option<u32> {
    let same = headers.iter().find(|(_, header)| header.eq_ignore_ascii_case(name));
    let lettered = || headers.iter().find(|(at, _)| letters(*at).eq_ignore_ascii_case(name));
    same.or_else(lettered).map(|(at, _)| *at)
}

/// The hierarchy that a column of that kind is there for.
fn implied(field: &Field) -> Option<Hierarchy> {
    Some(match field {
        Field::SmartLevel => Hierarchy::SmartLevel,
        Field::Level => Hierarchy::Level,
        Field::LevelColumn(_) => Hierarchy::LevelColumns,
        Field::ParentIdentifier => Hierarchy::ParentIdentifier,
        Field::ParentCode => Hierarchy::ParentCode,
        Field::ParentStatement => Hierarchy::ParentStatement,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::cells::{Cell, Kind, Sheet};
    use super::*;

    fn workbook() -> Workbook {
        let row = |number: u32, cells: &[&str]| Row {
            number,
            cells: (0..)
                .zip(cells)
                .map(|(column, text)| Cell { column, text: (*text).to_owned(), kind: Kind::Text })
                .collect(),
        };
        let rows = vec![row(3, &["Kode", "Tekst", "Over"]), row(4, &["1", "Tall", ""])];
        let notes = Sheet { name: "Notes".to_owned(), hidden: false, rows: vec![row(1, &["Text"])] };
        Workbook { sheets: vec![Sheet { name: "Mål".to_owned(), hidden: false, rows }, notes], ..Workbook::default() }
    }

    fn corrections(all: &[&str]) -> Corrections {
        Corrections { columns: all.iter().map(|one| one.parse().unwrap()).collect(), ..Corrections::default() }
    }

    #[test]
    fn columns_are_named_by_letter_or_header() {
        let workbook = workbook();
        let mut mapping = bare(&workbook);
        correct(&mut mapping, &workbook, &corrections(&["statement=tekst", "code=A", "parentCode=c"])).unwrap();
        let sheet = &mapping.sheets[0];
        let fields: Vec<_> = sheet.columns.iter().map(|column| (column.column, column.field.value.clone())).collect();
        let expect = [(0, Field::HumanCodingScheme), (1, Field::FullStatement), (2, Field::ParentCode)];
        assert_eq!(fields, expect);
        assert_eq!((sheet.header_row, sheet.first_row), (Some(3), 4));
        assert_eq!(sheet.hierarchy.value, Hierarchy::ParentCode);
        // A header that was not found is found by a cell that is named.
        mapping.sheets[0].header_row = None;
        mapping.sheets[0].first_row = 3;
        correct(&mut mapping, &workbook, &corrections(&["statement=tekst"])).unwrap();
        assert_eq!((mapping.sheets[0].header_row, mapping.sheets[0].first_row), (Some(3), 4));
        // A field stands in one column; without a column it stands in none.
        correct(&mut mapping, &workbook, &corrections(&["statement=Kode"])).unwrap();
        assert_eq!(mapping.sheets[0].columns[1].field.value, Field::Ignored);
        correct(&mut mapping, &workbook, &corrections(&["statement="])).unwrap();
        assert!(mapping.sheets[0].columns.iter().all(|column| column.field.value != Field::FullStatement));
    }

    #[test]
    fn sheets_are_chosen_and_what_is_not_there_is_told() {
        let workbook = workbook();
        let mut mapping = bare(&workbook);
        let chosen = Corrections { sheets: vec!["Notes".to_owned()], ..Corrections::default() };
        correct(&mut mapping, &workbook, &chosen).unwrap();
        assert_eq!(mapping.sheets.iter().map(|sheet| sheet.role).collect::<Vec<_>>(), [Role::Ignored, Role::Items]);
        correct(&mut mapping, &workbook, &corrections(&["Notes!statement=A"])).unwrap();
        assert_eq!(mapping.sheets[1].columns[0].field.value, Field::FullStatement);

        let mut mapping = bare(&workbook);
        let error = correct(&mut mapping, &workbook, &corrections(&["statement=Z"])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no sheet that is read has a column “Z”; the columns are A (Kode), B (Tekst), C (Over)"
        );
        let error = correct(&mut mapping, &workbook, &corrections(&["Gone!statement=A"])).unwrap_err();
        assert_eq!(error.to_string(), "the workbook has no sheet “Gone”; it has “Mål”, “Notes”");
        assert!("statement".parse::<Correction>().unwrap_err().to_string().contains("FIELD=COLUMN"));
        assert!("statment=A".parse::<Correction>().unwrap_err().to_string().contains("is no field"));
    }
}
