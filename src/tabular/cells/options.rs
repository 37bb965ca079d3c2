//! What a caller may set for reading a file, with the defaults.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde::{Deserialize, Serialize};

/// How a file is read. The defaults read everything in this process: XLS and XLSB only once
/// `program` is set.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub limits: Limits,
    /// The label of the encoding of a text file (`windows-1252`, `macintosh`, `utf-8`), where what
    /// would be found is wrong.
    pub encoding: Option<String>,
    /// What separates the fields of a text file, where what would be found is wrong.
    pub delimiter: Option<char>,
    /// The program that reads XLS and XLSB, called with the one argument [`Options::VERB`]. Without
    /// it such files are refused.
    pub program: Option<PathBuf>,
    /// Where somebody who watches finds how many rows have been read. Those of XLS and XLSB come all
    /// at once, when their process has ended.
    pub rows: Arc<AtomicU64>,
}

impl Options {
    /// The argument with which the program of [`Options::program`] becomes the reader of one
    /// workbook.
    pub const VERB: &'static str = "read-workbook";
}

/// What a file may hold at most. The program ends reading with a sentence where one is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub sheets: u64,
    /// The highest row number in a sheet or line number in a text file.
    pub rows: u64,
    /// Per sheet.
    pub columns: u64,
    /// In all sheets, repeated values of merged ranges included; blank ones not.
    pub cells: u64,
    /// Bytes of UTF-8 in one cell.
    pub cell_bytes: u64,
    /// Bytes in all parts of a packed workbook, and of the text in all cells.
    pub unpacked_bytes: u64,
    /// Seconds for one file.
    pub seconds: u64,
    /// Bytes of address space of the process that reads XLS and XLSB.
    pub child_memory: u64,
}

impl Default for Limits {
    /// What Excel itself holds on a sheet, and what a server of small size can hold in memory.
    fn default() -> Limits {
        Limits {
            sheets: 500,
            rows: 1_048_576,
            columns: 16_384,
            cells: 5_000_000,
            cell_bytes: 1 << 20,
            unpacked_bytes: 512 << 20,
            seconds: 60,
            child_memory: 2 << 30,
        }
    }
}
