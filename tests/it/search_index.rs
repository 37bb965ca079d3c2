//! The search index follows the store: after whatever was done, what is found is what a look at
//! everything finds; and it is no more than derived.

use std::collections::BTreeSet;
use std::process::Stdio;

use casement::case::Version;
use casement::registry::{Access, Actor, Operation, PlanOptions, Registry, SearchRequest};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::app::on;
use crate::support::build::{Framework, id};
use crate::support::{TestDb, casement, for_each_backend, import_one, import_with};

/// Words without endings, so that each stands for itself in every language.
const WORDS: [&str; 6] = ["zor", "blik", "quaf", "mulp", "dwix", "gron"];
const FRAMEWORKS: [&str; 3] = ["one", "two", "three"];

fn indexed(db: &TestDb, dir: &tempfile::TempDir) -> Registry {
    db.registry().searching_in(dir.path().join("search"))
}

/// What a query finds for everybody, by identifier.
fn found(registry: &Registry, query: &str) -> BTreeSet<String> {
    found_by(registry, query, &Access::anonymous())
}

fn found_by(registry: &Registry, query: &str, access: &Access) -> BTreeSet<String> {
    let request = SearchRequest { q: query.to_owned(), limit: 1_000, ..SearchRequest::default() };
    let answer = registry.seen_by(access.clone()).search(&request).unwrap();
    assert_eq!(answer.total, answer.hits.len() as u64, "{query}");
    answer.hits.into_iter().map(|hit| hit.identifier).collect()
}

/// Everything published whose own text has a word, found by looking at all of it.
fn scanned(registry: &Registry, word: &str) -> BTreeSet<String> {
    let view = registry.seen_by(Access::anonymous());
    let mut found = BTreeSet::new();
    for framework in view.frameworks().unwrap() {
        let package = view.read(Version::V1p1, Operation::Package, &framework.identifier).unwrap().unwrap();
        let package: Value = serde_json::from_str(&package).unwrap();
        let objects = package["CFItems"].as_array().unwrap().iter().chain([&package["CFDocument"]]);
        for object in objects {
            let texts = ["fullStatement", "notes", "title"].map(|name| object[name].as_str().unwrap_or_default());
            if texts.iter().any(|text| text.split(' ').any(|one| one == word)) {
                found.insert(object["identifier"].as_str().unwrap().to_owned());
            }
        }
    }
    found
}

