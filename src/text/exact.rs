//! When two texts are the same: statements and addresses in the one form by which they are compared
//! as wholes. Pure.

use std::borrow::Cow;

use super::fold::fold;
use super::plain::plain;

/// A statement or title without markup, case, accents, and the full stop at its end; every run of
/// white space is one space.
#[must_use]
pub fn statement(text: &str) -> String {
    let plain = plain(text);
    let folded = fold(plain.trim().trim_end_matches(['.', ';', ':', ',']).trim_end());
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address without what makes no difference to where it leads: whether it is `http` or `https`,
/// the case of scheme and host, a final slash, and the suffix of a form (`.json`, `.jsonld`, `.html`).
#[must_use]
pub fn address(uri: &str) -> String {
    let uri = uri.trim();
    let Some((scheme, rest)) = uri.split_once("://") else { return uri.trim_end_matches('/').to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let path = path.trim_end_matches('/');
    let suffixes = [".json", ".jsonld", ".html"];
    let path = suffixes.iter().find_map(|suffix| path.strip_suffix(suffix)).unwrap_or(path);
    let scheme = scheme.to_ascii_lowercase();
    let scheme = if scheme == "https" { Cow::Borrowed("http") } else { Cow::Owned(scheme) };
    format!("{scheme}://{}{path}", host.to_lowercase())
}

/// The host of an address, with its port; `None` for what has none, such as a `urn:`.
#[must_use]
pub fn host(uri: &str) -> Option<String> {
    let (_, rest) = uri.trim().split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    (!host.is_empty()).then(|| host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_say_the_same_are_the_same() {
        for (one, other) in [
            ("Add  within\n20.", "add within 20"),
            ("<p>Élèves</p>", "eleves"),
            ("*Use* **place value**;", "Use place value"),
        ] {
            assert_eq!(statement(one), statement(other));
        }
        assert_ne!(statement("x < 3"), statement("x > 3"));
        assert_eq!(statement(" . "), "");
    }

    #[test]
    fn addresses_that_lead_to_the_same_place_are_the_same() {
        for (one, other) in [
            ("https://H.example/uri/A", "http://h.example/uri/A/"),
            ("https://h.example/uri/a.json", "https://h.example/uri/a"),
            ("HTTPS://h.example", "http://h.example/"),
        ] {
            assert_eq!(address(one), address(other));
        }
        assert_ne!(address("https://h.example/a?x=1"), address("https://h.example/a"));
        assert_ne!(address("https://h.example/A"), address("https://h.example/a"));
        assert_eq!(address(" urn:uuid:1 "), "urn:uuid:1");
        assert_eq!(host("https://H.example:80/a").as_deref(), Some("h.example:80"));
        assert_eq!(host("urn:uuid:1"), None);
    }
}
