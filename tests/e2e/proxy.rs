//! A reverse proxy that takes a path away, as operators set one up.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, OnceLock};

pub struct Proxy {
    address: String,
    upstream: Arc<OnceLock<String>>,
}

impl Proxy {
    /// Listens, and answers as soon as it is told what is behind it.
    pub fn bind(prefix: &'static str) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let upstream: Arc<OnceLock<String>> = Arc::default();
        let behind = Arc::clone(&upstream);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let behind = Arc::clone(&behind);
                std::thread::spawn(move || drop(pass(client, prefix, behind.get().map_or("", String::as_str))));
            }
        });
        Proxy { address, upstream }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn lead_to(&self, address: &str) {
        self.upstream.set(address.trim_start_matches("http://").to_owned()).expect("told once");
    }
}

/// Passes one request on; what is not below the path is not found.
fn pass(client: TcpStream, prefix: &str, upstream: &str) -> std::io::Result<()> {
    let mut from = BufReader::new(client.try_clone()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    let mut client = client;
    let Some(head) = below(&head, prefix) else {
        return client.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    };
    let mut server = TcpStream::connect(upstream)?;
    server.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())?;
    server.write_all(&body)?;
    std::io::copy(&mut server, &mut client)?;
    client.shutdown(std::net::Shutdown::Both)
}

fn below(head: &str, prefix: &str) -> Option<String> {
    let (method, rest) = head.split_once(' ')?;
    let rest = rest.strip_prefix(prefix)?;
    let slash = if rest.starts_with('/') { "" } else { "/" };
    Some(format!("{method} {slash}{rest}"))
}
