//! Paths from what is required to what was shown: over the tree and over associations, with a confidence for each step.
//!
//! Pure: associations come in, the best path goes out. Bounded in steps, and in how often it may leave a framework.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// The most steps of a path.
pub(super) const MOST_STEPS: usize = 6;
/// How many associations between frameworks a path may have.
const MOST_CROSSINGS: u8 = 2;
/// The most places that are looked at for one requirement.
const MOST_PLACES: usize = 20_000;

/// What one step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// To something below: a part of what is required was shown.
    Descendant,
    /// To something above: more than what is required was shown.
    Ancestor,
    /// Over an association that is not of the tree.
    Association,
}

/// A step from one item to another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edge {
    pub to: String,
    pub way: Way,
    /// The type of the association.
    pub kind: &'static str,
    /// From 0 to 1: how much having shown `to` says of having what is at the other end.
    pub confidence: f64,
}

/// Which way an association leads, and how much is left of a confidence after it.
type Worth = Option<(Way, f64)>;

/// What each association type is worth, from its origin and from its destination; `None` where it says nothing. Our own
/// choice: docs/align.md has the reasons.
static WORTH: [(&str, Worth, Worth); 8] = [
    ("isChildOf", Some((Way::Ancestor, 0.8)), Some((Way::Descendant, 0.5))),
    ("isPartOf", Some((Way::Ancestor, 0.8)), Some((Way::Descendant, 0.5))),
    ("exactMatchOf", Some((Way::Association, 0.95)), Some((Way::Association, 0.95))),
    ("isTranslationOf", Some((Way::Association, 0.95)), Some((Way::Association, 0.95))),
    ("replacedBy", Some((Way::Association, 0.9)), Some((Way::Association, 0.9))),
    ("isPeerOf", Some((Way::Association, 0.7)), Some((Way::Association, 0.7))),
    ("isRelatedTo", Some((Way::Association, 0.5)), Some((Way::Association, 0.5))),
    // Who can do what comes later has what comes before; not the other way.
    ("precedes", Some((Way::Association, 0.6)), None),
];

/// The association types that are worth anything.
pub(super) fn kinds() -> impl Iterator<Item = &'static str> {
    WORTH.iter().map(|(kind, ..)| *kind)
}

/// Everything that is known between items.
#[derive(Debug, Default)]
pub(super) struct Graph {
    edges: HashMap<String, Vec<Edge>>,
}

impl Graph {
    /// Adds an association: a step from each of its ends that it says something from.
    pub(super) fn add(&mut self, kind: &str, origin: &str, destination: &str) {
        let Some((kind, forward, back)) = WORTH.iter().find(|(name, ..)| *name == kind) else { return };
        for (from, to, worth) in [(origin, destination, forward), (destination, origin, back)] {
            if let Some((way, confidence)) = worth
                && from != to
            {
                let edge = Edge { to: to.to_owned(), way: *way, kind, confidence: *confidence };
                let edges = self.edges.entry(from.to_owned()).or_default();
                if !edges.contains(&edge) {
                    edges.push(edge);
                }
            }
        }
    }

    /// The best path from an item to any that is worth something: what it is worth times the confidence of each step. The
    /// same whatever the order of the associations.
    pub(super) fn best(&self, from: &str, worth: impl Fn(&str) -> f64) -> Option<Path> {
        let mut open = BinaryHeap::from([Open::start(from)]);
        let mut seen: HashSet<(String, Turn, u8)> = HashSet::new();
        let mut best: Option<Path> = None;
        while let Some(at) = open.pop() {
            // Nothing that is still open can be better.
            if best.as_ref().is_some_and(|best| at.confidence <= best.confidence) || seen.len() >= MOST_PLACES {
                break;
            }
            if !seen.insert((at.id.clone(), at.turn, at.crossings)) {
                continue;
            }
            let confidence = at.confidence * worth(&at.id);
            if confidence > 0.0 && best.as_ref().is_none_or(|best| confidence > best.confidence) {
                best = Some(Path { steps: at.steps.clone(), end: at.id.clone(), confidence });
            }
            if at.steps.len() < MOST_STEPS {
                open.extend(self.edges.get(&at.id).into_iter().flatten().filter_map(|edge| at.step(edge)));
            }
        }
        best
    }
}

/// A path that was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    pub steps: Vec<Edge>,
    /// Where it ends.
    pub end: String,
    /// The product of its steps and of what its end is worth.
    pub confidence: f64,
}

/// Which way along the tree a path has gone: whoever went up never goes down again, which would lead to siblings, and whoever
/// went down never up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Turn {
    None,
    Up,
    Down,
}

/// A place to go on from.
#[derive(Debug)]
struct Open {
    confidence: f64,
    id: String,
    turn: Turn,
    crossings: u8,
    steps: Vec<Edge>,
}

impl Open {
    fn start(from: &str) -> Open {
        Open { confidence: 1.0, id: from.to_owned(), turn: Turn::None, crossings: 0, steps: Vec::new() }
    }

