//! Words of texts as they are matched: folded, without their endings, and codes in all the ways
//! people write them. What is indexed and what is asked for go through the same functions.
//!
//! Pure: never contains an index, a framework, or a rule of the standard.

pub mod code;
pub mod exact;
mod fold;
mod language;
pub mod mentions;
mod plain;
mod words;

pub use fold::fold;
pub use language::Language;
pub use plain::plain;
pub use words::{Word, words};
