//! The order of siblings: what the sheet numbers, else the order of its rows.

use std::collections::HashMap;

use super::before::Before;
use super::drafts::Draft;
use super::notes::Notes;
use crate::tabular::mapping::Field;

/// The sequence number of each draft. Stored numbers that give the order of the rows stay: they may
/// have gaps that mean nothing to a sheet.
pub(super) fn numbers(
    drafts: &[Draft<'_, '_>],
    parents: &[String],
    before: &Before,
    notes: &mut Notes,
) -> Vec<Option<i64>> {
    let mut numbers: Vec<Option<i64>> = vec![None; drafts.len()];
    let mut families: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, (draft, parent)) in
        drafts.iter().zip(parents).enumerate().filter(|(_, (draft, _))| draft.same_as.is_none())
    {
        let column = draft.line.as_ref().filter(|line| line.table.has(&Field::SequenceNumber));
        match column {
            Some(line) => {
                if let Some(number) = numbers.get_mut(at) {
                    *number = line.integer(&Field::SequenceNumber, notes);
                }
            }
            None => families.entry(parent).or_default().push(at),
        }
    }
    for (parent, mut family) in families {
        let order = |at: &usize| drafts.get(*at).and_then(|draft| draft.order);
        family.sort_by_key(|at| order(at).unwrap_or(i64::MAX));
        let stored = |at: usize| {
            let id = drafts.get(at).map_or("", |draft| draft.id.as_str());
            let place = before.place(id).filter(|place| place.destination.identifier == parent);
            place.map_or(Place::New, |place| place.sequence_number.map_or(Place::Unnumbered, Place::Numbered))
        };
        let given = continued(&family.iter().map(|at| stored(*at)).collect::<Vec<_>>());
        let counted = family.iter().enumerate().map(|(index, at)| order(at).or(i64::try_from(index + 1).ok()));
        let new: Vec<Option<i64>> = given.unwrap_or_else(|| counted.collect());
        for (at, number) in family.into_iter().zip(new) {
            if let Some(slot) = numbers.get_mut(at) {
                *slot = number;
            }
        }
    }
    numbers
}

/// What is stored of an item's place under its parent.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    New,
    Unnumbered,
    Numbered(i64),
}

/// The stored numbers with new ones after them, as long as that gives the order wanted.
fn continued(stored: &[Place]) -> Option<Vec<Option<i64>>> {
    if stored.iter().all(|place| *place == Place::New) {
        return None;
    }
    let mut numbers = Vec::with_capacity(stored.len());
    let mut last = 0;
    for (at, place) in stored.iter().enumerate() {
        let number = match place {
            Place::Numbered(number) => *number,
            Place::Unnumbered => return None,
            Place::New => last + 1,
        };
        if at > 0 && number <= last {
            return None;
        }
        last = number;
        numbers.push(Some(number));
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_numbers_stay_as_long_as_they_give_the_order() {
        let (old, new) = (Place::Numbered, Place::New);
        assert_eq!(continued(&[old(10), old(20), new]), Some(vec![Some(10), Some(20), Some(21)]));
        assert_eq!(continued(&[old(10), new, old(20)]), Some(vec![Some(10), Some(11), Some(20)]));
        assert_eq!(continued(&[old(20), old(10)]), None);
        assert_eq!(continued(&[old(1), new, old(2)]), None);
        assert_eq!(continued(&[Place::Unnumbered, old(2)]), None);
        assert_eq!(continued(&[new, new]), None);
    }
}
