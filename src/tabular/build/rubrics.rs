//! Rubrics from rows: a rubric, its criteria, their levels, each under the one it names or the
//! nearest one above.

use std::collections::HashMap;

use serde_json::Number;

use super::before::{Before, key};
use super::dates;
use super::exact::{self, Said};
use super::identity::{free, published};
use super::items::{extensions, identity};
use super::line::{Line, RowKind};
use super::merge::settle;
use super::notes::Notes;
use crate::case::model::{Class, Criterion, Identity, Level, Link, Rubric, Timestamp};
use crate::tabular::mapping::Field;

/// The rubrics in the making.
pub(super) struct Rubrics<'a> {
    pub document: &'a str,
    pub base_url: &'a str,
    pub now: &'a Timestamp,
    pub before: &'a Before,
    pub notes: &'a mut Notes,
    pub replaced: &'a mut Vec<(String, Class, String)>,
    all: Vec<Rubric>,
    seen: Vec<String>,
    /// When objects changed, where the rows say it.
    said: HashMap<(Class, String), Timestamp>,
}

/// How rows name the items that criteria are about.
pub(super) struct Items<'a> {
    /// By identifier or code.
    pub called: &'a dyn Fn(&str) -> Option<Link>,
    pub at_uri: &'a dyn Fn(&str) -> Option<Link>,
}

/// Whether a row of our own sheets says only that a list is there, which is empty.
fn is_list(line: &Line<'_, '_>, above: &[Field]) -> bool {
    line.table.exact && line.row.cells.len() == 1 + above.iter().filter(|field| line.cell(field).is_some()).count()
}

impl<'a> Rubrics<'a> {
    pub(super) fn new(
        document: &'a str,
        base_url: &'a str,
        now: &'a Timestamp,
        before: &'a Before,
        notes: &'a mut Notes,
        replaced: &'a mut Vec<(String, Class, String)>,
    ) -> Self {
        let stored = before.framework.as_ref().and_then(|framework| framework.package.rubrics.clone());
        let all = stored.unwrap_or_default();
        Rubrics { document, base_url, now, before, notes, replaced, all, seen: Vec::new(), said: HashMap::new() }
    }

    /// Reads the rows.
    pub(super) fn read(&mut self, lines: &[(RowKind, Line<'_, '_>)], items: &Items<'_>) {
        let (mut rubric, mut criterion) = (None, None);
        for (kind, line) in lines {
            match kind {
                RowKind::Rubric => {
                    rubric = Some(self.rubric(line));
                    criterion = None;
                }
                RowKind::Criterion => {
                    let named = line.text(&Field::RubricIdentifier).map(|text| self.id(Class::Rubric, text));
                    let above = match named {
                        Some(id) => self.all.iter().position(|one| one.identity.identifier == id),
                        None => rubric,
                    };
                    if let Some(above) = above.filter(|_| is_list(line, &[Field::RubricIdentifier])) {
                        if let Some(rubric) = self.all.get_mut(above) {
                            rubric.criteria.get_or_insert_default();
                        }
                        continue;
                    }
                    criterion = above.map(|above| self.criterion(above, line, items));
                    rubric = above.or(rubric);
                    if criterion.is_none() {
                        self.orphan(line, "rubric");
                    }
                }
                _ => {
                    let named = line.text(&Field::CriterionIdentifier).map(|text| self.id(Class::Criterion, text));
                    let above = match named {
                        Some(id) => self.find(&id),
                        None => criterion,
                    };
                    match above {
                        Some(above) if is_list(line, &[Field::RubricIdentifier, Field::CriterionIdentifier]) => {
                            if let Some(criterion) = self.criterion_at(above) {
                                criterion.levels.get_or_insert_default();
                            }
                        }
                        Some(above) => self.level(above, line),
                        None => self.orphan(line, "criterion"),
                    }
                }
            }
        }
    }

