//! Objects of every class, and the packages they stand in.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::conn::on_backend;
use super::schema::{documents, objects};
use super::{StoreError, Tx};
use crate::case::model::Class;

/// Bound variables a statement may have: SQLite allows 32,766.
const VARIABLES: usize = 30_000;
/// Columns of `objects`.
const COLUMNS: usize = 10;

/// One object as one package carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Identifier of the document whose package carries it.
    pub package_id: String,
    pub class: Class,
    pub id: String,
    /// Identifier of the document it belongs to: another one for an alias.
    pub home_id: String,
    /// Place among the objects of its class in the package.
    pub position: i64,
    /// Its lastChangeDateTime, in microseconds since 1970.
    pub changed_at: i64,
    /// The identifier as received, where it had to be replaced.
    pub received: Option<String>,
    /// For an association: the identifiers of its ends.
    pub origin: Option<String>,
    pub destination: Option<String>,
    /// CASE 1.1 JSON in package context.
    pub body: String,
}

impl Object {
    /// Whether it is another framework's object that this package also carries.
    #[must_use]
    pub fn is_alias(&self) -> bool {
        self.home_id != self.package_id
    }
}

/// How much a package holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PackageCounts {
    pub items: u64,
    pub associations: u64,
}

/// The row of an [`Object`]; also how the undo of a revision keeps it.
#[derive(Clone, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = objects)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    package_id: String,
    class: String,
    id: String,
    home_id: String,
    position: i64,
    changed_at: i64,
    received: Option<String>,
    origin: Option<String>,
    destination: Option<String>,
    body: String,
}

impl From<Object> for Row {
    fn from(object: Object) -> Row {
        let Object { package_id, class, id, home_id, position, changed_at, received, origin, destination, body } =
            object;
        let class = class.name().to_owned();
        Row { package_id, class, id, home_id, position, changed_at, received, origin, destination, body }
    }
}

impl TryFrom<Row> for Object {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Object, StoreError> {
        let Row { package_id, class, id, home_id, position, changed_at, received, origin, destination, body } = row;
        let class = Class::from_name(&class)
            .ok_or_else(|| StoreError::Corrupt { what: "class", source: format!("unknown class {class}").into() })?;
        Ok(Object { package_id, class, id, home_id, position, changed_at, received, origin, destination, body })
    }
}

impl Row {
    /// Whether the object belongs to the framework whose package carries it.
    pub(super) fn is_home(&self) -> bool {
        self.package_id == self.home_id
    }

    /// Package, class and identifier.
    pub(super) fn key(&self) -> (&String, &String, &String) {
        (&self.package_id, &self.class, &self.id)
    }
}

pub(super) fn objects_of(rows: Vec<Row>) -> Result<Vec<Object>, StoreError> {
    rows.into_iter().map(Object::try_from).collect()
}

