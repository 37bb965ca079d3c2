//! Signing in and out: who knows a password gets a session, which a cookie names. What a cookie holds
//! is an id and a secret; the token of forms follows from the secret, so that only who was given a
//! page can have it.
//!
//! A name that was tried in vain too often has to wait, whether there is such a user or not, and a try
//! is counted before it is looked at: many at once are many.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::audit::Deed;
use super::secret::{Secret, hashed, is_hex, random, same};
use super::users::{access_of, folded};
use super::{Access, Actor, UserError, passwords};
use crate::registry::{Registry, RegistryError, hex, now};
use crate::store::{StoredSession, StoredUser, Tx};

const ID_BYTES: usize = 6;
const SECRET_BYTES: usize = 32;
/// How many sessions a user has at once; the one that was used the longest ago goes when there are more.
const MOST_SESSIONS: i64 = 50;
/// How long a session may be used before that is noted, in microseconds.
const NOTED: i64 = 60 * 1_000_000;
/// How often in a row a name may be tried in vain before it has to wait.
const TRIES: i64 = 5;
/// How long it waits then, in microseconds: twice as long after each try more, and the most.
const WAIT: i64 = 30 * 1_000_000;
const LONGEST_WAIT: i64 = 15 * 60 * 1_000_000;
/// How long failures are remembered, in microseconds.
const REMEMBERED: i64 = 24 * 60 * 60 * 1_000_000;

/// How long sessions are good.
#[derive(Clone, Copy, Debug)]
pub struct SessionRules {
    /// Without being used.
    pub idle: Duration,
    /// However much they are used.
    pub longest: Duration,
}

/// Who wants to sign in, and from where.
pub struct Credentials {
    pub name: String,
    pub password: String,
    /// Whether these signed in from the same place before: others' failures do not keep them out.
    pub is_known: bool,
    /// What their browser is, in short.
    pub agent: String,
    /// The cookie of the session that they had, which ends.
    pub before: Option<String>,
}

/// Why somebody is not signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// The name or the password. Whether there is such a user is for the record, and not to be told.
    Wrong(Option<String>),
    /// Seconds to wait; whether it was right this time is not looked at.
    Wait(u64),
}

/// A session that was just begun.
#[derive(Debug)]
pub struct SignedIn {
    /// What the cookie is to hold.
    pub cookie: Secret,
    pub user: String,
}

/// A session that is good.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: String,
    pub access: Access,
    /// What every form has to send along.
    pub form_token: String,
    /// Whether it is to be noted that it was used.
    pub is_unnoted: bool,
}

impl Session {
    /// Whether that is the token of its forms.
    #[must_use]
    pub fn is_form_token(&self, token: &str) -> bool {
        same(&self.form_token, token)
    }
}

/// What may be told of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    pub id: String,
    pub agent: String,
    /// Times are microseconds since 1970.
    pub created_at: i64,
    pub seen_at: i64,
}

/// The token of the forms of whoever has that secret.
#[must_use]
pub fn form_token(secret: &str) -> String {
    hex(&Sha256::digest(format!("casement form {secret}")), 16)
}

impl SessionRules {
    fn microseconds(self) -> (i64, i64) {
        let micros = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX / 4);
        (micros(self.idle), micros(self.longest))
    }

    fn is_over(self, session: &StoredSession, at: i64) -> bool {
        session.ends_at <= at || session.seen_at < at - self.microseconds().0
    }
}

/// The id and the secret in a cookie.
fn parts(cookie: &str) -> Option<(&str, &str)> {
    let parts = cookie.split_once('_')?;
    (is_hex(parts.0, ID_BYTES) && is_hex(parts.1, SECRET_BYTES)).then_some(parts)
}

/// The session that a cookie names, over or not.
fn named(tx: &mut Tx<'_>, cookie: &str) -> Result<Option<StoredSession>, RegistryError> {
    let Some((id, secret)) = parts(cookie) else { return Ok(None) };
    let hash = hashed(secret);
    Ok(tx.session(id)?.filter(|session| same(&session.hash, &hash)))
}

