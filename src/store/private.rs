//! Frameworks that not everybody may see, and what a transaction sees of them.
//!
//! Leaving out is done here, in the statements themselves, so that what is out of sight is never
//! read: it is not slower to miss than what is not there.

use std::collections::{BTreeSet, HashSet};

use diesel::prelude::*;

use super::conn::AnyConn;
use super::schema::{changes, documents, objects, private};
use super::{StoreError, Tx};
use crate::case::model::Class;

type Backend = <AnyConn as diesel::Connection>::Backend;

/// Why a framework is private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its adoption status says so.
    Draft,
    /// Somebody marked it.
    Marked,
}

impl Reason {
    const fn name(self) -> &'static str {
        match self {
            Reason::Draft => "draft",
            Reason::Marked => "marked",
        }
    }
}

/// Which frameworks a transaction sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    All,
    /// Those that are not private, and these.
    PublicAnd(BTreeSet<String>),
}

impl Sight {
    /// Those that everybody sees.
    #[must_use]
    pub const fn public() -> Sight {
        Sight::PublicAnd(BTreeSet::new())
    }
}

/// The private frameworks but for some.
#[diesel::dsl::auto_type(no_type_alias)]
fn private_but(shown: Vec<String>) -> _ {
    private::table.filter(private::document_id.ne_all(shown)).select(private::document_id)
}

/// A boxed query with the frameworks left out that are out of sight, as far as `$column` names one.
/// What everybody sees is a statement without variables, which the databases prepare only once.
macro_rules! in_sight {
    ($sight:expr, $table:ident, $column:expr) => {
        match $sight {
            Sight::All => $table::table.into_boxed(),
            Sight::PublicAnd(shown) if shown.is_empty() => {
                $table::table.into_boxed().filter($column.ne_all(private::table.select(private::document_id)))
            }
            Sight::PublicAnd(shown) => {
                $table::table.into_boxed().filter($column.ne_all(private_but(shown.iter().cloned().collect())))
            }
        }
    };
}

