//! Files that are made to hurt, or were damaged on the way, end in a sentence: no panic, no hang,
//! and no more memory than the limits allow.

use std::time::{Duration, Instant};

use casement::tabular::cells::{Limit, Limits, Options, SheetError, Workbook, read};
use proptest::prelude::*;
use proptest::sample::Index;
use rust_xlsxwriter::Workbook as Writer;

use crate::support::fixtures::root;
use crate::support::sheets::{archive, changed, open, options, refused, shown, xlsb, xlsx};

/// No file of a few kilobytes takes this long, even in a build without optimisation.
const LONG: Duration = Duration::from_secs(30);

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(root("tests/fixtures/cells").join(name)).unwrap()
}

fn small_xlsx() -> Vec<u8> {
    let mut book = Writer::new();
    let sheet = book.add_worksheet();
    for row in 0..20 {
        sheet.write_row(row, 0, [format!("M.{row}"), format!("Statement {row}")]).unwrap();
        sheet.write(row, 2, row).unwrap();
    }
    sheet.merge_range(21, 0, 21, 3, "merged", &rust_xlsxwriter::Format::new()).unwrap();
    book.save_to_buffer().unwrap()
}

fn limited(bytes: &[u8], limits: Limits) -> Result<Workbook, SheetError> {
    read("some.csv", bytes.to_vec(), &Options { limits, ..options() })
}

#[test]
fn two_cells_far_apart_are_two_cells() {
    let sheet = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>\
                 <row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData>";
    let bytes = xlsx(sheet, &[]);
    assert!(bytes.len() < 2048);
    assert_eq!(shown(&open(&bytes).unwrap()), ["Sheet1", "A1 1 (Number)", "XFD1048576 2 (Number)"]);
}

#[test]
fn every_limit_is_named_with_its_value() {
    let sheet = "<sheetData><row r=\"3\"><c r=\"A3\"><v>1</v></c><c r=\"D3\"><v>12345</v></c></row></sheetData>";
    let packed = xlsx(sheet, &[]);
    let text = b"a,b,c,d\n1,2,3,4\n5,6,7,12345\n".to_vec();
    let ods = fixture("sheets.ods");
    let set = |set: fn(&mut Limits)| {
        let mut limits = Limits::default();
        set(&mut limits);
        limits
    };
    let cases = [
        (Limit::Rows, 2, set(|limits| limits.rows = 2)),
        (Limit::Columns, 3, set(|limits| limits.columns = 3)),
        (Limit::Cells, 1, set(|limits| limits.cells = 1)),
        (Limit::CellBytes, 4, set(|limits| limits.cell_bytes = 4)),
        (Limit::UnpackedBytes, 3, set(|limits| limits.unpacked_bytes = 3)),
        (Limit::Sheets, 0, set(|limits| limits.sheets = 0)),
    ];
    for (limit, value, limits) in cases {
        for bytes in [&packed, &text, &ods] {
            // Few cells also mean few elements.
            let error = limited(bytes, limits.clone()).unwrap_err();
            let parts = SheetError::TooLarge { limit: Limit::Parts, value };
            assert!(
                error == SheetError::TooLarge { limit, value } || (limit == Limit::Cells && error == parts),
                "{error}"
            );
            assert!(error.to_string().contains(&value.to_string()), "{error}");
        }
    }
    let error = limited(&packed, set(|limits| limits.seconds = 0)).unwrap_err();
    assert_eq!(error, SheetError::TooSlow { seconds: 0 });
}

#[test]
fn what_unpacks_without_end_is_stopped() {
    let limits = || Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    let too_large = SheetError::TooLarge { limit: Limit::UnpackedBytes, value: 1 << 20 };
    let blank = " ".repeat(2 << 20);
    let one = xlsx(&format!("<sheetData/>{blank}"), &[]);
    assert!(one.len() < 10_000);
    assert_eq!(limited(&one, limits()).unwrap_err(), too_large);
    // In a part that nobody needs, and spread over many.
    assert_eq!(limited(&xlsx("<sheetData/>", &[("xl/media/picture.png", &blank)]), limits()).unwrap_err(), too_large);
    let (half, names): (_, Vec<_>) = (&blank[..600_000], (0..3).map(|n| format!("xl/part{n}.xml")).collect());
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), half)).collect();
    assert_eq!(limited(&xlsx("<sheetData/>", &many), limits()).unwrap_err(), too_large);

    let ods = changed(&fixture("sheets.ods"), |name, content| match name {
        "content.xml" => [content, blank.clone().into_bytes()].concat(),
        _ => content,
    });
    assert_eq!(limited(&ods, limits()).unwrap_err(), too_large);
    // Sizes that lie in the directory: 1 where there are 2 MiB.
    let lying: Vec<u8> = {
        let size = u32::try_from(blank.len()).unwrap().to_le_bytes();
        let mut bytes = xlsx("<sheetData/>", &[("xl/a.xml", &blank)]);
        let places: Vec<usize> = memchr::memmem::find_iter(&bytes, &size).collect();
        assert!(!places.is_empty());
        places.into_iter().for_each(|at| bytes[at..at + 4].copy_from_slice(&1_u32.to_le_bytes()));
        bytes
    };
    let outcome = limited(&lying, limits());
    assert!(outcome.is_ok() || outcome == Err(too_large), "{outcome:?}");
}

