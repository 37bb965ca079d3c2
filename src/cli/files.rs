//! Writing a file so that nobody ever sees half of it.
//!
//! Never decides what is written.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
#[error("cannot be written")]
struct Unwritable(#[source] io::Error);

/// Replaces the file's content, or leaves the file as it was. A target that is no regular file,
/// such as a pipe, is written to directly.
///
/// # Errors
/// When that is not possible; the message names the file.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let written = match fs::metadata(path) {
        Ok(known) if known.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
        Ok(known) if !known.is_file() => write_into(path, content),
        // A link stays one: what it points to is replaced.
        Ok(known) => path.canonicalize().and_then(|target| replace(&target, content, Some(known.permissions()))),
        Err(_) => replace(path, content, None),
    };
    written.map_err(|error| Failure::from(Unwritable(error)).at(path.display().to_string()))
}

fn write_into(path: &Path, content: &[u8]) -> io::Result<()> {
    File::options().write(true).open(path)?.write_all(content)
}

fn replace(path: &Path, content: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let temporary = beside(path);
    let done = write_new(&temporary, content, permissions).and_then(|()| fs::rename(&temporary, path));
    if done.is_err() {
        // It may not even be there.
        let _ = fs::remove_file(&temporary);
    }
    done
}

fn write_new(path: &Path, content: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(content)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()
}

/// A new name in the same directory, so that renaming stays within one file system.
fn beside(path: &Path) -> PathBuf {
    path.with_file_name(format!(".casement-{}.tmp", uuid::Uuid::new_v4()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert!(write(directory.path(), b"three").is_err());
        assert!(write(&directory.path().join("no/such/dir.json"), b"four").is_err());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
