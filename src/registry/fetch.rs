//! Frameworks of other servers, fetched and read; not downloaded again while they are the same.
//!
//! What to do with them is the caller's: plan and apply them like any others, and then
//! `note_download` them.

use super::{Registry, RegistryError, unpack};
use crate::case::Version;
use crate::case::model::{Class, Timestamp};
use crate::case::read::{self, Canonical, Reading, canonical};
use crate::fetch::{Answer, Client, FetchError, Kind, Listed, Target};
use crate::store::{Download, Tx};

/// What became of fetching.
pub enum Fetched {
    /// The source has what is stored here.
    Unchanged {
        /// As it is stored.
        identifier: String,
    },
    /// It has something else.
    Packages { readings: Vec<Reading>, origin: Origin },
}

/// Where a download came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The address, as it is shown and recorded.
    pub url: String,
    pub(super) etag: Option<String>,
}

/// What is stored of a framework, as far as it can be compared with another server's.
struct Known {
    changed_at: i64,
    /// The last download, if that is still what is stored.
    download: Option<Download>,
}

impl Registry {
    /// Fetches a framework that a catalogue lists. Unless `always`, one whose time of last change
    /// and ETag, as far as there are any, are those that are stored is left where it is.
    ///
    /// # Errors
    /// [`RegistryError::Fetch`], [`RegistryError::Read`], and when the store cannot be read.
    pub fn fetch_listed(
        &self,
        client: &Client,
        (base, version): (&str, Version),
        listed: &Listed,
        always: bool,
    ) -> Result<Fetched, RegistryError> {
        let identifier = stored_form(&listed.identifier);
        let url = format!("{base}/ims/case/{}/CFPackages/{}", version.segment(), listed.identifier);
        let known = if always { None } else { self.known(&identifier)? };
        let etag = known.as_ref().and_then(|known| known.etag(&url));
        if let Some(known) = &known
            && etag.is_none()
            && known.is_as_old_as(listed)
        {
            return Ok(Fetched::Unchanged { identifier });
        }
        match client.package(base, version, listed, etag)? {
            Answer::Unchanged => Ok(Fetched::Unchanged { identifier }),
            Answer::Sent(download) => {
                let readings = self.readings(client, download.body)?;
                let found: Vec<&str> = readings.iter().map(|reading| reading.package.identifier()).collect();
                if found != [identifier.as_str()] {
                    let found = found.join(", ");
                    let error = FetchError::OtherFramework { url, wanted: listed.identifier.clone(), found };
                    return Err(error.into());
                }
                Ok(Fetched::Packages { readings, origin: Origin { url, etag: download.etag } })
            }
        }
    }

    /// Fetches what is at an address that is no catalogue; `always` as with
    /// [`Registry::fetch_listed`].
    ///
    /// # Errors
    /// As [`Registry::fetch_listed`].
    pub fn fetch(&self, client: &Client, target: &Target, always: bool) -> Result<Fetched, RegistryError> {
        let url = target.shown();
        let named = match &target.kind {
            Kind::Package(version, id) | Kind::Document(version, id) => Some((*version, id)),
            _ => None,
        };
        let known = match named {
            Some((_, id)) if !always => self.known(&stored_form(id))?,
            _ => None,
        };
        let etag = known.as_ref().and_then(|known| known.etag(&url));
        if let (Some(known), Some((version, id)), None) = (&known, named, etag) {
            // A description is small, and a server that has none of it may still have the package.
            let described = client.describe(&target.base, &[version], id);
            if described.is_ok_and(|(_, listed)| known.is_as_old_as(&listed)) {
                return Ok(Fetched::Unchanged { identifier: stored_form(id) });
            }
        }
        match (client.at(target, etag)?, named) {
            (Answer::Sent(download), _) => {
                let readings = self.readings(client, download.body)?;
                Ok(Fetched::Packages { readings, origin: Origin { url, etag: download.etag } })
            }
            (Answer::Unchanged, named) => {
                let identifier = named.map(|(_, id)| stored_form(id)).unwrap_or_default();
                Ok(Fetched::Unchanged { identifier })
            }
        }
    }

    /// Remembers that what is stored of a framework now is what was fetched.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn note_download(&self, document_id: &str, origin: &Origin) -> Result<(), RegistryError> {
        self.store.write(|tx| origin.note(tx, document_id))
    }

    /// Fetches what is at an address as it comes, whatever is stored here.
    ///
    /// # Errors
    /// [`RegistryError::Fetch`], and [`RegistryError::Source`] for a damaged or too large one.
    pub(super) fn download(client: &Client, target: &Target) -> Result<(Vec<u8>, Origin), RegistryError> {
        match client.at(target, None)? {
            Answer::Sent(download) => {
                let content = unpack(download.body, client.settings().max_bytes)?;
                Ok((content, Origin { url: target.shown(), etag: download.etag }))
            }
            // Nothing was said to be known.
            Answer::Unchanged => {
                Err(FetchError::Status { url: target.shown(), status: 304, said: String::new() }.into())
            }
        }
    }

    fn known(&self, identifier: &str) -> Result<Option<Known>, RegistryError> {
        self.store.read(|tx| {
            let Some(document) = tx.object(Class::Document, identifier)? else { return Ok(None) };
            let revision = tx.current_revision(identifier)?;
            let download = tx.download(identifier)?.filter(|download| Some(download.revision_id) == revision);
            Ok(Some(Known { changed_at: document.changed_at, download }))
        })
    }

    /// Whether what is stored of a framework is what was last fetched of it.
    pub(super) fn is_as_fetched(&self, identifier: &str) -> Result<bool, RegistryError> {
        Ok(self.known(identifier)?.is_some_and(|known| known.download.is_some()))
    }

    fn readings(&self, client: &Client, body: Vec<u8>) -> Result<Vec<Reading>, RegistryError> {
        let bytes = unpack(body, client.settings().max_bytes)?;
        Ok(read::packages(&bytes, &self.reading_context())?)
    }
}

impl Origin {
    /// Remembers, as part of a transaction, that what is stored of a framework now came from there.
    pub(super) fn note(&self, tx: &mut Tx<'_>, document_id: &str) -> Result<(), RegistryError> {
        let Some(revision_id) = tx.current_revision(document_id)? else { return Ok(()) };
        let Origin { url, etag } = self.clone();
        Ok(tx.set_download(&Download { document_id: document_id.to_owned(), url, etag, revision_id })?)
    }
}

impl Known {
    /// What the other server called what is stored, if it came from there.
    fn etag(&self, url: &str) -> Option<&str> {
        self.download.as_ref().filter(|download| download.url == url)?.etag.as_deref()
    }

    fn is_as_old_as(&self, listed: &Listed) -> bool {
        let time = listed.last_change.as_deref().and_then(Timestamp::repair);
        time.is_some_and(|time| time.instant().timestamp_micros() == self.changed_at)
    }
}

/// An identifier of another server in the form it is stored in.
pub(super) fn stored_form(id: &str) -> String {
    match canonical(id) {
        Canonical::Proper(id) | Canonical::OddVersion(id) | Canonical::NotUuid(id) => id,
    }
}
