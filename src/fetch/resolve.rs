//! Names to addresses, with the guard between them: the client connects to what comes out of here
//! and to nothing else, so an address cannot change after it was looked at (DNS rebinding).

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::address::Allowed;

/// A host that is nowhere where one may connect to.
#[derive(Debug, thiserror::Error)]
#[error("{host} is at {address}")]
pub(super) struct Refused {
    pub(super) host: String,
    pub(super) address: String,
}

/// The system's resolver behind the guard.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) system: DefaultResolver,
    pub(super) allowed: Allowed,
}

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default();
        let found = self.system.resolve(uri, config, timeout)?;
        let mut permitted = self.empty();
        for address in found.iter().filter(|address| self.allowed.permits(host, address.ip())) {
            permitted.push(*address);
        }
        if permitted.is_empty() {
            let address = found.first().map(|address| address.ip().to_string()).unwrap_or_default();
            return Err(ureq::Error::Other(Box::new(Refused { host: host.to_owned(), address })));
        }
        Ok(permitted)
    }
}
