//! Reading what is published: the operations of the standard, permalinks, and the list of frameworks.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::Value;

use super::parts::{Frame, FrameLink};
use super::{Registry, RegistryError, View, key, package, render};
use crate::case::Version;
use crate::case::model::Class;
use crate::case::read::{self, Canonical};
use crate::case::select;
use crate::store::{Object, Tx};

/// The reads of the standard that take an identifier (digest 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Document,
    Package,
    Item,
    ItemAssociations,
    Association,
    Grouping,
    Concepts,
    ItemTypes,
    Subjects,
    License,
    Rubric,
}

impl Operation {
    /// Whether it answers with one object and no more, so that a few pages of the database are read.
    #[must_use]
    pub const fn is_small(self) -> bool {
        matches!(self, Operation::Document | Operation::Item | Operation::Association)
    }
}

/// One page of the document list.
pub struct DocumentPage {
    /// How many documents match before paging.
    pub total: u64,
    /// `{"CFDocuments":[…]}`.
    pub json: String,
}

/// One object, stand-alone, in CASE JSON.
pub struct Published {
    pub class: Class,
    pub identifier: String,
    pub uri: String,
    pub json: String,
}

/// One framework in a list.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrameworkSummary {
    pub identifier: String,
    pub uri: String,
    pub title: String,
    pub creator: String,
    pub adoption_status: Option<String>,
    pub language: Option<String>,
    pub last_change_date_time: String,
    pub items: u64,
    pub associations: u64,
    pub revision: i64,
    /// Whether only those see it who may.
    pub private: bool,
}

impl View<'_> {
    /// The list of documents.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn documents(&self, version: Version, query: &select::Query) -> Result<DocumentPage, RegistryError> {
        self.look(|tx| {
            // Filtering and sorting may be by any property, so they take every document; the plain
            // list does not.
            let page = query.is_plain().then(|| (query.offset(), query.limit()));
            let stored = tx.documents(page, page.is_some() && query.descending())?;
            let mut documents = Vec::with_capacity(stored.len());
            for object in &stored {
                let json = self.stand_alone(tx, None, version, object)?;
                documents.push(serde_json::from_str::<Value>(&json).unwrap_or_default());
            }
            let (total, documents) = if page.is_some() {
                (tx.count_documents()?, documents.into_iter().map(|document| query.project(document)).collect())
            } else {
                let selection = query.apply(documents);
                (selection.total, selection.documents)
            };
            let members: Vec<String> = documents.iter().map(Value::to_string).collect();
            Ok(DocumentPage { total, json: render::set("CFDocuments", &members) })
        })
    }

    /// The 200 body of one operation, or `None` when there is no such object.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn read(&self, version: Version, operation: Operation, id: &str) -> Result<Option<String>, RegistryError> {
        self.look(|tx| self.read_in(tx, None, version, operation, id))
    }

    /// [`View::read`] as part of a transaction, whose last change is number `seq` where that is known.
    pub(super) fn read_in(
        &self,
        tx: &mut Tx<'_>,
        seq: Option<i64>,
        version: Version,
        operation: Operation,
        id: &str,
    ) -> Result<Option<String>, RegistryError> {
        let class = match operation {
            Operation::Package => return whole_package(tx, version, id),
            Operation::ItemAssociations => return self.item_associations(tx, version, id),
            Operation::Concepts => return definition_set(tx, version, Class::Concept, "CFConcepts", id),
            Operation::ItemTypes => return definition_set(tx, version, Class::ItemType, "CFItemTypes", id),
            Operation::Subjects => return definition_set(tx, version, Class::Subject, "CFSubjects", id),
            Operation::Document => Class::Document,
            Operation::Item => Class::Item,
            Operation::Association => Class::Association,
            Operation::Grouping => Class::Grouping,
            Operation::License => Class::License,
            Operation::Rubric => Class::Rubric,
        };
        let Some(object) = find(tx, class, id)? else { return Ok(None) };
        self.stand_alone(tx, seq, version, &object).map(Some)
    }

    /// The object of that identifier, of whatever class: items first, then frameworks.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn object(&self, version: Version, id: &str) -> Result<Option<Published>, RegistryError> {
        self.look(|tx| self.object_in(tx, None, version, id))
    }

    /// [`View::object`] as part of a transaction, as [`View::read_in`].
    pub(super) fn object_in(
        &self,
        tx: &mut Tx<'_>,
        seq: Option<i64>,
        version: Version,
        id: &str,
    ) -> Result<Option<Published>, RegistryError> {
        let Some(object) = named(tx, id)? else { return Ok(None) };
        let json = self.stand_alone(tx, seq, version, &object)?;
        let Link { uri, .. } = Link::of(&object);
        Ok(Some(Published { class: object.class, identifier: object.id, uri, json }))
    }

    /// Every framework, by title.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn frameworks(&self) -> Result<Vec<FrameworkSummary>, RegistryError> {
        self.look(|tx| {
            let mut all = Vec::new();
            let crossing = tx.crossing(None)?;
            for object in tx.documents(None, false)? {
                all.push(summary(tx, &object, &crossing)?);
            }
            all.sort_by(|a, b| (a.title.to_lowercase(), &a.identifier).cmp(&(b.title.to_lowercase(), &b.identifier)));
            Ok(all)
        })
    }

    /// The framework of that identifier.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn framework(&self, id: &str) -> Result<Option<FrameworkSummary>, RegistryError> {
        self.look(|tx| {
            let Some(object) = find(tx, Class::Document, id)? else { return Ok(None) };
            let crossing = tx.crossing(Some(&object.id))?;
            summary(tx, &object, &crossing).map(Some)
        })
    }

    /// An object outside its package, with the link that says where it belongs.
    fn stand_alone(
        &self,
        tx: &mut Tx<'_>,
        seq: Option<i64>,
        version: Version,
        object: &Object,
    ) -> Result<String, RegistryError> {
        let context = match object.class {
            Class::Document => Some(Arc::new(self.package_link(tx, version, object)?)),
            Class::Item | Class::Association => Some(self.kept_home_link(tx, seq, object)?),
            _ => None,
        };
        Ok(render::object(version, object.class, &object.body, context.as_deref().map(FrameLink::wire)))
    }

    /// The document's CFPackageURI: as received, else this server's own address of the package in
    /// the version that is asked for.
    fn package_link(&self, tx: &mut Tx<'_>, version: Version, document: &Object) -> Result<FrameLink, RegistryError> {
        if let Some(link) = frame(tx, &document.id)?.package_uri {
            return Ok(link);
        }
        let uri = format!("{}/ims/case/{}/CFPackages/{}", self.registry.base_url, version.segment(), document.id);
        let title = text(&parse(document), "title");
        Ok(FrameLink { title, identifier: document.id.clone(), uri })
    }

    fn item_associations(&self, tx: &mut Tx<'_>, version: Version, id: &str) -> Result<Option<String>, RegistryError> {
        let Some(item) = find(tx, Class::Item, id)? else { return Ok(None) };
        let members: Vec<String> = tx
            .associations_of(&item.id)?
            .iter()
            .map(|association| render::object(version, Class::Association, &association.body, None))
            .collect();
        let item = self.stand_alone(tx, None, version, &item)?;
        Ok(Some(format!("{{\"CFItem\":{item},\"CFAssociations\":[{}]}}", members.join(","))))
    }
}

