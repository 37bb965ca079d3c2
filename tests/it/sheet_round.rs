//! Workbooks and our own CSV give back the package that they were written from, whole: into an
//! empty store the same package, over the stored one nothing to change.

use casement::case::model::Package;
use casement::case::read::{Context, Reading, packages};
use casement::case::report::Severity;
use casement::case::v1p1::CFPackage;
use casement::registry::{Format, PlanOptions, Registry, SheetRequest, open_sheet, read_sheet_alone, unpack};
use casement::tabular::build::Options;
use casement::tabular::write::{self, CsvForm};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generated;
use crate::lossless::exported;
use crate::support::build::{Framework, id, link};
use crate::support::fixtures::{self, Fixture};
use crate::support::{TestDb, casement, chain, context, import_with, read_one};

const OURS: [Format; 2] = [Format::Xlsx, Format::Csv(CsvForm::Casement)];

/// Reads a file of ours, over what is stored if there is a store; it has to be known as one.
fn read(registry: Option<&Registry>, bytes: Vec<u8>) -> Result<Reading, String> {
    let request = SheetRequest { name: "download.bin".to_owned(), ..SheetRequest::default() };
    let opened = open_sheet(bytes, &request).map_err(|error| chain(&error))?;
    if opened.mapping.profile.as_ref().map(|guess| guess.value.as_str()) != Some("casement") {
        return Err(format!("read as {:?}", opened.mapping.profile));
    }
    let options = Options { name: request.name, ..Options::default() };
    let (workbook, mapping) = (&opened.workbook, &opened.mapping);
    let mut all = match registry {
        Some(registry) => registry.read_sheet(workbook, mapping, &options).map_err(|error| chain(&error))?,
        None => {
            let Context { base_url, now } = context();
            read_sheet_alone(workbook, mapping, &options, &base_url, now).map_err(|error| chain(&error))?
        }
    };
    if all.len() == 1 { Ok(all.remove(0)) } else { Err(format!("{} frameworks", all.len())) }
}

/// The order of items is told by their places.
fn sorted(mut package: Value) -> Value {
    let by_identifier = |item: &Value| item["identifier"].as_str().map(str::to_owned);
    package["CFItems"].as_array_mut().expect("items").sort_by_key(by_identifier);
    package
}

/// The first difference.
fn difference(before: &Value, after: &Value, at: &str) -> Option<String> {
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
            let get = |map: &serde_json::Map<String, Value>, name: &String| map.get(name).cloned().unwrap_or_default();
            names
                .filter(|name| one.get(*name) != other.get(*name))
                .find_map(|name| difference(&get(one, name), &get(other, name), &format!("{at}/{name}")))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            (0..).zip(one.iter().zip(other)).find_map(|(n, (one, other))| difference(one, other, &format!("{at}/{n}")))
        }
        _ if before == after => None,
        _ => Some(format!("{at}: {before:.300} became {after:.300}")),
    }
}

