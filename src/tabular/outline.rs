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

/// What says that an item stands under something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    /// The item, as an index.
    pub child: usize,
    /// What it stands under, likewise; none for the framework, and for what is elsewhere.
    pub parent: Option<usize>,
    pub elsewhere: bool,
    /// Whether it is one of a grouping.
    pub grouped: bool,
    pub sequence: Option<i64>,
}

/// Every item of a package exactly once: under the parent that a reader expects, in the order of the
/// sequence numbers. An item that no other item is the parent of stands at the top, and so does the
/// first item of a loop.
pub(crate) fn outline(package: &Package) -> Vec<Place> {
    let index = package.items.iter().enumerate();
    let index: HashMap<&str, usize> = index.map(|(at, item)| (item.identity.identifier.as_str(), at)).collect();
    let at = |identifier: &str| index.get(identifier).copied();
    let edges = package.associations.iter().filter(|association| association.association_type == IS_CHILD_OF);
    let edges = edges.filter_map(|association| {
        let Association { origin, destination, .. } = association;
        let parent = at(&destination.identifier);
        Some(Edge {
            child: at(&origin.identifier)?,
            parent,
            elsewhere: parent.is_none() && destination.identifier != package.identifier(),
            grouped: association.grouping_uri.is_some(),
            sequence: association.sequence_number,
        })
    });
    arrange(package.items.len(), edges)
}

/// [`outline`] of so many items.
pub(crate) fn arrange(items: usize, all: impl Iterator<Item = Edge>) -> Vec<Place> {
    let mut edges: Vec<Option<(Rank, Edge)>> = vec![None; items];
    for (at, edge) in all.enumerate().filter(|(_, edge)| edge.parent != Some(edge.child)) {
        let Some(slot) = edges.get_mut(edge.child) else { continue };
        let rank = Rank::of(&edge, at);
        if slot.as_ref().is_none_or(|(before, _)| rank < *before) {
            *slot = Some((rank, edge));
        }
    }
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); items];
    let mut roots = Vec::new();
    for (item, edge) in edges.iter().enumerate() {
        match edge {
            Some((_, Edge { parent: Some(parent), .. })) => children[*parent].push(item),
            _ => roots.push(item),
        }
    }
    let order =
        |item: &usize| edges[*item].as_ref().map_or((i64::MAX, usize::MAX), |(rank, _)| (rank.sequence, rank.at));
    roots.sort_by_key(order);
    children.iter_mut().for_each(|siblings| siblings.sort_by_key(order));
    let mut walk = Walk { children: &children, placed: vec![false; items], places: Vec::new(), tops: 0 };
    roots.into_iter().for_each(|item| walk.from(item));
    // What is left is in a loop, or hangs below one.
    (0..items).for_each(|item| walk.from(item));
    let mut places = walk.places;
    for place in &mut places {
        let told = edges[place.item].as_ref().filter(|(_, edge)| edge.parent == place.parent);
        place.sequence_number = told.and_then(|(_, edge)| edge.sequence);
    }
    places
}

/// Which of several parents is the one that a reader expects: one in this framework, outside of
/// any grouping, with the lowest sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    elsewhere: bool,
    grouped: bool,
    sequence: i64,
    at: usize,
}

impl Rank {
    fn of(edge: &Edge, at: usize) -> Rank {
        let Edge { elsewhere, grouped, sequence, .. } = *edge;
        Rank { elsewhere, grouped, sequence: sequence.unwrap_or(i64::MAX), at }
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
