//! Associations from rows of their own and from columns of items, each met with the stored one
//! that says the same.

use std::collections::{HashMap, HashSet};

use super::before::{Before, is_place};
use super::dates;
use super::definitions::Set;
use super::drafts::Draft;
use super::ends::{End, association_type};
use super::exact;
use super::identity::{free, published};
use super::items::{extensions, uri};
use super::line::Line;
use super::notes::Notes;
use crate::case::model::{Association, Class, Identity, Link, NodeLink, Timestamp};
use crate::case::vocab::{IS_CHILD_OF, IS_RELATED_TO};
use crate::tabular::mapping::Field;

/// An association that a sheet asks for.
pub(super) struct Wanted<'w, 't> {
    /// The row that is the association; none where a column of an item names its other end.
    pub line: Option<Line<'w, 't>>,
    pub received: Option<&'w str>,
    pub kind: String,
    pub origin: End<'w>,
    pub destination: End<'w>,
    pub grouping: Option<Link>,
    pub place: String,
    /// The ends as our own sheets say them, with nothing to be found out.
    pub exact: Option<(NodeLink, NodeLink)>,
}

impl Wanted<'_, '_> {
    /// Whether it says where its origin stands in the tree.
    pub(super) fn is_place(&self) -> bool {
        self.kind == IS_CHILD_OF && self.grouping.is_none()
    }
}

/// The associations of the rows of association sheets.
pub(super) fn of_rows<'w, 't>(
    lines: &[Line<'w, 't>],
    definitions: &mut Set<'_>,
    before: &Before,
    notes: &mut Notes,
) -> Vec<Wanted<'w, 't>> {
    let mut wanted = Vec::with_capacity(lines.len());
    for line in lines {
        let origin = End {
            identifier: line.text(&Field::OriginIdentifier),
            uri: line.text(&Field::OriginUri),
            code: line.text(&Field::OriginCode),
            statement: line.text(&Field::OriginStatement),
            place: line.place(if line.text(&Field::OriginIdentifier).is_some() {
                &Field::OriginIdentifier
            } else {
                &Field::OriginCode
            }),
            ..End::default()
        };
        let destination = End {
            identifier: line.text(&Field::DestinationIdentifier),
            uri: line.text(&Field::DestinationUri),
            code: line.text(&Field::DestinationCode),
            statement: line.text(&Field::DestinationStatement),
            framework: line.text(&Field::DestinationFramework),
            place: line.place(if line.text(&Field::DestinationIdentifier).is_some() {
                &Field::DestinationIdentifier
            } else {
                &Field::DestinationCode
            }),
            ..End::default()
        };
        if origin.is_blank() || destination.is_blank() {
            let sentence = "an association needs an origin and a destination; the row is left out";
            notes.loss("association-without-end", line.place_of_row(), sentence, &line.shown());
            continue;
        }
        let (kind, turned) = match line.text(&Field::AssociationType) {
            Some(text) => association_type(text, || line.place(&Field::AssociationType), notes),
            None => {
                if line.table.has(&Field::AssociationType) || notes.first("required-filled", &line.table.sheet.name) {
                    let sentence = "no association type; isRelatedTo is assumed";
                    notes.warn("required-filled", line.place(&Field::AssociationType), sentence, "");
                }
                (IS_RELATED_TO.to_owned(), false)
            }
        };
        let (origin, destination) = if turned { (destination, origin) } else { (origin, destination) };
        let grouping = grouping(line, definitions, before);
        let exact = exact_ends(line, before);
        let received = line.text(&Field::Identifier);
        let place = line.place_of_row();
        wanted.push(Wanted { line: Some(*line), received, kind, origin, destination, grouping, place, exact });
    }
    wanted
}

