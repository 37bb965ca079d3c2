//! What every handler shares, and the one way from a handler to the registry.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix_web::http::header::HeaderValue;
use actix_web::{HttpRequest, web};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

use super::auth::access_of;
use super::case_api::Discovery;
use super::error::ApiError;
use super::etag::Tagged;
use super::limits::Limits;
use super::pace::Pace;
use super::session::Cookies;
use super::site::{self, Frame};
use crate::case::{Version, select};
use crate::config::{Config, PublicUrl};
use crate::registry::{ImportRules, OpenId, Registry, RegistryError, Secret, SessionRules, View};
use crate::telemetry::{ErrorChain, Metrics, panic_message};

/// How many other servers are asked at once.
const FETCHING: usize = 4;
/// How many files are unpacked at once to be kept.
const TAKING: usize = 2;
/// How many parts of batches are aligned at once: each takes what processors there are, and who asks for one text does not
/// wait behind more of them.
const ALIGNING: usize = 2;
/// How many passwords are looked at at once: each takes a core and 19 MiB.
const HASHING: usize = 2;

/// Made once, shared by all workers.
pub(crate) struct AppState {
    /// The address that the world knows this server by.
    pub public_url: PublicUrl,
    /// The pages of CFDocuments.
    pub paging: select::Settings,
    /// The numbers behind `/metrics`.
    pub metrics: Metrics,
    /// What every page needs.
    pub frame: Frame,
    /// The standard's API descriptions, for this server.
    pub discovery: Discovery,
    /// The description of our own API.
    pub openapi: Tagged,
    /// What caches may do with data.
    pub(crate) cache_control: HeaderValue,
    /// Whether caches may answer with data without asking.
    pub(crate) may_be_kept: bool,
    /// How often clients may ask.
    pub limits: Limits,
    /// Whether other sites' pages may read.
    pub cors: bool,
    /// How long one request may take.
    pub request_timeout: Duration,
    /// The same for one that imports.
    pub import_timeout: Duration,
    /// Within which bounds imports are taken.
    pub imports: Arc<ImportRules>,
    /// The cookies of those who sign in.
    pub cookies: Cookies,
    /// How long sessions are good.
    pub sessions: SessionRules,
    /// Where else people sign in.
    pub provider: Option<Arc<OpenId>>,
    provider_name: String,
    /// What lets somebody make the first account, while there is none.
    pub set_up: Option<Secret>,
    /// Whether nothing can be changed here.
    pub read_only: bool,
    /// The largest body of a request.
    pub max_body_bytes: usize,
    queue_timeout: Duration,
    gate: Arc<Semaphore>,
    pace: Pace,
    rendering: Arc<Semaphore>,
    writing: Arc<Semaphore>,
    planning: Arc<Semaphore>,
    fetching: Arc<Semaphore>,
    taking: Arc<Semaphore>,
    hashing: Arc<Semaphore>,
    aligning: Arc<Semaphore>,
    crossing: Arc<Semaphore>,
    stopping: AtomicBool,
    registry: Arc<Registry>,
}

