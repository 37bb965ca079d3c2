//! Entries: what is indexed of one object, and how its texts weigh.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;

use super::lookup::{statement_hash, uri_hash};
use super::schema::{Fields, WEIGHT};
use crate::case::education;
use crate::case::model::Class;
use crate::text::code::Code;
use crate::text::{Language, fold, plain, words};

/// What each part of an entry weighs: how often its words count. Tuned on the development half of
/// `eval/search`; ARCHITECTURE.md has what was tried.
pub(super) mod weight {
    pub(in crate::search) const STATEMENT: u32 = 3;
    pub(in crate::search) const SHORT: u32 = 6;
    pub(in crate::search) const KEYWORDS: u32 = 2;
    pub(in crate::search) const NOTES: u32 = 1;
}

/// What may be searched for of one object. Texts are as published.
#[derive(Debug, Default, Hash)]
pub struct Entry {
    pub id: String,
    /// A class name of the standard.
    pub class: &'static str,
    pub uri: String,
    pub codes: Vec<String>,
    pub statement: String,
    pub short: Option<String>,
    pub keywords: Vec<String>,
    pub notes: Option<String>,
    pub item_type: Option<String>,
    pub grades: Vec<String>,
    pub subjects: Vec<String>,
    /// A language tag.
    pub language: Option<String>,
    pub framework: Arc<Framework>,
    /// What stands above it.
    pub path: Option<Arc<Path>>,
    /// Codes and statements of objects of other frameworks that are the same, and their frameworks.
    pub associated: Vec<Associated>,
    /// Since when it is retired, in seconds since 1970.
    pub ends: Option<i64>,
    /// In seconds since 1970.
    pub changed: i64,
    /// Whether a credential can be issued for it.
    pub is_credential: bool,
    /// See [`rank_of_package`].
    pub place: u64,
    /// The framework it belongs to, where another one carries it and its own is not here.
    pub carried_from: Option<String>,
}

/// The place of an object among those of all frameworks: those of one stand together, by `order`.
#[must_use]
pub fn rank_of_package(package: &str, order: u64) -> u64 {
    const ORDERS: u64 = u32::MAX as u64;
    hash_of(package) & !ORDERS | order.min(ORDERS)
}

/// What entries share with their framework.
#[derive(Debug, Default, Hash)]
pub struct Framework {
    pub id: String,
    pub title: String,
    pub creator: Option<String>,
    pub status: Option<String>,
    pub is_retired: bool,
    pub language: Option<String>,
    pub subjects: Vec<String>,
}

/// An object that an entry is an exact match of.
#[derive(Clone, Debug, Default, Hash, PartialEq, Eq, Serialize, Deserialize)]
pub struct Associated {
    /// The framework that it was found in, or that says so.
    pub package: String,
    pub code: Option<String>,
    pub statement: String,
}

/// That an object of this framework is an exact match of one of another: the other one is found by
/// this one's words as well.
#[derive(Clone, Debug, Hash, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// The identifier of the other one.
    pub target: String,
    /// The framework that says so.
    pub from: String,
    pub associated: Associated,
}

/// The objects above another, and what they say.
#[derive(Debug)]
pub struct Path {
    /// Identifiers, from the top down.
    pub ids: Vec<String>,
    /// Each word once, without its ending.
    stems: Vec<String>,
    digest: u64,
}

impl Hash for Path {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest);
    }
}

impl Path {
    /// The path of what stands below an object with these texts.
    #[must_use]
    pub fn below(above: Option<&Arc<Path>>, id: &str, texts: &[&str], language: Option<&str>) -> Arc<Path> {
        let mut ids = above.map(|path| path.ids.clone()).unwrap_or_default();
        ids.push(id.to_owned());
        let mut stems = above.map(|path| path.stems.clone()).unwrap_or_default();
        let mut stemmer = Stemmer::default();
        for text in texts {
            let language = language_of(language, text);
            for word in words(&plain(text)) {
                for stem in stemmer.stems(language, text, &word) {
                    if !stems.contains(stem) {
                        stems.push(stem.clone());
                    }
                }
            }
        }
        let mut hasher = DefaultHasher::new();
        (above.map(|path| path.digest), id, texts).hash(&mut hasher);
        Arc::new(Path { ids, stems, digest: hasher.finish() })
    }
}

