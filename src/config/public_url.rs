//! The address that the world knows this server by. Pure.

use std::fmt;
use std::str::FromStr;

/// The address that the world knows this server by, an absolute URL without query,
/// fragment, or a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// `http://` and the address.
    #[must_use]
    pub fn of_address(address: impl fmt::Display) -> PublicUrl {
        PublicUrl(format!("http://{address}"))
    }

    /// `http` or `https`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.0.split_once("://").map_or("http", |(scheme, _)| scheme)
    }

    /// Host, with the port where one is given.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.parts().0
    }

    /// The path before everything this server answers; mostly empty.
    #[must_use]
    pub fn path(&self) -> &str {
        self.parts().1
    }

    /// The whole.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parts(&self) -> (&str, &str) {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash))
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    /// Anything but an address is refused with what is expected.
    fn from_str(text: &str) -> Result<PublicUrl, String> {
        let expected = || "an absolute http or https URL such as https://standards.example.org".to_owned();
        let (scheme, rest) = text.trim().trim_end_matches('/').split_once("://").ok_or_else(expected)?;
        let scheme = scheme.to_ascii_lowercase();
        let clean = rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}?#@".contains(&byte));
        if !matches!(scheme.as_str(), "http" | "https") || rest.is_empty() || rest.starts_with(['/', ':']) || !clean {
            return Err(expected());
        }
        Ok(PublicUrl(format!("{scheme}://{rest}")))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn as_public_url(text: &str) -> Result<Option<PublicUrl>, String> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
}
