//! What pages say, in each language, from the message files in `languages/`; and numbers and dates
//! as each language writes them.
//!
//! A message that is missing shows its key; a test finds every such key.

use std::borrow::Cow;
use std::sync::OnceLock;

use chrono::{DateTime, Datelike as _, Utc};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::language::Language;

/// The messages of one language.
pub(crate) struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The messages of a language, read once.
    #[must_use]
    pub(crate) fn of(language: Language) -> &'static Words {
        static ENGLISH: OnceLock<Words> = OnceLock::new();
        static SPANISH: OnceLock<Words> = OnceLock::new();
        let cell = match language {
            Language::English => &ENGLISH,
            Language::Spanish => &SPANISH,
        };
        cell.get_or_init(|| Words::read(language))
    }

    fn read(language: Language) -> Words {
        let mut bundle = FluentBundle::new_concurrent(language.tag().parse().into_iter().collect());
        // The signs that isolate what is put in would be copied along with it.
        bundle.set_use_isolating(false);
        // What is wrong with a file is wrong at build time: a test reads both.
        let resource = FluentResource::try_new(language.messages().to_owned()).unwrap_or_else(|(read, _)| read);
        drop(bundle.add_resource(resource));
        Words { language, bundle }
    }

    /// Which language it is.
    #[must_use]
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Whether there is such a message.
    #[must_use]
    pub(crate) fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// A message without anything to put in.
    #[must_use]
    pub(crate) fn say(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// A message with texts put in.
    #[must_use]
    pub(crate) fn with(&self, key: &str, texts: &[(&str, &str)]) -> String {
        let mut arguments = FluentArgs::with_capacity(texts.len());
        for (name, text) in texts {
            arguments.set(Cow::Owned((*name).to_owned()), Cow::Owned::<str>((*text).to_owned()));
        }
        self.format(key, Some(&arguments))
    }

    /// A message with a number: `count` chooses the form, `shown` is how it is written.
    #[must_use]
    pub(crate) fn count(&self, key: &str, count: u64) -> String {
        let mut arguments = FluentArgs::with_capacity(2);
        arguments.set("count", count);
        arguments.set("shown", self.number(count));
        self.format(key, Some(&arguments))
    }

    fn format(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, arguments, &mut errors).into_owned()
    }

    /// A whole number with its thousands apart. Spanish leaves four digits together.
    #[must_use]
    pub(crate) fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        let (sign, from) = match self.language {
            Language::English => (',', 4),
            Language::Spanish => ('.', 5),
        };
        if digits.len() < from {
            return digits;
        }
        let mut written = String::with_capacity(digits.len() + 4);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                written.push(sign);
            }
            written.push(digit);
        }
        written
    }

    /// A share as whole per cent.
    #[must_use]
    pub(crate) fn percent(&self, part: u64, whole: u64) -> String {
        let share = part.saturating_mul(100).checked_div(whole).unwrap_or_default();
        // Next to nothing is not nothing.
        let shown = if part > 0 && whole > 0 && share == 0 { "<1".to_owned() } else { share.to_string() };
        self.with("percent", &[("number", &shown)])
    }

    /// A day as it is written in words, of a date or a time as CASE has it; anything else as it is.
    #[must_use]
    pub(crate) fn date(&self, text: &str) -> String {
        let day = text.get(..10).and_then(|day| chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
        let Some(day) =
            DateTime::parse_from_rfc3339(text).map(|time| time.with_timezone(&Utc).date_naive()).ok().or(day)
        else {
            return text.to_owned();
        };
        let month = self.say(&format!("month-{}", day.month()));
        self.with("date", &[("day", &day.day().to_string()), ("month", &month), ("year", &day.year().to_string())])
    }

    /// A moment in microseconds since 1970, in words.
    #[must_use]
    pub(crate) fn moment(&self, micros: i64) -> String {
        DateTime::from_timestamp_micros(micros).map_or_else(String::new, |time| {
            let date = self.date(&time.to_rfc3339());
            self.with("moment", &[("date", &date), ("time", &time.format("%H:%M").to_string())])
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn keys(language: Language) -> BTreeSet<String> {
        let lines = language.messages().lines();
        let key = |line: &str| {
            let (key, _) = line.split_once(" =")?;
            let proper = key.starts_with(|c: char| c.is_ascii_lowercase());
            proper.then(|| key.to_owned())
        };
        lines.filter_map(key).collect()
    }

    #[test]
    fn both_files_are_whole_and_have_the_same_messages() {
        for language in Language::ALL {
            let read = FluentResource::try_new(language.messages().to_owned());
            assert!(read.is_ok(), "{}: {:?}", language.tag(), read.err().map(|(_, errors)| errors));
            for key in keys(language) {
                assert!(Words::of(language).has(&key), "{}: {key}", language.tag());
            }
        }
        let [english, spanish] = Language::ALL.map(keys);
        assert_eq!(english.difference(&spanish).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in Spanish");
        assert_eq!(spanish.difference(&english).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in English");
    }

    /// Every key that a template or a page's code names is there.
    #[test]
    fn what_is_said_can_be_said() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<std::path::PathBuf> = Vec::new();
        let mut folders = vec![root.join("templates"), root.join("src/server")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        let mut missing = BTreeSet::new();
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            for call in ["site.say(\"", "site.with(\"", "site.count(\"", "words.say(\"", "words.count(\""] {
                for (at, _) in text.match_indices(call) {
                    let rest = &text[at + call.len()..];
                    let key = rest.split('"').next().unwrap_or_default();
                    if !Words::of(Language::English).has(key) {
                        missing.insert(format!("{}: {key}", file.display()));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn numbers_and_dates_follow_the_language() {
        let [english, spanish] = Language::ALL.map(Words::of);
        for (number, in_english, in_spanish) in
            [(0, "0", "0"), (999, "999", "999"), (1234, "1,234", "1234"), (1234567, "1,234,567", "1.234.567")]
        {
            assert_eq!((english.number(number).as_str(), spanish.number(number).as_str()), (in_english, in_spanish));
        }
        assert_eq!(english.date("2025-02-05T00:00:00Z"), "February 5, 2025");
        assert_eq!(spanish.date("2025-02-05"), "5 de febrero de 2025");
        assert_eq!(english.date("2025-02-05T23:30:00-05:00"), "February 6, 2025");
        for odd in ["", "spring", "2025-99-99", "äöüäöüäöü"] {
            assert_eq!(english.date(odd), odd);
        }
        assert_eq!(english.percent(1, 1000), "<1%");
        assert_eq!(english.percent(1, 0), "0%");
    }
}
