//! Reads a CFItem.

use serde_json::Value;

use super::super::model::{Class, Item, Link};
use super::super::report::Severity;
use super::fields::Fields;
use super::links;
use super::session::Session;

const NAMES: &[&str] = &[
    "identifier",
    "fullStatement",
    "alternativeLabel",
    "CFItemType",
    "uri",
    "humanCodingScheme",
    "listEnumeration",
    "abbreviatedStatement",
    "conceptKeywords",
    "conceptKeywordsURI",
    "notes",
    "subject",
    "subjectURI",
    "language",
    "educationLevel",
    "CFItemTypeURI",
    "licenseURI",
    "statusStartDate",
    "statusEndDate",
    "lastChangeDateTime",
    "extensions",
    "CFDocumentURI",
    "CFItemAssociationURI",
];

pub(super) fn item(session: &mut Session<'_>, value: Value) -> Item {
    let mut fields = session.object(value, NAMES);
    let statement = fields.text("fullStatement");
    let code = fields.text("humanCodingScheme");
    let short = fields.text("abbreviatedStatement");
    let seed = [&code, &statement].map(|text| text.as_deref().unwrap_or_default()).join(" ");
    let identity = Session::identity(&mut fields, Class::Item, &seed);
    let full_statement = statement.unwrap_or_else(|| {
        let default = short.clone().or_else(|| code.clone()).unwrap_or_default();
        let sentence = format!("fullStatement is required and missing: “{default}” is filled in");
        fields.session.at("fullStatement", |s| s.note(Severity::Warning, "required-filled", sentence, None));
        default
    });
    fields.implied("CFItemAssociationURI", "the address of the item's associations follows from its identifier");
    let item = Item {
        identity,
        full_statement,
        alternative_label: fields.text("alternativeLabel"),
        item_type: fields.text("CFItemType"),
        human_coding_scheme: code,
        list_enumeration: fields.text("listEnumeration"),
        abbreviated_statement: short,
        concept_keywords: fields.texts("conceptKeywords"),
        concept_keywords_uri: fields.link("conceptKeywordsURI"),
        notes: fields.text("notes"),
        subject: fields.texts("subject"),
        subject_uri: fields.links("subjectURI"),
        language: fields.text("language"),
        education_level: fields.texts("educationLevel"),
        item_type_uri: fields.link("CFItemTypeURI"),
        license_uri: fields.link("licenseURI"),
        status_start_date: fields.date("statusStartDate"),
        status_end_date: fields.date("statusEndDate"),
        extensions: fields.extensions(),
        home: other_home(&mut fields),
    };
    fields.finish();
    item
}

/// Makes the items known, so that the ends of associations can be completed.
pub(super) fn remember(session: &mut Session<'_>, items: &[Item]) {
    for item in items {
        session.remember(&item.identity, item.label());
    }
}

/// The framework that CFDocumentURI names, when it is not the one that is read.
fn other_home(fields: &mut Fields<'_, '_>) -> Option<Link> {
    foreign_document(fields, "the item belongs to another framework; kept as an alias of it")
}

/// Takes CFDocumentURI, which has no place in a package, and tells whether it names another
/// framework than the one that is read.
pub(super) fn foreign_document(fields: &mut Fields<'_, '_>, sentence: &str) -> Option<Link> {
    let value = fields.take("CFDocumentURI")?;
    if names_own_document(fields.session, &value) {
        let sentence = "a package does not repeat which framework it is; the link follows from it";
        fields.session.at("CFDocumentURI", |s| s.note(Severity::Info, "implied-member", sentence, Some(&value)));
        return None;
    }
    fields.session.at("CFDocumentURI", |session| {
        session.note(Severity::Info, "foreign-member", sentence, Some(&value));
        links::link(session, value)
    })
}

fn names_own_document(session: &Session<'_>, value: &Value) -> bool {
    // Read on its own, outside a package, whatever it names is its home.
    let Some((id, _)) = &session.document else { return false };
    let own_uri = session.known(id).map(|known| known.uri.as_str());
    let same =
        |text: &str| text.eq_ignore_ascii_case(id) || session.replacement(text) == Some(id) || own_uri == Some(text);
    match value {
        Value::String(uri) => same(uri) || super::identifier::in_uri(uri).as_ref() == Some(id),
        Value::Object(map) => {
            let text = |name| map.get(name).and_then(Value::as_str);
            match text("identifier") {
                Some(identifier) => same(identifier),
                None => text("uri").is_some_and(same),
            }
        }
        _ => false,
    }
}
