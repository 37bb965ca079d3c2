//! A CASE package under construction: members under their CASE names, each with its place in the
//! file it comes from. `case::read` makes the package of it, and its report speaks of those places.

use serde_json::{Map, Value, json};

use super::names;
use super::tree::Tree;
use crate::case::read::{self, Canonical, Context, Reading, canonical};
use crate::case::report::{Entry, Severity};
use crate::case::vocab::IS_CHILD_OF;

/// One object of the package.
#[derive(Debug, Default)]
pub(super) struct Object {
    /// Where it stands in the file.
    pub place: String,
    pub members: Map<String, Value>,
    /// Where members stand that do not stand at `place`.
    sources: Vec<(String, String)>,
    /// It has no object of its own in the file, but follows from what others say.
    implied: bool,
}

impl Object {
    pub(super) fn at(place: String) -> Object {
        Object { place, ..Object::default() }
    }

    /// Sets a member that comes from `place`.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>, place: String) {
        self.members.insert(name.to_owned(), value.into());
        self.sources.push((name.to_owned(), place));
    }

    /// Gives it the identifier and the uri that its name in the file means.
    pub(super) fn identify(&mut self, id: &str) {
        match id.strip_prefix("_:") {
            Some(unnamed) => {
                self.members.insert("identifier".to_owned(), Value::from(unnamed));
            }
            None => {
                self.members.insert("identifier".to_owned(), Value::from(uuid_in(id).unwrap_or_else(|| id.to_owned())));
                if id.contains(':') {
                    self.members.insert("uri".to_owned(), Value::from(id));
                }
            }
        }
    }

    /// Keeps a property that CASE does not have.
    pub(super) fn extend(&mut self, name: &str, value: Value) {
        let extensions = self.members.entry("extensions").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(map) = extensions {
            map.insert(name.to_owned(), value);
        }
    }

    /// The identifier as the file gives it.
    pub(super) fn identifier(&self) -> &str {
        self.members.get("identifier").and_then(Value::as_str).unwrap_or_default()
    }
}

/// The UUID in a name of the file: of a CTID (`ce-…`), or at the end of a uri.
pub(super) fn uuid_in(id: &str) -> Option<String> {
    let last = id.rsplit('/').next().unwrap_or(id);
    match canonical(last.strip_prefix("ce-").unwrap_or(last)) {
        Canonical::Proper(uuid) | Canonical::OddVersion(uuid) => Some(uuid),
        Canonical::NotUuid(_) => read::in_uri(id),
    }
}

/// A link to something outside of the file, with the identifier that it would be imported under.
pub(super) fn outside(uri: &str) -> Value {
    let identifier = uuid_in(uri).unwrap_or_else(|| match canonical(uri) {
        Canonical::Proper(id) | Canonical::OddVersion(id) | Canonical::NotUuid(id) => id,
    });
    json!({"title": uri, "identifier": identifier, "uri": uri})
}

/// A framework on its way.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub document: Object,
    pub items: Vec<Object>,
    pub associations: Vec<Object>,
    /// Further members of the package: definitions, rubrics, extensions.
    pub rest: Map<String, Value>,
    pub notes: Vec<Entry>,
    /// The file holds every association as an object: nothing is to be supplied.
    pub is_whole: bool,
}

impl Draft {
    pub(super) fn note(
        &mut self,
        severity: Severity,
        code: &str,
        place: String,
        sentence: String,
        original: Option<&Value>,
    ) {
        let original = original.map(Value::to_string);
        self.notes.push(Entry { severity, code: code.to_owned(), place, sentence, original });
    }

    /// A licence for the whole framework, known by its uri.
    pub(super) fn license(&mut self, uri: &str, title: Option<String>, place: String) {
        let title = title.unwrap_or_else(|| uri.to_owned());
        let mut link = outside(uri);
        link["title"] = Value::from(title.as_str());
        let mut license = json!({"identifier": link["identifier"], "uri": uri, "title": title, "licenseText": uri});
        if let Some(time) = self.document.members.get("lastChangeDateTime") {
            license["lastChangeDateTime"] = time.clone();
        }
        self.document.set("licenseURI", link, place);
        self.rest.insert("CFDefinitions".to_owned(), json!({"CFLicenses": [license]}));
    }

    /// The link of an item of this draft, or of the document; the reader completes it.
    pub(super) fn end(&self, item: Option<usize>) -> Value {
        let object = item.and_then(|at| self.items.get(at)).unwrap_or(&self.document);
        json!({"identifier": object.identifier()})
    }

    /// Adds an association that follows from a property at `place`.
    pub(super) fn imply(&mut self, kind: &str, origin: Value, destination: Value, place: String) -> &mut Object {
        let mut association = Object { implied: true, ..Object::at(place) };
        association.members.insert("associationType".to_owned(), Value::from(kind));
        association.members.insert("originNodeURI".to_owned(), origin);
        association.members.insert("destinationNodeURI".to_owned(), destination);
        self.associations.push(association);
        let last = self.associations.len() - 1;
        &mut self.associations[last]
    }

