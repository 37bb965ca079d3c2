//! Aligning texts over HTTP: what is found and told, by words and by meanings, what is refused, and who sees what.

use std::path::PathBuf;

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::token;
use crate::support::build::{Framework, id};
use crate::support::{Answer, TestApp, casement, for_each_backend, import_one};

const PATH: &str = "/api/v1/align/text";

fn water() -> Framework {
    Framework::new("water")
        .document(json!({"title": "Riverwell Water Skills", "language": "en"}))
        .item("t", json!({"fullStatement": "Testing and sampling", "humanCodingScheme": "WT.2", "CFItemType": "Strand"}))
        .under("t", "water", 1)
        .item(
            "chlorine",
            json!({"fullStatement": "Measure chlorine residual in treated water with a colorimeter",
            "humanCodingScheme": "WT.2.3", "CFItemType": "Skill", "educationLevel": ["11", "12"]}),
        )
        .under("chlorine", "t", 1)
        .item(
            "ph",
            json!({"fullStatement": "Measure the acidity of water", "humanCodingScheme": "WT.2.4", "CFItemType": "Skill",
            "conceptKeywords": ["pH"], "notes": "With strips or a meter."}),
        )
        .under("ph", "t", 2)
        .item("lab", json!({"fullStatement": "Keep laboratory records", "humanCodingScheme": "WT.3.1"}))
        .under("lab", "water", 2)
}

fn cooking() -> Framework {
    Framework::new("cooking")
        .document(json!({"title": "Kitchen Skills", "language": "en"}))
        .item("knife", json!({"fullStatement": "Sharpen kitchen knives", "humanCodingScheme": "K.1"}))
        .item("soup", json!({"fullStatement": "Prepare soups from fresh vegetables", "humanCodingScheme": "K.2"}))
}

fn post(app: &TestApp, body: &Value) -> Answer {
    app.send_with("POST", PATH, &[("content-type", "application/json")], body.to_string())
}

fn align(app: &TestApp, body: &Value) -> Value {
    post(app, body).expect(200).json()
}

fn first(answer: &Value) -> &str {
    answer["candidates"][0]["identifier"].as_str().unwrap_or_default()
}

/// The folder of the model, where the tests were given one.
fn model() -> Option<PathBuf> {
    std::env::var_os("CASEMENT_TEST_MODEL").map(PathBuf::from)
}

#[test]
fn an_answer_says_what_was_found_and_why() {
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        import_one(&db.registry(), &cooking().json);
        let app = TestApp::start(db);
        let text = "😀 Learners keep notes, and test chlorine residual in treated water.";
        let answer = align(&app, &json!({"text": text}));
        assert_eq!(first(&answer), id("chlorine"), "{answer}");
        assert_eq!(answer["methods"], json!({"semantic": "off"}));
        let best = &answer["candidates"][0];
        assert_eq!(best["kind"], "CFItem");
        assert_eq!(best["code"], "WT.2.3");
        assert_eq!(best["path"], json!(["Testing and sampling"]));
        assert_eq!(best["framework"]["identifier"], id("water"));
        assert_eq!(best["framework"]["title"], "Riverwell Water Skills");
        assert_eq!(best["associationType"], "isRelatedTo");
        assert_eq!(best["why"]["method"], "lexical");
        assert!(best["why"]["terms"].as_array().unwrap().contains(&json!("chlorin")), "{best}");
        let span: Vec<usize> = serde_json::from_value(best["why"]["span"].clone()).unwrap();
        let named: String = text.chars().skip(span[0]).take(span[1] - span[0]).collect();
        assert!(named.contains("chlorine residual") && !named.contains("notes"), "{named}");
        let confidences: Vec<f64> =
            answer["candidates"].as_array().unwrap().iter().map(|one| one["confidence"].as_f64().unwrap()).collect();
        assert!(confidences.iter().all(|one| (0.0..=1.0).contains(one)), "{confidences:?}");
        // The same again is the same again.
        assert_eq!(align(&app, &json!({"text": text})), answer);
    });
}