fn check(fixture: &Fixture) {
    let (first, second) = (TestDb::sqlite(), TestDb::sqlite());
    let (first, second) = (first.registry(), second.registry());
    let bytes = unpack(fixture.bytes.clone(), u64::MAX).expect("a fixture can be unpacked");
    let readings = packages(&bytes, &context()).expect("a fixture with packages can be read");
    import_with(&first, bytes, &PlanOptions::default()).unwrap_or_else(|error| panic!("{}: {error}", fixture.name));
    for id in readings.iter().map(|reading| reading.package.identifier()) {
        for format in OURS {
            let name = format!("{} {}", fixture.name, format.name());
            let (_, file) = first.whole().export(format, id).unwrap().expect("it is stored");
            let again = read(Some(&first), file.to_vec()).unwrap_or_else(|error| panic!("{name}: {error}"));
            let plan = first.plan_reading(again, PlanOptions::default()).unwrap();
            assert!(plan.is_empty() && plan.diff.missing.is_empty(), "{name}: {:?}", plan.diff);

            let reading = read(Some(&second), file.to_vec()).unwrap_or_else(|error| panic!("{name}: {error}"));
            let lost: Vec<_> = reading.report.entries.iter().filter(|entry| entry.severity == Severity::Loss).collect();
            assert!(lost.is_empty(), "{name}: {lost:#?}");
            let options = PlanOptions { move_objects: true, ..PlanOptions::default() };
            second.apply(second.plan_reading(reading, options).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
            let difference = difference(&sorted(exported(&first, id)), &sorted(exported(&second, id)), "");
            assert!(difference.is_none(), "{name}: {}", difference.unwrap_or_default());
            second.undo(id).unwrap();
        }
    }
}

#[test]
fn every_fixture_comes_back_whole_from_a_workbook_and_from_csv() {
    for fixture in fixtures::all().iter().filter(|fixture| !fixture.packages().is_empty()) {
        check(fixture);
    }
}

#[test]
fn every_bundled_framework_comes_back_whole() {
    for fixture in fixtures::bundled() {
        check(&fixture);
    }
}

/// What a file gives by itself.
fn round(package: &Package, file: Vec<u8>) -> Result<Package, String> {
    let reading = read(None, file)?;
    let mut package_read = reading.package;
    let place = |id: &str| package.items.iter().position(|item| item.identity.identifier == id);
    package_read.items.sort_by_key(|item| place(&item.identity.identifier));
    match reading.report.entries.into_iter().find(|entry| entry.severity == Severity::Loss) {
        Some(entry) => Err(format!("{entry:?}")),
        None => Ok(package_read),
    }
}

#[test]
fn packages_of_any_content_come_back_whole() {
    generated::run(150, |package| {
        let files = [write::xlsx(&package).expect("it fits"), write::csv(&package, CsvForm::Casement)];
        for (file, name) in files.into_iter().zip(["xlsx", "csv"]) {
            let read = round(&package, file).map_err(|error| TestCaseError::fail(format!("{name}: {error}")))?;
            let json = |package: &Package| serde_json::to_value(CFPackage::from(package)).expect("JSON");
            let told = difference(&json(&package), &json(&read), "");
            prop_assert!(told.is_none(), "{name}: {}", told.unwrap_or_default());
            prop_assert_eq!(&read, &package, "{}", name);
        }
        Ok(())
    });
}

#[test]
fn links_and_lists_come_back_as_they_are() {
    let framework = Framework::with_items("f", 3)
        .change("f.1", json!({"notes": "", "conceptKeywords": [], "educationLevel": ["3", "a,b"]}))
        .change("f.2", json!({"CFItemType": "Standard", "subject": ["one", " two"], "licenseURI": link("l")}))
        .change("f.3", json!({"CFItemType": "Standard", "CFItemTypeURI": link("t"), "language": "\u{a0}"}))
        .define("CFItemTypes", "t", json!({"description": "", "hierarchyCode": "1", "typeCode": "T"}))
        .change(
            "f.1",
            json!({"subjectURI": [{"title": "\u{a0}".repeat(9_000), "identifier": id("s"), "uri": "urn:x:y"}]}),
        )
        .set("CFRubrics", json!([]));
    let package = read_one(&framework.json).package;
    let json = |package: &Package| serde_json::to_value(CFPackage::from(package)).unwrap();
    for file in [write::xlsx(&package).unwrap(), write::csv(&package, CsvForm::Casement)] {
        let told = difference(&json(&package), &json(&round(&package, file).unwrap()), "");
        assert!(told.is_none(), "{}", told.unwrap_or_default());
    }
}

/// The file as a person changes it: every `(old, new)` in it.
fn edited(csv: &[u8], changes: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::from_utf8(csv.to_vec()).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{old} in {text}");
        text = text.replacen(old, new, 1);
    }
    text.into_bytes()
}

/// Items as `code < parent's code`, in the order of the sequence numbers.
fn tree(package: &Package) -> Vec<String> {
    let code = |id: &str| {
        let item = package.items.iter().find(|item| item.identity.identifier == id);
        item.map_or("-", |item| item.label()).to_owned()
    };
    let places = package.associations.iter().filter(|one| one.association_type == "isChildOf");
    let mut places: Vec<_> = places
        .map(|one| (code(&one.destination.identifier), one.sequence_number, code(&one.origin.identifier)))
        .collect();
    places.sort();
    places.into_iter().map(|(parent, _, child)| format!("{child} < {parent}")).collect()
}

