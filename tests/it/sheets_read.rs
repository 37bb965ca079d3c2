//! Files of every format become the same cells.

use casement::tabular::cells::{Kind, Options, SheetError, read};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Writer};

use crate::support::fixtures::{MORE, root};
use crate::support::sheets::{archive, changed, open, options, refused, shown, xlsb, xlsx};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(root("tests/fixtures/cells").join(name)).unwrap()
}

/// What `make.py` in the folder of fixtures puts into its sheets.
const MADE: &str = "\
Items
A1 code
B1 statement
C1 grade
D1 weight
E1 date
F1 time
G1 done
H1 formula
I1 error
A2 A
B2 Number sense
C2 3 (Number)
D2 1.1 (Number)
E2 2019-02-05 (Date)
F2 2019-02-05T10:30:00 (Date)
G2 TRUE (Boolean)
H2 3 (Number)
I2 #DIV/0! (Error)
A3 A.1
B3 First line
second line
C3 3,4
D3 1.10 (Number)
F3 09:05:00 (Date)
G3 FALSE (Boolean)
H3 ab
A4   A.2
B4 =not a formula
C4 0012 (Number)
D4 25% (Number)
A6 merged down
B6 row 6
A7 merged down (Merged)
B7 row 7
A8 merged down (Merged)
B8 row 8
A9 merged across
B9 merged across (Merged)
C9 merged across (Merged)
B10 Zählen – größer “so” 数える
Lists (hidden)
A1 one
B1 two
Empty";

