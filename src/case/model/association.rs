//! A typed relation between two nodes.

use super::{Extensions, Identity, Link, NodeLink};

/// A CFAssociation (digest 8.5). Its ends are not bound to exist here, or anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    pub identity: Identity,
    /// One of `case::vocab::ASSOCIATION_TYPES` or `ext:…`.
    pub association_type: String,
    pub sequence_number: Option<i64>,
    pub origin: NodeLink,
    pub destination: NodeLink,
    pub grouping_uri: Option<Link>,
    pub notes: Option<String>,
    pub extensions: Option<Extensions>,
}
