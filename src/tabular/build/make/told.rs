//! Which rows of items say nothing new of where their items stand, in our own workbooks: there the
//! rows of associations say it already, all of it, and in their own way.

use std::collections::HashMap;

use super::super::associations::Wanted;
use super::super::drafts::{Draft, Parent};
use super::Maker;
use crate::case::vocab::IS_CHILD_OF;
use crate::tabular::mapping::{Field, Role};
use crate::tabular::outline::{Edge, Place, arrange, outline};

/// Siblings in their order, by what they stand under; none is the framework.
type Families<K> = HashMap<Option<K>, Vec<K>>;

impl<'w, 't> Maker<'w, 't, '_> {
    /// For each draft where it stands, if association rows say that and its level, which is another
    /// way to say it, has not been changed: it is still what a workbook of these associations would
    /// have, or of those that are stored.
    pub(super) fn told(&self, wanted: &[Wanted<'w, 't>]) -> Vec<Option<Parent>> {
        let own = |draft: &Draft<'_, '_>| draft.line.as_ref().is_some_and(super::super::line::Line::is_exact);
        if !self.source.exact || !self.source.has(Role::Associations) || self.under.is_some() {
            return vec![None; self.drafts.len()];
        }
        let named = self.drafts.iter().enumerate().filter(|(_, draft)| own(draft));
        let named: HashMap<&str, usize> =
            named.rev().filter_map(|(at, draft)| Some((draft.received.as_deref()?, at))).collect();
        let edges: Vec<Edge> = wanted.iter().filter_map(|wanted| self.edge(wanted, &named)).collect();
        let mut placed = vec![false; self.drafts.len()];
        for edge in edges.iter().filter(|edge| !edge.grouped) {
            placed[edge.child] = true;
        }
        let places = arrange(self.drafts.len(), edges.into_iter());
        let mut parents = vec![None; self.drafts.len()];
        places.iter().for_each(|place| parents[place.item] = place.parent);
        let said: Vec<Option<usize>> = self
            .drafts
            .iter()
            .zip(&parents)
            .map(|(draft, expected)| match draft.parent {
                Parent::Draft(above) => Some(above),
                Parent::Unknown => *expected,
                Parent::Top | Parent::Stored(_) => None,
            })
            .collect();

        let by_rows = families(places.iter().map(|place| (place.parent, place.item)));
        let by_levels = self.by_levels(&said);
        let stored = self.before.framework.as_ref().map(|framework| outline(&framework.package)).unwrap_or_default();
        let by_store = self.by_store(&stored);
        let id = |at: usize| self.drafts.get(at).and_then(|draft| draft.received.as_deref()).unwrap_or_default();
        let is_told = |at: usize| {
            let above = said[at];
            let family = by_levels.get(&above).map_or(&[][..], Vec::as_slice);
            let all_own = family.iter().all(|at| self.drafts.get(*at).is_some_and(own));
            // Without a place of its own there is nothing to number.
            let same = above == parents[at]
                && (!placed[at] || all_own && by_rows.get(&above).is_some_and(|rows| rows == family));
            let as_stored = || {
                let family: Vec<&str> = family.iter().map(|at| id(*at)).collect();
                all_own && by_store.get(&above.map(id)) == Some(&family)
            };
            same || as_stored()
        };
        self.drafts
            .iter()
            .enumerate()
            .map(|(at, draft)| {
                let told = own(draft) && is_told(at);
                told.then(|| parents[at].map_or(Parent::Top, Parent::Draft))
            })
            .collect()
    }

    /// What a row says of where an item stands, by the identifiers alone, as a workbook is written.
    fn edge(&self, wanted: &Wanted<'w, 't>, named: &HashMap<&str, usize>) -> Option<Edge> {
        let (origin, destination) = (wanted.origin.identifier?, wanted.destination.identifier?);
        let child = *named.get(origin).filter(|_| wanted.kind == IS_CHILD_OF)?;
        let parent = named.get(destination).copied();
        let sequence = wanted.line.and_then(|line| line.text(&Field::SequenceNumber)?.parse().ok());
        let elsewhere = parent.is_none() && destination != self.id;
        Some(Edge { child, parent, elsewhere, grouped: wanted.grouping.is_some(), sequence })
    }

    fn by_levels(&self, said: &[Option<usize>]) -> Families<usize> {
        let mut all = families(said.iter().copied().zip(0..));
        let order = |at: &usize| self.drafts.get(*at).and_then(|draft| draft.order).unwrap_or(i64::MAX);
        all.values_mut().for_each(|family| family.sort_by_key(order));
        all
    }

    fn by_store(&self, places: &[Place]) -> Families<&str> {
        let id = |at: usize| self.before.items().get(at).map(|item| item.identity.identifier.as_str());
        families(places.iter().filter_map(|place| Some((place.parent.and_then(id), id(place.item)?))))
    }
}

fn families<K: std::hash::Hash + Eq>(members: impl Iterator<Item = (Option<K>, K)>) -> Families<K> {
    let mut all = Families::new();
    members.for_each(|(above, one)| all.entry(above).or_default().push(one));
    all
}
