//! `casement frameworks`: what is stored.

use super::failure::Failure;
use super::open::open_to_look;
use super::output::{ExitStatus, Printer};
use super::text::one_line;
use crate::config::Config;
use crate::registry::FrameworkSummary;

/// List the stored frameworks
///
/// A line for each framework, by title: its identifier, adoption status (and whether it is
/// private), number of items and associations, revision, when it last changed, and its title.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLES\n  casement frameworks\n  casement frameworks --json | jq -r '.[].identifier'")]
pub(super) struct FrameworksArgs {
    /// Print an array of JSON objects
    #[arg(long)]
    json: bool,
}

/// Prints the list.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn run(args: &FrameworksArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let looking = open_to_look(config)?;
    let all = looking.registry.whole().frameworks()?;
    if args.json {
        printer.json(&all);
    } else if all.is_empty() {
        let database = one_line(&config.database_url().to_string());
        printer.say(format!("no frameworks are stored in {database} yet; `casement import FILE` stores one"));
    } else {
        let header = ["IDENTIFIER", "STATUS", "ITEMS", "ASSOCIATIONS", "REVISION", "LAST CHANGE", "TITLE"];
        let rows: Vec<Vec<String>> = all.iter().map(row).collect();
        printer.table(&header, &["ITEMS", "ASSOCIATIONS", "REVISION"], &rows);
    }
    Ok(ExitStatus::Done)
}

fn row(framework: &FrameworkSummary) -> Vec<String> {
    vec![
        one_line(&framework.identifier),
        status(framework),
        framework.items.to_string(),
        framework.associations.to_string(),
        framework.revision.to_string(),
        one_line(&framework.last_change_date_time),
        one_line(&framework.title),
    ]
}

fn status(framework: &FrameworkSummary) -> String {
    let status = one_line(framework.adoption_status.as_deref().unwrap_or("-"));
    if framework.private { format!("{status}, private") } else { status }
}
