//! `casement undo`: takes back the last import of a framework, or lists what could be.

use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::open::{open_registry, open_to_look, stored_id};
use super::output::{ExitStatus, Printer};
use super::text::{one_line, short, time};
use crate::config::Config;
use crate::registry::{Registry, RegistryError, Undone};
use crate::store::Revision;

/// Take back the last import of a framework
///
/// Restores the framework to what it was before its last revision that is not undone yet. Undoing
/// its first revision takes the framework away. What an import moved from other frameworks goes
/// back to them.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "EXAMPLES\n  casement undo --list ID    the framework's revisions, newest first\n  casement undo ID"
)]
pub(super) struct UndoArgs {
    /// Identifier of the framework; `casement frameworks` lists them
    #[arg(value_name = "ID")]
    id: String,

    /// List the framework's revisions and undo nothing
    #[arg(long)]
    list: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Undoes a revision, or lists them.
///
/// # Errors
/// When there is no such framework, nothing to undo, or something in the way.
pub(super) fn run(args: &UndoArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    if args.list {
        list(args, &open_to_look(config)?.registry, printer)?;
    } else {
        undo(args, &open_registry(config)?, printer)?;
    }
    Ok(ExitStatus::Done)
}

fn undo(args: &UndoArgs, registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    let framework = registry.whole().framework(&args.id)?;
    let id = framework.ok_or_else(|| RegistryError::NoSuchFramework(args.id.clone()))?.identifier;
    let undone = registry.undo(&id)?;
    if args.json {
        printer.json(&undone);
        return Ok(());
    }
    let Undone { revision, source, now_at, .. } = &undone;
    let all = registry.revisions(&id)?;
    let what = all.iter().find(|one| one.id == *revision).map(described).unwrap_or_default();
    printer.line(format!("undone: revision {revision} from {} ({what})", one_line(source)));
    printer.line(match now_at {
        Some(now_at) => format!("framework {id} is at revision {now_at} now"),
        None => format!("framework {id} is no longer stored"),
    });
    Ok(())
}

fn list(args: &UndoArgs, registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    let all = registry.revisions(&stored_id(registry, &args.id)?)?;
    if all.is_empty() {
        return Err(RegistryError::NoSuchFramework(args.id.clone()).into());
    }
    if args.json {
        printer.json(&all.iter().map(revision_json).collect::<Vec<_>>());
        return Ok(());
    }
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    printer.table(&["REVISION", "TIME", "STATE", "CHANGES", "SOURCE"], &["REVISION"], &rows);
    Ok(())
}

fn row(revision: &Revision) -> Vec<String> {
    let state = revision.undone_at.map_or("applied", |_| "undone");
    vec![
        revision.id.to_string(),
        time(revision.at),
        state.to_owned(),
        described(revision),
        short(&revision.source, 120),
    ]
}

/// How many objects of which fate a revision recorded.
fn counts(revision: &Revision) -> Vec<(&'static str, u64)> {
    let summary: Value = serde_json::from_str(&revision.summary).unwrap_or_default();
    let number = |name: &'static str| Some((name, summary.get(name)?.as_u64()?));
    ["added", "changed", "moved", "deleted", "unchanged"].into_iter().filter_map(number).collect()
}

/// What a revision did, in words.
fn described(revision: &Revision) -> String {
    let did = counts(revision).into_iter().filter(|(name, number)| *name != "unchanged" && *number > 0);
    did.map(|(name, number)| format!("{name} {number}")).collect::<Vec<_>>().join(", ")
}

fn revision_json(revision: &Revision) -> Value {
    let counts: Map<String, Value> =
        counts(revision).into_iter().map(|(name, number)| (name.to_owned(), number.into())).collect();
    json!({
        "revision": revision.id,
        "framework": revision.document_id,
        "at": time(revision.at),
        "source": revision.source,
        "counts": counts,
        "undoneAt": revision.undone_at.map(time),
    })
}
