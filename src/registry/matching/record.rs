//! A learner's record as what was shown: achievements, and the items that they are aligned to or say the same as.
//!
//! Never keeps anything of the learner: names of achievements and pointers are all that is taken.

use serde_json::Value;

use super::MatchFailure;
use crate::credentials::{self, Document, Existing, Place, PlaceOf, ReadHints};
use crate::registry::job::Sought;
use crate::registry::{Reference, RegistryError, ResolveState, ResolvedObject, View};
use crate::text::plain;

/// The most achievements and alignments of one record.
const MOST: usize = 10_000;
/// The most texts of one record that are looked for.
const MOST_TEXTS: usize = 500;

/// An achievement of a record.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// JSON pointer in the record.
    pub pointer: String,
    pub name: Option<String>,
    /// Why it does not count.
    pub withheld: Option<&'static str>,
    pub items: Vec<ShownItem>,
}

/// An item that an achievement is about.
#[derive(Clone, Debug)]
pub(super) struct ShownItem {
    pub object: ResolvedObject,
    pub confidence: f64,
    /// `alignment`, or the method by which the text was found.
    pub by: &'static str,
    /// JSON pointer of the alignment, or of the achievement.
    pub pointer: String,
}

/// What was read of a record.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub shown: Vec<Shown>,
    pub kinds: Vec<&'static str>,
    /// How many alignments mean nothing here.
    pub unresolved: usize,
}

impl View<'_> {
    /// Reads a record: a document, a compact JWS in a string, or a list of these.
    pub(super) fn record(&self, record: &Value, frameworks: &[String], now: &str) -> Result<Record, RegistryError> {
        let documents: Vec<(String, &Value)> = match record {
            Value::Array(all) => all.iter().enumerate().map(|(index, one)| (format!("/{index}"), one)).collect(),
            one => vec![(String::new(), one)],
        };
        let mut read = Record::default();
        let mut existing: Vec<(usize, String, Existing)> = Vec::new();
        for (pointer, value) in documents {
            let document =
                document(value).map_err(|source| MatchFailure::Record { pointer: pointer.clone(), source })?;
            read.kinds.push(document.kind.name());
            take(&document, &pointer, now, &mut read.shown, &mut existing);
            if read.shown.len() > MOST || existing.len() > MOST {
                return Err(MatchFailure::TooMany { what: "achievements or alignments", most: MOST }.into());
            }
        }
        self.read_alignments(existing, &mut read)?;
        self.read_texts(frameworks, &mut read)?;
        Ok(read)
    }

    /// What the alignments of the record mean here.
    fn read_alignments(
        &self,
        existing: Vec<(usize, String, Existing)>,
        read: &mut Record,
    ) -> Result<(), RegistryError> {
        let references: Vec<Reference> = existing.iter().map(|(_, _, one)| reference(one)).collect();
        for ((shown, pointer, _), resolution) in existing.into_iter().zip(self.resolve(&references)?) {
            let sure =
                !matches!(resolution.state, ResolveState::Ambiguous | ResolveState::Unknown | ResolveState::NotCase);
            let (Some(object), Some(shown)) = (resolution.object.filter(|_| sure), read.shown.get_mut(shown)) else {
                read.unresolved += 1;
                continue;
            };
            shown.items.push(ShownItem { object, confidence: 1.0, by: "alignment", pointer });
        }
        Ok(())
    }

    /// What achievements without alignments that mean something here say by their names.
    fn read_texts(&self, frameworks: &[String], read: &mut Record) -> Result<(), RegistryError> {
        let bare = read.shown.iter().enumerate().filter(|(_, shown)| shown.items.is_empty());
        let bare = bare.filter_map(|(at, shown)| Some((at, shown.name.clone()?)));
        let bare: Vec<(usize, String)> = bare.take(MOST_TEXTS).collect();
        let sought: Vec<Sought<'_>> =
            bare.iter().map(|(_, name)| Sought { text: name, term: None, beside: None, context: None }).collect();
        let found = self.found(&sought, frameworks, 3)?.each;
        for ((at, _), found) in bare.into_iter().zip(found) {
            let Some(shown) = read.shown.get_mut(at) else { continue };
            let pointer = shown.pointer.clone();
            shown.items.extend(found.into_iter().map(|found| ShownItem {
                object: found.object,
                confidence: found.score,
                by: found.why.method,
                pointer: pointer.clone(),
            }));
        }
        Ok(())
    }
}

fn document(value: &Value) -> Result<Document, credentials::CredentialError> {
    let hints = ReadHints::default();
    match value {
        Value::String(jws) => {
            credentials::read(jws.as_bytes(), ReadHints { content_type: Some("application/vc+jwt"), ..hints })
        }
        other => credentials::read(other.to_string().as_bytes(), hints),
    }
}

/// Takes the achievements of a document, and the alignments of each and of its parts.
fn take(
    document: &Document,
    prefix: &str,
    now: &str,
    shown: &mut Vec<Shown>,
    existing: &mut Vec<(usize, String, Existing)>,
) {
    let first = shown.len();
    let achievements: Vec<(usize, &Place)> =
        document.places.iter().enumerate().filter(|(_, place)| place.of == PlaceOf::Achievement).collect();
    let standing = document.standing();
    for (_, place) in &achievements {
        shown.push(Shown {
            pointer: format!("{prefix}{}", place.pointer),
            name: place.texts.name.as_deref().map(|name| plain(name).into_owned()),
            withheld: standing.withheld(place, now),
            items: Vec::new(),
        });
    }
    for (at, place) in document.places.iter().enumerate() {
        // A level of a rubric is what could be reached, not what was.
        if matches!(place.of, PlaceOf::Level | PlaceOf::ResultDescription) {
            continue;
        }
        let own = place.achievement.unwrap_or(at);
        let of_result =
            || achievements.iter().position(|(_, one)| holder(&one.pointer) == holder(holder(&place.pointer)));
        let position = achievements.iter().position(|(index, _)| *index == own).or_else(of_result);
        let Some(position) = position else { continue };
        let alignments = place.alignments.iter();
        existing.extend(alignments.map(|one| (first + position, format!("{prefix}{}", one.pointer), one.clone())));
    }
}

/// The pointer of what something stands in.
fn holder(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(holder, _)| holder)
}

fn reference(existing: &Existing) -> Reference {
    Reference {
        uri: existing.url.clone(),
        code: existing.code.clone(),
        name: existing.name.clone(),
        framework: existing.framework.iter().cloned().collect(),
        target_type: existing.target_type.clone(),
        ..Reference::default()
    }
}
