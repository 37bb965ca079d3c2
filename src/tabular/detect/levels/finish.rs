//! From the columns that are levels to the chain they make, with the codes beside them.

use std::collections::HashSet;

use super::{Candidate, Chain, Level, cells, distinct, goes_with, is_twin, refine, runs};
use crate::tabular::detect::header::Table;
use crate::tabular::detect::names;
use crate::tabular::detect::shape::to_f64;
use crate::tabular::mapping::{Field, Guess};

/// The chosen groups with the level below them and the codes beside them.
pub(super) fn finish(
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
