//! The pages of those who have an account: signing in and out, the account, and what admins manage.
//!
//! Every form shows the token of its page (`server::forms`). Nothing secret is ever shown twice.

mod account;
mod audit;
mod openid;
mod sign_in;
mod tokens;
mod users;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, guard, web};

use super::preferences::is_ours;
use crate::registry::{FrameworkSummary, Registry, RegistryError, Role};
use crate::server::error::ApiError;

pub(crate) use openid::{BACK as OPENID_BACK, provider};

/// Where somebody signs in, and where the form is sent.
pub(crate) const SIGN_IN: &str = "/sign-in";
/// What takes forms, beside [`SIGN_IN`].
pub(super) const FORMS: [&str; 5] = ["/set-up", "/tokens", "/users", "/import", SIGN_IN];
/// What takes nothing else.
pub(super) const ONLY_FORMS: [&str; 4] = ["/sign-out", "/account/password", "/account/sessions", "/tokens/revoke"];

/// The routes.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    let page = |path: &str| web::resource(path.to_owned()).guard(guard::Get());
    let form = |path: &str| web::resource(path.to_owned()).guard(guard::Post());
    config
        .service(page(SIGN_IN).to(sign_in::get_sign_in))
        .service(form(SIGN_IN).to(sign_in::sign_in))
        .service(page(openid::BEGIN).to(openid::get_openid))
        .service(page(openid::BACK).to(openid::come_back))
        .service(form("/sign-out").to(sign_in::sign_out))
        .service(page("/set-up").to(sign_in::get_set_up))
        .service(form("/set-up").to(sign_in::set_up))
        .service(page("/account").to(account::get_account))
        .service(form("/account/password").to(account::change_password))
        .service(form("/account/sessions").to(account::end_sessions))
        .service(page("/tokens").to(tokens::get_tokens))
        .service(form("/tokens").to(tokens::create_token))
        .service(form("/tokens/revoke").to(tokens::revoke_token))
        .service(page("/audit").to(audit::get_audit))
        .service(page("/users").to(users::get_users))
        .service(form("/users").to(users::add_user))
        .service(page("/users/{name}").to(users::get_user))
        .service(form("/users/{name}/{step}").to(users::change_user));
}

/// Leads to another page of this site.
pub(super) fn lead(base: &str, path: &str) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, format!("{base}{}", crate::server::url::header_safe(path))));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.finish()
}

/// Where to go on: a place of ours, or the account.
fn next(wanted: &str) -> &str {
    if is_ours(wanted) { wanted } else { "/account" }
}

/// What the registry refuses and a page can say in its place, with its status; anything else is an error.
///
/// # Errors
/// What is no refusal.
pub(super) fn refused<T>(outcome: Result<T, ApiError>) -> Result<Result<T, (StatusCode, String)>, ApiError> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(ApiError::Refused(refusal)) => Ok(Err((refusal.status, refusal.detail.clone()))),
        Err(error) => Err(error),
    }
}

/// A framework that a role may be good for.
pub(super) struct Offered {
    pub identifier: String,
    pub title: String,
    pub is_chosen: bool,
}

/// The frameworks that there are to choose from.
pub(super) struct Offers {
    pub all: Vec<Offered>,
}

impl Offers {
    /// Whether some were chosen, and not all of them.
    fn is_limited(&self) -> bool {
        self.all.iter().any(|one| one.is_chosen)
    }
}

/// Every framework, and which of them were chosen. One that was chosen and is not stored yet is offered too.
fn offered(registry: &Registry, chosen: Option<&[String]>) -> Result<Offers, RegistryError> {
    let chosen = chosen.unwrap_or_default();
    let offered = |summary: FrameworkSummary| Offered {
        is_chosen: chosen.contains(&summary.identifier),
        identifier: summary.identifier,
        title: summary.title,
    };
    let mut all: Vec<Offered> = registry.whole().frameworks()?.into_iter().map(offered).collect();
    for id in chosen {
        if !all.iter().any(|one| one.identifier == *id) {
            all.push(Offered { identifier: id.clone(), title: id.clone(), is_chosen: true });
        }
    }
    Ok(Offers { all })
}

/// The role of that name; the least for none.
fn role_of(name: &str) -> Role {
    name.parse().unwrap_or(Role::Reader)
}

/// The frameworks that a form chose; all of them for none.
fn frameworks_of(fields: &crate::server::forms::Fields) -> Option<Vec<String>> {
    let chosen: Vec<String> = fields.all("framework").map(str::to_owned).collect();
    (fields.text("reach") == "some" || !chosen.is_empty()).then_some(chosen)
}
