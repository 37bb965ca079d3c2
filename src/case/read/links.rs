//! Completes links: objects with missing parts, bare strings, ends outside the package.

use serde_json::{Map, Value};

use super::super::model::{Link, NodeLink};
use super::super::report::Severity;
use super::super::vocab;
use super::identifier::{self, Canonical};
use super::session::Session;
use super::uri::{self, Uri};

const LINK: &[&str] = &["title", "identifier", "uri"];
const NODE: &[&str] = &["title", "identifier", "uri", "targetType"];

/// The parts of a link as far as the input gives them.
struct Parts {
    title: Option<String>,
    identifier: Option<String>,
    uri: Option<String>,
    target_type: Option<String>,
}

fn parts(session: &mut Session<'_>, value: Value, names: &'static [&'static str]) -> Option<Parts> {
    match value {
        Value::String(text) if !text.trim().is_empty() => {
            let is_uri = matches!(uri::check(&text), Uri::Proper | Uri::Encoded(_)) && !text.starts_with("urn:uuid:");
            let original = Value::String(text.clone());
            session.note(
                Severity::Warning,
                "link-from-text",
                "a link is an object; its other parts are filled in",
                Some(&original),
            );
            let (uri, identifier) = if is_uri { (session.proper_uri(text), None) } else { (None, Some(text)) };
            Some(Parts { title: None, identifier, uri, target_type: None })
        }
        Value::Object(map) if !says_where(&map) => {
            let sentence = "a link with neither identifier nor uri; left out";
            session.note(Severity::Loss, "link-empty", sentence, Some(&Value::Object(map)));
            None
        }
        Value::Null => {
            session.note(Severity::Info, "null-as-absent", "null is read as absent", Some(&Value::Null));
            None
        }
        Value::Object(map) => {
            let mut fields = session.fields(map, names);
            let present = |text: &String| !text.trim().is_empty();
            let parts = Parts {
                title: fields.text("title"),
                identifier: fields.text("identifier").filter(present),
                uri: fields.uri("uri"),
                target_type: if names.contains(&"targetType") { fields.text("targetType") } else { None },
            };
            fields.finish();
            // A uri that was none leaves nothing to go by; that is reported already.
            (parts.identifier.is_some() || parts.uri.is_some()).then_some(parts)
        }
        other => {
            session.note(Severity::Loss, "wrong-type", "expected a link here; left out", Some(&other));
            None
        }
    }
}

/// Whether a link has a part that tells where it points.
pub(super) fn says_where(link: &Map<String, Value>) -> bool {
    let names =
        link.iter().filter(|(name, _)| ["identifier", "uri"].iter().any(|part| name.eq_ignore_ascii_case(part)));
    names.into_iter().any(|(_, value)| match value {
        Value::String(text) => !text.trim().is_empty(),
        value => value.is_number(),
    })
}

/// Reads a LinkURI; `None` when nothing says where it points.
pub(super) fn link(session: &mut Session<'_>, value: Value) -> Option<Link> {
    let Parts { title, identifier, uri, .. } = parts(session, value, LINK)?;
    let identifier = match (identifier, &uri) {
        (Some(text), _) => session.at("identifier", |s| s.published_identifier(&text)),
        (None, Some(uri)) => identifier_of(session, uri),
        (None, None) => return None,
    };
    let (title, uri) = complete(session, &identifier, title, uri);
    Some(Link { title, identifier, uri })
}

/// Reads a LinkGenURI; `beside` is an identifier that the 2016 form gives beside the object.
pub(super) fn node(session: &mut Session<'_>, value: Value, beside: Option<String>) -> Option<NodeLink> {
    let Parts { title, identifier, uri, target_type } = parts(session, value, NODE)?;
    let identifier = match (identifier.or(beside), &uri) {
        (Some(text), _) => session.at("identifier", |s| node_identifier(s, text)),
        (None, Some(uri)) => identifier_of(session, uri),
        (None, None) => return None,
    };
    let (title, uri) = complete(session, &identifier, title, uri);
    let target_type = target_type.map(|text| session.at("targetType", |s| proper_target_type(s, text)));
    Some(NodeLink { title, identifier, uri, target_type })
}

/// An end may carry any text; only what names an object of this package has to follow it.
fn node_identifier(session: &mut Session<'_>, text: String) -> String {
    match identifier::canonical(&text) {
        Canonical::NotUuid(_) => match session.replacement(&text).cloned() {
            Some(id) => {
                let sentence = format!("names an object of this package that is published as {id}");
                session.note(Severity::Info, "identifier-replaced", sentence, Some(&Value::String(text)));
                id
            }
            None => text,
        },
        _ if text.starts_with("urn:") => text,
        Canonical::OddVersion(id) if id == text => id,
        Canonical::Proper(_) | Canonical::OddVersion(_) => session.published_identifier(&text),
    }
}

fn identifier_of(session: &mut Session<'_>, uri: &str) -> String {
    let id =
        session.known_by_uri(uri).cloned().or_else(|| identifier::in_uri(uri)).unwrap_or_else(|| identifier::mint(uri));
    let sentence = format!("no identifier: {id}, from the uri, is filled in");
    session.at("identifier", |s| s.note(Severity::Warning, "link-completed", sentence, None));
    id
}

fn complete(session: &mut Session<'_>, id: &str, title: Option<String>, uri: Option<String>) -> (String, String) {
    let uri = uri.unwrap_or_else(|| {
        let uri = match session.known(id) {
            Some(known) => known.uri.clone(),
            None if id.contains("://") || id.starts_with("urn:") => id.to_owned(),
            None => session.mint_uri(id),
        };
        let sentence = format!("no uri: {uri} is filled in");
        session.at("uri", |s| s.note(Severity::Warning, "link-completed", sentence, None));
        uri
    });
    let title = title.unwrap_or_else(|| {
        let title = session.known(id).map_or_else(|| id.to_owned(), |known| known.title.clone());
        let sentence = format!("no title: “{title}” is filled in");
        session.at("title", |s| s.note(Severity::Info, "link-completed", sentence, None));
        title
    });
    (title, uri)
}

fn proper_target_type(session: &mut Session<'_>, text: String) -> String {
    if text == "CASE" || vocab::is_extension_term(&text) {
        return text;
    }
    let term = extension_term(&text);
    let sentence = format!("neither CASE nor ext:…; read as {term}");
    session.note(Severity::Warning, "target-type", sentence, Some(&Value::String(text)));
    term
}

/// `ext:` and as much of the text as such a term may hold.
#[must_use]
pub fn extension_term(text: &str) -> String {
    let text = text.strip_prefix("ext:").unwrap_or(text);
    let name: String =
        text.trim().chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    format!("ext:{}", if name.is_empty() { "unknown" } else { &name })
}
