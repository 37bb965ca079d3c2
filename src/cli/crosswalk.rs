//! `casement crosswalk`: what may be said between two frameworks, for somebody to review.

use std::path::PathBuf;

use super::failure::Failure;
use super::open::{aligning, open_to_look};
use super::output::{ExitStatus, Printer};
use super::text::{count, one_line, short};
use crate::config::Config;
use crate::registry::{CrosswalkRequest, ProposedCrosswalk, ResolvedObject};

/// How much of a statement is shown, in characters.
const STATEMENT: usize = 60;

/// Propose associations between two frameworks
///
/// For every item of the first framework, the items of the second that it is about: exactMatchOf only where both say the
/// same, isPartOf where it says what stands directly below, else isRelatedTo. Nothing is stored. Written as CSV, the
/// proposals can be reviewed in a spreadsheet and imported again (`casement import` knows the layout); written as JSON,
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
    #[arg(long, conflicts_with = "package")]
    csv: bool,
    /// Write a CASE package
    #[arg(long)]
    package: bool,
    /// Write into this file
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The columns of the sheet: those of the layout `opensalt-crosswalk`, and how sure each line is.
const COLUMNS: [&str; 9] = [
    "identifier",
    "humanCodingScheme",
    "fullStatement",
    "AssociationType",
    "Matched humanCodingScheme",
    "Matched fullStatement",
    "Matched Identifier",
    "Association Annotation",
    "Confidence",
];

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
    };
    let crosswalk = registry.whole().propose_crosswalk(&request, &|_, _| {})?;
    if args.csv {
        put(args, printer, &sheet(&crosswalk)?)?;
    } else if args.package {
        let package = crosswalk.package(registry.base_url());
        put(args, printer, &serde_json::to_string_pretty(&package).map_err(|error| Failure::of_any(error.into()))?)?;
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

fn sheet(crosswalk: &ProposedCrosswalk) -> Result<String, Failure> {
    let failed = |error: csv::Error| Failure::of_any(error.into());
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record(COLUMNS).map_err(failed)?;
    for one in &crosswalk.proposals {
        let (origin, destination) = (&one.origin, &one.destination);
        let confidence = format!("{:.4}", one.confidence);
        rows.write_record([
            origin.identifier.as_str(),
            &guarded(origin.code.as_deref().unwrap_or_default()),
            &guarded(&origin.statement),
            one.association_type,
            &guarded(destination.code.as_deref().unwrap_or_default()),
            &guarded(&destination.statement),
            &destination.identifier,
            "",
            &confidence,
        ])
        .map_err(failed)?;
    }
    let bytes = rows.into_inner().map_err(|error| Failure::of_any(anyhow::anyhow!("{error}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A text that no spreadsheet takes for a formula.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn put(args: &CrosswalkArgs, printer: &Printer, text: &str) -> Result<(), Failure> {
    match &args.output {
        None => printer.line(text.trim_end()),
        Some(path) => {
            std::fs::write(path, text).map_err(|error| Failure::of_any(error.into()).at(path.display().to_string()))?;
        }
    }
    Ok(())
}
