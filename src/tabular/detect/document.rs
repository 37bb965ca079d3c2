//! Properties of the framework that stand above a table or in a sheet of pairs: `#key,value` lines,
//! "Title: …", a title row. Never reads items.

use super::header::{Table, is_comment};
use super::names;
use crate::tabular::cells::{Row, Sheet};
use crate::tabular::mapping::Field;

/// Longer than any title.
const LONGEST_TITLE: usize = 160;

/// The property of a framework that a word names.
pub(crate) fn property(word: &str, likely: f64) -> Option<String> {
    let word = word.trim().trim_start_matches('#').trim_end_matches([':', '：']);
    names::fields(names::Table::Document, word).into_iter().find(|(_, found)| *found >= likely).and_then(
        |(field, _)| match field {
            Field::Document(name) => Some(name),
            _ => None,
        },
    )
}

/// What the rows above a table say of the framework.
pub(crate) fn above(table: &Table<'_>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |name: String, text: &str| {
        if !text.trim().is_empty() && !found.iter().any(|(known, _)| *known == name) {
            found.push((name, text.trim().to_owned()));
        }
    };
    let end = table.header.unwrap_or(table.first);
    let mut title = None;
    let leftmost = table.columns.first().map(|column| column.index);
    for row in table.sheet.rows.iter().take(end) {
        if let Some((name, text)) = pair(row) {
            add(name, &text);
        } else if !is_comment(row) && title.is_none() {
            // What stands further right is a remark.
            let left = row.cells.first().is_some_and(|cell| Some(cell.column) == leftmost);
            title = lone(row).filter(|text| left && text.chars().count() <= LONGEST_TITLE).map(str::to_owned);
        }
    }
    if let Some(title) = title {
        add("title".to_owned(), &title);
    }
    found
}

/// A key and its value in a row: `#title | Mathematics`, `Title: Mathematics`.
fn pair(row: &Row) -> Option<(String, String)> {
    let cells: Vec<&str> = row.cells.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty()).collect();
    match cells.as_slice() {
        [one] => {
            let (word, text) = one.split_once([':', '：'])?;
            Some((property(word, 0.85)?, text.trim().to_owned()))
        }
        // A subject may have several cells.
        [word, values @ ..] if !values.is_empty() => {
            let text =
                if values.windows(2).all(|pair| pair[0] == pair[1]) { values[0].to_owned() } else { values.join("|") };
            (is_comment(row) || word.ends_with([':', '：']) || cells.len() == 2)
                .then(|| property(word, 0.85))
                .flatten()
                .map(|name| (name, text))
        }
        _ => None,
    }
}

/// The only text of a row, be it once or over merged cells.
fn lone(row: &Row) -> Option<&str> {
    let mut texts = row.cells.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty());
    let first = texts.next()?;
    texts.all(|text| text == first).then_some(first)
}

/// Whether a sheet is nothing but keys and values of the framework.
pub(crate) fn is_pairs(sheet: &Sheet) -> bool {
    let rows: Vec<&Row> = sheet.rows.iter().filter(|row| !row.cells.is_empty()).collect();
    let named =
        rows.iter().filter(|row| row.cells.first().is_some_and(|cell| property(&cell.text, 0.9).is_some())).count();
    let short = rows.iter().filter(|row| row.cells.len() <= 3).count();
    let first = rows.first().and_then(|row| row.cells.get(1)).and_then(|cell| property(&cell.text, 0.9));
    named >= 2
        && named * 10 >= rows.len() * 6
        && short * 10 >= rows.len() * 8
        && (rows.len() > 2 || first.is_none())
        && rows.len() <= 40
}
