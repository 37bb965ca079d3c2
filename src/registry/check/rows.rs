//! Each row by itself: its body is JSON of its class, and its columns say what the body says.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use super::super::key;
use super::super::parts::Frame;
use super::tree::Edge;
use super::{Check, Finding};
use crate::case::model::{Class, Timestamp};
use crate::case::vocab::IS_CHILD_OF;
use crate::store::{RawObject, StoreError};

/// How many rows are read at once.
const SLICE: usize = 1_000;

/// What the later steps need to know of a package.
#[derive(Default)]
pub(super) struct Framework {
    pub has_document: bool,
    pub has_frame: bool,
    pub items: HashSet<String>,
    /// Items of other frameworks that this one carries, with their home.
    pub aliases: Vec<(String, String)>,
    pub definitions: HashSet<(Class, String)>,
    /// What links of its objects name, once each.
    pub links: HashMap<(&'static str, Class, String), Mentions>,
    /// The ungrouped isChildOf associations.
    pub edges: Vec<Edge>,
    /// The ends of its associations.
    pub ends: HashMap<String, End>,
    /// What rubrics hold within them, and what of that stands by itself.
    pub nested: HashSet<(Class, String)>,
    pub parts: HashSet<(Class, String)>,
}

/// How often something was named, and by whom first.
pub(super) struct Mentions {
    pub count: u64,
    pub first: String,
}

/// An end of associations.
pub(super) struct End {
    pub uri: String,
    pub in_tree: bool,
    pub by: Mentions,
}

/// What is looked at of a body.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(borrow, default)]
    identifier: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    last_change_date_time: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    creator: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    full_statement: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    association_type: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    license_text: Option<Cow<'a, str>>,
    #[serde(default)]
    sequence_number: Option<i64>,
    #[serde(borrow, default, rename = "originNodeURI")]
    origin: Option<Link<'a>>,
    #[serde(borrow, default, rename = "destinationNodeURI")]
    destination: Option<Link<'a>>,
    #[serde(borrow, default, rename = "CFAssociationGroupingURI")]
    grouping: Option<Link<'a>>,
    #[serde(borrow, default, rename = "CFItemTypeURI")]
    item_type: Option<Link<'a>>,
    #[serde(borrow, default, rename = "licenseURI")]
    license: Option<Link<'a>>,
    #[serde(borrow, default, rename = "conceptKeywordsURI")]
    concept: Option<Link<'a>>,
    #[serde(borrow, default, rename = "subjectURI")]
    subjects: Vec<Link<'a>>,
    #[serde(borrow, default, rename = "CFRubricCriteria")]
    criteria: Vec<Part<'a>>,
}

#[derive(Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    identifier: Cow<'a, str>,
    #[serde(borrow)]
    uri: Cow<'a, str>,
}

/// A criterion within a rubric, or a level within a criterion.
#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow)]
    identifier: Cow<'a, str>,
    #[serde(borrow, default, rename = "CFRubricCriterionLevels")]
    levels: Vec<Part<'a>>,
}

impl Body<'_> {
    /// The class whose own members it has, as far as they tell.
    fn shape(&self) -> Option<Class> {
        if self.association_type.is_some() && self.origin.is_some() && self.destination.is_some() {
            Some(Class::Association)
        } else if self.full_statement.is_some() {
            Some(Class::Item)
        } else if self.creator.is_some() {
            Some(Class::Document)
        } else if self.license_text.is_some() {
            Some(Class::License)
        } else {
            None
        }
    }
}

/// Whether a class has members of its own that every object of it has.
const fn has_shape(class: Class) -> bool {
    matches!(class, Class::Association | Class::Item | Class::Document | Class::License)
}

impl Check<'_, '_> {
    /// Looks at the rows of a package, and gathers what the later steps need.
    pub(super) fn rows(&mut self, package_id: &str) -> Result<Framework, StoreError> {
        let mut framework = Framework::default();
        let mut last: Option<RawObject> = None;
        loop {
            let mut slice = self.tx.raw_slice(package_id, last.as_ref(), SLICE)?;
            self.checkup.objects += slice.len() as u64;
            for row in &slice {
                self.row(row, &mut framework)?;
            }
            self.homes(package_id, &slice)?;
            if slice.len() < SLICE {
                return Ok(framework);
            }
            last = slice.pop();
        }
    }