    fn step(&self, edge: &Edge) -> Option<Open> {
        let (turn, crossings) = match (edge.way, self.turn) {
            (Way::Ancestor, Turn::None | Turn::Up) => (Turn::Up, self.crossings),
            (Way::Descendant, Turn::None | Turn::Down) => (Turn::Down, self.crossings),
            (Way::Association, turn) if self.crossings < MOST_CROSSINGS => (turn, self.crossings + 1),
            _ => return None,
        };
        let mut steps = self.steps.clone();
        steps.push(edge.clone());
        Some(Open { confidence: self.confidence * edge.confidence, id: edge.to.clone(), turn, crossings, steps })
    }

    /// The surest first; of those as sure, the shortest, then by identifier.
    fn order(&self, other: &Open) -> Ordering {
        self.confidence
            .total_cmp(&other.confidence)
            .then_with(|| other.steps.len().cmp(&self.steps.len()))
            .then_with(|| other.id.cmp(&self.id))
            .then_with(|| (other.turn, other.crossings).cmp(&(self.turn, self.crossings)))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Open) -> bool {
        self.order(other) == Ordering::Equal
    }
}

impl Eq for Open {}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Open) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Open {
    fn cmp(&self, other: &Open) -> Ordering {
        self.order(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(associations: &[(&str, &str, &str)]) -> Graph {
        let mut graph = Graph::default();
        associations.iter().for_each(|(origin, kind, destination)| graph.add(kind, origin, destination));
        graph
    }

    /// The kinds of the steps to `goal`, and their product in hundredths.
    fn path(graph: &Graph, from: &str, goal: &str) -> Option<(Vec<(Way, &'static str)>, f64)> {
        let path = graph.best(from, |id| if id == goal { 1.0 } else { 0.0 })?;
        assert_eq!(path.end, goal);
        let product: f64 = path.steps.iter().map(|step| step.confidence).product();
        assert!((product - path.confidence).abs() < 1e-9);
        Some((path.steps.iter().map(|step| (step.way, step.kind)).collect(), (product * 100.0).round()))
    }

    #[test]
    fn every_kind_of_step_is_taken_where_it_says_something() {
        let graph = graph(&[
            ("child", "isChildOf", "r"),
            ("r", "isChildOf", "parent"),
            ("sibling", "isChildOf", "parent"),
            ("r", "exactMatchOf", "same"),
            ("related", "isRelatedTo", "r"),
            ("part", "isPartOf", "r"),
            ("r", "precedes", "later"),
            ("earlier", "precedes", "r"),
            ("r", "exemplar", "page"),
            ("below", "isChildOf", "same"),
        ]);
        let tree = "isChildOf";
        for (goal, steps, product) in [
            ("r", vec![], 100.0),
            ("child", vec![(Way::Descendant, tree)], 50.0),
            ("parent", vec![(Way::Ancestor, tree)], 80.0),
            ("same", vec![(Way::Association, "exactMatchOf")], 95.0),
            ("related", vec![(Way::Association, "isRelatedTo")], 50.0),
            ("part", vec![(Way::Descendant, "isPartOf")], 50.0),
            ("later", vec![(Way::Association, "precedes")], 60.0),
            ("below", vec![(Way::Association, "exactMatchOf"), (Way::Descendant, tree)], 48.0),
        ] {
            assert_eq!(path(&graph, "r", goal), Some((steps, product)), "{goal}");
        }
        for goal in ["sibling", "earlier", "page", "nowhere"] {
            assert_eq!(path(&graph, "r", goal), None, "{goal}");
        }
    }

    #[test]
    fn the_surest_end_wins_and_not_the_nearest() {
        let graph = graph(&[("r", "isRelatedTo", "near"), ("r", "exactMatchOf", "m"), ("m", "exactMatchOf", "far")]);
        let best = graph.best("r", |id| if ["near", "far"].contains(&id) { 1.0 } else { 0.0 }).unwrap();
        assert_eq!(best.end, "far");
        let best = graph.best("r", |id| match id {
            "near" => 1.0,
            "far" => 0.4,
            _ => 0.0,
        });
        assert_eq!(best.unwrap().end, "near");
    }

    #[test]
    fn loops_hubs_and_long_chains_end() {
        let names: Vec<String> = (0..3_000).map(|n| format!("n{n:05}")).collect();
        let mut wide = Graph::default();
        for pair in names.windows(2) {
            wide.add("exactMatchOf", &pair[0], &pair[1]);
            wide.add("isChildOf", &pair[1], &pair[0]);
            wide.add("isRelatedTo", &names[0], &pair[1]);
            wide.add("isRelatedTo", &pair[1], &pair[1]);
        }
        wide.add("exactMatchOf", &names[2_999], &names[0]);
        assert!(wide.best(&names[0], |_| 0.0).is_none());
        let best = wide.best(&names[0], |id| if id == names[2_500] { 1.0 } else { 0.0 }).unwrap();
        assert!(best.steps.len() <= MOST_STEPS);
    }
}
