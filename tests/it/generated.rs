//! Generated packages survive every way through the program: written and read, stored and
//! published, in both versions, on both databases.

use casement::case::Version;
use casement::case::model::Package;
use casement::case::read::packages;
use casement::case::schema::{Shape, Violation, violations};
use casement::case::v1p1::CFPackage;
use casement::registry::{Operation, PlanOptions, Registry};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::{chain, context, db, downgrade, generate, import_with};

fn write(package: &Package) -> Value {
    serde_json::to_value(CFPackage::from(package)).expect("a package can be written")
}

/// Runs `test` over `cases` generated packages.
pub fn run(cases: u32, test: impl Fn(Package) -> Result<(), TestCaseError> + Send) {
    run_with(cases, generate::package, test);
}

fn run_with<S: Strategy>(
    cases: u32,
    strategy: impl Fn() -> S + Send,
    test: impl Fn(S::Value) -> Result<(), TestCaseError> + Send,
) {
    // No file of failures: what fails is printed, and becomes a test of its own.
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // Generating and shrinking what is nested this deep takes more stack than tests have.
    let outcome = std::thread::scope(|scope| {
        let big = std::thread::Builder::new().stack_size(256 << 20);
        let run = move || TestRunner::new(config).run(&strategy(), test).map_err(|error| error.to_string());
        big.spawn_scoped(scope, run).expect("a thread").join()
    });
    match outcome {
        Ok(outcome) => outcome.unwrap_or_else(|error| panic!("{error}")),
        Err(stopped) => std::panic::resume_unwind(stopped),
    }
}

#[test]
fn what_is_written_is_read_back_the_same_with_nothing_to_say() {
    run(300, |package| {
        let written = serde_json::to_string(&CFPackage::from(&package)).expect("a package can be written");
        let mut readings = packages(written.as_bytes(), &context()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let reading = readings.remove(0);
        prop_assert!(reading.report.entries.is_empty(), "{:#?}", reading.report.entries);
        prop_assert_eq!(reading.package, package);
        Ok(())
    });
}

#[test]
fn what_is_written_is_valid_in_both_versions() {
    run(200, |package| {
        let v1p1 = write(&package);
        for (version, body) in [(Version::V1p0, downgrade::to_v1p0("CFPackage", &v1p1)), (Version::V1p1, v1p1)] {
            let found: Vec<_> = violations(version, Shape::Package, &body)
                .into_iter()
                .filter(|violation| !is_open(violation))
                .collect();
            prop_assert!(found.is_empty(), "{version:?} {found:?}");
        }
        Ok(())
    });
}

#[test]
fn what_is_stored_is_published_the_same_and_importing_it_again_changes_nothing() {
    for db in db::databases() {
        let registry = db.registry();
        run(60, |package| {
            through_the_store(&registry, &package).map_err(|e| TestCaseError::fail(format!("{}: {e}", db.backend)))
        });
    }
}

fn through_the_store(registry: &Registry, package: &Package) -> Result<(), TestCaseError> {
    let failed = |error: &dyn std::error::Error| TestCaseError::fail(chain(error));
    let before = write(package);
    let import = || import_with(registry, before.to_string().into_bytes(), &PlanOptions::default());
    let first = import().map_err(|e| failed(&e))?;
    prop_assert!(first[0].revision.is_some());
    let again = import().map_err(|e| failed(&e))?;
    prop_assert_eq!(again[0].revision, None, "a second import changes something: {:?}", again);

    for version in Version::ALL {
        let wanted = match version {
            Version::V1p0 => downgrade::to_v1p0("CFPackage", &before),
            Version::V1p1 => before.clone(),
        };
        let body = registry.whole().read(version, Operation::Package, package.identifier()).map_err(|e| failed(&e))?;
        let body: Value = serde_json::from_str(&body.expect("it is stored")).expect("a body is JSON");
        prop_assert_eq!(body, wanted, "{:?}", version);
    }
    let undone = registry.undo(package.identifier()).map_err(|e| failed(&e))?;
    prop_assert_eq!(undone.now_at, None);
    Ok(())
}

#[test]
fn bytes_of_any_kind_never_stop_the_reader() {
    let broken = || (generate::package(), any::<prop::sample::Index>(), any::<u8>());
    run_with(300, broken, |(package, at, byte)| {
        let mut bytes = write(&package).to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        // Whatever it says, it says it in words.
        if let Err(error) = packages(&bytes, &context()) {
            prop_assert!(!error.to_string().is_empty());
        }
        Ok(())
    });
}

/// Values that hardly any member takes.
fn wrong() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(Value::from(7)),
        Just(Value::from("x")),
        Just(Value::from("")),
        Just(json!([])),
        Just(json!([1, "a", null])),
        Just(json!({})),
        Just(json!({"title": 1})),
        Just(Value::from(true)),
    ]
}

/// Every member of every object may be anything: the reader still ends with a package that is
/// valid, and with an entry for what it changed.
#[test]
fn members_of_any_type_end_in_a_valid_package() {
    let broken = || (generate::package(), any::<prop::sample::Index>(), wrong());
    run_with(300, broken, |(package, at, wrong)| {
        let mut input = write(&package);
        let places = places(&input);
        let place = &places[at.index(places.len())];
        *input.pointer_mut(place).expect("a place") = wrong;
        let Ok(mut readings) = packages(input.to_string().as_bytes(), &context()) else { return Ok(()) };
        let reading = readings.remove(0);
        let output = write(&reading.package);
        let untold = crate::support::compare::untold("", &input, &output, &reading.report);
        prop_assert!(untold.is_empty(), "{place}: {untold:?}\n{:#?}", reading.report.entries);
        let found: Vec<_> =
            violations(Version::V1p1, Shape::Package, &output).into_iter().filter(|v| !is_open(v)).collect();
        prop_assert!(found.is_empty(), "{place}: {found:?}");
        Ok(())
    });
}

/// The schema of 1.1 allows no number under a key of extensions with exactly one colon (digest
/// 12.7); uris are kept byte for byte, even where they are none (digest 12.2).
fn is_open(violation: &Violation) -> bool {
    violation.pointer.contains("/extensions")
        || violation.keyword == "format" && violation.sentence.ends_with("is not a \"uri\"")
}

/// The pointers of all members outside `extensions`.
fn places(value: &Value) -> Vec<String> {
    fn walk(value: &Value, place: &str, all: &mut Vec<String>) {
        if !place.is_empty() {
            all.push(place.to_owned());
        }
        match value {
            Value::Object(map) => {
                // What is no package at all is in `reader_refusals`.
                for (name, member) in map.iter().filter(|(name, _)| *name != "extensions") {
                    walk(member, &format!("{place}/{name}"), all);
                }
            }
            Value::Array(list) => list.iter().enumerate().for_each(|(n, one)| walk(one, &format!("{place}/{n}"), all)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    walk(value, "", &mut all);
    all.retain(|place| place != "/CFDocument");
    all
}