impl Tx<'_> {
    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub fn ping(&mut self) -> Result<(), StoreError> {
        diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1")).get_result::<i32>(self.0)?;
        Ok(())
    }

    /// The object of that class and identifier, from its home package when that is stored, else
    /// from the package where it changed last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn object(&mut self, class: Class, id: &str) -> Result<Option<Object>, StoreError> {
        let those = objects::id.eq(id).and(objects::class.eq(class.name()));
        let rows: Vec<Row> = self.visible().filter(those).select(Row::as_select()).load(self.0)?;
        Ok(objects_of(rows)?.into_iter().max_by(|a, b| preference(a).cmp(&preference(b))))
    }

    /// Every object of that identifier, the preferred one of each class (see [`Tx::object`]).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn objects_named(&mut self, id: &str) -> Result<Vec<Object>, StoreError> {
        let rows: Vec<Row> = self.visible().filter(objects::id.eq(id)).select(Row::as_select()).load(self.0)?;
        let mut best: HashMap<Class, Object> = HashMap::new();
        for object in objects_of(rows)? {
            match best.get(&object.class) {
                Some(held) if preference(held) >= preference(&object) => {}
                _ => drop(best.insert(object.class, object)),
            }
        }
        Ok(best.into_values().collect())
    }

    /// The preferred objects of that class among `ids`, by identifier.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn objects_among(&mut self, class: Class, ids: &[&str]) -> Result<HashMap<String, Object>, StoreError> {
        let mut best: HashMap<String, Object> = HashMap::new();
        for chunk in ids.chunks(1_000) {
            let those = objects::id.eq_any(chunk).and(objects::class.eq(class.name()));
            let rows: Vec<Row> = self.visible().filter(those).select(Row::as_select()).load(self.0)?;
            for object in objects_of(rows)? {
                match best.get(&object.id) {
                    Some(held) if preference(held) >= preference(&object) => {}
                    _ => drop(best.insert(object.id.clone(), object)),
                }
            }
        }
        Ok(best)
    }

    /// The identifiers and classes that a replaced identifier stands for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn received_as(&mut self, received: &str) -> Result<Vec<(Class, String)>, StoreError> {
        let those = self.visible().filter(objects::received.eq(received));
        let rows: Vec<(String, String)> = those.select((objects::class, objects::id)).load(self.0)?;
        Ok(rows.into_iter().filter_map(|(class, id)| Some((Class::from_name(&class)?, id))).collect())
    }

    /// The rows of a package exactly as stored, by class name and position; of private ones too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn package_rows(&mut self, package_id: &str) -> Result<Vec<Object>, StoreError> {
        let rows: Vec<Row> = objects::table
            .filter(objects::package_id.eq(package_id))
            .order((objects::class, objects::position, objects::id))
            .select(Row::as_select())
            .load(self.0)?;
        objects_of(rows)
    }

    /// At most `limit` objects of one class in a package, in order, after the position and
    /// identifier of the last one; as they are published: an alias shows what its home says now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn package_slice(
        &mut self,
        package_id: &str,
        class: Class,
        after: Option<&(i64, String)>,
        limit: usize,
    ) -> Result<Vec<Object>, StoreError> {
        let mut query = self
            .visible()
            .filter(objects::package_id.eq(package_id).and(objects::class.eq(class.name())))
            .order((objects::position, objects::id))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select(Row::as_select());
        if let Some((position, id)) = after {
            // The first condition says the same as the second allows, in a form that has an index.
            let beyond = objects::position.gt(position).or(objects::id.gt(id));
            query = query.filter(objects::position.ge(position)).filter(beyond);
        }
        let mut slice = objects_of(query.load(self.0)?)?;
        let aliases: Vec<String> = slice.iter().filter(|o| o.is_alias()).map(|o| o.id.clone()).collect();
        let ids: Vec<&str> = aliases.iter().map(String::as_str).collect();
        let homes = self.objects_among(class, &ids)?;
        for alias in slice.iter_mut().filter(|o| o.is_alias()) {
            if let Some(home) = homes.get(&alias.id).filter(|home| !home.is_alias()) {
                alias.body.clone_from(&home.body);
            }
        }
        Ok(slice)
    }

    /// The objects of one class in a package, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn package_class(&mut self, package_id: &str, class: Class) -> Result<Vec<Object>, StoreError> {
        let rows: Vec<Row> = self
            .visible()
            .filter(objects::package_id.eq(package_id).and(objects::class.eq(class.name())))
            .order((objects::position, objects::id))
            .select(Row::as_select())
            .load(self.0)?;
        objects_of(rows)
    }

    /// Every association, in any package, that has `id` at one of its ends; without those whose
    /// other end is out of sight.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn associations_of(&mut self, id: &str) -> Result<Vec<Object>, StoreError> {
        // Two statements, so that each has its index.
        let mut rows: Vec<Row> = self.visible().filter(objects::origin.eq(id)).select(Row::as_select()).load(self.0)?;
        let back = objects::destination.eq(id).and(objects::origin.ne(id));
        let back: Vec<Row> = self.visible().filter(back).select(Row::as_select()).load(self.0)?;
        rows.extend(back);
        let ends: Vec<&str> =
            rows.iter().flat_map(|row| [&row.origin, &row.destination]).flatten().map(String::as_str).collect();
        let hidden = self.hidden_among(&ends)?;
        let is_hidden = |end: &Option<String>| end.as_ref().is_some_and(|end| hidden.contains(end));
        rows.retain(|row| !is_hidden(&row.origin) && !is_hidden(&row.destination));
        rows.sort_by(|a, b| (&a.package_id, a.position, &a.id).cmp(&(&b.package_id, b.position, &b.id)));
        objects_of(rows)
    }

    /// How many frameworks are stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_documents(&mut self) -> Result<u64, StoreError> {
        let count: i64 = self.visible_documents().count().get_result(self.0)?;
        Ok(count.unsigned_abs())
    }

    /// The documents of all frameworks by identifier, or one page of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn documents(&mut self, page: Option<(u64, u64)>, descending: bool) -> Result<Vec<Object>, StoreError> {
        let mut query = self.visible_documents().select(documents::id);
        query = if descending { query.order(documents::id.desc()) } else { query.order(documents::id.asc()) };
        if let Some((offset, limit)) = page {
            let bound = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
            query = query.offset(bound(offset)).limit(bound(limit));
        }
        let ids: Vec<String> = query.load(self.0)?;
        let mut found = HashMap::new();
        for chunk in ids.chunks(1_000) {
            let rows: Vec<Row> = objects::table
                .filter(objects::id.eq_any(chunk).and(objects::class.eq(Class::Document.name())))
                .select(Row::as_select())
                .load(self.0)?;
            found.extend(objects_of(rows)?.into_iter().map(|object| (object.id.clone(), object)));
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// The current revision of a framework, when it is stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn current_revision(&mut self, document_id: &str) -> Result<Option<i64>, StoreError> {
        let found = documents::table.find(document_id).select(documents::revision_id).get_result(self.0).optional()?;
        Ok(found)
    }

    /// Items and associations of a package, as [`Tx::package_slice`] has them but for
    /// [`Tx::crossing`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn package_counts(&mut self, package_id: &str) -> Result<PackageCounts, StoreError> {
        let mut count = |class: Class| -> Result<u64, StoreError> {
            let those = objects::package_id.eq(package_id).and(objects::class.eq(class.name()));
            let number: i64 = self.visible().filter(those).count().get_result(self.0)?;
            Ok(number.unsigned_abs())
        };
        Ok(PackageCounts { items: count(Class::Item)?, associations: count(Class::Association)? })
    }

    /// Where objects that are no definitions already stand: `(class, id, package)` of every row
    /// outside `package_id` that has one of `ids` and is no alias there; of private ones too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn homes_elsewhere(
        &mut self,
        package_id: &str,
        ids: &[&str],
    ) -> Result<Vec<(Class, String, String)>, StoreError> {
        let mut found = Vec::new();
        for chunk in ids.chunks(1_000) {
            let rows: Vec<(String, String, String)> = objects::table
                .filter(objects::id.eq_any(chunk).and(objects::package_id.ne(package_id)))
                .filter(objects::package_id.eq(objects::home_id))
                .select((objects::class, objects::id, objects::package_id))
                .load(self.0)?;
            found.extend(rows.into_iter().filter_map(|(class, id, package)| {
                let class = Class::from_name(&class).filter(|class| !class.is_definition())?;
                Some((class, id, package))
            }));
        }
        Ok(found)
    }

    /// The packages outside `package_id` that carry one of `ids` as an alias, private ones too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn aliased_in(&mut self, package_id: &str, ids: &[&str]) -> Result<Vec<String>, StoreError> {
        let mut found: Vec<String> = Vec::new();
        for chunk in ids.chunks(1_000) {
            let packages: Vec<String> = objects::table
                .filter(objects::id.eq_any(chunk).and(objects::home_id.ne(objects::package_id)))
                .filter(objects::package_id.ne(package_id))
                .select(objects::package_id)
                .distinct()
                .load(self.0)?;
            found.extend(packages);
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// Adds objects that are not there yet.
    ///
    /// # Errors
    /// When one is there already, or the database cannot be written.
    pub fn insert(&mut self, new: impl Iterator<Item = Object>) -> Result<(), StoreError> {
        let mut rows = new.map(Row::from);
        loop {
            // What is written is let go: a framework may be large, and is not needed twice.
            let chunk: Vec<Row> = rows.by_ref().take(VARIABLES / COLUMNS).collect();
            if chunk.is_empty() {
                return Ok(());
            }
            self.insert_rows(&chunk)?;
        }
    }

    pub(super) fn insert_rows(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        for chunk in rows.chunks(VARIABLES / COLUMNS) {
            on_backend!(&mut *self.0, |c| diesel::insert_into(objects::table).values(chunk).execute(c))?;
        }
        Ok(())
    }

    /// Takes objects out of a package; those that are not there are passed over.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn delete(&mut self, package_id: &str, class: Class, ids: &[&str]) -> Result<(), StoreError> {
        for chunk in ids.chunks(1_000) {
            let those = objects::table
                .filter(objects::id.eq_any(chunk).and(objects::class.eq(class.name())))
                .filter(objects::package_id.eq(package_id));
            diesel::delete(those).execute(self.0)?;
        }
        Ok(())
    }

    /// Says which revision a framework is at; `None` when it is no longer stored.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_current_revision(&mut self, document_id: &str, revision: Option<i64>) -> Result<(), StoreError> {
        diesel::delete(documents::table.find(document_id)).execute(self.0)?;
        if let Some(revision) = revision {
            diesel::insert_into(documents::table)
                .values((documents::id.eq(document_id), documents::revision_id.eq(revision)))
                .execute(self.0)?;
        }
        Ok(())
    }
}

/// The larger, the better it stands for its identifier.
pub(super) fn preference(object: &Object) -> (bool, i64, std::cmp::Reverse<&str>) {
    (!object.is_alias(), object.changed_at, std::cmp::Reverse(object.package_id.as_str()))
}
