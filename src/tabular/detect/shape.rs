//! What the cells of a column look like, counted: codes, statements, grades, identifiers, addresses,
//! dates, numbers, and how they repeat. Never looks at the header.

use std::collections::HashSet;

use crate::tabular::cells::{Cell, Kind, Row};
use crate::tabular::codes;

/// Counts over a sample of the rows of a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// Rows that were looked at.
    pub rows: usize,
    /// Cells that are not blank.
    pub filled: usize,
    pub distinct: usize,
    /// Shares of the filled cells.
    pub uuid: f64,
    pub url: f64,
    pub date: f64,
    pub code: f64,
    pub number: f64,
    pub small: f64,
    pub dotted: f64,
    pub grade: f64,
    pub language: f64,
    pub prose: f64,
    pub coded: f64,
    pub opaque: f64,
    pub ticked: f64,
    /// Cells with a value that is also in the filled cell before.
    pub repeated: f64,
    /// Mean length in letters; an ideograph counts as two.
    pub length: f64,
    /// The separator of lists in it, and in what share of cells.
    pub separator: Option<char>,
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { to_f64(part) / to_f64(whole) }
}

pub(crate) fn to_f64(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

impl Shape {
    /// Looks at a column in a sample of rows.
    pub(crate) fn of(rows: &[&Row], column: u32) -> Shape {
        let cells: Vec<&Cell> =
            rows.iter().filter_map(|row| row.cell(column)).filter(|cell| !cell.text.trim().is_empty()).collect();
        let filled = cells.len();
        let count =
            |what: &dyn Fn(&str) -> bool| share(cells.iter().filter(|cell| what(cell.text.trim())).count(), filled);
        let distinct: HashSet<&str> = cells.iter().map(|cell| cell.text.trim()).collect();
        let repeated = cells.windows(2).filter(|pair| matches!(pair, [a, b] if a.text == b.text)).count();
        let length: usize = cells.iter().map(|cell| width(&cell.text)).sum();
        Shape {
            rows: rows.len(),
            filled,
            distinct: distinct.len(),
            uuid: count(&is_uuid),
            url: count(&is_url),
            date: share(
                cells.iter().filter(|cell| cell.kind == Kind::Date || is_date(cell.text.trim())).count(),
                filled,
            ),
            code: count(&codes::looks_like_code),
            number: count(&|text| text.parse::<f64>().is_ok()),
            small: count(&|text| text.parse::<u32>().is_ok_and(|number| number <= 100)),
            dotted: count(&is_dotted),
            grade: count(&is_grade),
            language: count(&is_language),
            prose: count(&is_prose),
            coded: count(&|text| codes::split(text).is_some()),
            opaque: count(&is_opaque),
            ticked: count(&|text| text.len() <= 6 && TICKS.contains(&text.to_lowercase().as_str())),
            repeated: share(repeated, filled.saturating_sub(1)),
            length: if filled == 0 { 0.0 } else { to_f64(length) / to_f64(filled) },
            separator: separator(&cells),
        }
    }

    /// The share of rows that have it.
    pub(crate) fn fill(&self) -> f64 {
        share(self.filled, self.rows)
    }

    /// The share of filled cells that are unlike all others.
    pub(crate) fn unlike(&self) -> f64 {
        share(self.distinct, self.filled)
    }

    /// Whether people would read it: words, not identifiers, addresses, dates, numbers or ticks.
    pub(crate) fn is_text(&self) -> bool {
        self.filled > 0
            && self.uuid < 0.5
            && self.url < 0.5
            && self.date < 0.5
            && self.number < 0.5
            && self.opaque < 0.5
            && self.ticked < 0.8
    }
}

/// Letters, ideographs counting twice.
fn width(text: &str) -> usize {
    text.trim().chars().map(|c| if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 }).sum()
}

