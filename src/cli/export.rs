//! `casement export`: stored frameworks as CASE packages.

use std::path::PathBuf;

use serde_json::Value;

use super::CaseVersion;
use super::failure::{Failure, UsageError};
use super::files;
use super::open::{Looking, open_to_look};
use super::output::{ExitStatus, Printer};
use super::text::one_line;
use crate::case::Version;
use crate::config::Config;
use crate::registry::{FrameworkSummary, Operation, Registry, RegistryError};

/// Export frameworks as CASE packages
///
/// Writes the CFPackage of a framework, as the server publishes it, to the standard output or to a
/// file. A file is replaced whole or not at all. Several frameworks need --output-dir, where each
/// becomes IDENTIFIER.json.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
EXAMPLES
  casement export ID > mathematics.json
  casement export ID --case-version 1.0 --pretty --output mathematics.json
  casement export --all --output-dir backup/")]
pub(super) struct ExportArgs {
    /// Identifiers of stored frameworks; `casement frameworks` lists them
    #[arg(required_unless_present = "all", conflicts_with = "all", value_name = "ID")]
    ids: Vec<String>,

    /// Export every stored framework
    #[arg(long, requires = "output_dir")]
    all: bool,

    /// The version of the standard to write
    #[arg(long, value_name = "VERSION", default_value = "1.1")]
    case_version: CaseVersion,

    /// Write to this file instead of the standard output
    #[arg(long, short, value_name = "FILE", conflicts_with = "output_dir")]
    output: Option<PathBuf>,

    /// Write each framework to IDENTIFIER.json in this directory
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,

    /// Indent the JSON
    #[arg(long)]
    pretty: bool,
}

/// A directory that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the directory cannot be created")]
struct NoDirectory(#[source] std::io::Error);

/// Exports the frameworks.
///
/// # Errors
/// When the database cannot be read, or the only file not be written. With several frameworks,
/// what is wrong with one is printed.
pub(super) fn run(args: &ExportArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    if args.ids.len() > 1 && args.output_dir.is_none() {
        let sentence = "several frameworks need --output-dir DIR, where each gets a file of its own";
        return Err(UsageError(sentence.to_owned()).into());
    }
    let Looking { registry, .. } = &open_to_look(config)?;
    let Some(directory) = &args.output_dir else {
        let id = args.ids.first().map_or("", String::as_str);
        let (framework, json) = package(args, registry, id)?;
        match &args.output {
            None => printer.document(&json),
            Some(file) => write(file, &framework, &json, printer)?,
        }
        return Ok(ExitStatus::Done);
    };
    std::fs::create_dir_all(directory)
        .map_err(|error| Failure::from(NoDirectory(error)).at(directory.display().to_string()))?;
    let ids = if args.all {
        registry.whole().frameworks()?.into_iter().map(|framework| framework.identifier).collect()
    } else {
        args.ids.clone()
    };
    let mut status = ExitStatus::Done;
    let mut progress = printer.progress(ids.len());
    for id in &ids {
        progress.next_quietly(&one_line(id));
        let written = package(args, registry, id).and_then(|(framework, json)| {
            write(&directory.join(format!("{}.json", framework.identifier)), &framework, &json, printer)
        });
        if let Err(failure) = written {
            status = status.max(failure.status);
            printer.failure(&failure);
        }
    }
    Ok(status)
}

fn package(args: &ExportArgs, registry: &Registry, id: &str) -> Result<(FrameworkSummary, String), Failure> {
    let missing = || RegistryError::NoSuchFramework(id.to_owned());
    let framework = registry.whole().framework(id)?.ok_or_else(missing)?;
    let version = Version::from(args.case_version);
    let json = registry.whole().read(version, Operation::Package, &framework.identifier)?.ok_or_else(missing)?;
    let json = if args.pretty { indented(json) } else { json };
    Ok((framework, json))
}

fn indented(json: String) -> String {
    let value: Result<Value, _> = serde_json::from_str(&json);
    value.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or(json)
}

fn write(file: &std::path::Path, framework: &FrameworkSummary, json: &str, printer: &Printer) -> Result<(), Failure> {
    files::write(file, &format!("{json}\n"))?;
    printer.say(format!("{} ← {}", one_line(&file.display().to_string()), one_line(&framework.title)));
    Ok(())
}
