//! CSV and its relatives: fields between commas, semicolons, tabs or bars. Never drops a row for
//! having more or fewer fields than others.

use super::archive::damaged;
use super::collect::Collector;
use super::delimiter;
use super::encoding;
use super::error::{Limit, SheetError};
use super::options::Options;
use super::{Kind, Origin};

/// Endings that are no part of a sheet's name.
const ENDINGS: [&str; 9] = ["csv", "tsv", "tab", "txt", "psv", "gz", "zst", "xls", "xlsx"];

/// Reads a text file as one sheet.
pub(super) fn read(
    name: &str,
    bytes: Vec<u8>,
    options: &Options,
    collector: &mut Collector<'_>,
) -> Result<Origin, SheetError> {
    if bytes.len() as u64 > collector.limits().unpacked_bytes {
        let value = collector.limits().unpacked_bytes;
        return Err(SheetError::TooLarge { limit: Limit::UnpackedBytes, value });
    }
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    let declared = delimiter::declared(&decoded.text);
    let skipped = declared.map_or(0, |(_, length)| length);
    let text = decoded.text.get(skipped..).unwrap_or_default();
    let delimiter = match (options.delimiter, declared) {
        (Some(given), _) => given,
        (None, Some((declared, _))) => declared,
        (None, None) => char::from(delimiter::sniff(text)),
    };
    let separator =
        u8::try_from(delimiter).ok().filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n'));
    let separator = separator.ok_or(SheetError::Delimiter { delimiter })?;

    collector.begin(sheet_name(name), false)?;
    let mut lines = Lines { text, at: 0, row: u32::from(skipped > 0) };
    let mut last = (0, 0);
    for record in records(text, separator) {
        let record = record.map_err(|error| damaged("text", error))?;
        let start = record.position().map_or(0, csv::Position::byte);
        last = lines.row_at(usize::try_from(start).unwrap_or(usize::MAX));
        for (field, column) in record.iter().zip(0..) {
            let put = collector.put(last.0, column, field, Kind::Text);
            // A field is often too long because nothing ends it.
            put.or_else(|error| closed(text, last, separator).and(Err(error)))?;
        }
    }
    closed(text, last, separator)?;
    collector.end(&[])?;
    let encoding = Some((decoded.name.to_owned(), decoded.reason));
    Ok(Origin { format: "csv", encoding, delimiter: Some(delimiter) })
}

/// The records of a text, of whatever length each is.
pub(super) fn records(text: &str, delimiter: u8) -> csv::StringRecordsIntoIter<&[u8]> {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true);
    builder.from_reader(text.as_bytes()).into_records()
}

/// Where in a field a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Inside,
    Quoted,
    /// After the quotation mark that ends it, or is the first of two.
    Closed,
}

/// Refuses a text whose last record, which begins at a row and a byte, ends inside of quotes.
fn closed(text: &str, (row, start): (u32, usize), delimiter: u8) -> Result<(), SheetError> {
    let mut state = At::Start;
    let mut line = u64::from(row) + 1;
    let mut opened = line;
    for byte in text.as_bytes().get(start..).unwrap_or_default() {
        line += u64::from(*byte == b'\n');
        state = match (state, byte) {
            (At::Quoted, b'"') => At::Closed,
            // Written twice it is part of the field.
            (At::Quoted, _) | (At::Closed, b'"') => At::Quoted,
            (At::Start, b'"') => {
                opened = line;
                At::Quoted
            }
            (_, byte) if *byte == delimiter || matches!(byte, b'\r' | b'\n') => At::Start,
            _ => At::Inside,
        };
    }
    if state == At::Quoted { Err(SheetError::OpenQuote { line: opened }) } else { Ok(()) }
}

/// Counts lines, which the library does only where they end with a line feed.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    row: u32,
}

impl Lines<'_> {
    /// The row, from 0, and the byte of the record that the library found at `byte`: it may say the line
    /// ends before it.
    fn row_at(&mut self, byte: usize) -> (u32, usize) {
        let bytes = self.text.as_bytes();
        let blank =
            bytes.get(byte..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = byte.saturating_add(blank).min(bytes.len());
        let passed = bytes.get(self.at..start).unwrap_or_default();
        let ends = memchr::memchr2_iter(b'\r', b'\n', passed).filter(|at| {
            let in_pair = passed.get(*at) == Some(&b'\r') && passed.get(at + 1) == Some(&b'\n');
            !in_pair
        });
        self.row = self.row.saturating_add(u32::try_from(ends.count()).unwrap_or(u32::MAX));
        self.at = start;
        (self.row, start)
    }
}

