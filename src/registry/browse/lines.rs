//! Items as lines: what a tree, an outline, a list shows of each.

use std::borrow::Cow;
use std::collections::HashMap;

use super::outline::Outline;
use crate::case::model::Class;
use crate::registry::RegistryError;
use crate::registry::search::Texts;
use crate::store::{Object, Tx};

/// One item as far as a line shows it.
#[derive(Clone, Debug, Default)]
pub struct ItemLine {
    pub identifier: String,
    pub code: String,
    pub statement: String,
    /// The short form of the statement, where there is one.
    pub short: String,
    pub item_type: String,
    /// Codes of `educationLevel`.
    pub grades: Vec<String>,
    /// The item's own language.
    pub language: String,
    /// Whether it is no longer in force.
    pub retired: bool,
    /// The framework it belongs to.
    pub framework: String,
}

/// One line of a tree.
#[derive(Clone, Debug, Default)]
pub struct TreeNode {
    pub item: ItemLine,
    /// 0 at the top.
    pub depth: usize,
    /// How many items are directly below.
    pub children: usize,
    /// Whether they follow.
    pub is_open: bool,
    /// Its number among its siblings, from 1, and how many they are.
    pub nth: usize,
    pub of: usize,
    /// Whether it is what was asked for.
    pub is_found: bool,
    /// How many siblings follow that are left out here.
    pub more: usize,
    /// What is directly above it.
    pub parent: Option<String>,
}

impl ItemLine {
    /// The line of a stored item.
    pub(super) fn of(object: &Object) -> ItemLine {
        let texts = Texts::of(object);
        let owned = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned).unwrap_or_default();
        let today = chrono::Utc::now().date_naive().to_string();
        ItemLine {
            identifier: object.id.clone(),
            statement: texts.statement(),
            retired: texts.status_end_date.as_deref().is_some_and(|end| !end.is_empty() && *end <= *today),
            code: owned(texts.human_coding_scheme),
            short: owned(texts.abbreviated_statement),
            item_type: owned(texts.item_type),
            grades: texts.education_level,
            language: owned(texts.language),
            framework: object.home_id.clone(),
        }
    }
}

/// The lines of items, by identifier; what is out of sight is not there.
pub(super) fn lines(tx: &mut Tx<'_>, ids: &[&str]) -> Result<HashMap<String, ItemLine>, RegistryError> {
    let found = tx.objects_among(Class::Item, ids)?;
    Ok(found.into_iter().map(|(id, object)| (id, ItemLine::of(&object))).collect())
}

/// The lines of items in the order given.
pub(super) fn in_order(tx: &mut Tx<'_>, ids: &[&str]) -> Result<Vec<ItemLine>, RegistryError> {
    let mut found = lines(tx, ids)?;
    Ok(ids.iter().filter_map(|id| found.remove(*id)).collect())
}

/// The nodes of a tree at these places, which are in its order.
pub(super) fn nodes(tx: &mut Tx<'_>, outline: &Outline, shown: &[Shown]) -> Result<Vec<TreeNode>, RegistryError> {
    let ids: Vec<&str> = shown.iter().map(|one| outline.id(one.at)).collect();
    let mut found = lines(tx, &ids)?;
    let node = |one: &Shown| {
        Some(TreeNode {
            item: found.remove(outline.id(one.at))?,
            depth: outline.depth(one.at),
            children: outline.children(Some(one.at)).count(),
            is_open: one.is_open,
            nth: one.nth,
            of: one.of,
            is_found: one.is_found,
            more: one.more,
            parent: outline.parent(one.at).map(|parent| outline.id(parent).to_owned()),
        })
    };
    Ok(shown.iter().filter_map(node).collect())
}

/// A place of a tree that is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    pub(super) at: usize,
    pub(super) is_open: bool,
    pub(super) nth: usize,
    pub(super) of: usize,
    pub(super) is_found: bool,
    pub(super) more: usize,
}
