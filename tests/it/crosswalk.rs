//! Proposing a crosswalk, on the command line and over HTTP: what is claimed, what is left, and that it comes back by import.

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::token;
use crate::support::build::{Framework, id};
use crate::support::{Answer, TestApp, TestDb, casement, for_each_backend, import_one};

fn ours() -> Framework {
    Framework::new("ours")
        .document(json!({"title": "Our standards", "language": "en"}))
        .item("o1", json!({"fullStatement": "Students will add and subtract fractions with like denominators.", "humanCodingScheme": "M.1"}))
        .item("o2", json!({"fullStatement": "Compare the causes of the French and American revolutions", "humanCodingScheme": "H.1"}))
        .item("o3", json!({"fullStatement": "Explain how to multiply a fraction by a whole number using models", "humanCodingScheme": "M.2"}))
}

fn theirs() -> Framework {
    Framework::new("theirs")
        .document(json!({"title": "Their standards", "language": "en"}))
        .item("t1", json!({"fullStatement": "Add and subtract fractions with like denominators", "humanCodingScheme": "3.NF.1"}))
        .item("t2", json!({"fullStatement": "Multiply a fraction by a whole number", "humanCodingScheme": "4.NF.4"}))
        .item("t3", json!({"fullStatement": "=Name the parts of a plant", "humanCodingScheme": "S.1"}))
}

#[test]
fn what_says_the_same_is_an_exact_match_and_nothing_else_is() {
    for_each_backend(|db| {
        for framework in [ours(), theirs()] {
            import_one(&db.registry(), &framework.json);
        }
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("crosswalk.json").display().to_string();
        let args =
            ["crosswalk", "Our standards", &id("theirs"), "--min-confidence", "0", "--package", "--output", &file];
        let ran = casement(db, &args).expect(0);
        assert!(ran.stderr.contains("proposed"), "{}", ran.stderr);
        let package: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let claimed = |origin: &str| {
            let all = package["CFAssociations"].as_array().unwrap();
            let one = all.iter().find(|one| one["originNodeURI"]["identifier"] == id(origin))?;
            Some((one["associationType"].clone(), one["destinationNodeURI"]["identifier"].clone()))
        };
        assert_eq!(claimed("o1"), Some((json!("exactMatchOf"), json!(id("t1")))));
        assert_eq!(claimed("o3"), Some((json!("isRelatedTo"), json!(id("t2")))));
        assert_ne!(claimed("o2").map(|(kind, _)| kind), Some(json!("exactMatchOf")));
        casement(db, &["validate", &file]).expect(0);
        casement(db, &["import", &file]).expect(0);
        let again = casement(db, &["import", "--dry-run", "--json", &file]).expect(0);
        assert!(!again.stdout.contains("\"added\":1"), "{}", again.stdout);
    });
}

#[test]
fn a_sheet_is_written_for_review_and_read_again() {
    for_each_backend(|db| {
        for framework in [ours(), theirs()] {
            import_one(&db.registry(), &framework.json);
        }
        let args = ["crosswalk", "Our", "Their", "--min-confidence", "0", "--each", "3", "--csv"];
        let sheet = casement(db, &args).expect(0).stdout;
        let head = sheet.lines().next().unwrap_or_default();
        assert!(head.starts_with("identifier,humanCodingScheme,fullStatement,AssociationType"), "{head}");
        assert!(!sheet.contains(",=Name"), "no spreadsheet runs it: {sheet}");
        assert_eq!(casement(db, &args).expect(0).stdout, sheet, "the same again");
        for (args, says) in [
            (["crosswalk", "standards", "Their"], "may mean 2 frameworks"),
            (["crosswalk", "Our", "nobody"], "no framework here is called nobody"),
            (["crosswalk", "Our", "Our"], "the same framework"),
        ] {
            let ran = casement(db, &args).expect(2);
            assert!(ran.stderr.contains(says), "{}", ran.stderr);
        }
    });
}

const PATH: &str = "/api/v1/crosswalks";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn serving(db: &TestDb) -> TestApp {
    for framework in [ours(), theirs()] {
        import_one(&db.registry(), &framework.json);
    }
    TestApp::start(db)
}

fn propose(app: &TestApp, query: &str, accept: &str, body: &Value) -> Answer {
    app.send_with("POST", &format!("{PATH}{query}"), &[("Accept", accept)], body.to_string())
}