/// The file's name without folders and endings.
fn sheet_name(name: &str) -> &str {
    let mut name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    while let Some((stem, ending)) = name.rsplit_once('.') {
        if stem.is_empty() || !ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
            break;
        }
        name = stem;
    }
    name
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Limits, Workbook};
    use super::*;

    fn workbook(text: &str, options: &Options) -> Result<Workbook, SheetError> {
        let limits = Limits::default();
        let mut collector = Collector::new(&limits, Arc::default());
        let origin = read("folder/some.list.csv.gz", text.as_bytes().to_vec(), options, &mut collector)?;
        Ok(collector.finish(origin))
    }

    /// `row: cell|cell` of what was read.
    fn shown(text: &str) -> Vec<String> {
        let workbook = workbook(text, &Options::default()).unwrap();
        let rows = workbook.sheets.into_iter().flat_map(|sheet| sheet.rows);
        rows.map(|row| {
            let cells: Vec<String> =
                row.cells.iter().map(|cell| format!("{}{}", super::super::letters(cell.column), cell.text)).collect();
            format!("{}: {}", row.number, cells.join("|"))
        })
        .collect()
    }

    #[test]
    fn rows_are_numbered_by_lines() {
        assert_eq!(shown("a,b\n\n1,\"two\nlines\"\n3,4\n"), ["1: Aa|Bb", "3: A1|Btwo\nlines", "5: A3|B4"]);
        assert_eq!(shown("a,b\r\n\r\n1,\"two\r\nlines\"\r\n3,4"), ["1: Aa|Bb", "3: A1|Btwo\nlines", "5: A3|B4"]);
        assert_eq!(shown("a,b\r\r1,2\r3,4\r"), ["1: Aa|Bb", "3: A1|B2", "4: A3|B4"]);
        assert_eq!(shown("\n\na,b\n1,2"), ["3: Aa|Bb", "4: A1|B2"]);
        assert_eq!(shown("sep=;\r\na;b\r\n1;2\r\n"), ["2: Aa|Bb", "3: A1|B2"]);
        assert_eq!(shown("a,b\n,\n  ,\t\n1,2\n"), ["1: Aa|Bb", "4: A1|B2"]);
    }

    #[test]
    fn fields_are_kept_as_they_stand() {
        assert_eq!(
            shown("code,size\n1,5\" disk\n2,\"say \"\"hi\"\"\"\n"),
            ["1: Acode|Bsize", "2: A1|B5\" disk", "3: A2|Bsay \"hi\""]
        );
        assert_eq!(
            shown("#title,Maths\na,b,c\n1\n1,2,3,4\n"),
            ["1: A#title|BMaths", "2: Aa|Bb|Cc", "3: A1", "4: A1|B2|C3|D4"]
        );
        assert_eq!(shown("a,b\n  indented,=1+1\n"), ["1: Aa|Bb", "2: A  indented|B=1+1"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_found_where_it_opens() {
        let open = |text: &str| workbook(text, &Options::default()).unwrap_err();
        assert_eq!(open("a,b\n1,\"two\n3,4\n"), SheetError::OpenQuote { line: 2 });
        assert_eq!(open("a,\"b\n\",\"two\n3,4\n"), SheetError::OpenQuote { line: 2 });
        assert!(workbook("a,\"b\"\"\",5\"\" and 6\"\n", &Options::default()).is_ok());
        let long = format!("a,b\n\"ok\",\"{}\n", "never closed\n".repeat(200_000));
        assert_eq!(open(&long), SheetError::OpenQuote { line: 2 });
        let long = format!("a,b\n1,{}\n", "one field ".repeat(200_000));
        assert!(matches!(open(&long), SheetError::TooLarge { limit: Limit::CellBytes, .. }));
    }

    #[test]
    fn a_given_delimiter_is_used() {
        let options = Options { delimiter: Some('^'), ..Options::default() };
        let workbook = workbook("a,1^b\n", &options).unwrap();
        assert_eq!(workbook.sheets[0].rows[0].get(1), Some("b"));
        assert_eq!(workbook.sheets[0].name, "some.list");
        for delimiter in ['"', '\n', 'é'] {
            let options = Options { delimiter: Some(delimiter), ..Options::default() };
            assert_eq!(super::tests::workbook("a", &options).unwrap_err(), SheetError::Delimiter { delimiter });
        }
    }
}
