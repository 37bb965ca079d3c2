//! Forms: the fields of one, and who may send it. A form of ours is taken only from a page of this
//! site that was given to whoever sends it.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use super::auth::{Caller, Policy, caller_of};
use super::error::ApiError;
use super::refusal::Refusal;
use super::session::FORM_FIELD;
use super::state::AppState;
use super::url;
use crate::registry::{Access, Session};

/// The largest form without a file.
const MOST_BYTES: usize = 1 << 20;

/// Why the fields of a form cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is another media type.
    Kind,
    TooLarge,
    /// It did not arrive whole.
    Cut,
    NotText,
    NotEncoded,
}

/// The fields of a form, in order, repetitions included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// Reads a body of at most so many bytes.
    ///
    /// # Errors
    /// [`Unread`].
    pub(crate) async fn read(headers: &HeaderMap, body: web::Payload, most: usize) -> Result<Fields, Unread> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Unread::Kind);
        }
        let bytes = body.to_bytes_limited(most).await.map_err(|_| Unread::TooLarge)?.map_err(|_| Unread::Cut)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Unread::NotText)?;
        url::query_pairs(text).map(Fields).map_err(|_| Unread::NotEncoded)
    }

    /// Every value of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a field; empty when there is none.
    #[must_use]
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// The first value of a field without the blanks around it, if anything is left.
    #[must_use]
    pub(crate) fn filled(&self, name: &str) -> Option<String> {
        Some(self.text(name).trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

/// Who looks at a page that only those see who are signed in, and whom the policy lets.
pub(crate) struct Visitor<P> {
    pub(crate) session: Session,
    policy: PhantomData<P>,
}

impl<P> Visitor<P> {
    /// What they may.
    #[must_use]
    pub(crate) fn access(&self) -> Access {
        self.session.access.clone()
    }

    /// Their name.
    #[must_use]
    pub(crate) fn user(&self) -> String {
        self.session.access.user().unwrap_or_default().to_owned()
    }
}

impl<P: Policy> Visitor<P> {
    fn of(req: &HttpRequest, base: &str) -> Result<Visitor<P>, ApiError> {
        let Some(session) = caller_of(req).and_then(|caller| caller.session) else {
            let is_page = req.method() == actix_web::http::Method::GET;
            let here = req.uri().path_and_query().map(|here| here.as_str().to_owned()).filter(|_| is_page);
            return Err(ApiError::SignIn(sign_in(base, here.as_deref())));
        };
        if P::allows(&session.access) {
            Ok(Visitor { session, policy: PhantomData })
        } else {
            Err(ApiError::Forbidden(P::NEEDED.into()))
        }
    }
}

impl<P: Policy + 'static> FromRequest for Visitor<P> {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Visitor<P>, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(state(req).and_then(|state| Visitor::of(req, &state.frame.base)))
    }
}

/// A form that was sent by who is signed in, and whom the policy lets.
pub(crate) struct Submitted<P> {
    pub(crate) by: Visitor<P>,
    pub(crate) fields: Fields,
}

impl<P: Policy + 'static> FromRequest for Submitted<P> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Submitted<P>, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, body) = (req.clone(), web::Payload::from_request(req, payload));
        Box::pin(async move {
            let by = may_send(&req)?;
            let fields = read(&req, body.await).await?;
            check_token(&by, fields.text(FORM_FIELD))?;
            Ok(Submitted { by, fields })
        })
    }
}

/// A form that was sent by anybody who was given the page with it.
pub(crate) struct Sent {
    pub(crate) caller: Caller,
    pub(crate) fields: Fields,
}

impl Sent {
    /// The same of a form that was taken already.
    ///
    /// # Errors
    /// Never, behind the middleware.
    pub(crate) fn by(req: &HttpRequest, fields: Fields) -> Result<Sent, ApiError> {
        let caller = caller_of(req).ok_or_else(|| ApiError::internal("a request came past the middleware"))?;
        Ok(Sent { caller, fields })
    }
}

impl FromRequest for Sent {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Sent, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, body) = (req.clone(), web::Payload::from_request(req, payload));
        Box::pin(async move {
            let state = own(&req)?;
            let fields = read(&req, body.await).await?;
            let sent = Sent::by(&req, fields)?;
            let token = sent.fields.text(FORM_FIELD);
            let is_of_session = sent.caller.session.as_ref().is_some_and(|session| session.is_form_token(token));
            let is_of_visit = state.cookies.visit_of(req.headers()).is_some_and(|visit| visit == token);
            if is_of_session || is_of_visit { Ok(sent) } else { Err(stale()) }
        })
    }
}

/// Who sends a form, before its body is read.
///
/// # Errors
/// Who is not signed in is sent to do that; 403 when it comes from another site, or the policy does not
/// let them.
pub(crate) fn may_send<P: Policy>(req: &HttpRequest) -> Result<Visitor<P>, ApiError> {
    let state = own(req)?;
    Visitor::of(req, &state.frame.base)
}

/// Checks what a form shows of the page that it was on.
///
/// # Errors
/// 403.
pub(crate) fn check_token<P>(by: &Visitor<P>, token: &str) -> Result<(), ApiError> {
    if by.session.is_form_token(token) { Ok(()) } else { Err(stale()) }
}

/// Where somebody signs in, to come back to `next`.
#[must_use]
pub(crate) fn sign_in(base: &str, next: Option<&str>) -> String {
    match next {
        Some(next) => {
            let next: String = ::url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            format!("{base}/sign-in?next={next}")
        }
        None => format!("{base}/sign-in"),
    }
}

fn state(req: &HttpRequest) -> Result<&web::Data<AppState>, ApiError> {
    req.app_data().ok_or_else(|| ApiError::internal("the server has no state"))
}

/// Refuses what comes from a page of another site.
fn own(req: &HttpRequest) -> Result<&web::Data<AppState>, ApiError> {
    let state = state(req)?;
    let is_own = state.cookies.is_own(req.method(), req.headers());
    if is_own { Ok(state) } else { Err(ApiError::Forbidden("This form was sent by a page of another site.".into())) }
}

fn stale() -> ApiError {
    ApiError::Forbidden(
        "The page was too old, or cookies are not taken; go back, load it again, and send it then.".into(),
    )
}

async fn read(req: &HttpRequest, body: Result<web::Payload, actix_web::Error>) -> Result<Fields, ApiError> {
    let body = body.map_err(|_| Refusal::bad_request("The form did not arrive whole; send it again."))?;
    read_fields(req, body, MOST_BYTES).await
}

/// The fields of a form of at most so many bytes.
///
/// # Errors
/// 400 and 413.
pub(crate) async fn read_fields(req: &HttpRequest, body: web::Payload, most: usize) -> Result<Fields, ApiError> {
    Fields::read(req.headers(), body, most).await.map_err(|unread| match unread {
        Unread::TooLarge => ApiError::TooLarge(most),
        Unread::Kind => Refusal::bad_request("Send the form as application/x-www-form-urlencoded."),
        Unread::Cut => Refusal::bad_request("The form did not arrive whole; send it again."),
        Unread::NotText | Unread::NotEncoded => Refusal::bad_request("The form is not percent-encoded UTF-8."),
    })
}
