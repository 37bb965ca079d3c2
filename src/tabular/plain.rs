//! What our CSV files say beyond RFC 4180: several sheets in one file, and cells that no spreadsheet
//! program takes for a formula. Written by `write`, undone here after reading.
//!
//! **Sheets.** A record whose first cell is `#sheet` begins another sheet, named by its second cell.
//! What stands before the first such record, if anything does, is the sheet that the file itself is.
//!
//! **Guarded cells.** A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an
//! apostrophe before it, unless it is a plain number; so does a text that looks as if it had been
//! guarded already. Taking one apostrophe away before any of these gives back exactly what was
//! written.

use std::borrow::Cow;

use super::cells::{Cell, Row, Sheet, Workbook};

/// The first cell of the record that begins another sheet.
pub const SHEET: &str = "#sheet";

const GUARD: char = '\'';

fn starts_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r')
}

/// The text as a cell of a CSV file that may be opened in a spreadsheet program.
#[must_use]
pub fn guard(text: &str) -> Cow<'_, str> {
    let guarded = match text.strip_prefix(GUARD) {
        Some(rest) => rest.starts_with(|c| starts_formula(c) || c == GUARD),
        None => text.starts_with(starts_formula) && !is_number(text),
    };
    if guarded { Cow::Owned(format!("{GUARD}{text}")) } else { Cow::Borrowed(text) }
}

/// The text that a cell stands for; undoes [`guard`].
#[must_use]
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix(GUARD) {
        Some(rest) if rest.starts_with(|c| starts_formula(c) || c == GUARD) => rest,
        _ => cell,
    }
}

/// Digits with at most one sign before and one point among them: no formula.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Undoes what the writer did to fit a workbook in one text file; other workbooks stay as they are.
#[must_use]
pub fn undo(workbook: Workbook) -> Workbook {
    if workbook.origin.format != "csv" {
        return workbook;
    }
    let Workbook { sheets, origin } = workbook;
    Workbook { sheets: sheets.into_iter().flat_map(parted).collect(), origin }
}

fn parted(sheet: Sheet) -> Vec<Sheet> {
    let Sheet { name, hidden, rows } = sheet;
    let mut parts = vec![Sheet { name, hidden, rows: Vec::new() }];
    for mut row in rows {
        for Cell { text, .. } in &mut row.cells {
            let plain = unguard(text);
            if plain.len() < text.len() {
                *text = plain.to_owned();
            }
        }
        if let Some(name) = title(&row) {
            parts.push(Sheet { name, hidden, rows: Vec::new() });
        } else if let Some(part) = parts.last_mut() {
            part.rows.push(row);
        }
    }
    let whole = parts.first().is_some_and(|first| first.rows.is_empty()) && parts.len() > 1;
    parts.split_off(usize::from(whole))
}

/// The name of the sheet that begins with this row.
fn title(row: &Row) -> Option<String> {
    let begins = row.get(0).is_some_and(|cell| cell.eq_ignore_ascii_case(SHEET));
    begins.then(|| row.get(1).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::cells::{Kind, Origin};
    use super::*;

    #[test]
    fn what_is_guarded_comes_back_and_cannot_be_a_formula() {
        for text in ["=1+1", "+x", "-x", "@x", "\tx", "\rx", "'=x", "''", "'x", "''=x", "'tis", "x", "", "-", "-1.x"] {
            let cell = guard(text);
            assert_eq!(unguard(&cell), text);
            assert!(!cell.starts_with(starts_formula), "{cell}");
        }
        for number in ["-1", "+1.5", "-0.10"] {
            assert_eq!(guard(number), number);
        }
    }

    #[test]
    fn a_text_file_falls_into_its_sheets() {
        let row = |number, texts: &[&str]| {
            let cells = texts.iter().zip(0..);
            let cells = cells.map(|(text, column)| Cell { column, text: (*text).to_owned(), kind: Kind::Text });
            Row { number, cells: cells.collect() }
        };
        let rows = vec![row(1, &["a", "'=b"]), row(2, &[SHEET, "CF Association"]), row(3, &["c"])];
        let sheet = Sheet { name: "f".to_owned(), hidden: false, rows };
        let csv = Workbook { sheets: vec![sheet], origin: Origin { format: "csv", ..Origin::default() } };
        let xlsx = Workbook { origin: Origin { format: "xlsx", ..Origin::default() }, ..csv.clone() };
        let parts = undo(csv).sheets;
        assert_eq!(parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["f", "CF Association"]);
        assert_eq!((parts[0].rows[0].get(1), parts[1].rows[0].number), (Some("=b"), 3));
        assert_eq!(undo(xlsx.clone()), xlsx);
    }
}
