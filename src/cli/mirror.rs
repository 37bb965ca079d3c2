//! `casement mirror`: frameworks of other servers that are kept in step, read-only here.

use std::time::Duration;

use super::failure::{Failure, UsageError};
use super::open::{open_registry, open_to_look};
use super::output::{ExitStatus, Printer};
use super::remote::{AccessArgs, ChoiceArgs};
use super::text::{count, one_line, short};
use crate::config::Config;
use crate::fetch::{Kind, Target};
use crate::registry::{Became, MirrorInfo, MirrorRun, NewMirror};

/// Keep frameworks of other CASE servers in step
///
/// A mirror brings chosen frameworks, or all, from another server and keeps them in step with it,
/// under their own identifiers and uris. Here they are read-only until the mirror is removed.
/// `casement serve` runs mirrors when they are due. When a source breaks, what it last gave stays
/// published, and `mirror list` says since when and why; a framework that vanishes from its source is
/// kept and marked.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
pub(super) struct MirrorArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Add(Box<AddArgs>),
    List(ListArgs),
    Run(RunArgs),
    Remove(RemoveArgs),
}

/// Add a mirror; a running server runs it at once
///
/// Secrets are never stored, only the name of the variable or file they are read from whenever the
/// mirror runs; the server has to have them too.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
EXAMPLES
  casement mirror add https://case.example.org --all
  casement mirror add https://case.example.org --framework ID --every 1d --name example
  casement mirror add https://case.example.org/ims/case/v1p1/CFPackages/ID")]
struct AddArgs {
    /// Address of a CASE server, or of one framework there
    #[arg(value_name = "URL")]
    url: String,

    #[command(flatten)]
    choice: ChoiceArgs,

    /// How often it is run: seconds, or a number with s, m, h or d
    #[arg(long, value_name = "TIME", default_value = "6h", value_parser = parse_time)]
    every: Duration,

    /// What to call it; without it the name of the host
    #[arg(long, value_name = "NAME", value_parser = parse_name)]
    name: Option<String>,

    /// With --all: frameworks that are stored here already become the mirror's, too
    #[arg(long, requires = "all")]
    take_over: bool,

    #[command(flatten)]
    access: AccessArgs,
}

/// List the mirrors and how they fare
#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Print an array of JSON objects
    #[arg(long)]
    json: bool,
}

/// Run a mirror now, or all of them one after the other
#[derive(Debug, clap::Args)]
struct RunArgs {
    /// Its name; `casement mirror list` lists them
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Print an array of JSON objects
    #[arg(long)]
    json: bool,
}

/// Remove a mirror; its frameworks stay, and may be changed from then on
#[derive(Debug, clap::Args)]
struct RemoveArgs {
    /// Its name; `casement mirror list` lists them
    #[arg(value_name = "NAME")]
    name: String,
}

/// Does what the verb says.
///
/// # Errors
/// On wrong usage, and when the database cannot be used. What is wrong with a source is printed.
pub(super) fn run(args: &MirrorArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    match &args.verb {
        Verb::Add(args) => add(args, config, printer),
        Verb::List(args) => list(args, config, printer),
        Verb::Run(args) => run_now(args, config, printer),
        Verb::Remove(args) => {
            let removed = open_registry(config)?.remove_mirror(&args.name)?;
            let kept = count(removed.frameworks.len(), "framework");
            printer.line(format!("removed the mirror {}; {kept} stay as they are", one_line(&removed.name)));
            Ok(ExitStatus::Done)
        }
    }
}

fn add(args: &AddArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let source = Target::parse(&args.url)?;
    let is_server = matches!(source.kind, Kind::Catalogue(_));
    if is_server && !args.choice.all && args.choice.framework.is_empty() {
        let sentence =
            "choose frameworks with --framework ID, or all with --all; `casement import --list URL` lists them";
        return Err(UsageError(sentence.to_owned()).into());
    }
    if !is_server && (args.choice.all || !args.choice.framework.is_empty()) {
        let sentence = "the address is one framework's; --framework and --all choose from a server's address";
        return Err(UsageError(sentence.to_owned()).into());
    }
    let access = args.access.access(&config.fetching());
    let host = || source.url.host_str().unwrap_or("mirror").trim_matches(['[', ']']).replace(':', "-");
    let new = NewMirror {
        name: args.name.clone().unwrap_or_else(host),
        frameworks: args.choice.framework.clone(),
        take_over: args.take_over,
        every: args.every,
        access,
        source,
    };
    let MirrorInfo { name, url, .. } = open_registry(config)?.add_mirror(new)?;
    printer.line(format!("added the mirror {} of {}", one_line(&name), one_line(&url)));
    printer.say("a running server runs it at once; `casement mirror run` does it here and now");
    Ok(ExitStatus::Done)
}

