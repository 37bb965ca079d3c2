//! Batches: lines in, answers out in their order, over HTTP and on the command line.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::token;
use crate::support::build::{Framework, id};
use crate::support::{TestApp, TestDb, casement, casement_with, for_each_backend, import_one};

const PATH: &str = "/api/v1/align/batch";

fn water() -> Framework {
    Framework::new("water")
        .document(json!({"title": "Riverwell Water Skills", "language": "en"}))
        .item(
            "chlorine",
            json!({"fullStatement": "Measure chlorine residual in treated water", "humanCodingScheme": "WT.2.3"}),
        )
        .item("ph", json!({"fullStatement": "Measure the acidity of water", "humanCodingScheme": "WT.2.4"}))
}

fn cooking() -> Framework {
    Framework::new("cooking")
        .document(json!({"title": "Kitchen Skills", "language": "en"}))
        .item("knife", json!({"fullStatement": "Sharpen kitchen knives", "humanCodingScheme": "K.1"}))
        .item("soup", json!({"fullStatement": "Prepare soups from fresh vegetables", "humanCodingScheme": "K.2"}))
}

/// A server that has looked at everything.
fn serving(db: &TestDb) -> TestApp {
    import_one(&db.registry(), &water().json);
    import_one(&db.registry(), &cooking().json);
    let app = TestApp::start(db);
    app.until(|| {
        let answer = app.get("/api/v1/search?q=anything");
        answer.status == 200 && answer.json()["index"]["upToDate"] == true
    });
    app
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn send(app: &TestApp, body: &str) -> Vec<Value> {
    let answer = app.send_with("POST", PATH, &[("content-type", "application/x-ndjson")], body).expect(200);
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert_eq!(answer.header("cache-control"), "no-store");
    lines(&answer.text())
}

/// What each route answers to the same.
fn alone(app: &TestApp, path: &str, content_type: &str, body: &str) -> Value {
    app.send_with("POST", path, &[("content-type", content_type)], body).expect(200).json()
}

fn badge() -> Value {
    json!({"type": ["Achievement"], "id": "https://h.example/a", "name": "Water", "description": "Covers WT.2.3.", "x": 1})
}

/// Lines of every kind, with an empty one and some that make no sense between them.
fn mixed() -> String {
    [
        json!({"id": "a", "text": "Test the chlorine residual of water", "frameworks": [id("water")], "max": 2})
            .to_string(),
        String::new(),
        json!({"id": 2, "achievement": badge(), "mode": "apply", "minConfidence": 0.5, "places": null}).to_string(),
        "{\"text\": ".to_owned(),
        json!({"id": {"n": 1}, "job": "Requirements:\n- Sharpen kitchen knives"}).to_string(),
        json!({"job": "<ul><li>Sharpen kitchen knives</li></ul>", "jobMediaType": "text/html", "max": 1}).to_string(),
        json!({"id": "b", "text": "soup", "frameworks": ["no such thing"]}).to_string(),
        json!({"id": "c", "text": "soups from vegetables"}).to_string(),
        "  ".to_owned(),
        json!({"id": "d", "achievement": {"nothing": true}}).to_string(),
        json!({"id": "e", "text": "soups from vegetables"}).to_string(),
    ]
    .join("\r\n")
}

#[test]
fn each_line_is_answered_as_its_route_does_in_order_and_a_bad_one_ends_nothing() {
    for_each_backend(|db| {
        let app = serving(db);
        let answers = send(&app, &mixed());
        let numbers: Vec<u64> = answers.iter().map(|one| one["line"].as_u64().unwrap()).collect();
        assert_eq!(numbers, [1, 3, 4, 5, 6, 7, 8, 10, 11]);
        let ids: Vec<&Value> = answers.iter().map(|one| &one["id"]).collect();
        let null = Value::Null;
        assert_eq!(
            ids,
            [
                &json!("a"),
                &json!(2),
                &null,
                &json!({"n": 1}),
                &null,
                &json!("b"),
                &json!("c"),
                &json!("d"),
                &json!("e")
            ]
        );
        let text = json!({"text": "Test the chlorine residual of water", "frameworks": [id("water")], "max": 2});
        assert_eq!(answers[0]["answer"], alone(&app, "/api/v1/align/text", "application/json", &text.to_string()));
        assert_eq!(answers[0]["answer"]["candidates"][0]["identifier"], id("chlorine"));
        let path = "/api/v1/align/achievement?mode=apply&minConfidence=0.5";
        assert_eq!(answers[1]["answer"], alone(&app, path, "application/json", &badge().to_string()));
        assert_eq!(answers[1]["answer"]["document"]["x"], 1);
        let posting = "Requirements:\n- Sharpen kitchen knives";
        assert_eq!(answers[3]["answer"], alone(&app, "/api/v1/align/job", "text/plain", posting));
        assert_eq!(answers[4]["answer"]["requirements"][0]["candidates"][0]["identifier"], id("knife"));
        for (at, status, says) in [(2, 400, "no JSON object"), (5, 400, "/api/v1/frameworks"), (7, 422, "")] {
            let error = &answers[at]["error"];
            assert_eq!(error["status"], status, "{error}");
            assert!(error["detail"].as_str().unwrap().contains(says), "{error}");
            assert!(error["type"].as_str().unwrap().starts_with("urn:casement:problem:"), "{error}");
            assert!(answers[at].get("answer").is_none());
        }
        assert_eq!(answers[6]["answer"], answers[8]["answer"]);
        assert_eq!(send(&app, ""), [Value::Null; 0]);
        assert_eq!(send(&app, "\n\n\n"), [Value::Null; 0]);
        app.get(PATH).expect(405);
        let packed = app.send_with("POST", PATH, &[("content-encoding", "gzip")], "x").expect(415);
        assert!(packed.text().contains("Content-Encoding"), "{}", packed.text());
    });
}

#[test]
fn many_lines_and_a_line_that_is_too_long_are_answered() {
    let db = TestDb::sqlite();
    let app = serving(&db);
    let line = |at: usize| json!({"id": at, "text": format!("soup {at}"), "max": 1}).to_string();
    let body: Vec<String> = (0..500).map(line).collect();
    let answers = send(&app, &body.join("\n"));
    assert_eq!(answers.len(), 500);
    for (at, answer) in answers.iter().enumerate() {
        assert_eq!((&answer["line"], &answer["id"]), (&json!(at + 1), &json!(at)), "{answer}");
    }
    let long = format!("{{\"text\":\"{}\"}}\n{}\n", "a".repeat(5 << 20), line(1));
    let answers = send(&app, &long);
    assert!(answers[0]["error"]["detail"].as_str().unwrap().contains("longer than"), "{}", answers[0]);
    assert_eq!(answers[1]["answer"]["candidates"][0]["identifier"], id("soup"));
    let long = json!({"text": "a ".repeat(1 << 20)}).to_string();
    assert_eq!(send(&app, &long)[0]["error"]["status"], 413);
}

/// A request whose body is still being sent.
struct Open {
    stream: TcpStream,
    answer: BufReader<TcpStream>,
}

impl Open {
    fn new(app: &TestApp) -> Open {
        let mut stream = TcpStream::connect(app.address.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "POST {PATH} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
        let answer = BufReader::new(stream.try_clone().unwrap());
        Open { stream, answer }
    }

    fn send(&mut self, text: &str) {
        write!(self.stream, "{:x}\r\n{text}\r\n", text.len()).unwrap();
    }

    /// The next line of the answer that is one of JSON.
    fn line(&mut self) -> Value {
        loop {
            let mut line = String::new();
            assert_ne!(self.answer.read_line(&mut line).unwrap(), 0, "the answer ended");
            if line.starts_with('{') {
                return serde_json::from_str(&line).unwrap();
            }
        }
    }
}

#[test]
fn a_line_is_answered_before_the_next_is_sent() {
    let db = TestDb::sqlite();
    let app = serving(&db);
    let mut open = Open::new(&app);
    for at in 1..=3 {
        open.send(&format!("{}\n", json!({"id": at, "text": "soup"})));
        assert_eq!(open.line()["id"], at);
    }
    open.send(&json!({"id": "last", "text": "soup"}).to_string());
    write!(open.stream, "0\r\n\r\n").unwrap();
    assert_eq!(open.line()["id"], "last");
}

#[test]
fn the_body_is_read_only_as_fast_as_answers_are_taken() {
    let db = TestDb::sqlite();
    let app = serving(&db);
    let mut open = Open::new(&app);
    open.stream.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
    // Short lines with long answers; who reads none of them is not read from for long.
    let line = json!({"text": "measure water, prepare soups, sharpen knives", "max": 100}).to_string();
    let block = format!("{line}\n").repeat(100);
    let chunk = format!("{:x}\r\n{block}\r\n", block.len());
    let (mut sent, most) = (0, 64 << 20);
    while sent < most {
        match open.stream.write(chunk.as_bytes()) {
            Ok(count) if count == chunk.len() => sent += count,
            _ => break,
        }
    }
    assert!(sent < most, "it took {sent} bytes and nobody took an answer");
    // And who hangs up stops the work: the server has time for others at once.
    drop(open);
    let answers = send(&app, &json!({"text": "soup", "max": 1}).to_string());
    assert_eq!(answers[0]["answer"]["candidates"][0]["identifier"], id("soup"));
}

#[test]
fn half_of_a_body_is_no_whole_answer() {
    let db = TestDb::sqlite();
    let app = serving(&db);
    let mut open = Open::new(&app);
    open.send(&format!("{}\n", json!({"text": "soup"})));
    assert_eq!(open.line()["line"], 1);
    open.stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut rest = Vec::new();
    // Cut or reset: either way without the end that a whole answer has.
    let _ = open.answer.read_to_end(&mut rest);
    assert!(!rest.ends_with(b"0\r\n\r\n"), "{}", String::from_utf8_lossy(&rest));
}

#[test]
fn what_is_private_is_found_by_those_who_see_it() {
    for_each_backend(|db| {
        let app = serving(db);
        casement(db, &["private", &id("cooking")]).expect(0);
        let body = json!({"text": "soup"}).to_string();
        app.until(|| !send(&app, &body)[0].to_string().contains(&id("soup")));
        let bearer = format!("Bearer {}", token(db, Role::Reader));
        let answer = app.send_with("POST", PATH, &[("Authorization", &bearer)], body.as_str()).expect(200).text();
        assert!(answer.contains(&id("soup")), "{answer}");
    });
}

#[test]
fn the_command_line_answers_the_same() {
    for_each_backend(|db| {
        let app = serving(db);
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("lines.ndjson");
        std::fs::write(&file, mixed()).unwrap();
        let ran = casement(db, &["align", "--batch", &file.display().to_string()]).expect(1);
        assert!(ran.stderr.contains("9 lines, 3 failed"), "{}", ran.stderr);
        let (own, http) = (lines(&ran.stdout), send(&app, &mixed()));
        assert_eq!(own.len(), http.len());
        for (own, http) in own.iter().zip(&http) {
            assert_eq!((&own["line"], &own["id"], &own["answer"]), (&http["line"], &http["id"], &http["answer"]));
            assert_eq!(own.get("error").is_some(), http.get("error").is_some());
        }
        assert!(own[2]["error"]["detail"].as_str().unwrap().contains("no JSON object"), "{}", own[2]);
        let good = json!({"text": "soup"}).to_string();
        let ran = casement_with(db, &["align", "--batch", "-"], good.as_bytes()).expect(0);
        assert_eq!(lines(&ran.stdout).len(), 1);
        assert!(ran.stderr.contains("1 line, 0 failed"), "{}", ran.stderr);
        casement(db, &["align", "--batch", "no such file"]).expect(3);
        casement(db, &["align", "--batch", "--document", "-"]).expect(2);
    });
}

#[test]
fn with_a_model_neighbours_change_no_answer() {
    let Some(model) = std::env::var_os("CASEMENT_TEST_MODEL") else { return };
    let db = TestDb::sqlite();
    import_one(&db.registry(), &water().json);
    import_one(&db.registry(), &cooking().json);
    let app = TestApp::start_with(&db, &["--no-demo", "--model-dir", &model.to_string_lossy()]);
    let ready = json!({"text": "a", "max": 1}).to_string();
    app.until(|| alone(&app, "/api/v1/align/text", "application/json", &ready)["methods"]["semantic"] == "on");
    let texts = [
        "Cook a broth with carrots and leeks",
        "Determine how acid a sample is",
        "Keep blades sharp",
        "Negotiate treaties",
        "Learners check disinfectant levels in drinking water; they also keep records of every sample that they take.",
    ];
    let line = |text: &str| json!({"text": text}).to_string();
    let body: Vec<String> = texts.iter().cycle().take(70).map(|text| line(text)).collect();
    let answers = send(&app, &body.join("\n"));
    for (answer, text) in answers.iter().zip(texts.iter().cycle()) {
        assert_eq!(answer["answer"], alone(&app, "/api/v1/align/text", "application/json", &line(text)), "{text}");
    }
}
