//! What may stand in a `uri` (RFC 3986), and what becomes of a text that may not. Pure.

use std::borrow::Cow;

use crate::case::percent;

/// A text that claims to be an absolute uri.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Uri<'a> {
    /// As it should be.
    Proper,
    /// The same with what may not stand in a uri percent-encoded.
    Encoded(String),
    /// It has no scheme: where it leads, nobody knows.
    Relative(Cow<'a, str>),
}

/// Tells what the text is.
pub(super) fn check(text: &str) -> Uri<'_> {
    let trimmed = text.trim();
    if !has_scheme(trimmed) {
        return Uri::Relative(Cow::Borrowed(trimmed));
    }
    let encoded = encode(trimmed);
    if encoded == text { Uri::Proper } else { Uri::Encoded(encoded) }
}

/// The text as it may stand in a `uri`; nothing when it is no absolute one.
#[must_use]
pub fn proper(text: &str) -> Option<String> {
    match check(text) {
        Uri::Proper => Some(text.to_owned()),
        Uri::Encoded(encoded) => Some(encoded),
        Uri::Relative(_) => None,
    }
}

fn has_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let first = scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    first && !rest.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn encode(text: &str) -> String {
    // Brackets stand around an address only (RFC 3986, 3.2.2), which ends at the first slash.
    let authority_ends = text.find("://").map_or(0, |at| {
        let begins = at + 3;
        text.get(begins..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(text.len(), |length| begins + length)
    });
    let mut encoded = String::with_capacity(text.len());
    let mut fragment = false;
    for (at, character) in text.char_indices() {
        let plain = match character {
            '%' => text.get(at + 1..at + 3).is_some_and(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit())),
            '[' | ']' => at < authority_ends,
            '#' => !std::mem::replace(&mut fragment, true),
            other => other.is_ascii_alphanumeric() || "-._~:/?@!$&'()*+,;=".contains(other),
        };
        if plain {
            encoded.push(character);
            continue;
        }
        let mut bytes = [0; 4];
        for byte in character.encode_utf8(&mut bytes).bytes() {
            percent::push(&mut encoded, byte);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_uris_keep_every_byte() {
        for text in [
            "https://h.example/uri/http://other.example/resources/1",
            "urn:uuid:eb8ae273-6667-52ec-a73f-3d8a631bde9f",
            "local:x",
            "http://[::1]:8080/a?b=c#d",
            "https://h.example/a%20b",
            "data:text/plain,a",
        ] {
            assert_eq!(check(text), Uri::Proper, "{text}");
        }
    }

    #[test]
    fn what_may_not_stand_there_is_encoded() {
        for (text, expect) in [
            ("https://h.example/a b", "https://h.example/a%20b"),
            (" https://h.example/a ", "https://h.example/a"),
            ("https://h.example/ñ", "https://h.example/%C3%B1"),
            ("https://h.example/a[1]", "https://h.example/a%5B1%5D"),
            ("https://h.example/100%", "https://h.example/100%25"),
            ("https://h.example/a#b#c", "https://h.example/a#b%23c"),
        ] {
            assert_eq!(check(text), Uri::Encoded(expect.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_text_without_a_scheme_leads_nowhere() {
        for text in ["not a uri", "www.example.org/a", "", ":x", "http:", "1a:b"] {
            assert!(matches!(check(text), Uri::Relative(_)), "{text}");
        }
    }
}
