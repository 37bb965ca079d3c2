//! The real packages that the tests run over.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use casement::registry::unpack;
use serde_json::Value;

/// Names a folder with more CASE files to run the conformance and lossless tests over.
pub const MORE: &str = "CASEMENT_TEST_DATA";

/// One file.
pub struct Fixture {
    pub name: String,
    /// As in the file, packed or not.
    pub bytes: Vec<u8>,
    pub json: Value,
}

impl Fixture {
    fn load(path: &Path) -> Fixture {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let plain = unpack(bytes.clone(), 1 << 30).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let json = serde_json::from_slice(&plain).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Fixture { name: path.display().to_string(), bytes, json }
    }

    /// The packages in it with the JSON pointer of each.
    pub fn packages(&self) -> Vec<(String, &Value)> {
        packages_in(&self.json)
    }
}

/// The packages in a value, written here a second time so that the reader is not its own judge.
pub fn packages_in(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Array(all) => {
            let each = all.iter().enumerate();
            each.flat_map(|(index, one)| {
                packages_in(one).into_iter().map(move |(place, value)| (format!("/{index}{place}"), value))
            })
            .collect()
        }
        Value::Object(map) if map.get("CFDocument").is_some_and(|v| v.is_object() || v.is_array()) => {
            vec![(String::new(), value)]
        }
        Value::Object(map) => {
            let inner = map.get("CFPackage").map(packages_in).unwrap_or_default();
            inner.into_iter().map(|(place, value)| (format!("/CFPackage{place}"), value)).collect()
        }
        _ => Vec::new(),
    }
}

pub fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder can be listed").path()).collect();
    all.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".json") || name.ends_with(".json.gz") || name.ends_with(".json.zst")
    });
    all.sort();
    all
}

/// The files in `tests/fixtures/case`, the two reference frameworks, and those of
/// `CASEMENT_TEST_DATA`.
pub fn all() -> &'static [Fixture] {
    static ALL: LazyLock<Vec<Fixture>> = LazyLock::new(|| {
        let mut paths = files(&root("tests/fixtures/case"));
        paths.extend(["", "-plain"].map(|kind| root(&format!("frameworks/casement-reference{kind}/package.json"))));
        if let Some(folder) = std::env::var_os(MORE).filter(|folder| !folder.is_empty()) {
            paths.extend(files(Path::new(&folder)));
        }
        paths.iter().map(|path| Fixture::load(path)).collect()
    });
    &ALL
}

/// The frameworks that come with the program.
pub fn bundled() -> Vec<Fixture> {
    let folder = root("frameworks");
    let entries = std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut packages: Vec<PathBuf> =
        entries.map(|path| path.join("package.json")).filter(|path| path.is_file()).collect();
    packages.sort();
    packages.iter().map(|path| Fixture::load(path)).collect()
}

/// The fixture whose file name is `name`.
pub fn named(name: &str) -> &'static Fixture {
    all().iter().find(|fixture| fixture.name.ends_with(name)).unwrap_or_else(|| panic!("no fixture {name}"))
}

/// The reference framework, which uses every property of CASE 1.1.
pub fn reference() -> &'static Fixture {
    named("casement-reference/package.json")
}
