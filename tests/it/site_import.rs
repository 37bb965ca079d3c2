//! The import wizard without scripts: a file is sent, looked at, corrected, applied and undone; what
//! is wrong is said; nobody sees what is another's.

use casement::registry::Role;
use casement::tabular::mapping::Field;
use serde_json::json;

use crate::access_tokens::lines;
use crate::support::browser::{Browser, user, user_of};
use crate::support::build::{Framework, id};
use crate::support::{Answer, TestApp, TestDb, for_each_backend, import_one};

/// A sheet in which nothing can be told from the names of the columns.
const ODD: &str = "x,y\nA,Numbers\nA.1,Count to ten\nA.2,Count to twenty\nB,Shapes\nB.1,Name a circle\n";
const GOALS: &str = "Code,Statement,Grades\nA,Numbers,K\nA.1,Count to ten,1\nA.2,Count to twenty,99x\nA.3,,2\n";

/// Sends a file and waits until it was read; returns the path of its page.
#[track_caller]
fn sent(browser: &Browser<'_>, name: &str, file: &[u8]) -> String {
    let answer = browser.upload("/import", "/import", name, file).expect(303);
    let path = answer.header("location").to_owned();
    read(browser, &path);
    path
}

/// Waits until an import was read.
#[track_caller]
fn read(browser: &Browser<'_>, path: &str) -> Answer {
    browser.app.until(|| !browser.get(path).expect(200).text().contains("data-follow"));
    browser.get(path)
}

#[track_caller]
fn step(browser: &Browser<'_>, path: &str, step: &str, fields: &[(&str, &str)]) -> Answer {
    browser.submit(path, &format!("{path}/{step}"), fields)
}

/// The state as the page says it.
fn state(page: &Answer) -> String {
    let text = page.text();
    let rest = text.split("id=\"import-state\">").next().unwrap();
    rest.rsplit("class=\"tag ").next().unwrap().split('"').next().unwrap().to_owned()
}

/// The name of the drop-down of a column.
fn chosen(page: &str, name: &str) -> String {
    let select = page.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
    let select = select.split("</select>").next().unwrap();
    let option = select.split("\" selected>").next().unwrap();
    option.rsplit("value=\"").next().unwrap().to_owned()
}

