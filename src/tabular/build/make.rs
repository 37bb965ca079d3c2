//! Makes one framework: finds out which one it is, gives its rows to items, and lays everything
//! over what is stored.

mod beside;
mod missing;
mod place;
mod told;

use std::collections::{HashMap, HashSet};

use super::associations::{self, Associations, Wanted};
use super::before::Before;
use super::dates::{self, Order};
use super::definitions::Set;
use super::document;
use super::drafts::{self, Draft};
use super::ends::{self, End, Ends, Nodes};
use super::hierarchy::{self, Index};
use super::identity::Assigning;
use super::items;
use super::merge::{ordered, settle};
use super::notes::Notes;
use super::sources::Source;
use super::{BuildError, Framework, Name, Options, Stored};
use crate::case::model::{Association, Class, Document, Item, Link, Package};
use crate::case::read::{Canonical, Context, Reading, canonical, mint, proper_uri};
use crate::tabular::mapping::{Field, Role};

/// What stands for a creator that nobody names; the standard requires one.
const NO_CREATOR: &str = "Unknown";

/// One framework while it is made.
pub(super) struct Maker<'w, 't, 'o> {
    pub(super) source: Source<'w, 't>,
    options: &'o Options,
    context: &'o Context,
    notes: Notes,
    before: Before,
    /// The framework's identifier.
    id: String,
    title: String,
    uri: String,
    /// What else the sheet calls the framework.
    names: Vec<String>,
    /// The stored item whose branch the rows are.
    under: Option<String>,
    drafts: Vec<Draft<'w, 't>>,
    pub(super) index: Index,
    replaced: Vec<(String, Class, String)>,
}

impl<'w, 't, 'o> Maker<'w, 't, 'o> {
    /// Finds out which framework it is, and what is stored of it.
    pub(super) fn new(
        source: Source<'w, 't>,
        options: &'o Options,
        stored: &mut dyn Stored,
        context: &'o Context,
        mut notes: Notes,
    ) -> Result<Self, BuildError> {
        let under = options.under.as_deref().map(|name| branch(name, options, stored)).transpose()?;
        let said = source.fact("identifier").or_else(|| source.fact("id")).cloned();
        let received = said.as_ref().and_then(|fact| fact.text.clone());
        let told_title = source.fact("title").and_then(|fact| fact.text.clone());
        let mut replaced = Vec::new();
        let named = options.framework.as_deref().or(received.as_deref());
        let id = match (&under, named) {
            (Some((framework, _)), _) => framework.clone(),
            (None, Some(named)) => match canonical(named) {
                Canonical::Proper(id) | Canonical::OddVersion(id) => id,
                Canonical::NotUuid(id) => {
                    let place = said.as_ref().map_or_else(|| "framework".to_owned(), |fact| fact.place.clone());
                    let sentence = format!("not a UUID: published as {id}, and still found by what stands here");
                    notes.warn("identifier-replaced", place, sentence, named);
                    replaced.push((named.to_owned(), Class::Document, id.clone()));
                    id
                }
            },
            (None, None) => {
                let title = told_title.clone().or_else(|| options.title.clone()).unwrap_or_else(|| stem(&options.name));
                let creator = source.fact("creator").and_then(|fact| fact.text.as_deref()).unwrap_or_default();
                let id = mint(&format!("{} {title} {creator}", Class::Document));
                let sentence = format!(
                    "the framework has no identifier: {id} is made from its title, the same every time. \
                     To update a stored framework, say which by the option framework"
                );
                notes.warn("identifier-minted", "", sentence, &title);
                id
            }
        };
        if let (Some(fact), Some(received)) = (&said, &received)
            && !matches!(canonical(received), Canonical::Proper(own) | Canonical::OddVersion(own) | Canonical::NotUuid(own) if own == id)
        {
            let sentence = format!("the sheet is of another framework; its rows are read into {id}, as was asked");
            notes.warn("framework-other", fact.place.clone(), sentence, received);
        }
        let before = Before::new(stored.framework(&id)?);
        let held = before.framework.as_ref().map(|framework| &framework.package.document);
        let given = told_title.or_else(|| options.title.clone()).filter(|_| under.is_none());
        let title = given.or_else(|| held.map(|document| document.title.clone())).unwrap_or_else(|| {
            let title = stem(&options.name);
            let sentence = format!(
                "the framework has no title: “{title}”, from the file's name, is assumed; the option title gives another"
            );
            notes.warn("required-filled", "", sentence, "");
            title
        });
        let given = source.fact("uri").and_then(|fact| {
            let text = fact.text.as_deref()?;
            // What was published once is kept byte for byte.
            if source.is_exact() { Some(text.to_owned()) } else { proper_uri(text) }
        });
        let uri = held.map(|document| document.identity.uri.clone()).or(given);
        let uri = uri.unwrap_or_else(|| format!("{}/uri/{id}", context.base_url));
        let names = [received, Some(title.clone()), Some(uri.clone())].into_iter().flatten().collect();
        let under = under.map(|(_, item)| item).filter(|item| *item != id);
        let (drafts, index) = (Vec::new(), Index::default());
        Ok(Maker { source, options, context, notes, before, id, title, uri, names, under, drafts, index, replaced })
    }

