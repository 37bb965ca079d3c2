//! Written files as plain tables, read by crates that know nothing of ours.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use casement::tabular::plain::{SHEET, unguard};

/// One table: its name, its header, and its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The cells of one column, by its header.
    #[track_caller]
    pub fn column(&self, header: &str) -> Vec<&str> {
        let at = self.header.iter().position(|one| one == header);
        let at = at.unwrap_or_else(|| panic!("no column {header} in {}: {:?}", self.name, self.header));
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }

    /// The row in whose column stands this text.
    #[track_caller]
    pub fn row(&self, header: &str, text: &str) -> BTreeMap<&str, &str> {
        let at = self.column(header).iter().position(|cell| *cell == text);
        let row = &self.rows[at.unwrap_or_else(|| panic!("no row with {text} in {header}"))];
        self.header.iter().map(String::as_str).zip(row.iter().map(String::as_str)).collect()
    }
}

/// The table of that name.
#[track_caller]
pub fn named<'t>(tables: &'t [Table], name: &str) -> &'t Table {
    tables.iter().find(|table| table.name == name).unwrap_or_else(|| panic!("no sheet {name}"))
}

/// The sheets of a workbook; fails on a cell that is not text.
pub fn of_workbook(bytes: &[u8]) -> Vec<Table> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let names = workbook.sheet_names();
    let text = |cell: &Data| match cell {
        Data::String(text) => plain(text),
        Data::Empty => String::new(),
        other => panic!("a cell that is no text: {other:?}"),
    };
    let table = |name: String| {
        let range = workbook.worksheet_range(&name).expect("a sheet");
        let mut rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(text).collect()).collect();
        let header = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        Table { name, header, rows }
    };
    names.into_iter().map(table).collect()
}

/// The `#property,value` lines of a CSV file, or the properties of the framework in one of our own,
/// and its other tables; the first of another program's file has no name.
pub fn of_csv(bytes: &[u8]) -> (BTreeMap<String, String>, Vec<Table>) {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut records = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let (mut pairs, mut tables) = (BTreeMap::new(), vec![Table::default()]);
    for record in records.records() {
        let record: Vec<String> = record.expect("a record").iter().map(|cell| plain(unguard(cell))).collect();
        let table = tables.last_mut().expect("a table");
        if record[0] == SHEET {
            tables.push(Table { name: record[1].clone(), ..Table::default() });
        } else if let Some(property) = record[0].strip_prefix('#') {
            pairs.insert(property.to_owned(), record[1..].join("|"));
        } else if table.header.is_empty() {
            table.header = record;
        } else if table.header == ["property", "value"] {
            pairs.insert(record[0].clone(), record[1].clone());
        } else {
            table.rows.push(record);
        }
    }
    tables.retain(|table| !table.header.is_empty() && table.name != "CF Doc");
    (pairs, tables)
}

/// The text that a cell of ours stands for.
fn plain(cell: &str) -> String {
    let json = cell.strip_prefix("json:").and_then(|json| serde_json::from_str(json).ok());
    json.unwrap_or_else(|| cell.to_owned())
}