#[test]
fn what_is_changed_in_a_file_of_ours_is_what_changes() {
    let db = TestDb::sqlite();
    let registry = db.registry();
    let framework = Framework::new("f")
        .item("A", json!({}))
        .item("B", json!({}))
        .item("B.1", json!({"CFItemType": "Standard", "CFItemTypeURI": link("Standard")}))
        .define("CFItemTypes", "Standard", json!({"description": "d", "hierarchyCode": "1"}))
        .under("A", "f", 10)
        .under("B", "f", 20)
        .under("B.1", "B", 5);
    crate::support::import_one(&registry, &framework.json);
    let (_, file) = registry.whole().export(OURS[1], &framework.id()).unwrap().unwrap();
    let plan = |changes: &[(&str, &str)]| {
        let reading = read(Some(&registry), edited(&file, changes)).unwrap();
        let (package, entries) = (reading.package.clone(), reading.report.entries.clone());
        let plan = registry.plan_reading(reading, PlanOptions::default()).unwrap();
        let changed: Vec<String> = plan.diff.changed.iter().map(|one| one.properties.join(" ")).collect();
        let lost = entries.into_iter().filter(|entry| entry.severity == Severity::Loss).collect::<Vec<_>>();
        (package, plan.diff.added.len(), changed, lost)
    };
    // An item under another one; a new row, which has no identifier, between others.
    let (package, added, changed, lost) = plan(&[(",B.1,2.1,", ",B.1,1.1,")]);
    assert_eq!((tree(&package).join("; ").as_str(), added), ("A < -; B < -; B.1 < A", 0));
    assert!(changed.iter().any(|names| names.contains("destinationNodeURI")), "{changed:?}");
    assert!(lost.is_empty(), "{lost:?}");
    let (package, added, ..) =
        plan(&[("#sheet,CF Association", ",New one,C,3,,,,,,,Standard\r\n#sheet,CF Association")]);
    assert_eq!((tree(&package).join("; ").as_str(), added), ("A < -; B < -; C < -; B.1 < B", 2));
    let new = package.items.iter().find(|item| item.label() == "C").unwrap();
    assert_eq!(new.item_type_uri.as_ref().map(|link| &link.identifier), Some(&id("Standard")));
    // A number in the row of the association, and a type, whose link follows it.
    let (package, ..) = plan(&[("Standard,,", "Cluster,,")]);
    let item = package.items.iter().find(|item| item.label() == "B.1").unwrap();
    let link = item.item_type_uri.as_ref().unwrap();
    assert_eq!((link.title.as_str(), link.identifier == id("Standard")), ("Cluster", false));
    let (package, _, changed, _) = plan(&[(",20,,B,f,", ",5,,B,f,")]);
    assert_eq!(tree(&package).join("; "), "B < -; A < -; B.1 < B");
    assert!(changed.contains(&"sequenceNumber lastChangeDateTime".to_owned()), "{changed:?}");
    // What is no JSON is told and changes nothing.
    let (_, added, changed, lost) = plan(&[("subjectURI,\r\n", "subjectURI,\r\npackageExtensions,{oops\r\n")]);
    assert_eq!((added, changed.len(), lost.first().map(|entry| entry.code.as_str())), (0, 0, Some("not-json")));
}

#[test]
fn templates_are_imported_as_they_are() {
    for (bytes, name) in [(write::template_xlsx().unwrap(), "template.xlsx"), (write::template_csv(), "template.csv")] {
        let db = TestDb::sqlite();
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        casement(&db, &["import", &file.display().to_string()]).expect(0);
        let id =
            casement(&db, &["frameworks", "--json"]).expect(0).json()[0]["identifier"].as_str().unwrap().to_owned();
        let json = casement(&db, &["export", &id]).expect(0).json();
        let document = &json["CFDocument"];
        assert_eq!(
            (&document["title"], &document["subject"]),
            (&json!("Example: Gardening"), &json!(["Gardening", "Biology"]))
        );
        assert_eq!(document["licenseURI"]["title"], "CC BY 4.0");
        let package = read_one(&json).package;
        assert_eq!(tree(&package), ["G.1 < -", "G.2 < -", "G.1.1 < G.1", "G.1.2 < G.1", "G.2.1 < G.2"]);
        let items = &json["CFItems"];
        assert_eq!(
            (&items[1]["educationLevel"], &items[1]["conceptKeywords"]),
            (&json!(["01", "02"]), &json!(["light", "water"]))
        );
        assert_eq!(items[1]["CFItemTypeURI"]["title"], "Standard");
        let others = package.associations.iter().filter(|one| one.association_type != "isChildOf");
        let others: Vec<_> = others
            .map(|one| format!("{} {} {}", one.origin.title, one.association_type, one.destination.title))
            .collect();
        assert_eq!(others, ["G.1.1 precedes G.1.2", "G.2.1 isRelatedTo G.1.2"]);
        let again = casement(&db, &["import", &file.display().to_string()]).expect(0);
        assert!(again.stdout.contains("nothing to change"), "{}", again.stdout);
    }
}
