//! What the builder has to say: entries of the report, each with its cell. Decides nothing.

use std::collections::HashSet;

use crate::case::report::{Entry, Report, Severity};

/// The report of one framework while it is made.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub report: Report,
    said: HashSet<(&'static str, String)>,
}

impl Notes {
    /// Reports something; `original` is what stood in the cell.
    pub(super) fn note(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: impl Into<String>,
        sentence: impl Into<String>,
        original: Option<&str>,
    ) {
        self.report.entries.push(Entry {
            severity,
            code: code.to_owned(),
            place: place.into(),
            sentence: sentence.into(),
            original: original.filter(|text| !text.is_empty()).map(|text| serde_json::Value::from(text).to_string()),
        });
    }

    pub(super) fn info(
        &mut self,
        code: &'static str,
        place: impl Into<String>,
        sentence: impl Into<String>,
        original: &str,
    ) {
        self.note(Severity::Info, code, place, sentence, Some(original));
    }

    pub(super) fn warn(
        &mut self,
        code: &'static str,
        place: impl Into<String>,
        sentence: impl Into<String>,
        original: &str,
    ) {
        self.note(Severity::Warning, code, place, sentence, Some(original));
    }

    pub(super) fn loss(
        &mut self,
        code: &'static str,
        place: impl Into<String>,
        sentence: impl Into<String>,
        original: &str,
    ) {
        self.note(Severity::Loss, code, place, sentence, Some(original));
    }

    /// Whether this is the first time that it is said of `what`: what holds for a value is told
    /// where the value is met first, and not a thousand times.
    pub(super) fn first(&mut self, code: &'static str, what: &str) -> bool {
        self.said.insert((code, what.to_owned()))
    }
}
