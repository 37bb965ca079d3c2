//! Tests of what is signed: section 2.7 of the digest.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::super::{AlignmentOptions, Document, Kind, OnSigned, Outcome, PlaceError, ReadHints, Reason, place, read};
use super::{credential, document, everywhere, item, placed, pointers, proved, record};

fn jws(payload: &Value) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", encode(r#"{"alg":"EdDSA"}"#), encode(&payload.to_string()), encode("signature"))
}

fn frozen(document: &Document) -> Vec<(&str, &str)> {
    document.frozen.iter().map(|frozen| (frozen.pointer.as_str(), frozen.reason.name())).collect()
}

fn detached(outcomes: &[Outcome]) -> Vec<bool> {
    outcomes.iter().map(|outcome| matches!(outcome, Outcome::Detached { .. })).collect()
}

const INNER: &str = "/credentialSubject/verifiableCredential";

#[test]
fn a_proof_freezes_everything() {
    let read = document(&proved(credential()));
    assert_eq!(frozen(&read), [("", "proof")]);
    let placed = placed(&read, OnSigned::Detach);
    assert_eq!(placed.document, None, "not even as it came");
    assert_eq!(detached(&placed.outcomes), [true; 3]);
    assert_eq!(pointers(&placed)[0], "/credentialSubject/achievement/alignment/1", "where it would stand");
    for no_proof in [json!(null), json!([])] {
        let mut value = credential();
        value["proof"] = no_proof;
        assert_eq!(frozen(&document(&value)), [], "nothing is signed by nothing");
    }
}

#[test]
fn an_outer_proof_freezes_what_is_inside() {
    let read = document(&proved(record(vec![credential(), proved(credential())])));
    let (first, second) = (format!("{INNER}/0"), format!("{INNER}/1"));
    assert_eq!(frozen(&read), [("", "proof"), (&first, "outerProof"), (&second, "proof")]);
    assert!(read.places.iter().all(|place| place.frozen.is_some()));
    assert_eq!(placed(&read, OnSigned::Detach).document, None);
}

#[test]
fn a_proof_inside_freezes_only_what_it_proves() {
    let value = record(vec![proved(credential()), credential()]);
    let read = document(&value);
    assert_eq!(frozen(&read), [(format!("{INNER}/0").as_str(), "proof")]);
    let placed = placed(&read, OnSigned::Detach);
    let after: Value = serde_json::from_slice(&placed.document.unwrap()).unwrap();
    assert_eq!(after.pointer(&format!("{INNER}/0")), value.pointer(&format!("{INNER}/0")), "as it was");
    let of = |at: usize, value: &Value| {
        let pointer = format!("{INNER}/{at}/credentialSubject/achievement/alignment");
        value.pointer(&pointer).unwrap().as_array().unwrap().len()
    };
    assert_eq!((of(1, &value), of(1, &after)), (1, 2));
    let inside = read.places.iter().filter(|place| place.frozen == Some(Reason::Proof)).count();
    assert_eq!(detached(&placed.outcomes).iter().filter(|detached| **detached).count(), inside - 1, "not its result");
}

#[test]
fn a_jws_is_read_and_never_changed() {
    let old = json!({ "iss": "x", "vc": credential() });
    let badge = json!({ "type": "Assertion", "badge": { "type": "BadgeClass", "name": "x" }, "recipient": {} });
    let clr = json!({ "assertions": [{ "achievement": { "name": "x" } }] });
    for (payload, kind) in [
        (credential(), Kind::Ob3Credential),
        (old, Kind::Ob3Credential),
        (record(vec![credential()]), Kind::Clr2),
        (badge, Kind::Ob2Assertion),
        (clr, Kind::Clr1),
    ] {
        let jws = jws(&payload);
        for body in [jws.clone(), format!(" {jws}\n"), format!("\"{jws}\"")] {
            for content_type in [None, Some("text/plain"), Some("application/vc+jwt"), Some("application/json")] {
                let Ok(read) = read(body.as_bytes(), ReadHints { content_type, language: None }) else {
                    assert!(body.starts_with('"') && content_type == Some("application/vc+jwt"), "{body}");
                    continue;
                };
                assert_eq!((read.kind, frozen(&read)), (kind, vec![("", "jws")]));
                assert_eq!(read.source(), body.as_bytes());
                let placed = placed(&read, OnSigned::Detach);
                assert_eq!(placed.document, None);
                assert!(!placed.outcomes.is_empty() && detached(&placed.outcomes).iter().all(|detached| *detached));
            }
        }
    }
}

