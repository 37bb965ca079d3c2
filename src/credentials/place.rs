//! Putting alignments into a document, and nothing else.
//!
//! What is not added stays as it came: members that nobody knows, their order, how numbers are spelled. What is signed
//! stays signed, or loses its proof when the caller says so. Never decides what a document is aligned to.

use std::str::FromStr;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use serde_json::{Map, Value};

use super::alignment::{AlignmentOptions, UnknownChoice, alignment, same_target};
use super::document::{Document, Place, PlaceOf, Reason};
use super::target::Target;

/// What is done about what is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnSigned {
    /// It stays; its alignments are told beside the document.
    #[default]
    Detach,
    /// It is refused.
    Error,
    /// Its proof is removed, so that it needs a new signature.
    Unsign,
}

impl FromStr for OnSigned {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<OnSigned, UnknownChoice> {
        match text {
            "detach" => Ok(OnSigned::Detach),
            "error" => Ok(OnSigned::Error),
            "unsign" => Ok(OnSigned::Unsign),
            _ => Err(UnknownChoice { option: "onSigned", values: "detach, error or unsign" }),
        }
    }
}

/// One target for one place.
#[derive(Clone, Copy, Debug)]
pub struct Addition<'a> {
    /// Index into [`Document::places`].
    pub place: usize,
    pub target: &'a Target,
}

/// What became of an addition.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It stands at this pointer of the document that is returned.
    Added { pointer: String, alignment: Value },
    /// It would stand at this pointer, in a part that must not be changed.
    Detached { pointer: String, alignment: Value },
    /// The place has an alignment to this target already.
    Present,
}

/// What came of placing.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The document: what came in, byte for byte, when nothing was added; nothing when all of it is frozen.
    pub document: Option<Vec<u8>>,
    /// For each addition, in their order.
    pub outcomes: Vec<Outcome>,
    /// Pointers of what lost its proof or its signature and needs a new one.
    pub unsigned: Vec<String>,
}

/// Why nothing is placed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    #[error("{pointer} is neither an alignment nor a list of alignments; make it a list, or leave it out")]
    WrongType { pointer: String },
    #[error(
        "{} is signed; send the achievement before it is signed, or ask with onSigned=detach for the alignments alone, \
         or with onSigned=unsign for a copy without the signature",
        named(pointer)
    )]
    Signed { pointer: String, reason: Reason },
    /// The caller's mistake.
    #[error("there is no place {place} to add to")]
    NoPlace { place: usize },
}

fn named(pointer: &str) -> &str {
    if pointer.is_empty() { "the document" } else { pointer }
}

/// Adds alignments to the document.
///
/// # Errors
/// When a member that should hold alignments holds something else, and when something is signed and the caller wants
/// that refused.
pub fn place(
    document: &Document,
    additions: &[Addition<'_>],
    options: AlignmentOptions,
    on_signed: OnSigned,
) -> Result<Placed, PlaceError> {
    if let (OnSigned::Error, Some(frozen)) = (on_signed, document.frozen.first()) {
        return Err(PlaceError::Signed { pointer: frozen.pointer.clone(), reason: frozen.reason });
    }
    let mut edit =
        Edit { document, changed: None, added: vec![Vec::new(); document.places.len()], unsigned: Vec::new() };
    let mut outcomes = Vec::with_capacity(additions.len());
    for addition in additions {
        outcomes.push(edit.add(addition, options, on_signed)?);
    }
    let Edit { changed, unsigned, .. } = edit;
    let all_frozen = !document.is_open() && !document.frozen.is_empty() && unsigned.is_empty();
    let document = match changed {
        _ if all_frozen => None,
        None => Some(document.source.clone()),
        Some(value) => Some(write(&value, if document.jws { b"" } else { &document.source })),
    };
    Ok(Placed { document, outcomes, unsigned })
}

struct Edit<'a> {
    document: &'a Document,
    /// A copy, from the first change on.
    changed: Option<Value>,
    /// What each place got.
    added: Vec<Vec<&'a Target>>,
    unsigned: Vec<String>,
}

impl<'a> Edit<'a> {
    fn add(
        &mut self,
        addition: &Addition<'a>,
        options: AlignmentOptions,
        on_signed: OnSigned,
    ) -> Result<Outcome, PlaceError> {
        let no_place = PlaceError::NoPlace { place: addition.place };
        let document = self.document;
        let place = document.places.get(addition.place).filter(|place| place.of != PlaceOf::Result);
        let (Some(place), Some(added)) = (place, self.added.get_mut(addition.place)) else { return Err(no_place) };
        let same =
            |other: &&Target| other.identifier == addition.target.identifier || other.url() == addition.target.url();
        let existing = place.alignments.iter();
        if added.iter().any(same)
            || existing.into_iter().any(|one| same_target(addition.target, one.url.as_deref(), one.code.as_deref()))
        {
            return Ok(Outcome::Present);
        }
        let pointer = place.alignment_pointer(place.held + added.len());
        added.push(addition.target);
        let alignment = Value::Object(alignment(place.spelling, addition.target, options));
        if place.frozen.is_some() && (on_signed != OnSigned::Unsign || place.embedded) {
            return Ok(Outcome::Detached { pointer, alignment });
        }
        let value = self.changed.get_or_insert_with(|| document.value.clone());
        if place.frozen.is_some() {
            unsign(value, document, place, &mut self.unsigned);
        }
        let members = value.pointer_mut(&place.pointer).and_then(Value::as_object_mut).ok_or(no_place)?;
        append(members, place, alignment.clone())?;
        Ok(Outcome::Added { pointer, alignment })
    }
}

fn append(members: &mut Map<String, Value>, place: &Place, alignment: Value) -> Result<(), PlaceError> {
    let held = members.entry(place.holder).or_insert(Value::Null);
    match held {
        Value::Null => *held = Value::Array(vec![alignment]),
        Value::Array(all) => all.push(alignment),
        Value::Object(_) => *held = Value::Array(vec![held.take(), alignment]),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(PlaceError::WrongType { pointer: format!("{}/{}", place.pointer, place.holder) });
        }
    }
    Ok(())
}

/// Takes the proofs away that a change of this place would break.
fn unsign(value: &mut Value, document: &Document, place: &Place, unsigned: &mut Vec<String>) {
    for pointer in document.jws.then(String::new).iter().chain(&place.proofs) {
        if let Some(members) = value.pointer_mut(pointer).and_then(Value::as_object_mut) {
            members.shift_remove("proof");
        }
        if !unsigned.contains(pointer) {
            unsigned.push(pointer.clone());
        }
    }
}

/// The value, indented as the source is.
fn write(value: &Value, source: &[u8]) -> Vec<u8> {
    let indent = indentation(source);
    let mut bytes = Vec::with_capacity(source.len() + 1024);
    match indent {
        Some(indent) => serialize(value, PrettyFormatter::with_indent(indent), &mut bytes),
        None => serialize(value, serde_json::ser::CompactFormatter, &mut bytes),
    }
    if source.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    bytes
}

fn serialize(value: &Value, formatter: impl Formatter, bytes: &mut Vec<u8>) {
    // Writing a value into memory does not fail.
    let _ = value.serialize(&mut Serializer::with_formatter(bytes, formatter));
}

/// The white space before the first member, when each stands on a line of its own.
fn indentation(source: &[u8]) -> Option<&[u8]> {
    let source = source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source).trim_ascii_start();
    let rest = source.strip_prefix(b"{")?;
    let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
    let blank = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
    rest.get(..blank).filter(|indent| !indent.is_empty() && indent.len() <= 16)
}
