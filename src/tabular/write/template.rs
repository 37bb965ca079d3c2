//! The template: an example framework in the sheets that everything is written to, without what
//! nobody fills in by hand. Identifiers are blank: whoever imports it gets new ones.

use serde_json::json;

use super::book::Book;
use super::column::Sheet;
use super::sheets as all_sheets;
use crate::case::model::{Package, Timestamp};
use crate::case::read::{Context, package_value};

/// The sheets of the template: how many of their columns, and which of those are left blank.
const SHEETS: [(&str, usize, &[&str]); 3] = [
    (all_sheets::DOCUMENT_SHEET, 16, &["identifier", "lastChangeDate"]),
    (all_sheets::ITEM_SHEET, 16, &["identifier"]),
    (
        all_sheets::ASSOCIATION_SHEET,
        12,
        &[
            "identifier",
            "originNodeURI",
            "originNodeIdentifier",
            "destinationNodeURI",
            "destinationNodeIdentifier",
            "sequenceNumber",
        ],
    ),
];

/// What the sheet of instructions says, paragraph by paragraph.
pub(super) const INSTRUCTIONS: [&str; 12] = [
    "How to fill in this workbook",
    "The sheets CF Doc, CF Item and CF Association hold a small example. Look at it, write your own framework over it, \
     and import the file with `casement import FILE`; `--dry-run` shows first what would happen. Keep the names of the \
     sheets and of the columns; columns may stand in any order and may be left out.",
    "CF Doc has one row: the framework itself. Its title and its creator are needed.",
    "CF Item has a row for each item. Only fullStatement is needed.",
    "smartLevel says where an item stands: 1, 2 and 3 are at the top, 1.1 and 1.2 below 1, 1.2.1 below 1.2. Its cells \
     are text, so that 1.10 does not become 1.1; keep them so.",
    "identifier may stay blank: a new identifier is made. When you export a framework to change it, keep what stands in \
     this column: it is how the item is found again.",
    "educationLevel: grades as 01 to 12, KG, PK, several with commas between them. subject: several with | between \
     them. conceptKeywords: several with commas between them.",
    "Dates are written as 2027-08-31. An item with a statusEndDate in the past is retired.",
    "CF Association has a row for each relation beside the hierarchy. Name both ends by their codes; or, for something \
     outside of this framework, give its address in destinationNodeURI or its identifier in destinationNodeIdentifier.",
    "associationGroupName names a crosswalk or another set of associations that belong together.",
    "Any further column of CF Item is kept under its own name.",
    "Where a drop-down offers values, others may be typed as well.",
];

/// The example.
#[expect(clippy::expect_used, reason = "what is read is written above")]
pub(super) fn example() -> Package {
    let item = |id: u32, code: &str, statement: &str, label: &str, kind: &str, grades: &[&str], keywords: &[&str]| {
        let mut item = json!({"identifier": identifier(id), "humanCodingScheme": code, "fullStatement": statement});
        let members = [("abbreviatedStatement", json!(label)), ("CFItemType", json!(kind))];
        let lists = [("educationLevel", json!(grades)), ("conceptKeywords", json!(keywords))];
        for (name, value) in members.into_iter().chain(lists).filter(|(_, value)| !is_blank(value)) {
            item[name] = value;
        }
        item
    };
    let relation = |id: u32, kind: &str, origin: u32, destination: u32, sequence: Option<u32>| {
        let mut relation = json!({"identifier": identifier(id), "associationType": kind,
            "originNodeURI": {"identifier": identifier(origin)}, "destinationNodeURI": {"identifier": identifier(destination)}});
        if let Some(number) = sequence {
            relation["sequenceNumber"] = number.into();
        }
        relation
    };
    let package = json!({
        "CFDocument": {
            "identifier": identifier(0), "title": "Example: Gardening", "creator": "Name of your organisation",
            "lastChangeDateTime": "2026-01-01T00:00:00Z",
            "publisher": "Name of your organisation", "description": "What this framework is for, and for whom.",
            "subject": ["Gardening", "Biology"], "language": "en", "version": "1.0", "adoptionStatus": "Draft",
            "licenseURI": {"title": "CC BY 4.0", "identifier": identifier(20)},
        },
        "CFItems": [
            item(1, "G.1", "Grow plants from seed.", "Growing", "Strand", &[], &[]),
            item(2, "G.1.1", "Choose the place for a plant by the light and the water that it needs.", "Choosing a place",
                "Standard", &["01", "02"], &["light", "water"]),
            item(3, "G.1.2", "Keep a record of how a plant grows, and explain what it shows.", "Keeping a record",
                "Standard", &["03", "04"], &["observation"]),
            item(4, "G.2", "Care for the soil.", "Soil", "Strand", &[], &[]),
            item(5, "G.2.1", "Make compost and say what becomes of the parts of a plant in it.", "Compost", "Standard",
                &["03", "04"], &["compost", "decay"]),
        ],
        "CFAssociations": [
            relation(11, "isChildOf", 1, 0, Some(1)), relation(12, "isChildOf", 2, 1, Some(1)),
            relation(13, "isChildOf", 3, 1, Some(2)), relation(14, "isChildOf", 4, 0, Some(2)),
            relation(15, "isChildOf", 5, 4, Some(1)), relation(16, "precedes", 2, 3, None),
            relation(17, "isRelatedTo", 5, 3, None),
        ],
        "CFDefinitions": {"CFLicenses": [{
            "identifier": identifier(20), "title": "CC BY 4.0",
            "licenseText": "https://creativecommons.org/licenses/by/4.0/",
        }]},
    });
    let context = Context { base_url: String::new(), now: Timestamp::from_instant(chrono::DateTime::UNIX_EPOCH) };
    package_value(package, &context).expect("the example is a package").package
}

/// Of use inside the example only: the template leaves identifiers blank.
fn identifier(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn is_blank(value: &serde_json::Value) -> bool {
    value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// The sheets of the template.
pub(super) fn sheets<'b>(book: &'b Book<'b>) -> Vec<Sheet<'b>> {
    let named = |sheet: Sheet<'b>| {
        let (_, columns, blank) = SHEETS.into_iter().find(|(name, ..)| *name == sheet.name)?;
        Some(reduced(sheet, columns, blank))
    };
    all_sheets::all(book).into_iter().filter_map(named).collect()
}

/// The first columns of a sheet, some of them blank; what the hierarchy says already is left out.
fn reduced<'b>(sheet: Sheet<'b>, most: usize, blank: &'static [&'static str]) -> Sheet<'b> {
    let Sheet { name, mut columns, rows } = sheet;
    columns.truncate(most);
    let is_blank: Vec<bool> = columns.iter().map(|column| blank.contains(&column.name.as_ref())).collect();
    let rows = rows.filter(|row| !row.iter().flatten().any(|cell| cell == "Is Child Of"));
    let rows =
        rows.map(move |row| row.into_iter().zip(&is_blank).map(|(cell, blank)| cell.filter(|_| !blank)).collect());
    Sheet { name, columns, rows: Box::new(rows) }
}
