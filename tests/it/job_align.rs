//! Jobs over HTTP: every form with its requirements, what they are about, what is put into documents, and what is no job.

use serde_json::{Value, json};

use crate::support::build::{Framework, id, uri};
use crate::support::{Answer, TestApp, TestDb, encode, for_each_backend, import_one};

const PATH: &str = "/api/v1/align/job";

/// A framework of skills that postings are about.
pub fn skills() -> Framework {
    Framework::new("water")
        .document(json!({"title": "Riverwell Water Treatment Skills", "language": "en"}))
        .item("testing", json!({"humanCodingScheme": "WT.2", "fullStatement": "Test water"}))
        .under("testing", "water", 1)
        .item(
            "chlorine",
            json!({"humanCodingScheme": "WT.2.3", "abbreviatedStatement": "Chlorine residual testing",
            "fullStatement": "Measure free and total chlorine residual"}),
        )
        .under("chlorine", "testing", 1)
        .item("turbidity", json!({"humanCodingScheme": "WT.2.4", "fullStatement": "Measure turbidity"}))
        .under("turbidity", "testing", 2)
        .item(
            "old",
            json!({"humanCodingScheme": "OLD.9", "fullStatement": "Titrate by hand", "statusEndDate": "2020-01-01"}),
        )
        .under("old", "water", 2)
        .associate("old", "replacedBy", "chlorine", json!({}))
}

pub fn serving(db: &TestDb, frameworks: &[Framework]) -> TestApp {
    for framework in frameworks {
        import_one(&db.registry(), &framework.json);
    }
    let app = TestApp::start(db);
    app.until(|| {
        let answer = app.get("/api/v1/search?q=anything");
        answer.status == 200 && answer.json()["index"]["upToDate"] == true
    });
    app
}

fn send(app: &TestApp, query: &str, media_type: &str, body: impl AsRef<[u8]>) -> Answer {
    app.send_with("POST", &format!("{PATH}{query}"), &[("Content-Type", media_type)], body.as_ref())
}

fn posting() -> Value {
    json!({"@context": "https://schema.org/", "@type": "JobPosting", "title": "Operator", "unknown": {"z": 1, "a": [null]},
        "skills": ["measure turbidity.", {"@type": "DefinedTerm", "name": "Residual", "termCode": "WT.2.3",
            "inDefinedTermSet": {"@type": "DefinedTermSet", "name": "Riverwell Water Treatment Skills"}},
            {"@type": "DefinedTerm", "name": "Pumps", "url": "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000001"}],
        "qualifications": "Grade D licence.", "responsibilities": "Work by WT.2 every day. Juggle 🧪.",
        "occupationalCategory": "51-8031.00"})
}

#[test]
fn requirements_are_aligned_or_say_why_not() {
    for_each_backend(|db| {
        let app = serving(db, &[skills()]);
        let answer = send(&app, "", "application/ld+json", posting().to_string()).expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let job = answer.json();
        assert_eq!((&job["kind"], &job["title"]), (&json!("schema.org/JobPosting"), &json!("Operator")));
        assert_eq!(job["classifications"][0]["comparable"], "SOC 51-8031");
        assert!(job.get("document").is_none() && job.get("added").is_none(), "{job}");
        let told: Vec<Value> = job["requirements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let best = &one["candidates"][0];
                json!([
                    one["text"],
                    one["class"],
                    one["status"],
                    best["identifier"],
                    best["why"]["method"],
                    best["decision"],
                    one["reason"]
                ])
            })
            .collect();
        assert_eq!(
            told[..4],
            [
                json!(["measure turbidity.", "skill", "aligned", id("turbidity"), "name", "accept", null]),
                json!(["Residual", "skill", "aligned", id("chlorine"), "reference", "accept", null]),
                json!([
                    "Pumps",
                    "skill",
                    "unaligned",
                    null,
                    null,
                    null,
                    "it names a term of ESCO, and nothing here is said to be the same"
                ]),
                json!(["Work by WT.2 every day.", "task", "aligned", id("testing"), "code", "accept", null]),
            ]
        );
        assert_eq!(
            told[4],
            json!(["Juggle 🧪.", "task", "unaligned", null, null, null, "nothing here fits well enough"])
        );
        assert_eq!(
            told[5],
            json!(["Grade D licence.", "credential", "unaligned", null, null, null, "a credential, not a competency"])
        );
        assert_eq!((&job["semantic"], &job["methods"][3]), (&json!("off"), &json!("text")));
        let juggle = &job["requirements"][4];
        assert_eq!((&juggle["pointer"], &juggle["span"]), (&json!("/responsibilities"), &json!([24, 33])));
        let best = &job["requirements"][1]["candidates"][0];
        assert_eq!(best["framework"]["title"], "Riverwell Water Treatment Skills");
        assert_eq!((&best["humanCodingScheme"], &best["relation"]), (&json!("WT.2.3"), &json!("exact")));
    });
}

