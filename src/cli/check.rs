//! `casement check`: whether the store agrees with itself.

use std::collections::BTreeMap;

use serde_json::json;

use super::backup::open_stored;
use super::failure::Failure;
use super::output::{ExitStatus, Printer};
use super::show::{self, LISTED};
use super::text::{count, one_line};
use crate::config::Config;
use crate::registry::{Checkup, Finding, Gravity, Tally};

/// Check that the store agrees with itself
///
/// Looks at every row: whether its columns say what its content says, whether what it refers to is
/// there, whether revisions can be undone. Errors are what the store should never hold; warnings
/// are data worth looking at, such as a circle in a hierarchy; infos are good to know.
///
/// --repair mends what follows from the rest: columns from contents, the list of frameworks from
/// the objects and revisions. Nothing that was imported is changed.
///
/// Exits with 0 when there is no error left, else with 1.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
EXAMPLES
  casement check
  casement check --repair
  casement check --json | jq '.findings[] | select(.severity == \"error\")'")]
pub(super) struct CheckArgs {
    /// Print one JSON document
    #[arg(long)]
    json: bool,

    /// Mend what is derived; nothing else is written meanwhile
    #[arg(long)]
    repair: bool,
}

/// Checks the store.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn run(args: &CheckArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let registry = open_stored(config)?;
    let mut progress = None;
    let checkup = registry.check(args.repair, |what, steps| {
        progress.get_or_insert_with(|| printer.progress(steps)).next_quietly(what);
    });
    drop(progress);
    let checkup = checkup?;
    let status = if checkup.count(Gravity::Error) == 0 { ExitStatus::Done } else { ExitStatus::Input };
    if args.json {
        let codes: BTreeMap<&str, Tally> = checkup.tallies.iter().map(|((_, code), tally)| (*code, *tally)).collect();
        printer.json(&json!({
            "exitStatus": status.code(),
            "errors": checkup.count(Gravity::Error),
            "warnings": checkup.count(Gravity::Warning),
            "infos": checkup.count(Gravity::Info),
            "repaired": checkup.repaired(),
            "frameworks": checkup.frameworks,
            "objects": checkup.objects,
            "revisions": checkup.revisions,
            "changes": checkup.changes,
            "codes": codes,
            "findings": checkup.findings,
        }));
    } else {
        printer.lines(&lines(&checkup));
    }
    Ok(status)
}

fn lines(checkup: &Checkup) -> Vec<String> {
    let mut lines = Vec::new();
    for ((gravity, code), tally) in &checkup.tallies {
        lines.push(format!("{} {code} × {}:", gravity.name(), tally.found));
        let of_code = checkup.findings.iter().filter(|finding| finding.code == *code).take(LISTED);
        let before = lines.len();
        lines.extend(of_code.map(|finding| format!("  {}", line(finding))));
        let listed = (lines.len() - before) as u64;
        if tally.found > listed {
            lines.push(format!("  and {} more", tally.found - listed));
        }
    }
    let number = |number: u64, noun| count(usize::try_from(number).unwrap_or(usize::MAX), noun);
    lines.push(format!(
        "checked {}, {}, {}, {}",
        number(checkup.frameworks, "framework"),
        number(checkup.objects, "object"),
        number(checkup.revisions, "revision"),
        number(checkup.changes, "change"),
    ));
    lines.push(show::counts(&[
        ("errors", &checkup.count(Gravity::Error)),
        ("warnings", &checkup.count(Gravity::Warning)),
        ("infos", &checkup.count(Gravity::Info)),
        ("repaired", &checkup.repaired()),
    ]));
    lines
}

fn line(finding: &Finding) -> String {
    let Finding { framework, class, object, sentence, repaired, .. } = finding;
    let mut place = Vec::new();
    place.extend(framework.as_ref().map(|id| format!("framework {}", one_line(id))));
    place
        .extend(class.as_ref().zip(object.as_ref()).map(|(class, id)| format!("{} {}", one_line(class), one_line(id))));
    let place = if place.is_empty() { String::new() } else { format!("{}: ", place.join(", ")) };
    format!("{place}{}{}", one_line(sentence), if *repaired { " (repaired)" } else { "" })
}
