//! Which property of CTDL-ASN is which member of CASE, and what becomes of its value each way.

use serde_json::{Map, Value, json};

use super::super::asn::adoption_status;
use super::super::draft::{Draft, Object, split_languages};
use super::super::graph::{Node, is_language_map, references, texts};
use super::super::names;
use crate::case::education;
use crate::case::report::Severity;

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One text in a map of languages.
    Text,
    /// A list of texts in a map of languages; one text in CASE.
    Joined,
    /// A list of texts in a map of languages, and in CASE.
    Texts,
    /// One text of no language.
    Plain,
    /// A list of texts of no language; one text in CASE.
    PlainJoined,
    /// One address.
    Address,
    /// Languages; one in CASE.
    Language,
    /// Concepts of a publication status.
    Status,
    /// Concepts of education levels.
    Levels,
}

/// Property, member, form.
pub(super) type Term = (&'static str, &'static str, Form);

/// Of a framework; the language first, since it says which texts of a map are the framework's own.
pub(super) const FRAMEWORK: &[Term] = &[
    ("ceasn:inLanguage", "language", Form::Language),
    ("ceasn:name", "title", Form::Text),
    ("ceasn:description", "description", Form::Text),
    ("ceasn:author", "creator", Form::PlainJoined),
    ("ceasn:publisherName", "publisher", Form::Joined),
    ("ceterms:subjectWebpage", "officialSourceURL", Form::Address),
    ("ceasn:localSubject", "subject", Form::Texts),
    ("ceterms:versionCode", "version", Form::Plain),
    ("ceasn:publicationStatusType", "adoptionStatus", Form::Status),
    ("ceasn:dateValidFrom", "statusStartDate", Form::Plain),
    ("ceasn:dateValidUntil", "statusEndDate", Form::Plain),
    ("ceasn:dateModified", "lastChangeDateTime", Form::Plain),
    ("ceasn:comment", "notes", Form::Joined),
];

/// Of a competency.
pub(super) const COMPETENCY: &[Term] = &[
    ("ceasn:inLanguage", "language", Form::Language),
    ("ceasn:competencyText", "fullStatement", Form::Text),
    ("ceasn:competencyLabel", "abbreviatedStatement", Form::Text),
    ("ceasn:competencyCategory", "CFItemType", Form::Text),
    ("ceasn:codedNotation", "humanCodingScheme", Form::Plain),
    ("ceasn:listID", "listEnumeration", Form::Plain),
    ("ceasn:comment", "notes", Form::Joined),
    ("ceasn:conceptKeyword", "conceptKeywords", Form::Texts),
    ("ceasn:localSubject", "subject", Form::Texts),
    ("ceasn:educationLevelType", "educationLevel", Form::Levels),
    ("ceasn:dateModified", "lastChangeDateTime", Form::Plain),
];

const LEVELS: &str = "http://purl.org/ASN/scheme/ASNEducationLevel/";
const STATUSES: &str = "http://credreg.net/ctdlasn/vocabs/publicationStatus/";
/// The tag of a language that nobody says.
pub(super) const UNDETERMINED: &str = "und";

/// Moves the properties of a thing into members of CASE; what cannot be said there is kept as an
/// extension, and so is what has no term.
pub(super) fn read(draft: &mut Draft, node: &mut Node, object: &mut Object, terms: &[Term], inherited: Option<&str>) {
    for (property, member, form) in terms {
        let Some((_, value)) = node.take(&[property]) else { continue };
        let place = node.place_of(property);
        let own = object.members.get("language").and_then(Value::as_str).or(inherited).map(str::to_owned);
        let (kept, rest) = member_of(&value, *form, own.as_deref());
        if let Some(kept) = kept {
            object.set(member, kept, place.clone());
        }
        if let Some(rest) = rest {
            if *form == Form::Levels {
                let sentence = "not every level has a code in CASE; the concepts are kept in the extensions";
                draft.note(Severity::Info, "education-level", place, sentence.to_owned(), Some(&value));
            }
            object.extend(property, rest);
        }
    }
}

