//! The query of `/CFDocuments`: `limit`, `offset`, `sort`, `orderBy`, `filter` and `fields`
//! (digest 3 and 4), read from decoded parameters and applied to CFDocuments in their wire form.
//!
//! The order of work is filter, count, sort, page, project. Everything here is pure: no request
//! types, no SQL, no clock. Where the standard is silent:
//!
//! - Parameter and property names are case-sensitive; `asc` and `desc` are not.
//! - A parameter other than `fields` that appears twice with different values is an error.
//! - `orderBy` without a known `sort` is checked but has no effect.
//! - `fields` selects top-level properties. A dotted name there is a name that does not exist, so
//!   all data is returned, as the standard asks.

mod compare;
mod filter;
mod page;
mod property;
mod sort;

use serde_json::Value;

use self::{filter::Filter, page::Page, sort::Order};
use crate::case::Version;

/// How many documents a page holds. `default_limit` counts when the request names none;
/// a request for more than `max_limit` gets `max_limit`. Both are at least 1 in effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Documents on a page when `limit` is absent.
    pub default_limit: u64,
    /// The most documents a page may have.
    pub max_limit: u64,
}

impl Default for Settings {
    /// The standard's default of 100, and our cap of 10 000 (digest 3.4).
    fn default() -> Settings {
        Settings { default_limit: 100, max_limit: 10_000 }
    }
}

/// A query that cannot be answered. It is always a 400 with [`SelectError::CODE_MINOR`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{description}")]
pub struct SelectError {
    /// The parameter at fault.
    pub parameter: &'static str,
    /// A sentence for people that says what to write instead. For filters it starts with the
    /// literal `invalid_filter_field`, which the error schema does not allow as a code (digest 5.3).
    pub description: String,
}

impl SelectError {
    /// The `imsx_codeMinorFieldValue`, in both versions.
    pub const CODE_MINOR: &'static str = "invalid_selection_field";

    fn new(parameter: &'static str, sentence: String) -> SelectError {
        let description = match parameter {
            "filter" => format!("invalid_filter_field: {sentence}"),
            _ => sentence,
        };
        SelectError { parameter, description }
    }
}

/// What a query selected.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// How many documents matched the filter, before paging: `X-Total-Count`.
    pub total: u64,
    /// The page, sorted and projected.
    pub documents: Vec<Value>,
}

/// A checked query on `/CFDocuments`.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    limit: u64,
    offset: u64,
    order: Order,
    filter: Option<Filter>,
    /// The properties to keep; `None` keeps all.
    fields: Option<Vec<&'static str>>,
    /// Parameters to repeat in links, as they came.
    carried: Vec<(&'static str, String)>,
}

impl Query {
    /// Reads decoded query parameters, in order, repetitions included. Unknown ones are ignored.
    ///
    /// # Errors
    /// [`SelectError`] for a `limit`, `offset` or `orderBy` that is not one, a filter that cannot be
    /// read or names an unknown property, a blank field, and contradicting repetitions.
    pub fn parse(version: Version, pairs: &[(String, String)], settings: &Settings) -> Result<Query, SelectError> {
        let max_limit = settings.max_limit.max(1);
        let limit = match single(pairs, "limit")? {
            Some(text) => page::parse_limit(text, max_limit).map_err(at("limit"))?,
            None => settings.default_limit.clamp(1, max_limit),
        };
        let offset = match single(pairs, "offset")? {
            Some(text) => page::parse_offset(text).map_err(at("offset"))?,
            None => 0,
        };
        let descending = single(pairs, "orderBy")?.map_or(Ok(false), parse_direction)?;
        let order = Order::new(version, single(pairs, "sort")?, descending);
        let filter =
            single(pairs, "filter")?.map(|text| Filter::parse(version, text)).transpose().map_err(at("filter"))?;
        let fields = parse_fields(version, pairs)?;
        Ok(Query { limit, offset, order, filter, fields, carried: carried(pairs) })
    }

    /// The most documents to return; at least 1.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// How many documents to skip; never more than `i64::MAX`.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the order runs downwards.
    #[must_use]
    pub fn descending(&self) -> bool {
        match self.order {
            Order::Identifier { descending } | Order::Property { descending, .. } => descending,
        }
    }

