//! The form with a file (`multipart/form-data`, RFC 7578): its token first, so that nobody sends a file
//! for nothing.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, web};
use futures_util::TryStreamExt as _;

use crate::server::error::ApiError;
use crate::server::forms::{Visitor, check_token};
use crate::server::multipart::{bytes, cut, file_name, text};
use crate::server::refusal::Refusal;
use crate::server::session::FORM_FIELD;

/// The longest field that is no file, in bytes.
const LONGEST: usize = 4_096;
/// The most fields.
const FIELDS: usize = 10;

/// What was sent.
#[derive(Default)]
pub(super) struct Upload {
    /// What the file is called.
    pub name: String,
    pub bytes: Vec<u8>,
    /// Where it is to be fetched instead.
    pub url: Option<String>,
}

/// Reads the form.
///
/// # Errors
/// 400, 403 and 413.
pub(super) async fn read<P>(
    by: &Visitor<P>,
    req: &HttpRequest,
    body: web::Payload,
    most: usize,
) -> Result<Upload, ApiError> {
    let mut form = Multipart::new(req.headers(), body);
    let (mut upload, mut is_checked) = (Upload::default(), false);
    for _ in 0..FIELDS {
        let Some(mut field) = form.try_next().await.map_err(|_| cut())? else { break };
        let name = field.name().unwrap_or_default().to_owned();
        if name == FORM_FIELD {
            check_token(by, &text(&mut field, LONGEST).await?)?;
            is_checked = true;
            continue;
        }
        if !is_checked {
            return check_token(by, "").map(|()| upload);
        }
        match name.as_str() {
            "file" => {
                upload.name = file_name(&field).unwrap_or_default();
                upload.bytes = bytes(&mut field, most).await?;
            }
            "url" => {
                let url = text(&mut field, LONGEST).await?.trim().to_owned();
                upload.url = Some(url).filter(|url| !url.is_empty());
            }
            _ => drop(text(&mut field, LONGEST).await?),
        }
    }
    match (&upload.url, upload.bytes.is_empty()) {
        (Some(_), false) => Err(Refusal::bad_request("Choose a file or give an address, not both.")),
        (None, true) => Err(Refusal::bad_request("Choose a file that is not empty, or give an address.")),
        _ if is_checked => Ok(upload),
        _ => check_token(by, "").map(|()| upload),
    }
}
