//! `casement eval`: how well something is done, on questions whose answers are known. One file for each.

mod align;
mod search;

use super::failure::Failure;
use super::output::{ExitStatus, Printer};
use crate::config::Config;

/// Measure how well something is done
#[derive(Debug, clap::Args)]
pub(super) struct EvalArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Search(search::SearchArgs),
    Align(align::AlignArgs),
}

/// Measures.
///
/// # Errors
/// When a file cannot be read, or what is measured cannot be used.
pub(super) fn run(args: &EvalArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    match &args.what {
        What::Search(args) => search::run(args, config, printer),
        What::Align(args) => align::run(args, config, printer),
    }
}
