//! Making frameworks private: by their adoption status when they are applied, or by somebody's word.
//!
//! What becomes private, or public, may be an end of other frameworks' associations, which are
//! published only while both ends are: those frameworks change with it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::access::{Actor, Deed};
use super::backup::NO_REVISION;
use super::{Registry, RegistryError, now, publish};
use crate::case::model::Class;
use crate::store::{Reason, Tx, Undo};

/// One private framework, and why it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateFramework {
    pub identifier: String,
    /// `None` when it is marked and not stored.
    pub title: Option<String>,
    /// Its adoption status is Private Draft.
    pub draft: bool,
    /// Somebody marked it.
    pub marked: bool,
}

/// What came of marking a framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Marked {
    pub identifier: String,
    /// Whether the framework carries the mark now.
    pub marked: bool,
    /// Whether the mark was not there before.
    pub changed: bool,
    /// Its title; `None` when it is not stored.
    pub title: Option<String>,
    /// Whether its adoption status makes it private, whatever the mark is.
    pub draft: bool,
}

impl Registry {
    /// The private frameworks, by identifier.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn private_frameworks(&self) -> Result<Vec<PrivateFramework>, RegistryError> {
        self.store.read(|tx| {
            let drafts = tx.private_for(Reason::Draft)?;
            let marked = tx.private_for(Reason::Marked)?;
            let all: BTreeSet<&String> = drafts.iter().chain(&marked).collect();
            let one = |identifier: &String| -> Result<PrivateFramework, RegistryError> {
                let revision = tx.current_revision(identifier)?;
                Ok(PrivateFramework {
                    title: revision.map(|_| publish::title_of(tx, identifier)).transpose()?,
                    draft: drafts.contains(identifier),
                    marked: marked.contains(identifier),
                    identifier: identifier.clone(),
                })
            };
            all.into_iter().map(one).collect()
        })
    }

    /// Marks a framework as private, or takes the mark away; also before it is imported. The
    /// identifier is in the form it is stored in.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn mark_private(&self, document_id: &str, private: bool, actor: &Actor) -> Result<Marked, RegistryError> {
        let marked = self.store.write(|tx| {
            let changed = tx.set_private(document_id, Reason::Marked, private)?;
            let revision = tx.current_revision(document_id)?;
            let draft = tx.private_for(Reason::Draft)?.iter().any(|id| id == document_id);
            if changed {
                let at = now();
                actor.did(tx, at, Deed::MarkPrivate { document_id, private })?;
                let mut touched = linked(tx, document_id)?;
                touched.push(document_id.to_owned());
                tx.append_changes(&touched, revision.unwrap_or(NO_REVISION), at)?;
            }
            let title = revision.map(|_| publish::title_of(tx, document_id)).transpose()?;
            let identifier = document_id.to_owned();
            Ok::<_, RegistryError>(Marked { identifier, marked: private, changed, title, draft })
        })?;
        self.notice();
        Ok(marked)
    }
}

/// Notes whether a framework that was written is a private draft now, and tells which other
/// packages are no longer the same for it, given what was touched.
pub(super) fn follow_status(
    tx: &mut Tx<'_>,
    document_id: &str,
    touched: &[String],
) -> Result<Vec<String>, RegistryError> {
    let was = tx.is_private(document_id)?;
    let draft = is_draft(tx, document_id)?;
    tx.set_private(document_id, Reason::Draft, draft)?;
    let is = tx.is_private(document_id)?;
    match (was, is) {
        (false, false) => Ok(Vec::new()),
        // What was added, or taken away, was or is an end that nobody may see.
        (true, true) => Ok(tx.linked_from(document_id, &touched.iter().map(String::as_str).collect::<Vec<_>>())?),
        _ => linked(tx, document_id),
    }
}

/// The identifiers of what a revision touched in one package.
pub(super) fn touched_in(undo: &Undo, document_id: &str) -> Vec<String> {
    let touched = undo.touched().into_iter().filter(|(package, ..)| *package == document_id);
    touched.map(|(_, _, id)| id.to_owned()).collect()
}

/// Other packages with an association to anything in that one.
fn linked(tx: &mut Tx<'_>, document_id: &str) -> Result<Vec<String>, RegistryError> {
    let rows = tx.package_rows(document_id)?;
    let ids: Vec<&str> = rows.iter().map(|object| object.id.as_str()).collect();
    Ok(tx.linked_from(document_id, &ids)?)
}

/// Whether the stored document's adoption status says that it is not for everybody (digest 9.4).
pub(super) fn is_draft(tx: &mut Tx<'_>, document_id: &str) -> Result<bool, RegistryError> {
    let document = tx.package_class(document_id, Class::Document)?.pop();
    let status = document.map(|object| publish::text(&publish::parse(&object), "adoptionStatus")).unwrap_or_default();
    Ok(is_private_draft(&status))
}

/// As the migration that made the table reads it.
fn is_private_draft(status: &str) -> bool {
    let plain: String = status.chars().filter(|c| *c != ' ').flat_map(char::to_lowercase).collect();
    plain == "privatedraft"
}

#[cfg(test)]
mod tests {
    use super::is_private_draft;

    #[test]
    fn only_private_drafts_are_private() {
        for status in ["Private Draft", "private draft", " PrivateDraft"] {
            assert!(is_private_draft(status), "{status}");
        }
        for status in ["", "Draft", "Adopted", "Private Drafts", "Not a private draft"] {
            assert!(!is_private_draft(status), "{status}");
        }
    }
}
