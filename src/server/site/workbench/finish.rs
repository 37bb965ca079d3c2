//! What comes of what was accepted: the document with exactly that in it, or the snippets.
//!
//! Never contains how a document is changed: that is `credentials`.

use serde_json::Value;

use super::input::Input;
use crate::credentials::{AlignmentOptions, Pasted, snippet};
use crate::registry::{RegistryError, View};

/// What somebody takes away.
pub(super) struct Finished {
    pub body: Vec<u8>,
    pub media_type: &'static str,
    /// What the file is called.
    pub file: &'static str,
    /// How many alignments are in it that were not in what was sent.
    pub added: usize,
    /// Whether it is what was sent, and not only what was accepted.
    pub is_document: bool,
    /// Alignments of signed parts, with the pointers at which they would stand.
    pub beside: Option<String>,
    /// Pointers of what lost its signature.
    pub unsigned: Vec<String>,
}

const JSON: &str = "application/json";

/// Makes it; nothing when nothing was accepted and there is no document that it could stand in.
///
/// # Errors
/// As [`View::place_achievement`] and [`View::place_job`].
pub(super) fn finish(view: &View<'_>, input: &Input) -> Result<Option<Finished>, RegistryError> {
    match input.kind {
        Pasted::Credential => credential(view, input),
        Pasted::Job => match view.place_job(&input.document, &input.accepted)? {
            Some(placed) => {
                let (added, body) = (placed.added.len(), placed.document.into_bytes());
                Ok(Some(Finished { added, ..Finished::document(body) }))
            }
            None => snippets(view, input),
        },
        Pasted::Text => snippets(view, input),
    }
}

impl Finished {
    fn document(body: Vec<u8>) -> Finished {
        Finished {
            body,
            media_type: JSON,
            file: "aligned.json",
            added: 0,
            is_document: true,
            beside: None,
            unsigned: Vec::new(),
        }
    }
}

fn credential(view: &View<'_>, input: &Input) -> Result<Option<Finished>, RegistryError> {
    let placed = view.place_achievement(&input.document, &input.accepted, input.on_signed)?;
    let told = |(pointer, alignment): (String, Value)| serde_json::json!({"pointer": pointer, "alignment": alignment});
    let beside: Vec<Value> = placed.beside.into_iter().map(told).collect();
    let beside = (!beside.is_empty()).then(|| pretty(&Value::Array(beside)));
    Ok(match (placed.document, beside) {
        (Some(document), beside) => {
            Some(Finished { added: placed.added, beside, unsigned: placed.unsigned, ..Finished::document(document) })
        }
        (None, Some(beside)) => {
            Some(Finished { file: "alignments.json", is_document: false, ..Finished::document(beside.into_bytes()) })
        }
        (None, None) => None,
    })
}

/// One snippet for each object that was accepted, in the order of the text.
fn snippets(view: &View<'_>, input: &Input) -> Result<Option<Finished>, RegistryError> {
    let targets = view.targets(&view.in_force(&input.accepted)?)?;
    let mut ids: Vec<&str> = Vec::new();
    for one in &input.accepted {
        if targets.contains_key(&one.identifier) && !ids.contains(&one.identifier.as_str()) {
            ids.push(&one.identifier);
        }
    }
    if ids.is_empty() {
        return Ok(None);
    }
    let added = ids.len();
    let of = |id: &str| targets.get(id).map(|target| snippet(input.format, target, AlignmentOptions::default()));
    let all: Vec<Value> = ids.into_iter().filter_map(of).collect();
    let is_xml = input.format.is_xml();
    let body = if is_xml {
        all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
    } else {
        pretty(&Value::Array(all))
    };
    let file = if is_xml { "alignments.xml" } else { "alignments.json" };
    let media_type = input.format.media_type();
    Ok(Some(Finished { media_type, file, added, is_document: false, ..Finished::document(body.into_bytes()) }))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}
