//! What was read of a document: its achievements with their texts, where alignments stand or would stand, and what is
//! frozen.
//!
//! Never contains a person: who earned, what was scored, and by whom stay in the document.

use super::alignment::Spelling;
use super::kind::Kind;

/// A document that was read.
#[derive(Clone, Debug)]
pub struct Document {
    pub kind: Kind,
    /// Where alignments stand or may stand, in the order of the document.
    pub places: Vec<Place>,
    /// What must not be changed.
    pub frozen: Vec<Frozen>,
    /// What is odd about it, in the order of the document.
    pub warnings: Vec<Warning>,
    /// As it came.
    pub(super) source: Vec<u8>,
    /// What its JWS signs, as text, when all of it is inside of one.
    pub(super) signed: Option<String>,
}

impl Document {
    /// As it came, byte for byte.
    #[must_use]
    pub fn source(&self) -> &[u8] {
        &self.source
    }

    /// Whether anything of it may be changed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.places.iter().any(|place| place.of != PlaceOf::Result && place.frozen.is_none())
    }
}

/// What a place for alignments belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaceOf {
    Achievement,
    ResultDescription,
    /// A RubricCriterionLevel.
    Level,
    /// One learner's result: read for its alignments, never added to.
    Result,
}

/// Something that has alignments.
#[derive(Clone, Debug)]
pub struct Place {
    pub of: PlaceOf,
    /// JSON pointer of what has the alignments. Inside of a JWS that is a part of the document: the pointer of the JWS,
    /// `#`, and the pointer in what it signs.
    pub pointer: String,
    /// Index of the achievement that it is a part of; its own for an achievement, nothing for a result.
    pub achievement: Option<usize>,
    pub texts: Texts,
    pub alignments: Vec<Existing>,
    /// Why nothing can be added.
    pub frozen: Option<Reason>,
    /// How the alignments are spelled.
    pub spelling: Spelling,
    /// The member that holds them.
    pub(super) holder: &'static str,
    /// How many alignments the member holds, or would if it were a list; nothing when it can hold none.
    pub(super) held: Option<usize>,
    /// Pointers of the objects around it that have a proof, the outermost first.
    pub(super) proofs: Vec<String>,
    /// Whether it is inside of a JWS that is a part of the document.
    pub(super) embedded: bool,
}

impl Place {
    /// JSON pointer at which one more alignment would stand, after some that are still to be added.
    #[must_use]
    pub fn next_pointer(&self, added: usize) -> String {
        self.alignment_pointer(self.held.unwrap_or_default() + added)
    }

    /// JSON pointer of the alignment that stands or would stand at a position.
    fn alignment_pointer(&self, position: usize) -> String {
        format!("{}/{}/{position}", self.pointer, self.holder)
    }
}

/// What is said of an achievement or a part of one, as it is written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    pub name: Option<String>,
    pub description: Option<String>,
    /// The narrative of the criteria, in Markdown.
    pub criteria: Option<String>,
    pub tags: Vec<String>,
    pub field_of_study: Option<String>,
    pub specialization: Option<String>,
    pub human_code: Option<String>,
    pub achievement_type: Option<String>,
    /// inLanguage.
    pub language: Option<String>,
    /// Names of the levels of a ResultDescription, in order.
    pub levels: Vec<String>,
    /// `level` of a RubricCriterionLevel or of an achievement of CLR 1.0.
    pub level: Option<String>,
}

/// An alignment that the document has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    pub pointer: String,
    /// targetUrl.
    pub url: Option<String>,
    /// targetCode.
    pub code: Option<String>,
    /// targetName.
    pub name: Option<String>,
    /// targetDescription.
    pub description: Option<String>,
    /// targetFramework, a name.
    pub framework: Option<String>,
    /// targetType.
    pub target_type: Option<String>,
}

/// Why something must not be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It has a proof.
    Proof,
    /// It is inside of a compact JWS.
    Jws,
    /// What it is a part of has a proof.
    OuterProof,
}

impl Reason {
    /// Its name in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reason::Proof => "proof",
            Reason::Jws => "jws",
            Reason::OuterProof => "outerProof",
        }
    }
}

/// A part of the document that must not be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    pub pointer: String,
    pub reason: Reason,
}

/// Something odd that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub pointer: String,
    /// For programs; docs/credentials.md lists them.
    pub code: &'static str,
    /// For people.
    pub message: &'static str,
}
