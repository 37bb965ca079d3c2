//! The official schemas of both versions, embedded, and validation against them.
//!
//! The files stay as published in `schemas/case/`; what must be adapted is adapted here when they
//! are loaded (`schemas/case/README.md` says why). It must never fetch anything, and never soften a
//! rule: empty sets are violations here, and whoever serves or imports them decides (digest 15,
//! row 6). Nothing in it reads CASE into the model; that is `read`'s work.

use std::sync::OnceLock;

use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Map, Value};

use super::Version;

/// The bodies the standard defines: one for each operation's success, and the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The list of frameworks.
    DocumentSet,
    /// A CFDocument outside a package.
    Document,
    /// A whole framework.
    Package,
    /// A CFItem outside a package.
    Item,
    /// A CFItem with its associations.
    ItemAssociations,
    /// A CFAssociation outside a package.
    Association,
    /// A CFAssociationGrouping.
    Grouping,
    /// A CFConcept and its descendants.
    ConceptSet,
    /// A CFItemType and its descendants.
    ItemTypeSet,
    /// A CFSubject and its descendants.
    SubjectSet,
    /// A CFLicense.
    License,
    /// A CFRubric with its criteria and levels.
    Rubric,
    /// An imsx_StatusInfo.
    Error,
}

/// One way in which an instance breaks its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where in the instance: a JSON Pointer, empty for the whole.
    pub pointer: String,
    /// What is wrong, for people. Long values are not repeated.
    pub sentence: String,
    /// The JSON Schema keyword that failed, such as `required`, `type` or `additionalProperties`;
    /// `$schema` if the embedded schema itself could not be loaded, which is a fault of ours.
    pub keyword: String,
}

/// The OpenAPI file of a version as published: OpenAPI 2.0 for 1.0, OpenAPI 3.0 for 1.1, where it is
/// the discovery document that a server must localise (digest 6).
#[must_use]
pub fn openapi(version: Version) -> &'static str {
    match version {
        Version::V1p0 => include_str!("../../schemas/case/case-v1p0-openapi2.0.json"),
        Version::V1p1 => include_str!("../../schemas/case/case-v1p1-openapi3.0.json"),
    }
}

/// Validates a body; an empty list means it is valid. Formats (`date`, `date-time`, `uri`) are
/// checked, and patterns must match the whole string, not a part of it as the published files say.
#[must_use]
pub fn violations(version: Version, shape: Shape, instance: &Value) -> Vec<Violation> {
    match compiled(version, shape) {
        Ok(validator) => validator.iter_errors(instance).map(|error| violation(&error)).collect(),
        Err(fault) => vec![Violation {
            pointer: String::new(),
            sentence: format!("the embedded schema cannot be used: {fault}"),
            keyword: "$schema".to_owned(),
        }],
    }
}

type Compiled = Result<Validator, String>;

/// Compiles on first use, once. Both indices are discriminants, so they are in bounds.
fn compiled(version: Version, shape: Shape) -> &'static Compiled {
    static COMPILED: [[OnceLock<Compiled>; Shape::COUNT]; Version::ALL.len()] =
        [const { [const { OnceLock::new() }; Shape::COUNT] }; Version::ALL.len()];
    COMPILED[version as usize][shape as usize].get_or_init(|| compile(version, shape))
}

fn compile(version: Version, shape: Shape) -> Compiled {
    let (mut schema, draft) = match version {
        // Draft 7 reads OpenAPI 2.0's dialect of draft 4 alike, and knows the `date` format.
        Version::V1p0 => (v1p0_schema(shape)?, Draft::Draft7),
        Version::V1p1 => (v1p1_schema(shape)?, Draft::Draft202012),
    };
    anchor_patterns(&mut schema);
    jsonschema::options()
        .with_draft(draft)
        .should_validate_formats(true)
        .offline()
        .build(&schema)
        .map_err(|error| error.to_string())
}

impl Shape {
    const COUNT: usize = Shape::Error as usize + 1;

    /// The operation that answers with this shape. An error answers all of them.
    fn operation(self) -> &'static str {
        match self {
            Shape::DocumentSet | Shape::Error => "getAllCFDocuments",
            Shape::Document => "getCFDocument",
            Shape::Package => "getCFPackage",
            Shape::Item => "getCFItem",
            Shape::ItemAssociations => "getCFItemAssociations",
            Shape::Association => "getCFAssociation",
            Shape::Grouping => "getCFAssociationGrouping",
            Shape::ConceptSet => "getCFConcept",
            Shape::ItemTypeSet => "getCFItemType",
            Shape::SubjectSet => "getCFSubject",
            Shape::License => "getCFLicense",
            Shape::Rubric => "getCFRubric",
        }
    }

    /// The response whose body it is.
    fn response(self) -> &'static str {
        if self == Shape::Error { "default" } else { "200" }
    }
}

