//! The hierarchy of a framework: its ungrouped isChildOf associations. Pure.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Finding;
use crate::case::model::Class;

/// One ungrouped isChildOf association.
pub(super) struct Edge {
    pub id: String,
    pub child: String,
    pub parent: String,
    pub sequence: Option<i64>,
}

/// How many members of a cycle are named.
const NAMED: usize = 8;

/// What is odd in the hierarchy of the framework `root` with those items.
pub(super) fn look(root: &str, items: &HashSet<String>, edges: &[Edge]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let association = Class::Association.name();
    for edge in edges.iter().filter(|edge| edge.child == edge.parent) {
        let sentence = format!("it makes {} a child of itself", edge.child);
        findings.push(Finding::warning("self-edge", sentence).on(association, &edge.id));
    }
    for cycle in cycles(edges) {
        let named = cycle.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = if cycle.len() > NAMED { format!(" and {} more", cycle.len() - NAMED) } else { String::new() };
        let first = cycle.first().copied().unwrap_or_default();
        let sentence = format!("{} objects are below one another in a circle: {named}{more}", cycle.len());
        findings.push(Finding::warning("cycle", sentence).on(Class::Item.name(), first));
    }
    findings.extend(same_numbers(edges));
    findings.extend(orphans(root, items, edges));
    findings
}

/// Siblings with the same sequence number; told once for each parent.
fn same_numbers(edges: &[Edge]) -> Vec<Finding> {
    let mut numbers: BTreeMap<&str, BTreeMap<i64, HashSet<&str>>> = BTreeMap::new();
    for edge in edges {
        if let Some(number) = edge.sequence {
            numbers.entry(&edge.parent).or_default().entry(number).or_default().insert(&edge.child);
        }
    }
    let shared = |numbers: BTreeMap<i64, HashSet<&str>>| -> Vec<i64> {
        numbers.into_iter().filter(|(_, children)| children.len() > 1).map(|(number, _)| number).collect()
    };
    let findings = numbers.into_iter().map(|(parent, numbers)| (parent, shared(numbers)));
    findings
        .filter(|(_, shared)| !shared.is_empty())
        .map(|(parent, shared)| {
            let first = shared.first().copied().unwrap_or_default();
            let sentence = format!(
                "children of {parent} share sequence numbers ({} of them, e.g. {first}): their order is not settled",
                shared.len()
            );
            Finding::warning("sequence-duplicate", sentence)
        })
        .collect()
}

/// Items without a parent where others are tied to the framework itself.
fn orphans(root: &str, items: &HashSet<String>, edges: &[Edge]) -> Option<Finding> {
    if !edges.iter().any(|edge| edge.parent == root) {
        return None;
    }
    let placed: HashSet<&str> = edges.iter().map(|edge| edge.child.as_str()).collect();
    let orphans: Vec<&String> = items.iter().filter(|id| !placed.contains(id.as_str())).collect();
    let example = orphans.iter().min()?;
    let sentence = format!("items without a place in its hierarchy: {}, e.g. {example}", orphans.len());
    Some(Finding::warning("orphan", sentence))
}

/// The groups of objects that are, directly or not, below one another, each in a settled order
/// (Tarjan's strongly connected components, without recursion: data may be as deep as it likes).
fn cycles(edges: &[Edge]) -> Vec<Vec<&str>> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut names: Vec<&str> = Vec::new();
    let mut parents: Vec<Vec<usize>> = Vec::new();
    for edge in edges.iter().filter(|edge| edge.child != edge.parent) {
        let [child, parent] = [&edge.child, &edge.parent].map(|name| {
            *numbers.entry(name).or_insert_with(|| {
                names.push(name);
                parents.push(Vec::new());
                names.len() - 1
            })
        });
        parents[child].push(parent);
    }
    let mut search =
        Search { parents: &parents, order: vec![0; names.len()], low: vec![0; names.len()], ..Search::default() };
    for node in 0..names.len() {
        search.from(node);
    }
    let mut cycles: Vec<Vec<&str>> =
        search.groups.into_iter().map(|group| group.into_iter().map(|node| names[node]).collect()).collect();
    cycles.iter_mut().for_each(|cycle| cycle.sort_unstable());
    cycles.sort();
    cycles
}

#[derive(Default)]
struct Search<'p> {
    parents: &'p [Vec<usize>],
    /// When a node was first seen, from 1; 0 before, `usize::MAX` once its group is known.
    order: Vec<usize>,
    low: Vec<usize>,
    seen: usize,
    open: Vec<usize>,
    groups: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn from(&mut self, start: usize) {
        if self.order[start] != 0 {
            return;
        }
        // Each with the next of its parents to look at.
        let mut path = vec![(start, 0)];
        self.enter(start);
        while let Some((node, next)) = path.pop() {
            if let Some(&parent) = self.parents[node].get(next) {
                path.push((node, next + 1));
                match self.order[parent] {
                    0 => {
                        self.enter(parent);
                        path.push((parent, 0));
                    }
                    usize::MAX => {}
                    order => self.low[node] = self.low[node].min(order),
                }
                continue;
            }
            if let Some(&(below, _)) = path.last() {
                self.low[below] = self.low[below].min(self.low[node]);
            }
            if self.low[node] == self.order[node] {
                self.close(node);
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.seen += 1;
        self.order[node] = self.seen;
        self.low[node] = self.seen;
        self.open.push(node);
    }

    fn close(&mut self, node: usize) {
        let from = self.open.iter().rposition(|open| *open == node).unwrap_or_default();
        let group = self.open.split_off(from);
        for member in &group {
            self.order[*member] = usize::MAX;
        }
        if group.len() > 1 {
            self.groups.push(group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(of: &[(&str, &str)]) -> Vec<Edge> {
        let edge = |(child, parent): &(&str, &str)| Edge {
            id: format!("{child}-{parent}"),
            child: (*child).to_owned(),
            parent: (*parent).to_owned(),
            sequence: None,
        };
        of.iter().map(edge).collect()
    }

    #[test]
    fn a_tree_has_no_cycles_however_deep() {
        let names: Vec<String> = (0..200_000).map(|n| n.to_string()).collect();
        let chain: Vec<(&str, &str)> = names.windows(2).map(|w| (w[0].as_str(), w[1].as_str())).collect();
        assert!(cycles(&edges(&chain)).is_empty());
        let mut ring = chain;
        ring.push((names[199_999].as_str(), "0"));
        let found = edges(&ring);
        let found = cycles(&found);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].len(), 200_000);
    }

    #[test]
    fn cycles_are_told_apart() {
        let found = edges(&[
            ("a", "b"),
            ("b", "a"),
            ("c", "a"),
            ("d", "e"),
            ("e", "f"),
            ("f", "d"),
            ("g", "g"),
            ("x", "y"),
            ("x", "z"),
            ("y", "w"),
            ("z", "w"),
        ]);
        assert_eq!(cycles(&found), [vec!["a", "b"], vec!["d", "e", "f"]]);
    }
}
