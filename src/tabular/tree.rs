//! From what rows say of their place to the row that each stands under: codes, levels, indentation,
//! outline numbers, kinds, keys of parents. Detection tries a hierarchy with these, and building
//! makes it. Rows are positions in a list; nothing here knows a sheet.

use std::collections::{HashMap, HashSet};

use super::codes;

/// For each row the row that it stands under.
pub type Parents = Vec<Option<usize>>;

/// By codes of which one begins the other. A row without a code has no parent. `digits` lets codes
/// be cut inside of a run of digits too (265 over 2654).
#[must_use]
pub fn by_code(rows: &[Option<&str>], digits: bool) -> Parents {
    let known = positions(rows);
    rows.iter()
        .enumerate()
        .map(|(at, code)| {
            let code = (*code)?;
            let cut = codes::ancestors(code);
            let shorter = if digits { codes::shorter(code) } else { Vec::new() };
            cut.iter().chain(&shorter).find_map(|parent| nearest(&known, parent, at))
        })
        .collect()
}

/// Whether codes nest digit by digit ("1", "11", "111") rather than count ("1" to "12").
#[must_use]
pub fn nest_by_digit(rows: &[Option<&str>]) -> bool {
    let codes: HashSet<&str> = rows.iter().copied().flatten().map(str::trim).collect();
    let numbers: Option<Vec<u64>> = codes.iter().map(|code| code.parse().ok()).collect();
    let Some(numbers) = numbers else { return false };
    let (least, most) = (numbers.iter().min().copied().unwrap_or(0), numbers.iter().max().copied().unwrap_or(0));
    let counts = most - least < numbers.len() as u64;
    let shortest = codes.iter().map(|code| code.len()).min().unwrap_or(0);
    let longer = || codes.iter().filter(|code| code.len() > shortest);
    let nested = longer().filter(|code| codes::shorter(code).iter().any(|above| codes.contains(above.as_str())));
    // Numbers that only grow may as well count with gaps, unless all of the top have something below.
    let grows = rows.iter().flatten().filter_map(|code| code.trim().parse::<u64>().ok()).is_sorted();
    let tops = || codes.iter().filter(|code| code.len() == shortest);
    let bearing = tops().filter(|top| longer().any(|code| code.starts_with(**top)));
    let sure = !grows || codes.iter().any(|code| code.starts_with('0')) || bearing.count() * 5 >= tops().count() * 4;
    !counts && sure && longer().count() > 0 && nested.count() * 10 >= longer().count() * 9
}

/// By the key (code, identifier, statement) of the parent. A key that no row has, or the row's own,
/// gives none.
#[must_use]
pub fn by_key(keys: &[Option<&str>], parents: &[Option<&str>]) -> Parents {
    let known = positions(keys);
    parents.iter().enumerate().map(|(at, parent)| nearest(&known, (*parent)?.trim(), at)).collect()
}

fn positions<'a>(rows: &[Option<&'a str>]) -> HashMap<&'a str, Vec<usize>> {
    let mut known: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, key) in rows.iter().enumerate() {
        if let Some(key) = key.map(str::trim).filter(|key| !key.is_empty()) {
            known.entry(key).or_default().push(at);
        }
    }
    known
}

/// Where several rows have the key: the last one above, else the first below.
fn nearest(known: &HashMap<&str, Vec<usize>>, key: &str, at: usize) -> Option<usize> {
    let all = known.get(key)?;
    all.iter().rev().find(|row| **row < at).or_else(|| all.iter().find(|row| **row > at)).copied()
}

/// By depth: the parent is the nearest row above that is less deep. Rows without a depth have none.
#[must_use]
pub fn by_depth(depths: &[Option<i64>]) -> Parents {
    let mut open: Vec<(i64, usize)> = Vec::new();
    depths
        .iter()
        .enumerate()
        .map(|(at, depth)| {
            let depth = (*depth)?;
            while open.last().is_some_and(|(top, _)| *top >= depth) {
                open.pop();
            }
            let parent = open.last().map(|(_, row)| *row);
            open.push((depth, at));
            parent
        })
        .collect()
}

