//! What is told of the objects that are meant: read once for all references, then told of each.

use std::collections::HashMap;
use std::rc::Rc;

use super::find::sorted;
use super::replaced::Replaced;
use super::told::{Replacement, Resolution, ResolveState, ResolvedFramework, ResolvedObject};
use super::{FoundBy, Open};
use crate::case::model::Class;
use crate::registry::search::entries::{end_of, is_retired};
use crate::registry::search::texts::Texts;
use crate::registry::{RegistryError, label, publish, written};
use crate::store::{Object, Tx};
use crate::text::exact;

/// What is needed to tell of objects.
pub(super) struct Telling<'a> {
    base_url: &'a str,
    /// In seconds since 1970.
    now: i64,
    /// Frameworks by identifier, and whether each is out of force.
    frameworks: HashMap<String, (ResolvedFramework, bool)>,
    replaced: Replaced,
}

/// What is told of objects of one class, by identifier; those that are not in sight are left out.
pub(in crate::registry) fn told_objects(
    tx: &mut Tx<'_>,
    class: Class,
    ids: &[&str],
    base_url: &str,
) -> Result<HashMap<String, ResolvedObject>, RegistryError> {
    let objects: Vec<Rc<Object>> = tx.objects_among(class, ids)?.into_values().map(Rc::new).collect();
    let now = super::super::answers::seconds(super::super::now());
    let frameworks = frameworks(tx, &objects.iter().collect::<Vec<_>>(), now)?;
    let telling = Telling { base_url, now, frameworks, replaced: Replaced::default() };
    Ok(objects.iter().map(|object| (object.id.clone(), telling.object(object))).collect())
}

impl<'a> Telling<'a> {
    pub(super) fn read(tx: &mut Tx<'_>, all: &[Open<'_>], base_url: &'a str) -> Result<Telling<'a>, RegistryError> {
        let single = |open: &Open<'_>| match &open.meant {
            Some((_, objects)) if objects.len() == 1 => objects.first().map(|one| one.id.clone()),
            _ => None,
        };
        let ids: Vec<String> = all.iter().filter_map(single).collect();
        let replaced = Replaced::read(tx, &sorted(ids.iter().map(String::as_str)))?;
        let meant = all.iter().flat_map(|open| open.meant.iter().flat_map(|(_, objects)| objects));
        let objects: Vec<&Rc<Object>> = meant.chain(replaced.objects.values()).collect();
        let now = super::super::answers::seconds(super::super::now());
        let frameworks = frameworks(tx, &objects, now)?;
        Ok(Telling { base_url, now, frameworks, replaced })
    }

    /// The answer to each reference.
    pub(super) fn tell(&self, all: &[Open<'_>]) -> Vec<Resolution> {
        all.iter().map(|open| self.resolution(open)).collect()
    }

    fn resolution(&self, open: &Open<'_>) -> Resolution {
        let Some((by, objects)) = &open.meant else { return nothing(open) };
        let objects: Vec<ResolvedObject> = objects.iter().map(|object| self.object(object)).collect();
        let names_it = matches!(by, FoundBy::Code | FoundBy::Name);
        if open.is_elsewhere() && names_it {
            let name = open.reference.framework.first().map(String::as_str).unwrap_or_default();
            let note = format!("no framework here is called {name}; others have what is in hits");
            return Resolution { hits: objects, ..Resolution::unknown(note) };
        }
        let found_by = Some(*by);
        match <[ResolvedObject; 1]>::try_from(objects) {
            Ok([object]) => {
                let replacements = self.replacements(&object.identifier);
                let state = self.state(open, *by, &object, &replacements);
                Resolution { state, found_by, object: Some(object), replacements, ..Resolution::default() }
            }
            Err(hits) => Resolution { state: ResolveState::Ambiguous, found_by, hits, ..Resolution::default() },
        }
    }

    fn state(&self, open: &Open<'_>, by: FoundBy, object: &ResolvedObject, replaced: &[Replacement]) -> ResolveState {
        match () {
            () if !replaced.is_empty() => ResolveState::Replaced,
            () if object.retired => ResolveState::Retired,
            () if by != FoundBy::ExactMatch && self.is_moved(open, object) => ResolveState::Moved,
            () => ResolveState::Resolved,
        }
    }

    /// Whether an address was given that is neither the object's own, nor one at the same host, nor one
    /// of this server.
    fn is_moved(&self, open: &Open<'_>, object: &ResolvedObject) -> bool {
        let Some(given) = open.clues.uris.first() else { return false };
        if exact::address(given) == exact::address(&object.uri) {
            return false;
        }
        let Some(host) = exact::host(given) else { return false };
        let hosts = [exact::host(&object.uri), exact::host(self.base_url)];
        !hosts.into_iter().flatten().any(|own| own == host)
    }

    fn replacements(&self, id: &str) -> Vec<Replacement> {
        let ends = self.replaced.ends(id).into_iter();
        ends.map(|(identifier, uri)| {
            let object = self.replaced.objects.get(identifier).map(|object| self.object(object));
            let uri = object.as_ref().map_or(uri, |object| object.uri.as_str()).to_owned();
            Replacement { identifier: identifier.to_owned(), uri, object }
        })
        .collect()
    }

    fn object(&self, object: &Rc<Object>) -> ResolvedObject {
        let texts = Texts::of(object);
        let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_ref().map(|text| text.clone().into_owned());
        let (framework, is_over) = self.frameworks.get(home(object)).cloned().unwrap_or_default();
        let statement = texts.statement();
        ResolvedObject {
            kind: object.class.name(),
            identifier: object.id.clone(),
            uri: texts.uri.clone().into_owned(),
            code: owned(&texts.human_coding_scheme),
            abbreviated_statement: owned(&texts.abbreviated_statement),
            last_change_date_time: owned(&texts.last_change_date_time).unwrap_or_else(|| written(object.changed_at)),
            status_end_date: owned(&texts.status_end_date),
            retired: is_over || has_ended(&texts, self.now),
            statement: if statement.trim().is_empty() { label(object) } else { statement },
            framework,
        }
    }
}

