//! Rubrics, and what a package says beside its objects.

use std::collections::HashMap;

use super::super::ends::{End, Ends, Local, Nodes};
use super::super::exact::{self, Said};
use super::super::rubrics::{Items, Rubrics};
use super::Maker;
use crate::case::model::{Definitions, Document, Extensions, Identity, Item, Link, Rubric};
use crate::tabular::mapping::Role;

impl Maker<'_, '_, '_> {
    /// The rubrics, and whether they have changed.
    pub(super) fn rubrics(&mut self, document: &Document, items: &[Item]) -> (Option<Vec<Rubric>>, bool) {
        let whole = self.source.has(Role::Rubrics) && self.under.is_none();
        let here = Ends { document: &self.id, names: &self.names, index: &self.index, before: &self.before };
        let (base_url, now) = (&self.context.base_url, &self.context.now);
        let mut rubrics = Rubrics::new(&self.id, base_url, now, &self.before, &mut self.notes, &mut self.replaced);
        let drafts = &self.drafts;
        let nodes = Nodes::new(document, self.before.items().iter().chain(items));
        let labels: HashMap<&str, &Item> = items.iter().map(|item| (item.identity.uri.as_str(), item)).collect();
        let at_uri = |uri: &str| labels.get(uri).map(|item| link(item));
        let called = |text: &str| {
            let end = End { any: Some(text), ..End::default() };
            let identifier = match here.local(&end)?.0 {
                Local::Draft(at) => drafts.get(at).map(|draft| draft.id.clone())?,
                Local::Stored(id) => id,
                Local::Framework => return None,
            };
            let (uri, title) = nodes.get(&identifier)?;
            Some(Link { title, identifier, uri })
        };
        rubrics.read(&self.source.rubrics, &Items { called: &called, at_uri: &at_uri });
        rubrics.finish(whole, self.source.exact, self.options.delete_missing)
    }

    /// The package's CFPackageURI and extensions, and those of its definitions; whether they change
    /// what is stored.
    pub(super) fn beside(
        &mut self,
        definitions: &mut Option<Definitions>,
        changed: &mut bool,
    ) -> (Option<Link>, Option<Extensions>) {
        let held = self.before.framework.as_ref().map(|framework| &framework.package);
        let mut package_uri = held.and_then(|package| package.package_uri.clone());
        self.source.said("CFPackageURI").map(|fact| exact::link(fact.text(), |_| None)).lay(&mut package_uri);
        let mut extensions = held.and_then(|package| package.extensions.clone());
        let mut of_definitions = definitions.as_ref().and_then(|definitions| definitions.extensions.clone());
        for (name, slot) in [("packageExtensions", &mut extensions), ("definitionsExtensions", &mut of_definitions)] {
            let before = slot.clone();
            match self.source.said(name) {
                Said::Silent => {}
                Said::Blank => *slot = None,
                Said::This(fact) => {
                    // What cannot be read changes nothing.
                    let read = exact::object(fact.text(), || fact.place.clone(), &mut self.notes);
                    *slot = read.or(slot.take());
                }
            }
            *changed |= *slot != before;
        }
        if definitions.is_some() || of_definitions.is_some() {
            definitions.get_or_insert_default().extensions = of_definitions;
        }
        (package_uri, extensions)
    }
}

fn link(item: &Item) -> Link {
    let Identity { identifier, uri, .. } = item.identity.clone();
    Link { title: item.label().to_owned(), identifier, uri }
}
