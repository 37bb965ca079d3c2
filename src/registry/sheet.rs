//! Spreadsheets: from a workbook and its mapping to readings, with what is stored looked up in one
//! read transaction. What becomes of a reading is `plan`'s.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{Registry, RegistryError, key, label, parts};
use crate::case::model::{Class, Timestamp};
use crate::case::read::{Canonical, Context, Reading, canonical};
use crate::store::{Object, Sight, StoreError, Tx};
use crate::tabular::build::{self, BuildError, Found, Framework, Name, NothingStored, Stored, Unavailable};
use crate::tabular::cells::Workbook;
use crate::tabular::mapping::Mapping;

impl Registry {
    /// Reads the frameworks of a workbook as its mapping says, each laid over what is stored of it.
    ///
    /// # Errors
    /// [`RegistryError::Sheet`] when there is nothing to read, or an option names what is not there.
    pub fn read_sheet(
        &self,
        workbook: &Workbook,
        mapping: &Mapping,
        options: &build::Options,
    ) -> Result<Vec<Reading>, RegistryError> {
        self.read_sheet_as(workbook, mapping, options, &self.reading_context(), Sight::All)
    }

    /// [`Registry::read_sheet`] with what a reader supplies; rows refer to nothing out of sight.
    pub(super) fn read_sheet_as(
        &self,
        workbook: &Workbook,
        mapping: &Mapping,
        options: &build::Options,
        context: &Context,
        sight: Sight,
    ) -> Result<Vec<Reading>, RegistryError> {
        self.store.read_with(sight, |tx| {
            let mut stored = Look { tx, titles: None };
            build::build(workbook, mapping, options, &mut stored, context).map_err(RegistryError::from)
        })
    }
}

/// Reads the frameworks of a workbook as if nothing were stored; uris are minted under `base_url`.
///
/// # Errors
/// When there is nothing to read.
pub fn read_sheet_alone(
    workbook: &Workbook,
    mapping: &Mapping,
    options: &build::Options,
    base_url: &str,
    now: Timestamp,
) -> Result<Vec<Reading>, BuildError> {
    let context = Context { base_url: base_url.to_owned(), now };
    build::build(workbook, mapping, options, &mut NothingStored, &context)
}

impl From<BuildError> for RegistryError {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Stored(Unavailable(source)) => match source.downcast::<StoreError>() {
                Ok(error) => RegistryError::from(*error),
                Err(source) => RegistryError::Sheet(BuildError::Stored(Unavailable(source))),
            },
            other => RegistryError::Sheet(other),
        }
    }
}

impl From<StoreError> for Unavailable {
    fn from(error: StoreError) -> Self {
        Unavailable(Box::new(error))
    }
}

/// What is stored, as a builder of packages may ask for it.
struct Look<'a, 'c> {
    tx: &'a mut Tx<'c>,
    /// Every framework: identifier, uri and title; read when a framework is first asked for by name.
    titles: Option<Vec<(String, String, String)>>,
}

impl Stored for Look<'_, '_> {
    fn framework(&mut self, identifier: &str) -> Result<Option<Framework>, Unavailable> {
        if self.tx.current_revision(identifier)?.is_none() {
            return Ok(None);
        }
        Ok(parts::package(self.tx.package_rows(identifier)?))
    }

    fn find(&mut self, names: &[Name]) -> Result<Vec<Vec<Found>>, Unavailable> {
        let mut found: Vec<Vec<Found>> = vec![Vec::new(); names.len()];
        self.by_identifier(names, &mut found)?;
        self.by_received(names, &mut found)?;
        self.by_code(names, &mut found)?;
        Ok(found)
    }
}

impl Look<'_, '_> {
    fn by_identifier(&mut self, names: &[Name], found: &mut [Vec<Found>]) -> Result<(), StoreError> {
        let ids: Vec<Option<String>> = names
            .iter()
            .map(|name| match canonical(&name.text) {
                Canonical::Proper(id) | Canonical::OddVersion(id) => Some(id),
                Canonical::NotUuid(_) => None,
            })
            .collect();
        let asked: Vec<&str> = ids.iter().flatten().map(String::as_str).collect();
        for class in [Class::Item, Class::Document] {
            let objects = self.tx.objects_among(class, &asked)?;
            for (id, slot) in ids.iter().zip(found.iter_mut()).filter(|(_, slot)| slot.is_empty()) {
                slot.extend(id.as_ref().and_then(|id| objects.get(id)).map(of));
            }
        }
        Ok(())
    }

    fn by_received(&mut self, names: &[Name], found: &mut [Vec<Found>]) -> Result<(), StoreError> {
        for (name, slot) in names.iter().zip(found.iter_mut()).filter(|(_, slot)| slot.is_empty()) {
            for (class, id) in self.tx.received_as(&key(&name.text))? {
                if let (Class::Item | Class::Document, Some(object)) = (class, self.tx.object(class, &id)?) {
                    slot.push(of(&object));
                }
            }
        }
        Ok(())
    }

    /// Codes have no index: each framework that may have one is read once for all of them.
    fn by_code(&mut self, names: &[Name], found: &mut [Vec<Found>]) -> Result<(), StoreError> {
        // In order, so that what is found comes in the same order every time.
        let mut wanted: BTreeMap<String, HashMap<&str, Vec<usize>>> = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            if found.get(at).is_none_or(|slot| !slot.is_empty()) {
                continue;
            }
            for framework in self.frameworks(name.framework.as_deref())? {
                wanted.entry(framework).or_default().entry(name.text.trim()).or_default().push(at);
            }
        }
        for (framework, codes) in wanted {
            for object in self.tx.package_class(&framework, Class::Item)?.iter().filter(|object| !object.is_alias()) {
                let Some(code) = code(&object.body) else { continue };
                for at in codes.get(code.trim()).into_iter().flatten() {
                    if let Some(slot) = found.get_mut(*at) {
                        slot.push(of(object));
                    }
                }
            }
        }
        Ok(())
    }

    /// The frameworks that are called so; all of them, when none is named.
    fn frameworks(&mut self, name: Option<&str>) -> Result<Vec<String>, StoreError> {
        if self.titles.is_none() {
            let documents = self.tx.documents(None, false)?;
            self.titles =
                Some(documents.iter().map(|object| (object.id.clone(), uri(object), label(object))).collect());
        }
        let all = self.titles.iter().flatten();
        let named = |(id, uri, title): &&(String, String, String)| {
            name.is_none_or(|name| {
                let same_id =
                    matches!(canonical(name), Canonical::Proper(own) | Canonical::OddVersion(own) if own == *id);
                same_id || name == uri || name.eq_ignore_ascii_case(title)
            })
        };
        Ok(all.filter(named).map(|(id, ..)| id.clone()).collect())
    }
}

fn of(object: &Object) -> Found {
    Found { identifier: object.id.clone(), uri: uri(object), title: label(object), framework: object.home_id.clone() }
}

/// The object's uri, from its stored JSON.
fn uri(object: &Object) -> String {
    let body: Value = serde_json::from_str(&object.body).unwrap_or_default();
    body.get("uri").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The code of an item, from its stored JSON.
fn code(body: &str) -> Option<std::borrow::Cow<'_, str>> {
    serde_json::from_str::<super::Names<'_>>(body).unwrap_or_default().human_coding_scheme
}
