//! Decisions: kept, answered again wherever the same text is aligned, exported, taken back; and who may do so.

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::{get_as, token, token_until};
use crate::ops_backup::stored;
use crate::support::build::{Framework, id, uri};
use crate::support::{Answer, TestApp, TestDb, casement, for_each_backend, import_one};

const PATH: &str = "/api/v1/align/feedback";
const TEXT: &str = "Learners look after knives";

fn kitchen() -> Framework {
    Framework::new("kitchen")
        .document(json!({"title": "Kitchen Skills", "language": "en"}))
        .item("knife", json!({"fullStatement": "Sharpen knives", "humanCodingScheme": "KT.1.1", "CFItemType": "Skill"}))
        .item("soup", json!({"fullStatement": "Prepare soups", "humanCodingScheme": "KT.1.2"}))
        .item("wash", json!({"fullStatement": "Wash hands", "humanCodingScheme": "KT.1.3"}))
}

fn garden() -> Framework {
    Framework::new("garden")
        .document(json!({"title": "Garden Skills", "language": "en"}))
        .item("hoe", json!({"fullStatement": "Look after tools and knives", "humanCodingScheme": "GD.1.1"}))
}

fn serving(db: &TestDb) -> TestApp {
    import_one(&db.registry(), &kitchen().json);
    import_one(&db.registry(), &garden().json);
    let app = TestApp::start(db);
    app.until(|| {
        let answer = app.get("/api/v1/search?q=anything");
        answer.status == 200 && answer.json()["index"]["upToDate"] == true
    });
    app
}

fn decide(app: &TestApp, token: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    app.send_with("POST", PATH, &[("Authorization", &bearer), ("Content-Type", "application/json")], body.to_string())
}

fn decision(text: &str, item: &str, decision: &str) -> Value {
    json!({"text": text, "item": id(item), "decision": decision})
}

fn align(app: &TestApp, body: &Value) -> Value {
    let answer = app.send_with("POST", "/api/v1/align/text", &[], body.to_string());
    answer.expect(200).json()
}

fn found(answer: &Value) -> Vec<String> {
    let of = |one: &Value| one["identifier"].as_str().unwrap().to_owned();
    answer["candidates"].as_array().unwrap().iter().map(of).collect()
}

