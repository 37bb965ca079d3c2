//! Imports that are read after their request was answered: who wants that, and the task that does it.
//!
//! The import itself says how far it is, in the database, so that any server can tell; nothing here
//! is remembered between requests.

use std::time::Duration;

use actix_web::web;

use crate::registry::{Access, ImportProblem, ImportRun, Refused, RegistryError, RunEnd};
use crate::server::error::ApiError;
use crate::server::state::AppState;
use crate::telemetry::ErrorChain;

/// How often a run says how far it is.
const BEAT: Duration = Duration::from_millis(500);

/// What a client prefers (RFC 7240).
pub(super) const RESPOND_ASYNC: &str = "respond-async";

/// Whether a client would rather be answered at once and follow what happens.
pub(super) fn prefers_no_wait(headers: &actix_web::http::header::HeaderMap) -> bool {
    let all = headers.get_all("prefer").filter_map(|value| value.to_str().ok());
    let mut words = all.flat_map(|value| value.split(',')).map(|part| part.split(';').next().unwrap_or_default());
    words.any(|word| word.trim().eq_ignore_ascii_case(RESPOND_ASYNC))
}

/// Takes over the reading of an import whose server is gone, if `is_silent` says that it may be.
pub(super) async fn resume(
    state: &web::Data<AppState>,
    id: i64,
    is_silent: bool,
    access: &Access,
) -> Result<(), ApiError> {
    if is_silent && !state.read_only {
        let access = access.clone();
        let run = state.write(move |registry| registry.resume_import(id, &access)).await?;
        run.into_iter().for_each(|run| begin(state, run));
    }
    Ok(())
}

/// Reads an import while its client does something else.
pub(super) fn begin(state: &web::Data<AppState>, run: ImportRun) {
    let state = state.clone();
    actix_web::rt::spawn(async move {
        let id = run.id;
        // An import that stays as it is will be taken over by the next one who asks for it.
        if let Err(error) = read(&state, run).await {
            tracing::warn!(error = %error, "import {id} was read, and what came of it could not be kept");
        }
    });
}

async fn read(state: &web::Data<AppState>, run: ImportRun) -> Result<(), ApiError> {
    let (job, rules) = (run.clone(), state.imports.clone());
    let mut reading = Box::pin(state.plan(move |registry| registry.read_import(&job, &rules)));
    let outcome = loop {
        match tokio::time::timeout(BEAT, reading.as_mut()).await {
            Ok(outcome) => break outcome,
            Err(_) => {
                let run = run.clone();
                // The database has one writer: the next beat may find it free.
                drop(state.write(move |registry| registry.note_import_run(&run)).await);
            }
        }
    };
    let (end, counted) = match outcome {
        Ok(Ok(plan)) => (RunEnd::Planned(plan), "planned"),
        Ok(Err(Refused { error, layout })) => (RunEnd::Failed { problem: problem(*error), layout }, "refused"),
        Err(error) => (RunEnd::Failed { problem: told(&error), layout: None }, "refused"),
    };
    state.metrics.imported(counted);
    state.write(move |registry| registry.end_import_run(&run, end)).await
}

fn problem(error: RegistryError) -> ImportProblem {
    let text = ErrorChain(&error).to_string();
    let error = ApiError::from(error);
    if matches!(error, ApiError::Internal(_)) {
        tracing::error!(error = text, "an import could not be read");
    }
    told(&error)
}

fn told(error: &ApiError) -> ImportProblem {
    let (kind, title, detail) = error.told();
    let status = actix_web::ResponseError::status_code(error).as_u16();
    ImportProblem { kind, title: title.to_owned(), status, detail, report: error.report() }
}
