//! What a person says of how a file is to be imported: as it is asked for, and as it is kept. The
//! same things that the command line takes as flags.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ImportRules;
use crate::registry::{RegistryError, SheetRequest};
use crate::tabular::build;
use crate::tabular::cells::{self, Limits};
use crate::tabular::correct::{Correction, Corrections};
use crate::tabular::mapping::Hierarchy;
use crate::tabular::profile::{self, Profile};

/// How a file is to be imported. What is not said of a spreadsheet is found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ImportOptions {
    /// Delete what is stored of a framework and not in the file.
    pub delete_missing: bool,
    /// Take objects that belong to other frameworks.
    #[serde(rename = "move")]
    pub move_objects: bool,
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    pub retire_missing: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub map: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub sheet: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hierarchy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
}

/// What is to change of the options; what is not given stays as it is, and a text that is empty
/// takes back what was said.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportChange {
    /// Delete what is stored of a framework and not in the file.
    pub delete_missing: Option<bool>,
    /// Take objects that belong to other frameworks.
    #[serde(rename = "move")]
    #[param(rename = "move")]
    pub move_objects: Option<bool>,
    /// Of a spreadsheet: items that are stored and not in it get today as their statusEndDate.
    pub retire_missing: Option<bool>,
    /// What a column means, by its letters or its header: `statement=D`, `Sheet 2!code=Kode`, `notes=`
    /// for no column. May be given often; all of them replace those that were given before.
    #[param(example = json!(["statement=D"]))]
    pub map: Option<Vec<String>>,
    /// Read this sheet, and no other that is not named. May be given often.
    #[param(example = json!(["Items"]))]
    pub sheet: Option<Vec<String>>,
    /// How the hierarchy is written: `flat`, `level`, `smartLevel`, `indentation`, `parentCode` …
    #[param(example = "parentCode")]
    pub hierarchy: Option<String>,
    /// The name of a layout that is known, where what is found is wrong.
    #[param(example = "opensalt-c")]
    pub profile: Option<String>,
    /// The title of the framework, where the sheet does not say it.
    pub title: Option<String>,
    /// The identifier of the framework that the sheet updates.
    #[param(example = "51b46463-ba60-588e-8983-87f29c985831")]
    pub framework: Option<String>,
    /// The rows are the branch of this stored item (identifier or code); everything else stays.
    pub under: Option<String>,
    /// The encoding of a text file, where what is found is wrong: `windows-1252`, `macintosh` …
    #[param(example = "windows-1252")]
    pub encoding: Option<String>,
    /// What separates the fields of a text file, where what is found is wrong; `tab` is one.
    #[param(example = ";")]
    pub delimiter: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl ImportChange {
    /// The options with the change made.
    ///
    /// # Errors
    /// [`RegistryError::SheetOption`] for what makes no sense in itself.
    pub fn over(self, before: ImportOptions) -> Result<ImportOptions, RegistryError> {
        let text = |new: Option<String>, old: Option<String>| match new {
            Some(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            None => old,
        };
        let list = |new: Option<Vec<String>>, old: Vec<String>| match new {
            Some(list) => list.into_iter().filter(|text| !text.trim().is_empty()).collect(),
            None => old,
        };
        let options = ImportOptions {
            delete_missing: self.delete_missing.unwrap_or(before.delete_missing),
            move_objects: self.move_objects.unwrap_or(before.move_objects),
            retire_missing: self.retire_missing.unwrap_or(before.retire_missing),
            map: list(self.map, before.map),
            sheet: list(self.sheet, before.sheet),
            hierarchy: text(self.hierarchy, before.hierarchy),
            profile: text(self.profile, before.profile),
            title: text(self.title, before.title),
            framework: text(self.framework, before.framework),
            under: text(self.under, before.under),
            encoding: text(self.encoding, before.encoding),
            // A tab is blank too.
            delimiter: match self.delimiter {
                Some(text) => Some(text).filter(|text| !text.is_empty()),
                None => before.delimiter,
            },
        };
        options.check()?;
        Ok(options)
    }
}

impl ImportOptions {
    fn check(&self) -> Result<(), RegistryError> {
        if self.retire_missing && self.delete_missing {
            let sentence = "what is missing is either retired or deleted; give retireMissing or deleteMissing";
            return Err(RegistryError::SheetOption(sentence.to_owned()));
        }
        self.profile()?;
        self.delimiter()?;
        self.corrections().map(drop)
    }

    /// The name of one that is good for spreadsheets only, if one is given.
    pub(super) fn of_sheets_only(&self) -> Option<&'static str> {
        let all = [
            ("retireMissing", self.retire_missing),
            ("map", !self.map.is_empty()),
            ("sheet", !self.sheet.is_empty()),
            ("hierarchy", self.hierarchy.is_some()),
            ("profile", self.profile.is_some()),
            ("title", self.title.is_some()),
            ("framework", self.framework.is_some()),
            ("under", self.under.is_some()),
            ("encoding", self.encoding.is_some()),
            ("delimiter", self.delimiter.is_some()),
        ];
        all.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
    }

    /// How a spreadsheet of that name is to be opened; `rows` counts what is read.
    pub(super) fn request(
        &self,
        name: &str,
        rules: &ImportRules,
        rows: Arc<AtomicU64>,
    ) -> Result<SheetRequest, RegistryError> {
        let usual = Limits::default();
        let limits =
            Limits { unpacked_bytes: usual.unpacked_bytes.min(rules.max_bytes), seconds: rules.sheet_seconds, ..usual };
        let cells = cells::Options {
            limits,
            encoding: self.encoding.clone(),
            delimiter: self.delimiter()?,
            program: rules.program.clone(),
            rows,
        };
        let profile = self.profile()?.cloned();
        Ok(SheetRequest { name: name.to_owned(), cells, profile, corrections: self.corrections()? })
    }

    /// What is said of the framework.
    pub(super) fn of_framework(&self, name: &str) -> build::Options {
        build::Options {
            name: name.to_owned(),
            framework: self.framework.clone(),
            title: self.title.clone(),
            under: self.under.clone(),
            retire_missing: self.retire_missing,
            delete_missing: self.delete_missing,
        }
    }

    fn corrections(&self) -> Result<Corrections, RegistryError> {
        let columns: Result<Vec<Correction>, _> = self.map.iter().map(|text| text.parse()).collect();
        let hierarchy: Option<Hierarchy> = self.hierarchy.as_deref().map(str::parse).transpose().map_err(senseless)?;
        Ok(Corrections { columns: columns.map_err(senseless)?, sheets: self.sheet.clone(), hierarchy })
    }

    fn profile(&self) -> Result<Option<&'static Profile>, RegistryError> {
        let Some(name) = &self.profile else { return Ok(None) };
        profile::named(name).map(Some).map_err(|error| {
            let names: Vec<&str> = profile::embedded().iter().map(|profile| profile.name.as_str()).collect();
            senseless(format!("{error}; the profiles are {}", names.join(", ")))
        })
    }

    fn delimiter(&self) -> Result<Option<char>, RegistryError> {
        let Some(text) = &self.delimiter else { return Ok(None) };
        let delimiter = cells::delimiter_of(text);
        delimiter.map(Some).ok_or_else(|| senseless(format!("delimiter is one character, or tab; it cannot be {text}")))
    }
}

fn senseless(error: impl ToString) -> RegistryError {
    RegistryError::SheetOption(error.to_string())
}
