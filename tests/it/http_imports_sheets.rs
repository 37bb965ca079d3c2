//! Spreadsheets over HTTP: sent, shown as they were understood, corrected, applied, undone.

use std::io::Write as _;

use casement::registry::Role;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::access_tokens::{get_as, lines, token};
use crate::http_imports::{IMPORTS, step, upload};
use crate::support::fixtures::root;
use crate::support::sheets::{changed, xlsb};
use crate::support::{Answer, TestApp, TestDb, encode, for_each_backend};

/// A small tree: its code, statement and parent's code.
pub const ROWS: [[&str; 3]; 5] = [
    ["code", "statement", "parent code"],
    ["N", "Number", ""],
    ["N1", "Counting", "N"],
    ["N2", "Adding", "N"],
    ["M", "Measure", ""],
];

/// A text file of these rows.
pub fn csv(rows: &[[&str; 3]], separator: &str) -> Vec<u8> {
    rows.iter().map(|row| row.join(separator) + "\n").collect::<String>().into_bytes()
}

fn xlsx(rows: &[[&str; 3]], above: u32) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Goals").unwrap();
    for (at, row) in (above..).zip(rows) {
        sheet.write_row(at, 0, *row).unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn ods(rows: &[[&str; 3]]) -> Vec<u8> {
    let cell = |text: &&str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let row =
        |row: &[&str; 3]| format!("<table:table-row>{}</table:table-row>", row.iter().map(cell).collect::<String>());
    let rows: String = rows.iter().map(row).collect();
    let book = std::fs::read(root("tests/fixtures/cells/sheets.ods")).unwrap();
    changed(&book, |name, content| match name {
        "content.xml" => format!(
            "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Goals\">{rows}\
             </table:table></office:spreadsheet></office:body></office:document-content>"
        )
        .into_bytes(),
        _ => content,
    })
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Sends a file, and does not wait until it is read.
#[track_caller]
pub fn send_off(app: &TestApp, token: &str, path: &str, file: &[u8]) -> Answer {
    let bearer = format!("Bearer {token}");
    app.send_with("POST", path, &[("Authorization", &bearer), ("Prefer", "respond-async")], file)
}

/// The lines of the tree of an import's first framework.
pub fn tree(import: &Value) -> Vec<String> {
    let lines = import["differences"][0]["tree"].as_array().unwrap();
    let indent = |line: &Value| "  ".repeat(usize::try_from(line["depth"].as_u64().unwrap()).unwrap());
    lines.iter().map(|line| format!("{}{}", indent(line), line["label"].as_str().unwrap())).collect()
}

const TREE: [&str; 4] = ["N Number", "  N1 Counting", "  N2 Adding", "M Measure"];

#[track_caller]
fn number(import: &Value) -> i64 {
    import["id"].as_i64().unwrap()
}

fn statements(app: &TestApp, framework: &str) -> Vec<String> {
    let package = app.json(&format!("/ims/case/v1p1/CFPackages/{framework}"));
    let items = package["CFItems"].as_array().unwrap();
    items.iter().map(|item| item["fullStatement"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_workbook_is_shown_applied_and_undone() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let plan = upload(&app, &editor, "?name=maths.xlsx&title=Maths", &xlsx(&ROWS, 2)).expect(201).json();
        assert_eq!((&plan["state"], &plan["options"]["title"]), (&json!("planned"), &json!("Maths")));
        let book = &plan["spreadsheet"];
        assert_eq!((&book["format"], &book["truncated"]), (&json!("xlsx"), &json!(false)), "{book}");
        let sheet = &book["sheets"][0];
        for (member, value) in [
            ("sheet", json!("Goals")),
            ("role", json!("items")),
            ("headerRow", json!(3)),
            ("firstRow", json!(4)),
            ("rows", json!(ROWS.len())),
        ] {
            assert_eq!(sheet[member], value, "{sheet}");
        }
        assert_eq!(sheet["hierarchy"]["value"], "parentCode");
        let columns = sheet["columns"].as_array().unwrap();
        let fields: Vec<_> = columns.iter().map(|one| [&one["column"], &one["header"], &one["field"]]).collect();
        assert_eq!(fields[1], [&json!("B"), &json!("statement"), &json!("fullStatement")]);
        assert!(columns.iter().all(|one| one["confidence"].is_number() && one["reason"].is_string()), "{sheet}");
        // The rows as a wizard shows them under what the columns were taken for.
        assert_eq!(sheet["first"].as_array().map(Vec::len), Some(ROWS.len()));
        assert_eq!(
            sheet["first"][2],
            json!({"row": 5, "cells": [
                {"column": "A", "text": "N1"}, {"column": "B", "text": "Counting"}, {"column": "C", "text": "N"}
            ]})
        );
        assert_eq!(tree(&plan), TREE);
        let framework = &plan["frameworks"][0];
        assert_eq!((&framework["title"], &framework["counts"]["items"]), (&json!("Maths"), &json!(4)), "{framework}");
        let id = framework["identifier"].as_str().unwrap().to_owned();
        let made = &plan["differences"][0]["report"].as_array().unwrap();
        assert!(made.iter().any(|one| one["code"] == "identifier-minted"), "{made:?}");
        // Whoever asks over HTTP has no flags.
        assert!(made.iter().all(|one| !one["sentence"].as_str().unwrap().contains("--")), "{made:?}");

        let of_plan = step(&app, &editor, number(&plan), "apply").expect(200).json();
        assert_eq!(of_plan["state"], "applied");
        assert_eq!(statements(&app, &id), ["Number", "Counting", "Adding", "Measure"]);

        // The same again changes nothing; an edited one says what it changes.
        let again = upload(&app, &editor, "?name=maths.xlsx&title=Maths", &xlsx(&ROWS, 0)).expect(201).json();
        let counts = &again["frameworks"][0]["counts"];
        assert_eq!((&counts["added"], &counts["changed"]), (&json!(0), &json!(0)), "{again}");
        let mut edited = ROWS;
        edited[2][1] = "Counting to ten";
        let query = format!("?framework={id}&deleteMissing=true");
        let plan = upload(&app, &editor, &query, &xlsx(&edited[..4], 0)).expect(201).json();
        let changed = plan["differences"][0]["changed"].as_array().unwrap();
        assert!(changed.iter().any(|one| one["properties"][0] == "fullStatement"), "{changed:?}");
        let missing = plan["differences"][0]["missing"].as_array().unwrap();
        assert!(missing.iter().any(|one| one["label"] == "M"), "{missing:?}");
        step(&app, &editor, number(&plan), "apply").expect(200);
        assert_eq!(statements(&app, &id), ["Number", "Counting to ten", "Adding"]);
        step(&app, &editor, number(&plan), "undo").expect(200);
        assert_eq!(statements(&app, &id), ["Number", "Counting", "Adding", "Measure"]);
    });
}

#[test]
fn every_format_is_taken() {
    let db = TestDb::sqlite();
    let app = TestApp::start(&db);
    let editor = token(&db, Role::Editor);
    for (name, format, file) in [
        ("goals.csv", "csv", csv(&ROWS, ",")),
        ("goals.tsv", "csv", csv(&ROWS, "\t")),
        ("goals.csv", "csv", csv(&ROWS, ";")),
        ("goals.csv.gz", "csv", gzip(&csv(&ROWS, ","))),
        ("goals.xlsx", "xlsx", xlsx(&ROWS, 0)),
        ("goals.xlsx.gz", "xlsx", gzip(&xlsx(&ROWS, 0))),
        ("goals.ods", "ods", ods(&ROWS)),
        // What it is called does not matter.
        ("goals.json", "xlsx", xlsx(&ROWS, 0)),
    ] {
        let plan = upload(&app, &editor, &format!("?name={name}"), &file).expect(201).json();
        assert_eq!((&plan["spreadsheet"]["format"], tree(&plan)), (&json!(format), TREE.map(str::to_owned).to_vec()));
    }
    // Old binary workbooks, in the process for them.
    let old = std::fs::read(root("tests/fixtures/cells/sheets.xls")).unwrap();
    let plan = upload(&app, &editor, "?name=old.xls", &old).expect(201).json();
    assert_eq!(plan["spreadsheet"]["format"], "xls");
    assert!(tree(&plan).contains(&"A Number sense".to_owned()), "{plan}");
    step(&app, &editor, number(&plan), "apply").expect(200);
    let plan = upload(&app, &editor, "?map=statement%3DA&map=code%3DC&sheet=Codes", &xlsb()).expect(201).json();
    assert_eq!(plan["spreadsheet"]["format"], "xlsb");
}

#[test]
fn what_was_taken_wrongly_is_corrected() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let file = b"aa;bb;cc\nx1;y1;first text\nx2;y2;second text\n";
        let plan = upload(&app, &editor, "?name=odd.csv", file).expect(201).json();
        let id = number(&plan);
        let again = step(&app, &editor, id, "plan?map=statement%3DC&map=code%3Dbb&map=notes%3DA&title=Odd");
        let again = again.expect(200).json();
        assert_eq!(tree(&again), ["y1 first text", "y2 second text"]);
        let columns = again["spreadsheet"]["sheets"][0]["columns"].as_array().unwrap();
        let notes = columns.iter().find(|one| one["field"] == "notes").unwrap();
        assert_eq!(
            (&notes["column"], &notes["confidence"], &notes["reason"]),
            (&json!("A"), &json!(1.0), &json!("given"))
        );
        // What is not given stays; what is given empty is taken back.
        let again = step(&app, &editor, id, "plan?deleteMissing=true").expect(200).json();
        let expect = json!({
            "deleteMissing": true, "move": false, "map": ["statement=C", "code=bb", "notes=A"], "title": "Odd"
        });
        assert_eq!(again["options"], expect);
        let again = step(&app, &editor, id, "plan?map=&title=&deleteMissing=false").expect(200).json();
        assert_eq!(again["options"], json!({"deleteMissing": false, "move": false}));
        assert_eq!(again["spreadsheet"], plan["spreadsheet"]);
        // A wrong encoding and a wrong delimiter.
        let latin = b"code,statement\nA,Za\xCChlen\n";
        let plan = upload(&app, &editor, "?encoding=windows-1252&name=l.csv", latin).expect(201).json();
        assert_eq!(tree(&plan), ["A Za\u{cc}hlen"]);
        let again = step(&app, &editor, number(&plan), "plan?encoding=macintosh").expect(200).json();
        assert_eq!(tree(&again), ["A Za\u{c3}hlen"]);
        let again = step(&app, &editor, id, "plan?delimiter=%7C&map=statement%3DA&title=T").expect(200).json();
        assert_eq!(tree(&again).last().unwrap(), "x2;y2;second text");
        // A layout by its name.
        let again = step(&app, &editor, id, "plan?delimiter=&map=&profile=casement").json();
        assert_eq!(again["status"], 422, "{again}");
        step(&app, &editor, id, "plan?delimiter=tab&map=statement%3DA").expect(200);
        // None of it was written before it is applied, and applying does what was corrected.
        assert_eq!(lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM revisions"), ["0"]);
        step(&app, &editor, id, "plan?delimiter=&map=statement%3DC&map=code%3Dbb").expect(200);
        let done = step(&app, &editor, id, "apply").expect(200).json();
        let framework = done["frameworks"][0]["identifier"].as_str().unwrap();
        assert_eq!(statements(&app, framework), ["first text", "second text"]);
    });
}

