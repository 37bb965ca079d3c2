//! `casement user`: adds, lists and changes the people who sign in.

use std::io::{BufRead as _, stdin};

use serde_json::{Value, json};

use super::failure::{Failure, UsageError};
use super::open::{open_registry, open_to_look};
use super::output::{ExitStatus, Printer};
use super::text::{one_line, time};
use super::token::RoleName;
use crate::config::Config;
use crate::registry::{Actor, NewUser, Registry, Secret, UserInfo};

/// Add, list and change the people who sign in
///
/// Running servers need not be told. Nobody is ever deleted, so that the audit log stays true: disable
/// whoever is to stay out.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLES\n  \
    casement user add anna --role admin\n  \
    casement user add ben --role editor --framework c5fb0812-d7cb-11e8-824f-0242ac160002\n  \
    casement user password ben --password-stdin < password\n  \
    casement user disable ben")]
pub(super) struct UserArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Add(AddArgs),
    List(ListArgs),
    Role(RoleArgs),
    Password(PasswordArgs),
    Disable(DisableArgs),
}

/// Add a user
///
/// Prints the password that was made, on one line, once; nothing when one was given.
#[derive(Debug, clap::Args)]
struct AddArgs {
    /// What they sign in as: letters, digits and . _ @ + -
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    may: May,

    #[command(flatten)]
    password: Given,
}

/// What a user may do.
#[derive(Debug, clap::Args)]
struct May {
    /// What they may do
    #[arg(long, value_name = "ROLE")]
    role: RoleName,

    /// With these frameworks only, stored or not yet [default: all]
    #[arg(long, value_name = "ID", num_args = 1.., action = clap::ArgAction::Append)]
    framework: Vec<String>,
}

#[derive(Debug, clap::Args)]
struct Given {
    /// Take the password from the first line of standard input instead of making one
    #[arg(long)]
    password_stdin: bool,
}

/// List the users
///
/// A line for each by name, those that are disabled included; never a password.
#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Print an array of JSON objects
    #[arg(long)]
    json: bool,
}

/// Give a user another role
#[derive(Debug, clap::Args)]
struct RoleArgs {
    /// Who; `casement user list` lists them
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    may: May,
}

/// Give a user another password
///
/// Signs them out everywhere. Prints the password that was made, on one line, once; nothing when one
/// was given.
#[derive(Debug, clap::Args)]
struct PasswordArgs {
    /// Who; `casement user list` lists them
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    password: Given,
}

/// Keep a user out
///
/// Signs them out everywhere, at once.
#[derive(Debug, clap::Args)]
struct DisableArgs {
    /// Who; `casement user list` lists them
    #[arg(value_name = "NAME")]
    name: String,

    /// Let them in again
    #[arg(long)]
    undo: bool,
}

/// Adds, lists or changes users.
///
/// # Errors
/// When the database cannot be used, or there is no such user, or what is asked for makes no sense.
pub(super) fn run(args: UserArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    match args.what {
        What::Add(args) => add(args, &open_registry(config)?, printer)?,
        What::List(args) => list(&args, &open_to_look(config)?.registry, printer)?,
        What::Role(args) => role(args, &open_registry(config)?, printer)?,
        What::Password(args) => password(&args, &open_registry(config)?, printer)?,
        What::Disable(args) => disable(&args, &open_registry(config)?, printer)?,
    }
    Ok(ExitStatus::Done)
}

impl Given {
    fn read(&self) -> Result<Option<String>, Failure> {
        if !self.password_stdin {
            return Ok(None);
        }
        let mut line = String::new();
        stdin().lock().read_line(&mut line).map_err(|error| UsageError(format!("--password-stdin: {error}")))?;
        Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
    }
}

impl May {
    fn frameworks(&self) -> Option<Vec<String>> {
        (!self.framework.is_empty()).then(|| self.framework.clone())
    }
}

fn show(made: Option<&Secret>, printer: &Printer) {
    if let Some(made) = made {
        printer.say("keep this password; it is not shown again:");
        printer.line(made.reveal());
    }
}

fn add(args: AddArgs, registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    let AddArgs { name, may, password } = args;
    let new = NewUser { name, password: password.read()?, role: may.role.into(), frameworks: may.frameworks() };
    let (user, made) = registry.add_user(new, &Actor::cli())?;
    printer.say(format!("added {}: {} of {}", user.name, user.role, frameworks(&user)));
    show(made.as_ref(), printer);
    Ok(())
}

fn list(args: &ListArgs, registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    let all = registry.users()?;
    if args.json {
        printer.json(&all.iter().map(user_json).collect::<Vec<_>>());
    } else if all.is_empty() {
        printer.say("there are no users yet; `casement user add` adds one");
    } else {
        let rows: Vec<Vec<String>> = all.iter().map(row).collect();
        printer.table(&["NAME", "ROLE", "STATE", "CREATED", "SIGNS IN", "FRAMEWORKS"], &[], &rows);
    }
    Ok(())
}

fn role(args: RoleArgs, registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    let frameworks_asked = args.may.frameworks();
    let user = registry.change_role(&args.name, args.may.role.into(), frameworks_asked, &Actor::cli())?;
    printer.line(format!("{} is {} of {}", user.name, user.role, frameworks(&user)));
    Ok(())
}

fn password(args: &PasswordArgs, registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    let given = args.password.read()?;
    let made = registry.set_password(&args.name, given.as_deref(), &Actor::cli())?;
    printer.say(format!("{} has another password, and is signed out everywhere", one_line(&args.name)));
    show(made.as_ref(), printer);
    Ok(())
}

fn disable(args: &DisableArgs, registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    let user = registry.disable_user(&args.name, !args.undo, &Actor::cli())?;
    let how = if args.undo { "may sign in again" } else { "is disabled, and signed out everywhere" };
    printer.line(format!("{} {how}", user.name));
    Ok(())
}

fn frameworks(user: &UserInfo) -> String {
    user.frameworks.as_ref().map_or("all frameworks".to_owned(), |ids| ids.join(", "))
}

fn state(user: &UserInfo) -> &'static str {
    if user.disabled_at.is_some() { "disabled" } else { "enabled" }
}

fn row(user: &UserInfo) -> Vec<String> {
    vec![
        user.name.clone(),
        user.role.to_string(),
        state(user).to_owned(),
        time(user.created_at),
        if user.is_foreign { "elsewhere" } else { "here" }.to_owned(),
        frameworks(user),
    ]
}

fn user_json(user: &UserInfo) -> Value {
    json!({
        "name": user.name,
        "role": user.role.name(),
        "frameworks": user.frameworks,
        "state": state(user),
        "createdAt": time(user.created_at),
        "disabledAt": user.disabled_at.map(time),
        "fromIdentityProvider": user.is_foreign,
    })
}
