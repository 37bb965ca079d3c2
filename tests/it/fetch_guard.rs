//! What other servers can do to us: nothing. Addresses, redirects, bodies, time and secrets.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use casement::fetch::{Access, Answer, Client, Download, FetchError, SecretPlace, Target};
use serde_json::json;

use crate::fetch_source::{Reply, Source, client, settings};

fn get(client: &Client, url: &str) -> Result<Download, FetchError> {
    match client.get(&url.parse().unwrap(), None)? {
        Answer::Sent(download) => Ok(*download),
        Answer::Unchanged => panic!("nothing was said about an ETag"),
    }
}

fn ok() -> Reply {
    Reply::json(&json!({"ok": true}))
}

fn bearer() -> Access {
    Access::Bearer { token: SecretPlace::Variable("CASEMENT_TEST_SECRET".to_owned()) }
}

/// Without being allowed, this machine is refused under every name it has, before it hears of it.
#[test]
fn this_machine_is_refused_unless_it_is_allowed() {
    let source = Source::start(|_| ok());
    let port = source.address.port();
    let strict = Client::new(settings(""), &source.url("/").parse().unwrap(), None);
    for host in [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "017700000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "[::]",
    ] {
        let error = get(&strict, &format!("http://{host}:{port}/")).unwrap_err();
        assert!(matches!(error, FetchError::NotPublic { .. }), "{host}: {error}");
        assert!(error.to_string().contains("CASEMENT_FETCH_ALLOW_PRIVATE"), "{error}");
    }
    assert!(source.asked().is_empty());
    for allowed in ["127.0.0.0/8", "127.0.0.1"] {
        let client = Client::new(settings(allowed), &source.url("/").parse().unwrap(), None);
        get(&client, &source.url("/")).unwrap();
    }
    let by_name = Client::new(settings("localhost"), &source.url("/").parse().unwrap(), None);
    get(&by_name, &format!("http://localhost:{port}/")).unwrap();
    assert!(matches!(get(&by_name, &source.url("/")), Err(FetchError::NotPublic { .. })));
    assert_eq!(source.asked().len(), 3);
}

#[test]
fn every_hop_of_a_redirect_is_checked() {
    let inner = Source::start(|_| ok());
    let port = inner.address.port();
    for to in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://127.1:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[fd00:ec2::254]/".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "http://100.100.100.200/".to_owned(),
        "https://192.168.0.1/".to_owned(),
    ] {
        // Only the name `localhost` is allowed, and nothing at an address.
        let outer = Source::start(
            move |asked| if asked.path == "/hop" { Reply::redirect(&to) } else { Reply::redirect("/hop") },
        );
        let url = format!("http://localhost:{}/", outer.address.port());
        let client = Client::new(settings("localhost"), &url.parse().unwrap(), None);
        let error = get(&client, &url).unwrap_err();
        assert!(matches!(error, FetchError::NotPublic { .. }), "{error}");
        assert_eq!(outer.asked().len(), 2);
    }
    assert!(inner.asked().is_empty());
}

#[test]
fn redirects_are_followed_a_few_times_and_over_http_only() {
    let source = Source::start(|asked| match asked.path.as_str() {
        "/1" => Reply::redirect("2?x=1"),
        "/2?x=1" => ok(),
        "/file" => Reply::redirect("file:///etc/passwd"),
        "/user" => Reply::redirect("http://user:secret@127.0.0.1/"),
        "/nowhere" => Reply::redirect("http://"),
        _ => Reply::redirect("/loop"),
    });
    let client = client(&source, None);
    let download = get(&client, &source.url("/1")).unwrap();
    assert_eq!((download.url.path(), download.body.as_slice()), ("/2", b"{\"ok\":true}".as_slice()));
    let before = source.asked().len();
    assert!(matches!(get(&client, &source.url("/loop")), Err(FetchError::TooManyRedirects { most: 5, .. })));
    assert_eq!(source.asked().len() - before, 6);
    assert!(matches!(get(&client, &source.url("/file")), Err(FetchError::NotAnAddress(_))));
    assert!(matches!(get(&client, &source.url("/nowhere")), Err(FetchError::BadRedirect { .. })));
    let error = get(&client, &source.url("/user")).unwrap_err();
    assert!(matches!(error, FetchError::CredentialsInUrl) && !error.to_string().contains("secret"));
}

