//! How other servers are fetched from, as the `fetch_*` keys say.

use std::time::Duration;

use super::Config;
use crate::fetch::{Allowed, Settings, Stop};

/// How long connecting to another server may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

impl Config {
    /// The limits of a client of other servers.
    #[must_use]
    pub fn fetching(&self) -> Settings {
        let timeout = Duration::from_secs(self.fetch_timeout_seconds);
        Settings {
            allowed: self.fetch_allow_private.clone(),
            max_bytes: self.fetch_max_bytes,
            connect_timeout: CONNECT_TIMEOUT.min(timeout),
            timeout,
            variable,
            stop: Stop::default(),
        }
    }
}

/// A variable of the environment; an empty one is none.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

pub(super) fn as_allowed(text: &str) -> Result<Allowed, String> {
    text.parse()
}
