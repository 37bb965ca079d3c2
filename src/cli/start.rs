//! What `casement serve` does before and after it serves: log, database, bundled frameworks.
//!
//! Never contains anything of HTTP; that is `serve`'s and the server's.

use std::sync::Arc;

use super::failure::Failure;
use super::open::{aligning, open_read_only, open_registry_at, search_dir};
use super::output::{ExitStatus, Printer};
use super::serve;
use super::text::one_line;
use crate::config::{Config, PublicUrl};
use crate::registry::{Registry, Secret};
use crate::telemetry;

/// Serves until told to stop.
///
/// # Errors
/// When the address, the database or a bundled framework cannot be used.
pub(super) fn run(config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    telemetry::init(config.log_format, &config.log_level)?;
    let bound = serve::bind(config).map_err(Failure::of_any)?;
    let open = if config.read_only { open_read_only } else { open_registry_at };
    let registry = open(config, bound.public_url())?
        .keeping_rendered(config.data_dir.join("rendered"))
        .searching_in(search_dir(config));
    let registry = aligning(config, registry)?;
    if config.demo && !config.read_only {
        load_bundled(&registry, printer)?;
    }
    let set_up = if config.read_only { None } else { offer_set_up(&registry, bound.public_url(), printer)? };
    let registry = Arc::new(registry);
    let _follower = registry.follow();
    let _index = registry.keep_indexed();
    let _vectors = registry.keep_embedded();
    serve::run_on(bound, config, registry, set_up).map_err(Failure::of_any)?;
    Ok(ExitStatus::Done)
}

/// Says how the first account is made, while there is none.
fn offer_set_up(registry: &Registry, public_url: &PublicUrl, printer: &Printer) -> Result<Option<Secret>, Failure> {
    if registry.has_users()? {
        return Ok(None);
    }
    let secret = Secret::random()?;
    printer.say("nobody can sign in yet; make the first account with `casement user add NAME --role admin`, or at");
    printer.say(format!("{public_url}/set-up?token={}", secret.reveal()));
    Ok(Some(secret))
}

fn load_bundled(registry: &Registry, printer: &Printer) -> Result<(), Failure> {
    for title in registry.load_bundled()? {
        printer.say(format!("loaded the bundled framework {}", one_line(&title)));
    }
    Ok(())
}
