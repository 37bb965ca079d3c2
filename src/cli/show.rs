//! Reports, differences and counts as lines of text, shared by the verbs that show them.
//!
//! Returns lines and never prints.

use std::fmt::Display;

use super::text::{count, one_line, short};
use crate::case::report::{Report, Severity};
use crate::registry::{Conflict, Mention};

/// How many of each kind are listed.
pub(super) const LISTED: usize = 20;
/// How long a label may be.
const LABEL: usize = 70;
/// How long a sentence of a report may be.
const SENTENCE: usize = 240;

/// A class, what names the object, and its identifier.
pub(super) fn mention(mention: &Mention) -> String {
    let Mention { class, identifier, label } = mention;
    let identifier = one_line(identifier);
    match short(label, LABEL) {
        label if label.is_empty() || label == identifier => format!("{class} {identifier}"),
        label => format!("{class} {label} ({identifier})"),
    }
}

/// At most `most` lines under a heading, and how many more there are.
pub(super) fn list<T>(heading: &str, sign: char, all: &[T], most: usize, line: impl Fn(&T) -> String) -> Vec<String> {
    if all.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!("  {heading}:")];
    lines.extend(all.iter().take(most).map(|one| format!("    {sign} {}", line(one))));
    if all.len() > most {
        lines.push(format!("      and {} more", all.len() - most));
    }
    lines
}

/// `added 1, changed 2`
pub(super) fn counts(all: &[(&str, &dyn Display)]) -> String {
    all.iter().map(|(name, number)| format!("{name} {number}")).collect::<Vec<_>>().join(", ")
}

/// A report, grouped by code: how many, an example, and where it is.
pub(super) fn report(report: &Report) -> Vec<String> {
    if report.entries.is_empty() {
        return Vec::new();
    }
    let number = |severity, noun: &str| {
        let number = report.count(severity);
        (number > 0).then(|| count(number, noun))
    };
    let losses = match report.count(Severity::Loss) {
        0 => None,
        1 => Some("1 loss".to_owned()),
        n => Some(format!("{n} losses")),
    };
    let kinds = [losses, number(Severity::Warning, "warning"), number(Severity::Info, "note")];
    let mut lines = vec![format!("  reading gave {}:", kinds.into_iter().flatten().collect::<Vec<_>>().join(", "))];
    let mut groups = report.summary();
    groups.sort_by_key(|(entry, _)| std::cmp::Reverse(entry.severity));
    for (entry, number) in groups {
        let kind = if entry.severity == Severity::Info { "note".to_owned() } else { entry.severity.to_string() };
        let sentence = short(&entry.sentence, SENTENCE);
        let example = if number > 1 { "e.g. " } else { "" };
        lines.push(format!("    {kind} {} × {number}: {example}{}: {sentence}", entry.code, place(&entry.place)));
    }
    lines
}

/// A JSON pointer, with a name for the empty one.
pub(super) fn place(pointer: &str) -> String {
    if pointer.is_empty() { "the whole".to_owned() } else { short(pointer, LABEL * 2) }
}

/// An object that two frameworks claim.
pub(super) fn conflict(conflict: &Conflict) -> String {
    format!(
        "{} {} belongs to {} ({})",
        conflict.class,
        one_line(&conflict.id),
        short(&conflict.held_by_title, LABEL),
        one_line(&conflict.held_by)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_say_how_much_is_left() {
        let lines = list("added", '+', &[1, 2, 3], 2, ToString::to_string);
        assert_eq!(lines, ["  added:", "    + 1", "    + 2", "      and 1 more"]);
        assert!(list("added", '+', &[0; 0], 2, ToString::to_string).is_empty());
    }

    #[test]
    fn labels_cannot_steer_the_terminal() {
        let shown =
            mention(&Mention { class: "CFItem", identifier: "i".to_owned(), label: "a\u{1b}[2J\nb".to_owned() });
        assert_eq!(shown, "CFItem a\u{fffd}[2J b (i)");
    }
}
