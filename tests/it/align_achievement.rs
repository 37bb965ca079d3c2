//! Achievements over HTTP and on the command line: a credential in, its alignments or the credential out.

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::token;
use crate::support::build::{Framework, id, object, uri};
use crate::support::{Answer, TestApp, TestDb, casement, casement_with, encode, for_each_backend, import_one};

const PATH: &str = "/api/v1/align/achievement";
const LD: &str = "application/vc+ld+json";

fn water() -> Framework {
    let level =
        object("level", json!({"quality": "Proficient", "description": "Calibrates before each run.", "position": 3}));
    let twin = |name: &str| object(name, json!({"quality": "Basic", "description": "Needs help.", "position": 1}));
    let criterion = object(
        "criterion",
        json!({"category": "Testing", "CFRubricCriterionLevels": [level, twin("basic1"), twin("basic2")]}),
    );
    Framework::new("water")
        .document(json!({"title": "Riverwell Water Treatment Skills"}))
        .item(
            "chlorine",
            json!({"humanCodingScheme": "WT.2.3", "abbreviatedStatement": "Chlorine residual testing", "CFItemType": "Skill",
            "fullStatement": "Measure free and total chlorine residual in treated water with a colorimeter."}),
        )
        .under("chlorine", "water", 1)
        .item("ph", json!({"humanCodingScheme": "WT.2.4", "fullStatement": "Measure the pH of water", "CFItemType": "Task"}))
        .under("ph", "water", 2)
        .item("old", json!({"humanCodingScheme": "WT.1.1", "statusEndDate": "2020-01-01"}))
        .associate("old", "replacedBy", "chlorine", json!({}))
        .set("CFRubrics", json!([object("rubric", json!({"title": "Quality", "CFRubricCriteria": [criterion]}))]))
}

fn serving(db: &TestDb) -> TestApp {
    import_one(&db.registry(), &water().json);
    let app = TestApp::start(db);
    app.until(|| {
        let answer = app.get("/api/v1/search?q=anything");
        answer.status == 200 && answer.json()["index"]["upToDate"] == true
    });
    app
}

fn send(app: &TestApp, query: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    app.send_with("POST", &format!("{PATH}{query}"), headers, body.as_bytes())
}

#[track_caller]
fn ask(app: &TestApp, query: &str, body: &Value) -> Value {
    send(app, query, &[("Content-Type", "application/json")], &body.to_string()).expect(200).json()
}

/// An achievement that names two codes, as an issuer would.
fn achievement() -> Value {
    json!({
        "id": "https://badges.example.edu/achievements/1", "type": ["Achievement"], "name": "Water Sampling",
        "description": "Recognises reliable sampling; covers WT.2.3 and WT.2.4.",
        "criteria": {"narrative": "Collect six samples."}, "creditsAvailable": 1.50, "x": null
    })
}

fn credential() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:7d8f1b7c-6a51-4f0a-9d66-8a2f64c0f111", "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "https://badges.example.edu/issuers/rcc", "type": ["Profile"], "name": "Riverwell"},
        "validFrom": "2026-05-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:secretlearner", "type": ["AchievementSubject"], "achievement": achievement()}
    })
}

fn signed() -> Value {
    let mut credential = credential();
    credential["proof"] = json!([{"type": "DataIntegrityProof", "proofValue": "z3Mvz"}]);
    credential
}

