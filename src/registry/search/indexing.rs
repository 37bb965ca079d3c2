//! Keeping the search index in step with the store: it follows the change sequence, and is built
//! from nothing where there is none.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::entries;
use crate::registry::mirror_run::chain;
use crate::registry::{Registry, RegistryError};
use crate::search::{Generation, Progress, Replaced, SearchIndex, Writer};
use crate::store::{Reason, Sight};

/// How often the change sequence is looked at.
const EVERY: Duration = Duration::from_millis(150);
/// How long whoever writes the index is kept for the next change.
const IDLE: Duration = Duration::from_secs(10);
/// After how many entries what was built is kept.
const KEPT: usize = 100_000;
/// How many changes are taken at once.
const CHANGES: i64 = 10_000;

/// Keeps the index in step until it is dropped.
pub struct IndexKeeper {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for IndexKeeper {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // What it had not committed is indexed again.
            drop(thread.join());
        }
    }
}

/// What came of indexing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Indexed {
    /// How many entries were added, changed or deleted.
    pub changed: usize,
    /// Whether another process writes the index at the moment.
    pub elsewhere: bool,
}

impl Registry {
    /// Brings the index up to date once.
    ///
    /// # Errors
    /// When the store cannot be read or the index cannot be written.
    pub fn index_now(&self) -> Result<Indexed, RegistryError> {
        let Some(index) = &self.index else { return Ok(Indexed::default()) };
        let stop = AtomicBool::new(false);
        let mut indexer = Indexer::new(self, index.current_or_new()?, &stop);
        let indexed = indexer.step()?;
        indexer.finish()?;
        Ok(indexed)
    }

    /// Builds the index anew beside the one that answers, which it then replaces; tells how many
    /// entries it has.
    ///
    /// # Errors
    /// As [`Registry::index_now`].
    pub fn reindex(&self) -> Result<Indexed, RegistryError> {
        let Some(index) = &self.index else { return Ok(Indexed::default()) };
        let stop = AtomicBool::new(false);
        let generation = index.begin()?;
        let mut indexer = Indexer::new(self, Arc::clone(&generation), &stop);
        let mut indexed = indexer.step()?;
        // What was committed meanwhile.
        indexed.changed += indexer.step()?.changed;
        indexer.finish()?;
        index.switch_to(&generation)?;
        Ok(indexed)
    }

    /// Keeps the index in step on a thread of its own.
    #[must_use]
    pub fn keep_indexed(self: &Arc<Self>) -> IndexKeeper {
        let stop = Arc::new(AtomicBool::new(false));
        let (registry, told) = (Arc::clone(self), Arc::clone(&stop));
        let work = move || {
            if let Some(index) = &registry.index {
                registry.keep_in_step(index, &told);
            }
        };
        let thread = std::thread::Builder::new().name("index".to_owned()).spawn(work);
        IndexKeeper { stop, thread: thread.ok() }
    }

    /// Whether the store has the change that an index follows it to: a database that was restored, or
    /// put in the place of another, may not.
    fn has_change(&self, progress: &Progress) -> Result<bool, RegistryError> {
        Ok(self.time_of(progress.seq)? == progress.at)
    }

    /// When a change was made; zero for none.
    fn time_of(&self, seq: i64) -> Result<i64, RegistryError> {
        let change = self.store.read(|tx| Ok::<_, RegistryError>(tx.changes_since(seq - 1, 1)?))?;
        Ok(change.first().filter(|change| change.seq == seq).map_or(0, |change| change.at))
    }

    fn keep_in_step(&self, index: &SearchIndex, stop: &AtomicBool) {
        let mut indexer: Option<Indexer<'_>> = None;
        let mut failing = false;
        while !stop.load(Ordering::SeqCst) {
            let mut step = || -> Result<(), RegistryError> {
                let generation = index.current_or_new()?;
                let same = indexer.take().filter(|indexer| Arc::ptr_eq(&indexer.generation, &generation));
                let indexer = indexer.insert(same.unwrap_or_else(|| Indexer::new(self, generation, stop)));
                indexer.step()?;
                indexer.rest()
            };
            // A fault in one framework must not keep the others from being found; it is logged where it is.
            match catch_unwind(AssertUnwindSafe(&mut step)) {
                Ok(Ok(())) => failing = false,
                Err(_) => (indexer, failing) = (None, true),
                Ok(Err(error)) => {
                    // Said once, not every moment.
                    if !failing {
                        tracing::warn!(error = %chain(&error), "the search index cannot be brought up to date");
                    }
                    (indexer, failing) = (None, true);
                }
            }
            std::thread::park_timeout(if failing { EVERY * 10 } else { EVERY });
        }
    }
}

/// Who writes both parts of one generation.
struct Indexer<'r> {
    registry: &'r Registry,
    generation: Arc<Generation>,
    writers: [Option<(Writer, Instant)>; 2],
    stop: &'r AtomicBool,
    /// Whether the index is known to be of this store.
    is_ours: bool,
}

/// Which part of the index.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Public,
    Private,
}

