//! Items put into documents: in their own form, once, with nothing else changed.

use serde_json::{Value, json};

use super::{GUID, addition, read};
use crate::credentials::job::place;

/// Places one item; what was added is taken out again, and the rest must be as it was.
#[track_caller]
fn check(text: &str, pointer: &str, expected_pointer: &str) -> Value {
    let job = read(text.as_bytes(), None).unwrap();
    let placed = place(&job, &[addition(pointer)]).unwrap().unwrap();
    assert_eq!(placed.added, [expected_pointer], "{}", placed.document);
    let document: Value = serde_json::from_str(&placed.document).unwrap();
    let added = document.pointer(expected_pointer).unwrap().clone();
    // Number spellings, order and unknown members.
    assert!(placed.document.contains(KEPT), "{}", placed.document);
    let again = read(placed.document.as_bytes(), None).unwrap();
    let twice = place(&again, &[addition(pointer)]).unwrap().unwrap();
    assert!(twice.added.is_empty(), "{}", twice.document);
    assert_eq!(twice.document, placed.document);
    added
}

const KEPT: &str = "\"unknown\":{\"b\":1.50,\"a\":1e3,\"n\":null}";

#[test]
fn schema_org_takes_defined_terms() {
    for (skills, at) in [
        ("", "/skills/0"),
        (",\"skills\":null", "/skills/0"),
        (",\"skills\":\"Test water\"", "/skills/1"),
        (",\"skills\":{\"@type\":\"DefinedTerm\",\"name\":\"x\"}", "/skills/1"),
        (",\"skills\":[\"a\",\"b\"]", "/skills/2"),
        (",\"skills\":{\"@list\":[\"a\"]}", "/skills/@list/1"),
    ] {
        let text = format!("{{{KEPT},\"@type\":\"JobPosting\",\"title\":\"T\"{skills}}}");
        let added = check(&text, "/skills", at);
        assert_eq!(
            added,
            json!({"@type": "DefinedTerm", "@id": format!("https://case.example.org/uri/{GUID}"), "name": "Chlorine residual testing",
                "description": "Measure free and total chlorine residual", "termCode": "WT.2.3", "inDefinedTermSet": {"@type": "DefinedTermSet",
                "@id": "https://case.example.org/uri/5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10", "name": "Riverwell Water Treatment Skills"}})
        );
    }
    let prefixed = format!("{{\"@graph\":[{{{KEPT},\"@type\":\"schema:Occupation\",\"schema:name\":\"T\"}}]}}");
    let added = check(&prefixed, "", "/@graph/0/schema:skills/0");
    assert_eq!(added["@type"], "schema:DefinedTerm");
    let wrong = read(br#"{"@type":"JobPosting","skills":3}"#, None).unwrap();
    assert_eq!(place(&wrong, &[addition("")]).unwrap_err().pointer, "/skills");
}

#[test]
fn what_is_named_already_is_not_added() {
    for skills in [
        json!([{"@id": format!("https://case.example.org/uri/{GUID}")}]),
        json!([{"url": format!("https://elsewhere.example/{}", GUID.to_uppercase())}]),
        json!({"termCode": "WT.2.3", "inDefinedTermSet": "https://case.example.org/uri/5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10"}),
    ] {
        let text = json!({"@type": "JobPosting", "skills": skills}).to_string();
        let job = read(text.as_bytes(), None).unwrap();
        let placed = place(&job, &[addition("/skills")]).unwrap().unwrap();
        assert_eq!((placed.document, placed.added.len()), (text, 0));
    }
}

#[test]
fn hr_open_takes_competencies() {
    let qualified = format!(
        "{{{KEPT},\"positionProfiles\":[{{\"positionTitle\":\"A\"}},{{\"positionQualifications\":[{{\"licences\":[\"x\"]}},\
         {{\"positionCompetencies\":[{{\"competencyName\":\"Jar testing\"}}]}}]}}]}}"
    );
    let added = check(
        &qualified,
        "/positionProfiles/1/positionQualifications/1/positionCompetencies/0/competencyName",
        "/positionProfiles/1/positionQualifications/1/positionCompetencies/1",
    );
    assert_eq!(
        added["competencyIds"],
        json!([{"value": GUID, "schemeId": "CASE", "schemeLink": format!("https://case.example.org/uri/{GUID}")}])
    );
    assert_eq!(added["taxonomyIds"][0]["schemeId"], "CASE CFDocument");
    let elsewhere = "/positionProfiles/0/positionQualifications/0/positionCompetencies/0";
    check(&qualified, "/positionProfiles/0/positionFormattedDescriptions/0/content", elsewhere);
    check(
        &qualified,
        "/positionProfiles/1/positionFormattedDescriptions/0/content",
        &elsewhere.replace("files/0", "files/1"),
    );
}

#[test]
fn jdx_takes_terms() {
    let text = format!(
        "{{{KEPT},\"title\":\"T\",\"knowledge\":[{{\"name\":\"a\"}}],\"qualificationSummary\":[\"Test water\"]}}"
    );
    let added = check(&text, "/knowledge/0/name", "/knowledge/1");
    assert_eq!(
        added,
        json!({"name": "Chlorine residual testing", "descriptions": ["Measure free and total chlorine residual"], "termCode": "WT.2.3",
            "inDefinedTermSet": {"name": "Riverwell Water Treatment Skills", "url": "https://case.example.org/uri/5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10"}})
    );
    check(&text, "/qualificationSummary/0", "/competencies/0");
}

#[test]
fn ctdl_takes_alignment_objects() {
    let text = format!(
        "{{{KEPT},\"@type\":\"ceterms:Job\",\"ceterms:name\":{{\"en-US\":\"T\"}},\"ceterms:requires\":[{{\"a\":1}}]}}"
    );
    let added = check(&text, "", "/ceterms:requires/1/ceterms:targetCompetency/0");
    assert_eq!(added["ceterms:targetNodeName"], json!({"en": "Chlorine residual testing"}));
    assert_eq!(added["ceterms:codedNotation"], "WT.2.3");
    let targeted = text.replace(
        "{\"a\":1}",
        "{\"ceterms:targetCompetency\":[{\"ceterms:targetNode\":\"https://x.example\"}]},{\"a\":1}",
    );
    check(&targeted, "", "/ceterms:requires/0/ceterms:targetCompetency/1");
}

#[test]
fn texts_have_no_place() {
    for text in ["Test water", "<p>Test water</p>", "[\"Test water\"]"] {
        let job = read(text.as_bytes(), None).unwrap();
        assert_eq!(place(&job, &[addition("")]).unwrap(), None);
    }
}
