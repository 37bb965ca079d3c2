//! What stands under what: the hierarchies in which sheets write it, each to a parent per draft.

mod index;
mod smart;

use super::before::Before;
use super::drafts::{Draft, Parent};
use super::notes::Notes;
use crate::tabular::mapping::{Field, Hierarchy};
use crate::tabular::tree;

pub(super) use index::{Index, Prefer};

/// Sets the parents that the rows of one sheet give by themselves; `first` is the number of the
/// first draft of the sheet.
pub(super) fn arrange(drafts: &mut [Draft<'_, '_>], first: usize, hierarchy: Hierarchy, notes: &mut Notes) {
    let parents = match hierarchy {
        Hierarchy::SmartLevel => return smart::arrange(drafts, first, notes),
        Hierarchy::Level => tree::by_depth(&levels(drafts, notes)),
        Hierarchy::Indentation => tree::by_depth(&tree::lead_depths(&column(drafts, |draft| {
            draft.cell(&Field::FullStatement).map(|cell| cell.text.as_str())
        }))),
        Hierarchy::CodePrefix => {
            let codes = column(drafts, |draft| draft.code.as_deref());
            tree::by_code(&codes, tree::nest_by_digit(&codes))
        }
        Hierarchy::Outline => {
            let numbers = column(drafts, |draft| draft.code.as_deref().or_else(|| draft.text(&Field::ListEnumeration)));
            tree::by_depth(&tree::outline_depths(&numbers))
        }
        Hierarchy::ItemType => {
            tree::by_depth(&tree::kind_depths(&column(drafts, |draft| draft.text(&Field::CfItemType))))
        }
        Hierarchy::Flat => vec![None; drafts.len()],
        // The rows have been taken apart already, or name their parents.
        Hierarchy::LevelColumns
        | Hierarchy::LevelColumnsFilled
        | Hierarchy::ParentIdentifier
        | Hierarchy::ParentCode
        | Hierarchy::ParentStatement
        | Hierarchy::Associations => return,
    };
    for (draft, parent) in drafts.iter_mut().zip(parents) {
        draft.parent = parent.map_or(Parent::Top, |above| Parent::Draft(first + above));
    }
}

fn column<'d>(
    drafts: &'d [Draft<'_, '_>],
    text: impl Fn(&'d Draft<'_, '_>) -> Option<&'d str>,
) -> Vec<Option<&'d str>> {
    drafts.iter().map(text).collect()
}

/// The level of each row; one that cannot be read is that of the row above.
fn levels(drafts: &[Draft<'_, '_>], notes: &mut Notes) -> Vec<Option<i64>> {
    let number = |text: &str| text.strip_suffix(".0").unwrap_or(text).parse::<i32>().ok().map(i64::from);
    let top = drafts.iter().filter_map(|draft| number(draft.text(&Field::Level)?)).min().unwrap_or(1);
    let mut last = top - 1;
    let mut levels = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let text = draft.text(&Field::Level).unwrap_or_default();
        let level = number(text).unwrap_or_else(|| {
            let sentence = "the level is no whole number; that of the row above is taken";
            notes.warn("level-unreadable", draft.place_of(&Field::Level), sentence, text);
            last.max(top)
        });
        if level > last + 1 {
            let sentence = "the level is more than one below that of the row before; the item is put under the \
                            nearest row above that is less deep";
            notes.warn("level-jump", draft.place_of(&Field::Level), sentence, text);
        }
        levels.push(Some(level));
        last = level;
    }
    levels
}

/// The columns that name a parent, and what they name it by.
const NAMED_BY: [(Field, Prefer); 3] = [
    (Field::ParentIdentifier, Prefer::Identifier),
    (Field::ParentCode, Prefer::Code),
    (Field::ParentStatement, Prefer::Statement),
];

