//! Full-text search with tantivy. Derived: the directory may be deleted at any time, and is made
//! anew from the store.
//!
//! What is indexed comes as [`Entry`] values and what is found goes as identifiers; what is shown of
//! it is read from the store. Never contains a database, or anything of HTTP.

mod collect;
mod entry;
mod find;
mod index;
mod lookup;
mod mapped;
mod plan;
mod query;
mod schema;
mod snippet;
mod spelling;
mod write;

pub use collect::Rank;
pub use entry::{Associated, Entry, Framework, Path, Pointer, Shown, rank_of_package};
pub use find::{Cursor, Facet, Found, FoundGroup, Hit, Like, Search, Sight, Snapshots};
pub use index::{Generation, Part, Progress, SearchIndex};
pub use lookup::{Key, Lookup, has_code};
pub use mapped::Mapped;
pub use plan::Limits;
pub use query::{Clause, Field, Query, Test};
pub use write::{Replaced, Replacement, Writer};

/// Why the index could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the files of the search index cannot be used")]
    Files(#[from] std::io::Error),
    #[error("the search index cannot be used")]
    Index(#[from] tantivy::TantivyError),
}