/// What is kept of an entry to answer with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    #[serde(rename = "i")]
    pub id: String,
    #[serde(rename = "c")]
    pub class: String,
    #[serde(rename = "p")]
    pub package: String,
    /// The objects above it, from the top down.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
}

/// The language of a text: as told, else as guessed, else none.
pub(super) fn language_of(tag: Option<&str>, text: &str) -> Option<Language> {
    match tag.filter(|tag| !tag.trim().is_empty()) {
        Some(tag) => Language::of_tag(tag),
        None => Language::guess(text).or(Some(Language::English)),
    }
}

/// Stems that were found before.
#[derive(Default)]
pub(super) struct Stemmer {
    known: HashMap<(Option<Language>, String), Vec<String>>,
}

impl Stemmer {
    /// The terms that a word of a text is found by: none for a small word of its language.
    pub(super) fn stems(&mut self, language: Option<Language>, text: &str, word: &crate::text::Word<'_>) -> &[String] {
        const MOST: usize = 200_000;
        if self.known.len() > MOST {
            self.known.clear();
        }
        let written = text.get(word.at.clone()).unwrap_or(&word.text);
        let key = (language, written.to_owned());
        self.known.entry(key).or_insert_with(|| stems(language, written, &word.text))
    }
}

/// The terms of one word, by its written and its folded form.
pub(super) fn stems(language: Option<Language>, written: &str, folded: &str) -> Vec<String> {
    let Some(language) = language else { return vec![folded.to_owned()] };
    if language.is_small(folded) {
        return Vec::new();
    }
    let mut stems = vec![language.stem(written)];
    // Who types without accents finds it too.
    let plain = language.stem(folded);
    if !stems.contains(&plain) {
        stems.push(plain);
    }
    stems
}

