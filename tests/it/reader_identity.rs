//! Identifiers, uris and times: what is kept, what is normalised, what is minted, and that the
//! same input always gets the same (digest 12.1, 12.2, 16.4).

use casement::case::model::Class;
use casement::case::report::Severity;
use casement::case::status::is_case_uuid;
use serde_json::{Value, json};

use crate::support::build::{Framework, id, link, object, uri};
use crate::support::{BASE, read, read_one, v1p1};

/// A framework whose only item has `identifier`; returns the item's and the entry told of it.
#[track_caller]
fn check(identifier: &str, expect: &str, told: Option<(Severity, &str)>) {
    let package = Framework::new("f").item("i", json!({"identifier": identifier})).json;
    let reading = read_one(&package);
    assert_eq!(reading.package.items[0].identity.identifier, expect, "{identifier}");
    let entries: Vec<_> = reading.report.entries.iter().map(|e| (e.severity, e.code.as_str())).collect();
    assert_eq!(entries, told.into_iter().collect::<Vec<_>>(), "{identifier}");
    for entry in &reading.report.entries {
        assert_eq!(entry.place, "/CFItems/0/identifier");
        assert_eq!(entry.original, Some(json!(identifier).to_string()));
    }
}

#[test]
fn identifiers_are_published_in_lower_case_and_uuid_form() {
    let proper = id("i");
    check(&proper, &proper, None);
    let normalised = Some((Severity::Info, "identifier-normalised"));
    check(&proper.to_uppercase(), &proper, normalised);
    check(&format!("{{{proper}}}"), &proper, normalised);
    check(&format!("urn:uuid:{proper}"), &proper, normalised);
    check(&format!(" {proper} "), &proper, normalised);
    check(&proper.replace('-', ""), &proper, normalised);
}

#[test]
fn odd_uuid_versions_are_kept() {
    let odd = Some((Severity::Warning, "identifier-version"));
    for version in ['0', '6', '7', '8'] {
        let mut text = id("i");
        text.replace_range(14..15, &version.to_string());
        check(&text, &text, odd);
        check(&text.to_uppercase(), &text, odd);
    }
    let mut variant = id("i");
    variant.replace_range(19..20, "0");
    check(&variant, &variant, odd);
}

#[test]
fn other_identifiers_are_replaced_for_good_and_still_known() {
    let received = "http://purl.org/ASN/resources/S114340B";
    let package = Framework::new("f").item("i", json!({"identifier": received})).json;
    let first = read_one(&package);
    let made = first.package.items[0].identity.identifier.clone();
    assert!(is_case_uuid(&made), "{made}");
    check(received, &made, Some((Severity::Warning, "identifier-replaced")));
    assert_eq!(first.replaced_identifiers, [(received.to_owned(), Class::Item, made)]);
}

#[test]
fn links_follow_a_replaced_identifier_and_leave_foreign_ones_alone() {
    let received = "S1";
    let end = json!({"title": "i", "identifier": received, "uri": uri("i")});
    let foreign = json!({"title": "x", "identifier": "S2", "uri": "https://asn.example/S2"});
    let mut framework =
        Framework::new("f").item("i", json!({"identifier": received})).associate("i", "isChildOf", "f", json!({}));
    framework.json["CFAssociations"][0]["originNodeURI"] = end;
    framework.json["CFAssociations"][0]["destinationNodeURI"] = foreign.clone();
    let reading = read_one(&framework.json);
    let association = &v1p1(&reading)["CFAssociations"][0];
    assert_eq!(association["originNodeURI"]["identifier"], reading.package.items[0].identity.identifier.as_str());
    assert_eq!(association["destinationNodeURI"], foreign);
    let places: Vec<_> = reading.report.entries.iter().map(|e| (e.code.as_str(), e.place.as_str())).collect();
    assert_eq!(
        places,
        [
            ("identifier-replaced", "/CFItems/0/identifier"),
            ("identifier-replaced", "/CFAssociations/0/originNodeURI/identifier"),
        ]
    );
}

#[test]
fn a_missing_identifier_comes_from_the_uri_or_is_made_the_same_each_time() {
    let from_uri = Framework::new("f").item("i", json!({"identifier": null})).json;
    assert_eq!(read_one(&from_uri).package.items[0].identity.identifier, id("i"));

    let nothing = Framework::new("f").item("i", json!({"identifier": null, "uri": null})).json;
    let (first, again) = (read_one(&nothing), read_one(&nothing));
    assert_eq!(first.package, again.package);
    let identity = &first.package.items[0].identity;
    assert!(is_case_uuid(&identity.identifier));
    assert_eq!(identity.uri, format!("{BASE}/uri/{}", identity.identifier));
    assert_eq!(first.minted_uris, [(Class::Item, identity.identifier.clone())]);
    let entries: Vec<_> =
        first.report.entries.iter().map(|e| (e.severity, e.code.as_str(), e.place.as_str())).collect();
    assert_eq!(
        entries,
        [
            (Severity::Warning, "identifier-minted", "/CFItems/0/identifier"),
            (Severity::Warning, "uri-minted", "/CFItems/0/uri"),
        ]
    );
}

