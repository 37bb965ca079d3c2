//! Two editions of a framework side by side, to be looked at: with the values before and after.
//!
//! Changes nothing, and plans nothing; that is `plan`'s work.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use super::compare::{Changed, Delta, Mention, compare};
use super::publish::{find, parse};
use super::{Registry, RegistryError, parts, reconcile};
use crate::case::model::Class;
use crate::case::read::Reading;
use crate::store::Object;

/// One edition of a framework, to be compared with another.
pub enum Edition {
    /// As it is stored.
    Stored(Vec<Object>),
    /// As it was read from input.
    Read(Box<Reading>),
}

/// One property that differs; `None` where it is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub property: String,
    pub old: Option<Value>,
    pub new: Option<Value>,
}

/// An object that is in both editions and not the same, with what stands in each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    #[serde(flatten)]
    pub object: Mention,
    pub changes: Vec<Change>,
}

/// The difference of two editions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    pub added: Vec<Mention>,
    pub removed: Vec<Mention>,
    pub changed: Vec<Edit>,
    /// Unchanged objects that stand in another order among those that both editions have.
    pub moved: Vec<Mention>,
    pub unchanged: u64,
}

impl Comparison {
    /// Whether there is no difference at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty() && self.moved.is_empty()
    }
}

impl Registry {
    /// The stored edition of a framework.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn edition(&self, id: &str) -> Result<Option<Edition>, RegistryError> {
        self.store.read(|tx| {
            let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
            Ok(Some(Edition::Stored(tx.package_rows(&document.id)?)))
        })
    }
}

type Key = (Class, String);

/// Compares two editions of a framework, or two frameworks as if they were. What input does not
/// say and the reader had to supply is taken from the other edition where that is stored.
#[must_use]
pub fn compare_editions(old: Edition, new: Edition) -> Comparison {
    let (mut old, new) = match (old, new) {
        (Edition::Stored(old), Edition::Stored(new)) => (old, new),
        (Edition::Stored(old), Edition::Read(new)) => {
            let new = objects(*new, &old);
            (old, new)
        }
        (Edition::Read(old), Edition::Stored(new)) => (objects(*old, &new), new),
        (Edition::Read(old), Edition::Read(new)) => (objects(*old, &[]), objects(*new, &[])),
    };
    if let Some(package_id) = new.first().map(|object| object.package_id.clone()) {
        for object in &mut old {
            rehome(object, &package_id);
        }
    }
    let Delta { diff, moved, write, replaced, .. } = compare(old.into_iter().map(keyed).collect(), new);

    let replaced: HashMap<Key, Object> = replaced.into_iter().map(keyed).collect();
    let written: HashMap<(&str, &str), &Object> =
        write.iter().map(|object| ((object.class.name(), object.id.as_str()), object)).collect();
    let changed = diff.changed.into_iter().map(|changed| edit(changed, &replaced, &written)).collect();
    Comparison { added: diff.added, removed: diff.missing, changed, moved, unchanged: diff.unchanged }
}

fn keyed(object: Object) -> (Key, Object) {
    ((object.class, object.id.clone()), object)
}

fn objects(mut reading: Reading, beside: &[Object]) -> Vec<Object> {
    let stored: HashMap<Key, Object> = beside.iter().cloned().map(keyed).collect();
    reconcile::keep_stored(&mut reading, &stored);
    parts::objects(reading.package, &reading.replaced_identifiers)
}

/// Makes the objects of one framework comparable with those of another.
fn rehome(object: &mut Object, package_id: &str) {
    if !object.is_alias() {
        package_id.clone_into(&mut object.home_id);
    }
    package_id.clone_into(&mut object.package_id);
    if matches!(object.class, Class::Package | Class::Document) {
        package_id.clone_into(&mut object.id);
    }
}

fn edit(changed: Changed, old: &HashMap<Key, Object>, new: &HashMap<(&str, &str), &Object>) -> Edit {
    let Changed { object, properties } = changed;
    let new = new.get(&(object.class, object.identifier.as_str())).copied();
    let old = new.and_then(|new| old.get(&(new.class, new.id.clone())));
    let (before, after) = (old.map(parse).unwrap_or_default(), new.map(parse).unwrap_or_default());
    let value = |object: Option<&Object>, body: &Value, property: &str| match (property, body.get(property)) {
        ("CFDocumentURI", None) => object.map(|object| object.home_id.clone().into()),
        ("identifier", now) => object.and_then(|object| object.received.clone()).map(Value::from).or(now.cloned()),
        (_, now) => now.cloned(),
    };
    let change =
        |property: String| Change { old: value(old, &before, &property), new: value(new, &after, &property), property };
    let changes = properties.into_iter().map(change).collect();
    Edit { object, changes }
}
