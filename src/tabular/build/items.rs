//! What a row says of an item, laid over what is stored of it: a column that is there and blank
//! clears the property, a column that is not there leaves it.

use serde_json::Value;

use super::dates::{self, Order, Reading};
use super::definitions::Set;
use super::drafts::Draft;
use super::exact;
use super::grades;
use super::limits;
use super::line::Line;
use super::notes::Notes;
use crate::case::model::{Concept, Date, Extensions, Identity, Item, ItemType, Subject, Timestamp};
use crate::case::read::proper_uri;
use crate::tabular::mapping::Field;

/// A new item of that identity which says nothing yet.
pub(super) fn blank(identity: Identity) -> Item {
    Item {
        identity,
        full_statement: String::new(),
        alternative_label: None,
        item_type: None,
        human_coding_scheme: None,
        list_enumeration: None,
        abbreviated_statement: None,
        concept_keywords: None,
        concept_keywords_uri: None,
        notes: None,
        subject: None,
        subject_uri: None,
        language: None,
        education_level: None,
        item_type_uri: None,
        license_uri: None,
        status_start_date: None,
        status_end_date: None,
        extensions: None,
        home: None,
    }
}

/// The identity of something new.
pub(super) fn identity(id: &str, uri: Option<String>, base_url: &str, now: &Timestamp) -> Identity {
    let uri = uri.unwrap_or_else(|| format!("{base_url}/uri/{id}"));
    Identity { identifier: id.to_owned(), uri, last_change: now.clone() }
}

/// The uri in a row, where it is one.
pub(super) fn uri(line: &Line<'_, '_>, notes: &mut Notes) -> Option<String> {
    let text = line.text(&Field::Uri)?;
    // What was published once is kept byte for byte.
    let uri = if line.is_exact() { Some(text.to_owned()) } else { proper_uri(text) };
    if uri.is_none() {
        let sentence = "no absolute uri; it is left out";
        notes.loss("uri-relative", line.place(&Field::Uri), sentence, text);
    }
    uri
}

