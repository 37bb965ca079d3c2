//! Bytes as they come, taken apart into the lines of a batch. A line that is too long is never held whole.

use super::line::BatchLine;

/// The most bytes of one line.
const MOST_BYTES: usize = 4 << 20;
/// What some programs put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Takes bytes apart.
#[derive(Debug, Default)]
pub struct BatchLines {
    /// How many lines were begun before this one.
    number: usize,
    /// What there is of the line so far.
    held: Vec<u8>,
    is_too_long: bool,
}

impl BatchLines {
    /// Takes some bytes; the lines that end in them, without those that are empty.
    #[must_use]
    pub fn push(&mut self, bytes: &[u8]) -> Vec<BatchLine> {
        let mut lines = Vec::new();
        let mut parts = bytes.split(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            self.hold(part);
            if parts.peek().is_some() {
                lines.extend(self.end());
            }
        }
        lines
    }

    /// The last line, where no line break stands behind it.
    #[must_use]
    pub fn finish(&mut self) -> Option<BatchLine> {
        self.end()
    }

    fn hold(&mut self, part: &[u8]) {
        if self.is_too_long || self.held.len() + part.len() > MOST_BYTES {
            self.is_too_long = true;
            self.held = Vec::new();
        } else {
            self.held.extend_from_slice(part);
        }
    }

    fn end(&mut self) -> Option<BatchLine> {
        self.number += 1;
        let held = std::mem::take(&mut self.held);
        if std::mem::take(&mut self.is_too_long) {
            let why = format!("the line is longer than {MOST_BYTES} bytes; send it by itself");
            return Some(BatchLine::refused(self.number, why));
        }
        let line = if self.number == 1 { held.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&held) } else { &held };
        let line = line.trim_ascii();
        (!line.is_empty()).then(|| BatchLine::read(self.number, line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_they_come() {
        let text = "\u{feff}{\"text\":\"a\"}\r\n\n  \n{\"text\":\"é\"}\n[]\n{\"text\":\"b\"}";
        for size in 1..=text.len() {
            let mut lines = BatchLines::default();
            let mut all: Vec<BatchLine> = text.as_bytes().chunks(size).flat_map(|part| lines.push(part)).collect();
            all.extend(lines.finish());
            let told: Vec<(usize, bool)> = all.iter().map(|line| (line.number, line.wanted.is_ok())).collect();
            assert_eq!(told, [(1, true), (4, true), (5, false), (6, true)], "{size}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_not_held_and_the_next_is_read() {
        let mut lines = BatchLines::default();
        for _ in 0..100 {
            assert!(lines.push(&vec![b'a'; 1 << 20]).is_empty());
            assert!(lines.held.len() <= MOST_BYTES);
        }
        let all = lines.push(b"\n{\"text\":\"a\"}\n");
        let told: Vec<(usize, bool)> = all.iter().map(|line| (line.number, line.wanted.is_ok())).collect();
        assert_eq!(told, [(1, false), (2, true)]);
        assert!(lines.finish().is_none());
    }
}
