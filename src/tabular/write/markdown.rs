//! A framework as a Markdown outline: its facts, then every item as an entry of a nested list. The
//! texts of CASE 1.1 are Markdown themselves and stand as they are.

use std::fmt::Write as _;

use super::book::Book;
use crate::case::model::Item;
use crate::tabular::outline::DEEPEST;

/// The outline.
pub(super) fn outline(book: &Book<'_>) -> String {
    let document = book.document();
    let mut text = format!("# {}\n", one_line(&document.title));
    let facts = [
        ("Creator", Some(document.creator.as_str())),
        ("Publisher", document.publisher.as_deref()),
        ("Version", document.version.as_deref()),
        ("Status", document.adoption_status.as_deref()),
        ("Language", document.language.as_deref()),
        ("Licence", document.license_uri.as_ref().map(|link| link.title.as_str())),
        ("Source", document.official_source_url.as_deref()),
        ("Identifier", Some(book.package.identifier())),
        ("Address", Some(document.identity.uri.as_str())),
        ("Last change", Some(document.last_change().as_str())),
    ];
    text.push('\n');
    for (name, fact) in facts {
        if let Some(fact) = fact.filter(|fact| !fact.trim().is_empty()) {
            // Writing to a text does not fail, here and below.
            let _ = writeln!(text, "- {name}: {}", one_line(fact));
        }
    }
    for paragraph in [&document.description, &document.notes].into_iter().flatten() {
        let _ = writeln!(text, "\n{}", paragraph.trim());
    }
    let mut first = true;
    for (item, place) in book.placed() {
        if std::mem::take(&mut first) {
            text.push('\n');
        }
        entry(&mut text, item, place.depth.min(DEEPEST));
    }
    text
}

/// One item, as deep in the list as in the tree.
fn entry(text: &mut String, item: &Item, depth: usize) {
    let indent = "  ".repeat(depth - 1);
    let _ = write!(text, "{indent}- ");
    if let Some(code) = item.human_coding_scheme.as_deref().filter(|code| !code.trim().is_empty()) {
        let _ = write!(text, "**{}** ", one_line(code));
    }
    let mut lines = item.full_statement.trim().lines();
    text.push_str(lines.next().unwrap_or_default());
    let tags: Vec<String> =
        item.item_type.iter().cloned().chain(item.education_level.iter().map(|levels| levels.join(", "))).collect();
    let tags: Vec<String> = tags.iter().map(|tag| one_line(tag)).filter(|tag| !tag.is_empty()).collect();
    let rest: Vec<&str> = lines.collect();
    let tags = if tags.is_empty() { String::new() } else { format!(" _({})_", tags.join("; ")) };
    if rest.is_empty() {
        text.push_str(&tags);
    }
    text.push('\n');
    for line in &rest {
        let line = line.trim_end();
        // Below the text of its entry, so that it stays part of it.
        let _ = if line.is_empty() { writeln!(text) } else { writeln!(text, "{indent}  {line}") };
    }
    if !rest.is_empty() && !tags.is_empty() {
        let _ = writeln!(text, "\n{indent}  {}", tags.trim_start());
    }
}

/// Runs of white space as one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
