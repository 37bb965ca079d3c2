//! Which rows belong to which framework, and what the workbook says about each framework.

use std::collections::HashMap;

use super::before::key;
use super::exact::Said;
use super::line::{Line, RowKind, Table};
use super::notes::Notes;
use crate::tabular::detect::property;
use crate::tabular::mapping::{Field, Mapping, Role};

/// A property of a framework as the workbook says it.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub name: String,
    /// None where the sheet has the property and leaves it blank.
    pub text: Option<String>,
    pub place: String,
    /// Whether our own layout says it.
    pub exact: bool,
}

/// Everything in a workbook that is about one framework.
#[derive(Default)]
pub(super) struct Source<'w, 't> {
    pub facts: Vec<Fact>,
    /// The rows of items, sheet by sheet.
    pub items: Vec<Vec<Line<'w, 't>>>,
    pub associations: Vec<Line<'w, 't>>,
    pub rubrics: Vec<(RowKind, Line<'w, 't>)>,
    pub definitions: Vec<(RowKind, Line<'w, 't>)>,
    /// What there are sheets of, even empty ones: what is not in them is missing.
    pub roles: Vec<Role>,
    /// Whether it is our own layout.
    pub exact: bool,
}

impl Source<'_, '_> {
    /// What is said of a property.
    pub(super) fn fact(&self, name: &str) -> Option<&Fact> {
        let said = self.facts.iter().filter(|fact| plain(&fact.name) == name);
        said.into_iter().find(|fact| fact.text.is_some())
    }

    /// Whether the workbook says all there is of the framework, as our own do.
    pub(super) fn is_exact(&self) -> bool {
        self.fact("identifier").is_some_and(|fact| fact.exact)
    }

    /// What our own workbook says of a property.
    pub(super) fn said(&self, name: &str) -> Said<&Fact> {
        match self.facts.iter().find(|fact| fact.exact && fact.name == name).filter(|_| self.is_exact()) {
            None => Said::Silent,
            Some(fact) if fact.text.is_none() => Said::Blank,
            Some(fact) => Said::This(fact),
        }
    }

    /// Whether there is a sheet for it.
    pub(super) fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

impl Fact {
    /// What is said; blank where nothing is.
    pub(super) fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }
}

/// A property's name as it is compared.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Gives every row to its framework; nothing when there is no row at all.
pub(super) fn split<'w, 't>(tables: &'t [Table<'w>], mapping: &Mapping, notes: &mut Notes) -> Vec<Source<'w, 't>> {
    let mut sorter = Sorter::default();
    let mut general: Vec<Fact> = mapping.document.iter().map(|(name, text)| given(name, text)).collect();
    let mut any = !general.is_empty();
    let mut later: Vec<(Role, RowKind, Line<'w, 't>)> = Vec::new();
    let mut roles = Vec::new();
    for table in tables {
        let lines = table.lines(notes);
        any |= !lines.is_empty();
        let role = table.mapping.role;
        roles.push(role);
        match role {
            Role::Document => lines.iter().for_each(|line| sorter.document(line)),
            Role::DocumentPairs => general.extend(lines.iter().filter_map(pair)),
            Role::Items => {
                let mut rows: Vec<(usize, Line<'w, 't>)> = Vec::with_capacity(lines.len());
                for line in lines {
                    match kind(&line, RowKind::Item) {
                        RowKind::Item => rows.push((sorter.of(&line), line)),
                        RowKind::Document => sorter.document(&line),
                        RowKind::Sample => {
                            let sentence = "the row is an example or an instruction; it is not read";
                            notes.info("row-sample", line.place_of_row(), sentence, &line.shown());
                        }
                        kind @ (RowKind::Rubric | RowKind::Criterion | RowKind::Level) => {
                            roles.push(Role::Rubrics);
                            later.push((Role::Rubrics, kind, line));
                        }
                        kind => later.push((Role::Definitions, kind, line)),
                    }
                }
                sorter.sheet(rows);
            }
            Role::Associations => later.extend(lines.into_iter().map(|line| (role, RowKind::Item, line))),
            Role::Rubrics | Role::Definitions => {
                let default = if role == Role::Rubrics { rubric_kind } else { definition_kind };
                for line in lines {
                    match default(&line) {
                        Some(kind) => later.push((role, kind, line)),
                        None => {
                            let sentence = "it is not clear what the row is; the row is left out. Name its type, \
                                            such as Rubric, Criterion, Level, Item type, Subject or License";
                            notes.loss("row-left-out", line.place_of_row(), sentence, &line.shown());
                        }
                    }
                }
            }
            Role::Ignored => {}
        }
    }
    if !any {
        return Vec::new();
    }
    let mut sources = sorter.finish();
    for (role, kind, line) in later {
        let at = sources.iter().position(|source| key_of(&line).is_some_and(|key| source.0.contains(&key)));
        let Some((_, source)) = sources.get_mut(at.unwrap_or(0)) else { continue };
        match role {
            Role::Associations => source.associations.push(line),
            Role::Rubrics => source.rubrics.push((kind, line)),
            _ => source.definitions.push((kind, line)),
        }
    }
    let mut sources: Vec<Source<'w, 't>> = sources.into_iter().map(|(_, source)| source).collect();
    for source in &mut sources {
        // What a row says of its own framework comes before what the file says of all.
        source.facts.extend(general.iter().cloned());
        source.roles.clone_from(&roles);
        source.exact = mapping.exact;
    }
    sources
}

