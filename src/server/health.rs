//! What operators and their machines ask: alive, ready, numbers.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::{ApiError, Problem};
use super::state::AppState;
use crate::telemetry::Metrics;

/// A good answer to a question after health.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`; anything else is an error status.
    #[schema(example = "ok")]
    status: &'static str,
}

fn well() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Health { status: "ok" })
}

/// Ask whether the process is alive
///
/// Touches nothing else; a server that fails here should be restarted.
#[utoipa::path(tag = "Operations", responses((status = 200, description = "It is", body = Health)))]
#[get("/healthz")]
pub(crate) async fn get_health() -> HttpResponse {
    well()
}

/// Ask whether the server can answer
///
/// Reads the database; a server that fails here should get no requests for now.
#[utoipa::path(
    tag = "Operations",
    responses(
        (status = 200, description = "It can", body = Health),
        (status = 503, description = "The database does not answer", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/readyz")]
pub(crate) async fn get_readiness(state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    // The outer result is about reaching the database at all, the inner one is its answer.
    state.read(|registry| Ok(registry.ready())).await?.map_err(ApiError::NotReady)?;
    Ok(well())
}

/// Read the metrics
///
/// Requests, durations and database reads in the text form of Prometheus.
#[utoipa::path(
    tag = "Operations",
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain")),
)]
#[get("/metrics")]
pub(crate) async fn get_metrics(state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let text = state.metrics.render().map_err(ApiError::internal)?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(response.content_type(Metrics::CONTENT_TYPE).body(text))
}
