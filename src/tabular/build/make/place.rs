//! Where the items of a framework stand: what the sheets say, what association rows say, and what
//! is to be said where the two differ.

use std::collections::{HashMap, HashSet};

use super::super::associations::{Associations, Wanted};
use super::super::drafts::{Draft, Parent};
use super::super::ends::{Ends, Local, Nodes};
use super::super::hierarchy;
use super::super::line::Line;
use super::super::notes::Notes;
use super::super::sequence;
use super::Maker;
use crate::case::model::NodeLink;
use crate::tabular::mapping::{Field, Hierarchy};

/// The association rows that say where a draft stands, each with what they say.
pub(super) type Claims = HashMap<usize, Vec<(usize, Parent)>>;

impl<'w, 't> Maker<'w, 't, '_> {
    /// Settles what stands under what; tells which association rows say where each draft stands, and
    /// for which drafts they say all of it.
    pub(super) fn settle_tree(&mut self, wanted: &[Wanted<'w, 't>]) -> (Claims, HashSet<usize>) {
        let mut told = HashSet::new();
        for (at, parent) in self.told(wanted).into_iter().enumerate() {
            if let (Some(parent), Some(draft)) = (parent, self.drafts.get_mut(at)) {
                draft.parent = parent;
                told.insert(at);
            }
        }
        let here = Ends { document: &self.id, names: &self.names, index: &self.index, before: &self.before };
        let mut claims = Claims::new();
        for (at, wanted) in wanted.iter().enumerate().filter(|(_, wanted)| wanted.is_place()) {
            let Some((Local::Draft(child), _)) = here.local(&wanted.origin) else { continue };
            let parent = match here.local(&wanted.destination) {
                Some((Local::Draft(parent), _)) => Parent::Draft(parent),
                Some((Local::Stored(id), _)) => Parent::Stored(id),
                Some((Local::Framework, _)) => Parent::Top,
                None => continue,
            };
            claims.entry(child).or_default().push((at, parent));
        }
        hierarchy::name(&mut self.drafts, &self.index, &self.before, |text| here.is_framework(text), &mut self.notes);
        for (at, draft) in self.drafts.iter_mut().enumerate().filter(|(_, draft)| draft.parent == Parent::Unknown) {
            if let Some((_, parent)) = claims.get(&at).and_then(|claims| claims.first()) {
                draft.parent = parent.clone();
                continue;
            }
            draft.parent = Parent::Top;
            let smart = |line: &Line<'_, '_>| line.table.mapping.hierarchy.value == Hierarchy::SmartLevel;
            if draft.line.as_ref().is_some_and(smart) {
                let sentence = "no level is given; the item is put under the framework";
                self.notes.warn("parent-not-given", draft.place_of(&Field::SmartLevel), sentence, "");
            }
        }
        hierarchy::break_cycles(&mut self.drafts, &mut self.notes);
        (claims, told)
    }

    /// The identifier of what a draft stands under.
    fn parent(&self, draft: &Draft<'_, '_>) -> String {
        let top = || self.under.clone().unwrap_or_else(|| self.id.clone());
        if self.under.as_ref() == Some(&draft.id) {
            // The branch's own item stays where it is.
            return self.before.parent(&draft.id).unwrap_or(&self.id).to_owned();
        }
        match &draft.parent {
            Parent::Draft(above) => self.id_of(*above).unwrap_or_else(top),
            Parent::Stored(id) => id.clone(),
            Parent::Top | Parent::Unknown => top(),
        }
    }

    fn id_of(&self, draft: usize) -> Option<String> {
        let draft = self.drafts.get(draft)?;
        let draft = draft.same_as.and_then(|same| self.drafts.get(same)).unwrap_or(draft);
        Some(draft.id.clone())
    }

    /// Makes the association that says where each item stands; tells which rows have been used.
    pub(super) fn places(
        &self,
        wanted: &[Wanted<'w, 't>],
        claims: &Claims,
        told: &HashSet<usize>,
        nodes: &Nodes<'_>,
        associations: &mut Associations<'_>,
        notes: &mut Notes,
    ) -> HashSet<usize> {
        let mut used = HashSet::new();
        let parents: Vec<String> = self.drafts.iter().map(|draft| self.parent(draft)).collect();
        let numbers = sequence::numbers(&self.drafts, &parents, &self.before, notes);
        let link = |id: &str| {
            let (uri, title) = nodes.get(id).unwrap_or_default();
            NodeLink { title, identifier: id.to_owned(), uri, target_type: None }
        };
        let said = |(at, draft): &(usize, &Draft<'_, '_>)| draft.same_as.is_none() && !told.contains(at);
        for (at, draft) in self.drafts.iter().enumerate().filter(said) {
            let Some(parent) = parents.get(at) else { continue };
            let own = claims.get(&at).map_or(&[][..], Vec::as_slice);
            let id = |claim: &Parent| match claim {
                Parent::Draft(above) => self.id_of(*above).unwrap_or_default(),
                Parent::Stored(id) => id.clone(),
                Parent::Top | Parent::Unknown => self.id.clone(),
            };
            let agreeing = own.iter().find(|(_, claim)| id(claim) == *parent);
            let row = agreeing.or(own.first()).map(|(row, _)| *row);
            for (other, claim) in own {
                let Some(wanted) = wanted.get(*other) else { continue };
                if Some(*other) == row {
                    used.insert(*other);
                    if agreeing.is_none() {
                        let sentence = "the row says that the item stands elsewhere than the items' sheet does; \
                                        the items' sheet holds";
                        // In our own sheets the row is what was there before somebody changed the level.
                        let stale = wanted.line.is_some_and(|line| line.is_exact());
                        let say = if stale { Notes::info } else { Notes::loss };
                        say(notes, "parent-disagrees", wanted.place.clone(), sentence, wanted.destination.shown());
                    }
                } else if id(claim) == *parent {
                    used.insert(*other);
                    let sentence = "the same association is given twice; it is read once";
                    notes.info("association-repeated", wanted.place.clone(), sentence, wanted.destination.shown());
                } else {
                    let sentence = "the item stands elsewhere already; it is kept as a second parent";
                    notes.warn("parent-second", wanted.place.clone(), sentence, wanted.destination.shown());
                }
            }
            let row = row.and_then(|row| wanted.get(row));
            associations.place(link(&draft.id), link(parent), numbers.get(at).copied().flatten(), row, notes);
        }
        used
    }
}
