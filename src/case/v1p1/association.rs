//! An association, as 1.1 writes it.

use serde::Serialize;

use super::link::{LinkGenUri, LinkUri, link};
use crate::case::model::{self, Extensions};

/// CFAssociation; in a package and in an association set without its CFDocumentURI (digest 8.5).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CFAssociation<'a> {
    pub identifier: &'a str,
    pub association_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence_number: Option<i64>,
    pub uri: &'a str,
    #[serde(rename = "originNodeURI")]
    pub origin: LinkGenUri<'a>,
    #[serde(rename = "destinationNodeURI")]
    pub destination: LinkGenUri<'a>,
    #[serde(rename = "CFAssociationGroupingURI", skip_serializing_if = "Option::is_none")]
    pub grouping_uri: Option<LinkUri<'a>>,
    pub last_change_date_time: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a Extensions>,
    #[serde(rename = "CFDocumentURI", skip_serializing_if = "Option::is_none")]
    pub document_uri: Option<LinkUri<'a>>,
}

impl<'a> From<&'a model::Association> for CFAssociation<'a> {
    fn from(association: &'a model::Association) -> Self {
        let model::Association {
            identity: model::Identity { identifier, uri, last_change },
            association_type,
            sequence_number,
            origin,
            destination,
            grouping_uri,
            notes,
            extensions,
        } = association;
        CFAssociation {
            identifier,
            association_type,
            sequence_number: *sequence_number,
            uri,
            origin: LinkGenUri::from(origin),
            destination: LinkGenUri::from(destination),
            grouping_uri: link(grouping_uri),
            last_change_date_time: last_change.as_str(),
            notes: notes.as_deref(),
            extensions: extensions.as_ref(),
            document_uri: None,
        }
    }
}
