//! Which item each draft is: by its identifier, by the stored item it meets, or a new one, always
//! the same for the same sheet.

use std::collections::{HashMap, HashSet};

use super::before::{Before, key};
use super::drafts::{Draft, Parent};
use super::hierarchy;
use super::notes::Notes;
use crate::case::model::{Class, Item};
use crate::case::read::{Canonical, canonical_in, mint};
use crate::tabular::mapping::Field;

/// The published form of an identifier, and whether it is no UUID.
pub(super) fn published(class: Class, received: &str, document: &str, before: &Before) -> (String, bool) {
    if let Some(id) = before.received_as(class, received) {
        return (id.to_owned(), true);
    }
    match canonical_in(document, received) {
        Canonical::Proper(id) | Canonical::OddVersion(id) => (id, false),
        Canonical::NotUuid(id) => (id, true),
    }
}

/// An identifier of version 5 made from the document and what the object says of itself, the next
/// one where that is taken.
pub(super) fn free(document: &str, class: Class, seed: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut id = mint(&format!("{document} {class} {seed}"));
    let mut number = 1_u64;
    while taken(&id) {
        number += 1;
        id = mint(&format!("{document} {class} {seed} {number}"));
    }
    id
}

/// The drafts while they get their identifiers.
pub(super) struct Assigning<'a, 'w, 't> {
    pub drafts: &'a mut [Draft<'w, 't>],
    pub document: &'a str,
    pub before: &'a Before,
    /// The stored item whose branch the sheet is.
    pub under: Option<&'a str>,
    pub notes: &'a mut Notes,
    pub replaced: &'a mut Vec<(String, Class, String)>,
    claimed: HashMap<String, usize>,
    /// The place of each draft among its siblings.
    places: Vec<i64>,
}

impl<'a, 'w, 't> Assigning<'a, 'w, 't> {
    pub(super) fn new(
        drafts: &'a mut [Draft<'w, 't>],
        document: &'a str,
        before: &'a Before,
        under: Option<&'a str>,
        notes: &'a mut Notes,
        replaced: &'a mut Vec<(String, Class, String)>,
    ) -> Self {
        let places = places(drafts);
        Assigning { drafts, document, before, under, notes, replaced, claimed: HashMap::new(), places }
    }

    /// Gives every draft its identifier.
    pub(super) fn run(mut self) {
        self.by_identifier();
        if !self.before.items().is_empty() {
            self.by_code(true);
            self.by_code(false);
            // Once a parent is met, its children may be.
            loop {
                self.by_statement_and_parent();
                if !self.by_statement() {
                    break;
                }
            }
        }
        self.by_making();
    }

    fn open(&self) -> Vec<usize> {
        let open = |(_, draft): &(usize, &Draft<'_, '_>)| draft.id.is_empty() && draft.same_as.is_none();
        self.drafts.iter().enumerate().filter(open).map(|(at, _)| at).collect()
    }

    fn claim(&mut self, at: usize, id: String) {
        self.claimed.insert(id.clone(), at);
        if let Some(draft) = self.drafts.get_mut(at) {
            draft.id = id;
        }
    }

    fn by_identifier(&mut self) {
        for at in 0..self.drafts.len() {
            let Some(draft) = self.drafts.get(at) else { continue };
            let Some(received) = draft.received.clone() else { continue };
            let place = draft.place_of(&Field::Identifier);
            let (id, is_name) = published(Class::Item, &received, self.document, self.before);
            if let Some(earlier) = self.claimed.get(&id).copied() {
                self.repeated(at, earlier, place, &received);
                continue;
            }
            let sheet = draft.line.as_ref().map_or("", |line| line.table.sheet.name.as_str()).to_owned();
            if is_name {
                if self.notes.first("identifier-replaced", &sheet) {
                    let sentence = format!(
                        "not a UUID: published as {id}, and still found by what stands here; so is every other \
                         identifier of the sheet that is none"
                    );
                    self.notes.warn("identifier-replaced", place, sentence, &received);
                }
                self.replaced.push((received, Class::Item, id.clone()));
            } else if id != received && self.notes.first("identifier-normalised", &sheet) {
                let sentence = "identifiers are published in lower case and without decoration, here and below";
                self.notes.info("identifier-normalised", place, sentence, &received);
            }
            self.claim(at, id);
        }
    }

