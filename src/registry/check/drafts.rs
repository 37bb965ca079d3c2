//! Who may see a framework follows from its adoption status, where nobody has marked it.

use std::collections::BTreeSet;

use super::{Check, Finding};
use crate::registry::RegistryError;
use crate::registry::privacy::is_draft;
use crate::store::Reason;

impl Check<'_, '_> {
    /// Every framework, and every one that is noted as a private draft.
    pub(super) fn drafts(&mut self) -> Result<(), RegistryError> {
        let noted: BTreeSet<String> = self.tx.private_for(Reason::Draft)?.into_iter().collect();
        let listed = self.tx.listed()?.into_iter().map(|(id, _)| id);
        for id in listed.chain(noted.iter().cloned()).collect::<BTreeSet<_>>() {
            let is_draft = is_draft(self.tx, &id)?;
            if is_draft == noted.contains(&id) {
                continue;
            }
            let finding = if is_draft {
                Finding::error("draft-public", "its adoption status is Private Draft, but everybody may see it")
            } else {
                Finding::error("draft-stale", "it is kept private as a draft, but its adoption status does not say so")
            };
            self.checkup.add(if self.repair {
                self.tx.set_private(&id, Reason::Draft, is_draft)?;
                self.mended.insert(id.clone());
                finding.of(&id).repaired()
            } else {
                finding.of(&id)
            });
        }
        Ok(())
    }
}
