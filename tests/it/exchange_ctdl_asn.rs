//! CTDL-ASN: what is written is read back whole, what is written is CTDL-ASN for who knows nothing
//! of CASE, and what others write is read for what it says.

use std::collections::HashMap;

use casement::case::read::Reading;
use casement::case::vocab::IS_CHILD_OF;
use casement::exchange::{self, Format, ctdl_asn, recognise};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generated;
use crate::support::exchange::{codes, fixture, links, only, outline, path};
use crate::support::fixtures::{self, root};
use crate::support::{TestDb, casement, casement_with, context, for_each_backend, import, read, v1p1};

const REGISTRY: &str = "https://credentialengineregistry.org/resources/";
const CASE_OBJECT: &str = "https://purl.imsglobal.org/spec/case/v1p1#object";

/// Reads the only framework of a CTDL-ASN document.
#[track_caller]
fn back(document: &Value) -> Reading {
    let (format, reading) = only(document.to_string().as_bytes());
    assert_eq!(format, Format::CtdlAsn);
    reading
}

#[test]
fn every_generated_package_comes_back_whole_with_nothing_to_say() {
    generated::run(200, |mut package| {
        let written = ctdl_asn::write(&package);
        prop_assert_eq!(recognise(written.to_string().as_bytes()), Some(Format::CtdlAsn));
        let reading = back(&written);
        prop_assert!(reading.report.entries.is_empty(), "{:#?}\n{:#}", reading.report.entries, written);
        // A package does not carry it: the server says it.
        package.package_uri = None;
        prop_assert_eq!(reading.package, package);
        Ok(())
    });
}

/// Every package that the tests have.
fn packages() -> Vec<Reading> {
    let bundled = ["ccss-math", "esco-transversal", "nice-2017", "ca-math-ccss"];
    let bundled = bundled.map(|name| std::fs::read(root(&format!("frameworks/{name}/package.json"))).unwrap());
    let bundled = bundled.iter().map(|bytes| serde_json::from_slice(bytes).unwrap());
    let fixtures = fixtures::all().iter().filter(|fixture| !fixture.packages().is_empty());
    fixtures.map(|fixture| fixture.json.clone()).chain(bundled).flat_map(|json: Value| read(&json)).collect()
}

#[test]
fn every_fixture_comes_back_whole() {
    for Reading { mut package, .. } in packages() {
        let reading = back(&ctdl_asn::write(&package));
        package.package_uri = None;
        // What is odd about an identifier is as odd as before.
        assert!(codes(&reading).iter().all(|code| *code == "identifier-version"), "{:?}", codes(&reading));
        assert!(reading.package == package, "{}", package.document.title);
    }
}

/// The document without what only CASE knows.
fn plain(mut document: Value) -> Value {
    let graph = document["@graph"].as_array_mut().unwrap();
    graph.retain(|node| node["@type"].as_str().is_some_and(|class| class.starts_with("ceasn:")));
    for node in graph {
        node.as_object_mut().unwrap().shift_remove(CASE_OBJECT);
    }
    document
}

/// Who knows CTDL-ASN only finds every competency, the whole tree in order, and every relation that
/// CTDL-ASN has a property for.
#[test]
fn without_what_only_case_knows_it_is_still_the_framework() {
    for Reading { package, .. } in packages() {
        let title = &package.document.title;
        let before = serde_json::to_value(casement::case::v1p1::CFPackage::from(&package)).unwrap();
        let after = back(&plain(ctdl_asn::write(&package)));
        let after_json = v1p1(&after);
        assert_eq!(after.package.identifier(), package.identifier());
        for (one, other) in package.items.iter().zip(&after.package.items) {
            assert_eq!(one.identity.identifier, other.identity.identifier, "{title}");
            assert_eq!(one.full_statement, other.full_statement, "{title}");
            assert_eq!(one.human_coding_scheme, other.human_coding_scheme, "{title}");
        }
        assert_eq!(package.items.len(), after.package.items.len());

        let known: Vec<&str> = package.items.iter().map(|item| item.identity.identifier.as_str()).collect();
        let own = |id: &str| known.contains(&id) || id == package.identifier();
        let mut expected = links(&before, IS_CHILD_OF);
        expected.retain(|(origin, destination, ..)| known.contains(&origin.as_str()) && own(destination));
        let found = links(&after_json, IS_CHILD_OF);
        let children = |edges: &[(String, String, Option<i64>, String)]| {
            let mut of: HashMap<String, Vec<(Option<i64>, String)>> = HashMap::new();
            for (child, parent, number, _) in edges {
                let child = (Some(number.unwrap_or(i64::MAX)), child.clone());
                let list = of.entry(parent.clone()).or_default();
                if !list.iter().any(|(_, known)| *known == child.1) {
                    list.push(child);
                }
            }
            of.values_mut().for_each(|list| list.sort_by_key(|(number, _)| *number));
            of.into_iter().map(|(parent, list)| (parent, list.into_iter().map(|(_, child)| child).collect())).collect()
        };
        let (expected, found): (HashMap<String, Vec<String>>, HashMap<String, Vec<String>>) =
            (children(&expected), children(&found));
        for (parent, list) in &expected {
            let found = found.get(parent).cloned().unwrap_or_default();
            // Items without any parent are put after those that have one.
            assert_eq!(found.get(..list.len()), Some(list.as_slice()), "{title}: under {parent}");
        }
        for kind in ["exactMatchOf", "precedes", "isPartOf"] {
            let targets = |package: &Value| -> Vec<(String, String)> {
                let mut all: Vec<_> = links(package, kind).into_iter().map(|(from, to, ..)| (from, to)).collect();
                all.sort();
                all.dedup();
                all
            };
            let after = targets(&after_json);
            let said_by = |from: &str, to: &str| if kind == "precedes" { to.to_owned() } else { from.to_owned() };
            for (from, to) in targets(&before) {
                let missing = known.contains(&said_by(&from, &to).as_str()) && own(&from) && own(&to);
                assert!(!missing || after.contains(&(from.clone(), to.clone())), "{title}: {from} {kind} {to}");
            }
        }
    }
}

