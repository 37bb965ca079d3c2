//! Where items stand, many at once: what is above each, and what other frameworks say of it.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::framework::titles_of;
use super::lines::{ItemLine, lines};
use crate::case::vocab::IS_CHILD_OF;
use crate::registry::publish::text;
use crate::registry::{RegistryError, View};
use crate::store::Tx;

/// The most links to other frameworks that are told of one item.
const LINKS: usize = 3;

/// Where an item stands.
#[derive(Clone, Debug, Default)]
pub struct ItemPlace {
    /// What is above it, from the top down.
    pub path: Vec<ItemLine>,
    /// Associations with items of other frameworks, a few.
    pub links: Vec<OtherItem>,
}

/// An item of another framework that an association leads to.
#[derive(Clone, Debug)]
pub struct OtherItem {
    /// The type of the association.
    pub kind: String,
    /// Whether it leads there, and not from there.
    pub is_forward: bool,
    pub item: ItemLine,
    /// The title of its framework.
    pub framework: String,
}

impl View<'_> {
    /// Where items stand, by identifier; what is no item in sight is not among them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn places(&self, ids: &[&str]) -> Result<HashMap<String, ItemPlace>, RegistryError> {
        self.look(|tx| {
            let homes: HashMap<String, String> = tx.homes_of(ids)?.into_iter().collect();
            let mut above: HashMap<&str, Vec<String>> = HashMap::new();
            for (id, home) in &homes {
                let outline = &self.skeleton(tx, home)?.outline;
                let path = outline.at(id).map(|at| outline.path(at)).unwrap_or_default();
                above
                    .insert(id, path.into_iter().map(|at| outline.id(at).to_owned()).filter(|one| one != id).collect());
            }
            let all: BTreeSet<&str> = above.values().flatten().map(String::as_str).collect();
            let known = lines(tx, &all.into_iter().collect::<Vec<_>>())?;
            let mut links = links(tx, &homes)?;
            let place = |id: &String| {
                let path = above.get(id.as_str()).into_iter().flatten().filter_map(|one| known.get(one).cloned());
                (id.clone(), ItemPlace { path: path.collect(), links: links.remove(id).unwrap_or_default() })
            };
            Ok(homes.keys().map(place).collect())
        })
    }
}

/// The first associations of each item with others of other frameworks.
fn links(tx: &mut Tx<'_>, homes: &HashMap<String, String>) -> Result<HashMap<String, Vec<OtherItem>>, RegistryError> {
    let ids: Vec<&str> = homes.keys().map(String::as_str).collect();
    let mut found: Vec<(&str, String, String, bool)> = Vec::new();
    let mut seen = HashSet::new();
    let mut all = tx.associations_among(&ids)?;
    all.sort_unstable();
    for (association, origin, destination, body) in all {
        if !seen.insert(association) {
            continue;
        }
        let value: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        let kind = text(&value, "associationType");
        if kind == IS_CHILD_OF {
            continue;
        }
        for (own, other, is_forward) in [(&origin, &destination, true), (&destination, &origin, false)] {
            if let Some((own, _)) = homes.get_key_value(own) {
                found.push((own.as_str(), other.clone(), kind.clone(), is_forward));
            }
        }
    }
    let others: BTreeSet<&str> = found.iter().map(|(_, other, _, _)| other.as_str()).collect();
    let items = lines(tx, &others.into_iter().collect::<Vec<_>>())?;
    let titles = titles_of(tx, "", &items)?;
    let mut links: HashMap<String, Vec<OtherItem>> = HashMap::new();
    for (own, other, kind, is_forward) in found {
        let Some(item) = items.get(&other).filter(|item| homes.get(own) != Some(&item.framework)) else { continue };
        let of_item = links.entry(own.to_owned()).or_default();
        if of_item.len() < LINKS {
            let framework = titles.get(&item.framework).cloned().unwrap_or_default();
            of_item.push(OtherItem { kind, is_forward, item: item.clone(), framework });
        }
    }
    Ok(links)
}
