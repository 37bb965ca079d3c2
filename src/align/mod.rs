//! Alignment: which items of a framework a text is about, how sure that is, and when it is about none.
//!
//! Pure and deterministic: given the items of collections, their vectors and a query, the answer is always the same.
//! Reading of items and keeping of vectors is the registry's; nothing here asks a database, a network or a clock.
//!
//! A query goes through `asked` (stems, letters, pieces, vectors), `signals` (how every item answers it by one
//! measure, and which are looked at closely), `features` (what is known of each of those), `rank` (their order and
//! confidence), and `engine`, which puts first what was `decided` or a text names by code, and says why. docs/align.md has the figures.

mod asked;
mod bm25;
mod codes;
mod collection;
mod decided;
mod embed;
mod engine;
mod features;
mod grade;
mod item;
mod overlaps;
mod query;
mod quoted;
mod rank;
mod relation;
mod signals;
mod terms;
mod threads;
mod trees;
mod trigrams;
mod vectors;

pub use collection::{Collection, Embedded};
pub use decided::Decided;
pub use embed::{Encoder, ModelError};
pub use engine::{Aligned, Match, REFUSED_BELOW, Why, Within, align, align_all, known, known_names};
pub use item::Item;
pub use query::Query;
pub use relation::Relation;
pub use vectors::{Rows, Vector};
