//! Spreadsheets on the command line: the flags that say how one is read, and how it was understood
//! as lines of text.
//!
//! Returns lines, or prints through the printer.

use std::path::{Path, PathBuf};

use super::export;
use super::failure::{Failure, UsageError};
use super::output::Printer;
use super::text::{one_line, short};
use crate::case::report::{Report, Severity};
use crate::registry::{OpenedSheet, SheetRequest, TreeLine, open_sheet};
use crate::tabular::build;
use crate::tabular::cells::{self, letters};
use crate::tabular::correct::{Correction, Corrections};
use crate::tabular::mapping::{Aside, Field, Guess, Hierarchy, Mapping, Role, What};
use crate::tabular::profile::{self, Profile};

/// How many lines of the tree are shown, and how long each may be.
pub(super) const TREE: usize = 20;
const LABEL: usize = 90;

/// How many rows that are no items are shown of a sheet.
const ASIDES: usize = 8;

/// How a spreadsheet is to be read.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Spreadsheets")]
pub(super) struct SheetArgs {
    /// Read it by this layout: a name from --profiles, or a file that --save-profile wrote
    #[arg(long, value_name = "NAME|FILE.toml")]
    profile: Option<String>,

    /// Save how it was read, with all corrections, to be read alike by --profile
    #[arg(long, value_name = "FILE.toml")]
    pub(super) save_profile: Option<PathBuf>,

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
        let SheetArgs {
            profile,
            save_profile,
            map,
            sheet,
            hierarchy,
            title,
            under,
            retire_missing,
            encoding,
            delimiter,
        } = self;
        let all = [
            ("--profile", profile.is_some()),
            ("--save-profile", save_profile.is_some()),
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

    /// The layout that was asked for: an embedded one, or that of a file.
    ///
    /// # Errors
    /// When there is none of that name, or the file is no profile.
    pub(super) fn profile(&self) -> Result<Option<Profile>, Failure> {
        let Some(name) = &self.profile else { return Ok(None) };
        let path = Path::new(name);
        let is_file = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("toml")) || path.is_file();
        if !is_file {
            return Ok(Some(profile::named(name)?.clone()));
        }
        let read = || -> Result<Profile, Failure> { Ok(Profile::parse(&std::fs::read_to_string(path)?)?) };
        read().map(Some).map_err(|failure| failure.at(name))
    }

    /// Saves how a spreadsheet was read, if that was asked for.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn save(&self, opened: &OpenedSheet, printer: &Printer) -> Result<(), Failure> {
        let Some(path) = &self.save_profile else { return Ok(()) };
        let name = path.file_stem().map_or_else(|| "saved".into(), |stem| stem.to_string_lossy());
        let profile = Profile::from_mapping(&name, &opened.mapping, &opened.workbook);
        export::write(path, &format!("profile {name}"), profile.to_toml()?.as_bytes(), printer)
    }

    /// Opens a spreadsheet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn open(&self, name: &str, bytes: Vec<u8>, profile: Option<&Profile>) -> Result<OpenedSheet, Failure> {
        let corrections =
            Corrections { columns: self.map.clone(), sheets: self.sheet.clone(), hierarchy: self.hierarchy };
        let cells = cells::Options {
            encoding: self.encoding.clone(),
            delimiter: self.delimiter,
            program: std::env::current_exe().ok(),
            ..cells::Options::default()
        };
        let request = SheetRequest { name: name.to_owned(), cells, profile: profile.cloned(), corrections };
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
    let Mapping { document, sheets, .. } = &opened.mapping;
    let origin = &opened.workbook.origin;
    let mut lines = Vec::new();
    if let Some((encoding, reason)) = &origin.encoding {
        lines.push(format!("  text in {encoding}: {}", short(reason, 120)));
    }
    lines.push(format!("  {}", layout(&opened.mapping)));
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
        for Aside { row, what } in sheet.asides.iter().take(ASIDES) {
            lines.push(match what {
                What::Heading(text) => format!("    row {row} heads the rows below: “{}”", short(text, 60)),
                What::Header => format!("    row {row} is not read: the names of the columns again"),
                What::Total => format!("    row {row} is not read: a sum"),
                What::Note => format!("    row {row} is not read: a note"),
            });
        }
        if sheet.asides.len() > ASIDES {
            lines.push(format!("    … {} such rows in all (--json has them)", sheet.asides.len()));
        }
        if sheet.role == Role::Items {
            let guess = &sheet.hierarchy;
            let reason = short(&guess.reason, 120);
            lines.push(format!("    hierarchy by {} ({}: {reason})", guess.value, percent(guess.confidence)));
        }
    }
    lines
}

/// By what a workbook is read, in a line.
pub(super) fn layout(mapping: &Mapping) -> String {
    match &mapping.profile {
        Some(Guess { value, confidence, reason }) => {
            format!("layout {} ({}: {})", one_line(value), percent(*confidence), short(reason, 120))
        }
        None => "layout found by looking; no profile explains enough of it".to_owned(),
    }
}

/// The profiles that come with the program.
pub(super) fn profiles(json: bool, printer: &Printer) {
    let all = profile::embedded();
    if json {
        let list: Vec<_> = all.iter().map(|one| serde_json::json!({ "name": one.name, "title": one.title })).collect();
        printer.json(&list);
    } else {
        let rows: Vec<_> = all.iter().map(|one| vec![one.name.clone(), one.title.clone()]).collect();
        printer.table(&["NAME", "LAYOUT"], &[], &rows);
    }
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
