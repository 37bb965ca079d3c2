//! What the associations between two frameworks say of how one covers the other.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use moka::sync::Cache;
use serde::Deserialize;

use super::lines::{ItemLine, lines};
use super::outline::Outline;
use super::skeleton::Skeleton;
use crate::case::model::Class;
use crate::case::vocab::IS_CHILD_OF;
use crate::registry::publish::{find, title_of};
use crate::registry::{Crumb, RegistryError, View, label};
use crate::store::Tx;

/// How many frameworks' links to others are kept.
const KEPT: u64 = 64;
/// How many strands of a framework are told apart.
const STRANDS: usize = 40;

/// One association to an item of another framework.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bridge {
    own: String,
    other: String,
    kind: String,
    /// Whether the framework's own item is its origin.
    is_forward: bool,
    id: String,
}

/// The links of frameworks to others that are kept: by framework and by what tells apart who sees what.
pub(in crate::registry) struct Bridges(Cache<(String, String), Kept>);

/// Links with the number of the change that they are of.
type Kept = (i64, Arc<Vec<Bridge>>);

impl Default for Bridges {
    fn default() -> Bridges {
        Bridges(Cache::new(KEPT))
    }
}

/// A framework that another one has links to.
#[derive(Clone, Debug)]
pub struct Partner {
    pub framework: Crumb,
    pub links: u64,
}

/// How two frameworks go together.
#[derive(Clone, Debug)]
pub struct Crosswalk {
    pub from: Side,
    pub to: Side,
    /// How many links there are between a strand of the one and a strand of the other.
    pub cells: Vec<Vec<u64>>,
    /// How many links there are of each type.
    pub kinds: Vec<(String, u64)>,
    pub pairs: Vec<Pair>,
}

/// One of the two frameworks.
#[derive(Clone, Debug)]
pub struct Side {
    pub framework: Crumb,
    pub strands: Vec<Strand>,
    pub leaves: u64,
    pub covered: u64,
    /// The identifiers of its leaves without a link, in its order.
    pub unmatched: Vec<String>,
}

/// A main branch of a framework.
#[derive(Clone, Debug)]
pub struct Strand {
    pub item: ItemLine,
    /// How many items without anything below it has.
    pub leaves: u64,
    /// How many of those have a link, or stand below what has one.
    pub covered: u64,
}

/// One link.
#[derive(Clone, Debug)]
pub struct Pair {
    pub association: String,
    pub kind: String,
    /// Whether it leads from the first framework to the second.
    pub is_forward: bool,
    pub from: String,
    pub to: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Told<'a> {
    #[serde(borrow)]
    association_type: Cow<'a, str>,
}

impl View<'_> {
    /// The frameworks that one has links with, the closest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn partners(&self, id: &str) -> Result<Option<Vec<Partner>>, RegistryError> {
        self.look(|tx| {
            let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
            let skeleton = self.skeleton(tx, &document.id)?;
            let bridges = self.bridges(tx, &skeleton)?;
            let mut others: Vec<&str> = bridges.iter().map(|bridge| bridge.other.as_str()).collect();
            others.sort_unstable();
            others.dedup();
            let homes: HashMap<String, String> = tx.homes_of(&others)?.into_iter().collect();
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            for home in bridges.iter().filter_map(|bridge| homes.get(&bridge.other)) {
                *counts.entry(home).or_default() += 1;
            }
            let mut partners = Vec::new();
            for (home, links) in counts.into_iter().filter(|(home, _)| *home != document.id) {
                let framework = Crumb { identifier: home.to_owned(), label: title_of(tx, home)? };
                partners.push(Partner { framework, links });
            }
            partners.sort_by(|a, b| (b.links, &a.framework.label).cmp(&(a.links, &b.framework.label)));
            Ok(Some(partners))
        })
    }

    /// How two frameworks go together; `None` when there is no such framework.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn crosswalk(&self, from: &str, to: &str, kind: Option<&str>) -> Result<Option<Crosswalk>, RegistryError> {
        self.look(|tx| {
            let (Some(from), Some(to)) = (find(tx, Class::Document, from)?, find(tx, Class::Document, to)?) else {
                return Ok(None);
            };
            let [a, b] = [self.skeleton(tx, &from.id)?, self.skeleton(tx, &to.id)?];
            let bridges = self.bridges(tx, &a)?;
            let between: Vec<&Bridge> = bridges.iter().filter(|bridge| b.outline.at(&bridge.other).is_some()).collect();
            let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
            for bridge in &between {
                *kinds.entry(&bridge.kind).or_default() += 1;
            }
            let chosen: Vec<&Bridge> =
                between.iter().filter(|bridge| kind.is_none_or(|kind| kind == bridge.kind)).copied().collect();
            let owns: HashSet<&str> = chosen.iter().map(|bridge| bridge.own.as_str()).collect();
            let others: HashSet<&str> = chosen.iter().map(|bridge| bridge.other.as_str()).collect();
            let crumb = |object: &crate::store::Object| Crumb { identifier: object.id.clone(), label: label(object) };
            let (strands_a, strands_b) = (strands(&a.outline), strands(&b.outline));
            let cells = cells(&chosen, &a.outline, &b.outline, &strands_a, &strands_b);
            let mut pairs: Vec<Pair> = chosen.iter().map(|bridge| pair(bridge)).collect();
            pairs.sort_by_cached_key(|pair| (a.outline.at(&pair.from), b.outline.at(&pair.to)));
            Ok(Some(Crosswalk {
                from: side(tx, crumb(&from), &a.outline, &strands_a, &owns)?,
                to: side(tx, crumb(&to), &b.outline, &strands_b, &others)?,
                cells,
                kinds: kinds.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect(),
                pairs,
            }))
        })
    }

    /// The lines of items, by identifier.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn item_lines(&self, ids: &[String]) -> Result<HashMap<String, ItemLine>, RegistryError> {
        self.look(|tx| lines(tx, &ids.iter().map(String::as_str).collect::<Vec<_>>()))
    }

    /// Every link of a framework's items to what is not in it, kept while nothing changes.
    fn bridges(&self, tx: &mut Tx<'_>, skeleton: &Skeleton) -> Result<Arc<Vec<Bridge>>, RegistryError> {
        let seq = tx.newest_change()?;
        let key = (skeleton.id.clone(), tx.sight_label()?);
        let kept = &self.registry.bridges.0;
        if let Some((_, bridges)) = kept.get(&key).filter(|(at, _)| *at == seq) {
            return Ok(bridges);
        }
        let bridges = Arc::new(read(tx, skeleton)?);
        kept.insert(key, (seq, Arc::clone(&bridges)));
        Ok(bridges)
    }
}

