//! The languages that pages are written in, and which of them somebody reads. Pure.

/// A language of the interface. What frameworks say has its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Spanish,
}

impl Language {
    /// Every language, the one that is used when nothing else fits first.
    pub(crate) const ALL: [Language; 2] = [Language::English, Language::Spanish];

    /// Its tag (BCP 47).
    #[must_use]
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Spanish => "es",
        }
    }

    /// Its name in itself.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Spanish => "Español",
        }
    }

    /// The messages of the language, as Fluent has them.
    #[must_use]
    pub(super) const fn messages(self) -> &'static str {
        match self {
            Language::English => include_str!("../../../languages/en.ftl"),
            Language::Spanish => include_str!("../../../languages/es.ftl"),
        }
    }

    /// The language of a tag, whatever its region.
    #[must_use]
    pub(crate) fn of_tag(tag: &str) -> Option<Language> {
        let first = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(first))
    }

    /// The best language for an `Accept-Language` header (RFC 9110, 12.5.4).
    #[must_use]
    pub(crate) fn accepted(header: &str) -> Language {
        let mut best = (Language::English, 0.0);
        // A header that goes on for ever is not worth reading.
        for range in header.split(',').take(32) {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let quality = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
            let Some(quality) = quality.filter(|quality| (0.0..=1.0).contains(quality)) else { continue };
            if let Some(language) = Language::of_tag(tag).filter(|_| quality > best.1) {
                best = (language, quality);
            }
        }
        best.0
    }
}

/// A language tag as HTML wants it; the guide of the standard writes `en_US`. Nothing when it is none.
#[must_use]
pub(crate) fn content_tag(tag: &str) -> String {
    let tag = tag.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let first =
        parts.next().is_some_and(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if first && rest { tag } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wanted_language_is_chosen() {
        for (header, expect) in [
            ("", Language::English),
            ("es", Language::Spanish),
            ("es-MX,es;q=0.9,en;q=0.8", Language::Spanish),
            ("en-GB,en;q=0.9,es;q=0.8", Language::English),
            ("fr-CH, fr;q=0.9, es;q=0.5, en;q=0.4", Language::Spanish),
            ("en;q=0.1, ES;q=0.2", Language::Spanish),
            ("es;q=0, en;q=0.1", Language::English),
            ("es;q=7, *", Language::English),
            ("de", Language::English),
        ] {
            assert_eq!(Language::accepted(header), expect, "{header}");
        }
    }

    #[test]
    fn tags_of_content_are_cleaned() {
        assert_eq!(content_tag("en_US"), "en-US");
        assert_eq!(content_tag("sr-Latn-RS"), "sr-Latn-RS");
        assert_eq!(content_tag("English (United States)"), "");
        assert_eq!(content_tag("es\" onclick=\"x"), "");
        assert_eq!(content_tag(""), "");
    }
}
