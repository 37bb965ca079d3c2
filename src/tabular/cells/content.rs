//! What kind of file some bytes are, told by the bytes. Never looks at a file's name, never reads a
//! cell.

use std::io::Read;

use memchr::memmem;

use super::archive;
use super::error::SheetError;
use super::legacy;

/// Which reader can read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// CSV and its relatives.
    Text,
    /// OOXML: `xlsx` or `xlsm`.
    Excel(&'static str),
    OpenDocument,
    Legacy(legacy::Kind),
}

/// A compound file, which XLS, old Word documents and encrypted workbooks are.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// How files begin that people mistake for a spreadsheet, what they are, and what to do.
const BEGINNINGS: &[(&[u8], &str, &str)] = &[
    (b"%PDF", "a PDF document", "export the table as xlsx or CSV"),
    (b"{\\rtf", "a rich text document", "copy its table into a spreadsheet and save that"),
    (b"\x89PNG", "a picture", FROM_PICTURE),
    (b"\xff\xd8\xff", "a picture", FROM_PICTURE),
    (b"GIF8", "a picture", FROM_PICTURE),
    (b"II*\0", "a picture", FROM_PICTURE),
    (b"MM\0*", "a picture", FROM_PICTURE),
    (b"BM", "a picture", FROM_PICTURE),
    (b"RIFF", "a picture or a sound", FROM_PICTURE),
    (b"SQLite format 3\0", "a database", "export a table of it as CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a packed archive", UNPACK),
    (b"Rar!", "a packed archive", UNPACK),
    (b"BZh", "a packed archive", UNPACK),
    (b"\xfd7zXZ", "a packed archive", UNPACK),
    (b"\x1f\x8b", "a packed archive", UNPACK),
    (b"PAR1", "a Parquet file", "export it as CSV"),
];

const FROM_PICTURE: &str = "type the table into a spreadsheet and save that";
const UNPACK: &str = "unpack it and try the file inside";
const SAVE_AS: &str = "open it in a spreadsheet program and save it as xlsx";

/// How texts begin, after white space and in lower case, that are no tables.
const TEXTS: &[(&str, &str, &str)] = &[
    ("<!doctype html", "a web page", SAVE_AS),
    ("<html", "a web page", SAVE_AS),
    ("<table", "a web page", SAVE_AS),
    ("<head", "a web page", SAVE_AS),
    ("<meta", "a web page", SAVE_AS),
    ("mime-version:", "a web page", SAVE_AS),
    ("<?xml", "an XML document", SAVE_AS),
];

/// Names of parts that only one kind of archive has.
const PARTS: &[(&str, &str, &str)] = &[
    ("word/", "a Word document", "copy its table into a spreadsheet and save that"),
    ("ppt/", "a PowerPoint presentation", "copy its table into a spreadsheet and save that"),
    ("visio/", "a drawing", "copy its table into a spreadsheet and save that"),
    ("index/", "an Apple Numbers, Pages or Keynote document", "export it as Excel (xlsx) from there"),
    ("index.zip", "an Apple Numbers, Pages or Keynote document", "export it as Excel (xlsx) from there"),
];

/// Types of OpenDocument other than spreadsheets come after this.
const OPEN_DOCUMENT: &str = "application/vnd.oasis.opendocument.";

/// Tells what `bytes` are.
///
/// # Errors
/// [`SheetError`] when it is nothing that can be read, and why.
pub(super) fn tell(bytes: &[u8]) -> Result<Content, SheetError> {
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if bytes.starts_with(COMPOUND) {
        return compound(bytes);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return packed(bytes);
    }
    if let Some((_, found, advice)) = BEGINNINGS.iter().find(|(start, ..)| bytes.starts_with(start)) {
        // Only "BM" could begin a text; pictures have zero bytes soon after.
        if start_has_zero(bytes) || *found != "a picture" {
            return Err(not_a_spreadsheet(found, advice));
        }
    }
    let beginning: String =
        bytes.iter().take(2048).filter(|byte| byte.is_ascii() && **byte != 0).map(|b| char::from(*b)).collect();
    let beginning = beginning.trim_start().to_ascii_lowercase();
    if let Some((_, found, advice)) = TEXTS.iter().find(|(start, ..)| beginning.starts_with(start)) {
        return Err(not_a_spreadsheet(found, advice));
    }
    if is_json(bytes) {
        return Err(not_a_spreadsheet("JSON", "import it as a package, or export it as xlsx or CSV"));
    }
    Ok(Content::Text)
}

