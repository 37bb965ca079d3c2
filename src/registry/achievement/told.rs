//! What is told of an achievement that was aligned.
//!
//! Never contains how alignments are found, nor anything of a learner.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::credentials::{Frozen, Warning};
use crate::registry::{AlignmentMethods, Replacement, Resolution, ResolvedObject};

/// A document and its alignments.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlignedAchievement {
    /// What the document is.
    #[schema(example = "ob3/OpenBadgeCredential")]
    pub kind: &'static str,
    /// With `mode=apply`: the document with what was added, or just as it came; absent when all of it is signed.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_json")]
    #[schema(value_type = Object, required = false)]
    pub document: Option<Vec<u8>>,
    /// With `mode=apply`: what was sure enough, in the order of the document.
    pub added: Vec<ProposedAlignment>,
    /// What the document has already, and what it means here.
    pub existing: Vec<ExistingAlignment>,
    /// What was not placed, the surest of each place first.
    pub candidates: Vec<ProposedAlignment>,
    /// Parts that are signed.
    pub frozen: Vec<FrozenPart>,
    /// Pointers of what lost its proof and needs a new one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unsigned: Vec<String>,
    /// What is odd about the document.
    pub warnings: Vec<DocumentWarning>,
    /// Pointers of the achievements and parts that are about nothing here, as far as can be told.
    pub none: Vec<String>,
    /// How texts were compared; absent when there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub methods: Option<AlignmentMethods>,
}

/// One alignment that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProposedAlignment {
    /// JSON pointer of where it stands or would stand in the document. Inside of a JWS that is a part of the document: the
    /// pointer of the JWS, `#`, and the pointer in what it signs.
    #[schema(example = "/credentialSubject/achievement/alignment/0")]
    pub pointer: String,
    /// The alignment as the version of the document writes it.
    #[schema(value_type = Object)]
    pub alignment: Value,
    /// Set when it would stand in a part that is signed, and so stands only here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub detached: bool,
    /// From 0 to 1: how often this is right.
    pub confidence: f64,
    pub why: AlignmentReason,
    /// The object with the version of its framework: enough to note what was aligned against.
    pub object: ResolvedObject,
    /// What has replaced it: what was replaced or is no longer in force is never placed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub replacements: Vec<Replacement>,
}

/// Why something was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlignmentReason {
    /// `code`: its code, identifier or address is given. `semantic`: meanings and words are alike. `lexical`: words are.
    /// `level`: a rubric has this level. `feedback`: somebody decided so.
    #[schema(example = "semantic")]
    pub method: &'static str,
    /// What it was found by: the code, or the words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub terms: Vec<String>,
    /// How alike the meanings are, from -1 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub cosine: Option<f64>,
    /// How much of the item's statement is said, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub covered: Option<f64>,
}

/// An alignment that the document has.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExistingAlignment {
    pub pointer: String,
    /// What it means here.
    pub resolution: Resolution,
    /// How it would be written now; with the replacement, where that is published here and there is only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, required = false)]
    pub current: Option<Value>,
}

/// A part of the document that is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FrozenPart {
    /// JSON pointer; empty for the whole document.
    pub pointer: String,
    /// `proof`, `outerProof` or `jws`.
    pub reason: &'static str,
}

/// Something odd about the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DocumentWarning {
    pub pointer: String,
    pub code: &'static str,
    pub message: &'static str,
}

impl From<&Frozen> for FrozenPart {
    fn from(frozen: &Frozen) -> FrozenPart {
        FrozenPart { pointer: frozen.pointer.clone(), reason: frozen.reason.name() }
    }
}

impl From<&Warning> for DocumentWarning {
    fn from(warning: &Warning) -> DocumentWarning {
        let Warning { pointer, code, message } = warning;
        DocumentWarning { pointer: pointer.clone(), code, message }
    }
}

/// JSON as it stands, so that nothing of it is spelled anew.
fn as_json<S: Serializer>(document: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    let bytes = document.as_deref().unwrap_or_default();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(S::Error::custom)?;
    let raw: &RawValue = serde_json::from_str(text).map_err(S::Error::custom)?;
    raw.serialize(serializer)
}
