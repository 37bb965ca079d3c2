//! Reads anything that claims to be a CASE package into the model, and says what it had to do.
//!
//! Lenient by design (digest 16.4): a bad member never fails the file. Whatever is repaired,
//! supplied or not kept gets one entry in the report. Only input that holds no package at all is
//! an error. Reads no clock and no store: what has to be supplied comes from [`Context`].

mod association;
mod definition;
mod document;
mod fields;
mod identifier;
mod item;
mod links;
mod rubric;
mod session;
mod stored;
mod uri;

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::model::{Association, Class, Item, Link, Package, Timestamp};
use super::report::{Report, Severity};
use super::vocab::IS_CHILD_OF;
use session::Session;

pub use identifier::{Canonical, canonical, canonical_in, in_uri, mint};
pub use links::extension_term;
pub use stored::{Stored, object};
pub use uri::proper as proper_uri;

/// What a reader may supply when the input does not say it.
#[derive(Clone, Debug)]
pub struct Context {
    /// The public address of this server, without a slash at the end; uris are minted under it.
    pub base_url: String,
    /// Stands in for a document's missing lastChangeDateTime.
    pub now: Timestamp,
}

/// One package and what was done to read it.
#[derive(Clone, Debug)]
pub struct Reading {
    pub package: Package,
    pub report: Report,
    /// Objects whose `uri` the input did not give.
    pub minted_uris: Vec<(Class, String)>,
    /// Objects whose `lastChangeDateTime` the input did not give.
    pub assumed_times: Vec<(Class, String)>,
    /// Identifiers that are no UUIDs, as received, with the object they now name.
    pub replaced_identifiers: Vec<(String, Class, String)>,
}

/// Why input cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the input is empty; expected a CASE package in JSON")]
    Empty,
    #[error("byte {offset} is not UTF-8; save the file as UTF-8 and try again")]
    NotUtf8 { offset: usize },
    #[error("not JSON at line {line}, column {column}: {problem}")]
    NotJson { line: usize, column: usize, problem: String },
    #[error("the JSON ends in the middle, at line {line}, column {column}; the file is probably cut off")]
    Truncated { line: usize, column: usize },
    #[error("the JSON is nested deeper than 128 levels, which no framework is")]
    TooDeep,
    #[error("this is JSON, but no CASE package: {found}; a package is an object with a CFDocument member")]
    NotAPackage { found: String },
}

/// Reads every package in `bytes`: one object, an array of them, or either in a `CFPackage` wrapper.
///
/// # Errors
/// [`ReadError`] when not a single package can be made out.
pub fn packages(bytes: &[u8], context: &Context) -> Result<Vec<Reading>, ReadError> {
    let value = json(bytes)?;
    let mut found = Vec::new();
    let mut strays = Vec::new();
    collect(value, String::new(), false, &mut found, &mut strays);
    if found.is_empty() {
        let found = strays.first().map_or_else(|| "an empty array".to_owned(), |(_, value)| describe(value));
        return Err(ReadError::NotAPackage { found });
    }
    let mut readings: Vec<Reading> =
        found.into_iter().map(|(place, wrapped, map)| package(map, place, wrapped, context)).collect();
    if let Some(first) = readings.first_mut() {
        for (place, value) in strays {
            let mut session = Session::new(context, place);
            session.note(
                Severity::Loss,
                "not-a-package",
                format!("this element is no CASE package ({}) and is left out", describe(&value)),
                Some(&value),
            );
            first.report.entries.append(&mut session.report.entries);
        }
    }
    Ok(readings)
}

/// Any JSON, with or without a byte-order mark.
///
/// # Errors
/// [`ReadError`], but never [`ReadError::NotAPackage`].
pub fn json(bytes: &[u8]) -> Result<Value, ReadError> {
    serde_json::from_str(decode(bytes)?).map_err(json_error)
}

/// Reads one package from JSON that is already parsed, e.g. a stored one.
///
/// # Errors
/// [`ReadError::NotAPackage`] when `value` is not an object with a CFDocument.
pub fn package_value(value: Value, context: &Context) -> Result<Reading, ReadError> {
    match value {
        Value::Object(map) if is_package(&map) => Ok(package(map, String::new(), false, context)),
        other => Err(ReadError::NotAPackage { found: describe(&other) }),
    }
}

fn decode(bytes: &[u8]) -> Result<&str, ReadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError::NotUtf8 { offset: error.valid_up_to() })?;
    if text.trim().is_empty() { Err(ReadError::Empty) } else { Ok(text) }
}

