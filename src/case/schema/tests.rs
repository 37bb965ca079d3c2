//! Every schema of both versions is loaded and made to accept and to refuse.

use serde_json::json;

use super::*;

const ID: &str = "6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d10";
const TIME: &str = "2027-01-05T10:00:00Z";

const SHAPES: [Shape; Shape::COUNT] = [
    Shape::DocumentSet,
    Shape::Document,
    Shape::Package,
    Shape::Item,
    Shape::ItemAssociations,
    Shape::Association,
    Shape::Grouping,
    Shape::ConceptSet,
    Shape::ItemTypeSet,
    Shape::SubjectSet,
    Shape::License,
    Shape::Rubric,
    Shape::Error,
];

fn uri() -> String {
    format!("https://h.example/uri/{ID}")
}

fn link() -> Value {
    json!({"title": "T", "identifier": ID, "uri": uri()})
}

/// `more` laid over the members every class has.
fn object(more: Value) -> Value {
    let mut object = json!({"identifier": ID, "uri": uri(), "lastChangeDateTime": TIME});
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

fn document() -> Value {
    object(json!({"creator": "C", "title": "T", "subject": ["Maths"], "statusStartDate": "2027-07-01"}))
}

fn item() -> Value {
    object(json!({"fullStatement": "Solve.", "educationLevel": ["09"], "CFItemTypeURI": link()}))
}

fn association() -> Value {
    let end = json!({"title": "T", "identifier": "foreign-1", "uri": "urn:x:1"});
    object(
        json!({"associationType": "isChildOf", "sequenceNumber": 1, "originNodeURI": end, "destinationNodeURI": link()}),
    )
}

fn definition() -> Value {
    object(json!({"title": "T", "hierarchyCode": "1", "description": "D"}))
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

/// A valid body of each shape, in both versions.
fn valid(shape: Shape) -> Value {
    match shape {
        Shape::DocumentSet => json!({"CFDocuments": [valid(Shape::Document)]}),
        Shape::Document => with(document(), "CFPackageURI", link()),
        Shape::Package => json!({
            "CFDocument": document(), "CFItems": [item()], "CFAssociations": [association()],
            "CFDefinitions": {"CFSubjects": [definition()], "CFLicenses": []},
            "CFRubrics": [valid(Shape::Rubric)],
        }),
        Shape::Item => with(item(), "CFDocumentURI", link()),
        Shape::ItemAssociations => {
            json!({"CFItem": valid(Shape::Item), "CFAssociations": [association()]})
        }
        Shape::Association => with(association(), "CFDocumentURI", link()),
        Shape::Grouping => object(json!({"title": "T"})),
        Shape::ConceptSet => json!({"CFConcepts": [definition()]}),
        Shape::ItemTypeSet => json!({"CFItemTypes": [definition()]}),
        Shape::SubjectSet => json!({"CFSubjects": [definition()]}),
        Shape::License => object(json!({"title": "T", "licenseText": "L"})),
        Shape::Rubric => object(json!({"CFRubricCriteria": [object(json!({
            "weight": 0.5, "CFRubricCriterionLevels": [object(json!({"score": 1, "position": 1}))],
        }))]})),
        Shape::Error => json!({"imsx_codeMajor": "failure", "imsx_severity": "error"}),
    }
}

/// Checks that there is exactly one violation, of this keyword at this place, in both versions.
#[track_caller]
fn check(shape: Shape, instance: &Value, pointer: &str, keyword: &str) {
    for version in Version::ALL {
        check_version(version, shape, instance, pointer, keyword);
    }
}

#[track_caller]
fn check_version(version: Version, shape: Shape, instance: &Value, pointer: &str, keyword: &str) {
    let found: Vec<_> = violations(version, shape, instance)
        .into_iter()
        .map(|violation| (violation.pointer, violation.keyword))
        .collect();
    assert_eq!(found, [(pointer.to_owned(), keyword.to_owned())], "{version:?}");
}

#[test]
fn every_shape_accepts_a_valid_body() {
    for version in Version::ALL {
        for shape in SHAPES {
            assert_eq!(violations(version, shape, &valid(shape)), [], "{version:?} {shape:?}");
        }
    }
}

#[test]
fn every_shape_is_closed_and_refuses_what_is_no_object() {
    for shape in SHAPES {
        check(shape, &with(valid(shape), "colour", json!("red")), "", "additionalProperties");
        check(shape, &json!([]), "", "type");
    }
}

#[test]
fn null_and_wrong_types() {
    let item = || valid(Shape::Item);
    check(Shape::Item, &with(item(), "notes", Value::Null), "/notes", "type");
    check(Shape::Item, &with(item(), "conceptKeywords", json!("x")), "/conceptKeywords", "type");
    check(Shape::Item, &with(item(), "fullStatement", json!(3)), "/fullStatement", "type");
}

#[test]
fn null_and_wrong_types_inside_a_package() {
    let mut package = valid(Shape::Package);
    package["CFItems"][0]["notes"] = Value::Null;
    check(Shape::Package, &package, "/CFItems/0/notes", "type");
    let mut package = valid(Shape::Package);
    package["CFDocument"]["subject"] = json!("Maths");
    check(Shape::Package, &package, "/CFDocument/subject", "type");
    let mut package = valid(Shape::Package);
    package["CFAssociations"][0]["sequenceNumber"] = json!(1.5);
    check(Shape::Package, &package, "/CFAssociations/0/sequenceNumber", "type");
    check(Shape::Package, &json!({}), "", "required");
}

#[test]
fn package_context_differs_from_standing_alone() {
    let bare = |shape| match shape {
        Shape::Document => document(),
        _ => item(),
    };
    check(Shape::Document, &bare(Shape::Document), "", "required");
    check(Shape::Item, &bare(Shape::Item), "", "required");
    let mut package = valid(Shape::Package);
    package["CFItems"][0]["CFDocumentURI"] = link();
    check(Shape::Package, &package, "/CFItems/0", "additionalProperties");
    // The home document of an association is optional.
    for version in Version::ALL {
        assert_eq!(violations(version, Shape::Association, &association()), []);
    }
}

#[test]
fn patterns_match_the_whole_string() {
    for id in [format!("x{ID}"), format!("{ID}x"), ID.to_uppercase(), format!("{ID}\n"), ID.replace("-4c", "-7c")] {
        check(Shape::Grouping, &with(valid(Shape::Grouping), "identifier", json!(id)), "/identifier", "pattern");
    }
    let typed = |text: &str| with(association(), "associationType", json!(text));
    assert_eq!(violations(Version::V1p1, Shape::Association, &typed("ext:a.b-c_1")), []);
    for bad in ["ext:", "my ext:a b", "ext:a b", "isChildof"] {
        check_version(Version::V1p1, Shape::Association, &typed(bad), "/associationType", "anyOf");
    }
}

#[test]
fn formats_are_asserted() {
    let document = || valid(Shape::Document);
    check(Shape::Document, &with(document(), "statusStartDate", json!("01.07.2027")), "/statusStartDate", "format");
    check(
        Shape::Document,
        &with(document(), "lastChangeDateTime", json!("2027-01-05T10:00:00")),
        "/lastChangeDateTime",
        "format",
    );
    check(Shape::Document, &with(document(), "uri", json!("not a uri")), "/uri", "format");
}

#[test]
fn what_only_the_later_version_has() {
    for (shape, name, value) in [
        (Shape::Document, "frameworkType", json!("CourseCodes")),
        (Shape::Document, "extensions", json!({"a": {"b": [1]}})),
        (Shape::Item, "subject", json!(["Maths"])),
        (Shape::Package, "extensions", json!({})),
        (Shape::Association, "notes", json!("N")),
    ] {
        let body = with(valid(shape), name, value);
        assert_eq!(violations(Version::V1p1, shape, &body), [], "{name}");
        check_version(Version::V1p0, shape, &body, "", "additionalProperties");
    }
    let typed = with(association(), "associationType", json!("isTranslationOf"));
    assert_eq!(violations(Version::V1p1, Shape::Association, &typed), []);
    check_version(Version::V1p0, Shape::Association, &typed, "/associationType", "enum");
}

#[test]
fn each_version_refuses_the_others_spelling_of_codes() {
    let body = |code: &str| {
        let field = json!({"imsx_codeMinorFieldName": "sourcedId", "imsx_codeMinorFieldValue": code});
        with(valid(Shape::Error), "imsx_codeMinor", json!({"imsx_codeMinorField": [field]}))
    };
    let place = "/imsx_codeMinor/imsx_codeMinorField/0/imsx_codeMinorFieldValue";
    for (old, new) in [("invaliduuid", "invalid_uuid"), ("unauthorisedrequest", "unauthorised_request")] {
        assert_eq!(violations(Version::V1p0, Shape::Error, &body(old)), []);
        assert_eq!(violations(Version::V1p1, Shape::Error, &body(new)), []);
        check_version(Version::V1p0, Shape::Error, &body(new), place, "enum");
        check_version(Version::V1p1, Shape::Error, &body(old), place, "enum");
    }
    check(Shape::Error, &body("invalid_filter_field"), place, "enum");
}

#[test]
fn empty_sets_are_violations() {
    check(Shape::DocumentSet, &json!({"CFDocuments": []}), "/CFDocuments", "minItems");
    check(Shape::ConceptSet, &json!({"CFConcepts": []}), "/CFConcepts", "minItems");
    check(
        Shape::ItemAssociations,
        &with(valid(Shape::ItemAssociations), "CFAssociations", json!([])),
        "/CFAssociations",
        "minItems",
    );
}

#[test]
fn an_integer_written_as_a_decimal_is_an_integer() {
    let instance: Value = serde_json::from_str(r#"{"a": 1.0}"#).expect("JSON");
    let body = with(association(), "sequenceNumber", instance["a"].clone());
    for version in Version::ALL {
        assert_eq!(violations(version, Shape::Association, &body), []);
    }
}

#[test]
fn sentences_name_the_fault_and_stay_short() {
    let found = violations(Version::V1p1, Shape::Item, &with(valid(Shape::Item), "colour", json!("red")));
    assert!(found[0].sentence.contains("colour"), "{found:?}");
    let long = with(valid(Shape::Item), "uri", json!("x y".repeat(5000)));
    for violation in violations(Version::V1p0, Shape::Item, &long) {
        assert!(violation.sentence.len() < 300, "{violation:?}");
    }
    let found = violations(Version::V1p0, Shape::Grouping, &json!({}));
    assert_eq!(found.len(), 4, "one for each missing property: {found:?}");
}

#[test]
fn openapi_files_are_json_of_the_right_version() {
    for (version, key, value) in [(Version::V1p0, "swagger", "2.0"), (Version::V1p1, "openapi", "3.0.0")] {
        let parsed: Value = serde_json::from_str(openapi(version)).expect("JSON");
        assert_eq!(parsed[key], value);
        assert_eq!(parsed["paths"].as_object().map(Map::len), Some(12));
    }
}