/// One thing that somebody does.
#[derive(Clone, Debug)]
enum Deed {
    /// A framework gets these items, each with these words; what it had and has not is deleted or kept.
    Import {
        framework: usize,
        items: Vec<(usize, Vec<usize>)>,
        delete: bool,
    },
    Undo(usize),
    Hide(usize),
    Show(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let item = (0..6_usize, prop::collection::vec(0..WORDS.len(), 0..4));
    let framework = 0..FRAMEWORKS.len();
    prop_oneof![
        4 => (framework.clone(), prop::collection::vec(item, 0..5), any::<bool>())
            .prop_map(|(framework, items, delete)| Deed::Import { framework, items, delete }),
        2 => framework.clone().prop_map(Deed::Undo),
        1 => framework.clone().prop_map(Deed::Hide),
        1 => framework.prop_map(Deed::Show),
    ]
}

fn carry_out(registry: &Registry, deed: &Deed) {
    match deed {
        Deed::Import { framework, items, delete } => {
            let name = FRAMEWORKS[*framework];
            let mut made = Framework::new(name).document(json!({"title": WORDS[*framework]}));
            let mut seen = BTreeSet::new();
            for (number, words) in items.iter().filter(|(number, _)| seen.insert(*number)) {
                let text: Vec<&str> = words.iter().map(|word| WORDS[*word]).collect();
                let item = format!("{name}.{number}");
                made =
                    made.item(&item, json!({"fullStatement": format!("x {}", text.join(" "))})).under(&item, name, 1);
            }
            let options = PlanOptions { delete_missing: *delete, ..PlanOptions::default() };
            import_with(registry, made.bytes(), &options).unwrap();
        }
        // There may be nothing to undo.
        Deed::Undo(framework) => drop(registry.undo(&id(FRAMEWORKS[*framework]))),
        Deed::Hide(framework) => drop(registry.mark_private(&id(FRAMEWORKS[*framework]), true, &Actor::cli()).unwrap()),
        Deed::Show(framework) => {
            drop(registry.mark_private(&id(FRAMEWORKS[*framework]), false, &Actor::cli()).unwrap());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(25))]

    #[test]
    fn what_is_found_is_what_a_look_at_everything_finds(deeds in prop::collection::vec(deed(), 1..12)) {
        let (db, dir) = (TestDb::sqlite(), tempfile::tempdir().unwrap());
        let registry = indexed(&db, &dir);
        for deed in &deeds {
            carry_out(&registry, deed);
            registry.index_now().unwrap();
            for word in WORDS {
                prop_assert_eq!(found(&registry, &format!("\"{word}\"")), scanned(&registry, word), "{} after {:?}", word, deed);
            }
        }
        // An index that is made at the end finds the same.
        let other = tempfile::tempdir().unwrap();
        let anew = indexed(&db, &other);
        anew.index_now().unwrap();
        for word in WORDS {
            prop_assert_eq!(found(&anew, word), found(&registry, word));
        }
    }
}

#[test]
fn an_index_that_is_gone_or_damaged_is_made_anew() {
    for_each_backend(|db| {
        let dir = tempfile::tempdir().unwrap();
        let registry = indexed(db, &dir);
        import_one(&registry, &Framework::with_items("f", 3).json);
        assert_eq!(registry.index_now().unwrap().changed, 4);
        assert_eq!(found(&registry, "\"statement\"").len(), 3);
        assert_eq!(registry.index_now().unwrap().changed, 0);

        std::fs::remove_dir_all(dir.path().join("search")).unwrap();
        let registry = indexed(db, &dir);
        assert_eq!(registry.index_now().unwrap().changed, 4);
        assert_eq!(found(&registry, "\"statement\"").len(), 3);

        let generation = std::fs::read_to_string(dir.path().join("search/current")).unwrap();
        std::fs::write(dir.path().join("search").join(generation).join("public/meta.json"), "{").unwrap();
        let registry = indexed(db, &dir);
        assert_eq!(registry.index_now().unwrap().changed, 4);
        assert_eq!(found(&registry, "\"statement\"").len(), 3);

        std::fs::write(dir.path().join("search/current"), "../elsewhere").unwrap();
        let registry = indexed(db, &dir);
        assert_eq!(registry.index_now().unwrap().changed, 4);
        assert_eq!(registry.reindex().unwrap().changed, 4);
        assert_eq!(found(&registry, "\"statement\"").len(), 3);
        let kept = std::fs::read_dir(dir.path().join("search")).unwrap().count();
        assert_eq!(kept, 2, "one generation and its name are left");
    });
}

#[test]
fn an_index_of_another_database_is_not_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (TestDb::sqlite(), TestDb::sqlite());
    for (db, name) in [(&one, "one"), (&other, "two")] {
        let registry = indexed(db, &dir);
        import_one(&registry, &Framework::with_items(name, 2).json);
        registry.index_now().unwrap();
        let all = found(&registry, "\"statement\"");
        assert_eq!(all, BTreeSet::from([id(&format!("{name}.1")), id(&format!("{name}.2"))]));
    }
}

