//! Who asks, and what they may: roles, the frameworks a token or a user is good for, and who is
//! recorded as having changed something. The types are pure; what is stored of them is in `tokens`,
//! `users`, `sessions` and `audit`.
//!
//! Reading is open: everybody reads every framework that is not private. [`Access`] is the viewer
//! that every read takes, and holds nothing secret.

mod audit;
mod id_token;
mod openid;
mod passwords;
mod scope;
mod secret;
mod sessions;
mod tokens;
mod users;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

pub(super) use audit::Deed;
pub use audit::{AUDIT_LIMIT, AuditLine, AuditQuery};
pub use openid::{Handshake, Identity, OpenId, OpenIdError, OpenIdRules};
pub use scope::{Scope, ScopeError};
pub use secret::Secret;
pub use sessions::{Credentials, Session, SessionInfo, SessionRules, SignInError, SignedIn, form_token};
pub use tokens::{Client, CreatedToken, Denied, Grant, GrantError, NewToken, TokenInfo, TokenState, claimed_id};
pub use users::{NewUser, UserError, UserInfo};

/// What the name of a user stands behind, where the id of a token might stand.
const USER: &str = "user:";

/// What a token or a user is for. Each may also do what the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads private frameworks.
    Reader,
    /// Changes frameworks.
    Editor,
    /// Manages the server.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Role; 3] = [Role::Reader, Role::Editor, Role::Admin];

    /// As it is written and stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Reader => "reader",
            Role::Editor => "editor",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Text that is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no role {0}; the roles are reader, editor and admin")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Role, UnknownRole> {
        Role::ALL.into_iter().find(|role| role.name() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// The frameworks that a token or a user is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frameworks {
    /// Every one, those to come included.
    All,
    /// Those of these identifiers, in the form they are stored in.
    Only(Arc<BTreeSet<String>>),
}

impl Frameworks {
    /// Those of these identifiers; all of them for `None`.
    #[must_use]
    pub fn of(ids: Option<Vec<String>>) -> Frameworks {
        ids.map_or(Frameworks::All, |ids| Frameworks::Only(Arc::new(ids.into_iter().collect())))
    }

    /// Whether the framework is among them.
    #[must_use]
    pub fn contain(&self, document_id: &str) -> bool {
        match self {
            Frameworks::All => true,
            Frameworks::Only(ids) => ids.contains(document_id),
        }
    }
}

/// What somebody may see and do. Cheap to clone; holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    holder: Option<Arc<str>>,
    role: Option<Role>,
    frameworks: Frameworks,
}

impl Access {
    /// Somebody without a token: reads what is not private.
    #[must_use]
    pub fn anonymous() -> Access {
        Access { holder: None, role: None, frameworks: Frameworks::All }
    }

    /// The command line and the server's own work: whoever reaches the database may do everything.
    #[must_use]
    pub fn everything() -> Access {
        Access { holder: None, role: Some(Role::Admin), frameworks: Frameworks::All }
    }

    /// The holder of a token.
    #[must_use]
    pub fn of_token(id: &str, role: Role, frameworks: Frameworks) -> Access {
        Access { holder: Some(id.into()), role: Some(role), frameworks }
    }

    /// Somebody who signed in.
    #[must_use]
    pub fn of_user(name: &str, role: Role, frameworks: Frameworks) -> Access {
        Access { holder: Some(format!("{USER}{name}").into()), role: Some(role), frameworks }
    }

