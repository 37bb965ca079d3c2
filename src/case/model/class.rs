//! The classes of the standard that have identifiers of their own.

use std::fmt;

/// A class of CASE object. `Package` stands for what a CFPackage carries besides its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// The package itself, addressed by its document's identifier.
    Package,
    Document,
    Item,
    Association,
    Concept,
    Subject,
    License,
    ItemType,
    Grouping,
    Rubric,
    Criterion,
    Level,
}

impl Class {
    /// Every class, in the order a package lists them.
    pub const ALL: [Class; 12] = [
        Class::Package,
        Class::Document,
        Class::Item,
        Class::Association,
        Class::Concept,
        Class::Subject,
        Class::License,
        Class::ItemType,
        Class::Grouping,
        Class::Rubric,
        Class::Criterion,
        Class::Level,
    ];

    /// The standard's name of the class, e.g. `CFItem`; also how it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Class::Package => "CFPackage",
            Class::Document => "CFDocument",
            Class::Item => "CFItem",
            Class::Association => "CFAssociation",
            Class::Concept => "CFConcept",
            Class::Subject => "CFSubject",
            Class::License => "CFLicense",
            Class::ItemType => "CFItemType",
            Class::Grouping => "CFAssociationGrouping",
            Class::Rubric => "CFRubric",
            Class::Criterion => "CFRubricCriterion",
            Class::Level => "CFRubricCriterionLevel",
        }
    }

    /// The class of that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.name() == name)
    }

    /// What people call one of them.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Class::Package => "package",
            Class::Document => "framework",
            Class::Item => "item",
            Class::Association => "association",
            Class::Concept => "concept",
            Class::Subject => "subject",
            Class::License => "licence",
            Class::ItemType => "item type",
            Class::Grouping => "association grouping",
            Class::Rubric => "rubric",
            Class::Criterion => "rubric criterion",
            Class::Level => "rubric criterion level",
        }
    }

    /// Whether objects of the class are shared between packages by identifier, each package with
    /// its own copy (definitions), rather than belonging to one framework.
    #[must_use]
    pub const fn is_definition(self) -> bool {
        matches!(self, Class::Concept | Class::Subject | Class::License | Class::ItemType | Class::Grouping)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
