//! Tests of single alignments and snippets.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use super::super::{
    AlignmentOptions, SnippetFormat, Spelling, Target, TargetClass, TargetCode, TargetName, alignment, same_target,
    snippet,
};
use super::{BASE, item, other};

fn check(spelling: Spelling, target: &Target, options: AlignmentOptions, expected: Value) {
    assert_eq!(Value::Object(alignment(spelling, target, options)), expected);
}

#[test]
fn each_spelling_has_its_own_members() {
    let (short, full) = ("Chlorine residual testing", "Measure free and total chlorine residual in treated water.");
    let (guid, framework) = ("8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21", "Riverwell Water Treatment Skills");
    let url = format!("{BASE}/uri/{guid}");
    let options = AlignmentOptions::default();
    check(
        Spelling::Ob2,
        &item(),
        options,
        json!({ "targetName": short, "targetUrl": url, "targetFramework": framework, "targetCode": guid, "targetDescription": full }),
    );
    check(
        Spelling::Ob3,
        &item(),
        options,
        json!({ "type": ["Alignment"], "targetName": short, "targetUrl": url, "targetFramework": framework, "targetCode": guid,
            "targetType": "CFItem", "targetDescription": full }),
    );
    check(
        Spelling::Clr1,
        &item(),
        options,
        json!({ "type": "Alignment", "targetName": short, "targetUrl": url, "targetFramework": framework, "targetCode": guid,
            "targetType": "CFItem", "targetDescription": full }),
    );
    check(
        Spelling::BadgrV1,
        &item(),
        options,
        json!({ "target_name": short, "target_url": url, "target_framework": framework, "target_code": guid,
            "target_description": full }),
    );
}

#[test]
fn the_caller_chooses_code_name_and_notes() {
    let of = |options| Value::Object(alignment(Spelling::Ob3, &item(), options));
    let human = of(AlignmentOptions { code: TargetCode::Human, ..AlignmentOptions::default() });
    assert_eq!(human["targetCode"], "WT.2.3");
    let none = of(AlignmentOptions { code: TargetCode::None, ..AlignmentOptions::default() });
    assert!(none.get("targetCode").is_none());
    let full = of(AlignmentOptions { name: TargetName::Full, ..AlignmentOptions::default() });
    assert_eq!(full["targetName"], item().full.unwrap());
    assert!(full.get("targetDescription").is_none(), "the name says it all");
    let notes = of(AlignmentOptions { notes: true, ..AlignmentOptions::default() });
    assert_eq!(notes["targetDescription"], "Teach with the colorimeter.");

    let without_code = Target { code: None, ..item() };
    let human = alignment(
        Spelling::Ob3,
        &without_code,
        AlignmentOptions { code: TargetCode::Human, ..AlignmentOptions::default() },
    );
    assert_eq!(human["targetCode"], without_code.identifier);
    let without_short = Target { short: None, ..item() };
    let only = alignment(Spelling::Ob3, &without_short, AlignmentOptions::default());
    assert_eq!(only["targetName"], without_short.full.unwrap());
    assert!(!only.contains_key("targetDescription"));
}

#[test]
fn every_class_says_what_it_is() {
    let rows = [
        (other(TargetClass::Rubric, Some("Lab rubric"), Some("How labs are judged")), "CFRubric", "Lab rubric"),
        (other(TargetClass::Rubric, None, Some("How labs are judged")), "CFRubric", "How labs are judged"),
        (other(TargetClass::Criterion, Some("Accuracy"), None), "CFRubricCriterion", "Accuracy"),
        (other(TargetClass::Level, Some("Proficient"), Some("Calibrates")), "CFRubricCriterionLevel", "Proficient"),
        (other(TargetClass::Document, Some("Water Skills"), None), "ext:CFDocument", "Water Skills"),
    ];
    for (target, target_type, name) in rows {
        // The full name is for items only: what else has a title keeps it.
        for wanted in [TargetName::Short, TargetName::Full] {
            let options = AlignmentOptions { name: wanted, ..AlignmentOptions::default() };
            let made = alignment(Spelling::Ob3, &target, options);
            assert_eq!((&made["targetType"], &made["targetName"]), (&json!(target_type), &json!(name)));
            let description = target.full.clone().filter(|text| text != name);
            assert_eq!(made.get("targetDescription"), description.map(Value::from).as_ref());
        }
    }
}

