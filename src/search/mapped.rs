//! Files mapped into memory: read as they are asked for, and left to the system to keep or to drop.
//!
//! By the index's own way of reading, which is the only one here that maps files.

use std::io;
use std::ops::Deref;
use std::path::Path;

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

/// A file that never changes while it is mapped: whoever replaces it writes another.
pub struct Mapped(OwnedBytes);

impl Mapped {
    /// Maps a whole file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(path: &Path) -> io::Result<Mapped> {
        let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        let folder = MmapDirectory::open(folder).map_err(io::Error::other)?;
        let file = folder.get_file_handle(Path::new(name)).map_err(|error| match error {
            tantivy::directory::error::OpenReadError::FileDoesNotExist(_) => io::ErrorKind::NotFound.into(),
            other => io::Error::other(other),
        })?;
        Ok(Mapped(file.read_bytes(0..file.len())?))
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
