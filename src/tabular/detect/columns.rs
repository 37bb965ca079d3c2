//! What each column of a table means, by its name and by its cells, all columns at once: the best of
//! all ways to give each field to at most one column.

use super::header::{Column, Table};
use super::names;
use super::shape::{Shape, to_f64};
use crate::tabular::cells::letters;
use crate::tabular::mapping::{Field, Guess};

/// What is worth less than this is no meaning.
const LEAST: f64 = 0.45;
/// How much cells count beside the name.
const CELLS: f64 = 0.4;

/// For each column its field, with reason.
pub(crate) fn assign(table: &Table<'_>, kind: names::Table) -> Vec<Guess<Field>> {
    let longest = table
        .columns
        .iter()
        .filter(|column| column.shape.is_text())
        .map(|column| column.shape.length)
        .fold(1.0, f64::max);
    // Where a column is called a statement, no other is one for its looks.
    let called = table.columns.iter().any(|column| {
        column.is_named(&Field::FullStatement, 0.6)
            && fit(&Field::FullStatement, &column.shape, longest).is_some_and(|fit| fit > 0.0)
    });
    let mut fields: Vec<Field> = Vec::new();
    let mut cells: Vec<Vec<(usize, f64, String)>> = Vec::new();
    for column in &table.columns {
        let mut offers = Vec::new();
        for (field, likely) in names::fields(kind, &column.header) {
            if column.shape.filled == 0 && likely < 0.9 {
                continue;
            }
            if let Some(fit) = fit(&field, &column.shape, longest) {
                let exact = if likely >= 0.99 { "is a name for" } else { "is like a name for" };
                offers.push((field.clone(), likely + CELLS * fit, format!("\"{}\" {exact} {field}", column.header)));
            }
        }
        if kind == names::Table::Items && column.other < 0.9 {
            for (field, worth, reason) in by_cells(&column.shape, longest) {
                let known = offers.iter().any(|(known, ..)| *known == field);
                if !known && (!called || field != Field::FullStatement) {
                    offers.push((field, worth - 0.0005 * f64::from(column.index), reason));
                }
            }
        }
        let offers = offers.into_iter().filter(|(_, worth, _)| *worth >= LEAST);
        cells.push(
            offers
                .map(|(field, worth, reason)| {
                    let at = fields.iter().position(|known| *known == field).unwrap_or_else(|| {
                        fields.push(field);
                        fields.len() - 1
                    });
                    (at, worth, reason)
                })
                .collect(),
        );
    }
    let worth: Vec<Vec<f64>> = cells
        .iter()
        .map(|offers| {
            let mut row = vec![0.0; fields.len()];
            for (at, worth, _) in offers {
                if let Some(cell) = row.get_mut(*at) {
                    *cell = worth.max(*cell);
                }
            }
            row
        })
        .collect();
    let chosen = best_assignment(&worth);
    let mut guesses = Vec::with_capacity(table.columns.len());
    for ((column, offers), at) in table.columns.iter().zip(&cells).zip(chosen) {
        let offer = at.and_then(|at| offers.iter().find(|(field, ..)| *field == at));
        let guess = offer.and_then(|(at, worth, reason)| {
            let value = fields.get(*at)?.clone();
            Some(Guess { value, confidence: worth.clamp(0.0, 0.99), reason: reason.clone() })
        });
        guesses.push(guess.unwrap_or_else(|| left_over(column)));
    }
    guesses
}

/// What becomes of a column that nothing else is known of: kept under its name, unless there is
/// nothing to keep.
pub(crate) fn left_over(column: &Column) -> Guess<Field> {
    let (value, reason) = if column.shape.filled == 0 {
        (Field::Ignored, "the column is empty".to_owned())
    } else if column.shape.opaque >= 0.5 {
        (Field::Ignored, "keys and signatures say nothing of a competency".to_owned())
    } else if column.header.starts_with('@') {
        (Field::Ignored, "the name is a word of JSON-LD".to_owned())
    } else if column.header.is_empty() {
        (
            Field::Extension(format!("Column {}", letters(column.index))),
            "the column has no name and its cells say nothing clear; they are kept".to_owned(),
        )
    } else {
        (
            Field::Extension(column.header.clone()),
            format!("\"{}\" is no name that is known; its cells are kept", column.header),
        )
    };
    Guess { value, confidence: 0.5, reason }
}

