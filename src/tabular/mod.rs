//! Spreadsheets to packages and back: cells, the layout that is found in them or declared by a
//! profile, the package that is built from both, and the sheets that a package is written to.
//!
//! Pure but for the child process that old binary workbooks are read in. Never opens a database,
//! never decides what to do about a problem: a bad row is an entry in the report, and the rest goes on.

pub mod build;
pub mod cells;
pub mod codes;
pub mod correct;
pub mod detect;
pub mod mapping;
pub mod notation;
pub(crate) mod outline;
pub mod plain;
pub mod profile;
pub mod tree;
pub mod write;

use cells::Workbook;
use detect::NoTable;
use mapping::{Guess, Mapping};

/// A profile that explains this share of the columns is taken without asking.
const KNOWN: f64 = 0.85;

/// How a workbook is read: as our own, by the profile that explains the most of it, or else by looking.
///
/// # Errors
/// [`NoTable`] when no profile knows it and there is nothing in it to import.
pub fn layout(workbook: &Workbook) -> Result<Mapping, NoTable> {
    if let Some(own) = profile::embedded().iter().find_map(|profile| profile.own(workbook)) {
        return Ok(own);
    }
    let heads = profile::heads(workbook);
    let known = profile::embedded().iter().map(|profile| (profile.fit(workbook, &heads), profile));
    let best = known
        .filter(|(fit, _)| fit.share() >= KNOWN)
        .reduce(|best, one| if one.0.share() > best.0.share() { one } else { best });
    match best {
        Some((fit, profile)) => {
            let name = Guess { value: profile.name.clone(), confidence: fit.share(), reason: fit.to_string() };
            Ok(Mapping { profile: Some(name), ..profile.mapping(workbook) })
        }
        None => detect::detect(workbook),
    }
}
