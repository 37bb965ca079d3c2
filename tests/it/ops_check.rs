//! `check`: silent on a whole store, and it finds each kind of damage that a store can take; what
//! is derived is mended.

use std::collections::BTreeSet;

use casement::case::Version;
use casement::registry::{Checkup, Gravity, Operation, PlanOptions, Registry};
use serde_json::{Value, json};

use crate::ops_backup::{execute, stored};
use crate::support::app::{Ran, on};
use crate::support::build::{Framework, id, link};
use crate::support::{BASE, TestDb, casement, fixtures, for_each_backend, import_one, import_with};

fn check(registry: &Registry, repair: bool) -> Checkup {
    registry.check(repair, |_, _| {}).unwrap_or_else(|error| panic!("{}", crate::support::chain(&error)))
}

/// The codes that were found, of that gravity.
fn codes(checkup: &Checkup, gravity: Gravity) -> BTreeSet<&'static str> {
    checkup.tallies.keys().filter(|(one, _)| *one == gravity).map(|(_, code)| *code).collect()
}

/// `home` and `guest`, which carries an item of `home` and has one of everything that has columns.
fn fill(db: &TestDb) {
    let registry = db.registry();
    let home = Framework::with_items("home", 3).define("CFItemTypes", "type", json!({"hierarchyCode": "1"}));
    import_one(&registry, &home.json);
    import_one(&registry, &home.clone().change("home.1", json!({"fullStatement": "Newer"})).json);
    let rubric = json!([{
        "identifier": id("rubric"), "uri": "https://origin.example/uri/rubric", "title": "R",
        "lastChangeDateTime": crate::support::build::CHANGED,
        "CFRubricCriteria": [{
            "identifier": id("criterion"), "uri": "https://origin.example/uri/criterion",
            "lastChangeDateTime": crate::support::build::CHANGED,
        }],
    }]);
    let guest = Framework::with_items("guest", 3)
        .item("home.1", json!({"CFDocumentURI": link("home")}))
        .under("home.1", "guest", 4)
        .set("CFRubrics", rubric);
    import_one(&registry, &guest.json);
}

#[test]
fn a_whole_store_has_no_errors() {
    for_each_backend(|db| {
        let registry = db.registry();
        assert_eq!(check(&registry, false).tallies.len(), 0, "an empty store");
        fill(db);
        let checkup = check(&registry, false);
        assert_eq!(checkup.findings, [], "on {}", db.backend);
        assert_eq!((checkup.frameworks, checkup.revisions, checkup.changes), (2, 3, 3));
        let before = stored(db);
        assert_eq!(check(&registry, true).repaired(), 0);
        assert_eq!(stored(db), before);
    });
}

/// Whatever real files hold, the store that they are imported into does not contradict itself.
#[test]
fn real_packages_make_whole_stores() {
    for_each_backend(|db| {
        let registry = db.registry();
        for fixture in fixtures::all() {
            for (_, package) in fixture.packages() {
                let options = PlanOptions { move_objects: true, ..PlanOptions::default() };
                // A file that cannot be imported is another test's matter.
                drop(import_with(&registry, package.to_string().into_bytes(), &options));
            }
        }
        let checkup = check(&registry, false);
        let errors: Vec<_> = checkup.findings.iter().filter(|finding| finding.gravity == Gravity::Error).collect();
        assert!(errors.is_empty(), "on {}: {errors:#?}", db.backend);
        assert!(checkup.objects > 100);
    });
}

/// One kind of damage.
struct Damage {
    code: &'static str,
    statements: String,
    /// What `--repair` makes of it.
    repair: Repair,
}

#[derive(PartialEq)]
enum Repair {
    /// Every row is as before.
    Whole,
    /// The store agrees with itself again.
    Agrees,
    /// Nothing is touched.
    Nothing,
}

