//! Job postings and descriptions of occupations: what they ask for, piece by piece, each with its place.
//!
//! Pure: a document goes in, a [`Job`] comes out, and candidates that somebody accepted go back into the document in its
//! own form ([`place`]). Never knows a framework, and never decides what a requirement is about.
//!
//! Recognised are plain text, Markdown, HTML, schema.org JobPosting and Occupation, HR Open PositionOpening and
//! JobPosting (JDX), CTDL Occupation, Job, WorkRole and Task, and lists of strings (credentials digest, part 4).
//!
//! **Places.** A requirement says where it stands with a JSON pointer (RFC 6901) to a string of the document, empty for a
//! text, and a span in that string: from and to, counted in Unicode scalar values, so that `[0, 1]` of `🧪 test` is the
//! test tube. The span is in the string as it was sent, with its markup.

mod classify;
mod codes;
mod collect;
mod ctdl;
mod flat;
mod headings;
mod hropen;
mod json;
mod lexicon;
mod model;
mod place;
mod prose;
mod recognise;
mod schema_org;
mod terms;
#[cfg(test)]
mod tests;

pub use model::{
    Class, Classification, Importance, Job, JobError, Kind, MOST_BYTES, MOST_REQUIREMENTS, Requirement, Section, Span,
    Term, TermSet,
};
pub use place::{Addition, NoPlace, Placed, place};
pub use recognise::read;