impl Registry {
    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub fn ready(&self) -> Result<(), RegistryError> {
        self.store.read(|tx| Ok(tx.ping()?))
    }
}

/// The stored object of a class under an identifier as a client may write it: any case, or the
/// one that was received before it had to be replaced.
pub(super) fn find(tx: &mut Tx<'_>, class: Class, id: &str) -> Result<Option<Object>, RegistryError> {
    if let Some(object) = tx.object(class, &stored_form(id))? {
        return Ok(Some(object));
    }
    let now = tx.received_as(&key(id))?.into_iter().find(|(of, _)| *of == class);
    match now {
        Some((class, id)) => Ok(tx.object(class, &id)?),
        None => Ok(None),
    }
}

/// The best object of any class under an identifier.
pub(super) fn named(tx: &mut Tx<'_>, id: &str) -> Result<Option<Object>, RegistryError> {
    let mut found = tx.objects_named(&stored_form(id))?;
    if found.is_empty() {
        for (class, id) in tx.received_as(&key(id))? {
            found.extend(tx.object(class, &id)?);
        }
    }
    found.retain(|object| object.class != Class::Package);
    Ok(found.into_iter().min_by_key(|object| (rank(object.class), object.class)))
}

/// Which class is meant by an identifier that stands for several objects: the lowest.
pub(super) fn rank(class: Class) -> u8 {
    match class {
        Class::Item => 0,
        Class::Document => 1,
        Class::Package => 99,
        _ => 2,
    }
}

pub(super) fn stored_form(id: &str) -> String {
    match read::canonical(id) {
        Canonical::Proper(id) | Canonical::OddVersion(id) => id,
        Canonical::NotUuid(_) => key(id),
    }
}

