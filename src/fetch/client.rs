//! The client: one request at a time, behind the guard, under limits.
//!
//! ureq, because everything here blocks anyway, and because it leaves to us what matters: its
//! resolver is ours and its connector connects to exactly what that returned; redirects are ours to
//! follow, each with the same checks; bodies are readers that we stop reading at the limit, after
//! decompression; and every request has its own time limits. TLS is rustls on ring, which needs a C
//! compiler and nothing else, with the root certificates of Mozilla built in.

use std::io::Read as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use ureq::http::{HeaderMap, StatusCode, header};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};
use url::{Origin, Url};

use super::access::{Access, Secret};
use super::address::Allowed;
use super::busy::{Patience, Stop};
use super::error::{FetchError, shown};
use super::json;
use super::resolve::{Guarded, Refused};

/// How many redirects are followed.
const MOST_REDIRECTS: u32 = 5;
/// The largest body of an error, of which a sentence is shown, or of a token answer.
const SMALL: u64 = 64 << 10;

/// The limits of a client.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What may be connected to although it is not public.
    pub allowed: Allowed,
    /// The largest body, unpacked.
    pub max_bytes: u64,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long one answer may take from the first try to its last byte.
    pub timeout: Duration,
    /// Looks into the environment, for secrets.
    pub variable: fn(&str) -> Option<String>,
    /// Ends everything early.
    pub stop: Stop,
}

/// What a server sent.
#[derive(Debug)]
pub struct Download {
    /// Where it was in the end, after redirects.
    pub url: Url,
    pub etag: Option<String>,
    pub body: Vec<u8>,
    pub(super) headers: HeaderMap,
}

/// What became of a question.
#[derive(Debug)]
pub enum Answer {
    Sent(Box<Download>),
    /// It is still what the ETag names.
    Unchanged,
}

/// A client of one source.
pub struct Client {
    agent: Agent,
    settings: Settings,
    access: Option<Access>,
    /// Where secrets are sent: the source that the user named, and nowhere else.
    origin: Origin,
    token: Mutex<Option<Secret>>,
}

impl Client {
    /// A client of the server that `source` is on.
    #[must_use]
    pub fn new(settings: Settings, source: &Url, access: Option<Access>) -> Client {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy would resolve names itself, past the guard.
            .proxy(None)
            .timeout_connect(Some(settings.connect_timeout))
            .user_agent(concat!("casement/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver = Guarded { system: DefaultResolver::default(), allowed: settings.allowed.clone() };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Client { agent, settings, access, origin: source.origin(), token: Mutex::new(None) }
    }

    /// The limits.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Asks for what is at `url`, unless it is still what `etag` names.
    ///
    /// # Errors
    /// [`FetchError`] for every answer that is not a good one.
    pub fn get(&self, url: &Url, etag: Option<&str>) -> Result<Answer, FetchError> {
        self.get_within(url, etag, self.settings.max_bytes, Instant::now() + self.settings.timeout)
    }

    /// [`Client::get`] under other limits.
    pub(super) fn get_within(
        &self,
        url: &Url,
        etag: Option<&str>,
        limit: u64,
        deadline: Instant,
    ) -> Result<Answer, FetchError> {
        let mut patience = Patience::until(deadline);
        let mut renewed = false;
        loop {
            let Hop { url: at, status, headers, body } = self.follow(url, etag, deadline)?;
            match status {
                StatusCode::OK => {
                    let body = self.read(&at, body, limit)?;
                    let etag = text(&headers, header::ETAG);
                    return Ok(Answer::Sent(Box::new(Download { url: at, etag, body, headers })));
                }
                StatusCode::NOT_MODIFIED if etag.is_some() => return Ok(Answer::Unchanged),
                // The token may have run out. Some servers say 403 then (digest 16.3).
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if !renewed && self.forget_token() => renewed = true,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                    let status = status.as_u16();
                    match patience.next(text(&headers, header::RETRY_AFTER).as_deref()) {
                        Ok(wait) => {
                            drop(body);
                            tracing::debug!(status, ?wait, "the other server is busy");
                            if !self.settings.stop.wait(wait) {
                                return Err(FetchError::Stopped);
                            }
                        }
                        Err(Some(asked)) => {
                            return Err(FetchError::Busy { url: shown(&at), status, seconds: asked.as_secs() });
                        }
                        Err(None) => return Err(self.refusal(&at, status, body)),
                    }
                }
                status => return Err(self.refusal(&at, status.as_u16(), body)),
            }
        }
    }

    /// Follows redirects, each under the guard.
    fn follow(&self, url: &Url, etag: Option<&str>, deadline: Instant) -> Result<Hop, FetchError> {
        let mut at = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let authorization = self.authorization(&at, deadline)?;
            let hop = self.ask(at, etag, authorization.as_deref(), deadline)?;
            if !matches!(hop.status.as_u16(), 300 | 301 | 302 | 303 | 307 | 308) {
                return Ok(hop);
            }
            let Some(location) = text(&hop.headers, header::LOCATION) else {
                // Several forms to choose from, and no word on which.
                return Err(self.refusal(&hop.url, hop.status.as_u16(), hop.body));
            };
            at = hop.url.join(&location).map_err(|_| FetchError::BadRedirect { url: shown(&hop.url) })?;
        }
        Err(FetchError::TooManyRedirects { url: shown(url), most: MOST_REDIRECTS })
    }

