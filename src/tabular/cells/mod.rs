//! What a spreadsheet file holds, whatever its format: sheets of rows of cells, as text, each with
//! its place. Never knows what a column means.
//!
//! [`read`] tells the format by the content and hands the bytes to one reader of a format: `text`
//! (CSV and its relatives), `xlsx`, `ods`, and, in a process of its own (`child`), `legacy` for XLS and
//! XLSB. Every reader puts its cells into `collect`, where all limits on what is kept are; what
//! may be unpacked is limited in `archive`.

mod archive;
mod child;
mod clean;
mod collect;
mod content;
mod delimiter;
mod encoding;
mod error;
mod legacy;
mod number;
mod ods;
mod options;
mod plausible;
mod text;
mod xlsx;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

pub use clean::clean;
pub use error::{Limit, SheetError};
pub use legacy::answer_parent;
pub use options::{Limits, Options};

use collect::Collector;
use content::Content;

/// Reads a file of any format. `name` is what the one sheet of a text file is called, without folders
/// and endings; the format is told by the content alone. `bytes` are not packed by gzip or zstd
/// any more.
///
/// # Errors
/// [`SheetError`] when it is not a spreadsheet, not whole, protected, or beyond a limit. A cell that
/// holds an error is a cell.
pub fn read(name: &str, bytes: Vec<u8>, options: &Options) -> Result<Workbook, SheetError> {
    let mut collector = Collector::new(&options.limits, Arc::clone(&options.rows));
    let origin = match content::tell(&bytes)? {
        Content::Text => text::read(name, bytes, options, &mut collector)?,
        Content::Excel(format) => {
            let survey = archive::survey(&bytes, &options.limits)?;
            xlsx::read(&bytes, survey, format, &mut collector)?;
            Origin { format, ..Origin::default() }
        }
        Content::OpenDocument => {
            ods::read(&bytes, &options.limits, &mut collector)?;
            Origin { format: "ods", ..Origin::default() }
        }
        Content::Legacy(kind) => {
            if kind == legacy::Kind::Xlsb {
                archive::survey(&bytes, &options.limits)?;
            }
            let workbook = child::read(kind, bytes, options)?;
            let rows: usize = workbook.sheets.iter().map(|sheet| sheet.rows.len()).sum();
            options.rows.fetch_add(rows as u64, Ordering::Relaxed);
            return Ok(workbook);
        }
    };
    Ok(collector.finish(origin))
}

/// Everything that was read from one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workbook {
    /// The sheets in the order of the file; hidden ones too, marked. A CSV file is one sheet, named
    /// after the file.
    pub sheets: Vec<Sheet>,
    /// Format, encoding and delimiter as found.
    pub origin: Origin,
}

/// What kind of file it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// `xlsx`, `xlsm`, `xls`, `xlsb`, `ods`, `csv`.
    pub format: &'static str,
    /// The name of the text's encoding, and why it was taken for that; of text files only.
    pub encoding: Option<(String, String)>,
    /// What separates the fields; of text files only.
    pub delimiter: Option<char>,
}

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
    /// Rows that hold anything, in order; blank ones are left out.
    pub rows: Vec<Row>,
}

/// One row that holds anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// As the person sees it: from 1. Of a text file the line on which the record begins.
    pub number: u32,
    /// Cells that are not blank, by column, in order.
    pub cells: Vec<Cell>,
}

/// One cell that is not blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// From 0.
    pub column: u32,
    /// What the cell shows: trimmed at its end; spaces at its beginning are kept, because some
    /// people write the hierarchy with them. Numbers as a person reads them (`3`, `1.1`), dates as
    /// `2019-02-05` or `2019-02-05T10:00:00`.
    pub text: String,
    pub kind: Kind,
}

/// What stood in the cell before it became text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Text,
    /// A number: a code `1.10` arrives as `1.1` in one, unless its number format says otherwise.
    Number,
    Date,
    Boolean,
    /// A merged range's value, repeated in the cells that it covers.
    Merged,
    /// `#REF!` and the like.
    Error,
}

impl Row {
    /// The text in a column.
    #[must_use]
    pub fn get(&self, column: u32) -> Option<&str> {
        self.cell(column).map(|cell| cell.text.as_str())
    }

    /// The cell in a column.
    #[must_use]
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        self.cells.binary_search_by_key(&column, |cell| cell.column).ok().and_then(|at| self.cells.get(at))
    }
}

/// A place in a workbook as a person writes it: `CF Item!C17`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    pub sheet: &'a str,
    /// From 1.
    pub row: u32,
    /// From 0; none for the whole row.
    pub column: Option<u32>,
}

impl<'a> Place<'a> {
    /// Reads what is written of a place in a sheet; nothing where it is none.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Place<'a>> {
        let (sheet, place) = text.rsplit_once('!')?;
        let digits = place.find(|c: char| c.is_ascii_digit())?;
        let (column, row) = place.split_at_checked(digits)?;
        let column = if column.is_empty() { None } else { Some(column_of(column)?) };
        Some(Place { sheet, row: row.parse().ok()?, column })
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "{}!{}{}", self.sheet, letters(column), self.row),
            None => write!(f, "{}!{}", self.sheet, self.row),
        }
    }
}

/// A column as a spreadsheet program names it: 0 is `A`, 26 is `AA`.
#[must_use]
pub fn letters(column: u32) -> String {
    let mut left = column;
    let mut name = Vec::new();
    loop {
        name.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        if left < 26 {
            break;
        }
        left = left / 26 - 1;
    }
    name.iter().rev().collect()
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

/// What separates fields, as a person writes it: the character, or `tab`.
#[must_use]
pub fn delimiter_of(text: &str) -> Option<char> {
    let mut characters = text.chars();
    match (text, characters.next(), characters.next()) {
        ("tab" | "\\t", ..) => Some('\t'),
        (_, Some(one), None) => Some(one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        let named =
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")];
        for (column, name) in named {
            assert_eq!(letters(column), name);
            assert_eq!(column_of(name), Some(column));
        }
        let places = [
            ("CF Item!C17", Place { sheet: "CF Item", row: 17, column: Some(2) }),
            ("Oh!Ah!9", Place { sheet: "Oh!Ah", row: 9, column: None }),
        ];
        for (text, place) in places {
            assert_eq!(place.to_string(), text);
            assert_eq!(Place::parse(text), Some(place));
        }
        for text in ["", "CF Item", "CF Item!", "CF Item!C", "CF Item!C1x", "/CFItems/3"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
