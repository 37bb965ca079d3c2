//! Sheets with a column per level: which columns are levels, in which order, which codes stand
//! beside them. Order comes from how the cells nest, not from where the columns stand.

mod finish;

use std::collections::{HashMap, HashSet};

use super::header::Table;
use super::names;
use super::shape::to_f64;
use crate::tabular::mapping::{Field, Guess};
use finish::finish;

/// One column per level, the top first.
#[derive(Debug)]
pub(crate) struct Chain {
    pub levels: Vec<Level>,
    /// Whether each row says all of its levels, so that a blank cell is no repetition.
    pub filled: bool,
    /// How likely it is, from 0 to 1.
    pub score: f64,
    pub reason: String,
}

/// The columns of one level, by their place in the table.
#[derive(Debug)]
pub(crate) struct Level {
    pub text: usize,
    pub code: Option<usize>,
}

/// A column as it is compared: what stands in each row, with blanks filled in where a blank repeats.
struct Candidate<'a> {
    at: usize,
    values: Vec<&'a str>,
    runs: usize,
    distinct: usize,
    /// Blank cells repeat the one above.
    repeats: bool,
    blanks: bool,
    named: f64,
    /// A grade or subject: a level only when levels below need it.
    attribute: bool,
}

fn runs<T: PartialEq>(values: impl Iterator<Item = T>) -> usize {
    let mut before = None;
    let mut runs = 0;
    for value in values {
        if before.as_ref() != Some(&value) {
            runs += 1;
        }
        before = Some(value);
    }
    runs
}

fn distinct(values: &[&str]) -> usize {
    values.iter().collect::<HashSet<_>>().len()
}

/// Finds the columns of levels in a table, if it has some.
pub(crate) fn find(table: &Table<'_>, guesses: &[Guess<Field>]) -> Option<Chain> {
    numbered(table, guesses).or_else(|| staircase(table, guesses)).or_else(|| nested(table, guesses))
}

fn cells<'a>(table: &Table<'a>, at: usize) -> Vec<&'a str> {
    let column = table.columns[at].index;
    table.sample.iter().map(|row| row.get(column).map_or("", str::trim)).collect()
}

fn statement(guesses: &[Guess<Field>]) -> Option<usize> {
    guesses.iter().position(|guess| guess.value == Field::FullStatement)
}

/// Whether a column may be a level at all, by what its name and its cells say.
fn eligible(table: &Table<'_>, guesses: &[Guess<Field>], at: usize) -> bool {
    let column = &table.columns[at];
    let level = column.level;
    let taken = matches!(
        guesses[at].value,
        Field::Notes
            | Field::ConceptKeywords
            | Field::AlternativeLabel
            | Field::License
            | Field::Language
            | Field::Identifier
            | Field::Uri
            | Field::StatusStartDate
            | Field::StatusEndDate
            | Field::LastChangeDateTime
            | Field::Association(_)
            | Field::ParentIdentifier
            | Field::ParentCode
            | Field::ParentStatement
            | Field::SmartLevel
            | Field::SequenceNumber
            | Field::EducationLevelFrom
            | Field::EducationLevelTo
            | Field::ListEnumeration
    );
    let other = column.other >= 0.9 && level < 0.95;
    column.shape.is_text() && !other && (!taken || level >= 0.85)
}

