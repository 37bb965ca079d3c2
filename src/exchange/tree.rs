//! Who stands under whom, gathered from both ends and put in order: without circles, and with a
//! place for every item. Knows items by their position only.

use std::collections::HashSet;

/// What is under what, as it is said.
#[derive(Debug, Default)]
pub(super) struct Tree {
    edges: Vec<Edge>,
    seen: HashSet<Edge>,
}

/// An item and what it stands under; `None` is the document.
pub(super) type Edge = (usize, Option<usize>);

/// A hierarchy that can be published.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ordered {
    /// Each with its number among its siblings, from 1.
    pub edges: Vec<(Edge, i64)>,
    /// Left out, because the parent stands under the child itself.
    pub cut: Vec<(usize, usize)>,
    /// Items that stood under nothing, and stand under the document now.
    pub homeless: Vec<usize>,
}

impl Tree {
    /// Says that `child` is under `parent`, after what was said to be under it before. Saying it
    /// again changes nothing.
    pub(super) fn add(&mut self, child: usize, parent: Option<usize>) {
        if self.seen.insert((child, parent)) {
            self.edges.push((child, parent));
        }
    }

    /// Puts `count` items in order.
    pub(super) fn order(self, count: usize) -> Ordered {
        let circular = circular(&self.edges, count);
        let mut counters = vec![0_i64; count + 1];
        let mut number = |parent: Option<usize>| {
            let counter = counters.get_mut(parent.map_or(count, |at| at.min(count)));
            counter.map_or(0, |counter| {
                *counter += 1;
                *counter
            })
        };
        let mut ordered = Ordered { edges: Vec::new(), cut: Vec::new(), homeless: Vec::new() };
        let mut placed = vec![false; count];
        for (edge, circular) in self.edges.into_iter().zip(circular) {
            match edge {
                (child, Some(parent)) if circular => ordered.cut.push((child, parent)),
                (child, parent) => {
                    ordered.edges.push((edge, number(parent)));
                    placed.iter_mut().skip(child).take(1).for_each(|one| *one = true);
                }
            }
        }
        for child in (0..count).filter(|child| !placed.get(*child).copied().unwrap_or(true)) {
            ordered.edges.push(((child, None), number(None)));
            ordered.homeless.push(child);
        }
        ordered
    }
}

/// Which of the edges close a circle, found without recursion.
fn circular(edges: &[Edge], count: usize) -> Vec<bool> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut roots: Vec<usize> = Vec::new();
    for (index, (child, parent)) in edges.iter().enumerate() {
        match parent {
            Some(parent) => below.iter_mut().skip(*parent).take(1).for_each(|list| list.push(index)),
            None => roots.push(*child),
        }
    }
    // What hangs from the document is walked first, so that a circle is cut where it comes back.
    roots.extend(0..count);
    let mut state = vec![State::New; count];
    let mut circular = vec![false; edges.len()];
    for root in roots {
        if state.get(root).is_none_or(|state| *state != State::New) {
            continue;
        }
        let mut path: Vec<(usize, usize)> = vec![(root, 0)];
        set(&mut state, root, State::Open);
        while let Some((item, next)) = path.last_mut() {
            let edge = below.get(*item).and_then(|list| list.get(*next)).copied();
            *next += 1;
            let Some(edge) = edge else {
                set(&mut state, *item, State::Done);
                path.pop();
                continue;
            };
            let Some((child, _)) = edges.get(edge).copied() else { continue };
            match state.get(child) {
                Some(State::New) => {
                    set(&mut state, child, State::Open);
                    path.push((child, 0));
                }
                Some(State::Open) => circular.iter_mut().skip(edge).take(1).for_each(|one| *one = true),
                _ => {}
            }
        }
    }
    circular
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// On the way from the root to where the walk stands.
    Open,
    Done,
}

fn set(states: &mut [State], at: usize, to: State) {
    if let Some(state) = states.get_mut(at) {
        *state = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(count: usize, edges: &[Edge]) -> Ordered {
        let mut tree = Tree::default();
        edges.iter().for_each(|(child, parent)| tree.add(*child, *parent));
        tree.order(count)
    }

    #[test]
    fn siblings_are_numbered_in_the_order_they_are_named() {
        let ordered = order(4, &[(2, None), (0, None), (1, Some(2)), (3, Some(2)), (1, Some(2))]);
        let expected = [((2, None), 1), ((0, None), 2), ((1, Some(2)), 1), ((3, Some(2)), 2)];
        assert_eq!(ordered.edges, expected);
        assert!(ordered.cut.is_empty() && ordered.homeless.is_empty());
    }

    #[test]
    fn a_circle_is_cut_where_it_comes_back() {
        let ordered = order(3, &[(0, None), (0, Some(2)), (1, Some(0)), (2, Some(1))]);
        assert_eq!(ordered.cut, [(0, 2)]);
        let lonely = order(2, &[(0, Some(1)), (1, Some(0))]);
        assert_eq!((lonely.cut.len(), lonely.homeless.len()), (1, 1));
        assert_eq!(order(1, &[(0, Some(0))]).cut, [(0, 0)]);
    }

    #[test]
    fn a_long_chain_and_two_parents_are_no_circle() {
        let mut edges: Vec<Edge> = (1..200_000).map(|at| (at, Some(at - 1))).collect();
        edges.push((0, None));
        assert!(order(200_000, &edges).cut.is_empty());
        let diamond = order(4, &[(0, None), (1, Some(0)), (2, Some(0)), (3, Some(1)), (3, Some(2))]);
        assert_eq!((diamond.edges.len(), diamond.cut.len()), (5, 0));
    }
}
