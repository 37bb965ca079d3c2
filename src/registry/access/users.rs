//! People who sign in: added, listed, changed, disabled. Nobody is ever taken away, so that what the
//! record says of a name stays true.

use super::audit::Deed;
use super::passwords;
use super::secret::Secret;
use super::tokens::{role_of, stored_forms};
use super::{Access, Actor, Frameworks, Role};
use crate::registry::{Registry, RegistryError, now};
use crate::store::{StoreError, StoredUser, Tx};
use crate::text::fold;

/// The most characters of a name.
const LONGEST_NAME: usize = 64;

/// What is wrong with what is asked of users.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    #[error("there is no user {0}")]
    Unknown(String),
    #[error("there is a user {0} already")]
    Exists(String),
    #[error("a name is up to 64 letters, digits and . _ @ + -")]
    Name,
    #[error("the password {0}")]
    Password(&'static str),
    #[error("the password is not right")]
    Wrong,
    /// Somebody else made the first account in the meantime.
    #[error("there is a user already; sign in, or ask an admin for an account")]
    NotFirst,
    #[error("nobody takes the role of an admin, or access, from themselves; ask another admin")]
    Oneself,
    /// Who comes from an identity provider has no password here.
    #[error("{0} signs in at an identity provider and has no password here")]
    Foreign(String),
}

/// A user that is to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub name: String,
    /// One is made where there is none.
    pub password: Option<String>,
    pub role: Role,
    /// The frameworks the role is good for; all for `None`. Stored or not yet.
    pub frameworks: Option<Vec<String>>,
}

/// What may be told of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserInfo {
    pub name: String,
    pub role: Role,
    /// All for `None`.
    pub frameworks: Option<Vec<String>>,
    /// Times are microseconds since 1970.
    pub created_at: i64,
    pub disabled_at: Option<i64>,
    /// Whether they sign in at an identity provider.
    pub is_foreign: bool,
}

impl UserInfo {
    pub(super) fn of(user: StoredUser) -> Result<UserInfo, StoreError> {
        let role = role_of(&user.role)?;
        let StoredUser { name, frameworks, created_at, disabled_at, subject, role: _, password: _ } = user;
        Ok(UserInfo { name, role, frameworks, created_at, disabled_at, is_foreign: subject.is_some() })
    }
}

/// What a user may see and do.
pub(super) fn access_of(user: &StoredUser) -> Result<Access, StoreError> {
    Ok(Access::of_user(&user.name, role_of(&user.role)?, Frameworks::of(user.frameworks.clone())))
}

/// The name in the form it is known by; none for what cannot be one.
#[must_use]
pub(super) fn folded(name: &str) -> Option<String> {
    let name = fold(name.trim()).into_owned();
    let is_good = (1..=LONGEST_NAME).contains(&name.chars().count())
        && name.chars().all(|c| c.is_alphanumeric() || "._@+-".contains(c));
    is_good.then_some(name)
}

fn found(tx: &mut Tx<'_>, name: &str) -> Result<StoredUser, RegistryError> {
    let user = folded(name).map(|name| tx.user(&name)).transpose()?.flatten();
    user.ok_or_else(|| UserError::Unknown(name.chars().take(LONGEST_NAME).collect()).into())
}

/// The password that was given, or one that is made and to be shown.
fn chosen(name: &str, given: Option<&str>) -> Result<(String, Option<Secret>), RegistryError> {
    match given {
        Some(password) => {
            passwords::check(name, password)?;
            Ok((passwords::hash(password)?, None))
        }
        None => {
            let made = passwords::generate()?;
            Ok((passwords::hash(made.reveal())?, Some(made)))
        }
    }
}

