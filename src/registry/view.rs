//! What is published, as somebody sees it: every read of it goes through a [`View`].
//!
//! What is private is left out by the store; here is only who sees what of it.

use super::{Access, Frameworks, Registry, RegistryError};
use crate::store::{Sight, Tx};

/// The registry as somebody sees it.
pub struct View<'r> {
    pub(super) registry: &'r Registry,
    access: Access,
}

impl Registry {
    /// What `access` may see.
    #[must_use]
    pub fn seen_by(&self, access: Access) -> View<'_> {
        View { registry: self, access }
    }

    /// What the command line sees: everything.
    #[must_use]
    pub fn whole(&self) -> View<'_> {
        self.seen_by(Access::everything())
    }
}

impl View<'_> {
    /// Whether it is what everybody sees. Only that is kept, in memory or on disk.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.access.is_anonymous()
    }

    /// What whoever looks may do.
    pub(super) fn access(&self) -> &Access {
        &self.access
    }

    /// Reads in one transaction that holds nothing out of sight.
    pub(super) fn look<T>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, RegistryError>) -> Result<T, RegistryError> {
        self.registry.store.read_with(sight(&self.access), f)
    }
}

/// What of the store `access` may see.
pub(super) fn sight(access: &Access) -> Sight {
    if access.may_read_all() {
        return Sight::All;
    }
    match access.frameworks() {
        Frameworks::Only(shown) if !access.is_anonymous() => Sight::PublicAnd(shown.as_ref().clone()),
        _ => Sight::public(),
    }
}
