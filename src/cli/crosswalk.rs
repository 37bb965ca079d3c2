//! `casement crosswalk`: what may be said between two frameworks, for somebody to review.

use std::ops::ControlFlow;
use std::path::PathBuf;

use super::failure::Failure;
use super::open::{aligning, open_to_look};
use super::output::{ExitStatus, Printer};
use super::text::{count, one_line, short};
use crate::config::Config;
use crate::registry::{CrosswalkRequest, ResolvedObject};

/// How much of a statement is shown, in characters.
const STATEMENT: usize = 60;

/// Propose associations between two frameworks
///
/// For every item of the first framework, the items of the second that it is about: exactMatchOf only where both say the
/// same, isPartOf where it says what stands directly below, else isRelatedTo. Nothing is stored. Written as CSV or XLSX,
/// the proposals can be reviewed in a spreadsheet and imported again (`casement import` knows the layout); written as JSON,
/// they are a CASE package of associations.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "EXAMPLES\n  casement crosswalk 'California Common Core' 'Common Core State Standards for Math'\n  \
    casement crosswalk --csv --output review.csv nice onet\n  casement crosswalk --package --output crosswalk.json nice onet"
)]
pub(super) struct CrosswalkArgs {
    /// The framework whose items are looked at: an identifier, or words of its title
    from: String,
    /// The framework that they are aligned to
    to: String,
    /// Leave out what is less sure, from 0 to 1
    #[arg(long, value_name = "CONFIDENCE", default_value_t = 0.5)]
    min_confidence: f32,
    /// How many proposals for one item
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=20))]
    each: u16,
    /// Write a sheet to review
    #[arg(long, conflicts_with_all = ["package", "xlsx"])]
    csv: bool,
    /// Write a workbook to review
    #[arg(long, conflicts_with = "package", requires = "output")]
    xlsx: bool,
    /// Write a CASE package
    #[arg(long)]
    package: bool,
    /// Write into this file
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Proposes.
///
/// # Errors
/// When a framework is not there, or the database or the model cannot be used.
pub(super) fn run(args: &CrosswalkArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let looking = open_to_look(config)?;
    let registry = aligning(config, looking.registry)?;
    registry.embed_now(&|done, wanted| printer.say(format!("{done} of {wanted} texts have vectors")))?;
    let request = CrosswalkRequest {
        from: args.from.clone(),
        to: args.to.clone(),
        min_confidence: args.min_confidence.clamp(0.0, 1.0),
        each: usize::from(args.each),
        most: usize::MAX,
    };
    let crosswalk = registry.whole().propose_crosswalk(&request, &|_, _| ControlFlow::Continue(()))?;
    if args.csv {
        put(args, printer, &crosswalk.csv())?;
    } else if args.xlsx {
        put(args, printer, &crosswalk.xlsx(registry.base_url())?)?;
    } else if args.package {
        let package = crosswalk.package(registry.base_url());
        put(args, printer, &serde_json::to_vec_pretty(&package).map_err(|error| Failure::of_any(error.into()))?)?;
    } else {
        for one in &crosswalk.proposals {
            let (from, to) = (named(&one.origin), named(&one.destination));
            printer.line(format!("{:.2}  {from}  {}  {to}", one.confidence, one.association_type));
        }
    }
    let (proposed, left) = (crosswalk.proposals.len(), crosswalk.unmatched.len());
    printer.say(format!("{} proposed, {} without one", count(proposed, "association"), count(left, "item")));
    Ok(ExitStatus::Done)
}

fn named(object: &ResolvedObject) -> String {
    let statement = short(&object.statement, STATEMENT);
    object.code.as_ref().map_or_else(|| statement.clone(), |code| format!("{} {statement}", one_line(code)))
}

fn put(args: &CrosswalkArgs, printer: &Printer, bytes: &[u8]) -> Result<(), Failure> {
    match &args.output {
        None => printer.bytes(bytes),
        Some(path) => {
            std::fs::write(path, bytes)
                .map_err(|error| Failure::of_any(error.into()).at(path.display().to_string()))?;
        }
    }
    Ok(())
}
