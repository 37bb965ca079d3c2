//! The beginning of the tree that an import would give, for people to look at before it is applied.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::case::model::{Item, Package};
use crate::tabular::outline::outline;

/// The longest label of a line, in characters.
const LONGEST_LABEL: usize = 200;

/// One item of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TreeLine {
    /// 0 at the top.
    pub depth: usize,
    pub identifier: String,
    /// Code and statement, cut where they are long.
    pub label: String,
}

/// The first `most` items of a package, depth first, each under its parent.
#[must_use]
pub fn tree(package: &Package, most: usize) -> Vec<TreeLine> {
    let places = outline(package).into_iter().take(most);
    let line = |depth: usize, item: &Item| TreeLine {
        depth: depth.saturating_sub(1),
        identifier: item.identity.identifier.clone(),
        label: label(item),
    };
    places.filter_map(|place| package.items.get(place.item).map(|item| line(place.depth, item))).collect()
}

fn label(item: &Item) -> String {
    let words = item.human_coding_scheme.iter().chain([&item.full_statement]).flat_map(|text| text.split_whitespace());
    let label = words.collect::<Vec<_>>().join(" ");
    match label.char_indices().nth(LONGEST_LABEL) {
        Some((end, _)) => format!("{}…", label.get(..end).unwrap_or_default()),
        None => label,
    }
}
