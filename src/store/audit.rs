//! The record of who changed what: written in the transaction that changes it, never changed after.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::schema::audit;
use super::{StoreError, Tx};

/// Something that is to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewAudit<'a> {
    /// Microseconds since 1970.
    pub at: i64,
    /// The id of a token, `user:` and a name, or what else acts here, such as `cli`.
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

/// Which entries are asked for; what is not said is any.
#[derive(Clone, Copy, Debug)]
pub struct AuditFilter<'a> {
    /// Microseconds since 1970; from the first on, and before the second.
    pub since: i64,
    pub until: i64,
    /// Only below this number.
    pub before: i64,
    pub actor: Option<&'a str>,
    pub action: Option<&'a str>,
    pub document_id: Option<&'a str>,
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

    /// At most `limit` entries, the newest of them, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn audit(&mut self, filter: &AuditFilter<'_>, limit: i64) -> Result<Vec<AuditEntry>, StoreError> {
        let any = |text: Option<&str>| text.is_none().into_sql::<Bool>();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let newest = audit::table
            .filter(audit::at.ge(filter.since).and(audit::at.lt(filter.until)).and(audit::id.lt(filter.before)))
            .filter(audit::actor.eq(text(filter.actor)).or(any(filter.actor)))
            .filter(audit::action.eq(text(filter.action)).or(any(filter.action)))
            .filter(audit::document_id.eq(text(filter.document_id)).or(any(filter.document_id).nullable()))
            .order(audit::id.desc())
            .limit(limit);
        Ok(newest.load(self.0)?)
    }
}