macro_rules! v1p1_file {
    ($name:literal) => {
        include_str!(concat!("../../schemas/case/case-v1p1-jsonschema-", $name, ".json"))
    };
}

/// The published JSON Schema, without its `$schema` and `$id`: the former is not the draft's real
/// identifier and the latter is a bare file name.
fn v1p1_schema(shape: Shape) -> Result<Value, String> {
    let text = match shape {
        Shape::DocumentSet => v1p1_file!("getAllCFDocuments-200"),
        Shape::Document => v1p1_file!("getCFDocument-200"),
        Shape::Package => v1p1_file!("getCFPackage-200"),
        Shape::Item => v1p1_file!("getCFItem-200"),
        Shape::ItemAssociations => v1p1_file!("getCFItemAssociations-200"),
        Shape::Association => v1p1_file!("getCFAssociation-200"),
        Shape::Grouping => v1p1_file!("getCFAssociationGrouping-200"),
        Shape::ConceptSet => v1p1_file!("getCFConcept-200"),
        Shape::ItemTypeSet => v1p1_file!("getCFItemType-200"),
        Shape::SubjectSet => v1p1_file!("getCFSubject-200"),
        Shape::License => v1p1_file!("getCFLicense-200"),
        Shape::Rubric => v1p1_file!("getCFRubric-200"),
        Shape::Error => v1p1_file!("imsx_StatusInfo-errors"),
    };
    let mut schema: Map<String, Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    schema.remove("$schema");
    schema.remove("$id");
    Ok(Value::Object(schema))
}

/// The schema of the operation's response in the 1.0 OpenAPI file, with all definitions beside it.
fn v1p0_schema(shape: Shape) -> Result<Value, String> {
    let openapi: Value = serde_json::from_str(openapi(Version::V1p0)).map_err(|error| error.to_string())?;
    let response = v1p0_response(&openapi, shape)
        .ok_or_else(|| format!("{} has no response {}", shape.operation(), shape.response()))?;
    let definitions = openapi.get("definitions").and_then(Value::as_object).ok_or("no definitions")?;
    let merged: Map<String, Value> =
        definitions.iter().map(|(name, definition)| (name.clone(), merge_all_of(definition, definitions))).collect();
    Ok(serde_json::json!({ "allOf": [response], "definitions": merged }))
}

fn v1p0_response(openapi: &Value, shape: Shape) -> Option<&Value> {
    let operation = openapi
        .get("paths")?
        .as_object()?
        .values()
        .filter_map(|path| path.get("get"))
        .find(|get| get.get("operationId").and_then(Value::as_str) == Some(shape.operation()))?;
    operation.get("responses")?.get(shape.response())?.get("schema")
}

/// Makes one closed object of an `allOf` of closed objects, which nothing could satisfy
/// (digest 15, row 16). Other definitions are returned as they are.
fn merge_all_of(definition: &Value, definitions: &Map<String, Value>) -> Value {
    let Some(members) = definition.get("allOf").and_then(Value::as_array) else {
        return definition.clone();
    };
    let mut properties = Map::new();
    let mut required = Vec::new();
    for member in members {
        let member = referenced(member, definitions).unwrap_or(member);
        if let Some(more) = member.get("properties").and_then(Value::as_object) {
            properties.extend(more.clone());
        }
        if let Some(more) = member.get("required").and_then(Value::as_array) {
            required.extend(more.iter().cloned());
        }
    }
    serde_json::json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn referenced<'a>(member: &Value, definitions: &'a Map<String, Value>) -> Option<&'a Value> {
    let name = member.get("$ref")?.as_str()?.strip_prefix("#/definitions/")?;
    definitions.get(name)
}

/// Anchors every `pattern` keyword: the published ones accept any string with a match inside.
fn anchor_patterns(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (keyword, value) in members {
                match value {
                    Value::String(pattern) if keyword == "pattern" => {
                        *pattern = format!("^(?:{pattern})$");
                    }
                    other => anchor_patterns(other),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(anchor_patterns),
        _ => {}
    }
}

fn violation(error: &ValidationError) -> Violation {
    Violation {
        pointer: error.instance_path().to_string(),
        sentence: sentence(error),
        keyword: error.kind().keyword().to_owned(),
    }
}

/// The validator's own sentence, with a stand-in for values too long to read.
fn sentence(error: &ValidationError) -> String {
    const LONGEST: usize = 100;
    let short = match error.instance().as_ref() {
        Value::Array(_) | Value::Object(_) => false,
        Value::String(text) => text.len() <= LONGEST,
        _ => true,
    };
    if short { error.to_string() } else { error.masked_with("this value").to_string() }
}

#[cfg(test)]
mod tests;
