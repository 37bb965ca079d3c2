//! Workbooks made by hand, with their mapping: the first row names the fields.

use casement::case::read::Reading;
use casement::registry::{Applied, Plan, PlanOptions, Registry, RegistryError};
use casement::tabular::build::Options;
use casement::tabular::cells::{Cell, Kind, Row, Sheet, Workbook};
use casement::tabular::mapping::{ColumnMapping, Field, Guess, Hierarchy, Mapping, Role, SheetMapping};

/// A workbook and how it is read.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub workbook: Workbook,
    pub mapping: Mapping,
}

impl Book {
    /// A workbook with one sheet of items; see [`Book::sheet`].
    pub fn items(hierarchy: Hierarchy, text: &str) -> Book {
        Book::default().title("Test framework").sheet("Items", Role::Items, hierarchy, text)
    }

    pub fn title(self, title: &str) -> Book {
        self.document("title", title)
    }

    pub fn document(mut self, name: &str, text: &str) -> Book {
        self.mapping.document.retain(|(known, _)| known != name);
        self.mapping.document.push((name.to_owned(), text.to_owned()));
        self
    }

    /// Adds a sheet: lines of cells between bars, the first with the fields, spelled as for `--map`;
    /// `field[,]` splits its cells.
    pub fn sheet(self, name: &str, role: Role, hierarchy: Hierarchy, text: &str) -> Book {
        let rows = text.lines().filter(|line| !line.trim().is_empty());
        let rows = rows.map(|line| line.split('|').map(str::to_owned).collect()).collect();
        self.rows(name, role, hierarchy, rows)
    }

    /// [`Book::sheet`] of cells that may hold anything.
    pub fn rows(mut self, name: &str, role: Role, hierarchy: Hierarchy, rows: Vec<Vec<String>>) -> Book {
        let header = rows.first().cloned().unwrap_or_default();
        let columns = header.iter().enumerate().map(|(at, name)| {
            let name = name.trim();
            let (field, separator) = match name.split_once('[') {
                Some((field, rest)) => (field, rest.chars().next()),
                None => (name, None),
            };
            let field: Field = field.parse().unwrap_or_else(|error| panic!("{error}"));
            let column = u32::try_from(at).expect("few columns");
            ColumnMapping { column, header: name.to_owned(), field: Guess::given(field), separator }
        });
        self.mapping.sheets.push(SheetMapping {
            sheet: name.to_owned(),
            role,
            header_row: Some(1),
            first_row: 2,
            columns: columns.collect(),
            hierarchy: Guess::given(hierarchy),
            constants: Vec::new(),
            asides: Vec::new(),
            reason: "given".to_owned(),
        });
        let rows = rows.iter().enumerate().map(|(at, cells)| {
            let cells = cells.iter().enumerate().filter(|(_, text)| !text.trim().is_empty());
            let cell = |(at, text): (usize, &String)| Cell {
                column: u32::try_from(at).expect("few columns"),
                text: text.trim_end().to_owned(),
                kind: Kind::Text,
            };
            Row { number: u32::try_from(at + 1).expect("few rows"), cells: cells.map(cell).collect() }
        });
        let sheet = Sheet { name: name.to_owned(), hidden: false, rows: rows.collect() };
        self.workbook.sheets.push(sheet);
        self
    }

    /// Says that a cell was of that kind.
    pub fn kind(mut self, sheet: usize, row: usize, column: u32, kind: Kind) -> Book {
        let cells = &mut self.workbook.sheets[sheet].rows[row].cells;
        cells.iter_mut().find(|cell| cell.column == column).expect("a cell there").kind = kind;
        self
    }

    #[track_caller]
    pub fn read(&self, registry: &Registry, options: &Options) -> Vec<Reading> {
        registry.read_sheet(&self.workbook, &self.mapping, options).unwrap_or_else(|error| panic!("{error}"))
    }

    #[track_caller]
    pub fn read_one(&self, registry: &Registry, options: &Options) -> Reading {
        let mut all = self.read(registry, options);
        assert_eq!(all.len(), 1, "one framework is expected");
        all.remove(0)
    }

    /// Plans the import of the only framework.
    #[track_caller]
    pub fn plan(&self, registry: &Registry, options: &Options) -> Plan {
        let reading = self.read_one(registry, options);
        let plan = PlanOptions { delete_missing: options.delete_missing, ..PlanOptions::default() };
        registry.plan_reading(reading, plan).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Imports the only framework.
    #[track_caller]
    pub fn import(&self, registry: &Registry, options: &Options) -> Applied {
        let applied = registry.apply(self.plan(registry, options));
        applied.unwrap_or_else(|error: RegistryError| panic!("{error}"))
    }
}
