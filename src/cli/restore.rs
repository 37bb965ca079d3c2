//! `casement restore`: fills a database from a backup.

use std::fs::File;
use std::path::PathBuf;

use super::backup::{Steps, told};
use super::failure::Failure;
use super::open::open_registry;
use super::output::{ExitStatus, Printer};
use super::text::one_line;
use crate::config::Config;
use crate::registry::BackupError;

/// Fill the database from a backup
///
/// Reads what `casement backup` wrote, checks it, and stores it in one step: all of it, or nothing.
/// The database may be SQLite or PostgreSQL, whichever the backup was made of. It has to be empty,
/// unless --force is given, which replaces everything in it: frameworks, revisions, tokens, mirrors
/// and settings. Servers on the same database publish what was restored at once.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
EXAMPLES
  casement restore all.backup
  casement --database-url postgres:///casement restore all.backup")]
pub(super) struct RestoreArgs {
    /// A file that `casement backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Replace everything that the database holds
    #[arg(long)]
    force: bool,
}

/// Restores the backup.
///
/// # Errors
/// When the database is not empty, the backup is none or damaged, or one of them cannot be used.
pub(super) fn run(args: &RestoreArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let name = args.file.display().to_string();
    let file = File::open(&args.file).map_err(|error| failure(BackupError::Read(error)).at(&name))?;
    let registry = open_registry(config)?;
    let mut steps = Steps::new(printer);
    let restored = registry.restore(file, args.force, |progress| steps.show(progress));
    drop(steps);
    let restored = restored.map_err(|error| failure(error).at(&name))?;
    printer.line(format!("{}: restored {}", one_line(&name), told(&restored)));
    Ok(ExitStatus::Done)
}

/// What is wrong with the file is the input's fault.
fn failure(error: BackupError) -> Failure {
    let (status, hint) = match error {
        BackupError::Store(_) | BackupError::Write(_) | BackupError::Read(_) => (ExitStatus::Environment, None),
        BackupError::NotABackup | BackupError::Newer(_) | BackupError::Damaged(_) => (ExitStatus::Input, None),
        BackupError::NotEmpty(_) => (ExitStatus::Input, Some("--force replaces everything in it; back it up first")),
    };
    let mut failure = Failure::from(error).with_status(status);
    failure.hint = hint;
    failure
}
