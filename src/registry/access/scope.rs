//! The scopes of OAuth 2.0 and what of them a role is given. Pure.
//!
//! CASE has no scopes of its own. Clients of the first CASE Network ask for two, which are taken
//! for our read scope (digest 7).

use super::Role;

/// What an access token may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Reading frameworks.
    Read,
    /// Changing frameworks, and reading them.
    Write,
}

/// What every scope of the CASE Network begins with.
const NETWORK: &str = "http://purl.imsglobal.org/casenetwork/case/v1p0/scope/";

impl Scope {
    /// Both, the lesser first.
    pub const ALL: [Scope; 2] = [Scope::Read, Scope::Write];

    /// Our name for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scope::Read => "frameworks.read",
            Scope::Write => "frameworks.write",
        }
    }

    /// The scope of that name, ours or the network's.
    #[must_use]
    pub fn named(name: &str) -> Option<Scope> {
        let of_network = name.strip_prefix(NETWORK);
        if matches!(of_network, Some("core.readonly" | "all.readonly")) {
            return Some(Scope::Read);
        }
        Scope::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// What it is for.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Scope::Read => "Read frameworks",
            Scope::Write => "Change frameworks, and read them",
        }
    }

    /// The least role that has it.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Scope::Read => Role::Reader,
            Scope::Write => Role::Editor,
        }
    }
}

/// What a client is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Granted {
    /// The most its access token allows; never more than the client's own role.
    pub(super) role: Role,
    /// The scopes in the words of the request, each once.
    pub(super) scope: String,
}

/// A scope that is not given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// None of the standard, the network or this server.
    #[error("an unknown scope was asked for; there are frameworks.read and frameworks.write")]
    Unknown,
    /// More than the client's role allows.
    #[error("the client's role is {0}, which does not allow frameworks.write; ask for frameworks.read")]
    TooMuch(Role),
}

/// What a client of that role is given that asks for `requested`, scopes with spaces between. One
/// that asks for nothing in particular gets all it may have.
///
/// # Errors
/// [`ScopeError`] when one of them cannot be given: a client is told, and never gets less than it
/// asked for in silence.
pub(super) fn grant(role: Role, requested: Option<&str>) -> Result<Granted, ScopeError> {
    let mut names: Vec<&str> = requested.unwrap_or_default().split(' ').filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        names = Scope::ALL.into_iter().filter(|scope| scope.role() <= role).map(Scope::name).collect();
    }
    let mut most = Role::Reader;
    let mut given: Vec<&str> = Vec::new();
    for name in names {
        let scope = Scope::named(name).ok_or(ScopeError::Unknown)?;
        if scope.role() > role {
            return Err(ScopeError::TooMuch(role));
        }
        most = most.max(scope.role());
        if !given.contains(&name) {
            given.push(name);
        }
    }
    Ok(Granted { role: most, scope: given.join(" ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_gets_more_than_the_role_has_nor_more_than_was_asked() {
        let core = format!("{NETWORK}core.readonly");
        let both = format!("{core} {NETWORK}all.readonly");
        let given = |role, scope: &str| Ok(Granted { role, scope: scope.to_owned() });
        for (role, requested, expect) in [
            (Role::Reader, None, given(Role::Reader, "frameworks.read")),
            (Role::Reader, Some(""), given(Role::Reader, "frameworks.read")),
            (Role::Reader, Some("frameworks.read"), given(Role::Reader, "frameworks.read")),
            (Role::Reader, Some("frameworks.write"), Err(ScopeError::TooMuch(Role::Reader))),
            (Role::Reader, Some("frameworks.read frameworks.write"), Err(ScopeError::TooMuch(Role::Reader))),
            (Role::Reader, Some(core.as_str()), given(Role::Reader, &core)),
            (Role::Editor, Some(both.as_str()), given(Role::Reader, &both)),
            (Role::Editor, None, given(Role::Editor, "frameworks.read frameworks.write")),
            (Role::Editor, Some("frameworks.write  frameworks.write"), given(Role::Editor, "frameworks.write")),
            (Role::Admin, Some("frameworks.read"), given(Role::Reader, "frameworks.read")),
            (Role::Admin, None, given(Role::Editor, "frameworks.read frameworks.write")),
            (Role::Admin, Some("admin"), Err(ScopeError::Unknown)),
            (Role::Admin, Some("FRAMEWORKS.READ"), Err(ScopeError::Unknown)),
            (Role::Admin, Some("http://purl.imsglobal.org/casenetwork/case/v1p0/scope/all"), Err(ScopeError::Unknown)),
        ] {
            assert_eq!(grant(role, requested), expect, "{role} {requested:?}");
        }
    }
}