fn damages(backend: &str) -> Vec<Damage> {
    use Repair::{Agrees, Nothing, Whole};
    let (home, guest, item, alias) = (id("home"), id("guest"), id("guest.2"), id("home.1"));
    let edge = id("guest.2 isChildOf guest");
    let bytes = if backend == "sqlite" { "x'00'" } else { r"'\x00'" };
    let other = id("somewhere else");
    let in_guest = format!("package_id = '{guest}'");
    let mut all = vec![
        ("body-unreadable", format!("UPDATE objects SET body = '{{' WHERE id = '{item}'"), Nothing),
        ("body-unreadable", format!("UPDATE objects SET body = '[' WHERE class = 'CFPackage' AND {in_guest}"), Nothing),
        ("class-unknown", format!("UPDATE objects SET class = 'CFThing' WHERE id = '{item}'"), Nothing),
        ("class-differs", format!("UPDATE objects SET class = 'CFRubric' WHERE id = '{item}'"), Nothing),
        ("class-differs", format!("UPDATE objects SET class = 'CFItem' WHERE id = '{edge}'"), Nothing),
        ("class-differs", format!("UPDATE objects SET class = 'CFItem' WHERE id = '{}'", id("type")), Nothing),
        ("identifier-differs", format!("UPDATE objects SET id = '{other}' WHERE id = '{item}'"), Nothing),
        (
            "time-missing",
            format!(
                "UPDATE objects SET body = '{{\"identifier\":\"{item}\",\"fullStatement\":\"\"}}' WHERE id = '{item}'"
            ),
            Nothing,
        ),
        ("changed-at-differs", format!("UPDATE objects SET changed_at = changed_at + 1 WHERE {in_guest}"), Whole),
        ("origin-differs", format!("UPDATE objects SET origin = '{other}' WHERE id = '{edge}'"), Whole),
        ("origin-differs", format!("UPDATE objects SET origin = '{other}' WHERE id = '{item}'"), Whole),
        ("destination-differs", format!("UPDATE objects SET destination = NULL WHERE id = '{edge}'"), Whole),
        ("home-differs", format!("UPDATE objects SET home_id = '{other}' WHERE id = '{edge}'"), Whole),
        ("package-foreign", format!("UPDATE objects SET package_id = '{home}' WHERE id = '{guest}'"), Nothing),
        ("document-missing", format!("DELETE FROM objects WHERE class = 'CFDocument' AND {in_guest}"), Nothing),
        ("framework-unlisted", format!("DELETE FROM documents WHERE id = '{guest}'"), Whole),
        ("framework-empty", format!("INSERT INTO documents (id, revision_id) VALUES ('{other}', 1)"), Whole),
        ("framework-empty", format!("DELETE FROM objects WHERE {in_guest}"), Agrees),
        ("two-homes", format!("UPDATE objects SET home_id = package_id WHERE id = '{alias}'"), Nothing),
        ("revision-missing", format!("UPDATE documents SET revision_id = 99 WHERE id = '{home}'"), Whole),
        ("revision-undone", "UPDATE revisions SET undone_at = 1 WHERE id = 2".to_owned(), Agrees),
        (
            "revision-before-missing",
            "DELETE FROM revisions WHERE id = 1; DELETE FROM changes WHERE revision_id = 1".to_owned(),
            Nothing,
        ),
        ("revision-unreadable", format!("UPDATE revisions SET undo = {bytes} WHERE id = 1"), Nothing),
        ("revision-unreadable", format!("UPDATE revisions SET report = {bytes} WHERE id = 2"), Nothing),
        ("revision-unreadable", "UPDATE revisions SET summary = '{' WHERE id = 3".to_owned(), Nothing),
        ("change-missing", "DELETE FROM changes WHERE revision_id = 2".to_owned(), Nothing),
        (
            "change-without-revision",
            "INSERT INTO changes (document_id, revision_id, at) VALUES ('x', 99, 1)".to_owned(),
            Nothing,
        ),
    ];
    if backend == "sqlite" {
        let statements = "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'objects_by_received'";
        all.push(("database-damaged", statements.to_owned(), Nothing));
    }
    all.into_iter().map(|(code, statements, repair)| Damage { code, statements, repair }).collect()
}

