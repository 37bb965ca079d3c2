//! Dotted positions, "1.2.10": the parent's is the same without its last part.

use std::collections::HashMap;

use super::super::drafts::{Draft, Parent};
use super::super::notes::Notes;
use crate::tabular::cells::Kind;
use crate::tabular::mapping::Field;

pub(super) fn arrange(drafts: &mut [Draft<'_, '_>], first: usize, notes: &mut Notes) {
    let positions = positions(drafts, notes);
    let mut rows: HashMap<&str, usize> = HashMap::with_capacity(drafts.len());
    for (at, position) in positions.iter().enumerate() {
        let Some(position) = position else { continue };
        rows.entry(position).or_insert(at);
    }
    for (at, (draft, position)) in drafts.iter_mut().zip(&positions).enumerate() {
        let Some(position) = position else { continue };
        if rows.get(position.as_str()) != Some(&at) {
            let sentence = "another row has this level; both are kept, and rows below belong to the first of them";
            notes.warn("level-repeated", draft.place_of(&Field::SmartLevel), sentence, position);
        }
        let (above, last) = position.rsplit_once('.').unwrap_or(("", position));
        draft.order = last.parse().ok();
        draft.parent = match rows.get(above) {
            _ if above.is_empty() => Parent::Top,
            Some(above) => Parent::Draft(first + above),
            None => {
                let sentence = format!("there is no row of level {above}; the item is put under the framework");
                notes.warn("parent-not-found", draft.place_of(&Field::SmartLevel), sentence, position);
                draft.order = None;
                Parent::Top
            }
        };
    }
}

/// The positions; those that a spreadsheet program took for numbers are mended: after 1.9, a second
/// 1.1 was 1.10.
fn positions(drafts: &[Draft<'_, '_>], notes: &mut Notes) -> Vec<Option<String>> {
    let mut last: HashMap<String, i64> = HashMap::new();
    let mut positions = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let Some(cell) = draft.cell(&Field::SmartLevel) else {
            positions.push(None);
            continue;
        };
        let text = cell.text.trim().trim_matches('.').to_owned();
        let (above, number) = text.rsplit_once('.').unwrap_or(("", &text));
        let next = last.get(above).and_then(|last| last.checked_add(1));
        let zeros = |next: i64| {
            let next = next.to_string();
            next.len() > number.len() && next.strip_prefix(number).is_some_and(|rest| rest.bytes().all(|b| b == b'0'))
        };
        let text = match next.filter(|next| cell.kind == Kind::Number && !above.is_empty() && zeros(*next)) {
            Some(next) => {
                let meant = format!("{above}.{next}");
                let sentence = format!("the cell is a number, which loses zeros at the end; read as {meant}");
                notes.warn("level-mended", draft.place_of(&Field::SmartLevel), sentence, &cell.text);
                meant
            }
            None => text.clone(),
        };
        if let Some((above, Ok(number))) =
            Some(text.rsplit_once('.').unwrap_or(("", &text))).map(|(a, n)| (a, n.parse()))
        {
            last.insert(above.to_owned(), number);
        }
        positions.push(Some(text));
    }
    positions
}
