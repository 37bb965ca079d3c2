//! Signing in and out, and the first account.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{SIGN_IN, lead, next, refused};
use crate::registry::{Actor, Credentials, NewUser, Registry, Role, Secret, SignInError, form_token};
use crate::server::auth::{Known, actor_of, caller_of};
use crate::server::error::ApiError;
use crate::server::forms::{Sent, Submitted};
use crate::server::limits::Wait;
use crate::server::session;
use crate::server::site::Site;
use crate::server::site::filters::Filters;
use crate::server::state::AppState;

/// Why somebody is not signed in, as the page says it.
#[derive(Clone, Copy)]
pub(super) enum Why {
    Wrong,
    Wait(u64),
    /// The provider did not say who they are.
    Provider,
    /// It did, and they have no account here.
    Nobody,
}

/// The form to sign in.
#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn<'a> {
    site: Site<'a>,
    token: String,
    next: &'a str,
    name: &'a str,
    why: Option<Why>,
    /// Whether there is no account at all yet.
    is_new: bool,
    /// What the identity provider is called, if there is one.
    provider: Option<&'a str>,
}

/// The form for the first account.
#[derive(Template)]
#[template(path = "set-up.html")]
struct SetUp<'a> {
    site: Site<'a>,
    token: String,
    secret: &'a str,
    name: &'a str,
    problem: Option<String>,
}

/// The token of the forms of who is not signed in, and the cookie that it follows from, where it is new.
fn visit(req: &HttpRequest, state: &AppState) -> Result<(String, Option<HeaderValue>), ApiError> {
    if let Some(token) = state.cookies.visit_of(req.headers()) {
        return Ok((token, None));
    }
    let secret = Secret::random().map_err(ApiError::from)?;
    Ok((form_token(secret.reveal()), Some(state.cookies.visit(secret.reveal()))))
}

