//! The rows as they are, for whoever checks that they agree with each other and mends what is
//! derived. Trusts nothing: a class may be any text, a body need not be JSON.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::conn::AnyConn;
use super::schema::{changes, documents, objects, revisions};
use super::{StoreError, Tx};
use crate::case::model::Class;

/// How many values a condition lists.
const CHUNK: usize = 1_000;

/// An object's row.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = objects)]
pub struct RawObject {
    pub package_id: String,
    pub class: String,
    pub id: String,
    pub home_id: String,
    pub position: i64,
    pub changed_at: i64,
    pub received: Option<String>,
    pub origin: Option<String>,
    pub destination: Option<String>,
    pub body: String,
}

/// A revision's row without what is packed.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = revisions)]
pub struct RawRevision {
    pub id: i64,
    pub document_id: String,
    pub summary: String,
    pub undone_at: Option<i64>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Tx<'_> {
    /// What SQLite finds wrong with its file; nothing on PostgreSQL, which checks itself.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn damage(&mut self) -> Result<Vec<String>, StoreError> {
        let AnyConn::Sqlite(conn) = &mut *self.0 else { return Ok(Vec::new()) };
        let query = "SELECT integrity_check AS line FROM pragma_integrity_check LIMIT 20";
        let lines: Vec<Line> = diesel::sql_query(query).load(conn)?;
        Ok(lines.into_iter().map(|Line { line }| line).filter(|line| line != "ok").collect())
    }

    /// The first package after that one that any object stands in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn package_after(&mut self, package_id: &str) -> Result<Option<String>, StoreError> {
        let next = objects::table.filter(objects::package_id.gt(package_id)).order(objects::package_id.asc());
        Ok(next.select(objects::package_id).first(self.0).optional()?)
    }

    /// Every listed framework with the revision it is at.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn listed(&mut self) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(documents::table.order(documents::id.asc()).load(self.0)?)
    }

    /// At most `limit` rows of a package after that one, by class name, position and identifier.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn raw_slice(
        &mut self,
        package_id: &str,
        after: Option<&RawObject>,
        limit: usize,
    ) -> Result<Vec<RawObject>, StoreError> {
        let mut query = objects::table
            .filter(objects::package_id.eq(package_id))
            .order((objects::class, objects::position, objects::id))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select(RawObject::as_select())
            .into_boxed();
        if let Some(RawObject { class, position, id, .. }) = after {
            let same_place = objects::position.eq(position).and(objects::id.gt(id));
            let same_class = objects::class.eq(class).and(objects::position.gt(position).or(same_place));
            // The first condition says less than the second, in a form that has an index.
            query = query.filter(objects::class.ge(class)).filter(objects::class.gt(class).or(same_class));
        }
        Ok(query.load(self.0)?)
    }

    /// Which of the identifiers any object has, in any package.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn stored_among(&mut self, ids: &[&str]) -> Result<HashSet<String>, StoreError> {
        let mut found = HashSet::new();
        for chunk in ids.chunks(CHUNK) {
            let those = objects::table.filter(objects::id.eq_any(chunk)).select(objects::id).distinct();
            found.extend(those.load::<String>(self.0)?);
        }
        Ok(found)
    }

    /// Where items among `ids` have their home: `(item, framework)`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn item_homes(&mut self, ids: &[&str]) -> Result<HashSet<(String, String)>, StoreError> {
        let mut found = HashSet::new();
        for chunk in ids.chunks(CHUNK) {
            let those = objects::table
                .filter(objects::id.eq_any(chunk).and(objects::class.eq(Class::Item.name())))
                .filter(objects::package_id.eq(objects::home_id))
                .select((objects::id, objects::package_id));
            found.extend(those.load::<(String, String)>(self.0)?);
        }
        Ok(found)
    }

    /// Writes the columns that follow from an object's body and class.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn mend(&mut self, object: &RawObject) -> Result<(), StoreError> {
        let row = objects::table.find((&object.id, &object.class, &object.package_id));
        let columns = (
            objects::home_id.eq(&object.home_id),
            objects::changed_at.eq(object.changed_at),
            objects::origin.eq(&object.origin),
            objects::destination.eq(&object.destination),
        );
        diesel::update(row).set(columns).execute(self.0)?;
        Ok(())
    }

    /// At most `limit` revisions after number `id`, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn revisions_after(&mut self, id: i64, limit: i64) -> Result<Vec<RawRevision>, StoreError> {
        let next = revisions::table.filter(revisions::id.gt(id)).order(revisions::id.asc()).limit(limit);
        Ok(next.select(RawRevision::as_select()).load(self.0)?)
    }

    /// One revision.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn raw_revision(&mut self, id: i64) -> Result<Option<RawRevision>, StoreError> {
        Ok(revisions::table.find(id).select(RawRevision::as_select()).first(self.0).optional()?)
    }

    /// The newest revision of a framework that is not undone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_revision(&mut self, document_id: &str) -> Result<Option<i64>, StoreError> {
        let those = revisions::table
            .filter(revisions::document_id.eq(document_id).and(revisions::undone_at.is_null()))
            .select(diesel::dsl::max(revisions::id));
        Ok(those.get_result(self.0)?)
    }

    /// Which of the numbers are those of revisions.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn revisions_among(&mut self, ids: &[i64]) -> Result<HashSet<i64>, StoreError> {
        let mut found = HashSet::new();
        for chunk in ids.chunks(CHUNK) {
            let those = revisions::table.filter(revisions::id.eq_any(chunk)).select(revisions::id);
            found.extend(those.load::<i64>(self.0)?);
        }
        Ok(found)
    }

    /// Which of the revisions the change sequence tells of.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn changes_among(&mut self, revision_ids: &[i64]) -> Result<HashSet<i64>, StoreError> {
        let mut found = HashSet::new();
        for chunk in revision_ids.chunks(CHUNK) {
            let those = changes::table.filter(changes::revision_id.eq_any(chunk)).select(changes::revision_id);
            found.extend(those.distinct().load::<i64>(self.0)?);
        }
        Ok(found)
    }
}
