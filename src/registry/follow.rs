//! Following the change sequence: what this and other programs commit to the database becomes
//! known here within a fraction of a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Registry, RegistryError};

/// How often the sequence is looked at.
const EVERY: Duration = Duration::from_millis(150);

/// Follows the changes until it is dropped.
pub struct Follower {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It holds nothing that a panic could have left half done.
            drop(thread.join());
        }
    }
}

impl Registry {
    /// Looks once at the change sequence.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn catch_up(&self) -> Result<i64, RegistryError> {
        let looked = Instant::now();
        let seq = self.store.read(|tx| Ok::<_, RegistryError>(tx.newest_change()?))?;
        self.answers.saw(seq, Some(looked));
        Ok(seq)
    }

    /// Follows the change sequence on a thread of its own; answers are kept only while it does.
    #[must_use]
    pub fn follow(self: &Arc<Self>) -> Follower {
        let stop = Arc::new(AtomicBool::new(false));
        let (registry, told) = (Arc::clone(self), Arc::clone(&stop));
        let thread = std::thread::Builder::new().name("follow".to_owned()).spawn(move || {
            while !told.load(Ordering::SeqCst) {
                // A failure needs no word here: nothing is answered from memory until it is over,
                // and whoever asks the database meets it too.
                drop(registry.catch_up());
                std::thread::park_timeout(EVERY);
            }
        });
        Follower { stop, thread: thread.ok() }
    }
}
