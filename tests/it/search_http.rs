//! Search over HTTP: what an answer carries, paging, filters, what is not understood, and who sees what.

use std::collections::BTreeSet;

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::{get_as, token, token_until};
use crate::support::build::{Framework, id, object};
use crate::support::{TestApp, TestDb, encode, for_each_backend, import_one};

const SEARCH: &str = "/api/v1/search?";

fn sample() -> Framework {
    let level = object("level", json!({"quality": "Proficient", "description": "Explains every step", "position": 1}));
    let criterion = object(
        "criterion",
        json!({"category": "Reasoning", "description": "Argues soundly", "CFRubricCriterionLevels": [level]}),
    );
    let rubric = object("rubric", json!({"title": "Proofs", "CFRubricCriteria": [criterion]}));
    Framework::new("f")
        .document(json!({
            "title": "Mathematics for everybody", "adoptionStatus": "Adopted", "language": "en",
            "subject": ["Mathematics"], "creator": "State of Tests"}))
        .item("d", json!({"humanCodingScheme": "NF", "fullStatement": "Fractions", "CFItemType": "Domain"}))
        .under("d", "f", 1)
        .item(
            "s1",
            json!({"humanCodingScheme": "3.NF.A.1", "fullStatement": "Add <b>fractions</b> with like denominators",
            "CFItemType": "Standard", "educationLevel": ["03"], "notes": "Begin with halves & quarters"}),
        )
        .under("s1", "d", 1)
        .item(
            "s2",
            json!({"humanCodingScheme": "4.NF.A.1", "fullStatement": "Multiply a fraction by a whole number",
            "CFItemType": "Standard", "educationLevel": ["04"], "conceptKeywords": ["products"]}),
        )
        .under("s2", "d", 2)
        .item(
            "c",
            json!({"humanCodingScheme": "CC", "fullStatement": "Counting shells on the beach", "language": "en-US"}),
        )
        .under("c", "f", 2)
        .set("CFRubrics", json!([rubric]))
}

/// A server with `frameworks`, which knows all of them.
fn serving(db: &TestDb, frameworks: &[Framework]) -> TestApp {
    for framework in frameworks {
        import_one(&db.registry(), &framework.json);
    }
    let app = TestApp::start(db);
    ready(&app);
    app
}

fn ready(app: &TestApp) {
    app.until(|| {
        let answer = app.get(&format!("{SEARCH}q=anything"));
        answer.status == 200 && answer.json()["index"]["upToDate"] == true
    });
}

fn ids(answer: &Value) -> Vec<String> {
    answer["hits"].as_array().unwrap().iter().map(|hit| hit["identifier"].as_str().unwrap().to_owned()).collect()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| id(name)).collect()
}

#[test]
fn an_answer_carries_all_that_is_shown_of_it() {
    for_each_backend(|db| {
        let app = serving(db, &[sample()]);
        let answer = app.json(&format!("{SEARCH}q=denominator"));
        assert_eq!(answer["total"], 1, "{answer}");
        let hit = &answer["hits"][0];
        for (name, value) in [
            ("kind", json!("CFItem")),
            ("identifier", json!(id("s1"))),
            ("code", json!("3.NF.A.1")),
            ("statement", json!("Add <b>fractions</b> with like denominators")),
            ("itemType", json!("Standard")),
            ("educationLevel", json!(["03"])),
            ("foundBy", json!("words")),
        ] {
            assert_eq!(hit[name], value, "{hit}");
        }
        assert_eq!(hit["framework"]["title"], "Mathematics for everybody");
        assert_eq!(hit["framework"]["adoptionStatus"], "Adopted");
        assert_eq!(hit["ancestors"], json!([{"identifier": id("d"), "code": "NF", "statement": "Fractions"}]));
        assert_eq!(
            hit["snippets"],
            json!([{"property": "fullStatement", "html": "Add fractions with like <mark>denominators</mark>"}])
        );
        assert_eq!(answer["facets"]["grade"], json!([{"value": "03", "count": 1}]));
        assert_eq!(
            answer["facets"]["framework"],
            json!([{"value": id("f"), "label": "Mathematics for everybody", "count": 1}])
        );
        let plain = app.json(&format!("{SEARCH}q=fractions&facets=false&limit=1"));
        assert!(plain.get("facets").is_none() && plain["next"].is_string(), "{plain}");
        let notes = app.json(&format!("{SEARCH}q=quarters"));
        assert_eq!(notes["hits"][0]["snippets"][0]["html"], "Begin with halves &amp; <mark>quarters</mark>");
    });
}

