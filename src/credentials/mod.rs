//! Open Badges and Comprehensive Learner Records: what is in one, and how it gets its alignments; and what a CASE object
//! looks like in these and in the other formats that point at CASE.
//!
//! Job postings are in [`job`].
//!
//! Pure: of our modules only `text` is used, which is pure as well; never contains a store, a score, or a person. What tells how good an
//! alignment is stays outside of alignments, where validators would drop it.

mod achievement;
mod alignment;
mod document;
pub mod job;
mod jws;
mod kind;
mod paste;
mod place;
mod read;
mod snippet;
mod splice;
mod standing;
mod target;
#[cfg(test)]
mod tests;
mod texts;

pub use achievement::{Achievement, achievement_type};
pub use alignment::{AlignmentOptions, Spelling, TargetCode, TargetName, UnknownChoice, alignment, same_target};
pub use document::{Document, Existing, Frozen, Place, PlaceOf, Reason, Texts, Warning};
pub use kind::{Kind, recognise};
pub use paste::{Pasted, pasted};
pub use place::{Addition, OnSigned, Outcome, PlaceError, Placed, place};
pub use read::{CredentialError, ReadHints, read};
pub use snippet::{SnippetFormat, snippet};
pub use standing::Standing;
pub use target::{Target, TargetClass, TargetFramework};
