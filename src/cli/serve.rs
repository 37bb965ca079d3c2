//! `casement serve`: publish what is stored, until told to stop.

use std::sync::Arc;

use crate::config::{Config, ServerArgs};
use crate::registry::{Registry, Secret};
use crate::server::{self, Bound};

/// Serve what is stored over HTTP
///
/// With no configuration at all this creates ./casement-data, loads the frameworks that come with
/// the program, and serves on 127.0.0.1:8080. The address is the one line on stdout; everything
/// else goes to stderr. SIGTERM and SIGINT stop it after the running requests.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ServeArgs {
    /// The server's part of the configuration.
    #[command(flatten)]
    pub(super) server: ServerArgs,
}

/// Takes the address, before the registry is opened: the registry's base URL is
/// [`Bound::public_url`].
///
/// # Errors
/// When the address cannot be taken.
pub(super) fn bind(config: &Config) -> anyhow::Result<Bound> {
    let bound = server::bind(config)?;
    warn_of_local_uris(config, &bound);
    Ok(bound)
}

/// Serves on an address that [`bind`] took, until told to stop, from a registry that is open; with
/// `set_up` somebody may make the first account.
///
/// # Errors
/// When the network fails.
pub(super) fn run_on(
    bound: Bound,
    config: &Config,
    registry: Arc<Registry>,
    set_up: Option<Secret>,
) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(server::serve(bound, config, registry, set_up))?;
    Ok(())
}

/// Uris are minted once and for ever, so a server that others can reach should know its name.
fn warn_of_local_uris(config: &Config, bound: &Bound) {
    if config.public_url.is_none() && !bound.address().ip().is_loopback() {
        tracing::warn!(
            "public_url is not set: the uris of what is imported will begin with {}, for ever; \
             set CASEMENT_PUBLIC_URL to the address that the world knows this server by",
            bound.public_url()
        );
    }
}
