//! The background task of a server that keeps mirrors in step: one thread, ended with its owner.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Registry;
use crate::fetch::{Settings, Stop};

/// How long a run gets to notice that it is to end. What it is in the middle of is not lost:
/// frameworks are stored whole or not at all.
const PARTING: Duration = Duration::from_secs(3);
/// How long to rest after a fault of ours.
const REST: Duration = Duration::from_secs(60);

/// Runs mirrors until it is dropped.
pub struct MirrorKeeper {
    stop: Stop,
    thread: JoinHandle<()>,
}

impl MirrorKeeper {
    /// Starts the task; `tell` hears the outcome of each run.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        registry: Arc<Registry>,
        settings: Settings,
        tell: impl Fn(&'static str) + Send + 'static,
    ) -> io::Result<MirrorKeeper> {
        let stop = settings.stop.clone();
        let work = move || {
            // The panic's message is in the log already.
            while catch_unwind(AssertUnwindSafe(|| registry.keep_mirrors(&settings, &tell))).is_err() {
                if !settings.stop.wait(REST) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("mirrors".to_owned()).spawn(work)?;
        Ok(MirrorKeeper { stop, thread })
    }
}

impl Drop for MirrorKeeper {
    fn drop(&mut self) {
        self.stop.stop();
        let end = Instant::now() + PARTING;
        while !self.thread.is_finished() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
