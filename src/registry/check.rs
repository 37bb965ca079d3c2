//! Checking that the store agrees with itself, and mending what is derived.
//!
//! Looks at one framework after the other, so that no more than one is in memory: `rows` at each
//! row by itself, `ends` at what objects refer to, `tree` at the hierarchy; `history` looks at
//! revisions and changes. Mends only columns that follow from an object's body and the list of
//! frameworks; whatever else is wrong is told and left as it is.

mod drafts;
mod ends;
mod history;
mod rows;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Registry, RegistryError, now};
use crate::store::{StoreError, Tx};

/// How many findings of one code are kept; the others are counted.
const KEPT: u64 = 1_000;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gravity {
    /// The store contradicts itself.
    Error,
    /// Data worth looking at.
    Warning,
    /// Nothing wrong; good to know.
    Info,
}

impl Gravity {
    /// `error`, `warning` or `info`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Gravity::Error => "error",
            Gravity::Warning => "warning",
            Gravity::Info => "info",
        }
    }
}

/// One thing that a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub code: &'static str,
    #[serde(rename = "severity")]
    pub gravity: Gravity,
    /// Identifier of the framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    /// Class and identifier of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    pub sentence: String,
    /// Whether it was mended.
    pub repaired: bool,
}

impl Finding {
    fn new(gravity: Gravity, code: &'static str, sentence: impl Into<String>) -> Finding {
        let sentence = sentence.into();
        Finding { code, gravity, framework: None, class: None, object: None, sentence, repaired: false }
    }

    fn error(code: &'static str, sentence: impl Into<String>) -> Finding {
        Finding::new(Gravity::Error, code, sentence)
    }

    fn warning(code: &'static str, sentence: impl Into<String>) -> Finding {
        Finding::new(Gravity::Warning, code, sentence)
    }

    fn info(code: &'static str, sentence: impl Into<String>) -> Finding {
        Finding::new(Gravity::Info, code, sentence)
    }

    fn of(mut self, framework: &str) -> Finding {
        self.framework = Some(framework.to_owned());
        self
    }

    fn on(mut self, class: &str, object: &str) -> Finding {
        self.class = Some(class.to_owned());
        self.object = Some(object.to_owned());
        self
    }

    fn repaired(mut self) -> Finding {
        self.repaired = true;
        self
    }
}

/// How often a code was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub found: u64,
    pub repaired: u64,
}

/// What a check looked at and found.
#[derive(Clone, Debug, Default)]
pub struct Checkup {
    pub frameworks: u64,
    pub objects: u64,
    pub revisions: u64,
    pub changes: u64,
    /// By gravity and code.
    pub tallies: BTreeMap<(Gravity, &'static str), Tally>,
    /// At most a thousand of each code.
    pub findings: Vec<Finding>,
}

impl Checkup {
    fn add(&mut self, finding: Finding) {
        let tally = self.tallies.entry((finding.gravity, finding.code)).or_default();
        tally.found += 1;
        tally.repaired += u64::from(finding.repaired);
        if tally.found <= KEPT {
            self.findings.push(finding);
        }
    }

    /// How many findings of that gravity were not repaired.
    #[must_use]
    pub fn count(&self, gravity: Gravity) -> u64 {
        let of_gravity = self.tallies.iter().filter(|((one, _), _)| *one == gravity);
        of_gravity.map(|(_, tally)| tally.found - tally.repaired).sum()
    }

    /// How many findings were repaired.
    #[must_use]
    pub fn repaired(&self) -> u64 {
        self.tallies.values().map(|tally| tally.repaired).sum()
    }
}

/// A check under way.
struct Check<'c, 't> {
    tx: &'c mut Tx<'t>,
    /// `https://…/`: what begins with it was minted here.
    ours: String,
    repair: bool,
    checkup: Checkup,
    /// Frameworks that are no longer published as they were.
    mended: BTreeSet<String>,
}

impl Registry {
    /// Looks at one unchanging state of the store, or, to `repair` it, as the only writer. Tells
    /// `progress` what it looks at, and how many such steps there are.
    ///
    /// # Errors
    /// When the store cannot be read or written; then nothing is repaired.
    pub fn check(&self, repair: bool, progress: impl FnMut(&str, usize)) -> Result<Checkup, RegistryError> {
        let ours = format!("{}/", self.base_url);
        let run = |tx: &mut Tx<'_>| {
            let check = Check { tx, ours, repair, checkup: Checkup::default(), mended: BTreeSet::new() };
            check.run(progress)
        };
        if repair { self.store.write(run) } else { self.store.read(run) }
    }
}