/// How well cells go with a field, from -1 to 1; none when they cannot be meant.
fn fit(field: &Field, shape: &Shape, longest: f64) -> Option<f64> {
    if shape.filled == 0 {
        return Some(-0.3);
    }
    let few = shape.filled < 6;
    let when = |good: bool, fit: f64| good.then_some(fit);
    match field {
        Field::FullStatement if shape.is_text() => {
            let short = if shape.code >= 0.8 && shape.length < 30.0 { 0.8 } else { 0.0 };
            Some(0.5 * (shape.length / longest).min(1.0) + 0.5 * shape.unlike() - short)
        }
        // All rows of a young framework may have one letter.
        Field::FullStatement => when(shape.code >= 0.8 && few && shape.url < 0.5 && shape.uuid < 0.5, -0.6),
        Field::Identifier if shape.uuid >= 0.8 => Some(1.0),
        Field::AssociationType => when(shape.length < 45.0 && shape.number < 0.5, 0.4),
        Field::Identifier => when(
            shape.prose < 0.3 && shape.length < 90.0 && (few || shape.unlike() >= 0.6) && shape.date < 0.5,
            if shape.url > 0.5 || shape.code > 0.8 && shape.number < 0.9 { 0.0 } else { 0.2 },
        ),
        Field::Uri | Field::OriginUri | Field::DestinationUri => when(shape.url >= 0.5, 1.0),
        Field::HumanCodingScheme | Field::OriginCode | Field::DestinationCode => {
            let alike = if shape.unlike() < 0.3 && !few && *field == Field::HumanCodingScheme { 0.5 } else { 0.0 };
            when(
                shape.prose < 0.4 && shape.length <= 45.0 && shape.url < 0.5 && shape.uuid < 0.5 && shape.date < 0.5,
                shape.code - 0.3 - alike - if shape.number >= 0.9 { 0.3 } else { 0.0 },
            )
        }
        Field::OriginIdentifier | Field::DestinationIdentifier | Field::ParentIdentifier => {
            when(shape.prose < 0.3, if shape.uuid >= 0.5 { 0.8 } else { 0.0 })
        }
        Field::ParentCode => when(shape.prose < 0.9 || shape.length < 60.0, 0.2),
        Field::AbbreviatedStatement => when(
            shape.is_text() && shape.length <= 150.0,
            if shape.unlike() >= 0.5 { 0.3 } else { 0.0 }
                - if shape.code > 0.8 && shape.length < 12.0 { 0.4 } else { 0.0 },
        ),
        Field::EducationLevel | Field::EducationLevelFrom | Field::EducationLevelTo => {
            let alike = if shape.unlike() > 0.9 && shape.filled > 12 { 0.5 } else { 0.0 };
            when(shape.length < 80.0 && shape.url < 0.8 && shape.uuid < 0.5, shape.grade - alike)
        }
        Field::Level => when(shape.small >= 0.9 && shape.distinct <= 12, 0.6),
        Field::SmartLevel => when(shape.dotted >= 0.8, 0.6),
        Field::SequenceNumber => when(shape.number >= 0.9, 0.6),
        Field::Language => {
            when(shape.length <= 20.0 && shape.number < 0.5, if shape.language >= 0.8 { 1.0 } else { 0.1 })
        }
        Field::StatusStartDate | Field::StatusEndDate | Field::LastChangeDateTime => when(shape.date >= 0.5, 1.0),
        Field::CfItemType => when(
            (shape.length < 45.0) && shape.number < 0.5 && (few || shape.unlike() < 0.7) && shape.date < 0.5,
            if shape.distinct <= 30 { 0.5 } else { 0.0 },
        ),
        Field::Subject => when(shape.length < 80.0 && shape.number < 0.8 && (few || shape.unlike() < 0.7), 0.2),
        Field::ListEnumeration => when(shape.length <= 12.0, 0.2),
        Field::OriginStatement | Field::DestinationStatement | Field::Notes | Field::AlternativeLabel => {
            when(shape.uuid < 0.5, if shape.is_text() { 0.2 } else { -0.4 })
        }
        _ => Some(0.0),
    }
}

