//! Reading objects by many keys at once: identifiers, identifiers as received, ends of associations.

use std::collections::HashMap;

use diesel::prelude::*;

use super::objects::{Object, Row, objects_of, preference};
use super::schema::objects;
use super::{StoreError, Tx};
use crate::case::model::Class;

/// How many keys one statement names.
const CHUNK: usize = 1_000;

#[diesel::declare_sql_function]
extern "SQL" {
    /// The same on both databases.
    fn replace(
        text: diesel::sql_types::Text,
        from: diesel::sql_types::Text,
        to: diesel::sql_types::Text,
    ) -> diesel::sql_types::Text;
}

/// Which end of an association is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Origin,
    Destination,
}

impl Tx<'_> {
    /// Every object among `ids`, the preferred one of each class (see [`Tx::object`]), by identifier.
    /// Packages are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn named_among(&mut self, ids: &[&str]) -> Result<HashMap<String, Vec<Object>>, StoreError> {
        let mut found: HashMap<String, Vec<Object>> = HashMap::new();
        for chunk in ids.chunks(CHUNK) {
            let those = objects::id.eq_any(chunk).and(objects::class.ne(Class::Package.name()));
            let rows: Vec<Row> = self.visible().filter(those).select(Row::as_select()).load(self.0)?;
            for object in objects_of(rows)? {
                let all = found.entry(object.id.clone()).or_default();
                match all.iter_mut().find(|held| held.class == object.class) {
                    Some(held) if preference(held) < preference(&object) => *held = object,
                    Some(_) => {}
                    None => all.push(object),
                }
            }
        }
        Ok(found)
    }

    /// What replaced identifiers stand for: `(as received, class, identifier)` of each.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn received_among(&mut self, received: &[&str]) -> Result<Vec<(String, Class, String)>, StoreError> {
        let mut found = Vec::new();
        for chunk in received.chunks(CHUNK) {
            let those = self.visible().filter(objects::received.eq_any(chunk.iter().map(|text| Some(*text))));
            let columns = (objects::received.assume_not_null(), objects::class, objects::id);
            let rows: Vec<(String, String, String)> = those.select(columns).load(self.0)?;
            found.extend(rows.into_iter().filter_map(|(text, class, id)| Some((text, Class::from_name(&class)?, id))));
        }
        Ok(found)
    }

    /// The associations that have one of `ids` at that end and `kind` in what they say, which may be
    /// more than those of that type; without those that have an end out of sight.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn associations_saying(&mut self, kind: &str, end: End, ids: &[&str]) -> Result<Vec<Object>, StoreError> {
        let word = format!("\"{kind}\"");
        let mut found: Vec<Row> = Vec::new();
        for chunk in ids.chunks(CHUNK) {
            let says = replace(objects::body, word.as_str(), "").ne(objects::body);
            let of_class = self.visible().filter(objects::class.eq(Class::Association.name()));
            let chunk = chunk.iter().map(|id| Some(*id));
            let those = match end {
                End::Origin => of_class.filter(objects::origin.eq_any(chunk)),
                End::Destination => of_class.filter(objects::destination.eq_any(chunk)),
            };
            found.extend(those.filter(says).select(Row::as_select()).load::<Row>(self.0)?);
        }
        let mut found = objects_of(found)?;
        let ends: Vec<&str> =
            found.iter().flat_map(|one| [&one.origin, &one.destination]).flatten().map(String::as_str).collect();
        let hidden = self.hidden_among(&ends)?;
        let is_hidden = |end: &Option<String>| end.as_ref().is_some_and(|end| hidden.contains(end));
        found.retain(|one| !is_hidden(&one.origin) && !is_hidden(&one.destination));
        found.sort_by(|a, b| (&a.package_id, a.position, &a.id).cmp(&(&b.package_id, b.position, &b.id)));
        Ok(found)
    }
}
