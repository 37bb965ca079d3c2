//! One item with everything around it, as a tool answers it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::tools::{read, written};
use crate::registry::{AssociationLine, EndLine, ItemLine, ObjectPage, Permalink, View};
use crate::server::error::ApiError;

/// What is looked up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reference {
    /// An identifier, a uri, or a code or name.
    reference: String,
    /// The framework that a code or name is of: an identifier, a uri, or its title.
    #[serde(default)]
    framework: Option<String>,
}

/// An item, or another object of a framework.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    kind: &'static str,
    identifier: &'a str,
    uri: &'a str,
    code: Option<&'a str>,
    statement: &'a str,
    item_type: &'a str,
    /// When it was retired, or how; absent while it is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    retired: Option<&'a str>,
    framework: Value,
    /// From the framework's root down to the parent.
    path: Vec<Line<'a>>,
    children: Vec<Line<'a>>,
    /// How many children there are in all.
    children_total: usize,
    properties: serde_json::Map<String, Value>,
    associations: Vec<Value>,
    associations_total: usize,
    replaced_by: Vec<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    identifier: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    code: &'a str,
    statement: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    item_type: &'a str,
}

/// The object that a reference means, with what is around it; what is known of the reference, where it means none or
/// several.
pub(super) fn look_up(view: &View<'_>, arguments: Value) -> Result<Value, ApiError> {
    let Reference { reference, framework } = read(arguments)?;
    // With a framework a text may be a code or a name of it; without, its shape tells.
    let asked = match framework {
        Some(framework) => vec![
            json!({ "code": reference, "framework": framework }),
            json!({ "name": reference, "framework": framework }),
        ],
        None => vec![json!(reference)],
    };
    let mut resolutions = view.resolve_json(&asked)?;
    let at = resolutions.iter().position(|one| one.object.is_some()).unwrap_or_default();
    let resolution = resolutions.swap_remove(at);
    let page = match &resolution.object {
        Some(object) => view.page(&object.identifier)?,
        None => None,
    };
    match page {
        Some(Permalink::Object(page)) => Ok(json!({ "state": resolution.state, "item": written(&item(&page))? })),
        _ => written(&resolution),
    }
}

fn item(page: &ObjectPage) -> Item<'_> {
    let framework = json!({ "identifier": page.framework.identifier, "title": page.framework.label });
    Item {
        kind: page.class.name(),
        identifier: &page.identifier,
        uri: &page.uri,
        code: page.code.as_deref(),
        statement: page.statement.as_deref().unwrap_or(&page.title),
        item_type: &page.item_type,
        retired: page.retired.as_deref(),
        framework,
        path: page.path.iter().map(line).collect(),
        children: page.children.iter().map(line).collect(),
        children_total: page.children_total,
        properties: page.properties.iter().map(|(name, text)| (name.clone(), json!(text))).collect(),
        associations: page.associations.iter().map(association).collect(),
        associations_total: page.associations_total,
        replaced_by: page.replaced_by.iter().map(end).collect(),
    }
}

fn line(item: &ItemLine) -> Line<'_> {
    Line { identifier: &item.identifier, code: &item.code, statement: &item.statement, item_type: &item.item_type }
}

fn association(line: &AssociationLine) -> Value {
    json!({ "type": line.kind, "isOrigin": line.is_forward, "other": end(&line.end) })
}

fn end(end: &EndLine) -> Value {
    let EndLine { item, title, uri, identifier, framework } = end;
    let statement = item.as_ref().map_or(title, |item| &item.statement);
    let code = item.as_ref().map(|item| &item.code).filter(|code| !code.is_empty());
    json!({ "identifier": identifier, "uri": uri, "code": code, "statement": statement, "framework": framework })
}