fn export(app: &TestApp, token: &str) -> Vec<Value> {
    let answer = get_as(app, PATH, token).expect(200);
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_was_decided_is_answered_again_and_can_be_taken_back() {
    for_each_backend(|db| {
        let app = serving(db);
        let editor = token(db, Role::Editor);
        let before = align(&app, &json!({"text": TEXT}));
        assert_eq!(found(&before)[0], id("knife"), "{before}");
        let both = json!([decision(TEXT, "wash", "accepted"), decision(TEXT, "knife", "rejected")]);
        let kept = decide(&app, &editor, &both).expect(200).json();
        assert_eq!((&kept[0]["decision"], &kept[1]["decision"]), (&json!("accepted"), &json!("rejected")));
        for text in [TEXT, "  learners LOOK after\nknives. ", "<b>Learners</b> look after knives"] {
            let answer = align(&app, &json!({"text": text}));
            let first = &answer["candidates"][0];
            assert_eq!(first["identifier"], id("wash"), "{answer}");
            assert_eq!((&first["confidence"], &first["why"]["method"]), (&json!(1.0), &json!("feedback")));
            assert_eq!(first["associationType"], "isRelatedTo", "a decision claims no more than the texts do");
            assert_eq!(answer["none"], false);
            assert!(!found(&answer).contains(&id("knife")), "{answer}");
            assert_eq!(answer["rejected"][0]["identifier"], id("knife"));
        }
        // Another text, another name, another scope: nothing was decided of those.
        for body in [
            json!({"text": "Learners look after knives and forks"}),
            json!({"text": TEXT, "name": "Cooking"}),
            json!({"text": TEXT, "frameworks": [id("garden")]}),
        ] {
            let answer = align(&app, &body);
            assert!(answer.get("rejected").is_none() && !answer.to_string().contains("feedback"), "{answer}");
        }
        let skills = align(&app, &json!({"text": TEXT, "itemTypes": ["Skill"]})).to_string();
        assert!(!skills.contains(&id("wash")), "what was decided is answered only where it may be: {skills}");
        // Only so many are wanted, and the one that was decided is one of them.
        assert_eq!(found(&align(&app, &json!({"text": TEXT, "max": 1}))), [id("wash")]);

        let exported = export(&app, &editor);
        assert_eq!(exported.iter().collect::<Vec<_>>(), kept.as_array().unwrap().iter().collect::<Vec<_>>());
        let line = &exported[0];
        assert_eq!(
            (&line["text"], &line["item"], &line["uri"]),
            (&json!(TEXT), &json!(id("wash")), &json!(uri("wash")))
        );
        assert_eq!((&line["statement"], &line["code"]), (&json!("Wash hands"), &json!("KT.1.3")));
        assert!(line["decidedAt"].as_str().unwrap().starts_with("20"), "{line}");

        // The opposite takes the place of it.
        let again = decide(&app, &editor, &decision(TEXT, "wash", "rejected")).expect(200).json();
        assert_eq!(again[0]["id"], line["id"]);
        let answer = align(&app, &json!({"text": TEXT}));
        assert!(!found(&answer).contains(&id("wash")) && answer["candidates"][0]["why"]["method"] != "feedback");
        let bearer = format!("Bearer {editor}");
        for one in &exported {
            let path = format!("{PATH}/{}", one["id"]);
            app.send("DELETE", &path, &[("Authorization", &bearer)]).expect(204);
            app.send("DELETE", &path, &[("Authorization", &bearer)]).expect(404);
        }
        assert_eq!(export(&app, &editor), [Value::Null; 0]);
        assert_eq!(align(&app, &json!({"text": TEXT})), before);
        let lines = casement(db, &["audit", "--json"]).expect(0).json();
        let deeds: Vec<&Value> = lines.as_array().unwrap().iter().filter(|one| one["decision"].is_i64()).collect();
        assert_eq!(deeds.len(), 5, "{lines}");
        assert_eq!((&deeds[0]["action"], &deeds[4]["action"]), (&json!("feedback.delete"), &json!("feedback")));
        assert_eq!(deeds[4]["framework"], id("kitchen"));
    });
}

#[test]
fn a_decision_counts_in_documents_postings_batches_and_crosswalks() {
    for_each_backend(|db| {
        let app = serving(db);
        let editor = token(db, Role::Editor);
        let post = |path: &str, content_type: &str, body: &str| {
            app.send_with("POST", path, &[("content-type", content_type)], body).expect(200).json()
        };
        // A code and a name are found at once, and still are what somebody says they are not.
        let coded = "Covers KT.1.2 of the kitchen";
        let decisions = json!([
            {"text": coded, "name": "Cooking", "item": id("wash"), "decision": "accepted"},
            {"text": coded, "name": "Cooking", "item": id("soup"), "decision": "rejected", "note": "a typing error"},
            decision("Prepare soups", "soup", "rejected"),
            decision("Prepare soups", "hoe", "accepted"),
        ]);
        decide(&app, &editor, &decisions).expect(200);
        let badge =
            json!({"type": ["Achievement"], "id": "https://h.example/a", "name": "Cooking", "description": coded});
        let answer = post("/api/v1/align/achievement?mode=apply", "application/json", &badge.to_string());
        assert_eq!(answer["added"][0]["object"]["identifier"], id("wash"), "{answer}");
        assert_eq!(
            (&answer["added"][0]["why"]["method"], &answer["added"][0]["confidence"]),
            (&json!("feedback"), &json!(1.0))
        );
        assert!(!answer["candidates"].to_string().contains(&id("soup")), "{answer}");

        let posting = "Requirements:\n- Prepare soups";
        let answer = post("/api/v1/align/job", "text/plain", posting);
        let candidates = &answer["requirements"][0]["candidates"];
        assert_eq!(candidates[0]["identifier"], id("hoe"), "{answer}");
        assert_eq!(
            (&candidates[0]["why"]["method"], &candidates[0]["decision"]),
            (&json!("feedback"), &json!("accept"))
        );
        assert!(!candidates.to_string().contains(&id("soup")), "{answer}");

        let lines = [json!({"text": "prepare soups"}), json!({"job": posting})].map(|line| line.to_string()).join("\n");
        let answer = app.send_with("POST", "/api/v1/align/batch", &[], lines).expect(200).text();
        for line in answer.lines() {
            assert!(line.contains("feedback") && line.contains(&id("hoe")), "{line}");
        }
        let asked = json!({"from": id("kitchen"), "to": id("garden"), "minConfidence": 1.0});
        let crosswalk = post("/api/v1/crosswalks", "application/json", &asked.to_string());
        assert_eq!(crosswalk["proposals"][0]["origin"]["identifier"], id("soup"), "{crosswalk}");
        assert_eq!(crosswalk["proposals"][0]["destination"]["identifier"], id("hoe"));
    });
}

#[test]
fn a_decision_may_count_for_one_framework_alone() {
    for_each_backend(|db| {
        let app = serving(db);
        let editor = token(db, Role::Editor);
        let mut alone = decision(TEXT, "wash", "accepted");
        alone["framework"] = json!(id("kitchen").to_uppercase());
        decide(&app, &editor, &json!([alone, decision(TEXT, "knife", "accepted")])).expect(200);
        assert_eq!(found(&align(&app, &json!({"text": TEXT})))[0], id("knife"));
        let answer = align(&app, &json!({"text": TEXT, "frameworks": ["Kitchen"]}));
        assert_eq!(found(&answer)[..2], [id("wash"), id("knife")], "{answer}");
        alone["decision"] = json!("rejected");
        alone["item"] = json!(id("knife"));
        decide(&app, &editor, &alone).expect(200);
        assert!(!found(&align(&app, &json!({"text": TEXT, "frameworks": ["Kitchen"]}))).contains(&id("knife")));
        assert_eq!(found(&align(&app, &json!({"text": TEXT})))[0], id("knife"));
        assert_eq!(export(&app, &editor)[0]["framework"], id("kitchen"));
    });
}

#[test]
fn what_is_private_does_not_leak_and_only_editors_decide() {
    for_each_backend(|db| {
        let app = serving(db);
        let editor = token(db, Role::Editor);
        let of_garden = token_until(db, Role::Editor, Some(&["garden"]), None);
        let reader = token(db, Role::Reader);
        let body = decision(TEXT, "wash", "accepted");
        app.send_with("POST", PATH, &[], body.to_string()).expect(401);
        app.get(PATH).expect(401);
        app.send("DELETE", &format!("{PATH}/1"), &[]).expect(401);
        decide(&app, &reader, &body).expect(403);
        get_as(&app, PATH, &reader).expect(403);
        let refused = decide(&app, &of_garden, &json!([decision(TEXT, "hoe", "accepted"), body])).expect(403);
        assert!(refused.text().contains(&id("kitchen")), "{}", refused.text());
        assert_eq!(export(&app, &editor), [Value::Null; 0], "all of them or none");
        let kept = decide(&app, &editor, &body).expect(200).json();
        let own = format!("{PATH}/{}", kept[0]["id"]);
        let bearer = format!("Bearer {of_garden}");
        app.send("DELETE", &own, &[("Authorization", &bearer)]).expect(403);

        casement(db, &["private", &id("kitchen")]).expect(0);
        app.until(|| !align(&app, &json!({"text": TEXT})).to_string().contains(&id("wash")));
        assert_eq!(export(&app, &of_garden), [Value::Null; 0]);
        app.send("DELETE", &own, &[("Authorization", &bearer)]).expect(404);
        let unknown = |item: &str| {
            let told =
                decide(&app, &of_garden, &json!({"text": TEXT, "item": item, "decision": "accepted"})).expect(422);
            told.json()["detail"].as_str().unwrap().replace(item, "")
        };
        assert_eq!(unknown(&id("wash")), unknown(&id("nothing")), "what is private is as if it were not there");
        let bearer = format!("Bearer {reader}");
        let seen = app.send_with(
            "POST",
            "/api/v1/align/text",
            &[("Authorization", &bearer)],
            json!({"text": TEXT}).to_string(),
        );
        assert_eq!(found(&seen.expect(200).json())[0], id("wash"));
        assert_eq!(export(&app, &editor).len(), 1);
    });
}

#[test]
fn what_makes_no_sense_is_not_kept() {
    for_each_backend(|db| {
        let app = serving(db);
        let editor = token(db, Role::Editor);
        let with = |name: &str, value: Value| {
            let mut one = decision(TEXT, "wash", "accepted");
            one[name] = value;
            one
        };
        for (body, status, says) in [
            (json!("x"), 400, "the body is none"),
            (json!([]), 400, "from 1 to 1000"),
            (json!([7]), 400, "decision 1"),
            (json!({"text": TEXT, "item": id("wash")}), 400, "decision"),
            (with("decision", json!("maybe")), 400, "accepted"),
            (with("colour", json!("red")), 400, "colour"),
            (with("text", json!(" . ")), 400, "text is empty"),
            (with("text", json!("a".repeat(30_000))), 400, "longer than"),
            (with("note", json!("a\0b")), 400, "NUL"),
            (with("framework", json!(id("garden"))), 400, "not that of the item"),
            (
                json!([decision(TEXT, "wash", "accepted"), with("item", json!(id("kitchen")))]),
                422,
                "decision 2: no item",
            ),
            (with("item", json!("no such item")), 422, "no item no such item"),
            (json!(vec![decision(TEXT, "wash", "accepted"); 1_001]), 400, "from 1 to 1000"),
        ] {
            let answer = decide(&app, &editor, &body);
            assert_eq!(answer.status, status, "{}", answer.text());
            assert!(answer.text().to_lowercase().contains(&says.to_lowercase()), "{says}: {}", answer.text());
        }
        let bearer = format!("Bearer {editor}");
        app.send_with("POST", PATH, &[("Authorization", &bearer)], "{").expect(400);
        app.send("DELETE", &format!("{PATH}/x"), &[("Authorization", &bearer)]).expect(404);
        app.send("PUT", PATH, &[]).expect(405);
        assert!(stored(db)["feedback"].is_empty());
    });
}

#[test]
fn many_decisions_are_exported_and_restored() {
    for_each_backend(|db| {
        let app = serving(db);
        let editor = token(db, Role::Editor);
        for part in 0..3 {
            let all: Vec<Value> =
                (0..900).map(|at| decision(&format!("text {part} {at}"), "wash", "accepted")).collect();
            decide(&app, &editor, &json!(all)).expect(200);
        }
        let exported = export(&app, &editor);
        assert_eq!(exported.len(), 2_700);
        assert!(exported.windows(2).all(|pair| pair[0]["id"].as_i64() < pair[1]["id"].as_i64()));
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("backup").display().to_string();
        casement(db, &["backup", &file]).expect(0);
        let other = TestDb::sqlite();
        casement(&other, &["restore", &file]).expect(0);
        assert_eq!(stored(&other)["feedback"], stored(db)["feedback"]);
        let app = TestApp::start(&other);
        assert_eq!(found(&align(&app, &json!({"text": "Text 1 5"})))[0], id("wash"));
    });
}
