//! Takes the members of one JSON object apart, property by property, forgiving what real files do.
//!
//! Every member that is asked for is removed; what is left at the end is reported as unknown.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use super::super::model::{Date, Extensions, Link, NodeLink, Timestamp};
use super::super::report::Severity;
use super::links;
use super::session::Session;

pub(super) struct Fields<'s, 'c> {
    pub session: &'s mut Session<'c>,
    map: Map<String, Value>,
    names: &'static [&'static str],
    /// Properties that stood under another name.
    renamed: Vec<(&'static str, String)>,
}

/// Names that older or careless writers use, and the property they mean.
const ALIASES: [(&str, &str); 6] = [
    ("educationalLevel", "educationLevel"),
    ("subjectURL", "subjectURI"),
    ("officialSourceURI", "officialSourceURL"),
    ("CFRubricCriterion", "CFRubricCriteria"),
    ("CFRubricCriterionLevel", "CFRubricCriterionLevels"),
    ("extension", "extensions"),
];

impl<'s, 'c> Fields<'s, 'c> {
    pub(super) fn new(session: &'s mut Session<'c>, map: Map<String, Value>, names: &'static [&'static str]) -> Self {
        let mut fields = Fields { session, map, names, renamed: Vec::new() };
        fields.rename();
        fields
    }

    /// Gives members with a name that is nearly right their right name.
    fn rename(&mut self) {
        let known = |key: &str| self.names.contains(&key);
        let wrong: Vec<String> = self.map.keys().filter(|key| !known(key)).cloned().collect();
        for key in wrong {
            let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(&key)).map(|(_, name)| *name);
            let meant = self.names.iter().copied().find(|name| name.eq_ignore_ascii_case(&key)).or(alias);
            let Some(name) = meant.filter(|name| self.names.contains(name) && !self.map.contains_key(*name)) else {
                continue;
            };
            if let Some(value) = self.map.remove(&key) {
                let sentence = format!("read as {name}, which is the property's name");
                self.session.note_member(&key, Severity::Info, "property-renamed", sentence, &value);
                self.map.insert(name.to_owned(), value);
                self.renamed.push((name, key));
            }
        }
    }

    /// The name under which a property stands in the input.
    fn key(&self, name: &'static str) -> Cow<'static, str> {
        let given = self.renamed.iter().find(|(of, _)| *of == name);
        given.map_or(Cow::Borrowed(name), |(_, key)| Cow::Owned(key.clone()))
    }

    /// Removes a member; `null` counts as absent (digest 8.1).
    pub(super) fn take(&mut self, name: &'static str) -> Option<Value> {
        debug_assert!(self.names.contains(&name), "{name} is missing in the class's list of names");
        match self.map.remove(name)? {
            Value::Null => {
                self.note(name, Severity::Info, "null-as-absent", "null is read as absent", &Value::Null);
                None
            }
            value => Some(value),
        }
    }

    fn note(&mut self, name: &'static str, severity: Severity, code: &str, sentence: &str, original: &Value) {
        self.session.at(self.key(name), |s| s.note(severity, code, sentence, Some(original)));
    }

    fn wrong_type<T>(&mut self, name: &'static str, expected: &str, value: &Value) -> Option<T> {
        let sentence = format!("expected {expected} here; left out");
        self.note(name, Severity::Loss, "wrong-type", &sentence, value);
        None
    }

    /// A text; a number or truth value is written out, a list of texts is joined.
    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        let value = self.take(name)?;
        match value {
            Value::String(text) => Some(text),
            Value::Number(_) | Value::Bool(_) => {
                self.note(name, Severity::Info, "text-from-number", "read as text", &value);
                Some(value.to_string())
            }
            Value::Array(ref list) if !list.is_empty() && list.iter().all(Value::is_string) => {
                let joined = list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
                self.note(name, Severity::Warning, "text-from-list", "the list is joined into one text", &value);
                Some(joined)
            }
            other => self.wrong_type(name, "a text", &other),
        }
    }

    /// A text that the standard requires: `default` stands in for it.
    pub(super) fn required(&mut self, name: &'static str, default: impl FnOnce() -> String) -> String {
        self.text(name).unwrap_or_else(|| {
            let default = default();
            let sentence = format!("{name} is required and missing: “{default}” is filled in");
            self.session.at(self.key(name), |s| s.note(Severity::Warning, "required-filled", sentence, None));
            default
        })
    }

    /// A uri; nothing when the text is none.
    pub(super) fn uri(&mut self, name: &'static str) -> Option<String> {
        let text = self.text(name)?;
        self.session.at(self.key(name), |session| session.proper_uri(text))
    }

    /// An address of the web, which people write without its scheme.
    pub(super) fn web_address(&mut self, name: &'static str) -> Option<String> {
        let text = self.text(name)?;
        let domain = text.trim().split('/').next().is_some_and(|host| host.contains('.') && !host.contains(':'));
        if !domain || text.trim().contains(char::is_whitespace) {
            return self.session.at(self.key(name), |session| session.proper_uri(text));
        }
        let completed = format!("https://{}", text.trim());
        let sentence = format!("read as {completed}");
        self.note(name, Severity::Warning, "uri-completed", &sentence, &Value::String(text));
        Some(completed)
    }

    /// A list of texts; one text is split at its commas (digest 16.4).
    pub(super) fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        match self.take(name)? {
            Value::Array(list) => Some(self.text_elements(name, list)),
            Value::String(text) => {
                let parts: Vec<String> =
                    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
                let original = Value::String(text);
                self.note(
                    name,
                    Severity::Info,
                    "list-from-text",
                    "a list is written as a list, not as text",
                    &original,
                );
                Some(parts)
            }
            value @ (Value::Number(_) | Value::Bool(_)) => {
                self.note(name, Severity::Info, "list-from-text", "a list is written as a list", &value);
                Some(vec![value.to_string()])
            }
            other => self.wrong_type(name, "a list of texts", &other),
        }
    }

    fn text_elements(&mut self, name: &'static str, list: Vec<Value>) -> Vec<String> {
        let mut texts = Vec::with_capacity(list.len());
        for (index, element) in list.into_iter().enumerate() {
            let (severity, code, sentence) = match element {
                Value::String(text) => {
                    texts.push(text);
                    continue;
                }
                Value::Number(_) | Value::Bool(_) => {
                    texts.push(element.to_string());
                    (Severity::Info, "text-from-number", "read as text")
                }
                Value::Null => (Severity::Info, "null-as-absent", "null is left out"),
                _ => (Severity::Loss, "wrong-type", "expected a text here; left out"),
            };
            self.session
                .at(self.key(name), |s| s.at_index(index, |s| s.note(severity, code, sentence, Some(&element))));
        }
        texts
    }

    /// A whole number of 32 bits; also as text or with a fraction of zero.
    pub(super) fn integer(&mut self, name: &'static str) -> Option<i64> {
        let value = self.take(name)?;
        let exact = value.as_i64();
        let lenient = || {
            let text = value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned());
            let number: f64 = text.parse().ok()?;
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
            (number.fract() == 0.0 && number.abs() < 2_147_483_648.0).then_some(number as i64)
        };
        match exact.or_else(lenient).filter(|number| i32::try_from(*number).is_ok()) {
            Some(number) => {
                if exact.is_none() {
                    self.note(name, Severity::Info, "number-from-text", "read as a whole number", &value);
                }
                Some(number)
            }
            None => self.wrong_type(name, "a whole number of 32 bits", &value),
        }
    }

    /// A number in its own spelling.
    pub(super) fn number(&mut self, name: &'static str) -> Option<Number> {
        match self.take(name)? {
            Value::Number(number) => Some(number),
            Value::String(text) => {
                let original = Value::String(text);
                match original.as_str().and_then(|text| serde_json::from_str(text.trim()).ok()) {
                    Some(number) => {
                        self.note(name, Severity::Info, "number-from-text", "read as a number", &original);
                        Some(number)
                    }
                    None => self.wrong_type(name, "a number", &original),
                }
            }
            other => self.wrong_type(name, "a number", &other),
        }
    }

    /// A date-time; near misses are repaired.
    pub(super) fn timestamp(&mut self, name: &'static str) -> Option<Timestamp> {
        let text = self.text(name)?;
        if let Some(exact) = Timestamp::parse(&text) {
            return Some(exact);
        }
        let repaired = Timestamp::repair(&text);
        self.note_time(name, repaired.as_ref().map(Timestamp::as_str), "a date-time", text);
        repaired
    }

    /// A date; a date-time is cut to its date.
    pub(super) fn date(&mut self, name: &'static str) -> Option<Date> {
        let text = self.text(name)?;
        if let Some(exact) = Date::parse(&text) {
            return Some(exact);
        }
        let repaired = Date::repair(&text);
        self.note_time(name, repaired.as_ref().map(Date::as_str), "a date", text);
        repaired
    }

    fn note_time(&mut self, name: &'static str, repaired: Option<&str>, kind: &str, text: String) {
        let original = Value::String(text);
        match repaired {
            Some(repaired) => {
                let sentence = format!("read as {repaired}");
                self.note(name, Severity::Info, "date-repaired", &sentence, &original);
            }
            None => {
                let sentence = format!("this is not {kind}; left out");
                self.note(name, Severity::Loss, "date-unreadable", &sentence, &original);
            }
        }
    }

    /// A LinkURI.
    pub(super) fn link(&mut self, name: &'static str) -> Option<Link> {
        let mut value = self.take(name)?;
        if let Value::Array(list) = &mut value {
            let original = Value::Array(list.clone());
            let first = (!list.is_empty()).then(|| list.remove(0));
            let (severity, rest) =
                if list.is_empty() { (Severity::Info, "") } else { (Severity::Loss, "; the first is kept") };
            self.note(name, severity, "link-from-list", &format!("one link is expected, not a list{rest}"), &original);
            value = first?;
        }
        self.session.at(self.key(name), |session| links::link(session, value))
    }

    /// A LinkURI, made from an identifier where the link itself is missing.
    pub(super) fn link_or(&mut self, name: &'static str, identifier: Option<String>) -> Option<Link> {
        if let Some(identifier) = identifier
            && self.peek(name).is_none_or(Value::is_null)
        {
            self.map.insert(name.to_owned(), Value::String(identifier));
        }
        self.link(name)
    }

    /// A member that is still there, without taking it.
    pub(super) fn peek(&self, name: &'static str) -> Option<&Value> {
        self.map.get(name)
    }

    /// A list of LinkURIs.
    pub(super) fn links(&mut self, name: &'static str) -> Option<Vec<Link>> {
        let list = match self.take(name)? {
            Value::Array(list) => list,
            single => {
                let sentence = "a list of links is expected";
                self.note(name, Severity::Info, "list-from-link", sentence, &single);
                let link = self.session.at(self.key(name), |session| links::link(session, single))?;
                return Some(vec![link]);
            }
        };
        let read = |session: &mut Session<'c>| {
            let each = list.into_iter().enumerate();
            each.filter_map(|(index, value)| session.at_index(index, |s| links::link(s, value))).collect()
        };
        Some(self.session.at(self.key(name), read))
    }

    /// One end of an association; `identifier` is what stood beside it in the 2016 form.
    pub(super) fn node(&mut self, name: &'static str, identifier: Option<String>) -> Option<NodeLink> {
        let value = self.take(name).or_else(|| identifier.clone().map(Value::String))?;
        self.session.at(self.key(name), |session| links::node(session, value, identifier))
    }

    /// The `extensions` object, verbatim.
    pub(super) fn extensions(&mut self) -> Option<Extensions> {
        match self.take("extensions")? {
            Value::Object(map) => Some(map),
            Value::Array(mut list) if list.len() == 1 && list.first().is_some_and(Value::is_object) => {
                let original = Value::Array(list.clone());
                let sentence = "extensions is an object here, not a list";
                self.note("extensions", Severity::Info, "extensions-reshaped", sentence, &original);
                match list.pop() {
                    Some(Value::Object(map)) => Some(map),
                    _ => None,
                }
            }
            other => self.wrong_type("extensions", "an object", &other),
        }
    }

    /// The `extensions` of a rubric level: a list of objects (digest 15, row 13).
    pub(super) fn extension_list(&mut self) -> Option<Vec<Extensions>> {
        match self.take("extensions")? {
            Value::Object(map) => {
                let original = Value::Object(map.clone());
                let sentence = "extensions of a level is a list; the object becomes its only element";
                self.note("extensions", Severity::Info, "extensions-reshaped", sentence, &original);
                Some(vec![map])
            }
            Value::Array(list) => {
                let mut kept = Vec::new();
                for (index, element) in list.into_iter().enumerate() {
                    if let Value::Object(map) = element {
                        kept.push(map);
                    } else {
                        let sentence = "expected an object here; left out";
                        self.session.at(self.key("extensions"), |s| {
                            s.at_index(index, |s| s.note(Severity::Loss, "wrong-type", sentence, Some(&element)));
                        });
                    }
                }
                Some(kept)
            }
            other => self.wrong_type("extensions", "a list of objects", &other),
        }
    }

    /// The raw elements of a list of objects, to be read later.
    pub(super) fn objects(&mut self, name: &'static str) -> Option<Vec<Value>> {
        match self.take(name)? {
            Value::Array(list) => Some(list),
            single @ Value::Object(_) => {
                self.note(name, Severity::Info, "list-from-object", "a list is expected, not one object", &Value::Null);
                Some(vec![single])
            }
            other => self.wrong_type(name, "a list", &other),
        }
    }

    /// A member that the standard does not have in this place but whose content is known anyway.
    pub(super) fn implied(&mut self, name: &'static str, sentence: &str) {
        if let Some(value) = self.take(name) {
            self.note(name, Severity::Info, "implied-member", sentence, &value);
        }
    }

    /// Reports what nobody asked for.
    pub(super) fn finish(self) {
        for (name, value) in self.map {
            let sentence = "CASE has no such property here; use extensions to keep it".to_owned();
            self.session.note_member(&name, Severity::Loss, "unknown-property", sentence, &value);
        }
    }
}
