//! The sheet of what items and associations are classified by, one row a definition.

use super::book::{Book, Object, object};
use super::column::{Declared, EXTENSIONS, Look, Seen, Shape, Sheet, same};
use crate::case::model::{Class, Definitions, Extensions};
use crate::case::v1p1::CFDefinition;

/// The name of the sheet.
const SHEET: &str = "CF Definition";

const DEFINITION: &[Declared] = &[
    same("class", Look::TIME),
    same("identifier", Look::ID),
    same("title", Look::MIDDLE),
    same("description", Look::LONG),
    same("hierarchyCode", Look::SHORT),
    same("keywords", Look::MIDDLE),
    same("typeCode", Look::SHORT),
    same("licenseText", Look::LONG),
    same("lastChangeDateTime", Look::TIME),
    same("uri", Look::Link),
    EXTENSIONS,
];

/// The package's definitions.
fn of<'b>(book: &Book<'b>) -> Option<&'b Definitions> {
    book.package.definitions.as_ref()
}

/// The extensions that the definitions have as a whole.
pub(super) fn extensions<'b>(book: &Book<'b>) -> Option<&'b Extensions> {
    of(book).and_then(|definitions| definitions.extensions.as_ref())
}

/// Every definition with its class, `class` first.
fn rows(definitions: &Definitions) -> impl Iterator<Item = Object> {
    let Definitions { concepts, subjects, licenses, item_types, groupings, extensions: _ } = definitions;
    let concepts = concepts.iter().flatten().map(|one| typed(Class::Concept, one.into()));
    let subjects = subjects.iter().flatten().map(|one| typed(Class::Subject, one.into()));
    let licenses = licenses.iter().flatten().map(|one| typed(Class::License, one.into()));
    let item_types = item_types.iter().flatten().map(|one| typed(Class::ItemType, one.into()));
    let groupings = groupings.iter().flatten().map(|one| typed(Class::Grouping, one.into()));
    concepts.chain(subjects).chain(licenses).chain(item_types).chain(groupings)
}

fn typed(class: Class, wire: CFDefinition<'_>) -> Object {
    let mut json = object(&wire);
    json.insert("class".to_owned(), class.name().into());
    json
}

/// The sheet; none when the package has no definitions.
pub(super) fn sheet<'b>(book: &'b Book<'b>) -> Option<Sheet<'b>> {
    let definitions = of(book)?;
    let others = rows(definitions).any(|json| json.contains_key("extensions"));
    let shape = Shape::new(book, DEFINITION, Vec::new(), others);
    let columns = shape.columns();
    let rows = rows(definitions).map(move |json| shape.row(book, &Seen::alone(&json)));
    Some(Sheet { name: SHEET, columns, rows: Box::new(rows) })
}
