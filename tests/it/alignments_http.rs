//! Snippets of objects over HTTP, and the credentials that items lead to.

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::{get_as, token};
use crate::support::build::{Framework, id, link, uri};
use crate::support::fixtures::root;
use crate::support::{Answer, TestApp, TestDb, encode, for_each_backend, import_one};

const LD: &[(&str, &str)] = &[("Accept", "application/ld+json")];

fn skills() -> Framework {
    let level = json!({"identifier": id("level"), "uri": uri("level"), "lastChangeDateTime": "2026-01-02T03:04:05Z",
        "quality": "Proficient", "description": "Explains every step", "position": 1});
    let criterion = json!({"identifier": id("criterion"), "uri": uri("criterion"),
        "lastChangeDateTime": "2026-01-02T03:04:05Z", "category": "Reasoning", "CFRubricCriterionLevels": [level]});
    let rubric = json!({"identifier": id("rubric"), "uri": uri("rubric"), "lastChangeDateTime": "2026-01-02T03:04:05Z",
        "title": "Sampling", "CFRubricCriteria": [criterion]});
    let image = json!({"destinationNodeURI": {"title": "image", "identifier": "https://i.example/badge.SVG",
        "uri": "https://i.example/badge.SVG"}});
    let far = json!({"destinationNodeURI": {"title": "Far away", "identifier": id("far"), "uri": uri("far"), "targetType": "CASE"}});
    let esco = json!({"destinationNodeURI": {"title": "ESCO", "identifier": "http://data.europa.eu/esco/skill/1",
        "uri": "http://data.europa.eu/esco/skill/1", "targetType": "ext:esco"}});
    Framework::new("f")
        .document(json!({"title": "Riverwell Water Skills", "language": "en"}))
        .item(
            "badge",
            json!({"CFItemType": "Credential - Micro-Credential", "humanCodingScheme": "WT.B",
            "fullStatement": "Takes and tests samples of treated water.", "abbreviatedStatement": "Water sampling"}),
        )
        .under("badge", "f", 1)
        .item("diploma", json!({"CFItemType": "Credential - Nano Degree", "fullStatement": "Operates a plant."}))
        .item("unit", json!({"humanCodingScheme": "WT.2", "fullStatement": "Unit"}))
        .under("unit", "badge", 1)
        .item(
            "chlorine",
            json!({"humanCodingScheme": "WT.2.3", "fullStatement": "Measure <b>chlorine</b> & \"record\" it.",
            "abbreviatedStatement": "Chlorine testing", "notes": "Remarks"}),
        )
        .under("chlorine", "unit", 1)
        .item("ph", json!({"humanCodingScheme": "WT.2.4", "fullStatement": "Measure pH."}))
        .associate("ph", "precedes", "badge", json!({}))
        .item("next", json!({"fullStatement": "The next step"}))
        .associate("ph", "precedes", "next", json!({}))
        .associate("next", "precedes", "diploma", json!({}))
        .associate("badge", "isRelatedTo", "chlorine", json!({}))
        .associate("badge", "isPartOf", "diploma", json!({}))
        .associate("badge", "exemplar", "picture", image)
        .associate("badge", "isPeerOf", "far", far)
        .associate("badge", "isRelatedTo", "esco", esco)
        .item("marked", json!({"CFItemType": "Standard", "extensions": {"credentialEligible": "Certification"}}))
        .item("loop", json!({}))
        .under("loop", "loop2", 1)
        .item("loop2", json!({}))
        .under("loop2", "loop", 1)
        .item("old", json!({"statusEndDate": "2020-01-01"}))
        .item("older", json!({}))
        .associate("older", "replacedBy", "chlorine", json!({}))
        .item("urn", json!({"uri": "urn:example:1"}))
        .define("CFItemTypes", "type", json!({"title": "Standard", "hierarchyCode": "1", "description": "d"}))
        .set("CFRubrics", json!([rubric]))
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

fn snippet(app: &TestApp, format: &str, name: &str) -> Answer {
    app.get(&format!("/api/v1/alignments/{format}/{}", id(name)))
}

#[test]
fn every_object_has_a_snippet_in_every_format() {
    for_each_backend(|db| {
        let app = serving(db, &[skills()]);
        let found = snippet(&app, "ob3", "chlorine").expect(200);
        assert_eq!(found.header("content-type"), "application/json");
        assert_eq!(found.header("x-casement-state"), "resolved");
        assert_eq!(found.header("link"), format!("<{}>; rel=\"canonical\"", uri("chlorine")));
        let expect = json!({
            "type": ["Alignment"], "targetName": "Chlorine testing", "targetUrl": uri("chlorine"),
            "targetFramework": "Riverwell Water Skills", "targetCode": id("chlorine"), "targetType": "CFItem",
            "targetDescription": "Measure <b>chlorine</b> & \"record\" it."});
        assert_eq!(found.json(), expect);
        for format in ["ob2", "ob3", "clr1", "clr2", "schema.org", "hropen", "ctdl", "qti", "cc", "lti", "oneroster"] {
            for (name, of_type) in [
                ("chlorine", "CFItem"),
                ("rubric", "CFRubric"),
                ("criterion", "CFRubricCriterion"),
                ("level", "CFRubricCriterionLevel"),
                ("f", "ext:CFDocument"),
            ] {
                let answer = snippet(&app, format, name).expect(200);
                let again = snippet(&app, format, name).expect(200);
                assert_eq!((&answer.body, answer.header("etag")), (&again.body, again.header("etag")));
                assert!(answer.text().contains(&id(name)), "{format} {}", answer.text());
                match format {
                    "qti" | "cc" => assert_eq!(answer.header("content-type"), "application/xml"),
                    "ob3" | "clr2" | "clr1" => assert_eq!(answer.json()["targetType"], of_type),
                    _ => drop(answer.json()),
                }
                let path = format!("/api/v1/alignments/{format}/{}", id(name));
                let _ = app.send("GET", &path, &[("If-None-Match", answer.header("etag"))]).expect(304);
            }
        }
        // A uri that cannot be followed is not handed out.
        assert_eq!(
            snippet(&app, "ob2", "urn").expect(200).json()["targetUrl"],
            format!("https://casement.test/uri/{}", id("urn"))
        );
    });
}

#[test]
fn options_uris_and_states_are_told() {
    for_each_backend(|db| {
        let app = serving(db, &[skills()]);
        let path = format!("/api/v1/alignments/ob2/{}", id("chlorine").to_uppercase());
        let human = app.json(&format!("{path}?targetCode=human&targetName=full"));
        assert_eq!(
            (&human["targetCode"], &human["targetName"]),
            (&json!("WT.2.3"), &json!("Measure <b>chlorine</b> & \"record\" it."))
        );
        assert_eq!(app.json(&format!("{path}?targetCode=none")).get("targetCode"), None);
        let moved = encode(&format!("https://caseregistry.imsglobal.org/uri/{}", id("chlorine")));
        let moved = app.get(&format!("/api/v1/alignments/ob2?uri={moved}")).expect(200);
        assert_eq!(
            (moved.json()["targetUrl"].clone(), moved.header("x-casement-state")),
            (json!(uri("chlorine")), "moved")
        );
        let replaced = snippet(&app, "ob2", "older").expect(200);
        assert_eq!(replaced.header("x-casement-state"), "replaced");
        assert!(replaced.header("link").ends_with(&format!(", <{}>; rel=\"successor-version\"", uri("chlorine"))));
        assert_eq!(snippet(&app, "ob2", "old").expect(200).header("x-casement-state"), "retired");

        for (path, status, says) in [
            (format!("/api/v1/alignments/ob4/{}", id("chlorine")), 400, "ob2, ob3"),
            (format!("/api/v1/alignments/ob3/{}", id("nobody")), 404, "/api/v1/search"),
            (format!("/api/v1/alignments/ob3/{}", id("type")), 404, "CFItemType"),
            (format!("/api/v1/alignments/ob3/{}?targetCode=x", id("chlorine")), 400, "targetCode"),
            (format!("/api/v1/alignments/ob3/{}?colour=x", id("chlorine")), 400, "no parameter colour"),
            (format!("/api/v1/alignments/ob3/{}?uri=x", id("chlorine")), 400, "either"),
            ("/api/v1/alignments/ob3".to_owned(), 400, "uri"),
            ("/api/v1/alignments/ob3?uri=%00%FF".to_owned(), 404, "/api/v1/search"),
            (format!("/api/v1/alignments/ob3/{}", "x".repeat(5_000)), 404, "/api/v1/search"),
        ] {
            let answer = app.get(&path).expect(status);
            assert!(answer.json()["detail"].as_str().unwrap().contains(says), "{}", answer.text());
        }
    });
}

/// The schema of an Achievement, out of that of a credential.
fn achievement_schema() -> jsonschema::Validator {
    let text = std::fs::read_to_string(root("tests/fixtures/credentials/schemas/ob3.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    let whole = schema.as_object_mut().unwrap();
    whole.retain(|name, _| ["$schema", "$defs"].contains(&name.as_str()));
    whole.insert("$ref".to_owned(), json!("#/$defs/Achievement"));
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn eligible_items_are_achievements_at_their_address() {
    let schema = achievement_schema();
    assert!(!schema.is_valid(&json!({"id": "https://h/uri/1", "type": ["Achievement"]})));
    for_each_backend(|db| {
        let app = serving(db, &[skills()]);
        let path = format!("/uri/{}", id("badge"));
        let answer = app.send("GET", &path, LD).expect(200);
        assert_eq!(answer.header("content-type"), "application/ld+json");
        let achievement = answer.json();
        for (name, value) in [
            ("id", json!(uri("badge"))),
            ("type", json!(["Achievement"])),
            ("achievementType", json!("MicroCredential")),
            ("name", json!("Water sampling")),
            ("description", json!("Takes and tests samples of treated water.")),
            ("humanCode", json!("WT.B")),
            ("inLanguage", json!("en")),
            ("image", json!({"id": "https://i.example/badge.SVG", "type": "Image"})),
            (
                "criteria",
                json!({"id": format!("https://casement.test{path}.html"), "narrative": "- WT.2.4 Measure pH."}),
            ),
        ] {
            assert_eq!(achievement[name], value, "{achievement}");
        }
        let urls: Vec<&Value> =
            achievement["alignment"].as_array().unwrap().iter().map(|one| &one["targetUrl"]).collect();
        let mut urls: Vec<&str> = urls.into_iter().map(|url| url.as_str().unwrap()).collect();
        urls.sort_unstable();
        let mut expect = ["chlorine", "unit", "diploma", "far"].map(uri);
        expect.sort_unstable();
        assert_eq!(urls, expect);
        let suffixed = app.get(&format!("{path}.jsonld")).expect(200);
        assert_eq!(suffixed.json(), achievement);
        let _ = app.send("GET", &path, &[LD[0], ("If-None-Match", answer.header("etag"))]).expect(304);
        let kinds = |name: &str| {
            app.send("GET", &format!("/uri/{}", id(name)), LD).expect(200).json()["achievementType"].clone()
        };
        assert_eq!((kinds("diploma"), kinds("marked")), (json!("ext:NanoDegree"), json!("Certification")));
        // Everything else is what it was.
        let other = app.send("GET", &format!("/uri/{}", id("unit")), LD).expect(200).json();
        assert_eq!((&other["@type"], other.get("achievementType")), (&json!("CFItem"), None));
        assert_eq!(
            app.send("GET", &path, &[("Accept", "application/json")]).expect(200).json()["CFItemType"],
            "Credential - Micro-Credential"
        );
    });
}

#[test]
fn eligible_items_are_listed_and_found_from_below() {
    for_each_backend(|db| {
        let app = serving(db, &[skills()]);
        let listed = |query: &str| {
            let answer = app.json(&format!("/api/v1/search?{query}"));
            let mut ids: Vec<String> = answer["hits"]
                .as_array()
                .unwrap()
                .iter()
                .map(|hit| hit["identifier"].as_str().unwrap().to_owned())
                .collect();
            ids.sort();
            ids
        };
        let sorted = |names: &[&str]| {
            let mut ids: Vec<String> = names.iter().map(|name| id(name)).collect();
            ids.sort();
            ids
        };
        assert_eq!(listed("credentialEligible=true"), sorted(&["badge", "diploma", "marked"]));
        assert_eq!(listed("q=treated&credentialEligible=true&kind=item"), sorted(&["badge"]));
        assert!(!listed("credentialEligible=false&limit=100").contains(&id("badge")));
        let _ = app.get("/api/v1/search?credentialEligible=maybe").expect(400);

        let credentials = |name: &str| app.json(&format!("/api/v1/items/{}/credentials", id(name)));
        let of = |name: &str| -> Vec<String> {
            let found = credentials(name);
            found["credentials"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["identifier"].as_str().unwrap().to_owned())
                .collect()
        };
        // The nearest first, through whatever is between.
        assert_eq!(of("chlorine"), [id("badge"), id("diploma")]);
        // A criterion; the next step of a course is none of it.
        assert_eq!(of("ph"), [id("badge")]);
        assert_eq!(of("badge"), [id("badge"), id("diploma")]);
        assert!(of("loop").is_empty() && of("old").is_empty());
        let found = credentials("chlorine");
        let badge = &found["credentials"][0];
        assert_eq!(badge["achievementType"], "MicroCredential");
        assert_eq!(badge["achievement"], format!("https://casement.test/uri/{}.jsonld", id("badge")));
        assert_eq!(badge["framework"]["title"], "Riverwell Water Skills");
        let steps: Vec<&Value> = badge["path"].as_array().unwrap().iter().map(|step| &step["identifier"]).collect();
        assert_eq!(steps, [&json!(id("unit")), &json!(id("badge"))]);
        for name in ["nobody", "f", "rubric"] {
            let _ = app.get(&format!("/api/v1/items/{}/credentials", id(name))).expect(404);
        }
    });
}

#[test]
fn private_credentials_are_for_those_who_may_see_them() {
    let hidden = Framework::new("hidden")
        .document(json!({"title": "Hidden", "adoptionStatus": "Private Draft"}))
        .item("secret", json!({"CFItemType": "Credential - Badge", "fullStatement": "Secret"}))
        .associate("ph", "isChildOf", "secret", json!({"originNodeURI": link("ph")}));
    for_each_backend(|db| {
        let app = serving(db, &[skills(), hidden.clone()]);
        let path = format!("/api/v1/items/{}/credentials", id("ph"));
        assert!(!app.get(&path).expect(200).text().contains(&id("secret")));
        let _ = app.get(&format!("/api/v1/alignments/ob3/{}", id("secret"))).expect(404);
        let _ = app.send("GET", &format!("/uri/{}", id("secret")), LD).expect(404);
        let reader = token(db, Role::Reader);
        assert!(get_as(&app, &path, &reader).expect(200).text().contains(&id("secret")));
        let found = get_as(&app, &format!("/api/v1/alignments/ob3/{}", id("secret")), &reader).expect(200);
        assert!(found.header("cache-control").contains("private"), "{}", found.header("cache-control"));
    });
}
