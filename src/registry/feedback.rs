//! Decisions: which item a text is about, and which it is not, as somebody who may change the framework says.
//!
//! They are kept, answered when the same text is aligned again (`align::decided`), and told as training data. Never contains
//! who a text was of: a decision is of a text and an item, and of nobody.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Deed;
use super::align::text_key;
use super::publish::find;
use super::resolve::told_objects;
use super::{Access, Actor, Registry, RegistryError, ResolvedObject, View, now, written};
use crate::case::model::Class;
use crate::store::{Decision, Object, Tx};

/// The longest text and note that are kept, in bytes.
const LONGEST_TEXT: usize = 20_000;
const LONGEST_NOTE: usize = 2_000;
/// How many decisions are taken at once.
const MOST: usize = 1_000;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FeedbackDecision {
    /// The text is about the item.
    Accepted,
    /// It is not.
    Rejected,
}

impl FeedbackDecision {
    const ALL: [FeedbackDecision; 2] = [FeedbackDecision::Accepted, FeedbackDecision::Rejected];

    /// As it is written and stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            FeedbackDecision::Accepted => "accepted",
            FeedbackDecision::Rejected => "rejected",
        }
    }

    /// The decision of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<FeedbackDecision> {
        FeedbackDecision::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A decision that somebody takes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "text": "Learners add and subtract fractions with unlike denominators.",
    "item": "6b9bf846-d7cc-11e8-824f-0242ac160002", "decision": "accepted"
}))]
pub struct NewFeedback {
    /// The text as it was aligned: of an achievement its description, of a posting the requirement.
    pub text: String,
    /// The name that was given with it: of an achievement its name.
    #[serde(default)]
    #[schema(required = false)]
    pub name: Option<String>,
    /// The identifier of the item.
    pub item: String,
    pub decision: FeedbackDecision,
    /// The identifier of the item's framework: the decision then counts only where nothing but this framework is aligned
    /// to.
    #[serde(default)]
    #[schema(required = false)]
    pub framework: Option<String>,
    /// Why, for people.
    #[serde(default)]
    #[schema(required = false)]
    pub note: Option<String>,
}

/// A decision that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Feedback {
    pub id: i64,
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub name: Option<String>,
    pub decision: FeedbackDecision,
    /// The identifier of the item.
    pub item: String,
    pub uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub code: Option<String>,
    pub statement: String,
    /// The framework that has to be aligned to alone for it to count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub framework: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub note: Option<String>,
    /// When, in UTC.
    #[schema(example = "2026-11-21T09:30:00.123Z")]
    pub decided_at: String,
}

/// Why a decision is not kept, or not found.
#[derive(Debug, thiserror::Error)]
pub enum FeedbackError {
    #[error("decision {number}: {why}")]
    Request { number: usize, why: String },
    #[error("decision {number}: no item {item} is published here")]
    NoItem { number: usize, item: String },
    #[error("there is no decision {0} here")]
    NoDecision(i64),
}

impl Registry {
    /// Keeps decisions, each in the place of what was decided of the same before; all of them, or none.
    ///
    /// # Errors
    /// [`RegistryError::Feedback`] for one that makes no sense or names no item that `access` sees,
    /// [`RegistryError::NotAllowed`] when the framework of an item may not be changed, and when the store cannot be written.
    pub fn decide(&self, all: &[NewFeedback], access: &Access, actor: &Actor) -> Result<Vec<Feedback>, RegistryError> {
        if all.is_empty() || all.len() > MOST {
            let why = format!("there are {}; send from 1 to {MOST}", all.len());
            return Err(FeedbackError::Request { number: all.len(), why }.into());
        }
        self.store.write(|tx| {
            let at = now();
            let mut kept: Vec<(i64, Decision)> = Vec::new();
            for (number, one) in (1..).zip(all) {
                let item = item(tx, number, one, access)?;
                let new = checked(number, one, &item, at)?;
                let id = tx.keep_decision(&new)?;
                actor.did(tx, at, Deed::Decide { document_id: &item.package_id, decision: id })?;
                kept.push((id, new));
            }
            let ids: Vec<&str> = kept.iter().map(|(_, new)| new.item_id.as_str()).collect();
            let objects = told_objects(tx, Class::Item, &ids, &self.base_url)?;
            Ok(kept.iter().filter_map(|(id, new)| told(*id, new.clone(), &objects)).collect())
        })
    }

