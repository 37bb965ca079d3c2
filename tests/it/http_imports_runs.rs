//! Imports that are read after their request was answered: followed, left and come back to, killed
//! and gone on with; and files that are no spreadsheets, or made to hurt, in either way.

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::{execute, get_as, lines, parts, token};
use crate::http_imports::{IMPORTS, send_as, step, upload};
use crate::http_imports_sheets::{ROWS, csv, gzip, send_off, tree};
use crate::support::build::Framework;
use crate::support::fixtures::root;
use crate::support::sheets::{archive, xlsx};
use crate::support::{Answer, TestApp, TestDb, for_each_backend};

/// What was sent of the events of an import: id, name and data of each.
fn events(answer: &Answer) -> Vec<(String, String, Value)> {
    let text = answer.text();
    let blocks = text.split("\n\n").filter(|block| !block.is_empty());
    let field = |block: &str, name: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{block}"));
        line.trim_start_matches(": ").to_owned()
    };
    blocks
        .map(|block| {
            let data = serde_json::from_str(&field(block, "data")).unwrap();
            (field(block, "id"), field(block, "event"), data)
        })
        .collect()
}

/// Follows an import to its end, as often as the answer ends before; returns every event.
#[track_caller]
fn follow(app: &TestApp, token: &str, number: i64, last: Option<&str>) -> Vec<(String, String, Value)> {
    let bearer = format!("Bearer {token}");
    let mut last = last.map(str::to_owned);
    let mut told = Vec::new();
    loop {
        let mut headers = vec![("Authorization", bearer.as_str())];
        headers.extend(last.as_deref().map(|last| ("Last-Event-ID", last)));
        let answer = app.send("GET", &format!("{IMPORTS}/{number}/events"), &headers).expect(200);
        assert_eq!(answer.header("content-type"), "text/event-stream");
        assert_eq!(answer.header("cache-control"), "no-store");
        told.append(&mut events(&answer));
        match told.last() {
            Some((_, name, _)) if name != "progress" => return told,
            known => last = known.map(|(id, ..)| id.clone()),
        }
    }
}

/// Many rows, so that reading them takes a while.
fn long(rows: usize) -> Vec<u8> {
    let line = |n: usize| {
        format!("N{n},Statement number {n},{}\n", if n == 0 { String::new() } else { format!("N{}", n / 10) })
    };
    let lines: String = (0..rows).map(line).collect();
    format!("code,statement,parent code\n{lines}").into_bytes()
}

#[track_caller]
fn accepted(answer: Answer) -> i64 {
    let answer = answer.expect(202);
    assert_eq!(answer.header("preference-applied"), "respond-async");
    let import = answer.json();
    assert_eq!((&import["state"], &import["frameworks"]), (&json!("reading"), &json!([])), "{import}");
    assert_eq!(import["progress"], json!({"stage": "waiting", "rows": 0}));
    import["id"].as_i64().unwrap()
}

#[test]
fn reading_is_followed_to_its_end() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let file = long(300);
        let answer = send_off(&app, &editor, &format!("{IMPORTS}?name=long.csv"), &file);
        let location = answer.header("location").to_owned();
        let id = accepted(answer);
        assert!(location.ends_with(&format!("{IMPORTS}/{id}")), "{location}");
        let told = follow(&app, &editor, id, None);
        let (last, name, data) = told.last().unwrap();
        assert_eq!((name.as_str(), &data["state"]), ("done", &json!("planned")), "{told:?}");
        for (_, name, data) in &told[..told.len() - 1] {
            assert_eq!((name.as_str(), &data["state"]), ("progress", &json!("reading")));
            assert!(data["progress"]["rows"].as_u64().unwrap() <= 301, "{data}");
        }
        let ids: Vec<i64> = told.iter().map(|(id, ..)| id.parse().unwrap()).collect();
        assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
        // Who comes back is told what is new, and that nothing more will come.
        assert_eq!(follow(&app, &editor, id, Some("1")).len(), 1);
        let bearer = format!("Bearer {editor}");
        let headers = [("Authorization", bearer.as_str()), ("Last-Event-ID", last.as_str())];
        app.send("GET", &format!("{IMPORTS}/{id}/events"), &headers).expect(204);
        let plan = get_as(&app, &format!("{IMPORTS}/{id}"), &editor).expect(200).json();
        assert_eq!((&plan["progress"], &plan["frameworks"][0]["counts"]["items"]), (&Value::Null, &json!(300)));
        assert_eq!(plan["differences"][0]["truncated"], true);
        // Corrected in the same way.
        accepted(send_off(&app, &editor, &format!("{IMPORTS}/{id}/plan?hierarchy=flat"), b""));
        assert_eq!(follow(&app, &editor, id, Some(last)).last().unwrap().1, "done");
        let plan = get_as(&app, &format!("{IMPORTS}/{id}"), &editor).expect(200).json();
        assert!(tree(&plan).iter().all(|line| !line.starts_with(' ')), "{plan}");
        assert_eq!(step(&app, &editor, id, "apply").expect(200).json()["state"], "applied");
        let metrics = app.get("/metrics").text();
        assert!(metrics.contains("casement_imports_total{result=\"planned\"} 2"), "{metrics}");
        // Packages are followed as well.
        let package = Framework::with_items("f", 3).bytes();
        let id = accepted(send_off(&app, &editor, IMPORTS, &package));
        assert_eq!(follow(&app, &editor, id, None).last().unwrap().1, "done");
        step(&app, &editor, id, "apply").expect(200);
        // Not by others.
        let other = token(db, Role::Editor);
        get_as(&app, &format!("{IMPORTS}/{id}/events"), &other).expect(404);
        get_as(&app, &format!("{IMPORTS}/{}/events", id + 1), &editor).expect(404);
    });
}

