//! `casement backup`: everything that is stored, in one file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::failure::{Failure, UsageError};
use super::open::open_registry;
use super::output::{ExitStatus, Printer, Progress};
use super::text::{count, one_line};
use crate::config::Config;
use crate::registry::{BackedUp, BackupError, BackupProgress, Registry};
use crate::store::DatabaseUrl;

/// Write everything that is stored to a file
///
/// Writes all frameworks, their revisions, tokens, mirrors and settings to FILE, as one moment sees
/// them; servers and imports go on meanwhile. `casement restore` fills a database from it, of the
/// same kind or of the other: it is also the way from SQLite to PostgreSQL and back. FILE appears
/// when it is whole, readable by its owner only.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
EXAMPLES
  casement backup /var/backups/casement-$(date +%F).backup
  casement backup all.backup && casement --database-url postgres:///casement restore all.backup")]
pub(super) struct BackupArgs {
    /// The file to write
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Replace FILE if it is there
    #[arg(long)]
    force: bool,
}

/// A database that is not there.
#[derive(Debug, thiserror::Error)]
#[error("there is no database there")]
struct NoDatabase;

/// Why there is no file now.
#[derive(Debug, thiserror::Error)]
#[error("the backup cannot be written")]
struct Unwritable(#[source] io::Error);

/// Writes the backup.
///
/// # Errors
/// When the file is there already, or the database cannot be read or the file be written.
pub(super) fn run(args: &BackupArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let name = args.file.display().to_string();
    refuse_to_replace(&args.file, args.force)?;
    let registry = open_stored(config)?;
    let temporary = args.file.with_file_name(format!(".casement-{}.tmp", uuid::Uuid::new_v4()));
    let written = write(&registry, &temporary, printer).map_err(|error| Failure::from(error).at(&name));
    let done = written.and_then(|(backed_up, size)| {
        // Somebody may have made it meanwhile.
        refuse_to_replace(&args.file, args.force)?;
        keep(&temporary, &args.file).map_err(|error| Failure::from(Unwritable(error)).at(&name))?;
        Ok((backed_up, size))
    });
    if done.is_err() {
        // It may not even be there.
        let _ = fs::remove_file(&temporary);
    }
    let (backed_up, size) = done?;
    printer.line(format!("{}: {}, {size} bytes", one_line(&name), told(&backed_up)));
    Ok(ExitStatus::Done)
}

/// `8 frameworks, 9 revisions (12345 rows)`
pub(super) fn told(backed_up: &BackedUp) -> String {
    let number = |number: u64, noun| count(usize::try_from(number).unwrap_or(usize::MAX), noun);
    let BackedUp { frameworks, revisions, rows } = *backed_up;
    format!("{}, {} ({})", number(frameworks, "framework"), number(revisions, "revision"), number(rows, "row"))
}

/// The registry over a database that has to be there: for verbs that would otherwise tell of an
/// empty one where only its name is wrong.
///
/// # Errors
/// When there is none, or it cannot be opened.
pub(super) fn open_stored(config: &Config) -> Result<Registry, Failure> {
    let url = config.database_url();
    if matches!(&url, DatabaseUrl::Sqlite(path) if !path.exists()) {
        let mut failure = Failure::from(NoDatabase).at(url.to_string());
        failure.hint = Some("--data-dir or --database-url says where it is; `casement config` shows what is in effect");
        return Err(failure);
    }
    open_registry(config)
}

fn refuse_to_replace(file: &Path, force: bool) -> Result<(), Failure> {
    let Ok(known) = fs::symlink_metadata(file) else { return Ok(()) };
    let refusal = if !known.is_file() {
        "this is no regular file; a backup cannot replace it"
    } else if !force {
        "this file is there already; --force replaces it"
    } else {
        return Ok(());
    };
    Err(Failure::from(UsageError(refusal.to_owned())).at(file.display().to_string()))
}

/// Writes the backup to a new file; returns what it holds and how large it is.
fn write(registry: &Registry, path: &Path, printer: &Printer) -> Result<(BackedUp, u64), BackupError> {
    let mut out = BufWriter::new(create(path).map_err(BackupError::Write)?);
    let mut steps = Steps::new(printer);
    let backed_up = registry.back_up(&mut out, |progress| steps.show(progress))?;
    let file = out.into_inner().map_err(|error| BackupError::Write(error.into_error()))?;
    let size = file.sync_all().and_then(|()| file.metadata()).map_err(BackupError::Write)?.len();
    Ok((backed_up, size))
}

/// A backup holds what the database does, which is not for everybody.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Gives the whole file its name, for good.
fn keep(temporary: &Path, file: &Path) -> io::Result<()> {
    fs::rename(temporary, file)?;
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A system that cannot do this to directories does without.
    let _ = File::open(parent).and_then(|parent| parent.sync_all());
    Ok(())
}

/// How many rows make a step of the progress.
const STEP: u64 = 1_000;

/// The progress of a backup or of a restore, in steps of a thousand rows.
pub(super) struct Steps<'p> {
    printer: &'p Printer,
    shown: Option<Progress<'p>>,
    done: u64,
}

impl<'p> Steps<'p> {
    pub(super) fn new(printer: &'p Printer) -> Steps<'p> {
        Steps { printer, shown: None, done: 0 }
    }

    pub(super) fn show(&mut self, progress: BackupProgress) {
        let BackupProgress { table, done, total } = progress;
        let steps = usize::try_from(total / STEP).unwrap_or(usize::MAX);
        let shown = self.shown.get_or_insert_with(|| self.printer.progress(steps));
        while self.done + STEP <= done {
            self.done += STEP;
            shown.next_quietly(table);
        }
    }
}
