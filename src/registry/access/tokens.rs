//! Tokens: made, listed, ended; and the question of who comes with one.
//!
//! A secret is shown when it is made, and kept as its SHA-256 only.

use super::audit::Deed;
use super::scope::{self, ScopeError};
use super::secret::{Secret, hashed, is_hex, random, same};
use super::{Access, Actor, Frameworks, Role};
use crate::case::read::{Canonical, canonical};
use crate::registry::{Registry, RegistryError, now};
use crate::store::{StoreError, StoredAccessToken, StoredToken, Tx};

/// What every token begins with, so that people and scanners know one when they see it.
const PREFIX: &str = "casement_";
/// What stands in the place of the id in an access token.
const ACCESS: &str = "at";
const ID_BYTES: usize = 6;
const SECRET_BYTES: usize = 32;
/// How long an access token is good for, in seconds.
const LIFETIME: i64 = 3_600;
/// How many access tokens a client has at once; the oldest goes when there are more.
const MOST_ACCESS_TOKENS: i64 = 1_000;

/// A token that is to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub name: String,
    pub role: Role,
    /// The frameworks it is good for; all for `None`. Stored or not yet.
    pub frameworks: Option<Vec<String>>,
    /// Microseconds since 1970.
    pub expires_at: Option<i64>,
}

/// A token that was just made.
#[derive(Debug)]
pub struct CreatedToken {
    pub info: TokenInfo,
    /// The whole token, as it goes behind `Bearer`.
    pub token: Secret,
}

/// Whether a token is good now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    Valid,
    Expired,
    Revoked,
}

/// What may be told of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenInfo {
    pub id: String,
    pub name: String,
    pub role: Role,
    /// All for `None`.
    pub frameworks: Option<Vec<String>>,
    /// Times are microseconds since 1970.
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
    pub state: TokenState,
}

/// Why somebody is not who they claim to be. That a token was good once is told only to who has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("the token is not valid here")]
    Unknown,
    #[error("the token has expired")]
    Expired,
    #[error("the token was revoked")]
    Revoked,
}

/// Who asks for an access token, and for what.
pub struct Client<'a> {
    pub id: &'a str,
    pub secret: &'a str,
    pub scope: Option<&'a str>,
}

/// An access token that was just made.
#[derive(Debug)]
pub struct Grant {
    pub token: Secret,
    /// Seconds.
    pub expires_in: i64,
    pub scope: String,
}

/// Why a client gets no access token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    #[error(transparent)]
    Client(#[from] Denied),
    #[error(transparent)]
    Scope(#[from] ScopeError),
}

/// The id in what looks like a token; never any part of a secret.
#[must_use]
pub fn claimed_id(token: &str) -> Option<&str> {
    match Presented::parse(token)? {
        Presented::Token { id, .. } => Some(id),
        Presented::Access => None,
    }
}

enum Presented<'a> {
    Token { id: &'a str, secret: &'a str },
    Access,
}

impl<'a> Presented<'a> {
    fn parse(token: &'a str) -> Option<Presented<'a>> {
        let (id, secret) = token.strip_prefix(PREFIX)?.split_once('_')?;
        match id {
            _ if !is_hex(secret, SECRET_BYTES) => None,
            ACCESS => Some(Presented::Access),
            id => is_hex(id, ID_BYTES).then_some(Presented::Token { id, secret }),
        }
    }
}

impl TokenInfo {
    fn new(token: StoredToken, at: i64) -> Result<TokenInfo, StoreError> {
        let state = state(&token, at);
        let role = role_of(&token.role)?;
        let StoredToken { id, name, frameworks, created_at, expires_at, revoked_at, role: _, hash: _ } = token;
        Ok(TokenInfo { id, name, role, frameworks, created_at, expires_at, revoked_at, state })
    }
}

pub(super) fn role_of(stored: &str) -> Result<Role, StoreError> {
    stored.parse().map_err(|error: super::UnknownRole| StoreError::Corrupt { what: "role", source: error.into() })
}

fn state(token: &StoredToken, at: i64) -> TokenState {
    match token {
        StoredToken { revoked_at: Some(_), .. } => TokenState::Revoked,
        StoredToken { expires_at: Some(end), .. } if *end <= at => TokenState::Expired,
        _ => TokenState::Valid,
    }
}

fn still_good(token: &StoredToken, at: i64) -> Result<(), Denied> {
    match state(token, at) {
        TokenState::Valid => Ok(()),
        TokenState::Expired => Err(Denied::Expired),
        TokenState::Revoked => Err(Denied::Revoked),
    }
}

/// The token of that id when the secret is its own and it is good now.
fn holder(tx: &mut Tx<'_>, id: &str, secret: &str, at: i64) -> Result<Result<StoredToken, Denied>, StoreError> {
    let hash = hashed(secret);
    let Some(token) = tx.token(id)?.filter(|token| same(&token.hash, &hash)) else { return Ok(Err(Denied::Unknown)) };
    Ok(still_good(&token, at).map(|()| token))
}

fn access(token: StoredToken, most: Option<Role>) -> Result<Access, StoreError> {
    let role = role_of(&token.role)?;
    Ok(Access::of_token(&token.id, most.map_or(role, |most| role.min(most)), Frameworks::of(token.frameworks)))
}

impl Registry {
    /// Makes a token.
    ///
    /// # Errors
    /// When the store cannot be written, or the system gives no random numbers.
    pub fn create_token(&self, new: NewToken, actor: &Actor) -> Result<CreatedToken, RegistryError> {
        let NewToken { name, role, frameworks, expires_at } = new;
        let (id, secret) = (random::<ID_BYTES>()?, random::<SECRET_BYTES>()?);
        let token = Secret(format!("{PREFIX}{id}_{secret}"));
        let at = now();
        let frameworks = stored_forms(frameworks);
        let hash = hashed(&secret);
        let role = role.name().to_owned();
        let stored = StoredToken { id, name, role, frameworks, hash, created_at: at, expires_at, revoked_at: None };
        let info = self.store.write(|tx| {
            tx.add_token(&stored)?;
            actor.did(tx, at, Deed::CreateToken(&stored.id))?;
            TokenInfo::new(stored, at)
        })?;
        Ok(CreatedToken { info, token })
    }

