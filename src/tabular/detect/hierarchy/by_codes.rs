//! Hierarchies that only the codes tell: one begins the other, or they are outline numbers.

use std::collections::HashSet;

use super::{Data, Hypothesis, share};
use crate::tabular::mapping::{Field, Hierarchy};
use crate::tabular::{codes, tree};

/// Codes that begin with their parent's, and outline numbers; in a column or before the statements.
pub(super) fn by_codes(data: &Data<'_, '_>, coded: bool) -> Vec<Hypothesis> {
    let mut all = Vec::new();
    let own: Option<Vec<Option<&str>>> = data.code.map(|at| data.column(at));
    let embedded: Option<Vec<Option<&str>>> = data
        .statement
        .filter(|_| coded)
        .map(|at| data.column(at).into_iter().map(|text| text.and_then(codes::split).map(|(code, _)| code)).collect());
    let Some(rows) = own.or(embedded) else {
        // Numbers that are no codes because they repeat can still be an outline.
        let at = (0..data.table.columns.len()).find(|at| {
            let shape = &data.table.columns[*at].shape;
            shape.fill() >= 0.9
                && shape.code >= 0.9
                && shape.length <= 5.0
                && matches!(data.guesses[*at].value, Field::ListEnumeration | Field::Extension(_))
        });
        if let Some(at) = at {
            all.extend(outline(
                &data.column(at),
                vec![(at, Field::HumanCodingScheme, "outline numbers".to_owned())],
                coded,
            ));
        }
        return all;
    };
    all.extend(prefixes(&rows, coded));
    all.extend(outline(&rows, Vec::new(), coded));
    all
}

fn prefixes(rows: &[Option<&str>], coded: bool) -> Option<Hypothesis> {
    let with: Vec<&str> = rows.iter().flatten().map(|code| code.trim()).collect();
    if with.len() < 2 {
        return None;
    }
    let digits = tree::nest_by_digit(rows);
    let parents = tree::by_code(rows, digits);
    let noughts = parents
        .iter()
        .enumerate()
        .filter(|(row, parent)| {
            parent
                .and_then(|parent| rows[parent])
                .is_some_and(|code| !rows[*row].is_some_and(|own| own.trim().starts_with(code.trim())))
        })
        .count();
    let found = parents.iter().filter(|parent| parent.is_some()).count();
    let good = share(found, with.len());
    let covered = share(with.len(), rows.len());
    let unlike = share(with.iter().collect::<HashSet<_>>().len(), with.len());
    if found == 0 || noughts * 2 > found && good < 0.7 || !tree::is_forest(&parents) || unlike < 0.6 {
        return None;
    }
    let strength = if good >= 0.75 { 1.0 } else { 0.72 + 0.37 * good };
    Some(Hypothesis {
        hierarchy: Hierarchy::CodePrefix,
        score: 0.9 * strength * covered.sqrt() * unlike,
        reason: format!(
            "{found} of {} codes begin with the code of another row{}",
            with.len(),
            if digits { ", by digits" } else { "" }
        ),
        columns: Vec::new(),
        coded,
    })
}

fn outline(rows: &[Option<&str>], columns: Vec<(usize, Field, String)>, coded: bool) -> Option<Hypothesis> {
    let with: Vec<&str> = rows.iter().flatten().copied().collect();
    let numbers = with.iter().filter(|code| tree::is_outline(code)).count();
    let depths = tree::outline_depths(rows);
    let deepest = depths.iter().flatten().max().copied().unwrap_or(0);
    let distinct: HashSet<&str> = with.iter().copied().collect();
    let good = share(numbers, with.len());
    if with.len() < 3 || good < 0.95 || deepest < 2 || with.len() * 10 < rows.len() * 8 {
        return None;
    }
    let repeats = 1.0 - share(distinct.len(), with.len());
    Some(Hypothesis {
        hierarchy: Hierarchy::Outline,
        score: 0.86 + 0.05 * repeats.min(1.0),
        reason: format!("the codes are outline numbers over {deepest} levels"),
        columns,
        coded,
    })
}
