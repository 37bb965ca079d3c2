//! The error body of the CASE paths, `imsx_StatusInfo`, in each version's spelling (digest 5).
//!
//! Every answer under `/ims/case/` that is not a success is a [`Failure`] turned into its body. It
//! must never hold a cause meant for the log: what is in here goes to strangers.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Version, select::SelectError};

/// The standard's error body. All three objects are closed; there is no wrapper around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = case::imsx_StatusInfo)]
pub struct StatusInfo {
    /// What became of the request as a whole.
    #[serde(rename = "imsx_codeMajor")]
    pub code_major: CodeMajor,
    /// How serious it is.
    #[serde(rename = "imsx_severity")]
    pub severity: Severity,
    /// A sentence for people.
    #[serde(rename = "imsx_description")]
    pub description: String,
    /// The standard's own code, where it has one for this failure.
    #[serde(rename = "imsx_codeMinor", skip_serializing_if = "Option::is_none")]
    pub code_minor: Option<CodeMinor>,
}

/// What became of a request. `success` and `processing` exist in the standard but never in an
/// error of this service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = case::imsx_codeMajor)]
#[serde(rename_all = "lowercase")]
pub enum CodeMajor {
    /// The request failed.
    Failure,
    /// The operation is not part of this service.
    Unsupported,
}

/// How serious a failure is. `status` and `warning` exist in the standard but never in an error of
/// this service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = case::imsx_severity)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The request was not carried out.
    Error,
}

/// The standard's codes for one failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = case::imsx_CodeMinor)]
pub struct CodeMinor {
    /// At least one; here always exactly one.
    #[serde(rename = "imsx_codeMinorField")]
    #[schema(min_items = 1)]
    pub fields: Vec<CodeMinorField>,
}

/// One code and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = case::imsx_CodeMinorField)]
pub struct CodeMinorField {
    /// The parameter at fault, or `Casement` where it is none.
    #[serde(rename = "imsx_codeMinorFieldName")]
    #[schema(example = "sourcedId")]
    pub name: String,
    /// One of `forbidden`, `internal_server_error`, `invalid_selection_field`, `server_busy`,
    /// `unknownobject` and, on CASE 1.1, `invalid_uuid` and `unauthorised_request`, which CASE 1.0
    /// spells `invaliduuid` and `unauthorisedrequest`.
    #[serde(rename = "imsx_codeMinorFieldValue")]
    #[schema(value_type = String, example = "unknownobject")]
    pub value: &'static str,
}

/// Everything that can go wrong under `/ims/case/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// 400: a query parameter cannot be understood.
    InvalidSelection {
        /// The parameter at fault.
        parameter: String,
        /// What to write instead.
        description: String,
    },
    /// 401: the caller is not known.
    Unauthorised,
    /// 403: the caller is known and may not.
    Forbidden,
    /// 404: a well-formed identifier of nothing that is visible to the caller.
    UnknownObject,
    /// 404: the identifier in the path is not a UUID as [`is_case_uuid`] has it.
    InvalidUuid,
    /// 404: a path below the base path that is no operation of the standard.
    UnknownPath,
    /// 405: anything but reading. The answer also needs an `Allow` header.
    MethodNotAllowed,
    /// 408: the request did not arrive in time.
    RequestTimeout,
    /// 413: the request's body is too large.
    PayloadTooLarge,
    /// 415: the request's body is of a kind that is not read.
    UnsupportedMediaType,
    /// 429: this caller asks too often. The answer should have `Retry-After`.
    TooManyRequests,
    /// 500: our fault.
    Internal,
    /// 503: the server as a whole is too busy. The answer should have `Retry-After`.
    ServerBusy,
    /// Any other failure that HTTP has a status for.
    Other {
        /// From 400 to 599; anything else is answered as 500.
        status: u16,
        /// What to do about it; sent to the caller as it is.
        description: String,
    },
}

/// The failures that have a code of their own in the standard.
#[derive(Clone, Copy)]
enum Code {
    InvalidSelection,
    Unauthorised,
    Forbidden,
    UnknownObject,
    InvalidUuid,
    ServerBusy,
    Internal,
}

impl Code {
    fn spelling(self, version: Version) -> &'static str {
        match (self, version) {
            (Code::InvalidSelection, _) => SelectError::CODE_MINOR,
            (Code::Unauthorised, Version::V1p0) => "unauthorisedrequest",
            (Code::Unauthorised, Version::V1p1) => "unauthorised_request",
            (Code::Forbidden, _) => "forbidden",
            (Code::UnknownObject, _) => "unknownobject",
            (Code::InvalidUuid, Version::V1p0) => "invaliduuid",
            (Code::InvalidUuid, Version::V1p1) => "invalid_uuid",
            (Code::ServerBusy, _) => "server_busy",
            (Code::Internal, _) => "internal_server_error",
        }
    }
}

