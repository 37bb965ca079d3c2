//! Sessions as browsers have them: the cookies, which requests are the site's own, and the token that
//! its forms send. A session counts for requests of this site only, and changes nothing without that
//! token.
//!
//! Pure but for the look-up, which `auth` does once for each request.

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::config::PublicUrl;
use crate::registry::form_token;

/// The header in which scripts of ours send the token of forms.
pub(crate) const FORM_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");
/// The field in which forms send it.
pub(crate) const FORM_FIELD: &str = "csrf";

/// The longest value of a cookie that is looked at.
const LONGEST: usize = 2_000;

/// The cookies of one server.
pub(crate) struct Cookies {
    session: String,
    visit: String,
    away: String,
    /// What every cookie ends with.
    attributes: String,
    public_url: PublicUrl,
}

impl Cookies {
    /// Those of a server with that public address. Where it is known by https they are for https only;
    /// where it has its host for itself, no other site of the same domain can set them.
    #[must_use]
    pub(crate) fn new(public_url: &PublicUrl) -> Cookies {
        let (is_secure, path) = (public_url.scheme() == "https", public_url.path());
        let prefix = if is_secure && path.is_empty() { "__Host-" } else { "" };
        let path = if path.is_empty() { "/" } else { path };
        let secure = if is_secure { "; Secure" } else { "" };
        Cookies {
            session: format!("{prefix}casement-session"),
            visit: format!("{prefix}casement-visit"),
            away: format!("{prefix}casement-away"),
            attributes: format!("; Path={path}; HttpOnly; SameSite=Lax{secure}"),
            public_url: public_url.clone(),
        }
    }

    /// What the cookie of a session holds, if there is one.
    #[must_use]
    pub(crate) fn session_of<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        cookie(headers, &self.session)
    }

    /// The token of the forms of who is not signed in.
    #[must_use]
    pub(crate) fn visit_of(&self, headers: &HeaderMap) -> Option<String> {
        cookie(headers, &self.visit).map(form_token)
    }

    /// Sets the cookie of a session, for so many seconds.
    #[must_use]
    pub(crate) fn begin(&self, value: &str, seconds: u64) -> HeaderValue {
        self.set(&self.session, value, &format!("; Max-Age={seconds}"))
    }

    /// Takes the cookie of a session away.
    #[must_use]
    pub(crate) fn end(&self) -> HeaderValue {
        self.set(&self.session, "", "; Max-Age=0")
    }

    /// Sets the cookie of who is about to sign in, until the browser is closed.
    #[must_use]
    pub(crate) fn visit(&self, value: &str) -> HeaderValue {
        self.set(&self.visit, value, "")
    }

    /// Remembers who is away to sign in at a provider, for ten minutes.
    #[must_use]
    pub(crate) fn away(&self, value: &str) -> HeaderValue {
        self.set(&self.away, value, "; Max-Age=600")
    }

    /// What is remembered of who is away.
    #[must_use]
    pub(crate) fn away_of<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        cookie(headers, &self.away)
    }

    /// Forgets who was away.
    #[must_use]
    pub(crate) fn back(&self) -> HeaderValue {
        self.set(&self.away, "", "; Max-Age=0")
    }

    fn set(&self, name: &str, value: &str, age: &str) -> HeaderValue {
        let text = format!("{name}={value}{}{age}", self.attributes);
        // Only letters, digits and a few signs are ever put in.
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// Whether a request comes from a page of this site, or from somebody who typed its address or
    /// followed a link to it. Browsers say so; whatever does not is no browser that could be misled,
    /// or an old one, which the cookie's own `SameSite` and the token of forms still hold for.
    #[must_use]
    pub(crate) fn is_own(&self, method: &Method, headers: &HeaderMap) -> bool {
        let one = |name: &str| {
            let mut all = headers.get_all(name);
            let first = all.next();
            (first.map(|value| value.to_str().unwrap_or("?")), all.next().is_none())
        };
        let (origin, origin_once) = one("origin");
        let (site, site_once) = one("sec-fetch-site");
        if !origin_once || !site_once || !origin.is_none_or(|origin| self.is_ours(origin, headers)) {
            return false;
        }
        match site {
            None | Some("same-origin" | "none") => true,
            Some(_) => {
                let is_visit =
                    one("sec-fetch-mode").0 == Some("navigate") && one("sec-fetch-dest").0 == Some("document");
                is_visit && [Method::GET, Method::HEAD].contains(method)
            }
        }
    }

    fn is_ours(&self, origin: &str, headers: &HeaderMap) -> bool {
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        let public = &self.public_url;
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let is_public = scheme == public.scheme() && authority.eq_ignore_ascii_case(public.authority());
        is_public
            || (["http", "https"].contains(&scheme) && host.is_some_and(|host| authority.eq_ignore_ascii_case(host)))
    }
}

