//! What each sheet of a workbook is for: the framework's properties, items, associations, rubrics,
//! definitions, or nothing to read. Columns are another module's matter.

use std::collections::{HashMap, HashSet};

use super::columns;
use super::document;
use super::header::Table;
use super::names::{self, Table as Kind};
use super::shape::to_f64;
use crate::tabular::mapping::{Field, Role};

/// What a sheet is for, and why.
pub(crate) struct Part {
    pub role: Role,
    pub reason: String,
    /// The class that all rows of a sheet of definitions are of; the type of all associations.
    pub constant: Option<(Field, String)>,
}

impl Part {
    fn new(role: Role, reason: impl Into<String>) -> Part {
        Part { role, reason: reason.into(), constant: None }
    }
}

/// Classes of definitions that have a sheet of their own.
const CLASSES: [&str; 5] = ["CFItemType", "CFSubject", "CFConcept", "CFLicense", "CFAssociationGrouping"];

/// What a sheet is for, by itself; `alone` when the workbook has no other.
pub(crate) fn part(table: &Table<'_>, alone: bool) -> Part {
    let name = &table.sheet.name;
    if table.sheet.rows.is_empty() {
        return Part::new(Role::Ignored, "the sheet is empty");
    }
    if !alone && names::is_sheet("ignored", name) {
        return Part::new(Role::Ignored, format!("\"{name}\" is a name for look-up lists, legends and notes"));
    }
    if let Some(part) = rubrics(table).or_else(|| associations(table)) {
        return part;
    }
    if !alone {
        for class in CLASSES {
            if names::is_sheet(class, name) && !has(table, Kind::Items, &Field::FullStatement, 0.99) {
                return Part {
                    role: Role::Definitions,
                    reason: format!("\"{name}\" is a name for definitions"),
                    constant: Some((Field::RowType, class.to_owned())),
                };
            }
        }
        if names::is_sheet("definitions", name) {
            return Part::new(Role::Definitions, format!("\"{name}\" is a name for definitions"));
        }
        if document::is_pairs(table.sheet) {
            return Part::new(Role::DocumentPairs, "its rows are names and values of the framework's properties");
        }
        let properties = columns::named(table, Kind::Document, 0.9);
        let statement = has(table, Kind::Items, &Field::FullStatement, 0.99)
            && !has(table, Kind::Document, &Field::Document("description".to_owned()), 0.99);
        if table.header.is_some()
            && table.rows.len() <= 2
            && properties >= 3.0
            && properties * 2.0 >= to_f64(table.columns.len())
            && !statement
        {
            return Part::new(
                Role::Document,
                format!(
                    "its header names {properties:.0} properties of a framework, over {} row{}",
                    table.rows.len(),
                    if table.rows.len() == 1 { "" } else { "s" }
                ),
            );
        }
    }
    let textual = table.columns.iter().filter(|column| column.shape.is_text()).count();
    let numeric = table.columns.iter().filter(|column| column.shape.number >= 0.8).count();
    if table.rows.is_empty() && table.header.is_some() {
        return Part::new(Role::Items, "it has a header, but no row below");
    }
    if textual == 0 {
        return Part::new(Role::Ignored, "no column holds texts");
    }
    if numeric > textual * 3 && !alone {
        return Part::new(Role::Ignored, "it holds figures");
    }
    let longest = table.columns.iter().map(|column| column.shape.length).fold(0.0, f64::max);
    if !alone && table.rows.len() <= 3 && table.columns.len() <= 1 && longest > 20.0 {
        return Part::new(Role::Ignored, "it is a note");
    }
    Part::new(Role::Items, "its rows have statements")
}

fn has(table: &Table<'_>, kind: Kind, field: &Field, likely: f64) -> bool {
    table.columns.iter().any(|column| {
        names::fields(kind, &column.header).iter().any(|(known, found)| known == field && *found >= likely)
    })
}

fn rubrics(table: &Table<'_>) -> Option<Part> {
    let of = |field: Field| has(table, Kind::Rubrics, &field, 0.85);
    let named = [Field::RubricIdentifier, Field::CriterionIdentifier, Field::Quality, Field::Score, Field::Weight]
        .into_iter()
        .filter(|field| of(field.clone()))
        .count();
    let kinds = table.columns.iter().any(|column| {
        let cells = table.rows.iter().filter_map(|row| row.get(column.index));
        // The first cell that is no kind settles it, before the rest of a long column is read.
        let kinds: Option<HashSet<String>> = cells.map(|cell| rubric_kind(names::key(cell))).collect();
        kinds.is_some_and(|kinds| kinds.len() >= 2)
    });
    let identified = of(Field::RubricIdentifier) && of(Field::CriterionIdentifier);
    (kinds || named >= 3 && identified).then(|| {
        Part::new(
            Role::Rubrics,
            if kinds {
                "its rows are of the kinds rubric, criterion and level"
            } else {
                "its header names rubrics and criteria"
            },
        )
    })
}

/// The key of a cell that says which part of a rubric a row is.
fn rubric_kind(key: String) -> Option<String> {
    let kinds = ["rubric", "criterion", "level", "rubriccriterion", "rubriccriterionlevel", "criterionlevel"];
    kinds.contains(&key.trim_start_matches("cf")).then_some(key)
}

