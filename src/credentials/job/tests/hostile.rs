//! What nobody means well by: huge, deep, truncated, of the wrong type.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::credentials::job::{JobError, MOST_BYTES, MOST_REQUIREMENTS, read};

#[test]
fn limits_are_said() {
    assert_eq!(read(&vec![b'a'; MOST_BYTES + 1], None), Err(JobError::TooLong));
    let many = "- Test water\n".repeat(MOST_REQUIREMENTS + 2);
    assert_eq!(read(many.as_bytes(), Some("text/plain")), Err(JobError::TooMany));
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(read(deep.as_bytes(), Some("application/json")), Err(JobError::Json(_))));
    let wrapped = format!("{}{{\"@type\":\"JobPosting\",\"skills\":\"A\"}}{}", "[".repeat(100), "]".repeat(100));
    assert!(matches!(read(wrapped.as_bytes(), None), Err(JobError::NoJob(_))));
}

/// Whoever looked at the rest of the text for each piece of it would not be done in hours.
#[test]
fn long_texts_take_one_pass() {
    for unit in ["a ", "🧪", "<p>", "<b>a</b>", "&lt;", "Requirements:", "a:", "**", ", ", "years ", "\u{5d0}"] {
        let text = unit.repeat(300_000 / unit.len());
        for media_type in ["text/plain", "text/html"] {
            assert!(!matches!(read(text.as_bytes(), Some(media_type)), Err(JobError::Json(_))));
        }
        let posting = json!({"@type": "JobPosting", "description": text, "skills": text}).to_string();
        assert!(!matches!(read(posting.as_bytes(), None), Err(JobError::Json(_))));
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "(<p>|Test|é|🧪|:|\n|- |ع|&amp;|15-1254|, ){0,6}".prop_map(Value::from),
    ];
    let names = prop_oneof![
        Just("skills"),
        Just("schema:skills"),
        Just("description"),
        Just("@list"),
        Just("@value"),
        Just("name"),
        Just("@id"),
        Just("en"),
        Just("positionProfiles"),
        Just("positionQualifications"),
        Just("positionCompetencies"),
        Just("ceterms:requires"),
        Just("ceterms:targetCompetency"),
        Just("competencies"),
        Just("inDefinedTermSet"),
        Just("occupationalCategory"),
        Just("experienceRequirements"),
        Just("monthsOfExperience"),
        Just("relevantOccupation"),
        Just("requirements"),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let object = prop::collection::vec((names.clone(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            object.prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_stops_the_reader(mut value in any_json(), kind in 0..4_u8) {
        if let Value::Object(object) = &mut value {
            let kind = ["JobPosting", "Occupation", "ceterms:Job", ""][usize::from(kind)];
            object.insert("@type".to_owned(), kind.into());
        }
        let sent = value.to_string();
        if let Ok(job) = read(sent.as_bytes(), None) {
            for requirement in &job.requirements {
                super::check_place(&job, &sent, requirement);
            }
            let placed = super::super::place(&job, &[super::addition("/skills/0")]);
            if let (Ok(Some(placed)), false) = (placed, job.document.is_none()) {
                let again = read(placed.document.as_bytes(), None);
                prop_assert!(again.is_ok());
            }
        }
    }

    #[test]
    fn no_text_stops_the_reader(text in "(<p>|<b>|</b>|<li>|&eacute;|Requirements:|\n|- |# |\\*\\*|a|é|🧪|ع|水。|\\. |: |\r|\u{202e}){0,40}") {
        for media_type in ["text/plain", "text/markdown", "text/html"] {
            if let Ok(job) = read(text.as_bytes(), Some(media_type)) {
                let mut before = 0;
                for requirement in &job.requirements {
                    let [from, to] = requirement.span;
                    prop_assert!(from >= before && to > from && to <= text.chars().count());
                    before = from;
                }
            }
        }
    }
}
