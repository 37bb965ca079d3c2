//! The record of who changed what: written in the transaction that changes it, never changed after.

use diesel::prelude::*;

use super::schema::audit;
use super::{StoreError, Tx};

/// Something that is to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewAudit<'a> {
    /// Microseconds since 1970.
    pub at: i64,
    /// The id of a token, or what else acts here, such as `cli`.
    pub actor: &'a str,
    pub action: &'a str,
    pub document_id: Option<&'a str>,
    pub revision_id: Option<i64>,
    /// The token, import or address that it was about.
    pub subject: Option<&'a str>,
    pub address: Option<&'a str>,
    pub request_id: Option<&'a str>,
}

/// Something that was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct AuditEntry {
    pub id: i64,
    /// Microseconds since 1970.
    pub at: i64,
    pub actor: String,
    pub action: String,
    pub document_id: Option<String>,
    pub revision_id: Option<i64>,
    pub subject: Option<String>,
    pub address: Option<String>,
    pub request_id: Option<String>,
}

impl Tx<'_> {
    /// Adds an entry to the record.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn record_audit(&mut self, entry: &NewAudit<'_>) -> Result<(), StoreError> {
        diesel::insert_into(audit::table)
            .values((
                audit::at.eq(entry.at),
                audit::actor.eq(entry.actor),
                audit::action.eq(entry.action),
                audit::document_id.eq(entry.document_id),
                audit::revision_id.eq(entry.revision_id),
                audit::subject.eq(entry.subject),
                audit::address.eq(entry.address),
                audit::request_id.eq(entry.request_id),
            ))
            .execute(self.0)?;
        Ok(())
    }

    /// At most `limit` entries from `since` on, the newest of them, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn audit_since(&mut self, since: i64, limit: i64) -> Result<Vec<AuditEntry>, StoreError> {
        let newest = audit::table.filter(audit::at.ge(since)).order(audit::id.desc()).limit(limit);
        Ok(newest.load(self.0)?)
    }
}
