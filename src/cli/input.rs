//! Input files: read, unpacked and taken apart into packages, under a limit.
//!
//! Never opens a database, and never judges what is in a package.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chrono::Utc;
use serde_json::Value;

use super::failure::Failure;
use super::text::{one_line, parse_bytes};
use crate::case::model::Timestamp;
use crate::case::read::{Context, Reading};
use crate::registry::{self, SourceError, is_package, unpack};

/// Flags of every verb that reads files.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct InputArgs {
    /// Refuse input that is larger than this when unpacked; KiB, MiB and GiB are understood
    #[arg(long, value_name = "BYTES", default_value = "512MiB", value_parser = parse_bytes)]
    pub(super) max_size: u64,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum InputError {
    /// Nothing there.
    #[error("there is no such file")]
    Missing,
    /// Not allowed.
    #[error("may not be read: permission denied")]
    Denied,
    /// A directory.
    #[error("is a directory; name the files in it instead")]
    Directory,
    /// Anything else.
    #[error("cannot be read")]
    Unreadable(#[source] io::Error),
}

/// How a file is called in messages.
#[must_use]
pub(super) fn name(file: &Path) -> String {
    if is_stdin(file) { "stdin".to_owned() } else { one_line(&file.display().to_string()) }
}

/// Whether the name means the standard input.
#[must_use]
pub(super) fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// Refuses to read the standard input twice.
///
/// # Errors
/// A wrong usage.
pub(super) fn check_names<'f>(files: impl IntoIterator<Item = &'f PathBuf>) -> Result<(), Failure> {
    let twice = files.into_iter().filter(|file| is_stdin(file)).count() > 1;
    let sentence = || "`-` is given twice, but the standard input can be read only once".to_owned();
    if twice { Err(super::failure::UsageError(sentence()).into()) } else { Ok(()) }
}

/// What a file holds, told by its beginning.
pub(super) enum Content {
    /// JSON or RDF/XML, which may be CASE or another format of frameworks.
    Package(Vec<u8>),
    /// Anything else may be a spreadsheet.
    Sheet(Vec<u8>),
}

/// The content of a file, unpacked, and what it is.
///
/// # Errors
/// When it cannot be read, is damaged or too large; the message names the file.
pub(super) fn content(file: &Path, max_size: u64) -> Result<Content, Failure> {
    let unnamed = || -> Result<Vec<u8>, Failure> { Ok(unpack(bytes(file, max_size)?, max_size)?) };
    let bytes = unnamed().map_err(|failure| failure.at(name(file)))?;
    Ok(if is_package(&bytes) { Content::Package(bytes) } else { Content::Sheet(bytes) })
}

/// The content of a file, unpacked.
///
/// # Errors
/// When it cannot be read, is damaged or too large; the message names the file.
pub(super) fn load(file: &Path, max_size: u64) -> Result<Vec<u8>, Failure> {
    let unnamed = || -> Result<Vec<u8>, Failure> { Ok(unpack(bytes(file, max_size)?, max_size)?) };
    unnamed().map_err(|failure| failure.at(name(file)))
}

fn bytes(file: &Path, max_size: u64) -> Result<Vec<u8>, Failure> {
    let source: Box<dyn Read> = if is_stdin(file) { Box::new(io::stdin().lock()) } else { Box::new(open(file)?) };
    let mut bytes = Vec::new();
    source.take(max_size.saturating_add(1)).read_to_end(&mut bytes).map_err(InputError::Unreadable)?;
    if bytes.len() as u64 > max_size {
        return Err(SourceError::TooLarge { limit: max_size }.into());
    }
    Ok(bytes)
}

/// Opens a file.
///
/// # Errors
/// When it is not there or may not be read.
pub(super) fn open(file: &Path) -> Result<File, InputError> {
    let explain = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => InputError::Missing,
        io::ErrorKind::PermissionDenied => InputError::Denied,
        _ => InputError::Unreadable(error),
    };
    if std::fs::metadata(file).map_err(explain)?.is_dir() {
        return Err(InputError::Directory);
    }
    File::open(file).map_err(explain)
}

/// What a reader supplies, as of now.
#[must_use]
pub(super) fn context(base_url: &str) -> Context {
    Context { base_url: base_url.to_owned(), now: Timestamp::from_instant(Utc::now()) }
}

/// Every package in a file.
///
/// # Errors
/// When it cannot be read, or holds no package; the message names the file.
pub(super) fn readings(file: &Path, max_size: u64, context: &Context) -> Result<Vec<Reading>, Failure> {
    let bytes = load(file, max_size)?;
    let (_, readings) = registry::readings(&bytes, context).map_err(|error| Failure::from(error).at(name(file)))?;
    Ok(readings)
}

/// Every package in JSON as it stands, with its JSON pointer: the same ones, in the same order,
/// that [`crate::case::read::packages`] reads.
#[must_use]
pub(super) fn package_values(value: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    collect(value, String::new(), &mut found);
    found
}

fn collect<'v>(value: &'v Value, place: String, found: &mut Vec<(String, &'v Value)>) {
    let holds = |name: &str| matches!(value.get(name), Some(Value::Object(_) | Value::Array(_)));
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collect(element, format!("{place}/{index}"), found);
            }
        }
        Value::Object(_) if holds("CFDocument") => found.push((place, value)),
        Value::Object(map) if holds("CFPackage") => {
            if let Some(inner) = map.get("CFPackage") {
                collect(inner, format!("{place}/CFPackage"), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn packages_are_found_where_the_reader_finds_them() {
        let package = json!({"CFDocument": {"title": "T"}});
        let value = json!([package, 7, {"CFPackage": [package, {"CFItems": []}]}, {"CFPackage": package}]);
        let places: Vec<String> = package_values(&value).into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, ["/0", "/2/CFPackage/0", "/3/CFPackage"]);
        let read = crate::case::read::packages(value.to_string().as_bytes(), &context("https://c.example")).unwrap();
        assert_eq!(read.len(), places.len());
    }
}
