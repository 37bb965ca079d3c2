//! What somebody chose of how pages are: language and light or dark. Kept in cookies that say
//! nothing else; works without scripts.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::language::Language;
use crate::server::state::AppState;

/// Where choices are sent.
pub(crate) const PATH: &str = "/preferences";

const LANGUAGE: &str = "casement-language";
const THEME: &str = "casement-theme";
/// In seconds.
const A_YEAR: u32 = 31_536_000;

/// Light or dark, where somebody does not leave it to their system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

impl Theme {
    /// As the cookie and the page have it.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn of_name(name: &str) -> Option<Theme> {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.name() == name)
    }
}

/// How somebody wants pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub language: Language,
    pub theme: Option<Theme>,
}

/// What cookies of ours say, or else what the browser prefers.
#[must_use]
pub(crate) fn chosen(headers: &header::HeaderMap) -> Chosen {
    let cookies: Vec<&str> = headers.get_all(header::COOKIE).filter_map(|value| value.to_str().ok()).collect();
    let cookie = |name: &str| {
        let pairs = cookies.iter().flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.into_iter().find_map(|(key, value)| (key == name).then_some(value))
    };
    let accepted = || {
        let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Language::accepted(header.unwrap_or_default())
    };
    let language = cookie(LANGUAGE).and_then(Language::of_tag).unwrap_or_else(accepted);
    Chosen { language, theme: cookie(THEME).and_then(Theme::of_name) }
}

/// What was chosen, and where.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    language: Option<String>,
    theme: Option<String>,
    back: Option<String>,
}

/// Remembers a choice and leads back to where it was made.
pub(super) async fn choose(state: web::Data<AppState>, web::Form(choice): web::Form<Choice>) -> HttpResponse {
    let base = &state.frame.base;
    let mut response = HttpResponse::SeeOther();
    let mut keep = |name: &str, value: &str, seconds: u32| {
        let path = if base.is_empty() { "/" } else { base };
        let secure = if state.public_url.scheme() == "https" { "; Secure" } else { "" };
        let cookie = format!("{name}={value}; Path={path}; Max-Age={seconds}; SameSite=Lax{secure}");
        response.append_header((header::SET_COOKIE, cookie));
    };
    if let Some(language) = choice.language.as_deref().and_then(Language::of_tag) {
        keep(LANGUAGE, language.tag(), A_YEAR);
    }
    match choice.theme.as_deref().map(Theme::of_name) {
        Some(Some(theme)) => keep(THEME, theme.name(), A_YEAR),
        // Anything else leaves it to the system.
        Some(None) => keep(THEME, "auto", 0),
        None => {}
    }
    let back = choice.back.as_deref().filter(|back| is_ours(back)).unwrap_or("/");
    response.insert_header((header::LOCATION, format!("{base}{}", crate::server::url::header_safe(back))));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.finish()
}

/// Whether it is a path of this server, and of no other.
pub(super) fn is_ours(back: &str) -> bool {
    back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') && !back.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderMap, HeaderValue};

    #[test]
    fn cookies_say_more_than_the_browser() {
        let check = |cookie: &'static str, accept: &'static str, expect: (Language, Option<Theme>)| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
            let (language, theme) = expect;
            assert_eq!(chosen(&headers), Chosen { language, theme }, "{cookie} {accept}");
        };
        check("", "es", (Language::Spanish, None));
        check("a=b; casement-language=en", "es", (Language::English, None));
        check("casement-theme=dark;casement-language=xx", "es", (Language::Spanish, Some(Theme::Dark)));
        check("casement-theme=<script>", "", (Language::English, None));
    }

    #[test]
    fn only_our_own_places_are_gone_back_to() {
        for (back, ours) in [
            ("/", true),
            ("/search?q=a", true),
            ("//evil.example", false),
            ("https://evil.example", false),
            ("/\\evil", false),
        ] {
            assert_eq!(is_ours(back), ours, "{back}");
        }
    }
}