/// "Level 1", "Level 2", … with codes ("Level 1 code") beside.
fn numbered(table: &Table<'_>, guesses: &[Guess<Field>]) -> Option<Chain> {
    let mut groups: Vec<(String, Vec<(u8, usize)>)> = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        if let Some((number, stem)) = names::numbered(&column.header) {
            match groups.iter_mut().find(|(known, _)| *known == stem) {
                Some((_, all)) => all.push((number, at)),
                None => groups.push((stem, vec![(number, at)])),
            }
        }
    }
    groups.retain(|(_, all)| {
        all.len() >= 2 && all.iter().map(|(number, _)| number).collect::<HashSet<_>>().len() == all.len()
    });
    let text_share = |all: &[(u8, usize)], what: &dyn Fn(usize) -> f64| {
        all.iter().map(|(_, at)| what(*at)).sum::<f64>() / to_f64(all.len())
    };
    let code_like = |all: &[(u8, usize)]| text_share(all, &|at| table.columns[at].shape.code);
    let textual = |all: &[(u8, usize)]| {
        all.iter()
            .filter(|(_, at)| table.columns[*at].shape.filled > 0)
            .all(|(_, at)| table.columns[*at].shape.is_text() || table.columns[*at].shape.number >= 0.5)
    };
    let length = |all: &[(u8, usize)]| text_share(all, &|at| table.columns[at].shape.length);
    let texts = groups
        .iter()
        .filter(|(_, all)| textual(all) && all.iter().any(|(_, at)| table.columns[*at].shape.filled > 0))
        .max_by(|a, b| {
            (1.0 - code_like(&a.1))
                .total_cmp(&(1.0 - code_like(&b.1)))
                .then(length(&b.1).total_cmp(&length(&a.1)))
                .then(b.0.cmp(&a.0))
        })?;
    let codes = groups
        .iter()
        .filter(|group| group.0 != texts.0)
        .find(|(_, all)| code_like(all) >= 0.7 && textual(all) && code_like(&texts.1) < 0.9);
    let mut ordered = texts.1.clone();
    ordered.sort_unstable();
    let code =
        |number: u8| codes.and_then(|(_, all)| all.iter().find(|(other, _)| *other == number)).map(|(_, at)| *at);
    let mut levels: Vec<Level> = ordered.iter().map(|(number, at)| Level { text: *at, code: code(*number) }).collect();
    // Numbers that say nothing of levels ("Statement 1", "Statement 2" filled with anything) do not nest.
    let columns: Vec<Vec<&str>> = ordered.iter().map(|(_, at)| cells(table, *at)).collect();
    let first_fills: Vec<usize> =
        columns.iter().map(|values| values.iter().filter(|value| !value.is_empty()).count()).collect();
    let exclusive = exclusive(&columns);
    let narrowing = columns
        .windows(2)
        .all(|pair| distinct(&pair[0]) <= distinct(&pair[1]) + 2 || pair[1].iter().all(|value| value.is_empty()));
    if !exclusive && !narrowing && !texts.0.starts_with("level") {
        return None;
    }
    // What the rows say below their levels.
    if let Some(leaf) =
        statement(guesses).filter(|leaf| !levels.iter().any(|level| level.text == *leaf || level.code == Some(*leaf)))
    {
        let sure = table.columns[leaf].is_named(&Field::FullStatement, 0.85);
        let rows = columns.first().map_or(0, Vec::len);
        let paths: HashSet<Vec<&str>> =
            (0..rows).map(|row| columns.iter().map(|column| column[row]).collect()).collect();
        let each_row_is_named = paths.len() * 100 >= rows * 95;
        if table.columns[leaf].shape.fill() >= 0.3 && (sure || !each_row_is_named) && !exclusive {
            let code = guesses
                .iter()
                .position(|guess| guess.value == Field::HumanCodingScheme)
                .filter(|at| !levels.iter().any(|level| level.code == Some(*at)));
            levels.push(Level { text: leaf, code });
        }
    }
    if levels.len() == ordered.len() {
        // A single code column beside columns of which each row fills one, or whose paths name each row.
        let lone = guesses.iter().position(|guess| guess.value == Field::HumanCodingScheme).filter(|_| codes.is_none());
        if let (Some(code), false, Some(last)) = (lone, exclusive, levels.last_mut())
            && last.code.is_none()
            && last.text != code
        {
            last.code = Some(code);
        }
    }
    let filled = first_fills.iter().zip(&columns).all(|(fill, values)| *fill == values.len() || repeated(values));
    Some(Chain {
        levels,
        filled: filled && !exclusive,
        score: 0.96,
        reason: format!("the headers number the levels from \"{}\"", table.columns[ordered[0].1].header),
    })
}