/// Lays the draft over the item.
pub(super) fn overlay(
    item: &mut Item,
    before: Option<&Item>,
    draft: &Draft<'_, '_>,
    definitions: &mut Set<'_>,
    orders: &[(Field, Order)],
    notes: &mut Notes,
) {
    if let Some(statement) = &draft.statement {
        item.full_statement.clone_from(statement);
        limits::check(notes, "fullStatement", limits::of_item("fullStatement"), statement, || {
            draft.place_of(&Field::FullStatement)
        });
    }
    let is_stored = before.is_some();
    let Some(line) = &draft.line else {
        if draft.code.is_some() {
            item.human_coding_scheme.clone_from(&draft.code);
        }
        return;
    };
    let table = line.table;
    if draft.code.is_some() || table.has(&Field::HumanCodingScheme) {
        item.human_coding_scheme.clone_from(&draft.code);
        if let Some(code) = &draft.code {
            let limit = limits::of_item("humanCodingScheme");
            limits::check(notes, "humanCodingScheme", limit, code, || line.place(&Field::HumanCodingScheme));
        }
    }
    let mut text = |slot: &mut Option<String>, field: &Field, name: &str| {
        if table.has(field) {
            *slot = line.text(field).map(str::to_owned);
            if let Some(text) = slot {
                limits::check(notes, name, limits::of_item(name), text, || line.place(field));
            }
        }
    };
    text(&mut item.alternative_label, &Field::AlternativeLabel, "alternativeLabel");
    text(&mut item.list_enumeration, &Field::ListEnumeration, "listEnumeration");
    text(&mut item.abbreviated_statement, &Field::AbbreviatedStatement, "abbreviatedStatement");
    text(&mut item.notes, &Field::Notes, "notes");
    text(&mut item.language, &Field::Language, "language");
    let kind = item.item_type.clone();
    text(&mut item.item_type, &Field::CfItemType, "CFItemType");
    let said = exact::said_link(line, "CFItemTypeURI", definitions);
    let title = item.item_type.as_deref();
    said.follow(&mut item.item_type_uri, item.item_type != kind, is_stored, || {
        title.map(|title| definitions.link::<ItemType>(title))
    });
    if table.has(&Field::Subject) {
        let changed = replace(&mut item.subject, line.texts(&Field::Subject), line.is_exact());
        let said = exact::said_links(line, "subjectURI", definitions);
        let titles = item.subject.iter().flatten();
        said.follow(&mut item.subject_uri, changed, is_stored, || {
            let links: Vec<_> = titles.map(|title| definitions.link::<Subject>(title)).collect();
            (!links.is_empty()).then_some(links)
        });
    }
    if table.has(&Field::ConceptKeywords) {
        let changed = replace(&mut item.concept_keywords, line.texts(&Field::ConceptKeywords), line.is_exact());
        let keywords = item.concept_keywords.as_deref().unwrap_or_default();
        let limit = limits::of_item("conceptKeywords");
        limits::check(notes, "conceptKeywords", limit, &keywords.join(","), || line.place(&Field::ConceptKeywords));
        let said = exact::said_link(line, "conceptKeywordsURI", definitions);
        // A single link in the standard: to the concept that one of the keywords is the title of.
        said.follow(&mut item.concept_keywords_uri, changed, is_stored, || {
            keywords.iter().find_map(|title| definitions.known::<Concept>(title))
        });
    }
    if line.is_exact() {
        if table.has(&Field::EducationLevel) {
            replace(&mut item.education_level, line.texts(&Field::EducationLevel), true);
        }
    } else if [Field::EducationLevel, Field::EducationLevelFrom, Field::EducationLevelTo]
        .iter()
        .any(|field| table.has(field))
    {
        let as_written: Vec<String> = line.list(&Field::EducationLevel).iter().map(|text| (*text).to_owned()).collect();
        // What is stored and written in the sheet as it is stored has not been changed.
        if as_written.is_empty() || item.education_level.as_ref() != Some(&as_written) {
            replace(&mut item.education_level, Some(grades_of(line, notes)), false);
        }
    }
    if table.has(&Field::License) {
        let license = line.text(&Field::License);
        let said = exact::said_link(line, "licenseURI", definitions);
        let title = item.license_uri.as_ref().map(|link| link.title.as_str());
        let changed = title != license;
        said.follow(&mut item.license_uri, changed, is_stored, || {
            license.map(|text| definitions.license(text, line.text(&Field::LicenseText)))
        });
    }
    let kept = before.and_then(|before| before.home.clone());
    let home = exact::said_link(line, "CFDocumentURI", definitions);
    home.map(|home| kept.filter(|kept| kept.identifier == home.identifier).unwrap_or(home)).lay(&mut item.home);
    date(&mut item.status_start_date, line, &Field::StatusStartDate, orders, notes);
    date(&mut item.status_end_date, line, &Field::StatusEndDate, orders, notes);
    extensions(&mut item.extensions, line, notes);
}

/// Whether a list changes; an empty one stays absent, or as empty as it was, unless the row is exact.
fn replace(slot: &mut Option<Vec<String>>, list: Option<Vec<String>>, exact: bool) -> bool {
    let same =
        if exact { *slot == list } else { slot.as_deref().unwrap_or_default() == list.as_deref().unwrap_or_default() };
    if !same {
        *slot = list.filter(|list| exact || !list.is_empty());
    }
    !same
}

