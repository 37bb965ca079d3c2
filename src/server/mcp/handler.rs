//! One conversation: tools are listed and called, in the sight of whoever holds it.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::web;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value;

use super::tools::{Offer, TOOLS};
use crate::registry::{Access, Registry};
use crate::server::error::ApiError;
use crate::server::state::AppState;
use crate::telemetry::ErrorChain;

/// What a client should know before it calls anything.
const INSTRUCTIONS: &str = "Casement publishes competency frameworks (academic standards, skills, occupations) in the \
    1EdTech CASE format. Use `frameworks` to see which there are, `search` to find items by words or codes, `resolve` \
    for identifiers, uris and codes that somebody gives you, `align` for the items that a text (an achievement, a course \
    outcome, a requirement of a job) is about, and `item` for one item with its place and associations. `align` says \
    `none` when nothing fits: then say so, and do not invent an identifier. Quote identifiers and uris exactly.";

/// Answers the calls of one conversation.
#[derive(Clone)]
pub(super) struct Handler(Seeing);

/// Who asks, and thereby what they see.
#[derive(Clone)]
enum Seeing {
    /// The sender of a request.
    Client(web::Data<AppState>, Access),
    /// Whoever runs the program.
    Everything(Arc<Registry>),
}

impl Handler {
    pub(super) fn of_client(state: web::Data<AppState>, access: Access) -> Handler {
        Handler(Seeing::Client(state, access))
    }

    pub(super) fn of_everything(registry: Arc<Registry>) -> Handler {
        Handler(Seeing::Everything(registry))
    }

    async fn run(&self, offer: &'static Offer, arguments: Value) -> Result<Value, ApiError> {
        let run = offer.run;
        match &self.0 {
            Seeing::Client(state, access) => {
                let access = access.clone();
                state.read(move |registry| Ok(run(&registry.seen_by(access), arguments))).await?
            }
            Seeing::Everything(registry) => {
                let registry = Arc::clone(registry);
                let work = web::block(move || run(&registry.whole(), arguments));
                work.await.map_err(ApiError::internal)?
            }
        }
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let program = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(program)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(TOOLS.iter().map(described).collect()))
    }

    async fn call_tool(
        &self,
        call: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(offer) = TOOLS.iter().find(|offer| offer.name == call.name) else {
            let names: Vec<&str> = TOOLS.iter().map(|offer| offer.name).collect();
            let sentence = format!("there is no tool {}; there are {}", call.name, names.join(", "));
            return Err(ErrorData::invalid_params(sentence, None));
        };
        let result = match self.run(offer, Value::Object(call.arguments.unwrap_or_default())).await {
            Ok(answer) => CallToolResult::structured(answer),
            Err(error) => CallToolResult::error(vec![ContentBlock::text(sentence(&error))]),
        };
        Ok(result.into())
    }
}

/// What is told of a failure; the cause of our own goes to the log.
fn sentence(error: &ApiError) -> String {
    if let ApiError::Internal(cause) = error {
        tracing::error!(error = %ErrorChain(cause.as_ref()), "a tool failed");
    }
    error.told().2
}

fn described(offer: &Offer) -> Tool {
    let schema = match (offer.schema)() {
        Value::Object(members) => members,
        _ => serde_json::Map::new(),
    };
    let mut tool = Tool::new(offer.name, Cow::Borrowed(offer.description), Arc::new(schema));
    tool.title = Some(offer.title.to_owned());
    tool.annotations = Some(ToolAnnotations::new().read_only(true).open_world(false));
    tool
}
