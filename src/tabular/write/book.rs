//! A package as the sheets look at it: every object as its CASE 1.1 JSON, what else a cell needs to
//! know, and how a property becomes the text of a cell.
//!
//! **Texts** stand as they are. **Lists of texts** are joined with the column's separator, and are a
//! JSON array where that could be read in another way. **Links** to definitions of the package, or
//! from a criterion to one of its items, are the uri alone; other links are a JSON object with title, identifier and uri; several are
//! joined with `|`, or a JSON array. **Extensions** are a JSON object.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::column::Seen;
use crate::case::model::{Association, Document, Extensions, Identity, Item, Package};
use crate::case::status::is_case_uuid;
use crate::case::vocab::IS_CHILD_OF;
use crate::tabular::notation;
use crate::tabular::outline::{Place, outline};

/// What separates the parts of a list when a person or another program is to read it.
const SEPARATORS: [char; 5] = ['|', ',', ';', '\n', '\r'];

/// One object as CASE 1.1 JSON.
pub(super) type Object = Map<String, Value>;

/// The JSON of a wire struct.
pub(super) fn object(wire: &impl Serialize) -> Object {
    match serde_json::to_value(wire) {
        Ok(Value::Object(object)) => object,
        // Structs of texts, numbers and JSON objects always serialise to objects.
        _ => Object::new(),
    }
}

/// Title and identifier of what has a uri; none where two have the same one.
type Known<'p> = HashMap<&'p str, Option<(&'p str, &'p str)>>;

fn know<'p>(known: &mut Known<'p>, identity: &'p Identity, title: &'p str) {
    let own = Some((title, identity.identifier.as_str()));
    known.entry(&identity.uri).and_modify(|one| *one = None).or_insert(own);
}

/// A package with what is needed to write any row of it.
pub(super) struct Book<'p> {
    pub package: &'p Package,
    /// Every item with its place, depth first.
    outline: Vec<Place>,
    definitions: Known<'p>,
    labels: Known<'p>,
    items: HashMap<&'p str, &'p Item>,
    /// How many items have a code.
    codes: HashMap<&'p str, usize>,
    /// The associations that do not build the tree, by their origin.
    beside: HashMap<&'p str, Vec<&'p Association>>,
}

impl<'p> Book<'p> {
    pub(super) fn new(package: &'p Package) -> Book<'p> {
        let (mut definitions, mut labels) = (Known::new(), Known::new());
        for item in &package.items {
            know(&mut labels, &item.identity, item.label());
        }
        if let Some(all) = &package.definitions {
            let mut know = |identity: &'p Identity, title: &'p str| know(&mut definitions, identity, title);
            all.concepts.iter().flatten().for_each(|one| know(&one.identity, &one.title));
            all.subjects.iter().flatten().for_each(|one| know(&one.identity, &one.title));
            all.licenses.iter().flatten().for_each(|one| know(&one.identity, &one.title));
            all.item_types.iter().flatten().for_each(|one| know(&one.identity, &one.title));
            all.groupings.iter().flatten().for_each(|one| know(&one.identity, &one.title));
        }
        let items = package.items.iter().map(|item| (item.identity.identifier.as_str(), item)).collect();
        let mut codes: HashMap<&str, usize> = HashMap::new();
        for code in package.items.iter().filter_map(|item| item.human_coding_scheme.as_deref()) {
            *codes.entry(code).or_default() += 1;
        }
        let mut beside: HashMap<&str, Vec<&Association>> = HashMap::new();
        for association in package.associations.iter().filter(|one| one.association_type != IS_CHILD_OF) {
            beside.entry(association.origin.identifier.as_str()).or_default().push(association);
        }
        Book { package, outline: outline(package), definitions, labels, items, codes, beside }
    }

    /// The item of that identifier, if the package has it.
    pub(super) fn item(&self, identifier: &str) -> Option<&'p Item> {
        self.items.get(identifier).copied()
    }

    /// How many items have the code.
    pub(super) fn bearers(&self, code: &str) -> usize {
        self.codes.get(code).copied().unwrap_or_default()
    }

    /// The item above the one of a row.
    pub(super) fn parent(&self, seen: &Seen<'_>) -> Option<&'p Item> {
        self.package.items.get(seen.place?.parent?)
    }

    /// The other ends of an item's associations of a type: what is in the package, or may be on
    /// another CASE server, by its identifier, anything else by its uri.
    pub(super) fn ends(&self, identifier: &str, association_type: &str) -> impl Iterator<Item = &'p str> {
        let associations = self.beside.get(identifier).into_iter().flatten();
        let of_type = associations.filter(move |one| one.association_type == association_type);
        of_type.map(|association| {
            let end = &association.destination;
            let is_case = end.target_type.as_deref().is_none_or(|target| target == "CASE");
            if is_case && is_case_uuid(&end.identifier) { &end.identifier } else { end.uri.as_str() }
        })
    }

