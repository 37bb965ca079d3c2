//! `read-workbook`: the process that reads one old binary workbook for another process of this
//! program. Never called by a person, never prints to one.

use super::failure::Failure;
use super::output::ExitStatus;
use crate::registry;

/// Read an XLS or XLSB workbook from standard input (for the program itself)
#[derive(Debug, clap::Args)]
pub(super) struct ReadWorkbookArgs {}

pub(super) fn run() -> Result<ExitStatus, Failure> {
    registry::answer_parent(std::io::stdin().lock(), std::io::stdout().lock())?;
    Ok(ExitStatus::Done)
}