/// The grouping of a row: the link of our own sheets, unless the columns beside it say another one.
fn grouping(line: &Line<'_, '_>, definitions: &mut Set<'_>, before: &Before) -> Option<Link> {
    let (received, title) = (line.text(&Field::GroupingIdentifier), line.text(&Field::GroupingTitle));
    let Some(link) = exact::said_link(line, "CFAssociationGroupingURI", definitions).value() else {
        return definitions.grouping(received, title, before);
    };
    let other = received.filter(|received| *received != link.identifier);
    if other.is_none() && title == Some(link.title.as_str()) {
        Some(link)
    } else {
        definitions.grouping(other, title, before)
    }
}

/// The ends of a row of our own sheets, where it says all of both. What a stored end had is stale
/// where only its identifier has been changed.
fn exact_ends(line: &Line<'_, '_>, before: &Before) -> Option<(NodeLink, NodeLink)> {
    let stored = line.text(&Field::Identifier).filter(|_| line.is_exact()).map(|id| before.association(id))?;
    let end = |title, identifier, uri, target, stored: Option<&NodeLink>| {
        let said = NodeLink {
            title: line.text(title)?.to_owned(),
            identifier: line.text(identifier)?.to_owned(),
            uri: line.text(uri)?.to_owned(),
            target_type: line.said(target).value().map(str::to_owned),
        };
        let stale = |stored: &NodeLink| stored.uri == said.uri && stored.identifier != said.identifier;
        (!stored.is_some_and(stale)).then_some(said)
    };
    let origin = end(
        &Field::OriginStatement,
        &Field::OriginIdentifier,
        &Field::OriginUri,
        "originNodeTargetType",
        stored.map(|stored| &stored.origin),
    )?;
    let destination = end(
        &Field::DestinationStatement,
        &Field::DestinationIdentifier,
        &Field::DestinationUri,
        "destinationNodeTargetType",
        stored.map(|stored| &stored.destination),
    )?;
    Some((origin, destination))
}

/// The associations that columns of items name.
pub(super) fn of_columns<'w, 't>(drafts: &[Draft<'w, 't>], notes: &mut Notes) -> Vec<Wanted<'w, 't>> {
    let mut wanted = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let Some(line) = draft.line else { continue };
        let own = draft.same_as.unwrap_or(at);
        for field in line.table.fields() {
            match field {
                Field::Association(text) => {
                    let (kind, turned) = association_type(text, || line.place(field), notes);
                    // Where an item stands is read with the tree.
                    if kind == IS_CHILD_OF && !turned {
                        continue;
                    }
                    for any in line.list(field) {
                        let place = line.place(field);
                        let item = End { draft: Some(own), place: place.clone(), ..End::default() };
                        let other = End { any: Some(any), place: place.clone(), ..End::default() };
                        let (origin, destination) = if turned { (other, item) } else { (item, other) };
                        let (received, grouping, line, exact) = (None, None, None, None);
                        wanted.push(Wanted {
                            line,
                            received,
                            kind: kind.clone(),
                            origin,
                            destination,
                            grouping,
                            place,
                            exact,
                        });
                    }
                }
                Field::AlignmentUri(number) => wanted.extend(alignment(&line, own, *number)),
                Field::AlignmentTitle(number) if !line.table.has(&Field::AlignmentUri(*number)) => {
                    wanted.extend(alignment(&line, own, *number));
                }
                _ => {}
            }
        }
    }
    wanted
}

/// A numbered alignment: title, address and framework of something related.
fn alignment<'w, 't>(line: &Line<'w, 't>, own: usize, number: u8) -> Option<Wanted<'w, 't>> {
    let (title, address) = (line.text(&Field::AlignmentTitle(number)), line.text(&Field::AlignmentUri(number)));
    let says = if address.is_some() { Field::AlignmentUri(number) } else { Field::AlignmentTitle(number) };
    let place = line.place(&says);
    let destination = End {
        any: address.or(title),
        statement: title,
        framework: line.text(&Field::AlignmentFramework(number)),
        place: place.clone(),
        ..End::default()
    };
    let origin = End { draft: Some(own), place: place.clone(), ..End::default() };
    let wanted = Wanted {
        line: None,
        received: None,
        kind: IS_RELATED_TO.to_owned(),
        origin,
        destination,
        grouping: None,
        place,
        exact: None,
    };
    (!wanted.destination.is_blank()).then_some(wanted)
}

