//! `casement template`: a file to fill in.

use std::path::PathBuf;

use super::export::{FormatParser, write};
use super::failure::{Failure, UsageError};
use super::output::{ExitStatus, Printer};
use crate::registry::{self, Format};

/// Write a template: a workbook or CSV file to fill in and import
///
/// It holds a small example framework, and the workbook drop-downs and instructions as well. What is
/// written over the example is imported with `casement import FILE`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
EXAMPLES
  casement template --output framework.xlsx
  casement template csv > framework.csv")]
pub(super) struct TemplateArgs {
    /// What kind of file
    #[arg(value_name = "FORMAT", default_value = "xlsx", value_parser = FormatParser::of(Format::has_template))]
    format: Format,

    /// Write to this file instead of the standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes the template.
///
/// # Errors
/// When it cannot be written.
pub(super) fn run(args: &TemplateArgs, printer: &Printer) -> Result<ExitStatus, Failure> {
    let nothing = || UsageError(format!("there is no template of {}", args.format.name()));
    let content = registry::template(args.format)?.ok_or_else(nothing)?;
    match &args.output {
        Some(file) => write(file, "template", &content, printer)?,
        None if printer.is_terminal() && !args.format.is_text() => {
            return Err(UsageError("a workbook is no text; name a file with --output FILE".to_owned()).into());
        }
        None => printer.bytes(&content),
    }
    Ok(ExitStatus::Done)
}