fn list(args: &ListArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let all = open_to_look(config)?.registry.mirrors()?;
    if args.json {
        printer.json(&all);
        return Ok(ExitStatus::Done);
    }
    if all.is_empty() {
        printer.say("there are no mirrors; `casement mirror add URL --all` adds one");
    }
    for mirror in &all {
        printer.lines(&lines(mirror));
    }
    Ok(ExitStatus::Done)
}

fn lines(mirror: &MirrorInfo) -> Vec<String> {
    let what = if mirror.all { "all frameworks".to_owned() } else { count(mirror.frameworks.len(), "framework") };
    let version = mirror.version.as_deref().map(|version| format!(", {version}")).unwrap_or_default();
    let mut lines = vec![
        format!("{}: {} ({what}{version}): {}", one_line(&mirror.name), one_line(&mirror.url), mirror.state),
        format!(
            "  runs every {} s, next at {}, last good run {}",
            mirror.every_seconds,
            mirror.next_run,
            mirror.last_good_run.as_deref().unwrap_or("never")
        ),
    ];
    if let (Some(since), Some(problem)) = (&mirror.broken_since, &mirror.problem) {
        lines.push(format!("  broken since {since}: {}", short(problem, 300)));
    }
    for framework in &mirror.frameworks {
        let title = short(&framework.title, 100);
        lines.push(format!("  {} {} {title}", one_line(&framework.identifier), framework.state).trim_end().to_owned());
        let since = framework.vanished_since.as_ref().or(framework.problem_since.as_ref());
        if let (Some(since), Some(problem)) = (since, &framework.problem) {
            lines.push(format!("    since {since}: {}", short(problem, 300)));
        }
    }
    lines
}

fn run_now(args: &RunArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let registry = open_registry(config)?;
    let names = match &args.name {
        Some(name) => vec![name.clone()],
        None => registry.mirrors()?.into_iter().map(|mirror| mirror.name).collect(),
    };
    let settings = config.fetching();
    let mut status = ExitStatus::Done;
    let mut runs = Vec::new();
    let mut progress = printer.progress(names.len());
    for name in &names {
        progress.next_quietly(&one_line(name));
        let run = registry.run_mirror(name, &settings)?;
        if !args.json {
            printer.lines(&run_lines(&run));
        }
        if run.problem.is_some() {
            status = ExitStatus::Input;
        }
        runs.push(run);
    }
    drop(progress);
    if args.json {
        printer.json(&runs);
    }
    Ok(status)
}

fn run_lines(run: &MirrorRun) -> Vec<String> {
    let word = run
        .problem
        .as_deref()
        .map_or_else(|| "in step".to_owned(), |problem| format!("broken: {}", short(problem, 300)));
    let mut lines = vec![format!("{}: {word}", one_line(&run.name))];
    for line in &run.frameworks {
        let became = match line.became {
            Became::Changed => "changed",
            Became::Unchanged => "unchanged",
            Became::Vanished => "vanished from the source, kept here",
            Became::Broken => "broken, kept as it was",
            Became::LeftAlone => "left alone: it was stored here before (see --take-over)",
        };
        lines.push(format!("  {} {}: {became}", one_line(&line.identifier), short(&line.title, 100)));
        lines.extend(line.problem.as_deref().map(|problem| format!("    {}", short(problem, 300))));
    }
    lines
}

/// Reads a time: `90`, `90s`, `30m`, `6h`, `1d`.
fn parse_time(text: &str) -> Result<Duration, String> {
    let expected = || "expected a time of at least a second, such as 90s, 30m, 6h or 1d".to_owned();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text.get(digits.len()..).unwrap_or_default() {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(expected()),
    };
    let seconds = digits.parse::<u32>().ok().and_then(|number| number.checked_mul(unit)).filter(|seconds| *seconds > 0);
    seconds.map(|seconds| Duration::from_secs(seconds.into())).ok_or_else(expected)
}

fn parse_name(text: &str) -> Result<String, String> {
    let good = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    if text.is_empty() || text.len() > 64 || !text.chars().all(good) {
        return Err("expected letters, digits, `-`, `.` and `_`, 64 at most".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        for (text, seconds) in [
            ("90", Some(90)),
            ("30m", Some(1800)),
            ("6h", Some(21_600)),
            ("1d", Some(86_400)),
            ("0s", None),
            ("h", None),
            ("1w", None),
            ("-1s", None),
            ("99999999d", None),
        ] {
            assert_eq!(parse_time(text).ok(), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