impl<'r> Indexer<'r> {
    fn new(registry: &'r Registry, generation: Arc<Generation>, stop: &'r AtomicBool) -> Indexer<'r> {
        Indexer { registry, generation, writers: [None, None], stop, is_ours: false }
    }

    fn step(&mut self) -> Result<Indexed, RegistryError> {
        let newest = self.registry.store.read(|tx| Ok::<_, RegistryError>(tx.newest_change()?))?;
        let mut indexed = Indexed::default();
        let generation = Arc::clone(&self.generation);
        for (at, side) in [Side::Public, Side::Private].into_iter().enumerate() {
            let Some(part) = generation.parts().get(at).copied() else { continue };
            let progress = part.progress()?;
            let is_ours = self.is_ours || self.registry.has_change(&progress)?;
            if progress.is_whole && progress.seq == newest && is_ours {
                if part.is_behind()? {
                    part.reload()?;
                }
                continue;
            }
            let Some(slot) = self.writers.get_mut(at) else { continue };
            let mut writer = match slot.take() {
                Some((writer, _)) => writer,
                None => match part.writer()? {
                    Some(writer) => writer,
                    None => {
                        indexed.elsewhere = true;
                        continue;
                    }
                },
            };
            let work = Work { registry: self.registry, side, stop: self.stop };
            indexed.changed += if progress.is_whole && progress.seq < newest && is_ours {
                work.update(&mut writer, &part.progress()?)?
            } else {
                work.build(&mut writer, &part.progress()?, newest)?
            };
            *slot = Some((writer, Instant::now()));
        }
        self.is_ours = !indexed.elsewhere;
        Ok(indexed)
    }

    /// Lets go of what was not needed for a while.
    fn rest(&mut self) -> Result<(), RegistryError> {
        for slot in &mut self.writers {
            if let Some((writer, _)) = slot.take_if(|(_, used)| used.elapsed() > IDLE) {
                writer.finish()?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), RegistryError> {
        for (writer, _) in self.writers.into_iter().flatten() {
            writer.finish()?;
        }
        Ok(())
    }
}

struct Work<'r> {
    registry: &'r Registry,
    side: Side,
    stop: &'r AtomicBool,
}

impl Work<'_> {
    /// Everything, in the order of identifiers, from where it was interrupted.
    fn build(&self, writer: &mut Writer, progress: &Progress, newest: i64) -> Result<usize, RegistryError> {
        let resumed = progress.after.clone().filter(|_| progress.seq <= newest);
        let seq = if resumed.is_some() { progress.seq } else { newest };
        let at = self.registry.time_of(seq)?;
        let packages = self.packages()?;
        let gone = writer.packages()?.into_iter().filter(|package| !packages.contains(package));
        let mut all = Replaced::default();
        let mut changed = 0;
        for package in gone.collect::<Vec<_>>().iter().chain(&packages) {
            if resumed.as_ref().is_some_and(|after| package <= after) {
                continue;
            }
            if self.stop.load(Ordering::SeqCst) {
                return Ok(changed + all.changed);
            }
            self.replace(writer, package, &mut all)?;
            if all.changed > KEPT {
                changed += std::mem::take(&mut all.changed);
                writer.commit(&Progress::at((seq, at), Some(package.clone()), false))?;
            }
        }
        let so_far = Progress::at((seq, at), packages.last().cloned(), false);
        let more = self.beyond(writer, all, &BTreeSet::new(), &so_far, &Progress::at((seq, at), None, true))?;
        Ok(changed + more)
    }

    /// What changed since, and what has words of it.
    fn update(&self, writer: &mut Writer, progress: &Progress) -> Result<usize, RegistryError> {
        let changes =
            self.registry.store.read(|tx| Ok::<_, RegistryError>(tx.changes_since(progress.seq, CHANGES)?))?;
        let Some(last) = changes.last().map(|change| (change.seq, change.at)) else { return Ok(0) };
        let mut packages: BTreeSet<String> = changes.into_iter().map(|change| change.document_id).collect();
        for package in packages.clone() {
            packages.extend(writer.near(&package)?);
        }
        let mut all = Replaced::default();
        for package in &packages {
            self.replace(writer, package, &mut all)?;
        }
        self.beyond(writer, all, &packages, progress, &Progress::at(last, None, true))
    }

    /// What other frameworks are found by now, after these.
    fn beyond(
        &self,
        writer: &mut Writer,
        mut all: Replaced,
        done: &BTreeSet<String>,
        so_far: &Progress,
        then: &Progress,
    ) -> Result<usize, RegistryError> {
        if !(all.targets.is_empty() && all.pointing.is_empty()) {
            // What points at others is found only when it is committed.
            writer.commit(so_far)?;
            let mut packages = writer.packages_of(&all.targets)?;
            packages.extend(all.pointing.iter().filter(|package| !done.contains(*package)).cloned());
            for package in packages {
                self.replace(writer, &package, &mut all)?;
            }
        }
        writer.commit(then)?;
        Ok(all.changed)
    }

    fn replace(&self, writer: &mut Writer, package: &str, all: &mut Replaced) -> Result<(), RegistryError> {
        let only = BTreeSet::from([package.to_owned()]);
        let is_private = self.registry.store.read(|tx| Ok::<_, RegistryError>(tx.is_private(package)?))?;
        let sight = match self.side {
            Side::Public => Sight::public(),
            Side::Private => Sight::PublicAnd(only),
        };
        let replaced = if self.side == Side::Private && !is_private {
            writer.replace(package)?.finish()
        } else {
            self.registry.store.read_with(sight, |tx| entries::replace(tx, writer, package))?
        };
        all.changed += replaced.changed;
        all.targets.extend(replaced.targets);
        if replaced.changed > 0 {
            all.pointing.extend(replaced.pointing);
        }
        Ok(())
    }

    /// The frameworks of this side.
    fn packages(&self) -> Result<BTreeSet<String>, RegistryError> {
        self.registry.store.read(|tx| {
            let mut private: BTreeSet<String> = tx.private_for(Reason::Draft)?.into_iter().collect();
            private.extend(tx.private_for(Reason::Marked)?);
            let all = tx.documents(None, false)?.into_iter().map(|document| document.id);
            Ok(all.filter(|id| private.contains(id) == (self.side == Side::Private)).collect())
        })
    }
}
