//! Sheets as an XLSX workbook. Every cell is text, so that `1.10` stays a code and `=x` no formula;
//! rows go to a temporary file as they are made, so that memory does not grow with the framework.
//! The same package gives the same bytes: the file is dated by the package and not by the clock.

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, Format, FormatAlign, FormatBorder, IgnoreError, Url, Workbook, Worksheet,
};

use super::book::Book;
use super::column::{Choices, Column, Look, Sheet};
use super::error::{MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, WriteError};
use super::words::title_case;
use crate::case::vocab::{ADOPTION_STATUSES, ASSOCIATION_TYPES_1_0, GRADES, IS_TRANSLATION_OF};
use crate::tabular::notation;

/// How many links a sheet can hold; the uris after that are plain text.
const MOST_LINKS: usize = 65_530;
/// How long the address of a link can be.
const LONGEST_LINK: usize = 2_080;
/// How long the choices of a drop-down can be together, in UTF-16 units.
const LONGEST_CHOICES: usize = 255;
/// How wide a column of uris is.
const LINK_WIDTH: u16 = 30;
/// How high a line is, in points; and how many of them a row shows at most.
const LINE_HEIGHT: u16 = 15;
const MOST_LINES: usize = 12;

/// How the cells look.
struct Looks {
    header: Format,
    line: Format,
    lines: Format,
    link: Format,
    title: Format,
}

impl Looks {
    fn new() -> Looks {
        let text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
        Looks {
            header: Format::new()
                .set_bold()
                .set_num_format("@")
                .set_background_color(Color::RGB(0x00E8_EEF4))
                .set_border_bottom(FormatBorder::Thin),
            lines: text.clone().set_text_wrap(),
            link: text.clone().set_hyperlink(),
            title: Format::new().set_bold().set_font_size(14),
            line: text,
        }
    }

    fn of(&self, look: Look) -> &Format {
        match look {
            Look::Line(_) => &self.line,
            Look::Lines(_) => &self.lines,
            Look::Link => &self.link,
        }
    }
}

/// The bytes of a workbook with these sheets, which are asked for twice, before a sheet of
/// instructions if there are any.
pub(super) fn workbook<'b>(
    book: &Book<'_>,
    sheets: impl Fn() -> Vec<Sheet<'b>>,
    instructions: &[&str],
) -> Result<Vec<u8>, WriteError> {
    let document = book.document();
    let properties = DocProperties::new().set_title(&document.title).set_author(&document.creator);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties.set_creation_datetime(&document.last_change().instant()));
    let looks = Looks::new();
    for (sheet, measured) in sheets().into_iter().zip(sheets()) {
        let spans = spans(measured);
        write(workbook.add_worksheet_with_constant_memory()?, book, &looks, sheet, &spans)?;
    }
    if !instructions.is_empty() {
        explain(workbook.add_worksheet(), &looks, instructions)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// How many columns each column takes: one, unless a text of it goes on in the next.
fn spans(sheet: Sheet<'_>) -> Vec<usize> {
    let mut spans = vec![1; sheet.columns.len()];
    for row in sheet.rows {
        for (span, text) in spans.iter_mut().zip(row) {
            // In UTF-16 a text has no more units than in UTF-8 it has bytes; escaped, six for each.
            if let Some(text) = text.filter(|text| text.len() > MOST_CHARACTERS / 6) {
                *span = notation::cells(&text, MOST_CHARACTERS).len().max(*span);
            }
        }
    }
    spans
}

fn write(
    worksheet: &mut Worksheet,
    book: &Book<'_>,
    looks: &Looks,
    sheet: Sheet<'_>,
    spans: &[usize],
) -> Result<(), WriteError> {
    let Sheet { name, columns, rows } = sheet;
    let columns: Vec<Column> =
        columns.into_iter().zip(spans).flat_map(|(column, span)| std::iter::repeat_n(column, *span)).collect();
    worksheet.set_name(name)?;
    worksheet.set_freeze_panes(1, 0)?;
    worksheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    for (at, column) in (0..).zip(&columns) {
        let width = match column.look {
            Look::Line(width) | Look::Lines(width) => width,
            Look::Link => LINK_WIDTH,
        };
        // A header is to be read whole.
        let header = u16::try_from(column.name.chars().count()).unwrap_or(u16::MAX).saturating_add(3);
        worksheet.set_column_width(at, width.max(header.min(40)))?;
        worksheet.set_column_format(at, looks.of(column.look))?;
        let choices = choices(book, column.choices);
        if !choices.is_empty() {
            // An offer, not a rule: lists of grades and types of one's own may be typed.
            let offer = DataValidation::new().allow_list_strings(&choices)?.show_error_message(false);
            worksheet.add_data_validation(1, at, MOST_ROWS - 1, at, &offer)?;
        }
    }
    let header = columns.iter().map(|column| column.name.to_string()).collect();
    if columns.len() > MOST_COLUMNS {
        return Err(WriteError::TooManyColumns { sheet: name.to_owned() });
    }
    let last = u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
    worksheet.ignore_error_range(0, 0, MOST_ROWS - 1, last, IgnoreError::NumberStoredAsText)?;
    let mut writer = Writer { worksheet, looks, name, columns: &columns, links: 0 };
    writer.row(0, header)?;
    for (number, row) in (1..).zip(rows) {
        writer.row(number, row.into_iter().zip(spans).flat_map(|(text, span)| cells(text, *span)).collect())?;
    }
    Ok(())
}

/// The cells of one column, as many as it takes.
fn cells(text: Option<String>, span: usize) -> impl Iterator<Item = String> {
    let mut cells = match (text, span) {
        (Some(text), 1) => vec![notation::cell(&text).into_owned()],
        (Some(text), _) => notation::cells(&text, MOST_CHARACTERS),
        (None, _) => Vec::new(),
    };
    cells.resize(span, String::new());
    cells.into_iter()
}

struct Writer<'w> {
    worksheet: &'w mut Worksheet,
    looks: &'w Looks,
    name: &'w str,
    columns: &'w [Column],
    links: usize,
}