    fn ask(
        &self,
        url: Url,
        etag: Option<&str>,
        authorization: Option<&str>,
        deadline: Instant,
    ) -> Result<Hop, FetchError> {
        check(&url)?;
        let left = self.left(&url, deadline)?;
        let mut request = self.agent.get(url.as_str()).header(header::ACCEPT, "application/json");
        if let Some(etag) = etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let answer = request.config().timeout_global(Some(left)).build().call();
        let (parts, body) = answer.map_err(|error| self.failed(&url, error))?.into_parts();
        Ok(Hop { url, status: parts.status, headers: parts.headers, body })
    }

    /// What to say to the server at `url` to be let in; nothing to any but the source itself.
    fn authorization(&self, url: &Url, deadline: Instant) -> Result<Option<String>, FetchError> {
        let Some(access) = self.access.as_ref().filter(|_| url.origin() == self.origin) else { return Ok(None) };
        self.private(url)?;
        let token = match access {
            Access::Bearer { token } => token.read(self.settings.variable)?,
            Access::ClientCredentials { .. } => self.token(access, deadline)?,
        };
        Ok(Some(format!("Bearer {}", token.0)))
    }

    fn token(&self, access: &Access, deadline: Instant) -> Result<Secret, FetchError> {
        let mut kept = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = &*kept {
            return Ok(token.clone());
        }
        let token = self.ask_for_token(access, deadline)?;
        *kept = Some(token.clone());
        Ok(token)
    }