    /// A second row with an identifier: the same row again, or another item.
    fn repeated(&mut self, at: usize, earlier: usize, place: String, received: &str) {
        let cells = |at: usize| self.drafts.get(at).and_then(|draft| draft.line.as_ref()).map(|line| &line.row.cells);
        let texts = |at: usize| cells(at).map(|cells| cells.iter().map(|cell| (cell.column, cell.text.as_str())));
        let same = texts(at).zip(texts(earlier)).is_some_and(|(one, other)| one.eq(other));
        let above = self.drafts.get(earlier).map(|draft| draft.place.clone()).unwrap_or_default();
        if same {
            let sentence = format!("the row repeats {above}; it is read once");
            self.notes.info("row-repeated", place, sentence, received);
        } else {
            let sentence =
                format!("{above} has this identifier too, with other content; this row becomes another item");
            self.notes.warn("identifier-taken", place, sentence, received);
        }
        if let Some(draft) = self.drafts.get_mut(at) {
            draft.same_as = same.then_some(earlier);
        }
    }

    /// Whether a draft may become the stored item.
    fn is_free(&self, item: &Item) -> bool {
        let id = &item.identity.identifier;
        !self.claimed.contains_key(id) && self.under.is_none_or(|under| self.before.is_under(id, under))
    }

    fn by_code(&mut self, same_statement: bool) {
        for at in self.open() {
            let Some(draft) = self.drafts.get(at) else { continue };
            let (Some(code), statement) = (draft.code.as_deref(), draft.statement.as_deref().map(key)) else {
                continue;
            };
            let fits = |item: &&Item| {
                self.is_free(item) && (!same_statement || statement.as_ref() == Some(&key(&item.full_statement)))
            };
            let met = self.nearest(at, draft, self.before.of_code(code).filter(fits));
            if let Some(id) = met {
                self.claim(at, id);
            }
        }
    }

