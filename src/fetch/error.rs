//! Why something could not be fetched, told so that a person knows what to do.

use url::Url;

use super::access::AccessError;

/// Why something could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("`{0}` is not an address that can be fetched; expected http:// or https:// and a host")]
    NotAnAddress(String),
    #[error("an address with a user name or a password in it is refused; see --client-id and CASEMENT_FETCH_TOKEN")]
    CredentialsInUrl,
    #[error(
        "{host} is at {address}, which is not a public address; \
         if that is meant, allow it with fetch_allow_private (CASEMENT_FETCH_ALLOW_PRIVATE)"
    )]
    NotPublic { host: String, address: String },
    #[error("{url} redirects more than {most} times")]
    TooManyRedirects { url: String, most: u32 },
    #[error("{url} redirects to nowhere")]
    BadRedirect { url: String },
    #[error("{url} answered {status}{said}")]
    Status { url: String, status: u16, said: String },
    #[error("{url} is busy ({status}) and asks for {seconds} s of patience, which is too much; try again later")]
    Busy { url: String, status: u16, seconds: u64 },
    #[error("{url} sends more than {limit} bytes, which is the limit")]
    TooLarge { url: String, limit: u64 },
    #[error("{url} did not answer whole within the {seconds} s it has")]
    TooSlow { url: String, seconds: u64 },
    #[error("{url} could not be reached")]
    Unreachable {
        url: String,
        #[source]
        source: Box<ureq::Error>,
    },
    #[error("{url} broke off in the middle of its answer")]
    BrokenOff {
        url: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{url} sends {found} where CASE JSON is expected")]
    NotCase { url: String, found: String },
    #[error("{url} sends framework {found}; {wanted} is expected")]
    OtherFramework { url: String, wanted: String, found: String },
    #[error("no catalogue of CASE 1.1 or 1.0 is at {base}")]
    NoCatalogue {
        base: String,
        /// What the last address tried came to.
        #[source]
        last: Box<FetchError>,
    },
    #[error("the catalogue of {base} does not end: more than {most} frameworks")]
    Endless { base: String, most: usize },
    #[error("{host} would get a secret over plain http, where anybody can read it; use https")]
    SecretInTheOpen { host: String },
    #[error("{url} gives no access token")]
    NoToken {
        url: String,
        #[source]
        source: Box<FetchError>,
    },
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("the program is stopping")]
    Stopped,
}

impl FetchError {
    /// Whether the server has no such thing, or answers with a page for people.
    #[must_use]
    pub fn is_absence(&self) -> bool {
        match self {
            FetchError::Status { status, .. } => matches!(status, 400 | 404 | 405 | 406 | 410 | 501),
            FetchError::NotCase { .. } => true,
            _ => false,
        }
    }

    /// Whether the server says outright that it is not there (any more).
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, FetchError::Status { status: 404 | 410, .. })
    }
}

/// An address as it may be shown and recorded: without its query, which may hold secrets.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}