#[test]
fn a_correction_that_makes_no_sense_changes_nothing() {
    let db = TestDb::sqlite();
    let app = TestApp::start(&db);
    let editor = token(&db, Role::Editor);
    let plan = upload(&app, &editor, "?name=goals.csv", &csv(&ROWS, ",")).expect(201).json();
    let id = number(&plan);
    for (query, status, kind, words) in [
        ("map=statement%3DZ", 422, "correction", "sheet that is read has a column “Z”"),
        ("sheet=Gone", 422, "correction", "no sheet “Gone”"),
        ("under=X.1", 422, "correction", "stored item has"),
        ("map=statment%3DB", 400, "bad-request", "is no field"),
        ("map=statement", 400, "bad-request", "FIELD=COLUMN"),
        ("hierarchy=tree", 400, "bad-request", "smartLevel"),
        ("profile=nobody", 400, "bad-request", "opensalt-c"),
        ("profile=opensalt-d", 400, "bad-request", "perhaps “opensalt-a” or"),
        ("delimiter=ab", 400, "bad-request", "one character"),
        ("encoding=klingon", 400, "bad-request", "klingon"),
        ("retireMissing=true&deleteMissing=true", 400, "bad-request", "retireMissing"),
        ("name=other.csv", 400, "bad-request", "name"),
    ] {
        let refused = step(&app, &editor, id, &format!("plan?{query}"));
        assert_eq!(refused.status, status, "{query}: {}", refused.text());
        let problem = refused.json();
        assert_eq!(problem["type"], format!("urn:casement:problem:{kind}"), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
        assert!(!problem["detail"].as_str().unwrap().contains("--"), "{problem}");
    }
    let kept = get_as(&app, &format!("{IMPORTS}/{id}"), &editor).expect(200).json();
    assert_eq!(kept, plan);
    let package = crate::support::build::Framework::with_items("f", 1).bytes();
    let refused = upload(&app, &editor, "?map=statement%3DA", &package).expect(400).json();
    assert!(refused["detail"].as_str().unwrap().contains("map is for spreadsheets"), "{refused}");
}

#[test]
fn problems_are_told_row_by_row() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let rows = [
            ["code", "statement", "parent code"],
            ["N", "Number", ""],
            ["N1", "", "N"],
            ["N2", "Adding", "Q"],
            ["N3", "Taking away", "N"],
        ];
        let plan = upload(&app, &editor, "?name=goals.xlsx", &xlsx(&rows, 1)).expect(201).json();
        let report = plan["differences"][0]["report"].as_array().unwrap();
        let parent = report.iter().find(|one| one["column"] == "C").unwrap_or_else(|| panic!("{report:?}"));
        for (member, value) in [("sheet", json!("Goals")), ("row", json!(5)), ("place", json!("Goals!C5"))] {
            assert_eq!(parent[member], value, "{parent}");
        }
        assert_eq!(parent["original"], "\"Q\"");
        assert!(parent["sentence"].as_str().unwrap().len() > 20 && parent["severity"] != "info", "{parent}");
        let lost = report.iter().find(|one| one["row"] == 4).unwrap_or_else(|| panic!("{report:?}"));
        assert!(lost["sentence"].is_string());
        // The others are imported.
        let counts = &plan["frameworks"][0]["counts"];
        assert!(counts["warnings"].as_u64().unwrap() + counts["losses"].as_u64().unwrap() >= 2, "{counts}");
        let done = step(&app, &editor, number(&plan), "apply").expect(200).json();
        let framework = done["frameworks"][0]["identifier"].as_str().unwrap();
        assert!(statements(&app, framework).contains(&"Taking away".to_owned()));
        // All of them are at the address of the framework.
        let path = format!("{IMPORTS}/{}/frameworks/{framework}?limit=1000", plan["id"]);
        let all = get_as(&app, &path, &editor).expect(200).json();
        assert_eq!(
            (&all["report"], &all["tree"]),
            (&plan["differences"][0]["report"], &plan["differences"][0]["tree"])
        );
    });
}

