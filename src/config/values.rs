//! What values of keys are: text in, a value or what was expected out. Pure.

use std::path::PathBuf;
use std::str::FromStr;

use crate::store::DatabaseUrl;

pub(super) fn as_path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("a path".to_owned()) } else { Ok(PathBuf::from(text)) }
}

pub(super) fn as_folder(text: &str) -> Result<Option<PathBuf>, String> {
    Ok(if text.is_empty() { None } else { Some(PathBuf::from(text)) })
}

pub(super) fn as_database_url(text: &str) -> Result<Option<DatabaseUrl>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| "`sqlite:PATH` or `postgres://…`".to_owned())
}

pub(super) fn as_addr(text: &str) -> Result<String, String> {
    let expected = || "an address such as 127.0.0.1:8080, [::1]:8080 or localhost:0".to_owned();
    let (host, port) = text.rsplit_once(':').ok_or_else(expected)?;
    if host.is_empty() || port.parse::<u16>().is_err() { Err(expected()) } else { Ok(text.to_owned()) }
}

pub(super) fn as_whole<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "a whole number of at least 0".to_owned())
}

pub(super) fn as_count<T: FromStr + PartialOrd + From<u8>>(text: &str) -> Result<T, String> {
    let number = text.parse().ok().filter(|number| *number >= T::from(1));
    number.ok_or_else(|| "a whole number of at least 1".to_owned())
}

pub(super) fn as_boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err("`true` or `false`".to_owned()),
    }
}
