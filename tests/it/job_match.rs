//! A job against a record over HTTP: every kind of path, what does not count, what is missing, and what is refused.

use serde_json::{Value, json};

use crate::job_align::{serving, skills};
use crate::support::build::{Framework, id, uri};
use crate::support::{Answer, TestApp, TestDb, casement_with, for_each_backend, import_one};

const PATH: &str = "/api/v1/match";
const NAME: &str = "Zebedee Quux";

/// The outcomes of a college, and how they are to the skills of employers.
pub fn outcomes() -> Framework {
    Framework::new("college")
        .document(json!({"title": "College outcomes"}))
        .item("lab", json!({"humanCodingScheme": "C.1", "fullStatement": "Work in a laboratory"}))
        .under("lab", "college", 1)
        .item("titration", json!({"humanCodingScheme": "C.1.1", "fullStatement": "Titrate"}))
        .under("titration", "lab", 1)
        .associate("titration", "exactMatchOf", "chlorine", json!({}))
        .item("optics", json!({"humanCodingScheme": "C.2", "fullStatement": "Use optical instruments"}))
        .under("optics", "college", 2)
        .associate("optics", "isRelatedTo", "turbidity", json!({}))
}

pub fn badge(name: &str, item: Option<&str>, more: Value) -> Value {
    let mut badge = json!({"type": ["VerifiableCredential", "OpenBadgeCredential"], "credentialSubject": {
        "type": ["AchievementSubject"], "id": "did:example:zebedee", "identifier": [{"identityHash": NAME, "identityType": "name"}],
        "achievement": {"type": ["Achievement"], "id": "urn:a", "name": name, "description": "d", "criteria": {"narrative": "n"}}}});
    if let Some(item) = item {
        badge["credentialSubject"]["achievement"]["alignment"] =
            json!([{"type": ["Alignment"], "targetName": "x", "targetUrl": uri(item)}]);
    }
    more.as_object().unwrap().iter().for_each(|(name, value)| badge[name] = value.clone());
    badge
}

fn post(app: &TestApp, body: &Value) -> Answer {
    app.send_with("POST", PATH, &[("Content-Type", "application/json")], body.to_string())
}

/// The steps of the best path to one requirement, its confidence in hundredths, and the status.
fn best(app: &TestApp, required: &str, record: &Value) -> (Value, Vec<String>, f64) {
    let matched = post(app, &json!({"required": [uri(required)], "record": record})).expect(200).json();
    let one = &matched["requirements"][0];
    let step = |step: &Value| {
        let by = step.get("by").and_then(Value::as_str).map(|by| format!(" {by}")).unwrap_or_default();
        format!("{}{by}", step["step"].as_str().unwrap())
    };
    let path = one["evidence"][0]["path"].as_array().map(|path| path.iter().map(step).collect()).unwrap_or_default();
    (one["status"].clone(), path, (one["confidence"].as_f64().unwrap() * 100.0).round())
}

#[test]
fn every_kind_of_path_is_found() {
    for_each_backend(|db| {
        let app = serving(db, &[skills(), outcomes()]);
        let first = "requirement reference";
        for (required, shown, status, path, confidence) in [
            ("chlorine", "chlorine", "met", vec![], 100.0),
            ("chlorine", "testing", "met", vec!["ancestor isChildOf"], 80.0),
            ("chlorine", "titration", "met", vec!["association exactMatchOf"], 95.0),
            ("chlorine", "lab", "met", vec!["association exactMatchOf", "ancestor isChildOf"], 76.0),
            ("chlorine", "old", "met", vec!["association replacedBy"], 90.0),
            ("turbidity", "optics", "met", vec!["association isRelatedTo"], 50.0),
            ("titration", "testing", "met", vec!["association exactMatchOf", "ancestor isChildOf"], 76.0),
            ("chlorine", "turbidity", "missing", vec![], 0.0),
        ] {
            let found = best(&app, required, &badge("x", Some(shown), json!({})));
            let mut expected: Vec<String> =
                std::iter::once(first).chain(path).chain(["alignment"]).map(str::to_owned).collect();
            if status == "missing" {
                expected.clear();
            }
            assert_eq!(found, (json!(status), expected, confidence), "{required} by {shown}");
        }
        // Of what has something below it, the lowest are required; one of them was shown.
        let matched =
            post(&app, &json!({"required": [id("testing")], "record": badge("x", Some("chlorine"), json!({}))}))
                .expect(200)
                .json();
        assert_eq!(matched["counts"], json!({"met": 1, "partly": 0, "missing": 1, "unaligned": 0}));
        let whole = post(&app, &json!({"required": [uri("water")], "record": badge("x", Some("chlorine"), json!({}))}))
            .expect(200)
            .json();
        assert_eq!(whole["title"], "Riverwell Water Treatment Skills");
        assert_eq!(whole["requirements"].as_array().unwrap().len(), 3, "{whole}");
    });
}

