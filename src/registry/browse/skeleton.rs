//! What a framework is made of without its texts: its tree and its associations. Read once for each
//! state of the framework and kept in memory, so that opening a branch does not depend on its size.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use moka::sync::Cache;
use serde::Deserialize;

use super::outline::Outline;
use crate::case::model::Class;
use crate::case::vocab::IS_CHILD_OF;
use crate::registry::RegistryError;
use crate::store::Tx;
use crate::tabular::outline::{Edge, arrange};

/// How many bytes of skeletons are kept.
const CAPACITY: u64 = 192 << 20;

/// One association without its texts.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) id: Box<str>,
    pub(crate) kind: Arc<str>,
    pub(crate) origin: Box<str>,
    pub(crate) destination: Box<str>,
    grouping: Option<Arc<str>>,
    sequence: Option<i64>,
}

/// A framework without its texts.
#[derive(Debug)]
pub(crate) struct Skeleton {
    /// The identifier of the framework.
    pub(crate) id: String,
    pub(crate) outline: Outline,
    /// Every association of the package, in its order.
    pub(crate) links: Vec<Link>,
    /// How many associations there are of each type.
    pub(crate) kinds: BTreeMap<Arc<str>, u64>,
    items: Vec<String>,
}

/// The skeletons that are kept: by framework and by what tells apart who sees what.
pub(in crate::registry) struct Skeletons(Cache<(String, String), (i64, Arc<Skeleton>)>);

impl Default for Skeletons {
    fn default() -> Skeletons {
        let weigh = |_: &(String, String), (_, skeleton): &(i64, Arc<Skeleton>)| {
            let bytes = skeleton.outline.weight() + skeleton.links.len() * 220 + skeleton.items.len() * 80;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        Skeletons(Cache::builder().max_capacity(CAPACITY).weigher(weigh).build())
    }
}

impl Skeletons {
    /// The skeleton of a framework in the state that a transaction sees.
    pub(super) fn read(&self, tx: &mut Tx<'_>, document_id: &str) -> Result<Arc<Skeleton>, RegistryError> {
        let seq = tx.last_change_of(document_id)?.map_or(0, |(seq, _)| seq);
        let key = (document_id.to_owned(), tx.sight_label()?);
        if let Some((_, kept)) = self.0.get(&key).filter(|(at, _)| *at == seq) {
            return Ok(kept);
        }
        let skeleton = Arc::new(read(tx, document_id)?);
        self.0.insert(key, (seq, Arc::clone(&skeleton)));
        Ok(skeleton)
    }
}

impl Skeleton {
    /// Another tree over the same items: the one of a grouping. What it does not name is not in it.
    pub(super) fn tree_of(&self, grouping: &str) -> Outline {
        let links = self.links.iter().filter(|link| {
            link.kind.as_ref() == IS_CHILD_OF && link.grouping.as_ref().is_some_and(|id| id.as_ref() == grouping)
        });
        let links: Vec<&Link> = links.collect();
        let named: HashSet<&str> =
            links.iter().flat_map(|link| [link.origin.as_ref(), link.destination.as_ref()]).collect();
        let items: Vec<String> = self.items.iter().filter(|id| named.contains(id.as_str())).cloned().collect();
        tree(&self.id, &items, links.into_iter())
    }

    /// The groupings that arrange items as a tree.
    pub(super) fn trees(&self) -> HashSet<&str> {
        let tree = self.links.iter().filter(|link| link.kind.as_ref() == IS_CHILD_OF);
        tree.filter_map(|link| link.grouping.as_deref()).collect()
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Told<'a> {
    #[serde(borrow)]
    association_type: Cow<'a, str>,
    sequence_number: Option<i64>,
    #[serde(rename = "CFAssociationGroupingURI", borrow)]
    grouping: Option<Grouping<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Grouping<'a> {
    #[serde(borrow)]
    identifier: Cow<'a, str>,
}

fn read(tx: &mut Tx<'_>, document_id: &str) -> Result<Skeleton, RegistryError> {
    let items = tx.package_ids(document_id, Class::Item)?;
    let crossing = tx.crossing(Some(document_id))?;
    let crossing: HashSet<String> = crossing.into_iter().map(|(_, id)| id).collect();
    let mut words: HashMap<String, Arc<str>> = HashMap::new();
    let mut word = |text: &str| match words.get(text) {
        Some(known) => Arc::clone(known),
        None => {
            let new: Arc<str> = Arc::from(text);
            words.insert(text.to_owned(), Arc::clone(&new));
            new
        }
    };
    let (mut links, mut kinds) = (Vec::new(), BTreeMap::new());
    tx.each_association(document_id, |id, origin, destination, body| {
        if crossing.contains(id) {
            return;
        }
        let told: Told<'_> = serde_json::from_str(body).unwrap_or_default();
        let kind = word(&told.association_type);
        *kinds.entry(Arc::clone(&kind)).or_insert(0) += 1;
        links.push(Link {
            id: id.into(),
            kind,
            origin: origin.into(),
            destination: destination.into(),
            grouping: told.grouping.map(|grouping| word(&grouping.identifier)),
            sequence: told.sequence_number,
        });
    })?;
    let outline = tree(document_id, &items, links.iter().filter(|link| link.kind.as_ref() == IS_CHILD_OF));
    Ok(Skeleton { id: document_id.to_owned(), outline, links, kinds, items })
}

/// The tree that some of the associations make of items.
fn tree<'l>(document_id: &str, items: &[String], links: impl Iterator<Item = &'l Link>) -> Outline {
    let index: HashMap<&str, usize> = items.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let edges = links.filter_map(|link| {
        let parent = index.get(link.destination.as_ref()).copied();
        Some(Edge {
            child: index.get(link.origin.as_ref()).copied()?,
            parent,
            elsewhere: parent.is_none() && link.destination.as_ref() != document_id,
            grouped: link.grouping.is_some(),
            sequence: link.sequence,
        })
    });
    Outline::new(&arrange(items.len(), edges), items)
}
