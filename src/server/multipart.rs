//! Forms with files (`multipart/form-data`, RFC 7578): their parts, each under a limit. Knows no form in particular.

use actix_multipart::{Field, Multipart};
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use futures_util::TryStreamExt as _;

use super::error::ApiError;
use super::forms::{Fields, read_fields};
use super::refusal::Refusal;

/// The most parts of one form.
const MOST_PARTS: usize = 5_000;

/// A form, whichever way it was sent.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub fields: Fields,
    /// The files that are not empty, by the field each was chosen in.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Form {
    /// Reads a form with or without files, of at most so many bytes in all.
    ///
    /// # Errors
    /// 400, and 413.
    pub(crate) async fn read(req: &HttpRequest, body: web::Payload, most: usize) -> Result<Form, ApiError> {
        let kind = req.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            return Ok(Form { fields: read_fields(req, body, most).await?, files: Vec::new() });
        }
        let (mut parts, mut form, mut left) = (Multipart::new(req.headers(), body), Form::default(), most);
        for _ in 0..MOST_PARTS {
            let Some(mut part) = parts.try_next().await.map_err(|_| cut())? else { return Ok(form) };
            let name = part.name().unwrap_or_default().to_owned();
            let content = bytes(&mut part, left).await.map_err(|error| match error {
                ApiError::TooLarge(_) => ApiError::TooLarge(most),
                other => other,
            })?;
            left -= content.len();
            match file_name(&part) {
                Some(_) if content.is_empty() => {}
                Some(_) => form.files.push((name, content)),
                None => form.fields.0.push((name, utf8(content)?)),
            }
        }
        Err(Refusal::bad_request("The form has too many fields."))
    }
}

/// What a file is called; nothing for a part that is no file. Some browsers send the whole path.
pub(crate) fn file_name(part: &Field) -> Option<String> {
    let name = part.content_disposition()?.get_filename()?;
    Some(name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned())
}

/// The text of a part.
///
/// # Errors
/// 400 and 413.
pub(crate) async fn text(part: &mut Field, most: usize) -> Result<String, ApiError> {
    utf8(bytes(part, most).await?)
}

/// The content of a part.
///
/// # Errors
/// 400 and 413.
pub(crate) async fn bytes(part: &mut Field, most: usize) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.try_next().await.map_err(|_| cut())? {
        if bytes.len() + chunk.len() > most {
            return Err(ApiError::TooLarge(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The form did not arrive as one.
pub(crate) fn cut() -> ApiError {
    Refusal::bad_request("The file did not arrive whole, or not as a form with a file; send it again.")
}

fn utf8(bytes: Vec<u8>) -> Result<String, ApiError> {
    String::from_utf8(bytes).map_err(|_| Refusal::bad_request("The form is not UTF-8."))
}