    fn orphan(&mut self, line: &Line<'_, '_>, above: &str) {
        let sentence = format!(
            "the row belongs to no {above} of the workbook; it is left out. Put it below its {above}, or give that one's identifier"
        );
        self.notes.loss("row-left-out", line.place_of_row(), sentence, &line.shown());
    }

    fn find(&self, id: &str) -> Option<(usize, usize)> {
        self.all.iter().enumerate().find_map(|(at, rubric)| {
            let criteria = rubric.criteria.as_deref().unwrap_or_default();
            criteria.iter().position(|one| one.identity.identifier == id).map(|criterion| (at, criterion))
        })
    }

    fn id(&mut self, class: Class, received: &str) -> String {
        let (id, is_name) = published(class, received, self.document, self.before);
        let entry = (received.to_owned(), class, id.clone());
        if is_name && !self.replaced.contains(&entry) {
            self.replaced.push(entry);
        }
        id
    }

    /// The identity of what a row says: its identifier, that of `same`, or one made from the seed.
    fn identity(&mut self, class: Class, line: &Line<'_, '_>, same: Option<Identity>, seed: &str) -> Identity {
        let given = line.text(&Field::Identifier).map(|text| self.id(class, text)).filter(|id| !self.seen.contains(id));
        let same = same.filter(|same| given.as_ref().is_none_or(|id| *id == same.identifier));
        let found = same.unwrap_or_else(|| {
            let id = given.unwrap_or_else(|| {
                let taken = |id: &str| self.seen.iter().any(|seen| seen == id);
                free(self.document, class, seed, taken)
            });
            identity(&id, super::items::uri(line, self.notes), self.base_url, self.now)
        });
        if let Some(time) = line.text(&Field::LastChangeDateTime).and_then(dates::instant) {
            self.said.insert((class, found.identifier.clone()), time);
        }
        self.seen.push(found.identifier.clone());
        found
    }

    /// The place in `list` of the one that a row means: by identifier, else by what it is called.
    fn same<T>(
        &mut self,
        class: Class,
        line: &Line<'_, '_>,
        list: &[T],
        of: impl Fn(&T) -> (&Identity, Option<String>),
        name: Option<&str>,
    ) -> Option<usize> {
        if let Some(received) = line.text(&Field::Identifier) {
            let id = self.id(class, received);
            return list.iter().position(|one| of(one).0.identifier == id);
        }
        let name = key(name?);
        list.iter().position(|one| {
            let (identity, own) = of(one);
            own.as_deref().map(key).as_ref() == Some(&name) && !self.seen.contains(&identity.identifier)
        })
    }

    fn rubric(&mut self, line: &Line<'_, '_>) -> usize {
        let title = line.text(&Field::Title);
        let all = std::mem::take(&mut self.all);
        let at = self.same(Class::Rubric, line, &all, |one| (&one.identity, one.title.clone()), title);
        let same = at.and_then(|at| all.get(at)).map(|one| one.identity.clone());
        self.all = all;
        let identity = self.identity(Class::Rubric, line, same, title.unwrap_or_default());
        let at = at.unwrap_or_else(|| {
            self.all.push(Rubric { identity, title: None, description: None, criteria: None, extensions: None });
            self.all.len() - 1
        });
        if let Some(own) = self.all.get_mut(at) {
            take(&mut own.title, line, &Field::Title);
            take(&mut own.description, line, &Field::Description);
            extensions(&mut own.extensions, line, self.notes);
        }
        at
    }