#[test]
fn an_address_that_cannot_be_followed_becomes_the_permalink_here() {
    let permalink = format!("{BASE}/uri/8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21");
    for uri in ["urn:uuid:8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21", "", "local:1", "https://", "/uri/x"] {
        let target = Target { uri: uri.to_owned(), ..item() };
        assert_eq!(target.url(), permalink, "{uri}");
    }
    for uri in ["http://a.example/X?y=1#z", "HTTPS://A.example/ü", "https://caseregistry.imsglobal.org/uri/1"] {
        let target = Target { uri: uri.to_owned(), ..item() };
        assert_eq!(target.url(), uri, "kept byte for byte");
    }
}

#[test]
fn nothing_is_empty_or_null() {
    let bare = Target {
        short: Some(" ".to_owned()),
        full: None,
        code: Some(String::new()),
        notes: Some(String::new()),
        framework: super::TargetFramework::default(),
        language: None,
        ..item()
    };
    let options = AlignmentOptions { notes: true, ..AlignmentOptions::default() };
    for format in SnippetFormat::ALL {
        for target in [&bare, &item()] {
            let made = snippet(format, target, options);
            assert_nothing_empty(&made, format);
            assert_eq!(made, snippet(format, target, options), "the same every time");
        }
    }
    assert_eq!(snippet(SnippetFormat::Ob3, &bare, options)["targetName"], bare.identifier);
}

fn assert_nothing_empty(value: &Value, format: SnippetFormat) {
    match value {
        Value::Null => panic!("{format:?} has a null"),
        Value::String(text) => assert!(!text.is_empty(), "{format:?} has an empty text"),
        Value::Array(list) => {
            assert!(!list.is_empty(), "{format:?} has an empty list");
            list.iter().for_each(|value| assert_nothing_empty(value, format));
        }
        Value::Object(members) => {
            assert!(!members.is_empty(), "{format:?} has an empty object");
            members.values().for_each(|value| assert_nothing_empty(value, format));
        }
        Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn formats_for_jobs_and_resources_are_those_of_the_digest() {
    let of = |format| snippet(format, &item(), AlignmentOptions::default());
    let target = item();
    let (url, framework) = (&target.uri, &target.framework);
    assert_eq!(
        of(SnippetFormat::SchemaOrg),
        json!({ "@type": "DefinedTerm", "@id": url, "name": target.short, "description": target.full, "termCode": "WT.2.3",
            "inDefinedTermSet": { "@type": "DefinedTermSet", "@id": framework.uri, "name": framework.title } })
    );
    assert_eq!(
        of(SnippetFormat::HrOpen),
        json!({ "competencyName": target.short,
            "competencyIds": [{ "value": target.identifier, "schemeId": "CASE", "schemeLink": url }],
            "taxonomyIds": [{ "value": framework.identifier, "schemeId": "CASE CFDocument", "description": framework.title,
                "schemeLink": framework.uri }] })
    );
    assert_eq!(
        of(SnippetFormat::Ctdl),
        json!({ "@type": "ceterms:CredentialAlignmentObject", "ceterms:targetNode": url,
            "ceterms:targetNodeName": { "en": target.short }, "ceterms:targetNodeDescription": { "en": target.full },
            "ceterms:framework": framework.uri, "ceterms:frameworkName": { "en": framework.title },
            "ceterms:codedNotation": "WT.2.3" })
    );
    assert_eq!(
        of(SnippetFormat::Lti),
        json!({ "educationalFramework": framework.title, "targetDescription": target.full, "targetName": target.short,
            "targetURL": url, "caseItemUri": url, "caseItemGUID": target.identifier })
    );
    assert_eq!(of(SnippetFormat::OneRoster), json!({ "source": "case", "learningObjectiveIds": [target.identifier] }));
    assert_eq!(of(SnippetFormat::Clr2), of(SnippetFormat::Ob3));
}

/// The elements of a small document with their texts.
fn elements(xml: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(xml);
    let (mut open, mut all) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => open.push(start.name().as_ref().to_owned()),
            Event::Text(text) if !text.is_empty() => {
                let text = text.xml10_content().into_owned();
                if !text.trim().is_empty() {
                    all.push((open.last().unwrap().clone(), text));
                }
            }
            Event::GeneralRef(name) => {
                let (_, text) = all.last_mut().unwrap();
                *text += &["&", &name.xml10_content(), ";"].concat();
            }
            Event::End(_) => drop(open.pop()),
            Event::Eof => return all,
            _ => {}
        }
    }
}