/// An object without an identifier must not depend on how its file was packed up.
#[test]
fn a_minted_identifier_does_not_depend_on_the_wrapper() {
    let criterion = json!({"category": "c"});
    let rubric = object("r", json!({"CFRubricCriteria": [criterion]}));
    let package = Framework::new("f").set("CFRubrics", json!([rubric])).json;
    let bare = read(&package).remove(0).package;
    for packed in [json!([package]), json!({"CFPackage": package}), json!([{"CFPackage": package}])] {
        assert_eq!(read(&packed).remove(0).package, bare);
    }
}

/// Two items that say the same are still two items: nothing may swallow one without a loss.
#[test]
fn items_without_identifiers_are_not_merged_silently() {
    let same = || json!({"fullStatement": "Other", "lastChangeDateTime": "2026-01-02T03:04:05Z"});
    let mut framework = Framework::new("f");
    framework.list("CFItems").extend([same(), same()]);
    let reading = read_one(&framework.json);
    let lost = reading.report.count(Severity::Loss);
    assert!(reading.package.items.len() == 2 || lost > 0, "{:#?}", reading.report.entries);
}

#[test]
fn a_missing_uri_is_minted_for_every_class() {
    let mut package = crate::support::fixtures::reference().json.clone();
    strip(&mut package, "uri");
    let reading = read_one(&package);
    let classes: std::collections::BTreeSet<Class> = reading.minted_uris.iter().map(|(class, _)| *class).collect();
    let expect: std::collections::BTreeSet<Class> =
        Class::ALL.into_iter().filter(|class| *class != Class::Package).collect();
    assert_eq!(classes, expect);
    for (class, id) in &reading.minted_uris {
        assert!(v1p1(&reading).to_string().contains(&format!("{BASE}/uri/{id}")), "{class} {id}");
    }
}

/// Takes a member away from every object that has its own lastChangeDateTime.
fn strip(value: &mut Value, name: &str) {
    match value {
        Value::Object(map) => {
            if map.contains_key("lastChangeDateTime") {
                map.remove(name);
            }
            map.values_mut().for_each(|value| strip(value, name));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| strip(value, name)),
        _ => {}
    }
}

#[test]
fn a_missing_time_is_the_frameworks_and_the_frameworks_is_now() {
    let mut framework = Framework::new("f").item("i", json!({"lastChangeDateTime": null}));
    let reading = read_one(&framework.json);
    assert_eq!(reading.package.items[0].identity.last_change, *reading.package.document.last_change());
    assert_eq!(reading.assumed_times, [(Class::Item, id("i"))]);
    framework = framework.document(json!({"lastChangeDateTime": null}));
    let reading = read_one(&framework.json);
    assert_eq!(*reading.package.document.last_change(), crate::support::context().now);
    let entries: Vec<_> = reading.report.entries.iter().map(|e| (e.code.as_str(), e.place.as_str())).collect();
    assert_eq!(
        entries,
        [("time-assumed", "/CFDocument/lastChangeDateTime"), ("time-assumed", "/CFItems/0/lastChangeDateTime"),]
    );
}

#[test]
fn of_objects_with_one_identifier_the_last_is_kept() {
    let framework =
        Framework::new("f").item("i", json!({})).item("j", json!({})).item("i", json!({"fullStatement": "later"}));
    let reading = read_one(&framework.json);
    let mut statements: Vec<_> = reading.package.items.iter().map(|item| item.full_statement.as_str()).collect();
    statements.sort_unstable();
    assert_eq!(statements, ["Statement of j", "later"]);
    let entries: Vec<_> = reading.report.entries.iter().map(|e| (e.severity, e.code.as_str())).collect();
    assert_eq!(entries, [(Severity::Loss, "duplicate-identifier")]);
    assert!(reading.report.entries[0].place.starts_with("/CFItems"));

    let equal = Framework::new("f").item("i", json!({})).item("i", json!({}));
    let reading = read_one(&equal.json);
    assert_eq!(reading.package.items.len(), 1);
    assert_eq!(reading.report.count(Severity::Loss), 0);
    assert_eq!(reading.report.entries[0].code, "duplicate-identifier");
}