#[test]
fn the_same_is_proposed_over_http_in_every_form() {
    for_each_backend(|db| {
        let app = serving(db);
        let body = json!({"from": "Our standards", "to": id("theirs"), "minConfidence": 0});
        let answer = propose(&app, "", "", &body).expect(200);
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("application/json", "no-store"));
        let answer = answer.json();
        assert_eq!(answer["semantic"], "off");
        let pair = |one: &Value| {
            (
                one["origin"]["identifier"].clone(),
                one["associationType"].clone(),
                one["destination"]["identifier"].clone(),
            )
        };
        let pairs: Vec<_> = answer["proposals"].as_array().unwrap().iter().map(pair).collect();
        assert!(pairs.contains(&(json!(id("o1")), json!("exactMatchOf"), json!(id("t1")))), "{answer}");
        assert!(pairs.contains(&(json!(id("o3")), json!("isRelatedTo"), json!(id("t2")))), "{answer}");

        let sheet = propose(&app, "", "text/csv", &body).expect(200);
        assert_eq!(sheet.header("content-disposition"), "attachment; filename=\"crosswalk.csv\"");
        let own = casement(db, &["crosswalk", "Our", "Their", "--min-confidence", "0", "--csv"]).expect(0).stdout;
        assert_eq!(sheet.text(), own);
        assert_eq!(propose(&app, "?format=csv", "", &body).expect(200).text(), own);

        let package = propose(&app, "?format=case", "application/json", &body).expect(200);
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("crosswalk.json").display().to_string();
        std::fs::write(&file, &package.body).unwrap();
        casement(db, &["validate", &file]).expect(0);
        assert_eq!(package.json()["CFAssociations"].as_array().unwrap().len(), pairs.len());
        for (query, accept) in [("?format=xlsx", ""), ("", XLSX)] {
            let book = propose(&app, query, accept, &body).expect(200);
            assert_eq!(book.header("content-type"), XLSX);
            let file = dir.path().join("crosswalk.xlsx").display().to_string();
            std::fs::write(&file, &book.body).unwrap();
            let ran = casement(db, &["import", "--dry-run", "--json", &file]).expect(0);
            assert!(ran.stdout.contains("opensalt-crosswalk"), "{}", ran.stdout);
        }
        let file = dir.path().join("own.xlsx").display().to_string();
        casement(db, &["crosswalk", "Our", "Their", "--xlsx", "--output", &file]).expect(0);
        assert!(std::fs::read(&file).unwrap().starts_with(b"PK"));
        casement(db, &["crosswalk", "Our", "Their", "--xlsx"]).expect(2);
    });
}

#[test]
fn what_is_no_request_for_a_crosswalk_is_told_what_to_do() {
    for_each_backend(|db| {
        let app = serving(db);
        let with = |name: &str, value: Value| {
            let mut body = json!({"from": "Our", "to": "Their"});
            body[name] = value;
            body
        };
        for (query, body, status, says) in [
            ("", json!("x"), 400, "from"),
            ("", json!({"from": "Our"}), 400, "to"),
            ("", with("colour", json!("red")), 400, "colour"),
            ("", with("minConfidence", json!(2)), 400, "from 0 to 1"),
            ("", with("each", json!(0)), 400, "from 1 to 20"),
            ("", with("from", json!("standards")), 400, "may mean 2 frameworks"),
            ("", with("to", json!("nobody")), 400, "no framework here is called nobody"),
            ("", with("to", json!("Our")), 400, "the same framework"),
            ("?format=pdf", with("each", json!(1)), 400, "json, case, xlsx or csv"),
            ("?format=csv&format=csv", with("each", json!(1)), 400, "given twice"),
            ("?colour=red", with("each", json!(1)), 400, "no parameter colour"),
        ] {
            let answer = propose(&app, query, "", &body);
            assert_eq!(answer.status, status, "{}", answer.text());
            assert!(answer.text().to_lowercase().contains(&says.to_lowercase()), "{says}: {}", answer.text());
        }
        propose(&app, "", "image/png", &with("each", json!(1))).expect(406);
        app.get(PATH).expect(405);
        let many = Framework::with_items("many", 5_001).document(json!({"title": "Many items"}));
        import_one(&db.registry(), &many.json);
        app.until(|| propose(&app, "", "", &with("from", json!("Many"))).text().contains("5001 items"));
    });
}

#[test]
fn a_private_framework_is_proposed_to_those_who_see_it() {
    for_each_backend(|db| {
        let app = serving(db);
        casement(db, &["private", &id("theirs")]).expect(0);
        let body = json!({"from": "Our", "to": id("theirs"), "minConfidence": 0});
        app.until(|| propose(&app, "", "", &body).status == 400);
        let bearer = format!("Bearer {}", token(db, Role::Reader));
        let answer = app.send_with("POST", PATH, &[("Authorization", &bearer)], body.to_string()).expect(200);
        assert!(answer.text().contains(&id("t1")));
    });
}
