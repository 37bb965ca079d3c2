//! The state of reading one package: where the reader stands, what it reported, and which objects
//! it has met. Knows no class of the standard.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::super::model::{Class, Identity, Package, Timestamp};
use super::super::report::{Entry, Report, Severity};
use super::fields::Fields;
use super::identifier::{self, Canonical};
use super::uri::{self, Uri};
use super::{Context, Reading};

/// What links may need to know of an object met earlier in the same package.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub title: String,
    pub uri: String,
}

enum Step {
    Key(Cow<'static, str>),
    Index(usize),
}

pub(super) struct Session<'c> {
    pub context: &'c Context,
    pub report: Report,
    root: String,
    path: Vec<Step>,
    /// The document's identifier and time, once it is read.
    pub document: Option<(String, Timestamp)>,
    known: HashMap<String, Known>,
    by_uri: HashMap<String, String>,
    replaced: HashMap<String, String>,
    seen: HashSet<(Class, String)>,
    minted_uris: Vec<(Class, String)>,
    assumed_times: Vec<(Class, String)>,
    replaced_identifiers: Vec<(String, Class, String)>,
}

impl<'c> Session<'c> {
    pub(super) fn new(context: &'c Context, root: String) -> Self {
        Session {
            context,
            report: Report::default(),
            root,
            path: Vec::new(),
            document: None,
            known: HashMap::new(),
            by_uri: HashMap::new(),
            replaced: HashMap::new(),
            seen: HashSet::new(),
            minted_uris: Vec::new(),
            assumed_times: Vec::new(),
            replaced_identifiers: Vec::new(),
        }
    }

    pub(super) fn into_reading(self, package: Package) -> Reading {
        Reading {
            package,
            report: self.report,
            minted_uris: self.minted_uris,
            assumed_times: self.assumed_times,
            replaced_identifiers: self.replaced_identifiers,
        }
    }

    /// The JSON pointer of where the reader stands.
    fn place(&self) -> String {
        format!("{}{}", self.root, self.place_in_package())
    }

    /// The same from the package on: what an identifier is minted from must not depend on what the
    /// package is wrapped in.
    fn place_in_package(&self) -> String {
        let mut place = String::new();
        for step in &self.path {
            place.push('/');
            match step {
                Step::Key(key) => place.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Step::Index(index) => place.push_str(&index.to_string()),
            }
        }
        place
    }

    /// Reports something about the place where the reader stands.
    pub(super) fn note(
        &mut self,
        severity: Severity,
        code: &str,
        sentence: impl Into<String>,
        original: Option<&Value>,
    ) {
        let entry = Entry {
            severity,
            code: code.to_owned(),
            place: self.place(),
            sentence: sentence.into(),
            original: original.map(Value::to_string),
        };
        self.report.entries.push(entry);
    }

    /// Reports something about a member whose name comes from the input.
    pub(super) fn note_member(
        &mut self,
        name: &str,
        severity: Severity,
        code: &str,
        sentence: String,
        original: &Value,
    ) {
        self.note(severity, code, sentence, Some(original));
        if let Some(entry) = self.report.entries.last_mut() {
            entry.place.push('/');
            entry.place.push_str(&name.replace('~', "~0").replace('/', "~1"));
        }
    }

    /// Runs `read` one level down, at the member `key`.
    pub(super) fn at<T>(&mut self, key: impl Into<Cow<'static, str>>, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(Step::Key(key.into()));
        let result = read(self);
        self.path.pop();
        result
    }

