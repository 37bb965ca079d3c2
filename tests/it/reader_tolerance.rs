//! Each thing that real files do and the standard does not (digest 16.4, SOURCES.md) is read as
//! meant and told with a severity, a code and the place where it stands.

use casement::case::report::{Entry, Report, Severity};
use serde_json::{Value, json};

use crate::support::build::{CHANGED, Framework, id, link, object, uri};
use crate::support::{read_one, v1p1};

use Severity::{Info, Loss, Warning};

/// Reads a framework with one item, after `change` was made at `pointer`; expects the value at
/// `wanted_at` to be `wanted` and exactly the entries `expect`.
#[track_caller]
fn check(pointer: &str, change: Value, wanted_at: &str, wanted: Value, expect: &[(Severity, &str, &str)]) {
    let mut package = everything();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let holder = package.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}"));
    match holder {
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = change,
        holder => holder[name] = change,
    }
    let reading = read_one(&package);
    let written = v1p1(&reading);
    assert_eq!(written.pointer(wanted_at).cloned().unwrap_or_default(), wanted, "at {wanted_at}");
    assert_entries(&reading.report, expect);
}

#[track_caller]
fn assert_entries(report: &Report, expect: &[(Severity, &str, &str)]) {
    let mut found: Vec<(Severity, &str, &str)> =
        report.entries.iter().map(|entry| (entry.severity, entry.code.as_str(), entry.place.as_str())).collect();
    let mut expect = expect.to_vec();
    // Which of two entries comes first says nothing.
    found.sort_unstable();
    expect.sort_unstable();
    assert_eq!(found, expect, "{:#?}", report.entries);
}

/// A package with an object of every class, and nothing to complain of.
fn everything() -> Value {
    let level = object("level", json!({"quality": "good", "score": 1.5, "position": 1}));
    let criterion = object("criterion", json!({"category": "c", "weight": 2, "CFRubricCriterionLevels": [level]}));
    let rubric = object("rubric", json!({"title": "r", "CFRubricCriteria": [criterion]}));
    Framework::new("f")
        .item("i", json!({}))
        .item("j", json!({}))
        .under("i", "f", 1)
        .define("CFItemTypes", "type", json!({"description": "d", "hierarchyCode": "1"}))
        .define("CFConcepts", "concept", json!({"hierarchyCode": "1"}))
        .define("CFSubjects", "subject", json!({"hierarchyCode": "1"}))
        .define("CFLicenses", "license", json!({"licenseText": "t"}))
        .define("CFAssociationGroupings", "grouping", json!({}))
        .set("CFRubrics", json!([rubric]))
        .json
}

#[test]
fn a_clean_package_says_nothing() {
    let package = everything();
    let reading = read_one(&package);
    assert_entries(&reading.report, &[]);
    assert_eq!(v1p1(&reading), package);
}

#[test]
fn null_is_absent_in_every_place() {
    let places = [
        "/CFDocument/publisher",
        "/CFDocument/subject",
        "/CFDocument/licenseURI",
        "/CFDocument/extensions",
        "/CFDocument/CFPackageURI",
        "/CFItems/0/notes",
        "/CFItems/0/educationLevel",
        "/CFItems/0/CFItemTypeURI",
        "/CFItems/0/subjectURI",
        "/CFItems/0/statusEndDate",
        "/CFAssociations/0/sequenceNumber",
        "/CFAssociations/0/CFAssociationGroupingURI",
        "/CFDefinitions/CFItemTypes/0/typeCode",
        "/CFDefinitions/CFConcepts/0/keywords",
        "/CFRubrics/0/description",
        "/CFRubrics/0/CFRubricCriteria/0/weight",
        "/CFRubrics/0/CFRubricCriteria/0/CFRubricCriterionLevels/0/position",
        "/extensions",
    ];
    for place in places {
        check(place, Value::Null, place, Value::Null, &[(Info, "null-as-absent", place)]);
    }
    let place = "/CFDefinitions/CFConcepts";
    check(place, Value::Null, place, Value::Null, &[(Info, "null-as-absent", place)]);
    check("/CFDefinitions", Value::Null, "/CFDefinitions", Value::Null, &[(Info, "null-as-absent", "/CFDefinitions")]);
    check(
        "/CFItems/0/conceptKeywords",
        json!(["a", null, "b"]),
        "/CFItems/0/conceptKeywords",
        json!(["a", "b"]),
        &[(Info, "null-as-absent", "/CFItems/0/conceptKeywords/1")],
    );
}

