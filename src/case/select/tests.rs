//! Whole queries; the rules of each parameter are tested beside their code.

use serde_json::json;

use super::*;

fn pairs(query: &[(&str, &str)]) -> Vec<(String, String)> {
    query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[track_caller]
fn query(parameters: &[(&str, &str)]) -> Query {
    Query::parse(Version::V1p1, &pairs(parameters), &Settings::default()).expect("a good query")
}

#[track_caller]
fn check_error(parameters: &[(&str, &str)], parameter: &str, part: &str) {
    let error = Query::parse(Version::V1p1, &pairs(parameters), &Settings::default()).expect_err("a bad query");
    assert_eq!(error.parameter, parameter);
    assert!(error.description.contains(part), "{error}");
    assert_eq!(error.description.contains("invalid_filter_field"), parameter == "filter", "{error}");
}

fn documents() -> Vec<Value> {
    vec![
        json!({"identifier": "c", "title": "Gamma", "subject": ["x"], "creator": "P"}),
        json!({"identifier": "a", "title": "beta", "subject": ["y"], "creator": "Q"}),
        json!({"identifier": "d", "title": "Alpha", "creator": "P"}),
        json!({"identifier": "b", "title": "beta", "subject": ["x", "y"], "creator": "P"}),
    ]
}

#[track_caller]
fn check(parameters: &[(&str, &str)], total: u64, expect: &str) {
    let selection = query(parameters).apply(documents());
    let found: Vec<&str> = selection.documents.iter().filter_map(|document| document["identifier"].as_str()).collect();
    assert_eq!((selection.total, found.join(" ").as_str()), (total, expect), "{parameters:?}");
}

#[test]
fn filter_then_count_then_sort_then_page() {
    check(&[], 4, "a b c d");
    check(&[("filter", "creator='p'")], 3, "b c d");
    check(&[("filter", "creator='p'"), ("sort", "title"), ("limit", "2")], 3, "d b");
    check(&[("sort", "title"), ("orderBy", "desc")], 4, "c a b d");
    check(&[("sort", "subject"), ("orderBy", "DESC"), ("offset", "1")], 4, "b c d");
    check(&[("offset", "9")], 4, "");
    check(&[("filter", "creator='z'")], 0, "");
    check(&[("limit", "3"), ("offset", "3")], 4, "d");
}

#[test]
fn pages_together_are_the_whole() {
    let mut seen = Vec::new();
    for offset in ["0", "1", "2", "3"] {
        let page = query(&[("sort", "title"), ("limit", "1"), ("offset", offset)]).apply(documents());
        seen.extend(page.documents);
    }
    assert_eq!(seen, query(&[("sort", "title")]).apply(documents()).documents);
}

#[test]
fn limits_have_a_default_and_a_cap() {
    let settings = Settings { default_limit: 7, max_limit: 20 };
    let limit = |parameters: &[(&str, &str)], settings: &Settings| {
        Query::parse(Version::V1p0, &pairs(parameters), settings).map(|query| query.limit())
    };
    assert_eq!(limit(&[], &settings), Ok(7));
    assert_eq!(limit(&[("limit", "5000")], &settings), Ok(20));
    assert_eq!(limit(&[], &Settings { default_limit: 0, max_limit: 0 }), Ok(1));
    assert_eq!(limit(&[], &Settings { default_limit: 50, max_limit: 20 }), Ok(20));
    assert_eq!(limit(&[("limit", "5000")], &Settings::default()), Ok(5000));
    assert_eq!(query(&[]).limit(), 100);
    assert_eq!((query(&[("limit", "20000")]).limit(), query(&[("offset", "3")]).offset()), (10_000, 3));
}

#[test]
fn projection_keeps_the_documents_order_and_drops_the_required() {
    let document = documents().remove(0);
    let project = |fields: &[(&str, &str)]| query(fields).project(document.clone()).to_string();
    let two = r#"{"title":"Gamma","subject":["x"]}"#;
    assert_eq!(project(&[("fields", "subject,title")]), two);
    assert_eq!(project(&[("fields", "subject"), ("fields", "title,subject")]), two);
    assert_eq!(project(&[("fields", "subject, title")]), two);
    assert_eq!(project(&[("fields", "publisher")]), "{}");
    assert_eq!(project(&[]), document.to_string());
}

#[test]
fn an_unknown_field_returns_all_data() {
    let document = documents().remove(0);
    for fields in ["nonsense", "title,nonsense", "licenseURI.title", "Title"] {
        assert_eq!(query(&[("fields", fields)]).project(document.clone()), document, "{fields}");
    }
    let parameters = pairs(&[("fields", "title,frameworkType")]);
    let in_v1p0 = Query::parse(Version::V1p0, &parameters, &Settings::default()).expect("a good query");
    assert_eq!(in_v1p0.project(document.clone()), document);
}

#[test]
fn what_a_query_refuses() {
    check_error(&[("limit", "0")], "limit", "at least 1");
    check_error(&[("limit", "")], "limit", "at least 1");
    check_error(&[("offset", "-1")], "offset", "at least 0");
    check_error(&[("orderBy", "up")], "orderBy", "asc or desc");
    check_error(&[("orderBy", ""), ("sort", "title")], "orderBy", "asc or desc");
    check_error(&[("filter", "titel='x'")], "filter", "no property `titel`");
    check_error(&[("filter", "")], "filter", "property name is missing");
    check_error(&[("fields", "")], "fields", "blank");
    check_error(&[("fields", "title,")], "fields", "blank");
    check_error(&[("fields", "title"), ("fields", " ")], "fields", "blank");
    check_error(&[("limit", "1"), ("limit", "2")], "limit", "twice");
    check_error(&[("filter", "title='a'"), ("filter", "title='b'")], "filter", "twice");
}

#[test]
fn what_a_query_tolerates() {
    check(&[("colour", "red"), ("Limit", "x"), ("", "")], 4, "a b c d");
    check(&[("limit", "1"), ("limit", "1")], 4, "a");
    check(&[("sort", "nonsense"), ("orderBy", "desc")], 4, "a b c d");
}

#[test]
fn long_values_are_clipped_in_sentences() {
    let long = "é".repeat(5000);
    let error =
        Query::parse(Version::V1p1, &pairs(&[("orderBy", &long)]), &Settings::default()).expect_err("a bad direction");
    assert!(error.description.len() < 200 && error.description.contains('…'), "{error}");
}

#[test]
fn plain_queries_can_be_paged_by_a_database() {
    for plain in [
        &[][..],
        &[("sort", "identifier")],
        &[("sort", "nonsense"), ("orderBy", "desc")],
        &[("fields", "title"), ("limit", "3")],
    ] {
        assert!(query(plain).is_plain(), "{plain:?}");
    }
    assert!(!query(&[("sort", "title")]).is_plain());
    assert!(!query(&[("filter", "title='x'")]).is_plain());
    let descending = |parameters| query(parameters).descending();
    assert!(descending(&[("sort", "identifier"), ("orderBy", "desc")]));
    assert!(!descending(&[("orderBy", "desc")]));
    assert!(!descending(&[("sort", "nonsense"), ("orderBy", "desc")]));
}

#[test]
fn links_carry_the_query_over() {
    let query = query(&[
        ("fields", "identifier"),
        ("colour", "red"),
        ("orderBy", "desc"),
        ("sort", "subject"),
        ("fields", "title"),
        ("limit", "99999"),
        ("filter", "title~'a b'"),
    ]);
    let found = links("https://h.example/ims/case/v1p1/CFDocuments", &query, 3);
    let tail = "sort=subject&orderBy=desc&filter=title~%27a%20b%27&fields=identifier%2Ctitle";
    assert_eq!(
        found,
        format!(
            "<https://h.example/ims/case/v1p1/CFDocuments?limit=3&offset=0&{tail}>; rel=\"last\", \
             <https://h.example/ims/case/v1p1/CFDocuments?limit=10000&offset=0&{tail}>; rel=\"first\""
        )
    );
}
