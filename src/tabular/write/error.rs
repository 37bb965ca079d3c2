//! Why a package cannot be written as a workbook.

use rust_xlsxwriter::XlsxError;

/// A limit of the format that the package exceeds, or a failure of the machine. Nothing is ever cut
/// to fit.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// One text is longer than a cell can hold.
    #[error(
        "{place} ({column}) would hold {length} characters and a cell of a workbook holds {MOST_CHARACTERS}; \
         export the framework as csv or case-1.1, which have no such limit"
    )]
    CellTooLong {
        /// `CF Item!B17`.
        place: String,
        /// What the column is called.
        column: String,
        /// In UTF-16 units, as the format counts.
        length: usize,
    },
    /// There are more rows than a sheet can hold.
    #[error(
        "the sheet {sheet} would have more than {MOST_ROWS} rows, which is all that a sheet holds; \
         export the framework as csv or case-1.1, which have no such limit"
    )]
    TooManyRows {
        /// The name of the sheet.
        sheet: String,
    },
    /// The file could not be put together, e.g. because there is no room for temporary files.
    #[error("the workbook could not be written")]
    Workbook(#[source] XlsxError),
}

/// How many characters a cell can hold, in UTF-16 units.
pub(super) const MOST_CHARACTERS: usize = 32_767;
/// How many rows a sheet can hold, its header included.
pub(super) const MOST_ROWS: u32 = 1_048_576;

impl WriteError {
    /// Whether the framework is at fault, and not the machine.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        !matches!(self, WriteError::Workbook(_))
    }
}

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> WriteError {
        WriteError::Workbook(error)
    }
}