    /// Reads the rows of items and the hierarchy that each sheet gives by itself.
    pub(super) fn items(&mut self) {
        for lines in std::mem::take(&mut self.source.items) {
            let first = self.drafts.len();
            let mut drafts = drafts::drafts(&lines, first, &self.id, &self.before, &mut self.notes);
            if let Some(line) = lines.first() {
                hierarchy::arrange(&mut drafts, first, line.table.mapping.hierarchy.value, &mut self.notes);
            }
            self.drafts.append(&mut drafts);
        }
        drafts::branches(&mut self.drafts);
        self.index = Index::new(&self.id, &self.drafts);
    }

    /// Makes everything else.
    pub(super) fn finish(mut self, stored: &mut dyn Stored) -> Result<Reading, BuildError> {
        let (id, base_url, now) = (self.id.clone(), self.context.base_url.clone(), self.context.now.clone());
        let mut definitions = Set::new(&self.before, &id, &base_url, &now);
        for (kind, line) in &self.source.definitions {
            definitions.row(*kind, line, &self.before, &mut self.notes);
        }
        definitions.know_uris();
        let mut wanted =
            associations::of_rows(&self.source.associations, &mut definitions, &self.before, &mut self.notes);
        let (claims, told) = self.settle_tree(&wanted);
        let assigning = Assigning::new(
            &mut self.drafts,
            &id,
            &self.before,
            self.under.as_deref(),
            &mut self.notes,
            &mut self.replaced,
        );
        assigning.run();

        let (mut document, time) = self.document(&mut definitions);
        let (mut items, mut changed) = self.make_items(&mut definitions);
        let mut gone = self.missing(&mut items, &mut changed);

        let mut associations = Associations::new(&id, &base_url, &now, &self.before);
        let mut notes = std::mem::take(&mut self.notes);
        let nodes = Nodes::new(&document, self.before.items().iter().chain(&items));
        let placed = self.places(&wanted, &claims, &told, &nodes, &mut associations, &mut notes);
        self.notes = notes;
        wanted.append(&mut associations::of_columns(&self.drafts, &mut self.notes));
        let rest: Vec<&Wanted<'_, '_>> =
            wanted.iter().enumerate().filter(|(at, _)| !placed.contains(at)).map(|(_, wanted)| wanted).collect();
        let open = rest.iter().filter(|wanted| wanted.exact.is_none());
        let both: Vec<&End<'_>> = open.flat_map(|wanted| [&wanted.origin, &wanted.destination]).collect();
        let here = Ends { document: &id, names: &self.names, index: &self.index, before: &self.before };
        let links = ends::resolve(&both, &here, &self.drafts, &nodes, &base_url, stored, &mut self.notes)?;
        let mut links = links.into_iter();
        for wanted in rest {
            let ends = wanted.exact.clone().or_else(|| Some((links.next()?, links.next()?)));
            if let Some((origin, destination)) = ends {
                associations.add(wanted, origin, destination, &mut self.notes);
            }
        }
        let rows: HashMap<&str, usize> =
            self.drafts.iter().enumerate().map(|(at, draft)| (draft.id.as_str(), at)).collect();
        let stays = |one: &&Association| !associations.repeats(one) && !self.speaks_of(one, &gone, &rows);
        let kept: Vec<Association> = associations.unmet().filter(stays).cloned().collect();
        gone.any |= associations.unmet().count() > kept.len();
        self.replaced.append(&mut associations.replaced);
        let settled = associations.all.into_iter().map(|(mut association, time)| {
            let before = self.before.association(&association.identity.identifier);
            changed |= settle(&mut association, before, time, &now);
            association
        });
        // In the place of the list that it is made from.
        let mut all: Vec<Association> = settled.collect();
        all.extend(kept);
        let all = ordered(all, self.before.associations());

        let (rubrics, rubrics_changed) = self.rubrics(&document, &items);
        let listed = self.source.exact && self.source.has(Role::Definitions);
        let (mut definitions, definitions_changed) =
            definitions.finish(&referred(&document, &items, &all), listed, &mut self.replaced);
        let (package_uri, extensions) = self.beside(&mut definitions, &mut changed);
        let held = self.before.framework.as_ref().map(|framework| &framework.package);
        changed |= rubrics_changed || definitions_changed || self.options.delete_missing && gone.any;
        if !settle(&mut document, held.map(|package| &package.document), time, &now) && changed {
            document.identity.last_change = now;
        }
        let kept = self.before.framework.as_ref().map(|framework| framework.replaced.clone()).unwrap_or_default();
        let known: HashSet<(Class, String)> = kept.iter().map(|(_, class, id)| (*class, id.clone())).collect();
        let new = self.replaced.into_iter().filter(|(_, class, id)| !known.contains(&(*class, id.clone())));
        let replaced_identifiers = kept.iter().cloned().chain(new).collect();
        let package = Package {
            document,
            package_uri,
            items: ordered(items, self.before.items()),
            associations: all,
            definitions,
            rubrics,
            extensions,
        };
        // What was minted is the same as what is stored: it was laid over it.
        let (minted_uris, assumed_times) = (Vec::new(), Vec::new());
        Ok(Reading { package, report: self.notes.report, minted_uris, assumed_times, replaced_identifiers })
    }

