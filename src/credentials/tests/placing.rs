//! Tests of what is added where, and in which form: rows of sections 1.6 and 2.6 of the digest.

use serde_json::{Value, json};

use super::super::{
    Addition, AlignmentOptions, OnSigned, Outcome, PlaceError, PlaceOf, Spelling, Target, TargetClass, alignment, place,
};
use super::{achievement, aligned, credential, document, everywhere, item, other, placed, pointers};

fn made(spelling: Spelling) -> Value {
    Value::Object(alignment(spelling, &item(), AlignmentOptions::default()))
}

fn check(before: Value, after: Value) {
    assert_eq!(aligned(&before).to_string(), after.to_string(), "members in their order");
    assert_eq!(aligned(&after).to_string(), after.to_string(), "a second time adds nothing");
}

#[test]
fn additions_stand_behind_what_is_there() {
    let new = made(Spelling::Ob3);
    let old = json!({ "targetName": "old", "targetUrl": "https://x.example" });
    check(json!({ "name": "x" }), json!({ "name": "x", "alignment": [new] }));
    check(json!({ "name": "x", "alignment": [old], "z": 1 }), json!({ "name": "x", "alignment": [old, new], "z": 1 }));
    check(json!({ "alignment": old, "name": "x" }), json!({ "alignment": [old, new], "name": "x" }));
    check(json!({ "alignment": null, "name": "x" }), json!({ "alignment": [new], "name": "x" }));
    check(json!({ "alignment": [], "name": "x" }), json!({ "alignment": [new], "name": "x" }));
    check(json!({ "alignment": [old, 7, "x"], "name": "x" }), json!({ "alignment": [old, 7, "x", new], "name": "x" }));
}

#[test]
fn each_version_gets_its_own_spelling() {
    let (ob2, clr1, badgr) = (made(Spelling::Ob2), made(Spelling::Clr1), made(Spelling::BadgrV1));
    assert!(ob2.get("type").is_none() && ob2.get("targetType").is_none());
    check(json!({ "type": "BadgeClass" }), json!({ "type": "BadgeClass", "alignment": [ob2] }));
    check(
        json!({ "type": "Assertion", "badge": { "type": "BadgeClass" } }),
        json!({ "type": "Assertion", "badge": { "type": "BadgeClass", "alignment": [ob2] } }),
    );
    check(
        json!({ "assertions": [{ "achievement": { "name": "x" } }] }),
        json!({ "assertions": [{ "achievement": { "name": "x", "alignments": [clr1] } }] }),
    );
    check(json!({ "criteriaUrl": "u" }), json!({ "criteriaUrl": "u", "alignments": [ob2] }));
    check(json!({ "criteria_url": "u" }), json!({ "criteria_url": "u", "alignment": [badgr] }));
    // The plural of the Badgr API is valid and empty for everybody else: what is added goes where it is seen.
    check(
        json!({ "type": "BadgeClass", "alignments": [{ "targetName": "o", "targetUrl": "https://x.example" }] }),
        json!({ "type": "BadgeClass", "alignments": [{ "targetName": "o", "targetUrl": "https://x.example" }], "alignment": [ob2] }),
    );
}

#[test]
fn every_place_but_results_is_added_to() {
    let levels = [other(TargetClass::Level, Some("Proficient"), None)];
    let read = document(&credential());
    let placed = place(&read, &everywhere(&read, &levels), AlignmentOptions::default(), OnSigned::Detach).unwrap();
    assert_eq!(
        pointers(&placed),
        [
            "/credentialSubject/achievement/alignment/1",
            "/credentialSubject/achievement/resultDescription/0/alignment/1",
            "/credentialSubject/achievement/resultDescription/0/rubricCriterionLevel/0/alignment/1",
        ]
    );
    let after: Value = serde_json::from_slice(placed.document.as_deref().unwrap()).unwrap();
    for outcome in &placed.outcomes {
        let Outcome::Added { pointer, alignment } = outcome else { panic!("{outcome:?}") };
        assert_eq!(after.pointer(pointer), Some(alignment));
        assert_eq!(alignment["targetType"], "CFRubricCriterionLevel");
    }
    assert_eq!(after["credentialSubject"]["result"], credential()["credentialSubject"]["result"]);
    let result = read.places.iter().position(|place| place.of == PlaceOf::Result).unwrap();
    for wrong in [result, 99] {
        let addition = [Addition { place: wrong, target: &levels[0] }];
        let error = place(&read, &addition, AlignmentOptions::default(), OnSigned::Detach).unwrap_err();
        assert_eq!(error, PlaceError::NoPlace { place: wrong });
    }
}

