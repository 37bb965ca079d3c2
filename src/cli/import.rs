//! `casement import`: plans, shows the plan, and applies it; file by file.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use super::failure::Failure;
use super::input::{self, InputArgs};
use super::open::{Looking, open_registry, open_to_look};
use super::output::{ExitStatus, Printer, Progress};
use super::show::{self, LISTED};
use super::text::{one_line, short};
use crate::case::read::Reading;
use crate::config::Config;
use crate::registry::{Applied, Plan, PlanOptions, Registry, RegistryError};

/// Import CASE packages
///
/// Reads each FILE, shows what differs from what is stored, and stores it: each framework in one
/// step, with a revision that `casement undo` takes back. A FILE holds one CASE package or several,
/// as JSON, plain or packed with gzip or zstd; `-` is the standard input.
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
  curl https://case.example.org/ims/case/v1p0/CFPackages/ID | casement import -
  casement import --json mathematics.json | jq '.files[].frameworks[].applied.revision'")]
pub(super) struct ImportArgs {
    /// CASE packages in JSON, plain or packed with gzip or zstd; `-` reads the standard input
    #[arg(required = true, value_name = "FILE")]
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
}

/// What became of one file.
#[derive(Serialize)]
struct FileOutcome {
    file: String,
    frameworks: Vec<FrameworkOutcome>,
    error: Option<Failure>,
}

/// What became of one framework.
#[derive(Serialize)]
struct FrameworkOutcome {
    plan: Value,
    applied: Option<Applied>,
    error: Option<Failure>,
}

/// Imports the files.
///
/// # Errors
/// On wrong usage, and when the database cannot be opened. What is wrong with a file is printed.
pub(super) fn run(args: &ImportArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    input::check_names(&args.files)?;
    let done = if args.dry_run {
        open_to_look(config).map(|Looking { registry, .. }| import(args, &registry, printer))
    } else {
        open_registry(config).map(|registry| import(args, &registry, printer))
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

fn import(args: &ImportArgs, registry: &Registry, printer: &Printer) -> ExitStatus {
    let mut job = Job { args, registry, printer, status: ExitStatus::Done };
    let mut outcomes = Vec::new();
    let mut progress = printer.progress(args.files.len());
    for file in &args.files {
        progress.next(&input::name(file));
        let outcome = job.file(file, &progress);
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

/// An import under way.
struct Job<'a> {
    args: &'a ImportArgs,
    registry: &'a Registry,
    printer: &'a Printer,
    /// The worst so far.
    status: ExitStatus,
}

impl Job<'_> {
    fn file(&mut self, file: &Path, progress: &Progress<'_>) -> FileOutcome {
        let name = input::name(file);
        let context = input::context(self.registry.base_url());
        let readings = match input::readings(file, self.args.input.max_size, &context) {
            Ok(readings) => readings,
            Err(failure) => {
                return FileOutcome { file: name, frameworks: Vec::new(), error: Some(self.failed(failure)) };
            }
        };
        // Each is stored before the next is planned, so that it is compared with what is there then.
        let mut frameworks = Vec::new();
        for reading in readings {
            let outcome = self.framework(&name, reading, progress);
            if self.args.json {
                frameworks.push(outcome);
            }
        }
        FileOutcome { file: name, frameworks, error: None }
    }

    fn framework(&mut self, file: &str, reading: Reading, progress: &Progress<'_>) -> FrameworkOutcome {
        let options = PlanOptions {
            source: file.to_owned(),
            delete_missing: self.args.delete_missing,
            move_objects: self.args.move_objects,
        };
        progress.stage(&format!("{file}: comparing"));
        let plan = match self.registry.plan_reading(reading, options) {
            Ok(plan) => plan,
            Err(error) => {
                let failure = self.failed(Failure::from(error).at(file));
                return FrameworkOutcome { plan: Value::Null, applied: None, error: Some(failure) };
            }
        };
        let mut outcome = FrameworkOutcome { plan: Value::Null, applied: None, error: None };
        if self.args.json {
            outcome.plan = plan_json(&plan);
        } else {
            self.printer.lines(&plan_lines(file, &plan));
        }
        progress.stage(&format!("{file}: storing"));
        match self.carry_out(plan) {
            Ok(applied) => {
                if !self.args.json {
                    self.printer.line(format!("  {}", result(applied.as_ref())));
                }
                outcome.applied = applied;
            }
            Err(error) => outcome.error = Some(self.failed(Failure::from(error).at(file))),
        }
        outcome
    }

    /// `None` on a dry run.
    fn carry_out(&self, plan: Plan) -> Result<Option<Applied>, RegistryError> {
        if !self.args.dry_run {
            return self.registry.apply(plan).map(Some);
        }
        if plan.conflicts.is_empty() || plan.options.move_objects {
            return Ok(None);
        }
        Err(RegistryError::Conflict(plan.conflicts))
    }

    fn failed(&mut self, failure: Failure) -> Failure {
        self.status = self.status.max(failure.status);
        if !self.args.json {
            self.printer.failure(&failure);
        }
        failure
    }
}

fn result(applied: Option<&Applied>) -> String {
    match applied {
        None => "dry run: nothing was written".to_owned(),
        Some(Applied { revision: None, .. }) => "nothing to change".to_owned(),
        Some(Applied { revision: Some(revision), identifier, .. }) => {
            format!("stored as revision {revision}; `casement undo {}` takes it back", one_line(identifier))
        }
    }
}

fn plan_json(plan: &Plan) -> Value {
    json!({
        "identifier": plan.identifier,
        "title": plan.title,
        "update": plan.is_update(),
        "deleteMissing": plan.options.delete_missing,
        "move": plan.options.move_objects,
        "counts": {
            "added": plan.diff.added.len(),
            "changed": plan.diff.changed.len(),
            "moved": plan.diff.moved,
            "unchanged": plan.diff.unchanged,
            "missing": plan.diff.missing.len(),
        },
        "diff": plan.diff,
        "conflicts": plan.conflicts,
        "report": plan.report,
    })
}

fn plan_lines(file: &str, plan: &Plan) -> Vec<String> {
    let diff = &plan.diff;
    let kind = if plan.is_update() { "update" } else { "new" };
    let missing = match (diff.missing.len(), plan.options.delete_missing) {
        (0, _) => "",
        (_, true) => " (to be deleted)",
        (_, false) => " (kept; --delete-missing deletes them)",
    };
    let counts = show::counts(&[
        ("added", &diff.added.len()),
        ("changed", &diff.changed.len()),
        ("moved", &diff.moved),
        ("unchanged", &diff.unchanged),
        ("missing", &diff.missing.len()),
    ]);
    let mut lines = vec![
        format!("{file}: {} ({}), {kind}", short(&plan.title, 120), one_line(&plan.identifier)),
        format!("  {counts}{missing}"),
    ];
    lines.extend(show::list("added", '+', &diff.added, LISTED, show::mention));
    lines.extend(show::list("changed", '~', &diff.changed, LISTED, |changed| {
        format!("{}: {}", show::mention(&changed.object), one_line(&changed.properties.join(", ")))
    }));
    lines.extend(show::list("missing in the input", '-', &diff.missing, LISTED, show::mention));
    let verdict = if plan.options.move_objects { "moved from other frameworks" } else { "owned by other frameworks" };
    lines.extend(show::list(verdict, '!', &plan.conflicts, LISTED, show::conflict));
    lines.extend(show::report(&plan.report));
    lines
}
