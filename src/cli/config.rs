//! `casement config`: the configuration in effect, and where each value came from.

use super::output::{ExitStatus, Printer};
use crate::config::{Config, ServerArgs};

/// Show the configuration in effect
///
/// Prints every key with its value, its meaning, its environment variable and where the value came
/// from: a flag, the environment, the file, or the default. What is printed is a TOML file that
/// can be saved as casement.toml; a password in the database URL is left out.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLES\n  casement config\n  casement config > casement.toml")]
pub(super) struct ConfigArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
}

/// Prints the configuration.
pub(super) fn run(config: &Config, printer: &Printer) -> ExitStatus {
    printer.document(&config.to_reference());
    ExitStatus::Done
}
