//! What has replaced objects: the ends of the chains of `replacedBy`.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::find::{best, shared, sorted};
use crate::case::vocab::REPLACED_BY;
use crate::registry::RegistryError;
use crate::registry::publish::{parse, text};
use crate::store::{End, Object, Tx};

/// How long a chain may be.
const STEPS: usize = 16;
/// How many objects may have replaced one.
const MOST: usize = 50;

/// What has replaced what, as far as associations tell.
#[derive(Default)]
pub(super) struct Replaced {
    /// By what is replaced: identifier and uri of each that has replaced it.
    next: HashMap<String, Vec<(String, String)>>,
    pub(super) objects: HashMap<String, Rc<Object>>,
}

impl Replaced {
    /// Follows the chains that begin at `ids`.
    pub(super) fn read(tx: &mut Tx<'_>, ids: &[&str]) -> Result<Replaced, RegistryError> {
        let mut replaced = Replaced::default();
        let mut seen: HashSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let mut open: Vec<String> = seen.iter().cloned().collect();
        for _ in 0..STEPS {
            open.sort_unstable();
            let ids: Vec<&str> = open.iter().map(String::as_str).collect();
            let mut further = Vec::new();
            for association in tx.associations_saying(REPLACED_BY, End::Origin, &ids)? {
                let value = parse(&association);
                let (Some(origin), Some(destination)) = (association.origin, association.destination) else { continue };
                if text(&value, "associationType") != REPLACED_BY || origin == destination {
                    continue;
                }
                let uri = value.get("destinationNodeURI").map(|link| text(link, "uri")).unwrap_or_default();
                if seen.insert(destination.clone()) {
                    further.push(destination.clone());
                }
                let next = replaced.next.entry(origin).or_default();
                if next.iter().all(|(id, _)| *id != destination) {
                    next.push((destination, uri));
                }
            }
            open = further;
            if open.is_empty() {
                break;
            }
        }
        let ids = sorted(replaced.next.values().flatten().map(|(id, _)| id.as_str()));
        let named = shared(tx.named_among(&ids)?);
        replaced.objects = named.into_iter().filter_map(|(id, objects)| Some((id, best(&objects, false)?))).collect();
        Ok(replaced)
    }

    /// What has replaced an object in the end: identifier and uri of each. Of a chain that leads back to
    /// where it began, the first.
    pub(super) fn ends(&self, id: &str) -> Vec<(&str, &str)> {
        let of = |id: &str| self.next.get(id).map(Vec::as_slice).unwrap_or_default();
        let (mut ends, mut seen) = (Vec::new(), HashSet::from([id]));
        let mut open: Vec<&(String, String)> = of(id).iter().rev().collect();
        while let Some((next, uri)) = open.pop() {
            if !seen.insert(next) || ends.len() >= MOST {
                continue;
            }
            match of(next) {
                [] => ends.push((next.as_str(), uri.as_str())),
                further => open.extend(further.iter().rev()),
            }
        }
        if ends.is_empty() {
            ends.extend(of(id).iter().map(|(next, uri)| (next.as_str(), uri.as_str())));
        }
        ends
    }
}