/// The same workbook, written by another program.
fn written() -> Vec<u8> {
    let mut book = Writer::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Items").unwrap();
    let headers = ["code", "statement", "grade", "weight", "date", "time", "done", "formula", "error"];
    sheet.write_row(0, 0, headers).unwrap();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let at = |text: &str| ExcelDateTime::parse_from_str(text).unwrap();
    sheet.write_row(1, 0, ["A", "Number sense"]).unwrap();
    sheet.write(1, 2, 3).unwrap().write(1, 3, 1.1).unwrap();
    sheet.write_datetime_with_format(1, 4, at("2019-02-05"), &day).unwrap();
    sheet
        .write_datetime_with_format(1, 5, at("2019-02-05T10:30:00"), &Format::new().set_num_format("d.m.yy hh:mm"))
        .unwrap();
    sheet.write(1, 6, true).unwrap();
    sheet.write_formula(1, 7, Formula::new("=1+2").set_result("3")).unwrap();
    sheet.write_formula(1, 8, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_row(2, 0, ["A.1", "First line\nsecond line", "3,4"]).unwrap();
    sheet.write_number_with_format(2, 3, 1.1, &Format::new().set_num_format("0.00")).unwrap();
    sheet.write_datetime_with_format(2, 5, at("09:05:00"), &Format::new().set_num_format("h:mm AM/PM")).unwrap();
    sheet.write(2, 6, false).unwrap();
    sheet.write_formula(2, 7, Formula::new("=\"a\"&\"b\"").set_result("ab")).unwrap();
    sheet.write_string_with_format(3, 0, "A.2", &Format::new().set_indent(1)).unwrap();
    sheet.write_string(3, 1, "=not a formula").unwrap();
    sheet.write_number_with_format(3, 2, 12, &Format::new().set_num_format("0000")).unwrap();
    sheet.write_number_with_format(3, 3, 0.25, &Format::new().set_num_format("0%")).unwrap();
    let plain = Format::new();
    sheet.merge_range(5, 0, 7, 0, "merged down", &plain).unwrap();
    for row in 5..8 {
        sheet.write(row, 1, format!("row {}", row + 1)).unwrap();
    }
    sheet.merge_range(8, 0, 8, 2, "merged across", &plain).unwrap();
    sheet.write(9, 1, "Zählen – größer “so” 数える").unwrap();
    book.add_worksheet().set_name("Lists").unwrap().set_hidden(true).write_row(0, 0, ["one", "two"]).unwrap();
    book.add_worksheet().set_name("Empty").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn the_same_workbook_is_the_same_in_every_format() {
    let expected: Vec<String> = MADE.split('\n').map(str::to_owned).collect();
    let as_lines = |bytes: &[u8]| -> (String, Vec<String>) {
        let workbook = open(bytes).unwrap();
        (workbook.origin.format.to_owned(), shown(&workbook).join("\n").split('\n').map(str::to_owned).collect())
    };
    let (format, lines) = as_lines(&written());
    assert_eq!((format.as_str(), &lines), ("xlsx", &expected));

    // LibreOffice makes formulas of the two truth values, which show the same.
    let truth =
        |line: &str| line.replace("TRUE (Boolean)", "TRUE (Number)").replace("FALSE (Boolean)", "FALSE (Number)");
    let (format, lines) = as_lines(&fixture("sheets.ods"));
    assert_eq!((format.as_str(), lines), ("ods", expected.iter().map(|line| truth(line)).collect()));

    // calamine keeps no number formats of this format.
    let plain = |line: &str| line.replace(" 1.10", " 1.1").replace(" 0012", " 12").replace(" 25%", " 0.25");
    let (format, lines) = as_lines(&fixture("sheets.xls"));
    assert_eq!((format.as_str(), lines), ("xls", expected.iter().map(|line| plain(line)).collect()));
}

#[test]
fn binary_workbooks_are_read() {
    let workbook = open(&xlsb()).unwrap();
    assert_eq!(workbook.origin.format, "xlsb");
    assert_eq!(
        shown(&workbook),
        ["Codes (hidden)", "A1 code", "C1 1.1 (Number)", "B3 TRUE (Boolean)", "C3 #REF! (Error)"]
    );
}

#[test]
fn macros_and_strict_forms_are_read_too() {
    let macros = changed(&written(), |name, content| match name {
        "[Content_Types].xml" => String::from_utf8(content)
            .unwrap()
            .replace("openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main")
            .into_bytes(),
        _ => content,
    });
    assert_eq!(open(&macros).unwrap().origin.format, "xlsm");
    let strict = changed(&written(), |_, content| match String::from_utf8(content) {
        Ok(text) => text
            .replace(
                "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                "http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            .replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            .into_bytes(),
        Err(other) => other.into_bytes(),
    });
    assert_eq!(shown(&open(&strict).unwrap()).join("\n"), MADE);
}

#[test]
fn sloppy_and_rare_forms_of_xlsx_are_read() {
    let sheet = "<sheetData>\
        <row><c><v>1</v></c><c t=\"str\"><f>A1</f><v> indented</v></c></row>\
        <row r=\"3\"><c r=\"B3\" t=\"inlineStr\"><is><r><t xml:space=\"preserve\">rich </t></r><r><t>text</t></r><rPh><t>ruby</t></rPh></is></c></row>\
        <row r=\"4\"><c r=\"C4\" t=\"d\"><v>2019-02-05T00:00:00</v></c><c r=\"D4\" t=\"e\"><v>#REF!</v></c></row>\
        <row r=\"5\"><c r=\"A5\" t=\"s\"><v>0</v></c><c r=\"B5\" t=\"s\"><v>1</v></c><c r=\"C5\" s=\"99\"><v>0.30000000000000004</v></c></row>\
        <row r=\"2\"><c r=\"B2\"><v>2</v></c><c r=\"A2\"><v>1</v></c></row>\
        </sheetData><pageMargins left=\"\"/>";
    let strings = "<sst uniqueCount=\"0\"><si><t xml:space=\"preserve\">two_x000D_\nlines</t></si><si/></sst>";
    let workbook = open(&xlsx(sheet, &[("xl/sharedStrings.xml", strings)])).unwrap();
    let expected = [
        "Sheet1",
        "A1 1 (Number)",
        "B1  indented",
        "A2 1 (Number)",
        "B2 2 (Number)",
        "B3 rich text",
        "C4 2019-02-05 (Date)",
        "D4 #REF! (Error)",
        "A5 two\nlines",
        "C5 0.3 (Number)",
    ];
    assert_eq!(shown(&workbook), expected);
}

#[test]
fn the_date_system_of_1904_is_followed() {
    let bytes = changed(&written(), |name, content| match name {
        "xl/workbook.xml" => {
            String::from_utf8(content).unwrap().replace("<workbookPr ", "<workbookPr date1904=\"1\" ").into_bytes()
        }
        _ => content,
    });
    let lines = shown(&open(&bytes).unwrap());
    assert!(lines.contains(&"E2 2023-02-06 (Date)".to_owned()), "{lines:?}");
}

#[test]
fn a_merged_sheet_does_not_grow() {
    let cell = |place: &str| format!("<c r=\"{place}\"><v>1</v></c>");
    let whole = "<mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells>";
    let sheet = format!("<sheetData><row>{}</row><row r=\"9\">{}</row></sheetData>{whole}", cell("A1"), cell("C9"));
    let lines = shown(&open(&xlsx(&sheet, &[])).unwrap());
    assert_eq!(
        lines,
        [
            "Sheet1",
            "A1 1 (Number)",
            "B1 1 (Merged)",
            "C1 1 (Merged)",
            "A9 1 (Merged)",
            "B9 1 (Merged)",
            "C9 1 (Number)"
        ]
    );
}

#[test]
fn texts_in_every_encoding_give_the_same_cells() {
    let text = "code;statement\r\nE.1;Größer als – «élève» didn’t, “quoted” 9—10\r\n";
    let expected = "some\nA1 code\nB1 statement\nA2 E.1\nB2 Größer als – «élève» didn’t, “quoted” 9—10";
    let wide = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(to_bytes).collect() };
    let cases: [(&str, Vec<u8>); 8] = [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8", ["\u{feff}".as_bytes(), text.as_bytes()].concat()),
        ("UTF-16LE", wide(u16::to_le_bytes)),
        ("UTF-16BE", wide(u16::to_be_bytes)),
        ("UTF-16LE", [vec![0xff, 0xfe], wide(u16::to_le_bytes)].concat()),
        ("UTF-16BE", [vec![0xfe, 0xff], wide(u16::to_be_bytes)].concat()),
        ("windows-1252", encoding_rs::WINDOWS_1252.encode(text).0.into_owned()),
        ("macintosh", encoding_rs::MACINTOSH.encode(text).0.into_owned()),
    ];
    for (encoding, bytes) in cases {
        let workbook = open(&bytes).unwrap();
        assert_eq!(shown(&workbook).join("\n"), expected, "{encoding}");
        assert_eq!(workbook.origin.delimiter, Some(';'));
        assert_eq!(workbook.origin.encoding.as_ref().map(|(name, _)| name.as_str()), Some(encoding));
        // The name that was found can be given back.
        let given = Options { encoding: Some(encoding.to_owned()), ..Options::default() };
        assert_eq!(read("some.csv", bytes, &given).unwrap().sheets, workbook.sheets);
    }
}

#[test]
fn an_encoding_that_is_wrong_is_said_to_be() {
    let given = |label: &str| Options { encoding: Some(label.to_owned()), ..Options::default() };
    let bytes = encoding_rs::WINDOWS_1252.encode("a\nb\né").0.into_owned();
    let wrong = read("x.csv", bytes.clone(), &given("utf-8")).unwrap_err();
    assert_eq!(wrong, SheetError::WrongEncoding { encoding: "UTF-8".to_owned(), line: 3 });
    let unknown = read("x.csv", bytes.clone(), &given("ebcdic")).unwrap_err();
    assert_eq!(unknown, SheetError::UnknownEncoding { label: "ebcdic".to_owned() });
    assert_eq!(read("x.csv", bytes, &given("Mac Roman")).unwrap().sheets[0].rows[2].get(0), Some("È"));
}

#[test]
fn what_is_protected_or_no_spreadsheet_is_said_to_be() {
    let ods = |kind: &str| format!("application/vnd.oasis.opendocument.{kind}");
    let protected = archive([
        ("mimetype", ods("spreadsheet").as_bytes()),
        ("META-INF/manifest.xml", b"<manifest:encryption-data/>".as_slice()),
        ("content.xml", b"\x01\x02".as_slice()),
    ]);
    assert_eq!(refused(&protected), SheetError::Password);
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let compound =
        |stream: &str| [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), vec![0; 504], wide(stream), vec![0; 64]].concat();
    assert_eq!(refused(&compound("EncryptedPackage")), SheetError::Password);
    let cases = [
        (compound("WordDocument"), "a Word document"),
        (compound("Something"), "a file of some other program"),
        (archive([("word/document.xml", b"<x/>".as_slice())]), "a Word document"),
        (archive([("mimetype", ods("text").as_bytes())]), "an OpenDocument file without sheets"),
        (archive([("Index/Document.iwa", b"".as_slice())]), "an Apple Numbers, Pages or Keynote document"),
        (archive([("table.csv", b"a,b".as_slice())]), "a packed archive"),
        (b"<html><body><table><tr><td>a".to_vec(), "a web page"),
        (b"%PDF-1.4".to_vec(), "a PDF document"),
    ];
    for (bytes, what) in cases {
        match refused(&bytes) {
            SheetError::NotASpreadsheet { found, advice } => {
                assert_eq!(found, what);
                assert!(!advice.is_empty());
            }
            other => panic!("{what}: {other}"),
        }
    }
    assert_eq!(refused(b""), SheetError::Empty);
}

#[test]
fn old_workbooks_need_the_program_that_reads_them() {
    let told = |program: Option<&str>| Options { program: program.map(Into::into), ..Options::default() };
    for program in [None, Some("/nowhere/to/be/found"), Some("/bin/true"), Some("/bin/false")] {
        let error = read("old.xls", fixture("sheets.xls"), &told(program)).unwrap_err();
        assert!(matches!(error, SheetError::Child { .. }), "{error}");
        assert!(error.to_string().contains("save it as xlsx"), "{error}");
    }
}

#[test]
fn two_hundred_thousand_rows_are_read() {
    use std::fmt::Write as _;
    let mut text = String::from("code,statement,grade\n");
    for row in 0..200_000 {
        writeln!(text, "M.{row},\"Statement, number {row}\",{}", row % 13).unwrap();
    }
    let workbook = open(text.as_bytes()).unwrap();
    let rows = &workbook.sheets[0].rows;
    assert_eq!(rows.len(), 200_001);
    let last = rows.last().unwrap();
    assert_eq!((last.number, last.get(0), last.get(1)), (200_001, Some("M.199999"), Some("Statement, number 199999")));
    assert!(last.cells.iter().all(|cell| cell.kind == Kind::Text));
}

/// The files of the tools that people come from; what each has to give is told by their importers.
#[test]
fn real_files_are_read() {
    let Some(folder) = std::env::var_os(MORE).filter(|folder| !folder.is_empty()) else { return };
    let folder = std::path::Path::new(&folder).join("spreadsheets");
    let Ok(entries) = std::fs::read_dir(&folder) else { return };
    let mut count = 0;
    for path in entries.map(|entry| entry.unwrap().path()) {
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if !["csv", "xlsx"].contains(&ending.as_str()) {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let workbook =
            read(&name, std::fs::read(&path).unwrap(), &options()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(workbook.sheets.iter().any(|sheet| !sheet.rows.is_empty()), "{name} is empty");
        assert_eq!(workbook.origin.format, ending, "{name}");
        let text = shown(&workbook).join("\n");
        if name == "opensalt-ccsso-ela-items-macroman.csv" {
            assert!(text.contains("grades 9—10"));
            assert_eq!(workbook.origin.encoding.unwrap().0, "macintosh");
        } else if ending == "csv" {
            assert_eq!(workbook.origin.encoding.unwrap().0, "UTF-8", "{name}");
        }
        count += 1;
    }
    assert!(count > 30, "only {count} files in {}", folder.display());
}
