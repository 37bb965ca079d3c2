//! A plan and what became of it, as lines of text and as JSON.
//!
//! Returns lines and never prints.

use serde_json::{Value, json};

use super::super::show::{self, LISTED};
use super::super::text::{one_line, short};
use crate::registry::{Applied, Plan};

pub(super) fn result(applied: Option<&Applied>) -> String {
    match applied {
        None => "dry run: nothing was written".to_owned(),
        Some(Applied { revision: None, .. }) => "nothing to change".to_owned(),
        Some(Applied { revision: Some(revision), identifier, .. }) => {
            format!("stored as revision {revision}; `casement undo {}` takes it back", one_line(identifier))
        }
    }
}

pub(super) fn plan_json(plan: &Plan) -> Value {
    json!({
        "identifier": plan.identifier,
        "title": plan.title,
        "update": plan.is_update(),
        "deleteMissing": plan.options.delete_missing,
        "move": plan.options.move_objects,
        "counts": {
            "added": plan.diff.added.len(),
            "changed": plan.diff.changed.len(),
            "moved": plan.diff.moved,
            "unchanged": plan.diff.unchanged,
            "missing": plan.diff.missing.len(),
        },
        "diff": plan.diff,
        "conflicts": plan.conflicts,
        "report": plan.report,
    })
}

pub(super) fn plan_lines(file: &str, plan: &Plan) -> Vec<String> {
    let diff = &plan.diff;
    let kind = if plan.is_update() { "update" } else { "new" };
    let missing = match (diff.missing.len(), plan.options.delete_missing) {
        (0, _) => "",
        (_, true) => " (to be deleted)",
        (_, false) => " (kept; --delete-missing deletes them)",
    };
    let counts = show::counts(&[
        ("added", &diff.added.len()),
        ("changed", &diff.changed.len()),
        ("moved", &diff.moved),
        ("unchanged", &diff.unchanged),
        ("missing", &diff.missing.len()),
    ]);
    let mut lines = vec![
        format!("{file}: {} ({}), {kind}", short(&plan.title, 120), one_line(&plan.identifier)),
        format!("  {counts}{missing}"),
    ];
    lines.extend(show::list("added", '+', &diff.added, LISTED, show::mention));
    lines.extend(show::list("changed", '~', &diff.changed, LISTED, |changed| {
        format!("{}: {}", show::mention(&changed.object), one_line(&changed.properties.join(", ")))
    }));
    lines.extend(show::list("missing in the input", '-', &diff.missing, LISTED, show::mention));
    let verdict = if plan.options.move_objects { "moved from other frameworks" } else { "owned by other frameworks" };
    lines.extend(show::list(verdict, '!', &plan.conflicts, LISTED, show::conflict));
    lines.extend(show::report(&plan.report));
    lines
}
