//! Mirrors: frameworks of other servers, kept in step with their identifiers and uris, read-only
//! here. Adding, listing and removing them; `mirror_run` runs them.
//!
//! Whatever a source does, the last good state stays published: a run only ever replaces a package
//! by another whole one, and what is wrong is written down where `mirror list` shows it.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat};
use serde::Serialize;

use super::fetch::stored_form;
use super::{Registry, RegistryError, now, publish};
use crate::fetch::{Access, AccessError, Kind, Target};
use crate::store::{Mirror, Mirrored, StoreError, Tx};

/// A mirror that is to be added.
#[derive(Clone, Debug)]
pub struct NewMirror {
    pub name: String,
    pub source: Target,
    /// Identifiers of the frameworks; none means all that the source has.
    pub frameworks: Vec<String>,
    /// Frameworks that are stored here already become the mirror's, even unnamed ones.
    pub take_over: bool,
    pub every: Duration,
    pub access: Option<Access>,
}

/// A mirror and how it fares.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MirrorInfo {
    pub name: String,
    pub url: String,
    pub all: bool,
    pub every_seconds: i64,
    /// Where its secret is found, if it needs one.
    pub secret: Option<String>,
    /// The version of the standard that the source answers in.
    pub version: Option<String>,
    pub state: &'static str,
    pub next_run: String,
    pub last_run: Option<String>,
    pub last_good_run: Option<String>,
    pub broken_since: Option<String>,
    pub problem: Option<String>,
    pub frameworks: Vec<MirroredInfo>,
}

/// A framework of a mirror and how it fares.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MirroredInfo {
    pub identifier: String,
    pub title: String,
    pub state: &'static str,
    pub in_step_at: Option<String>,
    pub vanished_since: Option<String>,
    pub problem_since: Option<String>,
    pub problem: Option<String>,
}

impl Registry {
    /// Adds a mirror; it is due at once.
    ///
    /// # Errors
    /// [`RegistryError::MirrorExists`], [`RegistryError::MirrorSource`], and
    /// [`RegistryError::Mirrored`] when another one has a framework.
    pub fn add_mirror(&self, new: NewMirror) -> Result<MirrorInfo, RegistryError> {
        let NewMirror { name, source, mut frameworks, take_over, every, access } = new;
        match &source.kind {
            Kind::Package(_, id) | Kind::Document(_, id) if frameworks.is_empty() => frameworks.push(id.clone()),
            Kind::Catalogue(_) => {}
            _ => return Err(RegistryError::MirrorSource(source.shown())),
        }
        if let Some(access) = &access {
            access.secret().check().map_err(|error: AccessError| RegistryError::Fetch(error.into()))?;
        }
        let at = now();
        let mirror = Mirror {
            name: name.clone(),
            url: source.base,
            everything: i64::from(frameworks.is_empty()),
            take_over: i64::from(take_over || !frameworks.is_empty()),
            every: i64::try_from(every.as_micros()).unwrap_or(i64::MAX),
            // An enum of texts always serialises.
            access: access.as_ref().and_then(|access| serde_json::to_string(access).ok()),
            version: None,
            next_at: at,
            last_at: None,
            good_at: None,
            broken_since: None,
            problem: None,
            held_by: None,
            held_until: None,
        };
        self.store.write(|tx| {
            if tx.mirror(&name)?.is_some() {
                return Err(RegistryError::MirrorExists(name));
            }
            tx.add_mirror(&mirror)?;
            for received in frameworks {
                let document_id = stored_form(&received);
                refuse_mirrored(tx, &document_id, Some(&mirror.name))?;
                let title = publish::title_of(tx, &document_id)?;
                let title = if title == document_id { String::new() } else { title };
                tx.set_mirrored(&Mirrored::fresh(document_id, &mirror.name, received, title))?;
            }
            info(tx, mirror, at)
        })
    }

