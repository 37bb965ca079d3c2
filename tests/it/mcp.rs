//! The Model Context Protocol: the tools over HTTP and over the standard streams, what they refuse, and who sees what.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use casement::registry::Role;
use serde_json::{Value, json};

use crate::access_tokens::token;
use crate::support::app::on;
use crate::support::build::{Framework, id, uri};
use crate::support::{TestApp, TestDb, casement, casement_with, for_each_backend, import_one};

const PATH: &str = "/mcp";
const TOOLS: [&str; 5] = ["search", "resolve", "align", "item", "frameworks"];

fn water() -> Framework {
    Framework::new("water")
        .document(json!({"title": "Riverwell Water Skills", "language": "en"}))
        .item("t", json!({"fullStatement": "Testing and sampling", "humanCodingScheme": "WT.2"}))
        .under("t", "water", 1)
        .item(
            "chlorine",
            json!({"fullStatement": "Measure chlorine residual in treated water", "humanCodingScheme": "WT.2.3"}),
        )
        .under("chlorine", "t", 1)
        .item("old", json!({"fullStatement": "Measure chlorine", "statusEndDate": "2020-01-01"}))
        .associate("old", "replacedBy", "chlorine", json!({}))
}

fn initialize() -> Value {
    let params =
        json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params})
}

fn request(id: u32, method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

fn call(tool: &str, arguments: &Value) -> Value {
    request(1, "tools/call", &json!({"name": tool, "arguments": arguments}))
}

/// One message over HTTP, as somebody who may have a token.
fn post(app: &TestApp, bearer: Option<&str>, message: &Value) -> Value {
    let bearer = bearer.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", "application/json"), ("accept", "application/json, text/event-stream")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    app.send_with("POST", PATH, &headers, message.to_string()).expect(200).json()
}

/// What a tool answers over HTTP.
fn ask(app: &TestApp, tool: &str, arguments: &Value) -> Value {
    let answer = post(app, None, &call(tool, arguments));
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    // Clients that know no structured content read the same as text.
    let text: Value = serde_json::from_str(answer["result"]["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(text, answer["result"]["structuredContent"]);
    text
}

/// What a tool says that it cannot do.
fn refusal(app: &TestApp, tool: &str, arguments: &Value) -> String {
    let answer = post(app, None, &call(tool, arguments));
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    answer["result"]["content"][0]["text"].as_str().unwrap().to_owned()
}

/// The program as a client starts it.
struct Conversation {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    _dir: tempfile::TempDir,
}

impl Conversation {
    fn start(db: &TestDb) -> Conversation {
        let dir = tempfile::tempdir().unwrap();
        let mut command = on(db, dir.path());
        command.arg("mcp").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Conversation { child, stdin, stdout, _dir: dir }
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.stdin, "{message}").unwrap();
    }

    fn ask(&mut self, message: &Value) -> Value {
        self.say(message);
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn end(self) {
        let Conversation { mut child, stdin, mut stdout, _dir } = self;
        drop(stdin);
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut stdout, &mut rest).unwrap();
        assert_eq!(rest, "");
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn a_client_is_told_what_there_is() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        let hello = post(&app, None, &initialize());
        assert_eq!(hello["result"]["serverInfo"]["name"], "casement", "{hello}");
        assert!(hello["result"]["instructions"].as_str().unwrap().contains("none"));
        // Older clients are answered in their own version.
        for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
            let mut asked = initialize();
            asked["params"]["protocolVersion"] = json!(version);
            assert_eq!(post(&app, None, &asked)["result"]["protocolVersion"], version);
        }
        let listed = post(&app, None, &request(1, "tools/list", &json!({})));
        let tools = listed["result"]["tools"].as_array().unwrap();
        let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
        assert_eq!(names, TOOLS);
        for tool in tools {
            assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
            assert_eq!(tool["annotations"]["readOnlyHint"], true);
            jsonschema::validator_for(&tool["inputSchema"]).unwrap();
            assert!(!tool["inputSchema"].to_string().contains("$ref"), "{tool}");
        }
        let align = tools.iter().find(|tool| tool["name"] == "align").unwrap();
        assert_eq!(align["inputSchema"]["required"], json!(["text"]));
    });
}

