//! Earlier states of a framework, and what differs between two states or two frameworks.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::lines::ItemLine;
use crate::case::model::Class;
use crate::case::vocab::IS_CHILD_OF;
use crate::registry::editions::{Change, Edition, compare_editions};
use crate::registry::publish::{find, parse, text};
use crate::registry::{Crumb, RegistryError, View, label};
use crate::store::{Object, Tx};

/// How alike two texts are, in hundredths of their words, to be taken for two wordings of one thing.
const ALIKE: usize = 60;
/// How many items are compared with each other by their words: beyond it only codes and equal texts count.
const COMPARED: usize = 1_500;

/// One state of a framework.
#[derive(Clone, Debug)]
pub struct RevisionLine {
    pub id: i64,
    /// Microseconds since 1970.
    pub at: i64,
    pub added: u64,
    pub changed: u64,
    pub deleted: u64,
    pub is_current: bool,
}

/// A state of a framework by name: as it is, or as it was at a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionName {
    pub framework: String,
    pub revision: Option<i64>,
}

/// What differs between two states, for people.
#[derive(Clone, Debug, Default)]
pub struct EditionsPage {
    pub old: Option<Crumb>,
    pub new: Option<Crumb>,
    pub added: Vec<ItemLine>,
    pub removed: Vec<ItemLine>,
    pub reworded: Vec<Reworded>,
    /// Items that are the same by code or words under other identifiers: the new one could replace the old.
    pub replaced: Vec<Reworded>,
    pub moved: Vec<Moved>,
    /// What else is different: of items and of everything else.
    pub changed: Vec<(Crumb, Vec<Change>)>,
    /// How many associations were added and removed, without those that make the tree.
    pub associations: (u64, u64),
    pub unchanged: u64,
}

/// Two wordings.
#[derive(Clone, Debug)]
pub struct Reworded {
    pub old: ItemLine,
    pub new: ItemLine,
}

/// An item that stands under something else.
#[derive(Clone, Debug)]
pub struct Moved {
    pub item: ItemLine,
    pub from: Option<Crumb>,
    pub to: Option<Crumb>,
}

impl View<'_> {
    /// The states of a framework that it has gone through, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn history(&self, id: &str) -> Result<Option<Vec<RevisionLine>>, RegistryError> {
        self.look(|tx| {
            let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
            let current = tx.current_revision(&document.id)?;
            let all = tx.revisions(&document.id)?;
            let standing = all.into_iter().filter(|revision| revision.undone_at.is_none());
            let line = |revision: crate::store::Revision| {
                let counts: Value = serde_json::from_str(&revision.summary).unwrap_or_default();
                let count = |name: &str| counts.get(name).and_then(Value::as_u64).unwrap_or_default();
                RevisionLine {
                    id: revision.id,
                    at: revision.at,
                    added: count("added"),
                    changed: count("changed") + count("moved"),
                    deleted: count("deleted"),
                    is_current: current == Some(revision.id),
                }
            };
            Ok(Some(standing.map(line).collect()))
        })
    }

    /// What differs between two states; `None` when one of them is not there, or not for whoever asks.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn compare(&self, old: &EditionName, new: &EditionName) -> Result<Option<EditionsPage>, RegistryError> {
        let found = self.look(|tx| {
            let (Some(old), Some(new)) = (self.rows(tx, old)?, self.rows(tx, new)?) else { return Ok(None) };
            Ok(Some((old, new)))
        })?;
        Ok(found.map(|(old, new)| compared(old, new)))
    }

    /// The rows of a state, without what is out of sight.
    fn rows(&self, tx: &mut Tx<'_>, name: &EditionName) -> Result<Option<Vec<Object>>, RegistryError> {
        let Some(document) = find(tx, Class::Document, &name.framework)? else { return Ok(None) };
        let Some(mut rows) = tx.package_rows_at(&document.id, name.revision)? else { return Ok(None) };
        // What was a private draft then is not told now.
        let is_draft = rows.iter().any(|row| {
            row.class == Class::Document
                && text(&parse(row), "adoptionStatus").replace(' ', "").eq_ignore_ascii_case("privatedraft")
        });
        if is_draft && self.is_public() {
            return Ok(None);
        }
        let ids: Vec<&str> = rows
            .iter()
            .flat_map(|row| [Some(row.home_id.as_str()), row.origin.as_deref(), row.destination.as_deref()])
            .flatten()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let hidden = tx.hidden_among(&ids)?;
        let is_hidden = |id: &Option<String>| id.as_ref().is_some_and(|id| hidden.contains(id));
        rows.retain(|row| !hidden.contains(&row.home_id) && !is_hidden(&row.origin) && !is_hidden(&row.destination));
        Ok(Some(rows))
    }
}

/// The items of a state and what each stands under.
struct State {
    document: Option<Crumb>,
    items: HashMap<String, ItemLine>,
    parents: HashMap<String, String>,
}

impl State {
    fn of(rows: &[Object]) -> State {
        let mut state = State { document: None, items: HashMap::new(), parents: HashMap::new() };
        for row in rows {
            match row.class {
                Class::Document => state.document = Some(Crumb { identifier: row.id.clone(), label: label(row) }),
                Class::Item => drop(state.items.insert(row.id.clone(), ItemLine::of(row))),
                Class::Association => {
                    let value = parse(row);
                    let is_tree = text(&value, "associationType") == IS_CHILD_OF
                        && value.get("CFAssociationGroupingURI").is_none();
                    if let (true, Some(child), Some(parent)) = (is_tree, &row.origin, &row.destination) {
                        state.parents.entry(child.clone()).or_insert_with(|| parent.clone());
                    }
                }
                _ => {}
            }
        }
        state
    }