impl Registry {
    /// Whether there is any user.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn has_users(&self) -> Result<bool, RegistryError> {
        self.store.read(|tx| Ok(tx.has_users()?))
    }

    /// Adds a user; with the password, where one was made.
    ///
    /// # Errors
    /// [`RegistryError::User`] for a name or a password that cannot be taken.
    pub fn add_user(&self, new: NewUser, actor: &Actor) -> Result<(UserInfo, Option<Secret>), RegistryError> {
        self.add(new, actor, false)
    }

    /// [`Registry::add_user`], unless there is one already.
    ///
    /// # Errors
    /// As there; [`UserError::NotFirst`].
    pub fn add_first_user(&self, new: NewUser, actor: &Actor) -> Result<UserInfo, RegistryError> {
        self.add(new, actor, true).map(|(user, _)| user)
    }

    fn add(&self, new: NewUser, actor: &Actor, first: bool) -> Result<(UserInfo, Option<Secret>), RegistryError> {
        let name = folded(&new.name).ok_or(UserError::Name)?;
        let (password, made) = chosen(&name, new.password.as_deref())?;
        let at = now();
        let user = StoredUser {
            name,
            password: Some(password),
            subject: None,
            role: new.role.name().to_owned(),
            frameworks: stored_forms(new.frameworks),
            created_at: at,
            disabled_at: None,
        };
        let info = self.store.write(|tx| {
            if first && tx.has_users()? {
                return Err(RegistryError::from(UserError::NotFirst));
            }
            if tx.user(&user.name)?.is_some() {
                return Err(UserError::Exists(user.name.clone()).into());
            }
            tx.add_user(&user)?;
            actor.did(tx, at, Deed::User("user.create", &user.name))?;
            Ok(UserInfo::of(user)?)
        })?;
        Ok((info, made))
    }

    /// Every user by name, those that are disabled included.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn users(&self) -> Result<Vec<UserInfo>, RegistryError> {
        self.store.read(|tx| Ok(tx.users()?.into_iter().map(UserInfo::of).collect::<Result<_, StoreError>>()?))
    }

    /// The user of that name.
    ///
    /// # Errors
    /// [`UserError::Unknown`].
    pub fn user(&self, name: &str) -> Result<UserInfo, RegistryError> {
        self.store.read(|tx| Ok(UserInfo::of(found(tx, name)?)?))
    }

    /// Gives a user another role, good for these frameworks, from the next request on.
    ///
    /// # Errors
    /// [`UserError::Unknown`]; [`UserError::Oneself`] for who would no longer manage the server.
    pub fn change_role(
        &self,
        name: &str,
        role: Role,
        frameworks: Option<Vec<String>>,
        actor: &Actor,
    ) -> Result<UserInfo, RegistryError> {
        let frameworks = stored_forms(frameworks);
        self.store.write(|tx| {
            let user = found(tx, name)?;
            if actor.is_user(&user.name) && (role != Role::Admin || frameworks.is_some()) {
                return Err(RegistryError::from(UserError::Oneself));
            }
            let user = StoredUser { role: role.name().to_owned(), frameworks, ..user };
            tx.change_user(&user)?;
            actor.did(tx, now(), Deed::User("user.role", &user.name))?;
            Ok(UserInfo::of(user)?)
        })
    }

    /// Keeps a user out, and ends where they are signed in; or lets them in again.
    ///
    /// # Errors
    /// [`UserError::Unknown`]; [`UserError::Oneself`].
    pub fn disable_user(&self, name: &str, disabled: bool, actor: &Actor) -> Result<UserInfo, RegistryError> {
        let at = now();
        self.store.write(|tx| {
            let user = found(tx, name)?;
            if actor.is_user(&user.name) {
                return Err(RegistryError::from(UserError::Oneself));
            }
            if user.disabled_at.is_some() == disabled {
                return Ok(UserInfo::of(user)?);
            }
            let user = StoredUser { disabled_at: disabled.then_some(at), ..user };
            tx.change_user(&user)?;
            tx.end_sessions(&user.name)?;
            let action = if disabled { "user.disable" } else { "user.enable" };
            actor.did(tx, at, Deed::User(action, &user.name))?;
            Ok(UserInfo::of(user)?)
        })
    }

    /// Gives a user another password, and ends where they are signed in; the password, where one was
    /// made.
    ///
    /// # Errors
    /// [`UserError::Unknown`], [`UserError::Password`], [`UserError::Foreign`].
    pub fn set_password(
        &self,
        name: &str,
        password: Option<&str>,
        actor: &Actor,
    ) -> Result<Option<Secret>, RegistryError> {
        let user = self.store.read(|tx| found(tx, name))?;
        if user.subject.is_some() {
            return Err(UserError::Foreign(user.name).into());
        }
        let (hash, made) = chosen(&user.name, password)?;
        self.store.write(|tx| {
            let user = StoredUser { password: Some(hash), ..found(tx, name)? };
            tx.change_user(&user)?;
            tx.end_sessions(&user.name)?;
            actor.did(tx, now(), Deed::User("user.password", &user.name))?;
            Ok::<_, RegistryError>(())
        })?;
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_name() {
        for (given, name) in [
            ("Anna", Some("anna")),
            (" José.García@Schule.example ", Some("jose.garcia@schule.example")),
            ("Ａｎｎａ", Some("anna")),
            ("анна", Some("анна")),
            ("", None),
            ("an na", None),
            ("an\u{202e}na", None),
            ("<script>", None),
            ("a\0b", None),
            ("user:anna", None),
        ] {
            assert_eq!(folded(given).as_deref(), name, "{given}");
        }
        assert!(folded(&"a".repeat(65)).is_none() && folded(&"a".repeat(64)).is_some());
    }
}
