//! `casement audit`: who changed what, when, and from where.

use chrono::{DateTime, Utc};

use super::failure::Failure;
use super::open::open_to_look;
use super::output::{ExitStatus, Printer};
use super::text::one_line;
use super::token::{parse_moment, parse_span};
use crate::config::Config;
use crate::registry::{AUDIT_LIMIT, AuditLine, AuditQuery};

/// List who changed what
///
/// A line for each import, undo, token made or revoked, user changed, sign-in and failed login, newest
/// first: when, who (a token's id, `user:` and a name, `cli`, `bundled`), what, to which framework,
/// token or user, and from where.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLES\n  casement audit --since 7d\n  casement audit --json --since 2026-11-01")]
pub(super) struct AuditArgs {
    /// From when on: a time ago such as 12h, 90d or 4w, or a day such as 2026-11-01 (UTC)
    /// [default: the beginning]
    #[arg(long, value_name = "TIME", value_parser = parse_begin)]
    since: Option<DateTime<Utc>>,

    /// Print an array of JSON objects
    #[arg(long)]
    json: bool,
}

/// Prints the record.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn run(args: &AuditArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let since = args.since.map_or(0, |begin| begin.timestamp_micros());
    let lines = open_to_look(config)?.registry.audit(&AuditQuery { since, ..AuditQuery::default() })?;
    if i64::try_from(lines.len()).is_ok_and(|number| number == AUDIT_LIMIT) {
        printer.say(format!("these are the newest {AUDIT_LIMIT}; there may be more"));
    }
    if args.json {
        printer.json(&lines);
    } else if lines.is_empty() {
        printer.say("nothing was recorded in that time");
    } else {
        let rows: Vec<Vec<String>> = lines.iter().map(row).collect();
        printer.table(&["TIME", "WHO", "WHAT", "OBJECT", "REVISION", "ADDRESS", "REQUEST"], &["REVISION"], &rows);
    }
    Ok(ExitStatus::Done)
}

fn row(line: &AuditLine) -> Vec<String> {
    let object =
        line.framework.as_deref().or(line.token.as_deref()).or(line.user.as_deref()).or(line.source.as_deref());
    let or_dash = |text: Option<&str>| one_line(text.unwrap_or("-"));
    vec![
        line.at.clone(),
        one_line(&line.actor),
        one_line(&line.action),
        or_dash(object),
        line.revision.map_or("-".to_owned(), |revision| revision.to_string()),
        or_dash(line.address.as_deref()),
        or_dash(line.request_id.as_deref()),
    ]
}

/// A moment gone by: `7d` ago, or `2026-11-01`.
fn parse_begin(text: &str) -> Result<DateTime<Utc>, String> {
    let begin = match parse_span(text) {
        Some(span) => Utc::now().checked_sub_signed(span),
        None => parse_moment(text, false),
    };
    begin.ok_or_else(|| "expected a time such as 12h, 90d or 4w, or a day such as 2026-11-01".to_owned())
}
