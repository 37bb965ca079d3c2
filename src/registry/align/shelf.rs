//! The collections that texts are aligned to, kept in memory while their frameworks stay as they are.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::items::items;
use super::vectors::{Folder, Placed};
use crate::align::{Collection, Encoder};
use crate::registry::RegistryError;
use crate::store::{Store, Tx};

/// How many items are kept in memory; what was asked last stays.
const MOST_ITEMS: usize = 300_000;

/// One framework, ready to be aligned to.
pub(in crate::registry) struct Ready {
    pub(super) collection: Collection,
    /// Its vectors, once there are some of everything.
    pub(super) vectors: Mutex<Option<Arc<Placed>>>,
    /// The number of the change that it shows.
    seq: i64,
}

/// What aligning keeps, and where.
#[derive(Default)]
pub(in crate::registry) struct Shelf {
    ready: Mutex<Kept>,
    /// Where vectors are kept; `None` where none are.
    dir: Option<PathBuf>,
    pub(super) encoder: Option<Arc<Encoder>>,
    pub(super) threads: usize,
}

#[derive(Default)]
struct Kept {
    all: HashMap<String, (u64, Arc<Ready>)>,
    /// How often something was asked for.
    turn: u64,
}

impl Shelf {
    /// A shelf with a model whose vectors are kept in a directory.
    pub(in crate::registry) fn new(dir: Option<PathBuf>, encoder: Option<Arc<Encoder>>, threads: usize) -> Shelf {
        Shelf { dir, encoder, threads: threads.max(1), ..Shelf::default() }
    }

    /// Where vectors of the model are; `None` without a model.
    pub(super) fn folder(&self) -> Option<Folder> {
        let encoder = self.encoder.as_ref()?;
        Some(Folder::new(self.dir.as_deref()?, encoder.hash(), encoder.width()))
    }

    /// How many items a framework has, where it is kept; it may have changed since.
    pub(super) fn size(&self, package: &str) -> Option<usize> {
        let kept = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        kept.all.get(package).map(|(_, ready)| ready.collection.items().len())
    }

    /// A framework as it is now; `None` when it is gone. Whether whoever asks may see it is for the caller to know.
    pub(super) fn read(
        &self,
        store: &Store,
        tx: &mut Tx<'_>,
        package: &str,
    ) -> Result<Option<Arc<Ready>>, RegistryError> {
        let Some((seq, _)) = tx.last_change_of(package)? else { return Ok(None) };
        if let Some(ready) = self.kept(package, seq) {
            return Ok(Some(ready));
        }
        let Some(items) = items(store, package)? else { return Ok(None) };
        let ready = Arc::new(Ready { collection: Collection::new(items), vectors: Mutex::new(None), seq });
        self.keep(package, &ready);
        Ok(Some(ready))
    }

    /// The vectors of a framework, where all of them are there.
    pub(super) fn vectors(&self, package: &str, ready: &Ready) -> Option<Arc<Placed>> {
        let mut held = ready.vectors.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_none() {
            let stored = self.folder()?.open(package)?;
            *held = Placed::new(stored, &ready.collection).map(Arc::new);
        }
        held.clone()
    }

    fn kept(&self, package: &str, seq: i64) -> Option<Arc<Ready>> {
        let mut kept = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        kept.turn += 1;
        let turn = kept.turn;
        let (last, ready) = kept.all.get_mut(package).filter(|(_, ready)| ready.seq == seq)?;
        *last = turn;
        Some(Arc::clone(ready))
    }

    fn keep(&self, package: &str, ready: &Arc<Ready>) {
        let mut kept = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        kept.turn += 1;
        let turn = kept.turn;
        kept.all.insert(package.to_owned(), (turn, Arc::clone(ready)));
        let count = |kept: &Kept| kept.all.values().map(|(_, one)| one.collection.items().len()).sum::<usize>();
        while kept.all.len() > 1 && count(&kept) > MOST_ITEMS {
            let oldest = kept.all.iter().min_by_key(|(_, (turn, _))| *turn).map(|(package, _)| package.clone());
            oldest.and_then(|package| kept.all.remove(&package));
        }
    }
}
