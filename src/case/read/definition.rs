//! Reads CFDefinitions and the five classes in it.

use serde_json::Value;

use super::super::model::{Class, Concept, Definitions, Grouping, Identity, ItemType, License, Subject};
use super::super::report::Severity;
use super::fields::Fields;
use super::session::Session;

const LISTS: &[&str] =
    &["CFConcepts", "CFSubjects", "CFLicenses", "CFItemTypes", "CFAssociationGroupings", "extensions"];
const CONCEPT: &[&str] =
    &["identifier", "uri", "title", "keywords", "hierarchyCode", "description", "lastChangeDateTime", "extensions"];
const SUBJECT: &[&str] =
    &["identifier", "uri", "title", "hierarchyCode", "description", "lastChangeDateTime", "extensions"];
const ITEM_TYPE: &[&str] =
    &["identifier", "uri", "title", "description", "hierarchyCode", "typeCode", "lastChangeDateTime", "extensions"];
const LICENSE: &[&str] =
    &["identifier", "uri", "title", "description", "licenseText", "lastChangeDateTime", "extensions"];
const GROUPING: &[&str] = &["identifier", "uri", "title", "description", "lastChangeDateTime", "extensions"];

/// The definitions; an empty list stands for none in some exports.
pub(super) fn definitions(session: &mut Session<'_>, value: Option<Value>) -> Option<Definitions> {
    let map = match value? {
        Value::Object(map) => map,
        Value::Array(mut list) if list.len() <= 1 && list.iter().all(Value::is_object) => {
            let original = Value::Array(list.clone());
            session.note(
                Severity::Info,
                "object-from-list",
                "CFDefinitions is one object, not a list",
                Some(&original),
            );
            match list.pop()? {
                Value::Object(map) => map,
                _ => return None,
            }
        }
        other => {
            session.note(Severity::Loss, "wrong-type", "CFDefinitions is one object; left out", Some(&other));
            return None;
        }
    };
    let mut fields = session.fields(map, LISTS);
    let concepts = fields.objects("CFConcepts");
    let subjects = fields.objects("CFSubjects");
    let licenses = fields.objects("CFLicenses");
    let item_types = fields.objects("CFItemTypes");
    let groupings = fields.objects("CFAssociationGroupings");
    let extensions = fields.extensions();
    fields.finish();
    Some(Definitions {
        concepts: list(session, "CFConcepts", concepts, concept, |c| (&c.identity, &c.title)),
        subjects: list(session, "CFSubjects", subjects, subject, |s| (&s.identity, &s.title)),
        licenses: list(session, "CFLicenses", licenses, license, |l| (&l.identity, &l.title)),
        item_types: list(session, "CFItemTypes", item_types, item_type, |t| (&t.identity, &t.title)),
        groupings: list(session, "CFAssociationGroupings", groupings, grouping, |g| (&g.identity, &g.title)),
        extensions,
    })
}

fn list<T>(
    session: &mut Session<'_>,
    key: &'static str,
    values: Option<Vec<Value>>,
    read: fn(&mut Session<'_>, Value) -> T,
    name: fn(&T) -> (&Identity, &String),
) -> Option<Vec<T>> {
    let all = session.each(key, values?, read);
    for one in &all {
        let (identity, title) = name(one);
        session.remember(identity, title);
    }
    Some(all)
}

/// Identity and title, which every definition starts with.
fn head(fields: &mut Fields<'_, '_>, class: Class) -> (Identity, String) {
    let title = fields.text("title");
    let identity = Session::identity(fields, class, title.as_deref().unwrap_or_default());
    let title = title.unwrap_or_else(|| {
        let sentence = "title is required and missing: the identifier is filled in";
        fields.session.at("title", |s| s.note(Severity::Warning, "required-filled", sentence, None));
        identity.identifier.clone()
    });
    (identity, title)
}

/// A running number stands in for a missing hierarchyCode (digest 8.6).
fn hierarchy_code(fields: &mut Fields<'_, '_>) -> String {
    let index = fields.session.index();
    fields.required("hierarchyCode", || (index + 1).to_string())
}

pub(super) fn concept(session: &mut Session<'_>, value: Value) -> Concept {
    let mut fields = session.object(value, CONCEPT);
    let (identity, title) = head(&mut fields, Class::Concept);
    let concept = Concept {
        identity,
        title,
        keywords: fields.text("keywords"),
        hierarchy_code: hierarchy_code(&mut fields),
        description: fields.text("description"),
        extensions: fields.extensions(),
    };
    fields.finish();
    concept
}

pub(super) fn subject(session: &mut Session<'_>, value: Value) -> Subject {
    let mut fields = session.object(value, SUBJECT);
    let (identity, title) = head(&mut fields, Class::Subject);
    let subject = Subject {
        identity,
        title,
        hierarchy_code: hierarchy_code(&mut fields),
        description: fields.text("description"),
        extensions: fields.extensions(),
    };
    fields.finish();
    subject
}

pub(super) fn item_type(session: &mut Session<'_>, value: Value) -> ItemType {
    let mut fields = session.object(value, ITEM_TYPE);
    let (identity, title) = head(&mut fields, Class::ItemType);
    let item_type = ItemType {
        description: fields.required("description", || title.clone()),
        hierarchy_code: hierarchy_code(&mut fields),
        type_code: fields.text("typeCode"),
        extensions: fields.extensions(),
        identity,
        title,
    };
    fields.finish();
    item_type
}

pub(super) fn license(session: &mut Session<'_>, value: Value) -> License {
    let mut fields = session.object(value, LICENSE);
    let (identity, title) = head(&mut fields, Class::License);
    let license = License {
        description: fields.text("description"),
        license_text: fields.required("licenseText", || title.clone()),
        extensions: fields.extensions(),
        identity,
        title,
    };
    fields.finish();
    license
}

pub(super) fn grouping(session: &mut Session<'_>, value: Value) -> Grouping {
    let mut fields = session.object(value, GROUPING);
    let (identity, title) = head(&mut fields, Class::Grouping);
    let grouping =
        Grouping { identity, title, description: fields.text("description"), extensions: fields.extensions() };
    fields.finish();
    grouping
}
