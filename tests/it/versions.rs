//! CASE 1.0 is CASE 1.1 without what 1.1 added (digest 10), for every object, in and out of
//! packages; and both forms of every fixture are what the official schemas allow.

use casement::case::Version;
use casement::case::schema::{Shape, Violation, violations};
use casement::registry::{Operation, PlanOptions, Registry, unpack};
use serde_json::Value;

use crate::support::downgrade::to_v1p0;
use crate::support::fixtures;
use crate::support::{for_each_backend, import_with};

const OPERATIONS: &[(Operation, &str, Shape, &str)] = &[
    (Operation::Document, "CFDocument", Shape::Document, "/CFDocument"),
    (Operation::Package, "CFPackage", Shape::Package, "/CFDocument"),
    (Operation::Item, "CFItem", Shape::Item, "/CFItems"),
    (Operation::ItemAssociations, "CFItemAssociations", Shape::ItemAssociations, "/CFItems"),
    (Operation::Association, "CFAssociation", Shape::Association, "/CFAssociations"),
    (Operation::Concepts, "CFConcepts", Shape::ConceptSet, "/CFDefinitions/CFConcepts"),
    (Operation::Subjects, "CFSubjects", Shape::SubjectSet, "/CFDefinitions/CFSubjects"),
    (Operation::ItemTypes, "CFItemTypes", Shape::ItemTypeSet, "/CFDefinitions/CFItemTypes"),
    (Operation::License, "CFLicense", Shape::License, "/CFDefinitions/CFLicenses"),
    (Operation::Grouping, "CFAssociationGrouping", Shape::Grouping, "/CFDefinitions/CFAssociationGroupings"),
    (Operation::Rubric, "CFRubric", Shape::Rubric, "/CFRubrics"),
];

/// What a published body may break: sets that are empty because there is nothing (digest 15, row
/// 6), and identifiers that were received with an odd UUID version and are kept (row 3).
pub fn is_excused(violation: &Violation, body: &Value) -> bool {
    match violation.keyword.as_str() {
        "minItems" => body.pointer(&violation.pointer).is_some_and(|list| list.as_array().is_some_and(Vec::is_empty)),
        "pattern" => {
            let name = violation.pointer.rsplit('/').next().unwrap_or_default();
            let text = body.pointer(&violation.pointer).and_then(Value::as_str).unwrap_or_default();
            ["identifier", "rubricId", "rubricCriterionId"].contains(&name)
                && uuid::Uuid::try_parse(text).is_ok_and(|uuid| uuid.to_string() == text)
                && !casement::case::status::is_case_uuid(text)
        }
        _ => false,
    }
}

/// Every operation on every object of a stored package.
fn for_each_read(registry: &Registry, id: &str, test: impl Fn(Operation, &str, Shape, &str)) {
    let package: Value = parse(registry.whole().read(Version::V1p1, Operation::Package, id).unwrap());
    for (operation, class, shape, list) in OPERATIONS {
        let objects = match package.pointer(list) {
            Some(Value::Array(all)) => all.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        for object in objects {
            test(*operation, class, *shape, object["identifier"].as_str().expect("every object has one"));
        }
    }
}

fn parse(body: Option<String>) -> Value {
    serde_json::from_str(&body.expect("what the package lists can be read")).expect("a body is JSON")
}

#[test]
fn every_read_of_1_0_is_that_of_1_1_without_what_1_1_added() {
    for fixture in fixtures::all().iter().filter(|fixture| !fixture.packages().is_empty()) {
        for_each_backend(|db| {
            let registry = db.registry();
            let bytes = unpack(fixture.bytes.clone(), u64::MAX).unwrap();
            for applied in import_with(&registry, bytes, &PlanOptions::default()).unwrap() {
                for_each_read(&registry, &applied.identifier, |operation, class, shape, id| {
                    let [old, new] =
                        Version::ALL.map(|version| parse(registry.whole().read(version, operation, id).unwrap()));
                    let mut expect = to_v1p0(class, &new);
                    if operation == Operation::Document {
                        // Each version says where its own package is, unless the input did.
                        let uri = expect["CFPackageURI"]["uri"].as_str().unwrap().to_owned();
                        expect["CFPackageURI"]["uri"] = uri.replace("/ims/case/v1p1/", "/ims/case/v1p0/").into();
                    }
                    assert_eq!(old, expect, "{} {operation:?} {id}", fixture.name);
                    for (version, body) in [(Version::V1p0, &old), (Version::V1p1, &new)] {
                        let found: Vec<_> =
                            violations(version, shape, body).into_iter().filter(|one| !is_excused(one, body)).collect();
                        assert!(found.is_empty(), "{} {version:?} {operation:?} {id}: {found:?}", fixture.name);
                        assert!(!body.to_string().contains(":null"), "{operation:?} {id} holds a null");
                    }
                });
            }
        });
    }
}

#[test]
fn the_reference_framework_leaves_no_operation_out_and_loses_in_each_class() {
    for_each_backend(|db| {
        let registry = db.registry();
        let reference = fixtures::reference();
        let applied = import_with(&registry, reference.bytes.clone(), &PlanOptions::default()).unwrap().remove(0);
        let differing = std::cell::RefCell::new(std::collections::BTreeSet::new());
        for_each_read(&registry, &applied.identifier, |operation, class, _, id| {
            let [old, new] = Version::ALL.map(|version| parse(registry.whole().read(version, operation, id).unwrap()));
            if old != new {
                differing.borrow_mut().insert(class.to_owned());
            }
        });
        let all: std::collections::BTreeSet<String> =
            OPERATIONS.iter().map(|(_, class, _, _)| (*class).to_owned()).collect();
        assert_eq!(differing.into_inner(), all);
    });
}
