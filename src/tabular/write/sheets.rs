//! The sheets of a package. The first columns of `CF Doc`, `CF Item` and `CF Association` are those
//! of an OpenSALT workbook, in its order; what CASE has beside them follows, under the names that
//! CASE gives it. Rows of items are depth first, all others in the order of the package.

use std::collections::BTreeMap;

use serde_json::Value;

use super::book::{Book, is_plain, object};
use super::column::{Choices, Declared, EXTENSIONS, Look, Seen, Shape, Sheet, meaning, part, property, same};
use super::words::title_case;
use super::{definitions, rubrics};
use crate::case::model::{Document, Extensions, Item, Link};
use crate::case::v1p1::{CFAssociation, CFDocument, CFItem, LinkUri};
use crate::tabular::detect::key;
use crate::tabular::notation;

/// The names of the sheets.
pub(super) const DOCUMENT_SHEET: &str = "CF Doc";
pub(super) const ITEM_SHEET: &str = "CF Item";
pub(super) const ASSOCIATION_SHEET: &str = "CF Association";

/// How many extensions get columns of their own: more would be beyond what people look at, and
/// what is read.
const EXTENSION_COLUMNS: usize = 100;

const DOCUMENT: &[Declared] = &[
    same("identifier", Look::ID),
    same("creator", Look::MIDDLE),
    same("title", Look::MIDDLE),
    property("lastChangeDate", Look::TIME, "lastChangeDateTime"),
    same("officialSourceURL", Look::Link),
    same("publisher", Look::MIDDLE),
    same("description", Look::LONG),
    same("subject", Look::MIDDLE),
    same("language", Look::SHORT),
    same("version", Look::SHORT),
    same("adoptionStatus", Look::SHORT).offering(Choices::AdoptionStatus),
    same("statusStartDate", Look::SHORT),
    same("statusEndDate", Look::SHORT),
    part("licenseTitle", Look::MIDDLE, "licenseURI", "title"),
    meaning("licenseText", Look::LONG, |book, _| book.license_text().to_owned()),
    same("notes", Look::LONG),
    same("uri", Look::Link),
    same("frameworkType", Look::SHORT),
    same("caseVersion", Look::SHORT),
    same("subjectURI", Look::Link),
    same("licenseURI", Look::Link).when(|book| book.document().license_uri.is_some()),
    same("CFPackageURI", Look::Link).when(|book| book.package.package_uri.is_some()),
    EXTENSIONS,
    meaning("packageExtensions", Look::MIDDLE, |book, _| json(book.package.extensions.as_ref()))
        .when(|book| book.package.extensions.is_some()),
    meaning("definitionsExtensions", Look::MIDDLE, |book, _| json(definitions::extensions(book)))
        .when(|book| definitions::extensions(book).is_some()),
];

const ITEM: &[Declared] = &[
    same("identifier", Look::ID),
    same("fullStatement", Look::LONG),
    same("humanCodingScheme", Look::SHORT),
    meaning("smartLevel", Look::SHORT, |_, seen| {
        seen.place.map_or_else(String::new, |place| place.smart_level.clone())
    }),
    same("listEnumeration", Look::SHORT),
    same("abbreviatedStatement", Look::MIDDLE),
    same("conceptKeywords", Look::MIDDLE).joined(','),
    same("notes", Look::MIDDLE),
    same("language", Look::SHORT),
    same("educationLevel", Look::SHORT).joined(',').offering(Choices::Grades),
    same("CFItemType", Look::SHORT).offering(Choices::ItemTypes),
    part("license", Look::SHORT, "licenseURI", "title"),
    same("alternativeLabel", Look::MIDDLE),
    same("subject", Look::MIDDLE),
    same("statusStartDate", Look::SHORT),
    same("statusEndDate", Look::SHORT),
    same("lastChangeDateTime", Look::TIME),
    same("uri", Look::Link),
    same("CFItemTypeURI", Look::Link),
    same("subjectURI", Look::Link),
    same("conceptKeywordsURI", Look::Link),
    same("licenseURI", Look::Link).when(|book| book.any_item(|item| item.license_uri.is_some())),
    same("CFDocumentURI", Look::Link).when(|book| book.any_item(|item| item.home.is_some())),
    EXTENSIONS,
];

