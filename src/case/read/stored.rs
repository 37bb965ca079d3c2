//! Reads single objects that were written by `case::v1p1` in package context, e.g. stored ones.
//!
//! The same readers as for packages; nothing is left to repair, so no report comes out.

use serde_json::Value;

use super::super::model::{
    Association, Concept, Criterion, Document, Grouping, Item, ItemType, Level, License, Rubric, Subject, Timestamp,
};
use super::session::Session;
use super::{Context, association, definition, document, item, rubric};

/// One object of any class but the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    Document(Document),
    Item(Item),
    Association(Association),
    Concept(Concept),
    Subject(Subject),
    License(License),
    ItemType(ItemType),
    Grouping(Grouping),
    Rubric(Rubric),
    Criterion(Criterion),
    Level(Level),
}

/// Reads an object of the class; `None` when it is none of it.
#[must_use]
pub fn object(class: super::Class, value: Value) -> Option<Stored> {
    use super::Class;
    let context = Context { base_url: String::new(), now: Timestamp::from_instant(chrono::DateTime::UNIX_EPOCH) };
    let session = &mut Session::new(&context, String::new());
    Some(match class {
        Class::Package => return None,
        Class::Document => Stored::Document(document::document(session, Some(value)).0),
        Class::Item => Stored::Item(item::item(session, value)),
        Class::Association => Stored::Association(association::association(session, value)?),
        Class::Concept => Stored::Concept(definition::concept(session, value)),
        Class::Subject => Stored::Subject(definition::subject(session, value)),
        Class::License => Stored::License(definition::license(session, value)),
        Class::ItemType => Stored::ItemType(definition::item_type(session, value)),
        Class::Grouping => Stored::Grouping(definition::grouping(session, value)),
        Class::Rubric => Stored::Rubric(rubric::rubric(session, value)),
        Class::Criterion => Stored::Criterion(rubric::criterion(session, value)),
        Class::Level => Stored::Level(rubric::level(session, value)),
    })
}