#[test]
fn secrets_go_to_the_source_and_to_nobody_else() {
    let other = Source::start(|_| ok());
    let away = other.url("/");
    let source = Source::start(move |asked| if asked.path == "/away" { Reply::redirect(&away) } else { ok() });
    let client = client(&source, Some(bearer()));
    get(&client, &source.url("/away")).unwrap();
    get(&client, &source.url("/here")).unwrap();
    let sent = |source: &Source| -> Vec<Option<String>> {
        source.asked().iter().map(|asked| asked.header("authorization").map(str::to_owned)).collect()
    };
    assert_eq!(sent(&source), [Some("Bearer s3cret".to_owned()), Some("Bearer s3cret".to_owned())]);
    assert_eq!(sent(&other), [None]);

    // Over plain http only to hosts that the configuration names; checked before anything is sent.
    let open = Client::new(settings(""), &"http://case.invalid/".parse().unwrap(), Some(bearer()));
    assert!(matches!(get(&open, "http://case.invalid/"), Err(FetchError::SecretInTheOpen { .. })));
}

#[test]
fn bodies_end_at_the_limit() {
    let bomb = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b' '; 50 << 20]).unwrap();
        encoder.finish().unwrap()
    };
    assert!(bomb.len() < 100_000);
    let source = Source::start(move |asked| match asked.path.as_str() {
        "/bomb" => Reply::Whole(200, vec![("Content-Encoding", "gzip".to_owned())], bomb.clone()),
        "/chunks" => Reply::Endless(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n{  ".to_vec()),
        "/head" => Reply::Endless(b"HTTP/1.1 200 X\r\nX-Long: aaaaaaaa".to_vec()),
        _ => Reply::Endless(b"HTTP/1.1 200 X\r\n\r\n{ ".to_vec()),
    });
    let client = client(&source, None);
    for path in ["/bomb", "/endless"] {
        let error = get(&client, &source.url(path)).unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { limit: 1_048_576, .. }), "{path}: {error}");
    }
    for path in ["/chunks", "/head"] {
        get(&client, &source.url(path)).unwrap_err();
    }
}

#[test]
fn slow_answers_end_at_the_limit() {
    let source = Source::start(|asked| match asked.path.as_str() {
        "/silent" => Reply::Slow(Vec::new()),
        "/head" => Reply::Slow(b"HTTP/1.1 200 X\r\nX-Slow:".to_vec()),
        _ => Reply::Slow(b"HTTP/1.1 200 X\r\nContent-Length: 1000000\r\n\r\n{".to_vec()),
    });
    let mut quick = settings("127.0.0.1");
    quick.timeout = Duration::from_secs(1);
    let client = Client::new(quick, &source.url("/").parse().unwrap(), None);
    for path in ["/silent", "/head", "/body"] {
        let begun = Instant::now();
        let error = get(&client, &source.url(path)).unwrap_err();
        assert!(matches!(error, FetchError::TooSlow { seconds: 1, .. }), "{path}: {error:?}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{path}");
    }
}

