//! CASE 1.0, as 1.1 with everything unset that 1.1 added (digest 10 and 11).
//!
//! The only place that knows what 1.0 lacks. `uri` values, timestamps and text stay as they are.

use super::Version;
use super::v1p1::{
    CFAssociation, CFDefinition, CFDefinitions, CFDocument, CFItem, CFPackage, CFRubric, CFRubricCriterion,
    CFRubricCriterionLevel, LinkGenUri,
};
use super::vocab::{self, IS_RELATED_TO};

/// Whatever has a 1.0 form.
pub trait Downgrade {
    /// The same object with nothing that 1.0 does not define.
    #[must_use]
    fn to_v1p0(self) -> Self;
}

fn each<T: Downgrade>(list: Vec<T>) -> Vec<T> {
    list.into_iter().map(Downgrade::to_v1p0).collect()
}

fn each_of<T: Downgrade>(list: Option<Vec<T>>) -> Option<Vec<T>> {
    list.map(each)
}

impl Downgrade for CFDocument<'_> {
    fn to_v1p0(self) -> Self {
        Self { framework_type: None, case_version: None, extensions: None, ..self }
    }
}

impl Downgrade for CFItem<'_> {
    fn to_v1p0(self) -> Self {
        Self { subject: None, subject_uri: None, extensions: None, ..self }
    }
}

impl Downgrade for LinkGenUri<'_> {
    fn to_v1p0(self) -> Self {
        Self { target_type: None, ..self }
    }
}

impl Downgrade for CFAssociation<'_> {
    /// Types that 1.0's closed list lacks become `isRelatedTo`, as readers of 1.1 are told to
    /// take types they do not know.
    fn to_v1p0(self) -> Self {
        let known = vocab::is_association_type(Version::V1p0, self.association_type);
        Self {
            association_type: if known { self.association_type } else { IS_RELATED_TO },
            origin: self.origin.to_v1p0(),
            destination: self.destination.to_v1p0(),
            notes: None,
            extensions: None,
            ..self
        }
    }
}

impl Downgrade for CFDefinition<'_> {
    fn to_v1p0(self) -> Self {
        Self { extensions: None, ..self }
    }
}

impl Downgrade for CFDefinitions<'_> {
    fn to_v1p0(self) -> Self {
        Self {
            concepts: each_of(self.concepts),
            subjects: each_of(self.subjects),
            licenses: each_of(self.licenses),
            item_types: each_of(self.item_types),
            groupings: each_of(self.groupings),
            extensions: None,
        }
    }
}

impl Downgrade for CFRubric<'_> {
    fn to_v1p0(self) -> Self {
        Self { criteria: each_of(self.criteria), extensions: None, ..self }
    }
}

impl Downgrade for CFRubricCriterion<'_> {
    fn to_v1p0(self) -> Self {
        Self { levels: each_of(self.levels), extensions: None, ..self }
    }
}

impl Downgrade for CFRubricCriterionLevel<'_> {
    fn to_v1p0(self) -> Self {
        Self { extensions: None, ..self }
    }
}

impl Downgrade for CFPackage<'_> {
    fn to_v1p0(self) -> Self {
        Self {
            document: self.document.to_v1p0(),
            items: each(self.items),
            associations: each(self.associations),
            definitions: self.definitions.map(Downgrade::to_v1p0),
            rubrics: each_of(self.rubrics),
            extensions: None,
        }
    }
}
