//! Tests of what is read of a document: texts, places, alignments, remarks.

use serde_json::{Value, json};

use super::super::{Document, Existing, PlaceOf, ReadHints, Spelling, Texts, read};
use super::{achievement, credential, document, record};

fn codes(document: &Document) -> Vec<&str> {
    document.warnings.iter().map(|warning| warning.code).collect()
}

fn places(value: &Value) -> Vec<(PlaceOf, String)> {
    document(value).places.into_iter().map(|place| (place.of, place.pointer)).collect()
}

fn names(value: &Value, language: Option<&str>) -> Option<String> {
    let read = read(value.to_string().as_bytes(), ReadHints { language, content_type: None }).unwrap();
    read.places[0].texts.name.clone()
}

#[test]
fn every_place_of_section_1_4_is_found() {
    let of = |list: &[(PlaceOf, &str)]| list.iter().map(|(of, at)| (*of, (*at).to_owned())).collect::<Vec<_>>();
    assert_eq!(
        places(&credential()),
        of(&[
            (PlaceOf::Achievement, "/credentialSubject/achievement"),
            (PlaceOf::ResultDescription, "/credentialSubject/achievement/resultDescription/0"),
            (PlaceOf::Level, "/credentialSubject/achievement/resultDescription/0/rubricCriterionLevel/0"),
            (PlaceOf::Result, "/credentialSubject/result/0"),
        ])
    );
    assert_eq!(
        places(&achievement()),
        of(&[
            (PlaceOf::Achievement, ""),
            (PlaceOf::ResultDescription, "/resultDescription/0"),
            (PlaceOf::Level, "/resultDescription/0/rubricCriterionLevel/0"),
        ])
    );
    let clr = places(&record(vec![credential(), credential()]));
    assert_eq!(clr[0].1, "/credentialSubject/achievement/0");
    assert!(clr.iter().any(|(_, at)| at == "/credentialSubject/verifiableCredential/1/credentialSubject/achievement"));
    assert_eq!(
        places(&json!({ "type": "Assertion", "badge": { "type": "BadgeClass", "name": "x" } })),
        of(&[(PlaceOf::Achievement, "/badge")])
    );
    let of_clr1 = json!({ "type": "Achievement", "issuer": {}, "name": "x",
        "resultDescriptions": [{ "name": "y", "rubricCriterionLevels": [{ "name": "z" }] }] });
    let results = json!([{ "alignments": [{ "targetName": "r", "targetUrl": "https://x.example" }] }]);
    assert_eq!(
        places(
            &json!({ "assertions": [{ "achievement": of_clr1, "results": results }], "achievements": [{ "name": "x" }] })
        ),
        of(&[
            (PlaceOf::Achievement, "/assertions/0/achievement"),
            (PlaceOf::ResultDescription, "/assertions/0/achievement/resultDescriptions/0"),
            (PlaceOf::Level, "/assertions/0/achievement/resultDescriptions/0/rubricCriterionLevels/0"),
            (PlaceOf::Result, "/assertions/0/results/0"),
            (PlaceOf::Achievement, "/achievements/0"),
        ])
    );
    let presentation = json!({ "type": "VerifiablePresentation", "verifiableCredential": credential() });
    assert_eq!(places(&presentation)[0].1, "/verifiableCredential/credentialSubject/achievement");
    let badgr =
        json!({ "status": {}, "result": [{ "entityType": "BadgeClass", "name": "x" }], "entityType": "BadgeClass" });
    assert_eq!(places(&badgr)[0].1, "/result/0");
}

#[test]
fn parts_know_their_achievement() {
    let read = document(&record(vec![credential()]));
    for place in &read.places {
        match (place.of, place.achievement) {
            (PlaceOf::Result, of) => assert_eq!(of, None),
            (_, Some(of)) => assert!(place.pointer.starts_with(&read.places[of].pointer)),
            (_, None) => panic!("{} has no achievement", place.pointer),
        }
    }
}