    /// All mirrors by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn mirrors(&self) -> Result<Vec<MirrorInfo>, RegistryError> {
        let at = now();
        self.store.read(|tx| tx.mirrors()?.into_iter().map(|mirror| info(tx, mirror, at)).collect())
    }

    /// Removes a mirror. Its frameworks stay as they are, and may be changed from then on.
    ///
    /// # Errors
    /// [`RegistryError::NoSuchMirror`].
    pub fn remove_mirror(&self, name: &str) -> Result<MirrorInfo, RegistryError> {
        self.store.write(|tx| {
            let mirror = tx.mirror(name)?.ok_or_else(|| RegistryError::NoSuchMirror(name.to_owned()))?;
            let last = info(tx, mirror, now())?;
            tx.delete_mirror(name)?;
            Ok(last)
        })
    }
}

impl Mirrored {
    /// A framework that a mirror has not fetched yet.
    pub(super) fn fresh(document_id: String, mirror: &str, received: String, title: String) -> Mirrored {
        Mirrored {
            document_id,
            mirror: mirror.to_owned(),
            received,
            title,
            good_at: None,
            vanished_at: None,
            problem_since: None,
            problem: None,
        }
    }
}

/// Refuses to change a framework of a mirror, unless it is that mirror which does.
pub(super) fn refuse_mirrored(tx: &mut Tx<'_>, document_id: &str, by: Option<&str>) -> Result<(), RegistryError> {
    match tx.mirrored(document_id)? {
        Some(Mirrored { mirror, title, .. }) if Some(mirror.as_str()) != by => {
            Err(RegistryError::Mirrored { identifier: document_id.to_owned(), title, mirror })
        }
        _ => Ok(()),
    }
}

/// Refuses a plan for a framework that is a mirror's, or is not that mirror's any more.
pub(super) fn check_mirrored(tx: &mut Tx<'_>, document_id: &str, by: Option<&str>) -> Result<(), RegistryError> {
    match by {
        Some(mirror) if tx.mirrored(document_id)?.is_none() => Err(RegistryError::MirrorLost(mirror.to_owned())),
        _ => refuse_mirrored(tx, document_id, by),
    }
}

fn info(tx: &mut Tx<'_>, mirror: Mirror, at: i64) -> Result<MirrorInfo, RegistryError> {
    let frameworks: Result<Vec<Mirrored>, StoreError> = tx.mirrored_by(&mirror.name);
    let Mirror { name, url, everything, take_over: _, every, access, version, .. } = mirror;
    let access: Option<Access> = access.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let state = match (&mirror.held_until, &mirror.problem, mirror.last_at) {
        (Some(until), _, _) if *until > at => "running",
        (_, Some(_), _) => "broken",
        (_, None, Some(_)) => "good",
        (_, None, None) => "new",
    };
    Ok(MirrorInfo {
        name,
        url,
        all: everything == 1,
        every_seconds: every / 1_000_000,
        secret: access.map(|access| access.secret().to_string()),
        version,
        state,
        next_run: time(mirror.next_at),
        last_run: mirror.last_at.map(time),
        last_good_run: mirror.good_at.map(time),
        broken_since: mirror.broken_since.map(time),
        problem: mirror.problem,
        frameworks: frameworks?.into_iter().map(MirroredInfo::from).collect(),
    })
}

impl From<Mirrored> for MirroredInfo {
    fn from(row: Mirrored) -> MirroredInfo {
        let Mirrored { document_id, mirror: _, received: _, title, good_at, vanished_at, problem_since, problem } = row;
        let state = match (vanished_at, &problem, good_at) {
            (Some(_), _, _) => "vanished",
            (None, Some(_), _) => "broken",
            (None, None, Some(_)) => "good",
            (None, None, None) => "new",
        };
        MirroredInfo {
            identifier: document_id,
            title,
            state,
            in_step_at: good_at.map(time),
            vanished_since: vanished_at.map(time),
            problem_since: problem_since.map(time),
            problem,
        }
    }
}

fn time(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros)
        .map_or_else(|| micros.to_string(), |instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}
