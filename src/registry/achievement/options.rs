//! What a caller may choose when an achievement is aligned; spelled the same over HTTP and on the command line.
//!
//! Pure. Never contains what is done by it.

use crate::credentials::{AlignmentOptions, OnSigned, UnknownChoice};
use crate::registry::ACCEPTED_FROM;

/// Whether the document is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlignMode {
    /// Alignments are told beside the document.
    #[default]
    Suggest,
    /// Those that are sure enough are placed in it.
    Apply,
}

/// What gets alignments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlignPlaces {
    /// Achievements: all that most readers of credentials look at.
    #[default]
    Achievement,
    /// Levels of rubrics.
    Levels,
    /// Both, and result descriptions.
    All,
}

/// How an achievement is aligned.
#[derive(Clone, Debug, PartialEq)]
pub struct AchievementOptions {
    pub mode: AlignMode,
    /// The least confidence, from 0 to 1, with which something is placed.
    pub min_confidence: f64,
    /// Identifiers, uris or titles of frameworks; none for all.
    pub frameworks: Vec<String>,
    /// Item types; none for all.
    pub item_types: Vec<String>,
    /// Codes of education levels that the achievement is for.
    pub education_levels: Vec<String>,
    /// BCP 47 tag of the language to read.
    pub language: Option<String>,
    pub places: AlignPlaces,
    pub alignment: AlignmentOptions,
    pub on_signed: OnSigned,
    /// The most alignments of one place.
    pub max: usize,
}

impl Default for AchievementOptions {
    fn default() -> AchievementOptions {
        AchievementOptions {
            mode: AlignMode::default(),
            min_confidence: ACCEPTED_FROM,
            frameworks: Vec::new(),
            item_types: Vec::new(),
            education_levels: Vec::new(),
            language: None,
            places: AlignPlaces::default(),
            alignment: AlignmentOptions::default(),
            on_signed: OnSigned::default(),
            max: 5,
        }
    }
}

/// An option that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    #[error("there is no parameter {name}; there are {}", known.join(", "))]
    Unknown { name: String, known: &'static [&'static str] },
    #[error("{name} is {values}")]
    Value { name: &'static str, values: &'static str },
    #[error(transparent)]
    Choice(#[from] UnknownChoice),
}

impl AchievementOptions {
    /// The options, as they are spelled over HTTP.
    pub const NAMES: [&str; 12] = [
        "mode",
        "minConfidence",
        "frameworks",
        "itemTypes",
        "educationLevel",
        "language",
        "places",
        "targetCode",
        "targetName",
        "notes",
        "onSigned",
        "max",
    ];
    /// Those that may be given several times.
    pub const LISTS: [&str; 3] = ["frameworks", "itemTypes", "educationLevel"];
    /// The most alignments that may be asked for at one place.
    const MOST: usize = 50;

    /// Sets one option; of a list, one value more.
    ///
    /// # Errors
    /// When there is no such option, or not with this value.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), OptionError> {
        let wrong = |name, values| Err(OptionError::Value { name, values });
        match name {
            "mode" => {
                self.mode = match value {
                    "suggest" => AlignMode::Suggest,
                    "apply" => AlignMode::Apply,
                    _ => return wrong("mode", "suggest or apply"),
                }
            }
            "minConfidence" => match value.parse::<f64>() {
                Ok(least) if (0.0..=1.0).contains(&least) => self.min_confidence = least,
                _ => return wrong("minConfidence", "a number from 0 to 1"),
            },
            "frameworks" => self.frameworks.extend(several(value)),
            "itemTypes" => self.item_types.push(value.to_owned()),
            "educationLevel" => self.education_levels.extend(value.split(',').map(|code| code.trim().to_owned())),
            "language" if value.is_empty() => return wrong("language", "a language tag, such as en"),
            "language" => self.language = Some(value.to_owned()),
            "places" => {
                self.places = match value {
                    "achievement" => AlignPlaces::Achievement,
                    "levels" => AlignPlaces::Levels,
                    "all" => AlignPlaces::All,
                    _ => return wrong("places", "achievement, levels or all"),
                }
            }
            "targetCode" => self.alignment.code = value.parse()?,
            "targetName" => self.alignment.name = value.parse()?,
            "notes" => {
                self.alignment.notes = match value {
                    "true" => true,
                    "false" => false,
                    _ => return wrong("notes", "true or false"),
                }
            }
            "onSigned" => self.on_signed = value.parse()?,
            "max" => match value.parse() {
                Ok(most @ 1..=Self::MOST) => self.max = most,
                _ => return wrong("max", "a number from 1 to 50"),
            },
            _ => return Err(OptionError::Unknown { name: name.to_owned(), known: &Self::NAMES }),
        }
        Ok(())
    }
}

/// Identifiers may stand side by side; a title may have a comma in it.
fn several(value: &str) -> Vec<String> {
    const IDENTIFIER: usize = 36;
    let parts: Vec<&str> = value.split(',').map(str::trim).collect();
    let identifiers = parts.iter().all(|part| part.len() == IDENTIFIER && !part.contains(char::is_whitespace));
    if identifiers { parts.into_iter().map(str::to_owned).collect() } else { vec![value.to_owned()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_set_by_its_name() {
        let mut options = AchievementOptions::default();
        let guid = "8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21";
        for (name, value) in [
            ("mode", "apply"),
            ("minConfidence", "0.5"),
            ("frameworks", &format!("{guid}, {guid}")),
            ("frameworks", "Language, Grade 3"),
            ("itemTypes", "Standard"),
            ("educationLevel", "03,04"),
            ("language", "fr"),
            ("places", "all"),
            ("targetCode", "human"),
            ("targetName", "full"),
            ("notes", "true"),
            ("onSigned", "unsign"),
            ("max", "9"),
        ] {
            assert_eq!(options.set(name, value), Ok(()), "{name}");
        }
        assert_eq!(options.frameworks, [guid, guid, "Language, Grade 3"]);
        assert_eq!(options.education_levels, ["03", "04"]);
        let plain = AchievementOptions::default();
        assert!(options.mode != plain.mode && options.places != plain.places && options.on_signed != plain.on_signed);
        assert!(options.alignment != plain.alignment && options.max == 9);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let mut options = AchievementOptions::default();
        for name in AchievementOptions::NAMES.iter().filter(|name| !AchievementOptions::LISTS.contains(name)) {
            for wrong in ["", "\u{0}"].into_iter().filter(|value| *name != "language" || value.is_empty()) {
                let error = options.set(name, wrong).unwrap_err().to_string();
                assert!(error.starts_with(name), "{error}");
            }
        }
        for (name, wrong) in
            [("minConfidence", "NaN"), ("minConfidence", "1.1"), ("minConfidence", "-0.1"), ("max", "0")]
        {
            assert!(options.set(name, wrong).is_err(), "{name}={wrong}");
        }
        let unknown = options.set("min", "1").unwrap_err().to_string();
        assert!(AchievementOptions::NAMES.iter().all(|name| unknown.contains(name)), "{unknown}");
        assert_eq!(options, AchievementOptions::default());
    }
}