/// Whether nearly each row fills exactly one of the columns.
fn exclusive(columns: &[Vec<&str>]) -> bool {
    let rows = columns.first().map_or(0, Vec::len);
    let one = (0..rows).filter(|row| columns.iter().filter(|column| !column[*row].is_empty()).count() == 1).count();
    rows > 1 && columns.len() > 1 && one * 20 >= rows * 19
}

/// Whether a value is written again in the row below it: then a blank says that there is none.
fn repeated(values: &[&str]) -> bool {
    let pairs = values.windows(2).filter(|pair| !pair[0].is_empty());
    let (mut again, mut blank) = (0_usize, 0_usize);
    for pair in pairs {
        again += usize::from(pair[0] == pair[1]);
        blank += usize::from(pair[1].is_empty());
    }
    again > blank
}

/// Columns of which each row fills one: the further down the sheet a column begins, the deeper.
fn staircase(table: &Table<'_>, guesses: &[Guess<Field>]) -> Option<Chain> {
    let texts: Vec<usize> = (0..table.columns.len())
        .filter(|at| {
            let column = &table.columns[*at];
            let other = column.other >= 0.9 && column.level < 0.95;
            column.shape.fill() < 0.97
                && column.shape.is_text()
                && (column.shape.code < 0.8 || column.shape.length > 20.0)
                && !other
                && (eligible(table, guesses, *at) || column.header.is_empty())
        })
        .collect();
    let columns: Vec<Vec<&str>> = texts.iter().map(|at| cells(table, *at)).collect();
    if texts.len() < 2 || !exclusive(&columns) {
        return None;
    }
    let begins = |values: &[&str]| values.iter().position(|value| !value.is_empty()).unwrap_or(usize::MAX);
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|one| (begins(&columns[*one]), texts[*one]));
    if begins(&columns[order[0]]) != 0 {
        return None;
    }
    // Codes in a column for each level, filled where the level is.
    let codes: Vec<usize> = (0..table.columns.len())
        .filter(|at| {
            !texts.contains(at) && table.columns[*at].shape.code >= 0.7 && table.columns[*at].shape.fill() < 0.97
        })
        .collect();
    let same = |code: &usize, values: &[&str]| {
        cells(table, *code).iter().zip(values).filter(|(code, text)| code.is_empty() == text.is_empty()).count() * 20
            >= values.len() * 19
    };
    let levels: Vec<Level> = order
        .iter()
        .map(|one| Level { text: texts[*one], code: codes.iter().copied().find(|code| same(code, &columns[*one])) })
        .collect();
    Some(Chain { levels, filled: false, score: 0.93, reason: format!("each row fills one of {} columns", texts.len()) })
}

