//! The definitions of a framework: found by identifier or title, else created once.

use std::collections::{HashMap, HashSet};

use super::before::{Before, key};
use super::identity::{free, published};
use super::items::{extensions, uri};
use super::line::{Line, RowKind};
use super::merge::{Identified, ordered, settle};
use super::notes::Notes;
use crate::case::model::{
    Class, Concept, Definitions, Extensions, Grouping, Identity, ItemType, License, Link, Subject, Timestamp,
};
use crate::tabular::mapping::Field;

/// What the definitions have in common.
pub(super) trait Definition: Identified + Clone {
    const CLASS: Class;
    fn list(all: &mut Definitions) -> &mut Option<Vec<Self>>;
    /// A new one; `number` stands for the place in the hierarchy that nothing tells.
    fn new(identity: Identity, title: &str, number: usize) -> Self;
    fn title(&self) -> &str;
    fn title_mut(&mut self) -> &mut String;
    fn extensions(&mut self) -> &mut Option<Extensions>;
    /// What tells two of the same title apart.
    fn detail(&self) -> Option<&str> {
        None
    }
    /// What else a row says.
    fn fill(&mut self, line: &Line<'_, '_>);
}

/// Takes what the sheet has a column for; a blank clears it.
fn take(slot: &mut Option<String>, line: &Line<'_, '_>, field: &Field) {
    if line.table.has(field) {
        *slot = line.text(field).map(str::to_owned);
    }
}

/// [`take`] for what may not be blank.
fn take_required(slot: &mut String, line: &Line<'_, '_>, field: &Field) {
    if let Some(text) = line.text(field) {
        text.clone_into(slot);
    }
}

macro_rules! definition {
    ($class:ident, $list:ident, $new:expr, $fill:expr $(, $detail:ident)?) => {
        impl Definition for $class {
            const CLASS: Class = Class::$class;
            fn list(all: &mut Definitions) -> &mut Option<Vec<Self>> {
                &mut all.$list
            }
            fn new(identity: Identity, title: &str, number: usize) -> Self {
                let new: fn(Identity, String, String) -> Self = $new;
                new(identity, title.to_owned(), number.to_string())
            }
            fn title(&self) -> &str {
                &self.title
            }
            fn title_mut(&mut self) -> &mut String {
                &mut self.title
            }
            fn extensions(&mut self) -> &mut Option<Extensions> {
                &mut self.extensions
            }
            $(fn detail(&self) -> Option<&str> {
                Some(&self.$detail)
            })?
            fn fill(&mut self, line: &Line<'_, '_>) {
                let fill: fn(&mut Self, &Line<'_, '_>) = $fill;
                fill(self, line);
            }
        }
    };
}

definition!(
    ItemType,
    item_types,
    |identity, title, hierarchy_code| ItemType {
        identity,
        description: title.clone(),
        title,
        hierarchy_code,
        type_code: None,
        extensions: None
    },
    |own, line| {
        take_required(&mut own.description, line, &Field::Description);
        take_required(&mut own.hierarchy_code, line, &Field::HierarchyCode);
        take(&mut own.type_code, line, &Field::HumanCodingScheme);
    }
);
definition!(
    Subject,
    subjects,
    |identity, title, hierarchy_code| Subject { identity, title, hierarchy_code, description: None, extensions: None },
    |own, line| {
        take(&mut own.description, line, &Field::Description);
        take_required(&mut own.hierarchy_code, line, &Field::HierarchyCode);
    }
);
definition!(
    Concept,
    concepts,
    |identity, title, hierarchy_code| Concept {
        identity,
        title,
        keywords: None,
        hierarchy_code,
        description: None,
        extensions: None
    },
    |own, line| {
        take(&mut own.description, line, &Field::Description);
        take_required(&mut own.hierarchy_code, line, &Field::HierarchyCode);
        if line.table.exact {
            take(&mut own.keywords, line, &Field::ConceptKeywords);
        } else if line.table.has(&Field::ConceptKeywords) {
            let keywords = line.list(&Field::ConceptKeywords).join("|");
            own.keywords = (!keywords.is_empty()).then_some(keywords);
        }
    }
);
definition!(
    License,
    licenses,
    |identity, title, _| License { identity, license_text: title.clone(), title, description: None, extensions: None },
    |own, line| {
        take(&mut own.description, line, &Field::Description);
        take_required(&mut own.license_text, line, &Field::LicenseText);
    },
    license_text
);
definition!(
    Grouping,
    groupings,
    |identity, title, _| Grouping { identity, title, description: None, extensions: None },
    |own, line| take(&mut own.description, line, &Field::Description)
);

