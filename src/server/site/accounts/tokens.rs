//! Tokens, which programs come with: made, listed, ended by admins.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Offers, frameworks_of, lead, offered, role_of};
use crate::registry::{NewToken, Secret, TokenInfo, TokenState};
use crate::server::auth::{Admin, actor_of};
use crate::server::error::ApiError;
use crate::server::forms::{Submitted, Visitor};
use crate::server::site::Site;
use crate::server::state::AppState;

/// The most characters of the name of a token.
const LONGEST_NAME: usize = 100;
/// For how many days tokens are offered.
const DAYS: [u64; 3] = [30, 90, 365];

/// The tokens, and the form for another.
#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage<'a> {
    site: Site<'a>,
    token: String,
    tokens: Vec<TokenInfo>,
    frameworks: Offers,
    /// One that was just made: it is shown this once.
    created: Option<(TokenInfo, Secret)>,
    problem: Option<String>,
}

impl TokensPage<'_> {
    fn days() -> [u64; 3] {
        DAYS
    }

    fn is_good(token: &TokenInfo) -> bool {
        token.state == TokenState::Valid
    }

    fn state(&self, token: &TokenInfo) -> String {
        self.site.words.say(match token.state {
            TokenState::Valid => "token-valid",
            TokenState::Expired => "token-expired",
            TokenState::Revoked => "token-revoked",
        })
    }
}

/// Lists the tokens.
pub(super) async fn get_tokens(
    req: HttpRequest,
    state: web::Data<AppState>,
    by: Visitor<Admin>,
) -> Result<HttpResponse, ApiError> {
    page(&req, &state, &by, (None, None)).await
}

async fn page(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    by: &Visitor<Admin>,
    (created, problem): (Option<(TokenInfo, Secret)>, Option<String>),
) -> Result<HttpResponse, ApiError> {
    let (mut tokens, frameworks) = state.read(|registry| Ok((registry.tokens()?, offered(registry, None)?))).await?;
    // The newest first, those that are good before the others.
    tokens.reverse();
    tokens.sort_by_key(|token| token.state != TokenState::Valid);
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (site, token) = (Site::of(&state.frame, req), by.session.form_token.clone());
    Site::show(status, &TokensPage { site, token, tokens, frameworks, created, problem })
}

/// Makes a token, and shows it.
pub(super) async fn create_token(
    req: HttpRequest,
    state: web::Data<AppState>,
    form: Submitted<Admin>,
) -> Result<HttpResponse, ApiError> {
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let Submitted { by, fields } = form;
    let name: String = fields.text("name").chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let frameworks = frameworks_of(&fields);
    let words = Site::of(&state.frame, &req).words;
    let problem = match (name.trim(), &frameworks) {
        ("", _) => Some("token-no-name"),
        (_, Some(chosen)) if chosen.is_empty() => Some("reach-nothing"),
        _ => None,
    };
    if let Some(problem) = problem {
        return page(&req, &state, &by, (None, Some(words.say(problem)))).await;
    }
    let days = fields.text("days").parse::<u64>().ok().filter(|days| DAYS.contains(days));
    let expires_at = days.map(|days| (chrono::Utc::now() + chrono::Days::new(days)).timestamp_micros());
    let new = NewToken { name: name.trim().to_owned(), role: role_of(fields.text("role")), frameworks, expires_at };
    let actor = actor_of(&req);
    let made = state.write(move |registry| registry.create_token(new, &actor)).await?;
    page(&req, &state, &by, (Some((made.info, made.token)), None)).await
}

/// Ends a token.
pub(super) async fn revoke_token(
    req: HttpRequest,
    state: web::Data<AppState>,
    form: Submitted<Admin>,
) -> Result<HttpResponse, ApiError> {
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let (id, actor) = (form.fields.text("id").to_owned(), actor_of(&req));
    let revoked = state.write(move |registry| registry.revoke_token(&id, &actor)).await?;
    revoked.ok_or_else(|| ApiError::NotFound("There is no such token; /tokens lists them.".to_owned()))?;
    Ok(lead(&state.frame.base, "/tokens"))
}