/// What identifies an association that has no identifier: type, ends and grouping.
type Key = (String, String, String, Option<String>);

fn key(association: &Association) -> Key {
    let grouping = association.grouping_uri.as_ref().map(|link| link.identifier.clone());
    let (origin, destination) = (&association.origin.identifier, &association.destination.identifier);
    (association.association_type.clone(), origin.clone(), destination.clone(), grouping)
}

/// The associations of the framework in the making.
pub(super) struct Associations<'a> {
    pub document: &'a str,
    pub base_url: &'a str,
    pub now: &'a Timestamp,
    pub before: &'a Before,
    pub all: Vec<(Association, Option<Timestamp>)>,
    pub replaced: Vec<(String, Class, String)>,
    names: HashSet<String>,
    used: HashSet<String>,
    keys: HashSet<Key>,
    stored: HashMap<Key, Vec<usize>>,
}

impl<'a> Associations<'a> {
    pub(super) fn new(document: &'a str, base_url: &'a str, now: &'a Timestamp, before: &'a Before) -> Self {
        let mut stored: HashMap<Key, Vec<usize>> = HashMap::new();
        for (at, association) in before.associations().iter().enumerate() {
            stored.entry(key(association)).or_default().push(at);
        }
        Associations {
            document,
            base_url,
            now,
            before,
            all: Vec::new(),
            replaced: Vec::new(),
            names: HashSet::new(),
            used: HashSet::new(),
            keys: HashSet::new(),
            stored,
        }
    }

    /// Where an item stands: the association that has said so before, wherever it stands now.
    pub(super) fn place(
        &mut self,
        child: NodeLink,
        parent: NodeLink,
        sequence: Option<i64>,
        row: Option<&Wanted<'_, '_>>,
        notes: &mut Notes,
    ) {
        let before = self.before.place(&child.identifier);
        let given = row.and_then(|row| row.received).map(|received| self.published(received));
        // An identifier that the sheet gives and that is not stored would be a second parent.
        let known = given.filter(|id| before.is_none() || self.before.association(id).is_some());
        let stored = before.map(|association| association.identity.identifier.clone());
        let id = known.or(stored).filter(|id| !self.used.contains(id)).unwrap_or_else(|| {
            let taken = |id: &str| self.used.contains(id) || self.before.association(id).is_some();
            free(self.document, Class::Association, &format!("{IS_CHILD_OF} {}", child.identifier), taken)
        });
        let mut association = self.base(&id, IS_CHILD_OF, child, parent, None);
        association.sequence_number = sequence;
        let line = row.and_then(|row| row.line.as_ref());
        let time = line.and_then(|line| self.fill(&mut association, line, notes));
        // Our own sheets number siblings by their levels where these have changed.
        if line.is_some_and(Line::is_exact) {
            association.sequence_number = sequence;
        }
        self.push(association, time);
    }