#[test]
fn small_files_that_ask_for_much_memory_are_refused() {
    // Calamine sets memory aside for as many strings as are announced.
    let strings = "<sst uniqueCount=\"99999999999\"><si><t>a</t></si></sst>";
    let cell = "<sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData>";
    let parts = |value| SheetError::TooLarge { limit: Limit::Parts, value };
    assert_eq!(refused(&xlsx(cell, &[("xl/sharedStrings.xml", strings)])), parts(5_000_000));
    assert_eq!(refused(&xlsx(cell, &[("xl/SharedStrings.XML", strings)])), parts(5_000_000));
    // Every style is a copy of the format that it names.
    let styles = format!(
        "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"{}\"/></numFmts><cellXfs>{}</cellXfs></styleSheet>",
        "0".repeat(100_000),
        "<xf numFmtId=\"200\"/>".repeat(100_000)
    );
    assert_eq!(refused(&xlsx(cell, &[("xl/styles.xml", &styles)])), parts(5_000_000));
    let many: Vec<String> = (0..10_001).map(|n| n.to_string()).collect();
    assert_eq!(refused(&archive(many.iter().map(|name| (name.as_str(), b"".as_slice())))), parts(10_000));

    let ods = |rows: &str| {
        changed(&fixture("sheets.ods"), |name, content| {
            match name {
            "content.xml" => format!(
                "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"a\">{rows}</table:table>\
                 </office:spreadsheet></office:body></office:document-content>"
            )
            .into_bytes(),
            _ => content,
        }
        })
    };
    let repeated = |rows: u32, columns: u32, text: &str| {
        ods(&format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell office:value-type=\"string\" \
             table:number-columns-repeated=\"{columns}\"><text:p>{text}</text:p></table:table-cell></table:table-row>"
        ))
    };
    assert_eq!(shown(&open(&repeated(2, 2, "x")).unwrap()), ["a", "A1 x", "B1 x", "A2 x", "B2 x"]);
    assert_eq!(shown(&open(&repeated(u32::MAX, u32::MAX, "")).unwrap()), ["a"]);
    let too_large = |limit, value| SheetError::TooLarge { limit, value };
    assert_eq!(refused(&repeated(1_048_576, 16_384, "x")), too_large(Limit::Cells, 5_000_000));
    assert_eq!(refused(&repeated(1, u32::MAX, "x")), too_large(Limit::Columns, 16_384));
    assert_eq!(refused(&repeated(1, 1, "<text:s text:c=\"4000000000\"/>x")), too_large(Limit::CellBytes, 1 << 20));
}

#[test]
fn numbers_beyond_every_row_and_column_end_in_a_sentence() {
    for place in ["ZZZZZZZZZZ1", "A99999999999999", "XFE1", "A1048577", "é1", "1", ""] {
        let bytes = xlsx(&format!("<sheetData><row><c r=\"{place}\"><v>1</v></c></row></sheetData>"), &[]);
        let error = refused(&bytes);
        assert!(matches!(error, SheetError::TooLarge { .. } | SheetError::Damaged { .. }), "{place}: {error}");
    }
}

#[test]
fn the_process_for_old_workbooks_is_kept_in_its_limits() {
    let far = fixture("far.xls");
    assert_eq!(shown(&open(&far).unwrap()), ["Sheet", "A1 first", "IV65536 last"]);
    let starved = limited(&far, Limits { child_memory: 200 << 20, ..Limits::default() }).unwrap_err();
    assert!(matches!(starved, SheetError::Child { .. }), "{starved}");
    assert!(starved.to_string().contains("save it as xlsx"), "{starved}");
    let cells = limited(&fixture("sheets.xls"), Limits { cells: 3, ..Limits::default() }).unwrap_err();
    assert_eq!(cells, SheetError::TooLarge { limit: Limit::Cells, value: 3 });
}

/// The beginnings of a file, one for each fiftieth.
fn beginnings(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    (0..50).map(|part| &bytes[..bytes.len() * part / 50])
}

#[test]
fn files_that_are_cut_off_end_in_a_sentence() {
    for bytes in [small_xlsx(), fixture("sheets.ods")] {
        for beginning in beginnings(&bytes) {
            let error = refused(beginning);
            assert!(error.to_string().contains("; "), "it says what to do: {error}");
        }
    }
    for beginning in beginnings(&fixture("sheets.xls")) {
        // What is left may be enough of a workbook.
        if let Err(error) = open(beginning) {
            assert!(error.to_string().contains("; "), "it says what to do: {error}");
        }
    }
}

/// Flips bytes of a file, and reads what is left.
fn read_flipped(mut bytes: Vec<u8>, flips: &[(Index, u8)]) {
    for (at, flip) in flips {
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
    }
    let start = Instant::now();
    // Either way is right; a panic or an abort is not.
    let _ = open(&bytes);
    assert!(start.elapsed() < LONG);
}

/// The same inside of the packed parts, where a flip in the archive would only break its sum.
fn flip_inside(bytes: &[u8], flips: &[(Index, u8)]) -> Vec<u8> {
    changed(bytes, |name, mut content| {
        if !name.starts_with('[') && !name.starts_with('_') && !content.is_empty() {
            for (at, flip) in flips {
                let at = at.index(content.len());
                content[at] ^= flip;
            }
        }
        content
    })
}

fn flips() -> impl Strategy<Value = Vec<(Index, u8)>> {
    proptest::collection::vec((any::<Index>(), 1..=255_u8), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bytes_do_no_harm(flips in flips()) {
        for bytes in [small_xlsx(), fixture("sheets.ods"), b"code;text\n\"a\";b\r\nc;\"d\ne\"\n".to_vec()] {
            read_flipped(bytes, &flips);
        }
        for bytes in [small_xlsx(), fixture("sheets.ods")] {
            read_flipped(flip_inside(&bytes, &flips), &[]);
        }
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        read_flipped(bytes, &[]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bytes_of_old_workbooks_do_no_harm(flips in flips()) {
        read_flipped(fixture("sheets.xls"), &flips);
        read_flipped(flip_inside(&xlsb(), &flips), &[]);
    }
}