fn start_has_zero(bytes: &[u8]) -> bool {
    bytes.iter().take(64).any(|byte| *byte == 0)
}

fn not_a_spreadsheet(found: &str, advice: &str) -> SheetError {
    SheetError::NotASpreadsheet { found: found.to_owned(), advice: advice.to_owned() }
}

fn is_json(bytes: &[u8]) -> bool {
    let starts = bytes.trim_ascii_start();
    (starts.starts_with(b"{") || starts.starts_with(b"["))
        && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

/// The directory of a compound file names its streams in UTF-16.
fn compound(bytes: &[u8]) -> Result<Content, SheetError> {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &wide).is_some()
    };
    if has("EncryptedPackage") || has("EncryptionInfo") {
        return Err(SheetError::Password);
    }
    if has("Workbook") || has("Book") {
        return Ok(Content::Legacy(legacy::Kind::Xls));
    }
    let (found, advice) = match () {
        () if has("WordDocument") => ("a Word document", "copy its table into a spreadsheet and save that"),
        () if has("PowerPoint Document") => {
            ("a PowerPoint presentation", "copy its table into a spreadsheet and save that")
        }
        () => ("a file of some other program", SAVE_AS),
    };
    Err(not_a_spreadsheet(found, advice))
}

fn packed(bytes: &[u8]) -> Result<Content, SheetError> {
    let mut archive = archive::open(bytes, "packed")?;
    let names: Vec<String> =
        archive.file_names().flatten().map(|name| name.replace('\\', "/").to_ascii_lowercase()).collect();
    let mut beginning = |part: &str| {
        let mut text = String::new();
        if let Ok(entry) = archive.by_name(part) {
            // What is not text says nothing.
            let _ = entry.take(1 << 20).read_to_string(&mut text);
        }
        text
    };
    let mimetype = beginning("mimetype");
    let types = beginning("[Content_Types].xml");
    let has = |name: &str| names.iter().any(|known| known == name);
    if let Some(kind) = mimetype.trim().strip_prefix(OPEN_DOCUMENT) {
        if !kind.starts_with("spreadsheet") {
            return Err(not_a_spreadsheet("an OpenDocument file without sheets", SAVE_AS));
        }
        return if beginning("META-INF/manifest.xml").contains("encryption-data") {
            Err(SheetError::Password)
        } else {
            Ok(Content::OpenDocument)
        };
    }
    if types.contains("sheet.binary") || has("xl/workbook.bin") {
        return Ok(Content::Legacy(legacy::Kind::Xlsb));
    }
    if types.contains("sheet.macroEnabled") || types.contains("template.macroEnabled.main") {
        return Ok(Content::Excel("xlsm"));
    }
    if types.contains("spreadsheetml") || has("xl/workbook.xml") {
        return Ok(Content::Excel("xlsx"));
    }
    let known = PARTS.iter().find(|(part, ..)| names.iter().any(|name| name.starts_with(part)));
    let (_, found, advice) = known.unwrap_or(&("", "a packed archive", UNPACK));
    Err(not_a_spreadsheet(found, advice))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> String {
        match tell(bytes).unwrap_err() {
            SheetError::NotASpreadsheet { found, .. } => found,
            other => other.to_string(),
        }
    }

    #[test]
    fn what_is_no_spreadsheet_is_named() {
        assert_eq!(found(b"%PDF-1.7\n"), "a PDF document");
        assert_eq!(found(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "a picture");
        assert_eq!(found(b"\xef\xbb\xbf \n<HTML><table><tr>"), "a web page");
        assert_eq!(found(b"<?xml version=\"1.0\"?><Workbook/>"), "an XML document");
        assert_eq!(found(b" {\"CFDocument\": {}}"), "JSON");
        assert_eq!(found(b""), SheetError::Empty.to_string());
    }

    #[test]
    fn text_is_text_whatever_it_begins_with() {
        for text in ["BMI,code\n1,2\n", "[code],statement\n", "{a};{b}\n", "<5,about\n", "code"] {
            assert_eq!(tell(text.as_bytes()).unwrap(), Content::Text, "{text}");
        }
    }
}
