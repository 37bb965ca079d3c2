//! Which part of a tree is shown: the branch to an item, some levels, what a search finds in it.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::lines::{ItemLine, Shown, TreeNode, in_order, nodes};
use super::outline::Outline;
use super::skeleton::Skeleton;
use crate::case::model::Class;
use crate::registry::publish::{find, stored_form};
use crate::registry::{RegistryError, SearchRequest, View};
use crate::store::Tx;

/// How many siblings are shown at once.
pub(super) const SIBLINGS: usize = 200;
/// How many lines a tree has at most.
const LINES: usize = 3_000;
/// How deep a tree is shown: deeper ones are no trees, and no browser shows them.
const DEEPEST: usize = 60;
/// With at most so many items at the top, what is below them is shown at once.
const FEW: usize = 3;
/// How many hits a filter marks.
const HITS: usize = 100;

/// What is to be seen of a tree.
#[derive(Clone, Debug, Default)]
pub struct TreeRequest {
    /// Identifier of a grouping, for its tree in place of the framework's own.
    pub grouping: Option<String>,
    /// An item to which the tree is opened.
    pub at: Option<String>,
    /// How many levels are open: 0 is only the top. Without it, as many as make a beginning.
    pub levels: Option<usize>,
    /// Only what a search for this finds, with what is above.
    pub filter: String,
    /// Only what is directly below this item.
    pub below: Option<String>,
    /// The number of the first sibling that is shown.
    pub from: usize,
}

/// What is seen of a tree.
#[derive(Clone, Debug, Default)]
pub struct TreePart {
    /// Depth first.
    pub nodes: Vec<TreeNode>,
    /// How deep the tree is.
    pub depth: usize,
    /// How many items it has.
    pub items: usize,
    /// Whether there was more to show than is shown.
    pub is_cut: bool,
    /// How many items a filter found.
    pub hits: Option<u64>,
}

/// A piece of a framework as a list.
#[derive(Clone, Debug, Default)]
pub struct OutlinePart {
    /// Each with its depth, 0 at the top.
    pub lines: Vec<(usize, ItemLine)>,
    /// How many there are in all, and the number of the first one here.
    pub total: usize,
    pub from: usize,
}

impl View<'_> {
    /// A part of a framework's tree; `None` when there is no such framework, or it has no such item.
    ///
    /// # Errors
    /// When the store or the index cannot be read.
    pub fn tree(&self, id: &str, request: &TreeRequest) -> Result<Option<TreePart>, RegistryError> {
        let hits = if request.filter.trim().is_empty() { None } else { Some(self.hits_in(id, &request.filter)?) };
        self.look(|tx| {
            let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
            let skeleton = self.registry.skeletons.read(tx, &document.id)?;
            let other = request.grouping.as_deref().map(|grouping| skeleton.tree_of(&stored_form(grouping)));
            let outline = other.as_ref().unwrap_or(&skeleton.outline);
            part(tx, outline, request, hits)
        })
    }

    /// A piece of a framework as a list; what is below one item, or all of it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn outline(
        &self,
        id: &str,
        under: Option<&str>,
        from: usize,
        most: usize,
    ) -> Result<Option<OutlinePart>, RegistryError> {
        self.look(|tx| {
            let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
            let skeleton = self.registry.skeletons.read(tx, &document.id)?;
            let outline = &skeleton.outline;
            let (first, end) = match under {
                Some(under) => match outline.at(&stored_form(under)) {
                    Some(at) => (at, at + 1 + outline.below(at)),
                    None => return Ok(None),
                },
                None => (0, outline.len()),
            };
            let top = if under.is_some() { outline.depth(first) } else { 0 };
            let places: Vec<usize> = (first..end).skip(from).take(most).collect();
            let ids: Vec<&str> = places.iter().map(|at| outline.id(*at)).collect();
            let lines = in_order(tx, &ids)?;
            let depth = |line: &ItemLine| outline.at(&line.identifier).map_or(0, |at| outline.depth(at) - top);
            let lines = lines.into_iter().map(|line| (depth(&line), line)).collect();
            Ok(Some(OutlinePart { lines, total: end - first, from }))
        })
    }

    /// The items of a framework that a search finds, and how many it finds.
    fn hits_in(&self, id: &str, words: &str) -> Result<(Vec<String>, u64), RegistryError> {
        let request = SearchRequest {
            q: words.to_owned(),
            framework: vec![id.to_owned()],
            kind: vec!["item".to_owned()],
            limit: HITS,
            facets: false,
            mixed: true,
            ..SearchRequest::default()
        };
        match self.search(&request) {
            Ok(answer) => Ok((answer.hits.into_iter().map(|hit| hit.identifier).collect(), answer.total)),
            Err(RegistryError::NoIndex) => Ok((Vec::new(), 0)),
            Err(error) => Err(error),
        }
    }

    /// The skeleton of a framework, as it is kept.
    pub(super) fn skeleton(&self, tx: &mut Tx<'_>, document_id: &str) -> Result<Arc<Skeleton>, RegistryError> {
        self.registry.skeletons.read(tx, document_id)
    }
}

