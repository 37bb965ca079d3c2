//! Putting alignments into a document, and nothing else.
//!
//! What is not added stays as it came: members that nobody knows, their order, how numbers are spelled. What is signed
//! stays signed, or loses its proof when the caller says so. Never decides what a document is aligned to.

use std::borrow::Cow;
use std::str::FromStr;

use serde_json::Value;

use super::alignment::{AlignmentOptions, UnknownChoice, alignment, same_target};
use super::document::{Document, PlaceOf, Reason};
use super::splice::{self, Insertion};
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
    /// Its text is not what was read of it, such as when names are written as the JSON library writes its own.
    #[error("{} cannot be found in the text of the document; leave out members with unusual names", named(pointer))]
    Unreachable { pointer: String },
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
    let mut edit = Edit {
        document,
        targets: vec![Vec::new(); document.places.len()],
        insertions: Vec::new(),
        unsigned: Vec::new(),
    };
    let mut outcomes = Vec::with_capacity(additions.len());
    for addition in additions {
        outcomes.push(edit.add(addition, options, on_signed)?);
    }
    let all_frozen = !document.is_open() && !document.frozen.is_empty() && edit.unsigned.is_empty();
    let placed = if all_frozen { None } else { Some(edit.write()?) };
    Ok(Placed { document: placed, outcomes, unsigned: edit.unsigned })
}

struct Edit<'a> {
    document: &'a Document,
    /// What each place got, placed or told.
    targets: Vec<Vec<&'a Target>>,
    insertions: Vec<Insertion>,
    unsigned: Vec<String>,
}

impl<'a> Edit<'a> {
    fn add(
        &mut self,
        addition: &Addition<'a>,
        options: AlignmentOptions,
        on_signed: OnSigned,
    ) -> Result<Outcome, PlaceError> {
        let document = self.document;
        let place = document.places.get(addition.place).filter(|place| place.of != PlaceOf::Result);
        let (Some(place), Some(targets)) = (place, self.targets.get_mut(addition.place)) else {
            return Err(PlaceError::NoPlace { place: addition.place });
        };
        let target = addition.target;
        let same = |other: &&Target| other.identifier == target.identifier || other.url() == target.url();
        let mut existing = place.alignments.iter();
        if targets.iter().any(same) || existing.any(|one| same_target(target, one.url.as_deref(), one.code.as_deref()))
        {
            return Ok(Outcome::Present);
        }
        let pointer = place.next_pointer(targets.len());
        targets.push(target);
        let alignment = Value::Object(alignment(place.spelling, target, options));
        if place.frozen.is_some() && (on_signed != OnSigned::Unsign || place.embedded) {
            return Ok(Outcome::Detached { pointer, alignment });
        }
        if place.held.is_none() {
            return Err(PlaceError::WrongType { pointer: format!("{}/{}", place.pointer, place.holder) });
        }
        if place.frozen.is_some() {
            for broken in document.signed.is_some().then(String::new).iter().chain(&place.proofs) {
                if !self.unsigned.contains(broken) {
                    self.unsigned.push(broken.clone());
                }
            }
        }
        match self.insertions.iter_mut().find(|insertion| insertion.owner == place.pointer) {
            Some(insertion) => insertion.elements.push(alignment.clone()),
            None => self.insertions.push(Insertion {
                owner: place.pointer.clone(),
                member: place.holder.to_owned(),
                elements: vec![alignment.clone()],
            }),
        }
        Ok(Outcome::Added { pointer, alignment })
    }

    /// The document with everything that was added, and without the proofs that this breaks.
    fn write(&self) -> Result<Vec<u8>, PlaceError> {
        if self.insertions.is_empty() {
            return Ok(self.document.source.clone());
        }
        let unreachable = || PlaceError::Unreachable { pointer: String::new() };
        let text = match &self.document.signed {
            Some(text) => text.as_str(),
            None => std::str::from_utf8(&self.document.source).map_err(|_| unreachable())?,
        };
        let (mark, text) = text.strip_prefix(MARK).map_or(("", text), |text| (MARK, text));
        let mut text = Cow::Borrowed(text);
        for pointer in &self.unsigned {
            text = splice::remove(&text, pointer, "proof").ok_or_else(unreachable)?.into();
        }
        let written = splice::insert(&text, &self.insertions).ok_or_else(unreachable)?;
        Ok([mark, &written].concat().into_bytes())
    }
}

/// The byte-order mark.
const MARK: &str = "\u{feff}";
