//! Items that credentials can be issued for: as Achievements, and found from what is below them.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::publish::{named, parse, text};
use super::search::texts::Texts;
use super::targets::targets;
use super::{RegistryError, ResolvedFramework, View, label};
use crate::case::model::Class;
use crate::case::vocab::{EXEMPLAR, IS_CHILD_OF, IS_PART_OF, PRECEDES, REPLACED_BY};
use crate::credentials::{Achievement, AlignmentOptions, Spelling, Target, TargetClass, achievement_type, alignment};
use crate::store::{End, Object, Tx};

/// How far above an item is looked, and at how many items.
const STEPS: usize = 32;
const MOST: usize = 5_000;

/// An achievement as it is published.
pub struct PublishedAchievement {
    pub identifier: String,
    pub uri: String,
    /// The document.
    pub json: String,
}

/// The credentials that can be asserted for who has an item.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ItemCredentials {
    pub identifier: String,
    pub uri: String,
    /// The nearest first.
    pub credentials: Vec<ItemCredential>,
}

/// An item that a credential can be issued for, as seen from one below it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemCredential {
    pub identifier: String,
    pub uri: String,
    /// Where it is served as an Open Badges 3.0 Achievement, whatever is accepted.
    pub achievement: String,
    #[schema(example = "MicroCredential")]
    pub achievement_type: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub code: Option<String>,
    pub framework: ResolvedFramework,
    /// From the item to this one; empty for the item itself.
    pub path: Vec<CredentialStep>,
}

/// One step up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CredentialStep {
    /// The type of the association that leads here.
    #[schema(example = "isChildOf")]
    pub association: &'static str,
    /// Where it leads.
    pub identifier: String,
    pub label: String,
}

impl View<'_> {
    /// The Achievement that an item stands for; `None` for everything else.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn achievement(&self, id: &str) -> Result<Option<PublishedAchievement>, RegistryError> {
        self.look(|tx| {
            let Some(item) = named(tx, id)?.filter(|object| object.class == Class::Item) else { return Ok(None) };
            let Some(of_type) = type_of(&item) else { return Ok(None) };
            let base = self.registry.base_url();
            let achievement = achievement(tx, base, &item, of_type)?;
            let json = achievement.document().to_string();
            Ok(Some(PublishedAchievement { identifier: item.id, uri: achievement.id, json }))
        })
    }

    /// The credentials that an item leads to: those above it, whatever is in between, and those that it
    /// or one above it is a criterion of. `None` when there is no such item.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn item_credentials(&self, id: &str) -> Result<Option<ItemCredentials>, RegistryError> {
        self.look(|tx| {
            let Some(item) = named(tx, id)?.filter(|object| object.class == Class::Item) else { return Ok(None) };
            let climbed = climb(tx, &item)?;
            let eligible: Vec<(&Object, String)> = climbed
                .order
                .iter()
                .filter_map(|id| climbed.items.get(id))
                .filter_map(|item| Some((item, type_of(item)?)))
                .collect();
            let objects: Vec<&Object> = eligible.iter().map(|(item, _)| *item).collect();
            let base = self.registry.base_url();
            let told = targets(tx, base, &objects)?;
            let mut credentials = Vec::new();
            for ((item, achievement_type), target) in eligible.into_iter().zip(told) {
                let Some(target) = target else { continue };
                credentials.push(ItemCredential {
                    identifier: item.id.clone(),
                    achievement: format!("{base}/uri/{}.jsonld", item.id),
                    achievement_type,
                    name: target.name().to_owned(),
                    code: target.code.clone(),
                    path: climbed.path(&item.id),
                    framework: ResolvedFramework {
                        identifier: target.framework.identifier.clone(),
                        uri: target.framework.uri.clone(),
                        title: target.framework.title.clone(),
                        ..ResolvedFramework::default()
                    },
                    uri: target.uri,
                });
            }
            let uri = text(&parse(&item), "uri");
            Ok(Some(ItemCredentials { identifier: item.id, uri, credentials }))
        })
    }
}

/// The type of the achievement that an item stands for.
pub(super) fn type_of(item: &Object) -> Option<String> {
    type_of_texts(&Texts::of(item))
}

/// The same, of what was read of it already.
pub(super) fn type_of_texts(texts: &Texts<'_>) -> Option<String> {
    let types: Vec<&str> = [texts.item_type.as_deref(), texts.item_type_link.as_ref().map(|link| link.title.as_ref())]
        .into_iter()
        .flatten()
        .collect();
    achievement_type(&types, texts.extensions.as_ref())
}

