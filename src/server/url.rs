//! Percent-encoding, both ways. Pure.

use url::form_urlencoded;

use crate::case::percent;

/// Text that is not percent-encoded UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Undoes percent-encoding, strictly: a `%` without two digits behind it is [`Malformed`], as is
/// what is not UTF-8 afterwards.
///
/// # Errors
/// [`Malformed`].
pub(crate) fn decode(text: &str) -> Result<String, Malformed> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(high << 4 | low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| Malformed)
}

fn digit(byte: Option<u8>) -> Result<u8, Malformed> {
    match byte {
        Some(byte @ b'0'..=b'9') => Ok(byte - b'0'),
        Some(byte @ b'a'..=b'f') => Ok(byte - b'a' + 10),
        Some(byte @ b'A'..=b'F') => Ok(byte - b'A' + 10),
        _ => Err(Malformed),
    }
}

/// The parameters of a query string, in order, repetitions included.
///
/// # Errors
/// The name of the parameter that is [`Malformed`], as it was written.
pub(crate) fn query_pairs(query: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let [decoded_name, decoded_value] = [name, value].map(|text| decode(&text.replace('+', " ")));
        match (decoded_name, decoded_value) {
            (Ok(name), Ok(value)) => pairs.push((name, value)),
            _ => return Err(name.chars().take(60).collect()),
        }
    }
    Ok(pairs)
}

/// A query that is put together.
pub(crate) struct Query(form_urlencoded::Serializer<'static, String>);

impl Default for Query {
    fn default() -> Query {
        Query(form_urlencoded::Serializer::new(String::new()))
    }
}

impl Query {
    /// Adds a parameter.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.0.append_pair(name, value);
    }

    /// With its question mark; empty when there is nothing in it.
    #[must_use]
    pub(crate) fn written(mut self) -> String {
        match self.0.finish() {
            empty if empty.is_empty() => empty,
            query => format!("?{query}"),
        }
    }
}

/// Encodes text so that it can stand as one segment of a path.
#[must_use]
pub(crate) fn segment(text: &str) -> String {
    percent::encode(text, |byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte))
}

/// Encodes in a URL only what a header or an attribute cannot hold.
#[must_use]
pub(crate) fn header_safe(url: &str) -> String {
    percent::encode(url, |byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_is_strict() {
        assert_eq!(decode("a%2Fb%c3%a4+"), Ok("a/bä+".to_owned()));
        for bad in ["%", "%2", "%zz", "%ff", "a%+1"] {
            assert_eq!(decode(bad), Err(Malformed), "{bad}");
        }
    }

    #[test]
    fn queries() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            query_pairs("a=1&b=x+y&a=%26&&c"),
            Ok(vec![pair("a", "1"), pair("b", "x y"), pair("a", "&"), pair("c", "")])
        );
        assert_eq!(query_pairs("filter=%zz"), Err("filter".to_owned()));
    }

    #[test]
    fn segments_stay_one_segment() {
        assert_eq!(segment("http://x/ä?#%"), "http:%2F%2Fx%2F%C3%A4%3F%23%25");
        assert_eq!(header_safe("http://x/\r\n>ä"), "http://x/%0D%0A%3E%C3%A4");
    }
}
