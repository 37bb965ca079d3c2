//! Opening a spreadsheet: its cells, the layout that is found in them or given, and what a person
//! corrects of it. Opens no database.

use crate::tabular;
use crate::tabular::cells::{self, SheetError, Workbook};
use crate::tabular::correct::{self, CorrectionError, Corrections};
use crate::tabular::detect::NoTable;
use crate::tabular::mapping::Mapping;
use crate::tabular::profile::Profile;
use crate::tabular::{notation, plain};

/// How a person wants a spreadsheet to be read.
#[derive(Clone, Debug, Default)]
pub struct SheetRequest {
    /// The file's name.
    pub name: String,
    pub cells: cells::Options,
    /// The layout it is of; the profile that explains it best, or what is found by looking, if none
    /// is given.
    pub profile: Option<Profile>,
    pub corrections: Corrections,
}

/// A spreadsheet and how it is read.
#[derive(Clone, Debug)]
pub struct OpenedSheet {
    pub workbook: Workbook,
    pub mapping: Mapping,
}

/// Why a spreadsheet cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Cells(#[from] SheetError),
    #[error(transparent)]
    NoTable(NoTable),
    #[error(
        "the workbook is not of the layout {profile}, which has {lacking}; without a profile the layout is found by looking"
    )]
    OtherLayout { profile: String, lacking: String },
    #[error(transparent)]
    Correction(#[from] CorrectionError),
}

/// Opens a spreadsheet; `bytes` are not packed by gzip or zstd any more.
///
/// # Errors
/// When it is no spreadsheet, or one of which nothing is understood or that is not of the layout
/// given, or a correction names what is not there.
pub fn open_sheet(bytes: Vec<u8>, request: &SheetRequest) -> Result<OpenedSheet, OpenError> {
    let mut workbook = read_cells(bytes, request)?;
    let mapping = understand(&mut workbook, request)?;
    Ok(OpenedSheet { workbook, mapping })
}

/// The first step of [`open_sheet`]: what is in the cells.
///
/// # Errors
/// When it is no spreadsheet, not whole, empty, or beyond a limit.
pub(super) fn read_cells(bytes: Vec<u8>, request: &SheetRequest) -> Result<Workbook, SheetError> {
    let workbook = plain::undo(cells::read(&request.name, bytes, &request.cells)?);
    if workbook.sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(SheetError::Empty);
    }
    Ok(workbook)
}

/// The second step of [`open_sheet`]: what the cells mean. Those of our own sheets are what they stand
/// for afterwards.
///
/// # Errors
/// When nothing is understood, or it is not of the layout given, or a correction names what is not
/// there.
pub(super) fn understand(workbook: &mut Workbook, request: &SheetRequest) -> Result<Mapping, OpenError> {
    let found = match &request.profile {
        Some(profile) => {
            if let Some(lacking) = profile.lacking(workbook).filter(|_| request.corrections.is_empty()) {
                return Err(OpenError::OtherLayout { profile: profile.name.clone(), lacking });
            }
            Ok(profile.mapping(workbook))
        }
        None => tabular::layout(workbook),
    };
    let mut mapping = match found {
        Ok(mapping) => mapping,
        Err(error) if request.corrections.is_empty() => return Err(OpenError::NoTable(error)),
        Err(_) => correct::bare(workbook),
    };
    correct::correct(&mut mapping, workbook, &request.corrections)?;
    notation::undo(workbook, &mapping);
    Ok(mapping)
}