#[test]
fn metadata_of_qti_and_common_cartridge_is_well_formed_xml() {
    let hostile = Target { short: Some("a\u{0}\u{8}\n  <b/> \u{ffff}&".to_owned()), ..item() };
    for (format, version) in [(SnippetFormat::Qti, "qti/qtiv3p0"), (SnippetFormat::CommonCartridge, "imsccv1p4")] {
        assert!(format.is_xml());
        let xml = snippet(format, &item(), AlignmentOptions::default());
        let xml = xml.as_str().unwrap();
        assert!(xml.contains(&format!("xmlns=\"http://www.imsglobal.org/xsd/{version}/imscsmd_v1p1\"")), "{xml}");
        let expected =
            [("label", "WT.2.3 Chlorine residual testing"), ("caseItemURI", &item().uri), ("GUID", &item().identifier)]
                .map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(elements(xml), expected);

        let xml = snippet(format, &hostile, AlignmentOptions::default());
        let xml = xml.as_str().unwrap();
        assert!(xml.contains("<label>WT.2.3 a &lt;b/&gt; &amp;</label>"), "{xml}");
        elements(xml);
    }
}

#[test]
fn formats_are_found_by_their_names() {
    for format in SnippetFormat::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    for wrong in ["", "OB2", "ob4", "schema"] {
        let error = wrong.parse::<SnippetFormat>().unwrap_err().to_string();
        assert!(SnippetFormat::ALL.iter().all(|format| error.contains(format.name())), "{error}");
    }
    assert_eq!("x".parse::<TargetCode>().unwrap_err().to_string(), "targetCode is guid, human or none");
    assert_eq!("x".parse::<TargetName>().unwrap_err().to_string(), "targetName is short or full");
    assert_eq!("human".parse(), Ok(TargetCode::Human));
    assert_eq!("full".parse(), Ok(TargetName::Full));
}

#[test]
fn the_same_target_is_known_by_uri_and_by_guid() {
    let guid = "8F0E2C34-6B1D-4E7A-A1C5-2D9B7E4F1C21";
    let document = item().framework.identifier;
    let urls = [
        item().uri,
        format!("https://other.example/uri/{guid}"),
        format!("https://other.example/uri/{guid}.json"),
        format!("https://other.example/ims/case/v1p0/CFItems/{guid}"),
        format!("https://casenetwork.1edtech.org/{document}/{guid}"),
        format!("urn:uuid:{guid}"),
    ];
    for url in urls {
        assert!(same_target(&item(), Some(&url), None), "{url}");
    }
    assert!(same_target(&item(), None, Some(guid)));
    assert!(same_target(&item(), Some("https://x.example"), Some(&format!("ce-{guid}"))));
    let others = [
        format!("https://casenetwork.1edtech.org/{guid}/{document}"),
        format!("https://other.example/uri/a{guid}"),
        format!("https://other.example/uri/{guid}0"),
        guid[..35].to_owned(),
        "ü".repeat(40),
        String::new(),
    ];
    for text in others {
        assert!(!same_target(&item(), Some(&text), Some(&text)), "{text}");
    }
    let elsewhere = Target { uri: "https://x.example/items/7?lang=en".to_owned(), ..item() };
    assert!(same_target(&elsewhere, Some("https://x.example/items/7?lang=en"), None));
    assert!(!same_target(&elsewhere, Some("https://x.example/items/7"), None));
}
