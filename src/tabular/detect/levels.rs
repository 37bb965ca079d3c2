//! Sheets with a column per level: which columns are levels, in which order, which codes stand
//! beside them. Order comes from how the cells nest, not from where the columns stand.

use std::collections::{HashMap, HashSet};

use super::header::Table;
use super::names;
use super::shape::to_f64;
use crate::tabular::mapping::{Field, Guess};

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
        let contiguity = to_f64(distinct) / to_f64(runs.max(1));
        let grows = distinct > count.max(1);
        let own = to_f64(one.distinct) / to_f64(distinct.max(1));
        let begins = !one.values.first().is_some_and(|value| value.is_empty()) || !one.repeats;
        let fine = if statement {
            grows && contiguity >= 0.9
        } else if one.attribute {
            grows && contiguity >= 0.95
        } else if one.named >= 0.85 {
            (begins || one.named >= 0.95) && contiguity >= 0.5 && (grows || count == 0)
        } else {
            let groups = one.runs * 3 <= rows * 2 && (one.blanks || rows >= 6);
            let placed = begins && (!one.repeats || one.at < leaf) && contiguity >= 0.95 && own >= 0.5;
            grows && groups && placed && is_free(table, guesses, one.at)
        };
        if fine {
            chosen.push(index);
            paths = next;
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
    both * 100 <= count * 102 && distinct(codes) * 10 >= count * 9
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

/// The chosen groups with the level below them and the codes beside them.
fn finish(
    table: &Table<'_>,
    guesses: &[Guess<Field>],
    leaf: usize,
    candidates: &[Candidate<'_>],
    mut chosen: Vec<usize>,
) -> Option<Chain> {
    // Grades and subjects are levels only where the level below would otherwise run together.
    let keep: Vec<bool> = chosen
        .iter()
        .enumerate()
        .map(|(place, index)| {
            let one = &candidates[*index];
            let next = chosen
                .iter()
                .skip(place + 1)
                .map(|index| &candidates[*index])
                .find(|next| !next.attribute && next.at != leaf);
            let grade = table.columns[one.at].is_named(&Field::EducationLevel, 0.85);
            !one.attribute
                || one.repeats
                || next.is_some_and(|next| {
                    let (_, both, _) = refine(&refine(&vec![0; one.values.len()], &one.values).0, &next.values);
                    !grade || next.distinct < both
                })
        })
        .collect();
    let mut keep = keep.into_iter();
    chosen.retain(|_| keep.next().unwrap_or(true));
    let used = |at: usize| chosen.iter().any(|index| candidates[*index].at == at);
    let paths = |chosen: &[usize]| {
        chosen.iter().fold((vec![0; table.sample.len()], 0), |(paths, _), index| {
            let (next, count, _) = refine(&paths, &candidates[*index].values);
            (next, count)
        })
    };
    let (rows, told_apart) = (table.sample.len(), paths(&chosen).1);
    // Where rows repeat all of their levels, what tells them apart stands below.
    let runs_above = chosen.last().map_or(0, |index| candidates[*index].runs);
    let below = || {
        let able = |at: &usize| {
            let column = &table.columns[*at];
            !used(*at) && column.shape.is_text() && column.shape.code < 0.8 && column.other < 0.9
        };
        let worth = |one: &(usize, Vec<&str>)| {
            let column = &table.columns[one.0];
            column.level + column.shape.length / 1000.0 + to_f64(distinct(&one.1)) / to_f64(one.1.len().max(1))
        };
        let all = (0..table.columns.len()).filter(able).map(|at| (at, cells(table, at)));
        let finer = |one: &(usize, Vec<&str>)| {
            let full = one.1.iter().filter(|value| !value.is_empty()).count() * 2 > one.1.len();
            full && runs(one.1.iter()) > runs_above && distinct(&one.1) > told_apart
        };
        all.filter(finer).max_by(|a, b| worth(a).total_cmp(&worth(b)).then(b.0.cmp(&a.0))).map(|(at, _)| at)
    };
    let leaf = if used(leaf) { (told_apart * 10 < rows * 9).then(below).flatten() } else { Some(leaf) };
    // Groups of one row each group nothing.
    let groups =
        if leaf.is_none() { chosen.get(..chosen.len().saturating_sub(1)).unwrap_or_default() } else { &chosen };
    let top = &candidates[*groups.first()?];
    if rows > 3 && paths(groups).1 * 20 >= rows * 19 && top.distinct * 10 > rows * 8 {
        return None;
    }
    let columns: Vec<usize> = chosen.iter().map(|index| candidates[*index].at).chain(leaf).collect();
    let levels = with_codes(table, guesses, &columns, chosen.len(), candidates, &chosen);
    let is_named = |index: &&usize| candidates[**index].named >= 0.85;
    let share = to_f64(groups.iter().filter(is_named).count()) / to_f64(groups.len());
    // "Category" alone may as well be a mere property.
    let weak = groups.len() == 1 && table.columns[top.at].is_named(&Field::Subject, 0.6);
    let blanks = chosen.iter().any(|index| candidates[*index].repeats);
    let names: Vec<String> = levels.iter().map(|level| format!("\"{}\"", table.columns[level.text].header)).collect();
    Some(Chain {
        filled: !blanks,
        score: 0.76 + if weak { 0.0 } else { 0.12 * share } + if blanks { 0.04 } else { 0.0 },
        reason: format!("the rows are grouped by {}, each within the one before", names.join(", ")),
        levels,
    })
}

/// Puts beside each level the column of codes that goes with it; where the level chosen is a code
/// itself and a name goes with it, they change places.
fn with_codes(
    table: &Table<'_>,
    guesses: &[Guess<Field>],
    columns: &[usize],
    groups: usize,
    candidates: &[Candidate<'_>],
    chosen: &[usize],
) -> Vec<Level> {
    let mut taken: HashSet<usize> = columns.iter().copied().collect();
    let mut levels = Vec::new();
    let mut paths = vec![0; table.sample.len()];
    for (depth, at) in columns.iter().enumerate() {
        let values = match chosen.get(depth).filter(|_| depth < groups) {
            Some(index) => candidates[*index].values.clone(),
            None => cells(table, *at),
        };
        let code_like = |at: usize| table.columns[at].shape.code >= 0.8 && table.columns[at].shape.length < 40.0;
        let filled_as = |other: usize| {
            let mut twin = cells(table, other);
            if chosen.get(depth).is_some_and(|index| candidates[*index].repeats) && depth < groups {
                let mut above = "";
                for value in &mut twin {
                    if value.is_empty() {
                        *value = above;
                    }
                    above = value;
                }
            }
            twin
        };
        let related = |other: usize| {
            let (mine, theirs) = (names::words(&table.columns[*at].header), names::words(&table.columns[other].header));
            let shared = mine.iter().filter(|word| theirs.contains(word)).count();
            let near = i64::from(table.columns[*at].index).abs_diff(i64::from(table.columns[other].index));
            (shared, std::cmp::Reverse(near))
        };
        let twin = (0..table.columns.len())
            .filter(|other| !taken.contains(other))
            .filter(|other| {
                code_like(*other) != code_like(*at) && (code_like(*other) || table.columns[*other].shape.is_text())
            })
            .filter(|other| goes_with(table, *at, *other))
            .filter(|other| is_twin(&paths, &values, &filled_as(*other)))
            .max_by_key(|other| related(*other));
        paths = refine(&paths, &values).0;
        let rows = paths.iter().collect::<HashSet<_>>().len();
        // The codes of the lowest level need not be there for each row, but are not those of a level above.
        let own = || {
            guesses.iter().position(|guess| guess.value == Field::HumanCodingScheme).filter(|code| {
                depth + 1 == columns.len()
                    && !taken.contains(code)
                    && (table.columns[*code].shape.distinct * 10 >= rows * 6
                        || table.columns[*code].shape.fill() < 0.9 && table.columns[*code].shape.unlike() > 0.8)
            })
        };
        let level = match twin {
            Some(twin) if code_like(*at) => Level { text: twin, code: Some(*at) },
            Some(twin) => Level { text: *at, code: Some(twin) },
            None => Level { text: *at, code: own() },
        };
        taken.extend(level.code);
        taken.insert(level.text);
        levels.push(level);
    }
    levels
}
