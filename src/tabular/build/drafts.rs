//! From rows to drafts of items: what a row says of who it is, before it is known which item that
//! is and where it stands.

use std::collections::HashMap;

use super::before::Before;
use super::levels;
use super::line::Line;
use super::notes::Notes;
use crate::case::read::{Canonical, canonical_in};
use crate::tabular::cells::Cell;
use crate::tabular::mapping::{Field, Hierarchy};
use crate::tabular::tree;

/// Where an item stands, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// The sheet does not say.
    Unknown,
    /// Under the framework.
    Top,
    /// Under another draft.
    Draft(usize),
    /// Under a stored item that the sheet does not have.
    Stored(String),
}

/// An item in the making.
pub(super) struct Draft<'w, 't> {
    /// The row; none of an item that rows only name, such as a branch.
    pub line: Option<Line<'w, 't>>,
    pub place: String,
    /// The identifier as it stands in the sheet.
    pub received: Option<String>,
    pub code: Option<String>,
    /// None where only an identifier is given and the stored item has the statement.
    pub statement: Option<String>,
    pub parent: Parent,
    /// Its place among its siblings as the hierarchy says it.
    pub order: Option<i64>,
    /// The identifier it gets.
    pub id: String,
    /// The earlier draft whose row this one repeats.
    pub same_as: Option<usize>,
}

impl<'w, 't> Draft<'w, 't> {
    /// An item that is no row of its own.
    pub(super) fn made(place: String, statement: &str, code: Option<&str>, parent: Parent) -> Draft<'w, 't> {
        Draft {
            line: None,
            place,
            received: None,
            code: code.map(str::to_owned),
            statement: Some(statement.to_owned()),
            parent,
            order: None,
            id: String::new(),
            same_as: None,
        }
    }

    /// What the row says in that column.
    pub(super) fn cell(&self, field: &Field) -> Option<&'w Cell> {
        self.line.as_ref().and_then(|line| line.cell(field))
    }

    /// [`Line::text`].
    pub(super) fn text(&self, field: &Field) -> Option<&'w str> {
        self.line.as_ref().and_then(|line| line.text(field))
    }

    /// Where the row says it.
    pub(super) fn place_of(&self, field: &Field) -> String {
        self.line.as_ref().map_or_else(|| self.place.clone(), |line| line.place(field))
    }
}

/// The drafts of the rows of one sheet.
pub(super) fn drafts<'w, 't>(
    lines: &[Line<'w, 't>],
    first: usize,
    document: &str,
    before: &Before,
    notes: &mut Notes,
) -> Vec<Draft<'w, 't>> {
    let Some(table) = lines.first().map(|line| line.table) else { return Vec::new() };
    let level = |field: &&&Field| matches!(field, Field::LevelColumn(_));
    if table.fields().iter().any(|field| level(&field)) {
        return levels::expand(lines, first, notes);
    }
    let marked = table.mapping.hierarchy.value == Hierarchy::Indentation;
    let known = |identifier: &str| {
        let (Canonical::Proper(id) | Canonical::OddVersion(id) | Canonical::NotUuid(id)) =
            canonical_in(document, identifier);
        before.item(&id).is_some()
    };
    let mut drafts = Vec::with_capacity(lines.len());
    for line in lines {
        let received = line.text(&Field::Identifier);
        let Some(statement) = statement(line, marked, notes) else {
            if received.is_some_and(known) {
                drafts.push(of_row(*line, None));
            } else {
                let sentence = "no statement, short statement or code; the row is left out. Fill one in to keep it";
                notes.loss("row-left-out", line.place_of_row(), sentence, &line.shown());
            }
            continue;
        };
        drafts.push(of_row(*line, Some(statement)));
    }
    drafts
}

/// The draft of a row.
pub(super) fn of_row<'w, 't>(line: Line<'w, 't>, statement: Option<String>) -> Draft<'w, 't> {
    Draft {
        received: line.text(&Field::Identifier).map(str::to_owned),
        code: line.text(&Field::HumanCodingScheme).map(str::to_owned),
        statement,
        place: line.place_of_row(),
        line: Some(line),
        parent: Parent::Unknown,
        order: None,
        id: String::new(),
        same_as: None,
    }
}

/// The statement, or what may stand for it.
fn statement(line: &Line<'_, '_>, marked: bool, notes: &mut Notes) -> Option<String> {
    if let Some(text) = line.text(&Field::FullStatement) {
        return Some(if marked { tree::lead(text).text.trim().to_owned() } else { text.to_owned() });
    }
    let others = [Field::AbbreviatedStatement, Field::AlternativeLabel, Field::Title, Field::HumanCodingScheme];
    let text = others.iter().find_map(|field| line.text(field))?;
    // Where the sheet has no statements at all, nothing is missing in this row.
    if line.table.has(&Field::FullStatement) {
        let sentence = format!("the statement is required and missing: “{text}” is filled in");
        notes.warn("required-filled", line.place(&Field::FullStatement), sentence, "");
    }
    Some(text.to_owned())
}

/// The item that every distinct title of a branch stands for, above what stands at the top.
pub(super) fn branches(drafts: &mut Vec<Draft<'_, '_>>) {
    let mut made: HashMap<String, usize> = HashMap::new();
    for index in 0..drafts.len() {
        let Some(draft) = drafts.get(index) else { break };
        let Some(title) = draft.text(&Field::Branch).map(str::to_owned) else { continue };
        if !matches!(draft.parent, Parent::Unknown | Parent::Top) || draft.statement.as_ref() == Some(&title) {
            continue;
        }
        let place = draft.place_of(&Field::Branch);
        let above = *made.entry(title).or_insert_with_key(|title| {
            let same = |draft: &Draft<'_, '_>| {
                draft.statement.as_ref() == Some(title) && matches!(draft.parent, Parent::Unknown | Parent::Top)
            };
            drafts.iter().position(same).unwrap_or_else(|| {
                drafts.push(Draft::made(place, title, None, Parent::Top));
                drafts.len() - 1
            })
        });
        if let Some(draft) = drafts.get_mut(index).filter(|_| above != index) {
            draft.parent = Parent::Draft(above);
        }
    }
}
