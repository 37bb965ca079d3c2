//! XLSX and XLSM: cell by cell through calamine, never as the rectangle that a sheet claims to be.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Dimensions, Reader as _, SheetType, SheetVisible, Style, Xlsx, XlsxError};

use super::archive::{Survey, damaged};
use super::collect::{Collector, Merge};
use super::error::SheetError;
use super::number::{self, Format};
use super::{Kind, clean};

/// What one step of indentation in a cell's format is written as, before its text.
const INDENT: &str = "  ";

/// Reads all sheets of a workbook that `archive::survey` has let pass.
pub(super) fn read(
    bytes: &[u8],
    survey: Survey,
    format: &'static str,
    collector: &mut Collector<'_>,
) -> Result<(), SheetError> {
    // The library is well kept, but it reckons with what strangers write.
    let outcome = catch_unwind(AssertUnwindSafe(|| workbook(bytes, survey, format, collector)));
    outcome.unwrap_or_else(|_| Err(damaged(format, "its reader stopped at something no program writes")))
}

fn workbook(
    bytes: &[u8],
    survey: Survey,
    format: &'static str,
    collector: &mut Collector<'_>,
) -> Result<(), SheetError> {
    let failed = |error: XlsxError| match error {
        XlsxError::Password => SheetError::Password,
        error => damaged(format, error),
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(failed)?;
    for sheet in book.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        collector.begin(&sheet.name, sheet.visible != SheetVisible::Visible)?;
        let mut cells = book.worksheet_cells_reader(&sheet.name).map_err(failed)?;
        let styles: Vec<CellStyle> = cells.styles().iter().map(CellStyle::of).collect();
        let unstyled = CellStyle::default();
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(failed)? {
            let (row, column) = cell.get_position();
            let style = styles.get(style).unwrap_or(&unstyled);
            match cell.get_value() {
                DataRef::Empty => collector.step()?,
                DataRef::SharedString(text) => style.put(collector, row, column, text)?,
                DataRef::String(text) => style.put(collector, row, column, text)?,
                other => {
                    let value = Data::from(other.clone());
                    if let Some((text, kind)) = number::shown(&value, &style.format) {
                        collector.put(row, column, &text, kind)?;
                    }
                }
            }
        }
        drop(cells);
        let merges =
            if survey.merges { book.merge_cells_by_sheet_name(&sheet.name).map_err(failed)? } else { Vec::new() };
        collector.end(&merges.into_iter().map(merge).collect::<Vec<_>>())?;
    }
    Ok(())
}

pub(super) fn merge(range: Dimensions) -> Merge {
    let ((first_row, first_column), (last_row, last_column)) = (range.start, range.end);
    Merge { first_row, last_row, first_column, last_column }
}

/// What a cell's style says about its text.
#[derive(Default)]
struct CellStyle {
    format: Format,
    indent: usize,
}

impl CellStyle {
    fn of(style: &Style) -> CellStyle {
        let format = style.number_format.as_ref().map(|format| Format::parse(&format.format_code));
        let indent = style.alignment.as_ref().and_then(|alignment| alignment.indent);
        CellStyle { format: format.unwrap_or_default(), indent: indent.map_or(0, usize::from) }
    }

    fn put(&self, collector: &mut Collector<'_>, row: u32, column: u32, text: &str) -> Result<(), SheetError> {
        if self.indent == 0 {
            return collector.put(row, column, text, Kind::Text);
        }
        // Blank lines before the text would hide the indentation.
        let text = format!("{}{}", INDENT.repeat(self.indent), clean(text));
        collector.put(row, column, &text, Kind::Text)
    }
}
