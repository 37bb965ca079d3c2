//! What the tests of other formats share: fixtures, real files, and a package seen as its tree.

use std::path::{Path, PathBuf};

use casement::case::read::Reading;
use casement::exchange::{self, Format};
use casement::registry::unpack;
use serde_json::Value;

use super::fixtures::{MORE, root};
use super::{context, v1p1};

/// The bytes of a fixture.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = root("tests/fixtures/exchange").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The path of a fixture.
pub fn path(name: &str) -> String {
    root("tests/fixtures/exchange").join(name).display().to_string()
}

/// Reads the only framework in the bytes.
#[track_caller]
pub fn only(bytes: &[u8]) -> (Format, Reading) {
    let (format, mut readings) = exchange::read(bytes, &context()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(readings.len(), 1);
    (format, readings.remove(0))
}

/// Every file under `CASEMENT_TEST_DATA` that is in one of the formats, unpacked.
pub fn real() -> Vec<(String, Format, Vec<u8>)> {
    let Some(folder) = std::env::var_os(MORE).filter(|folder| !folder.is_empty()) else { return Vec::new() };
    let mut paths = Vec::new();
    walk(Path::new(&folder), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            let bytes = unpack(std::fs::read(&path).expect("a file can be read"), 1 << 30).ok()?;
            let format = exchange::recognise(&bytes)?;
            Some((path.display().to_string(), format, bytes))
        })
        .collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            walk(&path, found);
        } else if ["xml", "json", "jsonld"].iter().any(|kind| name.trim_end_matches(".gz").ends_with(kind)) {
            found.push(path);
        }
    }
}

/// Associations of a type as (origin, destination, number, destination's uri), in their order.
pub fn links(package: &Value, kind: &str) -> Vec<(String, String, Option<i64>, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = package["CFAssociations"].as_array().expect("associations").iter();
    all.filter(|one| one["associationType"] == kind)
        .map(|one| {
            let (origin, destination) = (&one["originNodeURI"], &one["destinationNodeURI"]);
            let number = one["sequenceNumber"].as_i64();
            (text(&origin["identifier"]), text(&destination["identifier"]), number, text(&destination["uri"]))
        })
        .collect()
}

/// The statements, indented, depth first, in the order of their numbers: the tree as people see it.
pub fn outline(reading: &Reading) -> Vec<String> {
    let package = v1p1(reading);
    let edges = links(&package, "isChildOf");
    let mut lines = Vec::new();
    below(&package, &edges, reading.package.identifier(), 0, &mut lines);
    lines
}

fn below(
    package: &Value,
    edges: &[(String, String, Option<i64>, String)],
    parent: &str,
    depth: usize,
    lines: &mut Vec<String>,
) {
    let mut children: Vec<_> = edges.iter().filter(|(_, to, ..)| to == parent).collect();
    children.sort_by_key(|(_, _, number, _)| *number);
    for (child, ..) in children {
        let items = package["CFItems"].as_array().expect("items");
        let item = items.iter().find(|item| item["identifier"] == child.as_str());
        let statement = item.map_or("?", |item| item["fullStatement"].as_str().unwrap_or_default());
        lines.push(format!("{}{statement}", "  ".repeat(depth)));
        assert!(depth < 100, "the tree has no end");
        below(package, edges, child, depth + 1, lines);
    }
}

/// The codes of the report, each once, sorted.
pub fn codes(reading: &Reading) -> Vec<&str> {
    let mut codes: Vec<&str> = reading.report.entries.iter().map(|entry| entry.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
