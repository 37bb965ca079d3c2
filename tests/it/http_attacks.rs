//! What strangers try: heads that never end, bodies that nobody takes, paths that lead elsewhere.
//! (Forged hosts and guessed tokens are in `access_limits`, private identifiers in
//! `access_private`, addresses to fetch from in `fetch_guard`, forms of requests in `http_errors`.)

use std::io::{Read, Write};
use std::net::TcpStream;

use casement::registry::Role;
use serde_json::json;

use crate::access_tokens::token;
use crate::support::build::{Framework, id};
use crate::support::{TestApp, for_each_backend, import_one};

fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.address.trim_start_matches("http://")).expect("a connection")
}

#[test]
fn heads_that_never_end_keep_nobody_else_waiting() {
    for_each_backend(|db| {
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        let app = TestApp::start(db);
        let slow: Vec<TcpStream> = (0..200)
            .map(|_| {
                let mut stream = connect(&app);
                stream.write_all(b"GET /uri/x HTTP/1.1\r\nHost: h\r\nX-Slow: ").expect("it is taken");
                stream
            })
            .collect();
        let _ = app.get(&format!("/ims/case/v1p1/CFItems/{}", id("f.1"))).expect(200);
        // The server gives up on them, and says so.
        let mut answer = String::new();
        let _ = (&slow[0]).read_to_string(&mut answer).expect("the connection ends");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    });
}

#[test]
fn bodies_that_nobody_takes_keep_the_store_from_nobody() {
    // More than fits between the two programs.
    let text = "A statement that goes on. ".repeat(4_000);
    let items = (0..300).fold(Framework::new("f").document(json!({"adoptionStatus": "Private Draft"})), |all, n| {
        all.item(&format!("f.{n}"), json!({"fullStatement": text}))
    });
    for_each_backend(|db| {
        import_one(&db.registry(), &items.json);
        let more = ["--no-demo", "--request-timeout-seconds", "3", "--concurrent-reads", "2"];
        let app = TestApp::start_with(db, &more);
        let token = token(db, Role::Reader);
        let request = format!(
            "GET /ims/case/v1p1/CFPackages/{} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n",
            id("f")
        );
        let greedy: Vec<TcpStream> = (0..2)
            .map(|_| {
                let mut stream = connect(&app);
                stream.write_all(request.as_bytes()).expect("it is taken");
                stream
            })
            .collect();
        // Both have begun: there is no third read.
        for mut stream in &greedy {
            let mut first = [0_u8; 12];
            stream.read_exact(&mut first).expect("an answer begins");
            assert_eq!(&first, b"HTTP/1.1 200");
        }
        let path = format!("/uri/{}.json", id("f.1"));
        app.until(|| app.send("GET", &path, &[("Authorization", &format!("Bearer {token}"))]).status == 200);
        // What was begun and not taken does not look like a whole package.
        let is_whole = |mut stream: &TcpStream| {
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).is_ok() && rest.ends_with(b"0\r\n\r\n")
        };
        assert!(greedy.iter().filter(|stream| is_whole(stream)).count() < greedy.len());
        // Who takes it gets it whole.
        let whole = app.send(
            "GET",
            &format!("/ims/case/v1p1/CFPackages/{}", id("f")),
            &[("Authorization", &format!("Bearer {token}"))],
        );
        assert_eq!(whole.expect(200).json()["CFItems"].as_array().map(Vec::len), Some(300));
    });
}

#[test]
fn paths_lead_nowhere_else() {
    let tricks = [
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/etc/passwd",
        "..%5c..%5cwindows",
        "....//....//etc/passwd",
        "/etc/passwd",
        "//evil.example/x",
        "https://evil.example/x",
        "https:%2f%2fevil.example",
        "%00",
        "x%00.json",
        "x%0d%0aSet-Cookie:%20a=b",
        "p",
        "pp51b46463-ba60-588e-8983-87f29c985831",
        ".json",
        "..json",
        "%c0%ae%c0%ae/",
        "%u002e",
        "%F0%9F%92%A9",
        "%E2%80%AEnosj.x",
        "x;y=z",
        "x?y#z",
        "{}",
        "%7B%7B7*7%7D%7D",
        "<script>alert(1)</script>",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "' OR '1'='1",
        "%27;DROP%20TABLE%20objects;--",
    ];
    for_each_backend(|db| {
        import_one(&db.registry(), &Framework::with_items("f", 1).json);
        let app = TestApp::start(db);
        for prefix in [
            "/uri/",
            "/uri/p",
            "/cfpackage/doc/",
            "/ims/case/v1p1/CFItems/",
            "/ims/case/",
            "/api/v1/frameworks/",
            "/assets/",
            "/docs/",
        ] {
            for trick in tricks {
                for accept in ["application/json", "text/html"] {
                    let path = format!("{prefix}{}", trick.replace(' ', "%20"));
                    let raw = app.raw(&format!(
                        "GET {path} HTTP/1.1\r\nHost: h\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"
                    ));
                    let status: u16 = raw.split(' ').nth(1).and_then(|text| text.parse().ok()).expect("a status");
                    assert!((200..500).contains(&status), "{path}: {raw}");
                    assert!(!raw.contains("root:"), "{path}");
                    let (head, body) = raw.split_once("\r\n\r\n").unwrap_or((&raw, ""));
                    let head = head.to_ascii_lowercase();
                    assert!(!head.contains("\nset-cookie") && !head.contains("location: http"), "{path}: {head}");
                    assert!(!head.contains("location: //"), "{path}: {head}");
                    assert!(!body.contains("<script>alert"), "{path}");
                }
            }
        }
        let _ = app.get(&format!("/uri/{}.json", id("f.1"))).expect(200);
    });
}
