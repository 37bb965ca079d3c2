//! The real program: a server on a port of its own, and commands.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use ureq::http::{HeaderMap, Request};
use ureq::{Agent, AsSendBody};

use super::db::{BASE, TestDb};

/// The program with nothing of the tester's own environment that it listens to.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casement"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CASEMENT_")) {
        command.env_remove(name);
    }
    // Nothing to find where it runs, such as a casement.toml.
    command.current_dir(std::env::temp_dir()).stdin(Stdio::null());
    command
}

/// The program on `db`, minting uris under [`BASE`].
pub fn on(db: &TestDb, data_dir: &Path) -> Command {
    let mut command = program();
    command.env("CASEMENT_DATA_DIR", data_dir).env("CASEMENT_DATABASE_URL", &db.url).env("CASEMENT_PUBLIC_URL", BASE);
    command
}

/// What a command did.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    /// Fails unless the command exited with `code`.
    #[track_caller]
    pub fn expect(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// Runs `casement {args}` on `db`.
pub fn casement(db: &TestDb, args: &[&str]) -> Ran {
    casement_with(db, args, b"")
}

/// Runs `casement {args}` on `db` with something on its standard input.
pub fn casement_with(db: &TestDb, args: &[&str], input: &[u8]) -> Ran {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut command = on(db, dir.path());
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("its standard input");
    let input = input.to_vec();
    // It may end before it has read everything, which is its own affair.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    output.into()
}

/// A running server; killed when dropped.
pub struct TestApp {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub address: String,
    agent: Agent,
    dir: tempfile::TempDir,
}

impl TestApp {
    /// Starts a server on `db` and waits for the line that says where.
    pub fn start(db: &TestDb) -> TestApp {
        TestApp::start_with(db, &["--no-demo"])
    }

    /// The same with other flags.
    pub fn start_with(db: &TestDb, flags: &[&str]) -> TestApp {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let log = std::fs::File::create(dir.path().join("stderr")).expect("a log file");
        let mut command = on(db, dir.path());
        command.args(["serve", "--addr", "127.0.0.1:0"]).args(flags).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its standard output")).read_line(&mut line).expect("a line");
        let Some(at) = line.find("http://") else {
            let log = std::fs::read_to_string(dir.path().join("stderr")).unwrap_or_default();
            panic!("the server did not start: {line}{log}");
        };
        let config =
            Agent::config_builder().http_status_as_error(false).max_redirects(0).max_redirects_will_error(false);
        TestApp { child, address: line[at..].trim().to_owned(), agent: config.accept("").build().into(), dir }
    }

    /// What the server wrote to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("stderr")).unwrap_or_default()
    }

    /// Sends a request without a body.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send_with(method, path, headers, ())
    }

    /// Sends a request with a body.
    #[track_caller]
    pub fn send_with(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl AsSendBody) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let response =
            self.agent.run(request).unwrap_or_else(|error| panic!("{method} {path}: {error}\n{}", self.log()));
        let (parts, mut body) = response.into_parts();
        let mut bytes = Vec::new();
        body.as_reader().read_to_end(&mut bytes).expect("the whole body");
        Answer { status: parts.status.as_u16(), headers: parts.headers, body: bytes }
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[])
    }

    /// GET of what has to be there, as JSON.
    #[track_caller]
    pub fn json(&self, path: &str) -> Value {
        self.get(path).expect(200).json()
    }

    /// Asks again and again until what another program changed is seen; a server promises to see
    /// it within a second, and a busy machine gets more.
    #[track_caller]
    #[expect(clippy::unused_self, reason = "it is this server that is waited for")]
    pub fn until(&self, seen: impl Fn() -> bool) {
        let begun = std::time::Instant::now();
        while !seen() {
            assert!(begun.elapsed().as_secs() < 10, "the server does not see what changed");
            std::thread::yield_now();
        }
    }

    /// Sends bytes as they are on a connection of their own; returns all that comes back.
    pub fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address.trim_start_matches("http://")).expect("a connection");
        stream.write_all(request.as_bytes()).expect("the request is taken");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Fails unless the status is `status`.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header is ASCII"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// Encodes a value for a query or a segment of a path.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