    /// Whether any item is like that.
    pub(super) fn any_item(&self, is: impl FnMut(&Item) -> bool) -> bool {
        self.package.items.iter().any(is)
    }

    /// Whether any association is like that.
    pub(super) fn any_association(&self, is: impl FnMut(&Association) -> bool) -> bool {
        self.package.associations.iter().any(is)
    }

    /// The types that the framework's items have, each once, those that are defined first.
    pub(super) fn item_types(&self) -> Vec<String> {
        let defined = self.package.definitions.iter().flat_map(|definitions| definitions.item_types.iter().flatten());
        let defined = defined.map(|item_type| item_type.title.as_str());
        let used = self.package.items.iter().filter_map(|item| item.item_type.as_deref());
        let mut seen = HashSet::new();
        defined.chain(used).filter(|title| seen.insert(*title)).map(str::to_owned).collect()
    }

    /// Every item with its place, depth first.
    pub(super) fn placed(&self) -> impl Iterator<Item = (&'p Item, &Place)> {
        self.outline.iter().filter_map(|place| Some((self.package.items.get(place.item)?, place)))
    }

    /// The framework itself.
    pub(super) fn document(&self) -> &'p Document {
        &self.package.document
    }

    /// The text of the framework's licence; blank where the package does not have it.
    pub(super) fn license_text(&self) -> &'p str {
        let Some(link) = &self.package.document.license_uri else { return "" };
        let licenses = self.package.definitions.iter().flat_map(|definitions| definitions.licenses.iter().flatten());
        let named = |identity: &Identity| identity.identifier == link.identifier || identity.uri == link.uri;
        licenses.into_iter().find(|license| named(&license.identity)).map_or("", |license| &license.license_text)
    }

    /// The text of a property. `separator` is what its list is joined with.
    pub(super) fn text<'a>(&self, property: &str, value: &'a Value, separator: char) -> Cow<'a, str> {
        let known = if property == "CFItemURI" { &self.labels } else { &self.definitions };
        match value {
            Value::String(text) => Cow::Borrowed(text),
            Value::Array(list) if list.iter().all(Value::is_object) && !list.is_empty() => links(known, list, value),
            Value::Array(list) => texts(list, value, separator),
            Value::Object(object) => link(known, object).map_or_else(|| notation::json(value), str::to_owned).into(),
            other => other.to_string().into(),
        }
    }
}

/// The uri of a link that says nothing more than what the package tells of that uri.
fn link<'a>(known: &Known<'_>, object: &'a Object) -> Option<&'a str> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let uri = text("uri").filter(|uri| object.len() == 3 && !uri.contains('|') && !uri.starts_with(['[', '{']))?;
    (*known.get(uri)? == Some((text("title")?, text("identifier")?))).then_some(uri)
}

fn links<'a>(known: &Known<'_>, list: &'a [Value], whole: &'a Value) -> Cow<'a, str> {
    let uris: Option<Vec<&str>> = list.iter().map(|one| link(known, one.as_object()?)).collect();
    uris.map_or_else(|| notation::json(whole), |uris| uris.join("|")).into()
}

fn texts<'a>(list: &'a [Value], whole: &'a Value, separator: char) -> Cow<'a, str> {
    let plain = |value: &'a Value| {
        let text = value.as_str()?;
        let is_plain = !text.is_empty() && text.trim() == text && !text.contains(SEPARATORS) && !text.starts_with('[');
        is_plain.then_some(text)
    };
    let plain: Option<Vec<&str>> = list.iter().map(plain).collect();
    match plain.as_deref() {
        Some([]) | None => notation::json(whole).into(),
        Some([one]) => Cow::Borrowed(one),
        Some(several) => Cow::Owned(several.join(&separator.to_string())),
    }
}

/// Whether a text is fit for a cell as it is, on one line or several.
pub(super) fn is_plain(text: &str) -> bool {
    notation::cell(text) == text
}

/// The extensions without those that have columns of their own, as JSON; none where none are left
/// or the object has none.
pub(super) fn extensions_beside(extensions: Option<&Extensions>, columns: &[String]) -> Option<String> {
    let extensions = extensions?;
    let rest: Object = extensions
        .iter()
        .filter(|(name, _)| !columns.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let told = rest.is_empty() && !extensions.is_empty();
    (!told).then(|| notation::json(&Value::Object(rest)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_that_could_be_misread_are_json() {
        let check = |value: Value, expect: &str| {
            let Value::Array(list) = &value else { panic!("a list") };
            assert_eq!(texts(list, &value, '|'), expect);
        };
        check(json!(["a", "b c"]), "a|b c");
        check(json!(["a"]), "a");
        check(json!(["a, b"]), r#"["a, b"]"#);
        check(json!(["a", " b"]), r#"["a"," b"]"#);
        check(json!([]), "[]");
        check(json!([""]), r#"[""]"#);
        check(json!(["[a]"]), r#"["[a]"]"#);
    }
}
