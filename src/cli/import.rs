//! `casement import`: plans, shows the plan, and applies it; file by file, address by address.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use super::failure::{Failure, UsageError};
use super::input::{self, InputArgs};
use super::open::{Looking, open_registry, open_to_look};
use super::output::{ExitStatus, Printer, Progress};
use super::remote::{self, AccessArgs, ChoiceArgs, Wanted};
use super::show::{self, LISTED};
use super::text::{one_line, short};
use crate::case::read::Reading;
use crate::config::Config;
use crate::fetch::{Client, Settings, Target};
use crate::registry::{Applied, Fetched, Origin, Plan, PlanOptions, Registry, RegistryError};

/// Import frameworks
///
/// Reads each FILE, shows what differs from what is stored, and stores it: each framework in one
/// step, with a revision that `casement undo` takes back. A FILE holds one CASE package or several,
/// as JSON, or frameworks of ASN (RDF/XML or JSON), CTDL-ASN (JSON-LD) or the Common Standards
/// Project (JSON), plain or packed with gzip or zstd; `-` is the standard input.
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
  casement import https://case.example.org/ims/case/v1p1/CFPackages/ID
  casement import --list https://case.example.org
  casement import --framework ID --framework ID https://case.example.org
  casement import --json mathematics.json | jq '.files[].frameworks[].applied.revision'")]
pub(super) struct ImportArgs {
    /// Frameworks, plain or packed with gzip or zstd; `-` reads the standard input
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
}

impl FrameworkOutcome {
    fn nothing() -> FrameworkOutcome {
        FrameworkOutcome { plan: Value::Null, applied: None, error: None, unchanged: None }
    }
}

/// Imports the files.
///
/// # Errors
/// On wrong usage, and when the database cannot be opened. What is wrong with a file is printed.
pub(super) fn run(args: &ImportArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    input::check_names(&args.files)?;
    let mut settings = config.fetching();
    settings.max_bytes = settings.max_bytes.min(args.input.max_size);
    if args.list {
        return remote::list(&args.files, &settings, args.access.access(&settings).as_ref(), args.json, printer);
    }
    let any_address = args.files.iter().any(|file| remote::address(file).is_some());
    if !any_address && (args.choice.all || !args.choice.framework.is_empty()) {
        return Err(UsageError("--framework and --all choose from a server; name its address".to_owned()).into());
    }
    let done = if args.dry_run {
        open_to_look(config).map(|Looking { registry, .. }| import(args, &settings, &registry, printer))
    } else {
        open_registry(config).map(|registry| import(args, &settings, &registry, printer))
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

fn import(args: &ImportArgs, settings: &Settings, registry: &Registry, printer: &Printer) -> ExitStatus {
    let mut job = Job { args, settings, registry, printer, status: ExitStatus::Done };
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

/// An import under way.
struct Job<'a> {
    args: &'a ImportArgs,
    settings: &'a Settings,
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
            let outcome = self.framework(&name, reading, None, progress);
            if self.args.json {
                frameworks.push(outcome);
            }
        }
        FileOutcome { file: name, frameworks, error: None }
    }

    fn server(&mut self, name: &str, target: Result<Target, Failure>, progress: &Progress<'_>) -> FileOutcome {
        let mut outcome = FileOutcome { file: name.to_owned(), frameworks: Vec::new(), error: None };
        let asked = target.and_then(|target| {
            outcome.file = one_line(&target.shown());
            progress.stage(&format!("{}: asking", outcome.file));
            let client = Client::new(self.settings.clone(), &target.url, self.args.access.access(self.settings));
            let wanted = remote::wanted(&client, target, &self.args.choice)?;
            Ok((client, wanted))
        });
        match asked {
            Ok((client, wanted)) => {
                for one in &wanted {
                    let frameworks = self.fetched(&client, one, progress);
                    if self.args.json {
                        outcome.frameworks.extend(frameworks);
                    }
                }
            }
            Err(failure) => outcome.error = Some(self.failed(failure)),
        }
        outcome
    }

    fn fetched(&mut self, client: &Client, wanted: &Wanted, progress: &Progress<'_>) -> Vec<FrameworkOutcome> {
        let name = wanted.name();
        progress.stage(&format!("{name}: fetching"));
        let fetched = match wanted {
            Wanted::At(target) => self.registry.fetch(client, target, self.args.force),
            Wanted::Listed { base, version, listed } => {
                self.registry.fetch_listed(client, (base, *version), listed, self.args.force)
            }
        };
        match fetched {
            Ok(Fetched::Packages { readings, origin }) => {
                let each = readings.into_iter();
                each.map(|reading| self.framework(&name, reading, Some(&origin), progress)).collect()
            }
            Ok(Fetched::Unchanged { identifier }) => {
                if !self.args.json {
                    self.printer.line(format!("{name}: unchanged, and not downloaded (--force downloads it)"));
                }
                vec![FrameworkOutcome { unchanged: Some(identifier), ..FrameworkOutcome::nothing() }]
            }
            Err(error) => {
                let error = Some(self.failed(Failure::from(error).at(name)));
                vec![FrameworkOutcome { error, ..FrameworkOutcome::nothing() }]
            }
        }
    }

    fn framework(
        &mut self,
        file: &str,
        reading: Reading,
        origin: Option<&Origin>,
        progress: &Progress<'_>,
    ) -> FrameworkOutcome {
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
                return FrameworkOutcome { error: Some(failure), ..FrameworkOutcome::nothing() };
            }
        };
        let mut outcome = FrameworkOutcome::nothing();
        if self.args.json {
            outcome.plan = plan_json(&plan);
        } else {
            self.printer.lines(&plan_lines(file, &plan));
        }
        progress.stage(&format!("{file}: storing"));
        match self.carry_out(plan, origin) {
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
    fn carry_out(&self, plan: Plan, origin: Option<&Origin>) -> Result<Option<Applied>, RegistryError> {
        if !self.args.dry_run {
            let applied = self.registry.apply(plan)?;
            if let Some(origin) = origin {
                self.registry.note_download(&applied.identifier, origin)?;
            }
            return Ok(Some(applied));
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
