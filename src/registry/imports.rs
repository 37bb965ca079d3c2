//! Imports that are kept between their steps: a file is planned, looked at, applied, and perhaps
//! undone, by requests that may be days apart and reach different servers on one database.
//!
//! A plan is not kept as rows to write. What is kept is the file, what its reader supplied, and a
//! digest of the plan; applying plans again and refuses when anything came out differently. Each
//! step is one transaction with the state that it leads to, so that a step is done once, however
//! often it is asked for. Planning, which takes long, happens outside of it.

mod differences;
mod draft;
mod kept;
mod layout;
mod options;
mod run;
mod steps;
mod together;

use std::path::PathBuf;

use super::fetch::Origin;
use super::{Access, Registry, RegistryError, now, unpack};
use crate::fetch::{Client, FetchError, Kind, Settings, Target};
use crate::store::{NewImport, Packed, StoredImport, StoredPlan, Tx};

pub use differences::{Claim, Difference, Differences, Remark};
use draft::Terms;
pub use kept::{ImportCounts, ImportDetail, ImportFramework, ImportInfo, ImportState};
pub use layout::{LayoutCell, LayoutColumn, LayoutGuess, LayoutRow, LayoutSheet, SheetLayout};
pub use options::{ImportChange, ImportOptions};
use run::Watch;
pub use run::{ImportProblem, ImportProgress, ImportRun, ImportStage, Refused, RunEnd};
pub use steps::{Prepared, ReadyImport, Replanned};
use steps::{unapplied, with_content};

/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// Within which bounds imports are taken.
#[derive(Clone, Debug)]
pub struct ImportRules {
    /// How other servers are fetched from.
    pub fetching: Settings,
    /// The largest file, unpacked.
    pub max_bytes: u64,
    /// How many days one that is not applied is kept.
    pub keep_days: u32,
    /// How many seconds reading a spreadsheet may take.
    pub sheet_seconds: u64,
    /// The program that reads old binary workbooks, which is this one.
    pub program: Option<PathBuf>,
}

/// Where a framework of another server is.
#[derive(Clone, Debug)]
pub struct ImportAddress(Target);

impl ImportAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`RegistryError::Fetch`], and [`RegistryError::WholeServer`] for a catalogue.
    pub fn parse(text: &str) -> Result<ImportAddress, RegistryError> {
        let target = Target::parse(text)?;
        match target.kind {
            Kind::Catalogue(_) => Err(RegistryError::WholeServer(target.shown())),
            _ => Ok(ImportAddress(target)),
        }
    }
}

/// What is to be imported.
pub enum ImportSource {
    /// A file as it was sent, and what it is called.
    File { name: String, bytes: Vec<u8> },
    /// What another server sent, unpacked.
    Fetched { content: Vec<u8>, origin: Origin },
}

/// An import that is not kept yet.
pub struct ImportDraft {
    file: NewImport,
    plan: StoredPlan,
    state: ImportState,
}

impl ImportRules {
    /// Ends whatever is being fetched.
    pub fn stop(&self) {
        self.fetching.stop.stop();
    }
}

impl Registry {
    /// Fetches what is at an address.
    ///
    /// # Errors
    /// [`RegistryError::Fetch`], [`RegistryError::PrivateSource`] and [`RegistryError::Source`].
    pub fn fetch_import(address: &ImportAddress, rules: &ImportRules) -> Result<ImportSource, RegistryError> {
        let mut settings = rules.fetching.clone();
        settings.max_bytes = settings.max_bytes.min(rules.max_bytes);
        // Whoever asks must not borrow the secrets that this server has for others.
        let client = Client::new(settings, &address.0.url, None);
        let (content, origin) = Registry::download(&client, &address.0).map_err(discreet)?;
        Ok(ImportSource::Fetched { content, origin })
    }

    /// Reads a file and plans its import; writes nothing.
    ///
    /// # Errors
    /// [`RegistryError::Source`], [`RegistryError::Read`], [`RegistryError::Open`] and
    /// [`RegistryError::Sheet`] when there is nothing to import, [`RegistryError::SheetOption`] for
    /// what is said of a spreadsheet that is none, [`RegistryError::NotAllowed`] and
    /// [`RegistryError::Entangled`].
    pub fn draft_import(
        &self,
        source: ImportSource,
        options: ImportOptions,
        access: &Access,
        rules: &ImportRules,
    ) -> Result<ImportDraft, RegistryError> {
        let (file, content) = file(source, access, rules)?;
        let terms = Terms { name: &file.name, base_url: &self.base_url, read_at: now(), options: &options };
        let drafted = self.draft(content, terms, access, rules, &Watch::default()).map_err(|refused| *refused.error)?;
        let plan = drafted.stored(terms)?;
        Ok(ImportDraft { file, plan, state: ImportState::Planned })
    }

