//! Making and showing spreadsheets.

use std::io::{Cursor, Write};

use casement::tabular::cells::{Kind, Options, SheetError, Workbook, letters, read};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The defaults, with the program of this build as the reader of old workbooks.
pub fn options() -> Options {
    Options { program: Some(env!("CARGO_BIN_EXE_casement").into()), ..Options::default() }
}

pub fn open(bytes: &[u8]) -> Result<Workbook, SheetError> {
    read("some.csv", bytes.to_vec(), &options())
}

/// What a person is told about a file that cannot be read.
#[track_caller]
pub fn refused(bytes: &[u8]) -> SheetError {
    match open(bytes) {
        Err(error) => error,
        Ok(workbook) => panic!("it was read: {:?}", shown(&workbook)),
    }
}

/// Every sheet, row and cell in a line each: `A1 text`, with what it is if it is not text.
pub fn shown(workbook: &Workbook) -> Vec<String> {
    let mut lines = Vec::new();
    for sheet in &workbook.sheets {
        lines.push(format!("{}{}", sheet.name, if sheet.hidden { " (hidden)" } else { "" }));
        for row in &sheet.rows {
            for cell in &row.cells {
                let kind = if cell.kind == Kind::Text { String::new() } else { format!(" ({:?})", cell.kind) };
                lines.push(format!("{}{} {}{kind}", letters(cell.column), row.number, cell.text));
            }
        }
    }
    lines
}

/// A zip archive of these parts.
pub fn archive<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(name, packed).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The archive with what `change` makes of each part.
pub fn changed(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let parts: Vec<(String, Vec<u8>)> = (0..old.len())
        .map(|index| {
            let mut entry = old.by_index(index).unwrap();
            let name = entry.name().unwrap().into_owned();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
            let content = change(&name, content);
            (name, content)
        })
        .collect();
    archive(parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())))
}

/// The smallest XLSX with one sheet of this `sheetData` and what follows it, and these other parts.
pub fn xlsx(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let relationships = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{RELATIONS}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Override PartName=\"/xl/workbook.xml\" \
                 ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>"
            ),
        ),
        ("_rels/.rels", relationships("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" \
                 r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relationships("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{MAIN}\">{sheet}</worksheet>")),
    ];
    let more = more.iter().map(|(name, content)| (*name, content.as_bytes()));
    archive(parts.iter().map(|(name, content)| (*name, content.as_bytes())).chain(more))
}

/// A small XLSB with one hidden sheet, record by record (MS-XLSB 2.1.4).
pub fn xlsb() -> Vec<u8> {
    fn record(kind: u16, body: &[&[u8]]) -> Vec<u8> {
        // Seven bits in a byte, the low ones first; the first bit says whether there are more.
        let kind = match u8::try_from(kind) {
            Ok(kind) if kind < 0x80 => vec![kind],
            _ => [kind & 0x7f | 0x80, kind >> 7].iter().map(|part| u8::try_from(*part).unwrap()).collect(),
        };
        let body = body.concat();
        let length = u8::try_from(body.len()).unwrap();
        assert!(length < 0x80, "one byte says the length");
        [kind, vec![length], body].concat()
    }
    fn wide(text: &str) -> Vec<u8> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let length = u32::try_from(units.len()).unwrap().to_le_bytes();
        length.into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
    }
    let number = |number: u32| number.to_le_bytes();
    let cell = |kind: u16, column: u32, value: &[u8]| record(kind, &[&number(column), &number(0), value]);
    let book =
        [record(0x9c, &[&number(1), &number(1), &wide("r1"), &wide("Codes")]), record(0x90, &[]), record(0x84, &[])];
    let sheet = [
        record(0x94, &[&[0; 16]]),
        record(0x91, &[]),
        record(0x00, &[&number(0)]),
        cell(0x06, 0, &wide("code")),
        cell(0x05, 2, &1.1_f64.to_le_bytes()),
        record(0x00, &[&number(2)]),
        cell(0x04, 1, &[1]),
        cell(0x03, 2, &[0x17]),
        record(0x92, &[]),
    ];
    let relationships = "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.bin\"/></Relationships>";
    archive([
        ("[Content_Types].xml", b"<Types/>".as_slice()),
        ("xl/workbook.bin", &book.concat()),
        ("xl/_rels/workbook.bin.rels", relationships.as_bytes()),
        ("xl/worksheets/sheet1.bin", &sheet.concat()),
    ])
}
