//! XLS and XLSB, whose readers still stop now and then at damaged files, and need memory for the
//! rectangle that a sheet claims to be: only ever called in a process of their own, which is what
//! [`answer_parent`] is.

use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use calamine::{Data, Reader as _, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError};
use serde::{Deserialize, Serialize};

use super::archive::damaged;
use super::collect::Collector;
use super::error::SheetError;
use super::number::{self, Format};
use super::options::Limits;
use super::xlsx::merge;
use super::{Origin, Sheet};

/// Which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Xls,
    Xlsb,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Kind::Xls => "xls",
            Kind::Xlsb => "xlsb",
        }
    }
}

/// The first line that the process reads, as JSON; the file follows.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) kind: Kind,
    pub(super) limits: Limits,
}

/// What the process writes, as JSON.
pub(super) type Answer = Result<Vec<Sheet>, SheetError>;

/// Reads one workbook from `input` and writes what is in it to `output`, after this process has been
/// limited to the memory and the time that the request names. For the process that
/// `Options::program` starts, and for nothing else: the limits stay.
///
/// # Errors
/// When the request is not one, or the answer cannot be written.
pub fn answer_parent(mut input: impl Read, mut output: impl Write) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let end = memchr::memchr(b'\n', &bytes).unwrap_or(bytes.len());
    let (request, file) = bytes.split_at(end);
    let request: Request = serde_json::from_slice(request)?;
    limit_this_process(&request.limits)?;
    let answer: Answer = read(request.kind, file.get(1..).unwrap_or_default(), &request.limits);
    serde_json::to_writer(std::io::BufWriter::new(&mut output), &answer)?;
    output.flush()
}

/// Beyond the time that the parent waits: for a process whose parent is gone.
#[cfg(unix)]
const SPARE_SECONDS: u64 = 10;

#[cfg(unix)]
fn limit_this_process(limits: &Limits) -> std::io::Result<()> {
    use rlimit::Resource;
    Resource::CORE.set(0, 0)?;
    let seconds = limits.seconds.saturating_add(SPARE_SECONDS);
    Resource::CPU.set(seconds, seconds)?;
    // Not every system has a limit of this kind (macOS); the one on time is left there.
    match Resource::AS.set(limits.child_memory, limits.child_memory) {
        Err(error) if cfg!(target_os = "linux") => Err(error),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn limit_this_process(_: &Limits) -> std::io::Result<()> {
    Ok(())
}

fn read(kind: Kind, file: &[u8], limits: &Limits) -> Answer {
    let mut collector = Collector::new(limits, Arc::default());
    match kind {
        Kind::Xls => xls(file, &mut collector)?,
        Kind::Xlsb => xlsb(file, &mut collector)?,
    }
    Ok(collector.finish(Origin::default()).sheets)
}

fn xls(file: &[u8], collector: &mut Collector<'_>) -> Result<(), SheetError> {
    let failed = |error: XlsError| match error {
        XlsError::Password => SheetError::Password,
        error => damaged("xls", error),
    };
    let mut book: Xls<_> = Xls::new(Cursor::new(file)).map_err(failed)?;
    for sheet in book.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        collector.begin(&sheet.name, sheet.visible != SheetVisible::Visible)?;
        let range = book.worksheet_range(&sheet.name).map_err(failed)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, cells) in range.rows().enumerate() {
            for (column, value) in cells.iter().enumerate() {
                let place = (u32::try_from(row).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX));
                put(collector, first_row.saturating_add(place.0), first_column.saturating_add(place.1), value)?;
            }
        }
        let merges = book.merge_cells_by_sheet_name(&sheet.name).map_err(failed)?;
        collector.end(&merges.into_iter().map(merge).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Merged ranges are not read: calamine does not tell them.
fn xlsb(file: &[u8], collector: &mut Collector<'_>) -> Result<(), SheetError> {
    let failed = |error: XlsbError| match error {
        XlsbError::Password => SheetError::Password,
        error => damaged("xlsb", error),
    };
    let mut book: Xlsb<_> = Xlsb::new(Cursor::new(file)).map_err(failed)?;
    for sheet in book.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        collector.begin(&sheet.name, sheet.visible != SheetVisible::Visible)?;
        let mut cells = book.worksheet_cells_reader(&sheet.name).map_err(failed)?;
        while let Some(cell) = cells.next_cell().map_err(failed)? {
            let (row, column) = cell.get_position();
            put(collector, row, column, &Data::from(cell.get_value().clone()))?;
        }
        drop(cells);
        collector.end(&[])?;
    }
    Ok(())
}

/// Number formats are not told of either format, so numbers are as short as can be.
fn put(collector: &mut Collector<'_>, row: u32, column: u32, value: &Data) -> Result<(), SheetError> {
    match number::shown(value, &Format::default()) {
        Some((text, kind)) => collector.put(row, column, &text, kind),
        None => collector.step(),
    }
}