/// What the published schemas of CTDL-ASN require, and the forms that they give values.
#[test]
fn what_is_written_has_the_required_members_in_their_form() {
    for Reading { package, .. } in packages() {
        let document = ctdl_asn::write(&package);
        assert_eq!(document["@context"], "https://credreg.net/ctdlasn/schema/context/json");
        let graph = document["@graph"].as_array().unwrap();
        let ids: Vec<&Value> = graph.iter().map(|node| &node["@id"]).collect();
        assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), ids.len(), "names differ");
        let nodes = |class: &str| graph.iter().filter(move |node| node["@type"] == class).collect::<Vec<_>>();
        let framework = nodes("ceasn:CompetencyFramework");
        assert_eq!((framework.len(), nodes("ceasn:Competency").len()), (1, package.items.len()));
        let is_map = |value: &Value| value.as_object().is_some_and(|map| map.values().all(Value::is_string));
        let is_list = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
        assert!(is_map(&framework[0]["ceasn:name"]) && is_map(&framework[0]["ceasn:description"]));
        assert!(is_list(&framework[0]["ceasn:inLanguage"]));
        for node in nodes("ceasn:Competency") {
            let ctid = node["ceterms:ctid"].as_str().unwrap();
            assert!(ctid.starts_with("ce-") && node["@id"] == format!("{REGISTRY}{ctid}"), "{node}");
            assert!(is_map(&node["ceasn:competencyText"]), "{node}");
            for name in ["ceasn:inLanguage", "ceasn:isPartOf", "ceasn:exactAlignment"] {
                assert!(is_list(&node[name]), "{name}: {node}");
            }
        }
    }
}

fn ce(last: u32) -> String {
    format!("0a1c2f86-1f0f-4c62-9d46-0b6f0f8f{last}")
}

#[test]
fn what_others_write_is_read_for_what_it_says() {
    let (format, reading) = only(&fixture("ctdl-asn.json"));
    assert_eq!(format, Format::CtdlAsn);
    assert_eq!(outline(&reading), ["Work safely.", "  Wear goggles.", "Test chlorine."]);
    let package = v1p1(&reading);
    let document = &package["CFDocument"];
    for (name, value) in [
        ("identifier", json!(ce(1001))),
        ("uri", json!(format!("{REGISTRY}ce-{}", ce(1001)))),
        ("title", json!("Water")),
        ("language", json!("en")),
        ("creator", json!("Riverwell College")),
        ("publisher", json!("Riverwell College")),
        ("adoptionStatus", json!("Adopted")),
        ("lastChangeDateTime", json!("2026-05-01T00:00:00Z")),
    ] {
        assert_eq!(document[name], value, "{name}");
    }
    assert_eq!(document["extensions"]["ceasn:name"], json!({"es": "Agua"}));
    assert_eq!(document["extensions"]["ceasn:inLanguage"], json!(["en", "es"]));
    assert_eq!(document["licenseURI"]["uri"], package["CFDefinitions"]["CFLicenses"][0]["uri"]);

    let items = package["CFItems"].as_array().unwrap();
    let chlorine = items.iter().find(|item| item["humanCodingScheme"] == "WT.1").unwrap();
    for (name, value) in [
        ("identifier", json!(ce(1002))),
        ("fullStatement", json!("Test chlorine.")),
        ("abbreviatedStatement", json!("Chlorine")),
        ("CFItemType", json!("Skill")),
        ("conceptKeywords", json!(["chlorine", "water"])),
        ("notes", json!("Daily.")),
        ("educationLevel", json!(["KG", "09"])),
        ("extensions", json!({"ceasn:competencyText": {"es": "Medir cloro."}, "ceasn:weight": 0.5})),
    ] {
        assert_eq!(chlorine[name], value, "{name}");
    }
    let goggles = items.iter().find(|item| item["fullStatement"] == "Wear goggles.").unwrap();
    assert_eq!(goggles["extensions"]["ceasn:educationLevelType"].as_array().map(Vec::len), Some(1));
    assert!(codes(&reading).contains(&"education-level"));

    let ends = |kind: &str| -> Vec<(String, String)> {
        links(&package, kind)
            .into_iter()
            .map(|(from, to, _, uri)| (from, if uri.contains("/ce-") { to } else { uri }))
            .collect()
    };
    assert_eq!(ends("exactMatchOf"), [(ce(1002), "http://other.example/chlorine".to_owned())]);
    assert_eq!(ends("isRelatedTo"), [(ce(1002), "http://other.example/chemistry".to_owned())]);
    assert_eq!(ends("isPartOf"), [(ce(1004), ce(1002))], "named by its CTID alone, and turned");
    assert_eq!(ends("precedes"), [(ce(1003), ce(1002))]);
}