#[test]
fn codes_name_items_and_the_same_statement_is_an_exact_match() {
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        let app = TestApp::start(db);
        for text in ["WT.2.4", "Unit 3 covers wt 2 4.", "see (WT-2-4)"] {
            let answer = align(&app, &json!({"text": text}));
            assert_eq!(first(&answer), id("ph"), "{text}: {answer}");
            assert_eq!(answer["candidates"][0]["why"]["method"], "code");
            assert_eq!(answer["none"], false);
            assert!(answer["candidates"][0]["confidence"].as_f64().unwrap() > 0.9);
        }
        let answer = align(&app, &json!({"text": "Students will measure the acidity of water (e.g. of a river)."}));
        assert_eq!(
            (first(&answer), &answer["candidates"][0]["associationType"]),
            (id("ph").as_str(), &json!("exactMatchOf"))
        );
        let answer = align(&app, &json!({"text": "Negotiate treaties between governments"}));
        assert_eq!(answer["none"], true, "{answer}");
    });
}

#[test]
fn a_text_that_an_item_begins_with_finds_it_however_long_it_goes_on() {
    let long = "Add and subtract fractions with unlike denominators (including mixed numbers) by replacing given fractions \
        with equivalent fractions in such a way as to produce an equivalent sum or difference with like denominators.";
    let fractions = Framework::new("fractions")
        .document(json!({"title": "Fractions", "language": "en"}))
        .item("long", json!({"fullStatement": long, "educationLevel": ["05"]}))
        .item("like", json!({"fullStatement": "Add and subtract fractions with like denominators"}))
        .item("other", json!({"fullStatement": "Compare fractions with unlike denominators"}));
    for_each_backend(|db| {
        import_one(&db.registry(), &fractions.json);
        let app = TestApp::start(db);
        for lead in ["", "Students ", "Learners will be able to "] {
            let answer =
                align(&app, &json!({"text": format!("{lead}add and subtract fractions with unlike denominators.")}));
            assert_eq!((first(&answer), &answer["none"]), (id("long").as_str(), &json!(false)), "{answer}");
            assert!(answer["candidates"][0]["confidence"].as_f64().unwrap() > 0.7, "{answer}");
        }
        // Another grade was meant, or only a few words were said.
        let text = "add and subtract fractions with unlike denominators";
        let answer = align(&app, &json!({"text": text, "educationLevel": ["02"]}));
        assert!(answer["candidates"][0]["confidence"].as_f64().unwrap() < 0.7, "{answer}");
        let answer = align(&app, &json!({"text": "add and subtract"}));
        assert!(answer["candidates"].as_array().unwrap().iter().all(|one| one["confidence"].as_f64().unwrap() < 0.7));
    });
}

#[test]
fn a_scope_narrows_the_answer() {
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        import_one(&db.registry(), &cooking().json);
        let app = TestApp::start(db);
        let text = "measure water and prepare vegetables";
        let frameworks = |answer: &Value| -> Vec<String> {
            let of = |one: &Value| one["framework"]["identifier"].as_str().unwrap().to_owned();
            answer["candidates"].as_array().unwrap().iter().map(of).collect()
        };
        let all = frameworks(&align(&app, &json!({"text": text})));
        assert!(all.contains(&id("water")) && all.contains(&id("cooking")), "{all:?}");
        for named in [id("cooking"), "kitchen".to_owned()] {
            let answer = align(&app, &json!({"text": text, "frameworks": [named]}));
            assert!(!frameworks(&answer).is_empty());
            assert!(frameworks(&answer).iter().all(|one| *one == id("cooking")), "{answer}");
        }
        let answer = align(&app, &json!({"text": text, "itemTypes": ["skill"], "max": 1}));
        assert_eq!(answer["candidates"].as_array().unwrap().len(), 1);
        assert_eq!(answer["candidates"][0]["why"]["method"], "lexical");
        let answer = align(&app, &json!({"text": text, "itemTypes": ["Nothing"]}));
        assert_eq!((&answer["none"], answer["candidates"].as_array().unwrap().len()), (&json!(true), 0));
        let answer = align(&app, &json!({"text": text, "minConfidence": 1.0}));
        assert_eq!((&answer["none"], &answer["candidates"]), (&json!(true), &json!([])));
    });
}

