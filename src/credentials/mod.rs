//! Open Badges and Comprehensive Learner Records: what is in one, and how it gets its alignments; and what a CASE object
//! looks like in these and in the other formats that point at CASE.
//!
//! Pure: depends on no other module of ours; never contains a store, a score, or a person. What tells how good an
//! alignment is stays outside of alignments, where validators would drop it.

mod achievement;
mod alignment;
mod document;
mod jws;
mod kind;
mod place;
mod read;
mod snippet;
mod splice;
mod target;
#[cfg(test)]
mod tests;
mod texts;

pub use achievement::{Achievement, achievement_type};
pub use alignment::{AlignmentOptions, Spelling, TargetCode, TargetName, UnknownChoice, alignment, same_target};
pub use document::{Document, Existing, Frozen, Place, PlaceOf, Reason, Texts, Warning};
pub use kind::{Kind, recognise};
pub use place::{Addition, OnSigned, Outcome, PlaceError, Placed, place};
pub use read::{CredentialError, ReadHints, read};
pub use snippet::{SnippetFormat, snippet};
pub use target::{Target, TargetClass, TargetFramework};
