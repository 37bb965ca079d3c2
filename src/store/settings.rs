//! Small facts of the installation.

use diesel::prelude::*;

use super::schema::settings;
use super::{StoreError, Tx};

impl Tx<'_> {
    /// The value under that name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn setting(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(settings::table.find(name).select(settings::value).get_result(self.0).optional()?)
    }

    /// Sets the value under that name.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_setting(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        diesel::delete(settings::table.find(name)).execute(self.0)?;
        diesel::insert_into(settings::table)
            .values((settings::name.eq(name), settings::value.eq(value)))
            .execute(self.0)?;
        Ok(())
    }
}