    /// Makes the hierarchy into associations; what had to be changed about it is told. Items that
    /// stand nowhere are put under the document, unless `loose` items are meant to be.
    pub(super) fn grow(&mut self, tree: Tree, loose: bool) {
        let ordered = tree.order(self.items.len());
        for (child, parent) in ordered.cut {
            let place = self.items.get(child).map_or_else(String::new, |item| item.place.clone());
            let original = json!({"child": self.end(Some(child)), "parent": self.end(Some(parent))});
            let sentence = "an item cannot stand under itself, nor under what stands under it; this parent is left out";
            self.note(Severity::Loss, "circle", place, sentence.to_owned(), Some(&original));
        }
        for child in ordered.homeless.iter().filter(|_| !loose) {
            let place = self.items.get(*child).map_or_else(String::new, |item| item.place.clone());
            let sentence = "it says nothing of where it stands; it is put under the framework";
            self.note(Severity::Warning, "no-parent", place, sentence.to_owned(), None);
        }
        for ((child, parent), number) in ordered.edges {
            if loose && parent.is_none() && ordered.homeless.binary_search(&child).is_ok() {
                continue;
            }
            let (origin, destination) = (self.end(Some(child)), self.end(parent));
            let place = self.items.get(child).map_or_else(String::new, |item| item.place.clone());
            let association = self.imply(IS_CHILD_OF, origin, destination, place);
            association.members.insert("sequenceNumber".to_owned(), Value::from(number));
        }
    }

    /// The package, with a report that speaks of the file.
    pub(super) fn read(self, context: &Context) -> Option<Reading> {
        let Draft { document, items, associations, rest, mut notes, is_whole: _ } = self;
        let places = Places::of(&document, &items, &associations);
        let members = |objects: Vec<Object>| -> Value {
            objects.into_iter().map(|object| Value::Object(object.members)).collect()
        };
        let mut package = Map::new();
        package.insert("CFDocument".to_owned(), Value::Object(document.members));
        package.insert("CFItems".to_owned(), members(items));
        package.insert("CFAssociations".to_owned(), members(associations));
        package.extend(rest);
        let mut reading = read::package_value(Value::Object(package), context).ok()?;
        let entries = std::mem::take(&mut reading.report.entries);
        notes.extend(entries.into_iter().filter_map(|entry| places.translate(entry)));
        if places.implied > 0 {
            notes.push(Entry {
                severity: Severity::Info,
                code: "associations-made".to_owned(),
                place: String::new(),
                sentence: format!(
                    "{} associations follow from the file's hierarchy and relations; they get identifiers, uris and times",
                    places.implied
                ),
                original: None,
            });
        }
        reading.report.entries = notes;
        Some(reading)
    }
}

/// Where the objects of a draft come from.
struct Places {
    document: (String, Vec<(String, String)>),
    items: Vec<(String, Vec<(String, String)>)>,
    /// And whether each is implied.
    associations: Vec<(String, bool)>,
    implied: usize,
}

/// What is said of every association that the reader has to complete, and of none in particular.
const COMPLETED: [&str; 5] =
    ["identifier-minted", "uri-minted", "time-assumed", "identifier-replaced", "link-completed"];

impl Places {
    fn of(document: &Object, items: &[Object], associations: &[Object]) -> Places {
        let place = |object: &Object| (object.place.clone(), object.sources.clone());
        Places {
            document: place(document),
            items: items.iter().map(place).collect(),
            associations: associations.iter().map(|one| (one.place.clone(), one.implied)).collect(),
            implied: associations.iter().filter(|one| one.implied).count(),
        }
    }

    /// The entry with the place in the file; `None` when it goes without saying.
    fn translate(&self, mut entry: Entry) -> Option<Entry> {
        let mut steps = entry.place.split('/').skip(1);
        let class = steps.next().unwrap_or_default();
        let object = match class {
            "CFDocument" => Some(&self.document),
            "CFItems" => steps.next().and_then(|index| self.items.get(index.parse::<usize>().ok()?)),
            "CFAssociations" => {
                let index = steps.next().and_then(|index| index.parse::<usize>().ok())?;
                let (place, implied) = self.associations.get(index)?;
                if *implied && entry.severity != Severity::Loss && COMPLETED.contains(&entry.code.as_str()) {
                    return None;
                }
                entry.place = place.clone();
                return Some(entry);
            }
            _ => None,
        };
        if let Some((place, sources)) = object {
            let member = steps.next().unwrap_or_default();
            let source = sources.iter().find(|(name, _)| name == member).map(|(_, source)| source);
            entry.place = source.unwrap_or(place).clone();
        }
        Some(entry)
    }
}

/// A text in one language: the tag of the language, and what other languages say instead.
pub(super) fn split_languages(texts: Vec<super::graph::Text>, own: Option<&str>) -> (Vec<String>, Map<String, Value>) {
    let known = |tag: &Option<String>| tag.as_deref().is_some_and(|tag| own.is_some_and(|own| same(tag, own)));
    let main = match texts.iter().find(|text| known(&text.language)) {
        Some(text) => text.language.clone(),
        None => texts.first().and_then(|text| text.language.clone()),
    };
    let mut here = Vec::new();
    let mut others = Map::new();
    for text in texts {
        if text.language.is_none() || text.language == main {
            here.push(text.text);
        } else if let Some(tag) = text.language {
            let list = others.entry(tag).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.push(Value::from(text.text));
            }
        }
    }
    for value in others.values_mut() {
        if let Value::Array(list) = value
            && list.len() == 1
        {
            *value = list.remove(0);
        }
    }
    (here, others)
}

fn same(tag: &str, own: &str) -> bool {
    names::language(tag).eq_ignore_ascii_case(names::language(own))
}