#[test]
fn the_query_language_is_what_people_know() {
    let db = TestDb::sqlite();
    let app = serving(&db, &[sample()]);
    for (query, found) in [
        ("fraction", &["d", "s1", "s2"][..]),
        ("fraction -multiply", &["d", "s1"]),
        ("\"like denominators\"", &["s1"]),
        ("\"denominators like\"", &[]),
        ("add OR multiply", &["s1", "s2"]),
        ("mult*", &["s2"]),
        ("fractions grade:3", &["s1"]),
        ("grade:\"Grade 4\"", &["s2"]),
        ("type:standard", &["s1", "s2"]),
        ("type:standard fractions -code:4.NF*", &["s1"]),
        ("code:3.NF*", &["s1"]),
        ("NF-A-1 grade:4", &["s2"]),
        ("kind:document mathematics", &["f"]),
        ("kind:criterion", &["criterion"]),
        ("explains", &["level"]),
        ("kind:level proofs", &["level"]),
        ("language:en-US", &["c"]),
        ("framework:everybody shells", &["c"]),
        ("framework:physics shells", &[]),
        ("creator:tests beach", &["c"]),
        ("products", &["s2"]),
        ("updated:>2027-01-01", &[]),
        ("updated:2026 beach", &["c"]),
        ("the beach", &["c"]),
    ] {
        let answer = app.json(&format!("{SEARCH}q={}", encode(query)));
        let (got, expected): (BTreeSet<_>, BTreeSet<_>) =
            (ids(&answer).into_iter().collect(), names(found).into_iter().collect());
        assert_eq!(got, expected, "{query}: {answer}");
    }
    for (query, first) in [("3.nf.1", "s1"), ("4 nf a 1", "s2"), ("nf", "d"), ("CCSS.4.NF.A.1", "s2"), ("cc", "c")] {
        let answer = app.json(&format!("{SEARCH}q={}", encode(query)));
        assert_eq!(ids(&answer)[0], id(first), "{query}: {answer}");
        assert_eq!(answer["hits"][0]["foundBy"], "code", "{query}");
    }
    for (query, first) in
        [(id("s2"), "s2"), (format!("https://x.example/uri/{}", id("c")), "c"), (id("f").to_uppercase(), "f")]
    {
        let answer = app.json(&format!("{SEARCH}q={}", encode(&query)));
        assert_eq!(ids(&answer), [id(first)], "{query}");
        assert_eq!(answer["hits"][0]["foundBy"], "code");
    }
    for (parameters, found) in [
        ("grade=3&grade=4", &["s1", "s2"][..]),
        ("q=fractions&grade=3", &["s1"]),
        ("q=fraction&type=Standard", &["s1", "s2"]),
        ("kind=document", &["f"]),
        (&format!("under={}", id("d")), &["d", "s1", "s2"]),
        (&format!("framework={}&q=shells", id("f")), &["c"]),
        ("framework=nothing", &[]),
        (&format!("like={}&kind=item", id("s1")), &["d", "s2"]),
        (&format!("like={}&grade=4", id("s1")), &["s2"]),
    ] {
        let got: BTreeSet<_> = ids(&app.json(&format!("{SEARCH}{parameters}"))).into_iter().collect();
        assert_eq!(got, names(found).into_iter().collect(), "{parameters}");
    }
}

