//! What a reference says by its shape: the identifiers in a uri, a CTID, a code, and codes and uris
//! of other schemes than CASE (digest of credentials 2.5, 4.4).
//!
//! Pure: nothing here is looked up.

use uuid::Uuid;

use super::reference::Reference;
use super::told::FoundBy;
use crate::case::read::{Canonical, canonical};
use crate::text::code::Code;
use crate::text::exact;

/// A scheme of codes and uris that is not CASE.
pub(super) type Scheme = &'static str;

/// What a reference may mean, the surest first.
#[derive(Debug, Default)]
pub(super) struct Clues {
    /// Identifiers in stored form.
    pub(super) identifiers: Vec<(String, FoundBy)>,
    /// Uris and identifiers as they came.
    pub(super) texts: Vec<(String, FoundBy)>,
    pub(super) uris: Vec<String>,
    pub(super) codes: Vec<Code>,
    pub(super) names: Vec<String>,
    /// Whether a framework is meant, and no item of the same identifier.
    pub(super) is_framework: bool,
    /// Whether nothing is named but a framework.
    pub(super) is_only_framework: bool,
    pub(super) scheme: Option<Scheme>,
    /// Of which scheme the code looks like, whatever framework it is of.
    scheme_of_code: Option<Scheme>,
}

impl Clues {
    pub(super) fn of(reference: &Reference) -> Clues {
        let mut clues = Clues::default();
        if let Some(uri) = &reference.uri {
            clues.uri(uri);
        }
        if let Some(identifier) = &reference.identifier {
            clues.identifier(identifier);
        }
        if let Some(code) = &reference.code {
            clues.code(code);
        }
        if let Some(any) = &reference.any {
            clues.any(any);
        }
        if let Some(name) = &reference.name {
            clues.names.push(name.clone());
            // Many alignments are named by the code, and by nothing else.
            clues.codes.extend(Code::new(name).filter(|code| {
                !code.is_number() && crate::text::code::looks_like_code(name) && name.contains(char::is_numeric)
            }));
        }
        let of_type = reference.target_type.as_deref().and_then(scheme_of_type);
        let of_framework = reference.framework.iter().find_map(|name| scheme_of_framework(name));
        // A code of the same shape may be one of a framework that is named.
        let of_code = clues.scheme_of_code.filter(|_| reference.framework.is_empty());
        clues.scheme = clues.scheme.or(of_type).or(of_framework).or(of_code);
        if !clues.says_something() && reference.passage.is_none() {
            clues.framework(&reference.framework);
        }
        clues
    }

    fn says_something(&self) -> bool {
        !(self.identifiers.is_empty() && self.texts.is_empty() && self.codes.is_empty() && self.names.is_empty())
    }

    /// Nothing but a framework is named: it is what is meant.
    fn framework(&mut self, names: &[String]) {
        self.is_framework = true;
        self.is_only_framework = true;
        for name in names {
            if let Some(id) = identifier_of(name) {
                self.identifiers.push((id, FoundBy::Identifier));
            } else if is_uri(name) {
                self.uri(name);
            } else {
                self.names.push(name.clone());
            }
        }
    }

    fn any(&mut self, text: &str) {
        let text = text.trim();
        if is_uri(text) {
            self.uri(text);
        } else if identifier_of(text).is_some() || ctid(text).is_some() {
            self.identifier(text);
        } else {
            self.texts.push((text.to_owned(), FoundBy::Identifier));
            self.code(text);
            self.names.push(text.to_owned());
        }
    }

    fn identifier(&mut self, text: &str) {
        if let Some(id) = ctid(text) {
            self.identifiers.push((id, FoundBy::Ctid));
            self.scheme = Some("CTDL");
        } else if let Some(id) = identifier_of(text) {
            self.identifiers.push((id, FoundBy::Identifier));
        } else if is_uri(text) {
            self.uri(text);
        } else {
            self.texts.push((text.trim().to_owned(), FoundBy::Identifier));
        }
    }

