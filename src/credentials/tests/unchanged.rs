//! Properties: whatever is placed, everything else stays as it came.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::{Document, OnSigned, Outcome, ReadHints, read};
use super::{placed, proved, record};

/// JSON of any form, as text, so that numbers have every spelling.
fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,3})?",
        ".{0,8}".prop_map(|text| json!(text).to_string()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|all| format!("[{}]", all.join(","))),
            prop::collection::vec((member_name(), inner), 0..4).prop_map(|all| object(&all)),
        ]
    })
}

/// Names that mean something to a reader, and others.
fn member_name() -> impl Strategy<Value = String> {
    let known = [
        "alignment",
        "alignments",
        "resultDescription",
        "resultDescriptions",
        "rubricCriterionLevel",
        "achievement",
        "credentialSubject",
        "verifiableCredential",
        "type",
        "@context",
        "name",
        "criteria",
        "narrative",
        "tag",
        "proof",
        "assertions",
        "badge",
        "result",
        "targetName",
        "targetUrl",
        "targetCode",
        "id",
        "inLanguage",
        "@value",
    ];
    prop_oneof![3 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => "[^$]{0,6}"]
}

/// An object with each name once, since of two the first is lost on any reading.
fn object(members: &[(String, String)]) -> String {
    let mut seen = std::collections::HashSet::new();
    let once = members.iter().filter(|(name, _)| seen.insert(name.as_str()));
    let members: Vec<String> = once.map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// Documents of every kind around arbitrary members.
fn documents() -> impl Strategy<Value = String> {
    let heads = [
        ("type", r#"["Achievement"]"#),
        ("type", r#""BadgeClass""#),
        ("type", r#"["VerifiableCredential","OpenBadgeCredential"]"#),
        ("type", r#"["ClrCredential"]"#),
        ("type", r#"["VerifiablePresentation"]"#),
        ("type", r#""Clr""#),
        ("type", r#""Assertion""#),
        ("name", r#""x""#),
        ("requirement", "{}"),
        ("criteria_text", r#""x""#),
        ("criteriaUrl", r#""x""#),
    ];
    let members = prop::collection::vec((member_name(), json_text()), 0..6);
    (prop::sample::select(heads.to_vec()), members, json_text()).prop_map(|((name, value), members, inner)| {
        let nested = format!(
            r#"{{"type":"OpenBadgeCredential","credentialSubject":{{"achievement":[{{"alignment":{inner}}}]}}}}"#
        );
        let subject = format!(r#"{{"achievement":{{"name":"x","x":{inner}}},"verifiableCredential":[{nested}]}}"#);
        let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut all = vec![own(name, value)];
        all.extend(members);
        all.extend([own("credentialSubject", &subject), own("badge", "{}"), own("verifiableCredential", &nested)]);
        object(&all)
    })
}

/// The document without what was added, as text.
fn without_additions(document: &Document, after: &[u8], outcomes: &[Outcome]) -> Value {
    let mut value: Value = serde_json::from_slice(after).expect("what is written is JSON");
    for outcome in outcomes.iter().rev() {
        let Outcome::Added { pointer, alignment } = outcome else { continue };
        let (holder, position) = pointer.rsplit_once('/').unwrap();
        let position: usize = position.parse().unwrap();
        let all = value.pointer_mut(holder).and_then(Value::as_array_mut).expect("what is added is in a list");
        assert_eq!(all.remove(position), *alignment, "where it was said to be");
        assert_eq!(all.len(), position, "behind the rest");
        let rest = all.clone();
        let before: Option<Value> =
            serde_json::from_slice::<Value>(document.source()).unwrap().pointer(holder).cloned();
        let (owner, name) = holder.rsplit_once('/').unwrap();
        let owner: &mut Map<String, Value> = value.pointer_mut(owner).and_then(Value::as_object_mut).unwrap();
        match before {
            None => drop(owner.shift_remove(name)),
            Some(Value::Array(_)) => {}
            Some(other) => {
                assert!(other.is_null() || rest == [other.clone()]);
                owner[name] = other;
            }
        }
    }
    value
}

/// Everything of JSON text that is not in a string: numbers as they are spelled, and words.
fn bare_words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    for c in text.chars() {
        if quoted {
            quoted = escaped || c != '"';
            escaped = c == '\\' && !escaped;
        } else if c.is_ascii_alphanumeric() || "+-.".contains(c) {
            word.push(c);
        } else {
            quoted = c == '"';
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
        }
    }
    words
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_not_added_stays(source in documents()) {
        let Ok(document) = read(source.as_bytes(), ReadHints::default()) else { return Ok(()) };
        let targets = [super::item()];
        let all = super::everywhere(&document, &targets);
        let Ok(placed) = super::place(&document, &all, super::AlignmentOptions::default(), OnSigned::Detach) else {
            return Ok(());
        };
        let before: Value = serde_json::from_str(&source).unwrap();
        match &placed.document {
            None => prop_assert!(!document.frozen.is_empty() && !document.is_open()),
            Some(after) => {
                // As text, since that is how numbers and the order of members are told apart.
                let kept = without_additions(&document, after, &placed.outcomes).to_string();
                prop_assert_eq!(kept, before.to_string());
                let nulls = |words: Vec<String>| words.into_iter().filter(|word| word != "null").collect::<Vec<_>>();
                let text = std::str::from_utf8(after).unwrap();
                prop_assert_eq!(nulls(bare_words(text)), nulls(bare_words(&source)), "as they are spelled");
                let again = read(after, ReadHints::default()).unwrap();
                let second = super::place(&again, &all, super::AlignmentOptions::default(), OnSigned::Detach).unwrap();
                prop_assert_eq!(second.document.as_ref(), Some(after), "a second time adds nothing");
            }
        }
    }

    #[test]
    fn a_signed_credential_inside_stays_byte_for_byte(inner in json_text()) {
        let inner: Value = serde_json::from_str(&inner).unwrap();
        let mut signed = proved(super::credential());
        signed["x"] = inner;
        let value = record(vec![signed.clone(), super::credential()]);
        let placed = placed(&super::document(&value), OnSigned::Detach);
        let after = String::from_utf8(placed.document.unwrap()).unwrap();
        prop_assert!(after.contains(&signed.to_string()));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,80}") {
        let _ = read(&bytes, ReadHints::default());
        let _ = read(text.as_bytes(), ReadHints { content_type: Some(&text), language: Some(&text) });
    }

    #[test]
    fn a_damaged_document_is_read_or_refused(at in 0_usize..2000, byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = record(vec![proved(super::credential())]).to_string().into_bytes();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        if let Ok(document) = read(&bytes, ReadHints::default()) {
            prop_assert_eq!(document.source(), &bytes);
        }
    }
}