#[test]
fn what_others_wrote_stands_in_its_own_place_when_it_is_written_again() {
    let (_, reading) = only(&fixture("ctdl-asn.json"));
    let written = plain(ctdl_asn::write(&reading.package));
    let node = |name: &str| {
        let graph = written["@graph"].as_array().unwrap();
        graph.iter().find(|node| node["@id"].as_str().unwrap().ends_with(name)).unwrap().clone()
    };
    let chlorine = node(&ce(1002));
    assert_eq!(chlorine["ceasn:competencyText"], json!({"en": "Test chlorine.", "es": "Medir cloro."}));
    assert_eq!(chlorine["ceasn:weight"], json!(0.5));
    assert_eq!(chlorine["ceasn:minorAlignment"], json!(["http://other.example/chemistry"]));
    assert_eq!(chlorine["ceasn:narrowAlignment"], json!([format!("{REGISTRY}ce-{}", ce(1004))]));
    assert_eq!(chlorine["ceasn:prerequisiteAlignment"], json!([format!("{REGISTRY}ce-{}", ce(1003))]));
    assert_eq!(node(&ce(1001))["ceasn:inLanguage"], json!(["en", "es"]));
    assert_eq!(node(&ce(1001))["ceasn:dateCreated"], "2025-01-02");
    // And nothing changes by being read and written.
    let again = back(&ctdl_asn::write(&reading.package));
    assert_eq!(v1p1(&again), v1p1(&reading));
    assert_eq!(again.package, reading.package);
}

#[test]
fn competencies_alone_name_their_framework_or_are_refused() {
    let mut competency = json!({"@id": "ce-0a1c2f86-1f0f-4c62-9d46-0b6f0f8f1002", "@type": "ceasn:Competency",
        "ceasn:competencyText": "Plain.", "ceasn:isPartOf": [format!("{REGISTRY}ce-{}", ce(1001))]});
    let (_, reading) = only(json!({"GraphInput": {"@graph": [competency]}}).to_string().as_bytes());
    assert_eq!(reading.package.identifier(), ce(1001));
    assert_eq!(reading.package.items[0].identity.identifier, ce(1002));
    assert!(codes(&reading).contains(&"no-parent") && codes(&reading).contains(&"required-filled"));

    competency.as_object_mut().unwrap().remove("ceasn:isPartOf");
    let refused = exchange::read(json!([competency]).to_string().as_bytes(), &context()).unwrap_err();
    assert_eq!(refused, exchange::ExchangeError::NoFramework(Format::CtdlAsn));
}

#[test]
fn the_program_imports_what_it_exports() {
    let reference = fixtures::reference();
    let id = reference.json["CFDocument"]["identifier"].as_str().unwrap();
    for_each_backend(|db| {
        import(&db.registry(), &reference.json);
        let exported = casement(db, &["export", id, "--format", "ctdl-asn"]).expect(0);
        assert_eq!(recognise(exported.stdout.as_bytes()), Some(Format::CtdlAsn));

        let elsewhere = TestDb::sqlite();
        casement_with(&elsewhere, &["import", "-"], exported.stdout.as_bytes()).expect(0);
        assert_eq!(casement(&elsewhere, &["export", id]).expect(0).json(), reference.json);
        let again = casement_with(db, &["import", "-"], exported.stdout.as_bytes()).expect(0);
        assert!(again.stdout.contains("nothing to change"), "{}", again.stdout);
        casement(db, &["import", &path("ctdl-asn.json")]).expect(0);
    });
}
