//! What a text says word for word: items whose statement begins as it does, however long they go on.
//!
//! Trained ranking takes an item of which little is said for a poor answer, which it is in most texts, but not where the
//! whole text is how the item begins.

use super::features::Looked;
use super::query::Query;
use super::rank::Ranked;
use super::relation::{grades_conflict, without_lead_in};
use super::terms::Stems;

/// How many words, small ones not counted, say more than a manner of speaking.
const LEAST: usize = 4;
/// How sure an item is that begins so, alone in its framework. Set by hand.
const SURE: f32 = 0.75;

/// Which of the ranked begin with the whole text, and how sure each is at least.
pub(super) fn quoted(query: &Query, looked: &[Looked<'_>], ranked: &[Ranked]) -> Vec<(usize, f32)> {
    let stems = Stems::default().of(without_lead_in(&query.text), query.language.as_deref());
    if stems.len() < LEAST {
        return Vec::new();
    }
    // The numbers of the words in each framework; none where a word is not known there.
    let run = |one: &Looked<'_>| {
        let run = one.collection.vocabulary.look_up(&stems).in_order;
        (run.len() == stems.len()).then_some(run)
    };
    let runs: Vec<Option<Vec<u32>>> = looked.iter().map(run).collect();
    let begins = |one: &Ranked| -> Option<bool> {
        let at = one.candidate.item as usize;
        let collection = looked.get(one.candidate.collection)?.collection;
        let run = runs.get(one.candidate.collection)?.as_ref()?;
        let is_begun = collection.prepared.get(at)?.statement.in_order.starts_with(run);
        Some(is_begun && !grades_conflict(&query.grades, &collection.items().get(at)?.grades))
    };
    let found: Vec<usize> =
        ranked.iter().enumerate().filter(|(_, one)| begins(one) == Some(true)).map(|(at, _)| at).collect();
    let collection_of = |at: &usize| ranked.get(*at).map(|one| one.candidate.collection);
    let share = |at: &usize| {
        let alike = found.iter().filter(|other| collection_of(other) == collection_of(at)).count();
        #[expect(clippy::cast_precision_loss, reason = "at most the candidates of a text")]
        let alike = alike.max(1) as f32;
        SURE / alike
    };
    found.iter().map(|at| (*at, share(at))).collect()
}
