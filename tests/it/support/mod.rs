//! What the tests share: databases, fixtures, builders, comparison, the running program.

pub mod app;
pub mod books;
pub mod browser;
pub mod build;
pub mod compare;
pub mod db;
pub mod downgrade;
pub mod exchange;
pub mod fixtures;
pub mod generate;
pub mod layouts;
pub mod saved;
pub mod sheets;
pub mod tables;
pub mod trees;

use casement::case::model::Timestamp;
use casement::case::read::{self, Context, Reading};
use casement::case::v1p1::CFPackage;
use casement::registry::{Applied, PlanOptions, Registry, RegistryError};
use serde_json::Value;

pub use app::{Answer, TestApp, casement, casement_with, encode};
pub use db::{BASE, TestDb, for_each_backend};

/// What a reader supplies in tests.
pub fn context() -> Context {
    Context { base_url: BASE.to_owned(), now: Timestamp::parse("2026-11-21T12:00:00Z").expect("a time") }
}

/// Reads every package of `value`.
#[track_caller]
pub fn read(value: &Value) -> Vec<Reading> {
    read::packages(value.to_string().as_bytes(), &context()).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads the only package of `value`.
#[track_caller]
pub fn read_one(value: &Value) -> Reading {
    let mut all = read(value);
    assert_eq!(all.len(), 1, "one package is expected");
    all.remove(0)
}

/// The package as CASE 1.1 writes it.
pub fn v1p1(reading: &Reading) -> Value {
    serde_json::to_value(CFPackage::from(&reading.package)).expect("a package can be written")
}

/// Plans and applies the import of everything in `bytes`, one package after the other.
pub fn import_with(registry: &Registry, bytes: Vec<u8>, options: &PlanOptions) -> Result<Vec<Applied>, RegistryError> {
    registry.plan(bytes, options)?.into_iter().map(|plan| registry.apply(plan)).collect()
}

/// Imports what has to succeed.
#[track_caller]
pub fn import(registry: &Registry, value: &Value) -> Vec<Applied> {
    let options = PlanOptions { source: "test.json".to_owned(), ..PlanOptions::default() };
    import_with(registry, value.to_string().into_bytes(), &options).unwrap_or_else(|error| panic!("{error}"))
}

/// Imports one package that has to succeed.
#[track_caller]
pub fn import_one(registry: &Registry, value: &Value) -> Applied {
    import(registry, value).pop().expect("one package is applied")
}

/// An error with its causes, as a person sees it.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(one) = cause {
        text.push_str(": ");
        text.push_str(&one.to_string());
        cause = one.source();
    }
    text
}
