//! The plans of one file side by side: that none changes what another does, and what exactly each
//! would do. Pure.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::case::model::Class;
use crate::registry::{Plan, RegistryError, hex};

/// The frameworks that applying a plan changes: its own, and those that objects are taken from.
pub(super) fn touched(plan: &Plan) -> impl Iterator<Item = &str> {
    let taken_from = if plan.options.move_objects { plan.conflicts.as_slice() } else { &[] };
    let mut others: Vec<&str> = taken_from.iter().map(|conflict| conflict.held_by.as_str()).collect();
    others.sort_unstable();
    others.dedup();
    std::iter::once(plan.identifier.as_str()).chain(others)
}

/// Refuses plans of which one would change what another does: each was made for what is stored now.
///
/// # Errors
/// [`RegistryError::Entangled`].
pub(super) fn check(plans: &[Plan]) -> Result<(), RegistryError> {
    let mut frameworks: HashMap<&str, &str> = HashMap::new();
    let mut objects: HashMap<(Class, &str), &str> = HashMap::new();
    for plan in plans {
        let entangled = |other: &str| RegistryError::Entangled(other.to_owned(), plan.identifier.clone());
        for framework in touched(plan) {
            if let Some(other) = frameworks.insert(framework, &plan.identifier) {
                return Err(entangled(other));
            }
        }
        let own = plan.write.iter().filter(|object| !object.is_alias() && !object.class.is_definition());
        for object in own {
            if let Some(other) = objects.insert((object.class, &object.id), &plan.identifier) {
                return Err(entangled(other));
            }
        }
    }
    Ok(())
}

/// Stands for everything that applying a plan would do.
pub(super) fn digest(plan: &Plan) -> String {
    let mut hasher = Sha256::new();
    let mut add = |part: &dyn std::fmt::Debug| hasher.update(format!("{part:?}\n"));
    add(&(plan.options.delete_missing, plan.options.move_objects, plan.base));
    // Every column of every row, whichever there will be.
    for object in plan.write.iter().chain(&plan.replaced).chain(&plan.missing) {
        add(object);
    }
    for conflict in &plan.conflicts {
        add(&(conflict.class, &conflict.id, &conflict.held_by));
    }
    hex(&hasher.finalize(), 32)
}