/// Microseconds to wait after so many failures, the last one at `last`.
fn wait(failures: i64, last: i64, at: i64) -> Option<i64> {
    let beyond = u32::try_from(failures.checked_sub(TRIES)?.clamp(-1, 30)).ok()?;
    let wait = WAIT.saturating_mul(1 << beyond).min(LONGEST_WAIT);
    Some(last + wait - at).filter(|left| *left > 0)
}

fn begin(
    tx: &mut Tx<'_>,
    user: &str,
    (agent, before): (&str, Option<&str>),
    rules: SessionRules,
    (at, id, secret): (i64, String, &str),
) -> Result<(), RegistryError> {
    if let Some(old) = before.map(|cookie| named(tx, cookie)).transpose()?.flatten() {
        tx.end_session(&old.id)?;
    }
    let (idle, longest) = rules.microseconds();
    let session = StoredSession {
        id,
        hash: hashed(secret),
        user_name: user.to_owned(),
        agent: agent.chars().take(100).collect(),
        created_at: at,
        seen_at: at,
        ends_at: at + longest,
    };
    Ok(tx.add_session(&session, at - idle, MOST_SESSIONS)?)
}

impl Registry {
    /// Begins a session for who knows the password of a user. Takes as long when there is none of
    /// that name.
    ///
    /// # Errors
    /// When the store cannot be used; whom it is refused is a result.
    pub fn sign_in(
        &self,
        credentials: &Credentials,
        rules: SessionRules,
        actor: &Actor,
    ) -> Result<Result<SignedIn, SignInError>, RegistryError> {
        let Credentials { name, password, is_known, agent, before } = credentials;
        let user = match self.try_password(name, password, *is_known)? {
            Ok(user) => user,
            Err(refused) => return Ok(Err(refused)),
        };
        self.begin_session(&user.name, agent, before.as_deref(), rules, actor).map(Ok)
    }

