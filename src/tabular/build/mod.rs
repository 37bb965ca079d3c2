//! From a workbook and its mapping to packages: what each row becomes, which stored item it meets,
//! and what has to be said about it.
//!
//! Never fails on a bad row: that is an entry in the report, and the rest goes on. What the sheet
//! does not speak of stays as it is stored. Knows no database: what is stored comes in through
//! [`Stored`].

mod associations;
mod before;
mod dates;
mod definitions;
mod document;
mod drafts;
mod ends;
mod exact;
mod grades;
mod hierarchy;
mod identity;
mod items;
mod levels;
mod limits;
mod line;
mod make;
mod merge;
mod notes;
mod rubrics;
mod sequence;
mod sources;

use super::cells::Workbook;
use super::mapping::Mapping;
use crate::case::model::{Class, Package};
use crate::case::read::{Context, Reading};
use make::Maker;
use notes::Notes;

/// What a person says beside the mapping.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The file's name; a framework that has no title is named after it.
    pub name: String,
    /// The framework's identifier.
    pub framework: Option<String>,
    /// The framework's title, where the workbook does not say it.
    pub title: Option<String>,
    /// A stored item, by identifier or code: the rows are its branch, and everything else stays.
    pub under: Option<String>,
    /// Items that are stored and not in the sheet get today as their statusEndDate.
    pub retire_missing: bool,
    /// What is missing will be deleted, so its absence is a change of the framework.
    pub delete_missing: bool,
}

/// A framework as it is stored.
#[derive(Clone, Debug)]
pub struct Framework {
    pub package: Package,
    /// Identifiers that were no UUIDs, as [`Reading::replaced_identifiers`] has them.
    pub replaced: Vec<(String, Class, String)>,
}

/// How a sheet names something that it does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// An identifier, an identifier as it was received, or the code of an item.
    pub text: String,
    /// The framework it is looked for in: its identifier, uri or title. Anywhere, if not given.
    pub framework: Option<String>,
}

/// An item or framework that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub identifier: String,
    pub uri: String,
    pub title: String,
    /// The identifier of the framework it belongs to.
    pub framework: String,
}

/// What is stored, as far as a sheet may refer to it.
pub trait Stored {
    /// The framework of that identifier.
    ///
    /// # Errors
    /// When it cannot be read.
    fn framework(&mut self, identifier: &str) -> Result<Option<Framework>, Unavailable>;

    /// What each of the names stands for; several where a code is not unique. Asked once for many,
    /// since looking for codes may mean reading every framework.
    ///
    /// # Errors
    /// When it cannot be read.
    fn find(&mut self, names: &[Name]) -> Result<Vec<Vec<Found>>, Unavailable>;
}

/// For reading a sheet by itself: nothing is stored.
#[derive(Clone, Copy, Debug, Default)]
pub struct NothingStored;

impl Stored for NothingStored {
    fn framework(&mut self, _: &str) -> Result<Option<Framework>, Unavailable> {
        Ok(None)
    }

    fn find(&mut self, names: &[Name]) -> Result<Vec<Vec<Found>>, Unavailable> {
        Ok(vec![Vec::new(); names.len()])
    }
}

/// What is stored could not be read.
#[derive(Debug, thiserror::Error)]
#[error("what is stored could not be read")]
pub struct Unavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Why no package can be made at all.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("there is no row of data in {sheets}; nothing can be imported")]
    NoRows {
        /// The sheets that were read, for a person.
        sheets: String,
    },
    #[error("no stored item has the identifier or code {0}; rows can be put under a stored item only")]
    NoSuchItem(String),
    #[error("{count} stored items have the code {name}; give the identifier of the one that is meant")]
    AmbiguousItem { name: String, count: usize },
    #[error("the workbook holds {0} frameworks, and the option {1} is for one; split it into one file for each")]
    SeveralFrameworks(usize, &'static str),
    #[error(transparent)]
    Stored(#[from] Unavailable),
}

/// Makes a package of every framework in the workbook.
///
/// # Errors
/// [`BuildError`] when there is no row to read, or an option names what is not there.
pub fn build(
    workbook: &Workbook,
    mapping: &Mapping,
    options: &Options,
    stored: &mut dyn Stored,
    context: &Context,
) -> Result<Vec<Reading>, BuildError> {
    let mut notes = Notes::default();
    let tables = line::tables(workbook, mapping, &mut notes);
    let split = sources::split(&tables, mapping, &mut notes);
    if split.is_empty() {
        let names: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        return Err(BuildError::NoRows { sheets: format!("“{}”", names.join("”, “")) });
    }
    if let Some(option) = only_for_one(options).filter(|_| split.len() > 1) {
        return Err(BuildError::SeveralFrameworks(split.len(), option));
    }
    let mut makers = Vec::with_capacity(split.len());
    for source in split {
        let notes = std::mem::take(&mut notes);
        makers.push(Maker::new(source, options, stored, context, notes)?);
    }
    for maker in &mut makers {
        maker.items();
    }
    make::share_out(&mut makers);
    makers.into_iter().map(|maker| maker.finish(stored)).collect()
}

fn only_for_one(options: &Options) -> Option<&'static str> {
    let given = [
        ("framework", options.framework.is_some()),
        ("title", options.title.is_some()),
        ("under", options.under.is_some()),
    ];
    given.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
}