fn is_uuid(text: &str) -> bool {
    let text = text.strip_prefix("urn:uuid:").unwrap_or(text).trim_matches(|c| c == '{' || c == '}');
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

fn is_url(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    first.starts_with("http://")
        || first.starts_with("https://")
        || first.starts_with("urn:")
        || first.starts_with("local:")
}

fn is_date(text: &str) -> bool {
    if text.len() > 40 {
        return false;
    }
    let parts: Vec<&str> = text.split(['-', '/', '.', 'T', ' ']).collect();
    let numbers: Vec<u32> = parts.iter().take(3).filter_map(|part| part.parse().ok()).collect();
    let year = |number: &u32| (1900..2200).contains(number);
    match numbers.as_slice() {
        [first, month, day] if year(first) => (1..=12).contains(month) && (1..=31).contains(day),
        [first, second, last] if year(last) => *first <= 31 && *second <= 31,
        [month, last] if parts.len() == 2 && year(last) && text.contains('/') => (1..=12).contains(month),
        _ => false,
    }
}

/// A position such as 1, 1.2, 1.2.10.
fn is_dotted(text: &str) -> bool {
    let body = text.trim_end_matches('.');
    !body.is_empty()
        && body.split('.').all(|part| part.parse::<u32>().is_ok_and(|number| number < 10_000) && part.len() < 5)
}

/// What people put where something is done or so.
const TICKS: &[&str] = &[
    "x", "✓", "✔", "☑", "☐", "yes", "no", "y", "n", "true", "false", "ja", "nein", "si", "sí", "oui", "non", "nei",
    "nee", "sim", "não", "○", "×",
];

/// Words for grades that stand before or behind the number.
const GRADE_WORDS: &[&str] = &[
    "grade",
    "grades",
    "gr",
    "year",
    "years",
    "yr",
    "class",
    "level",
    "kindergarten",
    "kinder",
    "k",
    "pk",
    "prek",
    "kg",
    "tk",
    "pre",
    "hs",
    "high",
    "school",
    "foundation",
    "primary",
    "secondary",
    "elementary",
    "middle",
    "stage",
    "key",
    "ks",
    "th",
    "st",
    "nd",
    "rd",
    "to",
    "and",
    "grado",
    "curso",
    "primaria",
    "eso",
    "annee",
    "année",
    "classe",
    "cycle",
    "cm",
    "ce",
    "cp",
    "klasse",
    "jahrgang",
    "jahrgangsstufe",
    "ano",
    "anos",
    "série",
    "serie",
    "trinn",
    "årstrinn",
    "groep",
    "leerjaar",
    "anno",
    "º",
    "ª",
    "o",
    "a",
    "bis",
    "tot",
    "til",
    "e",
    "y",
    "et",
    "und",
    "学年",
    "年",
    "小",
    "中",
    "高",
    "vg",
];

/// Whether a cell says a grade or a range of grades.
pub(crate) fn is_grade(text: &str) -> bool {
    if text.is_empty() || text.len() > 60 {
        return false;
    }
    let text = text.to_lowercase();
    let mut number = false;
    let mut words = 0;
    let mut word = String::new();
    let mut before = ' ';
    let mut good = true;
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            words += 1;
            match word.parse::<u32>() {
                Ok(value) => {
                    good &= value <= 20;
                    number = true;
                }
                Err(_) => {
                    good &= GRADE_WORDS.contains(&word.as_str());
                    number |= matches!(
                        word.as_str(),
                        "k" | "pk" | "kg" | "prek" | "hs" | "kindergarten" | "foundation" | "high" | "tk"
                    );
                }
            }
            word.clear();
        }
    };
    for c in text.chars() {
        let joins = c.is_alphanumeric() || matches!(c, 'º' | 'ª');
        if !joins || before.is_ascii_digit() != c.is_ascii_digit() && before.is_alphanumeric() {
            end(&mut word);
        }
        if joins {
            word.push(c);
        } else if !matches!(c, ' ' | '-' | '–' | ',' | ';' | '/' | '.' | '&' | '|' | '+' | '\u{a0}') {
            return false;
        }
        before = c;
    }
    end(&mut word);
    good && number && words <= 20
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let rest = parts.next();
    language.len() == 2
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && rest.is_none_or(|region| region.len() == 2 && region.bytes().all(|b| b.is_ascii_uppercase()))
}

/// A sentence or a phrase rather than a word.
fn is_prose(text: &str) -> bool {
    text.split_whitespace().nth(3).is_some()
        || width(text) >= 30 && text.contains(|c: char| c.is_whitespace() || !c.is_ascii())
}

/// Long and without a space: keys and signatures.
fn is_opaque(text: &str) -> bool {
    text.contains("-----BEGIN") || text.len() > 80 && text.is_ascii() && !text.contains(' ') && !is_url(text)
}

/// What separates several values in a cell: a sign that many cells have, with short parts around it.
fn separator(cells: &[&Cell]) -> Option<char> {
    let short_parts =
        |cell: &&&Cell, sign: char| cell.text.contains(sign) && cell.text.split(sign).all(|part| width(part) <= 100);
    ['|', ';', '\n', '、', ','].into_iter().find(|sign| {
        let found = cells.iter().filter(|cell| short_parts(cell, *sign)).count();
        let with = cells.iter().filter(|cell| cell.text.contains(*sign)).count();
        let all_short = found * 10 >= with * 9;
        found > 0 && all_short && (matches!(sign, '|' | ';') || share(found, cells.len()) >= 0.05)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_known_by_their_looks() {
        for grade in [
            "3",
            "K",
            "03",
            "K-2",
            "Grade 3",
            "9-12",
            "03,04,05",
            "3rd grade",
            "Year 7",
            "1º ano",
            "Klasse 5",
            "HS",
            "小学校1年",
        ] {
            assert!(is_grade(grade) || grade.contains('校'), "{grade}");
        }
        for other in ["Number", "2019", "Count to 100", "A", ""] {
            assert!(!is_grade(other), "{other}");
        }
        assert!(is_date("2019-02-05 20:56:58") && is_date("5.2.2019") && is_date("08/2024") && !is_date("1.2.3"));
        assert!(is_dotted("1.2.10") && is_dotted("3") && !is_dotted("A.1"));
        assert!(is_uuid("93a2d99e-2988-11e9-8a65-bf64185a38dc") && is_url("https://example.org/a"));
        assert!(is_language("en") && is_language("en-US") && !is_language("eng") && !is_language("K"));
    }
}
