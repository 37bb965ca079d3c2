//! `GET /CFDocuments`: pages, order, filters, fields, and the headers that tell of them (digest 3, 4).

use casement::case::Version;
use serde_json::{Value, json};

use crate::http_conformance::base;
use crate::support::build::{Framework, id};
use crate::support::{Answer, BASE, TestApp, encode, for_each_backend, import_one};

/// Frameworks that differ in everything that can be asked for; their names are their titles.
fn frameworks() -> Vec<Framework> {
    let rows: [(&str, Value); 7] = [
        (
            "Algebra",
            json!({"creator": "Board A", "subject": ["Math"], "statusStartDate": "2020-07-01", "language": "en"}),
        ),
        ("biology", json!({"creator": "Board B", "subject": ["Science", "Biology"], "statusStartDate": "2021-07-01"})),
        (
            "Chemie",
            json!({"creator": "Board B", "subject": ["Science", "Chemistry"], "lastChangeDateTime": "2026-01-02T03:04:05-05:00"}),
        ),
        ("Éducation", json!({"creator": "Ministère", "subject": [], "description": "It's"})),
        (
            "Zoologie",
            json!({"creator": "board a", "frameworkType": "CourseCodes", "lastChangeDateTime": "2027-01-02T03:04:05Z"}),
        ),
        (
            "Äpfel",
            json!({"creator": "Board C", "licenseURI": {"title": "CC BY", "identifier": id("by"), "uri": "https://l.example/by"}}),
        ),
        (
            "10 things",
            json!({"creator": "Board C", "subject": ["Math", "Science"], "statusStartDate": "2019-07-01", "adoptionStatus": "Draft"}),
        ),
    ];
    rows.into_iter().map(|(name, members)| Framework::new(name).document(members)).collect()
}

fn with_frameworks(test: impl Fn(&TestApp)) {
    for_each_backend(|db| {
        let registry = db.registry();
        for framework in frameworks() {
            import_one(&registry, &framework.json);
        }
        test(&TestApp::start(db));
    });
}

fn list(app: &TestApp, version: Version, query: &str) -> Answer {
    app.get(&format!("{}/CFDocuments{query}", base(version))).expect(200)
}

