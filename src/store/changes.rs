//! The change sequence that derived state follows (numbers are in commit order).

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

    /// At most `limit` changes after number `seq`, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn changes_since(&mut self, seq: i64, limit: i64) -> Result<Vec<Change>, StoreError> {
        Ok(changes::table.filter(changes::seq.gt(seq)).order(changes::seq.asc()).limit(limit).load(self.0)?)
    }
}
