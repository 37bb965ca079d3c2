//! What is stored of the framework, by whatever a row may meet it.

use std::collections::HashMap;

use super::Framework;
use crate::case::model::{Association, Class, Item};
use crate::case::vocab::IS_CHILD_OF;

/// The stored edition with its indexes; empty when the framework is new.
#[derive(Default)]
pub(super) struct Before {
    pub framework: Option<Framework>,
    items: HashMap<String, usize>,
    codes: HashMap<String, Vec<usize>>,
    statements: HashMap<String, Vec<usize>>,
    /// The isChildOf of each item outside of any grouping: the first is its place in the tree.
    parents: HashMap<String, usize>,
    associations: HashMap<String, usize>,
    received: HashMap<(Class, String), String>,
}

impl Before {
    pub(super) fn new(framework: Option<Framework>) -> Before {
        let mut before = Before { framework, ..Before::default() };
        let Some(Framework { package, replaced }) = &before.framework else { return before };
        for (received, class, id) in replaced {
            before.received.insert((*class, received.clone()), id.clone());
        }
        for (index, item) in package.items.iter().enumerate() {
            before.items.insert(item.identity.identifier.clone(), index);
            if let Some(code) = &item.human_coding_scheme {
                before.codes.entry(key(code)).or_default().push(index);
            }
            before.statements.entry(key(&item.full_statement)).or_default().push(index);
        }
        for (index, association) in package.associations.iter().enumerate() {
            before.associations.insert(association.identity.identifier.clone(), index);
            if is_place(association) {
                before.parents.entry(association.origin.identifier.clone()).or_insert(index);
            }
        }
        before
    }

    pub(super) fn items(&self) -> &[Item] {
        self.framework.as_ref().map_or(&[], |framework| framework.package.items.as_slice())
    }

    pub(super) fn associations(&self) -> &[Association] {
        self.framework.as_ref().map_or(&[], |framework| framework.package.associations.as_slice())
    }

    pub(super) fn item(&self, id: &str) -> Option<&Item> {
        self.items.get(id).and_then(|index| self.items().get(*index))
    }

    pub(super) fn association(&self, id: &str) -> Option<&Association> {
        self.associations.get(id).and_then(|index| self.associations().get(*index))
    }

    /// The items of that code, in order.
    pub(super) fn of_code(&self, code: &str) -> impl Iterator<Item = &Item> {
        self.codes.get(&key(code)).into_iter().flatten().filter_map(|index| self.items().get(*index))
    }

    /// The items of that statement, in order.
    pub(super) fn of_statement(&self, statement: &str) -> impl Iterator<Item = &Item> {
        self.statements.get(&key(statement)).into_iter().flatten().filter_map(|index| self.items().get(*index))
    }

    /// The association that says where the item stands.
    pub(super) fn place(&self, id: &str) -> Option<&Association> {
        self.parents.get(id).and_then(|index| self.associations().get(*index))
    }

    /// The identifier of what the item stands under.
    pub(super) fn parent(&self, id: &str) -> Option<&str> {
        self.place(id).map(|association| association.destination.identifier.as_str())
    }

    /// Whether the item is the one, or stands under the one, that is meant.
    pub(super) fn is_under(&self, id: &str, above: &str) -> bool {
        let mut at = id;
        // Stored trees may have cycles.
        for _ in 0..=self.items.len() {
            if at == above {
                return true;
            }
            match self.parent(at) {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        false
    }

    /// The object that was received under a name that is no UUID.
    pub(super) fn received_as(&self, class: Class, received: &str) -> Option<&str> {
        self.received.get(&(class, received.to_owned())).map(String::as_str)
    }
}

/// Whether the association says where its origin stands in the tree.
pub(super) fn is_place(association: &Association) -> bool {
    association.association_type == IS_CHILD_OF && association.grouping_uri.is_none()
}

/// A text as it is compared: case and spaces do not count.
pub(super) fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