    /// Whether there is no filter and the order is by identifier, byte by byte, so that a database
    /// can page by [`Query::limit`], [`Query::offset`] and [`Query::descending`]. Documents paged
    /// that way still need [`Query::project`].
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.filter.is_none() && matches!(self.order, Order::Identifier { .. })
    }

    /// Filters, counts, sorts, pages and projects documents in the wire form of the query's version.
    #[must_use]
    pub fn apply(&self, mut documents: Vec<Value>) -> Selection {
        if let Some(filter) = &self.filter {
            documents.retain(|document| filter.accepts(document));
        }
        let total = u64::try_from(documents.len()).unwrap_or(u64::MAX);
        self.order.sort(&mut documents);
        let [offset, limit] = [self.offset, self.limit].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        let page = documents.into_iter().skip(offset).take(limit);
        Selection { total, documents: page.map(|document| self.project(document)).collect() }
    }

    /// Keeps the selected properties, in the document's own order. Required properties that were
    /// not selected go too (digest 3.3).
    #[must_use]
    pub fn project(&self, mut document: Value) -> Value {
        if let (Some(fields), Some(members)) = (&self.fields, document.as_object_mut()) {
            members.retain(|name, _| fields.contains(&name.as_str()));
        }
        document
    }
}

/// The value of the `Link` header (RFC 8288): `next`, `last`, `first` and `prev`, as they apply.
///
/// `base_url` is the absolute URL of the collection without a query, in the version of the request:
/// `https://host/ims/case/v1p1/CFDocuments`. `total` is [`Selection::total`]. The limit in the links
/// is the effective one, so a client sees when its own was lowered.
#[must_use]
pub fn links(base_url: &str, query: &Query, total: u64) -> String {
    let page = Page { limit: query.limit, offset: query.offset };
    let carried: Vec<(&str, &str)> = query.carried.iter().map(|(name, value)| (*name, value.as_str())).collect();
    page::links(base_url, page, total, &carried)
}

fn at(parameter: &'static str) -> impl Fn(String) -> SelectError {
    move |sentence| SelectError::new(parameter, sentence)
}

/// All values of a parameter, in order.
fn all<'a>(pairs: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The value of a parameter that means one thing only.
fn single<'a>(pairs: &'a [(String, String)], name: &'static str) -> Result<Option<&'a str>, SelectError> {
    let mut values = all(pairs, name);
    let first = values.next();
    if values.any(|value| Some(value) != first) {
        let sentence = format!("{name} is given twice with different values; give it once");
        return Err(SelectError::new(name, sentence));
    }
    Ok(first)
}

fn parse_direction(text: &str) -> Result<bool, SelectError> {
    if text.eq_ignore_ascii_case("asc") {
        Ok(false)
    } else if text.eq_ignore_ascii_case("desc") {
        Ok(true)
    } else {
        Err(SelectError::new("orderBy", format!("orderBy is asc or desc, not `{}`", clip(text))))
    }
}

/// Reads `fields`, repeated or comma-separated. One unknown name means that all data is returned.
fn parse_fields(version: Version, pairs: &[(String, String)]) -> Result<Option<Vec<&'static str>>, SelectError> {
    let names: Vec<&str> = all(pairs, "fields").flat_map(|value| value.split(',')).map(str::trim).collect();
    if names.iter().any(|name| name.is_empty()) {
        let sentence = "fields holds a blank name; write property names with commas between them, as in \
             identifier,title, or leave fields out for all data";
        return Err(SelectError::new("fields", sentence.to_owned()));
    }
    if names.is_empty() {
        return Ok(None);
    }
    Ok(names.into_iter().map(|name| property::top_level(version, name)).collect())
}

/// What the links repeat beside the page: each parameter once, `fields` joined into one list.
fn carried(pairs: &[(String, String)]) -> Vec<(&'static str, String)> {
    let mut carried: Vec<(&'static str, String)> = Vec::new();
    for name in ["sort", "orderBy", "filter"] {
        carried.extend(all(pairs, name).next().map(|value| (name, value.to_owned())));
    }
    let fields: Vec<&str> = all(pairs, "fields").collect();
    if !fields.is_empty() {
        carried.push(("fields", fields.join(",")));
    }
    carried
}

/// The start of a value for a sentence: what a stranger sent is never repeated at length.
fn clip(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut clipped: String = text.chars().take(LONGEST).collect();
    if clipped.len() < text.len() {
        clipped.push('…');
    }
    clipped
}

#[cfg(test)]
mod tests;