#[test]
fn a_wrong_type_is_refused_with_its_pointer() {
    for wrong in [json!("x"), json!(7), json!(true)] {
        let mut value = credential();
        value["credentialSubject"]["achievement"]["resultDescription"][0]["alignment"] = wrong;
        let (read, targets) = (document(&value), [item()]);
        let error =
            place(&read, &everywhere(&read, &targets), AlignmentOptions::default(), OnSigned::Detach).unwrap_err();
        let pointer = "/credentialSubject/achievement/resultDescription/0/alignment".to_owned();
        assert_eq!(error, PlaceError::WrongType { pointer: pointer.clone() });
        assert!(error.to_string().contains(&pointer));
        let nothing = place(&read, &[], AlignmentOptions::default(), OnSigned::Detach).unwrap();
        assert_eq!(nothing.document.as_deref(), Some(read.source()), "nothing is asked of it");
    }
}

#[test]
fn no_target_stands_twice() {
    let guid = item().identifier.to_uppercase();
    let known = [
        json!({ "targetName": "o", "targetUrl": item().uri }),
        json!({ "targetName": "o", "targetUrl": format!("https://other.example/ims/case/v1p0/CFItems/{guid}") }),
        json!({ "targetName": "o", "targetUrl": "https://other.example", "targetCode": guid }),
        json!({ "target_name": "o", "target_url": item().uri }),
        json!(item().uri),
    ];
    for alignment in known {
        for member in ["alignment", "alignments"] {
            let value = json!({ "id": "x", "type": "BadgeClass", member: [alignment] });
            let placed = placed(&document(&value), OnSigned::Detach);
            assert_eq!(placed.outcomes, [Outcome::Present]);
            assert_eq!(placed.document.unwrap(), value.to_string().as_bytes(), "what came in");
        }
    }
    let twice = [item(), item(), Target { identifier: item().framework.identifier, ..item() }];
    let read = document(&json!({ "name": "x" }));
    let placed = place(&read, &everywhere(&read, &twice), AlignmentOptions::default(), OnSigned::Detach).unwrap();
    assert_eq!(placed.outcomes.iter().filter(|outcome| **outcome == Outcome::Present).count(), 2);
}

/// Forms of an alignment that validators do not take (section 1.6) are never what is written.
#[test]
fn only_forms_that_every_validator_takes_are_written() {
    let targets = [
        item(),
        other(TargetClass::Document, Some("Water"), None),
        Target {
            uri: "urn:uuid:2b7c9e40-2f35-4c68-8d0a-6e5f3a9b7d42".to_owned(),
            identifier: "2b7c9e40-2f35-4c68-8d0a-6e5f3a9b7d42".to_owned(),
            ..item()
        },
    ];
    let read = document(&json!({ "id": "x", "type": ["Achievement"], "name": "x" }));
    let placed = place(&read, &everywhere(&read, &targets), AlignmentOptions::default(), OnSigned::Detach).unwrap();
    let after: Value = serde_json::from_slice(&placed.document.unwrap()).unwrap();
    let alignments = after["alignment"].as_array().expect("a list, even of one");
    let known = ["type", "targetName", "targetUrl", "targetFramework", "targetCode", "targetType", "targetDescription"];
    assert_eq!(alignments.len(), targets.len());
    for alignment in alignments {
        let members = alignment.as_object().unwrap();
        assert_eq!(members["type"], json!(["Alignment"]));
        for (name, value) in members {
            assert!(known.contains(&name.as_str()), "{name} would not be signed");
            assert!(name == "type" || value.as_str().is_some_and(|text| !text.is_empty()), "{name}: {value}");
        }
        assert!(members["targetUrl"].as_str().unwrap().starts_with("https://"));
    }
    assert_eq!(alignments[1]["targetType"], "ext:CFDocument");
}

