//! How a table writes its hierarchy: every way that could be is tried on the data, and the one is
//! taken whose parents are found, without loops, for the most rows.

mod by_codes;
mod parents;

use std::collections::{HashMap, HashSet};

use super::header::Table;
use super::levels::{self, Chain};
use super::names;
use super::shape::to_f64;
use crate::tabular::mapping::{Field, Guess, Hierarchy};
use crate::tabular::tree;
use by_codes::by_codes;
use parents::parent;

/// One way to read the hierarchy.
pub(crate) struct Hypothesis {
    pub hierarchy: Hierarchy,
    /// From 0 to 1.
    pub score: f64,
    pub reason: String,
    /// Columns, by their place in the table, that mean something else when this is so.
    pub columns: Vec<(usize, Field, String)>,
    /// The statement has its code in front.
    pub coded: bool,
}

/// What the ways are tried with.
struct Data<'a, 'b> {
    table: &'b Table<'a>,
    guesses: &'b [Guess<Field>],
    statement: Option<usize>,
    code: Option<usize>,
}

impl<'a> Data<'a, '_> {
    fn column(&self, at: usize) -> Vec<Option<&'a str>> {
        let index = self.table.columns[at].index;
        self.table.rows.iter().map(|row| row.get(index).filter(|text| !text.trim().is_empty())).collect()
    }

    fn position(&self, field: &Field) -> Option<usize> {
        self.guesses.iter().position(|guess| guess.value == *field)
    }

    fn is_named(&self, at: usize, field: &Field, likely: f64) -> bool {
        self.table.columns[at].is_named(field, likely)
    }
}

/// The best way to read the hierarchy of a table of items.
pub(crate) fn find(table: &Table<'_>, guesses: &[Guess<Field>]) -> Hypothesis {
    let position = |field: &Field| guesses.iter().position(|guess| guess.value == *field);
    let statement = position(&Field::FullStatement);
    let code = position(&Field::HumanCodingScheme);
    let data = Data { table, guesses, statement, code };
    let coded = code.is_none() && statement.is_some_and(|at| table.columns[at].shape.coded >= 0.7);
    let mut all = vec![Hypothesis {
        hierarchy: Hierarchy::Flat,
        score: 0.3,
        reason: "nothing in the sheet says what stands under what".to_owned(),
        columns: Vec::new(),
        coded,
    }];
    all.extend(smart_level(&data));
    all.extend(parent(&data));
    all.extend(level(&data));
    all.extend(kinds(&data));
    all.extend(indentation(&data));
    all.extend(levels::find(table, guesses).map(|chain| level_columns(&data, &chain)));
    all.extend(by_codes(&data, coded));
    for one in &mut all {
        one.coded |=
            coded && one.hierarchy != Hierarchy::LevelColumns && one.hierarchy != Hierarchy::LevelColumnsFilled;
    }
    // The first of equals: the order above is the order of trust.
    all.into_iter().reduce(|best, one| if one.score > best.score { one } else { best }).unwrap_or_else(|| Hypothesis {
        hierarchy: Hierarchy::Flat,
        score: 0.0,
        reason: String::new(),
        columns: Vec::new(),
        coded: false,
    })
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { to_f64(part) / to_f64(whole) }
}

fn smart_level(data: &Data<'_, '_>) -> Option<Hypothesis> {
    let named = data.position(&Field::SmartLevel);
    let by_cells = || {
        (0..data.table.columns.len()).find(|at| {
            let shape = &data.table.columns[*at].shape;
            let free = matches!(
                data.guesses[*at].value,
                Field::Extension(_) | Field::ListEnumeration | Field::SequenceNumber | Field::Identifier
            );
            free && Some(*at) != data.code
                && shape.dotted >= 0.95
                && shape.unlike() >= 0.98
                && shape.fill() >= 0.9
                && shape.rows >= 4
        })
    };
    let at = named.or_else(by_cells)?;
    let positions = data.column(at);
    let found = tree::by_code(&positions, false);
    let deep = positions
        .iter()
        .filter(|position| position.is_some_and(|text| text.trim_end_matches('.').contains('.')))
        .count();
    let placed = found
        .iter()
        .zip(&positions)
        .filter(|(parent, position)| parent.is_some() && position.is_some_and(|text| text.contains('.')))
        .count();
    if named.is_none() && (deep * 3 < positions.len() || placed * 20 < deep * 19) {
        return None;
    }
    let good = if deep == 0 { 0.5 } else { share(placed, deep) };
    Some(Hypothesis {
        hierarchy: Hierarchy::SmartLevel,
        score: if named.is_some() { 0.8 + 0.19 * good } else { 0.84 },
        reason: format!(
            "\"{}\" holds dotted positions; {placed} of {deep} deeper rows have their parent",
            data.table.columns[at].header
        ),
        columns: vec![(at, Field::SmartLevel, "dotted positions".to_owned())],
        coded: false,
    })
}

