//! Tests of which document is which: a row each of section 2.1 of the digest.

use serde_json::{Value, json};

use super::super::{CredentialError, Kind, ReadHints, read, recognise};
use super::{achievement, credential, record};

#[test]
fn each_row_is_told_by_its_members() {
    let ob3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    let rows = [
        (record(vec![credential()]), Kind::Clr2),
        (json!({ "type": "ClrCredential" }), Kind::Clr2),
        (credential(), Kind::Ob3Credential),
        (json!({ "type": "AchievementCredential" }), Kind::Ob3Credential),
        (json!({ "type": ["VerifiableCredential"], "credentialSubject": {} }), Kind::Ob3Credential),
        (json!({ "type": ["VerifiablePresentation"], "verifiableCredential": [] }), Kind::Presentation),
        (achievement(), Kind::Ob3Achievement),
        (json!({ "type": "Achievement", "name": "x" }), Kind::Ob3Achievement),
        (json!({ "@context": [ob3], "type": "Achievement", "issuer": "https://x.example" }), Kind::Ob3Achievement),
        (json!({ "@type": "BadgeClass" }), Kind::Ob2BadgeClass),
        (json!({ "type": "Assertion", "badge": {} }), Kind::Ob2Assertion),
        (json!({ "type": "Assertion", "badge": "https://x.example/badge" }), Kind::Ob2Assertion),
        (json!({ "assertions": [] }), Kind::Clr1),
        (json!({ "achievements": [] }), Kind::Clr1),
        (json!({ "signedAssertions": [] }), Kind::Clr1),
        (json!({ "type": "Clr" }), Kind::Clr1),
        (json!({ "type": "Achievement", "requirement": {}, "name": "x" }), Kind::Clr1Achievement),
        (json!({ "type": "Achievement", "alignments": [] }), Kind::Clr1Achievement),
        (json!({ "type": "Achievement", "resultDescriptions": [] }), Kind::Clr1Achievement),
        (json!({ "type": "Assertion", "achievement": {} }), Kind::Clr1Assertion),
        (json!({ "name": "x", "alignment": [{ "target_name": "y" }] }), Kind::BadgrV1),
        (json!({ "name": "x", "criteria_text": "y" }), Kind::BadgrV1),
        (json!({ "name": "x", "alignments": [{ "targetName": "y" }] }), Kind::BadgrV2),
        (json!({ "entityType": "BadgeClass", "name": "x" }), Kind::BadgrV2),
        (json!({ "name": "x" }), Kind::Untyped),
        (json!({ "description": "x" }), Kind::Untyped),
    ];
    for (value, kind) in rows {
        assert_eq!(recognise(&value), Some(kind), "{value}");
    }
}

#[test]
fn what_is_something_else_is_nothing() {
    let others = [
        json!(null),
        json!([]),
        json!([credential()]),
        json!("name"),
        json!({}),
        json!({ "name": null }),
        json!({ "type": "Profile", "name": "A Learner" }),
        json!({ "@type": "JobPosting", "description": "x" }),
        json!({ "type": 7, "x": 1 }),
    ];
    for value in others {
        assert_eq!(recognise(&value), None, "{value}");
        let error = read(value.to_string().as_bytes(), ReadHints::default()).unwrap_err();
        assert_eq!(error, CredentialError::Unrecognised, "{value}");
        assert!(!error.to_string().contains("Learner"));
    }
}

#[test]
fn names_of_kinds_are_all_different() {
    let all = [
        Kind::Ob2BadgeClass,
        Kind::Ob2Assertion,
        Kind::Ob3Achievement,
        Kind::Ob3Credential,
        Kind::Clr1,
        Kind::Clr1Assertion,
        Kind::Clr1Achievement,
        Kind::Clr2,
        Kind::Presentation,
        Kind::BadgrV1,
        Kind::BadgrV2,
        Kind::Untyped,
    ];
    let names: std::collections::BTreeSet<&str> = all.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn bodies_that_are_nothing_say_why() {
    let read = |bytes: &[u8], content_type| read(bytes, ReadHints { content_type, language: None });
    for empty in ["", " \n", "\u{feff}"] {
        assert_eq!(read(empty.as_bytes(), None).unwrap_err(), CredentialError::Empty);
    }
    for announced in ["application/vc+jwt", "application/jwt; x=y", "APPLICATION/VC+JWT"] {
        assert_eq!(read(b"{}", Some(announced)).unwrap_err(), CredentialError::NotJws);
    }
    for payload in ["e30", "W10", "bm90IGpzb24", "AAAA", "e"] {
        let body = format!("eyJhbGciOiJub25lIn0.{payload}.c2ln");
        let error = read(body.as_bytes(), None).unwrap_err();
        let expected = if payload == "e30" { CredentialError::Unrecognised } else { CredentialError::Payload };
        assert_eq!(error, expected, "{payload}");
    }
    let cut = credential().to_string();
    let CredentialError::NotJson { what, .. } = read(&cut.as_bytes()[..cut.len() / 2], None).unwrap_err() else {
        panic!("it is no JSON")
    };
    assert_eq!(what, "ends too early");
    let deep = format!("{}{}", "{\"a\":".repeat(200), "}".repeat(200));
    let error = read(deep.as_bytes(), None).unwrap_err().to_string();
    assert!(error.contains("is nested too deeply"), "{error}");
    let wrong = read(b"{\"secret\": oops", None).unwrap_err().to_string();
    assert!(wrong.contains("line 1, column 12") && !wrong.contains("secret"), "{wrong}");
    assert!(read(b"\xff\xfe{}", None).is_err());
    let reserved: Value = json!({ "name": "x", "a": {} });
    let reserved = reserved.to_string().replace("{}", r#"{"$serde_json::private::RawValue":"[1]"}"#);
    assert_eq!(read(reserved.as_bytes(), None).unwrap_err(), CredentialError::Reserved);
}
