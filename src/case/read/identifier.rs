//! What an identifier is and what it becomes (digest 8.1, 12.1). Pure functions on text.

use uuid::Uuid;

/// An identifier in the form it is published in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Canonical {
    /// A UUID that the standard's pattern allows, in lower case.
    Proper(String),
    /// A UUID of another version or variant: kept, since an identifier is never broken.
    OddVersion(String),
    /// No UUID at all: a version 5 UUID made from it, always the same one.
    NotUuid(String),
}

/// Tells which of the three `received` is.
#[must_use]
pub fn canonical(received: &str) -> Canonical {
    let bare = received.trim();
    let bare = bare.strip_prefix("urn:uuid:").unwrap_or(bare);
    let bare = bare.strip_prefix('{').and_then(|b| b.strip_suffix('}')).unwrap_or(bare);
    match Uuid::try_parse(bare) {
        Ok(uuid) => {
            let text = uuid.hyphenated().to_string();
            if crate::case::status::is_case_uuid(&text) { Canonical::Proper(text) } else { Canonical::OddVersion(text) }
        }
        Err(_) => Canonical::NotUuid(mint(received)),
    }
}

/// [`canonical`], for an object of a framework: a name such as `standard-1` is unique in its
/// framework at best, an absolute uri everywhere.
#[must_use]
pub fn canonical_in(document: &str, received: &str) -> Canonical {
    match canonical(received) {
        Canonical::NotUuid(_) if !received.contains(':') => Canonical::NotUuid(mint(&format!("{document} {received}"))),
        other => other,
    }
}

/// The UUID that ends a uri's path, if one does.
#[must_use]
pub fn in_uri(uri: &str) -> Option<String> {
    let path = uri.split(['?', '#']).next()?;
    let last = path.trim_end_matches('/').rsplit(['/', ':']).next()?;
    let last = last.strip_suffix(".json").unwrap_or(last);
    (last.len() == 36).then(|| Uuid::try_parse(last).ok()).flatten().map(|uuid| uuid.to_string())
}

/// A version 5 UUID of the text: the same text always gives the same one.
#[must_use]
pub fn mint(text: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, text.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_told_apart() {
        let proper = "eb8ae273-6667-52ec-a73f-3d8a631bde9f".to_owned();
        for text in [
            "eb8ae273-6667-52ec-a73f-3d8a631bde9f",
            "EB8AE273-6667-52EC-A73F-3D8A631BDE9F",
            " {eb8ae273-6667-52ec-a73f-3d8a631bde9f} ",
            "urn:uuid:eb8ae273-6667-52ec-a73f-3d8a631bde9f",
            "eb8ae273666752eca73f3d8a631bde9f",
        ] {
            assert_eq!(canonical(text), Canonical::Proper(proper.clone()), "{text}");
        }
        let odd = "d0000000-0000-0000-0000-000000000000";
        assert_eq!(canonical(odd), Canonical::OddVersion(odd.to_owned()));
        let Canonical::NotUuid(made) = canonical("http://purl.org/ASN/resources/S1") else { panic!() };
        assert!(crate::case::status::is_case_uuid(&made));
        assert_eq!(canonical("http://purl.org/ASN/resources/S1"), Canonical::NotUuid(made));
    }

    #[test]
    fn a_uri_gives_up_its_identifier() {
        let id = "eb8ae273-6667-52ec-a73f-3d8a631bde9f";
        for uri in [
            format!("https://h.example/uri/{id}"),
            format!("https://h.example/ims/case/v1p0/CFItems/{id}.json"),
            format!("https://h.example/uri/{id}?x=1#y"),
            format!("urn:uuid:{id}"),
        ] {
            assert_eq!(in_uri(&uri).as_deref(), Some(id), "{uri}");
        }
        assert_eq!(in_uri("https://h.example/uri/S114340D"), None);
    }
}
