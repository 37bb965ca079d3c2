//! A sheet that is imported again: rows meet what is stored, only what was edited changes, and
//! nothing is lost that nobody asked to lose.

use std::collections::{HashMap, HashSet};

use casement::case::Version;
use casement::registry::{Operation, Registry};
use casement::tabular::build::Options;
use casement::tabular::mapping::{Hierarchy, Role};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;

use crate::support::books::Book;
use crate::support::{TestDb, for_each_backend};

fn package(registry: &Registry, id: &str) -> Value {
    let text = registry.whole().read(Version::V1p1, Operation::Package, id).unwrap().expect("it is stored");
    serde_json::from_str(&text).unwrap()
}

fn named<'v>(package: &'v Value, code: &str) -> &'v Value {
    let items = package["CFItems"].as_array().unwrap();
    items.iter().find(|item| item["humanCodingScheme"] == code).unwrap_or_else(|| panic!("no item {code}"))
}

/// The parent of each item as the associations have it.
fn parents(package: &Value) -> HashMap<&str, Vec<&str>> {
    let mut parents: HashMap<&str, Vec<&str>> = HashMap::new();
    for one in package["CFAssociations"].as_array().unwrap().iter().filter(|one| one["associationType"] == "isChildOf")
    {
        let end = |name: &str| one[name]["identifier"].as_str().unwrap();
        parents.entry(end("originNodeURI")).or_default().push(end("destinationNodeURI"));
    }
    parents
}

fn changed(plan: &casement::registry::Plan, class: &str) -> Vec<(String, Vec<String>)> {
    let of_class = plan.diff.changed.iter().filter(|changed| changed.object.class == class);
    of_class.map(|changed| (changed.object.label.clone(), changed.properties.clone())).collect()
}

const SHEET: &str = "level|code|statement|notes|association:isRelatedTo[,]|type\n\
                     1|N|Number|n||Domain\n2|N.1|Counting||N.2|Standard\n2|N.2|Adding|||Standard\n\
                     1|S|Shapes|||Domain\n2|S.1|Circles||https://x.example/1|Standard";

fn sheet(text: &str) -> Book {
    Book::items(Hierarchy::Level, text).document("creator", "Board")
}

#[test]
fn importing_the_same_sheet_twice_changes_nothing() {
    let associations = "identifier|associationType|originCode|destinationCode|groupingTitle|notes\n\
                        one|exactMatchOf|N.1|S.1|Crosswalk|x\n|isPeerOf|S.1|elsewhere||";
    let rubrics = "rowType|title|description|category|score|quality|itemIdentifier\nRubric|Essay\n\
                   Criterion|||Style|||N.1\nLevel||||4.0|Good";
    let definitions = "rowType|title|description|licenseText\nItem type|Standard|A standard|\nLicense|Free||Use it";
    let books = [
        sheet(SHEET),
        sheet(SHEET)
            .sheet("CF Association", Role::Associations, Hierarchy::Flat, associations)
            .sheet("Rubrics", Role::Rubrics, Hierarchy::Flat, rubrics)
            .sheet("Definitions", Role::Definitions, Hierarchy::Flat, definitions),
        Book::items(Hierarchy::Indentation, "statement\nA\n  B\n  B\n    C\nA").title("Without codes"),
        Book::items(Hierarchy::ParentIdentifier, "identifier|parentIdentifier|statement\nx||A\ny|x|B\nx||C")
            .title("Names"),
        Book::items(
            Hierarchy::CodePrefix,
            "code|statement|extension:Local|grade|statusEndDate\nA|A|1|3|2020-01-01\nA|B||K|",
        )
        .title("Repeated codes"),
    ];
    for_each_backend(|db| {
        let registry = db.registry();
        for book in &books {
            let first = book.import(&registry, &Options::default());
            let again = book.plan(&registry, &Options::default());
            assert!(again.is_empty(), "{:?} {:?}", again.diff.added, again.diff.changed);
            assert_eq!(again.diff.moved, 0);
            assert!(again.diff.missing.is_empty(), "{:?}", again.diff.missing);
            assert_eq!(registry.apply(again).unwrap().revision, None);
            assert!(first.revision.is_some());
        }
    });
}