/// Sets the parents of those that are still unknown and name one.
pub(super) fn name(
    drafts: &mut [Draft<'_, '_>],
    index: &Index,
    before: &Before,
    is_framework: impl Fn(&str) -> bool,
    notes: &mut Notes,
) {
    let child_of = (Field::Association("isChildOf".to_owned()), Prefer::Code);
    let columns: Vec<&(Field, Prefer)> = NAMED_BY.iter().chain([&child_of]).collect();
    for at in 0..drafts.len() {
        let Some(draft) = drafts.get(at).filter(|draft| draft.parent == Parent::Unknown) else { continue };
        let named = columns.iter().find_map(|(field, prefer)| Some((field, *prefer, draft.text(field)?)));
        let parent = match named {
            None => match cut(draft, at, index) {
                Some(parent) if columns.iter().any(|(field, _)| has(draft, field)) => {
                    let sentence = "no parent is given; the item is put under the one whose code begins its own";
                    let code = draft.code.as_deref().unwrap_or_default();
                    notes.info("parent-inferred", draft.place_of(&Field::HumanCodingScheme), sentence, code);
                    Parent::Draft(parent)
                }
                _ => Parent::Unknown,
            },
            Some((field, prefer, text)) => {
                let place = draft.place_of(field);
                match index.find(text, prefer, Some(at)) {
                    Some((parent, count)) => {
                        if count > 1 {
                            let sentence = format!("{count} rows are called so; the nearest one above is taken");
                            notes.warn("parent-ambiguous", place, sentence, text);
                        }
                        Parent::Draft(parent)
                    }
                    None if is_framework(text) => Parent::Top,
                    None => match stored(text, prefer, before) {
                        Some(id) => Parent::Stored(id),
                        None => {
                            let sentence = "no row and no stored item is called so; the item is put under the \
                                            framework. Add the row, or correct the name";
                            notes.warn("parent-not-found", place, sentence, text);
                            Parent::Top
                        }
                    },
                }
            }
        };
        if let Some(draft) = drafts.get_mut(at) {
            draft.parent = parent;
        }
    }
}

/// The row whose code is that of the draft cut at its last dot.
fn cut(draft: &Draft<'_, '_>, at: usize, index: &Index) -> Option<usize> {
    let (above, _) = draft.code.as_ref()?.rsplit_once('.')?;
    index.code(above).filter(|above| *above != at)
}

fn has(draft: &Draft<'_, '_>, field: &Field) -> bool {
    draft.line.as_ref().is_some_and(|line| line.table.has(field))
}

/// The stored item that a row calls its parent.
fn stored(text: &str, prefer: Prefer, before: &Before) -> Option<String> {
    let by_code = || before.of_code(text).next();
    let by_statement = || before.of_statement(text).next();
    let item = before.item(&text.to_lowercase()).or_else(|| match prefer {
        Prefer::Statement => by_statement().or_else(by_code),
        Prefer::Identifier | Prefer::Code => by_code().or_else(by_statement),
    })?;
    Some(item.identity.identifier.clone())
}

/// Puts items that stand under themselves, near or far, under the framework.
pub(super) fn break_cycles(drafts: &mut [Draft<'_, '_>], notes: &mut Notes) {
    // 0: not looked at; otherwise the number of the walk that saw it.
    let mut seen = vec![0_usize; drafts.len()];
    for start in 0..drafts.len() {
        let mut at = start;
        loop {
            match seen.get_mut(at) {
                Some(walk) if *walk == 0 => *walk = start + 1,
                _ => break,
            }
            let Some(Parent::Draft(above)) = drafts.get(at).map(|draft| draft.parent.clone()) else { break };
            if seen.get(above) == Some(&(start + 1)) {
                if let Some(draft) = drafts.get_mut(at) {
                    draft.parent = Parent::Top;
                    let sentence = "the item would stand under itself; it is put under the framework instead";
                    let shown = draft.statement.clone().unwrap_or_default();
                    notes.loss("parent-cycle", draft.place.clone(), sentence, &shown);
                }
                break;
            }
            at = above;
        }
    }
}

/// The drafts in an order in which parents come before their children.
pub(super) fn top_down(drafts: &[Draft<'_, '_>]) -> Vec<usize> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); drafts.len()];
    let mut order = Vec::with_capacity(drafts.len());
    for (at, draft) in drafts.iter().enumerate() {
        match draft.parent {
            Parent::Draft(above) if above < drafts.len() => {
                if let Some(below) = children.get_mut(above) {
                    below.push(at);
                }
            }
            _ => order.push(at),
        }
    }
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        order.extend(children.get_mut(at).map(std::mem::take).unwrap_or_default());
        next += 1;
    }
    order
}
