//! Sheets of items: their columns and hierarchy together, and what several of them are to each other
//! (a sheet per subject or grade, a sheet per level, the same rows twice).

use std::collections::{HashMap, HashSet};

use super::columns;
use super::header::{Column, Table};
use super::hierarchy;
use super::names;
use super::shape::{self, Shape};
use crate::tabular::mapping::{ColumnMapping, Field, Guess, Hierarchy, Mapping, Role, SheetMapping};
use crate::tabular::tree;

/// Reads the columns and the hierarchy of a sheet of items.
pub(crate) fn read(table: &Table<'_>, sheet: &mut SheetMapping) {
    let mut guesses = columns::assign(table, names::Table::Items);
    columns::settle_statement(table, &mut guesses);
    let found = hierarchy::find(table, &guesses);
    let named: HashSet<usize> = found.columns.iter().map(|(at, ..)| *at).collect();
    for (at, guess) in guesses.iter_mut().enumerate().filter(|(at, _)| !named.contains(at)) {
        loosen(table, at, guess, found.hierarchy);
    }
    // A kind of hierarchy that has columns of its own leaves no other to be one.
    let column = |at: usize, field: Guess<Field>| ColumnMapping {
        column: table.columns[at].index,
        header: table.columns[at].header.clone(),
        separator: columns::separator(&field.value, &table.columns[at].shape),
        field,
    };
    for (at, guess) in guesses.iter().enumerate() {
        if named.contains(&at) {
            for (_, field, reason) in found.columns.iter().filter(|(known, ..)| *known == at) {
                let taken = found.columns.iter().any(|(other, known, _)| *other != at && known == field);
                if !taken {
                    sheet.columns.push(column(
                        at,
                        Guess { value: field.clone(), confidence: found.score, reason: reason.clone() },
                    ));
                }
            }
        } else {
            let given_away = found.columns.iter().any(|(_, field, _)| *field == guess.value && *field != Field::Notes);
            let guess = if given_away { columns::left_over(&table.columns[at]) } else { guess.clone() };
            sheet.columns.push(column(at, guess));
        }
    }
    if found.coded
        && let Some(at) = guesses.iter().position(|guess| guess.value == Field::FullStatement)
    {
        let place =
            sheet.columns.iter().position(|known| known.column == table.columns[at].index).map_or(0, |place| place + 1);
        let share = table.columns[at].shape.coded * 100.0;
        sheet.columns.insert(
            place,
            column(
                at,
                Guess {
                    value: Field::HumanCodingScheme,
                    confidence: 0.8,
                    reason: format!("{share:.0} of 100 statements begin with a code"),
                },
            ),
        );
    }
    sheet.hierarchy = Guess { value: found.hierarchy, confidence: found.score.clamp(0.0, 1.0), reason: found.reason };
}

/// A column that says where an item stands, but was not chosen to: it keeps what else it can say.
fn loosen(table: &Table<'_>, at: usize, guess: &mut Guess<Field>, hierarchy: Hierarchy) {
    let column = &table.columns[at];
    let positions = matches!(guess.value, Field::SmartLevel | Field::Level);
    let parents = matches!(guess.value, Field::ParentIdentifier | Field::ParentCode | Field::ParentStatement);
    let broader = parents && column.shape.filled > 0 && (column.shape.url >= 0.5 || column.shape.uuid >= 0.5);
    let same = matches!(
        (&guess.value, hierarchy),
        (Field::ParentCode, Hierarchy::ParentCode) | (Field::ParentIdentifier, Hierarchy::ParentIdentifier)
    );
    if broader && !same {
        *guess = Guess {
            value: Field::Association("isPartOf".to_owned()),
            confidence: 0.5,
            reason: format!("\"{}\" names wider items that are not in the sheet", column.header),
        };
    } else if (positions || parents) && !same && column.shape.filled > 0 {
        *guess = columns::left_over(column);
    }
}