/// What cells mean when the header says nothing: field, worth and reason.
fn by_cells(shape: &Shape, longest: f64) -> Vec<(Field, f64, String)> {
    let mut found = Vec::new();
    if shape.filled == 0 {
        return found;
    }
    let percent = |share: f64| format!("{:.0} of 100 cells", share * 100.0);
    let whole = shape.fill() >= 0.6;
    if shape.uuid >= 0.9 && shape.unlike() >= 0.99 && whole {
        found.push((Field::Identifier, 0.75, format!("{} are UUIDs, each another", percent(shape.uuid))));
    }
    if shape.url >= 0.9 && shape.unlike() >= 0.99 && whole && shape.rows > 1 {
        found.push((Field::Uri, 0.55, format!("{} are addresses, each another", percent(shape.url))));
    }
    if shape.is_text() && shape.code < 0.6 {
        let worth = 0.35 * (shape.length / longest) + 0.2 * shape.unlike() + if shape.prose >= 0.5 { 0.1 } else { 0.0 };
        found.push((Field::FullStatement, worth, "its cells are the longest texts, each another".to_owned()));
    }
    if shape.code >= 0.85
        && shape.unlike() >= 0.85
        && shape.length < 40.0
        && shape.distinct > 1
        && shape.uuid < 0.5
        && shape.date < 0.5
    {
        let plain = if shape.number >= 0.9 { 0.12 } else { 0.0 };
        found.push((Field::HumanCodingScheme, 0.6 - plain, format!("{} look like codes", percent(shape.code))));
    }
    if shape.grade >= 0.9 && shape.number < 0.9 && shape.distinct > 1 && shape.unlike() < 0.7 {
        found.push((Field::EducationLevel, 0.5, format!("{} look like grades", percent(shape.grade))));
    }
    if shape.language >= 0.95 && shape.distinct <= 3 && shape.filled > 3 {
        found.push((Field::Language, 0.5, format!("{} are tags of languages", percent(shape.language))));
    }
    if shape.is_text()
        && shape.unlike() <= 0.3
        && shape.filled >= 8
        && shape.length < 25.0
        && (2..=8).contains(&shape.distinct)
        && shape.repeated < 0.9
        && shape.code < 0.5
    {
        found.push((Field::CfItemType, 0.46, format!("the same {} words come again and again", shape.distinct)));
    }
    found
}

/// For each row the column of the assignment of greatest worth in which no column is taken twice, by
/// the Hungarian method; none where nothing is worth more than nothing.
fn best_assignment(worth: &[Vec<f64>]) -> Vec<Option<usize>> {
    let rows = worth.len();
    let fields = worth.first().map_or(0, Vec::len);
    // A column of nothing for each row, so that every row can be left over.
    let columns = fields + rows;
    let cost = |row: usize, column: usize| -worth.get(row).and_then(|all| all.get(column)).copied().unwrap_or(0.0);
    let get = |all: &[f64], at: usize| all.get(at).copied().unwrap_or(0.0);
    let mut of_row = vec![0.0; rows + 1];
    let mut of_column = vec![0.0; columns + 1];
    // 1-based, 0 is nobody: which row has a column.
    let mut owner = vec![0_usize; columns + 1];
    for row in 1..=rows {
        let mut least = vec![f64::INFINITY; columns + 1];
        let mut used = vec![false; columns + 1];
        let mut way = vec![0_usize; columns + 1];
        let mut at = 0;
        if let Some(first) = owner.first_mut() {
            *first = row;
        }
        loop {
            used[at] = true;
            let here = owner.get(at).copied().unwrap_or(0);
            let mut delta = f64::INFINITY;
            let mut next = 0;
            for column in 1..=columns {
                if used[column] {
                    continue;
                }
                let reduced = cost(here - 1, column - 1) - get(&of_row, here) - get(&of_column, column);
                if reduced < least[column] {
                    least[column] = reduced;
                    way[column] = at;
                }
                if least[column] < delta {
                    delta = least[column];
                    next = column;
                }
            }
            for column in 0..=columns {
                if used[column] {
                    of_row[owner[column]] += delta;
                    of_column[column] -= delta;
                } else {
                    least[column] -= delta;
                }
            }
            at = next;
            if owner[at] == 0 {
                break;
            }
        }
        while at != 0 {
            let before = way[at];
            owner[at] = owner[before];
            at = before;
        }
    }
    let mut chosen = vec![None; rows];
    for (column, row) in owner.iter().enumerate().skip(1).filter(|(column, row)| **row > 0 && *column <= fields) {
        let worthy = worth.get(*row - 1).and_then(|all| all.get(column - 1)).is_some_and(|worth| *worth > 0.0);
        if let Some(place) = chosen.get_mut(*row - 1).filter(|_| worthy) {
            *place = Some(column - 1);
        }
    }
    chosen
}