    /// Of several stored items that a draft may be, the one that says most of the same, then the one
    /// at its place, then the first: so that the same sheet meets the same items again.
    fn nearest<'i>(
        &self,
        at: usize,
        draft: &Draft<'_, '_>,
        mut fitting: impl Iterator<Item = &'i Item>,
    ) -> Option<String> {
        let first = fitting.next()?;
        let Some(second) = fitting.next() else { return Some(first.identity.identifier.clone()) };
        let place = self.places.get(at).copied();
        let rank = |item: &Item| {
            let stored = self.before.place(&item.identity.identifier).and_then(|place| place.sequence_number);
            (usize::MAX - likeness(draft, item), stored != place, stored.unwrap_or(i64::MAX))
        };
        let all = [first, second].into_iter().chain(fitting);
        all.min_by_key(|item| rank(item)).map(|item| item.identity.identifier.clone())
    }

    /// What the draft stands under, by identifier; the parent has its own already.
    fn parent(&self, draft: &Draft<'_, '_>) -> String {
        match &draft.parent {
            Parent::Draft(above) => {
                let above = self
                    .drafts
                    .get(*above)
                    .map(|above| above.same_as.and_then(|same| self.drafts.get(same)).unwrap_or(above));
                above.map(|above| above.id.clone()).unwrap_or_default()
            }
            Parent::Stored(id) => id.clone(),
            Parent::Top | Parent::Unknown => self.under.unwrap_or(self.document).to_owned(),
        }
    }

    fn by_statement_and_parent(&mut self) {
        for at in hierarchy::top_down(self.drafts) {
            let Some(draft) = self.drafts.get(at).filter(|draft| draft.id.is_empty() && draft.same_as.is_none()) else {
                continue;
            };
            let Some(statement) = &draft.statement else { continue };
            let parent = self.parent(draft);
            let fits = |item: &&Item| {
                let stored = self.before.parent(&item.identity.identifier).unwrap_or(self.document);
                stored == parent && self.is_free(item)
            };
            let met = self.nearest(at, draft, self.before.of_statement(statement).filter(fits));
            if let Some(id) = met {
                self.claim(at, id);
            }
        }
    }

    /// By the statement alone, where one draft and one stored item have it; tells whether any has.
    fn by_statement(&mut self) -> bool {
        let open = self.open();
        let mut any = false;
        let mut rows: HashMap<String, usize> = HashMap::new();
        for statement in open.iter().filter_map(|at| self.drafts.get(*at)?.statement.as_deref()) {
            *rows.entry(key(statement)).or_default() += 1;
        }
        for at in open {
            let Some(draft) = self.drafts.get(at) else { continue };
            let Some(statement) = draft.statement.as_deref().filter(|text| rows.get(&key(text)) == Some(&1)) else {
                continue;
            };
            let fitting: Vec<&Item> = self.before.of_statement(statement).filter(|item| self.is_free(item)).collect();
            if let [only] = fitting.as_slice() {
                let id = only.identity.identifier.clone();
                self.claim(at, id);
                any = true;
            }
        }
        any
    }

    fn by_making(&mut self) {
        let mut told = HashSet::new();
        let filled: HashSet<String> = self
            .drafts
            .iter()
            .filter(|draft| draft.received.is_some())
            .filter_map(|draft| Some(draft.line?.table.sheet.name.clone()))
            .collect();
        for at in hierarchy::top_down(self.drafts) {
            let Some(draft) = self.drafts.get(at).filter(|draft| draft.id.is_empty() && draft.same_as.is_none()) else {
                continue;
            };
            let seed = match &draft.code {
                Some(code) => code.clone(),
                None => self.path(draft),
            };
            let taken = |id: &str| self.claimed.contains_key(id) || self.before.item(id).is_some();
            let id = free(self.document, Class::Item, &seed, taken);
            let of = if draft.code.is_some() { "its code" } else { "its statement and what stands above it" };
            let line = draft.line.as_ref();
            if line.is_some_and(|line| filled.contains(&line.table.sheet.name)) {
                if draft.received.is_none() {
                    let sentence = format!("no identifier: {id} is made from {of}, the same every time");
                    let place = draft.place_of(&Field::Identifier);
                    self.notes.warn("identifier-minted", place, sentence, "");
                }
            } else if let Some(line) = line
                && told.insert(line.table.sheet.name.clone())
            {
                let sentence = "the sheet has no identifiers: each item's is made from its code or, without one, \
                                from its statement and what stands above it; the same every time";
                self.notes.info("identifier-minted", line.table.sheet.name.clone(), sentence, "");
            }
            self.claim(at, id);
        }
    }

    /// The statements from the top down to the draft.
    fn path(&self, draft: &Draft<'_, '_>) -> String {
        let statement = draft.statement.as_deref().map(key).unwrap_or_default();
        format!("{} / {statement}", self.parent(draft))
    }
}

/// How many properties of the stored item the row repeats.
fn likeness(draft: &Draft<'_, '_>, item: &Item) -> usize {
    let properties = [
        (Field::HumanCodingScheme, &item.human_coding_scheme),
        (Field::Notes, &item.notes),
        (Field::AbbreviatedStatement, &item.abbreviated_statement),
        (Field::AlternativeLabel, &item.alternative_label),
        (Field::ListEnumeration, &item.list_enumeration),
        (Field::CfItemType, &item.item_type),
    ];
    let same = |(field, stored): &&(Field, &Option<String>)| draft.text(field) == stored.as_deref();
    properties.iter().filter(same).count()
}

/// The place of each draft among those that stand under the same.
fn places(drafts: &[Draft<'_, '_>]) -> Vec<i64> {
    let mut counts: HashMap<Option<usize>, i64> = HashMap::new();
    let place = |draft: &Draft<'_, '_>| {
        let above = match draft.parent {
            Parent::Draft(above) => Some(above),
            _ => None,
        };
        let count = counts.entry(above).or_default();
        *count += 1;
        let said = draft.text(&Field::SequenceNumber).and_then(|text| text.parse().ok());
        said.or(draft.order).unwrap_or(*count)
    };
    drafts.iter().map(place).collect()
}
