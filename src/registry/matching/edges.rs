//! The associations around what is required and what was shown, read from the store step by step.
//!
//! Only upwards and sideways: what is below something is found from below, so that nothing with a thousand children has to be
//! looked through. Bounded in steps and in items.

use std::collections::BTreeSet;

use super::paths::{Graph, kinds};
use crate::registry::RegistryError;
use crate::registry::publish::{parse, text};
use crate::store::{End, Tx};

/// How far from either side is looked; together they are as far as a path goes.
const STEPS: usize = 4;
/// The most items whose associations are looked at.
const MOST_ITEMS: usize = 20_000;
/// Types that lead upwards from their origin, and are not followed from their destination.
const UPWARDS: [&str; 2] = ["isChildOf", "isPartOf"];

/// The graph around items, in the sight of the transaction.
pub(super) fn around(tx: &mut Tx<'_>, items: BTreeSet<String>) -> Result<Graph, RegistryError> {
    let mut graph = Graph::default();
    let mut seen = items.clone();
    let mut open = items;
    for _ in 0..STEPS {
        let ids: Vec<&str> = open.iter().map(String::as_str).collect();
        if ids.is_empty() {
            break;
        }
        let mut further = BTreeSet::new();
        for kind in kinds() {
            for end in [End::Origin, End::Destination] {
                if end == End::Destination && UPWARDS.contains(&kind) {
                    continue;
                }
                for association in tx.associations_saying(kind, end, &ids)? {
                    if text(&parse(&association), "associationType") != kind {
                        continue;
                    }
                    let (Some(origin), Some(destination)) = (association.origin, association.destination) else {
                        continue;
                    };
                    graph.add(kind, &origin, &destination);
                    for other in [origin, destination] {
                        if seen.len() < MOST_ITEMS && seen.insert(other.clone()) {
                            further.insert(other);
                        }
                    }
                }
            }
        }
        open = further;
    }
    Ok(graph)
}
