//! The middle of the program: a competency framework as CASE 1.1 sees it.
//!
//! Every reader ends here and every writer starts here. No serde derives, no I/O, no clock: the
//! JSON forms are in `case::v1p1` and `case::v1p0`, the stored form in `store`. Text is kept as it
//! was received (digest 12); what had to be repaired is in the reader's report.

mod association;
mod class;
mod definition;
mod document;
mod item;
mod link;
mod package;
mod rubric;
mod time;

pub use association::Association;
pub use class::Class;
pub use definition::{Concept, Definitions, Grouping, ItemType, License, Subject};
pub use document::Document;
pub use item::Item;
pub use link::{Link, NodeLink};
pub use package::Package;
pub use rubric::{Criterion, Level, Rubric};
pub use time::{Date, Timestamp};

/// Free name/value pairs of one object, kept verbatim (digest 12.7).
pub type Extensions = serde_json::Map<String, serde_json::Value>;

/// What every object of every class carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The exchange key: lower-case, in UUID form; never changes once published (digest 12.1).
    pub identifier: String,
    /// Absolute, as received, or minted once (digest 12.2).
    pub uri: String,
    /// When the object last changed, as received.
    pub last_change: Timestamp,
}