/// The grades of a row in the codes that data shares; what is none of them is kept as it is.
fn grades_of(line: &Line<'_, '_>, notes: &mut Notes) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in line.list(&Field::EducationLevel) {
        match grades::normalise(text) {
            Some(codes) => {
                if codes != [text] && notes.first("grade-normalised", text) {
                    let sentence = format!("read as {}", codes.join(", "));
                    notes.info("grade-normalised", line.place(&Field::EducationLevel), sentence, text);
                }
                all.extend(codes.into_iter().map(str::to_owned));
            }
            None => {
                if notes.first("grade-unknown", text) {
                    let sentence = "no grade that is known; it is kept as it is";
                    notes.info("grade-unknown", line.place(&Field::EducationLevel), sentence, text);
                }
                all.push(text.to_owned());
            }
        }
    }
    let (first, last) = (line.text(&Field::EducationLevelFrom), line.text(&Field::EducationLevelTo));
    if let Some(first) = first.or(last) {
        let last = last.unwrap_or(first);
        match grades::range(first, last) {
            Some(codes) => all.extend(codes.into_iter().map(str::to_owned)),
            None => {
                let said = format!("{first}-{last}");
                if notes.first("grade-unknown", &said) {
                    let sentence = "no range of grades that are known; both ends are kept as they are";
                    notes.warn("grade-unknown", line.place(&Field::EducationLevelFrom), sentence, &said);
                }
                all.extend([first, last].map(str::to_owned));
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|grade| seen.insert(grade.clone()));
    all
}

/// The date in a row; a stored one that the cell cannot replace stays.
fn date(slot: &mut Option<Date>, line: &Line<'_, '_>, field: &Field, orders: &[(Field, Order)], notes: &mut Notes) {
    if !line.table.has(field) {
        return;
    }
    let Some(text) = line.text(field) else {
        *slot = None;
        return;
    };
    let order = orders.iter().find(|(of, _)| of == field).map(|(_, order)| *order).unwrap_or_default();
    if let Some(day) = read_date(text, order, || line.place(field), notes) {
        *slot = Some(day);
    }
}

/// A date as it is written, with what was assumed told.
pub(super) fn read_date(text: &str, order: Order, place: impl Fn() -> String, notes: &mut Notes) -> Option<Date> {
    match dates::date(text, order) {
        Some(Reading::Plain(day)) => Some(day),
        Some(Reading::Serial(day)) => {
            let sentence = format!("the number of a day, as spreadsheet programs keep it; read as {}", day.as_str());
            notes.info("date-repaired", place(), sentence, text);
            Some(day)
        }
        Some(Reading::Begins(day)) => {
            let sentence = format!("no day is given; read as {}", day.as_str());
            notes.warn("date-repaired", place(), sentence, text);
            Some(day)
        }
        Some(Reading::Ambiguous(day, other)) => {
            let sentence =
                format!("read as {}; it could also be {}. Write it as year-month-day", day.as_str(), other.as_str());
            notes.warn("date-ambiguous", place(), sentence, text);
            Some(day)
        }
        None => {
            notes.loss("date-unreadable", place(), "no date can be made out; write it as year-month-day", text);
            None
        }
    }
}

/// The columns that have no place in the standard, as members of `extensions`.
pub(super) fn extensions(slot: &mut Option<Extensions>, line: &Line<'_, '_>, notes: &mut Notes) {
    if line.is_exact() {
        return exact::extensions(slot, line, notes);
    }
    for field in line.table.fields() {
        let Field::Extension(name) = field else { continue };
        let key = exact::key(line, name);
        match line.text(field) {
            Some(text) => {
                let values = line.list(field);
                let value = if values.len() > 1 { Value::from(values) } else { Value::from(text) };
                slot.get_or_insert_default().insert(key, value);
            }
            None => {
                if let Some(map) = slot {
                    map.shift_remove(&key);
                }
            }
        }
    }
    if slot.as_ref().is_some_and(Extensions::is_empty) {
        *slot = None;
    }
}

/// A name that may stand in `extensions` (digest 12.7): in camel case, and without a colon, which
/// the schemas give a meaning of its own.
pub(super) fn extension_key(name: &str) -> String {
    if !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "._".contains(c)) {
        return name.to_owned();
    }
    let words = name.split(|c: char| !c.is_alphanumeric() && !"._".contains(c)).filter(|word| !word.is_empty());
    let mut key = String::new();
    for word in words {
        let mut letters = word.chars();
        let first = letters.next().unwrap_or_default();
        if key.is_empty() {
            // "ISBN" stays, "Approved" becomes "approved".
            let shouted = word.chars().count() > 1 && word.chars().all(|c| !c.is_lowercase());
            if shouted { key.push(first) } else { key.extend(first.to_lowercase()) }
        } else {
            key.extend(first.to_uppercase());
        }
        key.extend(letters);
    }
    if key.is_empty() { "column".to_owned() } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_become_proper_keys() {
        for (name, key) in [
            ("approvedBy", "approvedBy"),
            ("Approved by", "approvedBy"),
            ("vendor.name", "vendor.name"),
            ("ceasn:comment", "ceasnComment"),
            ("ISBN number", "ISBNNumber"),
            ("Größe (cm)", "größeCm"),
            ("??", "column"),
        ] {
            assert_eq!(extension_key(name), key, "{name}");
        }
    }
}
