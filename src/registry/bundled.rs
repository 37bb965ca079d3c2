//! The open frameworks that are part of the program: loaded once, and again when they changed.

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::{Actor, PlanOptions, Registry, RegistryError, hex};

#[derive(RustEmbed)]
#[folder = "frameworks/"]
#[include = "*/package.json"]
struct Files;

/// The address that bundled packages mint their uris under; replaced by the server's own, so that
/// they resolve where they are served.
const PLACEHOLDER: &str = "https://casement.example/";

/// A bundled framework that could not be loaded.
#[derive(Debug, thiserror::Error)]
#[error("the bundled framework {name} could not be loaded")]
pub struct BundledError {
    pub name: String,
    #[source]
    pub source: RegistryError,
}

impl Registry {
    /// Loads the bundled frameworks that are not loaded yet in this edition; returns their titles.
    /// One that was imported over, or undone, is left as it is.
    ///
    /// # Errors
    /// [`BundledError`] when one cannot be stored.
    pub fn load_bundled(&self) -> Result<Vec<String>, BundledError> {
        let mut loaded = Vec::new();
        for path in Files::iter() {
            let Some(file) = Files::get(&path) else { continue };
            let name = path.trim_end_matches("/package.json").to_owned();
            let title = self.load_one(&name, &file.data).map_err(|source| BundledError { name, source })?;
            loaded.extend(title);
        }
        Ok(loaded)
    }

    fn load_one(&self, name: &str, data: &[u8]) -> Result<Option<String>, RegistryError> {
        let setting = format!("bundled.{name}");
        let edition = hex(&Sha256::digest(data), 32);
        let before = self.store.read(|tx| tx.setting(&setting)).map_err(RegistryError::from)?;
        if before.as_deref() == Some(edition.as_str()) {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(data).replace(PLACEHOLDER, &format!("{}/", self.base_url));
        let source = format!("bundled:{name}");
        let options = PlanOptions { source: source.clone(), ..PlanOptions::default() };
        let mut title = None;
        for plan in self.plan(text.into_bytes(), &options)? {
            let revisions = self.revisions(&plan.identifier)?;
            let last = revisions.iter().find(|revision| revision.undone_at.is_none());
            if last.is_none_or(|revision| revision.source == source) {
                let applied = match self.apply_as(plan, &Actor::bundled()) {
                    // Another server has the say over it now.
                    Err(RegistryError::Mirrored { .. }) => continue,
                    other => other?,
                };
                title = applied.revision.map(|_| applied.title);
            }
        }
        self.store.write(|tx| tx.set_setting(&setting, &edition)).map_err(RegistryError::from)?;
        Ok(title)
    }
}
