//! A whole framework: the unit of import, publishing and export.

use super::{Association, Definitions, Document, Extensions, Item, Link, Rubric};

/// A CFPackage (digest 8.8). Lists keep the order they came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub document: Document,
    /// The document's CFPackageURI as received; `None` where the server is to say it.
    pub package_uri: Option<Link>,
    pub items: Vec<Item>,
    pub associations: Vec<Association>,
    pub definitions: Option<Definitions>,
    pub rubrics: Option<Vec<Rubric>>,
    pub extensions: Option<Extensions>,
}

impl Package {
    /// The document's identifier, which also addresses the package.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.document.identity.identifier
    }
}