    /// An import with the beginning of its differences, and whether [`Registry::resume_import`] is to
    /// go on with it.
    ///
    /// # Errors
    /// [`RegistryError::NoSuchImport`] when there is none that `access` may see.
    pub fn import(&self, id: i64, access: &Access) -> Result<(ImportDetail, bool), RegistryError> {
        self.store.read(|tx| {
            let row = visible(tx, id, access)?;
            let is_silent = run::is_silent(&row.state, row.touched_at, now());
            Ok((detail(tx, row, access)?, is_silent))
        })
    }

    /// [`Registry::import`] in short.
    ///
    /// # Errors
    /// As [`Registry::import`].
    pub fn import_info(&self, id: i64, access: &Access) -> Result<(ImportInfo, bool), RegistryError> {
        self.store.read(|tx| {
            let row = visible(tx, id, access)?;
            let is_silent = run::is_silent(&row.state, row.touched_at, now());
            Ok((ImportInfo::of(row)?, is_silent))
        })
    }

    /// The differences of one framework of an import: at most `limit` of each kind from number
    /// `offset` on; `None` when it is not in the import.
    ///
    /// # Errors
    /// As [`Registry::import`].
    pub fn import_differences(
        &self,
        id: i64,
        framework: &str,
        (offset, limit): (usize, usize),
        access: &Access,
    ) -> Result<Option<Differences>, RegistryError> {
        self.store.read(|tx| {
            let row = visible(tx, id, access)?;
            let found = differences(tx, row.id)?.into_iter().find(|one| one.identifier.eq_ignore_ascii_case(framework));
            Ok(found.map(|one| one.window(offset, limit, access)))
        })
    }

    /// At most `limit` imports below the number `before`, newest first: those that the holder
    /// of `access` made, or all for whoever manages the server.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn imports(&self, before: i64, limit: i64, access: &Access) -> Result<Vec<ImportInfo>, RegistryError> {
        let of = if access.may_manage() { None } else { Some(access.holder().unwrap_or_default()) };
        self.store.read(|tx| tx.imports(of, before, limit)?.into_iter().map(ImportInfo::of).collect())
    }
}

/// What is kept of a file, and what is in it.
fn file(source: ImportSource, access: &Access, rules: &ImportRules) -> Result<(NewImport, Vec<u8>), RegistryError> {
    let (name, content, origin) = match source {
        ImportSource::File { name, bytes } => (tidy(&name), unpack(bytes, rules.max_bytes)?, None),
        ImportSource::Fetched { content, origin } => (tidy(&origin.url), content, Some(origin)),
    };
    let (url, etag) = origin.map_or((None, None), |Origin { url, etag }| (Some(url), etag));
    let file = NewImport {
        created_by: access.holder().unwrap_or_default().to_owned(),
        name,
        url,
        etag,
        size: i64::try_from(content.len()).unwrap_or(i64::MAX),
        content: Packed::of(&content)?,
    };
    Ok((file, content))
}

fn detail(tx: &mut Tx<'_>, row: StoredImport, access: &Access) -> Result<ImportDetail, RegistryError> {
    let all = differences(tx, row.id)?;
    let layout = tx.import_layout(row.id)?.map(|kept| kept::read(&kept)).transpose()?;
    Ok(ImportDetail::of(ImportInfo::of(row)?, layout, all, access))
}

fn differences(tx: &mut Tx<'_>, id: i64) -> Result<Vec<Differences>, RegistryError> {
    tx.import_details(id)?.map_or_else(|| Ok(Vec::new()), |kept| kept::read(&kept))
}

fn told(tx: &mut Tx<'_>, id: i64, access: &Access) -> Result<ImportDetail, RegistryError> {
    let row = visible(tx, id, access)?;
    detail(tx, row, access)
}

/// The import of that number, for who may see it. Whose it is not is told the same as that there is
/// none.
fn visible(tx: &mut Tx<'_>, id: i64, access: &Access) -> Result<StoredImport, RegistryError> {
    let may_see = |row: &StoredImport| access.may_manage() || access.holder() == Some(row.created_by.as_str());
    tx.import(id)?.filter(may_see).ok_or(RegistryError::NoSuchImport(id))
}

fn may_change(access: &Access, framework: &str) -> Result<(), RegistryError> {
    if access.may_write(framework) { Ok(()) } else { Err(RegistryError::NotAllowed(framework.to_owned())) }
}

/// Without the address that a name has inside of our network.
fn discreet(error: RegistryError) -> RegistryError {
    match error {
        RegistryError::Fetch(FetchError::NotPublic { host, .. }) => RegistryError::PrivateSource(host),
        other => other,
    }
}

/// A name fit to be shown and recorded.
fn tidy(name: &str) -> String {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if name.is_empty() { "upload".to_owned() } else { name }
}
