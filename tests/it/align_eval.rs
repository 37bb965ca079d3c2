//! Measuring alignment: the bundled set holds a floor, files are read and written as documented, and the command runs
//! what the server runs.

use serde_json::{Value, json};

use crate::support::build::{Framework, id};
use crate::support::{TestApp, TestDb, casement, import_one};

#[test]
fn the_bundled_set_holds_its_floor() {
    let db = TestDb::sqlite();
    let measured = casement(&db, &["eval", "align", "--lexical", "--json", "--floor", "0.26"]).expect(0).json();
    assert_eq!(measured["semantic"], "off");
    assert!(measured["all"]["mrr"].as_f64().unwrap() >= 0.26, "{measured}");
    casement(&db, &["eval", "align", "--lexical", "--floor", "0.99"]).expect(1);
}

#[test]
fn files_are_measured_as_the_server_answers() {
    let statements = ["Sharpen kitchen knives", "Prepare soups from vegetables", "Read maps of rivers"];
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let target =
        |(at, statement): (usize, &&str)| json!({"id": id(&format!("i{at}")), "statement": statement}).to_string();
    let targets: Vec<String> = statements.iter().enumerate().map(target).collect();
    std::fs::write(path("skills.targets.jsonl"), targets.join("\n")).unwrap();
    let asked = ["preparing vegetable soup", "read a map", "sharp knives in kitchens"];
    let query = |(at, text): (usize, &&str)| {
        json!({"id": format!("q{at}"), "text": text, "gold": [id(["i1", "i2", "i0"][at])], "targets": "skills"})
            .to_string()
    };
    let queries: Vec<String> = asked.iter().enumerate().map(query).collect();
    std::fs::write(path("asked.queries.jsonl"), queries.join("\n")).unwrap();
    let db = TestDb::sqlite();
    let files = ["--targets", &path("skills.targets.jsonl"), "--queries", &path("asked.queries.jsonl")];
    let out = path("out.jsonl");
    let args = [&["eval", "align", "--lexical", "--json", "--predictions", &out][..], &files[..]].concat();
    let measured = casement(&db, &args).expect(0).json();
    assert_eq!(measured["sets"]["asked"]["queries"], 3);
    assert_eq!(measured["sets"]["asked"]["mrr"], 1.0, "{measured}");

    let framework = statements.iter().enumerate().fold(Framework::new("f"), |framework, (at, statement)| {
        framework.item(&format!("i{at}"), json!({"fullStatement": statement}))
    });
    import_one(&db.registry(), &framework.json);
    let app = TestApp::start(&db);
    let written = std::fs::read_to_string(&out).unwrap();
    for (line, text) in written.lines().zip(asked) {
        let prediction: Value = serde_json::from_str(line).unwrap();
        let body = json!({"text": text, "max": 50}).to_string();
        let answer = app.send_with("POST", "/api/v1/align/text", &[], body).expect(200).json();
        let candidates = answer["candidates"].as_array().unwrap();
        let ranked: Vec<&Value> = candidates.iter().map(|one| &one["identifier"]).collect();
        assert_eq!(prediction["ranked"].as_array().unwrap().iter().collect::<Vec<_>>(), ranked, "{text}");
        let near = |a: &Value, b: &Value| (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 1e-3;
        assert!(near(&prediction["confidence"][0], &candidates[0]["confidence"]));
        assert_eq!(prediction["none"], answer["none"]);
    }
}

#[test]
fn files_that_are_none_are_told_of() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    std::fs::write(path("a.targets.jsonl"), "{\"id\": \"1\", \"statement\": \"One\"}\n\n{\"id\": 2}\n").unwrap();
    std::fs::write(path("b.targets.jsonl"), "{\"id\": \"1\", \"statement\": \"One\"}\n").unwrap();
    std::fs::write(
        path("c.queries.jsonl"),
        "{\"id\": \"1\", \"text\": \"One\", \"gold\": [\"1\"], \"targets\": \"x\"}\n",
    )
    .unwrap();
    let db = TestDb::sqlite();
    let run = |args: &[&str]| casement(&db, &[&["eval", "align", "--lexical"], args].concat());
    let ran = run(&["--targets", &path("a.targets.jsonl"), "--queries", &path("c.queries.jsonl")]).expect(1);
    assert!(ran.stderr.contains("a.targets.jsonl") && ran.stderr.contains("line 3"), "{}", ran.stderr);
    run(&["--targets", &path("missing.jsonl"), "--queries", &path("c.queries.jsonl")]).expect(3);
    run(&["--targets", &path("b.targets.jsonl")]).expect(2);
    std::fs::copy(path("b.targets.jsonl"), path("d.targets.jsonl")).unwrap();
    let two = ["--targets", &path("b.targets.jsonl"), "--targets", &path("d.targets.jsonl")];
    let ran = run(&[&two[..], &["--queries", &path("c.queries.jsonl")]].concat()).expect(2);
    assert!(ran.stderr.contains("--targets"), "{}", ran.stderr);
}
