//! Reading the record of who changed what, and writing what no other use case writes.

use serde::Serialize;
use utoipa::ToSchema;

use super::Actor;
use crate::registry::{Registry, RegistryError, now, written};
use crate::store::{AuditEntry, AuditFilter, NewAudit, StoreError, Tx};

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
    /// The id of a token, or `user:` and a name; `cli` for the command line, `bundled` for what comes
    /// with the program.
    pub actor: String,
    /// `import`, `undo`, `import.fetch`, `import.discard`, `private.mark`, `private.unmark`,
    /// `token.create`, `token.revoke`, `login.failed` (a token), `sign-in`, `sign-in.failed`, `sign-out`,
    /// `feedback` and `feedback.delete` (a decision of a text and an item), `user.create`, `user.role`, `user.password`, `user.disable`, `user.enable`.
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
    /// The name of the user that it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The number of the import over HTTP that it was part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<i64>,
    /// The number of the decision that it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<i64>,
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
            user: subject.clone().filter(|_| action.starts_with("user.") || action.starts_with("sign-")),
            import: subject_of(&["import", "undo", "import.discard"]).and_then(|number| number.parse().ok()),
            decision: subject_of(&["feedback", "feedback.delete"]).and_then(|number| number.parse().ok()),
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
    /// A decision on an item of a framework.
    Decide {
        document_id: &'a str,
        decision: i64,
    },
    TakeBack {
        document_id: Option<&'a str>,
        decision: i64,
    },
    CreateToken(&'a str),
    RevokeToken(&'a str),
    /// With the id that was claimed, where it is shaped like one.
    FailLogin(Option<&'a str>),
    /// Anything that has a user for its subject, by the name of the action.
    User(&'static str, &'a str),
    /// With the user there is of that name.
    FailSignIn(Option<&'a str>),
}

/// Which lines of the record are asked for.
#[derive(Clone, Debug)]
pub struct AuditQuery {
    /// Microseconds since 1970; from the first on, and before the second.
    pub since: i64,
    pub until: i64,
    /// Only lines of a lower number.
    pub before: i64,
    pub actor: Option<String>,
    pub action: Option<String>,
    /// The identifier of a framework.
    pub framework: Option<String>,
    /// At most so many, and never more than [`AUDIT_LIMIT`].
    pub limit: i64,
}

impl Default for AuditQuery {
    fn default() -> AuditQuery {
        let (actor, action, framework) = (None, None, None);
        AuditQuery { since: 0, until: i64::MAX, before: i64::MAX, actor, action, framework, limit: AUDIT_LIMIT }
    }
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
            Deed::Decide { document_id, decision } => ("feedback", Some(document_id), None, Some(decision.to_string())),
            Deed::TakeBack { document_id, decision } => {
                ("feedback.delete", document_id, None, Some(decision.to_string()))
            }
            Deed::MarkPrivate { document_id, private: true } => ("private.mark", Some(document_id), None, None),
            Deed::MarkPrivate { document_id, private: false } => ("private.unmark", Some(document_id), None, None),
            Deed::CreateToken(id) => ("token.create", None, None, named(id)),
            Deed::RevokeToken(id) => ("token.revoke", None, None, named(id)),
            Deed::User(action, name) => (action, None, None, named(name)),
            Deed::FailSignIn(user) => ("sign-in.failed", None, None, user.map(str::to_owned)),
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

    /// Lines of the record, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn audit(&self, query: &AuditQuery) -> Result<Vec<AuditLine>, RegistryError> {
        let AuditQuery { since, until, before, actor, action, framework, limit } = query;
        let filter = AuditFilter {
            since: *since,
            until: *until,
            before: *before,
            actor: actor.as_deref(),
            action: action.as_deref(),
            document_id: framework.as_deref(),
        };
        let limit = (*limit).clamp(0, AUDIT_LIMIT);
        let entries = self.store.read(|tx| Ok::<_, RegistryError>(tx.audit(&filter, limit)?))?;
        Ok(entries.into_iter().map(AuditLine::from).collect())
    }
}
