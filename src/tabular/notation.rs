//! How our own sheets write what a cell does not keep as it is: text that begins or ends with a
//! space, holds what nobody sees, is there and empty, or is longer than a cell. Written by `write`,
//! undone here once the layout is known; sheets of other layouts stay as they are.
//!
//! **Texts** of that kind are `json:` and a JSON string: `json:" two spaces"`. **Longer texts** go on
//! in the next column, which has the same header.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

use super::cells::{Cell, Kind, Row, Workbook, clean};
use super::mapping::{Field, Mapping, SheetMapping};

const MARK: &str = "json:";

/// The text as a cell that keeps it.
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    let kept = !text.is_empty() && !text.starts_with(MARK) && text.trim() == text && clean(text) == text;
    if kept { Cow::Borrowed(text) } else { Cow::Owned(format!("{MARK}{}", json(&Value::from(text)))) }
}

/// JSON in which everything that a cell would not keep is escaped.
#[must_use]
pub fn json(value: &Value) -> String {
    let plain = value.to_string();
    if clean(&plain) == plain {
        return plain;
    }
    let mut escaped = String::with_capacity(plain.len());
    for c in plain.chars() {
        let mut bytes = [0; 4];
        if clean(&format!("x{c}x")).chars().eq(['x', c, 'x']) {
            escaped.push_str(c.encode_utf8(&mut bytes));
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to memory does not fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

/// The text that a cell stands for; undoes [`cell`]. What somebody typed is trimmed.
fn text(cell: &str) -> Option<String> {
    serde_json::from_str(cell.trim().strip_prefix(MARK)?).ok()
}

/// The cells of our own sheets as what they stand for.
pub fn undo(workbook: &mut Workbook, mapping: &Mapping) {
    for own in mapping.sheets.iter().filter(|_| mapping.exact) {
        let Some(sheet) = workbook.sheets.iter_mut().find(|sheet| sheet.name == own.sheet) else { continue };
        let continued = continued(own);
        for row in sheet.rows.iter_mut().filter(|row| Some(row.number) != own.header_row) {
            for cell in &mut row.cells {
                let plain = text(&cell.text).or_else(|| {
                    let trimmed = cell.text.trim();
                    (trimmed.len() < cell.text.len()).then(|| trimmed.to_owned())
                });
                cell.text = plain.unwrap_or_else(|| std::mem::take(&mut cell.text));
            }
            continued.iter().for_each(|(first, next)| join(row, *first, *next));
        }
    }
}

/// The columns that go on with the cells of another one, and that one.
fn continued(sheet: &SheetMapping) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    let mut last: Option<(&Field, u32, u32)> = None;
    for column in sheet.columns.iter().filter(|column| column.field.value != Field::Ignored) {
        let field = &column.field.value;
        match &mut last {
            Some((same, first, before)) if *same == field && *before + 1 == column.column => {
                pairs.push((*first, column.column));
                *before = column.column;
            }
            _ => last = Some((field, column.column, column.column)),
        }
    }
    pairs
}

fn join(row: &mut Row, first: u32, next: u32) {
    let Ok(at) = row.cells.binary_search_by_key(&next, |cell| cell.column) else { return };
    let more = row.cells.remove(at);
    match row.cells.binary_search_by_key(&first, |cell| cell.column) {
        Ok(at) => row.cells[at].text.push_str(&more.text),
        Err(at) => row.cells.insert(at, Cell { column: first, text: more.text, kind: Kind::Text }),
    }
}

/// The text as cells of at most so many UTF-16 units, one after the other.
#[must_use]
pub fn cells(text: &str, most: usize) -> Vec<String> {
    let whole = cell(text);
    if whole.encode_utf16().count() <= most {
        return vec![whole.into_owned()];
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        // A character that has to be escaped takes twelve units at most.
        let begin = |units| cell(split(rest, units).0).into_owned();
        let room = if begin(most).encode_utf16().count() <= most { most } else { (most - 8) / 12 };
        pieces.push(begin(room));
        rest = split(rest, room).1;
    }
    pieces
}

/// The text before and after so many UTF-16 units.
fn split(text: &str, units: usize) -> (&str, &str) {
    let mut count = 0;
    let end = text.char_indices().find(|(_, c)| {
        count += c.len_utf16();
        count > units
    });
    text.split_at(end.map_or(text.len(), |(at, _)| at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cell_does_not_keep_is_json() {
        for text in ["plain", "two\nlines", "\"quoted\"", "[1]", "=1", "👩‍🔬", "می\u{200c}خواهم"] {
            assert_eq!(cell(text), text);
        }
        for odd in
            ["", " ", " a", "a ", "a\r\nb", "\u{a0}", "a\u{200b}b", "\u{feff}", "\0", "json:x", "a\u{2028}b", "\n\na"]
        {
            let written = cell(odd).into_owned();
            assert_eq!(clean(&written), written, "{odd:?}");
            assert_eq!(text(&written).as_deref(), Some(odd));
        }
        assert_eq!(text("json:no"), None);
        assert_eq!(json(&serde_json::json!(["a\u{a0}b"])), "[\"a\\u00a0b\"]");
    }

    #[test]
    fn longer_texts_are_several_cells() {
        for whole in ["x".repeat(95), "👩 \u{a0}".repeat(40), " ".repeat(100), "\0".repeat(90)] {
            let pieces = cells(&whole, 40);
            assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.encode_utf16().count() <= 40), "{pieces:?}");
            let joined: String = pieces.iter().map(|piece| text(piece).unwrap_or_else(|| piece.clone())).collect();
            assert_eq!(joined, whole);
        }
    }
}