    fn row(&mut self, row: &RawObject, framework: &mut Framework) -> Result<(), StoreError> {
        let found = |code, sentence: String| Finding::error(code, sentence).of(&row.package_id).on(&row.class, &row.id);
        let Some(class) = Class::from_name(&row.class) else {
            self.checkup.add(found("class-unknown", format!("there is no class {}", row.class)));
            return Ok(());
        };
        if matches!(class, Class::Package | Class::Document) && row.id != row.package_id {
            self.checkup.add(found("package-foreign", "it stands in the package of another framework".to_owned()));
            return Ok(());
        }
        if class == Class::Package {
            framework.has_frame = true;
            if let Err(error) = serde_json::from_str::<Frame>(&row.body) {
                self.checkup.add(found("body-unreadable", format!("its content cannot be read: {error}")));
            }
            return self.columns(row, RawObject { changed_at: 0, origin: None, destination: None, ..own(row) });
        }
        framework.has_document |= class == Class::Document;
        let body: Body<'_> = match serde_json::from_str(&row.body) {
            Ok(body) => body,
            Err(error) => {
                self.checkup.add(found("body-unreadable", format!("its content cannot be read: {error}")));
                framework.note_row(class, row);
                return Ok(());
            }
        };
        let identifier = body.identifier.as_deref().unwrap_or_default();
        if identifier != row.id {
            let sentence = format!("its content has the identifier {identifier}; which is right cannot be told");
            self.checkup.add(found("identifier-differs", sentence));
        }
        let shape = body.shape();
        if shape != Some(class) && (has_shape(class) || shape.is_some()) {
            let shape = shape.map_or_else(|| "of another class".to_owned(), |shape| format!("that of a {shape}"));
            self.checkup.add(found("class-differs", format!("its content is {shape}")));
            framework.note_row(class, row);
            return Ok(());
        }
        let changed = body.last_change_date_time.as_deref().and_then(Timestamp::parse);
        let Some(changed) = changed else {
            self.checkup.add(found("time-missing", "its content does not say when it last changed".to_owned()));
            framework.note(class, row, &body);
            return Ok(());
        };
        let of_association = |link: &Option<Link<'_>>| {
            link.as_ref().filter(|_| class == Class::Association).map(|link| key(&link.identifier))
        };
        let right = RawObject {
            changed_at: changed.instant().timestamp_micros(),
            origin: of_association(&body.origin),
            destination: of_association(&body.destination),
            // Only items may be those of other frameworks.
            home_id: if class == Class::Item { row.home_id.clone() } else { row.package_id.clone() },
            ..own(row)
        };
        framework.note(class, row, &body);
        self.columns(row, right)
    }

    /// Compares the columns of a row with what they should be.
    fn columns(&mut self, row: &RawObject, right: RawObject) -> Result<(), StoreError> {
        let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
        let of_body = "its content says";
        let differences = [
            (row.changed_at != right.changed_at).then(|| {
                ("changed-at-differs", "when it changed", row.changed_at.to_string(), right.changed_at.to_string())
            }),
            (row.origin != right.origin)
                .then(|| ("origin-differs", "its origin", said(&row.origin), said(&right.origin))),
            (row.destination != right.destination)
                .then(|| ("destination-differs", "its destination", said(&row.destination), said(&right.destination))),
            (row.home_id != right.home_id)
                .then(|| ("home-differs", "its home", row.home_id.clone(), right.home_id.clone())),
        ];
        let mut differs = false;
        for (code, what, is, should_be) in differences.into_iter().flatten() {
            differs = true;
            let sentence = format!("{what} is stored as {is}, where {of_body} {should_be}");
            let finding = Finding::error(code, sentence).of(&row.package_id).on(&row.class, &row.id);
            self.checkup.add(if self.repair { finding.repaired() } else { finding });
        }
        if differs && self.repair {
            self.tx.mend(&right)?;
            self.mended.insert(row.package_id.clone());
        }
        Ok(())
    }

    /// Objects that belong here and to another framework too; told once for each pair.
    fn homes(&mut self, package_id: &str, slice: &[RawObject]) -> Result<(), StoreError> {
        let own: HashMap<&str, &str> = slice
            .iter()
            .filter(|row| row.home_id == row.package_id)
            .map(|row| (row.id.as_str(), row.class.as_str()))
            .collect();
        let ids: Vec<&str> = own.keys().copied().collect();
        for (class, id, other) in self.tx.homes_elsewhere(package_id, &ids)? {
            if other.as_str() > package_id && slice.iter().any(|row| row.id == id && row.class == class.name()) {
                let sentence = format!("it belongs to framework {other} too");
                self.checkup.add(Finding::error("two-homes", sentence).of(package_id).on(class.name(), &id));
            }
        }
        Ok(())
    }
}

