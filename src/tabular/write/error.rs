//! Why a package cannot be written as a workbook.

use rust_xlsxwriter::XlsxError;

/// A limit of the format that the package exceeds, or a failure of the machine. Nothing is ever cut
/// to fit.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A text is so long that it goes on in more columns than are read.
    #[error(
        "the sheet {sheet} would have more than {MOST_COLUMNS} columns, because a text is that long; \
         export the framework as csv or case-1.1, which have no such limit"
    )]
    TooManyColumns {
        /// The name of the sheet.
        sheet: String,
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
/// How many columns of a sheet are read.
pub(super) const MOST_COLUMNS: usize = 200;
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
