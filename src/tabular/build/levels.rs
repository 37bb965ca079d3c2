//! One column per level: a row is a path, and its last part is the item that the row is about.

use std::collections::HashMap;

use super::drafts::{Draft, Parent, of_row};
use super::line::Line;
use super::notes::Notes;
use crate::tabular::mapping::{Field, Hierarchy};

/// One column of the path.
struct Step {
    title: Field,
    code: Field,
}

/// The items of the rows, each under the one before it on its path, once.
pub(super) fn expand<'w, 't>(lines: &[Line<'w, 't>], first: usize, notes: &mut Notes) -> Vec<Draft<'w, 't>> {
    let steps = steps(lines);
    // Else blank means that there is no such level here.
    let carried = lines.first().is_some_and(|line| line.table.mapping.hierarchy.value != Hierarchy::LevelColumnsFilled);
    let mut drafts: Vec<Draft<'w, 't>> = Vec::new();
    let mut known: HashMap<(Option<usize>, String, String), usize> = HashMap::new();
    let mut above: Vec<Option<(String, Option<String>)>> = vec![None; steps.len()];
    for line in lines {
        let own = line.text(&Field::FullStatement);
        let filled: Vec<bool> = steps.iter().map(|step| line.text(&step.title).is_some()).collect();
        let deepest = filled.iter().rposition(|filled| *filled);
        if own.is_none() && deepest.is_none() {
            let sentence = "no column of a level is filled in; the row is left out";
            notes.loss("row-left-out", line.place_of_row(), sentence, &line.shown());
            continue;
        }
        let end = if own.is_some() { steps.len() } else { deepest.map_or(0, |deepest| deepest + 1) };
        let mut path: Vec<(usize, String, Option<String>)> = Vec::new();
        let mut fresh = false;
        for (at, step) in steps.iter().enumerate().take(end) {
            let here = line.text(&step.title).map(|text| (text.to_owned(), line.text(&step.code).map(str::to_owned)));
            let Some(slot) = above.get_mut(at) else { continue };
            match here {
                Some(here) => {
                    fresh |= slot.as_ref() != Some(&here);
                    path.push((at, here.0.clone(), here.1.clone()));
                    *slot = Some(here);
                }
                // What stood above belongs to another path once a level before it has changed.
                None if fresh || !carried => *slot = None,
                None => path.extend(slot.clone().map(|(text, code)| (at, text, code))),
            }
        }
        if own.is_none() {
            above.iter_mut().skip(end).for_each(|slot| *slot = None);
        }
        if let Some(branch) = line.text(&Field::Branch).filter(|branch| path.first().is_none_or(|top| top.1 != *branch))
        {
            path.insert(0, (usize::MAX, branch.to_owned(), None));
        }
        let mut under: Option<usize> = None;
        let mut made = false;
        let last = path.len();
        for (at, (step, text, code)) in path.into_iter().enumerate() {
            let key = (under, text.clone(), code.clone().unwrap_or_default());
            let is_row = own.is_none() && at + 1 == last;
            let same = |held: &usize| !is_row || drafts.get(*held).is_none_or(|draft| is_same(draft, line));
            let next = known.get(&key).copied().filter(same).unwrap_or_else(|| {
                made |= is_row;
                let parent = under.map_or(Parent::Top, |under| Parent::Draft(first + under));
                let draft = if is_row {
                    let draft = of_row(*line, Some(text.clone()));
                    Draft { code: code.clone().or(draft.code.clone()), parent, ..draft }
                } else {
                    let place = steps.get(step).map_or_else(|| line.place_of_row(), |step| line.place(&step.title));
                    Draft::made(place, &text, code.as_deref(), parent)
                };
                drafts.push(draft);
                known.insert(key, drafts.len() - 1);
                drafts.len() - 1
            });
            if let Some(draft) = drafts.get_mut(next).filter(|draft| is_row && !made && draft.line.is_none()) {
                // A level that rows below have named gets a row of its own.
                let row = of_row(*line, Some(text));
                draft.received = row.received;
                draft.place = row.place;
                draft.line = row.line;
                made = true;
            }
            under = Some(next);
        }
        if let Some(statement) = own {
            let draft = of_row(*line, Some(statement.to_owned()));
            let parent = under.map_or(Parent::Top, |under| Parent::Draft(first + under));
            drafts.push(Draft { parent, ..draft });
        } else if !made {
            let sentence = "an earlier row has the same path; the item is read once";
            notes.info("row-repeated", line.place_of_row(), sentence, &line.shown());
        }
    }
    drafts
}

/// Whether a row with the path of the draft is about the same item: its identifier and code, if
/// it has any, say so.
fn is_same(draft: &Draft<'_, '_>, line: &Line<'_, '_>) -> bool {
    let agree = |field: &Field| match (draft.text(field), line.text(field)) {
        (Some(held), Some(here)) => held == here,
        _ => true,
    };
    draft.line.is_none() || agree(&Field::Identifier) && agree(&Field::HumanCodingScheme)
}

fn steps(lines: &[Line<'_, '_>]) -> Vec<Step> {
    let fields = lines.first().map(|line| line.table.fields()).unwrap_or_default();
    let mut numbers: Vec<u8> = fields
        .iter()
        .filter_map(|field| match field {
            Field::LevelColumn(number) => Some(*number),
            _ => None,
        })
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let step = |number| {
        let (title, code) = (Field::LevelColumn(number), Field::LevelCode(number));
        Step { title, code }
    };
    numbers.iter().map(|number| step(*number)).collect()
}
