//! Alignment
mod bm25;
mod clauses;
pub mod collection;
pub mod embed;
pub mod features;
mod grade;
pub mod item;
pub mod query;
pub mod signals;
mod terms;
mod trigrams;
pub mod vectors;
