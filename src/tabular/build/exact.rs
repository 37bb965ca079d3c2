//! What only our own sheets say: links, lists and `extensions` as they are, cell by cell. A row that
//! has an identifier says all there is of its object; one that has none was written by hand, and is
//! read as the rows of any other sheet.

use serde_json::Value;

use super::definitions::Set;
use super::items::extension_key;
use super::line::Line;
use super::notes::Notes;
use crate::case::model::{Extensions, Link};
use crate::case::read::{in_uri, mint};
use crate::tabular::mapping::Field;

/// The list in a cell that holds a JSON array of texts.
pub(super) fn texts(cell: &str) -> Option<Vec<String>> {
    cell.starts_with('[').then(|| serde_json::from_str(cell).ok()).flatten()
}

/// A link as it stands in a cell: JSON, or the uri of something that is `known`.
pub(super) fn link(cell: &str, known: impl Fn(&str) -> Option<Link>) -> Link {
    let json: Option<Value> = serde_json::from_str(cell).ok();
    json.as_ref().and_then(of_json).unwrap_or_else(|| {
        known(cell).unwrap_or_else(|| Link {
            title: cell.to_owned(),
            identifier: in_uri(cell).unwrap_or_else(|| mint(cell)),
            uri: cell.to_owned(),
        })
    })
}

/// Several links in one cell.
pub(super) fn links(cell: &str, known: impl Fn(&str) -> Option<Link>) -> Vec<Link> {
    match serde_json::from_str(cell) {
        Ok(Value::Array(list)) => list.iter().filter_map(of_json).collect(),
        Ok(json @ Value::Object(_)) => of_json(&json).into_iter().collect(),
        _ => cell.split('|').map(|one| link(one.trim(), &known)).collect(),
    }
}

fn of_json(json: &Value) -> Option<Link> {
    let part = |name| json.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Link { title: part("title")?, identifier: part("identifier")?, uri: part("uri")? })
}

/// What a sheet says of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said<T> {
    /// It has no column for it.
    Silent,
    /// There is none.
    Blank,
    This(T),
}

impl<T> Said<T> {
    pub(super) fn map<U>(self, f: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Said::Silent => Said::Silent,
            Said::Blank => Said::Blank,
            Said::This(value) => Said::This(f(value)),
        }
    }

    /// Lays it over what is stored.
    pub(super) fn lay(self, slot: &mut Option<T>) {
        match self {
            Said::Silent => {}
            Said::Blank => *slot = None,
            Said::This(value) => *slot = Some(value),
        }
    }

    /// The value, if there is one.
    pub(super) fn value(self) -> Option<T> {
        match self {
            Said::This(value) => Some(value),
            Said::Silent | Said::Blank => None,
        }
    }

    /// Lays a link over what is stored, beside the text that says the same: of the two, the one that
    /// has changed is meant. `made` is the link that goes with the text.
    pub(super) fn follow(
        self,
        slot: &mut Option<T>,
        text_changed: bool,
        is_stored: bool,
        made: impl FnOnce() -> Option<T>,
    ) where
        T: PartialEq,
    {
        let before = slot.take();
        let is_silent = matches!(self, Said::Silent);
        let said = self.value();
        *slot = match text_changed {
            false if is_silent => before,
            true if is_silent || is_stored && said == before => made(),
            _ => said,
        };
    }
}

/// What a row says of a link.
pub(super) fn said_link(line: &Line<'_, '_>, name: &str, definitions: &Set<'_>) -> Said<Link> {
    line.said(name).map(|cell| link(cell, |uri| definitions.at_uri(uri)))
}

/// [`said_link`] of several.
pub(super) fn said_links(line: &Line<'_, '_>, name: &str, definitions: &Set<'_>) -> Said<Vec<Link>> {
    line.said(name).map(|cell| links(cell, |uri| definitions.at_uri(uri)))
}

/// A JSON object in a cell; what is none is told, and left out.
pub(super) fn object(cell: &str, place: impl FnOnce() -> String, notes: &mut Notes) -> Option<Extensions> {
    match serde_json::from_str(cell) {
        Ok(Value::Object(object)) => Some(object),
        _ => {
            let sentence = "a JSON object is expected here, such as {\"name\": \"value\"}; the cell is left out";
            notes.loss("not-json", place(), sentence, cell);
            None
        }
    }
}

/// A JSON array of objects in a cell, as [`object`].
pub(super) fn objects(cell: &str, place: impl FnOnce() -> String, notes: &mut Notes) -> Option<Vec<Extensions>> {
    let list = serde_json::from_str(cell).ok();
    if list.is_none() {
        notes.loss("not-json", place(), "a JSON array of objects is expected here; the cell is left out", cell);
    }
    list
}

/// The extensions of a row of ours: those in columns of their own, and the others in `extensions`.
pub(super) fn extensions(slot: &mut Option<Extensions>, line: &Line<'_, '_>, notes: &mut Notes) {
    let fields = line.table.fields().iter();
    let own: Vec<(&Field, String)> = fields.filter_map(|field| Some((*field, own_name(field)?))).collect();
    match line.said("extensions") {
        Said::Silent => {}
        Said::Blank => *slot = None,
        Said::This(cell) => match object(cell, || line.place_of_property("extensions"), notes) {
            Some(rest) => *slot = Some(rest),
            // What cannot be read changes nothing.
            None => return,
        },
    }
    for (field, name) in own {
        match line.text(field) {
            Some(text) => {
                slot.get_or_insert_default().insert(name, text.into());
            }
            None => {
                if let Some(map) = slot.as_mut().filter(|map| map.contains_key(&name)) {
                    map.shift_remove(&name);
                    if map.is_empty() {
                        *slot = None;
                    }
                }
            }
        }
    }
}

fn own_name(field: &Field) -> Option<String> {
    match field {
        Field::Extension(name) => Some(name.clone()),
        _ => None,
    }
}

/// The name that a column's extension gets: in our own sheets its header as it is.
pub(super) fn key(line: &Line<'_, '_>, header: &str) -> String {
    if line.table.exact { header.to_owned() } else { extension_key(header) }
}
