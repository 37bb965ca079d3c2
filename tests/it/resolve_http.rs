//! Resolving over HTTP: every kind of reference, every state, many at once, and what is no reference.

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::{token, token_until};
use crate::support::build::{Framework, id, link, uri};
use crate::support::{Answer, TestApp, TestDb, for_each_backend, import_one};

const PATH: &str = "/api/v1/resolve";
const ESCO: &str = "http://data.europa.eu/esco/skill/04a13491-b58c-4d33-8b59-8fad0d55fe9e";

fn maths() -> Framework {
    let level = json!({"identifier": id("level"), "uri": uri("level"), "lastChangeDateTime": "2026-01-02T03:04:05Z",
        "quality": "Proficient", "description": "Explains every step", "position": 1});
    let criterion = json!({"identifier": id("criterion"), "uri": uri("criterion"),
        "lastChangeDateTime": "2026-01-02T03:04:05Z", "category": "Reasoning", "CFRubricCriterionLevels": [level]});
    let rubric = json!({"identifier": id("rubric"), "uri": uri("rubric"), "lastChangeDateTime": "2026-01-02T03:04:05Z",
        "title": "Proofs", "CFRubricCriteria": [criterion]});
    let esco = json!({"destinationNodeURI": {"title": "products", "identifier": ESCO, "uri": ESCO}});
    Framework::new("maths")
        .document(json!({"title": "Riverwell Mathematics", "adoptionStatus": "Implemented"}))
        .item(
            "a",
            json!({"humanCodingScheme": "3.OA.A.1", "fullStatement": "Interpret <b>products</b> of whole numbers.",
            "abbreviatedStatement": "Products"}),
        )
        .under("a", "maths", 1)
        .item("b", json!({"humanCodingScheme": "3.OA.A.2", "fullStatement": "Interpret quotients of whole numbers."}))
        .under("b", "maths", 2)
        .item("old", json!({"humanCodingScheme": "OLD.1", "statusEndDate": "2020-01-01"}))
        .item("older", json!({"humanCodingScheme": "OLDER.1"}))
        .associate("older", "replacedBy", "old", json!({}))
        .associate("old", "replacedBy", "a", json!({}))
        .item("split", json!({"humanCodingScheme": "SPLIT.1"}))
        .associate("split", "replacedBy", "a", json!({}))
        .associate("split", "replacedBy", "b", json!({}))
        .item("gone", json!({"humanCodingScheme": "GONE.1"}))
        .associate("gone", "replacedBy", "elsewhere", json!({}))
        .item("loop1", json!({}))
        .item("loop2", json!({}))
        .associate("loop1", "replacedBy", "loop2", json!({}))
        .associate("loop2", "replacedBy", "loop1", json!({}))
        .item("ended", json!({"humanCodingScheme": "ENDED.1", "statusEndDate": "2020-01-01"}))
        .item("rsd", json!({"uri": "https://rsd.example/skills/42?x=1", "humanCodingScheme": "RSD.42"}))
        .item("standard", json!({"identifier": "standard-7", "uri": "https://old.example/standard-7"}))
        .item("soc", json!({"humanCodingScheme": "51-8031.00", "fullStatement": "Water treatment operators"}))
        .associate("a", "exactMatchOf", "esco", esco)
        .set("CFRubrics", json!([rubric]))
}

/// Another one with a code of the first, in other words.
fn other() -> Framework {
    Framework::new("other")
        .document(json!({"title": "Other Mathematics"}))
        .item("c", json!({"humanCodingScheme": "3.OA.A.1", "fullStatement": "Multiply."}))
        .under("c", "other", 1)
}

fn retired() -> Framework {
    Framework::new("gone-by").document(json!({"title": "Gone By", "adoptionStatus": "Retired"})).item("g", json!({}))
}

