//! The Model Context Protocol: search, resolving, aligning and looking up as tools of language-model clients, over HTTP
//! (`/mcp`) and over the standard streams of `casement mcp`.
//!
//! The protocol is the official SDK's; what a tool answers is what `/api/v1` answers. Must never change what is stored.

mod handler;
pub(crate) mod http;
mod item;
mod tools;

use std::sync::Arc;

use crate::registry::Registry;
use handler::Handler;

/// Why a conversation over the standard streams ended early.
#[derive(Debug, thiserror::Error)]
pub enum McpError {
    /// The client did not speak the protocol, or went away before it had begun.
    #[error("the client did not begin a conversation of the Model Context Protocol")]
    Begin(#[source] Box<rmcp::service::ServerInitializeError>),
    /// It ended by a fault of ours.
    #[error("the conversation was ended")]
    Ended(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Answers a client on stdin and stdout, which sees everything that is stored, until it closes stdin.
///
/// # Errors
/// [`McpError`].
pub async fn over_standard_streams(registry: Arc<Registry>) -> Result<(), McpError> {
    use rmcp::service::{ServerInitializeError, serve_server};

    let streams = rmcp::transport::stdio();
    let running = match serve_server(Handler::of_everything(registry), streams).await {
        // Who closes stdin before saying anything wanted nothing.
        Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        other => other.map_err(|error| McpError::Begin(Box::new(error)))?,
    };
    running.waiting().await.map_err(|error| McpError::Ended(error.into()))?;
    Ok(())
}