#[test]
fn duplicates_in_every_list_are_told() {
    for (list, name, members) in [
        (
            "/CFAssociations",
            "a",
            json!({"associationType": "isPeerOf", "originNodeURI": link("x"), "destinationNodeURI": link("y")}),
        ),
        ("/CFDefinitions/CFConcepts", "c", json!({"title": "c", "hierarchyCode": "1"})),
        ("/CFRubrics", "r", json!({})),
    ] {
        let mut package =
            Framework::new("f").set("CFDefinitions", json!({"CFConcepts": []})).set("CFRubrics", json!([])).json;
        let mut later = object(name, members.clone());
        later["lastChangeDateTime"] = json!("2027-01-01T00:00:00Z");
        *package.pointer_mut(list).unwrap() = json!([object(name, members), later]);
        let reading = read_one(&package);
        assert_eq!(v1p1(&reading).pointer(list).unwrap(), &json!([later]), "{list}");
        assert_eq!(reading.report.entries[0].code, "duplicate-identifier");
        assert!(reading.report.entries[0].place.starts_with(list));
    }
}

#[test]
fn a_package_may_say_which_framework_its_objects_are_of() {
    let own = link("f");
    let bare = json!(uri("f"));
    let by_id = json!(id("f").to_uppercase());
    let rest = json!(format!("https://origin.example/ims/case/v1p0/CFDocuments/{}", id("f")));
    for document in [own, bare, by_id, rest] {
        let package = Framework::new("f").item("i", json!({"CFDocumentURI": document})).json;
        let reading = read_one(&package);
        assert!(reading.package.items[0].home.is_none(), "{document}");
        let entries: Vec<_> =
            reading.report.entries.iter().map(|e| (e.severity, e.code.as_str(), e.place.as_str())).collect();
        assert_eq!(entries, [(Severity::Info, "implied-member", "/CFItems/0/CFDocumentURI")], "{document}");
    }
    let package = Framework::new("f").item("i", json!({"CFDocumentURI": link("other")})).json;
    let reading = read_one(&package);
    let home = reading.package.items[0].home.as_ref().unwrap();
    assert_eq!((home.identifier.as_str(), home.title.as_str()), (id("other").as_str(), "other"));
    assert_eq!(reading.report.entries[0].code, "foreign-member");
}

#[test]
fn the_form_of_2016_is_read_whole() {
    let fixture = crate::support::fixtures::named("made-2016-form.json");
    let reading = read_one(&fixture.json);
    let package = &reading.package;
    let raw = &fixture.json;
    assert_eq!(package.items.len(), raw["CFItems"].as_array().unwrap().len());
    assert_eq!(package.associations.len(), raw["CFAssociations"].as_array().unwrap().len());
    assert_eq!(package.document.subject.as_deref(), Some(&["Math".to_owned()][..]));
    assert!(package.document.subject_uri.is_some(), "subjectURL is subjectURI");
    assert!(package.items.iter().all(|item| item.education_level.is_some() && item.home.is_none()));
    let ids: Vec<&str> = package.items.iter().map(|item| item.identity.identifier.as_str()).collect();
    for association in &package.associations {
        assert!(ids.contains(&association.origin.identifier.as_str()));
        let parent = association.destination.identifier.as_str();
        assert!(parent == package.identifier() || ids.contains(&parent), "{parent}");
    }
    assert_eq!(reading.report.count(Severity::Loss), 0, "{:#?}", reading.report.entries);
}

#[test]
fn ends_and_groupings_may_stand_beside_the_links_only() {
    let mut framework = Framework::new("f").item("i", json!({})).define("CFAssociationGroupings", "g", json!({}));
    framework.list("CFAssociations").push(object(
        "a",
        json!({
            "associationType": "isChildOf",
            "originNodeIdentifier": id("i"),
            "destinationNodeIdentifier": id("f"),
            "CFAssociationGroupingIdentifier": id("g"),
        }),
    ));
    let reading = read_one(&framework.json);
    let association = &reading.package.associations[0];
    assert_eq!(
        (association.origin.identifier.as_str(), association.destination.identifier.as_str()),
        (id("i").as_str(), id("f").as_str())
    );
    let grouping = association.grouping_uri.as_ref().map(|link| link.identifier.as_str());
    assert!(
        grouping == Some(id("g").as_str()) || reading.report.count(Severity::Loss) > 0,
        "the grouping is dropped as if it were told elsewhere"
    );
}

/// `standard-1` of one framework is not `standard-1` of another.
#[test]
fn local_identifiers_of_two_frameworks_do_not_meet() {
    let of = |name: &str| {
        let mut package = Framework::with_items(name, 1).json;
        package["CFItems"][0]["identifier"] = json!("standard-1");
        read_one(&package).package.items[0].identity.identifier.clone()
    };
    assert_eq!(of("one"), of("one"));
    assert_ne!(of("one"), of("two"));
}
