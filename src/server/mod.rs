//! The HTTP side: a thin layer of actix-web over the registry.
//!
//! A request passes `middleware::front`, compression, a handler of 15 lines, and `AppState::read`
//! into the registry. Errors are `error::ApiError` and get their form last, from the surface that
//! was asked. Must never contain SQL, a rule of the standard, or a second way to the registry.

mod align;
mod alignments;
mod api;
mod assets;
mod auth;
mod case_api;
mod crosswalks;
mod error;
mod etag;
mod exports;
mod forms;
mod health;
mod imports;
mod jobs;
mod limits;
mod matching;
mod mcp;
mod methods;
mod middleware;
mod multipart;
mod negotiate;
mod oauth;
mod openapi;
mod pace;
mod packages;
mod permalinks;
mod refusal;
mod resolve;
mod search;
mod session;
mod site;
mod state;
mod surface;
mod unmatched;
mod url;

use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::{App, HttpServer, web};
use utoipa_actix_web::AppExt as _;

pub use case_api::discovery_document;
pub use mcp::{McpError, over_standard_streams as talk_over_standard_streams};
pub use openapi::document as openapi_document;

use crate::config::{Config, PublicUrl};
use crate::registry::{MirrorKeeper, Registry, Secret};
use state::AppState;

/// How long a client may take to send the head of a request.
const CLIENT_REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, not ours, or no address.
    #[error("cannot listen on {addr}; choose another address with --addr")]
    Bind {
        /// The address as configured.
        addr: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something that is part of the program is broken.
    #[error("the server cannot be put together")]
    Assemble(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The network failed.
    #[error("the server stopped")]
    Run(#[source] io::Error),
}

/// An address that is taken, before anything is served on it. The registry is opened in between,
/// because it mints uris under the public address, and that may follow from a port that the system
/// chose.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    public_url: PublicUrl,
}

impl Bound {
    /// The address that is listened on, with its real port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address that the world knows this server by.
    #[must_use]
    pub fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }
}

/// Takes the configured address.
///
/// # Errors
/// [`ServeError::Bind`].
pub fn bind(config: &Config) -> Result<Bound, ServeError> {
    let refused = |source| ServeError::Bind { addr: config.addr.clone(), source };
    let listener = TcpListener::bind(config.addr.as_str()).map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let public_url = config.public_url.clone().unwrap_or_else(|| PublicUrl::of_address(address));
    Ok(Bound { listener, address, public_url })
}

/// Serves on an address until SIGTERM or SIGINT, then lets running requests finish. Says on stdout
/// where it serves, in one line, once it does. With the secret `set_up` somebody may make the first
/// account.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(
    bound: Bound,
    config: &Config,
    registry: Arc<Registry>,
    set_up: Option<Secret>,
) -> Result<(), ServeError> {
    let Bound { listener, address, public_url } = bound;
    let state = AppState::new(config, public_url, Arc::clone(&registry), set_up).map_err(ServeError::Assemble)?;
    let _mirrors = keep_mirrors(config, registry, &state).map_err(ServeError::Run)?;
    let state = web::Data::new(state);
    let (fetching, stopped) = (Arc::clone(&state.imports), state.clone());
    let told = told_to_stop();
    let stopping = async move {
        told.await;
        stopped.stop();
    };
    let workers = match config.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    };
    // Workers clone what this closure makes; everything that is to be shared is made above.
    let factory = move || {
        let front_state = state.clone();
        let front = move |req: ServiceRequest, next: Next<_>| middleware::front(front_state.clone(), req, next);
        App::new()
            .app_data(state.clone())
            .app_data(web::PayloadConfig::new(state.max_body_bytes))
            // The last one wrapped is the first one to run.
            .wrap(Compress::default())
            .wrap(from_fn(front))
            // Routes are tried in order: what is asked for most comes first.
            .configure(case_api::routes)
            .into_utoipa_app()
            .configure(openapi::documented)
            .into_app()
            .configure(routes)
    };
    let server = HttpServer::new(factory)
        .workers(workers)
        .max_connections((config.max_connections / workers).max(1))
        .client_request_timeout(CLIENT_REQUEST_TIMEOUT)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(config.shutdown_timeout_seconds)
        .shutdown_signal(stopping)
        .listen(listener)
        .map_err(|source| ServeError::Bind { addr: config.addr.clone(), source })?
        .run();
    announce(address).map_err(ServeError::Run)?;
    let ended = server.await.map_err(ServeError::Run);
    // What waits for another server would keep the process alive.
    fetching.stop();
    ended
}

/// Runs due mirrors for as long as the result lives.
fn keep_mirrors(config: &Config, registry: Arc<Registry>, state: &AppState) -> io::Result<Option<MirrorKeeper>> {
    let metrics = state.metrics.clone();
    let start = || MirrorKeeper::start(registry, config.fetching(), move |outcome| metrics.mirror_ran(outcome));
    (config.mirrors && !config.read_only).then(start).transpose()
}

/// Every route that the API's description does not have.
fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(openapi::routes)
        .configure(oauth::routes)
        .service(mcp::http::speak)
        .configure(site::routes)
        .configure(assets::routes)
        .default_service(web::to(unmatched::answer_unmatched));
}

/// The one line on stdout; scripts read the address from it.
fn announce(address: SocketAddr) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "Casement is serving http://{address}")?;
    stdout.flush()
}

/// Ends when the process is told to stop. Listens from now on, not from when it is first awaited: who
/// reads the address may send a signal at once.
#[cfg(unix)]
fn told_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};

    let signals = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    async move {
        let told = signals.into_iter().flatten().map(|mut signal| Box::pin(async move { signal.recv().await }));
        // Without any, it cannot be told and so never stops.
        match told.collect::<Vec<_>>() {
            none if none.is_empty() => std::future::pending().await,
            told => drop(futures_util::future::select_all(told).await),
        }
    }
}

/// Ends when the process is told to stop.
#[cfg(not(unix))]
async fn told_to_stop() {
    drop(tokio::signal::ctrl_c().await);
}
