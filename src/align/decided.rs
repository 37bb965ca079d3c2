//! What was decided of a query before it is asked: which items it is about, and which it is not.

/// Items, each by its collection and its number there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// What the query is about, the first to be answered first.
    pub accepted: Vec<(usize, usize)>,
    /// What it is not about, and is not answered.
    pub rejected: Vec<(usize, usize)>,
}
