//! Other formats of competency frameworks, told by their content, read into the same [`Reading`]s
//! that CASE is read into, and CTDL-ASN written from a package.
//!
//! Each format becomes a draft of a CASE package (`draft`), which `case::read` then reads: so
//! identifiers, uris, repairs and reports follow the same rules everywhere. Pure: no file, no
//! clock, no database. What CASE has no property for is kept in `extensions`.

mod asn;
mod asn_json;
mod common_standards;
pub mod ctdl_asn;
mod draft;
mod frameworks;
mod graph;
mod json_ld;
mod names;
mod rdf_json;
mod rdf_xml;
mod relations;
mod tree;
mod xml_text;

use std::fmt;

use serde_json::Value;

use crate::case::read::{self, Context, ReadError, Reading};
use draft::Draft;

/// A format that frameworks are exchanged in, beside CASE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Achievement Standards Network, RDF/XML.
    AsnRdfXml,
    /// Achievement Standards Network, RDF/JSON: subjects, predicates, values.
    AsnRdfJson,
    /// Achievement Standards Network, the nested JSON of its manifests.
    AsnJson,
    /// Credential Engine's CTDL-ASN, JSON-LD.
    CtdlAsn,
    /// Common Standards Project, a standard set or a converted document.
    CommonStandards,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 5] =
        [Format::AsnRdfXml, Format::AsnRdfJson, Format::AsnJson, Format::CtdlAsn, Format::CommonStandards];
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::AsnRdfXml => "ASN RDF/XML",
            Format::AsnRdfJson => "ASN RDF/JSON",
            Format::AsnJson => "ASN JSON",
            Format::CtdlAsn => "CTDL-ASN JSON-LD",
            Format::CommonStandards => "Common Standards Project JSON",
        })
    }
}

/// Why a file of another format cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    #[error("this is none of the formats that frameworks are exchanged in")]
    Unknown,
    #[error("this is XML, but no RDF/XML of the Achievement Standards Network, the only XML that is read")]
    UnknownXml,
    #[error("{0}: no framework is in the file, nor named by its statements; export the whole framework")]
    NoFramework(Format),
    #[error("the encoding {0:?} is not known; save the file as UTF-8 and try again")]
    UnknownEncoding(String),
    #[error("the file is not in its encoding, {0}; save it as UTF-8 and try again")]
    WrongEncoding(&'static str),
    #[error("not XML at line {line}: {problem}")]
    NotXml { line: usize, problem: String },
    #[error("the XML ends in the middle, at line {line}; the file is probably cut off")]
    XmlTruncated { line: usize },
    #[error("the XML at line {line} is nested deeper than {limit} levels, which no framework is")]
    XmlTooDeep { line: usize, limit: usize },
    #[error("the element at line {line} has more than {limit} attributes, which no framework has")]
    XmlTooWide { line: usize, limit: usize },
    #[error(transparent)]
    Json(#[from] ReadError),
}

/// Tells which format the bytes are in; `None` when it is none of these.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<Format> {
    if xml_text::looks_like_xml(bytes) {
        let text = xml_text::decode(bytes).ok()?;
        return rdf_xml::is_asn(&text).then_some(Format::AsnRdfXml);
    }
    recognise_json(&read::json(bytes).ok()?)
}

fn recognise_json(value: &Value) -> Option<Format> {
    if common_standards::is_it(value) {
        return Some(Format::CommonStandards);
    }
    if ctdl_asn::is_it(value) {
        return Some(Format::CtdlAsn);
    }
    if rdf_json::is_asn(value) {
        return Some(Format::AsnRdfJson);
    }
    asn_json::is_it(value).then_some(Format::AsnJson)
}

/// Reads every framework in the bytes.
///
/// # Errors
/// [`ExchangeError`] when they are in no format of these, or hold no framework. A bad part of a
/// framework is never an error, but an entry in its report.
pub fn read(bytes: &[u8], context: &Context) -> Result<(Format, Vec<Reading>), ExchangeError> {
    let (format, drafts) = if xml_text::looks_like_xml(bytes) {
        let text = xml_text::decode(bytes)?;
        if !rdf_xml::is_asn(&text) {
            return Err(ExchangeError::UnknownXml);
        }
        let (graph, notes) = rdf_xml::graph(&text)?;
        (Format::AsnRdfXml, asn::drafts(graph, notes))
    } else {
        let value = read::json(bytes)?;
        let format = recognise_json(&value).ok_or(ExchangeError::Unknown)?;
        (format, json_drafts(format, value))
    };
    let readings: Vec<Reading> = drafts.into_iter().filter_map(|draft| draft.read(context)).collect();
    if readings.is_empty() { Err(ExchangeError::NoFramework(format)) } else { Ok((format, readings)) }
}

fn json_drafts(format: Format, value: Value) -> Vec<Draft> {
    match format {
        Format::CommonStandards => {
            let (graph, notes) = common_standards::graph(value);
            asn::drafts(graph, notes)
        }
        Format::CtdlAsn => ctdl_asn::drafts(value),
        Format::AsnJson => {
            let (graph, notes) = asn_json::graph(value);
            asn::drafts(graph, notes)
        }
        Format::AsnRdfJson | Format::AsnRdfXml => {
            let (graph, notes) = rdf_json::graph(value);
            asn::drafts(graph, notes)
        }
    }
}