fn titles(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    body["CFDocuments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["title"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Titles of all frameworks in order of their identifiers, which is the default order.
fn by_identifier() -> Vec<String> {
    let mut all: Vec<(String, String)> = frameworks().into_iter().map(|f| (f.id(), f.name)).collect();
    all.sort();
    all.into_iter().map(|(_, name)| name).collect()
}

/// The targets of a `Link` header by their relations.
fn links(answer: &Answer) -> std::collections::BTreeMap<String, String> {
    let header = answer.header("link");
    let each = header.split(", <").map(|one| {
        let (url, rest) =
            one.trim_start_matches('<').split_once(">; rel=\"").unwrap_or_else(|| panic!("no link: {header}"));
        (rest.trim_end_matches('"').to_owned(), url.to_owned())
    });
    each.collect()
}

#[test]
fn without_parameters_everything_comes_in_the_default_order() {
    with_frameworks(|app| {
        for version in Version::ALL {
            let all = list(app, version, "");
            assert_eq!(titles(&all), by_identifier());
            assert_eq!(all.header("x-total-count"), frameworks().len().to_string());
            let relations: Vec<String> = links(&all).into_keys().collect();
            assert_eq!(relations, ["first", "last"], "all on one page");
            let document = &all.json()["CFDocuments"][0];
            let uri = format!("{BASE}{}/CFPackages/{}", base(version), document["identifier"].as_str().unwrap());
            assert_eq!(document["CFPackageURI"]["uri"], uri, "each version points at its own package");
        }
    });
}

#[test]
fn following_next_to_the_end_gives_every_framework_once() {
    with_frameworks(|app| {
        let total = frameworks().len();
        for version in Version::ALL {
            for limit in 1..=total + 1 {
                let mut seen = Vec::new();
                let mut path = format!("{}/CFDocuments?limit={limit}", base(version));
                loop {
                    let page = app.get(&path).expect(200);
                    assert_eq!(page.header("x-total-count"), total.to_string());
                    assert!(titles(&page).len() <= limit);
                    seen.extend(titles(&page));
                    let links = links(&page);
                    assert_eq!(
                        links.contains_key("prev"),
                        seen.len() > titles(&page).len(),
                        "prev on all but the first"
                    );
                    match links.get("next") {
                        Some(next) => {
                            path =
                                next.strip_prefix(BASE).expect("links are absolute, at the public address").to_owned();
                        }
                        None => break,
                    }
                }
                assert_eq!(seen, by_identifier(), "limit {limit}");
            }
        }
    });
}

#[test]
fn last_and_first_and_prev_lead_where_they_say() {
    with_frameworks(|app| {
        let total = frameworks().len();
        let page = list(app, Version::V1p1, "?limit=2&offset=2&sort=title&fields=title");
        let links = links(&page);
        let follow = |relation: &str| titles(&app.get(links[relation].strip_prefix(BASE).unwrap()).expect(200));
        let all = titles(&list(app, Version::V1p1, "?sort=title"));
        assert_eq!(titles(&page), all[2..4]);
        assert_eq!(follow("first"), all[..2]);
        assert_eq!(follow("prev"), all[..2]);
        assert_eq!(follow("next"), all[4..6]);
        let last = total - (total - 1) % 2 - 1;
        assert_eq!(follow("last"), all[last..]);
        for url in links.values() {
            assert!(url.contains("sort=title") && url.contains("fields=title"), "{url}");
        }
    });
}

#[test]
fn beyond_the_end_is_an_empty_page() {
    with_frameworks(|app| {
        let total = frameworks().len();
        for offset in [total, total + 100, usize::MAX] {
            let page = list(app, Version::V1p0, &format!("?offset={offset}"));
            assert_eq!(page.json(), json!({"CFDocuments": []}));
            assert_eq!(page.header("x-total-count"), total.to_string());
            assert!(!links(&page).contains_key("next"));
        }
        assert_eq!(titles(&list(app, Version::V1p0, "?limit=99999999999999999999999")).len(), total);
    });
}

#[test]
fn order_is_by_any_property_with_what_lacks_it_last() {
    with_frameworks(|app| {
        let sorted = |query: &str| titles(&list(app, Version::V1p1, query));
        // As people sort: accents beside their letters, case of no account.
        assert_eq!(
            sorted("?sort=title"),
            ["10 things", "Algebra", "Äpfel", "biology", "Chemie", "Éducation", "Zoologie"]
        );
        let mut down = sorted("?sort=title");
        down.reverse();
        assert_eq!(sorted("?sort=title&orderBy=desc"), down);
        let dated = ["10 things", "Algebra", "biology"];
        assert_eq!(sorted("?sort=statusStartDate")[..dated.len()], dated);
        let mut newest = dated;
        newest.reverse();
        assert_eq!(sorted("?sort=statusStartDate&orderBy=desc")[..newest.len()], newest, "last in both directions");
        // Instants, not texts: 03:04:05-05:00 is later than 03:04:05+00:00.
        assert_eq!(sorted("?sort=lastChangeDateTime&orderBy=desc")[..2], ["Zoologie", "Chemie"]);
        let up = by_identifier();
        assert_eq!(sorted("?sort=identifier&orderBy=asc"), up);
        assert_eq!(sorted("?sort=identifier&orderBy=desc"), up.iter().rev().cloned().collect::<Vec<_>>());
        for unknown in ["nonsense", "Title", "extensions", ""] {
            assert_eq!(sorted(&format!("?sort={unknown}")), up, "the default order for {unknown:?}");
        }
    });
}

/// Filters by `expression`; expects exactly the frameworks `expect`.
#[track_caller]
fn check(app: &TestApp, expression: &str, expect: &[&str]) {
    let page = list(app, Version::V1p1, &format!("?filter={}&limit=3", encode(expression)));
    let mut wanted: Vec<String> = expect.iter().map(|name| (*name).to_owned()).collect();
    wanted.sort_by_key(|name| id(name));
    assert_eq!(page.header("x-total-count"), wanted.len().to_string(), "{expression} counts before paging");
    wanted.truncate(3);
    assert_eq!(titles(&page), wanted, "{expression}");
}

#[test]
fn filters_select_by_the_grammar_of_the_standard() {
    with_frameworks(|app| {
        check(app, "title='Algebra'", &["Algebra"]);
        check(app, "title='ALGEBRA'", &["Algebra"]);
        check(app, "title~'ie'", &["Chemie", "Zoologie"]);
        check(app, "creator='board a'", &["Algebra", "Zoologie"]);
        check(app, "creator='Board A' AND title='algebra'", &["Algebra"]);
        check(app, "title='Algebra' OR title='biology'", &["Algebra", "biology"]);
        check(app, "title='Algebra' AND title='biology'", &[]);
        check(app, "creator!='Board B' AND subject~'Science'", &["10 things"]);
        check(app, "statusStartDate>'2019-07-01'", &["Algebra", "biology"]);
        check(app, "statusStartDate>='2019-07-01'", &["Algebra", "biology", "10 things"]);
        check(app, "statusStartDate<'2020-07-01'", &["10 things"]);
        check(app, "statusStartDate<='2020-07-01'", &["Algebra", "10 things"]);
        check(app, "lastChangeDateTime>'2026-01-02T03:04:05Z'", &["Chemie", "Zoologie"]);
        check(app, "lastChangeDateTime='2026-01-02T08:04:05Z'", &["Chemie"]);
        check(app, "licenseURI.title='CC BY'", &["Äpfel"]);
        check(app, &format!("identifier='{}'", id("Zoologie").to_uppercase()), &["Zoologie"]);
        check(app, "description='It''s'", &["Éducation"]);
        check(app, "frameworkType='CourseCodes'", &["Zoologie"]);
        check(app, "title='Éducation'", &["Éducation"]);
        check(app, "title='nothing'", &[]);
    });
}

#[test]
fn lists_are_equal_as_a_whole_and_contain_in_parts() {
    with_frameworks(|app| {
        check(app, "subject='Math'", &["Algebra"]);
        check(app, "subject='Math,Science'", &["10 things"]);
        check(app, "subject='Science,Math'", &["10 things"]);
        check(app, "subject~'Math'", &["Algebra", "10 things"]);
        check(app, "subject~'Chemistry,Biology'", &["biology", "Chemie"]);
    });
}

#[test]
fn absent_properties_satisfy_only_the_negation() {
    with_frameworks(|app| {
        check(app, "adoptionStatus='Draft'", &["10 things"]);
        let others = ["Algebra", "biology", "Chemie", "Éducation", "Zoologie", "Äpfel"];
        check(app, "adoptionStatus!='Draft'", &others);
        for predicate in [">", ">=", "<", "<=", "~"] {
            check(app, &format!("publisher{predicate}'a'"), &[]);
        }
    });
}

#[test]
fn fields_leave_only_what_is_named() {
    with_frameworks(|app| {
        for query in ["?fields=identifier,title", "?fields=identifier&fields=title", "?fields=title%2Cidentifier"] {
            for document in list(app, Version::V1p1, query).json()["CFDocuments"].as_array().unwrap() {
                let mut names: Vec<&String> = document.as_object().unwrap().keys().collect();
                names.sort();
                assert_eq!(names, ["identifier", "title"], "{query}");
            }
        }
        let whole = list(app, Version::V1p1, "").json();
        for unknown in ["?fields=nonsense", "?fields=title,nonsense"] {
            assert_eq!(list(app, Version::V1p1, unknown).json(), whole, "all data for {unknown}");
        }
        // What 1.0 lacks is no field there.
        assert_eq!(list(app, Version::V1p0, "?fields=frameworkType").json(), list(app, Version::V1p0, "").json());
        let page = list(app, Version::V1p1, "?fields=subject&filter=title%3D%27biology%27");
        assert_eq!(page.json(), json!({"CFDocuments": [{"subject": ["Science", "Biology"]}]}));
    });
}

#[test]
fn other_parameters_are_ignored() {
    with_frameworks(|app| {
        let plain = list(app, Version::V1p1, "");
        for query in ["?colour=red", "?Limit=1", "?", "?&&", "?limit=100&_=1"] {
            assert_eq!(list(app, Version::V1p1, query).json(), plain.json(), "{query}");
        }
    });
}
