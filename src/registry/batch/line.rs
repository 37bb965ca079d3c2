//! One line of a batch: a text with what is known of it, or a document with how it is aligned.
//!
//! Never contains what is done by it.

use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde::de::value::MapDeserializer;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::registry::align::MOST_BYTES;
use crate::registry::{
    AchievementOptions, AlignQuery, AlignScope, AlignTextRequest, JobOptions, OptionError, RegistryError,
};

/// The member that says what a line is called.
const ID: &str = "id";
/// The documents that a line may have in the place of a text.
const ACHIEVEMENT: &str = "achievement";
const JOB: &str = "job";
/// The media type of a job that is a text.
const JOB_MEDIA_TYPE: &str = "jobMediaType";
const TEXT: &str = "text/plain";
const JSON: &str = "application/json";

/// A line that was read, as far as it could be.
#[derive(Debug)]
pub struct BatchLine {
    pub(super) number: usize,
    pub(super) id: Option<Box<RawValue>>,
    pub(super) wanted: Result<Wanted, RegistryError>,
}

/// What a line wants.
#[derive(Debug)]
pub(super) enum Wanted {
    Text(Box<AlignQuery>, Box<AlignScope>),
    Achievement(Vec<u8>, Box<AchievementOptions>),
    /// With its media type.
    Job(Vec<u8>, String, JobOptions),
}

/// Members as they are written.
type Members<'l> = BTreeMap<String, &'l RawValue>;

impl BatchLine {
    /// Reads the line of that number.
    pub(super) fn read(number: usize, line: &[u8]) -> BatchLine {
        let members: Result<Members<'_>, _> = serde_json::from_slice(line);
        let Ok(mut members) = members else {
            let why = members.err().map(|error| error.to_string()).unwrap_or_default();
            return BatchLine::refused(number, format!("the line is no JSON object: {why}"));
        };
        let id = members.remove(ID).map(ToOwned::to_owned);
        BatchLine { number, id, wanted: wanted(members, line.len()) }
    }

    /// A line that is not looked at.
    pub(super) fn refused(number: usize, why: String) -> BatchLine {
        BatchLine { number, id: None, wanted: Err(RegistryError::AlignRequest(why)) }
    }
}

fn wanted(mut members: Members<'_>, length: usize) -> Result<Wanted, RegistryError> {
    let is_text = members.contains_key("text") || members.contains_key("name");
    match (members.remove(ACHIEVEMENT), members.remove(JOB)) {
        (Some(document), None) if !is_text => {
            let mut options = AchievementOptions::default();
            set(members, &AchievementOptions::LISTS, |name, value| options.set(name, value))?;
            Ok(Wanted::Achievement(document_of(document)?.0, Box::new(options)))
        }
        (None, Some(document)) if !is_text => {
            let told = members.remove(JOB_MEDIA_TYPE).map(|name| string(JOB_MEDIA_TYPE, name)).transpose()?;
            let mut options = JobOptions::default();
            set(members, &JobOptions::LISTS, |name, value| options.set(name, value))?;
            let (body, is_string) = document_of(document)?;
            let own = if is_string { told.unwrap_or_else(|| TEXT.to_owned()) } else { JSON.to_owned() };
            Ok(Wanted::Job(body, own, options))
        }
        (None, None) if is_text => {
            if length > MOST_BYTES {
                return Err(RegistryError::TooLong(MOST_BYTES));
            }
            let all = members.iter().map(|(name, value)| (name.as_str(), *value));
            let request = AlignTextRequest::deserialize(MapDeserializer::new(all))
                .map_err(|error: serde_json::Error| not_understood(error.to_string()))?;
            let (query, scope) = request.parts()?;
            Ok(Wanted::Text(Box::new(query), Box::new(scope)))
        }
        _ => Err(refused("a line is a JSON object with one of text, achievement and job".to_owned())),
    }
}

/// A document as it is written, and whether it is one in a string, such as a compact JWS or a text.
fn document_of(document: &RawValue) -> Result<(Vec<u8>, bool), RegistryError> {
    let written = document.get();
    if written.starts_with('"') {
        return Ok((string("the document", document)?.into_bytes(), true));
    }
    Ok((written.as_bytes().to_vec(), false))
}

