//! How CASE 1.1 writes the model: the closed, null-free JSON of the official schemas.
//!
//! Write-only and borrowing; reading is `case::read`. Structs destructure the model in full, so a
//! property added to the model does not compile until its place on the wire is decided. 1.0 is
//! these structs with what 1.1 added unset: `case::v1p0`.

mod association;
mod definition;
mod document;
mod item;
mod link;
mod package;
mod rubric;

pub use association::CFAssociation;
pub use definition::{CFDefinition, CFDefinitions};
pub use document::CFDocument;
pub use item::CFItem;
pub use link::{LinkGenUri, LinkUri};
pub use package::CFPackage;
pub use rubric::{CFRubric, CFRubricCriterion, CFRubricCriterionLevel};
