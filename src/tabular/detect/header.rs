//! Which row of a sheet names the columns: below titles and blank rows, over one row or two, or
//! none at all. Never says what a column means.

use std::collections::{BTreeMap, HashSet};

use super::asides;
use super::names;
use super::shape::{self, Shape, to_f64};
use crate::tabular::cells::{Cell, Kind, Row, Sheet};
use crate::tabular::codes;
use crate::tabular::mapping::{Aside, Field};

/// Rows in which a header is looked for.
const DEEPEST: usize = 40;
/// Rows below a header that it is compared with.
const BELOW: usize = 30;
/// Columns that are looked at; what stands further right is not read.
const WIDEST: usize = 200;
/// Rows that are looked at to get to know the columns: all of them, or else blocks from all over.
const SAMPLE: usize = 2_000;
const BLOCKS: usize = 20;
/// A header scores at least this.
const ENOUGH: f64 = 1.05;

/// A sheet as a table.
pub(crate) struct Table<'a> {
    pub sheet: &'a Sheet,
    /// Where in the sheet's rows the names of the columns stand.
    pub header: Option<usize>,
    /// Where in the sheet's rows the data begins.
    pub first: usize,
    /// The rows of data.
    pub rows: Vec<&'a Row>,
    /// The rows between them that are no data.
    pub asides: Vec<Aside>,
    /// Some of them.
    pub sample: Vec<&'a Row>,
    pub columns: Vec<Column>,
}

/// A column of a table.
pub(crate) struct Column {
    /// From 0.
    pub index: u32,
    /// Blank where there is no name.
    pub header: String,
    pub shape: Shape,
    /// What it can mean among items by its name, the likeliest first.
    pub items: Vec<(Field, f64)>,
    /// How much its name is that of a level, and of something of no importance.
    pub level: f64,
    pub other: f64,
}

impl Column {
    /// Whether its name is that of a field among items.
    pub(crate) fn is_named(&self, field: &Field, likely: f64) -> bool {
        self.items.iter().any(|(known, found)| known == field && *found >= likely)
    }
}

/// Where the names of columns stand in a sheet, and the names; cheap beside a [`Table`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    /// Places in the sheet's rows.
    pub header: Option<usize>,
    pub first: usize,
    pub names: BTreeMap<u32, String>,
}

impl Head {
    /// Finds the header of a sheet.
    pub(crate) fn find(sheet: &Sheet) -> Head {
        match header(&sheet.rows) {
            Some(at) => Head::below(sheet, at),
            None => Head { header: None, first: preamble(&sheet.rows), names: BTreeMap::new() },
        }
    }

    /// The header at a row.
    pub(crate) fn below(sheet: &Sheet, at: usize) -> Head {
        let (last, names) = names_of(&sheet.rows, at);
        Head { header: Some(last), first: last + 1, names }
    }

    /// No header; the data begins at a row.
    pub(crate) fn none(first: usize) -> Head {
        Head { first, ..Head::default() }
    }
}

