//! Answers that were given, kept until anything changes.
//!
//! Derived state in memory. An answer is used again only while no change was recorded since it was
//! read, and only while it is known, to the second, what the last change is; `follow` sees to both.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::parts::FrameLink;
use super::publish::home_link;
use super::{Operation, Published, RegistryError, View};
use crate::case::Version;
use crate::store::{Object, Tx};

/// How many bytes of answers are kept.
const CAPACITY: u64 = 64 << 20;
/// How many frameworks' links are kept.
const HOMES: u64 = 4_000;
/// What an answer takes beside its texts: its place in the cache, and what every allocation costs.
const OVERHEAD: usize = 640;
/// How long after the last look at the change sequence a kept answer may still be given: what is
/// promised is that nothing stale is answered for longer than a second.
const TRUST: Duration = Duration::from_millis(900);

/// A body with what identifies it to caches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub body: Bytes,
    /// A hash of the body, in hexadecimal.
    pub tag: String,
    /// When what it tells last changed, in seconds since 1970.
    pub modified: Option<i64>,
    /// What is told beside it of the addresses of its object; whoever asks for an object writes it.
    pub links: Option<String>,
}

impl Answer {
    /// Hashes the body: not for the async threads when it may be large.
    #[must_use]
    pub fn new(body: impl Into<Bytes>, modified: Option<i64>) -> Answer {
        let body = body.into();
        let tag = hex(&Sha256::digest(&body), 16);
        Answer { body, tag, modified, links: None }
    }
}

/// The first `bytes` bytes of a hash in hexadecimal.
#[must_use]
pub fn hex(hash: &[u8], bytes: usize) -> String {
    hash.iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}

/// The version, what is asked for (without an operation, the object of whatever class), and of whom.
type Key = (Version, Option<Operation>, String);

/// The package that an object was read from, and its home.
type HomeKey = (String, String);

/// The kept answers, and how far they are known to be true.
pub(super) struct Answers {
    kept: Cache<Key, (i64, Option<Arc<Answer>>)>,
    /// What objects say of the frameworks they belong to: the same for all of a framework.
    homes: Cache<HomeKey, (i64, Arc<FrameLink>)>,
    /// The number of a change, and when what everybody sees last changed as of it, in seconds.
    modified: Mutex<(i64, i64)>,
    started: Instant,
    /// The number of the last change that is known of.
    latest: AtomicI64,
    /// When that was last looked up, in milliseconds since `started`; negative before the first time.
    looked: AtomicI64,
}

impl Answers {
    pub(super) fn new() -> Answers {
        let weigh = |(_, _, id): &Key, (_, answer): &(i64, Option<Arc<Answer>>)| {
            let texts = |answer: &Arc<Answer>| answer.body.len() + answer.links.as_ref().map_or(0, String::len);
            let texts = id.len() + answer.as_ref().map_or(0, texts);
            u32::try_from(texts + OVERHEAD).unwrap_or(u32::MAX)
        };
        Answers {
            kept: Cache::builder().max_capacity(CAPACITY).weigher(weigh).build(),
            homes: Cache::new(HOMES),
            modified: Mutex::new((-1, 0)),
            started: Instant::now(),
            latest: AtomicI64::new(0),
            looked: AtomicI64::new(-1),
        }
    }

    /// Notes a change number that was seen; with the time of the look when it was the last one.
    pub(super) fn saw(&self, seq: i64, looked: Option<Instant>) {
        self.latest.fetch_max(seq, Ordering::SeqCst);
        if let Some(at) = looked {
            let at = i64::try_from(at.duration_since(self.started).as_millis()).unwrap_or(i64::MAX);
            self.looked.fetch_max(at, Ordering::SeqCst);
        }
    }

    /// The number of the last change, when it is known well enough to answer from memory.
    pub(super) fn known(&self) -> Option<i64> {
        let looked = u64::try_from(self.looked.load(Ordering::SeqCst)).ok()?;
        let age = self.started.elapsed().saturating_sub(Duration::from_millis(looked));
        (age < TRUST).then(|| self.latest.load(Ordering::SeqCst))
    }
}

