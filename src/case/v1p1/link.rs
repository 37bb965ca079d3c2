//! Links, as 1.1 writes them.

use serde::Serialize;

use crate::case::model;

/// LinkURI (digest 8.2).
#[derive(Clone, Debug, Serialize)]
pub struct LinkUri<'a> {
    pub title: &'a str,
    pub identifier: &'a str,
    pub uri: &'a str,
}

impl<'a> From<&'a model::Link> for LinkUri<'a> {
    fn from(link: &'a model::Link) -> Self {
        let model::Link { title, identifier, uri } = link;
        LinkUri { title, identifier, uri }
    }
}

pub(super) fn link(link: &Option<model::Link>) -> Option<LinkUri<'_>> {
    link.as_ref().map(LinkUri::from)
}

pub(super) fn links(links: &Option<Vec<model::Link>>) -> Option<Vec<LinkUri<'_>>> {
    links.as_ref().map(|links| links.iter().map(LinkUri::from).collect())
}

/// LinkGenURI (digest 8.2).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkGenUri<'a> {
    pub title: &'a str,
    pub identifier: &'a str,
    pub uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_type: Option<&'a str>,
}

impl<'a> From<&'a model::NodeLink> for LinkGenUri<'a> {
    fn from(link: &'a model::NodeLink) -> Self {
        let model::NodeLink { title, identifier, uri, target_type } = link;
        LinkGenUri { title, identifier, uri, target_type: target_type.as_deref() }
    }
}