    fn document(&mut self, definitions: &mut Set<'_>) -> (Document, Option<crate::case::model::Timestamp>) {
        let held = self.before.framework.as_ref().map(|framework| framework.package.document.clone());
        let mut document = held.unwrap_or_else(|| {
            let identity = items::identity(&self.id, Some(self.uri.clone()), &self.context.base_url, &self.context.now);
            document::blank(identity, self.title.clone())
        });
        if self.options.under.is_some() {
            return (document, None);
        }
        document.title.clone_from(&self.title);
        let is_stored = self.before.framework.is_some();
        let time = document::overlay(&mut document, is_stored, &self.source, definitions, &mut self.notes);
        if document.creator.trim().is_empty() && self.source.said("creator").value().is_none() {
            let creator = document.publisher.clone().unwrap_or_else(|| NO_CREATOR.to_owned());
            let sentence = format!("the framework has no creator, which the standard requires: “{creator}” is assumed");
            self.notes.warn("required-filled", "", sentence, "");
            document.creator = creator;
        }
        (document, time)
    }

    fn make_items(&mut self, definitions: &mut Set<'_>) -> (Vec<Item>, bool) {
        let orders = date_orders(&self.drafts);
        let mut changed = false;
        let mut all = Vec::with_capacity(self.drafts.len());
        for draft in self.drafts.iter().filter(|draft| draft.same_as.is_none()) {
            let before = self.before.item(&draft.id);
            let mut item = before.cloned().unwrap_or_else(|| {
                let uri = draft.line.as_ref().and_then(|line| items::uri(line, &mut self.notes));
                items::blank(items::identity(&draft.id, uri, &self.context.base_url, &self.context.now))
            });
            items::overlay(&mut item, before, draft, definitions, &orders, &mut self.notes);
            let time = draft.text(&Field::LastChangeDateTime).and_then(dates::instant);
            changed |= settle(&mut item, before, time, &self.context.now);
            all.push(item);
        }
        (all, changed)
    }
}

