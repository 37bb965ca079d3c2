//! Codes are found however they are written.

use std::collections::{HashMap, HashSet};

use casement::registry::{Registry, SearchRequest};
use casement::text::code::Code;
use serde_json::Value;

use crate::support::TestDb;
use crate::support::fixtures::root;

/// How many spellings are tried.
const SPELLINGS: usize = 2_000;

/// Ways of writing a code that people use, by a number.
fn spelling(code: &str, way: usize) -> Option<String> {
    let parts: Vec<&str> = code.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let separated = |separator: &str| parts.join(separator);
    let mixed = |text: &str| text.contains(char::is_numeric) && text.contains(char::is_alphabetic);
    let spelt = match way {
        0 => code.to_owned(),
        1 => code.to_lowercase(),
        2 => code.to_uppercase(),
        3 => separated("."),
        4 => separated("-"),
        5 => separated(" "),
        6 => separated("–"),
        7 => separated("/"),
        8 => separated(""),
        9 => separated("_").to_lowercase(),
        10 => format!("CCSS.{code}"),
        11 => format!("State Math {code}"),
        12 => format!("§{code}"),
        13 => format!(" {} ", separated(". ")),
        14 => format!("{}({})", parts.get(..parts.len() - 1)?.join("."), parts.last()?),
        15 => parts.get(1..)?.join("."),
        _ => Code::new(code)?.without_clusters()?.separated(),
    };
    // Without its beginning a code must still be one.
    (way < 10 || way == 12 || way == 13 || mixed(&spelt)).then_some(spelt).filter(|spelt| !spelt.trim().is_empty())
}

/// Every form that a code answers to.
fn forms(code: &str) -> HashSet<String> {
    let Some(code) = Code::new(code) else { return HashSet::new() };
    code.variants().into_iter().chain([code.joined()]).collect()
}

fn first_code(registry: &Registry, query: &str) -> Option<String> {
    let request = SearchRequest { q: query.to_owned(), limit: 1, facets: false, ..SearchRequest::default() };
    registry.whole().search(&request).unwrap().hits.into_iter().next()?.code
}

#[test]
fn the_right_item_is_first_however_its_code_is_written() {
    let (db, dir) = (TestDb::sqlite(), tempfile::tempdir().unwrap());
    let registry = db.registry().searching_in(dir.path().to_owned());
    registry.load_bundled().unwrap();
    registry.index_now().unwrap();
    let mut codes: Vec<String> = Vec::new();
    for folder in std::fs::read_dir(root("frameworks")).unwrap() {
        let Ok(text) = std::fs::read_to_string(folder.unwrap().path().join("package.json")) else { continue };
        let package: Value = serde_json::from_str(&text).unwrap();
        let items = package["CFItems"].as_array().unwrap().iter();
        codes.extend(items.filter_map(|item| item["humanCodingScheme"].as_str()).map(str::to_owned));
    }
    codes.sort();
    codes.dedup();
    // A way of writing that several codes answer to is nobody's fault.
    let mut answering: HashMap<String, HashSet<&str>> = HashMap::new();
    for code in &codes {
        for form in forms(code) {
            answering.entry(form).or_default().insert(code);
        }
    }
    let (mut tried, mut wrong) = (0, Vec::new());
    for n in 0.. {
        if tried == SPELLINGS {
            break;
        }
        // Strides that share nothing with the number of codes, so that all take part.
        let code = &codes[n * 7919 % codes.len()];
        let Some(spelt) = spelling(code, n % 17) else { continue };
        let of_others = Code::new(&spelt)
            .and_then(|spelt| answering.get(&spelt.joined()))
            .is_some_and(|all| all.iter().any(|one| *one != code.as_str()));
        if n % 17 != 0 && of_others {
            continue;
        }
        tried += 1;
        let first = first_code(&registry, &spelt);
        if first.as_deref() != Some(code) {
            wrong.push(format!("{spelt:?} is {code}, found {first:?}"));
        }
    }
    assert!(wrong.len() * 100 <= SPELLINGS, "{} of {SPELLINGS}:\n{}", wrong.len(), wrong.join("\n"));
}
