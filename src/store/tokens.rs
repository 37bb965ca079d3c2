//! Tokens and the access tokens that OAuth 2.0 clients get for them: hashes only, never a secret.

use diesel::prelude::*;

use super::schema::{access_tokens, tokens};
use super::{StoreError, Tx};

/// A token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    pub id: String,
    pub name: String,
    /// `reader`, `editor` or `admin`.
    pub role: String,
    /// The frameworks it is good for; `None` for all.
    pub frameworks: Option<Vec<String>>,
    /// SHA-256 of the secret in hexadecimal.
    pub hash: String,
    /// Times are microseconds since 1970.
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

/// An access token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct StoredAccessToken {
    /// SHA-256 of the whole token in hexadecimal.
    pub hash: String,
    pub token_id: String,
    /// The most it allows.
    pub role: String,
    /// Microseconds since 1970.
    pub expires_at: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = tokens)]
#[diesel(treat_none_as_default_value = false)]
struct Row {
    id: String,
    name: String,
    role: String,
    frameworks: Option<String>,
    hash: String,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<Row> for StoredToken {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<StoredToken, StoreError> {
        let Row { id, name, role, frameworks, hash, created_at, expires_at, revoked_at } = row;
        let frameworks = as_list("token", frameworks)?;
        Ok(StoredToken { id, name, role, frameworks, hash, created_at, expires_at, revoked_at })
    }
}

impl From<&StoredToken> for Row {
    fn from(token: &StoredToken) -> Row {
        let StoredToken { id, name, role, frameworks, hash, created_at, expires_at, revoked_at } = token.clone();
        Row { id, name, role, frameworks: as_json(frameworks), hash, created_at, expires_at, revoked_at }
    }
}

/// A list of frameworks as it is stored.
pub(super) fn as_json(frameworks: Option<Vec<String>>) -> Option<String> {
    frameworks.map(|ids| serde_json::Value::from(ids).to_string())
}

/// A list of frameworks as it was stored; `what` holds it.
pub(super) fn as_list(what: &'static str, stored: Option<String>) -> Result<Option<Vec<String>>, StoreError> {
    let list = stored.map(|json| serde_json::from_str(&json)).transpose();
    list.map_err(|error| StoreError::Corrupt { what, source: error.into() })
}

impl Tx<'_> {
    /// Adds a token.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn add_token(&mut self, token: &StoredToken) -> Result<(), StoreError> {
        diesel::insert_into(tokens::table).values(Row::from(token)).execute(self.0)?;
        Ok(())
    }

    /// The token of that id, whether it is still good or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn token(&mut self, id: &str) -> Result<Option<StoredToken>, StoreError> {
        let row: Option<Row> = tokens::table.find(id).first(self.0).optional()?;
        row.map(StoredToken::try_from).transpose()
    }

    /// Every token, oldest first, those that are no longer good included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn tokens(&mut self) -> Result<Vec<StoredToken>, StoreError> {
        let rows: Vec<Row> = tokens::table.order((tokens::created_at.asc(), tokens::id.asc())).load(self.0)?;
        rows.into_iter().map(StoredToken::try_from).collect()
    }

    /// Ends a token and every access token got for it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn revoke_token(&mut self, id: &str, at: i64) -> Result<(), StoreError> {
        diesel::update(tokens::table.find(id)).set(tokens::revoked_at.eq(at)).execute(self.0)?;
        diesel::delete(access_tokens::table.filter(access_tokens::token_id.eq(id))).execute(self.0)?;
        Ok(())
    }

    /// Adds an access token and takes away every one that has expired, and what its client has
    /// beyond `most`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn add_access_token(&mut self, token: &StoredAccessToken, now: i64, most: i64) -> Result<(), StoreError> {
        diesel::delete(access_tokens::table.filter(access_tokens::expires_at.le(now))).execute(self.0)?;
        let last_kept: Option<i64> = access_tokens::table
            .filter(access_tokens::token_id.eq(&token.token_id))
            .order(access_tokens::expires_at.desc())
            .select(access_tokens::expires_at)
            .offset(most - 1)
            .first(self.0)
            .optional()?;
        if let Some(last_kept) = last_kept {
            let of_client = access_tokens::table.filter(access_tokens::token_id.eq(&token.token_id));
            diesel::delete(of_client.filter(access_tokens::expires_at.le(last_kept))).execute(self.0)?;
        }
        diesel::insert_into(access_tokens::table)
            .values((
                access_tokens::hash.eq(&token.hash),
                access_tokens::token_id.eq(&token.token_id),
                access_tokens::role.eq(&token.role),
                access_tokens::expires_at.eq(token.expires_at),
            ))
            .execute(self.0)?;
        Ok(())
    }

    /// The access token with that hash, expired or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn access_token(&mut self, hash: &str) -> Result<Option<StoredAccessToken>, StoreError> {
        Ok(access_tokens::table.find(hash).first(self.0).optional()?)
    }
}