fn achievement(tx: &mut Tx<'_>, base: &str, item: &Object, of_type: String) -> Result<Achievement, RegistryError> {
    let target = targets(tx, base, &[item])?.pop().flatten();
    let mut achievement = Achievement { achievement_type: of_type, ..Achievement::default() };
    if let Some(target) = &target {
        achievement.id = target.url().into_owned();
        achievement.name = target.name().to_owned();
        achievement.description = target.full.clone().unwrap_or_else(|| target.name().to_owned());
        achievement.code.clone_from(&target.code);
        achievement.language.clone_from(&target.language);
    }
    achievement.page = format!("{base}/uri/{}.html", item.id);
    let associations = tx.associations_of(&item.id)?;
    let ends: Vec<&str> =
        associations.iter().flat_map(|one| [&one.origin, &one.destination]).flatten().map(String::as_str).collect();
    let items = tx.objects_among(Class::Item, &ends)?;
    let mut seen = vec![item.id.clone()];
    for association in &associations {
        let (Some(origin), Some(destination)) = (&association.origin, &association.destination) else { continue };
        let value = parse(association);
        let kind = text(&value, "associationType");
        let is_origin = *origin == item.id;
        let (other, link) = if is_origin { (destination, "destinationNodeURI") } else { (origin, "originNodeURI") };
        let link = value.get(link).cloned().unwrap_or_default();
        match kind.as_str() {
            PRECEDES if !is_origin => {
                achievement.criteria.push(items.get(other).map_or_else(|| text(&link, "title"), line));
            }
            EXEMPLAR if is_origin => {
                let uri = text(&link, "uri");
                let is_image = [".png", ".svg"].iter().any(|end| uri.to_ascii_lowercase().ends_with(end));
                achievement.image = achievement.image.take().or(Some(uri).filter(|_| is_image));
            }
            // What it stands below is no part of it, and what has replaced it is another one.
            EXEMPLAR | REPLACED_BY => {}
            IS_CHILD_OF | PRECEDES if is_origin => {}
            _ if seen.contains(other) => {}
            _ => {
                seen.push(other.clone());
                let target = match items.get(other) {
                    Some(item) => targets(tx, base, &[item])?.pop().flatten(),
                    None => linked(&link, base),
                };
                let options = AlignmentOptions::default();
                achievement.alignments.extend(target.map(|target| alignment(Spelling::Ob3, &target, options)));
            }
        }
    }
    Ok(achievement)
}

/// Code and statement.
fn line(item: &Object) -> String {
    let texts = Texts::of(item);
    let code = texts.human_coding_scheme.as_deref().map(|code| format!("{code} ")).unwrap_or_default();
    format!("{code}{}", texts.statement())
}

/// What an alignment tells of an item that is not here; `None` for what is no item, or cannot be reached.
fn linked(link: &Value, base: &str) -> Option<Target> {
    let (uri, of_type) = (text(link, "uri"), text(link, "targetType"));
    let is_case = of_type.is_empty() || of_type == "CASE" || of_type == "CFItem";
    let is_web = uri.starts_with("https://") || uri.starts_with("http://");
    (is_case && is_web).then(|| Target {
        class: TargetClass::Item,
        identifier: text(link, "identifier"),
        uri,
        short: Some(text(link, "title")),
        full: None,
        code: None,
        notes: None,
        item_type: None,
        language: None,
        framework: crate::credentials::TargetFramework::default(),
        base: base.to_owned(),
    })
}

/// What is above an item.
#[derive(Default)]
struct Climbed {
    items: HashMap<String, Object>,
    /// Identifiers, the nearest first; the item itself is the first.
    order: Vec<String>,
    /// From which one each was reached, and by which association.
    from: HashMap<String, (String, &'static str)>,
}

impl Climbed {
    fn path(&self, id: &str) -> Vec<CredentialStep> {
        let mut path = Vec::new();
        let mut at = id;
        while let Some((below, association)) = self.from.get(at) {
            let label = self.items.get(at).map(label).unwrap_or_default();
            path.push(CredentialStep { association, identifier: at.to_owned(), label });
            at = below;
        }
        path.reverse();
        path
    }
}

/// Goes up from an item along what it is a child or a part of. What it precedes is above it only where
/// it is a credential: else it is the next step of a course.
fn climb(tx: &mut Tx<'_>, item: &Object) -> Result<Climbed, RegistryError> {
    let mut climbed = Climbed { order: vec![item.id.clone()], ..Climbed::default() };
    climbed.items.insert(item.id.clone(), item.clone());
    let mut open = vec![item.id.clone()];
    for _ in 0..STEPS {
        let below: Vec<&str> = open.iter().map(String::as_str).collect();
        let mut steps: Vec<(String, String, &'static str)> = Vec::new();
        for kind in [IS_CHILD_OF, IS_PART_OF, PRECEDES] {
            for association in tx.associations_saying(kind, End::Origin, &below)? {
                if text(&parse(&association), "associationType") == kind
                    && let (Some(origin), Some(destination)) = (association.origin, association.destination)
                {
                    steps.push((origin, destination, kind));
                }
            }
        }
        let above: Vec<&str> = steps.iter().map(|(_, destination, _)| destination.as_str()).collect();
        let mut found = tx.objects_among(Class::Item, &above)?;
        let mut next = Vec::new();
        for (origin, destination, kind) in steps {
            if climbed.items.contains_key(&destination) || climbed.items.len() >= MOST {
                continue;
            }
            let is_credential = |item: &Object| type_of(item).is_some();
            let Some(item) = found.remove(&destination) else { continue };
            if kind == PRECEDES && !is_credential(&item) {
                found.insert(destination, item);
                continue;
            }
            climbed.items.insert(destination.clone(), item);
            climbed.order.push(destination.clone());
            climbed.from.insert(destination.clone(), (origin, kind));
            if kind != PRECEDES {
                next.push(destination);
            }
        }
        open = next;
        if open.is_empty() {
            break;
        }
    }
    Ok(climbed)
}