    fn criterion(&mut self, rubric: usize, line: &Line<'_, '_>, items: &Items<'_>) -> (usize, usize) {
        let Some(above) = self.all.get_mut(rubric) else { return (rubric, 0) };
        let above_id = above.identity.identifier.clone();
        let mut criteria = above.criteria.take().unwrap_or_default();
        let name = line.text(&Field::Category).or_else(|| line.text(&Field::Description));
        let named = |one: &Criterion| one.category.clone().or_else(|| one.description.clone());
        let at = self.same(Class::Criterion, line, &criteria, |one| (&one.identity, named(one)), name);
        let same = at.and_then(|at| criteria.get(at)).map(|one| one.identity.clone());
        let seed = format!("{above_id} {}", name.unwrap_or_default());
        let identity = self.identity(Class::Criterion, line, same, &seed);
        let weight = number(line, &Field::Weight, self.notes);
        let position = line.integer(&Field::Position, self.notes);
        let item_uri = self.about(line, items);
        let at = at.unwrap_or_else(|| {
            criteria.push(Criterion {
                identity,
                category: None,
                description: None,
                item_uri: None,
                weight: None,
                position: i64::try_from(criteria.len() + 1).ok(),
                rubric_id: Some(above_id),
                levels: None,
                extensions: None,
            });
            criteria.len() - 1
        });
        if let Some(own) = criteria.get_mut(at) {
            take(&mut own.category, line, &Field::Category);
            take(&mut own.description, line, &Field::Description);
            if line.table.has(&Field::Weight) {
                own.weight = weight;
            }
            own.position = position.or(own.position.filter(|_| !line.is_exact()));
            line.said("rubricId").map(str::to_owned).lay(&mut own.rubric_id);
            item_uri.lay(&mut own.item_uri);
            extensions(&mut own.extensions, line, self.notes);
        }
        if let Some(above) = self.all.get_mut(rubric) {
            above.criteria = Some(criteria);
        }
        (rubric, at)
    }

    /// The item that a criterion is about.
    fn about(&mut self, line: &Line<'_, '_>, items: &Items<'_>) -> Said<Link> {
        let text = line.text(&Field::ItemIdentifier);
        let said = line.said("CFItemURI").map(|cell| exact::link(cell, items.at_uri));
        // The link holds unless the identifier beside it says another item.
        match &said {
            Said::This(link) if Some(link.identifier.as_str()) == text => return said,
            Said::Blank if text.is_none() => return said,
            _ if !line.table.has(&Field::ItemIdentifier) => return said,
            _ => {}
        }
        let Some(text) = text else { return Said::Blank };
        let link = (items.called)(text);
        if link.is_none() {
            let sentence = "no item is called so, in the workbook or stored in the framework; the link is left out";
            self.notes.loss("end-not-found", line.place(&Field::ItemIdentifier), sentence, text);
        }
        link.map_or(Said::Blank, Said::This)
    }

    fn level(&mut self, above: (usize, usize), line: &Line<'_, '_>) {
        let Some(criterion) = self.criterion_at(above) else { return };
        let above_id = criterion.identity.identifier.clone();
        let mut levels = criterion.levels.take().unwrap_or_default();
        let name = line.text(&Field::Quality).or_else(|| line.text(&Field::Description));
        let named = |one: &Level| one.quality.clone().or_else(|| one.description.clone());
        let at = self.same(Class::Level, line, &levels, |one| (&one.identity, named(one)), name);
        let same = at.and_then(|at| levels.get(at)).map(|one| one.identity.clone());
        let seed = format!("{above_id} {}", name.unwrap_or_default());
        let identity = self.identity(Class::Level, line, same, &seed);
        let score = number(line, &Field::Score, self.notes);
        let position = line.integer(&Field::Position, self.notes);
        let at = at.unwrap_or_else(|| {
            levels.push(Level {
                identity,
                description: None,
                quality: None,
                score: None,
                feedback: None,
                position: i64::try_from(levels.len() + 1).ok(),
                rubric_criterion_id: Some(above_id),
                extensions: None,
            });
            levels.len() - 1
        });
        if let Some(own) = levels.get_mut(at) {
            take(&mut own.description, line, &Field::Description);
            take(&mut own.quality, line, &Field::Quality);
            take(&mut own.feedback, line, &Field::Feedback);
            if line.table.has(&Field::Score) {
                own.score = score;
            }
            own.position = position.or(own.position.filter(|_| !line.is_exact()));
            line.said("rubricCriterionId").map(str::to_owned).lay(&mut own.rubric_criterion_id);
            match line.said("extensions") {
                Said::Silent => {}
                Said::Blank => own.extensions = None,
                Said::This(cell) => {
                    let read = exact::objects(cell, || line.place_of_property("extensions"), self.notes);
                    own.extensions = read.or(own.extensions.take());
                }
            }
        }
        if let Some(criterion) = self.criterion_at(above) {
            criterion.levels = Some(levels);
        }
    }