fn serving(db: &TestDb, frameworks: &[Framework]) -> TestApp {
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

fn post(app: &TestApp, body: &str, headers: &[(&str, &str)]) -> Answer {
    app.send_with("POST", PATH, headers, body)
}

fn resolved(app: &TestApp, references: &[Value]) -> Vec<Value> {
    let body = json!({"references": references}).to_string();
    let answer = post(app, &body, &[("Content-Type", "application/json")]).expect(200).json();
    answer["resolutions"].as_array().unwrap().clone()
}

/// State, by what it was found, and which objects: the one that is meant, or all hits.
fn told(resolution: &Value) -> (String, String, Vec<String>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let hits = resolution["hits"].as_array().into_iter().flatten();
    let objects = resolution.get("object").into_iter().chain(hits).map(|object| text(&object["identifier"]));
    (text(&resolution["state"]), text(&resolution["foundBy"]), objects.collect())
}

#[test]
fn every_kind_of_reference_finds_what_it_means() {
    let (a, b, g) = (id("a"), id("b"), "Riverwell Mathematics");
    let upper = a.to_uppercase();
    let statement = "interpret  PRODUCTS of whole numbers";
    let cases: Vec<(Value, &str, &str, &[&str])> = vec![
        // Identifiers and uris.
        (json!(a), "resolved", "identifier", &["a"]),
        (json!(upper), "resolved", "identifier", &["a"]),
        (json!({"identifier": format!("urn:uuid:{a}")}), "resolved", "identifier", &["a"]),
        (json!(uri("a")), "resolved", "uri", &["a"]),
        (json!(format!("{}.json", uri("a"))), "resolved", "uri", &["a"]),
        (json!(format!("https://origin.example/ims/case/v1p0/CFItems/{upper}")), "resolved", "uri", &["a"]),
        (json!(format!("https://casement.test/uri/{a}")), "resolved", "uri", &["a"]),
        (json!(format!("https://casement.test/ims/case/v1p1/CFItems/{a}")), "resolved", "uri", &["a"]),
        (json!(format!("https://caseregistry.imsglobal.org/uri/{a}")), "moved", "uri", &["a"]),
        (json!(format!("https://casenetwork.1edtech.org/{}/{a}", id("maths"))), "moved", "uri", &["a"]),
        (json!({"caseDocumentId": id("maths"), "caseItemId": a}), "resolved", "identifier", &["a"]),
        (json!(format!("https://casenetwork.1edtech.org/{}/{}", id("maths"), id("nobody"))), "unknown", "", &[]),
        (json!(format!("https://h.example/uri/p{}", id("maths"))), "moved", "uri", &["maths"]),
        (
            json!(format!("https://origin.example/ims/case/v1p1/CFDocuments/{}", id("maths"))),
            "resolved",
            "uri",
            &["maths"],
        ),
        (json!("http://RSD.example/skills/42?x=1"), "resolved", "uri", &["rsd"]),
        (json!("https://rsd.example/skills/42"), "unknown", "", &[]),
        (json!(uri("level")), "resolved", "uri", &["level"]),
        (json!(uri("criterion")), "resolved", "uri", &["criterion"]),
        (json!(uri("rubric")), "resolved", "uri", &["rubric"]),
        // Identifiers that were none.
        (json!("https://old.example/standard-7"), "resolved", "uri", &["?"]),
        (json!("standard-7"), "resolved", "identifier", &["?"]),
        (json!("https://casement.test/uri/standard-7"), "resolved", "uri", &["?"]),
        // Codes.
        (json!("3.OA.A.2"), "resolved", "code", &["b"]),
        (json!("CCSS.MATH.CONTENT.3.OA.A.2"), "resolved", "code", &["b"]),
        (json!({"code": "3 oa a 2", "framework": g}), "resolved", "code", &["b"]),
        (json!({"code": "3.OA.2", "framework": id("maths")}), "resolved", "code", &["b"]),
        (json!({"code": "3.OA.A.1", "framework": uri("maths")}), "resolved", "code", &["a"]),
        (json!({"code": "3.OA.A.1", "framework": "  riverwell   MATHEMATICS "}), "resolved", "code", &["a"]),
        (json!({"targetCode": "3.OA.A.1", "targetFramework": "Other Mathematics"}), "resolved", "code", &["c"]),
        (
            json!({"targetCode": a, "targetName": "?", "targetUrl": "https://dead.example/x"}),
            "moved",
            "identifier",
            &["a"],
        ),
        (json!("3.OA.A.1"), "ambiguous", "code", &["a", "c"]),
        (json!({"code": "3.OA.A.1", "name": "Multiply"}), "resolved", "code", &["c"]),
        (json!({"code": "3.OA.A.1", "framework": "mathematics"}), "ambiguous", "code", &["a", "c"]),
        (json!({"code": "3.OA.A.1", "framework": "Astrology"}), "unknown", "", &["a", "c"]),
        (json!({"code": "9.ZZ.9", "framework": g}), "unknown", "", &[]),
        (
            json!({"targetName": "3.OA.A.2", "targetUrl": "http://www.corestandards.example/3/OA/A/2"}),
            "moved",
            "code",
            &["b"],
        ),
        // Names.
        (json!({"name": statement, "framework": g}), "resolved", "name", &["a"]),
        (
            json!({"targetName": {"en": "Products"}, "targetFramework": {"en": g}, "targetUrl": "https://x.example/1"}),
            "moved",
            "name",
            &["a"],
        ),
        (json!({"targetName": statement, "frameworkName": "Other Mathematics"}), "unknown", "", &[]),
        (json!({"framework": g}), "resolved", "name", &["maths"]),
        (
            json!({"@type": "DefinedTerm", "termCode": "3.OA.A.1", "inDefinedTermSet": {"url": uri("maths"), "name": "?"}}),
            "resolved",
            "code",
            &["a"],
        ),
        // CTIDs and other schemes.
        (json!(format!("ce-{a}")), "resolved", "ctid", &["a"]),
        (json!({"targetCode": format!("ce-{a}"), "targetType": "ceasn:Competency"}), "resolved", "ctid", &["a"]),
        (
            json!(format!("https://credentialengineregistry.org/resources/ce-{}", a.to_uppercase())),
            "resolved",
            "ctid",
            &["a"],
        ),
        (json!(format!("ce-{}", id("nobody"))), "notCase", "", &[]),
        (json!(ESCO), "resolved", "exactMatch", &["a"]),
        (json!(ESCO.replace("http:", "https:")), "resolved", "exactMatch", &["a"]),
        (json!("http://data.europa.eu/esco/skill/b94686e3-cce5-47a2-a8d8-402a0d0ed44e"), "notCase", "", &[]),
        (json!("51-8031"), "resolved", "code", &["soc"]),
        (json!("https://www.onetonline.org/link/summary/51-8031.00"), "moved", "code", &["soc"]),
        (json!({"code": "15-1254.00"}), "notCase", "", &[]),
        (json!("15-1254"), "notCase", "", &[]),
        (json!("2.A.1.a"), "notCase", "", &[]),
        (json!({"targetName": "x", "targetUrl": "https://x.example/2", "targetType": "CTDL"}), "notCase", "", &[]),
        // What is over.
        (json!(id("old")), "replaced", "identifier", &["old"]),
        (json!("OLDER.1"), "replaced", "code", &["older"]),
        (json!("ENDED.1"), "retired", "code", &["ended"]),
        (json!(id("g")), "retired", "identifier", &["g"]),
        (json!(id("loop1")), "replaced", "identifier", &["loop1"]),
        // Nothing.
        (json!("nothing of the kind"), "unknown", "", &[]),
        (json!(id("nobody")), "unknown", "", &[]),
        (json!("https://h.example/cftree/item/1234"), "unknown", "", &[]),
    ];
    let _ = b;
    for_each_backend(|db| {
        let app = serving(db, &[maths(), other(), retired()]);
        let references: Vec<Value> = cases.iter().map(|(reference, ..)| reference.clone()).collect();
        let found = resolved(&app, &references);
        assert_eq!(found.len(), cases.len());
        for ((reference, state, by, objects), resolution) in cases.iter().zip(&found) {
            let (told_state, told_by, told_objects) = told(resolution);
            assert_eq!((told_state.as_str(), told_by.as_str()), (*state, *by), "{reference}: {resolution}");
            if objects == &["?"] {
                assert_eq!(resolution["object"]["statement"], "Statement of standard", "{reference}: {resolution}");
                continue;
            }
            let mut expect: Vec<String> = objects.iter().map(|name| id(name)).collect();
            let mut told_objects = told_objects;
            expect.sort();
            told_objects.sort();
            assert_eq!(told_objects, expect, "{reference}: {resolution}");
        }
    });
}

#[test]
fn an_answer_says_what_was_found_and_what_replaced_it() {
    for_each_backend(|db| {
        let app = serving(db, &[maths(), other()]);
        let names = ["a", "older", "split", "gone"];
        let found = resolved(&app, &names.map(|name| json!(id(name))));
        let object = &found[0]["object"];
        for (name, value) in [
            ("kind", json!("CFItem")),
            ("identifier", json!(id("a"))),
            ("uri", json!(uri("a"))),
            ("code", json!("3.OA.A.1")),
            ("statement", json!("Interpret <b>products</b> of whole numbers.")),
            ("abbreviatedStatement", json!("Products")),
            ("retired", json!(false)),
        ] {
            assert_eq!(object[name], value, "{object}");
        }
        let framework = &object["framework"];
        assert_eq!(framework["identifier"], id("maths").as_str());
        assert_eq!(framework["title"], "Riverwell Mathematics");
        assert!(
            framework["lastChangeDateTime"].as_str().is_some_and(|time| time.starts_with("2026-01-02")),
            "{framework}"
        );
        let replacements =
            |at: usize| -> Vec<&Value> { found[at]["replacements"].as_array().unwrap().iter().collect() };
        // The end of the chain, not what was replaced itself.
        assert_eq!(replacements(1)[0]["object"]["identifier"], id("a").as_str());
        let both: Vec<&Value> = replacements(2).into_iter().map(|one| &one["identifier"]).collect();
        assert_eq!(both, [&json!(id("a")), &json!(id("b"))]);
        // One that is not here is told by its uri.
        assert_eq!(replacements(3)[0]["uri"], link("elsewhere")["uri"]);
        assert_eq!(replacements(3)[0].get("object"), None);
    });
}

#[test]
fn codes_and_addresses_are_found_in_free_text() {
    for_each_backend(|db| {
        let app = serving(db, &[maths(), other()]);
        let text = format!("Für «é»: 3.OA.A.2, then (OLD.1). See <{}> and 12 more, 3.ZZ.1", uri("b"));
        let references = [
            json!({"text": text}),
            json!({"text": "covers 3 OA A 1", "framework": "Other Mathematics"}),
            json!({"text": "covers 3.OA.A.1 only"}),
            json!({"text": "covers nothing in 2026"}),
        ];
        let found = resolved(&app, &references);
        let mentions = found[0]["mentions"].as_array().unwrap();
        let told_text: Vec<&str> = mentions.iter().map(|one| one["text"].as_str().unwrap()).collect();
        assert_eq!(told_text, ["3.OA.A.2", "OLD.1", &uri("b")], "{}", found[0]);
        let characters: Vec<char> = text.chars().collect();
        for mention in mentions {
            let [from, to] = [0, 1].map(|at| usize::try_from(mention["span"][at].as_u64().unwrap()).unwrap());
            assert_eq!(characters[from..to].iter().collect::<String>(), mention["text"]);
        }
        assert_eq!(mentions[1]["resolution"]["state"], "replaced");
        assert_eq!(told(&found[1]), ("resolved".to_owned(), "text".to_owned(), vec![id("c")]));
        assert_eq!(found[2]["state"], "ambiguous");
        assert_eq!((&found[3]["state"], found[3].get("mentions")), (&json!("unknown"), None));
    });
}

#[test]
fn answers_come_in_the_order_of_the_references_however_many() {
    for_each_backend(|db| {
        let app = serving(db, &[Framework::with_items("f", 500), maths()]);
        let reference = |n: usize| match n % 4 {
            0 => json!(id(&format!("f.{}", n % 500 + 1))),
            1 => json!({"code": format!("f.{}", n % 500 + 1), "framework": "f"}),
            2 => json!({"targetUrl": uri(&format!("f.{}", n % 500 + 1))}),
            _ => json!({"name": format!("Statement of f.{}", n % 500 + 1), "framework": id("f")}),
        };
        let references: Vec<Value> = (0..10_000).map(reference).collect();
        let found = resolved(&app, &references);
        assert_eq!(found.len(), references.len());
        for (n, resolution) in found.iter().enumerate() {
            assert_eq!(
                resolution["object"]["identifier"],
                id(&format!("f.{}", n % 500 + 1)).as_str(),
                "{n} {resolution}"
            );
        }
    });
}

#[test]
fn private_frameworks_are_resolved_for_those_who_may_see_them_only() {
    const SECRET: &str = "zanzibar";
    let hidden = Framework::new("hidden")
        .document(json!({"title": SECRET, "adoptionStatus": "Private Draft"}))
        .item("h", json!({"humanCodingScheme": "ZAN.1", "fullStatement": format!("{SECRET} tides"), "uri": "https://z.example/1"}))
        .item("twin", json!({"humanCodingScheme": "3.OA.A.2"}))
        .associate(
            "h",
            "exactMatchOf",
            "open",
            json!({"destinationNodeURI":
            {"title": "t", "identifier": ESCO.replace("04a", "14a"), "uri": ESCO.replace("04a", "14a")}}),
        );
    // Everybody's item is replaced by one that not everybody sees.
    let open = maths().associate("b", "replacedBy", "h", json!({}));
    for_each_backend(|db| {
        let app = serving(db, &[open.clone(), hidden.clone()]);
        let references = [
            json!(id("h")),
            json!("https://z.example/1"),
            json!("ZAN.1"),
            json!({"name": format!("{SECRET} tides")}),
            json!({"framework": SECRET}),
            json!({"code": "3.OA.A.1", "framework": SECRET}),
            json!({"text": "see ZAN.1"}),
            json!(ESCO.replace("04a", "14a")),
            json!(id("b")),
            json!("3.OA.A.2"),
        ];
        let body = json!(references).to_string();
        let answer = post(&app, &body, &[]).expect(200);
        assert!(!answer.text().replace(&format!("called {SECRET}"), "").contains(SECRET), "{}", answer.text());
        let states: Vec<String> =
            answer.json()["resolutions"].as_array().unwrap().iter().map(|one| told(one).0).collect();
        let expect = [
            "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "notCase", "resolved",
            "resolved",
        ];
        assert_eq!(states, expect);
        let reader = token(db, Role::Reader);
        let only_other = token_until(db, Role::Reader, Some(&["maths"]), None);
        let authorised = |token: &str| {
            let answer = post(&app, &body, &[("Authorization", &format!("Bearer {token}"))]).expect(200).json();
            answer["resolutions"].as_array().unwrap().iter().map(|one| told(one).0).collect::<Vec<String>>()
        };
        app.until(|| authorised(&reader)[2] == "resolved");
        let states = authorised(&reader);
        assert_eq!(states[..4], ["resolved"; 4], "{states:?}");
        assert_eq!(states[6..], ["resolved", "resolved", "replaced", "ambiguous"], "{states:?}");
        assert_eq!(authorised(&only_other), expect);
    });
}

#[test]
fn what_is_wrong_with_one_reference_fails_no_other() {
    for_each_backend(|db| {
        let app = serving(db, &[maths()]);
        let odd = [
            json!(null),
            json!(17),
            json!([]),
            json!({}),
            json!(""),
            json!({"targetUrl": 1, "targetCode": true}),
            json!({"framework": {"framework": {"framework": "x"}}}),
            json!("\u{202e}\u{0}\u{ffff}"),
            json!("x".repeat(20_000)),
            json!({"text": "y".repeat(200_000)}),
            json!({"uri": "https://[::1"}),
            json!({"uri": "urn:uuid:"}),
            json!({"code": "%00' OR 1=1 --"}),
            json!({"name": "数学的な考え方", "framework": "عربى"}),
            json!({"text": "1a ".repeat(30_000)}),
            json!(format!("https://h.example/{}", "../".repeat(2_000))),
        ];
        let references: Vec<Value> = odd.iter().cloned().chain([json!(id("a"))]).collect();
        let body = json!({"references": references}).to_string();
        let answer = post(&app, &body, &[]).expect(200).json();
        let found = answer["resolutions"].as_array().unwrap();
        for (reference, resolution) in odd.iter().zip(found) {
            assert_eq!(
                resolution["state"],
                "unknown",
                "{resolution} {}",
                &reference.to_string()[..reference.to_string().len().min(80)]
            );
        }
        for resolution in &found[..5] {
            assert!(resolution["note"].as_str().is_some_and(|note| !note.is_empty()), "{resolution}");
        }
        assert_eq!(found.last().unwrap()["state"], "resolved");
        assert_eq!(answer["counts"], json!({"resolved": 1, "unknown": odd.len()}));
    });
}

#[test]
fn what_is_no_list_of_references_is_refused_with_what_to_do() {
    for_each_backend(|db| {
        let app = serving(db, &[]);
        let many = json!({"references": vec!["x"; 20_001]}).to_string();
        for (body, says) in [
            ("", "Send JSON"),
            ("{", "Send JSON"),
            ("{\"references\": [\"a\"", "no JSON"),
            ("\u{feff}[]", "no JSON"),
            ("{\"references\": {}}", "Send JSON"),
            ("{\"refs\": []}", "Send JSON"),
            ("\"a\"", "Send JSON"),
            ("null", "Send JSON"),
            (&"[".repeat(100_000), "no JSON"),
            (&many, "send at most 20000"),
        ] {
            let answer = post(&app, body, &[]).expect(400);
            assert_eq!(answer.header("content-type"), "application/problem+json");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(says), "{detail}");
        }
        let large = format!("[\"{}\"]", "x".repeat(17 << 20));
        post(&app, &large, &[]).expect(413);
        assert_eq!(post(&app, "[]", &[]).expect(200).json(), json!({"resolutions": [], "counts": {}}));
        let answer = app.get(PATH).expect(405);
        assert_eq!(answer.header("allow"), "POST, OPTIONS");
    });
}