/// A file that nothing is understood of is kept, with its first rows, to be corrected.
#[test]
fn what_is_not_understood_is_kept_to_be_corrected() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let file = b"7,8\n9,10\n";
        let refused = upload(&app, &editor, "?name=n.csv", file).expect(422).json();
        assert_eq!(refused["type"], "urn:casement:problem:unreadable");
        assert_eq!(refused["report"][0]["code"], "not-understood");
        assert!(refused["detail"].as_str().unwrap().contains("map=statement=B"), "{refused}");
        assert_eq!(lines(db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM imports"), ["0"]);

        let id = accepted(send_off(&app, &editor, &format!("{IMPORTS}?name=n.csv"), file));
        let (_, name, data) = follow(&app, &editor, id, None).pop().unwrap();
        assert_eq!((name.as_str(), &data["state"]), ("failed", &json!("failed")));
        for member in ["type", "status", "detail", "report"] {
            assert_eq!(data["problem"][member], refused[member], "{data}");
        }
        let kept = get_as(&app, &format!("{IMPORTS}/{id}"), &editor).expect(200).json();
        let sheet = &kept["spreadsheet"]["sheets"][0];
        assert_eq!((&sheet["role"], &sheet["columns"]), (&Value::Null, &json!([])), "{kept}");
        assert_eq!(sheet["first"][1]["cells"][1], json!({"column": "B", "text": "10"}));
        for (action, words) in [("apply", "problem"), ("undo", "nothing to undo")] {
            let problem = step(&app, &editor, id, action).expect(409).json();
            assert_eq!(problem["type"], "urn:casement:problem:import-state");
            assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
        }
        let plan = step(&app, &editor, id, "plan?map=statement%3DB&title=Numbers").expect(200).json();
        assert_eq!((&plan["state"], &plan["problem"]), (&json!("planned"), &Value::Null), "{plan}");
        assert_eq!(step(&app, &editor, id, "apply").expect(200).json()["state"], "applied");
        // A correction that makes it fail is taken back.
        let id = accepted(send_off(&app, &editor, &format!("{IMPORTS}?name=g.csv&map=code%3DZ"), &csv(&ROWS, ",")));
        assert_eq!(follow(&app, &editor, id, None).pop().unwrap().2["problem"]["status"], 422);
        step(&app, &editor, id, "plan?map=").expect(200);
    });
}

/// A server that is killed while it reads leaves an import that the next one who asks goes on with.
#[test]
fn reading_that_was_killed_goes_on() {
    for_each_backend(|db| {
        let editor = token(db, Role::Editor);
        let ids = {
            let app = TestApp::start(db);
            [(); 2].map(|()| accepted(send_off(&app, &editor, &format!("{IMPORTS}?name=long.csv"), &long(100))))
            // Killed.
        };
        // However far it came, it may have been killed before.
        execute(
            db,
            "UPDATE imports SET state = 'reading', summary = '[]', progress = '{\"stage\":\"building\",\"rows\":9}'",
        );
        let app = TestApp::start(db);
        let path = format!("{IMPORTS}/{}", ids[1]);
        // As long as the other one may be at it, it is left alone.
        execute(db, "UPDATE imports SET touched_at = touched_at + 60000000");
        let import = get_as(&app, &path, &editor).expect(200).json();
        assert_eq!((&import["state"], import["progress"].is_object()), (&json!("reading"), true), "{import}");
        let problem = step(&app, &editor, ids[1], "apply").expect(409).json();
        assert!(problem["detail"].as_str().unwrap().contains("wait until it is planned"), "{problem}");
        execute(db, "UPDATE imports SET touched_at = touched_at - 120000000");
        // An admin sees it, but it is read for its owner.
        let admin = token(db, Role::Admin);
        assert_eq!(get_as(&app, &path, &admin).expect(200).json()["state"], "reading");
        execute(db, "UPDATE imports SET touched_at = 1");
        let told = follow(&app, &editor, ids[1], None);
        assert_eq!(told.last().unwrap().1, "done", "{told:?}");
        let done = step(&app, &editor, ids[1], "apply").expect(200).json();
        assert_eq!(done["frameworks"][0]["counts"]["items"], 100);
        // Only being asked for makes one go on.
        assert_eq!(lines(db, &format!("SELECT state AS line FROM imports WHERE id = {}", ids[0])), ["reading"]);
        assert_eq!(follow(&app, &editor, ids[0], None).last().unwrap().1, "done");
    });
}

