//! The CSV forms of other programs, as their importers read them. Each says only what its form has
//! room for; our own form (`csv`) and workbooks say everything.

use super::book::{Book, object};
use super::column::{Declared, Look, Seen, Shape, Sheet, ends, meaning, part, property, same};
use super::csv::{Records, table};
use super::sheets;
use crate::case::v1p1::CFItem;
use crate::case::vocab::IS_TRANSLATION_OF;

/// OpenSALT's "Import Children": parents are named by code, other ends by identifier or uri.
const OPENSALT: &[Declared] = &[
    same("identifier", Look::ID),
    same("fullStatement", Look::LONG),
    same("humanCodingScheme", Look::SHORT),
    same("abbreviatedStatement", Look::MIDDLE),
    same("conceptKeywords", Look::MIDDLE).listed(','),
    same("notes", Look::MIDDLE),
    same("language", Look::SHORT),
    same("educationLevel", Look::SHORT).listed(','),
    property("cfItemType", Look::SHORT, "CFItemType"),
    part("license", Look::SHORT, "licenseURI", "title"),
    meaning("isChildOf", Look::SHORT, parent_code),
    ends("isPartOf", "isPartOf", ','),
    ends("replacedBy", "replacedBy", ','),
    ends("exemplar", "exemplar", ','),
    ends("precedes", "precedes", ','),
    ends("isPeerOf", "isPeerOf", ','),
    ends("hasSkillLevel", "hasSkillLevel", ','),
    ends("isRelatedTo", "isRelatedTo", ','),
    meaning("sequenceNumber", Look::SHORT, sequence_number),
    ends("isExactMatchOf", "exactMatchOf", ',').when(|book| uses(book, "exactMatchOf")),
];

/// compeito's own form. A column of associations stands for all of its type in the framework, so
/// that types which do not occur have none.
const COMPEITO: &[Declared] = &[
    property("Identifier", Look::ID, "identifier"),
    same("fullStatement", Look::LONG),
    same("humanCodingScheme", Look::SHORT),
    meaning("parentIdentifier", Look::ID, parent_identifier),
    meaning("sequenceNumber", Look::SHORT, sequence_number),
    same("CFItemType", Look::SHORT),
    same("educationLevel", Look::SHORT).listed(','),
    same("conceptKeywords", Look::MIDDLE).listed(','),
    same("abbreviatedStatement", Look::MIDDLE),
    same("alternativeLabel", Look::MIDDLE),
    same("notes", Look::MIDDLE),
    same("language", Look::SHORT),
    same("listEnumeration", Look::SHORT),
    part("license", Look::SHORT, "licenseURI", "title"),
    same("statusStartDate", Look::SHORT),
    same("statusEndDate", Look::SHORT),
    ends("isPeerOf", "isPeerOf", '|').when(|book| uses(book, "isPeerOf")),
    ends("isPartOf", "isPartOf", '|').when(|book| uses(book, "isPartOf")),
    ends("exactMatchOf", "exactMatchOf", '|').when(|book| uses(book, "exactMatchOf")),
    ends("precedes", "precedes", '|').when(|book| uses(book, "precedes")),
    ends("isRelatedTo", "isRelatedTo", '|').when(|book| uses(book, "isRelatedTo")),
    ends("replacedBy", "replacedBy", '|').when(|book| uses(book, "replacedBy")),
    ends("exemplar", "exemplar", '|').when(|book| uses(book, "exemplar")),
    ends("hasSkillLevel", "hasSkillLevel", '|').when(|book| uses(book, "hasSkillLevel")),
    ends(IS_TRANSLATION_OF, IS_TRANSLATION_OF, '|').when(|book| uses(book, IS_TRANSLATION_OF)),
];

