//! What was sent to be aligned: the document as it came, what it is, and what somebody chose.
//!
//! The document travels in the form from page to page, as base64url, so that not one byte of it changes and nothing of it has
//! to be kept. Never contains what is done with it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::credentials::{OnSigned, Pasted, SnippetFormat, pasted};
use crate::registry::{Accepted, Access};
use crate::server::auth::sight_of;
use crate::server::error::ApiError;
use crate::server::forms::Fields;
use crate::server::multipart::Form;

/// The largest document, in bytes.
pub(in crate::server::site) const MOST: usize = 4 << 20;
/// The largest form: the document in base64, and what was chosen.
const MOST_FORM: usize = MOST / 3 * 4 + (1 << 20);

/// What is wrong with what was sent, as a page says it.
#[derive(Debug)]
pub(in crate::server::site) struct Trouble {
    pub status: StatusCode,
    /// The message.
    pub key: &'static str,
    /// What programs are told, in English.
    pub detail: Option<String>,
    /// What was sent, to be mended; empty where it is not shown again.
    pub text: String,
}

impl Trouble {
    pub(in crate::server::site) fn new(key: &'static str) -> Trouble {
        Trouble { status: StatusCode::UNPROCESSABLE_ENTITY, key, detail: None, text: String::new() }
    }

    fn too_large() -> Trouble {
        Trouble { status: StatusCode::PAYLOAD_TOO_LARGE, ..Trouble::new("paste-large") }
    }

    /// What the registry refuses; anything else is an error.
    ///
    /// # Errors
    /// What is no refusal.
    pub(in crate::server::site) fn of(error: ApiError, key: &'static str) -> Result<Trouble, ApiError> {
        match error {
            ApiError::Refused(refusal) => {
                let detail = Some(refusal.detail.clone());
                Ok(Trouble { status: refusal.status, detail, ..Trouble::new(key) })
            }
            ApiError::TooLarge(_) => Ok(Trouble::too_large()),
            other => Err(other),
        }
    }
}

/// Reads a form of the workbench.
///
/// # Errors
/// What is no mistake of who sent it; such a mistake is inside.
pub(in crate::server::site) async fn form(
    req: &HttpRequest,
    body: web::Payload,
) -> Result<Result<Form, Trouble>, ApiError> {
    match Form::read(req, body, MOST_FORM).await {
        Ok(form) => Ok(Ok(form)),
        Err(error) => Trouble::of(error, "paste-cut").map(Err),
    }
}

/// The one document of a form: a file, or what was pasted. Nothing when there is neither.
///
/// # Errors
/// When there are both, or too much of it.
pub(in crate::server::site) fn document(form: &mut Form, file: &str, text: &str) -> Result<Option<Vec<u8>>, Trouble> {
    let files = std::mem::take(&mut form.files);
    let (mut own, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| name == file);
    form.files = others;
    // Forms send the ends of lines as CR LF, whatever stood there; what is in a text box never had any.
    let pasted = Some(form.fields.text(text).replace("\r\n", "\n")).filter(|text| !text.trim().is_empty());
    let document = match (own.pop(), pasted) {
        (Some(_), Some(_)) => return Err(Trouble::new("paste-both")),
        (Some((_, bytes)), None) => Some(bytes),
        (None, pasted) => pasted.map(String::into_bytes),
    };
    match document {
        Some(document) if document.len() > MOST => Err(Trouble::too_large()),
        document => Ok(document),
    }
}

/// What is aligned, and how.
pub(super) struct Input {
    pub document: Vec<u8>,
    pub kind: Pasted,
    /// Identifiers; none is every framework.
    pub frameworks: Vec<String>,
    pub accepted: Vec<Accepted>,
    pub format: SnippetFormat,
    pub on_signed: OnSigned,
    pub access: Access,
}

impl Input {
    /// Reads a form.
    ///
    /// # Errors
    /// What is no mistake of who sent it; such a mistake is inside.
    pub(super) async fn read(req: &HttpRequest, body: web::Payload) -> Result<Result<Input, Trouble>, ApiError> {
        Ok(match form(req, body).await? {
            Ok(form) => Input::of(req, form),
            Err(trouble) => Err(trouble),
        })
    }

    fn of(req: &HttpRequest, mut form: Form) -> Result<Input, Trouble> {
        let document = match document(&mut form, "file", "text")? {
            Some(document) => document,
            None => URL_SAFE_NO_PAD.decode(form.fields.text("document")).map_err(|_| Trouble::new("paste-cut"))?,
        };
        if document.trim_ascii().is_empty() {
            return Err(Trouble::new("paste-empty"));
        }
        let fields = &form.fields;
        let kind = Pasted::named(fields.text("kind")).unwrap_or_else(|| pasted(&document));
        if kind == Pasted::Text && std::str::from_utf8(&document).is_err() {
            return Err(Trouble::new("paste-encoding"));
        }
        Ok(Input {
            document,
            kind,
            frameworks: fields.all("framework").filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            accepted: fields.all("accept").filter_map(accepted).collect(),
            format: format(fields, kind),
            on_signed: fields.text("onSigned").parse().unwrap_or_default(),
            access: sight_of(req),
        })
    }

    /// The document as it travels.
    pub(super) fn carried(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.document)
    }
}

/// What snippets are written in.
fn format(fields: &Fields, kind: Pasted) -> SnippetFormat {
    let usual = if kind == Pasted::Job { SnippetFormat::SchemaOrg } else { SnippetFormat::Ob3 };
    fields.text("format").parse().unwrap_or(usual)
}

/// What was accepted, as boxes say it: an identifier, a blank, and the pointer.
fn accepted(value: &str) -> Option<Accepted> {
    let (identifier, pointer) = value.split_once(' ')?;
    Some(Accepted { identifier: identifier.to_owned(), pointer: pointer.to_owned() })
}
