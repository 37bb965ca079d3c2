//! OpenDocument spreadsheets, streamed: `content.xml` of the archive, event by event.
//!
//! calamine reads this format too, but as a whole rectangle, without merged ranges, and without the
//! text that a cell shows, in which a number `1.1` is the code `1.10`. Element names are those of
//! OpenDocument 1.3 part 3, with the prefixes that all programs write.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::archive::{self, damaged};
use super::collect::{Collector, Merge};
use super::error::{Limit, SheetError};
use super::options::Limits;
use super::{Kind, number};

const FORMAT: &str = "ods";

/// What stands in a cell or a sheet without being its text: notes, drawings, forms.
const ASIDE: [&str; 5] = ["office:annotation", "draw:frame", "draw:g", "table:shapes", "office:forms"];

/// Reads all sheets.
pub(super) fn read(bytes: &[u8], limits: &Limits, collector: &mut Collector<'_>) -> Result<(), SheetError> {
    let mut archive = archive::open(bytes, FORMAT)?;
    let content = archive.by_name("content.xml").map_err(|error| damaged(FORMAT, error))?;
    // Counted while it is unpacked: what the archive says about its size may be wrong.
    let mut xml = Reader::from_reader(BufReader::new(content.take(limits.unpacked_bytes.saturating_add(1))));
    xml.config_mut().expand_empty_elements = true;
    let outcome = sheets(&mut xml, collector);
    if xml.get_ref().get_ref().limit() == 0 {
        return Err(SheetError::TooLarge { limit: Limit::UnpackedBytes, value: limits.unpacked_bytes });
    }
    outcome
}

