//! Bytes as they come: plain, gzip or zstd, told apart by content and unpacked under a limit; and
//! the frameworks in them, in CASE JSON or a format that is told by its content.

use std::io::Read;

use super::RegistryError;
use crate::case::read::{self, Context, Reading};
use crate::exchange::{self, ExchangeError, Format};

/// Why the bytes of an import cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("larger than {limit} bytes when unpacked, which is the limit")]
    TooLarge { limit: u64 },
    /// A ZIP archive, which is never CASE JSON.
    #[error("a ZIP archive, perhaps a workbook; expected CASE JSON, plain or packed with gzip or zstd")]
    Zip,
    #[error("the {format} archive is damaged or cut off")]
    Damaged {
        format: &'static str,
        #[source]
        source: std::io::Error,
    },
}

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZIP: &[u8] = b"PK\x03\x04";
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// The content of `bytes`, at most `limit` bytes of it.
///
/// # Errors
/// [`SourceError`] when it is larger, or not whole.
pub fn unpack(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, SourceError> {
    if bytes.starts_with(GZIP) {
        return read_limited("gzip", flate2::read::MultiGzDecoder::new(bytes.as_slice()), limit);
    }
    if bytes.starts_with(ZSTD) {
        let damaged = |source| SourceError::Damaged { format: "zstd", source };
        let mut decoder = zstd::stream::read::Decoder::new(bytes.as_slice()).map_err(damaged)?;
        // A frame may ask for a window of gigabytes; 128 MiB is what the tool itself accepts.
        decoder.window_log_max(27).map_err(damaged)?;
        return read_limited("zstd", decoder, limit);
    }
    if bytes.len() as u64 > limit { Err(SourceError::TooLarge { limit }) } else { Ok(bytes) }
}

fn read_limited(format: &'static str, reader: impl Read, limit: u64) -> Result<Vec<u8>, SourceError> {
    let mut content = Vec::new();
    let read = reader.take(limit.saturating_add(1)).read_to_end(&mut content);
    if content.len() as u64 > limit {
        return Err(SourceError::TooLarge { limit });
    }
    match read {
        Ok(_) => Ok(content),
        Err(source) => Err(SourceError::Damaged { format, source }),
    }
}

/// Whether the bytes, which are unpacked already, begin as frameworks do in JSON or XML; anything else
/// may be a spreadsheet.
#[must_use]
pub fn is_package(bytes: &[u8]) -> bool {
    is_json(bytes) || is_xml(bytes)
}

/// Whether the bytes begin as an object or a list of objects does in JSON.
fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut marks = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    match marks.next() {
        Some(b'{') => true,
        // A cell of a table may begin with a bracket too.
        Some(b'[') => matches!(marks.next(), Some(b'{' | b'[' | b']')),
        _ => false,
    }
}

/// Whether XML begins, and not a page or a workbook that some programs save as XML.
fn is_xml(bytes: &[u8]) -> bool {
    const HEAD: usize = 4_096;
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head));
    let tables =
        ["<html", "<!doctype html", "<table", "urn:schemas-microsoft-com:office", "urn:oasis:names:tc:opendocument"];
    let text = text.trim_start().to_lowercase();
    text.starts_with('<') && !tables.iter().any(|table| text.contains(table))
}

/// Every framework in `bytes`, which are unpacked already, and the format if it is not CASE JSON.
///
/// # Errors
/// [`RegistryError::Source`] for a ZIP archive, [`RegistryError::Read`] or [`RegistryError::Exchange`]
/// when no framework can be made out.
pub fn readings(bytes: &[u8], context: &Context) -> Result<(Option<Format>, Vec<Reading>), RegistryError> {
    if bytes.starts_with(ZIP) {
        return Err(SourceError::Zip.into());
    }
    let error = match read::packages(bytes, context) {
        Ok(readings) => return Ok((None, readings)),
        Err(error) => error,
    };
    match exchange::read(bytes, context) {
        Ok((format, readings)) => Ok((Some(format), readings)),
        // Neither: what there is to say is said of CASE.
        Err(ExchangeError::Unknown | ExchangeError::Json(_)) => Err(error.into()),
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_form_gives_the_same_content() {
        let plain = b"{\"a\":1}".to_vec();
        for packed in [plain.clone(), gzip(&plain), zstd::encode_all(plain.as_slice(), 3).unwrap()] {
            assert_eq!(unpack(packed, 100).unwrap(), plain);
        }
    }

    #[test]
    fn an_archive_that_unpacks_without_end_is_stopped() {
        let bomb = vec![b' '; 5_000_000];
        for packed in [gzip(&bomb), zstd::encode_all(bomb.as_slice(), 3).unwrap(), bomb] {
            assert!(matches!(unpack(packed, 1_000_000), Err(SourceError::TooLarge { limit: 1_000_000 })));
        }
    }

    #[test]
    fn a_cut_archive_is_said_to_be_damaged() {
        let long: Vec<u8> = (0..100_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        for packed in [gzip(&long), zstd::encode_all(long.as_slice(), 3).unwrap()] {
            let cut = packed.get(..packed.len() / 2).unwrap().to_vec();
            assert!(matches!(unpack(cut, 10_000_000), Err(SourceError::Damaged { .. })));
        }
    }
}
