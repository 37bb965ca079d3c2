//! Import and export again: every fixture comes out of both databases property by property as it
//! went in, but for what the reader told.

use casement::case::Version;
use casement::registry::{Operation, Registry, RegistryError};
use serde_json::Value;

use crate::support::compare::assert_told;
use crate::support::fixtures::{self, Fixture};
use crate::support::{BASE, context, for_each_backend, import_with};
use casement::case::read::packages;
use casement::registry::{PlanOptions, unpack};

/// The package with its document's CFPackageURI, which only the document read has.
pub fn exported(registry: &Registry, id: &str) -> Value {
    let body = |operation| -> Value {
        let body =
            registry.whole().read(Version::V1p1, operation, id).expect("the store can be read").expect("it is stored");
        serde_json::from_str(&body).expect("a body is JSON")
    };
    let mut package = body(Operation::Package);
    package["CFDocument"]["CFPackageURI"] = body(Operation::Document)["CFPackageURI"].clone();
    package
}

fn check(registry: &Registry, fixture: &Fixture) {
    let bytes = unpack(fixture.bytes.clone(), u64::MAX).expect("a fixture can be unpacked");
    let readings = packages(&bytes, &context()).expect("a fixture with packages can be read");
    import_with(registry, bytes, &PlanOptions::default()).unwrap_or_else(|error| panic!("{}: {error}", fixture.name));
    for (reading, (place, input)) in readings.iter().zip(fixture.packages()) {
        let id = reading.package.identifier();
        let mut output = exported(registry, id);
        if input["CFDocument"].get("CFPackageURI").is_none_or(Value::is_null) {
            // Not said by the input: the server's own address of the package.
            let link = output["CFDocument"].as_object_mut().unwrap().remove("CFPackageURI").unwrap();
            assert_eq!(link["uri"], format!("{BASE}/ims/case/v1p1/CFPackages/{id}"));
            assert_eq!(link["identifier"], id);
        }
        assert_told(&fixture.name, &place, input, &output, &reading.report);
    }
}

#[test]
fn every_fixture_comes_out_as_it_went_in() {
    for fixture in fixtures::all().iter().filter(|fixture| !fixture.packages().is_empty()) {
        for_each_backend(|db| check(&db.registry(), fixture));
    }
}

#[test]
fn the_reference_framework_comes_out_byte_for_byte_of_every_object() {
    let reference = fixtures::reference();
    for_each_backend(|db| {
        let registry = db.registry();
        import_with(&registry, reference.bytes.clone(), &PlanOptions::default()).unwrap();
        let id = reference.json["CFDocument"]["identifier"].as_str().unwrap();
        let body = registry.whole().read(Version::V1p1, Operation::Package, id).unwrap().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), reference.json);
    });
}

#[test]
fn importing_any_fixture_again_changes_nothing() {
    for fixture in fixtures::all().iter().filter(|fixture| !fixture.packages().is_empty()) {
        for_each_backend(|db| {
            let registry = db.registry();
            let bytes = unpack(fixture.bytes.clone(), u64::MAX).unwrap();
            import_with(&registry, bytes.clone(), &PlanOptions::default()).unwrap();
            let again = import_with(&registry, bytes, &PlanOptions::default()).unwrap();
            for applied in again {
                assert_eq!(applied.revision, None, "{} on {}: {applied:?}", fixture.name, db.backend);
                assert_eq!((applied.added, applied.changed, applied.moved, applied.deleted), (0, 0, 0, 0));
                assert!(applied.unchanged > 0);
            }
        });
    }
}

/// An object whose time and uri the input does not give keeps those it got first, whenever and
/// wherever it is read again.
#[test]
fn what_was_supplied_stays_the_same() {
    let mut package = crate::support::build::Framework::with_items("f", 3).json;
    for place in ["/CFDocument", "/CFItems/0", "/CFAssociations/1"] {
        let object = package.pointer_mut(place).unwrap().as_object_mut().unwrap();
        object.remove("lastChangeDateTime");
        object.remove("uri");
    }
    for_each_backend(|db| {
        let first = db.registry();
        let id = crate::support::import_one(&first, &package).identifier;
        let before = exported(&first, &id);
        let moved = Registry::new(db.store(), "https://moved.test/");
        let again = crate::support::import_one(&moved, &package);
        assert_eq!(again.revision, None, "{}: {again:?}", db.backend);
        assert_eq!(
            moved
                .whole()
                .read(Version::V1p1, Operation::Package, &id)
                .unwrap()
                .map(|b| serde_json::from_str::<Value>(&b).unwrap()),
            {
                let mut package = before.clone();
                package["CFDocument"].as_object_mut().unwrap().remove("CFPackageURI");
                Some(package)
            }
        );
    });
}

#[test]
fn packed_input_is_the_same_input() {
    let plain = crate::support::build::Framework::with_items("f", 2).bytes();
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, &plain).unwrap();
        encoder.finish().unwrap()
    };
    let zstd = zstd::encode_all(plain.as_slice(), 3).unwrap();
    for_each_backend(|db| {
        let registry = db.registry();
        for (packed, expect) in [(plain.clone(), true), (gzip.clone(), false), (zstd.clone(), false)] {
            let applied = import_with(&registry, unpack(packed, 1 << 20).unwrap(), &PlanOptions::default()).unwrap();
            assert_eq!(applied[0].revision.is_some(), expect);
        }
    });
}

#[test]
fn a_list_of_documents_is_refused_and_nothing_is_written() {
    let list = fixtures::named("sbac-cfdocuments-list.json");
    for_each_backend(|db| {
        let registry = db.registry();
        let refused = import_with(&registry, list.bytes.clone(), &PlanOptions::default());
        assert!(matches!(refused, Err(RegistryError::Read(_))), "{refused:?}");
        assert!(registry.whole().frameworks().unwrap().is_empty());
    });
}