#[test]
fn an_edited_sheet_changes_what_was_edited_and_nothing_else() {
    for_each_backend(|db| {
        let registry = db.registry();
        let first = sheet(SHEET).import(&registry, &Options::default());
        let before = package(&registry, &first.identifier);
        // N.1 reworded, N.2 has another code and stands under S, S.1 is gone, T is new.
        let edited = "level|code|statement|notes|association:isRelatedTo[,]|type\n\
                      1|N|Number|||Domain\n2|N.1|Counting to ten||N.2x|Standard\n1|S|Shapes|||Domain\n\
                      2|N.2x|Adding|||Standard\n1|T|Time|||Domain";
        let plan = sheet(edited).plan(&registry, &Options::default());
        let class = |class: &str| plan.diff.added.iter().filter(|one| one.class == class).count();
        assert_eq!((class("CFItem"), class("CFAssociation")), (1, 1));
        let items: HashMap<String, Vec<String>> = changed(&plan, "CFItem").into_iter().collect();
        // The time of the change differs only once a second has passed.
        let sorted = |code: &str| {
            let mut properties = items.get(code).cloned().unwrap_or_default();
            properties.retain(|name| name != "lastChangeDateTime");
            properties
        };
        assert_eq!(items.len(), 3);
        assert_eq!(sorted("N"), ["notes"], "a blank cell clears");
        assert_eq!(sorted("N.1"), ["fullStatement"]);
        assert_eq!(sorted("N.2x"), ["humanCodingScheme"]);
        let moved = changed(&plan, "CFAssociation");
        assert_eq!(moved.len(), 1, "a move is a change, not a second parent: {moved:?}");
        assert!(moved[0].1.contains(&"destinationNodeURI".to_owned()), "{moved:?}");
        let missing: Vec<_> = plan.diff.missing.iter().map(|one| (one.class, one.label.as_str())).collect();
        assert_eq!(missing, [("CFItem", "S.1"), ("CFAssociation", "isChildOf"), ("CFAssociation", "isRelatedTo")]);
        registry.apply(plan).unwrap();

        let after = package(&registry, &first.identifier);
        for (old, new) in [("N", "N"), ("N.1", "N.1"), ("N.2", "N.2x"), ("S", "S"), ("S.1", "S.1")] {
            assert_eq!(named(&before, old)["identifier"], named(&after, new)["identifier"], "{old}");
            assert_eq!(named(&before, old)["uri"], named(&after, new)["uri"], "{old}");
        }
        assert!(parents(&after).values().all(|parents| parents.len() == 1));
        assert!(sheet(edited).plan(&registry, &Options::default()).is_empty(), "and again changes nothing");

        registry.undo(&first.identifier).unwrap();
        assert_eq!(package(&registry, &first.identifier), before);
    });
}

#[test]
fn what_the_sheet_does_not_speak_of_stays() {
    let db = TestDb::sqlite();
    let registry = db.registry();
    let full = sheet(SHEET).sheet(
        "Links",
        Role::Associations,
        Hierarchy::Flat,
        "associationType|originCode|destinationCode|groupingTitle\nexactMatchOf|N.1|S.1|Crosswalk",
    );
    let first = full.import(&registry, &Options::default());
    let before = package(&registry, &first.identifier);
    let narrow = "level|code|statement\n1|N|Number\n2|N.1|Counting\n2|N.2|Adding\n1|S|Shapes\n2|S.1|Circles";
    let plan = sheet(narrow).plan(&registry, &Options { delete_missing: true, ..Options::default() });
    assert!(plan.is_empty(), "{:?} {:?}", plan.diff.changed, plan.diff.missing);
    assert!(plan.diff.missing.is_empty());

    // A column that is there and lacks an association makes it missing, and gone when that is asked for.
    let cleared = narrow.replace("statement", "statement|association:isRelatedTo");
    let kept = sheet(&cleared).plan(&registry, &Options::default());
    assert_eq!(kept.diff.missing.len(), 2);
    registry.apply(kept).unwrap();
    assert_eq!(package(&registry, &first.identifier), before, "kept");
    sheet(&cleared).import(&registry, &Options { delete_missing: true, ..Options::default() });
    let after = package(&registry, &first.identifier);
    let count = |package: &Value| package["CFAssociations"].as_array().map(Vec::len);
    assert_eq!((count(&before), count(&after)), (Some(8), Some(6)));
    assert_ne!(before["CFDocument"]["lastChangeDateTime"], Value::Null);
}