/// Sets options that are members, with the names and values that they have in the query of a request.
fn set(
    members: Members<'_>,
    lists: &[&str],
    mut one: impl FnMut(&str, &str) -> Result<(), OptionError>,
) -> Result<(), RegistryError> {
    for (name, value) in members {
        let value: Value =
            serde_json::from_str(value.get()).map_err(|error| not_understood(format!("{name}: {error}")))?;
        let values = match value {
            Value::Null => continue,
            Value::Array(values) if lists.contains(&name.as_str()) => values,
            other => vec![other],
        };
        for value in values {
            let text = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(value) => value.to_string(),
                _ => return Err(not_understood(format!("{name} is a string, a number, or true or false"))),
            };
            one(&name, &text).map_err(|error| not_understood(error.to_string()))?;
        }
    }
    Ok(())
}

fn string(name: &str, value: &RawValue) -> Result<String, RegistryError> {
    serde_json::from_str(value.get()).map_err(|_| not_understood(format!("{name} is a string")))
}

fn not_understood(why: String) -> RegistryError {
    refused(format!("the line is not understood: {why}"))
}

fn refused(why: String) -> RegistryError {
    RegistryError::AlignRequest(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Wanted, String> {
        BatchLine::read(1, line.as_bytes()).wanted.map_err(|error| error.to_string())
    }

    #[test]
    fn a_line_is_a_text_or_a_document_with_the_options_of_its_route() {
        let Ok(Wanted::Text(query, scope)) = read(r#"{"id":1,"text":"a","educationLevel":["05"],"max":3}"#) else {
            panic!("a text")
        };
        assert_eq!((query.text.as_str(), query.grades.len(), scope.max), ("a", 1, 3));
        let line = r#"{"achievement": {"x": 1.50}, "mode":"apply", "frameworks":["a","b"], "notes":true, "max":2, "places":null}"#;
        let Ok(Wanted::Achievement(body, options)) = read(line) else { panic!("an achievement") };
        assert_eq!(body, br#"{"x": 1.50}"#, "as it is written");
        assert_eq!((options.frameworks.len(), options.max, options.alignment.notes), (2, 2, true));
        let Ok(Wanted::Achievement(body, _)) = read(r#"{"achievement":"a.b.c"}"#) else { panic!("a JWS") };
        assert_eq!(body, b"a.b.c");
        for (line, media_type) in [
            (r#"{"job":"<p>a"}"#, "text/plain"),
            (r#"{"job":"<p>a","jobMediaType":"text/html"}"#, "text/html"),
            (r#"{"job":["a"],"jobMediaType":"text/html"}"#, "application/json"),
        ] {
            let Ok(Wanted::Job(_, own, _)) = read(line) else { panic!("{line}") };
            assert_eq!(own, media_type);
        }
    }

    #[test]
    fn what_makes_no_sense_is_told_and_its_name_is_known() {
        for (line, says) in [
            ("", "no JSON object"),
            ("[]", "no JSON object"),
            ("{\"text\":\"\u{7f}", "no JSON object"),
            ("{}", "one of text, achievement and job"),
            (r#"{"text":"a","job":"b"}"#, "one of text, achievement and job"),
            (r#"{"achievement":{},"job":"b"}"#, "one of text, achievement and job"),
            (r#"{"text":""}"#, "text is empty"),
            (r#"{"text":7}"#, "not understood"),
            (r#"{"text":"a","framework":"b"}"#, "framework"),
            (r#"{"achievement":{},"colour":"red"}"#, "no parameter colour"),
            (r#"{"achievement":{},"max":0}"#, "from 1 to 50"),
            (r#"{"achievement":{},"max":[1]}"#, "max is"),
            (r#"{"job":"a","minConfidence":"x"}"#, "from 0 to 1"),
            (r#"{"job":"a","jobMediaType":1}"#, "jobMediaType is a string"),
        ] {
            let error = read(line).err().unwrap_or_default();
            assert!(error.contains(says), "{line}: {error}");
        }
        let line = BatchLine::read(7, br#"{"text":7,"id":{"a":1.0}}"#);
        assert_eq!((line.number, line.id.unwrap().get()), (7, r#"{"a":1.0}"#));
        assert!(BatchLine::read(1, &b"[".repeat(100_000)).wanted.is_err());
        let deep = format!(r#"{{"id":{}}}"#, "[".repeat(100_000) + &"]".repeat(100_000));
        assert!(BatchLine::read(1, deep.as_bytes()).wanted.is_err());
    }
}
