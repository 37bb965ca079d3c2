//! Reads a CFRubric with its criteria and levels.

use serde_json::Value;

use super::super::model::{Class, Criterion, Level, Rubric};
use super::session::Session;

const RUBRIC: &[&str] =
    &["identifier", "uri", "title", "description", "lastChangeDateTime", "CFRubricCriteria", "extensions"];
const CRITERION: &[&str] = &[
    "identifier",
    "uri",
    "category",
    "description",
    "CFItemURI",
    "weight",
    "position",
    "rubricId",
    "lastChangeDateTime",
    "CFRubricCriterionLevels",
    "extensions",
];
const LEVEL: &[&str] = &[
    "identifier",
    "uri",
    "description",
    "quality",
    "score",
    "feedback",
    "position",
    "rubricCriterionId",
    "lastChangeDateTime",
    "extensions",
];

pub(super) fn rubric(session: &mut Session<'_>, value: Value) -> Rubric {
    let mut fields = session.object(value, RUBRIC);
    let title = fields.text("title");
    let identity = Session::identity(&mut fields, Class::Rubric, title.as_deref().unwrap_or_default());
    let description = fields.text("description");
    let criteria = fields.objects("CFRubricCriteria");
    let extensions = fields.extensions();
    fields.finish();
    let criteria = criteria.map(|values| session.each("CFRubricCriteria", values, criterion));
    Rubric { identity, title, description, criteria, extensions }
}

pub(super) fn criterion(session: &mut Session<'_>, value: Value) -> Criterion {
    let mut fields = session.object(value, CRITERION);
    let identity = Session::identity(&mut fields, Class::Criterion, "");
    let category = fields.text("category");
    let description = fields.text("description");
    let item_uri = fields.link("CFItemURI");
    let weight = fields.number("weight");
    let position = fields.integer("position");
    let rubric_id = fields.text("rubricId").map(|id| fields.session.at("rubricId", |s| s.published_identifier(&id)));
    let levels = fields.objects("CFRubricCriterionLevels");
    let extensions = fields.extensions();
    fields.finish();
    let levels = levels.map(|values| session.each("CFRubricCriterionLevels", values, level));
    Criterion { identity, category, description, item_uri, weight, position, rubric_id, levels, extensions }
}

pub(super) fn level(session: &mut Session<'_>, value: Value) -> Level {
    let mut fields = session.object(value, LEVEL);
    let level = Level {
        identity: Session::identity(&mut fields, Class::Level, ""),
        description: fields.text("description"),
        quality: fields.text("quality"),
        score: fields.number("score"),
        feedback: fields.text("feedback"),
        position: fields.integer("position"),
        rubric_criterion_id: fields
            .text("rubricCriterionId")
            .map(|id| fields.session.at("rubricCriterionId", |s| s.published_identifier(&id))),
        extensions: fields.extension_list(),
    };
    fields.finish();
    level
}
