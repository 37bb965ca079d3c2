//! Reading the record of who changed what, and writing what no other use case writes.

use serde::Serialize;
use utoipa::ToSchema;

use super::Actor;
use crate::registry::{Registry, RegistryError, now, written};
use crate::store::{AuditEntry, NewAudit, StoreError, Tx};

/// The most lines that are read at once.
pub const AUDIT_LIMIT: i64 = 10_000;

/// One line of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditLine {
    pub id: i64,
    /// When, in UTC.
    #[schema(example = "2026-11-21T09:30:00.123Z")]
    pub at: String,
    /// The id of a token; `cli` for the command line, `bundled` for what comes with the program.
    pub actor: String,
    /// `import`, `undo`, `import.fetch`, `import.discard`, `private.mark`, `private.unmark`,
    /// `token.create`, `token.revoke`, `login.failed`.
    pub action: String,
    /// The framework that was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    /// The revision that was made or undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// The id of the token that it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The number of the import over HTTP that it was part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<i64>,
    /// The address that was to be fetched from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where the request came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The id of the request, as in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl From<AuditEntry> for AuditLine {
    fn from(entry: AuditEntry) -> AuditLine {
        let AuditEntry { id, at, actor, action, document_id, revision_id, subject, address, request_id } = entry;
        let subject_of = |actions: &[&str]| subject.clone().filter(|_| actions.contains(&action.as_str()));
        AuditLine {
            id,
            at: written(at),
            actor,
            framework: document_id,
            revision: revision_id,
            token: subject_of(&["token.create", "token.revoke", "login.failed"]),
            import: subject_of(&["import", "undo", "import.discard"]).and_then(|number| number.parse().ok()),
            source: subject_of(&["import.fetch"]),
            action,
            address,
            request_id,
        }
    }
}

/// What was done to what.
#[derive(Clone, Copy)]
pub(in crate::registry) enum Deed<'a> {
    Import {
        document_id: &'a str,
        revision: i64,
        import: Option<i64>,
    },
    Undo {
        document_id: &'a str,
        revision: i64,
        import: Option<i64>,
    },
    MarkPrivate {
        document_id: &'a str,
        private: bool,
    },
    /// Asking another server for what is at an address.
    FetchImport(&'a str),
    DiscardImport(i64),
    CreateToken(&'a str),
    RevokeToken(&'a str),
    /// With the id that was claimed, where it is shaped like one.
    FailLogin(Option<&'a str>),
}

impl Actor {
    /// Records a deed as part of the transaction that does it.
    pub(in crate::registry) fn did(&self, tx: &mut Tx<'_>, at: i64, deed: Deed<'_>) -> Result<(), StoreError> {
        let named = |name: &str| Some(name.to_owned());
        let (action, document_id, revision_id, subject) = match deed {
            Deed::Import { document_id, revision, import } => {
                ("import", Some(document_id), Some(revision), import.map(|number| number.to_string()))
            }
            Deed::Undo { document_id, revision, import } => {
                ("undo", Some(document_id), Some(revision), import.map(|number| number.to_string()))
            }
            Deed::FetchImport(url) => ("import.fetch", None, None, named(url)),
            Deed::DiscardImport(number) => ("import.discard", None, None, Some(number.to_string())),
            Deed::MarkPrivate { document_id, private: true } => ("private.mark", Some(document_id), None, None),
            Deed::MarkPrivate { document_id, private: false } => ("private.unmark", Some(document_id), None, None),
            Deed::CreateToken(id) => ("token.create", None, None, named(id)),
            Deed::RevokeToken(id) => ("token.revoke", None, None, named(id)),
            Deed::FailLogin(claimed) => ("login.failed", None, None, claimed.map(str::to_owned)),
        };
        tx.record_audit(&NewAudit {
            at,
            actor: &self.who,
            action,
            document_id,
            revision_id,
            subject: subject.as_deref(),
            address: self.address.as_deref(),
            request_id: self.request_id.as_deref(),
        })
    }
}

impl Registry {
    /// Records that somebody came with a wrong, expired or revoked token.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn record_failed_login(&self, actor: &Actor, claimed: Option<&str>) -> Result<(), RegistryError> {
        self.store.write(|tx| Ok(actor.did(tx, now(), Deed::FailLogin(claimed))?))
    }

    /// The newest lines of the record from `since` (microseconds since 1970) on, newest first; at
    /// most `limit`, and never more than [`AUDIT_LIMIT`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn audit(&self, since: i64, limit: i64) -> Result<Vec<AuditLine>, RegistryError> {
        let entries =
            self.store.read(|tx| Ok::<_, RegistryError>(tx.audit_since(since, limit.clamp(0, AUDIT_LIMIT))?))?;
        Ok(entries.into_iter().map(AuditLine::from).collect())
    }
}