fn nothing(open: &Open<'_>) -> Resolution {
    if let Some(scheme) = open.clues.scheme {
        let note = Some(format!("it is of {scheme}, and nothing here is said to be the same"));
        return Resolution { state: ResolveState::NotCase, scheme: Some(scheme), note, ..Resolution::default() };
    }
    match open.reference.framework.first().filter(|_| open.is_elsewhere()) {
        Some(name) => Resolution::unknown(format!("no framework here is called {name}")),
        None => Resolution::default(),
    }
}

fn has_ended(texts: &Texts<'_>, now: i64) -> bool {
    texts.status_end_date.as_deref().and_then(end_of).is_some_and(|end| end <= now)
}

/// The framework that an object belongs to.
fn home(object: &Object) -> &str {
    if object.class == Class::Document { &object.id } else { &object.home_id }
}

fn frameworks(
    tx: &mut Tx<'_>,
    objects: &[&Rc<Object>],
    now: i64,
) -> Result<HashMap<String, (ResolvedFramework, bool)>, RegistryError> {
    let ids = sorted(objects.iter().map(|object| home(object)));
    let mut found = HashMap::new();
    for (id, document) in tx.objects_among(Class::Document, &ids)? {
        let texts = Texts::of(&document);
        let status = texts.adoption_status.as_deref();
        let is_over = status.is_some_and(is_retired) || has_ended(&texts, now);
        let framework = ResolvedFramework {
            identifier: id.clone(),
            uri: texts.uri.clone().into_owned(),
            title: texts.statement(),
            last_change_date_time: texts.last_change_date_time.as_deref().map(str::to_owned),
            adoption_status: status.map(str::to_owned),
        };
        found.insert(id, (framework, is_over));
    }
    for object in objects {
        if !found.contains_key(home(object)) {
            let link = publish::home_link(tx, object)?;
            let (identifier, uri, title) = (link.identifier, link.uri, link.title);
            let framework = ResolvedFramework { identifier, uri, title, ..ResolvedFramework::default() };
            found.insert(home(object).to_owned(), (framework, false));
        }
    }
    Ok(found)
}
