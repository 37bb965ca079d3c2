//! What the objects of a package refer to: association ends, homes of aliases, definitions, and
//! the parts of rubrics.

use std::collections::BTreeMap;

use super::rows::Framework;
use super::{Check, Finding};
use crate::case::model::Class;
use crate::store::StoreError;

impl Check<'_, '_> {
    /// Looks for what a package's objects refer to.
    pub(super) fn ends(&mut self, package_id: &str, framework: &Framework) -> Result<(), StoreError> {
        self.association_ends(package_id, framework)?;
        self.aliases(package_id, framework)?;
        self.definitions(package_id, framework);
        self.rubrics(package_id, framework);
        Ok(())
    }

    fn association_ends(&mut self, package_id: &str, framework: &Framework) -> Result<(), StoreError> {
        let mut ids: Vec<&str> = framework.ends.keys().map(String::as_str).collect();
        ids.retain(|id| *id != package_id && !framework.items.contains(*id));
        ids.sort_unstable();
        let stored = self.tx.stored_among(&ids)?;
        let (mut external, mut example) = (0, None);
        for id in ids.into_iter().filter(|id| !stored.contains(*id)) {
            let Some(end) = framework.ends.get(id) else { continue };
            let code = match (end.uri.starts_with(&self.ours), end.in_tree) {
                (true, _) => "end-missing",
                (false, true) => "tree-end-missing",
                (false, false) => {
                    external += 1;
                    example.get_or_insert(id);
                    continue;
                }
            };
            let others =
                if end.by.count > 1 { format!(", and so do {} more", end.by.count - 1) } else { String::new() };
            let sentence = format!("it names {id} as an end, which is not stored{others}");
            self.checkup
                .add(Finding::warning(code, sentence).of(package_id).on(Class::Association.name(), &end.by.first));
        }
        if let Some(example) = example {
            let sentence = format!("ends of its associations that are not stored here: {external}, e.g. {example}");
            self.checkup.add(Finding::info("end-external", sentence).of(package_id));
        }
        Ok(())
    }

    fn aliases(&mut self, package_id: &str, framework: &Framework) -> Result<(), StoreError> {
        let ids: Vec<&str> = framework.aliases.iter().map(|(id, _)| id.as_str()).collect();
        let held = self.tx.item_homes(&ids)?;
        let mut stored: BTreeMap<&str, bool> = BTreeMap::new();
        for alias in &framework.aliases {
            let home = alias.1.as_str();
            if held.contains(alias) {
                continue;
            }
            if !stored.contains_key(home) {
                stored.insert(home, self.tx.current_revision(home)?.is_some());
            }
            if stored.get(home) == Some(&true) {
                let sentence = format!("it belongs to framework {home}, which is stored and does not have it");
                self.checkup.add(
                    Finding::warning("alias-without-home", sentence).of(package_id).on(Class::Item.name(), &alias.0),
                );
            }
        }
        Ok(())
    }

    fn definitions(&mut self, package_id: &str, framework: &Framework) {
        let mut missing: BTreeMap<(&str, Class), (u64, &str)> = BTreeMap::new();
        for ((property, class, id), by) in &framework.links {
            if !framework.definitions.contains(&(*class, id.clone())) {
                let (count, example) = missing.entry((property, *class)).or_insert((0, id));
                *count += by.count;
                *example = (*example).min(id);
            }
        }
        for ((property, class), (count, example)) in missing {
            let sentence =
                format!("links of {property} to a {class} that its package does not hold: {count}, e.g. to {example}");
            self.checkup.add(Finding::info("definition-missing", sentence).of(package_id));
        }
    }

    fn rubrics(&mut self, package_id: &str, framework: &Framework) {
        let mut missing: Vec<&(Class, String)> = framework.nested.difference(&framework.parts).collect();
        missing.sort();
        for (class, id) in missing {
            let sentence = "it stands in a rubric, and cannot be found by itself";
            self.checkup.add(Finding::warning("rubric-part-missing", sentence).of(package_id).on(class.name(), id));
        }
    }
}
