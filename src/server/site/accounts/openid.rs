//! Signing in at an identity provider: there, and back.
//!
//! What belongs to one attempt follows from a secret in a cookie of this browser: whoever comes back
//! without it began elsewhere.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::sign_in::{Why, begin, form};
use super::{lead, next};
use crate::config::{Config, PublicUrl};
use crate::registry::{Handshake, OpenId, OpenIdError, OpenIdRules, RegistryError, Role, Secret};
use crate::server::auth::actor_of;
use crate::server::error::ApiError;
use crate::server::session;
use crate::server::site::filters::Filters;
use crate::server::state::AppState;
use crate::telemetry::ErrorChain;

/// Where somebody begins to sign in, and where the provider sends them back to.
pub(super) const BEGIN: &str = "/sign-in/openid";
pub(crate) const BACK: &str = "/sign-in/openid/callback";

/// The provider of a configuration, if it has one.
#[must_use]
pub(crate) fn provider(config: &Config, public_url: &PublicUrl) -> Option<Arc<OpenId>> {
    let issuer = config.oidc_issuer.clone()?;
    let roles = [
        (Role::Admin, &config.oidc_admins),
        (Role::Editor, &config.oidc_editors),
        (Role::Reader, &config.oidc_readers),
    ];
    Some(Arc::new(OpenId::new(OpenIdRules {
        issuer,
        client_id: config.oidc_client_id.clone(),
        secret_file: config.oidc_secret_file.clone(),
        scopes: config.oidc_scopes.clone(),
        name_claim: config.oidc_name_claim.clone(),
        role_claim: config.oidc_role_claim.clone(),
        roles: roles.map(|(role, values)| (role, values.clone())).into(),
        default_role: config.oidc_default_role.as_deref().and_then(|role| role.parse().ok()),
        redirect_uri: format!("{public_url}{BACK}"),
        fetching: config.fetching(),
    })))
}

fn none() -> ApiError {
    ApiError::NotFound("No identity provider is configured here; /sign-in is where people sign in.".to_owned())
}

/// Sends somebody to the provider.
pub(super) async fn get_openid(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let provider = state.provider.clone().ok_or_else(none)?;
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let asked = Filters::of(req.query_string(), &["next"]);
    let wanted = next(asked.value("next").unwrap_or_default());
    let secret = Secret::random()?;
    let handshake = Handshake::of(secret.reveal());
    let cookie = state.cookies.away(&format!("{}.{}", secret.reveal(), URL_SAFE_NO_PAD.encode(wanted)));
    match state.fetch(move |_| Ok(provider.address(&handshake)?)).await {
        Ok(address) => Ok(HttpResponse::SeeOther()
            .insert_header((header::LOCATION, address.as_str()))
            .insert_header((header::SET_COOKIE, cookie))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish()),
        Err(error) => failed(&req, &state, wanted, error),
    }
}

/// Signs in who comes back from the provider.
pub(super) async fn come_back(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let provider = state.provider.clone().ok_or_else(none)?;
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let said = Filters::of(req.query_string(), &["code", "state", "error", "iss"]);
    let kept = state.cookies.away_of(req.headers()).and_then(|kept| kept.split_once('.'));
    let wanted = kept.and_then(|(_, wanted)| String::from_utf8(URL_SAFE_NO_PAD.decode(wanted).ok()?).ok());
    let wanted = next(wanted.as_deref().unwrap_or_default()).to_owned();
    let handshake = kept.map(|(secret, _)| Handshake::of(secret));
    let is_ours = handshake.as_ref().is_some_and(|handshake| said.value("state") == Some(handshake.state.as_str()))
        && said.value("iss").is_none_or(|issuer| provider.is_from(issuer));
    let (Some(handshake), Some(code), true) = (handshake, said.value("code"), is_ours) else {
        tracing::warn!(
            said = said.value("error"),
            "somebody came back from the identity provider without being let in"
        );
        return ended(failed_with(&req, &state, &wanted, Why::Provider)?, &state);
    };
    let (code, before) = (code.to_owned(), state.cookies.session_of(req.headers()).map(str::to_owned));
    let (agent, rules) = (session::agent(req.headers()), state.sessions);
    let actor = actor_of(&req);
    let signed_in = state.fetch(move |registry| {
        let identity = provider.identify(&code, &handshake)?;
        registry.sign_in_identity(&provider, &identity, (&agent, before.as_deref()), rules, &actor)
    });
    let response = match signed_in.await {
        Ok(signed_in) => {
            let mut response = lead(&state.frame.base, &wanted);
            begin(&state, &mut response, &signed_in.cookie);
            response
        }
        Err(error) => failed(&req, &state, &wanted, error)?,
    };
    ended(response, &state)
}

/// Takes the cookie of the attempt away: it is good once.
fn ended(mut response: HttpResponse, state: &AppState) -> Result<HttpResponse, ApiError> {
    response.headers_mut().append(header::SET_COOKIE, state.cookies.back());
    Ok(response)
}

fn failed(req: &HttpRequest, state: &AppState, wanted: &str, error: ApiError) -> Result<HttpResponse, ApiError> {
    let why = match error {
        ApiError::OpenId(OpenIdError::NoRole | OpenIdError::Disabled) => Why::Nobody,
        ApiError::OpenId(error) => {
            tracing::error!(error = %ErrorChain(&RegistryError::from(error)), "somebody could not be signed in at the identity provider");
            Why::Provider
        }
        other => return Err(other),
    };
    failed_with(req, state, wanted, why)
}

fn failed_with(req: &HttpRequest, state: &AppState, wanted: &str, why: Why) -> Result<HttpResponse, ApiError> {
    form(req, state, actix_web::http::StatusCode::FORBIDDEN, (wanted, "", Some(why), false))
}
