//! What the query of a request about imports may hold.

use actix_web::web;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::server::error::ApiError;
use crate::server::refusal::Refusal;

/// How many imports a page of the list has, and how many entries of each kind a window.
const USUAL: u16 = 100;
const MOST: u16 = 1_000;

/// What is to be imported, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NewImport {
    /// Fetch this instead of a body: a CFPackages, CFDocuments or /uri/ address of another CASE
    /// server, or that of a file. Public addresses only, unless the operator allows others.
    #[param(example = "https://case.example.org/ims/case/v1p1/CFPackages/c5fb0812-d7cb-11e8-824f-0242ac160002")]
    pub(super) url: Option<String>,
    /// What the file is called; without it, what Content-Disposition says.
    pub(super) name: Option<String>,
    /// Delete what is stored of a framework and not in the file.
    #[serde(default)]
    pub(super) delete_missing: bool,
    /// Take objects that belong to other frameworks.
    #[serde(default, rename = "move")]
    #[param(rename = "move")]
    pub(super) move_objects: bool,
}

/// Options that are to change; the others stay.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OtherOptions {
    /// Delete what is stored of a framework and not in the file.
    pub(super) delete_missing: Option<bool>,
    /// Take objects that belong to other frameworks.
    #[serde(rename = "move")]
    #[param(rename = "move")]
    pub(super) move_objects: Option<bool>,
}

/// A page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListPage {
    /// Only imports below this number; the header Link has the next page.
    pub(super) before: Option<i64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000)]
    pub(super) limit: Option<u16>,
}

/// A window on differences.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Window {
    /// The number of the first entry of each kind.
    #[param(minimum = 0)]
    pub(super) offset: Option<u32>,
    /// At most so many of each kind.
    #[param(minimum = 1, maximum = 1000)]
    pub(super) limit: Option<u16>,
}

/// A query that may not be one.
pub(super) type Asked<T> = Result<web::Query<T>, actix_web::Error>;

/// The query, or what is wrong with it.
///
/// # Errors
/// 400.
pub(super) fn query<T>(asked: Asked<T>) -> Result<T, ApiError> {
    let refuse = |error: actix_web::Error| Refusal::bad_request(format!("The query is not understood: {error}."));
    asked.map(web::Query::into_inner).map_err(refuse)
}

/// At most how many are told.
///
/// # Errors
/// 400 for none or too many.
pub(super) fn limit(asked: Option<u16>) -> Result<u16, ApiError> {
    match asked.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(Refusal::bad_request(format!("limit is a number from 1 to {MOST}."))),
    }
}
