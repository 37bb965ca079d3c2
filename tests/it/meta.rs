//! Invariants of the source itself: who may use whom, how long a file may be, what it must not hold.

use std::path::{Path, PathBuf};

use crate::support::fixtures::root;

/// Which modules of ours each may name. What is not listed here may name none.
const ARROWS: &[(&str, &[&str])] = &[
    ("case", &[]),
    ("store", &["case"]),
    ("fetch", &["case"]),
    ("credentials", &["text"]),
    ("tabular", &["case"]),
    ("exchange", &["case"]),
    ("text", &[]),
    ("align", &["case", "text"]),
    ("search", &["case", "text"]),
    ("registry", &["case", "text", "store", "search", "align", "tabular", "exchange", "credentials", "fetch"]),
    ("config", &["store", "fetch"]),
    ("telemetry", &["config"]),
    ("server", &["registry", "case", "credentials", "config", "telemetry"]),
    ("cli", &["registry", "case", "tabular", "config", "server", "telemetry", "store", "fetch"]),
];

/// A file that people read in one sitting.
const LONGEST: usize = 500;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// The code of a file without comments, line by line with its number.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines.map(|(number, line)| (number + 1, line.to_owned())).collect()
}

/// The modules that a line names after `crate::`.
fn named(line: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let group = rest.strip_prefix('{').map(|group| group.split('}').next().unwrap_or(group));
        for part in group.map_or(vec![rest], |group| group.split(',').collect()) {
            let name: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.push(name);
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(root("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn arrows_point_only_where_the_design_lets_them() {
    let mut wrong = Vec::new();
    for path in sources(&root("src")) {
        let module = module_of(&path);
        if ["main", "lib"].contains(&module.as_str()) {
            continue;
        }
        let allowed = ARROWS.iter().find(|(name, _)| *name == module).map_or(&[][..], |(_, allowed)| allowed);
        for (number, line) in code(&path) {
            for name in named(&line).iter().filter(|name| **name != module && !allowed.contains(&name.as_str())) {
                wrong.push(format!("{}:{number}: {module} must not use {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_check_of_arrows_sees_them() {
    assert_eq!(named("use crate::store::{Object, Tx};"), ["store"]);
    assert_eq!(named("use crate::{case::model, store};"), ["case", "store"]);
    assert_eq!(named("    let a = crate::case::status::is_case_uuid(x);"), ["case"]);
    assert!(named("use super::store;").is_empty());
    let modules: std::collections::BTreeSet<String> =
        sources(&root("src")).iter().map(|path| module_of(path)).collect();
    for (module, allowed) in ARROWS {
        assert!(!allowed.contains(module));
    }
    for module in modules.iter().filter(|module| !["main", "lib"].contains(&module.as_str())) {
        assert!(ARROWS.iter().any(|(name, _)| name == module), "{module} has no row in the table of arrows");
    }
}

/// Crates that only some modules may name (STYLE 3.2); `cli` starts the server and its runtime.
#[test]
fn each_outside_world_has_one_door() {
    let doors: &[(&str, &[&str])] = &[
        ("diesel", &["store"]),
        ("actix_web", &["server", "cli"]),
        ("clap", &["cli", "config", "main"]),
        ("tantivy", &["search"]),
        ("frostem", &["text"]),
        ("html5gum", &["credentials"]),
        ("rmcp", &["server"]),
        ("anyhow", &["cli", "main"]),
    ];
    let mut wrong = Vec::new();
    for path in sources(&root("src")) {
        let module = module_of(&path);
        for (number, line) in code(&path) {
            for (name, _) in doors.iter().filter(|(_, modules)| !modules.contains(&module.as_str())) {
                let named = line.match_indices(name).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let after = &line[at + name.len()..];
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_') && after.starts_with("::")
                });
                if named {
                    wrong.push(format!("{}:{number}: {module} must not name {name}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_can_be_read_in_one_sitting() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests/it"] {
        for path in sources(&root(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().count();
            if lines > LONGEST {
                wrong.push(format!("{}: {lines} lines, {LONGEST} at most", path.display()));
            }
            if !text.starts_with("//!") && lines > 0 {
                wrong.push(format!("{}: does not open by saying what it is for", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_to_do() {
    let macros = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!"));
    let mut wrong = Vec::new();
    for path in sources(&root("src")) {
        for (number, line) in code(&path) {
            for word in macros.iter().filter(|word| line.contains(word.as_str())) {
                wrong.push(format!("{}:{number}: {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fixture_names_its_licence() {
    let readme = std::fs::read_to_string(root("tests/fixtures/README.md")).unwrap();
    for entry in std::fs::read_dir(root("tests/fixtures/case")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(readme.contains(&format!("`{name}`")), "tests/fixtures/README.md does not say where {name} is from");
    }
}