    /// Runs `read` one level down, at the element `index`.
    pub(super) fn at_index<T>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(Step::Index(index));
        let result = read(self);
        self.path.pop();
        result
    }

    /// Reads every element of the list `key`.
    pub(super) fn each<T>(
        &mut self,
        key: &'static str,
        values: Vec<Value>,
        read: impl Fn(&mut Self, Value) -> T,
    ) -> Vec<T> {
        self.each_some(key, values, |session, value| Some(read(session, value)))
    }

    /// Reads every element of the list `key` that is an object and that `read` can make something
    /// of. Of several elements with one identifier the last is read (digest 16.4).
    pub(super) fn each_some<T>(
        &mut self,
        key: &'static str,
        values: Vec<Value>,
        read: impl Fn(&mut Self, Value) -> Option<T>,
    ) -> Vec<T> {
        let superseded = superseded(&values);
        self.at(key, |session| {
            let mut all = Vec::with_capacity(values.len());
            for (index, value) in values.into_iter().enumerate() {
                let one = session.at_index(index, |session| {
                    if !value.is_object() {
                        session.note(Severity::Loss, "wrong-type", "expected an object here; left out", Some(&value));
                        return None;
                    }
                    if let Some(same) = superseded.get(&index) {
                        let (severity, how) =
                            if *same { (Severity::Info, "is equal") } else { (Severity::Loss, "differs") };
                        let sentence = format!("a later element has the same identifier and {how}; that one is read");
                        session.note(severity, "duplicate-identifier", sentence, Some(&value));
                        return None;
                    }
                    read(session, value)
                });
                all.extend(one);
            }
            all
        })
    }

    /// The place of the element that is being read in its list.
    pub(super) fn index(&self) -> usize {
        let last = self.path.iter().rev().find_map(|step| match step {
            Step::Index(index) => Some(*index),
            Step::Key(_) => None,
        });
        last.unwrap_or_default()
    }

    /// Members of an object, under the property names that the standard gives it.
    pub(super) fn fields(&mut self, map: Map<String, Value>, names: &'static [&'static str]) -> Fields<'_, 'c> {
        Fields::new(self, map, names)
    }

    /// [`Session::fields`] of a value that is known to be an object.
    pub(super) fn object(&mut self, value: Value, names: &'static [&'static str]) -> Fields<'_, 'c> {
        let map = match value {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        self.fields(map, names)
    }

    /// Remembers an object so that links to it can be completed.
    pub(super) fn remember(&mut self, identity: &Identity, title: &str) {
        self.by_uri.insert(identity.uri.clone(), identity.identifier.clone());
        let known = Known { title: title.to_owned(), uri: identity.uri.clone() };
        self.known.insert(identity.identifier.clone(), known);
    }

    pub(super) fn known(&self, id: &str) -> Option<&Known> {
        self.known.get(id)
    }

    pub(super) fn known_by_uri(&self, uri: &str) -> Option<&String> {
        self.by_uri.get(uri)
    }

    /// The identifier that replaced a non-UUID one in this package.
    pub(super) fn replacement(&self, received: &str) -> Option<&String> {
        self.replaced.get(received)
    }

    /// A permanent address for an object that came without one.
    pub(super) fn mint_uri(&self, id: &str) -> String {
        format!("{}/uri/{id}", self.context.base_url)
    }

    /// A uri as it may be written; nothing, reported, when the text is none.
    pub(super) fn proper_uri(&mut self, text: String) -> Option<String> {
        match uri::check(&text) {
            Uri::Proper => Some(text),
            Uri::Encoded(encoded) => {
                let sentence = format!("not every character may stand in a uri; written as {encoded}");
                self.note(Severity::Warning, "uri-encoded", sentence, Some(&Value::String(text)));
                Some(encoded)
            }
            Uri::Relative(_) => {
                let sentence = "no absolute uri; left out";
                self.note(Severity::Warning, "uri-relative", sentence, Some(&Value::String(text)));
                None
            }
        }
    }

    /// The identifier in the form it is published in; what had to change is reported.
    pub(super) fn published_identifier(&mut self, received: &str) -> String {
        let original = Value::String(received.to_owned());
        let canonical = match &self.document {
            Some((document, _)) => identifier::canonical_in(document, received),
            None => identifier::canonical(received),
        };
        match canonical {
            Canonical::Proper(id) if id == received => id,
            Canonical::Proper(id) => {
                let sentence = "identifiers are published in lower case and without decoration".to_owned();
                self.note(Severity::Info, "identifier-normalised", sentence, Some(&original));
                id
            }
            Canonical::OddVersion(id) => {
                let sentence = "kept, but strict clients accept UUIDs of version 1 to 5 only".to_owned();
                self.note(Severity::Warning, "identifier-version", sentence, Some(&original));
                id
            }
            Canonical::NotUuid(id) => {
                let sentence = format!("not a UUID: published as {id}, and still found by what stood here");
                self.note(Severity::Warning, "identifier-replaced", sentence, Some(&original));
                self.replaced.insert(received.to_owned(), id.clone());
                id
            }
        }
    }

    /// Reads `identifier`, `uri` and `lastChangeDateTime`, supplying what is missing.
    pub(super) fn identity(fields: &mut Fields<'_, '_>, class: Class, seed: &str) -> Identity {
        let received = fields.text("identifier").filter(|text| !text.trim().is_empty());
        let uri = fields.uri("uri");
        let time = fields.timestamp("lastChangeDateTime");
        let session = &mut *fields.session;
        let identifier = match &received {
            Some(received) => session.at("identifier", |s| s.published_identifier(received)),
            None => session.mint_identifier(class, uri.as_deref(), seed),
        };
        let identifier = session.unused(class, identifier);
        if let Some(received) = received.filter(|text| session.replaced.get(text) == Some(&identifier)) {
            session.replaced_identifiers.push((received, class, identifier.clone()));
        }
        let uri = uri.unwrap_or_else(|| {
            session.minted_uris.push((class, identifier.clone()));
            let minted = session.mint_uri(&identifier);
            let sentence = format!("no uri: {minted} is minted");
            session.at("uri", |s| s.note(Severity::Warning, "uri-minted", sentence, None));
            minted
        });
        let last_change = time.unwrap_or_else(|| session.assume_time(class, &identifier));
        Identity { identifier, uri, last_change }
    }

    fn mint_identifier(&mut self, class: Class, uri: Option<&str>, seed: &str) -> String {
        let place = self.place_in_package();
        let document = self.document.as_ref().map_or("", |(id, _)| id);
        let id = uri.and_then(identifier::in_uri).unwrap_or_else(|| {
            // The seed makes the same object get the same identifier next time; the place is the
            // last resort when it says nothing about itself.
            let seed = uri.unwrap_or(if seed.trim().is_empty() { &place } else { seed });
            identifier::mint(&format!("{document} {class} {seed}"))
        });
        let sentence = format!("no identifier: {id} is minted");
        self.at("identifier", |s| s.note(Severity::Warning, "identifier-minted", sentence, None));
        id
    }

    /// The identifier, or another one where an object of the class already has it: two objects
    /// that say nothing of themselves, or parts of two rubrics with one name.
    fn unused(&mut self, class: Class, id: String) -> String {
        if self.seen.insert((class, id.clone())) {
            return id;
        }
        let another = identifier::mint(&format!("{id} {}", self.place_in_package()));
        let sentence = format!("another {} has this identifier; {another} is minted", class.noun());
        let original = Value::String(id);
        self.at("identifier", |s| s.note(Severity::Warning, "identifier-taken", sentence, Some(&original)));
        self.seen.insert((class, another.clone()));
        another
    }

    fn assume_time(&mut self, class: Class, id: &str) -> Timestamp {
        self.assumed_times.push((class, id.to_owned()));
        let time = self.document.as_ref().map_or(&self.context.now, |(_, time)| time).clone();
        let whose = if self.document.is_some() { "the framework's" } else { "the time of reading" };
        let sentence = format!("no lastChangeDateTime: {whose}, {}, is assumed", time.as_str());
        self.at("lastChangeDateTime", |s| s.note(Severity::Warning, "time-assumed", sentence, None));
        time
    }
}

/// The elements that a later one with the same identifier stands for, and whether the two are equal.
fn superseded(values: &[Value]) -> HashMap<usize, bool> {
    let mut last: HashMap<String, usize> = HashMap::with_capacity(values.len());
    let mut superseded = HashMap::new();
    for (index, value) in values.iter().enumerate() {
        let Some(id) = value.get("identifier").and_then(Value::as_str).filter(|id| !id.trim().is_empty()) else {
            continue;
        };
        let key = match identifier::canonical(id) {
            Canonical::Proper(id) | Canonical::OddVersion(id) | Canonical::NotUuid(id) => id,
        };
        if let Some(earlier) = last.insert(key, index) {
            superseded.insert(earlier, values.get(earlier) == Some(value));
        }
    }
    superseded
}