/// Shows a page with a form for who is not signed in.
fn shown(status: StatusCode, page: &impl Template, cookie: Option<HeaderValue>) -> Result<HttpResponse, ApiError> {
    let mut response = Site::show(status, page)?;
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Shows the form to sign in; who is signed in goes on.
pub(super) async fn get_sign_in(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let asked = Filters::of(req.query_string(), &["next"]);
    let wanted = next(asked.value("next").unwrap_or_default());
    if caller_of(&req).is_some_and(|caller| caller.session.is_some()) {
        return Ok(lead(&state.frame.base, wanted));
    }
    let is_new = state.set_up.is_some() && !state.read(Registry::has_users).await?;
    form(&req, &state, StatusCode::OK, (wanted, "", None, is_new))
}

/// The form to sign in.
///
/// # Errors
/// When the page cannot be made.
pub(super) fn form(
    req: &HttpRequest,
    state: &AppState,
    status: StatusCode,
    (next, name, why, is_new): (&str, &str, Option<Why>, bool),
) -> Result<HttpResponse, ApiError> {
    let (token, cookie) = visit(req, state)?;
    let site = Site::of(&state.frame, req);
    let page = SignIn { site, token, next, name, why, is_new, provider: state.provider_name() };
    shown(status, &page, cookie)
}

/// Signs somebody in who knows a password.
pub(super) async fn sign_in(
    req: HttpRequest,
    state: web::Data<AppState>,
    sent: Sent,
) -> Result<HttpResponse, ApiError> {
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let (name, wanted) = (sent.fields.text("name"), next(sent.fields.text("next")));
    let outcome = try_password(&req, &state, &sent, name, |credentials, state, actor| {
        let rules = state.sessions;
        async move { state.hash(move |registry| registry.sign_in(&credentials, rules, &actor)).await }
    });
    let why = match outcome.await? {
        Ok(signed_in) => {
            let mut response = lead(&state.frame.base, wanted);
            begin(&state, &mut response, &signed_in.cookie);
            return Ok(response);
        }
        Err(why) => why,
    };
    let (status, seconds) = match why {
        SignInError::Wrong(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
        SignInError::Wait(seconds) => (StatusCode::TOO_MANY_REQUESTS, Some(seconds)),
    };
    let why = seconds.map_or(Why::Wrong, Why::Wait);
    let mut response = form(&req, &state, status, (wanted, name, Some(why), false))?;
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

/// Gives a browser its session.
pub(super) fn begin(state: &AppState, response: &mut HttpResponse, cookie: &Secret) {
    let cookie = state.cookies.begin(cookie.reveal(), state.sessions.longest.as_secs());
    response.headers_mut().append(header::SET_COOKIE, cookie);
}

/// Tries a name and the password of a form, under the limits of the place that it comes from; what is
/// wrong is counted and recorded.
pub(super) async fn try_password<T, F, W>(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    sent: &Sent,
    name: &str,
    work: W,
) -> Result<Result<T, SignInError>, ApiError>
where
    W: FnOnce(Credentials, web::Data<AppState>, Actor) -> F,
    F: Future<Output = Result<Result<T, SignInError>, ApiError>>,
{
    let name = name.to_owned();
    let password = sent.fields.text("password").to_owned();
    let (address, proof) = (sent.caller.address, format!("{name}\n{password}"));
    if let Err(Wait(seconds)) = state.limits.may_try(address, &proof) {
        return Ok(Err(SignInError::Wait(seconds)));
    }
    let credentials = Credentials {
        name,
        password,
        is_known: state.limits.is_known(address, &proof),
        agent: session::agent(req.headers()),
        before: state.cookies.session_of(req.headers()).map(str::to_owned),
    };
    let actor = actor_of(req);
    let outcome = work(credentials, state.clone(), actor.clone()).await?;
    match &outcome {
        Ok(_) => state.limits.was_right(address, &proof),
        Err(SignInError::Wait(_)) => {}
        Err(SignInError::Wrong(user)) => {
            if let Err(Wait(seconds)) = state.limits.was_wrong(address) {
                return Ok(Err(SignInError::Wait(seconds)));
            }
            if state.limits.may_record() {
                let user = user.clone();
                state.write(move |registry| registry.record_failed_sign_in(user.as_deref(), &actor)).await?;
            }
        }
    }
    Ok(outcome)
}

/// Ends the session that the form was sent with.
pub(super) async fn sign_out(
    req: HttpRequest,
    state: web::Data<AppState>,
    form: Submitted<Known>,
) -> Result<HttpResponse, ApiError> {
    let (actor, user, id) = (actor_of(&req), form.by.user(), form.by.session.id);
    if !state.read_only {
        state.write(move |registry| registry.end_session(&user, &id, &actor)).await?;
    }
    let mut response = lead(&state.frame.base, SIGN_IN);
    response.headers_mut().append(header::SET_COOKIE, state.cookies.end());
    Ok(response)
}

/// Shows the form for the first account.
pub(super) async fn get_set_up(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    if state.set_up.is_none() || state.read(Registry::has_users).await? {
        return Ok(lead(&state.frame.base, SIGN_IN));
    }
    let asked = Filters::of(req.query_string(), &["token"]);
    let (token, cookie) = visit(&req, &state)?;
    let (site, secret) = (Site::of(&state.frame, &req), asked.value("token").unwrap_or_default());
    shown(StatusCode::OK, &SetUp { site, token, secret, name: "", problem: None }, cookie)
}

/// Makes the first account, for who has the token that the program printed.
pub(super) async fn set_up(req: HttpRequest, state: web::Data<AppState>, sent: Sent) -> Result<HttpResponse, ApiError> {
    let (secret, name) = (sent.fields.text("secret").trim(), sent.fields.text("name"));
    let address = sent.caller.address;
    state.limits.may_try(address, secret)?;
    let (status, problem) = match &state.set_up {
        Some(right) if right.is(secret) => {
            let password = sent.fields.text("password").to_owned();
            let new = NewUser { name: name.to_owned(), password: Some(password), role: Role::Admin, frameworks: None };
            let actor = actor_of(&req);
            match refused(state.hash(move |registry| registry.add_first_user(new, &actor)).await)? {
                Ok(_) => return Ok(lead(&state.frame.base, SIGN_IN)),
                Err(refused) => refused,
            }
        }
        _ => {
            state.limits.was_wrong(address)?;
            (StatusCode::UNPROCESSABLE_ENTITY, Site::of(&state.frame, &req).words.say("set-up-wrong"))
        }
    };
    let (token, cookie) = visit(&req, &state)?;
    let page = SetUp { site: Site::of(&state.frame, &req), token, secret, name, problem: Some(problem) };
    shown(status, &page, cookie)
}
