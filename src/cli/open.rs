//! Opening the database and the registry over it, as the configuration says.
//!
//! Never prints, and never loads anything into the database.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::Failure;
use crate::case::read::{Canonical, canonical};
use crate::config::{Config, PublicUrl};
use crate::registry::{Encoder, Registry};
use crate::store::{DatabaseUrl, Store};

/// A directory that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the directory cannot be created")]
struct NoDirectory(#[source] io::Error);

/// Creates the data directory, opens the database (bringing its tables up to date), and puts a
/// registry over it.
///
/// # Errors
/// When one of them cannot be done; the message names which.
pub(super) fn open_registry(config: &Config) -> Result<Registry, Failure> {
    open_registry_at(config, &config.public_url())
}

/// As [`open_registry`], for a public address that is known only now.
///
/// # Errors
/// As [`open_registry`].
pub(super) fn open_registry_at(config: &Config, public_url: &PublicUrl) -> Result<Registry, Failure> {
    make_directory(&config.data_dir)?;
    open(config, &config.database_url(), public_url)
}

/// As [`open_registry_at`], for reading only: nothing in the database is created or changed.
///
/// # Errors
/// When the database is not there, or not as this program needs it.
pub(super) fn open_read_only(config: &Config, public_url: &PublicUrl) -> Result<Registry, Failure> {
    // For what is derived.
    make_directory(&config.data_dir)?;
    let url = config.database_url();
    let store =
        Store::open_read_only(&url, config.pool_size).map_err(|error| Failure::from(error).at(url.to_string()))?;
    Ok(Registry::new(store, public_url.as_str()))
}

/// The registry for verbs that only look: where there is no database yet, an empty one that
/// vanishes with it, so that looking creates nothing.
///
/// # Errors
/// As [`open_registry`].
pub(super) fn open_to_look(config: &Config) -> Result<Looking, Failure> {
    let missing = matches!(config.database_url(), DatabaseUrl::Sqlite(path) if !path.exists());
    if !missing {
        return Ok(Looking { registry: open(config, &config.database_url(), &config.public_url())?, scratch: None });
    }
    let scratch = Scratch::new()?;
    let url = DatabaseUrl::Sqlite(scratch.0.join("empty.db"));
    Ok(Looking { registry: open(config, &url, &config.public_url())?, scratch: Some(scratch) })
}

/// As [`open_to_look`], with the search index; that of an empty registry vanishes with it too.
///
/// # Errors
/// As [`open_registry`].
pub(super) fn open_to_search(config: &Config) -> Result<Looking, Failure> {
    let Looking { registry, scratch } = open_to_look(config)?;
    let dir = scratch.as_ref().map_or_else(|| search_dir(config), |scratch| scratch.0.join("search"));
    Ok(Looking { registry: registry.searching_in(dir), scratch })
}

/// Opens what is stored to align to it: to search, and with the model where there is one.
///
/// # Errors
/// As [`open_to_search`], and when a model that is there cannot be used.
pub(super) fn open_to_align(config: &Config) -> Result<Looking, Failure> {
    let Looking { registry, scratch } = open_to_search(config)?;
    Ok(Looking { registry: aligning(config, registry)?, scratch })
}

/// A registry to look at.
pub(super) struct Looking {
    /// Dropped first, so that the files are closed when the directory goes.
    pub(super) registry: Registry,
    scratch: Option<Scratch>,
}

impl Looking {
    /// The registry for several threads, and what must outlive it.
    pub(super) fn shared(self) -> (Arc<Registry>, Option<Scratch>) {
        (Arc::new(self.registry), self.scratch)
    }
}

/// A directory that vanishes with it.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Makes one.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn new() -> Result<Scratch, Failure> {
        let path = std::env::temp_dir().join(format!("casement-{}", uuid::Uuid::new_v4()));
        make_directory(&path)?;
        Ok(Scratch(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left in the temporary directory is the system's to clean.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn open(config: &Config, url: &DatabaseUrl, public_url: &PublicUrl) -> Result<Registry, Failure> {
    let store = Store::open(url, config.pool_size).map_err(|error| Failure::from(error).at(url.to_string()))?;
    Ok(Registry::new(store, public_url.as_str()))
}

/// Where the search index is.
pub(super) fn search_dir(config: &Config) -> PathBuf {
    config.data_dir.join("search")
}

/// The registry with the model that is configured, or found in the data directory; without one it compares words alone.
///
/// # Errors
/// When a model that is there cannot be used.
pub(super) fn aligning(config: &Config, registry: Registry) -> Result<Registry, Failure> {
    let encoder = encoder(config)?.map(Arc::new);
    Ok(registry.aligning_with(encoder, config.data_dir.join("vectors"), model_threads(config)))
}

/// The model that is configured, or found in the data directory.
///
/// # Errors
/// When it cannot be used.
pub(super) fn encoder(config: &Config) -> Result<Option<Encoder>, Failure> {
    let folder = model_dir(config);
    let is_there = config.model_dir.is_some() || folder.exists();
    let load = || Encoder::load(&folder).map_err(|error| Failure::from(error).at(folder.display().to_string()));
    is_there.then(load).transpose()
}

/// How many threads compute vectors.
pub(super) fn model_threads(config: &Config) -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    usize::try_from(config.model_threads).ok().filter(|threads| *threads > 0).unwrap_or(processors)
}

/// Where the model is, or would be.
pub(super) fn model_dir(config: &Config) -> PathBuf {
    config.model_dir.clone().unwrap_or_else(|| config.data_dir.join("model"))
}

fn make_directory(path: &PathBuf) -> Result<(), Failure> {
    std::fs::create_dir_all(path).map_err(|error| Failure::from(NoDirectory(error)).at(path.display().to_string()))
}

/// A framework's identifier in the form it is stored in; also of one that is not there.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn stored_id(registry: &Registry, id: &str) -> Result<String, Failure> {
    if let Some(framework) = registry.whole().framework(id)? {
        return Ok(framework.identifier);
    }
    Ok(match canonical(id) {
        Canonical::Proper(id) | Canonical::OddVersion(id) | Canonical::NotUuid(id) => id,
    })
}