impl Check<'_, '_> {
    fn run(mut self, mut progress: impl FnMut(&str, usize)) -> Result<Checkup, RegistryError> {
        let listed = self.tx.listed()?;
        let steps = listed.len() + 3;
        progress("the database", steps);
        for line in self.tx.damage()? {
            self.checkup.add(Finding::error("database-damaged", format!("SQLite says: {line}")));
        }
        let mut listed = listed.into_iter().peekable();
        let mut package = self.tx.package_after("")?;
        // Both are in the order of their identifiers.
        loop {
            let id = match (&package, listed.peek()) {
                (None, None) => break,
                (Some(package), Some((id, _))) => package.min(id).clone(),
                (Some(id), None) | (None, Some((id, _))) => id.clone(),
            };
            progress(&id, steps);
            let revision = listed.next_if(|(listed, _)| *listed == id).map(|(_, revision)| revision);
            if package.as_ref() == Some(&id) {
                self.package(&id, revision)?;
                package = self.tx.package_after(&id)?;
            } else {
                self.empty_framework(&id)?;
            }
            self.checkup.frameworks += 1;
        }
        self.drafts()?;
        progress("the revisions", steps);
        self.revisions()?;
        progress("the changes", steps);
        self.changes()?;
        let at = now();
        for id in std::mem::take(&mut self.mended) {
            let revision = self.tx.current_revision(&id)?.unwrap_or(super::backup::NO_REVISION);
            self.tx.append_changes(&[id], revision, at)?;
        }
        Ok(self.checkup)
    }

    /// Looks at one package, and at the revision that the list says it is at.
    fn package(&mut self, id: &str, revision: Option<i64>) -> Result<(), RegistryError> {
        let framework = self.rows(id)?;
        if !framework.has_document {
            let sentence = "objects are stored without the framework that they stand in";
            self.checkup.add(Finding::error("document-missing", sentence).of(id));
        }
        if !framework.has_frame {
            let sentence = "what its package holds beside its objects is not stored; it is published without that";
            self.checkup.add(Finding::warning("package-missing", sentence).of(id));
        }
        match revision {
            Some(revision) => self.current_revision(id, revision)?,
            None => self.unlisted(id, framework.has_document)?,
        }
        self.ends(id, &framework)?;
        for finding in tree::look(id, &framework.items, &framework.edges) {
            self.checkup.add(finding.of(id));
        }
        Ok(())
    }

    /// A framework whose objects are stored and that is not in the list.
    fn unlisted(&mut self, id: &str, has_document: bool) -> Result<(), StoreError> {
        let finding = Finding::error("framework-unlisted", "its objects are stored, but it is not in the list").of(id);
        let revision = if self.repair && has_document { self.tx.newest_revision(id)? } else { None };
        self.checkup.add(match revision {
            Some(revision) => {
                self.tx.set_current_revision(id, Some(revision))?;
                self.mended.insert(id.to_owned());
                finding.repaired()
            }
            None => finding,
        });
        Ok(())
    }

    /// A framework that is in the list and has no object.
    fn empty_framework(&mut self, id: &str) -> Result<(), StoreError> {
        let finding = Finding::error("framework-empty", "it is in the list, but nothing of it is stored").of(id);
        self.checkup.add(if self.repair {
            self.tx.set_current_revision(id, None)?;
            self.mended.insert(id.to_owned());
            finding.repaired()
        } else {
            finding
        });
        Ok(())
    }
}