    fn uri(&mut self, text: &str) {
        let text = text.trim();
        if ctid(text).is_some() || !is_uri(text) {
            return self.identifier_in_place_of_uri(text);
        }
        let scheme = scheme_of_uri(text);
        self.scheme = self.scheme.or(scheme);
        if let Some((id, is_framework)) = identifier_in(text) {
            self.is_framework |= is_framework;
            self.identifiers.push((id, FoundBy::Uri));
        }
        self.texts.push((text.to_owned(), FoundBy::Uri));
        // Our own address of an object whose identifier was none.
        if let Some((_, received)) = text.split_once("/uri/").filter(|(_, received)| !received.is_empty()) {
            self.texts.push((percent_decoded(received), FoundBy::Uri));
        }
        self.uris.push(text.to_owned());
        self.codes.extend(code_in_uri(text, scheme));
    }

    fn identifier_in_place_of_uri(&mut self, text: &str) {
        if ctid(text).is_some() || identifier_of(text).is_some() {
            return self.identifier(text);
        }
        self.texts.push((text.to_owned(), FoundBy::Uri));
    }

    fn code(&mut self, text: &str) {
        let text = text.trim();
        if ctid(text).is_some() || identifier_of(text).is_some() || is_uri(text) {
            return self.identifier(text);
        }
        self.scheme_of_code = self.scheme_of_code.or(scheme_of_code(text));
        self.codes.extend(Code::new(text));
        // O*NET's `.00` is the occupation of SOC itself.
        if let Some(soc) = text.strip_suffix(".00").filter(|soc| is_soc(soc)) {
            self.codes.extend(Code::new(soc));
        } else if is_soc(text) {
            self.codes.extend(Code::new(&format!("{text}.00")));
        }
    }
}

/// Whether a text is an absolute uri.
fn is_uri(text: &str) -> bool {
    let text = text.trim();
    if text.contains(char::is_whitespace) {
        return false;
    }
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme && (rest.starts_with("//") || scheme.eq_ignore_ascii_case("urn") && !rest.is_empty())
}

/// Whether a word of a text is a uri, an identifier or a CTID.
pub(super) fn is_address(word: &str) -> bool {
    is_uri(word) || word.len() == 36 && identifier_of(word).is_some() || ctid(word).is_some()
}

/// The identifier that a text is, in stored form, where it is a UUID.
fn identifier_of(text: &str) -> Option<String> {
    match canonical(text.trim()) {
        Canonical::Proper(id) | Canonical::OddVersion(id) => Some(id),
        Canonical::NotUuid(_) => None,
    }
}

/// The UUID of a CTID, which may stand at the end of a uri.
fn ctid(text: &str) -> Option<String> {
    let last = text.trim().trim_end_matches('/').rsplit('/').next()?;
    let uuid = last.get(..3).filter(|begin| begin.eq_ignore_ascii_case("ce-")).and_then(|_| last.get(3..))?;
    (uuid.len() == 36).then(|| Uuid::try_parse(uuid).ok()).flatten().map(|uuid| uuid.to_string())
}

/// The UUID that a uri ends in, whatever comes after it, and whether the address is one of a
/// framework: in its path, with the suffix of a form or a `p` before it or not, else after its `?` or
/// `#`. What comes before it in the path is what it belongs to.
fn identifier_in(uri: &str) -> Option<(String, bool)> {
    let (path, rest) = uri.split_at(uri.find(['?', '#']).unwrap_or(uri.len()));
    let path: Vec<&str> = path.split(['/', ':']).filter(|part| !part.is_empty()).collect();
    if let Some((at, (id, is_package))) =
        path.iter().enumerate().rev().find_map(|(at, part)| Some((at, uuid_in(part)?)))
    {
        let lists = ["CFDocuments", "CFPackages", "cfpackage", "cfdoc"];
        let list = at.checked_sub(1).and_then(|before| path.get(before));
        let is_listed = list.is_some_and(|list| lists.iter().any(|known| known.eq_ignore_ascii_case(list)));
        return Some((id, is_package || is_listed));
    }
    rest.split(['?', '#', '&', '=', '/']).rev().find_map(uuid_in)
}

