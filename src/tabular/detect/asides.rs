//! Rows of a table that are no items: the header again, totals, notes at the end, and headings over the
//! rows below them. Goes by how a row differs from the others, never by what its columns mean.

use std::collections::{BTreeMap, HashSet};

use super::names;
use crate::tabular::cells::{Kind, Row};
use crate::tabular::codes;
use crate::tabular::mapping::{Aside, What};

/// Words before a sum.
const TOTALS: &[&str] = &[
    "total",
    "grand total",
    "subtotal",
    "sub total",
    "sum",
    "totale",
    "totali",
    "totaal",
    "subtotaal",
    "gesamt",
    "gesamtsumme",
    "summe",
    "zwischensumme",
    "suma",
    "somme",
    "total general",
    "totalt",
    "sum total",
    "soma",
    "合計",
    "小計",
    "総計",
    "計",
];

/// Finds them among the rows below a header.
pub(super) fn find(header: Option<&Row>, rows: &[Row]) -> Vec<Aside> {
    let mut found: BTreeMap<u32, What> = BTreeMap::new();
    for row in rows {
        if header.is_some_and(|header| repeats(header, row)) {
            found.insert(row.number, What::Header);
        } else if is_total(row) {
            found.insert(row.number, What::Total);
        }
    }
    let left: Vec<&Row> = rows.iter().filter(|row| !found.contains_key(&row.number)).collect();
    let regular: Vec<&Row> = left.iter().copied().filter(|row| lone(row).is_none()).collect();
    let filled = filled(&regular);
    if regular.len() >= 3 && filled.len() >= 2 {
        let noted = notes(&left, &filled);
        let kept = &left[..left.len() - noted.len()];
        found.extend(noted.into_iter().map(|number| (number, What::Note)));
        found.extend(headings(kept, &regular, &filled));
    }
    found.into_iter().map(|(row, what)| Aside { row, what }).collect()
}

fn repeats(header: &Row, row: &Row) -> bool {
    row.cells.len() >= 2
        && row.cells.len() * 2 > header.cells.len()
        && row.cells.iter().all(|cell| header.get(cell.column).is_some_and(|name| name.trim() == cell.text.trim()))
}

/// A word for a sum, and nothing but numbers beside it.
fn is_total(row: &Row) -> bool {
    let mut cells = row.cells.iter().map(|cell| cell.text.trim());
    let word = cells.next().unwrap_or_default().trim_end_matches([':', '：']).to_lowercase();
    let mut numbers = cells.filter(|text| *text != word).peekable();
    TOTALS.contains(&word.as_str())
        && numbers.peek().is_some()
        && numbers.all(|text| text.trim_end_matches(['%', 'h']).trim().replace(',', ".").parse::<f64>().is_ok())
}

/// The only text of a row, and where it begins.
fn lone(row: &Row) -> Option<(u32, &str)> {
    let mut cells = row.cells.iter().filter(|cell| !cell.text.trim().is_empty());
    let first = cells.next()?;
    let same = cells.all(|cell| cell.kind == Kind::Merged && cell.text == first.text);
    same.then_some((first.column, first.text.trim_end()))
}

fn is_merged(row: &Row) -> bool {
    row.cells.iter().filter(|cell| cell.kind == Kind::Merged).count() >= 2
}

/// Columns that nearly every one of the rows fills.
fn filled(rows: &[&Row]) -> Vec<u32> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for cell in rows.iter().flat_map(|row| &row.cells) {
        *counts.entry(cell.column).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| count * 10 >= rows.len() * 9).map(|(column, _)| column).collect()
}

/// The rows at the end that say one thing, behind a gap or as notes begin.
fn notes(rows: &[&Row], filled: &[u32]) -> Vec<u32> {
    let end = rows.iter().rposition(|row| lone(row).is_none()).map_or(0, |last| last + 1);
    let Some(first) = rows.get(end) else { return Vec::new() };
    let before = end.checked_sub(1).and_then(|at| rows.get(at)).map_or(0, |row| row.number);
    let text = lone(first).map(|(_, text)| text.trim_start()).unwrap_or_default();
    let words = names::words(text);
    let begins = text.starts_with(['*', '†', '‡', '※', '©', '¹'])
        || words.first().is_some_and(|word| {
            [
                "note",
                "source",
                "fuente",
                "nota",
                "quelle",
                "hinweis",
                "anmerkung",
                "kilde",
                "merknad",
                "bron",
                "fonte",
                "remarque",
                "注",
                "出典",
                "legend",
                "copyright",
            ]
            .contains(&word.as_str())
        });
    let apart = first.number > before + 1 && filled.len() >= 2;
    if begins || apart { rows[end..].iter().map(|row| row.number).collect() } else { Vec::new() }
}