#[test]
fn accepted_items_are_put_into_the_document_once() {
    for_each_backend(|db| {
        let app = serving(db, &[skills()]);
        let sent = posting().to_string().replace("\"z\":1", "\"z\":1.50e3");
        let answer = send(&app, "?mode=apply", "application/json", &sent).expect(200);
        assert!(answer.text().contains("\"unknown\":{\"z\":1.50e3,\"a\":[null]}"), "{}", answer.text());
        let job = answer.json();
        // What the posting names already is not added.
        assert_eq!(job["added"], json!(["/skills/3", "/skills/4", "/skills/5"]), "{job}");
        let skills = job["document"]["skills"].as_array().unwrap();
        assert_eq!(skills[3]["@type"], "DefinedTerm");
        assert_eq!(skills[3]["@id"], uri("turbidity"));
        assert_eq!(skills[..3], posting()["skills"].as_array().unwrap()[..]);
        let again = send(&app, "?mode=apply", "application/json", job["document"].to_string()).expect(200).json();
        assert!(again.get("added").is_none(), "{again}");
        assert_eq!(again["document"], job["document"]);
        // Nothing is sure enough.
        let none = send(
            &app,
            "?mode=apply&minConfidence=1",
            "application/json",
            json!({"@type": "JobPosting",
            "skills": "Measure turbidity"})
            .to_string(),
        );
        let none = none.expect(200).json();
        assert_eq!(none["requirements"][0]["candidates"][0]["decision"], "review");
        assert_eq!(none["document"]["skills"], "Measure turbidity");
    });
}

#[test]
fn every_form_has_requirements() {
    let db = TestDb::sqlite();
    let app = serving(&db, &[skills()]);
    let competency = json!({"competencyName": "x", "competencyIds": [{"value": id("turbidity"), "schemeId": "CASE"}]});
    for (media_type, body, kind, pointer) in [
        ("text/plain", "Operator\n\nYou bring:\n- Measure turbidity\n".to_owned(), "text", ""),
        ("text/markdown", "# Operator\n\n## Skills\n\n* **Measure turbidity**".to_owned(), "markdown", ""),
        (
            "text/html; charset=utf-8",
            "<h1>Operator</h1><ul><li>Measure&nbsp;<b>turbidity</b></ul>".to_owned(),
            "html",
            "",
        ),
        (
            "application/json",
            json!({"@type": "Occupation", "skills": "Measure turbidity"}).to_string(),
            "schema.org/Occupation",
            "/skills",
        ),
        (
            "application/json",
            json!({"positionProfiles": [{"positionQualifications": [{"positionCompetencies": [competency]}]}]})
                .to_string(),
            "hropen/PositionOpening",
            "/positionProfiles/0/positionQualifications/0/positionCompetencies/0/competencyName",
        ),
        (
            "application/json",
            json!({"title": "x", "skills": [{"name": "Measure turbidity"}]}).to_string(),
            "hropen/JobPosting",
            "/skills/0/name",
        ),
        (
            "application/ld+json",
            json!({"@type": "ceterms:Job", "ceasn:skillEmbodied": [uri("turbidity")]}).to_string(),
            "ctdl",
            "/ceasn:skillEmbodied/0",
        ),
        ("application/json", json!(["Measure turbidity"]).to_string(), "list", "/0"),
    ] {
        let job = send(&app, "", media_type, &body).expect(200).json();
        assert_eq!(job["kind"], kind);
        let one = job["requirements"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&one["pointer"], &one["candidates"][0]["identifier"]),
            (&json!(pointer), &json!(id("turbidity"))),
            "{job}"
        );
    }
}