/// What CASE can say of a value, and what it cannot.
fn member_of(value: &Value, form: Form, own: Option<&str>) -> (Option<Value>, Option<Value>) {
    let whole = || Some(value.clone());
    match form {
        Form::Text | Form::Joined | Form::Texts => {
            let (here, others) = split_languages(texts(value), own);
            let others = (!others.is_empty()).then_some(Value::Object(others));
            match form {
                _ if here.is_empty() => (None, whole()),
                Form::Texts => (Some(json!(here)), others),
                Form::Joined => (Some(Value::from(here.join("\n\n"))), others),
                _ => (Some(Value::from(here.join(" / "))), others),
            }
        }
        Form::Plain | Form::PlainJoined => {
            let all: Vec<String> = texts(value).into_iter().map(|text| text.text).collect();
            let between = if form == Form::Plain { " / " } else { "; " };
            if all.is_empty() { (None, whole()) } else { (Some(Value::from(all.join(between))), None) }
        }
        Form::Address => match references(value).as_slice() {
            [] => (None, whole()),
            [one] => (Some(Value::from(one.as_str())), None),
            [first, ..] => (Some(Value::from(first.as_str())), whole()),
        },
        Form::Language => match texts(value).as_slice() {
            [] => (None, whole()),
            [one] => (Some(Value::from(one.text.as_str())), None),
            [first, ..] => (Some(Value::from(first.text.as_str())), whole()),
        },
        Form::Status => {
            let meant = references(value).iter().find_map(|concept| adoption_status(concept));
            meant.map_or_else(|| (None, whole()), |status| (Some(Value::from(status)), None))
        }
        Form::Levels => {
            let concepts = references(value);
            let levels: Option<Vec<&str>> =
                concepts.iter().map(|concept| education::level(names::last_part(concept))).collect();
            levels.map_or_else(|| (None, whole()), |levels| (Some(json!(levels)), None))
        }
    }
}

/// Writes members of CASE as properties. What the extensions say in other languages is said beside.
pub(super) fn write(properties: &mut Map<String, Value>, members: &Map<String, Value>, terms: &[Term], language: &str) {
    let extensions = members.get("extensions").and_then(Value::as_object);
    for (property, member, form) in terms {
        let extension = extensions.and_then(|map| map.get(*property));
        let value = members.get(*member).and_then(|value| property_of(value, *form, language));
        let value = match (value, extension) {
            (Some(Value::Object(mut own)), Some(Value::Object(others)))
                if is_language_map(others) && !others.contains_key(language) =>
            {
                own.extend(others.clone());
                Some(Value::Object(own))
            }
            // A list of languages, or concepts, of which CASE has the first or none.
            (_, Some(extension)) if [Form::Language, Form::Levels].contains(form) => Some(extension.clone()),
            (value, _) => value,
        };
        if let Some(value) = value {
            properties.insert((*property).to_owned(), value);
        }
    }
}

fn property_of(value: &Value, form: Form, language: &str) -> Option<Value> {
    let in_language = |value: Value| {
        let map: Map<String, Value> = [(language.to_owned(), value)].into_iter().collect();
        Some(Value::Object(map))
    };
    let text = value.as_str();
    match form {
        Form::Text => in_language(Value::from(text?)),
        Form::Joined => in_language(json!([text?])),
        Form::Texts => in_language(value.clone()).filter(|_| value.as_array().is_some_and(|list| !list.is_empty())),
        Form::Plain | Form::Address => Some(Value::from(text?)),
        Form::PlainJoined => Some(json!([text?])),
        Form::Language => Some(json!([names::language(text?)])),
        Form::Status => {
            let concept = match text? {
                "Draft" | "Private Draft" => "Draft",
                "Adopted" | "Implemented" => "Published",
                "Deprecated" | "Retired" => "Deprecated",
                _ => return None,
            };
            Some(Value::from(format!("{STATUSES}{concept}")))
        }
        Form::Levels => {
            let concepts: Option<Vec<String>> =
                value.as_array()?.iter().map(|level| level_concept(level.as_str()?)).collect();
            concepts.filter(|concepts| !concepts.is_empty()).map(|concepts| json!(concepts))
        }
    }
}

/// The concept of a level in ASN's scheme, which has the school years.
pub(super) fn level_concept(level: &str) -> Option<String> {
    let name = match level {
        "KG" => "K".to_owned(),
        "PK" => "Pre-K".to_owned(),
        code => code.parse::<u8>().ok().filter(|year| (1..=12).contains(year))?.to_string(),
    };
    Some(format!("{LEVELS}{name}"))
}
