//! `casement private`: which frameworks not everybody may see.

use super::failure::Failure;
use super::open::{open_registry, open_to_look, stored_id};
use super::output::{ExitStatus, Printer};
use super::text::{one_line, short};
use crate::config::Config;
use crate::registry::{Actor, Marked, PrivateFramework};

/// Make frameworks private, or list those that are
///
/// A private framework is seen by those who hold a token for it (`casement token`), and by nobody
/// else: not in lists or counts, not by identifier, and no association of another framework that
/// ends in it is published. A framework may be marked before it is imported.
///
/// A framework whose adoption status is `Private Draft` is private without a mark, for as long as it
/// has that status.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
EXAMPLES
  casement private                list the private frameworks
  casement private ID ID          mark them
  casement private --open ID      take the mark away")]
pub(super) struct PrivateArgs {
    /// Identifiers of frameworks; without any, the private ones are listed
    #[arg(value_name = "ID")]
    ids: Vec<String>,

    /// Take the mark away: everybody may see it, unless it is a private draft
    #[arg(long, requires = "ids")]
    open: bool,

    /// Print an array of JSON objects
    #[arg(long)]
    json: bool,
}

/// Marks frameworks, or lists them.
///
/// # Errors
/// When the database cannot be read or written.
pub(super) fn run(args: &PrivateArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    if args.ids.is_empty() {
        list(args, config, printer)?;
        return Ok(ExitStatus::Done);
    }
    let registry = open_registry(config)?;
    let mut all = Vec::new();
    for id in &args.ids {
        all.push(registry.mark_private(&stored_id(&registry, id)?, !args.open, &Actor::cli())?);
    }
    if args.json {
        printer.json(&all);
    } else {
        all.iter().for_each(|marked| printer.line(sentence(marked)));
    }
    Ok(ExitStatus::Done)
}

fn sentence(marked: &Marked) -> String {
    let Marked { identifier, marked, changed, title, draft } = marked;
    let mut sentence = one_line(identifier);
    sentence.push_str(match (marked, changed) {
        (true, true) => ": private now",
        (true, false) => ": marked as private already",
        (false, true) => ": no longer marked as private",
        (false, false) => ": was not marked as private",
    });
    if title.is_none() {
        sentence.push_str("; it is not stored here yet");
    }
    if *draft && !marked {
        sentence.push_str("; still private, because its adoption status is Private Draft");
    }
    sentence
}

fn list(args: &PrivateArgs, config: &Config, printer: &Printer) -> Result<(), Failure> {
    let all = open_to_look(config)?.registry.private_frameworks()?;
    if args.json {
        printer.json(&all);
    } else if all.is_empty() {
        printer.say("no framework is private; `casement private ID` makes one so");
    } else {
        printer.table(&["IDENTIFIER", "BECAUSE", "TITLE"], &[], &all.iter().map(row).collect::<Vec<_>>());
    }
    Ok(())
}

fn row(framework: &PrivateFramework) -> Vec<String> {
    let because = match (framework.draft, framework.marked) {
        (true, true) => "draft, marked",
        (true, false) => "draft",
        _ => "marked",
    };
    let title = framework.title.as_deref().map_or_else(|| "(not stored)".to_owned(), |title| short(title, 120));
    vec![one_line(&framework.identifier), because.to_owned(), title]
}
