//! The command line: one file a verb.
//!
//! A verb reads its arguments, calls the registry, and prints through [`output::Printer`]. Never
//! contains SQL, HTTP, or a rule of the standard.

mod align;
mod audit;
mod backup;
mod check;
mod config;
mod crosswalk;
mod diff;
mod eval;
mod export;
pub mod failure;
mod files;
mod frameworks;
mod import;
mod input;
mod match_;
mod mcp;
mod mirror;
mod model;
mod open;
mod openapi;
pub mod output;
mod private;
mod read_workbook;
mod reindex;
mod remote;
mod resolve;
mod restore;
mod search;
mod serve;
mod sheet;
mod show;
mod start;
mod template;
pub mod text;
mod token;
mod undo;
mod user;
mod validate;

use crate::case::Version;
use crate::config::{CommonArgs, Config, ServerArgs};
use failure::Failure;
use output::{ExitStatus, Printer};

const ABOUT: &str = "Publishes competency frameworks over 1EdTech CASE 1.0 and 1.1";

const LONG_ABOUT: &str = "\
Casement publishes competency frameworks (academic standards, skills, job requirements) over the
1EdTech CASE standard, versions 1.0 and 1.1.

It keeps frameworks in a database: SQLite in ./casement-data unless it is told otherwise. `import`
shows what a file would change, changes it in one step, and records a revision that `undo` takes
back. `serve` publishes what is stored, and is what happens without a verb. All verbs work beside a
running server.";

const AFTER_HELP: &str = "\
EXIT STATUS
  0  done
  1  the input has errors; for `diff`, the two differ
  2  the command line or the configuration is wrong
  3  the environment failed: a database or a file that cannot be opened

Results go to stdout; remarks, progress and errors to stderr.

EXAMPLES
  casement serve --addr 127.0.0.1:8080
  casement import --dry-run mathematics.json
  casement import mathematics.json reading.json.gz
  casement export c5fb0812-d7cb-11e8-824f-0242ac160002 --output mathematics.json";

/// The whole command line.
#[derive(Debug, clap::Parser)]
#[command(name = "casement", version, about = ABOUT, long_about = LONG_ABOUT, after_long_help = AFTER_HELP)]
#[command(subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
pub struct Cli {
    /// Without a verb, the server runs with its defaults.
    #[command(subcommand)]
    verb: Option<Verb>,

    /// Print results and errors only: no remarks, no progress
    #[arg(long, short, global = true)]
    pub quiet: bool,

    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Serve(serve::ServeArgs),
    Import(Box<import::ImportArgs>),
    Export(export::ExportArgs),
    Template(template::TemplateArgs),
    Validate(validate::ValidateArgs),
    Diff(diff::DiffArgs),
    Frameworks(frameworks::FrameworksArgs),
    Undo(undo::UndoArgs),
    Private(private::PrivateArgs),
    Crosswalk(crosswalk::CrosswalkArgs),
    Model(model::ModelArgs),
    Mirror(mirror::MirrorArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Check(check::CheckArgs),
    Reindex(reindex::ReindexArgs),
    Search(search::SearchArgs),
    Align(Box<align::AlignArgs>),
    Resolve(resolve::ResolveArgs),
    Match(match_::MatchArgs),
    Mcp(mcp::McpArgs),
    Eval(eval::EvalArgs),
    Token(token::TokenArgs),
    User(user::UserArgs),
    Audit(audit::AuditArgs),
    Config(config::ConfigArgs),
    Openapi(openapi::OpenapiArgs),
    #[command(hide = true)]
    ReadWorkbook(read_workbook::ReadWorkbookArgs),
}

impl Cli {
    /// Does what the command line says.
    ///
    /// # Errors
    /// When it cannot be done; the failure says what to print and to exit with.
    pub fn run(self, printer: &Printer) -> Result<ExitStatus, Failure> {
        let Cli { verb, common, quiet: _ } = self;
        let config = |server: &ServerArgs| Config::load(&common, server).map_err(Failure::from);
        let plain = || config(&ServerArgs::default());
        match verb.unwrap_or_else(|| Verb::Serve(serve::ServeArgs::default())) {
            Verb::Serve(args) => start::run(&config(&args.server)?, printer),
            Verb::Import(args) => import::run(&args, &plain()?, printer),
            Verb::Export(args) => export::run(&args, &plain()?, printer),
            Verb::Template(args) => template::run(&args, printer),
            Verb::Validate(args) => validate::run(&args, &plain()?, printer),
            Verb::Diff(args) => diff::run(&args, plain(), printer),
            Verb::Frameworks(args) => frameworks::run(&args, &plain()?, printer),
            Verb::Undo(args) => undo::run(&args, &plain()?, printer),
            Verb::Private(args) => private::run(&args, &plain()?, printer),
            Verb::Crosswalk(args) => crosswalk::run(&args, &plain()?, printer),
            Verb::Model(args) => model::run(&args, &plain()?, printer),
            Verb::Mirror(args) => mirror::run(&args, &plain()?, printer),
            Verb::Backup(args) => backup::run(&args, &plain()?, printer),
            Verb::Restore(args) => restore::run(&args, &plain()?, printer),
            Verb::Check(args) => check::run(&args, &plain()?, printer),
            Verb::Reindex(reindex::ReindexArgs {}) => reindex::run(&plain()?, printer),
            Verb::Resolve(args) => resolve::run(&args, &plain()?, printer),
            Verb::Mcp(mcp::McpArgs {}) => mcp::run(&plain()?, printer),
            Verb::Match(args) => match_::run(&args, &plain()?, printer),
            Verb::Align(args) => align::run(&args, &plain()?, printer),
            Verb::Search(args) => search::run(&args, &plain()?, printer),
            Verb::Eval(args) => eval::run(&args, &plain()?, printer),
            Verb::Token(args) => token::run(args, &plain()?, printer),
            Verb::User(args) => user::run(args, &plain()?, printer),
            Verb::Audit(args) => audit::run(&args, &plain()?, printer),
            Verb::Config(args) => Ok(config::run(&config(&args.server)?, printer)),
            Verb::Openapi(args) => openapi::run(&args, &plain()?, printer),
            Verb::ReadWorkbook(read_workbook::ReadWorkbookArgs {}) => read_workbook::run(),
        }
    }
}

/// A version of the standard, as it is written on the command line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum CaseVersion {
    #[value(name = "1.0", alias = "v1p0")]
    V1p0,
    #[value(name = "1.1", alias = "v1p1")]
    V1p1,
}

impl From<CaseVersion> for Version {
    fn from(version: CaseVersion) -> Version {
        match version {
            CaseVersion::V1p0 => Version::V1p0,
            CaseVersion::V1p1 => Version::V1p1,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn verify_cli() {
        <super::Cli as clap::CommandFactory>::command().debug_assert();
    }
}
