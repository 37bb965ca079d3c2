//! Numbers as they were spelled: writing JSON that was changed with every number of the source as it stands there.
//!
//! `serde_json` keeps the digits of a number, but spells exponents its own way (`1e3` becomes `1e+3`).

use std::io;

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// JSON text of a value that was made of `source` by adding what has no numbers.
pub(super) fn write(value: &Value, source: &str) -> String {
    let literals = literals(source);
    // With members of the same name, which only the source has, places do not agree.
    let literals = if literals.len() == count(value) { literals } else { Vec::new() };
    let mut text = Vec::new();
    let formatter = Spelled { literals: literals.into_iter(), inner: CompactFormatter };
    // Writing to memory does not fail, and a value has only texts as keys.
    match value.serialize(&mut Serializer::with_formatter(&mut text, formatter)) {
        Ok(()) => String::from_utf8(text).unwrap_or_else(|_| value.to_string()),
        Err(_) => value.to_string(),
    }
}

struct Spelled<'s> {
    literals: std::vec::IntoIter<&'s str>,
    inner: CompactFormatter,
}

impl Formatter for Spelled<'_> {
    fn write_number_str<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: &str) -> io::Result<()> {
        let literal = self.literals.next().unwrap_or(value);
        self.inner.write_number_str(writer, literal)
    }
}

/// The numbers of a JSON text, in order.
fn literals(source: &str) -> Vec<&str> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at += 1 + string(bytes.get(at + 1..).unwrap_or_default()),
            b'-' | b'0'..=b'9' => {
                let rest = bytes.get(at..).unwrap_or_default();
                let length =
                    rest.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
                let length = length.count();
                found.extend(source.get(at..at + length));
                at += length;
            }
            _ => at += 1,
        }
    }
    found
}

/// The length of the rest of a string, with the quotation mark at its end.
fn string(rest: &[u8]) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn count(value: &Value) -> usize {
    match value {
        Value::Number(_) => 1,
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::write;

    #[test]
    fn numbers_stay_as_they_are_spelled() {
        let source = r#"{"a": 1e3, "b": [-0.50E-7, 0], "1": "2 \" 3\\", "c": 1.50}"#;
        let mut value: Value = serde_json::from_str(source).unwrap();
        value["b"].as_array_mut().unwrap().push(json!({"new": "4"}));
        assert_eq!(write(&value, source), r#"{"a":1e3,"b":[-0.50E-7,0,{"new":"4"}],"1":"2 \" 3\\","c":1.50}"#);
        let twice: Value = serde_json::from_str(r#"{"a":1e3,"a":2}"#).unwrap();
        assert_eq!(write(&twice, r#"{"a":1e3,"a":2}"#), r#"{"a":2}"#);
    }
}