#[test]
fn one_branch_is_updated_alone() {
    let db = TestDb::sqlite();
    let registry = db.registry();
    let first = sheet(SHEET).import(&registry, &Options::default());
    let before = package(&registry, &first.identifier);
    let branch =
        Book::items(Hierarchy::Level, "level|code|statement\n1|N.2|Adding up\n2|N.2.a|To ten\n1|S.1|New circles");
    let under = Options { under: Some("N".to_owned()), ..Options::default() };
    let plan = branch.plan(&registry, &under);
    let missing: Vec<_> = plan.diff.missing.iter().map(|one| (one.class, one.label.as_str())).collect();
    assert_eq!(missing[0], ("CFItem", "N.1"), "only what is in the branch can be missing");
    assert!(missing.iter().all(|(class, label)| *class != "CFItem" || *label == "N.1"), "{missing:?}");
    assert!(changed(&plan, "CFDocument").iter().all(|(_, properties)| properties == &["lastChangeDateTime"]));
    registry.apply(plan).unwrap();
    let after = package(&registry, &first.identifier);
    for code in ["N", "S"] {
        assert_eq!(named(&before, code), named(&after, code));
    }
    let id = |package: &Value, code: &str| named(package, code)["identifier"].as_str().unwrap().to_owned();
    let tree = parents(&after);
    assert_eq!(tree[id(&after, "N.2").as_str()], [id(&after, "N")]);
    assert_eq!(tree[id(&after, "N.2.a").as_str()], [id(&after, "N.2")]);
    // S.1 of the other branch is another item: the code is met in the branch only.
    let circles = after["CFItems"].as_array().unwrap().iter().filter(|item| item["humanCodingScheme"] == "S.1");
    assert_eq!(circles.count(), 2);
    assert!(branch.plan(&registry, &under).is_empty());
    registry.undo(&first.identifier).unwrap();
    assert_eq!(package(&registry, &first.identifier), before);
}

#[test]
fn what_is_missing_is_retired_when_asked() {
    let db = TestDb::sqlite();
    let registry = db.registry();
    let first = sheet(SHEET).import(&registry, &Options::default());
    let short = sheet("level|code|statement\n1|N|Number\n2|N.1|Counting\n2|N.2|Adding");
    let retire = Options { retire_missing: true, ..Options::default() };
    let plan = short.plan(&registry, &retire);
    assert!(plan.diff.missing.is_empty());
    assert_eq!(changed(&plan, "CFItem").len(), 2);
    registry.apply(plan).unwrap();
    let after = package(&registry, &first.identifier);
    let today = after["CFDocument"]["lastChangeDateTime"].as_str().unwrap()[..10].to_owned();
    assert_eq!(named(&after, "S.1")["statusEndDate"], today);
    assert_eq!(named(&after, "N.1").get("statusEndDate"), None);
    assert!(short.plan(&registry, &retire).is_empty(), "retired once");
}