#[test]
fn a_branch_is_updated_and_what_is_missing_retired() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let plan = upload(&app, &editor, "?title=Maths&name=a.csv", &csv(&ROWS, ",")).expect(201).json();
        step(&app, &editor, number(&plan), "apply").expect(200);
        let id = plan["frameworks"][0]["identifier"].as_str().unwrap();
        let branch = b"code,statement\nN3,Taking away\n";
        let plan = upload(&app, &editor, &format!("?under=N&framework={id}&name=b.csv"), branch).expect(201).json();
        assert_eq!(plan["frameworks"][0]["identifier"], id);
        step(&app, &editor, number(&plan), "apply").expect(200);
        assert!(statements(&app, id).contains(&"Taking away".to_owned()));
        let query = format!("?framework={id}&retireMissing=true&name=a.csv");
        let plan = upload(&app, &editor, &query, &csv(&ROWS[..4], ",")).expect(201).json();
        let changed = plan["differences"][0]["changed"].as_array().unwrap();
        let retired = |one: &&Value| one["properties"].as_array().unwrap().contains(&json!("statusEndDate"));
        assert_eq!(changed.iter().filter(retired).count(), 2, "{plan}");
        step(&app, &editor, number(&plan), "apply").expect(200);
        assert_eq!(statements(&app, id).len(), 5);
    });
}

