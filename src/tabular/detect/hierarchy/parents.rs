//! Hierarchies that a column of parents says: codes, identifiers or texts of other rows.

use std::collections::HashSet;

use super::{Data, Hypothesis, share};
use crate::tabular::mapping::{Field, Hierarchy};
use crate::tabular::tree;

/// A column whose cells are found in another column, in other rows.
pub(super) fn parent(data: &Data<'_, '_>) -> Option<Hypothesis> {
    let count = data.table.columns.len();
    let mut best: Option<Hypothesis> = None;
    let is_parent = |at: usize| {
        [Field::ParentCode, Field::ParentIdentifier, Field::ParentStatement]
            .iter()
            .find(|field| data.is_named(at, field, 0.75))
            .cloned()
    };
    let keys: Vec<usize> = (0..count)
        .filter(|at| {
            let shape = &data.table.columns[*at].shape;
            shape.fill() >= 0.5
                && (shape.unlike() >= 0.85 || shape.filled < 4)
                && shape.date < 0.5
                && is_parent(*at).is_none()
        })
        .collect();
    let sets: Vec<(usize, HashSet<&str>)> =
        keys.iter().map(|at| (*at, data.column(*at).into_iter().flatten().map(str::trim).collect())).collect();
    for at in 0..count {
        let shape = &data.table.columns[at].shape;
        let named = is_parent(at);
        let numbers = shape.number >= 0.9;
        if shape.filled == 0
            || named.is_none()
                && (shape.fill() < 0.3
                    || shape.unlike() > 0.9 && shape.filled > 6
                    || shape.date > 0.5
                    || Some(at) == data.code
                    || data.statement == Some(at))
        {
            continue;
        }
        let values = data.column(at);
        for (key, set) in sets.iter().filter(|(key, _)| *key != at) {
            let found = values.iter().flatten().filter(|value| set.contains(value.trim())).count();
            let good = share(found, values.iter().flatten().count());
            let wanted = if named.is_some() { 0.5 } else { 0.9 };
            // Small numbers are found among any others.
            if good < wanted || named.is_none() && (numbers || data.table.columns[at].other >= 0.9) {
                continue;
            }
            let parents = tree::by_key(&data.column(*key), &values);
            let own = data
                .column(*key)
                .iter()
                .zip(&values)
                .filter(|(key, value)| value.is_some() && key.map(str::trim) == value.map(str::trim))
                .count();
            let placed = parents.iter().filter(|parent| parent.is_some()).count();
            if placed == 0 || !tree::is_forest(&parents) || own * 2 > placed {
                continue;
            }
            let (field, hierarchy, key_field) = key_role(data, *key, named.as_ref());
            let score = if named.is_some() { 0.85 + 0.14 * good } else { 0.86 * good };
            let mut columns = vec![(
                at,
                field,
                format!(
                    "{placed} of its cells are the {} of another row",
                    key_field.as_ref().map_or_else(|| data.guesses[*key].value.to_string(), ToString::to_string)
                ),
            )];
            columns.extend(key_field.map(|field| (*key, field, "the parents are named by it".to_owned())));
            let one = Hypothesis {
                hierarchy,
                score,
                reason: format!(
                    "{placed} cells of \"{}\" are found in \"{}\" of another row",
                    data.table.columns[at].header, data.table.columns[*key].header
                ),
                columns,
                coded: false,
            };
            // Keys are codes or identifiers rather than texts where both would do.
            if best.as_ref().is_none_or(|best| one.score > best.score + 0.001) {
                best = Some(one);
            }
        }
    }
    best.or_else(|| unresolved_parent(data))
}

/// The hierarchy that a key of parents makes, and what the key's column has to mean for it.
fn key_role(data: &Data<'_, '_>, key: usize, named: Option<&Field>) -> (Field, Hierarchy, Option<Field>) {
    match &data.guesses[key].value {
        Field::HumanCodingScheme => (Field::ParentCode, Hierarchy::ParentCode, None),
        Field::Identifier | Field::Uri => (Field::ParentIdentifier, Hierarchy::ParentIdentifier, None),
        Field::FullStatement | Field::AbbreviatedStatement => {
            (Field::ParentStatement, Hierarchy::ParentStatement, None)
        }
        _ => {
            let shape = &data.table.columns[key].shape;
            let is_code = data.code.is_none() && shape.code >= 0.8 && shape.number < 0.9;
            if is_code && named != Some(&Field::ParentIdentifier) {
                (Field::ParentCode, Hierarchy::ParentCode, Some(Field::HumanCodingScheme))
            } else if data.position(&Field::Identifier).is_none() {
                (Field::ParentIdentifier, Hierarchy::ParentIdentifier, Some(Field::Identifier))
            } else {
                (Field::ParentCode, Hierarchy::ParentCode, Some(Field::HumanCodingScheme))
            }
        }
    }
}

/// A column that names parents, none of which is in the sheet: they may be stored already.
fn unresolved_parent(data: &Data<'_, '_>) -> Option<Hypothesis> {
    let at = data.position(&Field::ParentCode).or_else(|| data.position(&Field::ParentIdentifier))?;
    let shape = &data.table.columns[at].shape;
    if shape.filled == 0 || shape.separator == Some('|') {
        return None;
    }
    let (field, hierarchy) = if shape.uuid >= 0.8 || shape.url >= 0.8 {
        (Field::ParentIdentifier, Hierarchy::ParentIdentifier)
    } else {
        (Field::ParentCode, Hierarchy::ParentCode)
    };
    Some(Hypothesis {
        hierarchy,
        score: 0.5,
        reason: format!("\"{}\" names parents, which are not in the sheet", data.table.columns[at].header),
        columns: vec![(at, field, "names parents that are not in the sheet".to_owned())],
        coded: false,
    })
}
