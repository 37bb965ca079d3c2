//! `casement export`: stored frameworks as CASE packages, sheets or outlines.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde_json::Value;

use super::CaseVersion;
use super::failure::{Failure, UsageError};
use super::files;
use super::open::{Looking, open_to_look};
use super::output::{ExitStatus, Printer};
use super::text::one_line;
use crate::config::Config;
use crate::registry::{Format, FrameworkSummary, Registry, RegistryError};

/// Export frameworks as CASE packages, workbooks, CSV or Markdown
///
/// Writes a framework, as the server publishes it, to the standard output or to a file. A file is
/// replaced whole or not at all. Several frameworks need --output-dir, where each becomes
/// IDENTIFIER.json, or what the format's files end in.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
EXAMPLES
  casement export ID > mathematics.json
  casement export ID --case-version 1.0 --pretty --output mathematics.json
  casement export ID --format xlsx --output mathematics.xlsx
  casement export --all --output-dir backup/")]
pub(super) struct ExportArgs {
    /// Identifiers of stored frameworks; `casement frameworks` lists them
    #[arg(required_unless_present = "all", conflicts_with = "all", value_name = "ID")]
    ids: Vec<String>,

    /// Export every stored framework
    #[arg(long, requires = "output_dir")]
    all: bool,

    /// What to write
    #[arg(long, short, value_name = "FORMAT", default_value = "case-1.1", value_parser = FormatParser::of(|_| true))]
    format: Format,

    /// The version of the standard to write; the same as --format case-VERSION
    #[arg(long, value_name = "VERSION", conflicts_with = "format")]
    case_version: Option<CaseVersion>,

    /// Write to this file instead of the standard output
    #[arg(long, short, value_name = "FILE", conflicts_with = "output_dir")]
    output: Option<PathBuf>,

    /// Write each framework to a file of its own in this directory, named by its identifier
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,

    /// Indent the JSON
    #[arg(long)]
    pretty: bool,
}

impl ExportArgs {
    fn format(&self) -> Format {
        self.case_version.map_or(self.format, |version| Format::Case(version.into()))
    }
}

/// Reads the name of a format.
pub(super) struct FormatParser;

impl FormatParser {
    /// Of those formats that are offered.
    pub(super) fn of(offered: impl Fn(Format) -> bool) -> impl TypedValueParser<Value = Format> {
        let offered = Format::ALL.into_iter().filter(|format| offered(*format));
        let values = offered.map(|format| PossibleValue::new(format.name()).help(format.meaning()));
        PossibleValuesParser::new(values).try_map(|name| Format::from_name(&name).ok_or("no format has this name"))
    }
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
    if args.pretty && !matches!(args.format(), Format::Case(_)) {
        return Err(UsageError("--pretty is for CASE packages, which are JSON".to_owned()).into());
    }
    let to_stdout = args.output.is_none() && args.output_dir.is_none();
    if to_stdout && !args.format().is_text() && printer.is_terminal() {
        return Err(UsageError(format!("{} is no text; name a file with --output FILE", args.format().name())).into());
    }
    let Looking { registry, .. } = &open_to_look(config)?;
    let Some(directory) = &args.output_dir else {
        let id = args.ids.first().map_or("", String::as_str);
        let (framework, content) = content(args, registry, id)?;
        match &args.output {
            None => printer.bytes(&content),
            Some(file) => write(file, &framework.title, &content, printer)?,
        }
        return Ok(ExitStatus::Done);
    };
    std::fs::create_dir_all(directory)
        .map_err(|error| Failure::from(NoDirectory(error)).at(directory.display().to_string()))?;
    let ids = if args.all {
        registry.frameworks()?.into_iter().map(|framework| framework.identifier).collect()
    } else {
        args.ids.clone()
    };
    let mut status = ExitStatus::Done;
    let mut progress = printer.progress(ids.len());
    for id in &ids {
        progress.next_quietly(&one_line(id));
        let written = content(args, registry, id).and_then(|(framework, content)| {
            let name = format!("{}.{}", framework.identifier, args.format().extension());
            write(&directory.join(name), &framework.title, &content, printer)
        });
        if let Err(failure) = written {
            status = status.max(failure.status);
            printer.failure(&failure);
        }
    }
    Ok(status)
}

/// The framework, and the bytes of its file.
fn content(args: &ExportArgs, registry: &Registry, id: &str) -> Result<(FrameworkSummary, Vec<u8>), Failure> {
    let missing = || RegistryError::NoSuchFramework(id.to_owned());
    let framework = registry.framework(id)?.ok_or_else(missing)?;
    let format = args.format();
    let exported = registry.export(format, &framework.identifier);
    let (_, bytes) = exported.map_err(|error| Failure::from(error).at(&framework.title))?.ok_or_else(missing)?;
    let mut content = if args.pretty { indented(bytes.into()) } else { bytes.into() };
    if matches!(format, Format::Case(_)) {
        content.push(b'\n');
    }
    Ok((framework, content))
}

fn indented(json: Vec<u8>) -> Vec<u8> {
    let value: Result<Value, _> = serde_json::from_slice(&json);
    value.and_then(|value| serde_json::to_vec_pretty(&value)).unwrap_or(json)
}

/// Writes a file and says so.
pub(super) fn write(file: &Path, what: &str, content: &[u8], printer: &Printer) -> Result<(), Failure> {
    files::write(file, content)?;
    printer.say(format!("{} ← {}", one_line(&file.display().to_string()), one_line(what)));
    Ok(())
}