#[test]
fn a_jws_inside_is_read_and_kept() {
    let signed = jws(&json!({ "type": "Assertion", "achievement": { "name": "Signed", "alignments": [] } }));
    let value = json!({ "assertions": [{ "achievement": { "name": "Open" } }], "signedAssertions": [signed] });
    let read = document(&value);
    assert_eq!(frozen(&read), [("/signedAssertions/0", "jws")]);
    assert_eq!(read.places[1].pointer, "/signedAssertions/0#/achievement");
    assert_eq!(read.places[1].texts.name.as_deref(), Some("Signed"));
    for on_signed in [OnSigned::Detach, OnSigned::Unsign] {
        let placed = placed(&read, on_signed);
        assert_eq!(
            pointers(&placed),
            ["/assertions/0/achievement/alignments/0", "/signedAssertions/0#/achievement/alignments/0"]
        );
        assert_eq!(detached(&placed.outcomes), [false, true]);
        let after: Value = serde_json::from_slice(&placed.document.unwrap()).unwrap();
        assert_eq!(after["signedAssertions"], value["signedAssertions"]);
    }
    let enveloped = json!({ "type": "EnvelopedVerifiableCredential", "id": format!("data:application/vc+jwt,{}", jws(&credential())) });
    for inside in [json!(jws(&credential())), enveloped] {
        let presentation = json!({ "type": ["VerifiablePresentation"], "verifiableCredential": [inside] });
        let read = document(&presentation);
        assert_eq!(read.places[0].pointer, "/verifiableCredential/0#/credentialSubject/achievement");
        assert_eq!(placed(&read, OnSigned::Detach).document, None);
    }
}

#[test]
fn what_is_signed_is_refused_when_asked() {
    for value in [proved(credential()), record(vec![proved(credential()), credential()])] {
        let read = document(&value);
        let error = place(&read, &[], AlignmentOptions::default(), OnSigned::Error).unwrap_err();
        let PlaceError::Signed { pointer, reason } = &error else { panic!("{error}") };
        assert_eq!((pointer, *reason), (&read.frozen[0].pointer, Reason::Proof));
        assert!(error.to_string().contains("onSigned=detach"));
    }
    let targets = [item()];
    let open = document(&credential());
    assert!(place(&open, &everywhere(&open, &targets), AlignmentOptions::default(), OnSigned::Error).is_ok());
}

#[test]
fn what_is_unsigned_has_no_proof_that_a_change_breaks() {
    let signed = proved(credential());
    let placed_ = placed(&document(&signed), OnSigned::Unsign);
    assert_eq!(placed_.unsigned, [""]);
    let after: Value = serde_json::from_slice(placed_.document.as_deref().unwrap()).unwrap();
    assert!(after.get("proof").is_none());
    for kept in ["id", "validFrom", "issuer", "@context"] {
        assert_eq!(after[kept], signed[kept]);
    }
    let again = placed(&document(&after), OnSigned::Unsign);
    assert_eq!((again.document, again.unsigned), (placed_.document, vec![]), "nothing more to do");

    // Only one credential of a CLR changes: its proof and the outer one go, its sibling's stays.
    let read = document(&proved(record(vec![proved(credential()), proved(credential())])));
    let targets = [item()];
    let in_first = |place: usize| read.places[place].pointer.starts_with(&format!("{INNER}/0"));
    let additions: Vec<_> = everywhere(&read, &targets).into_iter().filter(|one| in_first(one.place)).collect();
    let placed = place(&read, &additions, AlignmentOptions::default(), OnSigned::Unsign).unwrap();
    assert_eq!(placed.unsigned, [String::new(), format!("{INNER}/0")]);
    let after: Value = serde_json::from_slice(&placed.document.unwrap()).unwrap();
    assert!(after.get("proof").is_none() && after.pointer(&format!("{INNER}/0/proof")).is_none());
    assert!(after.pointer(&format!("{INNER}/1/proof")).is_some());
}

#[test]
fn what_is_unsigned_stays_signed_when_nothing_is_added() {
    let mut value = proved(credential());
    value["credentialSubject"]["achievement"] =
        json!({ "name": "x", "alignment": [{ "targetName": "o", "targetUrl": item().uri }] });
    let read = document(&value);
    let placed = placed(&read, OnSigned::Unsign);
    assert_eq!((placed.unsigned.len(), placed.document), (0, None));
}

#[test]
fn an_unsigned_jws_is_its_payload() {
    let old = json!({ "iss": "x", "vc": credential() });
    for payload in [credential(), old] {
        let read = read(jws(&payload).as_bytes(), ReadHints::default()).unwrap();
        let placed = placed(&read, OnSigned::Unsign);
        assert_eq!(placed.unsigned, [""]);
        let after: Value = serde_json::from_slice(&placed.document.unwrap()).unwrap();
        assert_eq!(after["id"], credential()["id"]);
        assert_eq!(after["credentialSubject"]["achievement"]["alignment"].as_array().unwrap().len(), 2);
    }
}
