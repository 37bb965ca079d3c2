//! A package written piece by piece, in either version: the first piece leaves before the last
//! row is read, and a large framework never stands in memory as a whole.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::parts::{DEFINITION_LISTS, Frame};
use super::{RegistryError, render};
use crate::case::Version;
use crate::case::model::{Class, Extensions};
use crate::store::{Object, Tx};

/// How many rows are read at once.
const SLICE: usize = 1_000;

/// Takes the pieces; answers whether to go on.
pub(super) type Sink<'s> = dyn FnMut(String) -> ControlFlow<()> + 's;

/// Writes the package of a stored document to `sink`; `false` when there is no such document.
pub(super) fn write(
    tx: &mut Tx<'_>,
    version: Version,
    document_id: &str,
    sink: &mut Sink<'_>,
) -> Result<bool, RegistryError> {
    let Some(document) = tx.package_class(document_id, Class::Document)?.pop() else { return Ok(false) };
    let frame = tx.package_class(document_id, Class::Package)?.pop();
    let frame = frame.map(|object| Frame::parse(&object.body)).unwrap_or_default();
    let body = render::object(version, Class::Document, &document.body, None);
    let crossing = tx.crossing(Some(document_id))?;
    let mut writer = Writer { tx, version, document_id, crossing, sink, ended: false };
    writer.put(format!("{{\"CFDocument\":{body}"));
    writer.list(",\"CFItems\":", Class::Item, true)?;
    writer.list(",\"CFAssociations\":", Class::Association, true)?;
    writer.definitions(&frame)?;
    writer.list(",\"CFRubrics\":", Class::Rubric, frame.rubrics)?;
    writer.extensions(",", frame.extensions.as_ref());
    writer.put("}".to_owned());
    Ok(true)
}

struct Writer<'w, 'c, 's> {
    tx: &'w mut Tx<'c>,
    version: Version,
    document_id: &'w str,
    /// Associations that are not published, because an end of theirs is private.
    crossing: HashSet<(String, String)>,
    sink: &'w mut Sink<'s>,
    /// Nobody takes the pieces any more.
    ended: bool,
}

impl Writer<'_, '_, '_> {
    fn put(&mut self, piece: String) {
        if !self.ended {
            self.ended = (self.sink)(piece).is_break();
        }
    }

    /// The list of a class under its name; nothing when it is empty and not `always` written.
    /// Tells whether anything was written.
    fn list(&mut self, name: &str, class: Class, always: bool) -> Result<bool, RegistryError> {
        let mut open = false;
        let mut after: Option<(i64, String)> = None;
        while !self.ended {
            let slice = self.tx.package_slice(self.document_id, class, after.as_ref(), SLICE)?;
            let mut piece = String::with_capacity(slice.iter().map(|object| object.body.len() + 1).sum::<usize>() + 64);
            let published = |object: &&Object| {
                self.crossing.is_empty() || !self.crossing.contains(&(object.package_id.clone(), object.id.clone()))
            };
            for object in slice.iter().filter(published) {
                if open {
                    piece.push(',');
                } else {
                    piece.push_str(name);
                    piece.push('[');
                    open = true;
                }
                piece.push_str(&render::object(self.version, class, &object.body, None));
            }
            after = slice.last().map(|Object { position, id, .. }| (*position, id.clone()));
            let last = slice.len() < SLICE;
            self.put(piece);
            if last {
                break;
            }
        }
        match (open, always) {
            (true, _) => self.put("]".to_owned()),
            (false, true) => self.put(format!("{name}[]")),
            (false, false) => {}
        }
        Ok(open || always)
    }

    /// CFDefinitions with the lists that the package had, and those that still hold something
    /// although the last import no longer mentioned them.
    fn definitions(&mut self, frame: &Frame) -> Result<(), RegistryError> {
        let present = frame.definitions.as_deref().unwrap_or_default();
        let mut opening = ",\"CFDefinitions\":{";
        for (class, name) in DEFINITION_LISTS {
            let always = present.iter().any(|list| list == name);
            if self.list(&format!("{opening}\"{name}\":"), class, always)? {
                opening = ",";
            }
        }
        if opening != "," {
            if frame.definitions.is_none() {
                return Ok(());
            }
            self.put(opening.to_owned());
        }
        self.extensions(if opening == "," { "," } else { "" }, frame.definitions_extensions.as_ref());
        self.put("}".to_owned());
        Ok(())
    }

    fn extensions(&mut self, separator: &str, extensions: Option<&Extensions>) {
        if let Some(extensions) = extensions.filter(|_| self.version == Version::V1p1) {
            let json = serde_json::to_string(extensions).unwrap_or_default();
            self.put(format!("{separator}\"extensions\":{json}"));
        }
    }
}
