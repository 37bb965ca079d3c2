//! `POST /oauth2/token`: the client credentials grant of OAuth 2.0 (RFC 6749) as the 1EdTech
//! Security Framework has it. A token is its own client: its id and its secret are the client's.
//!
//! Refusals here have the form that RFC 6749 gives them, not that of our other errors.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::Attempt;
use super::error::ApiError;
use super::forms::{Fields, Unread};
use super::state::AppState;
use super::url;
use crate::registry::{Client, Denied, GrantError, ScopeError};

/// Where it is.
pub(crate) const PATH: &str = "/oauth2/token";

/// The largest request: a few short parameters.
const MOST_BYTES: usize = 16 * 1024;

/// Why no access token is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// What is wrong with the request, in ASCII without quotes.
    Invalid(&'static str),
    /// Nobody has these credentials, or not any more.
    Client(Denied),
    /// Another grant was asked for.
    GrantType,
    /// No access token can be recorded here.
    ReadOnly,
    /// A scope that cannot be given.
    Scope(ScopeError),
    /// Anything but POST.
    Method,
}

/// A refusal as RFC 6749, 5.2 has it.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenRefusal {
    /// `invalid_request`, `invalid_client`, `unsupported_grant_type` or `invalid_scope`.
    #[schema(example = "invalid_scope")]
    error: &'static str,
    /// What to do about it.
    error_description: String,
}

impl Refusal {
    /// The status.
    #[must_use]
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Refusal::Client(_) => StatusCode::UNAUTHORIZED,
            Refusal::Method => StatusCode::METHOD_NOT_ALLOWED,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The whole answer.
    #[must_use]
    pub(crate) fn answer(&self) -> HttpResponse {
        let (error, error_description) = match self {
            Refusal::Invalid(what) => ("invalid_request", (*what).to_owned()),
            Refusal::Client(denied) => ("invalid_client", denied.to_string()),
            Refusal::GrantType => ("unsupported_grant_type", "only client_credentials is supported".to_owned()),
            Refusal::ReadOnly => (
                "unsupported_grant_type",
                "this server is read-only and gives no access tokens; those of the one that writes are good here, \
                 and so are tokens themselves"
                    .to_owned(),
            ),
            Refusal::Scope(error) => ("invalid_scope", error.to_string()),
            Refusal::Method => ("invalid_request", "use POST".to_owned()),
        };
        let mut response = never_kept(self.status());
        match self {
            Refusal::Client(_) => drop(response.insert_header((header::WWW_AUTHENTICATE, r#"Basic realm="casement""#))),
            Refusal::Method => drop(response.insert_header((header::ALLOW, "POST, OPTIONS"))),
            _ => {}
        }
        response.json(TokenRefusal { error, error_description })
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> ApiError {
        ApiError::OAuth(refusal)
    }
}

fn never_kept(status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::PRAGMA, "no-cache"));
    response
}

/// What a client asks for. Its id and secret may also come by HTTP Basic, which is better.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described only; the form is read parameter by parameter")]
pub(crate) struct TokenRequest {
    /// Always `client_credentials`.
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// Scopes with spaces between; all that the client may have where it is left out.
    #[schema(example = "frameworks.read")]
    scope: Option<String>,
    /// The public id of a token.
    client_id: Option<String>,
    /// The secret of the token, what stands behind its id.
    client_secret: Option<String>,
}

/// An access token.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessToken {
    /// Goes into the header `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// For how many seconds it is good.
    #[schema(example = 3600)]
    expires_in: i64,
    /// The scopes that it has, as they were asked for.
    #[schema(example = "frameworks.read")]
    scope: String,
}

/// Get an access token
///
/// The client credentials grant of OAuth 2.0. The id and the secret of a token (`casement token
/// create`) are the client's. The scopes of the CASE Network,
/// `http://purl.imsglobal.org/casenetwork/case/v1p0/scope/core.readonly` and `…/all.readonly`, are
/// the same as `frameworks.read`.
#[utoipa::path(
    tag = "Access",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The access token", body = AccessToken),
        (status = 400, description = "Something is wrong with the request", body = TokenRefusal),
        (status = 401, description = "The client is not known", body = TokenRefusal, headers(("WWW-Authenticate" = String))),
        (status = 405, description = "Only POST is answered", body = TokenRefusal),
        (status = 429, description = "Too many wrong secrets; Retry-After says when to come back", body = super::error::Problem, content_type = "application/problem+json"),
    ),
    security((), ("basic" = [])),
)]
#[post("/oauth2/token")]
pub(crate) async fn create_access_token(
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Payload,
) -> Result<HttpResponse, ApiError> {
    if state.read_only {
        return Err(Refusal::ReadOnly.into());
    }
    let form = read(req.headers(), body).await?;
    match one(&form, "grant_type")? {
        Some("client_credentials") => {}
        Some(_) => return Err(Refusal::GrantType.into()),
        None => return Err(Refusal::Invalid("grant_type is missing").into()),
    }
    let scope = one(&form, "scope")?.map(str::to_owned);
    let (id, secret) = credentials(req.headers(), &form)?;
    let attempt = Attempt::begin(&req, &state, &id, &secret)?;
    let asked = move |registry: &crate::registry::Registry| {
        registry.grant(&Client { id: &id, secret: &secret, scope: scope.as_deref() })
    };
    match state.write(asked).await? {
        Ok(grant) => {
            attempt.succeeded();
            let access_token = grant.token.reveal().to_owned();
            let (token_type, expires_in, scope) = ("Bearer", grant.expires_in, grant.scope);
            Ok(never_kept(StatusCode::OK).json(AccessToken { access_token, token_type, expires_in, scope }))
        }
        Err(GrantError::Client(denied)) => {
            attempt.failed()?;
            Err(Refusal::Client(denied).into())
        }
        Err(GrantError::Scope(error)) => {
            attempt.succeeded();
            Err(Refusal::Scope(error).into())
        }
    }
}