/// Whole numbers that go down by one and up by any.
fn level(data: &Data<'_, '_>) -> Option<Hypothesis> {
    let named = data.position(&Field::Level);
    let candidates: Vec<usize> = match named {
        Some(at) => vec![at],
        None => (0..data.table.columns.len())
            .filter(|at| {
                let shape = &data.table.columns[*at].shape;
                let known = data.table.columns[*at].items.first().is_some_and(|(_, likely)| *likely >= 0.8);
                !known
                    && data.table.columns[*at].other < 0.9
                    && shape.small >= 0.99
                    && shape.fill() >= 0.99
                    && (2..=9).contains(&shape.distinct)
                    && shape.rows >= 5
            })
            .collect(),
    };
    candidates.into_iter().find_map(|at| {
        let depths: Vec<Option<i64>> =
            data.column(at).iter().map(|text| text.and_then(|text| text.trim().parse().ok())).collect();
        let known: Vec<i64> = depths.iter().flatten().copied().collect();
        let lowest = known.iter().min()?;
        let steps: Vec<i64> = known.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
        let good = share(steps.iter().filter(|step| **step <= 1).count(), steps.len().max(1))
            .max(if steps.is_empty() { 1.0 } else { 0.0 });
        let up = steps.iter().filter(|step| **step < 0).count();
        let level = steps.iter().filter(|step| **step == 0).count();
        let begins = known.first() == Some(lowest);
        let deep = known.iter().any(|depth| depth > lowest);
        if !deep || named.is_none() && (good < 1.0 || !begins || up == 0 || level * 10 < steps.len() || *lowest > 1) {
            return None;
        }
        // A grade or a number of points goes up by any step; what never comes back up to the top is
        // a property of the row, and what counts up below each value of another column is as well.
        if named.is_some() && (good < 0.7 || *lowest > 1 && up == 0) || counts_within(data, at, &depths) {
            return None;
        }
        Some(Hypothesis {
            hierarchy: Hierarchy::Level,
            score: if named.is_some() { 0.78 + 0.19 * good } else { 0.8 },
            reason: format!(
                "\"{}\" holds whole numbers that never go down by more than one level",
                data.table.columns[at].header
            ),
            columns: vec![(at, Field::Level, "numbers of levels".to_owned())],
            coded: false,
        })
    })
}

/// Whether the numbers count up from the lowest again and again, each time below one value of another
/// column: steps of mastery, say.
fn counts_within(data: &Data<'_, '_>, at: usize, depths: &[Option<i64>]) -> bool {
    let lowest = depths.iter().flatten().min().copied();
    let begins: Vec<bool> = depths.iter().map(|depth| *depth == lowest).collect();
    let groups = begins.iter().filter(|begin| **begin).count();
    let counts = depths.windows(2).all(|pair| pair[1] > pair[0] || pair[1] == lowest);
    let grouped = |other: usize| {
        let values = data.column(other);
        let distinct: HashSet<&str> = values.iter().flatten().copied().collect();
        let changes = |(row, pair): (usize, &[Option<&str>])| (pair[0] != pair[1]) == begins[row + 1];
        distinct.len() == groups && values.iter().all(Option::is_some) && values.windows(2).enumerate().all(changes)
    };
    counts
        && groups >= 2
        && groups * 2 <= depths.len()
        && (0..data.table.columns.len()).any(|other| other != at && grouped(other))
}