#[test]
fn a_sheet_is_sent_corrected_applied_and_undone() {
    for_each_backend(|db| {
        user(db, "anna", Role::Editor);
        let app = TestApp::start(db);
        let anna = Browser::signed_in(&app, "anna");
        let path = sent(&anna, "C:\\Users\\anna\\Goals <b>.csv", GOALS.as_bytes());
        let page = anna.get(&path);
        assert_eq!(state(&page), "planned");
        let text = page.text();
        assert!(text.contains("Goals &#60;b&#62;.csv") && !text.contains("anna\\"), "{text}");
        assert_eq!(
            (chosen(&text, "column.0.A").as_str(), chosen(&text, "column.0.B").as_str()),
            ("humanCodingScheme", "fullStatement")
        );
        assert!(text.contains("Count to twenty") && text.contains("tree-preview"), "{text}");
        // The row with a problem is named, with what stands there.
        let problems = text.split("<table class=\"problems\">").nth(1).unwrap_or_else(|| panic!("{text}"));
        assert!(problems.split("</table>").next().unwrap().contains("C4") || problems.contains('5'), "{problems}");

        // Everything that a drop-down offers can be chosen.
        let select = text.split("name=\"column.0.C\"").nth(1).unwrap().split("</select>").next().unwrap();
        let offered: Vec<&str> = select.split("value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(offered.len() > 30);
        for field in offered {
            assert!(field.parse::<Field>().is_ok(), "{field}");
        }

        let columns = [("column.0.A", "humanCodingScheme"), ("column.0.B", "fullStatement"), ("column.0.C", "notes")];
        let mut fields = columns.to_vec();
        fields.push(("title", "Goals of ours"));
        step(&anna, &path, "plan", &fields).expect(303);
        let text = read(&anna, &path).text();
        assert_eq!(chosen(&text, "column.0.C"), "notes");
        assert!(text.contains("Goals of ours"));
        // What is sent again changes nothing more.
        step(&anna, &path, "plan", &fields).expect(303);
        read(&anna, &path);
        assert_eq!(
            anna.get(&format!("/api/v1{}", path.replace("import", "imports"))).json()["options"]["map"],
            json!(["notes=C"])
        );

        step(&anna, &path, "apply", &[]).expect(303);
        let page = anna.get(&path);
        assert_eq!(state(&page), "applied");
        let text = page.text();
        let framework = text.split("href=\"/uri/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let visitor = Browser::new(&app);
        visitor.get(&format!("/ims/case/v1p1/CFDocuments/{framework}")).expect(200);
        // Twice is once.
        step(&anna, &path, "apply", &[]).expect(303);
        step(&anna, &path, "undo", &[]).expect(303);
        assert_eq!(state(&anna.get(&path)), "undone");
        visitor.get(&format!("/ims/case/v1p1/CFDocuments/{framework}")).expect(404);
        // It can be read once more, and applied.
        step(&anna, &path, "plan", &fields).expect(303);
        read(&anna, &path);
        step(&anna, &path, "apply", &[]).expect(303);
        visitor.get(&format!("/ims/case/v1p1/CFDocuments/{framework}")).expect(200);
        let did =
            lines(db, "SELECT action || ' ' || actor AS line FROM audit WHERE revision_id IS NOT NULL ORDER BY id");
        assert_eq!(did, ["import user:anna", "undo user:anna", "import user:anna"]);
        assert!(anna.get("/import").text().contains(&path));
    });
}

#[test]
fn a_sheet_that_is_not_understood_is_explained_by_hand() {
    for_each_backend(|db| {
        user(db, "anna", Role::Editor);
        let app = TestApp::start(db);
        let anna = Browser::signed_in(&app, "anna");
        let path = sent(&anna, "odd.csv", ODD.as_bytes());
        let page = anna.get(&path);
        let fields = [
            ("column.0.A", "humanCodingScheme"),
            ("column.0.B", "fullStatement"),
            ("hierarchy", "codePrefix"),
            ("title", "Odd"),
        ];
        let text = page.text();
        assert!(text.contains("name=\"column.0.B\""), "{}: {text}", state(&page));
        step(&anna, &path, "plan", &fields).expect(303);
        let page = read(&anna, &path);
        assert_eq!(state(&page), "planned", "{}", page.text());
        assert!(page.text().contains("class=\"depth-1"), "{}", page.text());
        step(&anna, &path, "apply", &[]).expect(303);
        assert_eq!(state(&anna.get(&path)), "applied");
    });
}

#[test]
fn an_update_shows_what_it_changes() {
    for_each_backend(|db| {
        let first = Framework::with_items("f", 3);
        import_one(&db.registry(), &first.json);
        user(db, "anna", Role::Editor);
        let app = TestApp::start(db);
        let anna = Browser::signed_in(&app, "anna");
        let second =
            first.clone().change("f.2", json!({"fullStatement": "New <i>"})).item("f.4", json!({})).without("f.3");
        let path = sent(&anna, "f.json", &second.bytes());
        let text = anna.get(&path).text();
        for part in ["New &#60;i&#62;", "fullStatement", ">f.3<"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        // Somebody else changes it in between.
        import_one(&db.registry(), &first.clone().change("f.1", json!({"notes": "meanwhile"})).json);
        let refused = step(&anna, &path, "apply", &[]).expect(409);
        assert!(
            refused.text().contains("role=\"alert\"") && refused.text().contains("plan again"),
            "{}",
            refused.text()
        );
        step(&anna, &path, "plan", &[("deleteMissing", "true")]).expect(303);
        let text = read(&anna, &path).text();
        assert!(text.contains("name=\"deleteMissing\" value=\"true\" checked"), "{text}");
        step(&anna, &path, "apply", &[]).expect(303);
        Browser::new(&app).get(&format!("/ims/case/v1p1/CFItems/{}", id("f.3"))).expect(404);
        // Undoing what was changed again since is refused, and says so.
        import_one(&db.registry(), &first.json);
        assert!(step(&anna, &path, "undo", &[]).expect(409).text().contains("role=\"alert\""));
    });
}

#[test]
fn what_cannot_be_imported_is_said() {
    let db = TestDb::sqlite();
    user(&db, "anna", Role::Editor);
    let app = TestApp::start_with(&db, &["--no-demo", "--max-body-bytes", "20000"]);
    let anna = Browser::signed_in(&app, "anna");
    for (name, file) in [
        ("empty.json", &b"{}"[..]),
        ("cut.json", b"{\"CFDocument\": {\"title\": \"x\""),
        ("odd.bin", b"\x00\x01\x02\xff\xfe"),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("cut.xlsx", b"PK\x03\x04cut"),
        ("one.csv", b"just one line"),
    ] {
        let path = sent(&anna, name, file);
        let page = anna.get(&path);
        assert_eq!(state(&page), "failed", "{name}: {}", page.text());
        assert!(page.text().contains("role=\"alert\"") && !page.text().contains("<script>alert"), "{name}");
        assert!(step(&anna, &path, "apply", &[]).expect(409).text().contains("role=\"alert\""));
        step(&anna, &path, "discard", &[]).expect(303);
        anna.get(&path).expect(404);
    }
    assert_eq!(anna.upload("/import", "/import", "none.json", b"").status, 400);
    assert_eq!(anna.upload("/import", "/import", "large.csv", &"a".repeat(30_000).into_bytes()).status, 413);
    let token = anna.token("/import");
    let form = |parts: &[(&str, Option<&str>, &[u8])]| {
        let mut all = vec![("csrf", None, token.as_bytes())];
        all.extend(parts);
        anna.multipart("/import", &all)
    };
    form(&[("url", None, b"http://127.0.0.1/x.json")]).expect(422);
    form(&[("url", None, b"not an address")]).expect(422);
    form(&[("url", None, b"http://127.0.0.1/x.json"), ("file", Some("x.json"), b"{}")]).expect(400);
    form(&[("other", None, &[b'a'; 10_000])]).expect(413);
    let kind = [("Content-Type", "multipart/form-data; boundary=b")];
    for body in [&b""[..], b"--b\r\n", b"--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n", b"\xff\xff"] {
        let status = anna.send("POST", "/import", &kind, body).status;
        assert!([400, 403].contains(&status), "{status}");
    }
    anna.send("POST", "/import", &[("Content-Type", "text/plain")], b"x").expect(400);
}

#[test]
fn nobody_sees_or_changes_what_is_anothers() {
    for_each_backend(|db| {
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        import_one(&db.registry(), &Framework::with_items("g", 1).json);
        for (name, role) in
            [("anna", Role::Editor), ("ben", Role::Editor), ("reader", Role::Reader), ("admin", Role::Admin)]
        {
            user(db, name, role);
        }
        user_of(db, "small", Role::Editor, Some(vec![id("g")]));
        let app = TestApp::start(db);
        let anna = Browser::signed_in(&app, "anna");
        let path = sent(&anna, "f.json", &Framework::with_items("f", 2).bytes());
        let ben = Browser::signed_in(&app, "ben");
        ben.get(&path).expect(404);
        let token = ben.token("/import");
        for one in ["plan", "apply", "undo", "discard"] {
            ben.post(&format!("{path}/{one}"), &[("csrf", &token)]).expect(404);
        }
        assert!(!ben.get("/import").text().contains(&path));
        Browser::signed_in(&app, "admin").get(&path).expect(200);
        let reader = Browser::signed_in(&app, "reader");
        let token = reader.token("/account");
        reader.multipart("/import", &[("csrf", None, token.as_bytes()), ("file", Some("f.json"), b"{}")]).expect(403);
        // An editor of one framework changes no other.
        let small = Browser::signed_in(&app, "small");
        let path = sent(&small, "f.json", &Framework::with_items("f", 2).bytes());
        assert_eq!(state(&small.get(&path)), "failed");
        let path = sent(&small, "g.json", &Framework::with_items("g", 2).bytes());
        step(&small, &path, "apply", &[]).expect(303);
        assert_eq!(state(&small.get(&path)), "applied");
    });
}
