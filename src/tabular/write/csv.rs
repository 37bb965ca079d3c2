//! Sheets as one CSV file: our own complete form, and what all CSV forms share.
//!
//! In our own form each sheet stands behind a line `#sheet,NAME`; that of the framework is a line for
//! each of its properties. Nothing of the package is missing from it. It begins with a byte-order
//! mark, by which spreadsheet programs know UTF-8. See `tabular::plain` for what is beside RFC 4180,
//! and `tabular::notation` for what cells hold.

use std::borrow::Cow;

use super::column::{Row, Sheet};
use super::sheets;
use crate::tabular::notation;
use crate::tabular::plain::{SHEET, guard};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A CSV file that is being written: records of guarded cells, ended by CRLF as RFC 4180 has it.
pub(super) struct Records(csv::Writer<Vec<u8>>);

impl Records {
    pub(super) fn new() -> Records {
        Records::after(Vec::new())
    }

    fn after(begin: Vec<u8>) -> Records {
        Records(csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(begin))
    }

    /// Writes one record.
    pub(super) fn put<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let cells = cells.into_iter().map(|cell| guard(cell.as_ref()).into_owned());
        // Writing to memory does not fail, and records may be of any length.
        let _ = self.0.write_record(cells);
    }

    /// Writes a `#property,value` line, unless there is no value.
    pub(super) fn pair(&mut self, property: &str, value: &str) {
        if !value.is_empty() {
            self.put([format!("#{property}").as_str(), value]);
        }
    }

    /// The file.
    pub(super) fn finish(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

/// Our own form: every sheet behind its name, the one row of the framework as properties and values.
pub(super) fn whole(sheets: Vec<Sheet<'_>>) -> Vec<u8> {
    let mut records = Records::after(BYTE_ORDER_MARK.to_vec());
    for Sheet { name, columns, rows } in sheets {
        records.put([SHEET, name]);
        let header: Vec<String> = columns.into_iter().map(|column| column.name.into_owned()).collect();
        if name == sheets::DOCUMENT_SHEET {
            records.put(["property", "value"]);
            for row in rows {
                header.iter().zip(cells(&row)).for_each(|(property, value)| records.put([property.as_str(), &value]));
            }
            continue;
        }
        records.put(header);
        rows.for_each(|row| records.put(cells(&row)));
    }
    records.finish()
}

/// The cells of a row in our own notation.
fn cells(row: &Row) -> impl Iterator<Item = Cow<'_, str>> {
    row.iter().map(|text| text.as_deref().map_or(Cow::Borrowed(""), notation::cell))
}

/// A file that is one table, its texts as they are.
pub(super) fn table(mut records: Records, sheet: Sheet<'_>) -> Vec<u8> {
    records.put(sheet.columns.into_iter().map(|column| column.name));
    sheet.rows.for_each(|row| records.put(row.iter().map(|text| text.as_deref().unwrap_or_default())));
    records.finish()
}
