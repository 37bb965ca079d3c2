//! What people browse: trees, lists and tables of a framework, and what stands beside them. Every
//! read goes through a [`View`](super::View), like the reads of the standard.

mod crosswalk;
mod framework;
mod history;
mod lines;
mod object;
mod outline;
mod places;
mod skeleton;
mod tree;

pub use crosswalk::{Crosswalk, Pair, Partner, Side, Strand};
pub use framework::{
    AssociationFilter, AssociationList, AssociationRow, CriterionRow, EndLine, FrameworkPage, LevelCell, Licence,
    RubricPage,
};
pub use history::{EditionName, EditionsPage, Moved, RevisionLine, Reworded};
pub use lines::{ItemLine, TreeNode};
pub use object::{AssociationLine, Crumb, ObjectPage, Permalink};
pub use places::{ItemPlace, OtherItem};
pub use tree::{OutlinePart, TreePart, TreeRequest};

pub(super) use crosswalk::Bridges;
pub(super) use skeleton::Skeletons;
