//! What differs between two editions of a package, object by object and property by property.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use super::{label, order};
use crate::case::model::Class;
use crate::store::Object;

/// One object, named so that a person recognises it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// The class by its CASE name.
    pub class: &'static str,
    pub identifier: String,
    pub label: String,
}

/// An object that is in both editions and not the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    #[serde(flatten)]
    pub object: Mention,
    /// The CASE names of the properties that differ.
    pub properties: Vec<String>,
}

/// The difference of two editions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    pub added: Vec<Mention>,
    pub changed: Vec<Changed>,
    /// How many objects are the same but stand in another order among those of both editions.
    pub moved: u64,
    pub unchanged: u64,
    /// In the old edition only.
    pub missing: Vec<Mention>,
}

impl Diff {
    /// Whether the editions are the same, or differ only in what the new one does not mention.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.moved == 0
    }
}

/// What there is to write to come from one edition to the other.
#[derive(Default)]
pub(super) struct Delta {
    pub diff: Diff,
    /// The objects that [`Diff::moved`] counts.
    pub moved: Vec<Mention>,
    /// Objects of the new edition that are to be written.
    pub write: Vec<Object>,
    /// The objects they replace.
    pub replaced: Vec<Object>,
    /// Objects of the old edition that the new one does not have.
    pub missing: Vec<Object>,
}

/// Compares the `stored` edition with a `new` one.
pub(super) fn compare(mut stored: HashMap<(Class, String), Object>, mut new: Vec<Object>) -> Delta {
    if stored.is_empty() {
        // All of it is new, and there may be much: the list is kept as it is.
        let added = new.iter().map(mention).collect();
        return Delta { diff: Diff { added, ..Diff::default() }, write: new, ..Delta::default() };
    }
    let displaced = order::settle(&stored, &mut new);
    let mut delta = Delta::default();
    for object in new {
        let key = (object.class, object.id.clone());
        let Some(old) = stored.remove(&key) else {
            delta.diff.added.push(mention(&object));
            delta.write.push(object);
            continue;
        };
        let properties = properties(&old, &object);
        if !properties.is_empty() {
            delta.diff.changed.push(Changed { object: mention(&object), properties });
        } else if displaced.contains(&key) {
            delta.moved.push(mention(&object));
        } else {
            delta.diff.unchanged += 1;
        }
        if old != object {
            delta.replaced.push(old);
            delta.write.push(object);
        }
    }
    delta.diff.moved = delta.moved.len() as u64;
    delta.missing = stored.into_values().collect();
    delta.missing.sort_by(|a, b| (a.class, a.position, &a.id).cmp(&(b.class, b.position, &b.id)));
    delta.diff.missing = delta.missing.iter().map(mention).collect();
    delta
}

pub(super) fn mention(object: &Object) -> Mention {
    Mention { class: object.class.name(), identifier: object.id.clone(), label: label(object) }
}

/// The properties in which two objects differ; none when only their place does.
fn properties(old: &Object, new: &Object) -> Vec<String> {
    let mut names = Vec::new();
    if old.body != new.body {
        let parse = |body: &str| serde_json::from_str::<serde_json::Map<String, Value>>(body).unwrap_or_default();
        let (before, after) = (parse(&old.body), parse(&new.body));
        names.extend(
            after.iter().filter(|(name, value)| before.get(*name) != Some(value)).map(|(name, _)| name.clone()),
        );
        names.extend(before.keys().filter(|name| !after.contains_key(*name)).cloned());
    }
    if old.home_id != new.home_id {
        names.push("CFDocumentURI".to_owned());
    }
    if old.received != new.received {
        names.push("identifier".to_owned());
    }
    names
}
