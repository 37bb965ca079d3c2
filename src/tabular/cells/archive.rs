//! What a packed workbook (a zip archive) holds, counted before any of it is believed. Never reads
//! a cell.
//!
//! The sizes in an archive's directory are what its maker wrote, entries may overlap, and one may
//! be unpacked once for every sheet that names it. So every entry is unpacked once, into nothing,
//! and its bytes are counted: what the readers of the formats do after that is bounded by it.

use std::io::{BufReader, Cursor, Read};

use memchr::memmem;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::error::{Limit, SheetError};
use super::options::Limits;

/// More entries than any workbook has, few enough that their names fit in memory.
const MOST_ENTRIES: usize = 10_000;

/// An entry of an archive's directory begins with this.
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";

/// In what steps entries are unpacked.
const CHUNK: usize = 64 * 1024;

/// What was found out about an archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// Some part names merged cells.
    pub(super) merges: bool,
}

/// Opens an archive whose directory is not larger than makes sense.
pub(super) fn open<'a>(bytes: &'a [u8], format: &str) -> Result<ZipArchive<Cursor<&'a [u8]>>, SheetError> {
    if memmem::find_iter(bytes, DIRECTORY_ENTRY).take(MOST_ENTRIES + 1).count() > MOST_ENTRIES {
        return Err(SheetError::TooLarge { limit: Limit::Parts, value: MOST_ENTRIES as u64 });
    }
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(format, error))
}

/// [`SheetError::Damaged`] with what a library says.
pub(super) fn damaged(format: &str, error: impl std::fmt::Display) -> SheetError {
    SheetError::Damaged { format: format.to_owned(), detail: error.to_string() }
}

/// Counts everything that is in an archive.
///
/// # Errors
/// [`SheetError::TooLarge`] when a part, or a reader that believes what it says, would need more
/// memory than the limits allow.
pub(super) fn survey(bytes: &[u8], limits: &Limits) -> Result<Survey, SheetError> {
    let mut archive = open(bytes, "packed")?;
    let mut left = limits.unpacked_bytes;
    let mut survey = Survey::default();
    // A filled cell needs a handful of elements for a text of its own.
    let mut elements_left = limits.cells.saturating_mul(5);
    for index in 0..archive.len() {
        // What cannot be unpacked matters to the one who needs it.
        let Ok(entry) = archive.by_index(index) else { continue };
        let name = entry.name_raw().to_ascii_lowercase();
        let part = count(entry, left);
        left = left
            .checked_sub(part.bytes)
            .ok_or(SheetError::TooLarge { limit: Limit::UnpackedBytes, value: limits.unpacked_bytes })?;
        survey.merges |= part.merges;
        let too_many = SheetError::TooLarge { limit: Limit::Parts, value: limits.cells };
        if !part.cells {
            elements_left = elements_left.checked_sub(part.elements).ok_or(too_many.clone())?;
        }
        // Each style is a copy of what it refers to.
        if name.ends_with(b"styles.xml") && part.elements.saturating_mul(part.longest) > limits.unpacked_bytes {
            return Err(too_many);
        }
        if name.ends_with(b"sharedstrings.xml") && announced_strings(&mut archive, index) > limits.cells {
            return Err(too_many);
        }
    }
    Ok(survey)
}

/// What was counted in one entry.
#[derive(Default)]
struct Part {
    bytes: u64,
    /// Elements and ends of elements, if it is XML.
    elements: u64,
    /// The most bytes from one element to the next.
    longest: u64,
    /// It has rows of cells.
    cells: bool,
    merges: bool,
}

/// Unpacks an entry as far as it can be, at most one byte more than `limit`.
fn count(entry: impl Read, limit: u64) -> Part {
    let mut part = Part::default();
    let (merge, sheet) = (memmem::Finder::new(b"mergeCell"), memmem::Finder::new(b"sheetData"));
    let mut reader = entry.take(limit.saturating_add(1));
    let mut buffer = vec![0; CHUNK];
    // What was left of the chunk before, so that words across two are seen.
    let mut kept = 0;
    let mut since_element = 0;
    while let Some(read) = buffer.get_mut(kept..).and_then(|free| reader.read(free).ok()).filter(|read| *read > 0) {
        let end = kept + read;
        let fresh = buffer.get(kept..end).unwrap_or_default();
        part.bytes += read as u64;
        let mut before = 0;
        for at in memchr::memchr_iter(b'<', fresh) {
            part.elements += 1;
            part.longest = part.longest.max(since_element + (at - before) as u64);
            (before, since_element) = (at, 0);
        }
        since_element += (fresh.len() - before) as u64;
        part.longest = part.longest.max(since_element);
        let seen = buffer.get(..end).unwrap_or_default();
        part.merges = part.merges || merge.find(seen).is_some();
        part.cells = part.cells || sheet.find(seen).is_some();
        kept = end.min(merge.needle().len().max(sheet.needle().len()) - 1);
        buffer.copy_within(end - kept..end, 0);
    }
    part
}

/// How many strings the part says it has: memory is set aside for that many.
fn announced_strings(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize) -> u64 {
    let Ok(entry) = archive.by_index(index) else { return 0 };
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(entry));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(start) | Event::Empty(start)) => {
                let mut attributes = start.attributes();
                let announced = attributes.with_checks(false).flatten();
                let counts = announced.filter(|attribute| attribute.key.local_name().as_ref() == "uniqueCount");
                return counts.filter_map(|attribute| attribute.value.trim().parse().ok()).max().unwrap_or(0);
            }
            Ok(Event::Eof) | Err(_) => return 0,
            Ok(_) => {}
        }
    }
}