#[test]
fn a_text_stands_for_a_list() {
    for name in ["educationLevel", "conceptKeywords", "subject"] {
        let place = format!("/CFItems/0/{name}");
        let expect: &[_] = &[(Info, "list-from-text", place.as_str())];
        check(&place, json!("KG, 01,,02 "), &place, json!(["KG", "01", "02"]), expect);
        check(&place, json!(""), &place, json!([]), expect);
        check(&place, json!(9), &place, json!(["9"]), expect);
    }
    check(
        "/CFDocument/subject",
        json!("Math"),
        "/CFDocument/subject",
        json!(["Math"]),
        &[(Info, "list-from-text", "/CFDocument/subject")],
    );
    check(
        "/CFItems/0/subject",
        json!(["a", 5, {"b": 1}]),
        "/CFItems/0/subject",
        json!(["a", "5"]),
        &[(Info, "text-from-number", "/CFItems/0/subject/1"), (Loss, "wrong-type", "/CFItems/0/subject/2")],
    );
}

#[test]
fn a_number_or_a_list_stands_for_a_text() {
    let place = "/CFItems/0/humanCodingScheme";
    check(place, json!(1.10), place, json!("1.1"), &[(Info, "text-from-number", place)]);
    check(place, json!(true), place, json!("true"), &[(Info, "text-from-number", place)]);
    check(place, json!(["A", "B"]), place, json!("A, B"), &[(Warning, "text-from-list", place)]);
    check(place, json!({"a": 1}), place, Value::Null, &[(Loss, "wrong-type", place)]);
}

#[test]
fn numbers_are_read_from_any_spelling_and_range_is_kept() {
    let place = "/CFAssociations/0/sequenceNumber";
    for (given, wanted) in
        [(json!("3"), json!(3)), (json!(3.0), json!(3)), (json!("-2"), json!(-2)), (json!(" 7 "), json!(7))]
    {
        check(place, given, place, wanted, &[(Info, "number-from-text", place)]);
    }
    for wrong in [json!(2_147_483_648_u64), json!(1.5), json!("first"), json!([1]), json!("")] {
        check(place, wrong, place, Value::Null, &[(Loss, "wrong-type", place)]);
    }
    let weight = "/CFRubrics/0/CFRubricCriteria/0/weight";
    check(weight, json!("2.50"), weight, serde_json::from_str("2.50").unwrap(), &[(Info, "number-from-text", weight)]);
    check(weight, json!("heavy"), weight, Value::Null, &[(Loss, "wrong-type", weight)]);
}

#[test]
fn dates_lose_their_time_and_times_gain_a_zone() {
    let start = "/CFItems/0/statusStartDate";
    check(start, json!("2020-07-01T00:00:00Z"), start, json!("2020-07-01"), &[(Info, "date-repaired", start)]);
    check(start, json!("soon"), start, Value::Null, &[(Loss, "date-unreadable", start)]);
    check(
        start,
        json!(20200701),
        start,
        Value::Null,
        &[(Info, "text-from-number", start), (Loss, "date-unreadable", start)],
    );
    let time = "/CFItems/0/lastChangeDateTime";
    check(
        time,
        json!("2016-09-28T21:43:01"),
        time,
        json!("2016-09-28T21:43:01+00:00"),
        &[(Info, "date-repaired", time)],
    );
    check(
        time,
        json!("2016-09-28T21:43:01.120-0500"),
        time,
        json!("2016-09-28T21:43:01.120-05:00"),
        &[(Info, "date-repaired", time)],
    );
    check(
        time,
        json!("once"),
        time,
        json!(CHANGED),
        &[(Loss, "date-unreadable", time), (Warning, "time-assumed", time)],
    );
}

