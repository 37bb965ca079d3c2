//! A collection: the items of one framework, prepared for being aligned to.
//!
//! Derived from the items alone, and the same for the same items. Never asks a database.

use std::collections::HashMap;

use super::bm25::Field;
use super::grade::Band;
use super::item::Item;
use super::terms::{Stems, Terms, Vocabulary};
use super::trigrams::Trigrams;
use super::vectors::Rows;
use crate::text::code::Code;

/// The most labels of an item that are compared.
const MOST_LABELS: usize = 60;

/// The items of one framework, prepared.
pub struct Collection {
    items: Vec<Item>,
    pub(super) prepared: Vec<Prepared>,
    pub(super) vocabulary: Vocabulary,
    pub(super) statements: Field,
    pub(super) everything: Field,
    /// The items that stand below the same, and which those are by what they stand below.
    pub(super) families: Vec<Vec<u32>>,
    parents: HashMap<String, u32>,
    /// Items by their code without separators, and by other ways of writing it.
    pub(super) codes: HashMap<String, Vec<u32>>,
    pub(super) variants: HashMap<String, Vec<u32>>,
}

/// One item, prepared.
#[derive(Default)]
pub(super) struct Prepared {
    pub(super) statement: Terms,
    /// Each label by itself.
    pub(super) labels: Vec<Terms>,
    pub(super) notes: Terms,
    pub(super) path: Terms,
    /// Statement, labels and notes.
    pub(super) everything: Terms,
    pub(super) trigrams: Trigrams,
    pub(super) label_trigrams: Vec<Trigrams>,
    pub(super) band: Option<Band>,
    /// Which family it is of.
    pub(super) family: Option<u32>,
}

/// The vectors of a collection. Items that say the same share a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Embedded<'a> {
    pub rows: Rows<'a>,
    /// The row of each item's statement.
    pub statements: &'a [u32],
    /// The row of each item's statement with labels and notes.
    pub everything: &'a [u32],
}

impl Collection {
    /// Prepares the items of a framework, in their order.
    #[must_use]
    pub fn new(items: Vec<Item>) -> Collection {
        let mut stems = Stems::default();
        let mut vocabulary = Vocabulary::default();
        let (mut prepared, mut codes, mut variants) = (Vec::with_capacity(items.len()), HashMap::new(), HashMap::new());
        let mut parents: HashMap<String, u32> = HashMap::new();
        let mut families: Vec<Vec<u32>> = Vec::new();
        for (at, item) in (0_u32..).zip(&items) {
            let one = Prepared::new(item, &mut stems, &mut vocabulary);
            let family = item.parent.as_deref().map(|parent| {
                *parents.entry(parent.to_owned()).or_insert_with(|| {
                    families.push(Vec::new());
                    u32::try_from(families.len() - 1).unwrap_or(u32::MAX)
                })
            });
            if let Some(members) = family.and_then(|family| families.get_mut(family as usize)) {
                members.push(at);
            }
            if let Some(code) = item.code.as_deref().and_then(Code::new) {
                codes.entry(code.joined()).or_insert_with(Vec::new).push(at);
                for variant in code.variants() {
                    variants.entry(variant).or_insert_with(Vec::new).push(at);
                }
            }
            prepared.push(Prepared { family, ..one });
        }
        prepared.iter_mut().for_each(|one| one.weigh(&vocabulary));
        let field = |of: fn(&Prepared) -> &Terms| Field::new(prepared.iter().map(of), vocabulary.len());
        let (statements, everything) = (field(|one| &one.statement), field(|one| &one.everything));
        Collection { items, prepared, vocabulary, statements, everything, families, parents, codes, variants }
    }

    /// The items, in their order.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The items directly below another.
    pub(super) fn below(&self, id: &str) -> &[u32] {
        let family = self.parents.get(id).and_then(|family| self.families.get(*family as usize));
        family.map(Vec::as_slice).unwrap_or_default()
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

impl Prepared {
    fn new(item: &Item, stems: &mut Stems, vocabulary: &mut Vocabulary) -> Prepared {
        let mut terms = |text: &str| Terms::of(vocabulary.add(&stems.of(text, item.language.as_deref())));
        let statement = terms(&item.statement);
        let labels: Vec<Terms> = item.labels.iter().take(MOST_LABELS).map(|label| terms(label)).collect();
        let notes = item.notes.as_deref().map(&mut terms).unwrap_or_default();
        let path = terms(&item.path.join(". "));
        let own =
            statement.in_order.iter().chain(labels.iter().flat_map(|label| &label.in_order)).chain(&notes.in_order);
        let everything = Terms::of(own.copied().collect());
        vocabulary.count(&everything);
        Prepared {
            trigrams: Trigrams::of(&item.statement),
            label_trigrams: item.labels.iter().take(MOST_LABELS).map(|label| Trigrams::of(label)).collect(),
            band: Band::of(&item.grades),
            statement,
            labels,
            notes,
            path,
            everything,
            family: None,
        }
    }

    fn weigh(&mut self, vocabulary: &Vocabulary) {
        let whole = [&mut self.statement, &mut self.notes, &mut self.path, &mut self.everything];
        whole.into_iter().chain(&mut self.labels).for_each(|terms| terms.weigh(vocabulary));
    }
}