/// Gives the association rows that name no framework to the one that has their origin.
pub(super) fn share_out(makers: &mut [Maker<'_, '_, '_>]) {
    let Some((first, others)) = makers.split_first_mut().filter(|(_, others)| !others.is_empty()) else { return };
    let lines = std::mem::take(&mut first.source.associations);
    for line in lines {
        let names = [Field::OriginIdentifier, Field::OriginUri, Field::OriginCode];
        let has = |index: &Index| {
            names
                .iter()
                .filter_map(|field| line.text(field))
                .any(|text| index.identifier(text).or_else(|| index.code(text)).is_some())
        };
        let other = if has(&first.index) { None } else { others.iter_mut().find(|other| has(&other.index)) };
        match other {
            Some(other) => other.source.associations.push(line),
            None => first.source.associations.push(line),
        }
    }
}

/// The identifiers of the definitions that are in use.
fn referred(document: &Document, items: &[Item], associations: &[Association]) -> HashSet<String> {
    let of_document = document.subject_uri.iter().flatten().chain(&document.license_uri);
    let of_items = items.iter().flat_map(|item| {
        let single = [&item.item_type_uri, &item.license_uri, &item.concept_keywords_uri].into_iter().flatten();
        item.subject_uri.iter().flatten().chain(single)
    });
    let of_associations = associations.iter().filter_map(|association| association.grouping_uri.as_ref());
    let links = of_document.chain(of_items).chain(of_associations);
    links.map(|link: &Link| link.identifier.clone()).collect()
}

/// The framework and the item that the rows are put under.
fn branch(name: &str, options: &Options, stored: &mut dyn Stored) -> Result<(String, String), BuildError> {
    let asked = Name { text: name.to_owned(), framework: options.framework.clone() };
    let found = stored.find(&[asked])?.into_iter().next().unwrap_or_default();
    match found.as_slice() {
        [] => Err(BuildError::NoSuchItem(name.to_owned())),
        [one] => Ok((one.framework.clone(), one.identifier.clone())),
        several => Err(BuildError::AmbiguousItem { name: name.to_owned(), count: several.len() }),
    }
}

/// The file's name without folders and endings.
fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let packed = [".gz", ".zst"].iter().find_map(|end| file.strip_suffix(end)).unwrap_or(file);
    let stem = packed.rsplit_once('.').map_or(packed, |(stem, _)| stem);
    if stem.trim().is_empty() { "Untitled".to_owned() } else { stem.trim().to_owned() }
}

/// What the dates of each column tell about the order of day and month.
fn date_orders(drafts: &[Draft<'_, '_>]) -> Vec<(Field, Order)> {
    [Field::StatusStartDate, Field::StatusEndDate]
        .into_iter()
        .map(|field| {
            let mut order = Order::default();
            drafts.iter().filter_map(|draft| draft.text(&field)).for_each(|text| order.learn(text));
            (field, order)
        })
        .collect()
}

impl Framework {
    /// The identifier of the framework.
    #[must_use]
    pub fn identifier(&self) -> &str {
        self.package.identifier()
    }
}
