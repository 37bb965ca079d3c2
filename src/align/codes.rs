//! Codes in a query: the items that it names by their code, in any spelling.

use std::collections::HashMap;
use std::ops::Range;

use super::collection::Collection;
use super::query::Query;
use crate::text::code::Code;
use crate::text::mentions::{Mention, disjoint, mentions};

/// The most items that one spelling may stand for: what stands for more says nothing.
const MOST: usize = 8;

/// An item that a query names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) collection: usize,
    pub(super) item: u32,
    /// Where the code stands in the text, in bytes.
    pub(super) at: Range<usize>,
    /// How many items the same spelling stands for.
    pub(super) of: usize,
    /// Whether the text is nothing but the code.
    pub(super) alone: bool,
}

/// The items that the text of a query names, in the order of the text.
pub(super) fn named(query: &Query, within: &[(&Collection, &dyn Fn(usize) -> bool)]) -> Vec<Named> {
    if within.iter().all(|(collection, _)| collection.codes.is_empty()) {
        return Vec::new();
    }
    let mut found: HashMap<Range<usize>, Vec<(usize, u32)>> = HashMap::new();
    let known = mentions(&query.text).into_iter().filter(|mention| {
        let items = items(mention, within);
        let is_known = !items.is_empty() && items.len() <= MOST;
        if is_known {
            found.insert(mention.at.clone(), items);
        }
        is_known
    });
    let whole = query.text.trim().len();
    let mut all = Vec::new();
    for mention in disjoint(known.collect::<Vec<_>>()) {
        let alone = mention.at.len() == whole;
        let items = found.remove(&mention.at).unwrap_or_default();
        let of = items.len();
        let name = |(collection, item)| Named { collection, item, at: mention.at.clone(), of, alone };
        all.extend(items.into_iter().map(name));
    }
    all
}

/// The items that a mention stands for: those that are written so, else those that are also written so.
fn items(mention: &Mention, within: &[(&Collection, &dyn Fn(usize) -> bool)]) -> Vec<(usize, u32)> {
    let code = &mention.code;
    // A number by itself is a code only where nothing else stands.
    if code.is_number() && code.parts() < 3 {
        return exact(code, within, true);
    }
    let own = exact(code, within, true);
    if !own.is_empty() {
        return own;
    }
    let own = exact(code, within, false);
    if !own.is_empty() {
        return own;
    }
    // In several words, what stands before a code is more likely the sentence than a publisher's prefix; the code alone
    // is a run of its own.
    if mention.tokens > 1 {
        return Vec::new();
    }
    let tails = code.variants();
    let found = tails.iter().rev().map(|tail| look(tail, within, true)).find(|found| !found.is_empty());
    found.unwrap_or_default()
}

fn exact(code: &Code, within: &[(&Collection, &dyn Fn(usize) -> bool)], own: bool) -> Vec<(usize, u32)> {
    look(&code.joined(), within, own)
}

fn look(code: &str, within: &[(&Collection, &dyn Fn(usize) -> bool)], own: bool) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    for (number, (collection, may)) in within.iter().enumerate() {
        let codes = if own { &collection.codes } else { &collection.variants };
        let items = codes.get(code).into_iter().flatten().filter(|at| may(**at as usize));
        found.extend(items.map(|at| (number, *at)));
    }
    found
}
