//! Terms that a posting already names: DefinedTerm of schema.org, terms of JDX, competencies of HR Open, nodes of CTDL.
//!
//! Takes them apart; whether anybody holds such a term is not known here.

use super::json::At;
use super::model::{Term, TermSet};

/// A DefinedTerm of schema.org, or a term of JDX.
pub(super) fn defined_term(at: &At<'_>) -> Option<Term> {
    let set = at.member("inDefinedTermSet").and_then(|set| set.elements().into_iter().next()).map(|set| TermSet {
        uri: set.address().map(str::to_owned),
        name: set.text_of("name").or_else(|| set.str().filter(|_| set.address().is_none())).map(str::to_owned),
    });
    let code = at.text_of("termCode").or_else(|| at.text_of("codeValue"));
    kept(Term {
        uri: at.address().map(str::to_owned),
        identifier: code.filter(|code| is_guid(code)).map(str::to_owned),
        code: code.map(str::to_owned),
        set: set.filter(|set| set.uri.is_some() || set.name.is_some()),
        scheme: None,
    })
}

/// A PositionCompetency of HR Open. `schemeLink` of an identifier is the address of the item, or of its framework.
pub(super) fn position_competency(at: &At<'_>) -> Option<Term> {
    let id = at.members("competencyIds").into_iter().find(|id| id.text_of("value").is_some());
    let taxonomy = at.members("taxonomyIds").into_iter().next();
    let value = id.as_ref().and_then(|id| id.text_of("value"));
    let link = id.as_ref().and_then(|id| id.text_of("schemeLink"));
    let own = |link: &&str| value.is_some_and(|value| link.to_lowercase().contains(&value.to_lowercase()));
    let set = taxonomy.map(|set| TermSet {
        uri: set.text_of("schemeLink").or_else(|| set.text_of("value")).map(str::to_owned),
        name: set.text_of("description").map(str::to_owned),
    });
    let linked = link.filter(|link| !own(link)).map(|link| TermSet { uri: Some(link.to_owned()), name: None });
    kept(Term {
        uri: link.filter(own).or(value.filter(|value| value.contains("://"))).map(str::to_owned),
        identifier: value.filter(|value| is_guid(value)).map(str::to_owned),
        code: value.filter(|value| !is_guid(value) && !value.contains("://")).map(str::to_owned),
        set: set.or(linked),
        scheme: None,
    })
}

/// A node of CTDL: an address, or a CredentialAlignmentObject.
pub(super) fn node(at: &At<'_>) -> Option<Term> {
    let target = at.member("targetNode").and_then(|node| node.elements().into_iter().next());
    let uri = target.as_ref().and_then(At::address).or_else(|| at.address());
    let set = TermSet {
        uri: at.member("framework").and_then(|set| set.address()).map(str::to_owned),
        name: at.text_of("frameworkName").map(str::to_owned),
    };
    kept(Term {
        uri: uri.map(str::to_owned),
        identifier: at.text_of("ctid").or_else(|| at.str().filter(|text| is_ctid(text))).map(str::to_owned),
        code: at.text_of("codedNotation").map(str::to_owned),
        set: (set.uri.is_some() || set.name.is_some()).then_some(set),
        scheme: None,
    })
}

/// A string that is nothing but the address or the identifier of a term.
pub(super) fn bare_term(text: &str) -> Option<Term> {
    let text = text.trim();
    let address = (text.starts_with("http://") || text.starts_with("https://")) && !text.contains(char::is_whitespace);
    let identifier = is_guid(text) || is_ctid(text);
    kept(Term {
        uri: address.then(|| text.to_owned()),
        identifier: identifier.then(|| text.to_owned()),
        ..Term::default()
    })
}

/// The term with its scheme, if there is anything by which it can be found.
fn kept(term: Term) -> Option<Term> {
    let found = term.uri.is_some() || term.identifier.is_some() || term.code.is_some();
    found.then(|| Term { scheme: scheme(&term), ..term })
}

