//! Packages as they are sent: rendered and compressed once for each change, kept as files.
//!
//! Derived state: the directory may be deleted at any time. A file's name says exactly what it
//! holds, so one that is there is right, and one of an earlier state is never found.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use bytes::Bytes;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::answers::{hex, seconds};
use super::publish::find;
use super::{Access, Registry, RegistryError, View, package};
use crate::case::Version;
use crate::case::model::Class;
use crate::store::Tx;

/// How many bytes of packages are kept in memory.
const CAPACITY: u64 = 40 << 20;
/// A larger one is not kept in memory.
const LARGEST: u64 = 32 << 20;
/// Changes whenever the same rows would be rendered to other bytes.
const FORMAT: &str = "1";

/// How a rendered package is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    Identity,
    Gzip,
    Brotli,
    Zstd,
}

impl Encoding {
    /// Every encoding, the best for a client that takes any first.
    pub const ALL: [Encoding; 4] = [Encoding::Brotli, Encoding::Zstd, Encoding::Gzip, Encoding::Identity];

    /// Its name in HTTP.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Identity => "identity",
            Encoding::Gzip => "gzip",
            Encoding::Brotli => "br",
            Encoding::Zstd => "zstd",
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Encoding::Identity => "json",
            Encoding::Gzip => "json.gz",
            Encoding::Brotli => "json.br",
            Encoding::Zstd => "json.zst",
        }
    }
}

/// One state of a framework's package in one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageState {
    pub document_id: String,
    pub version: Version,
    /// Differs whenever the bytes do; the same on every server of one database.
    pub tag: String,
    /// When the package last changed, in seconds since 1970.
    pub modified: i64,
}

/// The kept packages.
pub(super) struct Rendered {
    /// `None` where nothing is kept on disk, e.g. for the command line.
    dir: Option<PathBuf>,
    hot: Cache<(String, Encoding), Bytes>,
    states: Cache<(Version, String), (i64, Option<PackageState>)>,
    /// Tags that are being rendered.
    building: Mutex<HashSet<String>>,
}

impl Rendered {
    pub(super) fn new(dir: Option<PathBuf>) -> Rendered {
        let weigh = |_: &(String, Encoding), body: &Bytes| u32::try_from(body.len()).unwrap_or(u32::MAX);
        Rendered {
            dir,
            hot: Cache::builder().max_capacity(CAPACITY).weigher(weigh).build(),
            states: Cache::new(10_000),
            building: Mutex::new(HashSet::new()),
        }
    }

    fn path(&self, state: &PackageState, encoding: Encoding) -> Option<PathBuf> {
        let PackageState { document_id, version, tag, .. } = state;
        let name = format!("{document_id}.{}.{tag}.{}", version.segment(), encoding.suffix());
        Some(self.dir.as_ref()?.join(name))
    }
}

impl View<'_> {
    /// The state of a package if it is known without asking the store; never waits. The inner
    /// `None` means that there is no such package.
    #[must_use]
    pub fn kept_package_state(&self, version: Version, id: &str) -> Option<Option<PackageState>> {
        let Registry { answers, rendered, .. } = self.registry;
        let latest = answers.known().filter(|_| self.is_public())?;
        let (seq, state) = rendered.states.get(&(version, id.to_owned()))?;
        (seq == latest).then_some(state)
    }

    /// The state of a package; `None` when there is no such package.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn package_state(&self, version: Version, id: &str) -> Result<Option<PackageState>, RegistryError> {
        let (seq, state) = self.look(|tx| {
            let seq = tx.newest_change()?;
            Ok((seq, state(tx, version, id)?))
        })?;
        if self.is_public() {
            let Registry { answers, rendered, .. } = self.registry;
            answers.saw(seq, None);
            rendered.states.insert((version, id.to_owned()), (seq, state.clone()));
        }
        Ok(state)
    }

    /// Sends a package piece by piece as it is read, beginning with its state; `false` when there
    /// is no such package.
    ///
    /// # Errors
    /// When the store cannot be read; pieces may have been sent by then.
    pub fn stream_package(
        &self,
        version: Version,
        id: &str,
        begin: impl FnOnce(PackageState),
        mut piece: impl FnMut(Bytes) -> ControlFlow<()>,
    ) -> Result<bool, RegistryError> {
        self.look(|tx| {
            let Some(state) = state(tx, version, id)? else { return Ok(false) };
            let document_id = state.document_id.clone();
            begin(state);
            package::write(tx, version, &document_id, &mut |text| piece(Bytes::from(text)))
        })
    }
}

impl Registry {
    /// The bytes of a package in that state if they are in memory; never waits.
    #[must_use]
    pub fn hot_package(&self, state: &PackageState, encoding: Encoding) -> Option<Bytes> {
        self.rendered.hot.get(&(state.tag.clone(), encoding))
    }

    /// The bytes of a package in that state if they are rendered.
    #[must_use]
    pub fn rendered_package(&self, state: &PackageState, encoding: Encoding) -> Option<Bytes> {
        if let Some(bytes) = self.hot_package(state, encoding) {
            return Some(bytes);
        }
        let path = self.rendered.path(state, encoding)?;
        if fs::metadata(&path).ok()?.len() > LARGEST {
            return None;
        }
        let bytes = Bytes::from(fs::read(&path).ok()?);
        self.rendered.hot.insert((state.tag.clone(), encoding), bytes.clone());
        Some(bytes)
    }