impl View<'_> {
    /// The answer to one operation if it is kept, still true and for everybody; without an operation,
    /// the object of whatever class under the identifier. Never waits. The inner `None` means that
    /// there is no such object.
    #[must_use]
    pub fn kept_answer(&self, version: Version, operation: Option<Operation>, id: &str) -> Option<Option<Arc<Answer>>> {
        let answers = &self.registry.answers;
        let latest = answers.known().filter(|_| self.is_public())?;
        let (seq, answer) = answers.kept.get(&(version, operation, id.to_owned()))?;
        (seq == latest).then_some(answer)
    }

    /// The answer to one operation from the store, kept for the next time.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn answer(
        &self,
        version: Version,
        operation: Operation,
        id: &str,
    ) -> Result<Option<Arc<Answer>>, RegistryError> {
        self.read_and_keep((version, Some(operation), id.to_owned()), |tx, (seq, modified)| {
            let body = self.read_in(tx, Some(seq), version, operation, id)?;
            Ok(body.map(|body| Answer::new(body, modified)))
        })
    }

    /// The object of whatever class under an identifier, kept for the next time with its `links`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn object_answer(
        &self,
        version: Version,
        id: &str,
        links: impl FnOnce(&Published) -> String,
    ) -> Result<Option<Arc<Answer>>, RegistryError> {
        self.read_and_keep((version, None, id.to_owned()), |tx, (seq, modified)| {
            let Some(object) = self.object_in(tx, Some(seq), version, id)? else { return Ok(None) };
            let links = Some(links(&object));
            Ok(Some(Answer { links, ..Answer::new(object.json, modified) }))
        })
    }

    /// What an object says of the framework it belongs to, kept while the last change is number `seq`.
    pub(super) fn kept_home_link(
        &self,
        tx: &mut Tx<'_>,
        seq: Option<i64>,
        object: &Object,
    ) -> Result<Arc<FrameLink>, RegistryError> {
        let Some(seq) = seq.filter(|_| self.is_public()) else { return Ok(Arc::new(home_link(tx, object)?)) };
        let homes = &self.registry.answers.homes;
        let key = (object.package_id.clone(), object.home_id.clone());
        if let Some((_, link)) = homes.get(&key).filter(|(at, _)| *at == seq) {
            return Ok(link);
        }
        let link = Arc::new(home_link(tx, object)?);
        homes.insert(key, (seq, Arc::clone(&link)));
        Ok(link)
    }

    /// When what is in sight last changed, in seconds since 1970, kept while the last change is
    /// number `seq`.
    fn modified(&self, tx: &mut Tx<'_>, seq: i64) -> Result<i64, RegistryError> {
        let kept = &self.registry.answers.modified;
        let (at, known) = *kept.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_public() && at == seq {
            return Ok(known);
        }
        let modified = seconds(tx.last_change_in_sight()?);
        if self.is_public() {
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = (seq, modified);
        }
        Ok(modified)
    }

    fn read_and_keep(
        &self,
        key: Key,
        read: impl FnOnce(&mut Tx<'_>, (i64, Option<i64>)) -> Result<Option<Answer>, RegistryError>,
    ) -> Result<Option<Arc<Answer>>, RegistryError> {
        let (seq, answer) = self.look(|tx| {
            let seq = tx.newest_change()?;
            let modified = self.modified(tx, seq)?;
            Ok((seq, read(tx, (seq, Some(modified)))?.map(Arc::new)))
        })?;
        if self.is_public() {
            let answers = &self.registry.answers;
            answers.saw(seq, None);
            answers.kept.insert(key, (seq, answer.clone()));
        }
        Ok(answer)
    }
}

/// Microseconds as whole seconds.
pub(super) const fn seconds(micros: i64) -> i64 {
    micros.div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_known_before_the_first_look_or_long_after_the_last() {
        let answers = Answers::new();
        answers.saw(7, None);
        assert_eq!(answers.known(), None);
        answers.saw(7, Some(Instant::now()));
        assert_eq!(answers.known(), Some(7));
        answers.saw(9, None);
        assert_eq!(answers.known(), Some(9), "a change seen in passing counts at once");
        let mut old = Answers::new();
        old.started = Instant::now().checked_sub(TRUST * 3).unwrap();
        old.saw(7, Some(old.started + TRUST));
        assert_eq!(old.known(), None);
    }
}