/// The row as it is where nothing else is said; its home is its package.
fn own(row: &RawObject) -> RawObject {
    RawObject { home_id: row.package_id.clone(), body: String::new(), ..row.clone() }
}

impl Framework {
    /// Notes that the object is there.
    fn note_row(&mut self, class: Class, row: &RawObject) {
        match class {
            Class::Item => {
                self.items.insert(row.id.clone());
                if row.home_id != row.package_id {
                    self.aliases.push((row.id.clone(), row.home_id.clone()));
                }
            }
            Class::Criterion | Class::Level => drop(self.parts.insert((class, row.id.clone()))),
            class if class.is_definition() => drop(self.definitions.insert((class, row.id.clone()))),
            _ => {}
        }
    }

    /// Notes the object and what it refers to.
    fn note(&mut self, class: Class, row: &RawObject, body: &Body<'_>) {
        self.note_row(class, row);
        let singles = [
            ("CFItemTypeURI", Class::ItemType, &body.item_type),
            ("licenseURI", Class::License, &body.license),
            ("CFAssociationGroupingURI", Class::Grouping, &body.grouping),
            ("conceptKeywordsURI", Class::Concept, &body.concept),
        ];
        for (property, of, link) in singles {
            if let Some(link) = link {
                self.link(property, of, link, row);
            }
        }
        for link in &body.subjects {
            self.link("subjectURI", Class::Subject, link, row);
        }
        for criterion in &body.criteria {
            self.nested.insert((Class::Criterion, criterion.identifier.clone().into_owned()));
            let levels = criterion.levels.iter().map(|level| (Class::Level, level.identifier.clone().into_owned()));
            self.nested.extend(levels);
        }
        if let (Class::Association, Some(origin), Some(destination)) = (class, &body.origin, &body.destination) {
            let in_tree = body.association_type.as_deref() == Some(IS_CHILD_OF) && body.grouping.is_none();
            self.end(origin, in_tree, row);
            self.end(destination, in_tree, row);
            if in_tree {
                self.edges.push(Edge {
                    id: row.id.clone(),
                    child: key(&origin.identifier),
                    parent: key(&destination.identifier),
                    sequence: body.sequence_number,
                });
            }
        }
    }

    fn link(&mut self, property: &'static str, class: Class, link: &Link<'_>, row: &RawObject) {
        let target = (property, class, link.identifier.clone().into_owned());
        self.links.entry(target).or_insert_with(|| Mentions { count: 0, first: row.id.clone() }).count += 1;
    }

    fn end(&mut self, link: &Link<'_>, in_tree: bool, row: &RawObject) {
        let first = || End {
            uri: link.uri.clone().into_owned(),
            in_tree: false,
            by: Mentions { count: 0, first: row.id.clone() },
        };
        let end = self.ends.entry(key(&link.identifier)).or_insert_with(first);
        end.by.count += 1;
        end.in_tree |= in_tree;
    }
}
