//! `casement resolve`: says which objects references mean.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::failure::Failure;
use super::input;
use super::open::open_to_search;
use super::output::{ExitStatus, Printer};
use super::text::{one_line, short};
use crate::config::Config;
use crate::registry::{Reference, Resolution, ResolveState, ResolvedObject};

/// How much of a statement is shown, in characters.
const STATEMENT: usize = 120;
/// How many references are resolved at once.
const CHUNK: usize = 10_000;

/// Say which objects references mean
///
/// A reference is an identifier, a uri in any shape, a CTID, a code, or a name; with --framework, codes
/// and names are looked for in that one only. From a file, each line is a reference: a text, or JSON as
/// /api/v1/resolve takes it. Nothing is guessed: what may mean several is ambiguous, and all are shown.
///
/// Exits with 1 when a reference means nothing here, or several.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "EXAMPLES\n  casement resolve 3.OA.A.1 --framework 'Common Core State Standards for Math'\n  \
    casement resolve https://caseregistry.imsglobal.org/uri/6b9bfb73-d7cc-11e8-824f-0242ac160002\n  \
    casement resolve --file alignments.ndjson --json"
)]
pub(super) struct ResolveArgs {
    /// What is to be resolved
    #[arg(required_unless_present = "file", value_name = "REFERENCE")]
    references: Vec<String>,
    /// Read references from this file too, one a line; `-` is the standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The framework that codes and names are of: an identifier, a uri, or its title
    #[arg(long, value_name = "FRAMEWORK")]
    framework: Option<String>,
    /// Take the references as free text, and find codes and addresses in it
    #[arg(long)]
    text: bool,
    /// Print one line of JSON for each reference, as /api/v1/resolve answers
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    input: input::InputArgs,
}

/// Resolves, after bringing the index up to date.
///
/// # Errors
/// When the database, the index or the file cannot be used.
pub(super) fn run(args: &ResolveArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let mut lines = args.references.clone();
    if let Some(file) = &args.file {
        let bytes = input::load(file, args.input.max_size)?;
        let text = String::from_utf8_lossy(&bytes);
        lines.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
    }
    let looking = open_to_search(config)?;
    if looking.registry.index_now()?.elsewhere {
        printer.say("the index is being written by a server; what it has so far is searched");
    }
    let view = looking.registry.whole();
    let mut counts: BTreeMap<ResolveState, usize> = BTreeMap::new();
    for chunk in lines.chunks(CHUNK) {
        let read: Vec<Result<Reference, String>> = chunk.iter().map(|line| reference(args, line)).collect();
        let references: Vec<Reference> = read.iter().flatten().cloned().collect();
        let mut found = view.resolve(&references)?.into_iter();
        for (line, one) in chunk.iter().zip(read) {
            let resolution = match one {
                Ok(_) => found.next().unwrap_or_default(),
                Err(note) => Resolution::unknown(note),
            };
            *counts.entry(resolution.state).or_default() += 1;
            if args.json {
                printer.line(serde_json::to_string(&resolution).unwrap_or_default());
            } else {
                show(line, &resolution, printer);
            }
        }
    }
    let told: Vec<String> = counts.iter().map(|(state, count)| format!("{count} {}", word(*state))).collect();
    printer.say(told.join(", "));
    let open = [ResolveState::Unknown, ResolveState::Ambiguous];
    Ok(if open.iter().any(|state| counts.contains_key(state)) { ExitStatus::Input } else { ExitStatus::Done })
}

/// A line as a reference: JSON where it is an object, else a text.
fn reference(args: &ResolveArgs, line: &str) -> Result<Reference, String> {
    let mut reference = if line.starts_with('{') {
        let value: Value = serde_json::from_str(line).map_err(|error| format!("the line is no JSON: {error}"))?;
        Reference::from_json(&value)?
    } else if args.text {
        Reference::from_json(&serde_json::json!({ "text": line }))?
    } else {
        Reference::from_json(&line.into())?
    };
    if reference.framework.is_empty() {
        reference.framework.extend(args.framework.clone());
    }
    Ok(reference)
}

fn show(line: &str, resolution: &Resolution, printer: &Printer) {
    let note = resolution.note.as_deref().map(|note| format!(": {}", one_line(note))).unwrap_or_default();
    printer.line(format!("{}  {}{note}", short(line, STATEMENT), word(resolution.state)));
    resolution.object.iter().for_each(|object| printer.line(of(object, "    ")));
    for replacement in &resolution.replacements {
        let it = replacement.object.as_ref().map_or_else(|| one_line(&replacement.uri), |object| of(object, ""));
        printer.line(format!("    replaced by {it}"));
    }
    resolution.hits.iter().for_each(|object| printer.line(of(object, "    ")));
    for mention in &resolution.mentions {
        let state = word(mention.resolution.state);
        printer.line(format!("    {}  {state}", one_line(&mention.text)));
        let found = mention.resolution.object.iter().chain(&mention.resolution.hits);
        found.for_each(|object| printer.line(of(object, "        ")));
    }
}

fn of(object: &ResolvedObject, indent: &str) -> String {
    let code = object.code.as_deref().map(|code| format!("{}  ", one_line(code))).unwrap_or_default();
    let statement = short(&object.statement, STATEMENT);
    let framework = short(&object.framework.title, STATEMENT);
    format!("{indent}{code}{statement}  [{framework}]  {}", one_line(&object.identifier))
}

fn word(state: ResolveState) -> &'static str {
    match state {
        ResolveState::Resolved => "resolved",
        ResolveState::Moved => "moved",
        ResolveState::Replaced => "replaced",
        ResolveState::Retired => "retired",
        ResolveState::Ambiguous => "ambiguous",
        ResolveState::Unknown => "unknown",
        ResolveState::NotCase => "not CASE",
    }
}
