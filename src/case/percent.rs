//! Percent-encoding (RFC 3986, 2.1). Which bytes may stand as they are is the caller's to say.

/// The text with every byte that `keep` refuses percent-encoded.
#[must_use]
pub fn encode(text: &str, keep: impl Fn(u8) -> bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if keep(byte) {
            encoded.push(char::from(byte));
        } else {
            push(&mut encoded, byte);
        }
    }
    encoded
}

/// Appends one byte in its encoded form.
pub(super) fn push(encoded: &mut String, byte: u8) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    encoded.push('%');
    encoded.extend([byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_encoded_and_not_characters() {
        assert_eq!(encode("a \u{e4}%", |byte| byte.is_ascii_alphanumeric()), "a%20%C3%A4%25");
        assert_eq!(encode("", |_| false), "");
    }
}