#[test]
fn deletion_takes_what_is_missing_with_its_associations() {
    let db = TestDb::sqlite();
    let registry = db.registry();
    let first = sheet(SHEET).import(&registry, &Options::default());
    let short = sheet("level|code|statement\n1|N|Number\n2|N.1|Counting\n2|N.2|Adding");
    short.import(&registry, &Options { delete_missing: true, ..Options::default() });
    let after = package(&registry, &first.identifier);
    assert_eq!(after["CFItems"].as_array().map(Vec::len), Some(3));
    let ends = parents(&after);
    assert_eq!(ends.len(), 3);
    assert_eq!(after["CFAssociations"].as_array().map(Vec::len), Some(4));
}

/// A row of the sheet that is edited; its number stands in its notes, so that it can be followed.
#[derive(Clone, Debug)]
struct Row {
    number: usize,
    level: usize,
    code: String,
    statement: String,
}

#[derive(Clone, Debug)]
enum Edit {
    Remove(usize),
    Insert(usize, usize, bool),
    Reword(usize),
    Recode(usize),
    Move(usize, usize),
    Indent(usize, usize),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let at = 0..1000_usize;
    let edit = prop_oneof![
        at.clone().prop_map(Edit::Remove),
        (at.clone(), 1..4_usize, any::<bool>()).prop_map(|(at, level, code)| Edit::Insert(at, level, code)),
        at.clone().prop_map(Edit::Reword),
        at.clone().prop_map(Edit::Recode),
        (at.clone(), at.clone()).prop_map(|(from, to)| Edit::Move(from, to)),
        (at, 1..4_usize).prop_map(|(at, level)| Edit::Indent(at, level)),
    ];
    prop::collection::vec(edit, 25)
}

impl Row {
    /// Whether nothing tells the row from others: no code, and a statement that others have too.
    fn is_vague(&self) -> bool {
        self.code.is_empty() && self.statement == "Other"
    }
}

/// Applies the edit; tells the row whose identifier must stay although it was edited.
fn edit(rows: &mut Vec<Row>, edit: &Edit, next: &mut usize) -> Option<usize> {
    *next += 1;
    let number = *next;
    let length = rows.len().max(1);
    match edit {
        Edit::Insert(at, level, coded) => {
            let code = if *coded { format!("C{number}") } else { String::new() };
            // Some statements are shared by several rows.
            let statement = if number.is_multiple_of(5) { "Other".to_owned() } else { format!("Statement {number}") };
            let at = if rows.is_empty() { 0 } else { at % (rows.len() + 1) };
            rows.insert(at, Row { number, level: *level, code, statement });
            None
        }
        _ if rows.is_empty() => None,
        Edit::Remove(at) => {
            rows.remove(at % length);
            None
        }
        Edit::Reword(at) => {
            let row = &mut rows[at % length];
            row.statement = format!("Reworded {number}");
            if row.code.is_empty() {
                // Nothing is left by which the stored item could be met.
                row.number = number;
                return None;
            }
            Some(row.number)
        }
        Edit::Recode(at) => {
            let row = &mut rows[at % length];
            row.code = format!("D{number}");
            if row.statement == "Other" {
                row.number = number;
                return None;
            }
            Some(row.number)
        }
        Edit::Move(from, to) => {
            let row = rows.remove(from % length);
            let kept = (!row.is_vague()).then_some(row.number);
            rows.insert(to % length, row);
            kept
        }
        Edit::Indent(at, level) => {
            let row = &mut rows[at % length];
            row.level = *level;
            (!row.is_vague()).then_some(row.number)
        }
    }
}

fn book(rows: &[Row], title: &str) -> Book {
    let mut cells = vec![["level", "code", "statement", "notes"].map(str::to_owned).to_vec()];
    cells.extend(
        rows.iter()
            .map(|row| vec![row.level.to_string(), row.code.clone(), row.statement.clone(), row.number.to_string()]),
    );
    Book::default().title(title).rows("Items", Role::Items, Hierarchy::Level, cells)
}

