//! OpenDocument spreadsheets: refused until their reader is here.

use super::collect::Collector;
use super::error::SheetError;
use super::options::Limits;

pub(super) fn read(_: &[u8], _: &Limits, _: &mut Collector<'_>) -> Result<(), SheetError> {
    let (found, advice) = ("an OpenDocument spreadsheet".to_owned(), "save it as xlsx".to_owned());
    Err(SheetError::NotASpreadsheet { found, advice })
}
