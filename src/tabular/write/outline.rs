//! The tree of a framework as a sheet writes it: rows depth first, each with its place among its
//! siblings. Safe on loops, on items without a parent and on items with several.

use std::collections::HashMap;

use crate::case::model::{Association, Package};
use crate::case::vocab::IS_CHILD_OF;

/// Levels below this one are told by associations only: a chain of all items of a large framework
/// must not become text of its square.
pub(super) const DEEPEST: usize = 100;

/// Where one item stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The item, as an index in the package's list.
    pub item: usize,
    /// Its parent, likewise; none for what stands at the top.
    pub parent: Option<usize>,
    /// Its position among its siblings and those of its ancestors, from the top, each from 1: `1.2.10`.
    /// Blank below [`DEEPEST`].
    pub smart_level: String,
    /// 1 at the top.
    pub depth: usize,
    /// The sequence number that its isChildOf gives it.
    pub sequence_number: Option<i64>,
}

/// Every item exactly once: under the parent that a reader expects, in the order of the sequence
/// numbers. An item that no other item is the parent of stands at the top, and so does the first
/// item of a loop.
pub(crate) fn outline(package: &Package) -> Vec<Place> {
    let index = package.items.iter().enumerate();
    let index: HashMap<&str, usize> = index.map(|(at, item)| (item.identity.identifier.as_str(), at)).collect();
    let mut edges: Vec<Option<(Rank, Option<usize>)>> = vec![None; package.items.len()];
    for (at, association) in package.associations.iter().enumerate() {
        if association.association_type != IS_CHILD_OF
            || association.origin.identifier == association.destination.identifier
        {
            continue;
        }
        let Some(edge) = index.get(association.origin.identifier.as_str()).and_then(|child| edges.get_mut(*child))
        else {
            continue;
        };
        let parent = index.get(association.destination.identifier.as_str()).copied();
        let rank =
            Rank::of(association, parent.is_none() && association.destination.identifier != package.identifier(), at);
        if edge.as_ref().is_none_or(|(before, _)| rank < *before) {
            *edge = Some((rank, parent));
        }
    }
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); package.items.len()];
    let mut roots = Vec::new();
    for (item, edge) in edges.iter().enumerate() {
        match edge {
            Some((_, Some(parent))) => children[*parent].push(item),
            _ => roots.push(item),
        }
    }
    let order =
        |item: &usize| edges[*item].as_ref().map_or((i64::MAX, usize::MAX), |(rank, _)| (rank.sequence, rank.at));
    roots.sort_by_key(order);
    children.iter_mut().for_each(|siblings| siblings.sort_by_key(order));
    let mut walk = Walk { children: &children, placed: vec![false; package.items.len()], places: Vec::new(), tops: 0 };
    roots.into_iter().for_each(|item| walk.from(item));
    // What is left is in a loop, or hangs below one.
    (0..package.items.len()).for_each(|item| walk.from(item));
    let mut places = walk.places;
    for place in &mut places {
        let told = edges[place.item].as_ref().filter(|(_, parent)| *parent == place.parent);
        let number = told.map(|(rank, _)| rank.at).and_then(|at| package.associations.get(at));
        place.sequence_number = number.and_then(|association| association.sequence_number);
    }
    places
}

/// Which of several parents is the one that a reader expects: one in this framework, outside of
/// any grouping, with the lowest sequence number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    elsewhere: bool,
    grouped: bool,
    sequence: i64,
    at: usize,
}

impl Rank {
    fn of(association: &Association, elsewhere: bool, at: usize) -> Rank {
        let sequence = association.sequence_number.unwrap_or(i64::MAX);
        Rank { elsewhere, grouped: association.grouping_uri.is_some(), sequence, at }
    }
}

struct Walk<'c> {
    children: &'c [Vec<usize>],
    placed: Vec<bool>,
    places: Vec<Place>,
    tops: usize,
}

impl Walk<'_> {
    /// Places an item at the top, and all that is below it; nothing when it is placed already.
    fn from(&mut self, top: usize) {
        if self.placed[top] {
            return;
        }
        self.tops += 1;
        let mut next = vec![(top, None, self.tops.to_string(), 1)];
        while let Some((item, parent, smart_level, depth)) = next.pop() {
            if std::mem::replace(&mut self.placed[item], true) {
                continue;
            }
            let below = self.children[item].iter().filter(|child| !self.placed[**child]).zip(1_usize..);
            let level = |nth| if depth < DEEPEST { format!("{smart_level}.{nth}") } else { String::new() };
            let below: Vec<_> = below.map(|(child, nth)| (*child, Some(item), level(nth), depth + 1)).collect();
            next.extend(below.into_iter().rev());
            self.places.push(Place { item, parent, smart_level, depth, sequence_number: None });
        }
    }
}
