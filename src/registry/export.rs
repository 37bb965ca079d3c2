//! What a framework, or the template of one, can be downloaded as. `Format` is the table: a new
//! format is a new variant, its line in `facts`, and what writes it in
//! `Content::write`.

use std::ops::ControlFlow;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::answers::hex;
use super::publish::{find, title_of};
use super::rendered::{PackageState, state};
use super::{RegistryError, View, model, package};
use crate::case::Version;
use crate::case::model::{Class, Package};
use crate::exchange::ctdl_asn;
use crate::store::{Object, Tx};
use crate::tabular::write::{self, CsvForm, WriteError};

/// Changes whenever the same package would be written to other bytes.
const WRITERS: &str = "2";
/// How many characters of a title a file's name has at most.
const LONGEST_NAME: usize = 80;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv; charset=utf-8";

/// What a framework can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Case(Version),
    Xlsx,
    Csv(CsvForm),
    Markdown,
    /// Credential Engine's JSON-LD.
    CtdlAsn,
}

/// How a format presents itself.
struct Facts {
    name: &'static str,
    content_type: &'static str,
    extension: &'static str,
    meaning: &'static str,
}

const fn facts(format: Format) -> Facts {
    let (name, content_type, extension, meaning) = match format {
        Format::Case(Version::V1p1) => ("case-1.1", "application/json", "json", "a CASE 1.1 package"),
        Format::Case(Version::V1p0) => ("case-1.0", "application/json", "json", "a CASE 1.0 package"),
        Format::Xlsx => ("xlsx", XLSX, "xlsx", "a workbook in the layout of OpenSALT with everything else beside it"),
        Format::Csv(CsvForm::Casement) => ("csv", CSV, "csv", "one CSV file with everything"),
        Format::Csv(CsvForm::OpenSalt) => ("csv-opensalt", CSV, "csv", "items as OpenSALT imports them"),
        Format::Csv(CsvForm::Compeito) => ("csv-compeito", CSV, "csv", "framework and items as compeito imports them"),
        Format::Csv(CsvForm::OpenCase) => ("csv-opencase", CSV, "csv", "items as OpenCASE imports them"),
        Format::Markdown => ("markdown", "text/markdown; charset=utf-8", "md", "an outline to read"),
        Format::CtdlAsn => {
            ("ctdl-asn", "application/ld+json", "jsonld", "competencies as the Credential Registry has them")
        }
    };
    Facts { name, content_type, extension, meaning }
}

impl Format {
    /// Every format, in the order they are listed in.
    pub const ALL: [Format; 9] = [
        Format::Case(Version::V1p1),
        Format::Case(Version::V1p0),
        Format::Xlsx,
        Format::Csv(CsvForm::Casement),
        Format::Csv(CsvForm::OpenSalt),
        Format::Csv(CsvForm::Compeito),
        Format::Csv(CsvForm::OpenCase),
        Format::Markdown,
        Format::CtdlAsn,
    ];

    /// What it is called on the command line and in addresses: `csv-opensalt`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        facts(self).name
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The media type that it is served as, with parameters.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        facts(self).content_type
    }

    /// What its files' names end in, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        facts(self).extension
    }

    /// What it is, for people.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        facts(self).meaning
    }

    /// Whether it is to be read in a terminal.
    #[must_use]
    pub const fn is_text(self) -> bool {
        !matches!(self, Format::Xlsx)
    }

    /// Whether there is a template to fill in; of workbooks and of our own CSV.
    #[must_use]
    pub const fn has_template(self) -> bool {
        matches!(self, Format::Xlsx | Format::Csv(CsvForm::Casement))
    }
}

/// One state of a framework in one format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportState {
    /// The name of its file: the title of the framework, as far as it is fit for one.
    pub file_name: String,
    /// Differs whenever the bytes do; the same on every server of one database.
    pub tag: String,
    /// When the framework last changed, in seconds since 1970.
    pub modified: i64,
}