/// What passes for a date or a time must be one that the official schemas accept too.
#[test]
fn almost_dates_are_repaired_or_left_out() {
    for almost in ["2020- 1- 1", "+202-01-01", "-202-01-01", "2020-1-01 "] {
        let mut package = everything();
        package["CFItems"][0]["statusStartDate"] = json!(almost);
        let reading = read_one(&package);
        let written = v1p1(&reading);
        let violations = casement::case::schema::violations(
            casement::case::Version::V1p1,
            casement::case::schema::Shape::Package,
            &written,
        );
        assert!(violations.is_empty(), "{almost:?} is written: {violations:?}");
        assert!(!reading.report.entries.is_empty(), "{almost:?} is not reported");
    }
}

/// A uri that is none is kept (digest 12.2), but strict clients will refuse it: somebody has to know.
#[test]
fn a_uri_that_is_none_is_told_and_never_written() {
    for (place, given, expect) in [
        ("/CFItems/0/uri", "not a uri", None),
        ("/CFAssociations/0/originNodeURI/uri", "not a uri", None),
        ("/CFItems/0/uri", "https://h.example/a b", Some("https://h.example/a%20b")),
        ("/CFDocument/officialSourceURL", "www.example.org/standards", Some("https://www.example.org/standards")),
    ] {
        let mut package = everything();
        let (parent, name) = place.rsplit_once('/').unwrap();
        package.pointer_mut(parent).unwrap()[name] = json!(given);
        let reading = read_one(&package);
        let output = v1p1(&reading);
        let written = output.pointer(place).and_then(Value::as_str).unwrap().to_owned();
        assert!(written.contains("://") && !written.contains(' '), "{place}: {written}");
        assert!(expect.is_none_or(|expect| written == expect), "{place}: {written}");
        let told =
            |entry: &&Entry| entry.place == place && entry.original.as_deref() == Some(&json!(given).to_string());
        assert!(reading.report.entries.iter().any(|entry| told(&entry)), "{place}: nothing is told");
    }
}

#[test]
fn links_are_completed() {
    let place = "/CFItems/0/CFItemTypeURI";
    let whole = json!({"title": "type", "identifier": id("type"), "uri": uri("type")});
    check(
        place,
        json!(uri("type")),
        place,
        whole.clone(),
        &[
            (Warning, "link-from-text", place),
            (Warning, "link-completed", "/CFItems/0/CFItemTypeURI/identifier"),
            (Info, "link-completed", "/CFItems/0/CFItemTypeURI/title"),
        ],
    );
    check(
        place,
        json!({"identifier": id("type")}),
        place,
        whole.clone(),
        &[
            (Warning, "link-completed", "/CFItems/0/CFItemTypeURI/uri"),
            (Info, "link-completed", "/CFItems/0/CFItemTypeURI/title"),
        ],
    );
    check(
        place,
        json!({"identifier": id("type"), "uri": null, "title": "type"}),
        place,
        whole.clone(),
        &[
            (Info, "null-as-absent", "/CFItems/0/CFItemTypeURI/uri"),
            (Warning, "link-completed", "/CFItems/0/CFItemTypeURI/uri"),
        ],
    );
    check(place, json!([whole]), place, whole.clone(), &[(Info, "link-from-list", place)]);
    check(place, json!([whole, link("concept")]), place, whole, &[(Loss, "link-from-list", place)]);
    check(place, json!({"title": "type"}), place, Value::Null, &[(Loss, "link-empty", place)]);
    check(place, json!(""), place, Value::Null, &[(Loss, "wrong-type", place)]);
    check(place, json!(17), place, Value::Null, &[(Loss, "wrong-type", place)]);
    let list = "/CFItems/0/subjectURI";
    check(list, link("subject"), list, json!([link("subject")]), &[(Info, "list-from-link", list)]);
}

#[test]
fn a_link_keeps_what_a_link_has_no_place_for_only_in_the_report() {
    let mut given = link("type");
    given["targetType"] = json!("CASE");
    given["x"] = json!(1);
    check(
        "/CFItems/0/CFItemTypeURI",
        given,
        "/CFItems/0/CFItemTypeURI",
        link("type"),
        &[
            (Loss, "unknown-property", "/CFItems/0/CFItemTypeURI/targetType"),
            (Loss, "unknown-property", "/CFItems/0/CFItemTypeURI/x"),
        ],
    );
}

