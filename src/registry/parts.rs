//! A package as the objects it is stored as; `package` puts them together again.
//!
//! An object is stored as its CASE 1.1 JSON, which can say everything the model can. What a
//! package says beside its objects (which lists it had, extensions of its own) is its [`Frame`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::key;
use crate::case::model::{Class, Criterion, Definitions, Extensions, Identity, Link, Package, Rubric};
use crate::case::read::{self, Stored};
use crate::case::v1p1;
use crate::store::Object;
use crate::tabular::build::Framework;

/// A link as the frame keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FrameLink {
    pub title: String,
    pub identifier: String,
    pub uri: String,
}

impl From<&Link> for FrameLink {
    fn from(link: &Link) -> Self {
        let Link { title, identifier, uri } = link.clone();
        FrameLink { title, identifier, uri }
    }
}

impl FrameLink {
    /// The same link, to be written.
    pub(super) fn wire(&self) -> v1p1::LinkUri<'_> {
        v1p1::LinkUri { title: &self.title, identifier: &self.identifier, uri: &self.uri }
    }
}

/// What a package holds beside its objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Frame {
    /// The document's CFPackageURI as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_uri: Option<FrameLink>,
    /// Whether there is a CFDefinitions, and the lists that it has, even if empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definitions: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definitions_extensions: Option<Extensions>,
    /// Whether there is a CFRubrics, even if empty.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rubrics: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Extensions>,
    /// The homes of the aliases, by identifier, as far as the package tells.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub homes: BTreeMap<String, FrameLink>,
}

/// The lists of CFDefinitions by the class they hold, in the order they are written.
pub(super) const DEFINITION_LISTS: [(Class, &str); 5] = [
    (Class::Concept, "CFConcepts"),
    (Class::Subject, "CFSubjects"),
    (Class::License, "CFLicenses"),
    (Class::ItemType, "CFItemTypes"),
    (Class::Grouping, "CFAssociationGroupings"),
];

impl Frame {
    fn of(package: &Package) -> Frame {
        let lists = |d: &Definitions| {
            let present = [
                d.concepts.is_some(),
                d.subjects.is_some(),
                d.licenses.is_some(),
                d.item_types.is_some(),
                d.groupings.is_some(),
            ];
            DEFINITION_LISTS
                .iter()
                .zip(present)
                .filter(|(_, is)| *is)
                .map(|((_, name), _)| (*name).to_owned())
                .collect()
        };
        let homes = package.items.iter().filter_map(|item| item.home.as_ref());
        Frame {
            package_uri: package.package_uri.as_ref().map(FrameLink::from),
            definitions: package.definitions.as_ref().map(lists),
            definitions_extensions: package.definitions.as_ref().and_then(|d| d.extensions.clone()),
            rubrics: package.rubrics.is_some(),
            extensions: package.extensions.clone(),
            homes: homes.map(|home| (home.identifier.clone(), FrameLink::from(home))).collect(),
        }
    }

    /// The frame as stored.
    pub(super) fn parse(body: &str) -> Frame {
        serde_json::from_str(body).unwrap_or_default()
    }
}

/// Takes the package apart; `replaced` are the identifiers that were not UUIDs. What has become an object
/// is let go at once: there are many, and each is large both ways.
pub(super) fn objects(mut package: Package, replaced: &[(String, Class, String)]) -> Vec<Object> {
    let frame = Frame::of(&package);
    let (items, associations) = (std::mem::take(&mut package.items), std::mem::take(&mut package.associations));
    let mut parts = Parts {
        package_id: package.identifier(),
        replaced: replaced.iter().map(|(received, class, id)| ((*class, id.as_str()), key(received))).collect(),
        objects: Vec::with_capacity(items.len() + associations.len() + 64),
    };
    let document = &package.document;
    // The frame has no time of its own.
    parts.add(Class::Package, 0, &document.identity, &frame).changed_at = 0;
    parts.add(Class::Document, 0, &document.identity, &v1p1::CFDocument::from(document));
    for (index, item) in items.into_iter().enumerate() {
        let object = parts.add(Class::Item, index, &item.identity, &v1p1::CFItem::from(&item));
        if let Some(home) = item.home {
            object.home_id = home.identifier;
        }
    }
    for (index, association) in associations.into_iter().enumerate() {
        let wire = v1p1::CFAssociation::from(&association);
        let object = parts.add(Class::Association, index, &association.identity, &wire);
        object.origin = Some(key(&association.origin.identifier));
        object.destination = Some(key(&association.destination.identifier));
    }
    if let Some(definitions) = &package.definitions {
        parts.definitions(definitions);
    }
    for (index, rubric) in package.rubrics.iter().flatten().enumerate() {
        parts.rubric(index, rubric);
    }
    parts.objects
}