impl From<SelectError> for Failure {
    fn from(SelectError { parameter, description }: SelectError) -> Failure {
        Failure::InvalidSelection { parameter: parameter.to_owned(), description }
    }
}

impl Failure {
    /// The HTTP status, from 400 to 599.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        match self {
            Failure::InvalidSelection { .. } => 400,
            Failure::Unauthorised => 401,
            Failure::Forbidden => 403,
            Failure::UnknownObject | Failure::InvalidUuid | Failure::UnknownPath => 404,
            Failure::MethodNotAllowed => 405,
            Failure::RequestTimeout => 408,
            Failure::PayloadTooLarge => 413,
            Failure::UnsupportedMediaType => 415,
            Failure::TooManyRequests => 429,
            Failure::ServerBusy => 503,
            Failure::Other { status, .. } if (400..600).contains(status) => *status,
            Failure::Internal | Failure::Other { .. } => 500,
        }
    }

    /// The HTTP reason phrase. The standard wants its own words shown for 404 (digest 5.1); all
    /// other statuses have HTTP's.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Failure::UnknownObject | Failure::UnknownPath => "Unknown Object",
            Failure::InvalidUuid => "Invalid UUID",
            other => standard_reason(other.http_status()),
        }
    }

    /// The body, in the spelling of the version whose path was asked.
    #[must_use]
    pub fn body(&self, version: Version) -> StatusInfo {
        let code_minor = self.code().map(|code| CodeMinor {
            fields: vec![CodeMinorField { name: self.about().to_owned(), value: code.spelling(version) }],
        });
        StatusInfo {
            code_major: match self {
                Failure::MethodNotAllowed => CodeMajor::Unsupported,
                _ => CodeMajor::Failure,
            },
            severity: Severity::Error,
            description: self.description(),
            code_minor,
        }
    }

    /// The standard's code, or none: the enumeration is closed and holds nothing for 405 and the
    /// like. [`Failure::Other`] gets the code of its status, if that has exactly one.
    fn code(&self) -> Option<Code> {
        match (self, self.http_status()) {
            (Failure::InvalidSelection { .. }, _) => Some(Code::InvalidSelection),
            (Failure::InvalidUuid, _) => Some(Code::InvalidUuid),
            (_, 401) => Some(Code::Unauthorised),
            (_, 403) => Some(Code::Forbidden),
            (_, 404) => Some(Code::UnknownObject),
            (_, 429 | 503) => Some(Code::ServerBusy),
            (_, 500) => Some(Code::Internal),
            _ => None,
        }
    }

    /// What the code is about: the parameter as the standard calls it, or else the system.
    fn about(&self) -> &str {
        match self {
            Failure::InvalidSelection { parameter, .. } => parameter,
            Failure::UnknownObject | Failure::InvalidUuid => "sourcedId",
            _ => "Casement",
        }
    }

    fn description(&self) -> String {
        let sentence = match self {
            Failure::InvalidSelection { description, .. } | Failure::Other { description, .. } => description,
            Failure::Unauthorised => "Send a valid access token in the Authorization header.",
            Failure::Forbidden => "This access token does not allow this request.",
            Failure::UnknownObject => "Unknown Object: nothing of this kind with this identifier is published here.",
            Failure::InvalidUuid => "Invalid UUID: write the identifier as in 6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d10.",
            Failure::UnknownPath => {
                "Unknown Object: no CASE operation has this path; CFDocuments lists the frameworks."
            }
            Failure::MethodNotAllowed => "CASE is read-only; use GET.",
            Failure::RequestTimeout => "The request took too long to arrive; send it again.",
            Failure::PayloadTooLarge => "The request is too large; CASE requests have no body.",
            Failure::UnsupportedMediaType => "CASE requests have no body; send none.",
            Failure::TooManyRequests => "Too many requests; wait before the next one.",
            Failure::Internal => "The server failed; the same request may succeed later.",
            Failure::ServerBusy => "The server is busy; send the request again later.",
        };
        sentence.to_owned()
    }
}

/// The phrases of HTTP for statuses that can occur; a general one for the rest.
fn standard_reason(status: u16) -> &'static str {
    match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        ..=499 => "Bad Request",
        _ => "Internal Server Error",
    }
}

/// Whether text is a UUID as the standard has it (digest 8.1): 8-4-4-4-12 hexadecimal digits,
/// version 1 to 5, variant 8, 9, a or b. Upper case is accepted here, because identifiers are
/// looked up without regard to case (digest 12.1).
///
/// Look an identifier up first and ask this only when nothing was found: published data holds
/// identifiers that break the pattern (digest 15, row 3).
#[must_use]
pub fn is_case_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(position, byte)| match position {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => matches!(byte, b'1'..=b'5'),
            19 => matches!(byte, b'8' | b'9' | b'a' | b'b' | b'A' | b'B'),
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests;
