//! Texts of a credential, in whichever of the ways that JSON-LD and its users write them.
//!
//! Never contains which member is which.

use serde_json::{Map, Value};

use super::kind::list;

/// Which language is read where a text is given in several.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Languages<'a> {
    /// What the caller asked for.
    pub(super) asked: Option<&'a str>,
    /// What the achievement says it is in.
    pub(super) own: Option<&'a str>,
}

impl Languages<'_> {
    /// The best of several: asked for, the achievement's own, English, the first.
    fn best<'a>(&self, texts: &[(&str, &'a str)]) -> Option<&'a str> {
        let wanted = [self.asked, self.own, Some("en")];
        let exact = |tag: &str| texts.iter().find(|(found, _)| found.eq_ignore_ascii_case(tag));
        let near = |tag: &str| texts.iter().find(|(found, _)| primary(found).eq_ignore_ascii_case(primary(tag)));
        let best = wanted.into_iter().flatten().find_map(|tag| exact(tag).or_else(|| near(tag)));
        best.or(texts.first()).map(|(_, text)| *text)
    }

    /// A text: a string, a number, a language map, a value object, or the best of a list of these.
    pub(super) fn text(&self, value: &Value) -> Option<String> {
        let found = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Object(members) => match members.get("@value") {
                Some(value) => value.as_str()?.to_owned(),
                None => self.best(&strings(members))?.to_owned(),
            },
            Value::Array(values) => {
                let tagged: Vec<(&str, &str)> = values.iter().filter_map(value_object).collect();
                match self.best(&tagged) {
                    Some(text) => text.to_owned(),
                    None => values.iter().find_map(|value| if value.is_array() { None } else { self.text(value) })?,
                }
            }
            Value::Null | Value::Bool(_) => return None,
        };
        Some(found).filter(|text| !text.trim().is_empty())
    }

    /// The text of the first of these members that has one.
    pub(super) fn member(&self, members: &Map<String, Value>, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.text(members.get(*name)?))
    }

    /// All texts of the first of these members that has any.
    pub(super) fn members(&self, members: &Map<String, Value>, names: &[&str]) -> Vec<String> {
        let of = |name: &&str| list(members.get(*name)).filter_map(|value| self.text(value)).collect::<Vec<_>>();
        names.iter().map(of).find(|texts| !texts.is_empty()).unwrap_or_default()
    }
}

fn strings(members: &Map<String, Value>) -> Vec<(&str, &str)> {
    members.iter().filter_map(|(tag, text)| Some((tag.as_str(), text.as_str()?))).collect()
}

fn value_object(value: &Value) -> Option<(&str, &str)> {
    let tag = value.get("@language").and_then(Value::as_str).unwrap_or_default();
    Some((tag, value.get("@value")?.as_str()?))
}

fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}
