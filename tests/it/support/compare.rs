//! What differs between two JSON texts, property by property, and whether a report tells it.

use std::collections::HashMap;

use casement::case::read::{Canonical, canonical};
use casement::case::report::{Entry, Report, Severity};
use serde_json::Value;

/// One difference, at a JSON pointer of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    pub pointer: String,
    pub what: &'static str,
}

/// Everything that `output` does not say as `input` did: members that are gone, changed or new,
/// elements that are gone or in another order. Objects in lists are told apart by `identifier`.
pub fn losses(input: &Value, output: &Value) -> Vec<Loss> {
    let mut found = Vec::new();
    walk(input, output, String::new(), &mut found);
    found
}

fn walk(input: &Value, output: &Value, pointer: String, found: &mut Vec<Loss>) {
    let mut note = |pointer: String, what| found.push(Loss { pointer, what });
    match (input, output) {
        (Value::Object(before), Value::Object(after)) => {
            for name in after.keys().filter(|name| !before.contains_key(*name)) {
                note(format!("{pointer}/{}", escape(name)), "new");
            }
            for (name, value) in before {
                let pointer = format!("{pointer}/{}", escape(name));
                match after.get(name) {
                    Some(other) => walk(value, other, pointer, found),
                    None => found.push(Loss { pointer, what: "gone" }),
                }
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            let keyed =
                |list: &[Value]| !list.is_empty() && list.iter().all(|one| one.is_object() && key(one).is_some());
            if before.len() == after.len() {
                for (index, (one, other)) in before.iter().zip(after).enumerate() {
                    walk(one, other, format!("{pointer}/{index}"), found);
                }
            } else if keyed(after) || after.is_empty() {
                by_identifier(before, after, &pointer, found);
            } else {
                by_value(before, after, &pointer, found);
            }
        }
        _ if input == output => {}
        _ => note(pointer, "changed"),
    }
}

fn by_identifier(before: &[Value], after: &[Value], pointer: &str, found: &mut Vec<Loss>) {
    let mut order: HashMap<String, usize> = HashMap::new();
    for (index, one) in after.iter().enumerate() {
        // By its uri too: a link may have come as nothing but that.
        order.extend(one["uri"].as_str().map(|uri| (uri.to_owned(), index)));
        order.extend(key(one).map(|key| (key, index)));
    }
    let mut used = vec![false; after.len()];
    let mut last = None;
    for (index, one) in before.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        let Some(&place) = key(one).and_then(|key| order.get(&key)) else {
            found.push(Loss { pointer, what: "gone" });
            continue;
        };
        if !used[place] && last.is_some_and(|last| place < last) {
            found.push(Loss { pointer: pointer.clone(), what: "moved" });
        }
        last = last.max(Some(place));
        used[place] = true;
        walk(one, &after[place], pointer, found);
    }
    if let Some(new) = used.iter().position(|used| !used) {
        found.push(Loss { pointer: format!("{pointer}/-{new}"), what: "new" });
    }
}

fn by_value(before: &[Value], after: &[Value], pointer: &str, found: &mut Vec<Loss>) {
    let mut rest = after.iter().peekable();
    for (index, one) in before.iter().enumerate() {
        let written_out = |other: &&Value| *other == one || other.as_str() == Some(one.to_string().as_str());
        match rest.next_if(written_out) {
            Some(other) if other == one => {}
            Some(_) => found.push(Loss { pointer: format!("{pointer}/{index}"), what: "changed" }),
            None => found.push(Loss { pointer: format!("{pointer}/{index}"), what: "gone" }),
        }
    }
    if rest.next().is_some() {
        found.push(Loss { pointer: pointer.to_owned(), what: "changed" });
    }
}

/// What an object is told by: its identifier in published form, else its uri.
fn key(value: &Value) -> Option<String> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let bare = value.as_str().filter(|text| !text.contains(':'));
    match text("identifier").or(bare).map(canonical) {
        Some(Canonical::Proper(id) | Canonical::OddVersion(id) | Canonical::NotUuid(id)) => Some(id),
        None => text("uri").or(value.as_str()).map(str::to_owned),
    }
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The differences that no entry of the report tells. `root` is where `input` stands in the file.
pub fn untold(root: &str, input: &Value, output: &Value, report: &Report) -> Vec<Loss> {
    let mut at: HashMap<&str, Vec<&Entry>> = HashMap::new();
    for entry in &report.entries {
        at.entry(entry.place.as_str()).or_default().push(entry);
    }
    losses(input, output).into_iter().filter(|loss| !is_told(root, loss, &at)).collect()
}

fn is_told(root: &str, loss: &Loss, at: &HashMap<&str, Vec<&Entry>>) -> bool {
    // A package always has these two lists (digest 8.8).
    if loss.what == "new" && ["/CFItems", "/CFAssociations"].contains(&loss.pointer.as_str()) {
        return true;
    }
    let place = format!("{root}{}", loss.pointer);
    let entries = |place: &str| at.get(place).map(Vec::as_slice).unwrap_or_default();
    if !entries(&place).is_empty() {
        return true;
    }
    let Some((parent, name)) = place.rsplit_once('/') else { return false };
    // The root's own entry tells of a wrapper only.
    if parent != root && !entries(parent).is_empty() {
        return true;
    }
    // What got its right name stands under another one than it came with.
    let renamed = |entry: &&Entry| {
        entry.code == "property-renamed"
            && entry.place.rsplit_once('/').is_some_and(|(p, _)| p == parent)
            && entry.sentence.contains(&format!("read as {name},"))
    };
    if loss.what == "new" && at.values().flatten().any(renamed) {
        return true;
    }
    // An element that was made of one whose own entry says what was made of it.
    let made = |(at, entries): (&&str, &Vec<&Entry>)| {
        at.rsplit_once('/').is_some_and(|(list, _)| list == parent)
            && entries.iter().any(|e| e.code == "link-from-text")
    };
    if loss.what == "new" && name.starts_with('-') && at.iter().any(made) {
        return true;
    }
    // Something above was left out as a whole.
    let mut above = place.as_str();
    while let Some((up, _)) = above.rsplit_once('/').filter(|(up, _)| up.len() > root.len()) {
        if entries(up).iter().any(|entry| entry.severity == Severity::Loss) {
            return true;
        }
        above = up;
    }
    false
}

/// Fails with the differences that the report does not tell.
#[track_caller]
pub fn assert_told(name: &str, root: &str, input: &Value, output: &Value, report: &Report) {
    let untold = untold(root, input, output, report);
    let shown: Vec<String> = untold
        .iter()
        .take(10)
        .map(|loss| {
            format!(
                "{} {}: {:?} became {:?}",
                loss.what,
                loss.pointer,
                input.pointer(&loss.pointer),
                output.pointer(&loss.pointer)
            )
        })
        .collect();
    assert!(untold.is_empty(), "{name}: {} differences no entry tells:\n{}", untold.len(), shown.join("\n"));
}