    /// Whether there was a token that can be asked for again.
    fn forget_token(&self) -> bool {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).take().is_some()
    }

    fn ask_for_token(&self, access: &Access, deadline: Instant) -> Result<Secret, FetchError> {
        let Access::ClientCredentials { token_url, client_id, secret, scope } = access else {
            return access.secret().read(self.settings.variable).map_err(FetchError::from);
        };
        let url: Url = token_url.parse().map_err(|_| FetchError::NotAnAddress(token_url.clone()))?;
        let secret = secret.read(self.settings.variable)?;
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(scope.as_deref().map(|scope| ("scope", scope)));
        let no_token = |source| FetchError::NoToken { url: shown(&url), source: Box::new(source) };
        let answer = self.send(&url, Some((client_id, &secret.0)), &form, deadline).map_err(no_token)?;
        let token = answer.get("access_token").and_then(Value::as_str);
        let usable = token.filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
        let missing = || FetchError::NotCase { url: shown(&url), found: "JSON without an access_token".to_owned() };
        usable.map(|token| Secret(token.to_owned())).ok_or_else(|| no_token(missing()))
    }

    /// Sends a form, with a name and a secret where there are any, over TLS or to a host that the
    /// configuration names; the answer is JSON.
    ///
    /// # Errors
    /// [`FetchError`] for every answer that is not a good one.
    pub fn post_form(
        &self,
        url: &Url,
        credentials: Option<(&str, &str)>,
        form: &[(&str, &str)],
    ) -> Result<Value, FetchError> {
        self.send(url, credentials, form, Instant::now() + self.settings.timeout)
    }

    fn send(
        &self,
        url: &Url,
        credentials: Option<(&str, &str)>,
        form: &[(&str, &str)],
        deadline: Instant,
    ) -> Result<Value, FetchError> {
        check(url)?;
        self.private(url)?;
        let mut request = self.agent.post(url.as_str()).header(header::ACCEPT, "application/json");
        if let Some((id, secret)) = credentials {
            let basic = STANDARD.encode(format!("{id}:{secret}"));
            request = request.header(header::AUTHORIZATION, format!("Basic {basic}"));
        }
        let request = request.config().timeout_global(Some(self.left(url, deadline)?)).build();
        let answer = request.send_form(form.iter().copied()).map_err(|error| self.failed(url, error));
        let (parts, body) = answer?.into_parts();
        if parts.status != StatusCode::OK {
            return Err(self.refusal(url, parts.status.as_u16(), body));
        }
        json::parse(url, &self.read(url, body, SMALL)?)
    }

    /// Secrets go over TLS, or to hosts that the configuration names.
    fn private(&self, url: &Url) -> Result<(), FetchError> {
        let host = url.host_str().unwrap_or_default();
        if url.scheme() == "https" || self.settings.allowed.names(host) {
            return Ok(());
        }
        Err(FetchError::SecretInTheOpen { host: host.to_owned() })
    }

    fn left(&self, url: &Url, deadline: Instant) -> Result<Duration, FetchError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(self.too_slow(url)) } else { Ok(left) }
    }

    /// The body, as far as the limits let it.
    fn read(&self, url: &Url, body: Body, limit: u64) -> Result<Vec<u8>, FetchError> {
        let mut reader = body.into_reader().take(limit.saturating_add(1));
        let mut bytes = Vec::new();
        let mut chunk = vec![0; 64 << 10];
        loop {
            if self.settings.stop.is_stopped() {
                return Err(FetchError::Stopped);
            }
            match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => bytes.extend_from_slice(chunk.get(..read).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(source) => {
                    let timed_out = source.kind() == std::io::ErrorKind::TimedOut
                        || source.get_ref().and_then(|inner| inner.downcast_ref()).is_some_and(is_timeout);
                    let broken = || FetchError::BrokenOff { url: shown(url), source };
                    return Err(if timed_out { self.too_slow(url) } else { broken() });
                }
            }
            if bytes.len() as u64 > limit {
                return Err(FetchError::TooLarge { url: shown(url), limit });
            }
        }
        Ok(bytes)
    }

    /// A status that is no answer, with what the server says about it.
    fn refusal(&self, url: &Url, status: u16, body: Body) -> FetchError {
        let said = self.read(url, body, SMALL).ok().and_then(|body| json::description(&body));
        let said = said.map(|said| format!(": {said}")).unwrap_or_default();
        FetchError::Status { url: shown(url), status, said }
    }

    fn failed(&self, url: &Url, error: ureq::Error) -> FetchError {
        if is_timeout(&error) {
            return self.too_slow(url);
        }
        if let ureq::Error::Other(other) = &error
            && let Some(Refused { host, address }) = other.downcast_ref()
        {
            return FetchError::NotPublic { host: host.clone(), address: address.clone() };
        }
        FetchError::Unreachable { url: shown(url), source: Box::new(error) }
    }

    fn too_slow(&self, url: &Url) -> FetchError {
        FetchError::TooSlow { url: shown(url), seconds: self.settings.timeout.as_secs() }
    }
}

/// One answer, its body unread.
struct Hop {
    url: Url,
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
}

/// Refuses what is not plain http or https.
pub(super) fn check(url: &Url) -> Result<(), FetchError> {
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(FetchError::NotAnAddress(shown(url)));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::CredentialsInUrl);
    }
    Ok(())
}

fn is_timeout(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Timeout(_) => true,
        ureq::Error::Io(error) => error.kind() == std::io::ErrorKind::TimedOut,
        _ => false,
    }
}

pub(super) fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