/// What sheets of items are to each other.
pub(crate) fn across(tables: &[Table<'_>], mapping: &mut Mapping) {
    agree(tables, mapping);
    ignore_repeats(tables, mapping);
    ignore_lists(tables, mapping);
    let items: Vec<usize> = (0..tables.len())
        .filter(|at| mapping.sheets[*at].role == Role::Items && !tables[*at].rows.is_empty())
        .collect();
    // Rows that stand under rows of another sheet.
    if items.len() > 1 && (cited(tables, mapping, &items) || linked(tables, mapping, &items)) {
        return;
    }
    if items.len() > 1 {
        branches(tables, mapping, &items);
    }
    let associations = mapping.sheets.iter().position(|sheet| sheet.role == Role::Associations);
    if let ([only], Some(at)) = (items.as_slice(), associations) {
        by_associations(&tables[at], &mapping.sheets[at].clone(), &mut mapping.sheets[*only]);
    }
}

/// Sheets of one header are read alike, as the one with the most rows is.
fn agree(tables: &[Table<'_>], mapping: &mut Mapping) {
    let names = |at: usize| -> Vec<(u32, &str)> {
        tables[at]
            .columns
            .iter()
            .filter(|column| !column.header.is_empty())
            .map(|column| (column.index, column.header.as_str()))
            .collect()
    };
    for at in 0..tables.len() {
        let same = |other: &usize| mapping.sheets[*other].role == Role::Items && names(*other) == names(at);
        if mapping.sheets[at].role != Role::Items || tables[at].header.is_none() || names(at).is_empty() {
            continue;
        }
        let largest =
            (0..tables.len()).filter(same).max_by_key(|other| (tables[*other].rows.len(), std::cmp::Reverse(*other)));
        if let Some(largest) = largest.filter(|largest| *largest != at) {
            let (columns, hierarchy) =
                (mapping.sheets[largest].columns.clone(), mapping.sheets[largest].hierarchy.clone());
            let sheet = &mut mapping.sheets[at];
            sheet.columns = columns;
            sheet.hierarchy = hierarchy;
        }
    }
}

/// Texts of a field in the rows of a sheet.
fn texts<'a>(table: &Table<'a>, sheet: &SheetMapping, field: &Field) -> Vec<Option<&'a str>> {
    let column = sheet.columns.iter().find(|column| column.field.value == *field).map(|column| column.column);
    let coded = *field == Field::HumanCodingScheme
        && sheet.columns.iter().any(|one| Some(one.column) == column && one.field.value == Field::FullStatement);
    table
        .rows
        .iter()
        .map(|row| {
            let text = row.get(column?)?.trim();
            if coded { crate::tabular::codes::split(text).map(|(code, _)| code) } else { Some(text) }
        })
        .collect()
}

/// What a sheet has of items.
struct Content<'a> {
    /// The different values of each column of codes.
    codes: Vec<HashSet<&'a str>>,
    /// The different values of each column of long texts, but for those that come again and again.
    texts: Vec<HashSet<&'a str>>,
}

impl<'a> Content<'a> {
    fn of(table: &Table<'a>) -> Content<'a> {
        let values = |column: &Column| -> HashSet<&'a str> {
            table.rows.iter().filter_map(|row| row.get(column.index)).map(str::trim).collect()
        };
        let coded = |shape: &Shape| shape.code >= 0.9 && shape.number < 0.9 && shape.grade < 0.5 && shape.length > 3.0;
        let stated = |shape: &Shape| shape.is_text() && shape.prose >= 0.5 && shape.unlike() >= 0.1;
        let of = |what: &dyn Fn(&Shape) -> bool| {
            table.columns.iter().filter(|column| what(&column.shape)).map(values).collect()
        };
        Content { codes: of(&coded), texts: of(&stated) }
    }

    /// Whether the items of another sheet are in this one: its codes, and all of its statements.
    fn has(&self, other: &Content<'_>) -> bool {
        let inside = |mine: &HashSet<&str>, theirs: &[HashSet<&str>]| {
            theirs.iter().any(|theirs| mine.iter().filter(|one| theirs.contains(*one)).count() * 10 >= mine.len() * 9)
        };
        other.codes.iter().any(|codes| codes.len() > 2 && inside(codes, &self.codes))
            && !other.texts.is_empty()
            && other.texts.iter().all(|texts| inside(texts, &self.texts))
    }
}

