//! Names of properties and classes: full uris and the short forms they are known by. Pure.

/// Prefixes and what they stand for. Several uris of one prefix are editions of one vocabulary;
/// the first is the present one.
const PREFIXES: &[(&str, &str)] = &[
    ("asn", "http://purl.org/ASN/schema/core/"),
    ("case", "https://purl.imsglobal.org/spec/case/v1p1#"),
    ("cc", "http://creativecommons.org/ns#"),
    ("ceasn", "https://purl.org/ctdlasn/terms/"),
    ("ceasn", "http://purl.org/ctdlasn/terms/"),
    ("ceterms", "https://purl.org/ctdl/terms/"),
    ("ceterms", "http://purl.org/ctdl/terms/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("gemq", "http://purl.org/gem/qualifiers/"),
    ("loc", "http://www.loc.gov/loc.terms/relators/"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("schema", "https://schema.org/"),
    ("schema", "http://schema.org/"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// The namespace of RDF itself.
pub(super) const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// `asn:listID` for `http://purl.org/ASN/schema/core/listID`; an unknown uri stays as it is.
pub(super) fn short(uri: &str) -> String {
    PREFIXES
        .iter()
        .find_map(|(prefix, namespace)| uri.strip_prefix(namespace).map(|name| format!("{prefix}:{name}")))
        .unwrap_or_else(|| uri.to_owned())
}

/// Whether the text is a short name of one of the vocabularies, such as `ceasn:name`.
pub(super) fn is_short(text: &str) -> bool {
    text.split_once(':').is_some_and(|(prefix, name)| {
        !name.is_empty()
            && PREFIXES.iter().any(|(known, _)| *known == prefix)
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    })
}

/// What follows the last `/`, `#` or `:`: `Published` of a concept's uri, `eng` of a language's.
pub(super) fn last_part(uri: &str) -> &str {
    uri.trim_end_matches('/').rsplit(['/', '#', ':']).next().unwrap_or(uri)
}

/// The two-letter code that RFC 5646 wants where a three-letter code of a common language stands,
/// or its English name; other texts stay.
pub(super) fn language(text: &str) -> &str {
    const CODES: [(&str, &[&str]); 14] = [
        ("en", &["eng", "english"]),
        ("es", &["spa", "spanish"]),
        ("fr", &["fra", "fre", "french"]),
        ("de", &["deu", "ger", "german"]),
        ("it", &["ita", "italian"]),
        ("pt", &["por", "portuguese"]),
        ("nl", &["nld", "dut", "dutch"]),
        ("ja", &["jpn", "japanese"]),
        ("ko", &["kor", "korean"]),
        ("zh", &["zho", "chi", "chinese"]),
        ("ar", &["ara", "arabic"]),
        ("ru", &["rus", "russian"]),
        ("nb", &["nob"]),
        ("nn", &["nno"]),
    ];
    let found = CODES.iter().find(|(_, others)| others.iter().any(|other| other.eq_ignore_ascii_case(text)));
    found.map_or(text, |(code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_and_told_from_uris() {
        assert_eq!(short("http://purl.org/ASN/schema/core/listID"), "asn:listID");
        assert_eq!(short("http://purl.org/ctdlasn/terms/name"), "ceasn:name");
        assert_eq!(short("http://h.example/x"), "http://h.example/x");
        assert!(is_short("ceasn:name"));
        for text in ["ceasn:", "http://h.example/x", "name", "ceasn:a b", "mine:x"] {
            assert!(!is_short(text), "{text}");
        }
        assert_eq!(last_part("http://h.example/Level/K/"), "K");
        assert_eq!(last_part("publicationStatus:Published"), "Published");
        assert_eq!((language("eng"), language("en-US"), language("English")), ("en", "en-US", "en"));
    }
}
