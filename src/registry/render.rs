//! Stored objects as either version of the standard writes them.

use serde::Serialize;
use serde_json::Value;

use crate::case::Version;
use crate::case::model::Class;
use crate::case::read::{self, Stored};
use crate::case::v1p0::Downgrade;
use crate::case::v1p1::{
    CFAssociation, CFDefinition, CFDocument, CFItem, CFRubric, CFRubricCriterion, CFRubricCriterionLevel, LinkUri,
};

/// Writes `wire` as that version has it.
pub(super) fn json<T: Serialize + Downgrade>(version: Version, wire: T) -> String {
    let written = match version {
        Version::V1p1 => serde_json::to_string(&wire),
        Version::V1p0 => serde_json::to_string(&wire.to_v1p0()),
    };
    // Structs of texts, numbers and JSON objects always serialise.
    written.unwrap_or_default()
}

/// The link that a document, item or association has only where it stands alone, by class.
const fn context_member(class: Class) -> Option<&'static str> {
    match class {
        Class::Document => Some("CFPackageURI"),
        Class::Item | Class::Association => Some("CFDocumentURI"),
        _ => None,
    }
}

/// A stored object, with its context link where it is to stand alone.
pub(super) fn object(version: Version, class: Class, body: &str, context: Option<LinkUri<'_>>) -> String {
    if version == Version::V1p1 {
        return with_member(body, context_member(class), context);
    }
    let value: Value = serde_json::from_str(body).unwrap_or_default();
    let Some(stored) = read::object(class, value) else { return body.to_owned() };
    match &stored {
        Stored::Document(document) => json(version, CFDocument { package_uri: context, ..CFDocument::from(document) }),
        Stored::Item(item) => json(version, CFItem { document_uri: context, ..CFItem::from(item) }),
        Stored::Association(association) => {
            json(version, CFAssociation { document_uri: context, ..CFAssociation::from(association) })
        }
        Stored::Concept(one) => json(version, CFDefinition::from(one)),
        Stored::Subject(one) => json(version, CFDefinition::from(one)),
        Stored::License(one) => json(version, CFDefinition::from(one)),
        Stored::ItemType(one) => json(version, CFDefinition::from(one)),
        Stored::Grouping(one) => json(version, CFDefinition::from(one)),
        Stored::Rubric(rubric) => json(version, CFRubric::from(rubric)),
        Stored::Criterion(criterion) => json(version, CFRubricCriterion::from(criterion)),
        Stored::Level(level) => json(version, CFRubricCriterionLevel::from(level)),
    }
}

/// Adds a member at the end of a JSON object. What is stored is already 1.1 and need not be
/// parsed to be sent.
fn with_member(body: &str, name: Option<&str>, link: Option<LinkUri<'_>>) -> String {
    let (Some(name), Some(link), Some(open)) = (name, link, body.strip_suffix('}')) else { return body.to_owned() };
    format!("{open},\"{name}\":{}}}", serde_json::to_string(&link).unwrap_or_default())
}

/// `{"<name>":[…]}`
pub(super) fn set(name: &str, members: &[String]) -> String {
    format!("{{\"{name}\":[{}]}}", members.join(","))
}
