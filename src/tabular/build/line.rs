//! A row together with what its columns mean. Reads cells and interprets none.

use std::collections::{HashMap, HashSet};

use super::super::cells::{Cell, Kind, Place, Row, Sheet, Workbook};
use super::super::codes;
use super::super::mapping::{Aside, ColumnMapping, Field, Mapping, Role, SheetMapping, What};
use super::exact::Said;
use super::notes::Notes;

/// A sheet of the workbook with its mapping.
pub(super) struct Table<'w> {
    pub mapping: &'w SheetMapping,
    pub sheet: &'w Sheet,
    /// Whether it is our own layout, whose cells are read as they are.
    pub exact: bool,
    properties: HashMap<&'w str, u32>,
    columns: HashMap<&'w Field, Vec<(u32, Option<char>)>>,
    fields: Vec<&'w Field>,
    /// Rows that head those below them, in order, with their texts.
    headings: Vec<(u32, &'w str)>,
}

/// A part of a cell that holds a code and its statement.
enum Half {
    Code,
    Statement,
}

/// The sheets that are read, in the order of the mapping; one that the workbook lacks is told.
pub(super) fn tables<'w>(workbook: &'w Workbook, mapping: &'w Mapping, notes: &mut Notes) -> Vec<Table<'w>> {
    let read = mapping.sheets.iter().filter(|sheet| sheet.role != Role::Ignored);
    let mut tables = Vec::new();
    let exact = mapping.exact;
    for mapping in read {
        match workbook.sheets.iter().find(|sheet| sheet.name == mapping.sheet) {
            Some(sheet) => tables.push(Table::new(mapping, sheet, exact)),
            None => {
                let sentence =
                    "the mapping names a sheet that the workbook does not have; correct the name or remove it";
                notes.loss("sheet-missing", mapping.sheet.clone(), sentence, &mapping.sheet);
            }
        }
    }
    tables
}

impl<'w> Table<'w> {
    fn new(mapping: &'w SheetMapping, sheet: &'w Sheet, exact: bool) -> Table<'w> {
        let mut columns: HashMap<&Field, Vec<(u32, Option<char>)>> = HashMap::new();
        for column in mapping.columns.iter().filter(|column| column.field.value != Field::Ignored) {
            columns.entry(&column.field.value).or_default().push((column.column, column.separator));
        }
        let mut fields: Vec<(&Field, u32)> =
            columns.iter().filter_map(|(field, at)| Some((*field, at.first()?.0))).collect();
        fields.sort_by_key(|(_, column)| *column);
        let constants = mapping.constants.iter().map(|(field, _)| field);
        let constants: Vec<&Field> = constants.filter(|field| !columns.contains_key(field)).collect();
        let fields = fields.into_iter().map(|(field, _)| field).chain(constants).collect();
        let property = |column: &'w ColumnMapping| match &column.field.value {
            Field::Property(name) => Some((name.as_str(), column.column)),
            _ => None,
        };
        // Of columns that go on with each other the first has the whole cell.
        let properties = mapping.columns.iter().rev().filter_map(property).collect();
        let heading = |aside: &'w Aside| match &aside.what {
            What::Heading(text) => Some((aside.row, text.as_str())),
            What::Header | What::Total | What::Note => None,
        };
        let mut headings: Vec<(u32, &str)> = mapping.asides.iter().filter_map(heading).collect();
        headings.sort_unstable();
        Table { mapping, sheet, exact, properties, columns, fields, headings }
    }

    /// The rows of data; a cell in error is told and read as blank.
    pub(super) fn lines<'t>(&'t self, notes: &mut Notes) -> Vec<Line<'w, 't>> {
        let asides: HashSet<u32> = self.mapping.asides.iter().map(|aside| aside.row).collect();
        let aside = |row: &Row| asides.contains(&row.number);
        let data = |row: &&Row| {
            row.number >= self.mapping.first_row && Some(row.number) != self.mapping.header_row && !aside(row)
        };
        let lines: Vec<Line<'w, 't>> =
            self.sheet.rows.iter().filter(data).map(|row| Line { table: self, row }).collect();
        for line in &lines {
            for cell in line.row.cells.iter().filter(|cell| cell.kind == Kind::Error) {
                if self.columns.values().flatten().any(|(column, _)| *column == cell.column) {
                    let sentence =
                        "the cell holds an error of the spreadsheet program and is read as blank; mend the formula";
                    notes.loss("cell-error", line.place_of(Some(cell.column)), sentence, &cell.text);
                }
            }
        }
        lines
    }

    /// Whether the sheet says anything about it: a column, or a constant.
    pub(super) fn has(&self, field: &Field) -> bool {
        self.columns.contains_key(field) || self.constant(field).is_some()
    }

    /// Which part of its cells the field is, where code and statement stand in one column.
    fn shared(&self, field: &Field) -> Option<Half> {
        let (half, other) = match field {
            Field::HumanCodingScheme => (Half::Code, Field::FullStatement),
            Field::FullStatement => (Half::Statement, Field::HumanCodingScheme),
            Field::LevelCode(number) => (Half::Code, Field::LevelColumn(*number)),
            Field::LevelColumn(number) => (Half::Statement, Field::LevelCode(*number)),
            _ => return None,
        };
        let column = |field: &Field| self.columns.get(field)?.first().map(|(column, _)| *column);
        (column(field).is_some() && column(field) == column(&other)).then_some(half)
    }

    /// The nearest heading above a row.
    fn heading(&self, row: u32) -> Option<&'w str> {
        let below = self.headings.partition_point(|(number, _)| *number < row);
        below.checked_sub(1).and_then(|at| self.headings.get(at)).map(|(_, text)| *text)
    }

    fn constant(&self, field: &Field) -> Option<&'w str> {
        let found = self.mapping.constants.iter().find(|(name, text)| name == field && !text.trim().is_empty());
        found.map(|(_, text)| text.trim())
    }

    /// Every field that the sheet has, in the order of the columns.
    pub(super) fn fields(&self) -> &[&'w Field] {
        &self.fields
    }
}