#[test]
fn answers_that_break_off_are_no_answers() {
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab".to_vec();
    let source = Source::start(move |asked| match asked.path.as_str() {
        "/length" => Reply::Raw(b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n{\"a\": 1".to_vec()),
        "/chunk" => Reply::Raw(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":".to_vec()),
        "/gzip" => Reply::Whole(200, vec![("Content-Encoding", "gzip".to_owned())], gzip.clone()),
        "/nothing" => Reply::Raw(Vec::new()),
        _ => Reply::Raw(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
    });
    let client = client(&source, None);
    for path in ["/length", "/chunk", "/gzip"] {
        let error = get(&client, &source.url(path)).unwrap_err();
        assert!(matches!(error, FetchError::BrokenOff { .. }), "{path}: {error:?}");
    }
    for path in ["/nothing", "/other"] {
        let error = get(&client, &source.url(path)).unwrap_err();
        assert!(matches!(error, FetchError::Unreachable { .. }), "{path}: {error:?}");
    }
}

#[test]
fn busy_servers_are_asked_again_as_they_wish() {
    let soon = AtomicUsize::new(0);
    let source = Source::start(move |asked| match asked.path.as_str() {
        "/soon" if soon.fetch_add(1, Ordering::SeqCst) < 2 => Reply::status(429).with("Retry-After", "0"),
        "/soon" => ok(),
        "/never" => Reply::json(&json!({"imsx_description": "come back"})).with("Retry-After", "3600"),
        "/late" => Reply::status(429).with("Retry-After", "3600"),
        _ => Reply::status(503).with("Retry-After", "0"),
    });
    let client = client(&source, None);
    get(&client, &source.url("/soon")).unwrap();
    assert_eq!(source.count("/soon"), 3);
    assert!(matches!(get(&client, &source.url("/late")), Err(FetchError::Busy { status: 429, seconds: 3600, .. })));
    assert_eq!(source.count("/late"), 1);
    assert!(matches!(get(&client, &source.url("/always")), Err(FetchError::Status { status: 503, .. })));
    assert_eq!(source.count("/always"), 4);
}

#[test]
fn a_token_is_asked_for_and_renewed() {
    let tokens = AtomicUsize::new(0);
    let source = Source::start(move |asked| {
        if asked.path == "/token" {
            let number = tokens.fetch_add(1, Ordering::SeqCst);
            return match asked.header("authorization") {
                // us:s3cret
                Some("Basic dXM6czNjcmV0") => {
                    Reply::json(&json!({"access_token": format!("t{number}"), "token_type": "Bearer"}))
                }
                _ => Reply::Whole(401, Vec::new(), br#"{"error":"invalid_client"}"#.to_vec()),
            };
        }
        match (asked.path.as_str(), asked.header("authorization")) {
            ("/data", Some("Bearer t1")) => ok(),
            _ => Reply::Whole(401, Vec::new(), br#"{"imsx_description":"Who are you?"}"#.to_vec()),
        }
    });
    let access = |id: &str| Access::ClientCredentials {
        token_url: source.url("/token"),
        client_id: id.to_owned(),
        secret: SecretPlace::Variable("CASEMENT_TEST_SECRET".to_owned()),
        scope: Some("core.readonly".to_owned()),
    };
    // The first token, t0, has run out; the second one is good, and is kept.
    let us = client(&source, Some(access("us")));
    get(&us, &source.url("/data")).unwrap();
    get(&us, &source.url("/data")).unwrap();
    assert_eq!((source.count("/token"), source.count("/data")), (2, 3));
    let first = source.asked()[0].clone();
    assert_eq!(first.method, "POST");
    assert_eq!(first.body, "grant_type=client_credentials&scope=core.readonly");
    // A good token that is not good enough here is renewed once, and no more.
    let error = get(&us, &source.url("/elsewhere")).unwrap_err();
    assert!(error.to_string().contains("401: Who are you?"), "{error}");
    assert_eq!(source.count("/elsewhere"), 2);

    let error = get(&client(&source, Some(access("them"))), &source.url("/data")).unwrap_err();
    assert!(matches!(error, FetchError::NoToken { .. }), "{error}");
    let chain = crate::support::chain(&error);
    assert!(chain.contains("invalid_client") && !chain.contains("s3cret"), "{chain}");
}

#[test]
fn what_a_query_holds_is_not_repeated() {
    let source = Source::start(|_| Reply::status(500));
    let error = get(&client(&source, None), &source.url("/x?key=hunter2#y")).unwrap_err();
    assert!(error.to_string().ends_with("/x answered 500"), "{error}");
    let target = Target::parse(&source.url("/x.json?key=hunter2")).unwrap();
    assert_eq!(target.shown(), source.url("/x.json"));
}
