//! What alignments tell of stored objects, for every writer of them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use super::resolve::{best, shared, sorted};
use super::search::texts::Texts;
use super::{Reference, RegistryError, Resolution, View, publish};
use crate::case::model::Class;
use crate::credentials::{AlignmentOptions, SnippetFormat, Target, TargetClass, TargetFramework, snippet};
use crate::store::{Object, Tx};

/// The snippet of one object in one format.
#[derive(Clone, Debug)]
pub struct ReadySnippet {
    /// JSON, or XML.
    pub body: String,
    /// What it is the snippet of, and the state of that.
    pub resolution: Resolution,
}

impl View<'_> {
    /// What alignments tell of the objects that have these identifiers, in any case, by the
    /// identifiers as they were given. What is not here, or of a class that nothing is aligned to, is not
    /// among them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn targets(&self, ids: &[&str]) -> Result<HashMap<String, Target>, RegistryError> {
        self.look(|tx| {
            let stored: Vec<String> = ids.iter().map(|id| publish::stored_form(id)).collect();
            let named = shared(tx.named_among(&sorted(stored.iter().map(String::as_str)))?);
            let found =
                ids.iter().zip(&stored).filter_map(|(id, stored)| Some((*id, best(named.get(stored)?, false)?)));
            let (ids, objects): (Vec<&str>, Vec<Rc<Object>>) = found.unzip();
            let objects: Vec<&Object> = objects.iter().map(Rc::as_ref).collect();
            let targets = targets(tx, self.registry.base_url(), &objects)?;
            let named = ids.into_iter().zip(targets);
            Ok(named.filter_map(|(id, target)| Some((id.to_owned(), target?))).collect())
        })
    }

    /// The snippet of what a reference means; only the state of it when that is not one object that
    /// something can be aligned to.
    ///
    /// # Errors
    /// As [`View::resolve`].
    pub fn snippet(
        &self,
        reference: &Reference,
        format: SnippetFormat,
        options: AlignmentOptions,
    ) -> Result<Result<ReadySnippet, Resolution>, RegistryError> {
        let resolution = self.resolve(std::slice::from_ref(reference))?.pop().unwrap_or_default();
        let Some(object) = &resolution.object else { return Ok(Err(resolution)) };
        let target = self.targets(&[&object.identifier])?.remove(&object.identifier);
        let Some(target) = target else { return Ok(Err(resolution)) };
        let body = match snippet(format, &target, options) {
            serde_json::Value::String(xml) => xml,
            json => json.to_string(),
        };
        Ok(Ok(ReadySnippet { body, resolution }))
    }
}

/// What alignments tell of each object; `None` where nothing is aligned to its class.
pub(super) fn targets(
    tx: &mut Tx<'_>,
    base_url: &str,
    objects: &[&Object],
) -> Result<Vec<Option<Target>>, RegistryError> {
    let homes = sorted(objects.iter().map(|object| home(object)));
    let documents = tx.objects_among(Class::Document, &homes)?;
    let mut targets = Vec::with_capacity(objects.len());
    for object in objects {
        let Some(class) = class(object.class) else {
            targets.push(None);
            continue;
        };
        let mut language = None;
        let framework = match documents.get(home(object)) {
            Some(document) => {
                let texts = Texts::of(document);
                language = owned(texts.language.as_ref());
                TargetFramework {
                    identifier: document.id.clone(),
                    title: texts.statement(),
                    uri: texts.uri.into_owned(),
                }
            }
            None => {
                let link = publish::home_link(tx, object)?;
                TargetFramework { identifier: link.identifier, uri: link.uri, title: link.title }
            }
        };
        targets.push(Some(target(object, class, framework, language, base_url)));
    }
    Ok(targets)
}

fn target(
    object: &Object,
    class: TargetClass,
    framework: TargetFramework,
    language: Option<String>,
    base_url: &str,
) -> Target {
    let texts = Texts::of(object);
    let (short, full) = match class {
        TargetClass::Item => (&texts.abbreviated_statement, &texts.full_statement),
        TargetClass::Rubric | TargetClass::Document => (&texts.title, &texts.description),
        TargetClass::Criterion => (&texts.category, &texts.description),
        TargetClass::Level => (&texts.quality, &texts.description),
    };
    Target {
        class,
        identifier: object.id.clone(),
        uri: texts.uri.clone().into_owned(),
        short: owned(short.as_ref()),
        full: owned(full.as_ref()),
        code: owned(texts.human_coding_scheme.as_ref()),
        notes: owned(texts.notes.as_ref()),
        item_type: owned(texts.item_type.as_ref()),
        language: owned(texts.language.as_ref()).or(language),
        framework,
        base: base_url.to_owned(),
    }
}

fn owned(text: Option<&Cow<'_, str>>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).map(|text| text.clone().into_owned())
}

/// The framework that an object belongs to.
fn home(object: &Object) -> &str {
    if object.class == Class::Document { &object.id } else { &object.home_id }
}

fn class(class: Class) -> Option<TargetClass> {
    match class {
        Class::Item => Some(TargetClass::Item),
        Class::Document => Some(TargetClass::Document),
        Class::Rubric => Some(TargetClass::Rubric),
        Class::Criterion => Some(TargetClass::Criterion),
        Class::Level => Some(TargetClass::Level),
        _ => None,
    }
}
