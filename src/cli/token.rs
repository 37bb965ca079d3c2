//! `casement token`: makes, lists and ends the tokens that the server knows people by.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::failure::{Failure, InputProblem, UsageError};
use super::open::{open_registry, open_to_look};
use super::output::{ExitStatus, Printer};
use super::text::{one_line, short, time};
use crate::config::Config;
use crate::registry::{Actor, NewToken, Registry, Role, TokenInfo, TokenState};

/// Make, list and revoke tokens
///
/// Reading is open to everyone; a reader's token is for clients that will not go without one. An
/// admin's may also read the audit log. It goes into the header `Authorization: Bearer …`, or is
/// exchanged at /oauth2/token: its id and its secret are then the client's.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLES\n  \
    casement token create --name 'badge issuer' --role reader --expires 90d\n  \
    casement token create --name mathematics --role editor --framework c5fb0812-d7cb-11e8-824f-0242ac160002\n  \
    casement token list\n  \
    casement token revoke 0f3c8f0f2d11")]
pub(super) struct TokenArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Create(CreateArgs),
    List(ListArgs),
    Revoke(RevokeArgs),
}

/// Make a token
///
/// Prints it on one line, once: it is stored as a hash and cannot be shown again.
#[derive(Debug, clap::Args)]
struct CreateArgs {
    /// Who or what it is for; shown in the list
    #[arg(long, value_name = "NAME")]
    name: String,

    /// What it may do
    #[arg(long, value_name = "ROLE")]
    role: RoleName,

    /// When it ends: after a time such as 12h, 90d or 4w, or with a day such as 2027-06-30 (UTC)
    /// [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_end)]
    expires: Option<DateTime<Utc>>,

    /// Good for these frameworks only, stored or not yet [default: all]
    #[arg(long, value_name = "ID", num_args = 1.., action = clap::ArgAction::Append)]
    framework: Vec<String>,
}

/// List the tokens
///
/// A line for each, oldest first, those that are no longer good included; never a secret.
#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Print an array of JSON objects
    #[arg(long)]
    json: bool,
}

/// End a token at once
///
/// Ends every access token got for it too. Running servers need not be told.
#[derive(Debug, clap::Args)]
struct RevokeArgs {
    /// Its id; `casement token list` lists them
    #[arg(value_name = "ID")]
    id: String,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum RoleName {
    /// Reads frameworks, private ones too
    Reader,
    /// May also change frameworks
    Editor,
    /// May also manage tokens and users, and read the audit log
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Role {
        match name {
            RoleName::Reader => Role::Reader,
            RoleName::Editor => Role::Editor,
            RoleName::Admin => Role::Admin,
        }
    }
}

/// Makes, lists or ends tokens.
///
/// # Errors
/// When the database cannot be used, or there is no such token.
pub(super) fn run(args: TokenArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    match args.what {
        What::Create(args) => create(args, &open_registry(config)?, printer)?,
        What::List(args) => list(&args, &open_to_look(config)?.registry, printer)?,
        What::Revoke(args) => revoke(&args, &open_registry(config)?, printer)?,
    }
    Ok(ExitStatus::Done)
}

fn create(args: CreateArgs, registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    let CreateArgs { name, role, expires, framework } = args;
    let name = one_line(&name);
    if name.is_empty() {
        return Err(UsageError("--name: say who or what the token is for".to_owned()).into());
    }
    for id in &framework {
        if registry.whole().framework(id)?.is_none() {
            printer.say(format!("no framework {} is stored yet; the token is good for it once it is", one_line(id)));
        }
    }
    let new = NewToken {
        name,
        role: role.into(),
        frameworks: (!framework.is_empty()).then_some(framework),
        expires_at: expires.map(|end| end.timestamp_micros()),
    };
    let created = registry.create_token(new, &Actor::cli())?;
    let TokenInfo { id, role, expires_at, .. } = &created.info;
    let until = expires_at.map_or("until it is revoked".to_owned(), |end| format!("until {}", time(end)));
    printer.say(format!("token {id}: {role} of {}, good {until}", frameworks(&created.info)));
    printer.say("keep this line; it is not shown again:");
    printer.line(created.token.reveal());
    printer.say(format!("as an OAuth 2.0 client: the id is {id}, the secret is what stands behind it"));
    Ok(())
}

fn list(args: &ListArgs, registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    let all = registry.tokens()?;
    if args.json {
        printer.json(&all.iter().map(token_json).collect::<Vec<_>>());
    } else if all.is_empty() {
        printer.say("there are no tokens yet; `casement token create` makes one");
    } else {
        let rows: Vec<Vec<String>> = all.iter().map(row).collect();
        printer.table(&["ID", "ROLE", "STATE", "CREATED", "EXPIRES", "NAME", "FRAMEWORKS"], &[], &rows);
    }
    Ok(())
}

fn revoke(args: &RevokeArgs, registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    // A whole token may stand here; its secret must not come back in a message.
    let id = crate::registry::claimed_id(&args.id).unwrap_or(&args.id);
    let before = registry.tokens()?.into_iter().find(|token| token.id == id);
    let Some(token) = registry.revoke_token(id, &Actor::cli())? else {
        return Err(
            InputProblem(format!("there is no token {}; `casement token list` lists them", short(id, 20))).into()
        );
    };
    let was_revoked = before.is_some_and(|token| token.state == TokenState::Revoked);
    let how = if was_revoked { "was revoked before" } else { "is revoked" };
    printer.line(format!("token {} ({}) {how}", token.id, token.name));
    Ok(())
}

fn state(token: &TokenInfo) -> &'static str {
    match token.state {
        TokenState::Valid => "valid",
        TokenState::Expired => "expired",
        TokenState::Revoked => "revoked",
    }
}