/// A hash that names an object in the index.
pub(super) fn hash_of(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// What an entry of a framework is replaced by.
pub(super) fn key_of(package: &str, class: &str, id: &str) -> u64 {
    digest(&(package, class, id))
}

/// A hash of everything that is indexed.
pub(super) fn digest(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Terms with their weights.
#[derive(Default)]
struct Bag(BTreeMap<String, u32>);

impl Bag {
    fn add(&mut self, stemmer: &mut Stemmer, language: Option<Language>, text: &str, weight: u32) {
        let text = plain(text);
        for word in words(&text) {
            for stem in stemmer.stems(language, &text, &word) {
                match self.0.get_mut(stem) {
                    Some(sum) => *sum += weight,
                    None => drop(self.0.insert(stem.clone(), weight)),
                }
            }
        }
    }

    fn write(&self) -> String {
        let mut text = String::with_capacity(self.0.len() * 10);
        for (term, weight) in &self.0 {
            // Writing to a string does not fail.
            let _ = write!(text, "{term}{WEIGHT}{weight} ");
        }
        text
    }
}

impl Entry {
    /// The entry as the index takes it.
    pub(super) fn document(&self, fields: &Fields, digest: u64, stemmer: &mut Stemmer) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        let framework = &self.framework;
        document.add_u64(fields.key, self.key());
        document.add_u64(fields.id, hash_of(&self.id));
        document.add_text(fields.package, &framework.id);
        document.add_text(fields.kind, self.class);
        if self.is_credential {
            document.add_text(fields.mark, CREDENTIAL);
        }
        document.add_u64(fields.digest, digest);
        document.add_u64(fields.place, self.place);
        document.add_i64(fields.changed, self.changed);
        let ends = if framework.is_retired { Some(i64::MIN) } else { self.ends };
        document.add_i64(fields.ends, ends.unwrap_or(i64::MAX));
        let path = self.path.as_ref().map(|path| path.ids.clone()).unwrap_or_default();
        for id in path.iter().chain([&self.id]) {
            document.add_u64(fields.under, hash_of(id));
        }
        let mut near: Vec<&str> =
            self.associated.iter().map(|one| one.package.as_str()).chain(self.carried_from.as_deref()).collect();
        near.sort_unstable();
        near.dedup();
        for package in near.into_iter().filter(|package| **package != framework.id) {
            document.add_text(fields.near, package);
        }
        self.add_facets(fields, &mut document);
        self.add_texts(fields, &mut document, stemmer);
        let shown = Shown { id: self.id.clone(), class: self.class.to_owned(), package: framework.id.clone(), path };
        document.add_bytes(fields.shown, &serde_json::to_vec(&shown).unwrap_or_default());
        document
    }

    fn add_facets(&self, fields: &Fields, document: &mut TantivyDocument) {
        let framework = &self.framework;
        let subjects = if self.subjects.is_empty() { &framework.subjects } else { &self.subjects };
        let language = self.language.as_ref().or(framework.language.as_ref());
        for (field, values) in [
            (fields.item_type, self.item_type.as_slice()),
            (fields.subject, subjects),
            (fields.language, language.map(std::slice::from_ref).unwrap_or_default()),
            (fields.status, framework.status.as_slice()),
            (fields.creator, framework.creator.as_slice()),
        ] {
            for value in values.iter().filter(|value| !value.trim().is_empty()) {
                document.add_text(field, value);
            }
        }
        for grade in &self.grades {
            document.add_text(fields.grade, education::level(grade).unwrap_or(grade));
        }
    }

    fn add_texts(&self, fields: &Fields, document: &mut TantivyDocument, stemmer: &mut Stemmer) {
        let language = language_of(self.language.as_deref().or(self.framework.language.as_deref()), &self.statement);
        let mut bag = Bag::default();
        let own = [
            (weight::STATEMENT, std::slice::from_ref(&self.statement)),
            (weight::SHORT, self.short.as_slice()),
            (weight::KEYWORDS, &self.keywords),
            (weight::NOTES, self.notes.as_slice()),
        ];
        for (weight, texts) in own {
            for text in texts {
                bag.add(stemmer, language, text, weight);
                document.add_text(fields.words, plain(text));
            }
        }
        for code in &self.codes {
            bag.add(stemmer, None, code, weight::KEYWORDS);
            document.add_text(fields.words, code);
        }
        document.add_text(fields.text, bag.write());
        let mut around = Bag::default();
        for one in &self.associated {
            around.add(stemmer, language, &one.statement, 1);
        }
        around.add(stemmer, language, &self.framework.title, 1);
        for stem in self.path.iter().flat_map(|path| &path.stems) {
            around.0.entry(stem.clone()).or_insert(1);
        }
        document.add_text(fields.around, around.write());
        for term in code_terms(&self.codes, &self.associated) {
            document.add_text(fields.code, term);
        }
        if !self.uri.is_empty() {
            document.add_u64(fields.uri, uri_hash(&self.uri));
        }
        for hash in std::iter::once(&self.statement).chain(&self.short).filter_map(|text| statement_hash(text)) {
            document.add_u64(fields.said, hash);
        }
    }

    pub(super) fn key(&self) -> u64 {
        key_of(&self.framework.id, self.class, &self.id)
    }
}

/// The terms that codes are found by; the first letter says how near the code is: `c` the code
/// itself, `j` without separators, `t` in another way, `a` an associated one.
pub(super) fn code_terms(codes: &[String], associated: &[Associated]) -> Vec<String> {
    let mut terms = Vec::new();
    for code in codes.iter().filter_map(|code| Code::new(code)) {
        terms.push(format!("c{}", code.separated()));
        terms.push(format!("j{}", code.joined()));
        terms.extend(code.variants().into_iter().map(|variant| format!("t{variant}")));
    }
    for code in associated.iter().filter_map(|one| Code::new(one.code.as_deref()?)) {
        terms.push(format!("a{}", code.joined()));
        terms.extend(code.variants().into_iter().map(|variant| format!("a{variant}")));
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

impl Pointer {
    pub(super) fn document(&self, fields: &Fields, digest: u64) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_u64(fields.key, self.key());
        document.add_text(fields.package, &self.from);
        if self.associated.package != self.from {
            document.add_text(fields.near, &self.associated.package);
        }
        document.add_u64(fields.target, hash_of(&self.target));
        document.add_u64(fields.digest, digest);
        document.add_bytes(fields.shown, &serde_json::to_vec(self).unwrap_or_default());
        document
    }

    pub(super) fn key(&self) -> u64 {
        digest(&("pointer", self))
    }
}

/// The mark of what a credential can be issued for.
pub(super) const CREDENTIAL: &str = "credential";

/// Folded words of a facet's value, as they are looked for.
pub(super) fn facet_words(value: &str) -> Vec<String> {
    words(value).map(|word| fold(&word.text).into_owned()).collect()
}

/// The class names that are found.
pub(super) const KINDS: [Class; 4] = [Class::Item, Class::Document, Class::Criterion, Class::Level];
