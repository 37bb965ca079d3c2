//! The Achievement Standards Network in its three forms: the same framework of each, every
//! relation kept, and what CASE has no property for in the extensions.

use casement::case::read::Canonical;
use casement::case::read::canonical;
use casement::exchange::{Format, recognise};
use serde_json::{Value, json};

use crate::support::exchange::{codes, fixture, links, only, outline, path, real};
use crate::support::{casement, for_each_backend, v1p1};

const S1: &str = "http://asn.example/resources/S1";
const TREE: [&str; 4] = ["Measure weather.", "  Read a barometer.", "  Read a <thermo>meter.", "Know the water cycle."];

fn id(uri: &str) -> String {
    match canonical(uri) {
        Canonical::NotUuid(id) => id,
        other => panic!("{other:?}"),
    }
}

fn item<'p>(package: &'p Value, uri: &str) -> &'p Value {
    let items = package["CFItems"].as_array().unwrap();
    items.iter().find(|item| item["uri"] == uri).unwrap_or_else(|| panic!("no item {uri}"))
}

#[test]
fn rdf_xml_is_read_with_its_tree_in_order() {
    let (format, reading) = only(&fixture("asn.xml"));
    assert_eq!(format, Format::AsnRdfXml);
    assert_eq!(outline(&reading), TREE);
    let package = v1p1(&reading);
    let document = &package["CFDocument"];
    for (name, value) in [
        ("title", json!("Water & Weather")),
        ("identifier", json!(id("http://asn.example/resources/D1"))),
        ("uri", json!("http://asn.example/resources/D1")),
        ("creator", json!("First Author; Second Author")),
        ("publisher", json!("Riverwell")),
        ("language", json!("en-US")),
        ("adoptionStatus", json!("Adopted")),
        ("officialSourceURL", json!("http://riverwell.example/water.pdf")),
        ("lastChangeDateTime", json!("2012-12-06T14:07:02-05:00")),
        ("subject", json!(["science"])),
    ] {
        assert_eq!(document[name], value, "{name}");
    }
    assert_eq!(document["licenseURI"]["uri"], "http://creativecommons.org/licenses/by/3.0/us/");
    assert_eq!(document["licenseURI"]["identifier"], package["CFDefinitions"]["CFLicenses"][0]["identifier"]);
    assert_eq!(document["extensions"]["asn:repositoryDate"]["@value"], "2011-03-08");
    assert_eq!(document["extensions"]["foaf:isPrimaryTopicOf"]["dcterms:rightsHolder"], "Riverwell");

    let first = item(&package, S1);
    for (name, value) in [
        ("identifier", json!(id(S1))),
        ("humanCodingScheme", json!("W.1")),
        ("listEnumeration", json!("1.")),
        ("CFItemType", json!("Standard")),
        ("educationLevel", json!(["KG", "11"])),
        ("notes", json!("Rain counts.\n\nSo does snow.")),
        ("language", json!("en-US")),
    ] {
        assert_eq!(first[name], value, "{name}");
    }
    assert_eq!(first["subjectURI"][0]["uri"], "http://purl.org/ASN/scheme/ASNTopic/science");
    assert_eq!(first["extensions"]["dcterms:description"]["fr"], "Connaître le cycle de l'eau.");
    assert_eq!(
        first["extensions"]["asn:authorityStatus"]["@id"],
        "http://purl.org/ASN/scheme/ASNAuthorityStatus/Original"
    );
    assert_eq!(item(&package, "http://asn.example/resources/S2")["educationLevel"], json!(["LifelongLearning"]));
}

#[test]
fn relations_become_associations_that_say_what_they_were() {
    let (_, reading) = only(&fixture("asn.xml"));
    let package = v1p1(&reading);
    let targets = |kind: &str| -> Vec<(String, String)> {
        links(&package, kind).into_iter().map(|(origin, _, _, uri)| (origin, uri)).collect()
    };
    let exact = ["http://other.example/water/1", "urn:guid:FBCBB7C696FE475695920CA622B1C855"];
    assert_eq!(targets("exactMatchOf"), exact.map(|uri| (id(S1), uri.to_owned())));
    assert_eq!(targets("isRelatedTo"), [(id(S1), "http://other.example/science/9".to_owned())]);
    // `comprisedOf` is said by the whole, `isPartOf` by the part.
    assert_eq!(targets("isPartOf"), [(id(S1), "http://asn.example/resources/S2".to_owned())]);
    let stated = |kind: &str| {
        let all = package["CFAssociations"].as_array().unwrap();
        all.iter().find(|one| one["associationType"] == kind).unwrap()["extensions"]["rdf:predicate"].clone()
    };
    assert_eq!((stated("isRelatedTo"), stated("isPartOf")), (json!("asn:alignTo"), json!("asn:comprisedOf")));
}

