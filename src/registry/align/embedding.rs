//! Computing vectors: what the items of every framework say, embedded in the background.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::items::items;
use super::vectors::{Folder, key};
use crate::align::{Collection, Encoder, Vector};
use crate::registry::mirror_run::chain;
use crate::registry::{Access, Registry, RegistryError};

/// How often the change sequence is looked at.
const EVERY: Duration = Duration::from_millis(250);
/// How many items are prepared before somebody asks for them: a collection takes about two kilobytes an item.
const PREPARED: usize = 30_000;
/// How many texts are embedded before somebody looks whether to stop.
const AT_ONCE: usize = 256;

/// Keeps vectors in step until it is dropped.
pub struct EmbeddingKeeper {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for EmbeddingKeeper {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // What was not written is computed again.
            drop(thread.join());
        }
    }
}

/// How far computing vectors is.
#[derive(Debug, Default)]
pub struct EmbeddingState {
    /// The number of the last change whose texts have vectors, and of the last whose collections were prepared.
    seq: AtomicI64,
    prepared: AtomicI64,
    done: AtomicUsize,
    wanted: AtomicUsize,
}

impl EmbeddingState {
    /// How many texts were embedded of how many that had to be, since the program began.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.wanted.load(Ordering::Relaxed))
    }
}

impl Registry {
    /// Computes the vectors that are missing, and tells `progress` how many of how many texts are done.
    ///
    /// # Errors
    /// When the store cannot be read or vectors cannot be written.
    pub fn embed_now(&self, progress: &dyn Fn(usize, usize)) -> Result<(), RegistryError> {
        let stop = AtomicBool::new(false);
        self.embed(&stop, progress)
    }

    /// Keeps collections and, with a model, vectors in step with what is stored, on a thread of its own.
    #[must_use]
    pub fn keep_embedded(self: &Arc<Self>) -> EmbeddingKeeper {
        let stop = Arc::new(AtomicBool::new(false));
        let (registry, told) = (Arc::clone(self), Arc::clone(&stop));
        let work = move || {
            let mut failing = false;
            while !told.load(Ordering::SeqCst) {
                match registry.prepare().and_then(|()| registry.embed(&told, &|_, _| {})) {
                    Ok(()) => failing = false,
                    Err(error) => {
                        // Said once, not every moment.
                        if !failing {
                            tracing::warn!(error = %chain(&error), "vectors cannot be brought up to date");
                        }
                        failing = true;
                    }
                }
                std::thread::park_timeout(if failing { EVERY * 20 } else { EVERY });
            }
        };
        let thread = std::thread::Builder::new().name("embed".to_owned()).spawn(work);
        EmbeddingKeeper { stop, thread: thread.ok() }
    }

    /// Prepares what everybody may be aligned to before somebody asks, while that is not much.
    fn prepare(&self) -> Result<(), RegistryError> {
        let newest = self.store.read(|tx| Ok::<_, RegistryError>(tx.newest_change()?))?;
        if self.embedding.prepared.swap(newest, Ordering::SeqCst) == newest {
            return Ok(());
        }
        self.seen_by(Access::anonymous()).look(|tx| {
            let mut count = 0;
            for document in tx.documents(None, false)? {
                count += usize::try_from(tx.package_counts(&document.id)?.items).unwrap_or(usize::MAX);
                if count > PREPARED {
                    break;
                }
                self.shelf.read(&self.store, tx, &document.id)?;
            }
            Ok(())
        })
    }

    /// How far computing vectors is; `None` without a model.
    #[must_use]
    pub fn embedding(&self) -> Option<&EmbeddingState> {
        self.shelf.encoder.as_ref().map(|_| &self.embedding)
    }

    fn embed(&self, stop: &AtomicBool, progress: &dyn Fn(usize, usize)) -> Result<(), RegistryError> {
        let (Some(folder), Some(encoder)) = (self.shelf.folder(), &self.shelf.encoder) else { return Ok(()) };
        let known = self.embedding.seq.load(Ordering::SeqCst);
        let newest = self.store.read(|tx| Ok::<_, RegistryError>(tx.newest_change()?))?;
        if newest == known {
            return Ok(());
        }
        // All of them the first time: what changed while no program ran is not known otherwise.
        let packages: Vec<String> = if known == 0 {
            let all = self.store.read(|tx| Ok::<_, RegistryError>(tx.documents(None, false)?))?;
            all.into_iter().map(|document| document.id).collect()
        } else {
            let changes = self.store.read(|tx| Ok::<_, RegistryError>(tx.changes_since(known, i64::MAX)?))?;
            changes
                .into_iter()
                .map(|change| change.document_id)
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect()
        };
        for package in packages {
            let items = items(&self.store, &package)?;
            let job =
                Job { folder: &folder, encoder, threads: self.shelf.threads, state: &self.embedding, stop, progress };
            if !job.package(&package, &items.unwrap_or_default())? {
                return Ok(());
            }
        }
        self.embedding.seq.store(newest, Ordering::SeqCst);
        Ok(())
    }
}

pub(super) struct Job<'a> {
    pub(super) folder: &'a Folder,
    pub(super) encoder: &'a Encoder,
    pub(super) threads: usize,
    pub(super) state: &'a EmbeddingState,
    pub(super) stop: &'a AtomicBool,
    pub(super) progress: &'a dyn Fn(usize, usize),
}

impl Job<'_> {
    /// Brings the vectors of one framework up to date; tells whether it was not stopped.
    pub(super) fn package(&self, package: &str, items: &[crate::align::Item]) -> Result<bool, RegistryError> {
        let mut texts: BTreeMap<u64, String> = BTreeMap::new();
        for text in items.iter().flat_map(Collection::texts) {
            texts.entry(key(&text)).or_insert(text);
        }
        let stored = self.folder.open(package);
        let known = stored.as_ref().map(super::vectors::Stored::rows).unwrap_or_default();
        if known.len() == texts.len() && texts.keys().all(|key| known.contains_key(key)) {
            return Ok(true);
        }
        let missing: Vec<&u64> = texts.keys().filter(|key| !known.contains_key(*key)).collect();
        self.state.wanted.fetch_add(missing.len(), Ordering::Relaxed);
        let mut rows: BTreeMap<u64, Vector> = BTreeMap::new();
        for part in missing.chunks(AT_ONCE) {
            if self.stop.load(Ordering::SeqCst) {
                return Ok(false);
            }
            let said: Vec<&str> = part.iter().filter_map(|key| texts.get(*key)).map(String::as_str).collect();
            let vectors = self.encoder.encode(&said, self.threads);
            rows.extend(part.iter().copied().copied().zip(vectors.iter().map(|vector| Vector::of(vector))));
            self.state.done.fetch_add(part.len(), Ordering::Relaxed);
            let (done, wanted) = self.state.progress();
            (self.progress)(done, wanted);
        }
        if let Some(stored) = &stored {
            let kept = known.iter().filter(|(key, _)| texts.contains_key(*key));
            rows.extend(kept.map(|(key, row)| (*key, stored.vector(*row))));
        }
        let rows: Vec<(u64, Vector)> = rows.into_iter().collect();
        self.folder.write(package, &rows).map_err(RegistryError::Vectors)?;
        Ok(true)
    }
}