#[test]
fn the_tools_find_what_is_published() {
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        let app = TestApp::start(db);
        app.until(|| ask(&app, "search", &json!({"q": "chlorine"}))["hits"] != json!([]));
        let found = ask(&app, "search", &json!({"q": "wt 2 3", "framework": ["riverwell"], "limit": 1}));
        assert_eq!(found["hits"][0]["identifier"], id("chlorine"), "{found}");
        let resolved = ask(&app, "resolve", &json!({"references": [uri("old"), "nothing"]}));
        assert_eq!(resolved["resolutions"][0]["state"], "replaced", "{resolved}");
        assert_eq!(resolved["resolutions"][1]["state"], "unknown");
        let aligned = ask(&app, "align", &json!({"text": "They test the chlorine residual of treated water."}));
        assert_eq!(aligned["candidates"][0]["identifier"], id("chlorine"), "{aligned}");
        let none = ask(&app, "align", &json!({"text": "Negotiate treaties between governments"}));
        assert_eq!(none["none"], true, "{none}");
        let listed = ask(&app, "frameworks", &json!({"title": "WATER"}));
        assert_eq!(listed["frameworks"][0]["identifier"], id("water"), "{listed}");
        assert_eq!(ask(&app, "frameworks", &json!({"title": "fire"}))["frameworks"], json!([]));
    });
}

#[test]
fn an_item_comes_with_what_is_around_it() {
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        let app = TestApp::start(db);
        app.until(|| ask(&app, "search", &json!({"q": "chlorine"}))["hits"] != json!([]));
        let by_code = json!({"reference": "WT.2.3", "framework": "Riverwell Water Skills"});
        for asked in [json!({"reference": id("chlorine")}), json!({"reference": uri("chlorine")}), by_code] {
            let answer = ask(&app, "item", &asked);
            let item = &answer["item"];
            assert_eq!((&item["identifier"], &item["code"]), (&json!(id("chlorine")), &json!("WT.2.3")), "{answer}");
            assert_eq!(item["framework"]["identifier"], id("water"));
            assert_eq!(item["path"][0]["code"], "WT.2");
            assert_eq!(item["associations"][0]["type"], "replacedBy", "{answer}");
            assert_eq!(item["associations"][0]["isOrigin"], false);
            assert_eq!(item["associations"][0]["other"]["identifier"], id("old"));
        }
        let answer = ask(&app, "item", &json!({"reference": "Testing and sampling", "framework": id("water")}));
        assert_eq!(answer["item"]["children"][0]["identifier"], id("chlorine"), "{answer}");
        let answer = ask(&app, "item", &json!({"reference": id("old")}));
        assert_eq!(answer["item"]["retired"], "2020-01-01", "{answer}");
        assert_eq!(answer["item"]["replacedBy"][0]["identifier"], id("chlorine"), "{answer}");
        let answer = ask(&app, "item", &json!({"reference": "no such code"}));
        assert_eq!(answer["state"], "unknown", "{answer}");
    });
}

