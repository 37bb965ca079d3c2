//! A graph into drafts: which statements belong to which framework, who stands under whom, and
//! what relates to what. Every vocabulary says what its classes and properties are called
//! ([`Shape`]), and reads the rest of a framework and of a statement itself.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use super::draft::{Draft, Object, outside};
use super::graph::{Graph, Node, references};
use super::relations::{self, STATED_AS};
use super::tree::Tree;
use crate::case::report::{Entry, Severity};
use crate::case::vocab::IS_CHILD_OF;

/// What a vocabulary calls things.
pub(super) struct Shape {
    /// Classes.
    pub frameworks: &'static [&'static str],
    pub items: &'static [&'static str],
    /// Properties: from what is above to what is below, from below to above, and from a statement
    /// to its framework.
    pub children: &'static [&'static str],
    pub parents: &'static [&'static str],
    pub part_of: &'static [&'static str],
    /// Reads what is left of a framework into the draft's document.
    pub document: fn(&mut Draft, Node),
    /// Reads what is left of a statement.
    pub item: fn(&mut Draft, Node) -> Object,
}

/// A framework's things, before they are read.
struct Parts {
    framework: Node,
    items: Vec<Node>,
}

/// What the statements of one framework say of one another, taken out of them.
#[derive(Default)]
struct Said {
    /// By position: what is below an item, what is above it. `None` is the framework.
    below: Vec<(Option<usize>, Vec<String>)>,
    above: Vec<(usize, Vec<String>)>,
    /// Who says it, with which property, about what, and where it is said.
    relations: Vec<(Option<usize>, String, Vec<String>, String)>,
    /// What stands where the name of a thing is expected, and is none.
    odd: Vec<(String, Value)>,
}

/// One draft for each framework of the graph. `stated` tells of a property, by the names of its
/// subject and object, that its association is in the file as an object of its own.
pub(super) fn drafts(
    graph: Graph,
    notes: Vec<Entry>,
    shape: &Shape,
    prepare: impl Fn(&mut Draft, &Node),
    stated: impl Fn(&str, &str, &str) -> bool,
) -> Vec<Draft> {
    let (parts, others) = divide(graph, shape);
    let mut drafts: Vec<Draft> = parts.into_iter().map(|parts| draft(parts, shape, &prepare, &stated)).collect();
    if let Some(first) = drafts.first_mut() {
        first.notes.splice(0..0, notes);
        include(first, others);
    }
    drafts
}

/// Keeps things that are neither frameworks nor statements, as JSON-LD keeps what is included.
fn include(draft: &mut Draft, others: Vec<Node>) {
    let mut kept = Vec::new();
    for node in others.into_iter().filter(|node| !node.members.is_empty()) {
        let json = node.to_json();
        let sentence = "neither a framework nor a statement; kept in the package's extensions";
        draft.note(Severity::Info, "thing-kept", node.place, sentence.to_owned(), Some(&json));
        kept.push(json);
    }
    if !kept.is_empty() {
        draft.rest.insert("extensions".to_owned(), serde_json::json!({ "@included": kept }));
    }
}

fn divide(mut graph: Graph, shape: &Shape) -> (Vec<Parts>, Vec<Node>) {
    let is_any = |node: &Node, classes: &[&str]| classes.iter().any(|class| node.is(class));
    let is_item = |node: &Node| is_any(node, shape.items);
    if !graph.nodes.iter().any(|node| is_any(node, shape.frameworks)) {
        name_frameworks(&mut graph, shape, is_item);
    }
    let frameworks: Vec<usize> =
        (0..graph.nodes.len()).filter(|at| graph.nodes.get(*at).is_some_and(|n| is_any(n, shape.frameworks))).collect();
    let owners = owners(&graph, shape, &frameworks);
    let mut parts: Vec<Parts> = Vec::new();
    let mut others = Vec::new();
    let mut position = HashMap::new();
    let mut items: Vec<(usize, Node)> = Vec::new();
    for (at, node) in graph.nodes.into_iter().enumerate() {
        if is_any(&node, shape.frameworks) {
            position.insert(at, parts.len());
            parts.push(Parts { framework: node, items: Vec::new() });
        } else if is_item(&node) {
            items.push((at, node));
        } else {
            others.push(node);
        }
    }
    for (at, node) in items {
        let owner = owners.get(&at).and_then(|framework| position.get(framework)).copied().unwrap_or_default();
        if let Some(parts) = parts.get_mut(owner) {
            parts.items.push(node);
        }
    }
    (parts, others)
}

