//! A whole package, as 1.1 writes it.

use serde::Serialize;

use super::{CFAssociation, CFDefinitions, CFDocument, CFItem, CFRubric};
use crate::case::model::{self, Extensions};

/// CFPackage: always with its items and associations, even when there are none (digest 8.8).
#[derive(Clone, Debug, Serialize)]
pub struct CFPackage<'a> {
    #[serde(rename = "CFDocument")]
    pub document: CFDocument<'a>,
    #[serde(rename = "CFItems")]
    pub items: Vec<CFItem<'a>>,
    #[serde(rename = "CFAssociations")]
    pub associations: Vec<CFAssociation<'a>>,
    #[serde(rename = "CFDefinitions", skip_serializing_if = "Option::is_none")]
    pub definitions: Option<CFDefinitions<'a>>,
    #[serde(rename = "CFRubrics", skip_serializing_if = "Option::is_none")]
    pub rubrics: Option<Vec<CFRubric<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a Extensions>,
}

impl<'a> From<&'a model::Package> for CFPackage<'a> {
    fn from(package: &'a model::Package) -> Self {
        let model::Package { document, package_uri: _, items, associations, definitions, rubrics, extensions } =
            package;
        CFPackage {
            document: CFDocument::from(document),
            items: items.iter().map(CFItem::from).collect(),
            associations: associations.iter().map(CFAssociation::from).collect(),
            definitions: definitions.as_ref().map(CFDefinitions::from),
            rubrics: rubrics.as_ref().map(|all| all.iter().map(CFRubric::from).collect()),
            extensions: extensions.as_ref(),
        }
    }
}