impl Tx<'_> {
    /// The objects in sight: those in packages that are.
    pub(super) fn visible<'q>(&self) -> objects::BoxedQuery<'q, Backend> {
        in_sight!(&self.1, objects, objects::package_id)
    }

    /// The frameworks in sight.
    pub(super) fn visible_documents<'q>(&self) -> documents::BoxedQuery<'q, Backend> {
        in_sight!(&self.1, documents, documents::id)
    }

    /// The changes of what is in sight.
    pub(super) fn visible_changes<'q>(&self) -> changes::BoxedQuery<'q, Backend> {
        in_sight!(&self.1, changes, changes::document_id)
    }

    /// The identifiers that the sight goes beyond what is public; `None` when all is in sight, or
    /// nothing is private.
    fn shown(&mut self) -> Result<Option<Vec<String>>, StoreError> {
        let Sight::PublicAnd(shown) = &self.1 else { return Ok(None) };
        let shown: Vec<String> = shown.iter().cloned().collect();
        Ok(self.hides_any()?.then_some(shown))
    }

    /// Whether anything is out of sight.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn hides_any(&mut self) -> Result<bool, StoreError> {
        let Sight::PublicAnd(shown) = &self.1 else { return Ok(false) };
        let shown: Vec<String> = shown.iter().cloned().collect();
        Ok(private_but(shown).first::<String>(self.0).optional()?.is_some())
    }

    /// Those of `ids` that only stand in packages out of sight.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn hidden_among(&mut self, ids: &[&str]) -> Result<HashSet<String>, StoreError> {
        let mut found = HashSet::new();
        if ids.is_empty() {
            return Ok(found);
        }
        let Some(shown) = self.shown()? else { return Ok(found) };
        for chunk in ids.chunks(1_000) {
            let hidden = private_but(shown.clone());
            let those = objects::table.filter(objects::id.eq_any(chunk)).filter(objects::package_id.eq_any(hidden));
            found.extend(those.select(objects::id).load::<String>(self.0)?);
        }
        let ids: Vec<String> = found.iter().cloned().collect();
        for chunk in ids.chunks(1_000) {
            let seen = self.visible().filter(objects::id.eq_any(chunk)).select(objects::id);
            for id in seen.load::<String>(self.0)? {
                found.remove(&id);
            }
        }
        Ok(found)
    }

    /// The associations in sight, of one package or of all, that have an end out of sight:
    /// `(package, id)` of each. They are not to be published.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn crossing(&mut self, package_id: Option<&str>) -> Result<HashSet<(String, String)>, StoreError> {
        type Found = (String, String, Option<String>, Option<String>);
        let Some(shown) = self.shown()? else { return Ok(HashSet::new()) };
        let mut found: Vec<Found> = Vec::new();
        // Two statements, so that each has its index.
        for from_origin in [true, false] {
            let ends = diesel::alias!(objects as ends);
            let hidden = ends
                .filter(ends.field(objects::package_id).eq_any(private_but(shown.clone())))
                .select(ends.field(objects::id).nullable());
            let mut crossing = self.visible().filter(objects::class.eq(Class::Association.name()));
            if let Some(package) = package_id {
                crossing = crossing.filter(objects::package_id.eq(package));
            }
            crossing = if from_origin {
                crossing.filter(objects::origin.eq_any(hidden))
            } else {
                crossing.filter(objects::destination.eq_any(hidden))
            };
            let columns = (objects::package_id, objects::id, objects::origin, objects::destination);
            found.extend(crossing.select(columns).load::<Found>(self.0)?);
        }
        let ends: Vec<&str> = found
            .iter()
            .flat_map(|(_, _, origin, destination)| [origin, destination])
            .flatten()
            .map(String::as_str)
            .collect();
        let hidden = self.hidden_among(&ends)?;
        let is_hidden = |end: &Option<String>| end.as_ref().is_some_and(|end| hidden.contains(end));
        let out = |(package, id, origin, destination): Found| {
            (is_hidden(&origin) || is_hidden(&destination)).then_some((package, id))
        };
        Ok(found.into_iter().filter_map(out).collect())
    }

    /// What tells apart what this transaction sees from what everybody sees: empty when that is the
    /// same.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sight_label(&mut self) -> Result<String, StoreError> {
        let shown = match &self.1 {
            Sight::PublicAnd(shown) if shown.is_empty() => return Ok(String::new()),
            Sight::PublicAnd(shown) => Some(shown.clone()),
            Sight::All => None,
        };
        let mut private: Vec<String> = private::table.select(private::document_id).distinct().load(self.0)?;
        private.retain(|id| shown.as_ref().is_none_or(|shown| shown.contains(id)));
        private.sort();
        Ok(private.join(" "))
    }

    /// Whether a framework is private, for whatever reason; also when it is not stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_private(&mut self, document_id: &str) -> Result<bool, StoreError> {
        let reasons = private::table.filter(private::document_id.eq(document_id)).select(private::reason);
        Ok(reasons.first::<String>(self.0).optional()?.is_some())
    }

    /// The frameworks that are private for that reason.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn private_for(&mut self, reason: Reason) -> Result<Vec<String>, StoreError> {
        let those = private::table.filter(private::reason.eq(reason.name())).order(private::document_id);
        Ok(those.select(private::document_id).load(self.0)?)
    }

    /// Makes a framework private for a reason, or no longer for that one; tells whether that was new.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_private(&mut self, document_id: &str, reason: Reason, is_private: bool) -> Result<bool, StoreError> {
        let found = private::table.find((document_id, reason.name()));
        let was: Option<String> = found.select(private::reason).first(self.0).optional()?;
        match (was.is_some(), is_private) {
            (true, false) => drop(diesel::delete(found).execute(self.0)?),
            (false, true) => {
                let row = (private::document_id.eq(document_id), private::reason.eq(reason.name()));
                diesel::insert_into(private::table).values(row).execute(self.0)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The packages outside `package_id` that have an association with one of `ids` at an end.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn linked_from(&mut self, package_id: &str, ids: &[&str]) -> Result<Vec<String>, StoreError> {
        let mut found: Vec<String> = Vec::new();
        for chunk in ids.chunks(1_000) {
            let others =
                || objects::table.filter(objects::package_id.ne(package_id)).select(objects::package_id).distinct();
            found.extend(others().filter(objects::origin.eq_any(chunk)).load::<String>(self.0)?);
            found.extend(others().filter(objects::destination.eq_any(chunk)).load::<String>(self.0)?);
        }
        found.sort();
        found.dedup();
        Ok(found)
    }
}
