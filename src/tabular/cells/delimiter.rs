//! What separates the fields of a text, found by how evenly it cuts the first records. Never reads a
//! whole file.

use super::text::records;
use crate::tabular::plain::SHEET;

/// In order of how common they are: of two that cut equally well the first is taken.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How much of the beginning is looked at.
const LOOK_AT_RECORDS: usize = 200;
const LOOK_AT_BYTES: usize = 256 * 1024;

/// What a first line `sep=;` says, and the length of that line; spreadsheet programs write and read it.
/// The first record of our own form says it too.
pub(super) fn declared(text: &str) -> Option<(char, usize)> {
    let own = text.strip_prefix(SHEET).and_then(|rest| rest.chars().next());
    if let Some(own) = own.filter(|c| CANDIDATES.iter().any(|known| char::from(*known) == *c)) {
        return Some((own, 0));
    }
    let rest = text.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="));
    let mut rest = rest.and_then(|_| text.get(4..))?.chars();
    let delimiter = rest.next().filter(|c| c.is_ascii() && !matches!(c, '\r' | '\n' | '"'))?;
    let line_end = match (rest.next(), rest.next()) {
        (Some('\r'), Some('\n')) => 2,
        (Some('\r' | '\n'), _) => 1,
        _ => return None,
    };
    Some((delimiter, "sep=;".len() + line_end))
}

/// The delimiter that cuts the first records most evenly. A text with one column has a comma.
pub(super) fn sniff(text: &str) -> u8 {
    let beginning = beginning(text);
    let mut best = (0.0, b',');
    for candidate in CANDIDATES {
        let score = score(beginning, candidate);
        if score > best.0 {
            best = (score, candidate);
        }
    }
    best.1
}

/// Whole lines, as far as there are any.
fn beginning(text: &str) -> &str {
    let Some(cut) = text.as_bytes().get(..LOOK_AT_BYTES) else { return text };
    let end = memchr::memrchr2(b'\n', b'\r', cut).map_or(0, |at| at + 1);
    text.get(..end).filter(|whole| !whole.is_empty()).unwrap_or(text)
}

/// From 0, when it separates nothing, to nearly 1.
fn score(text: &str, delimiter: u8) -> f64 {
    let mut widths = Vec::new();
    for record in records(text, delimiter).take(LOOK_AT_RECORDS) {
        let Ok(record) = record else { return 0.0 };
        // `#key,value` lines before a table are narrower than it.
        if !record.get(0).is_some_and(|first| first.starts_with('#')) {
            widths.push(record.len());
        }
    }
    let mut counts = std::collections::BTreeMap::new();
    for width in widths.iter().filter(|width| **width > 1) {
        *counts.entry(*width).or_insert(0_usize) += 1;
    }
    let Some((width, count)) = counts.into_iter().max_by_key(|(width, count)| (*count, *width)) else { return 0.0 };
    let ratio = |part: usize, whole: usize| {
        #[expect(clippy::cast_precision_loss, reason = "there are a few hundred records")]
        let ratio = part as f64 / whole.max(1) as f64;
        ratio
    };
    let even = ratio(count, widths.len());
    // A heading that it does not cut is not the heading of these columns.
    let heading = if widths.first().is_some_and(|first| *first > 1) { 1.0 } else { 0.5 };
    even * heading * (1.0 - ratio(1, width)) * ratio(1, 1 + misplaced_quotes(text, delimiter))
}

/// Quotation marks that open a field and are closed before something that is not its end: this is
/// another delimiter's text.
fn misplaced_quotes(text: &str, delimiter: u8) -> usize {
    let mut misplaced = 0;
    let (mut start, mut quoted) = (true, false);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if quoted {
            if byte == b'"' && bytes.peek() == Some(&b'"') {
                bytes.next();
            } else if byte == b'"' {
                quoted = false;
                let ends = |next: &u8| *next == delimiter || matches!(next, b'\r' | b'\n');
                misplaced += usize::from(!bytes.peek().is_none_or(ends));
            }
            continue;
        }
        quoted = start && byte == b'"';
        start = byte == delimiter || matches!(byte, b'\r' | b'\n');
    }
    misplaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_what_cuts_evenly() {
        let cases = [
            ("code,statement\n1,Reads; writes; counts\n2,Adds; takes away; shares\n", ','),
            ("code;statement\n1;Reads, writes, and counts\n2;Adds, and shares\n", ';'),
            ("code\tstatement\n1\tReads, writes\n2\tAdds\n", '\t'),
            ("code|list\n1|a,b\n2|c,d\n", '|'),
            ("\"a, b\";\"c\"\n\"d, e\";\"f\"\n", ';'),
            ("\"a;b\",\"c;d\"\n\"e;f\",\"g\"\n", ','),
            ("#title,Mathematics\n#creator,Somebody\nIdentifier,fullStatement,notes\n1,\"a;b;c\",\n", ','),
            ("statement\nReads, writes\nAdds, takes away, shares\n", ','),
            ("\"line\nbreak, comma\";b\n\"c\";d\n", ';'),
            ("one column\nand nothing else\n", ','),
            ("", ','),
            ("Title of all\n\ncode;statement;grade\n1;a;3\n2;b;4\n", ';'),
        ];
        for (text, expected) in cases {
            assert_eq!(char::from(sniff(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn a_first_line_can_say_it() {
        assert_eq!(declared("sep=;\r\na;b"), Some((';', 7)));
        assert_eq!(declared("SEP=\t\na\tb"), Some(('\t', 6)));
        assert_eq!(declared("#sheet;CF Doc\r\n"), Some((';', 0)));
        assert_eq!(declared("#sheets"), None);
        assert_eq!(declared("sep=,"), None);
        assert_eq!(declared("september,1"), None);
        assert_eq!(declared("sep=;a\n"), None);
    }
}