#[test]
fn an_item_is_found_by_what_it_is_an_exact_match_of() {
    for_each_backend(|db| {
        let dir = tempfile::tempdir().unwrap();
        let registry = indexed(db, &dir);
        let step = || assert!(!registry.index_now().unwrap().elsewhere);
        let ours = Framework::new("ours")
            .item("a", json!({"humanCodingScheme": "X.1.a", "fullStatement": "Count"}))
            .associate("a", "exactMatchOf", "b", json!({}));
        let theirs = |code: &str, text: &str| {
            Framework::new("theirs").item("b", json!({"humanCodingScheme": code, "fullStatement": text}))
        };
        import_one(&registry, &ours.json);
        step();
        assert!(found(&registry, "QQ.7.b").is_empty());
        // What comes later is known from then on, on both sides.
        import_one(&registry, &theirs("QQ.7.b", "Zorblik").json);
        step();
        assert_eq!(found(&registry, "code:QQ.7.b"), BTreeSet::from([id("a"), id("b")]));
        assert_eq!(found(&registry, "zorblik"), BTreeSet::from([id("a"), id("b")]));
        assert_eq!(found(&registry, "code:X.1.a"), BTreeSet::from([id("a"), id("b")]));
        // The one that has it comes first.
        let request = SearchRequest { q: "qq7b".to_owned(), ..SearchRequest::default() };
        let answer = registry.whole().search(&request).unwrap();
        assert_eq!(answer.hits[0].identifier, id("b"));
        // And what changes there changes here.
        import_one(&registry, &theirs("QQ.8.c", "Quafmulp").json);
        step();
        assert_eq!(found(&registry, "quafmulp"), BTreeSet::from([id("a"), id("b")]));
        assert!(found(&registry, "zorblik").is_empty());
        // A third framework may say so of both.
        import_one(&registry, &Framework::new("c").item("c", json!({"fullStatement": "Dwix"})).json);
        import_one(&registry, &Framework::new("crosswalk").associate("c", "exactMatchOf", "b", json!({})).json);
        step();
        assert_eq!(found(&registry, "code:QQ.8.c"), BTreeSet::from([id("a"), id("b"), id("c")]));
        assert_eq!(found(&registry, "dwix"), BTreeSet::from([id("b"), id("c")]));
        registry.undo(&id("crosswalk")).unwrap();
        step();
        assert_eq!(found(&registry, "dwix"), BTreeSet::from([id("c")]));
        // What is private lends its words to nobody.
        registry.mark_private(&id("theirs"), true, &Actor::cli()).unwrap();
        step();
        assert!(found(&registry, "quafmulp").is_empty());
        assert_eq!(found_by(&registry, "quafmulp", &Access::everything()), BTreeSet::from([id("b")]));
    });
}

#[test]
fn a_program_that_is_killed_while_it_indexes_loses_nothing() {
    for_each_backend(|db| {
        let dir = tempfile::tempdir().unwrap();
        for n in 0..8 {
            let mut framework = Framework::with_items(&format!("f{n}"), 120);
            for item in framework.list("CFItems") {
                item["notes"] = json!("zorblik ".repeat(50));
            }
            import_one(&db.registry(), &framework.json);
        }
        for milliseconds in (0..20).map(|n| n * 17) {
            let mut command = on(db, dir.path());
            command.args(["search", "zorblik"]).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().unwrap();
            // A moment that differs, not one that is waited for.
            let until = std::time::Instant::now() + std::time::Duration::from_millis(milliseconds);
            while std::time::Instant::now() < until && child.try_wait().unwrap().is_none() {
                std::thread::yield_now();
            }
            let _ = child.kill();
            child.wait().unwrap();
        }
        let output = on(db, dir.path()).args(["search", "--json", "zorblik"]).output().unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["total"], 8 * 120, "{answer}");
        assert_eq!(answer["index"]["upToDate"], true);
    });
}

#[test]
fn the_judged_queries_are_answered_as_well_as_ever() {
    let db = TestDb::sqlite();
    db.registry().load_bundled().unwrap();
    let ran = casement(&db, &["eval", "search", "--json", "--floor", FLOOR]).expect(0).json();
    assert_eq!(ran["queries"], 279);
    for kind in ["code", "words", "misspelt", "language", "sentence", "filter"] {
        assert!(ran["kinds"][kind]["ndcg10"].as_f64().unwrap() > 0.0, "{ran}");
    }
    casement(&db, &["eval", "search", "--floor", "1.1"]).expect(1);
    casement(&db, &["eval", "search", "--queries", "/no/such.jsonl"]).expect(3);
}

/// What nDCG@10 over all judged queries must not fall below; what it is, `casement eval search` tells.
const FLOOR: &str = "0.77";