#[test]
fn texts_are_read_under_the_names_of_each_version() {
    let expected = Texts {
        name: Some("Name".to_owned()),
        description: Some("Description".to_owned()),
        criteria: Some("Do *it*.".to_owned()),
        tags: vec!["a".to_owned(), "b".to_owned()],
        field_of_study: Some("Water".to_owned()),
        specialization: Some("Sampling".to_owned()),
        human_code: Some("WT.2".to_owned()),
        achievement_type: Some("Course".to_owned()),
        language: Some("en".to_owned()),
        ..Texts::default()
    };
    let shared =
        json!({ "name": "Name", "description": "Description", "specialization": "Sampling", "inLanguage": "en" });
    let with = |more: Value| {
        let mut all = shared.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let camel = json!({ "tag": ["a", "b"], "fieldOfStudy": "Water", "humanCode": "WT.2", "achievementType": "Course",
        "criteria": { "id": "https://x.example", "narrative": "Do *it*." } });
    let plural = json!({ "type": "Achievement", "issuer": {}, "tags": ["a", "b"], "fieldOfStudy": "Water",
        "humanCode": "WT.2", "achievementType": "Course", "requirement": { "id": "x", "narrative": "Do *it*." } });
    let snake = json!({ "tags": ["a", "b"], "field_of_study": "Water", "human_code": "WT.2", "achievement_type": "Course",
        "criteria_text": "Do *it*." });
    let badgr = json!({ "tags": ["a", "b"], "fieldOfStudy": "Water", "humanCode": "WT.2", "achievementType": "Course",
        "criteriaNarrative": "Do *it*." });
    for value in [camel, plural, snake, badgr] {
        let value = with(value);
        assert_eq!(document(&value).places[0].texts, expected, "{value}");
    }
}

#[test]
fn criteria_that_are_an_address_are_no_text() {
    let criteria = |value: Value| document(&json!({ "name": "x", "criteria": value })).places[0].texts.criteria.clone();
    assert_eq!(criteria(json!("https://x.example/criteria")), None);
    assert_eq!(criteria(json!("urn:uuid:1")), None);
    assert_eq!(criteria(json!("Steps: collect six samples")), Some("Steps: collect six samples".to_owned()));
    assert_eq!(criteria(json!([{ "id": "https://x.example" }, { "narrative": "Do" }])), Some("Do".to_owned()));
    for nothing in
        [json!(null), json!(true), json!({}), json!([]), json!({ "narrative": " " }), json!({ "narrative": 7.0e1 })]
    {
        let expected = nothing.get("narrative").filter(|text| text.is_number()).map(Value::to_string);
        assert_eq!(criteria(nothing), expected);
    }
}

#[test]
fn language_maps_are_read_in_the_best_language() {
    let map = json!({ "name": { "fr-CA": "Eau", "en": "Water", "de": "Wasser" } });
    assert_eq!(names(&map, Some("de")).as_deref(), Some("Wasser"));
    assert_eq!(names(&map, Some("FR")).as_deref(), Some("Eau"), "by the primary language");
    assert_eq!(names(&map, Some("de-AT")).as_deref(), Some("Wasser"));
    assert_eq!(names(&map, Some("zu")).as_deref(), Some("Water"), "else English");
    let own = json!({ "inLanguage": "de", "name": { "fr": "Eau", "en": "Water", "de": "Wasser" } });
    assert_eq!(names(&own, None).as_deref(), Some("Wasser"));
    assert_eq!(names(&own, Some("fr")).as_deref(), Some("Eau"), "what is asked for comes first");
    assert_eq!(
        names(&json!({ "name": { "fr": "Eau", "it": "Acqua" } }), None).as_deref(),
        Some("Eau"),
        "else the first"
    );
    let tagged = json!({ "name": [{ "@value": "Eau", "@language": "fr" }, { "@value": "Water", "@language": "en" }] });
    assert_eq!(names(&tagged, Some("fr")).as_deref(), Some("Eau"));
    assert_eq!(names(&json!({ "name": { "@value": "Water" } }), None).as_deref(), Some("Water"));
    for nothing in [json!({ "en": 7 }), json!({}), json!([]), json!([[["x"]]]), json!(true)] {
        assert_eq!(names(&json!({ "description": "x", "name": nothing }), None), None);
    }
}

#[test]
fn levels_are_named_in_order() {
    let read = document(&achievement());
    assert_eq!(read.places[1].texts.levels, ["Proficient"]);
    assert_eq!(read.places[2].texts.level.as_deref(), Some("3"));
}

#[test]
fn alignments_are_read_under_every_name_seen() {
    let expected = Existing {
        pointer: "/alignment/0".to_owned(),
        url: Some("https://x.example".to_owned()),
        code: Some("C".to_owned()),
        name: Some("N".to_owned()),
        description: Some("D".to_owned()),
        framework: Some("F".to_owned()),
        target_type: Some("CFItem".to_owned()),
    };
    let rest = json!({ "targetName": "N", "targetUrl": "https://x.example", "targetDescription": "D", "targetCode": "C",
        "targetType": "CFItem" });
    for framework in ["targetFramework", "educationalFramework", "frameworkName"] {
        let mut alignment = rest.clone();
        alignment[framework] = json!("F");
        assert_eq!(
            document(&json!({ "name": "x", "alignment": [alignment] })).places[0].alignments,
            std::slice::from_ref(&expected)
        );
    }
    let snake = json!({ "target_name": "N", "target_url": "https://x.example", "target_description": "D", "target_code": "C",
        "target_framework": "F", "target_type": "CFItem" });
    assert_eq!(
        document(&json!({ "name": "x", "alignment": [snake] })).places[0].alignments,
        std::slice::from_ref(&expected)
    );
    // What a widget writes for targetDescription, and one object for a list.
    let single = json!({ "targetName": { "en": "N" }, "targetUrl": "https://x.example", "description": "D", "targetCode": "C",
        "targetType": "CFItem", "targetFramework": "F" });
    let single = document(&json!({ "name": "x", "alignment": single })).places[0].alignments.clone();
    assert_eq!(single, [Existing { pointer: "/alignment".to_owned(), ..expected }]);
    let address = document(&json!({ "type": "BadgeClass", "alignment": ["https://x.example", "some words", 7, null] }));
    assert_eq!(address.places[0].alignments[0].url.as_deref(), Some("https://x.example"));
    assert_eq!(address.places[0].alignments.len(), 1);
}

#[test]
fn what_is_odd_is_told() {
    assert_eq!(codes(&document(&credential())), [""; 0]);
    let mut odd = credential();
    odd["@context"].as_array_mut().unwrap().reverse();
    odd["validFrom"] = json!("2023-03-09T16:48:19.413");
    odd["credentialSubject"]["achievement"]["criteria"] = json!(null);
    odd["credentialSubject"]["achievement"]["endorsementJwt"] = json!(["a.b.c"]);
    odd["credentialSubject"]["achievement"]["alignments"] = json!("x");
    odd["credentialSubject"]["achievement"]["alignment"] = json!([{ "targetName": "x" }]);
    assert_eq!(
        codes(&document(&odd)),
        [
            "contexts",
            "timeWithoutZone",
            "incomplete",
            "endorsed",
            "alignmentType",
            "otherHolder",
            "alignmentIncomplete"
        ]
    );
    let referred = document(&json!({ "type": "Assertion", "badge": "https://x.example/badge" }));
    assert_eq!(codes(&referred), ["notEmbedded", "noAchievement"]);
    let unknown =
        document(&json!({ "type": "VerifiablePresentation", "verifiableCredential": [{ "x": 1 }, "a.b", "a.b.c"] }));
    assert_eq!(codes(&unknown), ["unrecognised", "unrecognised", "unrecognised", "noAchievement"]);
}

#[test]
fn nobody_is_taken_out() {
    let mut with_people = record(vec![credential()]);
    with_people["credentialSubject"]["name"] = json!("Secret Learner");
    with_people["credentialSubject"]["verifiableCredential"][0]["credentialSubject"]["identifier"] =
        json!([{ "identityHash": "Secret Learner" }]);
    with_people["credentialSubject"]["achievement"][0]["creator"] = json!({ "name": "Secret Learner" });
    let clr1 = json!({ "learner": { "name": "Secret Learner" }, "assertions": [{ "recipient": { "identity": "Secret Learner" },
        "achievement": { "name": "x" }, "results": [{ "value": "Secret Learner", "alignments": [] }] }] });
    for value in [with_people, clr1] {
        let read = document(&value);
        let told = format!("{:?} {:?} {:?}", read.places, read.warnings, read.frozen);
        assert!(!told.contains("Secret Learner"), "{told}");
        assert!(!told.contains("learner1"), "{told}");
    }
}

#[test]
fn places_are_spelled_as_their_version_is() {
    let spelling = |value: Value| document(&value).places[0].spelling;
    assert_eq!(spelling(credential()), Spelling::Ob3);
    assert_eq!(spelling(json!({ "assertions": [{ "achievement": { "name": "x" } }] })), Spelling::Clr1);
    assert_eq!(spelling(json!({ "type": "BadgeClass" })), Spelling::Ob2);
    assert_eq!(spelling(json!({ "criteria_url": "x" })), Spelling::BadgrV1);
    assert_eq!(spelling(json!({ "criteriaUrl": "x" })), Spelling::Ob2);
}
