//! Builds the workbook cell by cell, and holds every limit on what is kept. Never knows a format.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::clean::clean;
use super::error::{Limit, SheetError};
use super::options::Limits;
use super::{Cell, Kind, Origin, Row, Sheet, Workbook};

/// The clock is read once in so many steps.
const STEPS_BETWEEN_LOOKS: u32 = 4096;

/// A range of merged cells, from 0, both ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Merge {
    pub(super) first_row: u32,
    pub(super) last_row: u32,
    pub(super) first_column: u32,
    pub(super) last_column: u32,
}

/// What a reader of a format puts its sheets and cells into.
pub(super) struct Collector<'a> {
    limits: &'a Limits,
    deadline: Instant,
    steps: u32,
    sheets: Vec<Sheet>,
    cells: u64,
    text_bytes: u64,
    /// Of the sheet that is being read: cells came in another order than row by row.
    unsorted: bool,
    /// Of the sheet that is being read: columns in use.
    width: u32,
    /// Rows of all sheets, for those who watch.
    rows: Arc<AtomicU64>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(limits: &'a Limits, rows: Arc<AtomicU64>) -> Collector<'a> {
        let deadline = Instant::now() + Duration::from_secs(limits.seconds);
        let (sheets, cells, text_bytes, unsorted, width) = (Vec::new(), 0, 0, false, 0);
        Collector { limits, deadline, steps: 0, sheets, cells, text_bytes, unsorted, width, rows }
    }

    pub(super) fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// Begins the next sheet.
    pub(super) fn begin(&mut self, name: &str, hidden: bool) -> Result<(), SheetError> {
        self.look_at_the_clock()?;
        if self.sheets.len() as u64 >= self.limits.sheets {
            return Err(SheetError::TooLarge { limit: Limit::Sheets, value: self.limits.sheets });
        }
        self.sheets.push(Sheet { name: clean(name).trim().to_owned(), hidden, rows: Vec::new() });
        (self.unsorted, self.width) = (false, 0);
        Ok(())
    }

    /// One more of whatever a file can hold many of: from time to time the clock is looked at.
    pub(super) fn step(&mut self) -> Result<(), SheetError> {
        self.steps += 1;
        if self.steps < STEPS_BETWEEN_LOOKS {
            return Ok(());
        }
        self.steps = 0;
        self.look_at_the_clock()
    }

    fn look_at_the_clock(&self) -> Result<(), SheetError> {
        if Instant::now() > self.deadline {
            return Err(SheetError::TooSlow { seconds: self.limits.seconds });
        }
        Ok(())
    }

    /// Puts a cell at a place that is counted from 0; a blank one is left out.
    pub(super) fn put(&mut self, row: u32, column: u32, text: &str, kind: Kind) -> Result<(), SheetError> {
        self.step()?;
        let text = clean(text);
        if text.trim_start().is_empty() {
            return Ok(());
        }
        let too_large = |limit, value| Err(SheetError::TooLarge { limit, value });
        if u64::from(row) >= self.limits.rows {
            return too_large(Limit::Rows, self.limits.rows);
        }
        if u64::from(column) >= self.limits.columns {
            return too_large(Limit::Columns, self.limits.columns);
        }
        if text.len() as u64 > self.limits.cell_bytes {
            return too_large(Limit::CellBytes, self.limits.cell_bytes);
        }
        self.count(text.len())?;
        let cell = Cell { column, text: text.into_owned(), kind };
        let Some(sheet) = self.sheets.last_mut() else { return Ok(()) };
        let number = row.saturating_add(1);
        match sheet.rows.last_mut() {
            Some(last) if last.number == number => {
                self.unsorted |= last.cells.last().is_some_and(|before| before.column >= column);
                last.cells.push(cell);
            }
            last => {
                if let Some(last) = last {
                    self.unsorted |= last.number > number;
                    last.cells.shrink_to_fit();
                }
                sheet.rows.push(Row { number, cells: vec![cell] });
                self.rows.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.width = self.width.max(column.saturating_add(1));
        Ok(())
    }

    fn count(&mut self, text_bytes: usize) -> Result<(), SheetError> {
        self.cells += 1;
        self.text_bytes += text_bytes as u64;
        if self.cells > self.limits.cells {
            return Err(SheetError::TooLarge { limit: Limit::Cells, value: self.limits.cells });
        }
        if self.text_bytes > self.limits.unpacked_bytes {
            return Err(SheetError::TooLarge { limit: Limit::UnpackedBytes, value: self.limits.unpacked_bytes });
        }
        Ok(())
    }

    /// Ends the sheet: repeats the first cell of every merged range in the cells that it covers, in
    /// rows that hold anything and columns that are in use. A covered cell with a value keeps it.
    pub(super) fn end(&mut self, merges: &[Merge]) -> Result<(), SheetError> {
        self.sort();
        let Some(mut rows) = self.sheets.last_mut().map(|sheet| std::mem::take(&mut sheet.rows)) else {
            return Ok(());
        };
        for merge in merges {
            self.step()?;
            self.repeat(&mut rows, *merge)?;
        }
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.rows = rows;
        }
        Ok(())
    }

    fn repeat(&mut self, rows: &mut [Row], merge: Merge) -> Result<(), SheetError> {
        let from = rows.partition_point(|row| row.number <= merge.first_row);
        let covered = rows.get_mut(from..).unwrap_or_default();
        let first = covered.first().filter(|row| row.number == merge.first_row.saturating_add(1));
        let Some(text) = first.and_then(|row| row.get(merge.first_column)).map(str::to_owned) else { return Ok(()) };
        let last_column = merge.last_column.min(self.width.saturating_sub(1));
        for row in covered.iter_mut().take_while(|row| row.number <= merge.last_row.saturating_add(1)) {
            for column in merge.first_column..=last_column {
                self.step()?;
                if let Err(place) = row.cells.binary_search_by_key(&column, |cell| cell.column) {
                    self.count(text.len())?;
                    row.cells.insert(place, Cell { column, text: text.clone(), kind: Kind::Merged });
                }
            }
        }
        Ok(())
    }

    /// Puts rows and cells in order where a file did not.
    fn sort(&mut self) {
        let Some(sheet) = self.sheets.last_mut().filter(|_| self.unsorted) else { return };
        sheet.rows.sort_by_key(|row| row.number);
        sheet.rows.dedup_by(|row, before| {
            let same = row.number == before.number;
            if same {
                before.cells.append(&mut row.cells);
            }
            same
        });
        sheet.rows.iter_mut().for_each(sort_cells);
        self.unsorted = false;
    }

    pub(super) fn finish(self, origin: Origin) -> Workbook {
        Workbook { sheets: self.sheets, origin }
    }
}

/// Orders the cells of a row; of two in one place the first stays.
fn sort_cells(row: &mut Row) {
    row.cells.sort_by_key(|cell| cell.column);
    row.cells.dedup_by_key(|cell| cell.column);
    row.cells.shrink_to_fit();
}