#[test]
fn what_is_no_request_is_told_what_to_do() {
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        let app = TestApp::start(db);
        for (body, status, says) in [
            (json!({}), 400, "text is empty"),
            (json!({"text": "  "}), 400, "text is empty"),
            (json!({"text": 7}), 400, "text"),
            (json!({"text": "a", "max": 0}), 400, "from 1 to 100"),
            (json!({"text": "a", "max": 1000}), 400, "from 1 to 100"),
            (json!({"text": "a", "minConfidence": 2}), 400, "from 0 to 1"),
            (json!({"text": "a", "framework": "x"}), 400, "framework"),
            (json!({"text": "a", "frameworks": ["no such thing"]}), 400, "/api/v1/frameworks"),
            (json!(["text"]), 400, "JSON object"),
            (json!({"text": "a".repeat(2 << 20)}), 413, ""),
        ] {
            let answer = post(&app, &body);
            let shown = answer.text();
            assert_eq!(answer.status, status, "{shown}");
            assert!(shown.contains(says), "{shown}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
        for body in ["", "{", "\u{0}", "[[[[", &"[".repeat(100_000)] {
            app.send_with("POST", PATH, &[("content-type", "application/json")], body).expect(400);
        }
        for text in
            ["\u{202e}ماء الشرب", "水質", "💧💧💧", &"clause, ".repeat(60_000), "<script>alert(1)</script>", "\u{0}"]
        {
            post(&app, &json!({"text": text})).expect(200);
        }
        app.get(PATH).expect(405);
    });
}

#[test]
fn what_changes_is_found_at_once_and_what_is_private_never() {
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        let app = TestApp::start(db);
        let text = json!({"text": "Calibrate turbidity meters"});
        assert_ne!(first(&align(&app, &text)), id("turbidity"));
        let more = water().item("turbidity", json!({"fullStatement": "Calibrate a turbidity meter"}));
        import_one(&db.registry(), &more.json);
        app.until(|| first(&align(&app, &text)) == id("turbidity"));
        casement(db, &["private", &id("water")]).expect(0);
        app.until(|| align(&app, &text)["candidates"] == json!([]));
        assert_eq!(align(&app, &text)["none"], true);
        post(&app, &json!({"text": "water", "frameworks": [id("water")]})).expect(400);
        let bearer = format!("Bearer {}", token(db, Role::Reader));
        let answer = app.send_with("POST", PATH, &[("Authorization", &bearer)], text.to_string()).expect(200).json();
        assert_eq!(first(&answer), id("turbidity"), "{answer}");
    });
}

#[test]
fn meanings_are_compared_where_there_is_a_model() {
    let Some(model) = model() else { return };
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        import_one(&db.registry(), &cooking().json);
        let app = TestApp::start_with(db, &["--no-demo", "--model-dir", &model.display().to_string()]);
        // A short text, which costs the server little while it has something else to do.
        let ready = || align(&app, &json!({"text": "a", "max": 1}))["methods"]["semantic"] == "on";
        app.until(ready);
        let answer = align(&app, &json!({"text": "Cook a broth with carrots and leeks"}));
        assert_eq!(first(&answer), id("soup"), "no word is the same: {answer}");
        assert_eq!(answer["candidates"][0]["why"]["method"], "semantic");
        assert!(answer["candidates"][0]["why"]["cosine"].as_f64().unwrap() > 0.2);
        // A framework that is new has vectors a moment later.
        let more = Framework::new("art").item("paint", json!({"fullStatement": "Paint portraits in oil"}));
        import_one(&db.registry(), &more.json);
        app.until(|| ready() && align(&app, &json!({"text": "a"}))["candidates"].to_string().contains(&id("paint")));
        assert_eq!(first(&align(&app, &json!({"text": "pictures of faces"}))), id("paint"));
    });
}

#[test]
fn a_model_that_cannot_be_used_is_an_error_at_the_start() {
    let db = crate::support::TestDb::sqlite();
    let empty = tempfile::tempdir().unwrap();
    let folder = empty.path().display().to_string();
    let ran = casement(&db, &["model", "status", "--model-dir", &folder]).expect(3);
    assert!(ran.stderr.contains("config.json"), "{}", ran.stderr);
    let none = casement(&db, &["model", "status"]).expect(0);
    assert!(none.stdout.contains("casement model fetch"), "{}", none.stdout);
    std::fs::write(empty.path().join("config.json"), "{}").unwrap();
    casement(&db, &["model", "status", "--model-dir", &folder]).expect(3);
    let ran = casement(&db, &["model", "fetch", "--from", "no address"]).expect(2);
    assert!(ran.stderr.contains("https://"), "{}", ran.stderr);
    // This machine is no place to fetch from unless that is configured.
    casement(&db, &["model", "fetch", "--from", "http://127.0.0.1:9/"]).expect(3);
}
