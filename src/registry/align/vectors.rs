//! Vectors on disk: one file for each framework and model, mapped into memory.
//!
//! Derived state: the folder may be deleted at any time. A file names the texts that it has vectors of by
//! their hashes, so what was computed for a text is never computed again while the text stays.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::align::{Collection, Embedded, Rows, Vector};
use crate::search::Mapped;

/// What a file begins with; another layout has another.
const MAGIC: &[u8; 8] = b"csmtvec1";
/// Magic, width, and count of rows.
const HEAD: usize = 16;

/// The name of a text among vectors.
pub(super) type Key = u64;

/// What names a text.
pub(super) fn key(text: &str) -> Key {
    let digest = Sha256::digest(text.as_bytes());
    let mut first = [0; 8];
    first.iter_mut().zip(digest.iter()).for_each(|(into, byte)| *into = *byte);
    Key::from_le_bytes(first)
}

/// The folder of one model's vectors.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
    width: usize,
}

impl Folder {
    pub(super) fn new(vectors: &Path, model: &str, width: usize) -> Folder {
        Folder { path: vectors.join(model.get(..16).unwrap_or(model)), width }
    }

    /// The vectors of a framework; `None` when there are none, or the file is not one of ours.
    pub(super) fn open(&self, package: &str) -> Option<Stored> {
        let file = Mapped::open(&self.file(package)).ok()?;
        let number = |at: usize| Some(u32::from_le_bytes(file.get(at..at + 4)?.try_into().ok()?) as usize);
        let (width, count) = (number(8)?, number(12)?);
        let is_ours = file.get(..8)? == MAGIC && width == self.width;
        (is_ours && file.len() == HEAD + count * (8 + 4 + width)).then_some(Stored { file, width, count })
    }

    /// Writes the vectors of a framework in the place of what was there.
    pub(super) fn write(&self, package: &str, rows: &[(Key, Vector)]) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        let target = self.file(package);
        let draft = target.with_extension(format!("{}.part", std::process::id()));
        let mut out = BufWriter::new(File::create(&draft)?);
        out.write_all(MAGIC)?;
        for number in [self.width, rows.len()] {
            out.write_all(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes())?;
        }
        for (key, _) in rows {
            out.write_all(&key.to_le_bytes())?;
        }
        for (_, vector) in rows {
            out.write_all(&vector.unit.to_le_bytes())?;
        }
        for (_, vector) in rows {
            out.write_all(bytemuck::cast_slice(&vector.numbers))?;
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(draft, target)
    }

    fn file(&self, package: &str) -> PathBuf {
        self.path.join(format!("{:016x}.vectors", key(package)))
    }
}

/// The vectors of one framework.
pub(super) struct Stored {
    file: Mapped,
    width: usize,
    count: usize,
}

impl Stored {
    /// The rows by the texts they are of.
    pub(super) fn rows(&self) -> HashMap<Key, usize> {
        let keys = self.file.get(HEAD..HEAD + self.count * 8).unwrap_or_default();
        let key = |bytes: &[u8]| bytes.try_into().map(Key::from_le_bytes).unwrap_or_default();
        keys.chunks_exact(8).map(key).enumerate().map(|(row, key)| (key, row)).collect()
    }

    /// One row.
    pub(super) fn vector(&self, row: usize) -> Vector {
        let numbers = self.numbers().get(row * self.width..(row + 1) * self.width).unwrap_or_default();
        Vector { numbers: numbers.to_vec(), unit: self.units().get(row).copied().unwrap_or_default() }
    }

    fn numbers(&self) -> &[i8] {
        bytemuck::cast_slice(self.file.get(HEAD + self.count * 12..).unwrap_or_default())
    }

    /// Begins at a multiple of its size, as the file does.
    fn units(&self) -> &[f32] {
        let bytes = self.file.get(HEAD + self.count * 8..HEAD + self.count * 12).unwrap_or_default();
        bytemuck::try_cast_slice(bytes).unwrap_or_default()
    }
}

/// The vectors of a collection, in the order of its items.
pub(super) struct Placed {
    stored: Stored,
    statements: Vec<u32>,
    everything: Vec<u32>,
}

impl Placed {
    /// `None` when a text has no vector yet.
    pub(super) fn new(stored: Stored, collection: &Collection) -> Option<Placed> {
        let rows = stored.rows();
        let (mut statements, mut everything) = (Vec::new(), Vec::new());
        for item in collection.items() {
            let [statement, all] = Collection::texts(item);
            statements.push(u32::try_from(*rows.get(&key(&statement))?).ok()?);
            everything.push(u32::try_from(*rows.get(&key(&all))?).ok()?);
        }
        Some(Placed { stored, statements, everything })
    }

    pub(super) fn embedded(&self) -> Embedded<'_> {
        let Stored { width, .. } = self.stored;
        let rows = Rows { numbers: self.stored.numbers(), units: self.stored.units(), width };
        Embedded { rows, statements: &self.statements, everything: &self.everything }
    }
}
