//! CTDL-ASN: what is written is read back whole, and what others write is read for what it says.

use casement::case::read::Reading;
use casement::exchange::{self, Format, ctdl_asn, recognise};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generated;
use crate::support::fixtures;
use crate::support::{context, read_one, v1p1};

const REGISTRY: &str = "https://credentialengineregistry.org/resources/ce-";

/// Reads the only framework of a CTDL-ASN document.
#[track_caller]
fn back(document: &Value) -> Reading {
    let (format, mut readings) = exchange::read(document.to_string().as_bytes(), &context()).expect("it can be read");
    assert_eq!((format, readings.len()), (Format::CtdlAsn, 1));
    readings.remove(0)
}

#[test]
fn every_generated_package_comes_back_whole_with_nothing_to_say() {
    generated::run(200, |package| {
        let written = ctdl_asn::write(&package);
        prop_assert_eq!(recognise(written.to_string().as_bytes()), Some(Format::CtdlAsn));
        let reading = back(&written);
        prop_assert!(reading.report.entries.is_empty(), "{:#?}\n{:#}", reading.report.entries, written);
        let mut package = package;
        // A package does not carry it: the server says it.
        package.package_uri = None;
        prop_assert_eq!(reading.package, package);
        Ok(())
    });
}
