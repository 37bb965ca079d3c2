//! What items and associations are classified by (digest 8.6).

use super::{Extensions, Identity};

/// The CFDefinitions of a package. Lists distinguish "absent" from "empty".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions {
    pub concepts: Option<Vec<Concept>>,
    pub subjects: Option<Vec<Subject>>,
    pub licenses: Option<Vec<License>>,
    pub item_types: Option<Vec<ItemType>>,
    pub groupings: Option<Vec<Grouping>>,
    pub extensions: Option<Extensions>,
}

/// A CFConcept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    pub identity: Identity,
    pub title: String,
    /// One string, `|`-separated.
    pub keywords: Option<String>,
    pub hierarchy_code: String,
    pub description: Option<String>,
    pub extensions: Option<Extensions>,
}

/// A CFSubject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub identity: Identity,
    pub title: String,
    pub hierarchy_code: String,
    pub description: Option<String>,
    pub extensions: Option<Extensions>,
}

/// A CFItemType.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemType {
    pub identity: Identity,
    pub title: String,
    pub description: String,
    pub hierarchy_code: String,
    pub type_code: Option<String>,
    pub extensions: Option<Extensions>,
}

/// A CFLicense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct License {
    pub identity: Identity,
    pub title: String,
    pub description: Option<String>,
    pub license_text: String,
    pub extensions: Option<Extensions>,
}

/// A CFAssociationGrouping: names an alternative tree or a crosswalk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    pub identity: Identity,
    pub title: String,
    pub description: Option<String>,
    pub extensions: Option<Extensions>,
}
