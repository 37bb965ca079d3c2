//! Layouts that are known or were saved, as TOML: which sheets there are, what their columns mean.
//! A new layout is a new file and no code. The format is described in `import/README.md`.

mod apply;
mod own;
mod save;

use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::detect::{distance, key};
use super::mapping::{Field, Hierarchy, Role};

pub(crate) use apply::heads;

/// A layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// By which a person chooses it: `opensalt-c`.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// Properties of the framework that are not in the workbook: a property of CFDocument, its text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub document: Vec<(String, String)>,
    /// Our own layout: see [`Mapping::exact`](super::mapping::Mapping::exact).
    #[serde(default, skip_serializing_if = "is_false")]
    pub exact: bool,
    #[serde(rename = "sheet")]
    pub sheets: Vec<SheetProfile>,
}

/// How to know a sheet, and how to read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetProfile {
    /// Names of the sheet, without regard to case and punctuation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    #[serde(with = "word")]
    pub role: Role,
    /// Headers that the sheet must have; a sheet of another name that has them all is read too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// The workbook is of this layout without the sheet as well.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// Whether a row names the columns; else each column says where it is.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub header: bool,
    /// The row of the header, and the first row of data, from 1, where they have been seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_row: Option<u32>,
    /// How the hierarchy is written; what is in the cells says it where this is left out.
    #[serde(default, with = "optional_word", skip_serializing_if = "Option::is_none")]
    pub hierarchy: Option<Hierarchy>,
    /// What columns that are not listed become: `extension`, or `ignored`.
    #[serde(default, skip_serializing_if = "Others::is_extension")]
    pub others: Others,
    /// What holds for every row: a field and its text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constants: Vec<Constant>,
    /// Why the sheet has its role, for the person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(default, rename = "column", skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnProfile>,
}

/// What one column means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnProfile {
    #[serde(with = "word")]
    pub field: Field,
    /// Its headers, without regard to case and punctuation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Where it is (`D`), when no header says it.
    #[serde(default, with = "letters", skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What separates several values in a cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<char>,
}

/// A field that has the same text in every row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    #[serde(with = "word")]
    pub field: Field,
    pub text: String,
}

/// What becomes of columns that a profile does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Others {
    #[default]
    Extension,
    Ignored,
}

impl Others {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    fn is_extension(&self) -> bool {
        *self == Others::Extension
    }
}

/// A profile that cannot be read, with the line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ProfileError(String);

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// When it is no TOML, has a word that means nothing in a profile, or lacks what it needs; the
    /// sentence names the line.
    pub fn parse(text: &str) -> Result<Profile, ProfileError> {
        let profile: Profile =
            toml::from_str(text).map_err(|error| ProfileError(error.to_string().trim_end().to_owned()))?;
        profile.check()?;
        Ok(profile)
    }

    fn check(&self) -> Result<(), ProfileError> {
        let wrong = |sentence: String| Err(ProfileError(sentence));
        if self.sheets.is_empty() {
            return wrong("the profile has no [[sheet]]".to_owned());
        }
        for (number, sheet) in (1..).zip(&self.sheets) {
            if sheet.names.is_empty() && sheet.required.is_empty() && sheet.header {
                return wrong(format!(
                    "the {number}. [[sheet]] has neither names nor required headers, so no sheet can be known by it"
                ));
            }
            for column in &sheet.columns {
                if column.names.is_empty() && column.column.is_none() {
                    return wrong(format!(
                        "the column of {} in the {number}. [[sheet]] has neither names nor a column",
                        column.field
                    ));
                }
                if !sheet.header && column.column.is_none() {
                    return wrong(format!(
                        "the column of {} in the {number}. [[sheet]] needs a column (\"A\"), for the sheet has no header",
                        column.field
                    ));
                }
            }
        }
        Ok(())
    }

    /// The profile as TOML.
    ///
    /// # Errors
    /// When it cannot be written as TOML, which no profile that was read or saved is.
    pub fn to_toml(&self) -> Result<String, ProfileError> {
        toml::to_string(self).map_err(|error| ProfileError(error.to_string()))
    }
}

/// The profiles that come with the program, in the order of their names.
#[must_use]
pub fn embedded() -> &'static [Profile] {
    &EMBEDDED
}

/// A name that no embedded profile has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no profile is called “{name}”{}", nearest(.near))]
pub struct UnknownProfile {
    pub name: String,
    /// The names that may be meant.
    pub near: Vec<&'static str>,
}

fn nearest(near: &[&str]) -> String {
    let quoted: Vec<String> = near.iter().map(|name| format!("“{name}”")).collect();
    if near.is_empty() { String::new() } else { format!("; perhaps {} is meant", quoted.join(" or ")) }
}

/// The embedded profile of that name, in any case.
///
/// # Errors
/// [`UnknownProfile`], with the names that are like it.
pub fn named(name: &str) -> Result<&'static Profile, UnknownProfile> {
    let wanted = key(name);
    if let Some(profile) = embedded().iter().find(|profile| key(&profile.name) == wanted) {
        return Ok(profile);
    }
    let is_near = |profile: &&Profile| {
        let known = key(&profile.name);
        let part = wanted.len() >= 3 && (known.contains(&wanted) || wanted.contains(&known));
        part || distance(&known, &wanted) * 4 <= known.len().max(wanted.len())
    };
    let near = embedded().iter().filter(is_near).map(|profile| profile.name.as_str()).collect();
    Err(UnknownProfile { name: name.to_owned(), near })
}

#[derive(rust_embed::RustEmbed)]
#[folder = "import/"]
#[include = "*.toml"]
#[exclude = "names.toml"]
struct Files;

#[allow(clippy::expect_used, reason = "they are compiled in, and a test reads each")]
static EMBEDDED: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let mut all: Vec<Profile> = Files::iter()
        .filter_map(|name| Files::get(&name).map(|file| (name, file)))
        .map(|(name, file)| {
            let text = String::from_utf8_lossy(&file.data).into_owned();
            Profile::parse(&text).map_err(|error| format!("{name}: {error}")).expect("an embedded profile")
        })
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
});

fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Fields, roles and hierarchies as words.
mod word {
    use super::{Deserialize, Deserializer, FromStr, Serializer};

    pub(super) fn serialize<T: ToString, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.to_string())
    }

    pub(super) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
        D: Deserializer<'de>,
    {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A word that may be left out.
mod optional_word {
    use super::{Deserializer, Hierarchy, Serializer, word};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(value: &Option<Hierarchy>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => word::serialize(value, to),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Hierarchy>, D::Error> {
        word::deserialize(from).map(Some)
    }
}

/// Columns as spreadsheets name them.
mod letters {
    use super::{Deserialize, Deserializer, Serializer};
    use crate::tabular::cells;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(value: &Option<u32>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(column) => to.serialize_str(&cells::letters(*column)),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
        let text = String::deserialize(from)?;
        let column = cells::column_of(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("\"{text}\" is no column; write A, B … AA")))?;
        Ok(Some(column))
    }
}

#[cfg(test)]
pub(crate) mod tests;
