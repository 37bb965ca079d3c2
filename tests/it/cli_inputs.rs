//! Files that are no packages: each verb says what is wrong in a sentence, exits with the right
//! status, writes nothing, and does the same in `--json` (DESIGN 4).

use std::io::Write;

use serde_json::json;

use crate::support::build::Framework;
use crate::support::{TestDb, casement, casement_with, for_each_backend};

/// A named input, its bytes, and what the message must say.
struct Bad {
    name: &'static str,
    bytes: Vec<u8>,
    says: &'static str,
}

impl Bad {
    /// Whether `import` takes it for a spreadsheet; what it says then is in `sheet_cli`.
    fn is_sheet(&self) -> bool {
        ["empty.json", "blank.json", "prose.json", "table.csv", "number.json", "book.xlsx"].contains(&self.name)
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bad_inputs() -> Vec<Bad> {
    let package = Framework::with_items("f", 3).bytes();
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let bad = |name, bytes, says| Bad { name, bytes, says };
    vec![
        bad("empty.json", Vec::new(), "empty"),
        bad("blank.json", b" \n\t ".to_vec(), "empty"),
        bad("truncated.json", half(&package), "cut off"),
        bad("prose.json", b"Dear all, please find attached".to_vec(), "not JSON at line 1"),
        bad("table.csv", b"code,statement\n1,Count\n".to_vec(), "not JSON at line 1"),
        bad("latin1.json", [b"{\"a\":\"".as_slice(), &[0xe9], b"\"}"].concat(), "not UTF-8"),
        bad("deep.json", "[".repeat(200_000).into_bytes(), "128 levels"),
        bad("list.json", br#"{"CFDocuments":[]}"#.to_vec(), "CFDocuments"),
        bad("number.json", b"7".to_vec(), "a number"),
        bad("book.xlsx", b"PK\x03\x04rest of an archive".to_vec(), "ZIP"),
        bad("cut.json.gz", half(&gzip(&package)), "gzip archive is damaged"),
        bad("cut.json.zst", half(&zstd::encode_all(package.as_slice(), 3).unwrap()), "zstd archive is damaged"),
        bad("noise.json.gz", [&[0x1f, 0x8b], [7u8; 50].as_slice()].concat(), "gzip archive is damaged"),
    ]
}

/// Runs every bad input through `check(file, bad)`.
fn for_each_bad_input(test: impl Fn(&TestDb, &str, &Bad)) {
    let dir = tempfile::tempdir().unwrap();
    let inputs = bad_inputs();
    for bad in &inputs {
        std::fs::write(dir.path().join(bad.name), &bad.bytes).unwrap();
    }
    for_each_backend(|db| {
        for bad in &inputs {
            test(db, &dir.path().join(bad.name).display().to_string(), bad);
        }
    });
}

#[test]
fn import_refuses_each_with_a_sentence_and_writes_nothing() {
    for_each_bad_input(|db, file, bad| {
        if bad.is_sheet() {
            return;
        }
        let ran = casement(db, &["import", file]).expect(1);
        assert!(ran.stderr.contains(bad.says) && ran.stderr.contains(bad.name), "{}: {}", bad.name, ran.stderr);
        assert!(ran.stderr.lines().count() <= 4, "a sentence, not a dump: {}", ran.stderr);
        assert_eq!(ran.stdout, "");

        let told = casement(db, &["import", "--json", file]).expect(1).json();
        let error = &told["files"][0]["error"];
        assert_eq!(error["exitStatus"], 1);
        let text = error.to_string();
        assert!(text.contains(bad.says), "{text}");
        assert_eq!(told["exitStatus"], 1);
        assert_eq!(casement(db, &["frameworks", "--json"]).expect(0).json(), json!([]));
    });
}

#[test]
fn validate_and_diff_refuse_each_too() {
    let good = Framework::with_items("f", 1);
    let dir = tempfile::tempdir().unwrap();
    let good_file = dir.path().join("good.json").display().to_string();
    std::fs::write(&good_file, good.bytes()).unwrap();
    for_each_bad_input(|db, file, bad| {
        let ran = casement(db, &["validate", file]).expect(1);
        assert!(ran.stderr.contains(bad.says), "{}: {}", bad.name, ran.stderr);
        // 1 means a difference there, so trouble is 3.
        for sides in [[file, &good_file], [&good_file, file]] {
            let ran = casement(db, &[&["diff"], &sides[..]].concat()).expect(3);
            assert!(ran.stderr.contains(bad.says), "{}: {}", bad.name, ran.stderr);
        }
    });
}

#[test]
fn the_standard_input_is_refused_the_same_way() {
    for_each_backend(|db| {
        for bad in bad_inputs().into_iter().filter(|bad| !bad.is_sheet()) {
            let ran = casement_with(db, &["import", "-"], &bad.bytes).expect(1);
            assert!(ran.stderr.contains(bad.says) && ran.stderr.contains("stdin"), "{}: {}", bad.name, ran.stderr);
        }
    });
}

#[test]
fn what_cannot_be_opened_is_the_environments_fault() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().display().to_string();
    let missing = dir.path().join("missing.json").display().to_string();
    for_each_backend(|db| {
        for verb in ["import", "validate"] {
            let ran = casement(db, &[verb, &missing]).expect(3);
            assert!(ran.stderr.contains("no such file") && ran.stderr.contains("missing.json"), "{}", ran.stderr);
            let ran = casement(db, &[verb, &folder]).expect(3);
            assert!(ran.stderr.contains("directory"), "{}", ran.stderr);
        }
    });
}

#[test]
fn what_is_too_large_is_refused_before_it_is_held() {
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 100_000);
    let dir = tempfile::tempdir().unwrap();
    let plain = dir.path().join("plain.json").display().to_string();
    std::fs::write(&plain, Framework::with_items("f", 100).bytes()).unwrap();
    let packed = dir.path().join("bomb.json.gz").display().to_string();
    std::fs::write(&packed, &bomb).unwrap();
    let zstd_bomb = dir.path().join("bomb.json.zst").display().to_string();
    std::fs::write(&zstd_bomb, zstd::encode_all(vec![b' '; 50_000_000].as_slice(), 3).unwrap()).unwrap();
    for_each_backend(|db| {
        for (file, limit) in [(&plain, "1KiB"), (&packed, "1MiB"), (&zstd_bomb, "1MiB")] {
            let ran = casement(db, &["import", "--max-size", limit, file]).expect(1);
            assert!(ran.stderr.contains("--max-size"), "{}", ran.stderr);
        }
        casement(db, &["import", "--max-size", "1MiB", &plain]).expect(0);
        casement(db, &["import", "--max-size", "much", &plain]).expect(2);
    });
}

/// Losses and odd text in a report cannot steer a terminal.
#[test]
fn messages_are_plain_lines() {
    let nasty = "a\u{1b}[2Jb\r\nc\u{7}";
    let framework = Framework::new("f")
        .document(json!({"title": nasty}))
        .item("i", json!({"x\u{1b}y": 1, "humanCodingScheme": nasty}));
    for_each_backend(|db| {
        let ran = casement_with(db, &["import", "-"], &framework.bytes()).expect(0);
        for text in [&ran.stdout, &ran.stderr] {
            assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        }
        let listed = casement(db, &["frameworks"]).expect(0).stdout;
        assert!(listed.chars().all(|c| c == '\n' || !c.is_control()), "{listed:?}");
    });
}
