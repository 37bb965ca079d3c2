//! Imports that are kept between their steps: a file is planned, looked at, applied, and perhaps
//! undone, by requests that may be days apart and reach different servers on one database.
//!
//! A plan is not kept as rows to write. What is kept is the file, what its reader supplied, and a
//! digest of the plan; applying plans again and refuses when anything came out differently. Each
//! step is one transaction with the state that it leads to, so that a step is done once, however
//! often it is asked for. Planning, which takes long, happens outside of it.

mod kept;
mod steps;
mod together;

use chrono::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fetch::Origin;
use super::{Access, Plan, PlanOptions, Registry, RegistryError, now, readings, unpack};
use crate::case::model::Timestamp;
use crate::case::read::Context;
use crate::fetch::{Client, FetchError, Kind, Settings, Target};
use crate::store::{NewImport, Packed, StoredImport, StoredPlan, Tx};

pub use kept::{Claim, Difference, Differences, ImportCounts, ImportDetail, ImportFramework, ImportInfo, ImportState};
use kept::{Planned, json, parsed};
pub use steps::{Prepared, ReadyImport, Replanned};

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
}

/// How a file is to be imported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportOptions {
    /// Delete what is stored of a framework and not in the file.
    pub delete_missing: bool,
    /// Take objects that belong to other frameworks.
    #[serde(rename = "move")]
    pub move_objects: bool,
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

/// An import that was planned and is not kept yet.
pub struct ImportDraft(NewImport);

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
    /// [`RegistryError::Source`] and [`RegistryError::Read`] when there is nothing to import,
    /// [`RegistryError::NotAllowed`] and [`RegistryError::Entangled`].
    pub fn draft_import(
        &self,
        source: ImportSource,
        options: ImportOptions,
        access: &Access,
        rules: &ImportRules,
    ) -> Result<ImportDraft, RegistryError> {
        let (name, content, origin) = match source {
            ImportSource::File { name, bytes } => (tidy(&name), unpack(bytes, rules.max_bytes)?, None),
            ImportSource::Fetched { content, origin } => (tidy(&origin.url), content, Some(origin)),
        };
        let read_at = now();
        let plans = self.plans(&content, Terms { name: &name, base_url: &self.base_url, read_at, options }, access)?;
        let plan = stored(&plans, &self.base_url, read_at, options)?;
        let (url, etag) = origin.map_or((None, None), |Origin { url, etag }| (Some(url), etag));
        Ok(ImportDraft(NewImport {
            created_by: access.token_id().unwrap_or_default().to_owned(),
            name,
            url,
            etag,
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
            content: Packed::of(&content)?,
            plan,
        }))
    }

    /// The plans of every package in a file, none of which gets in the way of another.
    fn plans(&self, content: &[u8], terms: Terms<'_>, access: &Access) -> Result<Vec<Plan>, RegistryError> {
        let now = DateTime::from_timestamp_micros(terms.read_at).unwrap_or_default();
        let context = Context { base_url: terms.base_url.to_owned(), now: Timestamp::from_instant(now) };
        let (_, readings) = readings(content, &context)?;
        for reading in &readings {
            may_change(access, reading.package.identifier())?;
        }
        let options = PlanOptions {
            source: terms.name.to_owned(),
            delete_missing: terms.options.delete_missing,
            move_objects: terms.options.move_objects,
        };
        let plans: Result<Vec<Plan>, RegistryError> =
            readings.into_iter().map(|reading| self.plan_reading(reading, options.clone())).collect();
        let plans = plans?;
        for framework in plans.iter().flat_map(together::touched) {
            may_change(access, framework)?;
        }
        together::check(&plans)?;
        Ok(plans)
    }

    /// An import with the beginning of its differences.
    ///
    /// # Errors
    /// [`RegistryError::NoSuchImport`] when there is none that `access` may see.
    pub fn import(&self, id: i64, access: &Access) -> Result<ImportDetail, RegistryError> {
        self.store.read(|tx| told(tx, id, access))
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
            let all = kept::differences(&tx.import_details(row.id)?.unwrap_or_default())?;
            let found = all.into_iter().find(|one| one.identifier.eq_ignore_ascii_case(framework));
            Ok(found.map(|one| one.window(offset, limit, access)))
        })
    }

    /// At most `limit` imports below the number `before`, newest first: those made with the token
    /// of `access`, or all for whoever manages the server.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn imports(&self, before: i64, limit: i64, access: &Access) -> Result<Vec<ImportInfo>, RegistryError> {
        let of = if access.may_manage() { None } else { Some(access.token_id().unwrap_or_default()) };
        self.store.read(|tx| tx.imports(of, before, limit)?.into_iter().map(ImportInfo::of).collect())
    }
}

/// On which terms a file is read and planned.
#[derive(Clone, Copy)]
struct Terms<'a> {
    name: &'a str,
    base_url: &'a str,
    read_at: i64,
    options: ImportOptions,
}

impl<'a> Terms<'a> {
    /// The terms of a plan that is kept.
    fn of(row: &'a StoredImport) -> Result<Terms<'a>, RegistryError> {
        let options = parsed(&row.options)?;
        Ok(Terms { name: &row.name, base_url: &row.base_url, read_at: row.read_at, options })
    }
}

fn stored(plans: &[Plan], base_url: &str, read_at: i64, options: ImportOptions) -> Result<StoredPlan, RegistryError> {
    let summary: Vec<Planned> = plans.iter().map(Planned::of).collect();
    let details: Vec<Differences> = plans.iter().map(Differences::of).collect();
    Ok(StoredPlan {
        base_url: base_url.to_owned(),
        read_at,
        options: json(&options)?,
        summary: json(&summary)?,
        details: Packed::of(json(&details)?.as_bytes())?,
    })
}

fn detail(tx: &mut Tx<'_>, row: StoredImport, access: &Access) -> Result<ImportDetail, RegistryError> {
    let all = kept::differences(&tx.import_details(row.id)?.unwrap_or_default())?;
    Ok(ImportDetail::of(ImportInfo::of(row)?, all, access))
}

fn told(tx: &mut Tx<'_>, id: i64, access: &Access) -> Result<ImportDetail, RegistryError> {
    let row = visible(tx, id, access)?;
    detail(tx, row, access)
}

/// The import of that number, for who may see it. Whose it is not is told the same as that there is
/// none.
fn visible(tx: &mut Tx<'_>, id: i64, access: &Access) -> Result<StoredImport, RegistryError> {
    let may_see = |row: &StoredImport| access.may_manage() || access.token_id() == Some(row.created_by.as_str());
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