#[test]
fn mistakes_are_corrected_and_said() {
    let db = TestDb::sqlite();
    let app = serving(&db, &[sample()]);
    let answer = app.json(&format!("{SEARCH}q=denominaters"));
    assert_eq!(ids(&answer), [id("s1")]);
    assert_eq!(answer["corrections"], json!([{"typed": "denominaters", "searched": "denominators"}]));
    let answer = app.json(&format!("{SEARCH}q=counting+shells+xylophone"));
    assert_eq!((ids(&answer), &answer["relaxed"]), (vec![id("c")], &json!(true)));
    let answer = app.json(&format!("{SEARCH}q=updated:yesterday"));
    assert!(answer["hints"][0].as_str().unwrap().contains("is no date"), "{answer}");
    for (parameters, says) in [
        ("limit=0", "limit is a number"),
        ("limit=101", "limit is a number"),
        ("limit=x", "limit is a number"),
        ("facets=maybe", "facets is true or false"),
        ("group=grade", "group can only be framework"),
        ("cursor=nonsense", "cursor"),
        ("colour=red", "There is no parameter colour"),
        ("q=a&q=b", "q is given twice"),
        ("q=a&like=b", "either q or like"),
        ("like=b", "not published here"),
    ] {
        let refused = app.get(&format!("{SEARCH}{parameters}")).expect(400).json();
        assert!(refused["detail"].as_str().unwrap().contains(says), "{parameters}: {refused}");
    }
    assert_eq!(app.get("/api/v1/suggest?q=a&typing=true").expect(400).json()["status"], 400);
}

