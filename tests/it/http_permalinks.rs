//! `/uri/{id}` answers for every object of every class, in the form that suffix or Accept ask for;
//! `/uri/p{id}` and `/cfpackage/doc/{id}.json` give packages (digest 16.2).

use casement::case::Version;
use serde_json::{Value, json};

use crate::http_conformance::{READS, reads_of};
use crate::support::build::{Framework, id, object};
use crate::support::downgrade::to_v1p0;
use crate::support::fixtures;
use crate::support::{BASE, TestApp, TestDb, encode, for_each_backend, import_one};

/// Where browsers ask from.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// `(class, object)` of everything with an identifier in the reference framework.
fn everything() -> Vec<(String, Value)> {
    fn walk(name: &str, value: &Value, all: &mut Vec<(String, Value)>) {
        match value {
            Value::Array(list) => list.iter().for_each(|one| walk(name.strip_suffix('s').unwrap_or(name), one, all)),
            Value::Object(map) if name != "extension" => {
                if map.contains_key("lastChangeDateTime") {
                    let class = if name == "CFRubricCriteria" { "CFRubricCriterion" } else { name };
                    all.push((class.to_owned(), value.clone()));
                }
                map.iter().filter(|(name, _)| *name != "extensions").for_each(|(name, member)| walk(name, member, all));
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    walk("", &fixtures::reference().json, &mut all);
    all
}

fn with_reference(test: impl Fn(&TestDb, &TestApp)) {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        import_one(&db.registry(), &fixtures::reference().json);
        test(db, &app);
    });
}

#[test]
fn the_reference_framework_has_an_object_of_every_class() {
    let found: std::collections::BTreeSet<String> = everything().into_iter().map(|(class, _)| class).collect();
    let all = casement::case::model::Class::ALL.map(|class| class.name().to_owned());
    let expect = all.into_iter().filter(|name| name != "CFPackage").collect();
    assert_eq!(found, expect);
}

#[test]
fn every_object_has_its_json() {
    with_reference(|_, app| {
        for (class, object) in everything() {
            let id = object["identifier"].as_str().unwrap();
            for (path, headers) in [
                (format!("/uri/{id}"), vec![("Accept", "application/json")]),
                (format!("/uri/{}", id.to_uppercase()), vec![("Accept", "application/json, text/plain, */*")]),
                (format!("/uri/{id}.json"), vec![("Accept", BROWSER)]),
                (format!("/uri/{id}.json"), vec![]),
            ] {
                let answer = app.send("GET", &path, &headers).expect(200);
                assert_eq!(answer.header("content-type"), "application/json", "{path}");
                assert!(answer.header("vary").to_ascii_lowercase().contains("accept"));
                let mut body = answer.json();
                for link in ["CFDocumentURI", "CFPackageURI"] {
                    // What an object says only outside its package.
                    body.as_object_mut().unwrap().remove(link);
                }
                assert_eq!(body, object, "{class} {path}");
            }
        }
    });
}

#[test]
fn every_object_has_a_page() {
    with_reference(|_, app| {
        for (class, object) in everything() {
            let id = object["identifier"].as_str().unwrap();
            for (path, headers) in [
                (format!("/uri/{id}"), vec![("Accept", BROWSER)]),
                (format!("/uri/{id}.html"), vec![("Accept", "application/json")]),
            ] {
                let answer = app.send("GET", &path, &headers).expect(200);
                assert!(answer.header("content-type").starts_with("text/html"), "{class} {path}");
                let text = answer.text();
                assert!(text.contains(id), "{class} {path} does not show its identifier");
                assert_eq!(scripts_of(&text), 1, "{class} {path}: only our own script");
            }
        }
    });
}

/// How many scripts a page has that run; data for programs does not.
fn scripts_of(page: &str) -> usize {
    let lower = page.to_lowercase();
    lower.matches("<script").count() - lower.matches("<script type=\"application/ld+json\">").count()
}

#[test]
fn every_object_has_json_ld_in_the_terms_of_1_0() {
    with_reference(|_, app| {
        for (class, object) in everything() {
            let id = object["identifier"].as_str().unwrap();
            for (path, headers) in
                [(format!("/uri/{id}.jsonld"), vec![]), (format!("/uri/{id}"), vec![("Accept", "application/ld+json")])]
            {
                let answer = app.send("GET", &path, &headers).expect(200);
                assert!(answer.header("content-type").starts_with("application/ld+json"), "{path}");
                let mut body = answer.json();
                let members = body.as_object_mut().unwrap();
                assert_eq!(members.remove("@id"), Some(object["uri"].clone()));
                assert_eq!(members.remove("@type"), Some(json!(class)));
                let context = members.remove("@context").unwrap();
                assert!(context.as_str().unwrap().ends_with("imscasev1p0_context_v1p0.jsonld"));
                for link in ["CFDocumentURI", "CFPackageURI"] {
                    members.remove(link);
                }
                assert_eq!(body, to_v1p0(&class, &object), "{class} {path}");
            }
        }
    });
}

#[test]
fn links_tell_the_true_address_and_the_other_forms() {
    with_reference(|_, app| {
        for (_, object) in everything() {
            let id = object["identifier"].as_str().unwrap();
            let answer = app.send("GET", &format!("/uri/{id}"), &[("Accept", "application/json")]);
            let link = answer.header("link").to_owned();
            assert!(link.contains(&format!("<{}>; rel=\"canonical\"", object["uri"].as_str().unwrap())), "{link}");
            for suffix in ["json", "jsonld", "html"] {
                assert!(link.contains(&format!("<{BASE}/uri/{id}.{suffix}>; rel=\"alternate\"")), "{link}");
            }
        }
    });
}

#[test]
fn accept_decides_by_quality_and_exactness() {
    let framework = Framework::with_items("f", 1);
    for_each_backend(|db| {
        let app = TestApp::start(db);
        import_one(&db.registry(), &framework.json);
        let check = |accept: &str, expect: &str| {
            let answer = app.send("GET", &format!("/uri/{}", id("f.1")), &[("Accept", accept)]);
            let kind = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
            assert_eq!((answer.status, kind.as_str()), (200, expect), "{accept}");
        };
        check("application/json", "application/json");
        check("APPLICATION/JSON", "application/json");
        check("application/json;q=0.5, text/html;q=0.4", "application/json");
        check("application/json;q=0.4, text/html;q=0.5", "text/html");
        check("application/json, */*", "application/json");
        check("application/ld+json, application/json;q=0.9", "application/ld+json");
        check("application/*", "application/json");
        check("text/html;q=0, */*", "application/json");
        for nothing in ["image/png", "application/json;q=0", "text/csv"] {
            let answer = app.send("GET", &format!("/uri/{}", id("f.1")), &[("Accept", nothing)]);
            assert_eq!(answer.status, 406, "{nothing}");
        }
        // Without Accept there is an answer, whatever its form.
        assert!(app.get(&format!("/uri/{}", id("f.1"))).status < 400);
    });
}

#[test]
fn packages_have_permalinks_and_an_alias() {
    with_reference(|_, app| {
        let document = fixtures::reference().json["CFDocument"]["identifier"].as_str().unwrap();
        let package = app.json(&format!("/ims/case/v1p1/CFPackages/{document}"));
        for (path, accept) in [
            (format!("/uri/p{document}"), "application/json"),
            (format!("/uri/p{}", document.to_uppercase()), "application/json"),
            (format!("/uri/p{document}.json"), BROWSER),
            (format!("/cfpackage/doc/{document}.json"), "*/*"),
            (format!("/cfpackage/doc/{document}"), "application/json"),
        ] {
            let answer = app.send("GET", &path, &[("Accept", accept)]).expect(200);
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(answer.json(), package, "{path}");
            app.send("GET", &path, &[("Accept", accept), ("If-None-Match", answer.header("etag"))]).expect(304);
        }
        let page = app.send("GET", &format!("/uri/p{document}"), &[("Accept", BROWSER)]).expect(303);
        let page = app.send("GET", page.header("location"), &[("Accept", BROWSER)]).expect(200);
        assert!(page.text().contains(document));
        // An item has no package.
        let item = fixtures::reference().json["CFItems"][0]["identifier"].as_str().unwrap();
        assert_eq!(app.send("GET", &format!("/uri/p{item}.json"), &[]).status, 404);
    });
}

#[test]
fn identifiers_that_were_replaced_still_lead_here() {
    let asn = "http://asn.example/resources/S1";
    let framework = Framework::new("f").item("i", json!({"identifier": asn})).item("p", json!({"identifier": "p-1"}));
    for_each_backend(|db| {
        let app = TestApp::start(db);
        import_one(&db.registry(), &framework.json);
        for received in [asn, "p-1"] {
            let body = app.json(&format!("/uri/{}.json", encode(received)));
            let made = body["identifier"].as_str().unwrap().to_owned();
            assert_eq!(app.json(&format!("/uri/{made}.json")), body);
            assert_eq!(app.json(&format!("/ims/case/v1p0/CFItems/{}", encode(received)))["identifier"], made);
        }
    });
}

/// Pages show what anybody may have put into a framework; it must stay text.
#[test]
fn pages_never_run_what_a_framework_says() {
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'><a href=\"javascript:alert(3)\">x</a>";
    let level = object("level", json!({"quality": evil, "description": evil}));
    let criterion = object("criterion", json!({"category": evil, "CFRubricCriterionLevels": [level]}));
    let framework = Framework::new("f")
        .document(json!({"title": evil, "description": evil, "creator": evil, "officialSourceURL": "javascript:alert(4)"}))
        .item("i", json!({"fullStatement": evil, "humanCodingScheme": evil, "notes": evil, "uri": "javascript:alert(5)", "extensions": {evil: evil}}))
        .under("i", "f", 1)
        .associate("i", "isRelatedTo", "out", json!({"destinationNodeURI": {"title": evil, "identifier": evil, "uri": "javascript:alert(6)"}}))
        .define("CFConcepts", "c", json!({"title": evil, "hierarchyCode": evil, "keywords": evil}))
        .set("CFRubrics", json!([object("rubric", json!({"title": evil, "CFRubricCriteria": [criterion]}))]));
    for_each_backend(|db| {
        let app = TestApp::start(db);
        import_one(&db.registry(), &framework.json);
        let pages = ["f", "i", "c", "rubric", "criterion", "level", "i isRelatedTo out"]
            .map(|name| format!("/uri/{}.html", id(name)));
        for path in pages.iter().map(String::as_str).chain(["/"]) {
            let text = app.send("GET", path, &[("Accept", BROWSER)]).expect(200).text();
            let lower = text.to_lowercase();
            assert_eq!(scripts_of(&text), 1, "{path}: only our own script");
            for bad in ["<img src=x", "href=\"javascript:", "href='javascript:", "onerror=alert(2)>"] {
                assert!(!lower.contains(bad), "{path} holds {bad}");
            }
        }
    });
}

#[test]
fn the_first_page_lists_the_frameworks() {
    let frameworks = [Framework::with_items("First one", 1), Framework::with_items("Second & one", 1)];
    for_each_backend(|db| {
        let app = TestApp::start(db);
        for framework in &frameworks {
            import_one(&db.registry(), &framework.json);
        }
        let page = app.send("GET", "/", &[("Accept", BROWSER)]).expect(200).text();
        for framework in &frameworks {
            assert!(page.contains(&framework.id()), "{page}");
        }
        assert!(page.contains("Second &amp; one") || page.contains("Second &#38; one"));
    });
}

#[test]
fn every_read_of_the_standard_has_a_permalink() {
    let reference = &fixtures::reference().json;
    assert!(reads_of(reference).len() > READS.len());
    with_reference(|_, app| {
        for (segment, id, _) in reads_of(reference) {
            let permalink = app.json(&format!("/uri/{id}.json"));
            let read = app.json(&format!("/ims/case/{}/{segment}/{id}", Version::V1p1.segment()));
            let own = match segment {
                "CFPackages" => read["CFDocument"].clone(),
                "CFItemAssociations" => read["CFItem"].clone(),
                "CFConcepts" | "CFItemTypes" | "CFSubjects" => read[segment][0].clone(),
                _ => read,
            };
            assert_eq!(own["identifier"], permalink["identifier"], "{segment}");
        }
    });
}
