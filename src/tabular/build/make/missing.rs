//! What is stored and not in the sheet.

use std::collections::{HashMap, HashSet};

use super::super::before::is_place;
use super::super::merge::settle;
use super::Maker;
use crate::case::model::{Association, Date, Item};
use crate::tabular::mapping::{Field, Role};

/// What is stored and missing in the sheet.
#[derive(Default)]
pub(super) struct Gone {
    pub items: HashSet<String>,
    pub any: bool,
}

impl Maker<'_, '_, '_> {
    /// What is stored and not in the sheet: outside of the branch it stays, inside it is missing,
    /// or retired when that is asked for.
    pub(super) fn missing(&mut self, items: &mut Vec<Item>, changed: &mut bool) -> Gone {
        let mut gone = Gone::default();
        let present: HashSet<String> = items.iter().map(|item| item.identity.identifier.clone()).collect();
        let today = self.context.now.as_str().get(..10).and_then(Date::parse);
        for item in self.before.items().iter().filter(|item| !present.contains(&item.identity.identifier)) {
            let id = &item.identity.identifier;
            let inside = match self.under.as_deref() {
                Some(under) => id != under && self.before.is_under(id, under),
                None => true,
            };
            if !self.source.has(Role::Items) || !inside {
                items.push(item.clone());
                continue;
            }
            if !self.options.retire_missing {
                gone.items.insert(id.clone());
                continue;
            }
            let mut retired = item.clone();
            if retired.status_end_date.as_ref().is_none_or(|end| Some(end.as_str()) > today.as_ref().map(Date::as_str))
            {
                retired.status_end_date.clone_from(&today);
                let sentence = "stored and not in the sheet; it is retired as of today";
                self.notes.info("item-retired", "", sentence, item.label());
            }
            *changed |= settle(&mut retired, Some(item), None, &self.context.now);
            items.push(retired);
        }
        gone.any = !gone.items.is_empty();
        gone
    }

    /// Whether the sheet says all there is of such associations: then one that it lacks is missing.
    pub(super) fn speaks_of(&self, association: &Association, gone: &Gone, rows: &HashMap<&str, usize>) -> bool {
        let (origin, destination) = (&association.origin.identifier, &association.destination.identifier);
        if gone.items.contains(origin) || gone.items.contains(destination) {
            return true;
        }
        let here = !is_place(association) || rows.contains_key(origin.as_str());
        if self.source.has(Role::Associations) && self.under.is_none() && here {
            return true;
        }
        let column = || Field::Association(association.association_type.clone());
        let line = rows.get(origin.as_str()).and_then(|at| self.drafts.get(*at)?.line);
        association.grouping_uri.is_none() && line.is_some_and(|line| line.table.has(&column()))
    }
}
