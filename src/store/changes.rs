//! The change sequence that derived state follows (numbers are in commit order).

use diesel::dsl::max;
use diesel::prelude::*;

use super::schema::changes;
use super::{StoreError, Tx};

/// One framework as one commit changed it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Change {
    pub seq: i64,
    pub document_id: String,
    /// The revision that was applied or undone.
    pub revision_id: i64,
    /// Microseconds since 1970.
    pub at: i64,
}

impl Tx<'_> {
    /// Appends one change for each framework whose published package is no longer the same.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn append_changes(&mut self, document_ids: &[String], revision_id: i64, at: i64) -> Result<(), StoreError> {
        for id in document_ids {
            diesel::insert_into(changes::table)
                .values((changes::document_id.eq(id), changes::revision_id.eq(revision_id), changes::at.eq(at)))
                .execute(self.0)?;
        }
        Ok(())
    }

    /// The number of the last change of anything; zero before the first. Every read asks for it, so
    /// it is no more than one step in an index, and without a limit: SQLite plans a statement anew
    /// whenever a limit is bound to it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_change(&mut self) -> Result<i64, StoreError> {
        let newest: Option<i64> = changes::table.select(max(changes::seq)).get_result(self.0)?;
        Ok(newest.unwrap_or_default())
    }

    /// The time of the last change of anything in sight, in microseconds since 1970; zero before the
    /// first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_change_in_sight(&mut self) -> Result<i64, StoreError> {
        let last = self.visible_changes().order(changes::seq.desc()).select(changes::at).first(self.0);
        Ok(last.optional()?.unwrap_or_default())
    }

    /// The number and time of the last change of a framework's published package.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_change_of(&mut self, document_id: &str) -> Result<Option<(i64, i64)>, StoreError> {
        let of_it = changes::table.filter(changes::document_id.eq(document_id)).order(changes::seq.desc());
        Ok(of_it.select((changes::seq, changes::at)).first(self.0).optional()?)
    }

    /// At most `limit` changes after number `seq`, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn changes_since(&mut self, seq: i64, limit: i64) -> Result<Vec<Change>, StoreError> {
        Ok(changes::table.filter(changes::seq.gt(seq)).order(changes::seq.asc()).limit(limit).load(self.0)?)
    }
}
