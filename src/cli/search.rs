//! `casement search`: finds what is stored.

use super::failure::Failure;
use super::open::open_to_search;
use super::output::{ExitStatus, Printer};
use super::text::{count, one_line, short};
use crate::config::Config;
use crate::registry::{SearchAnswer, SearchHit, SearchRequest};

/// How much of a statement is shown, in characters.
const STATEMENT: usize = 160;
const LABEL: usize = 60;

/// Search what is stored
///
/// Words (all should match), "phrases", -not, OR, begin*, codes in any spelling, identifiers, and
/// field:value with code, type, grade, subject, framework, language, status, creator, kind and
/// updated. Frameworks that are private are searched as well.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLES\n  casement search adding fractions\n  casement search 3.OA.1\n  \
    casement search 'fractions grade:4 -decimal'\n  casement search --framework nice --json 'network OR cloud'")]
pub(super) struct SearchArgs {
    /// What is searched for
    #[arg(required_unless_present = "like", conflicts_with = "like", value_name = "QUERY", allow_hyphen_values = true)]
    query: Vec<String>,
    /// In place of a query: find what is like this object
    #[arg(long, value_name = "ID")]
    like: Option<String>,
    /// Only in this framework: an identifier, or words of its title; may be given several times
    #[arg(long, value_name = "FRAMEWORK")]
    framework: Vec<String>,
    /// Only this item and what is below it
    #[arg(long, value_name = "ID")]
    under: Option<String>,
    /// How many hits are shown
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Print one JSON object, as /api/v1/search answers
    #[arg(long)]
    json: bool,
}

/// Searches, after bringing the index up to date.
///
/// # Errors
/// When the database or the index cannot be used.
pub(super) fn run(args: &SearchArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let looking = open_to_search(config)?;
    let registry = &looking.registry;
    if registry.index_now()?.elsewhere {
        printer.say("the index is being written by a server; what it has so far is searched");
    }
    let request = SearchRequest {
        q: args.query.join(" "),
        like: args.like.clone(),
        framework: args.framework.clone(),
        under: args.under.clone(),
        limit: usize::from(args.limit),
        ..SearchRequest::default()
    };
    let answer = registry.whole().search(&request)?;
    if args.json {
        printer.json(&answer);
    } else {
        show(&answer, printer);
    }
    Ok(ExitStatus::Done)
}

fn show(answer: &SearchAnswer, printer: &Printer) {
    for hint in &answer.hints {
        printer.say(one_line(hint));
    }
    for correction in &answer.corrections {
        printer.say(format!(
            "nothing has “{}”; searched for “{}”",
            one_line(&correction.typed),
            one_line(&correction.searched)
        ));
    }
    if answer.relaxed {
        printer.say("few have all words; what has most of them follows");
    }
    for hit in &answer.hits {
        lines(hit).into_iter().for_each(|line| printer.line(line));
    }
    let shown = answer.hits.len();
    printer.say(match answer.total {
        0 => "nothing was found".to_owned(),
        total if total > shown as u64 => {
            format!("{shown} of {}", count(usize::try_from(total).unwrap_or(usize::MAX), "hit"))
        }
        _ => count(shown, "hit"),
    });
}

fn lines(hit: &SearchHit) -> Vec<String> {
    let code = hit.code.as_deref().map(|code| format!("{}  ", one_line(code))).unwrap_or_default();
    let retired = if hit.retired { "  (retired)" } else { "" };
    let above = hit.ancestors.iter().map(|one| short(one.code.as_deref().unwrap_or(&one.statement), LABEL));
    let place: Vec<String> = std::iter::once(short(&hit.framework.title, LABEL)).chain(above).collect();
    vec![
        format!("{code}{}{retired}", short(&hit.statement, STATEMENT)),
        format!("    {}", place.join(" › ")),
        format!("    {}", one_line(&hit.identifier)),
    ]
}
