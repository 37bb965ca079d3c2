//! Reads a CFDocument.

use serde_json::Value;

use super::super::model::{Class, Document, Link};
use super::super::report::Severity;
use super::links;
use super::session::Session;

const NAMES: &[&str] = &[
    "identifier",
    "uri",
    "frameworkType",
    "caseVersion",
    "creator",
    "title",
    "lastChangeDateTime",
    "officialSourceURL",
    "publisher",
    "description",
    "subject",
    "subjectURI",
    "language",
    "version",
    "adoptionStatus",
    "statusStartDate",
    "statusEndDate",
    "licenseURI",
    "notes",
    "extensions",
    "CFPackageURI",
];

/// The document and its CFPackageURI.
pub(super) fn document(session: &mut Session<'_>, value: Option<Value>) -> (Document, Option<Link>) {
    let value = match value {
        Some(Value::Array(list)) => only_one(session, list),
        other => other.unwrap_or_default(),
    };
    let mut fields = session.object(value, NAMES);
    let title = fields.text("title");
    let identity = Session::identity(&mut fields, Class::Document, title.as_deref().unwrap_or_default());
    fields.session.document = Some((identity.identifier.clone(), identity.last_change.clone()));
    let title = title.unwrap_or_else(|| {
        let title = "Untitled framework".to_owned();
        let sentence = format!("title is required and missing: “{title}” is filled in");
        fields.session.at("title", |s| s.note(Severity::Warning, "required-filled", sentence, None));
        title
    });
    fields.session.remember(&identity, &title);
    let package_uri = fields.take("CFPackageURI");
    let publisher = fields.text("publisher");
    let document = Document {
        framework_type: fields.text("frameworkType"),
        case_version: case_version(&mut fields),
        creator: fields.required("creator", || publisher.clone().unwrap_or_else(|| "Unknown".to_owned())),
        official_source_url: fields.web_address("officialSourceURL"),
        publisher,
        description: fields.text("description"),
        subject: fields.texts("subject"),
        subject_uri: fields.links("subjectURI"),
        language: fields.text("language"),
        version: fields.text("version"),
        adoption_status: fields.text("adoptionStatus"),
        status_start_date: fields.date("statusStartDate"),
        status_end_date: fields.date("statusEndDate"),
        license_uri: fields.link("licenseURI"),
        notes: fields.text("notes"),
        extensions: fields.extensions(),
        identity,
        title,
    };
    fields.finish();
    let package_uri = package_uri.and_then(|value| session.at("CFPackageURI", |s| package_link(s, value)));
    (document, package_uri)
}

/// The first document of a list where one is expected.
fn only_one(session: &mut Session<'_>, list: Vec<Value>) -> Value {
    let original = Value::Array(list);
    let Value::Array(list) = &original else { return Value::Null };
    let (severity, rest) = if list.len() == 1 { (Severity::Info, "") } else { (Severity::Loss, "; the first is read") };
    let sentence = format!("one CFDocument is expected, not a list{rest}");
    session.note(severity, "object-from-list", sentence, Some(&original));
    list.iter().find(|one| one.is_object()).cloned().unwrap_or_default()
}

/// Only `1.1` may be written (digest 9.3); anything else is what its absence says anyway.
fn case_version(fields: &mut super::fields::Fields<'_, '_>) -> Option<String> {
    let text = fields.text("caseVersion")?;
    if text == "1.1" {
        return Some(text);
    }
    let (severity, sentence) = match text.as_str() {
        "1.0" => (Severity::Info, "1.0 packages do not state their version; left out"),
        _ => (Severity::Loss, "the only caseVersion that may be stated is 1.1; left out"),
    };
    fields.session.at("caseVersion", |s| s.note(severity, "case-version", sentence, Some(&Value::String(text))));
    None
}

fn package_link(session: &mut Session<'_>, value: Value) -> Option<Link> {
    let original = value.clone();
    let link = match value {
        // A bare string says where the package is; whose it is, is known.
        Value::String(uri) if !uri.is_empty() => {
            let (identifier, title) = own_link(session);
            session.note(
                Severity::Info,
                "link-from-text",
                "a link is an object; its other parts are filled in",
                Some(&original),
            );
            Some(Link { title, identifier, uri })
        }
        other => links::link(session, other),
    };
    let sentence = "kept, and written where the document stands alone; a package does not carry it";
    session.note(Severity::Info, "context-member", sentence, Some(&original));
    link
}

fn own_link(session: &Session<'_>) -> (String, String) {
    let id = session.document.as_ref().map_or_else(String::new, |(id, _)| id.clone());
    let title = session.known(&id).map_or_else(String::new, |known| known.title.clone());
    (id, title)
}
