//! What somebody decided of texts and items.

use diesel::prelude::*;

use super::conn::on_backend;
use super::schema::feedback;
use super::{StoreError, Tx};

/// How many keys one statement names.
const CHUNK: usize = 1_000;

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = feedback)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(treat_none_as_null = true)]
pub struct Decision {
    /// SHA-256, in hexadecimal, of name and text in the form in which they are compared.
    pub text_key: String,
    pub item_id: String,
    /// The framework that has to be looked through alone for it to count; empty for none.
    pub scope: String,
    /// `accepted` or `rejected`.
    pub decision: String,
    /// Empty where there is none.
    pub name: String,
    pub text: String,
    pub note: Option<String>,
    /// Microseconds since 1970.
    pub decided_at: i64,
}

impl Tx<'_> {
    /// Keeps a decision in the place of one on the same; returns its number.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_decision(&mut self, new: &Decision) -> Result<i64, StoreError> {
        let same = feedback::table
            .filter(feedback::text_key.eq(&new.text_key))
            .filter(feedback::item_id.eq(&new.item_id).and(feedback::scope.eq(&new.scope)));
        let known: Option<i64> = same.select(feedback::id).first(self.0).optional()?;
        if let Some(id) = known {
            diesel::update(feedback::table.find(id)).set(new).execute(self.0)?;
            return Ok(id);
        }
        let id = on_backend!(&mut *self.0, |c| diesel::insert_into(feedback::table)
            .values(new)
            .returning(feedback::id)
            .get_result(c))?;
        Ok(id)
    }

    /// Whether there is any decision.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_decisions(&mut self) -> Result<bool, StoreError> {
        Ok(feedback::table.select(feedback::id).first::<i64>(self.0).optional()?.is_some())
    }

    /// The decisions on texts of those keys, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn decisions_on(&mut self, keys: &[&str]) -> Result<Vec<Decision>, StoreError> {
        let mut found: Vec<(i64, Decision)> = Vec::new();
        for chunk in keys.chunks(CHUNK) {
            let those = feedback::table.filter(feedback::text_key.eq_any(chunk));
            found.extend(those.select((feedback::id, Decision::as_select())).load(self.0)?);
        }
        found.sort_by_key(|(id, one)| std::cmp::Reverse((one.decided_at, *id)));
        Ok(found.into_iter().map(|(_, one)| one).collect())
    }

    /// The decision of that number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn decision(&mut self, id: i64) -> Result<Option<Decision>, StoreError> {
        Ok(feedback::table.find(id).select(Decision::as_select()).first(self.0).optional()?)
    }

    /// At most `limit` decisions above the number `after`, by number, each with its own.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn decisions(&mut self, after: i64, limit: i64) -> Result<Vec<(i64, Decision)>, StoreError> {
        let next = feedback::table.filter(feedback::id.gt(after)).order(feedback::id).limit(limit);
        Ok(next.select((feedback::id, Decision::as_select())).load(self.0)?)
    }

    /// Takes a decision away.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn drop_decision(&mut self, id: i64) -> Result<(), StoreError> {
        diesel::delete(feedback::table.find(id)).execute(self.0)?;
        Ok(())
    }
}
