//! How a spreadsheet was understood, as it is kept and told: what each sheet and column was taken for
//! and why, beside the first rows, so that a person can see whether that is right.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::tabular::cells::{Row, Sheet, Workbook, letters};
use crate::tabular::mapping::{Hierarchy, Mapping, Role, SheetMapping};

/// How many rows of a sheet are shown from its first row of data on, and how many in all.
const DATA_ROWS: usize = 20;
const ROWS: usize = 60;
/// How many characters of a cell are shown.
const LONGEST_CELL: usize = 300;
/// How many bytes of texts are kept of all sheets; what is beyond is left out.
const BUDGET: usize = 1 << 20;

/// How a spreadsheet was understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SheetLayout {
    /// `xlsx`, `xlsm`, `xls`, `xlsb`, `ods` or `csv`.
    #[schema(example = "xlsx")]
    pub format: String,
    /// Of a text file, and why it was taken for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<LayoutGuess>,
    /// What separates the fields of a text file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub delimiter: Option<char>,
    /// The name of the known layout that it has.
    pub profile: Option<String>,
    /// What is said of the framework outside of any table: property and text.
    pub document: BTreeMap<String, String>,
    /// The sheets in the order of the file.
    pub sheets: Vec<LayoutSheet>,
    /// Whether it is so large that not everything is here.
    pub truncated: bool,
}

/// Something that was found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LayoutGuess {
    #[schema(example = "parentCode")]
    pub value: String,
    /// From 0 to 1; 1 when a person or a profile said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// For a person.
    pub reason: String,
}

/// How one sheet was understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LayoutSheet {
    /// Its name; that of a text file is the name of the file.
    pub sheet: String,
    pub hidden: bool,
    /// How many rows hold anything.
    pub rows: usize,
    /// `document`, `documentPairs`, `items`, `associations`, `rubrics`, `definitions` or `ignored`;
    /// `null` when nothing was made of it.
    #[schema(example = "items")]
    pub role: Option<String>,
    /// Why it has that role.
    pub reason: String,
    /// The number of the row that names the columns, from 1.
    pub header_row: Option<u32>,
    /// The number of the first row of data.
    pub first_row: Option<u32>,
    pub columns: Vec<LayoutColumn>,
    /// How the hierarchy is written, in a sheet of items.
    pub hierarchy: Option<LayoutGuess>,
    /// What holds for every row: field and text.
    pub constants: BTreeMap<String, String>,
    /// The first rows that hold anything.
    pub first: Vec<LayoutRow>,
}

/// What one column was taken for. A column may be here twice, when its cells hold two things.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LayoutColumn {
    /// Its letters.
    #[schema(example = "D")]
    pub column: String,
    /// As the sheet names it.
    pub header: String,
    /// As `map` spells it.
    #[schema(example = "fullStatement")]
    pub field: String,
    /// From 0 to 1; 1 when a person or a profile said so.
    pub confidence: f64,
    /// Why, for a person.
    pub reason: String,
    /// What separates several values in a cell.
    #[schema(value_type = Option<String>)]
    pub separator: Option<char>,
}

/// One row as it stands in the sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LayoutRow {
    /// Its number, from 1.
    pub row: u32,
    /// The cells that are not blank, long ones cut.
    pub cells: Vec<LayoutCell>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LayoutCell {
    /// The letters of its column.
    #[schema(example = "D")]
    pub column: String,
    pub text: String,
}

impl SheetLayout {
    /// What there is to tell of a workbook; there is no mapping where nothing was understood.
    #[must_use]
    pub(super) fn of(workbook: &Workbook, mapping: Option<&Mapping>) -> SheetLayout {
        let mut room = Room { left: BUDGET };
        let of_sheet = |sheet: &Sheet| {
            let found = mapping.and_then(|mapping| mapping.sheets.iter().find(|one| one.sheet == sheet.name));
            room.sheet(sheet, found)
        };
        let sheets: Vec<LayoutSheet> = workbook.sheets.iter().map(of_sheet).collect();
        let document = mapping.map(|mapping| mapping.document.iter()).into_iter().flatten();
        let origin = &workbook.origin;
        let encoding = origin.encoding.clone();
        SheetLayout {
            format: origin.format.to_owned(),
            encoding: encoding.map(|(value, reason)| LayoutGuess { value, confidence: None, reason }),
            delimiter: origin.delimiter,
            profile: mapping.and_then(|mapping| Some(mapping.profile.as_ref()?.value.clone())),
            document: document.map(|(name, text)| (cut(name), cut(text))).collect(),
            sheets,
            truncated: room.left == 0,
        }
    }
}

/// How much more can be kept.
struct Room {
    left: usize,
}

impl Room {
    /// The text, cut; nothing when there is no room left.
    fn take(&mut self, text: &str) -> Option<String> {
        /// What the rest of a cell or a column takes.
        const AROUND: usize = 40;
        let text = cut(text);
        self.left = self.left.saturating_sub(text.len() + AROUND);
        (self.left > 0).then_some(text)
    }

    fn sheet(&mut self, sheet: &Sheet, mapping: Option<&SheetMapping>) -> LayoutSheet {
        let mapping = mapping.filter(|_| self.left > 0);
        let is_read = mapping.is_some_and(|mapping| mapping.role != Role::Ignored);
        let hierarchy = mapping.filter(|mapping| mapping.role == Role::Items).map(|mapping| &mapping.hierarchy);
        let columns = mapping.map(|mapping| mapping.columns.iter()).into_iter().flatten();
        let columns = columns.map_while(|column| {
            let guess = &column.field;
            Some(LayoutColumn {
                header: self.take(&column.header)?,
                column: letters(column.column),
                field: cut(&guess.value.to_string()),
                confidence: guess.confidence,
                reason: self.take(&guess.reason)?,
                separator: column.separator,
            })
        });
        let columns = columns.collect();
        let constants = mapping.map(|mapping| mapping.constants.iter()).into_iter().flatten();
        LayoutSheet {
            sheet: cut(&sheet.name),
            hidden: sheet.hidden,
            rows: sheet.rows.len(),
            role: mapping.map(|mapping| mapping.role.to_string()),
            reason: mapping.map(|mapping| cut(&mapping.reason)).unwrap_or_default(),
            header_row: mapping.and_then(|mapping| mapping.header_row),
            first_row: mapping.filter(|_| is_read).map(|mapping| mapping.first_row),
            columns,
            hierarchy: hierarchy.map(|guess| LayoutGuess {
                value: Hierarchy::to_string(&guess.value),
                confidence: Some(guess.confidence),
                reason: cut(&guess.reason),
            }),
            constants: constants.map(|(field, text)| (cut(&field.to_string()), cut(text))).collect(),
            first: self.rows(&sheet.rows, mapping.map_or(1, |mapping| mapping.first_row)),
        }
    }

    fn rows(&mut self, rows: &[Row], first_row: u32) -> Vec<LayoutRow> {
        let above = rows.partition_point(|row| row.number < first_row);
        let shown = rows.iter().take((above + DATA_ROWS).min(ROWS));
        let row = |row: &Row| {
            let cells = row
                .cells
                .iter()
                .map_while(|cell| Some(LayoutCell { column: letters(cell.column), text: self.take(&cell.text)? }));
            let cells: Vec<LayoutCell> = cells.collect();
            (!cells.is_empty()).then_some(LayoutRow { row: row.number, cells })
        };
        shown.map_while(row).collect()
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