fn frameworks(token: &TokenInfo) -> String {
    match &token.frameworks {
        None => "all frameworks".to_owned(),
        Some(ids) => ids.join(", "),
    }
}

fn row(token: &TokenInfo) -> Vec<String> {
    vec![
        token.id.clone(),
        token.role.to_string(),
        state(token).to_owned(),
        time(token.created_at),
        token.expires_at.map_or("never".to_owned(), time),
        short(&token.name, 40),
        frameworks(token),
    ]
}

fn token_json(token: &TokenInfo) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "role": token.role.name(),
        "frameworks": token.frameworks,
        "state": state(token),
        "createdAt": time(token.created_at),
        "expiresAt": token.expires_at.map(time),
        "revokedAt": token.revoked_at.map(time),
    })
}

/// A moment to come: `90d`, `2027-06-30` (that day included), `2027-06-30T12:00:00Z`.
fn parse_end(text: &str) -> Result<DateTime<Utc>, String> {
    let now = Utc::now();
    let end = match parse_span(text) {
        Some(span) => now.checked_add_signed(span),
        None => parse_moment(text, true),
    };
    let end = end.ok_or("expected a time such as 12h, 90d or 4w, or a day such as 2027-06-30")?;
    // PostgreSQL and SQLite hold more, people do not mean more.
    if end <= now { Err("that is over already".to_owned()) } else { Ok(end) }
}

/// `30m`, `12h`, `90d`, `4w`.
pub(super) fn parse_span(text: &str) -> Option<TimeDelta> {
    let unit = text.chars().next_back()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok().filter(|number| (1..=1_000_000).contains(number))?;
    match unit {
        'm' => TimeDelta::try_minutes(number),
        'h' => TimeDelta::try_hours(number),
        'd' => TimeDelta::try_days(number),
        'w' => TimeDelta::try_weeks(number),
        _ => None,
    }
}

/// A date-time, or the beginning or end of a day in UTC.
pub(super) fn parse_moment(text: &str, end_of_day: bool) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    let day: NaiveDate = text.parse().ok()?;
    let day = if end_of_day { day.checked_add_days(Days::new(1))? } else { day };
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_spans_or_moments() {
        for (given, hours) in [("30m", 0), ("12h", 12), ("90d", 2160), ("4w", 672)] {
            assert_eq!(parse_span(given).map(|span| span.num_hours()), Some(hours), "{given}");
        }
        for wrong in ["", "h", "0d", "-1d", "1.5h", "1y", "99999999d", "ä", "1 d"] {
            assert_eq!(parse_span(wrong), None, "{wrong}");
        }
        let day = |end| parse_moment("2027-06-30", end).unwrap().to_rfc3339();
        assert_eq!(
            (day(false), day(true)),
            ("2027-06-30T00:00:00+00:00".to_owned(), "2027-07-01T00:00:00+00:00".to_owned())
        );
        assert_eq!(parse_moment("2027-06-30T12:00:00+02:00", true).unwrap().to_rfc3339(), "2027-06-30T10:00:00+00:00");
        for wrong in ["2001-01-01", "tomorrow", "2027-13-01", "", "0d"] {
            assert!(parse_end(wrong).is_err(), "{wrong}");
        }
        assert!(parse_end("1000000w").is_ok() && parse_end("9999-12-31").is_ok());
    }
}
