//! Every failure in both versions, and what counts as a UUID.

use serde_json::json;

use super::*;
use crate::case::schema::{Shape, violations};

fn every_failure() -> Vec<Failure> {
    let text = || "why".to_owned();
    let mut failures = vec![
        Failure::InvalidSelection { parameter: "fields".to_owned(), description: text() },
        Failure::Unauthorised,
        Failure::Forbidden,
        Failure::UnknownObject,
        Failure::InvalidUuid,
        Failure::UnknownPath,
        Failure::MethodNotAllowed,
        Failure::RequestTimeout,
        Failure::PayloadTooLarge,
        Failure::UnsupportedMediaType,
        Failure::TooManyRequests,
        Failure::Internal,
        Failure::ServerBusy,
    ];
    let statuses = [0, 200, 399, 600, u16::MAX].into_iter().chain(400..600);
    failures.extend(statuses.map(|status| Failure::Other { status, description: text() }));
    failures
}

#[track_caller]
fn check(failure: &Failure, status: u16, reason: &str, v1p0: Option<&str>, v1p1: Option<&str>) {
    assert_eq!((failure.http_status(), failure.reason()), (status, reason));
    for (version, expect) in [(Version::V1p0, v1p0), (Version::V1p1, v1p1)] {
        let minor = failure.body(version).code_minor;
        let found = minor.as_ref().and_then(|minor| minor.fields.first()).map(|field| field.value);
        assert_eq!(found, expect, "{failure:?} {version:?}");
    }
}

#[test]
fn every_body_is_valid_in_both_versions() {
    for failure in every_failure() {
        for version in Version::ALL {
            let body = serde_json::to_value(failure.body(version)).expect("serialises");
            assert_eq!(violations(version, Shape::Error, &body), [], "{failure:?}");
        }
    }
}

#[test]
fn statuses_phrases_and_codes() {
    let same = |code| (Some(code), Some(code));
    let selection = Failure::InvalidSelection { parameter: "sort".to_owned(), description: String::new() };
    let rows = [
        (selection, 400, "Bad Request", same("invalid_selection_field")),
        (Failure::Unauthorised, 401, "Unauthorized", (Some("unauthorisedrequest"), Some("unauthorised_request"))),
        (Failure::Forbidden, 403, "Forbidden", same("forbidden")),
        (Failure::UnknownObject, 404, "Unknown Object", same("unknownobject")),
        (Failure::InvalidUuid, 404, "Invalid UUID", (Some("invaliduuid"), Some("invalid_uuid"))),
        (Failure::UnknownPath, 404, "Unknown Object", same("unknownobject")),
        (Failure::MethodNotAllowed, 405, "Method Not Allowed", (None, None)),
        (Failure::RequestTimeout, 408, "Request Timeout", (None, None)),
        (Failure::PayloadTooLarge, 413, "Content Too Large", (None, None)),
        (Failure::UnsupportedMediaType, 415, "Unsupported Media Type", (None, None)),
        (Failure::TooManyRequests, 429, "Too Many Requests", same("server_busy")),
        (Failure::Internal, 500, "Internal Server Error", same("internal_server_error")),
        (Failure::ServerBusy, 503, "Service Unavailable", same("server_busy")),
    ];
    for (failure, status, reason, (v1p0, v1p1)) in &rows {
        check(failure, *status, reason, *v1p0, *v1p1);
    }
}

#[test]
fn others_are_mapped_by_status() {
    let other = |status| Failure::Other { status, description: "why".to_owned() };
    check(&other(400), 400, "Bad Request", None, None);
    check(&other(404), 404, "Not Found", Some("unknownobject"), Some("unknownobject"));
    check(&other(418), 418, "Bad Request", None, None);
    check(&other(599), 599, "Internal Server Error", None, None);
    let internal = Some("internal_server_error");
    check(&other(200), 500, "Internal Server Error", internal, internal);
    assert_eq!(other(422).body(Version::V1p1).description, "why");
}

#[test]
fn the_digests_example() {
    let body = serde_json::to_value(Failure::InvalidUuid.body(Version::V1p1)).expect("serialises");
    let fields = json!([{"imsx_codeMinorFieldName": "sourcedId", "imsx_codeMinorFieldValue": "invalid_uuid"}]);
    let expect = json!({
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": "Invalid UUID: write the identifier as in 6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d10.",
        "imsx_codeMinor": {"imsx_codeMinorField": fields},
    });
    assert_eq!(body, expect);
}

#[test]
fn a_write_is_unsupported_and_has_no_code() {
    let body = serde_json::to_value(Failure::MethodNotAllowed.body(Version::V1p0)).expect("serialises");
    assert_eq!(body["imsx_codeMajor"], "unsupported");
    assert_eq!(body["imsx_severity"], "error");
    assert_eq!(body.get("imsx_codeMinor"), None);
}

#[test]
fn the_words_the_standard_wants_are_in_the_description() {
    for failure in [Failure::UnknownObject, Failure::InvalidUuid, Failure::UnknownPath] {
        assert!(failure.body(Version::V1p0).description.starts_with(failure.reason()));
    }
}

#[test]
fn a_query_error_names_its_parameter() {
    let error = SelectError { parameter: "filter", description: "invalid_filter_field: x".to_owned() };
    let body = Failure::from(error).body(Version::V1p1);
    let field = &body.code_minor.expect("a code").fields[0];
    assert_eq!((field.name.as_str(), field.value), ("filter", "invalid_selection_field"));
    assert_eq!(body.description, "invalid_filter_field: x");
}

#[test]
fn schema_names_do_not_collide() {
    assert_eq!(StatusInfo::name(), "case.imsx_StatusInfo");
    assert_eq!(CodeMinorField::name(), "case.imsx_CodeMinorField");
}

#[test]
fn uuids() {
    for good in [
        "6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d10",
        "6B1C2F0E-9D57-4C3A-BA51-2F6F0C9B7D10",
        "ffffffff-ffff-1fff-9fff-ffffffffffff",
        "00000000-0000-5000-8000-000000000000",
    ] {
        assert!(is_case_uuid(good), "{good}");
    }
    for bad in [
        "",
        "not-a-uuid",
        "00000000-0000-0000-0000-000000000000",
        "6b1c2f0e-9d57-0c3a-8a51-2f6f0c9b7d10",
        "6b1c2f0e-9d57-6c3a-8a51-2f6f0c9b7d10",
        "6b1c2f0e-9d57-4c3a-7a51-2f6f0c9b7d10",
        "6b1c2f0e-9d57-4c3a-ca51-2f6f0c9b7d10",
        "6b1c2f0e9d574c3a8a512f6f0c9b7d10",
        "6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d1",
        "6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d100",
        "6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d1g",
        "x6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d1",
        "6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7dé",
        "{6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d1}",
    ] {
        assert!(!is_case_uuid(bad), "{bad}");
    }
}
