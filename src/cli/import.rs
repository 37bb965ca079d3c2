//! `casement import`: plans, shows the plan, and applies it; file by file, address by address.

mod job;
mod plan;

use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Value, json};

use super::failure::{Failure, UsageError};
use super::input::{self, InputArgs};
use super::open::{Looking, open_registry, open_to_look};
use super::output::{ExitStatus, Printer};
use super::remote::{self, AccessArgs, ChoiceArgs};
use super::sheet::{self, SheetArgs};
use crate::config::Config;
use crate::fetch::Settings;
use crate::registry::{Applied, Registry, TreeLine};
use crate::tabular::profile::Profile;
use job::Job;

/// Import frameworks
///
/// Reads each FILE, shows what differs from what is stored, and stores it: each framework in one
/// step, with a revision that `casement undo` takes back. A FILE holds one CASE package or several,
/// as JSON, or frameworks of ASN (RDF/XML or JSON), CTDL-ASN (JSON-LD) or the Common Standards
/// Project (JSON), or a spreadsheet (XLSX, XLSM, XLS, XLSB, ODS, CSV, TSV), plain or packed with
/// gzip or zstd; `-` is the standard input.
///
/// How a spreadsheet is laid out is found out; --dry-run shows what each column was taken for, and
/// --map corrects it. Its rows meet what is stored by identifier, then code, then statement, so
/// that importing an edited sheet updates the framework.
///
/// A FILE that begins with http:// or https:// is fetched from another CASE server: a CFPackages,
/// CFDocuments or /uri/ address, or a whole server, of which --framework or --all says what, and
/// --list what there is. What has not changed there since is not downloaded again. Private networks
/// and this machine are fetched from only as far as fetch_allow_private allows it.
///
/// Nothing is deleted unless --delete-missing is given: what is stored and not in the input is
/// kept. Nothing is taken from another framework unless --move is given. What had to be repaired
/// or could not be kept is reported with its place in the file.
///
/// Every file is tried, whatever became of the others; the exit status is that of the worst.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
#[command(after_long_help = "\
EXAMPLES
  casement import --dry-run mathematics.json    show what would change, and change nothing
  casement import mathematics.json art.json.gz
  casement import --delete-missing mathematics.json
  casement import --dry-run workbook.xlsx       show how the sheets are read, and the tree
  casement import --map statement=D --map code=B --framework ID sheet.csv
  casement import --map statement=D --save-profile ours.toml sheet.csv
  casement import --profile ours.toml next.csv
  casement import https://case.example.org/ims/case/v1p1/CFPackages/ID
  casement import --list https://case.example.org
  casement import --framework ID --framework ID https://case.example.org
  casement import --json mathematics.json | jq '.files[].frameworks[].applied.revision'")]
pub(super) struct ImportArgs {
    /// Frameworks in JSON or XML, or spreadsheets, plain or packed with gzip or zstd; `-` reads the
    /// standard input
    #[arg(required_unless_present = "profiles", value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Show what would happen and write nothing; every file is compared with what is stored now
    #[arg(long)]
    dry_run: bool,

    /// Delete what is stored of a framework and not in the input
    #[arg(long)]
    delete_missing: bool,

    /// Take objects that belong to other frameworks
    #[arg(long = "move")]
    move_objects: bool,

    /// Print one JSON document with plans, reports, results and errors
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    sheet: SheetArgs,

    /// List the layouts of spreadsheets that are known by name, and import nothing
    #[arg(long, conflicts_with_all = ["files", "dry_run"], help_heading = "Spreadsheets")]
    profiles: bool,

    #[command(flatten)]
    choice: ChoiceArgs,

    /// Show what the servers have, and import nothing
    #[arg(long, conflicts_with_all = ["framework", "all", "dry_run"], help_heading = "Other servers")]
    list: bool,

    /// Download what has not changed, too
    #[arg(long, help_heading = "Other servers")]
    force: bool,

    #[command(flatten)]
    access: AccessArgs,
}

/// What became of one file.
#[derive(Serialize)]
struct FileOutcome {
    file: String,
    frameworks: Vec<FrameworkOutcome>,
    error: Option<Failure>,
    /// How a spreadsheet was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    mapping: Option<Value>,
}

impl FileOutcome {
    fn of(file: String) -> FileOutcome {
        FileOutcome { file, frameworks: Vec::new(), error: None, mapping: None }
    }
}

/// What became of one framework.
#[derive(Serialize)]
struct FrameworkOutcome {
    plan: Value,
    applied: Option<Applied>,
    error: Option<Failure>,
    /// The identifier of one that another server still has as it is stored here.
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<String>,
    /// The beginning of the tree that a spreadsheet gives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tree: Vec<TreeLine>,
}

impl FrameworkOutcome {
    fn nothing() -> FrameworkOutcome {
        FrameworkOutcome { plan: Value::Null, applied: None, error: None, unchanged: None, tree: Vec::new() }
    }
}

/// Imports the files.
///
/// # Errors
/// On wrong usage, and when the database cannot be opened. What is wrong with a file is printed.
pub(super) fn run(args: &ImportArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    if args.profiles {
        sheet::profiles(args.json, printer);
        return Ok(ExitStatus::Done);
    }
    input::check_names(&args.files)?;
    if args.sheet.save_profile.is_some() && args.files.len() > 1 {
        return Err(UsageError("--save-profile saves how one spreadsheet is read; give one FILE".to_owned()).into());
    }
    let profile = args.sheet.profile()?;
    let mut settings = config.fetching();
    settings.max_bytes = settings.max_bytes.min(args.input.max_size);
    if args.list {
        return remote::list(&args.files, &settings, args.access.access(&settings).as_ref(), args.json, printer);
    }
    let any_address = args.files.iter().any(|file| remote::address(file).is_some());
    if !any_address && args.choice.all {
        return Err(UsageError("--all chooses from a server; name its address".to_owned()).into());
    }
    let done = if args.dry_run {
        open_to_look(config).map(|Looking { registry, .. }| import(args, profile, &settings, &registry, printer))
    } else {
        open_registry(config).map(|registry| import(args, profile, &settings, &registry, printer))
    };
    if let (Err(failure), true) = (&done, args.json) {
        print_json(args, failure.status, &[], Some(failure), printer);
    }
    done
}

fn print_json(
    args: &ImportArgs,
    status: ExitStatus,
    files: &[FileOutcome],
    error: Option<&Failure>,
    printer: &Printer,
) {
    let document = json!({ "dryRun": args.dry_run, "exitStatus": status.code(), "files": files, "error": error });
    printer.json(&document);
}

fn import(
    args: &ImportArgs,
    profile: Option<Profile>,
    settings: &Settings,
    registry: &Registry,
    printer: &Printer,
) -> ExitStatus {
    let mut job = Job { args, profile, settings, registry, printer, status: ExitStatus::Done };
    let mut outcomes = Vec::new();
    let mut progress = printer.progress(args.files.len());
    for file in &args.files {
        progress.next(&input::name(file));
        let outcome = match remote::address(file) {
            Some(target) => job.server(&input::name(file), target, &progress),
            None => job.file(file, &progress),
        };
        if args.json {
            outcomes.push(outcome);
        }
    }
    drop(progress);
    if args.json {
        print_json(args, job.status, &outcomes, None, printer);
    }
    job.status
}
