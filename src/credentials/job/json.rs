//! Finding things in JSON-LD and JSON: members under any of their spellings, texts in whatever they are wrapped in.
//!
//! Everything that is found keeps its JSON pointer.

use serde_json::{Map, Value};

/// How deep lists in lists, and values in values, are followed.
const DEEPEST: usize = 8;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<'v> {
    pub value: &'v Value,
    pub pointer: String,
}

impl<'v> At<'v> {
    pub(super) fn new(value: &'v Value, pointer: impl Into<String>) -> At<'v> {
        At { value, pointer: pointer.into() }
    }

    /// A member by its bare name, under any spelling that JSON-LD has for it.
    pub(super) fn member(&self, name: &str) -> Option<At<'v>> {
        let (key, value) = spelled(self.value.as_object()?, name)?;
        (!value.is_null()).then(|| At::new(value, format!("{}/{}", self.pointer, escaped(key))))
    }

    /// The elements of a member; one that is no list is one element.
    pub(super) fn members(&self, name: &str) -> Vec<At<'v>> {
        self.member(name).map_or_else(Vec::new, At::elements)
    }

    /// The elements of a list, of lists in it, and of `@list`; else the value itself.
    pub(super) fn elements(self) -> Vec<At<'v>> {
        let mut all = Vec::new();
        self.collect(DEEPEST, &mut all);
        all
    }

    fn collect(self, deepest: usize, all: &mut Vec<At<'v>>) {
        let list =
            self.value.as_object().and_then(|object| object.get_key_value("@list").or(object.get_key_value("@set")));
        if let (Some((key, list)), Some(deepest)) = (list, deepest.checked_sub(1)) {
            let pointer = format!("{}/{key}", self.pointer);
            return At::new(list, pointer).collect(deepest, all);
        }
        match (self.value, deepest.checked_sub(1)) {
            (Value::Array(elements), Some(deepest)) => {
                for (index, element) in elements.iter().enumerate() {
                    At::new(element, format!("{}/{index}", self.pointer)).collect(deepest, all);
                }
            }
            (Value::Null | Value::Array(_), _) => {}
            _ => all.push(self),
        }
    }

    /// The text that a value is: a string, `{"@value": …}`, or one of a map of languages (English, else the first).
    pub(super) fn text(&self) -> Option<At<'v>> {
        match self.value {
            Value::String(_) => Some(self.clone()),
            Value::Object(object) => {
                let at = |key: &str, value| At::new(value, format!("{}/{}", self.pointer, escaped(key)));
                if let Some(value) = object.get("@value") {
                    return value.is_string().then(|| at("@value", value));
                }
                let languages = || object.iter().filter(|(key, _)| is_language(key));
                let english = languages().find(|(key, _)| key.to_lowercase().starts_with("en"));
                let (key, value) = english.or_else(|| languages().next())?;
                let found = at(key, value).elements().into_iter().next()?;
                found.value.is_string().then_some(found)
            }
            _ => None,
        }
    }

    /// The text of a member.
    pub(super) fn text_of(&self, name: &str) -> Option<&'v str> {
        let text = self.member(name)?.elements().iter().find_map(At::text)?;
        text.str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The string that it is.
    pub(super) fn str(&self) -> Option<&'v str> {
        self.value.as_str()
    }

    /// The address that it is or has, under `@id`, `id` or `url`.
    pub(super) fn address(&self) -> Option<&'v str> {
        let own = self.str().filter(|text| is_address(text));
        own.or_else(|| ["@id", "id", "url"].iter().find_map(|name| self.text_of(name).filter(|text| is_address(text))))
    }
}

/// The types that an object says it is of, as written.
pub(super) fn types(value: &Value) -> Vec<&str> {
    match value.get("@type").or_else(|| value.get("type")) {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// A name without what is before its last colon, stroke or number sign: `schema:skills`, `https://schema.org/skills`.
pub(super) fn bare(name: &str) -> &str {
    name.rsplit([':', '/', '#']).next().unwrap_or(name)
}

/// A member by its bare name: first as it is, then with a prefix.
pub(super) fn spelled<'v>(object: &'v Map<String, Value>, name: &str) -> Option<(&'v String, &'v Value)> {
    object.get_key_value(name).or_else(|| object.iter().find(|(key, _)| key.len() > name.len() && bare(key) == name))
}

/// A step of a JSON pointer.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn is_address(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("http://") || text.starts_with("https://") || text.starts_with("urn:")
}

/// `en`, `en-US`, `zh-Hans`, `@none`.
fn is_language(key: &str) -> bool {
    let mut parts = key.split(['-', '_']);
    let primary = parts.next().unwrap_or_default();
    key == "@none"
        || ((2..=3).contains(&primary.len())
            && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_found_under_every_spelling() {
        let value = json!({"https://schema.org/skills": ["a", {"@list": ["b"]}, [null, "c"]], "schema:title": {"@value": "T"},
            "a/b~c": 1, "ceterms:name": {"fr": "Nom", "en-US": ["Name"]}, "none": null});
        let at = At::new(&value, "");
        let skills = at.members("skills");
        let pointers: Vec<&str> = skills.iter().map(|at| at.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/https:~1~1schema.org~1skills/0",
                "/https:~1~1schema.org~1skills/1/@list/0",
                "/https:~1~1schema.org~1skills/2/1"
            ]
        );
        for at in skills {
            assert_eq!(value.pointer(&at.pointer), Some(at.value));
        }
        assert_eq!(at.text_of("title"), Some("T"));
        assert_eq!(at.text_of("name"), Some("Name"));
        assert_eq!(at.member("name").unwrap().text().unwrap().pointer, "/ceterms:name/en-US/0");
        assert!(at.member("none").is_none() && at.member("nothing").is_none());
        assert_eq!(escaped("a/b~c"), "a~1b~0c");
    }

    #[test]
    fn types_lose_their_prefix() {
        for (value, expected) in [
            (json!({"@type": "JobPosting"}), &["JobPosting"][..]),
            (json!({"@type": ["x", "schema:JobPosting", 1]}), &["x", "JobPosting"]),
            (json!({"type": "https://schema.org/JobPosting"}), &["JobPosting"]),
            (json!({"@type": 3}), &[]),
        ] {
            let found: Vec<&str> = types(&value).into_iter().map(bare).collect();
            assert_eq!(found, expected);
        }
    }
}