/// Kinds of items, each with more items than the one before.
fn kinds(data: &Data<'_, '_>) -> Option<Hypothesis> {
    let is_kind = |at: &usize| {
        let column = &data.table.columns[*at];
        let level = data.is_named(*at, &Field::Level, 0.85)
            && column.shape.number < 0.5
            && !column.shape.is_text().then_some(column.shape.grade).is_some_and(|grade| grade > 0.5);
        (data.guesses[*at].value == Field::CfItemType || level)
            && column.shape.fill() >= 0.95
            && (2..=9).contains(&column.shape.distinct)
    };
    (0..data.table.columns.len()).filter(is_kind).find_map(|at| {
        let values = data.column(at);
        let depths = tree::kind_depths(&values);
        let mut counts: Vec<(i64, usize)> = Vec::new();
        for depth in depths.iter().flatten() {
            match counts.iter_mut().find(|(known, _)| known == depth) {
                Some((_, count)) => *count += 1,
                None => counts.push((*depth, 1)),
            }
        }
        counts.sort_unstable();
        let first_row_is_top = depths.first() == Some(&Some(0));
        let more =
            counts.windows(2).all(|pair| pair[1].1 * 10 >= pair[0].1 * 12 || pair[1].1 >= pair[0].1 && pair[0].1 == 1);
        let order: Vec<&str> = {
            let mut seen = Vec::new();
            for value in values.iter().flatten() {
                if !seen.contains(&value.trim()) {
                    seen.push(value.trim());
                }
            }
            seen
        };
        let named = share(
            order.iter().filter(|kind| names::level(kind) >= 0.85 || super::shape::is_grade(kind)).count(),
            order.len(),
        );
        let growing =
            counts.windows(2).filter(|pair| pair[1].1 >= pair[0].1).count() * 3 >= counts.len().saturating_sub(1) * 2;
        let parents = tree::by_depth(&depths);
        // In which kind the parents of each kind are, but for a few.
        let mut of_kind: HashMap<(i64, Option<i64>), usize> = HashMap::new();
        for (row, parent) in parents.iter().enumerate() {
            if let Some(depth) = depths[row] {
                *of_kind.entry((depth, parent.and_then(|parent| depths[parent]))).or_default() += 1;
            }
        }
        let usual: usize = counts
            .iter()
            .map(|(kind, _)| {
                of_kind.iter().filter(|((known, _), _)| known == kind).map(|(_, count)| *count).max().unwrap_or(0)
            })
            .sum();
        let regular = share(usual, values.len());
        // What has levels below it is followed by them; kinds that stand side by side come as they will.
        let last = counts.len();
        let higher =
            |row: &usize| depths[*row].is_some_and(|depth| usize::try_from(depth).is_ok_and(|depth| depth + 1 < last));
        let above: Vec<usize> = (0..depths.len()).filter(higher).collect();
        let followed =
            above.iter().filter(|row| depths.get(**row + 1).is_some_and(|next| *next > depths[**row])).count();
        if share(followed, above.len()) < 0.8 {
            return None;
        }
        if !first_row_is_top || regular < 0.75 || !(more && named >= 0.3 || growing && named >= 0.6) {
            return None;
        }
        Some(Hypothesis {
            hierarchy: Hierarchy::ItemType,
            score: (0.55 + 0.25 * named) * regular,
            reason: format!(
                "the kinds of items in \"{}\" follow each other as levels: {}",
                data.table.columns[at].header,
                order.join(" > ")
            ),
            columns: vec![(at, Field::CfItemType, "kinds of items".to_owned())],
            coded: false,
        })
    })
}

/// Spaces and marks before the statements.
fn indentation(data: &Data<'_, '_>) -> Option<Hypothesis> {
    let at = data.statement?;
    let texts = data.column(at);
    let depths = tree::lead_depths(&texts);
    let led = texts
        .iter()
        .flatten()
        .filter(|text| {
            let lead = tree::lead(text);
            lead.spaces > 0 || !lead.mark.is_empty()
        })
        .count();
    let plain = texts.iter().flatten().count() - led;
    // "# One", "## Two": all are marked where the mark says how deep.
    let counted = texts.iter().flatten().all(|text| tree::lead(text).mark.starts_with('#'));
    let deepest = depths.iter().flatten().max().copied().unwrap_or(0);
    if led == 0
        || plain == 0 && !counted
        || deepest < 2
        || texts.first().copied().flatten().is_none_or(|text| tree::lead(text).spaces > 0)
    {
        return None;
    }
    let good = share(led, texts.len());
    // Long texts have marks of their own.
    let long = data.table.columns[at].shape.length > 150.0;
    if good < 0.08 || long && deepest < 3 {
        return None;
    }
    Some(Hypothesis {
        hierarchy: Hierarchy::Indentation,
        score: if good >= 0.2 { 0.94 } else { 0.4 + good },
        reason: format!("{led} statements begin with spaces or marks, over {deepest} depths"),
        columns: Vec::new(),
        coded: false,
    })
}

fn level_columns(data: &Data<'_, '_>, chain: &Chain) -> Hypothesis {
    let mut columns = Vec::new();
    let lone = chain.levels.iter().all(|level| level.code.is_none());
    for (number, level) in (0_u8..).zip(&chain.levels) {
        let name = format!("level {} of {}", number + 1, chain.levels.len());
        let column = &data.table.columns[level.text];
        columns.push((level.text, Field::LevelColumn(number), name.clone()));
        if let Some(code) = level.code {
            columns.push((code, Field::LevelCode(number), format!("the codes of {name}")));
        } else if column.shape.coded >= 0.8 {
            columns.push((level.text, Field::LevelCode(number), format!("each cell of {name} begins with its code")));
        }
        for (field, share) in [(Field::EducationLevel, column.shape.grade), (Field::Subject, 1.0)] {
            if data.is_named(level.text, &field, 0.85)
                && share >= 0.3
                && data.guesses[level.text].value == field
                && usize::from(number) + 1 < chain.levels.len()
            {
                columns.push((level.text, field, format!("{name} is that too")));
            }
        }
    }
    // A statement that is no level goes with the item of the row.
    if let Some(at) = data.statement.filter(|at| !columns.iter().any(|(known, ..)| known == at)) {
        columns.push((at, Field::Notes, "the levels are the statements".to_owned()));
    }
    if let Some(at) = data.code.filter(|at| !lone && !columns.iter().any(|(known, ..)| known == at)) {
        columns.push((at, Field::HumanCodingScheme, "the code of the row".to_owned()));
    }
    Hypothesis {
        hierarchy: if chain.filled { Hierarchy::LevelColumnsFilled } else { Hierarchy::LevelColumns },
        score: chain.score,
        reason: chain.reason.clone(),
        columns,
        coded: false,
    }
}