/// Anything but POST.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource(PATH).to(refuse_method));
}

async fn refuse_method() -> Result<HttpResponse, ApiError> {
    Err(Refusal::Method.into())
}

/// A parameter; one without a value is not there, and none may come twice (RFC 6749, 3.2).
fn one<'a>(form: &'a Fields, name: &'a str) -> Result<Option<&'a str>, Refusal> {
    let mut all = form.all(name);
    let first = all.next();
    if all.next().is_some() {
        return Err(Refusal::Invalid("a parameter was sent twice"));
    }
    Ok(first.filter(|value| !value.is_empty()))
}

async fn read(headers: &HeaderMap, body: web::Payload) -> Result<Fields, ApiError> {
    Fields::read(headers, body, MOST_BYTES).await.map_err(|unread| {
        let what = match unread {
            Unread::TooLarge => return ApiError::TooLarge(MOST_BYTES),
            Unread::Kind => "send application/x-www-form-urlencoded",
            Unread::Cut => "the body did not arrive whole",
            Unread::NotText => "the body is not text",
            Unread::NotEncoded => "the body is not percent-encoded UTF-8",
        };
        Refusal::Invalid(what).into()
    })
}

/// The client's id and secret, by HTTP Basic or in the form, not both.
fn credentials(headers: &HeaderMap, form: &Fields) -> Result<(String, String), Refusal> {
    let (id, secret) = (one(form, "client_id")?, one(form, "client_secret")?);
    let mut all = headers.get_all(header::AUTHORIZATION);
    match (all.next(), all.next()) {
        (None, _) => match (id, secret) {
            (Some(id), Some(secret)) => Ok((id.to_owned(), secret.to_owned())),
            (None, None) => Err(Refusal::Client(Denied::Unknown)),
            _ => Err(Refusal::Invalid("send client_id and client_secret, or HTTP Basic")),
        },
        (Some(_), Some(_)) => Err(Refusal::Invalid("send one Authorization header")),
        (Some(basic), None) => {
            let given = basic_credentials(basic).ok_or(Refusal::Client(Denied::Unknown))?;
            // The id may be said again, as some clients do.
            if secret.is_some() || id.is_some_and(|id| id != given.0) {
                return Err(Refusal::Invalid("send credentials once, by HTTP Basic or in the body"));
            }
            Ok(given)
        }
    }
}

fn basic_credentials(value: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    // Both are form-encoded before they are put together (RFC 6749, 2.3.1).
    Some((url::decode(id).ok()?, url::decode(secret).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Fields {
        Fields(url::query_pairs(text).unwrap())
    }

    #[test]
    fn credentials_come_once() {
        let check = |header: Option<&'static str>, body: &str, expect: Result<(&str, &str), Refusal>| {
            let mut headers = HeaderMap::new();
            if let Some(value) = header {
                headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));
            }
            let expect = expect.map(|(id, secret)| (id.to_owned(), secret.to_owned()));
            assert_eq!(credentials(&headers, &form(body)), expect, "{header:?} {body}");
        };
        let unknown = || Err(Refusal::Client(Denied::Unknown));
        check(Some("Basic aWQ6c2VjcmV0"), "", Ok(("id", "secret")));
        check(Some("basic aWQ6c2VjcmV0"), "client_id=id", Ok(("id", "secret")));
        check(None, "client_id=id&client_secret=s%2B", Ok(("id", "s+")));
        check(None, "", unknown());
        check(None, "client_id=&client_secret=", unknown());
        for wrong in ["Basic", "Basic !", "Basic aWQ=", "Bearer aWQ6c2VjcmV0", "Basic /w=="] {
            check(Some(wrong), "", unknown());
        }
        let twice = || Err(Refusal::Invalid("send credentials once, by HTTP Basic or in the body"));
        check(Some("Basic aWQ6c2VjcmV0"), "client_id=id&client_secret=secret", twice());
        check(Some("Basic aWQ6c2VjcmV0"), "client_id=other", twice());
        check(None, "client_id=id", Err(Refusal::Invalid("send client_id and client_secret, or HTTP Basic")));
    }

    #[test]
    fn no_parameter_comes_twice() {
        assert_eq!(one(&form("scope=a&scope=a"), "scope"), Err(Refusal::Invalid("a parameter was sent twice")));
        assert_eq!(one(&form("scope="), "scope"), Ok(None));
        assert_eq!(one(&form("scope=a+b"), "scope"), Ok(Some("a b")));
    }
}