#[test]
fn what_is_not_understood_is_told() {
    for_each_backend(|db| {
        let app = TestApp::start(db);
        assert!(refusal(&app, "search", &json!({"q": "a", "limit": 0})).contains("from 1 to 50"));
        assert!(refusal(&app, "search", &json!({"query": "a"})).contains("unknown field"));
        assert!(refusal(&app, "align", &json!({"text": " "})).contains("text is empty"));
        assert!(
            refusal(&app, "align", &json!({"text": "a", "frameworks": ["no such"]}))
                .contains("framework here is called")
        );
        assert!(refusal(&app, "resolve", &json!({})).contains("references"));
        assert!(refusal(&app, "resolve", &json!({"references": vec!["a"; 501]})).contains("at most 500"));
        assert!(refusal(&app, "item", &json!({"reference": 7})).contains("string"));
        let unknown = post(&app, None, &call("delete", &json!({})));
        assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
        assert!(unknown["error"]["message"].as_str().unwrap().contains("frameworks"));

        let json = [("content-type", "application/json"), ("accept", "application/json, text/event-stream")];
        for body in ["", "{", "[]", "7", "{\"jsonrpc\": \"2.0\"}", &"[".repeat(100_000)] {
            let status = app.send_with("POST", PATH, &json, body).status;
            assert!((400..500).contains(&status), "{status}: {body}");
        }
        let long = call("align", &json!({"text": "a".repeat(2 << 20)}));
        app.send_with("POST", PATH, &json, long.to_string()).expect(413);
        app.send_with("POST", PATH, &[("content-type", "application/json")], initialize().to_string()).expect(406);
        app.send_with("POST", PATH, &[json[1]], initialize().to_string()).expect(415);
        app.get(PATH).expect(405);
    });
}

#[test]
fn what_is_private_is_seen_by_those_who_may_see_it() {
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        casement(db, &["private", &id("water")]).expect(0);
        let app = TestApp::start(db);
        let reader = token(db, Role::Reader);
        let asked = call("item", &json!({"reference": id("chlorine")}));
        app.until(|| post(&app, Some(&reader), &asked)["result"]["structuredContent"]["item"] != Value::Null);
        for (tool, arguments) in [
            ("search", json!({"q": "chlorine"})),
            ("resolve", json!({"references": [id("chlorine")]})),
            ("align", json!({"text": "chlorine"})),
            ("item", json!({"reference": id("chlorine")})),
            ("frameworks", json!({})),
        ] {
            let shown = ask(&app, tool, &arguments).to_string();
            assert!(!shown.contains("Riverwell") && !shown.contains("residual"), "{tool}: {shown}");
        }
    });
}

#[test]
fn the_standard_streams_carry_the_same_tools() {
    for_each_backend(|db| {
        import_one(&db.registry(), &water().json);
        casement(db, &["private", &id("water")]).expect(0);
        let mut client = Conversation::start(db);
        let hello = client.ask(&initialize());
        assert_eq!(hello["result"]["serverInfo"]["name"], "casement", "{hello}");
        client.say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        let listed = client.ask(&request(1, "tools/list", &json!({})));
        assert_eq!(listed["result"]["tools"].as_array().unwrap().len(), TOOLS.len());
        let found = client.ask(&call("search", &json!({"q": "chlorine residual"})));
        assert_eq!(found["result"]["structuredContent"]["hits"][0]["identifier"], id("chlorine"), "{found}");
        let aligned = client.ask(&call("align", &json!({"text": "chlorine residual of treated water"})));
        assert_eq!(aligned["result"]["structuredContent"]["candidates"][0]["identifier"], id("chlorine"));
        // What is imported meanwhile is found too.
        let more = water().item("more", json!({"fullStatement": "Calibrate turbidimeters"}));
        import_one(&db.registry(), &more.json);
        let asked = call("align", &json!({"text": "calibrate turbidimeters"}));
        let first = &client.ask(&asked)["result"]["structuredContent"]["candidates"][0]["identifier"];
        assert_eq!(*first, id("more"));
        client.end();
    });
}

#[test]
fn somebody_who_says_nothing_or_nonsense_is_no_client() {
    let db = TestDb::sqlite();
    casement_with(&db, &["mcp"], b"").expect(0);
    let ran = casement_with(&db, &["mcp"], b"GET / HTTP/1.1\r\n\r\n");
    assert_eq!(ran.stdout.lines().filter(|line| !line.starts_with('{')).count(), 0, "{}", ran.stdout);
}