    /// Takes a decision back.
    ///
    /// # Errors
    /// [`FeedbackError::NoDecision`] when there is none that `access` sees, [`RegistryError::NotAllowed`] when the framework
    /// of its item may not be changed, and when the store cannot be written.
    pub fn take_back(&self, id: i64, access: &Access, actor: &Actor) -> Result<(), RegistryError> {
        self.store.write(|tx| {
            let nothing = || RegistryError::from(FeedbackError::NoDecision(id));
            let decision = tx.decision(id)?.ok_or_else(nothing)?;
            let framework = tx.object(Class::Item, &decision.item_id)?.map(|item| item.package_id);
            match &framework {
                Some(framework) if access.may_write(framework) => {}
                Some(framework) if access.may_see(framework, tx.is_private(framework)?) => {
                    return Err(RegistryError::NotAllowed(framework.clone()));
                }
                // Of an item that is gone nobody knows whose it was.
                None if access.may_write_some() && access.may_read_all() => {}
                _ => return Err(nothing()),
            }
            tx.drop_decision(id)?;
            Ok(actor.did(tx, now(), Deed::TakeBack { document_id: framework.as_deref(), decision: id })?)
        })
    }
}

impl View<'_> {
    /// Decisions on items in sight, by number, and the number to go on `after`; `None` when those were the last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn feedback(&self, after: i64) -> Result<(Vec<Feedback>, Option<i64>), RegistryError> {
        self.look(|tx| {
            let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
            let all = tx.decisions(after, limit)?;
            let next = all.last().filter(|_| all.len() >= MOST).map(|(id, _)| *id);
            let ids: Vec<&str> = all.iter().map(|(_, one)| one.item_id.as_str()).collect();
            let objects = told_objects(tx, Class::Item, &ids, self.registry.base_url())?;
            Ok((all.into_iter().filter_map(|(id, one)| told(id, one, &objects)).collect(), next))
        })
    }
}

/// The item of a decision, if it may be decided on.
fn item(tx: &mut Tx<'_>, number: usize, new: &NewFeedback, access: &Access) -> Result<Object, RegistryError> {
    let nothing = || FeedbackError::NoItem { number, item: new.item.clone() };
    let item = find(tx, Class::Item, &new.item)?.ok_or_else(nothing)?;
    if !access.may_see(&item.package_id, tx.is_private(&item.package_id)?) {
        return Err(nothing().into());
    }
    if !access.may_write(&item.package_id) {
        return Err(RegistryError::NotAllowed(item.package_id));
    }
    Ok(item)
}

fn checked(number: usize, new: &NewFeedback, item: &Object, at: i64) -> Result<Decision, FeedbackError> {
    let refused = |why: String| FeedbackError::Request { number, why };
    let name = new.name.as_deref().map(str::trim).unwrap_or_default();
    let (text, note) = (new.text.trim(), new.note.as_deref().map(str::trim).filter(|note| !note.is_empty()));
    for (what, text, longest) in
        [("text", text, LONGEST_TEXT), ("name", name, LONGEST_TEXT), ("note", note.unwrap_or_default(), LONGEST_NOTE)]
    {
        if text.len() > longest {
            return Err(refused(format!("{what} is longer than {longest} bytes")));
        }
        if text.contains('\0') {
            return Err(refused(format!("{what} has a NUL in it")));
        }
    }
    let text_key =
        text_key(Some(name), text).ok_or_else(|| refused("text is empty; give a word at least".to_owned()))?;
    let own = &item.package_id;
    let scope = match new.framework.as_deref().map(str::trim) {
        None | Some("") => String::new(),
        Some(framework) if framework.eq_ignore_ascii_case(own) => own.clone(),
        Some(framework) => {
            return Err(refused(format!("framework {framework} is not that of the item; give {own}, or leave it out")));
        }
    };
    Ok(Decision {
        text_key,
        item_id: item.id.clone(),
        scope,
        decision: new.decision.name().to_owned(),
        name: name.to_owned(),
        text: text.to_owned(),
        note: note.map(str::to_owned),
        decided_at: at,
    })
}

fn told(id: i64, one: Decision, objects: &HashMap<String, ResolvedObject>) -> Option<Feedback> {
    let Decision { text_key: _, item_id, scope, decision, name, text, note, decided_at } = one;
    let object = objects.get(&item_id)?;
    Some(Feedback {
        id,
        text,
        name: Some(name).filter(|name| !name.is_empty()),
        decision: FeedbackDecision::from_name(&decision)?,
        item: item_id,
        uri: object.uri.clone(),
        code: object.code.clone(),
        statement: object.statement.clone(),
        framework: Some(scope).filter(|scope| !scope.is_empty()),
        note,
        decided_at: written(decided_at),
    })
}
