//! Who asks: the bearer token or the session of a request, looked up once, before any handler runs.
//!
//! A handler says in its signature what it takes: [`Allowed`] with a policy. Whether a framework
//! may be seen or written is the registry's to decide, from the [`Access`] in it. Tokens and sessions
//! are looked up for every request and never remembered, so that one that is ended ends at once.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::net::IpAddr;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::{ApiError, Problem};
use super::limits::{Client, Wait};
use super::oauth;
use super::session::FORM_TOKEN;
use super::site::OPENID_BACK;
use super::state::AppState;
use crate::registry::{Access, Actor, AuditLine, AuditQuery, Denied, Frameworks, Session, claimed_id};

/// Schemes that a proxy in front may want; they are not for us.
const FOR_OTHERS: [&str; 4] = ["basic", "digest", "negotiate", "ntlm"];
/// What machines ask to see whether the server lives; they are not to be turned away.
const NOT_COUNTED: [&str; 2] = ["/healthz", "/readyz"];
/// How many lines of the audit record are answered.
const AUDIT_LINES: i64 = 1_000;

/// Who sent a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    access: Access,
    pub(crate) address: IpAddr,
    request_id: String,
    /// Who is signed in. Where a request is to change something and did not show the token of forms in
    /// its header, `access` does not have it: the form has to.
    pub(crate) session: Option<Session>,
}

impl Caller {
    fn holder(&self) -> Option<&str> {
        self.access.holder().or_else(|| self.session.as_ref()?.access.holder())
    }

    fn actor(&self) -> Actor {
        Actor {
            who: self.holder().unwrap_or("anonymous").to_owned(),
            address: Some(self.address.to_string()),
            request_id: Some(self.request_id.clone()),
        }
    }
}

/// What somebody who asks may see and do.
#[must_use]
pub(crate) fn access_of(req: &HttpRequest) -> Access {
    req.extensions().get::<Caller>().map_or_else(Access::anonymous, |caller| caller.access.clone())
}

/// What somebody may see who sends something that changes nothing: no token of a page is needed for that, since a session
/// counts for requests of this site alone.
#[must_use]
pub(crate) fn sight_of(req: &HttpRequest) -> Access {
    caller_of(req).and_then(|caller| caller.session).map_or_else(|| access_of(req), |session| session.access)
}

/// Who sent a request, if anything is known of them.
#[must_use]
pub(crate) fn caller_of(req: &HttpRequest) -> Option<Caller> {
    req.extensions().get::<Caller>().cloned()
}

/// Who is recorded as having sent a request.
#[must_use]
pub(crate) fn actor_of(req: &HttpRequest) -> Actor {
    req.extensions().get::<Caller>().map_or_else(|| Actor::program("anonymous"), Caller::actor)
}

/// Keeps an answer to somebody in particular out of caches that others share.
pub(crate) fn keep_private(headers: &mut HeaderMap) {
    let is_kept = headers.get(header::CACHE_CONTROL).is_none_or(|control| control != "no-store");
    if is_kept {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        keep_apart(headers);
    }
}

/// Keeps what everybody may see, and is kept in a cache that others share, from those who may see
/// more.
pub(crate) fn keep_apart(headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("Authorization, Cookie"));
}

/// Why somebody has to say who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// Nothing was said.
    Missing,
    /// It is not said as a bearer token is.
    Malformed,
    /// Nobody holds that token, or not any more.
    Denied(Denied),
}

impl Challenge {
    /// The value of `WWW-Authenticate` (RFC 6750).
    #[must_use]
    pub(crate) fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Challenge::Missing => r#"Bearer realm="casement""#,
            Challenge::Malformed => {
                r#"Bearer realm="casement", error="invalid_token", error_description="the header is not Bearer and one token""#
            }
            Challenge::Denied(Denied::Unknown) => {
                r#"Bearer realm="casement", error="invalid_token", error_description="the token is not valid here""#
            }
            Challenge::Denied(Denied::Expired) => {
                r#"Bearer realm="casement", error="invalid_token", error_description="the token has expired""#
            }
            Challenge::Denied(Denied::Revoked) => {
                r#"Bearer realm="casement", error="invalid_token", error_description="the token was revoked""#
            }
        })
    }

    /// What to do about it.
    #[must_use]
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Challenge::Missing => "Send a token in the header `Authorization: Bearer …`.",
            Challenge::Malformed => "Send one Authorization header: `Bearer`, a space, and the token.",
            Challenge::Denied(Denied::Unknown) => "This token is not valid here; check that it is whole.",
            Challenge::Denied(Denied::Expired) => "This token has expired; get a new one.",
            Challenge::Denied(Denied::Revoked) => "This token was revoked; ask the operator for a new one.",
        }
    }
}

