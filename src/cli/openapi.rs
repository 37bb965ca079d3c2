//! `casement openapi`: the OpenAPI documents that the server serves.

use super::CaseVersion;
use super::failure::Failure;
use super::output::{ExitStatus, Printer};
use crate::config::Config;
use crate::server;

/// Print the OpenAPI document
///
/// Prints the document that the server serves at /openapi.json; with --case, the discovery
/// document of that version of the standard.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLES\n  casement openapi > openapi.json\n  casement openapi --case 1.1")]
pub(super) struct OpenapiArgs {
    /// Print the discovery document of this version of CASE instead
    #[arg(long, value_name = "VERSION")]
    case: Option<CaseVersion>,
}

/// Prints the document.
///
/// # Errors
/// When it cannot be written as JSON, which is a fault of ours.
pub(super) fn run(args: &OpenapiArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let public_url = config.public_url();
    match args.case {
        Some(version) => printer.document(&server::discovery_document(version.into(), &public_url)?),
        None => printer.json(&server::openapi_document(&public_url)),
    }
    Ok(ExitStatus::Done)
}
