//! The index on disk: generations of it, each in two parts, and how far they follow the store.
//!
//! What everybody may see is in one part and what is private in another, so that nothing private
//! can show in what is counted, suggested or weighed for everybody. A generation is built beside the
//! one that answers and takes its place when it is whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::{IndexReader, ReloadPolicy, Searcher};

use super::SearchError;
use super::schema::{FORMAT, Fields, schema, tokenizers};
use super::write::Writer;

/// The file that names the generation that answers.
const CURRENT: &str = "current";

/// The search index of one data directory.
pub struct SearchIndex {
    dir: PathBuf,
    open: Mutex<Option<Arc<Generation>>>,
}

/// One generation.
pub struct Generation {
    name: String,
    pub public: Arc<Part>,
    pub private: Arc<Part>,
}

/// One part of a generation.
pub struct Part {
    index: tantivy::Index,
    reader: IndexReader,
    pub(super) fields: Fields,
    /// How far what is searched follows the store: never further than that.
    searched: Mutex<Progress>,
}

/// How far a part follows the store; committed with what it tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The layout of the index, and the program that made it.
    format: String,
    /// The number of the last change that is in it.
    pub seq: i64,
    /// When that was made, in microseconds since 1970.
    pub at: i64,
    /// Only while it is built: the last framework that is in it.
    pub after: Option<String>,
    /// Whether it was ever whole.
    pub is_whole: bool,
}

impl SearchIndex {
    /// The index in a directory, which is made when it is first needed.
    #[must_use]
    pub fn new(dir: PathBuf) -> SearchIndex {
        SearchIndex { dir, open: Mutex::new(None) }
    }

    /// The generation that answers; `None` before the first.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn current(&self) -> Result<Option<Arc<Generation>>, SearchError> {
        let name = match fs::read_to_string(self.dir.join(CURRENT)) {
            Ok(name) => name.trim().to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SearchError::Files(error)),
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(generation) = open.as_ref().filter(|generation| generation.name == name) {
            return Ok(Some(Arc::clone(generation)));
        }
        // A name that leads elsewhere is none.
        if name.is_empty() || name.contains(['/', '\\', '.']) {
            return Ok(None);
        }
        let generation = Arc::new(Generation::open(&self.dir.join(&name), name)?);
        *open = Some(Arc::clone(&generation));
        Ok(Some(generation))
    }

    /// The generation that answers, with nothing known of it: an empty one when there is none, or
    /// when it is of another layout or cannot be opened.
    ///
    /// # Errors
    /// When none can be made.
    pub fn current_or_new(&self) -> Result<Arc<Generation>, SearchError> {
        match self.current() {
            Ok(Some(generation)) if generation.is_of_this_layout() => Ok(generation),
            Ok(_) | Err(SearchError::Index(_)) => {
                let generation = self.begin()?;
                self.switch_to(&generation)?;
                Ok(generation)
            }
            Err(error) => Err(error),
        }
    }

    /// A new and empty generation that does not answer yet.
    ///
    /// # Errors
    /// When its files cannot be made.
    pub fn begin(&self) -> Result<Arc<Generation>, SearchError> {
        let name = uuid::Uuid::new_v4().simple().to_string();
        Ok(Arc::new(Generation::open(&self.dir.join(&name), name)?))
    }

    /// Has a generation answer from now on, and deletes the others.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn switch_to(&self, generation: &Arc<Generation>) -> Result<(), SearchError> {
        let scratch = self.dir.join(format!(".{}", generation.name));
        fs::write(&scratch, &generation.name).and_then(|()| fs::rename(&scratch, self.dir.join(CURRENT)))?;
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(generation));
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name();
            if entry.file_type()?.is_dir() && name.to_string_lossy() != generation.name {
                // Who still answers from it has its files open.
                drop(fs::remove_dir_all(entry.path()));
            }
        }
        Ok(())
    }
}

impl Generation {
    fn open(dir: &Path, name: String) -> Result<Generation, SearchError> {
        let part = |name: &str| Part::open(&dir.join(name)).map(Arc::new);
        Ok(Generation { name, public: part("public")?, private: part("private")? })
    }

    /// Both parts.
    #[must_use]
    pub fn parts(&self) -> [&Arc<Part>; 2] {
        [&self.public, &self.private]
    }

    fn is_of_this_layout(&self) -> bool {
        let of_this = |part: &Arc<Part>| part.progress().is_ok_and(|progress| progress.is_of_this_layout());
        self.parts().into_iter().all(of_this)
    }
}

impl Progress {
    /// That of this program, at the number and time of a change.
    #[must_use]
    pub fn at((seq, at): (i64, i64), after: Option<String>, is_whole: bool) -> Progress {
        Progress { format: format(), seq, at, after, is_whole }
    }

    fn is_of_this_layout(&self) -> bool {
        self.format.is_empty() || self.format == format()
    }
}

fn format() -> String {
    format!("{FORMAT} {}", env!("CARGO_PKG_VERSION"))
}

impl Part {
    fn open(dir: &Path) -> Result<Part, SearchError> {
        fs::create_dir_all(dir)?;
        let (schema, fields) = schema();
        let directory = MmapDirectory::open(dir).map_err(tantivy::TantivyError::from)?;
        let mut index = tantivy::Index::open_or_create(directory, schema)?;
        index.set_tokenizers(tokenizers());
        let reader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(20).try_into()?;
        let part = Part { index, reader, fields, searched: Mutex::default() };
        part.reload()?;
        Ok(part)
    }

    /// How far what a search finds follows the store.
    #[must_use]
    pub fn searched(&self) -> Progress {
        self.searched.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How far what is written follows the store; nothing for an empty one.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn progress(&self) -> Result<Progress, SearchError> {
        let payload = self.index.load_metas()?.payload;
        Ok(payload.and_then(|payload| serde_json::from_str(&payload).ok()).unwrap_or_default())
    }

    /// What it holds now.
    #[must_use]
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Takes up what was written.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn reload(&self) -> Result<(), SearchError> {
        // Before what it tells of: another process may write in between.
        let progress = self.progress()?;
        self.reader.reload()?;
        *self.searched.lock().unwrap_or_else(PoisonError::into_inner) = progress;
        Ok(())
    }

    /// Whoever changes it; `None` while another process does.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn writer(self: &Arc<Part>) -> Result<Option<Writer>, SearchError> {
        Writer::new(Arc::clone(self), &self.index)
    }

    /// Whether another process wrote something that is not found yet.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn is_behind(&self) -> Result<bool, SearchError> {
        let written = self.index.load_metas()?.segments;
        let searcher = self.searcher();
        let known = searcher.generation().segments();
        let same = |meta: &tantivy::SegmentMeta| known.get(&meta.id()) == Some(&meta.delete_opstamp());
        Ok(written.len() != known.len() || !written.iter().all(same))
    }
}