/// Finds out who sent a request, counts it, and leaves the [`Caller`] with it.
///
/// # Errors
/// 401 when a token is not good, 429 when the client asks too often.
pub(crate) async fn admit(state: &web::Data<AppState>, req: &ServiceRequest, request_id: &str) -> Result<(), ApiError> {
    let address = state.limits.address_of(req);
    let path = req.match_info().as_str();
    let anonymous = Caller { access: Access::anonymous(), address, request_id: request_id.to_owned(), session: None };
    // The token endpoint has its own ways to say who asks, and to refuse.
    let presented = if path == oauth::PATH { Ok(None) } else { presented(req.headers()) };
    let access = match presented {
        Ok(None) => None,
        Ok(Some(token)) => match check(state, &anonymous, token).await {
            Ok(access) => Some(access),
            Err(refused) => {
                state.limits.count(Client::Address(address), address)?;
                return Err(refused);
            }
        },
        Err(challenge) => {
            state.limits.count(Client::Address(address), address)?;
            return Err(challenge.into());
        }
    };
    let session = if access.is_none() && path != oauth::PATH { session(state, req).await? } else { None };
    let caller = Caller { access: access.unwrap_or_else(Access::anonymous), session, ..anonymous };
    if !NOT_COUNTED.contains(&path) {
        let client = caller.holder().map_or(Client::Address(address), |id| Client::Token(id.into()));
        state.limits.count(client, address)?;
    }
    if caller.holder().is_some() || *req.method() != Method::GET || path == OPENID_BACK {
        let caller = proven(caller, req)?;
        req.extensions_mut().insert(caller);
    }
    Ok(())
}

/// The session of a request that comes from this site.
async fn session(state: &web::Data<AppState>, req: &ServiceRequest) -> Result<Option<Session>, ApiError> {
    let Some(cookie) = state.cookies.session_of(req.headers()) else { return Ok(None) };
    if !state.cookies.is_own(req.method(), req.headers()) {
        return Ok(None);
    }
    let (cookie, rules) = (cookie.to_owned(), state.sessions);
    let session = state.read(move |registry| registry.session(&cookie, rules)).await?;
    if let Some(session) = session.as_ref().filter(|session| session.is_unnoted && !state.read_only) {
        let (state, id) = (state.clone(), session.id.clone());
        // Nobody waits for that, and the next request may do it as well.
        actix_web::rt::spawn(async move { drop(state.write(move |registry| registry.note_session(&id)).await) });
    }
    Ok(session)
}

/// Lets a session do what its user may: reading at once, changing something when the request shows the
/// token of forms. A form shows it in its body, which [`super::forms`] reads.
fn proven(caller: Caller, req: &ServiceRequest) -> Result<Caller, ApiError> {
    let Some(session) = &caller.session else { return Ok(caller) };
    let is_reading = [Method::GET, Method::HEAD].contains(req.method());
    let shown = req.headers().get(FORM_TOKEN).and_then(|token| token.to_str().ok());
    if is_reading || shown.is_some_and(|token| session.is_form_token(token)) {
        let access = session.access.clone();
        return Ok(Caller { access, ..caller });
    }
    if req.match_info().as_str().starts_with("/api/") {
        return Err(ApiError::Forbidden(
            "Send the token of the page in the header X-CSRF-Token; reload it first.".into(),
        ));
    }
    Ok(caller)
}