    fn criterion_at(&mut self, (rubric, criterion): (usize, usize)) -> Option<&mut Criterion> {
        self.all.get_mut(rubric)?.criteria.as_mut()?.get_mut(criterion)
    }

    /// The rubrics, and whether they have changed. What the sheet no longer has is missing: whole
    /// rubrics always, criteria and levels when `missing_parts` are to go. An empty list of an `exact`
    /// sheet is a list.
    pub(super) fn finish(mut self, listed: bool, exact: bool, missing_parts: bool) -> (Option<Vec<Rubric>>, bool) {
        let stored = self.before.framework.as_ref().and_then(|framework| framework.package.rubrics.as_deref());
        let was = stored.map(<[Rubric]>::to_vec);
        let stored = was.as_deref().unwrap_or_default();
        let mut changed = false;
        let mut said = std::mem::take(&mut self.said);
        let mut said = |class, identity: &Identity| said.remove(&(class, identity.identifier.clone()));
        if listed {
            let seen = &self.seen;
            let has = |identity: &Identity| seen.contains(&identity.identifier);
            self.all.retain(|rubric| has(&rubric.identity));
            for rubric in self.all.iter_mut().filter(|_| missing_parts) {
                let criteria = rubric.criteria.as_mut();
                criteria.into_iter().for_each(|all| all.retain(|one| has(&one.identity)));
                for criterion in rubric.criteria.iter_mut().flatten() {
                    criterion.levels.iter_mut().for_each(|all| all.retain(|one| has(&one.identity)));
                }
            }
        }
        for rubric in &mut self.all {
            let before = stored.iter().find(|one| one.identity.identifier == rubric.identity.identifier);
            let old = before.and_then(|rubric| rubric.criteria.as_deref()).unwrap_or_default();
            for criterion in rubric.criteria.iter_mut().flatten() {
                let before = old.iter().find(|one| one.identity.identifier == criterion.identity.identifier);
                let old = before.and_then(|criterion| criterion.levels.as_deref()).unwrap_or_default();
                for level in criterion.levels.iter_mut().flatten() {
                    let before = old.iter().find(|one| one.identity.identifier == level.identity.identifier);
                    let time = said(Class::Level, &level.identity);
                    changed |= settle(level, before, time, self.now);
                }
                let time = said(Class::Criterion, &criterion.identity);
                changed |= settle(criterion, before, time, self.now);
            }
            let time = said(Class::Rubric, &rubric.identity);
            changed |= settle(rubric, before, time, self.now);
        }
        let any = !self.all.is_empty() || was.is_some() || listed && exact;
        (any.then_some(self.all), changed)
    }
}

fn take(slot: &mut Option<String>, line: &Line<'_, '_>, field: &Field) {
    if line.table.has(field) {
        *slot = line.text(field).map(str::to_owned);
    }
}

/// A number as it is spelled; with a comma, as some countries write it.
fn number(line: &Line<'_, '_>, field: &Field, notes: &mut Notes) -> Option<Number> {
    let text = line.text(field)?;
    let number = serde_json::from_str(text).or_else(|_| serde_json::from_str(&text.replace(',', "."))).ok();
    if number.is_none() {
        notes.loss("not-a-number", line.place(field), "a number is expected here; the cell is read as blank", text);
    }
    number
}