    /// Begins a session for a user.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub(super) fn begin_session(
        &self,
        user: &str,
        agent: &str,
        before: Option<&str>,
        rules: SessionRules,
        actor: &Actor,
    ) -> Result<SignedIn, RegistryError> {
        let (id, secret, at) = (random::<ID_BYTES>()?, random::<SECRET_BYTES>()?, now());
        let cookie = Secret(format!("{id}_{secret}"));
        let actor = actor.clone().named(user);
        self.store.write(|tx| {
            begin(tx, user, (agent, before), rules, (at, id, &secret))?;
            Ok::<_, RegistryError>(actor.did(tx, at, Deed::User("sign-in", user))?)
        })?;
        Ok(SignedIn { cookie, user: user.to_owned() })
    }

    /// The user whose password that is.
    fn try_password(
        &self,
        name: &str,
        password: &str,
        is_known: bool,
    ) -> Result<Result<StoredUser, SignInError>, RegistryError> {
        let at = now();
        let folded = folded(name);
        let counted = hashed(folded.as_deref().unwrap_or(name));
        let tried = self.store.write(|tx| {
            if !is_known {
                let (failures, last) = tx.sign_in_failures(&counted)?;
                if let Some(left) = wait(failures, last, at) {
                    return Ok(Err(left));
                }
                tx.note_sign_in_failures(&counted, failures + 1, at, at - REMEMBERED)?;
            }
            let user = folded.as_deref().map(|name| tx.user(name)).transpose()?.flatten();
            Ok::<_, RegistryError>(Ok(user))
        })?;
        let user = match tried {
            Ok(user) => user,
            Err(left) => return Ok(Err(SignInError::Wait((left / 1_000_000).unsigned_abs() + 1))),
        };
        let kept = user.as_ref().and_then(|user| user.password.as_deref());
        let is_right = passwords::is_right(password, kept);
        let name = user.as_ref().map(|user| user.name.clone());
        if let Some(user) = user.filter(|user| is_right && user.disabled_at.is_none()) {
            if !is_known {
                self.store.write(|tx| tx.note_sign_in_failures(&counted, 0, at, at - REMEMBERED))?;
            }
            return Ok(Ok(user));
        }
        Ok(Err(SignInError::Wrong(name)))
    }

    /// Records that somebody tried to sign in with what is wrong; `user` is who there is of that name.
    /// A name that nobody has may be a password that was typed in the wrong place, and is not kept.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn record_failed_sign_in(&self, user: Option<&str>, actor: &Actor) -> Result<(), RegistryError> {
        self.store.write(|tx| Ok(actor.did(tx, now(), Deed::FailSignIn(user))?))
    }

    /// Who comes with a cookie; nobody when it is not good, or not any more.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn session(&self, cookie: &str, rules: SessionRules) -> Result<Option<Session>, RegistryError> {
        let at = now();
        self.store.read(|tx| {
            let Some(session) = named(tx, cookie)?.filter(|session| !rules.is_over(session, at)) else {
                return Ok(None);
            };
            let Some(user) = tx.user(&session.user_name)?.filter(|user| user.disabled_at.is_none()) else {
                return Ok(None);
            };
            let access = access_of(&user)?;
            let form_token = form_token(cookie);
            Ok(Some(Session { access, form_token, is_unnoted: session.seen_at < at - NOTED, id: session.id }))
        })
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn note_session(&self, id: &str) -> Result<(), RegistryError> {
        self.store.write(|tx| Ok(tx.touch_session(id, now())?))
    }

    /// The sessions of a user that are good, the one that was used last first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sessions(&self, user: &str, rules: SessionRules) -> Result<Vec<SessionInfo>, RegistryError> {
        let at = now();
        let all = self.store.read(|tx| Ok::<_, RegistryError>(tx.sessions_of(user)?))?;
        let good = all.into_iter().filter(|session| !rules.is_over(session, at));
        Ok(good
            .map(|StoredSession { id, agent, created_at, seen_at, .. }| SessionInfo { id, agent, created_at, seen_at })
            .collect())
    }

    /// Ends one session of a user; nothing when there is none.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn end_session(&self, user: &str, id: &str, actor: &Actor) -> Result<(), RegistryError> {
        self.store.write(|tx| {
            if tx.session(id)?.is_some_and(|session| session.user_name == user) {
                tx.end_session(id)?;
                actor.did(tx, now(), Deed::User("sign-out", user))?;
            }
            Ok(())
        })
    }

    /// Ends every session of a user.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn end_sessions(&self, user: &str, actor: &Actor) -> Result<(), RegistryError> {
        self.store.write(|tx| {
            tx.end_sessions(user)?;
            Ok(actor.did(tx, now(), Deed::User("sign-out", user))?)
        })
    }

    /// Changes the password of a user who knows the old one, and ends their other sessions; the one
    /// that they have goes on under another cookie.
    ///
    /// # Errors
    /// [`RegistryError::User`] for a password that cannot be taken; what [`Registry::sign_in`] refuses is
    /// a result.
    pub fn change_password(
        &self,
        credentials: &Credentials,
        password: &str,
        rules: SessionRules,
        actor: &Actor,
    ) -> Result<Result<SignedIn, SignInError>, RegistryError> {
        let Credentials { name, password: old, is_known, agent, before } = credentials;
        // Before the old one is looked at, so that a new one that is too weak costs no try.
        passwords::check(name, password)?;
        if self.user(name)?.is_foreign {
            return Err(UserError::Foreign(name.to_owned()).into());
        }
        if let Err(refused) = self.try_password(name, old, *is_known)? {
            return Ok(Err(refused));
        }
        self.set_password(name, Some(password), actor)?;
        self.begin_session(name, agent, before.as_deref(), rules, actor).map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_to_an_end() {
        let seconds = |failures, passed: i64| wait(failures, 0, passed * 1_000_000).map(|left| left / 1_000_000);
        for (failures, expect) in
            [(0, None), (4, None), (5, Some(30)), (6, Some(60)), (9, Some(480)), (10, Some(900)), (i64::MAX, Some(900))]
        {
            assert_eq!(seconds(failures, 0), expect, "{failures}");
        }
        assert_eq!((seconds(5, 29), seconds(5, 30), seconds(5, 31)), (Some(1), None, None));
    }

    #[test]
    fn a_cookie_is_an_id_and_a_secret() {
        let secret = "0f".repeat(SECRET_BYTES);
        assert_eq!(parts(&format!("0123456789ab_{secret}")), Some(("0123456789ab", secret.as_str())));
        for wrong in ["", "_", "0123456789ab", &secret, &format!("0123456789AB_{secret}"), &format!("x_{secret}")] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
        assert_ne!(form_token("a"), form_token("b"));
    }
}
