//! Spreadsheets on the command line: the flags that say how one is read, and how it was understood
//! as lines of text.
//!
//! Returns lines and never prints.

use super::failure::{Failure, UsageError};
use super::text::{one_line, short};
use crate::case::report::{Report, Severity};
use crate::registry::{OpenedSheet, SheetRequest, TreeLine, open_sheet};
use crate::tabular::build;
use crate::tabular::cells::{self, letters};
use crate::tabular::correct::{Correction, Corrections};
use crate::tabular::mapping::{Field, Hierarchy, Mapping, Role};

/// How many lines of the tree are shown, and how long each may be.
pub(super) const TREE: usize = 20;
const LABEL: usize = 90;

/// How a spreadsheet is to be read.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Spreadsheets")]
pub(super) struct SheetArgs {
    /// Say what a column means, by its letter or header: statement=D, `Sheet 2!code=Kode`, notes=
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = correction)]
    map: Vec<Correction>,

    /// Read this sheet, and no other that is not named
    #[arg(long, value_name = "NAME")]
    sheet: Vec<String>,

    /// Say how the hierarchy is written: flat, level, smartLevel, indentation, parentCode, …
    #[arg(long, value_name = "WAY", value_parser = hierarchy)]
    hierarchy: Option<Hierarchy>,

    /// The title of the framework, where the sheet does not say it
    #[arg(long)]
    title: Option<String>,

    /// The rows are the branch of this stored item (identifier or code); everything else stays
    #[arg(long, value_name = "ITEM")]
    under: Option<String>,

    /// Items that are stored and not in the sheet get today as their statusEndDate
    #[arg(long, conflicts_with = "delete_missing")]
    retire_missing: bool,

    /// The encoding of a text file, where what is found is wrong: windows-1252, macintosh, …
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,

    /// What separates the fields of a text file, where what is found is wrong; `tab` is one
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    delimiter: Option<char>,
}

fn correction(text: &str) -> Result<Correction, String> {
    text.parse().map_err(|error: crate::tabular::correct::CorrectionError| error.to_string())
}

fn hierarchy(text: &str) -> Result<Hierarchy, String> {
    text.parse().map_err(|error: crate::tabular::mapping::UnknownField| error.to_string())
}

fn delimiter(text: &str) -> Result<char, String> {
    cells::delimiter_of(text).ok_or_else(|| "give one character, or `tab`".to_owned())
}

impl SheetArgs {
    /// The flag that was given, if one was.
    pub(super) fn given(&self) -> Option<&'static str> {
        let SheetArgs { map, sheet, hierarchy, title, under, retire_missing, encoding, delimiter } = self;
        let all = [
            ("--map", !map.is_empty()),
            ("--sheet", !sheet.is_empty()),
            ("--hierarchy", hierarchy.is_some()),
            ("--title", title.is_some()),
            ("--under", under.is_some()),
            ("--retire-missing", *retire_missing),
            ("--encoding", encoding.is_some()),
            ("--delimiter", delimiter.is_some()),
        ];
        all.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
    }

    /// Opens a spreadsheet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn open(&self, name: &str, bytes: Vec<u8>) -> Result<OpenedSheet, Failure> {
        let corrections =
            Corrections { columns: self.map.clone(), sheets: self.sheet.clone(), hierarchy: self.hierarchy };
        let cells = cells::Options {
            encoding: self.encoding.clone(),
            delimiter: self.delimiter,
            program: std::env::current_exe().ok(),
            ..cells::Options::default()
        };
        let request = SheetRequest { name: name.to_owned(), cells, corrections, ..SheetRequest::default() };
        Ok(open_sheet(bytes, &request)?)
    }

    /// What is said of the framework.
    pub(super) fn options(
        &self,
        name: &str,
        framework: &[String],
        delete_missing: bool,
    ) -> Result<build::Options, Failure> {
        if framework.len() > 1 {
            let sentence = "a sheet is read into one framework; give --framework once".to_owned();
            return Err(UsageError(sentence).into());
        }
        Ok(build::Options {
            name: name.to_owned(),
            framework: framework.first().cloned(),
            title: self.title.clone(),
            under: self.under.clone(),
            retire_missing: self.retire_missing,
            delete_missing,
        })
    }
}

/// How the workbook was understood.
pub(super) fn mapping_lines(opened: &OpenedSheet) -> Vec<String> {
    let Mapping { profile, document, exact: _, sheets } = &opened.mapping;
    let origin = &opened.workbook.origin;
    let mut lines = Vec::new();
    if let Some((encoding, reason)) = &origin.encoding {
        lines.push(format!("  text in {encoding}: {}", short(reason, 120)));
    }
    if let Some(profile) = profile {
        lines.push(format!("  layout {}", one_line(profile)));
    }
    for (name, text) in document {
        lines.push(format!("  framework: {} = {}", one_line(name), short(text, 80)));
    }
    for sheet in sheets {
        let header = match sheet.header_row {
            Some(row) if sheet.role != Role::Ignored => format!(", columns named in row {row}"),
            _ => String::new(),
        };
        lines.push(format!(
            "  sheet “{}”: {}{header} ({})",
            short(&sheet.sheet, 60),
            sheet.role,
            short(&sheet.reason, 120)
        ));
        if sheet.role == Role::Ignored {
            continue;
        }
        for column in sheet.columns.iter().filter(|column| column.field.value != Field::Ignored) {
            let split = column.separator.map_or(String::new(), |separator| format!(", split at “{separator}”"));
            lines.push(format!(
                "    {} “{}” is {}{split} ({}: {})",
                letters(column.column),
                short(&column.header, 40),
                one_line(&column.field.value.to_string()),
                percent(column.field.confidence),
                short(&column.field.reason, 120)
            ));
        }
        if sheet.role == Role::Items {
            let guess = &sheet.hierarchy;
            let reason = short(&guess.reason, 120);
            lines.push(format!("    hierarchy by {} ({}: {reason})", guess.value, percent(guess.confidence)));
        }
    }
    lines
}

fn percent(confidence: f64) -> String {
    format!("{:.0}%", confidence.clamp(0.0, 1.0) * 100.0)
}

/// The beginning of a tree of `all` items as lines of text.
pub(super) fn tree_lines(lines: &[TreeLine], all: usize) -> Vec<String> {
    let mut shown: Vec<String> =
        lines.iter().map(|line| format!("    {}{}", "  ".repeat(line.depth), short(&line.label, LABEL))).collect();
    if all > lines.len() {
        shown.push(format!("    … {all} items in all"));
    }
    if !shown.is_empty() {
        shown.insert(0, "  tree:".to_owned());
    }
    shown
}

/// What a person has to look at, cell by cell.
pub(super) fn problems(report: &Report) -> Vec<String> {
    let serious: Vec<_> = report.entries.iter().filter(|entry| entry.severity > Severity::Info).collect();
    super::show::list("row by row (--json has all)", '!', &serious, super::show::LISTED, |entry| {
        let value = entry.original.as_deref().map_or_else(String::new, |text| format!(" [{}]", short(text, 60)));
        format!("{}: {}{value}", super::show::place(&entry.place), short(&entry.sentence, 200))
    })
}
