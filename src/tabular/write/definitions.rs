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

/// Every definition with its class; of a list that is there and empty, the class alone.
fn rows(definitions: &Definitions) -> impl Iterator<Item = Object> {
    let Definitions { concepts, subjects, licenses, item_types, groupings, extensions: _ } = definitions;
    let concepts = of_class(Class::Concept, concepts);
    let subjects = of_class(Class::Subject, subjects);
    let licenses = of_class(Class::License, licenses);
    let item_types = of_class(Class::ItemType, item_types);
    let groupings = of_class(Class::Grouping, groupings);
    concepts.chain(subjects).chain(licenses).chain(item_types).chain(groupings)
}

fn of_class<'a, T>(class: Class, list: &'a Option<Vec<T>>) -> impl Iterator<Item = Object> + use<'a, T>
where
    CFDefinition<'a>: From<&'a T>,
{
    let empty = list.as_ref().is_some_and(Vec::is_empty).then(Object::new);
    let all = list.iter().flatten().map(|one| object(&CFDefinition::from(one)));
    empty.into_iter().chain(all).map(move |mut json| {
        json.insert("class".to_owned(), class.name().into());
        json
    })
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