fn given(name: &str, text: &str) -> Fact {
    let text = text.trim();
    Fact {
        name: name.to_owned(),
        text: (!text.is_empty()).then(|| text.to_owned()),
        place: format!("#{name}"),
        exact: false,
    }
}

/// A property and its value, from the first two cells of a row that has them.
fn pair(line: &Line<'_, '_>) -> Option<Fact> {
    let exact = line.table.exact;
    if exact {
        let text = line.row.get(1).map(str::to_owned);
        return Some(Fact { name: line.row.get(0)?.to_owned(), text, place: line.place_of_row(), exact });
    }
    let mut cells = line.row.cells.iter().filter(|cell| !cell.text.trim().is_empty());
    let name = cells.next()?.text.trim().trim_start_matches('#').trim_end_matches(':').to_owned();
    // A merged cell says the same in every column that it covers.
    let mut values: Vec<&str> = cells.map(|cell| cell.text.trim()).collect();
    values.dedup();
    let name = property(&name, 0.85).unwrap_or(name);
    let text = (!values.is_empty()).then(|| values.join("|"));
    Some(Fact { name, text, place: line.place_of_row(), exact })
}

/// What the row's type column says, if there is one that is understood.
fn kind(line: &Line<'_, '_>, default: RowKind) -> RowKind {
    line.text(&Field::RowType).and_then(RowKind::recognise).unwrap_or(default)
}

/// What a row of a rubric sheet is, told by its type, else by what it has.
fn rubric_kind(line: &Line<'_, '_>) -> Option<RowKind> {
    let said = line.text(&Field::RowType).and_then(RowKind::recognise);
    said.or_else(|| {
        let has = |fields: &[Field]| fields.iter().any(|field| line.text(field).is_some());
        if has(&[Field::Quality, Field::Score, Field::Feedback]) || has(&[Field::CriterionIdentifier]) {
            Some(RowKind::Level)
        } else if has(&[Field::Category, Field::Weight, Field::RubricIdentifier, Field::ItemIdentifier]) {
            Some(RowKind::Criterion)
        } else {
            has(&[Field::Title]).then_some(RowKind::Rubric)
        }
    })
}

/// What a row of a definition sheet is, told by its type, else by the name of the sheet.
fn definition_kind(line: &Line<'_, '_>) -> Option<RowKind> {
    let said = line.text(&Field::RowType).and_then(RowKind::recognise);
    said.or_else(|| RowKind::recognise(&line.table.sheet.name))
        .or_else(|| line.text(&Field::LicenseText).map(|_| RowKind::License))
}