impl<'a> Table<'a> {
    /// Finds the table in a sheet.
    pub(crate) fn find(sheet: &'a Sheet) -> Table<'a> {
        Table::at(sheet, Head::find(sheet))
    }

    /// The table whose header is known.
    pub(crate) fn at(sheet: &'a Sheet, head: Head) -> Table<'a> {
        let Head { header, first, names } = head;
        let below = sheet.rows.get(first..).unwrap_or_default();
        let asides = asides::find(header.and_then(|at| sheet.rows.get(at)), below);
        let is_data = |row: &&Row| asides.binary_search_by_key(&row.number, |aside| aside.row).is_err();
        let rows: Vec<&Row> = below.iter().filter(is_data).collect();
        let sample = sample(&rows);
        let mut used: Vec<u32> = names.keys().copied().collect();
        let seen: HashSet<u32> = sample.iter().flat_map(|row| row.cells.iter().map(|cell| cell.column)).collect();
        used.extend(seen);
        used.sort_unstable();
        used.dedup();
        used.truncate(WIDEST);
        let column = |index| {
            let header = names.get(&index).cloned().unwrap_or_default();
            Column {
                index,
                shape: Shape::of(&sample, index),
                items: names::fields(names::Table::Items, &header),
                level: names::level(&header),
                other: names::other(&header),
                header,
            }
        };
        let columns = used.into_iter().map(column).collect();
        Table { sheet, header, first, rows, asides, sample, columns }
    }

    /// The number of a row as a person sees it.
    pub(crate) fn number(&self, at: usize) -> u32 {
        self.sheet.rows.get(at).map_or_else(|| self.sheet.rows.last().map_or(1, |row| row.number + 1), |row| row.number)
    }
}

fn sample<'a>(rows: &[&'a Row]) -> Vec<&'a Row> {
    if rows.len() <= SAMPLE {
        return rows.to_vec();
    }
    let length = SAMPLE / BLOCKS;
    let begins = (0..BLOCKS).map(|block| block * (rows.len() - length) / (BLOCKS - 1));
    begins.flat_map(|begin| rows.iter().skip(begin).take(length).copied()).collect()
}

/// How many rows at the beginning are `#key,value` lines or titles, when nothing names the columns.
fn preamble(rows: &[Row]) -> usize {
    rows.iter().take_while(|row| is_comment(row)).count()
}

/// `#title,Mathematics`; a lone `#` in a header is a number's name.
pub(crate) fn is_comment(row: &Row) -> bool {
    row.cells.first().is_some_and(|cell| cell.column == 0 && cell.text.starts_with('#') && cell.text.trim().len() > 1)
}

/// What a header says of columns: short words.
fn could_name(cell: &Cell) -> bool {
    let text = cell.text.trim();
    let long = text.chars().count() > 70 || text.lines().count() > 4;
    !(long
        || matches!(cell.kind, Kind::Number | Kind::Date | Kind::Boolean)
        || text.parse::<f64>().is_ok()
        || text.starts_with("http")
        || uuid::Uuid::try_parse(text).is_ok())
}

fn header(rows: &[Row]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for at in 0..rows.len().min(DEEPEST) {
        let top = best.map_or(f64::NEG_INFINITY, |(_, top)| top + 0.05);
        let score = score(rows, at, top);
        if score > top {
            best = Some((at, score));
        }
    }
    best.filter(|(_, score)| *score >= ENOUGH).map(|(at, _)| at)
}

/// The rows from a place on that a header is compared with.
fn following(rows: &[Row], from: usize) -> &[Row] {
    rows.get(from..(from + BELOW).min(rows.len())).unwrap_or_default()
}

