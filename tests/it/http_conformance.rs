//! Every operation of both versions, for every object of every fixture, over real HTTP, against the
//! official schemas.

use casement::case::Version;
use casement::case::schema::{Shape, violations};
use serde_json::Value;

use crate::support::build::Framework;
use crate::support::fixtures::{self, Fixture};
use crate::support::{TestApp, TestDb, for_each_backend, import, import_one};
use crate::versions::is_excused;

/// Each read: its segment, the list of a package whose objects it reads, and the shape of the body.
pub const READS: &[(&str, &str, Shape)] = &[
    ("CFDocuments", "/CFDocument", Shape::Document),
    ("CFPackages", "/CFDocument", Shape::Package),
    ("CFItems", "/CFItems", Shape::Item),
    ("CFItemAssociations", "/CFItems", Shape::ItemAssociations),
    ("CFAssociations", "/CFAssociations", Shape::Association),
    ("CFAssociationGroupings", "/CFDefinitions/CFAssociationGroupings", Shape::Grouping),
    ("CFConcepts", "/CFDefinitions/CFConcepts", Shape::ConceptSet),
    ("CFItemTypes", "/CFDefinitions/CFItemTypes", Shape::ItemTypeSet),
    ("CFSubjects", "/CFDefinitions/CFSubjects", Shape::SubjectSet),
    ("CFLicenses", "/CFDefinitions/CFLicenses", Shape::License),
    ("CFRubrics", "/CFRubrics", Shape::Rubric),
];

/// Fails when a body breaks its schema otherwise than it may.
#[track_caller]
pub fn assert_valid(version: Version, shape: Shape, body: &Value, what: &str) {
    let found: Vec<_> = violations(version, shape, body).into_iter().filter(|one| !is_excused(one, body)).collect();
    assert!(found.is_empty(), "{what}: {found:?}");
}

pub fn base(version: Version) -> String {
    format!("/ims/case/{}", version.segment())
}

/// `(segment, identifier, shape)` of every read that a stored package offers.
pub fn reads_of(package: &Value) -> Vec<(&'static str, String, Shape)> {
    let mut all = Vec::new();
    for (segment, list, shape) in READS {
        let objects = match package.pointer(list) {
            Some(Value::Array(list)) => list.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let id = |object: &Value| object["identifier"].as_str().expect("every object has one").to_owned();
        all.extend(objects.into_iter().map(|object| (*segment, id(object), *shape)));
    }
    all
}

fn check(db: &TestDb, fixture: &Fixture) {
    let app = TestApp::start(db);
    let mut seen = 0;
    for applied in import(&db.registry(), &fixture.json) {
        let package = app.json(&format!("/ims/case/v1p1/CFPackages/{}", applied.identifier));
        for (segment, id, shape) in reads_of(&package) {
            for version in Version::ALL {
                let path = format!("{}/{segment}/{id}", base(version));
                let answer = app.get(&path).expect(200);
                assert_eq!(answer.header("content-type"), "application/json", "{path}");
                let body = answer.json();
                assert_valid(version, shape, &body, &format!("{} {path}", fixture.name));
                let own = ["/identifier", "/CFDocument/identifier", "/CFItem/identifier"]
                    .iter()
                    .find_map(|p| body.pointer(p));
                let first = || body.as_object()?.values().next()?.get(0)?.get("identifier");
                assert_eq!(
                    own.or_else(first).and_then(Value::as_str),
                    Some(id.as_str()),
                    "{path}: the requested one comes first"
                );
                seen += 1;
            }
        }
        for version in Version::ALL {
            let list = app.json(&format!("{}/CFDocuments", base(version)));
            assert_valid(version, Shape::DocumentSet, &list, &fixture.name);
        }
    }
    assert!(seen > 0, "{} offers nothing to read", fixture.name);
}

#[test]
fn every_read_of_every_object_is_valid() {
    for fixture in fixtures::all().iter().filter(|fixture| !fixture.packages().is_empty()) {
        for_each_backend(|db| check(db, fixture));
    }
}

#[test]
fn every_operation_of_the_official_description_is_exercised() {
    let description: Value = serde_json::from_str(casement::case::schema::openapi(Version::V1p1)).unwrap();
    let mut paths: Vec<String> = description["paths"].as_object().unwrap().keys().cloned().collect();
    let mut ours: Vec<String> = READS.iter().map(|(segment, _, _)| format!("/{segment}/{{sourcedId}}")).collect();
    ours.push("/CFDocuments".to_owned());
    paths.sort();
    ours.sort();
    assert_eq!(paths, ours);
    let reference = reads_of(&fixtures::reference().json);
    for (segment, _, _) in READS {
        assert!(reference.iter().any(|(of, _, _)| of == segment), "the reference framework has nothing for {segment}");
    }
}

/// What the schema cannot say is answered with 200 all the same (digest 15, row 6).
#[test]
fn empty_sets_are_answers() {
    let lonely = Framework::new("f").item("i", serde_json::json!({}));
    for_each_backend(|db| {
        let app = TestApp::start(db);
        for version in Version::ALL {
            let answer = app.get(&format!("{}/CFDocuments", base(version))).expect(200);
            assert_eq!(answer.json(), serde_json::json!({"CFDocuments": []}));
            assert_eq!(answer.header("x-total-count"), "0");
        }
        import_one(&db.registry(), &lonely.json);
        for version in Version::ALL {
            let id = crate::support::build::id("i");
            let set = app.json(&format!("{}/CFItemAssociations/{id}", base(version)));
            assert_eq!(set["CFAssociations"], serde_json::json!([]));
            assert_valid(version, Shape::ItemAssociations, &set, "a lonely item");
        }
    });
}

/// A single read has no wrapper (digest 2).
#[test]
fn single_objects_come_bare() {
    let reference = &fixtures::reference().json;
    for_each_backend(|db| {
        let app = TestApp::start(db);
        import_one(&db.registry(), reference);
        for (segment, id, shape) in reads_of(reference) {
            let body = app.json(&format!("/ims/case/v1p1/{segment}/{id}"));
            let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
            match shape {
                Shape::ConceptSet | Shape::ItemTypeSet | Shape::SubjectSet => assert_eq!(keys, [segment]),
                Shape::ItemAssociations => assert_eq!(keys, ["CFItem", "CFAssociations"]),
                Shape::Package => assert!(body["CFDocument"].is_object()),
                _ => assert_eq!(body["identifier"], id),
            }
        }
    });
}