fn associations(table: &Table<'_>) -> Option<Part> {
    let ends = |wanted: &[Field]| {
        table
            .columns
            .iter()
            .filter(|column| {
                names::fields(Kind::Associations, &column.header)
                    .iter()
                    .any(|(field, likely)| wanted.contains(field) && *likely >= 0.99)
            })
            .count()
    };
    let origins = ends(&[Field::OriginUri, Field::OriginIdentifier, Field::OriginCode]);
    let destinations = ends(&[Field::DestinationUri, Field::DestinationIdentifier, Field::DestinationCode]);
    let typed = has(table, Kind::Associations, &Field::AssociationType, 0.9);
    let explicit = has(table, Kind::Associations, &Field::AssociationType, 0.99)
        && table.columns.iter().any(|column| {
            names::key(&column.header).starts_with("association") || names::key(&column.header).starts_with("relation")
        });
    let statement = has(table, Kind::Items, &Field::FullStatement, 0.99);
    if destinations >= 1 && !explicit && is_tree(table) {
        return None;
    }
    if destinations >= 1 && (explicit || origins >= 1 && !statement) {
        let mut part = Part::new(Role::Associations, "its header names the two ends of associations");
        if !typed {
            let up = table.columns.iter().any(|column| {
                names::words(&column.header).iter().any(|word| matches!(word.as_str(), "broader" | "parent"))
            });
            part.constant = Some((Field::AssociationType, if up { "isChildOf" } else { "isRelatedTo" }.to_owned()));
        }
        return Some(part);
    }
    crosswalk(table)
}

/// Whether each row is a thing of its own with a name, and some have nothing above them.
fn is_tree(table: &Table<'_>) -> bool {
    let shape = |at: &usize| &table.columns[*at].shape;
    let all: Vec<usize> = (0..table.columns.len()).collect();
    let each = |at: &&usize| shape(at).fill() >= 0.95 && shape(at).unlike() >= 0.99;
    let key = |at: &&usize| shape(at).url >= 0.9 || shape(at).uuid >= 0.9 || shape(at).code >= 0.9;
    let names = all.iter().filter(each).filter(|at| !key(at) && shape(at).is_text()).count();
    let keys = all.iter().filter(each).filter(key).count();
    let above = all.iter().filter(key).any(|at| shape(at).fill() < 1.0 && shape(at).unlike() < 1.0);
    names == 1 && keys == 1 && above && table.rows.len() > 2
}

/// Two columns of codes, each repeating in ever other company: neither is above the other.
fn crosswalk(table: &Table<'_>) -> Option<Part> {
    let (origin, destination) = crossed(table)?;
    let mut part = Part::new(
        Role::Associations,
        format!(
            "\"{}\" and \"{}\" are codes that go with several of each other",
            table.columns[origin].header, table.columns[destination].header
        ),
    );
    part.constant = Some((Field::AssociationType, "isRelatedTo".to_owned()));
    Some(part)
}

/// The two columns of a crosswalk without types.
pub(crate) fn crossed(table: &Table<'_>) -> Option<(usize, usize)> {
    if table.rows.len() < 4 {
        return None;
    }
    let keys: Vec<usize> = (0..table.columns.len())
        .filter(|at| {
            let shape = &table.columns[*at].shape;
            (shape.code >= 0.9 && shape.number < 0.9 || shape.uuid >= 0.9 || shape.url >= 0.9)
                && shape.fill() >= 0.99
                && shape.grade < 0.5
                && shape.distinct > 2
                && shape.length >= 3.0
        })
        .collect();
    // The same words end both names: "Source Code", "Target Code"; one without the other is no crosswalk.
    let alike = |one: usize, other: usize| {
        let (one, other) = (names::words(&table.columns[one].header), names::words(&table.columns[other].header));
        one.len() >= 2 && other.len() >= 2 && one.last() == other.last() && one != other
    };
    keys.iter().enumerate().find_map(|(place, one)| {
        keys.iter()
            .skip(place + 1)
            .find(|other| alike(*one, **other) && many_to_many(table, *one, **other))
            .map(|other| (*one, *other))
    })
}

fn many_to_many(table: &Table<'_>, one: usize, other: usize) -> bool {
    let (one, other) = (table.columns[one].index, table.columns[other].index);
    let pairs: Vec<(&str, &str)> = table.rows.iter().filter_map(|row| Some((row.get(one)?, row.get(other)?))).collect();
    let several = |pairs: &mut dyn Iterator<Item = (&str, &str)>| {
        let mut of: HashMap<String, HashSet<String>> = HashMap::new();
        for (from, to) in pairs {
            of.entry(from.to_owned()).or_default().insert(to.to_owned());
        }
        let many = of.values().filter(|all| all.len() > 1).count();
        to_f64(many) / to_f64(of.len().max(1))
    };
    let forth = several(&mut pairs.iter().copied());
    let back = several(&mut pairs.iter().map(|(from, to)| (*to, *from)));
    let unlike: HashSet<&(&str, &str)> = pairs.iter().collect();
    forth >= 0.2 && back >= 0.2 && unlike.len() * 10 >= pairs.len() * 9
}