/// The token that a request comes with.
fn presented(headers: &HeaderMap) -> Result<Option<&str>, Challenge> {
    let mut all = headers.get_all(header::AUTHORIZATION);
    let Some(value) = all.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|_| all.next().is_none()).ok_or(Challenge::Malformed)?;
    let (scheme, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    if FOR_OTHERS.iter().any(|other| scheme.eq_ignore_ascii_case(other)) {
        return Ok(None);
    }
    let token = rest.trim();
    let is_bearer = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && !token.contains([' ', '\t', ',']);
    if is_bearer { Ok(Some(token)) } else { Err(Challenge::Malformed) }
}

async fn check(state: &web::Data<AppState>, caller: &Caller, token: &str) -> Result<Access, ApiError> {
    state.limits.may_try(caller.address, token)?;
    let asked = token.to_owned();
    match state.read(move |registry| registry.authenticate(&asked)).await? {
        Ok(access) => {
            state.limits.was_right(caller.address, token);
            Ok(access)
        }
        Err(denied) => {
            note_failure(state, caller, claimed_id(token))?;
            Err(Challenge::Denied(denied).into())
        }
    }
}

/// Counts a login that failed, and records it without the client waiting for that.
///
/// # Errors
/// 429 when there were too many.
fn note_failure(state: &web::Data<AppState>, caller: &Caller, claimed: Option<&str>) -> Result<(), Wait> {
    state.limits.was_wrong(caller.address)?;
    if !state.limits.may_record() {
        tracing::warn!(request_id = caller.request_id, "a failed login was not recorded: there are too many");
        return Ok(());
    }
    if state.read_only {
        // There is no other record here.
        let (request_id, claimed) = (&caller.request_id, claimed.unwrap_or("-"));
        tracing::warn!(request_id, claimed, "request {request_id} came with a token that is not good");
        return Ok(());
    }
    let (state, actor, claimed) = (state.clone(), caller.actor(), claimed.map(str::to_owned));
    actix_web::rt::spawn(async move {
        let request_id = actor.request_id.clone().unwrap_or_default();
        let recorded = state.write(move |registry| registry.record_failed_login(&actor, claimed.as_deref())).await;
        if recorded.is_err() {
            tracing::error!(request_id, "the failed login of request {request_id} could not be recorded");
        }
    });
    Ok(())
}

/// What the client of the token endpoint may try, and what becomes of a try.
pub(crate) struct Attempt<'a> {
    state: &'a web::Data<AppState>,
    caller: Caller,
    secret: String,
    claimed: Option<String>,
}

impl<'a> Attempt<'a> {
    /// Begins to look at credentials.
    ///
    /// # Errors
    /// 429 when there were too many wrong ones.
    pub(crate) fn begin(
        req: &HttpRequest,
        state: &'a web::Data<AppState>,
        id: &str,
        secret: &str,
    ) -> Result<Attempt<'a>, ApiError> {
        let caller = req.extensions().get::<Caller>().cloned();
        let caller = caller.ok_or_else(|| ApiError::internal("a request came past the middleware"))?;
        let token = format!("casement_{id}_{secret}");
        state.limits.may_try(caller.address, &token)?;
        let claimed = claimed_id(&token).map(str::to_owned);
        Ok(Attempt { state, caller, secret: token, claimed })
    }

    /// They were right.
    pub(crate) fn succeeded(self) {
        self.state.limits.was_right(self.caller.address, &self.secret);
    }

    /// They were wrong.
    ///
    /// # Errors
    /// 429 when there were too many.
    pub(crate) fn failed(self) -> Result<(), ApiError> {
        Ok(note_failure(self.state, &self.caller, self.claimed.as_deref())?)
    }
}

/// Who may use a handler.
pub(crate) trait Policy {
    /// What is missing, said to who may not.
    const NEEDED: &'static str;

    /// Whether somebody may.
    fn allows(access: &Access) -> bool;
}

/// Everybody; what they see depends on who they are.
pub(crate) struct Read;

impl Policy for Read {
    const NEEDED: &'static str = "";

    fn allows(_: &Access) -> bool {
        true
    }
}

/// Whoever is somebody.
pub(crate) struct Known;

impl Policy for Known {
    const NEEDED: &'static str = "This is for those who have an account here.";

