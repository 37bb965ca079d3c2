//! Input that holds no package is refused with a sentence that says what is wrong and where.

use casement::case::read::{ReadError, packages};
use serde_json::json;

use crate::support::build::Framework;
use crate::support::{context, read};

#[track_caller]
fn check(input: &[u8], expect: ReadError, sentence: &str) {
    match packages(input, &context()) {
        Ok(readings) => panic!("{} packages were read", readings.len()),
        Err(error) => {
            assert_eq!(error, expect);
            assert!(error.to_string().contains(sentence), "“{error}” does not say “{sentence}”");
        }
    }
}

#[test]
fn nothing_at_all() {
    for empty in ["", "   \n\t", "\u{feff}"] {
        check(empty.as_bytes(), ReadError::Empty, "empty");
    }
}

#[test]
fn bytes_that_are_no_text() {
    check(b"{\"a\": \"\xff\"}", ReadError::NotUtf8 { offset: 7 }, "byte 7 is not UTF-8");
    let utf16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16 = [&[0xff, 0xfe], utf16.as_slice()].concat();
    check(&utf16, ReadError::NotUtf8 { offset: 0 }, "UTF-8");
}

#[test]
fn text_that_is_no_json() {
    check(
        b"code,statement\n1,x\n",
        ReadError::NotJson { line: 1, column: 1, problem: "expected value".into() },
        "line 1, column 1",
    );
    let second_line = packages(b"{\"a\": 1,\n  b: 2}", &context()).unwrap_err();
    assert!(matches!(second_line, ReadError::NotJson { line: 2, .. }), "{second_line}");
    let twice = packages(b"{} {}", &context()).unwrap_err();
    assert!(matches!(twice, ReadError::NotJson { line: 1, column: 4, .. }), "{twice}");
}

#[test]
fn every_beginning_of_a_package_is_said_to_be_cut_off() {
    let whole = Framework::with_items("f", 1).bytes();
    for length in 1..whole.len() {
        let error = packages(&whole[..length], &context()).unwrap_err();
        assert!(matches!(error, ReadError::Truncated { line: 1, .. }), "after {length} bytes: {error}");
        assert!(error.to_string().contains("cut off"));
    }
}

#[test]
fn nesting_without_end() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        check(deep.as_bytes(), ReadError::TooDeep, "128 levels");
    }
}

#[test]
fn json_that_is_no_package() {
    let refuse = |value: serde_json::Value, found: &str| {
        let error = packages(value.to_string().as_bytes(), &context()).unwrap_err();
        assert!(matches!(&error, ReadError::NotAPackage { .. }), "{error}");
        assert!(error.to_string().contains(found), "“{error}” does not say “{found}”");
    };
    refuse(json!([]), "an empty array");
    refuse(json!([[], []]), "an empty array");
    refuse(json!("x"), "a text");
    refuse(json!(1), "a number");
    refuse(json!(null), "null");
    refuse(json!({"b": 1, "a": 2}), "[b, a]");
    refuse(json!({"CFDocuments": []}), "CFPackageURI");
    refuse(json!({"imsx_codeMajor": "failure"}), "an error answer");
    refuse(json!({"CFItems": []}), "without a CFDocument");
    refuse(json!({"CFDocument": "https://h.example/uri/1"}), "CFDocument");
    refuse(json!({"CFPackage": {"CFItems": []}}), "without a CFDocument");
}

/// An empty list where the document belongs is no document.
#[test]
fn an_empty_document_is_none() {
    for document in [json!([]), json!([1]), json!([[]])] {
        let input = json!({"CFDocument": document, "CFItems": []});
        let read = packages(input.to_string().as_bytes(), &context());
        let told =
            read.as_ref().is_ok_and(|all| all[0].report.entries.iter().any(|entry| entry.place == "/CFDocument"));
        assert!(read.is_err() || told, "{document} became a framework without a word");
    }
}

#[test]
fn packages_are_found_in_arrays_and_wrappers() {
    let (one, two) = (Framework::with_items("one", 1).json, Framework::with_items("two", 1).json);
    let titles = |value: &serde_json::Value| -> Vec<String> {
        read(value).into_iter().map(|reading| reading.package.document.title).collect()
    };
    assert_eq!(titles(&json!([one, two])), ["one", "two"]);
    assert_eq!(titles(&json!({"CFPackage": one})), ["one"]);
    assert_eq!(titles(&json!({"CFPackage": [one, two]})), ["one", "two"]);
    assert_eq!(titles(&json!([{"CFPackage": one}, [two]])), ["one", "two"]);

    let wrapped = read(&json!([{"CFPackage": one}])).remove(0);
    let entries: Vec<_> = wrapped.report.entries.iter().map(|e| (e.code.as_str(), e.place.as_str())).collect();
    assert_eq!(entries, [("wrapper-removed", "/0/CFPackage")]);
}

#[test]
fn what_stands_beside_packages_is_told() {
    let one = Framework::with_items("one", 1).json;
    let reading = read(&json!([one, {"CFDocuments": []}, 5])).remove(0);
    let entries: Vec<_> =
        reading.report.entries.iter().map(|e| (e.code.as_str(), e.place.as_str(), e.original.clone())).collect();
    assert_eq!(
        entries,
        [
            ("not-a-package", "/1", Some("{\"CFDocuments\":[]}".to_owned())),
            ("not-a-package", "/2", Some("5".to_owned())),
        ]
    );
    let reading = read(&json!({"CFPackage": one, "meta/data": {"a": 1}})).remove(0);
    let strays: Vec<_> =
        reading.report.entries.iter().filter(|e| e.code == "not-a-package").map(|e| e.place.as_str()).collect();
    assert_eq!(strays, ["/meta~1data"], "a JSON pointer escapes its slashes");
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    let bytes = [b"\xEF\xBB\xBF".as_slice(), &Framework::with_items("f", 1).bytes()].concat();
    assert_eq!(packages(&bytes, &context()).unwrap().len(), 1);
}