#[test]
fn every_kind_of_damage_is_found_and_what_is_derived_is_mended() {
    for backend in [TestDb::sqlite as fn() -> TestDb, || TestDb::postgres().unwrap_or_else(TestDb::sqlite)] {
        let backend_name = backend().backend;
        for Damage { code, statements, repair } in damages(backend_name) {
            let db = backend();
            fill(&db);
            let mut before = stored(&db);
            execute(&db, &statements);
            let registry = db.registry();
            let found = check(&registry, false);
            assert!(
                codes(&found, Gravity::Error).contains(code),
                "{backend_name}: {code} is not found after {statements}: {:#?}",
                found.findings
            );
            assert!(found.count(Gravity::Error) > 0);
            assert_eq!(found.repaired(), 0);
            let damaged = stored(&db);

            let repaired = check(&registry, true);
            let after = check(&registry, false);
            let mut now = stored(&db);
            if repair == Repair::Nothing {
                assert_eq!(repaired.repaired(), 0, "{code}: {:#?}", repaired.findings);
                assert_eq!(now, damaged, "{code}");
                continue;
            }
            assert!(repaired.repaired() > 0, "{backend_name}: {code} is not repaired");
            assert_eq!(repaired.count(Gravity::Error), 0);
            assert_eq!(codes(&after, Gravity::Error), BTreeSet::new(), "{backend_name}: {code} after its repair");
            assert!(now["changes"].len() > before["changes"].len(), "{code}: followers are told");
            for tables in [&mut now, &mut before] {
                tables.remove("changes");
            }
            assert!(repair == Repair::Agrees || now == before, "{code}: a repair changes no more than what was wrong");
        }
    }
}

/// What input may bring is told as what it is, and is no error.
#[test]
fn odd_data_is_worth_a_warning() {
    let ours = |name: &str| json!({"title": name, "identifier": id(name), "uri": format!("{BASE}/uri/{}", id(name))});
    let framework = Framework::with_items("f", 12)
        .associate("f.1", "isChildOf", "f.1", json!({}))
        .associate("f.2", "isChildOf", "f.3", json!({"sequenceNumber": 1}))
        .associate("f.3", "isChildOf", "f.4", json!({}))
        .associate("f.4", "isChildOf", "f.2", json!({}))
        .associate("f.5", "isChildOf", "f.3", json!({"sequenceNumber": 1}))
        .associate("f.6", "isChildOf", "nobody", json!({}))
        .associate("f.7", "isRelatedTo", "far away", json!({}))
        .associate("f.8", "isRelatedTo", "far away", json!({}))
        .associate("f.9", "isRelatedTo", "taken away", json!({"destinationNodeURI": ours("taken away")}))
        .item("f.lost", json!({"CFItemTypeURI": link("no type"), "licenseURI": link("no licence")}))
        .item("f.loan", json!({"CFDocumentURI": link("lender")}))
        .under("f.loan", "f.1", 1);
    // In a grouping, a circle is what its makers want it to be.
    let grouping = json!({"CFAssociationGroupingURI": link("no grouping")});
    let framework = framework.associate("f.10", "isChildOf", "f.11", grouping.clone()).associate(
        "f.11",
        "isChildOf",
        "f.10",
        grouping,
    );
    for_each_backend(|db| {
        let registry = db.registry();
        import_one(&registry, &Framework::new("lender").json);
        import_one(&registry, &framework.json);
        let found = check(&registry, false);
        assert_eq!(codes(&found, Gravity::Error), BTreeSet::new());
        let warnings = [
            "alias-without-home",
            "cycle",
            "end-missing",
            "orphan",
            "self-edge",
            "sequence-duplicate",
            "tree-end-missing",
        ];
        assert_eq!(codes(&found, Gravity::Warning), BTreeSet::from(warnings), "on {}", db.backend);
        assert_eq!(codes(&found, Gravity::Info), BTreeSet::from(["definition-missing", "end-external"]));
        let of = |code: &str| -> Vec<String> {
            found
                .findings
                .iter()
                .filter(|finding| finding.code == code)
                .map(|finding| finding.sentence.clone())
                .collect()
        };
        assert_eq!(of("cycle").len(), 1);
        assert!(["f.2", "f.3", "f.4"].iter().all(|name| of("cycle")[0].contains(&id(name))), "{:?}", of("cycle"));
        assert!(of("orphan")[0].contains(": 1, e.g.") && of("orphan")[0].contains(&id("f.lost")), "{:?}", of("orphan"));
        assert!(of("end-external")[0].contains(": 1, e.g."), "{:?}", of("end-external"));
        assert_eq!(of("definition-missing").len(), 3);
        assert_eq!(check(&registry, true).repaired(), 0);
    });
}

