//! Runs mirrors: takes hold of one, brings its frameworks in step, writes down what became of each.
//!
//! One server at a time runs one mirror at a time: who runs it holds its row for as long as one
//! framework may take, and prolongs that from framework to framework.

use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use serde::Serialize;

use super::access::Actor;
use super::fetch::{Fetched, stored_form};
use super::mirror::refuse_mirrored;
use super::{PlanOptions, Registry, RegistryError, now};
use crate::case::Version;
use crate::case::model::Class;
use crate::fetch::{Access, Client, FetchError, Listed, Settings, Target};
use crate::store::{Finished, Mirror, Mirrored};

/// How long a hold outlives the time limit of one answer.
const GRACE: Duration = Duration::from_secs(120);
/// How long a broken source is left alone at most.
const RETRY: Duration = Duration::from_secs(3600);
/// How often it is looked whether a mirror is due.
const LOOK: Duration = Duration::from_secs(2);

/// A run of a mirror.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MirrorRun {
    pub name: String,
    pub frameworks: Vec<RunLine>,
    /// What is wrong, if anything is.
    pub problem: Option<String>,
}

/// What became of one framework.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunLine {
    pub identifier: String,
    pub title: String,
    pub became: Became,
    pub problem: Option<String>,
}

/// What became of one framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Became {
    Changed,
    Unchanged,
    /// Gone from the source, and kept here.
    Vanished,
    /// Not to be had; what was there is kept.
    Broken,
    /// Not the mirror's: stored here already.
    LeftAlone,
}

impl MirrorRun {
    /// How it went, in a word for statistics.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        if self.problem.is_some() {
            return "failed";
        }
        let changed = self.frameworks.iter().any(|line| line.became == Became::Changed);
        if changed { "changed" } else { "unchanged" }
    }
}

/// A mirror in hand.
struct Hold<'r> {
    registry: &'r Registry,
    mirror: Mirror,
    holder: String,
    lease: i64,
    client: Client,
    base: String,
    versions: &'static [Version],
}

impl Registry {
    /// Runs a mirror now, whether it is due or not.
    ///
    /// # Errors
    /// [`RegistryError::NoSuchMirror`], [`RegistryError::MirrorBusy`], and what keeps the store from
    /// being used. What is wrong with the source is in the result.
    pub fn run_mirror(&self, name: &str, settings: &Settings) -> Result<MirrorRun, RegistryError> {
        let mirror = self.store.read(|tx| Ok::<_, RegistryError>(tx.mirror(name)?))?;
        let mirror = mirror.ok_or_else(|| RegistryError::NoSuchMirror(name.to_owned()))?;
        let held = self.hold(mirror, settings, i64::MAX)?;
        held.ok_or_else(|| RegistryError::MirrorBusy(name.to_owned()))?.run()
    }

    /// Runs the mirror that has been due longest, unless a server is running one.
    ///
    /// # Errors
    /// As [`Registry::run_mirror`].
    pub fn run_due_mirror(&self, settings: &Settings) -> Result<Option<MirrorRun>, RegistryError> {
        let at = now();
        let all = self.store.read(|tx| Ok::<_, RegistryError>(tx.mirrors()?))?;
        if all.iter().any(|mirror| mirror.held_until.is_some_and(|until| until > at)) {
            return Ok(None);
        }
        let due = all.into_iter().filter(|mirror| mirror.next_at <= at).min_by_key(|mirror| mirror.next_at);
        let Some(due) = due else { return Ok(None) };
        self.hold(due, settings, at)?.map(Hold::run).transpose()
    }

    /// Runs mirrors as they become due, until told to stop; tells of the outcome of each run.
    pub fn keep_mirrors(&self, settings: &Settings, tell: impl Fn(&'static str)) {
        while !settings.stop.is_stopped() {
            match self.run_due_mirror(settings) {
                Ok(Some(run)) => {
                    tell(run.outcome());
                    continue;
                }
                Ok(None) | Err(RegistryError::Fetch(FetchError::Stopped)) => {}
                Err(error) => tracing::warn!("mirrors cannot be run: {}", chain(&error)),
            }
            // Servers that started together should not look together.
            if !settings.stop.wait(LOOK + part(LOOK, 2)) {
                return;
            }
        }
    }

    /// Takes hold of a mirror that nobody else holds and that is due at `due`.
    fn hold(&self, mirror: Mirror, settings: &Settings, due: i64) -> Result<Option<Hold<'_>>, RegistryError> {
        let source = Target::parse(&mirror.url)?;
        let holder = uuid::Uuid::new_v4().to_string();
        let lease = micros(settings.timeout + GRACE);
        let at = now();
        let mirror = self.store.write(|tx| {
            // Another server may have run it in the meantime.
            let Some(mirror) = tx.mirror(&mirror.name)?.filter(|mirror| mirror.next_at <= due) else { return Ok(None) };
            let held = tx.hold_mirror(&mirror.name, &holder, at, at.saturating_add(lease))?;
            Ok::<_, RegistryError>(held.then_some(mirror))
        })?;
        let Some(mirror) = mirror else { return Ok(None) };
        let access: Option<Access> = mirror.access.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let client = Client::new(settings.clone(), &source.url, access);
        // What came in 1.1 must not be overwritten with what 1.0 leaves of it.
        let newest = mirror.version.as_deref() == Some(Version::V1p1.segment());
        let versions: &'static [Version] = if newest { &[Version::V1p1] } else { &[Version::V1p1, Version::V1p0] };
        Ok(Some(Hold { registry: self, mirror, holder, lease, client, base: source.base, versions }))
    }
}