fn json_error(error: serde_json::Error) -> ReadError {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    if message.starts_with("recursion limit") {
        return ReadError::TooDeep;
    }
    if error.is_eof() {
        return ReadError::Truncated { line, column };
    }
    let problem = message.split(" at line ").next().unwrap_or(&message).to_owned();
    ReadError::NotJson { line, column, problem }
}

fn is_package(map: &Map<String, Value>) -> bool {
    match map.get("CFDocument") {
        Some(Value::Array(list)) => list.iter().any(Value::is_object),
        document => document.is_some_and(Value::is_object),
    }
}

type Found = (String, bool, Map<String, Value>);

fn collect(value: Value, place: String, wrapped: bool, found: &mut Vec<Found>, strays: &mut Vec<(String, Value)>) {
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.into_iter().enumerate() {
                collect(element, format!("{place}/{index}"), wrapped, found, strays);
            }
        }
        Value::Object(map) if is_package(&map) => found.push((place, wrapped, map)),
        Value::Object(mut map) if matches!(map.get("CFPackage"), Some(Value::Object(_) | Value::Array(_))) => {
            let inner = map.remove("CFPackage").unwrap_or_default();
            collect(inner, format!("{place}/CFPackage"), true, found, strays);
            for (key, rest) in map {
                strays.push((format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")), rest));
            }
        }
        other => strays.push((place, other)),
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Object(map) if map.contains_key("CFDocuments") => {
            "a list of CFDocuments (fetch each one's CFPackageURI instead)".to_owned()
        }
        Value::Object(map) if map.contains_key("imsx_codeMajor") => "an error answer of a CASE server".to_owned(),
        Value::Object(map) if map.contains_key("CFItems") => {
            "an object with CFItems but without a CFDocument".to_owned()
        }
        Value::Object(map) => {
            let keys: Vec<&str> = map.keys().take(5).map(String::as_str).collect();
            format!("an object with the members [{}]", keys.join(", "))
        }
        Value::Array(list) if list.is_empty() => "an empty array".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::String(_) => "a text".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::Bool(_) | Value::Null => value.to_string(),
    }
}

const MEMBERS: &[&str] = &["CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics", "extensions"];

fn package(map: Map<String, Value>, place: String, wrapped: bool, context: &Context) -> Reading {
    let mut session = Session::new(context, place);
    if wrapped {
        session.note(Severity::Info, "wrapper-removed", "the package stood in a CFPackage wrapper", None);
    }
    let mut fields = session.fields(map, MEMBERS);
    let document = fields.take("CFDocument");
    let definitions = fields.take("CFDefinitions");
    let items = fields.objects("CFItems");
    let associations = fields.objects("CFAssociations");
    let rubrics = fields.objects("CFRubrics");
    let extensions = fields.extensions();
    fields.finish();

    // The order makes a link's target known before the link is read.
    let (document, package_uri) = session.at("CFDocument", |s| document::document(s, document));
    let definitions = session.at("CFDefinitions", |s| definition::definitions(s, definitions));
    let mut items = session.each("CFItems", items.unwrap_or_default(), item::item);
    item::remember(&mut session, &items);
    let associations = session.each_some("CFAssociations", associations.unwrap_or_default(), association::association);
    declare_aliases(&mut items, &associations, &document.identity.identifier);
    let rubrics = rubrics.map(|values| session.each("CFRubrics", values, rubric::rubric));
    session.into_reading(Package { document, package_uri, items, associations, definitions, rubrics, extensions })
}

/// An isChildOf that names a source document says that its origin is borrowed from there
/// (digest 14.4).
fn declare_aliases(items: &mut [Item], associations: &[Association], document: &str) {
    let mut borrowed: HashMap<&str, Link> = HashMap::new();
    for association in associations.iter().filter(|a| a.association_type == IS_CHILD_OF) {
        let text = |name: &str| association.extensions.as_ref()?.get(name)?.as_str();
        let (Canonical::Proper(identifier) | Canonical::OddVersion(identifier) | Canonical::NotUuid(identifier)) =
            canonical(match text("sourceDocumentIdentifier") {
                Some(received) if !received.trim().is_empty() => received,
                _ => continue,
            });
        if identifier != document {
            let given = text("sourceDocumentURI").filter(|text| matches!(uri::check(text), uri::Uri::Proper));
            let uri = given.map_or_else(|| format!("urn:uuid:{identifier}"), str::to_owned);
            let link = Link { title: identifier.clone(), identifier, uri };
            borrowed.insert(&association.origin.identifier, link);
        }
    }
    for item in items.iter_mut().filter(|item| item.home.is_none()) {
        item.home = borrowed.remove(item.identity.identifier.as_str());
    }
}
