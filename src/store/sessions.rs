//! Who is signed in: hashes only, never a secret.

use diesel::prelude::*;

use super::schema::sessions;
use super::{StoreError, Tx};

/// A session as it is stored. Times are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = sessions)]
pub struct StoredSession {
    pub id: String,
    /// SHA-256 of the secret in hexadecimal.
    pub hash: String,
    pub user_name: String,
    /// What the browser says it is, in short.
    pub agent: String,
    pub created_at: i64,
    /// When it was last used, to the minute.
    pub seen_at: i64,
    /// When it ends whatever happens.
    pub ends_at: i64,
}

impl Tx<'_> {
    /// Adds a session and takes away every one that is over, and what its user has beyond `most`.
    /// `idle_since` is when one has to have been used last not to be over.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn add_session(&mut self, session: &StoredSession, idle_since: i64, most: i64) -> Result<(), StoreError> {
        let at = session.created_at;
        let over = sessions::ends_at.le(at).or(sessions::seen_at.lt(idle_since));
        diesel::delete(sessions::table.filter(over)).execute(self.0)?;
        let of_user = sessions::table.filter(sessions::user_name.eq(&session.user_name));
        let last_kept: Option<i64> = of_user
            .order(sessions::seen_at.desc())
            .select(sessions::seen_at)
            .offset(most - 1)
            .first(self.0)
            .optional()?;
        if let Some(last_kept) = last_kept {
            diesel::delete(of_user.filter(sessions::seen_at.le(last_kept))).execute(self.0)?;
        }
        diesel::insert_into(sessions::table).values(session).execute(self.0)?;
        Ok(())
    }

    /// The session of that id, over or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn session(&mut self, id: &str) -> Result<Option<StoredSession>, StoreError> {
        Ok(sessions::table.find(id).first(self.0).optional()?)
    }

    /// The sessions of a user, the one that was used last first, those that are over included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sessions_of(&mut self, user: &str) -> Result<Vec<StoredSession>, StoreError> {
        let of_user = sessions::table.filter(sessions::user_name.eq(user));
        Ok(of_user.order((sessions::seen_at.desc(), sessions::id.asc())).load(self.0)?)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn touch_session(&mut self, id: &str, at: i64) -> Result<(), StoreError> {
        diesel::update(sessions::table.find(id)).set(sessions::seen_at.eq(at)).execute(self.0)?;
        Ok(())
    }

    /// Ends a session; whether there was one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn end_session(&mut self, id: &str) -> Result<bool, StoreError> {
        Ok(diesel::delete(sessions::table.find(id)).execute(self.0)? > 0)
    }
}
