//! Revisions and changes: every pointer leads somewhere, and what is packed can be unpacked.

use super::{Check, Finding};
use crate::registry::backup::NO_REVISION;
use crate::store::{RawRevision, StoreError};

/// How many rows are read at once.
const SLICE: i64 = 1_000;

impl Check<'_, '_> {
    /// The revision that a framework is said to be at.
    pub(super) fn current_revision(&mut self, id: &str, number: i64) -> Result<(), StoreError> {
        let finding = match self.tx.raw_revision(number)? {
            Some(RawRevision { undone_at: None, .. }) => return Ok(()),
            Some(_) => Finding::error("revision-undone", format!("it is at revision {number}, which was undone")),
            None => Finding::error("revision-missing", format!("it is at revision {number}, which is not stored")),
        };
        let right = if self.repair { self.tx.newest_revision(id)? } else { None };
        self.checkup.add(match right {
            Some(right) => {
                self.tx.set_current_revision(id, Some(right))?;
                self.mended.insert(id.to_owned());
                finding.of(id).repaired()
            }
            None => finding.of(id),
        });
        Ok(())
    }

    /// Every revision, one at a time: what it keeps of the state before may be large.
    pub(super) fn revisions(&mut self) -> Result<(), StoreError> {
        let mut last = 0;
        loop {
            let slice = self.tx.revisions_after(last, SLICE)?;
            let Some(newest) = slice.last() else { return Ok(()) };
            last = newest.id;
            self.checkup.revisions += slice.len() as u64;
            for revision in &slice {
                self.revision(revision)?;
            }
            let ids: Vec<i64> = slice.iter().map(|revision| revision.id).collect();
            let told = self.tx.changes_among(&ids)?;
            for revision in slice.iter().filter(|revision| !told.contains(&revision.id)) {
                let sentence = format!("revision {} is not in the sequence of changes", revision.id);
                self.checkup.add(Finding::error("change-missing", sentence).of(&revision.document_id));
            }
        }
    }

    fn revision(&mut self, revision: &RawRevision) -> Result<(), StoreError> {
        let RawRevision { id, document_id, summary, .. } = revision;
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(summary) {
            self.unreadable(document_id, format!("the summary of revision {id} cannot be read: {error}"));
        }
        match self.tx.revision_report(*id) {
            Ok(report) => {
                let json = serde_json::from_str::<serde::de::IgnoredAny>(&report.unwrap_or_default());
                if let Err(error) = json {
                    self.unreadable(document_id, format!("the report of revision {id} cannot be read: {error}"));
                }
            }
            Err(StoreError::Corrupt { source, .. }) => {
                self.unreadable(document_id, format!("the report of revision {id} cannot be read: {source}"));
            }
            Err(other) => return Err(other),
        }
        let before = match self.tx.revision_undo(*id) {
            Ok(found) => found.map(|(_, undo)| undo.before).unwrap_or_default(),
            Err(StoreError::Corrupt { source, .. }) => {
                self.unreadable(document_id, format!("revision {id} cannot be undone: {source}"));
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        let earlier: Vec<i64> = before.iter().filter_map(|(_, revision)| *revision).collect();
        let stored = self.tx.revisions_among(&earlier)?;
        for (framework, missing) in before.iter().filter_map(|(framework, earlier)| Some((framework, (*earlier)?))) {
            if !stored.contains(&missing) {
                let sentence = format!("before revision {id} it was at revision {missing}, which is not stored");
                self.checkup.add(Finding::error("revision-before-missing", sentence).of(framework));
            }
        }
        Ok(())
    }

    fn unreadable(&mut self, framework: &str, sentence: String) {
        self.checkup.add(Finding::error("revision-unreadable", sentence).of(framework));
    }

    /// Every change, and the revision that it names.
    pub(super) fn changes(&mut self) -> Result<(), StoreError> {
        let mut last = 0;
        loop {
            let slice = self.tx.changes_since(last, SLICE)?;
            let Some(newest) = slice.last() else { return Ok(()) };
            last = newest.seq;
            self.checkup.changes += slice.len() as u64;
            let ids: Vec<i64> = slice.iter().map(|change| change.revision_id).collect();
            let stored = self.tx.revisions_among(&ids)?;
            for change in &slice {
                if change.revision_id != NO_REVISION && !stored.contains(&change.revision_id) {
                    let sentence =
                        format!("change {} names revision {}, which is not stored", change.seq, change.revision_id);
                    self.checkup.add(Finding::error("change-without-revision", sentence).of(&change.document_id));
                }
            }
        }
    }
}