/// Columns whose cells group the rows, each within the one before.
fn nested(table: &Table<'_>, guesses: &[Guess<Field>]) -> Option<Chain> {
    let leaf = statement(guesses)?;
    let rows = table.sample.len();
    if rows < 2 {
        return None;
    }
    let able = |at: &usize| eligible(table, guesses, *at) || *at == leaf;
    let mut candidates: Vec<Candidate<'_>> =
        (0..table.columns.len()).filter(able).map(|at| candidate(table, guesses, at)).collect();
    candidates.retain(|one| one.at == leaf || one.named >= 0.9 || one.runs * 10 < rows * 8);
    // Of columns that tell as many rows apart the statement is the level, if it is called one.
    let sure = table.columns[leaf].is_named(&Field::FullStatement, 0.85);
    candidates.sort_by_key(|one| (one.runs, one.distinct, (one.at == leaf) != sure, one.at));
    place_ragged(&mut candidates);
    place_repeating(&mut candidates);
    let mut chosen: Vec<usize> = Vec::new();
    let mut paths: Vec<u32> = vec![0; rows];
    let mut above: Vec<u32> = paths.clone();
    let mut count = 0;
    for (index, one) in candidates.iter().enumerate() {
        let statement = one.at == leaf;
        let is_code = |at: usize| table.columns[at].shape.code >= 0.8;
        if let Some(place) = chosen.iter().position(|known| one_to_one(&candidates[*known].values, &one.values)) {
            let known = &candidates[chosen[place]];
            let words = |at: usize| names::words(&table.columns[at].header);
            let shared = words(known.at).iter().any(|word| words(one.at).contains(word));
            if one.named >= 0.9 && known.named >= 0.9 && !is_code(one.at) && !is_code(known.at) && !shared {
                // "Substrand" and "Unit", each of one unit: two levels all the same.
                chosen.push(index);
            } else if is_code(known.at) && !is_code(one.at) || one.at == leaf {
                // Codes give way to the texts that they are the codes of.
                chosen[place] = index;
            }
            continue;
        }
        let (next, distinct, runs) = refine(&paths, &one.values);
        // "RA1" comes again in each module, and the text beside it does not.
        let coded = chosen.last().map(|last| &candidates[*last]).filter(|last| is_code(last.at) && !is_code(one.at));
        if coded.is_some_and(|last| distinct == count && is_twin(&above, &one.values, &last.values)) {
            chosen.pop();
            chosen.push(index);
            continue;
        }
        let contiguity = to_f64(distinct) / to_f64(runs.max(1));
        let grows = distinct > count.max(1);
        let own = to_f64(one.distinct) / to_f64(distinct.max(1));
        let begins = !one.values.first().is_some_and(|value| value.is_empty()) || !one.repeats;
        // What stands behind the statement and is not called a level says something of it: how it is assessed, when.
        let before = one.at < leaf;
        let fine = if statement {
            grows && contiguity >= 0.9
        } else if one.attribute {
            grows && before && contiguity >= 0.95
        } else if one.named >= 0.85 {
            (begins || one.named >= 0.95) && contiguity >= 0.5 && (grows || count == 0)
        } else {
            let groups = one.runs * 3 <= rows * 2 && (one.blanks || rows >= 6);
            let placed = begins && before && contiguity >= 0.95 && own >= 0.5;
            grows && groups && placed && is_free(table, guesses, one.at)
        };
        if fine {
            chosen.push(index);
            above = std::mem::replace(&mut paths, next);
            count = distinct;
        }
    }
    finish(table, guesses, leaf, &candidates, chosen)
}

/// A level that many branches do without has fewer runs than those above it: it goes behind the column
/// to its left.
fn place_ragged(candidates: &mut Vec<Candidate<'_>>) {
    let is_ragged = |one: &Candidate<'_>| {
        one.blanks && !one.repeats && one.values.iter().filter(|value| value.is_empty()).count() * 10 > one.values.len()
    };
    let (mut ragged, mut whole): (Vec<Candidate<'_>>, Vec<Candidate<'_>>) = candidates.drain(..).partition(is_ragged);
    ragged.sort_by_key(|one| one.at);
    for one in ragged {
        let left = whole.iter().enumerate().filter(|(_, other)| other.at < one.at).max_by_key(|(_, other)| other.at);
        let place = left.map_or(0, |(place, _)| place + 1);
        whole.insert(place, one);
    }
    *candidates = whole;
}

