//! The real program with the bundled frameworks and a hostile one, started once for all tests.

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::browser::tied;

/// A server that ends with this process.
pub struct Server {
    pub address: String,
    _process: std::process::Child,
    _data: tempfile::TempDir,
}

impl Server {
    /// Starts a server on files of its own, with what is imported before.
    pub fn start(options: &str, imports: &[PathBuf]) -> Server {
        let data = tempfile::tempdir().expect("a folder");
        for file in imports {
            casement(data.path(), &["import", file.to_str().expect("text")], "");
        }
        Server::serve(options, data)
    }

    /// The same without imports, with an admin who can sign in.
    pub fn with_user(name: &str, password: &str) -> Server {
        let data = tempfile::tempdir().expect("a folder");
        casement(data.path(), &["user", "add", name, "--role", "admin", "--password-stdin"], password);
        Server::serve("", data)
    }

    fn serve(options: &str, data: tempfile::TempDir) -> Server {
        let program = env!("CARGO_BIN_EXE_casement");
        let folder = data.path().display();
        let options = format!("--data-dir '{folder}/' --log-level warn --addr 127.0.0.1:0 {options}");
        let mut process = tied(&format!("cd '{folder}' && exec '{program}' serve {options}"));
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        let line = lines.next().expect("the server says where it is").expect("text");
        let address = line.strip_prefix("Casement is serving ").expect("its line").to_owned();
        let server = Server { address, _process: process, _data: data };
        server.wait_for_index();
        server
    }

    /// Until everything can be found.
    fn wait_for_index(&self) {
        let begun = std::time::Instant::now();
        loop {
            let found = ureq::get(format!("{}/api/v1/search?q=a&limit=1", self.address)).call();
            let text = found.and_then(|mut answer| answer.body_mut().read_to_string()).unwrap_or_default();
            let answer: Value = serde_json::from_str(&text).unwrap_or_default();
            if answer["index"]["upToDate"] == true {
                return;
            }
            assert!(begun.elapsed().as_secs() < 300, "the index is never up to date");
            std::thread::yield_now();
        }
    }

    pub fn json(&self, path: &str) -> Value {
        let mut answer = ureq::get(format!("{}{path}", self.address)).call().expect("an answer");
        serde_json::from_str(&answer.body_mut().with_config().limit(100 << 20).read_to_string().expect("text"))
            .expect("JSON")
    }

    /// The identifier of the framework with that title.
    pub fn framework(&self, title: &str) -> String {
        let all = self.json("/api/v1/frameworks");
        let found = all.as_array().expect("a list").iter().find(|one| one["title"] == title);
        found.unwrap_or_else(|| panic!("no {title}: {all}"))["identifier"].as_str().expect("an identifier").to_owned()
    }

    /// The identifier of the item with that code in a framework.
    pub fn item(&self, framework: &str, code: &str) -> String {
        let package = self.json(&format!("/ims/case/v1p1/CFPackages/{framework}"));
        let items = package["CFItems"].as_array().expect("items");
        let item = items.iter().find(|item| item["humanCodingScheme"] == code);
        item.unwrap_or_else(|| panic!("no {code}"))["identifier"].as_str().expect("an identifier").to_owned()
    }
}

/// Runs a command on a data directory, with something to read.
fn casement(data: &Path, arguments: &[&str], input: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casement"));
    command.args(arguments).env("CASEMENT_DATA_DIR", data).current_dir(data);
    let mut process = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    process.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
    let done = process.wait_with_output().expect("the program ends");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The server that most tests ask.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start("", &[crate::hostile::package()]))
}