#[test]
fn the_report_speaks_of_the_file() {
    let (_, reading) = only(&fixture("asn.xml"));
    assert_eq!(codes(&reading), ["associations-made", "education-level", "identifier-replaced", "time-assumed"]);
    let text = String::from_utf8(fixture("asn.xml")).unwrap();
    let line =
        1 + text.lines().position(|line| line.contains("rdf:about=\"http://asn.example/resources/S2\"")).unwrap();
    let entry = reading.report.entries.iter().find(|entry| entry.code == "education-level").unwrap();
    assert_eq!(entry.place, format!("line {line}: dcterms:educationLevel"));
    assert!(entry.original.as_ref().unwrap().contains("ASNEducationLevel/LifelongLearning"));
}

#[test]
fn rdf_json_says_the_same_as_rdf_xml() {
    let (xml, json) = (only(&fixture("asn.xml")).1, only(&fixture("asn.json")));
    assert_eq!(json.0, Format::AsnRdfJson);
    assert_eq!(json.1.package, xml.package);
    assert_eq!(json.1.replaced_identifiers, xml.replaced_identifiers);
}

#[test]
fn the_nested_form_gets_a_document_and_keeps_its_identifiers() {
    let (format, reading) = only(&fixture("asn-manifest.json"));
    assert_eq!(format, Format::AsnJson);
    let expected = ["Measure weather.", "  Read a barometer.", "  Read a thermometer.", "Know the water cycle."];
    assert_eq!(outline(&reading), expected);
    let package = v1p1(&reading);
    assert_eq!(item(&package, S1)["identifier"], id(S1));
    let second = item(&package, "http://asn.example/resources/S2");
    assert_eq!((&second["educationLevel"], &second["subject"]), (&json!(["01", "02"]), &json!(["Science"])));
    assert_eq!(links(&package, "exactMatchOf").len(), 1);
    assert!(codes(&reading).contains(&"no-document"));
    // The document that is made is the same one every time.
    assert_eq!(only(&fixture("asn-manifest.json")).1.package, reading.package);
}

#[test]
fn the_program_imports_it_and_importing_it_again_changes_nothing() {
    for_each_backend(|db| {
        for (file, found) in [("asn.xml", Format::AsnRdfXml), ("asn.json", Format::AsnRdfJson)] {
            let ran = casement(db, &["import", &path(file)]).expect(0);
            assert_eq!(ran.stdout.contains("nothing to change"), file == "asn.json", "{}", ran.stdout);
            let told = casement(db, &["validate", "--json", &path(file)]).expect(0).json();
            let package = &told["files"][0]["packages"][0];
            assert_eq!((&package["format"], &package["outputValid"]), (&json!(found.to_string()), &json!(true)));
            let ran = casement(db, &["validate", &path(file)]).expect(0);
            assert!(ran.stdout.contains(&format!("as it stands: {found}")), "{}", ran.stdout);
        }
        let stored = casement(db, &["export", &id("http://asn.example/resources/D1")]).expect(0).json();
        assert_eq!(stored, v1p1(&only(&fixture("asn.xml")).1));
    });
}

/// What a file says, counted without reading it as what it is.
fn count(text: &str, needle: &str) -> usize {
    text.matches(needle).count()
}

#[test]
fn real_files_are_read_whole() {
    for (name, format, bytes) in real() {
        assert_eq!(recognise(&bytes), Some(format), "{name}");
        let text = String::from_utf8_lossy(&bytes);
        let (statements, parents) = match format {
            Format::AsnRdfXml => (count(&text, "<asn:Statement "), count(&text, "<gemq:isChildOf ")),
            Format::AsnRdfJson => {
                let value: Value = serde_json::from_slice(&bytes).unwrap();
                let subjects = value.as_object().unwrap().values();
                let of = |name: &str| subjects.clone().filter_map(|one| one[name].as_array()).map(Vec::len).sum();
                (
                    count(&text, "\"http://purl.org/ASN/schema/core/Statement\""),
                    of("http://purl.org/gem/qualifiers/isChildOf"),
                )
            }
            _ => continue,
        };
        let (_, reading) = only(&bytes);
        let package = v1p1(&reading);
        assert_eq!(reading.package.items.len(), statements, "{name}");
        assert_eq!(links(&package, "isChildOf").len(), parents, "{name}");
        assert_eq!(outline(&reading).len(), statements, "{name}: every statement has one place in the tree");
        let losses = reading.report.count(casement::case::report::Severity::Loss);
        assert_eq!(losses, 0, "{name}: {:?}", codes(&reading));
    }
}
