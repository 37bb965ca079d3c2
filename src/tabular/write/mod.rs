//! A package as sheets: a workbook, CSV in our own form and in those of other programs, a Markdown
//! outline, and the templates that people fill in.
//!
//! `book` is the package with its look-ups, `column` what a column is; `sheets`, `definitions` and
//! `rubrics` declare the columns; `xlsx`, `csv`, `peers` and `markdown` are the files; `matches` is a sheet of what is proposed. What a workbook and our own CSV hold is everything that the package holds; the other forms
//! hold what they have room for. Reads no clock: the same package gives the same bytes. Must never
//! cut or leave out a text because of a limit: what exceeds one is a [`WriteError`].

mod book;
mod column;
mod csv;
mod definitions;
mod error;
mod markdown;
mod matches;
mod peers;
mod rubrics;
mod sheets;
mod template;
mod words;
mod xlsx;

pub use error::WriteError;
pub use matches::{Match, MatchedItem, matches_csv, matches_xlsx};

use crate::case::model::Package;
use book::Book;

/// A CSV form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CsvForm {
    /// Our own, which says everything.
    Casement,
    /// OpenSALT's "Import Children".
    OpenSalt,
    /// compeito's own.
    Compeito,
    /// OpenCASE's template.
    OpenCase,
}

/// The package as a workbook: the three sheets of OpenSALT with further columns, then definitions
/// and rubrics where the package has them.
///
/// # Errors
/// When the package exceeds a limit of the format, or there is no room for temporary files.
pub fn xlsx(package: &Package) -> Result<Vec<u8>, WriteError> {
    let book = Book::new(package);
    xlsx::workbook(&book, || sheets::all(&book), &[])
}

/// The package as CSV in UTF-8.
#[must_use]
pub fn csv(package: &Package, form: CsvForm) -> Vec<u8> {
    let book = Book::new(package);
    match form {
        CsvForm::Casement => csv::whole(sheets::all(&book)),
        CsvForm::OpenSalt => peers::opensalt(&book),
        CsvForm::Compeito => peers::compeito(&book),
        CsvForm::OpenCase => peers::opencase(&book),
    }
}

/// The framework as a Markdown outline.
#[must_use]
pub fn markdown(package: &Package) -> String {
    markdown::outline(&Book::new(package))
}

/// A workbook to fill in, with an example, drop-downs and instructions.
///
/// # Errors
/// When there is no room for temporary files.
pub fn template_xlsx() -> Result<Vec<u8>, WriteError> {
    let package = template::example();
    let book = Book::new(&package);
    xlsx::workbook(&book, || template::sheets(&book), &template::INSTRUCTIONS)
}

/// The same to fill in as CSV.
#[must_use]
pub fn template_csv() -> Vec<u8> {
    let package = template::example();
    let book = Book::new(&package);
    csv::whole(template::sheets(&book))
}