/// Depths by kinds in the order in which they first appear, the first the highest.
#[must_use]
pub fn kind_depths(kinds: &[Option<&str>]) -> Vec<Option<i64>> {
    let mut order: Vec<String> = Vec::new();
    kinds
        .iter()
        .map(|kind| {
            let kind = (*kind)?.trim().to_lowercase();
            let at = order.iter().position(|one| *one == kind).unwrap_or_else(|| {
                order.push(kind);
                order.len() - 1
            });
            i64::try_from(at).ok()
        })
        .collect()
}

/// What stands before a statement to show how deep it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead<'a> {
    /// In spaces; a tab is four, an ideographic space two.
    pub spaces: usize,
    /// The mark behind the spaces: `-`, `•`, `>>`; none is empty.
    pub mark: &'a str,
    /// What is left.
    pub text: &'a str,
}

/// Marks that people put before a statement.
const MARKS: &[char] = &[
    '-', '–', '—', '•', '●', '○', '◦', '▪', '■', '□', '>', '»', '→', '↳', '*', '·', '├', '└', '│', '─', '+', '.', '…',
    '　', '#',
];

/// Takes spaces and marks off the beginning of a statement.
#[must_use]
pub fn lead(text: &str) -> Lead<'_> {
    let rest = text.trim_start();
    let space = text.get(..text.len() - rest.len()).unwrap_or_default();
    let spaces = space
        .chars()
        .map(|c| match c {
            '\t' => 4,
            '\u{3000}' => 2,
            '\n' | '\r' => 0,
            _ => 1,
        })
        .sum();
    let end = rest.find(|c: char| !MARKS.contains(&c)).unwrap_or(rest.len());
    let (mark, after) = rest.split_at(end);
    let stated = after.trim_start();
    // "-5 is less" and ".NET" are no marks: one mark sign wants a space behind it.
    let marked = end > 0
        && !stated.is_empty()
        && (after.len() > stated.len()
            || mark.chars().count() > 1
            || !mark.starts_with(['-', '–', '+', '.', '*', '#']));
    if marked { Lead { spaces, mark, text: stated } } else { Lead { spaces, mark: "", text: rest } }
}

/// Depths by what stands before the statements. More spaces are deeper; of equal spaces, a longer
/// run of the same mark is, and a mark of another sign opens a level when it is met first.
#[must_use]
pub fn lead_depths(texts: &[Option<&str>]) -> Vec<Option<i64>> {
    let mut open: Vec<(usize, &str)> = Vec::new();
    texts
        .iter()
        .map(|text| {
            let Lead { spaces, mark, .. } = lead((*text)?);
            let here = (spaces, mark);
            if let Some(at) = open.iter().position(|one| *one == here) {
                open.truncate(at + 1);
            } else {
                while open.last().is_some_and(|(width, sign)| {
                    *width > spaces
                        || *width == spaces
                            && (mark.is_empty()
                                || sign.chars().next() == mark.chars().next() && sign.len() > mark.len())
                }) {
                    open.pop();
                }
                open.push(here);
            }
            i64::try_from(open.len()).ok()
        })
        .collect()
}

/// The ways to count in an outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alphabet {
    LargeRoman,
    SmallRoman,
    Large,
    Small,
    Digits,
    Ideographs,
}