/// The cookie of that name; nothing when it is there twice, for one of them is not ours.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut found = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
    let first = found.next().filter(|value| !value.is_empty() && value.len() <= LONGEST)?;
    found.next().is_none().then_some(first)
}

/// What a browser is, in short, for a person to know it by; never the whole of what it says.
#[must_use]
pub(crate) fn agent(headers: &HeaderMap) -> String {
    let said = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let first_of =
        |all: &[(&str, &'static str)]| all.iter().find(|(word, _)| said.contains(word)).map(|(_, name)| *name);
    // Each browser names those it wants to be taken for as well: the most particular first.
    let browser = first_of(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first_of(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    fn cookies(url: &str) -> Cookies {
        Cookies::new(&url.parse().unwrap())
    }

    #[test]
    fn a_session_counts_for_what_comes_from_this_site() {
        let cookies = cookies("https://standards.example/case");
        let (get, post) = (Method::GET, Method::POST);
        for (method, said, expect) in [
            (&get, &[][..], true),
            (&post, &[], true),
            (&post, &[("origin", "https://standards.example")], true),
            (&post, &[("origin", "https://Standards.Example"), ("sec-fetch-site", "same-origin")], true),
            (&post, &[("origin", "http://10.0.0.1:8080"), ("host", "10.0.0.1:8080")], true),
            (&post, &[("origin", "https://evil.example"), ("host", "10.0.0.1:8080")], false),
            (&get, &[("origin", "https://evil.example")], false),
            (&post, &[("origin", "null")], false),
            (&post, &[("origin", "http://standards.example")], false),
            (&post, &[("origin", "https://standards.example"), ("origin", "https://evil.example")], false),
            (&post, &[("origin", "https://standards.example"), ("sec-fetch-site", "cross-site")], false),
            (&get, &[("sec-fetch-site", "cross-site")], false),
            (&get, &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors")], false),
            (&get, &[("sec-fetch-site", "none")], true),
            (&get, &[("sec-fetch-site", "anything")], false),
            (
                &get,
                &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
                true,
            ),
            (
                &get,
                &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")],
                false,
            ),
            (
                &post,
                &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
                false,
            ),
        ] {
            assert_eq!(cookies.is_own(method, &headers(said)), expect, "{method} {said:?}");
        }
    }

    #[test]
    fn cookies_are_bound_as_tightly_as_the_address_allows() {
        let begin = |url: &str| cookies(url).begin("ab", 60).to_str().unwrap().to_owned();
        assert_eq!(
            begin("https://standards.example"),
            "__Host-casement-session=ab; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60"
        );
        assert_eq!(
            begin("https://example.org/case"),
            "casement-session=ab; Path=/case; HttpOnly; SameSite=Lax; Secure; Max-Age=60"
        );
        assert_eq!(begin("http://127.0.0.1:8080"), "casement-session=ab; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    }

    #[test]
    fn a_cookie_is_there_once() {
        let cookies = cookies("http://127.0.0.1:8080");
        for (line, expect) in [
            ("casement-session=a", Some("a")),
            ("x=y; casement-session=a;z=", Some("a")),
            ("casement-session=", None),
            ("casement-session=a; casement-session=b", None),
            ("Casement-Session=a", None),
            ("acasement-session=a", None),
        ] {
            assert_eq!(cookies.session_of(&headers(&[("cookie", line)])), expect, "{line}");
        }
    }

    #[test]
    fn browsers_are_named_in_short() {
        for (said, expect) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140",
                "Edge, Windows",
            ),
            ("<script>alert(1)</script>", ""),
        ] {
            assert_eq!(agent(&headers(&[("user-agent", said)])), expect);
        }
    }
}
