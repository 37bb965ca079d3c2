//! What is read of every form, where it stands, and what comes of putting items into it.

mod forms;
mod hostile;
mod placing;
mod texts;

use super::{Addition, Job, Requirement, read};
use crate::credentials::{Target, TargetClass, TargetFramework};

const GUID: &str = "8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21";

#[track_caller]
fn read_as(text: &str, media_type: &str) -> Job {
    let job = read(text.as_bytes(), Some(media_type)).unwrap_or_else(|error| panic!("{error}: {text}"));
    for (index, requirement) in job.requirements.iter().enumerate() {
        assert_eq!(requirement.id, format!("r{}", index + 1));
        check_place(&job, text, requirement);
    }
    job
}

/// The span of a requirement holds every word that its text has.
#[track_caller]
fn check_place(job: &Job, sent: &str, requirement: &Requirement) {
    let at = match &job.document {
        _ if requirement.pointer.is_empty() => sent.trim_start_matches('\u{feff}').to_owned(),
        Some(document) => match document.pointer(&requirement.pointer) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(serde_json::Value::Number(number)) => number.to_string(),
            other => panic!("{}: {other:?}", requirement.pointer),
        },
        None => {
            let value: serde_json::Value = serde_json::from_str(sent).unwrap();
            value.pointer(&requirement.pointer).and_then(|text| text.as_str()).unwrap().to_owned()
        }
    };
    let [from, to] = requirement.span;
    let there: String = at.chars().skip(from).take(to - from).collect();
    assert_eq!(there.chars().count(), to - from, "{requirement:?}");
    let shown = super::prose::shown(&there);
    assert!(
        shown == requirement.text || requirement.text.starts_with(&format!("{shown} ")),
        "{there:?} is not {:?}",
        requirement.text
    );
}

/// Class, section and text of every requirement, for comparing.
fn told(job: &Job) -> Vec<String> {
    let told = |requirement: &Requirement| {
        format!("{:?} {:?} {:?}: {}", requirement.section, requirement.class, requirement.importance, requirement.text)
    };
    job.requirements.iter().map(told).collect()
}

fn addition(pointer: &str) -> Addition {
    let framework = "5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10";
    let target = Target {
        class: TargetClass::Item,
        identifier: GUID.to_owned(),
        uri: format!("https://case.example.org/uri/{GUID}"),
        short: Some("Chlorine residual testing".to_owned()),
        full: Some("Measure free and total chlorine residual".to_owned()),
        code: Some("WT.2.3".to_owned()),
        notes: None,
        item_type: None,
        language: Some("en".to_owned()),
        framework: TargetFramework {
            identifier: framework.to_owned(),
            uri: format!("https://case.example.org/uri/{framework}"),
            title: "Riverwell Water Treatment Skills".to_owned(),
        },
        base: "https://case.example.org".to_owned(),
    };
    Addition { pointer: pointer.to_owned(), target }
}