    /// Every token, oldest first, those that are no longer good included.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn tokens(&self) -> Result<Vec<TokenInfo>, RegistryError> {
        let at = now();
        let all = self.store.read(|tx| {
            let stored = tx.tokens()?.into_iter();
            stored.map(|token| TokenInfo::new(token, at)).collect::<Result<Vec<TokenInfo>, StoreError>>()
        })?;
        Ok(all)
    }

    /// Ends a token at once, and every access token got for it. One that was ended before stays
    /// as it is; `None` when there is none of that id.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn revoke_token(&self, id: &str, actor: &Actor) -> Result<Option<TokenInfo>, RegistryError> {
        let at = now();
        let revoked = self.store.write(|tx| {
            let Some(mut token) = tx.token(id)? else { return Ok(None) };
            if token.revoked_at.is_none() {
                tx.revoke_token(id, at)?;
                actor.did(tx, at, Deed::RevokeToken(id))?;
                token.revoked_at = Some(at);
            }
            TokenInfo::new(token, at).map(Some)
        })?;
        Ok(revoked)
    }

    /// Who holds that token, or why nobody does.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn authenticate(&self, token: &str) -> Result<Result<Access, Denied>, RegistryError> {
        let at = now();
        let found = self.store.read(|tx| match Presented::parse(token) {
            None => Ok(Err(Denied::Unknown)),
            Some(Presented::Token { id, secret }) => match holder(tx, id, secret, at)? {
                Ok(token) => access(token, None).map(Ok),
                Err(denied) => Ok(Err(denied)),
            },
            Some(Presented::Access) => {
                let Some(held) = tx.access_token(&hashed(token))? else { return Ok(Err(Denied::Unknown)) };
                let Some(token) = tx.token(&held.token_id)? else { return Ok(Err(Denied::Unknown)) };
                let good = if held.expires_at <= at { Err(Denied::Expired) } else { still_good(&token, at) };
                match good {
                    Ok(()) => access(token, Some(role_of(&held.role)?)).map(Ok),
                    Err(denied) => Ok(Err(denied)),
                }
            }
        })?;
        Ok(found)
    }

    /// Gives a client an access token for what it asks for, as far as its own token allows that.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn grant(&self, client: &Client<'_>) -> Result<Result<Grant, GrantError>, RegistryError> {
        let at = now();
        if !is_hex(client.id, ID_BYTES) || !is_hex(client.secret, SECRET_BYTES) {
            return Ok(Err(Denied::Unknown.into()));
        }
        // Looked up by reading, so that wrong secrets wait for no writer.
        let token = match self.store.read(|tx| holder(tx, client.id, client.secret, at))? {
            Ok(token) => token,
            Err(denied) => return Ok(Err(denied.into())),
        };
        let granted = match scope::grant(role_of(&token.role)?, client.scope) {
            Ok(granted) => granted,
            Err(refused) => return Ok(Err(refused.into())),
        };
        let secret = Secret(format!("{PREFIX}{ACCESS}_{}", random::<SECRET_BYTES>()?));
        let held = StoredAccessToken {
            hash: hashed(secret.reveal()),
            token_id: token.id,
            role: granted.role.name().to_owned(),
            expires_at: at + LIFETIME * 1_000_000,
        };
        self.store.write(|tx| tx.add_access_token(&held, at, MOST_ACCESS_TOKENS))?;
        let left = token.expires_at.map_or(LIFETIME, |end| (end - at) / 1_000_000);
        Ok(Ok(Grant { token: secret, expires_in: left.min(LIFETIME), scope: granted.scope }))
    }
}

/// Identifiers in the form they are stored in.
pub(super) fn stored_forms(frameworks: Option<Vec<String>>) -> Option<Vec<String>> {
    frameworks.map(|ids| ids.iter().map(|id| stored_form(id)).collect())
}

fn stored_form(id: &str) -> String {
    match canonical(id) {
        Canonical::Proper(id) | Canonical::OddVersion(id) | Canonical::NotUuid(id) => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_shaped_like_a_token_is_looked_up() {
        let secret = "0f".repeat(SECRET_BYTES);
        assert_eq!(claimed_id(&format!("casement_0123456789ab_{secret}")), Some("0123456789ab"));
        assert!(matches!(Presented::parse(&format!("casement_at_{secret}")), Some(Presented::Access)));
        for wrong in [
            String::new(),
            "casement_".to_owned(),
            format!("casement_0123456789ab_{secret}0"),
            format!("casement_0123456789AB_{secret}"),
            format!("casement_0123456789ab_{}", secret.to_uppercase()),
            format!("casement_0123456789ab{secret}"),
            format!("0123456789ab_{secret}"),
            format!("casement_x_{secret}"),
        ] {
            assert!(Presented::parse(&wrong).is_none(), "{wrong}");
        }
    }
}
