//! What was decided of texts before, as far as it counts here: for items that are looked through, and so in sight.
//!
//! A text is known again by what it says, without case, accents, markup and the full stop at its end. Never contains how
//! decisions are made: that is `registry::feedback`.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::Shown;
use crate::align::{Decided, Query};
use crate::registry::answers::hex;
use crate::registry::{FeedbackDecision, RegistryError, View};
use crate::store::{Decision, Tx};
use crate::text::exact;

/// What a text with its name is known again by; `None` for one that says nothing. A text that only repeats the name, or
/// none at all, is the name.
pub(in crate::registry) fn text_key(name: Option<&str>, text: &str) -> Option<String> {
    let (name, text) = (exact::statement(name.unwrap_or_default()), exact::statement(text));
    let (name, text) = if text.is_empty() || name == text { (String::new(), name) } else { (name, text) };
    (!text.is_empty()).then(|| hex(&Sha256::digest(format!("{name}\n{text}")), 32))
}

fn key_of(query: &Query) -> Option<String> {
    text_key(query.name.as_deref(), &query.text)
}

impl View<'_> {
    /// Of each of the texts, whether anything was decided of it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(in crate::registry) fn are_decided(&self, queries: &[Query]) -> Result<Vec<bool>, RegistryError> {
        self.look(|tx| Ok(by_query(tx, queries)?.iter().map(|decisions| !decisions.is_empty()).collect()))
    }
}

/// What counts of what was decided of each query.
pub(super) fn decided(tx: &mut Tx<'_>, queries: &[Query], shown: &[Shown]) -> Result<Vec<Decided>, RegistryError> {
    let alone = match shown {
        [one] => Some(one.package.as_str()),
        _ => None,
    };
    let of_query = |mut decisions: Vec<Decision>| {
        decisions.retain(|one| one.scope.is_empty() || alone == Some(one.scope.as_str()));
        // What was decided for this framework alone says more than what was decided for all.
        decisions.sort_by_key(|one| one.scope.is_empty());
        let mut decided = Decided::default();
        for one in decisions {
            let (Some(decision), Some(place)) =
                (FeedbackDecision::from_name(&one.decision), place(shown, &one.item_id))
            else {
                continue;
            };
            if !decided.accepted.contains(&place) && !decided.rejected.contains(&place) {
                match decision {
                    FeedbackDecision::Accepted => decided.accepted.push(place),
                    FeedbackDecision::Rejected => decided.rejected.push(place),
                }
            }
        }
        decided
    };
    Ok(by_query(tx, queries)?.into_iter().map(of_query).collect())
}

/// The decisions on each query, the newest first.
fn by_query(tx: &mut Tx<'_>, queries: &[Query]) -> Result<Vec<Vec<Decision>>, RegistryError> {
    if !tx.has_decisions()? {
        return Ok(vec![Vec::new(); queries.len()]);
    }
    let keys: Vec<Option<String>> = queries.iter().map(key_of).collect();
    let asked: Vec<&str> = keys.iter().flatten().map(String::as_str).collect();
    let mut found: HashMap<String, Vec<Decision>> = HashMap::new();
    for one in tx.decisions_on(&asked)? {
        found.entry(one.text_key.clone()).or_default().push(one);
    }
    let of_key = |key: Option<String>| key.and_then(|key| found.get(&key).cloned()).unwrap_or_default();
    Ok(keys.into_iter().map(of_key).collect())
}

/// Where an item is, if it may be answered.
fn place(shown: &[Shown], id: &str) -> Option<(usize, usize)> {
    shown.iter().enumerate().find_map(|(collection, one)| {
        let item = one.ready.collection.items().iter().position(|item| item.id == id)?;
        (one.may.is_empty() || one.may.get(item) == Some(&true)).then_some((collection, item))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_again_by_what_it_says() {
        let key = |name: &str, text: &str| text_key(Some(name).filter(|name| !name.is_empty()), text);
        for (one, other) in [
            (("", "Measure  the pH."), ("", "<b>measure</b> the ph")),
            (("Water", "Water."), ("", "water")),
            (("Water", ""), ("", "water")),
            (("WATER", "Measure"), ("water", "measure")),
        ] {
            assert_eq!(key(one.0, one.1), key(other.0, other.1), "{one:?} {other:?}");
        }
        assert_ne!(key("Water", "measure"), key("", "measure"));
        assert_ne!(key("a", "b c"), key("a b", "c"));
        assert_eq!((key("", ""), key(" ", ".")), (None, None));
    }
}
