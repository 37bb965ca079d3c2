//! The tree of a framework as a list, depth first: what is below an item follows it without a gap, so
//! that children, paths and branches are found without looking at anything else. Pure.

use std::collections::HashMap;

use crate::tabular::outline::Place;

/// Where nothing is above.
const TOP: u32 = u32::MAX;

/// The items of one tree, depth first.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    ids: Vec<Box<str>>,
    /// 0 at the top.
    depth: Vec<u16>,
    parent: Vec<u32>,
    /// The place after the last one below.
    end: Vec<u32>,
    index: HashMap<Box<str>, u32>,
}

impl Outline {
    /// The tree that `places` describe, of items with these identifiers.
    pub(super) fn new(places: &[Place], ids: &[String]) -> Outline {
        let mut outline = Outline::default();
        let mut at_of: HashMap<usize, u32> = HashMap::with_capacity(places.len());
        for place in places {
            let Some(id) = ids.get(place.item) else { continue };
            let at = narrow(outline.ids.len());
            at_of.insert(place.item, at);
            outline.index.insert(id.as_str().into(), at);
            outline.ids.push(id.as_str().into());
            outline.depth.push(u16::try_from(place.depth.saturating_sub(1)).unwrap_or(u16::MAX));
            outline.parent.push(place.parent.and_then(|parent| at_of.get(&parent).copied()).unwrap_or(TOP));
            outline.end.push(at + 1);
        }
        for at in (0..outline.ids.len()).rev() {
            let (parent, end) = (outline.parent[at] as usize, outline.end[at]);
            if let Some(above) = outline.end.get_mut(parent) {
                *above = (*above).max(end);
            }
        }
        outline
    }

    /// How many items it has.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The item at a place.
    pub(super) fn id(&self, at: usize) -> &str {
        self.ids.get(at).map_or("", |id| id)
    }

    /// The place of an item.
    pub(super) fn at(&self, id: &str) -> Option<usize> {
        self.index.get(id).map(|at| *at as usize)
    }

    /// How deep a place is, 0 at the top.
    pub(super) fn depth(&self, at: usize) -> usize {
        self.depth.get(at).map_or(0, |depth| usize::from(*depth))
    }

    /// What is directly above.
    pub(super) fn parent(&self, at: usize) -> Option<usize> {
        self.parent.get(at).filter(|parent| **parent != TOP).map(|parent| *parent as usize)
    }

    /// How many items are below, at whatever depth.
    pub(super) fn below(&self, at: usize) -> usize {
        (self.end.get(at).copied().unwrap_or_default() as usize).saturating_sub(at + 1)
    }

    /// The places directly below one, or those at the top.
    pub(super) fn children(&self, of: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        let (first, end) = match of {
            Some(at) => (at + 1, at + 1 + self.below(at)),
            None => (0, self.len()),
        };
        let mut next = first;
        std::iter::from_fn(move || {
            let at = next;
            (at < end).then(|| {
                next = at + 1 + self.below(at);
                at
            })
        })
    }

    /// The places from the top down to the one above a place.
    pub(super) fn path(&self, at: usize) -> Vec<usize> {
        let mut path: Vec<usize> = std::iter::successors(self.parent(at), |above| self.parent(*above)).collect();
        path.reverse();
        path
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        self.len() * 160
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(TOP - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(item: usize, parent: Option<usize>, depth: usize) -> Place {
        Place { item, parent, smart_level: String::new(), depth, sequence_number: None }
    }

    #[test]
    fn branches_follow_without_a_gap() {
        // a(b(c), d), e
        let places =
            [place(0, None, 1), place(1, Some(0), 2), place(2, Some(1), 3), place(3, Some(0), 2), place(4, None, 1)];
        let ids = ["a", "b", "c", "d", "e"].map(str::to_owned);
        let outline = Outline::new(&places, &ids);
        let names = |places: Vec<usize>| places.into_iter().map(|at| outline.id(at)).collect::<Vec<_>>();
        assert_eq!(names(outline.children(None).collect()), ["a", "e"]);
        assert_eq!(names(outline.children(outline.at("a")).collect()), ["b", "d"]);
        assert_eq!(names(outline.children(outline.at("e")).collect()), Vec::<&str>::new());
        assert_eq!(names(outline.path(outline.at("c").unwrap())), ["a", "b"]);
        assert_eq!((outline.below(0), outline.below(4), outline.depth(2)), (3, 0, 2));
        assert_eq!(Outline::default().children(None).count(), 0);
    }
}
