//! Which form of a thing a client wants, by its `Accept` header (RFC 9110, 12.5.1).
//!
//! Pure; knows nothing of requests or handlers.

/// A form in which an object is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A page for people.
    Html,
    /// CASE JSON.
    Json,
    /// JSON-LD in the terms of CASE 1.0.
    JsonLd,
}

impl Form {
    /// Every form, in the order this server prefers them.
    pub(crate) const ALL: [Form; 3] = [Form::Html, Form::Json, Form::JsonLd];

    /// What ends the address of an object in this form.
    #[must_use]
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Form::Html => ".html",
            Form::Json => ".json",
            Form::JsonLd => ".jsonld",
        }
    }

    /// The media type, without parameters.
    #[must_use]
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Form::Html => "text/html",
            Form::Json => "application/json",
            Form::JsonLd => "application/ld+json",
        }
    }

    /// The form that the end of an address decides, and the address without it.
    #[must_use]
    pub(crate) fn strip_suffix(address: &str) -> (&str, Option<Form>) {
        for form in Form::ALL {
            if let Some(rest) = address.strip_suffix(form.suffix()) {
                return (rest, Some(form));
            }
        }
        (address, None)
    }
}

/// One element of an `Accept` header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// In thousandths.
    quality: u16,
}

impl<'a> Range<'a> {
    /// Reads one element; what is not one says nothing.
    fn parse(text: &'a str) -> Option<Range<'a>> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut quality = 1000;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            if name.trim().eq_ignore_ascii_case("q") {
                quality = thousandths(value.trim())?;
            }
        }
        Some(Range { kind, subtype, quality })
    }

    /// How exactly the range names the media type: 2 by name, 1 by its kind, 0 by `*/*`.
    fn names(&self, media_type: &str) -> Option<u8> {
        let (kind, subtype) = media_type.split_once('/')?;
        if self.kind == "*" {
            return (self.subtype == "*").then_some(0);
        }
        if !self.kind.eq_ignore_ascii_case(kind) {
            return None;
        }
        if self.subtype == "*" { Some(1) } else { self.subtype.eq_ignore_ascii_case(subtype).then_some(2) }
    }
}

/// A quality value: from 0 to 1 with at most three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let decimals: u16 = format!("{decimals:0<3}").parse().ok()?;
    match (whole, decimals) {
        ("0", decimals) => Some(decimals),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

/// How much a media type is wanted, and how exactly it was named. The most exact range decides.
fn wanted(accept: &str, media_type: &str) -> Option<(u16, u8)> {
    let ranges = accept.split(',').filter_map(|element| Range::parse(element.trim()));
    ranges.filter_map(|range| Some((range.names(media_type)?, range.quality))).max().map(|(exact, q)| (q, exact))
}

/// The best of the offered forms; the first offered where the client does not care, and `None`
/// where it wants none of them. Of forms wanted alike, the one that is named most exactly wins:
/// `application/json, */*` means JSON.
#[must_use]
pub(crate) fn choose(accept: Option<&str>, offered: &[Form]) -> Option<Form> {
    best(accept, offered, Form::media_type)
}

/// [`choose`] among anything that has a media type.
#[must_use]
pub(crate) fn best<T: Copy>(accept: Option<&str>, offered: &[T], media_type: impl Fn(T) -> &'static str) -> Option<T> {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
        return offered.first().copied();
    };
    let mut best: Option<(T, (u16, u8))> = None;
    for form in offered.iter().copied() {
        let Some(wish) = wanted(accept, media_type(form)).filter(|(quality, _)| *quality > 0) else { continue };
        if best.is_none_or(|(_, before)| wish > before) {
            best = Some((form, wish));
        }
    }
    best.map(|(form, _)| form)
}

/// Whether the client takes a media type at all; one that says nothing takes everything.
#[must_use]
pub(crate) fn accepts(accept: &str, media_type: &str) -> bool {
    accept.trim().is_empty() || wanted(accept, media_type).is_some_and(|(quality, _)| quality > 0)
}

/// Whether the client is a browser, or asks like one: it names HTML, and wants it no less than JSON.
#[must_use]
pub(crate) fn prefers_html(accept: Option<&str>) -> bool {
    let Some(accept) = accept else { return false };
    let json = wanted(accept, Form::Json.media_type()).map_or(0, |(quality, _)| quality);
    wanted(accept, Form::Html.media_type()).is_some_and(|(quality, exact)| exact > 0 && quality > 0 && quality >= json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_headers_of_the_wild() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        for (accept, expect) in [
            (None, Some(Form::Html)),
            (Some(""), Some(Form::Html)),
            (Some("*/*"), Some(Form::Html)),
            (Some(browser), Some(Form::Html)),
            (Some("application/json"), Some(Form::Json)),
            (Some("application/json, text/plain, */*"), Some(Form::Json)),
            (Some("application/*"), Some(Form::Json)),
            (Some("APPLICATION/JSON; charset=utf-8"), Some(Form::Json)),
            (Some("application/ld+json, application/json;q=0.5"), Some(Form::JsonLd)),
            (Some("application/ld+json;q=0.5, application/json"), Some(Form::Json)),
            (Some("text/html;q=0.3, application/json;q=0.4"), Some(Form::Json)),
            (Some("text/html, application/json"), Some(Form::Html)),
            (Some("application/json;q=0, */*;q=0.1"), Some(Form::Html)),
            (Some("text/html;q=0, */*"), Some(Form::Json)),
            (Some("image/png"), None),
            (Some("application/json;q=0"), None),
            (Some("application/json;q=2, nonsense, ,;"), None),
        ] {
            assert_eq!(choose(accept, &Form::ALL), expect, "{accept:?}");
        }
        assert_eq!(choose(Some("*/*"), &[Form::Json, Form::Html]), Some(Form::Json));
        assert_eq!(choose(Some(browser), &[Form::Json, Form::Html]), Some(Form::Html));
    }

    #[test]
    fn only_who_names_html_gets_error_pages() {
        assert!(prefers_html(Some("text/html,*/*;q=0.8")));
        assert!(!prefers_html(Some("*/*")));
        assert!(!prefers_html(Some("text/html;q=0.5, application/json")));
        assert!(!prefers_html(None));
    }

    #[test]
    fn suffixes() {
        assert_eq!(Form::strip_suffix("a.json"), ("a", Some(Form::Json)));
        assert_eq!(Form::strip_suffix("a.jsonld"), ("a", Some(Form::JsonLd)));
        assert_eq!(Form::strip_suffix("a.b"), ("a.b", None));
    }
}