#[test]
fn replaced_items_and_frameworks() {
    let db = TestDb::sqlite();
    let other = Framework::new("other")
        .document(json!({"title": "Other"}))
        .item("again", json!({"fullStatement": "Measure turbidity"}))
        .under("again", "other", 1);
    let app = serving(&db, &[skills(), other]);
    let replaced = send(&app, "", "text/plain", "Skills:\n- Know OLD.9 by heart").expect(200).json();
    assert_eq!(replaced["requirements"][0]["candidates"][0]["identifier"], id("chlorine"));
    let list = json!(["Measure turbidity"]).to_string();
    let both = send(&app, "", "application/json", &list).expect(200).json();
    let candidates = both["requirements"][0]["candidates"].as_array().unwrap();
    assert!(candidates.len() >= 2, "{both}");
    for framework in [id("other"), "Other".to_owned()] {
        let one =
            send(&app, &format!("?frameworks={}", encode(&framework)), "application/json", &list).expect(200).json();
        assert_eq!(one["requirements"][0]["candidates"][0]["identifier"], id("again"), "{one}");
        let all = one["requirements"][0]["candidates"].as_array().unwrap();
        assert!(all.iter().all(|one| one["framework"]["identifier"] == id("other")), "{one}");
    }
    let unknown = send(&app, "?frameworks=Nowhere", "application/json", &list).expect(400).json();
    assert!(unknown["detail"].as_str().unwrap().contains("Nowhere"), "{unknown}");
}

#[test]
fn what_is_no_job_is_refused() {
    for_each_backend(|db| {
        let app = serving(db, &[]);
        let many = "- Measure turbidity\n".repeat(20_000);
        let deep = format!("{}1", "[".repeat(100_000));
        for (query, media_type, body, status, says) in [
            ("", "application/json", "{\"a\":", 400, "cannot be read"),
            ("", "application/json", &deep, 400, "cannot be read"),
            ("", "application/json", "{\"@type\":\"Person\"}", 422, "Person"),
            ("", "text/plain", " \n", 400, "nothing to read"),
            ("", "image/png", "x", 415, "image/png"),
            ("", "text/plain", &many, 422, "more than"),
            ("?mode=x", "text/plain", "x", 400, "suggest or apply"),
            ("?mode=apply&mode=apply", "text/plain", "x", 400, "twice"),
            ("?minConfidence=2", "text/plain", "x", 400, "0 to 1"),
            ("?max=0", "text/plain", "x", 400, "1 to 50"),
            ("?nothing=0", "text/plain", "x", 400, "mode, minConfidence"),
        ] {
            let answer = send(&app, query, media_type, body).expect(status);
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert!(answer.json()["detail"].as_str().unwrap().contains(says), "{}", answer.text());
        }
        let not_utf8 = send(&app, "", "text/plain", b"ab\xff").expect(400).json();
        assert!(not_utf8["detail"].as_str().unwrap().contains("UTF-8"));
        assert_eq!(app.get(PATH).expect(405).header("allow"), "POST, OPTIONS");
    });
}

#[test]
fn a_wrong_member_is_told_where_it_stands() {
    let db = TestDb::sqlite();
    let app = serving(&db, &[skills()]);
    let body = json!({"@type": "JobPosting", "skills": 3, "responsibilities": "Measure turbidity"}).to_string();
    let refused = send(&app, "?mode=apply", "application/json", body).expect(422).json();
    assert!(refused["detail"].as_str().unwrap().contains("/skills"), "{refused}");
}