/// One row of data.
#[derive(Clone, Copy)]
pub(super) struct Line<'w, 't> {
    pub table: &'t Table<'w>,
    pub row: &'w Row,
}

impl<'w> Line<'w, '_> {
    fn cells(&self, field: &Field) -> impl Iterator<Item = (&'w Cell, Option<char>)> {
        let row = self.row;
        let columns = self.table.columns.get(field).map_or(&[][..], Vec::as_slice);
        columns.iter().filter_map(move |(column, separator)| Some((row.cell(*column)?, *separator)))
    }

    /// The cell, unless it is blank or in error.
    pub(super) fn cell(&self, field: &Field) -> Option<&'w Cell> {
        let says = |cell: &&Cell| cell.kind != Kind::Error && (self.table.exact || !cell.text.trim().is_empty());
        self.cells(field).map(|(cell, _)| cell).find(says)
    }

    /// Whether the row says all there is of an object, as rows of our own sheets do.
    pub(super) fn is_exact(&self) -> bool {
        self.table.exact && self.cell(&Field::Identifier).is_some()
    }

    /// What a row says of a property that only our own sheets have.
    pub(super) fn said(&self, property: &str) -> Said<&'w str> {
        match self.table.properties.get(property).filter(|_| self.is_exact()) {
            None => Said::Silent,
            Some(column) => self.row.get(*column).map_or(Said::Blank, Said::This),
        }
    }

    /// Where the row says it.
    pub(super) fn place_of_property(&self, property: &str) -> String {
        self.place_of(self.table.properties.get(property).copied())
    }

    /// What the row says, trimmed; what holds for the whole sheet where the row says nothing.
    pub(super) fn text(&self, field: &Field) -> Option<&'w str> {
        let heading = || self.table.heading(self.row.number).filter(|_| *field == Field::Branch);
        let text = self.cell(field).map(|cell| self.trimmed(&cell.text));
        let text = text.or_else(heading).or_else(|| self.table.constant(field))?;
        match self.table.shared(field) {
            None => Some(text),
            Some(Half::Code) => codes::split(text).map(|(code, _)| code),
            Some(Half::Statement) => Some(codes::split(text).map_or(text, |(_, statement)| statement)),
        }
    }

    /// The texts of our own sheets are as they should be.
    fn trimmed(&self, text: &'w str) -> &'w str {
        if self.table.exact { text } else { text.trim() }
    }

    /// [`Line::list`]; nothing where the row does not say it. Our own sheets tell that from an empty list.
    pub(super) fn texts(&self, field: &Field) -> Option<Vec<String>> {
        let json = self.cell(field).filter(|_| self.table.exact).and_then(|cell| super::exact::texts(&cell.text));
        let list = || self.list(field).into_iter().map(str::to_owned).collect::<Vec<_>>();
        json.or_else(|| Some(list()).filter(|list| !list.is_empty()))
    }

    /// [`Line::text`] of a cell that may hold several values, each trimmed and not blank.
    pub(super) fn list(&self, field: &Field) -> Vec<&'w str> {
        let mut values = Vec::new();
        for (cell, separator) in self.cells(field).filter(|(cell, _)| cell.kind != Kind::Error) {
            match separator {
                Some(separator) => values.extend(cell.text.split(separator)),
                None => values.push(&cell.text),
            }
        }
        let mut values: Vec<&str> = values.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect();
        if values.is_empty() {
            values.extend(self.table.constant(field));
        }
        values
    }

    /// Where the row says it; the row, when no cell does.
    pub(super) fn place(&self, field: &Field) -> String {
        let column = self.table.columns.get(field).and_then(|columns| columns.first()).map(|(column, _)| *column);
        let filled = self.table.columns.get(field).and_then(|columns| {
            columns.iter().map(|(column, _)| *column).find(|column| self.row.cell(*column).is_some())
        });
        self.place_of(filled.or(column))
    }

    /// The whole row.
    pub(super) fn place_of_row(&self) -> String {
        self.place_of(None)
    }

    fn place_of(&self, column: Option<u32>) -> String {
        Place { sheet: &self.table.sheet.name, row: self.row.number, column }.to_string()
    }

    /// What stands in the row, for a report.
    pub(super) fn shown(&self) -> String {
        self.row.cells.iter().map(|cell| cell.text.trim()).collect::<Vec<_>>().join(" | ")
    }

    /// The position in the whole numbers that the cell holds.
    pub(super) fn integer(&self, field: &Field, notes: &mut Notes) -> Option<i64> {
        let text = self.text(field)?;
        let whole = text.strip_suffix(".0").unwrap_or(text);
        let number = whole.parse::<i32>().ok().map(i64::from);
        if number.is_none() {
            let sentence = "a whole number is expected here; the cell is read as blank";
            notes.loss("not-a-number", self.place(field), sentence, text);
        }
        number
    }
}