/// The definitions in the making.
pub(super) struct Set<'a> {
    all: Definitions,
    stored: Definitions,
    document: &'a str,
    base_url: &'a str,
    now: &'a Timestamp,
    /// Links by class and what they were asked for.
    links: HashMap<(Class, String), Link>,
    uris: HashMap<String, Link>,
    /// Classes that the workbook lists, and what it lists of them.
    listed: HashMap<Class, HashSet<String>>,
    said: HashMap<(Class, String), Timestamp>,
    replaced: Vec<(String, Class, String)>,
    pub changed: bool,
}

impl<'a> Set<'a> {
    pub(super) fn new(before: &Before, document: &'a str, base_url: &'a str, now: &'a Timestamp) -> Set<'a> {
        let stored = before.framework.as_ref().and_then(|framework| framework.package.definitions.clone());
        let stored = stored.unwrap_or_default();
        Set {
            all: stored.clone(),
            stored,
            document,
            base_url,
            now,
            links: HashMap::new(),
            uris: HashMap::new(),
            listed: HashMap::new(),
            said: HashMap::new(),
            replaced: Vec::new(),
            changed: false,
        }
    }

    /// A row that defines something.
    pub(super) fn row(&mut self, kind: RowKind, line: &Line<'_, '_>, before: &Before, notes: &mut Notes) {
        match kind {
            RowKind::ItemType => self.define::<ItemType>(line, before, notes),
            RowKind::Subject => self.define::<Subject>(line, before, notes),
            RowKind::Concept => self.define::<Concept>(line, before, notes),
            RowKind::License => self.define::<License>(line, before, notes),
            RowKind::Grouping => self.define::<Grouping>(line, before, notes),
            _ => {
                let sentence = "the row defines nothing that a framework has; the row is left out";
                notes.loss("row-left-out", line.place_of_row(), sentence, &line.shown());
            }
        }
    }

    fn define<T: Definition>(&mut self, line: &Line<'_, '_>, before: &Before, notes: &mut Notes) {
        let titles = [Field::Title, Field::GroupingTitle, Field::AbbreviatedStatement, Field::FullStatement];
        let title = titles.iter().find_map(|field| line.text(field)).or_else(|| line.text(&Field::LicenseText));
        let received = line.text(&Field::Identifier);
        if line.table.exact && line.row.cells.len() == 1 {
            // The class alone: the list is there.
            T::list(&mut self.all).get_or_insert_default();
            return;
        }
        let Some(title) = title.or(received) else {
            let sentence = "no title; the row is left out. Fill one in to keep it";
            notes.loss("row-left-out", line.place_of_row(), sentence, &line.shown());
            return;
        };
        let id = received.map(|received| {
            let (id, is_name) = published(T::CLASS, received, self.document, before);
            if is_name {
                self.replaced.push((received.to_owned(), T::CLASS, id.clone()));
            }
            id
        });
        let detail = line.text(&Field::LicenseText);
        let at = self.find::<T>(id.as_deref(), title, detail);
        let at = at.unwrap_or_else(|| self.add::<T>(id, title, detail.unwrap_or_default(), uri(line, notes)));
        let Some(own) = T::list(&mut self.all).as_mut().and_then(|list| list.get_mut(at)) else { return };
        title.clone_into(own.title_mut());
        own.fill(line);
        extensions(own.extensions(), line, notes);
        let id = own.identity().identifier.clone();
        if let Some(time) = line.text(&Field::LastChangeDateTime).and_then(super::dates::instant) {
            self.said.insert((T::CLASS, id.clone()), time);
        }
        self.listed.entry(T::CLASS).or_default().insert(id);
    }

    fn find<T: Definition>(&mut self, id: Option<&str>, title: &str, detail: Option<&str>) -> Option<usize> {
        let list = T::list(&mut self.all).as_deref().unwrap_or_default();
        if let Some(id) = id {
            return list.iter().position(|one| one.identity().identifier == id);
        }
        let same = |one: &T| key(one.title()) == key(title);
        let exact = |one: &T| {
            let told = detail.zip(one.detail());
            same(one) && told.is_none_or(|(wanted, own)| key(own) == key(wanted))
        };
        list.iter().position(exact)
    }

    fn add<T: Definition>(&mut self, id: Option<String>, title: &str, detail: &str, uri: Option<String>) -> usize {
        let list = T::list(&mut self.all).get_or_insert_default();
        let taken = |id: &str| list.iter().any(|one| one.identity().identifier == id);
        let seed = format!("{} {}", key(title), key(detail));
        let identifier = id.unwrap_or_else(|| free(self.document, T::CLASS, seed.trim(), taken));
        let uri = uri.unwrap_or_else(|| format!("{}/uri/{identifier}", self.base_url));
        let identity = Identity { identifier, uri, last_change: self.now.clone() };
        list.push(T::new(identity, title, list.len() + 1));
        list.len() - 1
    }

    /// Makes the uris of what the workbook lists known.
    pub(super) fn know_uris(&mut self) {
        fn all<T: Definition>(
            definitions: &Definitions,
            list: fn(&Definitions) -> &Option<Vec<T>>,
            uris: &mut HashMap<String, Link>,
        ) {
            for one in list(definitions).iter().flatten() {
                let Identity { identifier, uri, .. } = one.identity().clone();
                uris.entry(uri.clone()).or_insert(Link { title: one.title().to_owned(), identifier, uri });
            }
        }
        all(&self.all, |all| &all.concepts, &mut self.uris);
        all(&self.all, |all| &all.subjects, &mut self.uris);
        all(&self.all, |all| &all.licenses, &mut self.uris);
        all(&self.all, |all| &all.item_types, &mut self.uris);
        all(&self.all, |all| &all.groupings, &mut self.uris);
    }

    /// A link to the definition of that uri.
    pub(super) fn at_uri(&self, uri: &str) -> Option<Link> {
        self.uris.get(uri).cloned()
    }

    /// The text of a licence that is linked to.
    pub(super) fn license_text(&self, link: &Link) -> Option<&str> {
        let named = |one: &&License| one.identity.identifier == link.identifier || one.identity.uri == link.uri;
        self.all.licenses.iter().flatten().find(named).map(|license| license.license_text.as_str())
    }

    /// A link to the definition of that title, which is created when there is none.
    pub(super) fn link<T: Definition>(&mut self, title: &str) -> Link {
        let asked = (T::CLASS, title.to_owned());
        if let Some(link) = self.links.get(&asked) {
            return link.clone();
        }
        let at = self.find::<T>(None, title, None).unwrap_or_else(|| self.add::<T>(None, title, "", None));
        let link = self.link_at::<T>(at);
        self.links.insert(asked, link.clone());
        link
    }

    /// A link to the definition of that title, if there is one.
    pub(super) fn known<T: Definition>(&mut self, title: &str) -> Option<Link> {
        self.find::<T>(None, title, None).map(|at| self.link_at::<T>(at))
    }

    /// A link to the licence of that title and text, which is created when there is none. A text
    /// that is an identifier or a uri may also name one.
    pub(super) fn license(&mut self, title: &str, text: Option<&str>) -> Link {
        let asked = (Class::License, format!("{title}\n{}", text.unwrap_or_default()));
        if let Some(link) = self.links.get(&asked) {
            return link.clone();
        }
        let names = |one: &License| {
            let Identity { identifier, uri, .. } = &one.identity;
            *uri == title || *identifier == title.to_lowercase() || key(&one.license_text) == key(title)
        };
        let list = self.all.licenses.as_deref().unwrap_or_default();
        let named = if text.is_none() { list.iter().position(names) } else { None };
        let at = named.or_else(|| self.find::<License>(None, title, text)).unwrap_or_else(|| {
            let at = self.add::<License>(None, title, text.unwrap_or_default(), None);
            let license = self.all.licenses.as_mut().and_then(|list| list.get_mut(at));
            if let (Some(license), Some(text)) = (license, text) {
                text.clone_into(&mut license.license_text);
            }
            at
        });
        let link = self.link_at::<License>(at);
        self.links.insert(asked, link.clone());
        link
    }

    /// A link to the grouping of that identifier, else of that title; created when there is none.
    pub(super) fn grouping(&mut self, received: Option<&str>, title: Option<&str>, before: &Before) -> Option<Link> {
        let name = title.or(received)?;
        let id = received.map(|received| published(Class::Grouping, received, self.document, before));
        if let (Some((id, true)), Some(received)) = (&id, received) {
            let entry = (received.to_owned(), Class::Grouping, id.clone());
            if !self.replaced.contains(&entry) {
                self.replaced.push(entry);
            }
        }
        let id = id.map(|(id, _)| id);
        let at = self.find::<Grouping>(id.as_deref(), name, None);
        let at = at.unwrap_or_else(|| self.add::<Grouping>(id, name, "", None));
        Some(self.link_at::<Grouping>(at))
    }

    fn link_at<T: Definition>(&mut self, at: usize) -> Link {
        let own = T::list(&mut self.all).as_ref().and_then(|list| list.get(at));
        own.map_or_else(
            || Link { title: String::new(), identifier: String::new(), uri: String::new() },
            |own| {
                let Identity { identifier, uri, .. } = own.identity().clone();
                Link { title: own.title().to_owned(), identifier, uri }
            },
        )
    }

    /// The definitions as they are now; what the workbook lists of a class is all there is of it,
    /// but for what is referred to. `listed` says that there is a list of them, even an empty one.
    pub(super) fn finish(
        mut self,
        referred: &HashSet<String>,
        listed: bool,
        replaced: &mut Vec<(String, Class, String)>,
    ) -> (Option<Definitions>, bool) {
        replaced.append(&mut self.replaced);
        self.close::<ItemType>(referred);
        self.close::<Subject>(referred);
        self.close::<Concept>(referred);
        self.close::<License>(referred);
        self.close::<Grouping>(referred);
        let any = listed || self.all != Definitions::default() || self.stored != Definitions::default();
        (any.then_some(self.all), self.changed)
    }

    fn close<T: Definition>(&mut self, referred: &HashSet<String>) {
        let stored = T::list(&mut self.stored).take().unwrap_or_default();
        let Some(list) = T::list(&mut self.all).take() else { return };
        let listed = self.listed.get(&T::CLASS);
        let mut kept = Vec::with_capacity(list.len());
        for mut one in list {
            let id = one.identity().identifier.clone();
            let before = stored.iter().find(|stored| stored.identity().identifier == id);
            let missing = listed.is_some_and(|listed| !listed.contains(&id) && !referred.contains(&id));
            if missing && before.is_some() {
                continue;
            }
            let said = self.said.get(&(T::CLASS, id)).cloned();
            self.changed |= settle(&mut one, before, said, self.now);
            kept.push(one);
        }
        *T::list(&mut self.all) = Some(ordered(kept, &stored));
    }
}