    fn allows(access: &Access) -> bool {
        !access.is_anonymous()
    }
}

/// Whoever may change some framework; which ones, the registry checks.
pub(crate) struct Write;

impl Policy for Write {
    const NEEDED: &'static str = "Changing frameworks needs a token or an account of an editor or an admin.";

    fn allows(access: &Access) -> bool {
        access.may_write_some()
    }
}

/// Admins of the whole server.
pub(crate) struct Admin;

impl Policy for Admin {
    const NEEDED: &'static str = "Managing the server needs a token or an account of an admin of all frameworks.";

    fn allows(access: &Access) -> bool {
        access.may_manage()
    }
}

/// Somebody whom the policy lets in: 401 and 403 are answered before the body is read.
pub(crate) struct Allowed<P> {
    pub(crate) access: Access,
    policy: PhantomData<P>,
}

impl<P: Policy> FromRequest for Allowed<P> {
    type Error = ApiError;
    type Future = Ready<Result<Allowed<P>, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let access = access_of(req);
        ready(if P::allows(&access) {
            Ok(Allowed { access, policy: PhantomData })
        } else if access.is_anonymous() {
            Err(Challenge::Missing.into())
        } else {
            Err(ApiError::Forbidden(P::NEEDED.into()))
        })
    }
}

/// What a token is good for.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessFacts {
    /// The public id of the token; `null` without one.
    #[schema(example = "0f3c8f0f2d11")]
    token: Option<String>,
    /// The name of who is signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "anna", required = false)]
    user: Option<String>,
    /// `reader`, `editor` or `admin`; `null` without a token and a session.
    #[schema(example = "editor")]
    role: Option<&'static str>,
    /// The frameworks that the role is good for; `null` for all.
    frameworks: Option<Vec<String>>,
}

/// Ask what a token is good for
///
/// Answers for the token of the request itself, or for everybody when it has none.
#[utoipa::path(
    tag = "Access",
    responses(
        (status = 200, description = "What it is good for", body = AccessFacts),
        (status = 401, description = "The token is not good", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/access")]
pub(crate) async fn get_access(caller: Allowed<Read>) -> HttpResponse {
    let frameworks = match caller.access.frameworks() {
        Frameworks::All => None,
        Frameworks::Only(ids) => Some(ids.iter().cloned().collect()),
    };
    let token = caller.access.token_id().map(str::to_owned);
    let user = caller.access.user().map(str::to_owned);
    let role = caller.access.role().map(crate::registry::Role::name);
    never_kept(&AccessFacts { token, user, role, frameworks })
}

/// Read who changed what
///
/// The newest thousand lines of the audit record, newest first. For admins.
#[utoipa::path(
    tag = "Access",
    responses(
        (status = 200, description = "The lines", body = Vec<AuditLine>),
        (status = 401, description = "There is no token, or it is not good", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The token is not an admin's", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = [])),
)]
#[get("/api/v1/audit")]
pub(crate) async fn list_audit(_: Allowed<Admin>, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    Ok(never_kept(
        &state.read(|registry| registry.audit(&AuditQuery { limit: AUDIT_LINES, ..AuditQuery::default() })).await?,
    ))
}

/// An answer to somebody in particular, which no cache keeps.
pub(crate) fn never_kept(value: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_token_is_one_word_behind_bearer() {
        let check = |values: &[&'static str], expect: Result<Option<&str>, Challenge>| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
            }
            assert_eq!(presented(&headers), expect, "{values:?}");
        };
        check(&[], Ok(None));
        check(&["Bearer abc"], Ok(Some("abc")));
        check(&["bEARER  abc "], Ok(Some("abc")));
        check(&["Basic dTpw"], Ok(None));
        for wrong in ["", "Bearer", "Bearer ", "abc", "Token abc", "Bearer a b", "Bearer a,b", "Bearerabc"] {
            check(&[wrong], Err(Challenge::Malformed));
        }
        check(&["Bearer a", "Bearer b"], Err(Challenge::Malformed));
        check(&["Basic dTpw", "Bearer b"], Err(Challenge::Malformed));
    }
}
