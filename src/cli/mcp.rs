//! `casement mcp`: the Model Context Protocol over stdin and stdout.

use std::sync::Arc;

use super::failure::Failure;
use super::open::open_to_align;
use super::output::{ExitStatus, Printer};
use crate::config::Config;
use crate::server;

/// Answer a language-model client over stdin and stdout
///
/// Speaks the Model Context Protocol: the tools search, resolve, align, item and frameworks read what is stored, private
/// frameworks included, and change nothing. A client starts this program itself; its configuration names it, as in the
/// example. `casement serve` answers the same protocol at /mcp.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLE\n  {\"mcpServers\": {\"casement\": {\"command\": \"casement\", \"args\": \
    [\"--data-dir\", \"/srv/casement\", \"mcp\"]}}}")]
pub(super) struct McpArgs {}

/// Answers until stdin is closed, after bringing the index up to date.
///
/// # Errors
/// When the database, the index or the model cannot be used, or the client does not speak the protocol.
pub(super) fn run(config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let looking = open_to_align(config)?;
    if looking.registry.index_now()?.elsewhere {
        printer.say("the index is being written by a server; what it has so far is searched");
    }
    let (registry, _scratch) = looking.shared();
    let _follower = registry.follow();
    let _index = registry.keep_indexed();
    let _vectors = registry.keep_embedded();
    actix_web::rt::System::new().block_on(server::talk_over_standard_streams(Arc::clone(&registry)))?;
    Ok(ExitStatus::Done)
}