#[test]
fn a_plan_that_was_overtaken_is_made_again() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let [one, other] = [(); 2].map(|()| token(db, Role::Editor));
        let query = "?title=Maths&name=maths.csv";
        let base = upload(&app, &one, query, &csv(&ROWS, ",")).expect(201).json();
        step(&app, &one, number(&base), "apply").expect(200);
        let edited = |row: usize, text: &'static str| {
            let mut rows = ROWS;
            rows[row][1] = text;
            csv(&rows, ",")
        };
        let late = number(&upload(&app, &one, query, &edited(1, "Late")).expect(201).json());
        let early = number(&upload(&app, &other, query, &edited(2, "Early")).expect(201).json());
        step(&app, &other, early, "apply").expect(200);
        let problem = step(&app, &one, late, "apply").expect(409).json();
        assert_eq!(problem["type"], "urn:casement:problem:import-stale");
        let plan = step(&app, &one, late, "plan").expect(200).json();
        assert!(plan["differences"][0]["changed"].as_array().unwrap().len() >= 2, "{plan}");
        step(&app, &one, late, "apply").expect(200);
        let id = base["frameworks"][0]["identifier"].as_str().unwrap();
        assert_eq!(statements(&app, id)[..2], ["Late", "Counting"]);
    });
}

/// Whoever may change one framework learns nothing of a private one from a sheet that refers to it.
#[test]
fn a_sheet_sees_what_its_sender_may_see() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let admin = token(db, Role::Admin);
        let secret = b"code,statement\nSECRET.1,Hidden words\n";
        let plan = upload(&app, &admin, "?title=Secret&name=s.csv", secret).expect(201).json();
        step(&app, &admin, number(&plan), "apply").expect(200);
        let id = plan["frameworks"][0]["identifier"].as_str().unwrap().to_owned();
        crate::support::casement(db, &["private", &id]).expect(0);
        let refers = b"code,statement,is related to\nA,Counting,SECRET.1\nB,Adding,A\n";
        let own = crate::support::build::id("own");
        let some = crate::access_tokens::token_until(db, Role::Editor, Some(&["own"]), None);
        let query = format!("?framework={own}&title=Own&name=o.csv&map={}", encode("association:isRelatedTo=C"));
        let plan = upload(&app, &some, &query, refers).expect(201);
        step(&app, &some, number(&plan.json()), "apply").expect(200);
        let own = get_as(&app, &format!("/ims/case/v1p1/CFPackages/{own}"), &some);
        for told in [plan.text(), own.text()] {
            assert!(!told.contains("Hidden words") && !told.contains(&id), "{told}");
        }
        // It is kept as it was written.
        assert!(own.text().contains("SECRET.1"), "{}", own.text());
        // Nor may it change one that is not its own.
        upload(&app, &some, &format!("?framework={id}&name=o.csv"), refers).expect(403);
        upload(&app, &some, "?title=New&name=o.csv", refers).expect(403);
    });
}
