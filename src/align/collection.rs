//! A collection: the items of one framework, prepared for being aligned to.
//!
//! Derived from the items alone, and the same for the same items. Vectors are added to it where there is a
//! model. Never asks a database.

use std::collections::HashMap;

use super::bm25::Field;
use super::grade::Band;
use super::item::Item;
use super::terms::{Stems, Vocabulary};
use super::trigrams::Trigrams;
use super::vectors::Rows;

/// The items of one framework, prepared.
pub struct Collection {
    items: Vec<Item>,
    pub(super) prepared: Vec<Prepared>,
    pub(super) vocabulary: Vocabulary,
    pub(super) statements: Field,
    pub(super) everything: Field,
    /// The items below each item that has some.
    pub(super) families: Vec<Vec<u32>>,
}

/// One item, prepared.
#[derive(Default)]
pub(super) struct Prepared {
    pub(super) statement: Vec<u32>,
    /// Each label by itself.
    pub(super) labels: Vec<Vec<u32>>,
    pub(super) notes: Vec<u32>,
    pub(super) path: Vec<u32>,
    pub(super) trigrams: Trigrams,
    pub(super) label_trigrams: Vec<Trigrams>,
    pub(super) band: Option<Band>,
    /// Which family it is of.
    pub(super) family: Option<u32>,
}

/// The vectors of a collection: a row an item each.
#[derive(Clone, Copy, Default)]
pub struct Embedded<'a> {
    /// Of the statement alone.
    pub statements: Rows<'a>,
    /// Of the statement with labels and notes.
    pub everything: Rows<'a>,
}

impl Collection {
    /// Prepares the items of a framework, in their order.
    #[must_use]
    pub fn new(items: Vec<Item>) -> Collection {
        let mut stems = Stems::default();
        let mut vocabulary = Vocabulary::default();
        let mut prepared = Vec::with_capacity(items.len());
        let (mut statements, mut everything) = (Vec::new(), Vec::new());
        let mut parents: HashMap<&str, u32> = HashMap::new();
        let mut families: Vec<Vec<u32>> = Vec::new();
        for (at, item) in (0_u32..).zip(&items) {
            let mut terms = |text: &str| vocabulary.add(&stems.of(text, item.language.as_deref()));
            let statement = terms(&item.statement);
            let labels: Vec<Vec<u32>> = item.labels.iter().map(|label| terms(label)).collect();
            let notes = item.notes.as_deref().map(&mut terms).unwrap_or_default();
            let path: Vec<u32> = item.path.iter().flat_map(|text| terms(text)).collect();
            let all: Vec<u32> = statement.iter().chain(labels.iter().flatten()).chain(&notes).copied().collect();
            vocabulary.count(all.iter().copied());
            let family = item.parent.as_deref().map(|parent| {
                *parents.entry(parent).or_insert_with(|| {
                    families.push(Vec::new());
                    u32::try_from(families.len() - 1).unwrap_or(u32::MAX)
                })
            });
            if let Some(members) = family.and_then(|family| families.get_mut(family as usize)) {
                members.push(at);
            }
            statements.push(statement.clone());
            everything.push(all);
            prepared.push(Prepared {
                trigrams: Trigrams::of(&item.statement),
                label_trigrams: item.labels.iter().map(|label| Trigrams::of(label)).collect(),
                band: Band::of(&item.grades),
                statement,
                labels,
                notes,
                path,
                family,
            });
        }
        let terms = vocabulary.len();
        let (statements, everything) = (Field::new(&statements, terms), Field::new(&everything, terms));
        Collection { items, prepared, vocabulary, statements, everything, families }
    }

    /// The items, in their order.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The texts that an item is embedded by: its statement, and everything that is said of it.
    #[must_use]
    pub fn texts(item: &Item) -> [String; 2] {
        let beside = item.labels.iter().chain(&item.notes).map(|text| text.trim()).filter(|text| !text.is_empty());
        let mut everything = item.statement.trim().to_owned();
        for text in beside {
            everything.push_str(if everything.ends_with(['.', '!', '?', ':', ';']) { " " } else { ". " });
            everything.push_str(text);
        }
        [item.statement.trim().to_owned(), everything]
    }
}