impl Writer<'_> {
    /// Writes a row, by its number from 0; the first is the header.
    fn row(&mut self, number: u32, row: Vec<String>) -> Result<(), WriteError> {
        if number >= MOST_ROWS {
            return Err(WriteError::TooManyRows { sheet: self.name.to_owned() });
        }
        // Not every program finds out by itself how high a row has to be.
        let lines = row.iter().zip(self.columns).map(|(text, column)| lines(text, column.look)).max().unwrap_or(1);
        if lines > 1 {
            self.worksheet.set_row_height(number, LINE_HEIGHT * u16::try_from(lines).unwrap_or(1))?;
        }
        for ((at, column), text) in (0..).zip(self.columns).zip(row) {
            if number == 0 {
                self.worksheet.write_string_with_format(number, at, text, &self.looks.header)?;
            } else if text.is_empty() {
                // The format of the column is enough.
            } else if column.look != Look::Link {
                self.worksheet.write_string_with_format(number, at, text, self.looks.of(column.look))?;
            } else if self.links < MOST_LINKS && text.len() <= LONGEST_LINK && is_address(&text) {
                self.links += 1;
                self.worksheet.write_url_with_format(number, at, Url::new(&text).set_text(&text), &self.looks.link)?;
            } else {
                self.worksheet.write_string_with_format(number, at, text, &self.looks.line)?;
            }
        }
        Ok(())
    }
}

/// About how many lines a cell takes, as far as they are to be shown.
fn lines(text: &str, look: Look) -> usize {
    let Look::Lines(width) = look else { return 1 };
    // Letters of East Asian scripts are twice as wide.
    let wide = |line: &str| line.chars().map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum::<usize>();
    let each = text.lines().take(MOST_LINES).map(|line| wide(line).div_ceil(usize::from(width)).max(1));
    each.sum::<usize>().clamp(1, MOST_LINES)
}

/// Whether a click on it can lead anywhere.
fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(|c: char| c.is_whitespace() || c == '|')
}

/// What a drop-down offers: as many as fit, in order.
fn choices(book: &Book<'_>, choices: Choices) -> Vec<String> {
    let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    let all: Vec<String> = match choices {
        Choices::None => Vec::new(),
        Choices::AssociationTypes => {
            ASSOCIATION_TYPES_1_0.into_iter().chain([IS_TRANSLATION_OF]).map(title_case).collect()
        }
        Choices::AdoptionStatus => owned(&ADOPTION_STATUSES),
        Choices::Grades => owned(&GRADES),
        Choices::ItemTypes => book.item_types(),
    };
    let mut left = LONGEST_CHOICES;
    let fits = |one: &String| {
        let length = one.encode_utf16().count() + 1;
        // A comma would make two of one; a quotation mark is doubled in the file.
        let fits = length <= left && !one.contains([',', '"']) && !one.trim().is_empty();
        left -= if fits { length } else { 0 };
        fits
    };
    all.into_iter().filter(fits).collect()
}

/// A sheet of paragraphs for people, the first of them a title.
fn explain(worksheet: &mut Worksheet, looks: &Looks, paragraphs: &[&str]) -> Result<(), WriteError> {
    const WIDTH: u16 = 100;
    worksheet.set_name("Instructions")?;
    worksheet.set_print_fit_to_pages(1, 0);
    worksheet.set_column_width(0, WIDTH)?;
    for (number, paragraph) in (0..).zip(paragraphs) {
        let height = LINE_HEIGHT * u16::try_from(lines(paragraph, Look::Lines(WIDTH)) + 1).unwrap_or(1);
        worksheet.set_row_height(number, height)?;
        let format = if number == 0 { &looks.title } else { &looks.lines };
        worksheet.write_string_with_format(number, 0, *paragraph, format)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_rows_than_a_sheet_holds_are_an_error() {
        let package = super::super::template::example();
        let book = Book::new(&package);
        let of = |rows: usize| {
            let rows = || Box::new(std::iter::repeat_with(Vec::new).take(rows));
            workbook(&book, || vec![Sheet { name: "CF Item", columns: Vec::new(), rows: rows() }], &[])
        };
        let most = usize::try_from(MOST_ROWS).unwrap() - 1;
        assert!(of(most).is_ok());
        let error = of(most + 1).unwrap_err();
        assert!(error.is_limit() && error.to_string().contains("CF Item"), "{error}");
    }

    #[test]
    fn rows_are_as_high_as_what_they_show() {
        for (text, look, expect) in [
            ("short", Look::Lines(10), 1),
            ("", Look::Lines(10), 1),
            ("exactly te n", Look::Lines(10), 2),
            ("a\n\nb", Look::Lines(10), 3),
            ("数学数学数学", Look::Lines(10), 2),
            ("long enough for two", Look::Line(10), 1),
        ] {
            assert_eq!(lines(text, look), expect, "{text}");
        }
        assert_eq!(lines(&"x\n".repeat(1_000), Look::Lines(10)), MOST_LINES);
    }

    #[test]
    fn only_choices_that_fit_are_offered() {
        let mut package = super::super::template::example();
        for (item, kind) in package.items.iter_mut().zip(["a, b", "say \"x\"", &"y".repeat(300), "Plain"]) {
            item.item_type = Some(kind.to_owned());
        }
        assert_eq!(choices(&Book::new(&package), Choices::ItemTypes), ["Plain", "Standard"]);
    }
}