/// The `#key,value` lines of compeito with the property that each tells.
const COMPEITO_KEYS: [(&str, &str); 13] = [
    ("identifier", "identifier"),
    ("title", "title"),
    ("version", "version"),
    ("creator", "creator"),
    ("publisher", "publisher"),
    ("description", "description"),
    ("language", "language"),
    ("adoption_status", "adoptionStatus"),
    ("official_source_url", "officialSourceURL"),
    ("license", "licenseTitle"),
    ("status_start_date", "statusStartDate"),
    ("status_end_date", "statusEndDate"),
    ("notes", "notes"),
];

/// OpenCASE's template: the hierarchy is a number, and there are neither identifiers nor associations.
const OPENCASE: &[Declared] = &[
    meaning("Level", Look::SHORT, |_, seen| seen.place.map_or_else(String::new, |place| place.depth.to_string())),
    property("Human Coding Scheme", Look::SHORT, "humanCodingScheme"),
    property("Full Statement", Look::LONG, "fullStatement"),
    property("Item Type", Look::SHORT, "CFItemType"),
    property("Abbreviated Statement", Look::MIDDLE, "abbreviatedStatement"),
    property("Education Level", Look::SHORT, "educationLevel").listed(';'),
    property("Subject", Look::MIDDLE, "subject").listed(';'),
    property("Notes", Look::MIDDLE, "notes"),
];

fn uses(book: &Book<'_>, association_type: &str) -> bool {
    book.any_association(|association| association.association_type == association_type)
}

fn sequence_number(_: &Book<'_>, seen: &Seen<'_>) -> String {
    seen.place.and_then(|place| place.sequence_number).map(|number| number.to_string()).unwrap_or_default()
}

fn parent_identifier(book: &Book<'_>, seen: &Seen<'_>) -> String {
    book.parent(seen).map(|parent| parent.identity.identifier.clone()).unwrap_or_default()
}

/// The code of the parent where no other item has it, else its identifier. Blank at the top, unless
/// OpenSALT would find a parent by cutting the item's own code at its last point.
fn parent_code(book: &Book<'_>, seen: &Seen<'_>) -> String {
    if let Some(parent) = book.parent(seen) {
        let code = parent.human_coding_scheme.as_deref().filter(|code| book.bearers(code) == 1);
        return code.unwrap_or(&parent.identity.identifier).to_owned();
    }
    let cut = seen.property("humanCodingScheme").rsplit_once('.').is_some_and(|(cut, _)| book.bearers(cut) > 0);
    if cut { book.package.identifier().to_owned() } else { String::new() }
}

fn items<'b>(book: &'b Book<'b>, declared: &[Declared]) -> Sheet<'b> {
    let shape = Shape::new(book, declared, Vec::new(), false);
    let columns = shape.columns();
    let rows = book.placed().map(move |(item, place)| {
        let json = object(&CFItem::from(item));
        shape.row(book, &Seen { json: &json, place: Some(place) })
    });
    Sheet { name: sheets::ITEM_SHEET, columns, rows: Box::new(rows) }
}

/// The items for OpenSALT.
pub(super) fn opensalt(book: &Book<'_>) -> Vec<u8> {
    table(Records::new(), items(book, OPENSALT))
}

/// The framework and its items for compeito.
pub(super) fn compeito(book: &Book<'_>) -> Vec<u8> {
    let mut records = Records::new();
    let document = sheets::document(book);
    for row in document.rows {
        for (key, property) in COMPEITO_KEYS {
            let value = document.columns.iter().zip(&row).find(|(column, _)| column.name == property);
            value.into_iter().for_each(|(_, value)| records.pair(key, value.as_deref().unwrap_or_default()));
        }
    }
    let subject = book.document().subject.iter().flatten().map(String::as_str);
    if book.document().subject.as_ref().is_some_and(|subject| !subject.is_empty()) {
        records.put(std::iter::once("#subject").chain(subject));
    }
    table(records, items(book, COMPEITO))
}

/// The items for OpenCASE.
pub(super) fn opencase(book: &Book<'_>) -> Vec<u8> {
    table(Records::new(), items(book, OPENCASE))
}
