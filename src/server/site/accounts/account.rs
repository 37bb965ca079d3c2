//! The account of who is signed in: their password, and where else they are signed in.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::sign_in::{begin, try_password};
use super::{SIGN_IN, lead, refused};
use crate::registry::{SessionInfo, SignInError, UserInfo};
use crate::server::auth::{Known, actor_of};
use crate::server::error::ApiError;
use crate::server::forms::{Sent, Submitted, Visitor};
use crate::server::site::Site;
use crate::server::site::filters::Filters;
use crate::server::state::AppState;

/// The account.
#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    site: Site<'a>,
    user: UserInfo,
    sessions: Vec<SessionInfo>,
    /// The id of the session that the page is seen with.
    this: String,
    token: String,
    may_manage: bool,
    may_write: bool,
    /// Whether the password was just changed.
    is_changed: bool,
    problem: Option<String>,
}

/// Shows the account.
pub(super) async fn get_account(
    req: HttpRequest,
    state: web::Data<AppState>,
    by: Visitor<Known>,
) -> Result<HttpResponse, ApiError> {
    page(&req, &state, &by, (StatusCode::OK, None)).await
}

async fn page(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    by: &Visitor<Known>,
    (status, problem): (StatusCode, Option<String>),
) -> Result<HttpResponse, ApiError> {
    let (name, rules) = (by.user(), state.sessions);
    let (user, sessions) =
        state.read(move |registry| Ok((registry.user(&name)?, registry.sessions(&name, rules)?))).await?;
    let access = by.access();
    let page = AccountPage {
        site: Site::of(&state.frame, req),
        user,
        sessions,
        this: by.session.id.clone(),
        token: by.session.form_token.clone(),
        may_manage: access.may_manage(),
        may_write: access.may_write_some(),
        is_changed: Filters::of(req.query_string(), &["done"]).value("done") == Some("password"),
        problem,
    };
    Site::show(status, &page)
}

/// Changes the password of who knows the old one.
pub(super) async fn change_password(
    req: HttpRequest,
    state: web::Data<AppState>,
    form: Submitted<Known>,
) -> Result<HttpResponse, ApiError> {
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let words = Site::of(&state.frame, &req).words;
    let Submitted { by, fields } = form;
    let new = fields.text("new").to_owned();
    if new != fields.text("again") {
        let problem = words.say("password-differs");
        return page(&req, &state, &by, (StatusCode::UNPROCESSABLE_ENTITY, Some(problem))).await;
    }
    let sent = Sent::by(&req, fields)?;
    let name = by.user();
    let outcome = try_password(&req, &state, &sent, &name, |credentials, state, actor| {
        let rules = state.sessions;
        async move { state.hash(move |registry| registry.change_password(&credentials, &new, rules, &actor)).await }
    });
    let (status, problem) = match refused(outcome.await)? {
        Ok(Ok(signed_in)) => {
            let mut response = lead(&state.frame.base, "/account?done=password");
            begin(&state, &mut response, &signed_in.cookie);
            return Ok(response);
        }
        Ok(Err(SignInError::Wrong(_))) => (StatusCode::UNPROCESSABLE_ENTITY, words.say("password-wrong")),
        Ok(Err(SignInError::Wait(seconds))) => (StatusCode::TOO_MANY_REQUESTS, words.count("sign-in-wait", seconds)),
        Err(refused) => refused,
    };
    page(&req, &state, &by, (status, Some(problem))).await
}

/// Ends one session of who is signed in, or all of them.
pub(super) async fn end_sessions(
    req: HttpRequest,
    state: web::Data<AppState>,
    form: Submitted<Known>,
) -> Result<HttpResponse, ApiError> {
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let (actor, user, one) = (actor_of(&req), form.by.user(), form.fields.filled("id"));
    let is_over = one.as_ref().is_none_or(|id| *id == form.by.session.id);
    let ended = state.write(move |registry| match one {
        Some(id) => registry.end_session(&user, &id, &actor),
        None => registry.end_sessions(&user, &actor),
    });
    ended.await?;
    let mut response = lead(&state.frame.base, if is_over { SIGN_IN } else { "/account" });
    if is_over {
        response.headers_mut().append(header::SET_COOKIE, state.cookies.end());
    }
    Ok(response)
}
