//! Whether what is read of a database file may be read on the threads that have the connections.
//!
//! A few pages that the system has in memory cost less than the way to another thread and back; a
//! disk that has to be waited for costs everybody on the thread. Knows nothing of what is read.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What takes longer was not in memory, or the processor had other work.
const SLOW: Duration = Duration::from_millis(2);
/// What one slow read weighs against one that was not.
const WEIGHT: u32 = 16;
/// The weight of slow reads after which the threads are left alone, until as many reads were made
/// elsewhere.
const TOO_SLOW: u32 = 8 * WEIGHT;

/// How the last reads went: slow ones add to it, all others take from it.
#[derive(Default)]
pub(super) struct Pace(AtomicU32);

impl Pace {
    /// Whether the next read may be made in place; asked once for each read.
    pub(super) fn is_quick(&self) -> bool {
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |slow| slow.checked_sub(1));
        before.unwrap_or_default() < TOO_SLOW
    }

    /// Notes how long a read in place took.
    pub(super) fn took(&self, time: Duration) {
        if time > SLOW {
            self.0.fetch_add(WEIGHT, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slow_read_among_many_is_nothing() {
        let pace = Pace::default();
        for read in 0..1_000 {
            assert!(pace.is_quick());
            pace.took(if read % 50 == 0 { SLOW * 2 } else { SLOW });
        }
    }

    #[test]
    fn slow_reads_in_a_row_leave_the_threads_alone_for_a_while() {
        let pace = Pace::default();
        let in_place = (0..200).filter(|_| {
            let quick = pace.is_quick();
            if quick {
                pace.took(SLOW * 2);
            }
            quick
        });
        let in_place = in_place.count();
        assert!((2..40).contains(&in_place), "{in_place}");
    }
}