    /// Renders what everybody sees of a package to files in every encoding, unless that is done or
    /// being done. What only some see is never kept on disk.
    ///
    /// # Errors
    /// When the store cannot be read or the files cannot be written.
    pub fn render_package(&self, version: Version, id: &str) -> Result<(), RegistryError> {
        let Some(dir) = self.rendered.dir.clone() else { return Ok(()) };
        let Some(known) = self.seen_by(Access::anonymous()).package_state(version, id)? else { return Ok(()) };
        let Some(_claim) = Claim::new(&self.rendered.building, &known.tag) else { return Ok(()) };
        let whole = |path: Option<PathBuf>| path.is_some_and(|path| path.exists());
        if Encoding::ALL.into_iter().all(|encoding| whole(self.rendered.path(&known, encoding))) {
            return Ok(());
        }
        let failed = |error| RegistryError::Rendered { source: error };
        fs::create_dir_all(&dir).map_err(failed)?;
        let scratch = dir.join(format!(".{}", uuid::Uuid::new_v4()));
        let rendered = self.render_to(&scratch, version, id);
        let kept = rendered.and_then(|state| match state {
            Some(state) => self.keep(&scratch, &state).map_err(failed),
            None => Ok(()),
        });
        drop(fs::remove_file(&scratch));
        kept
    }

    fn render_to(&self, path: &Path, version: Version, id: &str) -> Result<Option<PackageState>, RegistryError> {
        let failed = |error| RegistryError::Rendered { source: error };
        let mut file = BufWriter::new(File::create(path).map_err(failed)?);
        let (mut state, mut outcome) = (None, Ok(()));
        self.seen_by(Access::anonymous()).stream_package(
            version,
            id,
            |begun| state = Some(begun),
            |piece| match file.write_all(&piece) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    outcome = Err(error);
                    ControlFlow::Break(())
                }
            },
        )?;
        outcome.and_then(|()| file.flush()).map_err(failed)?;
        Ok(state)
    }

    /// Compresses a rendered file, gives all of it its names, and removes those of earlier states.
    fn keep(&self, scratch: &Path, state: &PackageState) -> io::Result<()> {
        for encoding in Encoding::ALL {
            let Some(path) = self.rendered.path(state, encoding) else { continue };
            let part = scratch.with_extension(encoding.suffix());
            match encoding {
                Encoding::Identity => drop(fs::copy(scratch, &part)?),
                _ => compress(scratch, &part, encoding)?,
            }
            fs::rename(&part, &path)?;
        }
        let prefix = format!("{}.{}.", state.document_id, state.version.segment());
        for entry in scratch.parent().map(fs::read_dir).transpose()?.into_iter().flatten() {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let other = name.strip_prefix(&prefix).is_some_and(|rest| !rest.starts_with(&format!("{}.", state.tag)));
            if other {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// A state that is being rendered by whoever holds this.
struct Claim<'r> {
    building: &'r Mutex<HashSet<String>>,
    tag: String,
}

impl<'r> Claim<'r> {
    fn new(building: &'r Mutex<HashSet<String>>, tag: &str) -> Option<Claim<'r>> {
        let mut tags = building.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        tags.insert(tag.to_owned()).then(|| Claim { building, tag: tag.to_owned() })
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.building.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&self.tag);
    }
}

/// The state that the package is in. Its tag follows from the last change, which is the same for
/// every server of one database, and not from the bytes, so that it can be sent before them.
pub(super) fn state(tx: &mut Tx<'_>, version: Version, id: &str) -> Result<Option<PackageState>, RegistryError> {
    let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
    let (seq, at) = tx.last_change_of(&document.id)?.unwrap_or_default();
    let facts = [
        FORMAT,
        env!("CARGO_PKG_VERSION"),
        &document.id,
        version.segment(),
        &format!("{seq} {at}"),
        &tx.sight_label()?,
    ];
    let facts = facts.join(" ");
    let tag = hex(&Sha256::digest(facts.as_bytes()), 16);
    Ok(Some(PackageState { document_id: document.id, version, tag, modified: seconds(at) }))
}

fn compress(from: &Path, to: &Path, encoding: Encoding) -> io::Result<()> {
    let mut source = File::open(from)?;
    let target = BufWriter::new(File::create(to)?);
    let mut target = match encoding {
        Encoding::Identity => target,
        Encoding::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(target, flate2::Compression::new(6));
            io::copy(&mut source, &mut encoder)?;
            encoder.finish()?
        }
        Encoding::Zstd => {
            let mut encoder = zstd::stream::write::Encoder::new(target, 9)?;
            io::copy(&mut source, &mut encoder)?;
            encoder.finish()?
        }
        Encoding::Brotli => {
            let mut encoder = brotli::CompressorWriter::new(target, 1 << 16, 6, 22);
            io::copy(&mut source, &mut encoder)?;
            encoder.into_inner()
        }
    };
    target.flush()
}
