//! Reads a CFAssociation.

use serde_json::Value;

use super::super::Version;
use super::super::model::{Association, Class, Link, NodeLink};
use super::super::report::Severity;
use super::super::vocab::{self, IS_RELATED_TO};
use super::fields::Fields;
use super::item::foreign_document;
use super::links;
use super::session::Session;

const NAMES: &[&str] = &[
    "identifier",
    "associationType",
    "sequenceNumber",
    "uri",
    "originNodeURI",
    "destinationNodeURI",
    "CFAssociationGroupingURI",
    "lastChangeDateTime",
    "notes",
    "extensions",
    "CFDocumentURI",
    "originNodeIdentifier",
    "destinationNodeIdentifier",
    "CFAssociationGroupingIdentifier",
];

/// The association; `None`, reported, when it lacks an end.
pub(super) fn association(session: &mut Session<'_>, value: Value) -> Option<Association> {
    let both_ends = ["origin", "destination"].iter().all(|end| {
        let link = value.get(format!("{end}NodeURI"));
        is_end(link) || is_end(value.get(format!("{end}NodeIdentifier")))
    });
    if !both_ends {
        session.note(
            Severity::Loss,
            "association-without-end",
            "an association needs an origin and a destination; left out",
            Some(&value),
        );
        return None;
    }
    let seed = both_ends_text(&value);
    let mut fields = session.object(value, NAMES);
    let identity = Session::identity(&mut fields, Class::Association, &seed);
    let origin = node(&mut fields, "originNodeURI", "originNodeIdentifier");
    let destination = node(&mut fields, "destinationNodeURI", "destinationNodeIdentifier");
    let (association_type, turned) = association_type(&mut fields);
    // An association has no home of its own: it is kept where it was found.
    drop(foreign_document(&mut fields, "the association is kept in the framework whose package carries it"));
    let sequence_number = fields.integer("sequenceNumber");
    let grouping_uri = grouping(&mut fields);
    let notes = fields.text("notes");
    let extensions = fields.extensions();
    fields.finish();
    let (Some(origin), Some(destination)) = (origin, destination) else {
        let sentence = "an end of this association could not be read; the association is left out";
        session.note(Severity::Loss, "association-without-end", sentence, None);
        return None;
    };
    let (origin, destination) = if turned { (destination, origin) } else { (origin, destination) };
    Some(Association {
        identity,
        association_type,
        sequence_number,
        origin,
        destination,
        grouping_uri,
        notes,
        extensions,
    })
}

/// Whether something can be made of an end.
fn is_end(value: Option<&Value>) -> bool {
    match value {
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Object(map)) => links::says_where(map),
        _ => false,
    }
}

/// An end, with the identifier that the 2016 form repeats beside it.
fn node(fields: &mut Fields<'_, '_>, name: &'static str, beside: &'static str) -> Option<NodeLink> {
    let identifier = identifier_beside(fields, name, beside);
    fields.node(name, identifier)
}

/// The grouping, with the identifier that the 2016 form repeats beside it.
fn grouping(fields: &mut Fields<'_, '_>) -> Option<Link> {
    const LINK: &str = "CFAssociationGroupingURI";
    let identifier = identifier_beside(fields, LINK, "CFAssociationGroupingIdentifier");
    fields.link_or(LINK, identifier)
}

/// The identifier beside a link; it matters only where the link is silent.
fn identifier_beside(fields: &mut Fields<'_, '_>, link: &'static str, beside: &'static str) -> Option<String> {
    let told = fields.peek(link).and_then(|link| link.get("identifier")).and_then(Value::as_str).map(str::to_owned);
    let identifier = fields.text(beside).filter(|text| !text.trim().is_empty())?;
    let (severity, sentence) = match told {
        Some(told) if told == identifier => (Severity::Info, format!("{link} says the same")),
        Some(_) => (Severity::Loss, format!("{link} says something else, and is kept")),
        None => (Severity::Info, format!("read as the identifier of {link}")),
    };
    let original = Value::String(identifier.clone());
    fields.session.at(beside, |s| s.note(severity, "implied-member", sentence, Some(&original)));
    Some(identifier)
}

/// What an association without an identifier is recognised by the next time.
fn both_ends_text(value: &Value) -> String {
    ["originNodeURI", "associationType", "destinationNodeURI", "CFAssociationGroupingURI"]
        .iter()
        .filter_map(|name| value.get(*name))
        .map(|end| end.get("identifier").or_else(|| end.get("uri")).unwrap_or(end).to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The type in the standard's spelling, and whether the ends have to change places for it.
fn association_type(fields: &mut Fields<'_, '_>) -> (String, bool) {
    let text = fields.required("associationType", || IS_RELATED_TO.to_owned());
    if vocab::is_association_type(Version::V1p1, &text) {
        return (text, false);
    }
    let (meant, turned) = match vocab::recognise_association_type(&text) {
        Some((known, turned)) => (known.to_owned(), turned),
        None => (links::extension_term(&text), false),
    };
    let direction = if turned { ", with origin and destination exchanged" } else { "" };
    let sentence = format!("no association type of CASE; read as {meant}{direction}");
    let original = Value::String(text);
    fields.session.at("associationType", |s| s.note(Severity::Warning, "association-type", sentence, Some(&original)));
    (meant, turned)
}
