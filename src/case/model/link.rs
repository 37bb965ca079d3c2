//! References from one object to another (digest 8.2).

/// A LinkURI: every `…URI` property except the ends of an association.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub title: String,
    pub identifier: String,
    pub uri: String,
}

/// A LinkGenURI: one end of an association. The other object may be outside CASE altogether.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeLink {
    pub title: String,
    /// A UUID when the end is a CASE object; any text otherwise.
    pub identifier: String,
    pub uri: String,
    /// `CASE` (the default when absent) or `ext:…`; 1.1 only.
    pub target_type: Option<String>,
}
