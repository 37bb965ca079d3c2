//! Why a file cannot be read, in sentences that say what to do.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SheetError {
    #[error("the file is empty; export the sheet again")]
    Empty,
    /// `found` is what it is instead, `advice` what to do.
    #[error("this is {found}, not a spreadsheet; {advice}")]
    NotASpreadsheet { found: String, advice: String },
    #[error("the workbook is protected by a password; save it without one and try again")]
    Password,
    /// `detail` is what the reader of the format says.
    #[error(
        "the {format} file is damaged or cut off ({detail}); open it in a spreadsheet program, save it again, and try \
         that file"
    )]
    Damaged { format: String, detail: String },
    #[error("{} is the limit, and this file has more; {}", limit.amount(*value), limit.advice())]
    TooLarge { limit: Limit, value: u64 },
    #[error(
        "reading took longer than {seconds} seconds, which is the limit; remove sheets and formatting that are not \
         needed, or save it as CSV"
    )]
    TooSlow { seconds: u64 },
    #[error(
        "there is no text encoding '{label}'; use utf-8, windows-1252, macintosh, or another name of the web's list"
    )]
    UnknownEncoding { label: String },
    #[error(
        "the text is not {encoding}: line {line} holds bytes that mean nothing in it; leave the encoding out to have it found"
    )]
    WrongEncoding { encoding: String, line: u64 },
    #[error("'{delimiter}' cannot separate fields; use a comma, a semicolon, a tab or another character of ASCII")]
    Delimiter { delimiter: char },
    #[error(
        "the quotation mark that opens a field in line {line} is never closed; close it, or write it twice inside of quotes"
    )]
    OpenQuote { line: u64 },
    /// `what` says how the process ended.
    #[error("the old binary workbook could not be read: {what}; save it as xlsx and try that file")]
    Child { what: String },
}

/// Which of [`super::Limits`] was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    Sheets,
    Rows,
    Columns,
    Cells,
    CellBytes,
    UnpackedBytes,
    /// Parts in a packed workbook, and elements in those that are not sheets.
    Parts,
}

impl Limit {
    fn amount(self, value: u64) -> Amount {
        Amount { limit: self, value }
    }

    const fn advice(self) -> &'static str {
        match self {
            Limit::Sheets => "split it into several files",
            Limit::Rows | Limit::Cells => "split it into several files, or delete rows and columns that are not needed",
            Limit::Columns => "delete what stands far to the right, and save it again",
            Limit::CellBytes => "look for a cell that holds a whole document, or a quotation mark that is not closed",
            Limit::UnpackedBytes => "remove pictures and sheets that are not needed, or split it into several files",
            Limit::Parts => "copy the cells into a new workbook and save that",
        }
    }
}

/// A limit with its value, as a person reads it.
struct Amount {
    limit: Limit,
    value: u64,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Amount { limit, value } = self;
        match limit {
            Limit::Sheets => write!(f, "{value} sheets"),
            Limit::Rows => write!(f, "row {value}"),
            Limit::Columns => write!(f, "{value} columns in a sheet"),
            Limit::Cells => write!(f, "{value} filled cells in all sheets"),
            Limit::CellBytes => write!(f, "{value} bytes in a cell"),
            Limit::UnpackedBytes => write!(f, "{value} bytes of content when unpacked"),
            Limit::Parts => write!(f, "{value} parts and styles inside of a workbook"),
        }
    }
}
