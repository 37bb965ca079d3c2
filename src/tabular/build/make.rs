//! Makes one framework: finds out which one it is, gives its rows to items, and lays everything
//! over what is stored.

use std::collections::{HashMap, HashSet};

use super::associations::{self, Associations, Wanted};
use super::before::{Before, is_place};
use super::dates::{self, Order};
use super::definitions::Set;
use super::document;
use super::drafts::{self, Draft, Parent};
use super::ends::{self, End, Ends, Local, Nodes};
use super::hierarchy::{self, Index};
use super::identity::Assigning;
use super::items;
use super::merge::{ordered, settle};
use super::notes::Notes;
use super::rubrics::Rubrics;
use super::sequence;
use super::sources::Source;
use super::{BuildError, Framework, Name, Options, Stored};
use crate::case::model::{Association, Class, Date, Document, Item, Link, NodeLink, Package};
use crate::case::read::{Canonical, Context, Reading, canonical, mint, proper_uri};
use crate::tabular::mapping::{Field, Hierarchy};

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
                    let place = said.as_ref().map_or_else(|| "--framework".to_owned(), |fact| fact.place.clone());
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
                     To update a stored framework, give its identifier with --framework"
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
                "the framework has no title: “{title}”, from the file's name, is assumed; --title gives another"
            );
            notes.warn("required-filled", "", sentence, "");
            title
        });
        let given = source.fact("uri").and_then(|fact| fact.text.as_deref()).and_then(proper_uri);
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
        let mut wanted =
            associations::of_rows(&self.source.associations, &mut definitions, &self.before, &mut self.notes);
        let claims = self.settle_tree(&wanted);
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
        let mut nodes: Nodes = HashMap::with_capacity(items.len() + 1);
        nodes.insert(id.clone(), (document.identity.uri.clone(), document.title.clone()));
        for item in self.before.items().iter().chain(&items) {
            nodes.insert(item.identity.identifier.clone(), (item.identity.uri.clone(), item.label().to_owned()));
        }

        let mut associations = Associations::new(&id, &base_url, &now, &self.before);
        let mut notes = std::mem::take(&mut self.notes);
        let placed = self.places(&wanted, &claims, &nodes, &mut associations, &mut notes);
        self.notes = notes;
        wanted.append(&mut associations::of_columns(&self.drafts, &mut self.notes));
        let rest: Vec<&Wanted<'_, '_>> =
            wanted.iter().enumerate().filter(|(at, _)| !placed.contains(at)).map(|(_, wanted)| wanted).collect();
        let both: Vec<&End<'_>> = rest.iter().flat_map(|wanted| [&wanted.origin, &wanted.destination]).collect();
        let here = Ends { document: &id, names: &self.names, index: &self.index, before: &self.before };
        let links = ends::resolve(&both, &here, &self.drafts, &nodes, &base_url, stored, &mut self.notes)?;
        let mut links = links.into_iter();
        for wanted in rest {
            if let (Some(origin), Some(destination)) = (links.next(), links.next()) {
                associations.add(wanted, origin, destination, &mut self.notes);
            }
        }
        let rows: HashMap<&str, usize> =
            self.drafts.iter().enumerate().map(|(at, draft)| (draft.id.as_str(), at)).collect();
        let stays = |one: &&Association| !associations.repeats(one) && !self.speaks_of(one, &gone, &rows);
        let kept: Vec<Association> = associations.unmet().filter(stays).cloned().collect();
        gone.any |= associations.unmet().count() > kept.len();
        self.replaced.append(&mut associations.replaced);
        let mut all = Vec::with_capacity(associations.all.len() + kept.len());
        for (mut association, time) in associations.all {
            let before = self.before.association(&association.identity.identifier);
            changed |= settle(&mut association, before, time, &now);
            all.push(association);
        }
        all.extend(kept);
        let all = ordered(all, self.before.associations());

        let whole = self.source.has_rubrics && self.under.is_none();
        let mut rubrics = Rubrics::new(&id, &base_url, &now, &self.before, &mut self.notes, &mut self.replaced);
        let drafts = &self.drafts;
        rubrics.read(&self.source.rubrics, |text| {
            let end = End { any: Some(text), ..End::default() };
            let identifier = match here.local(&end)?.0 {
                Local::Draft(at) => drafts.get(at).map(|draft| draft.id.clone())?,
                Local::Stored(id) => id,
                Local::Framework => return None,
            };
            let (uri, title) = nodes.get(&identifier).cloned()?;
            Some(Link { title, identifier, uri })
        });
        let (rubrics, rubrics_changed) = rubrics.finish(whole, self.options.delete_missing);
        let (definitions, definitions_changed) = definitions.finish(&mut self.replaced);

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
            package_uri: held.and_then(|package| package.package_uri.clone()),
            items: ordered(items, self.before.items()),
            associations: all,
            definitions,
            rubrics,
            extensions: held.and_then(|package| package.extensions.clone()),
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
        let time = document::overlay(&mut document, &self.source.facts, definitions, &mut self.notes);
        if document.creator.trim().is_empty() {
            let creator = document.publisher.clone().unwrap_or_else(|| NO_CREATOR.to_owned());
            let sentence = format!("the framework has no creator, which the standard requires: “{creator}” is assumed");
            self.notes.warn("required-filled", "", sentence, "");
            document.creator = creator;
        }
        (document, time)
    }

    /// Settles what stands under what; tells which association rows say where each draft stands.
    fn settle_tree(&mut self, wanted: &[Wanted<'w, 't>]) -> HashMap<usize, Vec<(usize, Parent)>> {
        let here = Ends { document: &self.id, names: &self.names, index: &self.index, before: &self.before };
        let mut claims: HashMap<usize, Vec<(usize, Parent)>> = HashMap::new();
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
            let smart = |line: &super::line::Line<'_, '_>| line.table.mapping.hierarchy.value == Hierarchy::SmartLevel;
            if draft.line.as_ref().is_some_and(smart) {
                let sentence = "no level is given; the item is put under the framework";
                self.notes.warn("parent-not-given", draft.place_of(&Field::SmartLevel), sentence, "");
            }
        }
        hierarchy::break_cycles(&mut self.drafts, &mut self.notes);
        claims
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
            items::overlay(&mut item, draft, definitions, &orders, &mut self.notes);
            let time = draft.text(&Field::LastChangeDateTime).and_then(dates::instant);
            changed |= settle(&mut item, before, time, &self.context.now);
            all.push(item);
        }
        (all, changed)
    }

    /// What is stored and not in the sheet: outside of the branch it stays, inside it is missing,
    /// or retired when that is asked for.
    fn missing(&mut self, items: &mut Vec<Item>, changed: &mut bool) -> Gone {
        let mut gone = Gone::default();
        let present: HashSet<String> = items.iter().map(|item| item.identity.identifier.clone()).collect();
        let today = self.context.now.as_str().get(..10).and_then(Date::parse);
        for item in self.before.items().iter().filter(|item| !present.contains(&item.identity.identifier)) {
            let id = &item.identity.identifier;
            let inside = match self.under.as_deref() {
                Some(under) => id != under && self.before.is_under(id, under),
                None => true,
            };
            if !self.source.has_items || !inside {
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

    /// Makes the association that says where each item stands; tells which rows have been used.
    fn places(
        &self,
        wanted: &[Wanted<'w, 't>],
        claims: &HashMap<usize, Vec<(usize, Parent)>>,
        nodes: &Nodes,
        associations: &mut Associations<'_>,
        notes: &mut Notes,
    ) -> HashSet<usize> {
        let mut used = HashSet::new();
        let parents: Vec<String> = self.drafts.iter().map(|draft| self.parent(draft)).collect();
        let numbers = sequence::numbers(&self.drafts, &parents, &self.before, notes);
        let link = |id: &str| {
            let (uri, title) = nodes.get(id).cloned().unwrap_or_default();
            NodeLink { title, identifier: id.to_owned(), uri, target_type: None }
        };
        for (at, draft) in self.drafts.iter().enumerate().filter(|(_, draft)| draft.same_as.is_none()) {
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
                        notes.loss("parent-disagrees", wanted.place.clone(), sentence, wanted.destination.shown());
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

    /// Whether the sheet says all there is of such associations: then one that it lacks is missing.
    fn speaks_of(&self, association: &Association, gone: &Gone, rows: &HashMap<&str, usize>) -> bool {
        let (origin, destination) = (&association.origin.identifier, &association.destination.identifier);
        if gone.items.contains(origin) || gone.items.contains(destination) {
            return true;
        }
        if self.source.has_associations && self.under.is_none() && !is_place(association) {
            return true;
        }
        let column = || Field::Association(association.association_type.clone());
        let line = rows.get(origin.as_str()).and_then(|at| self.drafts.get(*at)?.line);
        association.grouping_uri.is_none() && line.is_some_and(|line| line.table.has(&column()))
    }
}

/// What is stored and missing in the sheet.
#[derive(Default)]
struct Gone {
    items: HashSet<String>,
    any: bool,
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