fn read(tx: &mut Tx<'_>, skeleton: &Skeleton) -> Result<Vec<Bridge>, RegistryError> {
    let outline = &skeleton.outline;
    let ids: Vec<&str> = (0..outline.len()).map(|at| outline.id(at)).collect();
    let is_own = |id: &str| id == skeleton.id || outline.at(id).is_some();
    let mut bridges = Vec::new();
    for (id, origin, destination, body) in tx.associations_among(&ids)? {
        let (own, other, is_forward) = match (is_own(&origin), is_own(&destination)) {
            (true, false) => (origin, destination, true),
            (false, true) => (destination, origin, false),
            _ => continue,
        };
        let told: Told<'_> = serde_json::from_str(&body).unwrap_or_default();
        if told.association_type != IS_CHILD_OF {
            let kind = told.association_type.into_owned();
            bridges.push(Bridge { own, other, kind, is_forward, id });
        }
    }
    // What leads out of sight is not told of.
    let others: Vec<&str> = bridges.iter().map(|bridge| bridge.other.as_str()).collect();
    let hidden = tx.hidden_among(&others)?;
    bridges.retain(|bridge| !hidden.contains(&bridge.other));
    bridges.sort();
    // The same link may be told by several packages.
    bridges.dedup_by(|a, b| (&a.own, &a.other, &a.kind, a.is_forward) == (&b.own, &b.other, &b.kind, b.is_forward));
    Ok(bridges)
}

fn pair(bridge: &Bridge) -> Pair {
    Pair {
        association: bridge.id.clone(),
        kind: bridge.kind.clone(),
        is_forward: bridge.is_forward,
        from: bridge.own.clone(),
        to: bridge.other.clone(),
    }
}

/// The main branches: what is at the top, or below it where that is only one.
fn strands(outline: &Outline) -> Vec<usize> {
    let mut strands: Vec<usize> = outline.children(None).collect();
    while let [only] = strands[..] {
        let below: Vec<usize> = outline.children(Some(only)).collect();
        if below.is_empty() {
            break;
        }
        strands = below;
    }
    strands.truncate(STRANDS);
    strands
}

/// The strand that a place is in, as its number.
fn strand_of(outline: &Outline, strands: &[usize], at: usize) -> Option<usize> {
    let nth = strands.partition_point(|strand| *strand <= at).checked_sub(1)?;
    let strand = *strands.get(nth)?;
    (at <= strand + outline.below(strand)).then_some(nth)
}

fn cells(chosen: &[&Bridge], a: &Outline, b: &Outline, of_a: &[usize], of_b: &[usize]) -> Vec<Vec<u64>> {
    let mut cells = vec![vec![0; of_b.len()]; of_a.len()];
    for bridge in chosen {
        let place = |outline: &Outline, strands: &[usize], id: &str| strand_of(outline, strands, outline.at(id)?);
        let (Some(row), Some(column)) = (place(a, of_a, &bridge.own), place(b, of_b, &bridge.other)) else { continue };
        if let Some(cell) = cells.get_mut(row).and_then(|row| row.get_mut(column)) {
            *cell += 1;
        }
    }
    cells
}

fn side(
    tx: &mut Tx<'_>,
    framework: Crumb,
    outline: &Outline,
    strands: &[usize],
    linked: &HashSet<&str>,
) -> Result<Side, RegistryError> {
    // What has a link covers everything below.
    let mut covered_until = 0;
    let mut leaves = Vec::new();
    for at in 0..outline.len() {
        if linked.contains(outline.id(at)) {
            covered_until = covered_until.max(at + 1 + outline.below(at));
        }
        if outline.below(at) == 0 {
            leaves.push((at, at < covered_until));
        }
    }
    let ids: Vec<&str> = strands.iter().map(|at| outline.id(*at)).collect();
    let mut found = lines(tx, &ids)?;
    let strand = |at: &usize| {
        let own = leaves.iter().filter(|(leaf, _)| (*at..=*at + outline.below(*at)).contains(leaf));
        let (all, covered) = own.fold((0, 0), |(all, covered), (_, is)| (all + 1, covered + u64::from(*is)));
        let item = found.remove(outline.id(*at)).unwrap_or_default();
        Strand { item, leaves: all, covered }
    };
    Ok(Side {
        framework,
        strands: strands.iter().map(strand).collect(),
        leaves: leaves.len() as u64,
        covered: leaves.iter().filter(|(_, is)| *is).count() as u64,
        unmatched: leaves.iter().filter(|(_, is)| !is).map(|(at, _)| outline.id(*at).to_owned()).collect(),
    })
}