fn part(
    tx: &mut Tx<'_>,
    outline: &Outline,
    request: &TreeRequest,
    hits: Option<(Vec<String>, u64)>,
) -> Result<Option<TreePart>, RegistryError> {
    let at = match &request.at {
        Some(id) => outline.at(&stored_form(id)),
        None => None,
    };
    let below = match &request.below {
        Some(id) => match outline.at(&stored_form(id)) {
            Some(at) => Some(at),
            None => return Ok(None),
        },
        None => None,
    };
    let (shown, is_cut) = match &hits {
        Some((ids, _)) => found(outline, ids),
        None => opened(outline, request, at, below),
    };
    Ok(Some(TreePart {
        nodes: nodes(tx, outline, &shown)?,
        depth: (0..outline.len()).map(|at| outline.depth(at) + 1).max().unwrap_or_default(),
        items: outline.len(),
        is_cut,
        hits: hits.map(|(_, total)| total),
    }))
}

/// The lines that are open down to `at`, or to a level.
fn opened(outline: &Outline, request: &TreeRequest, at: Option<usize>, below: Option<usize>) -> (Vec<Shown>, bool) {
    let open: HashSet<usize> = at.into_iter().flat_map(|at| outline.path(at).into_iter().chain([at])).collect();
    let mut shown: Vec<Shown> = Vec::new();
    let mut is_cut = false;
    let levels = request.levels.unwrap_or_else(|| usize::from(outline.children(None).take(FEW + 1).count() <= FEW));
    let top = below.map_or(0, |below| outline.depth(below) + 1);
    // What is to be shown next, the last one first.
    let mut next = siblings(outline, below, request.from, at);
    next.reverse();
    while let Some(mut one) = next.pop() {
        if shown.len() >= LINES {
            is_cut = true;
            break;
        }
        let has_children = outline.below(one.at) > 0;
        let is_level = below.is_none() && outline.depth(one.at) < levels;
        one.is_open = has_children && outline.depth(one.at) < top + DEEPEST && (open.contains(&one.at) || is_level);
        one.is_found = at == Some(one.at);
        shown.push(one);
        if one.is_open {
            let mut children = siblings(outline, Some(one.at), 0, at);
            children.reverse();
            next.extend(children);
        }
    }
    (shown, is_cut)
}

/// The siblings below a place from a number on: as many as are shown at once, and so many more that
/// the one that was asked for is among them.
fn siblings(outline: &Outline, of: Option<usize>, from: usize, at: Option<usize>) -> Vec<Shown> {
    let all: Vec<usize> = outline.children(of).collect();
    let wanted = at.and_then(|at| {
        let chain: HashSet<usize> = outline.path(at).into_iter().chain([at]).collect();
        all.iter().position(|sibling| chain.contains(sibling))
    });
    let end = (from + SIBLINGS).max(wanted.map_or(0, |nth| nth + 1)).min(all.len());
    let piece = all.get(from.min(end)..end).unwrap_or_default();
    let shown = |(nth, at): (usize, &usize)| Shown {
        at: *at,
        is_open: false,
        nth: from + nth + 1,
        of: all.len(),
        is_found: false,
        more: 0,
    };
    let mut piece: Vec<Shown> = piece.iter().enumerate().map(shown).collect();
    if let Some(last) = piece.last_mut() {
        last.more = all.len() - end;
    }
    piece
}

/// Only what was found, with what is above.
fn found(outline: &Outline, ids: &[String]) -> (Vec<Shown>, bool) {
    let hits: BTreeSet<usize> = ids.iter().filter_map(|id| outline.at(id)).collect();
    let mut places = hits.clone();
    for hit in &hits {
        places.extend(outline.path(*hit));
    }
    let shown = |at: &usize| Shown {
        at: *at,
        is_open: outline.children(Some(*at)).any(|child| places.contains(&child)),
        nth: 1,
        of: 1,
        is_found: hits.contains(at),
        more: 0,
    };
    (places.iter().map(shown).collect(), false)
}
