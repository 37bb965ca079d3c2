//! `casement validate`: what is wrong with a CASE file, by the official schemas and the reader.
//!
//! Never opens a database.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::CaseVersion;
use super::failure::{Failure, InputProblem};
use super::input::{self, InputArgs};
use super::output::{ExitStatus, Printer};
use super::show;
use super::text::{count, one_line, short};
use crate::case::Version;
use crate::case::model::Package;
use crate::case::read::Reading;
use crate::case::report::Severity;
use crate::case::schema::{Shape, Violation, violations};
use crate::case::v1p0::Downgrade as _;
use crate::case::v1p1::CFPackage;
use crate::config::Config;
use crate::registry;

/// Check CASE packages against the official schema
///
/// Tells for every package in FILE: how it breaks the 1EdTech schema as it stands, what Casement's
/// reader would repair, assume or lose, and whether Casement's own output of it would be valid.
/// What is in another format that import reads has no schema to break; the rest is told of it, too.
/// Needs no database and writes nothing.
///
/// Exits with 0 when every package is valid as it stands and nothing would be lost, else with 1.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
EXAMPLES
  casement validate mathematics.json
  casement validate --case-version 1.0 --all old/*.json
  curl https://case.example.org/ims/case/v1p0/CFPackages/ID | casement validate --case-version 1.0 -")]
pub(super) struct ValidateArgs {
    /// Frameworks, plain or packed with gzip or zstd; `-` reads the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The version whose schema applies
    #[arg(long, value_name = "VERSION", default_value = "1.1")]
    case_version: CaseVersion,

    /// Print every violation, not only the first hundred of each package
    #[arg(long)]
    all: bool,

    /// Print one JSON document
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    input: InputArgs,
}

/// How many violations are printed unless all are asked for.
const PRINTED: usize = 100;

/// What there is to say about one package.
struct Verdict {
    /// What the file is, when it is not CASE JSON.
    format: Option<String>,
    place: String,
    reading: Reading,
    violations: Vec<Violation>,
    own: Vec<Violation>,
}

impl Verdict {
    fn is_good(&self) -> bool {
        self.violations.is_empty() && self.own.is_empty() && self.reading.report.count(Severity::Loss) == 0
    }
}

/// Validates the files.
///
/// # Errors
/// On wrong usage. What is wrong with a file is printed.
pub(super) fn run(args: &ValidateArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    input::check_names(&args.files)?;
    let version = Version::from(args.case_version);
    let base_url = config.public_url();
    let mut status = ExitStatus::Done;
    let mut documents = Vec::new();
    let mut progress = printer.progress(args.files.len());
    for file in &args.files {
        progress.next(&input::name(file));
        let (verdicts, error) = match check(file, version, args.input.max_size, base_url.as_str()) {
            Ok(verdicts) => (verdicts, None),
            Err(failure) => (Vec::new(), Some(failure)),
        };
        let bad = verdicts.iter().any(|verdict| !verdict.is_good());
        status = status.max(if bad { ExitStatus::Input } else { ExitStatus::Done });
        status = status.max(error.as_ref().map_or(ExitStatus::Done, |failure| failure.status));
        if args.json {
            let packages: Vec<Value> = verdicts.iter().map(verdict_json).collect();
            documents.push(json!({ "file": input::name(file), "packages": packages, "error": error }));
        } else {
            for verdict in &verdicts {
                print(args, file, version, verdict, printer);
            }
            if let Some(failure) = &error {
                printer.failure(failure);
            }
        }
    }
    drop(progress);
    if args.json {
        let document = json!({ "caseVersion": version.number(), "exitStatus": status.code(), "files": documents });
        printer.json(&document);
    }
    Ok(status)
}

fn check(file: &Path, version: Version, max_size: u64, base_url: &str) -> Result<Vec<Verdict>, Failure> {
    let name = || input::name(file);
    let bytes = input::load(file, max_size)?;
    let (format, readings) =
        registry::readings(&bytes, &input::context(base_url)).map_err(|error| Failure::from(error).at(name()))?;
    if format.is_some() {
        // No schema of CASE applies to it.
        let verdict = |reading: Reading| Verdict {
            format: format.map(|format| format.to_string()),
            violations: Vec::new(),
            own: violations(version, Shape::Package, &written(version, &reading.package)),
            place: String::new(),
            reading,
        };
        return Ok(readings.into_iter().map(verdict).collect());
    }
    // The reader took it, so it is JSON, perhaps after a byte-order mark.
    let value: Value = serde_json::from_slice(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes))
        .map_err(|error| Failure::from(InputProblem(error.to_string())).at(name()))?;
    drop(bytes);
    let values = input::package_values(&value);
    let verdict = |(reading, (place, value)): (Reading, (String, &Value))| Verdict {
        format: None,
        violations: violations(version, Shape::Package, value),
        own: violations(version, Shape::Package, &written(version, &reading.package)),
        place,
        reading,
    };
    Ok(readings.into_iter().zip(values).map(verdict).collect())
}

/// The package as Casement publishes it.
fn written(version: Version, package: &Package) -> Value {
    let wire = CFPackage::from(package);
    let wire = if version == Version::V1p0 { wire.to_v1p0() } else { wire };
    serde_json::to_value(wire).unwrap_or_default()
}

fn verdict_json(verdict: &Verdict) -> Value {
    let Verdict { format, place, reading, violations, own } = verdict;
    json!({
        "format": format.as_deref().unwrap_or("CASE JSON"),
        "place": place,
        "identifier": reading.package.identifier(),
        "title": reading.package.document.title,
        "valid": violations.is_empty(),
        "violations": violations_json(place, violations),
        "report": reading.report,
        "losses": reading.report.count(Severity::Loss),
        "outputValid": own.is_empty(),
        "outputViolations": violations_json("", own),
    })
}

fn violations_json(place: &str, all: &[Violation]) -> Vec<Value> {
    let one = |violation: &Violation| {
        json!({
            "pointer": format!("{place}{}", violation.pointer),
            "sentence": violation.sentence,
            "keyword": violation.keyword,
        })
    };
    all.iter().map(one).collect()
}

fn print(args: &ValidateArgs, file: &Path, version: Version, verdict: &Verdict, printer: &Printer) {
    let Verdict { format, place, reading, violations, own } = verdict;
    let title = short(&reading.package.document.title, 120);
    let at = if place.is_empty() { String::new() } else { format!(" at {place}") };
    printer.line(format!("{}{at}: {title} ({})", input::name(file), one_line(reading.package.identifier())));
    let schema = format!("the CASE {} schema", version.number());
    let number = |all: &[Violation]| match all.len() {
        0 => format!("valid by {schema}"),
        n => format!("{} of {schema}", count(n, "violation")),
    };
    let most = if args.all { usize::MAX } else { PRINTED };
    match format {
        Some(format) => printer.line(format!("  as it stands: {format}, which no schema of CASE applies to")),
        None => printer.line(format!("  as it stands: {}", number(violations))),
    }
    print_violations(place, violations, most, printer);
    printer.lines(&show::report(&reading.report));
    printer.line(format!("  as Casement would publish it: {}", number(own)));
    print_violations("", own, most, printer);
}

fn print_violations(place: &str, all: &[Violation], most: usize, printer: &Printer) {
    for violation in all.iter().take(most) {
        let pointer = show::place(&format!("{place}{}", violation.pointer));
        printer.line(format!("    {pointer}: {}", short(&violation.sentence, 300)));
    }
    if all.len() > most {
        printer.line(format!("    and {} more; --all prints them", all.len() - most));
    }
}