#[test]
fn a_job_is_held_against_a_record() {
    for_each_backend(|db| {
        let app = serving(db, &[skills(), outcomes()]);
        let job = "Operator\n\nYou bring:\n- Chlorine work by WT.2.3\n- Measure turbidity\n- Patience\n- Ability to whistle\n- A driving licence\n\
            - Yodel, preferred\n";
        let clr = json!({"type": ["VerifiableCredential", "ClrCredential"], "credentialSubject": {"type": ["ClrSubject"], "id": "did:example:zebedee",
            "verifiableCredential": [badge("Lab", Some("titration"), json!({})), badge("ability to whistle", None, json!({})),
                badge("Turbidity", Some("turbidity"), json!({"validUntil": "2020-01-01T00:00:00Z"}))]}});
        let answer = post(&app, &json!({"job": job, "record": clr, "minConfidence": 0.6})).expect(200);
        assert!(!answer.text().contains(NAME) && !answer.text().contains("zebedee"), "{}", answer.text());
        assert!(!app.log().contains(NAME) && !app.log().contains("zebedee"));
        let matched = answer.json();
        assert_eq!(matched["title"], "Operator");
        let told: Vec<Value> = matched["requirements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                json!([one["id"], one["status"], one["evidence"][0]["achievement"], one["evidence"][0]["assertion"]])
            })
            .collect();
        let at =
            |index: usize| format!("/credentialSubject/verifiableCredential/{index}/credentialSubject/achievement");
        assert_eq!(
            told,
            [
                json!(["r1", "met", "Lab", at(0)]),
                json!(["r2", "missing", null, null]),
                json!(["r3", "unaligned", null, null]),
                json!(["r4", "met", "ability to whistle", at(1)]),
                json!(["r5", "unaligned", null, null]),
                json!(["r6", "unaligned", null, null]),
            ]
        );
        assert_eq!(matched["requirements"][3]["evidence"][0]["path"][0]["step"], "text");
        assert_eq!(matched["missing"], json!(["r2", "r3"]));
        assert_eq!(matched["record"]["withheld"], json!([{"pointer": at(2), "reason": "it has expired"}]));
        assert_eq!(matched["record"]["achievements"], 2);
        let path = &matched["requirements"][0]["evidence"][0]["path"];
        assert_eq!(path[0]["object"]["identifier"], id("chlorine"));
        assert_eq!(path[1]["object"]["framework"]["title"], "College outcomes");
        assert_eq!(path[2]["pointer"], format!("{}/alignment/0", at(0)));
    });
}

#[test]
fn records_come_in_many_forms() {
    let db = TestDb::sqlite();
    let app = serving(&db, &[skills()]);
    let class = json!({"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "name": "b", "alignment": {"targetName": "x", "targetUrl": uri("chlorine")}});
    let clr1 = json!({"assertions": [{"achievement": {"name": "a", "alignments": [{"targetName": "x", "targetUrl": uri("chlorine"), "targetType": "CFItem"}]}}]});
    for (record, assertion) in [
        (class.clone(), ""),
        (json!([badge("x", None, json!({})), class]), "/1"),
        (clr1, "/assertions/0/achievement"),
        (badge("Measure free and total chlorine residual", None, json!({})), "/credentialSubject/achievement"),
    ] {
        let matched = post(&app, &json!({"required": [id("chlorine")], "record": record})).expect(200).json();
        assert_eq!(matched["requirements"][0]["evidence"][0]["assertion"], assertion, "{matched}");
    }
    let posting = json!({"@type": "JobPosting", "skills": "Measure turbidity"});
    let empty = post(&app, &json!({"job": posting, "record": []})).expect(200).json();
    assert_eq!((&empty["missing"], &empty["record"]["achievements"]), (&json!(["r1"]), &json!(0)));
}

#[test]
fn what_cannot_be_held_against_each_other_is_refused() {
    for_each_backend(|db| {
        let app = serving(db, &[skills()]);
        let record = badge("x", None, json!({}));
        for (body, status, says) in [
            (json!([]), 400, "Send an object"),
            (json!({"record": record}), 400, "either job or required"),
            (json!({"job": "x", "required": ["y"], "record": record}), 400, "either job or required"),
            (json!({"job": "x"}), 400, "Give the record"),
            (json!({"job": "x", "record": record, "learner": 1}), 400, "no member learner"),
            (json!({"required": [], "record": record}), 400, "with one at least"),
            (json!({"required": [3], "record": record}), 400, "with one at least"),
            (json!({"job": "x", "record": record, "minConfidence": 2}), 400, "0 to 1"),
            (json!({"job": "x", "jobMediaType": "image/png", "record": record}), 415, "image/png"),
            (json!({"job": {"@type": "Person"}, "record": record}), 422, "no job"),
            (json!({"required": ["nothing-like-this"], "record": record}), 422, "nothing-like-this"),
            (json!({"job": "Test water", "record": [record, 3]}), 422, "/1"),
        ] {
            let answer = post(&app, &body).expect(status);
            assert!(answer.json()["detail"].as_str().unwrap().contains(says), "{}", answer.text());
        }
        let broken = app.send_with("POST", PATH, &[], "{\"job\":").expect(400);
        assert!(broken.json()["detail"].as_str().unwrap().contains("no JSON"));
    });
}

#[test]
fn the_command_line_says_the_same() {
    let db = TestDb::sqlite();
    import_one(&db.registry(), &skills().json);
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let job = file("job.txt", "Operator\n\nYou bring:\n- Measure turbidity\n- Work by WT.2.3\n".to_owned());
    let record = file("badge.json", badge("Turbidity", Some("turbidity"), json!({})).to_string());
    let told = casement_with(&db, &["match", &job, &record], b"").expect(1);
    assert!(
        told.stdout.contains("met") && told.stdout.contains("missing") && told.stderr.contains("1 met"),
        "{}{}",
        told.stdout,
        told.stderr
    );
    let json = casement_with(&db, &["match", "--json", &job, &record], b"").expect(1).json();
    assert_eq!(json["missing"], json!(["r2"]));
    let required = casement_with(
        &db,
        &["match", "--required", &id("turbidity"), "-"],
        badge("x", Some("turbidity"), json!({})).to_string().as_bytes(),
    );
    assert!(required.expect(0).stdout.contains("alignment"));
    let wrong = casement_with(&db, &["match", &job, &job], b"").expect(1);
    assert!(wrong.stderr.contains("JSON"), "{}", wrong.stderr);
}