fn identifiers(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one["object"]["identifier"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn alignments_are_suggested_beside_the_document() {
    for_each_backend(|db| {
        let app = serving(db);
        let answer = ask(&app, "", &credential());
        assert_eq!(answer["kind"], "ob3/OpenBadgeCredential");
        assert!(answer.get("document").is_none(), "nothing is changed");
        assert_eq!((&answer["added"], &answer["existing"], &answer["frozen"]), (&json!([]), &json!([]), &json!([])));
        let found = identifiers(&answer["candidates"]);
        assert!(found.contains(&id("chlorine")) && found.contains(&id("ph")), "{answer}");
        let chlorine =
            answer["candidates"].as_array().unwrap().iter().find(|one| one["object"]["code"] == "WT.2.3").unwrap();
        assert_eq!(chlorine["pointer"], "/credentialSubject/achievement/alignment/0");
        assert_eq!(
            chlorine["alignment"],
            json!({"type": ["Alignment"], "targetName": "Chlorine residual testing", "targetUrl": uri("chlorine"),
                "targetFramework": "Riverwell Water Treatment Skills", "targetCode": id("chlorine"), "targetType": "CFItem",
                "targetDescription": "Measure free and total chlorine residual in treated water with a colorimeter."})
        );
        assert_eq!(chlorine["why"], json!({"method": "code", "terms": ["WT.2.3"]}));
        let framework = &chlorine["object"]["framework"];
        assert_eq!(framework["identifier"], json!(id("water")));
        assert_eq!(framework["lastChangeDateTime"], "2026-01-02T03:04:05+00:00", "the version aligned against");
        assert_eq!(answer, ask(&app, "", &credential()), "the same every time");
    });
}

#[test]
fn alignments_are_put_into_the_document() {
    for_each_backend(|db| {
        let app = serving(db);
        let answer = ask(&app, "?mode=apply&targetCode=human&targetName=full", &achievement());
        let added = answer["document"]["alignment"].as_array().unwrap();
        let told: Vec<&Value> = answer["added"].as_array().unwrap().iter().map(|one| &one["alignment"]).collect();
        assert_eq!(added.iter().collect::<Vec<_>>(), told);
        let codes: Vec<&Value> = added.iter().map(|one| &one["targetCode"]).collect();
        assert!(codes.contains(&&json!("WT.2.3")) && codes.contains(&&json!("WT.2.4")), "{answer}");
        assert!(added.iter().all(|one| one["type"] == json!(["Alignment"])));

        // Nothing is sure enough: what came in comes back.
        let none = ask(&app, "?mode=apply&minConfidence=1", &achievement());
        assert_eq!((&none["document"], &none["added"]), (&achievement(), &json!([])));
        let types = ask(&app, "?mode=apply&itemTypes=task", &achievement());
        assert_eq!(identifiers(&types["added"]), [id("ph")]);
        let most = ask(&app, "?max=1", &achievement());
        assert_eq!(most["candidates"].as_array().unwrap().len(), 1);
        let nowhere = send(&app, &format!("?frameworks={}", id("another")), &[], &achievement().to_string());
        assert!(nowhere.expect(400).text().contains("o framework here is called"));
    });
}

#[test]
fn the_document_alone_is_as_it_came_but_for_the_additions() {
    for_each_backend(|db| {
        let app = serving(db);
        let body = serde_json::to_string_pretty(&achievement()).unwrap().replace("1.5,", "1.50e0,");
        assert!(body.contains("1.50e0"));
        let twice = |media: &str| {
            let answer = send(&app, "", &[("Content-Type", media), ("Accept", LD)], &body).expect(200);
            (answer.header("content-type").to_owned(), answer.text())
        };
        let (media, aligned) = twice(LD);
        assert_eq!(media, LD);
        for line in body.lines().filter(|line| !line.contains("\"x\"") && *line != "}") {
            assert!(aligned.lines().any(|kept| kept == line), "{line} is not in {aligned}");
        }
        assert_eq!(twice("application/json").0, LD, "the client does not take JSON");
        let again = send(&app, "?return=document", &[("Content-Type", "application/json")], &aligned).expect(200);
        assert_eq!(again.header("content-type"), "application/json");
        assert_eq!(again.text(), aligned, "nothing is added twice");
        assert!(again.header("cache-control").contains("no-store"));
        assert!(again.header("vary").to_lowercase().matches("accept").count() > 0);
        let envelope =
            send(&app, "?return=envelope&mode=apply", &[("Accept", "application/json, application/ld+json")], &body);
        assert_eq!(envelope.expect(200).json()["kind"], "ob3/Achievement");
    });
}

#[test]
fn existing_alignments_say_what_they_mean() {
    for_each_backend(|db| {
        let app = serving(db);
        let mut value = achievement();
        value["description"] = json!("Nothing of note.");
        value["alignment"] = json!([
            {"type": ["Alignment"], "targetName": "x", "targetUrl": uri("chlorine")},
            {"type": ["Alignment"], "targetName": "x", "targetUrl": format!("https://elsewhere.example/uri/{}", id("ph"))},
            {"type": ["Alignment"], "targetName": "x", "targetUrl": uri("old")},
            {"type": ["Alignment"], "targetName": "x", "targetUrl": "https://credentialfinder.org/competency/ce-9f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21",
                "targetType": "ceasn:Competency"},
            {"type": ["Alignment"], "targetName": "Unheard of", "targetUrl": "https://elsewhere.example/1"},
        ]);
        let answer = ask(&app, "?mode=apply&minConfidence=0.94", &value);
        let states: Vec<&Value> =
            answer["existing"].as_array().unwrap().iter().map(|one| &one["resolution"]["state"]).collect();
        assert_eq!(states, ["resolved", "moved", "replaced", "notCase", "unknown"]);
        let current = |at: usize| &answer["existing"][at]["current"]["targetUrl"];
        assert_eq!((current(1), current(2)), (&json!(uri("ph")), &json!(uri("chlorine"))), "with the replacement");
        assert!(answer["existing"][4].get("current").is_none());
        assert_eq!(answer["document"], value, "what is there is left alone");

        // What stands there by a code is not added again by its uri.
        let mut by_code = achievement();
        by_code["alignment"] = json!([{"type": ["Alignment"], "targetName": "Chlorine", "targetUrl": "https://x.example",
            "targetCode": "WT.2.3", "targetFramework": "Riverwell Water Treatment Skills"}]);
        let answer = ask(&app, "?mode=apply", &by_code);
        assert!(!identifiers(&answer["added"]).contains(&id("chlorine")), "{answer}");
    });
}

#[test]
fn what_is_over_is_told_and_never_placed() {
    for_each_backend(|db| {
        let app = serving(db);
        let mut value = achievement();
        value["description"] = json!("Covers WT.1.1.");
        let answer = ask(&app, "?mode=apply&minConfidence=0", &value);
        let old =
            answer["candidates"].as_array().unwrap().iter().find(|one| one["object"]["identifier"] == json!(id("old")));
        let old = old.unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(old["object"]["retired"], true);
        assert_eq!(old["replacements"][0]["identifier"], json!(id("chlorine")));
        assert!(!identifiers(&answer["added"]).contains(&id("old")));
    });
}

#[test]
fn levels_of_rubrics_that_say_the_same_are_aligned() {
    for_each_backend(|db| {
        let app = serving(db);
        let level = |name: &str, description: &str| json!({"id": "x", "type": ["RubricCriterionLevel"], "name": name, "description": description});
        let mut value = achievement();
        value["resultDescription"] = json!([{"id": "r", "type": ["ResultDescription"], "name": "Quality", "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": [
            level("Proficient", "calibrates before each run"),
            level("Basic", "Needs help."),
            level("Proficient", "Something else altogether."),
        ]}]);
        let answer = ask(&app, "?mode=apply&places=levels", &value);
        let added = &answer["added"];
        assert_eq!(added.as_array().unwrap().len(), 1, "{answer}");
        assert_eq!(added[0]["pointer"], "/resultDescription/0/rubricCriterionLevel/0/alignment/0");
        assert_eq!(added[0]["alignment"]["targetType"], "CFRubricCriterionLevel");
        assert_eq!(added[0]["object"]["identifier"], json!(id("level")));
        assert_eq!(added[0]["why"]["method"], "level");
        assert!(answer["document"].get("alignment").is_none(), "only levels were asked for");
        // Two levels say the very same: which is meant cannot be told.
        let mut unsure = identifiers(&answer["candidates"]);
        let mut twins = [id("basic1"), id("basic2")];
        unsure.sort();
        twins.sort();
        assert_eq!(unsure, twins);
        let all = ask(&app, "?places=all", &value);
        assert!(identifiers(&all["candidates"]).contains(&id("chlorine")));
    });
}

#[test]
fn signed_documents_stay_signed() {
    for_each_backend(|db| {
        let app = serving(db);
        let answer = ask(&app, "?mode=apply", &signed());
        assert!(answer.get("document").is_none());
        assert_eq!(answer["frozen"], json!([{"pointer": "", "reason": "proof"}]));
        let added = answer["added"].as_array().unwrap();
        assert!(!added.is_empty() && added.iter().all(|one| one["detached"] == true), "{answer}");
        assert_eq!(added[0]["pointer"], "/credentialSubject/achievement/alignment/0");

        for query in ["?mode=apply&onSigned=error", "?onSigned=error"] {
            let refused = send(&app, query, &[], &signed().to_string()).expect(409).json();
            assert_eq!(refused["type"], "urn:casement:problem:signed");
        }
        let refused = send(&app, "", &[("Accept", LD)], &signed().to_string()).expect(409).json();
        assert!(refused["detail"].as_str().unwrap().contains("onSigned=unsign"), "{refused}");

        let answer = ask(&app, "?mode=apply&onSigned=unsign", &signed());
        assert_eq!(answer["unsigned"], json!([""]));
        assert!(answer["document"].get("proof").is_none());
        assert_eq!(answer["document"]["id"], signed()["id"]);

        let jws = format!("eyJhbGciOiJFZERTQSJ9.{}.c2ln", base64url(&credential().to_string()));
        for media in ["text/plain", "application/vc+jwt"] {
            let answer = send(&app, "?mode=apply", &[("Content-Type", media)], &jws).expect(200).json();
            assert_eq!(answer["frozen"], json!([{"pointer": "", "reason": "jws"}]));
            assert_eq!(answer["added"], ask(&app, "?mode=apply", &signed())["added"]);
        }
        // A CLR with one signed credential inside: the other one is open.
        let clr = json!({"type": ["VerifiableCredential", "ClrCredential"], "name": "Transcript",
            "credentialSubject": {"type": ["ClrSubject"], "verifiableCredential": [signed(), credential()]}});
        let answer = ask(&app, "?mode=apply", &clr);
        let inside = &answer["document"]["credentialSubject"]["verifiableCredential"];
        assert_eq!(inside[0], signed());
        assert!(inside[1]["credentialSubject"]["achievement"]["alignment"].is_array());
    });
}

fn base64url(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

#[test]
fn what_makes_no_sense_is_refused_with_what_to_do() {
    for_each_backend(|db| {
        let app = serving(db);
        let good = achievement().to_string();
        for (query, said) in [
            ("?mode=yes", "mode is suggest or apply"),
            ("?minConfidence=2", "minConfidence is a number from 0 to 1"),
            ("?max=0", "max is a number from 1 to 50"),
            ("?places=here", "places is achievement, levels or all"),
            ("?onSigned=maybe", "onSigned is detach, error or unsign"),
            ("?targetCode=x", "targetCode is guid, human or none"),
            ("?targetName=x", "targetName is short or full"),
            ("?max=1&max=2", "max is given twice"),
            ("?return=x", "return is document or envelope"),
            ("?return=document&mode=suggest", "mode=suggest changes no document"),
            ("?colour=red", "There is no parameter colour"),
        ] {
            let refused = send(&app, query, &[], &good).expect(400).json();
            let detail = refused["detail"].as_str().unwrap().to_lowercase();
            assert!(detail.contains(&said.to_lowercase()), "{query}: {refused}");
        }
        let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        for (body, status, slug) in [
            ("", 400, "bad-request"),
            ("{", 400, "bad-request"),
            ("{\"name\": \"Secret\", oops}", 400, "bad-request"),
            (deep.as_str(), 400, "bad-request"),
            ("[]", 422, "no-credential"),
            ("{\"type\": \"Profile\", \"name\": \"Secret\"}", 422, "no-credential"),
            ("aaaa.bbbb.cccc", 422, "no-credential"),
            ("{\"name\": \"WT.2.3\", \"alignment\": \"x\"}", 422, "alignment-type"),
        ] {
            let refused = send(&app, "?mode=apply", &[("Content-Type", "application/json")], body).expect(status);
            assert_eq!(refused.header("content-type"), "application/problem+json");
            assert_eq!(refused.json()["type"], format!("urn:casement:problem:{slug}"), "{body:.80}");
            assert!(!refused.text().contains("Secret"), "nothing of the body is said back");
        }
        let pointer = send(&app, "?mode=apply", &[], "{\"name\": \"WT.2.3\", \"alignment\": 7}").expect(422).json();
        assert!(pointer["detail"].as_str().unwrap().contains("/alignment"), "{pointer}");
        send(&app, "", &[("Content-Type", "application/vc+jwt")], &good).expect(400);
        send(&app, "", &[("Accept", "image/png")], &good).expect(406);
        let many: Vec<Value> = (0..300).map(|_| json!({"achievement": {"name": "x"}})).collect();
        let refused = send(&app, "", &[], &json!({"assertions": many}).to_string()).expect(422).json();
        assert_eq!(refused["type"], "urn:casement:problem:too-many");
        let answer = app.send("GET", PATH, &[]).expect(405);
        assert_eq!(answer.header("allow"), "POST, OPTIONS");
    });
}

#[test]
fn nothing_of_a_learner_is_kept() {
    for_each_backend(|db| {
        let app = serving(db);
        let mut value = credential();
        value["credentialSubject"]["name"] = json!("Secret Learner");
        let answer = ask(&app, "?mode=suggest", &value);
        assert!(!answer.to_string().contains("ecret"), "{answer}");
        let applied = send(&app, "?mode=apply", &[], &value.to_string()).expect(200).json();
        assert_eq!(applied["document"]["credentialSubject"]["name"], "Secret Learner", "it stays in the document");
        assert!(!app.log().to_lowercase().contains("secret"), "{}", app.log());
    });
}

#[test]
fn private_frameworks_are_for_those_who_may_see_them() {
    for_each_backend(|db| {
        let mut private = water();
        private.json["CFDocument"]["adoptionStatus"] = json!("Private Draft");
        import_one(&db.registry(), &private.json);
        let reader = token(db, Role::Reader);
        let app = TestApp::start(db);
        app.until(|| app.get("/api/v1/search?q=anything").json()["index"]["upToDate"] == true);
        let body = achievement().to_string();
        let all = send(&app, "", &[], &body).expect(200);
        assert_eq!(all.json()["candidates"], json!([]));
        assert!(!all.text().contains(&id("chlorine")));
        let bearer = format!("Bearer {reader}");
        let seen = send(&app, "", &[("Authorization", bearer.as_str())], &body).expect(200).json();
        assert!(identifiers(&seen["candidates"]).contains(&id("chlorine")), "{seen}");
    });
}

#[test]
fn the_command_line_does_the_same() {
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        let body = serde_json::to_vec(&achievement()).unwrap();
        let shown = casement_with(db, &["align", "-"], &body).expect(0);
        assert!(shown.stdout.contains("/alignment/0") && shown.stdout.contains(&id("chlorine")), "{}", shown.stdout);
        let json = casement_with(db, &["align", "-", "--json", "--mode", "apply", "--target-code", "human"], &body)
            .expect(0)
            .json();
        assert_eq!(json["kind"], "ob3/Achievement");
        assert!(json["document"]["alignment"].as_array().unwrap().len() >= 2, "{json}");
        let document = casement_with(db, &["align", "-", "--document", "--min-confidence", "1"], &body).expect(0);
        assert_eq!(document.stdout.as_bytes(), body, "nothing is added, and so not a byte is different");
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), signed().to_string()).unwrap();
        let path = file.path().to_str().unwrap();
        casement(db, &["align", path, "--document"]).expect(1);
        let unsigned = casement(db, &["align", path, "--document", "--on-signed", "unsign"]).expect(0).json();
        assert!(unsigned.get("proof").is_none());
        let wrong = casement(db, &["align", path, "--max", "0"]).expect(2);
        assert!(wrong.stderr.contains("max is a number"), "{}", wrong.stderr);
        casement_with(db, &["align", "-"], b"[]").expect(1);
        casement(db, &["align", "/no/such/file"]).expect(3);
    });
}

/// A title with a comma in it is one title.
#[test]
fn frameworks_are_named_by_title_and_identifier() {
    for_each_backend(|db| {
        let app = serving(db);
        for framework in [id("water"), uri("water"), "Riverwell Water Treatment Skills".to_owned()] {
            let answer = ask(&app, &format!("?frameworks={}", encode(&framework)), &achievement());
            assert!(identifiers(&answer["candidates"]).contains(&id("chlorine")), "{framework}: {answer}");
        }
    });
}
