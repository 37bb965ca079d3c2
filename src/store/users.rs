//! People who sign in, and how often a name was tried in vain: hashes only, never a password.

use diesel::prelude::*;

use super::schema::{sessions, sign_in_failures, users};
use super::tokens::{as_json, as_list};
use super::{StoreError, Tx};

/// A user as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUser {
    /// Folded.
    pub name: String,
    /// Argon2id in the PHC form; none for who comes from an identity provider.
    pub password: Option<String>,
    /// Issuer and subject, for who comes from an identity provider.
    pub subject: Option<String>,
    /// `reader`, `editor` or `admin`.
    pub role: String,
    /// The frameworks the role is good for; `None` for all.
    pub frameworks: Option<Vec<String>>,
    /// Times are microseconds since 1970.
    pub created_at: i64,
    pub disabled_at: Option<i64>,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = users)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(treat_none_as_null = true)]
#[diesel(primary_key(name))]
struct Row {
    name: String,
    password: Option<String>,
    subject: Option<String>,
    role: String,
    frameworks: Option<String>,
    created_at: i64,
    disabled_at: Option<i64>,
}

impl TryFrom<Row> for StoredUser {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<StoredUser, StoreError> {
        let Row { name, password, subject, role, frameworks, created_at, disabled_at } = row;
        let frameworks = as_list("user", frameworks)?;
        Ok(StoredUser { name, password, subject, role, frameworks, created_at, disabled_at })
    }
}

impl From<&StoredUser> for Row {
    fn from(user: &StoredUser) -> Row {
        let StoredUser { name, password, subject, role, frameworks, created_at, disabled_at } = user.clone();
        Row { name, password, subject, role, frameworks: as_json(frameworks), created_at, disabled_at }
    }
}

impl Tx<'_> {
    /// Adds a user.
    ///
    /// # Errors
    /// When the database cannot be written; when there is one of that name.
    pub fn add_user(&mut self, user: &StoredUser) -> Result<(), StoreError> {
        diesel::insert_into(users::table).values(Row::from(user)).execute(self.0)?;
        Ok(())
    }

    /// Puts everything of a user in the place of what is stored of the one of that name.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn change_user(&mut self, user: &StoredUser) -> Result<(), StoreError> {
        diesel::update(users::table.find(&user.name)).set(Row::from(user)).execute(self.0)?;
        Ok(())
    }

    /// The user of that folded name, disabled or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn user(&mut self, name: &str) -> Result<Option<StoredUser>, StoreError> {
        let row: Option<Row> = users::table.find(name).first(self.0).optional()?;
        row.map(StoredUser::try_from).transpose()
    }

    /// The user who comes from an identity provider as that subject.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn user_of_subject(&mut self, subject: &str) -> Result<Option<StoredUser>, StoreError> {
        let row: Option<Row> = users::table.filter(users::subject.eq(subject)).first(self.0).optional()?;
        row.map(StoredUser::try_from).transpose()
    }

    /// Every user by name, those that are disabled included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn users(&mut self) -> Result<Vec<StoredUser>, StoreError> {
        let rows: Vec<Row> = users::table.order(users::name.asc()).load(self.0)?;
        rows.into_iter().map(StoredUser::try_from).collect()
    }

    /// Whether there is any user.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_users(&mut self) -> Result<bool, StoreError> {
        let first: Option<String> = users::table.select(users::name).first(self.0).optional()?;
        Ok(first.is_some())
    }

    /// How often in a row a name was tried in vain, and when last. The name is a hash.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sign_in_failures(&mut self, name: &str) -> Result<(i64, i64), StoreError> {
        let columns = (sign_in_failures::failures, sign_in_failures::last_at);
        let found = sign_in_failures::table.find(name).select(columns).first(self.0).optional()?;
        Ok(found.unwrap_or((0, 0)))
    }

    /// Notes that a name was tried in vain so often in a row, and forgets what is older than `before`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_sign_in_failures(&mut self, name: &str, failures: i64, at: i64, before: i64) -> Result<(), StoreError> {
        let old = sign_in_failures::last_at.lt(before).or(sign_in_failures::name.eq(name));
        diesel::delete(sign_in_failures::table.filter(old)).execute(self.0)?;
        if failures > 0 {
            let values = (
                sign_in_failures::name.eq(name),
                sign_in_failures::failures.eq(failures),
                sign_in_failures::last_at.eq(at),
            );
            diesel::insert_into(sign_in_failures::table).values(values).execute(self.0)?;
        }
        Ok(())
    }

    /// Ends every session of a user.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn end_sessions(&mut self, user: &str) -> Result<(), StoreError> {
        diesel::delete(sessions::table.filter(sessions::user_name.eq(user))).execute(self.0)?;
        Ok(())
    }
}