#[test]
fn ends_of_associations_may_be_bare_or_elsewhere() {
    let end = "/CFAssociations/0/originNodeURI";
    let item = json!({"title": "i", "identifier": id("i"), "uri": uri("i")});
    check(
        end,
        json!(uri("i")),
        end,
        item.clone(),
        &[
            (Warning, "link-from-text", end),
            (Warning, "link-completed", "/CFAssociations/0/originNodeURI/identifier"),
            (Info, "link-completed", "/CFAssociations/0/originNodeURI/title"),
        ],
    );
    check(
        end,
        json!({"identifier": id("i"), "uri": uri("i")}),
        end,
        item,
        &[(Info, "link-completed", "/CFAssociations/0/originNodeURI/title")],
    );
    for elsewhere in [
        json!({"title": "t", "identifier": "S1143", "uri": "urn:case:S1143"}),
        json!({"title": "t", "identifier": "local:7", "uri": "local:7", "targetType": "ext:x"}),
        json!({"title": "t", "identifier": id("not here"), "uri": uri("not here"), "targetType": "CASE"}),
    ] {
        check(end, elsewhere.clone(), end, elsewhere, &[]);
    }
    let mut odd = link("i");
    odd["targetType"] = json!("Skill 1");
    let mut read = odd.clone();
    read["targetType"] = json!("ext:Skill_1");
    check(end, odd, end, read, &[(Warning, "target-type", "/CFAssociations/0/originNodeURI/targetType")]);
    check(end, Value::Null, "/CFAssociations", json!([]), &[(Loss, "association-without-end", "/CFAssociations/0")]);
    check(
        end,
        json!({"title": "nowhere"}),
        "/CFAssociations",
        json!([]),
        &[(Loss, "association-without-end", "/CFAssociations/0")],
    );
}

#[test]
fn association_types_are_recognised_or_become_extensions() {
    let place = "/CFAssociations/0/associationType";
    for (given, wanted) in [("Is Child Of", "isChildOf"), ("ISPEEROF", "isPeerOf"), ("covers it", "ext:covers_it")] {
        check(place, json!(given), place, json!(wanted), &[(Warning, "association-type", place)]);
    }
    for kept in ["isTranslationOf", "ext:covers"] {
        check(place, json!(kept), place, json!(kept), &[]);
    }
    let origin = "/CFAssociations/0/originNodeURI/identifier";
    check(place, json!("isParentOf"), origin, json!(id("f")), &[(Warning, "association-type", place)]);
    check(
        place,
        Value::Null,
        place,
        json!("isRelatedTo"),
        &[(Info, "null-as-absent", place), (Warning, "required-filled", place)],
    );
}

#[test]
fn required_members_are_filled_in() {
    let filled = |place, wanted: &str| check_missing(place, json!(wanted));
    filled("/CFDocument/title", "Untitled framework");
    filled("/CFDocument/creator", "Unknown");
    filled("/CFItems/0/fullStatement", "i");
    filled("/CFDefinitions/CFItemTypes/0/description", "type");
    filled("/CFDefinitions/CFItemTypes/0/hierarchyCode", "1");
    filled("/CFDefinitions/CFConcepts/0/hierarchyCode", "1");
    filled("/CFDefinitions/CFSubjects/0/hierarchyCode", "1");
    filled("/CFDefinitions/CFLicenses/0/licenseText", "license");
    filled("/CFDefinitions/CFAssociationGroupings/0/title", &id("grouping"));
}

/// Takes the member at `place` away and expects `wanted` in its stead, told as filled in.
#[track_caller]
fn check_missing(place: &str, wanted: Value) {
    let mut package = everything();
    let (parent, name) = place.rsplit_once('/').unwrap();
    package.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    let reading = read_one(&package);
    assert_eq!(v1p1(&reading).pointer(place), Some(&wanted), "{place}");
    let codes = [(Warning, "required-filled", place)];
    let entries: Vec<_> =
        reading.report.entries.iter().map(|e| (e.severity, e.code.as_str(), e.place.as_str())).collect();
    assert_eq!(entries, codes);
}