/// Sees to it that there is a statement: a title becomes one where no column has a longer text.
pub(crate) fn settle_statement(table: &Table<'_>, guesses: &mut [Guess<Field>]) {
    let has = |guesses: &[Guess<Field>], field: &Field| guesses.iter().position(|guess| guess.value == *field);
    // "Domain" over one domain in each row is what the row is about, however long a text beside it.
    let unnamed =
        has(guesses, &Field::FullStatement).filter(|at| !table.columns[*at].is_named(&Field::FullStatement, 0.5));
    let level = table.columns.iter().position(|column| {
        column.level >= 0.9 && column.shape.is_text() && column.shape.unlike() >= 0.99 && column.shape.fill() >= 0.95
    });
    if let (Some(long), Some(level), true) = (unnamed, level, table.rows.len() > 2) {
        let reason = format!("\"{}\" names what each row is about", table.columns[level].header);
        guesses[level] = Guess { value: Field::FullStatement, confidence: 0.7, reason };
        if long != level {
            guesses[long] = left_over(&table.columns[long]);
        }
    }
    let title = has(guesses, &Field::AbbreviatedStatement);
    let statement = has(guesses, &Field::FullStatement);
    // Several long texts beside a name in each row are all about what is named.
    if let (Some(title), Some(long)) = (title, unnamed.filter(|long| Some(*long) == statement)) {
        let length = |at: usize| table.columns[at].shape.length;
        let others = guesses.iter().enumerate().filter(|(at, guess)| {
            let left = matches!(guess.value, Field::Extension(_) | Field::Notes);
            *at != long && left && table.columns[*at].shape.is_text() && length(*at) >= 0.6 * length(long)
        });
        let shape = &table.columns[title].shape;
        if others.count() >= 2 && shape.fill() >= 0.95 && shape.unlike() >= 0.99 {
            let reason = format!("\"{}\" names what the longer texts are about", table.columns[title].header);
            guesses[title] = Guess { value: Field::FullStatement, confidence: 0.6, reason };
            guesses[long] = left_over(&table.columns[long]);
            return;
        }
    }
    let fill = |at: usize| table.columns.get(at).map_or(0.0, |column| column.shape.fill());
    match (title, statement) {
        // A title that every row has and a description that many lack.
        (Some(title), Some(statement))
            if fill(title) > 0.95
                && fill(statement) < 0.8
                && fill(statement) < fill(title) - 0.1
                && !is_sure(table, statement) =>
        {
            if let Some(guess) = guesses.get_mut(title) {
                *guess = Guess {
                    value: Field::FullStatement,
                    confidence: 0.6,
                    reason: "every row has a title, but not every row a description".to_owned(),
                };
            }
            if let Some(guess) = guesses.get_mut(statement) {
                *guess = Guess {
                    value: Field::Notes,
                    confidence: 0.6,
                    reason: "only some rows have one; the title is the statement".to_owned(),
                };
            }
        }
        (Some(title), None) => {
            if let Some(guess) = guesses.get_mut(title) {
                guess.value = Field::FullStatement;
                guess.reason = format!("{}, and no column has a longer text", guess.reason);
            }
        }
        (None, None) => {
            let open = |at: usize| {
                matches!(
                    guesses.get(at).map(|guess| &guess.value),
                    Some(Field::Extension(_) | Field::Notes | Field::Subject | Field::CfItemType)
                )
            };
            let longest =
                table.columns.iter().enumerate().filter(|(at, column)| open(*at) && column.shape.is_text()).max_by(
                    |a, b| {
                        (a.1.shape.length * a.1.shape.unlike())
                            .total_cmp(&(b.1.shape.length * b.1.shape.unlike()))
                            .then(b.0.cmp(&a.0))
                    },
                );
            if let Some((at, _)) = longest
                && let Some(guess) = guesses.get_mut(at)
            {
                *guess = Guess {
                    value: Field::FullStatement,
                    confidence: 0.5,
                    reason: "its cells are the longest texts".to_owned(),
                };
            }
        }
        _ => {}
    }
}

/// Whether a column is called a statement in so many words.
fn is_sure(table: &Table<'_>, at: usize) -> bool {
    table.columns.get(at).is_some_and(|column| column.is_named(&Field::FullStatement, 0.9))
}

/// What separates the values in a column that can hold several.
pub(crate) fn separator(field: &Field, shape: &Shape) -> Option<char> {
    let several = matches!(
        field,
        Field::ConceptKeywords
            | Field::Subject
            | Field::EducationLevel
            | Field::Association(_)
            | Field::AlternativeLabel
            | Field::DestinationCode
            | Field::DestinationIdentifier
    );
    several.then_some(shape.separator).flatten().or_else(|| usual_separator(field))
}

/// What separates the values of a field where the cells do not show it.
pub(crate) fn usual_separator(field: &Field) -> Option<char> {
    matches!(field, Field::EducationLevel | Field::ConceptKeywords | Field::Association(_)).then_some(',')
}

/// How many columns have a field by its name.
pub(crate) fn named(table: &Table<'_>, kind: names::Table, likely: f64) -> f64 {
    to_f64(
        table
            .columns
            .iter()
            .filter(|column| names::fields(kind, &column.header).first().is_some_and(|(_, found)| *found >= likely))
            .count(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_is_worth_more_than_the_first() {
        let worth = vec![vec![0.9, 0.8], vec![0.85, 0.0]];
        assert_eq!(best_assignment(&worth), [Some(1), Some(0)]);
        let worth = vec![vec![0.9], vec![0.95], vec![0.0]];
        assert_eq!(best_assignment(&worth), [None, Some(0), None]);
        assert!(best_assignment(&[]).is_empty());
    }
}