#[test]
fn pages_hold_together_while_the_store_changes() {
    for_each_backend(|db| {
        let app = serving(db, &[Framework::with_items("f", 95)]);
        let whole = ids(&app.json(&format!("{SEARCH}q=%22statement%22&limit=100")));
        assert_eq!(whole.len(), 95);
        let mut pages = Vec::new();
        let mut cursor = String::new();
        for page in 0.. {
            let answer = app.json(&format!("{SEARCH}q=%22statement%22&limit=10{cursor}"));
            assert_eq!(answer["total"], 95, "{page}");
            pages.extend(ids(&answer));
            if page == 3 {
                import_one(&db.registry(), &Framework::with_items("g", 30).json);
                app.until(|| app.json(&format!("{SEARCH}q=%22statement%22&limit=1"))["total"] == 125);
            }
            let Some(next) = answer["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(pages, whole);
    });
}

#[test]
fn hits_are_grouped_and_what_is_retired_comes_last() {
    let db = TestDb::sqlite();
    let retired = Framework::with_items("old", 5).document(json!({"adoptionStatus": "Deprecated"}));
    let ended = Framework::new("new")
        .item("new.1", json!({"fullStatement": "Statement statement statement", "statusStartDate": "2001-01-01", "statusEndDate": "2002-01-01"}))
        .item("new.2", json!({"fullStatement": "A statement among many other words, of which it is but one"}));
    let app = serving(&db, &[retired, ended]);
    let answer = app.json(&format!("{SEARCH}q=statement"));
    assert_eq!(ids(&answer)[0], id("new.2"));
    let flags: Vec<bool> = answer["hits"].as_array().unwrap().iter().map(|hit| hit["retired"] == true).collect();
    assert_eq!(flags, [false, true, true, true, true, true, true]);
    let mixed = app.json(&format!("{SEARCH}q=statement&retired=true"));
    assert_ne!(ids(&mixed)[0], id("new.2"));
    let groups = app.json(&format!("{SEARCH}q=statement&group=framework"));
    let told: Vec<(&Value, usize)> = groups["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (&group["total"], group["hits"].as_array().unwrap().len()))
        .collect();
    assert_eq!(told, [(&json!(2), 2), (&json!(5), 3)]);
    assert_eq!(groups["hits"], json!([]));
}

#[test]
fn suggestions_come_while_typing() {
    for_each_backend(|db| {
        let app = serving(db, &[sample()]);
        for (typed, found) in [("fract", "s1"), ("mult", "s2"), ("3.n", "s1"), ("counting sh", "c"), ("math", "f")] {
            let answer = app.json(&format!("/api/v1/suggest?q={}", encode(typed)));
            let all: Vec<&str> =
                answer.as_array().unwrap().iter().map(|one| one["identifier"].as_str().unwrap()).collect();
            assert!(all.contains(&id(found).as_str()), "{typed}: {answer}");
        }
        let one = app.json("/api/v1/suggest?q=shel&limit=1");
        assert_eq!(one[0]["text"], "Counting shells on the beach");
        assert_eq!(app.json("/api/v1/suggest?q=zzzz"), json!([]));
    });
}

#[test]
fn what_is_private_is_found_by_those_who_may() {
    for_each_backend(|db| {
        let secret = Framework::with_items("secret", 2)
            .document(json!({"title": "Zanzibar", "adoptionStatus": "Private Draft"}))
            .change("secret.1", json!({"fullStatement": "Zanzibar statement", "humanCodingScheme": "ZZ.9.z"}));
        let app = serving(db, &[Framework::with_items("open", 2), secret]);
        let (reader, editor) = (token(db, Role::Reader), token_until(db, Role::Editor, Some(&["open"]), None));
        app.until(|| get_as(&app, &format!("{SEARCH}q=x"), &reader).json()["index"]["upToDate"] == true);
        let before = app.get(&format!("{SEARCH}q=statement")).expect(200).json();
        assert_eq!(before["total"], 2);
        for query in [
            "zanzibar",
            "zanzibr",
            "zanz*",
            "ZZ.9.z",
            "code:zz*",
            "framework:zanzibar",
            &id("secret.1"),
            "kind:document zanzibar",
        ] {
            for answer in [
                app.get(&format!("{SEARCH}q={}", encode(query))),
                get_as(&app, &format!("{SEARCH}q={}", encode(query)), &editor),
            ] {
                let answer = answer.expect(200);
                assert_eq!(answer.json()["total"], 0, "{query}: {}", answer.text());
                assert!(!answer.text().contains("Zanzibar"), "{query}: {}", answer.text());
            }
            let seen = get_as(&app, &format!("{SEARCH}q={}", encode(query)), &reader).expect(200).json();
            assert!(seen["total"].as_u64().unwrap() > 0, "{query}: {seen}");
        }
        assert_eq!(app.json("/api/v1/suggest?q=zanz"), json!([]));
        // Neither counts nor weights tell that there is more.
        import_one(
            &db.registry(),
            &Framework::with_items("other", 40).document(json!({"adoptionStatus": "Private Draft"})).json,
        );
        app.until(|| get_as(&app, &format!("{SEARCH}q=statement"), &reader).json()["total"] == 44);
        let after = app.json(&format!("{SEARCH}q=statement"));
        assert_eq!(
            (&after["hits"], &after["facets"], &after["total"]),
            (&before["hits"], &before["facets"], &before["total"])
        );
    });
}

#[test]
fn what_is_committed_is_found_within_moments() {
    for_each_backend(|db| {
        let app = serving(db, &[Framework::with_items("f", 1)]);
        let total = |query: &str| app.json(&format!("{SEARCH}q={query}"))["total"].as_u64().unwrap();
        for n in 2..6 {
            import_one(&db.registry(), &Framework::with_items("f", n).json);
            app.until(|| total("statement") == n as u64);
        }
        db.registry().undo(&id("f")).unwrap();
        app.until(|| total("statement") == 4);
    });
}

#[test]
fn hostile_queries_get_a_normal_answer() {
    let db = TestDb::sqlite();
    let app = serving(&db, &[sample()]);
    let planes: String = (0..=16_u32).filter_map(|plane| char::from_u32(plane * 0x1_0000 + 0x1234)).collect();
    let queries = [
        "a".repeat(7_000),
        "a ".repeat(2_500),
        "* ".repeat(1_000),
        "a* ".repeat(1_000),
        "code:* type:* grade:*".to_owned(),
        "-a ".repeat(1_000),
        "a OR ".repeat(1_000),
        "\"".repeat(1_001),
        "\"a \"".repeat(500),
        "\u{0}\u{1}\u{2}\u{7f}".to_owned(),
        planes,
        "1.".repeat(1_000),
        "((((]]]]{{{{\\\\////".to_owned(),
        "framework:".to_owned() + &"x".repeat(3_000),
        "updated:>99999-99-99".to_owned(),
        "updated:>-5".to_owned(),
        "\u{202e}fractions\u{200d}".to_owned(),
    ];
    for query in &queries {
        for path in [SEARCH.to_owned(), "/api/v1/suggest?".to_owned()] {
            let answer = app.get(&format!("{path}q={}", encode(query)));
            assert_eq!(answer.status, 200, "{}: {}", query.chars().take(30).collect::<String>(), answer.text());
        }
    }
    let long = app.json(&format!("{SEARCH}q={}", encode(&"b ".repeat(2_500))));
    assert!(!long["hints"].as_array().unwrap().is_empty());
}
