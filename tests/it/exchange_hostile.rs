//! Files that mean harm, or are broken: an error that says what is wrong, or a report, and always
//! an end.

use std::fmt::Write as _;

use casement::case::read::ReadError;
use casement::case::report::Severity;
use casement::exchange::{self, ExchangeError, Format};
use serde_json::json;

use crate::support::exchange::{codes, fixture, only, outline, path};
use crate::support::{TestDb, casement, casement_with, context};

const HEAD: &str = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:asn="http://purl.org/ASN/schema/core/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:gemq="http://purl.org/gem/qualifiers/">"#;

fn rdf(content: &str) -> String {
    format!("{HEAD}{content}</rdf:RDF>")
}

fn refused(text: &str) -> ExchangeError {
    exchange::read(text.as_bytes(), &context()).map(|(format, _)| format).unwrap_err()
}

#[test]
fn entities_are_never_expanded() {
    let mut bomb = String::from("<!DOCTYPE r [<!ENTITY a0 \"ha\">");
    for level in 1..30 {
        let _ = write!(bomb, "<!ENTITY a{level} \"&a{0};&a{0};\">", level - 1);
    }
    let document =
        "<asn:StandardDocument rdf:about=\"u:d&a29;\"><dc:title>&a29; &lt;&#65;</dc:title></asn:StandardDocument>";
    let (_, reading) = only(format!("{bomb}<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", rdf(document)).as_bytes());
    assert_eq!(reading.package.document.title, "&a29; <A");
    let told = codes(&reading);
    assert!(told.contains(&"xml-doctype") && told.contains(&"xml-entity"), "{told:?}");
}

#[test]
fn what_no_framework_is_like_is_refused_with_its_line() {
    let deep = rdf(&"<asn:Statement><gemq:hasChild>\n".repeat(100));
    assert!(matches!(refused(&deep), ExchangeError::XmlTooDeep { line: 64.., limit: 128 }), "{:?}", refused(&deep));
    let attributes: String = (0..300).map(|n| format!(" dc:a{n}=\"\"")).collect();
    assert!(matches!(
        refused(&rdf(&format!("\n<asn:Statement{attributes}/>"))),
        ExchangeError::XmlTooWide { line: 2, .. }
    ));
    let namespaces: String = (0..300).map(|n| format!(" xmlns:n{n}=\"u:{n}\"")).collect();
    assert!(matches!(refused(&rdf(&format!("<asn:Statement{namespaces}/>"))), ExchangeError::NotXml { line: 1, .. }));
    let cut = rdf("<asn:StandardDocument>");
    let cut = cut.trim_end_matches("</rdf:RDF>");
    assert!(matches!(refused(cut), ExchangeError::XmlTruncated { .. }), "{:?}", refused(cut));
    assert!(matches!(refused(&rdf("<asn:Statement></asn:Other>")), ExchangeError::NotXml { .. }));
    assert_eq!(refused("<html><body>no</body></html>"), ExchangeError::UnknownXml);
    assert_eq!(refused(&rdf("<rdf:Description rdf:about=\"u:a\"/>")), ExchangeError::NoFramework(Format::AsnRdfXml));
    assert_eq!(refused("{\"a\": 1}"), ExchangeError::Unknown);
    assert_eq!(refused(&"[".repeat(200)), ExchangeError::Json(ReadError::TooDeep));
}

#[test]
fn a_file_in_another_encoding_is_read_and_a_wrong_one_refused() {
    let text = String::from_utf8(fixture("asn.xml")).unwrap();
    let expected = only(text.as_bytes()).1.package;
    let utf_16: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    assert_eq!(only(&utf_16).1.package, expected);
    let latin: Vec<u8> =
        text.replace("utf-8", "iso-8859-1").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(only(&latin).1.package, expected);
    let wrong = exchange::read(&[text.as_bytes(), b"\xFF"].concat(), &context()).unwrap_err();
    assert_eq!(wrong, ExchangeError::WrongEncoding("UTF-8"));
    let unknown = exchange::read(text.replace("utf-8", "rot13").as_bytes(), &context()).unwrap_err();
    assert_eq!(unknown, ExchangeError::UnknownEncoding("rot13".to_owned()));
}

