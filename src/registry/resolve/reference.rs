//! What is to be resolved, and how it is read from JSON: a text of any shape, or an object with the
//! members of any kind of alignment.
//!
//! Pure: says what was meant, never whether it is there.

use serde_json::{Map, Value};

/// The longest text of a reference, in bytes, and the longest passage.
const LONGEST: usize = 8_000;
const LONGEST_PASSAGE: usize = 100_000;

/// Something that points at an object of a framework. What is not known is `None`; the more is known,
/// the surer it is resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reference {
    /// A text whose shape tells what it is: identifier, uri, CTID, code or name.
    pub any: Option<String>,
    pub identifier: Option<String>,
    pub uri: Option<String>,
    pub code: Option<String>,
    pub name: Option<String>,
    /// Identifier, uri or title of the framework; several are several attempts.
    pub framework: Vec<String>,
    /// The `targetType` of an alignment.
    pub target_type: Option<String>,
    /// Free text, in which codes, uris and identifiers are found.
    pub passage: Option<String>,
}

/// The members that say each thing, the best first (digest of credentials 1.1 to 1.3, 2.1, 4.2, 4.3).
const ANY: &[&str] = &["reference"];
const IDENTIFIER: &[&str] = &["identifier", "guid", "caseItemId"];
const URI: &[&str] = &[
    "uri",
    "url",
    "targetUrl",
    "targetURL",
    "target_url",
    "ceterms:targetNode",
    "targetNode",
    "@id",
    "ctid",
    "ceterms:ctid",
];
const CODE: &[&str] =
    &["code", "targetCode", "target_code", "humanCodingScheme", "termCode", "ceterms:codedNotation", "codedNotation"];
const NAME: &[&str] =
    &["name", "targetName", "target_name", "fullStatement", "title", "ceterms:targetNodeName", "targetNodeName"];
const FRAMEWORK: &[&str] = &[
    "framework",
    "targetFramework",
    "target_framework",
    "educationalFramework",
    "frameworkName",
    "ceterms:framework",
    "ceterms:frameworkName",
    "inDefinedTermSet",
    "caseDocumentId",
];
const TARGET_TYPE: &[&str] = &["targetType", "target_type"];
const PASSAGE: &[&str] = &["text"];

impl Reference {
    /// A text of any shape.
    #[must_use]
    pub fn any(text: impl Into<String>) -> Reference {
        Reference { any: Some(text.into()), ..Reference::default() }
    }

    /// Free text.
    #[must_use]
    pub fn passage(text: impl Into<String>) -> Reference {
        Reference { passage: Some(text.into()), ..Reference::default() }
    }

    /// A reference as JSON has it: a text, or an object with the members of an alignment of any
    /// version, a DefinedTerm, or the pair of identifiers that some products store. Members that say
    /// nothing here are passed over.
    ///
    /// # Errors
    /// A sentence that says what is wrong, when there is nothing to go by.
    pub fn from_json(value: &Value) -> Result<Reference, String> {
        let reference = match value {
            Value::String(text) if text.trim().is_empty() => Reference::default(),
            Value::String(text) => Reference::any(text.as_str()),
            Value::Object(members) => Reference::from_members(members),
            other => return Err(format!("a reference is a text or an object, and not {}", kind_of(other))),
        };
        reference.checked()
    }

    fn from_members(members: &Map<String, Value>) -> Reference {
        let first = |names: &[&str]| names.iter().find_map(|name| text_of(members.get(*name)?));
        let mut framework: Vec<String> = Vec::new();
        for value in FRAMEWORK.iter().filter_map(|name| members.get(*name)) {
            let of_object = ["identifier", "uri", "url", "@id", "title", "name"];
            match value {
                Value::Object(inner) if of_object.iter().any(|name| inner.contains_key(*name)) => {
                    framework.extend(of_object.iter().filter_map(|name| text_of(inner.get(*name)?)));
                }
                other => framework.extend(text_of(other)),
            }
        }
        Reference {
            any: first(ANY),
            identifier: first(IDENTIFIER),
            uri: first(URI),
            code: first(CODE),
            name: first(NAME),
            framework,
            target_type: first(TARGET_TYPE),
            passage: first(PASSAGE),
        }
    }

    fn checked(self) -> Result<Reference, String> {
        let Reference { any, identifier, uri, code, name, framework, target_type: _, passage } = &self;
        let told = [any, identifier, uri, code, name].into_iter().flatten().chain(framework);
        if told.clone().next().is_none() && passage.is_none() {
            return Err("there is nothing to go by; give a text, or one of identifier, uri, code, name, framework, \
                        text, or the members of an alignment"
                .to_owned());
        }
        if told.into_iter().any(|text| text.len() > LONGEST) {
            return Err(format!("a text of it is longer than {LONGEST} bytes; longer ones go into the member text"));
        }
        if passage.as_ref().is_some_and(|text| text.len() > LONGEST_PASSAGE) {
            return Err(format!("the text is longer than {LONGEST_PASSAGE} bytes; send it in parts"));
        }
        Ok(self)
    }
}

/// A text, of whatever kind it is: a number as it is written, the first of a list, of a language map
/// what is English, else the first.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(all) => return all.iter().find_map(scalar),
        Value::Object(map) => return map.get("en").and_then(scalar).or_else(|| map.values().find_map(scalar)),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// As [`text_of`], of what may not hold anything itself.
fn scalar(value: &Value) -> Option<String> {
    if value.is_array() || value.is_object() { None } else { text_of(value) }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Reference {
        Reference::from_json(&value).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn every_spelling_of_an_alignment_says_the_same() {
        let expect = Reference {
            uri: Some("https://h/uri/1".to_owned()),
            code: Some("A.1".to_owned()),
            name: Some("Add".to_owned()),
            framework: vec!["Maths".to_owned()],
            ..Reference::default()
        };
        for value in [
            json!({"targetUrl": "https://h/uri/1", "targetCode": "A.1", "targetName": "Add", "targetFramework": "Maths"}),
            json!({"target_url": "https://h/uri/1", "target_code": "A.1", "target_name": "Add", "target_framework": "Maths"}),
            json!({"targetUrl": "https://h/uri/1", "targetCode": "A.1", "targetName": {"fr": "Ajouter", "en": "Add"},
                "educationalFramework": "Maths", "id": "urn:uuid:0", "confidence": null}),
            json!({"targetUrl": ["https://h/uri/1"], "targetCode": "A.1", "targetName": " Add ", "frameworkName": "Maths"}),
            json!({"@type": "DefinedTerm", "@id": "https://h/uri/1", "termCode": "A.1", "name": "Add",
                "inDefinedTermSet": {"@type": "DefinedTermSet", "name": "Maths"}}),
            json!({"ceterms:targetNode": "https://h/uri/1", "ceterms:targetNodeName": {"en-US": "Add"},
                "ceterms:codedNotation": "A.1", "ceterms:frameworkName": {"en": "Maths"}}),
        ] {
            assert_eq!(read(value.clone()), expect, "{value}");
        }
    }

    #[test]
    fn what_says_nothing_is_told_so() {
        for value in [
            json!(null),
            json!(1),
            json!([]),
            json!({}),
            json!({"targetUrl": null, "targetName": ""}),
            json!({"targetType": "CFItem"}),
            json!({"uri": {"a": {"b": 1}}}),
            json!("x".repeat(LONGEST + 1)),
            json!({"text": "x".repeat(LONGEST_PASSAGE + 1)}),
        ] {
            assert!(Reference::from_json(&value).is_err(), "{value}");
        }
    }
}
