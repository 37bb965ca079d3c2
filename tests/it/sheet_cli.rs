//! `casement import` of spreadsheets: what it shows before anything happens, how it is corrected,
//! and what it says of files that it cannot read.

use serde_json::{Value, json};

use crate::support::fixtures::root;
use crate::support::{TestDb, casement, casement_with, for_each_backend};

fn sample(name: &str) -> String {
    root("tests/fixtures/sheets").join(name).display().to_string()
}

fn put(dir: &tempfile::TempDir, name: &str, text: &str) -> String {
    let file = dir.path().join(name);
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

#[test]
fn a_dry_run_shows_how_the_sheet_is_read_and_writes_nothing() {
    let db = TestDb::sqlite();
    let ran = casement(&db, &["import", "--dry-run", &sample("opensalt-sample-genC.xlsx")]).expect(0);
    for words in ["sheet “CF Item”: items", "fullStatement", "hierarchy by", "%", "tree:", "added", "dry run"] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    assert_eq!(casement(&db, &["frameworks", "--json"]).expect(0).json(), json!([]));
    let told = casement(&db, &["import", "--dry-run", "--json", &sample("opensalt-sample-genC.xlsx")]).expect(0).json();
    let file = &told["files"][0];
    assert_eq!(file["mapping"]["sheets"][0]["role"], "document", "{file}");
    assert_eq!(file["frameworks"][0]["tree"].as_array().map(Vec::len), Some(4));
}

#[test]
fn a_sheet_is_imported_updated_and_undone() {
    let dir = tempfile::tempdir().unwrap();
    let header = "code,statement,parent code\n";
    for_each_backend(|db| {
        let file = put(&dir, "maths.csv", &format!("{header}N,Number,\nN1,Counting,N\nN2,Adding,N\n"));
        let ran = casement(db, &["import", &file]).expect(0);
        assert!(ran.stdout.contains("maths"), "{}", ran.stdout);
        let id = casement(db, &["frameworks", "--json"]).expect(0).json()[0]["identifier"].as_str().unwrap().to_owned();
        let before = casement(db, &["export", &id]).expect(0).json();
        let again = casement(db, &["import", &file]).expect(0);
        assert!(again.stdout.contains("nothing to change"), "{}", again.stdout);

        put(&dir, "maths.csv", &format!("{header}N,Number,\nN1,Counting to ten,N\n"));
        let told = casement(db, &["import", "--json", &file]).expect(0).json();
        let plan = &told["files"][0]["frameworks"][0]["plan"];
        assert_eq!(plan["counts"]["missing"], 2, "{plan}");
        let retired = casement(db, &["import", "--retire-missing", &file]).expect(0);
        assert!(retired.stdout.contains("N2"), "{}", retired.stdout);
        let branch = put(&dir, "branch.csv", "code,statement\nN3,Taking away\n");
        casement(db, &["import", "--under", "N", &branch]).expect(0);
        let after = casement(db, &["export", &id]).expect(0).json();
        assert_eq!(after["CFItems"].as_array().map(Vec::len), Some(4));
        for _ in 0..3 {
            casement(db, &["undo", &id]).expect(0);
        }
        assert_eq!(casement(db, &["export", &id]).expect(0).json(), before);
    });
}

#[test]
fn what_was_taken_wrongly_is_corrected() {
    let dir = tempfile::tempdir().unwrap();
    let file = put(&dir, "odd.csv", "aa,bb,cc\nx1,y1,first text\nx2,y2,second text\n");
    let db = TestDb::sqlite();
    let args = ["import", "--json", "--map", "statement=C", "--map", "code=bb", "--map", "notes=A", "--title", "Odd"];
    let told = casement(&db, &[&args[..], &[file.as_str()]].concat()).expect(0).json();
    let id = told["files"][0]["frameworks"][0]["plan"]["identifier"].as_str().unwrap().to_owned();
    let items = casement(&db, &["export", &id]).expect(0).json()["CFItems"].clone();
    let shown = |item: &Value| ["humanCodingScheme", "fullStatement", "notes"].map(|name| item[name].clone());
    assert_eq!(shown(&items[1]), [json!("y2"), json!("second text"), json!("x2")]);
}

#[test]
fn what_cannot_be_read_is_said_in_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let package = put(&dir, "package.json", r#"{"CFDocument": {"title": "T", "creator": "C"}}"#);
    let sheet = put(&dir, "sheet.csv", "code,statement\nA,Count\n");
    let template = sample("opensalt-import-template.xlsx");
    let broken = dir.path().join("broken.xlsx");
    std::fs::write(&broken, b"PK\x03\x04rest of an archive").unwrap();
    let broken = broken.display().to_string();
    let empty = put(&dir, "empty.csv", "");
    let text = put(&dir, "text.xlsx", "hello\n");
    let wrong = put(&dir, "wrong.toml", "name = \"a\"\ntitle = \"b\"\nsheets = 1\n");
    let db = TestDb::sqlite();
    for (args, code, says) in [
        (vec![broken.as_str()], 1, "damaged"),
        (vec![empty.as_str()], 1, "empty"),
        (vec![text.as_str()], 1, "one line, and it names no columns"),
        (vec![text.as_str()], 1, "--map statement=B"),
        (vec![template.as_str()], 1, "no "),
        (vec!["--map", "statement=Z", &sheet], 2, "no sheet that is read has a column"),
        (vec!["--sheet", "Gone", &sheet], 2, "the workbook has no sheet “Gone”"),
        (vec!["--map", "statment=B", &sheet], 2, "is no field"),
        (vec!["--delimiter", "ab", &sheet], 2, "one character"),
        (vec!["--under", "X.1", &sheet], 1, "no stored item"),
        (vec!["--title", "x", &package], 2, "for spreadsheets"),
        (vec!["--framework", "x", &package], 2, "for spreadsheets"),
        (vec!["--framework", "x", "--framework", "y", &sheet], 2, "once"),
        (vec!["--retire-missing", "--delete-missing", &sheet], 2, "cannot be used with"),
        (vec!["--profile", "opensalt-d", &sheet], 2, "perhaps “opensalt-a” or"),
        (vec!["--profile", "opensalt-d", &sheet], 2, "casement import --profiles"),
        (vec!["--profile", "gone.toml", &sheet], 3, "gone.toml"),
        (vec!["--profile", &wrong, &sheet], 2, "line 3"),
        (vec!["--profile", "opensalt-c", &sheet], 1, "“CF Item”"),
        (vec!["--profile", "opensalt-c", &package], 2, "for spreadsheets"),
        (vec!["--save-profile", "x.toml", &sheet, &package], 2, "give one FILE"),
        (vec!["--save-profile", "/no/such/place.toml", &sheet], 3, "cannot be written"),
        (vec!["--profiles", &sheet], 2, "cannot be used with"),
    ] {
        let ran = casement(&db, &[&["import"], &args[..]].concat()).expect(code);
        assert!(ran.stderr.contains(says), "{args:?}: {}", ran.stderr);
    }
    assert_eq!(casement(&db, &["frameworks", "--json"]).expect(0).json(), json!([]));
    let ran = casement_with(&db, &["import", "--title", "Piped", "-"], b"code,statement\nA,Count\n").expect(0);
    assert!(ran.stdout.contains("Piped"), "{}", ran.stdout);
}

#[test]
fn profiles_are_listed_with_a_line_each() {
    let db = TestDb::sqlite();
    let ran = casement(&db, &["import", "--profiles"]).expect(0);
    let told = casement(&db, &["import", "--profiles", "--json"]).expect(0).json();
    let all = told.as_array().unwrap();
    assert_eq!(ran.stdout.lines().count(), all.len() + 1, "a header and a line each: {}", ran.stdout);
    for profile in all {
        let [name, title] = ["name", "title"].map(|key| profile[key].as_str().unwrap());
        let line = ran.stdout.lines().find(|line| line.split_whitespace().next() == Some(name));
        assert!(line.is_some_and(|line| line.ends_with(title)), "{name}: {}", ran.stdout);
    }
}

#[test]
fn what_was_corrected_is_saved_and_read_back_to_the_same_plan() {
    let dir = tempfile::tempdir().unwrap();
    let text = "Skills of the workshop,,,\naa,bb,cc,dd\nx1,y1,first text of all,A\nx2,y2,second text of all,B\n";
    let file = put(&dir, "odd.csv", text);
    let profile = dir.path().join("ours.toml").display().to_string();
    let db = TestDb::sqlite();
    let told = |args: &[&str]| casement(&db, &[&["import", "--dry-run", "--json"], args].concat()).expect(0).json();
    let corrected = ["--map", "statement=cc", "--map", "code=bb", "--map", "notes=A", "--map", "type=dd"];
    let first = told(&[&corrected[..], &["--save-profile", &profile, &file]].concat());
    let second = told(&["--profile", &profile, &file]);
    // Identifiers are minted anew each time where nothing is stored yet.
    let fields = |told: &Value| -> Vec<Value> {
        let columns = told["files"][0]["mapping"]["sheets"][0]["columns"].as_array().unwrap().iter();
        columns.map(|column| json!([column["column"], column["field"]["value"]])).collect()
    };
    assert_eq!(fields(&second), fields(&first));
    let framework = |told: &Value| {
        let framework = &told["files"][0]["frameworks"][0];
        let labels = framework["tree"].as_array().unwrap().iter().map(|line| line["label"].clone());
        (framework["plan"]["title"].clone(), framework["plan"]["counts"].clone(), labels.collect::<Vec<_>>())
    };
    assert_eq!(framework(&second), framework(&first));
    let layout = &second["files"][0]["mapping"]["profile"];
    assert_eq!(layout, &json!({ "value": "ours", "confidence": 1.0, "reason": "given" }));
    // The next file of the layout has a title of its own, and its columns elsewhere.
    let next = put(&dir, "next.csv", "Skills of the kitchen,,\ncc,bb,aa,dd\nthird text of all,y3,x3,A\n");
    let ran = casement(&db, &["import", "--profile", &profile, &next]).expect(0);
    assert!(ran.stdout.contains("layout ours (100%: given)"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Skills of the kitchen"), "{}", ran.stdout);
    let id = casement(&db, &["frameworks", "--json"]).expect(0).json()[0]["identifier"].as_str().unwrap().to_owned();
    let item = casement(&db, &["export", &id]).expect(0).json()["CFItems"][0].clone();
    let shown = ["humanCodingScheme", "fullStatement", "notes", "CFItemType"].map(|name| item[name].clone());
    assert_eq!(shown, [json!("y3"), json!("third text of all"), json!("x3"), json!("A")]);
}

#[test]
fn the_layout_that_was_taken_is_told_with_its_reason() {
    let db = TestDb::sqlite();
    let ran = casement(&db, &["import", "--dry-run", &sample("opensalt-sample-genC.xlsx")]).expect(0);
    assert!(ran.stdout.contains("layout opensalt-c ("), "{}", ran.stdout);
    let chosen =
        casement(&db, &["import", "--dry-run", "--profile", "opensalt-c", &sample("opensalt-sample-genC.xlsx")]);
    assert!(chosen.expect(0).stdout.contains("layout opensalt-c (100%: given)"));
    let dir = tempfile::tempdir().unwrap();
    let file =
        put(&dir, "own.csv", "Ref,What to learn\nA,Numbers and sums\nA.1,Count to one hundred\nA.2,Add two numbers\n");
    let ran = casement(&db, &["import", "--dry-run", &file]).expect(0);
    assert!(ran.stdout.contains("layout found by looking"), "{}", ran.stdout);
}
