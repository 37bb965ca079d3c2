//! What the query of a request about imports may hold.

use actix_web::web;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::form_urlencoded;
use utoipa::IntoParams;

use crate::registry::ImportChange;
use crate::server::error::ApiError;
use crate::server::refusal::Refusal;

/// How many imports a page of the list has, and how many entries of each kind a window.
const USUAL: u16 = 100;
const MOST: u16 = 1_000;

/// What is to be imported.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NewImport {
    /// Fetch this instead of a body: a CFPackages, CFDocuments or /uri/ address of another CASE
    /// server, or that of a file. Public addresses only, unless the operator allows others.
    #[param(example = "https://case.example.org/ims/case/v1p1/CFPackages/c5fb0812-d7cb-11e8-824f-0242ac160002")]
    pub(super) url: Option<String>,
    /// What the file is called; without it, what Content-Disposition says.
    pub(super) name: Option<String>,
}

/// A page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListPage {
    /// Only imports below this number; the header Link has the next page.
    pub(super) before: Option<i64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000)]
    pub(super) limit: Option<u16>,
}

/// A window on differences.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Window {
    /// The number of the first entry of each kind.
    #[param(minimum = 0)]
    pub(super) offset: Option<u32>,
    /// At most so many of each kind.
    #[param(minimum = 1, maximum = 1000)]
    pub(super) limit: Option<u16>,
}

/// A query that may not be one.
pub(super) type Asked<T> = Result<web::Query<T>, actix_web::Error>;

/// The query, or what is wrong with it.
///
/// # Errors
/// 400.
pub(super) fn query<T>(asked: Asked<T>) -> Result<T, ApiError> {
    let refuse = |error: actix_web::Error| Refusal::bad_request(format!("The query is not understood: {error}."));
    asked.map(web::Query::into_inner).map_err(refuse)
}

/// At most how many are told.
///
/// # Errors
/// 400 for none or too many.
pub(super) fn limit(asked: Option<u16>) -> Result<u16, ApiError> {
    match asked.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(Refusal::bad_request(format!("limit is a number from 1 to {MOST}."))),
    }
}

/// What may be given more than once, and what is true or false.
const LISTS: [&str; 2] = ["map", "sheet"];
const FLAGS: [&str; 3] = ["deleteMissing", "move", "retireMissing"];
/// What is said of a new import only.
const NEW: [&str; 2] = ["url", "name"];

/// The query of a request that makes an import.
///
/// # Errors
/// 400.
pub(super) fn new_import(query: &str) -> Result<(NewImport, ImportChange), ApiError> {
    let mut all = members(query)?;
    let new = NEW.iter().filter_map(|name| all.remove_entry(*name)).collect();
    Ok((deserialized(new)?, deserialized(all)?))
}

/// The query of a request that changes the options of an import.
///
/// # Errors
/// 400.
pub(super) fn change(query: &str) -> Result<ImportChange, ApiError> {
    deserialized(members(query)?)
}

fn members(query: &str) -> Result<Map<String, Value>, ApiError> {
    let mut all = Map::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let (name, text) = (name.into_owned(), text.into_owned());
        if LISTS.contains(&name.as_str()) {
            let list = all.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().into_iter().for_each(|list| list.push(text.as_str().into()));
            continue;
        }
        let value = match (FLAGS.contains(&name.as_str()), text.as_str()) {
            (true, "true") => Value::Bool(true),
            (true, "false") => Value::Bool(false),
            (true, _) => return Err(Refusal::bad_request(format!("{name} is true or false."))),
            (false, _) => Value::String(text),
        };
        let twice = format!("{name} is given twice; give it once.");
        if all.insert(name, value).is_some() {
            return Err(Refusal::bad_request(twice));
        }
    }
    Ok(all)
}

fn deserialized<T: DeserializeOwned>(members: Map<String, Value>) -> Result<T, ApiError> {
    let refuse = |error: serde_json::Error| Refusal::bad_request(format!("The query is not understood: {error}."));
    serde_json::from_value(Value::Object(members)).map_err(refuse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_often_is_a_list_and_everything_else_is_given_once() {
        let (new, asked) = new_import("name=a+b&map=statement%3DD&map=code=B&move=true&title=true").ok().unwrap();
        assert_eq!((new.name.as_deref(), new.url), (Some("a b"), None));
        assert_eq!(asked.map, Some(vec!["statement=D".to_owned(), "code=B".to_owned()]));
        assert_eq!((asked.move_objects, asked.delete_missing), (Some(true), None));
        assert_eq!(asked.title.as_deref(), Some("true"));
        for wrong in ["move=maybe", "mvoe=true", "move=true&move=true", "deleteMissing=", "title=a&title=b"] {
            assert!(new_import(wrong).is_err(), "{wrong}");
        }
        assert!(change("name=a").is_err());
    }
}
