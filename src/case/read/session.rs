//! The state of reading one package: where the reader stands, what it reported, and which objects
//! it has met. Knows no class of the standard.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::super::model::{Class, Identity, Package, Timestamp};
use super::super::report::{Entry, Report, Severity};
use super::fields::Fields;
use super::identifier::{self, Canonical};
use super::{Context, Reading};

/// What links may need to know of an object met earlier in the same package.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub title: String,
    pub uri: String,
}

enum Step {
    Key(&'static str),
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
        let mut place = self.root.clone();
        for step in &self.path {
            place.push('/');
            match step {
                Step::Key(key) => place.push_str(key),
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
    pub(super) fn at<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(Step::Key(key));
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

    /// Reads every element of the list `key` that is an object and that `read` can make something of.
    pub(super) fn each_some<T>(
        &mut self,
        key: &'static str,
        values: Vec<Value>,
        read: impl Fn(&mut Self, Value) -> Option<T>,
    ) -> Vec<T> {
        self.at(key, |session| {
            let mut all = Vec::with_capacity(values.len());
            for (index, value) in values.into_iter().enumerate() {
                let one = session.at_index(index, |session| {
                    if value.is_object() {
                        return read(session, value);
                    }
                    session.note(Severity::Loss, "wrong-type", "expected an object here; left out", Some(&value));
                    None
                });
                all.extend(one);
            }
            all
        })
    }

    /// Keeps the last of several objects with one identifier (digest 16.4).
    pub(super) fn distinct<T: PartialEq>(
        &mut self,
        key: &'static str,
        all: Vec<T>,
        id: impl Fn(&T) -> &String,
    ) -> Vec<T> {
        let ids: HashSet<&String> = all.iter().map(&id).collect();
        if ids.len() == all.len() {
            return all;
        }
        drop(ids);
        let mut kept: Vec<T> = Vec::with_capacity(all.len());
        let mut places: HashMap<String, usize> = HashMap::new();
        for one in all {
            let Some(&earlier) = places.get(id(&one)) else {
                places.insert(id(&one).clone(), kept.len());
                kept.push(one);
                continue;
            };
            let same = kept.get(earlier) == Some(&one);
            let (severity, what) = if same {
                (Severity::Info, "they are equal")
            } else {
                (Severity::Loss, "they differ, and the last one is kept")
            };
            let sentence = format!("the identifier {} occurs more than once; {what}", id(&one));
            self.at(key, |session| session.note(severity, "duplicate-identifier", sentence, None));
            if let Some(slot) = kept.get_mut(earlier) {
                *slot = one;
            }
        }
        kept
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

    /// The identifier in the form it is published in; what had to change is reported.
    pub(super) fn published_identifier(&mut self, received: &str) -> String {
        let original = Value::String(received.to_owned());
        match identifier::canonical(received) {
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
        let uri = fields.text("uri").filter(|text| !text.trim().is_empty());
        let time = fields.timestamp("lastChangeDateTime");
        let session = &mut *fields.session;
        let identifier = match &received {
            Some(received) => session.at("identifier", |s| s.published_identifier(received)),
            None => session.mint_identifier(class, uri.as_deref(), seed),
        };
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
        let place = self.place();
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

    fn assume_time(&mut self, class: Class, id: &str) -> Timestamp {
        self.assumed_times.push((class, id.to_owned()));
        let time = self.document.as_ref().map_or(&self.context.now, |(_, time)| time).clone();
        let whose = if self.document.is_some() { "the framework's" } else { "the time of reading" };
        let sentence = format!("no lastChangeDateTime: {whose}, {}, is assumed", time.as_str());
        self.at("lastChangeDateTime", |s| s.note(Severity::Warning, "time-assumed", sentence, None));
        time
    }
}
