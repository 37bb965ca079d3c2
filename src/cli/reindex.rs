//! `casement reindex`: throws derived state away, so that it is made anew.

use std::fs;
use std::io;

use super::failure::Failure;
use super::open::{open_registry, search_dir};
use super::output::{ExitStatus, Printer};
use super::text::{count, one_line};
use crate::config::Config;

/// Make derived state anew
///
/// Builds the search index anew, while the old one goes on answering, and deletes the rendered
/// packages that servers keep in the data directory; each is rendered again when it is asked for.
/// Nothing that was imported is touched, and servers go on meanwhile. Only needed when files there
/// were damaged from outside.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLES\n  casement reindex")]
pub(super) struct ReindexArgs {}

/// A folder whose content could not be deleted.
#[derive(Debug, thiserror::Error)]
#[error("the rendered packages cannot be deleted")]
struct Kept(#[source] io::Error);

/// Deletes the rendered packages and builds the search index.
///
/// # Errors
/// When they cannot be deleted, or the database or the index cannot be used.
pub(super) fn run(config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let folder = config.data_dir.join("rendered");
    let name = folder.display().to_string();
    let deleted = empty(&folder).map_err(|error| Failure::from(Kept(error)).at(&name))?;
    printer.line(format!(
        "{}: deleted {}; packages are rendered again when asked for",
        one_line(&name),
        count(deleted, "file")
    ));
    let folder = search_dir(config);
    let indexed = open_registry(config)?.searching_in(folder.clone()).reindex()?;
    printer.line(format!("{}: indexed {}", one_line(&folder.display().to_string()), count(indexed.changed, "object")));
    Ok(ExitStatus::Done)
}

/// Deletes the files in a folder that may not even be there; a server may delete some meanwhile.
fn empty(folder: &std::path::Path) -> io::Result<usize> {
    let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    let entries = match fs::read_dir(folder) {
        Err(error) if gone(&error) => return Ok(0),
        entries => entries?,
    };
    let mut deleted = 0;
    for entry in entries {
        match fs::remove_file(entry?.path()) {
            Ok(()) => deleted += 1,
            Err(error) if gone(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(deleted)
}
