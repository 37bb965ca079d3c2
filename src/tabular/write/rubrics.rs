//! The sheet of the rubrics: a row for each rubric, below it its criteria, below each its levels.
//! The first columns are those of a compeito rubric file.

use serde_json::Value;

use super::book::{Book, Object, object};
use super::column::{Declared, EXTENSIONS, Look, Seen, Shape, Sheet, part, property, same};
use crate::case::model::Rubric;
use crate::case::v1p1::CFRubric;

/// The name of the sheet.
const SHEET: &str = "CF Rubric";

const RUBRIC: &[Declared] = &[
    same("Type", Look::SHORT),
    property("Identifier", Look::ID, "identifier"),
    same("RubricIdentifier", Look::ID),
    same("CriterionIdentifier", Look::ID),
    property("Title", Look::MIDDLE, "title"),
    property("Description", Look::LONG, "description"),
    property("Category", Look::MIDDLE, "category"),
    property("Weight", Look::SHORT, "weight"),
    property("Position", Look::SHORT, "position"),
    property("Quality", Look::MIDDLE, "quality"),
    property("Score", Look::SHORT, "score"),
    property("Feedback", Look::MIDDLE, "feedback"),
    part("CFItemIdentifier", Look::ID, "CFItemURI", "identifier"),
    same("CFItemURI", Look::Link),
    same("rubricId", Look::ID),
    same("rubricCriterionId", Look::ID),
    same("lastChangeDateTime", Look::TIME),
    same("uri", Look::Link),
    EXTENSIONS,
];

/// A rubric, its criteria and their levels, each by itself, with `Type` and what it is part of. Of a
/// list that is there and empty, these alone.
fn rows(rubric: &Rubric) -> Vec<Object> {
    let mut all = Vec::new();
    let mut rubric = object(&CFRubric::from(rubric));
    let criteria = parts(&mut rubric, "CFRubricCriteria");
    let rubric_id = named(&mut rubric, "Rubric", &[]);
    all.push(rubric);
    let above = [("RubricIdentifier", rubric_id)];
    for mut criterion in criteria {
        let levels = parts(&mut criterion, "CFRubricCriterionLevels");
        let criterion_id = named(&mut criterion, "Criterion", &above);
        all.push(criterion);
        let [rubric] = above.clone();
        let above = [rubric, ("CriterionIdentifier", criterion_id)];
        for mut level in levels {
            named(&mut level, "Level", &above);
            all.push(level);
        }
    }
    all
}

/// Takes the parts out of the whole; of a list that is empty one part that says nothing.
fn parts(whole: &mut Object, list: &str) -> Vec<Object> {
    let Some(Value::Array(parts)) = whole.shift_remove(list) else { return Vec::new() };
    if parts.is_empty() {
        return vec![Object::new()];
    }
    let objects = parts.into_iter().filter_map(|part| match part {
        Value::Object(part) => Some(part),
        _ => None,
    });
    objects.collect()
}

/// Gives the object its `Type` and what it is part of; its identifier is what its parts say.
fn named(object: &mut Object, name: &str, above: &[(&str, Value)]) -> Value {
    object.insert("Type".to_owned(), name.into());
    object.extend(above.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    object.get("identifier").cloned().unwrap_or_default()
}

/// The sheet; none when the package has no list of rubrics.
pub(super) fn sheet<'b>(book: &'b Book<'b>) -> Option<Sheet<'b>> {
    let rubrics = book.package.rubrics.as_ref()?;
    let others = rubrics.iter().flat_map(rows).any(|json| json.contains_key("extensions"));
    let shape = Shape::new(book, RUBRIC, Vec::new(), others);
    let columns = shape.columns();
    let rows = rubrics.iter().flat_map(rows).map(move |json| shape.row(book, &Seen::alone(&json)));
    Some(Sheet { name: SHEET, columns, rows: Box::new(rows) })
}
