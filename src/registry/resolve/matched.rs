//! What is said to be an exact match of something that is not CASE, or not here.

use std::collections::HashMap;
use std::rc::Rc;

use super::find::{best, shared, sorted};
use super::{FoundBy, Open, Resolving};
use crate::case::vocab::EXACT_MATCH_OF;
use crate::registry::{RegistryError, key, publish};
use crate::store::{End, Object};

impl Resolving<'_, '_, '_> {
    /// By the associations that have what is meant at one end.
    pub(super) fn by_match(&mut self, all: &mut [Open<'_>]) -> Result<(), RegistryError> {
        let keys: Vec<Vec<String>> =
            all.iter().map(|open| if open.meant.is_none() { keys(open) } else { Vec::new() }).collect();
        let asked = sorted(keys.iter().flatten().map(String::as_str));
        if asked.is_empty() {
            return Ok(());
        }
        let mut others: HashMap<String, Vec<String>> = HashMap::new();
        for end in [End::Origin, End::Destination] {
            for association in self.tx.associations_saying(EXACT_MATCH_OF, end, &asked)? {
                if publish::text(&publish::parse(&association), "associationType") != EXACT_MATCH_OF {
                    continue;
                }
                let Object { origin: Some(origin), destination: Some(destination), .. } = association else { continue };
                let (this, other) = if end == End::Origin { (origin, destination) } else { (destination, origin) };
                others.entry(this).or_default().push(other);
            }
        }
        let named = shared(self.tx.named_among(&sorted(others.values().flatten().map(String::as_str)))?);
        for (open, keys) in all.iter_mut().zip(&keys) {
            let mut objects: Vec<Rc<Object>> = Vec::new();
            for other in keys.iter().filter_map(|key| others.get(key)).flatten() {
                objects.extend(named.get(other).and_then(|objects| best(objects, false)));
            }
            objects.sort_by(|a, b| (&a.home_id, a.position, &a.id).cmp(&(&b.home_id, b.position, &b.id)));
            objects.dedup_by(|a, b| a.class == b.class && a.id == b.id);
            if !objects.is_empty() {
                open.meant = Some((FoundBy::ExactMatch, objects));
            }
        }
        Ok(())
    }
}

/// What the end of an association may be called: the uri with either scheme, or the identifier.
fn keys(open: &Open<'_>) -> Vec<String> {
    let mut keys: Vec<String> = open.clues.identifiers.iter().map(|(id, _)| id.clone()).collect();
    for uri in &open.clues.uris {
        let other = uri.strip_prefix("https://").map(|rest| format!("http://{rest}"));
        let other = other.or_else(|| uri.strip_prefix("http://").map(|rest| format!("https://{rest}")));
        keys.extend([Some(key(uri)), other.map(|other| key(&other))].into_iter().flatten());
    }
    keys
}
