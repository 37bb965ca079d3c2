//! From a file to the plans of its frameworks, and to what is kept of them. Writes nothing.

use std::sync::Arc;

use chrono::DateTime;

use super::kept::{Planned, json};
use super::{Differences, ImportOptions, ImportRules, ImportStage, Refused, SheetLayout, Watch, may_change, together};
use crate::case::model::{Package, Timestamp};
use crate::case::read::{Context, Reading};
use crate::registry::view::sight;
use crate::registry::workbook::{read_cells, understand};
use crate::registry::{
    Access, OpenError, Plan, PlanOptions, Registry, RegistryError, TreeLine, is_package, readings, tree,
};
use crate::store::{Packed, StoredPlan};

/// How many items of a framework's tree are kept to be looked at.
const TREE: usize = 1_000;

/// On which terms a file is read and planned.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) name: &'a str,
    pub(super) base_url: &'a str,
    pub(super) read_at: i64,
    pub(super) options: &'a ImportOptions,
}

/// What became of a file that was read.
pub(super) struct Drafted {
    pub(super) plans: Vec<Plan>,
    /// As many as plans.
    trees: Vec<Tree>,
    /// Of a spreadsheet.
    layout: Option<SheetLayout>,
}

/// What a framework is in the file.
pub(super) struct Tree {
    lines: Vec<TreeLine>,
    pub(super) items: usize,
    pub(super) associations: usize,
}

impl Drafted {
    /// Each plan in short.
    pub(super) fn summary(&self) -> Vec<Planned> {
        self.plans.iter().zip(&self.trees).map(|(plan, tree)| Planned::of(plan, tree)).collect()
    }

    /// As it is stored.
    pub(super) fn stored(self, terms: Terms<'_>) -> Result<StoredPlan, RegistryError> {
        let summary = json(&self.summary())?;
        let is_sheet = self.layout.is_some();
        let each = self.plans.iter().zip(self.trees);
        let details: Vec<Differences> = each.map(|(plan, tree)| Differences::of(plan, tree.lines, is_sheet)).collect();
        let layout = match &self.layout {
            Some(layout) => Packed::of(json(layout)?.as_bytes())?,
            None => Packed::nothing(),
        };
        Ok(StoredPlan {
            base_url: terms.base_url.to_owned(),
            read_at: terms.read_at,
            options: json(terms.options)?,
            summary,
            result: None,
            progress: None,
            details: Packed::of(json(&details)?.as_bytes())?,
            layout,
        })
    }
}

impl Registry {
    /// The plans of every framework in a file, none of which gets in the way of another.
    pub(super) fn draft(
        &self,
        content: Vec<u8>,
        terms: Terms<'_>,
        access: &Access,
        rules: &ImportRules,
        watch: &Watch,
    ) -> Result<Drafted, Refused> {
        watch.enter(ImportStage::Reading);
        let now = DateTime::from_timestamp_micros(terms.read_at).unwrap_or_default();
        let context = Context { base_url: terms.base_url.to_owned(), now: Timestamp::from_instant(now) };
        if is_package(&content) {
            if let Some(name) = terms.options.of_sheets_only() {
                let sentence = format!("this file is no spreadsheet, and {name} is for spreadsheets");
                return Err(RegistryError::SheetOption(sentence).into());
            }
            let (_, readings) = readings(&content, &context)?;
            drop(content);
            return Ok(self.compared(readings, None, terms, access, watch)?);
        }
        let request = terms.options.request(terms.name, rules, Arc::clone(&watch.rows))?;
        let mut workbook =
            read_cells(content, &request).map_err(|error| RegistryError::from(OpenError::from(error)))?;
        watch.enter(ImportStage::Building);
        let mapping = understand(&mut workbook, &request);
        let layout = SheetLayout::of(&workbook, mapping.as_ref().ok());
        let build = || -> Result<Drafted, RegistryError> {
            let options = terms.options.of_framework(terms.name);
            let readings = self.read_sheet_as(&workbook, &mapping?, &options, &context, sight(access))?;
            drop(workbook);
            self.compared(readings, Some(layout.clone()), terms, access, watch)
        };
        build().map_err(|error| Refused { error: Box::new(error), layout: Some(Box::new(layout)) })
    }

    fn compared(
        &self,
        readings: Vec<Reading>,
        layout: Option<SheetLayout>,
        terms: Terms<'_>,
        access: &Access,
        watch: &Watch,
    ) -> Result<Drafted, RegistryError> {
        watch.enter(ImportStage::Comparing);
        for reading in &readings {
            may_change(access, reading.package.identifier())?;
        }
        let options = PlanOptions {
            source: terms.name.to_owned(),
            delete_missing: terms.options.delete_missing,
            move_objects: terms.options.move_objects,
        };
        let mut drafted = Drafted { plans: Vec::with_capacity(readings.len()), trees: Vec::new(), layout };
        for reading in readings {
            let Package { items, associations, .. } = &reading.package;
            let (items, associations) = (items.len(), associations.len());
            drafted.trees.push(Tree { lines: tree(&reading.package, TREE), items, associations });
            drafted.plans.push(self.plan_reading(reading, options.clone())?);
        }
        for framework in drafted.plans.iter().flat_map(together::touched) {
            may_change(access, framework)?;
        }
        together::check(&drafted.plans)?;
        Ok(drafted)
    }
}
