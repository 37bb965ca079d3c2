//! `casement diff`: two editions of a framework, each a file or what is stored.

use std::path::Path;

use serde_json::{Value, json};

use super::failure::{Failure, InputProblem};
use super::input::{self, InputArgs};
use super::open::{Looking, open_to_look};
use super::output::{ExitStatus, Printer};
use super::show;
use super::text::{one_line, short};
use crate::case::read::{Context, Reading};
use crate::config::Config;
use crate::registry::{Change, Comparison, Edit, Edition, RegistryError, compare_editions};

/// Compare two editions of a framework
///
/// A and B are each a file, `-` for the standard input, or the identifier of a stored framework. A
/// is the old edition, B the new one. Objects are matched by identifier; shown are those added,
/// removed and moved, and those changed with each property before and after.
///
/// A file that holds several packages is compared by the one that the other side has.
///
/// Exits with 0 when there is no difference, 1 when there is one, and 3 on trouble, which is also what
/// a missing file, a file with errors or an unknown identifier is here.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
EXAMPLES
  casement diff old.json new.json
  casement diff ID new.json       what an import would change
  casement diff --full --json old.json new.json")]
pub(super) struct DiffArgs {
    /// The old edition: a file or an identifier
    #[arg(value_name = "A")]
    old: String,

    /// The new edition: a file or an identifier
    #[arg(value_name = "B")]
    new: String,

    /// Print everything: all objects, and texts in full
    #[arg(long)]
    full: bool,

    /// Print one JSON document; it is always full
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    input: InputArgs,
}

/// How long a text is shown unless all is asked for.
const TEXT: usize = 80;

/// Prints the difference.
///
/// # Errors
/// When a side cannot be read: trouble with status 3, since 1 means a difference.
pub(super) fn run(args: &DiffArgs, config: Result<Config, Failure>, printer: &Printer) -> Result<ExitStatus, Failure> {
    let compared = config.and_then(|config| compare(args, &config));
    let comparison = compared.map_err(|failure| match failure.status {
        ExitStatus::Usage => failure,
        _ => failure.with_status(ExitStatus::Environment),
    })?;
    let same = comparison.is_empty();
    if args.json {
        printer.json(&json!({ "old": args.old, "new": args.new, "same": same, "difference": comparison }));
    } else {
        print(args, &comparison, printer);
    }
    Ok(if same { ExitStatus::Done } else { ExitStatus::Input })
}

/// One side, before it is known which of several packages is meant.
enum Side {
    File(Vec<Reading>),
    Stored(String),
}

fn compare(args: &DiffArgs, config: &Config) -> Result<Comparison, Failure> {
    let names = [&args.old, &args.new];
    input::check_names(&names.map(Into::into))?;
    // One context for both, so that what the reader supplies is the same in both.
    let base_url = config.public_url();
    let context = input::context(base_url.as_str());
    let old = side(&args.old, args, &context)?;
    let new = side(&args.new, args, &context)?;
    let needs_store = matches!(old, Side::Stored(_)) || matches!(new, Side::Stored(_));
    let looking = if needs_store { Some(open_to_look(config)?) } else { None };
    let (old_ids, new_ids) = (ids(&old), ids(&new));
    let old = edition(old, &args.old, &new_ids, looking.as_ref())?;
    let new = edition(new, &args.new, &old_ids, looking.as_ref())?;
    Ok(compare_editions(old, new))
}

fn side(name: &str, args: &DiffArgs, context: &Context) -> Result<Side, Failure> {
    let path = Path::new(name);
    let is_file = input::is_stdin(path) || path.exists() || path.extension().is_some() || name.contains(['/', '\\']);
    if !is_file {
        return Ok(Side::Stored(name.to_owned()));
    }
    input::readings(path, args.input.max_size, context).map(Side::File)
}

fn ids(side: &Side) -> Vec<String> {
    match side {
        Side::File(readings) => readings.iter().map(|reading| reading.package.identifier().to_owned()).collect(),
        Side::Stored(id) => vec![id.to_lowercase()],
    }
}

fn edition(side: Side, name: &str, other: &[String], looking: Option<&Looking>) -> Result<Edition, Failure> {
    match side {
        Side::Stored(id) => {
            let missing = || Failure::from(RegistryError::NoSuchFramework(id.clone()));
            let Some(looking) = looking else { return Err(missing()) };
            looking.registry.edition(&id)?.ok_or_else(missing)
        }
        Side::File(mut readings) => {
            let total = readings.len();
            if total > 1 {
                readings.retain(|reading| other.iter().any(|id| id == reading.package.identifier()));
            }
            match (readings.pop(), readings.is_empty()) {
                (Some(reading), true) => Ok(Edition::Read(Box::new(reading))),
                _ => Err(several(total).at(name)),
            }
        }
    }
}

fn several(total: usize) -> Failure {
    let sentence = format!(
        "holds {total} packages, and not exactly one of them is on the other side; compare one framework at a time"
    );
    InputProblem(sentence).into()
}

fn print(args: &DiffArgs, comparison: &Comparison, printer: &Printer) {
    let Comparison { added, removed, changed, moved, unchanged } = comparison;
    let most = if args.full { usize::MAX } else { show::LISTED };
    let mut lines = vec![show::counts(&[
        ("added", &added.len()),
        ("removed", &removed.len()),
        ("changed", &changed.len()),
        ("moved", &moved.len()),
        ("unchanged", unchanged),
    ])];
    lines.extend(show::list("added", '+', added, most, show::mention));
    lines.extend(show::list("removed", '-', removed, most, show::mention));
    lines.extend(show::list("changed", '~', changed, most, |edit| edited(edit, args.full)));
    lines.extend(show::list("moved", '>', moved, most, show::mention));
    printer.lines(&lines);
    if !args.full && [added.len(), removed.len(), changed.len(), moved.len()].iter().any(|number| *number > most) {
        printer.say("--full prints everything");
    }
}

fn edited(edit: &Edit, full: bool) -> String {
    let change = |Change { property, old, new }: &Change| {
        format!("\n        {}: {} → {}", one_line(property), shown(old.as_ref(), full), shown(new.as_ref(), full))
    };
    let changes: Vec<String> = edit.changes.iter().map(change).collect();
    format!("{}{}", show::mention(&edit.object), changes.concat())
}

fn shown(value: Option<&Value>, full: bool) -> String {
    let text = match value {
        None => return "(none)".to_owned(),
        Some(Value::String(text)) => format!("“{}”", one_line(text)),
        Some(other) => other.to_string(),
    };
    if full { one_line(&text) } else { short(&text, TEXT) }
}