const ASSOCIATION: &[Declared] = &[
    same("identifier", Look::ID),
    part("originNodeURI", Look::Link, "originNodeURI", "uri"),
    part("originNodeIdentifier", Look::ID, "originNodeURI", "identifier"),
    meaning("originNodeHumanCodingScheme", Look::SHORT, |book, seen| {
        code(book, seen.part("originNodeURI", "identifier"))
    }),
    meaning("associationType", Look::SHORT, |_, seen| title_case(seen.property("associationType")))
        .offering(Choices::AssociationTypes),
    part("destinationNodeURI", Look::Link, "destinationNodeURI", "uri"),
    part("destinationNodeIdentifier", Look::ID, "destinationNodeURI", "identifier"),
    meaning("destinationNodeHumanCodingScheme", Look::SHORT, |book, seen| {
        code(book, seen.part("destinationNodeURI", "identifier"))
    }),
    part("associationGroupIdentifier", Look::ID, "CFAssociationGroupingURI", "identifier"),
    part("associationGroupName", Look::MIDDLE, "CFAssociationGroupingURI", "title"),
    same("sequenceNumber", Look::SHORT),
    same("notes", Look::MIDDLE),
    part("originStatement", Look::MIDDLE, "originNodeURI", "title"),
    part("destinationStatement", Look::MIDDLE, "destinationNodeURI", "title"),
    same("lastChangeDateTime", Look::TIME),
    same("uri", Look::Link),
    same("CFAssociationGroupingURI", Look::Link).when(|book| book.any_association(|one| one.grouping_uri.is_some())),
    part("originNodeTargetType", Look::SHORT, "originNodeURI", "targetType")
        .when(|book| book.any_association(|one| one.origin.target_type.is_some())),
    part("destinationNodeTargetType", Look::SHORT, "destinationNodeURI", "targetType")
        .when(|book| book.any_association(|one| one.destination.target_type.is_some())),
    EXTENSIONS,
];

/// Every sheet of the package, in order.
pub(super) fn all<'b>(book: &'b Book<'b>) -> Vec<Sheet<'b>> {
    let mut sheets = vec![document(book), items(book), associations(book)];
    sheets.extend(definitions::sheet(book));
    sheets.extend(rubrics::sheet(book));
    sheets
}

fn code(book: &Book<'_>, identifier: &str) -> String {
    book.item(identifier).and_then(|item| item.human_coding_scheme.clone()).unwrap_or_default()
}

/// Extensions as JSON; blank where there are none.
pub(super) fn json(extensions: Option<&Extensions>) -> String {
    extensions.map(|extensions| notation::json(&Value::Object(extensions.clone()))).unwrap_or_default()
}

/// The one row of the framework itself.
pub(super) fn document<'b>(book: &'b Book<'b>) -> Sheet<'b> {
    let document: &Document = book.document();
    let package_uri = book.package.package_uri.as_ref().map(LinkUri::from);
    let json = object(&CFDocument { package_uri, ..CFDocument::from(document) });
    let shape = Shape::new(book, DOCUMENT, Vec::new(), document.extensions.is_some());
    let rows = Box::new(std::iter::once(shape.row(book, &Seen::alone(&json))));
    Sheet { name: DOCUMENT_SHEET, columns: shape.columns(), rows }
}

/// The items, depth first.
pub(super) fn items<'b>(book: &'b Book<'b>) -> Sheet<'b> {
    let (own, others) = extension_columns(&book.package.items);
    let shape = Shape::new(book, ITEM, own, others);
    let columns = shape.columns();
    let rows = book.placed().map(move |(item, place)| {
        let home = item.home.as_ref().map(|home: &Link| LinkUri::from(home));
        let json = object(&CFItem { document_uri: home, ..CFItem::from(item) });
        shape.row(book, &Seen { json: &json, place: Some(place) })
    });
    Sheet { name: ITEM_SHEET, columns, rows: Box::new(rows) }
}

fn associations<'b>(book: &'b Book<'b>) -> Sheet<'b> {
    let others = book.any_association(|association| association.extensions.is_some());
    let shape = Shape::new(book, ASSOCIATION, Vec::new(), others);
    let columns = shape.columns();
    let rows = book.package.associations.iter().map(move |association| {
        let json = object(&CFAssociation::from(association));
        shape.row(book, &Seen::alone(&json))
    });
    Sheet { name: ASSOCIATION_SHEET, columns, rows: Box::new(rows) }
}

/// The extensions of items that get columns of their own: all values are plain text, and the name
/// could not be taken for anything else. Tells as well whether there are others.
fn extension_columns(items: &[Item]) -> (Vec<String>, bool) {
    let taken = |name: &str| ITEM.iter().any(|one| key(one.name()) == key(name));
    let header = |name: &str| is_plain(name) && !name.contains('\n') && !taken(name);
    let mut plain: BTreeMap<&str, bool> = BTreeMap::new();
    let mut empty = false;
    for extensions in items.iter().filter_map(|item| item.extensions.as_ref()) {
        empty |= extensions.is_empty();
        for (name, value) in extensions {
            let plain = plain.entry(name).or_insert_with(|| header(name));
            *plain &= value.as_str().is_some_and(is_plain);
        }
    }
    let total = plain.len();
    let plain = plain.into_iter().filter(|(_, plain)| *plain).map(|(name, _)| name.to_owned());
    let own: Vec<String> = plain.take(EXTENSION_COLUMNS).collect();
    let others = empty || own.len() < total;
    (own, others)
}
