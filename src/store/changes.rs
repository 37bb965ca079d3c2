//! The change sequence that derived state follows (numbers are in commit order).

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

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

    /// The number and time of the last change of anything; zeros before the first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_change(&mut self) -> Result<(i64, i64), StoreError> {
        let last = changes::table.order(changes::seq.desc()).select((changes::seq, changes::at)).first(self.0);
        Ok(last.optional()?.unwrap_or_default())
    }

    /// The number of the last change of anything, and the time of the last one in sight, in
    /// microseconds since 1970; zeros before the first. One statement, since every read needs it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_change_in_sight(&mut self) -> Result<(i64, i64), StoreError> {
        let newest = sql::<BigInt>("(SELECT max(seq) FROM changes)");
        let last = self.visible_changes().order(changes::seq.desc()).select((newest, changes::at)).first(self.0);
        match last.optional()? {
            Some(last) => Ok(last),
            None => Ok((self.last_change()?.0, 0)),
        }
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