/// A UUID, and whether a `p` before it says that a package is meant.
fn uuid_in(part: &str) -> Option<(String, bool)> {
    let suffixes = [".json", ".jsonld", ".html"];
    let part = suffixes.iter().find_map(|suffix| part.strip_suffix(suffix)).unwrap_or(part);
    let (uuid, is_package) = match part.len() {
        36 => (part, false),
        37 => (part.strip_prefix(['p', 'P'])?, true),
        _ => return None,
    };
    Uuid::try_parse(uuid).ok().map(|uuid| (uuid.to_string(), is_package))
}

/// With percent-encoding undone, where that gives text.
fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(value.unwrap_or(*byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

/// The code at the end of the addresses that O*NET and ISCO give their own.
fn code_in_uri(uri: &str, scheme: Option<Scheme>) -> Option<Code> {
    let last = uri.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next()?;
    match scheme? {
        "O*NET-SOC" | "O*NET" | "Lightcast" => Code::new(last),
        _ => None,
    }
}

fn scheme_of_uri(uri: &str) -> Option<Scheme> {
    let host = exact::host(uri)?;
    let address = exact::address(uri);
    let of = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|before| before.ends_with('.'));
    Some(match () {
        () if of("data.europa.eu") && address.contains("/esco/isco/") => "ISCO",
        () if of("data.europa.eu") && address.contains("/esco/") => "ESCO",
        () if of("onetonline.org") || of("onetcenter.org") => "O*NET-SOC",
        () if of("credentialengineregistry.org") || of("credentialfinder.org") || of("credentialengine.org") => "CTDL",
        () if of("lightcast.io") || of("emsidata.com") => "Lightcast",
        () => return None,
    })
}

fn is_soc(text: &str) -> bool {
    text.len() == 7
        && text.bytes().enumerate().all(|(at, byte)| if at == 2 { byte == b'-' } else { byte.is_ascii_digit() })
}

fn scheme_of_code(text: &str) -> Option<Scheme> {
    if is_soc(text) {
        return Some("SOC");
    }
    let (before, after) = text.split_at_checked(7).unwrap_or((text, ""));
    if is_soc(before) && after.len() == 3 && after.starts_with('.') && after.bytes().skip(1).all(|b| b.is_ascii_digit())
    {
        return Some("O*NET-SOC");
    }
    if text.len() > 10
        && text.starts_with("KS")
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    {
        return Some("Lightcast");
    }
    // `2.A.1.a`: numbers and letters in turn, beginning with the number of a domain.
    let parts: Vec<&str> = text.split('.').collect();
    let is_element = (2..=6).contains(&parts.len())
        && matches!(parts.first(), Some(&("1" | "2" | "3" | "4" | "5" | "6")))
        && parts.get(1).is_some_and(|part| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_uppercase()))
        && parts.iter().skip(2).all(|part| {
            part.len() <= 2 && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) && !part.is_empty()
        });
    is_element.then_some("O*NET")
}

fn scheme_of_type(target_type: &str) -> Option<Scheme> {
    match target_type {
        "CTDL" => Some("CTDL"),
        other if other.starts_with("ceasn:") || other.starts_with("ceterms:") => Some("CTDL"),
        other if other.eq_ignore_ascii_case("ext:ESCO") => Some("ESCO"),
        _ => None,
    }
}

