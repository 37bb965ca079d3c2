//! What the program tells its operators: the log on stderr, and the numbers behind `/metrics`.
//!
//! Never personal data: no addresses of clients, no query strings, no user agents, no tokens.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::io::{self, IsTerminal as _};

use prometheus::{Encoder as _, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, TextEncoder};
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Why the log could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not one.
    #[error("log_level cannot be used")]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// Somebody set it up before.
    #[error("the log is set up already")]
    Again(#[source] Box<dyn Error + Send + Sync>),
}

/// The framework reports every request that is not HTTP as an error of ours, and every start of a
/// worker; the configured filter comes after this and may ask for both.
const QUIETER: &str = "actix_http::h1::dispatcher=off,actix_server=warn";

/// Sends the log, panics included, to stderr; stdout is for data.
///
/// # Errors
/// When the filter cannot be read, or on a second call.
pub fn init(format: LogFormat, level: &str) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(format!("{QUIETER},{level}")).map_err(TelemetryError::Filter)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match format {
        LogFormat::Json => log.json().flatten_event(true).try_init(),
        LogFormat::Pretty => log.with_ansi(io::stderr().is_terminal()).compact().try_init(),
    }
    .map_err(TelemetryError::Again)?;
    // Panics are caught and answered where they can be; the log has them in its own form.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic: {}", panic_message(panic.payload()));
    }));
    Ok(())
}

/// What a panic said.
#[must_use]
pub fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a message".to_owned())
}

/// Shows an error with everything behind it: `a: b: c`.
pub struct ErrorChain<'a>(pub &'a (dyn Error + 'a));

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

/// The numbers behind `/metrics`. Cloning shares them.
#[derive(Clone)]
pub struct Metrics {
    registry: prometheus::Registry,
    /// Requests by `method`, `route` (the pattern, never the path) and `status`.
    requests: IntCounterVec,
    /// Seconds a request took until its head was ready, by `route`.
    duration: HistogramVec,
    /// Requests being answered now.
    pub in_flight: IntGauge,
    /// Seconds of reads, by `stage`: `wait` for a turn, `read` itself.
    reads: HistogramVec,
    /// Reads that failed, by `reason`: `busy`, `failed`.
    read_failures: IntCounterVec,
    /// Runs of mirrors, by `outcome`: `changed`, `unchanged`, `failed`.
    mirror_runs: IntCounterVec,
    /// Requests to change imports, by `result`: `planned`, `applied`, `undone`, `refused`.
    imports: IntCounterVec,
}

impl Metrics {
    /// What `/metrics` is served as.
    pub const CONTENT_TYPE: &'static str = "text/plain; version=0.0.4; charset=utf-8";

    /// A set of its own, all at zero.
    ///
    /// # Errors
    /// When a name or label is not valid, which is a fault of ours.
    pub fn new() -> Result<Metrics, prometheus::Error> {
        let buckets =
            vec![0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
        let histogram = |name: &str, help: &str| HistogramOpts::new(name, help).buckets(buckets.clone());
        let metrics = Metrics {
            registry: prometheus::Registry::new(),
            requests: IntCounterVec::new(
                Opts::new("casement_http_requests_total", "Requests answered."),
                &["method", "route", "status"],
            )?,
            duration: HistogramVec::new(
                histogram("casement_http_request_duration_seconds", "Time until the answer's head was ready."),
                &["route"],
            )?,
            in_flight: IntGauge::new("casement_http_requests_in_flight", "Requests being answered now.")?,
            reads: HistogramVec::new(
                histogram("casement_database_read_seconds", "Time a read waited for its turn, and took."),
                &["stage"],
            )?,
            read_failures: IntCounterVec::new(
                Opts::new("casement_database_read_failures_total", "Reads that gave no result."),
                &["reason"],
            )?,
            mirror_runs: IntCounterVec::new(
                Opts::new("casement_mirror_runs_total", "Runs of mirrors by this server."),
                &["outcome"],
            )?,
            imports: IntCounterVec::new(
                Opts::new("casement_imports_total", "Requests about imports, by what came of them."),
                &["result"],
            )?,
        };
        let build = IntGauge::with_opts(
            Opts::new("casement_build_info", "Always 1; the labels tell the build.")
                .const_label("version", env!("CARGO_PKG_VERSION")),
        )?;
        build.set(1);
        let collectors: [Box<dyn prometheus::core::Collector>; 8] = [
            Box::new(metrics.requests.clone()),
            Box::new(metrics.duration.clone()),
            Box::new(metrics.in_flight.clone()),
            Box::new(metrics.reads.clone()),
            Box::new(metrics.read_failures.clone()),
            Box::new(metrics.mirror_runs.clone()),
            Box::new(metrics.imports.clone()),
            Box::new(build),
        ];
        for collector in collectors {
            metrics.registry.register(collector)?;
        }
        Ok(metrics)
    }

    /// Counts one answered request.
    pub fn answered(&self, method: &str, route: &str, status: u16, seconds: f64) {
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.duration.with_label_values(&[route]).observe(seconds);
    }

    /// Counts one read that gave a result.
    pub fn read(&self, waited: f64, took: f64) {
        self.reads.with_label_values(&["wait"]).observe(waited);
        self.reads.with_label_values(&["read"]).observe(took);
    }

    /// Counts one read that gave none.
    pub fn read_failed(&self, reason: &str) {
        self.read_failures.with_label_values(&[reason]).inc();
    }

    /// Counts one run of a mirror.
    pub fn mirror_ran(&self, outcome: &str) {
        self.mirror_runs.with_label_values(&[outcome]).inc();
    }

    /// Counts one request to change an import.
    pub fn imported(&self, result: &str) {
        self.imports.with_label_values(&[result]).inc();
    }

    /// The text that Prometheus collects.
    ///
    /// # Errors
    /// When a metric cannot be written, which is a fault of ours.
    pub fn render(&self) -> Result<String, prometheus::Error> {
        let mut bytes = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::num::ParseIntError);

    #[test]
    fn a_chain_shows_every_link_once() {
        let outer = Outer("x".parse::<u8>().unwrap_err());
        assert_eq!(ErrorChain(&outer).to_string(), "outer: invalid digit found in string");
    }

    #[test]
    fn metrics_render_what_was_counted() {
        let metrics = Metrics::new().unwrap();
        metrics.answered("GET", "/uri/{id}", 200, 0.01);
        metrics.read_failed("busy");
        let text = metrics.render().unwrap();
        assert!(
            text.contains(r#"casement_http_requests_total{method="GET",route="/uri/{id}",status="200"} 1"#),
            "{text}"
        );
        assert!(text.contains("casement_build_info{version="), "{text}");
    }
}
