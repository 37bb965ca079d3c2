//! Texts as they are matched: their words, folded and without their endings, codes in all the ways people write them,
//! and the sentences and clauses they are in. What is indexed and what is asked for go through the same functions.
//!
//! Pure: never contains an index, a framework, or a rule of the standard.

mod clauses;
pub mod code;
pub mod exact;
mod fold;
mod found;
mod language;
pub mod mentions;
mod plain;
mod segments;
mod words;

pub use clauses::clauses;
pub use fold::fold;
pub use found::words_found;
pub use language::Language;
pub use plain::plain;
pub use segments::{Line, Mark, lines, sentences, sentences_within};
pub use words::{Word, words};