/// Puts a package together from its objects, in their order; `None` when there is no document.
pub(super) fn package(objects: Vec<Object>) -> Option<Framework> {
    let mut frame = Frame::default();
    let mut document = None;
    let (mut items, mut associations, mut rubrics) = (Vec::new(), Vec::new(), Vec::new());
    let mut definitions = Definitions::default();
    let mut replaced = Vec::new();
    let mut homes: Vec<Option<String>> = Vec::new();
    for Object { class, id, home_id, package_id, received, body, .. } in objects {
        if class == Class::Package {
            frame = Frame::parse(&body);
            continue;
        }
        replaced.extend(received.map(|received| (received, class, id)));
        match read::object(class, serde_json::from_str(&body).unwrap_or_default()) {
            Some(Stored::Document(one)) => document = Some(one),
            Some(Stored::Item(mut item)) => {
                item.home = None;
                homes.push((home_id != package_id).then_some(home_id));
                items.push(item);
            }
            Some(Stored::Association(one)) => associations.push(one),
            Some(Stored::Rubric(one)) => rubrics.push(one),
            Some(Stored::Concept(one)) => definitions.concepts.get_or_insert_default().push(one),
            Some(Stored::Subject(one)) => definitions.subjects.get_or_insert_default().push(one),
            Some(Stored::License(one)) => definitions.licenses.get_or_insert_default().push(one),
            Some(Stored::ItemType(one)) => definitions.item_types.get_or_insert_default().push(one),
            Some(Stored::Grouping(one)) => definitions.groupings.get_or_insert_default().push(one),
            // Criteria and levels are in their rubrics.
            Some(Stored::Criterion(_) | Stored::Level(_)) | None => {}
        }
    }
    // The frame may come after the items.
    for (item, home) in items.iter_mut().zip(homes) {
        item.home = home.map(|identifier| match frame.homes.get(&identifier) {
            Some(FrameLink { title, identifier, uri }) => {
                Link { title: title.clone(), identifier: identifier.clone(), uri: uri.clone() }
            }
            None => Link { title: identifier.clone(), uri: format!("urn:uuid:{identifier}"), identifier },
        });
    }
    let Frame { package_uri, definitions: lists, definitions_extensions, rubrics: has_rubrics, extensions, .. } = frame;
    let definitions = lists.map(|lists| {
        definitions.extensions = definitions_extensions;
        for list in lists {
            // A list may be there and empty.
            match list.as_str() {
                "CFConcepts" => drop(definitions.concepts.get_or_insert_default()),
                "CFSubjects" => drop(definitions.subjects.get_or_insert_default()),
                "CFLicenses" => drop(definitions.licenses.get_or_insert_default()),
                "CFItemTypes" => drop(definitions.item_types.get_or_insert_default()),
                _ => drop(definitions.groupings.get_or_insert_default()),
            }
        }
        definitions
    });
    let package_uri = package_uri.map(|FrameLink { title, identifier, uri }| Link { title, identifier, uri });
    let rubrics = has_rubrics.then_some(rubrics);
    let package = Package { document: document?, package_uri, items, associations, definitions, rubrics, extensions };
    Some(Framework { package, replaced })
}

struct Parts<'p> {
    package_id: &'p str,
    replaced: BTreeMap<(Class, &'p str), String>,
    objects: Vec<Object>,
}

impl<'p> Parts<'p> {
    fn add<T: Serialize>(&mut self, class: Class, index: usize, identity: &Identity, wire: &T) -> &mut Object {
        let id = identity.identifier.clone();
        // Structs of texts, numbers and JSON objects always serialise.
        let mut body = serde_json::to_string(wire).unwrap_or_default();
        body.shrink_to_fit();
        self.objects.push(Object {
            package_id: self.package_id.to_owned(),
            class,
            home_id: self.package_id.to_owned(),
            position: i64::try_from(index).unwrap_or(i64::MAX),
            changed_at: identity.last_change.instant().timestamp_micros(),
            received: self.replaced.get(&(class, id.as_str())).cloned(),
            origin: None,
            destination: None,
            body,
            id,
        });
        let last = self.objects.len() - 1;
        &mut self.objects[last]
    }

    fn each<T>(&mut self, class: Class, list: &'p Option<Vec<T>>, identity: fn(&T) -> &Identity)
    where
        v1p1::CFDefinition<'p>: From<&'p T>,
    {
        for (index, one) in list.iter().flatten().enumerate() {
            self.add(class, index, identity(one), &v1p1::CFDefinition::from(one));
        }
    }

    fn definitions(&mut self, definitions: &'p Definitions) {
        let Definitions { concepts, subjects, licenses, item_types, groupings, extensions: _ } = definitions;
        self.each(Class::Concept, concepts, |one| &one.identity);
        self.each(Class::Subject, subjects, |one| &one.identity);
        self.each(Class::License, licenses, |one| &one.identity);
        self.each(Class::ItemType, item_types, |one| &one.identity);
        self.each(Class::Grouping, groupings, |one| &one.identity);
    }

    /// A rubric is stored whole; its criteria and levels again by themselves, to be found.
    fn rubric(&mut self, index: usize, rubric: &Rubric) {
        self.add(Class::Rubric, index, &rubric.identity, &v1p1::CFRubric::from(rubric));
        for criterion in rubric.criteria.iter().flatten() {
            self.criterion(criterion);
        }
    }

    fn criterion(&mut self, criterion: &Criterion) {
        let index = self.objects.len();
        self.add(Class::Criterion, index, &criterion.identity, &v1p1::CFRubricCriterion::from(criterion));
        for level in criterion.levels.iter().flatten() {
            let index = self.objects.len();
            self.add(Class::Level, index, &level.identity, &v1p1::CFRubricCriterionLevel::from(level));
        }
    }
}