#[test]
fn two_are_read_one_after_the_other() {
    for_each_backend(|db| {
        let apps = [TestApp::start(db), TestApp::start(db)];
        let [one, other] = [(); 2].map(|()| token(db, Role::Editor));
        let send = |app: &TestApp, token: &str| {
            accepted(send_off(app, token, &format!("{IMPORTS}?name=same.csv&title=Same"), &long(100)))
        };
        let numbers = [send(&apps[0], &one), send(&apps[1], &other), send(&apps[0], &other)];
        // Told by either server.
        for (number, token) in numbers.into_iter().zip([&one, &other, &other]) {
            assert_eq!(follow(&apps[1], token, number, None).last().unwrap().1, "done");
        }
        step(&apps[0], &one, numbers[0], "apply").expect(200);
        step(&apps[1], &other, numbers[1], "apply").expect(409);
        let again = step(&apps[1], &other, numbers[1], "plan").expect(200).json();
        assert_eq!(again["frameworks"][0]["counts"]["added"], 0, "{again}");
        step(&apps[1], &other, numbers[1], "apply").expect(200);
    });
}

/// What a run that was overtaken finds out is thrown away.
#[test]
fn an_import_that_is_changed_while_it_is_read_is_what_was_asked_last() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let editor = token(db, Role::Editor);
        let id = accepted(send_off(&app, &editor, &format!("{IMPORTS}?name=long.csv&title=First"), &long(100)));
        accepted(send_off(&app, &editor, &format!("{IMPORTS}/{id}/plan?title=Second"), b""));
        let told = follow(&app, &editor, id, None);
        let end = &told.last().unwrap().2;
        assert_eq!((&end["frameworks"][0]["title"], &end["options"]["title"]), (&json!("Second"), &json!("Second")));
        // One that is discarded comes to nothing.
        let id = accepted(send_off(&app, &editor, &format!("{IMPORTS}?name=long.csv"), &long(100)));
        send_as(&app, &editor, "DELETE", &format!("{IMPORTS}/{id}"), b"").expect(204);
        get_as(&app, &format!("{IMPORTS}/{id}"), &editor).expect(404);
        let next = accepted(send_off(&app, &editor, IMPORTS, &csv(&ROWS, ",")));
        follow(&app, &editor, next, None);
        get_as(&app, &format!("{IMPORTS}/{id}"), &editor).expect(404);
        assert!(!app.log().contains("ERROR"), "{}", app.log());
    });
}