    /// Any other association; a repetition is told.
    pub(super) fn add(&mut self, wanted: &Wanted<'_, '_>, origin: NodeLink, destination: NodeLink, notes: &mut Notes) {
        let grouping = wanted.grouping.as_ref().map(|link| link.identifier.clone());
        let key = (wanted.kind.clone(), origin.identifier.clone(), destination.identifier.clone(), grouping);
        let given = wanted.received.map(|received| self.published(received)).filter(|id| !self.used.contains(id));
        if given.is_none() && self.keys.contains(&key) {
            let sentence = "the same association is given twice; it is read once";
            notes.info("association-repeated", wanted.place.clone(), sentence, wanted.destination.shown());
            return;
        }
        let stored = || {
            let held = self.stored.get(&key)?.iter().filter_map(|at| self.before.associations().get(*at));
            held.map(|one| one.identity.identifier.clone()).find(|id| !self.used.contains(id))
        };
        let id = given.or_else(stored).unwrap_or_else(|| {
            let (kind, origin, destination, grouping) = &key;
            let seed = format!("{kind} {origin} {destination} {}", grouping.as_deref().unwrap_or_default());
            let taken = |id: &str| self.used.contains(id) || self.before.association(id).is_some();
            free(self.document, Class::Association, seed.trim(), taken)
        });
        let mut association = if wanted.exact.is_some() {
            let mut association = self.base(&id, &wanted.kind, origin.clone(), destination.clone(), None);
            (association.origin, association.destination) = (origin, destination);
            association.grouping_uri.clone_from(&wanted.grouping);
            association
        } else {
            self.base(&id, &wanted.kind, origin, destination, wanted.grouping.clone())
        };
        let time = wanted.line.as_ref().and_then(|line| self.fill(&mut association, line, notes));
        self.push(association, time);
    }

    fn published(&mut self, received: &str) -> String {
        let (id, is_name) = published(Class::Association, received, self.document, self.before);
        if is_name && self.names.insert(id.clone()) {
            self.replaced.push((received.to_owned(), Class::Association, id.clone()));
        }
        id
    }

    /// The stored association with the ends that it has now; what it calls them stays where they
    /// are the same.
    fn base(
        &self,
        id: &str,
        kind: &str,
        origin: NodeLink,
        destination: NodeLink,
        grouping_uri: Option<Link>,
    ) -> Association {
        let identity = || Identity {
            identifier: id.to_owned(),
            uri: format!("{}/uri/{id}", self.base_url),
            last_change: self.now.clone(),
        };
        let Some(stored) = self.before.association(id) else {
            return Association {
                identity: identity(),
                association_type: kind.to_owned(),
                sequence_number: None,
                origin,
                destination,
                grouping_uri,
                notes: None,
                extensions: None,
            };
        };
        let same = |old: &NodeLink, new: NodeLink| if old.identifier == new.identifier { old.clone() } else { new };
        let grouping_uri = match (&stored.grouping_uri, grouping_uri) {
            (Some(old), Some(new)) if old.identifier == new.identifier => Some(old.clone()),
            (_, new) => new,
        };
        Association {
            association_type: kind.to_owned(),
            origin: same(&stored.origin, origin),
            destination: same(&stored.destination, destination),
            grouping_uri,
            ..stored.clone()
        }
    }

    /// What else a row says of its association.
    fn fill(&self, association: &mut Association, line: &Line<'_, '_>, notes: &mut Notes) -> Option<Timestamp> {
        let table = line.table;
        let id = &association.identity.identifier;
        if self.before.association(id).is_none()
            && let Some(uri) = uri(line, notes)
        {
            association.identity.uri = uri;
        }
        if table.has(&Field::SequenceNumber) {
            association.sequence_number = line.integer(&Field::SequenceNumber, notes);
        }
        if table.has(&Field::Notes) {
            association.notes = line.text(&Field::Notes).map(str::to_owned);
        }
        extensions(&mut association.extensions, line, notes);
        line.text(&Field::LastChangeDateTime).and_then(dates::instant)
    }

    fn push(&mut self, association: Association, time: Option<Timestamp>) {
        self.used.insert(association.identity.identifier.clone());
        self.keys.insert(key(&association));
        self.all.push((association, time));
    }

    /// The stored associations that nothing has met.
    pub(super) fn unmet(&self) -> impl Iterator<Item = &'a Association> + '_ {
        let unmet = |one: &&Association| !self.used.contains(&one.identity.identifier);
        self.before.associations().iter().filter(unmet)
    }

    /// Whether a stored association only repeats where an item stands now.
    pub(super) fn repeats(&self, association: &Association) -> bool {
        is_place(association) && self.keys.contains(&key(association))
    }
}
