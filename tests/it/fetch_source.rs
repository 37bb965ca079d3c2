//! A small HTTP server that a test writes itself: it can answer as badly as any on the internet.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use casement::fetch::{Access, Allowed, Client, Settings, Stop};
use serde_json::Value;

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// How to answer.
pub enum Reply {
    /// A whole answer: status, further header lines, body.
    Whole(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// These bytes, then the end of the connection.
    Raw(Vec<u8>),
    /// These bytes, then the last of them for ever.
    Endless(Vec<u8>),
    /// These bytes, then one more now and then until the client has enough; nothing at all if there
    /// are none.
    Slow(Vec<u8>),
}

impl Reply {
    pub fn json(value: &Value) -> Reply {
        Reply::Whole(200, vec![("Content-Type", "application/json".to_owned())], value.to_string().into_bytes())
    }

    pub fn status(status: u16) -> Reply {
        Reply::Whole(status, Vec::new(), Vec::new())
    }

    pub fn html() -> Reply {
        let page = b"<!doctype html><title>Welcome</title>".to_vec();
        Reply::Whole(200, vec![("Content-Type", "text/html".to_owned())], page)
    }

    pub fn redirect(to: impl Into<String>) -> Reply {
        Reply::Whole(302, vec![("Location", to.into())], Vec::new())
    }

    pub fn with(self, name: &'static str, value: impl Into<String>) -> Reply {
        match self {
            Reply::Whole(status, mut headers, body) => {
                headers.push((name, value.into()));
                Reply::Whole(status, headers, body)
            }
            other => other,
        }
    }
}

/// A running server; it ends with the tests.
pub struct Source {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Source {
    pub fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Source {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&asked), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                // A client that goes away is its own affair.
                std::thread::spawn(move || drop(serve(stream, &log, &*answer)));
            }
        });
        Source { address, asked }
    }

    /// `http://127.0.0.1:PORT` and `path`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("the log").clone()
    }

    /// How many requests so far were for paths with `part` in them.
    pub fn count(&self, part: &str) -> usize {
        self.asked().iter().filter(|asked| asked.path.contains(part)).count()
    }
}

fn serve(
    stream: TcpStream,
    log: &Mutex<Vec<Asked>>,
    answer: &(impl Fn(&Asked) -> Reply + ?Sized),
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut parts = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(path)) = (parts.next(), parts.next()) else { return Ok(()) };
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut asked = Asked { method, path, headers, body: String::new() };
    let length: usize = asked.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    asked.body = String::from_utf8_lossy(&body).into_owned();
    log.lock().expect("the log").push(asked.clone());
    write(stream, answer(&asked))
}

fn write(mut stream: TcpStream, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Whole(status, headers, body) => {
            let mut head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
            for (name, value) in headers {
                head.extend([name, ": ", &value, "\r\n"]);
            }
            stream.write_all(format!("{head}\r\n").as_bytes())?;
            stream.write_all(&body)
        }
        Reply::Raw(bytes) => stream.write_all(&bytes),
        Reply::Endless(bytes) => {
            stream.write_all(&bytes)?;
            let more = vec![*bytes.last().unwrap_or(&b' '); 64 << 10];
            loop {
                stream.write_all(&more)?;
            }
        }
        Reply::Slow(bytes) => {
            stream.write_all(&bytes)?;
            // Until the client hangs up, which is what is waited for.
            stream.set_read_timeout(Some(Duration::from_millis(50)))?;
            while stream.read(&mut [0; 1]).map_or(true, |read| read > 0) {
                if !bytes.is_empty() {
                    stream.write_all(b" ")?;
                }
            }
            Ok(())
        }
    }
}

/// Limits for tests: nothing private but what `allowed` says.
pub fn settings(allowed: &str) -> Settings {
    Settings {
        allowed: allowed.parse::<Allowed>().expect("a list of allowed places"),
        max_bytes: 1 << 20,
        connect_timeout: Duration::from_secs(10),
        timeout: Duration::from_secs(60),
        variable: |name| (name == "CASEMENT_TEST_SECRET").then(|| "s3cret".to_owned()),
        stop: Stop::default(),
    }
}

/// A client of `source` that may reach it.
pub fn client(source: &Source, access: Option<Access>) -> Client {
    Client::new(settings("127.0.0.0/8"), &source.url("/").parse().expect("a URL"), access)
}