fn sheets<R: BufRead>(xml: &mut Reader<R>, collector: &mut Collector<'_>) -> Result<(), SheetError> {
    let mut hidden_styles = BTreeSet::new();
    let mut style = String::new();
    let (mut buffer, mut aside) = (Vec::new(), Vec::new());
    let mut table: Option<Table> = None;
    loop {
        collector.step()?;
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|error| damaged(FORMAT, error))? {
            Event::Start(start) => match (start.name().as_ref(), &mut table) {
                (name, table) if ASIDE.contains(&name) || (name == "table:table" && table.is_some()) => {
                    aside.clear();
                    xml.read_to_end_into(start.name(), &mut aside).map_err(|error| damaged(FORMAT, error))?;
                }
                ("style:style", _) => style = attribute(&start, "style:name")?.unwrap_or_default(),
                ("style:table-properties", None) if attribute(&start, "table:display")?.as_deref() == Some("false") => {
                    hidden_styles.insert(style.clone());
                }
                ("table:table", None) => {
                    let hidden =
                        attribute(&start, "table:style-name")?.is_some_and(|name| hidden_styles.contains(&name));
                    collector.begin(&attribute(&start, "table:name")?.unwrap_or_default(), hidden)?;
                    table = Some(Table::default());
                }
                (_, Some(table)) => table.start(&start, collector)?,
                _ => {}
            },
            Event::End(end) => match (end.name().as_ref(), &mut table) {
                ("table:table", Some(ended)) => {
                    collector.end(&ended.merges)?;
                    table = None;
                }
                (name, Some(table)) => table.end(name, collector)?,
                _ => {}
            },
            Event::Text(text) => say(&mut table, &text.xml10_content()),
            Event::CData(text) => say(&mut table, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let known = quick_xml::escape::resolve_xml_entity(&reference).map(str::to_owned);
                let c = reference.resolve_char_ref().map_err(|error| damaged(FORMAT, error))?;
                let text = known.or_else(|| c.map(String::from)).unwrap_or_default();
                say(&mut table, &text);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if table.is_some() { Err(damaged(FORMAT, "it ends inside of a sheet")) } else { Ok(()) }
}

/// Text between tags: part of the open paragraph of the open cell, if there is one.
fn say(table: &mut Option<Table>, text: &str) {
    if let Some(cell) = table.as_mut().and_then(|table| table.cell.as_mut()) {
        cell.say(text);
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, SheetError> {
    let found = start.try_get_attribute(name).map_err(|error| damaged(FORMAT, error))?;
    let value =
        found.map(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).map(std::borrow::Cow::into_owned));
    value.transpose().map_err(|error| damaged(FORMAT, error))
}

/// How often a row or a cell is repeated, or how many it spans: once where nothing is said.
fn times(start: &BytesStart<'_>, name: &str) -> Result<u32, SheetError> {
    Ok(attribute(start, name)?.and_then(|number| number.trim().parse().ok()).unwrap_or(1).max(1))
}

/// The sheet that is being read.
#[derive(Default)]
struct Table {
    row: u32,
    column: u32,
    row_repeated: u32,
    /// The cells of the open row that are not blank: column, how often, text, kind.
    cells: Vec<(u32, u32, String, Kind)>,
    cell: Option<OpenCell>,
    merges: Vec<Merge>,
}

impl Table {
    fn start(&mut self, start: &BytesStart<'_>, collector: &Collector<'_>) -> Result<(), SheetError> {
        match start.name().as_ref() {
            "table:table-row" => {
                self.row_repeated = times(start, "table:number-rows-repeated")?;
                self.column = 0;
                self.cells.clear();
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let repeated = times(start, "table:number-columns-repeated")?;
                let rows = times(start, "table:number-rows-spanned")?;
                let columns = times(start, "table:number-columns-spanned")?;
                if rows > 1 || columns > 1 {
                    self.merges.push(Merge {
                        first_row: self.row,
                        last_row: self.row.saturating_add(rows - 1),
                        first_column: self.column,
                        last_column: self.column.saturating_add(columns - 1),
                    });
                }
                self.cell = Some(OpenCell { repeated, value: Value::of(start)?, ..OpenCell::default() });
            }
            name => {
                let Some(cell) = &mut self.cell else { return Ok(()) };
                match name {
                    "text:p" | "text:h" => cell.paragraph(),
                    "text:s" => cell.spaces(times(start, "text:c")?, collector.limits()),
                    "text:tab" => cell.text.push('\t'),
                    "text:line-break" => cell.text.push('\n'),
                    _ => {}
                }
                if cell.text.len() as u64 > collector.limits().cell_bytes {
                    return Err(SheetError::TooLarge { limit: Limit::CellBytes, value: collector.limits().cell_bytes });
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, name: &str, collector: &mut Collector<'_>) -> Result<(), SheetError> {
        match name {
            "text:p" | "text:h" => {
                if let Some(cell) = &mut self.cell {
                    cell.in_paragraph = false;
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let Some(cell) = self.cell.take() else { return Ok(()) };
                let (text, kind) = cell.value.shown(&cell.text);
                if !text.trim().is_empty() {
                    self.cells.push((self.column, cell.repeated, text, kind));
                }
                self.column = self.column.saturating_add(cell.repeated);
            }
            "table:table-row" => {
                // A row without cells is repeated without being gone through.
                let rows = if self.cells.is_empty() { 0 } else { self.row_repeated };
                for row in (0..rows).map(|offset| self.row.saturating_add(offset)) {
                    for (column, repeated, text, kind) in &self.cells {
                        for column in (0..*repeated).map(|offset| column.saturating_add(offset)) {
                            collector.put(row, column, text, *kind)?;
                        }
                    }
                }
                self.row = self.row.saturating_add(self.row_repeated);
            }
            _ => {}
        }
        Ok(())
    }
}

/// The cell that is being read.
#[derive(Default)]
struct OpenCell {
    repeated: u32,
    value: Value,
    text: String,
    paragraphs: usize,
    in_paragraph: bool,
}

impl OpenCell {
    fn paragraph(&mut self) {
        if self.paragraphs > 0 {
            self.text.push('\n');
        }
        self.paragraphs += 1;
        self.in_paragraph = true;
    }

    /// White space in the file is one space, and none at the beginning of a paragraph: what should be
    /// seen is written as elements.
    fn say(&mut self, text: &str) {
        if !self.in_paragraph {
            return;
        }
        for c in text.chars() {
            match c {
                ' ' | '\t' | '\r' | '\n' => {
                    if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                        self.text.push(' ');
                    }
                }
                c => self.text.push(c),
            }
        }
    }

    fn spaces(&mut self, count: u32, limits: &Limits) {
        let count = usize::try_from(u64::from(count).min(limits.cell_bytes.saturating_add(1))).unwrap_or(0);
        self.text.extend(std::iter::repeat_n(' ', count));
    }
}

/// What the attributes of a cell say.
#[derive(Default)]
enum Value {
    /// The paragraphs are all there is.
    #[default]
    Text,
    /// What a formula gave.
    String(String),
    Number(f64),
    Date(String),
    Time(String),
    Boolean(bool),
    Error,
}

impl Value {
    fn of(start: &BytesStart<'_>) -> Result<Value, SheetError> {
        if attribute(start, "calcext:value-type")?.as_deref() == Some("error") {
            return Ok(Value::Error);
        }
        let given = |name: &str| attribute(start, name).map(Option::unwrap_or_default);
        Ok(match given("office:value-type")?.as_str() {
            "float" | "percentage" | "currency" => {
                given("office:value")?.trim().parse().map_or(Value::Text, Value::Number)
            }
            "date" => Value::Date(given("office:date-value")?),
            "time" => Value::Time(given("office:time-value")?),
            "boolean" => Value::Boolean(given("office:boolean-value")?.eq_ignore_ascii_case("true")),
            _ => attribute(start, "office:string-value")?.map_or(Value::Text, Value::String),
        })
    }

    /// The text of the cell whose paragraphs are `text`, and what it is.
    fn shown(self, text: &str) -> (String, Kind) {
        match self {
            Value::Text => (text.to_owned(), Kind::Text),
            Value::String(value) => (if text.is_empty() { value } else { text.to_owned() }, Kind::Text),
            Value::Number(value) => (number::as_displayed(value, text), Kind::Number),
            Value::Date(date) => (number::iso(&date).to_owned(), Kind::Date),
            Value::Time(span) => (number::clock(&span).unwrap_or_else(|| text.to_owned()), Kind::Date),
            Value::Boolean(truth) => (number::boolean(truth).to_owned(), Kind::Boolean),
            Value::Error => (text.to_owned(), Kind::Error),
        }
    }
}