/// The scheme of a term by the form of its address or code (credentials digest, 4.4).
fn scheme(term: &Term) -> Option<&'static str> {
    let place = |uri: &str| uri.split_once("://").map(|(_, rest)| rest.trim_start_matches("www.").to_lowercase());
    let place = term.uri.as_deref().and_then(place).unwrap_or_default();
    if place.starts_with("data.europa.eu/esco/") {
        Some("ESCO")
    } else if place.starts_with("onetonline.org/") || term.code.as_deref().is_some_and(is_onet_element) {
        Some("O*NET")
    } else if place.starts_with("lightcast.io/open-skills/") || place.starts_with("skills.emsidata.com/") {
        Some("Lightcast")
    } else if place.starts_with("credentialengineregistry.org/") || term.identifier.as_deref().is_some_and(is_ctid) {
        Some("CTID")
    } else {
        None
    }
}

/// An element of O*NET's content model, such as `2.A.1.a`.
fn is_onet_element(code: &str) -> bool {
    let mut parts = code.split('.');
    let digit = |part: &str| matches!(part.as_bytes(), [b'1'..=b'6']);
    let letter = |part: &str| matches!(part.as_bytes(), [b'A'..=b'E']);
    parts.next().is_some_and(digit) && parts.next().is_some_and(letter) && parts.next().is_some() && code.len() <= 12
}

fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.trim().split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_ctid(text: &str) -> bool {
    text.trim().strip_prefix("ce-").is_some_and(is_guid)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const GUID: &str = "8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21";

    fn at(value: &Value) -> At<'_> {
        At::new(value, "")
    }

    #[test]
    fn terms_are_taken_apart() {
        let uri = format!("https://case.example.org/uri/{GUID}");
        let term = defined_term(&at(&json!({"@type": "DefinedTerm", "@id": uri, "termCode": "WT.2.3",
            "inDefinedTermSet": {"@id": "https://case.example.org/uri/f", "name": "Water"}})))
        .unwrap();
        assert_eq!((term.uri.as_deref(), term.code.as_deref()), (Some(uri.as_str()), Some("WT.2.3")));
        assert_eq!(term.set.unwrap().name.as_deref(), Some("Water"));
        let esco =
            json!({"url": "http://data.europa.eu/esco/skill/1", "inDefinedTermSet": "http://data.europa.eu/esco/x"});
        assert_eq!(defined_term(&at(&esco)).unwrap().scheme, Some("ESCO"));
        let jdx = json!({"name": "Critical thinking", "termCode": "2.A.2.a", "inDefinedTermSet": {"name": "O*NET", "url": "https://x.example"}});
        assert_eq!(defined_term(&at(&jdx)).unwrap().scheme, Some("O*NET"));
        assert_eq!(defined_term(&at(&json!({"name": "Only a name"}))), None);
    }

    #[test]
    fn links_of_hr_open_are_of_the_item_or_its_framework() {
        let of_item = json!({"competencyIds": [{"value": GUID, "schemeLink": format!("https://c.example/uri/{}", GUID.to_uppercase())}]});
        assert!(position_competency(&at(&of_item)).unwrap().uri.is_some());
        let of_framework = json!({"competencyIds": [{"value": GUID, "schemeLink": "https://c.example/uri/f"}]});
        let term = position_competency(&at(&of_framework)).unwrap();
        assert_eq!((term.uri, term.identifier.as_deref()), (None, Some(GUID)));
        assert_eq!(term.set.unwrap().uri.as_deref(), Some("https://c.example/uri/f"));
    }

    #[test]
    fn strings_may_be_terms() {
        assert!(bare_term(&format!("ce-{GUID}")).is_some_and(|term| term.scheme == Some("CTID")));
        assert!(bare_term("https://case.example.org/uri/x").is_some());
        assert_eq!(bare_term("see https://case.example.org"), None);
        assert_eq!(bare_term("Python"), None);
        assert_eq!(bare_term("éééééééé-éé"), None);
    }
}
