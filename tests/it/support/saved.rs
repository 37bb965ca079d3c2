//! Workbooks saved as files of each format, by other hands than the ones that read them.

use casement::tabular::cells::{Kind, Sheet, Workbook};
use rust_xlsxwriter::Workbook as Excel;

use super::sheets::archive;

/// What a workbook can be saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedAs {
    Xlsx,
    Ods,
    /// UTF-8 with a byte-order mark, as Excel writes it.
    Csv,
    /// Semicolons in Windows-1252, as Excel writes it where the comma is in numbers.
    Semicolons,
}

impl SavedAs {
    pub const ALL: [SavedAs; 4] = [SavedAs::Xlsx, SavedAs::Ods, SavedAs::Csv, SavedAs::Semicolons];

    /// The file, unless the format cannot hold the workbook.
    pub fn save(self, workbook: &Workbook) -> Option<Vec<u8>> {
        match (self, workbook.sheets.as_slice()) {
            (SavedAs::Xlsx, sheets) => Some(xlsx(sheets)),
            (SavedAs::Ods, sheets) => Some(ods(sheets)),
            (SavedAs::Csv, [sheet]) => Some(["\u{feff}".as_bytes(), &text(sheet, b',')].concat()),
            (SavedAs::Semicolons, [sheet]) => {
                let text = String::from_utf8(text(sheet, b';')).expect("cells are text");
                let (bytes, _, lossy) = encoding_rs::WINDOWS_1252.encode(&text);
                (!lossy).then(|| bytes.into_owned())
            }
            (SavedAs::Csv | SavedAs::Semicolons, _) => None,
        }
    }
}

fn xlsx(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = Excel::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        // Longer names are cut by Excel too.
        page.set_name(sheet.name.chars().take(31).collect::<String>()).expect("a name of a sheet");
        page.set_hidden(sheet.hidden);
        for row in &sheet.rows {
            for cell in &row.cells {
                let (line, column) = (row.number - 1, u16::try_from(cell.column).expect("few columns"));
                let number = cell.text.parse::<f64>().ok().filter(|number| number.to_string() == cell.text);
                let written = match number.filter(|_| cell.kind == Kind::Number) {
                    Some(number) => page.write_number(line, column, number),
                    None => page.write_string(line, column, &cell.text),
                };
                written.expect("a cell can be written");
            }
        }
    }
    book.save_to_buffer().expect("a workbook can be saved")
}

fn ods(sheets: &[Sheet]) -> Vec<u8> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content office:version=\"1.3\" \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>",
    );
    let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
    // More than one space is written as `text:s`, as the format has it.
    let line = |text: &str| {
        let text = escape(text);
        let spaces = text.len() - text.trim_start_matches(' ').len();
        let text = text[spaces..].replace("  ", " <text:s/>");
        format!("<text:p><text:s text:c=\"{spaces}\"/>{text}</text:p>")
    };
    for sheet in sheets {
        xml.extend(["<table:table table:name=\"", &escape(&sheet.name), "\">"]);
        let mut next = 1;
        for row in &sheet.rows {
            if row.number > next {
                let blank = row.number - next;
                let blank = blank.to_string();
                let parts = [
                    "<table:table-row table:number-rows-repeated=\"",
                    &blank,
                    "\"><table:table-cell/></table:table-row>",
                ];
                xml.extend(parts);
            }
            next = row.number + 1;
            xml.push_str("<table:table-row>");
            let mut column = 0;
            for cell in &row.cells {
                if cell.column > column {
                    let blank = cell.column - column;
                    xml.extend(["<table:table-cell table:number-columns-repeated=\"", &blank.to_string(), "\"/>"]);
                }
                column = cell.column + 1;
                let lines: String = cell.text.split('\n').map(line).collect();
                xml.extend(["<table:table-cell office:value-type=\"string\">", &lines, "</table:table-cell>"]);
            }
            xml.push_str("</table:table-row>");
        }
        xml.push_str("</table:table>");
    }
    xml.push_str("</office:spreadsheet></office:body></office:document-content>");
    let kind = b"application/vnd.oasis.opendocument.spreadsheet".as_slice();
    archive([("mimetype", kind), ("content.xml", xml.as_bytes())])
}

fn text(sheet: &Sheet, delimiter: u8) -> Vec<u8> {
    let width = sheet.rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.column + 1).max().unwrap_or(0);
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    let mut next = 1;
    for row in &sheet.rows {
        for _ in next..row.number {
            writer.write_record((0..width).map(|_| "")).expect("a blank record");
        }
        next = row.number + 1;
        writer.write_record((0..width).map(|column| row.get(column).unwrap_or_default())).expect("a record");
    }
    writer.into_inner().expect("a file in memory")
}