/// What a row calls its framework.
fn key_of(line: &Line<'_, '_>) -> Option<String> {
    ["identifier", "title"].iter().find_map(|name| line.text(&Field::Document((*name).to_owned()))).map(key)
}

/// Collects frameworks in the order in which they are met.
#[derive(Default)]
struct Sorter<'w, 't> {
    /// Every framework with the names it goes by.
    sources: Vec<(Vec<String>, Source<'w, 't>)>,
    by_name: HashMap<String, usize>,
    documents: usize,
}

impl<'w, 't> Sorter<'w, 't> {
    /// A row of framework properties.
    fn document(&mut self, line: &Line<'w, 't>) {
        let facts = facts(line);
        let names: Vec<String> = ["identifier", "title"]
            .iter()
            .filter_map(|name| facts.iter().find(|fact| plain(&fact.name) == *name)?.text.as_deref().map(key))
            .collect();
        let known = names.iter().find_map(|name| self.by_name.get(name).copied());
        // The first row also speaks for the rows that name no framework.
        let at = known.unwrap_or_else(|| if self.documents == 0 && self.sources.len() == 1 { 0 } else { self.add() });
        self.documents += 1;
        for name in &names {
            self.by_name.entry(name.clone()).or_insert(at);
        }
        if let Some((known, source)) = self.sources.get_mut(at) {
            known.extend(names);
            source.facts.splice(0..0, facts);
        }
    }

    fn add(&mut self) -> usize {
        self.sources.push(Default::default());
        self.sources.len() - 1
    }

    /// The framework of a row of an item.
    fn of(&mut self, line: &Line<'w, 't>) -> usize {
        let Some(name) = key_of(line) else {
            return if self.sources.is_empty() { self.add() } else { 0 };
        };
        if let Some(at) = self.by_name.get(&name) {
            return *at;
        }
        // A framework without a name so far is the one that the rows name.
        let unnamed = self.sources.len() == 1 && self.sources.first().is_some_and(|(names, _)| names.is_empty());
        let at = if unnamed { 0 } else { self.add() };
        self.by_name.insert(name.clone(), at);
        if let Some((names, source)) = self.sources.get_mut(at) {
            names.push(name);
            source.facts.extend(facts(line).into_iter().filter(|fact| fact.text.is_some()));
        }
        at
    }

    /// The rows of one sheet, each with its framework.
    fn sheet(&mut self, rows: Vec<(usize, Line<'w, 't>)>) {
        for (at, (_, source)) in self.sources.iter_mut().enumerate() {
            let own: Vec<Line<'w, 't>> = rows.iter().filter(|(of, _)| *of == at).map(|(_, line)| *line).collect();
            if !own.is_empty() {
                source.items.push(own);
            }
        }
    }

    fn finish(mut self) -> Vec<(Vec<String>, Source<'w, 't>)> {
        if self.sources.is_empty() {
            self.add();
        }
        self.sources
    }
}

/// The framework properties in a row.
fn facts(line: &Line<'_, '_>) -> Vec<Fact> {
    let of_document = line.table.mapping.role == Role::Document || kind(line, RowKind::Item) == RowKind::Document;
    let fields = line.table.fields();
    let named = fields.iter().filter_map(|field| match field {
        Field::Document(name) => Some((field, name.clone())),
        field if of_document => Some((field, own_name(field)?)),
        _ => None,
    });
    named
        .map(|(field, name)| {
            let exact = line.table.exact;
            let several = || Some(line.list(field).join("|")).filter(|text| !text.is_empty());
            let text = if exact { line.text(field).map(str::to_owned) } else { several() };
            Fact { name, text, place: line.place(field), exact }
        })
        .collect()
}

/// What a column of items means in a row about the framework.
fn own_name(field: &Field) -> Option<String> {
    Some(match field {
        Field::RowType | Field::Ignored => return None,
        Field::FullStatement | Field::AbbreviatedStatement => "title".to_owned(),
        Field::LastChangeDateTime => "lastChangeDateTime".to_owned(),
        Field::Extension(name) => name.clone(),
        field => serde_json::to_value(field).ok()?.as_str()?.to_owned(),
    })
}