/// How much a row is like one that names the columns of those below; 0 when it cannot be more than `top`.
fn score(rows: &[Row], at: usize, top: f64) -> f64 {
    let Some(row) = rows.get(at).filter(|row| !is_comment(row)) else { return 0.0 };
    let cells: Vec<&Cell> = row.cells.iter().filter(|cell| !cell.text.trim().is_empty()).collect();
    let distinct: HashSet<&str> = cells.iter().map(|cell| cell.text.trim()).collect();
    let below = following(rows, at + 1);
    let count = to_f64(cells.len());
    if cells.is_empty() || cells.iter().filter(|cell| !could_name(cell)).count() * 3 > cells.len() {
        return 0.0;
    }
    if cells.len() > 1 && distinct.len() == 1 {
        return 0.0;
    }
    let likely = || -> Vec<f64> {
        cells.iter().map(|cell| if could_name(cell) { names::any(&cell.text) } else { 0.0 }).collect()
    };
    if below.is_empty() {
        // A template: names and nothing below.
        let named: f64 = likely().iter().sum();
        return if named / count >= 0.6 && (count >= 3.0 || at == 0) { 1.5 } else { 0.0 };
    }
    let used: HashSet<u32> = below.iter().flat_map(|row| row.cells.iter().map(|cell| cell.column)).collect();
    let covered = cells.iter().filter(|cell| used.contains(&cell.column)).count();
    let coverage = to_f64(covered) / to_f64(used.len().max(1));
    // A column's name is not one of its values, and is unlike them.
    let contrasts: Vec<f64> = cells.iter().map(|cell| contrast(cell, row, below)).collect();
    let unlike = contrasts.iter().sum::<f64>() / count;
    // The first row over all columns, none of it like what is below: names, known or not.
    let first = rows.iter().take(at).all(|above| above.cells.len() * 2 <= cells.len() || is_comment(above));
    let whole = coverage >= 0.8
        && cells.len() >= 2
        && distinct.len() == cells.len()
        && cells.iter().all(|cell| could_name(cell))
        && contrasts.iter().all(|contrast| *contrast >= 0.0)
        && contrasts.iter().any(|contrast| *contrast >= 1.0);
    // A title over texts that all begin with a code.
    let titles = at == 0 && cells.len() == 1 && used.len() == 1 && is_bare(cells[0], below);
    let placed = if first && whole || titles { 0.5 } else { 0.0 };
    let alone = if cells.len() == 1 && used.len() > 1 { 0.8 } else { 0.0 };
    // Titles above are few.
    let deep = 0.08 * to_f64(rows.iter().take(at).filter(|row| !is_comment(row)).count().saturating_sub(4));
    let looks = 0.4 * coverage + 0.5 * unlike + placed - deep - alone;
    // Names are dear to look up.
    if looks + 1.4 <= top {
        return 0.0;
    }
    let likely = likely();
    let named: f64 = likely.iter().sum();
    let strong = to_f64(likely.iter().filter(|likely| **likely >= 0.8).count()).min(4.0);
    named / count + 0.1 * strong + looks
}

/// Whether a cell has no code in front where nearly all below have one.
fn is_bare(cell: &Cell, below: &[Row]) -> bool {
    let coded = |text: &str| codes::split(text).is_some();
    let values: Vec<&str> = below.iter().filter_map(|row| row.get(cell.column)).collect();
    !coded(&cell.text) && values.len() >= 3 && values.iter().filter(|text| coded(text)).count() * 10 >= values.len() * 9
}

/// From -0.5 (a value like those below) to 1 (unlike all of them).
fn contrast(cell: &Cell, own: &Row, below: &[Row]) -> f64 {
    // A header may come again on each page.
    let others = below.iter().filter(|row| !is_again(own, row));
    let values: Vec<&str> = others.filter_map(|row| row.get(cell.column)).map(str::trim).collect();
    if values.is_empty() {
        return 0.0;
    }
    let text = cell.text.trim();
    let same = values.iter().filter(|value| **value == text).count();
    if same > 0 && cell.kind != Kind::Merged {
        return -0.5;
    }
    let most = |what: &dyn Fn(&str) -> bool| values.iter().filter(|value| what(value)).count() * 10 >= values.len() * 8;
    let of = |what: &dyn Fn(&str) -> bool| most(what) && !what(text);
    let kinds: [&dyn Fn(&str) -> bool; 6] = [
        &|value| value.parse::<f64>().is_ok(),
        &codes::looks_like_code,
        &|value| value.starts_with("http") || uuid::Uuid::try_parse(value).is_ok(),
        &shape::is_grade,
        &|value| codes::split(value).is_some(),
        &|value| value.split_whitespace().count() >= 5 || value.chars().count() >= 35,
    ];
    if kinds.iter().any(|kind| of(*kind)) {
        return 1.0;
    }
    // Of one kind with them: a code among codes, a sentence among sentences.
    if kinds.iter().any(|kind| most(*kind)) { -0.5 } else { 0.2 }
}

/// Whether a row says what the other says.
fn is_again(one: &Row, other: &Row) -> bool {
    one.cells.len() == other.cells.len()
        && one.cells.iter().zip(&other.cells).all(|(one, other)| one.column == other.column && one.text == other.text)
}