    fn crumb(&self, id: &str) -> Option<Crumb> {
        let item = self.items.get(id)?;
        let label =
            if item.code.is_empty() { item.statement.clone() } else { format!("{} {}", item.code, item.statement) };
        Some(Crumb { identifier: id.to_owned(), label })
    }
}

fn compared(old_rows: Vec<Object>, new_rows: Vec<Object>) -> EditionsPage {
    let (old, new) = (State::of(&old_rows), State::of(&new_rows));
    let comparison = compare_editions(Edition::Stored(old_rows), Edition::Stored(new_rows));
    let mut page = EditionsPage {
        old: old.document.clone(),
        new: new.document.clone(),
        unchanged: comparison.unchanged,
        ..EditionsPage::default()
    };
    for mention in &comparison.added {
        match new.items.get(&mention.identifier).filter(|_| mention.class == Class::Item.name()) {
            Some(item) => page.added.push(item.clone()),
            None => page.associations.0 += u64::from(mention.class == Class::Association.name()),
        }
    }
    for mention in &comparison.removed {
        match old.items.get(&mention.identifier).filter(|_| mention.class == Class::Item.name()) {
            Some(item) => page.removed.push(item.clone()),
            None => page.associations.1 += u64::from(mention.class == Class::Association.name()),
        }
    }
    for edit in comparison.changed {
        let id = &edit.object.identifier;
        let is_item = edit.object.class == Class::Item.name();
        if let (true, Some(old), Some(new)) = (is_item, old.items.get(id), new.items.get(id))
            && old.statement != new.statement
        {
            page.reworded.push(Reworded { old: old.clone(), new: new.clone() });
        }
        let told = |change: &Change| {
            let is_told = ["lastChangeDateTime"].contains(&change.property.as_str())
                || is_item && change.property == "fullStatement";
            !is_told
        };
        let changes: Vec<Change> = edit.changes.into_iter().filter(told).collect();
        if !changes.is_empty() && edit.object.class != Class::Association.name() {
            page.changed.push((Crumb { identifier: id.clone(), label: edit.object.label }, changes));
        }
    }
    for (id, item) in &new.items {
        let (before, after) = (old.parents.get(id), new.parents.get(id));
        let document = |parent: Option<&String>, state: &State| {
            parent.is_none_or(|parent| state.document.as_ref().is_some_and(|document| document.identifier == *parent))
        };
        let is_top = document(before, &old) && document(after, &new);
        if old.items.contains_key(id) && before != after && !is_top {
            let crumb = |state: &State, parent: Option<&String>| parent.and_then(|parent| state.crumb(parent));
            page.moved.push(Moved { item: item.clone(), from: crumb(&old, before), to: crumb(&new, after) });
        }
    }
    page.moved.sort_by(|a, b| (&a.item.code, &a.item.identifier).cmp(&(&b.item.code, &b.item.identifier)));
    suggest(&mut page);
    page
}

/// Finds what was removed and added as the same thing: by code, by equal words, by most of its words.
fn suggest(page: &mut EditionsPage) {
    let mut taken: HashSet<usize> = HashSet::new();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let keys: [fn(&ItemLine) -> String; 2] =
        [|item| item.code.trim().to_lowercase(), |item| normal(&item.statement).join(" ")];
    let mut open: Vec<usize> = (0..page.removed.len()).collect();
    for key in keys {
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, item) in page.added.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
            by_key.entry(key(item)).or_default().push(at);
        }
        open.retain(|at| {
            let Some(item) = page.removed.get(*at) else { return false };
            let found = by_key.get(&key(item)).filter(|_| !key(item).is_empty());
            // Only what is the only one of its kind.
            match found.map(Vec::as_slice) {
                Some([only]) if taken.insert(*only) => {
                    pairs.push((*at, *only));
                    false
                }
                _ => true,
            }
        });
    }
    if open.len() <= COMPARED && page.added.len() <= COMPARED {
        let words: Vec<BTreeSet<String>> =
            page.added.iter().map(|item| normal(&item.statement).into_iter().collect()).collect();
        open.retain(|at| {
            let Some(item) = page.removed.get(*at) else { return false };
            let own: BTreeSet<String> = normal(&item.statement).into_iter().collect();
            let likeness = |other: &BTreeSet<String>| {
                let common = own.intersection(other).count();
                (common * 100).checked_div(own.len() + other.len() - common).unwrap_or_default()
            };
            let others = words.iter().enumerate().filter(|(at, _)| !taken.contains(at));
            let best = others.map(|(at, other)| (likeness(other), at)).max();
            match best.filter(|(likeness, _)| *likeness >= ALIKE) {
                Some((_, best)) => {
                    taken.insert(best);
                    pairs.push((*at, best));
                    false
                }
                None => true,
            }
        });
    }
    pairs.sort_unstable();
    let pair = |(old, new): &(usize, usize)| {
        Some(Reworded { old: page.removed.get(*old)?.clone(), new: page.added.get(*new)?.clone() })
    };
    page.replaced = pairs.iter().filter_map(pair).collect();
    let gone: HashSet<usize> = pairs.iter().map(|(old, _)| *old).collect();
    let keep = |items: &mut Vec<ItemLine>, out: &HashSet<usize>| {
        let mut at = 0;
        items.retain(|_| {
            at += 1;
            !out.contains(&(at - 1))
        });
    };
    keep(&mut page.removed, &gone);
    keep(&mut page.added, &taken);
}

fn normal(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}
