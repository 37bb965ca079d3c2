//! What a package is made of without the texts of its items: read where only its shape is wanted.

use diesel::prelude::*;

use super::schema::objects;
use super::{StoreError, Tx};
use crate::case::model::Class;

impl Tx<'_> {
    /// The identifiers of the objects of one class in a package, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn package_ids(&mut self, package_id: &str, class: Class) -> Result<Vec<String>, StoreError> {
        let those = objects::package_id.eq(package_id).and(objects::class.eq(class.name()));
        let query = self.visible().filter(those).order((objects::position, objects::id)).select(objects::id);
        Ok(query.load(self.0)?)
    }

    /// Hands every association of a package to `f`, in order: its identifier, those of its ends, and
    /// its JSON.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn each_association(
        &mut self,
        package_id: &str,
        mut f: impl FnMut(&str, &str, &str, &str),
    ) -> Result<(), StoreError> {
        type Row = (String, Option<String>, Option<String>, String);
        let those = objects::package_id.eq(package_id).and(objects::class.eq(Class::Association.name()));
        let query = self.visible().filter(those).order((objects::position, objects::id));
        let columns = (objects::id, objects::origin, objects::destination, objects::body);
        for (id, origin, destination, body) in query.select(columns).load::<Row>(self.0)? {
            f(&id, origin.as_deref().unwrap_or_default(), destination.as_deref().unwrap_or_default(), &body);
        }
        Ok(())
    }

    /// Every association in sight, of any package, with one of `ids` at either end: its identifier,
    /// those of its ends, and its JSON. One with both ends among them may come twice.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn associations_among(&mut self, ids: &[&str]) -> Result<Vec<(String, String, String, String)>, StoreError> {
        let columns =
            (objects::id, objects::origin.assume_not_null(), objects::destination.assume_not_null(), objects::body);
        let mut found: Vec<(String, String, String, String)> = Vec::new();
        for chunk in ids.chunks(1_000) {
            let both = objects::origin.is_not_null().and(objects::destination.is_not_null());
            // Two statements, so that each has its index.
            let out = self.visible().filter(objects::origin.eq_any(chunk)).filter(both);
            found.extend(out.select(columns).load::<(String, String, String, String)>(self.0)?);
            let back = self.visible().filter(objects::destination.eq_any(chunk)).filter(both);
            found.extend(back.select(columns).load::<(String, String, String, String)>(self.0)?);
        }
        Ok(found)
    }

    /// The frameworks that items in sight belong to: `(item, framework)`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn homes_of(&mut self, ids: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
        let mut found = Vec::new();
        for chunk in ids.chunks(1_000) {
            let those = objects::id.eq_any(chunk).and(objects::class.eq(Class::Item.name()));
            let home = self.visible().filter(those).filter(objects::package_id.eq(objects::home_id));
            found.extend(home.select((objects::id, objects::home_id)).load::<(String, String)>(self.0)?);
        }
        Ok(found)
    }
}
