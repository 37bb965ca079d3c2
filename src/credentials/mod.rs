//! Open Badges and Comprehensive Learner Records: what a CASE object looks like in one, and in the other
//! formats that point at CASE.
//!
//! Pure: depends on no other module of ours; never contains a store, a score, or a person. What tells how good an
//! alignment is stays outside of alignments, where validators would drop it.

mod alignment;
mod snippet;
mod target;
#[cfg(test)]
mod tests;

pub use alignment::{AlignmentOptions, Spelling, TargetCode, TargetName, UnknownChoice, alignment, same_target};
pub use snippet::{SnippetFormat, snippet};
pub use target::{Target, TargetClass, TargetFramework};
