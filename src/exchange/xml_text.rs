//! The text of an XML file: told from other files, and decoded from whatever it is encoded in.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::ExchangeError;

/// Whether the bytes begin as XML does, in an encoding that can be told from its first bytes.
pub(super) fn looks_like_xml(bytes: &[u8]) -> bool {
    let sample = bytes.get(..64).unwrap_or(bytes);
    let (encoding, skipped) = Encoding::for_bom(sample).unwrap_or((utf_16_without_mark(sample).unwrap_or(UTF_8), 0));
    let (text, _) = encoding.decode_without_bom_handling(sample.get(skipped..).unwrap_or_default());
    let mut rest = text.trim_start().chars();
    rest.next() == Some('<') && rest.next().is_some_and(|c| c == '?' || c == '!' || c.is_alphabetic() || c == '_')
}

/// `<` in UTF-16, which a byte-order mark should announce but does not always.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// The text, in the encoding of its byte-order mark, else of its declaration, else UTF-8.
///
/// # Errors
/// When the encoding is unknown, or the bytes are not in it.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ExchangeError> {
    let (encoding, skipped) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None => match utf_16_without_mark(bytes) {
            Some(encoding) => (encoding, 0),
            None => (declared(bytes)?.unwrap_or(UTF_8), 0),
        },
    };
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes.get(skipped..).unwrap_or_default())
        .ok_or(ExchangeError::WrongEncoding(encoding.name()))
}

/// The encoding that `<?xml … encoding="…"?>` names.
fn declared(bytes: &[u8]) -> Result<Option<&'static Encoding>, ExchangeError> {
    let head = String::from_utf8_lossy(bytes.get(..256).unwrap_or(bytes)).into_owned();
    let Some(declaration) = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()) else {
        return Ok(None);
    };
    let Some((_, after)) = declaration.split_once("encoding") else { return Ok(None) };
    let value = after.trim_start().trim_start_matches('=').trim_start();
    let name: String = value.chars().skip(1).take_while(|c| *c != '"' && *c != '\'').collect();
    match Encoding::for_label(name.as_bytes()) {
        // What was found byte by byte cannot be of two bytes a letter, whatever it claims.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(Some(UTF_8)),
        Some(encoding) => Ok(Some(encoding)),
        None => Err(ExchangeError::UnknownEncoding(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "<?xml version=\"1.0\"?><a>é</a>";
        let latin = "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>";
        let latin_bytes: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for (bytes, expected) in [
            (text.as_bytes().to_vec(), text),
            (marked, text),
            (utf_16(text, true), text),
            (utf_16(text, false), text),
            (latin_bytes, latin),
        ] {
            assert!(looks_like_xml(&bytes));
            assert_eq!(decode(&bytes).unwrap(), expected);
        }
        for other in ["{}", "", "a < b", "< 1", "[\"<a>\"]"] {
            assert!(!looks_like_xml(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_said() {
        let unknown = decode(b"<?xml version=\"1.0\" encoding=\"klingon\"?><a/>");
        assert_eq!(unknown, Err(ExchangeError::UnknownEncoding("klingon".to_owned())));
        assert_eq!(decode(b"<?xml version=\"1.0\"?><a>\xE9</a>"), Err(ExchangeError::WrongEncoding("UTF-8")));
    }
}