/// Statements without their framework name it at least.
fn name_frameworks(graph: &mut Graph, shape: &Shape, is_item: impl Fn(&Node) -> bool) {
    let named = graph.nodes.iter().filter(|node| is_item(node));
    let named: Vec<(String, String)> = named
        .flat_map(|node| shape.part_of.iter().flat_map(|name| node.references(name)).map(|id| (id, node.place.clone())))
        .collect();
    for (id, place) in named.into_iter().filter(|(id, _)| graph.find(id).is_none()).collect::<Vec<_>>() {
        let node = graph.node(&id, || place);
        if node.types.is_empty() {
            node.types.extend(shape.frameworks.iter().take(1).map(|class| (*class).to_owned()));
        }
    }
}

/// The framework of each statement: the one that it says it is part of, else that of what it
/// stands under.
fn owners(graph: &Graph, shape: &Shape, frameworks: &[usize]) -> HashMap<usize, usize> {
    let mut owners: HashMap<usize, usize> = frameworks.iter().map(|at| (*at, *at)).collect();
    let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, node) in graph.nodes.iter().enumerate() {
        let of = |names: &'static [&'static str]| names.iter().flat_map(|name| node.references(name));
        if let Some(framework) = of(shape.part_of).filter_map(|id| graph.find(&id)).find(|at| frameworks.contains(at)) {
            owners.entry(at).or_insert(framework);
        }
        below.entry(at).or_default().extend(of(shape.children).filter_map(|id| graph.find(&id)));
        for parent in of(shape.parents).filter_map(|id| graph.find(&id)) {
            below.entry(parent).or_default().push(at);
        }
    }
    let mut queue: VecDeque<usize> = owners.keys().copied().collect();
    queue.make_contiguous().sort_unstable();
    while let Some(at) = queue.pop_front() {
        let Some(owner) = owners.get(&at).copied() else { continue };
        for child in below.remove(&at).unwrap_or_default() {
            owners.entry(child).or_insert_with(|| {
                queue.push_back(child);
                owner
            });
        }
    }
    owners
}

fn draft(
    parts: Parts,
    shape: &Shape,
    prepare: &impl Fn(&mut Draft, &Node),
    stated: &impl Fn(&str, &str, &str) -> bool,
) -> Draft {
    let Parts { mut framework, mut items } = parts;
    let mut draft = Draft::default();
    prepare(&mut draft, &framework);
    let ids: Vec<String> = items.iter().map(|node| node.id.clone()).collect();
    let framework_id = framework.id.clone();
    let mut said = Said::default();
    said.take(None, &mut framework, shape, &framework_id);
    for (at, node) in items.iter_mut().enumerate() {
        said.take(Some(at), node, shape, &framework_id);
    }
    (shape.document)(&mut draft, framework);
    for node in items {
        let item = (shape.item)(&mut draft, node);
        draft.items.push(item);
    }
    let positions: HashMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let names = Names { framework: &framework_id, ids: &ids, positions };
    let tree = said.tree(&mut draft, &names, stated);
    let loose = draft.is_whole;
    draft.grow(tree, loose);
    said.relate(&mut draft, &names, stated);
    draft
}

/// A thing of the framework that is read.
enum Member {
    Framework,
    Item(usize),
}

impl Member {
    /// As drafts and trees count them: `None` is the framework.
    fn position(&self) -> Option<usize> {
        match self {
            Member::Framework => None,
            Member::Item(at) => Some(*at),
        }
    }
}

/// What the things of one framework are called.
struct Names<'d> {
    framework: &'d str,
    ids: &'d [String],
    positions: HashMap<&'d str, usize>,
}

impl Names<'_> {
    fn of(&self, item: Option<usize>) -> &str {
        item.and_then(|at| self.ids.get(at)).map_or(self.framework, String::as_str)
    }

    /// The framework or an item of that name.
    fn find(&self, id: &str) -> Option<Member> {
        if id == self.framework { Some(Member::Framework) } else { self.positions.get(id).copied().map(Member::Item) }
    }
}