/// Where blanks repeat what is above, people write the levels from left to right.
fn place_repeating(candidates: &mut [Candidate<'_>]) {
    let order: Vec<usize> = (0..candidates.len()).filter(|at| candidates[*at].repeats).collect();
    for begin in 0..order.len() {
        let least = (begin..order.len()).min_by_key(|one| candidates[order[*one]].at).unwrap_or(begin);
        candidates.swap(order[begin], order[least]);
    }
}

/// Whether nothing is known of a column by its name.
fn is_free(table: &Table<'_>, guesses: &[Guess<Field>], at: usize) -> bool {
    let known =
        table.columns[at].items.first().is_some_and(|(field, likely)| *likely >= 0.8 && *field == guesses[at].value);
    let title =
        matches!(guesses[at].value, Field::AbbreviatedStatement | Field::FullStatement | Field::HumanCodingScheme);
    (!known || title) && guesses[at].value != Field::CfItemType
}

fn candidate<'a>(table: &Table<'a>, guesses: &[Guess<Field>], at: usize) -> Candidate<'a> {
    let mut values = cells(table, at);
    let blanks = values.iter().any(|value| value.is_empty());
    let repeats = blanks && !repeated(&values);
    if repeats {
        let mut above = "";
        for value in &mut values {
            if value.is_empty() {
                *value = above;
            }
            above = value;
        }
    }
    let header = &table.columns[at].header;
    let named = if names::numbered(header).is_some() { 1.0 } else { table.columns[at].level };
    let exact = |wanted: &Field| table.columns[at].is_named(wanted, 0.85);
    let attribute = exact(&Field::EducationLevel)
        || exact(&Field::Subject) && named < 0.85
        || guesses[at].value == Field::EducationLevel && named < 0.85;
    Candidate { at, runs: runs(values.iter()), distinct: distinct(&values), repeats, blanks, named, attribute, values }
}

/// Paths with one more level: the numbers of the new paths by row, how many there are, in how many runs.
fn refine(paths: &[u32], values: &[&str]) -> (Vec<u32>, usize, usize) {
    let mut known: HashMap<(u32, &str), u32> = HashMap::new();
    let next: Vec<u32> = paths
        .iter()
        .zip(values)
        .map(|(path, value)| {
            let number = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry((*path, value)).or_insert(number)
        })
        .collect();
    let runs = runs(next.iter());
    (next, known.len(), runs)
}

/// Whether each value of one column goes with one of the other's, both ways, but for a few.
fn one_to_one(one: &[&str], other: &[&str]) -> bool {
    let follows = |from: &[&str], to: &[&str]| {
        let mut first: HashMap<&str, &str> = HashMap::new();
        let mut filled = 0_usize;
        let wrong = from
            .iter()
            .zip(to)
            .filter(|(from, to)| {
                if from.is_empty() || to.is_empty() {
                    return from.is_empty() != to.is_empty();
                }
                filled += 1;
                *first.entry(from).or_insert(to) != **to
            })
            .count();
        filled > 0 && wrong * 20 <= from.len()
    };
    follows(one, other) && follows(other, one)
}

/// Whether the codes of one column are those of the texts of another, be it within the path above.
fn is_twin(paths: &[u32], values: &[&str], codes: &[&str]) -> bool {
    if one_to_one(values, codes) {
        return true;
    }
    let (with, count, _) = refine(paths, values);
    let (_, both, _) = refine(&with, codes);
    // "RA1" may come again in each module.
    let (_, alone, _) = refine(paths, codes);
    both * 100 <= count * 102 && distinct(codes).max(alone) * 10 >= count * 9
}

/// Whether a column could hold the codes (or the names, when the level's are codes) of a level, by
/// what it is called: a code, or like the level, or nothing.
fn goes_with(table: &Table<'_>, at: usize, other: usize) -> bool {
    let (level, column) = (&table.columns[at], &table.columns[other]);
    let shared = names::words(&level.header).iter().any(|word| names::words(&column.header).contains(word));
    let code = column.is_named(&Field::HumanCodingScheme, 0.6) || column.is_named(&Field::Identifier, 0.9);
    let text = column.is_named(&Field::AbbreviatedStatement, 0.6)
        || column.is_named(&Field::FullStatement, 0.5)
        || column.level >= 0.85;
    column.shape.filled > 0 && column.other < 0.9 && (shared || column.header.is_empty() || code || text)
}