/// Whether a text begins as one of an outline does.
fn is_marked(text: &str) -> bool {
    text.starts_with([' ', '-', '–', '•', '*', '>', '·', '#'])
}

/// Rows of one text over the rows below them: merged over columns, or where others have a code, or
/// without what all others have beside their text.
fn headings(rows: &[&Row], regular: &[&Row], filled: &[u32]) -> BTreeMap<u32, What> {
    let coded: HashSet<u32> = filled
        .iter()
        .copied()
        .filter(|column| {
            let texts = regular.iter().filter_map(|row| row.get(*column));
            let codes =
                texts.filter(|text| codes::looks_like_code(text) && text.trim().parse::<f64>().is_err()).count();
            codes * 10 >= regular.len() * 9
        })
        .collect();
    let heading = |row: &&Row| -> Option<String> {
        let (column, text) = lone(row)?;
        let says = text.chars().any(char::is_alphabetic)
            && !codes::looks_like_code(text)
            && codes::split(text).is_none()
            && !is_marked(text);
        // A row of an outline stands over what is indented below it.
        let outline = regular.iter().filter_map(|row| row.get(column)).any(is_marked);
        // The others say more than their text: a code, a box to tick, hours.
        let bare = filled.len() >= 2 && filled.contains(&column);
        (says && !outline && (is_merged(row) || coded.contains(&column) || bare)).then(|| text.trim().to_owned())
    };
    let found: BTreeMap<u32, What> =
        rows.iter().filter_map(|row| Some((row.number, What::Heading(heading(row)?)))).collect();
    let is_found = |row: &&&Row| found.contains_key(&row.number);
    let first = rows.first().is_some_and(|row| found.contains_key(&row.number));
    // Each heads rows of its own.
    let lone_run =
        rows.windows(2).any(|pair| found.contains_key(&pair[0].number) && found.contains_key(&pair[1].number));
    let last = rows.last().is_some_and(|row| is_found(&row));
    if first && !last && !lone_run && found.len() >= 2 { found } else { BTreeMap::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tabular::profile::tests::workbook;

    fn found(lines: &[&str]) -> Vec<(u32, What)> {
        let workbook = workbook(&[("s", lines)]);
        let rows = &workbook.sheets[0].rows;
        find(Some(&rows[0]), &rows[1..]).into_iter().map(|aside| (aside.row, aside.what)).collect()
    }

    #[test]
    fn rows_that_are_no_items_are_found() {
        let lines = ["Code|Skill|Hours", "A1|Weld|3", "A2|Cut|4", "Code|Skill|Hours", "A3|Bend|5", "Total||12"];
        assert_eq!(found(&lines), [(4, What::Header), (6, What::Total)]);
        let lines =
            ["Code|Skill|Hours", "A1|Weld|3", "A2|Cut|4", "A3|Bend|5", "", "Hours are of 60 minutes", "* not yet"];
        assert_eq!(found(&lines), [(6, What::Note), (7, What::Note)]);
        let heading = |text: &str| What::Heading(text.to_owned());
        let lines = ["Code|Skill|Hours", "Hot work", "A1|Weld|3", "A2|Cut|4", "Cold work", "A3|Bend|5"];
        assert_eq!(found(&lines), [(2, heading("Hot work")), (5, heading("Cold work"))]);
        let lines = ["Skill|Seen|Done", "Hot work", "Weld|☐|☐", "Cut|☐|☐", "Cold work", "Bend|☐|☐"];
        assert_eq!(found(&lines), [(2, heading("Hot work")), (5, heading("Cold work"))]);
        let lines = ["Code|Skill|Hours", "|Hot work", "A1|Weld|3", "A2|Cut|4", "|Cold work", "A3|Bend|5"];
        assert_eq!(found(&lines), [(2, heading("Hot work")), (5, heading("Cold work"))]);
    }

    #[test]
    fn rows_of_a_staircase_or_an_outline_are_items() {
        for lines in [
            ["A|B|C", "Number", "|Counting", "||By ones", "||By tens", "|Comparing", "||Groups"],
            ["Skill|Age|Who", "Moving", "  Balance|3|a", "  Throwing|3|b", "Thinking", "  Sorting|4|c", "  Naming|4|d"],
            ["Skill|Age|Who", "1 Move", "1.1 Balance|3|a", "1.2 Throw|3|b", "2 Think", "2.1 Sort|4|c", "2.2 Name|4|d"],
            ["Skill|Age|Who", "Move", "- Balance|3|a", "- Throw|3|b", "Think", "- Sort|4|c", "- Name|4|d"],
            ["Code|Skill|Hours", "A|Work|", "A1|Weld|3", "A2|Cut|4", "B|Rest|", "B1|Sleep|8", "Total|Hours of work|"],
        ] {
            assert_eq!(found(&lines), [], "{lines:?}");
        }
    }
}