/// The identifier of each row that can be told from others, by the number in its notes.
fn by_row(package: &Value, rows: &[Row]) -> HashMap<usize, String> {
    let numbers: HashSet<usize> = rows.iter().filter(|row| !row.is_vague()).map(|row| row.number).collect();
    let items = package["CFItems"].as_array().unwrap().iter();
    let of = |item: &Value| {
        let number: usize = item["notes"].as_str()?.parse().ok()?;
        Some((number, item["identifier"].as_str()?.to_owned()))
    };
    let mut all = HashMap::new();
    for (number, id) in items.filter_map(of).filter(|(number, _)| numbers.contains(number)) {
        assert_eq!(all.insert(number, id), None, "row {number} is two items");
    }
    all
}

/// 1,000 random edits: 40 sheets, each edited 25 times and imported after each edit.
#[test]
fn a_thousand_random_edits_lose_nothing() {
    let db = TestDb::sqlite();
    let registry = db.registry();
    let config =
        Config { cases: 40, rng_seed: RngSeed::Fixed(20_261_121), failure_persistence: None, ..Config::default() };
    let case = std::cell::Cell::new(0);
    let done = TestRunner::new(config).run(&edits(), |edits| {
        case.set(case.get() + 1);
        let title = format!("Sheet {}", case.get());
        let mut next = 12;
        let mut rows: Vec<Row> = (1..=12)
            .map(|number| Row {
                number,
                level: 1 + number % 3,
                code: if number % 4 == 0 { String::new() } else { format!("C{number}") },
                statement: if number % 6 == 0 { "Other".to_owned() } else { format!("Statement {number}") },
            })
            .collect();
        let id = book(&rows, &title).import(&registry, &Options::default()).identifier;
        let start = package(&registry, &id);
        let mut revisions = 0;
        for one in &edits {
            let before = package(&registry, &id);
            let old = by_row(&before, &rows);
            let kept = edit(&mut rows, one, &mut next);
            if rows.is_empty() {
                continue;
            }
            let edited = book(&rows, &title);
            revisions += usize::from(edited.import(&registry, &Options::default()).revision.is_some());
            let after = package(&registry, &id);
            let ids = |package: &Value| -> HashSet<String> {
                let items = package["CFItems"].as_array().unwrap().iter();
                items.map(|item| item["identifier"].as_str().unwrap().to_owned()).collect()
            };
            prop_assert!(ids(&after).is_superset(&ids(&before)), "an item is gone after {one:?}");
            let new = by_row(&after, &rows);
            prop_assert_eq!(new.len(), rows.iter().filter(|row| !row.is_vague()).count(), "every row is an item");
            if let Some(row) = kept {
                prop_assert_eq!(old.get(&row), new.get(&row), "{:?} gave the row another identifier", one);
            }
            let tree = parents(&after);
            let mut open: Vec<(usize, Option<String>)> = Vec::new();
            for row in &rows {
                open.retain(|(level, _)| *level < row.level);
                let parent = open.last().map_or(Some(id.clone()), |(_, parent)| parent.clone());
                let own = new.get(&row.number).filter(|_| !row.is_vague()).cloned();
                if let Some(own) = &own {
                    prop_assert_eq!(tree[own.as_str()].len(), 1, "{:?}", row);
                    if let Some(parent) = parent {
                        prop_assert_eq!(tree[own.as_str()][0], &parent, "{:?}", row);
                    }
                    let item = after["CFItems"].as_array().unwrap().iter().find(|item| item["identifier"] == **own);
                    let stored = item.map(|item| item["fullStatement"].clone());
                    prop_assert_eq!(stored, Some(Value::from(row.statement.clone())));
                }
                open.push((row.level, own));
            }
            let again = edited.plan(&registry, &Options::default());
            prop_assert!(
                again.is_empty(),
                "again: {:?} {:?} {}",
                again.diff.added,
                again.diff.changed,
                again.diff.moved
            );
        }
        for _ in 0..revisions {
            registry.undo(&id).unwrap();
        }
        prop_assert_eq!(package(&registry, &id), start, "undo restores");
        Ok(())
    });
    done.unwrap_or_else(|failure| panic!("{failure}"));
}
