//! What a caller may choose when a job is aligned; spelled the same over HTTP and in a line of a batch.
//!
//! Pure. Never contains what is done by it.

use crate::registry::{ACCEPTED_FROM, OptionError};

/// How a job is aligned.
#[derive(Clone, Debug, PartialEq)]
pub struct JobOptions {
    /// Whether what is sure enough is put into the document.
    pub apply: bool,
    /// The least confidence, from 0 to 1, with which a candidate is accepted.
    pub min_confidence: f64,
    /// Identifiers, uris or titles of frameworks; none for all.
    pub frameworks: Vec<String>,
    /// The most candidates of one requirement.
    pub max: usize,
}

impl Default for JobOptions {
    fn default() -> JobOptions {
        JobOptions { apply: false, min_confidence: ACCEPTED_FROM, frameworks: Vec::new(), max: 5 }
    }
}

impl JobOptions {
    /// The options, as they are spelled over HTTP.
    pub const NAMES: [&str; 4] = ["mode", "minConfidence", "frameworks", "max"];
    /// Those that may be given several times.
    pub const LISTS: [&str; 1] = ["frameworks"];
    /// The most candidates that may be asked for of one requirement.
    const MOST: usize = 50;

    /// Sets one option; of a list, one value more.
    ///
    /// # Errors
    /// When there is no such option, or not with this value.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), OptionError> {
        let wrong = |name, values| Err(OptionError::Value { name, values });
        match name {
            "mode" => match value {
                "suggest" => self.apply = false,
                "apply" => self.apply = true,
                _ => return wrong("mode", "suggest or apply"),
            },
            "minConfidence" => match value.parse::<f64>() {
                Ok(least) if (0.0..=1.0).contains(&least) => self.min_confidence = least,
                _ => return wrong("minConfidence", "a number from 0 to 1"),
            },
            "frameworks" if value.is_empty() => return wrong("frameworks", "an identifier, a uri or a title"),
            "frameworks" => self.frameworks.push(value.to_owned()),
            "max" => match value.parse() {
                Ok(most @ 1..=Self::MOST) => self.max = most,
                _ => return wrong("max", "a number from 1 to 50"),
            },
            _ => return Err(OptionError::Unknown { name: name.to_owned(), known: &Self::NAMES }),
        }
        Ok(())
    }
}