/// The names of the columns from the header at a row, together with a second row of the header, and
/// where its last row is.
fn names_of(rows: &[Row], at: usize) -> (usize, BTreeMap<u32, String>) {
    let named = |row: &Row| -> BTreeMap<u32, String> {
        row.cells
            .iter()
            .filter(|cell| !cell.text.trim().is_empty())
            .map(|cell| (cell.column, cell.text.split_whitespace().collect::<Vec<_>>().join(" ")))
            .collect()
    };
    let Some(row) = rows.get(at) else { return (at, BTreeMap::new()) };
    let mut names = named(row);
    let mut last = at;
    if let Some(next) = rows.get(at + 1).filter(|next| is_second(row, next, following(rows, at + 2))) {
        names = together(&names, &named(next));
        last = at + 1;
    } else if let Some(above) = at.checked_sub(1).and_then(|above| rows.get(above)).filter(|above| is_group(above, row))
    {
        names = together(&named(above), &names);
    }
    (last, names)
}

/// Whether a row goes on with the names that the one above began: parts of merged names repeated, and
/// names below them.
fn is_second(row: &Row, next: &Row, below: &[Row]) -> bool {
    let cells: Vec<&Cell> = next.cells.iter().filter(|cell| !cell.text.trim().is_empty()).collect();
    let repeated = cells
        .iter()
        .filter(|cell| cell.kind == Kind::Merged && row.get(cell.column) == Some(cell.text.as_str()))
        .count();
    let named = cells
        .iter()
        .filter(|cell| could_name(cell) && contrast(cell, next, below) >= 0.0)
        // Below one name for several columns stand their own, be they known or not.
        .filter(|cell| names::any(&cell.text) >= 0.8 || is_spread(row, cell.column))
        .count();
    let merged = row.cells.iter().any(|cell| cell.kind == Kind::Merged) || row.cells.len() < cells.len();
    merged && !cells.is_empty() && cells.len() >= 2 && named + repeated == cells.len() && named > 0
}

/// Whether a merged name stands over that column and one beside it.
fn is_spread(row: &Row, column: u32) -> bool {
    let name = |column: u32| row.cell(column).filter(|cell| cell.kind == Kind::Merged).map(|cell| cell.text.as_str());
    name(column).is_some()
        && [column.checked_sub(1), column.checked_add(1)].iter().flatten().any(|beside| name(*beside) == name(column))
}

/// Whether the row above a header names groups of its columns.
fn is_group(above: &Row, row: &Row) -> bool {
    let cells: Vec<&Cell> = above.cells.iter().filter(|cell| !cell.text.trim().is_empty()).collect();
    let distinct: HashSet<&str> = cells.iter().map(|cell| cell.text.trim()).collect();
    let filled: HashSet<u32> = row.cells.iter().map(|cell| cell.column).collect();
    let adds = cells.iter().any(|cell| !filled.contains(&cell.column));
    let doubled: HashSet<&str> = row.cells.iter().map(|cell| cell.text.trim()).collect();
    !is_comment(above)
        && distinct.len() >= 2
        && cells.iter().all(|cell| could_name(cell))
        && (adds || doubled.len() < row.cells.len() || cells.iter().any(|cell| cell.kind == Kind::Merged))
}

/// Names over names: what stands above goes with what is below it, and to the right as far as
/// nothing else stands above.
fn together(above: &BTreeMap<u32, String>, below: &BTreeMap<u32, String>) -> BTreeMap<u32, String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in below.values() {
        *counts.entry(name).or_default() += 1;
    }
    let mut names = above.clone();
    for (column, name) in below {
        let group = above.range(..=column).next_back().map(|(_, group)| group);
        let both = match group {
            Some(group)
                if group != name
                    && (above.contains_key(column) || counts.get(name.as_str()).is_some_and(|count| *count > 1)) =>
            {
                format!("{group} {name}")
            }
            _ => name.clone(),
        };
        names.insert(*column, both);
    }
    names
}
