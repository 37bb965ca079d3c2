//! Tests over the documents in `tests/fixtures/credentials`: what is returned is as valid as what came in.

use std::path::{Path, PathBuf};

use jsonschema::{Draft, Validator};
use serde_json::Value;

use super::super::{Kind, OnSigned, ReadHints, read};
use super::{aligned, credential, document, item, placed, record};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/credentials")
}

fn files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    all.sort();
    assert!(all.len() > 15, "{all:?}");
    all
}

fn compile(text: &str) -> Validator {
    let schema = serde_json::from_str(text).expect("a schema is JSON");
    jsonschema::options().with_draft(Draft::Draft201909).build(&schema).expect("it compiles")
}

fn own(name: &str) -> Validator {
    compile(&std::fs::read_to_string(fixtures().join("schemas").join(name)).unwrap())
}

/// The schema of that name anywhere under the folder of `CASEMENT_TEST_DATA`.
fn official(name: &str) -> Option<Validator> {
    fn find(folder: &Path, name: &str) -> Option<PathBuf> {
        let entries = std::fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
        let found = files.into_iter().find(|path| path.file_name().is_some_and(|found| found == name));
        found.or_else(|| folders.iter().find_map(|folder| find(folder, name)))
    }
    let folder = std::env::var_os("CASEMENT_TEST_DATA").filter(|folder| !folder.is_empty())?;
    Some(compile(&std::fs::read_to_string(find(Path::new(&folder), name)?).unwrap()))
}

/// Which schemas a kind has, ours and the official one.
fn schemas(kind: Kind) -> Vec<Validator> {
    let (own_name, official_name) = match kind {
        Kind::Ob2BadgeClass => ("ob2-badgeclass.json", None),
        Kind::Clr1 => ("clr1.json", None),
        Kind::Clr2 => ("ob3.json", Some("clr_v2p0_clrcredential_schema.json")),
        Kind::Ob3Credential => ("ob3.json", Some("ob_v3p0_achievementcredential_schema.json")),
        _ => return Vec::new(),
    };
    official_name.and_then(official).into_iter().chain([own(own_name)]).collect()
}

/// Each credential inside of a CLR, which its official schema does not look into.
fn inside(value: &Value) -> Vec<Value> {
    let list = value.pointer("/credentialSubject/verifiableCredential").and_then(Value::as_array);
    list.cloned().unwrap_or_default()
}

#[test]
fn what_was_valid_stays_valid() {
    let mut valid = 0;
    let made = [credential(), record(vec![credential(), credential()])].map(|value| value.to_string().into_bytes());
    let read_files = files().into_iter().map(|path| std::fs::read(path).unwrap());
    for bytes in read_files.chain(made) {
        let Ok(document) = read(&bytes, ReadHints::default()) else { continue };
        let before: Value = serde_json::from_slice(&bytes).unwrap();
        let placed = placed(&document, OnSigned::Unsign);
        let Some(after) = placed.document else { continue };
        let after: Value = serde_json::from_slice(&after).unwrap();
        for schema in schemas(document.kind) {
            if schema.is_valid(&before) {
                valid += 1;
                let errors: Vec<String> = schema.iter_errors(&after).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{errors:?}");
            }
        }
        for (before, after) in inside(&before).iter().zip(inside(&after)) {
            for schema in schemas(Kind::Ob3Credential).iter().filter(|schema| schema.is_valid(before)) {
                assert!(schema.is_valid(&after));
            }
        }
    }
    assert!(valid > 10, "{valid} were valid");
}

#[test]
fn our_schemas_refuse_what_validators_refuse() {
    let schema = own("ob3.json");
    let with = |member: &str, value: Option<Value>| {
        let mut changed = credential();
        let alignment = changed.pointer_mut("/credentialSubject/achievement/alignment/0").unwrap();
        match value {
            Some(value) => alignment[member] = value,
            None => drop(alignment.as_object_mut().unwrap().shift_remove(member)),
        }
        changed
    };
    assert!(schema.is_valid(&credential()));
    for (member, value) in [
        ("type", None),
        ("targetUrl", None),
        ("targetName", Some(Value::Null)),
        ("targetType", Some(Value::from("CFDocument"))),
    ] {
        assert!(!schema.is_valid(&with(member, value)), "{member}");
    }
    for (member, value) in [("targetType", "ext:CFDocument"), ("type", "Alignment"), ("confidence", "0.9")] {
        assert!(schema.is_valid(&with(member, Some(Value::from(value)))), "{member}");
    }
}

#[test]
fn signed_documents_come_back_frozen() {
    let mut signed = 0;
    for path in files() {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(read) = read(&bytes, ReadHints::default()) else { continue };
        assert_eq!(read.source(), bytes);
        if read.frozen.first().is_some_and(|frozen| frozen.pointer.is_empty()) && !read.places.is_empty() {
            signed += 1;
            let placed = placed(&read, OnSigned::Detach);
            assert_eq!(placed.document, None, "{}", path.display());
        }
    }
    assert!(signed >= 5, "{signed}");
}

#[test]
fn worked_examples_are_what_is_written() {
    let target = super::Target {
        full: Some("Measure free and total chlorine residual in treated water with a colorimeter and record the result against the permit limit.".to_owned()),
        ..item()
    };
    for (name, holder) in [
        ("example-ob2-worked.json", "/alignment"),
        ("example-ob3-worked.json", "/credentialSubject/achievement/alignment"),
        ("example-clr1-worked.json", "/assertions/0/achievement/alignments"),
        (
            "example-clr2-worked.json",
            "/credentialSubject/verifiableCredential/0/credentialSubject/achievement/alignment",
        ),
    ] {
        let mut value: Value = serde_json::from_slice(&std::fs::read(fixtures().join(name)).unwrap()).unwrap();
        let expected = value.pointer(holder).unwrap()[0].clone();
        *value.pointer_mut(holder).unwrap() = Value::Array(Vec::new());
        let read = document(&value);
        let additions = [super::Addition { place: 0, target: &target }];
        let placed = super::place(&read, &additions, super::AlignmentOptions::default(), OnSigned::Detach).unwrap();
        let after: Value = serde_json::from_slice(&placed.document.unwrap()).unwrap();
        assert_eq!(after.pointer(holder).unwrap()[0], expected, "{name}");
    }
}

/// A public converter renames this member and deletes the new one with it, losing rubrics.
#[test]
fn rubrics_are_not_lost() {
    let after = aligned(&credential());
    let levels = "/credentialSubject/achievement/resultDescription/0/rubricCriterionLevel/0/name";
    assert_eq!(after.pointer(levels), credential().pointer(levels));
    assert!(credential().pointer(levels).is_some());
}

#[test]
fn every_file_names_its_licence() {
    let readme = std::fs::read_to_string(fixtures().join("../README.md")).unwrap();
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(readme.contains(&format!("`{name}`")), "tests/fixtures/README.md does not say where {name} is from");
    }
}