/// A framework as the source lists it, or one that is to be asked for.
type Wanted = (Mirrored, Option<(Version, Listed)>);

impl Hold<'_> {
    fn run(self) -> Result<MirrorRun, RegistryError> {
        let mut version = None;
        let mut frameworks = Vec::new();
        let outcome = self.frameworks(&mut frameworks, &mut version);
        let name = self.mirror.name.clone();
        let problem = match outcome {
            Ok(()) => summary(&frameworks),
            Err(error) if is_ours(&error) => {
                self.registry.store.write(|tx| Ok::<_, RegistryError>(tx.release_mirror(&name, &self.holder)?))?;
                return Err(error);
            }
            Err(error) => Some(chain(&error)),
        };
        let every = Duration::from_micros(self.mirror.every.unsigned_abs());
        let pause = if problem.is_some() { every.min(RETRY) } else { every };
        let at = now();
        let end = Finished {
            at,
            next_at: at.saturating_add(micros(pause + part(pause, 10))),
            version: version.map(Version::segment),
            problem: problem.as_deref(),
        };
        self.registry
            .store
            .write(|tx| Ok::<_, RegistryError>(tx.finish_mirror(&self.mirror, &self.holder, &end)?))?;
        match &problem {
            Some(problem) => {
                tracing::warn!(mirror = name, "mirror {name} is broken; what it brought stays published: {problem}");
            }
            None => tracing::info!(mirror = name, "mirror {name} is in step ({} frameworks)", frameworks.len()),
        }
        Ok(MirrorRun { name, frameworks, problem })
    }

    fn frameworks(&self, lines: &mut Vec<RunLine>, version: &mut Option<Version>) -> Result<(), RegistryError> {
        for (framework, listed) in self.wanted()? {
            if self.client.settings().stop.is_stopped() {
                return Err(FetchError::Stopped.into());
            }
            let (line, answered_in) = self.framework(framework, listed)?;
            // The oldest version that anything came in.
            *version = match (*version, answered_in) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            lines.push(line);
        }
        Ok(())
    }

    fn wanted(&self) -> Result<Vec<Wanted>, RegistryError> {
        let tied = self.registry.store.read(|tx| Ok::<_, RegistryError>(tx.mirrored_by(&self.mirror.name)?))?;
        if self.mirror.everything == 0 {
            return Ok(tied.into_iter().map(|framework| (framework, None)).collect());
        }
        let catalogue = self.client.catalogue(&self.base, self.versions)?;
        let mut tied: HashMap<String, Mirrored> =
            tied.into_iter().map(|framework| (framework.document_id.clone(), framework)).collect();
        let mut all: Vec<Wanted> = Vec::new();
        for listed in catalogue.listed {
            let id = stored_form(&listed.identifier);
            let fresh =
                || Mirrored::fresh(id.clone(), &self.mirror.name, listed.identifier.clone(), listed.title.clone());
            let framework = tied.remove(&id).unwrap_or_else(fresh);
            all.push((framework, Some((catalogue.version, listed))));
        }
        // What is not listed may be there all the same, unless it never was.
        for framework in tied.into_values() {
            if framework.good_at.is_some() {
                all.push((framework, None));
            } else {
                self.registry.store.write(|tx| {
                    self.prolong(tx)?;
                    Ok::<_, RegistryError>(tx.delete_mirrored(&framework.document_id)?)
                })?;
            }
        }
        Ok(all)
    }

    fn framework(
        &self,
        mut framework: Mirrored,
        listed: Option<(Version, Listed)>,
    ) -> Result<(RunLine, Option<Version>), RegistryError> {
        let before = framework.clone();
        let outcome = match self.tie(&framework)? {
            Some(foreign) => foreign,
            None => self.bring_in_step(&mut framework, listed),
        };
        let mut version = None;
        let (became, problem) = match outcome {
            Ok((became, answered_in)) => {
                version = answered_in;
                (became, None)
            }
            Err(RegistryError::Fetch(error)) if framework.vanished_at.is_some() && error.is_gone() => {
                (Became::Vanished, Some("the source does not have it any more".to_owned()))
            }
            Err(error) if is_ours(&error) => return Err(error),
            Err(error) => (Became::Broken, Some(chain(&error))),
        };
        let at = now();
        if became != Became::Vanished {
            framework.vanished_at = None;
        }
        framework.problem_since = problem.is_some().then(|| before.problem_since.unwrap_or(at));
        framework.problem.clone_from(&problem);
        if became == Became::Changed || became == Became::Unchanged && before.problem.is_some() {
            framework.good_at = Some(at);
        }
        if became != Became::LeftAlone {
            self.keep(Some(&framework).filter(|framework| **framework != before))?;
        }
        let Mirrored { document_id: identifier, title, .. } = framework;
        Ok((RunLine { identifier, title, became, problem }, version))
    }

    /// Makes the framework the mirror's before anything of it is fetched; what it is if it cannot be.
    #[expect(clippy::type_complexity, reason = "an outcome, if there is one already")]
    fn tie(
        &self,
        framework: &Mirrored,
    ) -> Result<Option<Result<(Became, Option<Version>), RegistryError>>, RegistryError> {
        let id = &framework.document_id;
        self.registry.store.write(|tx| {
            self.prolong(tx)?;
            let tied = tx.mirrored(id)?;
            if tied.as_ref().is_some_and(|tied| tied.mirror == self.mirror.name) {
                return Ok(None);
            }
            if let Err(error) = refuse_mirrored(tx, id, Some(&self.mirror.name)) {
                return Ok(Some(Err(error)));
            }
            if self.mirror.take_over == 0 && tx.object(Class::Document, id)?.is_some() {
                return Ok(Some(Ok((Became::LeftAlone, None))));
            }
            tx.set_mirrored(framework)?;
            Ok(None)
        })
    }

    /// Prolongs the hold, and writes down a framework that has changed.
    fn keep(&self, framework: Option<&Mirrored>) -> Result<(), RegistryError> {
        let Some(framework) = framework else { return Ok(()) };
        self.registry.store.write(|tx| {
            self.prolong(tx)?;
            // One that belongs to another mirror is not ours to write about.
            if refuse_mirrored(tx, &framework.document_id, Some(&self.mirror.name)).is_err() {
                return Ok(());
            }
            Ok(tx.set_mirrored(framework)?)
        })
    }

    fn prolong(&self, tx: &mut crate::store::Tx<'_>) -> Result<(), RegistryError> {
        let at = now();
        if tx.hold_mirror(&self.mirror.name, &self.holder, at, at.saturating_add(self.lease))? {
            return Ok(());
        }
        Err(RegistryError::MirrorLost(self.mirror.name.clone()))
    }

    fn bring_in_step(
        &self,
        framework: &mut Mirrored,
        listed: Option<(Version, Listed)>,
    ) -> Result<(Became, Option<Version>), RegistryError> {
        let id = framework.document_id.clone();
        let (version, listed) = match listed {
            Some(listed) => listed,
            None => match self.client.describe(&self.base, self.versions, &framework.received) {
                Ok(listed) => listed,
                Err(error) => {
                    if error.is_gone() {
                        framework.vanished_at = framework.vanished_at.or(Some(now()));
                    }
                    return Err(error.into());
                }
            },
        };
        if !listed.title.is_empty() {
            framework.title.clone_from(&listed.title);
        }
        let always = framework.good_at.is_none() || !self.registry.is_as_fetched(&id)?;
        let fetched = self.registry.fetch_listed(&self.client, (&self.base, version), &listed, always)?;
        let Fetched::Packages { readings, origin } = fetched else { return Ok((Became::Unchanged, Some(version))) };
        let mut became = Became::Unchanged;
        for reading in readings {
            let emptied = reading.package.items.is_empty();
            let options = PlanOptions { source: origin.url.clone(), delete_missing: true, move_objects: false };
            let mut plan = self.registry.plan_reading(reading, options)?;
            if emptied && plan.loses_items() {
                return Err(RegistryError::Emptied { identifier: id });
            }
            plan.by_mirror = Some(self.mirror.name.clone());
            let applied = self.registry.apply_as(plan, &Actor::program(&format!("mirror {}", self.mirror.name)))?;
            if applied.revision.is_some() {
                became = Became::Changed;
            }
            self.registry.note_download(&applied.identifier, &origin)?;
        }
        // Tied and in step for the first time, though nothing had to change.
        framework.good_at = framework.good_at.or_else(|| Some(now()));
        Ok((became, Some(version)))
    }
}

/// Whether what ended a run is no fault of the source.
fn is_ours(error: &RegistryError) -> bool {
    use RegistryError::{Busy, Fetch, MirrorLost, Rendered, Store};
    matches!(error, Store(_) | Busy(_) | Rendered { .. } | MirrorLost(_) | Fetch(FetchError::Stopped))
}

/// What is wrong with the frameworks of a run, in a sentence.
fn summary(lines: &[RunLine]) -> Option<String> {
    let wrong: Vec<&RunLine> = lines.iter().filter(|line| line.problem.is_some()).collect();
    let first = wrong.first()?;
    let name = if first.title.is_empty() { &first.identifier } else { &first.title };
    let problem = first.problem.as_deref().unwrap_or_default();
    Some(format!("{} of {} frameworks: {name}: {problem}", wrong.len(), lines.len()))
}

/// An error with all that is behind it.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// A random time of at most a part of `whole`.
fn part(whole: Duration, divisor: u32) -> Duration {
    let [a, b, ..] = *uuid::Uuid::new_v4().as_bytes();
    whole / divisor * u32::from(u16::from_be_bytes([a, b])) / u32::from(u16::MAX)
}