/// One reading of an outline number: how it counts, what is around it, and its value.
type Reading = (Alphabet, &'static str, u32);

/// Whether a code is an outline number: `I.`, `A)`, `(iv)`, `3`, `b.`.
#[must_use]
pub fn is_outline(code: &str) -> bool {
    !readings(code).is_empty()
}

fn readings(code: &str) -> Vec<Reading> {
    let code = code.trim();
    let around = match (code.starts_with(['(', '（']), code.ends_with([')', '）'])) {
        (true, true) => "()",
        (false, true) => ")",
        _ => "",
    };
    let body = code.trim_matches(|c| "()（）.:、".contains(c));
    let mut found = Vec::new();
    if let Ok(number) = body.parse::<u32>() {
        found.push((Alphabet::Digits, around, number));
    }
    let ideograph = |c: char| "一二三四五六七八九十".chars().position(|one| one == c);
    if let (Some(at), 1) = (body.chars().next().and_then(ideograph), body.chars().count()) {
        found.push((Alphabet::Ideographs, around, u32::try_from(at).unwrap_or(0) + 1));
    }
    for (alphabet, roman, first, last) in
        [(Alphabet::Large, Alphabet::LargeRoman, 'A', 'Z'), (Alphabet::Small, Alphabet::SmallRoman, 'a', 'z')]
    {
        if body.is_empty() || !body.chars().all(|c| (first..=last).contains(&c)) {
            continue;
        }
        if let Some(value) = roman_value(body) {
            found.push((roman, around, value));
        }
        if body.len() == 1 {
            found.push((alphabet, around, body.chars().map(|c| u32::from(c) - u32::from(first) + 1).sum()));
        }
    }
    found
}

fn roman_value(text: &str) -> Option<u32> {
    let digit = |c: char| match c.to_ascii_uppercase() {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        _ => None,
    };
    let digits: Vec<i32> = text.chars().map(digit).collect::<Option<_>>()?;
    let mut value = 0_i32;
    for (at, one) in digits.iter().enumerate() {
        let before_larger = digits.get(at + 1).is_some_and(|next| next > one);
        value += if before_larger { -one } else { *one };
    }
    let value = u32::try_from(value).ok()?;
    (value > 0 && value < 90).then_some(value)
}

/// Depths by outline numbers: a number that goes on counting an open level belongs to it, another
/// way to count opens a level below. Rows without an outline number have none.
#[must_use]
pub fn outline_depths(numbers: &[Option<&str>]) -> Vec<Option<i64>> {
    let mut open: Vec<Reading> = Vec::new();
    numbers
        .iter()
        .map(|number| {
            let readings = readings((*number)?);
            let same = |one: &Reading, other: &Reading| one.0 == other.0 && one.1 == other.1;
            let goes_on = readings
                .iter()
                .find_map(|one| open.iter().rposition(|top| same(top, one) && one.2 == top.2 + 1).map(|at| (at, *one)));
            let opens = readings.iter().find(|one| one.2 == 1 && !open.iter().any(|top| same(top, one)));
            let known =
                || readings.iter().find_map(|one| open.iter().rposition(|top| same(top, one)).map(|at| (at, *one)));
            let (at, reading) = match (goes_on, opens) {
                // "I." after "H." is a letter; "i" after "1" opens a level.
                (Some(found), _) => found,
                (None, Some(one)) => (open.len(), *one),
                (None, None) => known().or_else(|| readings.first().map(|one| (open.len(), *one)))?,
            };
            open.truncate(at);
            open.push(reading);
            i64::try_from(open.len()).ok()
        })
        .collect()
}

/// Whether no row stands, over however many, under itself.
#[must_use]
pub fn is_forest(parents: &[Option<usize>]) -> bool {
    let mut state = vec![0_u8; parents.len()];
    for start in 0..parents.len() {
        let mut path = Vec::new();
        let mut at = Some(start);
        while let Some(row) = at {
            match state.get(row) {
                Some(0) => {
                    if let Some(mark) = state.get_mut(row) {
                        *mark = 1;
                    }
                    path.push(row);
                }
                Some(1) => return false,
                _ => break,
            }
            at = parents.get(row).copied().flatten();
        }
        for row in path {
            if let Some(mark) = state.get_mut(row) {
                *mark = 2;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some<'a>(all: &[&'a str]) -> Vec<Option<&'a str>> {
        all.iter().map(|one| (!one.is_empty()).then_some(*one)).collect()
    }

    #[test]
    fn codes_stand_under_what_they_begin_with() {
        let rows = some(&["3", "3.NF", "3.NF.A", "3.NF.A.1", "3.NF.A.1a", "30", "", "3.NF.B.1"]);
        let parents = [None, Some(0), Some(1), Some(2), Some(3), None, None, Some(1)];
        assert_eq!(by_code(&rows, false), parents);
        let soc = some(&["11-0000", "11-1000", "11-1010", "11-1011", "11-3000"]);
        assert_eq!(by_code(&soc, false), [None, Some(0), Some(1), Some(2), Some(0)]);
        assert_eq!(by_code(&some(&["2", "26", "265", "2654"]), true), [None, Some(0), Some(1), Some(2)]);
        assert_eq!(by_code(&some(&["A", "A1", "A1a", "A", "A1"]), false), [None, Some(0), Some(1), None, Some(3)]);
    }

    #[test]
    fn keys_of_parents_may_come_later() {
        let keys = some(&["b", "a", "c"]);
        assert_eq!(by_key(&keys, &some(&["a", "", "gone"])), [Some(1), None, None]);
    }

    #[test]
    fn depth_goes_down_by_any_step_and_up_to_any_level() {
        let depths = [1, 2, 4, 4, 2, 1].map(Some);
        assert_eq!(by_depth(&depths), [None, Some(0), Some(1), Some(1), Some(0), None]);
    }

    #[test]
    fn spaces_and_marks_are_depth() {
        let texts = some(&["Number", "  Fractions", "    Halves", "  Decimals", "Shapes"]);
        assert_eq!(by_depth(&lead_depths(&texts)), [None, Some(0), Some(1), Some(0), None]);
        let texts = some(&["Number", "- Fractions", "-- Halves", "- Decimals", "Shapes"]);
        assert_eq!(by_depth(&lead_depths(&texts)), [None, Some(0), Some(1), Some(0), None]);
        let texts = some(&["Number", "• Fractions", "> Halves", "• Decimals", "Shapes", "• Flat"]);
        assert_eq!(by_depth(&lead_depths(&texts)), [None, Some(0), Some(1), Some(0), None, Some(4)]);
        assert_eq!(lead("-5 is less than 0").mark, "");
    }

    #[test]
    fn outline_numbers_count_on_where_they_can() {
        let numbers = some(&["I.", "A.", "1.", "a.", "b.", "2.", "B.", "II.", "A."]);
        let parents = [None, Some(0), Some(1), Some(2), Some(2), Some(1), Some(0), None, Some(7)];
        assert_eq!(by_depth(&outline_depths(&numbers)), parents);
        let letters: Vec<String> = ('A'..='L').map(|c| format!("{c}.")).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        assert!(outline_depths(&some(&letters)).iter().all(|depth| *depth == Some(1)));
        let numbers = some(&["1.", "(a)", "(i)", "(ii)", "(b)", "2."]);
        assert_eq!(by_depth(&outline_depths(&numbers)), [None, Some(0), Some(1), Some(1), Some(0), None]);
        assert_eq!(roman_value("XIV"), Some(14));
    }

    #[test]
    fn a_loop_is_no_forest() {
        assert!(is_forest(&[None, Some(0), Some(1)]));
        assert!(!is_forest(&[Some(1), Some(0)]));
        assert!(!is_forest(&[Some(0)]));
    }

    #[test]
    fn digits_nest_unless_they_count() {
        assert!(nest_by_digit(&["1", "11", "111", "112", "2", "21"].map(Some)));
        assert!(nest_by_digit(&["01", "0101", "010101", "0102", "02"].map(Some)));
        let counted: Vec<String> = (1..=12).map(|number| number.to_string()).collect();
        let counted: Vec<Option<&str>> = counted.iter().map(|number| Some(number.as_str())).collect();
        assert!(!nest_by_digit(&counted));
        assert!(!nest_by_digit(&["1", "2", "3", "19", "20", "28"].map(Some)), "numbers with gaps");
        assert!(!nest_by_digit(&["A1", "A12"].map(Some)));
    }
}
