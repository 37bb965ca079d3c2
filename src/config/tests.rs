//! What a configuration is made of, and what it refuses.

use super::*;

fn load(flags: &[(&str, &str)], environment: &[(&str, &str)], file: Option<&str>) -> Result<Config, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    if let Some(text) = file {
        std::fs::write(directory.path().join(DEFAULT_FILE), text).unwrap();
    }
    let mut server = ServerArgs::default();
    let mut common = CommonArgs::default();
    for (name, value) in flags {
        let target = match *name {
            "addr" => &mut server.addr,
            "public_url" => &mut common.public_url,
            other => panic!("no test for {other}"),
        };
        *target = Some((*value).to_owned());
    }
    let variable =
        |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Config::load_from(&common, &server, &variable, directory.path())
}

#[test]
fn without_anything_the_defaults_hold() {
    let config = load(&[], &[], None).unwrap();
    assert_eq!(config.database_url().to_string(), "sqlite:./casement-data/casement.db");
    assert_eq!(config.public_url().as_str(), "http://127.0.0.1:8080");
    assert!(config.written.iter().all(|(_, origin)| *origin == Origin::Default));
}

#[test]
fn the_nearer_layer_wins() {
    let file = Some("addr = '127.0.0.1:1'\nworkers = 3\ncors = false\n");
    let variables = [("CASEMENT_ADDR", "127.0.0.1:2"), ("CASEMENT_LOG_LEVEL", "")];
    let config = load(&[], &variables, file).unwrap();
    assert_eq!((config.addr.as_str(), config.workers, config.cors), ("127.0.0.1:2", 3, false));
    assert_eq!(config.log_level, "info");
    assert_eq!(load(&[("addr", "127.0.0.1:3")], &variables, file).unwrap().addr, "127.0.0.1:3");
}

#[test]
fn errors_tell_key_value_and_what_is_expected() {
    let check = |result: Result<Config, ConfigError>, expect: &str| {
        assert_eq!(result.unwrap_err().to_string(), expect);
    };
    check(load(&[], &[("CASEMENT_CORS", "maybe")], None), "CASEMENT_CORS: `maybe` is not `true` or `false`");
    check(
        load(&[], &[("CASEMENT_DATABASE_URL", "mysql://u:secret@h/d")], None),
        "CASEMENT_DATABASE_URL: `mysql://…` is not `sqlite:PATH` or `postgres://…`",
    );
    check(
        load(&[("addr", "8080")], &[], None),
        "--addr: `8080` is not an address such as 127.0.0.1:8080, [::1]:8080 or localhost:0",
    );
    let unknown = load(&[], &[], Some("adr = 'x'\n")).unwrap_err().to_string();
    assert!(unknown.contains("unknown `adr`; the keys are data_dir, "), "{unknown}");
}

#[test]
fn public_urls() {
    for (given, parts) in [
        ("https://h.example/", Some(["https", "h.example", ""])),
        ("HTTP://[::1]:8080/case/", Some(["http", "[::1]:8080", "/case"])),
        ("h.example", None),
        ("ftp://h", None),
        ("https://", None),
        ("https://:80", None),
        ("https://u@h", None),
        ("https://h?x", None),
        ("https://h/ä", None),
    ] {
        let url = as_public_url(given).ok().flatten();
        assert_eq!(url.as_ref().map(|url| [url.scheme(), url.authority(), url.path()]), parts, "{given}");
    }
}

#[test]
fn the_reference_reads_back_and_hides_passwords() {
    let config = load(&[], &[("CASEMENT_DATABASE_URL", "postgres://u:hunter2@h/d?sslpassword=hunter2")], None).unwrap();
    let reference = config.to_reference();
    assert!(reference.contains("database_url = \"postgres://u@h/d\""), "{reference}");
    assert!(!reference.contains("hunter2"), "{reference}");
    assert!(reference.contains("(from: environment)"), "{reference}");
    load(&[], &[], Some(&reference)).unwrap();
}
