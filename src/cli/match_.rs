//! `casement match`: holds a job against a record.

use std::path::PathBuf;

use super::failure::{Failure, InputProblem, UsageError};
use super::input;
use super::open::open_to_search;
use super::output::{ExitStatus, Printer};
use super::text::{one_line, short};
use crate::config::Config;
use crate::registry::{MET_FROM, MatchRequest, MatchStatus, Matched, MatchedRequirement, PathStep, Required};

/// How much of a text is shown, in characters.
const TEXT: usize = 100;

/// Say which requirements of a job a record meets
///
/// The job is a posting in any form that `align` reads (text, Markdown, HTML, JSON), the record a CLR, a badge, a compact JWS,
/// or a JSON list of these. With --required the items of a framework are what is asked for, and only the record is given.
/// Each requirement is shown with the achievement that meets it and the path to it.
///
/// Exits with 1 when something that is asked for is not met.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLES\n  casement match posting.html clr.json\n  \
    casement match --required 5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10 badge.json --json")]
pub(super) struct MatchArgs {
    /// The job and the record; only the record with --required. `-` is the standard input
    #[arg(required = true, num_args = 1..=2, value_names = ["JOB", "RECORD"])]
    files: Vec<PathBuf>,
    /// Identifier or uri of a framework or an item that is asked for, in place of a job; may be given several times
    #[arg(long, value_name = "REFERENCE")]
    required: Vec<String>,
    /// Look for texts in this framework only: an identifier, a uri or its title; may be given several times
    #[arg(long, value_name = "FRAMEWORK")]
    framework: Vec<String>,
    /// The least confidence, from 0 to 1, of a path by which a requirement is met
    #[arg(long, value_name = "NUMBER", default_value_t = MET_FROM)]
    min_confidence: f64,
    /// Print one JSON object, as /api/v1/match answers
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    input: input::InputArgs,
}

/// Matches, after bringing the index up to date.
///
/// # Errors
/// When the database, the index or a file cannot be used, or the job or the record cannot be read.
pub(super) fn run(args: &MatchArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let request = request(args)?;
    let looking = open_to_search(config)?;
    if looking.registry.index_now()?.elsewhere {
        printer.say("the index is being written by a server; what it has so far is searched");
    }
    let matched = looking.registry.whole().match_record(&request)?;
    if args.json {
        printer.line(serde_json::to_string(&matched).unwrap_or_default());
    } else {
        matched.requirements.iter().for_each(|one| show(one, printer));
    }
    matched.warnings.iter().for_each(|warning| printer.say(one_line(warning)));
    printer.say(told(&matched));
    Ok(if matched.missing.is_empty() { ExitStatus::Done } else { ExitStatus::Input })
}

fn request(args: &MatchArgs) -> Result<MatchRequest, Failure> {
    if !(0.0..=1.0).contains(&args.min_confidence) {
        return Err(UsageError("--min-confidence is a number from 0 to 1".to_owned()).into());
    }
    input::check_names(&args.files)?;
    let (required, record) = match (args.files.as_slice(), args.required.is_empty()) {
        ([job, record], true) => {
            let bytes = input::load(job, args.input.max_size)?;
            (Required::Job(bytes.clone(), media_type(job).map(str::to_owned)), record)
        }
        ([record], false) => (Required::Competencies(args.required.clone()), record),
        _ => return Err(UsageError("give a job and a record, or --required and a record".to_owned()).into()),
    };
    let bytes = input::load(record, args.input.max_size)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    // A compact JWS stands in a file as it is.
    let is_jws =
        !text.contains(char::is_whitespace) && !text.starts_with(['{', '[', '"']) && text.split('.').count() == 3;
    let record_value = if is_jws {
        text.into()
    } else {
        serde_json::from_str(text).map_err(|error| {
            Failure::from(InputProblem(format!("the record is no JSON: {error}"))).at(input::name(record))
        })?
    };
    Ok(MatchRequest {
        required,
        record: record_value,
        frameworks: args.framework.clone(),
        min_confidence: args.min_confidence,
    })
}

/// The form of a posting by the end of its name; without one it is told by its beginning.
fn media_type(file: &std::path::Path) -> Option<&'static str> {
    let extension = file.extension()?.to_str()?.to_ascii_lowercase();
    Some(match extension.as_str() {
        "txt" => "text/plain",
        "md" | "markdown" => "text/markdown",
        "html" | "htm" => "text/html",
        "json" | "jsonld" => "application/json",
        _ => return None,
    })
}

fn show(one: &MatchedRequirement, printer: &Printer) {
    let status = match one.status {
        MatchStatus::Met => "met",
        MatchStatus::Partly => "partly",
        MatchStatus::Missing => "missing",
        MatchStatus::Unaligned => "unaligned",
    };
    let reason = one.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    printer.line(format!("{}  {status}  {}{reason}", one.id, short(&one.text, TEXT)));
    for evidence in &one.evidence {
        let name = evidence.achievement.as_deref().unwrap_or("an achievement without a name");
        printer.line(format!(
            "    {:.2}  {}  ({})",
            evidence.confidence,
            short(name, TEXT),
            one_line(&evidence.assertion)
        ));
        evidence.path.iter().for_each(|step| printer.line(format!("        {}", step_of(step))));
    }
}

fn step_of(step: &PathStep) -> String {
    let by = step.by.map(|by| format!(" ({by})")).unwrap_or_default();
    let object = step.object.as_ref().map(|object| format!(": {}", short(&object.statement, TEXT))).unwrap_or_default();
    format!("{:.2}  {}{by}{object}", step.confidence, step.step)
}

fn told(matched: &Matched) -> String {
    let counts = matched.counts;
    let withheld = match matched.record.withheld.len() {
        0 => String::new(),
        some => format!("; {some} of the record do not count"),
    };
    format!(
        "{} met, {} partly, {} missing, {} unaligned, of {} achievements{withheld}",
        counts.met, counts.partly, counts.missing, counts.unaligned, matched.record.achievements
    )
}