#[test]
fn circles_are_cut_and_told() {
    let statement = |name: &str, parent: &str| {
        json!({
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#type":
                [{"type": "uri", "value": "http://purl.org/ASN/schema/core/Statement"}],
            "http://purl.org/dc/terms/description": [{"type": "literal", "value": name}],
            "http://purl.org/gem/qualifiers/isChildOf": [{"type": "uri", "value": parent}],
        })
    };
    let document = json!({"http://www.w3.org/1999/02/22-rdf-syntax-ns#type":
        [{"type": "uri", "value": "http://purl.org/ASN/schema/core/StandardDocument"}]});
    let file = json!({"u:d": document, "u:a": statement("A", "u:c"), "u:b": statement("B", "u:a"),
        "u:c": statement("C", "u:b"), "u:self": statement("Self", "u:self")});
    let (_, reading) = only(file.to_string().as_bytes());
    let mut tree = outline(&reading);
    tree.sort();
    assert_eq!(tree, ["    C", "  B", "A", "Self"]);
    let circles: Vec<_> = reading.report.entries.iter().filter(|entry| entry.code == "circle").collect();
    assert_eq!(circles.len(), 2);
    assert!(circles.iter().all(|entry| entry.severity == Severity::Loss && entry.original.is_some()));
}

#[test]
fn what_is_said_twice_of_one_thing_is_one_thing() {
    let twice = r#"<asn:StandardDocument rdf:about="u:d"><dc:title>D</dc:title><gemq:hasChild rdf:resource="u:s"/><gemq:hasChild rdf:resource="u:s"/></asn:StandardDocument>
        <asn:Statement rdf:about="u:s"><dcterms:description>One</dcterms:description></asn:Statement>
        <asn:Statement rdf:about="u:s"><dcterms:description>Two</dcterms:description><gemq:isChildOf rdf:resource="u:d"/></asn:Statement>"#;
    let (_, reading) = only(rdf(twice).as_bytes());
    assert_eq!(outline(&reading), ["One\n\nTwo"]);
}

#[test]
fn a_wide_and_a_long_file_take_no_more_than_they_should() {
    let mut graph = vec![json!({"@id": "u:f", "@type": "ceasn:CompetencyFramework", "ceasn:name": "F"})];
    let count = 20_000;
    graph.extend((0..count).map(|n| {
        let parent = if n % 2 == 0 { "u:f".to_owned() } else { format!("u:{}", n - 1) };
        json!({"@id": format!("u:{n}"), "@type": "ceasn:Competency", "ceasn:competencyText": "T", "ceasn:isChildOf": [parent]})
    }));
    let (_, reading) = only(json!({ "@graph": graph }).to_string().as_bytes());
    assert_eq!((reading.package.items.len(), reading.package.associations.len()), (count, count));
}

/// Any byte of any file may be another: there is an answer in words, and no end without one.
#[test]
fn bytes_of_any_kind_never_stop_the_readers() {
    for name in ["asn.xml", "asn.json", "asn-manifest.json", "common-standards-set.json", "ctdl-asn.json"] {
        let whole = fixture(name);
        for at in (0..whole.len()).step_by(whole.len() / 150 + 1) {
            for byte in [0, b'<', b'"', b'&', 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                if let Err(error) = exchange::read(&bytes, &context()) {
                    assert!(!error.to_string().is_empty());
                }
            }
            if let Err(error) = exchange::read(&whole[..at], &context()) {
                assert!(!error.to_string().is_empty());
            }
        }
    }
}

#[test]
fn the_program_says_what_is_wrong_and_exits_with_it() {
    let db = TestDb::sqlite();
    for (input, words) in [
        ("<a/>", "this is XML, but no RDF/XML"),
        ("<?xml version='1.0' encoding='rot13'?><a/>", "the encoding \"rot13\" is not known"),
        ("[{\"@type\": \"ceasn:Competency\"}]", "CTDL-ASN JSON-LD: no framework is in the file"),
        ("{\"a\": 1}", "this is JSON, but no CASE package"),
    ] {
        for verb in ["import", "validate"] {
            let ran = casement_with(&db, &[verb, "-"], input.as_bytes()).expect(1);
            assert!(ran.stderr.contains(words), "{verb}: {}", ran.stderr);
        }
    }
    casement(&db, &["import", &path("ctdl-asn.json")]).expect(0);
}