    /// Whether nobody in particular asks.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.role.is_none()
    }

    /// What is recorded of who asks: the public id of a token, or `user:` and a name; nothing for
    /// anonymous, and for the program itself.
    #[must_use]
    pub fn holder(&self) -> Option<&str> {
        self.holder.as_deref()
    }

    /// The public id of the token, where there is one.
    #[must_use]
    pub fn token_id(&self) -> Option<&str> {
        self.holder().filter(|holder| !holder.starts_with(USER))
    }

    /// The name of who signed in.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.holder()?.strip_prefix(USER)
    }

    /// The role; none for anonymous.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.role
    }

    /// The frameworks beyond the public ones that the role is good for.
    #[must_use]
    pub fn frameworks(&self) -> &Frameworks {
        &self.frameworks
    }

    /// Whether that framework may be read although it is private. The identifier is in the form it
    /// is stored in.
    #[must_use]
    pub fn may_read_private(&self, document_id: &str) -> bool {
        self.has(Role::Reader, document_id)
    }

    /// Whether every private framework may be read, those to come included.
    #[must_use]
    pub fn may_read_all(&self) -> bool {
        self.role.is_some() && self.frameworks == Frameworks::All
    }

    /// Whether a framework that is private or not may be seen.
    #[must_use]
    pub fn may_see(&self, document_id: &str, is_private: bool) -> bool {
        !is_private || self.may_read_private(document_id)
    }

    /// Whether that framework may be imported, changed and undone.
    #[must_use]
    pub fn may_write(&self, document_id: &str) -> bool {
        self.has(Role::Editor, document_id)
    }

    /// Whether some framework may be written; which ones, [`Access::may_write`] says.
    #[must_use]
    pub fn may_write_some(&self) -> bool {
        self.role >= Some(Role::Editor)
    }

    /// Whether the server as a whole may be managed: who is good for some frameworks may not.
    #[must_use]
    pub fn may_manage(&self) -> bool {
        self.role >= Some(Role::Admin) && self.frameworks == Frameworks::All
    }

    fn has(&self, role: Role, document_id: &str) -> bool {
        self.role >= Some(role) && self.frameworks.contain(document_id)
    }
}

/// Who is recorded as having done something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The id of a token, `user:` and a name, or what else acts here.
    pub who: String,
    /// Where a request came from. Kept in the audit record and nowhere else.
    pub address: Option<String>,
    /// The id of the request.
    pub request_id: Option<String>,
}

impl Actor {
    /// A part of this program.
    #[must_use]
    pub fn program(name: &str) -> Actor {
        Actor { who: name.to_owned(), address: None, request_id: None }
    }

    /// The same request, by a user.
    #[must_use]
    pub fn named(self, user: &str) -> Actor {
        Actor { who: format!("{USER}{user}"), ..self }
    }

    /// Whether it is that user.
    #[must_use]
    pub fn is_user(&self, name: &str) -> bool {
        self.who.strip_prefix(USER) == Some(name)
    }

    /// The command line.
    #[must_use]
    pub fn cli() -> Actor {
        Actor::program("cli")
    }

    /// What loads the frameworks that come with the program.
    #[must_use]
    pub fn bundled() -> Actor {
        Actor::program("bundled")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_lesser_ones_may() {
        let some = Frameworks::of(Some(vec!["a".to_owned()]));
        let of = |role, frameworks: &Frameworks| Access::of_token("t", role, frameworks.clone());
        // Reads `a`, reads `b`, writes `a`, writes `b`, manages.
        for (access, expect) in [
            (Access::anonymous(), [false, false, false, false, false]),
            (of(Role::Reader, &Frameworks::All), [true, true, false, false, false]),
            (of(Role::Reader, &some), [true, false, false, false, false]),
            (of(Role::Editor, &Frameworks::All), [true, true, true, true, false]),
            (of(Role::Editor, &some), [true, false, true, false, false]),
            (of(Role::Admin, &Frameworks::All), [true, true, true, true, true]),
            (of(Role::Admin, &some), [true, false, true, false, false]),
            (of(Role::Admin, &Frameworks::of(Some(Vec::new()))), [false, false, false, false, false]),
            (Access::everything(), [true, true, true, true, true]),
        ] {
            let may = [
                access.may_read_private("a"),
                access.may_read_private("b"),
                access.may_write("a"),
                access.may_write("b"),
                access.may_manage(),
            ];
            assert_eq!(may, expect, "{access:?}");
            assert!(access.may_see("b", false), "what is not private is everybody's");
            assert_eq!(access.may_see("b", true), expect[1]);
            assert_eq!(access.may_read_all(), expect[1]);
        }
    }

    #[test]
    fn roles_have_names() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert!("Admin".parse::<Role>().is_err());
    }
}