#[test]
fn the_verb_exits_with_what_it_found() {
    for_each_backend(|db| {
        fill(db);
        let ran = casement(db, &["check"]).expect(0);
        assert!(ran.stdout.contains("checked 2 frameworks") && ran.stdout.contains("errors 0"), "{}", ran.stdout);
        execute(db, &format!("UPDATE objects SET changed_at = 1 WHERE id = '{}'", id("guest.1")));
        execute(db, &format!("UPDATE objects SET body = 'x' WHERE id = '{}'", id("guest.2")));
        let ran = casement(db, &["check"]).expect(1);
        for part in ["error changed-at-differs × 1", "error body-unreadable × 1", &id("guest.1"), "errors 2"] {
            assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
        }
        let ran = casement(db, &["check", "--json", "--repair"]).expect(1);
        let told: Value = ran.json();
        assert_eq!((&told["errors"], &told["repaired"]), (&json!(1), &json!(1)), "{told:#}");
        assert_eq!(told["codes"]["changed-at-differs"], json!({"found": 1, "repaired": 1}));
        let finding = told["findings"].as_array().unwrap().iter().find(|one| one["code"] == "body-unreadable").unwrap();
        assert_eq!(finding["severity"], "error");
        assert_eq!((&finding["framework"], &finding["object"]), (&json!(id("guest")), &json!(id("guest.2"))));
        let ran = casement(db, &["check"]).expect(1);
        assert!(ran.stdout.contains("errors 1"), "{}", ran.stdout);
    });
    let nothing = TestDb::sqlite();
    let ran = casement(&nothing, &["check"]).expect(3);
    assert!(ran.stderr.contains("no database"), "{}", ran.stderr);
}

#[test]
fn reindex_makes_anew_what_is_derived_and_nothing_else() {
    for_each_backend(|db| {
        let folder = tempfile::tempdir().unwrap();
        import_one(&db.registry(), &Framework::with_items("f", 3).json);
        let before = db.registry().whole().read(Version::V1p1, Operation::Package, &id("f")).unwrap();
        let rendered = folder.path().join("rendered");
        let reindex = || {
            let output = on(db, folder.path()).arg("reindex").output().unwrap();
            Ran::from(output).expect(0).stdout
        };
        assert!(reindex().contains("deleted 0 files"));
        std::fs::create_dir(&rendered).unwrap();
        for name in ["a.json", "a.json.gz", ".part"] {
            std::fs::write(rendered.join(name), "x").unwrap();
        }
        let said = reindex();
        assert!(said.contains("deleted 3 files") && said.contains("indexed 4 objects"), "{said}");
        assert_eq!(std::fs::read_dir(&rendered).unwrap().count(), 0);
        let after = db.registry().whole().read(Version::V1p1, Operation::Package, &id("f")).unwrap();
        assert!(before.is_some() && before == after);
    });
}

#[test]
fn a_private_draft_that_everybody_sees_is_hidden_again() {
    for_each_backend(|db| {
        let registry = db.registry();
        let draft = Framework::with_items("draft", 1).document(json!({"adoptionStatus": "Private Draft"}));
        import_one(&registry, &draft.json);
        import_one(&registry, &Framework::with_items("open", 1).json);
        registry.mark_private(&id("unknown"), true, &casement::registry::Actor::cli()).unwrap();
        assert_eq!(check(&registry, false).findings, []);
        execute(db, &format!("UPDATE private SET document_id = '{}' WHERE reason = 'draft'", id("open")));
        let expect = BTreeSet::from(["draft-public", "draft-stale"]);
        assert_eq!(codes(&check(&registry, false), Gravity::Error), expect);
        assert_eq!(check(&registry, true).repaired(), 2);
        assert_eq!(check(&registry, false).findings, []);
        let private: Vec<String> =
            registry.private_frameworks().unwrap().into_iter().map(|one| one.identifier).collect();
        assert_eq!(BTreeSet::from_iter(private), BTreeSet::from([id("draft"), id("unknown")]));
    });
}