#[test]
fn a_publisher_stands_in_for_the_creator() {
    let mut package = everything();
    package["CFDocument"]["publisher"] = json!("Board");
    package["CFDocument"].as_object_mut().unwrap().remove("creator");
    assert_eq!(read_one(&package).package.document.creator, "Board");
}

#[test]
fn empty_and_missing_lists_are_fine() {
    for definitions in [json!([]), json!([{}])] {
        let mut package = everything();
        package["CFDefinitions"] = definitions;
        let reading = read_one(&package);
        assert_entries(&reading.report, &[(Info, "object-from-list", "/CFDefinitions")]);
    }
    let mut package = everything();
    for name in ["CFItems", "CFAssociations", "CFDefinitions", "CFRubrics"] {
        package.as_object_mut().unwrap().remove(name);
    }
    let reading = read_one(&package);
    assert_entries(&reading.report, &[]);
    let wanted = json!({"CFDocument": package["CFDocument"], "CFItems": [], "CFAssociations": []});
    assert_eq!(v1p1(&reading), wanted);
    check("/CFItems", json!("none"), "/CFItems", json!([]), &[(Loss, "wrong-type", "/CFItems")]);
    check("/CFItems/1", json!("none"), "/CFItems/1", Value::Null, &[(Loss, "wrong-type", "/CFItems/1")]);
    check("/CFDefinitions", json!("none"), "/CFDefinitions", Value::Null, &[(Loss, "wrong-type", "/CFDefinitions")]);
}

#[test]
fn a_single_object_stands_for_a_list() {
    let item = everything()["CFItems"][0].clone();
    check("/CFItems", item.clone(), "/CFItems", json!([item]), &[(Info, "list-from-object", "/CFItems")]);
}

#[test]
fn extensions_are_kept_verbatim_or_reshaped() {
    let given = json!({"a": {"b": [1, null, "x"]}, "v.n": 1, "x:y": false});
    for place in ["/extensions", "/CFDocument/extensions", "/CFItems/0/extensions", "/CFDefinitions/extensions"] {
        check(place, given.clone(), place, given.clone(), &[]);
    }
    let level = "/CFRubrics/0/CFRubricCriteria/0/CFRubricCriterionLevels/0/extensions";
    check(level, json!([given]), level, json!([given]), &[]);
    check(level, given.clone(), level, json!([given]), &[(Info, "extensions-reshaped", level)]);
    let item = "/CFItems/0/extensions";
    check(item, json!([given]), item, given.clone(), &[(Info, "extensions-reshaped", item)]);
    check(item, json!([given, given]), item, Value::Null, &[(Loss, "wrong-type", item)]);
    check(item, json!("x"), item, Value::Null, &[(Loss, "wrong-type", item)]);
}

#[test]
fn unknown_and_misspelt_properties() {
    check(
        "/CFItems/0/archived",
        json!({"by": "x"}),
        "/CFItems/0/archived",
        Value::Null,
        &[(Loss, "unknown-property", "/CFItems/0/archived")],
    );
    check("/_open~salt", json!(1), "/CFRubrics/0/title", json!("r"), &[(Loss, "unknown-property", "/_open~0salt")]);
    check(
        "/CFItems/0/educationalLevel",
        json!(["KG"]),
        "/CFItems/0/educationLevel",
        json!(["KG"]),
        &[(Info, "property-renamed", "/CFItems/0/educationalLevel")],
    );
    check(
        "/CFItems/0/Notes",
        json!("n"),
        "/CFItems/0/notes",
        json!("n"),
        &[(Info, "property-renamed", "/CFItems/0/Notes")],
    );
    // The right name wins; the other one is not silently dropped.
    check(
        "/CFItems/0/HumanCodingScheme",
        json!("other"),
        "/CFItems/0/humanCodingScheme",
        json!("i"),
        &[(Loss, "unknown-property", "/CFItems/0/HumanCodingScheme")],
    );
}

#[test]
fn only_one_case_version_can_be_stated() {
    let place = "/CFDocument/caseVersion";
    check(place, json!("1.1"), place, json!("1.1"), &[]);
    check(place, json!("1.0"), place, Value::Null, &[(Info, "case-version", place)]);
    check(place, json!("2.0"), place, Value::Null, &[(Loss, "case-version", place)]);
}