fn whole_package(tx: &mut Tx<'_>, version: Version, id: &str) -> Result<Option<String>, RegistryError> {
    let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
    let mut json = String::new();
    let found = package::write(tx, version, &document.id, &mut |piece| {
        json.push_str(&piece);
        ControlFlow::Continue(())
    })?;
    Ok(found.then_some(json))
}

/// The object and its descendants: those of the same package whose code begins with its own code
/// and a dot, in the order of their codes (digest 2).
fn definition_set(
    tx: &mut Tx<'_>,
    version: Version,
    class: Class,
    name: &str,
    id: &str,
) -> Result<Option<String>, RegistryError> {
    let Some(first) = find(tx, class, id)? else { return Ok(None) };
    let prefix = format!("{}.", text(&parse(&first), "hierarchyCode"));
    let mut below: Vec<(String, Object)> = Vec::new();
    for object in tx.package_class(&first.package_id, class)? {
        let code = text(&parse(&object), "hierarchyCode");
        if prefix.len() > 1 && code.starts_with(&prefix) && object.id != first.id {
            below.push((code, object));
        }
    }
    below.sort_by(|a, b| (&a.0, &a.1.id).cmp(&(&b.0, &b.1.id)));
    let all = std::iter::once(first).chain(below.into_iter().map(|(_, object)| object));
    let members: Vec<String> = all.map(|object| render::object(version, class, &object.body, None)).collect();
    Ok(Some(render::set(name, &members)))
}

pub(super) fn frame(tx: &mut Tx<'_>, package_id: &str) -> Result<Frame, RegistryError> {
    Ok(tx.object(Class::Package, package_id)?.map(|object| Frame::parse(&object.body)).unwrap_or_default())
}

/// A link to the document that an object belongs to.
pub(super) fn home_link(tx: &mut Tx<'_>, object: &Object) -> Result<FrameLink, RegistryError> {
    if let Some(document) = tx.object(Class::Document, &object.home_id)? {
        let Link { title, uri } = Link::of(&document);
        return Ok(FrameLink { title, identifier: document.id, uri });
    }
    let told = frame(tx, &object.package_id)?.homes.remove(&object.home_id);
    Ok(told.unwrap_or_else(|| FrameLink {
        title: object.home_id.clone(),
        identifier: object.home_id.clone(),
        uri: format!("urn:uuid:{}", object.home_id),
    }))
}

pub(super) fn summary(
    tx: &mut Tx<'_>,
    document: &Object,
    crossing: &HashSet<(String, String)>,
) -> Result<FrameworkSummary, RegistryError> {
    let value = parse(document);
    let optional = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let counts = tx.package_counts(&document.id)?;
    let unpublished = crossing.iter().filter(|(package, _)| *package == document.id).count() as u64;
    Ok(FrameworkSummary {
        identifier: document.id.clone(),
        uri: text(&value, "uri"),
        title: text(&value, "title"),
        creator: text(&value, "creator"),
        adoption_status: optional("adoptionStatus"),
        language: optional("language"),
        last_change_date_time: text(&value, "lastChangeDateTime"),
        items: counts.items,
        associations: counts.associations.saturating_sub(unpublished),
        private: tx.is_private(&document.id)?,
        revision: tx.current_revision(&document.id)?.unwrap_or_default(),
    })
}

/// The title of a stored framework, or its identifier.
pub(super) fn title_of(tx: &mut Tx<'_>, document_id: &str) -> Result<String, RegistryError> {
    let document = tx.object(Class::Document, document_id)?;
    Ok(document.map_or_else(|| document_id.to_owned(), |object| text(&parse(&object), "title")))
}

/// The language of a stored framework, which its objects inherit (digest 8.4).
pub(super) fn language_of(tx: &mut Tx<'_>, document_id: &str) -> Result<Option<String>, RegistryError> {
    let document = tx.object(Class::Document, document_id)?;
    Ok(document.map(|object| text(&parse(&object), "language")).filter(|language| !language.is_empty()))
}

/// What a link to an object says of it, read without the rest.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Link {
    title: String,
    uri: String,
}

impl Link {
    fn of(object: &Object) -> Link {
        serde_json::from_str(&object.body).unwrap_or_default()
    }
}

/// The stored JSON.
pub(super) fn parse(object: &Object) -> Value {
    serde_json::from_str(&object.body).unwrap_or_default()
}

/// A text member, or nothing.
pub(super) fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