impl View<'_> {
    /// What [`View::export`] would give; `None` when there is no such framework.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn export_state(&self, format: Format, id: &str) -> Result<Option<ExportState>, RegistryError> {
        self.look(|tx| export_state(tx, format, id))
    }

    /// The framework in that format, with its state; `None` when there is no such framework.
    ///
    /// # Errors
    /// [`RegistryError::Write`] when the format cannot hold it; else when the store cannot be read.
    pub fn export(&self, format: Format, id: &str) -> Result<Option<(ExportState, Bytes)>, RegistryError> {
        let read = self.look(|tx| {
            let Some(state) = export_state(tx, format, id)? else { return Ok(None) };
            let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
            Ok(Some((state, Content::read(tx, format, &document)?)))
        })?;
        // Writing takes a while, and needs no connection.
        read.map(|(state, content)| Ok((state, content.write(format)?.into()))).transpose()
    }
}

/// What is in the store, to be written.
enum Content {
    /// What a CASE package is made of needs no model.
    Json(Vec<u8>),
    Package(Box<Package>),
}

impl Content {
    fn read(tx: &mut Tx<'_>, format: Format, document: &Object) -> Result<Content, RegistryError> {
        Ok(match format {
            Format::Case(version) => Content::Json(case_json(tx, version, &document.id)?),
            _ => Content::Package(Box::new(model::published(tx, document)?)),
        })
    }

    fn write(self, format: Format) -> Result<Vec<u8>, WriteError> {
        let package = match self {
            Content::Json(json) => return Ok(json),
            Content::Package(package) => package,
        };
        match format {
            Format::Xlsx => write::xlsx(&package),
            Format::Csv(form) => Ok(write::csv(&package, form)),
            Format::CtdlAsn => Ok(ctdl_asn::write(&package).to_string().into_bytes()),
            Format::Case(_) | Format::Markdown => Ok(write::markdown(&package).into_bytes()),
        }
    }
}

/// A template to fill in; `None` where the format has none.
///
/// # Errors
/// [`RegistryError::Write`] when there is no room for temporary files.
pub fn template(format: Format) -> Result<Option<Bytes>, RegistryError> {
    Ok(match format {
        Format::Xlsx => Some(write::template_xlsx()?.into()),
        Format::Csv(CsvForm::Casement) => Some(write::template_csv().into()),
        _ => None,
    })
}

fn export_state(tx: &mut Tx<'_>, format: Format, id: &str) -> Result<Option<ExportState>, RegistryError> {
    let Some(PackageState { document_id, tag, modified, .. }) = state(tx, Version::V1p1, id)? else { return Ok(None) };
    let title = title_of(tx, &document_id)?;
    let file_name = format!("{}.{}", file_name(&title, &document_id), format.extension());
    let tag = hex(&Sha256::digest(format!("{WRITERS} {} {tag}", format.name()).as_bytes()), 16);
    Ok(Some(ExportState { file_name, tag, modified }))
}

/// A name that every file system takes; the other one where nothing of it is left.
fn file_name(title: &str, otherwise: &str) -> String {
    let fit = |c: char| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%');
    let plain: String = title.chars().map(|c| if fit(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let name: String = words.join(" ").chars().take(LONGEST_NAME).collect();
    let name = name.trim_matches(['.', ' ', '~']);
    if name.is_empty() { otherwise.to_owned() } else { name.to_owned() }
}

fn case_json(tx: &mut Tx<'_>, version: Version, document_id: &str) -> Result<Vec<u8>, RegistryError> {
    let mut json = Vec::new();
    package::write(tx, version, document_id, &mut |piece| {
        json.extend_from_slice(piece.as_bytes());
        ControlFlow::Continue(())
    })?;
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_again_and_files_can_be_saved() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
        for (title, expect) in [
            ("Math: K/12 \"new\"", "Math K 12 new"),
            (" ..\\..\n", "id"),
            ("数学 – العلوم 🌱", "数学 – العلوم 🌱"),
            ("", "id"),
        ] {
            assert_eq!(file_name(title, "id"), expect);
        }
        assert_eq!(file_name(&"é".repeat(500), "id").chars().count(), LONGEST_NAME);
    }
}