/// A sheet whose codes and statements are all in another one: the same items once more, or what they
/// are tagged with.
fn ignore_repeats(tables: &[Table<'_>], mapping: &mut Mapping) {
    let items: Vec<usize> = (0..tables.len()).filter(|at| mapping.sheets[*at].role == Role::Items).collect();
    if items.len() < 2 {
        return;
    }
    let known: HashMap<usize, Content<'_>> = items.iter().map(|at| (*at, Content::of(&tables[*at]))).collect();
    let mut gone: Vec<(usize, usize)> = Vec::new();
    // The last first: of two that are the same, the first stays.
    for at in items.iter().rev() {
        let stays = |other: &&usize| *other != at && !gone.iter().any(|(gone, _)| gone == *other);
        if let Some(other) = items.iter().filter(stays).find(|other| known[other].has(&known[at])) {
            gone.push((*at, *other));
        }
    }
    let names: Vec<String> = mapping.sheets.iter().map(|sheet| sheet.sheet.clone()).collect();
    for (at, other) in gone {
        ignore(&mut mapping.sheets[at], format!("its items are those of the sheet \"{}\"", names[other]));
    }
}

/// A sheet of a column or two whose values are chosen from in another sheet.
fn ignore_lists(tables: &[Table<'_>], mapping: &mut Mapping) {
    let items: Vec<usize> = (0..tables.len()).filter(|at| mapping.sheets[*at].role == Role::Items).collect();
    for at in &items {
        let table = &tables[*at];
        let stated: Vec<u32> = table
            .columns
            .iter()
            .filter(|column| column.shape.is_text() && column.shape.grade < 0.5)
            .map(|column| column.index)
            .collect();
        let values: HashSet<&str> = table
            .rows
            .iter()
            .flat_map(|row| stated.iter().filter_map(|column| row.get(*column)))
            .map(str::trim)
            .collect();
        let larger = items.iter().filter(|other| *other != at && tables[**other].rows.len() > table.rows.len());
        let chosen: HashSet<&str> = larger
            .flat_map(|other| {
                let repeating: Vec<u32> = tables[*other]
                    .columns
                    .iter()
                    .filter(|column| column.shape.filled > column.shape.distinct)
                    .map(|column| column.index)
                    .collect();
                tables[*other].rows.iter().flat_map(move |row| {
                    row.cells
                        .iter()
                        .filter(|cell| repeating.contains(&cell.column))
                        .map(|cell| cell.text.trim())
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let found = values.iter().filter(|value| chosen.contains(*value)).count();
        let short = table.columns.iter().all(|column| column.shape.length < 40.0);
        if table.columns.len() <= 3
            && short
            && !values.is_empty()
            && found * 10 >= values.len() * 6
            && found * 10 >= table.rows.len() * 6
        {
            ignore(&mut mapping.sheets[*at], "its values are chosen from in another sheet".to_owned());
        }
    }
}

fn ignore(sheet: &mut SheetMapping, reason: String) {
    sheet.role = Role::Ignored;
    sheet.columns.clear();
    sheet.constants.clear();
    sheet.hierarchy = Guess { value: Hierarchy::Flat, confidence: 1.0, reason: "the sheet has no items".to_owned() };
    sheet.reason = reason;
}

/// Sheets whose rows stand under rows of other sheets, by codes: a sheet for each level.
fn linked(tables: &[Table<'_>], mapping: &mut Mapping, items: &[usize]) -> bool {
    let mut codes: Vec<Option<&str>> = Vec::new();
    let mut of: Vec<usize> = Vec::new();
    for at in items {
        let own = texts(&tables[*at], &mapping.sheets[*at], &Field::HumanCodingScheme);
        of.extend(std::iter::repeat_n(*at, own.len()));
        codes.extend(own);
    }
    let distinct: HashSet<&str> = codes.iter().flatten().copied().collect();
    if distinct.len() * 20 < codes.len() * 19 {
        return false;
    }
    let mut keyed: Vec<Option<&str>> = Vec::new();
    for at in items {
        keyed.extend(texts(&tables[*at], &mapping.sheets[*at], &Field::ParentCode));
    }
    let elsewhere = |parents: &[Option<usize>]| {
        parents.iter().enumerate().filter(|(row, parent)| parent.is_some_and(|parent| of[parent] != of[*row])).count()
    };
    if keyed.iter().any(Option::is_some) {
        // Parents that are named are found wherever they are.
        return elsewhere(&tree::by_key(&codes, &keyed)) > 0;
    }
    let parents = tree::by_code(&codes, false);
    let flat = items.iter().filter(|at| mapping.sheets[**at].hierarchy.value == Hierarchy::Flat).count();
    let placed = parents.iter().filter(|parent| parent.is_some()).count();
    if flat == 0 || elsewhere(&parents) * 2 < codes.len() || placed * 10 < codes.len() * 6 || !tree::is_forest(&parents)
    {
        return false;
    }
    for at in items {
        let sheet = &mut mapping.sheets[*at];
        if matches!(sheet.hierarchy.value, Hierarchy::Flat | Hierarchy::CodePrefix) {
            sheet.hierarchy = Guess {
                value: Hierarchy::CodePrefix,
                confidence: 0.85,
                reason: format!("{placed} codes begin with a code of this or another sheet"),
            };
        }
    }
    true
}

/// A sheet whose rows say the code of a row of another sheet ("Domain Code" over "CS"): that is their parent, and
/// no level of its own.
fn cited(tables: &[Table<'_>], mapping: &mut Mapping, items: &[usize]) -> bool {
    let is_listed = |at: usize, cited: &HashSet<&str>| {
        let sheet = &mapping.sheets[at];
        let codes = texts(&tables[at], sheet, &Field::HumanCodingScheme);
        let distinct: HashSet<&str> = codes.iter().flatten().copied().collect();
        sheet.hierarchy.value == Hierarchy::Flat && distinct.len() == codes.len() && cited.is_subset(&distinct)
    };
    let citing = items.iter().copied().find_map(|at| {
        let sheet = &mapping.sheets[at];
        let has = |field: &Field| sheet.columns.iter().any(|column| column.field.value == *field);
        let two = has(&Field::LevelColumn(1)) && !has(&Field::LevelColumn(2)) && !has(&Field::LevelCode(0));
        let values = texts(&tables[at], sheet, &Field::LevelColumn(0));
        let cited: HashSet<&str> = values.iter().flatten().copied().collect();
        let whole = two && values.iter().all(Option::is_some) && cited.len() >= 2;
        let listing = items.iter().copied().find(|other| *other != at && whole && is_listed(*other, &cited));
        listing.map(|listing| (at, listing))
    });
    let Some((at, listing)) = citing else { return false };
    let reason = format!("its cells are codes of the sheet \"{}\"", mapping.sheets[listing].sheet);
    let sheet = &mut mapping.sheets[at];
    for column in &mut sheet.columns {
        let field = &mut column.field;
        match field.value {
            Field::LevelColumn(0) => {
                *field = Guess { value: Field::ParentCode, confidence: 0.85, reason: reason.clone() };
            }
            Field::LevelColumn(_) => field.value = Field::FullStatement,
            Field::LevelCode(_) => field.value = Field::HumanCodingScheme,
            _ => {}
        }
    }
    sheet.hierarchy = Guess { value: Hierarchy::ParentCode, confidence: 0.85, reason };
    true
}

/// How many rows of a sheet have nothing above them, as far as that is told without building.
fn roots(table: &Table<'_>, sheet: &SheetMapping) -> usize {
    let none = |parents: Vec<Option<usize>>| parents.iter().filter(|parent| parent.is_none()).count();
    let of = |field: &Field| texts(table, sheet, field);
    match sheet.hierarchy.value {
        Hierarchy::LevelColumns | Hierarchy::LevelColumnsFilled => {
            of(&Field::LevelColumn(0)).into_iter().flatten().collect::<HashSet<_>>().len()
        }
        Hierarchy::CodePrefix => none(tree::by_code(&of(&Field::HumanCodingScheme), false)),
        Hierarchy::SmartLevel => none(tree::by_code(&of(&Field::SmartLevel), false)),
        Hierarchy::ParentCode => none(tree::by_key(&of(&Field::HumanCodingScheme), &of(&Field::ParentCode))),
        Hierarchy::ParentIdentifier => none(tree::by_key(&of(&Field::Identifier), &of(&Field::ParentIdentifier))),
        Hierarchy::ParentStatement => none(tree::by_key(&of(&Field::FullStatement), &of(&Field::ParentStatement))),
        Hierarchy::Outline => none(tree::by_depth(&tree::outline_depths(&of(&Field::HumanCodingScheme)))),
        Hierarchy::Level => none(tree::by_depth(
            &of(&Field::Level).iter().map(|text| text.and_then(|text| text.parse().ok())).collect::<Vec<_>>(),
        )),
        Hierarchy::ItemType => none(tree::by_depth(&tree::kind_depths(&of(&Field::CfItemType)))),
        Hierarchy::Indentation => {
            let column = sheet
                .columns
                .iter()
                .find(|column| column.field.value == Field::FullStatement)
                .map(|column| column.column);
            none(tree::by_depth(&tree::lead_depths(&table.rows.iter().map(|row| row.get(column?)).collect::<Vec<_>>())))
        }
        Hierarchy::Flat | Hierarchy::Associations => table.rows.len(),
    }
}

/// A sheet for each subject or grade: its name becomes the branch that its items hang under, unless
/// one item of its own is above all others.
fn branches(tables: &[Table<'_>], mapping: &mut Mapping, items: &[usize]) {
    // Sheets with other columns are of another kind, not of another subject.
    let names_of =
        |at: usize| -> HashSet<String> { tables[at].columns.iter().map(|column| names::key(&column.header)).collect() };
    let alike = |one: usize, other: usize| {
        let (one, other) = (names_of(one), names_of(other));
        one.intersection(&other).count() * 10 >= one.union(&other).count() * 7
    };
    let items: Vec<usize> =
        items.iter().copied().filter(|at| items.iter().any(|other| other != at && alike(*at, *other))).collect();
    let titled: Vec<bool> = items.iter().map(|at| roots(&tables[*at], &mapping.sheets[*at]) <= 1).collect();
    if titled.iter().filter(|one| **one).count() * 2 > items.len() {
        return;
    }
    for at in items {
        let sheet = &mut mapping.sheets[at];
        let name = sheet.sheet.trim().to_owned();
        if names::is_sheet("generic", &name) {
            continue;
        }
        let has = |sheet: &SheetMapping, field: &Field| sheet.columns.iter().any(|column| column.field.value == *field);
        sheet.constants.push((Field::Branch, name.clone()));
        if shape::is_grade(&name) && !has(sheet, &Field::EducationLevel) {
            sheet.constants.push((Field::EducationLevel, name));
        }
    }
}

/// Items of whose hierarchy only the association rows tell.
fn by_associations(table: &Table<'_>, associations: &SheetMapping, items: &mut SheetMapping) {
    if items.hierarchy.value != Hierarchy::Flat {
        return;
    }
    let types = texts(table, associations, &Field::AssociationType);
    let constant = associations
        .constants
        .iter()
        .any(|(field, text)| *field == Field::AssociationType && names::key(text) == "ischildof");
    if constant || types.iter().flatten().any(|kind| names::key(kind) == "ischildof") {
        items.hierarchy = Guess {
            value: Hierarchy::Associations,
            confidence: 0.9,
            reason: format!("the sheet \"{}\" says what is a child of what", associations.sheet),
        };
    }
}