impl AppState {
    /// Puts together what does not change while the server runs.
    ///
    /// # Errors
    /// When something that is part of the program is broken.
    pub(crate) fn new(
        config: &Config,
        public_url: PublicUrl,
        registry: Arc<Registry>,
        set_up: Option<Secret>,
    ) -> Result<AppState, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AppState {
            paging: select::Settings { default_limit: config.default_page_limit, max_limit: config.max_page_limit },
            metrics: Metrics::new()?,
            frame: Frame::new(&public_url, config)?,
            discovery: Discovery::new(&public_url)?,
            openapi: Tagged::new(super::openapi::document(&public_url).to_pretty_json()?),
            cache_control: cache_control(config.cache_seconds),
            may_be_kept: config.cache_seconds > 0,
            limits: Limits::new(config),
            cors: config.cors,
            request_timeout: Duration::from_secs(config.request_timeout_seconds),
            max_body_bytes: config.max_body_bytes,
            queue_timeout: Duration::from_secs(config.queue_timeout_seconds),
            gate: Arc::new(Semaphore::new(config.concurrent_reads.min(Semaphore::MAX_PERMITS))),
            pace: Pace::default(),
            rendering: Arc::new(Semaphore::new(1)),
            writing: Arc::new(Semaphore::new(1)),
            planning: Arc::new(Semaphore::new(1)),
            fetching: Arc::new(Semaphore::new(FETCHING)),
            taking: Arc::new(Semaphore::new(TAKING)),
            hashing: Arc::new(Semaphore::new(HASHING)),
            aligning: Arc::new(Semaphore::new(ALIGNING)),
            crossing: Arc::new(Semaphore::new(1)),
            cookies: Cookies::new(&public_url),
            sessions: SessionRules {
                idle: Duration::from_secs(config.session_idle_minutes.saturating_mul(60)),
                longest: Duration::from_secs(config.session_hours.saturating_mul(60 * 60)),
            },
            provider: site::provider(config, &public_url),
            provider_name: config.oidc_name.clone(),
            set_up,
            stopping: AtomicBool::new(false),
            import_timeout: Duration::from_secs(config.import_timeout_seconds),
            imports: Arc::new(ImportRules {
                fetching: config.fetching(),
                max_bytes: config.import_max_bytes,
                keep_days: config.import_keep_days,
                sheet_seconds: config.import_sheet_seconds,
                program: std::env::current_exe().ok(),
            }),
            read_only: config.read_only,
            registry,
            public_url,
        })
    }

    /// What is published, as the sender of a request sees it. What is answered without waiting is
    /// asked here; everything else goes through [`AppState::look`].
    pub(crate) fn view(&self, req: &HttpRequest) -> View<'_> {
        self.registry.seen_by(access_of(req))
    }

    /// What does not depend on who asks, and is answered without waiting.
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Renders a package, one after another, for the requests to come; on a thread of its own, so
    /// that the memory it takes goes with it.
    pub(crate) fn render_soon(&self, version: Version, document_id: String) {
        let (registry, turn) = (Arc::clone(&self.registry), Arc::clone(&self.rendering));
        actix_web::rt::spawn(async move {
            let Ok(_turn) = turn.acquire().await else { return };
            let (done, ended) = oneshot::channel::<()>();
            let work = move || {
                let _done = done;
                if let Err(error) = registry.render_package(version, &document_id) {
                    tracing::warn!(error = %ErrorChain(&error), "a package could not be rendered");
                }
            };
            match std::thread::Builder::new().name("render".to_owned()).spawn(work) {
                // It never says anything; it is over when it cannot any more.
                Ok(_) => drop(ended.await),
                Err(error) => tracing::warn!(error = %ErrorChain(&error), "no package can be rendered"),
            }
        });
    }

    /// [`AppState::read`] of what the sender of a request may see.
    ///
    /// # Errors
    /// As [`AppState::read`].
    pub(crate) async fn look<T, F>(&self, req: &HttpRequest, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&View<'_>) -> Result<T, RegistryError> + Send + 'static,
    {
        let access = access_of(req);
        self.read(move |registry| work(&registry.seen_by(access))).await
    }

    /// [`AppState::look`] for one object: where the database is a file and its pages are in memory, it
    /// is read at once, on the thread that asks.
    ///
    /// # Errors
    /// As [`AppState::read`].
    pub(crate) async fn look_up<T, F>(&self, req: &HttpRequest, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&View<'_>) -> Result<T, RegistryError> + Send + 'static,
    {
        if !(self.registry.reads_a_file() && self.pace.is_quick()) {
            return self.look(req, work).await;
        }
        let Ok(permit) = self.gate.try_acquire() else { return self.look(req, work).await };
        let begun = Instant::now();
        let outcome = match caught(|| work(&self.view(req))) {
            Ok(result) => result.map_err(ApiError::from),
            Err(panic) => Err(ApiError::internal(panic)),
        };
        drop(permit);
        self.pace.took(begun.elapsed());
        self.note_read(Duration::ZERO, begun, &outcome);
        outcome
    }

    /// Runs a read away from the async threads. The permit is taken before, so that waiting
    /// requests do not occupy blocking threads, and lives as long as the work, even when the
    /// request that asked for it is gone.
    ///
    /// # Errors
    /// [`ApiError::Busy`] after waiting in vain, else what the registry's error becomes.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    {
        let asked = Instant::now();
        let Ok(Ok(permit)) = timeout(self.queue_timeout, Arc::clone(&self.gate).acquire_owned()).await else {
            self.metrics.read_failed("busy");
            return Err(ApiError::Busy);
        };
        let begun = Instant::now();
        let outcome = self.work(permit, work).await;
        self.note_read(begun - asked, begun, &outcome);
        outcome
    }

    fn note_read<T>(&self, waited: Duration, begun: Instant, outcome: &Result<T, ApiError>) {
        match outcome {
            Ok(_) => self.metrics.read(waited.as_secs_f64(), begun.elapsed().as_secs_f64()),
            Err(ApiError::Busy) => self.metrics.read_failed("busy"),
            Err(_) => self.metrics.read_failed("failed"),
        }
    }

    /// Runs what writes, as [`AppState::read`] does, one after another: the database has one
    /// writer, and who waits for it must not hold a connection.
    ///
    /// # Errors
    /// As [`AppState::read`].
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    {
        match timeout(self.queue_timeout, Arc::clone(&self.writing).acquire_owned()).await {
            Ok(Ok(permit)) => self.work(permit, work).await,
            _ => Err(ApiError::Busy),
        }
    }

    /// Runs what takes a whole file into memory and compares it with what is stored, as
    /// [`AppState::read`] does, one after another. Who waits does so for as long as a request may
    /// take.
    ///
    /// # Errors
    /// What the registry's error becomes.
    pub(crate) async fn plan<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    {
        self.in_turn(&self.planning, work).await
    }

    /// Runs what asks another server, as [`AppState::plan`] does, a few at once.
    ///
    /// # Errors
    /// As [`AppState::plan`].
    pub(crate) async fn fetch<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    {
        self.in_turn(&self.fetching, work).await
    }

    /// Runs what unpacks a file and packs it to be kept, as [`AppState::plan`] does, a few at once.
    ///
    /// # Errors
    /// As [`AppState::plan`].
    pub(crate) async fn take<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    {
        self.in_turn(&self.taking, work).await
    }

    /// Runs what aligns a part of a batch, as [`AppState::plan`] does, a few at once.
    ///
    /// # Errors
    /// As [`AppState::plan`].
    pub(crate) async fn align<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    {
        self.in_turn(&self.aligning, work).await
    }

    /// Runs what aligns a whole framework, as [`AppState::plan`] does, one after another.
    ///
    /// # Errors
    /// As [`AppState::plan`].
    pub(crate) async fn cross<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    {
        self.in_turn(&self.crossing, work).await
    }

    /// Runs what looks at a password, as [`AppState::write`] does, a few at once.
    ///
    /// # Errors
    /// As [`AppState::read`].
    pub(crate) async fn hash<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    {
        match timeout(self.queue_timeout, Arc::clone(&self.hashing).acquire_owned()).await {
            Ok(Ok(permit)) => self.work(permit, work).await,
            _ => Err(ApiError::Busy),
        }
    }

    /// What the identity provider is called, if there is one.
    pub(crate) fn provider_name(&self) -> Option<&str> {
        self.provider.as_ref().map(|_| self.provider_name.as_str())
    }

    /// Whether the server was told to stop: answers that go on for long end now.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// The server was told to stop.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    async fn in_turn<T, F>(&self, turns: &Arc<Semaphore>, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    {
        let permit = Arc::clone(turns).acquire_owned().await.map_err(|_| ApiError::Busy)?;
        self.work(permit, work).await
    }

    async fn work<T, F>(&self, permit: OwnedSemaphorePermit, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    {
        let registry = Arc::clone(&self.registry);
        let work = web::block(move || {
            let _permit = permit;
            caught(|| work(&registry))
        });
        match work.await {
            Ok(Ok(result)) => result.map_err(ApiError::from),
            Ok(Err(panic)) => Err(ApiError::internal(panic)),
            Err(stopping) => Err(ApiError::internal(stopping)),
        }
    }
}

/// Runs work that may be at fault: the message of its panic, caught here, where it still is.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| panic_message(panic.as_ref()))
}

/// Data changes when it is imported: caches may keep it, but ask before they use it, unless the
/// operator lets them go without for a while.
fn cache_control(seconds: u32) -> HeaderValue {
    let value = match seconds {
        0 => "public, no-cache".to_owned(),
        seconds => format!("public, max-age={seconds}"),
    };
    HeaderValue::try_from(value).unwrap_or_else(|_| HeaderValue::from_static("no-cache"))
}