#[test]
fn not_a_byte_of_the_rest_changes() {
    let ob2 = alignment(Spelling::Ob2, &item(), AlignmentOptions::default());
    let new = Value::Object(ob2).to_string();
    for (before, after) in [
        (
            r#"{"type":"BadgeClass","n":[1.50,1e3,1E+05,-0,1.0e0,12345678901234567890123]}"#,
            r#"{"type":"BadgeClass","n":[1.50,1e3,1E+05,-0,1.0e0,12345678901234567890123],"alignment":[NEW]}"#,
        ),
        ("{ \"type\" : \"BadgeClass\" }\r\n", "{ \"type\" : \"BadgeClass\", \"alignment\" : [NEW] }\r\n"),
        (
            "\u{feff}{\"type\":\"BadgeClass\",\"alignment\": [ ]\t}",
            "\u{feff}{\"type\":\"BadgeClass\",\"alignment\": [NEW]\t}",
        ),
        (
            r#"{"alignment":null ,"type":"BadgeClass","t":"\u00e9\/\"]}"}"#,
            r#"{"alignment":[NEW] ,"type":"BadgeClass","t":"\u00e9\/\"]}"}"#,
        ),
        (
            r#"{"al\u0069gnment":[ {"targetName":"\"}","targetUrl":"u:1"} , 7 ],"type":"BadgeClass"}"#,
            r#"{"al\u0069gnment":[ {"targetName":"\"}","targetUrl":"u:1"} , 7, NEW ],"type":"BadgeClass"}"#,
        ),
        (
            r#"{"type":"BadgeClass","alignment":{"targetName" : "x"}}"#,
            r#"{"type":"BadgeClass","alignment":[{"targetName" : "x"},NEW]}"#,
        ),
        (
            r#"{"type":"BadgeClass","alignment":"x","alignment":[]}"#,
            r#"{"type":"BadgeClass","alignment":"x","alignment":[NEW]}"#,
        ),
        (
            r#"{"type":"Assertion","badge":{"name":"x","a~b/c":1}}"#,
            r#"{"type":"Assertion","badge":{"name":"x","a~b/c":1,"alignment":[NEW]}}"#,
        ),
        (r#"{"type":"Assertion","badge":{}}"#, r#"{"type":"Assertion","badge":{"alignment":[NEW]}}"#),
    ] {
        let read = super::read(before.as_bytes(), super::ReadHints::default()).unwrap();
        let placed = String::from_utf8(placed(&read, OnSigned::Detach).document.unwrap()).unwrap();
        assert_eq!(placed, after.replace("NEW", &new));
    }
}

#[test]
fn proofs_are_cut_out_and_nothing_else() {
    let proof = r#""proof" : {"a":[1.0,"}"]}"#;
    for (before, after) in [
        (
            format!(
                r#"{{"type":"AchievementCredential", {proof} , "n": 1e3, "credentialSubject":{{"achievement":{{}}}}}}"#
            ),
            r#"{"type":"AchievementCredential" , "n": 1e3, "credentialSubject":{"achievement":{"alignment":[NEW]}}}"#,
        ),
        (
            format!(r#"{{{proof}, "type":"AchievementCredential","credentialSubject":{{"achievement":{{}}}}}}"#),
            r#"{"type":"AchievementCredential","credentialSubject":{"achievement":{"alignment":[NEW]}}}"#,
        ),
        (
            format!(
                r#"{{"type":"AchievementCredential","credentialSubject":{{"achievement":{{}}}},{proof}, {proof}}}"#
            ),
            r#"{"type":"AchievementCredential","credentialSubject":{"achievement":{"alignment":[NEW]}}}"#,
        ),
        (format!(r#"{{"type":["Achievement"],{proof}}}"#), r#"{"type":["Achievement"],"alignment":[NEW]}"#),
    ] {
        let read = super::read(before.as_bytes(), super::ReadHints::default()).unwrap();
        let placed = String::from_utf8(placed(&read, OnSigned::Unsign).document.unwrap()).unwrap();
        assert_eq!(placed, after.replace("NEW", &made(Spelling::Ob3).to_string()));
    }
}

/// Names that the JSON library takes for its own, in other letters: what is read is not what is written.
#[test]
fn what_cannot_be_found_in_the_text_is_refused() {
    let reserved =
        r#"{"type":["Achievement"],"resultDescription":{"\u0024serde_json::private::RawValue":"[{\"name\":\"x\"}]"}}"#;
    let read = super::read(reserved.as_bytes(), super::ReadHints::default()).unwrap();
    let targets = [item()];
    let error = place(&read, &everywhere(&read, &targets), AlignmentOptions::default(), OnSigned::Detach).unwrap_err();
    assert!(matches!(error, PlaceError::Unreachable { .. }), "{error}");
}

#[test]
fn what_is_indented_stays_so() {
    for source in [
        serde_json::to_string_pretty(&achievement()).unwrap(),
        format!("{}\n", serde_json::to_string_pretty(&achievement()).unwrap()),
        serde_json::to_string_pretty(&achievement()).unwrap().replace("  ", "\t"),
        achievement().to_string(),
    ] {
        let read = super::read(source.as_bytes(), super::ReadHints::default()).unwrap();
        let after = String::from_utf8(placed(&read, OnSigned::Detach).document.unwrap()).unwrap();
        let old: Vec<&str> = source.lines().collect();
        let new: Vec<&str> = after.lines().collect();
        assert!(old.len() == 1 || new.len() > old.len());
        let mut rest = new.iter();
        // Where an element is added, the one before it gets a comma.
        let kept = |line: &&str| rest.any(|new| new == line || new.strip_suffix(',') == Some(line));
        assert!(old.len() == 1 || old.iter().all(kept), "{after}");
        assert_eq!(source.ends_with('\n'), after.ends_with('\n'));
    }
}