#[test]
fn files_that_are_no_spreadsheets_or_made_to_hurt_are_refused_in_a_sentence() {
    let db = TestDb::sqlite();
    let flags = ["--no-demo", "--import-max-bytes", "5000000", "--import-sheet-seconds", "20"];
    let app = TestApp::start_with(&db, &flags);
    let editor = token(&db, Role::Editor);
    let cells = |name: &str| std::fs::read(root("tests/fixtures/cells").join(name)).unwrap();
    let old = cells("sheets.xls");
    let wide = |text: &str| text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let compound = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    let protected = [&compound[..], &[0; 600], &wide("EncryptedPackage"), &[0; 600]].concat();
    let sheet = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>";
    let bomb = xlsx(&format!("{sheet}{}", " ".repeat(20_000_000)), &[]);
    let far = "<sheetData><row r=\"1\"><c r=\"ZZZZZ1\"><v>1</v></c></row></sheetData>";
    for (name, file, status, code) in [
        ("empty.csv", Vec::new(), 422, "empty"),
        ("blank.csv", b"\n \n".to_vec(), 422, "empty"),
        ("nothing.xlsx", xlsx("<sheetData/>", &[]), 422, "empty"),
        ("cut.xlsx", xlsx(sheet, &[])[..300].to_vec(), 422, "damaged"),
        ("text.xlsx", b"PK\x03\x04 and nothing else".to_vec(), 422, "damaged"),
        ("locked.xlsx", protected, 422, "password"),
        ("cut.xls", old[..old.len() / 3].to_vec(), 422, "not-a-spreadsheet"),
        (
            "page.xls",
            b"<html><body><table><tr><td>a</td></tr></table></body></html>".to_vec(),
            422,
            "not-a-spreadsheet",
        ),
        ("paper.csv", b"%PDF-1.7\n%\xE2\xE3\n".to_vec(), 422, "not-a-spreadsheet"),
        ("letter.xlsx", archive([("word/document.xml", b"<w/>".as_slice())]), 422, "not-a-spreadsheet"),
        ("bomb.xlsx", bomb.clone(), 413, "too-large"),
        ("bomb.xlsx.gz", gzip(&bomb), 413, "too-large"),
        ("far.xlsx", xlsx(far, &[]), 413, "too-large"),
        ("quote.csv", b"code,statement\nA,\"never closed\nB,b\n".to_vec(), 422, "damaged"),
    ] {
        let refused = upload(&app, &editor, &format!("?name={name}"), &file);
        assert_eq!(refused.status, status, "{name}: {}", refused.text());
        let problem = refused.json();
        assert_eq!(problem["report"][0]["code"], code, "{name}: {problem}");
        let sentence = problem["detail"].as_str().unwrap();
        assert!(sentence.len() > 30 && sentence.ends_with('.') && !sentence.contains("--"), "{name}: {sentence}");
        assert_eq!(lines(&db, "SELECT CAST(COUNT(*) AS TEXT) AS line FROM imports"), ["0"]);
        // Gzip is undone before anything is kept.
        if status == 422 {
            let id = accepted(send_off(&app, &editor, &format!("{IMPORTS}?name={name}"), &file));
            let (_, event, end) = follow(&app, &editor, id, None).pop().unwrap();
            assert_eq!((event.as_str(), &end["problem"]["detail"]), ("failed", &problem["detail"]), "{name}");
            send_as(&app, &editor, "DELETE", &format!("{IMPORTS}/{id}"), b"").expect(204);
        }
    }
    let log = app.log();
    assert!(!log.contains("ERROR") && !log.contains("panick"), "{log}");
}

#[test]
fn what_is_large_is_told_in_part() {
    let db = TestDb::sqlite();
    let app = TestApp::start(&db);
    let editor = token(&db, Role::Editor);
    let wide: String = (0..60).map(|n| format!(",{}{n}", "x".repeat(310))).collect();
    let file =
        format!("code,statement{wide}\n{}", (0..90).map(|n| format!("A{n},Text {n}{wide}\n")).collect::<String>());
    let answer = upload(&app, &editor, "?name=wide.csv", file.as_bytes()).expect(201);
    let sheet = &answer.json()["spreadsheet"]["sheets"][0];
    assert_eq!(sheet["rows"], 91);
    let shown = sheet["first"].as_array().unwrap();
    assert!(!shown.is_empty() && shown.len() < 60, "{}", shown.len());
    let longest = shown[0]["cells"][3]["text"].as_str().unwrap().chars().count();
    assert!(longest < 400, "{longest}");
    let book = answer.json()["spreadsheet"].to_string();
    assert!(book.len() < 2 << 20, "{}", book.len());
}

#[test]
fn a_replica_tells_and_reads_nothing() {
    for_each_backend(|db| {
        let editor = token(db, Role::Editor);
        let id = {
            let app = TestApp::start(db);
            let id = accepted(send_off(&app, &editor, IMPORTS, &csv(&ROWS, ",")));
            follow(&app, &editor, id, None);
            id
        };
        execute(
            db,
            "UPDATE imports SET state = 'reading', touched_at = 1, progress = '{\"stage\":\"reading\",\"rows\":3}'",
        );
        let replica = TestApp::start_with(db, &["--read-only"]);
        let import = get_as(&replica, &format!("{IMPORTS}/{id}"), &editor).expect(200).json();
        assert_eq!(import["progress"], json!({"stage": "reading", "rows": 3}));
        send_off(&replica, &editor, IMPORTS, &csv(&ROWS, ",")).expect(405);
        send_off(&replica, &editor, &format!("{IMPORTS}/{id}/plan"), b"").expect(405);
        assert_eq!(lines(db, "SELECT state AS line FROM imports"), ["reading"]);
        assert_eq!(lines(db, "SELECT created_by AS line FROM imports"), [parts(&editor).0]);
    });
}
