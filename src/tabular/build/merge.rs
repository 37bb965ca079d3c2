//! New objects and stored ones: whose time stands, in which order they come, which of them stay.

use std::collections::HashMap;

use crate::case::model::{
    Association, Concept, Criterion, Document, Grouping, Identity, Item, ItemType, Level, License, Rubric, Subject,
    Timestamp,
};

/// What has an identity.
pub(super) trait Identified: PartialEq {
    fn identity(&self) -> &Identity;
    fn identity_mut(&mut self) -> &mut Identity;
}

macro_rules! identified {
    ($($class:ty),*) => {
        $(impl Identified for $class {
            fn identity(&self) -> &Identity {
                &self.identity
            }
            fn identity_mut(&mut self) -> &mut Identity {
                &mut self.identity
            }
        })*
    };
}

identified!(Association, Concept, Criterion, Document, Grouping, Item, ItemType, Level, License, Rubric, Subject);

/// Sets when the object last changed, and tells whether it has: a stored one that is the same keeps
/// its time; otherwise it is what the sheet says, when that is later than what is stored, else now.
pub(super) fn settle<T: Identified>(
    object: &mut T,
    stored: Option<&T>,
    said: Option<Timestamp>,
    now: &Timestamp,
) -> bool {
    let Some(stored) = stored else {
        object.identity_mut().last_change = said.unwrap_or_else(|| now.clone());
        return true;
    };
    let before = &stored.identity().last_change;
    let later = said.filter(|said| said.instant() > before.instant());
    object.identity_mut().last_change = before.clone();
    if object == stored && later.is_none() {
        return false;
    }
    object.identity_mut().last_change = later.unwrap_or_else(|| now.clone());
    true
}

/// The new list in the stored order: what is stored keeps its place, what is new comes after what
/// it follows in the sheet.
pub(super) fn ordered<T: Identified>(new: Vec<T>, stored: &[T]) -> Vec<T> {
    if stored.is_empty() {
        return new;
    }
    let places: HashMap<&str, usize> =
        stored.iter().enumerate().map(|(at, one)| (one.identity().identifier.as_str(), at)).collect();
    let mut after = None;
    let mut placed: Vec<(Option<usize>, bool, T)> = Vec::with_capacity(new.len());
    for one in new {
        let own = places.get(one.identity().identifier.as_str()).copied();
        after = own.or(after);
        placed.push((after, own.is_none(), one));
    }
    // What follows the same stored object stays in the order of the sheet: the sort is stable.
    placed.sort_by_key(|(place, is_new, _)| (*place, *is_new));
    placed.into_iter().map(|(_, _, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouping(id: &str, title: &str) -> Grouping {
        let last_change = Timestamp::parse("2020-01-01T00:00:00Z").unwrap();
        let identity = Identity { identifier: id.to_owned(), uri: format!("urn:{id}"), last_change };
        Grouping { identity, title: title.to_owned(), description: None, extensions: None }
    }

    #[test]
    fn what_is_the_same_keeps_its_time() {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let stored = grouping("a", "A");
        let mut same = grouping("a", "A");
        same.identity.last_change = now.clone();
        assert!(!settle(&mut same, Some(&stored), None, &now));
        assert_eq!(same, stored);
        // An older time in the sheet is that of an older edition.
        let older = Timestamp::parse("2019-01-01T00:00:00Z");
        assert!(!settle(&mut same, Some(&stored), older, &now));
        let later = Timestamp::parse("2021-01-01T00:00:00Z");
        assert!(settle(&mut same, Some(&stored), later.clone(), &now));
        assert_eq!(Some(same.identity.last_change), later);
        let mut other = grouping("a", "B");
        assert!(settle(&mut other, Some(&stored), None, &now));
        assert_eq!(other.identity.last_change, now);
    }

    #[test]
    fn new_objects_come_after_what_they_follow() {
        let list = |ids: &str| ids.chars().map(|id| grouping(&id.to_string(), "")).collect::<Vec<_>>();
        let order = |new: &str, stored: &str| {
            let ordered = ordered(list(new), &list(stored));
            ordered.into_iter().map(|one| one.identity.identifier).collect::<String>()
        };
        assert_eq!(order("abc", ""), "abc");
        assert_eq!(order("cba", "abc"), "abc");
        assert_eq!(order("xaybz", "ab"), "xaybz");
        assert_eq!(order("bya", "abc"), "aby");
    }
}