/// What a row is, where a column says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    Document,
    Item,
    Rubric,
    Criterion,
    Level,
    ItemType,
    Subject,
    Concept,
    License,
    Grouping,
    /// An example or an instruction, which is read by nobody.
    Sample,
}

impl RowKind {
    /// What the text names: `ceasn:Competency`, `CFRubricCriterion`, `Item types`.
    pub(super) fn recognise(text: &str) -> Option<RowKind> {
        let local = text.rsplit(':').next().unwrap_or(text);
        let plain: String = local.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let plain = plain.strip_prefix("cf").unwrap_or(&plain);
        let single = plain.strip_suffix('s').unwrap_or(plain);
        Some(match single {
            "document" | "framework" | "competencyframework" | "standardsdocument" | "collection" => RowKind::Document,
            "item" | "competency" | "competencie" | "statement" | "standard" | "skill" => RowKind::Item,
            "rubric" => RowKind::Rubric,
            "criterion" | "criteria" | "rubriccriterion" | "rubriccriteria" => RowKind::Criterion,
            "level" | "rubriccriterionlevel" | "criterionlevel" | "rubriclevel" => RowKind::Level,
            "itemtype" | "type" => RowKind::ItemType,
            "subject" => RowKind::Subject,
            "concept" | "conceptkeyword" | "keyword" => RowKind::Concept,
            "license" | "licence" => RowKind::License,
            "associationgrouping" | "grouping" | "associationgroup" | "group" => RowKind::Grouping,
            other if other.starts_with("sample") || other.starts_with("instruction") => RowKind::Sample,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_rows_are_recognised_as_they_are_written() {
        for (text, kind) in [
            ("ceasn:CompetencyFramework", Some(RowKind::Document)),
            ("ceasn:Competency", Some(RowKind::Item)),
            ("Criterion", Some(RowKind::Criterion)),
            ("CFRubricCriterionLevel", Some(RowKind::Level)),
            ("Item types", Some(RowKind::ItemType)),
            ("Licences", Some(RowKind::License)),
            ("sample row", Some(RowKind::Sample)),
            ("Strand", None),
        ] {
            assert_eq!(RowKind::recognise(text), kind, "{text}");
        }
    }
}