fn scheme_of_framework(name: &str) -> Option<Scheme> {
    let words: Vec<String> = crate::text::words(name).map(|word| word.text.into_owned()).collect();
    let has = |word: &str| words.iter().any(|other| other == word);
    let joined = words.concat();
    Some(match () {
        () if has("esco") => "ESCO",
        () if joined.contains("onet") => "O*NET",
        () if joined == "soc" || joined.contains("standardoccupationalclassification") => "SOC",
        () if has("ctdl") || joined == "credentialtransparencydescriptionlanguage" => "CTDL",
        () if has("lightcast") || has("emsi") => "Lightcast",
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21";
    const OTHER: &str = "5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10";

    #[test]
    fn every_shape_of_address_gives_up_its_identifier() {
        let upper = ID.to_uppercase();
        for (uri, is_framework) in [
            (format!("https://h/uri/{ID}"), false),
            (format!("https://h/uri/{upper}"), false),
            (format!("https://h/uri/{ID}.json"), false),
            (format!("https://h/uri/{ID}.jsonld"), false),
            (format!("https://h/uri/p{ID}"), true),
            (format!("https://h/uri/p{ID}.json"), true),
            (format!("https://h/ims/case/v1p0/CFItems/{ID}"), false),
            (format!("https://h/ims/case/v1p1/CFItems/{ID}/"), false),
            (format!("https://h/ims/case/v1p1/CFItems/{ID}/associations"), false),
            (format!("https://h/ims/case/v1p1/CFDocuments/{ID}"), true),
            (format!("https://h/cfpackage/doc/{ID}.json"), false),
            (format!("https://casenetwork.1edtech.org/{OTHER}/{ID}"), false),
            (format!("https://h/item?id={ID}"), false),
            (format!("https://h/#/{OTHER}/{ID}"), false),
            (format!("urn:uuid:{ID}"), false),
        ] {
            assert_eq!(identifier_in(&uri), Some((ID.to_owned(), is_framework)), "{uri}");
        }
        for uri in ["https://h/cftree/item/1234", "https://h", "https://h/uri/", "https://h/uri/8f0e2c34"] {
            assert_eq!(identifier_in(uri), None, "{uri}");
        }
    }

    #[test]
    fn ctids_are_told() {
        for text in [
            format!("ce-{ID}"),
            format!("CE-{}", ID.to_uppercase()),
            format!("https://credentialengineregistry.org/resources/ce-{ID}"),
            format!("https://credentialfinder.org/competency/ce-{ID}/"),
        ] {
            assert_eq!(ctid(&text).as_deref(), Some(ID), "{text}");
            let clues = Clues::of(&Reference::any(text));
            assert_eq!(clues.identifiers, [(ID.to_owned(), FoundBy::Ctid)]);
            assert_eq!(clues.scheme, Some("CTDL"));
        }
        assert_eq!(ctid("ce-1"), None);
        assert_eq!(ctid("ce-é"), None);
    }

    #[test]
    fn other_schemes_are_told_by_shape() {
        for (text, scheme) in [
            ("15-1254.00", Some("O*NET-SOC")),
            ("15-1254", Some("SOC")),
            ("https://www.onetonline.org/link/summary/15-1254.00", Some("O*NET-SOC")),
            ("2.A.1.a", Some("O*NET")),
            ("2.A", Some("O*NET")),
            ("http://data.europa.eu/esco/skill/b94686e3-cce5-47a2-a8d8-402a0d0ed44e", Some("ESCO")),
            ("http://data.europa.eu/esco/isco/C2512", Some("ISCO")),
            ("KS120076FGP5WGWYMP0F", Some("Lightcast")),
            ("https://lightcast.io/open-skills/skills/KS120076FGP5WGWYMP0F", Some("Lightcast")),
            ("3.OA.A.1", None),
            ("https://notlightcast.io/x", None),
            ("15-125", None),
        ] {
            assert_eq!(Clues::of(&Reference::any(text)).scheme, scheme, "{text}");
        }
        let named =
            Reference { code: Some("2.A.1.a".to_owned()), framework: vec!["Music".to_owned()], ..Reference::default() };
        assert_eq!(Clues::of(&named).scheme, None);
        let named = Reference { framework: vec!["O*NET 30".to_owned()], ..named };
        assert_eq!(Clues::of(&named).scheme, Some("O*NET"));
    }

    #[test]
    fn odd_texts_have_no_shape() {
        for text in ["", " ", ":", "a:b", "://", "%", "https://h/uri/%", "https://h/uri/%E9", "\u{202e}", "ce-", "p"] {
            let clues = Clues::of(&Reference::any(text));
            assert!(clues.identifiers.is_empty(), "{text}: {clues:?}");
        }
        assert_eq!(percent_decoded("a%20b%C3%A9%"), "a bé%");
    }
}