impl Said {
    /// Takes out of a thing what it says of others.
    fn take(&mut self, who: Option<usize>, node: &mut Node, shape: &Shape, framework: &str) {
        let odd = &mut self.odd;
        let mut all = |names: &'static [&'static str]| -> Vec<String> {
            let mut found = Vec::new();
            while let Some((name, value)) = node.take(names) {
                let given = value.as_array().map_or(1, Vec::len);
                let named = references(&value);
                if named.len() < given {
                    odd.push((node.place_of(name), value));
                }
                found.extend(named);
            }
            found
        };
        let below = all(shape.children);
        if !below.is_empty() {
            self.below.push((who, below));
        }
        let above = all(shape.parents);
        if let (Some(who), false) = (who, above.is_empty()) {
            self.above.push((who, above));
        }
        for name in shape.part_of {
            if node.references(name).iter().all(|id| id == framework) {
                node.members.shift_remove(*name);
            }
        }
        let related: Vec<String> = node
            .members
            .iter()
            .filter(|(name, value)| relations::meaning(name).is_some() && is_all_references(value))
            .map(|(name, _)| name.clone())
            .collect();
        for name in related {
            let place = node.place_of(&name);
            let value = node.members.shift_remove(&name).unwrap_or_default();
            let objects = references(&value);
            if !is_bare(&value) {
                // What else is said of the other things is kept beside.
                node.members.insert(name.clone(), value);
            }
            self.relations.push((who, name, objects, place));
        }
    }

    fn tree(&mut self, draft: &mut Draft, names: &Names<'_>, stated: &impl Fn(&str, &str, &str) -> bool) -> Tree {
        let mut tree = Tree::default();
        for (place, value) in std::mem::take(&mut self.odd) {
            let sentence = "expected the names of statements here; what is none is left out";
            draft.note(Severity::Loss, "wrong-type", place, sentence.to_owned(), Some(&value));
        }
        for (parent, children) in std::mem::take(&mut self.below) {
            for id in children.iter().filter(|id| !stated(IS_CHILD_OF, id, names.of(parent))) {
                match names.find(id) {
                    Some(Member::Item(child)) => tree.add(child, parent),
                    _ => stranger(draft, parent, id, true),
                }
            }
        }
        for (child, parents) in std::mem::take(&mut self.above) {
            for id in parents.iter().filter(|id| !stated(IS_CHILD_OF, names.of(Some(child)), id)) {
                match names.find(id) {
                    Some(parent) => tree.add(child, parent.position()),
                    None => stranger(draft, Some(child), id, false),
                }
            }
        }
        tree
    }

    fn relate(self, draft: &mut Draft, names: &Names<'_>, stated: &impl Fn(&str, &str, &str) -> bool) {
        let mut seen: HashSet<(&'static str, String, String)> = HashSet::new();
        for (who, property, objects, place) in self.relations {
            let Some((kind, turned)) = relations::meaning(&property) else { continue };
            let subject = names.of(who);
            for object in objects.into_iter().filter(|object| !stated(&property, subject, object)) {
                let (first, second) = if turned { (object.as_str(), subject) } else { (subject, object.as_str()) };
                if !seen.insert((kind, first.to_owned(), second.to_owned())) {
                    let sentence = "this is said twice; once is kept";
                    draft.note(
                        Severity::Info,
                        "said-twice",
                        place.clone(),
                        sentence.to_owned(),
                        Some(&Value::from(object)),
                    );
                    continue;
                }
                let (first, second) = (end(draft, names, first), end(draft, names, second));
                let association = draft.imply(kind, first, second, place.clone());
                association.extend(STATED_AS, Value::from(property.as_str()));
            }
        }
    }
}

fn end(draft: &Draft, names: &Names<'_>, id: &str) -> Value {
    names.find(id).map_or_else(|| outside(id), |member| draft.end(member.position()))
}

/// A parent or child that the file does not hold.
fn stranger(draft: &mut Draft, item: Option<usize>, id: &str, is_child: bool) {
    let place =
        item.and_then(|at| draft.items.get(at)).map_or_else(|| draft.document.place.clone(), |o| o.place.clone());
    let (what, own, other) = (if is_child { "child" } else { "parent" }, draft.end(item), outside(id));
    let sentence = format!("its {what} is not among the statements of this framework; kept as an association to it");
    draft.note(Severity::Warning, "not-in-file", place.clone(), sentence, Some(&Value::from(id)));
    let (origin, destination) = if is_child { (other, own) } else { (own, other) };
    draft.imply(IS_CHILD_OF, origin, destination, place);
}

/// Whether all of a property's values are names of things.
fn is_all_references(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().all(is_all_references),
        Value::String(text) => text.contains(':') || text.starts_with("ce-"),
        Value::Object(map) => map.get("@id").is_some_and(Value::is_string),
        _ => false,
    }
}

/// Whether the names are all that the values say.
fn is_bare(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().all(is_bare),
        Value::Object(map) => map.len() == 1,
        _ => true,
    }
}
