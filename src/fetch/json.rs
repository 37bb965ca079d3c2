//! What a body is, whatever its content type says (digest 16.1): JSON, or something else that has a
//! name. Pure functions on bytes.

use serde_json::Value;
use url::Url;

use super::error::{FetchError, shown};

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The body as JSON.
pub(super) fn parse(url: &Url, body: &[u8]) -> Result<Value, FetchError> {
    expect_json(url, body)?;
    let text = body.strip_prefix(MARK).unwrap_or(body);
    serde_json::from_slice(text).map_err(|error| not_case(url, format!("JSON that cannot be read ({error})")))
}

/// Refuses a body that does not even begin like JSON.
pub(super) fn expect_json(url: &Url, body: &[u8]) -> Result<(), FetchError> {
    let first = body.strip_prefix(MARK).unwrap_or(body).iter().find(|byte| !byte.is_ascii_whitespace());
    let found = match first {
        Some(b'{' | b'[') => return Ok(()),
        None => "nothing",
        Some(b'<') => "a page for people (HTML or XML)",
        Some(_) => "something else",
    };
    Err(not_case(url, found.to_owned()))
}

pub(super) fn not_case(url: &Url, found: String) -> FetchError {
    FetchError::NotCase { url: shown(url), found }
}

/// What the body of an error says: CASE's, a problem's, or OAuth's word for it.
pub(super) fn description(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let names = ["imsx_description", "detail", "title", "error_description", "error", "message"];
    let text = names.iter().find_map(|name| value.get(name)?.as_str())?.trim();
    (!text.is_empty()).then(|| text.chars().take(200).collect())
}

/// A text member, if it is one and not empty.
pub(super) fn member<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}
